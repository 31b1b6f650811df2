//! Cards and hairlines.

use eframe::egui::{CornerRadius, Frame, InnerResponse, Margin, Sense, Stroke, Ui, vec2};

use crate::ui::theme::{CARD_RADIUS, Tokens, space};

/// A card on the paper: a surface with a hairline around it, as wide as there is room.
pub fn card_ui<R>(ui: &mut Ui, content: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    let tokens = Tokens::of(ui);
    Frame::new()
        .fill(tokens.surface)
        .stroke(Stroke::new(1.0, tokens.line))
        .corner_radius(CornerRadius::same(CARD_RADIUS))
        .inner_margin(Margin::symmetric(20, 16))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = space::S;
            content(ui)
        })
}

/// A hairline across.
pub fn hairline_ui(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 1.0), Sense::hover());
    ui.painter()
        .hline(rect.x_range(), rect.center().y, Stroke::new(1.0, Tokens::of(ui).line));
}
