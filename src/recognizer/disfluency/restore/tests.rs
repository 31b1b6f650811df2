use super::*;

const LOUD: Frame = Frame {
    loudness: -20.0,
    voice: 0.9,
};

const NOTHING_NEAR: DisfluencyCandidates = DisfluencyCandidates {
    filler: "uh",
    filler_log_odds: -12.0,
    filler_before_log_odds: -12.0,
    again_log_odds: [-12.0; 2],
    again_instead_log_odds: f32::NEG_INFINITY,
    first_instead_log_odds: f32::NEG_INFINITY,
};

/// Words with their start, their end and the odds of a filler before; over one long voice.
fn put_back_in(lines: &[(&str, f64, f64, f32)]) -> String {
    let words = lines
        .iter()
        .map(|(text, start, end, filler_log_odds)| DecodedWord {
            text: (*text).to_owned(),
            confidence: 0.9,
            span: Some(Span::new(*start, *end)),
            candidates: Some(DisfluencyCandidates {
                filler_log_odds: *filler_log_odds,
                filler_before_log_odds: *filler_log_odds,
                ..NOTHING_NEAR
            }),
            ..DecodedWord::default()
        })
        .collect();
    written(&restore(words, &[LOUD; 400]))
}

/// The text, with what was put back in angle brackets; the spans must follow each other.
fn written(spoken: &[DecodedWord]) -> String {
    assert!(
        spoken
            .windows(2)
            .all(|pair| pair[0].span.unwrap().end <= pair[1].span.unwrap().start + 1e-9),
        "{spoken:?}"
    );
    let texts: Vec<String> = spoken
        .iter()
        .map(|word| match word.origin {
            WordOrigin::Restored => format!("<{}>", word.text),
            WordOrigin::Decoded => word.text.clone(),
        })
        .collect();
    texts.join(" ")
}

#[test]
fn a_filler_comes_back_where_the_scores_are_sure_or_the_sound_has_room() {
    const NO: f32 = -12.0;
    for (message, lines, spoken) in [
        (
            "sure",
            [("Well,", 0.0, 0.3, NO), ("I", 0.36, 0.5, -0.7)],
            "Well, <uh,> I",
        ),
        ("room", [("So", 0.0, 0.2, NO), ("I", 0.2, 0.9, -4.2)], "So <uh,> I"),
        ("no room", [("So", 0.0, 0.2, NO), ("I", 0.2, 0.3, -4.2)], "So I"),
        ("room alone", [("So", 0.0, 0.2, NO), ("I", 0.2, 0.9, -6.0)], "So I"),
        (
            "at first",
            [("The", 0.5, 0.8, -0.4), ("log", 0.8, 1.2, NO)],
            "<Uh,> The log",
        ),
    ] {
        assert_eq!(put_back_in(&lines), spoken, "{message}");
    }
}

#[test]
fn a_filler_needs_more_proof_before_a_guess_and_inside_a_repeat() {
    const NO: f32 = -12.0;
    let said = |before: &str, text: &str, confidence: f32, log_odds: [f32; 2]| {
        let words = [(before, 0.0, [-12.0; 2]), (text, 0.5, log_odds)].map(|(text, start, log_odds)| DecodedWord {
            text: text.to_owned(),
            confidence: if start > 0.0 { confidence } else { 0.9 },
            span: Some(Span::new(start, start + 0.4)),
            candidates: Some(DisfluencyCandidates {
                filler_before_log_odds: log_odds[0],
                again_log_odds: [log_odds[1], -12.0],
                ..NOTHING_NEAR
            }),
            ..DecodedWord::default()
        });
        written(&restore(words.to_vec(), &[LOUD; 100]))
    };
    assert_eq!(said("so", "any", 0.9, [-2.0, NO]), "so <uh,> any");
    assert_eq!(said("so", "any", 0.2, [-2.0, NO]), "so any", "a guess");
    assert_eq!(said("so", "any", 0.2, [-0.5, NO]), "so <uh,> any");
    assert_eq!(said("my,", "my", 0.9, [-2.0, NO]), "my, my", "a repeat");
    assert_eq!(
        said("the", "key", 0.9, [-2.0, -1.0]),
        "the <the> key",
        "what is likelier"
    );
    assert_eq!(
        said("the", "key", 0.9, [-1.0, -2.0]),
        "the <uh,> key",
        "what is likelier"
    );
}

