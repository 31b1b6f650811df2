//! Texts of any kind and any bytes.

use std::time::{Duration, Instant};

use aloud::{
    bank,
    insight::{self, Answer},
    question::{Question, QuestionKind},
    text,
    transcript::Transcript,
};
use proptest::prelude::*;

use super::config;

/// A megabyte of whatever a file may hold is read, and every insight looks at it, apart from the classifier of general
/// points, which a technical question leaves out.
#[test]
fn hostile_texts_are_looked_at_soon() {
    // A tenth of it in a build for tests, which is slower.
    const MEGABYTE: usize = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };
    // On a machine that is busy with other things; alone the slowest takes 0.9 s.
    const MOST: Duration = Duration::from_secs(if cfg!(debug_assertions) { 15 } else { 3 });
    let bank = bank::built_in();
    let field = &bank.fields[0];
    let technical = |question: &&Question| question.kind == QuestionKind::Technical;
    let question = field.questions.iter().find(technical);
    let noise: Vec<u8> = (0..MEGABYTE as u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 11) as u8)
        .collect();
    let pieces = [
        "server ",
        "word",
        ".",
        "...",
        "-",
        "—",
        "\u{301}",
        "\u{200b}",
        "\u{ad}\n",
        "\0",
        "I-",
        "um ",
        "ummm",
        "A",
        "UM ",
        "é ",
        "日本",
        "\n",
        "a.\n",
        "'",
        "“",
        "\" ",
        "/",
        "1. ",
        "e.g. ",
        "like, ",
        "kind of ",
        "we we ",
        "what is is ",
        "w-we ",
        "I think ",
        "mon- ",
        "-\n",
        "🧑\u{200d}🔬",
        "\u{fe0f}",
        "ﬁ",
        "Ａ",
        "(",
        "a(b",
        "a,b",
        "left ",
        "5 mm ",
        "the er ",
        "New York, ",
        "\u{1d42e}",
        "`a",
        "no, ",
        "m",
        "h-m-",
    ];
    let texts = pieces.iter().map(|piece| piece.repeat(MEGABYTE / piece.len()));
    for text in texts.chain([String::from_utf8_lossy(&noise).into_owned()]) {
        let begin = Instant::now();
        let read = text::decode(text.as_bytes()).unwrap_or_default();
        let transcript = Transcript::typed(&read);
        insight::observe(Answer {
            transcript: &transcript,
            seconds: None,
            question,
            field: Some(field),
        });
        let took = begin.elapsed();
        let begins: String = text.chars().take(8).collect();
        assert!(took < MOST, "{begins:?}: {took:?}");
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn hostile_bytes_are_text_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400), mark in prop::sample::select(vec![
        b"".as_slice(), b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"PK\x03\x04", b"{\\rtf",
    ])) {
        let bytes = [mark, &bytes].concat();
        if let Ok(read) = text::decode(&bytes) {
            prop_assert!(!read.contains('\0') && !read.starts_with('\u{feff}'), "{read:?}");
            let transcript = Transcript::typed(&read);
            let sentences = transcript.sentences();
            prop_assert_eq!(sentences.iter().map(std::ops::Range::len).sum::<usize>(), transcript.words.len());
            prop_assert!(transcript.words.iter().all(|word| !word.text.is_empty() && !word.text.contains(char::is_whitespace)));
        }
    }
}
