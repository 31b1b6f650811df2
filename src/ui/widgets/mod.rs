//! The pieces that screens are made of. They know the theme; they know no screen.

pub mod button;
pub mod card;
pub mod choice;
pub mod field;
pub mod highlight;
pub mod level;
pub mod marks;
pub mod menu;
pub mod plot;
pub mod progress;
pub mod rows;
pub mod text;
pub mod text_layout;
pub mod timeline;
pub mod transcript;

pub use button::Button;
pub use card::{card_ui, hairline_ui};

use eframe::egui::{CornerRadius, Painter, Rect, Response, Stroke, StrokeKind};

use super::theme::Tokens;

/// The ring around what has the focus, which is scrolled into sight when it gets it.
pub fn focus_ring(painter: &Painter, tokens: Tokens, response: &Response, radius: u8) {
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
    if response.has_focus() {
        ring(painter, tokens, response.rect, radius);
    }
}

fn ring(painter: &Painter, tokens: Tokens, rect: Rect, radius: u8) {
    painter.rect_stroke(
        rect.expand(2.0),
        CornerRadius::same(radius + 2),
        Stroke::new(2.0, tokens.accent),
        StrokeKind::Outside,
    );
}
