//! Where the session's speech models come from: the shelf on this machine, or a test's script.

use std::{
    path::Path,
    sync::{Arc, atomic::AtomicBool},
};

use crate::{
    models::{self, Progress, Shelf},
    recognizer::{Ears, whisper::WhisperModel},
};

/// A source of models. Its calls may take long; the session gives each a thread of its own.
pub trait Library: Send + Sync + std::fmt::Debug {
    /// Loads a model; nothing where it is not on this machine.
    fn load(&self, model: &str) -> Result<Option<Arc<dyn Ears>>, String>;

    /// Downloads a model.
    fn fetch(&self, model: &str, progress: &mut dyn FnMut(Progress), cancel: &AtomicBool) -> Result<(), String>;

    /// Takes a model from a file or folder, and tells the name that it has now.
    fn import(&self, path: &Path) -> Result<String, String>;
}

impl Library for Shelf {
    /// A model of the shelf by its name, or any ggml file by its path.
    fn load(&self, model: &str) -> Result<Option<Arc<dyn Ears>>, String> {
        let named = self.path(model);
        let path = match &named {
            Some(path) => path.as_path(),
            None if Path::new(model).is_file() => Path::new(model),
            None if self.catalog().find(model).is_some() => return Ok(None),
            None => {
                return Err(format!(
                    "There is no speech model named '{model}'. \"aloud models list\" shows those there are."
                ));
            }
        };
        // The C side ends the process over a file that is not what it seems.
        models::check(path).map_err(|error| error.to_string())?;
        let model = WhisperModel::load(path).map_err(|error| error.to_string())?;
        Ok(Some(Arc::new(model)))
    }

    fn fetch(&self, model: &str, progress: &mut dyn FnMut(Progress), cancel: &AtomicBool) -> Result<(), String> {
        Self::fetch(self, model, progress, cancel)
            .map(|_| ())
            .map_err(|error| error.to_string())
    }

    fn import(&self, path: &Path) -> Result<String, String> {
        Self::import(self, path, &mut |_| {}, &AtomicBool::new(false))
            .map(|imported| imported.name)
            .map_err(|error| error.to_string())
    }
}
