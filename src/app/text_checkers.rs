//! What is checked aside while somebody types: a job posting, and the text of the user's own questions. Only the newest
//! text counts; findings of an older one are not shown.

use std::sync::Arc;

use super::{App, Wake, latest_worker::LatestWorker};
use crate::{
    bank,
    bank::Bank,
    interview::posting::{self, Posting},
    question::Field,
    ui::widgets,
};

/// The user's own questions, or what is wrong with them.
pub type OwnChecked = Result<Field, String>;

/// The threads that read.
#[derive(Debug)]
pub struct TextCheckers {
    posting: LatestWorker<(String, Arc<Bank>), (String, Option<Posting>)>,
    own: LatestWorker<String, (String, OwnChecked)>,
}

impl TextCheckers {
    pub fn start(wake: &Wake) -> Self {
        Self {
            posting: LatestWorker::start("posting", wake, |(text, bank): (String, Arc<Bank>)| {
                let found = posting::read(&text, &bank.fields);
                (text, found)
            }),
            own: LatestWorker::start("own questions", wake, |text: String| {
                let checked = bank::read("Your questions", &text);
                (text, checked)
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
    /// Asks for the job terms of the posting.
    pub(super) fn read_posting(&mut self) {
        let text = self.view.prepare.notes.posting.clone();
        if text.trim().is_empty() {
            self.view.prepare.posting = None;
            self.view.prepare.posting_unread = false;
            return;
        }
        self.view.prepare.posting_unread = true;
        self.workers
            .text_checkers
            .posting
            .ask((text, Arc::clone(&self.view.bank)));
    }

    /// Checks the text of the user's own questions.
    pub(super) fn check_own_questions(&mut self, text: String) {
        self.view.own.unread = true;
        self.workers.text_checkers.own.ask(text.clone());
        self.view.own.text = text;
    }

    /// Takes what was found in the newest texts.
    pub(super) fn handle_text_checks(&mut self) {
        if let Some((text, found)) = self.workers.text_checkers.posting.take()
            && text == self.view.prepare.notes.posting
        {
            self.view.prepare.posting = found;
            self.view.prepare.posting_unread = false;
        }
        if let Some((text, checked)) = self.workers.text_checkers.own.take()
            && text == self.view.own.text
        {
            let found = checked.as_ref().map_err(Clone::clone).map(|field| {
                let count = widgets::text::count(field.questions.len(), "question", "questions");
                format!("{count} for “{}”.", self.view.field_name(&field.id))
            });
            self.view.own.findings = found;
            self.view.own.field = checked.ok();
            self.view.own.unread = false;
        }
    }
}
