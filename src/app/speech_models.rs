//! Speech models: which one is used, where others come from, and which of them this machine keeps up with.

use std::time::Instant;

use eframe::egui;

use super::{App, load, prepare::typed_path};
use crate::{
    models,
    protocol::{Command, ModelState, Progress},
    settings::{FinalModel, Measured, ModelChoice},
    take::TakeId,
    ui::{
        Screen,
        action::ModelAction,
        view_model::{ImportState, ModelCard, Notice},
        widgets::field,
    },
};

/// Outside a question the models' memory is given back after ten minutes.
const RELEASE_SECONDS: f64 = 600.0;

/// The model that writes the final text.
#[derive(Debug, Default)]
pub(super) struct FinalModelControl {
    /// The one that was asked for; nothing: the live one.
    asked: Option<String>,
    /// This machine is being measured, or was.
    measuring: bool,
    /// The take that was stopped last, and when.
    pub(super) stopped: Option<(TakeId, Instant)>,
    /// The models' memory was given back.
    released: bool,
}

impl App {
    pub(super) fn handle_model_action(&mut self, action: ModelAction, ctx: &egui::Context) {
        match action {
            ModelAction::Choose(name) => {
                self.view.settings.model.clone_from(&name);
                self.audio.send(Command::LoadModel(name));
                self.choose_final_model();
                self.save_settings();
            }
            ModelAction::ChooseFinal(model) => {
                self.view.settings.final_model = model;
                self.choose_final_model();
                self.save_settings();
            }
            ModelAction::Fetch(model) => {
                let progress = Progress {
                    done_bytes: 0,
                    total_bytes: None,
                };
                self.view.models.fetching = Some((model.clone(), progress));
                let mirror = self.view.settings.model_mirror.clone();
                self.audio.send(Command::FetchModel { model, mirror });
            }
            ModelAction::CancelFetch => {
                self.view.models.fetching = None;
                self.audio.send(Command::CancelFetch);
            }
            ModelAction::EditMirror(address) => {
                self.view.settings.model_mirror = Some(address).filter(|address| !address.is_empty());
                self.view.models.mirror_problem = load::mirror_problem(&self.view.settings);
                self.save_settings();
            }
            ModelAction::ToggleAll => self.view.models.all_shown = !self.view.models.all_shown,
            ModelAction::TogglePath => {
                self.view.models.import.open = !self.view.models.import.open;
                if self.view.models.import.open {
                    ctx.memory_mut(|memory| memory.request_focus(field::id("Path of the model file")));
                }
            }
            ModelAction::EditPath(path) => {
                self.view.models.import.path = path;
                if !matches!(self.view.models.import.state, ImportState::Running(_)) {
                    self.view.models.import.state = ImportState::Idle;
                }
            }
            ModelAction::Import => {
                let path = typed_path(&self.view.models.import.path, std::env::home_dir());
                self.view.models.import.state = ImportState::Running(path.clone());
                self.audio.send(Command::ImportModel(path));
            }
        }
    }

    /// Without a model nobody transcribes the take now: it is shown as it is, with the offer to download a model.
    pub(super) fn finish_without_model(&mut self) {
        let missing = matches!(
            self.view.models.state,
            Some(ModelState::Missing { .. } | ModelState::Failed { .. })
        );
        if let Some(practice) = self
            .view
            .practice
            .as_mut()
            .filter(|practice| missing && practice.waits_for_words())
        {
            practice.finish_without_words();
            self.observe();
        }
    }

    /// Names the largest model that this machine was measured to keep up with, and what it takes with each.
    pub(super) fn propose_model(&mut self) {
        let models = &mut self.view.models;
        let Some(measured) = &self.view.settings.measured else {
            models.keeps_up = None;
            return;
        };
        let choices: Vec<ModelChoice<'_>> = models.list.iter().filter_map(ModelCard::choice).collect();
        let keeps_up = models::largest_that_keeps_up(&choices, measured);
        let wait = |card: &ModelCard| {
            let pace = models::expected_pace(&choices, measured, card.work?);
            pace.map(models::seconds_to_final_text)
        };
        let waits: Vec<Option<f64>> = models.list.iter().map(wait).collect();
        models.keeps_up = keeps_up;
        for (card, wait) in models.list.iter_mut().zip(waits) {
            card.wait_seconds = wait;
        }
    }

