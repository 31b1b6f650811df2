//! The encoder against the numbers of the one that was trained, and its limits.

use super::*;
use crate::insight::general_points::HONESTY;

fn encoded(before: Option<&str>, text: &str) -> Encoding {
    encode(&[TextInContext { before, text }], usize::MAX).remove(0)
}

/// A line of `tests/it/insight/encoder_reference.jsonl`.
type Reference = (Option<String>, String, Vec<u16>, Vec<f32>, Vec<f32>);

#[test]
fn texts_are_read_as_in_training() {
    let reference = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/it/insight/encoder_reference.jsonl"
    ));
    let mut compared = 0;
    for line in reference.lines().filter(|line| !line.starts_with('#')) {
        let (before, text, ids, meaning, log_odds): Reference = serde_json::from_str(line).unwrap();
        assert_eq!(WEIGHTS.word_pieces.ids(&text), ids, "{text}");
        // That of a text of several windows is not in the file.
        if meaning.is_empty() {
            continue;
        }
        let encoding = encoded(before.as_deref(), &text);
        let near = |ours: &[f32], theirs: &[f32], most: f32| {
            ours.iter().zip(theirs).all(|(one, other)| (one - other).abs() < most)
        };
        assert!(near(&encoding.meaning, &meaning, 0.002), "{text}");
        let ours: Vec<f32> = encoding.log_odds.into_iter().chain([encoding.interview]).collect();
        assert!(near(&ours, &log_odds, 0.03), "{text}");
        compared += 1;
    }
    assert!(compared >= 10);
}

#[test]
fn a_text_means_what_it_means_wherever_it_stands() {
    let texts = [
        "We had a plan.",
        "Nobody complained.",
        "I wrote it in Python, and it ran every night.",
    ];
    let together = encode(&texts.map(TextInContext::alone), usize::MAX);
    for (text, encoding) in texts.iter().zip(&together) {
        let window = windows(Vec::new(), WEIGHTS.word_pieces.ids(text)).remove(0);
        let alone = WEIGHTS.forward(&[&window]).remove(0);
        assert!(alone.similarity(encoding) > 0.9999, "{text}");
        let length = encoding.similarity(encoding);
        assert!((length - 1.0).abs() < 1e-4, "{length}");
    }
    assert!(together[0].similarity(&together[1]) < 0.95);
}

#[test]
fn what_was_said_before_changes_what_a_text_says_and_not_what_counts() {
    let (story, recipe) = (
        Some("My team had to move the mail server."),
        Some("Put the dough in a cold oven."),
    );
    let text = "It took two nights.";
    let encodings = [None, story, recipe].map(|before| encoded(before, text));
    assert!(encodings[1] != encodings[0] && encodings[1] != encodings[2]);
    assert!(encodings[1].interview > encodings[2].interview);
    let long = format!(
        "{} {}",
        "the bus came late again and ".repeat(20),
        story.unwrap_or_default()
    );
    let cut = WEIGHTS.word_pieces.ids(&long);
    let last = windows(cut.clone(), vec![1]).remove(0);
    assert_eq!(last.before, cut[cut.len() - CONTEXT..]);
}

#[test]
fn every_window_of_a_long_text_counts() {
    let first = "the bus came late again and ".repeat(20);
    let short = encoded(None, &first);
    let long = encoded(
        None,
        &format!("{first} I have no idea how that works so I would ask someone"),
    );
    assert!(long.log_odds[HONESTY] > short.log_odds[HONESTY] + 1.0);
}

#[test]
fn texts_past_the_limit_are_left_out() {
    let texts = ["one two three", "four five", "six"];
    for (most, read) in [(0, 0), (3, 1), (4, 1), (5, 2), (6, 3), (100, 3)] {
        assert_eq!(encode(&texts.map(TextInContext::alone), most).len(), read, "{most}");
    }
    assert!(encoded(None, "").log_odds.iter().all(|log_odds| log_odds.is_finite()));
}

#[test]
fn many_texts_keep_their_order() {
    let texts: Vec<String> = (0..60)
        .map(|number| format!("We had {number} hosts, and each was patched on a Sunday."))
        .collect();
    let in_context: Vec<TextInContext<'_>> = texts.iter().map(|text| TextInContext::alone(text)).collect();
    let together = encode(&in_context, usize::MAX);
    assert_eq!(together.len(), texts.len());
    for (text, encoding) in texts.iter().zip(&together).step_by(7) {
        let window = windows(Vec::new(), WEIGHTS.word_pieces.ids(text)).remove(0);
        assert!(
            WEIGHTS.forward(&[&window]).remove(0).similarity(encoding) > 0.9999,
            "{text}"
        );
    }
}
