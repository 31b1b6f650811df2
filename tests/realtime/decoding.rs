//! The commands that decode speech, as a person or a script runs them: the real binary, the real model, the real sample
//! answer.

use std::{fs, time::Duration};

use serde_json::Value;

use crate::real::{
    self, SAMPLE_QUESTION, SAMPLE_SECONDS, SAMPLE_WORDS, aloud, done, json, machine, models, run, sample, say,
};

const SOON: Duration = Duration::from_mins(1);
const LONG: Duration = Duration::from_mins(5);

fn place() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// What every report of the sample answer holds, whichever way it was heard.
fn check_sample_report(report: &Value) {
    assert_eq!((&report["type"], &report["schema"]), (&"report".into(), &1.into()));
    assert_eq!(report["model"], "tiny.en");
    let seconds = report["audio"]["seconds"].as_f64().unwrap();
    assert!((seconds - SAMPLE_SECONDS).abs() < 0.1, "{seconds} s");
    assert_eq!(report["audio"]["lost_samples"], 0);
    let text = report["transcript"]["text"].as_str().unwrap().to_lowercase();
    for word in SAMPLE_WORDS {
        assert!(text.contains(word), "'{word}' is missing: {text}");
    }
    let words = report["transcript"]["words"].as_array().unwrap();
    assert!(words.len() > 45, "{} words", words.len());
    let mut last = 0.0;
    for word in words {
        let (start, end) = (word["start"].as_f64().unwrap(), word["end"].as_f64().unwrap());
        assert!(
            last <= start && start <= end && end <= seconds + 0.05,
            "{word} after {last}"
        );
        let confidence = word["confidence"].as_f64().unwrap();
        assert!((0.0..=1.0).contains(&confidence), "{word}");
        assert!(word["kind"] == "word" || word["kind"] == "filler", "{word}");
        last = start;
    }
    for name in ["repeats", "hedges", "pauses", "most_used"] {
        assert!(report[name].is_array(), "{name}: {}", report[name]);
    }
    let fillers = report["fillers"].as_array().unwrap();
    assert!(!fillers.is_empty(), "it has at least one filler: {text}");
    for filler in fillers {
        assert!(filler["class"] == "vocal" || filler["class"] == "verbal", "{filler}");
        assert!(
            filler["source"] == "transcript" || filler["source"] == "sound",
            "{filler}"
        );
    }
    let pace = report["pace"]["words_per_minute"].as_f64().unwrap();
    assert!((60.0..250.0).contains(&pace), "{pace} words per minute");
    assert!(!report["job_terms"]["used"].as_array().unwrap().is_empty());
    for name in ["covered", "to_consider"] {
        assert!(report["talking_points"][name].is_array());
    }
}

#[test]
fn analyze_writes_the_sample_answer_down() {
    let Some(models) = models() else { return };
    let (_machine, place) = (machine(), place());
    let mut command = aloud(place.path(), ["analyze", "--json", "--question", SAMPLE_QUESTION]);
    let ended = run(command.arg(sample()).env("ALOUD_MODELS", models), None, LONG);
    let (seconds, report) = (ended.seconds, json(ended));
    check_sample_report(&report);
    say(&format!("analyze: {SAMPLE_SECONDS} s of sound in {seconds:.1} s"));
}

#[test]
fn analyze_for_people_prints_the_same_as_text() {
    let Some(models) = models() else { return };
    let (_machine, place) = (machine(), place());
    let mut command = aloud(place.path(), ["analyze", "--question", SAMPLE_QUESTION]);
    let text = done(run(command.arg(sample()).env("ALOUD_MODELS", models), None, LONG));
    for wanted in ["Splunk", "Length", "Fillers", "Job terms", "words per minute"] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
}

