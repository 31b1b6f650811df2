//! The text cursor in words that are written from right to left.
//!
//! egui sets the letters of such a word from right to left, and the words of a line from left to right. But it counts the
//! letters of a word in the order in which they are seen, and more of them than there are: the cursor is drawn letters away
//! from where typing goes. Here they are counted again, in the order in which they are typed.

use std::{iter::Peekable, ops::Range, str::Chars, sync::Arc};

use eframe::egui::{
    Galley, Vec2,
    epaint::text::{Glyph, PlacedRow, cursor::CCursor},
};

/// Whether a letter is written from right to left, or is part of a word that is.
fn is_rtl(letter: char) -> bool {
    matches!(letter,
        '\u{590}'..='\u{8FF}'
        | '\u{200C}'..='\u{200F}'
        | '\u{FB1D}'..='\u{FDFF}'
        | '\u{FE70}'..='\u{FEFF}'
        | '\u{10800}'..='\u{10FFF}'
        | '\u{1E800}'..='\u{1EFFF}')
}

/// Whether a text has such letters. Quick where it has none.
pub fn has_rtl(text: &str) -> bool {
    // The first of them has two bytes in UTF-8, of which this is the first.
    text.bytes().any(|byte| byte >= 0xD6) && text.chars().any(is_rtl)
}

/// The same text with one glyph for each letter, in the order of typing: the cursor before a letter stands where that letter
/// begins, and at the end of a line where the next one goes.
pub fn in_typing_order(galley: Arc<Galley>) -> Arc<Galley> {
    if !has_rtl(galley.text()) {
        return galley;
    }
    let mut ordered = Galley::clone(&galley);
    let text = Arc::clone(&ordered.job);
    let mut letters = text.text.chars().peekable();
    for placed in &mut ordered.rows {
        if order_row(placed, &mut letters).is_none() {
            return galley;
        }
    }
    if letters.next().is_some() {
        // What was set is not what was written: it stays as it is.
        return galley;
    }
    Arc::new(ordered)
}

fn order_row(placed: &mut PlacedRow, letters: &mut Peekable<Chars<'_>>) -> Option<()> {
    let newline = placed.ends_with_newline;
    let row = Arc::make_mut(&mut placed.row);
    let seen = std::mem::take(&mut row.glyphs);
    let mut at = 0;
    while let Some(glyph) = seen.get(at) {
        if !is_rtl(glyph.chr) {
            if letters.next()? != glyph.chr {
                return None;
            }
            row.glyphs.push(*glyph);
            at += 1;
            continue;
        }
        let end = seen[at..]
            .iter()
            .position(|glyph| !is_rtl(glyph.chr))
            .map_or(seen.len(), |length| at + length);
        let word: Vec<char> = std::iter::from_fn(|| letters.next_if(|letter| is_rtl(*letter))).collect();
        let left = order_word(&seen, at..end, &word, &mut row.glyphs);
        if end == seen.len() {
            // The next letter goes here.
            row.size.x = left;
        }
        at = end;
    }
    if newline && letters.next()? != '\n' {
        return None;
    }
    Some(())
}

/// Adds the letters of a word as they are typed, each at its right edge. Returns the left edge of the word.
fn order_word(seen: &[Glyph], glyphs: Range<usize>, word: &[char], ordered: &mut Vec<Glyph>) -> f32 {
    let glyphs = &seen[glyphs];
    let shown: Vec<&Glyph> = glyphs.iter().filter(|glyph| glyph.advance_width > 0.0).collect();
    let left = glyphs.iter().map(|glyph| glyph.pos.x).fold(f32::INFINITY, f32::min);
    let right = glyphs.iter().map(Glyph::max_x).fold(left, f32::max);
    let first_vertex = glyphs.iter().map(|glyph| glyph.first_vertex).min().unwrap_or_default();
    // Some letters share a glyph, and marks have none: then all are taken as equally wide.
    let even = (right - left) / word.len().max(1) as f32;
    for (index, letter) in word.iter().enumerate() {
        let edge = if shown.len() == word.len() {
            shown[word.len() - 1 - index].max_x()
        } else {
            right - even * index as f32
        };
        let mut glyph = glyphs[0];
        glyph.chr = *letter;
        glyph.pos.x = edge;
        glyph.advance_width = 0.0;
        glyph.first_vertex = first_vertex;
        ordered.push(glyph);
    }
    left
}

