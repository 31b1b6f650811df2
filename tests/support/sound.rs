//! A sound server of the test's own, with microphones that hear what is played to them, and a process that records
//! from it as the app does: the real session on the real sound system, without window and model.

#![allow(clippy::unwrap_used, reason = "in a test it is the assertion")]
#![allow(dead_code, reason = "no test uses all of it")]

use std::{
    collections::HashMap,
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    os::unix::{fs::PermissionsExt as _, net::UnixStream},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{Arc, Mutex, atomic::AtomicBool},
    time::{Duration, Instant},
};

use aloud::{
    protocol::{self, Event, Failure, FailureKind, Progress, Source, TakePlan},
    recognizer::RecognizerFactory,
    session::{Session, model_provider::ModelProvider},
    take::{RATE, Take, TakeId},
};

use crate::real::{alone, skip, until};

pub const SOON: Duration = Duration::from_secs(20);

/// A program that ends with the test.
#[derive(Debug)]
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only where it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The sound server. What is played into a room is heard by the microphone in it, sample for sample.
#[derive(Debug)]
pub struct Server {
    process: Option<Running>,
    /// The number of the microphone "Desk", by which it is unplugged.
    desk: String,
    place: tempfile::TempDir,
}

impl Server {
    /// Nothing where this machine has not what it takes.
    pub fn start() -> Option<Self> {
        for program in ["pulseaudio", "pactl", "paplay", "parec"] {
            let found = std::env::var_os("PATH")
                .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()));
            if !found {
                skip(&format!("there is no {program} here"));
                return None;
            }
        }
        let place = tempfile::tempdir().unwrap();
        fs::set_permissions(place.path(), fs::Permissions::from_mode(0o700)).unwrap();
        let mut server = Self {
            process: None,
            desk: String::new(),
            place,
        };
        server.begin();
        Some(server)
    }

    /// Starts the server anew, with the microphone "Desk" as the system's choice.
    pub fn begin(&mut self) {
        let mut command = self.command("pulseaudio");
        command
            .args([
                "-n",
                "--daemonize=no",
                "--exit-idle-time=-1",
                "--use-pid-file=no",
                "--realtime=no",
            ])
            .args(["--high-priority=no", "--load=module-native-protocol-unix"])
            .env_remove("PULSE_SERVER")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        self.process = Some(Running(command.spawn().unwrap()));
        until("sound server", SOON, || UnixStream::connect(self.socket()).ok());
        self.desk = self.plug_in("desk", "Desk", RATE);
        self.ask("set-default-source desk");
    }

    /// Adds a microphone in a room of its own. Gives the number by which it is unplugged.
    pub fn plug_in(&self, id: &str, name: &str, rate: u32) -> String {
        self.ask(&format!(
            "load-module module-null-sink sink_name={id}-room format=s16le channels=1 rate={rate}"
        ));
        self.ask(&format!(
            "load-module module-remap-source master={id}-room.monitor source_name={id} \
             source_properties=device.description={name}"
        ))
    }

    pub fn unplug_desk(&self) {
        self.ask(&format!("unload-module {}", self.desk));
    }

    /// Starts the server anew where it has ended by itself: some crash now and then. Says whether it did.
    pub fn revive(&mut self) -> bool {
        let ended = |process: &mut Running| matches!(process.0.try_wait(), Ok(Some(_)));
        let dead = self.process.as_mut().is_some_and(ended);
        if dead {
            self.begin();
        }
        dead
    }

    /// Ends the server as a crash does.
    pub fn kill(&mut self) {
        self.process = None;
    }

    /// Stops the server without ending it: it neither delivers nor answers.
    pub fn freeze(&self) {
        self.signal("STOP");
    }

    pub fn thaw(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        signal(self.process.as_ref().unwrap().0.id(), name);
    }

    fn socket(&self) -> PathBuf {
        self.place.path().join("pulse/native")
    }

    pub fn place(&self) -> &Path {
        self.place.path()
    }

    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        alone(&mut command, self.place.path());
        command
            .env("PULSE_SERVER", format!("unix:{}", self.socket().display()))
            .stdin(Stdio::null());
        command
    }

    /// Asks the server for something, and gives its answer.
    pub fn ask(&self, what: &str) -> String {
        until("answer of the sound server", SOON, || {
            let output = self.command("pactl").args(what.split_whitespace()).output().unwrap();
            let answer = String::from_utf8(output.stdout).unwrap();
            output.status.success().then(|| answer.trim().to_owned())
        })
    }

    /// Begins to play a file into the room of this microphone.
    pub fn play(&self, sound: &Path, id: &str) -> Running {
        let mut command = self.command("paplay");
        command
            .arg(format!("--device={id}-room"))
            .arg(sound)
            .stderr(Stdio::null());
        Running(command.spawn().unwrap())
    }

    /// A witness who hears what the microphone hears, and is not killed.
    pub fn witness(&self, id: &str, code: Arc<TimeCode>) -> Witness {
        let mut command = self.command("parec");
        command
            .args(["--raw", "--format=s16le", "--channels=1", "--latency-msec=10"])
            .arg(format!("--rate={RATE}"))
            .arg(format!("--device={id}"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut process = Running(command.spawn().unwrap());
        let mut out = process.0.stdout.take().unwrap();
        let last = Arc::new(Mutex::new(None));
        let told = Arc::clone(&last);
        std::thread::Builder::new()
            .name("witness".to_owned())
            .spawn(move || {
                let mut heard: Vec<i16> = Vec::new();
                let mut bytes = [0; 1024];
                while let Ok(count) = out.read(&mut bytes) {
                    if count == 0 {
                        return;
                    }
                    // The server delivers whole samples.
                    heard.extend(
                        bytes[..count]
                            .chunks_exact(2)
                            .map(|pair| i16::from_le_bytes([pair[0], pair[1]])),
                    );
                    let surplus = heard.len().saturating_sub(TimeCode::KEY);
                    heard.drain(..surplus);
                    if let Some(second) = code.last_second(&heard) {
                        *told.lock().unwrap() = Some(second);
                    }
                }
            })
            .unwrap();
        Witness {
            _process: process,
            last,
        }
    }
}

/// Sends a signal to one process.
pub fn signal(process: u32, name: &str) {
    // It may have ended by itself meanwhile.
    let _ = Command::new("kill")
        .args([&format!("-{name}"), &process.to_string()])
        .stderr(Stdio::null())
        .status()
        .unwrap();
}

/// Hears along, and knows which second of the sound was heard last.
#[derive(Debug)]
pub struct Witness {
    _process: Running,
    last: Arc<Mutex<Option<f64>>>,
}

impl Witness {
    pub fn second(&self) -> Option<f64> {
        *self.last.lock().unwrap()
    }
}

/// Speech with a soft noise in it that is never the same twice: from a few samples it can be told which second of the
/// sound they are from.
#[derive(Debug)]
pub struct TimeCode {
    pub samples: Vec<i16>,
    places: HashMap<[i16; Self::KEY], usize>,
}

impl TimeCode {
    /// As many samples as are looked at.
    const KEY: usize = 8;

    /// The sample answer again and again, for this long.
    pub fn new(seconds: usize) -> Self {
        let mut reader = hound::WavReader::open(crate::real::sample()).unwrap();
        assert_eq!((reader.spec().sample_rate, reader.spec().channels), (RATE, 1));
        let speech: Vec<i16> = reader.samples::<i16>().map(Result::unwrap).collect();
        let mut chance = 1_u32;
        let samples: Vec<i16> = speech
            .iter()
            .cycle()
            .take(seconds * RATE as usize)
            .map(|sample| {
                chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                // At half the loudness, so that no conversion on the way rounds differently.
                sample / 2 + ((chance >> 16) % 64) as i16 - 32
            })
            .collect();
        let places = samples
            .windows(Self::KEY)
            .enumerate()
            .map(|(at, key)| (key.try_into().unwrap(), at))
            .collect();
        Self { samples, places }
    }

    pub fn write(&self, path: &Path) {
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: RATE,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::create(path, spec).unwrap();
        for sample in &self.samples {
            writer.write_sample(*sample).unwrap();
        }
        writer.finalize().unwrap();
    }

    fn place(&self, key: &[i16]) -> Option<usize> {
        self.places.get(key).copied()
    }

    /// Which second of the sound ends with these samples.
    pub fn last_second(&self, heard: &[i16]) -> Option<f64> {
        let key = &heard[heard.len().checked_sub(Self::KEY)?..];
        self.place(key).map(|at| (at + Self::KEY) as f64 / f64::from(RATE))
    }

    /// The stretches of the sound that were heard: from which second, to which, and where they begin in what was
    /// heard. In a whole recording there is one.
    pub fn stretches(&self, heard: &[i16]) -> Vec<Segment> {
        let mut stretches: Vec<Segment> = Vec::new();
        let mut at = 0;
        while at + Self::KEY <= heard.len() {
            let Some(place) = self.place(&heard[at..at + Self::KEY]) else {
                at += 1;
                continue;
            };
            let same = heard[at..]
                .iter()
                .zip(&self.samples[place..])
                .take_while(|(heard, played)| heard == played)
                .count();
            let seconds = |samples: usize| samples as f64 / f64::from(RATE);
            stretches.push(Segment {
                from: seconds(place),
                to: seconds(place + same),
                at: seconds(at),
            });
            at += same;
        }
        stretches
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Segment {
    pub from: f64,
    pub to: f64,
    pub at: f64,
}

/// Samples of a take's file, as any other program reads them.
pub fn samples(take: &Path) -> Vec<i16> {
    let mut reader = hound::WavReader::open(take).unwrap();
    assert_eq!((reader.spec().sample_rate, reader.spec().channels), (RATE, 1));
    reader.samples::<i16>().map(Result::unwrap).collect()
}

/// A process that records.
#[derive(Debug)]
pub struct Recorder {
    process: Running,
    input: ChildStdin,
    lines: std::sync::mpsc::Receiver<(Instant, String)>,
    pub sound: PathBuf,
}

/// Names the take to the process that is to record it.
const TAKE: &str = "ALOUD_TESTS_TAKE";

impl Recorder {
    /// Starts one; it records into this file from the system's choice, or from this microphone. The test program is
    /// the recorder too: see [`recorder_process`].
    pub fn start(server: &Server, sound: &Path, microphone: Option<&str>) -> Self {
        let mut command = server.command(std::env::current_exe().unwrap());
        command
            .env(TAKE, sound)
            .env("ALOUD_TESTS_MICROPHONE", microphone.unwrap_or_default());
        Self::begin(command, sound)
    }

    /// The same through a shell, which may limit it first: `"$@"` in the line is the recorder.
    pub fn start_limited(server: &Server, sound: &Path, line: &str) -> Self {
        let mut command = server.command("sh");
        command.args(["-c", line, "sh"]).arg(std::env::current_exe().unwrap());
        command.env(TAKE, sound).env("ALOUD_TESTS_MICROPHONE", "");
        Self::begin(command, sound)
    }

    fn begin(mut command: Command, sound: &Path) -> Self {
        command
            .args([
                "sound::recorder_process",
                "--exact",
                "--ignored",
                "--nocapture",
                "--test-threads=1",
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut process = Running(command.spawn().unwrap());
        let out = BufReader::new(process.0.stdout.take().unwrap());
        let (sender, lines) = std::sync::mpsc::sync_channel(1000);
        std::thread::Builder::new()
            .name("recorder's lines".to_owned())
            .spawn(move || {
                for line in out.lines().map_while(Result::ok) {
                    // Nobody listens any more where the test is over.
                    if let Some(event) = line.split_once('@').map(|(_, event)| event.to_owned())
                        && sender.send((Instant::now(), event)).is_err()
                    {
                        return;
                    }
                }
            })
            .unwrap();
        Self {
            input: process.0.stdin.take().unwrap(),
            process,
            lines,
            sound: sound.to_owned(),
        }
    }

    /// The process, or the shell that became it.
    pub fn id(&self) -> u32 {
        self.process.0.id()
    }

    /// Waits for an event that says this, and gives the moment at which it came and all of it.
    pub fn wait_for(&self, message: &str) -> (Instant, String) {
        self.listen_for(message, SOON)
            .unwrap_or_else(|heard| panic!("'{message}' did not come, but {heard:#?}"))
    }

    /// The same for an event that need not come: then what came instead.
    pub fn listen_for(&self, message: &str, patience: Duration) -> Result<(Instant, String), Vec<String>> {
        let until = Instant::now() + patience;
        let mut heard = Vec::new();
        loop {
            match self.lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok((at, event)) if event.contains(message) => return Ok((at, event)),
                Ok((_, event)) => heard.push(event),
                Err(_) => return Err(heard),
            }
        }
    }

    /// Tells the process something: "move FOLDER" to write the take elsewhere, "quit" to end.
    pub fn tell(&mut self, line: &str) {
        writeln!(self.input, "{line}").unwrap();
    }

    /// Ends the take and gives what the session says of it.
    pub fn stop(&mut self) -> Take {
        self.tell("stop");
        let (_, event) = self.wait_for("Take ");
        serde_json::from_str(event.trim_start_matches("Take ")).unwrap()
    }

    /// Ends the process in the middle of its work, by this signal.
    pub fn end_by(mut self, signal_name: &str) {
        signal(self.id(), signal_name);
        until("end of the process", SOON, || {
            if self.process.0.try_wait().unwrap().is_none() {
                // Rust looks first whether a fault is a stack that is too deep: the second one ends the process.
                signal(self.id(), signal_name);
                return None;
            }
            Some(())
        });
    }
}

/// No model is here: takes are recorded and not written down.
#[derive(Debug)]
struct Nothing;

impl ModelProvider for Nothing {
    fn load(&self, _: &str) -> Result<Option<Arc<dyn RecognizerFactory>>, Failure> {
        Ok(None)
    }

    fn fetch(&self, _: &str, _: Option<&str>, _: &mut dyn FnMut(Progress), _: &AtomicBool) -> Result<(), Failure> {
        Err(Failure::new(FailureKind::Input, "There is nothing to fetch."))
    }

    fn import(&self, _: &Path) -> Result<String, Failure> {
        Err(Failure::new(FailureKind::Input, "There is nothing to import."))
    }
}

/// What the recorder's process does: it records, says on standard output what the session tells, and ends the take when
/// it is told to.
pub fn record() {
    let Some(sound) = std::env::var_os(TAKE) else { return };
    let microphone = std::env::var("ALOUD_TESTS_MICROPHONE")
        .ok()
        .filter(|name| !name.is_empty());
    let (wake, woken) = std::sync::mpsc::sync_channel::<()>(1);
    let session = Session::start(Arc::new(Nothing), move || {
        // Woken already when it is full.
        let _ = wake.try_send(());
    })
    .unwrap();
    session.send(protocol::Command::Listen(microphone));
    let (sender, stopped) = std::sync::mpsc::sync_channel::<String>(4);
    std::thread::Builder::new()
        .name("stop".to_owned())
        .spawn(move || {
            // The end of the input is the end of the test: the process is ended then.
            for line in std::io::stdin().lines().map_while(Result::ok) {
                sender.send(line).unwrap();
            }
        })
        .unwrap();
    let say = |line: &str| {
        let mut out = std::io::stdout().lock();
        writeln!(out, "@{line}").and_then(|()| out.flush()).unwrap();
    };
    let mut ended = false;
    loop {
        let _ = woken.recv_timeout(Duration::from_millis(20));
        for event in session.drain() {
            match &event {
                Event::Listening { .. } if !Path::new(&sound).exists() => {
                    session.send(protocol::Command::Record(TakePlan {
                        sound: sound.clone().into(),
                        source: Source::Microphone,
                        glossary: Vec::new(),
                        may_improve: false,
                    }));
                }
                Event::Stopped(take) => {
                    say(&format!("Take {}", serde_json::to_string(take).unwrap()));
                    // What the disk still refuses waits for as long as this process runs.
                    if take.unwritten_samples == 0 {
                        return;
                    }
                    ended = true;
                    continue;
                }
                _ => {}
            }
            say(&match &event {
                Event::Failed { failure, .. } | Event::Unwritten { failure, .. } => format!("{event:?}: {failure}"),
                Event::MicrophoneReplaced { lost, microphone } => {
                    format!("{lost} Now “{microphone}” goes on in the same take.")
                }
                event => format!("{event:?}"),
            });
            if matches!(event, Event::Written { .. }) && ended {
                return;
            }
        }
        match stopped.try_recv() {
            Ok(line) if line.starts_with("stop") => session.send(protocol::Command::Stop),
            Ok(line) if line.starts_with("move ") => session.send(protocol::Command::WriteElsewhere {
                take: TakeId::of(Path::new(&sound)),
                folder: line["move ".len()..].trim().into(),
            }),
            Ok(_) => return,
            Err(_) => {}
        }
    }
}

/// Keeps files apart: what a failed test leaves behind can be looked into.
pub fn takes(server: &Server) -> PathBuf {
    let folder = server.place().join("data/takes");
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Not a test: the process that records.
#[test]
#[ignore = "it is started by the other tests"]
fn recorder_process() {
    record();
}
