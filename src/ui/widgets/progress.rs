//! The progress of a download: a bar with its name and its size.

use eframe::egui::{CornerRadius, Rect, Sense, Ui, WidgetInfo, accesskit::Role, vec2};

use super::text;
use crate::{
    protocol::Progress,
    ui::theme::{Tokens, space},
};

/// The bar and the sentence under it.
pub fn progress_ui(ui: &mut Ui, name: &str, progress: Progress) {
    let tokens = Tokens::of(ui);
    let share = progress
        .total_bytes
        .filter(|total| *total > 0)
        .map(|total| progress.done_bytes as f32 / total as f32);
    let width = ui.available_width().min(360.0);
    let (rect, response) = ui.allocate_exact_size(vec2(width, 6.0), Sense::hover());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ProgressIndicator, true, name);
        info.value = share.map(|share| f64::from(share * 100.0));
        info
    });
    ui.painter().rect_filled(rect, CornerRadius::same(3), tokens.track);
    let filled = Rect::from_min_size(rect.min, vec2(width * share.unwrap_or(0.0).clamp(0.0, 1.0), 6.0));
    ui.painter().rect_filled(filled, CornerRadius::same(3), tokens.accent);
    ui.add_space(space::XS);
    text::remark_ui(ui, &sentence(name, progress));
}

/// "tiny.en: 31 of 78 MB".
pub fn sentence(name: &str, progress: Progress) -> String {
    let megabytes = |bytes: u64| bytes.div_ceil(1_000_000);
    match progress.total_bytes {
        Some(total) => format!("{name}: {} of {} MB", megabytes(progress.done_bytes), megabytes(total)),
        None => format!("{name}: {} MB so far", megabytes(progress.done_bytes)),
    }
}
