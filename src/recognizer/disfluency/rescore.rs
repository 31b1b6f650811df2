//! Weighs what came near to being written by what follows it.
//!
//! Where a filler or the words before, once more, came near ([`DisfluencyCandidates`](crate::recognizer::Nearly)), the decoder is made to write it,
//! and then the same words as before. After something that was said those are as likely as without it, or likelier; after
//! something that was not the decoder loses its place in the sound. Where a word is doubtful it may write others after the
//! filler, until it is back in the text.

use super::{PARAMETERS, misrecognized, restore};
use crate::{
    recognizer::{
        Alternative, DecodedWord, RecognizerError,
        vocabulary::{DecodedToken, TokenId, Vocabulary, argmax},
    },
    transcript::{bare, vocal_filler},
};

/// The decoder has room for 448 tokens.
pub const MAX_TOKENS: usize = 440;
/// The most that the decoder writes where it goes on as it likes.
const MAX_CONTINUATION: usize = 14;

/// A decoder over sound that has been encoded.
pub trait Decoder {
    /// The scores of what follows `tokens`, which come after the first `past` tokens of those fed before.
    fn feed(&mut self, tokens: &[TokenId], past: usize) -> Result<&mut [f32], RecognizerError>;
}

/// Sets the odds of what came near before each of `words`.
///
/// `lead` is what the decoder was given before the text; `likelihoods` are the natural logarithms for the tokens of
/// `words`, one after the other.
pub fn rescore(
    decoder: &mut dyn Decoder,
    vocabulary: &Vocabulary,
    lead: &[TokenId],
    words: &mut [DecodedWord],
    likelihoods: &[f32],
) -> Result<(), RecognizerError> {
    let near = candidates_of(words);
    for candidates in words.iter_mut().filter_map(|word| word.candidates.as_mut()) {
        candidates.again_log_odds = [f32::NEG_INFINITY; 2];
        candidates.again_instead_log_odds = f32::NEG_INFINITY;
        candidates.first_instead_log_odds = f32::NEG_INFINITY;
        candidates.filler_before_log_odds = f32::NEG_INFINITY;
    }
    let tokens: Vec<TokenId> = words.iter().flat_map(|word| word.tokens.iter().copied()).collect();
    let Some(last) = near.last().filter(|_| tokens.len() == likelihoods.len()) else {
        return Ok(());
    };
    let said = [lead, &tokens].concat();
    decoder.feed(&said[..lead.len() + last.begin], 0)?;
    // From the last to the first: what was fed up to a word stays fed for those before it.
    for candidate in near.into_iter().rev() {
        let past = lead.len() + candidate.begin;
        let (written, instead_of) = candidate.written(vocabulary, words, &tokens);
        if past + written.len().max(MAX_CONTINUATION) >= MAX_TOKENS {
            continue;
        }
        let likelihoods = &likelihoods[candidate.begin..];
        let without: f32 = likelihoods[..instead_of].iter().sum();
        if let CandidateKind::FreeContinuation = candidate.what {
            let rest = &words[candidate.index..];
            let heard_already = rest[0].alternative.as_ref();
            if heard_already.is_none_or(|alternative| !misrecognized::is_believed(&rest[0], alternative, 0.0)) {
                let alternative = free_continuation(decoder, vocabulary, &said[..past], &written, rest, likelihoods)?;
                words[candidate.index].alternative = alternative;
            }
            continue;
        }
        let bound = without + candidate.what.near();
        let mut log_odds = likelihood(decoder, vocabulary, &said[..past], &written, bound)? - without;
        if let CandidateKind::Again(_) = candidate.what
            && log_odds <= PARAMETERS.restore.again_sure
        {
            const SELDOM: f32 = 1.0;
            // As a text has it where someone stops before saying it again. It is seldom so, and asks for more proof.
            let written = [vocabulary.comma(), written].concat();
            let after_a_stop = likelihood(decoder, vocabulary, &said[..past], &written, bound)? - without;
            log_odds = log_odds.max(after_a_stop - SELDOM);
        }
        let word = &mut words[candidate.index];
        match (candidate.what, &mut word.candidates) {
            (CandidateKind::Again(length), Some(candidates)) => candidates.again_log_odds[length - 1] = log_odds,
            (CandidateKind::AgainInstead, Some(candidates)) => candidates.again_instead_log_odds = log_odds,
            (CandidateKind::FirstInstead, Some(candidates)) => candidates.first_instead_log_odds = log_odds,
            (CandidateKind::Filler, Some(candidates)) => candidates.filler_before_log_odds = log_odds,
            (CandidateKind::Instead | CandidateKind::FreeContinuation, _) | (_, None) => {
                word.alternative = Some(Alternative {
                    log_odds,
                    replaced: 1,
                    words: Vec::new(),
                });
            }
        }
    }
    Ok(())
}

