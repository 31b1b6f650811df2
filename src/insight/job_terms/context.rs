//! Word sense disambiguation: what can also be an everyday word counts in context only, that is near a word that the term
//! names, near another job term, or where the question is about it.

use std::collections::{HashMap, HashSet};

use super::{
    WORDS,
    forms::Evidence,
    matches::Match,
    subtokens::{Subtokens, split},
};
use crate::{insight::base_form::base_form, question::Term};

/// Takes the members of a list for certain: "Excel, Word and Outlook" are programs, though each is an everyday word too.
pub(super) fn trust_lists(matches: &mut [Match], subtokens: &Subtokens) {
    let mut next_to: Vec<Vec<usize>> = vec![Vec::new(); subtokens.len() + 1];
    for (index, found) in matches.iter().enumerate() {
        if found.evidence == Evidence::NeedsContext && !found.spoken {
            next_to[found.first].push(index);
        }
    }
    let mut first = 0;
    while first < subtokens.len() {
        let mut list = Vec::new();
        let mut at = first;
        while let Some(longest) = next_to[at].iter().max_by_key(|index| matches[**index].end) {
            list.push(*longest);
            at = matches[*longest].end;
            if at == subtokens.len() || subtokens.list[at].sentence != subtokens.list[first].sentence {
                break;
            }
            let comma = subtokens.list[at - 1].ends_clause || subtokens.joint(at) == '/';
            let and = WORDS.list_words.contains(subtokens.text(at));
            if !comma && !and {
                break;
            }
            at += usize::from(and);
        }
        let terms: HashSet<usize> = list.iter().map(|index| matches[*index].term).collect();
        if terms.len() >= WORDS.list_members {
            for index in list {
                matches[index].evidence = Evidence::Sufficient;
            }
        }
        // What was looked at as one list begins no other, so that a long list takes time in proportion to its length.
        first = at.max(first + 1);
    }
}

/// Drops ambiguous matches without context. Two that have only each other ("I don't mean to", "in a bad mode") have none,
/// so an ambiguous word is context only once it has context itself. `matches` are in the order of the text, and so are
/// the `certain` ones, of which none overlaps another.
pub(super) fn keep_in_context(
    matches: Vec<Match>,
    subtokens: &Subtokens,
    certain: &[Match],
    terms: &[Term],
    asked: &HashSet<&str>,
) -> Vec<Match> {
    let mut search = ContextSearch::new(&matches, subtokens, certain, terms, asked);
    for index in 0..matches.len() {
        search.try_to_keep(index);
        search.propagate();
    }
    let mut kept = search.kept.into_iter();
    let mut matches = matches;
    matches.retain(|_| kept.next().unwrap_or(false));
    matches
}

/// The words of this text that are context for a term.
struct ContextWords {
    /// The question is about the term.
    asked: bool,
    /// Each is sufficient.
    words: Vec<usize>,
    /// Only all the words of one phrase together.
    phrases: Vec<Vec<usize>>,
}

impl ContextWords {
    fn new(term: &Term, subtokens: &Subtokens, asked: bool) -> Self {
        let mut context = Self {
            asked,
            words: Vec::new(),
            phrases: Vec::new(),
        };
        for near in &term.near {
            let near = near.to_lowercase();
            match split(&near).count() {
                0 => {}
                1 => {
                    context.words.extend(subtokens.written(&near));
                    context.words.extend(subtokens.inflected(&base_form(&near)));
                }
                _ => context.phrases.extend(
                    split(&near)
                        .map(|part| subtokens.written(part))
                        .collect::<Option<Vec<_>>>(),
                ),
            }
        }
        context
    }

    fn names(&self, word_type: usize) -> bool {
        self.words.contains(&word_type) || self.phrases.iter().any(|phrase| phrase.contains(&word_type))
    }
}

struct ContextSearch<'a> {
    matches: &'a [Match],
    subtokens: &'a Subtokens,
    certain: &'a [Match],
    /// By the index of the term.
    context: HashMap<usize, ContextWords>,
    /// For each subtoken, whether it is still ambiguous.
    ambiguous: Vec<bool>,
    kept: Vec<bool>,
    /// Subtokens that are no longer ambiguous, and whose neighbors have not been told.
    newly_certain: Vec<usize>,
    /// For each subtoken, how many matches begin before it.
    matches_before: Vec<usize>,
    /// The number of subtokens in the longest match.
    longest: usize,
}

