//! WAV in all its kinds (RIFF, RIFX, RF64, BW64, W64), from headers that nobody filled in, too: the sound is read to the end of
//! what is there. A field that another contradicts counts only where two agree.

use std::io;

use super::{
    Decoded,
    adpcm::{Adpcm, AdpcmKind},
    chunks::{self, ChunkHeader},
    error::Unreadable,
    input::{MOST_AHEAD, SoundInput},
    pieces::{Pieces, RUN, append_some, ended_early},
    samples::{ByteOrder, Coding, Samples},
};

const KIND: &str = "WAV file";
/// A `fmt ` chunk is 16 to 40 bytes long, and a little longer with some codecs.
const MOST_FORMAT: u64 = 4096;
/// Chunks that are passed over before the sound, and after it.
const MOST_CHUNKS: usize = 10_000;

/// What the `fmt ` chunk says.
#[derive(Clone, Debug)]
struct WaveFormat {
    tag: u16,
    channels: usize,
    rate: u32,
    byte_rate: u32,
    block: usize,
    bits: usize,
    /// Frames of a block, where the codec has blocks.
    block_frames: usize,
}

impl WaveFormat {
    fn read(bytes: &[u8], order: ByteOrder) -> Option<Self> {
        let two = |at: usize| {
            let pair = [*bytes.get(at)?, *bytes.get(at + 1)?];
            Some(match order {
                ByteOrder::Little => u16::from_le_bytes(pair),
                ByteOrder::Big => u16::from_be_bytes(pair),
            })
        };
        let four = |at: usize| {
            let (a, b) = (u32::from(two(at)?), u32::from(two(at + 2)?));
            Some(match order {
                ByteOrder::Little => a | b << 16,
                ByteOrder::Big => a << 16 | b,
            })
        };
        let mut tag = two(0)?;
        if tag == 0xfffe {
            // An extensible one: the first two bytes of its GUID are the tag.
            tag = two(24).unwrap_or(1);
        }
        Some(
            Self {
                tag,
                channels: usize::from(two(2)?),
                rate: four(4)?,
                byte_rate: four(8)?,
                block: usize::from(two(12)?),
                bits: usize::from(two(14).unwrap_or(0)),
                block_frames: usize::from(two(18).unwrap_or(0)),
            }
            .mended(),
        )
    }

    /// With what follows from the other fields in place of zeros.
    fn mended(mut self) -> Self {
        if self.channels == 0 {
            self.channels = match self.bits / 8 {
                0 => 1,
                width => (self.block / width).max(1),
            };
        }
        if self.rate == 0 && self.block > 0 {
            self.rate = self.byte_rate / self.block as u32;
        }
        self
    }

    /// Bytes of a sample: as the bits say, unless the block and the byte rate agree on something else that holds them.
    fn width(&self) -> usize {
        let by_bits = self.bits.div_ceil(8);
        let by_block = self.block / self.channels;
        let by_rate = (self.byte_rate / self.rate.max(1)) as usize / self.channels;
        let agreed = by_block == by_rate && (by_bits.max(1)..=8).contains(&by_block);
        match by_bits {
            _ if agreed => by_block,
            0 if (1..=8).contains(&by_block) => by_block,
            0 => 2,
            by_bits => by_bits,
        }
    }

    /// Bytes of a block of ADPCM: as it says, unless the frames of a block say something else and the byte rate agrees.
    fn adpcm(&self, kind: AdpcmKind) -> Result<Coding, Unreadable> {
        let by_frames = match kind {
            AdpcmKind::Microsoft => (self.block_frames.saturating_sub(2) / 2 + 7) * self.channels,
            _ => (self.block_frames.saturating_sub(1) / 2 + 4) * self.channels,
        };
        let by_rate = u64::from(self.byte_rate) * self.block_frames as u64 / u64::from(self.rate.max(1));
        let agreed = self.block_frames > 8 && by_rate.abs_diff(by_frames as u64) <= 8;
        let block = if agreed || self.block == 0 {
            by_frames
        } else {
            self.block
        };
        let head = if kind == AdpcmKind::Microsoft { 7 } else { 4 };
        if block <= head * self.channels {
            return Err(damaged("its blocks are too short"));
        }
        Ok(Coding::Adpcm(Adpcm { kind, block }))
    }

    /// How its samples are written; MPEG sound has a header of its own in every frame.
    fn coding(&self) -> Result<WaveSound, Unreadable> {
        let width = self.width();
        let coding = match self.tag {
            1 if self.bits <= 8 && width == 1 => Coding::Unsigned8,
            1 if self.bits == 24 && width == 4 => Coding::Signed24In4,
            1 if (1..=8).contains(&width) => Coding::Signed(width),
            3 if width == 2 => Coding::Float16,
            3 if width == 4 => Coding::Float32,
            3 if width == 8 => Coding::Float64,
            6 | 0x102 => Coding::ALaw,
            7 | 0x101 => Coding::MuLaw,
            2 => self.adpcm(AdpcmKind::Microsoft)?,
            0x11 => self.adpcm(AdpcmKind::ImaWave)?,
            0x50 | 0x55 => return Ok(WaveSound::Mpeg),
            0xff | 0x1600 => return Ok(WaveSound::Adts),
            tag => return Err(Unreadable::sound(format!("a WAV file with {}", codec_name(tag)))),
        };
        Ok(WaveSound::Samples(coding))
    }
}

