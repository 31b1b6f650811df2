//! A question of an interview and the answers it got.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Drafts;
use crate::{insight::FollowUpQuestion, question::Question, take::Take, transcript::Transcript};

/// One question and what was done with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Turn {
    pub question: Question,
    /// The wording in which it was asked, where that was not the prompt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_as: Option<String>,
    /// The job posting's term that it was drawn for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    #[serde(default)]
    pub notes: String,
    /// What was typed and not sent.
    #[serde(default, skip_serializing_if = "Drafts::is_empty")]
    pub drafts: Drafts,
    #[serde(default)]
    pub skipped: bool,
    #[serde(default)]
    pub attempts: Vec<Attempt>,
    /// The attempt that is looked at; the latest one, unless another was picked.
    #[serde(default)]
    pub shown: usize,
}

impl Turn {
    pub fn new(question: Question) -> Self {
        Self {
            question,
            asked_as: None,
            because: None,
            notes: String::new(),
            drafts: Drafts::default(),
            skipped: false,
            attempts: Vec::new(),
            shown: 0,
        }
    }

    /// The wording in which it was asked.
    pub fn asked(&self) -> &str {
        self.asked_as.as_deref().unwrap_or(&self.question.prompt)
    }

    /// Whether something was said or typed in answer to it. A recording in which nothing was heard is no answer.
    pub fn is_answered(&self) -> bool {
        self.attempts.iter().any(|attempt| !attempt.is_silent())
    }

    /// The attempt that is looked at.
    pub fn attempt(&self) -> Option<&Attempt> {
        self.attempts.get(self.shown).or(self.attempts.last())
    }

    /// The place of the attempt at the question itself: the one that is looked at, or the one that it followed.
    pub fn main_index(&self) -> usize {
        match self.attempt().and_then(|attempt| attempt.asked_after.as_ref()) {
            Some(after) => after.attempt,
            None => self.shown.min(self.attempts.len().saturating_sub(1)),
        }
    }

    pub fn main_attempt(&self) -> Option<&Attempt> {
        self.attempts.get(self.main_index())
    }

    /// The places of the attempts at the question itself.
    pub fn main_attempts(&self) -> impl Iterator<Item = usize> {
        let attempts = self.attempts.iter().enumerate();
        attempts
            .filter(|(_, attempt)| attempt.asked_after.is_none())
            .map(|(index, _)| index)
    }

    /// The places of the attempts at what was asked after this one.
    pub fn followed_by(&self, main: usize) -> impl Iterator<Item = usize> {
        let follows = move |attempt: &Attempt| attempt.asked_after.as_ref().is_some_and(|after| after.attempt == main);
        let attempts = self.attempts.iter().enumerate();
        attempts
            .filter(move |(_, attempt)| follows(attempt))
            .map(|(index, _)| index)
    }

    /// What was asked after the main attempt, each with what was answered.
    pub fn follow_ups(&self) -> impl Iterator<Item = (&str, String)> {
        self.followed_by(self.main_index()).filter_map(|index| {
            let attempt = &self.attempts[index];
            let ask = attempt.asked_after.as_ref()?.question.ask.as_str();
            Some((ask, attempt.transcript.as_ref()?.text()))
        })
    }

    /// What the attempt at this place is called: "Take 2", "Follow-up to take 2".
    pub fn attempt_name(&self, index: usize) -> String {
        let number = |index: usize| 1 + self.main_attempts().filter(|main| *main < index).count();
        match self
            .attempts
            .get(index)
            .and_then(|attempt| attempt.asked_after.as_ref())
        {
            Some(after) => format!("Follow-up to take {}", number(after.attempt)),
            None => format!("Take {}", number(index)),
        }
    }
}

/// A follow-up question, and what it followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedAfter {
    /// The place of that attempt in its turn.
    pub attempt: usize,
    pub question: FollowUpQuestion,
}

/// One go at a question: spoken, with a take, or typed, without.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    pub at: Timestamp,
    /// It answers a follow-up question, not the turn's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_after: Option<AskedAfter>,
    #[serde(default)]
    pub take: Option<Take>,
    /// Nothing while the take waits for its words.
    #[serde(default)]
    pub transcript: Option<Transcript>,
    /// The model that wrote it down; nothing for a typed answer.
    #[serde(default)]
    pub model: Option<String>,
    /// The take was not written down to its end: what stands there is what was heard live.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub incomplete: bool,
    /// The text was changed by hand.
    #[serde(default)]
    pub corrected: bool,
    /// The sound was deleted, as the person wanted; its length is still known.
    #[serde(default)]
    pub sound_deleted: bool,
}

impl Attempt {
    /// A take that waits for its words.
    pub fn of_take(at: Timestamp, take: Take) -> Self {
        Self {
            at,
            asked_after: None,
            take: Some(take),
            transcript: None,
            model: None,
            incomplete: false,
            corrected: false,
            sound_deleted: false,
        }
    }

    /// A typed answer.
    pub fn typed(at: Timestamp, transcript: Transcript) -> Self {
        Self {
            at,
            asked_after: None,
            take: None,
            transcript: Some(transcript),
            model: None,
            incomplete: false,
            corrected: false,
            sound_deleted: false,
        }
    }

    /// Whether nothing was heard in its recording.
    pub fn is_silent(&self) -> bool {
        let no_words = |transcript: &Transcript| transcript.words.is_empty();
        self.take.is_some() && !self.incomplete && self.transcript.as_ref().is_some_and(no_words)
    }

    /// The take, where its sound can still be played.
    pub fn playable(&self) -> Option<&Take> {
        self.take.as_ref().filter(|_| !self.sound_deleted)
    }

    /// Whether its sound has been there for more than so many days, and can go: one that has no words yet never can.
    pub fn has_old_sound(&self, days: u16, now: Timestamp) -> bool {
        let age = now.duration_since(self.at);
        let old = age > jiff::SignedDuration::from_hours(24 * i64::from(days));
        old && self.transcript.is_some() && self.playable().is_some()
    }
}
