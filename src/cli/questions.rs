//! `aloud questions`: the list of questions, of a field or a kind or all.

use std::io::{self, Write};

use serde::Serialize;

use crate::{
    bank::Bank,
    question::{Question, QuestionKind},
    store::{Store, StoreError},
};

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum QuestionsError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("Could not write the list: {0}")]
    Write(#[from] io::Error),
    #[error("The field '{0}' has no questions.")]
    Empty(String),
}

/// A question as `--json` prints it.
#[derive(Debug, Serialize)]
pub struct QuestionObject<'a> {
    id: &'a str,
    kind: QuestionKind,
    topic: &'a str,
    prompt: &'a str,
    parts: &'a [String],
    talking_points: Vec<TalkingPointObject<'a>>,
    job_terms: &'a [String],
    hint: &'a str,
    sample_answer: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<Vec<&'a str>>,
}

#[derive(Debug, Serialize)]
struct TalkingPointObject<'a> {
    id: &'a str,
    label: &'a str,
}

impl<'a> QuestionObject<'a> {
    pub fn new(question: &'a Question) -> Self {
        let point = |point: &'a crate::question::TalkingPoint| TalkingPointObject {
            id: &point.id,
            label: &point.label,
        };
        Self {
            id: &question.id,
            kind: question.kind,
            topic: &question.topic,
            prompt: &question.prompt,
            parts: &question.parts,
            talking_points: question.talking_points.iter().map(point).collect(),
            job_terms: &question.job_terms,
            hint: &question.hint,
            sample_answer: question.sample_answer.trim(),
            fields: None,
        }
    }
}

/// Lists the questions.
pub fn run(
    store: &Store,
    field: Option<&str>,
    kind: Option<QuestionKind>,
    json: bool,
    out: &mut dyn Write,
) -> Result<(), QuestionsError> {
    let bank = store.bank();
    let mut listed = Vec::new();
    for home in &bank.fields {
        for question in &home.questions {
            let fields = fields_of(&bank, &home.id, question);
            if field.is_none_or(|field| fields.contains(&field)) && kind.is_none_or(|kind| kind == question.kind) {
                listed.push(QuestionObject {
                    fields: Some(fields),
                    ..QuestionObject::new(question)
                });
            }
        }
    }
    if json {
        serde_json::to_writer(
            &mut *out,
            &serde_json::json!({"type": "questions", "questions": listed}),
        )
        .map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        for question in &listed {
            writeln!(out, "{}  {}  {}", question.id, question.kind.name(), question.prompt)?;
        }
    }
    Ok(())
}

/// The fields that a question may be asked in.
fn fields_of<'a>(bank: &'a Bank, home: &'a str, question: &Question) -> Vec<&'a str> {
    if question.everywhere {
        bank.fields.iter().map(|field| field.id.as_str()).collect()
    } else {
        vec![home]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(field: Option<&str>, kind: Option<QuestionKind>) -> Result<serde_json::Value, String> {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Some(folder.path().to_owned())).unwrap();
        let mut out = Vec::new();
        run(&store, field, kind, true, &mut out).map_err(|error| error.to_string())?;
        Ok(serde_json::from_slice(&out).unwrap())
    }

    #[test]
    fn a_kind_of_a_field_is_listed_with_all_that_the_contract_names() {
        let list = listed(Some("cybersecurity"), Some(QuestionKind::Technical)).unwrap();
        assert_eq!(list["type"], "questions");
        let questions = list["questions"].as_array().unwrap();
        assert!(questions.len() >= 24);
        for question in questions {
            assert_eq!(question["kind"], "technical");
            assert!(question["fields"].as_array().unwrap().contains(&"cybersecurity".into()));
            for name in [
                "id",
                "prompt",
                "parts",
                "talking_points",
                "job_terms",
                "hint",
                "sample_answer",
            ] {
                assert!(!question[name].is_null(), "{name}");
            }
        }
    }
}
