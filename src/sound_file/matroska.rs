//! Matroska, and `WebM` as browsers record them: nobody goes back to fill in how long anything is. So elements are read one
//! after the other, and where one ends is never asked.

use std::{collections::VecDeque, io, sync::Arc};

use symphonia::core::codecs::audio::{
    AudioCodecParameters,
    well_known::{
        CODEC_ID_ALAC, CODEC_ID_FLAC, CODEC_ID_MP1, CODEC_ID_MP2, CODEC_ID_MP3, CODEC_ID_OPUS, CODEC_ID_VORBIS,
    },
};

use super::{
    Decoded,
    aac::AacStream,
    channels_of,
    error::{Advice, Unreadable},
    input::{MOST_AHEAD, SoundInput},
    mp4::stream_info,
    packets::{SoundTrack, TrackSound},
    pieces::{Pieces, ended_early},
    samples::{ByteOrder, Coding},
};

const SEGMENT: u32 = 0x1853_8067;
const CLUSTER: u32 = 0x1f43_b675;
const BLOCK_GROUP: u32 = 0xa0;
const BLOCK: u32 = 0xa1;
const SIMPLE_BLOCK: u32 = 0xa3;
const INFO: u32 = 0x1549_a966;
const TRACKS: u32 = 0x1654_ae6b;
const TRACK: u32 = 0xae;

/// A description of tracks is no longer, nor is a block.
const MOST_CONTENT: u64 = 16 << 20;
/// What is looked through for the next cluster where something is damaged.
const MOST_LOST: u64 = 64 << 20;

/// What an element begins with.
struct Element {
    id: u32,
    /// Bytes; nothing where the writer never knew.
    length: Option<u64>,
}

/// A number of one to eight bytes, whose length its first bits tell; its marker kept or not.
fn number(first: u8, rest: impl FnMut() -> Option<u8>, keep_marker: bool) -> Option<(u64, usize)> {
    let more = first.leading_zeros() as usize;
    if more > 7 {
        return None;
    }
    let mut value = u64::from(if keep_marker { first } else { first & (0x7f_u8 >> more) });
    for byte in std::iter::from_fn(rest).take(more) {
        value = value << 8 | u64::from(byte);
    }
    Some((value, more + 1))
}

fn element(bytes: &[u8]) -> Option<(Element, usize)> {
    let mut rest = bytes.iter().skip(1).copied();
    let (id, id_length) = number(*bytes.first()?, || rest.next(), true)?;
    let sized = bytes.get(id_length..)?;
    let mut rest = sized.iter().skip(1).copied();
    let (length, length_length) = number(*sized.first()?, || rest.next(), false)?;
    let taken = id_length + length_length;
    if id_length > 4 || taken > bytes.len() {
        return None;
    }
    let unknown = length == (1 << (7 * length_length)) - 1;
    let element = Element {
        id: id as u32,
        length: (!unknown).then_some(length),
    };
    Some((element, taken))
}

/// The elements inside another, with their content.
fn children(mut bytes: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    std::iter::from_fn(move || {
        let (element, head) = element(bytes)?;
        let rest = &bytes[head..];
        let length = element.length.map_or(rest.len(), |length| {
            usize::try_from(length).unwrap_or(usize::MAX).min(rest.len())
        });
        let (content, after) = rest.split_at(length);
        bytes = after;
        Some((element.id, content))
    })
}

fn unsigned(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .take(8)
        .fold(0, |value, byte| value << 8 | u64::from(*byte))
}

fn float(bytes: &[u8]) -> f64 {
    match bytes.len() {
        4 => f64::from(f32::from_bits(unsigned(bytes) as u32)),
        8 => f64::from_bits(unsigned(bytes)),
        _ => 0.0,
    }
}

/// A track of sound.
#[derive(Clone, Debug)]
struct MatroskaTrack {
    number: u64,
    codec: String,
    private: Vec<u8>,
    rate: f64,
    channels: usize,
    bits: usize,
    /// Nanoseconds at the beginning that are no sound.
    delay: u64,
    /// What was taken off the beginning of each packet.
    stripped: Arc<[u8]>,
    locked: bool,
}

