//! Fillers and doubled words that the recognizer heard and left out.
//!
//! Whisper was trained on tidy texts. Where someone says "so, uh, a rest API" it often writes "so, a REST API", although
//! at that place its own scores put "uh" close behind, thousands of times closer than anywhere else ([`Nearly`]). The
//! scores are the first witness. The sound is the second: is there more voice between the words than they need? What
//! both saw needs less proof from each than what one saw alone.
//!
//! With unusual voices the filler is written, but as a word that sounds like it ("arm" for "um"). And where the decoder
//! stumbles it writes one filler twice; the second stays only if the sound holds two.
//!
//! The limits were set on 144 clips with 4,600 words, a part of them made (ARCHITECTURE.md, "What was tried").

use super::{HeardWord, Nearly};
use crate::{
    listener::speech::{FRAME_SECONDS, Frame},
    span::Span,
    transcript::{Witness, bare, vocal_filler},
};

/// A filler with odds above this is believed on its own.
const FILLER_SURE: f32 = -1.15;
/// The first word of a stretch often begins with a breath, and the recognizer has nothing before it to go by.
const FILLER_SURE_AT_FIRST: f32 = -0.8;
/// With this much voice to spare at its place, in seconds, a filler is believed from these odds on.
const FILLER_WITH_ROOM: f32 = -2.5;
const ROOM_FOR_A_FILLER: f64 = 0.4;

/// A doubled word is believed from these odds on; from the second on if the sound does not clearly lack room for it.
const AGAIN_SURE: f32 = -3.0;
const AGAIN_WITH_ROOM: f32 = -3.8;
const LEAST_ROOM_FOR_AGAIN: f64 = -0.15;
/// Where one small word has taken the time of two, and it and the next one are clear.
const AGAIN_DRAWN_OUT: f32 = -5.7;
const DRAWN_OUT_SECONDS: f64 = 0.33;
const CLEAR: (f32, f32) = (0.75, 0.55);

/// Words that are doubled while the next one is looked for. A name or a verb that comes twice is meant, or misheard.
const STUMBLED_OVER: [&str; 42] = [
    "a", "an", "and", "are", "as", "at", "but", "by", "can", "for", "he", "he's", "i", "i'd", "i'll", "i'm", "i've",
    "if", "in", "is", "it", "it's", "my", "of", "on", "or", "our", "she", "so", "that", "the", "their", "there",
    "they", "this", "to", "was", "we", "we're", "when", "with", "you",
];

/// Words that a filler is taken for, the odds from which on it was one, and those where the recognizer itself doubts the
/// word ([`DOUBTED`]). Nobody hums in an interview; "him" and "arm" are words of it too, but then they are clear.
const SOUNDS_LIKE_A_FILLER: [(&str, f32, f32); 17] = [
    ("ugh", -3.0, -3.0),
    ("hum", -8.0, -8.0),
    ("huh", -3.0, -3.0),
    ("arm", -4.5, -5.5),
    ("him", -3.8, -5.6),
    ("ham", -3.8, -5.6),
    ("whom", -3.5, -4.5),
    ("home", -2.0, -6.0),
    ("thumb", -4.2, -5.0),
    ("rum", -2.0, -4.0),
    ("hem", -3.8, -5.6),
    ("oh", -0.5, -0.5),
    ("or", -0.8, -0.8),
    ("our", -0.8, -0.8),
    ("of", -0.5, -0.5),
    ("her", -0.8, -4.4),
    ("a", -0.2, -0.2),
];
/// A word with less confidence than this is doubted.
const DOUBTED: f32 = 0.6;

/// Puts back what was left out of the words of a stretch with these frames. Spans are seconds from its start.
pub fn put_back(words: Vec<HeardWord>, frames: &[Frame]) -> Vec<HeardWord> {
    let voiced = Voiced::of(frames);
    let mut spoken: Vec<HeardWord> = Vec::with_capacity(words.len() + 4);
    for mut word in words {
        let before = spoken.last().filter(|before| before.witness == Witness::Transcript);
        let Some((span, nearly)) = word.span.zip(word.nearly) else {
            spoken.push(word);
            continue;
        };
        let begun = before.and_then(|word| word.span).unwrap_or_default();
        let needed = seconds_needed(&word.text);
        let place = Span::new(begun.end, span.end);
        let room = voiced.seconds(place) - needed;
        let again_room = voiced.seconds(Span::new(begun.start, span.end))
            - needed
            - before.map_or(0.0, |word| seconds_needed(&word.text));
        if is_one_filler_twice(spoken.last(), &word, &voiced) {
            continue;
        }
        let beside_filler = is_filler(&word) || spoken.last().is_some_and(is_filler);
        if is_said_again(before, &word, nearly, again_room)
            && let Some(once) = spoken.last_mut()
        {
            let again = doubled(once, nearly);
            spoken.push(again);
        }
        if !beside_filler {
            if is_a_filler_misheard(&word, nearly) {
                let end = word.text.trim_start_matches(|c: char| c.is_alphanumeric()).to_owned();
                word.text = spelled(nearly, spoken.last()) + &end;
                word.witness = Witness::Sound;
            } else if filler_is_believed(nearly, room, spoken.is_empty()) {
                let (filler, rest) = shared(place, span, &voiced);
                spoken.push(HeardWord {
                    text: spelled(nearly, spoken.last()) + ",",
                    confidence: probability(nearly.filler_odds),
                    span: Some(filler),
                    witness: Witness::Sound,
                    ..HeardWord::default()
                });
                word.span = Some(rest);
            }
        }
        spoken.push(word);
    }
    in_order(&mut spoken);
    spoken
}

