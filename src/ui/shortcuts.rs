//! The page of keys.

use eframe::egui::{Align, CornerRadius, Layout, Sense, Stroke, StrokeKind, Ui, vec2};

use super::{
    action::Action,
    keys::KEYS,
    page_ui,
    theme::{self, CONTROL_RADIUS, Tokens, size, space},
    view_model::ViewModel,
    widgets::{hairline, text},
};

pub fn shortcuts_ui(ui: &mut Ui, _scene: &ViewModel) -> Option<Action> {
    page_ui(ui, "keys", 560.0, |ui| {
        text::opening(
            ui,
            "Keys",
            "Everything can be done from the keyboard; Tab moves on. No key works while you write.",
        );
        for (key, does) in KEYS {
            hairline(ui);
            ui.horizontal(|ui| {
                ui.set_min_height(40.0);
                text::body(ui, does);
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    ui.spacing_mut().item_spacing.x = space::XS;
                    for part in key.split(' ').rev() {
                        key_ui(ui, part);
                    }
                });
            });
        }
        None
    })
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
