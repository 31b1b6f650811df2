//! The session with scripted recognizers, and with models that fail: every take is completed and kept, every Stop ends.

use std::{
    path::{Path, PathBuf},
    sync::{
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc::{Receiver, sync_channel},
    },
    time::{Duration, Instant},
};

mod two_models;

use super::*;
use crate::{
    protocol::{ModelState, PlaybackId, Progress, Source, TakePlan},
    recognizer::{
        RecognizerFactory,
        scripted::{Decode, Reaction, ScriptedModel},
    },
    settings::PlaybackSpeed,
    take::{RATE, Take, TakeId},
    take_file,
};

/// Models that do what a test tells them to.
#[derive(Debug, Default)]
struct ScriptedProvider {
    model: Option<ScriptedModel>,
    /// Under the name "larger".
    larger: Option<ScriptedModel>,
    loads: AtomicUsize,
    panics: bool,
    /// While it is set, loading comes to no end.
    loading: AtomicBool,
}

impl ModelProvider for ScriptedProvider {
    fn load(&self, name: &str) -> Result<Option<Arc<dyn RecognizerFactory>>, Failure> {
        self.loads.fetch_add(1, Ordering::AcqRel);
        assert!(!self.panics, "it was to panic");
        while self.loading.load(Ordering::Acquire) {
            thread::yield_now();
        }
        let model = if name == "larger" { &self.larger } else { &self.model };
        Ok(model.clone().map(|model| Arc::new(model) as Arc<dyn RecognizerFactory>))
    }

    fn fetch(
        &self,
        _: &str,
        _: Option<&str>,
        progress: &mut dyn FnMut(Progress),
        cancel: &AtomicBool,
    ) -> Result<(), Failure> {
        assert!(!self.panics, "it was to panic");
        let begun = Instant::now();
        let mut done_bytes = 0;
        while begun.elapsed() < Duration::from_secs(1) && !cancel.load(Ordering::Acquire) {
            done_bytes += 1;
            progress(Progress {
                done_bytes,
                total_bytes: None,
            });
        }
        Ok(())
    }

    fn import(&self, _: &Path) -> Result<String, Failure> {
        panic!("it was to panic")
    }
}

struct SessionFixture {
    session: Session,
    woken: Receiver<()>,
    models: Arc<ScriptedProvider>,
    folder: tempfile::TempDir,
    waiting: Vec<Event>,
}

fn room(models: ScriptedProvider) -> SessionFixture {
    let (wake, woken) = sync_channel(1);
    let models = Arc::new(models);
    let model_provider: Arc<dyn ModelProvider> = Arc::clone(&models) as _;
    let session = Session::start(model_provider, move || {
        // Woken already when it is full.
        let _ = wake.try_send(());
    })
    .unwrap();
    SessionFixture {
        session,
        woken,
        models,
        folder: tempfile::tempdir().unwrap(),
        waiting: Vec::new(),
    }
}

/// A room whose model reacts so, and is loaded.
fn with_model(script: impl Fn(Decode) -> Reaction + Send + Sync + 'static) -> (SessionFixture, ScriptedModel) {
    let model = ScriptedModel::new(script);
    let mut room = room(ScriptedProvider {
        model: Some(model.clone()),
        ..ScriptedProvider::default()
    });
    room.session.send(Command::LoadModel("scripted".into()));
    room.wait_for(|event| matches!(event, Event::Model(ModelState::Ready { .. })).then_some(()));
    (room, model)
}

impl SessionFixture {
    /// The first of the events still to come that this makes something of.
    fn wait_for<T>(&mut self, mut wanted: impl FnMut(&Event) -> Option<T>) -> T {
        let until = Instant::now() + Duration::from_secs(30);
        loop {
            while !self.waiting.is_empty() {
                let event = self.waiting.remove(0);
                if let Some(found) = wanted(&event) {
                    return found;
                }
            }
            assert!(Instant::now() < until, "nothing of the kind came");
            let _ = self.woken.recv_timeout(Duration::from_millis(100));
            self.waiting.extend(self.session.drain());
        }
    }

    /// A take of the first seconds of the sample answer, as if it were spoken now.
    fn plan(&self, name: &str, seconds: usize) -> TakePlan {
        let source = self.folder.path().join(format!("spoken-{seconds}.wav"));
        if !source.exists() {
            let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/sample-answer.wav");
            let bytes = std::fs::read(sample).unwrap();
            // A header that tells of more than there is: what is there is read.
            std::fs::write(&source, &bytes[..44 + seconds * RATE as usize * 2]).unwrap();
        }
        TakePlan {
            sound: self.sound(name),
            source: Source::File(source),
            glossary: Vec::new(),
            may_improve: true,
        }
    }

