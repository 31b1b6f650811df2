//! What a sentence means, as far as the general nine go: a small network that has learned which words mean alike and how
//! they stand together. `scripts/train_meaning.py` makes it; docs/insights.md says what it measured.
//!
//! Words become vectors of 64 numbers, two layers of attention (Vaswani et al., Attention Is All You Need, 2017; scaled by
//! root mean squares, Zhang and Sennrich 2019) let each see the others, and what is left is one number for each point.

use std::{collections::HashMap, iter, sync::OnceLock};

use crate::insight::phrases::Item;

const SOURCE: &[u8] = include_bytes!("../../assets/insight/meaning.bin");

/// Numbers of a word.
const WIDTH: usize = 64;
/// Numbers between, in a layer.
const INNER: usize = 192;
const LAYERS: usize = 2;
const HEADS: usize = 4;
const HEAD: usize = WIDTH / HEADS;
/// Words that are looked at together; a longer sentence is looked at in pieces.
const PIECE: usize = 32;
const POINTS: usize = 9;
/// Words of one answer that are looked at, those of pieces that come again aside: more than an hour of talking. A look is the
/// longest work that an insight does, and a text of any length is to be seen through in a second.
const MOST_WORDS: usize = 16_384;
/// Stands for every word that the network does not know.
const UNKNOWN: usize = 1;

type Row = [f32; WIDTH];

#[derive(Debug)]
struct Layer {
    before_attention: Vec<f32>,
    query: Vec<f32>,
    key: Vec<f32>,
    value: Vec<f32>,
    attended: Vec<f32>,
    before_inner: Vec<f32>,
    widen: Vec<f32>,
    widen_by: Vec<f32>,
    narrow: Vec<f32>,
    narrow_by: Vec<f32>,
}

#[derive(Debug)]
struct Network {
    /// Where a word's vector stands.
    places: HashMap<&'static str, usize>,
    /// For each word, how much one step of its vector is.
    scales: Vec<f32>,
    vectors: &'static [u8],
    positions: Vec<f32>,
    layers: Vec<Layer>,
    tells: Vec<f32>,
    points: Vec<f32>,
    points_by: Vec<f32>,
}

/// What the sentences of one answer mean.
#[derive(Debug)]
pub(super) struct Meanings {
    /// Pieces that were looked at.
    known: HashMap<Vec<usize>, [f32; POINTS]>,
    words_left: usize,
}

impl Meanings {
    pub fn new() -> Self {
        Self {
            known: HashMap::new(),
            words_left: MOST_WORDS,
        }
    }

    /// How strongly a sentence speaks for each of the nine: log odds. Nothing once enough has been looked at.
    pub fn of(&mut self, items: &[Item]) -> Option<[f32; POINTS]> {
        let network = network();
        let places: Vec<usize> = items.iter().map(|item| network.place(item)).collect();
        let first = &places[..places.len().min(PIECE)];
        let later = (PIECE / 2..places.len().saturating_sub(PIECE / 2))
            .step_by(PIECE / 2)
            .map(|start| &places[start..(start + PIECE).min(places.len())]);
        iter::once(first)
            .chain(later)
            .filter_map(|piece| self.look(network, piece))
            .reduce(|most, piece| std::array::from_fn(|point| most[point].max(piece[point])))
    }

    fn look(&mut self, network: &Network, piece: &[usize]) -> Option<[f32; POINTS]> {
        if let Some(known) = self.known.get(piece) {
            return Some(*known);
        }
        self.words_left = self.words_left.checked_sub(piece.len())?;
        let sums = network.look(piece);
        self.known.insert(piece.to_vec(), sums);
        Some(sums)
    }
}

fn network() -> &'static Network {
    static READ: OnceLock<Network> = OnceLock::new();
    READ.get_or_init(|| Network::read(SOURCE).expect("the asset was made by the script beside it"))
}

