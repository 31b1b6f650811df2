//! The words of one take, as they were said. Knows nothing of who recognized them or of what they mean.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::{
    span::Span,
    text::{self, Separation},
};

pub use crate::text::{bare, vocal_filler};

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
    /// The recognizer held another word for likelier, and read from the sound that a filler was said.
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
    /// What stood between it and the next word; a space where it was said.
    #[serde(default, skip_serializing_if = "Separation::is_space")]
    pub then: Separation,
    /// What the recognizer wrote, where `text` is the job term that was meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard: Option<String>,
}

impl Word {
    /// A spoken word; a vocal filler is recognized by its spelling.
    pub fn spoken(text: impl Into<String>, span: Span, confidence: f32) -> Self {
        Self {
            span: Some(span),
            confidence,
            ..Self::typed(text)
        }
    }

    /// A typed word: no time, no doubt.
    pub fn typed(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            kind: kind_of(vocal_filler(&text)),
            text,
            span: None,
            confidence: 1.0,
            origin: WordOrigin::Decoded,
            then: Separation::Space,
            heard: None,
        }
    }

    /// Taken apart where several words stand together ("team—we"). Each gets its share of the time, by its letters.
    pub fn apart(self) -> Vec<Self> {
        let pieces = text::pieces(&self.text);
        if pieces.len() < 2 {
            return vec![self];
        }
        let letters = |text: &str| text.chars().count() as f64;
        let all: f64 = pieces.iter().map(|piece| letters(&piece.text)).sum();
        let mut from = 0.0;
        let part = |piece: text::Piece| {
            let to = from + letters(&piece.text) / all;
            let span = self.span.map(|span| {
                let at = |share: f64| span.start + span.seconds() * share;
                Span::new(at(from), at(to))
            });
            from = to;
            Self {
                span,
                confidence: self.confidence,
                origin: self.origin,
                then: piece.then,
                ..Self::typed(piece.text)
            }
        };
        let mut words: Vec<Self> = pieces.into_iter().map(part).collect();
        if let Some(last) = words.last_mut() {
            last.then = self.then;
        }
        words
    }

    /// The word alone: lower case, without the punctuation around it, with straight apostrophes. "“SIEM’s,”" → "siem's".
    pub fn bare(&self) -> String {
        bare(&self.text)
    }

    /// Whether a clause ends with this word: any punctuation that a speaker would breathe at.
    pub fn ends_clause(&self) -> bool {
        self.then.ends_line() || text::ends_clause(&self.text)
    }
}

