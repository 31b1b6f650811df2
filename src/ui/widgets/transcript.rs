//! A transcript on screen: its words in lines, marks under them, pauses as gaps, the playing word highlighted.
//!
//! The words are placed one by one, so that every one can be pointed at, and gone to with the arrow keys. For a screen
//! reader it is one text.

use std::ops::Range;

use eframe::egui::{
    Align, CornerRadius, EventFilter, Id, Key, Modifiers, Pos2, Rect, Response, Sense, Stroke, StrokeKind, Tooltip, Ui,
    WidgetInfo,
    accesskit::{Live, Role},
    style::ScrollAnimation,
    vec2,
};

use super::{
    focus_ring,
    marks::Mark,
    text_layout::{GapMark, GapMarkKind, LINE, Tentative, TextLayout, galley, gap_galley},
};
use crate::{
    insight::{Insights, pauses::long_seconds, wording},
    question::Field,
    settings::Marks,
    take,
    transcript::{Transcript, Word},
    ui::theme::{CONTROL_RADIUS, Tokens},
};

/// What is shown of a transcript.
#[derive(Clone, Copy, Debug)]
pub struct TranscriptView<'a> {
    pub transcript: &'a Transcript,
    pub insights: Option<&'a Insights>,
    pub marks: Marks,
    /// Where the sound is being played, or paused, in seconds.
    pub playing: Option<f64>,
    /// Whether the words scroll along with it.
    pub follows: bool,
    /// The words that are pointed out.
    pub lit: Option<LitWords>,
    /// What follows the words and may still change.
    pub tentative: &'a str,
    /// Whether a word can be clicked to hear it.
    pub playable: bool,
    /// Whether it grows while it is read.
    pub live: bool,
    /// Where the microphone was gone.
    pub gaps: &'a [take::Gap],
    /// Whose terms are explained.
    pub field: Option<&'a Field>,
}

/// Words that are pointed out: `words[first..end]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LitWords {
    pub first: usize,
    pub end: usize,
    /// Another number each time that something is pointed out: the words scroll there once.
    pub turn: u64,
}

impl LitWords {
    const fn range(self) -> Range<usize> {
        self.first..self.end
    }
}

impl<'a> TranscriptView<'a> {
    /// A finished text, without marks.
    pub fn plain(transcript: &'a Transcript) -> Self {
        Self {
            transcript,
            insights: None,
            marks: Marks::default(),
            playing: None,
            follows: false,
            lit: None,
            tentative: "",
            playable: false,
            live: false,
            gaps: &[],
            field: None,
        }
    }
}

/// The id of a transcript that can be played: it owns the arrow keys while it has the focus.
pub fn id() -> Id {
    Id::unique("the words of the answer")
}

/// Shows it; returns the index of the word that was clicked.
pub fn transcript_ui(ui: &mut Ui, shown: TranscriptView<'_>) -> Option<usize> {
    let tokens = Tokens::of(ui);
    let gaps = gaps_of(shown);
    let layout = TextLayout::of(ui, shown.transcript, &gaps);
    let tentative = layout.tentative(ui, shown.tentative);
    let size = vec2(ui.available_width(), tentative.height);
    let (rect, response) = if shown.playable {
        let (_, rect) = ui.allocate_space(size);
        (rect, ui.interact(rect, id(), Sense::click()))
    } else {
        ui.allocate_exact_size(size, Sense::hover())
    };
    response.widget_info(|| {
        let text = [shown.transcript.text().as_str(), shown.tentative].join(" ");
        WidgetInfo::labeled(Role::Paragraph, true, text.trim())
    });
    if shown.live {
        ui.ctx()
            .accesskit_node_builder(response.id, |node| node.set_live(Live::Polite));
    }
    let offset = rect.min.to_vec2();
    let pointed = response.hover_pos().and_then(|pos| layout.word_at(pos - offset));
    let chosen = choose(ui, &response, &layout, offset, shown);
    paint_lit(ui, &layout, shown.lit, tokens, offset);
    paint(ui, &layout, shown, tokens, offset, pointed.filter(|_| shown.playable));
    paint_end(ui, &tentative, shown, tokens, offset);
    if let Some(word) = chosen.and_then(|word| layout.words.get(word)) {
        ui.painter().rect_stroke(
            word.rect.translate(offset).expand2(vec2(2.0, 1.0)),
            CornerRadius::same(CONTROL_RADIUS),
            Stroke::new(2.0, tokens.accent),
            StrokeKind::Outside,
        );
        focus_ring(ui.painter(), tokens, &response, CONTROL_RADIUS);
    }
    explain_ui(ui, &response, &layout, offset, shown, (pointed, chosen));
    // A click that no pointer made came from the keyboard.
    let by_key = chosen.filter(|_| response.interact_pointer_pos().is_none());
    response.clicked().then(|| by_key.or(pointed)).flatten()
}

