//! What is noticed in the answers on screen. To look at one takes longer than a frame, so it is done aside; what was seen
//! lately is known, so that turning back a page, or coming to the review, shows it at once.

use std::{collections::VecDeque, sync::Arc};

use super::{App, Wake, latest::Latest};
use crate::{
    insight::{self, Insights},
    interview::{Attempt, Interview, Phase, Turn},
    question::Question,
    store::Bank,
    transcript::Transcript,
};

/// Answers that are known at least: those of two long interviews.
const KNOWN: usize = 24;

/// Words that are looked at, with what they are looked at for.
#[derive(Clone, Debug, PartialEq)]
struct Words {
    transcript: Transcript,
    seconds: Option<f64>,
    question: Question,
    field: String,
}

impl Words {
    /// Those of an attempt, once it has some.
    fn of(interview: &Interview, turn: &Turn, attempt: &Attempt) -> Option<Self> {
        Some(Self {
            transcript: attempt.transcript.clone()?,
            seconds: attempt.take.as_ref().map(|take| take.seconds),
            question: turn.question.clone(),
            field: interview.field.clone(),
        })
    }

    fn observe(&self, bank: &Bank) -> Insights {
        insight::observe(insight::Answer {
            transcript: &self.transcript,
            seconds: self.seconds,
            question: Some(&self.question),
            field: bank.field(&self.field),
        })
    }
}

/// The take that is being recorded: the interview, and when it was begun.
#[derive(Clone, Debug, PartialEq)]
struct LiveTake(String, Option<jiff::Timestamp>);

impl LiveTake {
    fn of(interview: &Interview) -> Self {
        Self(interview.id.clone(), interview.live.begun)
    }
}

type Seen = Vec<(Words, Insights)>;

/// The threads that look, and what they saw lately.
#[derive(Debug)]
pub struct Noticing {
    answers: Latest<(Vec<Words>, Arc<Bank>), Seen>,
    live: Latest<(LiveTake, Words, Arc<Bank>), (LiveTake, Insights)>,
    known: VecDeque<(Words, Insights)>,
}

impl Noticing {
    pub fn start(wake: &Wake) -> Self {
        Self {
            answers: Latest::start("insights", wake, |(answers, bank): (Vec<Words>, Arc<Bank>)| {
                let look = |words: Words| {
                    let insights = words.observe(&bank);
                    (words, insights)
                };
                answers.into_iter().map(look).collect()
            }),
            live: Latest::start(
                "live insights",
                wake,
                |(take, words, bank): (LiveTake, Words, Arc<Bank>)| (take, words.observe(&bank)),
            ),
            known: VecDeque::new(),
        }
    }

    /// For tests and pictures; the window never waits.
    pub fn settle(&self) {
        self.answers.settle();
        self.live.settle();
    }

    pub fn has_news(&self) -> bool {
        self.answers.has_news() || self.live.has_news()
    }

    /// The questions and terms have changed: what was seen with the old ones counts no more.
    pub fn forget(&mut self) {
        self.known.clear();
    }

    fn find(&self, words: &Words) -> Option<&Insights> {
        let known = self.known.iter().rev().find(|(known, _)| known == words);
        known.map(|(_, insights)| insights)
    }

    fn remember(&mut self, seen: Seen) {
        // All that was asked for together stays together.
        let most = KNOWN.max(2 * seen.len());
        self.known.extend(seen);
        self.known.drain(..self.known.len().saturating_sub(most));
    }
}

impl App {
    /// Looks at what is on screen: the words so far, the shown answer, or every answer of the review.
    pub(super) fn observe(&mut self) {
        self.scene.review.clear();
        let phase = self.scene.interview.as_ref().map(|interview| interview.phase);
        match phase {
            Some(Phase::Recording | Phase::Paused | Phase::Finishing) => self.observe_live(),
            Some(Phase::Answered | Phase::Correcting | Phase::Review) => self.observe_answers(),
            Some(Phase::Asking | Phase::Typing) | None => self.scene.insights = None,
        }
    }

    fn observe_answers(&mut self) {
        self.scene.insights = None;
        let scene = &self.scene;
        let Some((interview, turn)) = scene.interview.as_ref().and_then(|open| Some((open, open.turn()?))) else {
            return;
        };
        let (mut shown, mut review) = (None, Vec::new());
        if interview.phase == Phase::Review {
            let words = |turn: &Turn| Words::of(interview, turn, turn.attempt()?);
            review.extend(interview.turns.iter().map(words));
        } else {
            let words = |attempt: &Attempt| Words::of(interview, turn, attempt);
            shown = turn.attempt().and_then(words);
            if scene.comparing {
                review.extend(turn.attempts.iter().map(words));
            }
        }
        let find = |words: &Option<Words>| self.noticing.find(words.as_ref()?).cloned();
        let (insights, found): (_, Vec<_>) = (find(&shown), review.iter().map(find).collect());
        let unknown = |words: &Words| self.noticing.find(words).is_none();
        let asked = shown.into_iter().chain(review.into_iter().flatten()).filter(unknown);
        let asked: Vec<Words> = asked.collect();
        if !asked.is_empty() {
            self.noticing.answers.ask((asked, Arc::clone(&self.scene.bank)));
        }
        self.scene.insights = insights;
        self.scene.review = found;
    }

    /// Looks at the words so far of the answer that is being given. What was seen before stays until then.
    fn observe_live(&mut self) {
        let Some((interview, turn)) = self
            .scene
            .interview
            .as_ref()
            .and_then(|open| Some((open, open.turn()?)))
        else {
            return;
        };
        let words = Words {
            transcript: interview.live.settled.clone(),
            seconds: Some(interview.live.heard),
            question: turn.question.clone(),
            field: interview.field.clone(),
        };
        // Before the first word nothing of an earlier take is to be seen, and there is next to nothing to look at.
        if words.transcript.words.is_empty() {
            self.scene.insights = Some(words.observe(&self.scene.bank));
        } else {
            let take = LiveTake::of(interview);
            self.noticing.live.ask((take, words, Arc::clone(&self.scene.bank)));
        }
    }

    /// Takes what was seen meanwhile.
    pub(super) fn hear_noticing(&mut self) {
        if let Some(seen) = self.noticing.answers.take() {
            self.noticing.remember(seen);
            self.observe();
        }
        if let Some((take, insights)) = self.noticing.live.take()
            && let Some(interview) = &self.scene.interview
            && matches!(interview.phase, Phase::Recording | Phase::Paused | Phase::Finishing)
            && LiveTake::of(interview) == take
        {
            self.scene.insights = Some(insights);
        }
    }
}
