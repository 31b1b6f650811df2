//! The insights of the answers on screen. Those of one answer take longer than a frame, so they are made on threads; the
//! latest are cached, so that going back to an answer, or to the review, shows them at once.

use std::{collections::VecDeque, sync::Arc};

use super::{App, Wake, latest_worker::LatestWorker};
use crate::{
    bank::Bank,
    insight::{self, CoveredPoint, Insights},
    interview::{AskedAfter, Attempt, Interview, Phase, Practice, Turn},
    question::Question,
    transcript::Transcript,
};

/// Answers that are cached at least: those of two long interviews.
const KNOWN: usize = 24;

/// A transcript, with all that its insights depend on.
#[derive(Clone, Debug, PartialEq)]
struct AnswerText {
    transcript: Transcript,
    seconds: Option<f64>,
    question: Question,
    /// The question is a follow-up: after its answer nothing more is asked, and the points that it does not make are not
    /// missed.
    follow_up: bool,
    field: String,
}

impl AnswerText {
    /// That of an attempt, once it is transcribed.
    fn of(interview: &Interview, turn: &Turn, attempt: &Attempt) -> Option<Self> {
        Some(Self {
            transcript: attempt.transcript.clone()?,
            seconds: attempt.take.as_ref().map(|take| take.seconds),
            question: asked(turn, attempt.asked_after.as_ref()),
            follow_up: attempt.asked_after.is_some(),
            field: interview.field.clone(),
        })
    }

    fn answer<'a>(&'a self, bank: &'a Bank) -> insight::Answer<'a> {
        insight::Answer {
            transcript: &self.transcript,
            seconds: self.seconds,
            question: Some(&self.question),
            field: bank.field(&self.field),
        }
    }

    fn observe(&self, bank: &Bank) -> Insights {
        let mut insights = insight::observe(self.answer(bank));
        if self.follow_up {
            insights.follow_up = None;
            insights.structure = None;
            insights.talking_points.to_consider.clear();
        }
        insights
    }

    fn observe_partial(&self, bank: &Bank) -> Insights {
        insight::observe_partial(self.answer(bank))
    }
}

/// The question that an attempt answers: the turn's, or the same in the words of what was asked after another attempt.
fn asked(turn: &Turn, after: Option<&AskedAfter>) -> Question {
    let mut question = turn.question.clone();
    if let Some(after) = after {
        question.prompt.clone_from(&after.question.ask);
        question.parts.clear();
    }
    question
}

/// The take that is being recorded: the interview, and when it was begun.
#[derive(Clone, Debug, PartialEq)]
struct RunningTakeKey(String, Option<jiff::Timestamp>);

impl RunningTakeKey {
    fn of(practice: &Practice) -> Self {
        Self(practice.interview.id.clone(), practice.live.begun)
    }
}

type Observations = Vec<(AnswerText, Insights)>;

/// The threads that make insights, and their latest results.
#[derive(Debug)]
pub struct InsightWorker {
    answers: LatestWorker<(Vec<AnswerText>, Arc<Bank>), Observations>,
    live: LatestWorker<(RunningTakeKey, AnswerText, Arc<Bank>), (RunningTakeKey, Insights)>,
    known: VecDeque<(AnswerText, Insights)>,
}

