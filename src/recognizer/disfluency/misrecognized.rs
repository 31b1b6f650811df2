//! Fillers that the recognizer took for words.
//!
//! With unusual voices a filler is written, but as a word that sounds like it ("arm" for "um"), or it melts into the next
//! one ("Henry took" for "hmm, it took"). There the decoder is made to write the filler, and then goes on as it likes
//! until it is back in its own text: another [`Alternative`]. Where a filler was said, that is hardly less likely than what
//! it had written.
//!
//! The limits were set on 492 clips with 21,000 words, most of them made (docs/experiments.md).

use super::{PARAMETERS, restore};
use crate::{
    recognizer::{Alternative, DecodedWord, DisfluencyCandidates},
    span::Span,
    transcript::{WordOrigin, bare},
};

const AROUND: usize = 2;

/// Whether this is a word that a filler is taken for.
pub fn sounds_like_a_filler(word: &DecodedWord) -> bool {
    least_odds_instead(word).is_some()
}

fn least_odds_instead(word: &DecodedWord) -> Option<f32> {
    let bare = bare(&word.text);
    PARAMETERS.misrecognized.sounds_like_a_filler.get(&bare).copied()
}

/// Whether word `index` may be misheard.
pub fn is_doubtful(words: &[DecodedWord], index: usize) -> bool {
    let [from, to] = PARAMETERS.misrecognized.doubtful;
    let around = index.saturating_sub(AROUND)..words.len().min(index + AROUND + 1);
    (from..to).contains(&words[index].confidence)
        && around.len() > AROUND
        && around
            .into_iter()
            .all(|near| near == index || words[near].confidence >= PARAMETERS.misrecognized.clear_around)
}

/// Whether another reading from this word on is the right one. `room` is how much more voice there is, in seconds, than
/// the words need that it does away with.
pub fn is_believed(word: &DecodedWord, alternative: &Alternative, room: f64) -> bool {
    let slow = alternative.words.is_empty() && room > PARAMETERS.misrecognized.most_room;
    match least_odds_instead(word).filter(|_| alternative.is_one_for_one()) {
        Some(_) if room >= PARAMETERS.misrecognized.held_seconds && bare(&word.text) == "a" => {
            alternative.log_odds > PARAMETERS.misrecognized.held
        }
        Some(least) if word.confidence < 0.5 => {
            alternative.log_odds > least * PARAMETERS.misrecognized.less_than_half_sure
        }
        Some(least) => alternative.log_odds > least,
        None if alternative.is_one_for_one() => {
            let mumbled = PARAMETERS.misrecognized.mumbled.contains(&bare(&word.text));
            alternative.log_odds > PARAMETERS.misrecognized.instead && !slow && !mumbled
        }
        None => alternative.log_odds > PARAMETERS.misrecognized.free_continuation && !slow,
    }
}

impl Alternative {
    /// Whether a filler stands for one word, and all the rest is as it was.
    fn is_one_for_one(&self) -> bool {
        self.replaced == 1 && self.words.is_empty()
    }
}

