//! 16-bit ggml → `q8_0` and `q5_1`, as whisper.cpp's own `quantize` does it: the reference quantizers of
//! ggml-quants.c, on every matrix and nothing else.

use std::io::{Read, Seek, SeekFrom, Write};

use half::f16;

use super::{
    format::Format,
    ggml::{self, FoundTensor},
    layout::TensorRole,
};
use crate::models::{
    digest::CHUNK,
    invalid_model::{FetchError, InvalidModel},
    progress::ProgressSink,
};

/// Numbers in one block of either format.
const BLOCK: usize = 32;
/// Blocks that are read at a time.
const BLOCKS: usize = 1024;

/// Writes `model`, a 16-bit ggml file of `length` bytes, in another format.
pub fn quantize(
    model: &mut (impl Read + Seek),
    length: u64,
    format: Format,
    out: &mut impl Write,
    progress: &mut ProgressSink<'_>,
) -> Result<(), FetchError> {
    let summary = ggml::inspect(&mut *model, length)?;
    if summary.format != Format::F16 {
        return Err(InvalidModel::Broken("only a model of 16-bit numbers can be made smaller".to_owned()).into());
    }
    let head = (ggml::MAGIC.len() + 11 * 4) as u64;
    ggml::write_head(out, &summary.shape, format)?;
    seek(model, head)?;
    copy(model, summary.tensors_at - head, out, progress)?;
    for found in &summary.tensors {
        let stored = format.of_role(found.tensor.role);
        ggml::write_tensor_head(out, &found.tensor, stored)?;
        seek(model, found.at)?;
        if found.tensor.role == TensorRole::Matrix {
            matrix(model, found, format, out, progress)?;
        } else {
            copy(model, found.bytes, out, progress)?;
        }
    }
    Ok(())
}

fn seek(model: &mut impl Seek, at: u64) -> Result<(), FetchError> {
    model.seek(SeekFrom::Start(at)).map_err(InvalidModel::Unreadable)?;
    Ok(())
}

fn copy(
    model: &mut impl Read,
    bytes: u64,
    out: &mut impl Write,
    progress: &mut ProgressSink<'_>,
) -> Result<(), FetchError> {
    let mut chunk = vec![0; CHUNK];
    let mut left = bytes;
    while left > 0 {
        progress.check()?;
        let size = left.min(chunk.len() as u64) as usize;
        model.read_exact(&mut chunk[..size]).map_err(InvalidModel::Unreadable)?;
        out.write_all(&chunk[..size]).map_err(FetchError::Write)?;
        left -= size as u64;
        progress.step(size as u64);
    }
    Ok(())
}

fn matrix(
    model: &mut impl Read,
    found: &FoundTensor,
    format: Format,
    out: &mut impl Write,
    progress: &mut ProgressSink<'_>,
) -> Result<(), FetchError> {
    let mut halves = vec![0; BLOCKS * BLOCK * 2];
    let mut packed = Vec::with_capacity(BLOCKS * 34);
    let mut left = found.bytes;
    while left > 0 {
        progress.check()?;
        let size = left.min(halves.len() as u64) as usize;
        model
            .read_exact(&mut halves[..size])
            .map_err(InvalidModel::Unreadable)?;
        packed.clear();
        for block in halves[..size].as_chunks::<{ 2 * BLOCK }>().0 {
            let numbers = std::array::from_fn(|i| f16::from_le_bytes([block[2 * i], block[2 * i + 1]]).to_f32());
            match format {
                Format::Q8_0 => q8_0(&numbers, &mut packed),
                Format::Q5_1 => q5_1(&numbers, &mut packed),
                _ => {
                    return Err(InvalidModel::Broken("models are made smaller as q8_0 or q5_1 only".to_owned()).into());
                }
            }
        }
        out.write_all(&packed).map_err(FetchError::Write)?;
        left -= size as u64;
        progress.step(size as u64);
    }
    Ok(())
}

/// A 16-bit scale, then 32 signed bytes: `quantize_row_q8_0_ref`.
fn q8_0(numbers: &[f32; BLOCK], packed: &mut Vec<u8>) {
    let largest = numbers
        .iter()
        .fold(0.0_f32, |largest, number| largest.max(number.abs()));
    let step = largest / 127.0;
    let scale = if step == 0.0 { 0.0 } else { 1.0 / step };
    packed.extend_from_slice(&f16::from_f32(step).to_le_bytes());
    packed.extend(
        numbers
            .iter()
            .map(|number| ((number * scale).round() as i8).to_le_bytes()[0]),
    );
}

/// A 16-bit step and minimum, the 32 fifth bits, then 32 times four bits: `quantize_row_q5_1_ref`.
fn q5_1(numbers: &[f32; BLOCK], packed: &mut Vec<u8>) {
    let least = numbers.iter().copied().fold(f32::MAX, f32::min);
    let most = numbers.iter().copied().fold(f32::MIN, f32::max);
    let step = (most - least) / 31.0;
    let scale = if step == 0.0 { 0.0 } else { 1.0 / step };
    let level = |number: f32| ((number - least) * scale + 0.5) as u8;
    let mut fifth = 0_u32;
    let mut low = [0_u8; BLOCK / 2];
    for (i, low) in low.iter_mut().enumerate() {
        let (first, second) = (level(numbers[i]), level(numbers[i + BLOCK / 2]));
        *low = (first & 0x0f) | ((second & 0x0f) << 4);
        fifth |= u32::from((first >> 4) & 1) << i;
        fifth |= u32::from((second >> 4) & 1) << (i + BLOCK / 2);
    }
    packed.extend_from_slice(&f16::from_f32(step).to_le_bytes());
    packed.extend_from_slice(&f16::from_f32(least).to_le_bytes());
    packed.extend_from_slice(&fifth.to_le_bytes());
    packed.extend_from_slice(&low);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q8_0_keeps_the_largest_number_at_127() {
        let mut numbers = [0.0; BLOCK];
        numbers[3] = -2.54;
        numbers[4] = 0.03;
        let mut packed = Vec::new();
        q8_0(&numbers, &mut packed);
        assert_eq!(packed.len(), 34);
        assert_eq!(packed[..2], f16::from_f32(2.54 / 127.0).to_le_bytes());
        assert_eq!(packed[2 + 3] as i8, -127);
        // 0.03 / 0.02 = 1.5, rounded away from zero.
        assert_eq!(packed[2 + 4] as i8, 2);
    }

    #[test]
    fn q5_1_spreads_32_levels_between_the_least_and_the_most() {
        let numbers = std::array::from_fn(|i| i as f32 - 8.0);
        let mut packed = Vec::new();
        q5_1(&numbers, &mut packed);
        assert_eq!(packed.len(), 24);
        assert_eq!(packed[..2], f16::from_f32(1.0).to_le_bytes());
        assert_eq!(packed[2..4], f16::from_f32(-8.0).to_le_bytes());
        assert_eq!(packed[4..8], 0xffff_0000_u32.to_le_bytes());
        // Levels 1 and 17 share a byte: the low four bits of both are 1.
        assert_eq!(packed[8 + 1], 0x11);
    }

    #[test]
    fn a_block_of_one_number_does_not_divide_by_zero() {
        let mut packed = Vec::new();
        q8_0(&[0.0; BLOCK], &mut packed);
        assert!(packed.iter().all(|byte| *byte == 0));
        packed.clear();
        q5_1(&[0.25; BLOCK], &mut packed);
        assert_eq!(packed[2..4], f16::from_f32(0.25).to_le_bytes());
        assert!(packed[4..].iter().all(|byte| *byte == 0));
    }
}
