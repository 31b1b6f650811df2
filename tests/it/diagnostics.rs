//! What is left behind of a fault by the real program: a report of a panic without the user's words, log lines without
//! them, and nothing at all where nothing failed.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::real::{Ended, aloud, run, skip};
use serde_json::Value;

const SOON: Duration = Duration::from_mins(1);
/// What an answer may hold.
const WORDS: &str = "my weakness is that I écrivais";

fn ask(place: &Path, arguments: &str, variable: Option<&str>) -> Ended {
    let mut command = aloud(place, arguments.split_whitespace());
    command.envs(variable.map(|name| (name, WORDS)));
    run(&mut command, None, SOON)
}

fn reports(place: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = match fs::read_dir(place.join("data/crashes")) {
        Ok(entries) => entries.map(|entry| entry.unwrap().path()).collect(),
        Err(_) => Vec::new(),
    };
    paths.sort();
    paths
}

fn check_wordless(text: &str) {
    for word in ["weakness", "écrivais"] {
        assert!(!text.contains(word), "{text}");
    }
}

/// The program fails where it is asked to only as long as it is built for tests.
fn can_fail() -> bool {
    if !cfg!(debug_assertions) {
        skip("a release does not fail on request");
    }
    cfg!(debug_assertions)
}

#[test]
fn a_panic_leaves_a_report_without_a_word_of_its_message() {
    if !can_fail() {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let ended = ask(place.path(), "questions", Some("ALOUD_TEST_PANIC"));
    assert_eq!(ended.status.code(), Some(101));
    check_wordless(&ended.err);
    let [path] = &reports(place.path())[..] else {
        panic!("not one report: {:?}", reports(place.path()));
    };
    assert_eq!(
        ended.err.trim_end().rsplit(" lies in ").next().unwrap(),
        format!("{}.", path.display())
    );
    let report = fs::read_to_string(path).unwrap();
    check_wordless(&report);
    for line in [
        format!("version: Aloud {}", env!("CARGO_PKG_VERSION")),
        "run: command".to_owned(),
        "thread: main".to_owned(),
        "where: src/main.rs:".to_owned(),
        "what: a message with values, which is left out".to_owned(),
    ] {
        assert!(report.lines().any(|found| found.starts_with(&line)), "{line}: {report}");
    }
    assert!(report.contains("fail_on_request"), "the stack is there: {report}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        for (path, mode) in [(path.as_path(), 0o600), (path.parent().unwrap(), 0o700)] {
            assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, mode);
        }
    }
}

