//! Every thread of the app. [`Command`]s go in, [`Event`]s come out; who listens is woken through a closure.
//! Knows the microphone, the listener, the recognizer, the models and the takes' files; never a window.

use std::path::PathBuf;

use crate::{
    models,
    take::Take,
    transcript::{Transcript, Word},
};

/// What is asked of the session. Every command returns at once; what comes of it arrives as [`Event`]s.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// List the microphones: [`Event::Microphones`].
    FindMicrophones,
    /// Open a microphone (nothing: the system's choice) and measure its level. No sound is kept.
    Listen(Option<String>),
    /// Close the microphone.
    Rest,
    /// Load this model for recognition: [`Event::Model`].
    LoadModel(String),
    /// Begin a take.
    Record(TakePlan),
    /// Leave out what is said from now on.
    Pause,
    Resume,
    /// End the take: [`Event::Stopped`] at once, [`Event::Transcribed`] when the last word is settled.
    Stop,
    /// End the take and delete its sound.
    Discard,
    /// Transcribe a take's sound (again), from its file.
    Transcribe(TakePlan),
    /// Play a take's sound from this second on: [`Event::Playing`], [`Event::Played`].
    Play { sound: PathBuf, from: f64 },
    StopPlaying,
    /// Download a model: [`Event::Fetching`], [`Event::Fetched`].
    FetchModel(String),
    CancelFetch,
    /// Take a model from a file or folder.
    ImportModel(PathBuf),
}

/// What a take is to be made of and where it is to lie.
#[derive(Clone, Debug, PartialEq)]
pub struct TakePlan {
    /// The WAV file to write (or, for [`Command::Transcribe`], to read).
    pub sound: PathBuf,
    pub source: Source,
    /// Job terms that may well be said: names for the recognizer to know.
    pub glossary: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// The microphone that [`Command::Listen`] named, or the system's choice.
    Microphone,
    /// A WAV file, delivered in real time as if it were spoken now.
    File(PathBuf),
}

/// What the session tells.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    Microphones(Vec<String>),
    /// The microphone is open.
    Listening { microphone: String },
    /// Nothing but silence has come from it for three seconds.
    Unheard { microphone: String },
    /// Sound comes (again).
    Heard { microphone: String },
    Model(ModelState),
    /// The first sample of a take was delivered.
    Started,
    Words(Update),
    Paused,
    Resumed,
    /// The take's file is complete.
    Stopped(Take),
    /// The take's words are complete.
    Transcribed { take: Take, transcript: Transcript, model: String },
    Playing { second: f64 },
    Played,
    Fetching { model: String, progress: models::Progress },
    Fetched { model: String },
    /// Something failed: what, on what, and what to do, in sentences for people. What was recorded is kept.
    Trouble(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelState {
    /// No such model on this machine yet.
    Missing { model: String },
    Loading { model: String },
    Ready { model: String },
    Failed { model: String, says: String },
}

/// The live text moved on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Update {
    /// Wall seconds since the first sample was delivered.
    pub at: f64,
    /// Seconds of sound delivered by then.
    pub heard: f64,
    /// Words settled since the last update; they never change afterwards.
    pub settled: Vec<Word>,
    /// The text after the settled words, as it is to be shown now.
    pub tentative: String,
    /// Seconds of sound that wait to be decoded, when that is more than usual.
    pub behind: Option<f64>,
}
