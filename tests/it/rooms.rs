//! Holds the rooms of `src/` apart: reads which room names which, and which outside thing is named where. A broken rule
//! fails here with the file and line. To change a rule, change the tables below: they are the rules.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use crate::paths::paths;

/// The rooms from the top of the house to its ground. A room may use those that stand below it, and none above.
const ROOMS: [&str; 37] = [
    "launcher",
    "main",
    "window",
    "cli",
    "app",
    "ui",
    "session",
    "microphone",
    "speaker",
    "narrator",
    "file_manager",
    "listener",
    "recognizer",
    "single_instance",
    "diagnostics",
    "store",
    "models",
    "export",
    "interview",
    "protocol",
    "insight",
    "settings",
    "sheet",
    "bank",
    "about",
    "take_file",
    "time_stretch",
    "sound_file",
    "channels",
    "vad",
    "durable",
    "transcript",
    "text",
    "assets",
    "question",
    "take",
    "span",
];

/// Rooms that stand above each other and still have nothing to do with each other.
const STRANGERS: [Strangers; 13] = [
    Strangers {
        room: "window",
        never: &[
            "cli",
            "ui::theme",
            "ui::widgets",
            "recognizer",
            "microphone",
            "speaker",
            "narrator",
        ],
    },
    Strangers {
        room: "cli",
        never: &["app", "ui", "window", "recognizer"],
    },
    Strangers {
        room: "app",
        never: &[
            "microphone",
            "speaker",
            "narrator",
            "file_manager",
            "listener",
            "recognizer",
        ],
    },
    Strangers {
        room: "ui",
        never: &[
            "microphone",
            "speaker",
            "narrator",
            "file_manager",
            "listener",
            "recognizer",
            "session",
            "store",
            "models",
            "take_file",
            "durable",
        ],
    },
    Strangers {
        room: "microphone",
        never: &["speaker", "recognizer", "models", "store", "interview", "insight"],
    },
    Strangers {
        room: "speaker",
        never: &["microphone", "recognizer", "models", "interview", "insight"],
    },
    // It is given a path, and knows nothing of this project.
    Strangers {
        room: "file_manager",
        never: &[
            "models",
            "store",
            "interview",
            "insight",
            "transcript",
            "question",
            "take",
        ],
    },
    // It is given a text, and knows nothing of this project.
    Strangers {
        room: "narrator",
        never: &[
            "listener",
            "models",
            "store",
            "interview",
            "insight",
            "transcript",
            "question",
            "take",
            "span",
        ],
    },
    Strangers {
        room: "listener",
        never: &["recognizer", "models", "interview", "insight"],
    },
    Strangers {
        room: "recognizer",
        never: &["microphone", "speaker", "store", "interview", "insight"],
    },
    // A message on a socket, and nothing of what the window is about.
    Strangers {
        room: "single_instance",
        never: &["store", "interview", "insight", "transcript", "question", "take"],
    },
    // What it never sees it cannot write down.
    Strangers {
        room: "diagnostics",
        never: &["interview", "insight", "transcript", "question", "take", "span"],
    },
    Strangers {
        room: "models",
        never: &["store", "interview", "insight", "transcript", "question", "take"],
    },
];

