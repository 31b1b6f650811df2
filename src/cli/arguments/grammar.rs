//! What may be typed, in clap's terms: the names, shapes and help of all arguments. What they mean together is decided
//! where they become an [`Invocation`](super::Invocation).

use std::{ffi::OsString, path::PathBuf};

use clap::{
    Args, Parser,
    builder::{OsStringValueParser, PossibleValuesParser, TypedValueParser},
};
use clap_complete::Shell;

use super::About;
use crate::question::{QuestionKind, Seniority};

const ABOUT: &str = "practice interview answers out loud";

/// One screen. Each command's own help is made from its arguments.
pub const HELP: &str = "\
Aloud: practice interview answers out loud. Everything stays on this machine.

  aloud                                   open the window
  aloud analyze FILE|-                    what is in a recorded answer
  aloud analyze --text FILE|-             what is in a typed answer
  aloud live FILE|- [--final-model NAME|same|auto]      a recording, as if it were spoken now
  aloud live --microphone [NAME] [--seconds N]
  aloud interview --field FIELD [--role R] [--level entry|mid] [--length 3|5|8|10]
  aloud interview --posting FILE|-        draw the next practice interview, for a job posting
  aloud questions [--field F] [--kind background|behavioral|technical] [--role R] [--level L]
  aloud questions --search WORDS          the questions that hold these words, best first
  aloud roles [--field F]                 the roles of a field
  aloud models list | fetch NAME | import PATH... | verify [NAME]
  aloud doctor                            what works on this machine, what does not, what to do
  aloud help COMMAND                      a command's options, and what it prints

  --question ID | --field FIELD           what the answer is about (analyze, live)
  --model NAME|PATH                       the speech model; the default is tiny.en
  --json                                  print JSON only
  --data DIR                              where your practice is stored
  --dry-run                               remember nothing (interview)
  --help, --version
";

/// Everything after the program's name.
#[derive(Debug, Parser)]
#[command(
    name = "aloud",
    bin_name = "aloud",
    no_binary_name = true,
    version,
    propagate_version = true,
    about = ABOUT,
    override_help = HELP,
    override_usage = "aloud [OPTIONS] [COMMAND]"
)]
pub(super) struct CommandLine {
    #[command(flatten)]
    pub common: CommonOptions,
    #[command(subcommand)]
    pub command: Option<CommandArguments>,
}

/// Accepted before and after the command. Not clap's global options: of those, one on either side would pass as one.
#[derive(Debug, Args)]
pub(super) struct CommonOptions {
    /// Print JSON only
    #[arg(long)]
    pub json: bool,
    /// Where your practice is stored
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub data: Option<PathBuf>,
}

#[derive(Debug, clap::Subcommand)]
pub(super) enum CommandArguments {
    Analyze(AnalyzeArguments),
    Live(LiveArguments),
    Interview(InterviewArguments),
    Questions(QuestionsArguments),
    Roles(RolesArguments),
    Models(ModelsArguments),
    Doctor(DoctorArguments),
    Completions(CompletionsArguments),
    Man(ManArguments),
}

/// Finds what is in a recorded or typed answer.
#[derive(Debug, Args)]
#[command(
    override_usage = "aloud analyze [OPTIONS] <FILE|->\n       aloud analyze [OPTIONS] --text <FILE|->",
    after_help = "Prints the transcript, then one line for each kind of finding: fillers, repeats, pace, pauses, job terms,\n\
                  talking points. With --json, one object of type \"report\"."
)]
pub(super) struct AnalyzeArguments {
    /// A recorded answer: WAV, MP3, M4A, MP4, OGG, Opus, WebM, FLAC, AIFF or CAF; - is standard input
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// A typed answer instead: a text file; - is standard input
    #[arg(long, value_name = "FILE|-")]
    pub text: Option<PathBuf>,
    #[command(flatten)]
    pub about: About,
    /// The speech model; the default is tiny.en
    #[arg(long, value_name = "NAME|PATH", value_parser = text())]
    pub model: Option<String>,
    #[command(flatten)]
    pub common: CommonOptions,
}

