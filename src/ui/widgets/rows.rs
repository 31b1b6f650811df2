//! A long list in a scrolled page: only the rows in sight are laid out, and a few on either side.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher as _},
    sync::Arc,
};

use eframe::egui::{Id, Memory, Rect, Ui, mutex::Mutex};

/// Rows that are laid out beyond those in sight, so that the next one is there when the keyboard goes on to it.
const BEYOND: f32 = 4.0;
/// Height of a row before any was laid out.
const GUESS: f32 = 72.0;

/// How high the rows were when they were last laid out. They differ: a long question takes more lines.
#[derive(Debug, Default)]
struct Heights {
    /// What they depend on: the width of the list, and the scale.
    of: (f32, f32),
    rows: HashMap<u64, f32>,
    sum: f32,
    /// The row that has the focus: it is laid out wherever it is.
    focused: Option<u64>,
}

impl Heights {
    fn mean(&self) -> f32 {
        if self.rows.is_empty() {
            GUESS
        } else {
            self.sum / self.rows.len() as f32
        }
    }

    fn set(&mut self, row: u64, height: f32) {
        let before = self.rows.insert(row, height);
        self.sum += height - before.unwrap_or_default();
    }
}

/// Lays out the rows of a list. Each item is known by its key; a row that was not laid out yet counts with the mean height.
pub fn rows_ui<T, K: Hash>(
    ui: &mut Ui,
    name: &str,
    items: impl ExactSizeIterator<Item = T>,
    key: impl Fn(&T) -> K,
    mut row_ui: impl FnMut(&mut Ui, T),
) {
    let id = Id::unique(("rows", name));
    let heights = ui.data_mut(|data| Arc::clone(data.get_temp_mut_or_default::<Arc<Mutex<Heights>>>(id)));
    // Nobody else holds it: the lock is there so that egui can keep it.
    let mut heights = heights.lock();
    let of = (ui.available_width(), ui.ctx().pixels_per_point());
    if heights.of != of {
        *heights = Heights {
            of,
            focused: heights.focused,
            ..Heights::default()
        };
    }
    let mean = heights.mean();
    let sight = ui.clip_rect().y_range().expand(BEYOND * mean);
    let last = items.len().saturating_sub(1);
    let (mut skipped, mut focused) = (0.0, None);
    for (index, item) in items.enumerate() {
        let mut hasher = DefaultHasher::new();
        key(&item).hash(&mut hasher);
        let row = hasher.finish();
        let height = heights.rows.get(&row).copied().unwrap_or(mean);
        let top = ui.cursor().top() + skipped;
        let in_sight = top + height >= sight.min && top <= sight.max;
        // Tab enters through the first row or the last.
        if !in_sight && index != 0 && index != last && heights.focused != Some(row) {
            skipped += height;
            continue;
        }
        if skipped > 0.0 {
            ui.add_space(std::mem::take(&mut skipped));
        }
        let top = ui.cursor().top();
        // Two rows may be called the same.
        ui.push_id(row, |ui| row_ui(ui, item));
        let bottom = ui.cursor().top();
        heights.set(row, bottom - top);
        if has_focus(
            ui,
            Rect::everything_below(top).intersect(Rect::everything_above(bottom)),
        ) {
            focused = Some(row);
        }
    }
    if skipped > 0.0 {
        ui.add_space(skipped);
    }
    heights.focused = focused;
}

/// Whether something in this place has the focus.
fn has_focus(ui: &Ui, place: Rect) -> bool {
    let focused = ui.memory(Memory::focused);
    let response = focused.and_then(|id| ui.ctx().read_response(id));
    response.is_some_and(|response| {
        let id = response.layer_id;
        id == ui.layer_id() && place.contains(response.rect.center())
    })
}
