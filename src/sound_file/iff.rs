//! AIFF and AIFF-C (Apple's), and AU (Sun's): the older formats of uncompressed sound, most significant byte first.

use super::{
    Decoded,
    adpcm::{Adpcm, AdpcmKind},
    chunks,
    error::Unreadable,
    input::SoundInput,
    pieces::Run,
    samples::{ByteOrder, Coding, Samples},
};

const KIND: &str = "AIFF file";
const MOST_CHUNKS: usize = 10_000;

fn damaged(what: &'static str) -> Unreadable {
    Unreadable::Damaged { kind: KIND, what }
}

/// What the `COMM` chunk says.
struct Common {
    channels: usize,
    rate: u32,
    coding: Coding,
    order: ByteOrder,
}

impl Common {
    fn read(bytes: &[u8], compressed: bool) -> Result<Self, Unreadable> {
        let two = |at: usize| Some(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]));
        let (Some(channels), Some(bits)) = (two(0), two(6)) else {
            return Err(damaged("it ends before its sound begins"));
        };
        let channels = usize::from(channels.max(1));
        let rate = bytes.get(8..18).map_or(0, extended);
        let codec = bytes.get(18..22).filter(|_| compressed).unwrap_or(b"NONE");
        let (coding, order) = linear(codec, usize::from(bits), channels)
            .ok_or_else(|| Unreadable::sound(format!("an AIFF file with {}", super::sniff::codec_name(codec))))?;
        Ok(Self {
            channels,
            rate,
            coding,
            order,
        })
    }
}

/// How samples are written that Apple's formats name with four letters; nothing where they are compressed otherwise.
pub(super) fn linear(codec: &[u8], bits: usize, channels: usize) -> Option<(Coding, ByteOrder)> {
    let width = bits.div_ceil(8).clamp(1, 8);
    Some(match codec {
        b"NONE" | b"twos" | b"lpcm" | b"\0\0\0\0" => (Coding::Signed(width), ByteOrder::Big),
        b"sowt" => (Coding::Signed(width), ByteOrder::Little),
        b"raw " => (Coding::Unsigned8, ByteOrder::Big),
        b"in24" => (Coding::Signed(3), ByteOrder::Big),
        b"in32" => (Coding::Signed(4), ByteOrder::Big),
        b"42ni" => (Coding::Signed(3), ByteOrder::Little),
        b"23ni" => (Coding::Signed(4), ByteOrder::Little),
        b"fl32" | b"FL32" => (Coding::Float32, ByteOrder::Big),
        b"fl64" | b"FL64" => (Coding::Float64, ByteOrder::Big),
        b"ulaw" | b"ULAW" => (Coding::MuLaw, ByteOrder::Big),
        b"alaw" | b"ALAW" => (Coding::ALaw, ByteOrder::Big),
        b"ima4" => {
            let block = 34 * channels;
            let kind = AdpcmKind::ImaQuickTime;
            (Coding::Adpcm(Adpcm { kind, block }), ByteOrder::Big)
        }
        _ => return None,
    })
}

/// A number of ten bytes, as old Macintoshes had it, to whole hertz.
fn extended(bytes: &[u8]) -> u32 {
    let exponent = (i32::from(bytes[0]) & 0x7f) << 8 | i32::from(bytes[1]);
    let mut mantissa = [0; 8];
    mantissa.copy_from_slice(&bytes[2..10]);
    let value = u64::from_be_bytes(mantissa) as f64 * 2_f64.powi(exponent - 16_383 - 63);
    value.round().clamp(0.0, f64::from(u32::MAX)) as u32
}

