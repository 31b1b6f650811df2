//! The window's picture, drawn from the icon that packages install: there is one drawing.

use eframe::egui;

/// The drawing: rectangles with round corners, on a grid of 64.
const DRAWING: &str = include_str!("../../assets/package/aloud.svg");
/// Its side.
const GRID: f32 = 64.0;
/// Pixels of the picture's side: desktops make it smaller where they show it.
const SIDE: u32 = 128;

/// One rectangle of the drawing.
#[derive(Clone, Copy, Debug)]
struct RoundRect {
    center: [f32; 2],
    half: [f32; 2],
    radius: f32,
    color: [u8; 3],
}

impl RoundRect {
    /// How much of a pixel of this width is inside: 0 to 1. The edge is as wide as a pixel.
    fn coverage(self, at: [f32; 2], pixel: f32) -> f32 {
        let out = [0, 1].map(|axis: usize| (at[axis] - self.center[axis]).abs() - self.half[axis] + self.radius);
        let corner = (out[0].max(0.0).powi(2) + out[1].max(0.0).powi(2)).sqrt();
        let distance = corner + out[0].max(out[1]).min(0.0) - self.radius;
        (0.5 - distance / pixel).clamp(0.0, 1.0)
    }
}

/// The rectangles in the order in which they are painted. Those without a color have that of their group.
fn rectangles(drawing: &str) -> Vec<RoundRect> {
    let mut rects = Vec::new();
    let mut group = [0; 3];
    for element in drawing.split('<') {
        let value = |name: &str| {
            let after = element.split_once(&format!(" {name}=\""))?.1;
            Some(after.split_once('"')?.0)
        };
        let color = value("fill").and_then(|fill| {
            let hex = u32::from_str_radix(fill.strip_prefix('#')?, 16).ok()?;
            Some([(hex >> 16) as u8, (hex >> 8) as u8, hex as u8])
        });
        if element.starts_with("g ") {
            group = color.unwrap_or(group);
        }
        if element.starts_with("rect ") {
            let number = |name| value(name).and_then(|value| value.parse::<f32>().ok()).unwrap_or(0.0);
            let half = [number("width") / 2.0, number("height") / 2.0];
            rects.push(RoundRect {
                center: [number("x") + half[0], number("y") + half[1]],
                half,
                radius: number("rx"),
                color: color.unwrap_or(group),
            });
        }
    }
    rects
}

/// The picture with so many pixels a side.
fn draw(side: u32) -> egui::IconData {
    let rects = rectangles(DRAWING);
    let pixel = GRID / side as f32;
    let mut rgba = Vec::with_capacity((side * side * 4) as usize);
    for y in 0..side {
        for x in 0..side {
            let at = [x, y].map(|step| (step as f32 + 0.5) * pixel);
            // Where nothing is, too, the color is the ground's: a desktop that makes the picture smaller mixes it in.
            let mut color = rects.first().map_or([0.0; 3], |ground| ground.color.map(f32::from));
            let mut alpha = 0.0;
            for rect in &rects {
                let share = rect.coverage(at, pixel);
                for (part, new) in color.iter_mut().zip(rect.color) {
                    *part += (f32::from(new) - *part) * share;
                }
                alpha += (1.0 - alpha) * share;
            }
            rgba.extend(color.map(|part| part.round() as u8));
            rgba.push((alpha * 255.0).round() as u8);
        }
    }
    egui::IconData {
        rgba,
        width: side,
        height: side,
    }
}

/// The window's picture.
pub(super) fn icon() -> egui::IconData {
    draw(SIDE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pixel(icon: &egui::IconData, x: u32, y: u32) -> [u8; 4] {
        let start = ((y * icon.width + x) * 4) as usize;
        icon.rgba[start..start + 4].try_into().unwrap()
    }

    #[test]
    fn the_icon_is_the_one_that_packages_install() {
        let rects = rectangles(DRAWING);
        assert_eq!(rects.len(), DRAWING.matches("<rect").count());
        for side in [16, 32, 48, 128] {
            let icon = draw(side);
            let at = |x: f32, y: f32| pixel(&icon, (x / GRID * side as f32) as u32, (y / GRID * side as f32) as u32);
            assert_eq!(at(0.0, 0.0)[3], 0, "the corner of {side} pixels is round");
            for rect in &rects[1..] {
                let [x, y] = rect.center;
                assert_eq!(at(x, y), [255, 255, 255, 255], "a stroke of {side} pixels");
            }
            let [red, green, blue] = rects[0].color;
            assert_eq!(
                at(24.0, 32.0),
                [red, green, blue, 255],
                "between the strokes of {side} pixels"
            );
        }
    }

    #[test]
    fn edges_are_smooth() {
        let icon = draw(SIDE);
        let shades = icon.rgba.chunks(4).filter(|pixel| (1..255).contains(&pixel[3])).count();
        assert!(shades > 20, "{shades}");
    }
}
