//! Recorded references: the words of a take, as the recognizer once gave them, and what is to be found in them.
//!
//! Each lies in `tests/takes/NAME/`: `words.txt` goes in, `report.txt` must come out, to the letter. After a change that
//! is meant, `ALOUD_BLESS=1 cargo test --test it takes::` writes the new reports, and their difference is what to read.

use std::{fmt::Write as _, fs, path::PathBuf};

use aloud::{
    bank,
    cli::report::Report,
    insight::{Answer, observe},
    span::Span,
    transcript::{Transcript, Word, WordOrigin},
};

macro_rules! takes {
    ($($name:ident,)*) => {
        $(#[test]
        fn $name() {
            check(stringify!($name));
        })*

        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

takes! {
    a_siem_and_its_worth,
    helping_a_colleague,
    ports_and_protocols,
    a_recipe_instead_of_an_answer,
    typed_in_a_hurry,
}

/// A take: what was asked, how long it was, and its words.
struct Recorded {
    question: Option<String>,
    field: Option<String>,
    /// Nothing for a typed answer.
    seconds: Option<f64>,
    transcript: Transcript,
}

/// Reads `words.txt`: lines of `name value` up to an empty one; then a word a line, after its start, its end (seconds)
/// and its confidence, with `restored` behind it where the recognizer had left it out. A typed answer is plain text.
fn read(text: &str) -> Recorded {
    let (head, body) = text.split_once("\n\n").expect("an empty line ends the head");
    let value = |name: &str| {
        let line = head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.map(str::to_owned)
    };
    let seconds = value("seconds").map(|seconds| seconds.parse().unwrap());
    let transcript = match seconds {
        None => Transcript::typed(body),
        Some(_) => Transcript {
            words: body.lines().map(word).collect(),
        },
    };
    Recorded {
        question: value("question"),
        field: value("field"),
        seconds,
        transcript,
    }
}

fn word(line: &str) -> Word {
    let parts: Vec<&str> = line.split_whitespace().collect();
    let number = |index: usize| parts[index].parse::<f64>().unwrap_or_else(|_| panic!("{line}"));
    let origin = match parts.get(4) {
        Some(&"restored") => WordOrigin::Restored,
        None => WordOrigin::Decoded,
        Some(_) => panic!("{line}"),
    };
    Word {
        origin,
        ..Word::spoken(parts[3], Span::new(number(0), number(1)), number(2) as f32)
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/takes")
}

fn check(name: &str) {
    let folder = folder().join(name);
    let recorded = read(&fs::read_to_string(folder.join("words.txt")).unwrap());
    let bank = bank::built_in();
    let asked = recorded
        .question
        .as_deref()
        .map(|id| bank.question(id).expect("it is in the bank"));
    let field = recorded
        .field
        .as_deref()
        .map(|id| bank.field(id).expect("it is in the bank"));
    let insights = observe(Answer {
        transcript: &recorded.transcript,
        seconds: recorded.seconds,
        question: asked.map(|(_, question)| question),
        field: asked.map(|(field, _)| field).or(field),
    });
    let report = Report {
        model: Some("tiny.en"),
        seconds: recorded.seconds,
        voice_seconds: None,
        lost_samples: 0,
        gaps: &[],
        transcript: &recorded.transcript,
        insights: &insights,
    };
    let found = report.text();
    let path = folder.join("report.txt");
    if std::env::var_os("ALOUD_BLESS").is_some() {
        return fs::write(path, found).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap();
    assert!(found == expected, "{}", differences(&expected, &found));
}

/// The lines that differ: those that are missing, and those that are new.
fn differences(expected: &str, found: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    let mut text = String::new();
    for step in similar::capture_diff_slices(similar::Algorithm::Myers, &old, &new) {
        if step.tag() != similar::DiffTag::Equal {
            for line in &old[step.old_range()] {
                writeln!(text, "- {line}").unwrap();
            }
            for line in &new[step.new_range()] {
                writeln!(text, "+ {line}").unwrap();
            }
        }
    }
    text
}

#[test]
fn every_folder_of_a_take_is_checked() {
    let mut found: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    found.sort();
    let mut names = NAMES.to_vec();
    names.sort_unstable();
    assert_eq!(found, names);
}
