//! The program's commands as a person or a script runs them, but for those that decode speech.

use std::{collections::BTreeSet, fs, path::Path, time::Duration};

use crate::real::{Ended, aloud, done, json, models, run, sample, skip};
use serde_json::Value;

const SOON: Duration = Duration::from_mins(1);

fn place() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn ask(place: &Path, arguments: &str) -> Ended {
    run(&mut aloud(place, arguments.split_whitespace()), None, SOON)
}

fn texts(words: &Value) -> Vec<&str> {
    let words = words.as_array().unwrap();
    words.iter().map(|word| word["text"].as_str().unwrap()).collect()
}

#[test]
fn a_typed_answer_is_looked_at_without_a_model() {
    let place = place();
    let text = "Um, I I think the SIEM collects logs. It collects logs and it collects alerts, basically.";
    fs::write(place.path().join("answer.txt"), text).unwrap();
    let of_file = json(ask(
        place.path(),
        "analyze --json --field cybersecurity --text answer.txt",
    ));
    let mut from_input = aloud(
        place.path(),
        ["analyze", "--json", "--field", "cybersecurity", "--text", "-"],
    );
    assert_eq!(of_file, json(run(&mut from_input, Some(text), SOON)));

    assert!(of_file["audio"].is_null() && of_file["model"].is_null());
    assert_eq!(of_file["transcript"]["text"], text);
    let words = of_file["transcript"]["words"].as_array().unwrap();
    assert!(words.iter().all(|word| word.get("start").is_none()));
    assert!(
        texts(&of_file["fillers"])
            .iter()
            .any(|text| text.eq_ignore_ascii_case("um")),
        "{of_file}"
    );
    assert!(
        texts(&of_file["repeats"])
            .iter()
            .any(|text| text.eq_ignore_ascii_case("i")),
        "{of_file}"
    );
    let terms = of_file["job_terms"]["used"].as_array().unwrap();
    assert!(terms.iter().any(|used| used["term"] == "SIEM"), "{terms:?}");
}

#[test]
fn no_question_comes_back_before_its_pile_is_used_up() {
    let place = place();
    let list = json(ask(place.path(), "questions --field cybersecurity --json"));
    let listed = list["questions"].as_array().unwrap();
    let piles = |kind: &str| {
        let plain = listed.iter().filter(|question| question["slot"].is_null());
        plain.filter(|question| question["kind"] == kind).count()
    };
    let openers = listed.iter().filter(|question| question["slot"] == "opening").count();
    let (background, behavioral, technical) = (piles("background"), piles("behavioral"), piles("technical"));
    assert!(background >= 12 && behavioral >= 10 && technical >= 24);
    // Of the background questions that are no openers one is drawn each time, and two in three are the field's own.
    let own = listed
        .iter()
        .filter(|question| question["fields"] == serde_json::json!(["cybersecurity"]));
    let own_behavioral = own.filter(|question| question["kind"] == "behavioral").count();
    let rounds = (background / 2).min(own_behavioral).min(technical / 2).min(12);
    let mut seen = BTreeSet::new();
    for round in 0..rounds {
        // Every interview is drawn by a process of its own.
        let drawn = json(ask(place.path(), "interview --field cybersecurity --json"));
        assert_eq!(
            (&drawn["type"], &drawn["field"]),
            (&"interview".into(), &"cybersecurity".into())
        );
        let questions = drawn["questions"].as_array().unwrap();
        let kinds: Vec<&str> = questions.iter().map(|one| one["kind"].as_str().unwrap()).collect();
        assert_eq!(
            kinds,
            ["background", "background", "behavioral", "technical", "technical"]
        );
        assert_eq!(questions[0]["slot"], "opening");
        for question in questions {
            check_question(question);
            let id = question["id"].as_str().unwrap();
            let comes_back = question["slot"] == "opening" && round >= openers;
            assert!(
                seen.insert(id.to_owned()) || comes_back,
                "{id} came back in round {round}"
            );
        }
    }
    let shown = |arguments: &str| json(ask(place.path(), arguments));
    let dry = "interview --field cybersecurity --json --dry-run";
    let memory = fs::read(place.path().join("data/drawn.json")).unwrap();
    shown(dry);
    assert_eq!(
        fs::read(place.path().join("data/drawn.json")).unwrap(),
        memory,
        "a dry run remembers nothing"
    );
}

fn check_question(question: &Value) {
    for name in ["id", "kind", "prompt", "hint", "sample_answer"] {
        assert!(!question[name].as_str().unwrap().is_empty(), "{name} of {question}");
    }
    for name in ["parts", "talking_points", "job_terms"] {
        assert!(question[name].is_array(), "{name} of {question}");
    }
}

