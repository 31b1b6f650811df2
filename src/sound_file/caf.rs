//! CAF, Apple's Core Audio format: voice memos and messages of iPhones, from recorders that were stopped midway, too.

use symphonia::core::codecs::audio::{
    AudioCodecParameters,
    well_known::{CODEC_ID_ALAC, CODEC_ID_FLAC, CODEC_ID_MP3, CODEC_ID_OPUS},
};

use super::{
    Decoded,
    aac::{AacStream, descriptor},
    channels_of,
    error::Unreadable,
    iff::linear_run,
    input::SoundInput,
    mp4::stream_info,
    packets::{SoundTrack, TrackSound},
    pieces::Extents,
    samples::{ByteOrder, Coding},
    sniff::codec_name,
};

const KIND: &str = "CAF file";
const MOST_CHUNKS: usize = 10_000;
/// A table of packets, or a cookie, is no longer.
const MOST_TABLE: u64 = 64 << 20;

fn damaged(what: &'static str) -> Unreadable {
    Unreadable::Damaged { kind: KIND, what }
}

/// What the chunk `desc` says.
struct Description {
    rate: u32,
    codec: [u8; 4],
    flags: u32,
    packet_bytes: u64,
    packet_frames: u64,
    channels: usize,
    bits: usize,
}

impl Description {
    fn read(bytes: &[u8]) -> Option<Self> {
        let word = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        let rate = f64::from_be_bytes(bytes.get(..8)?.try_into().ok()?);
        Some(Self {
            rate: rate.round().clamp(0.0, f64::from(u32::MAX)) as u32,
            codec: bytes.get(8..12)?.try_into().ok()?,
            flags: word(12)?,
            packet_bytes: u64::from(word(16)?),
            packet_frames: u64::from(word(20)?),
            channels: word(24)?.max(1) as usize,
            bits: word(28)? as usize,
        })
    }

    /// How samples are written, where they are not compressed into packets.
    fn linear(&self) -> Option<(Coding, ByteOrder)> {
        if self.codec != *b"lpcm" {
            return super::iff::linear(&self.codec, self.bits, self.channels);
        }
        let order = if self.flags & 2 == 0 {
            ByteOrder::Big
        } else {
            ByteOrder::Little
        };
        let by_packet = (self.packet_bytes / self.channels as u64 / self.packet_frames.max(1)) as usize;
        let width = if by_packet == 0 {
            self.bits.div_ceil(8)
        } else {
            by_packet
        };
        let coding = match (self.flags & 1, width) {
            (0, 4) if self.bits == 24 => Coding::Signed24In4,
            (0, width @ 1..=8) => Coding::Signed(width),
            (1, 4) => Coding::Float32,
            (1, 8) => Coding::Float64,
            _ => return None,
        };
        Some((coding, order))
    }
}

/// Which packets there are, and what is to be left out of them.
#[derive(Default)]
struct PacketTable {
    /// Bytes of each packet.
    sizes: Vec<u32>,
    priming: u64,
    valid: u64,
}

impl PacketTable {
    fn read(bytes: &[u8], description: &Description) -> Option<Self> {
        let long = |at: usize| Some(u64::from_be_bytes(bytes.get(at..at + 8)?.try_into().ok()?));
        let priming = i32::from_be_bytes(bytes.get(16..20)?.try_into().ok()?);
        let mut numbers = bytes.get(24..)?.iter();
        // Seven bits a byte, most significant first.
        let mut number = || {
            let mut value = 0_u64;
            loop {
                let byte = *numbers.next()?;
                value = value << 7 | u64::from(byte & 0x7f);
                if byte & 0x80 == 0 {
                    return Some(value);
                }
            }
        };
        let mut sizes = Vec::new();
        for _ in 0..long(0)? {
            let Some(size) = (if description.packet_bytes == 0 {
                number()
            } else {
                Some(description.packet_bytes)
            }) else {
                break;
            };
            if description.packet_frames == 0 && number().is_none() {
                break;
            }
            // One entry for each byte that is there, at most.
            if sizes.len() > bytes.len() {
                break;
            }
            sizes.push(u32::try_from(size).ok()?);
        }
        Some(Self {
            sizes,
            priming: u64::try_from(priming).unwrap_or(0),
            valid: long(8)?,
        })
    }
}

