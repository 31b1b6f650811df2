//! Talking points: which an answer covered, with the sentence that shows each, and which others are worth considering.
//!
//! The question's own points come first; the nine general ones are looked for in every background and behavioral answer, and
//! where no question was asked.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::{
    insight::{
        Answer, CoveredPoint, PointToConsider, TalkingPoints,
        assets::toml_asset,
        general_points::{GENERAL_POINTS, GeneralPoint, POINT_COUNT, PointScores},
        question_points::QuestionPoints,
        sentences::Sentences,
        token_view::TokenView,
        tokenizer::Sentence,
    },
    question::{Question, QuestionKind},
};

/// The nine general points and what is done with them; the file says what each number and list is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TalkingPointParameters {
    max_to_consider: usize,
    pub general_threshold: f32,
    order: PointOrder,
    pub general: [GeneralPoint; POINT_COUNT],
}

/// Ids, first to last.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PointOrder {
    background: [String; POINT_COUNT],
    behavioral: [String; POINT_COUNT],
}

pub(super) static PARAMETERS: LazyLock<TalkingPointParameters> = toml_asset!("insight/talking_points.toml");

/// Saying that one does not know is worth noticing, and worth suggesting only where the question does.
const NEVER_SUGGESTED: &str = "honesty";

/// A point that is looked for.
struct PointCandidate<'a> {
    id: &'a str,
    label: &'a str,
    hint: &'a str,
    /// The sentence that shows it best, and how well.
    best: Option<(usize, f32)>,
}

/// Looks for the question's own points and, where they belong, the nine general ones.
pub(super) fn talking_points(answer: Answer<'_>, view: &TokenView<'_>, sentences: &Sentences) -> TalkingPoints {
    let mut points = question_points(answer.question, &sentences.list);
    add_general_points(&mut points, answer.question, sentences);
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
    TalkingPoints {
        covered: covered.collect(),
        to_consider: to_consider(&points, answer.question),
    }
}

fn to_consider(points: &[PointCandidate<'_>], question: Option<&Question>) -> Vec<PointToConsider> {
    let asked_for = |id: &str| question.is_some_and(|question| question.talking_points.iter().any(|own| own.id == id));
    points
        .iter()
        .filter(|point| point.best.is_none())
        .filter(|point| point.id != NEVER_SUGGESTED || asked_for(point.id))
        .take(PARAMETERS.max_to_consider)
        .map(|point| PointToConsider {
            id: point.id.to_owned(),
            label: point.label.to_owned(),
            hint: point.hint.to_owned(),
        })
        .collect()
}

fn question_points<'a>(question: Option<&'a Question>, sentences: &[Sentence]) -> Vec<PointCandidate<'a>> {
    let Some(question) = question else {
        return Vec::new();
    };
    let profiles = QuestionPoints::new(question);
    let mut points: Vec<PointCandidate<'a>> = question
        .talking_points
        .iter()
        .map(|point| PointCandidate::new(&point.id, &point.label, &point.hint))
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

/// Adds the general points to the question's own; where the question has one under the same id, either way of finding it
/// counts. To a technical question no others are added.
fn add_general_points(points: &mut Vec<PointCandidate<'_>>, question: Option<&Question>, sentences: &Sentences) {
    let kind = question.map(|question| question.kind);
    let mut wanted: Vec<usize> = (0..POINT_COUNT)
        .filter(|index| {
            kind != Some(QuestionKind::Technical) || points.iter().any(|point| point.id == GENERAL_POINTS[*index].id)
        })
        .collect();
    if wanted.is_empty() {
        return;
    }
    let order = match kind {
        Some(QuestionKind::Behavioral) => &PARAMETERS.order.behavioral,
        Some(QuestionKind::Background | QuestionKind::Technical) | None => &PARAMETERS.order.background,
    };
    wanted.sort_by_key(|index| order.iter().position(|id| *id == GENERAL_POINTS[*index].id));
    let scores: &[PointScores] = sentences.point_scores();
    for index in wanted {
        let GeneralPoint { id, label, hint } = &GENERAL_POINTS[index];
        let at = points.iter().position(|point| point.id == id).unwrap_or_else(|| {
            points.push(PointCandidate::new(id, label, hint));
            points.len() - 1
        });
        for (sentence, scores) in scores.iter().enumerate() {
            if let Some(score) = scores[index] {
                points[at].offer(sentence, score);
            }
        }
    }
}

impl<'a> PointCandidate<'a> {
    fn new(id: &'a str, label: &'a str, hint: &'a str) -> Self {
        Self {
            id,
            label,
            hint,
            best: None,
        }
    }

    /// Of sentences that show it equally well the first counts.
    fn offer(&mut self, sentence: usize, score: f32) {
        if self.best.is_none_or(|(_, best)| score > best) {
            self.best = Some((sentence, score));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_orders_name_each_general_point_once() {
        for order in [&PARAMETERS.order.background, &PARAMETERS.order.behavioral] {
            let mut ids: Vec<&str> = order.iter().map(String::as_str).collect();
            let mut all: Vec<&str> = GENERAL_POINTS.iter().map(|point| point.id.as_str()).collect();
            ids.sort_unstable();
            all.sort_unstable();
            assert_eq!(ids, all);
        }
    }
}
