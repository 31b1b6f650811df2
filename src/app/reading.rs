//! What is looked at aside while somebody types or speaks: a job posting, the text of the user's own questions, and the
//! words of an answer so far. The newest text counts; what was found in an older one is not shown any more.

use std::{path::PathBuf, sync::Arc};

use super::{App, Wake, latest::Latest, opening};
use crate::{
    insight::{self, Insights},
    interview::{
        Interview, Phase,
        posting::{self, Posting},
    },
    question::Question,
    store::{Bank, Subject, bank},
    transcript::Transcript,
    ui::{Screen, scene::Notice, widgets},
};

/// What the user's own questions hold: their number and the id of their field, or what is wrong with them.
pub type OwnChecked = Result<(usize, String), String>;

/// The words of an answer that is being given.
#[derive(Debug)]
struct LiveAnswer {
    take: LiveTake,
    transcript: Transcript,
    seconds: f64,
    question: Question,
    field: String,
    bank: Arc<Bank>,
}

/// The take that is being recorded: the interview, and when it was begun.
#[derive(Clone, Debug, PartialEq)]
struct LiveTake(String, Option<jiff::Timestamp>);

impl LiveTake {
    fn of(interview: &Interview) -> Self {
        Self(interview.id.clone(), interview.live.begun)
    }
}

impl LiveAnswer {
    fn observe(&self) -> Insights {
        insight::observe(insight::Answer {
            transcript: &self.transcript,
            seconds: Some(self.seconds),
            question: Some(&self.question),
            field: self.bank.field(&self.field),
        })
    }
}

/// The threads that read.
#[derive(Debug)]
pub struct Readers {
    posting: Latest<(String, Arc<Bank>), (String, Option<Posting>)>,
    own: Latest<String, (String, OwnChecked)>,
    live: Latest<LiveAnswer, (LiveTake, Insights)>,
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
            live: Latest::start("insights", wake, |answer: LiveAnswer| {
                let insights = answer.observe();
                (answer.take, insights)
            }),
        }
    }

    pub fn settle(&self) {
        self.posting.settle();
        self.own.settle();
        self.live.settle();
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

    /// Looks at the words so far of the answer that is being given. What was seen before stays until then.
    pub(super) fn observe_live(&mut self) {
        let Some(interview) = &self.scene.interview else {
            return;
        };
        let Some(turn) = interview.turn() else {
            return;
        };
        let answer = LiveAnswer {
            take: LiveTake::of(interview),
            transcript: interview.live.settled.clone(),
            seconds: interview.live.heard,
            question: turn.question.clone(),
            field: interview.field.clone(),
            bank: Arc::clone(&self.scene.bank),
        };
        // Before the first word there is nothing of an earlier take to be seen, and next to nothing to look at.
        if answer.transcript.words.is_empty() {
            self.scene.insights = Some(answer.observe());
        } else {
            self.readers.live.ask(answer);
        }
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
        if let Some((take, insights)) = self.readers.live.take()
            && let Some(interview) = &self.scene.interview
            && matches!(interview.phase, Phase::Recording | Phase::Paused | Phase::Finishing)
            && LiveTake::of(interview) == take
        {
            self.scene.insights = Some(insights);
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
