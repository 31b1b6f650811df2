//! Fillers and doubled words that the recognizer heard and left out.
//!
//! Whisper was trained on tidy texts. Where someone says "so, uh, a rest API" it often writes "so, a REST API", although
//! at that place its own scores put "uh" close behind, thousands of times closer than anywhere else ([`Nearly`]). The
//! words that follow bear witness to it: they fit after the "uh" only where it was said. For a filler the sound is
//! another witness: with more voice between the words than they need, less proof is asked of the scores.
//!
//! Where the decoder stumbles it writes one long filler twice; the second stays only if the voice begins anew. Fillers that
//! it took for words are the matter of [`misheard`].
//!
//! The limits were set on 412 clips with 13,100 words, most of them made (ARCHITECTURE.md, "What was tried").

use super::{HeardWord, Nearly, misheard};
use crate::{
    listener::speech::{FRAME_SECONDS, Frame},
    span::Span,
    transcript::{Witness, bare, vocal_filler},
};

/// A filler with odds above this is believed, whatever stands around it.
const FILLER_CERTAIN: f32 = -1.0;
/// Before a word that was not hardly heard (where the recognizer guesses, its odds say little), and that is not the word
/// before once more, it is believed from these odds on.
const FILLER_SURE: f32 = -3.0;
const HARDLY_HEARD: f32 = 0.3;
/// There, with this much voice to spare at its place, in seconds, it is believed from these odds on.
const FILLER_WITH_ROOM: f32 = -4.5;
const ROOM_FOR_A_FILLER: f64 = 0.1;

/// Doubled words are believed from these odds on, if they were clear the first time.
pub const AGAIN_SURE: f32 = -5.0;
const CLEAR: f32 = 0.55;

/// One that was taken for another word, from these.
const AGAIN_INSTEAD: f32 = -4.0;

/// Words that are doubled while the next one is looked for, alone or with one more. A name or a verb that comes twice is
/// meant, or misheard.
const STUMBLED_OVER: [&str; 42] = [
    "a", "an", "and", "are", "as", "at", "but", "by", "can", "for", "he", "he's", "i", "i'd", "i'll", "i'm", "i've",
    "if", "in", "is", "it", "it's", "my", "of", "on", "or", "our", "she", "so", "that", "the", "their", "there",
    "they", "this", "to", "was", "we", "we're", "when", "with", "you",
];

/// Puts back what was left out of the words of a stretch with these frames. Spans are seconds from its start.
pub fn put_back(words: Vec<HeardWord>, frames: &[Frame]) -> Vec<HeardWord> {
    let voiced = Voiced::of(frames);
    let mut spoken: Vec<HeardWord> = Vec::with_capacity(words.len() + 4);
    let mut words = words.into_iter();
    while let Some(mut word) = words.next() {
        let Some((span, nearly)) = word.span.zip(word.nearly) else {
            spoken.push(word);
            continue;
        };
        let before = spoken.last();
        if is_one_filler_twice(before, &word, frames, &voiced) {
            continue;
        }
        let from = before.and_then(|before| before.span).unwrap_or_default().end;
        let room = |words: &[HeardWord]| {
            let end = words.last().and_then(|word| word.span).unwrap_or_default().end;
            let needed: f64 = words.iter().map(|word| seconds_needed(&word.text)).sum();
            voiced.seconds(Span::new(from, end.max(from))) - needed
        };
        let beside_filler = is_filler(&word) || before.is_some_and(is_filler);
        if let Some(reading) = word.reading.take().filter(|_| !beside_filler) {
            let others = &words.as_slice()[..reading.replaced.saturating_sub(1).min(words.len())];
            let replaced = [std::slice::from_ref(&word), others].concat();
            if misheard::is_right(&word, &reading, room(&replaced)) {
                let read = misheard::read_otherwise(reading, &replaced, nearly, before);
                spoken.extend(read);
                words.by_ref().take(replaced.len() - 1).for_each(drop);
                continue;
            }
        }
        if !beside_filler && is_the_last_again(&spoken, &word, nearly) {
            let again = spoken.last().map_or_else(String::new, |last| said_second(&last.text));
            spoken.push(HeardWord {
                text: again + end_mark(&word.text),
                witness: Witness::Sound,
                ..word
            });
            continue;
        }
        let room = room(std::slice::from_ref(&word));
        let filler = !beside_filler && filler_is_believed(before, &word, nearly, room);
        let again = said_again(&spoken, &word, nearly)
            .filter(|length| !filler || nearly.again_odds[length - 1] > nearly.filler_before_odds);
        if let Some(length) = again {
            let begin = spoken.len() - length;
            let again = doubled(&mut spoken[begin..], nearly.again_odds[length - 1]);
            spoken.extend(again);
        } else if filler {
            let place = Span::new(from, span.end.max(from));
            let (span, rest) = shared(place, span, &voiced);
            spoken.push(HeardWord {
                text: spelled(nearly, before) + ",",
                confidence: probability(nearly.filler_before_odds),
                span: Some(span),
                witness: Witness::Sound,
                ..HeardWord::default()
            });
            word.span = Some(rest);
        }
        spoken.push(word);
    }
    in_order(&mut spoken);
    spoken
}

fn is_filler(word: &HeardWord) -> bool {
    vocal_filler(&word.text).is_some()
}

