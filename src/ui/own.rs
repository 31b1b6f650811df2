//! The user's own questions: the text of their file, and what is in it or wrong with it while it is edited.

use eframe::egui::Ui;
use lucide_icons::Icon;

use super::{
    action::{Actions, NavigateAction, OwnQuestionsAction},
    page_ui,
    theme::{Tokens, size, space},
    view_model::{Screen, ViewModel},
    widgets::{Button, button, field, text},
};

pub fn own_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    page_ui(ui, "own", 820.0, |ui| {
        text::opening_ui(
            ui,
            "Your own questions",
            "One block per question. The id at the top decides which field they join; a new id makes a new field.",
        );
        let tokens = Tokens::of(ui);
        let (icon, color, message, good) = match &view.own.findings {
            Ok(message) => (Icon::Check, tokens.accent, message, true),
            Err(message) => (Icon::TriangleAlert, tokens.filler, message, false),
        };
        ui.horizontal_top(|ui| {
            button::icon_ui(ui, icon, 18.0, color);
            text::body_ui(ui, message);
        });
        ui.add_space(space::S);
        ui.horizontal_wrapped(|ui| {
            if Button::filled("Save")
                .name("Save your questions")
                .enabled(good && !view.own.unread)
                .show(ui)
            {
                actions.push(OwnQuestionsAction::Save);
            }
            if Button::quiet("Back to the questions").show(ui) {
                actions.push(NavigateAction::Go(Screen::Library));
            }
        });
        ui.add_space(space::S);
        let changed = field::area_ui(ui, "The text of your questions", &view.own.text, "", 18, size::TEXT);
        if let Some(text) = changed {
            actions.push(OwnQuestionsAction::Edit(text));
        }
    });
}
