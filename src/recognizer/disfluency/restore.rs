//! Fillers and doubled words that the recognizer heard and left out.
//!
//! Whisper was trained on tidy texts. Where someone says "so, uh, a rest API" it often writes "so, a REST API", although
//! at that place its own scores put "uh" close behind, thousands of times closer than anywhere else ([`DisfluencyCandidates`]). The
//! words that follow are evidence: they fit after the "uh" only where it was said. For a filler the sound is
//! further evidence: with more voice between the words than they need, less proof is asked of the scores.
//!
//! Where the decoder stumbles it writes one long filler twice; the second stays only if the voice begins anew. Fillers that
//! it took for words are the matter of [`misheard`].
//!
//! The limits were set on 492 clips with 21,000 words, most of them made (docs/experiments.md).

use super::{PARAMETERS, misrecognized};
use crate::{
    recognizer::{Alternative, DecodedWord, DisfluencyCandidates},
    span::Span,
    transcript::{WordOrigin, bare, vocal_filler},
    vad::{FRAME_SECONDS, Frame},
};

/// Puts back what was left out of the words of a segment with these frames. Spans are seconds from its start.
pub fn restore(words: Vec<DecodedWord>, frames: &[Frame]) -> Vec<DecodedWord> {
    let mut restorer = Restorer {
        spoken: Vec::with_capacity(words.len() + 4),
        voiced: Voiced::of(frames),
        rest: words.into_iter(),
    };
    while let Some(word) = restorer.rest.next() {
        if let Some((span, candidates)) = word.span.zip(word.candidates) {
            if !is_one_filler_twice(restorer.spoken.last(), &word, frames, &restorer.voiced) {
                restorer.take(word, span, candidates);
            }
        } else {
            restorer.spoken.push(word);
        }
    }
    in_order(&mut restorer.spoken);
    restorer.spoken
}

/// The words as they were spoken, told one after the other.
struct Restorer {
    spoken: Vec<DecodedWord>,
    /// As they were heard, after the one that is being told.
    rest: std::vec::IntoIter<DecodedWord>,
    voiced: Voiced,
}

impl Restorer {
    fn take(&mut self, mut word: DecodedWord, span: Span, candidates: DisfluencyCandidates) {
        let beside_filler = is_filler(&word) || self.spoken.last().is_some_and(is_filler);
        let alternative = word.alternative.take().filter(|_| !beside_filler);
        if alternative.is_some_and(|alternative| self.take_alternative(&word, alternative, candidates)) {
            return;
        }
        if !beside_filler && is_the_last_again(&self.spoken, &word, candidates) {
            let again = self
                .spoken
                .last()
                .map_or_else(String::new, |last| said_second(&last.text));
            return self.take_instead(again + end_mark(&word.text), word);
        }
        if candidates.first_instead_log_odds > PARAMETERS.restore.first_instead
            && let Some(after) = self.rest.as_slice().first()
        {
            return self.take_instead(after.text.clone(), word);
        }
        let room = self.room(std::slice::from_ref(&word));
        let filler = !beside_filler && filler_is_believed(self.spoken.last(), &word, candidates, room);
        let again = said_again(&self.spoken, &word, candidates)
            .filter(|length| !filler || candidates.again_log_odds[length - 1] > candidates.filler_before_log_odds);
        if let Some(length) = again {
            let begin = self.spoken.len() - length;
            let again = doubled(&mut self.spoken[begin..], candidates.again_log_odds[length - 1]);
            self.spoken.extend(again);
        } else if filler {
            let place = Span::new(self.restored_up_to(), span.end.max(self.restored_up_to()));
            let (filler, rest) = shared(place, span, &self.voiced);
            self.spoken.push(DecodedWord {
                text: spelled(candidates, self.spoken.last()) + ",",
                confidence: probability(candidates.filler_before_log_odds),
                span: Some(filler),
                origin: WordOrigin::Restored,
                ..DecodedWord::default()
            });
            word.span = Some(rest);
        }
        self.spoken.push(word);
    }

    /// Tells a reading instead of a word and those after it, if it is right.
    fn take_alternative(
        &mut self,
        word: &DecodedWord,
        alternative: Alternative,
        candidates: DisfluencyCandidates,
    ) -> bool {
        if self.rest.as_slice().first().is_some_and(is_filler) {
            return false;
        }
        let others = alternative.replaced.saturating_sub(1).min(self.rest.len());
        let replaced = [std::slice::from_ref(word), &self.rest.as_slice()[..others]].concat();
        let right = misrecognized::is_believed(word, &alternative, self.room(&replaced));
        if right {
            let read = misrecognized::apply(alternative, &replaced, candidates, self.spoken.last());
            self.spoken.extend(read);
            self.rest.by_ref().take(others).for_each(drop);
        }
        right
    }

    /// Tells this text in the place of a word.
    fn take_instead(&mut self, text: String, word: DecodedWord) {
        self.spoken.push(DecodedWord {
            text,
            origin: WordOrigin::Restored,
            ..word
        });
    }

    /// How much more voice there is from the last word told up to the end of these, in seconds, than these need.
    fn room(&self, words: &[DecodedWord]) -> f64 {
        let from = self.restored_up_to();
        let end = words.last().and_then(|word| word.span).unwrap_or_default().end;
        let needed: f64 = words.iter().map(|word| seconds_needed(&word.text)).sum();
        self.voiced.seconds(Span::new(from, end.max(from))) - needed
    }

