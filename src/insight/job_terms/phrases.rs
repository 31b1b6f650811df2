//! Phrases in which no job term counts: everyday ones for every field, and those that a term names itself.

use std::{collections::HashMap, sync::OnceLock};

use super::units::{Units, split};
use crate::insight::base_form::base_form;

/// Everyday phrases around words that are terms in many fields.
const EVERYDAY: &str = include_str!("../../../assets/insight/everyday_phrases.txt");

/// A phrase that never counts. A lone word counts as it is written, a longer phrase in every inflection.
pub(super) struct Phrase {
    /// Each word and its base form; at least one.
    parts: Vec<(String, String)>,
}

impl Phrase {
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
    pub fn is_at(&self, units: &Units, first: usize) -> bool {
        first + self.parts.len() <= units.len()
            && (first..).zip(&self.parts).all(|(index, (text, base))| {
                units.text(index) == text || self.parts.len() > 1 && units.base(index) == base
            })
    }

    /// Whether it stands anywhere from `first` to `end`, or reaches into it.
    pub fn touches(&self, units: &Units, first: usize, end: usize) -> bool {
        ((first + 1).saturating_sub(self.parts.len())..end).any(|at| self.is_at(units, at))
    }
}

/// The everyday phrases, by the words that can be their first.
struct Everyday {
    phrases: Vec<Phrase>,
    beginning: HashMap<String, Vec<usize>>,
}

fn everyday() -> &'static Everyday {
    static READ: OnceLock<Everyday> = OnceLock::new();
    READ.get_or_init(|| {
        let phrases: Vec<Phrase> = EVERYDAY
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(Phrase::new)
            .collect();
        let mut beginning: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, phrase) in phrases.iter().enumerate() {
            let (text, base) = &phrase.parts[0];
            beginning.entry(text.clone()).or_default().push(index);
            if base != text {
                beginning.entry(base.clone()).or_default().push(index);
            }
        }
        Everyday { phrases, beginning }
    })
}

/// For each unit whether it belongs to an everyday phrase.
pub(super) fn in_everyday_phrase(units: &Units) -> Vec<bool> {
    let everyday = everyday();
    let beginning = |word: &str| everyday.beginning.get(word).map_or(&[][..], Vec::as_slice);
    let candidates: Vec<Vec<usize>> = units
        .entries
        .iter()
        .map(|entry| [beginning(&entry.text), beginning(&entry.base)].concat())
        .collect();
    let mut inside = vec![false; units.len()];
    for (first, unit) in units.list.iter().enumerate() {
        for index in &candidates[unit.entry] {
            let phrase = &everyday.phrases[*index];
            if phrase.is_at(units, first) {
                inside[first..first + phrase.len()].fill(true);
            }
        }
    }
    inside
}
