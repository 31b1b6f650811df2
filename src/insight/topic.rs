//! Whether an answer is about the question at all. An answer to something else makes none of its points, however alike
//! single sentences are ("and it worked").

use std::sync::LazyLock;

use serde::Deserialize;

use crate::{
    insight::{
        Answer,
        assets::toml_asset,
        encoder::{self, Encoding},
        general_points::{HONESTY, sigmoid},
        sentences::Sentences,
    },
    question::Question,
};

/// The file says what each number is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TopicParameters {
    min_words: usize,
    bar: f32,
    bias: f32,
    weights: [f32; MEASURES],
}

pub(super) static PARAMETERS: LazyLock<TopicParameters> = toml_asset!("insight/topic.toml");

const MEASURES: usize = 5;

/// What belongs to a question, encoded.
#[derive(Debug)]
pub(super) struct QuestionTexts {
    prompt: Encoding,
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
        let mut texts = vec![question.prompt.as_str()];
        for (point, label) in question.talking_points.iter().zip(&labels) {
            texts.push(label);
            texts.extend(point.says.iter().map(String::as_str));
        }
        let mut encodings = encoder::encode(&texts, usize::MAX).into_iter();
        let prompt = encodings.next().expect("the prompt is the first of the texts");
        let points = question.talking_points.iter();
        let points = points.map(|point| encodings.by_ref().take(1 + point.says.len()).collect());
        Self {
            prompt,
            points: points.collect(),
        }
    }

    /// How near a sentence comes to a point in meaning: to the nearest of its texts.
    pub fn nearness_to_point(&self, point: usize, sentence: &Encoding) -> f32 {
        let near = self.points[point].iter().map(|text| text.similarity(sentence));
        near.fold(0.0, f32::max)
    }
}

/// That an answer is about its question; 1 where there is too little of it to tell.
pub(super) fn probability(answer: Answer<'_>, sentences: &Sentences<'_>, texts: &QuestionTexts) -> f32 {
    if answer.transcript.words.len() < PARAMETERS.min_words {
        return 1.0;
    }
    let measures = measures(sentences, texts);
    let sum: f32 = measures
        .iter()
        .zip(&PARAMETERS.weights)
        .map(|(one, other)| one * other)
        .sum();
    sigmoid(PARAMETERS.bias + sum)
}

/// Whether an answer with this probability counts as one about something else.
pub(super) fn is_off_topic(probability: f32) -> bool {
    probability < PARAMETERS.bar
}

/// How near the nearest sentence is to the prompt, the mean of the three nearest, and the mean of all; how near the whole
/// answer is; and the highest log odds of a general point but honesty.
pub(super) fn measures(sentences: &Sentences<'_>, texts: &QuestionTexts) -> [f32; MEASURES] {
    let encodings = sentences.encodings();
    if encodings.is_empty() {
        return [0.0; MEASURES];
    }
    let near = encodings.iter().map(|sentence| sentence.similarity(&texts.prompt));
    let mut near: Vec<f32> = near.collect();
    near.sort_unstable_by(|one, other| other.total_cmp(one));
    let mean = |numbers: &[f32]| numbers.iter().sum::<f32>() / numbers.len() as f32;
    let points = encodings.iter().flat_map(|sentence| &sentence.log_odds[..HONESTY]);
    [
        near[0],
        mean(&near[..near.len().min(3)]),
        mean(&near),
        Encoding::mean(encodings).similarity(&texts.prompt),
        points.copied().fold(-8.0, f32::max).min(4.0),
    ]
}
