//! What people really say and Whisper tidies away: fillers and doubled words that it heard and left out, and those that
//! it took for other words.
//!
//! [`rescore`] reads from the decoder's own scores what might have stood there instead; [`restore`] and
//! [`misrecognized`] decide, by the scores and the sound, what is written again.

pub(super) mod misrecognized;
pub(super) mod rescore;
pub(super) mod restore;

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

use crate::assets::{WordSet, toml_asset};

/// Word lists and limits; `assets/disfluency.toml` says what each is.
static PARAMETERS: LazyLock<Parameters> = toml_asset!("disfluency.toml");

/// Whether a token of a vocabulary is one of the fillers whose scores are read.
pub(super) fn is_filler_token(text: &str) -> bool {
    PARAMETERS.rescore.tokens.contains(&text.to_lowercase()) && text.chars().filter(|c| c.is_uppercase()).count() < 2
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {
    restore: RestoreLimits,
    rescore: RescoreLimits,
    misrecognized: MisrecognizedLimits,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RestoreLimits {
    filler_certain: f32,
    filler_sure: f32,
    hardly_heard: f32,
    filler_with_room: f32,
    room_for_a_filler: f64,
    again_sure: f32,
    clear: f32,
    again_instead: f32,
    first_instead: f32,
    taken_for_the: WordSet,
    stumbled_over: WordSet,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RescoreLimits {
    tokens: WordSet,
    again: f32,
    again_instead: f32,
    first_instead: f32,
    filler: f32,
    instead: f32,
    free_continuation: f32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MisrecognizedLimits {
    less_than_half_sure: f32,
    held_seconds: f64,
    held: f32,
    mumbled: WordSet,
    instead: f32,
    free_continuation: f32,
    doubtful: [f32; 2],
    clear_around: f32,
    most_room: f64,
    filler_seconds: f64,
    sounds_like_a_filler: HashMap<String, f32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_asset_parses() {
        LazyLock::force(&PARAMETERS);
    }
}
