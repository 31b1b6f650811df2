//! Speech models: loaded and fetched, each on a thread of its own.

use std::sync::{Arc, atomic::AtomicBool};

use super::{Conductor, Message};
use crate::{
    recognizer::Ears,
    session::{Event, ModelState},
};

impl Conductor {
    pub(super) fn load(&mut self, model: String) {
        self.wanted_model = Some(model.clone());
        self.outbox
            .push(Event::Model(ModelState::Loading { model: model.clone() }));
        let library = Arc::clone(&self.library);
        self.aside("model loader", move || {
            let outcome = library.load(&model);
            Message::Loaded(model, outcome)
        });
    }

    pub(super) fn model_loaded(&mut self, model: String, outcome: Result<Option<Arc<dyn Ears>>, String>) {
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
            Err(says) => {
                self.model = None;
                ModelState::Failed { model, says }
            }
        };
        self.outbox.push(Event::Model(state));
        self.begin_to_transcribe();
    }

    pub(super) fn fetch(&mut self, model: String) {
        if self.fetch.is_some() {
            return self.trouble("A model is being fetched already. Wait for it, or cancel it.");
        }
        let cancel = Arc::new(AtomicBool::new(false));
        self.fetch = Some(Arc::clone(&cancel));
        let library = Arc::clone(&self.library);
        let own = self.own.clone();
        self.aside("model fetch", move || {
            let told = model.clone();
            let outcome = library.fetch(
                &model,
                &mut |progress| {
                    // A full inbox loses a step of a progress bar, no more.
                    let _ = own.try_send(Message::Fetching(told.clone(), progress));
                },
                &cancel,
            );
            Message::Fetched(model, outcome)
        });
    }
}