/// Something that may have been said before word `index`, whose first token is the `begin`th.
struct Candidate {
    index: usize,
    begin: usize,
    what: CandidateKind,
}

#[derive(Clone, Copy)]
enum CandidateKind {
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
    FreeContinuation,
}

impl CandidateKind {
    fn near(self) -> f32 {
        match self {
            Self::Again(_) => PARAMETERS.rescore.again,
            Self::AgainInstead => PARAMETERS.rescore.again_instead,
            Self::FirstInstead => PARAMETERS.rescore.first_instead,
            Self::Filler => PARAMETERS.rescore.filler,
            Self::Instead => PARAMETERS.rescore.instead,
            Self::FreeContinuation => PARAMETERS.rescore.free_continuation,
        }
    }
}

/// What is worth weighing, in the order of its place.
fn candidates_of(words: &[DecodedWord]) -> Vec<Candidate> {
    /// So that a hard segment does not cost much more than another.
    const MOST: usize = 12;
    let mut near: Vec<(f32, Candidate)> = Vec::new();
    let mut begin = 0;
    for (index, word) in words.iter().enumerate() {
        let mut add = |log_odds: f32, what: CandidateKind| {
            if log_odds > what.near() {
                near.push((log_odds - what.near(), Candidate { index, begin, what }));
            }
        };
        if let Some(candidates) = word.candidates {
            for (length, log_odds) in (1..).zip(candidates.again_log_odds) {
                if index >= length && restore::is_stumbled_over(&words[index - length..index]) {
                    add(log_odds, CandidateKind::Again(length));
                    // What follows is the only evidence for it.
                    if length == 1 && index + 1 < words.len() {
                        add(log_odds, CandidateKind::AgainInstead);
                    }
                }
            }
            if restore::may_be_the_first_of_two(words, index) {
                add(0.0, CandidateKind::FirstInstead);
            }
            if restore::is_free_of_fillers(words, index) {
                add(candidates.filler_log_odds, CandidateKind::Filler);
                if misrecognized::is_doubtful(words, index) {
                    add(candidates.filler_log_odds, CandidateKind::FreeContinuation);
                }
                if misrecognized::sounds_like_a_filler(word) {
                    add(candidates.filler_log_odds, CandidateKind::Instead);
                }
            }
        }
        begin += word.tokens.len();
    }
    near.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let mut near: Vec<Candidate> = near.into_iter().take(MOST).map(|(_, candidate)| candidate).collect();
    // Weighed from the last on: what the decoder would write by itself only where the filler does not stand for the word.
    near.sort_by_key(|candidate| {
        (
            candidate.begin,
            !matches!(candidate.what, CandidateKind::FreeContinuation),
        )
    });
    near
}

