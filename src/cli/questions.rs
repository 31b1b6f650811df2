//! `aloud questions`: the list of questions, of a field, a kind, a role or a level, or those that hold some words.

use std::{
    collections::HashMap,
    io::{self, Write},
};

use serde::Serialize;

use super::{CommandError, arguments::QuestionFilter, line};
use crate::{
    bank::Bank,
    interview::search::SearchIndex,
    question::{Field, FollowUp, Question, QuestionKind, Role, Seniority, Slot},
    store::StoreError,
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
    level: Seniority,
    /// Ids of the roles of its field in which it is asked.
    roles: Vec<&'a str>,
    slot: Option<Slot>,
    prompt: &'a str,
    also_asked: &'a [String],
    parts: &'a [String],
    talking_points: Vec<TalkingPointObject<'a>>,
    job_terms: &'a [String],
    hint: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    no_job_yet: &'a str,
    sample_answer: &'a str,
    follow_ups: &'a [FollowUp],
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<Vec<&'a str>>,
}

#[derive(Debug, Serialize)]
struct TalkingPointObject<'a> {
    id: &'a str,
    label: &'a str,
}

impl<'a> QuestionObject<'a> {
    /// A question of this field.
    pub fn new(field: &'a Field, question: &'a Question) -> Self {
        let point = |point: &'a crate::question::TalkingPoint| TalkingPointObject {
            id: &point.id,
            label: &point.label,
        };
        Self {
            id: &question.id,
            kind: question.kind,
            topic: &question.topic,
            level: question.seniority,
            roles: field.roles_of(question).map(|role| role.id.as_str()).collect(),
            slot: question.slot,
            prompt: &question.prompt,
            also_asked: &question.also_asked,
            parts: &question.parts,
            talking_points: question.talking_points.iter().map(point).collect(),
            job_terms: &question.job_terms,
            hint: &question.hint,
            no_job_yet: &question.no_job_yet,
            sample_answer: question.sample_answer.trim(),
            follow_ups: &question.follow_ups,
            fields: None,
        }
    }
}

/// Lists the questions.
pub fn run(bank: &Bank, filter: &QuestionFilter, json: bool, out: &mut dyn Write) -> Result<(), CommandError> {
    let field = filter.field.as_deref().map(|field| bank.field_named(field)).transpose();
    let field = field.map_err(CommandError::misuse)?.map(|field| field.id.as_str());
    let role = filter
        .role
        .as_deref()
        .map(|role| bank.role_named(field, role))
        .transpose();
    let role = role.map_err(CommandError::misuse)?;
    let mut listed: Vec<QuestionObject<'_>> = bank
        .fields
        .iter()
        .flat_map(|home| home.questions.iter().map(move |question| (home, question)))
        .filter(|(home, question)| {
            field.is_none_or(|field| home.id == field || question.everywhere)
                && filter.kind.is_none_or(|kind| kind == question.kind)
                && filter.seniority.is_none_or(|seniority| seniority == question.seniority)
                && role.is_none_or(|role| is_asked_in(role, home, question))
        })
        .map(|(home, question)| QuestionObject {
            fields: Some(fields_of(bank, &home.id, question)),
            ..QuestionObject::new(home, question)
        })
        .collect();
    if let Some(words) = &filter.search {
        let found = SearchIndex::new(&bank.fields).search(words);
        let places: HashMap<&str, usize> = found
            .iter()
            .enumerate()
            .map(|(place, one)| (one.id.as_str(), place))
            .collect();
        listed.retain(|question| places.contains_key(question.id));
        listed.sort_by_key(|question| places[question.id]);
    }
    if json {
        line(out, &serde_json::json!({"type": "questions", "questions": listed}))?;
    } else {
        for question in &listed {
            writeln!(out, "{}  {}  {}", question.id, question.kind.name(), question.prompt)?;
        }
    }
    Ok(())
}

/// Questions of other fields know nothing of the role; those that fit everywhere fit it too.
fn is_asked_in((field, role): (&Field, &Role), home: &Field, question: &Question) -> bool {
    if home.id == field.id {
        role.weight(question) > 0
    } else {
        question.everywhere
    }
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
    use crate::bank::built_in;

    fn listed(filter: &QuestionFilter) -> Vec<serde_json::Value> {
        let mut out = Vec::new();
        run(&built_in(), filter, true, &mut out).unwrap();
        let list: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(list["type"], "questions");
        list["questions"].as_array().unwrap().clone()
    }

    fn of_field(field: &str) -> QuestionFilter {
        QuestionFilter {
            field: Some(field.to_owned()),
            ..QuestionFilter::default()
        }
    }

    #[test]
    fn a_kind_of_a_field_is_listed_with_all_that_the_contract_names() {
        let questions = listed(&QuestionFilter {
            kind: Some(QuestionKind::Technical),
            ..of_field("cybersecurity")
        });
        assert!(questions.len() >= 24);
        for question in &questions {
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
                "also_asked",
                "level",
                "roles",
                "follow_ups",
            ] {
                assert!(!question[name].is_null(), "{name}");
            }
            assert!(question.as_object().unwrap().contains_key("slot"));
        }
    }

    #[test]
    fn a_role_and_a_level_narrow_the_list() {
        let all = listed(&of_field("cybersecurity"));
        let role = listed(&QuestionFilter {
            role: Some("SOC Analyst".to_owned()),
            ..of_field("cybersecurity")
        });
        assert!(!role.is_empty() && role.len() < all.len());
        for question in &role {
            let roles = question["roles"].as_array().unwrap();
            let everywhere = question["fields"].as_array().unwrap().len() > 1;
            assert!(
                everywhere || roles.contains(&"soc-analyst".into()),
                "{}",
                question["id"]
            );
        }
        let mid = listed(&QuestionFilter {
            seniority: Some(Seniority::Mid),
            ..of_field("cybersecurity")
        });
        assert!(!mid.is_empty() && mid.iter().all(|question| question["level"] == "mid"));
    }

    #[test]
    fn what_is_searched_for_comes_best_first() {
        let found = listed(&QuestionFilter {
            search: Some("tell me about yourself".to_owned()),
            ..QuestionFilter::default()
        });
        assert_eq!(found[0]["slot"], "opening", "{}", found[0]["id"]);
    }

    #[test]
    fn an_unknown_role_names_those_there_are() {
        let filter = QuestionFilter {
            role: Some("astronaut".to_owned()),
            ..of_field("ux-design")
        };
        match run(&built_in(), &filter, true, &mut Vec::new()) {
            Err(CommandError::Misuse(message)) => assert_eq!(
                message,
                "Unknown role 'astronaut'. The roles are: product-designer, ux-researcher."
            ),
            other => panic!("{other:?}"),
        }
    }
}
