//! Job terms: the field's words in an answer, in every form in which they are written or said.
//!
//! A form is matched word by word, by base form, longest first, so that no term counts inside a longer one. Hyphens,
//! slashes and dots are spaces. What can also be an everyday word ("port", or "seam" for SIEM) needs company: a word that
//! the term's list names, another job term, or a question that is about it.

use std::collections::{HashMap, HashSet};

use crate::{
    insight::{Answer, JobTerms, TermUse, base_form::base_form, reading::Reading},
    question::{Field, Term},
    span::Span,
};

/// How far company may stand, in words.
const NEARBY: usize = 12;

/// Everyday phrases around words that are terms in many fields.
const EVERYDAY_PHRASES: &str = include_str!("../../assets/insight/everyday_phrases.txt");

/// Acronyms that spell an everyday word: in small letters they need company.
const EVERYDAY_ACRONYMS: &[&str] = &[
    "rest", "sow", "raid", "git", "bash", "kiss", "dry", "solid", "crud", "acid", "can", "cat", "aim", "sad", "mad",
    "art", "man", "pat", "nat", "add", "map", "pert", "smart", "age", "per", "ram", "arm", "lean", "soar", "sam",
    "soc", "cab", "pip", "ad", "ads", "pr", "or", "as", "go", "us", "am", "pm", "ci", "cd", "ab", "id", "ip", "ux",
    "ui", "ai", "ml", "cis", "sas", "sue", "sim", "spa", "cap", "cart", "ant", "sass", "less", "gap", "star", "win",
    "ice", "rice", "moscow", "bat", "pi", "ps", "tos", "dig", "nap", "bus", "sip", "tape", "cis", "pie", "ace", "ping",
    "dora", "gem",
];

/// Names that nobody says in everyday life, though a spoken form of theirs may be an everyday word ("phishing", "fishing").
const TECHNICAL: &[&str] = &[
    "backdoor",
    "beaconing",
    "endpoint",
    "fuzzing",
    "grep",
    "intune",
    "netflow",
    "phishing",
    "plaintext",
    "smishing",
    "sudo",
    "vishing",
    "zeek",
    "cron",
    "saas",
    "payload",
    "kernel",
    "query",
    "variance",
    "memoization",
    "oauth",
    "proxy",
    "router",
    "servicenow",
    "burndown",
    "dropshipping",
    "hreflang",
    "voiceover",
    "netstat",
    "malware",
    "ransomware",
    "kubernetes",
    "wireshark",
    "firewall",
    "retargeting",
];

/// Spoken forms that are verbs: after a subject they are just that ("it seems").
const EVERYDAY_VERBS: &[&str] = &[
    "seem", "seems", "see", "think", "say", "sock", "sink", "run", "soar", "saw", "said", "hear", "seen", "cut",
];
const SUBJECTS: &[&str] = &[
    "i", "we", "you", "they", "it", "he", "she", "would", "will", "did", "does", "doesn't", "don't", "didn't", "might",
    "may", "can", "could", "should", "that", "this", "things", "people", "which", "there", "all", "not",
];

/// A word of the answer, or a part of one that is written with a hyphen, a slash or a dot.
struct Unit {
    word: usize,
    text: String,
    base: String,
    /// Written in capitals: "SOC", not "soc".
    capitals: bool,
    /// Written with a capital inside a sentence: "Excel", not "excel".
    name: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Proof {
    /// Can be nothing else.
    Enough,
    /// An everyday word too.
    NeedsCompany,
}

struct Part {
    text: String,
    base: String,
    /// An acronym: taken as it is, or with a plural s.
    exact: bool,
}

struct Form {
    term: usize,
    parts: Vec<Part>,
    proof: Proof,
    spoken: bool,
    /// Written with a capital: a product's name.
    name: bool,
}

/// The forms of a field's terms, by the first word of each.
struct Forms<'a> {
    terms: &'a [Term],
    forms: Vec<Form>,
    starting: HashMap<String, Vec<usize>>,
}

#[derive(Clone, Copy)]
struct Match {
    term: usize,
    first: usize,
    end: usize,
    proof: Proof,
    spoken: bool,
    /// Units that stand there letter for letter.
    exact: usize,
}

/// The field's terms that an answer used, and the others.
pub(super) fn job_terms(answer: Answer<'_>, reading: &Reading<'_>) -> JobTerms {
    let Some(field) = answer.field else {
        return JobTerms::default();
    };
    let asked: HashSet<&str> = answer
        .question
        .iter()
        .flat_map(|question| &question.job_terms)
        .map(String::as_str)
        .collect();
    let used = used(field, reading, &asked);
    let names: HashSet<&str> = used.iter().map(|term| term.term.as_str()).collect();
    let unused = |name: &&str| !names.contains(name);
    let first = answer
        .question
        .iter()
        .flat_map(|question| &question.job_terms)
        .map(String::as_str);
    let rest = field
        .terms
        .iter()
        .map(|term| term.name.as_str())
        .filter(|name| !asked.contains(name));
    let others = first.chain(rest).filter(unused).map(str::to_owned).collect();
    JobTerms { used, others }
}

