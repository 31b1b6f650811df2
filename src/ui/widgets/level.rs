//! The level of the microphone: a meter beside its name, and the trail of the last seconds while recording.

use eframe::egui::{CornerRadius, Rect, Sense, Ui, WidgetInfo, accesskit::Role, pos2, vec2};

use crate::{
    take::{METER_STEPS, meter_share},
    ui::theme::Tokens,
};

/// The level as a row of small bars, one for each step.
pub fn meter_ui(ui: &mut Ui, step: u8, has_sound: bool) {
    const WIDTH: f32 = 4.0;
    const GAP: f32 = 3.0;
    let tokens = Tokens::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(f32::from(METER_STEPS) * (WIDTH + GAP), 18.0), Sense::hover());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Meter, true, "Microphone level");
        info.value = Some((f64::from(step) / f64::from(METER_STEPS) * 100.0).round());
        info
    });
    for bar in 0..METER_STEPS {
        let min = pos2(rect.left() + f32::from(bar) * (WIDTH + GAP), rect.top());
        let color = if bar < step && has_sound {
            tokens.accent
        } else if bar < step {
            tokens.soft
        } else {
            tokens.track
        };
        ui.painter().rect_filled(
            Rect::from_min_size(min, vec2(WIDTH, 18.0)),
            CornerRadius::same(2),
            color,
        );
    }
}

/// The last seconds as bars around a middle line, newest at the right.
pub fn trail_ui(ui: &mut Ui, trail: &[f32], width: f32, live: bool) {
    const WIDTH: f32 = 3.0;
    const STEP: f32 = 5.0;
    let tokens = Tokens::of(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(width, 40.0), Sense::hover());
    let count = (width / STEP) as usize;
    for index in 0..count {
        let value = (trail.len() + index)
            .checked_sub(count)
            .and_then(|at| trail.get(at))
            .copied();
        let height = value.map_or(2.0, |value| 2.0 + meter_share(value).powf(1.3) * 34.0);
        let center = pos2(
            rect.right() - (count - index) as f32 * STEP + WIDTH / 2.0,
            rect.center().y,
        );
        let color = match value {
            Some(_) if live => tokens.recording,
            Some(_) => tokens.soft,
            None => tokens.track,
        };
        ui.painter().rect_filled(
            Rect::from_center_size(center, vec2(WIDTH, height)),
            CornerRadius::same(1),
            color,
        );
    }
}
