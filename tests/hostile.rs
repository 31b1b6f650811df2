//! Everything that is read, damaged in every way that chance finds: reading ends, soon, in bounded memory, in a value
//! or a sentence. Models and wheels have the same in `src/models/tests/hostile.rs`.
//!
//! A usual run takes seconds. `PROPTEST_CASES=100000 cargo test --release hostile` looks for longer.

#![allow(clippy::unwrap_used, reason = "in a test it is the assertion")]

#[path = "hostile/sound.rs"]
mod sound;
#[path = "hostile/texts.rs"]
mod texts;

use std::{
    alloc::System,
    fs,
    path::Path,
    time::{Duration, Instant},
};

use aloud::{
    app::document_look,
    bank,
    export::{self, Export, ExportSource},
    insight::{self, Answer},
    interview::{Interview, Practice, PracticeAction, draw::Memory, posting},
    store::{Store, StoreError},
    take_file,
    transcript::Transcript,
};
use cap::Cap;
use proptest::{prelude::*, sample::Index};
use serde_json::{Value, json};

/// An allocation beyond the limit ends the test. The questions that come with Aloud are a part of it.
#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, 768 << 20);

/// No single input may take longer, even on a machine that is busy with other things.
const SOON: Duration = Duration::from_secs(20);

fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    ProptestConfig {
        cases: if asked { usual.cases } else { 32 },
        failure_persistence: None,
        ..usual
    }
}

/// Changes to a file: bytes anywhere, a piece said again elsewhere, bytes put in, and a new end.
#[derive(Clone, Debug)]
struct Damage {
    bytes: Vec<(Index, u8)>,
    again: Option<(Index, Index, Index)>,
    put_in: Option<(Index, Vec<u8>)>,
    end: Option<Index>,
}

fn damage() -> impl Strategy<Value = Damage> {
    let byte = prop_oneof![
        any::<u8>(),
        Just(0),
        Just(0xff),
        Just(0x7f),
        Just(0x80),
        prop::num::u8::ANY
    ];
    let pieces = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..40),
        Just(b"\xff\xff\xff\xff".to_vec()),
        Just(b"\xef\xbf\xbf\xf4\x8f\xbf\xbf".to_vec()),
        Just(vec![b'['; 4000]),
        Just(b"{\"a\":".repeat(2000)),
        Just(b"1e999".to_vec()),
        Just(b"-9223372036854775809".to_vec()),
    ];
    (
        prop::collection::vec((any::<Index>(), byte), 0..8),
        prop::option::weighted(0.3, any::<(Index, Index, Index)>()),
        prop::option::weighted(0.3, (any::<Index>(), pieces)),
        prop::option::weighted(0.3, any::<Index>()),
    )
        .prop_map(|(bytes, again, put_in, end)| Damage {
            bytes,
            again,
            put_in,
            end,
        })
}

fn damaged(file: &[u8], damage: &Damage) -> Vec<u8> {
    let mut file = file.to_vec();
    for (at, byte) in &damage.bytes {
        let at = at.index(file.len());
        file[at] = *byte;
    }
    if let Some((from, length, to)) = &damage.again {
        let from = from.index(file.len());
        let piece = file[from..from + length.index(file.len() - from).min(4096)].to_vec();
        let to = to.index(file.len());
        file.splice(to..to, piece);
    }
    if let Some((at, bytes)) = &damage.put_in {
        let at = at.index(file.len());
        file.splice(at..at, bytes.iter().copied());
    }
    if let Some(end) = &damage.end {
        file.truncate(end.index(file.len()));
    }
    file
}

/// Values that a JSON file may hold where another is meant.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        prop::num::f64::ANY.prop_map(Value::from),
        Just(json!(-1.0)),
        Just(json!(1e308)),
        ".{0,40}".prop_map(Value::from),
        Just(json!("2026-11-20T14:02:01Z")),
        Just(json!("-009999-01-01T00:00:00Z")),
        Just(json!("9999-12-30T22:00:00Z")),
        Just(json!("../../etc/passwd")),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z_]{1,12}", inner, 0..4).prop_map(|map| json!(map)),
        ]
    })
}

