//! Weighs what came near to being written by what follows it.
//!
//! Where a filler or the words before, once more, came near ([`Nearly`](super::Nearly)), the decoder is made to write it,
//! and then the same words as before. After something that was said those are as likely as without it, or likelier; after
//! something that was not the decoder loses its place in the sound. Where a word is doubtful it may write others after the
//! filler, until it is back in the text.

use super::{
    HeardWord, Reading, RecognizerError, left_out, misheard,
    vocabulary::{Piece, Token, Vocabulary, best},
};
use crate::transcript::{bare, vocal_filler};

/// What is less likely than this is not looked at, or not any further. Odds are natural logarithms.
const NEAR_AGAIN: f32 = -7.0;
const NEAR_AGAIN_INSTEAD: f32 = -9.0;
const NEAR_FIRST_INSTEAD: f32 = -9.0;
const NEAR_FILLER: f32 = -5.0;
const NEAR_INSTEAD: f32 = -9.0;
const NEAR_OTHERWISE: f32 = -7.0;
/// The decoder has room for 448 tokens.
pub const MOST_TOKENS: usize = 440;
/// The most that the decoder writes where it goes on as it likes.
const MOST_WRITTEN: usize = 14;

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
        nearly.again_instead_odds = f32::NEG_INFINITY;
        nearly.first_instead_odds = f32::NEG_INFINITY;
        nearly.filler_before_odds = f32::NEG_INFINITY;
    }
    let tokens: Vec<Token> = words.iter().flat_map(|word| word.tokens.iter().copied()).collect();
    let Some(last) = near.last().filter(|_| tokens.len() == likelihoods.len()) else {
        return Ok(());
    };
    let said = [lead, &tokens].concat();
    decoder.feed(&said[..lead.len() + last.begin], 0)?;
    // From the last to the first: what was fed up to a word stays fed for those before it.
    for addition in near.into_iter().rev() {
        let past = lead.len() + addition.begin;
        let (written, instead_of) = addition.written(vocabulary, words, &tokens);
        if past + written.len().max(MOST_WRITTEN) >= MOST_TOKENS {
            continue;
        }
        let likelihoods = &likelihoods[addition.begin..];
        let without: f32 = likelihoods[..instead_of].iter().sum();
        if let What::Otherwise = addition.what {
            let rest = &words[addition.index..];
            let heard_already = rest[0].reading.as_ref();
            if heard_already.is_none_or(|reading| !misheard::is_right(&rest[0], reading, 0.0)) {
                let reading = otherwise(decoder, vocabulary, &said[..past], &written, rest, likelihoods)?;
                words[addition.index].reading = reading;
            }
            continue;
        }
        let bound = without + addition.what.near();
        let mut odds = likelihood(decoder, vocabulary, &said[..past], &written, bound)? - without;
        if let What::Again(_) = addition.what
            && odds <= left_out::AGAIN_SURE
        {
            const SELDOM: f32 = 1.0;
            // As a text has it where someone stops before saying it again. It is seldom so, and asks for more proof.
            let written = [vocabulary.comma(), written].concat();
            let after_a_stop = likelihood(decoder, vocabulary, &said[..past], &written, bound)? - without;
            odds = odds.max(after_a_stop - SELDOM);
        }
        let word = &mut words[addition.index];
        match (addition.what, &mut word.nearly) {
            (What::Again(length), Some(nearly)) => nearly.again_odds[length - 1] = odds,
            (What::AgainInstead, Some(nearly)) => nearly.again_instead_odds = odds,
            (What::FirstInstead, Some(nearly)) => nearly.first_instead_odds = odds,
            (What::Filler, Some(nearly)) => nearly.filler_before_odds = odds,
            _ => {
                word.reading = Some(Reading {
                    odds,
                    replaced: 1,
                    words: Vec::new(),
                });
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
    /// The word before once more, for which this word was taken.
    AgainInstead,
    /// The word after, said twice, the first time of which was taken for this word.
    FirstInstead,
    /// A filler before the word.
    Filler,
    /// A filler, which the word was taken for.
    Instead,
    /// A filler, and then whatever the decoder goes on with.
    Otherwise,
}

impl What {
    fn near(self) -> f32 {
        match self {
            Self::Again(_) => NEAR_AGAIN,
            Self::AgainInstead => NEAR_AGAIN_INSTEAD,
            Self::FirstInstead => NEAR_FIRST_INSTEAD,
            Self::Filler => NEAR_FILLER,
            Self::Instead => NEAR_INSTEAD,
            Self::Otherwise => NEAR_OTHERWISE,
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
                    // What follows is the only witness to it.
                    if length == 1 && index + 1 < words.len() {
                        add(odds, What::AgainInstead);
                    }
                }
            }
            if left_out::may_be_the_first_of_two(words, index) {
                add(0.0, What::FirstInstead);
            }
            if left_out::is_free_of_fillers(words, index) {
                add(nearly.filler_odds, What::Filler);
                if misheard::is_doubtful(words, index) {
                    add(nearly.filler_odds, What::Otherwise);
                }
                if misheard::sounds_like_a_filler(word) {
                    add(nearly.filler_odds, What::Instead);
                }
            }
        }
        begin += word.tokens.len();
    }
    near.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let mut near: Vec<Addition> = near.into_iter().take(MOST).map(|(_, addition)| addition).collect();
    // Weighed from the last on: what the decoder would write by itself only where the filler does not stand for the word.
    near.sort_by_key(|addition| (addition.begin, !matches!(addition.what, What::Otherwise)));
    near
}

