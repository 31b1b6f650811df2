//! Much of everything: years of practice, an hour of words on screen, a take of three hours.

use crate::real;
use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use crate::real::say;
use crate::scripted::{ANSWER, Scripted, spoken};
use aloud::{
    app::App,
    interview::{Interview, Practice},
    listener::{
        Listener, ListenerEvent, PreRoll,
        feed::{Speed, feed},
    },
    sound_file::SoundFile,
    store::Store,
    take_file,
    transcript::Transcript,
    ui::{
        Screen,
        action::{AnswerAction, StartAction},
    },
};
use eframe::egui::Context;
use egui_kittest::Harness;

/// No test here may be slower, whatever else the machine does; the figures themselves are printed.
const SLACK: u32 = if cfg!(debug_assertions) { 30 } else { 5 };

/// Fills a folder with saved interviews, as fast as the disk takes them.
fn fill(folder: &Path, number: usize) -> u64 {
    let store = Store::open(Some(folder.to_owned())).unwrap();
    fs::create_dir_all(folder.join("interviews")).unwrap();
    let question = aloud::bank::built_in().fields[0].questions[0].clone();
    let begun: jiff::Timestamp = "2026-01-01T08:00:00Z".parse().unwrap();
    let mut practice = Practice::new(Interview::new(
        "x".into(),
        "cybersecurity".into(),
        begun,
        vec![question],
    ));
    practice.update(aloud::interview::PracticeAction::TypeInstead);
    practice.update(aloud::interview::PracticeAction::Answer {
        text: ANSWER.split_whitespace().take(100).collect::<Vec<_>>().join(" "),
        now: begun,
    });
    store.save_interview(&practice.interview).unwrap();
    let path = folder.join("interviews/x.json");
    let text = fs::read_to_string(&path).unwrap();
    fs::remove_file(path).unwrap();
    for index in 0..number {
        let at = begun + jiff::SignedDuration::from_secs(index as i64 * 3600);
        let text = text.replace(&begun.to_string(), &at.to_string());
        fs::write(
            folder.join(format!("interviews/{}.json", at.strftime("%Y-%m-%d-%H%M%S-000"))),
            text,
        )
        .unwrap();
    }
    text.len() as u64
}

#[test]
fn ten_thousand_interviews_open_in_under_a_second() {
    const NUMBER: usize = 10_000;
    let _machine = real::machine();
    let folder = tempfile::tempdir().unwrap();
    let bytes = fill(folder.path(), NUMBER);
    let ctx = Context::default();
    let begun = Instant::now();
    let store = Store::open(Some(folder.path().to_owned())).unwrap();
    let mut app = App::new(&ctx, store, Scripted::default().options());
    let opened = begun.elapsed();
    let mut longest_round = Duration::ZERO;
    let mut rounds = |app: &mut App, done: &dyn Fn(&App) -> bool| {
        while !done(app) {
            let round = Instant::now();
            app.follow_once(&ctx);
            longest_round = longest_round.max(round.elapsed());
            assert!(begun.elapsed() < Duration::from_mins(2));
            std::thread::sleep(Duration::from_millis(2));
        }
        begun.elapsed()
    };
    let first = rounds(&mut app, &|app| app.view.history.past.len() >= 50);
    let newest = app.view.history.past[0].id.clone();
    let all = rounds(&mut app, &|app| app.view.history.past.len() == NUMBER);
    say(&format!(
        "{NUMBER} interviews of {bytes} bytes: the window is there after {opened:.0?}, the newest fifty after {first:.0?}, \
         all after {all:.1?}; no round took longer than {longest_round:.0?}"
    ));
    assert!(first < Duration::from_secs(1) * SLACK, "{first:?}");
    assert!(
        app.view.history.past.iter().all(|past| past.id <= newest),
        "the newest came first"
    );
    assert!(app.view.history.past.is_sorted_by(|a, b| a.begun >= b.begun));
}

#[test]
fn a_transcript_of_ten_thousand_words_at_twice_the_size_is_painted_in_time() {
    let _machine = real::machine();
    let folder = tempfile::tempdir().unwrap();
    let (data, script) = (folder.path().to_owned(), Scripted::default());
    let audio = script.clone();
    let mut harness = Harness::builder().with_size([1280.0, 800.0]).build_eframe(move |cc| {
        let store = Store::open(Some(data.clone())).unwrap();
        let mut app = App::new(&cc.egui_ctx, store, script.options());
        app.settle();
        app.view.settings.text_percent = 200;
        app
    });
    harness.run_steps(3);
    let ctx = harness.ctx.clone();
    harness.state_mut().handle_action(StartAction::Interview, &ctx);
    harness.run_steps(3);
    harness.state_mut().handle_action(AnswerAction::Record, &ctx);
    harness.run_steps(3);
    let long: Vec<&str> = ANSWER
        .split_whitespace()
        .filter(|word| !word.starts_with('['))
        .cycle()
        .take(10_000)
        .collect();
    audio.finish(Transcript {
        words: spoken(&long.join(" ")).words,
    });
    let begun = Instant::now();
    harness.run_steps(2);
    harness.state_mut().settle();
    let first = begun.elapsed();
    assert_eq!(harness.state().view.screen, Screen::Practice);
    assert!(harness.state().view.answer.insights.is_some());
    let mut frames: Vec<Duration> = (0..60)
        .map(|_| {
            let begun = Instant::now();
            harness.step();
            begun.elapsed()
        })
        .collect();
    frames.sort();
    let (median, worst) = (frames[30], frames[59]);
    say(&format!(
        "the words are looked at in {first:.0?}; a frame takes {median:.1?}, {worst:.1?} at most"
    ));
    assert!(median < Duration::from_millis(16) * SLACK, "{median:?}");
}

