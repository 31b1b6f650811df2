//! The first minute, at the very first start: the microphone is seen to move, the field is chosen, and one question warms
//! up. One key skips all of it.

use eframe::egui::Ui;

use super::{
    action::{Actions, WelcomeAction},
    command::UserCommand,
    home, microphone, page_ui,
    theme::space,
    view_model::{ViewModel, WelcomeStep},
    widgets::{Button, text},
};

pub fn welcome_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    page_ui(ui, "welcome", 640.0, |ui| {
        ui.add_space(((ui.ctx().content_rect().height() - 560.0) * 0.35).max(0.0));
        let number = match view.welcome {
            WelcomeStep::Microphone => 1,
            WelcomeStep::Field => 2,
            WelcomeStep::WarmUp => 3,
        };
        text::caps_ui(ui, &format!("Step {number} of 3"));
        match view.welcome {
            WelcomeStep::Microphone => microphone_step_ui(ui, view, actions),
            WelcomeStep::Field => {
                text::opening_ui(
                    ui,
                    "What are you preparing for?",
                    "The questions come from this field. You can change it at any time.",
                );
                home::field_ui(ui, view, actions);
            }
            WelcomeStep::WarmUp => text::opening_ui(
                ui,
                "One question to warm up",
                "“Tell me about yourself.” Answer it aloud, for a minute or so. Only this computer hears you, nothing is \
                 graded, and you can stop at any time.",
            ),
        }
        ui.add_space(space::XXL);
        buttons_ui(ui, view, actions);
    });
}

fn microphone_step_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    text::opening_ui(
        ui,
        "Say a few words",
        "Aloud asks interview questions, listens to your answers, and shows what was in them. The bars move when it hears you. Nothing leaves this computer, and what you say here is not kept.",
    );
    microphone::microphone_ui(ui, view, actions);
    ui.add_space(space::M);
    microphone::model_ui(ui, view, actions);
}

fn buttons_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    let last = view.welcome == WelcomeStep::WarmUp;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        let next = UserCommand::NextStep;
        next.button_ui(ui, view, actions, next.button(view, Button::filled).tall());
        if view.welcome != WelcomeStep::Microphone && Button::plain("Back").show(ui) {
            actions.push(WelcomeAction::Back);
        }
        let label = if last { "Not now" } else { "Skip the introduction" };
        if Button::plain(label).key("Esc").show(ui) {
            actions.push(WelcomeAction::Skip);
        }
    });
}
