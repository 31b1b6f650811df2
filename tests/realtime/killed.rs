//! The process is ended in the middle of a take, at a moment that chance picks: by the system, or by a fault in its own
//! native code. At the next start the take is found, plays, holds what was spoken, and can be written down.

#![cfg(target_os = "linux")]

use crate::{real, sound};
use std::{
    fs,
    hash::{BuildHasher as _, RandomState},
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use crate::real::{aloud, machine, run, say};
use crate::sound::{Recorder, Server, TimeCode, samples};
use aloud::{store::Store, take_file};

/// What a take may lack at its end.
const MOST_LOST: f64 = 0.25;
/// How many takes run at the same time.
const AT_ONCE: usize = 6;
/// A kill, a crash in native code, a failed assertion in native code.
const ENDS: [&str; 3] = ["KILL", "SEGV", "ABRT"];

/// How many kills: 24, or as many as `ALOUD_TESTS_KILLS` says.
fn kills() -> usize {
    let asked = std::env::var("ALOUD_TESTS_KILLS").ok();
    asked.map_or(24, |number| number.parse().expect("ALOUD_TESTS_KILLS is a number"))
}

/// One killed take: how many seconds its file holds, and what it lacks at its end.
#[derive(Clone, Copy, Debug)]
struct Killed {
    kept: f64,
    lost: f64,
}

#[test]
fn takes_of_killed_processes_are_found_whole_but_for_their_last_moment() {
    let _machine = machine();
    let Some(server) = Server::start() else { return };
    let number = kills();
    let code = Arc::new(TimeCode::new(40 + number * 4 / AT_ONCE));
    let spoken = server.place().join("spoken.wav");
    code.write(&spoken);
    let _playing = server.play(&spoken, "desk");
    let witness = server.witness("desk", Arc::clone(&code));
    real::until("sound in the room", sound::SOON, || witness.second());

    let takes = sound::takes(&server);
    let left = Mutex::new((0..number).collect::<Vec<_>>());
    let killed = Mutex::new(Vec::new());
    // Keys of hash maps are chance enough.
    let chance = RandomState::new();
    let moment = |trial: usize| (chance.hash_one(trial) % 3000) as f64 / 1000.0;
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let Some(trial) = left.lock().unwrap().pop() else {
                        return;
                    };
                    let by = ENDS[trial % ENDS.len()];
                    let path = takes.join(format!("2026-11-20-140201-{trial:03}-q1-t1.wav"));
                    let recorder = Recorder::start(&server, &path, None);
                    recorder.wait_for("Started");
                    let begun = witness.second().unwrap();
                    std::thread::sleep(Duration::from_secs_f64(moment(trial)));
                    let end = witness.second().unwrap();
                    recorder.end_by(by);
                    let killed_take = check(&path, &code, by, begun, end);
                    killed.lock().unwrap().push((path, killed_take));
                }
            });
        }
    });

    let killed = killed.into_inner().unwrap();
    assert_eq!(killed.len(), number);
    let store = Store::open(Some(server.place().join("data"))).unwrap();
    let found = store.found_takes(&std::collections::BTreeSet::new());
    for (path, killed) in &killed {
        // What is shorter than half a second is not offered: nobody has spoken in it.
        let offered = found.iter().any(|take| take.sound == *path);
        assert!(offered || killed.kept < 0.5, "{path:?} is not found: {killed:?}");
    }
    let worst = killed.iter().map(|(_, killed)| killed.lost).fold(0.0, f64::max);
    let mean = killed.iter().map(|(_, killed)| killed.lost).sum::<f64>() / number as f64;
    let offered = found.len();
    say(&format!(
        "{number} takes ended by {ENDS:?}: {offered} offered again, {:.0} ms lost on average, {:.0} ms at most",
        mean * 1e3,
        worst * 1e3
    ));
    write_down(
        killed
            .iter()
            .max_by(|a, b| a.1.kept.total_cmp(&b.1.kept))
            .map(|(path, _)| path.as_path()),
    );
}

/// What is left of a take that ran from one second of the sound to another.
fn check(path: &Path, code: &TimeCode, by: &'static str, begun: f64, end: f64) -> Killed {
    // Any program can play it, up to its last sample.
    let kept = samples(path);
    let bytes = fs::metadata(path).unwrap().len();
    assert!(bytes >= 44 + kept.len() as u64 * 2);
    let stretches = code.stretches(&kept);
    let ran = end - begun;
    let seconds = kept.len() as f64 / 16_000.0;
    let killed = Killed {
        kept: seconds,
        lost: stretches.last().map_or(ran, |stretch| end - stretch.to),
    };
    assert!(
        killed.lost <= MOST_LOST,
        "ended by {by} after {ran} s: {killed:?}, {stretches:?}"
    );
    if ran > MOST_LOST {
        // A server on a busy machine may itself leave a moment out, for everybody who listens.
        let inside: f64 = stretches.windows(2).map(|pair| pair[1].from - pair[0].to).sum();
        assert!(
            inside + killed.lost <= MOST_LOST,
            "missing inside: {killed:?} {stretches:?}"
        );
        assert!(
            stretches[0].from <= begun + 0.1,
            "its beginning is there: {begun} {stretches:?}"
        );
    }
    // As Aloud itself reads it, for playing and for writing down.
    assert!(take_file::repair(path).unwrap() >= kept.len() as u64);
    assert!(take_file::open(path).unwrap().len() >= kept.len() as u64);
    killed
}

/// The real model on the longest of the takes.
fn write_down(take: Option<&Path>) {
    let (Some(models), Some(take)) = (real::models(), take) else {
        return;
    };
    let place = tempfile::tempdir().unwrap();
    let mut command = aloud(place.path(), ["analyze", "--json"]);
    let ended = run(
        command.arg(take).env("ALOUD_MODELS", models),
        None,
        Duration::from_mins(1),
    );
    assert!(ended.status.success(), "{}", ended.err);
    let report: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
    say(&format!("written down: {}", report["transcript"]["text"]));
    assert!(report["transcript"]["words"].is_array());
}
