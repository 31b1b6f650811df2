//! The command line: words in, an [`Invocation`] out.

use std::{ffi::OsString, path::PathBuf};

use lexopt::prelude::{Long, Short, Value, ValueExt as _};

use super::models::ModelsCommand;
use crate::question::QuestionKind;

pub const HELP: &str = "\
Aloud: practice interview answers out loud. Everything stays on this machine.

  aloud                                   open the window
  aloud analyze AUDIO.wav                 what is in a recorded answer
  aloud analyze --text FILE|-             what is in a typed answer
  aloud live AUDIO.wav                    a file as if it were spoken now
  aloud live --microphone [NAME] [--seconds N]
  aloud interview --field FIELD           draw the next practice interview
  aloud questions [--field F] [--kind background|behavioral|technical]
  aloud models list | fetch NAME | import PATH... | verify [NAME]
  aloud doctor                            what works on this machine, what does not, what to do

  --question ID | --field FIELD           what the answer is an answer to (analyze, live)
  --model NAME|PATH                       the speech model; tiny.en unless told
  --json                                  print JSON only
  --data DIR                              where your practice is kept
  --dry-run                               remember nothing (interview)
  --help, --version
";

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invocation {
    pub command: Command,
    pub json: bool,
    pub data: Option<PathBuf>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Window,
    Analyze {
        answer: Answer,
        about: About,
        model: Option<String>,
    },
    Live {
        source: LiveSource,
        about: About,
        model: Option<String>,
    },
    Interview {
        field: String,
        dry_run: bool,
    },
    Questions {
        field: Option<String>,
        kind: Option<QuestionKind>,
    },
    Models(ModelsCommand),
    Doctor,
    Help,
    Version,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Spoken(PathBuf),
    /// A file, or nothing for standard input.
    Typed(Option<PathBuf>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LiveSource {
    File(PathBuf),
    Microphone { name: Option<String>, seconds: Option<u64> },
}

/// What an answer is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    pub question: Option<String>,
    pub field: Option<String>,
}

/// The arguments are wrong: what, and what to do.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} \"aloud --help\" shows what there is.")]
pub struct UsageError(String);

impl From<lexopt::Error> for UsageError {
    fn from(error: lexopt::Error) -> Self {
        let message = error.to_string();
        let mut letters = message.chars();
        let capital: String = letters.next().map(char::to_uppercase).into_iter().flatten().collect();
        Self(format!("{capital}{}.", letters.as_str()))
    }
}

fn wrong<T>(message: impl Into<String>) -> Result<T, UsageError> {
    Err(UsageError(message.into()))
}

/// Everything that may stand on a command line, before it is known which command it is.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option that stands on the command line or does not"
)]
struct Words {
    plain: Vec<OsString>,
    text: Option<OsString>,
    microphone: bool,
    seconds: Option<u64>,
    about: About,
    model: Option<String>,
    kind: Option<QuestionKind>,
    json: bool,
    dry_run: bool,
    data: Option<PathBuf>,
    help: bool,
    version: bool,
    given: Vec<&'static str>,
}

/// Reads the arguments after the program's name.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Invocation, UsageError> {
    let mut words = read(arguments)?;
    if words.help || words.version {
        let command = if words.help { Command::Help } else { Command::Version };
        return Ok(Invocation {
            command,
            json: words.json,
            data: words.data,
        });
    }
    let name = if words.plain.is_empty() {
        OsString::new()
    } else {
        words.plain.remove(0)
    };
    let name = name.to_string_lossy().into_owned();
    allow(&name, &words.given)?;
    let (json, data) = (words.json, words.data.clone());
    let command = match name.as_str() {
        "" => Command::Window,
        "analyze" => analyze(words)?,
        "live" => live(words)?,
        "interview" => {
            nothing_more(&words.plain)?;
            match words.about.field {
                Some(field) => Command::Interview {
                    field,
                    dry_run: words.dry_run,
                },
                None => return wrong("An interview needs a field: --field cybersecurity."),
            }
        }
        "questions" => {
            nothing_more(&words.plain)?;
            Command::Questions {
                field: words.about.field,
                kind: words.kind,
            }
        }
        "models" => Command::Models(models(words.plain)?),
        "doctor" => {
            nothing_more(&words.plain)?;
            Command::Doctor
        }
        "help" => Command::Help,
        other => return wrong(format!("There is no command '{other}'.")),
    };
    Ok(Invocation { command, json, data })
}

fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Words, UsageError> {
    let mut words = Words::default();
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        let given = match argument {
            Value(value) => {
                words.plain.push(value);
                continue;
            }
            Long("json") => {
                words.json = true;
                continue;
            }
            Long("data") => {
                words.data = Some(parser.value()?.into());
                continue;
            }
            Long("help") | Short('h') => {
                words.help = true;
                continue;
            }
            Long("version") | Short('V') => {
                words.version = true;
                continue;
            }
            Long("text") => {
                words.text = Some(parser.value()?);
                "--text"
            }
            Long("microphone") => {
                words.microphone = true;
                "--microphone"
            }
            Long("seconds") => {
                words.seconds = Some(parser.value()?.parse()?);
                "--seconds"
            }
            Long("question") => {
                words.about.question = Some(parser.value()?.string()?);
                "--question"
            }
            Long("field") => {
                words.about.field = Some(parser.value()?.string()?);
                "--field"
            }
            Long("model") => {
                words.model = Some(parser.value()?.string()?);
                "--model"
            }
            Long("kind") => {
                let name = parser.value()?.string()?;
                words.kind = Some(QuestionKind::from_name(&name).ok_or_else(|| {
                    UsageError(format!(
                        "There is no kind '{name}': background, behavioral or technical."
                    ))
                })?);
                "--kind"
            }
            Long("dry-run") => {
                words.dry_run = true;
                "--dry-run"
            }
            Short(_) | Long(_) => return Err(argument.unexpected().into()),
        };
        words.given.push(given);
    }
    Ok(words)
}