fn is_filler(word: &HeardWord) -> bool {
    vocal_filler(&word.text).is_some()
}

/// Whether a filler is written twice where there is voice for one only.
fn is_one_filler_twice(before: Option<&HeardWord>, word: &HeardWord, voiced: &Voiced) -> bool {
    const TWO_FILLERS: f64 = 0.3;
    let Some((before, (from, to))) = before.zip(before.and_then(|word| word.span).zip(word.span)) else {
        return false;
    };
    let same = vocal_filler(&before.text).is_some_and(|filler| Some(filler) == vocal_filler(&word.text));
    same && voiced.seconds(Span::new(from.start, to.end.max(from.start))) < TWO_FILLERS
}

fn is_a_filler_misheard(word: &HeardWord, nearly: Nearly) -> bool {
    let bare = bare(&word.text);
    SOUNDS_LIKE_A_FILLER.iter().any(|(text, clear, doubted)| {
        let least = if word.confidence < DOUBTED { *doubted } else { *clear };
        *text == bare && nearly.filler_odds > least
    })
}

fn filler_is_believed(nearly: Nearly, room: f64, first: bool) -> bool {
    let sure = if first { FILLER_SURE_AT_FIRST } else { FILLER_SURE };
    nearly.filler_odds > sure || (!first && nearly.filler_odds > FILLER_WITH_ROOM && room >= ROOM_FOR_A_FILLER)
}

/// Whether the word before was said twice and written once.
fn is_said_again(before: Option<&HeardWord>, word: &HeardWord, nearly: Nearly, room: f64) -> bool {
    let Some(before) = before else { return false };
    let (text, next) = (bare(&before.text), bare(&word.text));
    let drawn_out = before.span.is_some_and(|span| span.seconds() >= DRAWN_OUT_SECONDS)
        && before.confidence >= CLEAR.0
        && word.confidence >= CLEAR.1;
    let believed = nearly.again_odds > AGAIN_SURE
        || nearly.again_odds > AGAIN_WITH_ROOM && room >= LEAST_ROOM_FOR_AGAIN
        || nearly.again_odds > AGAIN_DRAWN_OUT && drawn_out;
    // "To two" sounds like "to to" to begin with.
    let sounds_alike = text.len() < 4 && next.len() < 4 && text.chars().next() == next.chars().next();
    believed
        && STUMBLED_OVER.contains(&text.as_str())
        && before.text.ends_with(char::is_alphanumeric)
        && !sounds_alike
        && !is_filler(word)
}

