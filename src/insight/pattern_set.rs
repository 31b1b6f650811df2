//! Patterns found by the words that they can begin with, so that a word is held against the few that it could begin and
//! not against all of them.

use std::collections::HashMap;

use crate::insight::phrases::{Item, Pattern};

#[derive(Debug, Default)]
pub(super) struct PatternSet {
    patterns: Vec<Pattern>,
    /// By the words that they can begin with; those that any word can begin are under "".
    beginning: HashMap<String, Vec<usize>>,
}

impl PatternSet {
    pub fn add(&mut self, pattern: Pattern) {
        let index = self.patterns.len();
        match pattern.first_words() {
            Some(words) => words
                .into_iter()
                .for_each(|word| self.beginning.entry(word.to_owned()).or_default().push(index)),
            None => self.beginning.entry(String::new()).or_default().push(index),
        }
        self.patterns.push(pattern);
    }

    pub fn len(&self) -> usize {
        self.patterns.len()
    }

    /// The patterns that could begin with the item at this place. One may come twice.
    fn candidates<'a>(&'a self, item: &'a Item) -> impl Iterator<Item = usize> + 'a {
        let base = Some(item.base.as_str()).filter(|base| *base != item.text);
        ["", item.text.as_str()]
            .into_iter()
            .chain(base)
            .filter_map(|word| self.beginning.get(word))
            .flatten()
            .copied()
    }

    /// Where patterns match: which one, where it begins and where it ends, in the order of the items.
    pub fn matches<'a>(&'a self, items: &'a [Item]) -> impl Iterator<Item = (usize, usize, usize)> + 'a {
        items.iter().enumerate().flat_map(move |(start, item)| {
            self.candidates(item).filter_map(move |index| {
                let end = self.patterns[index].match_at(items, start)?;
                Some((index, start, end))
            })
        })
    }
}