/// Puts a value in a place that the numbers lead to.
fn put(into: &mut Value, way: &[Index], fresh: &Value) {
    let Some((step, rest)) = way.split_first() else {
        *into = fresh.clone();
        return;
    };
    match into {
        Value::Array(list) if !list.is_empty() => {
            let at = step.index(list.len());
            put(&mut list[at], rest, fresh);
        }
        Value::Object(map) if !map.is_empty() => {
            let at = step.index(map.len());
            if let Some(inner) = map.values_mut().nth(at) {
                put(inner, rest, fresh);
            }
        }
        leaf => *leaf = fresh.clone(),
    }
}

/// A file of the user's, changed in its bytes, in its values, or in both.
fn changed(text: &str, values: &[(Vec<Index>, Value)], damage: Option<&Damage>) -> Vec<u8> {
    let mut tree: Value = serde_json::from_str(text).unwrap();
    for (way, fresh) in values {
        put(&mut tree["content"], way, fresh);
    }
    let bytes = serde_json::to_vec(&tree).unwrap();
    damage.map_or(bytes.clone(), |damage| damaged(&bytes, damage))
}

fn changes() -> impl Strategy<Value = (Vec<(Vec<Index>, Value)>, Option<Damage>)> {
    let place = prop::collection::vec(any::<Index>(), 0..8);
    (
        prop::collection::vec((place, value()), 0..5),
        prop::option::weighted(0.4, damage()),
    )
}

fn soon<T>(work: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let made = work();
    assert!(begun.elapsed() < SOON, "it took {:?}", begun.elapsed());
    made
}

/// Errors are sentences for people.
fn check_sentence(message: &str) {
    assert!(message.ends_with('.') && !message.contains("panicked"), "{message}");
}

/// A saved interview with an answer in it, as it lies on disk.
fn interview(store: &Store) -> String {
    let bank = bank::built_in();
    let questions = bank.fields[0].questions[..2].to_vec();
    let now = jiff::Timestamp::UNIX_EPOCH;
    let interview = Interview::new("saved".into(), bank.fields[0].id.clone(), now, questions);
    let mut practice = Practice::new(interview);
    practice.update(PracticeAction::Record {
        now,
        takes: store.takes(),
        glossary: Vec::new(),
    });
    let take =
        json!({"sound": store.takes().join("saved-q1-t1-000000.wav"), "seconds": 9.5, "lost_samples": 3, "gaps": []});
    practice.update(aloud::protocol::Event::Stopped(
        serde_json::from_value(take.clone()).unwrap(),
    ));
    practice.update(aloud::protocol::Event::Transcribed {
        take: serde_json::from_value(take).unwrap(),
        transcript: spoken(),
        model: "tiny.en".into(),
    });
    store.save_interview(&practice.interview).unwrap();
    fs::read_to_string(store.root().join("interviews/saved.json")).unwrap()
}

fn spoken() -> Transcript {
    let text = "Um, I I pulled the the logs from our SIEM and, uh, basically we found it. So, you know, it was fine.";
    let mut at = 0.0;
    let words = text.split(' ').map(|word| {
        at += 0.4;
        let span = aloud::span::Span::new(at, at + 0.3);
        aloud::transcript::Word::spoken(word, span, 0.9)
    });
    Transcript { words: words.collect() }
}

