//! The size and the place of the window, from one start to the next. It is never larger than the screen, nor out of sight:
//! the monitor that it was on may be gone.

use eframe::egui::{self, Pos2, Rect, Vec2, ViewportCommand, ViewportInfo, pos2, vec2};

use super::App;
use crate::settings::WindowPlace;

/// Where no place is known.
pub(super) const USUAL_SIZE: [f32; 2] = [1280.0, 800.0];
/// Below this the pages are cramped. On a smaller screen it is the screen's size.
pub(super) const LEAST_SIZE: [f32; 2] = [900.0, 600.0];
/// So much of the top of the frame can be grasped where the window is in sight.
const GRASP: Vec2 = vec2(120.0, 24.0);

/// How the window is opened: its size, and its place where one is known.
pub(super) fn opened(builder: egui::ViewportBuilder, place: Option<WindowPlace>) -> egui::ViewportBuilder {
    let Some(place) = place else {
        return builder.with_inner_size(USUAL_SIZE);
    };
    let [width, height] = place.size.map(|side| side as f32);
    let builder = builder
        .with_inner_size([width.max(LEAST_SIZE[0]), height.max(LEAST_SIZE[1])])
        .with_maximized(place.maximized);
    match place.at {
        Some([x, y]) => builder.with_position([x as f32, y as f32]),
        None => builder,
    }
}

/// Where the window is now; nothing while that is unknown. A maximized window has the size that it had before.
pub(super) fn current(viewport: &ViewportInfo, zoom: f32, before: Option<WindowPlace>) -> Option<WindowPlace> {
    if viewport.minimized == Some(true) || viewport.fullscreen == Some(true) {
        return before;
    }
    let inside = viewport.inner_rect?.size() * zoom;
    if viewport.maximized == Some(true) {
        let size = before.map_or(USUAL_SIZE.map(|side| side as u32), |before| before.size);
        return Some(WindowPlace {
            size,
            at: before.and_then(|before| before.at),
            maximized: true,
        });
    }
    let corner = viewport.outer_rect.map(|frame| frame.min);
    Some(WindowPlace {
        size: [inside.x.round() as u32, inside.y.round() as u32],
        at: corner.map(|corner| [corner.x, corner.y].map(|side| (side * zoom).round() as i32)),
        maximized: false,
    })
}

/// The corner that brings this window into sight, where it is not. All are pixels, and `monitors` are those there are.
fn into_sight(window: Rect, monitors: &[Rect]) -> Option<Pos2> {
    let grasp = |monitor: &&Rect| {
        let top = Rect::from_min_size(window.min, vec2(window.width(), GRASP.y)).intersect(**monitor);
        top.width() >= GRASP.x.min(window.width()) && top.height() >= GRASP.y / 2.0
    };
    if monitors.iter().any(|monitor| grasp(&monitor)) {
        return None;
    }
    let monitor = monitors.first()?;
    let free = (monitor.size() - window.size()).max(Vec2::ZERO) / 2.0;
    Some(monitor.min + free)
}

/// The least size on this screen, where the screen is smaller than [`LEAST_SIZE`]. In points.
fn least_on(screen: Vec2) -> Option<Vec2> {
    let least = Vec2::from(LEAST_SIZE);
    (screen.x > 0.0 && screen.y > 0.0 && (screen.x < least.x || screen.y < least.y)).then(|| least.min(screen))
}

impl App {
    /// Notes where the window is. When it has just opened, it is brought into sight and onto the screen.
    pub(super) fn follow_window(&mut self, ctx: &egui::Context, frame: &eframe::Frame) {
        let zoom = ctx.zoom_factor();
        let place = ctx.input(|input| current(input.viewport(), zoom, self.window));
        if let Some(window) = frame
            .winit_window()
            .filter(|_| !std::mem::replace(&mut self.window_checked, true))
        {
            let rect = |x: i32, y: i32, width: u32, height: u32| {
                Rect::from_min_size(pos2(x as f32, y as f32), vec2(width as f32, height as f32))
            };
            let mut monitors: Vec<Rect> = Vec::new();
            for monitor in window.primary_monitor().into_iter().chain(window.available_monitors()) {
                let (at, size) = (monitor.position(), monitor.size());
                monitors.push(rect(at.x, at.y, size.width, size.height));
            }
            let scale = ctx.pixels_per_point();
            let size = window.outer_size();
            let screen = monitors.first().map_or(Vec2::ZERO, |monitor| monitor.size() / scale);
            if let Some(least) = least_on(screen) {
                ctx.send_viewport_cmd(ViewportCommand::MinInnerSize(least));
                let inside = vec2(size.width as f32, size.height as f32) / scale;
                ctx.send_viewport_cmd(ViewportCommand::InnerSize(inside.min(screen)));
            }
            // Wayland places windows itself, and says nothing of it.
            if let Ok(at) = window.outer_position()
                && let Some(corner) = into_sight(rect(at.x, at.y, size.width, size.height), &monitors)
            {
                ctx.send_viewport_cmd(ViewportCommand::OuterPosition(corner / scale));
            }
        }
        self.window = place;
        // The place that it opened at need not be kept: nobody has chosen it.
        if self.opened_window.is_none() {
            self.opened_window = place;
        }
    }

