//! Weighs what came near to being written by what follows it.
//!
//! Where a filler or the words before, once more, came near ([`Nearly`](super::Nearly)), the decoder is made to write it,
//! and then the same words as before. After something that was said those are as likely as without it, or likelier; after
//! something that was not the decoder loses its place in the sound.

use super::{
    HeardWord, RecognizerError, left_out,
    vocabulary::{Token, Vocabulary, best},
};

/// What is less likely than this is not looked at, or not any further. Odds are natural logarithms.
const NEAR_AGAIN: f32 = -7.0;
const NEAR_FILLER: f32 = -5.0;
const NEAR_INSTEAD: f32 = -9.0;
/// The decoder has room for 448 tokens.
pub const MOST_TOKENS: usize = 440;

/// A decoder over sound that has been encoded.
pub trait Decoder {
    /// The scores of what follows `tokens`, which come after the first `past` tokens of those fed before.
    fn feed(&mut self, tokens: &[Token], past: usize) -> Result<&mut [f32], RecognizerError>;
}

/// Sets the odds of what came near before each of `words`.
///
/// `lead` is what the decoder was given before the text; `likelihoods` are the natural logarithms for the tokens of
/// `words`, one after the other.
pub fn weigh(
    decoder: &mut dyn Decoder,
    vocabulary: &Vocabulary,
    lead: &[Token],
    words: &mut [HeardWord],
    likelihoods: &[f32],
) -> Result<(), RecognizerError> {
    let near = additions(words);
    for nearly in words.iter_mut().filter_map(|word| word.nearly.as_mut()) {
        nearly.again_odds = [f32::NEG_INFINITY; 2];
        nearly.filler_before_odds = f32::NEG_INFINITY;
        nearly.filler_instead_odds = f32::NEG_INFINITY;
    }
    let tokens: Vec<Token> = words.iter().flat_map(|word| word.tokens.iter().copied()).collect();
    let Some(last) = near.last().filter(|_| tokens.len() == likelihoods.len()) else {
        return Ok(());
    };
    let said = [lead, &tokens].concat();
    decoder.feed(&said[..lead.len() + last.begin], 0)?;
    // From the last to the first: what was fed up to a word stays fed for those before it.
    for addition in near.into_iter().rev() {
        let (written, instead_of) = addition.written(vocabulary, words, &tokens);
        let without: f32 = likelihoods[addition.begin..][..instead_of].iter().sum();
        let past = lead.len() + addition.begin;
        if past + written.len() >= MOST_TOKENS {
            continue;
        }
        let bound = without + addition.what.near();
        let odds = likelihood(decoder, vocabulary, &said[..past], &written, bound)? - without;
        if let Some(nearly) = &mut words[addition.index].nearly {
            match addition.what {
                What::Again(length) => nearly.again_odds[length - 1] = odds,
                What::Filler => nearly.filler_before_odds = odds,
                What::Instead => nearly.filler_instead_odds = odds,
            }
        }
    }
    Ok(())
}

/// Something that may have been said before word `index`, whose first token is the `begin`th.
struct Addition {
    index: usize,
    begin: usize,
    what: What,
}

#[derive(Clone, Copy)]
enum What {
    /// So many of the last words once more.
    Again(usize),
    /// A filler before the word.
    Filler,
    /// A filler, which the word was taken for.
    Instead,
}

impl What {
    fn near(self) -> f32 {
        match self {
            Self::Again(_) => NEAR_AGAIN,
            Self::Filler => NEAR_FILLER,
            Self::Instead => NEAR_INSTEAD,
        }
    }
}

