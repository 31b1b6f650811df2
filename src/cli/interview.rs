//! `aloud interview`: draws the next practice interview.

use std::io::{self, Write};

use super::questions::{QuestionObject, QuestionsError};
use crate::{interview::draw, store::Store};

/// What becomes of the drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remember {
    /// What was drawn does not come back before its pile is used up.
    Yes,
    /// `--dry-run`
    No,
}

/// Draws the interview and writes it.
pub fn run(
    store: &Store,
    field: &str,
    seed: u64,
    remember: Remember,
    json: bool,
    out: &mut dyn Write,
) -> Result<(), QuestionsError> {
    let bank = store.bank();
    let mut memory = store.memory();
    let questions = draw::interview(&bank.fields, field, draw::USUAL, &mut memory, seed);
    if questions.is_empty() {
        return Err(QuestionsError::Empty(field.to_owned()));
    }
    if remember == Remember::Yes {
        store.save_memory(&memory)?;
    }
    if json {
        let listed: Vec<QuestionObject<'_>> = questions.iter().map(QuestionObject::new).collect();
        let drawn = serde_json::json!({"type": "interview", "field": field, "questions": listed});
        serde_json::to_writer(&mut *out, &drawn).map_err(io::Error::from)?;
        writeln!(out)?;
        return Ok(());
    }
    for (index, question) in questions.iter().enumerate() {
        writeln!(out, "{}. {}  ({})", index + 1, question.prompt, question.kind.name())?;
        for part in &question.parts {
            writeln!(out, "   - {part}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn drawn(store: &Store, seed: u64, remember: Remember) -> Vec<String> {
        let mut out = Vec::new();
        run(store, "cybersecurity", seed, remember, true, &mut out).unwrap();
        let value: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(
            (&value["type"], &value["field"]),
            (&"interview".into(), &"cybersecurity".into())
        );
        let questions = value["questions"].as_array().unwrap();
        questions
            .iter()
            .map(|question| question["id"].as_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn interviews_do_not_repeat_and_remember_over_restarts() {
        let folder = tempfile::tempdir().unwrap();
        let mut seen = BTreeSet::new();
        for seed in 0..5 {
            let store = Store::open(Some(folder.path().to_owned())).unwrap();
            for id in drawn(&store, seed, Remember::Yes) {
                assert!(seen.insert(id.clone()), "{id} came back");
            }
        }
        assert_eq!(seen.len(), 25);
    }

    #[test]
    fn a_dry_run_leaves_the_piles_alone() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Some(folder.path().to_owned())).unwrap();
        assert_eq!(drawn(&store, 1, Remember::No), drawn(&store, 1, Remember::No));
        assert_eq!(store.memory(), draw::Memory::default());
    }
}
