//! What can fail with models, told so that a person knows what to do next.

use std::{fmt::Write as _, io, path::PathBuf};

use thiserror::Error;

use super::{invalid_model::InvalidModel, mirror::MirrorError};

#[derive(Debug, Error)]
pub enum ModelError {
    #[error("Unknown model '{name}'. `aloud models list` shows those available.")]
    Unknown { name: String },

    #[error("The model {name} is not on this machine. Download it with `aloud models fetch {name}`.")]
    Missing { name: String },

    /// Every source of the catalog was tried: each with its reason.
    #[error("{}", all_failed(name, reasons, address.as_deref()))]
    Unreachable {
        name: String,
        reasons: Vec<Reason>,
        address: Option<String>,
    },

    /// The mirror that was named cannot be used.
    #[error(transparent)]
    Mirror(#[from] MirrorError),

    /// Of what was given for one model, however many files that are.
    #[error("{}", not_a_model(paths, invalid))]
    NotAModel { paths: Vec<PathBuf>, invalid: InvalidModel },

    #[error("The model {name} on this machine is damaged: {invalid}. {}", mend(name, *own))]
    Damaged {
        name: String,
        own: bool,
        invalid: InvalidModel,
    },

    #[error(
        "'{}' would be named {name}, but another model already has that name. Rename the file and import it again.",
        path.display()
    )]
    NameTaken { path: PathBuf, name: String },

    #[error("Could not read '{}': {source}. Check the name and its permissions.", path.display())]
    Unreadable { path: PathBuf, source: io::Error },

    #[error("{}", models(folder, source))]
    Folder { folder: PathBuf, source: io::Error },

    #[error("No home folder was found to store models in. Name a folder in the environment variable ALOUD_MODELS.")]
    NoHome,

    #[error("Could not write the output: {0}.")]
    Output(#[source] io::Error),

    /// Of several models, each on a line of its own.
    #[error("{}", each(.0))]
    Several(Vec<ModelError>),

    #[error("Cancelled. What was downloaded is kept, and the next try resumes there.")]
    Cancelled,
}

/// Why one source did not give a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// "huggingface.co", or "the larger model tiny.en".
    pub source: String,
    /// Continues "…: "; no full stop.
    pub message: String,
}

fn all_failed(name: &str, reasons: &[Reason], address: Option<&str>) -> String {
    let mut text = format!("Could not get the model {name}.");
    for Reason { source, message } in reasons {
        write!(text, " From {source}: {message}.").expect("a String takes every write");
    }
    match address {
        Some(address) => write!(
            text,
            " Try again when you are online, or download {address} on another machine and give the file to \
             `aloud models import`."
        ),
        None => write!(
            text,
            " Try again when you are online, or give its file to `aloud models import`."
        ),
    }
    .expect("a String takes every write");
    text
}

