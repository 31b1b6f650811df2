//! Texts of any length: the time that they take grows with their length and no faster. What is measured is the processor's
//! time of this thread where the system tells it, so that a busy machine changes nothing.

use std::time::Instant;

use aloud::{
    insight::{
        Answer, Insights,
        compare::{Observed, compare},
        job_terms, observe, wording,
    },
    interview::{corrected, posting},
    question::{Field, Question, QuestionKind},
    span::Span,
    transcript::{Transcript, Word},
};

use super::fields;

const MEGABYTE: usize = 1_000_000;
/// What a megabyte may take in a build for tests, in seconds: many times what it does, and a fraction of what it took
/// where the time grew with the square.
const MOST_SECONDS: f64 = 20.0;

/// Seconds that this thread has been at work, or, where the system does not tell, seconds.
fn cpu_seconds(begun: Instant) -> f64 {
    let schedstat = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = schedstat.and_then(|schedstat| schedstat.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| begun.elapsed().as_secs_f64(), |nanoseconds| nanoseconds / 1e9)
}

/// The seconds that some work takes, and what it makes.
pub fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let begun = Instant::now();
    let before = cpu_seconds(begun);
    let made = work();
    (cpu_seconds(begun) - before, made)
}

const LENGTH: usize = 50_000;

/// Asserts that four times the text takes about four times as long. Sixteen times would be the square.
fn check_grows_with_length(kind: &str, text: &str, four_times: &str, mut seconds: impl FnMut(&str) -> f64) {
    // The least of three: what else a processor does only ever adds.
    let mut least = |text: &str| (0..3).map(|_| seconds(text)).fold(f64::MAX, f64::min);
    let (short, long) = (least(text), least(four_times));
    println!("{kind:24} {short:.3} s, four times of it {long:.3} s");
    assert!(
        long < 8.0 * short + 0.1,
        "{kind}: {short:.3} s, four times of it {long:.3} s"
    );
}

/// As many of these as make this length.
fn repeated(text: &str, length: usize) -> String {
    text.repeat(length / text.len() + 1)
}

/// Words that differ, each made from its number.
fn distinct_words(length: usize, word: impl Fn(usize) -> String) -> String {
    let mut text = String::with_capacity(length + 64);
    let mut number = 0;
    while text.len() < length {
        text.push_str(&word(number));
        text.push(' ');
        number += 1;
    }
    text
}

fn texts(field: &Field, length: usize) -> Vec<(&'static str, String)> {
    let names: Vec<&str> = field.terms.iter().map(|term| term.name.as_str()).collect();
    let doubtful: Vec<&str> = field
        .terms
        .iter()
        .flat_map(|term| term.spoken.iter().chain(&term.near))
        .map(String::as_str)
        .collect();
    let samples: Vec<&str> = field
        .questions
        .iter()
        .map(|question| question.sample_answer.as_str())
        .collect();
    let again = |text: &str| repeated(&format!("{text} "), length);
    vec![
        ("vocal fillers", again("um uh like you know um")),
        ("verbal fillers", again("like you know I mean sort of basically right,")),
        ("one word", again("server")),
        ("one letter", again("a")),
        ("emphasis", again("very")),
        ("numbers in words", again("one two")),
        ("phrases said again", again("we had a plan")),
        (
            "no end",
            again("and then we went there because it was what it was if it is is so"),
        ),
        (
            "hedges",
            again("I think maybe it was sort of a little bit slow I guess"),
        ),
        ("job terms", again(&names.join(" ").to_lowercase())),
        ("doubtful job terms", again(&doubtful.join(" "))),
        ("blanks and punctuation", again("  . , ... - ! \n\t ??")),
        ("quotes", repeated("\"“’'", length)),
        ("digits", again("1 22 333 802.11")),
        ("digits in one word", repeated("1234567890", length)),
        ("one word without end", repeated("abcdefghij", length)),
        ("hyphens in one word", repeated("not-i-led-a-team-", length)),
        ("unicode", again("é日本 語🧑\u{200d}🔬 ß Ǆ")),
        ("sample answers", again(&samples.join(" "))),
        ("different words", distinct_words(length, |number| format!("w{number}"))),
        (
            "different words twice",
            distinct_words(length, |number| format!("w{number} w{number}")),
        ),
    ]
}

fn spoken(text: &str) -> Transcript {
    let words = text.split_whitespace().zip(0_u32..);
    Transcript {
        words: words
            .map(|(word, at)| {
                let start = f64::from(at) * 0.5;
                Word::spoken(word, Span::new(start, start + 0.2), 1.0)
            })
            .collect(),
    }
}

/// A behavioral question has its insights looked for in full: the general points, and the shape of the story.
fn behavioral_question(fields: &[Field]) -> (&Field, &Question) {
    fields
        .iter()
        .filter(|field| !field.terms.is_empty())
        .find_map(|field| {
            let behavioral =
                |question: &&Question| question.kind == QuestionKind::Behavioral && !question.talking_points.is_empty();
            field
                .questions
                .iter()
                .find(behavioral)
                .map(|question| (field, question))
        })
        .expect("the bank has behavioral questions")
}

fn answer<'a>(transcript: &'a Transcript, field: &'a Field, question: &'a Question) -> Answer<'a> {
    Answer {
        transcript,
        seconds: None,
        question: Some(question),
        field: Some(field),
    }
}

