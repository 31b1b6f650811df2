//! The final decode of a segment: decode, check what came out, decode once more where it cannot be right,
//! and set the words' times by the sound.

use super::{
    ContextPadding, DecodeResult, RecognizedWord, Recognizer, RecognizerError, Window, doubles::without_false_doubles,
};
use crate::{
    span::Span,
    transcript::{bare, vocal_filler},
    vad::{FRAME_SECONDS, Frame},
};

/// Least likelihood of a voice in a frame that a word may lie in.
const VOICED: f32 = 0.3;
/// A voice that no word covers for this long means that words were left out.
const UNCOVERED_SECONDS: f64 = 1.6;
/// A silence this long lies between words, never inside one (the closure of a "t" or "k" is half as long).
const SILENCE_SECONDS: f64 = 0.14;

/// Hears a segment whose frames are `frames`. The words' spans are seconds from the start of the segment.
///
/// The recognizer is asked twice at most, so that a hard segment costs no more than two ordinary ones.
pub fn decode(
    recognizer: &mut dyn Recognizer,
    window: &Window<'_>,
    frames: &[Frame],
) -> Result<Vec<RecognizedWord>, RecognizerError> {
    let first = recognizer.decode_final(window)?;
    if first.doubt.discredits(&first.words) {
        return Ok(Vec::new());
    }
    let has_uncovered = uncovered(&first.words, frames) >= UNCOVERED_SECONDS;
    let again = repeated_phrase(&first.words);
    let looped = first.failed || again.is_some() || is_too_fast(&first.words);
    if !has_uncovered && !looped {
        return Ok(timed(first.words, frames));
    }
    // Without a prompt the decoder is less eager to skip, or to go round a filler; with ample room it keeps its place.
    let round_a_filler = again.is_some_and(|phrase| phrase.iter().any(|word| vocal_filler(&word.text).is_some()));
    let again = if has_uncovered || round_a_filler {
        Window {
            fillers: false,
            glossary: &[],
            ..*window
        }
    } else {
        *window
    };
    let second = recognizer.decode_final(&Window {
        padding: ContextPadding::Ample,
        ..again
    })?;
    // What people really say twice is there again; what the decoder made up is not.
    let chosen = if looped && !second.failed && !is_too_fast(&second.words) {
        second
    } else {
        better_of(first, second, frames)
    };
    if chosen.doubt.discredits(&chosen.words) {
        return Ok(Vec::new());
    }
    Ok(timed(chosen.words, frames))
}

/// Hears a stretch of several segments as a whole, once, of which `first` are the words so far. Gives what it hears where
/// that is the better text.
pub fn second_opinion(
    recognizer: &mut dyn Recognizer,
    window: &Window<'_>,
    frames: &[Frame],
    first: &[RecognizedWord],
) -> Result<Option<Vec<RecognizedWord>>, RecognizerError> {
    let heard = recognizer.decode_final(&Window {
        padding: ContextPadding::Full,
        ..*window
    })?;
    // What was said twice running was heard twice before.
    let looped = repeated_phrase(&heard.words).is_some_and(|phrase| !is_said_twice(first, phrase));
    let is_wrong = heard.failed
        || looped
        || is_too_fast(&heard.words)
        || heard.doubt.discredits(&heard.words)
        || uncovered(&heard.words, frames) >= UNCOVERED_SECONDS.max(uncovered(first, frames));
    let is_better = !is_wrong && belief(&heard.words) > belief(first);
    Ok(is_better.then(|| timed(heard.words, frames)))
}

/// How far the decoder believes these words: the mean logarithm of their confidence, 0 at most.
pub(super) fn belief(words: &[RecognizedWord]) -> f32 {
    let logs = words.iter().map(|word| word.confidence.max(1e-4).ln());
    logs.sum::<f32>() / words.len().max(1) as f32
}

/// Whether this phrase comes twice running among the words.
fn is_said_twice(words: &[RecognizedWord], phrase: &[RecognizedWord]) -> bool {
    let twice: Vec<String> = [phrase, phrase].concat().iter().map(|word| bare(&word.text)).collect();
    let words: Vec<String> = words.iter().map(|word| bare(&word.text)).collect();
    words.windows(twice.len()).any(|run| run == twice)
}

