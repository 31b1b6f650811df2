//! The list of commands and pages, searched by name: what can be done now, each with its key.

use eframe::egui::{self, CornerRadius, Frame, Id, Key, Margin, Modal, Modifiers, ScrollArea, Stroke, Ui, vec2};

use super::{
    action::{Action, Actions, NavigateAction, OwnQuestionsAction, PaletteAction, SettingsAction, StartAction},
    command::UserCommand,
    row_ui,
    theme::{CARD_RADIUS, Tokens, space},
    view_model::{Screen, ViewModel},
    widgets::{field, text},
};
use crate::{interview::Practice, settings::ThemeChoice};

/// The name of its field.
pub const FIELD: &str = "Find a command";

/// One row: what it is called, its keys, and what it asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct PaletteEntry {
    pub label: String,
    pub keys: String,
    /// What else it is found by.
    about: &'static str,
    pub actions: Vec<Action>,
}

impl PaletteEntry {
    fn new(label: impl Into<String>, action: impl Into<Action>) -> Self {
        Self {
            label: label.into(),
            keys: String::new(),
            about: "",
            actions: vec![action.into()],
        }
    }
}

/// What can be done now and matches what is searched for: those whose name begins so before those that hold it.
pub fn entries(view: &ViewModel) -> Vec<PaletteEntry> {
    let Some(open) = &view.palette else {
        return Vec::new();
    };
    let sought = open.text.to_lowercase();
    let sought: Vec<&str> = sought.split_whitespace().collect();
    let mut found: Vec<(usize, PaletteEntry)> = Vec::new();
    for entry in all(view) {
        let label = entry.label.to_lowercase();
        let whole = format!("{label} {}", entry.about.to_lowercase());
        if sought.iter().all(|word| whole.contains(word)) {
            let begins = sought.iter().all(|word| {
                label
                    .split(|letter: char| !letter.is_alphanumeric())
                    .any(|other| other.starts_with(word))
            });
            found.push((usize::from(!begins), entry));
        }
    }
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, entry)| entry).collect()
}

fn all(view: &ViewModel) -> Vec<PaletteEntry> {
    let mut entries = Vec::new();
    let hidden = |command: UserCommand| matches!(command, UserCommand::Palette | UserCommand::CloseOrLeave);
    for command in UserCommand::ALL.into_iter().filter(|command| !hidden(*command)) {
        if let Some(action) = command.action(view) {
            entries.push(PaletteEntry {
                keys: command.key_caps().join(" "),
                about: command.tooltip(),
                ..PaletteEntry::new(command.label(view), action)
            });
        }
    }
    // What leaves the page does not do so in the midst of a recording.
    if !view.practice.as_ref().is_none_or(Practice::can_leave) {
        return entries;
    }
    for screen in [Screen::Home, Screen::Prepare, Screen::History, Screen::Progress] {
        if view.screen != screen {
            entries.push(PaletteEntry::new(screen.name(), NavigateAction::Go(screen)));
        }
    }
    entries.push(PaletteEntry::new("Job terms", NavigateAction::Go(Screen::Terms)));
    entries.push(PaletteEntry::new("Your own questions", OwnQuestionsAction::Open));
    entries.push(PaletteEntry::new("Practice one question", StartAction::OneQuestion));
    if view.screen != Screen::Home {
        entries.push(PaletteEntry::new("Start a practice interview", StartAction::Interview));
    }
    if view.has_sample {
        entries.push(PaletteEntry::new("Try it with a sample answer", StartAction::Sample));
    }
    for field in &view.bank.fields {
        if field.id != view.settings.field {
            let label = format!("Field: {}", field.name);
            entries.push(PaletteEntry::new(label, SettingsAction::Field(field.id.clone())));
        }
    }
    for (theme, name) in [
        (ThemeChoice::Light, "Appearance: light"),
        (ThemeChoice::Dark, "Appearance: dark"),
        (ThemeChoice::System, "Appearance: match system"),
    ] {
        if view.settings.theme != theme {
            entries.push(PaletteEntry {
                about: "theme",
                ..PaletteEntry::new(name, SettingsAction::Theme(theme))
            });
        }
    }
    entries
}