/// The place in the text that is nearest to a point of it: egui itself supposes that letters run from left to right.
pub fn cursor_at(galley: &Galley, point: Vec2) -> Option<CCursor> {
    let mut before = 0;
    let mut nearest = None;
    for placed in &galley.rows {
        let length = placed.glyphs.len();
        nearest = (0..=length)
            .map(|column| (before + column, placed.pos.x + placed.x_offset(column.into())))
            .min_by(|a, b| (a.1 - point.x).abs().total_cmp(&(b.1 - point.x).abs()));
        if point.y < placed.pos.y + placed.size.y {
            break;
        }
        before += length + usize::from(placed.ends_with_newline);
    }
    nearest.map(|(index, _)| CCursor::new(index))
}

#[cfg(test)]
mod tests {
    use eframe::egui::{Color32, Context, RawInput, vec2};

    use super::*;
    use crate::ui::theme;

    /// Sets a text as a field does, and looks at it.
    fn set(text: &str, width: f32, look: impl Fn(&Galley, &Galley)) {
        let ctx = Context::default();
        theme::install(&ctx);
        let mut output = ctx.run_ui(RawInput::default(), |ui| {
            let galley = ui
                .painter()
                .layout(text.to_owned(), theme::regular(16.0), Color32::BLACK, width);
            look(&galley, &in_typing_order(Arc::clone(&galley)));
        });
        // Nothing paints it.
        output.textures_delta.clear();
    }

    fn letters(galley: &Galley) -> usize {
        let newlines = galley.rows.iter().filter(|row| row.ends_with_newline).count();
        galley.rows.iter().map(|row| row.glyphs.len()).sum::<usize>() + newlines
    }

    /// Where the cursor stands before each letter of a row and at its end.
    fn cursors(galley: &Galley, row: usize) -> Vec<f32> {
        let row = &galley.rows[row];
        (0..=row.glyphs.len())
            .map(|column| row.x_offset(column.into()))
            .collect()
    }

    #[test]
    fn the_cursor_moves_to_the_left_through_a_word_that_is_written_to_the_left() {
        set("שלום", 400.0, |seen, ordered| {
            assert!(
                letters(seen) > 4,
                "egui counts {}: is this still needed?",
                letters(seen)
            );
            let cursors = cursors(ordered, 0);
            assert_eq!(cursors.len(), 5);
            assert!(cursors.is_sorted_by(|a, b| a > b), "{cursors:?}");
            assert_eq!(cursors[4], 0.0, "the next letter goes to the left of all");
            assert_eq!(ordered.rect, seen.rect);
        });
    }

    #[test]
    fn every_letter_is_counted_once_whatever_it_stands_between() {
        for text in ["שלום", "שלום\nשלום", "שלום\n\nab\n", "مرحبا", "שָׁלוֹם"] {
            set(text, 400.0, |_, ordered| {
                assert_eq!(letters(ordered), text.chars().count(), "{text}");
            });
        }
    }

    #[test]
    fn other_texts_stay_as_they_are() {
        for text in ["", "a name", "Zoë, Łukasz, Ελένη, Юлия", "日本語"] {
            assert!(!has_rtl(text), "{text}");
            set(text, 80.0, |seen, ordered| assert_eq!(seen, ordered));
        }
        assert!(has_rtl("from Haifa (חיפה)"));
    }

    #[test]
    fn a_click_puts_the_cursor_where_it_is_nearest() {
        set("שלום\nab", 400.0, |_, ordered| {
            let cursors = cursors(ordered, 0);
            for (index, x) in cursors.iter().enumerate() {
                assert_eq!(cursor_at(ordered, vec2(x + 1.0, 4.0)), Some(CCursor::new(index)));
            }
            let end = ordered.rows[1].pos.y + 4.0;
            assert_eq!(cursor_at(ordered, vec2(300.0, end)), Some(CCursor::new(7)));
        });
    }
}
