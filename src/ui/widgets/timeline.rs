//! The timeline of an answer: the pace as a line in its band, the voice with its silences, fillers and repeats as ticks, and
//! the playhead. A click plays from there, and the playhead can be dragged.

use eframe::egui::{
    Align2, Color32, CornerRadius, EventFilter, Id, Key, Modifiers, Pos2, Rangef, Rect, Response, Sense, Stroke, Ui,
    WidgetInfo, accesskit::Role, pos2, remap_clamp, vec2,
};

use super::{focus_ring, text};
use crate::{
    insight::{
        Insights,
        pace::usual_band,
        pauses::{SilentEnds, long_seconds},
    },
    ui::theme::{self, CONTROL_RADIUS, Tokens},
};

/// The least that the plot of the pace shows, in words per minute; and the most, where nobody speaks faster.
const LOWEST: f64 = 50.0;
const HIGHEST: f64 = 230.0;

/// Seconds that an arrow key moves.
const STEP: f64 = 5.0;

/// Its height, in points, from top to bottom: the name of the plot, the plot, the voice, the times.
pub const HEIGHT: f32 = CAPTION + PLOT + VOICE + AXIS;
const CAPTION: f32 = 20.0;
const PLOT: f32 = 60.0;
const VOICE: f32 = 20.0;
const AXIS: f32 = 20.0;

/// Its id: it owns the arrow keys while it has the focus.
pub fn id() -> Id {
    Id::unique("the time of the answer")
}

/// What is shown along the time.
#[derive(Clone, Copy, Debug)]
pub struct TimelineView<'a> {
    pub insights: &'a Insights,
    /// The silence at both ends, where it is known.
    pub ends: Option<SilentEnds>,
    /// The length of the take.
    pub seconds: f64,
    /// Where the playhead is, once the take was played.
    pub playhead: Option<f64>,
    /// Whether there is sound.
    pub playable: bool,
}

/// What is asked for on the timeline: seconds of the take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TimelineInput {
    PlayFrom(f64),
    /// The playhead is being dragged to here.
    Scrub(f64),
    /// It was let go.
    EndScrub,
}

pub fn timeline_ui(ui: &mut Ui, shown: TimelineView<'_>) -> Option<TimelineInput> {
    const LEFT: f32 = 30.0;
    let tokens = Tokens::of(ui);
    let seconds = shown.seconds;
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), HEIGHT));
    let sense = if shown.playable {
        Sense::click_and_drag()
    } else {
        Sense::focusable_noninteractive()
    };
    let response = ui.interact(rect, id(), sense);
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Slider, true, summary(shown));
        info.value = Some(shown.playhead.unwrap_or(0.0));
        info
    });
    let x = Rangef::new(rect.left() + LEFT, rect.right() - 2.0);
    let to_x = |second: f64| remap_clamp(second as f32, 0.0..=seconds as f32, x.min..=x.max);
    let plot = Rect::from_x_y_ranges(x, rect.top() + CAPTION..=rect.top() + CAPTION + PLOT - 8.0);
    let voice = Rect::from_x_y_ranges(x, plot.bottom() + 8.0..=plot.bottom() + 8.0 + VOICE);
    let caption = pos2(plot.left(), rect.top());
    label(ui, caption, Align2::LEFT_TOP, "Words per minute", tokens.soft);
    pace_ui(ui, tokens, shown.insights, plot, to_x);
    voice_ui(ui, tokens, shown, voice, to_x);
    axis_ui(ui, tokens, voice.bottom() + 4.0, seconds, to_x);
    if let Some(second) = shown.playhead {
        let at = to_x(second);
        ui.painter()
            .vline(at, plot.top()..=voice.bottom(), Stroke::new(2.0, tokens.accent));
        ui.painter().circle_filled(pos2(at, plot.top()), 4.0, tokens.accent);
    }
    let to_second = |pos: Pos2| f64::from(remap_clamp(pos.x, x.min..=x.max, 0.0..=seconds as f32));
    let hovered = response.hover_pos().filter(|pos| shown.playable && x.contains(pos.x));
    if let Some(pos) = hovered.filter(|_| !response.dragged()) {
        ui.painter()
            .vline(pos.x, plot.top()..=voice.bottom(), Stroke::new(1.0, tokens.soft));
        let message = format!("Play from {}", text::clock(to_second(pos)));
        response.clone().on_hover_text_at_pointer(message);
    }
    focus_ring(ui.painter(), tokens, &response, CONTROL_RADIUS);
    asked(ui, &response, shown, to_second)
}