#[test]
fn live_tells_what_is_said_while_it_is_said() {
    let Some(models) = models() else { return };
    let (_machine, place) = (machine(), place());
    let mut command = aloud(place.path(), ["live", "--json", "--question", SAMPLE_QUESTION]);
    let out = done(run(command.arg(sample()).env("ALOUD_MODELS", models), None, LONG));
    let lines: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let kinds: Vec<&str> = lines.iter().map(|line| line["type"].as_str().unwrap()).collect();
    assert_eq!((kinds[0], &lines[0]["model"]), ("started", &"tiny.en".into()));
    assert_eq!(kinds[kinds.len() - 1], "report", "the report comes last");
    assert_eq!(kinds.iter().filter(|kind| **kind == "stopped").count(), 1);
    assert!(
        kinds[1..kinds.len() - 1]
            .iter()
            .all(|kind| matches!(*kind, "update" | "stopped"))
    );
    check_sample_report(lines.last().unwrap());
    check_updates(&lines);

    let stopped = lines.iter().find(|line| line["type"] == "stopped").unwrap()["at"]
        .as_f64()
        .unwrap();
    assert!(
        (SAMPLE_SECONDS - 0.5..SAMPLE_SECONDS + 3.0).contains(&stopped),
        "in real time: stopped at {stopped}"
    );
    let report = lines.last().unwrap()["at"].as_f64().unwrap();
    say(&format!(
        "live: the report came {:.2} s after the end of the sound",
        report - stopped
    ));
}

/// Times go on, settled words come in order and once each, and words were there long before the end.
fn check_updates(lines: &[Value]) {
    let updates: Vec<&Value> = lines.iter().filter(|line| line["type"] == "update").collect();
    assert!(updates.len() > 10, "{} updates", updates.len());
    let (mut at, mut heard, mut last_start) = (0.0, 0.0, 0.0);
    let mut settled = Vec::new();
    for update in &updates {
        let (now, sound) = (update["at"].as_f64().unwrap(), update["heard"].as_f64().unwrap());
        assert!(now >= at && sound >= heard, "{update}");
        assert!(sound <= now + 0.5, "no sound is heard before it is spoken: {update}");
        (at, heard) = (now, sound);
        assert!(update["tentative"].is_string());
        for word in update["settled"].as_array().unwrap() {
            let (start, end) = (word["start"].as_f64().unwrap(), word["end"].as_f64().unwrap());
            assert!(
                start >= last_start && end >= start,
                "{word} stands before what was settled at {last_start}"
            );
            assert!(end <= heard + 0.1, "{word} is settled before it was heard ({heard})");
            last_start = start;
            settled.push(word["text"].as_str().unwrap().to_owned());
        }
    }
    let first = updates
        .iter()
        .find(|update| !update["settled"].as_array().unwrap().is_empty() || update["tentative"] != "")
        .unwrap();
    let first = first["at"].as_f64().unwrap();
    assert!(first < SAMPLE_SECONDS / 2.0, "the first word came at {first} s");
    let text = settled.join(" ").to_lowercase();
    for word in SAMPLE_WORDS {
        assert!(text.contains(word), "'{word}' was never settled: {text}");
    }
    say(&format!("live: the first words were seen after {first:.1} s"));
}

#[test]
fn a_command_that_is_stopped_leaves_no_copy_of_the_sound_behind() {
    let Some(models) = models() else { return };
    let (_machine, place) = (machine(), place());
    let passing = place.path().join("passing");
    fs::create_dir(&passing).unwrap();
    for (arguments, signal) in [("live", "INT"), ("live", "TERM"), ("analyze", "INT")] {
        let mut command = aloud(place.path(), [arguments]);
        command
            .arg(sample())
            .env("ALOUD_MODELS", &models)
            .env("TMPDIR", &passing)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::piped());
        let mut child = command.spawn().unwrap();
        real::until("copy of the sound", SOON, || {
            fs::read_dir(&passing).unwrap().next().map(drop)
        });
        let sent = std::process::Command::new("kill")
            .args([&format!("-{signal}"), &child.id().to_string()])
            .status();
        assert!(sent.unwrap().success());
        let status = real::until("end", SOON, || child.try_wait().unwrap());
        let mut message = String::new();
        std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut message).unwrap();
        assert_eq!(
            message, "Interrupted before the end. Nothing was saved.\n",
            "{arguments} {signal}"
        );
        assert_eq!(status.code(), Some(1));
        assert_eq!(fs::read_dir(&passing).unwrap().count(), 0, "{arguments} {signal}");
    }
}
