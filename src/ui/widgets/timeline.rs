//! The timeline of an answer: the pace as a line in its band, the voice with its pauses, fillers and repeats as ticks, and
//! the position of playback. A click plays from there.

use eframe::egui::{
    self, Align2, Color32, CornerRadius, EventFilter, Id, Key, Modifiers, Rangef, Rect, Response, Sense, Stroke, Ui,
    WidgetInfo, accesskit::Role, pos2, remap_clamp, vec2,
};

use super::{focus_ring, text};
use crate::{
    insight::{Insights, pace::usual_band, pauses::long_seconds},
    ui::theme::{self, CONTROL_RADIUS, Tokens},
};

const LOWEST: f64 = 50.0;
const HIGHEST: f64 = 230.0;

/// Seconds that an arrow key moves.
const STEP: f64 = 5.0;

/// Its id: it owns the arrow keys while it has the focus.
pub fn id() -> Id {
    Id::unique("the time of the answer")
}

/// Shows it; returns the second that was clicked.
pub fn timeline_ui(ui: &mut Ui, insights: &Insights, seconds: f64, playing: Option<f64>) -> Option<f64> {
    const PACE: f32 = 88.0;
    const VOICE: f32 = 20.0;
    const AXIS: f32 = 20.0;
    const LEFT: f32 = 30.0;
    let tokens = Tokens::of(ui);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), PACE + VOICE + AXIS));
    let response = ui.interact(rect, id(), Sense::click());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Slider, true, summary(insights, seconds));
        info.value = Some(playing.unwrap_or(0.0));
        info
    });
    let x = Rangef::new(rect.left() + LEFT, rect.right() - 2.0);
    let to_x = |second: f64| remap_clamp(second as f32, 0.0..=seconds as f32, x.min..=x.max);
    let pace = Rect::from_x_y_ranges(x, rect.top()..=rect.top() + PACE - 8.0);
    let voice = Rect::from_x_y_ranges(x, rect.top() + PACE..=rect.top() + PACE + VOICE);
    pace_ui(ui, tokens, insights, pace, to_x);
    voice_ui(ui, tokens, insights, voice, seconds, to_x);
    axis_ui(ui, tokens, voice.bottom() + 4.0, seconds, to_x);
    if let Some(second) = playing {
        let at = to_x(second);
        ui.painter()
            .vline(at, rect.top()..=voice.bottom(), Stroke::new(2.0, tokens.accent));
        ui.painter().circle_filled(pos2(at, rect.top()), 4.0, tokens.accent);
    }
    let to_second = |pos: egui::Pos2| f64::from(remap_clamp(pos.x, x.min..=x.max, 0.0..=seconds as f32));
    if let Some(pos) = response.hover_pos().filter(|pos| x.contains(pos.x)) {
        ui.painter()
            .vline(pos.x, rect.top()..=voice.bottom(), Stroke::new(1.0, tokens.soft));
        let message = format!("Play from {}", text::clock(to_second(pos)));
        response.clone().on_hover_text_at_pointer(message);
    }
    focus_ring(ui.painter(), tokens, &response, CONTROL_RADIUS);
    let by_key = moved_by_key(ui, &response, playing.unwrap_or(0.0), seconds);
    if !response.clicked() {
        return by_key;
    }
    // A click that no pointer made came from the keyboard.
    Some(
        response
            .interact_pointer_pos()
            .map_or(playing.unwrap_or(0.0), to_second),
    )
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
    let to_y = |pace: f64| remap_clamp(pace as f32, LOWEST as f32..=HIGHEST as f32, rect.bottom()..=rect.top());
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
    let name = pos2(rect.left(), rect.top() + 2.0);
    label(ui, name, Align2::LEFT_TOP, "Words per minute", tokens.soft);
    let Some(pace) = &insights.pace else {
        return;
    };
    let points: Vec<egui::Pos2> = pace
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

fn voice_ui(ui: &Ui, tokens: Tokens, insights: &Insights, rect: Rect, seconds: f64, to_x: impl Fn(f64) -> f32) {
    let middle = rect.center().y;
    let mut from = 0.0;
    let ends = insights.pauses.iter().map(|pause| (pause.span.start, pause.span.end));
    for (end, next) in ends.chain([(seconds, seconds)]) {
        let stretch = Rect::from_x_y_ranges(to_x(from)..=to_x(end), middle - 3.0..=middle + 3.0);
        ui.painter()
            .rect_filled(stretch, CornerRadius::same(3), tokens.soft.gamma_multiply(0.45));
        from = next;
    }
    for pause in insights
        .pauses
        .iter()
        .filter(|pause| pause.span.seconds() >= long_seconds())
    {
        let message = format!("{:.1} s", pause.span.seconds());
        let at = pos2(to_x(pause.span.middle()), middle);
        let width = to_x(pause.span.end) - to_x(pause.span.start);
        if width > 30.0 {
            label(ui, at, Align2::CENTER_CENTER, &message, tokens.soft);
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

fn label(ui: &Ui, at: egui::Pos2, align: Align2, message: &str, color: Color32) {
    ui.painter().text(at, align, message, theme::regular(11.0), color);
}

fn summary(insights: &Insights, seconds: f64) -> String {
    let pace = insights.pace.as_ref().map_or(String::new(), |pace| {
        format!(", {:.0} words per minute", pace.words_per_minute)
    });
    format!(
        "Timeline of {}{pace}, {}, {}",
        text::length(seconds),
        text::count(insights.pauses.len(), "pause", "pauses"),
        text::count(insights.fillers.len(), "filler", "fillers"),
    )
}
