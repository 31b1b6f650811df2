//! A transcript as the insights see it: without vocal fillers, each word bare and in its base form.

use crate::{
    insight::homographs,
    span::Span,
    text,
    transcript::{Transcript, WordOrigin, WordRange, vocal_filler},
};

/// A word that was said on purpose.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Token {
    /// Its index in the transcript.
    pub at: usize,
    pub bare: String,
    /// As it is meant here: "the saw" is no form of "see".
    pub base: String,
    pub ends_clause: bool,
    pub ends_sentence: bool,
    /// A line or paragraph ends between it and the next token.
    pub ends_line: bool,
    /// Broken off: "ha-".
    pub cut_off: bool,
    /// Capitalized where no sentence starts, in a text that is not all in capitals.
    pub name: bool,
    /// In capitals where others are not.
    pub acronym: bool,
    /// Inside quotation marks.
    pub quoted: bool,
}

/// The words of an answer without its vocal fillers.
#[derive(Debug)]
pub(super) struct TokenView<'a> {
    pub transcript: &'a Transcript,
    pub tokens: Vec<Token>,
    /// For each word of the transcript the vocal filler that it is, as it is counted.
    pub vocal: Vec<Option<&'static str>>,
}

impl<'a> TokenView<'a> {
    pub fn new(transcript: &'a Transcript) -> Self {
        let mut vocal = transcript.vocal_fillers();
        let ends = transcript.sentence_ends();
        let shouted = text::is_shouted(transcript.words.iter().map(|word| word.text.as_str()));
        let mut tokens: Vec<Token> = Vec::with_capacity(transcript.words.len());
        let mut quotation = Quotation::default();
        for (at, word) in transcript.words.iter().enumerate() {
            if word.origin == WordOrigin::Restored {
                // Its sound shows that it was said.
                vocal[at] = vocal[at].or_else(|| vocal_filler(&word.text));
            }
            let quoted = quotation.holds(&word.text);
            let bare = if vocal[at].is_some() {
                String::new()
            } else {
                word.bare()
            };
            if bare.is_empty() {
                if let Some(last) = tokens.last_mut() {
                    // A dash standing alone closes what came before it.
                    let dash = vocal[at].is_none()
                        && (word.text.contains(['-', '–', '—', ',', '…', '|', '•']) || word.text.contains(".."));
                    last.ends_clause |= dash || word.then.ends_line();
                    last.ends_line |= word.then.ends_line();
                    last.ends_sentence |= vocal[at].is_none() && ends[at] && !text::trails_off(&word.text);
                }
                continue;
            }
            if text::begins_apart(&word.text)
                && let Some(last) = tokens.last_mut()
            {
                last.ends_clause = true;
            }
            let capitals = word.text.chars().filter(|c| c.is_uppercase()).count();
            let starts = tokens.last().is_none_or(|last| last.ends_sentence || last.ends_line);
            tokens.push(Token {
                at,
                base: String::new(),
                ends_clause: word.ends_clause() || ends[at],
                ends_sentence: ends[at] && !text::trails_off(&word.text),
                ends_line: word.then.ends_line(),
                cut_off: is_cut_off(&word.text),
                name: capitals > 0 && !starts && !shouted[at] && bare != "i" && !bare.starts_with("i'"),
                acronym: capitals > 1 && !shouted[at] && !word.text.chars().any(|c| c.is_lowercase() && c != 's'),
                quoted,
                bare,
            });
        }
        let bases: Vec<String> = (0..tokens.len())
            .map(|index| homographs::base_form_at(&tokens, index))
            .collect();
        for (token, base) in tokens.iter_mut().zip(bases) {
            token.base = base;
        }
        Self {
            transcript,
            tokens,
            vocal,
        }
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

    /// The bare word `ahead` places after this one, in the same clause; empty where there is none.
    pub fn after_in_clause(&self, index: usize, ahead: usize) -> &str {
        let last = index + ahead;
        if last >= self.tokens.len() || self.tokens[index..last].iter().any(|token| token.ends_clause) {
            return "";
        }
        self.bare(Some(last))
    }

    /// The tokens after these words up to the end of their clause, twelve at most.
    pub fn rest_of_clause(&self, from: usize) -> &[Token] {
        const MOST: usize = 12;
        let ended = from == 0 || self.tokens.get(from - 1).is_none_or(|token| token.ends_clause);
        if ended {
            return &[];
        }
        let within = &self.tokens[from..self.tokens.len().min(from + MOST)];
        let end = within
            .iter()
            .position(|token| token.ends_clause)
            .map_or(within.len(), |at| at + 1);
        &within[..end]
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

    /// Whether these words start here, one after the other, within a clause; "but" and "if" may open one.
    pub fn is_at(&self, index: usize, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(ahead, word)| {
            let parted = ahead > 0
                && self.tokens.get(index + ahead - 1).is_some_and(|token| {
                    token.ends_sentence || token.ends_line || token.ends_clause && !["but", "if"].contains(word)
                });
            !parted && self.bare(Some(index + ahead)) == *word
        })
    }
}

/// Whether a word is between quotation marks; a mark that is never closed quotes sixty words at most.
#[derive(Default)]
struct Quotation {
    /// Words since a mark was opened.
    open: Option<usize>,
}

impl Quotation {
    fn holds(&mut self, text: &str) -> bool {
        const LONGEST: usize = 60;
        let inner = text.trim_start_matches(['(', '[', '—', '–', '-', '…', '.']);
        if inner.starts_with(['“', '"']) {
            self.open = Some(0);
        }
        let holds = self.open.is_some_and(|words| words < LONGEST);
        if let Some(words) = &mut self.open {
            *words += 1;
        }
        let end = text.trim_end_matches(['.', ',', '!', '?', ';', ':', ')', '—', '–', '…']);
        if end.ends_with('”') || end.ends_with('"') && end.len() > 1 {
            self.open = None;
        }
        holds
    }
}

/// "Ha-", "ha—": broken off, as far as its mark tells.
fn is_cut_off(text: &str) -> bool {
    text.trim_end_matches([',', '.', '…']).ends_with(['-', '–', '—'])
}
