//! A text that was corrected by hand, and the times of its words.

use std::collections::HashMap;

use similar::{Algorithm, DiffTag, capture_diff_slices};

use crate::{
    span::Span,
    text::pieces,
    transcript::{Transcript, Word},
};

/// The words of a corrected text. Those that did not change keep their times; new ones share the time of what they
/// replaced, so that the text can still be played word by word.
pub fn corrected(old: &Transcript, text: &str) -> Transcript {
    let mut numbers = HashMap::new();
    let before = numbered(old.words.iter().map(|word| word.text.as_str()), &mut numbers);
    let pieces = pieces(text);
    let after: Vec<&str> = pieces.iter().map(|piece| piece.text.as_str()).collect();
    let mut words = Vec::with_capacity(after.len());
    // A search that takes too long gives up on the shortest way and cuts: a text of any length is aligned soon, and in
    // memory that grows with it.
    for step in capture_diff_slices(
        Algorithm::Myers,
        &before,
        &numbered(after.iter().copied(), &mut numbers),
    ) {
        let (tag, was, is) = step.as_tag_tuple();
        if tag == DiffTag::Equal {
            words.extend_from_slice(&old.words[was]);
        } else {
            words.extend(replacements(old, was, &after[is]));
        }
    }
    // Line ends are those of the new text.
    for (word, piece) in words.iter_mut().zip(&pieces) {
        word.then = piece.then;
    }
    Transcript::of(words)
}

/// A number for each different word: they are compared many times.
fn numbered<'a>(words: impl Iterator<Item = &'a str>, numbers: &mut HashMap<&'a str, usize>) -> Vec<usize> {
    words
        .map(|word| {
            let next = numbers.len();
            *numbers.entry(word).or_insert(next)
        })
        .collect()
}

/// New words for an old range. Word by word where the number is the same, else spread evenly over its time.
fn replacements(old: &Transcript, replaced: std::ops::Range<usize>, new: &[&str]) -> Vec<Word> {
    if new.len() == replaced.len() {
        return old.words[replaced]
            .iter()
            .zip(new)
            .map(|(word, text)| {
                if word.text == *text {
                    word.clone()
                } else {
                    Word {
                        span: word.span,
                        ..Word::typed(*text)
                    }
                }
            })
            .collect();
    }
    let before = replaced
        .start
        .checked_sub(1)
        .and_then(|index| old.words[index].span)
        .map(|span| span.end);
    let after = old
        .words
        .get(replaced.end)
        .and_then(|word| word.span)
        .map(|span| span.start);
    let room = old.span_of(replaced).or(match (before, after) {
        (Some(before), Some(after)) => Some(Span::new(before, after)),
        (Some(time), None) | (None, Some(time)) => Some(Span::new(time, time)),
        (None, None) => None,
    });
    let count = new.len() as f64;
    new.iter()
        .enumerate()
        .map(|(index, text)| Word {
            span: room.map(|room| {
                let part = room.seconds() / count;
                Span::new(
                    room.start + part * index as f64,
                    room.start + part * (index as f64 + 1.0),
                )
            }),
            ..Word::typed(*text)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_two_corrections_keeps_its_times() {
        let said = ["we", "use", "a", "seam", "for", "the", "logs", "every", "day"];
        let words = said.iter().enumerate();
        let old = Transcript {
            words: words
                .map(|(n, text)| Word::spoken(*text, Span::new(n as f64, n as f64 + 0.5), 0.9))
                .collect(),
        };
        let new = corrected(
            &old,
            "we use a security information platform for the logs each and every day",
        );
        let time = |text: &str| new.words.iter().find(|word| word.text == text).unwrap().span.unwrap();
        for (text, second) in [("a", 2.0), ("for", 4.0), ("logs", 6.0), ("every", 7.0), ("day", 8.0)] {
            assert_eq!(time(text).start, second, "{text}");
        }
        let starts: Vec<f64> = new.words.iter().map(|word| word.span.unwrap().start).collect();
        assert!(starts.is_sorted(), "{starts:?}");
        assert!((3.0..=3.5).contains(&time("information").start));
        assert_eq!(new.words[2].confidence, old.words[2].confidence);
    }
}
