//! The line at the foot of the window for as long as something is under way or wrong: what is not saved, and the progress
//! of a deletion.

use eframe::egui::{Frame, Margin, Panel, Ui, accesskit::Live};
use lucide_icons::Icon;

use super::{
    theme::{Tokens, space},
    view_model::ViewModel,
    widgets::{button, text},
};

/// What is not on disk as it should be, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotSaved {
    /// "this interview and your settings"
    pub what: String,
    /// A sentence.
    pub why: String,
}

impl NotSaved {
    pub fn message(&self) -> String {
        format!("Not saved yet: {}. {} Aloud keeps trying.", self.what, self.why)
    }
}

/// Recordings that are being deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deleting {
    pub done: usize,
    pub total: usize,
}

impl Deleting {
    pub fn message(self) -> String {
        format!("Deleting recordings: {} of {}", self.done, self.total)
    }
}

pub fn status_ui(ui: &mut Ui, view: &ViewModel) {
    let not_saved = view
        .attention
        .not_saved
        .as_ref()
        .map(|not_saved| (Icon::TriangleAlert, not_saved.message()));
    let deleting = view
        .attention
        .deleting
        .map(|deleting| (Icon::Trash2, deleting.message()));
    let lines: Vec<(Icon, String)> = not_saved.into_iter().chain(deleting).collect();
    if lines.is_empty() {
        return;
    }
    let tokens = Tokens::of(ui);
    Panel::bottom("status")
        .show_separator_line(false)
        .frame(Frame::new().inner_margin(Margin::symmetric(24, 6)))
        .show(ui, |ui| {
            for (icon, message) in lines {
                ui.horizontal_top(|ui| {
                    ui.spacing_mut().item_spacing.x = space::S;
                    button::icon_ui(ui, icon, 16.0, tokens.accent);
                    let response = text::soft_ui(ui, &message);
                    ui.ctx()
                        .accesskit_node_builder(response.id, |node| node.set_live(Live::Polite));
                });
            }
        });
}
