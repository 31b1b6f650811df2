//! What the tests with the real parts share: the program itself, the speech model of this machine, and what is done
//! where something is missing.

#![allow(clippy::unwrap_used, reason = "in a test it is the assertion")]
#![allow(dead_code, reason = "no test uses all of it")]

use std::{
    ffi::OsStr,
    io::{Read, Write as _},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, mpsc::sync_channel},
    thread,
    time::{Duration, Instant},
};

/// The words that the sample answer is made of, as far as any model must hear them.
pub const SAMPLE_WORDS: [&str; 3] = ["logs", "firewall", "splunk"];
/// Length of the sample answer.
pub const SAMPLE_SECONDS: f64 = 30.5;
/// The question that it answers.
pub const SAMPLE_QUESTION: &str = "cyber-siem-worth";

pub fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/sample-answer.wav")
}

/// Says something past the test's own capture: it is to be seen in every run.
pub fn say(what: &str) {
    // Where nobody listens, nobody is told.
    let _ = writeln!(std::io::stderr(), "    {what}");
}

/// Whether a test that cannot run has failed.
pub fn must_run() -> bool {
    let set = |name: &str, value: &str| std::env::var(name).is_ok_and(|found| found == value);
    set("CI", "true") || set("ALOUD_TESTS_MUST_RUN", "1")
}

/// Says that a test is skipped, and why; where every test must run, that is a failure.
pub fn skip(why: &str) {
    assert!(!must_run(), "{why}");
    say(&format!("skipped: {why}"));
}

/// The folder with the speech model tiny.en; nothing where there is none.
pub fn models() -> Option<PathBuf> {
    let named = std::env::var_os("ALOUD_MODELS").map(PathBuf::from);
    let usual = || directories::ProjectDirs::from("", "", "aloud").map(|folders| folders.data_dir().join("models"));
    let folder = named.or_else(usual)?;
    if folder.join("ggml-tiny.en.bin").is_file() {
        return Some(folder);
    }
    skip("there is no speech model here; `aloud models fetch tiny.en` brings it");
    None
}

static MACHINE: RwLock<()> = RwLock::new(());

/// The whole machine for one test: those that decode in real time, or measure time, come one after the other.
pub fn machine() -> RwLockWriteGuard<'static, ()> {
    MACHINE.write().unwrap_or_else(PoisonError::into_inner)
}

/// The machine, shared with others that wait more than they work.
pub fn shared_machine() -> RwLockReadGuard<'static, ()> {
    MACHINE.read().unwrap_or_else(PoisonError::into_inner)
}

/// What a program that has ended left behind.
#[derive(Debug)]
pub struct Ended {
    pub status: ExitStatus,
    pub out: String,
    pub err: String,
    pub seconds: f64,
}

/// The program, in a place of its own: its own home and data, no display, no sound server, no variable that would lead
/// it elsewhere.
pub fn aloud<A: AsRef<OsStr>>(place: &Path, arguments: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aloud"));
    let data = place.join("data");
    command
        .arg("--data")
        .arg(data)
        .args(arguments)
        .current_dir(place)
        .stdin(Stdio::null());
    alone(&mut command, place);
    command
}

/// Leads a program to no display, no sound server and no home but this place.
pub fn alone(command: &mut Command, place: &Path) {
    for name in [
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "WAYLAND_SOCKET",
        "ALOUD_LOG",
        "ALOUD_MODELS",
        "ALOUD_MODEL_MIRROR",
        "ALOUD_POLICY",
        "ALOUD_TEST_PANIC",
        "ALOUD_TEST_THREAD_PANIC",
        "XDG_DATA_HOME",
        "XDG_CONFIG_HOME",
        "XDG_DOCUMENTS_DIR",
        "DBUS_SESSION_BUS_ADDRESS",
        "AT_SPI_BUS_ADDRESS",
        "PULSE_SINK",
        "PULSE_SOURCE",
        "PULSE_COOKIE",
        "PIPEWIRE_REMOTE",
    ] {
        command.env_remove(name);
    }
    command.env("HOME", place).env("XDG_RUNTIME_DIR", place).env(
        "PULSE_SERVER",
        format!("unix:{}", place.join("no-sound-server").display()),
    );
}

/// Runs a command to its end. One that does not come to an end is killed, and the test with it.
pub fn run(command: &mut Command, typed: Option<&str>, patience: Duration) -> Ended {
    let begun = Instant::now();
    if typed.is_some() {
        command.stdin(Stdio::piped());
    }
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    if let (Some(typed), Some(mut input)) = (typed, child.stdin.take()) {
        input.write_all(typed.as_bytes()).unwrap();
    }
    let out = read_aside(child.stdout.take().unwrap());
    let err = read_aside(child.stderr.take().unwrap());
    let left = || patience.saturating_sub(begun.elapsed());
    let (Ok(out), Ok(err)) = (out.recv_timeout(left()), err.recv_timeout(left())) else {
        child.kill().unwrap();
        panic!("{command:?} was still running after {patience:?}");
    };
    Ended {
        status: child.wait().unwrap(),
        out,
        err,
        seconds: begun.elapsed().as_secs_f64(),
    }
}

fn read_aside(mut from: impl Read + Send + 'static) -> std::sync::mpsc::Receiver<String> {
    let (sender, receiver) = sync_channel(1);
    thread::Builder::new()
        .name("reader".to_owned())
        .spawn(move || {
            let mut bytes = Vec::new();
            from.read_to_end(&mut bytes).unwrap();
            // Nobody waits any more where the test has given up.
            let _ = sender.send(String::from_utf8_lossy(&bytes).into_owned());
        })
        .unwrap();
    receiver
}

/// Looks again and again until there is something to be seen. For what nobody tells: files, pictures, other programs.
pub fn until<T>(what: &str, patience: Duration, mut look: impl FnMut() -> Option<T>) -> T {
    const GLANCE: Duration = Duration::from_millis(20);
    let begun = Instant::now();
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(
            begun.elapsed() < patience,
            "after {patience:?} there was still no {what}"
        );
        thread::sleep(GLANCE);
    }
}

/// What a command printed, where it succeeded.
pub fn done(ended: Ended) -> String {
    assert!(ended.status.success(), "{}: {}", ended.status, ended.err);
    assert_eq!(ended.err, "", "nothing is said on standard error");
    ended.out
}

/// The JSON that it printed.
pub fn json(ended: Ended) -> serde_json::Value {
    let out = done(ended);
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"))
}
