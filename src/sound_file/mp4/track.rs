//! The index of an MP4 file: which tracks of sound there are, how each is decoded, and where its packets lie.

use symphonia::core::codecs::audio::{
    AudioCodecParameters,
    well_known::{CODEC_ID_ALAC, CODEC_ID_FLAC, CODEC_ID_MP2, CODEC_ID_MP3, CODEC_ID_OPUS},
};

use super::{
    boxes::{Fields, child, children, descendant},
    damaged,
};
use crate::sound_file::{
    aac::{AacStream, descriptor},
    channels_of,
    error::{Advice, Unreadable},
    iff,
    packets::{SoundTrack, TrackSound},
    samples::{ByteOrder, Coding},
    sniff::codec_name,
};

/// A run of samples is read in parts of this size.
const RUN: u64 = 32 << 10;

/// What the box `moov` says.
pub(super) struct Movie {
    pub tracks: Vec<MovieTrack>,
    /// Units of its durations a second.
    timescale: u32,
    /// More of it comes in fragments.
    pub is_fragmented: bool,
}

/// A track of sound.
pub(super) struct MovieTrack {
    pub id: u32,
    /// Units of its times a second.
    timescale: u32,
    /// Its length, as the index tells it.
    pub seconds: Option<f64>,
    /// The first sample description: name and content.
    entry: Option<([u8; 4], Vec<u8>)>,
    /// Where it begins in its media, and how long it goes on, in units of the track and of the movie.
    edit: Option<(u64, u64)>,
    /// Bytes of each packet, or of every one.
    sizes: Vec<u32>,
    size: u32,
    /// Packets in a row: from which chunk on, and how many a chunk.
    rows: Vec<(u32, u32)>,
    /// Where each chunk begins.
    chunks: Vec<u64>,
    /// Bytes of a packet in a fragment that does not say.
    pub default_size: u32,
}

impl Movie {
    pub(super) fn read(moov: &[u8]) -> Self {
        let extends = child(moov, *b"mvex");
        let tracks = children(moov)
            .filter(|(name, _)| name == b"trak")
            .filter_map(|(_, content)| MovieTrack::read(content, extends))
            .collect();
        Self {
            tracks,
            timescale: child(moov, *b"mvhd").and_then(timescale).unwrap_or(1).max(1),
            is_fragmented: extends.is_some(),
        }
    }
}

impl Movie {
    /// Whether the index says where any sound lies.
    pub(super) fn has_sound(&self) -> bool {
        self.tracks.iter().any(|track| !track.chunks.is_empty())
    }
}

/// Units a second, of `mvhd` and `mdhd`.
fn timescale(head: &[u8]) -> Option<u32> {
    let mut fields = Fields::new(head);
    let version = fields.u32()?.to_be_bytes()[0];
    fields.wide(version)?;
    fields.wide(version)?;
    fields.u32()
}

impl MovieTrack {
    /// Nothing where it is no sound.
    fn read(content: &[u8], extends: Option<&[u8]>) -> Option<Self> {
        let media = child(content, *b"mdia")?;
        if child(media, *b"hdlr")?.get(8..12)? != b"soun" {
            return None;
        }
        let head = child(content, *b"tkhd")?;
        let id = Fields::new(head.get(if head[0] == 0 { 12 } else { 20 }..)?).u32()?;
        let table = descendant(media, &[b"minf", b"stbl"])?;
        let timescale = child(media, *b"mdhd").and_then(timescale).unwrap_or(1).max(1);
        let entry = child(table, *b"stsd")
            .and_then(|content| content.get(8..))
            .and_then(|entries| children(entries).next())
            .map(|(name, content)| (name, content.to_vec()));
        let mut track = Self {
            id,
            timescale,
            seconds: child(table, *b"stts")
                .and_then(duration)
                .map(|units| units / f64::from(timescale)),
            entry,
            edit: descendant(content, &[b"edts", b"elst"]).and_then(edit),
            sizes: Vec::new(),
            size: 0,
            rows: Vec::new(),
            chunks: Vec::new(),
            default_size: extends.and_then(|extends| default_size(extends, id)).unwrap_or(0),
        };
        track.read_sizes(table);
        if let Some(mut rows) = child(table, *b"stsc")
            .and_then(|content| content.get(8..))
            .map(Fields::new)
        {
            while let (Some(from), Some(count), Some(_)) = (rows.u32(), rows.u32(), rows.u32()) {
                track.rows.push((from, count));
            }
        }
        if let Some(mut chunks) = child(table, *b"stco")
            .and_then(|content| content.get(8..))
            .map(Fields::new)
        {
            while let Some(at) = chunks.u32() {
                track.chunks.push(u64::from(at));
            }
        } else if let Some(mut chunks) = child(table, *b"co64")
            .and_then(|content| content.get(8..))
            .map(Fields::new)
        {
            while let Some(at) = chunks.u64() {
                track.chunks.push(at);
            }
        }
        Some(track)
    }

