//! Settings: appearance, microphone, interviews, speech model, and what is kept.

use eframe::egui::{Ui, vec2};
use lucide_icons::Icon;

use super::{
    action::{Actions, DialogAction, ExportAction, ModelAction, SettingsAction},
    home::LENGTHS,
    microphone, page_ui,
    theme::{Tokens, space},
    view_model::{Confirmation, ImportState, ModelCard, ViewModel},
    widgets::{Button, button, choice, field, hairline_ui, progress, text},
};
use crate::{
    about,
    protocol::ModelState,
    settings::{Delivery, FinalModel, Keep, KeepsUp, ThemeChoice},
};

pub fn settings_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    page_ui(ui, "settings", 720.0, |ui| {
        text::opening_ui(ui, "Settings", "Changes are saved as you make them.");
        section_ui(ui, "Appearance", |ui| appearance_ui(ui, view, actions));
        section_ui(ui, "Microphone", |ui| microphone::microphone_ui(ui, view, actions));
        section_ui(ui, "Interviews", |ui| interviews_ui(ui, view, actions));
        section_ui(ui, "Speech model", |ui| models_ui(ui, view, actions));
        section_ui(ui, "Recordings", |ui| recordings_ui(ui, view, actions));
        section_ui(ui, "Your data", |ui| data_ui(ui, view, actions));
        section_ui(ui, "About", |ui| about_ui(ui, actions));
    });
}

fn section_ui(ui: &mut Ui, name: &str, content: impl FnOnce(&mut Ui)) {
    hairline_ui(ui);
    ui.add_space(space::L);
    text::heading_ui(ui, name);
    ui.add_space(space::XS);
    content(ui);
    ui.add_space(space::XL);
}

fn models_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    text::soft_ui(
        ui,
        "Transcribes what you say, on this computer. Larger models are more accurate and slower.",
    );
    ui.add_space(space::XS);
    match &view.models.state {
        Some(ModelState::Loading { model }) => {
            text::remark_ui(ui, &format!("Loading {model}."));
        }
        Some(ModelState::Failed { failure, .. }) => {
            text::body_ui(ui, &failure.to_string());
        }
        Some(ModelState::Missing { .. } | ModelState::Ready { .. }) | None => {}
    }
    let keeps_up = view.models.keeps_up.as_ref().map(|keeps_up| match keeps_up {
        KeepsUp::Model(name) => {
            format!("The largest whose exact text this computer has ready within two seconds after you stop: {name}.")
        }
        KeepsUp::None => {
            "This computer cannot keep up with any of them while you speak. Words appear late, but none are lost."
                .to_owned()
        }
    });
    if let Some(message) = keeps_up {
        text::remark_ui(ui, &message);
    }
    let is_shown = |model: &&ModelCard| {
        view.models.all_shown || model.title.is_some() || model.here || fetched(view) == Some(model.name.as_str())
    };
    let mut models: Vec<&ModelCard> = view.models.list.iter().filter(is_shown).collect();
    // Those with a title come first, from the fastest to the most accurate.
    let work = |model: &ModelCard| model.work.filter(|_| model.title.is_some()).unwrap_or(f64::MAX);
    models.sort_by(|a, b| work(a).total_cmp(&work(b)));
    for model in models {
        model_ui(ui, view, model, actions);
    }
    final_model_ui(ui, view, actions);
    let label = if view.models.all_shown {
        "Fewer models"
    } else {
        "All models"
    };
    if Button::plain(label).show(ui) {
        actions.push(ModelAction::ToggleAll);
    }
    ui.add_space(space::XS);
    import_ui(ui, view, actions);
    ui.add_space(space::XS);
    mirror_ui(ui, view, actions);
}

