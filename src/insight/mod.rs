//! What is in an answer: observations, each with the words that prove it. Pure: transcript and question in,
//! insights out; nothing here reads a file, knows a clock or a window, or can fail.

mod assets;
mod base_form;
pub mod compare;
mod encoder;
mod fillers;
mod findings;
mod follow_up;
mod general_points;
mod hedges;
mod homographs;
mod job_terms;
mod left_out;
mod look_up;
mod most_used;
pub mod overview;
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
mod topic;
pub mod wording;

pub use base_form::base_form;
pub use findings::{Finding, FindingPlace};
use serde::{Deserialize, Serialize};

use crate::{
    insight::{follow_up::Heard, sentences::Sentences, token_view::TokenView},
    question::{Field, Question, QuestionKind, StructureName},
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
    /// The answer seems to be about something else than the question. Then no talking points are named.
    #[serde(default)]
    pub off_topic: bool,
    /// What somebody said they did not know or would look up, as they named it.
    #[serde(default)]
    pub look_up: Vec<String>,
    /// The things that the question asks, where it asks several.
    #[serde(default)]
    pub parts: Vec<QuestionPart>,
    /// What an interviewer would ask next; nothing while somebody is still speaking.
    #[serde(default)]
    pub follow_up: Option<FollowUpQuestion>,
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
    /// How many words were read for points, where the answer has more.
    #[serde(default)]
    pub words_read: Option<usize>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CoveredPoint {
    pub id: String,
    pub label: String,
    /// The sentence that shows it.
    pub evidence: String,
    pub words: WordRange,
    pub span: Option<Span>,
    /// That it really shows the point, 0 to 1.
    #[serde(default)]
    pub probability: f32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PointToConsider {
    pub id: String,
    pub label: String,
    pub hint: String,
}

/// One of the several things that a question asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionPart {
    pub text: String,
    /// Nothing where no point tells.
    pub answered: Option<bool>,
}

/// What an interviewer asks on, after an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUpQuestion {
    pub ask: String,
    /// The id of the point that it is for, or `term:` and a job term, or `part:` and the number of a part of the question.
    pub about: String,
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

/// The job terms of each of several fields that a text uses, without any other insight.
pub fn terms_used(transcript: &Transcript, fields: &[Field]) -> Vec<Vec<TermUse>> {
    job_terms::terms_used(transcript, fields)
}

/// The pace and the fillers of a transcript, without the other insights, which take many times longer.
pub fn pace_and_fillers(transcript: &Transcript) -> (Option<Pace>, Vec<Filler>) {
    (pace::pace(transcript), fillers::fillers(&TokenView::new(transcript)))
}

/// A spoken answer with the job terms that were misheard written as the terms. See [`crate::transcript::Word::heard`].
pub fn with_misheard_terms(transcript: Transcript, question: Option<&Question>, field: Option<&Field>) -> Transcript {
    match field {
        Some(field) => job_terms::with_misheard_terms(&transcript, question, field),
        None => transcript,
    }
}

/// The job terms of an answer, without the other insights, which take many times longer, and without asking whether a sentence
/// is everyday talk.
pub fn job_terms(answer: Answer<'_>) -> JobTerms {
    job_terms::job_terms(answer, &TokenView::new(answer.transcript), |_| false)
}

/// Whether an answer has been heard to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Completeness {
    Complete,
    Partial,
}

/// Computes every insight. A typed answer gets those that need no sound.
pub fn observe(answer: Answer<'_>) -> Insights {
    observed(answer, Completeness::Complete)
}

/// The same while somebody is still speaking: only what the rest of the answer is unlikely to change.
pub fn observe_partial(answer: Answer<'_>) -> Insights {
    observed(answer, Completeness::Partial)
}

fn observed(answer: Answer<'_>, completeness: Completeness) -> Insights {
    // Of nothing there is nothing to say, and no advice to give.
    if answer.transcript.words.is_empty() {
        return Insights::default();
    }
    let view = TokenView::new(answer.transcript);
    let sentences = Sentences::new(&view, answer.question);
    let fillers = fillers::fillers(&view);
    let behavioral = answer
        .question
        .is_some_and(|question| question.kind == QuestionKind::Behavioral);
    let job_terms = job_terms::job_terms(answer, &view, |words| sentences.is_everyday(words));
    let found = talking_points::talking_points(answer, &sentences, completeness);
    let off_topic = found.off_topic;
    let structure = (behavioral && !off_topic).then(|| structure::structure(&view, &sentences));
    let look_up = if off_topic {
        Vec::new()
    } else {
        look_up::look_up(answer.transcript, sentences.admitting(), &job_terms)
    };
    let follow_up = match completeness {
        Completeness::Complete => {
            let heard = Heard {
                sentences: &sentences,
                found: &found,
                job_terms: &job_terms,
            };
            follow_up::follow_up(answer, heard)
        }
        Completeness::Partial => None,
    };
    Insights {
        repeats: repeats::repeats(&view),
        hedges: hedges::hedges(&view),
        pace: pace::pace(answer.transcript),
        pauses: pauses::pauses(answer.transcript),
        most_used: most_used::most_used(&view, &fillers, &job_terms, answer.field),
        fillers,
        look_up,
        job_terms,
        talking_points: found.points,
        parts: found.parts,
        follow_up,
        structure,
        off_topic,
    }
}
