//! Every interview so far, newest first.

use eframe::egui::Ui;

use super::{
    action::{Actions, StartAction, ViewAction},
    command::UserCommand,
    page_ui, row_ui,
    theme::space,
    view_model::ViewModel,
    widgets::{Button, field, hairline_ui, rows::rows_ui, text},
};
use crate::interview::{Interview, Turn};

pub fn history_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    page_ui(ui, "history", 780.0, |ui| {
        if view.history.past.is_empty() {
            text::opening_ui(
                ui,
                "History",
                "Your interviews will appear here, with every take and its insights.",
            );
            if Button::filled(UserCommand::StartInterview.label(view)).show(ui) {
                actions.push(StartAction::Interview);
            }
            return;
        }
        let count = text::count(view.history.past.len(), "interview", "interviews");
        text::opening_ui(ui, "History", &format!("{count}, all on this computer."));
        let changed = field::search_ui(
            ui,
            "Search the history",
            &view.search.text,
            "A word from a question or an answer",
        );
        if let Some(text) = changed {
            actions.push(ViewAction::Search(text));
        }
        ui.add_space(space::M);
        if view.history.past.found().len() == 0 {
            text::soft_ui(ui, "Nothing matches. Try another word.");
        }
        let found = view.history.past.found();
        rows_ui(
            ui,
            "history",
            found,
            |interview| interview.id.as_str(),
            |ui, interview| {
                hairline_ui(ui);
                if interview_ui(ui, view, interview) {
                    actions.push(StartAction::PastInterview(interview.id.clone()));
                }
            },
        );
    });
}

fn interview_ui(ui: &mut Ui, view: &ViewModel, interview: &Interview) -> bool {
    let field = view.title_of(interview);
    let when = view.when(interview.begun);
    let name = format!("{field}, {when}");
    row_ui(ui, &name, |ui| {
        text::strong_ui(ui, field);
        let spoken: f64 = interview
            .turns
            .iter()
            .filter_map(Turn::attempt)
            .filter_map(|attempt| attempt.take.as_ref())
            .map(|take| take.seconds)
            .sum();
        let mut facts = vec![when];
        if interview.turns.len() == 1 {
            facts.push("one question".to_owned());
        } else {
            facts.push(format!(
                "{} of {} answered",
                interview.answered(),
                interview.turns.len()
            ));
        }
        if spoken > 0.0 {
            facts.push(format!("{} spoken", text::length(spoken)));
        }
        text::soft_ui(ui, &facts.join("  ·  "));
        if let [turn] = &interview.turns[..] {
            text::remark_ui(ui, turn.asked());
        }
    })
}