impl Addition {
    /// What would have been written with it, and instead of how many tokens from its place on.
    fn written(&self, vocabulary: &Vocabulary, words: &[HeardWord], tokens: &[Token]) -> (Vec<Token>, usize) {
        const FOLLOWING: usize = 6;
        let word = &words[self.index];
        let replaced = match self.what {
            What::Instead | What::AgainInstead | What::FirstInstead => word.tokens.len(),
            What::Again(_) | What::Filler | What::Otherwise => 0,
        };
        let following = match self.what {
            What::Otherwise => 0,
            _ => FOLLOWING,
        };
        let end = tokens.len().min(self.begin + replaced + following);
        let mut following = tokens[self.begin + replaced..end].to_vec();
        let again = |length: usize| {
            let again = &words[self.index - length..self.index];
            let first = vocabulary.inside_a_sentence(&again[0].tokens);
            let rest = again[1..].iter().flat_map(|word| word.tokens.iter().copied());
            first.into_iter().chain(rest).collect()
        };
        let added = match self.what {
            What::Again(length) => again(length),
            What::AgainInstead => again(1),
            What::FirstInstead => words[self.index + 1].tokens.clone(),
            What::Filler | What::Instead | What::Otherwise => {
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
        sum += next(decoder, vocabulary, *fed, past)?.likelihood(*token);
        if sum < least {
            break;
        }
    }
    Ok(sum)
}

/// What may follow a token.
struct Next<'a> {
    scores: &'a [f32],
    likeliest: Token,
    probability: f32,
}

impl Next<'_> {
    /// The natural logarithm of how likely this token follows.
    fn likelihood(&self, token: Token) -> f32 {
        self.scores[token as usize] - self.scores[self.likeliest as usize] + self.probability.ln()
    }
}

/// Feeds one token after the first `past` of those fed before.
fn next<'a>(
    decoder: &'a mut dyn Decoder,
    vocabulary: &Vocabulary,
    fed: Token,
    past: usize,
) -> Result<Next<'a>, RecognizerError> {
    let scores = decoder.feed(&[fed], past)?;
    vocabulary.only_text(scores, false);
    vocabulary.only_spoken(scores);
    let (likeliest, probability) = best(scores);
    Ok(Next {
        scores,
        likeliest,
        probability,
    })
}

/// What the decoder writes when it is led to write `led` after `said`: up to where it is back in the `rest` of the text, for
/// whose tokens these are the likelihoods.
fn otherwise(
    decoder: &mut dyn Decoder,
    vocabulary: &Vocabulary,
    said: &[Token],
    led: &[Token],
    rest: &[HeardWord],
    likelihoods: &[f32],
) -> Result<Option<Reading>, RecognizerError> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut sums: Vec<f32> = vec![0.0];
    let mut fed = said.last().copied().unwrap_or_default();
    for past in said.len() - 1..said.len() - 1 + MOST_WRITTEN {
        let next = next(decoder, vocabulary, fed, past)?;
        let written = sums.len() - 1;
        let token = led.get(written).copied().unwrap_or(next.likeliest);
        let ends = token == vocabulary.end();
        if ends || written > led.len() && vocabulary.begins_word(token) {
            let words = vocabulary.words(&pieces, f64::INFINITY);
            if let Some((added, replaced)) = back_in(&words, rest, ends) {
                let is_filler = |word: &HeardWord| vocal_filler(&word.text).is_some();
                let has_fillers = words[..added].iter().chain(&rest[..replaced]).any(is_filler);
                // The filler before a word that stays is weighed by itself.
                return Ok((replaced > 0 && !has_fillers).then(|| {
                    let with = sums[led.len() + tokens_of_first(&words, added + SAME)];
                    let without: f32 = likelihoods[..tokens_of_first(rest, replaced + SAME)].iter().sum();
                    Reading {
                        odds: with - without,
                        replaced,
                        words: words.into_iter().take(added).collect(),
                    }
                }));
            }
        }
        let sum = sums[written] + next.likelihood(token);
        if ends || written < led.len() && sum < NEAR_OTHERWISE {
            break;
        }
        sums.push(sum);
        if written >= led.len() {
            pieces.push(Piece {
                token,
                probability: next.probability,
                at: None,
                nearly: None,
            });
        }
        fed = token;
    }
    Ok(None)
}

/// How many tokens the first so many words have; all, if there are fewer.
fn tokens_of_first(words: &[HeardWord], count: usize) -> usize {
    words.iter().take(count).map(|word| word.tokens.len()).sum()
}

/// So many words running are the same where a reading is back in the text; fewer at its end.
const SAME: usize = 2;

/// After how many of its `words` a reading is back in the `rest` of the text, and how many of those are done away with by
/// then. `ended` says that nothing follows the words.
fn back_in(words: &[HeardWord], rest: &[HeardWord], ended: bool) -> Option<(usize, usize)> {
    const MOST_ADDED: usize = 4;
    const MOST_REPLACED: usize = 3;
    if ended && words.is_empty() && rest.len() == 1 {
        // The filler stands for the last word.
        return Some((0, 1));
    }
    let same = |a: &HeardWord, b: &HeardWord| bare(&a.text) == bare(&b.text);
    (0..words.len().min(MOST_ADDED + 1)).find_map(|added| {
        let again = &words[added..words.len().min(added + SAME)];
        let replaced = (0..rest.len().min(MOST_REPLACED + 1)).find(|replaced| {
            let rest = &rest[*replaced..];
            let needed = rest.len().min(SAME);
            again.len() == needed && (needed == SAME || ended) && again.iter().zip(rest).all(|(a, b)| same(a, b))
        })?;
        Some((added, replaced))
    })
}

#[cfg(test)]
mod tests;
