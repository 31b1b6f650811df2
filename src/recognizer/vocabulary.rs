//! What is known of a Whisper model's tokens, and what is done to their scores before the next one is chosen. Pure: the
//! scores come from `whisper`.
//!
//! Scores are logits: their differences are natural logarithms of odds.

use std::collections::HashMap;

use super::{DecodedWord, DisfluencyCandidates, disfluency::is_filler_token, repetition_guard::is_looping};
use crate::{
    span::Span,
    transcript::{WordOrigin, vocal_filler},
};

/// A token's number in the model's vocabulary.
pub type TokenId = i32;

/// A decoded token.
#[derive(Clone, Copy, Debug)]
pub struct DecodedToken {
    pub token: TokenId,
    pub probability: f32,
    /// Seconds from the start of the window, where the alignment heads tell.
    pub at: Option<f64>,
    pub candidates: Option<DisfluencyCandidates>,
}

/// The tokens of a model that stand for text. Those after them, `end` first, steer the decoder.
pub struct Vocabulary {
    texts: Vec<Vec<u8>>,
    /// Never wanted in a transcript: "[", "(", "♪" and their like.
    unspoken: Vec<TokenId>,
    /// Tokens that are vocal fillers, and how each is spelled in a text.
    fillers: Vec<(TokenId, &'static str)>,
    /// Tokens that begin a word with a capital letter, and the same with a small one.
    lowercase: HashMap<TokenId, TokenId>,
}

impl Vocabulary {
    /// Of the tokens' texts, in the order of their numbers.
    pub fn new(texts: Vec<Vec<u8>>) -> Self {
        let end = texts.len() as TokenId;
        let ids = |wanted: &dyn Fn(&str) -> bool| -> Vec<TokenId> {
            (0..end)
                .filter(|token| std::str::from_utf8(&texts[*token as usize]).is_ok_and(wanted))
                .collect()
        };
        let unspoken = ids(&|text| {
            let text = text.trim_start();
            text.starts_with([
                '[', ']', '(', ')', '{', '}', '*', '<', '>', '♪', '♫', '♩', '♬', '~', '_', '|', '"', '#',
            ]) || text.starts_with("--")
        });
        let fillers = (0..end)
            .filter_map(|token| {
                let text = std::str::from_utf8(&texts[token as usize]).ok()?.trim();
                let filler = vocal_filler(text).filter(|_| is_filler_token(text));
                Some((token, filler?))
            })
            .collect();
        let lowercase = lowercase_tokens(&texts);
        Self {
            texts,
            unspoken,
            fillers,
            lowercase,
        }
    }

    /// The token with which a text ends.
    pub fn end(&self) -> TokenId {
        self.texts.len() as TokenId
    }

    /// Leaves only what can stand in a text: `whisper_full` does the same for its own decoding.
    pub fn suppress_non_text(&self, scores: &mut [f32], first: bool) {
        for score in scores.iter_mut().skip(self.end() as usize + 1) {
            *score = f32::NEG_INFINITY;
        }
        if first {
            scores[self.end() as usize] = f32::NEG_INFINITY;
            // 220 is the token of a lone space in every Whisper vocabulary.
            scores[220] = f32::NEG_INFINITY;
        }
    }

    /// A word as it is written where no sentence begins.
    pub fn inside_a_sentence(&self, word: &[TokenId]) -> Vec<TokenId> {
        let mut word = word.to_vec();
        if let Some(first) = word.first_mut() {
            *first = self.lowercase.get(first).copied().unwrap_or(*first);
        }
        word
    }

    pub fn ends_a_sentence(&self, token: TokenId) -> bool {
        let last = self.texts.get(token as usize).and_then(|text| text.last());
        matches!(last, Some(b'.' | b'?' | b'!'))
    }

    /// The filler that was near, as a text has it where a sentence begins, or inside of one.
    pub fn filler(&self, candidates: &DisfluencyCandidates, begins: bool) -> Vec<TokenId> {
        let mut spelled = format!(" {}", candidates.filler).into_bytes();
        if begins {
            spelled[1].make_ascii_uppercase();
        }
        let filler = self
            .find(&spelled)
            .or_else(|| self.find(if begins { b" Um" } else { b" um" }));
        filler.into_iter().chain(self.comma()).collect()
    }