/// Which model writes what stays. It is asked for where there is more than one.
fn final_model_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    let live = view.settings.model.as_str();
    let others: Vec<FinalModel> = view
        .models
        .list
        .iter()
        .filter(|model| model.here && model.name != live)
        .map(|model| FinalModel::Named(model.name.clone()))
        .collect();
    let chosen = &view.settings.final_model;
    if others.is_empty() && *chosen == FinalModel::Auto {
        return;
    }
    ui.add_space(space::S);
    text::soft_ui(ui, "Exact text by");
    let title = |choice: &FinalModel| match choice {
        FinalModel::Auto => "Automatic".to_owned(),
        FinalModel::Same => "The model in use".to_owned(),
        FinalModel::Named(name) => name.clone(),
    };
    let mut choices = vec![FinalModel::Auto, FinalModel::Same];
    choices.extend(others);
    if !choices.contains(chosen) && *chosen != FinalModel::Named(live.to_owned()) {
        choices.push(chosen.clone());
    }
    let titles: Vec<String> = choices.iter().map(title).collect();
    let offered = choices.iter().zip(titles.iter().map(String::as_str));
    if let Some(choice) = choice::choices_ui(ui, chosen, offered) {
        actions.push(ModelAction::ChooseFinal(choice.clone()));
    }
    text::remark_ui(ui, &final_model_remark(view));
    ui.add_space(space::XS);
}

/// Who writes the final text now, and how long that takes.
fn final_model_remark(view: &ViewModel) -> String {
    let live = &view.settings.model;
    let wait = |name: &str| {
        let card = view.models.list.iter().find(|model| model.name == name);
        card.and_then(|model| model.wait_seconds)
            .map_or_else(String::new, |seconds| {
                if seconds < 1.0 {
                    " Its text is there within a second after you stop.".to_owned()
                } else {
                    format!(" On this computer its text is there about {seconds:.0} s after you stop.")
                }
            })
    };
    match &view.models.final_state {
        Some(ModelState::Ready { model }) => format!(
            "While you speak you see what {live} hears. What stays is written by {model}.{}",
            wait(model)
        ),
        Some(ModelState::Loading { model }) => format!("Loading {model}."),
        Some(ModelState::Failed { failure, .. }) => format!("{failure} Until then {live} writes it."),
        Some(ModelState::Missing { model }) => {
            format!("{model} is not on this computer. Until you download it, {live} writes the text.")
        }
        None if view.settings.final_model == FinalModel::Auto && view.settings.measured.is_none() => {
            format!("{live} writes it, until the speed of this computer is known.")
        }
        None if view.settings.final_model == FinalModel::Auto => {
            format!("{live} writes it: it is the largest on this computer that is quick enough here.")
        }
        None => format!("{live} writes all of it."),
    }
}

/// For networks that do not let the usual address through.
fn mirror_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    const NAME: &str = "Model mirror";
    const BEGINNING: &str = "https://";
    let address = view.settings.model_mirror.as_deref().unwrap_or_default();
    text::soft_ui(
        ui,
        "Model mirror, if your network needs one: it is tried before the usual address, and every download is verified either way.",
    );
    let changed = field::line_ui(ui, NAME, address, "https://models.example.org/whisper");
    // No complaint while its beginning is still being typed.
    if !BEGINNING.starts_with(address)
        && let Some(problem) = &view.models.mirror_problem
    {
        text::body_ui(ui, problem);
    }
    if let Some(address) = changed {
        actions.push(ModelAction::EditMirror(address));
    }
}

/// A model from a file on this computer, or on a USB stick.
fn import_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    const FIELD: &str = "Path of the model file";
    let import = &view.models.import;
    if Button::quiet("Add a model from a file…")
        .icon(Icon::FolderOpen)
        .show(ui)
    {
        actions.push(ModelAction::TogglePath);
    }
    if !import.open {
        return;
    }
    text::remark_ui(
        ui,
        "A Whisper model in the format of whisper.cpp, faster-whisper or Hugging Face: enter the path of its file or folder. It is verified, and copied to Aloud’s models.",
    );
    let running = matches!(import.state, ImportState::Running(_));
    if let Some(path) = field::line_ui(ui, FIELD, &import.path, "/home/you/Downloads/ggml-small.en.bin") {
        actions.push(ModelAction::EditPath(path));
    }
    let ready = !running && !import.path.trim().is_empty();
    if Button::filled("Add it").name("Add the model").enabled(ready).show(ui) {
        actions.push(ModelAction::Import);
    }
    match &import.state {
        ImportState::Idle => {}
        ImportState::Running(_) => {
            text::soft_ui(ui, "Verifying and copying it. A large one takes a minute.");
        }
        ImportState::Done(name) => {
            text::body_ui(ui, &format!("{name} was added. It is in the list above."));
        }
        ImportState::Failed(message) => {
            text::body_ui(ui, message);
        }
    }
}

