//! Takes: recorded, stopped, and their words from the transcriber.

use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{Message, SessionThread};
use crate::{
    listener::{
        self, PreRoll,
        feed::{self, Feed, Speed},
        ring::SampleConsumer,
    },
    protocol::{Event, Failure, FailureKind, Source, TakePlan, Task},
    recognizer::{RecognizerError, streaming::StreamingParameters},
    session::transcriber::{self, RecognizerModels, Transcriber, TranscriberEvent, TranscriptionPlan},
    sound_file::{OpenedSound, SoundFile, SoundFileError},
    span::to_millisecond,
    take::{RATE, Take, TakeId},
    take_file::{self, TakeSound},
};

/// So long what was read aloud may still be in what the microphone heard: longer than what a take keeps from before
/// its beginning.
const READ_ECHO: Duration = Duration::from_millis(600);

/// The take that is recorded or written down, and those before and after it.
#[derive(Debug, Default)]
pub(super) struct TakeControl {
    pub(super) active: Option<ActiveTake>,
    /// How many there have been: what a transcriber tells is of the newest or of nobody's.
    pub(super) number: u64,
    /// What is to be recorded once the take before it is completed or thrown away.
    pub(super) next: Option<TakePlan>,
    /// Takes whose preliminary text is to be made better once there is time.
    later: VecDeque<TakePlan>,
    /// Transcribers whose words nobody wants, until their threads have ended.
    pub(super) retired: Vec<Transcriber>,
    /// Delivers a file in the microphone's place.
    pub(super) feed: Option<Feed>,
}

/// The take that is being made or transcribed.
#[derive(Debug)]
pub(super) struct ActiveTake {
    pub(super) plan: TakePlan,
    pub(super) sound: TakeSound,
    pub(super) live: bool,
    pub(super) begun: Option<Instant>,
    /// The take, once its file is complete.
    pub(super) take: Option<Take>,
    pub(super) transcriber: Option<Transcriber>,
    /// The model that writes the final text, once that has begun, and the one for what comes before it.
    models: Option<(String, String)>,
    /// Its words are known, and are to be replaced by better ones.
    preliminary: bool,
    /// Transcription failed: it is not begun again by itself.
    pub(super) failed: bool,
    /// The end of the take was asked for.
    pub(super) ending: Option<TakeOutcome>,
}

/// What becomes of a take whose end was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TakeOutcome {
    Kept,
    Discarded,
}

impl TakeControl {
    /// Whether a take is recorded or written down, or will be.
    pub(super) fn has_work(&self) -> bool {
        self.active.is_some() || !self.later.is_empty() || !self.retired.is_empty()
    }
}

impl ActiveTake {
    pub(super) fn id(&self) -> TakeId {
        self.plan.id()
    }

    pub(super) fn is_discarded(&self) -> bool {
        self.ending == Some(TakeOutcome::Discarded)
    }
}

/// What can fail with a take.
#[derive(Debug, thiserror::Error)]
enum TakeError {
    #[error("A take is already being recorded. Stop it first.")]
    Recording,
    #[error("Could not create the recording {}: {source}. Free some space, or choose another data folder.", path.display())]
    Create { path: PathBuf, source: std::io::Error },
    #[error("Could not read the recording {}: {source}. Try playing it in another program.", path.display())]
    Read { path: PathBuf, source: std::io::Error },
    #[error("Could not delete the recording {}: {source}.", path.display())]
    Delete { path: PathBuf, source: std::io::Error },
    #[error(
        "The recording cannot be written to disk: {0}. It is kept in memory and written as soon as possible: free some space."
    )]
    Write(std::io::Error),
    #[error(
        "The recording cannot be written there either: {0}. It stays in memory; choose another folder, or free some space."
    )]
    Relocate(std::io::Error),
    #[error("Another take was started before this one was transcribed. It is kept: transcribe it again.")]
    Left,
    #[error("Could not feed the file to the recorder: {0}. Close other programs and try again.")]
    Feed(std::io::Error),
    #[error("This recording has been read already. Open it again.")]
    ReadAlready,
}

impl From<TakeError> for Failure {
    fn from(error: TakeError) -> Self {
        let kind = match &error {
            TakeError::Recording => FailureKind::Busy,
            TakeError::Create { .. } | TakeError::Delete { .. } | TakeError::Write(_) | TakeError::Relocate(_) => {
                FailureKind::Storage
            }
            TakeError::Read { source, .. } => Self::kind_of(source),
            TakeError::Left => FailureKind::Cancelled,
            TakeError::Feed(_) => FailureKind::Resources,
            TakeError::ReadAlready => FailureKind::Input,
        };
        Self::new(kind, error)
    }
}

