//! How loud it is: a short bar beside the microphone's name, and the trail of the last seconds while recording.

use eframe::egui::{CornerRadius, Rect, Sense, Ui, WidgetInfo, accesskit::Role, pos2, vec2};

use crate::ui::theme::Tokens;

/// The quietest level that still shows, in decibels below full scale.
const FLOOR: f32 = -60.0;

/// A level as a share of what can be shown: 0 to 1.
pub fn share(decibels: f32) -> f32 {
    ((decibels - FLOOR) / -FLOOR).clamp(0.0, 1.0)
}

/// The level as a row of small bars.
pub fn meter_ui(ui: &mut Ui, decibels: f32, heard: bool) {
    const BARS: usize = 14;
    const WIDTH: f32 = 4.0;
    const GAP: f32 = 3.0;
    let tokens = Tokens::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(BARS as f32 * (WIDTH + GAP), 18.0), Sense::hover());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Meter, true, "Microphone level");
        info.value = Some(f64::from((share(decibels) * 100.0).round()));
        info
    });
    let lit = (share(decibels) * BARS as f32).round() as usize;
    for bar in 0..BARS {
        let min = pos2(rect.left() + bar as f32 * (WIDTH + GAP), rect.top());
        let color = if bar < lit && heard {
            tokens.accent
        } else if bar < lit {
            tokens.soft
        } else {
            tokens.line
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
        let height = value.map_or(2.0, |value| 2.0 + share(value).powf(1.3) * 34.0);
        let center = pos2(
            rect.right() - (count - index) as f32 * STEP + WIDTH / 2.0,
            rect.center().y,
        );
        let color = match value {
            Some(_) if live => tokens.recording,
            Some(_) => tokens.soft,
            None => tokens.line,
        };
        ui.painter().rect_filled(
            Rect::from_center_size(center, vec2(WIDTH, height)),
            CornerRadius::same(1),
            color,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_shares_between_the_floor_and_full_scale() {
        assert_eq!(share(-100.0), 0.0);
        assert_eq!(share(-30.0), 0.5);
        assert_eq!(share(0.0), 1.0);
    }
}