/// Outside things, and the only places that may name them.
const OUTSIDE: [Outside; 17] = [
    Outside {
        words: &["whisper_rs"],
        places: &["recognizer/whisper.rs"],
    },
    Outside {
        words: &["unsafe"],
        places: &["recognizer/whisper.rs"],
    },
    Outside {
        words: &["cpal"],
        places: &["microphone.rs", "speaker.rs", "listener/ring.rs"],
    },
    Outside {
        words: &["alsa"],
        places: &["microphone.rs"],
    },
    Outside {
        words: &["egui", "eframe"],
        places: &["ui/", "app/"],
    },
    Outside {
        words: &["accesskit", "lucide_icons"],
        places: &["ui/"],
    },
    Outside {
        words: &["std::fs"],
        // What `diagnostics` writes is nobody's words.
        places: &[
            "store/",
            "take_file.rs",
            "take_file/",
            "durable.rs",
            "models/",
            "diagnostics/",
            "cli/analyze.rs",
            "sound_file/",
        ],
    },
    // What you say leaves this machine on no path: nothing else can open a connection.
    Outside {
        words: &["ureq", "std::net", "std::os::unix::net"],
        places: &["models/"],
    },
    // Nor does this one leave it: programs of the same user, on the same machine.
    Outside {
        words: &["interprocess"],
        places: &["single_instance.rs"],
    },
    Outside {
        words: &["std::process::Command", "std::process::Child"],
        places: &["launcher.rs", "narrator.rs", "file_manager.rs", "models/tests/"],
    },
    Outside {
        words: &["zip", "sha2"],
        places: &["models/"],
    },
    Outside {
        words: &["hound"],
        places: &["listener/tests.rs", "take_file.rs", "take_file/"],
    },
    Outside {
        words: &["symphonia", "symphonia_adapter_libopus"],
        places: &["sound_file/"],
    },
    Outside {
        words: &["krilla", "parley"],
        places: &["export/pdf.rs", "export/pdf/"],
    },
    Outside {
        words: &["rubato"],
        places: &["listener/resample.rs"],
    },
    Outside {
        words: &["encoding_rs", "icu_normalizer", "unicode_segmentation"],
        places: &["text/"],
    },
    Outside {
        words: &["clap", "clap_complete", "clap_mangen"],
        places: &["cli/arguments/"],
    },
];

/// Files of `models/` that know nothing of the rest of it: a circle of imports cannot begin there. What each may name.
const CLOSED: [Closed; 5] = [
    Closed {
        place: "models/convert/",
        knows: &["convert", "digest", "invalid_model", "progress"],
    },
    Closed {
        place: "models/digest.rs",
        knows: &["digest", "invalid_model"],
    },
    Closed {
        place: "models/progress.rs",
        knows: &["progress", "invalid_model"],
    },
    Closed {
        place: "models/invalid_model.rs",
        knows: &["invalid_model", "download_error"],
    },
    Closed {
        place: "models/download_error.rs",
        knows: &["download_error"],
    },
];

/// Rooms that are pure, or as good as: values in, values out. What they never name.
const PURE: [&str; 15] = [
    "export",
    "insight",
    "interview",
    "settings",
    "sheet",
    "bank",
    "time_stretch",
    "channels",
    "vad",
    "transcript",
    "text",
    "question",
    "take",
    "span",
    "ui",
];
const IMPURE: [&str; 9] = [
    "std::fs",
    "std::io",
    "std::env",
    "std::thread",
    "std::sync::mpsc",
    "std::time::Instant",
    "std::time::SystemTime",
    "Timestamp::now",
    "jiff::Timestamp::now",
];

struct Strangers {
    room: &'static str,
    never: &'static [&'static str],
}

struct Outside {
    /// Paths, or what paths start with: `std::fs`, `cpal`.
    words: &'static [&'static str],
    /// Files, and folders with a slash, below `src/`.
    places: &'static [&'static str],
}

struct Closed {
    /// A file, or a folder with a slash, below `src/`.
    place: &'static str,
    /// Modules of the same room.
    knows: &'static [&'static str],
}

#[test]
fn every_file_keeps_to_its_room() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = files(&source);
    assert!(files.len() > 60, "only {} files were found", files.len());
    let broken: Vec<String> = files
        .iter()
        .flat_map(|path| {
            let name = path.strip_prefix(&source).unwrap().to_string_lossy().replace('\\', "/");
            broken(&name, &fs::read_to_string(path).unwrap())
        })
        .collect();
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn every_room_stands_in_the_table_and_every_rule_speaks_of_a_room() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in fs::read_dir(&source).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        let name = name.trim_end_matches(".rs");
        assert!(
            name == "lib" || ROOMS.contains(&name),
            "{name} has no place in the house"
        );
    }
    for room in ROOMS {
        assert!(
            source.join(room).is_dir() || source.join(room).with_extension("rs").is_file(),
            "there is no room {room}"
        );
    }
    let named = STRANGERS.iter().map(|rule| rule.room).chain(PURE);
    for room in named {
        assert!(ROOMS.contains(&room), "there is no room {room}");
    }
    let closed = CLOSED.iter().map(|closed| &closed.place);
    for place in OUTSIDE.iter().flat_map(|rule| rule.places).chain(closed) {
        assert!(source.join(place).exists(), "there is no {place}");
    }
}

