//! What is known of a Whisper model's tokens, and what is done to their scores before the next one is chosen. Pure: the
//! scores come from `whisper`.
//!
//! Scores are logits: their differences are natural logarithms of odds.

use super::{RecognizedWord, repetition_guard::is_looping};
use crate::{span::Span, transcript::WordOrigin};

/// Vocal fillers as a decoder writes them. "Eh" and "huh" ask something more often than they fill.
const FILLERS: [&str; 14] = [
    "um", "umm", "uhm", "erm", "uh", "uhh", "er", "ah", "hmm", "hm", "hmmm", "mm", "mmm", "mhm",
];
/// A filler is written from this probability on: below it, most that a decoder writes are a held "a", a breath, or a
/// mumbled word (docs/experiments.md).
const FILLER_PROBABILITY: f32 = 0.35;

/// A token's number in the model's vocabulary.
pub type TokenId = i32;

/// A decoded token.
#[derive(Clone, Copy, Debug)]
pub struct DecodedToken {
    pub token: TokenId,
    pub probability: f32,
    /// Seconds from the start of the window, where the alignment heads tell.
    pub at: Option<f64>,
    pub origin: WordOrigin,
}

/// The tokens of a model that stand for text. Those after them, `end` first, steer the decoder.
pub struct Vocabulary {
    texts: Vec<Vec<u8>>,
    /// Never wanted in a transcript: "[", "(", "♪" and their like.
    unspoken: Vec<TokenId>,
    /// Tokens that are vocal fillers.
    fillers: Vec<TokenId>,
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
        let fillers = ids(&|text| {
            let capitals = text.chars().filter(|letter| letter.is_uppercase()).count();
            capitals < 2 && FILLERS.contains(&text.trim().to_lowercase().as_str())
        });
        Self {
            texts,
            unspoken,
            fillers,
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
        matches!((words.next(), words.next()), (Some(a), Some(b)) if a == b && self.fillers.contains(a))
    }

    /// The likeliest filler, and the probability that the next token is any of them.
    fn filler(&self, scores: &[f32]) -> Option<(TokenId, f32)> {
        let score = |token: &&TokenId| scores[**token as usize];
        let likeliest = self.fillers.iter().max_by(|a, b| score(a).total_cmp(&score(b)))?;
        let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let sum = |scores: &mut dyn Iterator<Item = f32>| scores.map(|score| (score - highest).exp()).sum::<f32>();
        let of_fillers = sum(&mut self.fillers.iter().map(|token| scores[*token as usize]));
        Some((*likeliest, of_fillers / sum(&mut scores.iter().copied()).max(1.0)))
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
    pub fn words(&self, decoded: &[DecodedToken], seconds: f64) -> Vec<RecognizedWord> {
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
            .map(|(index, (bytes, decoded))| RecognizedWord {
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
                origin: decoded[0].origin,
            })
            .filter(|word| !word.text.is_empty())
            .collect()
    }
}

/// What is done to the scores of the next token, in both ways of decoding: unspoken tokens are out, and a decoder that
/// goes round in circles is stopped.
pub struct LogitFilter<'a> {
    vocabulary: &'a Vocabulary,
    most_tokens: usize,
    pub failed: bool,
    /// The fillers that were let through.
    fillers: Vec<FillerDecision>,
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
            fillers: Vec::new(),
            sign_log_odds: 0.0,
        }
    }

    /// How many scores there are to shape: one for each token of the text, and one for its end.
    pub fn scores(&self) -> usize {
        self.vocabulary.texts.len() + 1
    }

    /// Shapes the scores of what follows `said`.
    pub fn apply(&mut self, said: &[TokenId], scores: &mut [f32]) {
        if said.is_empty() {
            self.sign_log_odds = self.vocabulary.sign_log_odds(scores);
        }
        self.vocabulary.suppress_unspoken(scores);
        self.decide_on_a_filler(said, scores);
        if said.len() > self.most_tokens || is_looping(said) {
            self.failed = true;
            scores.fill(f32::NEG_INFINITY);
            scores[self.vocabulary.end() as usize] = 0.0;
        }
    }

    /// Lets a filler through, or none. Fillers share what is likely among them: together they may be likelier than a word
    /// that is likelier than each.
    fn decide_on_a_filler(&mut self, said: &[TokenId], scores: &mut [f32]) {
        let Some((filler, probability)) = self.vocabulary.filler(scores) else {
            return;
        };
        if probability < FILLER_PROBABILITY || self.vocabulary.repeats_filler(said) {
            for token in &self.vocabulary.fillers {
                scores[*token as usize] = f32::NEG_INFINITY;
            }
            return;
        }
        let (likeliest, _) = argmax(scores);
        let origin = if self.vocabulary.fillers.contains(&likeliest) {
            WordOrigin::Decoded
        } else {
            WordOrigin::Restored
        };
        scores[filler as usize] = scores[likeliest as usize] + 1.0;
        self.fillers.push(FillerDecision {
            after: said.len(),
            probability,
            origin,
        });
    }

    /// The token after so many others, with the probability that the decoder gave it.
    pub fn emitted(&self, after: usize, token: TokenId, probability: f32, at: Option<f64>) -> DecodedToken {
        let filler = self.fillers.iter().find(|filler| filler.after == after);
        DecodedToken {
            token,
            probability: filler.map_or(probability, |filler| filler.probability),
            at,
            origin: filler.map_or(WordOrigin::Decoded, |filler| filler.origin),
        }
    }
}

/// A filler that is written.
struct FillerDecision {
    /// How many tokens stand before it.
    after: usize,
    /// That a filler was said here, whichever.
    probability: f32,
    origin: WordOrigin,
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
                origin: WordOrigin::Decoded,
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
        let written = |filter: &mut LogitFilter<'_>, said: &[TokenId]| {
            let mut scores = vec![9.0, 4.0, 1.0, 2.0, 0.0];
            filter.apply(said, &mut scores);
            argmax(&scores).0
        };
        assert_eq!(written(&mut filter, &[3, 1, 2]), 1);
        assert_eq!(written(&mut filter, &[1, 2, 1]), 3);
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
    fn a_filler_is_written_where_fillers_together_are_likely_enough() {
        let vocabulary = vocabulary(&[" um", " uh", " a", " we"]);
        let written = |scores: [f32; 5]| {
            let mut filter = LogitFilter::new(&vocabulary, 1.0);
            let mut scores = scores;
            filter.apply(&[3], &mut scores);
            let (token, probability) = argmax(&scores);
            let emitted = filter.emitted(1, token, probability, None);
            (token, emitted.probability, emitted.origin)
        };
        let likely = |probabilities: [f32; 5]| written(probabilities.map(f32::ln));
        let (token, probability, origin) = likely([0.5, 0.1, 0.3, 0.05, 0.05]);
        assert_eq!((token, origin), (0, WordOrigin::Decoded));
        assert!(
            (probability - 0.6).abs() < 0.01,
            "whichever filler it was: {probability}"
        );
        let (token, probability, origin) = likely([0.2, 0.3, 0.4, 0.05, 0.05]);
        assert_eq!(
            (token, origin),
            (1, WordOrigin::Restored),
            "though \"a\" is likelier than each"
        );
        assert!((probability - 0.5).abs() < 0.01, "{probability}");
        let (token, _, origin) = likely([0.3, 0.0, 0.35, 0.3, 0.05]);
        assert_eq!((token, origin), (2, WordOrigin::Decoded), "a mumbled word");
    }
}