/// The word that the arrow keys are on, while the words have the keyboard.
fn choose(
    ui: &Ui,
    response: &Response,
    layout: &TextLayout,
    offset: eframe::egui::Vec2,
    shown: TranscriptView<'_>,
) -> Option<usize> {
    if !shown.playable || !response.has_focus() {
        return None;
    }
    let last = layout.words.len().checked_sub(1)?;
    ui.memory_mut(|memory| {
        let filter = EventFilter {
            horizontal_arrows: true,
            vertical_arrows: true,
            ..EventFilter::default()
        };
        memory.set_focus_lock_filter(response.id, filter);
    });
    let before: usize = ui.data(|data| data.get_temp(response.id)).unwrap_or(0).min(last);
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let mut word = before;
    if pressed(Key::ArrowRight) {
        word = (word + 1).min(last);
    }
    if pressed(Key::ArrowLeft) {
        word = word.saturating_sub(1);
    }
    if pressed(Key::ArrowDown) {
        word = layout.beside(word, 1);
    }
    if pressed(Key::ArrowUp) {
        word = layout.beside(word, -1);
    }
    if pressed(Key::Home) {
        word = 0;
    }
    if pressed(Key::End) {
        word = last;
    }
    if word != before {
        ui.data_mut(|data| data.insert_temp(response.id, word));
        ui.scroll_to_rect(layout.words[word].rect.translate(offset).expand2(vec2(0.0, 60.0)), None);
    }
    if let Some(spoken) = shown.transcript.words.get(word) {
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_value(spoken.text.clone());
        });
    }
    Some(word)
}

/// Long pauses, where they are marked, and missing sound always. Where the sound is missing, the pause is.
fn gaps_of(shown: TranscriptView<'_>) -> Vec<GapMark> {
    let mut gaps: Vec<GapMark> = Vec::new();
    for missing in shown.gaps.iter().filter(|gap| gap.kind == take::GapKind::Missing) {
        let after = |word: &Word| word.span.is_some_and(|span| span.middle() > missing.at);
        let next = shown.transcript.words.iter().position(after);
        gaps.push(GapMark {
            after: next.unwrap_or(shown.transcript.words.len()).saturating_sub(1),
            seconds: missing.seconds,
            kind: GapMarkKind::Missing,
        });
    }
    let shown = shown.insights.filter(|_| shown.marks.pauses);
    let pauses = shown.map_or(&[][..], |insights| &insights.pauses);
    let missing = gaps.len();
    for pause in pauses.iter().filter(|pause| pause.span.seconds() >= long_seconds()) {
        if gaps[..missing].iter().all(|gap| gap.after != pause.after_word) {
            gaps.push(GapMark {
                after: pause.after_word,
                seconds: pause.span.seconds(),
                kind: GapMarkKind::Pause,
            });
        }
    }
    gaps.sort_by_key(|gap| gap.after);
    gaps
}

/// The ranges that have a mark.
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

/// A range without the fillers inside it, which have a mark of their own: "the, um, the".
fn bare_of_fillers(range: Range<usize>, insights: &Insights) -> Vec<Range<usize>> {
    let mut fills = vec![false; range.len()];
    for filler in &insights.fillers {
        let (first, end) = (filler.words.start.max(range.start), filler.words.end.min(range.end));
        if first < end {
            fills[first - range.start..end - range.start].fill(true);
        }
    }
    let words: Vec<usize> = range.clone().filter(|word| !fills[word - range.start]).collect();
    let runs = words.chunk_by(|a, b| a + 1 == *b);
    runs.map(|run| run[0]..run[run.len() - 1] + 1).collect()
}