/// Types that are called alike wherever they are: the error of a room that has one.
const MAY_REPEAT: [&str; 1] = ["Error"];

#[test]
fn a_type_name_means_one_thing() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in files(&source) {
        let name = path.strip_prefix(&source).unwrap().to_string_lossy().replace('\\', "/");
        for (line, text) in (1..).zip(fs::read_to_string(&path).unwrap().lines()) {
            if let Some(defined) = defined_type(text) {
                places
                    .entry(defined.to_owned())
                    .or_default()
                    .push(format!("src/{name}:{line}"));
            }
        }
    }
    assert!(places.len() > 200, "only {} types were found", places.len());
    let repeated: Vec<String> = places
        .iter()
        .filter(|(name, places)| places.len() > 1 && !MAY_REPEAT.contains(&name.as_str()))
        .map(|(name, places)| format!("{name}: {}", places.join(", ")))
        .collect();
    assert!(repeated.is_empty(), "\n{}\n", repeated.join("\n"));
}

/// The type that a line of code defines.
fn defined_type(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace().peekable();
    words.next_if(|word| word.starts_with("pub"));
    let keyword = words.next()?;
    let name = words
        .next()
        .filter(|_| ["struct", "enum", "trait", "type", "union"].contains(&keyword))?;
    name.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .next()
}

