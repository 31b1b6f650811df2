//! What can also be an everyday word counts in company only: beside a word that the term's list names, beside another job
//! term, or where the question is about it.

use std::collections::{HashMap, HashSet};

use super::{
    forms::{Match, Proof},
    units::{Units, split},
};
use crate::{insight::base_form::base_form, question::Term};

/// How far company may stand, in words.
const NEARBY: usize = 12;

/// Leaves out doubtful matches without company. Two that have only each other ("I don't mean to", "in a bad mode") have
/// none, so a doubtful word counts as company only once it has found company itself. `matches` come in the order of the
/// text, and so do the sure ones, of which none overlaps another.
pub(super) fn accompanied(
    matches: Vec<Match>,
    units: &Units,
    sure: &[Match],
    terms: &[Term],
    asked: &HashSet<&str>,
) -> Vec<Match> {
    let mut search = Search::new(&matches, units, sure, terms, asked);
    for index in 0..matches.len() {
        search.try_to_keep(index);
        search.pass_on();
    }
    let mut kept = search.kept.into_iter();
    let mut matches = matches;
    matches.retain(|_| kept.next().unwrap_or(false));
    matches
}

/// The words of this text that are company for a term.
struct Company {
    /// The question is about the term.
    asked: bool,
    /// Each is enough.
    words: Vec<usize>,
    /// Only all the words of one together.
    phrases: Vec<Vec<usize>>,
}

impl Company {
    fn new(term: &Term, units: &Units, asked: bool) -> Self {
        let mut company = Self {
            asked,
            words: Vec::new(),
            phrases: Vec::new(),
        };
        for near in &term.near {
            let near = near.to_lowercase();
            match split(&near).count() {
                0 => {}
                1 => {
                    company.words.extend(units.written(&near));
                    company.words.extend(units.inflected(&base_form(&near)));
                }
                _ => company
                    .phrases
                    .extend(split(&near).map(|part| units.written(part)).collect::<Option<Vec<_>>>()),
            }
        }
        company
    }

    fn names(&self, entry: usize) -> bool {
        self.words.contains(&entry) || self.phrases.iter().any(|phrase| phrase.contains(&entry))
    }
}

struct Search<'a> {
    matches: &'a [Match],
    units: &'a Units,
    sure: &'a [Match],
    /// By term.
    company: HashMap<usize, Company>,
    /// For each unit whether what stands there is doubtful still.
    doubtful: Vec<bool>,
    kept: Vec<bool>,
    /// Units that are doubtful no more, and have not been passed on to their neighbours.
    cleared: Vec<usize>,
    /// For each unit how many matches begin before it.
    begun: Vec<usize>,
    /// Units of the longest match.
    longest: usize,
}

impl<'a> Search<'a> {
    fn new(matches: &'a [Match], units: &'a Units, sure: &'a [Match], terms: &[Term], asked: &HashSet<&str>) -> Self {
        let mut company = HashMap::new();
        let mut doubtful = vec![false; units.len()];
        let mut begun = vec![0; units.len() + 1];
        for found in matches {
            begun[found.first + 1] += 1;
            if found.proof == Proof::NeedsCompany {
                doubtful[found.first..found.end].fill(true);
                let term = &terms[found.term];
                company
                    .entry(found.term)
                    .or_insert_with(|| Company::new(term, units, asked.contains(term.name.as_str())));
            }
        }
        for index in 1..begun.len() {
            begun[index] += begun[index - 1];
        }
        let enough = |found: &Match| found.proof == Proof::Enough;
        for found in matches.iter().filter(|found| enough(found)) {
            doubtful[found.first..found.end].fill(false);
        }
        Self {
            matches,
            units,
            sure,
            company,
            doubtful,
            kept: matches.iter().map(enough).collect(),
            cleared: Vec::new(),
            begun,
            longest: matches.iter().map(|found| found.end - found.first).max().unwrap_or(0),
        }
    }

    fn try_to_keep(&mut self, index: usize) {
        if self.kept[index] || !self.has_company(&self.matches[index]) {
            return;
        }
        self.kept[index] = true;
        for unit in self.matches[index].first..self.matches[index].end {
            if std::mem::take(&mut self.doubtful[unit]) {
                self.cleared.push(unit);
            }
        }
    }

    /// Looks again at those that a word may be company for, now that it is doubtful no more. That happens to each word once
    /// at most, so a chain of doubtful words takes no longer than its length.
    fn pass_on(&mut self) {
        while let Some(unit) = self.cleared.pop() {
            let entry = self.units.list[unit].entry;
            let from = self.begun[unit.saturating_sub(NEARBY + self.longest)];
            let to = self.begun[(unit + NEARBY + 1).min(self.units.len())];
            for index in from..to {
                let term = self.matches[index].term;
                if self.company.get(&term).is_some_and(|company| company.names(entry)) {
                    self.try_to_keep(index);
                }
            }
        }
    }

    fn has_company(&self, found: &Match) -> bool {
        let (from, to) = (
            found.first.saturating_sub(NEARBY),
            (found.end + NEARBY).min(self.units.len()),
        );
        let first = self.sure.partition_point(|other| other.end <= from);
        let another = self.sure[first..]
            .iter()
            .take_while(|other| other.first < to)
            .any(|other| other.term != found.term);
        if another {
            return true;
        }
        let Some(company) = self.company.get(&found.term) else {
            return false;
        };
        let around = || {
            (from..found.first)
                .chain(found.end..to)
                .filter(|unit| !self.doubtful[*unit])
                .map(|unit| self.units.list[unit].entry)
        };
        company.asked
            || !company.words.is_empty() && around().any(|entry| company.words.contains(&entry))
            || company
                .phrases
                .iter()
                .any(|phrase| phrase.iter().all(|part| around().any(|entry| entry == *part)))
    }
}
