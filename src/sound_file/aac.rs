//! What an AAC stream says of itself: in a configuration (in MP4, CAF and Matroska) or before each frame (ADTS).

use symphonia::core::codecs::audio::{AudioCodecParameters, well_known::CODEC_ID_AAC};

use super::error::Unreadable;

const RATES: [u32; 13] = [
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
];
const LOW_COMPLEXITY: u32 = 2;

/// An AAC stream that can be decoded: low complexity, one or two channels.
///
/// Of HE-AAC this is the core: all of the sound up to half the core's rate. What is added to it (spectral band replication)
/// is computed from the core and holds nothing that speech recognition could use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct AacStream {
    pub rate: u32,
    pub channels: usize,
}

/// Bits, most significant first.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: usize) -> Option<u32> {
        let mut value = 0;
        for _ in 0..count {
            let byte = *self.bytes.get(self.at / 8)?;
            value = value << 1 | u32::from(byte >> (7 - self.at % 8) & 1);
            self.at += 1;
        }
        Some(value)
    }

    fn object_type(&mut self) -> Option<u32> {
        match self.take(5)? {
            31 => Some(32 + self.take(6)?),
            plain => Some(plain),
        }
    }

    fn rate(&mut self) -> Option<u32> {
        match self.take(4)? {
            15 => self.take(24),
            index => RATES.get(index as usize).copied(),
        }
    }
}

impl AacStream {
    /// Reads a configuration (`AudioSpecificConfig` of MPEG-4).
    pub(super) fn from_config(bytes: &[u8]) -> Result<Self, Unreadable> {
        let damaged = || Unreadable::Damaged {
            kind: "AAC recording",
            what: "what it says of its sound makes no sense",
        };
        let mut bits = Bits { bytes, at: 0 };
        let mut object_type = bits.object_type().ok_or_else(damaged)?;
        let rate = bits.rate().ok_or_else(damaged)?;
        let channels = bits.take(4).ok_or_else(damaged)?;
        if object_type == 5 || object_type == 29 {
            bits.rate().ok_or_else(damaged)?;
            object_type = bits.object_type().ok_or_else(damaged)?;
        }
        if object_type == LOW_COMPLEXITY && bits.take(1) == Some(1) {
            return Err(Unreadable::sound("sound in AAC with frames of 960 samples"));
        }
        Self::new(object_type, rate, channels)
    }

    pub(super) fn new(object_type: u32, rate: u32, channels: u32) -> Result<Self, Unreadable> {
        let name = match object_type {
            LOW_COMPLEXITY => match channels {
                1 | 2 => {
                    return Ok(Self {
                        rate,
                        channels: channels as usize,
                    });
                }
                _ => "AAC with more than two channels",
            },
            1 => "AAC of the profile Main",
            3 => "AAC of the profile SSR",
            4 => "AAC of the profile LTP",
            23 => "AAC-LD (low delay)",
            39 => "AAC-ELD (low delay, as in calls)",
            42 => "xHE-AAC",
            _ => "a rare kind of MPEG-4 sound",
        };
        Err(Unreadable::sound(format!("sound in {name}")))
    }

    /// For the decoder: as plain AAC of low complexity.
    pub(super) fn parameters(self) -> AudioCodecParameters {
        let index = RATES.iter().position(|rate| *rate == self.rate);
        let mut bits: u64 = u64::from(LOW_COMPLEXITY);
        let mut count = 5;
        let mut put = |value: u64, width: u32| {
            bits = bits << width | value;
            count += width;
        };
        if let Some(index) = index {
            put(index as u64, 4);
        } else {
            put(15, 4);
            put(u64::from(self.rate) & 0xff_ffff, 24);
        }
        put(self.channels as u64, 4);
        put(0, 3);
        let bytes = count.div_ceil(8);
        let config = (bits << (64 - count)).to_be_bytes()[..bytes as usize].to_vec();
        let mut parameters = AudioCodecParameters::new();
        parameters
            .for_codec(CODEC_ID_AAC)
            .with_sample_rate(self.rate)
            .with_extra_data(config.into_boxed_slice());
        parameters
    }
}

/// The MPEG-4 object and the decoder's configuration in an elementary stream descriptor (`esds` in MP4, the cookie in CAF).
pub(super) fn descriptor(mut bytes: &[u8]) -> Option<(u8, &[u8])> {
    /// A tag and what it is about; what follows is left in `bytes`.
    fn next<'a>(bytes: &mut &'a [u8]) -> Option<(u8, &'a [u8])> {
        let (tag, mut rest) = bytes.split_first()?;
        let mut length = 0_usize;
        for _ in 0..4 {
            let (byte, after) = rest.split_first()?;
            rest = after;
            length = length << 7 | usize::from(byte & 0x7f);
            if byte & 0x80 == 0 {
                break;
            }
        }
        let (content, after) = rest.split_at(length.min(rest.len()));
        *bytes = after;
        Some((*tag, content))
    }
    let (mut tag, mut content) = next(&mut bytes)?;
    if tag == 3 {
        let flags = *content.get(2)?;
        let mut inner = content.get(3..)?;
        if flags & 0x80 != 0 {
            inner = inner.get(2..)?;
        }
        if flags & 0x40 != 0 {
            let url = usize::from(*inner.first()?);
            inner = inner.get(1 + url..)?;
        }
        if flags & 0x20 != 0 {
            inner = inner.get(2..)?;
        }
        (tag, content) = next(&mut inner)?;
    }
    if tag != 4 {
        return None;
    }
    let object = *content.first()?;
    let mut inner = content.get(13..)?;
    let config = match next(&mut inner) {
        Some((5, config)) => config,
        _ => &[],
    };
    Some((object, config))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_core_of_he_aac_is_what_is_decoded() {
        for (config, rate, channels) in [
            (&b"\x14\x08"[..], 16_000, 1),
            (b"\x12\x10", 44_100, 2),
            // The same with a note that more could be computed from it.
            (b"\x14\x08\x56\xe5\xa5\x48", 16_000, 1),
            // HE-AAC, and HE-AAC of the second version, said outright.
            (b"\x2c\x0a\x88\0", 16_000, 1),
            (b"\xec\x0a\x88\0", 16_000, 1),
            // A rate that is none of the usual.
            (b"\x17\x80\x1f\x40\x08", 16_000, 1),
        ] {
            let stream = AacStream::from_config(config).unwrap();
            assert_eq!(stream, AacStream { rate, channels }, "{config:x?}");
            let plain = stream.parameters().extra_data.unwrap();
            assert_eq!(AacStream::from_config(&plain).unwrap(), stream, "{plain:x?}");
        }
        for (config, name) in [
            (&b"\xf8\xf0\x20\0"[..], "AAC-ELD"),
            (b"\xf9\x50\x20\0", "xHE-AAC"),
            (b"\x12\x30", "more than two channels"),
            (b"\x14\x0c", "frames of 960 samples"),
            (b"\0", "makes no sense"),
        ] {
            let error = AacStream::from_config(config).unwrap_err().of("a.m4a").to_string();
            assert!(error.contains(name), "{name}: {error}");
        }
    }
}
