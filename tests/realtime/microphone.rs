//! What can happen to a microphone in the middle of a take, on a real sound server: the take stays, what is missing is
//! marked, it is told within three seconds, and another microphone goes on in the same take.

#![cfg(target_os = "linux")]

use crate::{real, sound};
use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use crate::real::say;
use crate::sound::{Recorder, Running, Segment, Server, TimeCode, samples};
use aloud::take::{Gap, GapKind, Take};

/// How soon a trouble is told.
const TOLD: Duration = Duration::from_secs(3);
/// How long the sound goes on before and after a trouble.
const A_WHILE: Duration = Duration::from_millis(1500);

/// A take that is under way on the microphone "Desk", with the sound that it hears.
struct Stage {
    server: Server,
    code: Arc<TimeCode>,
    spoken: PathBuf,
    playing: Option<Running>,
    recorder: Option<Recorder>,
}

impl Stage {
    fn set(name: &str, microphone: Option<&str>) -> Option<Self> {
        let server = Server::start()?;
        let code = Arc::new(TimeCode::new(60));
        let spoken = server.place().join("spoken.wav");
        code.write(&spoken);
        let playing = Some(server.play(&spoken, "desk"));
        let recorder = Recorder::start(&server, &sound::takes(&server).join(format!("{name}.wav")), microphone);
        recorder.wait_for("Heard");
        std::thread::sleep(A_WHILE);
        Some(Self {
            server,
            code,
            spoken,
            playing,
            recorder: Some(recorder),
        })
    }

    /// Waits until it is told, and says how long that took.
    fn told(&self, what: &str, since: Instant) {
        let (at, message) = self.recorder.as_ref().unwrap().wait_for(what);
        let after = at.saturating_duration_since(since);
        say(&format!("told after {:.1} s: {message}", after.as_secs_f64()));
        assert!(after < TOLD || !real::must_run(), "told after {after:?}");
    }

    /// Ends the take a while later. Gives what the session says of it, and what is in its file.
    fn end(&mut self) -> (Take, Vec<Segment>) {
        std::thread::sleep(A_WHILE);
        let take = self.recorder.take().unwrap().stop();
        let kept = samples(&take.sound);
        assert!((kept.len() as f64 / 16_000.0 - take.seconds).abs() < 0.01);
        let stretches = self.code.stretches(&kept);
        say(&format!(
            "{:.2} s, gaps {:?}, heard {stretches:?}",
            take.seconds, take.gaps
        ));
        drop(self.playing.take());
        (take, stretches)
    }
}

/// The one gap of a take.
fn only_gap(take: &Take) -> Gap {
    assert_eq!(take.gaps.len(), 1, "{:?}", take.gaps);
    take.gaps[0]
}

#[test]
fn a_take_without_trouble_has_no_gap_and_every_sample() {
    let _machine = real::shared_machine();
    let Some(mut stage) = Stage::set("steady", None) else {
        return;
    };
    let (take, stretches) = stage.end();
    assert_eq!((take.gaps.as_slice(), take.lost_samples), (&[][..], 0));
    assert_eq!(stretches.len(), 1);
}

#[test]
fn another_microphone_goes_on_when_the_one_in_use_is_unplugged() {
    let _machine = real::shared_machine();
    let Some(mut stage) = Stage::set("unplugged", Some("Desk")) else {
        return;
    };
    // The other one has another rate, and is in a room of its own.
    stage.server.plug_in("other", "Other", 44_100);
    stage.playing = Some(stage.server.play(&stage.spoken.clone(), "other"));
    let unplugged = Instant::now();
    stage.server.unplug_desk();
    // Not before: some servers move whoever listens to a new choice by themselves.
    stage.server.ask("set-default-source other");
    // Some servers move whoever listened by themselves: then there is nothing to tell, and the sound just goes on.
    let recorder = stage.recorder.as_ref().unwrap();
    let stopped = recorder.listen_for("Desk has stopped", TOLD);
    if let Ok((at, message)) = &stopped {
        say(&format!(
            "told after {:.1} s: {message}",
            at.duration_since(unplugged).as_secs_f64()
        ));
        stage.told("Now “Other” goes on in the same take", unplugged);
    }
    let (take, stretches) = stage.end();
    // What came through the first microphone is there to the sample; the second one is resampled on its way.
    let first = stretches[0].to - stretches[0].from;
    assert!(first > 1.0, "{stretches:?}");
    let kept = samples(&take.sound);
    let last_second = &kept[kept.len() - 16_000..];
    assert!(
        last_second.iter().any(|sample| sample.abs() > 500),
        "the other one is heard"
    );
    assert!(
        take.seconds > stretches[0].at + first + 1.0,
        "the other one is in the take: {take:?}"
    );
    if stopped.is_ok() {
        let gap = only_gap(&take);
        assert_eq!(gap.kind, GapKind::Missing);
        assert!(gap.seconds < 3.0, "{gap:?}");
        assert!((gap.at - (stretches[0].at + first)).abs() < 0.3, "{gap:?}");
    }
}