pub fn palette_ui(ui: &Ui, view: &ViewModel, actions: &mut Actions) {
    let Some(open) = &view.palette else {
        return;
    };
    let tokens = Tokens::of(ui);
    let window = ui.ctx().content_rect();
    let found = entries(view);
    let row = open.row.min(found.len().saturating_sub(1));
    let frame = Frame::new()
        .fill(tokens.surface)
        .stroke(Stroke::new(1.0, tokens.line))
        .corner_radius(CornerRadius::same(CARD_RADIUS))
        .inner_margin(Margin::same(12));
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    // Before the field takes them.
    let (down, up, enter) = (pressed(Key::ArrowDown), pressed(Key::ArrowUp), pressed(Key::Enter));
    let modal = Modal::new(Id::unique("commands"))
        .area(
            Modal::default_area(Id::unique("commands"))
                .anchor(egui::Align2::CENTER_TOP, vec2(0.0, (window.height() * 0.12).min(96.0))),
        )
        .frame(frame)
        .backdrop_color(egui::Color32::from_black_alpha(60))
        .show(ui.ctx(), |ui| {
            ui.set_width(520.0_f32.min(window.width() - 64.0));
            // It is there to be typed into.
            if ui.memory(|memory| memory.focused().is_none()) {
                ui.memory_mut(|memory| memory.request_focus(field::id(FIELD)));
            }
            if let Some(text) = field::line_ui(ui, FIELD, &open.text, "What would you like to do?") {
                actions.push(PaletteAction::Search(text));
            }
            ui.add_space(space::S);
            if found.is_empty() {
                text::soft_ui(ui, "Nothing has that name here. Try another word.");
            }
            let mut chosen = None;
            ScrollArea::vertical()
                .max_height((window.height() * 0.6).min(420.0))
                .show(ui, |ui| {
                    ui.spacing_mut().item_spacing.y = 0.0;
                    for (index, entry) in found.iter().enumerate() {
                        if entry_ui(ui, entry, index == row, down || up) {
                            chosen = Some(index);
                        }
                    }
                });
            chosen
        });
    if down || up {
        actions.push(PaletteAction::Move(if down { 1 } else { -1 }));
    }
    let chosen = modal.inner.or(enter.then_some(row));
    if let Some(entry) = chosen.and_then(|index| found.get(index)) {
        actions.push(PaletteAction::Toggle);
        actions.extend(entry.actions.iter().cloned());
    } else if modal.should_close() {
        actions.push(PaletteAction::Toggle);
    }
}

/// A row. The highlighted one stays in sight while the arrow keys move it.
fn entry_ui(ui: &mut Ui, entry: &PaletteEntry, highlighted: bool, moved: bool) -> bool {
    let tokens = Tokens::of(ui);
    let slot = ui.painter().add(egui::Shape::Noop);
    let top = ui.cursor().min;
    let pressed = row_ui(ui, &entry.label, |ui| {
        ui.horizontal(|ui| {
            text::body_ui(ui, &entry.label);
            super::at_right_ui(ui, &entry.label, |ui| {
                text::remark_ui(ui, &entry.keys);
            });
        });
    });
    let rect = egui::Rect::from_min_max(top, egui::pos2(ui.max_rect().right(), ui.min_rect().bottom()));
    if highlighted {
        ui.painter()
            .set(slot, egui::Shape::rect_filled(rect, CornerRadius::same(6), tokens.wash));
        if moved {
            ui.scroll_to_rect(rect.expand(space::XL), None);
        }
    }
    pressed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::view_model::PaletteView;

    fn found(text: &str) -> Vec<String> {
        let view = ViewModel {
            palette: Some(PaletteView {
                text: text.into(),
                row: 0,
            }),
            has_sample: true,
            ..ViewModel::default()
        };
        entries(&view).into_iter().map(|entry| entry.label).collect()
    }

    #[test]
    fn commands_and_pages_are_found_by_any_of_their_words() {
        assert_eq!(found("hist"), ["History"]);
        assert_eq!(found("sample"), ["Try it with a sample answer"]);
        assert_eq!(found("theme dark"), ["Appearance: dark"]);
        assert_eq!(found("start")[0], "Start a practice interview");
        assert!(found("xyzzy").is_empty());
        // Those that begin so come before those that only hold it.
        let all = found("e");
        assert!(all.len() > 5 && !all[0].is_empty());
    }

    #[test]
    fn what_cannot_be_done_now_is_not_offered() {
        assert!(!found("").iter().any(|label| label == "Record" || label == "Redo"));
    }
}
