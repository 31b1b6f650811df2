//! The session's thread: commands and what the other threads tell come in one after the other, so that nothing here
//! needs a lock. What is done about the microphone, takes, models and the loudspeakers is in a file each.

mod microphone;
mod models;
mod playing;
mod takes;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender},
    },
    thread,
    time::{Duration, Instant},
};

use super::{
    Command, Event, Outbox, TakePlan,
    library::Library,
    microphones::{self, Microphones},
    open_microphone::{LostMicrophone, OpenMicrophone},
    transcriber::{self, Transcriber},
};
use crate::{
    listener::{self, Listener, feed::Feed},
    models::Progress,
    narrator::Narrator,
    recognizer::Ears,
    speaker::Playback,
    store::take_file::TakeSound,
    take::Take,
};

const TICK: Duration = Duration::from_millis(50);

/// Everything that reaches the session's thread.
#[derive(Debug)]
pub(super) enum Message {
    Command(Command),
    Listener(listener::Told),
    Microphones(microphones::Told),
    Transcriber(u64, transcriber::Told),
    Loaded(String, Result<Option<Arc<dyn Ears>>, String>),
    Fetching(String, Progress),
    Fetched(String, Result<(), String>),
    Imported(Result<String, String>),
    Quit,
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
    discard: bool,
}

#[derive(Debug)]
pub(super) struct Conductor {
    messages: Receiver<Message>,
    own: SyncSender<Message>,
    outbox: Arc<Outbox>,
    listener: Listener,
    microphones: Microphones,
    library: Arc<dyn Library>,
    model: Option<(String, Arc<dyn Ears>)>,
    wanted_model: Option<String>,
    microphone: Option<OpenMicrophone>,
    /// The microphone that is gone, until another is open.
    lost: Option<LostMicrophone>,
    work: Option<Work>,
    work_number: u64,
    feed: Option<Feed>,
    playback: Option<Playback>,
    narrator: Narrator,
    /// When the last reading ended.
    read_until: Option<Instant>,
    fetch: Option<Arc<AtomicBool>>,
    /// The microphone is to be opened again when the file that is delivered has ended.
    #[expect(
        clippy::option_option,
        reason = "none was asked for, the system's choice was, or this one"
    )]
    asked_microphone: Option<Option<String>>,
}

impl Conductor {
    pub(super) fn new(
        messages: Receiver<Message>,
        own: SyncSender<Message>,
        outbox: Arc<Outbox>,
        listener: Listener,
        library: Arc<dyn Library>,
    ) -> std::io::Result<Self> {
        Ok(Self {
            microphones: Microphones::start(own.clone())?,
            messages,
            own,
            outbox,
            listener,
            library,
            model: None,
            wanted_model: None,
            microphone: None,
            lost: None,
            work: None,
            work_number: 0,
            feed: None,
            playback: None,
            narrator: Narrator::default(),
            read_until: None,
            fetch: None,
            asked_microphone: None,
        })
    }

    pub(super) fn run(&mut self) {
        self.narrator = Narrator::find();
        self.outbox.push(Event::CanReadAloud(self.narrator.is_here()));
        loop {
            match self.messages.recv_timeout(TICK) {
                Ok(Message::Quit) | Err(RecvTimeoutError::Disconnected) => return self.quit(),
                Ok(message) => self.take_in(message),
                Err(RecvTimeoutError::Timeout) => {}
            }
            self.watch_microphone();
            self.watch_level();
            self.watch_playback();
            self.watch_reading();
        }
    }

    fn quit(&mut self) {
        if let Some(cancel) = &self.fetch {
            cancel.store(true, Ordering::Release);
        }
        self.playback = None;
        self.feed = None;
        // The take is completed first; its words can be had from its sound at any time.
        self.listener.end();
        let patience = Instant::now() + Duration::from_secs(2);
        while self.work.as_ref().is_some_and(|work| work.take.is_none()) && Instant::now() < patience {
            if let Ok(Message::Listener(listener::Told::Ended(take))) = self.messages.recv_timeout(TICK)
                && let Some(work) = &mut self.work
            {
                work.take = Some(take);
            }
        }
    }

    fn take_in(&mut self, message: Message) {
        match message {
            Message::Command(command) => self.obey(command),
            Message::Listener(told) => self.listener_told(told),
            Message::Microphones(told) => self.microphones_told(told),
            Message::Transcriber(number, told) if number == self.work_number => self.transcriber_told(told),
            Message::Transcriber(..) | Message::Quit => {}
            Message::Loaded(model, outcome) => self.model_loaded(model, outcome),
            Message::Fetching(model, progress) => self.outbox.push(Event::Fetching { model, progress }),
            Message::Fetched(model, outcome) => {
                self.fetch = None;
                match outcome {
                    Ok(()) => {
                        self.outbox.push(Event::Fetched { model: model.clone() });
                        if self.wanted_model.as_deref() == Some(model.as_str()) && self.model.is_none() {
                            self.load(model);
                        }
                    }
                    Err(says) => self.trouble(says),
                }
            }
            Message::Imported(Ok(model)) => self.outbox.push(Event::Fetched { model }),
            Message::Imported(Err(says)) => self.trouble(says),
        }
    }

    fn obey(&mut self, command: Command) {
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
                self.outbox.push(Event::Paused);
            }
            Command::Resume => {
                self.listener.resume();
                self.outbox.push(Event::Resumed);
            }
            Command::Stop => self.stop(false),
            Command::Discard => self.stop(true),
            Command::Transcribe(plan) => self.transcribe(plan),
            Command::Play { sound, from } => self.play(&sound, from),
            Command::StopPlaying => {
                if self.playback.take().is_some() {
                    self.outbox.push(Event::Played);
                }
            }
            Command::ReadAloud(text) => self.read_aloud(&text),
            Command::StopReading => self.stop_reading(),
            Command::FetchModel(model) => self.fetch(model),
            Command::CancelFetch => {
                if let Some(cancel) = &self.fetch {
                    cancel.store(true, Ordering::Release);
                }
            }
            Command::ImportModel(path) => {
                let library = Arc::clone(&self.library);
                self.aside("model import", move || Message::Imported(library.import(&path)));
            }
        }
    }

    fn trouble(&self, says: impl Into<String>) {
        let says = says.into();
        log::warn!("{says}");
        self.outbox.push(Event::Trouble(says));
    }

    /// Does something that takes long on a thread of its own; what it gives comes back as a message.
    fn aside(&self, name: &str, work: impl FnOnce() -> Message + Send + 'static) {
        let own = self.own.clone();
        let spawned = thread::Builder::new().name(name.to_owned()).spawn(move || {
            // Nobody reads it only when the session is over.
            let _ = own.send(work());
        });
        if let Err(error) = spawned {
            self.trouble(format!(
                "This machine has no thread left for the {name}: {error}. Close other programs."
            ));
        }
    }
}
