//! The sentence encoder: what a sentence means, as 384 numbers that are alike for sentences that say the same, and how likely
//! it makes each of the nine general points, and is a part of an interview's answer at all. `scripts/train_encoder.py` trains it; docs/insights.md says what it measured.
//!
//! A BERT encoder (Devlin et al. 2019) that began as MiniLM-L6 (Wang et al. 2020; NOTICE), with fewer word pieces and with
//! weights in eight and four bits. Layer normalization comes after each block.

mod matmul;
mod memo;
#[cfg(test)]
mod tests;
mod weights;
mod wordpiece;

use std::{collections::HashMap, sync::LazyLock};

use matmul::{gelu, softmax};
use memo::Memo;
use weights::{EncoderLayer, EncoderWeights};

use crate::insight::general_points::POINT_COUNT;

// Hyperparameters. The training script has the same, and the weights fit no others.
/// Numbers in the state of a token, and in what a sentence means.
pub(super) const WIDTH: usize = 384;
/// Numbers in the hidden layer of a feed-forward block.
const HIDDEN: usize = 1536;
const LAYERS: usize = 6;
const HEADS: usize = 12;
const HEAD_WIDTH: usize = WIDTH / HEADS;
/// Word pieces of a sentence that are read together.
const WINDOW: usize = 62;
/// Word pieces of what was said before it: the last ones.
const CONTEXT: usize = 20;
/// With the marks before, between and after.
const POSITIONS: usize = WINDOW + CONTEXT + 3;
/// Numbers of an embedding that share a scale.
const CODE_GROUP: usize = 32;
/// Log odds of a sentence: of the general points, then that it is a part of an interview's answer.
const OUTPUTS: usize = POINT_COUNT + 1;

/// Word pieces that go through the layers together: enough that reading the weights costs little.
const BATCH: usize = 256;

/// A text to encode.
#[derive(Clone, Copy, Debug)]
pub(super) struct TextInContext<'a> {
    /// What was said before it: the words of the text attend to it, and it counts for nothing else.
    pub before: Option<&'a str>,
    pub text: &'a str,
}

impl<'a> TextInContext<'a> {
    pub fn alone(text: &'a str) -> Self {
        Self { before: None, text }
    }
}

/// Word pieces that are read together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct PieceWindow {
    before: Vec<u16>,
    pieces: Vec<u16>,
}

impl PieceWindow {
    /// With the marks.
    fn len(&self) -> usize {
        let context = if self.before.is_empty() {
            0
        } else {
            self.before.len() + 1
        };
        context + self.pieces.len() + 2
    }
}

/// What the encoder says of a sentence.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Encoding {
    /// Of length one: the product of two is 1 where sentences say the same, and near 0 where they have nothing in common.
    pub meaning: [f32; WIDTH],
    /// That it makes each general point.
    pub log_odds: [f32; POINT_COUNT],
    /// That it is a part of an answer in an interview, and no everyday talk.
    pub interview: f32,
}

impl Encoding {
    pub fn similarity(&self, other: &Self) -> f32 {
        dot(&self.meaning, &other.meaning)
    }
}

static WEIGHTS: LazyLock<EncoderWeights> = LazyLock::new(|| {
    EncoderWeights::parse(include_bytes!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/assets/insight/encoder.bin"
    )))
    .expect("encoder.bin has the layout that the training script writes")
});

