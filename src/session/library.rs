//! Where the session's speech models come from: the shelf on this machine, or a test's script.

use std::{path::Path, sync::Arc, sync::atomic::AtomicBool};

use crate::{
    models::Progress,
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

#[derive(Debug)]
pub struct Temporary;
impl Library for Temporary {
    fn load(&self, model: &str) -> Result<Option<Arc<dyn Ears>>, String> {
        let ears = WhisperModel::load(Path::new(model)).map_err(|e| e.to_string())?;
        Ok(Some(Arc::new(ears)))
    }
    fn fetch(&self, _: &str, _: &mut dyn FnMut(Progress), _: &AtomicBool) -> Result<(), String> {
        Ok(())
    }
    fn import(&self, _: &Path) -> Result<String, String> {
        Ok(String::new())
    }
}
