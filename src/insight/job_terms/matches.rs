//! Where the forms of a field's terms stand in an answer.

use super::{
    WORDS,
    forms::{Evidence, Form, FormWord, Forms},
    subtokens::{Subtoken, Subtokens, WordType},
};

/// A form that stands in the text, from one subtoken to before another.
#[derive(Clone, Copy)]
pub(super) struct Match {
    /// The index of the term.
    pub term: usize,
    pub first: usize,
    pub end: usize,
    pub evidence: Evidence,
    pub spoken: bool,
    /// How many subtokens match letter for letter, not just by base form.
    pub exact: usize,
}

impl Forms {
    /// Everything that could be a term, overlaps included, in the order of the text.
    pub fn matches(&self, subtokens: &Subtokens) -> Vec<Match> {
        let candidates: Vec<Vec<usize>> = subtokens
            .types
            .iter()
            .map(|word_type| self.candidates(word_type))
            .collect();
        let written_as_one: Vec<Option<usize>> = subtokens
            .types
            .iter()
            .map(|word_type| self.written_as_one(word_type))
            .collect();
        let mut joined = String::new();
        let mut matches = Vec::new();
        for (first, subtoken) in subtokens.list.iter().enumerate() {
            for form in &candidates[subtoken.word_type] {
                matches.extend(self.match_at(&self.list[*form], subtokens, first));
            }
            matches.extend(self.split_compound_at(subtokens, first, &mut joined));
            matches.extend(written_as_one[subtoken.word_type].map(|form| self.compound_match(form, first, first + 1)));
        }
        matches
    }

    /// The forms that can begin with a word.
    fn candidates(&self, word_type: &WordType) -> Vec<usize> {
        let text = word_type.text.as_str();
        let plural = text.strip_suffix("'s").or_else(|| text.strip_suffix('s'));
        let mut keys = vec![text];
        for key in [word_type.base.as_str(), plural.unwrap_or("")] {
            if !key.is_empty() && !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys.iter()
            .filter_map(|key| self.starting.get(*key))
            .flatten()
            .copied()
            .collect()
    }

    fn match_at(&self, form: &Form, subtokens: &Subtokens, first: usize) -> Option<Match> {
        let end = first + form.parts.len();
        let here = subtokens.list.get(first..end)?;
        let word_type = |subtoken: &Subtoken| &subtokens.types[subtoken.word_type];
        let fits = form
            .parts
            .iter()
            .zip(here)
            .all(|(part, subtoken)| part.matches_type(word_type(subtoken), subtoken.name));
        let text = subtokens.text(first);
        if !fits || self.dotted[form.term] && form.parts.len() == 1 && !form.spoken && text == "net" && !here[0].dotted
        {
            return None;
        }
        let alone = form.parts.len() == 1;
        if alone && here[0].joined_letter {
            return None;
        }
        let acronym = alone && form.parts[0].exact && !form.spoken;
        if acronym && here[0].capital_s && text != form.parts[0].text {
            return None;
        }
        let evidence = match form.evidence {
            _ if acronym && !here[0].capitals && text.len() < 3 => Evidence::NeedsContext,
            _ if acronym && !here[0].capitals && WORDS.everyday_acronyms.contains(text) => Evidence::NeedsContext,
            // In capitals it is the acronym, whatever the word in small letters means.
            Evidence::NeedsContext if acronym && here[0].capitals => Evidence::Sufficient,
            Evidence::NeedsContext if form.name && here[0].name && !form.spoken => Evidence::Sufficient,
            evidence => evidence,
        };
        if acronym && text == "it" && !here[0].capitals {
            return None;
        }
        if form.spoken && here.len() == 1 && WORDS.everyday_verbs.contains(text) && follows_subject(subtokens, first) {
            return None;
        }
        // "Go" is a language, "go" is none, however near other languages are.
        if alone && form.name && !form.spoken && !here[0].name && WORDS.capitalized_names.contains(text) {
            return None;
        }
        let exact = form
            .parts
            .iter()
            .zip(here)
            .filter(|(part, subtoken)| part.text == word_type(subtoken).text)
            .count();
        Some(Match {
            term: form.term,
            first,
            end,
            evidence,
            spoken: form.spoken,
            exact,
        })
    }

    /// "helpdesk" where the list says "help desk".
    fn written_as_one(&self, word_type: &WordType) -> Option<usize> {
        let whole = [word_type.text.as_str(), word_type.base.as_str()];
        whole.iter().find_map(|text| self.compounds.get(*text)).copied()
    }

    /// "fire wall" where the list says "firewall".
    fn split_compound_at(&self, subtokens: &Subtokens, first: usize, joined: &mut String) -> Option<Match> {
        let (one, other) = (subtokens.list.get(first)?, subtokens.list.get(first + 1)?);
        let (one, other) = (&subtokens.types[one.word_type], &subtokens.types[other.word_type]);
        if one.text.len() < 3 || other.text.len() < 3 {
            return None;
        }
        let whole = |form: &&usize| self.list[**form].parts.len() == 1 && !self.list[**form].spoken;
        let form = [&other.text, &other.base].into_iter().find_map(|end| {
            joined.clear();
            joined.push_str(&one.text);
            joined.push_str(end);
            self.starting.get(joined)?.iter().find(whole)
        })?;
        Some(self.compound_match(*form, first, first + 2))
    }

    /// A match that has a space more or less than the form.
    fn compound_match(&self, form: usize, first: usize, end: usize) -> Match {
        let form = &self.list[form];
        Match {
            term: form.term,
            first,
            end,
            evidence: form.evidence,
            spoken: false,
            exact: 0,
        }
    }
}

impl FormWord {
    /// `name`: written with a capital.
    fn matches_type(&self, word_type: &WordType, name: bool) -> bool {
        if self.text == word_type.text {
            return true;
        }
        if self.exact {
            return word_type
                .text
                .strip_suffix("'s")
                .or_else(|| word_type.text.strip_suffix('s'))
                .is_some_and(|stem| stem == self.text && stem.len() > 1);
        }
        self.base == word_type.base && self.text.len() > 2 && (!self.name || name)
    }
}

fn follows_subject(subtokens: &Subtokens, first: usize) -> bool {
    let before = first.checked_sub(1).map_or("", |index| subtokens.text(index));
    let next = if first + 1 < subtokens.len() {
        subtokens.text(first + 1)
    } else {
        ""
    };
    WORDS.verb_subjects.contains(before) || WORDS.verb_complements.contains(next)
}
