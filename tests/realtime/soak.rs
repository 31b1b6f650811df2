//! Takes one after the other through the whole pipeline, with everything that goes wrong: a full disk, a microphone that
//! is unplugged, recognizers that fail and die, no model, a stop at any moment, start over, the end of the session.
//! Whatever happens, every sample is in a file or counted, every Stop ends, and neither memory, nor threads, nor locks
//! are left behind.
//!
//! A usual run takes three quarters of a minute; `scripts/soak` runs for an hour.

#![cfg(target_os = "linux")]

use crate::{real, sound};
use std::{
    collections::BTreeMap,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::Command as Program,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU8, Ordering},
        mpsc::{Receiver, sync_channel},
    },
    time::{Duration, Instant},
};

use crate::real::say;
use crate::sound::{Running, Server, TimeCode};
use aloud::{
    models::ModelStore,
    protocol::{Command, Event, Failure, FailureKind, ModelState, Progress, Source, TakePlan, Task},
    recognizer::{DecodeResult, PartialResult, Recognizer, RecognizerError, RecognizerFactory, Window},
    session::{Session, model_provider::ModelProvider},
    take::{RATE, Take, TakeId},
};

/// How long the sound of the room is.
const SPOKEN_SECONDS: usize = 120;
/// A take is at most this long, with all that is done to it.
const LONGEST_TAKE: f64 = 16.0;
/// Memory may grow by this much between the first sessions and the last, where there were enough of them: the allocator's
/// pools fill during the first twenty takes or so, by 50 MB.
const MOST_GROWTH_MB: f64 = 30.0;
const ENOUGH_SESSIONS: usize = 12;
/// However few sessions there were, this is the most that may be left after one. A recognizer's state has a hundred
/// megabytes, and what the test itself holds takes most of the rest.
const MOST_LEFT_MB: f64 = 240.0;
/// So long Stop may take until the take's file is complete, and the last words until they are there.
const STOP_PATIENCE: Duration = Duration::from_secs(6);
/// A microphone that was unplugged while it was being opened, and a sound system that never says so.
const SILENT: &str = "sound system never answered";
const FAILED: &str = "transcription failed, and told";
/// How long the player of the room takes to play evenly.
const PLAYER_START: Duration = Duration::from_secs(2);
const WORDS_PATIENCE: Duration = Duration::from_secs(90);

#[test]
fn everything_that_goes_wrong_for_a_while() {
    soak(Duration::from_secs(45));
}

/// For an hour, or as long as `ALOUD_SOAK_SECONDS` says: `scripts/soak`.
#[test]
#[ignore = "it takes an hour"]
fn everything_that_goes_wrong_for_an_hour() {
    let seconds = std::env::var("ALOUD_SOAK_SECONDS").map_or(3600, |seconds| seconds.parse().unwrap());
    soak(Duration::from_secs(seconds));
}

/// Not a test: the process that goes through all of it, in which files can be kept from growing.
#[test]
#[ignore = "it is started by the other tests"]
fn soak_process() {
    let Some(seconds) = std::env::var("ALOUD_SOAK_FOR").ok() else {
        return;
    };
    Soak::new().run(Duration::from_secs(seconds.parse().unwrap()));
}