    fn read_sizes(&mut self, table: &[u8]) {
        if let Some(mut sizes) = child(table, *b"stsz")
            .and_then(|content| content.get(4..))
            .map(Fields::new)
        {
            self.size = sizes.u32().unwrap_or(0);
            sizes.u32();
            if self.size == 0 {
                self.sizes = std::iter::from_fn(|| sizes.u32()).collect();
            }
        } else if let Some(content) = child(table, *b"stz2").and_then(|content| content.get(7..)) {
            let packed = content.get(5..).unwrap_or_default();
            self.sizes = match content.first() {
                Some(4) => packed
                    .iter()
                    .flat_map(|byte| [u32::from(byte >> 4), u32::from(byte & 15)])
                    .collect(),
                Some(8) => packed.iter().map(|byte| u32::from(*byte)).collect(),
                _ => packed
                    .chunks_exact(2)
                    .map(|pair| u32::from(u16::from_be_bytes([pair[0], pair[1]])))
                    .collect(),
            };
        }
    }

    /// How it is decoded.
    pub(super) fn sound(&self, movie: &Movie) -> Result<SoundTrack, Unreadable> {
        let Some((name, content)) = &self.entry else {
            return Err(damaged("nothing in it says what kind of sound it holds"));
        };
        let entry = SampleEntry::read(*name, content)
            .ok_or_else(|| damaged("nothing in it says what kind of sound it holds"))?;
        let mut track = entry.sound()?;
        if let (b"Opus", None, Some(head)) = (name, self.edit, entry.setup(*b"dOps")) {
            track.lead = head
                .get(2..4)
                .map_or(0, |skip| u64::from(u16::from_be_bytes([skip[0], skip[1]])));
        }
        if let Some((from, length)) = self.edit {
            let rate = f64::from(track.rate);
            track.lead = (from as f64 / f64::from(self.timescale) * rate) as u64;
            track.valid = (length > 0 && !movie.is_fragmented)
                .then_some((length as f64 / f64::from(movie.timescale) * rate) as u64);
        }
        Ok(track)
    }

    /// Where the packets lie, or, of uncompressed sound, runs of samples.
    pub(super) fn extents(&self) -> impl Iterator<Item = (u64, u64)> + Send + use<> {
        let entry = self
            .entry
            .as_ref()
            .and_then(|(name, content)| SampleEntry::read(*name, content));
        // Where the index tells each packet's size, that is it; else it may count bytes or blocks of samples.
        let unit = entry.and_then(|entry| entry.unit()).filter(|_| self.sizes.is_empty());
        let unit = unit.map(|(bytes, samples)| {
            if u64::from(self.size) >= bytes {
                (u64::from(self.size), 1)
            } else {
                (bytes, samples)
            }
        });
        let (rows, sizes, size) = (self.rows.clone(), self.sizes.clone(), self.size);
        let (mut row, mut next) = (0, 0_usize);
        let chunks = self.chunks.clone().into_iter().enumerate();
        chunks.flat_map(move |(index, at)| -> Box<dyn Iterator<Item = (u64, u64)> + Send> {
            while rows.get(row + 1).is_some_and(|(from, _)| *from as usize <= index + 1) {
                row += 1;
            }
            let count = rows.get(row).map_or(1, |(_, count)| *count);
            let first = next;
            next = next.saturating_add(count as usize);
            if let Some((bytes, samples)) = unit {
                // A run, in parts.
                let length = u64::from(count) / samples.max(1) * bytes;
                let part = move |part: u64| (at.saturating_add(part * RUN), RUN.min(length - part * RUN));
                return Box::new((0..length.div_ceil(RUN)).map(part));
            }
            let mut at = at;
            let follow = move |size: u32| {
                let begins = at;
                at = at.saturating_add(u64::from(size));
                (begins, u64::from(size))
            };
            if size > 0 {
                return Box::new(std::iter::repeat_n(size, count as usize).map(follow));
            }
            let own: Vec<u32> = sizes.get(first..next.min(sizes.len())).unwrap_or_default().to_vec();
            Box::new(own.into_iter().map(follow))
        })
    }
}

