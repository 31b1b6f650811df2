//! The weights of the transformer, and how `assets/insight/transformer.bin` holds them.

use std::collections::HashMap;

use super::{HIDDEN, LAYERS, UNKNOWN, WIDTH, WINDOW};
use crate::insight::general_points::POINT_COUNT;

/// Matrices are row-major, inputs × outputs.
#[derive(Debug)]
pub(super) struct TransformerLayer {
    pub attention_norm: Vec<f32>,
    pub query: Vec<f32>,
    pub key: Vec<f32>,
    pub value: Vec<f32>,
    pub attention_output: Vec<f32>,
    pub feed_forward_norm: Vec<f32>,
    pub up: Vec<f32>,
    pub up_bias: Vec<f32>,
    pub down: Vec<f32>,
    pub down_bias: Vec<f32>,
}

#[derive(Debug)]
pub(super) struct Transformer {
    /// The id of each word: its row in `embeddings`.
    pub vocabulary: HashMap<&'static str, usize>,
    /// For each id, the scale of its quantized embedding.
    pub scales: Vec<f32>,
    /// For each id, `WIDTH` signed bytes.
    pub embeddings: &'static [u8],
    /// For each position in the window, `WIDTH` numbers.
    pub positions: Vec<f32>,
    pub layers: Vec<TransformerLayer>,
    /// The query of the attention pooling.
    pub pool_query: Vec<f32>,
    pub classifier: Vec<f32>,
    pub classifier_bias: Vec<f32>,
}

impl Transformer {
    /// Two counts (words, bytes of text) and the words, a line each; then the scale and the quantized embedding of each id;
    /// then positions, layers and classifier as 32-bit floats. Little-endian. Nothing where the length is another.
    pub fn parse(source: &'static [u8]) -> Option<Self> {
        let mut reader = ByteReader(source);
        let (words, text_bytes) = (reader.count()?, reader.count()?);
        let text = std::str::from_utf8(reader.bytes(text_bytes)?).ok()?;
        let vocabulary: HashMap<&str, usize> = text
            .split('\n')
            .enumerate()
            .map(|(index, word)| (word, index + UNKNOWN + 1))
            .collect();
        let rows = words + UNKNOWN + 1;
        let scales = reader.floats(rows)?;
        let embeddings = reader.bytes(rows * WIDTH)?;
        let positions = reader.floats(WINDOW * WIDTH)?;
        let mut layers = Vec::with_capacity(LAYERS);
        for _ in 0..LAYERS {
            layers.push(TransformerLayer {
                attention_norm: reader.floats(WIDTH)?,
                query: reader.floats(WIDTH * WIDTH)?,
                key: reader.floats(WIDTH * WIDTH)?,
                value: reader.floats(WIDTH * WIDTH)?,
                attention_output: reader.floats(WIDTH * WIDTH)?,
                feed_forward_norm: reader.floats(WIDTH)?,
                up: reader.floats(WIDTH * HIDDEN)?,
                up_bias: reader.floats(HIDDEN)?,
                down: reader.floats(HIDDEN * WIDTH)?,
                down_bias: reader.floats(WIDTH)?,
            });
        }
        let transformer = Self {
            vocabulary,
            scales,
            embeddings,
            positions,
            layers,
            pool_query: reader.floats(WIDTH)?,
            classifier: reader.floats(2 * WIDTH * POINT_COUNT)?,
            classifier_bias: reader.floats(POINT_COUNT)?,
        };
        reader.0.is_empty().then_some(transformer)
    }
}

/// Reads little-endian numbers from the front of a slice. Nothing where it is too short.
struct ByteReader(&'static [u8]);

impl ByteReader {
    fn bytes(&mut self, count: usize) -> Option<&'static [u8]> {
        let (front, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(front)
    }

    fn count(&mut self) -> Option<usize> {
        let bytes = self.bytes(4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(bytes)).ok()
    }

    fn floats(&mut self, count: usize) -> Option<Vec<f32>> {
        let bytes = self.bytes(count * 4)?;
        Some(
            bytes
                .as_chunks()
                .0
                .iter()
                .map(|four| f32::from_le_bytes(*four))
                .collect(),
        )
    }
}
