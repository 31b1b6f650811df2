//! What the session is told and what it tells: [`Command`]s in, [`Event`]s out, and [`Failure`]s that still know what
//! they are. Known to both sides; knows no thread, no device and no window. Rooms above turn their own errors into
//! failures.

use std::{error::Error, fmt, path::PathBuf, sync::Arc};

use crate::{
    settings::PlaybackSpeed,
    sound_file::OpenedSound,
    take::{Take, TakeId},
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
    /// Load this one for the final text: [`Event::FinalModel`]. Nothing: that is the other one's, too.
    LoadFinalModel(Option<String>),
    /// Let go of the models' memory, unless they are at work. They are loaded again when one is needed.
    UnloadModels,
    /// Load what was let go of: it will be needed soon.
    ReloadModels,
    /// Find out how fast the loaded model is on this machine, with a recording of the program's own: [`Event::Paced`].
    MeasurePace,
    /// Begin a take: [`Event::Started`] with its first sample. While the one before is still being completed or thrown
    /// away, it begins as soon as that is done.
    Record(TakePlan),
    /// Leave out what is said from now on.
    Pause,
    Resume,
    /// End the take: always one [`Event::Stopped`], and then [`Event::Transcribed`] when the last word is settled, or
    /// [`Event::Failed`] with [`Task::Transcription`] (which may have come before).
    Stop,
    /// End the take and delete its sound.
    Discard,
    /// Transcribe a take's sound (again), from its file.
    Transcribe(TakePlan),
    /// The disk refuses a take's sound: copy what is on it, and what waits in memory, into this folder, and go on there.
    /// [`Event::Written`] names the new file.
    WriteElsewhere {
        take: TakeId,
        folder: PathBuf,
    },
    /// Play a take's sound from this second on, in place of what is played: [`Event::Playing`], [`Event::Played`].
    Play {
        sound: PathBuf,
        from: f64,
        speed: PlaybackSpeed,
        playback: PlaybackId,
    },
    StopPlaying,
    /// Read a text aloud with the system's own speech: [`Event::ReadingAloud`]. Recording and playing end it.
    ReadAloud(String),
    StopReading,
    /// Download a model: [`Event::Fetching`], [`Event::Fetched`].
    /// From this mirror first, where one is named.
    FetchModel {
        model: String,
        mirror: Option<String>,
    },
    CancelFetch,
    /// Take a model from a file or folder: [`Event::Imported`].
    ImportModel(PathBuf),
}

/// Tells one playback from another: what is told of one that was stopped or left may come after the next has begun.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlaybackId(pub u64);

/// What a take is to be made of and where it is to lie.
#[derive(Clone, Debug, PartialEq)]
pub struct TakePlan {
    /// The WAV file to write (or, for [`Command::Transcribe`], to read).
    pub sound: PathBuf,
    pub source: Source,
    /// Job terms that may well be said: names for the recognizer to know.
    pub glossary: Vec<String>,
    /// Whether the text of a live take may come in two steps, [`Event::Preliminary`] soon after Stop and a better one some
    /// seconds later. Else there is one, soon after Stop.
    pub may_improve: bool,
}

impl TakePlan {
    /// The take's name in every event about it.
    pub fn id(&self) -> TakeId {
        TakeId::of(&self.sound)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// The microphone that [`Command::Listen`] named, or the system's choice.
    Microphone,
    /// A recording, delivered in real time as if it were spoken now.
    File(PathBuf),
    /// A recording, worked through as fast as it goes. Only settled words are told.
    FileAtOnce(PathBuf),
    /// The same, of one that is open already: what comes over a pipe cannot be opened again.
    Opened(OpenedSound),
    OpenedAtOnce(OpenedSound),
}

/// What the session tells.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    Microphones(Vec<String>),
    /// The microphone is open.
    Listening {
        microphone: String,
    },
    /// Nothing but silence has come from it for nearly three seconds.
    Unheard {
        microphone: String,
    },
    /// Sound comes (again).
    Heard {
        microphone: String,
    },
    /// The microphone is gone; another, or the same again, goes on in the same take.
    MicrophoneReplaced {
        lost: Failure,
        microphone: String,
    },
    /// The level moved to another of the meter's steps, or a voice came. Not told during a take.
    Level {
        step: u8,
        speech: bool,
    },
    Model(ModelState),
    /// That of the model for the final text. Where it is not to be had, the other one writes that.
    FinalModel(ModelState),
    /// The first sample of a take was delivered.
    Started(TakeId),
    Words {
        take: TakeId,
        update: Update,
    },
    Paused(TakeId),
    Resumed(TakeId),
    /// The take's file is complete, but for what the disk may still refuse.
    Stopped(Take),
    /// The disk refuses a take's sound. So many seconds of it wait in memory and are tried again by themselves, as long
    /// as the session lives. Told once, and again when the take is complete and they still wait.
    Unwritten {
        take: TakeId,
        seconds: f64,
        failure: Failure,
    },
    /// All of a take's sound lies on the disk (again): in this file.
    Written {
        take: TakeId,
        sound: PathBuf,
    },
    /// How long a model takes: wall seconds of one core for a second of sound. Measured over a take, it comes before
    /// [`Event::Transcribed`], where there was enough of it.
    Paced {
        model: String,
        pace: f64,
    },
    /// The take's words are complete, and those of the model for the final text will take a while: these are the other
    /// one's. [`Event::Transcribed`] follows, now or when nothing else is being recorded.
    Preliminary {
        take: Take,
        transcript: Transcript,
        model: String,
    },
    /// The take's words are complete.
    Transcribed {
        take: Take,
        transcript: Transcript,
        model: String,
    },
    /// The second of the take that is heard, whatever the speed.
    Playing {
        playback: PlaybackId,
        second: f64,
    },
    /// It plays no more: stopped at this second of the take, or at its end.
    Played {
        playback: PlaybackId,
        stopped_at: Option<f64>,
    },
    /// Whether this system has a program that reads aloud.
    CanReadAloud(bool),
    ReadingAloud(bool),
    Fetching {
        model: String,
        progress: Progress,
    },
    Fetched {
        model: String,
    },
    Imported {
        path: PathBuf,
        model: String,
    },
    /// Something failed, and with it this task. What was recorded is kept.
    Failed {
        task: Task,
        failure: Failure,
    },
}

