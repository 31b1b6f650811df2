//! The steps of the very first start.

use super::App;
use crate::ui::{
    Screen,
    action::{StartAction, WelcomeAction},
    view_model::WelcomeStep,
};

/// The question to warm up with: everybody is asked it, and everybody has an answer.
const WARM_UP: &str = "general-introduction";

impl App {
    pub(super) fn handle_welcome_action(&mut self, action: WelcomeAction) {
        let step = &mut self.view.welcome;
        match action {
            WelcomeAction::Next => match step {
                WelcomeStep::Microphone => *step = WelcomeStep::Field,
                WelcomeStep::Field => *step = WelcomeStep::WarmUp,
                WelcomeStep::WarmUp => self.end_welcome(),
            },
            WelcomeAction::Back => match step {
                WelcomeStep::Microphone => {}
                WelcomeStep::Field => *step = WelcomeStep::Microphone,
                WelcomeStep::WarmUp => *step = WelcomeStep::Field,
            },
            WelcomeAction::Skip => self.end_welcome(),
            WelcomeAction::WarmUp => {
                self.end_welcome();
                self.handle_start_action(StartAction::Question(WARM_UP.into()));
            }
        }
    }

    /// To Home, and not again.
    pub(super) fn end_welcome(&mut self) {
        self.view.settings.welcomed = true;
        self.save_settings();
        self.enter(Screen::Home);
    }
}