impl From<SoundFileError> for Failure {
    fn from(error: SoundFileError) -> Self {
        Self::new(FailureKind::Input, error)
    }
}

impl SessionThread {
    pub(super) fn record(&mut self, plan: TakePlan) {
        if let Some(work) = self.takes.active.as_ref().filter(|work| work.take.is_none()) {
            // The one before is on its way out: this one begins as soon as it is.
            if work.ending.is_some() {
                self.takes.next = Some(plan);
            } else {
                self.fail(Task::Recording(plan.id()), TakeError::Recording);
            }
            return;
        }
        self.leave_work();
        self.stop_playing();
        self.stop_reading();
        let id = plan.id();
        if let Err(failure) = self.begin_take(plan) {
            self.takes.feed = None;
            self.fail(Task::Recording(id), failure);
        }
    }

    fn begin_take(&mut self, plan: TakePlan) -> Result<(), Failure> {
        let source = match &plan.source {
            Source::Microphone => {
                if self.microphones.open.is_none() {
                    self.listen(self.microphones.wanted.clone().flatten());
                }
                None
            }
            Source::File(path) => Some(self.deliver(SoundFile::open(path)?, Speed::RealTime)?),
            Source::FileAtOnce(path) => Some(self.deliver(SoundFile::open(path)?, Speed::Full)?),
            Source::Opened(sound) => Some(self.deliver(taken(sound)?, Speed::RealTime)?),
            Source::OpenedAtOnce(sound) => Some(self.deliver(taken(sound)?, Speed::Full)?),
        };
        let (file, sound) = take_file::create(&plan.sound).map_err(|source| TakeError::Create {
            path: plan.sound.clone(),
            source,
        })?;
        // What was read aloud a moment ago belongs to no answer.
        let echoes = self.output.read_until.is_some_and(|ended| ended.elapsed() < READ_ECHO);
        let pre_roll = if source.is_some() || echoes {
            PreRoll::None
        } else {
            PreRoll::Keep
        };
        self.listener.begin(file, pre_roll, source);
        let live = !matches!(plan.source, Source::FileAtOnce(_) | Source::OpenedAtOnce(_));
        self.begin_work(plan, sound, live, None);
        Ok(())
    }

    /// Begins to deliver a recording in the microphone's place.
    fn deliver(&mut self, sound: SoundFile, speed: Speed) -> Result<SampleConsumer, Failure> {
        let (feed, consumer): (Feed, SampleConsumer) = feed::feed(sound, speed).map_err(TakeError::Feed)?;
        self.takes.feed = Some(feed);
        Ok(consumer)
    }

    pub(super) fn transcribe(&mut self, plan: TakePlan) {
        if self.recorded_take().is_some() {
            return self.fail(Task::Transcription(plan.id()), TakeError::Recording);
        }
        self.leave_work();
        let sound = match take_file::open(&plan.sound) {
            Ok(sound) => sound,
            Err(source) => {
                let path = plan.sound.clone();
                return self.fail(Task::Transcription(plan.id()), TakeError::Read { path, source });
            }
        };
        let take = Take {
            sound: plan.sound.clone(),
            seconds: sound.len() as f64 / f64::from(RATE),
            ..Take::default()
        };
        self.begin_work(plan, sound, false, Some(take));
    }

    /// Makes a preliminary text better while nothing else is to be done.
    pub(super) fn watch_later(&mut self) {
        if self.takes.active.is_some() || !self.takes.retired.is_empty() {
            return;
        }
        let Some(plan) = self.takes.later.pop_front() else {
            return;
        };
        // What was deleted meanwhile has no words that anybody waits for.
        if plan.sound.exists() {
            self.transcribe(plan);
            if let Some(work) = &mut self.takes.active {
                work.preliminary = true;
            }
        }
    }

    fn begin_work(&mut self, plan: TakePlan, sound: TakeSound, live: bool, take: Option<Take>) {
        self.takes.number += 1;
        self.takes.active = Some(ActiveTake {
            plan,
            sound,
            live,
            begun: None,
            take,
            transcriber: None,
            models: None,
            preliminary: false,
            failed: false,
            ending: None,
        });
        self.begin_to_transcribe();
    }

