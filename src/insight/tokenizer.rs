//! The sentences of an answer as patterns see them: contractions split, each word with its base form and a guess at
//! what it is.

use std::hash::{Hash, Hasher};

use crate::{
    insight::{base_form::base_form, token_view::TokenView},
    transcript::WordRange,
};

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
    fn new(text: String, name: bool) -> Self {
        let base = base_form(&text);
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
            let raw = &view.transcript.words[token.at].text;
            let capitals = raw.chars().filter(|c| c.is_uppercase()).count();
            let name = (capitals > 0 && !tokens.is_empty() || capitals > 1)
                && token.bare != "i"
                && !token.bare.starts_with("i'");
            let first = tokens.len();
            for part in split_contraction(&token.bare) {
                tokens.push(SentenceToken::new(part, name));
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
    let whole = match word {
        "can't" | "cannot" => "can not",
        "won't" => "will not",
        "ain't" => "is not",
        "dunno" => "do not know",
        "gonna" => "going to",
        "wanna" => "want to",
        "gotta" => "got to",
        "let's" => "let us",
        "kinda" => "kind of",
        "'cause" | "cuz" => "because",
        "y'all" => "you all",
        _ => "",
    };
    if !whole.is_empty() {
        return whole.split(' ').map(str::to_owned).collect();
    }
    for (ending, replaced) in [
        ("n't", "not"),
        ("'ve", "have"),
        ("'re", "are"),
        ("'ll", "will"),
        ("'d", "'d"),
        ("'m", "am"),
    ] {
        if let Some(stem) = word.strip_suffix(ending).filter(|stem| !stem.is_empty()) {
            return vec![stem.to_owned(), replaced.to_owned()];
        }
    }
    if let Some(stem) = word.strip_suffix("'s") {
        let clitic = matches!(
            stem,
            "it" | "that"
                | "there"
                | "he"
                | "she"
                | "what"
                | "who"
                | "here"
                | "where"
                | "how"
                | "one"
                | "everything"
                | "everyone"
                | "everybody"
                | "nobody"
                | "nothing"
                | "something"
        );
        return if clitic {
            vec![stem.to_owned(), "is".to_owned()]
        } else {
            vec![stem.to_owned()]
        };
    }
    if word.contains('-') {
        let parts: Vec<String> = word
            .split('-')
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect();
        if !parts.is_empty() {
            return parts;
        }
    }
    vec![word.to_owned()]
}

/// A word in the past: irregular ("ran") or in -ed.
pub(super) fn is_past(item: &SentenceToken) -> bool {
    const IRREGULAR: &[&str] = &[
        "was", "were", "had", "did", "set", "put", "cut", "let", "hit", "shut", "quit", "read", "split", "got", "used",
    ];
    if IRREGULAR.contains(&item.text.as_str()) {
        return true;
    }
    let text = item.text.as_str();
    text != item.base
        && (text.ends_with("ed")
            || !text.ends_with('s')
                && !text.ends_with("ing")
                && !text.ends_with("er")
                && !text.ends_with("est")
                && !matches!(
                    item.base.as_str(),
                    "person" | "child" | "man" | "woman" | "be" | "foot" | "criterion" | "index" | "medium"
                ))
}

pub(super) fn is_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        || [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "fifteen",
            "twenty",
            "thirty",
            "forty",
            "fifty",
            "sixty",
            "seventy",
            "eighty",
            "ninety",
            "hundred",
            "thousand",
            "million",
            "half",
            "dozen",
            "third",
            "quarter",
            "hundreds",
            "thousands",
            "double",
            "triple",
            "couple",
            "few",
            "several",
        ]
        .contains(&text)
}
