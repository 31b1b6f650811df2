//! Speech models: loaded, fetched and imported, each on a thread of its own.

use std::{
    path::PathBuf,
    sync::{Arc, atomic::AtomicBool},
};

use super::{Message, SessionThread};
use crate::{
    protocol::{Event, Failure, FailureKind, ModelState, Task},
    recognizer::RecognizerFactory,
    session::model_provider::ModelProvider,
};

/// The model that takes are written down with, and the one that is on its way.
#[derive(Debug)]
pub(super) struct ModelControl {
    pub(super) provider: Arc<dyn ModelProvider>,
    /// By its name.
    pub(super) loaded: Option<(String, Arc<dyn RecognizerFactory>)>,
    pub(super) wanted: Option<String>,
    /// What was told of the wanted model last.
    pub(super) state: Option<ModelState>,
    /// Set, it cancels the download that runs.
    pub(super) download: Option<Arc<AtomicBool>>,
}

impl ModelControl {
    pub(super) fn new(provider: Arc<dyn ModelProvider>) -> Self {
        Self {
            provider,
            loaded: None,
            wanted: None,
            state: None,
            download: None,
        }
    }
}

/// Only one download at a time.
#[derive(Debug, thiserror::Error)]
#[error("A model is already being downloaded. Wait for it, or cancel it.")]
struct DownloadRunning;

impl SessionThread {
    /// Loads a model, unless that is under way. One that is loaded is loaded again: its file may be another by now.
    pub(super) fn load(&mut self, model: String) {
        let loading = ModelState::Loading { model: model.clone() };
        if self.models.state.as_ref() == Some(&loading) {
            return self.outbox.push(Event::Model(loading));
        }
        self.models.wanted = Some(model.clone());
        self.tell_model(loading);
        let model_provider = Arc::clone(&self.models.provider);
        let (wanted, loaded) = (model.clone(), model.clone());
        let begun = self.aside(
            "loading of the model",
            move || model_provider.load(&wanted),
            |outcome| Message::Loaded(loaded, outcome),
        );
        if let Err(failure) = begun {
            self.tell_model(ModelState::Failed { model, failure });
        }
    }

    fn tell_model(&mut self, state: ModelState) {
        self.models.state = Some(state.clone());
        self.outbox.push(Event::Model(state));
    }

    pub(super) fn model_loaded(&mut self, model: String, outcome: Result<Option<Arc<dyn RecognizerFactory>>, Failure>) {
        if self.models.wanted.as_deref() != Some(model.as_str()) {
            return;
        }
        let state = match outcome {
            Ok(Some(factory)) => {
                self.models.loaded = Some((model.clone(), factory));
                ModelState::Ready { model }
            }
            Ok(None) => {
                self.models.loaded = None;
                ModelState::Missing { model }
            }
            Err(failure) => {
                self.models.loaded = None;
                ModelState::Failed { model, failure }
            }
        };
        self.tell_model(state);
        self.begin_to_transcribe();
    }

    pub(super) fn fetch(&mut self, model: String, mirror: Option<String>) {
        if self.models.download.is_some() {
            let failure = Failure::new(FailureKind::Busy, DownloadRunning);
            return self.fail(Task::Download(model), failure);
        }
        let cancel = Arc::new(AtomicBool::new(false));
        let (model_provider, mailbox) = (Arc::clone(&self.models.provider), Arc::clone(&self.mailbox));
        let (wanted, fetched, cancelled) = (model.clone(), model.clone(), Arc::clone(&cancel));
        let begun = self.aside(
            "download of the model",
            move || {
                let mut progress = |progress| mailbox.set_progress(&wanted, progress);
                model_provider.fetch(&wanted, mirror.as_deref(), &mut progress, &cancelled)
            },
            |outcome| Message::Fetched(fetched, outcome),
        );
        match begun {
            Ok(()) => self.models.download = Some(cancel),
            Err(failure) => self.fail(Task::Download(model), failure),
        }
    }

    pub(super) fn import(&mut self, path: PathBuf) {
        let model_provider = Arc::clone(&self.models.provider);
        let (wanted, imported) = (path.clone(), path.clone());
        let begun = self.aside(
            "import of the model",
            move || model_provider.import(&wanted),
            |outcome| Message::Imported(imported, outcome),
        );
        if let Err(failure) = begun {
            self.fail(Task::Import(path), failure);
        }
    }
}
