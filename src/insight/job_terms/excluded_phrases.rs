//! Phrases in which no job term counts: everyday ones for every field, and those that a term names itself.

use std::{collections::HashMap, sync::LazyLock};

use super::subtokens::{Subtokens, split};
use crate::insight::{
    assets::{lines, text_asset},
    base_form::base_form,
};

/// A phrase that never counts. A lone word counts as it is written, a longer phrase in every inflection.
pub(super) struct ExcludedPhrase {
    /// Each word and its base form; at least one.
    parts: Vec<(String, String)>,
}

impl ExcludedPhrase {
    /// Nothing for a phrase without a word.
    pub fn new(phrase: &str) -> Option<Self> {
        let lower = phrase.to_lowercase();
        let parts: Vec<(String, String)> = lower
            .split_whitespace()
            .flat_map(split)
            .map(|part| (part.to_owned(), base_form(part)))
            .collect();
        (!parts.is_empty()).then_some(Self { parts })
    }

    pub fn len(&self) -> usize {
        self.parts.len()
    }

    /// Whether the phrase starts at this subtoken.
    pub fn is_at(&self, subtokens: &Subtokens, first: usize) -> bool {
        first + self.parts.len() <= subtokens.len()
            && (first..).zip(&self.parts).all(|(index, (text, base))| {
                subtokens.text(index) == text || self.parts.len() > 1 && subtokens.base(index) == base
            })
    }

    /// Whether an occurrence of the phrase overlaps the subtokens from `first` to `end`.
    pub fn touches(&self, subtokens: &Subtokens, first: usize, end: usize) -> bool {
        ((first + 1).saturating_sub(self.parts.len())..end).any(|at| self.is_at(subtokens, at))
    }
}

/// The everyday phrases, by the words that can be their first.
struct EverydayPhrases {
    phrases: Vec<ExcludedPhrase>,
    by_first_word: HashMap<String, Vec<usize>>,
}

static EVERYDAY: LazyLock<EverydayPhrases> = LazyLock::new(|| {
    let phrases: Vec<ExcludedPhrase> = lines(text_asset!("insight/everyday_phrases.txt"))
        .filter_map(ExcludedPhrase::new)
        .collect();
    let mut by_first_word: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, phrase) in phrases.iter().enumerate() {
        let (text, base) = &phrase.parts[0];
        by_first_word.entry(text.clone()).or_default().push(index);
        if base != text {
            by_first_word.entry(base.clone()).or_default().push(index);
        }
    }
    EverydayPhrases { phrases, by_first_word }
});

/// For each subtoken, whether it belongs to an everyday phrase.
pub(super) fn in_everyday_phrase(subtokens: &Subtokens) -> Vec<bool> {
    let starting_with = |word: &str| EVERYDAY.by_first_word.get(word).map_or(&[][..], Vec::as_slice);
    let candidates: Vec<Vec<usize>> = subtokens
        .types
        .iter()
        .map(|word_type| [starting_with(&word_type.text), starting_with(&word_type.base)].concat())
        .collect();
    let mut inside = vec![false; subtokens.len()];
    for (first, subtoken) in subtokens.list.iter().enumerate() {
        for index in &candidates[subtoken.word_type] {
            let phrase = &EVERYDAY.phrases[*index];
            if phrase.is_at(subtokens, first) {
                inside[first..first + phrase.len()].fill(true);
            }
        }
    }
    inside
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_everyday_phrase_is_listed_twice() {
        let mut seen = HashSet::new();
        for phrase in lines(text_asset!("insight/everyday_phrases.txt")) {
            assert!(seen.insert(phrase), "{phrase}");
        }
    }
}
