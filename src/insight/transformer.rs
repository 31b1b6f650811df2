//! A sentence classifier for the nine general points: a small transformer encoder that has learned which words mean alike
//! and how they stand together. `scripts/train_transformer.py` trains it; docs/insights.md says what it measured.
//!
//! Token embeddings of 64 numbers, two layers of self-attention (Vaswani et al., Attention Is All You Need, 2017; RMS
//! normalization, Zhang and Sennrich 2019), pooling, and one log odds for each point.

mod weights;

use std::{collections::HashMap, iter, sync::LazyLock};

use weights::{Transformer, TransformerLayer};

use crate::insight::{general_points::POINT_COUNT, tokenizer::SentenceToken};

// Hyperparameters. The training script has the same, and the weights fit no others.
/// Numbers in the embedding of a token.
const WIDTH: usize = 64;
/// Numbers in the hidden layer of a feed-forward block.
const HIDDEN: usize = 192;
const LAYERS: usize = 2;
const HEADS: usize = 4;
const HEAD_WIDTH: usize = WIDTH / HEADS;
/// Tokens in the context window. A longer sentence is classified window by window, each overlapping half of the one before.
const WINDOW: usize = 32;
/// The id of every word that is not in the vocabulary. Id 0 is padding, which only training needs.
const UNKNOWN: usize = 1;

/// Tokens that are classified in one answer, not counting windows that repeat: more than an hour of talking. A forward pass
/// is the longest work that an insight does, and a text of any length should be finished within a second.
const MAX_TOKENS: usize = 16_384;

/// The state of one token.
type Row = [f32; WIDTH];

/// Classifies the sentences of one answer.
#[derive(Debug)]
pub(super) struct SentenceClassifier {
    /// The log odds of windows that were classified before.
    memo: HashMap<Vec<usize>, [f32; POINT_COUNT]>,
    tokens_left: usize,
}

impl SentenceClassifier {
    pub fn new() -> Self {
        Self {
            memo: HashMap::new(),
            tokens_left: MAX_TOKENS,
        }
    }

    /// The log odds that a sentence makes each point, the highest of its windows; nothing once [`MAX_TOKENS`] are used up.
    pub fn log_odds(&mut self, tokens: &[SentenceToken]) -> Option<[f32; POINT_COUNT]> {
        let ids: Vec<usize> = tokens.iter().map(|token| TRANSFORMER.id(token)).collect();
        let first = &ids[..ids.len().min(WINDOW)];
        let later = (WINDOW / 2..ids.len().saturating_sub(WINDOW / 2))
            .step_by(WINDOW / 2)
            .map(|start| &ids[start..(start + WINDOW).min(ids.len())]);
        iter::once(first)
            .chain(later)
            .filter_map(|window| self.forward(window))
            .reduce(|most, window| std::array::from_fn(|point| most[point].max(window[point])))
    }

    fn forward(&mut self, window: &[usize]) -> Option<[f32; POINT_COUNT]> {
        if let Some(log_odds) = self.memo.get(window) {
            return Some(*log_odds);
        }
        self.tokens_left = self.tokens_left.checked_sub(window.len())?;
        let log_odds = TRANSFORMER.forward(window);
        self.memo.insert(window.to_vec(), log_odds);
        Some(log_odds)
    }
}

static TRANSFORMER: LazyLock<Transformer> = LazyLock::new(|| {
    Transformer::parse(include_bytes!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/assets/insight/transformer.bin"
    )))
    .expect("transformer.bin has the layout that the training script writes")
});

impl Transformer {
    fn id(&self, token: &SentenceToken) -> usize {
        let known = self.vocabulary.get(token.text.as_str());
        *known
            .or_else(|| self.vocabulary.get(token.base.as_str()))
            .unwrap_or(&UNKNOWN)
    }

    /// Embeddings through every layer, then attention pooling beside max pooling, then a linear classifier. Log odds.
    fn forward(&self, ids: &[usize]) -> [f32; POINT_COUNT] {
        let mut rows: Vec<Row> = ids.iter().enumerate().map(|(at, id)| self.embed(at, *id)).collect();
        for layer in &self.layers {
            layer.attend(&mut rows);
            layer.feed_forward(&mut rows);
        }
        let mut attention: Vec<f32> = rows.iter().map(|row| dot(row, &self.pool_query)).collect();
        softmax(&mut attention);
        let mut pooled = [0.0_f32; 2 * WIDTH];
        pooled[WIDTH..].fill(f32::MIN);
        for (row, weight) in rows.iter().zip(&attention) {
            for (index, number) in row.iter().enumerate() {
                pooled[index] += weight * number;
                pooled[WIDTH + index] = pooled[WIDTH + index].max(*number);
            }
        }
        let mut log_odds = [0.0; POINT_COUNT];
        log_odds.copy_from_slice(&self.classifier_bias);
        matmul_add(&pooled, &self.classifier, &mut log_odds);
        log_odds
    }

