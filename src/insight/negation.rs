//! Negation and irrealis: what a sentence denies, wishes for or only imagines ("I have never led a team", "I wish I had").

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

use crate::insight::{
    assets::{WordSet, toml_asset},
    tokenizer::SentenceToken,
};

/// The file says what each list is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NegationWords {
    pub negations: WordSet,
    pub feature_negations: WordSet,
    hypotheticals: WordSet,
    modals: WordSet,
    conditional_pronouns: WordSet,
    after: WordSet,
    affirming: HashMap<String, WordSet>,
}

pub(super) static WORDS: LazyLock<NegationWords> = toml_asset!("insight/negation.toml");

/// How far a negation reaches ahead inside its clause, in words.
const SCOPE: usize = 6;
/// How far behind a phrase it may follow, in words: "my experience there is nil".
const SCOPE_BEHIND: usize = 5;

/// Whether the tokens from `start` to `end` are denied, wished for or only imagined: told by the words before them in
/// their clause, by themselves, and by what comes right after them.
pub(super) fn is_negated(tokens: &[SentenceToken], start: usize, end: usize) -> bool {
    let furthest = start.saturating_sub(SCOPE);
    let clause = (furthest..=start)
        .rev()
        .find(|index| tokens[*index].starts_clause)
        .unwrap_or(furthest);
    let negated =
        (clause..end).any(|index| WORDS.negations.contains(&tokens[index].base) && !is_affirming(tokens, index));
    let hypothetical = (clause..start).any(|index| is_hypothetical(tokens, index));
    let followed = tokens[end..]
        .iter()
        .take(SCOPE_BEHIND)
        .take_while(|token| !token.starts_clause)
        .any(|token| WORDS.after.contains(&token.text));
    negated || hypothetical || followed
}

/// "I wish", "if we", "could have".
fn is_hypothetical(tokens: &[SentenceToken], index: usize) -> bool {
    let word = tokens[index].text.as_str();
    let next = tokens.get(index + 1).map_or("", |token| token.text.as_str());
    WORDS.hypotheticals.contains(word)
        || word == "if" && WORDS.conditional_pronouns.contains(next)
        || WORDS.modals.contains(word) && next == "have"
}

/// "Not only", "no doubt", "never stopped": negations that affirm.
fn is_affirming(tokens: &[SentenceToken], index: usize) -> bool {
    let next = tokens.get(index + 1).map_or("", |token| token.base.as_str());
    WORDS
        .affirming
        .get(&tokens[index].text)
        .is_some_and(|words| words.contains(next))
}
