//! OGG: what messengers, browsers and free recorders save. Pages are read one after the other and none is asked to be whole:
//! a recording that was cut short, or is damaged in its midst, gives what it holds.

use std::{collections::VecDeque, io};

use symphonia::core::codecs::audio::{
    AudioCodecParameters,
    well_known::{CODEC_ID_FLAC, CODEC_ID_OPUS, CODEC_ID_VORBIS},
};

use super::{
    Decoded, channels_of,
    error::Unreadable,
    input::{MOST_AHEAD, SoundInput},
    mp4::stream_info,
    packets::{SoundTrack, TrackSound},
    pieces::{Pieces, ended_early},
};

const MARK: &[u8; 4] = b"OggS";
const HEAD: usize = 27;
/// A packet is no longer; one that seems to be is damage.
const MOST_PACKET: usize = 4 << 20;
/// Streams beside each other: a video and its sound.
const MOST_STREAMS: usize = 16;

/// What is on a page.
struct Page {
    is_continued: bool,
    begins_stream: bool,
    serial: u32,
    /// Bytes of each segment: a packet ends with the first that is not full.
    segments: Vec<u8>,
    content: Vec<u8>,
}

impl Page {
    /// The page that comes next, from wherever one begins; nothing at the end.
    fn read(input: &mut SoundInput) -> io::Result<Option<Self>> {
        loop {
            let ahead = input.peek(HEAD)?;
            if ahead.starts_with(MARK) && ahead.len() == HEAD {
                break;
            }
            if ahead.len() < HEAD {
                return Ok(None);
            }
            let ahead = input.peek(MOST_AHEAD)?;
            let here = ahead.windows(4).skip(1).position(|bytes| bytes == MARK);
            let passed = here.map_or(ahead.len().saturating_sub(3), |at| at + 1);
            input.skip(passed.max(1) as u64)?;
        }
        let head = input.bytes(HEAD as u64)?;
        let segments = input.bytes(u64::from(head[26]))?;
        let length = segments.iter().map(|segment| u64::from(*segment)).sum();
        Ok(Some(Self {
            is_continued: head[5] & 1 != 0,
            begins_stream: head[5] & 2 != 0,
            serial: u32::from_le_bytes([head[14], head[15], head[16], head[17]]),
            segments,
            content: input.bytes(length)?,
        }))
    }
}

/// The packets of one stream.
struct OggPackets {
    input: SoundInput,
    serial: u32,
    /// The beginning of a packet that goes on on the next page.
    begun: Vec<u8>,
    waiting: VecDeque<Vec<u8>>,
    /// There was sound already, after the headers.
    is_heard: bool,
}

impl OggPackets {
    fn take_in(&mut self, page: &Page) {
        let mut rest = page.content.as_slice();
        // What a page that is lost had begun.
        let mut is_torn = page.is_continued && self.begun.is_empty();
        if !page.is_continued {
            self.begun.clear();
        }
        for segment in &page.segments {
            let length = usize::from(*segment);
            if rest.len() < length {
                // The page is cut: what is left of this packet is no packet.
                self.begun.clear();
                return;
            }
            let (part, after) = rest.split_at(length);
            rest = after;
            self.begun.extend_from_slice(part);
            if length < 255 {
                let packet = std::mem::take(&mut self.begun);
                if !std::mem::take(&mut is_torn) {
                    self.waiting.push_back(packet);
                }
            } else if self.begun.len() > MOST_PACKET {
                self.begun.clear();
                is_torn = true;
            }
        }
        if is_torn {
            self.begun.clear();
        }
    }

    /// The next packet, headers included.
    fn packet(&mut self) -> io::Result<Option<Vec<u8>>> {
        while self.waiting.is_empty() {
            let Some(page) = Page::read(&mut self.input)? else {
                return Ok(None);
            };
            // Another stream may begin where one ends; those that begin together are a video's.
            if page.begins_stream && self.is_heard && is_sound(&page.content) {
                self.serial = page.serial;
                self.begun.clear();
            }
            if page.serial == self.serial {
                self.take_in(&page);
            }
        }
        Ok(self.waiting.pop_front())
    }
}

impl Pieces for OggPackets {
    fn next(&mut self, into: &mut Vec<u8>) -> bool {
        loop {
            match self.packet() {
                Ok(Some(packet)) if packet.is_empty() || is_header(&packet) => {}
                Ok(Some(packet)) => {
                    self.is_heard = true;
                    into.extend_from_slice(&packet);
                    return true;
                }
                Ok(None) => return false,
                Err(error) => {
                    ended_early(&error);
                    return false;
                }
            }
        }
    }
}

/// Whether a stream that begins so is one of sound that can be decoded.
fn is_sound(first: &[u8]) -> bool {
    first.starts_with(b"OpusHead") || first.starts_with(b"\x01vorbis") || first.starts_with(b"\x7fFLAC")
}