    /// A comma, if the model has one.
    pub fn comma(&self) -> Vec<TokenId> {
        self.find(b",").into_iter().collect()
    }

    fn find(&self, text: &[u8]) -> Option<TokenId> {
        let at = self.texts.iter().position(|token| token == text);
        at.map(|token| token as TokenId)
    }

    pub fn begins_word(&self, token: TokenId) -> bool {
        self.texts
            .get(token as usize)
            .is_some_and(|text| text.starts_with(b" "))
    }

    fn is_punctuation(&self, token: TokenId) -> bool {
        self.texts
            .get(token as usize)
            .is_some_and(|text| !text.iter().any(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80))
    }

    /// Whether the text ends in the same filler twice. From there the decoder seldom finds the way on.
    fn repeats_filler(&self, said: &[TokenId]) -> bool {
        let mut words = said.iter().rev().filter(|token| !self.is_punctuation(**token));
        let is_filler = |wanted: TokenId| self.fillers.iter().any(|(token, _)| *token == wanted);
        matches!((words.next(), words.next()), (Some(a), Some(b)) if a == b && is_filler(*a))
    }

    /// What the next token nearly is, beside the likeliest.
    pub fn candidates(&self, said: &[TokenId], scores: &[f32]) -> DisfluencyCandidates {
        let filler = self
            .fillers
            .iter()
            .max_by(|a, b| scores[a.0 as usize].total_cmp(&scores[b.0 as usize]));
        let mut begun = said.iter().rev().filter(|token| self.begins_word(**token));
        let mut rest = f32::NEG_INFINITY;
        for (token, score) in scores[..=self.end() as usize].iter().enumerate() {
            if *score > rest && !self.fillers.iter().any(|(filler, _)| *filler == token as TokenId) {
                rest = *score;
            }
        }
        DisfluencyCandidates {
            filler: filler.map_or("", |(_, text)| *text),
            filler_log_odds: filler.map_or(f32::NEG_INFINITY, |(token, _)| scores[*token as usize] - rest),
            filler_before_log_odds: f32::NEG_INFINITY,
            again_instead_log_odds: f32::NEG_INFINITY,
            first_instead_log_odds: f32::NEG_INFINITY,
            again_log_odds: std::array::from_fn(|_| {
                begun.next().map_or(f32::NEG_INFINITY, |token| {
                    let again = self.lowercase.get(token).unwrap_or(token);
                    scores[*again as usize] - rest
                })
            }),
        }
    }

    /// The odds of the likeliest sign that is never spoken, against the likeliest other token.
    pub fn sign_log_odds(&self, scores: &[f32]) -> f32 {
        let highest = |tokens: &mut dyn Iterator<Item = TokenId>| {
            tokens
                .map(|token| scores[token as usize])
                .fold(f32::NEG_INFINITY, f32::max)
        };
        let sign = highest(&mut self.unspoken.iter().copied());
        let other = highest(&mut (0..self.end()).filter(|token| self.unspoken.binary_search(token).is_err()));
        sign - other
    }

    pub fn suppress_unspoken(&self, scores: &mut [f32]) {
        for token in &self.unspoken {
            scores[*token as usize] = f32::NEG_INFINITY;
        }
    }

