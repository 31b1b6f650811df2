//! `aloud interview`: draws the next practice interview.

use std::io::{self, Write};

use serde::Serialize;

use super::questions::{QuestionObject, QuestionsError};
use crate::{
    bank::Bank,
    interview::{
        Turn,
        draw::{self, Wish},
        posting::{self, Posting},
    },
    store::Store,
};

/// What becomes of the drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remember {
    /// What was drawn does not come back before its pile is used up.
    Yes,
    /// `--dry-run`
    No,
}

/// Which interview is drawn.
#[derive(Clone, Copy, Debug)]
pub struct InterviewWish<'a> {
    pub draw: Wish<'a>,
    /// Drawn from it instead, where there is one: its field, five questions.
    pub posting: Option<&'a Posting>,
    pub remember: Remember,
}

/// Draws the interview and writes it.
pub fn run(
    store: &Store,
    bank: &Bank,
    wish: InterviewWish<'_>,
    seed: u64,
    json: bool,
    out: &mut dyn Write,
) -> Result<(), QuestionsError> {
    let mut memory = store.memory();
    let (field, turns) = match wish.posting {
        Some(posting) => (
            posting.field.as_str(),
            posting::interview(posting, &bank.fields, &mut memory, seed),
        ),
        None => (
            wish.draw.field,
            draw::interview(&bank.fields, &wish.draw, &mut memory, seed),
        ),
    };
    if turns.is_empty() {
        return Err(QuestionsError::Empty(field.to_owned()));
    }
    if wish.remember == Remember::Yes {
        store.save_memory(&memory)?;
    }
    let title = wish.posting.and_then(|posting| posting.title.as_deref());
    if json {
        let listed: Vec<AskedObject<'_>> = turns.iter().filter_map(|turn| AskedObject::new(bank, turn)).collect();
        let drawn = serde_json::json!({"type": "interview", "field": field, "title": title, "questions": listed});
        serde_json::to_writer(&mut *out, &drawn).map_err(io::Error::from)?;
        writeln!(out)?;
        return Ok(());
    }
    if let Some(title) = title {
        writeln!(out, "{title}")?;
    }
    for (index, turn) in turns.iter().enumerate() {
        writeln!(out, "{}. {}  ({})", index + 1, turn.asked(), turn.question.kind.name())?;
        for part in &turn.question.parts {
            writeln!(out, "   - {part}")?;
        }
    }
    Ok(())
}

/// A question of an interview as `--json` prints it.
#[derive(Debug, Serialize)]
struct AskedObject<'a> {
    #[serde(flatten)]
    question: QuestionObject<'a>,
    /// The wording that is asked.
    asked_as: &'a str,
    /// The posting's term that it comes from.
    because: Option<&'a str>,
}

impl<'a> AskedObject<'a> {
    fn new(bank: &'a Bank, turn: &'a Turn) -> Option<Self> {
        let (field, _) = bank.question(&turn.question.id)?;
        Some(Self {
            question: QuestionObject::new(field, &turn.question),
            asked_as: turn.asked(),
            because: turn.because.as_deref(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn drawn(store: &Store, seed: u64, remember: Remember) -> Vec<String> {
        let wish = InterviewWish {
            draw: Wish::of("cybersecurity"),
            posting: None,
            remember,
        };
        let mut out = Vec::new();
        run(store, &store.bank(), wish, seed, true, &mut out).unwrap();
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
        // As many as there are questions to begin with.
        for seed in 0..4 {
            let store = Store::open(Some(folder.path().to_owned())).unwrap();
            for id in drawn(&store, seed, Remember::Yes) {
                assert!(seen.insert(id.clone()), "{id} came back");
            }
        }
        assert_eq!(seen.len(), 20);
    }

    #[test]
    fn a_dry_run_leaves_the_piles_alone() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Some(folder.path().to_owned())).unwrap();
        assert_eq!(drawn(&store, 1, Remember::No), drawn(&store, 1, Remember::No));
        assert_eq!(store.memory(), draw::Memory::default());
    }
}
