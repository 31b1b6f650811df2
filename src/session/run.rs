//! The session's thread: commands and what the other threads tell come in one after the other, so that nothing here
//! needs a lock. What is done about the microphone, takes, models and the loudspeakers is in a file each.

mod microphone;
mod models;
mod playing;
mod takes;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::{Arc, atomic::Ordering},
    thread,
    time::{Duration, Instant},
};

use self::{
    microphone::MicrophoneControl,
    models::{ModelControl, ModelUse},
    playing::OutputControl,
    takes::TakeControl,
};
use super::{
    Outbox,
    mailbox::{Mail, Mailbox},
    microphones::{MicrophoneEvent, Microphones},
    model_provider::ModelProvider,
    transcriber::TranscriberEvent,
};
use crate::{
    listener::{self, Listener},
    narrator::Narrator,
    protocol::{Command, Event, Failure, FailureKind, Task},
    recognizer::RecognizerFactory,
    take::TakeId,
};

const TICK: Duration = Duration::from_millis(50);
/// Between two steps of progress that are told: a bar that moves more often is not seen to.
const PROGRESS_EVERY: Duration = Duration::from_millis(100);
/// How long the end of the session waits for the take's file, and for decodes that were told to stop.
const PATIENCE_AT_END: Duration = Duration::from_secs(2);

/// What other threads tell the session's.
#[derive(Debug)]
pub(super) enum Message {
    Listener(listener::ListenerEvent),
    Microphones(MicrophoneEvent),
    Transcriber(u64, TranscriberEvent),
    Loaded(ModelUse, String, Result<Option<Arc<dyn RecognizerFactory>>, Failure>),
    Measured(String, Result<f64, Failure>),
    Fetched(String, Result<(), Failure>),
    Imported(PathBuf, Result<String, Failure>),
}

#[derive(Debug)]
pub(super) struct SessionThread {
    mailbox: Arc<Mailbox>,
    outbox: Arc<Outbox>,
    listener: Listener,
    microphones: MicrophoneControl,
    takes: TakeControl,
    models: ModelControl,
    output: OutputControl,
}

/// A thread for something that takes long could not be had.
#[derive(Debug, thiserror::Error)]
#[error("Could not start a thread for the {what}: {source}. Close other programs.")]
struct NoThread {
    what: String,
    source: std::io::Error,
}

/// A thread died over what it was asked.
#[derive(Debug, thiserror::Error)]
#[error("The {what} ended because of a bug in Aloud. Try again, and please report it.")]
struct ThreadDied {
    what: String,
}

impl SessionThread {
    pub(super) fn new(
        mailbox: Arc<Mailbox>,
        outbox: Arc<Outbox>,
        listener: Listener,
        model_provider: Arc<dyn ModelProvider>,
    ) -> std::io::Result<Self> {
        Ok(Self {
            microphones: MicrophoneControl::new(Microphones::start(&mailbox)?),
            models: ModelControl::new(model_provider),
            mailbox,
            outbox,
            listener,
            takes: TakeControl::default(),
            output: OutputControl::default(),
        })
    }

    pub(super) fn run(&mut self) {
        self.output.narrator = Narrator::find();
        self.outbox.push(Event::CanReadAloud(self.output.narrator.is_here()));
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
            self.watch_later();
        }
    }

    fn quit(&mut self) {
        if let Some(cancel) = &self.models.download {
            cancel.store(true, Ordering::Release);
        }
        self.takes.next = None;
        self.output.playback = None;
        self.takes.feed = None;
        if let Some(work) = &mut self.takes.active {
            self.takes.retired.extend(work.transcriber.take());
        }
        for transcriber in &self.takes.retired {
            transcriber.abandon();
        }
        // The take is completed first; its words can be had from its sound at any time.
        self.listener.end();
        let until = Instant::now() + PATIENCE_AT_END;
        while self.takes.active.as_ref().is_some_and(|work| work.take.is_none()) && Instant::now() < until {
            if let Mail::Message(Message::Listener(listener::ListenerEvent::Ended(take))) = self.mailbox.next(TICK)
                && let Some(work) = &mut self.takes.active
            {
                work.take = Some(take);
            }
        }
        while self.takes.retired.iter().any(|transcriber| !transcriber.is_over()) && Instant::now() < until {
            thread::sleep(Duration::from_millis(5));
        }
        for transcriber in self.takes.retired.drain(..) {
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
            Message::Transcriber(number, told) if number == self.takes.number => self.handle_transcriber(told),
            // Of a take that has been left.
            Message::Transcriber(..) => {}
            Message::Loaded(of, model, outcome) => self.model_loaded(of, model, outcome),
            Message::Measured(model, Ok(pace)) => self.outbox.push(Event::Paced { model, pace }),
            Message::Measured(_, Err(failure)) => self.fail(Task::Measurement, failure),
            Message::Fetched(model, outcome) => {
                self.models.download = None;
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
            Command::FindMicrophones => self.microphones.requests.find(),
            Command::Listen(name) => self.listen(name),
            Command::Rest => {
                self.microphones.wanted = None;
                self.microphones.open = None;
                self.microphones.lost = None;
                self.listener.rest();
                self.microphones.requests.close();
            }
            Command::LoadModel(model) => self.load(ModelUse::Live, model),
            Command::LoadFinalModel(model) => self.load_for_final_text(model),
            Command::UnloadModels => self.unload(),
            Command::ReloadModels => self.load_again(),
            Command::MeasurePace => self.measure_pace(),
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
            Command::Play {
                sound,
                from,
                speed,
                playback,
            } => self.play(&sound, from, speed, playback),
            Command::StopPlaying => self.stop_playing(),
            Command::ReadAloud(text) => self.read_aloud(&text),
            Command::StopReading => self.stop_reading(),
            Command::FetchModel { model, mirror } => self.fetch(model, mirror),
            Command::CancelFetch => {
                if let Some(cancel) = &self.models.download {
                    cancel.store(true, Ordering::Release);
                }
            }
            Command::ImportModel(path) => self.import(path),
        }
    }

    /// The take that is being recorded, and not yet complete.
    fn recorded_take(&self) -> Option<TakeId> {
        let work = self.takes.active.as_ref().filter(|work| work.take.is_none())?;
        Some(work.id())
    }

    fn watch_progress(&mut self) {
        if self.output.progress_told.elapsed() < PROGRESS_EVERY {
            return;
        }
        if let Some((model, progress)) = self.mailbox.take_progress().filter(|_| self.models.download.is_some()) {
            self.output.progress_told = Instant::now();
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