#[test]
fn a_muted_microphone_is_told_and_its_silence_is_marked() {
    let _machine = real::shared_machine();
    let Some(mut stage) = Stage::set("muted", None) else {
        return;
    };
    let muted = Instant::now();
    stage.server.ask("set-source-mute desk 1");
    stage.told("Unheard", muted);
    std::thread::sleep(Duration::from_secs(1));
    stage.server.ask("set-source-mute desk 0");
    stage.told("Heard", Instant::now());
    let lasted = muted.elapsed().as_secs_f64();
    let (take, stretches) = stage.end();
    let gap = only_gap(&take);
    assert_eq!(gap.kind, GapKind::Silent);
    assert!((gap.seconds - lasted).abs() < 0.6, "{gap:?} of {lasted}");
    let before = stretches[0].at + stretches[0].to - stretches[0].from;
    assert!((gap.at - before).abs() < 0.2, "{gap:?} {before}");
    assert_eq!(stretches.len(), 2);
}

#[test]
fn a_sound_server_that_is_started_again_goes_on_in_the_same_take() {
    let _machine = real::shared_machine();
    let Some(mut stage) = Stage::set("restarted", None) else {
        return;
    };
    let killed = Instant::now();
    stage.server.kill();
    stage.told("has stopped", killed);
    std::thread::sleep(A_WHILE);
    stage.server.begin();
    stage.playing = Some(stage.server.play(&stage.spoken.clone(), "desk"));
    let again = Instant::now();
    stage.told("goes on in the same take", again);
    let gone = killed.elapsed().as_secs_f64();
    let (take, stretches) = stage.end();
    let gap = only_gap(&take);
    assert_eq!(gap.kind, GapKind::Missing);
    assert!((gap.seconds - gone).abs() < 1.0, "{gap:?} of {gone}");
    assert!(stretches.len() >= 2 && take.seconds > gap.at + 1.0, "{stretches:?}");
}

#[test]
fn a_sound_server_that_stands_still_is_told_and_the_gap_is_marked() {
    let _machine = real::shared_machine();
    let Some(mut stage) = Stage::set("frozen", None) else {
        return;
    };
    let frozen = Instant::now();
    stage.server.freeze();
    stage.told("no sound comes from it any more", frozen);
    stage.server.thaw();
    let lasted = frozen.elapsed().as_secs_f64();
    stage.told("goes on in the same take", Instant::now());
    let (take, _) = stage.end();
    let missing: f64 = take.gaps.iter().map(|gap| gap.seconds).sum();
    assert!((missing - lasted).abs() < 1.5, "{:?} of {lasted}", take.gaps);
}

#[test]
fn a_microphone_that_never_comes_back_leaves_its_take_and_a_gap_at_the_end() {
    let _machine = real::shared_machine();
    let Some(mut stage) = Stage::set("gone", None) else {
        return;
    };
    let killed = Instant::now();
    stage.server.kill();
    stage.told("has stopped", killed);
    let (take, stretches) = stage.end();
    let gap = only_gap(&take);
    assert!((gap.at - take.seconds).abs() < 0.01 && gap.seconds > 1.0, "{gap:?}");
    assert!(stretches[0].to - stretches[0].from > 1.0);
}

#[test]
fn a_process_that_stood_still_marks_what_it_did_not_hear() {
    let _machine = real::shared_machine();
    let Some(mut stage) = Stage::set("asleep", None) else {
        return;
    };
    let process = stage.recorder.as_ref().unwrap().id();
    sound::signal(process, "STOP");
    std::thread::sleep(Duration::from_secs(3));
    sound::signal(process, "CONT");
    let (take, stretches) = stage.end();
    let missing: f64 = stretches.windows(2).map(|pair| pair[1].from - pair[0].to).sum();
    say(&format!("{missing:.2} s are missing"));
    assert!(missing > 1.0, "the sound system keeps no three seconds: {stretches:?}");
    let marked: f64 = take.gaps.iter().map(|gap| gap.seconds).sum();
    assert!((marked - missing).abs() < 0.5, "{:?} of {missing}", take.gaps);
}