/// Whether a filler is written twice where the voice begins only once.
fn is_one_filler_twice(before: Option<&HeardWord>, word: &HeardWord, frames: &[Frame], voiced: &Voiced) -> bool {
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

fn filler_is_believed(before: Option<&HeardWord>, word: &HeardWord, nearly: Nearly, room: f64) -> bool {
    let odds = nearly.filler_before_odds;
    let again = before.is_some_and(|before| bare(&before.text) == bare(&word.text));
    odds > FILLER_CERTAIN
        || word.confidence >= HARDLY_HEARD
            && !again
            && (odds > FILLER_SURE || odds > FILLER_WITH_ROOM && room >= ROOM_FOR_A_FILLER)
}

/// Whether neither word `index` nor the one before it is a filler: beside one none is put back.
pub fn is_free_of_fillers(words: &[HeardWord], index: usize) -> bool {
    !words[index.saturating_sub(1)..=index].iter().any(is_filler)
}

/// Whether these are words that people say again while they look for the next one, and clear.
pub fn is_stumbled_over(words: &[HeardWord]) -> bool {
    let clear = |word: &HeardWord| {
        word.witness == Witness::Transcript
            && word.confidence >= CLEAR
            && word.text.ends_with(char::is_alphanumeric)
            && !is_filler(word)
    };
    words.iter().all(clear)
        && words
            .first()
            .is_some_and(|first| STUMBLED_OVER.contains(&bare(&first.text).as_str()))
}

/// How many of the words before were said twice and written once: the last, or the last two.
fn said_again(spoken: &[HeardWord], word: &HeardWord, nearly: Nearly) -> Option<usize> {
    (1..=nearly.again_odds.len())
        .filter(|length| nearly.again_odds[length - 1] > AGAIN_SURE && can_be_again(spoken, *length, word))
        .max_by(|a, b| nearly.again_odds[a - 1].total_cmp(&nearly.again_odds[b - 1]))
}

/// Whether this word is the one before once more, and was taken for another.
fn is_the_last_again(spoken: &[HeardWord], word: &HeardWord, nearly: Nearly) -> bool {
    let odds = nearly.again_instead_odds;
    odds > AGAIN_INSTEAD && odds > nearly.again_odds[0] && can_be_again(spoken, 1, word)
}

/// Whether so many of the last words may have been said twice before this one.
fn can_be_again(spoken: &[HeardWord], length: usize, word: &HeardWord) -> bool {
    let Some(begin) = spoken.len().checked_sub(length) else {
        return false;
    };
    let first = bare(&spoken[begin].text);
    is_stumbled_over(&spoken[begin..])
        // What comes twice already is not looked for a third time.
        && first != bare(&word.text)
        && begin.checked_sub(1).is_none_or(|before| first != bare(&spoken[before].text))
        && !is_filler(word)
}

/// Shares the time of words that were said twice between both times, and gives back the second.
fn doubled(once: &mut [HeardWord], odds: f32) -> Vec<HeardWord> {
    let start = once.first().and_then(|word| word.span).unwrap_or_default().start;
    let end = once.last().and_then(|word| word.span).unwrap_or_default().end;
    let half = (end - start) / 2.0;
    let mut again = Vec::with_capacity(once.len());
    for word in once {
        let span = word.span.unwrap_or_default();
        let span = Span::new(f64::midpoint(span.start, start), f64::midpoint(span.end, start));
        word.span = Some(span);
        again.push(HeardWord {
            text: said_second(&word.text),
            confidence: probability(odds),
            span: Some(span.shifted(half)),
            witness: Witness::Sound,
            ..HeardWord::default()
        });
    }
    again
}

/// The comma or full stop after a word.
pub fn end_mark(text: &str) -> &str {
    &text[text.trim_end_matches(|c: char| !c.is_alphanumeric()).len()..]
}

/// A word as it is written when it comes for the second time.
fn said_second(text: &str) -> String {
    let bare = bare(text);
    if bare == "i" || bare.starts_with("i'") {
        text.to_owned()
    } else {
        text.to_lowercase()
    }
}

/// Where a filler lies that was said before a word, and what is left to the word.
fn shared(place: Span, word: Span, voiced: &Voiced) -> (Span, Span) {
    const LEAST: f64 = 0.12;
    let between = Span::new(place.start.min(word.start), word.start);
    if voiced.seconds(between) >= LEAST {
        return (between, word);
    }
    // The alignment has given its time to the word.
    let end = word.start + (word.seconds() / 2.0).min(0.3);
    (Span::new(word.start, end), Span::new(end, word.end))
}

/// As the recognizer would have written it here.
pub fn spelled(nearly: Nearly, before: Option<&HeardWord>) -> String {
    let begins = before.is_none_or(|word| word.text.ends_with(['.', '?', '!', '…']));
    let mut letters = nearly.filler.chars();
    match letters.next() {
        Some(first) if begins => first.to_uppercase().chain(letters).collect(),
        _ => nearly.filler.to_owned(),
    }
}

/// Of odds as a natural logarithm.
fn probability(odds: f32) -> f32 {
    1.0 / (1.0 + (-odds).exp())
}

/// Seconds of voice that a word takes at an ordinary pace: measured, 55 ms a letter and 80 ms beside.
pub fn seconds_needed(text: &str) -> f64 {
    0.08 + 0.055 * bare(text).chars().count() as f64
}

/// No span begins before the one before it ends.
fn in_order(words: &mut [HeardWord]) {
    let mut from = 0.0_f64;
    for index in 0..words.len() {
        let next = words.get(index + 1).and_then(|word| word.span).map(|span| span.start);
        if let Some(span) = &mut words[index].span {
            let start = span.start.max(from);
            let end = next.map_or(span.end, |next| span.end.min(next.max(start)));
            *span = Span::new(start, end.max(start));
            from = span.start;
        }
    }
}

/// How much voice lies before each frame.
struct Voiced(Vec<f64>);

impl Voiced {
    fn of(frames: &[Frame]) -> Self {
        /// Below the loudest tenth of the stretch, in decibels: softer is the end of a word, or a breath.
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
mod tests;
