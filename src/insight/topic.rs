//! Whether an answer is one at all: told from everyday talk by all its sentences together. Talk about something else makes no
//! points, however alike single sentences are ("and it worked").

use std::sync::LazyLock;

use serde::Deserialize;

use crate::{
    insight::{
        assets::toml_asset,
        encoder::{self, Encoding, TextInContext},
        general_points::sigmoid,
        sentences::Sentences,
    },
    question::{Question, QuestionKind},
};

/// The file says what each number is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TopicParameters {
    min_words: usize,
    min_words_to_tell: usize,
    bar: f32,
    limit: f32,
    pub doubt: f32,
    everyday_below: f32,
    log_odds: TopicWeights,
}

/// Log odds: each measure times its weight, and the sum.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TopicWeights {
    bias: f32,
    mean: f32,
    most: f32,
}

pub(super) static PARAMETERS: LazyLock<TopicParameters> = toml_asset!("insight/topic.toml");

/// What belongs to a question, encoded.
#[derive(Debug)]
pub(super) struct QuestionTexts {
    /// For each point: its label and hint, then its examples.
    points: Vec<Vec<Encoding>>,
}

impl QuestionTexts {
    pub fn new(question: &Question) -> Self {
        let labels: Vec<String> = question
            .talking_points
            .iter()
            .map(|point| format!("{}. {}", point.label, point.hint))
            .collect();
        let mut texts = Vec::new();
        for (point, label) in question.talking_points.iter().zip(&labels) {
            texts.push(TextInContext::alone(label));
            texts.extend(point.says.iter().map(|text| TextInContext::alone(text)));
        }
        let mut encodings = encoder::encode(&texts, usize::MAX).into_iter();
        let points = question.talking_points.iter();
        let points = points.map(|point| encodings.by_ref().take(1 + point.says.len()).collect());
        Self {
            points: points.collect(),
        }
    }

    /// How near a sentence comes to a point in meaning: to the nearest of its texts.
    pub fn nearness_to_point(&self, point: usize, sentence: &Encoding) -> f32 {
        let near = self.points[point].iter().map(|text| text.similarity(sentence));
        near.fold(0.0, f32::max)
    }
}

/// The log odds that an answer is one in an interview; nothing where there is too little of it, and for technical questions:
/// facts are told alike everywhere.
pub(super) fn log_odds(question: Option<&Question>, sentences: &Sentences<'_>) -> Option<f32> {
    let technical = question.is_some_and(|question| question.kind == QuestionKind::Technical);
    let known = !technical && words(sentences) >= PARAMETERS.min_words;
    known.then(|| combined(sentences.encodings()))
}

fn words(sentences: &Sentences<'_>) -> usize {
    sentences.list.iter().map(|sentence| sentence.words.len()).sum()
}

/// From what each sentence tells.
fn combined(sentences: &[Encoding]) -> f32 {
    let TopicParameters { limit, log_odds, .. } = &*PARAMETERS;
    let told = sentences
        .iter()
        .map(|sentence| sentence.interview.clamp(-limit, *limit));
    let most = told.clone().fold(-limit, f32::max);
    let mean = told.sum::<f32>() / sentences.len().max(1) as f32;
    log_odds.bias + log_odds.mean * mean + log_odds.most * most
}

/// Whether a sentence, seen alone, is everyday talk.
pub(super) fn is_everyday(sentence: &Encoding) -> bool {
    sentence.interview < PARAMETERS.everyday_below
}

/// Whether an answer with these log odds counts as one about something else.
pub(super) fn is_off_topic(log_odds: f32, sentences: &Sentences<'_>) -> bool {
    sigmoid(log_odds) < PARAMETERS.bar && words(sentences) >= PARAMETERS.min_words_to_tell
}