    /// The embedding of a word plus that of its position.
    fn embed(&self, at: usize, id: usize) -> Row {
        let embedding = &self.embeddings[id * WIDTH..(id + 1) * WIDTH];
        let position = &self.positions[at * WIDTH..(at + 1) * WIDTH];
        let scale = self.scales[id];
        std::array::from_fn(|index| f32::from(embedding[index].cast_signed()) * scale + position[index])
    }
}

impl TransformerLayer {
    /// Multi-head self-attention with pre-normalization, added to each row.
    fn attend(&self, rows: &mut [Row]) {
        let normed: Vec<Row> = rows.iter().map(|row| rms_norm(row, &self.attention_norm)).collect();
        let (queries, keys) = (project(&normed, &self.query), project(&normed, &self.key));
        let values = project(&normed, &self.value);
        let mut attention = vec![0.0; rows.len()];
        for (row, query) in rows.iter_mut().zip(&queries) {
            let mut context = [0.0; WIDTH];
            for head in 0..HEADS {
                let columns = head * HEAD_WIDTH..(head + 1) * HEAD_WIDTH;
                for (weight, key) in attention.iter_mut().zip(&keys) {
                    *weight = dot(&query[columns.clone()], &key[columns.clone()]) / (HEAD_WIDTH as f32).sqrt();
                }
                softmax(&mut attention);
                for (weight, value) in attention.iter().zip(&values) {
                    for column in columns.clone() {
                        context[column] += weight * value[column];
                    }
                }
            }
            matmul_add(&context, &self.attention_output, row);
        }
    }

    /// Up, `ReLU`, down, with pre-normalization, added to each row.
    fn feed_forward(&self, rows: &mut [Row]) {
        for row in rows {
            let mut hidden = [0.0; HIDDEN];
            hidden.copy_from_slice(&self.up_bias);
            matmul_add(&rms_norm(row, &self.feed_forward_norm), &self.up, &mut hidden);
            for number in &mut hidden {
                *number = number.max(0.0);
            }
            matmul_add(&hidden, &self.down, row);
            row.iter_mut()
                .zip(&self.down_bias)
                .for_each(|(number, bias)| *number += bias);
        }
    }
}

/// Each row times a `WIDTH` × `WIDTH` matrix.
fn project(rows: &[Row], weights: &[f32]) -> Vec<Row> {
    rows.iter()
        .map(|row| {
            let mut out = [0.0; WIDTH];
            matmul_add(row, weights, &mut out);
            out
        })
        .collect()
}

/// Adds `input` times a row-major matrix of `input.len()` × `OUT` to `out`. `OUT` is known at compile time, so that the
/// sums stay in registers.
fn matmul_add<const OUT: usize>(input: &[f32], weights: &[f32], out: &mut [f32; OUT]) {
    let mut sums = *out;
    for (number, row) in input.iter().zip(weights.as_chunks::<OUT>().0) {
        for (sum, weight) in sums.iter_mut().zip(row) {
            *sum += number * weight;
        }
    }
    *out = sums;
}

/// Root mean square normalization (Zhang and Sennrich 2019), with a learned gain for each column.
fn rms_norm(row: &Row, gains: &[f32]) -> Row {
    let root = (dot(row, row) / WIDTH as f32 + 1e-6).sqrt();
    std::array::from_fn(|index| row[index] / root * gains[index])
}

fn dot(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

fn softmax(numbers: &mut [f32]) {
    let most = numbers.iter().copied().fold(f32::MIN, f32::max);
    let mut sum = 0.0;
    for number in numbers.iter_mut() {
        *number = (*number - most).exp();
        sum += *number;
    }
    for number in numbers {
        *number /= sum;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        insight::{token_view::TokenView, tokenizer::sentences},
        transcript::Transcript,
    };

    fn log_odds(text: &str) -> [f32; POINT_COUNT] {
        let transcript = Transcript::typed(text);
        let sentences = sentences(&TokenView::new(&transcript));
        SentenceClassifier::new().log_odds(&sentences[0].tokens).unwrap()
    }

    #[test]
    fn every_window_of_a_long_sentence_counts() {
        let first = ["the bus came late again"; 7].join(" ");
        let short = log_odds(&first);
        let long = log_odds(&format!(
            "{first} and I have no idea how that works so I would ask someone"
        ));
        assert!(short.iter().zip(&long).all(|(short, long)| long >= short) && short != long);
    }

    #[test]
    fn past_the_limit_only_windows_that_repeat_are_classified() {
        let transcript = Transcript::typed("The bus came late. So we took a cab.");
        let sentences = sentences(&TokenView::new(&transcript));
        let mut meanings = SentenceClassifier {
            tokens_left: sentences[0].tokens.len(),
            ..SentenceClassifier::new()
        };
        let first = meanings.log_odds(&sentences[0].tokens);
        assert!(first.is_some());
        assert_eq!(meanings.log_odds(&sentences[1].tokens), None);
        assert_eq!(meanings.log_odds(&sentences[0].tokens), first);
    }

    #[test]
    fn unknown_words_make_no_point() {
        assert!(
            log_odds("Xqzt vrrbl kkwzz")
                .iter()
                .all(|sum| sum.is_finite() && *sum < 0.0)
        );
    }
}