impl InsightWorker {
    pub fn start(wake: &Wake) -> Self {
        Self {
            answers: LatestWorker::start("insights", wake, |(answers, bank): (Vec<AnswerText>, Arc<Bank>)| {
                let observe = |words: AnswerText| {
                    let insights = words.observe(&bank);
                    (words, insights)
                };
                answers.into_iter().map(observe).collect()
            }),
            live: LatestWorker::start(
                "live insights",
                wake,
                |(take, words, bank): (RunningTakeKey, AnswerText, Arc<Bank>)| (take, words.observe_partial(&bank)),
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

    /// The questions and terms have changed: insights of the old ones are outdated.
    pub fn forget(&mut self) {
        self.known.clear();
    }

    fn find(&self, words: &AnswerText) -> Option<&Insights> {
        let known = self.known.iter().rev().find(|(known, _)| known == words);
        known.map(|(_, insights)| insights)
    }

    fn remember(&mut self, observed: Observations) {
        // Of what was asked for together, nothing is dropped.
        let most = KNOWN.max(2 * observed.len());
        self.known.extend(observed);
        self.known.drain(..self.known.len().saturating_sub(most));
    }
}

impl App {
    /// Asks for the insights of what is on screen: the words so far, the shown answer, or every answer of the review.
    pub(super) fn observe(&mut self) {
        self.view.answer.review.clear();
        let phase = self.view.practice.as_ref().map(|practice| practice.phase);
        match phase {
            Some(Phase::Recording | Phase::Paused | Phase::Finishing) => self.observe_live(),
            Some(Phase::Answered | Phase::Correcting | Phase::Review) => self.observe_answers(),
            Some(Phase::Asking | Phase::Typing) | None => self.view.answer.insights = None,
        }
    }

    fn observe_answers(&mut self) {
        self.view.answer.insights = None;
        let view = &self.view;
        let Some((practice, turn)) = view.practice.as_ref().and_then(|open| Some((open, open.turn()?))) else {
            return;
        };
        let (mut shown, mut review, mut followed) = (None, Vec::new(), Vec::new());
        if practice.phase == Phase::Review {
            let words = |turn: &Turn| AnswerText::of(&practice.interview, turn, turn.main_attempt()?);
            review.extend(practice.interview.turns.iter().map(words));
        } else {
            let words = |attempt: &Attempt| AnswerText::of(&practice.interview, turn, attempt);
            shown = turn.attempt().and_then(words);
            followed.extend(turn.followed_by(turn.shown).map(|index| words(&turn.attempts[index])));
            if view.answer.comparing {
                review.extend(turn.attempts.iter().map(words));
            }
        }
        let find = |words: &Option<AnswerText>| self.workers.insights.find(words.as_ref()?).cloned();
        let (insights, found): (_, Vec<_>) = (find(&shown), review.iter().map(find).collect());
        let points = |insights: Insights| insights.talking_points.covered;
        let follow_up_points: Vec<CoveredPoint> = followed.iter().filter_map(find).flat_map(points).collect();
        let unknown = |words: &AnswerText| self.workers.insights.find(words).is_none();
        let unobserved = shown
            .into_iter()
            .chain(followed.into_iter().flatten())
            .chain(review.into_iter().flatten())
            .filter(unknown);
        let unobserved: Vec<AnswerText> = unobserved.collect();
        if !unobserved.is_empty() {
            self.workers
                .insights
                .answers
                .ask((unobserved, Arc::clone(&self.view.bank)));
        }
        self.view.answer.insights = insights;
        self.view.answer.follow_up_points = follow_up_points;
        self.view.answer.review = found;
    }

    /// Asks for the insights of the words so far. Those of fewer words stay until then.
    fn observe_live(&mut self) {
        let Some((practice, turn)) = self.view.practice.as_ref().and_then(|open| Some((open, open.turn()?))) else {
            return;
        };
        let words = AnswerText {
            transcript: practice.live.settled.clone(),
            seconds: Some(practice.live.heard),
            question: asked(turn, practice.follow_up()),
            follow_up: practice.follow_up().is_some(),
            field: practice.interview.field.clone(),
        };
        // Before the first word, nothing of an earlier take may be shown, and there is next to nothing to observe.
        if words.transcript.words.is_empty() {
            self.view.answer.insights = Some(Insights::default());
        } else {
            let take = RunningTakeKey::of(practice);
            self.workers
                .insights
                .live
                .ask((take, words, Arc::clone(&self.view.bank)));
        }
    }

    /// Takes the results that have come meanwhile.
    pub(super) fn handle_insights(&mut self) {
        if let Some(observed) = self.workers.insights.answers.take() {
            self.workers.insights.remember(observed);
            self.observe();
        }
        if let Some((take, insights)) = self.workers.insights.live.take()
            && let Some(practice) = &self.view.practice
            && matches!(practice.phase, Phase::Recording | Phase::Paused | Phase::Finishing)
            && RunningTakeKey::of(practice) == take
        {
            self.view.answer.insights = Some(insights);
        }
    }
}