fn timed(words: Vec<RecognizedWord>, frames: &[Frame]) -> Vec<RecognizedWord> {
    without_false_doubles(aligned_to_sound(words, frames), frames)
}

/// A phrase of two words or more that comes twice running, or a word that comes three times.
fn repeated_phrase(words: &[RecognizedWord]) -> Option<&[RecognizedWord]> {
    let bare: Vec<String> = words.iter().map(|word| bare(&word.text)).collect();
    (1..=bare.len() / 2).find_map(|length| {
        let times = if length == 1 { 3 } else { 2 };
        bare.windows(length * times)
            .position(|run| run.chunks(length).all(|phrase| phrase == &run[..length]))
            .map(|at| &words[at..at + length])
    })
}

/// Whether words stand closer together than anyone can speak. A decoder that is through with the sound and goes on
/// writes them, often what it has written before, and the alignment finds no place for them.
fn is_too_fast(words: &[RecognizedWord]) -> bool {
    const WORDS: usize = 5;
    /// At 400 words per minute, which is very fast, a word takes three times that.
    const SECONDS_PER_WORD: f64 = 0.05;
    let spans: Vec<Span> = words.iter().filter_map(|word| word.span).collect();
    spans
        .windows(WORDS)
        .any(|run| run[WORDS - 1].end - run[0].start < SECONDS_PER_WORD * WORDS as f64)
}

fn better_of(first: DecodeResult, second: DecodeResult, frames: &[Frame]) -> DecodeResult {
    match (first.failed, second.failed) {
        (true, false) => second,
        (false, true) => first,
        _ if uncovered(&second.words, frames) + 0.3 < uncovered(&first.words, frames) => second,
        _ => first,
    }
}

/// The longest run of voiced frames, in seconds, that no word claims. Words claim what lies up to 0.4 s around them.
fn uncovered(words: &[RecognizedWord], frames: &[Frame]) -> f64 {
    const AROUND: f64 = 0.4;
    let mut longest = 0;
    let mut run = 0;
    for (index, frame) in frames.iter().enumerate() {
        let at = index as f64 * FRAME_SECONDS;
        let claimed = words
            .iter()
            .filter_map(|word| word.span)
            // A word that seems to last for seconds stands where the decoder left others out.
            .any(|span| at >= span.start.max(span.end - 1.2) - AROUND && at <= span.end + AROUND);
        if frame.voice >= 0.5 && !claimed {
            run += 1;
            longest = longest.max(run);
        } else if frame.voice < VOICED || claimed {
            run = 0;
        }
    }
    f64::from(longest) * FRAME_SECONDS
}

/// Sets the spans of words, of which the ends are known roughly, by the silences in the sound.
fn aligned_to_sound(mut words: Vec<RecognizedWord>, frames: &[Frame]) -> Vec<RecognizedWord> {
    /// Less than this beside a silence is no word: the alignment has slipped past it.
    const SLIP: f64 = 0.05;
    /// How far the alignment is behind, measured against times written down by people.
    const LAG: f64 = 0.07;
    const SHORT: f64 = 0.1;
    /// More than this before a silence is more than the end of another word.
    const BEGINS_EARLY: f64 = 0.2;
    let threshold = silent_below(frames);
    let silences = silences(frames, threshold);
    let is_silent = |at: f64| {
        let frame = frames.get((at / FRAME_SECONDS) as usize);
        frame.is_some_and(|frame| frame.is_silent(threshold))
    };
    let length = frames.len() as f64 * FRAME_SECONDS;
    let mut from = 0.0_f64;
    for word in &mut words {
        let raw = word.span.unwrap_or(Span::new(from, from));
        let mut end = (raw.end - LAG).clamp(from, length.max(from));
        let mut start = (raw.start - LAG).clamp(from, end);
        if let Some(silence) = silences.iter().find(|silence| silence.start < end && end < silence.end) {
            if silence.start > start + SLIP {
                end = silence.start;
            } else {
                start = silence.end;
                end = start + SHORT;
            }
        }
        if let Some(silence) = silences
            .iter()
            .rfind(|silence| silence.start >= start - SLIP && silence.end <= end)
        {
            // The word is on the side with more of it, unless that is the end of the word before.
            let (first, second) = (silence.start - start, end - silence.end);
            if second >= SLIP && (second >= first || first < BEGINS_EARLY) {
                start = silence.end;
            } else if silence.start > start + SLIP {
                end = silence.start;
            } else {
                start = silence.end.min(end);
            }
        }
        // Shorter silences than those lie at the edges of words too.
        while end - start > SHORT && is_silent(start) {
            start += FRAME_SECONDS;
        }
        while end - start > SHORT && is_silent(end - FRAME_SECONDS) {
            end -= FRAME_SECONDS;
        }
        word.span = Some(Span::new(start, end.max(start)));
        from = end.max(start);
    }
    words
}