fn used(field: &Field, reading: &Reading<'_>, asked: &HashSet<&str>) -> Vec<TermUse> {
    let units = units(reading);
    let forms = Forms::new(&field.terms);
    let blocked = blocked(&units, &field.terms);
    let mut matches = forms.matches(&units);
    matches.retain(|found| {
        !blocked.iter().any(|(term, first, end)| {
            term.is_none_or(|term| term == found.term) && *first < found.end && found.first < *end
        })
    });
    let sure: Vec<Match> = longest_first(
        matches
            .iter()
            .copied()
            .filter(|found| found.proof == Proof::Enough)
            .collect(),
    );
    matches.retain(|found| {
        found.proof == Proof::Enough || has_company(found, &units, &sure, &field.terms[found.term], asked)
    });
    let mut by_term: Vec<(usize, Vec<Match>)> = Vec::new();
    let mut chosen = longest_first(matches);
    chosen.sort_by_key(|found| found.first);
    for found in chosen {
        match by_term.iter_mut().find(|(term, _)| *term == found.term) {
            Some((_, places)) => places.push(found),
            None => by_term.push((found.term, vec![found])),
        }
    }
    by_term
        .into_iter()
        .map(|(term, places)| {
            let words: Vec<_> = places
                .iter()
                .map(|place| units[place.first].word..units[place.end - 1].word + 1)
                .collect();
            let spans: Vec<Span> = words
                .iter()
                .filter_map(|range| reading.transcript.span_of(range.clone()))
                .collect();
            TermUse {
                term: field.terms[term].name.clone(),
                words,
                spans,
            }
        })
        .collect()
}