    fn sound(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("takes/{name}.wav"))
    }

    fn record(&self, name: &str, seconds: usize) -> TakeId {
        let plan = self.plan(name, seconds);
        let id = plan.id();
        self.session.send(Command::Record(plan));
        id
    }

    fn started(&mut self) -> TakeId {
        self.wait_for(|event| match event {
            Event::Started(id) => Some(id.clone()),
            _ => None,
        })
    }

    fn stopped(&mut self) -> Take {
        self.wait_for(|event| match event {
            Event::Stopped(take) => Some(take.clone()),
            _ => None,
        })
    }

    fn failed(&mut self, wanted: &Task) -> Failure {
        self.wait_for(|event| match event {
            Event::Failed { task, failure } if task == wanted => Some(failure.clone()),
            _ => None,
        })
    }

    fn transcribed(&mut self) -> String {
        self.wait_for(|event| match event {
            Event::Transcribed { transcript, .. } => Some(transcript.text()),
            _ => None,
        })
    }
}

/// Whether every sample of a take is in its file.
fn is_whole(take: &Take) -> bool {
    let on_disk = take_file::open(&take.sound).unwrap().len();
    on_disk as f64 == (take.seconds * f64::from(RATE)).round()
}

#[test]
fn a_take_whose_recognizer_dies_is_told_at_once_completed_and_transcribed_again() {
    let broken = Arc::new(AtomicBool::new(true));
    let (mut room, _) = {
        let broken = Arc::clone(&broken);
        with_model(move |_| {
            if broken.load(Ordering::Acquire) {
                Reaction::Panic
            } else {
                Reaction::Words
            }
        })
    };
    let id = room.record("a", 8);
    room.started();
    let failure = room.failed(&Task::Transcription(id.clone()));
    assert_eq!(failure.kind, FailureKind::Defect);
    assert!(failure.to_string().contains("The recording is kept"), "{failure}");
    room.session.send(Command::Stop);
    let take = room.stopped();
    assert_eq!(take.id(), id);
    assert!(is_whole(&take));
    broken.store(false, Ordering::Release);
    room.session.send(Command::Transcribe(TakePlan {
        source: Source::File(take.sound.clone()),
        sound: take.sound,
        glossary: Vec::new(),
        may_improve: true,
    }));
    assert!(room.transcribed().starts_with('w'));
}

#[test]
fn a_take_whose_recognizer_fails_after_stop_ends_with_the_reason() {
    let (mut room, _) = with_model(|decode| {
        if decode.partial {
            Reaction::Words
        } else {
            Reaction::Fail
        }
    });
    let id = room.record("a", 20);
    room.started();
    let take = room.stopped();
    assert!(is_whole(&take));
    // One bad segment is an accident; here it is all of them.
    let outcome = room.wait_for(|event| match event {
        Event::Failed { task, failure } if *task == Task::Transcription(id.clone()) => Some(Some(failure.kind)),
        Event::Transcribed { .. } => Some(None),
        _ => None,
    });
    assert!(matches!(outcome, Some(FailureKind::Recognition) | None));
}

#[test]
fn start_over_and_record_at_once() {
    let (mut room, _) = with_model(|_| Reaction::Words);
    let first = room.record("a", 8);
    assert_eq!(room.started(), first);
    room.session.send(Command::Discard);
    let second = room.record("b", 2);
    assert_eq!(room.started(), second);
    let take = room.stopped();
    assert_eq!(take.id(), second);
    assert!(is_whole(&take));
    assert!(!room.sound("a").exists(), "what was thrown away is gone");
    room.transcribed();
}

#[test]
fn start_over_does_not_wait_for_a_decode_that_hangs() {
    let (mut room, model) = with_model(|_| Reaction::Hang);
    room.record("a", 8);
    room.started();
    // Until something is decoded, that is, hangs.
    while room.session.recording_seconds() < 2.0 {
        thread::yield_now();
    }
    room.session.send(Command::Discard);
    let begun = Instant::now();
    let second = room.record("b", 2);
    assert_eq!(room.started(), second);
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    room.stopped();
    model.release();
}

#[test]
fn a_second_record_is_refused_while_one_runs_and_says_which() {
    let (mut room, _) = with_model(|_| Reaction::Words);
    let first = room.record("a", 2);
    room.started();
    let second = room.record("b", 2);
    let failure = room.failed(&Task::Recording(second));
    assert_eq!(failure.kind, FailureKind::Busy);
    assert_eq!(room.stopped().id(), first);
}

#[test]
fn a_take_that_cannot_be_made_says_so_and_the_next_one_can() {
    let (mut room, _) = with_model(|_| Reaction::Words);
    std::fs::create_dir(room.folder.path().join("takes")).unwrap();
    std::fs::write(room.sound("a"), "it is taken").unwrap();
    let id = room.record("a", 2);
    assert_eq!(room.failed(&Task::Recording(id)).kind, FailureKind::Storage);
    let id = room.record("b", 2);
    assert_eq!(room.started(), id);
    assert_eq!(room.stopped().id(), id);
}

