//! Chunks of RIFF and IFF files: a name of four letters and a length, filled up to an even one by most writers.

use std::io;

use super::{input::SoundInput, samples::ByteOrder};

/// What a chunk begins with.
#[derive(Clone, Copy, Debug)]
pub(super) struct ChunkHeader {
    pub id: [u8; 4],
    /// Bytes.
    pub length: u32,
}

/// Names that files of sound have in use: they tell padding from a chunk where both could be meant.
const KNOWN: [&[u8; 4]; 32] = [
    b"fmt ", b"data", b"fact", b"LIST", b"bext", b"iXML", b"axml", b"inst", b"smpl", b"cue ", b"JUNK", b"junk",
    b"PAD ", b"FLLR", b"id3 ", b"ID3 ", b"ds64", b"PEAK", b"afsp", b"chna", b"plst", b"note", b"labl", b"COMM",
    b"SSND", b"MARK", b"INST", b"NAME", b"ANNO", b"FVER", b"CHAN", b"COMT",
];

/// Whether four bytes can be a chunk's name.
pub(super) fn is_name(bytes: &[u8]) -> bool {
    bytes.len() == 4 && bytes.iter().all(|byte| (0x20..0x7f).contains(byte)) && bytes[0] != b' '
}

/// The header that comes next, or nothing at the end.
pub(super) fn next(input: &mut SoundInput, order: ByteOrder) -> io::Result<Option<ChunkHeader>> {
    let Some([a, b, c, d, length @ ..]) = input.array::<8>()? else {
        return Ok(None);
    };
    let length = match order {
        ByteOrder::Little => u32::from_le_bytes(length),
        ByteOrder::Big => u32::from_be_bytes(length),
    };
    Ok(Some(ChunkHeader {
        id: [a, b, c, d],
        length,
    }))
}

/// Passes over a chunk's content and its padding.
pub(super) fn skip(input: &mut SoundInput, length: u32) -> io::Result<()> {
    input.skip(u64::from(length))?;
    pad(input, length)
}

/// Passes over the byte that fills a chunk of odd length up, if the writer has put it there.
pub(super) fn pad(input: &mut SoundInput, length: u32) -> io::Result<()> {
    if length.is_multiple_of(2) {
        return Ok(());
    }
    let ahead = input.peek(5)?;
    let known = |id: &[u8]| KNOWN.iter().any(|known| known.as_slice() == id);
    let (here, after) = (ahead.get(..4).unwrap_or_default(), ahead.get(1..5).unwrap_or_default());
    let forgotten = known(here) || is_name(here) && !known(after) && !is_name(after);
    if !forgotten {
        input.skip(1)?;
    }
    Ok(())
}
