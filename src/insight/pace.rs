//! Pace: words per minute over the whole answer and along it. Vocal fillers are no words here.
//!
//! The band that is shown beside it, and the windows, are explained in `assets/insight/pace.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::{
    insight::{Pace, PaceWindow, assets::toml_asset},
    span::Span,
    transcript::Transcript,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PaceThresholds {
    usual_band: (f64, f64),
    window_seconds: f64,
    min_seconds: f64,
    min_words: usize,
}

pub(super) static THRESHOLDS: LazyLock<PaceThresholds> = toml_asset!("insight/pace.toml");

/// Those of a day. Times that a damaged file claims must not fill the memory with windows.
const MAX_WINDOWS: f64 = 8640.0;

/// The band that is shown beside a pace, in words per minute.
pub fn usual_band() -> (f64, f64) {
    THRESHOLDS.usual_band
}

/// The pace of a spoken answer; nothing for a typed one, or where too little was said.
pub(super) fn pace(transcript: &Transcript) -> Option<Pace> {
    let spoken = transcript
        .words
        .iter()
        .zip(transcript.vocal_fillers())
        .filter(|(word, filler)| filler.is_none() && !word.bare().is_empty());
    let spans: Vec<Span> = spoken.filter_map(|(word, _)| word.span).collect();
    let all = spans.iter().copied().reduce(Span::join)?;
    if spans.len() < THRESHOLDS.min_words || all.seconds() < THRESHOLDS.min_seconds {
        return None;
    }
    Some(Pace {
        words_per_minute: per_minute(spans.len(), all.seconds()),
        windows: windows(all, &spans),
    })
}

/// Windows from the first word to the last; a short rest is shared out, so that all are equally long.
fn windows(all: Span, spans: &[Span]) -> Vec<PaceWindow> {
    let count = (all.seconds() / THRESHOLDS.window_seconds)
        .round()
        .clamp(1.0, MAX_WINDOWS);
    let length = all.seconds() / count;
    let last = count as usize - 1;
    let start_of = |index: usize| length.mul_add(index as f64, all.start);
    let mut words = vec![0; last + 1];
    for span in spans {
        let middle = span.middle();
        // The division may be off by one at an edge; the edges themselves decide.
        let near = (((middle - all.start) / length) as usize).min(last);
        let first = near.saturating_sub(1);
        for (index, words) in (first..).zip(&mut words[first..=(near + 1).min(last)]) {
            let start = start_of(index);
            *words += usize::from(middle >= start && (index == last || middle < start + length));
        }
    }
    words
        .into_iter()
        .enumerate()
        .map(|(index, words)| PaceWindow {
            span: Span::new(start_of(index), start_of(index) + length),
            words_per_minute: per_minute(words, length),
        })
        .collect()
}

/// To a tenth of a word.
fn per_minute(words: usize, seconds: f64) -> f64 {
    (words as f64 / seconds * 600.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::Word;

    fn speech(words: impl Iterator<Item = (&'static str, f64)>) -> Transcript {
        let words = words.map(|(text, start)| Word::spoken(text, Span::new(start, start + 0.3), 1.0));
        Transcript { words: words.collect() }
    }

    #[test]
    fn windows_cover_the_answer_and_leave_fillers_out() {
        let fast = (0..30).map(|index| ("word", f64::from(index) / 3.0));
        let slow = (0..10).map(|index| ("word", 10.0 + f64::from(index)));
        let fillers = (0..10).map(|index| ("um", 10.4 + f64::from(index)));
        let pace = pace(&speech(fast.chain(slow).chain(fillers))).unwrap();
        assert_eq!(pace.windows.len(), 2);
        assert!((pace.words_per_minute - 124.4).abs() < 1.0, "{pace:?}");
        assert!(
            pace.windows[0].words_per_minute > 160.0 && pace.windows[1].words_per_minute < 75.0,
            "{pace:?}"
        );
        assert_eq!(pace.windows[1].span.end, 19.3);
    }

    #[test]
    fn a_typed_or_tiny_answer_has_none() {
        assert_eq!(pace(&Transcript::typed("We had a plan and it worked out well")), None);
        assert_eq!(pace(&speech([("Yes.", 0.0)].into_iter())), None);
    }
}
