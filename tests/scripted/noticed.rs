//! Insights found by plain search, for pictures and tests of the screens alone: they need some, not the best ones.

#![allow(
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "it stands in for the real thing"
)]

use aloud::{
    insight::{
        CoveredPoint, Filler, FillerClass, Hedge, Insights, JobTerms, MostUsed, Pace, PaceWindow, Pause,
        PointToConsider, Repeat, Structure, StructureName, StructurePart, TalkingPoints, TermUse,
    },
    span::Span,
    transcript::{Transcript, Witness},
};

pub fn noticed(transcript: &Transcript) -> Insights {
    let bare: Vec<String> = transcript.words.iter().map(|word| word.bare()).collect();
    let span = |range: std::ops::Range<usize>| transcript.span_of(range);
    let find = |phrase: &str| -> Vec<std::ops::Range<usize>> {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        let ends = bare.len().saturating_sub(phrase.len() - 1);
        (0..ends)
            .filter(|at| (0..phrase.len()).all(|n| bare[at + n] == phrase[n]))
            .map(|at| at..at + phrase.len())
            .collect()
    };
    let mut fillers: Vec<Filler> = [
        ("um", FillerClass::Vocal),
        ("uh", FillerClass::Vocal),
        ("basically", FillerClass::Verbal),
        ("you know", FillerClass::Verbal),
    ]
    .into_iter()
    .flat_map(|(text, class)| find(text).into_iter().map(move |words| (text, class, words)))
    .map(|(text, class, words)| Filler {
        text: text.into(),
        span: span(words.clone()),
        words,
        class,
        witness: Witness::Transcript,
    })
    .collect();
    fillers.sort_by_key(|filler| filler.words.start);
    let repeats = ["i i", "we we"]
        .into_iter()
        .flat_map(|text| find(text).into_iter().map(move |words| (text, words)))
        .map(|(text, words)| Repeat {
            text: text.split(' ').next().unwrap().into(),
            count: 2,
            span: span(words.clone()),
            words,
        })
        .collect();
    let hedges = find("i think")
        .into_iter()
        .map(|words| Hedge {
            text: "I think".into(),
            span: span(words.clone()),
            words,
        })
        .collect();
    let used = [
        ("SIEM", "siem"),
        ("phishing", "phishing"),
        ("MFA", "mfa"),
        ("playbook", "playbook"),
        ("lateral movement", "lateral movement"),
    ]
    .into_iter()
    .map(|(term, text)| (term, find(text)))
    .filter(|(_, words)| !words.is_empty())
    .map(|(term, words)| TermUse {
        term: term.into(),
        spans: words.iter().filter_map(|words| span(words.clone())).collect(),
        words,
    })
    .collect();
    let pauses = transcript
        .words
        .windows(2)
        .enumerate()
        .filter_map(|(after_word, pair)| {
            let span = Span::new(pair[0].span?.end, pair[1].span?.start);
            (span.seconds() >= 0.25).then_some(Pause {
                span,
                after_word,
                inside_clause: false,
            })
        })
        .collect();
    let sentences = transcript.sentences();
    let covered = [
        ("experience", "An experience", 0),
        ("challenge", "A challenge", 2),
        ("result", "A result", 7),
        ("lessons", "What you learned", 8),
    ]
    .into_iter()
    .filter_map(|(id, label, at)| {
        let words = sentences.get(at)?.clone();
        Some(CoveredPoint {
            id: id.into(),
            label: label.into(),
            evidence: transcript.text_of(words.clone()),
            span: span(words.clone()),
            words,
        })
    })
    .collect();
    let to_consider = [(
        "teamwork",
        "Working with others",
        "Say who else was there and what they did.",
    )]
    .map(|(id, label, hint)| PointToConsider {
        id: id.into(),
        label: label.into(),
        hint: hint.into(),
    })
    .into();
    let whole = span(0..transcript.words.len());
    let windows: Vec<PaceWindow> = (0..whole.map_or(0, |whole| (whole.end / 5.0) as usize))
        .map(|index| {
            let window = Span::new(index as f64 * 5.0, index as f64 * 5.0 + 10.0);
            let inside = transcript
                .words
                .iter()
                .filter(|word| word.span.is_some_and(|span| window.overlap(span) > 0.0))
                .count();
            PaceWindow {
                span: window,
                words_per_minute: inside as f64 * 6.0,
            }
        })
        .collect();
    Insights {
        fillers,
        repeats,
        hedges,
        pace: whole.map(|whole| Pace {
            words_per_minute: transcript.words.len() as f64 * 60.0 / whole.end,
            windows,
        }),
        pauses,
        most_used: vec![
            MostUsed {
                word: "account".into(),
                count: 4,
                forms: vec!["accounts".into()],
                synonyms: vec!["login".into(), "user".into()],
                words: vec![],
            },
            MostUsed {
                word: "playbook".into(),
                count: 3,
                forms: vec!["playbook".into()],
                synonyms: vec!["runbook".into(), "procedure".into(), "guide".into()],
                words: vec![],
            },
        ],
        job_terms: JobTerms {
            used,
            others: vec!["incident response".into(), "alert triage".into()],
        },
        talking_points: TalkingPoints { covered, to_consider },
        structure: Some(Structure {
            parts: [
                (StructureName::Situation, 0.3),
                (StructureName::Action, 0.45),
                (StructureName::Result, 0.25),
            ]
            .map(|(name, share)| StructurePart {
                name,
                words: 0..1,
                span: None,
                share,
            })
            .into(),
        }),
    }
}
