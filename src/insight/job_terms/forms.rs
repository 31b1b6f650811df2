//! The forms of a field's terms: names, long forms, acronyms, and how they are said.

use std::{collections::HashMap, iter};

use super::{
    WORDS,
    derivation::{noun_of_verb, verbs_of_noun},
    subtokens::{normal, split},
};
use crate::{
    insight::{base_form::base_form, most_used::is_everyday_word},
    question::Term,
};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Evidence {
    /// It can be nothing else.
    Sufficient,
    /// It may be an everyday word: it counts in context only.
    NeedsContext,
}

impl Evidence {
    fn sufficient_if(sufficient: bool) -> Self {
        if sufficient {
            Self::Sufficient
        } else {
            Self::NeedsContext
        }
    }
}

/// A word of a form.
#[expect(clippy::struct_excessive_bools, reason = "each is one way of matching it")]
pub(super) struct FormWord {
    pub text: String,
    pub base: String,
    /// An acronym: taken as it is, or with a plural s.
    pub exact: bool,
    /// A product named by an everyday word: its other forms ("excels", "snowflakes") are that word.
    pub name: bool,
    /// The -ing of an everyday word, which is a term only as a verb: "branching", not "branch".
    pub gerund: bool,
    /// Too long for an acronym, so that it can be a verb: `TeamViewered`.
    pub long_name: bool,
}

/// A name with several capitals is no acronym from so many letters on.
const LONG_NAME: usize = 6;

/// A form of a term.
pub(super) struct Form {
    /// The index of the term.
    pub term: usize,
    pub parts: Vec<FormWord>,
    pub evidence: Evidence,
    pub spoken: bool,
    /// Written with a capital: a product's name.
    pub name: bool,
    /// Ends in a particle and may be an everyday verb: "follow up", "log in".
    pub phrasal: bool,
}

/// The forms of a field's terms.
pub(super) struct Forms {
    /// For each term, whether its name begins with a dot: ".NET".
    pub dotted: Vec<bool>,
    pub list: Vec<Form>,
    /// By the first word of each, as it is written and in its base form.
    pub starting: HashMap<String, Vec<usize>>,
    /// Written forms by their letters, without what stands between the words.
    pub joined: HashMap<String, Vec<usize>>,
    /// Forms of one word by the verb that they are the noun of: "encrypt" for "encryption".
    pub verbs: HashMap<String, Vec<usize>>,
    /// Forms of two words by the verb of the second: "review" for "code reviewing", said as "reviewed the code".
    pub reversed: HashMap<String, Vec<usize>>,
    /// Acronyms of three letters and more, with the index of the term.
    pub acronyms: Vec<(String, usize)>,
}

impl Forms {
    pub fn new(terms: &[Term]) -> Self {
        let mut forms = Self {
            dotted: terms.iter().map(|term| term.name.starts_with('.')).collect(),
            list: Vec::with_capacity(terms.len() * 5),
            starting: HashMap::new(),
            joined: HashMap::new(),
            verbs: HashMap::new(),
            reversed: HashMap::new(),
            acronyms: Vec::new(),
        };
        for (index, term) in terms.iter().enumerate() {
            forms.add_term(index, term);
        }
        forms
    }

    fn add_term(&mut self, index: usize, term: &Term) {
        self.add(index, term, &term.name, evidence_of(term, &term.name), false);
        let written = term.long_form.iter().chain(&term.acronym).chain(&term.also);
        for form in written.filter(|form| **form != term.name) {
            self.add(index, term, form, evidence_of(term, form), false);
        }
        for form in &term.spoken {
            let letters = split(form).filter(|part| part.chars().count() == 1).count();
            let words = split(form).count();
            let spelled = letters >= 3 && letters == words;
            let sure = !may_be_everyday(term) || names_a_part(term, form);
            let several_words = words > 1 && letters < words && sure;
            self.add(
                index,
                term,
                form,
                Evidence::sufficient_if(spelled || several_words),
                true,
            );
        }
        for form in iter::once(&term.name).chain(&term.acronym) {
            if let Some(spelled) = spelled_out(form) {
                let letters = spelled.split(' ').count();
                self.add(index, term, &spelled, Evidence::sufficient_if(letters > 2), true);
                if letters > 2 {
                    self.acronyms.push((spelled.replace(' ', ""), index));
                }
            }
        }
    }

