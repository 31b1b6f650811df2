//! What the screens asked for, handed to the part of the app that carries it out.

use eframe::egui;

use super::App;
use crate::ui::Action;

impl App {
    /// Carries an action out.
    pub fn handle_action(&mut self, action: impl Into<Action>, ctx: &egui::Context) {
        match action.into() {
            Action::Navigate(action) => self.handle_navigate_action(action),
            Action::Start(action) => self.handle_start_action(action),
            Action::Answer(action) => self.handle_answer_action(action, ctx),
            Action::Playback(action) => self.handle_playback_action(action),
            Action::Prepare(action) => self.handle_prepare_action(action, ctx),
            Action::OwnQuestions(action) => self.handle_own_questions_action(action, ctx),
            Action::Microphone(action) => self.handle_microphone_action(action, ctx),
            Action::Model(action) => self.handle_model_action(action, ctx),
            Action::Settings(action) => self.handle_settings_action(action),
            Action::View(action) => self.handle_view_action(action),
            Action::History(action) => self.handle_history_action(action, ctx),
            Action::Dialog(action) => self.handle_dialog_action(action, ctx),
            Action::Export(action) => self.handle_export_action(action, ctx),
            Action::Palette(action) => self.handle_palette_action(action),
            Action::Welcome(action) => self.handle_welcome_action(action),
        }
    }
}
