//! One of several: a row of quiet buttons, with the chosen one tinted. And a switch for yes or no.

use eframe::egui::{
    self, Color32, CornerRadius, Key, Sense, Stroke, StrokeKind, Ui, WidgetInfo, accesskit::Role, pos2, vec2,
};

use super::focus_ring;
use crate::ui::theme::{self, CONTROL, Tokens, size, space};

/// A row of choices that breaks where it is full. Returns the one that was picked. For the keyboard it is one stop: the arrow
/// keys move the choice.
pub fn choices_ui<'a, T: PartialEq + Copy>(
    ui: &mut Ui,
    chosen: T,
    choices: impl IntoIterator<Item = (T, &'a str)>,
) -> Option<T> {
    let mut picked = None;
    let choices: Vec<(T, &str)> = choices.into_iter().collect();
    let at = choices.iter().position(|(value, _)| *value == chosen);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::S, space::S);
        let ends = [choices.first(), choices.last()].map(|choice| choice.map(|(_, word)| *word));
        let group = ui.scope_id().with(("choices", ends));
        let mut moved = None;
        for (index, (value, word)) in choices.iter().enumerate() {
            // Where nothing is chosen, the first one is the stop.
            let is_stop = index == at.unwrap_or(0);
            let response = choice_ui(ui, group.with(index), at == Some(index), is_stop, word);
            if response.clicked() && *value != chosen {
                picked = Some(*value);
            }
            if response.has_focus() {
                moved = moved_by_arrow(ui, &response, index, choices.len());
            }
        }
        if let Some(to) = moved {
            picked = Some(choices[to].0);
            ui.memory_mut(|memory| memory.request_focus(group.with(to)));
        }
    });
    picked
}

/// The choice that an arrow key goes to, round and round.
fn moved_by_arrow(ui: &Ui, response: &egui::Response, from: usize, count: usize) -> Option<usize> {
    super::own_arrow_keys(ui, response.id);
    let pressed = |key| ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, key));
    if pressed(Key::ArrowRight) || pressed(Key::ArrowDown) {
        return Some((from + 1) % count);
    }
    (pressed(Key::ArrowLeft) || pressed(Key::ArrowUp)).then(|| (from + count - 1) % count)
}

fn choice_ui(ui: &mut Ui, id: egui::Id, chosen: bool, is_stop: bool, word: &str) -> egui::Response {
    let tokens = Tokens::of(ui);
    let font = if chosen {
        theme::medium(size::TEXT)
    } else {
        theme::regular(size::TEXT)
    };
    let galley = ui.painter().layout_no_wrap(word.to_owned(), font, Color32::PLACEHOLDER);
    let (_, rect) = ui.allocate_space(vec2(galley.size().x + 2.0 * 14.0, CONTROL));
    let sense = if is_stop { Sense::click() } else { Sense::CLICK };
    let response = ui.interact(rect, id, sense);
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