/// What the window does with an interview that it has read.
fn use_all_of(interview: &Interview) {
    let bank = bank::built_in();
    for turn in &interview.turns {
        let Some(attempt) = turn.attempt() else { continue };
        let Some(transcript) = &attempt.transcript else {
            continue;
        };
        insight::observe(Answer {
            transcript,
            seconds: attempt.take.as_ref().map(|take| take.seconds),
            question: Some(&turn.question),
            field: bank.field(&interview.field).or(bank.fields.first()),
        });
    }
    let source = ExportSource::new(
        interview.clone(),
        interview.field.clone(),
        "today".into(),
        Vec::new(),
        &bank,
    );
    for format in Export::ALL {
        export::text(format, &source);
    }
    // Without the system's fonts, which take long to be looked through.
    let look = export::DocumentLook {
        system_fonts: false,
        ..document_look()
    };
    export::pdf(&source, &look).unwrap();
    let mut practice = Practice::new(interview.clone());
    for action in [
        PracticeAction::Show(7),
        PracticeAction::GoTo(1),
        PracticeAction::Back,
        PracticeAction::Correct,
        PracticeAction::Corrected("Other words than these".into()),
        PracticeAction::Redo,
        PracticeAction::Skip,
        PracticeAction::Next,
    ] {
        practice.update(action);
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn hostile_takes_are_read_or_refused(damage in damage()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        let (mut take, sound) = take_file::create(&path).unwrap();
        take.push(&[0.25; 4000]);
        take.seal().unwrap();
        drop(sound);
        fs::write(&path, damaged(&fs::read(&path).unwrap(), &damage)).unwrap();
        soon(|| {
            let before = fs::read(&path).unwrap();
            if let Ok(sound) = take_file::open(&path) {
                let mut samples = Vec::new();
                let _ = sound.read(0, sound.len(), &mut samples);
                let _ = sound.read(u64::MAX / 4, u64::MAX / 2, &mut samples);
            }
            if take_file::repair(&path).is_err() {
                assert_eq!(fs::read(&path).unwrap(), before, "what is no take is left as it is");
            }
        });
    }

    #[test]
    fn hostile_question_files_are_read_or_refused(damage in damage(), which in any::<Index>()) {
        const FILES: [&str; 3] = [
            include_str!("it/bank/tiny.toml"),
            "id = \"a\"\nname = \"A\"\n[[questions]]\nid = \"q\"\nkind = \"technical\"\nprompt = \"Why?\"\n",
            include_str!("../questions/general.toml"),
        ];
        let text = String::from_utf8_lossy(&damaged(which.get(&FILES).as_bytes(), &damage)).into_owned();
        soon(|| match bank::read("own.toml", &text) {
            Ok(field) => {
                let said = spoken();
                for question in field.questions.iter().take(2) {
                    insight::observe(Answer {
                        transcript: &said,
                        seconds: Some(20.0),
                        question: Some(question),
                        field: Some(&field),
                    });
                }
            }
            Err(message) => check_sentence(&message),
        });
    }

    #[test]
    fn hostile_job_postings_are_read(text in prop_oneof![
        "\\PC{0,400}",
        prop::collection::vec(prop_oneof![Just("SIEM "), Just("C++/"), Just("\n\n- "), Just("🧑‍🔬 "), Just("a."), Just("'’")], 0..300)
            .prop_map(|parts| parts.concat()),
        (any::<char>(), 0_usize..5000).prop_map(|(letter, times)| letter.to_string().repeat(times)),
    ]) {
        let bank = bank::built_in();
        soon(|| {
            if let Some(posting) = posting::read(&text, &bank.fields) {
                let turns = posting::interview(&posting, &bank.fields, &mut Memory::default(), 1);
                assert!(turns.len() <= 5);
            }
        });
    }

    #[test]
    fn hostile_interviews_are_read_or_set_apart((values, damage) in changes()) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Some(folder.path().to_owned())).unwrap();
        let text = interview(&store);
        fs::write(store.root().join("interviews/saved.json"), changed(&text, &values, damage.as_ref())).unwrap();
        soon(|| {
            let (interviews, problems) = store.interviews();
            assert!(interviews.len() + problems.len() <= 1);
            for error in problems {
                check_sentence(&error.to_string());
            }
            for interview in &interviews {
                use_all_of(interview);
                for attempt in interview.turns.iter().flat_map(|turn| &turn.attempts) {
                    let inside = attempt.take.as_ref().is_none_or(|take| take.sound.parent() == Some(&store.takes()));
                    assert!(inside, "a take lies in the folder of takes: {attempt:?}");
                }
                store.found_takes(&interviews.iter().flat_map(aloud::store::take_names).collect());
            }
        });
    }

    #[test]
    fn hostile_settings_and_sheets_are_read_or_set_apart((values, damage) in changes()) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Some(folder.path().to_owned())).unwrap();
        store.save_settings(&aloud::settings::Settings::default()).unwrap();
        store.save_research_notes(&aloud::sheet::ResearchNotes::default()).unwrap();
        store.save_memory(&Memory::default()).unwrap();
        for name in ["settings.json", "prepare.json", "drawn.json"] {
            let path = store.root().join(name);
            let text = fs::read_to_string(&path).unwrap();
            fs::write(&path, changed(&text, &values, damage.as_ref())).unwrap();
        }
        soon(|| {
            let (settings, error) = store.settings();
            assert!((80..=200).contains(&settings.text_percent));
            if let Some(error) = error {
                check_sentence(&error.to_string());
            }
            if let Err(error) = store.research_notes() {
                check_sentence(&error.to_string());
            }
            store.memory();
        });
    }
}

