//! Where the session's speech models come from: the shelf on this machine, or a test's script.

use std::{
    path::Path,
    sync::{Arc, atomic::AtomicBool},
};

use crate::{
    models::{self, ModelError, ModelStore},
    protocol::{Failure, FailureKind, Progress},
    recognizer::{RecognizerError, RecognizerFactory, whisper::WhisperModel},
};

/// A source of models. Its calls may take long; the session gives each a thread of its own.
pub trait ModelProvider: Send + Sync + std::fmt::Debug {
    /// Loads a model; nothing where it is not on this machine.
    fn load(&self, model: &str) -> Result<Option<Arc<dyn RecognizerFactory>>, Failure>;

    /// Downloads a model, from a mirror first where one is named.
    fn fetch(
        &self,
        model: &str,
        mirror: Option<&str>,
        progress: &mut dyn FnMut(Progress),
        cancel: &AtomicBool,
    ) -> Result<(), Failure>;

    /// Takes a model from a file or folder, and tells the name that it has now.
    fn import(&self, path: &Path) -> Result<String, Failure>;
}

impl ModelProvider for ModelStore {
    /// A model of the store by its name, or any ggml file by its path.
    fn load(&self, model: &str) -> Result<Option<Arc<dyn RecognizerFactory>>, Failure> {
        let named = self.path(model);
        let path = match &named {
            Some(path) => path.as_path(),
            None if Path::new(model).is_file() => Path::new(model),
            None if self.catalog().find(model).is_some() => return Ok(None),
            None => {
                return Err(Failure::new(
                    FailureKind::Input,
                    format!("There is no speech model named '{model}'. \"aloud models list\" shows those there are."),
                ));
            }
        };
        // The C side ends the process over a file that is not what it seems.
        models::check(path)?;
        Ok(Some(Arc::new(WhisperModel::load(path)?)))
    }

    fn fetch(
        &self,
        model: &str,
        mirror: Option<&str>,
        progress: &mut dyn FnMut(Progress),
        cancel: &AtomicBool,
    ) -> Result<(), Failure> {
        self.fetch_from(model, mirror, progress, cancel)?;
        Ok(())
    }

    fn import(&self, path: &Path) -> Result<String, Failure> {
        let imported = Self::import(self, path, &mut |_| {}, &AtomicBool::new(false))?;
        Ok(imported.name)
    }
}

impl From<ModelError> for Failure {
    fn from(error: ModelError) -> Self {
        let kind = match &error {
            ModelError::Cancelled => FailureKind::Cancelled,
            ModelError::Unreachable { .. } => FailureKind::Network,
            ModelError::Folder { .. } | ModelError::NoHome | ModelError::Output(_) => FailureKind::Storage,
            ModelError::Unknown { .. }
            | ModelError::Missing { .. }
            | ModelError::Mirror(_)
            | ModelError::NotAModel { .. }
            | ModelError::Several(_)
            | ModelError::Damaged { .. }
            | ModelError::NameTaken { .. }
            | ModelError::Unreadable { .. } => FailureKind::Input,
        };
        Self::new(kind, error)
    }
}

impl From<RecognizerError> for Failure {
    fn from(error: RecognizerError) -> Self {
        let kind = match &error {
            RecognizerError::Load { .. } => FailureKind::Input,
            RecognizerError::Memory { .. } | RecognizerError::Thread(_) => FailureKind::Resources,
            RecognizerError::Decode { .. } | RecognizerError::Hangs => FailureKind::Recognition,
            RecognizerError::Sound(_) => FailureKind::Storage,
            RecognizerError::Died => FailureKind::Defect,
        };
        Self::new(kind, error)
    }
}
