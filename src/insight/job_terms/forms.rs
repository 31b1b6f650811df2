//! The forms of a field's terms, and where they stand in an answer.

use std::collections::HashMap;

use super::units::{Entry, Unit, Units, split};
use crate::{
    insight::{base_form::base_form, reading::among},
    question::Term,
};

/// Acronyms that spell an everyday word: in small letters they need company.
const EVERYDAY_ACRONYMS: &str = "rest sow raid git bash kiss dry solid crud acid can cat aim sad mad art man pat nat add map pert \
    smart age per ram arm lean soar sam soc cab pip ad ads pr or as go us am pm ci cd ab id ip ux ui ai \
    ml cis sas sue sim spa cap cart ant sass less gap star win ice rice moscow bat pi ps tos dig nap bus \
    sip tape cis pie ace ping dora gem";

/// Names that nobody says in everyday life, though a spoken form of theirs may be an everyday word ("phishing", "fishing").
const TECHNICAL: &str = "backdoor beaconing endpoint fuzzing grep intune netflow phishing plaintext smishing sudo vishing \
    zeek cron saas payload variance memoization oauth proxy router servicenow burndown \
    dropshipping hreflang voiceover netstat malware ransomware kubernetes wireshark firewall retargeting";

/// Spoken forms that are verbs: after a subject they are just that ("it seems").
const EVERYDAY_VERBS: &str = "seem seems see think say sock sink run soar saw said hear seen cut";
const SUBJECTS: &str = "i we you they it he she would will did does doesn't don't didn't might may can could should that \
    this things people which there all not";

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// Can be nothing else.
    Enough,
    /// An everyday word too.
    NeedsCompany,
}

struct Part {
    pub text: String,
    pub base: String,
    /// An acronym: taken as it is, or with a plural s.
    exact: bool,
    /// A product named by an everyday word: its other forms ("excels", "snowflakes") are that word.
    name: bool,
}

struct Form {
    pub term: usize,
    parts: Vec<Part>,
    pub proof: Proof,
    pub spoken: bool,
    /// Written with a capital: a product's name.
    name: bool,
}

/// The forms of a field's terms, by the first word of each.
pub(super) struct Forms {
    /// For each term whether its name begins with a dot: ".NET".
    dotted: Vec<bool>,
    list: Vec<Form>,
    starting: HashMap<String, Vec<usize>>,
    /// Forms of two words, written as one.
    together: HashMap<String, usize>,
}

#[derive(Clone, Copy)]
pub(super) struct Match {
    pub term: usize,
    pub first: usize,
    pub end: usize,
    pub proof: Proof,
    pub spoken: bool,
    /// Units that stand there letter for letter.
    pub exact: usize,
}

impl Forms {
    pub fn new(terms: &[Term]) -> Self {
        let mut forms = Self {
            dotted: terms.iter().map(|term| term.name.starts_with('.')).collect(),
            list: Vec::with_capacity(terms.len() * 5),
            starting: HashMap::new(),
            together: HashMap::new(),
        };
        for (index, term) in terms.iter().enumerate() {
            forms.add_term(index, term);
        }
        forms
    }

    fn add_term(&mut self, index: usize, term: &Term) {
        let everyday = !term.near.is_empty();
        // "Sprint planning" may be another's word; "ad campaign" says nothing against "Active Directory".
        let mistaken = |form: &str| {
            let form = form.to_lowercase();
            let says = |phrase: &String| split(&phrase.to_lowercase()).any(|part| split(&form).any(|own| own == part));
            term.not.iter().any(says)
        };
        let doubt = |form: &str| {
            let words = split(form).count();
            let doubtful = everyday
                && (words < 2 || form == term.name && mistaken(form))
                && !among(form.to_lowercase().as_str(), TECHNICAL);
            if doubtful { Proof::NeedsCompany } else { Proof::Enough }
        };
        self.add(index, &term.name, doubt(&term.name), false);
        if let Some(long) = term.long_form.as_deref().filter(|long| *long != term.name) {
            self.add(index, long, doubt(long), false);
        }
        for form in term.acronym.iter().chain(&term.also).filter(|form| **form != term.name) {
            self.add(index, form, doubt(form), false);
        }
        for form in &term.spoken {
            let letters = split(form).filter(|part| part.chars().count() == 1).count();
            let words = split(form).count();
            let spelled = letters >= 3 && letters == words || words > 1 && !everyday && letters < words;
            self.add(
                index,
                form,
                if spelled { Proof::Enough } else { Proof::NeedsCompany },
                true,
            );
        }
        for form in [Some(&term.name), term.acronym.as_ref()].into_iter().flatten() {
            if let Some(spelled) = letter_by_letter(form) {
                let sure = spelled.split(' ').count() > 2;
                self.add(
                    index,
                    &spelled,
                    if sure { Proof::Enough } else { Proof::NeedsCompany },
                    true,
                );
            }
        }
    }

