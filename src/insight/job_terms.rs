//! Job terms: the field's words in an answer, in every form in which they are written or said.
//!
//! A form is matched word by word, by base form, longest first, so that no term counts inside a longer one. Hyphens,
//! slashes and dots are spaces. What can also be an everyday word ("port", or "seam" for SIEM) needs company: a word that
//! the term's list names, another job term, or a question that is about it.

mod forms;

use std::collections::HashSet;

use forms::{Forms, Match, Proof, Unit, split, units};

use crate::{
    insight::{Answer, JobTerms, TermUse, base_form::base_form, reading::Reading},
    question::{Field, Term},
    span::Span,
};

/// How far company may stand, in words.
const NEARBY: usize = 12;

/// Everyday phrases around words that are terms in many fields.
const EVERYDAY_PHRASES: &str = include_str!("../../assets/insight/everyday_phrases.txt");

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
    keep_accompanied(&mut matches, &units, &sure, &field.terms, asked);
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
                .all(|((text, base), unit)| *text == unit.text || parts.len() > 1 && *base == unit.base)
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

/// Drops doubtful matches without company. Two that have only each other ("I don't mean to", "in a bad mode") have none, so
/// a doubtful word counts as company only once it has found company itself.
fn keep_accompanied(matches: &mut Vec<Match>, units: &[Unit], sure: &[Match], terms: &[Term], asked: &HashSet<&str>) {
    let mut doubtful = vec![false; units.len()];
    for found in matches.iter().filter(|found| found.proof == Proof::NeedsCompany) {
        doubtful[found.first..found.end].fill(true);
    }
    for found in matches.iter().filter(|found| found.proof == Proof::Enough) {
        doubtful[found.first..found.end].fill(false);
    }
    let mut kept = vec![false; matches.len()];
    loop {
        let mut more = false;
        for (found, kept) in matches.iter().zip(&mut kept).filter(|(_, kept)| !**kept) {
            if found.proof == Proof::Enough || has_company(found, units, &doubtful, sure, &terms[found.term], asked) {
                (*kept, more) = (true, true);
                doubtful[found.first..found.end].fill(false);
            }
        }
        if !more {
            break;
        }
    }
    let mut kept = kept.into_iter();
    matches.retain(|_| kept.next().unwrap_or(false));
}

/// A word from the term's list, another job term, or a question about it.
fn has_company(
    found: &Match,
    units: &[Unit],
    doubtful: &[bool],
    sure: &[Match],
    term: &Term,
    asked: &HashSet<&str>,
) -> bool {
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
    let around = || {
        (from..found.first)
            .chain(found.end..to)
            .filter(|index| !doubtful[*index])
            .map(|index| &units[index])
    };
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