#[test]
fn questions_are_listed_by_field_and_kind() {
    let place = place();
    for (arguments, least) in [
        ("questions --json --field cybersecurity --kind technical", 24),
        ("questions --json --field cybersecurity --kind background", 12),
        ("questions --json --field cybersecurity --kind behavioral", 10),
        ("questions --json --field ux-design --kind technical", 12),
        ("questions --json", 200),
    ] {
        let list = json(ask(place.path(), arguments));
        let questions = list["questions"].as_array().unwrap();
        assert!(questions.len() >= least, "{arguments}: {}", questions.len());
        for question in questions {
            check_question(question);
            assert!(!question["fields"].as_array().unwrap().is_empty());
        }
        let lines = done(ask(place.path(), &arguments.replace(" --json", "")))
            .lines()
            .count();
        assert_eq!(lines, questions.len());
    }
}

#[test]
fn models_are_listed_and_verified() {
    let Some(models) = models() else { return };
    let place = place();
    let with_models = |arguments: &str| {
        let mut command = aloud(place.path(), arguments.split_whitespace());
        run(command.env("ALOUD_MODELS", &models), None, SOON)
    };
    let list = json(with_models("models list --json"));
    let named = |name: &str| {
        list["models"]
            .as_array()
            .unwrap()
            .iter()
            .find(|model| model["name"] == name)
            .cloned()
    };
    assert_eq!(named("tiny.en").unwrap()["state"], "here");
    assert!(named("base.en").is_some() && named("small").is_some());
    assert_eq!(
        done(with_models("models verify tiny.en")),
        "The model tiny.en is intact. Its adapter for fillers and repeats is added when it is loaded.\n"
    );
    let verified = json(with_models("models verify tiny.en --json"))["models"][0].take();
    assert_eq!((&verified["ok"], &verified["adapter"]), (&true.into(), &true.into()));
}

#[test]
fn a_damaged_model_is_refused_and_never_loaded() {
    let (place, models) = (place(), place());
    for bytes in [
        &b""[..],
        b"<!DOCTYPE html><html>Not found</html>",
        &[0x6c, 0x6d, 0x67, 0x67, 0, 0, 0, 0],
    ] {
        fs::write(models.path().join("ggml-tiny.en.bin"), bytes).unwrap();
        for arguments in [
            vec!["models", "verify", "tiny.en"],
            vec!["analyze", sample().to_str().unwrap()],
        ] {
            let ended = run(
                aloud(place.path(), arguments).env("ALOUD_MODELS", models.path()),
                None,
                SOON,
            );
            check_refusal(&ended, 1, &["tiny.en"], "a damaged model");
        }
    }
}

#[test]
fn doctor_says_what_works_and_what_to_do_about_the_rest() {
    let place = place();
    let found = json(ask(place.path(), "doctor --json"));
    let checks = found["checks"].as_array().unwrap();
    let check = |name: &str| checks.iter().find(|check| check["name"] == name).unwrap();
    // Elsewhere a display and a microphone need no server that could be left out here.
    let missing: &[&str] = if cfg!(target_os = "linux") {
        &["model", "display", "microphone"]
    } else {
        &["model"]
    };
    for name in missing {
        let check = check(name);
        assert_eq!(check["ok"], false, "{check}");
        assert!(
            check["says"].as_str().unwrap().ends_with('.') && check["do"].is_string(),
            "{check}"
        );
    }
    assert_eq!(check("data")["ok"], true);
    assert!(check("processor")["says"].is_string());

    let text = done(ask(place.path(), "doctor"));
    for name in ["microphone", "model", "display", "processor", "data"] {
        assert!(text.contains(name), "{text}");
    }
}

