//! Talking points: which an answer covered, with the sentence that shows each, and which others are worth considering.
//!
//! The question's own points come first; the nine general ones are looked for in every background and behavioral answer, and
//! where no question was asked. Honesty is looked for in every answer.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::{
    insight::{
        Answer, Completeness, CoveredPoint, PointToConsider, QuestionPart, TalkingPoints,
        assets::toml_asset,
        general_points::{GENERAL_POINTS, GeneralPoint, HONESTY, POINT_COUNT, bar, logit, sigmoid},
        left_out,
        question_points::QuestionPoints,
        sentences::Sentences,
        topic::{self, QuestionTexts},
    },
    question::{Question, QuestionKind},
};

/// The nine general points and what is done with them; the file says what each number and list is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TalkingPointParameters {
    max_to_consider: usize,
    pub bar: f32,
    technical_bar: f32,
    pub technical_honesty_bar: f32,
    partial_bar: f32,
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

/// What was found of the points of an answer.
#[derive(Debug, Default)]
pub(super) struct FoundPoints {
    pub points: TalkingPoints,
    /// Those that were not made.
    pub open: Vec<OpenPoint>,
    pub parts: Vec<QuestionPart>,
    /// The log odds that the answer is one in an interview, where that can be told.
    pub topic: Option<f32>,
    /// The answer is about something else; then it makes no points, and there is nothing to add to it.
    pub off_topic: bool,
}

/// A point that was not made.
#[derive(Debug)]
pub(super) struct OpenPoint {
    pub id: String,
    /// That the sentence makes it which comes nearest.
    pub probability: f32,
    pub traces: Traces,
}

/// What in an answer recalls a point, whether or not a sentence makes it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Traces {
    /// One of its cues was said.
    pub cue: bool,
    /// How near a sentence comes to it in meaning.
    pub nearness: f32,
}

/// A point that is looked for.
struct PointCandidate<'a> {
    id: &'a str,
    label: &'a str,
    hint: &'a str,
    /// The sentence that shows it best.
    best: Option<BestSentence>,
    traces: Traces,
}

#[derive(Clone, Copy, Debug)]
struct BestSentence {
    sentence: usize,
    /// That it shows the point.
    probability: f32,
    /// Probability from which on it counts.
    bar: f32,
}

impl BestSentence {
    fn margin(self) -> f32 {
        self.probability - self.bar
    }
}

/// Looks for the question's own points and, where they belong, the nine general ones.
pub(super) fn talking_points(answer: Answer<'_>, sentences: &Sentences<'_>, completeness: Completeness) -> FoundPoints {
    let words_read = sentences.words_read();
    let texts = answer.question.map(QuestionTexts::new);
    let topic = topic::log_odds(answer.question, sentences);
    let off_topic = completeness == Completeness::Complete
        && answer.question.is_some()
        && topic.is_some_and(|log_odds| topic::is_off_topic(log_odds, sentences));
    if off_topic {
        let points = TalkingPoints {
            words_read,
            ..TalkingPoints::default()
        };
        return FoundPoints {
            points,
            topic,
            off_topic,
            ..FoundPoints::default()
        };
    }
    let mut points = match (answer.question, &texts) {
        (Some(question), Some(texts)) => question_points(question, texts, sentences, topic),
        _ => Vec::new(),
    };
    add_general_points(&mut points, answer.question, sentences, topic);
    let counts = |best: &BestSentence| match completeness {
        Completeness::Complete => best.margin() >= 0.0,
        Completeness::Partial => best.probability >= PARAMETERS.partial_bar,
    };
    let mut open = Vec::new();
    for point in &mut points {
        let best = point.best.take();
        point.best = best.filter(counts);
        if point.best.is_none() {
            open.push(OpenPoint {
                id: point.id.to_owned(),
                probability: best.map_or(0.0, |best| best.probability),
                traces: point.traces,
            });
        }
    }
    let covered = points.iter().filter_map(|point| {
        let BestSentence {
            sentence, probability, ..
        } = point.best?;
        let words = sentences.list[sentence].words.clone();
        Some(CoveredPoint {
            id: point.id.to_owned(),
            label: point.label.to_owned(),
            evidence: sentences.transcript.text_of(words.clone()),
            span: sentences.transcript.span_of(words.clone()),
            words,
            probability,
        })
    });
    let covered: Vec<CoveredPoint> = covered.collect();
    FoundPoints {
        parts: answer.question.map_or_else(Vec::new, |question| {
            left_out::parts(question, &covered, &open, sentences)
        }),
        points: TalkingPoints {
            covered,
            to_consider: to_consider(&points, answer.question),
            words_read,
        },
        open,
        topic,
        off_topic,
    }
}

