//! Fields, their questions and job terms: the words of the domain as the files in `questions/` write them.

use serde::{Deserialize, Serialize};

/// What a question is after.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum QuestionKind {
    #[default]
    Background,
    Behavioral,
    Technical,
}

impl QuestionKind {
    pub const ALL: [Self; 3] = [Self::Background, Self::Behavioral, Self::Technical];

    /// The word used in files, in `--json` and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Background => "background",
            Self::Behavioral => "behavioral",
            Self::Technical => "technical",
        }
    }

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// One thing that a good answer to a question may hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TalkingPoint {
    pub id: String,
    pub label: String,
    #[serde(default)]
    pub hint: String,
    /// Words and short phrases that nearly always show that the point was made: base forms, lower case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cues: Vec<String>,
    /// Sentences in which people make this point.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub says: Vec<String>,
}

/// A question of an interview.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    pub id: String,
    pub kind: QuestionKind,
    #[serde(default)]
    pub topic: String,
    pub prompt: String,
    /// The things asked, where the question asks several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<String>,
    /// What the interviewer wants to find out.
    #[serde(default)]
    pub why: String,
    #[serde(default)]
    pub hint: String,
    #[serde(default)]
    pub sample_answer: String,
    /// Names of job terms of the same field that belong in a good answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub job_terms: Vec<String>,
    /// Fits every field: may be drawn for interviews of other fields too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub everywhere: bool,
    #[serde(default)]
    pub talking_points: Vec<TalkingPoint>,
}

/// A job term and the ways in which it is written and said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// The name under which it is reported, whichever form was said.
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub long_form: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acronym: Option<String>,
    /// Other written forms.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// What a recognizer may write when it was said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spoken: Vec<String>,
    /// Words of which one must stand nearby before a form that is also an everyday word counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub near: Vec<String>,
    /// Everyday phrases that never count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not: Vec<String>,
    #[serde(default)]
    pub definition: String,
}

/// A field of work: its questions and its job terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub about: String,
    #[serde(default)]
    pub terms: Vec<Term>,
    #[serde(default)]
    pub questions: Vec<Question>,
}

impl Field {
    /// The job term with this name.
    pub fn term(&self, name: &str) -> Option<&Term> {
        self.terms.iter().find(|term| term.name == name)
    }
}