    /// Keeps where the window is, if somebody has moved it or made it another size.
    pub(super) fn keep_window_place(&mut self) {
        if self.window.is_some() && self.window != self.opened_window {
            self.view.settings.window = self.window;
            self.save_settings();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn viewport(inner: [f32; 2], corner: Option<[f32; 2]>, maximized: bool) -> ViewportInfo {
        ViewportInfo {
            inner_rect: Some(Rect::from_min_size(Pos2::ZERO, inner.into())),
            outer_rect: corner.map(|corner| Rect::from_min_size(corner.into(), inner.into())),
            maximized: Some(maximized),
            ..ViewportInfo::default()
        }
    }

    #[test]
    fn the_size_is_kept_in_points_that_do_not_grow_with_the_text() {
        let place = current(&viewport([700.0, 450.0], Some([-10.0, 20.0]), false), 2.0, None).unwrap();
        assert_eq!((place.size, place.at), ([1400, 900], Some([-20, 40])));
        let builder = opened(egui::ViewportBuilder::default(), Some(place));
        assert_eq!(builder.inner_size, Some(vec2(1400.0, 900.0)));
        assert_eq!(builder.position, Some(pos2(-20.0, 40.0)));
    }

    #[test]
    fn a_maximized_window_keeps_the_size_that_it_had_and_a_minimized_one_everything() {
        let before = current(&viewport([1000.0, 700.0], None, false), 1.0, None);
        assert_eq!(before.unwrap().at, None);
        let maximized = current(&viewport([1900.0, 1000.0], None, true), 1.0, before).unwrap();
        assert_eq!((maximized.size, maximized.maximized), ([1000, 700], true));
        let mut minimized = viewport([0.0, 0.0], None, false);
        minimized.minimized = Some(true);
        assert_eq!(current(&minimized, 1.0, before), before);
    }

    #[test]
    fn a_size_too_small_to_work_with_is_not_taken_up_again() {
        let place = WindowPlace {
            size: [10, 5000],
            at: None,
            maximized: false,
        };
        let builder = opened(egui::ViewportBuilder::default(), Some(place));
        assert_eq!(builder.inner_size, Some(vec2(900.0, 5000.0)));
    }

    #[test]
    fn a_window_whose_monitor_is_gone_comes_to_the_first_one_that_there_is() {
        let rect = |x, y, width, height| Rect::from_min_size(pos2(x, y), vec2(width, height));
        let one = [rect(0.0, 0.0, 1920.0, 1080.0)];
        let two = [one[0], rect(1920.0, 0.0, 1920.0, 1080.0)];
        let right = rect(2200.0, 100.0, 1280.0, 800.0);
        assert_eq!(into_sight(right, &two), None);
        assert_eq!(into_sight(right, &one), Some(pos2(320.0, 140.0)));
        // Partly out of sight is as somebody left it, as long as it can be moved.
        assert_eq!(into_sight(rect(-900.0, 500.0, 1280.0, 800.0), &one), None);
        assert_eq!(
            into_sight(rect(-1250.0, 500.0, 1280.0, 800.0), &one),
            Some(pos2(320.0, 140.0))
        );
        assert_eq!(
            into_sight(rect(100.0, -300.0, 1280.0, 800.0), &one),
            Some(pos2(320.0, 140.0))
        );
        assert_eq!(into_sight(right, &[]), None, "where nothing is known, nothing is done");
    }

    #[test]
    fn on_a_small_screen_the_window_may_be_as_small_as_the_screen() {
        assert_eq!(least_on(vec2(800.0, 480.0)), Some(vec2(800.0, 480.0)));
        assert_eq!(least_on(vec2(1024.0, 580.0)), Some(vec2(900.0, 580.0)));
        assert_eq!(least_on(vec2(1366.0, 768.0)), None);
        assert_eq!(least_on(Vec2::ZERO), None);
    }
}
