//! From sound to words. [`Recognizer`] is what the rest of the app knows; `whisper` is the real one, `scripted` the
//! one for tests. `live` decides, purely, what is decoded when and which words are settled.

mod disfluency;
pub mod final_pass;
mod no_speech;
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
}

/// What a partial decode gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartialResult {
    /// The words after the known ones.
    pub words: Vec<RecognizedWord>,
    /// The decoder got into a loop, wrote more than the seconds can hold, or wrote over a noise: not to be trusted.
    pub failed: bool,
}

/// What a final decode gave, with all that the decoder knows beside its text. Only the final pass reads it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DecodeResult {
    pub words: Vec<DecodedWord>,
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

/// A word as the decoder wrote it, and what else might have stood there. It never leaves the recognizer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DecodedWord {
    /// With its punctuation, without spaces.
    pub text: String,
    /// 0 to 1.
    pub confidence: f32,
    /// Seconds from the start of the window.
    pub span: Option<Span>,
    pub tokens: Vec<i32>,
    pub origin: WordOrigin,
    /// What might have stood before it.
    pub candidates: Option<DisfluencyCandidates>,
    /// How the text might go on instead, from this word on.
    pub alternative: Option<Alternative>,
}

impl AsRef<str> for DecodedWord {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl From<DecodedWord> for RecognizedWord {
    fn from(word: DecodedWord) -> Self {
        Self {
            text: word.text,
            confidence: word.confidence,
            span: word.span,
            tokens: word.tokens,
            origin: word.origin,
        }
    }
}

/// Another way to read a text from one of its words on: a filler, and then other words, or none, until it goes on as it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Alternative {
    /// The odds of this instead of what was written, as a natural logarithm.
    pub log_odds: f32,
    /// How many of the words it does away with.
    pub replaced: usize,
    /// What follows the filler instead of them.
    pub words: Vec<DecodedWord>,
}

/// What the recognizer might have written before a word, and did not. Odds are natural logarithms: how much likelier it
/// held this than the likeliest of everything else. It writes what is above 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DisfluencyCandidates {
    /// The likeliest vocal filler, and the odds of it as the next thing that was said.
    pub filler: &'static str,
    pub filler_log_odds: f32,
    /// The odds of the filler and then this word and those after it.
    pub filler_before_log_odds: f32,
    /// The odds of the word before once more, and of the two before, and then this word and those after it.
    pub again_log_odds: [f32; 2],
    /// The odds of the word before once more instead of this word, and then those after it.
    pub again_instead_log_odds: f32,
    /// The odds of the word after this one already here, instead of this word.
    pub first_instead_log_odds: f32,
}

impl DisfluencyCandidates {
    /// The higher odds of two.
    fn or(self, other: Self) -> Self {
        let filler = if other.filler_log_odds > self.filler_log_odds {
            other
        } else {
            self
        };
        Self {
            filler_before_log_odds: self.filler_before_log_odds.max(other.filler_before_log_odds),
            again_log_odds: std::array::from_fn(|index| self.again_log_odds[index].max(other.again_log_odds[index])),
            again_instead_log_odds: self.again_instead_log_odds.max(other.again_instead_log_odds),
            first_instead_log_odds: self.first_instead_log_odds.max(other.first_instead_log_odds),
            ..filler
        }
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