fn soak(length: Duration) {
    let Some(models) = real::models() else { return };
    if Program::new("prlimit").arg("--version").output().is_err() {
        return real::skip("there is no prlimit here");
    }
    let Some(mut server) = Server::start() else { return };
    let _machine = real::machine();
    let mut command = server.command("sh");
    let soak = command
        .args(["-c", r#"trap "" XFSZ; exec "$@""#, "sh"])
        .arg(std::env::current_exe().unwrap())
        .args([
            "soak::soak_process",
            "--exact",
            "--ignored",
            "--nocapture",
            "--test-threads=1",
        ])
        .env("ALOUD_SOAK_FOR", length.as_secs().to_string())
        .env("ALOUD_SOAK_PLACE", server.place())
        .env("ALOUD_MODELS", models)
        .env("RUST_BACKTRACE", "0");
    let over = AtomicBool::new(false);
    let (ended, revived) = std::thread::scope(|scope| {
        // A sound server that crashes is not what is tried here; on a desktop the system starts it anew, too.
        let watching = std::thread::Builder::new()
            .name("sound server".to_owned())
            .spawn_scoped(scope, || {
                let mut revived = 0;
                while !over.load(Ordering::Acquire) {
                    revived += u32::from(server.revive());
                    std::thread::sleep(Duration::from_millis(200));
                }
                revived
            });
        let ended = real::run(soak, None, length + Duration::from_mins(5));
        over.store(true, Ordering::Release);
        (ended, watching.unwrap().join().unwrap())
    });
    say(&format!(
        "the sound server crashed and was started anew: {revived} times"
    ));
    for line in ended.out.lines().filter_map(|line| line.strip_prefix("@")) {
        say(line);
    }
    assert!(ended.status.success(), "{}\n{}", ended.out, ended.err);
}

/// What is wrong with the recognizers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Ill {
    Well,
    Fails,
    Dies,
    /// Every third decode.
    DiesNowAndThen,
}

/// The real models of this machine, with faults.
#[derive(Debug)]
struct Faulty {
    store: ModelStore,
    ill: Arc<AtomicU8>,
    gone: AtomicBool,
}

impl ModelProvider for Faulty {
    fn load(&self, model: &str) -> Result<Option<Arc<dyn RecognizerFactory>>, Failure> {
        if self.gone.load(Ordering::Acquire) {
            return Ok(None);
        }
        let factory = ModelProvider::load(&self.store, model)?;
        let ill = Arc::clone(&self.ill);
        Ok(factory.map(|factory| Arc::new(FaultyFactory { factory, ill }) as Arc<dyn RecognizerFactory>))
    }

    fn fetch(&self, _: &str, _: Option<&str>, _: &mut dyn FnMut(Progress), _: &AtomicBool) -> Result<(), Failure> {
        Err(Failure::new(FailureKind::Network, "There is no network here."))
    }

    fn import(&self, _: &Path) -> Result<String, Failure> {
        Err(Failure::new(FailureKind::Input, "There is nothing to import."))
    }
}

#[derive(Debug)]
struct FaultyFactory {
    factory: Arc<dyn RecognizerFactory>,
    ill: Arc<AtomicU8>,
}

impl RecognizerFactory for FaultyFactory {
    fn create(&self) -> Result<Box<dyn Recognizer>, RecognizerError> {
        Ok(Box::new(FaultyRecognizer {
            recognizer: self.factory.create()?,
            ill: Arc::clone(&self.ill),
            decodes: 0,
        }))
    }
}

struct FaultyRecognizer {
    recognizer: Box<dyn Recognizer>,
    ill: Arc<AtomicU8>,
    decodes: u32,
}

impl FaultyRecognizer {
    fn suffer(&mut self) -> Result<(), RecognizerError> {
        self.decodes += 1;
        let ill = self.ill.load(Ordering::Acquire);
        if ill == Ill::Fails as u8 {
            let reason = "it was to fail".to_owned();
            return Err(RecognizerError::Decode { reason });
        }
        let dies = ill == Ill::Dies as u8 || (ill == Ill::DiesNowAndThen as u8 && self.decodes.is_multiple_of(3));
        assert!(!dies, "it was to die");
        Ok(())
    }
}

impl Recognizer for FaultyRecognizer {
    fn decode_partial(&mut self, window: &Window<'_>) -> Result<PartialResult, RecognizerError> {
        self.suffer()?;
        self.recognizer.decode_partial(window)
    }

    fn decode_final(&mut self, window: &Window<'_>) -> Result<DecodeResult, RecognizerError> {
        self.suffer()?;
        self.recognizer.decode_final(window)
    }

    fn prepare(&mut self) {
        self.recognizer.prepare();
    }

    fn stopper(&self) -> Option<Arc<AtomicBool>> {
        self.recognizer.stopper()
    }
}

/// Chance that can be had again: the seed is told.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn one_in(&mut self, number: u64) -> bool {
        self.below(number) == 0
    }

    fn seconds(&mut self, from: f64, to: f64) -> Duration {
        Duration::from_secs_f64(from + (to - from) * self.below(1000) as f64 / 1000.0)
    }
}

/// How a take ends.
#[derive(Clone, Copy, Debug)]
enum End {
    Stop,
    StartOver,
    Close,
}

/// What a round came to.
struct Ended {
    take: Option<Take>,
    paused: bool,
}

