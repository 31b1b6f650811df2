//! Fillers that the decoder wrote twice and the speaker said once.
//!
//! Where it stumbles over a long filler it writes it a second time. The second stays only if the voice begins anew.

use super::RecognizedWord;
use crate::{
    span::Span,
    transcript::vocal_filler,
    vad::{FRAME_SECONDS, Frame},
};

/// The words of a segment with these frames, without second fillers that no voice speaks. Spans are seconds from its start.
pub(super) fn without_false_doubles(words: Vec<RecognizedWord>, frames: &[Frame]) -> Vec<RecognizedWord> {
    let voiced = Voiced::of(frames);
    let mut spoken: Vec<RecognizedWord> = Vec::with_capacity(words.len());
    for word in words {
        if !is_one_filler_twice(spoken.last(), &word, frames, &voiced) {
            spoken.push(word);
        }
    }
    spoken
}

/// Whether a filler is written twice where the voice begins only once.
fn is_one_filler_twice(
    before: Option<&RecognizedWord>,
    word: &RecognizedWord,
    frames: &[Frame],
    voiced: &Voiced,
) -> bool {
    const LEAST_SECONDS: f64 = 0.12;
    /// From where it has sunk to up to where it begins anew, in decibels.
    const RISE: f32 = 8.0;
    let Some((before, (from, to))) = before.zip(before.and_then(|word| word.span).zip(word.span)) else {
        return false;
    };
    let same = vocal_filler(&before.text).is_some_and(|filler| Some(filler) == vocal_filler(&word.text));
    same && (voiced.seconds(to) < LEAST_SECONDS || rise(frames, from, to.end) < RISE)
}

/// How far the loudness rises again between its peak in a span and a later moment.
fn rise(frames: &[Frame], span: Span, end: f64) -> f32 {
    let index = |at: f64| ((at / FRAME_SECONDS).round() as usize).min(frames.len());
    // The first, where several are as loud.
    let peak = (index(span.start)..index(span.end))
        .rev()
        .max_by(|a, b| frames[*a].loudness.total_cmp(&frames[*b].loudness));
    let mut lowest = f32::INFINITY;
    let mut rise = 0.0_f32;
    for frame in frames.get(peak.unwrap_or_default()..index(end)).unwrap_or_default() {
        lowest = lowest.min(frame.loudness);
        rise = rise.max(frame.loudness - lowest);
    }
    rise
}

/// How much voice lies before each frame.
struct Voiced(Vec<f64>);

impl Voiced {
    fn of(frames: &[Frame]) -> Self {
        /// Below the loudest tenth of the segment, in decibels: softer is the end of a word, or a breath.
        const SOFT: f32 = 18.0;
        const VOICE: f32 = 0.35;
        let mut levels: Vec<f32> = frames.iter().map(|frame| frame.loudness).collect();
        levels.sort_by(f32::total_cmp);
        let soft = levels.get(levels.len() * 9 / 10).copied().unwrap_or(0.0) - SOFT;
        let mut before = Vec::with_capacity(frames.len() + 1);
        before.push(0.0);
        let mut seconds = 0.0;
        for frame in frames {
            if frame.voice >= VOICE && frame.loudness > soft {
                seconds += FRAME_SECONDS;
            }
            before.push(seconds);
        }
        Self(before)
    }

    fn seconds(&self, place: Span) -> f64 {
        let at = |seconds: f64| self.0[((seconds / FRAME_SECONDS).round() as usize).min(self.0.len() - 1)];
        (at(place.end) - at(place.start)).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filler_written_twice_is_two_only_where_the_voice_begins_twice() {
        const LOUD: Frame = Frame {
            loudness: -20.0,
            voice: 0.9,
        };
        let said = |second: Span, frames: &[Frame]| {
            let words = [
                ("all.", Span::new(0.0, 0.4)),
                ("um,", Span::new(0.4, 0.9)),
                ("um.", second),
            ];
            let words = words.map(|(text, span)| RecognizedWord {
                text: text.to_owned(),
                span: Some(span),
                ..RecognizedWord::default()
            });
            let texts: Vec<String> = without_false_doubles(words.to_vec(), frames)
                .into_iter()
                .map(|word| word.text)
                .collect();
            texts.join(" ")
        };
        let mut anew = [LOUD; 100];
        for frame in &mut anew[50..54] {
            frame.loudness = -32.0;
        }
        let to_the_end = Span::new(0.9, 1.3);
        assert_eq!(said(to_the_end, &anew), "all. um, um.");
        assert_eq!(said(to_the_end, &[LOUD; 100]), "all. um,", "a long one");
        assert_eq!(said(Span::new(0.9, 1.0), &anew), "all. um,", "too short for one");
    }
}
