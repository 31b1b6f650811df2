//! The list of commands: opened, searched, closed.

use super::App;
use crate::ui::{action::PaletteAction, palette, view_model::PaletteView};

impl App {
    pub(super) fn handle_palette_action(&mut self, action: PaletteAction) {
        match action {
            PaletteAction::Toggle => {
                self.view.palette = match self.view.palette {
                    Some(_) => None,
                    None => Some(PaletteView::default()),
                };
            }
            PaletteAction::Search(text) => {
                if let Some(open) = &mut self.view.palette {
                    *open = PaletteView { text, row: 0 };
                }
            }
            PaletteAction::Move(rows) => {
                let count = palette::entries(&self.view).len().max(1);
                if let Some(open) = &mut self.view.palette {
                    open.row = (open.row.min(count - 1) as isize + rows).rem_euclid(count as isize) as usize;
                }
            }
        }
    }
}
