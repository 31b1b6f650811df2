//! The headless commands, one file each. They run the same rooms as the window and print what they find.

pub mod analyze;
pub mod arguments;
pub mod doctor;
pub mod interview;
pub mod live;
pub mod models;
pub mod questions;
mod recording;
pub mod report;
pub mod roles;
mod running_text;

use std::{
    io::{self, Write},
    path::PathBuf,
};

use arguments::{About, InterviewOptions, Invocation, Subcommand};

use crate::{
    about,
    bank::Bank,
    diagnostics::error_chain,
    insight::{self, Insights},
    interview::{
        draw::Wish,
        posting::{self, Posting},
    },
    models::ModelStore,
    question::{Field, Question},
    store::Store,
    transcript::Transcript,
};

/// Why a command did not do what it was asked: one sentence that says what, on what, and what to do.
#[derive(Debug)]
pub enum CommandError {
    /// It failed.
    Failed(String),
    /// It was asked for something that does not exist.
    Misuse(String),
    /// Whoever read its output has read enough, as `head` does.
    OutputClosed,
}

impl<E: std::error::Error + 'static> From<E> for CommandError {
    fn from(error: E) -> Self {
        if is_broken_pipe(&error) {
            return Self::OutputClosed;
        }
        Self::Failed(error_chain(&error))
    }
}

impl CommandError {
    fn misuse(error: impl std::error::Error) -> Self {
        Self::Misuse(error_chain(&error))
    }
}

fn is_broken_pipe(error: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error| error.source())
        .filter_map(|error| error.downcast_ref::<io::Error>())
        .any(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Carries out a headless command. [`Subcommand::Window`] is not one of them.
pub fn run(invocation: Invocation, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), CommandError> {
    let Invocation { command, json, data } = invocation;
    match command {
        Subcommand::Window => out.write_all(arguments::HELP.as_bytes())?,
        Subcommand::Help(text) => out.write_all(text.as_bytes())?,
        Subcommand::Completions(shell) => out.write_all(&arguments::completions(shell))?,
        Subcommand::ManPage => out.write_all(arguments::man_page()?.as_bytes())?,
        Subcommand::Version => writeln!(out, "aloud {}", about::VERSION)?,
        Subcommand::Models(command) => models::run(command, &*ModelStore::of_this_machine()?, json, out, err)?,
        Subcommand::Doctor => doctor::run(&*ModelStore::of_this_machine()?, data, json, out)?,
        Subcommand::Analyze { answer, about, model } => {
            let subject = Subject::find(&Store::open(data)?.bank(), about)?;
            analyze::run(
                &answer,
                &subject,
                model,
                &ModelStore::of_this_machine()?,
                json,
                out,
                err,
            )?;
        }
        Subcommand::Live {
            source,
            about,
            model,
            final_model,
        } => {
            let store = Store::open(data)?;
            let subject = Subject::find(&store.bank(), about)?;
            let means = live::LiveOptions {
                subject: &subject,
                model,
                final_model,
                model_store: ModelStore::of_this_machine()?,
                store: &store,
                json,
            };
            live::run(source, means, out, err)?;
        }
        Subcommand::Interview(wanted) => draw_interview(&wanted, data, json, out)?,
        Subcommand::Questions(filter) => questions::run(&Store::open(data)?.bank(), &filter, json, out)?,
        Subcommand::Roles { field } => roles::run(&Store::open(data)?.bank(), field.as_deref(), json, out)?,
    }
    Ok(())
}

fn draw_interview(
    wanted: &InterviewOptions,
    data: Option<PathBuf>,
    json: bool,
    out: &mut dyn Write,
) -> Result<(), CommandError> {
    let store = Store::open(data)?;
    let bank = store.bank();
    let text = wanted
        .posting
        .as_deref()
        .map(|path| analyze::read_text((path.as_os_str() != "-").then_some(path)))
        .transpose()?;
    let posting = text
        .map(|text| posting::read(&text, &bank.fields).ok_or_else(no_terms))
        .transpose()?;
    let field = wanted.field.as_deref().map(|field| bank.field_named(field)).transpose();
    let field = match (field.map_err(CommandError::misuse)?, &posting) {
        (Some(field), _) => field.id.clone(),
        (None, Some(posting)) => posting.field.clone(),
        (None, None) => String::new(),
    };
    let posting = posting.map(|posting| Posting {
        field: field.clone(),
        ..posting
    });
    let role = wanted
        .role
        .as_deref()
        .map(|role| bank.role_named(Some(&field), role))
        .transpose();
    let role = role.map_err(CommandError::misuse)?.map(|(_, role)| role);
    let wish = interview::InterviewWish {
        draw: Wish {
            field: &field,
            role,
            seniority: wanted.seniority,
            length: wanted.length,
        },
        posting: posting.as_ref(),
        remember: if wanted.dry_run {
            interview::Remember::No
        } else {
            interview::Remember::Yes
        },
    };
    interview::run(&store, &bank, wish, seed(), json, out)?;
    Ok(())
}

fn no_terms() -> CommandError {
    CommandError::Failed(
        "The posting names no job term of any field. Give the part that describes the job, or choose a field with --field."
            .to_owned(),
    )
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
            let (field, question) = bank.question(&id).ok_or_else(|| {
                CommandError::Misuse(format!("Unknown question '{id}'. \"aloud questions\" lists them all."))
            })?;
            return Ok(Self {
                question: Some(question.clone()),
                field: Some(field.clone()),
            });
        }
        let Some(id) = about.field else {
            return Ok(Self::default());
        };
        let field = bank.field_named(&id).map_err(CommandError::misuse)?;
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

    /// A spoken answer with its misheard job terms written as the terms.
    pub fn named(&self, transcript: Transcript) -> Transcript {
        insight::with_misheard_terms(transcript, self.question.as_ref(), self.field.as_ref())
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