/// What is worth weighing, in the order of its place.
fn additions(words: &[HeardWord]) -> Vec<Addition> {
    /// So that a hard stretch does not cost much more than another.
    const MOST: usize = 12;
    let mut near: Vec<(f32, Addition)> = Vec::new();
    let mut begin = 0;
    for (index, word) in words.iter().enumerate() {
        let mut add = |odds: f32, what: What| {
            if odds > what.near() {
                near.push((odds - what.near(), Addition { index, begin, what }));
            }
        };
        if let Some(nearly) = word.nearly {
            for (length, odds) in (1..).zip(nearly.again_odds) {
                if index >= length && left_out::is_stumbled_over(&words[index - length..index]) {
                    add(odds, What::Again(length));
                }
            }
            if left_out::is_free_of_fillers(words, index) {
                add(nearly.filler_odds, What::Filler);
                if left_out::sounds_like_a_filler(word) {
                    add(nearly.filler_odds, What::Instead);
                }
            }
        }
        begin += word.tokens.len();
    }
    near.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let mut near: Vec<Addition> = near.into_iter().take(MOST).map(|(_, addition)| addition).collect();
    near.sort_by_key(|addition| addition.begin);
    near
}

impl Addition {
    /// What would have been written with it, and instead of how many tokens from its place on.
    fn written(&self, vocabulary: &Vocabulary, words: &[HeardWord], tokens: &[Token]) -> (Vec<Token>, usize) {
        const FOLLOWING: usize = 6;
        let word = &words[self.index];
        let replaced = match self.what {
            What::Instead => word.tokens.len(),
            What::Again(_) | What::Filler => 0,
        };
        let end = tokens.len().min(self.begin + replaced + FOLLOWING);
        let mut following = tokens[self.begin + replaced..end].to_vec();
        let added = match self.what {
            What::Again(length) => {
                let again = &words[self.index - length..self.index];
                let first = vocabulary.inside_a_sentence(&again[0].tokens);
                let rest = again[1..].iter().flat_map(|word| word.tokens.iter().copied());
                first.into_iter().chain(rest).collect()
            }
            What::Filler | What::Instead => {
                let before = tokens[..self.begin].last();
                let begins = before.is_none_or(|before| vocabulary.ends_a_sentence(*before));
                if begins {
                    following = vocabulary.inside_a_sentence(&following);
                }
                word.nearly
                    .map_or_else(Vec::new, |nearly| vocabulary.filler(&nearly, begins))
            }
        };
        ([added, following].concat(), end - self.begin)
    }
}

