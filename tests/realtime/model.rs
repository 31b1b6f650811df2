//! The speech model's file goes away, is cut or is replaced while it is in use; a decode is stopped in the middle. With
//! the real model.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering, mpsc::sync_channel},
    time::{Duration, Instant},
};

use crate::real::{machine, models, sample, say};
use aloud::{
    models::ModelStore,
    protocol::{Command, Event, ModelState, Source, TakePlan},
    recognizer::{RecognizerFactory, Window, whisper::WhisperModel},
    session::Session,
    transcript::Transcript,
};

const LONG: Duration = Duration::from_mins(2);

fn sound() -> Vec<f32> {
    let mut reader = hound::WavReader::open(sample()).unwrap();
    let samples = reader
        .samples::<i16>()
        .map(|sample| f32::from(sample.unwrap()) / 32_768.0);
    samples.take(16_000 * 9).collect()
}

#[test]
fn a_decode_is_stopped_in_the_middle_and_the_ear_hears_again() {
    let Some(models) = models() else { return };
    let _machine = machine();
    let model = WhisperModel::load(&models.join("ggml-tiny.en.bin")).unwrap();
    let mut recognizer = model.create().unwrap();
    let sound = sound();
    let window = Window {
        sound: &sound,
        ..Window::default()
    };
    let stop = recognizer.stopper().unwrap();
    let begun = Instant::now();
    let whole = recognizer.decode_final(&window).unwrap();
    let usual = begun.elapsed();
    assert!(!whole.words.is_empty());
    for share in [0.0, 0.3, 0.7] {
        let stopped_at = std::thread::scope(|scope| {
            let stop = Arc::clone(&stop);
            let waiter = scope.spawn(move || {
                std::thread::sleep(usual.mul_f64(share));
                stop.store(true, Ordering::Release);
                Instant::now()
            });
            let heard = recognizer.decode_final(&window);
            let ended = Instant::now();
            let stopped = waiter.join().unwrap();
            // It may just have been quicker than the stop.
            assert!(heard.is_err() || share > 0.0);
            ended.saturating_duration_since(stopped)
        });
        say(&format!(
            "stopped after {share} of {usual:?}: it ended {stopped_at:?} later"
        ));
        assert!(stopped_at < usual.max(Duration::from_millis(500)), "{stopped_at:?}");
        assert!(
            recognizer.decode_partial(&window).is_err(),
            "a glance is stopped as well"
        );
        stop.store(false, Ordering::Release);
    }
    assert_eq!(recognizer.decode_final(&window).unwrap().words, whole.words);
}

/// Memory of this process, in MB.
fn resident() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}

#[test]
#[cfg(target_os = "linux")]
fn stopped_decodes_leave_no_memory_behind() {
    let Some(models) = models() else { return };
    let _machine = machine();
    let model = WhisperModel::load(&models.join("ggml-tiny.en.bin")).unwrap();
    let mut recognizer = model.create().unwrap();
    let sound = sound();
    let window = Window {
        sound: &sound[..16_000 * 3],
        ..Window::default()
    };
    // The quickest of three, so that a machine that was busy meanwhile does not stop them all too late.
    let usual = (0..3).map(|_| {
        let begun = Instant::now();
        recognizer.decode_final(&window).unwrap();
        begun.elapsed()
    });
    let usual = usual.min().unwrap();
    let stop = recognizer.stopper().unwrap();
    let mut stopped = 0;
    let mut after_ten = 0.0;
    for round in 0..50_u32 {
        // In the encoder, in the decoder, in between: wherever it is by then.
        let failed = std::thread::scope(|scope| {
            let stop = &stop;
            scope.spawn(move || {
                std::thread::sleep(usual.mul_f64(f64::from(round % 10) / 11.0));
                stop.store(true, Ordering::Release);
            });
            recognizer.decode_final(&window).is_err()
        });
        stopped += u32::from(failed);
        stop.store(false, Ordering::Release);
        if round == 9 {
            after_ten = resident();
        }
    }
    let after = resident();
    say(&format!(
        "{stopped} of 50 decodes were stopped; memory after ten of them {after_ten:.0} MB, after all {after:.0} MB"
    ));
    assert!(stopped >= 30, "{stopped}");
    assert!(after - after_ten < 30.0, "{after_ten} MB, then {after} MB");
}

