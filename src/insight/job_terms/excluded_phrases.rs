//! Phrases in which no job term counts: everyday ones for every field, and those that a term names itself.

use std::{collections::HashMap, sync::OnceLock};

use super::subtokens::{Subtokens, split};
use crate::insight::base_form::base_form;

/// EverydayPhrases phrases around words that are terms in many fields.
const EVERYDAY: &str = include_str!("../../../assets/insight/everyday_phrases.txt");

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

    /// Whether it stands here.
    pub fn is_at(&self, subtokens: &Subtokens, first: usize) -> bool {
        first + self.parts.len() <= subtokens.len()
            && (first..).zip(&self.parts).all(|(index, (text, base))| {
                subtokens.text(index) == text || self.parts.len() > 1 && subtokens.base(index) == base
            })
    }

    /// Whether it stands anywhere from `first` to `end`, or reaches into it.
    pub fn touches(&self, subtokens: &Subtokens, first: usize, end: usize) -> bool {
        ((first + 1).saturating_sub(self.parts.len())..end).any(|at| self.is_at(subtokens, at))
    }
}

/// The everyday phrases, by the words that can be their first.
struct EverydayPhrases {
    phrases: Vec<ExcludedPhrase>,
    beginning: HashMap<String, Vec<usize>>,
}

fn everyday() -> &'static EverydayPhrases {
    static READ: OnceLock<EverydayPhrases> = OnceLock::new();
    READ.get_or_init(|| {
        let phrases: Vec<ExcludedPhrase> = EVERYDAY
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(ExcludedPhrase::new)
            .collect();
        let mut beginning: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, phrase) in phrases.iter().enumerate() {
            let (text, base) = &phrase.parts[0];
            beginning.entry(text.clone()).or_default().push(index);
            if base != text {
                beginning.entry(base.clone()).or_default().push(index);
            }
        }
        EverydayPhrases { phrases, beginning }
    })
}

/// For each subtoken whether it belongs to an everyday phrase.
pub(super) fn in_everyday_phrase(subtokens: &Subtokens) -> Vec<bool> {
    let everyday = everyday();
    let beginning = |word: &str| everyday.beginning.get(word).map_or(&[][..], Vec::as_slice);
    let candidates: Vec<Vec<usize>> = subtokens
        .types
        .iter()
        .map(|word_type| [beginning(&word_type.text), beginning(&word_type.base)].concat())
        .collect();
    let mut inside = vec![false; subtokens.len()];
    for (first, subtoken) in subtokens.list.iter().enumerate() {
        for index in &candidates[subtoken.word_type] {
            let phrase = &everyday.phrases[*index];
            if phrase.is_at(subtokens, first) {
                inside[first..first + phrase.len()].fill(true);
            }
        }
    }
    inside
}