/// Reads a CAF file from its first byte on.
pub(super) fn open(mut input: SoundInput) -> Result<Decoded, Unreadable> {
    input.skip(8)?;
    let mut description: Option<Description> = None;
    let mut table = None;
    let mut cookie = Vec::new();
    let mut data = None;
    for _ in 0..MOST_CHUNKS {
        let Some([a, b, c, d, length @ ..]) = input.array::<12>()? else {
            break;
        };
        let length = i64::from_be_bytes(length);
        let known = u64::try_from(length).ok();
        match &[a, b, c, d] {
            b"desc" => description = Description::read(&input.bytes(known.unwrap_or(32).min(1024))?),
            b"kuki" => cookie = input.bytes(known.unwrap_or(0).min(MOST_TABLE))?,
            b"pakt" => {
                let bytes = input.bytes(known.unwrap_or(MOST_TABLE).min(MOST_TABLE))?;
                table = description.as_ref().and_then(|about| PacketTable::read(&bytes, about));
            }
            b"data" => {
                let Some(about) = &description else {
                    return Err(damaged("nothing in it says what kind of sound it holds"));
                };
                // A count of edits comes first.
                input.skip(4)?;
                let left = known.map(|length| length.saturating_sub(4)).filter(|left| *left > 0);
                if let Some((coding, order)) = about.linear() {
                    return Ok(linear_run(input, left, coding, order, about.channels, about.rate));
                }
                if table.is_some() {
                    data = Some(input.at());
                    break;
                }
                // What the packets are is said after them.
                input.spool()?;
                data = Some(input.at());
                let Some(left) = left else { break };
                input.skip(left)?;
            }
            _ => {
                input.skip(known.unwrap_or(u64::MAX))?;
            }
        }
        if data.is_some() && table.is_some() {
            break;
        }
    }
    let (Some(about), Some(data)) = (description, data) else {
        return Err(damaged("it ends before its sound begins"));
    };
    let Some(table) = table else {
        return Err(damaged(
            "its index is missing, because the recording was never completed",
        ));
    };
    if input.at() != data {
        input.seek(data)?;
    }
    packets(input, data, &about, table, &cookie)
}

fn packets(
    input: SoundInput,
    data: u64,
    about: &Description,
    table: PacketTable,
    cookie: &[u8],
) -> Result<Decoded, Unreadable> {
    let mut track = match &about.codec {
        b"aac " => {
            let config = descriptor(cookie).map_or(cookie, |(_, config)| config);
            let stream = AacStream::from_config(config)?;
            SoundTrack::new(TrackSound::Packets(stream.parameters()), stream.channels, stream.rate)
        }
        codec => {
            let (id, extra) = match codec {
                b"alac" => (CODEC_ID_ALAC, cookie.to_vec()),
                b"opus" => (CODEC_ID_OPUS, Vec::new()),
                b".mp3" => (CODEC_ID_MP3, Vec::new()),
                b"flac" => (CODEC_ID_FLAC, stream_info(cookie)),
                codec => return Err(Unreadable::sound(format!("a CAF file with {}", codec_name(codec)))),
            };
            let rate = if id == CODEC_ID_OPUS { 48_000 } else { about.rate };
            let mut parameters = AudioCodecParameters::new();
            parameters
                .for_codec(id)
                .with_sample_rate(rate)
                .with_channels(channels_of(about.channels)?);
            if !extra.is_empty() {
                parameters.with_extra_data(extra.into_boxed_slice());
            }
            SoundTrack::new(TrackSound::Packets(parameters), about.channels, rate)
        }
    };
    // Counted at the rate of the file, which need not be that of what comes out.
    let ratio = f64::from(track.rate) / f64::from(about.rate.max(1));
    track.lead = (table.priming as f64 * ratio) as u64;
    track.valid = (table.valid > 0).then_some((table.valid as f64 * ratio) as u64);
    let mut at = data;
    let extents = table.sizes.into_iter().filter_map(move |size| {
        let begins = at;
        at = at.saturating_add(u64::from(size));
        (size > 0).then_some((begins, u64::from(size)))
    });
    track.open(Extents { input, extents })
}