struct Soak {
    code: TimeCode,
    place: PathBuf,
    models: Arc<Faulty>,
    session: Option<(Session, Receiver<()>)>,
    waiting: Vec<Event>,
    /// Takes whose transcription was told to have failed.
    failed: Vec<TakeId>,
    playing: Option<(Running, Instant)>,
    chance: Chance,
    takes: usize,
    counts: BTreeMap<&'static str, usize>,
    samples: u64,
    gaps: usize,
    /// Memory and threads once a session is over.
    resident: Vec<f64>,
    threads: usize,
}

impl Soak {
    fn new() -> Self {
        let seed = std::env::var("ALOUD_SOAK_SEED").map_or_else(
            |_| jiff::Timestamp::now().as_nanosecond() as u64 | 1,
            |seed| seed.parse().unwrap(),
        );
        told(&format!("seed {seed}"));
        let place = PathBuf::from(std::env::var_os("ALOUD_SOAK_PLACE").unwrap());
        let code = TimeCode::new(SPOKEN_SECONDS);
        code.write(&place.join("spoken.wav"));
        let models = PathBuf::from(std::env::var_os("ALOUD_MODELS").unwrap());
        Self {
            code,
            models: Arc::new(Faulty {
                store: ModelStore::new(models),
                ill: Arc::new(AtomicU8::new(Ill::Well as u8)),
                gone: AtomicBool::new(false),
            }),
            place,
            session: None,
            waiting: Vec::new(),
            failed: Vec::new(),
            playing: None,
            chance: Chance(seed),
            takes: 0,
            counts: BTreeMap::new(),
            samples: 0,
            gaps: 0,
            resident: Vec::new(),
            threads: 0,
        }
    }

    fn run(&mut self, length: Duration) {
        let begun = Instant::now();
        self.threads = threads().len();
        let mut longest_stop = Duration::ZERO;
        while begun.elapsed() < length {
            self.play();
            self.open();
            let stopped = self.round();
            longest_stop = longest_stop.max(stopped);
            if self.chance.one_in(6) {
                self.close();
            }
        }
        self.close();
        let (first, last) = self.growth();
        told(&format!(
            "{} takes in {:.0} min, {:.0} min of sound, {} gaps, all noted; longest Stop {:.2} s; {} sessions, memory after \
             the first ones {first:.0} MB, after the last ones {last:.0} MB, at most {:.0} MB; {} threads as at the start",
            self.takes,
            begun.elapsed().as_secs_f64() / 60.0,
            self.samples as f64 / f64::from(RATE) / 60.0,
            self.gaps,
            longest_stop.as_secs_f64(),
            self.resident.len(),
            peak(),
            threads().len(),
        ));
        let counts: Vec<String> = self
            .counts
            .iter()
            .map(|(what, count)| format!("{what} {count}"))
            .collect();
        told(&counts.join(", "));
        assert!(last < MOST_LEFT_MB, "{:?}", self.resident);
        assert!(
            self.resident.len() < ENOUGH_SESSIONS || last - first < MOST_GROWTH_MB,
            "{:?}",
            self.resident
        );
    }

    /// Median memory after the first third of the sessions and after the last third, in MB, without the very first ones:
    /// they fill pools that stay.
    fn growth(&self) -> (f64, f64) {
        let median = |some: &[f64]| {
            let mut sorted = some.to_vec();
            sorted.sort_by(f64::total_cmp);
            sorted[sorted.len() / 2]
        };
        let skip = (self.resident.len() / 3).min(10);
        let rest = &self.resident[skip..];
        let third = rest.len().div_ceil(3);
        (median(&rest[..third]), median(&rest[rest.len() - third..]))
    }

    fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    /// Lets the room sound for long enough.
    fn play(&mut self) {
        let ended = |player: &mut Running| matches!(player.0.try_wait(), Ok(Some(_)));
        if self.playing.as_mut().is_some_and(|(player, _)| ended(player)) {
            self.playing = None;
        }
        let left = self
            .playing
            .as_ref()
            .map_or(0.0, |(_, begun)| SPOKEN_SECONDS as f64 - begun.elapsed().as_secs_f64());
        if left < LONGEST_TAKE * 3.0 {
            self.playing = None;
            let mut command = Program::new("paplay");
            command.arg("--device=desk-room").arg(self.place.join("spoken.wav"));
            self.playing = Some((Running(command.spawn().unwrap()), Instant::now()));
            // On a busy machine the player itself skips a piece of its beginning: no take is to begin in it.
            std::thread::sleep(PLAYER_START);
        }
    }

