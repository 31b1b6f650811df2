//! `aloud live`: a file as if it were spoken now, or the microphone, through the same session as the window.

use std::{
    io::{IsTerminal as _, Write},
    path::Path,
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{CommandError, Subject, arguments::LiveSource, line, recording, report::Report, running_text::RunningText};
use crate::{
    diagnostics::logger,
    listener::feed::Speed,
    models::{self, DEFAULT, InstallState, ModelEntry, ModelStore},
    protocol::{Command, Event, ModelState, Source, TakePlan, Task, Update},
    session::Session,
    settings::{FinalModel, Measured, ModelChoice},
    store::Store,
    take::{Gap, Take},
    take_file,
    transcript::Transcript,
};

const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// What was heard.
#[derive(Debug)]
pub struct LiveResult {
    pub transcript: Transcript,
    /// The model that wrote it.
    pub model: String,
    pub seconds: f64,
    pub voice_seconds: Option<f64>,
    pub lost_samples: u64,
    pub gaps: Vec<Gap>,
    /// Wall seconds from the first sample to the complete transcript.
    pub at: f64,
}

impl LiveResult {
    fn new(take: Take, transcript: Transcript, model: String, at: f64) -> Self {
        Self {
            transcript,
            model,
            seconds: take.seconds,
            voice_seconds: take.voice_seconds,
            // What the disk still refuses now ends with this process.
            lost_samples: take.lost_samples + take.unwritten_samples,
            gaps: take.gaps,
            at,
        }
    }
}

/// What is told while something is heard.
#[derive(Debug)]
pub enum LiveProgress<'a> {
    /// The models are loaded; the second writes the final text.
    Started {
        model: &'a str,
        final_model: &'a str,
    },
    /// The first sample is there; from this microphone, if it is one.
    Listening,
    Update(&'a Update),
    Heard {
        seconds: f64,
        /// Nothing where the recording does not say how long it is.
        of: Option<f64>,
    },
    /// The sound is complete; wall seconds since the first sample.
    Stopped {
        at: f64,
    },
    Problem(&'a str),
}

/// What is listened with.
#[derive(Debug)]
pub struct LiveOptions<'a> {
    pub subject: &'a Subject,
    pub model: Option<String>,
    pub final_model: FinalModel,
    pub model_store: Arc<ModelStore>,
    pub store: &'a Store,
    pub json: bool,
}

pub fn run(
    source: LiveSource,
    means: LiveOptions<'_>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<(), CommandError> {
    let LiveOptions {
        subject,
        model,
        final_model,
        model_store,
        store,
        json,
    } = means;
    let wanted = WantedModels {
        live: model.unwrap_or_else(|| DEFAULT.to_owned()),
        of_final_text: final_model,
    };
    let terminal = std::io::stdout().is_terminal();
    let microphone = matches!(source, LiveSource::Microphone { .. });
    let mut running = RunningText::new(terminal);
    // A pipe that nobody reads any more ends the text, not the recording.
    let mut tell = |told: LiveProgress<'_>| {
        let told = match (told, json) {
            (LiveProgress::Problem(message), _) => writeln!(err, "{message}"),
            (LiveProgress::Listening, _) if microphone => writeln!(err, "Listening. Press Enter or Ctrl-C to stop."),
            (LiveProgress::Started { model, final_model }, true) => line(
                out,
                &json!({"type": "started", "model": model, "final_model": final_model}),
            ),
            (LiveProgress::Update(update), true) => line(out, &update_json(update)),
            (LiveProgress::Stopped { at }, true) => line(out, &json!({"type": "stopped", "at": rounded(at)})),
            (LiveProgress::Update(update), false) => running.show(update, out),
            (LiveProgress::Listening | LiveProgress::Heard { .. }, _)
            | (LiveProgress::Started { .. } | LiveProgress::Stopped { .. }, false) => Ok(()),
        };
        if let Err(error) = told {
            log::warn!("The output ended: {error}");
        }
    };
    let heard = match source {
        LiveSource::File(path) => transcribe_file(
            &path,
            &wanted,
            subject.glossary(),
            &model_store,
            Speed::RealTime,
            &mut tell,
        )?,
        LiveSource::Microphone { name, seconds } => record_microphone(
            name,
            seconds,
            &wanted,
            subject.glossary(),
            &model_store,
            store,
            &mut tell,
        )?,
    };
    let transcript = subject.named(heard.transcript);
    let insights = subject.observe(&transcript, Some(heard.seconds));
    let report = Report {
        model: Some(&heard.model),
        seconds: Some(heard.seconds),
        voice_seconds: heard.voice_seconds,
        lost_samples: heard.lost_samples,
        gaps: &heard.gaps,
        transcript: &transcript,
        insights: &insights,
    };
    if json {
        let mut report = report.json();
        report["at"] = json!(rounded(heard.at));
        line(out, &report)?;
    } else {
        running.end(out)?;
        out.write_all(report.text().as_bytes())?;
    }
    Ok(())
}

