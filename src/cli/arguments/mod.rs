//! The command line: arguments in, an [`Invocation`] out.

mod grammar;
mod manual;
#[cfg(test)]
mod tests;
mod usage_error;

use std::{ffi::OsString, path::PathBuf};

use clap::{Parser as _, error::ErrorKind};
use clap_complete::Shell;
use grammar::{AnalyzeArguments, CommandArguments, CommandLine, CommonOptions, LiveArguments, ModelsAction};

pub use grammar::HELP;
pub use manual::{completions, man_page};
pub use usage_error::UsageError;

use super::models::ModelsCommand;
use crate::{
    interview::draw,
    question::{QuestionKind, Seniority},
    settings::FinalModel,
};

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invocation {
    pub command: Subcommand,
    pub json: bool,
    pub data: Option<PathBuf>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subcommand {
    Window,
    Analyze {
        answer: AnswerSource,
        about: About,
        model: Option<String>,
    },
    Live {
        source: LiveSource,
        about: About,
        model: Option<String>,
        final_model: FinalModel,
    },
    Interview(InterviewOptions),
    Questions(QuestionFilter),
    Roles {
        field: Option<String>,
    },
    Models(ModelsCommand),
    Doctor,
    Completions(Shell),
    ManPage,
    /// The text to print: that of the program, or of one command.
    Help(String),
    Version,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerSource {
    /// A recording; `-` is standard input.
    Spoken(PathBuf),
    /// A file, or nothing for standard input.
    Typed(Option<PathBuf>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LiveSource {
    /// A recording; `-` is standard input.
    File(PathBuf),
    Microphone {
        name: Option<String>,
        seconds: Option<u64>,
    },
}

/// Which interview is drawn. One of field and posting is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterviewOptions {
    pub field: Option<String>,
    pub role: Option<String>,
    pub seniority: Option<Seniority>,
    pub length: usize,
    /// A text file; `-` is standard input.
    pub posting: Option<PathBuf>,
    pub dry_run: bool,
}

/// Which questions are listed: those that are all of this.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuestionFilter {
    pub field: Option<String>,
    pub kind: Option<QuestionKind>,
    pub role: Option<String>,
    pub seniority: Option<Seniority>,
    pub search: Option<String>,
}

/// What an answer is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args)]
pub struct About {
    /// The question it answers; "aloud questions" lists their ids
    #[arg(long, value_name = "ID", conflicts_with = "field", value_parser = grammar::text())]
    pub question: Option<String>,
    /// The field it is about, such as cybersecurity
    #[arg(long, value_name = "FIELD", value_parser = grammar::text())]
    pub field: Option<String>,
}

/// Reads the arguments after the program's name.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Invocation, UsageError> {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    match CommandLine::try_parse_from(&arguments) {
        Ok(line) => invocation(line),
        // To clap, a help text is an error too.
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp => Ok(told(Subcommand::Help(error.to_string()))),
            ErrorKind::DisplayVersion => Ok(told(Subcommand::Version)),
            _ => Err(UsageError::from_clap(&error, &arguments)),
        },
    }
}

/// Help and version need neither data nor format.
fn told(command: Subcommand) -> Invocation {
    Invocation {
        command,
        json: false,
        data: None,
    }
}

