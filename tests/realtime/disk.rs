//! A disk that is full, slow, or not to be written to, while a take is recorded through the real sound system.

#![cfg(target_os = "linux")]

use crate::{real, sound};
use std::{
    fs,
    path::Path,
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use crate::real::{say, skip};
use crate::sound::{Recorder, Running, Server, TimeCode, samples};
use aloud::take::{RATE, Take};

/// A sound server in whose room the time code is played.
fn spoken() -> Option<(Server, Arc<TimeCode>, Running)> {
    let server = Server::start()?;
    let code = Arc::new(TimeCode::new(60));
    let spoken = server.place().join("spoken.wav");
    code.write(&spoken);
    let playing = server.play(&spoken, "desk");
    Some((server, code, playing))
}

/// Whether a program is here.
fn have(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok();
    if !found {
        skip(&format!("there is no {program} here"));
    }
    found
}

#[test]
fn on_a_full_disk_the_sound_waits_and_is_written_once_there_is_room() {
    let _machine = real::shared_machine();
    if !have("prlimit") {
        return;
    }
    let Some((server, code, _playing)) = spoken() else {
        return;
    };
    let path = sound::takes(&server).join("full.wav");
    // No file may be longer than two seconds of sound, and writing on is an error, as on a full disk.
    let mut recorder = Recorder::start_limited(&server, &path, r#"trap "" XFSZ; exec prlimit --fsize=64000: -- "$@""#);
    recorder.wait_for("Started");
    let begun = Instant::now();
    let (at, message) = recorder.wait_for("cannot be written");
    say(&format!(
        "told after {:.1} s: {message}",
        at.duration_since(begun).as_secs_f64()
    ));
    assert!(
        message.contains("It is kept in memory") && message.contains("free some space"),
        "{message}"
    );
    std::thread::sleep(Duration::from_secs(2));
    // What was written before is a whole file all the time.
    let before = samples(&path).len();
    assert!((25_000..32_000).contains(&before), "{before}");
    free_the_disk(&recorder);
    std::thread::sleep(Duration::from_millis(500));
    let take = recorder.stop();
    let stretches = code.stretches(&samples(&take.sound));
    assert_eq!(stretches.len(), 1, "every sample is there: {stretches:?}");
    assert_eq!((take.lost_samples, take.gaps.len()), (0, 0));
    assert!(take.seconds > 4.0 && (stretches[0].to - stretches[0].from - take.seconds).abs() < 0.01);
}

/// A take that has ended on a full disk: its recorder, which still runs, and what the session said of it.
fn ended_on_a_full_disk(server: &Server, path: &Path) -> (Recorder, Take) {
    let limited = r#"trap "" XFSZ; exec prlimit --fsize=64000: -- "$@""#;
    let mut recorder = Recorder::start_limited(server, path, limited);
    recorder.wait_for("cannot be written");
    std::thread::sleep(Duration::from_secs(2));
    let take = recorder.stop();
    let (_, message) = recorder.wait_for("Unwritten");
    assert!(message.contains("It is kept in memory"), "{message}");
    let kept = samples(&take.sound).len() as u64;
    assert!(kept >= 28_000, "{kept}");
    assert!(take.unwritten_samples > u64::from(RATE), "{take:?}");
    let whole = (take.seconds * f64::from(RATE)).round() as u64;
    assert_eq!(kept + take.unwritten_samples, whole, "all that is not there is counted");
    (recorder, take)
}

/// Lets the files of a recorder grow again.
fn free_the_disk(recorder: &Recorder) {
    let freed = Command::new("prlimit")
        .args(["--pid", &recorder.id().to_string(), "--fsize=unlimited:"])
        .status()
        .unwrap();
    assert!(freed.success());
}

#[test]
fn a_take_that_ends_on_a_full_disk_is_written_once_there_is_room() {
    let _machine = real::shared_machine();
    if !have("prlimit") {
        return;
    }
    let Some((server, code, _playing)) = spoken() else {
        return;
    };
    let path = sound::takes(&server).join("full.wav");
    let (recorder, take) = ended_on_a_full_disk(&server, &path);
    free_the_disk(&recorder);
    recorder.wait_for("Written");
    is_whole(&code, &take, &path);
}

#[test]
fn a_take_that_ends_on_a_full_disk_goes_to_another_folder() {
    let _machine = real::shared_machine();
    if !have("prlimit") {
        return;
    }
    let Some((server, code, _playing)) = spoken() else {
        return;
    };
    let path = sound::takes(&server).join("full.wav");
    let (mut recorder, take) = ended_on_a_full_disk(&server, &path);
    // There is no more room there: it says so, and nothing is lost.
    let other = server.place().join("other");
    recorder.tell(&format!("move {}", other.display()));
    let (_, message) = recorder.wait_for("Unwritten");
    assert!(message.contains("cannot be written there either"), "{message}");
    free_the_disk(&recorder);
    recorder.wait_for("Written");
    is_whole(&code, &take, &path);
}

#[test]
fn a_take_that_ends_on_a_full_disk_is_tried_once_more_at_the_end() {
    let _machine = real::shared_machine();
    if !have("prlimit") {
        return;
    }
    let Some((server, code, _playing)) = spoken() else {
        return;
    };
    let path = sound::takes(&server).join("full.wav");
    let (mut recorder, take) = ended_on_a_full_disk(&server, &path);
    // Frozen while the room is made, so that it is the end that finds it.
    sound::signal(recorder.id(), "STOP");
    free_the_disk(&recorder);
    recorder.tell("quit");
    sound::signal(recorder.id(), "CONT");
    real::until("whole take", sound::SOON, || {
        (samples(&path).len() as f64 >= take.seconds * f64::from(RATE)).then_some(())
    });
    is_whole(&code, &take, &path);
}

fn is_whole(code: &TimeCode, take: &Take, path: &Path) {
    let samples = samples(path);
    assert_eq!(samples.len() as f64, (take.seconds * f64::from(RATE)).round());
    let stretches = code.stretches(&samples);
    assert_eq!(stretches.len(), 1, "every sample is there: {stretches:?}");
}

#[test]
fn a_slow_disk_holds_nothing_up() {
    let _machine = real::shared_machine();
    if !have("strace") {
        return;
    }
    let Some((server, code, _playing)) = spoken() else {
        return;
    };
    let path = sound::takes(&server).join("slow.wav");
    // Whoever waits for the disk waits for three seconds.
    let slow = "exec strace -f -qq --seccomp-bpf -o /dev/null -e trace=fsync,fdatasync \
                -e inject=fsync,fdatasync:delay_enter=3000000 \"$@\"";
    let mut recorder = Recorder::start_limited(&server, &path, slow);
    recorder.wait_for("Started");
    let begun = Instant::now();
    let (mut length, mut grown, mut longest) = (0, Instant::now(), Duration::ZERO);
    // A take is synced after five seconds.
    while begun.elapsed() < Duration::from_secs(8) {
        let now = fs::metadata(&path).unwrap().len();
        if now > length {
            longest = longest.max(grown.elapsed());
            (length, grown) = (now, Instant::now());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    say(&format!("the file did not grow for {longest:?} at most"));
    assert!(longest < Duration::from_secs(2), "{longest:?}");
    let asked = Instant::now();
    let take = recorder.stop();
    assert!(
        asked.elapsed() < Duration::from_millis(2500),
        "Stop waits for no disk: {:?}",
        asked.elapsed()
    );
    assert_eq!((take.lost_samples, take.gaps.len()), (0, 0), "{take:?}");
    let stretches = code.stretches(&samples(&take.sound));
    assert_eq!(stretches.len(), 1, "{stretches:?}");
}

#[test]
fn a_take_that_cannot_be_made_is_told_with_what_to_do() {
    let _machine = real::shared_machine();
    let Some((server, _, _playing)) = spoken() else { return };
    // Below a file no folder can be made, by nobody: permissions would not stop the superuser.
    fs::write(server.place().join("occupied"), b"a file").unwrap();
    let recorder = Recorder::start(&server, &server.place().join("occupied/take.wav"), None);
    let (_, message) = recorder.wait_for("Could not create the recording");
    assert!(
        message.contains("occupied/take.wav") && message.contains("choose another data folder"),
        "{message}"
    );
}
