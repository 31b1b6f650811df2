//! Pauses: silences between two words. A pause inside a clause is a search for a word; one at its end is breathing.
//!
//! How long a silence must be, and who says so, stands in `assets/insight/pauses.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::{
    insight::{
        Pause,
        assets::{WordSet, toml_asset},
    },
    span::Span,
    transcript::{Transcript, Word},
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PauseThresholds {
    shortest_seconds: f64,
    long_seconds: f64,
    told_at_an_end_seconds: f64,
    clause_openers: WordSet,
}

pub(super) static THRESHOLDS: LazyLock<PauseThresholds> = toml_asset!("insight/pauses.toml");

/// Times are kept to the millisecond.
const HALF_A_MILLISECOND: f64 = 0.000_5;

/// A pause that is marked as long, in seconds.
pub fn long_seconds() -> f64 {
    THRESHOLDS.long_seconds
}

/// The silence before the first word of a take, and that after its last: seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SilentEnds {
    pub before: f64,
    pub after: f64,
}

impl SilentEnds {
    /// Of a take of so many seconds. Nothing where no word has a time.
    pub fn of(transcript: &Transcript, seconds: f64) -> Option<Self> {
        let first = transcript.words.iter().find_map(|word| word.span)?;
        let last = transcript.words.iter().rev().find_map(|word| word.span)?;
        Some(Self {
            before: first.start.clamp(0.0, seconds.max(0.0)),
            after: (seconds - last.end).max(0.0),
        })
    }

    /// That before the first word, where it is long enough for a sentence.
    pub fn told_before(self) -> Option<f64> {
        Some(self.before).filter(|seconds| *seconds + HALF_A_MILLISECOND >= THRESHOLDS.told_at_an_end_seconds)
    }

    /// That after the last word, likewise.
    pub fn told_after(self) -> Option<f64> {
        Some(self.after).filter(|seconds| *seconds + HALF_A_MILLISECOND >= THRESHOLDS.told_at_an_end_seconds)
    }
}

/// Every pause of a spoken answer, in order.
pub(super) fn pauses(transcript: &Transcript) -> Vec<Pause> {
    let spoken: Vec<(usize, &Word, Span)> = transcript
        .words
        .iter()
        .enumerate()
        .filter_map(|(at, word)| word.span.map(|span| (at, word, span)))
        .collect();
    let neighbours = spoken.windows(2).filter_map(|pair| {
        let ((at, before, first), (_, after, second)) = (pair[0], pair[1]);
        let silence = second.start - first.end;
        (silence + HALF_A_MILLISECOND >= THRESHOLDS.shortest_seconds).then(|| Pause {
            span: Span::new(first.end, second.start),
            after_word: at,
            inside_clause: !before.ends_clause() && !THRESHOLDS.clause_openers.contains(&after.bare()),
        })
    });
    neighbours.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(words: &[(&str, f64, f64)], expected: &[(usize, bool)]) {
        let words = words
            .iter()
            .map(|(text, start, end)| Word::spoken(*text, Span::new(*start, *end), 1.0));
        let found: Vec<(usize, bool)> = pauses(&Transcript { words: words.collect() })
            .iter()
            .map(|pause| (pause.after_word, pause.inside_clause))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_quarter_of_a_second_between_words_is_a_pause() {
        check(
            &[("We", 0.0, 0.2), ("had", 0.45, 0.6), ("it.", 0.84, 1.0)],
            &[(0, true)],
        );
    }

    #[test]
    fn a_pause_at_a_comma_or_before_and_is_at_the_end_of_a_clause() {
        check(
            &[
                ("Yes,", 0.0, 0.2),
                ("we", 1.0, 1.2),
                ("did", 1.2, 1.4),
                ("and", 3.4, 3.6),
            ],
            &[(0, false), (2, false)],
        );
    }

    #[test]
    fn silence_before_the_first_word_and_after_the_last_is_told_from_three_seconds_on() {
        let words = |start: f64, end: f64| Transcript {
            words: vec![
                Word::spoken("We", Span::new(start, start + 0.2), 1.0),
                Word::spoken("had", Span::new(end - 0.2, end), 1.0),
            ],
        };
        for (start, end, seconds, told) in [
            (14.5, 20.0, 32.0, (Some(14.5), Some(12.0))),
            (3.0, 20.0, 23.0, (Some(3.0), Some(3.0))),
            (2.9, 20.0, 22.9, (None, None)),
            // The last word is longer than the take.
            (0.0, 20.0, 19.0, (None, None)),
        ] {
            let ends = SilentEnds::of(&words(start, end), seconds).unwrap();
            assert_eq!(
                (ends.told_before(), ends.told_after()),
                told,
                "{start} to {end} of {seconds}"
            );
        }
        assert_eq!(SilentEnds::of(&Transcript::typed("one two"), 9.0), None);
        assert_eq!(SilentEnds::of(&Transcript::default(), 9.0), None);
    }

    #[test]
    fn typed_and_overlapping_words_have_none() {
        assert!(pauses(&Transcript::typed("one two")).is_empty());
        check(&[("We", 0.0, 1.0), ("had", 0.5, 1.2)], &[]);
    }
}
