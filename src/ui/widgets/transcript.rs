//! A transcript as it is read: words set in lines, marks under them, pauses as gaps, the playing word lit.
//!
//! The words are placed one by one, so that every one can be pointed at. For a screen reader it is one text.

use std::ops::Range;

use eframe::egui::{
    self, Color32, CornerRadius, FontId, Galley, Rect, Sense, Ui, WidgetInfo,
    accesskit::{Live, Role},
    pos2, vec2,
};
use std::sync::Arc;

use super::marks::Mark;
use crate::{
    insight::{Insights, pauses::LONG_SECONDS, wording},
    store::Marks,
    take::{Gap, GapKind},
    transcript::Transcript,
    ui::theme::{self, CONTROL_RADIUS, SPOKEN_LINE, Tokens, size},
};

/// What is shown of a transcript.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    pub transcript: &'a Transcript,
    pub insights: Option<&'a Insights>,
    pub marks: Marks,
    /// Where the sound is being played, in seconds.
    pub playing: Option<f64>,
    /// What follows the words and may still change.
    pub tentative: &'a str,
    /// Whether a word can be clicked to hear it.
    pub playable: bool,
    /// Whether it grows while it is read.
    pub live: bool,
    /// Where the microphone was gone.
    pub gaps: &'a [Gap],
}

impl<'a> Reading<'a> {
    /// A finished text, without marks.
    pub fn plain(transcript: &'a Transcript) -> Self {
        Self {
            transcript,
            insights: None,
            marks: Marks::default(),
            playing: None,
            tentative: "",
            playable: false,
            live: false,
            gaps: &[],
        }
    }
}

/// Shows it; gives back the word that was clicked.
pub fn transcript_ui(ui: &mut Ui, reading: Reading<'_>) -> Option<usize> {
    let tokens = Tokens::of(ui);
    let setting = Setting::new(ui, reading, ui.available_width());
    let sense = if reading.playable {
        Sense::click()
    } else {
        Sense::hover()
    };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), setting.height), sense);
    response.widget_info(|| {
        let text = [reading.transcript.text().as_str(), reading.tentative].join(" ");
        WidgetInfo::labeled(Role::Paragraph, true, text.trim())
    });
    if reading.live {
        ui.ctx()
            .accesskit_node_builder(response.id, |node| node.set_live(Live::Polite));
    }
    let offset = rect.min.to_vec2();
    let pointed = response.hover_pos().and_then(|pos| setting.word_at(pos - offset));
    paint(
        ui,
        &setting,
        reading,
        tokens,
        offset,
        pointed.filter(|_| reading.playable),
    );
    if let Some(says) = pointed.and_then(|word| explain(reading, word)) {
        response.clone().on_hover_text_at_pointer(says);
    }
    response.clicked().then_some(pointed).flatten()
}

/// One word, placed.
struct Placed {
    rect: Rect,
    /// Where the word itself ends, before its comma or full stop: marks end there too.
    bare_right: f32,
    row: usize,
    galley: Arc<Galley>,
}

struct Setting {
    words: Vec<Placed>,
    /// Pauses and missing sound: where their seconds stand.
    gaps: Vec<(egui::Pos2, Arc<Galley>)>,
    tentative: Vec<Placed>,
    height: f32,
    /// The caret of a text that grows.
    end: egui::Pos2,
    line: f32,
}