/// The words of a reading, with the filler before them, in the time of the words that it replaces.
pub fn apply(
    alternative: Alternative,
    replaced: &[DecodedWord],
    candidates: DisfluencyCandidates,
    before: Option<&DecodedWord>,
) -> Vec<DecodedWord> {
    let span = |word: Option<&DecodedWord>| word.and_then(|word| word.span).unwrap_or_default();
    let (start, end) = (span(replaced.first()).start, span(replaced.last()).end);
    let mark = match replaced.last() {
        Some(last) if alternative.words.is_empty() => restore::end_mark(&last.text),
        _ => ",",
    };
    let filler = DecodedWord {
        text: restore::spelled(candidates, before) + mark,
        confidence: replaced.iter().map(|word| word.confidence).fold(1.0, f32::min),
        origin: WordOrigin::Restored,
        ..DecodedWord::default()
    };
    let others = alternative.words.iter().map(|word| restore::seconds_needed(&word.text));
    let needed: f64 = PARAMETERS.misrecognized.filler_seconds + others.sum::<f64>();
    let mut from = start;
    std::iter::once((filler, PARAMETERS.misrecognized.filler_seconds))
        .chain(alternative.words.into_iter().map(|word| {
            let needed = restore::seconds_needed(&word.text);
            (word, needed)
        }))
        .map(|(word, share)| {
            let to = from + (end - start).max(0.0) * share / needed;
            let span = Span::new(from, to);
            from = to;
            DecodedWord {
                span: Some(span),
                origin: WordOrigin::Restored,
                ..word
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str, confidence: f32) -> DecodedWord {
        DecodedWord {
            text: text.to_owned(),
            confidence,
            ..DecodedWord::default()
        }
    }

    fn instead(log_odds: f32) -> Alternative {
        Alternative {
            log_odds,
            replaced: 1,
            words: Vec::new(),
        }
    }

    #[test]
    fn a_word_that_sounds_like_a_filler_was_one_where_the_rest_bears_it() {
        for (text, confidence, log_odds, right) in [
            ("him,", 0.8, -5.0, true), // "but him, I"
            ("him", 0.8, -8.5, false), // "I told him"
            ("On", 0.8, -5.0, true),   // "On I rolled back"
            ("On", 0.8, -5.7, false),  // "On Monday"
            ("on", 0.4, -6.3, true),   // not even half sure
            ("the", 0.8, -2.0, false), // articles are hardly more than a filler
            ("the", 0.4, -2.0, false),
            ("Well,", 0.8, -4.0, true), // "Well, that is a good question"
            ("Well,", 0.8, -6.0, false),
            ("like,", 0.4, -1.0, false), // mumbled, and meant
            ("look", 0.4, -5.0, true),   // sounds like none, so the odds are higher
            ("look", 0.4, -6.0, false),
        ] {
            assert_eq!(
                is_believed(&word(text, confidence), &instead(log_odds), 0.0),
                right,
                "{text} {log_odds}"
            );
        }
        assert!(!is_believed(&word("war", 0.5), &instead(-1.0), 0.3), "said slowly");
        assert!(is_believed(&word("a", 0.9), &instead(-5.0), 0.15), "held");
        assert!(!is_believed(&word("a", 0.9), &instead(-5.0), 0.05));
    }

    #[test]
    fn a_doubtful_word_stands_among_clear_ones() {
        let among = |before, confidence, after| {
            let words = [
                ("we", 0.9),
                ("ran", before),
                ("arm", confidence),
                ("it", 0.9),
                ("all", after),
            ];
            is_doubtful(&words.map(|(text, confidence)| word(text, confidence)), 2)
        };
        assert!(among(0.9, 0.3, 0.9));
        assert!(!among(0.9, 0.8, 0.9), "it is clear itself");
        assert!(!among(0.9, 0.05, 0.9), "a mere guess");
        assert!(!is_doubtful(&[word("Bye.", 0.4)], 0), "there is nothing around it");
        assert!(!among(0.2, 0.3, 0.9) && !among(0.9, 0.3, 0.2), "swallowed speech");
    }

    #[test]
    fn a_reading_takes_the_time_and_the_mark_of_what_it_replaces() {
        let said = |text: &str, start, end| DecodedWord {
            span: Some(Span::new(start, end)),
            ..word(text, 0.4)
        };
        let candidates = DisfluencyCandidates {
            filler: "um",
            filler_log_odds: -2.0,
            filler_before_log_odds: -9.0,
            again_log_odds: [-12.0; 2],
            again_instead_log_odds: f32::NEG_INFINITY,
            first_instead_log_odds: f32::NEG_INFINITY,
        };
        let told = |alternative: Alternative, replaced: &[DecodedWord]| -> Vec<(String, f64, f64)> {
            let words = apply(alternative, replaced, candidates, Some(&word("so", 0.9)));
            let told = words.into_iter().map(|word| {
                let span = word.span.unwrap_or_default();
                (word.text, span.start, span.end)
            });
            told.collect()
        };
        assert_eq!(
            told(instead(-1.0), &[said("arm.", 1.0, 1.4)]),
            [("um.".to_owned(), 1.0, 1.4)]
        );
        let melted = Alternative {
            words: vec![word("it", 0.9)],
            ..instead(-1.0)
        };
        let split = told(melted, &[said("Henry", 1.0, 1.5)]);
        assert_eq!((split[0].0.as_str(), split[1].0.as_str()), ("um,", "it"));
        assert!(
            split[0].1 == 1.0 && split[0].2 == split[1].1 && split[1].2 == 1.5,
            "{split:?}"
        );
        assert!(
            (split[0].2 - 1.306).abs() < 0.01,
            "the filler is longer than \"it\": {split:?}"
        );
    }
}
