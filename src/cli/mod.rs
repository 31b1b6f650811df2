//! The headless commands, one file each. They run the same rooms as the window and print what they find.

pub mod analyze;
pub mod arguments;
pub mod doctor;
pub mod interview;
pub mod live;
pub mod models;
pub mod questions;
pub mod report;
mod running_text;

use std::io::{self, Write};

use arguments::{About, Invocation, Subcommand};

use crate::{
    bank::Bank,
    diagnostics::error_chain,
    insight::{self, Insights},
    models::ModelStore,
    question::{Field, Question},
    store::Store,
    transcript::Transcript,
};

/// A command failed: one sentence that says what, on what, and what to do.
#[derive(Debug)]
pub struct CommandError(pub String);

impl<E: std::error::Error> From<E> for CommandError {
    fn from(error: E) -> Self {
        Self(error_chain(&error))
    }
}

/// Carries out a headless command. [`Subcommand::Window`] is not one of them.
pub fn run(invocation: Invocation, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), CommandError> {
    let Invocation { command, json, data } = invocation;
    match command {
        Subcommand::Window => out.write_all(arguments::HELP.as_bytes())?,
        Subcommand::Help(text) => out.write_all(text.as_bytes())?,
        Subcommand::Completions(shell) => out.write_all(&arguments::completions(shell))?,
        Subcommand::ManPage => out.write_all(arguments::man_page()?.as_bytes())?,
        Subcommand::Version => writeln!(out, "aloud {}", env!("CARGO_PKG_VERSION"))?,
        Subcommand::Models(command) => models::run(command, &*ModelStore::of_this_machine()?, json, out, err)?,
        Subcommand::Doctor => doctor::run(&*ModelStore::of_this_machine()?, data, json, out)?,
        Subcommand::Analyze { answer, about, model } => {
            let subject = Subject::find(&Store::open(data)?.bank(), about)?;
            analyze::run(&answer, &subject, model, ModelStore::of_this_machine()?, json, out, err)?;
        }
        Subcommand::Live { source, about, model } => {
            let store = Store::open(data)?;
            let subject = Subject::find(&store.bank(), about)?;
            let means = live::LiveOptions {
                subject: &subject,
                model,
                model_store: ModelStore::of_this_machine()?,
                store: &store,
                json,
            };
            live::run(source, means, out, err)?;
        }
        Subcommand::Interview { field, dry_run } => {
            let remember = if dry_run {
                interview::Remember::No
            } else {
                interview::Remember::Yes
            };
            interview::run(&Store::open(data)?, &field, seed(), remember, json, out)?;
        }
        Subcommand::Questions { field, kind } => {
            questions::run(&Store::open(data)?, field.as_deref(), kind, json, out)?;
        }
    }
    Ok(())
}

/// Chance for a draw: the clock's finest digits differ from one call to the next.
fn seed() -> u64 {
    jiff::Timestamp::now().as_nanosecond() as u64
}

/// What an answer is looked at for.
#[derive(Clone, Debug, Default)]
pub struct Subject {
    pub question: Option<Question>,
    pub field: Option<Field>,
}

impl Subject {
    /// The question or field that was named.
    pub fn find(bank: &Bank, about: About) -> Result<Self, CommandError> {
        if let Some(id) = about.question {
            let (field, question) = bank
                .question(&id)
                .ok_or_else(|| CommandError(format!("Unknown question '{id}'. \"aloud questions\" lists them all.")))?;
            return Ok(Self {
                question: Some(question.clone()),
                field: Some(field.clone()),
            });
        }
        let Some(id) = about.field else {
            return Ok(Self::default());
        };
        let field = bank.field(&id).ok_or_else(|| {
            let names: Vec<&str> = bank.fields.iter().map(|field| field.id.as_str()).collect();
            CommandError(format!("Unknown field '{id}'. The fields are: {}.", names.join(", ")))
        })?;
        Ok(Self {
            question: None,
            field: Some(field.clone()),
        })
    }

    /// Job terms that may well be said, for the recognizer to know.
    pub fn glossary(&self) -> Vec<String> {
        self.question
            .as_ref()
            .map_or_else(Vec::new, |question| question.job_terms.clone())
    }

    /// What is in an answer.
    pub fn observe(&self, transcript: &Transcript, seconds: Option<f64>) -> Insights {
        insight::observe(insight::Answer {
            transcript,
            seconds,
            question: self.question.as_ref(),
            field: self.field.as_ref(),
        })
    }
}

/// Writes one line and makes it seen at once.
fn line(out: &mut dyn Write, content: &dyn std::fmt::Display) -> io::Result<()> {
    writeln!(out, "{content}")?;
    out.flush()
}