/// Whether a packet describes the sound: of a stream that follows another, too.
fn is_header(packet: &[u8]) -> bool {
    let vorbis = packet.get(1..7) == Some(b"vorbis".as_slice()) && matches!(packet[0], 1 | 3 | 5);
    // A frame of FLAC begins with fourteen bits set.
    let flac = packet.starts_with(b"\x7fFLAC") || packet.len() >= 4 && packet[0] & 0x7f < 7 && flac_block(packet);
    vorbis || flac || packet.starts_with(b"OpusHead") || packet.starts_with(b"OpusTags")
}

/// A block of FLAC's metadata fills its packet.
fn flac_block(packet: &[u8]) -> bool {
    let length = u32::from_be_bytes([0, packet[1], packet[2], packet[3]]) as usize;
    length + 4 == packet.len()
}

/// Reads an OGG file from its first page on.
pub(super) fn open(mut input: SoundInput) -> Result<Decoded, Unreadable> {
    let damaged = || Unreadable::Damaged {
        kind: "OGG file",
        what: "it ends or breaks before its sound begins",
    };
    let mut refused = None;
    for _ in 0..MOST_STREAMS {
        let Some(page) = Page::read(&mut input)? else { break };
        let first = page.content.as_slice();
        if is_sound(first) {
            let (serial, valid) = (page.serial, length_of(&mut input, page.serial)?);
            let mut packets = OggPackets {
                input,
                serial,
                begun: Vec::new(),
                waiting: VecDeque::new(),
                is_heard: false,
            };
            packets.take_in(&page);
            return start(packets, valid)?.ok_or_else(damaged);
        }
        if first.starts_with(b"Speex   ") {
            refused = Some(Unreadable::sound("an OGG file with Speex sound"));
        } else if !page.begins_stream {
            break;
        }
    }
    Err(refused.unwrap_or_else(damaged))
}

/// Frames of the whole stream, as the last page of a file tells them.
fn length_of(input: &mut SoundInput, serial: u32) -> io::Result<Option<u64>> {
    let (Some(len), here) = (input.len(), input.at()) else {
        return Ok(None);
    };
    input.seek(len.saturating_sub(MOST_AHEAD as u64).max(here))?;
    let end = input.peek(MOST_AHEAD)?;
    let last = end
        .windows(HEAD)
        .rposition(|bytes| bytes.starts_with(MARK))
        .map(|at| &end[at..at + HEAD]);
    // Only one that says it is the last, and is of the only stream.
    let frames = last
        .filter(|page| page[5] & 4 != 0 && page[14..18] == serial.to_le_bytes())
        .and_then(|page| page[6..14].try_into().ok())
        .map(u64::from_le_bytes)
        .filter(|frames| *frames < u64::MAX / 2);
    input.seek(here)?;
    Ok(frames)
}

/// Reads the headers; nothing where they are not all there.
fn start(mut packets: OggPackets, length: Option<u64>) -> Result<Option<Decoded>, Unreadable> {
    let Some(first) = packets.packet()? else {
        return Ok(None);
    };
    let mut parameters = AudioCodecParameters::new();
    let word = |at: usize| {
        first
            .get(at..at + 4)
            .map(|bytes| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    };
    let (channels, rate, lead) = match first.first() {
        Some(b'O') => {
            let (Some(channels), Some(skip)) = (first.get(9), first.get(10..12)) else {
                return Ok(None);
            };
            parameters.for_codec(CODEC_ID_OPUS);
            (
                usize::from(*channels),
                48_000,
                u64::from(u16::from_le_bytes([skip[0], skip[1]])),
            )
        }
        Some(1) => {
            let (Some(channels), Some(rate)) = (first.get(11), word(12)) else {
                return Ok(None);
            };
            let (channels, mut headers) = (usize::from(*channels), first.clone());
            // A comment comes between.
            while let Some(packet) = packets.packet()? {
                if packet.starts_with(b"\x05vorbis") {
                    headers.extend(packet);
                    break;
                }
                if !is_header(&packet) {
                    return Ok(None);
                }
            }
            parameters.for_codec(CODEC_ID_VORBIS).with_extra_data(headers.into());
            (channels, rate, 0)
        }
        _ => {
            let info = stream_info(first.get(9..).unwrap_or_default());
            let (Some([a, b, c]), true) = (info.get(10..13), info.len() >= 34) else {
                return Ok(None);
            };
            let rate = u32::from_be_bytes([0, *a, *b, *c]) >> 4;
            let channels = usize::from(c >> 1 & 7) + 1;
            parameters.for_codec(CODEC_ID_FLAC).with_extra_data(info.into());
            (channels, rate, 0)
        }
    };
    parameters.with_sample_rate(rate).with_channels(channels_of(channels)?);
    let mut track = SoundTrack::new(TrackSound::Packets(parameters), channels, rate);
    track.lead = lead;
    let mut decoded = track.open(packets)?;
    // Only a hint: another stream may follow, and what an encoder adds at the end is a part of a packet.
    decoded.total = length
        .map(|length| length.saturating_sub(lead))
        .filter(|frames| *frames > 0);
    Ok(Some(decoded))
}