impl MatroskaTrack {
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut track = Self {
            number: 0,
            codec: String::new(),
            private: Vec::new(),
            rate: 8000.0,
            channels: 1,
            bits: 0,
            delay: 0,
            stripped: Arc::from([]),
            locked: false,
        };
        let mut kind = 0;
        for (id, content) in children(bytes) {
            match id {
                0xd7 => track.number = unsigned(content),
                0x83 => kind = unsigned(content),
                0x86 => String::from_utf8_lossy(content)
                    .trim_end_matches('\0')
                    .clone_into(&mut track.codec),
                0x63a2 => track.private = content.to_vec(),
                0x56aa => track.delay = unsigned(content),
                0xe1 => {
                    for (id, content) in children(content) {
                        match id {
                            0xb5 => track.rate = float(content),
                            0x9f => track.channels = unsigned(content).clamp(1, 4096) as usize,
                            0x6264 => track.bits = unsigned(content).min(64) as usize,
                            _ => {}
                        }
                    }
                }
                0x6d80 => track.encodings(content),
                _ => {}
            }
        }
        (kind == 2).then_some(track)
    }

    fn encodings(&mut self, bytes: &[u8]) {
        for (_, encoding) in children(bytes).filter(|(id, _)| *id == 0x6240) {
            for (id, content) in children(encoding) {
                match id {
                    0x5035 => self.locked = true,
                    0x5034 => {
                        let algorithm = children(content)
                            .find(|(id, _)| *id == 0x4254)
                            .map_or(0, |(_, bytes)| unsigned(bytes));
                        let settings = children(content)
                            .find(|(id, _)| *id == 0x4255)
                            .map_or(&[][..], |(_, bytes)| bytes);
                        // Only what is taken off each packet is in use for sound.
                        self.locked |= algorithm != 3;
                        self.stripped = Arc::from(settings);
                    }
                    _ => {}
                }
            }
        }
    }

    /// How it is decoded.
    fn sound(&self) -> Result<SoundTrack, Unreadable> {
        if self.locked {
            return Err(Unreadable::Refused {
                what: "a WebM or Matroska file whose sound is encrypted".to_owned(),
                advice: Advice::Unprotected,
            });
        }
        let rate = self.rate.round().clamp(0.0, f64::from(u32::MAX)) as u32;
        let samples = |coding, order| Ok(SoundTrack::new(TrackSound::Samples(coding, order), self.channels, rate));
        let width = self.bits.div_ceil(8).clamp(1, 8);
        let (codec, extra) = match self.codec.as_str() {
            "A_PCM/INT/LIT" if self.bits == 8 => return samples(Coding::Unsigned8, ByteOrder::Little),
            "A_PCM/INT/LIT" => return samples(Coding::Signed(width), ByteOrder::Little),
            "A_PCM/INT/BIG" => return samples(Coding::Signed(width), ByteOrder::Big),
            "A_PCM/FLOAT/IEEE" if self.bits == 64 => return samples(Coding::Float64, ByteOrder::Little),
            "A_PCM/FLOAT/IEEE" => return samples(Coding::Float32, ByteOrder::Little),
            "A_OPUS" => (CODEC_ID_OPUS, Vec::new()),
            "A_VORBIS" => (CODEC_ID_VORBIS, vorbis_headers(&self.private)),
            "A_FLAC" => (CODEC_ID_FLAC, stream_info(&self.private)),
            "A_ALAC" => (CODEC_ID_ALAC, self.private.clone()),
            "A_MPEG/L1" => (CODEC_ID_MP1, Vec::new()),
            "A_MPEG/L2" => (CODEC_ID_MP2, Vec::new()),
            "A_MPEG/L3" => (CODEC_ID_MP3, Vec::new()),
            codec if codec.starts_with("A_AAC") => {
                let stream = if self.private.is_empty() {
                    AacStream::new(2, rate, self.channels as u32)?
                } else {
                    AacStream::from_config(&self.private)?
                };
                let mut track = SoundTrack::new(TrackSound::Packets(stream.parameters()), stream.channels, stream.rate);
                track.lead = self.lead(stream.rate);
                return Ok(track);
            }
            codec => {
                let codec = codec_name(codec);
                return Err(Unreadable::sound(format!("a WebM or Matroska file with {codec}")));
            }
        };
        let rate = if codec == CODEC_ID_OPUS { 48_000 } else { rate };
        let mut parameters = AudioCodecParameters::new();
        parameters
            .for_codec(codec)
            .with_sample_rate(rate)
            .with_channels(channels_of(self.channels)?);
        if !extra.is_empty() {
            parameters.with_extra_data(extra.into_boxed_slice());
        }
        let mut track = SoundTrack::new(TrackSound::Packets(parameters), self.channels, rate);
        track.lead = match self.private.get(10..12) {
            Some(skip) if codec == CODEC_ID_OPUS => u64::from(u16::from_le_bytes([skip[0], skip[1]])),
            _ => self.lead(rate),
        };
        Ok(track)
    }

    /// Frames at the beginning that are no sound.
    fn lead(&self, rate: u32) -> u64 {
        (self.delay as f64 * f64::from(rate) / 1e9) as u64
    }
}

