//! Small plots of something over the weeks. No grades: a line through what can be opened, its last value, and perhaps a band.

use std::{fmt, sync::Arc};

use eframe::egui::{
    Align2, Color32, CornerRadius, EventFilter, FontId, Galley, Id, Key, Modifiers, Pos2, Rangef, Rect, Response,
    Sense, Stroke, Ui, WidgetInfo,
    accesskit::{Live, Role},
    pos2, remap_clamp,
    text::{LayoutJob, TextFormat, TextWrapping},
    vec2,
};

use super::{focus_ring, text};
use crate::ui::theme::{self, CONTROL_RADIUS, Tokens, size, space};

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

/// A line through points, each of which can be opened.
pub struct LinePlot<'a> {
    /// "Pace"
    pub name: &'a str,
    /// "words per minute"
    pub unit: &'a str,
    /// What stands above the plot while no point is looked at.
    pub caption: &'a str,
    /// Two at least, oldest first.
    pub points: &'a [PlotPoint],
    /// The value at the top, unless one is higher.
    pub high: f64,
    /// The usual values.
    pub band: Option<(f64, f64)>,
    /// What the point with this index belongs to: "Cybersecurity, 3 November".
    pub describe: &'a dyn Fn(usize) -> String,
    /// The dates of the first point and the last.
    pub dates: (&'a str, &'a str),
}

impl fmt::Debug for LinePlot<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("LinePlot")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Above the plot: what the values are, or the point that is looked at.
const CAPTION: f32 = 22.0;
/// Under it: the dates.
const AXIS: f32 = 24.0;
/// How large a point is, with the ring around one that is looked at.
const RADIUS: f32 = 3.5;
const RING: f32 = 7.0;

/// Where the values of a plot are painted.
struct PlotArea {
    rect: Rect,
    days: (f64, f64),
    high: f64,
}

impl PlotArea {
    fn x(&self, day: f64) -> f32 {
        let (first, last) = self.days;
        if last <= first {
            return self.rect.center().x;
        }
        remap_clamp(
            day,
            first..=last,
            f64::from(self.rect.left())..=f64::from(self.rect.right()),
        ) as f32
    }

    fn y(&self, value: f64) -> f32 {
        let range = f64::from(self.rect.bottom())..=f64::from(self.rect.top());
        remap_clamp(value, 0.0..=self.high, range) as f32
    }

    fn at(&self, point: &PlotPoint) -> Pos2 {
        pos2(self.x(point.day), self.y(point.value))
    }
}

/// The id of the plot with this name: it owns the arrow keys while it has the focus.
pub fn id(name: &str) -> Id {
    Id::unique(("plot", name))
}

