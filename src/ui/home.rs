//! Home: choose a field, check the microphone, start.

use eframe::egui::{Popup, Ui};
use lucide_icons::Icon;

use super::{
    Column,
    action::{Actions, DialogAction, NavigateAction, PlaybackAction, SettingsAction, StartAction},
    command::UserCommand,
    is_stacked, microphone, page_ui, split_ui,
    theme::{NARROW, space},
    view_model::{Confirmation, Screen, ViewModel},
    widgets::{Button, card_ui, choice, menu, plot, text},
};
use crate::{
    interview::Interview,
    protocol::ModelState,
    question::{Field, Seniority},
    take::FoundTake,
};

/// The lengths of an interview.
pub const LENGTHS: [(u8, &str); 4] = [
    (3, "Three questions"),
    (5, "Five questions"),
    (8, "Eight questions"),
    (10, "Ten questions"),
];
/// An answer, and reading its insights.
const MINUTES_A_QUESTION: u8 = 2;

pub fn home_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    let width = if ui.available_width() < NARROW { 780.0 } else { 1060.0 };
    page_ui(ui, "home", width, |ui| {
        // A tall window has some of its room above.
        ui.add_space(((ui.ctx().content_rect().height() - 660.0) * 0.35).max(0.0));
        let (side, least) = (320.0, 480.0);
        // In one column, a recording that was left behind would be far below.
        let found_first = is_stacked(ui, side, least);
        if found_first {
            found_ui(ui, view, actions);
        }
        split_ui(ui, side, least, |ui, column| match column {
            Column::Main => start_ui(ui, view, actions),
            Column::Aside => aside_ui(ui, view, found_first, actions),
        });
    });
}

fn start_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    // In a small window the button to start with is still in sight.
    let short = ui.ctx().content_rect().height() < 700.0;
    let (air, less) = if short {
        (space::L, space::M)
    } else {
        (space::XXL, space::XL)
    };
    text::title_ui(ui, "Practice your answers out loud.");
    ui.add_space(space::XS);
    text::soft_ui(
        ui,
        "Aloud asks a question, listens, and shows what you said. Nothing leaves this computer.",
    );
    ui.add_space(air);

    text::caps_ui(ui, "Field");
    ui.add_space(space::XS);
    field_ui(ui, view, actions);
    ui.add_space(less);

    text::caps_ui(ui, "Microphone");
    ui.add_space(space::XS);
    microphone::microphone_ui(ui, view, actions);
    if view.models.fetching.is_some() || !matches!(view.models.state, None | Some(ModelState::Ready { .. })) {
        ui.add_space(space::S);
    }
    microphone::model_ui(ui, view, actions);
    ui.add_space(air);
    ways_to_start_ui(ui, view, actions);
}

/// The field of work, and in it the role and the level.
pub fn field_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    let chosen = view.field().map(|field| field.id.as_str());
    let fields = view
        .bank
        .fields
        .iter()
        .map(|field| (field.id.as_str(), field.name.as_str()));
    if let Some(id) = chosen.and_then(|chosen| choice::choices_ui(ui, chosen, fields)) {
        actions.push(SettingsAction::Field(id.to_owned()));
    }
    if let Some(field) = view.field().filter(|field| !field.roles.is_empty()) {
        ui.add_space(space::XS);
        role_and_level_ui(ui, view, field, actions);
    }
}

/// For whom the questions are: a role of the field, and how much experience.
fn role_and_level_ui(ui: &mut Ui, view: &ViewModel, field: &Field, actions: &mut Actions) {
    let role = view.role();
    let roles = field
        .roles
        .iter()
        .map(|role| (Some(role.id.as_str()), role.name.as_str()));
    let roles: Vec<(Option<&str>, &str)> = std::iter::once((None, "Any role")).chain(roles).collect();
    let chosen = role.map(|role| role.id.as_str());
    let levels = [
        (None, "Any level"),
        (Some(Seniority::Entry), "Entry level"),
        (Some(Seniority::Mid), "Mid level"),
    ];
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::L;
        if let Some(role) = menu::menu_ui(ui, "Role", &chosen, &roles) {
            actions.push(SettingsAction::Role(role.map(str::to_owned)));
        }
        if let Some(level) = menu::menu_ui(ui, "Level", &view.settings.seniority, &levels) {
            actions.push(SettingsAction::Seniority(level));
        }
    });
}

fn ways_to_start_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::L;
        if Button::filled(UserCommand::StartInterview.label(view)).tall().show(ui) {
            actions.push(StartAction::Interview);
        }
        length_ui(ui, view.settings.length, actions);
    });
    ui.add_space(space::S);
    ui.horizontal_wrapped(|ui| {
        if Button::quiet("Practice one question").show(ui) {
            actions.push(StartAction::OneQuestion);
        }
        if Button::quiet(UserCommand::Questions.label(view)).show(ui) {
            actions.push(NavigateAction::Go(Screen::Library));
        }
        if view.has_sample && Button::quiet("Try it with a sample answer").show(ui) {
            actions.push(StartAction::Sample);
        }
    });
}

