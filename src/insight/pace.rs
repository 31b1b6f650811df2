//! Pace: words a minute over the whole answer and along it.
//!
//! Vocal fillers are no words here. The band that is shown, 110 to 170 words a minute, is a union of those in use, which
//! differ (Microsoft Speaker Coach 100–165, Read AI 130–175); no source makes any of them right, so it is only shown.
//! Windows are about ten seconds: at 140 words a minute that is 23 words, enough that one long word does not move it much.

use crate::{
    insight::{Pace, PaceWindow},
    span::Span,
    transcript::{Transcript, WordKind},
};

/// The band that is shown beside a pace, in words a minute.
pub const USUAL_BAND: (f64, f64) = (110.0, 170.0);

const WINDOW_SECONDS: f64 = 10.0;
/// Those of a day. Times that a damaged file claims must not fill the memory with windows.
const MAX_WINDOWS: f64 = 8640.0;
/// Too little speech to speak of a pace.
const MIN_SECONDS: f64 = 2.0;
const MIN_WORDS: usize = 5;

/// The pace of a spoken answer; nothing for a typed one, or where too little was said.
pub(super) fn pace(transcript: &Transcript) -> Option<Pace> {
    let spoken = transcript
        .words
        .iter()
        .filter(|word| word.kind == WordKind::Word && !word.bare().is_empty());
    let spans: Vec<Span> = spoken.filter_map(|word| word.span).collect();
    let all = spans.iter().copied().reduce(Span::join)?;
    if spans.len() < MIN_WORDS || all.seconds() < MIN_SECONDS {
        return None;
    }
    Some(Pace {
        words_per_minute: per_minute(spans.len(), all.seconds()),
        windows: windows(all, &spans),
    })
}

/// Windows from the first word to the last; a short rest is shared out, so that all are equally long.
fn windows(all: Span, spans: &[Span]) -> Vec<PaceWindow> {
    let count = (all.seconds() / WINDOW_SECONDS).round().clamp(1.0, MAX_WINDOWS);
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