#[test]
fn the_end_of_the_session_completes_the_take_and_waits_for_no_decode() {
    let (mut room, model) = with_model(|_| Reaction::Hang);
    room.record("a", 8);
    room.started();
    while room.session.recording_seconds() < 2.0 {
        thread::yield_now();
    }
    let begun = Instant::now();
    let sound = room.sound("a");
    drop(room.session);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert!(take_file::open(&sound).unwrap().len() >= u64::from(RATE) * 2);
    model.release();
}

#[test]
fn a_model_is_loaded_once_however_often_it_is_asked_for_meanwhile() {
    let mut room = room(ScriptedProvider {
        model: Some(ScriptedModel::new(|_| Reaction::Words)),
        loading: AtomicBool::new(true),
        ..ScriptedProvider::default()
    });
    for _ in 0..5 {
        room.session.send(Command::LoadModel("scripted".into()));
        room.wait_for(|event| matches!(event, Event::Model(ModelState::Loading { .. })).then_some(()));
    }
    room.models.loading.store(false, Ordering::Release);
    room.wait_for(|event| matches!(event, Event::Model(ModelState::Ready { .. })).then_some(()));
    assert_eq!(room.models.loads.load(Ordering::Acquire), 1);
}

#[test]
fn a_fetched_model_is_loaded_by_whoever_wants_it_and_by_nobody_else() {
    let mut room = room(ScriptedProvider::default());
    room.session.send(Command::LoadModel("tiny.en".into()));
    room.wait_for(|event| matches!(event, Event::Model(ModelState::Missing { .. })).then_some(()));
    room.session.send(Command::FetchModel {
        model: "tiny.en".into(),
        mirror: None,
    });
    let mut steps = 0;
    room.wait_for(|event| {
        steps += usize::from(matches!(event, Event::Fetching { .. }));
        matches!(event, Event::Fetched { .. }).then_some(())
    });
    // A second of downloading that told of each byte.
    assert!((2..=11).contains(&steps), "{steps}");
    assert_eq!(room.models.loads.load(Ordering::Acquire), 1);
}

#[test]
fn what_dies_on_a_thread_of_its_own_is_told_and_can_be_tried_again() {
    let mut room = room(ScriptedProvider {
        panics: true,
        ..ScriptedProvider::default()
    });
    for _ in 0..2 {
        room.session.send(Command::LoadModel("tiny.en".into()));
        let failure = room.wait_for(|event| match event {
            Event::Model(ModelState::Failed { failure, .. }) => Some(failure.clone()),
            _ => None,
        });
        assert_eq!(failure.kind, FailureKind::Defect);
        room.session.send(Command::FetchModel {
            model: "tiny.en".into(),
            mirror: None,
        });
        assert_eq!(room.failed(&Task::Download("tiny.en".into())).kind, FailureKind::Defect);
        room.session.send(Command::ImportModel("model.bin".into()));
        assert_eq!(room.failed(&Task::Import("model.bin".into())).kind, FailureKind::Defect);
    }
}

#[test]
fn a_sound_that_is_gone_is_not_played_and_there_is_nothing_to_stop() {
    let mut room = room(ScriptedProvider::default());
    let sound = room.folder.path().join("gone.wav");
    room.session.send(Command::Play {
        sound: sound.clone(),
        from: 2.0,
        speed: PlaybackSpeed::OneAndAHalf,
        playback: PlaybackId(7),
    });
    room.session.send(Command::StopPlaying);
    room.session.send(Command::LoadModel("scripted".into()));
    let played = |event: &Event| matches!(event, Event::Playing { .. } | Event::Played { .. });
    let mut failed = false;
    room.wait_for(|event| {
        assert!(!played(event), "{event:?}");
        failed |= matches!(event, Event::Failed { task: Task::Playback(path), .. } if *path == sound);
        matches!(event, Event::Model(ModelState::Missing { .. })).then_some(())
    });
    assert!(failed);
}

#[test]
fn seconds_of_one_playback_join_and_those_of_two_do_not() {
    let outbox = Outbox {
        events: Mutex::default(),
        wake: Box::new(|| {}),
    };
    let playing = |playback, second| Event::Playing {
        playback: PlaybackId(playback),
        second,
    };
    for event in [playing(1, 0.1), playing(1, 0.2), playing(2, 9.0), playing(2, 9.1)] {
        outbox.push(event);
    }
    let events: Vec<Event> = outbox.lock().drain(..).collect();
    assert_eq!(events, [playing(1, 0.2), playing(2, 9.1)]);
}
