//! An interview to be handed to somebody else: PDF, text, Markdown, HTML and JSON. All of them say what the window shows of
//! an answer, in its words ([`summary`]). Pure: an interview and its insights in, the bytes of a file out. Knows no file, no
//! clock and no window; whoever asks brings the fonts.

mod html;
mod insight_json;
mod json;
mod markdown;
mod pdf;
mod plain;
mod summary;

use jiff::{Timestamp, tz::TimeZone};

pub use html::SoundLinks;
pub use insight_json::{insights_json, words_json};
pub use pdf::{DocumentLook, PdfError};

use crate::{
    bank::Bank,
    insight::{Answer, Insights, observe},
    interview::{Attempt, Interview, Turn},
    text::shown,
};

/// The form in which an interview is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    Pdf,
    /// A folder with the PDF, the page, the insights and the sound of the answers.
    Folder,
    Text,
    Markdown,
    Html,
    Json,
}

impl Export {
    /// In the order of what somebody needs who hands it to a coach.
    pub const ALL: [Self; 6] = [
        Self::Pdf,
        Self::Folder,
        Self::Text,
        Self::Markdown,
        Self::Html,
        Self::Json,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Pdf => "PDF",
            Self::Folder => "Folder with sound",
            Self::Text => "Plain text",
            Self::Markdown => "Markdown",
            Self::Html => "HTML",
            Self::Json => "JSON",
        }
    }

    /// Of the file's name; a folder has none.
    pub const fn ending(self) -> Option<&'static str> {
        match self {
            Self::Pdf => Some("pdf"),
            Self::Folder => None,
            Self::Text => Some("txt"),
            Self::Markdown => Some("md"),
            Self::Html => Some("html"),
            Self::Json => Some("json"),
        }
    }
}

/// What an exported interview is called, without an ending: "Interview 2026-11-20 1802".
pub fn file_name(interview: &Interview, zone: Option<&TimeZone>) -> String {
    format!("Interview {}", stamp(interview.begun, zone))
}

/// A time that sorts, as part of a file's name: "2026-11-20 1802".
pub fn stamp(at: Timestamp, zone: Option<&TimeZone>) -> String {
    let at = at.to_zoned(zone.cloned().unwrap_or(TimeZone::UTC));
    at.strftime("%Y-%m-%d %H%M").to_string()
}

/// The insights of a question's shown answer, and of the answers to what was asked after it.
#[derive(Clone, Debug, Default)]
pub struct TurnInsights {
    /// Nothing where the answer has no transcript.
    pub main: Option<Insights>,
    /// One for each follow-up that was answered.
    pub follow_ups: Vec<Insights>,
}

/// All that an export is made of.
#[derive(Clone, Debug)]
pub struct ExportSource {
    pub interview: Interview,
    /// The company and role, or the field.
    pub title: String,
    /// When it was, as people write it.
    pub day: String,
    /// One for each question.
    pub insights: Vec<TurnInsights>,
}

impl ExportSource {
    /// Those insights that are not known yet are made here, which takes longer than a frame.
    pub fn new(interview: Interview, title: String, day: String, known: Vec<Option<Insights>>, bank: &Bank) -> Self {
        let known = known.into_iter().chain(std::iter::repeat(None));
        let insights = interview.turns.iter().zip(known).map(|(turn, known)| TurnInsights {
            main: turn
                .main_attempt()
                .and_then(|attempt| known.or_else(|| observed(&interview, turn, attempt, bank))),
            follow_ups: turn
                .followed_by(turn.main_index())
                .filter_map(|index| observed(&interview, turn, &turn.attempts[index], bank))
                .collect(),
        });
        Self {
            insights: insights.collect(),
            interview,
            title,
            day,
        }
    }

    /// "Cybersecurity, 20 November 2026, 18:02"
    fn full_title(&self) -> String {
        format!("{}, {}", self.title, self.day)
    }

    /// The interview as one line under its title: how much was answered and spoken.
    fn in_short(&self) -> String {
        let interview = &self.interview;
        let count = shown::count(interview.turns.len(), "question", "questions");
        let takes = interview.turns.iter().filter_map(Turn::main_attempt);
        let spoken: f64 = takes
            .filter_map(|attempt| attempt.take.as_ref())
            .map(|take| take.seconds)
            .sum();
        let answered = format!("{} of {count} answered", interview.answered());
        if spoken > 0.0 {
            format!("{answered}, {} spoken", shown::length(spoken))
        } else {
            answered
        }
    }

    /// What was written down afterwards, part by part; those that are empty are left out.
    fn reflection(&self) -> Vec<(&'static str, &str)> {
        let notes = &self.interview.afterwards;
        let parts = [
            ("What went well", notes.went_well.trim()),
            ("What to change", notes.to_change.trim()),
            ("To look up", notes.look_up.trim()),
            ("Looked up", notes.found.trim()),
        ];
        parts.into_iter().filter(|(_, text)| !text.is_empty()).collect()
    }
}

fn observed(interview: &Interview, turn: &Turn, attempt: &Attempt, bank: &Bank) -> Option<Insights> {
    let transcript = attempt.transcript.as_ref()?;
    let mut question = turn.question.clone();
    if let Some(after) = &attempt.asked_after {
        question.prompt.clone_from(&after.question.ask);
        question.parts.clear();
    }
    Some(observe(Answer {
        transcript,
        seconds: attempt.take.as_ref().map(|take| take.seconds),
        question: Some(&question),
        field: bank.field(&interview.field),
    }))
}

/// The interview in a form that is text; nothing for the others.
pub fn text(format: Export, source: &ExportSource) -> Option<String> {
    match format {
        Export::Text => Some(plain::plain(source)),
        Export::Json => Some(json::json(source)),
        Export::Markdown => Some(markdown::markdown(source)),
        Export::Html => Some(html::html(source, &SoundLinks::default())),
        Export::Pdf | Export::Folder => None,
    }
}

/// The page of a folder that has sound too.
pub fn page_with_sound(source: &ExportSource, sounds: &SoundLinks) -> String {
    html::html(source, sounds)
}

/// The interview as a PDF.
pub fn pdf(source: &ExportSource, look: &DocumentLook) -> Result<Vec<u8>, PdfError> {
    pdf::pdf(source, look)
}

#[cfg(test)]
mod tests;
