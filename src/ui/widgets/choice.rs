//! One of several: a row of quiet buttons, with the chosen one tinted. And a switch for yes or no.

use eframe::egui::{
    self, Color32, CornerRadius, Key, Sense, Stroke, StrokeKind, Ui, WidgetInfo, accesskit::Role, pos2, vec2,
};

use lucide_icons::Icon;

use super::{focus_ring, text::curly};
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
    let galley = ui
        .painter()
        .layout_no_wrap(curly(word).into_owned(), font, Color32::PLACEHOLDER);
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

/// Rows of chips: as far from the next row as from each other, and as high as they are.
pub fn chips_ui(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::S, space::S);
        // Before the first row: it would be as high as a button.
        ui.spacing_mut().interact_size.y = 0.0;
        ui.horizontal_wrapped(content);
    });
}

/// A chip that narrows a list down, and is pressed once more to undo that. True when it is pressed.
pub fn chip_ui(ui: &mut Ui, on: bool, word: &str) -> bool {
    const HEIGHT: f32 = 28.0;
    let tokens = Tokens::of(ui);
    let font = theme::medium(size::LABEL);
    let galley = ui
        .painter()
        .layout_no_wrap(curly(word).into_owned(), font, Color32::PLACEHOLDER);
    let check = on.then(|| {
        let check = char::from(Icon::Check).to_string();
        ui.painter()
            .layout_no_wrap(check, theme::icon(size::LABEL), Color32::PLACEHOLDER)
    });
    let check_width = check.as_ref().map_or(0.0, |check| check.size().x + space::XS);
    let width = check_width + galley.size().x + 2.0 * space::M;
    let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::click());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Button, true, word);
        info.selected = Some(on);
        info
    });
    let (ground, edge, text) = match (on, response.hovered()) {
        (true, _) => (tokens.wash, tokens.accent, tokens.ink),
        (false, true) => (tokens.hover, tokens.line, tokens.ink),
        (false, false) => (tokens.surface, tokens.line, tokens.soft),
    };
    let radius = (HEIGHT / 2.0) as u8;
    ui.painter().rect(
        rect,
        CornerRadius::same(radius),
        ground,
        Stroke::new(1.0, edge),
        StrokeKind::Inside,
    );
    let mut at = rect.left_center() + vec2(space::M, 0.0);
    if let Some(check) = check {
        ui.painter().galley(at - vec2(0.0, check.size().y / 2.0), check, text);
        at.x += check_width;
    }
    ui.painter().galley(at - vec2(0.0, galley.size().y / 2.0), galley, text);
    focus_ring(ui.painter(), tokens, &response, radius);
    response.clicked()
}

/// A switch with its label. Returns the new position when it is moved.
pub fn switch_ui(ui: &mut Ui, on: bool, word: &str) -> Option<bool> {
    let tokens = Tokens::of(ui);
    let galley = ui
        .painter()
        .layout_no_wrap(curly(word).into_owned(), theme::regular(size::TEXT), tokens.ink);
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
