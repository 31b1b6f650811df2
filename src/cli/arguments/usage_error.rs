//! What is wrong with the arguments, in one sentence of our own: clap's errors are several lines long.

use std::ffi::OsString;

use clap::{
    Command, CommandFactory as _,
    error::{ContextKind, ContextValue, ErrorKind},
};

use super::grammar::CommandLine;

/// The arguments are wrong: what is, and where to read what would be right.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} See \"{command} --help\".")]
pub struct UsageError {
    message: String,
    /// The command whose help says more: "aloud", "aloud models fetch".
    command: String,
}

impl UsageError {
    /// An error of this command; "" is the program itself.
    pub(super) fn new(command: &str, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            command: format!("aloud {command}").trim_end().to_owned(),
        }
    }

    /// What clap found wrong with these arguments.
    pub(super) fn from_clap(error: &clap::Error, arguments: &[OsString]) -> Self {
        let root = built();
        let command = command_of(&root, arguments);
        let root = &root;
        let message = Misuse { error, root, command }.message();
        Self {
            // What was typed may hold anything; the sentence stays one line.
            message: message.replace(char::is_control, "\u{fffd}"),
            command: name_of(command).to_owned(),
        }
    }
}

/// The whole grammar. Only a built one knows what its commands are called in full.
fn built() -> Command {
    let mut root = CommandLine::command();
    root.build();
    root
}

/// The command that was named, as far as the arguments can be understood. clap's errors do not tell.
fn command_of<'a>(root: &'a Command, arguments: &[OsString]) -> &'a Command {
    let lenient = CommandLine::command().ignore_errors(true);
    let Ok(matches) = lenient.try_get_matches_from(arguments) else {
        return root;
    };
    let (mut command, mut matches) = (root, &matches);
    while let Some((name, inner)) = matches.subcommand()
        && let Some(named) = command.find_subcommand(name)
    {
        (command, matches) = (named, inner);
    }
    command
}

/// "aloud models fetch"
fn name_of(command: &Command) -> &str {
    command.get_bin_name().unwrap_or("aloud")
}

/// One of clap's errors, and where it came up.
struct Misuse<'a> {
    error: &'a clap::Error,
    root: &'a Command,
    command: &'a Command,
}