    fn open(&mut self) {
        if self.session.is_some() {
            return;
        }
        self.models.gone.store(false, Ordering::Release);
        let (wake, woken) = sync_channel(1);
        let models: Arc<dyn ModelProvider> = Arc::clone(&self.models) as _;
        let session = Session::start(models, move || {
            // Woken already when it is full.
            let _ = wake.try_send(());
        })
        .unwrap();
        session.send(Command::LoadModel("tiny.en".into()));
        session.send(Command::Listen(None));
        self.session = Some((session, woken));
        self.wait_for("microphone and model", Duration::from_secs(20), |event| {
            matches!(event, Event::Model(ModelState::Ready { .. })).then_some(())
        });
    }

    /// Ends the session, and looks what it left behind.
    fn close(&mut self) {
        let Some((session, _)) = self.session.take() else {
            return;
        };
        self.waiting.clear();
        let begun = Instant::now();
        drop(session);
        assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
        while threads().len() > self.threads {
            if begun.elapsed() > Duration::from_secs(30) {
                self.leave_silent_sound_system();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        self.resident.push(resident());
        if std::env::var_os("ALOUD_SOAK_TELLS").is_some() {
            told(&format!("{:.0} MB, takes {}", resident(), self.takes));
        }
    }

    /// A thread whose question the sound system never answers cannot be ended by anybody: it is counted. None other may
    /// be left.
    fn leave_silent_sound_system(&mut self) {
        let left = threads();
        let silent = left.iter().filter(|name| *name == "microphones").count();
        let known = self.counts.get(SILENT).copied().unwrap_or_default();
        assert!(
            left.len() - silent + known == self.threads,
            "threads are left: {left:?}"
        );
        for _ in known..silent {
            self.count(SILENT);
            self.threads += 1;
        }
    }

    fn send(&self, command: Command) {
        self.session.as_ref().unwrap().0.send(command);
    }

    fn wait_for<T>(&mut self, what: &str, patience: Duration, mut wanted: impl FnMut(&Event) -> Option<T>) -> T {
        let until = Instant::now() + patience;
        let mut seen = Vec::new();
        loop {
            let (session, woken) = self.session.as_ref().unwrap();
            let _ = woken.recv_timeout(Duration::from_millis(50));
            self.waiting.extend(session.drain());
            while !self.waiting.is_empty() {
                let event = self.waiting.remove(0);
                if let Event::Failed {
                    task: Task::Transcription(take),
                    ..
                } = &event
                {
                    self.failed.push(take.clone());
                }
                if let Some(found) = wanted(&event) {
                    return found;
                }
                if !matches!(event, Event::Words { .. } | Event::Level { .. }) {
                    seen.push(event);
                }
            }
            assert!(Instant::now() < until, "no {what} after {patience:?}, but {seen:#?}");
        }
    }

    /// A take with what goes wrong with it. Gives how long Stop took.
    fn round(&mut self) -> Duration {
        self.takes += 1;
        let sound = self.place.join(format!("takes/soak-{}.wav", self.takes));
        self.fall_ill();
        let end = match self.chance.below(10) {
            0 => End::Close,
            1 | 2 => End::StartOver,
            _ => End::Stop,
        };
        let id = self.record(&sound);
        let begun = Instant::now();
        let paused = self.disturb(&sound);
        let length = self.chance.seconds(0.0, LONGEST_TAKE / 2.0);
        std::thread::sleep(length.saturating_sub(begun.elapsed()));
        let stopped = Instant::now();
        let (ended, stop) = match end {
            End::Stop => {
                self.send(Command::Stop);
                let take = self.wait_for("Stopped", STOP_PATIENCE, |event| match event {
                    Event::Stopped(take) => Some(take.clone()),
                    _ => None,
                });
                let stop = stopped.elapsed();
                self.finish(&id);
                (
                    Ended {
                        take: Some(take),
                        paused,
                    },
                    stop,
                )
            }
            End::StartOver => {
                self.send(Command::Discard);
                self.count("start over");
                let next = self.place.join(format!("takes/soak-{}-over.wav", self.takes));
                let id = self.record(&next);
                self.send(Command::Stop);
                let take = self.wait_for("Stopped", STOP_PATIENCE, |event| match event {
                    Event::Stopped(take) => Some(take.clone()),
                    _ => None,
                });
                assert_eq!(take.id(), id);
                assert!(!sound.exists(), "what was thrown away is gone");
                let stop = stopped.elapsed();
                self.finish(&id);
                (
                    Ended {
                        take: Some(take),
                        paused: false,
                    },
                    stop,
                )
            }
            End::Close => {
                self.count("closed while recording");
                // The disk has room again: what waits is written at the end.
                limit_files("unlimited");
                self.close();
                (Ended { take: None, paused }, Duration::ZERO)
            }
        };
        self.check(&sound, &ended);
        self.recover();
        stop
    }

    /// Recognizers that fail, or no model at all.
    fn fall_ill(&mut self) {
        let ill = match self.chance.below(8) {
            0 => Ill::Fails,
            1 => Ill::Dies,
            2 => Ill::DiesNowAndThen,
            _ => Ill::Well,
        };
        self.models.ill.store(ill as u8, Ordering::Release);
        match ill {
            Ill::Well => {}
            Ill::Fails => self.count("recognizer fails"),
            Ill::Dies => self.count("recognizer dies"),
            Ill::DiesNowAndThen => self.count("recognizer dies now and then"),
        }
        if self.chance.one_in(8) {
            self.count("no model");
            self.models.gone.store(true, Ordering::Release);
            self.send(Command::LoadModel("base.en".into()));
        }
    }

    fn record(&mut self, sound: &Path) -> TakeId {
        for _ in 0..5 {
            if let Some(take) = self.try_to_record(sound) {
                return take;
            }
            // As a person does: once more, when the microphone is back.
            self.count("microphone did not open, and told");
            self.send(Command::Discard);
            std::thread::sleep(Duration::from_secs(1));
            self.send(Command::Listen(None));
        }
        panic!("no microphone opens");
    }

    /// Nothing where the microphone does not open.
    fn try_to_record(&mut self, sound: &Path) -> Option<TakeId> {
        let plan = TakePlan {
            sound: sound.to_owned(),
            source: Source::Microphone,
            glossary: (0..self.chance.below(90)).map(|n| format!("job term {n}")).collect(),
            may_improve: true,
        };
        let id = plan.id();
        self.send(Command::Record(plan));
        let wanted = id.clone();
        let started = self.wait_for("Started", Duration::from_secs(20), |event| match event {
            Event::Started(started) => (*started == wanted).then_some(true),
            Event::Failed {
                task: Task::Microphone, ..
            } => Some(false),
            Event::Failed {
                task: Task::Recording(_),
                failure,
            } => panic!("{failure}"),
            _ => None,
        });
        started.then_some(id)
    }

    /// What happens while a take runs. Says whether it was paused.
    fn disturb(&mut self, sound: &Path) -> bool {
        let mut paused = false;
        match self.chance.below(7) {
            0 | 1 => {
                self.count("disk full");
                std::thread::sleep(self.chance.seconds(0.0, 3.0));
                let length = fs::metadata(sound).map_or(44, |meta| meta.len());
                limit_files(&length.to_string());
                std::thread::sleep(self.chance.seconds(0.2, 3.0));
                if self.chance.one_in(2) {
                    limit_files("unlimited");
                } else {
                    self.count("disk still full at Stop");
                }
            }
            2 => {
                self.count("microphone unplugged");
                std::thread::sleep(self.chance.seconds(0.0, 2.0));
                // By its kind: after a crash of the sound server it has another number.
                pactl(&["unload-module", "module-remap-source"]);
                std::thread::sleep(self.chance.seconds(0.1, 3.0));
                plug_desk();
                std::thread::sleep(self.chance.seconds(0.0, 3.0));
            }
            3 => {
                self.count("paused");
                paused = true;
                self.send(Command::Pause);
                std::thread::sleep(self.chance.seconds(0.0, 1.0));
                self.send(Command::Resume);
            }
            4 => {
                self.count("stopped at once");
                return false;
            }
            _ => {}
        }
        paused
    }

    /// The words come, or the reason why they do not.
    fn finish(&mut self, id: &TakeId) {
        if self.models.gone.load(Ordering::Acquire) {
            return;
        }
        let outcome = if self.failed.contains(id) {
            FAILED
        } else {
            let id = id.clone();
            self.wait_for("words", WORDS_PATIENCE, |event| match event {
                Event::Transcribed { take, .. } if take.id() == id => Some("transcribed"),
                Event::Failed {
                    task: Task::Transcription(failed),
                    ..
                } if *failed == id => Some(FAILED),
                _ => None,
            })
        };
        self.count(outcome);
    }

    /// Every sample is in the file or counted, and what is missing of the sound is noted.
    fn check(&mut self, sound: &Path, ended: &Ended) {
        if let Some(take) = &ended.take {
            let wanted = (take.seconds * f64::from(RATE)).round() as u64;
            let on_disk = length_of(&take.sound);
            // More of it may have been written since.
            assert!(
                (wanted - take.unwritten_samples..=wanted).contains(&on_disk),
                "{on_disk} of {wanted} on the disk, {} in memory",
                take.unwritten_samples
            );
            limit_files("unlimited");
            let path = take.sound.clone();
            real::until("whole take", Duration::from_secs(12), || {
                (length_of(&path) == wanted).then_some(())
            });
            // It is let go of: nobody takes it for one that is being recorded.
            let file = fs::File::open(&path).unwrap();
            real::until("unlocked take", Duration::from_secs(5), || file.try_lock_shared().ok());
            self.heard(&path, take, ended.paused);
            fs::remove_file(&path).unwrap();
        } else if sound.exists() {
            // The session is over: the take is whole and nobody holds it.
            let heard = sound::samples(sound);
            fs::File::open(sound).unwrap().try_lock().unwrap();
            assert!(!heard.is_empty());
            fs::remove_file(sound).unwrap();
        }
    }

    /// Whatever of the sound in the room is missing inside a take is noted with it.
    fn heard(&mut self, path: &Path, take: &Take, paused: bool) {
        let samples = sound::samples(path);
        self.samples += samples.len() as u64;
        self.gaps += take.gaps.len();
        let stretches = self.code.stretches(&samples);
        // What is missing between two stretches of it. One gap may be noted for several that lie close together.
        let missing: f64 = stretches
            .windows(2)
            .map(|pair| (pair[1].from - pair[0].to).max(0.0))
            .filter(|seconds| *seconds > 0.25)
            .sum();
        let noted: f64 = take.gaps.iter().map(|gap| gap.seconds).sum();
        let lost = take.lost_samples as f64 / f64::from(RATE);
        // While it is paused, nothing is to be kept.
        assert!(
            paused || missing <= noted + lost + 0.25,
            "{missing:.2} s are missing in {}: {stretches:?}, but {take:?}",
            path.display()
        );
    }

    /// All is well again, for the next one.
    fn recover(&mut self) {
        limit_files("unlimited");
        self.models.ill.store(Ill::Well as u8, Ordering::Release);
        if self.session.is_some() && self.models.gone.swap(false, Ordering::AcqRel) {
            self.send(Command::LoadModel("tiny.en".into()));
            self.wait_for("model", Duration::from_secs(20), |event| {
                matches!(event, Event::Model(ModelState::Ready { .. })).then_some(())
            });
        }
    }
}

fn told(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "@{line}").and_then(|()| out.flush()).unwrap();
}

fn length_of(sound: &Path) -> u64 {
    fs::metadata(sound).map_or(0, |meta| meta.len().saturating_sub(44) / 2)
}

/// No file may grow beyond this many bytes: as on a full disk, with an error for whoever writes.
fn limit_files(bytes: &str) {
    let limited = Program::new("prlimit")
        .args(["--pid", &std::process::id().to_string(), &format!("--fsize={bytes}:")])
        .status()
        .unwrap();
    assert!(limited.success());
}

fn pactl(arguments: &[&str]) -> String {
    real::until("answer of the sound server", Duration::from_secs(20), || {
        let output = Program::new("pactl").args(arguments).output().unwrap();
        let answer = String::from_utf8(output.stdout).unwrap();
        output.status.success().then(|| answer.trim().to_owned())
    })
}

fn plug_desk() {
    pactl(&[
        "load-module",
        "module-remap-source",
        "master=desk-room.monitor",
        "source_name=desk",
        "source_properties=device.description=Desk",
    ]);
    pactl(&["set-default-source", "desk"]);
}

/// The names of this process's threads.
fn threads() -> Vec<String> {
    let tasks = fs::read_dir("/proc/self/task").unwrap();
    // One that has just ended has no name any more.
    let name = |task: fs::DirEntry| fs::read_to_string(task.path().join("comm")).ok();
    tasks
        .map_while(Result::ok)
        .filter_map(name)
        .map(|name| name.trim().to_owned())
        .collect()
}

/// Memory of this process, in MB.
fn resident() -> f64 {
    memory("VmRSS:")
}

fn peak() -> f64 {
    memory("VmHWM:")
}

fn memory(what: &str) -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(what)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}