#[test]
fn beside_a_filler_none_is_put_back() {
    let lines = [
        ("the,", 0.0, 0.5, -12.0),
        ("uh,", 0.5, 0.9, 3.0),
        ("code", 0.9, 1.2, -0.3),
    ];
    assert_eq!(put_back_in(&lines), "the, uh, code");
}

#[test]
fn a_filler_written_twice_is_two_only_where_the_voice_begins_twice() {
    let said = |second: Span, frames: &[Frame]| {
        let words = [
            ("all.", Span::new(0.0, 0.4)),
            ("um,", Span::new(0.4, 0.9)),
            ("um.", second),
        ];
        let words = words.map(|(text, span)| DecodedWord {
            text: text.to_owned(),
            span: Some(span),
            candidates: Some(DisfluencyCandidates {
                filler: "um",
                filler_log_odds: 2.0,
                ..NOTHING_NEAR
            }),
            ..DecodedWord::default()
        });
        written(&restore(words.to_vec(), frames))
    };
    let mut anew = [LOUD; 100];
    for frame in &mut anew[50..54] {
        frame.loudness = -32.0;
    }
    let to_the_end = Span::new(0.9, 1.3);
    assert_eq!(said(to_the_end, &anew), "all. um, um.");
    assert_eq!(said(to_the_end, &[LOUD; 100]), "all. um,", "a long one");
    assert_eq!(said(Span::new(0.9, 1.0), &anew), "all. um,", "too short for one");
}

#[test]
fn clear_small_words_that_were_said_twice_are_written_twice() {
    const NO: f32 = -12.0;
    for (message, lines, spoken) in [
        ("I I", vec![("I", 0.9, NO, NO), ("use", 0.9, -2.0, NO)], "I <I> use"),
        (
            "The the",
            vec![("The", 0.9, NO, NO), ("key", 0.9, -4.4, NO)],
            "The <the> key",
        ),
        (
            "unlikely",
            vec![("the", 0.9, NO, NO), ("key", 0.9, -5.4, NO)],
            "the key",
        ),
        (
            "hardly heard",
            vec![("the", 0.5, NO, NO), ("key", 0.9, -4.4, NO)],
            "the key",
        ),
        (
            "a name",
            vec![("Splunk", 0.9, NO, NO), ("finds", 0.9, -2.0, NO)],
            "Splunk finds",
        ),
        (
            "twice already",
            vec![("we,", 0.9, NO, NO), ("we", 0.9, 0.0, NO)],
            "we, we",
        ),
        (
            "that that",
            vec![("that", 0.9, NO, NO), ("that", 0.9, 0.0, NO), ("key", 0.9, NO, NO)],
            "that that key",
        ),
        (
            "we ran we ran",
            vec![("We", 0.9, NO, NO), ("ran", 0.9, NO, NO), ("tests", 0.9, NO, -1.5)],
            "We ran <we> <ran> tests",
        ),
        (
            "to the to the",
            vec![("to", 0.9, NO, NO), ("the", 0.9, NO, NO), ("cloud", 0.9, -4.5, -2.0)],
            "to the <to> <the> cloud",
        ),
        (
            "to the the",
            vec![("to", 0.9, NO, NO), ("the", 0.9, NO, NO), ("cloud", 0.9, -2.0, -4.5)],
            "to the <the> cloud",
        ),
        (
            "two sentences",
            vec![("in.", 0.9, NO, NO), ("The", 0.9, NO, NO), ("key", 0.9, NO, -2.0)],
            "in. The key",
        ),
    ] {
        let words = (0..)
            .zip(lines)
            .map(|(index, (text, confidence, once, both))| DecodedWord {
                text: text.to_owned(),
                confidence,
                span: Some(Span::new(f64::from(index), f64::from(index) + 0.4)),
                candidates: Some(DisfluencyCandidates {
                    again_log_odds: [once, both],
                    ..NOTHING_NEAR
                }),
                ..DecodedWord::default()
            });
        assert_eq!(written(&restore(words.collect(), &[LOUD; 400])), spoken, "{message}");
    }
}

