//! Speech models: loaded, fetched and imported, each on a thread of its own.

use std::{
    path::PathBuf,
    sync::{Arc, atomic::AtomicBool},
};

use super::{Message, SessionThread};
use crate::{
    protocol::{Event, Failure, FailureKind, ModelState, Task},
    recognizer::Ears,
};

/// Only one download at a time.
#[derive(Debug, thiserror::Error)]
#[error("A model is being downloaded already. Wait for it, or cancel it.")]
struct DownloadRunning;

impl SessionThread {
    /// Loads a model, unless that is under way. One that is loaded is loaded again: its file may be another by now.
    pub(super) fn load(&mut self, model: String) {
        let loading = ModelState::Loading { model: model.clone() };
        if self.model_state.as_ref() == Some(&loading) {
            return self.outbox.push(Event::Model(loading));
        }
        self.wanted_model = Some(model.clone());
        self.tell_model(loading);
        let library = Arc::clone(&self.library);
        let (wanted, loaded) = (model.clone(), model.clone());
        let begun = self.aside(
            "loading of the model",
            move || library.load(&wanted),
            |outcome| Message::Loaded(loaded, outcome),
        );
        if let Err(failure) = begun {
            self.tell_model(ModelState::Failed { model, failure });
        }
    }

    fn tell_model(&mut self, state: ModelState) {
        self.model_state = Some(state.clone());
        self.outbox.push(Event::Model(state));
    }

    pub(super) fn model_loaded(&mut self, model: String, outcome: Result<Option<Arc<dyn Ears>>, Failure>) {
        if self.wanted_model.as_deref() != Some(model.as_str()) {
            return;
        }
        let state = match outcome {
            Ok(Some(ears)) => {
                self.model = Some((model.clone(), ears));
                ModelState::Ready { model }
            }
            Ok(None) => {
                self.model = None;
                ModelState::Missing { model }
            }
            Err(failure) => {
                self.model = None;
                ModelState::Failed { model, failure }
            }
        };
        self.tell_model(state);
        self.begin_to_transcribe();
    }

    pub(super) fn fetch(&mut self, model: String, mirror: Option<String>) {
        if self.fetch.is_some() {
            let failure = Failure::new(FailureKind::Busy, DownloadRunning);
            return self.fail(Task::Download(model), failure);
        }
        let cancel = Arc::new(AtomicBool::new(false));
        let (library, mailbox) = (Arc::clone(&self.library), Arc::clone(&self.mailbox));
        let (wanted, fetched, cancelled) = (model.clone(), model.clone(), Arc::clone(&cancel));
        let begun = self.aside(
            "download of the model",
            move || {
                let mut progress = |progress| mailbox.set_progress(&wanted, progress);
                library.fetch(&wanted, mirror.as_deref(), &mut progress, &cancelled)
            },
            |outcome| Message::Fetched(fetched, outcome),
        );
        match begun {
            Ok(()) => self.fetch = Some(cancel),
            Err(failure) => self.fail(Task::Download(model), failure),
        }
    }

    pub(super) fn import(&mut self, path: PathBuf) {
        let library = Arc::clone(&self.library);
        let (wanted, imported) = (path.clone(), path.clone());
        let begun = self.aside(
            "import of the model",
            move || library.import(&wanted),
            |outcome| Message::Imported(imported, outcome),
        );
        if let Err(failure) = begun {
            self.fail(Task::Import(path), failure);
        }
    }
}
