//! Guesses at parts of speech, by word list and ending, as the rules for fillers need them.

use super::WORDS;
use crate::insight::{base_form::base_form, most_used::SYNONYMS, token_view::TokenView};

/// Whether one of these words stands up to `reach` places before, in the same sentence.
pub(in crate::insight) fn any_before(view: &TokenView<'_>, index: usize, reach: usize, words: &[&str]) -> bool {
    (1..=reach).any(|back| words.contains(&view.before(index, back)))
}

/// A form of BE, alone or contracted.
pub(in crate::insight) fn is_be(word: &str) -> bool {
    WORDS.common.be.contains(word)
}

/// The end of a sentence counts too: nothing follows there that could be compared.
pub(in crate::insight) fn is_adverb(word: &str) -> bool {
    let words = &WORDS.like;
    word.is_empty()
        || words.adverbs.contains(word)
        || word.len() > 6 && word.ends_with("ly") && !words.not_adverbs.contains(word)
}

/// A verb that can only be the sentence's own: a past form or an auxiliary.
pub(in crate::insight) fn is_past_verb(word: &str) -> bool {
    let words = &WORDS.like;
    words.past_verbs.contains(word)
        || is_irregular_past(word)
        || word.len() > 4 && word.ends_with("ed") && !words.not_past_verbs.contains(word)
}

/// "Rewrote", "drove": an inflected form by no rule that makes plurals, comparatives or participles in -ing.
fn is_irregular_past(word: &str) -> bool {
    let base = base_form(word);
    base != word
        && !["s", "ing", "er", "est", "ed"]
            .iter()
            .any(|ending| word.ends_with(ending))
        && !WORDS.like.irregular_nouns.contains(&base)
}

/// Verbs that follow "to".
pub(in crate::insight) fn is_base_verb(word: &str) -> bool {
    WORDS.like.base_verbs.contains(word)
}

pub(in crate::insight) fn is_verb_like(word: &str) -> bool {
    is_past_verb(word) || is_base_verb(word) || word.ends_with("ing") || is_be(word)
}

pub(in crate::insight) fn is_noun_like(word: &str) -> bool {
    WORDS
        .like
        .noun_endings
        .iter()
        .any(|ending| word.ends_with(ending.as_str()))
}

/// A plural, as far as its spelling tells.
pub(in crate::insight) fn is_plural_like(word: &str) -> bool {
    word.ends_with('s') && word.len() > 4 && !word.ends_with("ss") && word != "always"
}

pub(in crate::insight) fn is_quantity(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit() || c == '$') || WORDS.like.quantities.contains(word)
}

pub(in crate::insight) fn is_superlative(word: &str) -> bool {
    let words = &WORDS.like;
    words.superlatives.contains(word)
        || word.len() > 5 && word.ends_with("est") && !words.not_superlatives.contains(word)
}

/// An adjective or adverb, as far as lists and endings tell.
pub(in crate::insight) fn is_adjective(word: &str) -> bool {
    let words = &WORDS.sort_of;
    SYNONYMS.has_adjective(word)
        || words.adjectives.contains(word)
        || words.colors.contains(word)
        || word.len() > 5 && word.ends_with("ly")
        || word.len() > 5
            && words
                .adjective_endings
                .iter()
                .any(|ending| word.ends_with(ending.as_str()))
}

/// A word that is a verb in some form, and maybe something else.
pub(in crate::insight) fn is_verb(word: &str) -> bool {
    SYNONYMS.has_verb(&base_form(word)) || is_past_verb(word) || is_base_verb(word)
}
