//! A choice that shows what is chosen, and all there is to choose from when it is pressed.

use eframe::egui::{Popup, Ui};
use lucide_icons::Icon;

use super::Button;

/// Returns the choice. The name says what is chosen, for a screen reader.
pub fn menu_ui<T: Clone + PartialEq>(ui: &mut Ui, name: &str, chosen: &T, choices: &[(T, &str)]) -> Option<T> {
    let known = choices.iter().find(|(value, _)| value == chosen);
    let label = known.map_or("", |(_, label)| label);
    let response = Button::plain(label)
        .icon(Icon::ChevronDown)
        .name(&format!("{name}: {label}"))
        .flush()
        .response(ui);
    let mut picked = None;
    Popup::menu(&response).show(|ui| {
        ui.set_min_width(220.0);
        for (value, label) in choices {
            if Button::plain(label).chosen(value == chosen).show(ui) {
                picked = Some(value.clone());
            }
        }
    });
    picked
}