/// Refuses options that this command would not heed.
fn allow(command: &str, given: &[&'static str]) -> Result<(), UsageError> {
    let known: &[&str] = match command {
        "analyze" => &["--text", "--question", "--field", "--model"],
        "live" => &["--microphone", "--seconds", "--question", "--field", "--model"],
        "interview" => &["--field", "--dry-run"],
        "questions" => &["--field", "--kind"],
        _ => &[],
    };
    match given.iter().find(|option| !known.contains(option)) {
        Some(option) if command.is_empty() => wrong(format!("The option {option} needs a command.")),
        Some(option) => wrong(format!("\"aloud {command}\" has no option {option}.")),
        None => Ok(()),
    }
}

fn analyze(mut words: Words) -> Result<Command, UsageError> {
    let answer = match (words.text.take(), words.plain.pop()) {
        (Some(_), Some(_)) => return wrong("Either a recording or --text, not both."),
        (Some(text), None) if text == "-" => Answer::Typed(None),
        (Some(text), None) => Answer::Typed(Some(text.into())),
        (None, Some(path)) => Answer::Spoken(path.into()),
        (None, None) => return wrong("What is to be analyzed? Name a WAV file, or a text with --text."),
    };
    nothing_more(&words.plain)?;
    if matches!(answer, Answer::Typed(_)) && words.model.is_some() {
        return wrong("A typed answer needs no --model.");
    }
    Ok(Command::Analyze {
        answer,
        about: about(words.about)?,
        model: words.model,
    })
}

fn live(mut words: Words) -> Result<Command, UsageError> {
    let named = words.plain.pop();
    nothing_more(&words.plain)?;
    let source = match (words.microphone, named) {
        (true, name) => {
            let name = name.map(|name| name.to_string_lossy().into_owned());
            LiveSource::Microphone {
                name,
                seconds: words.seconds,
            }
        }
        (false, Some(path)) if words.seconds.is_none() => LiveSource::File(path.into()),
        (false, Some(_)) => return wrong("--seconds goes with --microphone."),
        (false, None) => return wrong("What is to be heard? Name a WAV file, or --microphone."),
    };
    Ok(Command::Live {
        source,
        about: about(words.about)?,
        model: words.model,
    })
}

fn about(about: About) -> Result<About, UsageError> {
    if about.question.is_some() && about.field.is_some() {
        return wrong("Either --question or --field, not both: a question knows its field.");
    }
    Ok(about)
}

fn models(plain: Vec<OsString>) -> Result<ModelsCommand, UsageError> {
    let mut plain = plain.into_iter();
    let action = plain.next().map(|action| action.to_string_lossy().into_owned());
    let mut named: Vec<OsString> = plain.collect();
    if action.as_deref() == Some("import") {
        if named.is_empty() {
            return wrong("What is to be imported? Name a ggml file, a folder, or wheels.");
        }
        return Ok(ModelsCommand::Import(named.into_iter().map(PathBuf::from).collect()));
    }
    nothing_more(named.get(1..).unwrap_or_default())?;
    let named = named.pop().map(|named| named.to_string_lossy().into_owned());
    match (action.as_deref(), named) {
        (None | Some("list"), None) => Ok(ModelsCommand::List),
        (Some("fetch"), Some(name)) => Ok(ModelsCommand::Fetch(name)),
        (Some("verify"), name) => Ok(ModelsCommand::Verify(name)),
        (Some("fetch"), None) => wrong("Which model is to be fetched? \"aloud models list\" shows them."),
        (Some("list"), Some(_)) => wrong("\"aloud models list\" takes nothing more."),
        (Some(other), _) => wrong(format!("Models cannot '{other}': list, fetch, import or verify.")),
        (None, Some(_)) => wrong("Models: list, fetch, import or verify."),
    }
}

fn nothing_more(plain: &[OsString]) -> Result<(), UsageError> {
    match plain.first() {
        Some(word) => wrong(format!("'{}' is one word too many.", word.to_string_lossy())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expect: Result<Command, &str>) {
        let parsed = parse(line.split_whitespace().map(OsString::from));
        match (parsed, expect) {
            (Ok(parsed), Ok(command)) => assert_eq!(parsed.command, command, "{line}"),
            (Err(error), Err(message)) => {
                let error = error.to_string();
                assert!(error.starts_with(message), "{line}: {error}");
                assert!(error.ends_with("\"aloud --help\" shows what there is."), "{error}");
            }
            (parsed, expect) => panic!("{line}: {parsed:?} instead of {expect:?}"),
        }
    }

    #[test]
    fn every_command_of_the_contract_is_understood() {
        let field = || About {
            field: Some("general".to_owned()),
            question: None,
        };
        check("", Ok(Command::Window));
        check(
            "analyze a.wav --field general --json",
            Ok(Command::Analyze {
                answer: Answer::Spoken("a.wav".into()),
                about: field(),
                model: None,
            }),
        );
        check(
            "analyze --text - --field general",
            Ok(Command::Analyze {
                answer: Answer::Typed(None),
                about: field(),
                model: None,
            }),
        );
        check(
            "live a.wav --model base.en",
            Ok(Command::Live {
                source: LiveSource::File("a.wav".into()),
                about: About::default(),
                model: Some("base.en".to_owned()),
            }),
        );
        check(
            "live --microphone Blue --seconds 5",
            Ok(Command::Live {
                source: LiveSource::Microphone {
                    name: Some("Blue".to_owned()),
                    seconds: Some(5),
                },
                about: About::default(),
                model: None,
            }),
        );
        check(
            "live --microphone",
            Ok(Command::Live {
                source: LiveSource::Microphone {
                    name: None,
                    seconds: None,
                },
                about: About::default(),
                model: None,
            }),
        );
        check(
            "interview --field general --dry-run",
            Ok(Command::Interview {
                field: "general".to_owned(),
                dry_run: true,
            }),
        );
        check(
            "questions --kind technical",
            Ok(Command::Questions {
                field: None,
                kind: Some(QuestionKind::Technical),
            }),
        );
        check("models", Ok(Command::Models(ModelsCommand::List)));
        check(
            "models fetch tiny.en",
            Ok(Command::Models(ModelsCommand::Fetch("tiny.en".to_owned()))),
        );
        check(
            "models import a.whl b.whl",
            Ok(Command::Models(ModelsCommand::Import(vec![
                "a.whl".into(),
                "b.whl".into(),
            ]))),
        );
        check("models verify", Ok(Command::Models(ModelsCommand::Verify(None))));
        check("doctor --json", Ok(Command::Doctor));
        check("analyze --help", Ok(Command::Help));
        check("--version", Ok(Command::Version));
    }

    #[test]
    fn wrong_arguments_are_named() {
        for (line, message) in [
            ("sing", "There is no command 'sing'."),
            ("analyze", "What is to be analyzed?"),
            ("analyze a.wav b.wav", "'a.wav' is one word too many."),
            ("analyze a.wav --text b", "Either a recording or --text"),
            (
                "analyze a.wav --kind technical",
                "\"aloud analyze\" has no option --kind.",
            ),
            ("analyze a.wav --question q --field f", "Either --question or --field"),
            ("live", "What is to be heard?"),
            ("live a.wav --seconds 3", "--seconds goes with --microphone."),
            ("interview", "An interview needs a field"),
            ("questions --kind odd", "There is no kind 'odd'"),
            ("models fetch", "Which model is to be fetched?"),
            ("models import", "What is to be imported?"),
            ("models fetch tiny.en base", "'base' is one word too many."),
            ("models paint x", "Models cannot 'paint'"),
            ("--model x", "The option --model needs a command."),
            ("live --microphone --seconds soon", "Cannot parse argument \"soon\""),
            ("--nonsense", "Invalid option '--nonsense'."),
        ] {
            check(line, Err(message));
        }
    }
}