/// The units of all packets.
fn duration(stts: &[u8]) -> Option<f64> {
    let mut fields = Fields::new(stts.get(8..)?);
    let mut units = 0.0;
    while let (Some(count), Some(each)) = (fields.u32(), fields.u32()) {
        units += f64::from(count) * f64::from(each);
    }
    (units > 0.0).then_some(units)
}

/// The only edit there is, but for a pause before it: where it begins, and how long it is. Several are cuts of a film; then
/// only the beginning of the first counts.
fn edit(elst: &[u8]) -> Option<(u64, u64)> {
    let mut fields = Fields::new(elst);
    let version = fields.u32()?.to_be_bytes()[0];
    let count = fields.u32()?;
    let mut edits = Vec::new();
    for _ in 0..count.min(64) {
        let (length, from) = (fields.wide(version)?, fields.wide(version)?);
        fields.u32()?;
        let pause = if version == 0 { u64::from(u32::MAX) } else { u64::MAX };
        if from != pause {
            edits.push((from, length));
        }
    }
    match edits[..] {
        [] => None,
        [only] => Some(only),
        [(from, _), ..] => Some((from, 0)),
    }
}

/// Bytes of a packet in a fragment that does not say.
fn default_size(extends: &[u8], track: u32) -> Option<u32> {
    children(extends)
        .filter(|(name, _)| name == b"trex")
        .find_map(|(_, content)| {
            let mut fields = Fields::new(content);
            fields.u32()?;
            if fields.u32()? != track {
                return None;
            }
            fields.u32()?;
            fields.u32()?;
            fields.u32()
        })
}

/// What the index says of a track's sound.
struct SampleEntry<'a> {
    name: [u8; 4],
    channels: usize,
    bits: usize,
    rate: f64,
    /// Uncompressed sound: float, most significant byte first, signed.
    flags: Option<u32>,
    /// Samples and bytes of a packet of each channel, where packets are all alike.
    packet: (u32, u32),
    inside: &'a [u8],
}

impl<'a> SampleEntry<'a> {
    fn read(name: [u8; 4], content: &'a [u8]) -> Option<Self> {
        let mut fields = Fields::new(content);
        fields.bytes(8)?;
        let version = fields.u16()?;
        fields.bytes(6)?;
        let mut entry = Self {
            name,
            channels: usize::from(fields.u16()?.max(1)),
            bits: usize::from(fields.u16()?),
            rate: {
                fields.bytes(4)?;
                f64::from(fields.u32()?) / 65_536.0
            },
            flags: None,
            packet: (0, 0),
            inside: &[],
        };
        match version {
            1 => {
                let (samples, bytes) = (fields.u32()?, fields.u32()?);
                entry.packet = (samples, bytes);
                fields.bytes(8)?;
            }
            2 => {
                fields.u32()?;
                entry.rate = f64::from_bits(fields.u64()?);
                entry.channels = fields.u32()?.max(1) as usize;
                fields.u32()?;
                entry.bits = fields.u32()? as usize;
                entry.flags = Some(fields.u32()?);
                fields.bytes(8)?;
            }
            _ => {}
        }
        entry.inside = fields.rest();
        Some(entry)
    }

