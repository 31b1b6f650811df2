//! `aloud models list | fetch NAME | import PATH… | verify [NAME]`.

use std::{
    io::{self, IsTerminal as _, Write},
    path::PathBuf,
    sync::atomic::AtomicBool,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::models::{DEFAULT, Imported, InstallState, ModelEntry, ModelError, ModelStore, Progress, in_groups};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelsCommand {
    List,
    Fetch(String),
    /// Models, or parts of them.
    Import(Vec<PathBuf>),
    /// One model, or every one that is on this machine.
    Verify(Option<String>),
}

/// Carries the command out: the answer goes to `out`, as JSON where asked for, and progress to `err`.
pub fn run(
    command: ModelsCommand,
    model_store: &ModelStore,
    json: bool,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<(), ModelError> {
    match command {
        ModelsCommand::List => list(model_store, json, out).map_err(ModelError::Output),
        ModelsCommand::Fetch(name) => {
            let mut bar = Bar::new(&name, err);
            let path = model_store.fetch(&name, &mut |progress| bar.show(progress), &AtomicBool::new(false));
            bar.clear();
            let path = path?;
            let message = format!("The model {name} is ready: {}", path.display());
            answer(
                json,
                out,
                &message,
                &json!({"type": "model", "name": name, "own": false, "path": path}),
            )
        }
        ModelsCommand::Import(paths) => import(&paths, model_store, json, out, err),
        ModelsCommand::Verify(name) => verify(name, model_store, json, out),
    }
}

/// Imports each model that was named. One that fails is no reason to leave out the next.
fn import(
    paths: &[PathBuf],
    model_store: &ModelStore,
    json: bool,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<(), ModelError> {
    let mut failed = Vec::new();
    for group in in_groups(paths) {
        let mut bar = Bar::new("import", err);
        let imported = model_store.import_group(&group, &mut |progress| bar.show(progress), &AtomicBool::new(false));
        bar.clear();
        match imported {
            Ok(Imported { name, own, path }) => {
                let message = format!("The model {name} is ready: {}", path.display());
                let value = json!({"type": "model", "name": name, "own": own, "path": path});
                answer(json, out, &message, &value)?;
            }
            Err(error) => failed.push(error),
        }
    }
    all(failed)
}

/// One error for all of these.
fn all(mut failed: Vec<ModelError>) -> Result<(), ModelError> {
    match failed.len() {
        0 => Ok(()),
        1 => Err(failed.remove(0)),
        _ => Err(ModelError::Several(failed)),
    }
}

fn answer(json: bool, out: &mut dyn Write, message: &str, value: &serde_json::Value) -> Result<(), ModelError> {
    if json {
        writeln!(out, "{value}")
    } else {
        writeln!(out, "{message}")
    }
    .map_err(ModelError::Output)
}

fn list(model_store: &ModelStore, json: bool, out: &mut dyn Write) -> io::Result<()> {
    let entries = model_store.list();
    if json {
        return writeln!(
            out,
            "{}",
            json!({"type": "models", "folder": model_store.folder(), "models": entries})
        );
    }
    let widest = |of: fn(&ModelEntry) -> usize, least: usize| entries.iter().map(of).max().unwrap_or(0).max(least);
    let names = widest(|entry| entry.name.chars().count(), "NAME".len());
    let languages = widest(|entry| entry.languages.chars().count(), "LANGUAGES".len());
    writeln!(
        out,
        "{:names$}  {:>9}  {:languages$}  {:13}  GOOD FOR",
        "NAME", "SIZE", "LANGUAGES", "STATE"
    )?;
    for entry in &entries {
        let state = match entry.state {
            InstallState::Installed => "installed",
            InstallState::NotInstalled => "not installed",
            InstallState::Damaged => "damaged",
        };
        let size = megabytes(entry.bytes);
        let ModelEntry {
            name,
            languages: spoken,
            good_for,
            ..
        } = entry;
        writeln!(
            out,
            "{name:names$}  {size:>9}  {spoken:languages$}  {state:13}  {good_for}"
        )?;
    }
    writeln!(
        out,
        "\nModels are stored in {}. Download one with \"aloud models fetch NAME\".",
        model_store.folder().display()
    )
}

fn verify(name: Option<String>, model_store: &ModelStore, json: bool, out: &mut dyn Write) -> Result<(), ModelError> {
    let names: Vec<String> = match name {
        Some(name) => vec![name],
        None => model_store
            .list()
            .into_iter()
            .filter(|entry| entry.state != InstallState::NotInstalled)
            .map(|entry| entry.name)
            .collect(),
    };
    if names.is_empty() {
        return Err(ModelError::Missing {
            name: DEFAULT.to_owned(),
        });
    }
    let checked: Vec<(String, Result<bool, ModelError>)> = names
        .into_iter()
        .map(|name| {
            let checked = model_store.verify(&name).map(|()| model_store.has_adapter(&name));
            (name, checked)
        })
        .collect();
    if json {
        let models: Vec<_> = checked
            .iter()
            .map(|(name, result)| {
                let message = result.as_ref().err().map(ToString::to_string);
                json!({"name": name, "ok": result.is_ok(), "adapter": result.as_ref().ok(), "says": message})
            })
            .collect();
        writeln!(out, "{}", json!({"type": "verified", "models": models})).map_err(ModelError::Output)?;
    } else {
        for (name, adapted) in checked
            .iter()
            .filter_map(|(name, result)| Some((name, result.as_ref().ok()?)))
        {
            let adapter = if *adapted {
                "Its adapter for fillers and repeats is added when it is loaded."
            } else {
                "There is no adapter for fillers and repeats for it."
            };
            writeln!(out, "The model {name} is intact. {adapter}").map_err(ModelError::Output)?;
        }
    }
    all(checked.into_iter().filter_map(|(_, result)| result.err()).collect())
}

/// "77.7 MB": millions of bytes, as downloads are counted.
fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

/// Progress on standard error: a bar that is drawn over itself on a terminal, a line for each tenth elsewhere.
struct Bar<'a> {
    name: String,
    err: &'a mut dyn Write,
    terminal: bool,
    shown: Option<(Instant, u64)>,
}

/// A bar is drawn again after this time at the earliest.
const REDRAW: Duration = Duration::from_millis(100);
const CELLS: u64 = 30;

impl<'a> Bar<'a> {
    fn new(name: &str, err: &'a mut dyn Write) -> Self {
        Self {
            name: name.to_owned(),
            err,
            terminal: io::stderr().is_terminal(),
            shown: None,
        }
    }

    fn show(
        &mut self,
        Progress {
            done_bytes,
            total_bytes,
        }: Progress,
    ) {
        let total = total_bytes.unwrap_or(0);
        let tenths = (done_bytes * 10).checked_div(total).unwrap_or(0);
        let fresh = match self.shown {
            None => true,
            Some((at, _)) if self.terminal => at.elapsed() >= REDRAW || done_bytes == total,
            Some((_, shown)) => shown != tenths,
        };
        if !fresh {
            return;
        }
        self.shown = Some((Instant::now(), tenths));
        let full = (done_bytes * CELLS).checked_div(total).unwrap_or(0).min(CELLS) as usize;
        let empty = CELLS as usize - full;
        let sizes = format!("{} of {}", megabytes(done_bytes), megabytes(total));
        // A progress that nobody can see is no reason to stop a download.
        let _ = if self.terminal {
            write!(
                self.err,
                "\r\x1b[K{} [{}{}] {sizes}",
                self.name,
                "#".repeat(full),
                " ".repeat(empty)
            )
        } else {
            writeln!(self.err, "{}: {sizes}", self.name)
        };
        let _ = self.err.flush();
    }

    /// Leaves the line to what comes next.
    fn clear(&mut self) {
        if self.terminal && self.shown.is_some() {
            let _ = write!(self.err, "\r\x1b[K");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(command: ModelsCommand, model_store: &ModelStore, json: bool) -> (Result<(), String>, String) {
        let mut out = Vec::new();
        let result = run(command, model_store, json, &mut out, &mut Vec::new()).map_err(|error| error.to_string());
        (result, String::from_utf8(out).unwrap())
    }

    #[test]
    fn list_names_every_model_with_size_and_state() {
        let folder = tempfile::tempdir().unwrap();
        let (result, text) = said(ModelsCommand::List, &ModelStore::new(folder.path()), false);
        assert_eq!(result, Ok(()));
        let line = text.lines().find(|line| line.starts_with("tiny.en ")).unwrap();
        assert_eq!(
            line.split_whitespace().collect::<Vec<_>>()[..6],
            ["tiny.en", "77.7", "MB", "English", "not", "installed"]
        );
        assert_eq!(text.lines().filter(|line| line.contains(" MB ")).count(), 31);
    }

    #[test]
    fn list_as_json_is_one_object() {
        let folder = tempfile::tempdir().unwrap();
        let (_, text) = said(ModelsCommand::List, &ModelStore::new(folder.path()), true);
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["type"], "models");
        let tiny = &value["models"][0];
        assert_eq!((&tiny["name"], &tiny["default"]), (&json!("tiny.en"), &json!(true)));
        assert_eq!(
            (&tiny["state"], &tiny["path"], &tiny["own"]),
            (&json!("absent"), &json!(null), &json!(false))
        );
    }

    #[test]
    fn what_cannot_be_done_is_told_in_one_sentence_of_the_error() {
        let folder = tempfile::tempdir().unwrap();
        let model_store = ModelStore::new(folder.path());
        for (command, message) in [
            (ModelsCommand::Fetch("nope".into()), "Unknown model 'nope'."),
            (ModelsCommand::Verify(Some("nope".into())), "Unknown model 'nope'."),
            (
                ModelsCommand::Verify(Some("base".into())),
                "The model base is not on this machine.",
            ),
            (ModelsCommand::Verify(None), "The model tiny.en is not on this machine."),
            (
                ModelsCommand::Import(vec!["/nowhere/at/all.bin".into()]),
                "Could not read '/nowhere/at/all.bin':",
            ),
        ] {
            let (result, text) = said(command, &model_store, false);
            assert!(result.unwrap_err().starts_with(message));
            assert_eq!(text, "");
        }
    }

    #[test]
    fn each_that_cannot_be_imported_is_told_on_a_line_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let model_store = ModelStore::new(folder.path().join("models"));
        let page = folder.path().join("page.bin");
        std::fs::write(&page, "<!DOCTYPE html>").unwrap();
        let paths = vec!["/nowhere/one.bin".into(), page.clone(), "/nowhere/two.whl".into()];
        let (result, text) = said(ModelsCommand::Import(paths), &model_store, true);
        let message = result.unwrap_err();
        let lines: Vec<&str> = message.lines().collect();
        assert_eq!(lines.len(), 3, "{message}");
        assert!(lines[0].starts_with("Could not read '/nowhere/one.bin': "), "{message}");
        let of_page = format!("'{}' is not a speech model: it is a web page. ", page.display());
        assert!(lines[1].starts_with(&of_page), "{message}");
        assert!(lines[2].starts_with("Could not read '/nowhere/two.whl': "), "{message}");
        assert_eq!(text, "");
    }

    #[test]
    fn each_that_is_damaged_is_told_when_all_are_verified() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["tiny.en", "base"] {
            std::fs::write(folder.path().join(format!("ggml-{name}.bin")), b"lmgg").unwrap();
        }
        let (result, _) = said(ModelsCommand::Verify(None), &ModelStore::new(folder.path()), false);
        let message = result.unwrap_err();
        let lines: Vec<&str> = message.lines().collect();
        assert_eq!(lines.len(), 2, "{message}");
        assert!(
            lines[0].starts_with("The model tiny.en on this machine is damaged: "),
            "{message}"
        );
        assert!(
            lines[1].starts_with("The model base on this machine is damaged: "),
            "{message}"
        );
    }

    #[test]
    fn progress_elsewhere_than_on_a_terminal_is_a_line_for_each_tenth() {
        let mut err = Vec::new();
        let mut bar = Bar {
            name: "tiny.en".into(),
            err: &mut err,
            terminal: false,
            shown: None,
        };
        for done_bytes in (0..=50_000_000).step_by(100_000) {
            bar.show(Progress {
                done_bytes,
                total_bytes: Some(50_000_000),
            });
        }
        let text = String::from_utf8(err).unwrap();
        assert_eq!(text.lines().count(), 11);
        assert_eq!(text.lines().nth(3), Some("tiny.en: 15.0 MB of 50.0 MB"));
    }
}
