//! Text on screen: labels, paragraphs, titles. Sizes come from the theme; straight quotes become curly ones.

use std::{borrow::Cow, sync::Arc};

use eframe::egui::{Galley, Label, Response, RichText, TextStyle, TextWrapMode, Ui, WidgetText};

pub use crate::text::shown::{clock, count, length};
use crate::ui::theme::{self, Tokens, size, space};

/// A small spaced label above something.
pub fn caps_ui(ui: &mut Ui, text: &str) -> Response {
    let soft = Tokens::of(ui).soft;
    // The capitals are for the eye: a screen reader is given the word.
    let response = ui.add(
        Label::new(
            RichText::new(curly(text).to_uppercase())
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
        RichText::new(curly(text))
            .font(theme::display(size::QUESTION))
            .line_height(Some(36.0)),
    ))
}

/// The heading of a card or a part.
pub fn heading_ui(ui: &mut Ui, text: &str) -> Response {
    ui.add(Label::new(RichText::new(curly(text)).font(theme::semibold(size::TEXT))))
}

pub fn body_ui(ui: &mut Ui, text: &str) -> Response {
    ui.add(Label::new(
        RichText::new(curly(text))
            .font(theme::regular(size::TEXT))
            .line_height(Some(22.0)),
    ))
}

/// A text as [`body_ui`] sets it, at most this wide, for whoever has to know its height before.
pub fn body_galley(ui: &Ui, text: &str, width: f32) -> Arc<Galley> {
    let words = RichText::new(curly(text))
        .font(theme::regular(size::TEXT))
        .line_height(Some(22.0));
    WidgetText::from(words).into_galley(ui, Some(TextWrapMode::Wrap), width, TextStyle::Body)
}

pub fn soft_ui(ui: &mut Ui, text: &str) -> Response {
    let color = Tokens::of(ui).soft;
    ui.add(Label::new(
        RichText::new(curly(text))
            .font(theme::regular(size::TEXT))
            .line_height(Some(22.0))
            .color(color),
    ))
}

/// A small remark.
pub fn remark_ui(ui: &mut Ui, text: &str) -> Response {
    let color = Tokens::of(ui).soft;
    ui.add(Label::new(
        RichText::new(curly(text))
            .font(theme::regular(size::LABEL))
            .line_height(Some(19.0))
            .color(color),
    ))
}

pub fn strong_ui(ui: &mut Ui, text: &str) -> Response {
    ui.add(Label::new(
        RichText::new(curly(text))
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

/// A text as it is set: apostrophes and quotation marks are curly, one letter for one. Code in backticks and the primes of
/// feet and inches stay straight. Nothing is allocated where nothing changes.
pub fn curly(text: &str) -> Cow<'_, str> {
    if memchr::memchr2(b'\'', b'"', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut set = String::with_capacity(text.len() + 8);
    // In code; in a quotation with one mark, with two.
    let (mut code, mut single, mut double) = (false, false, false);
    let mut before: Option<char> = None;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let after = letters.peek().copied();
        set.push(match letter {
            '`' => {
                code = !code;
                letter
            }
            '\'' if !code => {
                let mark = single_mark(before, after, single, letters.clone());
                single = mark == '‘' || single && (mark != '’' || is_letter(after));
                mark
            }
            '"' if !code => {
                let mark = double_mark(before, double);
                double = mark == '“';
                mark
            }
            _ => letter,
        });
        before = Some(letter);
    }
    Cow::Owned(set)
}

fn is_letter(letter: Option<char>) -> bool {
    letter.is_some_and(char::is_alphabetic)
}

fn is_digit(letter: Option<char>) -> bool {
    letter.is_some_and(|letter| letter.is_ascii_digit())
}

/// Whether a quotation can begin after this.
fn opens_after(before: Option<char>) -> bool {
    before.is_none_or(|before| before.is_whitespace() || "([{—–-/\"'“‘".contains(before))
}

fn double_mark(before: Option<char>, open: bool) -> char {
    if opens_after(before) && !open {
        '“'
    } else if is_digit(before) && !open {
        '"'
    } else {
        '”'
    }
}

/// `rest` is the text after the mark: what begins as a quotation and never ends is an apostrophe ("'em").
fn single_mark(before: Option<char>, after: Option<char>, open: bool, rest: impl Iterator<Item = char>) -> char {
    if opens_after(before) && !open {
        let ends = !is_digit(after) && after.is_some_and(|after| !after.is_whitespace()) && ends_later(rest);
        return if ends { '‘' } else { '’' };
    }
    // Feet: 5'10".
    if is_digit(before) && !is_letter(after) && !open {
        return '\'';
    }
    '’'
}

/// Whether a single mark follows that stands after a word and not within one.
fn ends_later(rest: impl Iterator<Item = char>) -> bool {
    let mut before = None;
    let mut rest = rest.peekable();
    while let Some(letter) = rest.next() {
        if letter == '\''
            && before.is_some_and(|before: char| !before.is_whitespace())
            && !is_letter(rest.peek().copied())
        {
            return true;
        }
        before = Some(letter);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn straight_marks_become_curly_ones_where_they_are_quotes_or_apostrophes() {
        for (written, set) in [
            ("What's the plan?", "What’s the plan?"),
            ("you're, you'll, SOC's", "you’re, you’ll, SOC’s"),
            ("the users' files", "the users’ files"),
            ("What does \"slow\" mean?", "What does “slow” mean?"),
            ("\"I clicked a link,\" he said.", "“I clicked a link,” he said."),
            ("say 'ticket 10' aloud", "say ‘ticket 10’ aloud"),
            ("He said 'it isn't me' twice.", "He said ‘it isn’t me’ twice."),
            ("\"'Never' is long.\"", "“‘Never’ is long.”"),
            ("(\"twice\")", "(“twice”)"),
            ("\"version 2\"", "“version 2”"),
            ("tell 'em", "tell ’em"),
            ("in the '90s", "in the ’90s"),
            ("the 1990's", "the 1990’s"),
            ("a 5'10\" desk", "a 5'10\" desk"),
            ("a 27\" screen", "a 27\" screen"),
            ("run `grep \"a b\"` and don't stop", "run `grep \"a b\"` and don’t stop"),
            ("already “curly” and it’s fine", "already “curly” and it’s fine"),
            ("'", "’"),
            ("\"", "“"),
            ("", ""),
        ] {
            assert_eq!(curly(written), set, "{written}");
            assert_eq!(written.chars().count(), set.chars().count(), "{written}");
            assert_eq!(curly(set), set, "{set}");
        }
        assert!(matches!(curly("no marks, nothing to do"), Cow::Borrowed(_)));
    }
}