#[test]
fn no_number_of_job_terms_ends_the_recognizer() {
    let Some(models) = models() else { return };
    let _machine = machine();
    let model = WhisperModel::load(&models.join("ggml-tiny.en.bin")).unwrap();
    let mut recognizer = model.create().unwrap();
    let sound = sound();
    let terms = |count: usize| -> Vec<String> { (0..count).map(|n| format!("lateral movement {n}")).collect() };
    let strange = vec![
        "x".repeat(1 << 20),
        "nul\0".into(),
        "\u{feff}".into(),
        String::new(),
        "é".repeat(60),
    ];
    for glossary in [terms(60), terms(65), terms(2000), strange] {
        let window = Window {
            sound: &sound[..16_000 * 3],
            glossary: &glossary,
            fillers: true,
            ..Window::default()
        };
        let partial = recognizer.decode_partial(&window).unwrap();
        let decoded = recognizer.decode_final(&window).unwrap();
        for words in [partial.words, decoded.words] {
            let text: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
            assert!(text.len() > 3, "{} terms: {text:?}", glossary.len());
        }
    }
}

/// A session, and what it has told so far.
struct DecodeResult {
    session: Session,
    woken: std::sync::mpsc::Receiver<()>,
}

impl DecodeResult {
    fn begin(models: &Path) -> Self {
        let (wake, woken) = sync_channel::<()>(1);
        let shelf = Arc::new(ModelStore::new(models.to_owned()));
        let session = Session::start(shelf, move || {
            // Woken already when it is full.
            let _ = wake.try_send(());
        })
        .unwrap();
        Self { session, woken }
    }

    fn wait<T>(&self, mut wanted: impl FnMut(Event) -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            let _ = self.woken.recv_timeout(Duration::from_millis(50));
            for event in self.session.drain() {
                if let Some(found) = wanted(event) {
                    return found;
                }
            }
            assert!(begun.elapsed() < LONG, "it did not come");
        }
    }

    fn load(&self) -> ModelState {
        self.session.send(Command::LoadModel("tiny.en".into()));
        self.wait(|event| match event {
            Event::Model(state) if !matches!(state, ModelState::Loading { .. }) => Some(state),
            _ => None,
        })
    }

    fn hear(&self, sound: PathBuf) -> Transcript {
        self.session.send(Command::Record(TakePlan {
            sound,
            source: Source::FileAtOnce(sample()),
            glossary: Vec::new(),
            may_improve: false,
        }));
        self.wait(|event| match event {
            Event::Transcribed { transcript, .. } => Some(transcript),
            Event::Failed { failure, .. } => panic!("{failure}"),
            _ => None,
        })
    }
}

#[test]
fn a_model_that_is_cut_replaced_or_removed_under_the_running_app_is_told_at_the_next_load() {
    let Some(models) = models() else { return };
    let _machine = machine();
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("ggml-tiny.en.bin");
    let whole = fs::read(models.join("ggml-tiny.en.bin")).unwrap();
    fs::write(&file, &whole).unwrap();
    let hearing = DecodeResult::begin(place.path());
    assert!(matches!(hearing.load(), ModelState::Ready { .. }));

    // In place, as a disk that fails or a program that writes over it: what is loaded is in memory.
    fs::OpenOptions::new()
        .write(true)
        .open(&file)
        .unwrap()
        .set_len(whole.len() as u64 / 2)
        .unwrap();
    let text = hearing.hear(place.path().join("a.wav")).text().to_lowercase();
    assert!(text.contains("firewall"), "{text}");

    // What is no whole model is not there, and can be fetched.
    assert!(matches!(hearing.load(), ModelState::Missing { .. }));
    fs::write(&file, b"<!DOCTYPE html><html>Not found</html>").unwrap();
    assert!(matches!(hearing.load(), ModelState::Missing { .. }));
    // Zeros where the weights' names should be.
    let mut damaged = whole.clone();
    damaged[4_000_000..4_100_000].fill(0);
    fs::write(&file, &damaged).unwrap();
    let state = hearing.load();
    assert!(
        matches!(state, ModelState::Failed { .. } | ModelState::Ready { .. }),
        "it ends: {state:?}"
    );
    fs::remove_file(&file).unwrap();
    assert!(matches!(hearing.load(), ModelState::Missing { .. }));
    // The take is recorded without it, and written down once the model is back.
    hearing.session.send(Command::Record(TakePlan {
        sound: place.path().join("b.wav"),
        source: Source::FileAtOnce(sample()),
        glossary: Vec::new(),
        may_improve: false,
    }));
    hearing.wait(|event| matches!(event, Event::Stopped(_)).then_some(()));
    fs::write(&file, &whole).unwrap();
    hearing.session.send(Command::LoadModel("tiny.en".into()));
    let text = hearing.wait(|event| match event {
        Event::Transcribed { transcript, .. } => Some(transcript.text().to_lowercase()),
        _ => None,
    });
    assert!(text.contains("firewall"), "{text}");
}
