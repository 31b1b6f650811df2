//! Text fields. The text is an argument, and returned when it changed: a field keeps nothing.

use std::sync::Arc;

use eframe::egui::{
    self, FontId, Frame, Galley, Margin, Stroke, TextEdit, TextFormat, Ui, text::LayoutJob, text_edit::TextEditOutput,
    text_selection::CCursorRange, vec2,
};
use lucide_icons::Icon;

use super::rtl;
use crate::ui::theme::{self, CARD_RADIUS, CONTROL_RADIUS, Tokens, size, space};

/// A field of several lines. Returns the new text when it changed.
pub fn area_ui(ui: &mut Ui, name: &str, text: &str, hint: &str, rows: usize, points: f32) -> Option<String> {
    area_in_ui(ui, name, text, hint, rows, &theme::regular(points))
}

/// The same in another font.
pub fn area_in_ui(ui: &mut Ui, name: &str, text: &str, hint: &str, rows: usize, font: &FontId) -> Option<String> {
    let mut draft = text.to_owned();
    let tokens = Tokens::of(ui);
    let width = ui.available_width();
    let output = TextEdit::multiline(&mut draft)
        .id(id(name))
        .font(font.clone())
        .hint_text(
            egui::RichText::new(hint)
                .color(tokens.soft)
                .font(theme::regular(font.size)),
        )
        .desired_width(width)
        .desired_rows(rows)
        .layouter(&mut |ui, text, wrap| lines(ui, text.as_str(), font, wrap))
        .frame(frame(tokens, CARD_RADIUS).inner_margin(Margin::symmetric(12, 10)))
        .show(ui);
    follow_pointer(ui, &output, &draft);
    let response = output.response.response.accessible_name(name);
    super::focus_ring(ui.painter(), tokens, &response, CARD_RADIUS);
    response.changed().then_some(draft)
}

/// Lays out lines with the spacing of all other text.
fn lines(ui: &Ui, text: &str, font: &FontId, wrap: f32) -> Arc<Galley> {
    let format = TextFormat {
        font_id: font.clone(),
        color: Tokens::of(ui).ink,
        line_height: Some((font.size * 1.45).round()),
        ..TextFormat::default()
    };
    let mut job = LayoutJob::single_section(text.to_owned(), format);
    job.wrap.max_width = wrap;
    rtl::in_typing_order(ui.fonts_mut(|fonts| fonts.layout_job(job)))
}

/// Lays out one line.
fn line(ui: &Ui, text: &str) -> Arc<Galley> {
    let job = LayoutJob::simple_singleline(text.to_owned(), theme::regular(size::TEXT), Tokens::of(ui).ink);
    rtl::in_typing_order(ui.fonts_mut(|fonts| fonts.layout_job(job)))
}

/// Puts the cursor where the pointer is pressed or drawn to, in a text that has words from right to left.
fn follow_pointer(ui: &Ui, output: &TextEditOutput, text: &str) {
    let response = &output.response.response;
    let Some(pointer) = response.interact_pointer_pos().filter(|_| rtl::has_rtl(text)) else {
        return;
    };
    // A double click has chosen a word.
    if response.double_clicked() || response.triple_clicked() {
        return;
    }
    let Some(cursor) = rtl::cursor_at(&output.galley, pointer - output.galley_pos) else {
        return;
    };
    let (pressed, extends) = ui.input(|input| (input.pointer.any_pressed(), input.modifiers.shift));
    let mut state = output.state.clone();
    let range = match state.cursor.char_range().filter(|_| !pressed || extends) {
        Some(before) => CCursorRange::two(before.secondary, cursor),
        None => CCursorRange::one(cursor),
    };
    state.cursor.set_char_range(Some(range));
    state.store(ui.ctx(), response.id);
}

/// A search field.
pub fn search_ui(ui: &mut Ui, name: &str, text: &str, hint: &str) -> Option<String> {
    let mut draft = text.to_owned();
    let tokens = Tokens::of(ui);
    let width = ui.available_width().min(420.0);
    let output = TextEdit::singleline(&mut draft)
        .id(id(name))
        .font(theme::regular(size::TEXT))
        .hint_text(egui::RichText::new(hint).color(tokens.soft))
        .desired_width(width - 36.0)
        .align(egui::Align2::LEFT_CENTER)
        .frame(frame(tokens, CONTROL_RADIUS).inner_margin(Margin {
            left: 36,
            right: 12,
            top: 0,
            bottom: 0,
        }))
        .layouter(&mut |ui, text, _| line(ui, text.as_str()))
        .show(ui);
    follow_pointer(ui, &output, &draft);
    let response = output.response.response.accessible_name(name);
    let glass = ui
        .painter()
        .layout_no_wrap(char::from(Icon::Search).to_string(), theme::icon(16.0), tokens.soft);
    let at = response.rect.left_center() + vec2(space::M, -glass.size().y / 2.0);
    ui.painter().galley(at, glass, tokens.soft);
    super::focus_ring(ui.painter(), tokens, &response, CONTROL_RADIUS);
    response.changed().then_some(draft)
}

/// A field of one line.
pub fn line_ui(ui: &mut Ui, name: &str, text: &str, hint: &str) -> Option<String> {
    let mut draft = text.to_owned();
    let tokens = Tokens::of(ui);
    let width = ui.available_width();
    let output = TextEdit::singleline(&mut draft)
        .id(id(name))
        .font(theme::regular(size::TEXT))
        .hint_text(egui::RichText::new(hint).color(tokens.soft))
        .desired_width(width)
        .min_size(vec2(0.0, theme::CONTROL))
        .align(egui::Align2::LEFT_CENTER)
        .frame(frame(tokens, CONTROL_RADIUS).inner_margin(Margin::symmetric(12, 0)))
        .layouter(&mut |ui, text, _| line(ui, text.as_str()))
        .show(ui);
    follow_pointer(ui, &output, &draft);
    let response = output.response.response.accessible_name(name);
    super::focus_ring(ui.painter(), tokens, &response, CONTROL_RADIUS);
    response.changed().then_some(draft)
}

/// The id of the field with this name, so that a key can focus it.
pub fn id(name: &str) -> egui::Id {
    egui::Id::unique(("field", name))
}

fn frame(tokens: Tokens, radius: u8) -> Frame {
    Frame::new()
        .fill(tokens.surface)
        .stroke(Stroke::new(1.0, tokens.line))
        .corner_radius(radius)
}
