//! The nine general talking points, as the sentence encoder hears them.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::{insight::talking_points, question::QuestionKind};

pub(super) const POINT_COUNT: usize = 9;

// Places in `GENERAL_POINTS`.
pub(super) const EXPERIENCE: usize = 0;
pub(super) const LESSONS: usize = 4;
pub(super) const CHALLENGE: usize = 5;
pub(super) const RESULT: usize = 6;
pub(super) const HONESTY: usize = 8;

/// A point as `CLI.md` and every question file name it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GeneralPoint {
    pub id: String,
    pub label: String,
    pub hint: String,
    /// What the encoder's log odds are divided by, and what is added then, so that of the sentences with a probability of
    /// 0.8 four in five make the point (Platt 1999).
    pub temperature: f32,
    pub shift: f32,
}

/// In the order of the encoder's outputs.
pub(super) static GENERAL_POINTS: LazyLock<&[GeneralPoint; POINT_COUNT]> =
    LazyLock::new(|| &talking_points::PARAMETERS.general);

/// That a sentence makes each of the nine.
pub(super) type PointProbabilities = [f32; POINT_COUNT];

/// From the encoder's log odds.
pub(super) fn probabilities(log_odds: &[f32; POINT_COUNT]) -> PointProbabilities {
    std::array::from_fn(|point| {
        let GeneralPoint { temperature, shift, .. } = &GENERAL_POINTS[point];
        sigmoid(log_odds[point] / temperature + shift)
    })
}

/// The probability that is enough for a tick in the answer to a question of this kind.
pub(super) fn bar(point: usize, kind: Option<QuestionKind>) -> f32 {
    match kind {
        Some(QuestionKind::Technical) if point == HONESTY => talking_points::PARAMETERS.technical_honesty_bar,
        _ => talking_points::PARAMETERS.bar,
    }
}

/// A probability from log odds.
pub(super) fn sigmoid(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// Log odds from a probability.
pub(super) fn logit(probability: f32) -> f32 {
    let probability = probability.clamp(1e-6, 1.0 - 1e-6);
    (probability / (1.0 - probability)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_points_have_the_places_that_are_named() {
        for (place, id) in [
            (EXPERIENCE, "experience"),
            (LESSONS, "lessons"),
            (CHALLENGE, "challenge"),
            (RESULT, "result"),
            (HONESTY, "honesty"),
        ] {
            assert_eq!(GENERAL_POINTS[place].id, id);
        }
    }
}