/// What the window's own thread does between two frames: it looks at the words so far, and puts an interview on disk.
#[test]
fn what_the_windows_thread_does_between_two_frames_is_short() {
    let _machine = real::machine();
    let bank = aloud::bank::built_in();
    let field = &bank.fields[0];
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(Some(folder.path().to_owned())).unwrap();
    let begun: jiff::Timestamp = "2026-01-01T08:00:00Z".parse().unwrap();
    let words: Vec<&str> = ANSWER
        .split_whitespace()
        .filter(|word| !word.starts_with('['))
        .collect();
    // An answer as advised, a long one, and one that nobody listens to.
    for number in [150, 500, 2000] {
        let text: Vec<&str> = words.iter().copied().cycle().take(number).collect();
        let transcript = spoken(&text.join(" "));
        let answer = aloud::insight::Answer {
            transcript: &transcript,
            seconds: Some(number as f64 / 2.5),
            question: Some(&field.questions[0]),
            field: Some(field),
        };
        let looked = median(|| drop(aloud::insight::observe(answer)));
        let mut practice = Practice::new(Interview::new(
            "i".into(),
            field.id.clone(),
            begun,
            vec![field.questions[0].clone()],
        ));
        practice.update(aloud::interview::PracticeAction::TypeInstead);
        practice.update(aloud::interview::PracticeAction::Answer {
            text: text.join(" "),
            now: begun,
        });
        let saved = median(|| store.save_interview(&practice.interview).unwrap());
        say(&format!(
            "{number} words are looked at in {looked:.1?} and saved in {saved:.1?}"
        ));
        assert!(
            looked + saved < Duration::from_millis(100) * SLACK,
            "{looked:?} {saved:?}"
        );
    }
}

fn median(mut work: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..9)
        .map(|_| {
            let begun = Instant::now();
            work();
            begun.elapsed()
        })
        .collect();
    times.sort();
    times[4]
}

/// Megabytes of memory that this process has in use.
#[cfg(target_os = "linux")]
fn megabytes() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "it takes a minute and 350 MB of disk"]
fn a_take_of_three_hours_is_whole_and_its_memory_stays_flat() {
    const SECONDS: u64 = 3 * 3600;
    let _machine = real::machine();
    let folder = tempfile::tempdir().unwrap();
    let spoken = folder.path().join("spoken.wav");
    let source: Vec<f32> = {
        let mut reader = hound::WavReader::open(real::sample()).unwrap();
        reader
            .samples::<i16>()
            .map(|sample| f32::from(sample.unwrap()) / 32_768.0)
            .collect()
    };
    let (mut file, _sound) = take_file::create(&spoken).unwrap();
    for second in 0..SECONDS {
        let from = (second as usize % 30) * 16_000;
        file.push(&source[from..from + 16_000]);
        file.write().unwrap();
    }
    file.seal().unwrap();

    let (sender, told) = std::sync::mpsc::sync_channel(100);
    let listener = Listener::start(move |what| drop(sender.try_send(what))).unwrap();
    let (_feed, consumer) = feed(SoundFile::open(&spoken).unwrap(), Speed::Full).unwrap();
    let path = folder.path().join("take.wav");
    let (take, _sound) = take_file::create(&path).unwrap();
    let before = megabytes();
    let begun = Instant::now();
    listener.begin(take, PreRoll::None, Some(consumer));
    let mut most = before;
    loop {
        most = most.max(megabytes());
        match told.recv_timeout(Duration::from_millis(100)) {
            Ok(ListenerEvent::SourceEnded) => break,
            Ok(ListenerEvent::CannotWrite { error, .. }) => panic!("{error}"),
            _ => assert!(begun.elapsed() < Duration::from_mins(5)),
        }
    }
    listener.end();
    let ended = loop {
        if let ListenerEvent::Ended(take) = told.recv_timeout(Duration::from_secs(20)).unwrap() {
            break take;
        }
    };
    say(&format!(
        "three hours went through in {:.0?}; {before:.0} MB before, {most:.0} MB at most",
        begun.elapsed()
    ));
    assert!((ended.seconds - SECONDS as f64).abs() < 0.1 && ended.lost_samples == 0 && ended.gaps.is_empty());
    assert!(most - before < 60.0, "{before} MB, then {most} MB");
    let reader = hound::WavReader::open(&path).unwrap();
    assert_eq!(u64::from(reader.duration()), SECONDS * 16_000);
}