    /// Leaves the take that is still being written down, if there is one.
    fn leave_work(&mut self) {
        let Some(mut work) = self.takes.active.take() else {
            return;
        };
        self.retire(work.transcriber.take());
        if work.preliminary {
            self.takes.later.push_back(work.plan);
        } else if !work.failed {
            self.fail(Task::Transcription(work.id()), TakeError::Left);
        }
    }

    /// Ends a transcription without waiting for it.
    fn retire(&mut self, transcriber: Option<Transcriber>) {
        if let Some(transcriber) = transcriber {
            transcriber.abandon();
            self.takes.retired.push(transcriber);
        }
    }

    /// Lets go of those whose threads have ended. The next transcription waits for them: two at once take twice the
    /// memory.
    pub(super) fn watch_retired(&mut self) {
        if self.takes.retired.is_empty() {
            return;
        }
        self.takes.retired.retain(|transcriber| !transcriber.is_over());
        if self.takes.retired.is_empty() {
            self.begin_to_transcribe();
        }
    }

    /// Starts the transcriber as soon as there is both something to transcribe and a model.
    pub(super) fn begin_to_transcribe(&mut self) {
        let waits = |work: &ActiveTake| work.transcriber.is_none() && !work.is_discarded() && !work.failed;
        let retired = !self.takes.retired.is_empty();
        if !self.takes.active.as_ref().is_some_and(waits) || retired {
            return;
        }
        self.load_again();
        let Some(work) = &mut self.takes.active else { return };
        let (live, of_final_text) = (&self.models.live, &self.models.of_final_text);
        // The two are loaded side by side.
        if live.is_coming() || of_final_text.is_coming() {
            return;
        }
        let chosen = match (live.loaded.clone(), of_final_text.loaded.clone()) {
            (Some(live), Some(of_final_text)) if work.live => (live, Some(of_final_text)),
            (_, Some(of_final_text)) => (of_final_text, None),
            (Some(live), None) => (live, None),
            (None, None) => return,
        };
        let (first, second) = chosen;
        let last = second.as_ref().unwrap_or(&first).name.clone();
        work.models = Some((last, first.name));
        let models = RecognizerModels {
            live: first.factory,
            of_final_text: second.map(|second| second.factory),
        };
        let plan = TranscriptionPlan {
            glossary: work.plan.glossary.clone().into(),
            live: work.live,
            may_improve: work.plan.may_improve,
            parameters: policy(),
            decode_timeout: transcriber::DECODE_TIMEOUT,
        };
        let number = self.takes.number;
        let mailbox = Arc::clone(&self.mailbox);
        let started = Transcriber::start(work.sound.clone(), models, plan, move |told| {
            mailbox.message(Message::Transcriber(number, told));
        });
        match started {
            Ok(transcriber) => {
                if work.take.is_some() {
                    transcriber.finish();
                }
                work.transcriber = Some(transcriber);
            }
            Err(error) => self.transcription_failed(error),
        }
    }

    pub(super) fn stop(&mut self, discard: bool) {
        // Whoever ends a take does not want the one that was to follow the one before.
        let mut transcriber = None;
        if let Some(next) = self.takes.next.take() {
            if !discard {
                self.fail(Task::Recording(next.id()), TakeError::Left);
            }
            return;
        }
        if let Some(work) = &mut self.takes.active {
            work.ending = Some(if discard {
                TakeOutcome::Discarded
            } else {
                TakeOutcome::Kept
            });
            if discard {
                transcriber = work.transcriber.take();
            }
        }
        self.retire(transcriber);
        self.listener.end();
    }

    pub(super) fn handle_listener(&mut self, told: listener::ListenerEvent) {
        match told {
            listener::ListenerEvent::Begun => {
                if let Some(work) = &mut self.takes.active {
                    work.begun = Some(Instant::now());
                    let id = work.id();
                    self.outbox.push(Event::Started(id));
                }
            }
            listener::ListenerEvent::SourceEnded => {
                if self.takes.feed.is_some() {
                    if let Some(work) = &mut self.takes.active {
                        work.ending.get_or_insert(TakeOutcome::Kept);
                    }
                    self.listener.end();
                }
            }
            listener::ListenerEvent::CannotWrite { take, waiting, error } => self.tell_unwritten(take, waiting, error),
            listener::ListenerEvent::Written { take, sound } => {
                if let Some(work) = self.takes.active.as_mut().filter(|work| work.id() == take) {
                    work.plan.sound.clone_from(&sound);
                    if let Some(take) = &mut work.take {
                        take.sound.clone_from(&sound);
                        take.unwritten_samples = 0;
                    }
                }
                self.outbox.push(Event::Written { take, sound });
            }
            listener::ListenerEvent::CannotRelocate { take, waiting, error } => {
                self.outbox.push(Event::Unwritten {
                    take,
                    seconds: waiting as f64 / f64::from(RATE),
                    failure: TakeError::Relocate(error).into(),
                });
            }
            listener::ListenerEvent::Ended(take) => self.take_ended(take),
        }
    }