/// Encodes texts. What was encoded lately is remembered, so that while somebody speaks, and after Stop, only new and changed
/// sentences are computed. A text that is longer than the window is encoded window by window, each overlapping half
/// of the one before: a point's highest log odds count, and the mean of the others and of the meanings. Texts are left out from that on with which
/// they have more than `most_pieces` word pieces.
pub(super) fn encode(texts: &[TextInContext<'_>], most_pieces: usize) -> Vec<Encoding> {
    let mut pieces = 0;
    let ids = |text: &str| WEIGHTS.word_pieces.ids(text);
    let read = texts
        .iter()
        .map(|text| (text.before, ids(text.text)))
        .take_while(|(_, ids)| {
            pieces += ids.len();
            pieces <= most_pieces
        });
    let windows: Vec<Vec<PieceWindow>> = read
        .map(|(before, pieces)| windows(before.map(ids).unwrap_or_default(), pieces))
        .collect();
    let known = encode_windows(windows.iter().flatten());
    let text = |windows: &Vec<PieceWindow>| {
        let encodings: Vec<&Encoding> = windows.iter().filter_map(|window| known.get(window)).collect();
        joined(&encodings)
    };
    windows.iter().map(text).collect()
}

/// Whether a word is among the usual ones of English, as most that have a word piece of their own are.
pub(super) fn is_usual_word(word: &str) -> bool {
    WEIGHTS.word_pieces.is_one_piece(word)
}

/// The pieces of a text in parts that fit, the first of them after what was said before.
fn windows(mut before: Vec<u16>, pieces: Vec<u16>) -> Vec<PieceWindow> {
    before.drain(..before.len().saturating_sub(CONTEXT));
    if pieces.len() <= WINDOW {
        return vec![PieceWindow { before, pieces }];
    }
    let starts = (0..pieces.len() - WINDOW / 2).step_by(WINDOW / 2);
    starts
        .map(|start| PieceWindow {
            before: std::mem::take(&mut before),
            pieces: pieces[start..(start + WINDOW).min(pieces.len())].to_vec(),
        })
        .collect()
}

fn joined(windows: &[&Encoding]) -> Encoding {
    let mut meaning = [0.0; WIDTH];
    let mut log_odds = [f32::MIN; POINT_COUNT];
    for window in windows {
        for (sum, number) in meaning.iter_mut().zip(&window.meaning) {
            *sum += number;
        }
        for (most, number) in log_odds.iter_mut().zip(&window.log_odds) {
            *most = most.max(*number);
        }
    }
    normalize(&mut meaning);
    let interview: f32 = windows.iter().map(|window| window.interview).sum();
    Encoding {
        meaning,
        log_odds,
        interview: interview / windows.len().max(1) as f32,
    }
}

fn encode_windows<'a>(windows: impl Iterator<Item = &'a PieceWindow>) -> HashMap<&'a PieceWindow, Encoding> {
    let mut known = HashMap::new();
    let mut unknown: Vec<&PieceWindow> = Vec::new();
    for window in windows {
        if known.contains_key(window) {
            continue;
        }
        let remembered = Memo::recall(window);
        if remembered.is_none() {
            unknown.push(window);
        }
        known.insert(window, remembered);
    }
    for (window, encoding) in unknown.iter().zip(forward_all(&unknown)) {
        Memo::remember(window, &encoding);
        known.insert(window, Some(encoding));
    }
    known
        .into_iter()
        .filter_map(|(window, encoding)| Some((window, encoding?)))
        .collect()
}

/// Encodes windows, batch by batch.
fn forward_all(windows: &[&PieceWindow]) -> Vec<Encoding> {
    batches(windows, BATCH)
        .into_iter()
        .flat_map(|batch| WEIGHTS.forward(batch))
        .collect()
}

/// Neighbors that have at most so many pieces together, and at least one.
fn batches<'a, 'b>(mut windows: &'b [&'a PieceWindow], most_pieces: usize) -> Vec<&'b [&'a PieceWindow]> {
    let mut batches = Vec::new();
    while !windows.is_empty() {
        let mut pieces = 0;
        let fitting = windows.iter().take_while(|window| {
            pieces += window.len();
            pieces <= most_pieces
        });
        let (batch, rest) = windows.split_at(fitting.count().max(1));
        batches.push(batch);
        windows = rest;
    }
    batches
}

impl EncoderWeights {
    fn forward(&self, windows: &[&PieceWindow]) -> Vec<Encoding> {
        let mut rows = Vec::new();
        let mut lengths = Vec::with_capacity(windows.len());
        for window in windows {
            let (start, end) = ([self.word_pieces.start], [self.word_pieces.end]);
            let between = if window.before.is_empty() { &[][..] } else { &end };
            let ids = [&start[..], &window.before, between, &window.pieces, &end].concat();
            for (position, id) in ids.iter().enumerate() {
                self.embed(*id, position, &mut rows);
            }
            lengths.push(ids.len() * WIDTH);
        }
        self.embedding_norm.apply(&mut rows);
        let mut work = Work::default();
        for layer in &self.layers {
            layer.forward(&mut rows, &lengths, &mut work);
        }
        let mut rest = &rows[..];
        windows
            .iter()
            .zip(&lengths)
            .map(|(window, length)| {
                let (rows, others) = rest.split_at(*length);
                rest = others;
                let (rows, _) = rows.as_chunks::<WIDTH>();
                // The mark at the start, and then the text's own.
                let (context, text) = rows.split_at(window.len() - window.pieces.len() - 1);
                self.pool(context.iter().take(1).chain(text))
            })
            .collect()
    }

