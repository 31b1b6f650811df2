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

use std::{
    io::{self, Write},
    path::PathBuf,
    sync::Arc,
};

use arguments::{About, Invocation, Subcommand};

use crate::{
    insight::{self, Insights},
    models::{Shelf, mirror_of_environment},
    question::{Field, Question},
    store::{Bank, Store},
    transcript::Transcript,
};

/// A command failed: one sentence that says what, on what, and what to do.
#[derive(Debug)]
pub struct Failure(pub String);

impl<E: std::error::Error> From<E> for Failure {
    /// The error and what it came from, each said once: many name their source in their own words.
    fn from(error: E) -> Self {
        let mut message = error.to_string();
        let sources = std::iter::successors(error.source(), |source| source.source());
        for source in sources.map(ToString::to_string) {
            if !message.contains(source.trim_end_matches('.')) {
                let end = message.trim_end_matches('.').len();
                message.insert_str(end, &format!(" ({})", source.trim_end_matches('.')));
            }
        }
        Self(message)
    }
}

/// Carries out a headless command. [`Subcommand::Window`] is not one of them.
pub fn run(invocation: Invocation, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), Failure> {
    let Invocation { command, json, data } = invocation;
    match command {
        Subcommand::Window => out.write_all(arguments::HELP.as_bytes())?,
        Subcommand::Help(text) => out.write_all(text.as_bytes())?,
        Subcommand::Completions(shell) => out.write_all(&arguments::completions(shell))?,
        Subcommand::ManPage => out.write_all(arguments::man_page()?.as_bytes())?,
        Subcommand::Version => writeln!(out, "aloud {}", env!("CARGO_PKG_VERSION"))?,
        Subcommand::Models(command) => models::run(command, &*shelf()?, json, out, err)?,
        Subcommand::Doctor => doctor::run(&*shelf()?, data, json, out)?,
        Subcommand::Analyze { answer, about, model } => {
            let subject = Subject::find(&Store::open(data)?.bank(), about)?;
            analyze::run(&answer, &subject, model, shelf()?, json, out, err)?;
        }
        Subcommand::Live { source, about, model } => {
            let store = Store::open(data)?;
            let subject = Subject::find(&store.bank(), about)?;
            let means = live::Means {
                subject: &subject,
                model,
                shelf: shelf()?,
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

/// Where the speech models lie. They belong to the machine rather than to a person's practice, so `--data` does not
/// move them; the environment variable `ALOUD_MODELS` does.
fn models_folder() -> Result<PathBuf, Failure> {
    if let Some(folder) = std::env::var_os("ALOUD_MODELS") {
        return Ok(folder.into());
    }
    directories::ProjectDirs::from("", "", "aloud")
        .map(|folders| folders.data_dir().join("models"))
        .ok_or_else(|| {
            Failure(
                "No home folder was found to store models in. Name a folder in the environment variable ALOUD_MODELS."
                    .to_owned(),
            )
        })
}

/// Chance for a draw: the clock's finest digits differ from one call to the next.
fn seed() -> u64 {
    jiff::Timestamp::now().as_nanosecond() as u64
}

/// The speech models of this machine, and the mirror that the environment names for others.
pub fn shelf() -> Result<Arc<Shelf>, Failure> {
    Ok(Arc::new(
        Shelf::new(models_folder()?).with_mirror(mirror_of_environment()),
    ))
}

/// What an answer is looked at for.
#[derive(Clone, Debug, Default)]
pub struct Subject {
    pub question: Option<Question>,
    pub field: Option<Field>,
}

impl Subject {
    /// The question or field that was named.
    pub fn find(bank: &Bank, about: About) -> Result<Self, Failure> {
        if let Some(id) = about.question {
            let (field, question) = bank
                .question(&id)
                .ok_or_else(|| Failure(format!("Unknown question '{id}'. \"aloud questions\" lists them all.")))?;
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
            Failure(format!("Unknown field '{id}'. The fields are: {}.", names.join(", ")))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    enum Outer {
        #[error("Could not save a.json: {source}. Make room.")]
        Saying { source: io::Error },
        #[error("Could not save a.json.")]
        Silent { source: Inner },
    }

    #[derive(Debug, thiserror::Error)]
    #[error("the folder is gone.")]
    struct Inner(#[source] io::Error);

    #[test]
    fn an_error_and_its_sources_are_each_said_once() {
        let full = || io::Error::other("disk full");
        let saying = Failure::from(Outer::Saying { source: full() });
        assert_eq!(saying.0, "Could not save a.json: disk full. Make room.");
        let silent = Failure::from(Outer::Silent { source: Inner(full()) });
        assert_eq!(silent.0, "Could not save a.json (the folder is gone) (disk full).");
    }
}
