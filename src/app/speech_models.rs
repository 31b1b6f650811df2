//! Speech models: which one is used, where others come from, and which of them this machine keeps up with.

use eframe::egui;

use super::{App, load, prepare::typed_path};
use crate::{
    models,
    protocol::{Command, ModelState, Progress},
    ui::{
        action::ModelAction,
        view_model::{ImportState, Notice},
        widgets::field,
    },
};

impl App {
    pub(super) fn handle_model_action(&mut self, action: ModelAction, ctx: &egui::Context) {
        match action {
            ModelAction::Choose(name) => {
                self.view.settings.model.clone_from(&name);
                self.audio.send(Command::LoadModel(name));
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

    /// Names the largest model that this machine was measured to keep up with.
    pub(super) fn propose_model(&mut self) {
        let works = self
            .view
            .models
            .list
            .iter()
            .filter_map(|card| Some((card.name.as_str(), card.work?, card.taught)));
        self.view.models.keeps_up = self
            .view
            .settings
            .measured
            .as_ref()
            .and_then(|measured| models::largest_that_keeps_up(works, &measured.model, measured.pace));
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
        self.notify(Notice::Done(format!("The speech model {model} is ready.")));
    }
}