/// How often each mark occurs in an answer, in the order of [`Mark::ALL`].
pub fn counts(insights: &Insights) -> [usize; 5] {
    Mark::ALL.map(|mark| match mark {
        Mark::Pause => insights
            .pauses
            .iter()
            .filter(|pause| pause.span.seconds() >= long_seconds())
            .count(),
        Mark::Filler | Mark::Repeat | Mark::JobTerm | Mark::Hedge => marked(insights, mark).len(),
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

fn paint(
    ui: &Ui,
    layout: &TextLayout,
    shown: TranscriptView<'_>,
    tokens: Tokens,
    offset: eframe::egui::Vec2,
    pointed: Option<usize>,
) {
    let painter = ui.painter();
    let clip = ui.clip_rect().translate(-offset);
    // A long text is painted where it can be seen, and nowhere else.
    let seen = layout.words_between(clip.top(), clip.bottom());
    let words = &shown.transcript.words;
    let mut colors: Vec<_> = words[seen.clone()]
        .iter()
        // Lighter: it may be misheard.
        .map(|word| {
            if wording::is_unsure(word) {
                tokens.soft
            } else {
                tokens.ink
            }
        })
        .collect();
    if let Some(insights) = shown.insights {
        // Pills first: lines are drawn over them.
        for mark in [Mark::JobTerm, Mark::Hedge, Mark::Repeat, Mark::Filler] {
            if !mark.is_shown(shown.marks) {
                continue;
            }
            let mut ranges = marked(insights, mark);
            ranges.retain(|range| range.start < seen.end && range.end > seen.start);
            if mark == Mark::Repeat && Mark::Filler.is_shown(shown.marks) {
                ranges = ranges
                    .into_iter()
                    .flat_map(|range| bare_of_fillers(range, insights))
                    .collect();
            }
            for range in ranges {
                for rect in layout.rows_of(range.clone()) {
                    mark.paint(painter, tokens, rect.translate(offset), offset.y + rect.bottom() - 5.0);
                }
                if mark != Mark::Hedge {
                    let inside = range.start.max(seen.start)..range.end.min(seen.end).max(seen.start);
                    for word in inside {
                        colors[word - seen.start] = mark.color(tokens);
                    }
                }
            }
        }
    }
    let playing = shown
        .playing
        .and_then(|second| word_at_second(shown.transcript, second));
    if let Some(word) = playing
        .filter(|_| shown.follows)
        .and_then(|word| layout.words.get(word))
    {
        keep_in_sight(ui, word.rect.translate(offset));
    }
    for (index, color) in seen.zip(colors) {
        let rect = layout.words[index].rect.translate(offset);
        let under = if playing == Some(index) {
            Some(tokens.accent)
        } else {
            (pointed == Some(index)).then_some(tokens.hover)
        };
        if let Some(under) = under {
            let corner = CornerRadius::same(CONTROL_RADIUS);
            painter.rect_filled(rect.expand2(vec2(2.0, 1.0)), corner, under);
        }
        let color = if playing == Some(index) {
            tokens.on_accent
        } else {
            color
        };
        painter.galley(rect.min, galley(ui, &words[index].text), color);
    }
    for (at, seconds) in &layout.gaps {
        if !(clip.top()..=clip.bottom()).contains(&at.y) {
            continue;
        }
        let galley = gap_galley(ui, *seconds);
        let rect = Rect::from_min_size(*at + offset, galley.size());
        for x in [rect.left() - 7.0, rect.right() + 7.0] {
            painter.vline(x, rect.y_range().expand(-1.0), Stroke::new(1.0, tokens.soft));
        }
        painter.galley(rect.min, galley, tokens.soft);
    }
}

/// The words that are pointed out: on a ground of their own, with a line around it. They scroll into sight once.
fn paint_lit(ui: &Ui, layout: &TextLayout, lit: Option<LitWords>, tokens: Tokens, offset: eframe::egui::Vec2) {
    let id = ui.scope_id().with("lit");
    let Some(lit) = lit else {
        ui.data_mut(|data| data.remove_temp::<u64>(id));
        return;
    };
    let rows = layout.rows_of(lit.range());
    for row in &rows {
        ui.painter().rect(
            row.translate(offset).expand2(vec2(4.0, 2.0)),
            CornerRadius::same(CONTROL_RADIUS),
            tokens.wash,
            Stroke::new(1.5, tokens.accent),
            StrokeKind::Outside,
        );
    }
    if ui.data(|data| data.get_temp(id)) == Some(lit.turn) {
        return;
    }
    ui.data_mut(|data| data.insert_temp(id, lit.turn));
    if let Some(all) = rows.into_iter().reduce(Rect::union) {
        let all = all.translate(offset).expand2(vec2(0.0, 12.0));
        if !ui.clip_rect().contains_rect(all) {
            ui.scroll_to_rect(all, Some(Align::Center));
        }
    }
}

/// How the caret of a text that grows is kept in sight, from frame to frame.
#[derive(Clone, Copy, Debug, Default)]
struct CaretFollow {
    /// Where the text ended.
    end: Pos2,
    /// Somebody reads elsewhere, until there are new words.
    scrolled_away: bool,
    /// When the page was last asked to scroll.
    asked_in_frame: u64,
}

impl CaretFollow {
    /// So long the page takes to be where it was asked to be: asked again before, it would go twice as far.
    const FRAMES: u64 = 3;
}

/// What may still change, and the caret of a text that grows.
fn paint_end(ui: &Ui, tentative: &Tentative, shown: TranscriptView<'_>, tokens: Tokens, offset: eframe::egui::Vec2) {
    for (word, text) in tentative.words.iter().zip(shown.tentative.split_whitespace()) {
        ui.painter()
            .galley(word.rect.min + offset, galley(ui, text), tokens.soft);
    }
    if shown.live {
        let caret = Rect::from_min_size(tentative.end + offset + vec2(1.0, 4.0), vec2(2.0, LINE - 8.0));
        ui.painter().rect_filled(caret, 0, tokens.accent);
        // New words scroll into sight, even where large text leaves few lines; whoever scrolls away while
        // nothing new comes is left there.
        let id = ui.scope_id().with("caret");
        let before: CaretFollow = ui.data(|data| data.get_temp(id)).unwrap_or_default();
        let mut follow = CaretFollow {
            end: tentative.end,
            scrolled_away: before.scrolled_away && before.end == tentative.end,
            ..before
        };
        let frame = ui.ctx().cumulative_frame_nr();
        if ui.clip_rect().contains_rect(caret) {
            follow.scrolled_away = false;
        } else {
            // What moved by itself, as when the window changed, is followed.
            follow.scrolled_away |= ui.input(|input| input.smooth_scroll_delta().y != 0.0 || input.pointer.any_down());
            if !follow.scrolled_away && frame >= before.asked_in_frame + CaretFollow::FRAMES {
                keep_in_sight(ui, caret);
                follow.asked_in_frame = frame;
            }
        }
        ui.data_mut(|data| data.insert_temp(id, follow));
    }
}

/// Scrolls to this word where it is out of sight.
fn keep_in_sight(ui: &Ui, word: Rect) {
    if !ui.clip_rect().contains_rect(word) {
        // With lines around it, as far as the part in sight is high enough for them.
        let around = ((ui.clip_rect().height() - word.height()) / 2.0 - 1.0).clamp(0.0, 60.0);
        // At once: asked for again in every frame, a movement would never end.
        let rect = word.expand2(vec2(0.0, around));
        ui.scroll_to_rect_animation(rect, None, ScrollAnimation::none());
    }
}

/// Explains the word under the pointer, or else the one that the arrow keys are on, beside it.
fn explain_ui(
    ui: &Ui,
    response: &Response,
    layout: &TextLayout,
    offset: eframe::egui::Vec2,
    shown: TranscriptView<'_>,
    (pointed, chosen): (Option<usize>, Option<usize>),
) {
    let Some(word) = pointed.or(chosen) else { return };
    let Some((message, placed)) = explain(shown, word).zip(layout.words.get(word)) else {
        return;
    };
    let mut tooltip = if pointed.is_some() {
        Tooltip::for_enabled(response)
    } else {
        Tooltip::for_widget(response)
    };
    tooltip.popup = tooltip.popup.anchor(placed.rect.translate(offset).expand(2.0));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_description(message.clone());
    });
    tooltip.show(|ui| {
        ui.set_max_width(ui.spacing().tooltip_width);
        ui.label(message);
    });
}

/// Explains the mark or the lighter color of a word.
fn explain(shown: TranscriptView<'_>, word: usize) -> Option<String> {
    let unsure = shown.transcript.words.get(word).is_some_and(wording::is_unsure);
    let message: Vec<String> = mark_explanation(shown, word)
        .into_iter()
        .chain(unsure.then(|| wording::MISHEARD.to_owned()))
        .collect();
    (!message.is_empty()).then(|| message.join("\n"))
}

fn mark_explanation(shown: TranscriptView<'_>, word: usize) -> Option<String> {
    let insights = shown.insights?;
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
        let listed = shown.field.and_then(|field| field.term(&term.term));
        let definition = listed.map_or(String::new(), |listed| format!("\n{}", listed.definition));
        let heard = shown.transcript.words.get(word).and_then(|word| word.heard.as_deref());
        let heard = heard.map_or(String::new(), |heard| format!(" (heard as “{heard}”)"));
        return Some(format!("Job term: {}{heard}{definition}", term.term));
    }
    let hedge = insights.hedges.iter().find(|hedge| hedge.words.contains(&word))?;
    Some(format!("Hedge: “{}”", hedge.text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{span::Span, transcript::Word};

    #[test]
    fn a_filler_inside_a_repeat_has_its_own_mark_only() {
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