#[test]
fn a_panic_in_another_thread_is_reported_and_the_command_goes_on() {
    if !can_fail() {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let ended = ask(place.path(), "questions --json", Some("ALOUD_TEST_THREAD_PANIC"));
    assert!(ended.status.success(), "{}", ended.err);
    check_wordless(&ended.err);
    let printed: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(printed["type"], "questions");
    let report = fs::read_to_string(&reports(place.path())[0]).unwrap();
    assert!(report.contains("thread: test fault\n"), "{report}");
    check_wordless(&report);
}

/// Where there is no folder to write to, the panic is still told, and ends as it would.
#[test]
fn a_panic_without_a_place_for_its_report_is_told_all_the_same() {
    if !can_fail() {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("data"), "a file in the folder's place").unwrap();
    let ended = ask(place.path(), "questions", Some("ALOUD_TEST_PANIC"));
    assert_eq!(ended.status.code(), Some(101));
    assert!(
        ended
            .err
            .starts_with("A part of Aloud failed (the thread \"main\" at src/main.rs:"),
        "{}",
        ended.err
    );
    check_wordless(&ended.err);
}

#[test]
fn whoever_asks_for_messages_on_standard_error_gets_them_whole() {
    if !can_fail() {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let mut command = aloud(place.path(), ["questions"]);
    command.env("ALOUD_LOG", "1").env("ALOUD_TEST_PANIC", WORDS);
    let ended = run(&mut command, None, SOON);
    assert!(ended.err.contains(WORDS), "{}", ended.err);
    check_wordless(&fs::read_to_string(&reports(place.path())[0]).unwrap());
}

#[test]
fn doctor_names_the_last_crash_and_says_what_to_do() {
    let place = tempfile::tempdir().unwrap();
    let check = || {
        let ended = ask(place.path(), "doctor --json", None);
        let found: Value = serde_json::from_str(&ended.out).unwrap();
        let checks = found["checks"].as_array().unwrap().clone();
        checks.into_iter().find(|check| check["name"] == "last crash").unwrap()
    };
    let none = check();
    assert_eq!((&none["ok"], &none["do"]), (&Value::Bool(true), &Value::Null), "{none}");
    let folder = place.path().join("data/crashes");
    assert!(!folder.exists(), "who looks makes nothing");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("crash-20261130T005735000Z-7-0.txt");
    fs::write(
        &path,
        "version: Aloud 1.2.3, linux\nwhen: 2026-11-30 00:57:35Z\nrun: window\nthread: main\nwhere: src/a.rs:1:2\n",
    )
    .unwrap();
    let last = check();
    assert_eq!(last["ok"], false);
    assert_eq!(
        last["says"],
        format!(
            "Aloud ended unexpectedly on 2026-11-30 00:57:35Z (Aloud 1.2.3, linux, src/a.rs:1:2). The report is in {}.",
            path.display()
        )
    );
    assert!(last["do"].as_str().unwrap().ends_with('.'), "{last}");
    let text = ask(place.path(), "doctor", None).out;
    assert!(text.contains("no  last crash  Aloud ended unexpectedly"), "{text}");
}

#[test]
fn a_command_that_succeeds_leaves_no_log_and_no_report() {
    let place = tempfile::tempdir().unwrap();
    for arguments in ["questions", "doctor", "--version", "models list"] {
        assert!(ask(place.path(), arguments, None).status.success());
    }
    for name in ["log.txt", "crashes"] {
        assert!(!place.path().join("data").join(name).exists(), "{name}");
    }
}

/// A log call's text, as it stands in the table: without line breaks.
fn log_calls(text: &str) -> Vec<String> {
    let mut calls = Vec::new();
    for level in ["error", "warn", "info", "debug", "trace"] {
        for (begin, _) in text.match_indices(&format!("log::{level}!(")) {
            let call = &text[begin..];
            calls.push(
                call[..end_of_call(call)]
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" "),
            );
        }
    }
    calls
}

/// Where the first parenthesis of a text closes. Those in literals do not count.
fn end_of_call(call: &str) -> usize {
    let (mut depth, mut literal, mut escaped) = (0, false, false);
    for (at, letter) in call.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => literal = !literal,
            '(' if !literal => depth += 1,
            ')' if !literal => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    panic!("a call without an end: {call}");
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_log_call_has_been_looked_at_for_the_users_words() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(root.join("tests/it/diagnostics/log_calls.txt")).unwrap();
    let known: BTreeSet<String> = table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(str::to_owned)
        .collect();
    let mut paths = Vec::new();
    sources(&root.join("src"), &mut paths);
    let mut found = BTreeSet::new();
    for path in paths {
        let name = path
            .strip_prefix(root.join("src"))
            .unwrap()
            .to_string_lossy()
            .replace('\\', "/");
        let calls = log_calls(&fs::read_to_string(&path).unwrap());
        found.extend(calls.into_iter().map(|call| format!("{name}: {call}")));
    }
    assert!(found.len() > 20, "{} calls were found", found.len());
    let new: Vec<&String> = found.difference(&known).collect();
    assert!(
        new.is_empty(),
        "these may hold the user's words; look at each, then add it to tests/it/diagnostics/log_calls.txt: {new:#?}"
    );
    let gone: Vec<&String> = known.difference(&found).collect();
    assert!(gone.is_empty(), "these are no longer in the source: {gone:#?}");
}

#[test]
fn a_log_call_is_read_to_its_end() {
    assert_eq!(
        log_calls("a; log::warn!(\n    \"{} \\\"(\",\n    b(c)\n); d(); log::error!(\"e\")"),
        ["log::error!(\"e\")", "log::warn!( \"{} \\\"(\", b(c) )"]
    );
}