fn to_consider(points: &[PointCandidate<'_>], question: Option<&Question>) -> Vec<PointToConsider> {
    let asked_for = |id: &str| question.is_some_and(|question| question.talking_points.iter().any(|own| own.id == id));
    points
        .iter()
        .filter(|point| point.best.is_none())
        // Saying that one does not know is worth noticing, and worth suggesting only where the question does.
        .filter(|point| point.id != GENERAL_POINTS[HONESTY].id || asked_for(point.id))
        .take(PARAMETERS.max_to_consider)
        .map(|point| PointToConsider {
            id: point.id.to_owned(),
            label: point.label.to_owned(),
            hint: point.hint.to_owned(),
        })
        .collect()
}

fn question_points<'a>(
    question: &'a Question,
    texts: &QuestionTexts,
    sentences: &Sentences<'_>,
    topic: Option<f32>,
) -> Vec<PointCandidate<'a>> {
    let profiles = QuestionPoints::new(question);
    let bar = match question.kind {
        QuestionKind::Technical => PARAMETERS.technical_bar,
        QuestionKind::Background | QuestionKind::Behavioral => PARAMETERS.bar,
    };
    let mut points: Vec<PointCandidate<'a>> = question
        .talking_points
        .iter()
        .map(|point| PointCandidate::new(&point.id, &point.label, &point.hint))
        .collect();
    let encoded = sentences.encodings().iter().zip(sentences.probabilities());
    for (index, (sentence, (encoding, general))) in sentences.list.iter().zip(encoded).enumerate() {
        let probabilities = profiles.probabilities(sentence, encoding, general[HONESTY], texts);
        for (at, (point, probability)) in points.iter_mut().zip(probabilities).enumerate() {
            point.offer(index, doubted(probability, topic), bar);
            point.traces.cue |= profiles.holds_cue(at, sentence);
            point.traces.nearness = point.traces.nearness.max(texts.nearness_to_point(at, encoding));
        }
    }
    points
}

/// A probability, and the doubt whether this is an answer at all.
fn doubted(probability: f32, topic: Option<f32>) -> f32 {
    sigmoid(logit(probability) + topic::PARAMETERS.doubt * topic.unwrap_or(0.0).min(0.0))
}

/// Adds the general points to the question's own; where the question has one under the same id, either way of finding it
/// counts. To a technical question only honesty is added.
fn add_general_points(
    points: &mut Vec<PointCandidate<'_>>,
    question: Option<&Question>,
    sentences: &Sentences<'_>,
    topic: Option<f32>,
) {
    let kind = question.map(|question| question.kind);
    let mut wanted: Vec<usize> = (0..POINT_COUNT)
        .filter(|index| {
            kind != Some(QuestionKind::Technical)
                || *index == HONESTY
                || points.iter().any(|point| point.id == GENERAL_POINTS[*index].id)
        })
        .collect();
    let order = match kind {
        Some(QuestionKind::Behavioral) => &PARAMETERS.order.behavioral,
        Some(QuestionKind::Background | QuestionKind::Technical) | None => &PARAMETERS.order.background,
    };
    wanted.sort_by_key(|index| order.iter().position(|id| *id == GENERAL_POINTS[*index].id));
    for index in wanted {
        let GeneralPoint { id, label, hint, .. } = &GENERAL_POINTS[index];
        let at = points.iter().position(|point| point.id == id).unwrap_or_else(|| {
            points.push(PointCandidate::new(id, label, hint));
            points.len() - 1
        });
        let bar = bar(index, kind);
        for (sentence, probabilities) in sentences.probabilities().iter().enumerate() {
            points[at].offer(sentence, doubted(probabilities[index], topic), bar);
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
            traces: Traces::default(),
        }
    }

    /// Of sentences that show it equally well the first counts.
    fn offer(&mut self, sentence: usize, probability: f32, bar: f32) {
        let offered = BestSentence {
            sentence,
            probability,
            bar,
        };
        if self.best.is_none_or(|best| offered.margin() > best.margin()) {
            self.best = Some(offered);
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