    /// Puts tokens together to words: a token that begins with a space begins a word.
    pub fn words(&self, decoded: &[DecodedToken], seconds: f64) -> Vec<DecodedWord> {
        let mut words: Vec<(Vec<u8>, Vec<DecodedToken>)> = Vec::new();
        for token in decoded {
            let text = &self.texts[token.token as usize];
            match words.last_mut() {
                Some((bytes, tokens)) if !text.starts_with(b" ") => {
                    bytes.extend_from_slice(text);
                    tokens.push(*token);
                }
                _ => words.push((text.clone(), vec![*token])),
            }
        }
        // A word's place begins behind the last one, so with the punctuation between them.
        let candidates: Vec<Option<DisfluencyCandidates>> = (0..words.len())
            .map(|index| {
                let between = index.checked_sub(1).into_iter().flat_map(|before| {
                    words[before].1[1..]
                        .iter()
                        .filter(|token| self.is_punctuation(token.token))
                });
                words[index].1[..1]
                    .iter()
                    .chain(between)
                    .filter_map(|token| token.candidates)
                    .reduce(DisfluencyCandidates::or)
            })
            .collect();
        // The alignment gives the moment at which a token ends; a word begins where the one before it has ended.
        let ends: Vec<Option<f64>> = words
            .iter()
            .map(|(_, decoded)| {
                let spoken = decoded.iter().rfind(|token| !self.is_punctuation(token.token));
                spoken.or(decoded.last())?.at
            })
            .collect();
        words
            .into_iter()
            .enumerate()
            .map(|(index, (bytes, decoded))| DecodedWord {
                // Over a hum the decoder may write a part of a letter.
                text: String::from_utf8_lossy(&bytes)
                    .replace(char::REPLACEMENT_CHARACTER, "")
                    .trim()
                    .to_owned(),
                confidence: decoded.iter().map(|token| token.probability).fold(1.0, f32::min),
                span: ends[index].map(|end| {
                    let end = end.clamp(0.0, seconds);
                    let start = index.checked_sub(1).and_then(|before| ends[before]).unwrap_or(0.0);
                    Span::new(start.clamp(0.0, end), end)
                }),
                tokens: decoded.iter().map(|token| token.token).collect(),
                origin: WordOrigin::Decoded,
                candidates: candidates[index],
                alternative: None,
            })
            .filter(|word| !word.text.is_empty())
            .collect()
    }
}

/// For each token that begins a word with a capital letter the one with a small letter. "I" has none.
fn lowercase_tokens(texts: &[Vec<u8>]) -> HashMap<TokenId, TokenId> {
    let tokens: HashMap<&[u8], TokenId> = (0..).zip(texts).map(|(token, text)| (text.as_slice(), token)).collect();
    (0..)
        .zip(texts)
        .filter(|(_, text)| text.first() == Some(&b' ') && text.get(1).is_some_and(u8::is_ascii_uppercase))
        .filter(|(_, text)| text.as_slice() != b" I")
        .filter_map(|(token, text)| Some((token, *tokens.get(text.to_ascii_lowercase().as_slice())?)))
        .collect()
}

/// What is done to the scores of the next token, in both ways of decoding: unspoken tokens are out, and a decoder that
/// goes round in circles is stopped.
pub struct LogitFilter<'a> {
    vocabulary: &'a Vocabulary,
    most_tokens: usize,
    pub failed: bool,
    /// For each token of a final decode, what it nearly was.
    pub candidates: Vec<DisfluencyCandidates>,
    /// See [`super::SpeechDoubt::sign_log_odds`]; of a final decode.
    pub sign_log_odds: f32,
}

impl<'a> LogitFilter<'a> {
    pub fn new(vocabulary: &'a Vocabulary, seconds: f64) -> Self {
        // Fast speech is five words a second, and a word is seldom more than two tokens.
        Self {
            vocabulary,
            most_tokens: (seconds * 9.0) as usize + 12,
            failed: false,
            candidates: Vec::new(),
            sign_log_odds: 0.0,
        }
    }

    /// How many scores there are to shape: one for each token of the text, and one for its end.
    pub fn scores(&self) -> usize {
        self.vocabulary.texts.len() + 1
    }

    /// Keeps what the next token nearly is, and shapes the scores.
    pub fn apply_and_record(&mut self, said: &[TokenId], scores: &mut [f32]) {
        if said.is_empty() {
            self.sign_log_odds = self.vocabulary.sign_log_odds(scores);
        }
        self.vocabulary.suppress_unspoken(scores);
        self.candidates.push(self.vocabulary.candidates(said, scores));
        self.apply(said, scores);
    }

