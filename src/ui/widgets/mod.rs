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
mod rtl;
pub mod text;
pub mod text_layout;
pub mod timeline;
pub mod transcript;

pub use button::Button;
pub use card::{card_ui, hairline_ui};

use eframe::egui::{Context, CornerRadius, EventFilter, Id, Painter, Rect, Response, Stroke, StrokeKind, Ui};

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

/// Keeps the arrow keys for a control that moves something by them, while it has the focus.
pub fn own_arrow_keys(ui: &Ui, id: Id) {
    ui.memory_mut(|memory| {
        let filter = EventFilter {
            horizontal_arrows: true,
            vertical_arrows: true,
            ..EventFilter::default()
        };
        memory.set_focus_lock_filter(id, filter);
    });
    ui.data_mut(|data| data.insert_temp(arrow_owner(), id));
}

/// Whether what has the focus keeps the arrow keys.
pub fn are_arrow_keys_owned(ctx: &Context) -> bool {
    let focused = ctx.memory(eframe::egui::Memory::focused);
    focused.is_some() && focused == ctx.data(|data| data.get_temp(arrow_owner()))
}

fn arrow_owner() -> Id {
    Id::unique("the owner of the arrow keys")
}

fn ring(painter: &Painter, tokens: Tokens, rect: Rect, radius: u8) {
    painter.rect_stroke(
        rect.expand(2.0),
        CornerRadius::same(radius + 2),
        Stroke::new(f32::from(tokens.ring), tokens.accent),
        StrokeKind::Outside,
    );
}