impl Setting {
    fn new(ui: &Ui, reading: Reading<'_>, width: f32) -> Self {
        let font = theme::regular(size::SPOKEN);
        let line = (size::SPOKEN * SPOKEN_LINE).round();
        let mut setter = Setter {
            ui,
            width,
            line,
            at: egui::Pos2::ZERO,
            row: 0,
        };
        let mut words = Vec::with_capacity(reading.transcript.words.len());
        let mut gaps = Vec::new();
        let long_pauses = long_pauses(reading);
        let mut pauses = long_pauses.iter().peekable();
        let mut missing = reading
            .gaps
            .iter()
            .filter(|gap| gap.kind == GapKind::Missing)
            .peekable();
        for (index, word) in reading.transcript.words.iter().enumerate() {
            let begins_after = |gap: &&Gap| word.span.is_some_and(|span| span.middle() > gap.at);
            while let Some(gap) = missing.next_if(begins_after) {
                gaps.push(setter.gap(&format!("{:.1} s missing", gap.seconds)));
            }
            words.push(setter.word(&word.text, &font));
            if let Some((_, seconds)) = pauses.next_if(|(after, _)| *after == index) {
                gaps.push(setter.gap(&format!("{seconds:.1} s")));
            }
        }
        for gap in missing {
            gaps.push(setter.gap(&format!("{:.1} s missing", gap.seconds)));
        }
        let tentative = reading
            .tentative
            .split_whitespace()
            .map(|text| setter.word(text, &font))
            .collect();
        Self {
            words,
            gaps,
            tentative,
            height: (setter.row + 1) as f32 * line,
            end: setter.at,
            line,
        }
    }

    /// The word under a point, the space after it included.
    fn word_at(&self, point: egui::Pos2) -> Option<usize> {
        let row = (point.y / self.line).floor();
        self.words.iter().position(|word| {
            word.row as f32 == row && point.x >= word.rect.left() - 3.0 && point.x <= word.rect.right() + 3.0
        })
    }

    /// The rectangles of a range of words: one for each row that it touches.
    fn rows_of(&self, range: Range<usize>) -> Vec<Rect> {
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

/// Places words from left to right and from top to bottom.
struct Setter<'a> {
    ui: &'a Ui,
    width: f32,
    line: f32,
    at: egui::Pos2,
    row: usize,
}

impl Setter<'_> {
    const SPACE: f32 = 5.5;

    fn room(&mut self, width: f32) {
        if self.at.x > 0.0 && self.at.x + width > self.width {
            self.row += 1;
            self.at = pos2(0.0, self.row as f32 * self.line);
        }
    }

    fn word(&mut self, text: &str, font: &FontId) -> Placed {
        let galley = self
            .ui
            .painter()
            .layout_no_wrap(text.to_owned(), font.clone(), Color32::PLACEHOLDER);
        self.room(galley.size().x);
        let top = self.at.y + (self.line - galley.size().y) / 2.0;
        let rect = Rect::from_min_size(pos2(self.at.x, top), galley.size());
        self.at.x += galley.size().x + Self::SPACE;
        let bare = text
            .trim_end_matches([',', '.', ';', ':', '?', '!', '…'])
            .chars()
            .count();
        let bare_right = galley
            .rows
            .first()
            .map_or(rect.right(), |row| rect.left() + row.x_offset(bare.into()));
        Placed {
            rect,
            bare_right,
            row: self.row,
            galley,
        }
    }

    fn gap(&mut self, says: &str) -> (egui::Pos2, Arc<Galley>) {
        let galley = self
            .ui
            .painter()
            .layout_no_wrap(says.to_owned(), theme::regular(12.0), Color32::PLACEHOLDER);
        let width = galley.size().x + 24.0;
        self.room(width);
        let at = pos2(self.at.x + 12.0, self.at.y + (self.line - galley.size().y) / 2.0);
        self.at.x += width + Self::SPACE;
        (at, galley)
    }
}

fn long_pauses(reading: Reading<'_>) -> Vec<(usize, f64)> {
    let shown = reading.insights.filter(|_| reading.marks.pauses);
    shown.map_or_else(Vec::new, |insights| {
        let long = insights
            .pauses
            .iter()
            .filter(|pause| pause.span.seconds() >= LONG_SECONDS);
        long.map(|pause| (pause.after_word, pause.span.seconds())).collect()
    })
}