    fn tell_unwritten(&self, take: TakeId, waiting: u64, error: std::io::Error) {
        // What is thrown away needs no room.
        if self
            .takes
            .active
            .as_ref()
            .is_some_and(|work| work.is_discarded() && work.id() == take)
        {
            return;
        }
        let failure = Failure::from(TakeError::Write(error));
        log::warn!("{failure}");
        self.outbox.push(Event::Unwritten {
            take,
            seconds: waiting as f64 / f64::from(RATE),
            failure,
        });
    }

    fn take_ended(&mut self, take: Take) {
        if self.takes.feed.take().is_some()
            && let Some(name) = self.microphones.wanted.clone()
        {
            self.microphones.requests.open(name);
        }
        let Some(work) = &mut self.takes.active else { return };
        if work.is_discarded() {
            self.takes.active = None;
            self.listener.forget(take.id());
            if let Err(source) = take_file::delete(&take.sound) {
                let path = take.sound.clone();
                self.fail(Task::Deletion(take.id()), TakeError::Delete { path, source });
            }
        } else {
            work.take = Some(take.clone());
            if let Some(transcriber) = &work.transcriber {
                transcriber.finish();
            }
            let failed = work.failed;
            self.outbox.push(Event::Stopped(take));
            if failed {
                self.takes.active = None;
            }
        }
        if let Some(plan) = self.takes.next.take() {
            self.record(plan);
        }
    }

    pub(super) fn handle_transcriber(&mut self, told: TranscriberEvent) {
        let Some(work) = &mut self.takes.active else { return };
        let id = work.id();
        match told {
            TranscriberEvent::TranscriptUpdate(mut update) => {
                if let Some(begun) = work.begun {
                    update.at = begun.elapsed().as_secs_f64();
                }
                self.outbox.push(Event::Words { take: id, update });
            }
            TranscriberEvent::Preliminary { transcript } => {
                let (Some(take), Some((_, model))) = (&work.take, &work.models) else {
                    return;
                };
                work.preliminary = true;
                // How long somebody spoke is known with the final words.
                let told = Event::Preliminary {
                    take: take.clone(),
                    transcript,
                    model: model.clone(),
                };
                self.outbox.push(told);
            }
            TranscriberEvent::Done {
                transcript,
                voice_seconds,
                pace,
            } => {
                let model = work.models.take().map_or_else(String::new, |(name, _)| name);
                let Some(mut take) = work.take.clone() else { return };
                take.voice_seconds = Some(to_millisecond(voice_seconds));
                let transcriber = work.transcriber.take();
                self.takes.active = None;
                self.retire(transcriber);
                if let Some(pace) = pace {
                    let model = model.clone();
                    self.outbox.push(Event::Paced { model, pace });
                }
                self.outbox.push(Event::Transcribed {
                    take,
                    transcript,
                    model,
                });
            }
            TranscriberEvent::Failed(error) => self.transcription_failed(error),
        }
    }

    /// Nobody writes the take down any more. While it is still being recorded it goes on, and is completed and kept.
    fn transcription_failed(&mut self, error: RecognizerError) {
        let Some(work) = &mut self.takes.active else { return };
        let id = work.id();
        work.failed = true;
        let transcriber = work.transcriber.take();
        if work.take.is_some() {
            self.takes.active = None;
        }
        self.retire(transcriber);
        self.fail(Task::Transcription(id), error);
    }
}

/// What was opened for this take, which only the first has.
fn taken(sound: &OpenedSound) -> Result<SoundFile, TakeError> {
    sound.take().ok_or(TakeError::ReadAlready)
}

/// The live policy, with what the environment changes of it: so are variants of it measured.
fn policy() -> StreamingParameters {
    let Ok(changes) = std::env::var("ALOUD_POLICY") else {
        return StreamingParameters::default();
    };
    StreamingParameters::changed(&changes).unwrap_or_else(|error| {
        log::error!("ALOUD_POLICY: {error}.");
        StreamingParameters::default()
    })
}
