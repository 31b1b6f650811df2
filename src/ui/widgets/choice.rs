//! One of several: a row of quiet buttons, with the chosen one tinted. And a switch for yes or no.

use eframe::egui::{
    self, Color32, CornerRadius, Sense, Stroke, StrokeKind, Ui, WidgetInfo, accesskit::Role, pos2, vec2,
};

use super::focus_ring;
use crate::ui::theme::{self, CONTROL, Tokens, size, space};

/// A row of choices that breaks where it is full. Returns the one that was picked.
pub fn choices_ui<'a, T: PartialEq + Copy>(
    ui: &mut Ui,
    chosen: T,
    choices: impl IntoIterator<Item = (T, &'a str)>,
) -> Option<T> {
    let mut picked = None;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::S, space::S);
        for (value, word) in choices {
            if choice_ui(ui, value == chosen, word).clicked() && value != chosen {
                picked = Some(value);
            }
        }
    });
    picked
}

fn choice_ui(ui: &mut Ui, chosen: bool, word: &str) -> egui::Response {
    let tokens = Tokens::of(ui);
    let font = if chosen {
        theme::medium(size::TEXT)
    } else {
        theme::regular(size::TEXT)
    };
    let galley = ui.painter().layout_no_wrap(word.to_owned(), font, Color32::PLACEHOLDER);
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + 2.0 * 14.0, CONTROL), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, chosen, word));
    let (ground, edge) = match (chosen, response.hovered()) {
        (true, _) => (tokens.wash, tokens.accent),
        (false, true) => (tokens.hover, tokens.line),
        (false, false) => (tokens.surface, tokens.line),
    };
    let radius = (CONTROL / 2.0) as u8;
    ui.painter().rect(
        rect,
        CornerRadius::same(radius),
        ground,
        Stroke::new(1.0, edge),
        StrokeKind::Inside,
    );
    ui.painter()
        .galley(rect.center() - galley.size() / 2.0, galley, tokens.ink);
    focus_ring(ui.painter(), tokens, &response, radius);
    response
}

/// A switch with its label. Returns the new position when it is moved.
pub fn switch_ui(ui: &mut Ui, on: bool, word: &str) -> Option<bool> {
    let tokens = Tokens::of(ui);
    let galley = ui
        .painter()
        .layout_no_wrap(word.to_owned(), theme::regular(size::TEXT), tokens.ink);
    let (rect, response) = ui.allocate_exact_size(vec2(44.0 + space::M + galley.size().x, CONTROL), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Switch, true, on, word));
    let way = ui.ctx().animate_bool(response.id, on);
    let track = egui::Rect::from_min_size(pos2(rect.left(), rect.center().y - 12.0), vec2(44.0, 24.0));
    let ground = if on { tokens.accent } else { tokens.hover };
    let edge = if on { tokens.accent } else { tokens.soft };
    ui.painter().rect(
        track,
        CornerRadius::same(12),
        ground,
        Stroke::new(1.0, edge),
        StrokeKind::Inside,
    );
    let knob = pos2(
        egui::lerp(track.left() + 12.0..=track.right() - 12.0, way),
        track.center().y,
    );
    ui.painter()
        .circle_filled(knob, 8.0, if on { tokens.on_accent } else { tokens.soft });
    ui.painter().galley(
        pos2(track.right() + space::M, rect.center().y - galley.size().y / 2.0),
        galley,
        tokens.ink,
    );
    focus_ring(ui.painter(), tokens, &response, 12);
    response.clicked().then_some(!on)
}