/// The ranges that carry a mark.
fn marked(insights: &Insights, mark: Mark) -> Vec<Range<usize>> {
    match mark {
        Mark::Filler => insights.fillers.iter().map(|filler| filler.words.clone()).collect(),
        Mark::Repeat => insights.repeats.iter().map(|repeat| repeat.words.clone()).collect(),
        Mark::JobTerm => insights
            .job_terms
            .used
            .iter()
            .flat_map(|term| term.words.iter().cloned())
            .collect(),
        Mark::Hedge => insights.hedges.iter().map(|hedge| hedge.words.clone()).collect(),
        Mark::Pause => Vec::new(),
    }
}

/// A range without the fillers inside it, which carry a mark of their own: "the, um, the".
fn bare_of_fillers(range: Range<usize>, insights: &Insights) -> Vec<Range<usize>> {
    let is_filler = |word: &usize| insights.fillers.iter().any(|filler| filler.words.contains(word));
    let words: Vec<usize> = range.filter(|word| !is_filler(word)).collect();
    let runs = words.chunk_by(|a, b| a + 1 == *b);
    runs.map(|run| run[0]..run[run.len() - 1] + 1).collect()
}

/// How often each mark stands in an answer, in the order of [`Mark::ALL`].
pub fn counts(insights: &Insights) -> [usize; 5] {
    Mark::ALL.map(|mark| match mark {
        Mark::Pause => insights
            .pauses
            .iter()
            .filter(|pause| pause.span.seconds() >= LONG_SECONDS)
            .count(),
        mark => marked(insights, mark).len(),
    })
}

/// The word that sounds at this second: the last one that has begun, unless a pause has followed it.
pub fn word_at_second(transcript: &Transcript, second: f64) -> Option<usize> {
    const LINGER: f64 = 0.25;
    transcript
        .words
        .iter()
        .enumerate()
        .filter_map(|(index, word)| word.span.map(|span| (index, span)))
        .take_while(|(_, span)| span.start <= second)
        .last()
        .filter(|(_, span)| second <= span.end + LINGER)
        .map(|(index, _)| index)
}

fn paint(ui: &Ui, setting: &Setting, reading: Reading<'_>, tokens: Tokens, offset: egui::Vec2, pointed: Option<usize>) {
    let painter = ui.painter();
    let clip = ui.clip_rect().translate(-offset);
    let mut colors = vec![tokens.ink; setting.words.len()];
    for (color, word) in colors.iter_mut().zip(&reading.transcript.words) {
        // Set lighter: it may be misheard.
        if wording::is_unsure(word) {
            *color = tokens.soft;
        }
    }
    if let Some(insights) = reading.insights {
        // Pills first: lines are drawn over them.
        for mark in [Mark::JobTerm, Mark::Hedge, Mark::Repeat, Mark::Filler] {
            if !mark.is_shown(reading.marks) {
                continue;
            }
            let mut ranges = marked(insights, mark);
            if mark == Mark::Repeat && Mark::Filler.is_shown(reading.marks) {
                ranges = ranges
                    .into_iter()
                    .flat_map(|range| bare_of_fillers(range, insights))
                    .collect();
            }
            for range in ranges {
                for rect in setting.rows_of(range.clone()) {
                    mark.paint(painter, tokens, rect.translate(offset), offset.y + rect.bottom() - 5.0);
                }
                if mark != Mark::Hedge {
                    let end = range.end.min(colors.len());
                    colors[range.start.min(end)..end].fill(mark.color(tokens));
                }
            }
        }
    }
    let playing = reading
        .playing
        .and_then(|second| word_at_second(reading.transcript, second));
    for (index, word) in setting.words.iter().enumerate() {
        if !clip.intersects(word.rect) && playing != Some(index) {
            continue;
        }
        let rect = word.rect.translate(offset);
        let mut color = colors[index];
        if playing == Some(index) {
            keep_in_sight(ui, rect);
            painter.rect_filled(
                rect.expand2(vec2(3.0, 1.0)),
                CornerRadius::same(CONTROL_RADIUS),
                tokens.accent,
            );
            color = tokens.on_accent;
        } else if pointed == Some(index) {
            painter.rect_filled(
                rect.expand2(vec2(3.0, 1.0)),
                CornerRadius::same(CONTROL_RADIUS),
                tokens.hover,
            );
        }
        painter.galley(rect.min, word.galley.clone(), color);
    }
    for (at, galley) in &setting.gaps {
        let rect = Rect::from_min_size(*at + offset, galley.size());
        let stroke = egui::Stroke::new(1.0, tokens.soft);
        for x in [rect.left() - 7.0, rect.right() + 7.0] {
            painter.vline(x, rect.y_range().expand(-1.0), stroke);
        }
        painter.galley(rect.min, galley.clone(), tokens.soft);
    }
    for word in &setting.tentative {
        painter.galley(word.rect.min + offset, word.galley.clone(), tokens.soft);
    }
    if reading.live {
        let top = setting.end + offset + vec2(1.0, 4.0);
        painter.rect_filled(
            Rect::from_min_size(top, vec2(2.0, setting.line - 8.0)),
            0,
            tokens.accent,
        );
    }
}

