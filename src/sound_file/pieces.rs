//! Where in a file the sound lies: one run of bytes, or many.

use std::io::{self, Read as _};

use super::input::SoundInput;

/// The bytes of the sound, piece by piece: runs of samples, or one packet at a time.
pub(super) trait Pieces: Send {
    /// Puts the next piece at the end of `into`; false where there is none. A file that was cut short ends where its sound
    /// ends.
    fn next(&mut self, into: &mut Vec<u8>) -> bool;
}

/// So many bytes at once.
pub(super) const RUN: u64 = 32 << 10;

/// All that follows, up to a length.
pub(super) struct Run {
    pub input: SoundInput,
    /// Bytes still to come; nothing where only the end of the file tells.
    pub left: Option<u64>,
}

impl Pieces for Run {
    fn next(&mut self, into: &mut Vec<u8>) -> bool {
        let wanted = self.left.unwrap_or(RUN).min(RUN);
        let read = append_some(&mut self.input, wanted, into);
        if let Some(left) = &mut self.left {
            *left -= read;
        }
        read > 0
    }
}

/// Puts up to `count` bytes at the end of `into`; tells how many.
pub(super) fn append(input: &mut SoundInput, count: u64, into: &mut Vec<u8>) -> u64 {
    match input.bytes(count) {
        Ok(bytes) => {
            into.extend_from_slice(&bytes);
            bytes.len() as u64
        }
        Err(error) => {
            ended_early(&error);
            0
        }
    }
}

/// The same with what is there now: whoever writes a pipe as time goes by is not waited for.
pub(super) fn append_some(input: &mut SoundInput, count: u64, into: &mut Vec<u8>) -> u64 {
    let from = into.len();
    into.resize(from + count as usize, 0);
    let read = input.read(&mut into[from..]).unwrap_or_else(|error| {
        ended_early(&error);
        0
    });
    into.truncate(from + read);
    read as u64
}

pub(super) fn ended_early(error: &io::Error) {
    log::warn!("The recording ends early: {error}");
}

/// Packets or runs that lie apart: where each begins and how long it is.
pub(super) struct Extents<I> {
    pub input: SoundInput,
    pub extents: I,
}

impl<I: Iterator<Item = (u64, u64)> + Send> Pieces for Extents<I> {
    fn next(&mut self, into: &mut Vec<u8>) -> bool {
        let Some((at, length)) = self.extents.next() else {
            return false;
        };
        // On a pipe only what lies ahead can be reached.
        let here = self.input.at();
        let moved = if at >= here {
            self.input.skip(at - here).map(|skipped| skipped == at - here)
        } else {
            self.input.seek(at).map(|()| true)
        };
        match moved {
            Ok(true) => append(&mut self.input, length, into) == length,
            Ok(false) => false,
            Err(error) => {
                ended_early(&error);
                false
            }
        }
    }
}
