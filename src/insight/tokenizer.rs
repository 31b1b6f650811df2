//! The sentences of an answer as patterns and models see them: contractions split, each word with its base form and a
//! guess at what it is.

use std::{
    collections::HashMap,
    hash::{Hash, Hasher},
    sync::LazyLock,
};

use serde::Deserialize;

use crate::{
    insight::{
        assets::{WordSet, toml_asset},
        base_form::base_form,
        token_view::TokenView,
    },
    transcript::WordRange,
};

/// The file says what each list is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenizerWords {
    contractions: HashMap<String, String>,
    /// By their spelling; no two are endings of the same word.
    clitics: HashMap<String, String>,
    words: WordClasses,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WordClasses {
    is_after: WordSet,
    past: WordSet,
    irregular_nouns: WordSet,
    numbers: WordSet,
}

pub(super) static WORDS: LazyLock<TokenizerWords> = toml_asset!("insight/tokenizer.toml");

/// A word of a sentence, contractions split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SentenceToken {
    pub text: String,
    pub base: String,
    /// The [`key`] of the text and that of the base form.
    pub keys: (u64, u64),
    pub starts_clause: bool,
    pub ends_clause: bool,
    /// Capitalized though no sentence starts here, or in capitals anywhere.
    pub name: bool,
}

impl SentenceToken {
    /// `base`: its base form, where its place in the answer has shown it.
    fn new(text: String, base: Option<&str>, name: bool) -> Self {
        let base = base.map_or_else(|| base_form(&text), str::to_owned);
        Self {
            keys: (key(&text), key(&base)),
            text,
            base,
            starts_clause: false,
            ends_clause: false,
            name,
        }
    }
}

impl Hash for SentenceToken {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.keys.0.hash(state);
    }
}

/// A number that tells nearly all words apart (FNV-1a), so that letters are compared only where two words are the same.
pub(super) fn key(word: &str) -> u64 {
    word.bytes().fold(0xcbf2_9ce4_8422_2325, |key, byte| {
        (key ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A sentence of an answer.
#[derive(Clone, Debug)]
pub(super) struct Sentence {
    pub tokens: Vec<SentenceToken>,
    /// Its words in the transcript.
    pub words: WordRange,
}

/// The sentences of an answer that hold at least one word.
pub(super) fn sentences(view: &TokenView<'_>) -> Vec<Sentence> {
    let ranges = view.transcript.sentences();
    let mut said = view.tokens.iter().peekable();
    let mut sentences = Vec::with_capacity(ranges.len());
    for words in ranges {
        let mut tokens: Vec<SentenceToken> = Vec::new();
        let mut starts_clause = true;
        while let Some(token) = said.next_if(|token| token.at < words.end) {
            let name = token.name || token.acronym;
            let first = tokens.len();
            for part in split_contraction(&token.bare) {
                let base = Some(token.base.as_str()).filter(|_| part == token.bare);
                tokens.push(SentenceToken::new(part, base, name));
            }
            if tokens.len() > first {
                tokens[first].starts_clause = starts_clause;
            }
            starts_clause = token.ends_clause;
            if let Some(last) = tokens.last_mut() {
                last.ends_clause = token.ends_clause;
            }
        }
        if let Some(last) = tokens.last_mut() {
            last.ends_clause = true;
            sentences.push(Sentence { tokens, words });
        }
    }
    sentences
}

/// "didn't" → did not, "I've" → i have, "hands-on" → hands on.
fn split_contraction(word: &str) -> Vec<String> {
    let owned = |parts: &[&str]| parts.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>();
    if let Some(words) = WORDS.contractions.get(word) {
        return words.split(' ').map(str::to_owned).collect();
    }
    let clitic = WORDS.clitics.iter().find_map(|(ending, whole)| {
        let stem = word.strip_suffix(ending.as_str()).filter(|stem| !stem.is_empty());
        stem.map(|stem| owned(&[stem, whole]))
    });
    if let Some(parts) = clitic {
        return parts;
    }
    if let Some(stem) = word.strip_suffix("'s") {
        let is = WORDS.words.is_after.contains(stem);
        return if is { owned(&[stem, "is"]) } else { owned(&[stem]) };
    }
    if word.contains('-') {
        let parts: Vec<&str> = word.split('-').filter(|part| !part.is_empty()).collect();
        if !parts.is_empty() {
            return owned(&parts);
        }
    }
    owned(&[word])
}

/// A word in the past: irregular ("ran") or in -ed.
pub(super) fn is_past(token: &SentenceToken) -> bool {
    let words = &WORDS.words;
    let (text, base) = (token.text.as_str(), token.base.as_str());
    if words.past.contains(text) {
        return true;
    }
    let other_inflection = ["s", "ing", "er", "est"].iter().any(|ending| text.ends_with(ending));
    text != base && (text.ends_with("ed") || !other_inflection && !words.irregular_nouns.contains(base))
}

/// In digits or in words.
pub(super) fn is_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) || WORDS.words.numbers.contains(text)
}
