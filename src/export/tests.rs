//! What the exports say of an interview, in each form.

use jiff::{Timestamp, ToSpan as _};

use super::*;
use crate::{
    assets::TEXT_FONT,
    bank,
    interview::{AskedAfter, Reflection},
    question::{Question, QuestionKind, TalkingPoint},
    span::Span,
    take::{Gap, GapKind, Take},
    transcript::{Transcript, Word},
};

#[path = "../../tests/support/pdf.rs"]
mod reader;

const SPOKEN: &str = "So, um, at the hospital I was on the night desk when two accounts kept logging in from one address. I I looked \
    at the logs in our SIEM and, um, I saw that both had the same odd browser. I called the on-call lead, we locked both accounts, \
    and I wrote down what I saw. You know, nobody had asked me to look. By the morning both people had new passwords. The \
    result was that the phishing mail was out of forty mailboxes before the day began. I learned to write it down at once.";

/// A question about a find, whose points are those of the general list.
fn question(prompt: &str) -> Question {
    Question {
        id: "q".into(),
        kind: QuestionKind::Behavioral,
        prompt: prompt.into(),
        talking_points: vec![TalkingPoint {
            id: "result".into(),
            label: "What came of it".into(),
            hint: "A number if you have one.".into(),
            part: None,
            cues: vec!["result was".into()],
            says: Vec::new(),
        }],
        ..Question::default()
    }
}

fn spoken(text: &str) -> Transcript {
    let mut at = 0.0;
    let words = text.split_whitespace().map(|word| {
        let span = Span::new(at, at + 0.3);
        at += if word.ends_with('.') { 1.6 } else { 0.4 };
        Word::spoken(word, span, 0.95)
    });
    Transcript::of(words.collect())
}

fn attempt(transcript: Transcript) -> Attempt {
    let seconds = transcript
        .words
        .last()
        .and_then(|word| word.span)
        .map_or(0.0, |span| span.end);
    let take = Take {
        sound: "/nowhere/take.wav".into(),
        seconds,
        gaps: vec![Gap::new(3.0, 1.5, GapKind::Missing)],
        ..Take::default()
    };
    Attempt {
        transcript: Some(transcript),
        ..Attempt::of_take(Timestamp::UNIX_EPOCH, take)
    }
}

/// One question answered aloud and asked on, one typed with markup in it, one skipped.
fn interview() -> Interview {
    let prompts = [
        "Tell me about a time you found a problem that nobody had asked you to look for.",
        "What is <script>?",
        "Why this job?",
    ];
    let begun = Timestamp::UNIX_EPOCH + 18.hours();
    let questions = prompts.map(question).to_vec();
    let mut interview = Interview::new("i".into(), "cybersecurity".into(), begun, questions);
    interview.turns[0].attempts.push(attempt(spoken(SPOKEN)));
    let followed = Attempt {
        asked_after: Some(AskedAfter {
            attempt: 0,
            question: crate::insight::FollowUpQuestion {
                ask: "What would you do today?".into(),
                about: "lessons".into(),
            },
        }),
        ..attempt(spoken(
            "Today I would call the lead first, and write it down after that.",
        ))
    };
    interview.turns[0].attempts.push(followed);
    interview.turns[0].notes = "night desk\n40 mailboxes".into();
    let typed = Transcript::typed("It is <b>bold</b> & 'quoted' *code*.\n\nA second paragraph.");
    interview.turns[1]
        .attempts
        .push(Attempt::typed(Timestamp::UNIX_EPOCH, typed));
    interview.turns[2].skipped = true;
    interview.afterwards = Reflection {
        went_well: "I stayed calm.".into(),
        look_up: "Kerberos".into(),
        ..Reflection::default()
    };
    interview
}

fn source_of(interview: Interview) -> ExportSource {
    let bank = bank::built_in();
    ExportSource::new(
        interview,
        "SOC Analyst, Spindle".into(),
        "1 January 1970, 18:00".into(),
        Vec::new(),
        &bank,
    )
}

/// The text font alone, so that the machine's make no difference.
fn own_font() -> DocumentLook {
    DocumentLook {
        text_font: TEXT_FONT,
        other_fonts: Vec::new(),
        system_fonts: false,
        ink: [28, 27, 26],
        soft: [78, 73, 67],
        accent: [8, 86, 86],
        line: [228, 223, 214],
    }
}

fn all_fonts() -> DocumentLook {
    DocumentLook {
        system_fonts: true,
        ..own_font()
    }
}

fn made(format: Export) -> String {
    text(format, &source_of(interview())).unwrap()
}

