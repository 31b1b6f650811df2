//! What the window shows of an answer, as text: its insights in sections, its words in paragraphs. Every export is made of
//! this, so that all of them say the same.

use crate::{
    export::{ExportSource, TurnInsights},
    insight::{Insights, Pause, pauses::long_seconds, wording},
    interview::{Attempt, Turn},
    take::NOTHING_HEARD,
    text::shown,
    transcript::Transcript,
};

/// One question and what came of it.
#[derive(Debug)]
pub struct AnswerSummary<'a> {
    /// Counted from 1.
    pub number: usize,
    pub question: &'a str,
    /// What stands in place of an answer.
    pub without: Option<&'static str>,
    /// Its length, words and counts, in a line.
    pub figures: String,
    pub sections: Vec<Section>,
    /// The first words of the transcript.
    pub excerpt: String,
    pub paragraphs: Vec<String>,
    /// What was asked after it, and the paragraphs of what was answered.
    pub follow_ups: Vec<(&'a str, Vec<String>)>,
    pub notes: &'a str,
}

/// Insights of one kind, under the name that the window gives them.
#[derive(Debug)]
pub struct Section {
    pub name: &'static str,
    pub lines: Vec<SectionLine>,
}

/// A thing that was noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionLine {
    pub kind: LineKind,
    /// What it is about: a point, a word. Empty for a sentence.
    pub label: String,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// A point that was made.
    Made,
    /// One that is worth considering.
    Open,
    Sentence,
}

impl SectionLine {
    fn sentence(text: impl Into<String>) -> Self {
        Self {
            kind: LineKind::Sentence,
            label: String::new(),
            text: text.into(),
        }
    }

    fn labeled(kind: LineKind, label: &str, text: impl Into<String>) -> Self {
        Self {
            kind,
            label: label.to_owned(),
            text: text.into(),
        }
    }

    /// "An experience: “I was on the night desk.”"
    pub fn in_line(&self) -> String {
        match (self.label.as_str(), self.text.as_str()) {
            ("", text) => text.to_owned(),
            (label, "") => label.to_owned(),
            (label, text) => format!("{label}: {text}"),
        }
    }
}

/// One for each question.
pub fn summaries(source: &ExportSource) -> Vec<AnswerSummary<'_>> {
    let none = TurnInsights::default();
    let turns = source.interview.turns.iter().enumerate();
    let summaries = turns.map(|(index, turn)| summary(index + 1, turn, source.insights.get(index).unwrap_or(&none)));
    summaries.collect()
}

fn summary<'a>(number: usize, turn: &'a Turn, insights: &TurnInsights) -> AnswerSummary<'a> {
    let attempt = turn.main_attempt();
    let transcript = attempt.and_then(|attempt| attempt.transcript.as_ref());
    let without = match (attempt, transcript) {
        (None, _) if turn.skipped => Some("Skipped."),
        (None, _) => Some("Not answered."),
        (Some(_), None) => Some("Not transcribed yet."),
        (Some(_), Some(words)) if words.words.is_empty() => Some(NOTHING_HEARD),
        (Some(_), Some(_)) => None,
    };
    let answer = attempt.zip(transcript).filter(|_| without.is_none());
    let follow_ups = turn.followed_by(turn.main_index()).filter_map(|index| {
        let attempt = &turn.attempts[index];
        let ask = attempt.asked_after.as_ref()?.question.ask.as_str();
        Some((ask, paragraphs(attempt.transcript.as_ref()?)))
    });
    AnswerSummary {
        number,
        question: turn.asked(),
        without,
        figures: attempt.map_or_else(String::new, |attempt| figures(attempt, insights.main.as_ref())),
        sections: answer
            .zip(insights.main.as_ref())
            .map(|((attempt, _), found)| sections(turn, attempt, found, &insights.follow_ups))
            .unwrap_or_default(),
        excerpt: answer.map_or_else(String::new, |(_, words)| shown::excerpt(&words.text())),
        paragraphs: answer.map(|(_, words)| paragraphs(words)).unwrap_or_default(),
        follow_ups: follow_ups.collect(),
        notes: turn.notes.trim(),
    }
}

/// "2 min 5 s  ·  312 words  ·  150 words per minute  ·  4 fillers"
fn figures(attempt: &Attempt, insights: Option<&Insights>) -> String {
    let mut parts = Vec::new();
    match &attempt.take {
        Some(take) => parts.push(shown::length(take.seconds)),
        None => parts.push("Typed".to_owned()),
    }
    if let Some(transcript) = &attempt.transcript {
        parts.push(shown::count(transcript.words.len(), "word", "words"));
    }
    if let Some(found) = insights {
        if let Some(pace) = &found.pace {
            parts.push(format!("{:.0} words per minute", pace.words_per_minute));
        }
        parts.push(shown::count(found.fillers.len(), "filler", "fillers"));
        parts.push(shown::count(found.repeats.len(), "repeat", "repeats"));
        if attempt.take.is_some() {
            let long = |pause: &&Pause| pause.span.seconds() >= long_seconds();
            let long = found.pauses.iter().filter(long).count();
            parts.push(shown::count(long, "long pause", "long pauses"));
        }
    }
    if attempt.corrected {
        parts.push("corrected by hand".to_owned());
    }
    parts.join("  ·  ")
}