    /// The mean of the rows of a sentence is what it means; beside their maximum it tells its points.
    fn pool<'a>(&self, rows: impl Iterator<Item = &'a [f32; WIDTH]> + Clone) -> Encoding {
        let count = rows.clone().count() as f32;
        let mut meaning = [0.0; WIDTH];
        let mut most = [f32::MIN; WIDTH];
        for row in rows {
            for ((sum, most), number) in meaning.iter_mut().zip(&mut most).zip(row) {
                *sum += number / count;
                *most = most.max(*number);
            }
        }
        let output = |index: usize| {
            let weights = &self.classifier[index * 2 * WIDTH..(index + 1) * 2 * WIDTH];
            dot(&meaning, &weights[..WIDTH]) + dot(&most, &weights[WIDTH..]) + self.classifier_bias[index]
        };
        let (log_odds, interview) = (std::array::from_fn(output), output(POINT_COUNT));
        normalize(&mut meaning);
        Encoding {
            meaning,
            log_odds,
            interview,
        }
    }
}

/// Space for what is between the layers, used again by each.
#[derive(Debug, Default)]
struct Work {
    query_key_value: Vec<f32>,
    context: Vec<f32>,
    hidden: Vec<f32>,
    out: Vec<f32>,
    /// The weights of one matrix.
    wide: Vec<f32>,
}

impl EncoderLayer {
    /// `lengths`: of each sentence, how many numbers of `rows` are its.
    fn forward(&self, rows: &mut [f32], lengths: &[usize], work: &mut Work) {
        self.query_key_value
            .apply(rows, &mut work.wide, &mut work.query_key_value);
        work.context.clear();
        work.context.resize(rows.len(), 0.0);
        let (mut all, mut contexts) = (&work.query_key_value[..], &mut work.context[..]);
        for length in lengths {
            let (sentence, other_sentences) = all.split_at(3 * length);
            let (context, other_contexts) = contexts.split_at_mut(*length);
            attend(sentence, context);
            (all, contexts) = (other_sentences, other_contexts);
        }
        self.attention_output
            .apply(&work.context, &mut work.wide, &mut work.out);
        add(rows, &work.out);
        self.attention_norm.apply(rows);
        self.up.apply(rows, &mut work.wide, &mut work.hidden);
        gelu(&mut work.hidden);
        self.down.apply(&work.hidden, &mut work.wide, &mut work.out);
        add(rows, &work.out);
        self.output_norm.apply(rows);
    }
}

/// Multi-head self-attention (Vaswani et al. 2017) within one sentence. `all`: for each token its query, key and value.
fn attend(all: &[f32], context: &mut [f32]) {
    let (tokens, _) = all.as_chunks::<{ 3 * WIDTH }>();
    let mut attention = vec![0.0; tokens.len()];
    for head in 0..HEADS {
        let part = |row: &[f32; 3 * WIDTH], which: usize| -> [f32; HEAD_WIDTH] {
            let first = which * WIDTH + head * HEAD_WIDTH;
            std::array::from_fn(|column| row[first + column])
        };
        let keys: Vec<[f32; HEAD_WIDTH]> = tokens.iter().map(|row| part(row, 1)).collect();
        let values: Vec<[f32; HEAD_WIDTH]> = tokens.iter().map(|row| part(row, 2)).collect();
        for (row, context) in tokens.iter().zip(context.chunks_exact_mut(WIDTH)) {
            let query = part(row, 0);
            for (weight, key) in attention.iter_mut().zip(&keys) {
                *weight = dot(&query, key) / (HEAD_WIDTH as f32).sqrt();
            }
            softmax(&mut attention);
            let mut sums = [0.0; HEAD_WIDTH];
            for (weight, value) in attention.iter().zip(&values) {
                for (sum, number) in sums.iter_mut().zip(value) {
                    *sum += weight * number;
                }
            }
            context[head * HEAD_WIDTH..(head + 1) * HEAD_WIDTH].copy_from_slice(&sums);
        }
    }
}

fn add(rows: &mut [f32], others: &[f32]) {
    for (number, other) in rows.iter_mut().zip(others) {
        *number += other;
    }
}

/// Eight sums side by side, so that they need not wait for each other.
fn dot(one: &[f32], other: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 8];
    for (one, other) in one.as_chunks::<8>().0.iter().zip(other.as_chunks::<8>().0) {
        for ((sum, one), other) in sums.iter_mut().zip(one).zip(other) {
            *sum += one * other;
        }
    }
    sums.iter().sum()
}

fn normalize(numbers: &mut [f32; WIDTH]) {
    let length = dot(numbers, numbers).sqrt().max(1e-9);
    for number in numbers {
        *number /= length;
    }
}
