//! MP4, M4A, MOV and 3GP: the sound track of what phones, meetings and screen recorders save, whole or in fragments.

mod boxes;
mod track;

use super::{
    Decoded,
    error::Unreadable,
    input::SoundInput,
    pieces::{Pieces, append, ended_early},
};
use boxes::{BoxHeader, Fields, child, children};
use track::Movie;

pub(super) use track::stream_info;

const KIND: &str = "MP4 or M4A file";
/// An index is no longer.
const MOST_INDEX: u64 = 128 << 20;
const MOST_BOXES: usize = 1_000_000;

fn damaged(what: &'static str) -> Unreadable {
    Unreadable::Damaged { kind: KIND, what }
}

/// Reads an MP4 file from its first byte on.
pub(super) fn open(mut input: SoundInput) -> Result<Decoded, Unreadable> {
    let mut has_begun = false;
    for _ in 0..MOST_BOXES {
        let Some(header) = BoxHeader::read(&mut input)? else {
            break;
        };
        match &header.name {
            b"moov" => {
                let index = input.bytes(header.content().unwrap_or(MOST_INDEX).min(MOST_INDEX))?;
                let movie = Movie::read(&index);
                // Cut in the midst of the index.
                if header.content().is_some_and(|content| content > index.len() as u64) && !movie.has_sound() {
                    break;
                }
                return start(input, &movie);
            }
            b"mdat" | b"moof" => {
                has_begun = true;
                // What there is is said after it.
                input.spool()?;
                let Some(content) = header.content() else { break };
                if input.skip(content)? < content {
                    break;
                }
            }
            _ => {
                let Some(content) = header.content() else { break };
                if input.skip(content)? < content {
                    break;
                }
            }
        }
    }
    Err(damaged(if has_begun {
        "its index is missing, because the recording was never completed"
    } else {
        "it ends before its sound begins"
    }))
}

fn start(input: SoundInput, movie: &Movie) -> Result<Decoded, Unreadable> {
    let mut refused = None;
    for track in &movie.tracks {
        match track.sound(movie) {
            Ok(sound) => {
                let (rate, valid) = (sound.rate, sound.valid);
                let whole = track.seconds.map(|seconds| (seconds * f64::from(rate)) as u64);
                let next_box = input.at();
                let packets = Mp4Packets {
                    budget: input.len().unwrap_or(u64::MAX),
                    extents: Box::new(track.extents()),
                    track: track.id,
                    default_size: track.default_size,
                    next_box: movie.is_fragmented.then_some(next_box),
                    input,
                };
                let mut decoded = sound.open(packets)?;
                decoded.total = valid.or(whole).filter(|frames| *frames > 0 && !movie.is_fragmented);
                return Ok(decoded);
            }
            Err(reason) => refused = refused.or(Some(reason)),
        }
    }
    Err(refused.unwrap_or(Unreadable::Empty))
}

type BoxedExtents = Box<dyn Iterator<Item = (u64, u64)> + Send>;

/// The packets of one track, or runs of its samples: those in the index, and then those in fragments.
struct Mp4Packets {
    input: SoundInput,
    extents: BoxedExtents,
    track: u32,
    default_size: u32,
    /// Where to look for the next fragment, if the file has fragments.
    next_box: Option<u64>,
    /// Bytes that may still be read: an index that names the same ones again and again comes to an end.
    budget: u64,
}

impl Pieces for Mp4Packets {
    fn next(&mut self, into: &mut Vec<u8>) -> bool {
        loop {
            let Some((at, length)) = self.extents.next() else {
                match self.next_fragment() {
                    Ok(true) => continue,
                    Ok(false) => return false,
                    Err(error) => {
                        ended_early(&error);
                        return false;
                    }
                }
            };
            if length == 0 {
                continue;
            }
            if self.budget < length {
                return false;
            }
            self.budget -= length;
            let here = self.input.at();
            let moved = if at >= here {
                self.input.skip(at - here).map(|skipped| skipped == at - here)
            } else {
                self.input.seek(at).map(|()| true)
            };
            return match moved {
                Ok(true) => append(&mut self.input, length, into) == length,
                Ok(false) => false,
                Err(error) => {
                    ended_early(&error);
                    false
                }
            };
        }
    }
}

impl Mp4Packets {
    /// Goes on with the next fragment that has something of this track.
    fn next_fragment(&mut self) -> std::io::Result<bool> {
        for _ in 0..MOST_BOXES {
            let Some(at) = self.next_box else { return Ok(false) };
            let here = self.input.at();
            if at < here {
                self.input.seek(at)?;
            } else if self.input.skip(at - here)? < at - here {
                return Ok(false);
            }
            let Some(header) = BoxHeader::read(&mut self.input)? else {
                return Ok(false);
            };
            self.next_box = header
                .content()
                .and_then(|content| self.input.at().checked_add(content));
            if header.name != *b"moof" {
                continue;
            }
            let content = self
                .input
                .bytes(header.content().unwrap_or(MOST_INDEX).min(MOST_INDEX))?;
            let extents = fragment(&content, at, self.track, self.default_size);
            // On a pipe there is no way back to the header of what is read now.
            if let Some(sound) = BoxHeader::read(&mut self.input)? {
                self.next_box = sound.content().and_then(|content| self.input.at().checked_add(content));
            }
            if !extents.is_empty() {
                self.extents = Box::new(extents.into_iter());
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Where a track's packets lie that a `moof` box, itself at `begins`, speaks of.
fn fragment(moof: &[u8], begins: u64, track: u32, default_size: u32) -> Vec<(u64, u64)> {
    let mut extents = Vec::new();
    for (_, part) in children(moof).filter(|(name, _)| name == b"traf") {
        let Some(mut head) = child(part, *b"tfhd").map(Fields::new) else {
            continue;
        };
        let (Some(flags), Some(of)) = (head.u32(), head.u32()) else {
            continue;
        };
        if of != track {
            continue;
        }
        let base = if flags & 1 == 0 { Some(begins) } else { head.u64() };
        if flags & 2 != 0 {
            head.u32();
        }
        if flags & 8 != 0 {
            head.u32();
        }
        let size = if flags & 0x10 == 0 { None } else { head.u32() }.unwrap_or(default_size);
        let mut at = base.unwrap_or(begins);
        for (_, run) in children(part).filter(|(name, _)| name == b"trun") {
            let mut run = Fields::new(run);
            let (Some(flags), Some(count)) = (run.u32(), run.u32()) else {
                continue;
            };
            if flags & 1 != 0 {
                let offset = run.u32().unwrap_or(0) as i32;
                at = base.unwrap_or(begins).saturating_add_signed(i64::from(offset));
            }
            if flags & 4 != 0 {
                run.u32();
            }
            for _ in 0..count {
                if flags & 0x100 != 0 {
                    run.u32();
                }
                let size = if flags & 0x200 == 0 { Some(size) } else { run.u32() };
                for flag in [0x400, 0x800] {
                    if flags & flag != 0 {
                        run.u32();
                    }
                }
                // Without a field for each packet nothing else bounds their number.
                let Some(size) = size.filter(|_| extents.len() < 1 << 20) else {
                    break;
                };
                extents.push((at, u64::from(size)));
                at = at.saturating_add(u64::from(size));
            }
        }
    }
    extents
}