/// What the pointer or the keyboard asks for.
fn asked(
    ui: &Ui,
    response: &Response,
    shown: TimelineView<'_>,
    to_second: impl Fn(Pos2) -> f64,
) -> Option<TimelineInput> {
    if !shown.playable {
        return None;
    }
    let here = shown.playhead.unwrap_or(0.0);
    if response.drag_stopped() {
        return Some(TimelineInput::EndScrub);
    }
    if response.dragged() {
        let second = response.interact_pointer_pos().map(to_second)?;
        return (Some(second) != shown.playhead).then_some(TimelineInput::Scrub(second));
    }
    if response.clicked() {
        // A click that no pointer made came from the keyboard.
        let second = response.interact_pointer_pos().map_or(here, to_second);
        return Some(TimelineInput::PlayFrom(second));
    }
    moved_by_key(ui, response, here, shown.seconds).map(TimelineInput::PlayFrom)
}

/// The second that an arrow key asks for.
fn moved_by_key(ui: &Ui, response: &Response, second: f64, seconds: f64) -> Option<f64> {
    if !response.has_focus() {
        return None;
    }
    ui.memory_mut(|memory| {
        let filter = EventFilter {
            horizontal_arrows: true,
            ..EventFilter::default()
        };
        memory.set_focus_lock_filter(response.id, filter);
    });
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    if pressed(Key::ArrowRight) {
        return Some((second + STEP).min(seconds));
    }
    pressed(Key::ArrowLeft).then(|| (second - STEP).max(0.0))
}

fn pace_ui(ui: &Ui, tokens: Tokens, insights: &Insights, rect: Rect, to_x: impl Fn(f64) -> f32) {
    let windows = insights.pace.iter().flat_map(|pace| &pace.windows);
    let highest = windows.fold(HIGHEST, |highest, window| highest.max(window.words_per_minute));
    // The line is as thick as it is, and the dots of a short answer are thicker.
    let inner = rect.shrink2(vec2(0.0, 3.0));
    let to_y = |pace: f64| {
        remap_clamp(
            pace as f32,
            LOWEST as f32..=highest as f32,
            inner.bottom()..=inner.top(),
        )
    };
    let band = Rect::from_x_y_ranges(rect.x_range(), to_y(usual_band().1)..=to_y(usual_band().0));
    ui.painter()
        .rect_filled(band, CornerRadius::same(4), tokens.wash.gamma_multiply(0.7));
    for pace in [usual_band().0, usual_band().1] {
        label(
            ui,
            pos2(rect.left() - 6.0, to_y(pace)),
            Align2::RIGHT_CENTER,
            &format!("{pace:.0}"),
            tokens.soft,
        );
    }
    let Some(pace) = &insights.pace else {
        return;
    };
    let points: Vec<Pos2> = pace
        .windows
        .iter()
        .map(|window| pos2(to_x(window.span.middle()), to_y(window.words_per_minute)))
        .collect();
    if let [only] = points[..] {
        ui.painter().circle_filled(only, 3.0, tokens.accent);
    } else {
        ui.painter().line(points, Stroke::new(2.0, tokens.accent));
    }
}

/// Where somebody speaks, from and to in seconds: between the silences, those at both ends among them.
fn voiced(insights: &Insights, ends: Option<SilentEnds>, seconds: f64) -> Vec<(f64, f64)> {
    let mut from = ends.map_or(0.0, |ends| ends.before);
    let end = ends.map_or(seconds, |ends| seconds - ends.after);
    let mut voiced = Vec::new();
    let pauses = insights.pauses.iter().map(|pause| (pause.span.start, pause.span.end));
    for (to, next) in pauses.chain([(end, end)]) {
        if to > from {
            voiced.push((from, to));
        }
        from = next;
    }
    voiced
}