/// Transcribes a file as if it were spoken now, or the microphone.
#[derive(Debug, Args)]
#[command(
    override_usage = "aloud live [OPTIONS] <FILE|->\n       aloud live [OPTIONS] --microphone [NAME] [--seconds <N>]",
    after_help = "Prints the words as they are recognized, then the same report as \"aloud analyze\". With --json, one object a\n\
                  line, of type \"started\", \"update\", \"stopped\" and \"report\". Enter or Ctrl-C stops the microphone.\n\
                  The final model may be another than the one that is shown meanwhile: auto is the largest that is\n\
                  installed and has its text ready within two seconds on this machine."
)]
pub(super) struct LiveArguments {
    /// A recorded answer; - is standard input. With --microphone, the microphone's name instead
    #[arg(value_name = "FILE|NAME")]
    pub source: Option<PathBuf>,
    /// Listen to a microphone; without NAME, to the one that the system chooses
    #[arg(long)]
    pub microphone: bool,
    /// Stop the microphone after N seconds
    #[arg(long, value_name = "N", value_parser = seconds, allow_negative_numbers = true)]
    pub seconds: Option<u64>,
    #[command(flatten)]
    pub about: About,
    /// The speech model; the default is tiny.en
    #[arg(long, value_name = "NAME|PATH", value_parser = text())]
    pub model: Option<String>,
    /// The model that writes the final text; the default is same
    #[arg(long, value_name = "NAME|same|auto", value_parser = text())]
    pub final_model: Option<String>,
    #[command(flatten)]
    pub common: CommonOptions,
}

/// Draws the next practice interview.
#[derive(Debug, Args)]
#[command(
    override_usage = "aloud interview [OPTIONS] --field <FIELD>\n       aloud interview [OPTIONS] --posting <FILE|->",
    after_help = "Prints the questions in order. With --json, one object of type \"interview\"."
)]
pub(super) struct InterviewArguments {
    /// The field to draw from, such as cybersecurity
    #[arg(long, value_name = "FIELD", value_parser = text(), required_unless_present = "posting")]
    pub field: Option<String>,
    /// The role in this field, such as soc-analyst; "aloud roles" lists them
    #[arg(long, value_name = "ROLE", value_parser = text(), requires = "field")]
    pub role: Option<String>,
    /// How much experience is expected: entry or mid
    #[arg(long, value_name = "LEVEL", value_parser = seniority(), hide_possible_values = true)]
    pub level: Option<Seniority>,
    /// How many questions: 3, 5, 8 or 10
    #[arg(long, value_name = "N", value_parser = length(), hide_possible_values = true, conflicts_with = "posting")]
    pub length: Option<usize>,
    /// Draw five questions that fit this job posting: a text file; - is standard input
    #[arg(long, value_name = "FILE|-")]
    pub posting: Option<PathBuf>,
    /// Remember nothing: the next interview may ask the same questions
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub common: CommonOptions,
}

/// Lists questions.
#[derive(Debug, Args)]
#[command(
    override_usage = "aloud questions [OPTIONS]",
    after_help = "Prints the id, the kind and the prompt of each question, one a line. With --json, one object of type\n\
                  \"questions\"."
)]
pub(super) struct QuestionsArguments {
    /// Only the questions of this field, such as cybersecurity
    #[arg(long, value_name = "FIELD", value_parser = text())]
    pub field: Option<String>,
    /// Only the questions of this kind: background, behavioral or technical
    #[arg(long, value_name = "KIND", value_parser = kind(), hide_possible_values = true)]
    pub kind: Option<QuestionKind>,
    /// Only the questions asked in this role, such as soc-analyst; "aloud roles" lists them
    #[arg(long, value_name = "ROLE", value_parser = text())]
    pub role: Option<String>,
    /// Only the questions of this level: entry or mid
    #[arg(long, value_name = "LEVEL", value_parser = seniority(), hide_possible_values = true)]
    pub level: Option<Seniority>,
    /// Only the questions that hold these words, best match first
    #[arg(long, value_name = "WORDS", value_parser = text())]
    pub search: Option<String>,
    #[command(flatten)]
    pub common: CommonOptions,
}

/// Lists the roles of each field.
#[derive(Debug, Args)]
#[command(
    override_usage = "aloud roles [OPTIONS]",
    after_help = "Prints the id, the field and the name of each role, one a line. With --json, one object of type \"roles\"."
)]
pub(super) struct RolesArguments {
    /// Only the roles of this field, such as cybersecurity
    #[arg(long, value_name = "FIELD", value_parser = text())]
    pub field: Option<String>,
    #[command(flatten)]
    pub common: CommonOptions,
}