impl Candidate {
    /// What would have been written with it, and instead of how many tokens from its place on.
    fn written(&self, vocabulary: &Vocabulary, words: &[DecodedWord], tokens: &[TokenId]) -> (Vec<TokenId>, usize) {
        const FOLLOWING: usize = 6;
        let word = &words[self.index];
        let replaced = match self.what {
            CandidateKind::Instead | CandidateKind::AgainInstead | CandidateKind::FirstInstead => word.tokens.len(),
            CandidateKind::Again(_) | CandidateKind::Filler | CandidateKind::FreeContinuation => 0,
        };
        let following = match self.what {
            CandidateKind::FreeContinuation => 0,
            CandidateKind::Again(_)
            | CandidateKind::AgainInstead
            | CandidateKind::FirstInstead
            | CandidateKind::Filler
            | CandidateKind::Instead => FOLLOWING,
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
            CandidateKind::Again(length) => again(length),
            CandidateKind::AgainInstead => again(1),
            CandidateKind::FirstInstead => words[self.index + 1].tokens.clone(),
            CandidateKind::Filler | CandidateKind::Instead | CandidateKind::FreeContinuation => {
                let before = tokens[..self.begin].last();
                let begins = before.is_none_or(|before| vocabulary.ends_a_sentence(*before));
                if begins {
                    following = vocabulary.inside_a_sentence(&following);
                }
                word.candidates
                    .map_or_else(Vec::new, |candidates| vocabulary.filler(&candidates, begins))
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
    said: &[TokenId],
    tokens: &[TokenId],
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
struct NextToken<'a> {
    scores: &'a [f32],
    likeliest: TokenId,
    probability: f32,
}

impl NextToken<'_> {
    /// The natural logarithm of how likely this token follows.
    fn likelihood(&self, token: TokenId) -> f32 {
        self.scores[token as usize] - self.scores[self.likeliest as usize] + self.probability.ln()
    }
}

/// Feeds one token after the first `past` of those fed before.
fn next<'a>(
    decoder: &'a mut dyn Decoder,
    vocabulary: &Vocabulary,
    fed: TokenId,
    past: usize,
) -> Result<NextToken<'a>, RecognizerError> {
    let scores = decoder.feed(&[fed], past)?;
    vocabulary.suppress_non_text(scores, false);
    vocabulary.suppress_unspoken(scores);
    let (likeliest, probability) = argmax(scores);
    Ok(NextToken {
        scores,
        likeliest,
        probability,
    })
}

/// What the decoder writes when it is led to write `led` after `said`: up to where it is back in the `rest` of the text, for
/// whose tokens these are the likelihoods.
fn free_continuation(
    decoder: &mut dyn Decoder,
    vocabulary: &Vocabulary,
    said: &[TokenId],
    led: &[TokenId],
    rest: &[DecodedWord],
    likelihoods: &[f32],
) -> Result<Option<Alternative>, RecognizerError> {
    let mut emitted: Vec<DecodedToken> = Vec::new();
    let mut sums: Vec<f32> = vec![0.0];
    let mut fed = said.last().copied().unwrap_or_default();
    for past in said.len() - 1..said.len() - 1 + MAX_CONTINUATION {
        let next = next(decoder, vocabulary, fed, past)?;
        let written = sums.len() - 1;
        let token = led.get(written).copied().unwrap_or(next.likeliest);
        let ends = token == vocabulary.end();
        if ends || written > led.len() && vocabulary.begins_word(token) {
            let words = vocabulary.words(&emitted, f64::INFINITY);
            if let Some((added, replaced)) = back_in(&words, rest, ends) {
                let is_filler = |word: &DecodedWord| vocal_filler(&word.text).is_some();
                let has_fillers = words[..added].iter().chain(&rest[..replaced]).any(is_filler);
                // The filler before a word that stays is weighed by itself.
                return Ok((replaced > 0 && !has_fillers).then(|| {
                    let with = sums[led.len() + tokens_of_first(&words, added + SAME)];
                    let without: f32 = likelihoods[..tokens_of_first(rest, replaced + SAME)].iter().sum();
                    Alternative {
                        log_odds: with - without,
                        replaced,
                        words: words.into_iter().take(added).collect(),
                    }
                }));
            }
        }
        let sum = sums[written] + next.likelihood(token);
        if ends || written < led.len() && sum < PARAMETERS.rescore.free_continuation {
            break;
        }
        sums.push(sum);
        if written >= led.len() {
            emitted.push(DecodedToken {
                token,
                probability: next.probability,
                at: None,
                candidates: None,
            });
        }
        fed = token;
    }
    Ok(None)
}

/// How many tokens the first so many words have; all, if there are fewer.
fn tokens_of_first(words: &[DecodedWord], count: usize) -> usize {
    words.iter().take(count).map(|word| word.tokens.len()).sum()
}

/// So many words running are the same where a reading is back in the text; fewer at its end.
const SAME: usize = 2;

/// After how many of its `words` a reading is back in the `rest` of the text, and how many of those are done away with by
/// then. `ended` says that nothing follows the words.
fn back_in(words: &[DecodedWord], rest: &[DecodedWord], ended: bool) -> Option<(usize, usize)> {
    const MOST_ADDED: usize = 4;
    const MOST_REPLACED: usize = 3;
    if ended && words.is_empty() && rest.len() == 1 {
        // The filler stands for the last word.
        return Some((0, 1));
    }
    let same = |a: &DecodedWord, b: &DecodedWord| bare(&a.text) == bare(&b.text);
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
