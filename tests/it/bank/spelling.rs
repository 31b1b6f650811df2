//! What looks misspelled: a word that the whole bank has only once and that is one letter away from one it uses often;
//! and British spellings.

use std::{collections::BTreeMap, sync::LazyLock};

use super::{rules::lines, words::stem};

/// How often a word has to stand in the bank before others are taken for misspellings of it.
const OFTEN: usize = 5;
const SHORTEST: usize = 6;

/// Words that are right although they look like others, for a human to add to.
const RIGHT: &str = include_str!("spelling_right.txt");
/// British spellings and the American ones, a pair a line.
const BRITISH: &str = include_str!("british.txt");

/// For each text of the bank its place and its words; the answer gives the place of what looks wrong, and what it is.
pub fn misspelled<'a, P: Copy>(texts: impl Iterator<Item = (P, &'a [String])>) -> Vec<(P, String)> {
    let mut counts: BTreeMap<&str, (usize, P)> = BTreeMap::new();
    for (place, words) in texts {
        for word in words {
            counts
                .entry(word.strip_suffix("'s").unwrap_or(word))
                .or_insert((0, place))
                .0 += 1;
        }
    }
    let right: Vec<&str> = lines(RIGHT).flat_map(str::split_whitespace).collect();
    let often: Vec<&str> = counts
        .iter()
        .filter(|(word, (count, _))| *count >= OFTEN && word.len() + 1 >= SHORTEST)
        .map(|(word, _)| *word)
        .collect();
    let mut relatives: BTreeMap<String, usize> = BTreeMap::new();
    for word in counts.keys() {
        *relatives.entry(stem(word)).or_default() += 1;
    }
    // A word with an inflection elsewhere in the bank ("deletes", "deleted") was meant.
    let alone = |word: &str| relatives.get(&stem(word)).is_none_or(|count| *count == 1);
    let once = counts
        .iter()
        .filter(|(word, (count, _))| *count == 1 && word.len() >= SHORTEST && alone(word) && !right.contains(word));
    once.filter_map(|(word, (_, place))| {
        let like = often.iter().find(|other| one_letter_apart(word, other))?;
        Some((*place, format!("\"{word}\" stands there once and looks like \"{like}\"; if it is right, it belongs in tests/it/bank/spelling_right.txt")))
    })
    .collect()
}

/// One letter more, less or other, or two neighbors the other way around.
fn one_letter_apart(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let same_start = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let (rest, rest_other) = (&one[same_start..], &other[same_start..]);
    match (rest, rest_other) {
        ([_, left @ ..], [_, right @ ..]) if left == right => true,
        ([_, left @ ..], right) if left == right => true,
        (left, [_, right @ ..]) if left == right => true,
        ([a, b, left @ ..], [c, d, right @ ..]) => a == d && b == c && left == right,
        _ => false,
    }
}

/// The American spelling of a word that is written the British way.
pub fn american(word: &str) -> Option<&'static str> {
    static PAIRS: LazyLock<BTreeMap<&str, &str>> =
        LazyLock::new(|| lines(BRITISH).filter_map(|line| line.split_once(' ')).collect());
    PAIRS.get(word).copied()
}
