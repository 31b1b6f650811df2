//! Text in which the words are marked that were searched for: by a ground and by weight, not by colour alone.

use std::ops::Range;

use eframe::egui::{Color32, FontId, Label, Response, TextFormat, Ui, text::LayoutJob};

use super::text::curly;
use crate::ui::theme::{self, Tokens, size};

/// A title with marked words, given by their places in bytes.
pub fn title_ui(ui: &mut Ui, text: &str, marks: &[Range<usize>]) -> Response {
    let ink = Tokens::of(ui).ink;
    highlighted_ui(ui, text, marks, &theme::medium(16.0), 23.0, ink)
}

/// A remark with marked words.
pub fn remark_ui(ui: &mut Ui, text: &str, marks: &[Range<usize>]) -> Response {
    let soft = Tokens::of(ui).soft;
    highlighted_ui(ui, text, marks, &theme::regular(size::LABEL), 19.0, soft)
}

fn highlighted_ui(
    ui: &mut Ui,
    text: &str,
    marks: &[Range<usize>],
    font: &FontId,
    line_height: f32,
    color: Color32,
) -> Response {
    let tokens = Tokens::of(ui);
    let plain = TextFormat {
        font_id: font.clone(),
        color,
        line_height: Some(line_height),
        ..TextFormat::default()
    };
    let marked = TextFormat {
        font_id: theme::semibold(font.size),
        color: tokens.ink,
        background: tokens.wash,
        ..plain.clone()
    };
    // Curly quotes are longer than straight ones, and stand for them letter by letter.
    let set = curly(text);
    let places: Vec<usize> = set.char_indices().map(|(at, _)| at).chain([set.len()]).collect();
    let place = |at: usize| Some(places[text.get(..at)?.chars().count()]);
    let mut job = LayoutJob::default();
    let mut at = 0;
    for mark in marks {
        if let (Some(start), Some(end)) = (place(mark.start), place(mark.end))
            && start >= at
        {
            job.append(&set[at..start], 0.0, plain.clone());
            job.append(&set[start..end], 0.0, marked.clone());
            at = end;
        }
    }
    job.append(&set[at..], 0.0, plain);
    ui.add(Label::new(job))
}