    pub fn apply(&mut self, said: &[TokenId], scores: &mut [f32]) {
        self.vocabulary.suppress_unspoken(scores);
        if self.vocabulary.repeats_filler(said) {
            for (token, _) in &self.vocabulary.fillers {
                scores[*token as usize] = f32::NEG_INFINITY;
            }
        }
        if said.len() > self.most_tokens || is_looping(said) {
            self.failed = true;
            scores.fill(f32::NEG_INFINITY);
            scores[self.vocabulary.end() as usize] = 0.0;
        }
    }
}

/// The token with the highest score, and its probability.
pub fn argmax(scores: &[f32]) -> (TokenId, f32) {
    let mut token = 0;
    let mut highest = f32::NEG_INFINITY;
    for (index, score) in scores.iter().enumerate() {
        if *score > highest {
            highest = *score;
            token = index;
        }
    }
    let sum: f32 = scores.iter().map(|score| (score - highest).exp()).sum();
    (token as TokenId, 1.0 / sum.max(1.0))
}

/// The probability of a token.
pub fn probability_of(token: TokenId, scores: &[f32]) -> f32 {
    let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = scores.iter().map(|score| (score - highest).exp()).sum();
    (scores[token as usize] - highest).exp() / sum.max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary(texts: &[&str]) -> Vocabulary {
        Vocabulary::new(texts.iter().map(|text| text.as_bytes().to_vec()).collect())
    }

    #[test]
    fn tokens_become_words_that_begin_where_the_last_one_has_ended() {
        let vocabulary = vocabulary(&[" We", " real", "ign", ",", " it", "."]);
        let decoded: Vec<DecodedToken> = (0..6)
            .map(|token| DecodedToken {
                token,
                probability: 1.0 - token as f32 / 10.0,
                at: Some(f64::from(token) / 2.0),
                candidates: None,
            })
            .collect();
        let words = vocabulary.words(&decoded, 2.2);
        let told: Vec<(&str, f32, Span)> = words
            .iter()
            .map(|word| (word.text.as_str(), word.confidence, word.span.expect("it is aligned")))
            .collect();
        assert_eq!(
            told,
            [
                ("We", 1.0, Span::new(0.0, 0.0)),
                ("realign,", 0.7, Span::new(0.0, 1.0)),
                ("it.", 0.5, Span::new(1.0, 2.0)),
            ]
        );
    }

    #[test]
    fn brackets_and_a_third_filler_running_cannot_be_written() {
        let vocabulary = vocabulary(&[" [", " um", ",", " we"]);
        let mut filter = LogitFilter::new(&vocabulary, 1.0);
        let mut scores = vec![0.0; 5];
        filter.apply(&[3, 1, 2], &mut scores);
        assert_eq!(scores, [f32::NEG_INFINITY, 0.0, 0.0, 0.0, 0.0]);
        filter.apply(&[1, 2, 1], &mut scores);
        assert_eq!(scores, [f32::NEG_INFINITY, f32::NEG_INFINITY, 0.0, 0.0, 0.0]);
        assert!(!filter.failed);
    }

    #[test]
    fn a_text_longer_than_its_seconds_can_hold_ends_as_failed() {
        let vocabulary = vocabulary(&[" a", " b"]);
        let mut filter = LogitFilter::new(&vocabulary, 1.0);
        let mut scores = vec![5.0; 3];
        let said: Vec<TokenId> = (0..40).map(|index| (index * index / 3) % 2).collect();
        filter.apply(&said, &mut scores);
        assert!(filter.failed);
        assert_eq!(argmax(&scores), (vocabulary.end(), 1.0));
    }

    #[test]
    fn what_the_next_token_nearly_is_leaves_capitals_aside() {
        let vocabulary = vocabulary(&[" The", " the", " um", " key", " uh"]);
        let candidates = vocabulary.candidates(&[3, 0], &[-9.0, -4.0, -3.0, -1.0, -7.0, -20.0]);
        assert_eq!((candidates.filler, candidates.filler_log_odds), ("um", -2.0));
        assert_eq!(candidates.again_log_odds, [-3.0, 0.0]);
    }
}
