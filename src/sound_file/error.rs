//! Why a recording cannot be read, in everyday words, and what to do.

use std::io;

use crate::take::SOURCE_RATES;

/// A recording that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SoundFileError {
    #[error("Could not open {name}: {source}. Check the name and the file's permissions.")]
    Open { name: String, source: io::Error },
    #[error("Could not read {name}: {source}. Try again, or copy the file to this machine first.")]
    Read { name: String, source: io::Error },
    #[error("{name} is a folder. Name a recording in it, such as a WAV, MP3 or M4A file.")]
    Folder { name: String },
    #[error("Standard input is a terminal. Pipe a recording into it, or name a file.")]
    Terminal,
    #[error("{name} contains no audio. Record it again, or choose another file.")]
    Empty { name: String },
    #[error(
        "{name} has a sample rate of {rate} Hz; {} to {} Hz are supported. Convert it to 16000 and try again.",
        SOURCE_RATES.start(),
        SOURCE_RATES.end()
    )]
    Rate { name: String, rate: u32 },
    #[error(
        "{name} has {channels} channels; at most {} can be read. Save it with one channel and try again.",
        super::MOST_CHANNELS
    )]
    Channels { name: String, channels: usize },
    /// The kind is known and cannot be read.
    #[error("{name} is {what}, which Aloud cannot read. {advice}")]
    Refused { name: String, what: String, advice: Advice },
    #[error("{name} is a damaged {kind}: {what}. Save or copy it again from where it was recorded.")]
    Damaged {
        name: String,
        kind: &'static str,
        what: &'static str,
    },
    #[error(
        "{name} is no recording that Aloud knows. It reads WAV, MP3, M4A, MP4, OGG, Opus, WebM, FLAC, AIFF and CAF files: save the \
         sound as one of these."
    )]
    Unknown { name: String },
}

/// What to do about a file that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// It is sound.
    Convert,
    /// It is sound behind a lock.
    Unprotected,
    /// It is something else.
    ChooseRecording,
    /// A typed answer has its own option.
    UseText,
    /// It holds the recording.
    Unpack,
}

impl std::fmt::Display for Advice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Convert => "Open it in an audio program, save it as WAV or MP3, and try again.",
            Self::Unprotected => {
                "Only the program that it was bought with can play it: choose a recording of your own."
            }
            Self::ChooseRecording => "Choose a recording, such as a WAV, MP3 or M4A file.",
            Self::UseText => "Choose a recording, or give a typed answer with --text.",
            Self::Unpack => "Unpack it, and choose the recording inside.",
        })
    }
}

/// Why a recording cannot be read, before its name is known.
#[derive(Debug)]
pub(super) enum Unreadable {
    Io(io::Error),
    Empty,
    Channels(usize),
    Refused { what: String, advice: Advice },
    Damaged { kind: &'static str, what: &'static str },
    Unknown,
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Unreadable {
    pub(super) fn sound(what: impl Into<String>) -> Self {
        Self::Refused {
            what: what.into(),
            advice: Advice::Convert,
        }
    }

    pub(super) fn of(self, name: &str) -> SoundFileError {
        let name = name.to_owned();
        match self {
            Self::Io(source) => SoundFileError::Read { name, source },
            Self::Empty => SoundFileError::Empty { name },
            Self::Channels(channels) => SoundFileError::Channels { name, channels },
            Self::Refused { what, advice } => SoundFileError::Refused { name, what, advice },
            Self::Damaged { kind, what } => SoundFileError::Damaged { name, kind, what },
            Self::Unknown => SoundFileError::Unknown { name },
        }
    }
}