fn units(reading: &Reading<'_>) -> Vec<Unit> {
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
fn split(text: &str) -> impl Iterator<Item = &str> {
    let number = text.starts_with(|c: char| c.is_ascii_digit());
    text.split(move |c: char| matches!(c, '-' | '/' | '_' | '–' | ' ' | '&' | '(' | ')' | ',') || c == '.' && !number)
        .map(|part| part.trim_matches(|c: char| !c.is_alphanumeric() && c != '+' && c != '#'))
        .filter(|part| !part.is_empty())
}

impl<'a> Forms<'a> {
    fn new(terms: &'a [Term]) -> Self {
        let mut forms = Self {
            terms,
            forms: Vec::with_capacity(terms.len() * 5),
            starting: HashMap::new(),
        };
        for (index, term) in terms.iter().enumerate() {
            forms.add_term(index, term);
        }
        forms
    }

    fn add_term(&mut self, index: usize, term: &Term) {
        let everyday = !term.near.is_empty();
        let doubt = |form: &str| {
            let words = split(form).count();
            let doubtful = everyday
                && (words < 2 || form == term.name && !term.not.is_empty())
                && !TECHNICAL.contains(&form.to_lowercase().as_str());
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
                let word = word.to_lowercase().replace('’', "'");
                split(&word)
                    .map(|part| Part {
                        text: part.to_owned(),
                        base: base_form(part),
                        exact: exact || spoken,
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
            self.starting.entry(key).or_default().push(self.forms.len());
        }
        let name = form.starts_with(char::is_uppercase);
        self.forms.push(Form {
            term,
            parts,
            proof,
            spoken,
            name,
        });
    }

    /// Everything that could be a term, overlaps included.
    fn matches(&self, units: &[Unit]) -> Vec<Match> {
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
                matches.extend(self.match_at(&self.forms[*form], units, first));
            }
            matches.extend(self.joined_at(units, first));
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
            _ if acronym && !here[0].capitals && EVERYDAY_ACRONYMS.contains(&here[0].text.as_str()) => {
                Proof::NeedsCompany
            }
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
            && EVERYDAY_VERBS.contains(&here[0].text.as_str())
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
            .map(|form| &self.forms[*form])
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
        self.base == unit.base && self.text.len() > 2
    }
}

fn follows_subject(units: &[Unit], first: usize) -> bool {
    let before = first.checked_sub(1).map_or("", |index| units[index].text.as_str());
    let next = units.get(first + 1).map_or("", |unit| unit.text.as_str());
    SUBJECTS.contains(&before) || ["to", "like", "that", "it", "as"].contains(&next)
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

/// Stretches in which a term (or, without one, any term) never counts.
fn blocked(units: &[Unit], terms: &[Term]) -> Vec<(Option<usize>, usize, usize)> {
    let mut blocked = Vec::new();
    let bases: HashSet<&str> = units
        .iter()
        .flat_map(|unit| [unit.base.as_str(), unit.text.as_str()])
        .collect();
    let mut block = |term: Option<usize>, phrase: &str| {
        let lower = phrase.to_lowercase();
        let parts: Vec<(&str, String)> = lower
            .split_whitespace()
            .flat_map(split)
            .map(|part| (part, base_form(part)))
            .collect();
        if parts.is_empty()
            || !parts
                .iter()
                .all(|(text, base)| bases.contains(text) || bases.contains(base.as_str()))
        {
            return;
        }
        for first in 0..(units.len() + 1).saturating_sub(parts.len()) {
            let here = &units[first..first + parts.len()];
            if parts
                .iter()
                .zip(here)
                .all(|((text, base), unit)| *text == unit.text || *base == unit.base)
            {
                blocked.push((term, first, first + parts.len()));
            }
        }
    };
    for (index, term) in terms.iter().enumerate() {
        term.not.iter().for_each(|phrase| block(Some(index), phrase));
    }
    EVERYDAY_PHRASES
        .lines()
        .filter(|line| !line.starts_with('#'))
        .for_each(|phrase| block(None, phrase));
    blocked
}

/// A word from the term's list, another job term, or a question about it.
fn has_company(found: &Match, units: &[Unit], sure: &[Match], term: &Term, asked: &HashSet<&str>) -> bool {
    if asked.contains(term.name.as_str()) {
        return true;
    }
    let (from, to) = (
        found.first.saturating_sub(NEARBY),
        (found.end + NEARBY).min(units.len()),
    );
    let another = sure
        .iter()
        .any(|other| other.term != found.term && other.first < to && other.end > from);
    let around = || (from..found.first).chain(found.end..to).map(|index| &units[index]);
    let named = term.near.iter().any(|near| {
        let near = near.to_lowercase();
        let base = base_form(&near);
        split(&near).count() == 1 && around().any(|unit| unit.text == near || unit.base == base)
            || split(&near).count() > 1 && split(&near).all(|part| around().any(|unit| unit.text == part))
    });
    named || another
}

/// The longest first, then what stands letter for letter; none overlaps another.
fn longest_first(mut matches: Vec<Match>) -> Vec<Match> {
    matches.sort_by_key(|found| {
        (
            std::cmp::Reverse(found.end - found.first),
            found.spoken,
            std::cmp::Reverse(found.exact),
            found.first,
            found.term,
        )
    });
    let mut chosen: Vec<Match> = Vec::new();
    for found in matches {
        if chosen
            .iter()
            .all(|other| other.end <= found.first || found.end <= other.first)
        {
            chosen.push(found);
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::Transcript;

    fn term(name: &str, long: Option<&str>, spoken: &[&str], near: &[&str], not: &[&str]) -> Term {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        Term {
            name: name.to_owned(),
            long_form: long.map(str::to_owned),
            acronym: name.chars().all(char::is_uppercase).then(|| name.to_owned()),
            spoken: owned(spoken),
            near: owned(near),
            not: owned(not),
            ..Term::default()
        }
    }

    fn field() -> Field {
        Field {
            id: "test".into(),
            name: "Test".into(),
            about: String::new(),
            terms: vec![
                term(
                    "SIEM",
                    Some("security information and event management"),
                    &["seam", "scene", "seem"],
                    &["logs", "alerts"],
                    &[],
                ),
                term("port", None, &[], &["open", "scan", "firewall"], &["glass of port"]),
                term("port scan", None, &[], &[], &[]),
                term("hash", None, &[], &["password", "file"], &["hash browns"]),
                term("TCP/IP", None, &["tcp ip"], &[], &[]),
                term("C++", None, &["c plus plus"], &[], &[]),
                term("IDS", Some("intrusion detection system"), &["eye dee ess"], &[], &[]),
                term("firewall", None, &[], &[], &[]),
                term("phishing", None, &["fishing"], &["email"], &[]),
                term("log", None, &[], &["server", "event"], &[]),
                term("least privilege", None, &[], &[], &[]),
            ],
            questions: Vec::new(),
        }
    }

    fn check(text: &str, expected: &str) {
        let transcript = Transcript::typed(text);
        let field = field();
        let answer = Answer {
            transcript: &transcript,
            seconds: None,
            question: None,
            field: Some(&field),
        };
        let found: Vec<String> = job_terms(answer, &Reading::new(&transcript))
            .used
            .iter()
            .map(|used| format!("{} x{}", used.term, used.words.len()))
            .collect();
        assert_eq!(found.join(" | "), expected, "{text}");
    }

    #[test]
    fn every_form_counts_under_one_name() {
        check(
            "A SIEM, two SIEMs, security information and event management.",
            "SIEM x3",
        );
        check("We had an S.I.E.M. and then s i e m again.", "SIEM x2");
        check("I know TCP/IP, TCP-IP and tcp ip.", "TCP/IP x3");
        check("I wrote C++ and c plus plus.", "C++ x2");
        check("We got phished, so phishing it was.", "phishing x2");
        check("The fire wall and the fire-walls.", "firewall x2");
        check("Least-privilege matters.", "least privilege x1");
    }

    #[test]
    fn no_term_counts_inside_a_longer_one() {
        check("I ran a port scan and then port scans again.", "port scan x2");
    }

    #[test]
    fn everyday_words_need_company() {
        check("A glass of port and hash browns.", "");
        check("We found an open port.", "port x1");
        check("The ship left the port.", "");
        check("The scene collects alerts for us.", "SIEM x1");
        check("It was quite a scene, as it seems.", "");
        check("We love fishing.", "");
        check("The id is wrong.", "");
    }
}
