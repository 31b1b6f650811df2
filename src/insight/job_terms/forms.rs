//! The forms of a field's terms, and where they stand in an answer.

use std::collections::HashMap;

use crate::{
    insight::{
        base_form::base_form,
        reading::{Reading, among},
    },
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

/// A word of the answer, or a part of one that is written with a hyphen, a slash or a dot.
pub(super) struct Unit {
    pub word: usize,
    pub text: String,
    pub base: String,
    /// Written in capitals: "SOC", not "soc".
    capitals: bool,
    /// Written with a capital inside a sentence: "Excel", not "excel".
    name: bool,
}

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
pub(super) struct Forms<'a> {
    terms: &'a [Term],
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

pub(super) fn units(reading: &Reading<'_>) -> Vec<Unit> {
    let mut units = Vec::with_capacity(reading.tokens.len());
    for (index, token) in reading.tokens.iter().enumerate() {
        let raw = &reading.transcript.words[token.at].text;
        let name = raw.contains(char::is_uppercase) && !reading.starts_sentence(index);
        let capitals = raw.chars().filter(|c| c.is_uppercase()).count() > 1
            || raw.chars().filter(|c| c.is_alphanumeric()).count() == 1 && raw.contains(char::is_uppercase);
        for text in split(&token.bare) {
            units.push(Unit {
                word: token.at,
                base: base_form(text),
                text: text.to_owned(),
                capitals,
                name,
            });
        }
    }
    units
}

/// At hyphens, slashes, dots and the like; numbers keep their dots ("802.11").
pub(super) fn split(text: &str) -> impl Iterator<Item = &str> {
    let number = text.starts_with(|c: char| c.is_ascii_digit());
    text.split(move |c: char| matches!(c, '-' | '/' | '_' | '–' | ' ' | '&' | '(' | ')' | ',') || c == '.' && !number)
        .map(|part| part.trim_matches(|c: char| !c.is_alphanumeric() && c != '+' && c != '#'))
        .filter(|part| !part.is_empty())
}

impl<'a> Forms<'a> {
    pub fn new(terms: &'a [Term]) -> Self {
        let mut forms = Self {
            terms,
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

    /// Everything that could be a term, overlaps included.
    pub fn matches(&self, units: &[Unit]) -> Vec<Match> {
        let mut matches = Vec::new();
        for (first, unit) in units.iter().enumerate() {
            let plural = unit
                .text
                .strip_suffix("'s")
                .or_else(|| unit.text.strip_suffix('s'))
                .unwrap_or("");
            let mut keys = vec![unit.text.as_str()];
            for key in [unit.base.as_str(), plural] {
                if !key.is_empty() && !keys.contains(&key) {
                    keys.push(key);
                }
            }
            for form in keys.iter().filter_map(|key| self.starting.get(*key)).flatten() {
                matches.extend(self.match_at(&self.list[*form], units, first));
            }
            matches.extend(self.joined_at(units, first));
            matches.extend(self.apart_at(units, first));
        }
        matches
    }

    fn match_at(&self, form: &Form, units: &[Unit], first: usize) -> Option<Match> {
        let end = first + form.parts.len();
        let here = units.get(first..end)?;
        let fits = form.parts.iter().zip(here).all(|(part, unit)| part.fits(unit));
        if !fits
            || self.terms[form.term].name.starts_with('.')
                && form.parts.len() == 1
                && !form.spoken
                && here[0].text == "net"
        {
            return None;
        }
        let acronym = form.parts.len() == 1 && form.parts[0].exact && !form.spoken;
        let proof = match form.proof {
            _ if acronym && !here[0].capitals && here[0].text.len() < 3 => Proof::NeedsCompany,
            _ if acronym && !here[0].capitals && among(here[0].text.as_str(), EVERYDAY_ACRONYMS) => Proof::NeedsCompany,
            // In capitals it is the acronym, whatever the word in small letters means.
            Proof::NeedsCompany if acronym && here[0].capitals => Proof::Enough,
            Proof::NeedsCompany if form.name && here[0].name && !form.spoken => Proof::Enough,
            proof => proof,
        };
        if acronym && here[0].text == "it" && !here[0].capitals {
            return None;
        }
        if form.spoken
            && here.len() == 1
            && among(here[0].text.as_str(), EVERYDAY_VERBS)
            && follows_subject(units, first)
        {
            return None;
        }
        let exact = form
            .parts
            .iter()
            .zip(here)
            .filter(|(part, unit)| part.text == unit.text)
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
    fn apart_at(&self, units: &[Unit], first: usize) -> Option<Match> {
        let unit = &units[first];
        let whole = [unit.text.as_str(), unit.base.as_str()];
        let form = whole.iter().find_map(|text| self.together.get(*text))?;
        let form = &self.list[*form];
        Some(Match {
            term: form.term,
            first,
            end: first + 1,
            proof: form.proof,
            spoken: false,
            exact: 0,
        })
    }

    /// "fire wall" where the list says "firewall".
    fn joined_at(&self, units: &[Unit], first: usize) -> Option<Match> {
        let (one, other) = (units.get(first)?, units.get(first + 1)?);
        if one.text.len() < 3 || other.text.len() < 3 {
            return None;
        }
        let joined = format!("{}{}", one.text, other.text);
        let base = format!("{}{}", one.text, other.base);
        let form = [joined, base]
            .iter()
            .filter_map(|key| self.starting.get(key))
            .flatten()
            .map(|form| &self.list[*form])
            .find(|form| form.parts.len() == 1 && !form.spoken)?;
        Some(Match {
            term: form.term,
            first,
            end: first + 2,
            proof: form.proof,
            spoken: false,
            exact: 0,
        })
    }
}

impl Part {
    fn fits(&self, unit: &Unit) -> bool {
        if self.text == unit.text {
            return true;
        }
        if self.exact {
            return unit
                .text
                .strip_suffix("'s")
                .or_else(|| unit.text.strip_suffix('s'))
                .is_some_and(|stem| stem == self.text && stem.len() > 1);
        }
        self.base == unit.base && self.text.len() > 2 && (!self.name || unit.name)
    }
}

fn follows_subject(units: &[Unit], first: usize) -> bool {
    let before = first.checked_sub(1).map_or("", |index| units[index].text.as_str());
    let next = units.get(first + 1).map_or("", |unit| unit.text.as_str());
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
