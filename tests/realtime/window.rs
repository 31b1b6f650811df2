//! The real window on a display of its own: a sound server with a virtual microphone, the real model, the keyboard
//! alone, and a screen reader that tells what stands there. Pictures of what was seen are kept where the build goes.

#![cfg(target_os = "linux")]

use crate::real;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use crate::desk::{Desk, LONG, Opened, SOON, Sound};
use crate::real::{SAMPLE_SECONDS, SAMPLE_WORDS, machine, models, sample, say, skip, until};
use aloud::{
    interview::{Attempt, Interview},
    store::Store,
    take::RATE,
    transcript::WordKind,
};

/// The first picture is there within this time even where many programs share two slow processors. On a desk that is
/// idle it takes a few tenths of a second; the figure is printed.
const PAINTED: Duration = Duration::from_secs(5);

/// The interviews that the window has saved.
fn interviews(desk: &Desk) -> Vec<Interview> {
    let (interviews, problems) = Store::open(Some(desk.data())).unwrap().interviews();
    assert!(problems.is_empty(), "{problems:?}");
    interviews
}

/// The newest answer that has been written down to its end.
fn answer(desk: &Desk) -> Option<Attempt> {
    let newest = interviews(desk).into_iter().next()?;
    let mut attempts = newest.turns.into_iter().flat_map(|turn| turn.attempts);
    attempts.find(|attempt| attempt.model.is_some() && attempt.transcript.is_some())
}

/// The files of takes, newest last.
fn takes(desk: &Desk) -> Vec<PathBuf> {
    let mut takes: Vec<PathBuf> = match fs::read_dir(desk.data().join("takes")) {
        Ok(entries) => entries.map(|entry| entry.unwrap().path()).collect(),
        Err(_) => Vec::new(),
    };
    takes.sort();
    takes
}

/// Seconds of sound in a take's file as any other program reads it.
fn seconds(take: &Path) -> f64 {
    let reader = hound::WavReader::open(take).unwrap();
    assert_eq!((reader.spec().sample_rate, reader.spec().channels), (RATE, 1));
    f64::from(reader.duration()) / f64::from(RATE)
}

fn open(desk: &Desk) -> Opened {
    let opened = desk.open();
    desk.wait_for("Start a practice interview");
    say(&format!(
        "the first frame was painted {:.2} s after the start",
        opened.painted.as_secs_f64()
    ));
    assert!(opened.painted < PAINTED, "{:?}", opened.painted);
    opened
}

/// Waits until the speech model is loaded: the window says so as long as it is not.
fn wait_for_model(desk: &Desk) {
    until("loaded speech model", LONG, || {
        (!desk.shows("Loading the speech model")).then_some(())
    });
}

/// Starts an interview and stands before its first question.
fn start_interview(desk: &Desk) {
    desk.tab_to("Start a practice interview");
    desk.press("Return");
    desk.wait_for("Press Space and answer");
}

/// Presses Space, and gives the take's file as soon as there is sound in it.
fn record(desk: &Desk) -> PathBuf {
    let before = takes(desk);
    desk.press("space");
    until("take with sound in it", SOON, || {
        let fresh = takes(desk).into_iter().find(|take| !before.contains(take))?;
        (fs::metadata(&fresh).ok()?.len() > 44).then_some(fresh)
    })
}

fn check_sample_answer(answer: &Attempt) {
    let transcript = answer.transcript.as_ref().unwrap();
    let text = transcript.text().to_lowercase();
    for word in SAMPLE_WORDS {
        assert!(text.contains(word), "'{word}' is missing: {text}");
    }
    let heard = transcript.words.iter().any(|word| word.kind == WordKind::Filler);
    assert!(heard, "no filler was written down: {text}");
    let take = answer.take.as_ref().unwrap();
    assert_eq!(take.lost_samples, 0);
    assert!(take.seconds > SAMPLE_SECONDS - 0.5, "{} s", take.seconds);
    let mut last = 0.0;
    for word in &transcript.words {
        let span = word.span.expect("every spoken word has its time");
        assert!(
            last <= span.start && span.start <= span.end && span.end <= take.seconds + 0.1,
            "{word:?} after {last}"
        );
        last = span.start;
    }
    assert!((seconds(&take.sound) - take.seconds).abs() < 0.01);
}

