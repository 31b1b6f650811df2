//! From sound to words. [`Recognizer`] is what the rest of the app knows; `whisper` is the real one, `scripted` the
//! one for tests. `live` decides, purely, what is decoded when and which words are settled.

mod doubles;
pub mod final_pass;
mod no_speech;
pub mod pace;
mod prompt;
mod repetition_guard;
pub mod scripted;
pub mod streaming;
mod vocabulary;
pub mod whisper;

use std::sync::{Arc, atomic::AtomicBool};

pub use no_speech::SpeechDoubt;

use crate::{span::Span, transcript::WordOrigin};

/// Something that writes down what was said.
///
/// Both ways of listening take a window of sound and fail with an error that leaves the recognizer usable: the caller
/// may try again, with the same sound or another.
pub trait Recognizer: Send {
    /// A cheap first decode of a window that may end in the middle of a word. Times are rough guesses.
    fn decode_partial(&mut self, window: &Window<'_>) -> Result<PartialResult, RecognizerError>;

    /// A final decode of a whole segment, with the times of the words.
    fn decode_final(&mut self, window: &Window<'_>) -> Result<DecodeResult, RecognizerError>;

    /// Does once, on the thread that will listen, what would hold up the first decode.
    fn prepare(&mut self) {}

    /// While this is set, whatever is being decoded ends soon, as failed; nothing where that is not possible.
    fn stopper(&self) -> Option<Arc<AtomicBool>> {
        None
    }
}

/// A loaded model. Its recognizers can be used at the same time, each on a thread of its own.
pub trait RecognizerFactory: Send + Sync + std::fmt::Debug {
    fn create(&self) -> Result<Box<dyn Recognizer>, RecognizerError>;
}

/// A window of sound and what is known about it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Window<'a> {
    /// 16 kHz, mono, at most 30 s.
    pub sound: &'a [f32],
    /// Words at the beginning of the window that are certain and are not to be heard again.
    pub known: &'a [RecognizedWord],
    /// Words that the speaker may well use: names and job terms.
    pub glossary: &'a [String],
    /// Whether to nudge the recognizer to write "um" and "uh" where it hears them.
    pub fillers: bool,
    /// Whether to take more time over it.
    pub padding: ContextPadding,
    /// Whether someone waits for it, so that all cores are to work on it.
    pub urgent: bool,
}

/// How much room a final decode gives the recognizer. With little it is quick, and now and then loses its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ContextPadding {
    #[default]
    Usual,
    Ample,
    /// As much as the recognizer was trained with.
    Full,
}

/// What a partial decode gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartialResult {
    /// The words after the known ones.
    pub words: Vec<RecognizedWord>,
    /// The decoder got into a loop, wrote more than the seconds can hold, or wrote over a noise: not to be trusted.
    pub failed: bool,
}

/// What a final decode gave. Only the final pass reads it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DecodeResult {
    pub words: Vec<RecognizedWord>,
    /// The decoder got into a loop or wrote more than the seconds can hold: not to be trusted.
    pub failed: bool,
    /// What the decoder held of the sound before it wrote anything.
    pub doubt: SpeechDoubt,
}

/// A word as it leaves the recognizer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecognizedWord {
    /// With its punctuation, without spaces.
    pub text: String,
    /// 0 to 1.
    pub confidence: f32,
    /// Seconds from the start of the window; from [`Recognizer::decode_partial`] a guess.
    pub span: Option<Span>,
    /// The model's own spelling of it, to be given back in [`Window::known`].
    pub tokens: Vec<i32>,
    pub origin: WordOrigin,
}

impl AsRef<str> for RecognizedWord {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

#[derive(Debug, thiserror::Error)]
pub enum RecognizerError {
    #[error(
        "Could not load the speech model {path}: {reason}. Download it again with \"aloud models fetch\", or choose another model."
    )]
    Load { path: String, reason: String },
    #[error(
        "The speech model {path} needs {needed} MB of memory, and {free} MB are free. Close other programs, or choose a smaller model."
    )]
    Memory { path: String, needed: u64, free: u64 },
    #[error("Transcription failed: {reason}. The recording is kept; transcribe it again.")]
    Decode { reason: String },
    #[error("The recording could not be read back: {0}. It is kept; transcribe it again.")]
    Sound(std::io::Error),
    #[error("Transcription could not start a thread: {0}. Close other programs.")]
    Thread(std::io::Error),
    #[error(
        "Transcription timed out for part of this recording. The recording is kept: transcribe it again, or choose another model."
    )]
    Hangs,
    #[error(
        "Transcription stopped because of a bug in Aloud. The recording is kept: transcribe it again, and please report it."
    )]
    Died,
}
