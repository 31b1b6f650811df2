//! Job terms: the field's words in an answer, in every form in which they are written or said.
//!
//! A form is matched word by word, by base form, longest first, so that no term counts inside a longer one. Hyphens,
//! slashes and dots are spaces. What can also be an everyday word ("port", or "seam" for SIEM) counts only in context:
//! near a word that the term names, near another job term, or where the question is about it.

mod context;
mod derivation;
mod excluded_phrases;
mod form_cache;
mod forms;
mod matches;
mod misheard;
mod subtokens;

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use context::{keep_in_context, trust_lists};
use excluded_phrases::{ExcludedPhrase, in_everyday_phrase};
use form_cache::forms_of;
use forms::Evidence;
use matches::Match;
pub(super) use misheard::with_misheard_terms;
use serde::Deserialize;
use subtokens::{Subtokens, split};

use crate::{
    insight::{
        Answer, JobTerms, TermUse,
        assets::{WordSet, toml_asset},
        base_form::base_form,
        encoder,
        token_view::TokenView,
    },
    question::{Field, Question, QuestionKind, Term},
    transcript::{Transcript, WordRange},
};

/// What tells a job term from an everyday word; the file says what each list is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JobTermWords {
    context_words: usize,
    term_context_words: usize,
    everyday_acronyms: WordSet,
    names_of_others: WordSet,
    technical: WordSet,
    everyday_verbs: WordSet,
    verb_subjects: WordSet,
    verb_complements: WordSet,
    owners: WordSet,
    linking_verbs: WordSet,
    particles: WordSet,
    before_object: WordSet,
    words_before_object: usize,
    spoken_context_words: usize,
    list_words: WordSet,
    list_members: usize,
    together: usize,
    letter_names: HashMap<String, String>,
    everyday_letter_names: HashMap<String, String>,
}

pub(super) static WORDS: LazyLock<JobTermWords> = toml_asset!("insight/job_terms.toml");

/// The field's terms that an answer used, and the others.
/// `is_everyday`: whether what stands at these words is talk about something else than work. There no term is meant, unless
/// several stand together.
pub(super) fn job_terms(
    answer: Answer<'_>,
    view: &TokenView<'_>,
    is_everyday: impl Fn(&WordRange) -> bool,
) -> JobTerms {
    let Some(field) = answer.field else {
        return JobTerms::default();
    };
    let asked = asked_for(answer.question);
    let text = Text::new(view);
    let mut chosen = text.chosen(field, &asked);
    text.drop_in_everyday_talk(&mut chosen, &field.terms, is_everyday);
    let used = text.by_term(&chosen, &field.terms);
    let others = answer
        .question
        .map_or_else(Vec::new, |question| others(question, field, &asked, &used));
    JobTerms { used, others }
}

/// The names of the terms that a question asks for.
fn asked_for(question: Option<&Question>) -> HashSet<&str> {
    let names = question.into_iter().flat_map(|question| &question.job_terms);
    names.map(String::as_str).collect()
}

/// The terms that belong to the question and are not in the answer, nor part of one that is. A technical question asks for
/// its terms. Any other is answered with a story of one's own, and the terms of the bank's story fit only where the question
/// itself speaks of them.
fn others(question: &Question, field: &Field, asked: &HashSet<&str>, used: &[TermUse]) -> Vec<String> {
    let said = |name: &str| used.iter().any(|used| holds(&used.term, name));
    let names = || question.job_terms.iter().filter(|name| !said(name)).cloned();
    if question.kind == QuestionKind::Technical || names().next().is_none() {
        return names().collect();
    }
    let points = question.talking_points.iter();
    let mut texts: Vec<&str> = vec![&question.prompt, &question.why, &question.hint];
    texts.extend(question.parts.iter().map(String::as_str));
    texts.extend(points.flat_map(|point| [point.label.as_str(), point.hint.as_str()]));
    let transcript = Transcript::typed(&texts.join(".\n"));
    let wanted = Text::new(&TokenView::new(&transcript)).used(field, asked);
    names()
        .filter(|name| wanted.iter().any(|term| term.term == *name))
        .collect()
}

/// Whether all words of a name stand in another: who said "spear phishing" said "phishing".
fn holds(name: &str, part: &str) -> bool {
    let words = |name: &str| split(&name.to_lowercase()).map(base_form).collect::<Vec<_>>();
    let whole = words(name);
    words(part).iter().all(|word| whole.contains(word))
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
        self.by_term(&self.chosen(field, asked), &field.terms)
    }

    /// What counts as a term, in the order of the text; nothing overlaps.
    fn chosen(&self, field: &Field, asked: &HashSet<&str>) -> Vec<Match> {
        let mut matches = forms_of(&field.terms).matches(&self.subtokens);
        matches.retain(|found| !self.everyday[found.first..found.end].contains(&true));
        self.drop_excluded(&mut matches, &field.terms);
        trust_lists(&mut matches, &self.subtokens);
        let certain = matches
            .iter()
            .copied()
            .filter(|found| found.evidence == Evidence::Sufficient);
        let mut certain = longest_first(certain.collect(), self.subtokens.len());
        certain.sort_by_key(|found| found.first);
        let matches = keep_in_context(matches, &self.subtokens, &certain, &field.terms, asked);
        let mut chosen = longest_first(matches, self.subtokens.len());
        chosen.sort_by_key(|found| found.first);
        chosen
    }

    /// Drops the few terms of sentences that are about something else, unless they are names that are no usual words.
    fn drop_in_everyday_talk(&self, chosen: &mut Vec<Match>, terms: &[Term], is_everyday: impl Fn(&WordRange) -> bool) {
        let sentence = |found: &Match| self.subtokens.list[found.first].sentence;
        let mut together: HashMap<usize, HashSet<usize>> = HashMap::new();
        for found in chosen.iter() {
            together.entry(sentence(found)).or_default().insert(found.term);
        }
        let is_name = |found: &Match| {
            let mut words = (found.first..found.end).map(|index| self.subtokens.base(index));
            let written = &terms[found.term].name;
            written.contains(|c: char| c.is_uppercase() || c.is_ascii_digit())
                && words.any(|word| !encoder::is_usual_word(word))
        };
        chosen.retain(|found| {
            together[&sentence(found)].len() >= WORDS.together || is_name(found) || !is_everyday(&self.words(found))
        });
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

    /// The words of the transcript in which it stands.
    fn words(&self, found: &Match) -> WordRange {
        let subtokens = &self.subtokens.list;
        subtokens[found.first].word..subtokens[found.end - 1].word + 1
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
            let words = self.words(found);
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
            ..Field::default()
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
        let found: Vec<String> = job_terms(answer, &TokenView::new(&transcript), |_| false)
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
    fn an_acronym_and_a_name_can_be_a_verb() {
        check(
            "We TCP/IP'd it, IDS'd it and SIEMed it.",
            "TCP/IP x1 | IDS x1 | SIEM x1",
        );
        check("Ess eye ee em sends it. An eye dee ess watches.", "SIEM x1 | IDS x1");
        check("We firewalled it off and re-firewalled it.", "firewall x2");
    }

    #[test]
    fn a_piece_of_a_word_is_no_term() {
        check("The IDSS of the university.", "");
        check("AT&IDS and Q&A.", "");
        check("THE PORT OF ROTTERDAM WAS CLOSED ALL DAY.", "");
    }

    #[test]
    fn what_sounds_like_a_term_needs_more() {
        check("I changed my scene, and the alerts came.", "");
        check("The scene. The logs are elsewhere.", "");
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
