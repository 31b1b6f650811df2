//! AAC as a stream of frames, each with a header (ADTS): `.aac` files, and what is cut from a broadcast.

use super::{
    Decoded,
    aac::AacStream,
    error::Unreadable,
    input::SoundInput,
    packets::PacketSound,
    pieces::{Pieces, ended_early},
};

/// What is looked through for the first frame.
const FAR: usize = 32 << 10;

/// A frame's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct AdtsHeader {
    object_type: u32,
    rate_index: usize,
    channels: u32,
    /// Bytes of the frame, and of its header in them.
    length: usize,
    head: usize,
}

impl AdtsHeader {
    fn read(bytes: &[u8]) -> Option<Self> {
        let head: [u8; 7] = bytes.get(..7)?.try_into().ok()?;
        let header = Self {
            object_type: u32::from(head[2] >> 6) + 1,
            rate_index: usize::from(head[2] >> 2 & 15),
            channels: u32::from((head[2] & 1) << 2 | head[3] >> 6),
            length: usize::from(head[3] & 3) << 11 | usize::from(head[4]) << 3 | usize::from(head[5] >> 5),
            head: if head[1] & 1 == 1 { 7 } else { 9 },
        };
        let synced = head[0] == 0xff && head[1] & 0xf6 == 0xf0;
        (synced && header.rate_index < 13 && header.length > header.head).then_some(header)
    }

    fn is_like(&self, other: &Self) -> bool {
        (self.object_type, self.rate_index, self.channels) == (other.object_type, other.rate_index, other.channels)
    }
}

/// Where the first of two frames in a row begins.
pub(super) fn find(bytes: &[u8]) -> Option<usize> {
    let bytes = &bytes[..bytes.len().min(FAR)];
    bytes.iter().enumerate().position(|(at, byte)| {
        *byte == 0xff
            && AdtsHeader::read(&bytes[at..]).is_some_and(|first| {
                let next = bytes.get(at + first.length..).and_then(AdtsHeader::read);
                next.is_some_and(|next| next.is_like(&first))
            })
    })
}

struct AdtsFrames {
    input: SoundInput,
    first: AdtsHeader,
}

impl Pieces for AdtsFrames {
    fn next(&mut self, into: &mut Vec<u8>) -> bool {
        loop {
            let ahead = match self.input.peek(9) {
                Ok(ahead) if ahead.len() >= 7 => ahead,
                Ok(_) => return false,
                Err(error) => {
                    ended_early(&error);
                    return false;
                }
            };
            let header = AdtsHeader::read(ahead).filter(|header| header.is_like(&self.first));
            // What is no frame is passed over, byte by byte.
            let Some(header) = header else {
                if self.input.skip(1).is_err() {
                    return false;
                }
                continue;
            };
            let _ = self.input.skip(header.head as u64);
            let length = (header.length - header.head) as u64;
            return super::pieces::append(&mut self.input, length, into) == length;
        }
    }
}

pub(super) fn open(mut input: SoundInput) -> Result<Decoded, Unreadable> {
    let ahead = input.peek(FAR)?;
    let at = find(ahead).ok_or(Unreadable::Unknown)?;
    let first = AdtsHeader::read(&ahead[at..]).ok_or(Unreadable::Unknown)?;
    input.skip(at as u64)?;
    let rate = [
        96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
    ];
    let stream = AacStream::new(first.object_type, rate[first.rate_index], first.channels)?;
    PacketSound::open(
        AdtsFrames { input, first },
        &stream.parameters(),
        stream.channels,
        stream.rate,
    )
}
