//! Home: choose a field, see that the microphone hears, start.

use eframe::egui::{Popup, Ui};
use lucide_icons::Icon;

use super::{
    action::Action,
    microphone, page_ui, split_ui,
    theme::{NARROW, space},
    view_model::{Confirmation, Screen, ViewModel},
    widgets::{Button, card_ui, choice, plot, text},
};
use crate::{interview::Interview, protocol::ModelState};

/// The lengths of an interview.
pub const LENGTHS: [(u8, &str); 4] = [
    (3, "Three questions"),
    (5, "Five questions"),
    (8, "Eight questions"),
    (10, "Ten questions"),
];
/// An answer, and a look at what was in it.
const MINUTES_A_QUESTION: u8 = 2;

pub fn home_ui(ui: &mut Ui, view: &ViewModel) -> Option<Action> {
    let width = if ui.available_width() < NARROW { 780.0 } else { 1060.0 };
    page_ui(ui, "home", width, |ui| {
        // A tall window has some of its room above.
        ui.add_space(((ui.ctx().content_rect().height() - 660.0) * 0.35).max(0.0));
        let (main, aside) = split_ui(ui, 320.0, 480.0, |ui| start_ui(ui, view), |ui| aside_ui(ui, view));
        main.or(aside)
    })
}

fn start_ui(ui: &mut Ui, view: &ViewModel) -> Option<Action> {
    let mut action = None;
    // In a small window the button to start with is still in sight.
    let short = ui.ctx().content_rect().height() < 700.0;
    let (air, less) = if short {
        (space::L, space::M)
    } else {
        (space::XXL, space::XL)
    };
    text::title(ui, "Practice your answers out loud.");
    ui.add_space(space::XS);
    text::soft(
        ui,
        "Aloud asks a question, listens, and shows what you said. Nothing leaves this computer.",
    );
    ui.add_space(air);

    text::caps(ui, "Field");
    ui.add_space(space::XS);
    let chosen = view.field().map(|field| field.id.as_str());
    let fields = view
        .bank
        .fields
        .iter()
        .map(|field| (field.id.as_str(), field.name.as_str()));
    if let Some(id) = chosen.and_then(|chosen| choice::choices_ui(ui, chosen, fields)) {
        action = Some(Action::ChooseField(id.to_owned()));
    }
    ui.add_space(less);

    text::caps(ui, "Microphone");
    ui.add_space(space::XS);
    action = action.or(microphone::microphone_ui(ui, view));
    if view.models.fetching.is_some() || !matches!(view.models.state, None | Some(ModelState::Ready { .. })) {
        ui.add_space(space::S);
    }
    action = action.or(microphone::model_ui(ui, view));
    ui.add_space(air);

    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::L;
        if Button::filled("Start a practice interview").tall().show(ui) {
            action = Some(Action::Start);
        }
        action = action.take().or(length_ui(ui, view.settings.length));
    });
    ui.add_space(space::S);
    ui.horizontal_wrapped(|ui| {
        if Button::quiet("Practice one question").show(ui) {
            action = Some(Action::PracticeOne);
        }
        if Button::quiet("Browse the questions").show(ui) {
            action = Some(Action::Go(Screen::Library));
        }
        if view.has_sample && Button::quiet("Try it with a sample answer").show(ui) {
            action = Some(Action::TrySample);
        }
    });
    action
}

/// How many questions there are, and about how long that takes; pressed, the other lengths.
fn length_ui(ui: &mut Ui, chosen: u8) -> Option<Action> {
    let mut action = None;
    let message = length_says(chosen);
    let response = Button::plain(&message)
        .icon(Icon::ChevronDown)
        .name(&format!("Length: {message}"))
        .response(ui);
    Popup::menu(&response).show(|ui| {
        ui.set_min_width(260.0);
        for (length, _) in LENGTHS {
            if Button::plain(&length_says(length)).chosen(length == chosen).show(ui) {
                action = Some(Action::Length(length));
            }
        }
    });
    action
}

fn length_says(length: u8) -> String {
    let name = LENGTHS
        .iter()
        .find(|(known, _)| *known == length)
        .map_or_else(|| format!("{length} questions"), |(_, name)| (*name).to_owned());
    format!("{name}, about {} minutes", length * MINUTES_A_QUESTION)
}

fn aside_ui(ui: &mut Ui, view: &ViewModel) -> Option<Action> {
    let mut action = None;
    ui.spacing_mut().item_spacing.y = space::L;
    for take in view.history.found.iter().take(2) {
        action = action.or(found_ui(ui, view, take));
    }
    if let Some(last) = view.history.past.first() {
        action = action.or(last_ui(ui, view, last));
        weeks_ui(ui, view);
    } else if view.history.found.is_empty() {
        card_ui(ui, |ui| {
            text::heading(ui, "Your interviews will stand here");
            text::soft(
                ui,
                "After each answer you see the points you made, the job terms you used, and every “um” and repeated word.",
            );
        });
    }
    for error in view.bank.problems.iter().take(3) {
        card_ui(ui, |ui| {
            text::heading(ui, "Some questions could not be read");
            text::soft(ui, error);
        });
    }
    action
}

fn last_ui(ui: &mut Ui, view: &ViewModel, last: &Interview) -> Option<Action> {
    card_ui(ui, |ui| {
        text::caps(
            ui,
            if last.finished {
                "Last interview"
            } else {
                "Not finished yet"
            },
        );
        text::heading(ui, view.field_name(&last.field));
        let answered = format!("{} of {} answered", last.answered(), last.turns.len());
        text::soft(ui, &format!("{}, {answered}", view.when(last.begun)));
        ui.add_space(space::XS);
        let word = if last.finished { "Look at it" } else { "Go on with it" };
        Button::quiet(word)
            .icon(Icon::ArrowRight)
            .show(ui)
            .then(|| Action::OpenPast(last.id.clone()))
    })
    .inner
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
        text::caps(ui, "Answers in the past weeks");
        ui.add_space(space::XS);
        plot::weeks_ui(ui, &weeks);
        text::remark(
            ui,
            &format!("{} this week", text::count(weeks[WEEKS - 1], "answer", "answers")),
        );
    });
}

/// A recording that a crash left behind.
fn found_ui(ui: &mut Ui, view: &ViewModel, take: &crate::take::FoundTake) -> Option<Action> {
    card_ui(ui, |ui| {
        text::caps(ui, "Recording found");
        text::body(
            ui,
            &format!(
                "A recording of {} from {} was never saved with an answer.",
                text::length(take.seconds),
                view.when(take.recorded)
            ),
        );
        ui.horizontal_wrapped(|ui| {
            let playing = view.playing_of(&take.sound).is_some();
            if Button::quiet(if playing { "Stop" } else { "Listen" }).show(ui) {
                return Some(Action::PlayFound(take.sound.clone()));
            }
            if Button::quiet("Write it down").show(ui) {
                return Some(Action::TranscribeFound(take.sound.clone()));
            }
            Button::plain("Delete")
                .show(ui)
                .then(|| Action::Ask(Confirmation::DeleteFound(take.sound.clone())))
        })
        .inner
    })
    .inner
}
