//! The session's thread: commands and what the other threads tell come in one after the other, so that nothing here
//! needs a lock. What is done about the microphone, takes, models and the loudspeakers is in a file each.

mod microphone;
mod models;
mod playing;
mod takes;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use super::{
    Outbox,
    library::Library,
    mailbox::{Mail, Mailbox},
    microphones::{self, Microphones},
    open_microphone::{LostMicrophone, OpenMicrophone},
    transcriber::{self, Transcriber},
};
use crate::{
    listener::{self, Listener, feed::Feed},
    narrator::Narrator,
    protocol::{Command, Event, Failure, FailureKind, ModelState, TakePlan, Task},
    recognizer::Ears,
    speaker::Playback,
    store::take_file::TakeSound,
    take::{Take, TakeId},
};

const TICK: Duration = Duration::from_millis(50);
/// Between two steps of progress that are told: a bar that moves more often is not seen to.
const PROGRESS_EVERY: Duration = Duration::from_millis(100);
/// How long the end of the session waits for the take's file, and for decodes that were told to stop.
const PATIENCE_AT_END: Duration = Duration::from_secs(2);

/// What other threads tell the session's.
#[derive(Debug)]
pub(super) enum Message {
    Listener(listener::Told),
    Microphones(microphones::Told),
    Transcriber(u64, transcriber::Told),
    Loaded(String, Result<Option<Arc<dyn Ears>>, Failure>),
    Fetched(String, Result<(), Failure>),
    Imported(PathBuf, Result<String, Failure>),
}

/// The take that is being made or transcribed.
#[derive(Debug)]
struct Work {
    plan: TakePlan,
    sound: TakeSound,
    live: bool,
    begun: Option<Instant>,
    /// The take, once its file is complete.
    take: Option<Take>,
    transcriber: Option<Transcriber>,
    /// Transcription failed: it is not begun again by itself.
    failed: bool,
    /// The end of the take was asked for.
    ending: Option<Ending>,
}

/// What becomes of a take whose end was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Kept,
    Discarded,
}

impl Work {
    fn id(&self) -> TakeId {
        self.plan.id()
    }

    fn is_discarded(&self) -> bool {
        self.ending == Some(Ending::Discarded)
    }
}

#[derive(Debug)]
pub(super) struct SessionThread {
    mailbox: Arc<Mailbox>,
    outbox: Arc<Outbox>,
    listener: Listener,
    microphones: Microphones,
    library: Arc<dyn Library>,
    model: Option<(String, Arc<dyn Ears>)>,
    wanted_model: Option<String>,
    /// What was told of the wanted model last.
    model_state: Option<ModelState>,
    microphone: Option<OpenMicrophone>,
    /// The microphone that is gone, until another is open.
    lost: Option<LostMicrophone>,
    work: Option<Work>,
    work_number: u64,
    /// What is to be recorded once the take before it is completed or thrown away.
    next: Option<TakePlan>,
    /// Transcribers whose words nobody wants, until their threads have ended.
    retired: Vec<Transcriber>,
    feed: Option<Feed>,
    playback: Option<Playback>,
    playback_sound: PathBuf,
    narrator: Narrator,
    /// When the last reading ended.
    read_until: Option<Instant>,
    fetch: Option<Arc<AtomicBool>>,
    progress_told: Instant,
    /// The microphone is to be opened again when the file that is delivered has ended.
    #[expect(
        clippy::option_option,
        reason = "none was asked for, the system's choice was, or this one"
    )]
    asked_microphone: Option<Option<String>>,
}

/// A thread for something that takes long could not be had.
#[derive(Debug, thiserror::Error)]
#[error("This machine has no thread left for the {what}: {source}. Close other programs.")]
struct NoThread {
    what: String,
    source: std::io::Error,
}

/// A thread died over what it was asked.
#[derive(Debug, thiserror::Error)]
#[error("The {what} ended because of a mistake in Aloud. Try again, and please report it.")]
struct ThreadDied {
    what: String,
}

impl SessionThread {
    pub(super) fn new(
        mailbox: Arc<Mailbox>,
        outbox: Arc<Outbox>,
        listener: Listener,
        library: Arc<dyn Library>,
    ) -> std::io::Result<Self> {
        Ok(Self {
            microphones: Microphones::start(&mailbox)?,
            mailbox,
            outbox,
            listener,
            library,
            model: None,
            wanted_model: None,
            model_state: None,
            microphone: None,
            lost: None,
            work: None,
            work_number: 0,
            next: None,
            retired: Vec::new(),
            feed: None,
            playback: None,
            playback_sound: PathBuf::new(),
            narrator: Narrator::default(),
            read_until: None,
            fetch: None,
            progress_told: Instant::now(),
            asked_microphone: None,
        })
    }

    pub(super) fn run(&mut self) {
        self.narrator = Narrator::find();
        self.outbox.push(Event::CanReadAloud(self.narrator.is_here()));
        loop {
            match self.mailbox.next(TICK) {
                Mail::Command(command) => self.handle_command(command),
                Mail::Message(message) => self.handle_message(message),
                Mail::Closed => return self.quit(),
                Mail::Nothing => {}
            }
            self.watch_microphone();
            self.watch_level();
            self.watch_progress();
            self.watch_playback();
            self.watch_reading();
            self.watch_retired();
        }
    }