impl Misuse<'_> {
    fn message(&self) -> String {
        // As it was typed, or as clap shows one that it knows: "--field <FIELD>", "[FILE]".
        let typed = self.text(ContextKind::InvalidArg);
        let argument = plain(typed);
        let value = self.text(ContextKind::InvalidValue);
        match self.error.kind() {
            ErrorKind::UnknownArgument if typed.starts_with('-') => self.unknown_option(typed),
            ErrorKind::UnknownArgument => format!("Unexpected argument '{typed}'."),
            ErrorKind::InvalidSubcommand => self.unknown_command(),
            ErrorKind::InvalidValue if value.is_empty() => self.missing_value(&argument),
            ErrorKind::InvalidValue => {
                let name = name_in(&argument);
                let choices = choices(self.texts(ContextKind::ValidValue));
                let suggestion = suggestion(self.text(ContextKind::SuggestedValue));
                format!("Unknown value '{value}' for {name}: use {choices}.{suggestion}")
            }
            ErrorKind::ValueValidation if value.is_empty() => empty(&argument),
            ErrorKind::ValueValidation => {
                let reason = std::error::Error::source(self.error).map(ToString::to_string);
                let reason = reason.unwrap_or_default();
                format!("Invalid value '{value}' for {}: {reason}.", name_in(&argument))
            }
            ErrorKind::TooManyValues => format!("The option {argument} takes no value, but '{value}' was given."),
            ErrorKind::ArgumentConflict => self.conflict(&argument),
            ErrorKind::MissingRequiredArgument => self.missing_argument(),
            ErrorKind::InvalidUtf8 => "An argument is not valid UTF-8.".to_owned(),
            // None that this grammar leads to; clap may come to know more.
            kind => format!("The arguments could not be read: {kind}."),
        }
    }

    fn unknown_option(&self, option: &str) -> String {
        let owners = owners(self.root, option);
        if let Some(owner) = owners.first().filter(|_| std::ptr::eq(self.root, self.command)) {
            return format!("The option {option} belongs after a command: \"{owner} {option}\".");
        }
        if !owners.is_empty() {
            let owners = listed(owners.iter().map(|owner| format!("\"{owner}\"")), "and");
            return format!(
                "\"{}\" has no option {option}; it belongs to {owners}.",
                name_of(self.command)
            );
        }
        let suggestion = suggestion(self.text(ContextKind::SuggestedArg));
        format!("Unknown option '{option}'.{suggestion}")
    }

    fn unknown_command(&self) -> String {
        let word = self.text(ContextKind::InvalidSubcommand);
        let suggested = self.texts(ContextKind::SuggestedSubcommand);
        // clap names the likeliest last.
        let suggestion = suggestion(suggested.last().map_or("", String::as_str));
        if std::ptr::eq(self.root, self.command) {
            return format!("Unknown command '{word}'.{suggestion}");
        }
        let known = self.command.get_subcommands().map(|known| known.get_name().to_owned());
        let (name, known) = (name_of(self.command), listed(known, "or"));
        format!("\"{name}\" has no command '{word}': use {known}.{suggestion}")
    }

    /// To clap, an empty path is none.
    fn missing_value(&self, argument: &str) -> String {
        match (name_in(argument), self.texts(ContextKind::ValidValue)) {
            (name, _) if !name.starts_with('-') => empty(argument),
            (name, []) => format!("The option {name} needs a value: {argument}."),
            (name, values) => format!("The option {name} needs a value: {}.", choices(values)),
        }
    }

    fn conflict(&self, argument: &str) -> String {
        let other = plain(self.text(ContextKind::PriorArg));
        let (one, other) = (name_in(argument), name_in(&other));
        if one == other {
            format!("The option {one} was given twice.")
        } else {
            format!("Use either {one} or {other}, not both.")
        }
    }

    fn missing_argument(&self) -> String {
        let missing = self.texts(ContextKind::InvalidArg);
        let shown = missing.first().map_or("", String::as_str);
        let help = self
            .command
            .get_arguments()
            .find(|argument| argument.to_string() == shown)
            .and_then(|argument| argument.get_help())
            .map(ToString::to_string)
            .unwrap_or_default();
        format!(
            "Missing {}: {}.",
            plain(shown).trim_end_matches('.'),
            lower_first(&help)
        )
    }

    /// One name or value that the error tells.
    fn text(&self, kind: ContextKind) -> &str {
        match self.error.get(kind) {
            Some(ContextValue::String(text)) => text,
            _ => "",
        }
    }

    fn texts(&self, kind: ContextKind) -> &[String] {
        match self.error.get(kind) {
            Some(ContextValue::Strings(texts)) => texts,
            _ => &[],
        }
    }
}

/// The commands that have this option of their own, in full.
fn owners(command: &Command, option: &str) -> Vec<String> {
    let long = option.trim_start_matches('-');
    let mut found = Vec::new();
    for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
        if inner.get_arguments().any(|argument| argument.get_long() == Some(long)) {
            found.push(name_of(inner).to_owned());
        }
        found.extend(owners(inner, option));
    }
    found
}

/// "--field <FIELD>" without its brackets.
fn plain(shown: &str) -> String {
    shown.replace(['<', '>', '[', ']'], "")
}

/// "--field" of "--field FIELD", "PATH" of "PATH...".
fn name_in(argument: &str) -> &str {
    let name = argument.split_once(' ').map_or(argument, |(name, _)| name);
    name.trim_end_matches('.')
}

fn empty(argument: &str) -> String {
    format!("The value of {} must not be empty.", name_in(argument))
}

fn suggestion(word: &str) -> String {
    if word.is_empty() {
        String::new()
    } else {
        format!(" Did you mean '{word}'?")
    }
}

fn choices(values: &[String]) -> String {
    listed(values.iter().cloned(), "or")
}

/// "a, b or c"
fn listed(words: impl Iterator<Item = String>, last: &str) -> String {
    let words: Vec<String> = words.collect();
    match words.split_last() {
        Some((end, start)) if !start.is_empty() => format!("{} {last} {end}", start.join(", ")),
        _ => words.concat(),
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().map(char::to_lowercase).into_iter().flatten().collect();
    first + letters.as_str()
}