impl<'a> ContextSearch<'a> {
    fn new(
        matches: &'a [Match],
        subtokens: &'a Subtokens,
        certain: &'a [Match],
        terms: &[Term],
        asked: &HashSet<&str>,
    ) -> Self {
        let mut context = HashMap::new();
        let mut ambiguous = vec![false; subtokens.len()];
        let mut matches_before = vec![0; subtokens.len() + 1];
        for found in matches {
            matches_before[found.first + 1] += 1;
            if found.evidence == Evidence::NeedsContext {
                ambiguous[found.first..found.end].fill(true);
                let term = &terms[found.term];
                context
                    .entry(found.term)
                    .or_insert_with(|| ContextWords::new(term, subtokens, asked.contains(term.name.as_str())));
            }
        }
        for index in 1..matches_before.len() {
            matches_before[index] += matches_before[index - 1];
        }
        let sufficient = |found: &Match| found.evidence == Evidence::Sufficient;
        for found in matches.iter().filter(|found| sufficient(found)) {
            ambiguous[found.first..found.end].fill(false);
        }
        Self {
            matches,
            subtokens,
            certain,
            context,
            ambiguous,
            kept: matches.iter().map(sufficient).collect(),
            newly_certain: Vec::new(),
            matches_before,
            longest: matches.iter().map(|found| found.end - found.first).max().unwrap_or(0),
        }
    }

    fn try_to_keep(&mut self, index: usize) {
        if self.kept[index] || !self.has_context(&self.matches[index]) {
            return;
        }
        self.kept[index] = true;
        for subtoken in self.matches[index].first..self.matches[index].end {
            if std::mem::take(&mut self.ambiguous[subtoken]) {
                self.newly_certain.push(subtoken);
            }
        }
    }

    /// Checks again those that a word may be context for, now that it is no longer ambiguous. That happens to each word
    /// at most once, so that a chain of ambiguous words takes time in proportion to its length.
    fn propagate(&mut self) {
        while let Some(subtoken) = self.newly_certain.pop() {
            let word_type = self.subtokens.list[subtoken].word_type;
            let from = self.matches_before[subtoken.saturating_sub(WORDS.context_words + self.longest)];
            let to = self.matches_before[(subtoken + WORDS.context_words + 1).min(self.subtokens.len())];
            for index in from..to {
                let term = self.matches[index].term;
                if self.context.get(&term).is_some_and(|context| context.names(word_type)) {
                    self.try_to_keep(index);
                }
            }
        }
    }

    /// Where context may stand: for what only sounds like a term, near it in the same sentence.
    fn window(&self, found: &Match) -> (usize, usize) {
        let words = if found.sounds_like {
            WORDS.spoken_context_words
        } else {
            WORDS.context_words
        };
        let mut from = found.first.saturating_sub(words);
        let mut to = (found.end + words).min(self.subtokens.len());
        if found.sounds_like {
            let sentence = self.subtokens.list[found.first].sentence;
            while self.subtokens.list[from].sentence != sentence {
                from += 1;
            }
            while self.subtokens.list[to - 1].sentence != sentence {
                to -= 1;
            }
        }
        (from, to)
    }

    fn has_context(&self, found: &Match) -> bool {
        let (from, to) = self.window(found);
        let (near, far) = if found.sounds_like {
            (from, to)
        } else {
            let words = WORDS.term_context_words;
            (found.first.saturating_sub(words), found.end + words)
        };
        let first = self.certain.partition_point(|other| other.end <= near);
        let other_term_nearby = self.certain[first..]
            .iter()
            .take_while(|other| other.first < far)
            .any(|other| other.term != found.term);
        if other_term_nearby {
            return true;
        }
        let Some(context) = self.context.get(&found.term) else {
            return false;
        };
        let around = || {
            (from..found.first)
                .chain(found.end..to)
                .filter(|subtoken| !self.ambiguous[*subtoken])
                .map(|subtoken| self.subtokens.list[subtoken].word_type)
        };
        context.asked
            || !context.words.is_empty() && around().any(|word_type| context.words.contains(&word_type))
            || context
                .phrases
                .iter()
                .any(|phrase| phrase.iter().all(|part| around().any(|word_type| word_type == *part)))
    }
}
