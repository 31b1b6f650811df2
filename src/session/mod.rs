//! Every thread of the app. [`Command`]s go in, [`Event`]s come out; who listens is woken through a closure.
//! Knows the microphone, the listener, the recognizer, the models and the takes' files; never a window.

pub mod library;
mod microphones;
pub mod needle;
mod open_microphone;
mod run;
pub mod transcriber;

use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{SyncSender, TrySendError, sync_channel},
    },
    thread::{self, JoinHandle},
};

use library::Library;

use crate::{
    listener::{Listener, Meter},
    models,
    take::{Level, Take},
    transcript::{Transcript, Word},
};

/// The running session. Dropping it completes the take that is being recorded and ends every thread.
#[derive(Debug)]
pub struct Session {
    inbox: Option<SyncSender<run::Message>>,
    outbox: Arc<Outbox>,
    meter: Arc<Meter>,
    thread: Option<JoinHandle<()>>,
}

impl Session {
    /// Starts the session's threads. `wake` is called, from any of them, whenever an event has come; it must not wait.
    pub fn start(library: Arc<dyn Library>, wake: impl Fn() + Send + Sync + 'static) -> std::io::Result<Self> {
        let (inbox, messages) = sync_channel(256);
        let outbox = Arc::new(Outbox {
            events: Mutex::new(VecDeque::new()),
            wake: Box::new(wake),
        });
        let listener = {
            let inbox = inbox.clone();
            Listener::start(move |told| {
                // The session outlives its listener, so somebody reads this.
                let _ = inbox.send(run::Message::Listener(told));
            })?
        };
        let meter = Arc::clone(listener.meter());
        let mut conductor = run::Conductor::new(messages, inbox.clone(), Arc::clone(&outbox), listener, library)?;
        let thread = thread::Builder::new()
            .name("session".to_owned())
            .spawn(move || conductor.run())?;
        Ok(Self {
            inbox: Some(inbox),
            outbox,
            meter,
            thread: Some(thread),
        })
    }

    /// Asks for something. Never waits.
    pub fn send(&self, command: Command) {
        let Some(inbox) = &self.inbox else { return };
        match inbox.try_send(run::Message::Command(command)) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => self.outbox.push(Event::Trouble(
                "Aloud is too busy to answer. What was recorded is kept; try again in a moment.".to_owned(),
            )),
            Err(TrySendError::Disconnected(_)) => self.outbox.push(Event::Trouble(
                "The recording part of Aloud has stopped. What was recorded is kept; start Aloud again.".to_owned(),
            )),
        }
    }

    /// Everything that has happened since the last call.
    pub fn drain(&self) -> Vec<Event> {
        self.outbox.lock().drain(..).collect()
    }

    /// How loud it is now.
    pub fn level(&self) -> Level {
        self.meter.level()
    }

    /// Length of the take so far, in seconds.
    pub fn recording_seconds(&self) -> f64 {
        self.meter.seconds()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(inbox) = self.inbox.take() {
            let _ = inbox.send(run::Message::Quit);
        }
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!("The session ended in a panic.");
        }
    }
}

/// Events on their way to whoever listens. It never blocks the session: updates of the live text join into one while
/// nobody looks, and everything else is rare.
struct Outbox {
    events: Mutex<VecDeque<Event>>,
    wake: Box<dyn Fn() + Send + Sync>,
}

impl std::fmt::Debug for Outbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outbox").finish_non_exhaustive()
    }
}

impl Outbox {
    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<Event>> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, event: Event) {
        {
            let mut events = self.lock();
            match (events.back_mut(), event) {
                (Some(Event::Words(waiting)), Event::Words(fresh)) => {
                    let mut settled = std::mem::take(&mut waiting.settled);
                    settled.extend(fresh.settled);
                    *waiting = Update { settled, ..fresh };
                }
                (Some(Event::Playing { second }), Event::Playing { second: later }) => *second = later,
                (
                    Some(Event::Level { step, speech }),
                    Event::Level {
                        step: later,
                        speech: voice,
                    },
                ) => {
                    *step = later;
                    *speech |= voice;
                }
                (
                    Some(Event::Fetching { model, progress }),
                    Event::Fetching {
                        model: same,
                        progress: later,
                    },
                ) if *model == same => {
                    *progress = later;
                }
                (_, event) => events.push_back(event),
            }
        }
        (self.wake)();
    }
}

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
    Play {
        sound: PathBuf,
        from: f64,
    },
    StopPlaying,
    /// Read a text aloud with the system's own speech: [`Event::ReadingAloud`]. Recording and playing end it.
    ReadAloud(String),
    StopReading,
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
    /// A WAV file, worked through as fast as it goes. Only settled words are told.
    FileAtOnce(PathBuf),
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
    /// The level moved to another of the meter's steps ([`needle::STEPS`]), or a voice came. Not told during a take.
    Level {
        step: u8,
        speech: bool,
    },
    Model(ModelState),
    /// The first sample of a take was delivered.
    Started,
    Words(Update),
    Paused,
    Resumed,
    /// The take's file is complete.
    Stopped(Take),
    /// How long the model took while someone spoke: wall seconds for a second of sound. Comes before
    /// [`Event::Transcribed`], where there was enough to measure.
    Paced {
        model: String,
        pace: f64,
    },
    /// The take's words are complete.
    Transcribed {
        take: Take,
        transcript: Transcript,
        model: String,
    },
    Playing {
        second: f64,
    },
    Played,
    /// Whether this system has a program that reads aloud.
    CanReadAloud(bool),
    ReadingAloud(bool),
    Fetching {
        model: String,
        progress: models::Progress,
    },
    Fetched {
        model: String,
    },
    /// Something failed: what, on what, and what to do, in sentences for people. What was recorded is kept.
    Trouble(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
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
        says: String,
    },
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