#[test]
#[ignore = "writes a document to look at"]
fn a_document_to_look_at() {
    let mut source = source_of(interview());
    let folder = std::env::var("ALOUD_LOOK").unwrap_or("/tmp".into());
    let write = |name: &str, source: &ExportSource| {
        let begun = std::time::Instant::now();
        let bytes = pdf(source, &all_fonts()).unwrap();
        crate::durable::private_file(&std::path::Path::new(&folder).join(name))
            .and_then(|mut file| std::io::Write::write_all(&mut file, &bytes))
            .unwrap();
        println!("{name}: {} bytes, {:?}", bytes.len(), begun.elapsed());
    };
    write("interview.pdf", &source);
    source.interview.turns[0].notes = "田中さん, مرحبا بالعالم and שלום, हैलो वर्ल्ड 💩👻 ⌘ ☐ 👩‍👩‍👧".into();
    write("scripts.pdf", &source);
    let long = SPOKEN.repeat(100);
    let mut interview = interview();
    interview.turns[0].attempts[0] = attempt(spoken(&long));
    write("long.pdf", &source_of(interview));
}

/// What a document says, page by page.
fn pages_of(source: &ExportSource, look: &DocumentLook) -> Vec<String> {
    reader::Reader::new(&pdf(source, look).unwrap()).pages()
}

#[test]
fn a_pdf_has_the_overview_first_then_every_transcript_whole_and_the_reflection() {
    let source = source_of(interview());
    let bytes = pdf(&source, &own_font()).unwrap();
    assert!(bytes.len() < 150_000, "{} bytes: fonts are subsets", bytes.len());
    let reader = reader::Reader::new(&bytes);
    let pages = reader.pages();
    assert!(pages.len() > 1);
    let first = &pages[0];
    assert!(first.starts_with("SOC Analyst, Spindle"), "{first}");
    for text in [
        "1 January 1970, 18:00. 2 of 3 questions answered",
        "1. Tell me about a time you found a problem",
        "Talking points",
        "What came of it",
        "The result was that the phishing mail was out of forty mailboxes",
        "Job terms",
        "SIEM",
        "You used three fillers",
        "You repeated “I” once.",
        "words per minute",
        "long pause",
        "At 0:03 the microphone was gone for 1.5 s",
    ] {
        assert!(first.contains(text), "{text}: {first}");
    }
    let whole = pages.join(" ");
    let spoken: Vec<&str> = SPOKEN.split_whitespace().collect();
    let after = whole.split("Transcripts").nth(1).unwrap();
    // Paragraphs stand one after the other.
    let tight = |text: &str| text.split_whitespace().collect::<String>();
    assert!(tight(after).contains(&tight(&spoken.join(" "))), "{after}");
    for text in [
        "What would you do today?",
        "Today I would call the lead first",
        "night desk",
        "40 mailboxes",
    ] {
        assert!(after.contains(text), "{text}: {after}");
    }
    for text in [
        "A second paragraph.",
        "3. Why this job?",
        "Skipped.",
        "Reflection",
        "I stayed calm.",
        "Kerberos",
    ] {
        assert!(whole.contains(text), "{text}: {whole}");
    }
    for (index, page) in pages.iter().enumerate() {
        assert!(page.ends_with(&format!("{} of {}", index + 1, pages.len())), "{page}");
    }
    assert!(!whole.contains(pdf::MISSING_LETTERS));
    // For screen readers: a title, a language and an order.
    for text in ["/Lang", "/StructTreeRoot", "/MarkInfo", "/Title"] {
        assert!(reader.says(text), "{text}");
    }
}

#[test]
fn letters_without_a_font_are_told_in_the_document_and_with_a_font_are_shown() {
    let mut source = source_of(interview());
    source.title = "田中 花子".into();
    source.interview.turns[0].notes = "مرحبا بالعالم, שלום, हैलो, 👩‍👩‍👧 and 💩\u{202e}\u{7}\u{85}".into();
    let told = pages_of(&source, &own_font());
    assert!(told[0].contains(pdf::MISSING_LETTERS), "{}", told[0]);
    source.title = "Ana".into();
    source.interview.turns[0].notes = "Zoë Çelik, Łukasz, Đặng, Ωμέγα, Иван ✓".into();
    let told = pages_of(&source, &own_font());
    assert!(!told[0].contains(pdf::MISSING_LETTERS), "{}", told[0]);
    assert!(told.join(" ").contains("Zoë Çelik, Łukasz, Đặng, Ωμέγα, Иван ✓"));
    // Whatever fonts this machine has, nothing fails.
    source.title = "田中 花子, مرحبا, 한국어".into();
    assert!(!pages_of(&source, &all_fonts()).is_empty());
}

#[test]
fn an_interview_without_anything_and_answers_without_words_or_sound_are_exported_too() {
    let empty = Interview::new("e".into(), "nowhere".into(), Timestamp::UNIX_EPOCH, Vec::new());
    let mut silent = interview();
    silent.turns[0].attempts[0].transcript = Some(Transcript::default());
    silent.turns[1].attempts[0] = Attempt::of_take(Timestamp::UNIX_EPOCH, Take::default());
    for interview in [empty, silent.clone()] {
        let source = source_of(interview);
        assert_eq!(
            pages_of(&source, &own_font())[0]
                .matches("SOC Analyst, Spindle")
                .count(),
            2
        );
        for format in Export::ALL {
            assert_eq!(
                text(format, &source).is_none(),
                matches!(format, Export::Pdf | Export::Folder)
            );
        }
    }
    let page = text(Export::Text, &source_of(silent)).unwrap();
    assert!(
        page.contains("(Nothing was heard in this recording.") && page.contains("(Not transcribed yet)"),
        "{page}"
    );
    assert!(page.contains("(Skipped)"));
}

