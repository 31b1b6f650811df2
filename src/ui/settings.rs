//! Settings: what is listened with, what it looks like, and what is kept.

use eframe::egui::{Ui, vec2};
use lucide_icons::Icon;

use super::home::LENGTHS;
use super::{
    action::Action,
    microphone, page_ui,
    theme::{Tokens, space},
    view_model::{Confirmation, ImportState, ModelCard, ViewModel},
    widgets::{Button, button, choice, field, hairline, progress, text},
};
use crate::{
    protocol::ModelState,
    settings::{Keep, KeepsUp, ThemeChoice},
};

pub fn settings_ui(ui: &mut Ui, view: &ViewModel) -> Option<Action> {
    page_ui(ui, "settings", 720.0, |ui| {
        text::opening(ui, "Settings", "Changes are kept at once.");
        let mut action = part(ui, "Microphone", |ui| microphone::microphone_ui(ui, view));
        action = action.or(part(ui, "Speech model", |ui| models_ui(ui, view)));
        action = action.or(part(ui, "Interviews", |ui| field_ui(ui, view)));
        action = action.or(part(ui, "Appearance", |ui| look_ui(ui, view)));
        action = action.or(part(ui, "Recordings", |ui| keep_ui(ui, view)));
        action.or(part(ui, "Your data", |ui| data_ui(ui, view)))
    })
}

fn part(ui: &mut Ui, name: &str, content: impl FnOnce(&mut Ui) -> Option<Action>) -> Option<Action> {
    hairline(ui);
    ui.add_space(space::L);
    text::heading(ui, name);
    ui.add_space(space::XS);
    let action = content(ui);
    ui.add_space(space::XL);
    action
}

fn models_ui(ui: &mut Ui, view: &ViewModel) -> Option<Action> {
    text::soft(
        ui,
        "Writes down what you say, on this computer. Larger ones hear more exactly and take longer.",
    );
    ui.add_space(space::XS);
    match &view.models.state {
        Some(ModelState::Loading { model }) => {
            text::remark(ui, &format!("Loading {model}."));
        }
        Some(ModelState::Failed { failure, .. }) => {
            text::body(ui, &failure.to_string());
        }
        Some(ModelState::Missing { .. } | ModelState::Ready { .. }) | None => {}
    }
    let follows = view.models.keeps_up.as_ref().map(|follows| match follows {
        KeepsUp::Model(name) => format!("The largest that this computer can follow while you speak: {name}."),
        KeepsUp::None => {
            "All of them are more than this computer can follow while you speak. Words come late, and none is lost."
                .to_owned()
        }
    });
    if let Some(message) = follows {
        text::remark(ui, &message);
    }
    let mut action = None;
    for model in &view.models.list {
        action = action.or(model_ui(ui, view, model));
    }
    ui.add_space(space::XS);
    action = action.or(import_ui(ui, view));
    ui.add_space(space::XS);
    action.or(mirror_ui(ui, view))
}

/// For networks that do not let the usual address through.
fn mirror_ui(ui: &mut Ui, view: &ViewModel) -> Option<Action> {
    const NAME: &str = "Model mirror";
    const BEGINNING: &str = "https://";
    let address = view.settings.model_mirror.as_deref().unwrap_or_default();
    text::soft(
        ui,
        "Model mirror, if your network needs one: it is asked before the usual address, and what comes is checked all the same.",
    );
    let changed = field::line_ui(ui, NAME, address, "https://models.example.org/whisper");
    // Whoever is still writing its beginning is told nothing.
    if !BEGINNING.starts_with(address)
        && let Some(problem) = &view.models.mirror_problem
    {
        text::body(ui, problem);
    }
    changed.map(Action::ModelMirror)
}

/// A model that lies on this computer already, or came here on a stick.
fn import_ui(ui: &mut Ui, view: &ViewModel) -> Option<Action> {
    const FIELD: &str = "Path of the model file";
    let import = &view.models.import;
    let mut action = Button::quiet("Add a model from a file…")
        .icon(Icon::FolderOpen)
        .show(ui)
        .then_some(Action::NameModelFile);
    if !import.open {
        return action;
    }
    text::remark(
        ui,
        "A Whisper model as whisper.cpp, faster-whisper or Hugging Face keep it: name its file or folder. It is checked, and copied to Aloud’s models.",
    );
    let running = matches!(import.state, ImportState::Running(_));
    if let Some(path) = field::line_ui(ui, FIELD, &import.path, "/home/you/Downloads/ggml-small.en.bin") {
        action = Some(Action::ModelFile(path));
    }
    let ready = !running && !import.path.trim().is_empty();
    if Button::filled("Add it").name("Add the model").enabled(ready).show(ui) {
        action = Some(Action::ImportModel);
    }
    match &import.state {
        ImportState::Idle => {}
        ImportState::Running(_) => {
            text::soft(ui, "Checking and copying it. A large one takes a minute.");
        }
        ImportState::Done(name) => {
            text::body(ui, &format!("{name} is here. It stands in the list above."));
        }
        ImportState::Failed(message) => {
            text::body(ui, message);
        }
    }
    action
}