/// What was being done when it failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// Listing the microphones, or opening one. A take that runs goes on, and another microphone is looked for.
    Microphone,
    /// Making a take: it has not begun, and will not.
    Recording(TakeId),
    /// Writing a take down. A take that is still being recorded goes on; it can be written down again afterwards.
    Transcription(TakeId),
    /// Deleting a take that was thrown away.
    Deletion(TakeId),
    Playback(PathBuf),
    ReadAloud,
    /// Measuring how fast the model is.
    Measurement,
    /// Downloading this model.
    Download(String),
    /// Importing a model from this path.
    Import(PathBuf),
    /// The session itself: nothing can be recorded, played or fetched any more.
    Session,
}

/// Why something failed: a kind to act on, and the error itself, whose text says what failed, on what, and what to do.
#[derive(Clone, Debug)]
pub struct Failure {
    pub kind: FailureKind,
    source: Arc<dyn Error + Send + Sync>,
}

/// What sort of failure it is, as far as anybody does something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// The person wanted it to end. Nothing is wrong, and nothing needs to be said.
    Cancelled,
    /// Something else is under way that excludes it. Works once that is done.
    Busy,
    /// A disk is full, read-only, or gone. Works again once there is room; nothing needs to be asked for anew.
    Storage,
    /// A microphone, a loudspeaker or the system's voice is missing, held by another program, or forbidden. Works once
    /// the person has done something about it.
    Device,
    /// The recognizer could not write down a sound. Another try, or another model, may do.
    Recognition,
    /// A file that was given is not what it should be. Another try fails in the same way.
    Input,
    /// Nothing came over the network, or not what it should. Works once online.
    Network,
    /// The machine is out of memory or threads. Works once other programs are closed.
    Resources,
    /// A mistake in Aloud: a thread died. The task can be tried again.
    Defect,
}

impl Failure {
    pub fn new(kind: FailureKind, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            kind,
            source: Arc::from(source.into()),
        }
    }

    /// The kind behind an error of the system: its memory and threads, its disk, or a file.
    pub fn kind_of(error: &std::io::Error) -> FailureKind {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::OutOfMemory | ErrorKind::WouldBlock => FailureKind::Resources,
            ErrorKind::InvalidData | ErrorKind::UnexpectedEof | ErrorKind::InvalidInput => FailureKind::Input,
            _ => FailureKind::Storage,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.source()
    }
}

impl PartialEq for Failure {
    /// Errors cannot be compared; what they say can.
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.to_string() == other.to_string()
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum ModelState {
    /// No such model on this machine yet.
    Missing {
        model: String,
    },
    Loading {
        model: String,
    },
    Ready {
        model: String,
    },
    Failed {
        model: String,
        failure: Failure,
    },
}

/// How far a download has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub done_bytes: u64,
    /// Nothing where the other side does not say.
    pub total_bytes: Option<u64>,
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
    /// Seconds of speech that the text has not come to yet, where they are many.
    pub behind: Option<f64>,
}

impl Update {
    /// Takes in what came later: settled words follow each other, the rest is as it is now.
    pub fn merge(&mut self, later: Self) {
        let mut settled = std::mem::take(&mut self.settled);
        settled.extend(later.settled);
        *self = Self { settled, ..later };
    }
}
