//! A recording that somebody has, whatever it was recorded with: WAV of every kind, AIFF, AU, CAF, FLAC, MP3, AAC, M4A, MP4,
//! MOV, OGG, Opus, Matroska. It is known by its content, read once from front to back, and given as one voice at its own rate.
//! Knows neither who listens nor what is said; refuses what it cannot read by its name, with what to do.

mod aac;
mod adpcm;
mod adts;
mod caf;
mod chunks;
mod demuxed;
mod error;
mod iff;
mod input;
mod matroska;
mod mp4;
mod ogg;
mod packets;
mod pieces;
mod riff;
mod samples;
mod sniff;
#[cfg(test)]
mod tests;

use std::{
    fmt,
    io::{IsTerminal as _, Read},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use symphonia::core::audio::{ChannelLabel, Channels};

pub use error::{Advice, SoundFileError};

use crate::{channels::ChannelMix, take::SOURCE_RATES};
use error::Unreadable;
use input::SoundInput;

/// More than any recorder has.
pub const MOST_CHANNELS: usize = 256;
/// How far the mix of a recording looks ahead, in seconds: which channel a voice is on is known before its first word.
const LOOK_AHEAD: f64 = 1.0;

/// Gives frames, interleaved, as they are decoded.
trait FrameSource: Send {
    /// Puts the next frames, of any number, at the end of `into`. False: those were the last.
    fn next(&mut self, into: &mut Vec<f32>) -> bool;

    /// Whether something was there that could not be decoded, and nothing else.
    fn has_failed(&self) -> bool {
        false
    }
}

/// A recording whose kind is known.
struct Decoded {
    frames: Box<dyn FrameSource>,
    channels: usize,
    rate: u32,
    /// Frames, where the header knows.
    total: Option<u64>,
    /// Frames to be left out at the beginning, and to be given after them.
    lead: u64,
    valid: Option<u64>,
}

impl Decoded {
    fn new(frames: impl FrameSource + 'static, channels: usize, rate: u32, total: Option<u64>) -> Self {
        Self {
            frames: Box::new(frames),
            channels,
            rate,
            total,
            lead: 0,
            valid: None,
        }
    }

    /// Without what the encoder has put at both ends.
    fn trimmed(mut self, lead: u64, valid: Option<u64>) -> Self {
        (self.lead, self.valid) = (lead, valid);
        self
    }
}

/// Channels for a decoder that only counts them.
fn channels_of(count: usize) -> Result<Channels, Unreadable> {
    match count {
        0 => Err(Unreadable::Empty),
        1 => Ok(symphonia::core::audio::layouts::CHANNEL_LAYOUT_MONO),
        2 => Ok(symphonia::core::audio::layouts::CHANNEL_LAYOUT_STEREO),
        count if count <= MOST_CHANNELS => {
            let labels: Vec<ChannelLabel> = (0..count as u16).map(ChannelLabel::Discrete).collect();
            Ok(Channels::Custom(labels.into_boxed_slice()))
        }
        count => Err(Unreadable::Channels(count)),
    }
}

/// A recording that is being read: as one channel, at its own rate, a piece at a time.
pub struct SoundFile {
    frames: Box<dyn FrameSource>,
    channels: usize,
    mix: ChannelMix,
    /// Decoded and not mixed yet, interleaved.
    decoded: Vec<f32>,
    /// Mixed and not read yet: `ready[taken..]`.
    ready: Vec<f32>,
    taken: usize,
    lead: u64,
    valid: Option<u64>,
    over: bool,
    /// Frames a second, of what is read.
    pub rate: u32,
    /// Its length as its header tells it, in seconds; nothing where the header does not know.
    pub seconds: Option<f64>,
    name: String,
    may_wait: bool,
}

impl fmt::Debug for SoundFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SoundFile")
            .field("name", &self.name)
            .field("rate", &self.rate)
            .field("channels", &self.channels)
            .finish_non_exhaustive()
    }
}

impl SoundFile {
    /// A file, or a named pipe, which is opened once and read once. This waits until a pipe has its first bytes.
    pub fn open(path: &Path) -> Result<Self, SoundFileError> {
        let name = path.display().to_string();
        match SoundInput::open(path) {
            Ok(input) => Self::start(input, name),
            Err(error) if error.kind() == std::io::ErrorKind::IsADirectory => Err(SoundFileError::Folder { name }),
            Err(source) => Err(SoundFileError::Open { name, source }),
        }
    }

    /// What comes over standard input.
    pub fn from_stdin() -> Result<Self, SoundFileError> {
        let stdin = std::io::stdin();
        if stdin.is_terminal() {
            return Err(SoundFileError::Terminal);
        }
        Self::from_reader(stdin, "standard input")
    }