/// The asset, read from its front.
struct Asset(&'static [u8]);

impl Asset {
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

impl Network {
    /// Lengths and words first, then the vectors in bytes, then the matrices in 32 bits, little-endian.
    fn read(source: &'static [u8]) -> Option<Self> {
        let mut asset = Asset(source);
        let (words, letters) = (asset.count()?, asset.count()?);
        let text = std::str::from_utf8(asset.bytes(letters)?).ok()?;
        let places: HashMap<&str, usize> = text
            .split('\n')
            .enumerate()
            .map(|(index, word)| (word, index + UNKNOWN + 1))
            .collect();
        let rows = words + UNKNOWN + 1;
        let scales = asset.floats(rows)?;
        let vectors = asset.bytes(rows * WIDTH)?;
        let positions = asset.floats(PIECE * WIDTH)?;
        let mut layers = Vec::with_capacity(LAYERS);
        for _ in 0..LAYERS {
            layers.push(Layer {
                before_attention: asset.floats(WIDTH)?,
                query: asset.floats(WIDTH * WIDTH)?,
                key: asset.floats(WIDTH * WIDTH)?,
                value: asset.floats(WIDTH * WIDTH)?,
                attended: asset.floats(WIDTH * WIDTH)?,
                before_inner: asset.floats(WIDTH)?,
                widen: asset.floats(WIDTH * INNER)?,
                widen_by: asset.floats(INNER)?,
                narrow: asset.floats(INNER * WIDTH)?,
                narrow_by: asset.floats(WIDTH)?,
            });
        }
        let network = Self {
            places,
            scales,
            vectors,
            positions,
            layers,
            tells: asset.floats(WIDTH)?,
            points: asset.floats(2 * WIDTH * POINTS)?,
            points_by: asset.floats(POINTS)?,
        };
        asset.0.is_empty().then_some(network)
    }

    fn place(&self, item: &Item) -> usize {
        let known = self.places.get(item.text.as_str());
        *known
            .or_else(|| self.places.get(item.base.as_str()))
            .unwrap_or(&UNKNOWN)
    }

    fn look(&self, places: &[usize]) -> [f32; POINTS] {
        let mut rows: Vec<Row> = places
            .iter()
            .enumerate()
            .map(|(at, place)| self.row(at, *place))
            .collect();
        for layer in &self.layers {
            layer.look(&mut rows);
        }
        let mut shares: Vec<f32> = rows.iter().map(|row| dot(row, &self.tells)).collect();
        softmax(&mut shares);
        let mut pooled = [0.0_f32; 2 * WIDTH];
        pooled[WIDTH..].fill(f32::MIN);
        for (row, share) in rows.iter().zip(&shares) {
            for (index, number) in row.iter().enumerate() {
                pooled[index] += share * number;
                pooled[WIDTH + index] = pooled[WIDTH + index].max(*number);
            }
        }
        let mut sums = [0.0; POINTS];
        sums.copy_from_slice(&self.points_by);
        through(&pooled, &self.points, &mut sums);
        sums
    }

    fn row(&self, at: usize, place: usize) -> Row {
        let vector = &self.vectors[place * WIDTH..(place + 1) * WIDTH];
        let position = &self.positions[at * WIDTH..(at + 1) * WIDTH];
        let scale = self.scales[place];
        std::array::from_fn(|index| f32::from(vector[index].cast_signed()) * scale + position[index])
    }
}

impl Layer {
    fn look(&self, rows: &mut [Row]) {
        let across = |weights: &[f32], rows: &[Row]| -> Vec<Row> {
            rows.iter()
                .map(|row| {
                    let mut out = [0.0; WIDTH];
                    through(row, weights, &mut out);
                    out
                })
                .collect()
        };
        let leveled: Vec<Row> = rows.iter().map(|row| level(row, &self.before_attention)).collect();
        let (queries, keys) = (across(&self.query, &leveled), across(&self.key, &leveled));
        let values = across(&self.value, &leveled);
        let mut shares = vec![0.0; rows.len()];
        for (row, query) in rows.iter_mut().zip(&queries) {
            let mut seen = [0.0; WIDTH];
            for head in 0..HEADS {
                let part = head * HEAD..(head + 1) * HEAD;
                for (share, key) in shares.iter_mut().zip(&keys) {
                    *share = dot(&query[part.clone()], &key[part.clone()]) / (HEAD as f32).sqrt();
                }
                softmax(&mut shares);
                for (share, value) in shares.iter().zip(&values) {
                    for index in part.clone() {
                        seen[index] += share * value[index];
                    }
                }
            }
            through(&seen, &self.attended, row);
        }
        for row in rows {
            let mut inner = [0.0; INNER];
            inner.copy_from_slice(&self.widen_by);
            through(&level(row, &self.before_inner), &self.widen, &mut inner);
            for number in &mut inner {
                *number = number.max(0.0);
            }
            through(&inner, &self.narrow, row);
            row.iter_mut()
                .zip(&self.narrow_by)
                .for_each(|(number, by)| *number += by);
        }
    }
}

/// Adds to `out` what the numbers give through a matrix: a row of it for each number. The width is known when it is
/// compiled, so that the sums stay in registers.
fn through<const WIDE: usize>(numbers: &[f32], weights: &[f32], out: &mut [f32; WIDE]) {
    let mut sums = *out;
    for (number, row) in numbers.iter().zip(weights.as_chunks::<WIDE>().0) {
        for (sum, weight) in sums.iter_mut().zip(row) {
            *sum += number * weight;
        }
    }
    *out = sums;
}

fn level(row: &Row, gains: &[f32]) -> Row {
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
        insight::{phrases::sentences, reading::Reading},
        transcript::Transcript,
    };

    fn odds(text: &str) -> [f32; POINTS] {
        let transcript = Transcript::typed(text);
        let sentences = sentences(&Reading::new(&transcript));
        Meanings::new().of(&sentences[0].items).unwrap()
    }

    #[test]
    fn all_pieces_of_a_long_sentence_are_heard() {
        let first = ["the bus came late again"; 7].join(" ");
        let short = odds(&first);
        let long = odds(&format!(
            "{first} and I have no idea how that works so I would ask someone"
        ));
        assert!(short.iter().zip(&long).all(|(short, long)| long >= short) && short != long);
    }

    #[test]
    fn after_enough_words_only_pieces_that_come_again_are_known() {
        let transcript = Transcript::typed("The bus came late. So we took a cab.");
        let sentences = sentences(&Reading::new(&transcript));
        let mut meanings = Meanings {
            words_left: sentences[0].items.len(),
            ..Meanings::new()
        };
        let first = meanings.of(&sentences[0].items);
        assert!(first.is_some());
        assert_eq!(meanings.of(&sentences[1].items), None);
        assert_eq!(meanings.of(&sentences[0].items), first);
    }

    #[test]
    fn unknown_words_are_no_trouble() {
        assert!(odds("Xqzt vrrbl kkwzz").iter().all(|sum| sum.is_finite() && *sum < 0.0));
    }
}
