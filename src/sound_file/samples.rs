//! Samples as they lie in uncompressed files, to `f32` between -1 and 1.

use super::{FrameSource, adpcm::Adpcm, pieces::Pieces};

/// How a sample is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Unsigned8,
    /// Signed, so many bytes, the most significant bits used.
    Signed(usize),
    /// 24 bits in four bytes, at either end of them: some writers put them at the low one.
    Signed24In4,
    Float16,
    Float32,
    Float64,
    MuLaw,
    ALaw,
    /// In blocks.
    Adpcm(Adpcm),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ByteOrder {
    Little,
    Big,
}

impl Coding {
    /// Bytes of a sample; of a block of all channels where it is in blocks.
    pub(super) fn unit(self, channels: usize) -> usize {
        match self {
            Self::Unsigned8 | Self::MuLaw | Self::ALaw => channels,
            Self::Signed(bytes) => bytes * channels,
            Self::Float16 => 2 * channels,
            Self::Float32 | Self::Signed24In4 => 4 * channels,
            Self::Float64 => 8 * channels,
            Self::Adpcm(adpcm) => adpcm.block,
        }
    }

    /// Frames in so many bytes.
    pub(super) fn frames(self, bytes: u64, channels: usize) -> u64 {
        let units = bytes / self.unit(channels).max(1) as u64;
        match self {
            Self::Adpcm(adpcm) => units.saturating_mul(adpcm.frames(channels) as u64),
            _ => units,
        }
    }
}

/// Decodes pieces of uncompressed sound.
pub(super) struct Samples {
    pub pieces: Box<dyn Pieces>,
    pub coding: Coding,
    pub order: ByteOrder,
    pub channels: usize,
    /// Bytes that make no whole frame yet.
    rest: Vec<u8>,
    /// A low byte was there: 24 bits lie at the low end of four.
    at_low_end: bool,
}

impl Samples {
    pub(super) fn new(pieces: impl Pieces + 'static, coding: Coding, order: ByteOrder, channels: usize) -> Self {
        Self {
            pieces: Box::new(pieces),
            coding,
            order,
            channels,
            rest: Vec::new(),
            at_low_end: false,
        }
    }
}

impl FrameSource for Samples {
    fn next(&mut self, into: &mut Vec<f32>) -> bool {
        let more = self.pieces.next(&mut self.rest);
        let unit = self.coding.unit(self.channels);
        let whole = self.rest.len() / unit * unit;
        if let Coding::Adpcm(adpcm) = self.coding {
            // The last block may be cut short.
            let end = if more { whole } else { self.rest.len() };
            for block in self.rest[..end].chunks(unit) {
                adpcm.decode(block, self.channels, into);
            }
            self.rest.drain(..end);
            return more;
        }
        let bytes = &self.rest[..whole];
        if self.coding == Coding::Signed24In4 && !self.at_low_end {
            let low = if self.order == ByteOrder::Little { 0 } else { 3 };
            self.at_low_end = bytes.chunks_exact(4).any(|sample| sample[low] != 0);
        }
        into.reserve(bytes.len() / (unit / self.channels).max(1));
        match (self.coding, self.order) {
            (Coding::Unsigned8, _) => into.extend(bytes.iter().map(|byte| (f32::from(*byte) - 128.0) / 128.0)),
            (Coding::MuLaw, _) => into.extend(bytes.iter().map(|byte| mu_law(*byte))),
            (Coding::ALaw, _) => into.extend(bytes.iter().map(|byte| a_law(*byte))),
            (Coding::Signed(width), order) => {
                into.extend(bytes.chunks_exact(width).map(|sample| signed(sample, order)));
            }
            (Coding::Signed24In4, order) => {
                let scale = if self.at_low_end { 256.0 } else { 1.0 };
                into.extend(
                    bytes
                        .chunks_exact(4)
                        .map(|sample| (signed(sample, order) * scale).clamp(-1.0, 1.0)),
                );
            }
            (Coding::Float16, order) => into.extend(
                bytes
                    .chunks_exact(2)
                    .map(|sample| bounded(half::f16::from_bits(u16::from_le_bytes(ordered(sample, order))).to_f32())),
            ),
            (Coding::Float32, order) => into.extend(
                bytes
                    .chunks_exact(4)
                    .map(|sample| bounded(f32::from_le_bytes(ordered(sample, order)))),
            ),
            (Coding::Float64, order) => into.extend(
                bytes
                    .chunks_exact(8)
                    .map(|sample| bounded(f64::from_le_bytes(ordered(sample, order)) as f32)),
            ),
            (Coding::Adpcm(_), _) => {}
        }
        self.rest.drain(..whole);
        more
    }
}

/// Bytes in little-endian order.
fn ordered<const N: usize>(sample: &[u8], order: ByteOrder) -> [u8; N] {
    let mut bytes = [0; N];
    bytes.copy_from_slice(sample);
    if order == ByteOrder::Big {
        bytes.reverse();
    }
    bytes
}

/// A signed integer of any width, its most significant bit at the top.
fn signed(sample: &[u8], order: ByteOrder) -> f32 {
    let mut value = 0_i64;
    let place = |index: usize| 56 - 8 * index as u32;
    match order {
        ByteOrder::Little => sample
            .iter()
            .rev()
            .enumerate()
            .for_each(|(index, byte)| value |= i64::from(*byte) << place(index)),
        ByteOrder::Big => sample
            .iter()
            .enumerate()
            .for_each(|(index, byte)| value |= i64::from(*byte) << place(index)),
    }
    (value as f64 / 9_223_372_036_854_775_808.0) as f32
}

/// What no microphone delivers is silence; what is too loud is bounded.
pub(super) fn bounded(value: f32) -> f32 {
    if value.is_finite() { value.clamp(-8.0, 8.0) } else { 0.0 }
}

/// ITU-T G.711, mu-law.
fn mu_law(byte: u8) -> f32 {
    let byte = !byte;
    let magnitude = (((i32::from(byte) & 0x0f) << 3) + 0x84) << ((byte & 0x70) >> 4);
    let value = magnitude - 0x84;
    (if byte & 0x80 == 0 { value } else { -value }) as f32 / 32_768.0
}

/// ITU-T G.711, A-law.
fn a_law(byte: u8) -> f32 {
    let byte = byte ^ 0x55;
    let low = (i32::from(byte) & 0x0f) << 4;
    let value = match (byte & 0x70) >> 4 {
        0 => low + 8,
        segment => (low + 0x108) << (segment - 1),
    };
    (if byte & 0x80 == 0 { -value } else { value }) as f32 / 32_768.0
}
