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
mod tests {
    use super::{super::Reading, *};

    const LOUD: Frame = Frame {
        loudness: -20.0,
        voice: 0.9,
    };

    /// Words with their start, their end and the odds of a filler before; over one long voice.
    fn put_back_in(lines: &[(&str, f64, f64, f32)]) -> String {
        let words = lines
            .iter()
            .map(|(text, start, end, filler_odds)| HeardWord {
                text: (*text).to_owned(),
                confidence: 0.9,
                span: Some(Span::new(*start, *end)),
                nearly: Some(Nearly {
                    filler: "uh",
                    filler_odds: *filler_odds,
                    filler_before_odds: *filler_odds,
                    again_odds: [-12.0; 2],
                    again_instead_odds: f32::NEG_INFINITY,
                }),
                ..HeardWord::default()
            })
            .collect();
        written(&put_back(words, &[LOUD; 400]))
    }

    /// The text, with what was put back in angle brackets; the spans must follow each other.
    fn written(spoken: &[HeardWord]) -> String {
        assert!(
            spoken
                .windows(2)
                .all(|pair| pair[0].span.unwrap().end <= pair[1].span.unwrap().start + 1e-9),
            "{spoken:?}"
        );
        let texts: Vec<String> = spoken
            .iter()
            .map(|word| match word.witness {
                Witness::Sound => format!("<{}>", word.text),
                Witness::Transcript => word.text.clone(),
            })
            .collect();
        texts.join(" ")
    }

    #[test]
    fn a_filler_comes_back_where_the_scores_are_sure_or_the_sound_has_room() {
        const NO: f32 = -12.0;
        for (says, lines, spoken) in [
            (
                "sure",
                [("Well,", 0.0, 0.3, NO), ("I", 0.36, 0.5, -0.7)],
                "Well, <uh,> I",
            ),
            ("room", [("So", 0.0, 0.2, NO), ("I", 0.2, 0.9, -4.2)], "So <uh,> I"),
            ("no room", [("So", 0.0, 0.2, NO), ("I", 0.2, 0.3, -4.2)], "So I"),
            ("room alone", [("So", 0.0, 0.2, NO), ("I", 0.2, 0.9, -6.0)], "So I"),
            (
                "at first",
                [("The", 0.5, 0.8, -0.4), ("log", 0.8, 1.2, NO)],
                "<Uh,> The log",
            ),
        ] {
            assert_eq!(put_back_in(&lines), spoken, "{says}");
        }
    }

    #[test]
    fn a_filler_needs_more_proof_before_a_guess_and_inside_a_repeat() {
        const NO: f32 = -12.0;
        let said = |before: &str, text: &str, confidence: f32, odds: [f32; 2]| {
            let words = [(before, 0.0, [-12.0; 2]), (text, 0.5, odds)].map(|(text, start, odds)| HeardWord {
                text: text.to_owned(),
                confidence: if start > 0.0 { confidence } else { 0.9 },
                span: Some(Span::new(start, start + 0.4)),
                nearly: Some(Nearly {
                    filler: "uh",
                    filler_odds: -12.0,
                    filler_before_odds: odds[0],
                    again_odds: [odds[1], -12.0],
                    again_instead_odds: f32::NEG_INFINITY,
                }),
                ..HeardWord::default()
            });
            written(&put_back(words.to_vec(), &[LOUD; 100]))
        };
        assert_eq!(said("so", "any", 0.9, [-2.0, NO]), "so <uh,> any");
        assert_eq!(said("so", "any", 0.2, [-2.0, NO]), "so any", "a guess");
        assert_eq!(said("so", "any", 0.2, [-0.5, NO]), "so <uh,> any");
        assert_eq!(said("my,", "my", 0.9, [-2.0, NO]), "my, my", "a repeat");
        assert_eq!(
            said("the", "key", 0.9, [-2.0, -1.0]),
            "the <the> key",
            "what is likelier"
        );
        assert_eq!(
            said("the", "key", 0.9, [-1.0, -2.0]),
            "the <uh,> key",
            "what is likelier"
        );
    }

    #[test]
    fn beside_a_filler_none_is_put_back() {
        let lines = [
            ("the,", 0.0, 0.5, -12.0),
            ("uh,", 0.5, 0.9, 3.0),
            ("code", 0.9, 1.2, -0.3),
        ];
        assert_eq!(put_back_in(&lines), "the, uh, code");
    }