fn sections(turn: &Turn, attempt: &Attempt, found: &Insights, later: &[Insights]) -> Vec<Section> {
    let mut sections = vec![
        points(found, later),
        considered(turn, found, later),
        terms(found),
        most_used(found),
        fillers(attempt, found),
        pace(attempt, found),
        Section {
            name: "Hedges",
            lines: vec![SectionLine::sentence(wording::hedges(found))],
        },
    ];
    sections.retain(|section| !section.lines.is_empty());
    sections
}

fn points(found: &Insights, later: &[Insights]) -> Section {
    let quoted = |evidence: &str| format!("“{}”", wording::shortened(evidence));
    let covered = &found.talking_points.covered;
    let mut lines: Vec<SectionLine> = covered
        .iter()
        .map(|point| SectionLine::labeled(LineKind::Made, &point.label, quoted(&point.evidence)))
        .collect();
    for point in later.iter().flat_map(|insights| &insights.talking_points.covered) {
        if covered.iter().all(|made| made.id != point.id) {
            let text = format!("In the follow-up: {}", quoted(&point.evidence));
            lines.push(SectionLine::labeled(LineKind::Made, &point.label, text));
        }
    }
    if found.off_topic {
        lines.push(SectionLine::sentence(wording::OFF_TOPIC));
    } else if covered.is_empty() {
        lines.push(SectionLine::sentence(wording::NO_POINTS));
    }
    if let Some(structure) = &found.structure {
        lines.push(SectionLine::sentence(wording::structure(structure)));
    }
    if let Some(words) = found.talking_points.words_read {
        lines.push(SectionLine::sentence(wording::words_read(words)));
    }
    Section {
        name: "Talking points",
        lines,
    }
}

fn considered(turn: &Turn, found: &Insights, later: &[Insights]) -> Section {
    const MOST: usize = 3;
    let made_later = |id: &str| {
        let mut made = later.iter().flat_map(|insights| &insights.talking_points.covered);
        made.any(|point| point.id == id)
    };
    let open = found.talking_points.to_consider.iter();
    let mut lines: Vec<SectionLine> = open
        .filter(|point| !made_later(&point.id))
        .take(MOST)
        .map(|point| SectionLine::labeled(LineKind::Open, &point.label, &point.hint))
        .collect();
    let said_later = |number: usize| {
        let points = turn.question.talking_points.iter();
        points
            .filter(|point| point.part == Some(number))
            .any(|point| made_later(&point.id))
    };
    let parts = (1..).zip(&found.parts);
    let parts = parts.filter(|(number, part)| part.answered == Some(false) && !said_later(*number));
    let parts: Vec<&str> = parts.map(|(_, part)| part.text.as_str()).collect();
    if !parts.is_empty() && !found.off_topic {
        lines.push(SectionLine::sentence(wording::open_parts(&parts)));
    }
    Section {
        name: "Worth considering",
        lines,
    }
}

fn terms(found: &Insights) -> Section {
    const MOST_OTHERS: usize = 4;
    let used: Vec<String> = found
        .job_terms
        .used
        .iter()
        .map(|used| match used.words.len() {
            0 | 1 => used.term.clone(),
            count => format!("{} ×{count}", used.term),
        })
        .collect();
    let mut lines = vec![SectionLine::sentence(if used.is_empty() {
        wording::NO_TERMS.to_owned()
    } else {
        used.join(", ")
    })];
    let others: Vec<&str> = found
        .job_terms
        .others
        .iter()
        .take(MOST_OTHERS)
        .map(String::as_str)
        .collect();
    if !others.is_empty() {
        lines.push(SectionLine::sentence(format!(
            "Others that fit this question: {}",
            others.join(", ")
        )));
    }
    Section {
        name: "Job terms",
        lines,
    }
}

fn most_used(found: &Insights) -> Section {
    const MOST: usize = 5;
    let mut lines: Vec<SectionLine> = found
        .most_used
        .iter()
        .take(MOST)
        .map(|used| {
            let times = wording::times(used.count);
            let text = match wording::synonyms(used) {
                Some(others) => format!("{times}. {others}"),
                None => times,
            };
            SectionLine::labeled(LineKind::Sentence, &used.word, text)
        })
        .collect();
    if lines.is_empty() {
        lines.push(SectionLine::sentence(wording::NO_MOST_USED));
    }
    Section {
        name: "Most-used words",
        lines,
    }
}

fn fillers(attempt: &Attempt, found: &Insights) -> Section {
    let seconds = attempt.take.as_ref().map(|take| take.seconds);
    let mut lines = vec![SectionLine::sentence(wording::fillers(&found.fillers, seconds))];
    let each = wording::by_filler(&found.fillers);
    if !each.is_empty() {
        lines.push(SectionLine::sentence(each.join(" ")));
    }
    lines.push(SectionLine::sentence(wording::repeats(found)));
    Section {
        name: "Fillers and repeats",
        lines,
    }
}

fn pace(attempt: &Attempt, found: &Insights) -> Section {
    let mut lines = Vec::new();
    if let Some(take) = &attempt.take {
        if let Some(pace) = &found.pace {
            lines.push(SectionLine::sentence(wording::pace(pace.words_per_minute)));
        }
        lines.push(SectionLine::sentence(wording::pauses(&found.pauses)));
        lines.push(SectionLine::sentence(wording::length(take.seconds)));
        lines.extend(take.gaps.iter().map(|gap| SectionLine::sentence(gap.message())));
    }
    Section {
        name: "Pace and pauses",
        lines,
    }
}

fn paragraphs(transcript: &Transcript) -> Vec<String> {
    let ranges = transcript.paragraphs().into_iter();
    ranges.map(|words| transcript.text_of(words)).collect()
}