fn each(errors: &[ModelError]) -> String {
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

fn not_a_model(paths: &[PathBuf], invalid: &InvalidModel) -> String {
    let names: Vec<String> = paths.iter().map(|path| format!("'{}'", path.display())).collect();
    let names = names.join(" with ");
    match invalid {
        InvalidModel::Cut { .. } | InvalidModel::Longer(_) => {
            format!("{names} is not a whole speech model: {invalid}. Copy or download it again.")
        }
        InvalidModel::SomeParts(_) => format!("{names} is not a whole speech model: {invalid}."),
        InvalidModel::Empty
        | InvalidModel::WebPage
        | InvalidModel::Placeholder
        | InvalidModel::Gguf
        | InvalidModel::Unknown
        | InvalidModel::Broken(_)
        | InvalidModel::Unreadable(_) => format!(
            "{names} is not a speech model: {invalid}. Give a ggml file (.bin), a CTranslate2 folder, or its wheels; \
             `aloud models list` names the models that can be fetched instead."
        ),
    }
}

fn mend(name: &str, own: bool) -> String {
    if own {
        "Import it again.".to_owned()
    } else {
        format!("Download it again with `aloud models fetch {name}`.")
    }
}

fn models(folder: &std::path::Path, source: &io::Error) -> String {
    let folder = folder.display();
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            format!("The disk of the models' folder '{folder}' is full. Free some space and try again.")
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            format!(
                "Aloud may not write to the models' folder '{folder}'. Allow it, or name another with ALOUD_MODELS."
            )
        }
        _ => format!(
            "Could not use the models' folder '{folder}': {source}. Check its disk, or name another with ALOUD_MODELS."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_say_what_failed_on_what_and_what_to_do() {
        let unreachable = ModelError::Unreachable {
            name: "tiny.en".into(),
            reasons: vec![
                Reason {
                    source: "example.org".into(),
                    message: "it refused the connection".into(),
                },
                Reason {
                    source: "the larger model tiny".into(),
                    message: "it is not on this machine".into(),
                },
            ],
            address: Some("https://example.org/ggml-tiny.en.bin".into()),
        };
        let path = || PathBuf::from("model.bin");
        let paths = || vec![path()];
        for (error, message) in [
            (
                ModelError::Unknown { name: "huge".into() },
                "Unknown model 'huge'. `aloud models list` shows those available.",
            ),
            (
                ModelError::Missing { name: "tiny.en".into() },
                "The model tiny.en is not on this machine. Download it with `aloud models fetch tiny.en`.",
            ),
            (
                unreachable,
                "Could not get the model tiny.en. From example.org: it refused the connection. From the larger model \
                 tiny: it is not on this machine. Try again when you are online, or download \
                 https://example.org/ggml-tiny.en.bin on another machine and give the file to `aloud models import`.",
            ),
            (
                ModelError::NotAModel {
                    paths: paths(),
                    invalid: InvalidModel::WebPage,
                },
                "'model.bin' is not a speech model: it is a web page. Give a ggml file (.bin), a CTranslate2 folder, or \
                 its wheels; `aloud models list` names the models that can be fetched instead.",
            ),
            (
                ModelError::NotAModel {
                    paths: paths(),
                    invalid: InvalidModel::Cut { has: 3, needs: 9 },
                },
                "'model.bin' is not a whole speech model: it is truncated: 3 of 9 bytes. Copy or download it again.",
            ),
            (
                ModelError::NotAModel {
                    paths: vec!["a.whl".into(), "b.whl".into()],
                    invalid: InvalidModel::SomeParts(2),
                },
                "'a.whl' with 'b.whl' is not a whole speech model: it ends after part 2 of several; \
                 import all of its wheels at once.",
            ),
            (
                ModelError::Several(vec![
                    ModelError::Missing { name: "base".into() },
                    ModelError::Unknown { name: "huge".into() },
                ]),
                "The model base is not on this machine. Download it with `aloud models fetch base`.\n\
                 Unknown model 'huge'. `aloud models list` shows those available.",
            ),
            (
                ModelError::Damaged {
                    name: "base".into(),
                    own: false,
                    invalid: InvalidModel::Longer(2),
                },
                "The model base on this machine is damaged: it has 2 extra bytes at its end. Download it again with \
                 `aloud models fetch base`.",
            ),
            (
                ModelError::NameTaken {
                    path: path(),
                    name: "tiny.en".into(),
                },
                "'model.bin' would be named tiny.en, but another model already has that name. Rename the file and import it \
                 again.",
            ),
            (
                ModelError::Folder {
                    folder: "/models".into(),
                    source: io::ErrorKind::StorageFull.into(),
                },
                "The disk of the models' folder '/models' is full. Free some space and try again.",
            ),
            (
                ModelError::Folder {
                    folder: "/models".into(),
                    source: io::ErrorKind::ReadOnlyFilesystem.into(),
                },
                "Aloud may not write to the models' folder '/models'. Allow it, or name another with ALOUD_MODELS.",
            ),
        ] {
            assert_eq!(error.to_string(), message);
        }
    }
}
