//! What was really said, through the real program and the real model: a made voice says fillers, repeats, and words that
//! look like either.

use std::{path::Path, process::Command, time::Duration};

use serde_json::Value;

use crate::real::{aloud, json, machine, models, run, say, skip};

const LONG: Duration = Duration::from_mins(1);

/// espeak-ng's, from far apart.
const VOICES: [&str; 6] = [
    "en-us+f2",
    "en-us+m3",
    "en-us+m7",
    "en-gb+f4",
    "en-gb+m1",
    "en-gb-scotland",
];

/// The report of a text, spoken; nothing where no voice is installed.
fn spoken(place: &Path, models: &Path, voice: &str, text: &str) -> Option<Value> {
    let path = place.join("said.wav");
    let mut espeak = Command::new("espeak-ng");
    let made = espeak
        .args(["-v", voice, "-s", "160", "-w"])
        .arg(&path)
        .arg(text)
        .status();
    if !made.is_ok_and(|status| status.success()) {
        skip("there is no espeak-ng here");
        return None;
    }
    let mut command = aloud(place, ["analyze", "--json"]);
    command.arg(&path).env("ALOUD_MODELS", models);
    Some(json(run(&mut command, None, LONG)))
}

fn count(report: &Value, what: &str) -> usize {
    report[what].as_array().unwrap().len()
}

#[test]
fn fillers_and_repeats_that_were_said_are_written() {
    const FILLERS: usize = 3;
    const REPEATS: usize = 2;
    const TEXT: &str = "So, um, I called the vendor on Monday. We, we found the cause in the logs. It was, uh, an old \
        certificate. I, I told the manager, um, the same day.";
    let Some(models) = models() else { return };
    let (_machine, place) = (machine(), tempfile::tempdir().unwrap());
    let (mut fillers, mut repeats, mut invented) = (0, 0, 0);
    for voice in VOICES {
        let Some(report) = spoken(place.path(), &models, voice, TEXT) else {
            return;
        };
        let vocal = report["fillers"].as_array().unwrap();
        let vocal = vocal.iter().filter(|filler| filler["class"] == "vocal").count();
        fillers += vocal.min(FILLERS);
        repeats += count(&report, "repeats").min(REPEATS);
        invented += vocal.saturating_sub(FILLERS) + count(&report, "repeats").saturating_sub(REPEATS);
    }
    let said = (VOICES.len() * FILLERS, VOICES.len() * REPEATS);
    say(&format!(
        "{fillers} of {} fillers, {repeats} of {} repeats, {invented} invented",
        said.0, said.1
    ));
    // Robots say a word twice without a stumble, and the decoder takes more than half of those for one word.
    assert!(fillers * 10 >= said.0 * 8 && repeats * 3 >= said.1);
    assert!(invented <= 1);
}

#[test]
fn what_only_looks_like_a_filler_or_a_repeat_is_written_as_it_is() {
    const TEXT: &str = "I grew up in Ohio and then I moved to Denver. We checked the logs and then we called the vendor. I \
        fixed it and then I wrote it down. In an incident I usually err on the side of caution. He said that that was fine.";
    let Some(models) = models() else { return };
    let (_machine, place) = (machine(), tempfile::tempdir().unwrap());
    let (mut fillers, mut repeats) = (0, 0);
    for voice in VOICES {
        let Some(report) = spoken(place.path(), &models, voice, TEXT) else {
            return;
        };
        fillers += count(&report, "fillers");
        repeats += count(&report, "repeats");
    }
    say(&format!(
        "{fillers} fillers and {repeats} repeats in 18 times \"and then\", \"err\" and \"that that\""
    ));
    assert!(fillers + repeats <= 1);
}