fn invocation(line: CommandLine) -> Result<Invocation, UsageError> {
    let outer = line.common;
    let (command, common) = match line.command {
        None => (Subcommand::Window, outer),
        Some(CommandArguments::Analyze(given)) => analyze(given, outer)?,
        Some(CommandArguments::Live(given)) => live(given, outer)?,
        Some(CommandArguments::Interview(given)) => {
            let command = Subcommand::Interview(InterviewOptions {
                field: given.field,
                role: given.role,
                seniority: given.level,
                length: given.length.unwrap_or(draw::USUAL),
                posting: given.posting,
                dry_run: given.dry_run,
            });
            (command, merge("interview", outer, given.common)?)
        }
        Some(CommandArguments::Questions(given)) => {
            let command = Subcommand::Questions(QuestionFilter {
                field: given.field,
                kind: given.kind,
                role: given.role,
                seniority: given.level,
                search: given.search,
            });
            (command, merge("questions", outer, given.common)?)
        }
        Some(CommandArguments::Roles(given)) => {
            let command = Subcommand::Roles { field: given.field };
            (command, merge("roles", outer, given.common)?)
        }
        Some(CommandArguments::Models(given)) => models(given.action, merge("models", outer, given.common)?)?,
        Some(CommandArguments::Doctor(given)) => (Subcommand::Doctor, merge("doctor", outer, given.common)?),
        Some(CommandArguments::Completions(given)) => (
            Subcommand::Completions(given.shell),
            merge("completions", outer, given.common)?,
        ),
        Some(CommandArguments::Man(given)) => (Subcommand::ManPage, merge("man", outer, given.common)?),
    };
    Ok(Invocation {
        command,
        json: common.json,
        data: common.data,
    })
}

/// What was given before a command's name and after it, each on one side only.
fn merge(command: &str, outer: CommonOptions, inner: CommonOptions) -> Result<CommonOptions, UsageError> {
    let twice = |option: &str| UsageError::new(command, format!("The option {option} was given twice."));
    if outer.json && inner.json {
        return Err(twice("--json"));
    }
    if outer.data.is_some() && inner.data.is_some() {
        return Err(twice("--data"));
    }
    Ok(CommonOptions {
        json: outer.json || inner.json,
        data: outer.data.or(inner.data),
    })
}

fn analyze(given: AnalyzeArguments, outer: CommonOptions) -> Result<(Subcommand, CommonOptions), UsageError> {
    let wrong = |message: &str| Err(UsageError::new("analyze", message));
    let answer = match (given.text, given.file) {
        (Some(_), Some(_)) => return wrong("Use either a recording or --text, not both."),
        (Some(_), None) if given.model.is_some() => {
            return wrong("The option --model is for recordings: a typed answer needs no speech model.");
        }
        (Some(text), None) if text.as_os_str() == "-" => AnswerSource::Typed(None),
        (Some(text), None) => AnswerSource::Typed(Some(text)),
        (None, Some(path)) => AnswerSource::Spoken(path),
        (None, None) => return wrong("Name a recording to analyze, or a typed answer with --text."),
    };
    let command = Subcommand::Analyze {
        answer,
        about: given.about,
        model: given.model,
    };
    Ok((command, merge("analyze", outer, given.common)?))
}

fn live(given: LiveArguments, outer: CommonOptions) -> Result<(Subcommand, CommonOptions), UsageError> {
    let wrong = |message: &str| Err(UsageError::new("live", message));
    let source = match (given.microphone, given.source) {
        (true, name) => LiveSource::Microphone {
            name: name.map(|name| name.to_string_lossy().into_owned()),
            seconds: given.seconds,
        },
        (false, Some(path)) if given.seconds.is_none() => LiveSource::File(path),
        (false, Some(_)) => return wrong("The option --seconds works only with --microphone."),
        (false, None) => return wrong("Name a recording to transcribe, or use --microphone."),
    };
    let command = Subcommand::Live {
        source,
        about: given.about,
        model: given.model,
        final_model: given.final_model.map_or(FinalModel::Same, FinalModel::from),
    };
    Ok((command, merge("live", outer, given.common)?))
}

fn models(action: Option<ModelsAction>, outer: CommonOptions) -> Result<(Subcommand, CommonOptions), UsageError> {
    let (command, common) = match action {
        None => (ModelsCommand::List, outer),
        Some(ModelsAction::List { common }) => (ModelsCommand::List, merge("models list", outer, common)?),
        Some(ModelsAction::Fetch { name, common }) => {
            (ModelsCommand::Fetch(name), merge("models fetch", outer, common)?)
        }
        Some(ModelsAction::Import { paths, common }) => {
            (ModelsCommand::Import(paths), merge("models import", outer, common)?)
        }
        Some(ModelsAction::Verify { name, common }) => {
            (ModelsCommand::Verify(name), merge("models verify", outer, common)?)
        }
    };
    Ok((Subcommand::Models(command), common))
}
