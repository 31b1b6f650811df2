//! Job terms: the field's words in an answer, in every form in which they are written or said.
//!
//! A form is matched word by word, by base form, longest first, so that no term counts inside a longer one. Hyphens,
//! slashes and dots are spaces. What can also be an everyday word ("port", or "seam" for SIEM) counts only in context:
//! near a word that the term names, near another job term, or where the question is about it.

mod context;
mod excluded_phrases;
mod form_cache;
mod forms;
mod matches;
mod subtokens;

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use context::keep_in_context;
use excluded_phrases::{ExcludedPhrase, in_everyday_phrase};
use form_cache::forms_of;
use forms::Evidence;
use matches::Match;
use serde::Deserialize;
use subtokens::Subtokens;

use crate::{
    insight::{
        Answer, JobTerms, TermUse,
        assets::{WordSet, toml_asset},
        token_view::TokenView,
    },
    question::{Field, Term},
    transcript::Transcript,
};

/// What tells a job term from an everyday word; the file says what each list is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JobTermWords {
    context_words: usize,
    everyday_acronyms: WordSet,
    technical: WordSet,
    everyday_verbs: WordSet,
    capitalized_names: WordSet,
    verb_subjects: WordSet,
    verb_complements: WordSet,
}

pub(super) static WORDS: LazyLock<JobTermWords> = toml_asset!("insight/job_terms.toml");

/// The field's terms that an answer used, and the others.
pub(super) fn job_terms(answer: Answer<'_>, view: &TokenView<'_>) -> JobTerms {
    let Some(field) = answer.field else {
        return JobTerms::default();
    };
    let asked: HashSet<&str> = answer
        .question
        .iter()
        .flat_map(|question| &question.job_terms)
        .map(String::as_str)
        .collect();
    let used = Text::new(view).used(field, &asked);
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

/// The terms of each of several fields that a text uses. The text is split once for all of them.
pub(super) fn terms_used(transcript: &Transcript, fields: &[Field]) -> Vec<Vec<TermUse>> {
    let view = TokenView::new(transcript);
    let text = Text::new(&view);
    fields.iter().map(|field| text.used(field, &HashSet::new())).collect()
}

/// A text in which the terms of any field can be looked for.
struct Text<'a> {
    transcript: &'a Transcript,
    subtokens: Subtokens,
    /// For each subtoken, whether it is inside an everyday phrase, where no term counts.
    everyday: Vec<bool>,
}

impl<'a> Text<'a> {
    fn new(view: &TokenView<'a>) -> Self {
        let subtokens = Subtokens::new(view);
        Self {
            transcript: view.transcript,
            everyday: in_everyday_phrase(&subtokens),
            subtokens,
        }
    }

    fn used(&self, field: &Field, asked: &HashSet<&str>) -> Vec<TermUse> {
        let mut matches = forms_of(&field.terms).matches(&self.subtokens);
        matches.retain(|found| !self.everyday[found.first..found.end].contains(&true));
        self.drop_excluded(&mut matches, &field.terms);
        let certain = matches
            .iter()
            .copied()
            .filter(|found| found.evidence == Evidence::Sufficient);
        let mut certain = longest_first(certain.collect(), self.subtokens.len());
        certain.sort_by_key(|found| found.first);
        let matches = keep_in_context(matches, &self.subtokens, &certain, &field.terms, asked);
        let mut chosen = longest_first(matches, self.subtokens.len());
        chosen.sort_by_key(|found| found.first);
        self.by_term(&chosen, &field.terms)
    }

    /// Drops what stands in a phrase that its term says is not meant.
    fn drop_excluded(&self, matches: &mut Vec<Match>, terms: &[Term]) {
        let mut phrases: HashMap<usize, Vec<ExcludedPhrase>> = HashMap::new();
        matches.retain(|found| {
            let phrases = phrases.entry(found.term).or_insert_with(|| {
                terms[found.term]
                    .not
                    .iter()
                    .filter_map(|not| ExcludedPhrase::new(not))
                    .collect()
            });
            !phrases
                .iter()
                .any(|phrase| phrase.touches(&self.subtokens, found.first, found.end))
        });
    }

    /// The places of each term, in the order in which the terms come.
    fn by_term(&self, chosen: &[Match], terms: &[Term]) -> Vec<TermUse> {
        let mut used: Vec<TermUse> = Vec::new();
        let mut at: HashMap<usize, usize> = HashMap::new();
        for found in chosen {
            let at = *at.entry(found.term).or_insert_with(|| {
                used.push(TermUse {
                    term: terms[found.term].name.clone(),
                    words: Vec::new(),
                    spans: Vec::new(),
                });
                used.len() - 1
            });
            let subtokens = &self.subtokens.list;
            let words = subtokens[found.first].word..subtokens[found.end - 1].word + 1;
            used[at].spans.extend(self.transcript.span_of(words.clone()));
            used[at].words.push(words);
        }
        used
    }
}

/// The longest first, then what stands letter for letter; none overlaps another.
fn longest_first(mut matches: Vec<Match>, subtokens: usize) -> Vec<Match> {
    matches.sort_by_key(|found| {
        (
            std::cmp::Reverse(found.end - found.first),
            found.spoken,
            std::cmp::Reverse(found.exact),
            found.first,
            found.term,
        )
    });
    let mut taken = vec![false; subtokens];
    matches.retain(|found| {
        let here = &mut taken[found.first..found.end];
        let free = !here.contains(&true);
        if free {
            here.fill(true);
        }
        free
    });
    matches
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
        check_in(&field(), text, expected);
    }

    fn check_in(field: &Field, text: &str, expected: &str) {
        let transcript = Transcript::typed(text);
        let answer = Answer {
            transcript: &transcript,
            seconds: None,
            question: None,
            field: Some(field),
        };
        let found: Vec<String> = job_terms(answer, &TokenView::new(&transcript))
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
    fn a_doubtful_word_is_context_once_it_has_context_itself() {
        // Each needs the next one; what the last of the terms needs is no term.
        let words = ["lorem", "ipsum", "dolor", "tempor", "magna", "aliqua"];
        let terms = words.windows(2).map(|pair| term(pair[0], None, &[], &[pair[1]], &[]));
        let field = Field {
            terms: terms.collect(),
            ..field()
        };
        check_in(
            &field,
            "Lorem ipsum dolor tempor magna aliqua.",
            "lorem x1 | ipsum x1 | dolor x1 | tempor x1 | magna x1",
        );
        check_in(&field, "Lorem ipsum dolor tempor magna.", "");
    }

    #[test]
    fn a_piece_of_another_acronym_is_no_term() {
        let field = Field {
            terms: vec![
                term("IP", Some("Internet Protocol"), &[], &[], &[]),
                term("queue", None, &["q"], &[], &[]),
                term("R", None, &[], &[], &[]),
            ],
            ..field()
        };
        check_in(&field, "Our IPS blocked it.", "");
        check_in(&field, "We listed the IPs.", "IP x1");
        check_in(&field, "We had a Q&A in R&D.", "");
        check_in(&field, "I wrote it in R, or R/Python.", "R x2");
    }

    #[test]
    fn everyday_words_need_context() {
        check("A glass of port and hash browns.", "");
        check("We found an open port.", "port x1");
        check("The ship left the port.", "");
        check("The scene collects alerts for us.", "SIEM x1");
        check("It was quite a scene, as it seems.", "");
        check("We love fishing.", "");
        check("The id is wrong.", "");
    }
}