/// Hears a recording (`-`: from standard input) through ring, listener, policy and recognizer: in real time, or as fast as it goes.
pub fn transcribe_file(
    path: &Path,
    wanted: &WantedModels,
    glossary: Vec<String>,
    model_store: &Arc<ModelStore>,
    speed: Speed,
    tell: &mut dyn FnMut(LiveProgress<'_>),
) -> Result<LiveResult, CommandError> {
    // Before there is a copy of the sound: whoever stops the command leaves none behind.
    let (sender, stopped) = sync_channel::<()>(1);
    watch_for_signals(sender);
    // Opened here and once: a bad file is told before a model is loaded, and a pipe is read once.
    let sound = recording::open(path, &stopped)?;
    let of = sound.seconds;
    let folder = tempfile::Builder::new().prefix("aloud-").tempdir().map_err(|error| {
        CommandError::Failed(format!(
            "Could not create a temporary file in {}: {error}. Free some space there.",
            std::env::temp_dir().display()
        ))
    })?;
    let source = match speed {
        Speed::RealTime => Source::Opened(sound.into()),
        Speed::Full => Source::OpenedAtOnce(sound.into()),
    };
    let plan = TakePlan {
        sound: folder.path().join("take.wav"),
        source,
        glossary,
        may_improve: false,
    };
    let until = StopCondition::SourceEnds { of, stopped };
    LiveSession::begin(wanted, model_store)?.follow(plan, &until, tell)
}

fn record_microphone(
    name: Option<String>,
    seconds: Option<u64>,
    wanted: &WantedModels,
    glossary: Vec<String>,
    model_store: &Arc<ModelStore>,
    store: &Store,
    tell: &mut dyn FnMut(LiveProgress<'_>),
) -> Result<LiveResult, CommandError> {
    // Among the other takes, so that it is found again should this process die.
    let sound = store.takes().join(format!(
        "live-{}-{}.wav",
        std::process::id(),
        jiff::Timestamp::now().as_second()
    ));
    let stopped = asked_to_stop();
    let session = LiveSession::begin(wanted, model_store)?;
    session.session.send(Command::Listen(name));
    session.wait_for_microphone()?;
    // From here on something is recorded. A command that records nothing leaves nothing in the folder.
    logger::write_to_folder(store.root(), "live --microphone");
    let plan = TakePlan {
        sound: sound.clone(),
        source: Source::Microphone,
        glossary,
        may_improve: false,
    };
    let until = StopCondition::Asked {
        seconds: seconds.map(Duration::from_secs),
        stopped,
    };
    let heard = session
        .follow(plan, &until, tell)
        .map_err(|failure| kept(&sound, failure))?;
    take_file::delete(&sound)?;
    Ok(heard)
}

/// A take whose words could not be had is not lost.
fn kept(sound: &Path, failure: CommandError) -> CommandError {
    if !sound.exists() {
        return failure;
    }
    let CommandError::Failed(message) = failure else {
        return failure;
    };
    let sound = sound.display();
    CommandError::Failed(format!(
        "{message} The recording is kept in {sound}: \"aloud analyze '{sound}'\" transcribes it again, and the window offers \
         it the next time it opens."
    ))
}

/// When a take is over.
enum StopCondition {
    SourceEnds {
        of: Option<f64>,
        /// Or by a signal: then there is no report.
        stopped: Receiver<()>,
    },
    Asked {
        seconds: Option<Duration>,
        stopped: Receiver<()>,
    },
}

/// The models to listen with.
#[derive(Debug)]
pub struct WantedModels {
    pub live: String,
    pub of_final_text: FinalModel,
}

impl WantedModels {
    /// One for all.
    pub fn one(model: String) -> Self {
        Self {
            live: model,
            of_final_text: FinalModel::Same,
        }
    }
}

/// A session with loaded models.
struct LiveSession {
    session: Session,
    woken: Receiver<()>,
    model: String,
    final_model: String,
}

impl LiveSession {
    fn begin(wanted: &WantedModels, model_store: &Arc<ModelStore>) -> Result<Self, CommandError> {
        let (wake, woken) = sync_channel::<()>(1);
        let session = Session::start(Arc::clone(model_store) as _, move || {
            // Woken already when it is full.
            let _ = wake.try_send(());
        })?;
        let mut session = Self {
            session,
            woken,
            model: wanted.live.clone(),
            final_model: wanted.live.clone(),
        };
        session.session.send(Command::LoadModel(wanted.live.clone()));
        session.wait_for(|event| match event {
            Event::Model(state) => loaded(state),
            _ => None,
        })?;
        let measured = match wanted.of_final_text {
            FinalModel::Auto => Some(session.measured()?),
            FinalModel::Same | FinalModel::Named(_) => None,
        };
        let entries = model_store.list();
        let installed = entries.iter().filter(|entry| entry.state == InstallState::Installed);
        let installed: Vec<ModelChoice<'_>> = installed.filter_map(ModelEntry::choice).collect();
        let of_final_text =
            models::model_for_final_text(&wanted.of_final_text, &wanted.live, &installed, measured.as_ref());
        if let Some(model) = of_final_text {
            session.session.send(Command::LoadFinalModel(Some(model.clone())));
            session.wait_for(|event| match event {
                Event::FinalModel(state) => loaded(state),
                _ => None,
            })?;
            session.final_model = model;
        }
        Ok(session)
    }

    /// How fast this machine is now. What the window knows of it is in the settings, which a command leaves alone.
    fn measured(&self) -> Result<Measured, CommandError> {
        self.session.send(Command::MeasurePace);
        self.wait_for(|event| match event {
            Event::Paced { model, pace } => Some(Ok(Measured { model, pace })),
            Event::Failed {
                task: Task::Measurement,
                failure,
            } => Some(Err(failure.into())),
            _ => None,
        })
    }

    /// Waits for an event.
    fn wait_for<T>(&self, mut wanted: impl FnMut(Event) -> Option<Result<T, CommandError>>) -> Result<T, CommandError> {
        loop {
            for event in self.wait() {
                if let Event::Failed {
                    task: Task::Session,
                    failure,
                } = event
                {
                    return Err(failure.into());
                }
                if let Some(found) = wanted(event) {
                    return found;
                }
            }
        }
    }

    fn wait(&self) -> Vec<Event> {
        let _ = self.woken.recv_timeout(POLL_INTERVAL);
        self.session.drain()
    }

    fn wait_for_microphone(&self) -> Result<(), CommandError> {
        const PATIENCE: Duration = Duration::from_secs(10);
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            for event in self.wait() {
                if let Event::Failed {
                    task: Task::Microphone | Task::Session,
                    failure,
                } = event
                {
                    return Err(CommandError::Failed(failure.to_string()));
                }
                if matches!(event, Event::Listening { .. }) {
                    return Ok(());
                }
            }
        }
        Err(CommandError::Failed(
            "Timed out waiting for the microphone to open. Allow this program to use it in the system's privacy settings."
                .to_owned(),
        ))
    }

    fn follow(
        self,
        plan: TakePlan,
        until: &StopCondition,
        tell: &mut dyn FnMut(LiveProgress<'_>),
    ) -> Result<LiveResult, CommandError> {
        tell(LiveProgress::Started {
            model: &self.model,
            final_model: &self.final_model,
        });
        self.session.send(Command::Record(plan));
        let mut run = LiveRun::default();
        let mut stopping = false;
        loop {
            for event in self.wait() {
                if let Some(heard) = run.follow(event, until, tell)? {
                    return Ok(heard);
                }
            }
            if let StopCondition::SourceEnds { stopped, .. } = until
                && stopped.try_recv().is_ok()
            {
                return Err(interrupted());
            }
            if let (StopCondition::Asked { seconds, stopped }, Some(begun), false) = (until, run.begun, stopping)
                && (seconds.is_some_and(|seconds| begun.elapsed() >= seconds) || stopped.try_recv().is_ok())
            {
                stopping = true;
                self.session.send(Command::Stop);
            }
        }
    }
}

/// What a model's state means to whoever waits for it.
fn loaded(state: ModelState) -> Option<Result<(), CommandError>> {
    match state {
        ModelState::Loading { .. } => None,
        ModelState::Ready { .. } => Some(Ok(())),
        ModelState::Missing { model } => Some(Err(CommandError::Failed(format!(
            "The speech model {model} is not on this machine. Download it with \"aloud models fetch {model}\"."
        )))),
        ModelState::Failed { failure, .. } => Some(Err(failure.into())),
    }
}

pub(super) fn interrupted() -> CommandError {
    CommandError::Failed("Interrupted before the end. Nothing was saved.".to_owned())
}

/// What has become of the take so far.
#[derive(Default)]
struct LiveRun {
    begun: Option<Instant>,
    stopped: bool,
    /// Why nobody writes it down any more.
    failed: Option<CommandError>,
}

impl LiveRun {
    /// Takes in an event. Gives the outcome once it is there; fails where there will be none.
    fn follow(
        &mut self,
        event: Event,
        until: &StopCondition,
        tell: &mut dyn FnMut(LiveProgress<'_>),
    ) -> Result<Option<LiveResult>, CommandError> {
        let at = self.begun.map_or(0.0, |begun| begun.elapsed().as_secs_f64());
        match event {
            Event::Started(_) => {
                self.begun = Some(Instant::now());
                tell(LiveProgress::Listening);
            }
            Event::Words { update, .. } => {
                if let StopCondition::SourceEnds { of, .. } = until {
                    tell(LiveProgress::Heard {
                        seconds: update.heard,
                        of: *of,
                    });
                }
                tell(LiveProgress::Update(&update));
            }
            Event::Stopped(_) => {
                self.stopped = true;
                tell(LiveProgress::Stopped { at });
                if let Some(failure) = self.failed.take() {
                    return Err(failure);
                }
            }
            Event::Transcribed {
                take,
                transcript,
                model,
            } => return Ok(Some(LiveResult::new(take, transcript, model, at))),
            Event::Unwritten { failure, .. } => tell(LiveProgress::Problem(&failure.to_string())),
            Event::MicrophoneReplaced { lost, microphone } => {
                tell(LiveProgress::Problem(&format!(
                    "{lost} The recording continues with '{microphone}'."
                )));
            }
            Event::Unheard { microphone } => tell(LiveProgress::Problem(&format!(
                "No sound is coming from '{microphone}'. Is it muted?"
            ))),
            Event::Failed { task, failure } => self.fail(&task, &failure.to_string(), until, tell)?,
            Event::Microphones(_)
            | Event::Listening { .. }
            | Event::Heard { .. }
            | Event::Level { .. }
            | Event::Model(_)
            | Event::FinalModel(_)
            | Event::Preliminary { .. }
            | Event::Paused(_)
            | Event::Resumed(_)
            | Event::Written { .. }
            | Event::Paced { .. }
            | Event::Playing { .. }
            | Event::Played { .. }
            | Event::CanReadAloud(_)
            | Event::ReadingAloud(_)
            | Event::Fetching { .. }
            | Event::Fetched { .. }
            | Event::Imported { .. } => {}
        }
        Ok(None)
    }

    fn fail(
        &mut self,
        task: &Task,
        message: &str,
        until: &StopCondition,
        tell: &mut dyn FnMut(LiveProgress<'_>),
    ) -> Result<(), CommandError> {
        let ends = match task {
            Task::Recording(_) | Task::Session => true,
            // A file can be read again; what is being said now is said once, and is recorded to its end.
            Task::Transcription(_) => self.stopped || matches!(until, StopCondition::SourceEnds { .. }),
            Task::Microphone => self.begun.is_none(),
            Task::Deletion(_)
            | Task::Playback(_)
            | Task::ReadAloud
            | Task::Measurement
            | Task::Download(_)
            | Task::Import(_) => false,
        };
        if ends {
            return Err(CommandError::Failed(message.to_owned()));
        }
        if let Task::Transcription(_) = task {
            self.failed = Some(CommandError::Failed(message.to_owned()));
            tell(LiveProgress::Problem(&format!(
                "{message} The recording continues until you stop it."
            )));
        } else {
            tell(LiveProgress::Problem(message));
        }
        Ok(())
    }
}

/// Hears of Ctrl-C, and of the system that wants the process to end.
fn watch_for_signals(sender: SyncSender<()>) {
    if let Err(error) = ctrlc::set_handler(move || {
        let _ = sender.try_send(());
    }) {
        log::warn!("Ctrl-C ends at once: {error}");
    }
}

/// Hears of Enter and of Ctrl-C.
fn asked_to_stop() -> Receiver<()> {
    let (sender, receiver) = sync_channel::<()>(2);
    watch_for_signals(sender.clone());
    // It waits for a line that may never come, and ends with the process.
    let spawned = std::thread::Builder::new().name("enter key".to_owned()).spawn(move || {
        let mut entered = String::new();
        // The end of the input is no wish to stop: it may be /dev/null.
        if std::io::stdin().read_line(&mut entered).is_ok_and(|count| count > 0) {
            let _ = sender.try_send(());
        }
    });
    if let Err(error) = spawned {
        log::warn!("The Enter key is not heard: {error}");
    }
    receiver
}

fn update_json(update: &Update) -> Value {
    let settled: Vec<Value> = update
        .settled
        .iter()
        .map(|word| {
            let (start, end) = word.span.map_or((0.0, 0.0), |span| (span.start, span.end));
            json!({"text": word.text, "start": start, "end": end})
        })
        .collect();
    json!({
        "type": "update",
        "at": rounded(update.at),
        "heard": rounded(update.heard),
        "settled": settled,
        "tentative": update.tentative,
        "behind": update.behind.map(rounded),
    })
}

fn rounded(seconds: f64) -> f64 {
    crate::span::to_millisecond(seconds)
}
