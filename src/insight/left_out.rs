//! What an answer left out. A point without a tick may still have been made in words that no sentence's probability shows:
//! that it was left out is said only where nothing in the answer recalls it.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::{
    insight::{
        CoveredPoint, QuestionPart, assets::toml_asset, question_points, sentences::Sentences,
        talking_points::OpenPoint,
    },
    question::{Question, TalkingPoint},
};

/// The file says what each number is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LeftOutParameters {
    probability: f32,
    recalled: f32,
    recalled_by_cue: f32,
    words_said: f32,
}

pub(super) static PARAMETERS: LazyLock<LeftOutParameters> = toml_asset!("insight/left_out.toml");

/// Whether no sentence makes the point or recalls it: a cue counts where a sentence also comes near in meaning.
pub(super) fn is_left_out(point: &OpenPoint) -> bool {
    let near = if point.traces.cue {
        PARAMETERS.recalled_by_cue
    } else {
        PARAMETERS.recalled
    };
    point.probability <= PARAMETERS.probability && point.traces.nearness <= near
}

/// Whether one sentence holds most of the content words of a text beyond those of the question.
pub(super) fn is_said(text: &str, question: &str, sentences: &Sentences<'_>) -> bool {
    let wanted = question_points::telling_words(text, question);
    let mut list = sentences.list.iter();
    wanted.len() > 1 && list.any(|one| question_points::share_said(&wanted, one) >= PARAMETERS.words_said)
}

/// The things that the question asks, each with whether it was answered: where one of the points that answer it was made.
/// Not where all of them were left out, and the words of the part too.
pub(super) fn parts(
    question: &Question,
    covered: &[CoveredPoint],
    open: &[OpenPoint],
    sentences: &Sentences<'_>,
) -> Vec<QuestionPart> {
    let made = |point: &&TalkingPoint| covered.iter().any(|covered| covered.id == point.id);
    let left_out = |point: &TalkingPoint| open.iter().any(|open| open.id == point.id && is_left_out(open));
    (1..)
        .zip(&question.parts)
        .map(|(number, text)| QuestionPart {
            text: text.clone(),
            answered: if points_of(question, number).any(|point| made(&point)) {
                Some(true)
            } else {
                let unsaid = may_be_open(question, number, open, sentences);
                (unsaid && points_of(question, number).all(left_out)).then_some(false)
            },
        })
        .collect()
}

/// Whether the part with this number seems not to be answered: enough to ask, too little to say so.
pub(super) fn may_be_open(question: &Question, number: usize, open: &[OpenPoint], sentences: &Sentences<'_>) -> bool {
    let unmade = |point: &TalkingPoint| {
        let mut open = open.iter();
        open.any(|open| open.id == point.id && open.probability <= PARAMETERS.probability)
    };
    let text = number.checked_sub(1).and_then(|index| question.parts.get(index));
    points_of(question, number).next().is_some()
        && points_of(question, number).all(unmade)
        && text.is_some_and(|text| !is_recalled(text, sentences))
}

/// The points that answer a part.
fn points_of(question: &Question, number: usize) -> impl Iterator<Item = &TalkingPoint> {
    let points = question.talking_points.iter();
    points.filter(move |point| point.part == Some(number))
}

/// Whether a sentence has the words of a part in it. One that has none of its own can always have been recalled.
fn is_recalled(part: &str, sentences: &Sentences<'_>) -> bool {
    let wanted = question_points::telling_words(part, "");
    let mut list = sentences.list.iter();
    wanted.is_empty() || list.any(|one| question_points::share_said(&wanted, one) >= PARAMETERS.words_said)
}