/// What sound is compressed with, in words.
fn codec_name(codec: &str) -> &'static str {
    match codec {
        _ if codec.starts_with("A_AC3") || codec.starts_with("A_EAC3") || codec.starts_with("A_TRUEHD") => {
            "Dolby sound"
        }
        _ if codec.starts_with("A_DTS") => "DTS sound",
        _ if codec.starts_with("A_REAL") => "RealAudio sound",
        _ if codec.starts_with("A_WAVPACK") => "WavPack sound",
        _ if codec.starts_with("A_TTA") => "TTA sound",
        _ => "sound that is compressed in a rare way",
    }
}

/// Vorbis' headers, of identification and of setup, from three that are packed together.
fn vorbis_headers(private: &[u8]) -> Vec<u8> {
    let mut sizes = private.iter().skip(1);
    let mut lengths = [0_usize; 2];
    let mut taken = 1;
    for length in &mut lengths {
        for byte in sizes.by_ref() {
            taken += 1;
            *length += usize::from(*byte);
            if *byte < 255 {
                break;
            }
        }
    }
    let rest = private.get(taken..).unwrap_or_default();
    let first = rest.get(..lengths[0]).unwrap_or_default();
    let third = rest.get(lengths[0] + lengths[1]..).unwrap_or_default();
    [first, third].concat()
}

/// The element that comes next, or nothing at the end. What is damaged is passed over up to the next cluster.
fn next(input: &mut SoundInput) -> io::Result<Option<Element>> {
    let mut lost = 0;
    loop {
        let ahead = input.peek(12)?;
        if ahead.len() < 2 {
            return Ok(None);
        }
        let there = if lost == 0 {
            element(ahead)
        } else {
            element(ahead).filter(|(element, _)| element.id == CLUSTER)
        };
        if let Some((element, taken)) = there {
            input.skip(taken as u64)?;
            return Ok(Some(element));
        }
        if lost >= MOST_LOST {
            return Ok(None);
        }
        let ahead = input.peek(MOST_AHEAD)?;
        let here = ahead.iter().skip(1).position(|byte| *byte == CLUSTER.to_be_bytes()[0]);
        let passed = here.map_or(ahead.len(), |at| at + 1) as u64;
        lost += input.skip(passed)?;
    }
}

/// Reads a Matroska or `WebM` file from its first byte on.
pub(super) fn open(mut input: SoundInput) -> Result<Decoded, Unreadable> {
    let mut seconds = None;
    let mut refused = None;
    let damaged = Unreadable::Damaged {
        kind: "WebM or Matroska file",
        what: "it ends before its sound begins",
    };
    while let Some(element) = next(&mut input)? {
        match element.id {
            SEGMENT => {}
            INFO => {
                let bytes = input.bytes(element.length.unwrap_or(0).min(MOST_CONTENT))?;
                let find = |wanted| {
                    children(&bytes)
                        .find(|(id, _)| *id == wanted)
                        .map(|(_, content)| content)
                };
                let scale = find(0x002a_d7b1).map_or(1_000_000, unsigned);
                seconds = find(0x4489).map(|duration| float(duration) * scale as f64 / 1e9);
            }
            TRACKS => {
                let bytes = input.bytes(element.length.unwrap_or(0).min(MOST_CONTENT))?;
                let tracks = children(&bytes).filter(|(id, _)| *id == TRACK);
                for track in tracks.filter_map(|(_, content)| MatroskaTrack::read(content)) {
                    match track.sound() {
                        Ok(sound) => return start(input, &track, sound, seconds),
                        Err(reason) => refused = refused.or(Some(reason)),
                    }
                }
                return Err(refused.unwrap_or(Unreadable::Empty));
            }
            CLUSTER => break,
            _ => {
                input.skip(element.length.unwrap_or(0))?;
            }
        }
    }
    Err(damaged)
}