/// Reads an AIFF or AIFF-C file from its first byte on.
pub(super) fn open_aiff(mut input: SoundInput) -> Result<Decoded, Unreadable> {
    let Some(head) = input.array::<12>()? else {
        return Err(damaged("it ends before its sound begins"));
    };
    let compressed = head.ends_with(b"AIFC");
    let mut common = None;
    // The sound may come before what says of which kind it is: then it is gone back to.
    let mut early = None;
    for _ in 0..MOST_CHUNKS {
        let Some(header) = chunks::next(&mut input, ByteOrder::Big)? else {
            break;
        };
        match (&header.id, &common) {
            (b"COMM", _) => {
                const MOST: u32 = 512;
                let about = Common::read(&input.bytes(u64::from(header.length.min(MOST)))?, compressed)?;
                if let Some((at, length)) = early {
                    input.seek(at)?;
                    return sound(input, length, &about);
                }
                input.skip(u64::from(header.length.saturating_sub(MOST)))?;
                chunks::pad(&mut input, header.length)?;
                common = Some(about);
            }
            (b"SSND", Some(about)) => return sound(input, header.length, about),
            (b"SSND", None) => {
                input.spool()?;
                early = Some((input.at(), header.length));
                chunks::skip(&mut input, header.length)?;
            }
            (id, _) if !chunks::is_name(id.as_slice()) => break,
            _ => chunks::skip(&mut input, header.length)?,
        }
    }
    Err(damaged("it ends before its sound begins"))
}

fn sound(mut input: SoundInput, length: u32, common: &Common) -> Result<Decoded, Unreadable> {
    // Where in the chunk the sound begins, and a block size that nobody uses.
    let Some([a, b, c, d, _, _, _, _]) = input.array::<8>()? else {
        return Err(Unreadable::Empty);
    };
    let offset = u32::from_be_bytes([a, b, c, d]);
    let offset = if offset < length { offset } else { 0 };
    input.skip(u64::from(offset))?;
    let known = !matches!(length, 0..=8 | 0x7fff_0000..=0x8000_0000 | 0xffff_0000..);
    let left = known.then(|| u64::from(length.saturating_sub(8).saturating_sub(offset)));
    Ok(linear_run(
        input,
        left,
        common.coding,
        common.order,
        common.channels,
        common.rate,
    ))
}

/// Samples in one run.
pub(super) fn linear_run(
    input: SoundInput,
    left: Option<u64>,
    coding: Coding,
    order: ByteOrder,
    channels: usize,
    rate: u32,
) -> Decoded {
    let there = match (left, input.left()) {
        (Some(said), Some(there)) => Some(said.min(there)),
        (said, there) => said.or(there),
    };
    let total = there.map(|bytes| coding.frames(bytes, channels));
    Decoded::new(
        Samples::new(Run { input, left }, coding, order, channels),
        channels,
        rate,
        total,
    )
}

/// Reads an AU file from its first byte on.
pub(super) fn open_au(mut input: SoundInput) -> Result<Decoded, Unreadable> {
    let Some(head) = input.array::<24>()? else {
        return Err(Unreadable::Damaged {
            kind: "AU file",
            what: "it ends before its sound begins",
        });
    };
    // "dns." is the same with the least significant byte first.
    let order = if head.starts_with(b".snd") {
        ByteOrder::Big
    } else {
        ByteOrder::Little
    };
    let word = |index: usize| {
        let mut bytes = [0; 4];
        bytes.copy_from_slice(&head[4 * index..4 * index + 4]);
        match order {
            ByteOrder::Big => u32::from_be_bytes(bytes),
            ByteOrder::Little => u32::from_le_bytes(bytes),
        }
    };
    let (begins, length, codec, rate) = (word(1), word(2), word(3), word(4));
    let channels = word(5).max(1) as usize;
    let coding = match codec {
        1 => Coding::MuLaw,
        2..=5 => Coding::Signed(codec as usize - 1),
        6 => Coding::Float32,
        7 => Coding::Float64,
        27 => Coding::ALaw,
        _ => return Err(Unreadable::sound("an AU file with compressed sound")),
    };
    input.skip(u64::from(begins.saturating_sub(24)))?;
    let left = (1..0xffff_0000).contains(&length).then_some(u64::from(length));
    Ok(linear_run(input, left, coding, order, channels, rate))
}