/// Shares the time of a word that was said twice between both, and gives back the second.
fn doubled(once: &mut HeardWord, nearly: Nearly) -> HeardWord {
    let span = once.span.unwrap_or_default();
    once.span = Some(Span::new(span.start, span.middle()));
    let bare = bare(&once.text);
    HeardWord {
        text: if bare == "i" || bare.starts_with("i'") {
            once.text.clone()
        } else {
            once.text.to_lowercase()
        },
        confidence: probability(nearly.again_odds),
        span: Some(Span::new(span.middle(), span.end)),
        witness: Witness::Sound,
        ..HeardWord::default()
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
fn spelled(nearly: Nearly, before: Option<&HeardWord>) -> String {
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
fn seconds_needed(text: &str) -> f64 {
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
    use super::*;

    const LOUD: Frame = Frame {
        loudness: -20.0,
        voice: 0.9,
    };

    /// Words with their start, their end, the odds of a filler before and of the word before again; over one long voice.
    fn put_back_in(lines: &[(&str, f64, f64, f32, f32)]) -> String {
        let words = lines
            .iter()
            .map(|(text, start, end, filler_odds, again_odds)| HeardWord {
                text: (*text).to_owned(),
                span: Some(Span::new(*start, *end)),
                nearly: Some(Nearly {
                    filler: "uh",
                    filler_odds: *filler_odds,
                    again_odds: *again_odds,
                }),
                ..HeardWord::default()
            })
            .collect();
        let spoken = put_back(words, &[LOUD; 400]);
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
                [("Well,", 0.0, 0.3, NO, NO), ("I", 0.36, 0.5, -0.7, NO)],
                "Well, <uh,> I",
            ),
            (
                "room",
                [("So", 0.0, 0.2, NO, NO), ("I", 0.2, 0.9, -2.2, NO)],
                "So <uh,> I",
            ),
            ("no room", [("So", 0.0, 0.2, NO, NO), ("I", 0.2, 0.4, -2.2, NO)], "So I"),
            (
                "room alone",
                [("So", 0.0, 0.2, NO, NO), ("I", 0.2, 0.9, -6.0, NO)],
                "So I",
            ),
            (
                "breath at first",
                [("War,", 0.5, 0.8, -2.0, NO), ("after", 0.8, 1.2, NO, NO)],
                "War, after",
            ),
            (
                "at first",
                [("The", 0.5, 0.8, -0.4, NO), ("log", 0.8, 1.2, NO, NO)],
                "<Uh,> The log",
            ),
            (
                "misheard",
                [("and", 0.0, 0.2, NO, NO), ("arm,", 0.2, 0.5, -2.0, NO)],
                "and <uh,>",
            ),
            (
                "an arm",
                [("an", 0.0, 0.2, NO, NO), ("arm.", 0.2, 0.5, -8.0, NO)],
                "an arm.",
            ),
        ] {
            assert_eq!(put_back_in(&lines), spoken, "{says}");
        }
    }

    #[test]
    fn beside_a_filler_none_is_put_back() {
        let lines = [
            ("the,", 0.0, 0.5, -12.0, -12.0),
            ("uh,", 0.5, 0.9, 3.0, -12.0),
            ("code", 0.9, 1.2, -0.3, -12.0),
        ];
        assert_eq!(put_back_in(&lines), "the, uh, code");
    }

    #[test]
    fn a_filler_written_twice_is_two_only_where_there_is_voice_for_two() {
        const NO: f32 = -12.0;
        let once = [
            ("all.", 0.0, 0.5, NO, NO),
            ("um,", 0.5, 0.6, 2.0, NO),
            ("um.", 0.6, 0.7, 2.0, NO),
        ];
        assert_eq!(put_back_in(&once), "all. um,");
        let twice = [
            ("all.", 0.0, 0.5, NO, NO),
            ("um,", 0.5, 0.9, 2.0, NO),
            ("um.", 0.9, 1.3, 2.0, NO),
        ];
        assert_eq!(put_back_in(&twice), "all. um, um.");
    }

    #[test]
    fn a_small_word_said_twice_is_written_twice() {
        const NO: f32 = -12.0;
        for (says, lines, spoken) in [
            (
                "I I",
                [("I", 0.0, 0.4, NO, NO), ("use", 0.5, 0.8, NO, -2.0)],
                "I <I> use",
            ),
            (
                "the the",
                [("The", 0.0, 0.4, NO, NO), ("key", 0.5, 0.8, NO, -3.4)],
                "The <the> key",
            ),
            (
                "no room",
                [("the", 0.0, 0.1, NO, NO), ("key", 0.1, 0.3, NO, -3.4)],
                "the key",
            ),
            (
                "a name",
                [("Splunk", 0.0, 0.9, NO, NO), ("finds", 0.9, 1.2, NO, -2.0)],
                "Splunk finds",
            ),
            (
                "twice already",
                [("we,", 0.0, 0.4, NO, NO), ("we", 0.5, 0.8, NO, 0.5)],
                "we, we",
            ),
        ] {
            assert_eq!(put_back_in(&lines), spoken, "{says}");
        }
    }

    #[test]
    fn a_clear_word_that_took_the_time_of_two_was_said_twice() {
        let said = |seconds: f64, confidence: f32| {
            let word = |text: &str, span, again_odds| HeardWord {
                text: text.to_owned(),
                confidence,
                span: Some(span),
                nearly: Some(Nearly {
                    filler: "uh",
                    filler_odds: -12.0,
                    again_odds,
                }),
                ..HeardWord::default()
            };
            let words = vec![
                word("the", Span::new(0.0, seconds), -12.0),
                word("key", Span::new(seconds, seconds + 0.3), -5.0),
            ];
            let texts: Vec<String> = put_back(words, &[LOUD; 100])
                .into_iter()
                .map(|word| word.text)
                .collect();
            texts.join(" ")
        };
        assert_eq!(said(0.4, 0.9), "the the key");
        assert_eq!(said(0.2, 0.9), "the key", "it took its own time");
        assert_eq!(said(0.4, 0.5), "the key", "it was hardly heard");
    }

    #[test]
    fn a_doubted_word_that_sounds_like_a_filler_was_one() {
        let said = |text: &str, confidence: f32, filler_odds: f32| {
            let word = HeardWord {
                text: text.to_owned(),
                confidence,
                span: Some(Span::new(0.5, 0.8)),
                nearly: Some(Nearly {
                    filler: "hmm",
                    filler_odds,
                    again_odds: -12.0,
                }),
                ..HeardWord::default()
            };
            is_a_filler_misheard(&word, word.nearly.unwrap())
        };
        assert!(
            said("him", 0.5, -5.0) && !said("him", 0.9, -5.0),
            "\"but him, I\", \"I told him\""
        );
        assert!(!said("him", 0.5, -8.0));
        assert!(said("hum", 0.9, -7.0));
        assert!(!said("home", 0.9, -5.0));
    }
}
