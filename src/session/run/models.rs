//! Speech models: loaded, fetched and imported, each on a thread of its own. There may be two: one for what is shown while
//! somebody speaks, and one for the final text.

use std::{
    path::PathBuf,
    sync::{Arc, atomic::AtomicBool},
};

use super::{Message, SessionThread};
use crate::{
    protocol::{Event, Failure, FailureKind, ModelState, Task},
    recognizer::{RecognizerFactory, pace},
    session::model_provider::ModelProvider,
};

/// What a model is loaded for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::session) enum ModelUse {
    /// What is shown while somebody speaks, and everything where there is no other.
    Live,
    FinalText,
}

/// The models that takes are written down with, and those that are on their way.
#[derive(Debug)]
pub(super) struct ModelControl {
    pub(super) provider: Arc<dyn ModelProvider>,
    pub(super) live: ModelSlot,
    /// Wants nothing where the final text is the live model's too.
    pub(super) of_final_text: ModelSlot,
    /// Set, it cancels the download that runs.
    pub(super) download: Option<Arc<AtomicBool>>,
}

/// A place for one model.
#[derive(Debug, Default)]
pub(super) struct ModelSlot {
    pub(super) loaded: Option<LoadedModel>,
    pub(super) wanted: Option<String>,
    /// What was told of the wanted model last.
    state: Option<ModelState>,
    /// It was let go of, to be loaded again when it is needed.
    unloaded: bool,
}

#[derive(Clone, Debug)]
pub(super) struct LoadedModel {
    pub(super) name: String,
    pub(super) factory: Arc<dyn RecognizerFactory>,
}

impl ModelSlot {
    /// Whether it will soon be there, and is not yet.
    pub(super) fn is_coming(&self) -> bool {
        self.loaded.is_none() && matches!(self.state, Some(ModelState::Loading { .. }))
    }
}

impl ModelControl {
    pub(super) fn new(provider: Arc<dyn ModelProvider>) -> Self {
        Self {
            provider,
            live: ModelSlot::default(),
            of_final_text: ModelSlot::default(),
            download: None,
        }
    }

    fn slot(&mut self, of: ModelUse) -> &mut ModelSlot {
        match of {
            ModelUse::Live => &mut self.live,
            ModelUse::FinalText => &mut self.of_final_text,
        }
    }
}

/// What is not loaded cannot be measured.
#[derive(Debug, thiserror::Error)]
#[error("No speech model is loaded that could be measured. Choose one in Settings.")]
struct NothingToMeasure;

/// Only one download at a time.
#[derive(Debug, thiserror::Error)]
#[error("A model is already being downloaded. Wait for it, or cancel it.")]
struct DownloadRunning;

impl SessionThread {
    /// Loads a model, unless that is under way. One that is loaded is loaded again: its file may be another by now.
    pub(super) fn load(&mut self, of: ModelUse, model: String) {
        let loading = ModelState::Loading { model: model.clone() };
        if self.models.slot(of).state.as_ref() == Some(&loading) {
            return self.outbox.push(told(of, loading));
        }
        self.tell_model(of, loading);
        self.begin_to_load(of, model);
    }

    fn begin_to_load(&mut self, of: ModelUse, model: String) {
        let slot = self.models.slot(of);
        slot.wanted = Some(model.clone());
        slot.unloaded = false;
        let model_provider = Arc::clone(&self.models.provider);
        let (wanted, loaded) = (model.clone(), model.clone());
        let begun = self.aside(
            "loading of the model",
            move || model_provider.load(&wanted),
            move |outcome| Message::Loaded(of, loaded, outcome),
        );
        if let Err(failure) = begun {
            self.tell_model(of, ModelState::Failed { model, failure });
        }
    }

    /// The final text is to be this model's; nothing: the live one's.
    pub(super) fn load_for_final_text(&mut self, model: Option<String>) {
        match model.filter(|model| self.models.live.wanted.as_ref() != Some(model)) {
            Some(model) => self.load(ModelUse::FinalText, model),
            None => self.models.of_final_text = ModelSlot::default(),
        }
    }

    /// Lets go of the models' memory until one is needed. Nobody is told: they are as ready as before.
    pub(super) fn unload(&mut self) {
        if self.takes.has_work() {
            return;
        }
        for slot in [&mut self.models.live, &mut self.models.of_final_text] {
            slot.unloaded |= slot.loaded.take().is_some();
        }
    }

    /// Loads what was let go of.
    pub(super) fn load_again(&mut self) {
        for of in [ModelUse::Live, ModelUse::FinalText] {
            let slot = self.models.slot(of);
            if let Some(model) = slot.wanted.clone().filter(|_| slot.unloaded) {
                slot.state = Some(ModelState::Loading { model: model.clone() });
                self.begin_to_load(of, model);
            }
        }
    }

    /// Measures the pace of the live model.
    pub(super) fn measure_pace(&mut self) {
        let Some(LoadedModel { name, factory }) = self.models.live.loaded.clone() else {
            return self.fail(Task::Measurement, Failure::new(FailureKind::Busy, NothingToMeasure));
        };
        let begun = self.aside(
            "measurement of the model",
            move || pace::measure(factory.as_ref()).map_err(Failure::from),
            |outcome| Message::Measured(name, outcome),
        );
        if let Err(failure) = begun {
            self.fail(Task::Measurement, failure);
        }
    }

    fn tell_model(&mut self, of: ModelUse, state: ModelState) {
        self.models.slot(of).state = Some(state.clone());
        self.outbox.push(told(of, state));
    }

    pub(super) fn model_loaded(
        &mut self,
        of: ModelUse,
        model: String,
        outcome: Result<Option<Arc<dyn RecognizerFactory>>, Failure>,
    ) {
        let slot = self.models.slot(of);
        if slot.wanted.as_deref() != Some(model.as_str()) {
            return;
        }
        slot.loaded = None;
        let state = match outcome {
            Ok(Some(factory)) => {
                slot.loaded = Some(LoadedModel {
                    name: model.clone(),
                    factory,
                });
                ModelState::Ready { model }
            }
            Ok(None) => ModelState::Missing { model },
            Err(failure) => ModelState::Failed { model, failure },
        };
        self.tell_model(of, state);
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

fn told(of: ModelUse, state: ModelState) -> Event {
    match of {
        ModelUse::Live => Event::Model(state),
        ModelUse::FinalText => Event::FinalModel(state),
    }
}