/// What an HTML export is made of besides what was said and written.
const TAGS: [&str; 24] = [
    "<!doctype html>",
    "<html lang=\"en\">",
    "</html>",
    "<meta charset=\"utf-8\">",
    "<title>",
    "</title>",
    "<style>",
    "</style>",
    "<h1>",
    "</h1>",
    "<h2>",
    "</h2>",
    "<p>",
    "</p>",
    "<h3>",
    "</h3>",
    "<ul>",
    "</ul>",
    "<li>",
    "</li>",
    "<b>",
    "</b>",
    "<small>",
    "</small>",
];

proptest! {
    #![proptest_config(config())]

    #[test]
    fn nothing_that_was_said_or_written_is_markup_in_an_html_export(
        texts in prop::collection::vec("[<>&\"'/a-z =!-]{0,24}|</?script>|<img src=x onerror=1>|\\PC{0,12}", 7)
    ) {
        let bank = bank::built_in();
        let mut question = bank.fields[0].questions[0].clone();
        question.prompt.clone_from(&texts[0]);
        let now = jiff::Timestamp::UNIX_EPOCH;
        let interview = Interview::new("i".into(), texts[1].clone(), now, vec![question]);
        let mut practice = Practice::new(interview);
        practice.update(PracticeAction::Notes(texts[2].clone()));
        practice.update(PracticeAction::TypeInstead);
        practice.update(PracticeAction::Answer { text: texts[3].clone(), now });
        let mut interview = practice.interview;
        interview.afterwards.went_well.clone_from(&texts[4]);
        interview.afterwards.to_change.clone_from(&texts[5]);
        interview.afterwards.look_up.clone_from(&texts[6]);
        let source = ExportSource::new(interview, texts[1].clone(), texts[2].clone(), Vec::new(), &bank);
        let page = export::text(Export::Html, &source).unwrap();
        let bare = TAGS.iter().fold(page.clone(), |page, tag| page.replace(tag, ""));
        prop_assert!(!bare.contains(['<', '>']), "{}", page);
    }
}

/// A file of zeros that seems to be gigabytes long, and takes no room.
fn endless(path: &Path) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let file = fs::File::create(path).unwrap();
    file.set_len(8 << 30).unwrap();
}

#[test]
fn hostile_files_without_end_are_refused_in_little_memory() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(Some(folder.path().to_owned())).unwrap();
    for name in [
        "settings.json",
        "prepare.json",
        "drawn.json",
        "interviews/a.json",
        "questions/a.toml",
    ] {
        endless(&store.root().join(name));
    }
    soon(|| {
        let too_long = |error: &StoreError| error.to_string().contains("is too long");
        assert!(too_long(&store.settings().1.unwrap()));
        assert!(too_long(&store.research_notes().unwrap_err()));
        assert!(too_long(&store.interviews().1[0]));
        store.memory();
        let bank = store.bank();
        assert!(
            bank.problems.iter().any(|message| message.contains("too long")),
            "{:?}",
            bank.problems
        );
        assert_eq!(bank.fields.len(), bank::built_in().fields.len());
    });
}