    fn quit(&mut self) {
        if let Some(cancel) = &self.fetch {
            cancel.store(true, Ordering::Release);
        }
        self.next = None;
        self.playback = None;
        self.feed = None;
        if let Some(work) = &mut self.work {
            self.retired.extend(work.transcriber.take());
        }
        for transcriber in &self.retired {
            transcriber.abandon();
        }
        // The take is completed first; its words can be had from its sound at any time.
        self.listener.end();
        let until = Instant::now() + PATIENCE_AT_END;
        while self.work.as_ref().is_some_and(|work| work.take.is_none()) && Instant::now() < until {
            if let Mail::Message(Message::Listener(listener::Told::Ended(take))) = self.mailbox.next(TICK)
                && let Some(work) = &mut self.work
            {
                work.take = Some(take);
            }
        }
        while self.retired.iter().any(|transcriber| !transcriber.is_over()) && Instant::now() < until {
            thread::sleep(Duration::from_millis(5));
        }
        for transcriber in self.retired.drain(..) {
            if !transcriber.is_over() {
                log::error!("A transcription does not stop; it ends with the process.");
                transcriber.leave();
            }
        }
    }

    fn handle_message(&mut self, message: Message) {
        match message {
            Message::Listener(told) => self.handle_listener(told),
            Message::Microphones(told) => self.handle_microphones(told),
            Message::Transcriber(number, told) if number == self.work_number => self.handle_transcriber(told),
            // Of a take that has been left.
            Message::Transcriber(..) => {}
            Message::Loaded(model, outcome) => self.model_loaded(model, outcome),
            Message::Fetched(model, outcome) => {
                self.fetch = None;
                self.mailbox.take_progress();
                match outcome {
                    Ok(()) => self.outbox.push(Event::Fetched { model }),
                    Err(failure) => self.fail(Task::Download(model), failure),
                }
            }
            Message::Imported(path, Ok(model)) => self.outbox.push(Event::Imported { path, model }),
            Message::Imported(path, Err(failure)) => self.fail(Task::Import(path), failure),
        }
    }

    fn handle_command(&mut self, command: Command) {
        match command {
            Command::FindMicrophones => self.microphones.find(),
            Command::Listen(name) => self.listen(name),
            Command::Rest => {
                self.asked_microphone = None;
                self.microphone = None;
                self.lost = None;
                self.listener.rest();
                self.microphones.close();
            }
            Command::LoadModel(model) => self.load(model),
            Command::Record(plan) => self.record(plan),
            Command::Pause => {
                self.listener.pause();
                if let Some(take) = self.recorded_take() {
                    self.outbox.push(Event::Paused(take));
                }
            }
            Command::Resume => {
                self.listener.resume();
                if let Some(take) = self.recorded_take() {
                    self.outbox.push(Event::Resumed(take));
                }
            }
            Command::Stop => self.stop(false),
            Command::Discard => self.stop(true),
            Command::Transcribe(plan) => self.transcribe(plan),
            Command::WriteElsewhere { take, folder } => self.listener.relocate(take, folder),
            Command::Play { sound, from } => self.play(&sound, from),
            Command::StopPlaying => {
                if self.playback.take().is_some() {
                    self.outbox.push(Event::Played);
                }
            }
            Command::ReadAloud(text) => self.read_aloud(&text),
            Command::StopReading => self.stop_reading(),
            Command::FetchModel { model, mirror } => self.fetch(model, mirror),
            Command::CancelFetch => {
                if let Some(cancel) = &self.fetch {
                    cancel.store(true, Ordering::Release);
                }
            }
            Command::ImportModel(path) => self.import(path),
        }
    }

    /// The take that is being recorded, and not yet complete.
    fn recorded_take(&self) -> Option<TakeId> {
        let work = self.work.as_ref().filter(|work| work.take.is_none())?;
        Some(work.id())
    }

    fn watch_progress(&mut self) {
        if self.progress_told.elapsed() < PROGRESS_EVERY {
            return;
        }
        if let Some((model, progress)) = self.mailbox.take_progress().filter(|_| self.fetch.is_some()) {
            self.progress_told = Instant::now();
            self.outbox.push(Event::Fetching { model, progress });
        }
    }

    fn fail(&self, task: Task, failure: impl Into<Failure>) {
        let failure = failure.into();
        log::warn!("{failure}");
        self.outbox.push(Event::Failed { task, failure });
    }

    /// Does something that takes long on a thread of its own; what it gives comes back as a message, and so does its
    /// failure where the thread cannot be had or dies.
    fn aside<T: Send + 'static>(
        &self,
        what: &str,
        work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
        message: impl FnOnce(Result<T, Failure>) -> Message + Send + 'static,
    ) -> Result<(), Failure> {
        let mailbox = Arc::clone(&self.mailbox);
        let name = what.to_owned();
        let run = move || {
            let outcome = catch_unwind(AssertUnwindSafe(work))
                .unwrap_or_else(|_| Err(Failure::new(FailureKind::Defect, ThreadDied { what: name })));
            mailbox.message(message(outcome));
        };
        let spawned = thread::Builder::new().name(what.to_owned()).spawn(run);
        spawned.map(|_| ()).map_err(|source| {
            let what = what.to_owned();
            Failure::new(FailureKind::Resources, NoThread { what, source })
        })
    }
}