#[test]
fn insights_take_time_in_proportion_to_the_text() {
    let fields = fields();
    let (field, question) = behavioral_question(&fields);
    for ((kind, text), (_, four_times)) in texts(field, LENGTH).iter().zip(&texts(field, 4 * LENGTH)) {
        check_grows_with_length(kind, text, four_times, |text| {
            let transcript = spoken(text);
            timed(|| observe(answer(&transcript, field, question))).0
        });
    }
}

#[test]
fn a_megabyte_of_fillers_is_looked_at_and_told_at_once() {
    let fields = fields();
    let (field, question) = behavioral_question(&fields);
    let transcript = Transcript::typed(&repeated("um uh like you know um ", MEGABYTE));
    let (seconds, insights) = timed(|| observe(answer(&transcript, field, question)));
    println!("a megabyte of fillers: {seconds:.2} s");
    assert!(seconds < MOST_SECONDS, "{seconds:.2} s");
    assert!(insights.fillers.len() > 150_000);
    let observed = |insights| Observed {
        answer: answer(&transcript, field, question),
        insights,
    };
    let none = Insights::default();
    let (seconds, (changes, by_filler)) = timed(|| {
        let changes = compare(observed(&none), observed(&insights));
        (changes, wording::by_filler(&insights.fillers))
    });
    assert!(seconds < MOST_SECONDS, "{seconds:.2} s");
    assert!(changes.iter().any(|change| change.contains("“um”")), "{changes:?}");
    assert_eq!(by_filler.len(), 3, "{by_filler:?}");
}

#[test]
fn times_that_a_file_claims_fill_no_memory() {
    let mut transcript = spoken("we had a plan and it worked");
    for end in [1e9, 1e15, 1e300] {
        let last = transcript.words.len() - 1;
        transcript.words[last].span = Some(Span::new(5.0, end));
        let insights = observe(Answer {
            transcript: &transcript,
            seconds: None,
            question: None,
            field: None,
        });
        assert!(insights.pace.expect("these are words enough").windows.len() < 10_000);
    }
}

#[test]
fn postings_take_time_in_proportion_to_their_length() {
    let fields = fields();
    let (field, _) = behavioral_question(&fields);
    for ((kind, text), (_, four_times)) in texts(field, LENGTH).iter().zip(&texts(field, 4 * LENGTH)) {
        check_grows_with_length(kind, text, four_times, |text| timed(|| posting::read(text, &fields)).0);
    }
}

/// As they were found before the text was taken apart once for all fields.
#[test]
fn postings_are_read_as_they_always_were() {
    let fields = fields();
    let source =
        std::fs::read_to_string(super::folder("tests/it/insight/postings.txt")).expect("it is part of the project");
    let blocks = source.split("\n\n").filter(|block| block.contains("\n> "));
    let mut read = 0;
    for (text, expected) in blocks.filter_map(|block| block.split_once("\n> ")) {
        let found = posting::read(text, &fields).map_or_else(
            || "none".to_owned(),
            |found| {
                let terms = found.terms.iter().map(|(term, count)| format!(" | {term} {count}"));
                found.field + &terms.collect::<String>()
            },
        );
        assert_eq!(found, expected.trim_end(), "{text}");
        read += 1;
    }
    assert_eq!(read, 9);
}

/// A posting is read without the other insights, and finds what they would.
#[test]
fn a_posting_uses_the_terms_that_an_answer_with_its_words_would() {
    let fields = fields();
    let samples = fields.iter().flat_map(|field| &field.questions).step_by(9);
    for text in samples.map(|question| question.sample_answer.as_str()) {
        let transcript = Transcript::typed(text);
        let each = fields.iter().map(|field| {
            let mut terms: Vec<(String, usize)> = job_terms(Answer {
                transcript: &transcript,
                seconds: None,
                question: None,
                field: Some(field),
            })
            .used
            .into_iter()
            .map(|used| (used.term, used.words.len()))
            .collect();
            terms.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
            (field.id.clone(), terms)
        });
        let best = each.reduce(|best, next| if next.1.len() > best.1.len() { next } else { best });
        let found = posting::read(text, &fields).map(|found| (found.field, found.terms));
        assert_eq!(found, best.filter(|(_, terms)| !terms.is_empty()), "{text}");
    }
}

#[test]
fn a_megabyte_that_was_written_anew_is_aligned() {
    let words = |word: &str| repeated(&format!("{word} "), MEGABYTE);
    let (fillers, phrases) = (words("um uh like you know um"), words("we had a plan"));
    let mixed = distinct_words(MEGABYTE, |number| {
        ["um", "uh", "like", "you", "know"][number * number % 7 % 5].to_owned()
    });
    for (kind, old, new) in [
        ("nothing alike", &fillers, &phrases),
        ("the same words in another order", &fillers, &mixed),
    ] {
        let old = spoken(old);
        let (seconds, aligned) = timed(|| corrected(&old, new));
        println!("a corrected megabyte, {kind}: {seconds:.2} s");
        assert!(seconds < MOST_SECONDS, "{kind}: {seconds:.2} s");
        assert_eq!(aligned.words.len(), new.split_whitespace().count());
        let starts: Vec<f64> = aligned.words.iter().filter_map(|word| Some(word.span?.start)).collect();
        assert_eq!(starts.len(), aligned.words.len());
    }
}