/// Follows the voice down the page.
fn keep_in_sight(ui: &Ui, word: Rect) {
    if !ui.clip_rect().contains_rect(word) {
        ui.scroll_to_rect(word.expand2(vec2(0.0, 60.0)), None);
    }
}

/// What a marked or lighter word is, in words.
fn explain(reading: Reading<'_>, word: usize) -> Option<String> {
    let unsure = reading.transcript.words.get(word).is_some_and(wording::is_unsure);
    let says: Vec<String> = mark_says(reading, word)
        .into_iter()
        .chain(unsure.then(|| wording::MISHEARD.to_owned()))
        .collect();
    (!says.is_empty()).then(|| says.join("\n"))
}

fn mark_says(reading: Reading<'_>, word: usize) -> Option<String> {
    let insights = reading.insights?;
    if let Some(filler) = insights.fillers.iter().find(|filler| filler.words.contains(&word)) {
        return Some(format!("Filler: “{}”", filler.text));
    }
    if let Some(repeat) = insights.repeats.iter().find(|repeat| repeat.words.contains(&word)) {
        return Some(format!("Said {}: “{}”", wording::times(repeat.count), repeat.text));
    }
    if let Some(term) = insights
        .job_terms
        .used
        .iter()
        .find(|term| term.words.iter().any(|range| range.contains(&word)))
    {
        return Some(format!("Job term: {}", term.term));
    }
    let hedge = insights.hedges.iter().find(|hedge| hedge.words.contains(&word))?;
    Some(format!("Hedge: “{}”", hedge.text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{span::Span, transcript::Word};

    #[test]
    fn a_filler_inside_a_repeat_carries_its_own_mark_only() {
        let transcript = Transcript::typed("It was the, um, the main problem.");
        let insights = crate::insight::observe(crate::insight::Answer {
            transcript: &transcript,
            seconds: None,
            question: None,
            field: None,
        });
        let ranges = marked(&insights, Mark::Repeat);
        assert_eq!(ranges.as_slice(), std::slice::from_ref(&(2..5)));
        assert_eq!(bare_of_fillers(2..5, &insights), [2..3, 4..5]);
    }

    #[test]
    fn the_playing_word_is_the_one_that_sounds_and_none_in_a_pause() {
        let transcript = Transcript {
            words: vec![
                Word::spoken("one", Span::new(0.0, 0.4), 1.0),
                Word::spoken("two", Span::new(0.5, 0.9), 1.0),
                Word::spoken("three", Span::new(3.0, 3.4), 1.0),
            ],
        };
        for (second, expected) in [
            (0.2, Some(0)),
            (0.45, Some(0)),
            (0.6, Some(1)),
            (2.0, None),
            (3.1, Some(2)),
            (9.0, None),
        ] {
            assert_eq!(word_at_second(&transcript, second), expected, "at {second}");
        }
        assert_eq!(word_at_second(&Transcript::typed("no times"), 0.0), None);
    }
}