impl LinePlot<'_> {
    /// Shows it. Returns the index of the point that was opened.
    pub fn show(&self, ui: &mut Ui) -> Option<usize> {
        let tokens = Tokens::of(ui);
        // Taller where the window is.
        let height = (ui.ctx().content_rect().height() * 0.19).clamp(124.0, 220.0);
        let size = vec2(ui.available_width(), CAPTION + height);
        let (_, rect) = ui.allocate_space(size);
        let response = ui.interact(rect, id(self.name), Sense::click());
        let last = galley(
            ui,
            &self.number(self.points.len() - 1),
            theme::medium(size::SMALL),
            tokens.ink,
        );
        let inset = (34.0, last.size().x + RING + space::M);
        let area = self.area(rect, inset);
        let by_key = self.walk(ui, &response);
        let pointed = response.hover_pos().and_then(|pos| self.nearest(&area, pos));
        let active = pointed.or(by_key.filter(|_| response.has_focus()));
        self.name_ui(ui, &response, active);
        self.caption_ui(ui, rect, active);
        self.ground_ui(ui, &area);
        self.line_ui(ui, &area, active);
        let end = area.at(&self.points[self.points.len() - 1]);
        ui.painter()
            .galley(end + vec2(RING + space::XS, -last.size().y / 2.0), last, tokens.ink);
        focus_ring(ui.painter(), tokens, &response, CONTROL_RADIUS);
        let by_pointer = ui.input(|input| input.pointer.primary_clicked());
        response
            .clicked()
            .then_some(if by_pointer { pointed } else { by_key })?
    }

    fn area(&self, rect: Rect, (left, right): (f32, f32)) -> PlotArea {
        let most = self.points.iter().map(|point| point.value).fold(0.0, f64::max);
        let ends = self.points.first().zip(self.points.last());
        PlotArea {
            rect: Rect::from_min_max(
                // Half a label, and the ring of a point, stand out of it.
                rect.min + vec2(left, CAPTION + space::S),
                rect.max - vec2(right, AXIS),
            ),
            days: ends.map_or((0.0, 0.0), |(first, last)| (first.day, last.day)),
            high: round_up(most.max(self.high)),
        }
    }

    /// The point that a place on the plot belongs to.
    fn nearest(&self, area: &PlotArea, pos: Pos2) -> Option<usize> {
        let distance = |index: &usize| {
            let at = area.at(&self.points[*index]);
            // Beside each other they are told apart by where they stand, above each other by how high.
            (at.x - pos.x).abs() + (at.y - pos.y).abs() * 0.2
        };
        let all = 0..self.points.len();
        all.min_by(|a, b| distance(a).total_cmp(&distance(b)))
    }

    /// The point that the keyboard is on: the arrow keys move it.
    fn walk(&self, ui: &Ui, response: &Response) -> Option<usize> {
        let last = self.points.len().checked_sub(1)?;
        if response.gained_focus() {
            ui.data_mut(|data| data.insert_temp(response.id, last));
        }
        let at = ui.data(|data| data.get_temp(response.id)).unwrap_or(last).min(last);
        if !response.has_focus() {
            return Some(at);
        }
        ui.memory_mut(|memory| {
            let filter = EventFilter {
                horizontal_arrows: true,
                ..EventFilter::default()
            };
            memory.set_focus_lock_filter(response.id, filter);
        });
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let mut now = at;
        if pressed(Key::ArrowLeft) {
            now = now.saturating_sub(1);
        }
        if pressed(Key::ArrowRight) {
            now = (now + 1).min(last);
        }
        ui.data_mut(|data| data.insert_temp(response.id, now));
        Some(now)
    }

    /// "Pace: 3 interviews, from 131 to 148 words per minute, latest 148", and the point that is looked at.
    fn name_ui(&self, ui: &Ui, response: &Response, active: Option<usize>) {
        response.widget_info(|| WidgetInfo::labeled(Role::Slider, true, self.summary()));
        ui.ctx().accesskit_node_builder(response.id, |node| {
            if let Some(active) = active {
                node.set_value(self.reading(active));
                node.set_live(Live::Polite);
            }
        });
    }

    fn summary(&self) -> String {
        let values = self.points.iter().map(|point| point.value);
        let (low, high) = values.fold((f64::MAX, 0.0_f64), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        let (name, unit, count) = (self.name, self.unit, self.points.len());
        format!(
            "{name}: {count} interviews, from {} to {} {unit}, latest {}",
            written(low),
            written(high),
            self.number(count - 1)
        )
    }

    /// "131 words per minute, Cybersecurity, 3 November"
    fn reading(&self, point: usize) -> String {
        format!("{} {}, {}", self.number(point), self.unit, (self.describe)(point))
    }

    fn number(&self, point: usize) -> String {
        written(self.points[point].value)
    }

    fn caption_ui(&self, ui: &Ui, rect: Rect, active: Option<usize>) {
        let tokens = Tokens::of(ui);
        let (message, color) = match active {
            Some(point) => (self.reading(point), tokens.ink),
            None => (self.caption.to_owned(), tokens.soft),
        };
        let format = TextFormat::simple(theme::regular(size::LABEL), color);
        let mut job = LayoutJob::single_section(message, format);
        job.wrap = TextWrapping::truncate_at_width(rect.width());
        let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
        ui.painter().galley(rect.min, galley, color);
    }

    /// The band, the values at the edges, the dates.
    fn ground_ui(&self, ui: &Ui, area: &PlotArea) {
        let tokens = Tokens::of(ui);
        let x = area.rect.x_range();
        if let Some((low, high)) = self.band {
            let band = Rect::from_x_y_ranges(x, Rangef::new(area.y(high), area.y(low)));
            ui.painter()
                .rect_filled(band, CornerRadius::same(4), tokens.wash.gamma_multiply(0.7));
        }
        let small = theme::regular(size::SMALL);
        let label = |at: Pos2, align: Align2, message: &str| {
            ui.painter().text(at, align, message, small.clone(), tokens.soft);
        };
        for value in [0.0, area.high] {
            let y = area.y(value);
            label(pos2(x.min - space::M, y), Align2::RIGHT_CENTER, &written(value));
            ui.painter().hline(x.expand(RING), y, Stroke::new(1.0, tokens.line));
        }
        let under = area.rect.bottom() + space::S;
        let (first, last) = self.dates;
        label(pos2(x.min - RING, under), Align2::LEFT_TOP, first);
        if last != first {
            label(pos2(x.max + RING, under), Align2::RIGHT_TOP, last);
        }
    }

    fn line_ui(&self, ui: &Ui, area: &PlotArea, active: Option<usize>) {
        /// From so many points on, they are small.
        const MANY: usize = 60;
        let tokens = Tokens::of(ui);
        let line: Vec<Pos2> = self.points.iter().map(|point| area.at(point)).collect();
        let many = line.len() >= MANY;
        let radius = if many { RADIUS * 0.55 } else { RADIUS };
        for point in &line {
            ui.painter().circle_filled(*point, radius, tokens.accent);
        }
        if let Some(at) = active.and_then(|active| line.get(active)) {
            let drop = Rangef::new(at.y, area.rect.bottom());
            ui.painter().vline(at.x, drop, Stroke::new(1.0, tokens.soft));
            ui.painter()
                .circle(*at, RING, tokens.surface, Stroke::new(2.0, tokens.accent));
            ui.painter().circle_filled(*at, RADIUS, tokens.accent);
        }
        let width = if many { 1.25 } else { 2.0 };
        ui.painter().line(line, Stroke::new(width, tokens.accent));
    }
}

