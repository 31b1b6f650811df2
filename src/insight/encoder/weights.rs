//! The weights of the sentence encoder, and how `assets/insight/encoder.bin` holds them.

use half::f16;

use super::{
    CODE_GROUP, HIDDEN, LAYERS, OUTPUTS, POSITIONS, WIDTH,
    matmul::{LayerNorm, Linear},
    wordpiece::WordPieces,
};

#[derive(Debug)]
pub(super) struct EncoderLayer {
    /// Queries, keys and values, one after the other.
    pub query_key_value: Linear,
    pub attention_output: Linear,
    pub attention_norm: LayerNorm,
    pub up: Linear,
    pub down: Linear,
    pub output_norm: LayerNorm,
}

#[derive(Debug)]
pub(super) struct EncoderWeights {
    pub word_pieces: WordPieces,
    /// For each id, a half-precision scale for each group of numbers.
    scales: &'static [[u8; 2]],
    /// For each id, four bits a number: the lower half of a byte is the even one.
    codes: &'static [u8],
    positions: Vec<f32>,
    pub embedding_norm: LayerNorm,
    pub layers: Vec<EncoderLayer>,
    /// For each output, a weight for each column of the mean and of the maximum.
    pub classifier: Vec<f32>,
    pub classifier_bias: Vec<f32>,
}

impl EncoderWeights {
    /// Two counts (words, bytes of text) and the word pieces, a line each; scales and codes of their embeddings; then
    /// positions, layers and classifier. Little-endian. Nothing where the length is another.
    pub fn parse(source: &'static [u8]) -> Option<Self> {
        let mut reader = ByteReader(source);
        let (words, text_bytes) = (reader.count()?, reader.count()?);
        let word_pieces = WordPieces::new(std::str::from_utf8(reader.bytes(text_bytes)?).ok()?)?;
        let scales = reader.bytes(words * WIDTH / CODE_GROUP * 2)?.as_chunks().0;
        let codes = reader.bytes(words * WIDTH / 2)?;
        let positions = reader.floats(POSITIONS * WIDTH)?;
        let embedding_norm = reader.norm()?;
        let mut layers = Vec::with_capacity(LAYERS);
        for _ in 0..LAYERS {
            layers.push(EncoderLayer {
                query_key_value: reader.linear(WIDTH, 3 * WIDTH)?,
                attention_output: reader.linear(WIDTH, WIDTH)?,
                attention_norm: reader.norm()?,
                up: reader.linear(WIDTH, HIDDEN)?,
                down: reader.linear(HIDDEN, WIDTH)?,
                output_norm: reader.norm()?,
            });
        }
        let weights = Self {
            word_pieces,
            scales,
            codes,
            positions,
            embedding_norm,
            layers,
            classifier: reader.floats(2 * WIDTH * OUTPUTS)?,
            classifier_bias: reader.floats(OUTPUTS)?,
        };
        reader.0.is_empty().then_some(weights)
    }

    /// Adds the embeddings of a word piece and of its position to the end of `rows`.
    pub fn embed(&self, id: u16, position: usize, rows: &mut Vec<f32>) {
        let id = usize::from(id);
        let groups = WIDTH / CODE_GROUP;
        let scales = &self.scales[id * groups..(id + 1) * groups];
        let codes = &self.codes[id * WIDTH / 2..(id + 1) * WIDTH / 2];
        let positions = &self.positions[position * WIDTH..(position + 1) * WIDTH];
        let first = rows.len();
        rows.extend_from_slice(positions);
        let numbers = rows[first..].chunks_exact_mut(CODE_GROUP);
        for ((numbers, codes), scale) in numbers.zip(codes.chunks_exact(CODE_GROUP / 2)).zip(scales) {
            let scale = f16::from_le_bytes(*scale).to_f32();
            for (pair, code) in numbers.as_chunks_mut::<2>().0.iter_mut().zip(codes) {
                pair[0] += (f32::from(code & 15) - 8.0) * scale;
                pair[1] += (f32::from(code >> 4) - 8.0) * scale;
            }
        }
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
        let numbers = self.bytes(count * 4)?.as_chunks().0;
        Some(numbers.iter().map(|four| f32::from_le_bytes(*four)).collect())
    }

    /// Scales, bias, then the weights.
    fn linear(&mut self, inputs: usize, outputs: usize) -> Option<Linear> {
        Some(Linear {
            inputs,
            scales: self.floats(outputs)?,
            bias: self.floats(outputs)?,
            weights: self.bytes(inputs * outputs)?,
        })
    }

    fn norm(&mut self) -> Option<LayerNorm> {
        Some(LayerNorm {
            gains: self.floats(WIDTH)?,
            bias: self.floats(WIDTH)?,
        })
    }
}