    /// Has the model loaded that is to write the final text, where it is not yet. What is needed to choose one is measured
    /// once.
    pub(super) fn choose_final_model(&mut self) {
        let ready = matches!(self.view.models.state, Some(ModelState::Ready { .. }));
        let settings = &self.view.settings;
        let installed = self.view.models.list.iter().filter(|card| card.here);
        let choices: Vec<ModelChoice<'_>> = installed.filter_map(ModelCard::choice).collect();
        if settings.final_model == FinalModel::Auto
            && settings.measured.is_none()
            && ready
            && choices.len() > 1
            && !self.is_recording()
            && !std::mem::replace(&mut self.final_text.measuring, true)
        {
            self.audio.send(Command::MeasurePace);
        }
        let measured = settings.measured.as_ref();
        let wanted = models::model_for_final_text(&settings.final_model, &settings.model, &choices, measured);
        if wanted != self.final_text.asked {
            self.final_text.asked.clone_from(&wanted);
            self.view.models.final_state = None;
            self.audio.send(Command::LoadFinalModel(wanted));
        }
    }

    /// What is known of this machine changed.
    pub(super) fn machine_measured(&mut self, measured: Measured) {
        self.view.settings.measured = Some(measured);
        self.save_settings();
        self.propose_model();
        self.choose_final_model();
    }

    pub(super) fn final_model_changed(&mut self, state: &ModelState) {
        self.view.models.final_state = Some(state.clone());
        // One that nobody asked for by its name is not missed.
        if let ModelState::Failed { failure, .. } = state
            && matches!(self.view.settings.final_model, FinalModel::Named(_))
        {
            self.notify(Notice::Error(failure.to_string()));
        }
    }

    /// The final text has come. Where that took longer than it should, this machine is slower than was known.
    pub(super) fn final_text_came(&mut self, take: &TakeId, model: &str) {
        let Some((_, stopped)) = self.final_text.stopped.take_if(|(stopped, _)| stopped == take) else {
            return;
        };
        let seconds = stopped.elapsed().as_secs_f64();
        if self.final_text.asked.as_deref() == Some(model)
            && let Some(pace) = models::pace_where_late(seconds)
        {
            let model = model.to_owned();
            self.machine_measured(Measured { model, pace });
        }
    }

    /// Lets go of the models' memory when nothing has needed them for a while.
    pub(super) fn release_idle_models(&mut self, time: f64) {
        if self.needs_models() {
            // They are asked for before the first word needs them.
            if std::mem::take(&mut self.final_text.released) {
                self.audio.send(Command::ReloadModels);
            }
            self.timers.without_models_since = time;
        } else if time - self.timers.without_models_since >= RELEASE_SECONDS {
            self.timers.without_models_since = time;
            self.final_text.released = true;
            self.audio.send(Command::UnloadModels);
        }
    }

    /// When they will be let go of, in the window's seconds; nothing where they are needed, or were let go of.
    pub(super) fn models_released_at(&self) -> Option<f64> {
        let waits = !self.needs_models() && !self.final_text.released;
        waits.then_some(self.timers.without_models_since + RELEASE_SECONDS)
    }

    fn needs_models(&self) -> bool {
        matches!(self.view.screen, Screen::Practice | Screen::Welcome)
    }

    /// A model was installed: it is used where none was, or where it is the chosen one.
    pub(super) fn model_installed(&mut self, model: &str) {
        for card in &mut self.view.models.list {
            card.here |= card.name == model;
        }
        let missing = !matches!(
            self.view.models.state,
            Some(ModelState::Ready { .. } | ModelState::Loading { .. })
        );
        if model == self.view.settings.model || missing {
            model.clone_into(&mut self.view.settings.model);
            self.audio.send(Command::LoadModel(model.to_owned()));
            self.save_settings();
        }
        self.choose_final_model();
        self.notify(Notice::Done(format!("The speech model {model} is ready.")));
    }
}