fn galley(ui: &Ui, message: &str, font: FontId, color: Color32) -> Arc<Galley> {
    ui.painter().layout_no_wrap(message.to_owned(), font, color)
}

/// "3.4", and "148" from 20 on.
fn written(value: f64) -> String {
    if value == 0.0 || value >= 19.95 || (value - value.round()).abs() < 0.05 {
        format!("{value:.0}")
    } else {
        format!("{value:.1}")
    }
}

/// The next round number: 7 → 8, 23 → 30, 231 → 240.
fn round_up(value: f64) -> f64 {
    let step = if value > 12.0 { 10.0 } else { 2.0 };
    (value / step).ceil() * step
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot(points: &[PlotPoint]) -> LinePlot<'_> {
        LinePlot {
            name: "Pace",
            unit: "words per minute",
            caption: "Words per minute",
            points,
            high: 220.0,
            band: None,
            describe: &|point| format!("interview {point}, 3 November"),
            dates: ("3 November", "today"),
        }
    }

    fn points(values: &[(f64, f64)]) -> Vec<PlotPoint> {
        values
            .iter()
            .map(|(day, value)| PlotPoint {
                day: *day,
                value: *value,
            })
            .collect()
    }

    #[test]
    fn a_screen_reader_gets_the_values() {
        let three = points(&[(-9.0, 140.0), (-4.0, 131.2), (0.0, 148.0)]);
        let plot = plot(&three);
        assert_eq!(
            plot.summary(),
            "Pace: 3 interviews, from 131 to 148 words per minute, latest 148"
        );
        assert_eq!(plot.reading(1), "131 words per minute, interview 1, 3 November");
    }

    #[test]
    fn points_and_the_last_label_stay_inside_whatever_they_are() {
        for values in [
            &[(-9.0, 0.0), (-4.0, 219.0), (0.0, 480.0)][..],
            &[(0.0, 10.0), (0.0, 20.0)],
            &[(-400.0, 1.0), (-399.9, 220.0)],
        ] {
            let points = points(values);
            let plot = plot(&points);
            let rect = Rect::from_min_size(pos2(100.0, 50.0), vec2(400.0, 160.0));
            let area = plot.area(rect, (34.0, 40.0));
            for point in &points {
                let around = Rect::from_center_size(area.at(point), vec2(2.0 * RING, 2.0 * RING));
                assert!(rect.contains_rect(around), "{point:?}: {around:?}");
            }
        }
    }

    #[test]
    fn a_place_on_the_plot_belongs_to_the_nearest_point() {
        let three = points(&[(-10.0, 100.0), (-5.0, 200.0), (0.0, 100.0)]);
        let plot = plot(&three);
        let area = plot.area(Rect::from_min_size(Pos2::ZERO, vec2(400.0, 160.0)), (0.0, 0.0));
        for (x, expected) in [(-20.0, 0), (90.0, 0), (150.0, 1), (390.0, 2), (900.0, 2)] {
            assert_eq!(plot.nearest(&area, pos2(x, 100.0)), Some(expected), "{x}");
        }
    }

    #[test]
    fn numbers_are_as_exact_as_they_are_large() {
        for (value, expected) in [(0.0, "0"), (3.44, "3.4"), (3.0, "3"), (19.97, "20"), (148.4, "148")] {
            assert_eq!(written(value), expected);
        }
        for (value, expected) in [(0.5, 2.0), (7.0, 8.0), (12.0, 12.0), (12.5, 20.0), (231.0, 240.0)] {
            assert_eq!(round_up(value), expected);
        }
    }
}
