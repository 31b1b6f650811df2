//! The words of one take, as they were said. Knows nothing of who recognized them or of what they mean.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::span::Span;

/// Where a word stands in its transcript: `words[first..end]`.
pub type WordRange = Range<usize>;

/// What kind of sound a word is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WordKind {
    /// Something said on purpose.
    #[default]
    Word,
    /// A vocal filler: um, uh, er, hmm. ("Like" and "you know" are words here; whether they fill is an insight.)
    Filler,
}

/// Where a word comes from. Saved interviews name the origins as the first version of Aloud did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum WordOrigin {
    /// The recognizer wrote it.
    #[default]
    #[serde(rename = "transcript")]
    Decoded,
    /// The recognizer left it out, or took it for another word; its own scores and the sound show that it was said.
    #[serde(rename = "sound")]
    Restored,
}

/// One word. Its text carries its own capitals and punctuation ("SIEM,"), and never a space.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Word {
    pub text: String,
    /// When it was said; absent in a typed answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// How sure the recognizer was, 0 to 1; 1 for what was typed or corrected by hand.
    pub confidence: f32,
    #[serde(default)]
    pub kind: WordKind,
    #[serde(default, rename = "witness")]
    pub origin: WordOrigin,
}

impl Word {
    /// A spoken word; a vocal filler is recognized by its spelling.
    pub fn spoken(text: impl Into<String>, span: Span, confidence: f32) -> Self {
        let text = text.into();
        Self {
            kind: kind_of(&text),
            text,
            span: Some(span),
            confidence,
            origin: WordOrigin::Decoded,
        }
    }

    /// A typed word: no time, no doubt.
    pub fn typed(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            kind: kind_of(&text),
            text,
            span: None,
            confidence: 1.0,
            origin: WordOrigin::Decoded,
        }
    }

    /// The word alone: lower case, without the punctuation around it, with straight apostrophes. "“SIEM’s,”" → "siem's".
    pub fn bare(&self) -> String {
        bare(&self.text)
    }

    /// Whether a sentence ends with this word.
    pub fn ends_sentence(&self) -> bool {
        self.text
            .trim_end_matches(['"', '”', '\'', '’', ')'])
            .ends_with(['.', '?', '!', '…'])
    }

    /// Whether a clause ends with this word: any punctuation that a speaker would breathe at.
    pub fn ends_clause(&self) -> bool {
        self.ends_sentence() || self.text.ends_with([',', ';', ':', '–', '—'])
    }
}

/// See [`Word::bare`].
pub fn bare(text: &str) -> String {
    text.trim_matches(|c: char| !c.is_alphanumeric() && c != '+' && c != '#')
        .replace('’', "'")
        .to_lowercase()
}

/// The vocal fillers, as recognizers and people spell them, each with the spelling it is counted under.
const VOCAL_FILLERS: [(&str, &str); 17] = [
    ("um", "um"),
    ("umm", "um"),
    ("uhm", "um"),
    ("erm", "um"),
    ("uh", "uh"),
    ("uhh", "uh"),
    ("er", "uh"),
    ("err", "uh"),
    ("ah", "uh"),
    ("eh", "uh"),
    ("hmm", "hmm"),
    ("hm", "hmm"),
    ("hmmm", "hmm"),
    ("mm", "hmm"),
    ("mmm", "hmm"),
    ("mhm", "hmm"),
    ("huh", "hmm"),
];

/// The common spelling of a vocal filler ("erm" → "um"), or nothing where the word is none.
pub fn vocal_filler(text: &str) -> Option<&'static str> {
    // "ER" in capitals is a room in a hospital, "UH" a university.
    if text.chars().filter(|c| c.is_uppercase()).count() > 1 {
        return None;
    }
    let bare = bare(text);
    VOCAL_FILLERS
        .iter()
        .find(|(spelling, _)| *spelling == bare)
        .map(|(_, common)| *common)
}

fn kind_of(text: &str) -> WordKind {
    match vocal_filler(text) {
        Some(_) => WordKind::Filler,
        None => WordKind::Word,
    }
}

/// The words of one take or typed answer, in the order in which they were said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Transcript {
    pub words: Vec<Word>,
}

impl Transcript {
    /// A typed answer: split at white space.
    pub fn typed(text: &str) -> Self {
        Self {
            words: text.split_whitespace().map(Word::typed).collect(),
        }
    }

    /// The words with one space between them.
    pub fn text(&self) -> String {
        self.text_of(0..self.words.len())
    }

    /// The same for a part of it; what lies past the end is left out.
    pub fn text_of(&self, range: WordRange) -> String {
        let end = range.end.min(self.words.len());
        let start = range.start.min(end);
        let texts: Vec<&str> = self.words[start..end].iter().map(|word| word.text.as_str()).collect();
        texts.join(" ")
    }

    /// When a part of it was said; nothing for a typed answer or an empty part.
    pub fn span_of(&self, range: WordRange) -> Option<Span> {
        let end = range.end.min(self.words.len());
        self.words
            .get(range.start..end)?
            .iter()
            .filter_map(|word| word.span)
            .reduce(Span::join)
    }

    /// The sentences, as ranges that cover every word. Without punctuation a long pause (0.7 s) ends one too, and no
    /// sentence is longer than sixty words: recognizers forget full stops.
    pub fn sentences(&self) -> Vec<WordRange> {
        const LONGEST: usize = 60;
        const PAUSE_SECONDS: f64 = 0.7;
        let mut sentences = Vec::new();
        let mut start = 0;
        for (index, word) in self.words.iter().enumerate() {
            let pause = match (word.span, self.words.get(index + 1).and_then(|next| next.span)) {
                (Some(this), Some(next)) => next.start - this.end,
                _ => 0.0,
            };
            let last = index + 1 == self.words.len();
            if last || word.ends_sentence() || pause >= PAUSE_SECONDS || index + 1 - start >= LONGEST {
                sentences.push(start..index + 1);
                start = index + 1;
            }
        }
        sentences
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fillers_are_known_by_their_spelling() {
        for (text, expected) in [
            ("Um,", Some("um")),
            ("er...", Some("uh")),
            ("Hmm.", Some("hmm")),
            ("ER", None),
            ("her", None),
            ("umbrella", None),
        ] {
            assert_eq!(vocal_filler(text), expected, "{text}");
        }
    }

    #[test]
    fn a_bare_word_keeps_what_belongs_to_it() {
        for (text, expected) in [
            ("“SIEM’s,”", "siem's"),
            ("C++.", "c++"),
            ("(TCP/IP)", "tcp/ip"),
            ("—", ""),
        ] {
            assert_eq!(bare(text), expected);
        }
    }

    #[test]
    fn sentences_cover_every_word() {
        let transcript = Transcript::typed("We had a plan. It failed, so we made another");
        assert_eq!(transcript.sentences(), vec![0..4, 4..10]);
        assert!(Transcript::default().sentences().is_empty());
    }

    #[test]
    fn a_range_past_the_end_is_cut() {
        let transcript = Transcript::typed("one two");
        assert_eq!(transcript.text_of(1..9), "two");
        assert_eq!(transcript.text_of(5..9), "");
        assert_eq!(transcript.span_of(0..9), None);
    }
}