    fn restored_up_to(&self) -> f64 {
        let last = self.spoken.last().and_then(|word| word.span);
        last.unwrap_or_default().end
    }
}

fn is_filler(word: &DecodedWord) -> bool {
    vocal_filler(&word.text).is_some()
}

/// Whether a filler is written twice where the voice begins only once.
fn is_one_filler_twice(before: Option<&DecodedWord>, word: &DecodedWord, frames: &[Frame], voiced: &Voiced) -> bool {
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

fn filler_is_believed(
    before: Option<&DecodedWord>,
    word: &DecodedWord,
    candidates: DisfluencyCandidates,
    room: f64,
) -> bool {
    let log_odds = candidates.filler_before_log_odds;
    let again = before.is_some_and(|before| bare(&before.text) == bare(&word.text));
    log_odds > PARAMETERS.restore.filler_certain
        || word.confidence >= PARAMETERS.restore.hardly_heard
            && !again
            && (log_odds > PARAMETERS.restore.filler_sure
                || log_odds > PARAMETERS.restore.filler_with_room && room >= PARAMETERS.restore.room_for_a_filler)
}

/// Whether neither word `index` nor the one before it is a filler: beside one none is put back.
pub fn is_free_of_fillers(words: &[DecodedWord], index: usize) -> bool {
    !words[index.saturating_sub(1)..=index].iter().any(is_filler)
}

/// Whether these are words that people say again while they look for the next one, and clear.
pub fn is_stumbled_over(words: &[DecodedWord]) -> bool {
    let clear = |word: &DecodedWord| {
        word.origin == WordOrigin::Decoded
            && word.confidence >= PARAMETERS.restore.clear
            && word.text.ends_with(char::is_alphanumeric)
            && !is_filler(word)
    };
    words.iter().all(clear)
        && words
            .first()
            .is_some_and(|first| PARAMETERS.restore.stumbled_over.contains(&bare(&first.text)))
}

/// Whether word `index` may be the first of two "the" that was taken for another word.
pub fn may_be_the_first_of_two(words: &[DecodedWord], index: usize) -> bool {
    PARAMETERS.restore.taken_for_the.contains(&bare(&words[index].text))
        && words[index].text.ends_with(char::is_alphabetic)
        && words
            .get(index + 1)
            .is_some_and(|after| after.text == "the" && after.confidence >= PARAMETERS.restore.clear)
}

/// How many of the words before were said twice and written once: the last, or the last two.
fn said_again(spoken: &[DecodedWord], word: &DecodedWord, candidates: DisfluencyCandidates) -> Option<usize> {
    (1..=candidates.again_log_odds.len())
        .filter(|length| {
            candidates.again_log_odds[length - 1] > PARAMETERS.restore.again_sure && can_be_again(spoken, *length, word)
        })
        .max_by(|a, b| candidates.again_log_odds[a - 1].total_cmp(&candidates.again_log_odds[b - 1]))
}

/// Whether this word is the one before once more, and was taken for another.
fn is_the_last_again(spoken: &[DecodedWord], word: &DecodedWord, candidates: DisfluencyCandidates) -> bool {
    let log_odds = candidates.again_instead_log_odds;
    log_odds > PARAMETERS.restore.again_instead
        && log_odds > candidates.again_log_odds[0]
        && can_be_again(spoken, 1, word)
}

/// Whether so many of the last words may have been said twice before this one.
fn can_be_again(spoken: &[DecodedWord], length: usize, word: &DecodedWord) -> bool {
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
fn doubled(once: &mut [DecodedWord], log_odds: f32) -> Vec<DecodedWord> {
    let start = once.first().and_then(|word| word.span).unwrap_or_default().start;
    let end = once.last().and_then(|word| word.span).unwrap_or_default().end;
    let half = (end - start) / 2.0;
    let mut again = Vec::with_capacity(once.len());
    for word in once {
        let span = word.span.unwrap_or_default();
        let span = Span::new(f64::midpoint(span.start, start), f64::midpoint(span.end, start));
        word.span = Some(span);
        again.push(DecodedWord {
            text: said_second(&word.text),
            confidence: probability(log_odds),
            span: Some(span.shifted(half)),
            origin: WordOrigin::Restored,
            ..DecodedWord::default()
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
pub fn spelled(candidates: DisfluencyCandidates, before: Option<&DecodedWord>) -> String {
    let begins = before.is_none_or(|word| word.text.ends_with(['.', '?', '!', '…']));
    let mut letters = candidates.filler.chars();
    match letters.next() {
        Some(first) if begins => first.to_uppercase().chain(letters).collect(),
        _ => candidates.filler.to_owned(),
    }
}

/// Of odds as a natural logarithm.
fn probability(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// Seconds of voice that a word takes at an ordinary pace: measured, 55 ms a letter and 80 ms beside.
pub fn seconds_needed(text: &str) -> f64 {
    0.08 + 0.055 * bare(text).chars().count() as f64
}

/// No span begins before the one before it ends.
fn in_order(words: &mut [DecodedWord]) {
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
mod tests;
