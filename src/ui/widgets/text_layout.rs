//! The layout of a transcript: its words from left to right, row under row, with room for its pauses.
//!
//! It is cached from frame to frame, and a text that grows is laid out only from where it is new: an hour of words costs
//! no more than a minute of them.

use std::{ops::Range, sync::Arc};

use eframe::egui::{Color32, FontId, Galley, Id, Pos2, Rect, Ui, pos2};

use super::text::curly;
use crate::{
    transcript::Transcript,
    ui::theme::{self, SPOKEN_LINE, size},
};

/// Height of a line.
pub const LINE: f32 = (size::SPOKEN * SPOKEN_LINE).round();
/// Between two words.
const SPACE: f32 = 5.5;
/// Beside the seconds of a pause.
const GAP: f32 = 12.0;

/// One word, placed.
#[derive(Clone, Copy, Debug)]
pub struct PlacedWord {
    pub rect: Rect,
    /// Where the word itself ends, before its comma or full stop: marks end there too.
    bare_right: f32,
    row: usize,
}

/// A gap between two words that stands for time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GapMark {
    /// The number of the word before it.
    pub after: usize,
    pub seconds: f64,
    pub kind: GapMarkKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GapMarkKind {
    /// Nobody spoke.
    Pause,
    /// The microphone was gone.
    Missing,
}

/// Where the next word is placed.
#[derive(Clone, Copy, Debug)]
struct TextCursor {
    at: Pos2,
    row: usize,
    width: f32,
}

impl TextCursor {
    fn room(&mut self, width: f32) {
        if self.at.x > 0.0 && self.at.x + width > self.width {
            self.row += 1;
            self.at = pos2(0.0, self.row as f32 * LINE);
        }
    }

    fn word(&mut self, ui: &Ui, text: &str) -> PlacedWord {
        let galley = galley(ui, text);
        self.room(galley.size().x);
        let top = self.at.y + (LINE - galley.size().y) / 2.0;
        let rect = Rect::from_min_size(pos2(self.at.x, top), galley.size());
        self.at.x += galley.size().x + SPACE;
        let bare = text
            .trim_end_matches([',', '.', ';', ':', '?', '!', '…'])
            .chars()
            .count();
        let bare_right = galley
            .rows
            .first()
            .map_or(rect.right(), |row| rect.left() + row.x_offset(bare.into()));
        PlacedWord {
            rect,
            bare_right,
            row: self.row,
        }
    }

    /// Below an empty row.
    fn paragraph(&mut self) {
        self.row += 2;
        self.at = pos2(0.0, self.row as f32 * LINE);
    }

    fn gap(&mut self, ui: &Ui, gap: GapMark) -> Pos2 {
        let galley = gap_galley(ui, gap);
        let width = galley.size().x + 2.0 * GAP;
        self.room(width);
        let at = pos2(self.at.x + GAP, self.at.y + (LINE - galley.size().y) / 2.0);
        self.at.x += width + SPACE;
        at
    }
}

/// A word as it is painted.
pub fn galley(ui: &Ui, text: &str) -> Arc<Galley> {
    layout(ui, curly(text).into_owned(), theme::regular(size::SPOKEN))
}

/// A gap as it is painted.
pub fn gap_galley(ui: &Ui, gap: GapMark) -> Arc<Galley> {
    let text = match gap.kind {
        GapMarkKind::Pause => format!("{:.1} s", gap.seconds),
        GapMarkKind::Missing => format!("{:.1} s missing", gap.seconds),
    };
    layout(ui, text, theme::regular(size::SMALL))
}

fn layout(ui: &Ui, text: String, font: FontId) -> Arc<Galley> {
    ui.painter().layout_no_wrap(text, font, Color32::PLACEHOLDER)
}

/// What follows a text and may still change.
#[derive(Debug)]
pub struct Tentative {
    pub words: Vec<PlacedWord>,
    /// The caret of a text that grows.
    pub end: Pos2,
    pub height: f32,
}

#[derive(Debug)]
pub struct TextLayout {
    pub words: Vec<PlacedWord>,
    /// Pauses and missing sound, with the positions of their labels.
    pub gaps: Vec<(Pos2, GapMark)>,
    /// Ids of the words' texts: a word that changed is laid out again.
    marks: Vec<Id>,
    requested_gaps: Vec<GapMark>,
    /// The words that paragraphs begin with, but for the first.
    paragraphs: Vec<usize>,
    /// Pixels a point: with another size of text everything moves.
    scale: f32,
    cursor: TextCursor,
}

/// A layout, from one frame to the next.
#[derive(Clone, Debug, Default)]
struct CachedLayout(Option<Arc<TextLayout>>);

