//! The session's thread: commands and what the other threads tell come in one after the other, so that nothing here
//! needs a lock.

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
    Command, Event, ModelState, Outbox, Source, TakePlan,
    library::Library,
    microphones::{self, Microphones},
    open_microphone::{LostMicrophone, OpenMicrophone, Seen},
    transcriber::{self, Plan, Transcriber},
};
use crate::{
    listener::{
        self, Listener, PreRoll,
        feed::{self, Feed, Speed},
        wav::WavFile,
    },
    microphone::Trouble,
    models::Progress,
    narrator::Narrator,
    recognizer::{Ears, live::Settings},
    speaker::{self, Playback},
    store::take_file::{self, TakeSound},
    take::Take,
};

const TICK: Duration = Duration::from_millis(50);
/// So long what was read aloud may still be in what the microphone heard: longer than what a take keeps from before
/// its beginning.
const READ_ECHO: Duration = Duration::from_millis(600);

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

    // The microphone.

    fn listen(&mut self, name: Option<String>) {
        self.asked_microphone = Some(name.clone());
        self.lost = None;
        if self.feed.is_none() {
            self.microphones.open(name);
        }
    }

    fn microphones_told(&mut self, told: microphones::Told) {
        match told {
            microphones::Told::Names(names) => self.outbox.push(Event::Microphones(names)),
            microphones::Told::Open { name, outlet } => {
                if self.asked_microphone.is_none() || self.feed.is_some() {
                    return;
                }
                let counters = Arc::clone(outlet.counters());
                self.listener.listen_to(outlet);
                self.microphone = Some(OpenMicrophone::new(name.clone(), counters, Instant::now()));
                let recording = self.work.as_ref().is_some_and(|work| work.take.is_none());
                if let Some(lost) = self.lost.take()
                    && recording
                {
                    self.trouble(format!("{} Now “{name}” goes on in the same take.", lost.says));
                }
                self.outbox.push(Event::Listening { microphone: name });
            }
            microphones::Told::Failed(error) => self.no_microphone(&error.to_string()),
            microphones::Told::Trouble(Trouble::Passing(says)) => log::warn!("{says}"),
            microphones::Told::Trouble(Trouble::Gone(says)) => self.lose_microphone(&says),
        }
    }

    /// The microphone is gone. The one that was asked for may be back at once, as after a restart of the sound system;
    /// otherwise the system's choice goes on, in the same take if there is one.
    fn lose_microphone(&mut self, why: &str) {
        // The system may tell of the same end twice.
        let Some(gone) = self.microphone.take() else { return };
        let says = format!("{} has stopped: {why} What was recorded is kept.", gone.name);
        self.trouble(says.clone());
        self.microphones.find();
        self.lost = Some(LostMicrophone::new(says));
        if let Some(asked) = self.asked_microphone.clone() {
            self.microphones.open(asked);
        }
    }

    /// None could be opened. After a loss it is looked for again and again: plugs and sound servers come back.
    fn no_microphone(&mut self, says: &str) {
        let asked_by_name = matches!(self.asked_microphone, Some(Some(_)));
        let Some(lost) = &mut self.lost else {
            return self.trouble(says.to_owned());
        };
        if asked_by_name && !lost.any {
            lost.any = true;
            return self.microphones.open(None);
        }
        lost.any = false;
        lost.next = Some(Instant::now() + LostMicrophone::AGAIN);
        // That there is no other does not hide that the one was lost, and that what it heard is kept.
        if !std::mem::replace(&mut lost.told_alone, true) {
            let says = format!("{} {says}", lost.says);
            self.trouble(says);
        }
    }

    fn watch_microphone(&mut self) {
        let now = Instant::now();
        if let Some(lost) = &mut self.lost
            && let Some(asked) = &self.asked_microphone
            && lost.next.is_some_and(|next| now >= next)
        {
            lost.next = None;
            self.microphones.open(asked.clone());
        }
        let level = self.listener.meter().level();
        let Some(open) = &mut self.microphone else { return };
        let microphone = open.name.clone();
        match open.look(now, level) {
            Some(Seen::Heard) => self.outbox.push(Event::Heard { microphone }),
            Some(Seen::Unheard) => self.outbox.push(Event::Unheard { microphone }),
            Some(Seen::Stalled) => self.lose_microphone("no sound comes from it any more."),
            None => {}
        }
    }

    /// Tells the level where it has visibly changed. During a take whoever listens looks at it anyway.
    fn watch_level(&mut self) {
        let in_take = self.work.as_ref().is_some_and(|work| work.take.is_none());
        let level = self.listener.meter().level();
        let Some(open) = self.microphone.as_mut().filter(|_| !in_take) else {
            return;
        };
        if let Some((step, speech)) = open.shown(Instant::now(), level) {
            self.outbox.push(Event::Level { step, speech });
        }
    }

    // Takes.

    fn record(&mut self, plan: TakePlan) {
        if self.work.as_ref().is_some_and(|work| work.take.is_none()) {
            return self.trouble("A take is being recorded already. Stop it first.");
        }
        self.work = None;
        self.playback = None;
        self.stop_reading();
        let mut source = None;
        let file = match &plan.source {
            Source::Microphone => None,
            Source::File(path) => Some((path, Speed::RealTime)),
            Source::FileAtOnce(path) => Some((path, Speed::Full)),
        };
        if let Some((path, speed)) = file {
            let begun = WavFile::open(path)
                .map_err(|error| error.to_string())
                .and_then(|wav| feed::feed(wav, speed).map_err(|error| error.to_string()));
            match begun {
                Ok((feed, outlet)) => {
                    self.feed = Some(feed);
                    source = Some(outlet);
                }
                Err(says) => return self.trouble(says),
            }
        } else if self.microphone.is_none() {
            self.listen(self.asked_microphone.clone().flatten());
        }
        let (file, sound) = match take_file::create(&plan.sound) {
            Ok(made) => made,
            Err(error) => {
                self.feed = None;
                return self.trouble(format!(
                    "The recording {} could not be made: {error}. Free some space, or choose another data folder.",
                    plan.sound.display()
                ));
            }
        };
        // What was read aloud a moment ago belongs to no answer.
        let echoes = self.read_until.is_some_and(|ended| ended.elapsed() < READ_ECHO);
        let pre_roll = if source.is_some() || echoes {
            PreRoll::None
        } else {
            PreRoll::Keep
        };
        self.listener.begin(file, pre_roll, source);
        let live = !matches!(plan.source, Source::FileAtOnce(_));
        self.begin_work(Work {
            plan,
            sound,
            live,
            begun: None,
            take: None,
            transcriber: None,
            discard: false,
        });
    }

    fn transcribe(&mut self, plan: TakePlan) {
        if self.work.as_ref().is_some_and(|work| work.take.is_none()) {
            return self.trouble("A take is being recorded. Stop it first.");
        }
        self.work = None;
        let sound = match take_file::open(&plan.sound) {
            Ok(sound) => sound,
            Err(error) => {
                return self.trouble(format!(
                    "The recording {} could not be read: {error}. Listen to it with another program.",
                    plan.sound.display()
                ));
            }
        };
        let seconds = sound.len() as f64 / f64::from(crate::take::RATE);
        let take = Take {
            sound: plan.sound.clone(),
            seconds,
            lost_samples: 0,
            gaps: Vec::new(),
        };
        let take = Some(take);
        self.begin_work(Work {
            plan,
            sound,
            live: false,
            begun: None,
            take,
            transcriber: None,
            discard: false,
        });
    }

    fn begin_work(&mut self, work: Work) {
        self.work_number += 1;
        self.work = Some(work);
        self.begin_to_transcribe();
    }

    /// Starts the transcriber as soon as there is both something to transcribe and a model.
    fn begin_to_transcribe(&mut self) {
        let Some((_, ears)) = &self.model else { return };
        let Some(work) = &mut self.work else { return };
        if work.transcriber.is_some() || work.discard {
            return;
        }
        let plan = Plan {
            glossary: work.plan.glossary.join(", "),
            live: work.live,
            settings: policy(),
            patience: transcriber::PATIENCE,
        };
        let number = self.work_number;
        let own = self.own.clone();
        let started = Transcriber::start(work.sound.clone(), ears.as_ref(), plan, move |told| {
            // Nobody reads it only when the session is over.
            let _ = own.send(Message::Transcriber(number, told));
        });
        match started {
            Ok(transcriber) => {
                if work.take.is_some() {
                    transcriber.finish();
                }
                work.transcriber = Some(transcriber);
            }
            Err(error) => self.trouble(error.to_string()),
        }
    }

    fn stop(&mut self, discard: bool) {
        if let Some(work) = &mut self.work {
            work.discard = discard;
            if discard {
                work.transcriber = None;
            }
        }
        self.listener.end();
    }

    fn listener_told(&mut self, told: listener::Told) {
        match told {
            listener::Told::Begun => {
                if let Some(work) = &mut self.work {
                    work.begun = Some(Instant::now());
                }
                self.outbox.push(Event::Started);
            }
            listener::Told::SourceEnded => {
                if self.feed.is_some() {
                    self.listener.end();
                }
            }
            listener::Told::CannotWrite(error) => self.trouble(format!(
                "The recording cannot be written: {error}. It is kept in memory and written as soon as that works: \
                 free some space on the disk."
            )),
            listener::Told::Ended(take) => self.take_ended(take),
        }
    }

    fn take_ended(&mut self, take: Take) {
        if self.feed.take().is_some()
            && let Some(name) = self.asked_microphone.clone()
        {
            self.microphones.open(name);
        }
        let Some(work) = &mut self.work else { return };
        if work.discard {
            self.work = None;
            if let Err(error) = take_file::delete(&take.sound) {
                self.trouble(format!(
                    "The recording {} could not be deleted: {error}.",
                    take.sound.display()
                ));
            }
            return;
        }
        work.take = Some(take.clone());
        if let Some(transcriber) = &work.transcriber {
            transcriber.finish();
        }
        self.outbox.push(Event::Stopped(take));
    }

    fn transcriber_told(&mut self, told: transcriber::Told) {
        let Some(work) = &mut self.work else { return };
        match told {
            transcriber::Told::Moved(mut update) => {
                if let Some(begun) = work.begun {
                    update.at = begun.elapsed().as_secs_f64();
                }
                self.outbox.push(Event::Words(update));
            }
            transcriber::Told::Done { transcript, pace } => {
                let model = self.model.as_ref().map_or_else(String::new, |(name, _)| name.clone());
                let Some(take) = work.take.clone() else { return };
                self.work = None;
                if let Some(pace) = pace {
                    self.outbox.push(Event::Paced {
                        model: model.clone(),
                        pace,
                    });
                }
                self.outbox.push(Event::Transcribed {
                    take,
                    transcript,
                    model,
                });
            }
            transcriber::Told::Failed(error, transcript) => {
                self.trouble(error.to_string());
                let model = self.model.as_ref().map_or_else(String::new, |(name, _)| name.clone());
                if let Some(work) = self.work.take()
                    && let Some(take) = work.take
                    && !transcript.words.is_empty()
                {
                    self.outbox.push(Event::Transcribed {
                        take,
                        transcript,
                        model,
                    });
                }
            }
        }
    }

    // Models.

    fn load(&mut self, model: String) {
        self.wanted_model = Some(model.clone());
        self.outbox
            .push(Event::Model(ModelState::Loading { model: model.clone() }));
        let library = Arc::clone(&self.library);
        self.aside("model loader", move || {
            let outcome = library.load(&model);
            Message::Loaded(model, outcome)
        });
    }

    fn model_loaded(&mut self, model: String, outcome: Result<Option<Arc<dyn Ears>>, String>) {
        if self.wanted_model.as_deref() != Some(model.as_str()) {
            return;
        }
        let state = match outcome {
            Ok(Some(ears)) => {
                self.model = Some((model.clone(), ears));
                ModelState::Ready { model }
            }
            Ok(None) => {
                self.model = None;
                ModelState::Missing { model }
            }
            Err(says) => {
                self.model = None;
                ModelState::Failed { model, says }
            }
        };
        self.outbox.push(Event::Model(state));
        self.begin_to_transcribe();
    }

    fn fetch(&mut self, model: String) {
        if self.fetch.is_some() {
            return self.trouble("A model is being fetched already. Wait for it, or cancel it.");
        }
        let cancel = Arc::new(AtomicBool::new(false));
        self.fetch = Some(Arc::clone(&cancel));
        let library = Arc::clone(&self.library);
        let own = self.own.clone();
        self.aside("model fetch", move || {
            let told = model.clone();
            let outcome = library.fetch(
                &model,
                &mut |progress| {
                    // A full inbox loses a step of a progress bar, no more.
                    let _ = own.try_send(Message::Fetching(told.clone(), progress));
                },
                &cancel,
            );
            Message::Fetched(model, outcome)
        });
    }

    // Playback.

    /// A take whose process died may be longer than its header says.
    fn make_whole(sound: &std::path::Path) {
        if let Err(error) = take_file::repair(sound) {
            log::warn!("{} is played as far as its header says: {error}", sound.display());
        }
    }

    fn play(&mut self, sound: &std::path::Path, from: f64) {
        self.playback = None;
        self.stop_reading();
        Self::make_whole(sound);
        match speaker::play(sound, from) {
            Ok(playback) => self.playback = Some(playback),
            Err(error) => self.trouble(error.to_string()),
        }
    }

    fn watch_playback(&mut self) {
        let Some(playback) = &mut self.playback else { return };
        self.outbox.push(Event::Playing {
            second: playback.second(),
        });
        if let Some(outcome) = playback.ended() {
            self.playback = None;
            self.outbox.push(Event::Played);
            if let Err(error) = outcome {
                self.trouble(error.to_string());
            }
        }
    }

    // Reading aloud.

    fn read_aloud(&mut self, text: &str) {
        if self.work.as_ref().is_some_and(|work| work.take.is_none()) {
            return;
        }
        if self.playback.take().is_some() {
            self.outbox.push(Event::Played);
        }
        match self.narrator.read(text) {
            Ok(()) => self.outbox.push(Event::ReadingAloud(true)),
            Err(error) => self.reading_failed(&error.to_string()),
        }
    }

    fn stop_reading(&mut self) {
        if self.narrator.stop() {
            self.reading_ended();
        }
    }

    fn watch_reading(&mut self) {
        match self.narrator.ended() {
            None => {}
            Some(Ok(())) => self.reading_ended(),
            Some(Err(error)) => self.reading_failed(&error.to_string()),
        }
    }

    fn reading_failed(&mut self, says: &str) {
        self.reading_ended();
        self.outbox.push(Event::CanReadAloud(self.narrator.is_here()));
        self.trouble(says);
    }

    fn reading_ended(&mut self) {
        self.read_until = Some(Instant::now());
        self.outbox.push(Event::ReadingAloud(false));
    }
}

/// The live policy, with what the environment changes of it: so are variants of it measured.
fn policy() -> Settings {
    let Ok(changes) = std::env::var("ALOUD_POLICY") else {
        return Settings::default();
    };
    Settings::changed(&changes).unwrap_or_else(|error| {
        log::error!("ALOUD_POLICY: {error}.");
        Settings::default()
    })
}