    /// A box with what the decoder needs: in the entry itself, or in the box `wave` of older films.
    fn setup(&self, name: [u8; 4]) -> Option<&'a [u8]> {
        child(self.inside, name).or_else(|| descendant(self.inside, &[b"wave", &name]))
    }

    /// How samples are written, where they are not compressed into packets.
    fn linear(&self) -> Option<(Coding, ByteOrder)> {
        if let (b"lpcm", Some(flags)) = (&self.name, self.flags) {
            let order = if flags & 2 == 0 {
                ByteOrder::Little
            } else {
                ByteOrder::Big
            };
            let coding = match (flags & 1, self.bits) {
                (1, 64) => Coding::Float64,
                (1, _) => Coding::Float32,
                (_, 8) if flags & 4 == 0 => Coding::Unsigned8,
                (_, bits) => Coding::Signed(bits.div_ceil(8).clamp(1, 8)),
            };
            return Some((coding, order));
        }
        if let b"ipcm" | b"fpcm" = &self.name {
            let setup = self.setup(*b"pcmC")?;
            let order = if setup.get(4)? & 1 == 1 {
                ByteOrder::Little
            } else {
                ByteOrder::Big
            };
            let bits = usize::from(*setup.get(5)?);
            let coding = match (&self.name, bits) {
                (b"fpcm", 64) => Coding::Float64,
                (b"fpcm", _) => Coding::Float32,
                (_, bits) => Coding::Signed(bits.div_ceil(8).clamp(1, 8)),
            };
            return Some((coding, order));
        }
        let (coding, order) = iff::linear(&self.name, self.bits, self.channels)?;
        // QuickTime turns the bytes of some round.
        let little = self
            .setup(*b"enda")
            .and_then(|bytes| bytes.get(1))
            .is_some_and(|byte| *byte == 1);
        Some((coding, if little { ByteOrder::Little } else { order }))
    }

    /// Bytes of so many samples, where they are not compressed into packets.
    fn unit(&self) -> Option<(u64, u64)> {
        let (coding, _) = self.linear()?;
        Some(match coding {
            Coding::Adpcm(adpcm) => (adpcm.block as u64, adpcm.frames(self.channels) as u64),
            coding => (coding.unit(self.channels) as u64, 1),
        })
    }

    fn sound(&self) -> Result<SoundTrack, Unreadable> {
        let rate = self.rate.round().clamp(0.0, f64::from(u32::MAX)) as u32;
        if let Some((coding, order)) = self.linear() {
            return Ok(SoundTrack::new(TrackSound::Samples(coding, order), self.channels, rate));
        }
        let (codec, rate, channels, extra) = match &self.name {
            b"mp4a" => match self.setup(*b"esds").and_then(|content| descriptor(content.get(4..)?)) {
                Some((0x69 | 0x6b, _)) => (CODEC_ID_MP3, rate, self.channels, Vec::new()),
                Some((0x40 | 0x66..=0x68, config)) if !config.is_empty() => {
                    return Ok(aac(AacStream::from_config(config)?));
                }
                Some((0x40 | 0x66..=0x68, _)) | None => return Ok(aac(AacStream::new(2, rate, self.channels as u32)?)),
                Some((0xa5 | 0xa6, _)) => return Err(refused(*b"ac-3")),
                Some((0xe1, _)) => return Err(refused(*b"Qclp")),
                Some(_) => return Err(refused(*b"mp4a")),
            },
            b"alac" => {
                let cookie = self
                    .setup(*b"alac")
                    .and_then(|content| content.get(4..))
                    .unwrap_or_default();
                (
                    CODEC_ID_ALAC,
                    rate,
                    self.channels,
                    cookie.get(..cookie.len().min(24)).unwrap_or_default().to_vec(),
                )
            }
            b"Opus" => {
                let said = self
                    .setup(*b"dOps")
                    .and_then(|head| head.get(1))
                    .map(|said| usize::from(*said));
                (CODEC_ID_OPUS, 48_000, said.unwrap_or(self.channels), Vec::new())
            }
            b"fLaC" => {
                let setup = self
                    .setup(*b"dfLa")
                    .and_then(|content| content.get(4..))
                    .unwrap_or_default();
                (CODEC_ID_FLAC, rate, self.channels, stream_info(setup))
            }
            b".mp3" | b"ms\0\x55" => (CODEC_ID_MP3, rate, self.channels, Vec::new()),
            b".mp2" | b"ms\0\x50" => (CODEC_ID_MP2, rate, self.channels, Vec::new()),
            b"drms" | b"enca" | b"p608" | b"aavd" => {
                return Err(Unreadable::Refused {
                    what: "a protected recording (bought music or an audiobook)".to_owned(),
                    advice: Advice::Unprotected,
                });
            }
            name => return Err(refused(*name)),
        };
        let mut parameters = AudioCodecParameters::new();
        parameters
            .for_codec(codec)
            .with_sample_rate(rate)
            .with_channels(channels_of(channels)?);
        if !extra.is_empty() {
            parameters.with_extra_data(extra.into_boxed_slice());
        }
        Ok(SoundTrack::new(TrackSound::Packets(parameters), channels, rate))
    }
}

fn aac(stream: AacStream) -> SoundTrack {
    SoundTrack::new(TrackSound::Packets(stream.parameters()), stream.channels, stream.rate)
}

fn refused(codec: [u8; 4]) -> Unreadable {
    Unreadable::sound(format!("an MP4 file with {}", codec_name(&codec)))
}

/// The block STREAMINFO of FLAC's metadata, with or without the marker before them.
pub(crate) fn stream_info(bytes: &[u8]) -> Vec<u8> {
    let mut rest = bytes.strip_prefix(b"fLaC").unwrap_or(bytes);
    while let Some([kind, a, b, c]) = rest.get(..4) {
        let length = u32::from_be_bytes([0, *a, *b, *c]) as usize;
        let content = rest.get(4..).unwrap_or_default();
        let content = &content[..length.min(content.len())];
        // The first bit says whether it is the last.
        if kind << 1 == 0 {
            return content.to_vec();
        }
        rest = rest.get(4 + length..).unwrap_or_default();
    }
    Vec::new()
}
