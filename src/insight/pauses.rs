//! Pauses: silences between two words.
//!
//! 0.25 s is the threshold of Goldman-Eisler (1968, Psycholinguistics), used ever since to tell pauses from the closures
//! inside words; from 2 s on a listener notices (Campione and Véronis 2002 put long pauses above 1 s, and interview
//! coaches speak of two). A pause inside a clause is a search for a word; one at its end is breathing.

use crate::{
    insight::Pause,
    span::Span,
    transcript::{Transcript, Word},
};

/// The shortest silence that counts, in seconds.
pub const SHORTEST_SECONDS: f64 = 0.25;
/// A pause that is marked as long, in seconds.
pub const LONG_SECONDS: f64 = 2.0;

/// Words that open a clause: recognizers often forget the comma before them.
const CLAUSE_OPENERS: [&str; 14] = [
    "and", "but", "so", "because", "or", "then", "which", "while", "when", "if", "although", "after", "before", "since",
];

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
        // A thousandth of slack: times are kept to the millisecond.
        (silence + 0.000_5 >= SHORTEST_SECONDS).then(|| Pause {
            span: Span::new(first.end, second.start),
            after_word: at,
            inside_clause: !before.ends_clause() && !CLAUSE_OPENERS.contains(&after.bare().as_str()),
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
    fn typed_and_overlapping_words_have_none() {
        assert!(pauses(&Transcript::typed("one two")).is_empty());
        check(&[("We", 0.0, 1.0), ("had", 0.5, 1.2)], &[]);
    }
}