fn model_ui(ui: &mut Ui, view: &ViewModel, model: &ModelCard) -> Option<Action> {
    let tokens = Tokens::of(ui);
    let chosen = view.settings.model == model.name;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::M;
        let (icon, color) = if chosen {
            (Icon::CircleCheck, tokens.accent)
        } else {
            (Icon::Circle, tokens.line)
        };
        ui.vertical(|ui| {
            ui.add_space(space::S);
            button::icon_ui(ui, icon, 18.0, color);
        });
        let words = (ui.available_width() - 110.0).max(180.0);
        ui.vertical(|ui| {
            ui.set_width(words);
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.add_space(6.0);
            text::strong(ui, &format!("{}  ·  {} MB", model.name, model.megabytes));
            text::remark(ui, &model.good_for);
            if let Some((name, progress)) = &view.models.fetching
                && *name == model.name
            {
                ui.add_space(space::XS);
                progress::progress_ui(ui, name, *progress);
            }
        });
        let fetching = view
            .models
            .fetching
            .as_ref()
            .is_some_and(|(name, _)| *name == model.name);
        if fetching {
            Button::quiet("Cancel")
                .name(&format!("Cancel getting {}", model.name))
                .show(ui)
                .then_some(Action::CancelFetch)
        } else if !model.here {
            let name = format!("Get {}", model.name);
            let free = view.models.fetching.is_none();
            let pressed = Button::quiet("Get")
                .icon(Icon::Download)
                .name(&name)
                .enabled(free)
                .show(ui);
            pressed.then(|| Action::FetchModel(model.name.clone()))
        } else if chosen {
            ui.vertical(|ui| {
                ui.add_space(6.0);
                text::soft(ui, "In use");
            });
            None
        } else {
            let name = format!("Use {}", model.name);
            Button::quiet("Use")
                .name(&name)
                .show(ui)
                .then(|| Action::ChooseModel(model.name.clone()))
        }
    })
    .inner
}

fn field_ui(ui: &mut Ui, view: &ViewModel) -> Option<Action> {
    let chosen = view.field()?;
    let fields = view
        .bank
        .fields
        .iter()
        .map(|field| (field.id.as_str(), field.name.as_str()));
    let mut action = choice::choices_ui(ui, chosen.id.as_str(), fields).map(|id| Action::ChooseField(id.to_owned()));
    ui.add_space(space::S);
    text::soft(ui, "Length");
    let lengths = LENGTHS.map(|(length, name)| (length, name));
    action = action.or(choice::choices_ui(ui, view.settings.length, lengths).map(Action::Length));
    if view.sound.can_read {
        ui.add_space(space::S);
        let moved = choice::switch_ui(
            ui,
            view.settings.read_aloud,
            "Read each question aloud when it comes up",
        );
        action = action.or(moved.map(Action::ReadByItself));
    } else {
        text::remark(
            ui,
            "Questions can be read aloud where the system has speech: on Linux, install speech-dispatcher or espeak-ng.",
        );
    }
    action
}

fn look_ui(ui: &mut Ui, view: &ViewModel) -> Option<Action> {
    let themes = [
        (ThemeChoice::System, "As the system"),
        (ThemeChoice::Light, "Light"),
        (ThemeChoice::Dark, "Dark"),
    ];
    let mut action = choice::choices_ui(ui, view.settings.theme, themes).map(Action::Theme);
    ui.add_space(space::S);
    text::soft(ui, "Size of text and controls");
    let sizes = [
        (80, "80 %"),
        (90, "90 %"),
        (100, "100 %"),
        (115, "115 %"),
        (130, "130 %"),
        (150, "150 %"),
        (175, "175 %"),
        (200, "200 %"),
    ];
    action = action.or(choice::choices_ui(ui, view.settings.text_percent, sizes).map(Action::TextPercent));
    ui.add_space(space::S);
    action.or(choice::switch_ui(ui, view.settings.reduced_motion, "Reduce motion").map(Action::ReducedMotion))
}

fn keep_ui(ui: &mut Ui, view: &ViewModel) -> Option<Action> {
    let choices = [
        (Keep::Always, "Keep them"),
        (Keep::Days(90), "Delete after 90 days"),
        (Keep::Days(30), "After 30 days"),
        (Keep::Days(7), "After 7 days"),
        (Keep::UntilLeft, "When I leave the interview"),
    ];
    let action = choice::choices_ui(ui, view.settings.keep, choices).map(Action::Keep);
    text::remark(
        ui,
        "The words and what was in them are kept either way, and so is a recording that has no words yet. Nothing that is there now is deleted without asking you.",
    );
    ui.add_space(space::XS);
    let pressed = Button::quiet("Delete all recordings").icon(Icon::Trash2).show(ui);
    action.or(pressed.then_some(Action::Ask(Confirmation::DeleteSounds)))
}

fn data_ui(ui: &mut Ui, view: &ViewModel) -> Option<Action> {
    text::soft(ui, "Everything lies in this folder, and nowhere else:");
    let place = view.root.display().to_string();
    text::body(ui, &place);
    ui.add_space(space::XS);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::S, space::S);
        if Button::quiet("Copy the path").icon(Icon::Copy).show(ui) {
            return Some(Action::Copy(place));
        }
        let pressed = Button::quiet("Delete everything").icon(Icon::Trash2).show(ui);
        pressed.then_some(Action::Ask(Confirmation::DeleteAll))
    })
    .inner
}