/// Lists, downloads, imports and verifies speech models.
#[derive(Debug, Args)]
#[command(
    disable_help_subcommand = true,
    subcommand_value_name = "COMMAND",
    after_help = "Without a command, the same as \"aloud models list\"."
)]
pub(super) struct ModelsArguments {
    #[command(flatten)]
    pub common: CommonOptions,
    #[command(subcommand)]
    pub action: Option<ModelsAction>,
}

#[derive(Debug, clap::Subcommand)]
pub(super) enum ModelsAction {
    /// Lists the models there are.
    #[command(
        after_help = "Prints the name, size, languages and state of each model, one a line. With --json, one object of\n\
                            type \"models\"."
    )]
    List {
        #[command(flatten)]
        common: CommonOptions,
    },
    /// Downloads a model.
    #[command(
        after_help = "Prints where the model is. Progress goes to standard error. With --json, one object of type \"model\"."
    )]
    Fetch {
        /// A model that "aloud models list" shows
        #[arg(value_name = "NAME", value_parser = text())]
        name: String,
        #[command(flatten)]
        common: CommonOptions,
    },
    /// Imports models that are on this machine.
    #[command(
        override_usage = "aloud models import [OPTIONS] <PATH>...",
        after_help = "Prints where each model is. Progress goes to standard error. With --json, one object a line, of type\n\
                      \"model\"."
    )]
    Import {
        /// A ggml file, a CTranslate2 folder, or the Python wheels that hold one model
        #[arg(value_name = "PATH", required = true)]
        paths: Vec<PathBuf>,
        #[command(flatten)]
        common: CommonOptions,
    },
    /// Compares models with their SHA-256.
    #[command(
        after_help = "Prints a line for each intact model, with its adapter. With --json, one object of type \"verified\"."
    )]
    Verify {
        /// Only this model; otherwise every model that is on this machine
        #[arg(value_name = "NAME", value_parser = text())]
        name: Option<String>,
        #[command(flatten)]
        common: CommonOptions,
    },
}

/// Checks what works on this machine, what does not, and what to do about it.
#[derive(Debug, Args)]
#[command(
    after_help = "Prints one line a check: microphone, model, display, processor, last crash, data; and what to do where one\n\
                  fails. With --json, one object of type \"doctor\"."
)]
pub(super) struct DoctorArguments {
    #[command(flatten)]
    pub common: CommonOptions,
}

/// Prints a completion script for a shell.
#[derive(Debug, Args)]
#[command(
    after_help = "Prints the script. For bash: aloud completions bash > ~/.local/share/bash-completion/completions/aloud"
)]
pub(super) struct CompletionsArguments {
    /// bash, zsh, fish, powershell or elvish
    #[arg(value_name = "SHELL", hide_possible_values = true)]
    pub shell: Shell,
    #[command(flatten)]
    pub common: CommonOptions,
}

/// Prints the manual page.
#[derive(Debug, Args)]
#[command(after_help = "Prints roff. To read it: aloud man > aloud.1 && man ./aloud.1")]
pub(super) struct ManArguments {
    #[command(flatten)]
    pub common: CommonOptions,
}

/// A name or an id: text with something in it.
pub(super) fn text() -> impl TypedValueParser<Value = String> {
    OsStringValueParser::new().try_map(|value: OsString| match value.into_string() {
        Ok(text) if text.is_empty() => Err("it must not be empty"),
        Ok(text) => Ok(text),
        Err(_) => Err("it is not valid UTF-8"),
    })
}

fn seconds(text: &str) -> Result<u64, &'static str> {
    text.parse().map_err(|_| "it is not a whole number")
}

fn length() -> impl TypedValueParser<Value = usize> {
    PossibleValuesParser::new(["3", "5", "8", "10"]).try_map(|length| length.parse::<usize>())
}

fn seniority() -> impl TypedValueParser<Value = Seniority> {
    PossibleValuesParser::new(Seniority::ALL.map(Seniority::name))
        .try_map(|name| Seniority::from_name(&name).ok_or("it is not a level"))
}

fn kind() -> impl TypedValueParser<Value = QuestionKind> {
    PossibleValuesParser::new(QuestionKind::ALL.map(QuestionKind::name))
        .try_map(|name| QuestionKind::from_name(&name).ok_or("it is not a kind of question"))
}
