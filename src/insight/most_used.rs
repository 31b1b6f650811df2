//! Most-used words: content words said three times and more, inflections together, with other words for each.
//!
//! Stop words and fillers are left out. The synonyms are the curated list's, by part of speech: a thesaurus behind it was
//! looked at and left out (docs/insights.md), since no word at all is better than one that nobody says in an interview.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use serde::Deserialize;

use crate::{
    insight::{
        Filler, JobTerms, MostUsed,
        assets::{WordSet, toml_asset},
        base_form::base_form,
        token_view::TokenView,
    },
    question::{Field, Term},
};

/// The file says what each list is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MostUsedWords {
    pub min_count: usize,
    max_words: usize,
    stop_words: WordSet,
    gerund_nouns: WordSet,
    determiners: WordSet,
    before_verb: WordSet,
    subjects: WordSet,
    objects: WordSet,
    before_adjective: WordSet,
}

pub(super) static WORDS: LazyLock<MostUsedWords> = toml_asset!("insight/most_used.toml");

pub(super) static SYNONYMS: LazyLock<Synonyms> = toml_asset!("insight/synonyms.toml");

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum PartOfSpeech {
    Verb,
    Noun,
    Adjective,
    Adverb,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Synonyms {
    verb: HashMap<String, Vec<String>>,
    noun: HashMap<String, Vec<String>>,
    adjective: HashMap<String, Vec<String>>,
    adverb: HashMap<String, Vec<String>>,
}

impl Synonyms {
    /// Whether it is listed as an adjective or adverb, and as nothing else.
    pub fn has_adjective(&self, word: &str) -> bool {
        let described = self.adjective.contains_key(word) || self.adverb.contains_key(word);
        described && !self.noun.contains_key(word) && !self.verb.contains_key(word)
    }

    pub fn has_verb(&self, base: &str) -> bool {
        self.verb.contains_key(base)
    }
}

/// Whether a word carries grammar or politeness and little else.
pub(super) fn is_stop_word(word: &str) -> bool {
    WORDS.stop_words.contains(word)
}

/// Whether a noun or verb, in its base form, is one that people use every day.
pub(super) fn is_everyday_word(base: &str) -> bool {
    SYNONYMS.verb.contains_key(base) || SYNONYMS.noun.contains_key(base)
}

/// Whether a verb, in its base form, is one that people use every day.
pub(super) fn is_everyday_verb(base: &str) -> bool {
    SYNONYMS.verb.contains_key(base)
}

/// The content words that an answer leans on, most used first. `terms` are the job terms in the answer.
pub(super) fn most_used(
    view: &TokenView<'_>,
    fillers: &[Filler],
    terms: &JobTerms,
    field: Option<&Field>,
) -> Vec<MostUsed> {
    let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut is_filler = vec![false; view.transcript.words.len()];
    for filler in fillers {
        is_filler[filler.words.clone()].fill(true);
    }
    for (index, token) in view.tokens.iter().enumerate() {
        if is_filler[token.at] || !is_content(&token.bare) {
            continue;
        }
        let base = lemma_in_context(view, index);
        if WORDS.stop_words.contains(&base) {
            continue;
        }
        let place = *places.entry(base.clone()).or_insert_with(|| {
            groups.push((base, Vec::new()));
            groups.len() - 1
        });
        groups[place].1.push(index);
    }
    groups.retain(|(_, places)| places.len() >= WORDS.min_count);
    // Stable: among equals the one said first stays first.
    groups.sort_by_key(|(_, places)| std::cmp::Reverse(places.len()));
    groups.truncate(WORDS.max_words);
    let vocabulary = field.map(|field| single_words(&field.terms)).unwrap_or_default();
    groups
        .into_iter()
        .map(|(base, places)| {
            let mut word = most_used_word(view, &base, &places);
            refine(&mut word, terms, &vocabulary, &part_of_speech(view, &places));
            word
        })
        .collect()
}

/// The field's terms of one word, each form in its base form.
fn single_words(terms: &[Term]) -> HashSet<String> {
    let forms = terms.iter().flat_map(|term| {
        [Some(&term.name), term.acronym.as_ref()]
            .into_iter()
            .flatten()
            .chain(&term.also)
    });
    forms
        .filter(|form| !form.contains([' ', '-', '/']))
        .map(|form| base_form(&form.to_lowercase()))
        .collect()
}

/// A job term is fine to repeat, and its everyday synonyms mean something else on the job: a ticket is no pass, and a risk
/// no danger. Nor is another job term a synonym.
fn refine(word: &mut MostUsed, terms: &JobTerms, vocabulary: &HashSet<String>, parts: &[PartOfSpeech]) {
    let used = |at: &&usize| {
        let uses = terms.used.iter().flat_map(|used| &used.words);
        uses.clone().any(|words| words.contains(*at))
    };
    let count = word.words.iter().filter(used).count();
    let own_name = vocabulary.contains(&word.word.to_lowercase())
        || word.forms.iter().any(|form| vocabulary.contains(&base_form(form)));
    word.job_term = count * 2 >= word.words.len() || count > 0 && own_name;
    // The noun may be the term though nothing around it says so; a verb is not.
    let unsure = own_name && parts.first() != Some(&PartOfSpeech::Verb);
    if word.job_term || unsure {
        word.synonyms.clear();
    }
    word.synonyms
        .retain(|synonym| !vocabulary.contains(&base_form(synonym)));
}

fn most_used_word(view: &TokenView<'_>, base: &str, places: &[usize]) -> MostUsed {
    let mut forms: Vec<String> = Vec::new();
    for place in places {
        let form = &view.tokens[*place].bare;
        if !forms.contains(form) {
            forms.push(form.clone());
        }
    }
    let raw = |place: &usize| {
        view.transcript.words[view.tokens[*place].at]
            .text
            .trim_matches(|c: char| !c.is_alphanumeric())
            .to_owned()
    };
    // An acronym is shown as it is written.
    let shown = places
        .iter()
        .map(raw)
        .find(|text| text.to_lowercase() == base && text.chars().filter(|c| c.is_uppercase()).count() > 1);
    MostUsed {
        synonyms: synonyms_of(base, part_of_speech(view, places)),
        word: shown.unwrap_or_else(|| base.to_owned()),
        count: places.len(),
        job_term: false,
        forms,
        words: places.iter().map(|place| view.tokens[*place].at).collect(),
    }
}

fn is_content(bare: &str) -> bool {
    bare.chars().filter(|c| c.is_alphabetic()).count() > 1
        && !bare.starts_with(|c: char| c.is_ascii_digit())
        && !WORDS.stop_words.contains(bare)
        && !bare.ends_with('-')
}

/// The base form at this place: "the meeting" is a meeting, "meeting them" is to meet.
fn lemma_in_context(view: &TokenView<'_>, index: usize) -> String {
    let token = &view.tokens[index];
    if let Some(stem) = token.bare.strip_suffix("ings") {
        return format!("{stem}ing");
    }
    let before = view.before(index, 1);
    let is_noun = token.bare.ends_with("ing")
        && (WORDS.determiners.contains(before)
            || WORDS.gerund_nouns.contains(&token.bare) && !WORDS.before_verb.contains(before));
    if is_noun {
        token.bare.clone()
    } else {
        token.base.clone()
    }
}

/// The part of speech that most of the places show.
fn part_of_speech(view: &TokenView<'_>, places: &[usize]) -> Vec<PartOfSpeech> {
    let mut votes: Vec<(PartOfSpeech, usize)> = Vec::new();
    for place in places {
        let part = tag(view, *place);
        match votes.iter_mut().find(|(voted, _)| *voted == part) {
            Some((_, count)) => *count += 1,
            None => votes.push((part, 1)),
        }
    }
    votes.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let mut parts: Vec<PartOfSpeech> = votes.into_iter().map(|(part, _)| part).collect();
    for part in [
        PartOfSpeech::Verb,
        PartOfSpeech::Noun,
        PartOfSpeech::Adjective,
        PartOfSpeech::Adverb,
    ] {
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts
}

/// A guess at the part of speech of one word, by its ending and its neighbors.
fn tag(view: &TokenView<'_>, index: usize) -> PartOfSpeech {
    let token = &view.tokens[index];
    let (before, next) = (view.before(index, 1), view.after(index, 1));
    let bare = token.bare.as_str();
    if bare.ends_with("ly") {
        return PartOfSpeech::Adverb;
    }
    let inflected = bare != token.base && (bare.ends_with("ed") || bare.ends_with("ing"));
    let takes_object = WORDS.objects.contains(next) && !WORDS.determiners.contains(before);
    if WORDS.subjects.contains(before) || inflected || takes_object {
        return PartOfSpeech::Verb;
    }
    if WORDS.before_adjective.contains(before) && bare == token.base {
        return PartOfSpeech::Adjective;
    }
    PartOfSpeech::Noun
}

fn synonyms_of(base: &str, parts: Vec<PartOfSpeech>) -> Vec<String> {
    let table = |part| match part {
        PartOfSpeech::Verb => &SYNONYMS.verb,
        PartOfSpeech::Noun => &SYNONYMS.noun,
        PartOfSpeech::Adjective => &SYNONYMS.adjective,
        PartOfSpeech::Adverb => &SYNONYMS.adverb,
    };
    parts
        .into_iter()
        .find_map(|part| table(part).get(base))
        .cloned()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{insight::fillers::fillers, transcript::Transcript};

    fn check(text: &str, expected: &str) {
        let transcript = Transcript::typed(text);
        let view = TokenView::new(&transcript);
        let found: Vec<String> = most_used(&view, &fillers(&view), &JobTerms::default(), None)
            .iter()
            .map(|used| format!("{} x{} ({})", used.word, used.count, used.forms.join(" ")))
            .collect();
        assert_eq!(found.join(" | "), expected, "{text}");
    }

    #[test]
    fn inflections_count_together() {
        check(
            "I managed a team. Managing it, I manage well.",
            "manage x3 (managed managing manage)",
        );
        check(
            "We went, we wrote, we write, and wrote it. He writes.",
            "write x4 (wrote write writes)",
        );
        check(
            "One company, two companies, the company's goal.",
            "company x3 (company companies company's)",
        );
    }

    #[test]
    fn stop_words_and_fillers_are_left_out() {
        check(
            "It is what it is and it was. I, like, like it, like, you know, like that. You know, you know.",
            "",
        );
        check(
            "Basically the SIEM, the SIEM and SIEMs, um, um, um.",
            "SIEM x3 (siem siems)",
        );
    }

    #[test]
    fn a_meeting_is_no_form_of_to_meet() {
        check(
            "The meeting, a meeting, my meetings. I met them.",
            "meeting x3 (meeting meetings)",
        );
    }

    #[test]
    fn the_most_used_come_first_and_ten_at_most() {
        let text: String = (0..12)
            .map(|index| {
                format!("word{index} ")
                    .replace("word", ["alpha", "beta"][index % 2])
                    .repeat(3)
            })
            .collect();
        let transcript = Transcript::typed(&text);
        assert!(most_used(&TokenView::new(&transcript), &[], &JobTerms::default(), None).len() <= WORDS.max_words);
        check(
            "Test the server, test the server, test the server, server.",
            "server x4 (server) | test x3 (test)",
        );
    }

    #[test]
    fn synonyms_fit_the_part_of_speech() {
        let read = &*SYNONYMS;
        assert!(
            read.verb.len() > 300 && read.noun.len() > 200,
            "{} {}",
            read.verb.len(),
            read.noun.len()
        );
        let transcript = Transcript::typed("I managed it, we managed it, they manage it.");
        let used = most_used(&TokenView::new(&transcript), &[], &JobTerms::default(), None);
        assert_eq!(used[0].synonyms, read.verb["manage"]);
    }
}