/// The model that is being downloaded.
fn fetched(view: &ViewModel) -> Option<&str> {
    view.models.fetching.as_ref().map(|(name, _)| name.as_str())
}

fn model_ui(ui: &mut Ui, view: &ViewModel, model: &ModelCard, actions: &mut Actions) {
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
        let width = (ui.available_width() - 140.0).max(180.0);
        ui.vertical(|ui| {
            ui.set_width(width);
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.add_space(6.0);
            let wait = model.wait_seconds.map_or_else(String::new, |seconds| {
                let seconds = seconds.max(1.0);
                format!("  ·  {seconds:.0} s after Stop")
            });
            let name = format!("{}  ·  {} MB{wait}", model.name, model.megabytes);
            if let Some(title) = &model.title {
                text::strong_ui(ui, title);
                text::remark_ui(ui, &format!("{} {name}", model.good_for));
            } else {
                text::strong_ui(ui, &name);
                text::remark_ui(ui, &model.good_for);
            }
            if let Some((name, progress)) = &view.models.fetching
                && *name == model.name
            {
                ui.add_space(space::XS);
                progress::progress_ui(ui, name, *progress);
            }
        });
        model_button_ui(ui, view, model, actions);
    });
}

/// Downloads a model, cancels that, or uses it.
fn model_button_ui(ui: &mut Ui, view: &ViewModel, model: &ModelCard, actions: &mut Actions) {
    let fetching = fetched(view);
    if fetching == Some(model.name.as_str()) {
        let name = format!("Cancel the download of {}", model.name);
        if Button::quiet("Cancel").name(&name).show(ui) {
            actions.push(ModelAction::CancelFetch);
        }
    } else if !model.here {
        let name = format!("Download {}", model.name);
        let button = Button::quiet("Download").icon(Icon::Download).name(&name);
        if button.enabled(fetching.is_none()).show(ui) {
            actions.push(ModelAction::Fetch(model.name.clone()));
        }
    } else if view.settings.model == model.name {
        ui.vertical(|ui| {
            ui.add_space(6.0);
            text::soft_ui(ui, "In use");
        });
    } else if Button::quiet("Use").name(&format!("Use {}", model.name)).show(ui) {
        actions.push(ModelAction::Choose(model.name.clone()));
    }
}

fn interviews_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    let Some(chosen) = view.field() else {
        return;
    };
    let fields = view
        .bank
        .fields
        .iter()
        .map(|field| (field.id.as_str(), field.name.as_str()));
    if let Some(id) = choice::choices_ui(ui, chosen.id.as_str(), fields) {
        actions.push(SettingsAction::Field(id.to_owned()));
    }
    ui.add_space(space::S);
    text::soft_ui(ui, "Length");
    if let Some(length) = choice::choices_ui(ui, view.settings.length, LENGTHS) {
        actions.push(SettingsAction::Length(length));
    }
    ui.add_space(space::S);
    text::soft_ui(ui, "Time to get ready: then the recording starts by itself");
    let ready = [(0, "Off"), (15, "15 s"), (30, "30 s"), (60, "60 s")];
    if let Some(seconds) = choice::choices_ui(ui, view.settings.ready_seconds, ready) {
        actions.push(SettingsAction::ReadySeconds(seconds));
    }
    ui.add_space(space::S);
    text::soft_ui(
        ui,
        "Time to answer: then the recording stops, as in a one-way video interview",
    );
    let minutes = [(0, "Off"), (1, "1 min"), (2, "2 min"), (3, "3 min")];
    if let Some(minutes) = choice::choices_ui(ui, view.settings.answer_minutes, minutes) {
        actions.push(SettingsAction::AnswerMinutes(minutes));
    }
    ui.add_space(space::S);
    if let Some(on) = choice::switch_ui(ui, view.settings.time_marks, "Mark one minute and two while you speak") {
        actions.push(SettingsAction::TimeMarks(on));
    }
    let label = "After an answer, offer a follow-up question";
    if let Some(on) = choice::switch_ui(ui, view.settings.follow_ups, label) {
        actions.push(SettingsAction::FollowUps(on));
    }
    if !view.sound.can_read {
        text::remark_ui(
            ui,
            "Questions can be read aloud if the system has a speech synthesizer: on Linux, install speech-dispatcher or espeak-ng.",
        );
        return;
    }
    ui.add_space(space::S);
    text::soft_ui(ui, "How questions are asked");
    let deliveries = [
        (Delivery::OnScreen, "On screen"),
        (Delivery::ReadAloud, "Read aloud too"),
        (Delivery::ListenOnly, "Read aloud only"),
    ];
    if let Some(delivery) = choice::choices_ui(ui, view.settings.delivery, deliveries) {
        actions.push(SettingsAction::Delivery(delivery));
    }
}