#[test]
fn definitions_of_types_are_seen() {
    for (line, expect) in [
        ("pub struct Take {", Some("Take")),
        ("    pub(super) enum Phase<T> {", Some("Phase")),
        ("struct Wrapper(u8);", Some("Wrapper")),
        ("pub type Wake = Arc<dyn Fn()>;", Some("Wake")),
        ("let structure = 1;", None),
        ("// a struct that", None),
    ] {
        assert_eq!(defined_type(line), expect, "{line}");
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The rules that a file breaks, in sentences.
fn broken(name: &str, text: &str) -> Vec<String> {
    let room = room_of(name);
    let mut message = Vec::new();
    for path in paths(name, text) {
        let (line, full) = (path.line, path.parts.join("::"));
        let mut break_rule = |why: String| message.push(format!("src/{name}:{line}: {full}: {why}"));
        match path.parts.first().map(String::as_str) {
            Some("crate" | "aloud") if room != "lib" => {
                let inner = path.parts[1..].join("::");
                if let Some(why) = misused(room, &inner) {
                    break_rule(why);
                }
            }
            _ => {}
        }
        for rule in &OUTSIDE {
            // A test may read the files that it checks.
            let at_home =
                path.test && rule.words == ["std::fs"] || rule.places.iter().any(|place| lies_in(name, place));
            if !at_home && rule.words.iter().any(|word| starts(&full, word)) {
                break_rule(format!("only {} may name it", rule.places.join(", ")));
            }
        }
        for closed in CLOSED.iter().filter(|closed| lies_in(name, closed.place)) {
            let inner = path
                .parts
                .strip_prefix(["crate".to_owned(), room.to_owned()].as_slice());
            if let Some([module, ..]) = inner
                && !closed.knows.contains(&module.as_str())
            {
                break_rule(format!("{} knows only {}", closed.place, closed.knows.join(", ")));
            }
        }
        if !path.test && PURE.contains(&room) && IMPURE.iter().any(|word| starts(&full, word)) {
            break_rule(format!("the room {room} never names it"));
        }
    }
    message
}

/// Why a room may not use this path of the crate.
fn misused(room: &str, path: &str) -> Option<String> {
    let other = path.split("::").next().unwrap_or_default();
    let (Some(own), Some(used)) = (place(room), place(other)) else {
        return place(room).is_none().then(|| format!("{room} is no room"));
    };
    if used < own {
        return Some(format!("the room {room} stands below {other}"));
    }
    let stranger = |rule: &&Strangers| rule.room == room && rule.never.iter().any(|known| starts(path, known));
    STRANGERS
        .iter()
        .find(stranger)
        .map(|_| format!("the room {room} has nothing to do with it"))
}

fn place(room: &str) -> Option<usize> {
    ROOMS.iter().position(|name| *name == room)
}

fn starts(path: &str, known: &str) -> bool {
    path.strip_prefix(known)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

fn room_of(name: &str) -> &str {
    name.split('/').next().unwrap_or(name).trim_end_matches(".rs")
}

fn lies_in(name: &str, place: &str) -> bool {
    if place.ends_with('/') {
        name.starts_with(place)
    } else {
        name == place
    }
}

#[test]
fn a_room_that_looks_up_is_found() {
    assert_eq!(
        broken("session/run.rs", "\nuse crate::{take::Take, ui::Scene};"),
        ["src/session/run.rs:2: crate::ui::Scene: the room session stands below ui"]
    );
    assert_eq!(broken("ui/home.rs", "use crate::protocol::Event;"), [""; 0]);
    assert_eq!(
        broken("take.rs", "fn a() { super::store::read() }"),
        ["src/take.rs:1: crate::store::read: the room take stands below store"]
    );
}

#[test]
fn strangers_are_told() {
    assert_eq!(
        broken("ui/home.rs", "use crate::microphone::names;"),
        ["src/ui/home.rs:1: crate::microphone::names: the room ui has nothing to do with it"]
    );
}

#[test]
fn the_converters_know_nothing_of_who_uses_them() {
    assert_eq!(
        broken(
            "models/convert/mel.rs",
            "use crate::models::{invalid_model::InvalidModel, model_store::ModelStore};"
        ),
        [
            "src/models/convert/mel.rs:1: crate::models::model_store::ModelStore: models/convert/ knows only convert, digest, invalid_model, progress"
        ]
    );
    assert_eq!(
        broken("models/convert/mel.rs", "use super::super::catalog::Model;").len(),
        1
    );
    assert_eq!(broken("models/convert/mel.rs", "use crate::models::Progress;").len(), 1);
    assert_eq!(
        broken("models/invalid_model.rs", "use super::convert::ggml::MAGIC;").len(),
        1
    );
    assert_eq!(broken("models/shelf.rs", "use super::convert::ggml::MAGIC;"), [""; 0]);
}

#[test]
fn outside_things_have_one_place() {
    for (name, text) in [
        ("session/run.rs", "use whisper_rs::WhisperContext;"),
        ("listener/mod.rs", "fn a() { unsafe { b() } }"),
        ("ui/home.rs", "use cpal::Device;"),
        ("session/mod.rs", "use eframe::egui::Context;"),
        ("session/mod.rs", "use std::{fs, io};"),
        ("cli/live.rs", "let file = std::fs::File::open(path);"),
        ("window.rs", "use ureq::Agent;"),
        ("models/source.rs", "use std::process::{Command, Stdio};"),
        ("window.rs", "use interprocess::local_socket::Stream;"),
        ("insight/mod.rs", "use std::time::Instant; mod tests { use std::fs; }"),
        ("ui/home.rs", "let now = std::time::SystemTime::now();"),
    ] {
        assert_eq!(broken(name, text).len(), 1, "{name}: {text}: {:?}", broken(name, text));
    }
    for (name, text) in [
        (
            "recognizer/whisper.rs",
            "use whisper_rs::WhisperContext; fn a() { unsafe { b() } }",
        ),
        ("store/file.rs", "use std::fs::File;"),
        ("sound_file/input.rs", "use std::{fs::File, io};"),
        ("models/fetch.rs", "use ureq::Agent;"),
        ("ui/home.rs", "let unsafe_looking = a.zip(b);"),
    ] {
        assert_eq!(broken(name, text), [""; 0], "{name}: {text}");
    }
}