impl TextLayout {
    /// The layout in this part of the window, with these gaps, which are in the order of their words.
    pub fn of(ui: &Ui, transcript: &Transcript, gaps: &[GapMark]) -> Arc<Self> {
        let id = ui.scope_id().with("layout");
        let before = ui.data_mut(|data| data.remove_temp::<CachedLayout>(id));
        let (width, scale) = (ui.available_width(), ui.pixels_per_point());
        let mut layout = before
            .and_then(|kept| Arc::into_inner(kept.0?))
            .filter(|before| before.cursor.width == width && before.scale == scale && before.requested_gaps == gaps)
            .unwrap_or_else(|| Self::empty(width, scale, gaps));
        layout.follow(ui, transcript);
        let layout = Arc::new(layout);
        ui.data_mut(|data| data.insert_temp(id, CachedLayout(Some(Arc::clone(&layout)))));
        layout
    }

    fn empty(width: f32, scale: f32, gaps: &[GapMark]) -> Self {
        Self {
            words: Vec::new(),
            gaps: Vec::new(),
            marks: Vec::new(),
            requested_gaps: gaps.to_vec(),
            paragraphs: Vec::new(),
            scale,
            cursor: TextCursor {
                at: Pos2::ZERO,
                row: 0,
                width,
            },
        }
    }

    fn follow(&mut self, ui: &Ui, transcript: &Transcript) {
        let known = self.marks.iter().zip(&transcript.words);
        let same = known
            .take_while(|(mark, word)| **mark == Id::unique(&word.text))
            .count();
        if same < self.marks.len() {
            self.forget_from(same);
        }
        for (index, word) in transcript.words.iter().enumerate().skip(self.words.len()) {
            let from = self.paragraphs.last().copied().unwrap_or(0);
            if index > 0 && transcript.ends_paragraph(index - 1, from) {
                self.cursor.paragraph();
                self.paragraphs.push(index);
            }
            self.words.push(self.cursor.word(ui, &word.text));
            self.marks.push(Id::unique(&word.text));
            if let Ok(gap) = self.requested_gaps.binary_search_by_key(&index, |gap| gap.after) {
                let gap = self.requested_gaps[gap];
                self.gaps.push((self.cursor.gap(ui, gap), gap));
            }
        }
    }

    /// Forgets the words from this one on.
    fn forget_from(&mut self, word: usize) {
        // With gaps between the words, all of them are laid out again: such a text does not grow.
        let word = if self.requested_gaps.is_empty() { word } else { 0 };
        self.gaps.clear();
        self.paragraphs.retain(|first| *first < word);
        self.words.truncate(word);
        self.marks.truncate(word);
        (self.cursor.at, self.cursor.row) = self.words.last().map_or((Pos2::ZERO, 0), |last| {
            (pos2(last.rect.right() + SPACE, last.row as f32 * LINE), last.row)
        });
    }

    /// Places words that follow these.
    pub fn tentative(&self, ui: &Ui, text: &str) -> Tentative {
        let mut cursor = self.cursor;
        let words = text.split_whitespace().map(|text| cursor.word(ui, text)).collect();
        Tentative {
            words,
            end: cursor.at,
            height: (cursor.row + 1) as f32 * LINE,
        }
    }

    /// The words of the rows between these heights.
    pub fn words_between(&self, top: f32, bottom: f32) -> Range<usize> {
        let row = |y: f32| (y / LINE).floor().max(0.0) as usize;
        let (first, last) = (row(top), row(bottom.max(0.0)));
        let start = self.words.partition_point(|word| word.row < first);
        let end = self.words.partition_point(|word| word.row <= last);
        start..end.max(start)
    }

    /// The word under a point, the space after it included.
    pub fn word_at(&self, point: Pos2) -> Option<usize> {
        let around = 3.0;
        let mut row = self.words_between(point.y, point.y);
        row.find(|word| self.words[*word].rect.x_range().expand(around).contains(point.x))
    }

    /// The word above or below another, so many rows away.
    pub fn beside(&self, word: usize, rows: isize) -> usize {
        let Some(from) = self.words.get(word) else {
            return word;
        };
        let Some(row) = from.row.checked_add_signed(rows) else {
            return word;
        };
        let away = |other: &usize| (self.words[*other].rect.center().x - from.rect.center().x).abs();
        let in_row = |row: usize| {
            let there = (0..self.words.len()).filter(|other| self.words[*other].row == row);
            there.min_by(|a, b| away(a).total_cmp(&away(b)))
        };
        // Between paragraphs a row is empty.
        let beyond = || in_row(row.checked_add_signed(rows.signum())?);
        in_row(row).or_else(beyond).unwrap_or(word)
    }