/// How many questions there are, and about how long that takes; pressed, the other lengths.
fn length_ui(ui: &mut Ui, chosen: u8, actions: &mut Actions) {
    let label = length_label(chosen);
    let response = Button::plain(&label)
        .icon(Icon::ChevronDown)
        .name(&format!("Length: {label}"))
        .response(ui);
    Popup::menu(&response).show(|ui| {
        ui.set_min_width(260.0);
        for (length, _) in LENGTHS {
            if Button::plain(&length_label(length)).chosen(length == chosen).show(ui) {
                actions.push(SettingsAction::Length(length));
            }
        }
    });
}

/// "Five questions, about 10 minutes"
fn length_label(length: u8) -> String {
    let name = LENGTHS
        .iter()
        .find(|(known, _)| *known == length)
        .map_or_else(|| format!("{length} questions"), |(_, name)| (*name).to_owned());
    format!("{name}, about {} minutes", length * MINUTES_A_QUESTION)
}

/// Recordings that a crash left behind.
fn found_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    for take in view.history.found.iter().take(2) {
        found_take_ui(ui, view, take, actions);
        ui.add_space(space::S);
    }
}

fn aside_ui(ui: &mut Ui, view: &ViewModel, found_first: bool, actions: &mut Actions) {
    ui.spacing_mut().item_spacing.y = space::L;
    if !found_first {
        for take in view.history.found.iter().take(2) {
            found_take_ui(ui, view, take, actions);
        }
    }
    if let Some(last) = view.history.past.first() {
        last_ui(ui, view, last, actions);
        weeks_ui(ui, view);
    } else if view.history.found.is_empty() {
        card_ui(ui, |ui| {
            text::heading_ui(ui, "Your interviews will appear here");
            text::soft_ui(
                ui,
                "After each answer you see the points you made, the job terms you used, and every “um” and repeated word.",
            );
        });
    }
    for error in view.bank.problems.iter().take(3) {
        card_ui(ui, |ui| {
            text::heading_ui(ui, "Some questions could not be read");
            text::soft_ui(ui, error);
        });
    }
}

fn last_ui(ui: &mut Ui, view: &ViewModel, last: &Interview, actions: &mut Actions) {
    card_ui(ui, |ui| {
        text::caps_ui(ui, if last.finished { "Last interview" } else { "Unfinished" });
        text::heading_ui(ui, view.title_of(last));
        let answered = format!("{} of {} answered", last.answered(), last.turns.len());
        text::soft_ui(ui, &format!("{}, {answered}", view.when(last.begun)));
        ui.add_space(space::XS);
        let label = if last.finished { "Open" } else { "Continue" };
        if Button::quiet(label).icon(Icon::ArrowRight).show(ui) {
            actions.push(StartAction::PastInterview(last.id.clone()));
        }
    });
}

fn weeks_ui(ui: &mut Ui, view: &ViewModel) {
    const WEEKS: usize = 8;
    const WEEK_SECONDS: i64 = 7 * 24 * 3600;
    let mut weeks = [0; WEEKS];
    for figures in &view.history.figures {
        let ago = (view.now.as_second() - figures.at.as_second()).max(0) / WEEK_SECONDS;
        if let Some(week) = (WEEKS - 1).checked_sub(ago as usize) {
            weeks[week] += 1;
        }
    }
    card_ui(ui, |ui| {
        text::caps_ui(ui, "Answers in recent weeks");
        ui.add_space(space::XS);
        plot::weeks_ui(ui, &weeks);
        text::remark_ui(
            ui,
            &format!("{} this week", text::count(weeks[WEEKS - 1], "answer", "answers")),
        );
    });
}

/// A recording that a crash left behind.
fn found_take_ui(ui: &mut Ui, view: &ViewModel, take: &FoundTake, actions: &mut Actions) {
    card_ui(ui, |ui| {
        text::caps_ui(ui, "Recording found");
        text::body_ui(
            ui,
            &format!(
                "A recording of {} from {} was never saved with an answer.",
                text::length(take.seconds),
                view.when(take.recorded)
            ),
        );
        ui.horizontal_wrapped(|ui| {
            let playing = view.playing_of(&take.sound).is_some();
            if Button::quiet(if playing { "Stop" } else { "Play" }).show(ui) {
                actions.push(PlaybackAction::PlayOrStopFound(take.sound.clone()));
            }
            if Button::quiet("Transcribe it").show(ui) {
                actions.push(StartAction::FoundTake(take.sound.clone()));
            }
            if Button::plain("Delete").show(ui) {
                actions.push(DialogAction::Ask(Confirmation::DeleteFound(take.sound.clone())));
            }
        });
    });
}
