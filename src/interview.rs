//! Interviews: the saved document, what is asked in it, and, in [`Practice`], the course of one that is under way. Pure.
//! Knows no clock (times are given), no file and no window.

use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{question::Question, take::TakeId};

mod correcting;
mod draft;
pub mod draw;
pub mod letters;
pub mod posting;
mod practice;
pub mod search;
mod turn;

pub use correcting::corrected;
pub use draft::{DraftOf, Drafts};
pub use practice::{Input, InterviewPlace, LiveTake, Phase, Practice, PracticeAction, VoiceOrSample};
pub use turn::{AskedAfter, Attempt, Turn};

/// An interview, or one question practiced alone: what was asked and what was answered. Saved as it stands here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interview {
    /// Also the first part of its takes' file names.
    pub id: String,
    /// Id of the field.
    pub field: String,
    /// The company and the role that it is for, where it was drawn from a job posting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    pub begun: Timestamp,
    pub turns: Vec<Turn>,
    /// The question that is being worked on, or was last.
    #[serde(default)]
    pub at: usize,
    /// Whether the review was reached.
    #[serde(default)]
    pub finished: bool,
    #[serde(default)]
    pub afterwards: Reflection,
    /// It shows the answer that comes with Aloud: nobody's own, so it is neither saved nor counted.
    #[serde(skip)]
    pub sample: bool,
}

/// What the person writes down once it is over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reflection {
    pub went_well: String,
    pub to_change: String,
    /// One thing to look up a line.
    pub look_up: String,
    /// What was found when it was looked up.
    pub found: String,
}

impl Reflection {
    /// The things to look up.
    pub fn to_look_up(&self) -> impl Iterator<Item = &str> {
        self.look_up.lines().map(str::trim).filter(|line| !line.is_empty())
    }

    /// Whether this is one of them, in any case.
    pub fn has_to_look_up(&self, thing: &str) -> bool {
        self.to_look_up()
            .any(|line| line.to_lowercase() == thing.to_lowercase())
    }

    /// Adds a line for it.
    pub fn add_to_look_up(&mut self, thing: &str) {
        let kept = self.look_up.trim_end().len();
        self.look_up.truncate(kept);
        if kept > 0 {
            self.look_up.push('\n');
        }
        self.look_up.push_str(thing);
    }
}

impl Interview {
    /// An interview of these questions, none of them answered.
    pub fn new(id: String, field: String, begun: Timestamp, questions: Vec<Question>) -> Self {
        Self {
            id,
            field,
            title: None,
            begun,
            turns: questions.into_iter().map(Turn::new).collect(),
            at: 0,
            finished: false,
            afterwards: Reflection::default(),
            sample: false,
        }
    }

    /// The question that is being worked on.
    pub fn turn(&self) -> Option<&Turn> {
        self.turns.get(self.at)
    }

    /// How many questions have an answer.
    pub fn answered(&self) -> usize {
        self.turns.iter().filter(|turn| turn.is_answered()).count()
    }

    /// The attempt that this take is of.
    fn attempt_mut(&mut self, id: &TakeId) -> Option<&mut Attempt> {
        let mut attempts = self.turns.iter_mut().flat_map(|turn| &mut turn.attempts);
        attempts.find(|attempt| attempt.take.as_ref().is_some_and(|take| take.id() == *id))
    }

    fn has_take(&self, sound: &Path) -> bool {
        let mut attempts = self.turns.iter().flat_map(|turn| &turn.attempts);
        attempts.any(|attempt| attempt.take.as_ref().is_some_and(|take| take.sound == sound))
    }

    /// Whether nothing of the person's is in it.
    pub fn is_empty(&self) -> bool {
        let untouched =
            |turn: &Turn| turn.attempts.is_empty() && turn.notes.trim().is_empty() && turn.drafts.is_empty();
        self.sample || self.afterwards == Reflection::default() && self.turns.iter().all(untouched)
    }
}