    fn add(&mut self, index: usize, term: &Term, form: &str, evidence: Evidence, spoken: bool) {
        let straight = form.replace('’', "'");
        let parts: Vec<FormWord> = straight
            .split_whitespace()
            .flat_map(|word| {
                let exact = word.chars().filter(|c| c.is_uppercase()).count() > 1
                    || word.contains(|c: char| c.is_ascii_digit());
                let name = evidence == Evidence::NeedsContext && word.starts_with(char::is_uppercase);
                split(word).map(normal).map(move |text| {
                    let base = base_form(&text);
                    // "Branching" is no branch.
                    let gerund = text != base && text.ends_with("ing") && is_everyday_word(&base);
                    FormWord {
                        exact: exact || spoken,
                        gerund,
                        long_name: exact && text.len() >= LONG_NAME && text.chars().all(char::is_alphabetic),
                        base,
                        text,
                        name,
                    }
                })
            })
            .collect();
        let Some(first) = parts.first() else {
            return;
        };
        let mut keys = vec![first.text.clone()];
        if !first.exact && first.base != first.text {
            keys.push(first.base.clone());
        }
        for key in keys {
            self.starting.entry(key).or_default().push(self.list.len());
        }
        if !spoken {
            self.add_variants(&parts);
        }
        self.list.push(Form {
            term: index,
            evidence,
            spoken,
            name: form.starts_with(char::is_uppercase),
            phrasal: parts.len() == 2 && may_be_everyday(term) && WORDS.particles.contains(&parts[1].text),
            parts,
        });
    }

    /// Other ways of writing and saying the form that comes next.
    fn add_variants(&mut self, parts: &[FormWord]) {
        let next = self.list.len();
        let letters: String = parts.iter().map(|part| part.text.as_str()).collect();
        if letters.len() > 4 {
            self.joined.entry(letters).or_default().push(next);
        }
        match parts {
            [one] if !one.exact => {
                for verb in verbs_of_noun(&one.text) {
                    self.verbs.entry(verb).or_default().push(next);
                }
            }
            [one, other] if !one.exact && !other.exact && one.text.len() > 2 => {
                let verbs = verbs_of_noun(&other.text);
                let gerund = other.text.ends_with("ing") && other.base != other.text;
                for verb in verbs.into_iter().chain(gerund.then(|| other.base.clone())) {
                    self.reversed.entry(verb).or_default().push(next);
                }
            }
            _ => {}
        }
    }

    /// The forms of one word that a verb is made of, or that are made of the verb.
    pub fn of_verb(&self, base: &str) -> Vec<usize> {
        let mut forms: Vec<usize> = self.verbs.get(base).cloned().unwrap_or_default();
        for noun in noun_of_verb(base) {
            let single = |form: &&usize| self.list[**form].parts.len() == 1 && !self.list[**form].spoken;
            forms.extend(self.starting.get(&noun).into_iter().flatten().filter(single));
        }
        forms
    }
}

/// Whether a form as it is heard has a word of the term's name: "racy chart".
fn names_a_part(term: &Term, form: &str) -> bool {
    let name = term.name.to_lowercase();
    split(form).any(|heard| heard.len() > 3 && split(&name).any(|part| part == heard))
}

/// What names a word that it must be near is an everyday word too.
fn may_be_everyday(term: &Term) -> bool {
    !term.near.is_empty()
}

/// How sure a written form is.
fn evidence_of(term: &Term, form: &str) -> Evidence {
    let lower = form.to_lowercase();
    // "Sprint planning" may be another's word; "ad campaign" says nothing against "Active Directory".
    let in_excluded_phrase =
        |phrase: &String| split(&phrase.to_lowercase()).any(|part| split(&lower).any(|own| own == part));
    let ambiguous = split(form).count() < 2 || form == term.name && term.not.iter().any(in_excluded_phrase);
    Evidence::sufficient_if(!(may_be_everyday(term) && ambiguous && !WORDS.technical.contains(&lower)))
}

/// "SIEM" → "s i e m"; nothing for what is not an acronym.
fn spelled_out(form: &str) -> Option<String> {
    let letters: Vec<String> = form
        .chars()
        .filter(|c| c.is_alphabetic())
        .map(|c| c.to_lowercase().to_string())
        .collect();
    let acronym = form.chars().all(|c| c.is_uppercase() || c == '/') && letters.len() > 1;
    acronym.then(|| letters.join(" "))
}
