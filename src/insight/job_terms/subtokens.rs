//! The words of an answer as job terms are looked for in them, split once for all fields. A subtoken is an occurrence in
//! the text; a word type is one of its distinct words.

use std::collections::HashMap;

use crate::insight::{base_form::base_form, token_view::TokenView};

/// A word of the answer, or a part of one that is written with a hyphen, a slash or a dot.
#[expect(
    clippy::struct_excessive_bools,
    reason = "how a word is written, each seen apart from the others"
)]
pub(super) struct Subtoken {
    /// Its index in the transcript.
    pub word: usize,
    /// The index of its word type.
    pub word_type: usize,
    /// Written in capitals: "SOC", not "soc".
    pub capitals: bool,
    /// Written with a capital inside a sentence: "Excel", not "excel".
    pub name: bool,
    /// Its last letter is a capital S, which is no plural: "IPS", not "IPs".
    pub capital_s: bool,
    /// Written with a dot before it: ".NET".
    pub dotted: bool,
    /// A letter that "&" joins to others: "Q&A", "R&D".
    pub joined_letter: bool,
}

/// A distinct word of a text.
pub(super) struct WordType {
    pub text: String,
    pub base: String,
}

/// An answer, split.
#[derive(Default)]
pub(super) struct Subtokens {
    pub list: Vec<Subtoken>,
    pub types: Vec<WordType>,
    by_text: HashMap<String, usize>,
    by_base: HashMap<String, Vec<usize>>,
}

impl Subtokens {
    pub fn new(view: &TokenView<'_>) -> Self {
        let mut subtokens = Self::default();
        for (index, token) in view.tokens.iter().enumerate() {
            let raw = &view.transcript.words[token.at].text;
            let name = raw.contains(char::is_uppercase) && !view.starts_sentence(index);
            let capitals = raw.chars().filter(|c| c.is_uppercase()).count() > 1
                || raw.chars().filter(|c| c.is_alphanumeric()).count() == 1 && raw.contains(char::is_uppercase);
            let ends_in_capital = raw.trim_end_matches(|c: char| !c.is_alphanumeric()).ends_with('S');
            let joined = token.bare.trim_matches('&').contains('&');
            for text in split(&token.bare) {
                let word_type = subtokens.entry(text);
                subtokens.list.push(Subtoken {
                    word: token.at,
                    word_type,
                    capitals,
                    name,
                    capital_s: ends_in_capital,
                    dotted: raw.starts_with('.'),
                    joined_letter: joined && text.chars().count() == 1,
                });
            }
        }
        subtokens
    }

    fn entry(&mut self, text: &str) -> usize {
        if let Some(word_type) = self.by_text.get(text) {
            return *word_type;
        }
        let (word_type, base) = (self.types.len(), base_form(text));
        self.by_text.insert(text.to_owned(), word_type);
        self.by_base.entry(base.clone()).or_default().push(word_type);
        self.types.push(WordType {
            text: text.to_owned(),
            base,
        });
        word_type
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    pub fn text(&self, index: usize) -> &str {
        &self.types[self.list[index].word_type].text
    }

    pub fn base(&self, index: usize) -> &str {
        &self.types[self.list[index].word_type].base
    }

    /// The word type that is written like this.
    pub fn written(&self, text: &str) -> Option<usize> {
        self.by_text.get(text).copied()
    }

    /// The word types that have this base form.
    pub fn inflected(&self, base: &str) -> &[usize] {
        self.by_base.get(base).map_or(&[], Vec::as_slice)
    }
}

/// Splits at hyphens, slashes, dots and the like; numbers keep their dots ("802.11").
pub(super) fn split(text: &str) -> impl Iterator<Item = &str> {
    let number = text.starts_with(|c: char| c.is_ascii_digit());
    text.split(move |c: char| matches!(c, '-' | '/' | '_' | '–' | ' ' | '&' | '(' | ')' | ',') || c == '.' && !number)
        .map(|part| part.trim_matches(|c: char| !c.is_alphanumeric() && c != '+' && c != '#'))
        .filter(|part| !part.is_empty())
}