#[test]
fn ten_thousand_words_are_a_document_in_which_no_question_stands_alone_at_a_foot() {
    let mut interview = interview();
    let question = interview.turns[0].question.clone();
    for _ in 0..12 {
        let mut turn = Turn::new(question.clone());
        turn.attempts.push(attempt(spoken(&SPOKEN.repeat(9))));
        interview.turns.push(turn);
    }
    // What was noticed is not what is looked at here, and takes its time.
    let known = interview.turns.iter().map(|_| Some(Insights::default())).collect();
    let bank = bank::built_in();
    let words: usize = interview
        .turns
        .iter()
        .filter_map(|turn| Some(turn.main_attempt()?.transcript.as_ref()?.words.len()))
        .sum();
    assert!(words > 10_000, "{words}");
    let source = ExportSource::new(interview, "Long".into(), "today".into(), known, &bank);
    let bytes = pdf(&source, &own_font()).unwrap();
    assert!(bytes.len() < 400_000, "{} bytes", bytes.len());
    let pages = reader::Reader::new(&bytes).pages();
    assert!(pages.len() > 20, "{}", pages.len());
    for page in &pages {
        let foot = page
            .trim_end_matches(|letter: char| letter.is_numeric() || letter == ' ' || letter == 'o' || letter == 'f');
        let text = foot.trim_end_matches("Long, today");
        assert!(!text.ends_with("asked to look for."), "{page}");
        assert!(!text.ends_with("Transcripts"), "{page}");
    }
}

#[test]
fn every_text_says_what_the_window_shows_of_an_answer() {
    let shown = [
        "Talking points",
        "What came of it",
        "Job terms",
        "SIEM",
        "Most-used words",
        "Fillers and repeats",
        "You said “um” twice.",
        "You repeated “I” once.",
        "Pace and pauses",
        "words per minute, ",
        "Hedges",
        "night desk",
        "40 mailboxes",
        "What would you do today?",
        "I stayed calm.",
        "Kerberos",
    ];
    for format in [Export::Text, Export::Markdown, Export::Html] {
        let page = made(format).replace("&#39;", "'");
        for text in shown {
            assert!(page.contains(text), "{}: {text}\n{page}", format.name());
        }
    }
}

#[test]
fn html_shows_the_transcript_and_runs_none_of_it() {
    let page = made(Export::Html);
    assert!(
        page.contains("It is &lt;b&gt;bold&lt;/b&gt; &amp; &#39;quoted&#39;"),
        "{page}"
    );
    assert!(!page.contains("<script>"));
    assert!(!page.contains("<audio"));
    let sounds = SoundLinks([(1, vec!["Answer 1.wav".to_owned()])].into());
    let page = page_with_sound(&source_of(interview()), &sounds);
    assert_eq!(
        page.matches("<audio controls preload=\"none\" src=\"Answer 1.wav\"")
            .count(),
        1
    );
}

#[test]
fn markdown_keeps_stars_as_stars() {
    let page = made(Export::Markdown);
    assert!(page.contains("\\*code\\*"));
    assert!(page.contains("## 2. What is \\<script\\>?"));
}

#[test]
fn json_reads_back_and_has_the_insights_of_each_answer_beside_it() {
    let page = made(Export::Json);
    let back: Interview = serde_json::from_str(&page).unwrap();
    assert_eq!(back.turns, interview().turns);
    let value: serde_json::Value = serde_json::from_str(&page).unwrap();
    let attempts = &value["turns"][0]["attempts"];
    assert_eq!(attempts[0]["insights"]["fillers"][0]["text"], "um");
    let terms = attempts[0]["insights"]["job_terms"]["used"].as_array().unwrap();
    assert!(terms.iter().any(|used| used["term"] == "SIEM"), "{terms:?}");
    assert_eq!(attempts[0]["insights"]["repeats"][0]["count"], 2);
    assert!(attempts[1]["insights"]["talking_points"].is_object());
    assert!(value["turns"][1]["attempts"][0]["insights"]["pace"].is_null());
    assert!(value["turns"][1]["attempts"][0]["insights"]["fillers"].is_array());
}

#[test]
fn what_is_known_is_not_observed_again_and_belongs_to_its_question() {
    let known = Insights {
        look_up: vec!["Kerberos delegation".into()],
        ..Insights::default()
    };
    let bank = bank::built_in();
    let source = ExportSource::new(
        interview(),
        "a".into(),
        "b".into(),
        vec![None, Some(known.clone())],
        &bank,
    );
    assert_eq!(source.insights[1].main.as_ref(), Some(&known));
    assert!(
        source.insights[0]
            .main
            .as_ref()
            .is_some_and(|found| !found.fillers.is_empty())
    );
    assert_eq!(source.insights[0].follow_ups.len(), 1);
    assert!(source.insights[2].main.is_none());
}

#[test]
fn a_file_is_named_by_when_the_interview_began() {
    assert_eq!(file_name(&interview(), None), "Interview 1970-01-01 1800");
}
