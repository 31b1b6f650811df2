//! Small plots of something over the weeks. No grades: a line, its first and last value, and perhaps a band.

use eframe::egui::{
    Align2, CornerRadius, Rangef, Rect, Sense, Stroke, Ui, WidgetInfo, accesskit::Role, pos2, remap_clamp, vec2,
};

use super::text;
use crate::ui::theme::{self, Tokens};

/// A value at a time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlotPoint {
    /// Days before now, as a negative number.
    pub day: f64,
    pub value: f64,
}

/// Bars for how many answers fell in each of the last weeks, newest at the right.
pub fn weeks_ui(ui: &mut Ui, weeks: &[usize]) {
    let tokens = Tokens::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 44.0), Sense::hover());
    let total: usize = weeks.iter().sum();
    response.widget_info(|| {
        WidgetInfo::labeled(
            Role::Image,
            true,
            format!("{} in {} weeks", text::count(total, "answer", "answers"), weeks.len()),
        )
    });
    let most = weeks.iter().copied().max().unwrap_or(0).max(1) as f32;
    let step = rect.width() / weeks.len().max(1) as f32;
    for (index, count) in weeks.iter().enumerate() {
        let height = if *count == 0 {
            2.0
        } else {
            6.0 + *count as f32 / most * 36.0
        };
        let left = rect.left() + index as f32 * step;
        let bar = Rect::from_min_max(
            pos2(left, rect.bottom() - height),
            pos2(left + step - 6.0, rect.bottom()),
        );
        let color = if *count == 0 { tokens.line } else { tokens.accent };
        ui.painter().rect_filled(bar, CornerRadius::same(2), color);
    }
}

/// A line through the points, over the given range of values.
pub fn line_ui(ui: &mut Ui, name: &str, points: &[PlotPoint], values: (f64, f64), band: Option<(f64, f64)>) {
    let tokens = Tokens::of(ui);
    // Taller where the window is.
    let height = (ui.ctx().content_rect().height() * 0.19).clamp(124.0, 220.0);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    response.widget_info(|| {
        let message = match (points.first(), points.last()) {
            (Some(first), Some(last)) => format!("{name}: from {:.0} to {:.0}", first.value, last.value),
            _ => name.to_owned(),
        };
        WidgetInfo::labeled(Role::Image, true, message)
    });
    let area = Rect::from_min_max(rect.min + vec2(34.0, 6.0), rect.max - vec2(36.0, 24.0));
    let oldest = points.first().map_or(-1.0, |point| point.day.min(-1.0)) as f32;
    let to_x = |day: f64| remap_clamp(day as f32, oldest..=0.0, area.left()..=area.right());
    let to_y = |value: f64| {
        remap_clamp(
            value as f32,
            values.0 as f32..=values.1 as f32,
            area.bottom()..=area.top(),
        )
    };
    if let Some((low, high)) = band {
        let band = Rect::from_x_y_ranges(area.x_range(), Rangef::new(to_y(high), to_y(low)));
        ui.painter()
            .rect_filled(band, CornerRadius::same(4), tokens.wash.gamma_multiply(0.7));
    }
    let small = theme::regular(11.0);
    for value in [values.0, values.1] {
        let at = pos2(area.left() - 8.0, to_y(value));
        ui.painter().text(
            at,
            Align2::RIGHT_CENTER,
            format!("{value:.0}"),
            small.clone(),
            tokens.soft,
        );
        ui.painter().hline(area.x_range(), at.y, Stroke::new(1.0, tokens.line));
    }
    let under = area.bottom() + 8.0;
    let days = f64::from(-oldest);
    ui.painter().text(
        pos2(area.left(), under),
        Align2::LEFT_TOP,
        ago(days),
        small.clone(),
        tokens.soft,
    );
    ui.painter().text(
        pos2(area.right(), under),
        Align2::RIGHT_TOP,
        "today",
        small,
        tokens.soft,
    );
    let line: Vec<_> = points
        .iter()
        .map(|point| pos2(to_x(point.day), to_y(point.value)))
        .collect();
    for point in &line {
        ui.painter().circle_filled(*point, 3.0, tokens.accent);
    }
    if let (Some(at), Some(last)) = (line.last(), points.last()) {
        let message = if values.1 < 20.0 {
            format!("{:.1}", last.value)
        } else {
            format!("{:.0}", last.value)
        };
        ui.painter().text(
            *at + vec2(9.0, 0.0),
            Align2::LEFT_CENTER,
            message,
            theme::medium(12.0),
            tokens.ink,
        );
    }
    ui.painter().line(line, Stroke::new(2.0, tokens.accent));
}

/// "3 weeks ago".
fn ago(days: f64) -> String {
    match days.round() as u64 {
        0 | 1 => "yesterday".to_owned(),
        days @ 2..=13 => format!("{days} days ago"),
        days @ 14..=62 => format!("{} weeks ago", days / 7),
        days => format!("{} months ago", days / 30),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_they_are_said() {
        for (days, expected) in [
            (1.0, "yesterday"),
            (9.4, "9 days ago"),
            (46.0, "6 weeks ago"),
            (100.0, "3 months ago"),
        ] {
            assert_eq!(ago(days), expected);
        }
    }
}
