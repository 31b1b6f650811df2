//! What is in an answer: observations, each with the words that prove it. Pure: transcript and question in,
//! insights out; nothing here reads a file, knows a clock or a window, or can fail.

mod assets;
mod base_form;
pub mod compare;
mod fillers;
mod general_points;
mod general_weights;
mod hedges;
mod job_terms;
mod most_used;
mod negation;
pub mod pace;
mod patterns;
pub mod pauses;
mod question_points;
mod repeats;
mod sentences;
mod structure;
mod talking_points;
mod token_view;
mod tokenizer;
mod transformer;
pub mod wording;

use serde::{Deserialize, Serialize};

use crate::{
    insight::{sentences::Sentences, token_view::TokenView},
    question::{Field, Question, QuestionKind},
    span::Span,
    transcript::{Transcript, WordOrigin, WordRange},
};

/// An answer and what is known about it: the input of every insight.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    pub transcript: &'a Transcript,
    /// Length of the take's sound, in seconds; nothing for a typed answer.
    pub seconds: Option<f64>,
    /// The question that was asked, where there was one.
    pub question: Option<&'a Question>,
    /// The field whose job terms are looked for.
    pub field: Option<&'a Field>,
}

/// Everything that was noticed in one answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Insights {
    pub fillers: Vec<Filler>,
    pub repeats: Vec<Repeat>,
    pub hedges: Vec<Hedge>,
    /// Nothing for a typed answer.
    pub pace: Option<Pace>,
    pub pauses: Vec<Pause>,
    pub most_used: Vec<MostUsed>,
    pub job_terms: JobTerms,
    pub talking_points: TalkingPoints,
    /// Only for behavioral questions.
    pub structure: Option<Structure>,
}

/// What a filler is told by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FillerClass {
    /// Its sound: um, uh, er, hmm.
    Vocal,
    /// Its context: like, you know, I mean, sort of, basically.
    Verbal,
}

/// A word or phrase that only fills time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Filler {
    /// The common spelling: "um", "you know".
    pub text: String,
    pub words: WordRange,
    pub span: Option<Span>,
    pub class: FillerClass,
    #[serde(rename = "witness")]
    pub origin: WordOrigin,
}

/// Something said again at once: "we had we had". `count` is how many times it stands there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Repeat {
    pub text: String,
    pub count: usize,
    /// All of its occurrences, fillers between them included.
    pub words: WordRange,
    pub span: Option<Span>,
}

/// A word that takes certainty away: "I think", "maybe", "just".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hedge {
    pub text: String,
    pub words: WordRange,
    pub span: Option<Span>,
}

/// How fast somebody spoke.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pace {
    /// Of the whole answer.
    pub words_per_minute: f64,
    /// Along the answer.
    pub windows: Vec<PaceWindow>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaceWindow {
    pub span: Span,
    pub words_per_minute: f64,
}

/// A silence between two words that is long enough to count (`assets/insight/pauses.toml`).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pause {
    pub span: Span,
    /// The word before it.
    pub after_word: usize,
    pub inside_clause: bool,
}

/// A content word that an answer leans on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MostUsed {
    /// The base form: "manage".
    pub word: String,
    pub count: usize,
    /// It is a job term of the answer's field, or stands in one: fine to repeat, and without synonyms.
    #[serde(default)]
    pub job_term: bool,
    /// As they were said: "managed", "managing".
    pub forms: Vec<String>,
    pub synonyms: Vec<String>,
    /// Where they stand in the transcript.
    pub words: Vec<usize>,
}

/// The job terms of the answer's field.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct JobTerms {
    pub used: Vec<TermUse>,
    /// Names of the terms that belong to the question and were not used.
    pub others: Vec<String>,
}

/// A job term and every place where it was used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TermUse {
    /// The name that the field's list gives it.
    pub term: String,
    pub words: Vec<WordRange>,
    /// One for each of `words`; empty for a typed answer.
    pub spans: Vec<Span>,
}

/// What an answer said, and what else it could say.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TalkingPoints {
    pub covered: Vec<CoveredPoint>,
    /// What else this question could hold, most important first.
    pub to_consider: Vec<PointToConsider>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CoveredPoint {
    pub id: String,
    pub label: String,
    /// The sentence that shows it.
    pub evidence: String,
    pub words: WordRange,
    pub span: Option<Span>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PointToConsider {
    pub id: String,
    pub label: String,
    pub hint: String,
}

/// The shape of a behavioral answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Structure {
    /// Those found, in the order in which they came.
    pub parts: Vec<StructurePart>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StructurePart {
    pub name: StructureName,
    pub words: WordRange,
    pub span: Option<Span>,
    /// Of the answer's time (or, typed, of its words): 0 to 1.
    pub share: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StructureName {
    Situation,
    Task,
    Action,
    Result,
}

/// The job terms of each of several fields that a text uses, without any other insight.
pub fn terms_used(transcript: &Transcript, fields: &[Field]) -> Vec<Vec<TermUse>> {
    job_terms::terms_used(transcript, fields)
}

/// Computes every insight. A typed answer gets those that need no sound.
pub fn observe(answer: Answer<'_>) -> Insights {
    let view = TokenView::new(answer.transcript);
    let sentences = Sentences::new(&view);
    let fillers = fillers::fillers(&view);
    let job_terms = job_terms::job_terms(answer, &view);
    let behavioral = answer
        .question
        .is_some_and(|question| question.kind == QuestionKind::Behavioral);
    Insights {
        repeats: repeats::repeats(&view),
        hedges: hedges::hedges(&view),
        pace: pace::pace(answer.transcript),
        pauses: pauses::pauses(answer.transcript),
        most_used: most_used::most_used(&view, &fillers, &job_terms, answer.field),
        fillers,
        job_terms,
        talking_points: talking_points::talking_points(answer, &view, &sentences),
        structure: behavioral.then(|| structure::structure(&view, &sentences)),
    }
}