    fn add(&mut self, term: usize, form: &str, proof: Proof, spoken: bool) {
        let parts: Vec<Part> = form
            .split_whitespace()
            .flat_map(|word| {
                let exact = word.chars().filter(|c| c.is_uppercase()).count() > 1
                    || word.contains(|c: char| c.is_ascii_digit());
                let name = proof == Proof::NeedsCompany && word.starts_with(char::is_uppercase);
                let word = word.to_lowercase().replace('’', "'");
                split(&word)
                    .map(|part| Part {
                        text: part.to_owned(),
                        base: base_form(part),
                        exact: exact || spoken,
                        name,
                    })
                    .collect::<Vec<_>>()
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
        if let [one, other] = parts.as_slice()
            && !spoken
            && one.text.len() > 2
            && other.text.len() > 2
        {
            let together = format!("{}{}", one.text, other.text);
            self.together.entry(together).or_insert(self.list.len());
        }
        let name = form.starts_with(char::is_uppercase);
        self.list.push(Form {
            term,
            parts,
            proof,
            spoken,
            name,
        });
    }

    /// Everything that could be a term, overlaps included, in the order of the text.
    pub fn matches(&self, units: &Units) -> Vec<Match> {
        let candidates: Vec<Vec<usize>> = units.entries.iter().map(|entry| self.candidates(entry)).collect();
        let apart: Vec<Option<usize>> = units.entries.iter().map(|entry| self.apart(entry)).collect();
        let mut joined = String::new();
        let mut matches = Vec::new();
        for (first, unit) in units.list.iter().enumerate() {
            for form in &candidates[unit.entry] {
                matches.extend(self.match_at(&self.list[*form], units, first));
            }
            matches.extend(self.joined_at(units, first, &mut joined));
            matches.extend(apart[unit.entry].map(|form| self.loose(form, first, first + 1)));
        }
        matches
    }

    /// The forms that can begin with a word.
    fn candidates(&self, entry: &Entry) -> Vec<usize> {
        let text = entry.text.as_str();
        let plural = text.strip_suffix("'s").or_else(|| text.strip_suffix('s'));
        let mut keys = vec![text];
        for key in [entry.base.as_str(), plural.unwrap_or("")] {
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

    fn match_at(&self, form: &Form, units: &Units, first: usize) -> Option<Match> {
        let end = first + form.parts.len();
        let here = units.list.get(first..end)?;
        let entry = |unit: &Unit| &units.entries[unit.entry];
        let fits = form
            .parts
            .iter()
            .zip(here)
            .all(|(part, unit)| part.fits(entry(unit), unit.name));
        let text = units.text(first);
        if !fits || self.dotted[form.term] && form.parts.len() == 1 && !form.spoken && text == "net" {
            return None;
        }
        let acronym = form.parts.len() == 1 && form.parts[0].exact && !form.spoken;
        let proof = match form.proof {
            _ if acronym && !here[0].capitals && text.len() < 3 => Proof::NeedsCompany,
            _ if acronym && !here[0].capitals && among(text, EVERYDAY_ACRONYMS) => Proof::NeedsCompany,
            // In capitals it is the acronym, whatever the word in small letters means.
            Proof::NeedsCompany if acronym && here[0].capitals => Proof::Enough,
            Proof::NeedsCompany if form.name && here[0].name && !form.spoken => Proof::Enough,
            proof => proof,
        };
        if acronym && text == "it" && !here[0].capitals {
            return None;
        }
        if form.spoken && here.len() == 1 && among(text, EVERYDAY_VERBS) && follows_subject(units, first) {
            return None;
        }
        let exact = form
            .parts
            .iter()
            .zip(here)
            .filter(|(part, unit)| part.text == entry(unit).text)
            .count();
        Some(Match {
            term: form.term,
            first,
            end,
            proof,
            spoken: form.spoken,
            exact,
        })
    }

    /// "helpdesk" where the list says "help desk".
    fn apart(&self, entry: &Entry) -> Option<usize> {
        let whole = [entry.text.as_str(), entry.base.as_str()];
        whole.iter().find_map(|text| self.together.get(*text)).copied()
    }

    /// "fire wall" where the list says "firewall".
    fn joined_at(&self, units: &Units, first: usize, joined: &mut String) -> Option<Match> {
        let (one, other) = (units.list.get(first)?, units.list.get(first + 1)?);
        let (one, other) = (&units.entries[one.entry], &units.entries[other.entry]);
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
        Some(self.loose(*form, first, first + 2))
    }

    /// A form that stands there with another space.
    fn loose(&self, form: usize, first: usize, end: usize) -> Match {
        let form = &self.list[form];
        Match {
            term: form.term,
            first,
            end,
            proof: form.proof,
            spoken: false,
            exact: 0,
        }
    }
}

impl Part {
    /// `name`: written with a capital.
    fn fits(&self, entry: &Entry, name: bool) -> bool {
        if self.text == entry.text {
            return true;
        }
        if self.exact {
            return entry
                .text
                .strip_suffix("'s")
                .or_else(|| entry.text.strip_suffix('s'))
                .is_some_and(|stem| stem == self.text && stem.len() > 1);
        }
        self.base == entry.base && self.text.len() > 2 && (!self.name || name)
    }
}

fn follows_subject(units: &Units, first: usize) -> bool {
    let before = first.checked_sub(1).map_or("", |index| units.text(index));
    let next = if first + 1 < units.len() {
        units.text(first + 1)
    } else {
        ""
    };
    among(before, SUBJECTS) || among(next, "to like that it as")
}

/// "SIEM" → "s i e m"; nothing for what is no acronym.
fn letter_by_letter(form: &str) -> Option<String> {
    let letters: Vec<String> = form
        .chars()
        .filter(|c| c.is_alphabetic())
        .map(|c| c.to_lowercase().to_string())
        .collect();
    let acronym = form.chars().all(|c| c.is_uppercase() || c == '/') && letters.len() > 1;
    acronym.then(|| letters.join(" "))
}
