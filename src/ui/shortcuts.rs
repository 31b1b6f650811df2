//! The page of keyboard shortcuts.

use eframe::egui::{Align, CornerRadius, Layout, Sense, Stroke, StrokeKind, Ui, vec2};

use super::{
    command::UserCommand,
    page_ui,
    theme::{self, CONTROL_RADIUS, Tokens, size, space},
    widgets::{hairline_ui, text},
};

pub fn shortcuts_ui(ui: &mut Ui) {
    page_ui(ui, "shortcuts", 560.0, |ui| {
        text::opening_ui(
            ui,
            "Keyboard shortcuts",
            "Everything can be done from the keyboard; Tab goes to the next control. Single keys do nothing while you type.",
        );
        ui.spacing_mut().item_spacing.y = space::XS;
        for command in UserCommand::ALL {
            hairline_ui(ui);
            ui.horizontal(|ui| {
                ui.set_min_height(36.0);
                text::body_ui(ui, command.tooltip());
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    ui.spacing_mut().item_spacing.x = space::XS;
                    for key in command.key_caps().into_iter().rev() {
                        key_ui(ui, key);
                    }
                });
            });
        }
    });
}

fn key_ui(ui: &mut Ui, key: &str) {
    let tokens = Tokens::of(ui);
    let galley = ui
        .painter()
        .layout_no_wrap(key.to_owned(), theme::medium(size::LABEL), tokens.ink);
    let (rect, response) = ui.allocate_exact_size(vec2((galley.size().x + 18.0).max(30.0), 28.0), Sense::hover());
    response.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::accesskit::Role::Label, true, key));
    let edge = Stroke::new(1.0, tokens.line);
    ui.painter().rect(
        rect,
        CornerRadius::same(CONTROL_RADIUS),
        tokens.surface,
        edge,
        StrokeKind::Inside,
    );
    ui.painter()
        .galley(rect.center() - galley.size() / 2.0, galley, tokens.ink);
}