    /// What comes from anywhere, under this name.
    pub fn from_reader(reader: impl Read + Send + 'static, name: &str) -> Result<Self, SoundFileError> {
        Self::start(SoundInput::from_reader(Box::new(reader)), name.to_owned())
    }

    fn start(input: SoundInput, name: String) -> Result<Self, SoundFileError> {
        let may_wait = !input.is_file();
        // A decoder of others that gives up on a damaged file must not take a session with it.
        let opened = catch_unwind(AssertUnwindSafe(|| sniff::open(input))).unwrap_or(Err(Unreadable::Damaged {
            kind: "recording",
            what: "its content makes no sense",
        }));
        let decoded = opened.map_err(|reason| reason.of(&name))?;
        let Decoded {
            frames,
            channels,
            rate,
            total,
            lead,
            valid,
        } = decoded;
        if !SOURCE_RATES.contains(&rate) {
            return Err(SoundFileError::Rate { name, rate });
        }
        if channels > MOST_CHANNELS {
            return Err(SoundFileError::Channels { name, channels });
        }
        let mut sound = Self {
            frames,
            channels,
            mix: ChannelMix::new(rate, channels, LOOK_AHEAD),
            decoded: Vec::new(),
            ready: Vec::new(),
            taken: 0,
            lead,
            valid,
            over: false,
            rate,
            seconds: total.map(|frames| frames as f64 / f64::from(rate)),
            name,
            may_wait,
        };
        // One that holds nothing is told now, and not when somebody waits for its first word.
        if sound.refill() == 0 {
            let reason = if sound.frames.has_failed() {
                Unreadable::Damaged {
                    kind: "recording",
                    what: "nothing of its sound can be decoded",
                }
            } else {
                Unreadable::Empty
            };
            return Err(reason.of(&sound.name));
        }
        Ok(sound)
    }

    /// What it is called in messages: its path, or where it comes from.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether reading may wait for somebody else: for the writer of a pipe.
    pub fn may_wait(&self) -> bool {
        self.may_wait
    }

    /// Leaves out this many frames.
    pub fn skip(&mut self, frames: usize) {
        let mut left = frames;
        while left > 0 {
            let waiting = self.refill();
            if waiting == 0 {
                return;
            }
            let skipped = waiting.min(left);
            self.taken += skipped;
            left -= skipped;
        }
    }

    /// Puts up to `frames` frames, as one channel, at the end of `into`, and tells how many. Zero is the end: a file that
    /// was cut short ends where its sound ends.
    pub fn read(&mut self, frames: usize, into: &mut Vec<f32>) -> usize {
        let mut done = 0;
        while done < frames {
            let waiting = self.refill();
            if waiting == 0 {
                break;
            }
            let read = waiting.min(frames - done);
            into.extend_from_slice(&self.ready[self.taken..self.taken + read]);
            self.taken += read;
            done += read;
        }
        done
    }

    /// Decodes until something is ready; tells how many frames are.
    fn refill(&mut self) -> usize {
        while self.taken == self.ready.len() && !self.over {
            self.ready.clear();
            self.taken = 0;
            let frames = &mut self.frames;
            let decoded = &mut self.decoded;
            let more = catch_unwind(AssertUnwindSafe(|| frames.next(decoded))).unwrap_or_else(|_| {
                log::error!("The decoder of a recording has failed; it ends here.");
                false
            });
            self.over = !more;
            self.trim();
            let whole = self.decoded.len() / self.channels * self.channels;
            self.mix.push(&self.decoded[..whole], &mut self.ready);
            self.decoded.drain(..whole);
            if self.over {
                self.mix.finish(&mut self.ready);
            }
        }
        self.ready.len() - self.taken
    }

    /// Takes what the encoder added off both ends of the decoded frames.
    fn trim(&mut self) {
        let whole = self.decoded.len() / self.channels;
        let lead = (whole as u64).min(self.lead);
        self.lead -= lead;
        self.decoded.drain(..lead as usize * self.channels);
        if let Some(valid) = &mut self.valid {
            let kept = (*valid).min(whole as u64 - lead);
            *valid -= kept;
            if *valid == 0 {
                self.decoded.truncate(kept as usize * self.channels);
                self.over = true;
            }
        }
    }
}

/// A recording on its way to whoever reads it: what comes over a pipe cannot be opened a second time. Its clones are the same
/// one, and the first who takes it has it.
#[derive(Clone, Debug)]
pub struct OpenedSound(Arc<Mutex<Option<SoundFile>>>);

impl OpenedSound {
    /// Nothing where somebody has it already.
    pub fn take(&self) -> Option<SoundFile> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl From<SoundFile> for OpenedSound {
    fn from(sound: SoundFile) -> Self {
        Self(Arc::new(Mutex::new(Some(sound))))
    }
}

impl PartialEq for OpenedSound {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