/// The natural logarithm of how likely the decoder holds `tokens` after `said`; or something below `least`, if it is.
/// It must have been fed all of `said` but the last, which it may be fed again.
fn likelihood(
    decoder: &mut dyn Decoder,
    vocabulary: &Vocabulary,
    said: &[Token],
    tokens: &[Token],
    least: f32,
) -> Result<f32, RecognizerError> {
    let mut sum = 0.0;
    for (past, (fed, token)) in (said.len() - 1..).zip(said.last().into_iter().chain(tokens).zip(tokens)) {
        let scores = decoder.feed(&[*fed], past)?;
        vocabulary.only_text(scores, false);
        vocabulary.only_spoken(scores);
        let (likeliest, probability) = best(scores);
        sum += scores[*token as usize] - scores[likeliest as usize] + probability.ln();
        if sum < least {
            break;
        }
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::{super::Nearly, *};

    const TEXTS: [&str; 13] = [
        " So", " so", " we", " ran", " the", " scan", " um", " Um", ",", ".", " and", " it", " on",
    ];
    const LEAD: [Token; 2] = [100, 101];

    fn token(text: &str) -> Token {
        TEXTS.iter().position(|token| *token == text).expect("a known token") as Token
    }

    fn tokens(line: &[&str]) -> Vec<Token> {
        line.iter().map(|text| token(text)).collect()
    }

    /// A decoder that knows what was said, and is lost once something else stands before.
    struct Scripted {
        fed: Vec<Token>,
        truth: Vec<Token>,
        scores: Vec<f32>,
    }

    impl Decoder for Scripted {
        fn feed(&mut self, tokens: &[Token], past: usize) -> Result<&mut [f32], RecognizerError> {
            assert!(past <= self.fed.len(), "nothing was fed before {past}");
            self.fed.truncate(past);
            self.fed.extend_from_slice(tokens);
            self.scores = vec![0.0; TEXTS.len() + 5];
            let said = &self.fed[LEAD.len()..];
            if let Some(next) = self.truth.strip_prefix(said).and_then(<[Token]>::first) {
                self.scores[*next as usize] = 6.0;
            }
            Ok(&mut self.scores)
        }
    }

    /// What was written, each word with what came near before it, weighed where this was said.
    fn weighed(truth: &[&str], written: &[(&str, f32, [f32; 2])]) -> Vec<Nearly> {
        let vocabulary = Vocabulary::new(TEXTS.iter().map(|text| text.as_bytes().to_vec()).collect());
        let mut words: Vec<HeardWord> = written
            .iter()
            .map(|(text, filler_odds, again_odds)| HeardWord {
                text: text.trim().to_owned(),
                confidence: 0.9,
                tokens: vec![token(text)],
                nearly: Some(Nearly {
                    filler: "um",
                    filler_odds: *filler_odds,
                    filler_before_odds: 0.0,
                    filler_instead_odds: 0.0,
                    again_odds: *again_odds,
                }),
                ..HeardWord::default()
            })
            .collect();
        let mut decoder = Scripted {
            fed: Vec::new(),
            truth: tokens(truth),
            scores: Vec::new(),
        };
        let likelihoods = vec![-0.1; words.len()];
        weigh(&mut decoder, &vocabulary, &LEAD, &mut words, &likelihoods).expect("a scripted decoder does not fail");
        words.into_iter().filter_map(|word| word.nearly).collect()
    }

    const FAR: [f32; 2] = [-20.0; 2];

    #[test]
    fn a_filler_that_was_said_bears_what_follows_and_one_that_was_not_does_not() {
        let written = [(" so", -20.0, FAR), (" we", -2.0, FAR), (" ran", -20.0, FAR)];
        let said = weighed(&[" so", " um", ",", " we", " ran"], &written);
        assert!(said[1].filler_before_odds > -1.0, "{said:?}");
        let not_said = weighed(&[" so", " we", " ran"], &written);
        assert!(not_said[1].filler_before_odds < NEAR_FILLER, "{not_said:?}");
        assert_eq!(said[2].filler_before_odds, f32::NEG_INFINITY, "it was not near");
    }

    #[test]
    fn one_word_again_is_told_from_two() {
        let near = [-4.0, -4.0];
        let written = [
            (" so", -20.0, FAR),
            (" we", -20.0, FAR),
            (" ran", -20.0, near),
            (" it", -20.0, near),
        ];
        let one = weighed(&[" so", " we", " we", " ran", " it"], &written);
        assert!(one[2].again_odds[0] > -1.0 && one[3].again_odds[1] < -5.0, "{one:?}");
        let two = weighed(&[" so", " we", " ran", " we", " ran", " it"], &written);
        assert!(two[3].again_odds[1] > -1.0 && two[2].again_odds[0] < -5.0, "{two:?}");
    }

    #[test]
    fn a_filler_that_was_taken_for_a_word_bears_what_follows_that_word() {
        let written = [(" we", -20.0, FAR), (" on", -6.0, FAR), (" ran", -20.0, FAR)];
        let filler = weighed(&[" we", " um", ",", " ran"], &written);
        assert!(filler[1].filler_instead_odds > -1.0, "{filler:?}");
        let word = weighed(&[" we", " on", " ran"], &written);
        assert!(word[1].filler_instead_odds < -5.0, "{word:?}");
        assert_eq!(word[2].filler_instead_odds, f32::NEG_INFINITY, "it sounds like none");
    }

    #[test]
    fn a_sentence_that_begins_with_a_filler_goes_on_with_a_small_letter() {
        let written = [(" So", -1.0, FAR), (" we", -20.0, FAR)];
        let said = weighed(&[" Um", ",", " so", " we"], &written);
        assert!(said[0].filler_before_odds > -1.0, "{said:?}");
    }
}