    #[test]
    fn a_filler_written_twice_is_two_only_where_the_voice_begins_twice() {
        let said = |second: Span, frames: &[Frame]| {
            let words = [
                ("all.", Span::new(0.0, 0.4)),
                ("um,", Span::new(0.4, 0.9)),
                ("um.", second),
            ];
            let words = words.map(|(text, span)| HeardWord {
                text: text.to_owned(),
                span: Some(span),
                nearly: Some(Nearly {
                    filler: "um",
                    filler_odds: 2.0,
                    filler_before_odds: -12.0,
                    again_odds: [-12.0; 2],
                    again_instead_odds: f32::NEG_INFINITY,
                }),
                ..HeardWord::default()
            });
            written(&put_back(words.to_vec(), frames))
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

    #[test]
    fn clear_small_words_that_were_said_twice_are_written_twice() {
        const NO: f32 = -12.0;
        for (says, lines, spoken) in [
            ("I I", vec![("I", 0.9, NO, NO), ("use", 0.9, -2.0, NO)], "I <I> use"),
            (
                "The the",
                vec![("The", 0.9, NO, NO), ("key", 0.9, -4.4, NO)],
                "The <the> key",
            ),
            (
                "unlikely",
                vec![("the", 0.9, NO, NO), ("key", 0.9, -5.4, NO)],
                "the key",
            ),
            (
                "hardly heard",
                vec![("the", 0.5, NO, NO), ("key", 0.9, -4.4, NO)],
                "the key",
            ),
            (
                "a name",
                vec![("Splunk", 0.9, NO, NO), ("finds", 0.9, -2.0, NO)],
                "Splunk finds",
            ),
            (
                "twice already",
                vec![("we,", 0.9, NO, NO), ("we", 0.9, 0.0, NO)],
                "we, we",
            ),
            (
                "that that",
                vec![("that", 0.9, NO, NO), ("that", 0.9, 0.0, NO), ("key", 0.9, NO, NO)],
                "that that key",
            ),
            (
                "we ran we ran",
                vec![("We", 0.9, NO, NO), ("ran", 0.9, NO, NO), ("tests", 0.9, NO, -1.5)],
                "We ran <we> <ran> tests",
            ),
            (
                "to the to the",
                vec![("to", 0.9, NO, NO), ("the", 0.9, NO, NO), ("cloud", 0.9, -4.5, -2.0)],
                "to the <to> <the> cloud",
            ),
            (
                "to the the",
                vec![("to", 0.9, NO, NO), ("the", 0.9, NO, NO), ("cloud", 0.9, -2.0, -4.5)],
                "to the <the> cloud",
            ),
            (
                "two sentences",
                vec![("in.", 0.9, NO, NO), ("The", 0.9, NO, NO), ("key", 0.9, NO, -2.0)],
                "in. The key",
            ),
        ] {
            let words = (0..)
                .zip(lines)
                .map(|(index, (text, confidence, once, both))| HeardWord {
                    text: text.to_owned(),
                    confidence,
                    span: Some(Span::new(f64::from(index), f64::from(index) + 0.4)),
                    nearly: Some(Nearly {
                        filler: "uh",
                        filler_odds: NO,
                        filler_before_odds: NO,
                        again_odds: [once, both],
                        again_instead_odds: f32::NEG_INFINITY,
                    }),
                    ..HeardWord::default()
                });
            assert_eq!(written(&put_back(words.collect(), &[LOUD; 400])), spoken, "{says}");
        }
    }

    #[test]
    fn a_word_said_again_and_taken_for_another_is_written_again() {
        let said = |before: &str, again_odds: f32, again_instead_odds: f32| {
            let words = [before, "then,", "keep"];
            let words = (0..).zip(words).map(|(index, text)| HeardWord {
                text: text.to_owned(),
                confidence: 0.8,
                span: Some(Span::new(f64::from(index), f64::from(index) + 0.4)),
                nearly: Some(Nearly {
                    filler: "uh",
                    filler_odds: -12.0,
                    filler_before_odds: -12.0,
                    again_odds: [if text == "then," { again_odds } else { -12.0 }, -12.0],
                    again_instead_odds: if text == "then," { again_instead_odds } else { -12.0 },
                }),
                ..HeardWord::default()
            });
            written(&put_back(words.collect(), &[LOUD; 200]))
        };
        assert_eq!(said("And", -9.0, -3.0), "And <and,> keep");
        assert_eq!(said("And", -9.0, -4.5), "And then, keep", "unlikely");
        assert_eq!(said("And", -2.0, -3.0), "And <and> then, keep", "what is likelier");
        assert_eq!(said("run", -9.0, -3.0), "run then, keep", "nobody stumbles over that");
    }

    #[test]
    fn another_reading_stands_for_all_the_words_that_it_replaces() {
        let word = |text: &str, start: f64, reading: Option<Reading>| HeardWord {
            text: text.to_owned(),
            confidence: 0.4,
            span: Some(Span::new(start, start + 0.4)),
            nearly: Some(Nearly {
                filler: "uh",
                filler_odds: -1.0,
                filler_before_odds: if reading.is_some() { -2.0 } else { -12.0 },
                again_odds: [-12.0; 2],
                again_instead_odds: f32::NEG_INFINITY,
            }),
            reading,
            ..HeardWord::default()
        };
        let said = |odds: f32| {
            let reading = Reading {
                odds,
                replaced: 2,
                words: vec![word("the", 0.0, None)],
            };
            let words = [("So", None), ("other", Some(reading)), ("key", None), ("log", None)];
            let words = (0..)
                .zip(words)
                .map(|(index, (text, reading))| word(text, f64::from(index) * 0.4, reading));
            written(&put_back(words.collect(), &[LOUD; 200]))
        };
        assert_eq!(said(-3.0), "So <uh,> <the> log");
        assert_eq!(
            said(-6.0),
            "So <uh,> other key log",
            "not right, and the filler before it is weighed by itself"
        );
    }
}
