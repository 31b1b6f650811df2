//! A transcript as the insights see it: without vocal fillers, each word bare and in its base form.

use crate::{
    insight::base_form::base_form,
    span::Span,
    transcript::{Transcript, WordKind, WordRange},
};

/// A word that was said on purpose.
#[derive(Clone, Debug)]
pub(super) struct Token {
    /// Its index in the transcript.
    pub at: usize,
    pub bare: String,
    pub base: String,
    pub ends_clause: bool,
    pub ends_sentence: bool,
    /// Broken off: "ha-".
    pub cut_off: bool,
}

/// The words of an answer without its vocal fillers.
#[derive(Debug)]
pub(super) struct TokenView<'a> {
    pub transcript: &'a Transcript,
    pub tokens: Vec<Token>,
}

impl<'a> TokenView<'a> {
    pub fn new(transcript: &'a Transcript) -> Self {
        let mut tokens: Vec<Token> = Vec::with_capacity(transcript.words.len());
        for (at, word) in transcript.words.iter().enumerate() {
            if word.kind == WordKind::Filler {
                continue;
            }
            let bare = word.bare();
            if bare.is_empty() {
                // A dash standing alone closes what came before it.
                if let Some(last) = tokens.last_mut() {
                    last.ends_clause |= word.text.contains(['-', '–', '—', ',']);
                }
                continue;
            }
            tokens.push(Token {
                at,
                base: base_form(&bare),
                bare,
                ends_clause: word.ends_clause(),
                ends_sentence: word.ends_sentence() && !trails_off(&word.text),
                cut_off: word.text.trim_end_matches([',', '.', '…']).ends_with(['-', '–', '—']),
            });
        }
        Self { transcript, tokens }
    }

    /// The bare word at this place; empty past either end.
    pub fn bare(&self, index: Option<usize>) -> &str {
        index
            .and_then(|index| self.tokens.get(index))
            .map_or("", |token| token.bare.as_str())
    }

    /// The bare word `back` places before this one, in the same sentence; empty where there is none.
    pub fn before(&self, index: usize, back: usize) -> &str {
        let Some(first) = index.checked_sub(back) else {
            return "";
        };
        if self.tokens[first..index].iter().any(|token| token.ends_sentence) {
            return "";
        }
        self.bare(Some(first))
    }

    /// The bare word `ahead` places after this one, in the same sentence; empty where there is none.
    pub fn after(&self, index: usize, ahead: usize) -> &str {
        let last = index + ahead;
        if last >= self.tokens.len() || self.tokens[index..last].iter().any(|token| token.ends_sentence) {
            return "";
        }
        self.bare(Some(last))
    }

    /// Whether a sentence starts with this word.
    pub fn starts_sentence(&self, index: usize) -> bool {
        index
            .checked_sub(1)
            .is_none_or(|before| self.tokens[before].ends_sentence)
    }

    /// Whether a clause starts with this word.
    pub fn starts_clause(&self, index: usize) -> bool {
        index
            .checked_sub(1)
            .is_none_or(|before| self.tokens[before].ends_clause || self.tokens[before].ends_sentence)
    }

    /// The transcript's words that these tokens cover, fillers between them included.
    pub fn words(&self, first: usize, end: usize) -> WordRange {
        self.tokens[first].at..self.tokens[end - 1].at + 1
    }

    /// When they were said.
    pub fn span(&self, first: usize, end: usize) -> Option<Span> {
        self.transcript.span_of(self.words(first, end))
    }

    /// Whether these words start here, one after the other, within a sentence.
    pub fn is_at(&self, index: usize, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(ahead, word)| {
            let bare = if ahead == 0 {
                self.bare(Some(index))
            } else {
                self.after(index, ahead)
            };
            bare == *word
        })
    }
}

/// "We had..." and "we had…" are broken off, not ended.
fn trails_off(text: &str) -> bool {
    let text = text.trim_end_matches(['"', '”', '\'', '’', ')']);
    text.ends_with("...") || text.ends_with('…')
}
