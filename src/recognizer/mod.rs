//! From sound to words. [`Recognizer`] is what the rest of the app knows; `whisper` is the real one, `scripted` the
//! one for tests. `live` decides, purely, what is decoded when and which words are settled.

pub mod careful;
mod left_out;
pub mod live;
mod loops;
mod misheard;
pub mod scripted;
mod vocabulary;
mod weigh;
pub mod whisper;

use std::sync::{Arc, atomic::AtomicBool};

use crate::{span::Span, transcript::Witness};

/// Something that writes down what was said.
///
/// Both ways of listening take a window of sound and fail with an error that leaves the recognizer usable: the caller
/// may try again, with the same sound or another.
pub trait Recognizer: Send {
    /// A cheap first hearing of a window that may end in the middle of a word. Times are rough guesses.
    fn glance(&mut self, window: &Window<'_>) -> Result<Hearing, RecognizerError>;

    /// A careful hearing of a whole stretch of speech, with the times of the words.
    fn listen(&mut self, window: &Window<'_>) -> Result<Hearing, RecognizerError>;

    /// Does once, on the thread that will listen, what would hold up the first hearing.
    fn prepare(&mut self) {}

    /// While this is set, whatever is being decoded ends soon, as failed; nothing where that is not possible.
    fn stopper(&self) -> Option<Arc<AtomicBool>> {
        None
    }
}

/// A loaded model. Its ears can be used at the same time, each on a thread of its own.
pub trait Ears: Send + Sync + std::fmt::Debug {
    fn ear(&self) -> Result<Box<dyn Recognizer>, RecognizerError>;
}

/// A window of sound and what is known about it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Window<'a> {
    /// 16 kHz, mono, at most 30 s.
    pub sound: &'a [f32],
    /// Words at the beginning of the window that are certain and are not to be heard again.
    pub known: &'a [HeardWord],
    /// Words that the speaker may well use: names and job terms.
    pub glossary: &'a [String],
    /// Whether to nudge the recognizer to write "um" and "uh" where it hears them.
    pub fillers: bool,
    /// Whether to take more time over it.
    pub room: Room,
    /// Whether someone waits for it, so that all cores are to work on it.
    pub urgent: bool,
}

/// How much room a careful hearing gives the recognizer. With little it is quick, and now and then loses its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Room {
    #[default]
    Usual,
    Ample,
}

/// What was heard in a window.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hearing {
    /// The words after the known ones.
    pub words: Vec<HeardWord>,
    /// The decoder went round in circles or wrote more than the seconds can hold: not to be trusted.
    pub failed: bool,
}

/// A word as a recognizer hears it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeardWord {
    /// With its punctuation, without spaces.
    pub text: String,
    /// 0 to 1.
    pub confidence: f32,
    /// Seconds from the start of the window; from [`Recognizer::glance`] a guess.
    pub span: Option<Span>,
    /// The recognizer's own spelling of it, to be given back in [`Window::known`].
    pub tokens: Vec<i32>,
    /// Whether the recognizer wrote it, or it was put back.
    pub witness: Witness,
    /// What might have stood before it; from [`Recognizer::listen`] only.
    pub nearly: Option<Nearly>,
    /// How the text might go on instead, from this word on.
    pub reading: Option<Reading>,
}

/// Another way to read a text from one of its words on: a filler, and then other words, or none, until it goes on as it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The odds of this instead of what was written, as a natural logarithm.
    pub odds: f32,
    /// How many of the words it does away with.
    pub replaced: usize,
    /// What follows the filler instead of them.
    pub words: Vec<HeardWord>,
}

/// What the recognizer might have written before a word, and did not. Odds are natural logarithms: how much likelier it
/// held this than the likeliest of everything else. It writes what is above 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nearly {
    /// The likeliest vocal filler, and the odds of it as the next thing that was said.
    pub filler: &'static str,
    pub filler_odds: f32,
    /// The odds of the filler and then this word and those after it.
    pub filler_before_odds: f32,
    /// The odds of the word before once more, and of the two before, and then this word and those after it.
    pub again_odds: [f32; 2],
    /// The odds of the word before once more instead of this word, and then those after it.
    pub again_instead_odds: f32,
    /// The odds of the word after this one already here, instead of this word.
    pub first_instead_odds: f32,
}

impl Nearly {
    /// The higher odds of two.
    fn or(self, other: Self) -> Self {
        let filler = if other.filler_odds > self.filler_odds {
            other
        } else {
            self
        };
        Self {
            filler_before_odds: self.filler_before_odds.max(other.filler_before_odds),
            again_odds: std::array::from_fn(|index| self.again_odds[index].max(other.again_odds[index])),
            again_instead_odds: self.again_instead_odds.max(other.again_instead_odds),
            first_instead_odds: self.first_instead_odds.max(other.first_instead_odds),
            ..filler
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum RecognizerError {
    #[error(
        "Could not load the speech model {path}: {reason}. Fetch it again with \"aloud models fetch\", or choose another model."
    )]
    Load { path: String, reason: String },
    #[error(
        "The speech model {path} needs {needed} MB of memory, and {free} MB are free. Close other programs, or choose a smaller model."
    )]
    Memory { path: String, needed: u64, free: u64 },
    #[error("The speech model could not work on this sound: {reason}. The recording is kept; transcribe it again.")]
    Decode { reason: String },
    #[error("The recording could not be read back: {0}. It is kept; transcribe it again.")]
    Sound(std::io::Error),
    #[error("Transcription needs a thread, and the system gives none: {0}. Close other programs.")]
    Thread(std::io::Error),
    #[error(
        "Transcription timed out for part of this recording. The recording is kept: transcribe it again, or choose another model."
    )]
    Hangs,
    #[error(
        "Transcription stopped because of a mistake in Aloud. The recording is kept: transcribe it again, and please report it."
    )]
    Died,
}