fn start(
    input: SoundInput,
    track: &MatroskaTrack,
    sound: SoundTrack,
    seconds: Option<f64>,
) -> Result<Decoded, Unreadable> {
    let packets = MatroskaPackets {
        input,
        number: track.number,
        stripped: Arc::clone(&track.stripped),
        waiting: VecDeque::new(),
    };
    let rate = f64::from(sound.rate);
    let mut decoded = sound.open(packets)?;
    decoded.total = seconds
        .filter(|seconds| seconds.is_finite() && *seconds > 0.0)
        .map(|seconds| (seconds * rate) as u64);
    Ok(decoded)
}

/// The packets of one track.
struct MatroskaPackets {
    input: SoundInput,
    number: u64,
    stripped: Arc<[u8]>,
    waiting: VecDeque<Vec<u8>>,
}

impl MatroskaPackets {
    /// Reads on until there are packets; false at the end.
    fn read(&mut self) -> io::Result<bool> {
        while self.waiting.is_empty() {
            let Some(element) = next(&mut self.input)? else {
                return Ok(false);
            };
            match element.id {
                SEGMENT | CLUSTER | BLOCK_GROUP => {}
                BLOCK | SIMPLE_BLOCK => {
                    let length = element.length.unwrap_or(0);
                    // Another track's is not even read.
                    let head = self.input.peek(8)?;
                    let mut rest = head.iter().skip(1).copied();
                    let of = head.first().and_then(|first| number(*first, || rest.next(), false));
                    if of.is_none_or(|(number, _)| number != self.number) || length > MOST_CONTENT {
                        self.input.skip(length)?;
                        continue;
                    }
                    let block = self.input.bytes(length)?;
                    let head = of.map_or(0, |(_, length)| length) + 3;
                    if let (Some(lacing), Some(frames)) = (block.get(head - 1), block.get(head..)) {
                        unlace(lacing >> 1 & 3, frames, &mut self.waiting);
                    }
                }
                _ => {
                    self.input.skip(element.length.unwrap_or(0))?;
                }
            }
        }
        Ok(true)
    }
}

impl Pieces for MatroskaPackets {
    fn next(&mut self, into: &mut Vec<u8>) -> bool {
        if let Err(error) = self.read() {
            ended_early(&error);
        }
        let Some(packet) = self.waiting.pop_front() else {
            return false;
        };
        into.extend_from_slice(&self.stripped);
        into.extend_from_slice(&packet);
        true
    }
}

/// Takes the packets of a block apart.
fn unlace(lacing: u8, bytes: &[u8], into: &mut VecDeque<Vec<u8>>) {
    let Some((count, rest)) = bytes.split_first().filter(|_| lacing != 0) else {
        into.push_back(bytes.to_vec());
        return;
    };
    let count = usize::from(*count) + 1;
    let mut at = 0;
    let mut sizes = Vec::new();
    match lacing {
        // Bytes that are added up, until one is not full.
        1 => {
            for _ in 1..count {
                let mut size = 0;
                while let Some(byte) = rest.get(at) {
                    at += 1;
                    size += usize::from(*byte);
                    if *byte < 255 {
                        break;
                    }
                }
                sizes.push(size);
            }
        }
        // All alike.
        2 => sizes = vec![rest.len() / count; count - 1],
        // The first, and how much each differs from the one before.
        _ => {
            let mut size = 0_i64;
            for index in 1..count {
                let Some(first) = rest.get(at) else { break };
                let mut more = rest[at + 1..].iter().copied();
                let Some((value, length)) = number(*first, || more.next(), false) else {
                    break;
                };
                at += length;
                let value = value as i64;
                size = if index == 1 {
                    value
                } else {
                    size + value - ((1 << (7 * length - 1)) - 1)
                };
                sizes.push(usize::try_from(size).unwrap_or(0));
            }
        }
    }
    let mut rest = rest.get(at..).unwrap_or_default();
    for size in sizes {
        let (packet, after) = rest.split_at(size.min(rest.len()));
        into.push_back(packet.to_vec());
        rest = after;
    }
    into.push_back(rest.to_vec());
}