enum WaveSound {
    Samples(Coding),
    Mpeg,
    Adts,
}

/// What the sound of a WAV file is compressed with, in words.
fn codec_name(tag: u16) -> String {
    match tag {
        1 | 3 => "samples of an unusual width".to_owned(),
        0x10 | 0x20 | 0x17 | 0x103 => "an old kind of ADPCM sound".to_owned(),
        0x14 | 0x40 | 0x45 | 0x64 | 0x65 | 0x85 => "sound compressed for telephones (G.726)".to_owned(),
        0x22 => "TrueSpeech sound".to_owned(),
        0x28f | 0x65f => "sound compressed for telephones (G.722)".to_owned(),
        0x31 | 0x1500 => "sound compressed for mobile phones (GSM 6.10)".to_owned(),
        0x42 | 0x111 => "sound compressed for telephones (G.723.1)".to_owned(),
        0x83 | 0x133 | 0x134 => "sound compressed for telephones (G.729)".to_owned(),
        0x92 | 0x2000 => "Dolby Digital sound".to_owned(),
        0x130 => "sound compressed for telephones (ACELP)".to_owned(),
        0x160..=0x163 => "Windows Media sound".to_owned(),
        0x2001 => "DTS sound".to_owned(),
        0x674f..=0x6771 => "OGG sound".to_owned(),
        0x704f => "Opus sound".to_owned(),
        0xa109 => "Speex sound".to_owned(),
        0xf1ac => "FLAC sound".to_owned(),
        0x7a21 | 0x7a22 => "a phone's AMR sound".to_owned(),
        tag => format!("sound of an unknown kind (number {tag})"),
    }
}

fn damaged(what: &'static str) -> Unreadable {
    Unreadable::Damaged { kind: KIND, what }
}

/// Reads a RIFF, RIFX, RF64 or BW64 file from its first byte on.
pub(super) fn open(mut input: SoundInput) -> Result<Decoded, Unreadable> {
    let Some(head) = input.array::<12>()? else {
        return Err(damaged("it ends before its sound begins"));
    };
    let order = if head.starts_with(b"RIFX") {
        ByteOrder::Big
    } else {
        ByteOrder::Little
    };
    let wide = head.starts_with(b"RF64") || head.starts_with(b"BW64");
    let mut wide_length = None;
    let mut format = None;
    for _ in 0..MOST_CHUNKS {
        let Some(header) = chunks::next(&mut input, order)? else {
            break;
        };
        // A header that is broken, or that says more than the file holds, on the way to the sound.
        let overlong = input.left().is_some_and(|left| u64::from(header.length) > left) && header.id != *b"data";
        if !header.is_plausible() || overlong {
            if !find_sound(&mut input)? {
                break;
            }
            continue;
        }
        match &header.id {
            b"fmt " => {
                let bytes = input.bytes(u64::from(header.length).min(MOST_FORMAT))?;
                input.skip(u64::from(header.length).saturating_sub(MOST_FORMAT))?;
                format = format.or(WaveFormat::read(&bytes, order));
                chunks::pad(&mut input, header.length)?;
            }
            b"ds64" if wide => {
                let bytes = input.bytes(u64::from(header.length))?;
                if let Some(length) = bytes.get(8..16) {
                    wide_length = Some(u64::from_le_bytes(length.try_into().unwrap_or([0; 8])));
                }
                chunks::pad(&mut input, header.length)?;
            }
            b"data" => {
                let Some(format) = format else {
                    return Err(damaged("nothing in it says what kind of sound it holds"));
                };
                let length = match header.length {
                    u32::MAX => wide_length.filter(|length| *length > 0),
                    length => Some(u64::from(length)),
                };
                return sound(RiffData::new(input, order, length), &format, order);
            }
            _ => chunks::skip(&mut input, header.length)?,
        }
    }
    Err(damaged("it ends before its sound begins"))
}

/// Goes to where the next chunk `data` begins, if it is near.
fn find_sound(input: &mut SoundInput) -> io::Result<bool> {
    let ahead = input.peek(MOST_AHEAD)?;
    match ahead.windows(4).position(|id| id == b"data") {
        Some(at) => {
            input.skip(at as u64)?;
            Ok(true)
        }
        None => Ok(false),
    }
}

const W64_DATA: [u8; 16] = *b"data\xf3\xac\xd3\x11\x8c\xd1\x00\xc0\x4f\x8e\xdb\x8a";
const W64_FORMAT: [u8; 16] = *b"fmt \xf3\xac\xd3\x11\x8c\xd1\x00\xc0\x4f\x8e\xdb\x8a";