fn appearance_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    let themes = [
        (ThemeChoice::System, "Match system"),
        (ThemeChoice::Light, "Light"),
        (ThemeChoice::Dark, "Dark"),
    ];
    if let Some(theme) = choice::choices_ui(ui, view.settings.theme, themes) {
        actions.push(SettingsAction::Theme(theme));
    }
    if let Some(on) = choice::switch_ui(ui, view.settings.more_contrast, "More contrast") {
        actions.push(SettingsAction::MoreContrast(on));
    }
    ui.add_space(space::S);
    text::soft_ui(ui, "Size of text and controls");
    let sizes = [
        (80, "80%"),
        (90, "90%"),
        (100, "100%"),
        (115, "115%"),
        (130, "130%"),
        (150, "150%"),
        (175, "175%"),
        (200, "200%"),
    ];
    if let Some(percent) = choice::choices_ui(ui, view.settings.text_percent, sizes) {
        actions.push(SettingsAction::TextPercent(percent));
    }
    ui.add_space(space::S);
    if let Some(on) = choice::switch_ui(ui, view.settings.reduced_motion, "Reduce motion") {
        actions.push(SettingsAction::ReducedMotion(on));
    }
}

fn recordings_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    let choices = [
        (Keep::Always, "Keep them"),
        (Keep::Days(90), "Delete after 90 days"),
        (Keep::Days(30), "After 30 days"),
        (Keep::Days(7), "After 7 days"),
        (Keep::UntilLeft, "When I leave the interview"),
    ];
    if let Some(keep) = choice::choices_ui(ui, view.settings.keep, choices) {
        actions.push(SettingsAction::Keep(keep));
    }
    text::remark_ui(
        ui,
        "Transcripts and insights are kept either way, and so is a recording that has not been transcribed yet. Nothing that exists now is deleted without asking you.",
    );
    ui.add_space(space::XS);
    if Button::quiet("Delete all recordings").icon(Icon::Trash2).show(ui) {
        actions.push(DialogAction::Ask(Confirmation::DeleteSounds));
    }
}

fn about_ui(ui: &mut Ui, actions: &mut Actions) {
    text::body_ui(
        ui,
        &format!("Aloud {}, built for {}.", about::VERSION, about::built_for()),
    );
    let Some(address) = about::HOMEPAGE else {
        text::soft_ui(
            ui,
            "It never looks for updates by itself. Later versions are where you got this one.",
        );
        return;
    };
    text::soft_ui(
        ui,
        &format!("It never looks for updates by itself. Later versions are at {address}."),
    );
    ui.add_space(space::XS);
    if Button::quiet("Copy the address").icon(Icon::Copy).show(ui) {
        actions.push(ExportAction::Copy(address.to_owned()));
    }
}

fn data_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    text::soft_ui(ui, "Everything is stored in this folder:");
    let folder = view.root.display().to_string();
    text::body_ui(ui, &folder);
    ui.add_space(space::XS);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::S, space::S);
        if Button::quiet("Copy the path").icon(Icon::Copy).show(ui) {
            actions.push(ExportAction::Copy(folder));
        }
        if Button::quiet("Delete everything").icon(Icon::Trash2).show(ui) {
            actions.push(DialogAction::Ask(Confirmation::DeleteAll));
        }
    });
}
