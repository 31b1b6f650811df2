//! Talking points: which an answer covered, with the sentence that shows each, and which others are worth considering.
//!
//! The question's own points come first; the general nine are looked for in every background and behavioral answer, and
//! where no question was asked.

use crate::{
    insight::{
        Answer, CoveredPoint, PointToConsider, TalkingPoints,
        general_points::GENERAL_POINTS,
        question_points::QuestionPoints,
        sentences::{PointScores, Sentences},
        token_view::TokenView,
        tokenizer::Sentence,
    },
    question::{Question, QuestionKind},
};

/// More would be a list of faults.
const MOST_TO_CONSIDER: usize = 3;

/// What to consider first where a question does not say, by kind.
const BACKGROUND_ORDER: [&str; 9] = [
    "experience",
    "skills",
    "interests",
    "goals",
    "result",
    "lessons",
    "teamwork",
    "challenge",
    "honesty",
];
const BEHAVIORAL_ORDER: [&str; 9] = [
    "experience",
    "challenge",
    "result",
    "lessons",
    "teamwork",
    "skills",
    "honesty",
    "interests",
    "goals",
];

/// A point that is looked for.
struct PointCandidate<'a> {
    id: &'a str,
    label: &'a str,
    hint: &'a str,
    /// The sentence that shows it best, and how well.
    best: Option<(usize, f32)>,
}

/// Looks for the question's own points and, where they belong, the general nine.
pub(super) fn talking_points(answer: Answer<'_>, view: &TokenView<'_>, sentences: &Sentences) -> TalkingPoints {
    let mut points = question_points(answer.question, &sentences.list);
    let general = answer
        .question
        .is_none_or(|question| question.kind != QuestionKind::Technical);
    let named: Vec<usize> = GENERAL_POINTS
        .iter()
        .enumerate()
        .filter(|(_, (id, _, _))| general || points.iter().any(|point| point.id == *id))
        .map(|(index, _)| index)
        .collect();
    if !named.is_empty() {
        add_general(&mut points, &named, sentences.point_scores(), answer.question);
    }
    let covered = points.iter().filter_map(|point| {
        let (sentence, _) = point.best?;
        let words = sentences.list[sentence].words.clone();
        Some(CoveredPoint {
            id: point.id.to_owned(),
            label: point.label.to_owned(),
            evidence: view.transcript.text_of(words.clone()),
            span: view.transcript.span_of(words.clone()),
            words,
        })
    });
    let missing = points
        .iter()
        .filter(|point| point.best.is_none())
        .map(|point| PointToConsider {
            id: point.id.to_owned(),
            label: point.label.to_owned(),
            hint: point.hint.to_owned(),
        });
    // Saying that one does not know is worth noticing, never worth demanding.
    let missing = missing.filter(|point| {
        point.id != "honesty"
            || answer
                .question
                .is_some_and(|question| question.talking_points.iter().any(|own| own.id == "honesty"))
    });
    TalkingPoints {
        covered: covered.collect(),
        to_consider: missing.take(MOST_TO_CONSIDER).collect(),
    }
}

fn question_points<'a>(question: Option<&'a Question>, sentences: &[Sentence]) -> Vec<PointCandidate<'a>> {
    let Some(question) = question else {
        return Vec::new();
    };
    let profiles = QuestionPoints::new(question);
    let mut points: Vec<PointCandidate<'a>> = question
        .talking_points
        .iter()
        .map(|point| PointCandidate {
            id: &point.id,
            label: &point.label,
            hint: &point.hint,
            best: None,
        })
        .collect();
    for (index, sentence) in sentences.iter().enumerate() {
        for (point, score) in points.iter_mut().zip(profiles.scores(sentence)) {
            if score >= 1.0 {
                point.offer(index, score);
            }
        }
    }
    points
}

/// Adds the nine to the question's points; where the question has one under the same id, either way of finding it counts.
fn add_general(
    points: &mut Vec<PointCandidate<'_>>,
    named: &[usize],
    scores: &[PointScores],
    question: Option<&Question>,
) {
    let order = match question.map(|question| question.kind) {
        Some(QuestionKind::Behavioral) => BEHAVIORAL_ORDER,
        _ => BACKGROUND_ORDER,
    };
    let rank = |index: usize| order.iter().position(|id| *id == GENERAL_POINTS[index].0);
    let mut named = named.to_vec();
    named.sort_by_key(|index| rank(*index));
    for index in named {
        let (id, label, hint) = GENERAL_POINTS[index];
        let at = points.iter().position(|point| point.id == id).unwrap_or_else(|| {
            points.push(PointCandidate {
                id,
                label,
                hint,
                best: None,
            });
            points.len() - 1
        });
        for (sentence, scores) in scores.iter().enumerate() {
            if let Some(how_well) = scores[index] {
                points[at].offer(sentence, how_well);
            }
        }
    }
}

impl PointCandidate<'_> {
    fn offer(&mut self, sentence: usize, score: f32) {
        if self.best.is_none_or(|(_, best)| score > best) {
            self.best = Some((sentence, score));
        }
    }
}