impl Frame {
    /// Loudness decides together with the detector, which goes on for a little after a voice has ended.
    fn is_silent(self, threshold: f32) -> bool {
        self.voice < VOICED || self.loudness < threshold
    }
}

/// The loudness below which a frame of these is silent, in decibels.
fn silent_below(frames: &[Frame]) -> f32 {
    let mut levels: Vec<f32> = frames.iter().map(|frame| frame.loudness).collect();
    levels.sort_by(f32::total_cmp);
    let at = |share: f64| {
        levels
            .get((levels.len() as f64 * share) as usize)
            .copied()
            .unwrap_or(-100.0)
    };
    let (quiet, loud) = (at(0.05), at(0.9));
    // Where the sound between takes is deep silence, that between words still holds breath and echo.
    (quiet + 0.3 * (loud - quiet)).clamp(loud - 24.0, loud - 12.0)
}

/// Segments without a voice, in seconds from the first frame.
fn silences(frames: &[Frame], threshold: f32) -> Vec<Span> {
    let mut silences = Vec::new();
    let mut begin: Option<usize> = None;
    for index in 0..=frames.len() {
        let silent = frames.get(index).is_some_and(|frame| frame.is_silent(threshold));
        match (silent, begin) {
            (true, None) => begin = Some(index),
            (false, Some(from)) => {
                if (index - from) as f64 * FRAME_SECONDS >= SILENCE_SECONDS {
                    silences.push(Span::new(from as f64 * FRAME_SECONDS, index as f64 * FRAME_SECONDS));
                }
                begin = None;
            }
            _ => {}
        }
    }
    silences
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_pressed_together_were_not_spoken() {
        let spaced = |seconds: f64| -> Vec<RecognizedWord> {
            let word = |index: usize| RecognizedWord {
                span: Some(Span::new(index as f64 * seconds, (index + 1) as f64 * seconds)),
                ..RecognizedWord::default()
            };
            (0..6).map(word).collect()
        };
        assert!(is_too_fast(&spaced(0.01)));
        assert!(!is_too_fast(&spaced(0.1)));
        assert!(!is_too_fast(&spaced(0.01)[..4]), "a few may lie on one place by chance");
    }

    #[test]
    fn a_word_lies_on_the_side_of_a_silence_where_more_of_it_is() {
        const VOICE: Frame = Frame {
            loudness: -35.0,
            voice: 0.9,
        };
        /// Breath and echo, which the detector holds for the end of a voice.
        const SILENCE: Frame = Frame {
            loudness: -62.0,
            voice: 0.5,
        };
        let frames = |seconds: &[(Frame, f64)]| -> Vec<Frame> {
            let run = |(frame, seconds): &(Frame, f64)| vec![*frame; (seconds / FRAME_SECONDS).round() as usize];
            seconds.iter().flat_map(run).collect()
        };
        let lies = |frames: &[Frame]| {
            let word = |text: &str, start, end| RecognizedWord {
                text: text.to_owned(),
                span: Some(Span::new(start, end)),
                ..RecognizedWord::default()
            };
            let words = vec![word("really", 0.07, 0.57), word("um", 0.57, 1.37)];
            aligned_to_sound(words, frames)[1].span.unwrap_or_default()
        };
        let deep = Frame {
            loudness: -90.0,
            voice: 0.0,
        };
        let before = lies(&frames(&[(VOICE, 0.9), (SILENCE, 0.2), (VOICE, 0.3), (deep, 0.3)]));
        assert!(
            (before.start - 0.5).abs() < 0.05 && (before.end - 0.9).abs() < 0.05,
            "{before:?}"
        );
        let after = lies(&frames(&[(VOICE, 0.6), (SILENCE, 0.2), (VOICE, 0.6), (deep, 0.3)]));
        assert!(
            (after.start - 0.8).abs() < 0.05 && (after.end - 1.3).abs() < 0.05,
            "{after:?}"
        );
    }

    #[test]
    fn a_phrase_that_comes_twice_is_looked_at_again() {
        let said = |line: &str| -> Vec<RecognizedWord> {
            line.split_whitespace()
                .map(|text| RecognizedWord {
                    text: text.to_owned(),
                    ..RecognizedWord::default()
                })
                .collect()
        };
        assert!(repeated_phrase(&said("a liner. a liner.")).is_some());
        assert!(repeated_phrase(&said("no no no")).is_some());
        assert!(repeated_phrase(&said("I I like it")).is_none());
    }

    /// Gives these results, one after the other.
    struct Told(Vec<DecodeResult>);

    impl Recognizer for Told {
        fn decode_partial(&mut self, _: &Window<'_>) -> Result<super::super::PartialResult, RecognizerError> {
            unreachable!("only final decodes are asked for")
        }

        fn decode_final(&mut self, window: &Window<'_>) -> Result<DecodeResult, RecognizerError> {
            assert_eq!(window.padding, ContextPadding::Full);
            Ok(self.0.remove(0))
        }
    }

    /// Words half a second apart.
    fn heard(text: &str, confidence: f32) -> Vec<RecognizedWord> {
        let word = |(index, text): (usize, &str)| RecognizedWord {
            text: text.to_owned(),
            confidence,
            span: Some(Span::new(index as f64 / 2.0, index as f64 / 2.0 + 0.4)),
            ..RecognizedWord::default()
        };
        text.split(' ').enumerate().map(word).collect()
    }

    #[test]
    fn a_second_opinion_counts_where_the_decoder_believes_it_more_and_does_not_loop() {
        let frame = Frame {
            loudness: -25.0,
            voice: 0.9,
        };
        let opinion = |first: &[RecognizedWord], second: Vec<RecognizedWord>, failed: bool| {
            let frames = vec![frame; (first.len().max(second.len()) as f64 * 0.5 / FRAME_SECONDS) as usize];
            let result = DecodeResult {
                words: second,
                failed,
                ..DecodeResult::default()
            };
            let window = Window::default();
            let better = second_opinion(&mut Told(vec![result]), &window, &frames, first).unwrap();
            better.map(|words| words.into_iter().map(|word| word.text).collect::<Vec<_>>().join(" "))
        };
        let doubted = heard("the s-c- forpis of words", 0.4);
        let sure = heard("the sick corpus of words", 0.8);
        assert_eq!(
            opinion(&doubted, sure.clone(), false).as_deref(),
            Some("the sick corpus of words")
        );
        assert_eq!(opinion(&sure, doubted.clone(), false), None, "it is believed less");
        assert_eq!(opinion(&doubted, sure, true), None, "it failed");
        let looping = heard("the corpus the corpus the corpus", 0.9);
        assert_eq!(opinion(&doubted, looping.clone(), false), None);
        let again = heard("the corpus the corpus", 0.4);
        assert!(
            opinion(&again, looping, false).is_some(),
            "that was said twice before, too"
        );
        assert_eq!(
            opinion(&heard("we had a plan for all of it", 0.4), heard("we had", 0.9), false),
            None,
            "words are left out"
        );
    }
}