/// How many seconds of the sample answer are missing in a take of it: how much nearer to each other its beginning and
/// its end lie there.
fn missing(take: &Path) -> f64 {
    let (sample, take) = (loudness(&sample()), loudness(take));
    let at = |second: usize| {
        let part = &sample[second * STEPS..(second + 3) * STEPS];
        let unlike = |start: usize| {
            let there = &take[start..start + part.len()];
            part.iter().zip(there).map(|(a, b)| (a - b).abs()).sum::<f64>()
        };
        let starts = 0..take.len().saturating_sub(part.len());
        starts
            .min_by(|a, b| unlike(*a).total_cmp(&unlike(*b)))
            .expect("the take is longer than three seconds")
    };
    let (first, last) = (1, 25);
    (last - first) as f64 - (at(last) as f64 - at(first) as f64) / STEPS as f64
}

/// Steps a second in which loudness is looked at.
const STEPS: usize = 200;

fn loudness(sound: &Path) -> Vec<f64> {
    let mut reader = hound::WavReader::open(sound).unwrap();
    let samples: Vec<f64> = reader
        .samples::<i16>()
        .map(|sample| f64::from(sample.unwrap()).abs())
        .collect();
    samples
        .chunks(RATE as usize / STEPS)
        .map(|step| step.iter().sum())
        .collect()
}

#[test]
fn an_answer_is_asked_for_spoken_written_down_and_shown_by_keyboard_alone() {
    let Some(models) = models() else { return };
    let _machine = machine();
    let Some(desk) = Desk::new("answer", &models, Sound::Microphone) else {
        return;
    };
    open(&desk);
    wait_for_model(&desk);

    // The microphone: its name, silence, and sound.
    desk.tab_to("Microphone: System default");
    desk.press("Return");
    desk.wait_for("TestMic");
    desk.press("Escape");
    desk.wait_for("We hear nothing. Is it muted?");
    let playing = desk.play(&sample());
    desk.wait_for("We hear you.");
    let level = until("level above nothing", SOON, || {
        let screen = desk.screen();
        screen.iter().find_map(|node| {
            node.value
                .filter(|value| node.name == "Microphone level" && *value > 10.0)
        })
    });
    say(&format!("the microphone's level shows {level} of 100"));
    desk.keep_picture("1-home");
    drop(playing);

    desk.tab_to("Cybersecurity");
    desk.press("space");
    start_interview(&desk);
    desk.keep_picture("2-question");

    let take = record(&desk);
    let begun = Instant::now();
    let playing = desk.play(&sample());
    desk.wait_for("logs");
    say(&format!(
        "the word 'logs' stood on screen {:.1} s after its answer began",
        begun.elapsed().as_secs_f64()
    ));
    desk.keep_picture("3-recording");
    playing.wait();
    let stopped = Instant::now();
    desk.press("space");
    let answer = until("answer that is written down", LONG, || answer(&desk));
    say(&format!(
        "the answer was on disk {:.1} s after Stop",
        stopped.elapsed().as_secs_f64()
    ));
    let missing = missing(&take);
    say(&format!(
        "{:.0} ms of the sound are missing between its beginning and its end",
        missing * 1e3
    ));
    let marked: f64 = answer
        .take
        .iter()
        .flat_map(|take| &take.gaps)
        .map(|gap| gap.seconds)
        .sum();
    assert!(
        missing.abs() < 0.15,
        "{missing} s of the sound did not arrive, {marked} s of it marked"
    );
    check_sample_answer(&answer);
    assert_eq!(answer.take.unwrap().sound, take);
    desk.wait_for("Talking points");
    desk.wait_for("Splunk");
    desk.keep_picture("4-answer");

    // On to the next question, and home: what was said is there.
    desk.press("Return");
    desk.wait_for("Press Space and answer");
    desk.press("Escape");
    desk.wait_for("1 of 5 answered");
    assert!(desk.is_open());
}

