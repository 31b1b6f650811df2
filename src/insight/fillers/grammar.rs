//! Guesses at parts of speech, by word list and ending, as the rules for fillers need them.

use super::WORDS;
use crate::insight::{base_form::base_form, token_view::TokenView};

/// Whether one of these words stands up to `reach` places before, in the same sentence.
pub(super) fn any_before(view: &TokenView<'_>, index: usize, reach: usize, words: &[&str]) -> bool {
    (1..=reach).any(|back| words.contains(&view.before(index, back)))
}

/// A form of BE, alone or contracted.
pub(super) fn is_be(word: &str) -> bool {
    WORDS.common.be.contains(word)
}

/// The end of a sentence counts too: nothing follows there that could be compared.
pub(super) fn is_adverb(word: &str) -> bool {
    let words = &WORDS.like;
    word.is_empty()
        || words.adverbs.contains(word)
        || word.len() > 6 && word.ends_with("ly") && !words.not_adverbs.contains(word)
}

/// A verb that can only be the sentence's own: a past form or an auxiliary.
pub(super) fn is_past_verb(word: &str) -> bool {
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
pub(super) fn is_base_verb(word: &str) -> bool {
    WORDS.like.base_verbs.contains(word)
}

pub(super) fn is_verb_like(word: &str) -> bool {
    is_past_verb(word) || is_base_verb(word) || word.ends_with("ing") || is_be(word)
}

pub(super) fn is_noun_like(word: &str) -> bool {
    WORDS
        .like
        .noun_endings
        .iter()
        .any(|ending| word.ends_with(ending.as_str()))
}

/// A plural, as far as its spelling tells.
pub(super) fn is_plural_like(word: &str) -> bool {
    word.ends_with('s') && word.len() > 4 && !word.ends_with("ss") && word != "always"
}

pub(super) fn is_quantity(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit() || c == '$') || WORDS.like.quantities.contains(word)
}

pub(super) fn is_superlative(word: &str) -> bool {
    let words = &WORDS.like;
    words.superlatives.contains(word)
        || word.len() > 5 && word.ends_with("est") && !words.not_superlatives.contains(word)
}