#[test]
fn help_and_version_are_told() {
    let place = place();
    assert!(done(ask(place.path(), "--help")).contains("aloud analyze FILE|-"));
    assert_eq!(
        done(ask(place.path(), "--version")),
        format!("aloud {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[cfg(target_os = "linux")]
#[test]
fn bash_takes_the_completions_and_groff_the_manual_page() {
    let place = place();
    fs::write(
        place.path().join("aloud.bash"),
        done(ask(place.path(), "completions bash")),
    )
    .unwrap();
    fs::write(place.path().join("aloud.1"), done(ask(place.path(), "man"))).unwrap();
    let mut bash = std::process::Command::new("bash");
    let completed = "set -eu; . ./aloud.bash; complete -p aloud >/dev/null
        COMP_WORDS=(aloud ana) COMP_CWORD=1; _aloud aloud ana aloud; echo ${COMPREPLY[*]}
        COMP_WORDS=(aloud live --mic) COMP_CWORD=2; _aloud aloud --mic live; echo ${COMPREPLY[*]}";
    let bash = bash.args(["--norc", "-c", completed]).current_dir(place.path());
    assert_eq!(done(run(bash, None, SOON)), "analyze\n--microphone\n");
    let mut groff = std::process::Command::new("groff");
    let groff = groff
        .args(["-man", "-ww", "-Tutf8", "aloud.1"])
        .current_dir(place.path());
    if std::process::Command::new("groff").arg("--version").output().is_err() {
        return skip("groff is not installed");
    }
    let page = done(run(groff, None, SOON));
    assert!(page.contains("Imports models that are on this machine"), "{page}");
}

/// A refusal is one line that begins and ends as a sentence does and speaks of what was wrong; nothing else is printed.
fn check_refusal(ended: &Ended, status: i32, words: &[&str], case: &str) {
    let Ended { out, err, .. } = ended;
    assert_eq!(ended.status.code(), Some(status), "{case}: {err}");
    assert_eq!(out, "", "{case}: nothing goes to standard output");
    assert_eq!(err.lines().count(), 1, "{case}: one line: {err}");
    let line = err.trim_end();
    assert!(line.ends_with('.') && !line.contains(".."), "{case}: {line}");
    assert!(line.len() < 400, "{case}: {line}");
    for word in words {
        assert!(line.contains(word), "{case}: '{word}' is missing: {line}");
    }
    for inner in ["panicked", "Error", "Some(", "None", "/src/", ".cargo", ".rs:"] {
        assert!(!line.contains(inner), "{case}: {inner} is not for people: {line}");
    }
}

#[test]
fn every_bad_input_gets_one_sentence_and_nothing_else() {
    let place = place();
    let at = |name: &str| place.path().join(name);
    fs::write(at("empty.wav"), b"").unwrap();
    fs::write(at("broken.wav"), b"RIFF\x24\0\0\0WAVEfmt ").unwrap();
    fs::write(at("page.wav"), b"<!DOCTYPE html><html></html>").unwrap();
    fs::write(at("silent.wav"), headed(16_000, 0)).unwrap();
    fs::write(at("fast.wav"), headed(1_000_000, 64)).unwrap();
    fs::write(at("empty.txt"), b" \n").unwrap();
    fs::write(at("binary.txt"), [0xff, 0xfe, 0x00]).unwrap();
    fs::write(at("occupied"), b"a file").unwrap();
    fs::copy(sample(), at("sample.wav")).unwrap();
    for (arguments, status, words) in [
        // Sound.
        ("analyze empty.wav", 1, &["empty.wav"][..]),
        ("analyze broken.wav", 1, &["broken.wav", "WAV"]),
        ("analyze page.wav", 1, &["page.wav", "WAV"]),
        ("analyze silent.wav", 1, &["silent.wav", "no audio"]),
        ("analyze fast.wav", 1, &["fast.wav", "1000000"]),
        ("analyze nowhere.wav", 1, &["nowhere.wav"]),
        ("analyze .", 1, &["WAV"]),
        ("live broken.wav --json", 1, &["broken.wav"]),
        ("live nowhere.wav", 1, &["nowhere.wav"]),
        // Text.
        ("analyze --text nowhere.txt", 1, &["nowhere.txt"]),
        ("analyze --text empty.txt", 1, &["empty.txt", "no words"]),
        ("analyze --text binary.txt --json", 1, &["binary.txt", "UTF-8"]),
        // What there is not.
        ("analyze sample.wav", 1, &["tiny.en", "aloud models fetch tiny.en"]),
        ("live sample.wav --json", 1, &["tiny.en", "aloud models fetch tiny.en"]),
        ("live --microphone --seconds 1", 1, &["tiny.en"]),
        ("analyze sample.wav --model nope", 1, &["nope", "aloud models list"]),
        ("analyze sample.wav --question nope", 2, &["nope", "aloud questions"]),
        ("analyze sample.wav --field nope", 2, &["nope", "cybersecurity"]),
        ("interview --field nope", 2, &["nope", "cybersecurity"]),
        ("questions --field nope", 2, &["nope", "cybersecurity"]),
        ("models verify", 1, &["tiny.en"]),
        ("models verify nope", 1, &["nope"]),
        ("models fetch nope", 1, &["nope"]),
        ("models import nowhere.bin", 1, &["nowhere.bin"]),
        ("models import page.wav", 1, &["page.wav"]),
        // Arguments.
        ("nope", 2, &["nope", "--help"]),
        ("--nope", 2, &["--nope", "--help"]),
        ("analyze", 2, &["recording", "--text"]),
        ("live", 2, &["--microphone"]),
        ("interview", 2, &["--field"]),
        ("analyze a.wav b.wav", 2, &["'b.wav'", "aloud analyze --help"]),
        ("analyze a.wav --text b.txt", 2, &["not both"]),
        ("analyze a.wav --question q --field f", 2, &["--question", "--field"]),
        ("analyze a.wav --seconds 3", 2, &["--seconds"]),
        ("live --microphone --seconds soon", 2, &["soon"]),
        ("questions --kind nope", 2, &["nope", "technical"]),
        ("models nope", 2, &["nope", "verify"]),
        ("models fetch", 2, &["aloud models list"]),
        ("analyze a.wav --feild f", 2, &["--feild", "'--field'"]),
        ("live a.wav --seconds 3", 2, &["--microphone"]),
        ("questions --json --json", 2, &["--json", "twice"]),
        ("completions nope", 2, &["nope", "bash"]),
        ("--seconds 4", 2, &["--seconds"]),
    ] {
        check_refusal(&ask(place.path(), arguments), status, words, arguments);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_display_the_window_says_so() {
    let place = place();
    check_refusal(&ask(place.path(), ""), 1, &["display", "aloud --help"], "no display");
    let ended = run(aloud(place.path(), [""; 0]).env("DISPLAY", ":4711"), None, SOON);
    check_refusal(&ended, 1, &["window", "aloud --help"], "no such display");
}

#[test]
fn a_data_folder_that_cannot_be_written_is_told() {
    let place = place();
    // Below a file no folder can be made, by nobody: permissions would not stop the superuser.
    fs::write(place.path().join("data"), b"a file").unwrap();
    for arguments in [
        "questions",
        "interview --field general --json",
        "analyze x.wav",
        "live --microphone",
    ] {
        check_refusal(&ask(place.path(), arguments), 1, &["data", "--data"], arguments);
    }
    let found = json(ask(place.path(), "doctor --json"));
    let checks = found["checks"].as_array().unwrap();
    let data = checks.iter().find(|check| check["name"] == "data").unwrap();
    assert_eq!(data["ok"], false);
    assert!(data["do"].as_str().unwrap().contains("--data"));
}

/// Everything at and below a path: its name, its permissions and, of a file, what is in it.
#[cfg(unix)]
fn listing(path: &Path) -> Vec<(std::path::PathBuf, u32, Option<Vec<u8>>)> {
    use std::os::unix::fs::PermissionsExt as _;
    let Ok(found) = fs::symlink_metadata(path) else {
        return Vec::new();
    };
    let mode = found.permissions().mode() & 0o7777;
    if !found.is_dir() {
        return vec![(path.to_owned(), mode, Some(fs::read(path).unwrap()))];
    }
    let mut below: Vec<_> = fs::read_dir(path)
        .unwrap()
        .flat_map(|entry| listing(&entry.unwrap().path()))
        .collect();
    below.push((path.to_owned(), mode, None));
    below.sort();
    below
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
}

/// A folder that a team shares, with what an Aloud before this one left in it.
#[cfg(unix)]
fn shared_folder(data: &Path) {
    for folder in ["takes", "interviews", "questions"] {
        fs::create_dir_all(data.join(folder)).unwrap();
        set_mode(&data.join(folder), 0o755);
    }
    for (name, text) in [
        ("questions/my-questions.toml", "id = \"general\"\nname = \"General\"\n"),
        ("drawn.json", "{ damaged"),
        ("settings.json", "{ damaged"),
    ] {
        fs::write(data.join(name), text).unwrap();
        set_mode(&data.join(name), 0o644);
    }
    set_mode(data, 0o775);
}

#[cfg(unix)]
#[test]
fn a_command_that_only_reads_leaves_the_data_folder_as_it_was() {
    for state in ["absent", "empty", "shared"] {
        let place = place();
        let data = place.path().join("data");
        match state {
            "absent" => {}
            "empty" => {
                fs::create_dir(&data).unwrap();
                set_mode(&data, 0o755);
            }
            _ => shared_folder(&data),
        }
        fs::write(place.path().join("answer.txt"), "I keep calm and write it down.").unwrap();
        fs::copy(sample(), place.path().join("sample.wav")).unwrap();
        let before = listing(&data);
        for (arguments, works) in [
            ("questions", true),
            ("questions --json --field general", true),
            ("interview --field general --dry-run", true),
            ("analyze --text answer.txt --field general", true),
            ("doctor", true),
            ("doctor --json", true),
            // Without a speech model, these get no further than what they read.
            ("analyze sample.wav", false),
            ("live sample.wav", false),
            ("live --microphone --seconds 1", false),
        ] {
            let ended = ask(place.path(), arguments);
            assert_eq!(ended.status.success(), works, "{arguments}, {state}: {}", ended.err);
            assert_eq!(listing(&data), before, "{arguments}, {state}");
        }
    }
}

#[cfg(unix)]
#[test]
fn only_what_aloud_made_is_closed_to_others() {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    let place = place();
    let data = place.path().join("data");
    done(ask(place.path(), "interview --field general"));
    assert_eq!(mode(&data), 0o700, "Aloud made it");
    assert_eq!(mode(&data.join("drawn.json")), 0o600);
    fs::remove_dir_all(&data).unwrap();
    shared_folder(&data);
    done(ask(place.path(), "interview --field general"));
    assert_eq!(mode(&data), 0o775, "it was there before");
    assert_eq!(mode(&data.join("questions")), 0o755, "it was there before");
    assert_eq!(mode(&data.join("drawn.json")), 0o600);
    assert_eq!(
        fs::read_to_string(data.join("drawn.json.damaged")).unwrap(),
        "{ damaged"
    );
}

#[test]
fn doctor_says_that_a_folder_is_still_to_be_made() {
    let place = place();
    let data = |place: &Path| {
        let found = json(ask(place, "doctor --json"));
        let checks = found["checks"].as_array().unwrap().clone();
        checks.into_iter().find(|check| check["name"] == "data").unwrap()
    };
    let message = data(place.path());
    let message = message["says"].as_str().unwrap();
    assert!(
        message.contains("is created when something is first saved"),
        "{message}"
    );
    done(ask(place.path(), "interview --field general"));
    let message = data(place.path());
    assert!(
        message["says"]
            .as_str()
            .unwrap()
            .starts_with("Your practice is stored in "),
        "{message}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_microphone_live_says_so() {
    let Some(models) = models() else { return };
    let place = place();
    let microphone = |arguments: &[&str]| {
        let mut command = aloud(place.path(), ["live", "--microphone", "--seconds", "1"]);
        run(command.args(arguments).env("ALOUD_MODELS", &models), None, SOON)
    };
    check_refusal(&microphone(&[]), 1, &["microphone"], "no microphone");
    let named = microphone(&["Nowhere Mic"]);
    check_refusal(&named, 1, &["Nowhere Mic"], "no such microphone");
    assert!(
        !place.path().join("data").exists(),
        "what was never recorded leaves no file"
    );
}

/// A WAV file (mono, 16 bit) at this rate with this many silent samples.
fn headed(rate: u32, samples: u32) -> Vec<u8> {
    let bytes = samples * 2;
    let mut wav = Vec::new();
    wav.extend_from_slice(b"RIFF");
    wav.extend_from_slice(&(bytes + 36).to_le_bytes());
    wav.extend_from_slice(b"WAVEfmt ");
    for part in [16_u32, 1 | 1 << 16, rate, rate * 2, 2 | 16 << 16] {
        wav.extend_from_slice(&part.to_le_bytes());
    }
    wav.extend_from_slice(b"data");
    wav.extend_from_slice(&bytes.to_le_bytes());
    wav.resize(wav.len() + bytes as usize, 0);
    wav
}

#[test]
fn a_field_is_taken_by_its_name_and_a_wrong_one_is_a_wrong_argument() {
    let place = place();
    let by_id = done(ask(place.path(), "questions --field data-analytics"));
    for name in ["Data Analytics", "data_analytics", "DATA-ANALYTICS"] {
        let mut command = aloud(place.path(), ["questions", "--field", name]);
        assert_eq!(done(run(&mut command, None, SOON)), by_id, "{name}");
    }
    for arguments in [
        "questions --field alchemy",
        "interview --field alchemy --dry-run",
        "analyze --text - --field alchemy",
    ] {
        let ended = ask(place.path(), arguments);
        assert_eq!(ended.status.code(), Some(2), "{arguments}");
        assert!(
            ended
                .err
                .starts_with("Unknown field 'alchemy'. The fields are: cybersecurity, "),
            "{}",
            ended.err
        );
    }
}

#[test]
fn a_reader_that_has_read_enough_is_no_failure() {
    let place = place();
    let mut command = aloud(place.path(), ["questions", "--json"]);
    command
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(ended.stderr).unwrap(), "");
    assert!(ended.status.success(), "{}", ended.status);
}