fn voice_ui(ui: &Ui, tokens: Tokens, shown: TimelineView<'_>, rect: Rect, to_x: impl Fn(f64) -> f32) {
    let insights = shown.insights;
    let middle = rect.center().y;
    for (from, to) in voiced(insights, shown.ends, shown.seconds) {
        let stretch = Rect::from_x_y_ranges(to_x(from)..=to_x(to), middle - 3.0..=middle + 3.0);
        ui.painter()
            .rect_filled(stretch, CornerRadius::same(3), tokens.soft.gamma_multiply(0.45));
    }
    let pauses = insights.pauses.iter().map(|pause| (pause.span.start, pause.span.end));
    let ends = shown.ends.into_iter().flat_map(|ends| {
        let last = shown.seconds - ends.after;
        [(0.0, ends.before), (last, shown.seconds)]
    });
    for (from, to) in pauses.chain(ends).filter(|(from, to)| to - from >= long_seconds()) {
        let width = to_x(to) - to_x(from);
        if width > 30.0 {
            let at = pos2(f32::midpoint(to_x(from), to_x(to)), middle);
            label(
                ui,
                at,
                Align2::CENTER_CENTER,
                &format!("{:.1} s", to - from),
                tokens.soft,
            );
        }
    }
    let tick = |second: f64, color: Color32, half: f32| {
        ui.painter()
            .vline(to_x(second), middle - half..=middle + half, Stroke::new(2.0, color));
    };
    for repeat in insights.repeats.iter().filter_map(|repeat| repeat.span) {
        tick(repeat.start, tokens.repeat, 7.0);
    }
    for filler in insights.fillers.iter().filter_map(|filler| filler.span) {
        tick(filler.start, tokens.filler, 9.0);
    }
}

fn axis_ui(ui: &Ui, tokens: Tokens, y: f32, seconds: f64, to_x: impl Fn(f64) -> f32) {
    let step = [5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0]
        .into_iter()
        .find(|step| seconds / step <= 8.0)
        .unwrap_or(1800.0);
    let mut at = 0.0;
    while at <= seconds - step * 0.4 || at == 0.0 {
        let align = if at == 0.0 {
            Align2::LEFT_TOP
        } else {
            Align2::CENTER_TOP
        };
        label(ui, pos2(to_x(at), y), align, &text::clock(at), tokens.soft);
        at += step;
    }
    label(
        ui,
        pos2(to_x(seconds), y),
        Align2::RIGHT_TOP,
        &text::clock(seconds),
        tokens.soft,
    );
}

fn label(ui: &Ui, at: Pos2, align: Align2, message: &str, color: Color32) {
    ui.painter().text(at, align, message, theme::regular(11.0), color);
}

fn summary(shown: TimelineView<'_>) -> String {
    let insights = shown.insights;
    let pace = insights.pace.as_ref().map_or(String::new(), |pace| {
        format!(", {:.0} words per minute", pace.words_per_minute)
    });
    format!(
        "Timeline of {}{pace}, {}, {}",
        text::length(shown.seconds),
        text::count(insights.pauses.len(), "pause", "pauses"),
        text::count(insights.fillers.len(), "filler", "fillers"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{insight::Pause, span::Span};

    #[test]
    fn silence_at_both_ends_and_between_is_no_voice() {
        let pause = |start, end| Pause {
            span: Span::new(start, end),
            after_word: 0,
            inside_clause: false,
        };
        let insights = Insights {
            pauses: vec![pause(18.0, 20.0)],
            ..Insights::default()
        };
        let ends = |before, after| Some(SilentEnds { before, after });
        for (ends, expected) in [
            (ends(14.5, 12.0), vec![(14.5, 18.0), (20.0, 28.0)]),
            (ends(0.0, 0.0), vec![(0.0, 18.0), (20.0, 40.0)]),
            (None, vec![(0.0, 18.0), (20.0, 40.0)]),
        ] {
            assert_eq!(voiced(&insights, ends, 40.0), expected, "{ends:?}");
        }
    }
}