/// A recording that lies somewhere is the answer, by keyboard alone, and its sound is saved as a file.
#[test]
fn a_recording_that_one_has_is_opened_as_the_answer() {
    let Some(models) = models() else { return };
    let _machine = machine();
    let Some(desk) = Desk::new("recording", &models, Sound::Microphone) else {
        return;
    };
    open(&desk);
    wait_for_model(&desk);
    start_interview(&desk);
    desk.press("o");
    desk.wait_for_focus("Path of the recording");
    desk.write(sample().to_str().unwrap());
    desk.keep_picture("1-path");
    desk.press("Return");
    desk.wait_long_for("Talking points", LONG);
    let attempt = until("saved answer", SOON, || answer(&desk));
    let take = attempt.take.unwrap();
    assert!((take.seconds - SAMPLE_SECONDS).abs() < 0.1, "{} s", take.seconds);
    let text = attempt.transcript.unwrap().text().to_lowercase();
    for word in SAMPLE_WORDS {
        assert!(text.contains(word), "'{word}' is missing: {text}");
    }
    desk.tab_to("Save the recording");
    desk.press("Return");
    desk.wait_for("Saved as ");
    desk.keep_picture("2-saved");
    let saved = fs::read_dir(desk.data().join("saved"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    assert!((seconds(&saved.path()) - SAMPLE_SECONDS).abs() < 0.1);
}

/// A take is heard again, put right, said once more, held against the first, and found in the history: by keyboard alone,
/// with ears on what comes out of the loudspeakers.
#[test]
fn a_take_is_played_corrected_said_again_compared_and_found_by_keyboard_alone() {
    /// Of full scale; what nobody plays is digital silence.
    const AUDIBLE: f64 = 0.003;
    let Some(models) = models() else { return };
    let _machine = machine();
    let Some(desk) = Desk::new("takes", &models, Sound::Microphone) else {
        return;
    };
    open(&desk);
    wait_for_model(&desk);
    start_interview(&desk);
    record(&desk);
    desk.play(&sample()).wait();
    desk.press("space");
    desk.wait_long_for("Talking points", LONG);

    let mut factory = desk.decode_final();
    let mut heard = |what: &str| {
        let loudness = factory.loudness(Duration::from_millis(500));
        say(&format!(
            "{what}: {loudness:.4} of full scale comes out of the loudspeakers"
        ));
        loudness > AUDIBLE
    };
    assert!(!heard("before"));
    desk.press("k");
    until("sound of the answer", SOON, || heard("the answer").then_some(()));
    desk.press("k");
    until("silence after Stop", SOON, || (!heard("after Stop")).then_some(()));
    desk.press("f");
    until("sound of the first filler", SOON, || {
        heard("the first filler").then_some(())
    });
    desk.press("k");
    desk.wait_for("Play");
    drop(factory);

    desk.tab_to("Correct the text");
    desk.press("Return");
    // The focus comes by itself: a Tab pressed before it is there would lead past the text.
    desk.wait_for_focus("Transcript");
    desk.press("ctrl+End");
    desk.write(" I also looked with Wireshark.");
    desk.tab_to("Keep the corrections");
    desk.press("Return");
    desk.wait_for("corrected by hand");
    let corrected = answer(&desk).unwrap();
    let text = corrected.transcript.unwrap().text();
    assert!(text.ends_with("I also looked with Wireshark."), "{text}");
    desk.wait_for("Wireshark");
    desk.keep_picture("1-corrected");

    desk.press("r");
    desk.wait_for("Press Space and answer");
    record(&desk);
    let playing = desk.play(&sample());
    desk.wait_for("logs");
    drop(playing);
    desk.press("space");
    desk.wait_long_for("Take 2", LONG);
    desk.tab_to("Compare takes");
    desk.press("Return");
    desk.wait_for("From take 1 to take 2");
    desk.keep_picture("2-compared");

    // Out of the comparison, and out of the answer.
    desk.press("Escape");
    desk.wait_for("Compare takes");
    desk.press("Escape");
    desk.wait_for("Start a practice interview");
    desk.tab_to("History");
    desk.press("Return");
    desk.tab_to("Search the history");
    // Only the first take says it, and the second is the one that is shown.
    desk.write("wireshark");
    // A question may begin with the name of its field, too.
    let found = desk.wait_for("Cybersecurity, today").name;
    desk.keep_picture("3-found");
    desk.tab_to(&found);
    desk.press("Return");
    // It goes on where it was left.
    desk.wait_for("Question 1 of 5, 1 answered");
    desk.wait_for("Take 2");
    desk.keep_picture("4-opened");
    let newest = interviews(&desk).remove(0);
    assert_eq!(newest.turns[0].attempts.len(), 2, "both takes are kept");
    assert_eq!(takes(&desk).len(), 2);
}

/// The system's own voice, where there is one, reads the question into the room and falls silent when asked.
#[test]
fn a_question_is_heard_from_the_loudspeakers() {
    let speaks = |program: &str| Command::new(program).arg("--version").output().is_ok();
    if !speaks("espeak-ng") {
        return skip("there is no espeak-ng here");
    }
    let Some(models) = models() else { return };
    let _machine = machine();
    let Some(desk) = Desk::new("read", &models, Sound::Microphone) else {
        return;
    };
    // Another voice may come first on this machine, and need a service of its own.
    desk.add_program("spd-say", "exit 1");
    open(&desk);
    wait_for_model(&desk);
    start_interview(&desk);
    let mut factory = desk.decode_final();
    let mut loudness = || factory.loudness(Duration::from_millis(500));
    assert!(loudness() < 0.001, "nobody reads yet");
    desk.press("a");
    let loud = until("voice that reads", SOON, || {
        Some(loudness()).filter(|loud| *loud > 0.003)
    });
    say(&format!("the question is read at {loud:.3} of full scale"));
    desk.press("a");
    until("silence", SOON, || (loudness() < 0.001).then_some(()));
    desk.wait_for("Read aloud");
}

/// From the first start to what is in the first answer: Enter, Space, and Space again. On the way the question is read
/// aloud, and falls silent when the answer begins.
#[test]
fn a_newcomer_hears_the_question_and_sees_what_was_in_the_answer_after_five_keys() {
    const SCRIPT: &str = r#"if [ "$1" = --cancel ]; then touch "$0.silent"
        else printf '%s' "$*" > "$0.read"; mv "$0.read" "$0.said"; exec sleep 100; fi"#;
    let Some(models) = models() else { return };
    let _machine = machine();
    let Some(desk) = Desk::new("newcomer", &models, Sound::Microphone) else {
        return;
    };
    let voice = desk.add_program("spd-say", SCRIPT);
    let beside = |ending: &str| PathBuf::from(format!("{}.{ending}", voice.display()));
    desk.is_new();
    let opened = desk.open();
    for (step, next) in [
        "Say a few words",
        "What are you preparing for?",
        "One question to warm up",
    ]
    .into_iter()
    .enumerate()
    {
        desk.wait_for(next);
        desk.keep_picture(&format!("0-step-{}", step + 1));
        desk.press("Return");
    }
    desk.wait_for("Press Space and answer");
    say(&format!(
        "the first question stood there {:.1} s after the very first start, and three keys",
        opened.begun.elapsed().as_secs_f64()
    ));

    desk.press("a");
    let said = until("question that is read aloud", SOON, || {
        fs::read_to_string(beside("said")).ok()
    });
    let asked = said.split_once("-- ").map(|(_, text)| text.to_owned()).unwrap();
    let prompt = asked.split_inclusive(['?', '.']).next().unwrap();
    assert!(desk.shows(prompt.trim()), "{asked}");
    desk.wait_for("Stop reading");
    desk.keep_picture("1-read-aloud");
    assert!(!beside("silent").exists());

    let take = record(&desk);
    until("voice that was told to be silent", SOON, || {
        beside("silent").exists().then_some(())
    });
    let playing = desk.play(&sample());
    playing.wait();
    let spoken = Instant::now();
    desk.press("space");
    desk.wait_long_for("Talking points", LONG);
    let all = opened.begun.elapsed().as_secs_f64();
    say(&format!(
        "what was in the first answer stood there {all:.1} s after the start, {:.1} s after its last word, and five keys; {:.0} s of it were spoken",
        spoken.elapsed().as_secs_f64(),
        seconds(&take)
    ));
    assert!(all - seconds(&take) < 60.0, "{all} s with {} s spoken", seconds(&take));
    desk.keep_picture("2-answer");
}

#[test]
fn a_microphone_that_hears_nothing_is_told_while_recording_until_a_voice_comes() {
    let Some(models) = models() else { return };
    let _machine = machine();
    let Some(desk) = Desk::new("silent", &models, Sound::Microphone) else {
        return;
    };
    open(&desk);
    start_interview(&desk);
    let begun = Instant::now();
    desk.press("space");
    desk.wait_for("We hear nothing from");
    let told = begun.elapsed().as_secs_f64();
    say(&format!("silence was told {told:.1} s after the key"));
    assert!((3.9..7.0).contains(&told), "{told} s");
    desk.keep_picture("1-told");
    let playing = desk.play(&sample());
    until("voice that was heard", LONG, || {
        (!desk.shows("We hear nothing from")).then_some(())
    });
    desk.keep_picture("2-heard");
    playing.wait();
    desk.press("space");
    desk.wait_long_for("Talking points", LONG);
    // Somebody who thinks first is not told that the recording has a fault.
    assert!(desk.shows("You began after"));
    desk.keep_picture("3-answer");
}

#[test]
fn a_sample_answer_can_be_tried_without_any_microphone() {
    let Some(models) = models() else { return };
    let _machine = machine();
    let Some(desk) = Desk::new("sample", &models, Sound::None) else {
        return;
    };
    let opened = open(&desk);
    desk.wait_for("No microphone was found");
    desk.tab_to("Try it with a sample answer");
    desk.keep_picture("1-home");
    desk.press("Return");
    desk.wait_for("logs");
    desk.keep_picture("2-playing");
    desk.wait_long_for("Talking points", LONG);
    assert!(desk.shows("This was a sample answer. It is not kept."));
    say(&format!(
        "what was in the sample answer stood there {:.1} s after the start, {SAMPLE_SECONDS} s of it sound",
        opened.begun.elapsed().as_secs_f64()
    ));
    desk.keep_picture("3-answer");
    // Then it is one's own turn, and nothing of the sample stays.
    desk.press("Return");
    desk.wait_for("Press T and type your answer");
    assert!(answer(&desk).is_none());
    until("sample that is gone", SOON, || takes(&desk).is_empty().then_some(()));
}

#[test]
fn a_sound_server_that_dies_leaves_the_take_and_is_told() {
    let Some(models) = models() else { return };
    let _machine = machine();
    let Some(desk) = Desk::new("sound-lost", &models, Sound::Microphone) else {
        return;
    };
    open(&desk);
    wait_for_model(&desk);
    start_interview(&desk);
    let take = record(&desk);
    let playing = desk.play(&sample());
    desk.wait_for("logs");
    desk.kill_sound();
    let killed = Instant::now();
    drop(playing);
    let so_far = seconds(&take);
    desk.wait_for("TestMic has stopped");
    let told = killed.elapsed().as_secs_f64();
    say(&format!("that the microphone is gone was told after {told:.1} s"));
    assert!(told < 3.0 || !real::must_run(), "told after {told} s");
    desk.keep_picture("1-told");
    desk.press("Escape");
    if answer(&desk).is_none() {
        desk.press("space");
    }
    let answer = until("answer that is written down", LONG, || answer(&desk));
    let text = answer.transcript.as_ref().unwrap().text();
    assert!(text.to_lowercase().contains("logs"), "{text}");
    assert!(answer.take.unwrap().seconds >= so_far - 0.01);
    assert!(seconds(&take) >= so_far - 0.01);
    desk.keep_picture("2-kept");
    assert!(desk.is_open());
}

#[test]
fn a_take_whose_program_was_killed_is_found_again_and_written_down() {
    let Some(models) = models() else { return };
    let _machine = machine();
    let Some(desk) = Desk::new("killed", &models, Sound::Microphone) else {
        return;
    };
    open(&desk);
    wait_for_model(&desk);
    start_interview(&desk);
    // The level stands on this screen, so the microphone is open; what is spoken from here on is to be kept.
    desk.wait_for("Microphone level");
    let take = record(&desk);
    // From here on the window shows that it records; the key itself takes as long as the machine is busy.
    let begun = Instant::now();
    let _playing = desk.play(&sample());
    desk.wait_for("logs");
    let spoken = begun.elapsed().as_secs_f64();
    desk.kill_window();
    let kept = seconds(&take);
    say(&format!("killed {spoken:.2} s after it began: {kept:.2} s are kept"));
    assert!(kept >= spoken - 0.25, "{spoken} s were spoken, {kept} s are kept");

    open(&desk);
    desk.wait_for("was never saved with an answer");
    desk.keep_picture("1-found");
    desk.tab_to("Transcribe it");
    desk.press("Return");
    let answer = until("answer that is written down", LONG, || answer(&desk));
    let text = answer.transcript.as_ref().unwrap().text();
    assert!(text.to_lowercase().contains("logs"), "{text}");
    assert!((answer.take.unwrap().seconds - kept).abs() < 0.1);
    desk.wait_for("logs");
    desk.keep_picture("2-written-down");
}

/// Lines of a trace that tell of a connection to another machine, or of a way to one.
fn ways_out(trace: &str) -> Vec<&str> {
    let is_out = |line: &&str| {
        let socket = line.contains("socket(") && !line.contains("socket(AF_UNIX");
        let address = line.contains("sa_family=AF_") && !line.contains("sa_family=AF_UNIX");
        socket || address
    };
    trace.lines().filter(is_out).collect()
}

#[test]
fn a_whole_practice_opens_no_connection_and_starts_no_program() {
    let Some(models) = models() else { return };
    if Command::new("strace").arg("-V").output().is_err() {
        return skip("there is no strace here");
    }
    let _machine = machine();
    let Some(desk) = Desk::new("traced", &models, Sound::Microphone) else {
        return;
    };
    // What is looked for would be seen: a shell that knocks at a closed door of this machine.
    let knock = desk.data().with_extension("knock");
    let knocked = Command::new("strace")
        .args(["-f", "-qq", "--seccomp-bpf", "-e", "trace=socket,connect", "-o"])
        .arg(&knock)
        .args(["bash", "-c", "true < /dev/tcp/127.0.0.1/9"])
        .stderr(std::process::Stdio::null())
        .status();
    assert!(knocked.is_ok());
    assert!(
        !ways_out(&fs::read_to_string(&knock).unwrap()).is_empty(),
        "the trace sees nothing"
    );

    let trace = desk.data().with_extension("trace");
    desk.open_traced(&trace);
    desk.wait_for("Start a practice interview");
    wait_for_model(&desk);
    let again = desk.open_again();
    assert!(again.status.success(), "{again:?}");

    start_interview(&desk);
    record(&desk);
    let playing = desk.play(&sample());
    desk.wait_for("logs");
    desk.press("space");
    until("answer that is written down", LONG, || answer(&desk));
    desk.wait_for("Talking points");
    drop(playing);
    desk.press("k");
    for key in ["Return", "Escape", "Escape"] {
        desk.press(key);
    }
    desk.end_traced();
    let trace = fs::read_to_string(&trace).unwrap();
    let (sockets, programs) = (trace.matches("socket(").count(), trace.matches("execve(").count());
    say(&format!(
        "{sockets} sockets in all, every one to a server of this machine's desktop"
    ));
    assert!(sockets > 2, "the trace is of the window");
    assert_eq!(ways_out(&trace), [""; 0]);
    assert_eq!(programs, 1, "only the window itself was started");
}

/// Windows without a speech model: what they show needs none.
fn open_without_model(name: &'static str) -> Option<(Desk, Opened, tempfile::TempDir)> {
    let models = tempfile::tempdir().unwrap();
    let desk = Desk::new(name, models.path(), Sound::None)?;
    let opened = open(&desk);
    Some((desk, opened, models))
}

#[test]
fn a_second_start_brings_the_open_window_forward() {
    let _machine = machine();
    let Some((desk, opened, _models)) = open_without_model("raised") else {
        return;
    };
    let manager = desk.manager();
    manager.take_focus_away();
    let begun = Instant::now();
    let again = desk.open_again();
    say(&format!(
        "the second start ended after {:.2} s",
        begun.elapsed().as_secs_f64()
    ));
    assert!(again.status.success(), "{again:?}");
    assert!(again.stdout.is_empty() && again.stderr.is_empty(), "{again:?}");
    assert_eq!(manager.wait_for_activation(SOON), opened.window);
    until("window that asks to be looked at", SOON, || {
        manager.is_urgent(opened.window).then_some(())
    });
    desk.focus_on(opened.window);
    until("window that has been looked at", SOON, || {
        (!manager.is_urgent(opened.window)).then_some(())
    });
    assert!(desk.is_open());
    // Of the second start nothing is in the first one's log.
    let log = fs::read_to_string(desk.data().join("log.txt")).unwrap();
    assert_eq!(log.matches(", window").count(), 1, "{log}");
    assert!(
        log.contains(concat!("Aloud ", env!("CARGO_PKG_VERSION"), ", linux ")),
        "{log}"
    );

    // A window that was killed leaves its socket behind; the next one takes its place, and is found.
    desk.kill_window();
    assert!(desk.data().join(".window-socket").exists());
    let opened = open(&desk);
    manager.take_focus_away();
    assert!(desk.open_again().status.success());
    assert_eq!(manager.wait_for_activation(SOON), opened.window);
}

#[test]
fn a_second_start_says_in_a_window_that_the_open_one_does_not_answer() {
    let _machine = machine();
    let Some((desk, opened, _models)) = open_without_model("hung") else {
        return;
    };
    desk.hold(true);
    let begun = Instant::now();
    let again = desk.second_start();
    let message = desk.window_beside(opened.window);
    let told = begun.elapsed();
    say(&format!("that it hangs was told after {:.1} s", told.as_secs_f64()));
    assert!(told >= Duration::from_secs(2));
    desk.wait_for("Aloud is already open with the folder ");
    assert!(desk.shows("but is not responding"));
    desk.keep_picture("1-told");
    desk.focus_on(message);
    desk.press("Return");
    let again = again.wait_with_output().unwrap();
    let message = String::from_utf8(again.stderr).unwrap();
    assert_eq!(again.status.code(), Some(1), "{message}");
    assert_eq!(message.lines().count(), 1, "{message}");
    assert!(message.contains("is not responding"), "{message}");
    desk.hold(false);
    desk.wait_for("Start a practice interview");
}

#[test]
fn a_crash_is_told_once_at_the_next_start() {
    let models = tempfile::tempdir().unwrap();
    let _machine = machine();
    let Some(desk) = Desk::new("crashed", models.path(), Sound::None) else {
        return;
    };
    let folder = desk.data().join("crashes");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("crash-20261130T005735000Z-7-0.txt");
    let report =
        "version: Aloud 1.2.3, linux\nwhen: 2026-11-30 00:57:35Z\nrun: window\nthread: main\nwhere: src/a.rs:1:2\n";
    fs::write(&path, report).unwrap();
    open(&desk);
    desk.wait_for("Aloud ended unexpectedly last time. Your recordings are safe.");
    assert!(desk.shows(&path.display().to_string()));
    desk.keep_picture("1-told");
    desk.kill_window();
    open(&desk);
    desk.wait_for("No microphone was found");
    assert!(!desk.shows("ended unexpectedly"));
}

/// Figures of the window at rest and at work, printed. It takes three minutes and holds nobody to anything, so it runs
/// only when it is asked for: `cargo test --release --test realtime -- --ignored`.
#[test]
#[ignore = "it measures, for three minutes"]
fn the_window_at_rest_and_at_work_is_measured() {
    let Some(models) = models() else { return };
    let _machine = machine();
    let Some(desk) = Desk::new("measured", &models, Sound::Microphone) else {
        return;
    };
    let opened = open(&desk);
    wait_for_model(&desk);
    say(&format!(
        "the model was ready {:.2} s after the start at most",
        opened.begun.elapsed().as_secs_f64()
    ));
    start_interview(&desk);
    let take = record(&desk);
    for _ in 0..4 {
        desk.play(&sample()).wait();
    }
    desk.press("space");
    until("answer that is written down", LONG, || answer(&desk));
    say(&format!("after an answer of {:.0} s:", seconds(&take)));
    say(&format!("peak memory {}", status(opened.process, "VmHWM")));
    say(&format!("memory now {}", status(opened.process, "VmRSS")));
    let before = processor_seconds(opened.process);
    let rest = Duration::from_secs(20);
    std::thread::sleep(rest);
    let used = processor_seconds(opened.process) - before;
    say(&format!(
        "idle on an answer: {:.2} % of a core",
        used / rest.as_secs_f64() * 100.0
    ));
}

fn status(process: u32, name: &str) -> String {
    let text = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = text.lines().find(|line| line.starts_with(name)).unwrap();
    line[name.len() + 1..].trim().to_owned()
}

/// Processor time of a process so far, in seconds.
fn processor_seconds(process: u32) -> f64 {
    // A hundredth of a second, on every Linux.
    const TICK: f64 = 0.01;
    let text = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let after_name = &text[text.rfind(')').unwrap() + 2..];
    let fields: Vec<f64> = after_name
        .split(' ')
        .map(|field| field.parse().unwrap_or(0.0))
        .collect();
    (fields[11] + fields[12]) * TICK
}
