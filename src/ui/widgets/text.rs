//! Text on screen: labels, paragraphs, titles. Sizes come from the theme.

use eframe::egui::{Label, Response, RichText, TextWrapMode, Ui};

pub use crate::text::shown::{clock, count, length};
use crate::ui::theme::{self, Tokens, size, space};

/// A small spaced label above something.
pub fn caps_ui(ui: &mut Ui, text: &str) -> Response {
    let soft = Tokens::of(ui).soft;
    // The capitals are for the eye: a screen reader is given the word.
    let response = ui.add(
        Label::new(
            RichText::new(text.to_uppercase())
                .font(theme::medium(size::LABEL - 1.0))
                .extra_letter_spacing(0.9)
                .color(soft),
        )
        .wrap_mode(TextWrapMode::Extend),
    );
    response.accessible_name(text)
}

/// The title of a screen.
pub fn title_ui(ui: &mut Ui, text: &str) -> Response {
    ui.add(Label::new(
        RichText::new(text)
            .font(theme::display(size::QUESTION))
            .line_height(Some(36.0)),
    ))
}

/// The heading of a card or a part.
pub fn heading_ui(ui: &mut Ui, text: &str) -> Response {
    ui.add(Label::new(RichText::new(text).font(theme::semibold(size::TEXT))))
}

pub fn body_ui(ui: &mut Ui, text: &str) -> Response {
    ui.add(Label::new(
        RichText::new(text)
            .font(theme::regular(size::TEXT))
            .line_height(Some(22.0)),
    ))
}

pub fn soft_ui(ui: &mut Ui, text: &str) -> Response {
    let color = Tokens::of(ui).soft;
    ui.add(Label::new(
        RichText::new(text)
            .font(theme::regular(size::TEXT))
            .line_height(Some(22.0))
            .color(color),
    ))
}

/// A small remark.
pub fn remark_ui(ui: &mut Ui, text: &str) -> Response {
    let color = Tokens::of(ui).soft;
    ui.add(Label::new(
        RichText::new(text)
            .font(theme::regular(size::LABEL))
            .line_height(Some(19.0))
            .color(color),
    ))
}

pub fn strong_ui(ui: &mut Ui, text: &str) -> Response {
    ui.add(Label::new(
        RichText::new(text)
            .font(theme::medium(size::TEXT))
            .line_height(Some(22.0)),
    ))
}

/// A title with the sentence that tells what the screen is for.
pub fn opening_ui(ui: &mut Ui, text: &str, sentence: &str) {
    title_ui(ui, text);
    ui.add_space(space::XS);
    soft_ui(ui, sentence);
    ui.add_space(space::XL);
}
