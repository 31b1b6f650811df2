//! FLAC and MP3, whose frames `symphonia` finds itself.

use std::io::{self, Read, Seek, SeekFrom};

use symphonia::{
    core::{
        codecs::{CodecParameters, audio::AudioDecoder},
        errors::Error,
        formats::{FormatOptions, FormatReader},
        io::{MediaSource, MediaSourceStream, MediaSourceStreamOptions},
        units::Duration,
    },
    default::formats::{FlacReader, MpaReader},
};

use super::{
    Decoded, FrameSource,
    error::Unreadable,
    input::SoundInput,
    packets::{append_frames, decoder},
};

/// So many errors in a row, without a packet between them, are the end.
const MOST_BAD: usize = 2000;
/// Packets at the end that hold only what an encoder has put there, at most.
const MOST_FILLED: usize = 3;

/// An input from where it stands, as `symphonia` wants it.
struct Tail {
    input: SoundInput,
    from: u64,
}

impl Read for Tail {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.input.read(into)
    }
}

impl Seek for Tail {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let outside = || io::Error::from(io::ErrorKind::InvalidInput);
        let at = match to {
            SeekFrom::Start(at) => self.from.checked_add(at),
            SeekFrom::Current(by) => self.input.at().checked_add_signed(by),
            SeekFrom::End(by) => self.input.len().and_then(|len| len.checked_add_signed(by)),
        };
        let at = at.filter(|at| *at >= self.from).ok_or_else(outside)?;
        self.input.seek(at)?;
        Ok(at - self.from)
    }
}

impl MediaSource for Tail {
    fn is_seekable(&self) -> bool {
        self.input.is_file()
    }

    fn byte_len(&self) -> Option<u64> {
        self.input.len().map(|len| len.saturating_sub(self.from))
    }
}

fn stream(input: SoundInput) -> MediaSourceStream<'static> {
    let from = input.at();
    MediaSourceStream::new(Box::new(Tail { input, from }), MediaSourceStreamOptions::default())
}

/// MP1, MP2 and MP3, from the first frame on.
pub(super) fn mpeg(input: SoundInput) -> Result<Decoded, Unreadable> {
    open("MP3 file", |options| {
        Ok(Box::new(MpaReader::try_new(stream(input), options)?))
    })
}

pub(super) fn flac(input: SoundInput) -> Result<Decoded, Unreadable> {
    open("FLAC file", |options| {
        Ok(Box::new(FlacReader::try_new(stream(input), options)?))
    })
}

fn open(
    kind: &'static str,
    reader: impl FnOnce(FormatOptions) -> Result<Box<dyn FormatReader>, Error>,
) -> Result<Decoded, Unreadable> {
    let damaged = |error: Error| {
        log::warn!("A {kind} cannot be read: {error}");
        match error {
            Error::IoError(error) if error.kind() != io::ErrorKind::UnexpectedEof => Unreadable::Io(error),
            _ => Unreadable::Damaged {
                kind,
                what: "it ends or breaks before its sound begins",
            },
        }
    };
    let format = reader(FormatOptions::default()).map_err(damaged)?;
    let Some(tracks) = readable_track(format.as_ref()) else {
        return Err(Unreadable::sound(format!(
            "an {kind} with sound that is compressed in a rare way"
        )));
    };
    let (track, decoder, frames) = tracks;
    let mut sound = DemuxedSound {
        format,
        track,
        decoder,
        channels: 0,
        rate: 0,
        block: Vec::new(),
        filled: 0,
        first: Vec::new(),
    };
    // Channels and rate are those of the first packet that can be decoded, whatever the header says.
    let mut first = Vec::new();
    while sound.channels == 0 {
        if !sound.next(&mut first) && sound.channels == 0 {
            return Err(Unreadable::Empty);
        }
    }
    sound.first = first;
    let (channels, rate) = (sound.channels, sound.rate);
    Ok(Decoded::new(sound, channels, rate, frames))
}

type ReadableTrack = (u32, Box<dyn AudioDecoder>, Option<u64>);

/// The first track with sound that can be decoded, and its length in frames.
fn readable_track(format: &dyn FormatReader) -> Option<ReadableTrack> {
    format.tracks().iter().find_map(|track| match &track.codec_params {
        Some(CodecParameters::Audio(parameters)) => Some((track.id, decoder(parameters).ok()?, track.num_frames)),
        _ => None,
    })
}

struct DemuxedSound {
    format: Box<dyn FormatReader>,
    track: u32,
    decoder: Box<dyn AudioDecoder>,
    channels: usize,
    rate: u32,
    block: Vec<f32>,
    /// Packets that the encoder has filled up, and nothing else.
    filled: usize,
    /// What was decoded while it was opened.
    first: Vec<f32>,
}

impl FrameSource for DemuxedSound {
    fn next(&mut self, into: &mut Vec<f32>) -> bool {
        if !self.first.is_empty() {
            into.append(&mut self.first);
            return true;
        }
        for _ in 0..MOST_BAD {
            let mut packet = match self.format.next_packet() {
                Ok(Some(packet)) => packet,
                Ok(None) => return false,
                Err(Error::DecodeError(what)) => {
                    log::debug!("A part of the recording is damaged: {what}");
                    continue;
                }
                Err(Error::IoError(error)) if error.kind() == io::ErrorKind::UnexpectedEof => return false,
                Err(error) => {
                    log::warn!("The recording ends early: {error}");
                    return false;
                }
            };
            if packet.track_id != self.track {
                return true;
            }
            // An encoder fills up the last frames. Where far more follows, files were joined, and the first one's length is not
            // that of the whole.
            if packet.trim_end > Duration::ZERO && packet.trim_end >= packet.dur {
                self.filled += 1;
            }
            if self.filled > MOST_FILLED {
                (packet.trim_start, packet.trim_end) = (Duration::ZERO, Duration::ZERO);
            }
            let Ok(decoded) = self.decoder.decode(&packet) else {
                continue;
            };
            let (found, rate) = (decoded.spec().channels().count(), decoded.spec().rate());
            if decoded.frames() == 0 || found == 0 {
                continue;
            }
            if self.channels == 0 {
                (self.channels, self.rate) = (found, rate);
            }
            // A packet at another rate is no part of this sound: what looked like one was none.
            if rate != self.rate {
                continue;
            }
            decoded.copy_to_vec_interleaved(&mut self.block);
            append_frames(&self.block, found, self.channels, into);
            return true;
        }
        false
    }
}