/// Reads a W64 file (Sony's), from its first byte on.
pub(super) fn open_w64(mut input: SoundInput) -> Result<Decoded, Unreadable> {
    input.skip(40)?;
    let mut format = None;
    for _ in 0..MOST_CHUNKS {
        let Some(header) = input.array::<24>()? else { break };
        let (id, length) = header.split_at(16);
        // The length counts the header, and is filled up to eight bytes.
        let length = u64::from_le_bytes(length.try_into().unwrap_or([0; 8]));
        let content = length.saturating_sub(24);
        if id == W64_FORMAT {
            let padded = content.next_multiple_of(8).min(MOST_FORMAT);
            format = WaveFormat::read(&input.bytes(padded)?, ByteOrder::Little);
        } else if id == W64_DATA {
            let Some(format) = format else {
                return Err(damaged("nothing in it says what kind of sound it holds"));
            };
            let length = (24..u64::MAX >> 1).contains(&length).then_some(content);
            let mut data = RiffData::new(input, ByteOrder::Little, length.filter(|length| *length > 0));
            data.ends_there = true;
            return sound(data, &format, ByteOrder::Little);
        } else if input.skip(content.checked_next_multiple_of(8).unwrap_or(content))? < content {
            break;
        }
    }
    Err(damaged("it ends before its sound begins"))
}

fn sound(data: RiffData, format: &WaveFormat, order: ByteOrder) -> Result<Decoded, Unreadable> {
    let coding = match format.coding()? {
        WaveSound::Samples(coding) => coding,
        WaveSound::Mpeg => return super::demuxed::mpeg(data.input),
        WaveSound::Adts => {
            let opened = super::adts::open(data.input);
            return opened.map_err(|reason| match reason {
                Unreadable::Unknown => Unreadable::sound("a WAV file with AAC sound"),
                reason => reason,
            });
        }
    };
    let total = data.length().map(|bytes| coding.frames(bytes, format.channels));
    Ok(Decoded::new(
        Samples::new(data, coding, order, format.channels),
        format.channels,
        format.rate,
        total,
    ))
}

/// The sound of a WAV file: as long as its header says, or longer where that was never brought up to date.
struct RiffData {
    input: SoundInput,
    order: ByteOrder,
    /// Bytes still to come; nothing where only the end of the file tells.
    left: Option<u64>,
    /// Nothing but other chunks comes after it.
    ends_there: bool,
}

impl RiffData {
    fn new(input: SoundInput, order: ByteOrder, length: Option<u64>) -> Self {
        // What recorders write before they know better.
        let unknown = matches!(length, None | Some(0x7fff_0000..=0x8000_0000 | 0xffff_0000..=0xffff_ffff));
        Self {
            input,
            order,
            left: length.filter(|_| !unknown),
            ends_there: false,
        }
    }

    /// Bytes of sound, as far as that can be known before it is read.
    fn length(&self) -> Option<u64> {
        match (self.left, self.input.left()) {
            (Some(said), Some(there)) if said > 0 => Some(said.min(there)),
            (Some(0) | None, there) => there,
            (said, None) => said,
            (Some(_), there) => there,
        }
    }

    /// What comes after the sound as its header measures it: more of the sound, or something else.
    fn go_on(&mut self) -> io::Result<bool> {
        for _ in 0..MOST_CHUNKS {
            let ahead = self.input.peek(9)?;
            if ahead.len() < 2 {
                return Ok(false);
            }
            let is_name = |from: usize| ahead.get(from..from + 4).is_some_and(chunks::is_name);
            let is_padded = ahead[0] == 0 && is_name(1);
            if is_name(0) || is_padded {
                // A chunk, after its padding: pass it over, and look for another piece of sound.
                if is_padded {
                    self.input.skip(1)?;
                }
                let Some(header) = chunks::next(&mut self.input, self.order)? else {
                    return Ok(false);
                };
                if header.id == *b"data" {
                    self.left = (header.length > 0).then_some(u64::from(header.length));
                    return Ok(true);
                }
                chunks::skip(&mut self.input, header.length)?;
                continue;
            }
            // The header is older than the sound: a recorder was stopped, or still writes.
            self.left = None;
            return Ok(true);
        }
        Ok(false)
    }
}

impl Pieces for RiffData {
    fn next(&mut self, into: &mut Vec<u8>) -> bool {
        if self.left == Some(0) && !self.ends_there {
            match self.go_on() {
                Ok(true) => {}
                Ok(false) => return false,
                Err(error) => {
                    ended_early(&error);
                    return false;
                }
            }
        }
        let read = append_some(&mut self.input, self.left.unwrap_or(RUN).min(RUN), into);
        if let Some(left) = &mut self.left {
            *left -= read;
        }
        read > 0
    }
}

impl ChunkHeader {
    /// Whether it is one at all.
    fn is_plausible(self) -> bool {
        chunks::is_name(&self.id)
    }
}
