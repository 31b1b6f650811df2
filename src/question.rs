//! Fields, their questions and job terms: the words of the domain as the files in `questions/` write them.

use std::collections::BTreeMap;

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

/// How much experience a question expects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Seniority {
    /// The first job in the field, or the second.
    #[default]
    Entry,
    Mid,
}

impl Seniority {
    pub const ALL: [Self; 2] = [Self::Entry, Self::Mid];

    /// The word used in files, in `--json` and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::Mid => "mid",
        }
    }

    /// The level with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|seniority| seniority.name() == name)
    }
}

/// Where in an interview a question stands, if it has a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Slot {
    /// "Tell me about yourself."
    Opening,
    /// "What questions do you have for us?"
    Closing,
}

/// A part of a story that answers a behavioral question, by the STAR method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StructureName {
    Situation,
    Task,
    Action,
    Result,
}

impl StructureName {
    pub const ALL: [Self; 4] = [Self::Situation, Self::Task, Self::Action, Self::Result];

    pub fn name(self) -> &'static str {
        match self {
            Self::Situation => "situation",
            Self::Task => "task",
            Self::Action => "action",
            Self::Result => "result",
        }
    }
}

/// What an interviewer asks on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FollowUp {
    pub ask: String,
    /// Ids of talking points of the same question: it is asked where none of them was made.
    pub unless: Vec<String>,
}

/// One thing that a good answer to a question may hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TalkingPoint {
    pub id: String,
    pub label: String,
    #[serde(default)]
    pub hint: String,
    /// Which of the question's parts is answered by making it, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<usize>,
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
    #[serde(default, rename = "level")]
    pub seniority: Seniority,
    /// Ids of the roles of its field in which it is asked, instead of those that its topic names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<Slot>,
    pub prompt: String,
    /// Other usual wordings of the same question.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also_asked: Vec<String>,
    /// The things asked, where the question asks several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<String>,
    /// What the interviewer wants to find out.
    #[serde(default)]
    pub why: String,
    #[serde(default)]
    pub hint: String,
    /// Of behavioral questions: where a story can be found by a person who has not had such a job.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub no_job_yet: String,
    /// Year and month in which the facts of an answer that ages were last looked at, as "2026-11".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked: Option<String>,
    #[serde(default)]
    pub sample_answer: String,
    /// What each paragraph of a behavioral question's sample answer is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sample_parts: Vec<StructureName>,
    /// Names of job terms of the same field that belong in a good answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub job_terms: Vec<String>,
    /// Fits every field: may be drawn for interviews of other fields too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub everywhere: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub follow_ups: Vec<FollowUp>,
    #[serde(default)]
    pub talking_points: Vec<TalkingPoint>,
}

impl Question {
    /// The steps of an answer of its kind, in a line.
    pub fn frame(&self) -> &'static str {
        match self.kind {
            QuestionKind::Background => {
                "Present, past, future: where you are now, how you got there, where you want to go."
            }
            QuestionKind::Behavioral => {
                "STAR: the situation, your task, what you did (most of the time), and the result with what you learned."
            }
            QuestionKind::Technical if self.is_about_an_incident() => {
                "Clarify what is known, contain it, investigate, tell those who must know, and learn from it."
            }
            QuestionKind::Technical => "Define it, say how it works, give an example, and name a limit.",
        }
    }

    /// Whether it asks what one would do now that something has happened.
    fn is_about_an_incident(&self) -> bool {
        const NOW: [&str; 5] = ["do you do", "would you do", "you do first", "what's next", "what next"];
        let asks = std::iter::once(&self.prompt)
            .chain(&self.parts)
            .map(|text| text.to_lowercase());
        matches!(self.topic.as_str(), "operations" | "threats" | "troubleshooting")
            && asks.into_iter().any(|text| NOW.iter().any(|now| text.contains(now)))
    }

    /// Whether its answer may hold code, which is noted down in letters of one width.
    pub fn is_about_code(&self) -> bool {
        const TOPICS: [&str; 8] = [
            "scripting",
            "sql",
            "fundamentals",
            "testing",
            "front end",
            "data",
            "code quality",
            "pipelines",
        ];
        self.kind == QuestionKind::Technical && TOPICS.contains(&self.topic.as_str())
    }
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

/// A kind of job in a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    pub id: String,
    pub name: String,
    /// How much each topic is asked about: 1 to 3. A topic that is not here is not asked about.
    pub topics: BTreeMap<String, u32>,
}

impl Role {
    /// How much a question of the field is asked in this role; 0 if it is not.
    pub fn weight(&self, question: &Question) -> u32 {
        /// Where the question names the role, and its topic says nothing.
        const NAMED: u32 = 2;
        let of_topic = self.topics.get(&question.topic).copied().unwrap_or_default();
        if question.roles.is_empty() {
            of_topic
        } else if question.roles.contains(&self.id) {
            of_topic.max(NAMED)
        } else {
            0
        }
    }
}

/// A question that the candidate asks the interviewer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskThem {
    pub ask: String,
    /// What one learns from the answer.
    pub why: String,
    /// Ids of the roles that it is for; empty where it fits the whole field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
}

/// Words for a moment in which one looks for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrase {
    pub moment: Moment,
    pub say: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Moment {
    Greeting,
    /// One does not know the answer.
    NotKnowing,
    /// When may I hear from you?
    HearingBack,
    Leaving,
}

/// A field of work: its questions and its job terms.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub about: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Role>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ask_them: Vec<AskThem>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phrases: Vec<Phrase>,
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

    /// The roles in which a question of this field is asked.
    pub fn roles_of<'a>(&'a self, question: &'a Question) -> impl Iterator<Item = &'a Role> {
        self.roles.iter().filter(|role| role.weight(question) > 0)
    }
}