fn kind_of(filler: Option<&str>) -> WordKind {
    match filler {
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
    /// A typed answer, or any other text.
    pub fn typed(text: &str) -> Self {
        let word = |piece: text::Piece| Word {
            then: piece.then,
            ..Word::typed(piece.text)
        };
        Self::of(text::pieces(text).into_iter().map(word).collect())
    }

    /// Of words one after the other: which are vocal fillers shows only here, in what stands around them.
    pub fn of(mut words: Vec<Word>) -> Self {
        let fillers = text::vocal_fillers(&spelled(&words));
        for (word, filler) in words.iter_mut().zip(fillers) {
            word.kind = kind_of(filler);
        }
        Self { words }
    }

    /// The vocal fillers, each as it is counted: told anew, so that a better rule improves old answers.
    pub fn vocal_fillers(&self) -> Vec<Option<&'static str>> {
        text::vocal_fillers(&spelled(&self.words))
    }

    /// The words with one space between them, where there was something between them.
    pub fn text(&self) -> String {
        self.text_of(0..self.words.len())
    }

    /// The same for a part of it; what lies past the end is left out.
    pub fn text_of(&self, range: WordRange) -> String {
        let end = range.end.min(self.words.len());
        let start = range.start.min(end);
        let words = &self.words[start..end];
        let mut text = String::with_capacity(words.iter().map(|word| word.text.len() + 1).sum());
        for (index, word) in words.iter().enumerate() {
            text.push_str(&word.text);
            if index + 1 < words.len() && word.then != Separation::Nothing {
                text.push(' ');
            }
        }
        text
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

    /// Whether a paragraph ends between this word and the next, where the present one began with the word `from`: at a line
    /// break of a typed text; and where somebody paused for more than a second, after a sentence, or anywhere once the
    /// paragraph is long. It depends on nothing that follows, so a text that grows keeps its paragraphs.
    pub fn ends_paragraph(&self, word: usize, from: usize) -> bool {
        const PAUSE_SECONDS: f64 = 1.0;
        /// A line or two: fewer words are no paragraph.
        const LEAST_WORDS: usize = 20;
        const MANY_WORDS: usize = 80;
        let (Some(this), Some(next)) = (self.words.get(word), self.words.get(word + 1)) else {
            return false;
        };
        if this.then.ends_line() {
            return true;
        }
        let pause = match (this.span, next.span) {
            (Some(before), Some(after)) => after.start - before.end,
            _ => 0.0,
        };
        let count = word + 1 - from;
        let sentence_ends = this
            .text
            .trim_end_matches(['"', '”', '’', ')'])
            .ends_with(['.', '?', '!', '…']);
        pause > PAUSE_SECONDS && (count >= MANY_WORDS || sentence_ends && count >= LEAST_WORDS)
    }

    /// The paragraphs, as ranges that cover every word.
    pub fn paragraphs(&self) -> Vec<WordRange> {
        let mut paragraphs = Vec::new();
        let mut from = 0;
        for word in 0..self.words.len() {
            if word + 1 == self.words.len() || self.ends_paragraph(word, from) {
                paragraphs.push(from..word + 1);
                from = word + 1;
            }
        }
        paragraphs
    }

    /// For each word, whether a sentence ends with it, as far as punctuation and line ends tell.
    pub fn sentence_ends(&self) -> Vec<bool> {
        text::sentence_ends(&spelled(&self.words))
    }

    /// The sentences, as ranges that cover every word. One without an end, longer than sixty words, is parted at long
    /// pauses (0.7 s) first, and then at its clauses: recognizers forget full stops.
    pub fn sentences(&self) -> Vec<WordRange> {
        let mut sentences = Vec::new();
        let mut start = 0;
        for (index, ends) in self.sentence_ends().into_iter().enumerate() {
            if ends {
                self.add_parted(start..index + 1, &mut sentences);
                start = index + 1;
            }
        }
        sentences
    }

    fn add_parted(&self, sentence: WordRange, sentences: &mut Vec<WordRange>) {
        const LONGEST: usize = 60;
        if sentence.len() <= LONGEST {
            sentences.push(sentence);
            return;
        }
        let mut start = sentence.start;
        // Where the part could have ended best.
        let mut clause = None;
        for index in sentence.clone() {
            let last = index + 1 == sentence.end;
            if last || self.pauses_after(index) {
                sentences.push(start..index + 1);
                (start, clause) = (index + 1, None);
            } else if index + 1 - start >= LONGEST {
                let end = clause.take().unwrap_or(index + 1);
                sentences.push(start..end);
                start = end;
            } else if self.words[index].ends_clause() && index + 1 - start >= LONGEST / 3 {
                clause = Some(index + 1);
            }
        }
    }

    fn pauses_after(&self, index: usize) -> bool {
        const PAUSE_SECONDS: f64 = 0.7;
        match (
            self.words[index].span,
            self.words.get(index + 1).and_then(|next| next.span),
        ) {
            (Some(this), Some(next)) => next.start - this.end >= PAUSE_SECONDS,
            _ => false,
        }
    }
}

fn spelled(words: &[Word]) -> Vec<(&str, Separation)> {
    words.iter().map(|word| (word.text.as_str(), word.then)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn words_that_stand_together_share_their_time() {
        let words = Word::spoken("team—we", Span::new(1.0, 1.7), 0.5).apart();
        let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(texts, ["team—", "we"]);
        assert_eq!(words[0].span.unwrap().end, words[1].span.unwrap().start);
        assert_eq!(words[1].span.unwrap().end, 1.7);
        assert_eq!(Transcript::of(words).text(), "team—we");
    }

    #[test]
    fn a_sentence_without_an_end_is_parted_at_pauses_and_clauses() {
        let words = |pause_after: usize| {
            let time = |at: usize| at as f64 * 0.5 + if at > pause_after { 2.0 } else { 0.0 };
            let word = |at: usize| {
                Word::spoken(
                    if at == 49 { "so," } else { "so" },
                    Span::new(time(at), time(at) + 0.4),
                    1.0,
                )
            };
            Transcript::of((0..100).map(word).collect())
        };
        assert_eq!(words(30).sentences(), [0..31, 31..91, 91..100]);
        assert_eq!(words(500).sentences(), [0..50, 50..100]);
    }

    #[test]
    fn a_range_past_the_end_is_cut() {
        let transcript = Transcript::typed("one two");
        assert_eq!(transcript.text_of(1..9), "two");
        assert_eq!(transcript.text_of(5..9), "");
        assert_eq!(transcript.span_of(0..9), None);
    }

    #[test]
    fn paragraphs_end_where_somebody_paused_after_a_sentence() {
        let mut at = 0.0;
        let mut words = Vec::new();
        let mut say = |count: usize, end: &str, pause: f64| {
            for index in 0..count {
                let text = if index + 1 == count {
                    format!("word{end}")
                } else {
                    "word".into()
                };
                words.push(Word::spoken(text, Span::new(at, at + 0.2), 1.0));
                at += 0.3;
            }
            at += pause;
        };
        // A sentence that is too short, a pause inside a sentence, one that is long enough, and a long one without an end.
        say(5, ".", 1.5);
        say(20, "", 1.5);
        say(5, ".", 1.5);
        say(25, ".", 0.5);
        say(60, "", 1.2);
        say(4, ".", 0.0);
        let transcript = Transcript { words };
        assert_eq!(transcript.paragraphs(), [0..30, 30..115, 115..119]);
        assert!(Transcript::default().paragraphs().is_empty());
    }
}