    /// The rectangles of a range of words: one for each row that it touches.
    pub fn rows_of(&self, range: Range<usize>) -> Vec<Rect> {
        let end = range.end.min(self.words.len());
        let mut rects: Vec<(usize, Rect)> = Vec::new();
        for word in &self.words[range.start.min(end)..end] {
            let bare = word.rect.with_max_x(word.bare_right);
            match rects.last_mut() {
                Some((row, rect)) if *row == word.row => *rect = rect.union(bare),
                _ => rects.push((word.row, bare)),
            }
        }
        rects.into_iter().map(|(_, rect)| rect).collect()
    }
}

#[cfg(test)]
mod tests {
    use eframe::egui::{Context, RawInput};

    use super::*;

    /// Lays out texts one after the other in the same place, as frames do, and returns the words of the last one.
    fn set(width: f32, frames: &[(&str, &[GapMark])]) -> (Vec<Rect>, Vec<f64>) {
        let ctx = Context::default();
        theme::install(&ctx);
        let mut found = (Vec::new(), Vec::new());
        for (text, gaps) in frames {
            let transcript = Transcript::typed(text);
            let mut output = ctx.run_ui(RawInput::default(), |ui| {
                ui.set_max_width(width);
                let layout = TextLayout::of(ui, &transcript, gaps);
                found = (
                    layout.words.iter().map(|word| word.rect).collect(),
                    layout.gaps.iter().map(|(_, gap)| gap.seconds).collect(),
                );
            });
            // Nothing paints it.
            output.textures_delta.clear();
        }
        found
    }

    const TEXT: &str = "I pulled the logs from our SIEM and saw that both accounts had failed logins from one address.";

    #[test]
    fn a_text_that_grows_stands_as_if_it_were_set_at_once() {
        let (whole, _) = set(300.0, &[(TEXT, &[])]);
        let parts = ["I pulled the", "I pulled the logs from our SEAM and", TEXT].map(|text| (text, &[][..]));
        assert_eq!(set(300.0, &parts).0, whole);
        assert!(whole.last().unwrap().top() > whole[0].top(), "it has several rows");
    }

    #[test]
    fn pauses_that_are_shown_or_hidden_move_what_follows() {
        let pauses: &[GapMark] = &[GapMark {
            after: 2,
            seconds: 2.4,
            kind: GapMarkKind::Pause,
        }];
        let (with, gaps) = set(300.0, &[(TEXT, &[]), (TEXT, pauses)]);
        assert_eq!((&with, &gaps), (&set(300.0, &[(TEXT, pauses)]).0, &vec![2.4]));
        let (without, none) = set(300.0, &[(TEXT, pauses), (TEXT, &[])]);
        assert_eq!(without, set(300.0, &[(TEXT, &[])]).0);
        assert!(none.is_empty() && with != without);
    }

    #[test]
    fn paragraphs_stand_apart_and_stay_where_they_are_while_a_text_grows() {
        let sentence =
            "We looked at every login of that night and found two that nobody could explain to us at all, honestly.";
        let typed = format!("{sentence}\n\n{sentence}\n{sentence}");
        let (whole, _) = set(300.0, &[(&typed, &[])]);
        let per = whole.len() / 3;
        for first in [per, 2 * per] {
            assert_eq!(whole[first].left(), 0.0);
            assert!(whole[first].top() - whole[first - 1].top() > 1.5 * LINE);
        }
        let grown = [sentence, &typed[..sentence.len() + 40], typed.as_str()].map(|text| (text, &[][..]));
        assert_eq!(set(300.0, &grown).0, whole);
    }

    #[test]
    fn the_rows_in_sight_hold_their_words() {
        let ctx = Context::default();
        theme::install(&ctx);
        let transcript = Transcript::typed(&TEXT.repeat(40));
        let mut output = ctx.run_ui(RawInput::default(), |ui| {
            ui.set_max_width(300.0);
            let layout = TextLayout::of(ui, &transcript, &[]);
            let seen = layout.words_between(10.5 * LINE, 12.5 * LINE);
            let rows: Vec<usize> = seen.clone().map(|word| layout.words[word].row).collect();
            assert_eq!((rows.first(), rows.last()), (Some(&10), Some(&12)));
            assert_eq!(layout.words_between(-500.0, -1.0).start, 0);
            let word = seen.start;
            assert_eq!(layout.word_at(layout.words[word].rect.center()), Some(word));
            let below = layout.beside(word, 1);
            assert_eq!(layout.words[below].row, 11);
            assert_eq!(layout.beside(below, -1), word);
            assert_eq!(layout.beside(0, -1), 0);
        });
        // Nothing paints it.
        output.textures_delta.clear();
    }
}
