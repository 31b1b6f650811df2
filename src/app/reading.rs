//! What is read aside while somebody types: a job posting, and the text of the user's own questions. The newest text
//! counts; what was found in an older one is not shown any more.

use std::{path::PathBuf, sync::Arc};

use super::{App, Wake, latest::Latest, opening};
use crate::{
    interview::posting::{self, Posting},
    store::{Bank, Subject, bank},
    ui::{Screen, scene::Notice, widgets},
};

/// What the user's own questions hold: their number and the id of their field, or what is wrong with them.
pub type OwnChecked = Result<(usize, String), String>;

/// The threads that read.
#[derive(Debug)]
pub struct Readers {
    posting: Latest<(String, Arc<Bank>), (String, Option<Posting>)>,
    own: Latest<String, (String, OwnChecked)>,
}

impl Readers {
    pub fn start(wake: &Wake) -> Self {
        Self {
            posting: Latest::start("posting", wake, |(text, bank): (String, Arc<Bank>)| {
                let found = posting::read(&text, &bank.fields);
                (text, found)
            }),
            own: Latest::start("own questions", wake, |text: String| {
                let checked = bank::read("Your questions", &text);
                (text, checked.map(|field| (field.questions.len(), field.id)))
            }),
        }
    }

    pub fn settle(&self) {
        self.posting.settle();
        self.own.settle();
    }

    pub fn has_news(&self) -> bool {
        self.posting.has_news() || self.own.has_news()
    }
}

impl App {
    /// Looks for job terms in the posting.
    pub(super) fn read_posting(&mut self) {
        let text = self.scene.sheet.posting.clone();
        if text.trim().is_empty() {
            self.scene.posting = None;
            self.scene.posting_unread = false;
            return;
        }
        self.scene.posting_unread = true;
        self.readers.posting.ask((text, Arc::clone(&self.scene.bank)));
    }

    /// Looks what is in the text of the user's own questions, or what is wrong with it.
    pub(super) fn check_own(&mut self, text: String) {
        self.scene.own_unread = true;
        self.readers.own.ask(text.clone());
        self.scene.own = text;
    }

    /// Takes what was found in the newest texts.
    pub(super) fn hear_readers(&mut self) {
        if let Some((text, found)) = self.readers.posting.take()
            && text == self.scene.sheet.posting
        {
            self.scene.posting = found;
            self.scene.posting_unread = false;
        }
        if let Some((text, checked)) = self.readers.own.take()
            && text == self.scene.own
        {
            self.scene.own_says = checked.map(|(number, id)| {
                let count = widgets::text::count(number, "question", "questions");
                format!("{count} for “{}”.", self.scene.field_name(&id))
            });
            self.scene.own_unread = false;
        }
    }

    /// Opens the user's own questions to write in.
    pub(super) fn open_own(&mut self) {
        // What is still on its way to the disk is newer than what lies there.
        let text = match &self.own_on_its_way {
            Some(text) => Ok(text.clone()),
            None => self.store.own_text(),
        };
        match text {
            Ok(text) => {
                self.check_own(text);
                self.go(Screen::Own);
            }
            Err(error) => self.notify(Notice::Trouble(error.to_string())),
        }
    }

    /// Takes the posting from this file, once it is read.
    pub(super) fn open_posting(&mut self, path: PathBuf) {
        self.postings_opened += 1;
        let reader = opening::read_posting(path, self.postings_opened, &self.wake);
        self.loading.push(reader);
    }

    /// What was in a posting's file. Only the one that was opened last counts.
    pub(super) fn receive_posting(&mut self, number: u64, text: Result<String, String>) {
        if number != self.postings_opened {
            return;
        }
        match text {
            Ok(text) => {
                self.scene.posting_path = None;
                self.scene.notice = None;
                self.scene.sheet.set(Subject::Posting, text);
                self.sheet_changed = true;
                self.read_posting();
            }
            Err(says) => self.notify(Notice::Trouble(says)),
        }
    }
}