#[test]
fn a_word_said_again_and_taken_for_another_is_written_again() {
    let said = |before: &str, again_log_odds: f32, again_instead_log_odds: f32| {
        let words = [before, "then,", "keep"];
        let words = (0..).zip(words).map(|(index, text)| DecodedWord {
            text: text.to_owned(),
            confidence: 0.8,
            span: Some(Span::new(f64::from(index), f64::from(index) + 0.4)),
            candidates: Some(DisfluencyCandidates {
                again_log_odds: [if text == "then," { again_log_odds } else { -12.0 }, -12.0],
                again_instead_log_odds: if text == "then," { again_instead_log_odds } else { -12.0 },
                ..NOTHING_NEAR
            }),
            ..DecodedWord::default()
        });
        written(&restore(words.collect(), &[LOUD; 200]))
    };
    assert_eq!(said("And", -9.0, -3.0), "And <and,> keep");
    assert_eq!(said("And", -9.0, -4.9), "And then, keep", "unlikely");
    assert_eq!(said("And", -2.0, -3.0), "And <and> then, keep", "what is likelier");
    assert_eq!(said("run", -9.0, -3.0), "run then, keep", "nobody stumbles over that");
}

#[test]
fn the_first_of_two_that_was_taken_for_another_word_is_put_right() {
    let said = |first: &str, log_odds: f32| {
        let words = [first, "the", "plan"];
        let words = (0..).zip(words).map(|(index, text)| DecodedWord {
            text: text.to_owned(),
            confidence: 0.8,
            span: Some(Span::new(f64::from(index), f64::from(index) + 0.4)),
            candidates: Some(DisfluencyCandidates {
                first_instead_log_odds: if text == first { log_odds } else { f32::NEG_INFINITY },
                ..NOTHING_NEAR
            }),
            ..DecodedWord::default()
        });
        written(&restore(words.collect(), &[LOUD; 200]))
    };
    assert_eq!(said("with", -5.0), "<the> the plan");
    assert_eq!(said("with", -8.0), "with the plan", "unlikely");
}

#[test]
fn the_first_of_two_is_looked_for_only_where_it_may_be() {
    let may = |first: &str, second: &str, confidence: f32| {
        let words = [(first, 0.9), (second, confidence)].map(|(text, confidence)| DecodedWord {
            text: text.to_owned(),
            confidence,
            ..DecodedWord::default()
        });
        may_be_the_first_of_two(&words, 0)
    };
    assert!(may("that", "the", 0.9));
    assert!(!may("that,", "the", 0.9), "they are apart");
    assert!(!may("that", "a", 0.9) && !may("under", "the", 0.9));
    assert!(!may("that", "the", 0.3), "hardly heard");
}

#[test]
fn another_reading_stands_for_all_the_words_that_it_replaces() {
    let word = |text: &str, start: f64, alternative: Option<Alternative>| DecodedWord {
        text: text.to_owned(),
        confidence: 0.4,
        span: Some(Span::new(start, start + 0.4)),
        candidates: Some(DisfluencyCandidates {
            filler_log_odds: -1.0,
            filler_before_log_odds: if alternative.is_some() { -2.0 } else { -12.0 },
            ..NOTHING_NEAR
        }),
        alternative,
        ..DecodedWord::default()
    };
    let said = |log_odds: f32| {
        let alternative = Alternative {
            log_odds,
            replaced: 2,
            words: vec![word("the", 0.0, None)],
        };
        let words = [("So", None), ("other", Some(alternative)), ("key", None), ("log", None)];
        let words = (0..)
            .zip(words)
            .map(|(index, (text, alternative))| word(text, f64::from(index) * 0.4, alternative));
        written(&restore(words.collect(), &[LOUD; 200]))
    };
    assert_eq!(said(-3.0), "So <uh,> <the> log");
    assert_eq!(
        said(-6.0),
        "So <uh,> other key log",
        "not right, and the filler before it is weighed by itself"
    );
}
