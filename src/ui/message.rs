//! A window with one message, where there is no other window to show it in.

use eframe::egui::{Align, Frame, Layout, Margin, ScrollArea, Ui, accesskit::Live};

use super::{
    paper_ui,
    theme::space,
    widgets::{Button, text},
};

/// Shows the message; true once it is closed.
pub fn message_ui(ui: &mut Ui, message: &str) -> bool {
    paper_ui(ui, |ui| {
        Frame::new()
            .inner_margin(Margin::same(24))
            .show(ui, |ui| {
                let close = |ui: &mut Ui| {
                    let button = Button::filled("Close").response(ui);
                    // Enter and Space press it: nothing else is here to be done.
                    if ui.memory(|memory| memory.focused().is_none()) {
                        button.request_focus();
                    }
                    button.clicked()
                };
                ui.with_layout(Layout::bottom_up(Align::Max), |ui| {
                    let pressed = close(ui);
                    ui.add_space(space::M);
                    ui.with_layout(Layout::top_down(Align::Min), |ui| {
                        ScrollArea::vertical().show(ui, |ui| {
                            text::title_ui(ui, "Aloud");
                            ui.add_space(space::S);
                            let response = text::body_ui(ui, message);
                            ui.ctx()
                                .accesskit_node_builder(response.id, |node| node.set_live(Live::Assertive));
                        });
                    });
                    pressed
                })
                .inner
            })
            .inner
    })
}
