//! One of several: a row of quiet buttons, with the chosen one tinted. And a switch for yes or no.

use eframe::egui::{
    self, Color32, CornerRadius, Sense, Stroke, StrokeKind, Ui, WidgetInfo, accesskit::Role, pos2, vec2,
};

use lucide_icons::Icon;

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

/// A small choice that can be taken back: pressed, it is chosen or no longer. Its check tells it from the others.
pub fn chip_ui(ui: &mut Ui, chosen: bool, word: &str) -> egui::Response {
    const HEIGHT: f32 = 30.0;
    let tokens = Tokens::of(ui);
    let layout = |text: String, font| ui.painter().layout_no_wrap(text, font, tokens.ink);
    let galley = layout(word.to_owned(), theme::medium(size::LABEL));
    let check = chosen.then(|| layout(char::from(Icon::Check).to_string(), theme::icon(14.0)));
    let before = check.as_ref().map_or(0.0, |check| check.size().x + space::XS);
    let width = galley.size().x + before + 2.0 * space::M;
    let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen, word));
    let (ground, edge) = match (chosen, response.hovered()) {
        (true, _) => (tokens.wash, tokens.accent),
        (false, true) => (tokens.hover, tokens.line),
        (false, false) => (tokens.surface, tokens.line),
    };
    let radius = CornerRadius::same((HEIGHT / 2.0) as u8);
    let stroke = Stroke::new(1.0, edge);
    ui.painter().rect(rect, radius, ground, stroke, StrokeKind::Inside);
    let mut at = rect.left_center() + vec2(space::M, 0.0);
    if let Some(check) = check {
        ui.painter()
            .galley(at - vec2(0.0, check.size().y / 2.0), check, tokens.ink);
        at.x += before;
    }
    ui.painter()
        .galley(at - vec2(0.0, galley.size().y / 2.0), galley, tokens.ink);
    focus_ring(ui.painter(), tokens, &response, (HEIGHT / 2.0) as u8);
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
