//! The microphone and the speech model, as a line each: what is heard, from what, and what to do when nothing is.

use eframe::egui::{Popup, Ui};
use lucide_icons::Icon;

use super::{
    action::Action,
    theme::{Tokens, space},
    view_model::{MicrophoneStatus, ViewModel},
    widgets::{Button, button, level, progress, text},
};
use crate::protocol::ModelState;

/// The choice of microphone, its level, and a sentence.
pub fn microphone_ui(ui: &mut Ui, view: &ViewModel) -> Option<Action> {
    if ui.available_width() < 560.0 || matches!(view.microphone.state, MicrophoneStatus::Unheard(_)) {
        let chosen = choice_ui(ui, view);
        return chosen.or(status_ui(ui, view));
    }
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::M;
        let chosen = choice_ui(ui, view);
        chosen.or(status_ui(ui, view))
    })
    .inner
}

/// The level and the sentence alone.
pub fn status_ui(ui: &mut Ui, view: &ViewModel) -> Option<Action> {
    let microphone = &view.microphone;
    let none = microphone.is_missing();
    let message = match &microphone.state {
        _ if none => "No microphone was found. Plug one in, or type your answers.".to_owned(),
        MicrophoneStatus::Resting => "The microphone is off.".to_owned(),
        MicrophoneStatus::Opening => "Opening the microphone.".to_owned(),
        MicrophoneStatus::Heard(_) if microphone.voice => "We hear you.".to_owned(),
        MicrophoneStatus::Open(_) | MicrophoneStatus::Heard(_) => "Say something.".to_owned(),
        MicrophoneStatus::Unheard(name) => format!("We hear nothing from “{name}”. Is it muted?"),
    };
    let mut action = None;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::M;
        let open = matches!(
            microphone.state,
            MicrophoneStatus::Open(_) | MicrophoneStatus::Heard(_) | MicrophoneStatus::Unheard(_)
        );
        if open && !none {
            let heard = matches!(microphone.state, MicrophoneStatus::Heard(_));
            level::meter_ui(ui, microphone.step, heard);
        }
        text::soft(ui, &message);
        if none {
            if Button::plain("Look again").show(ui) {
                action = Some(Action::FindMicrophones);
            }
        } else if microphone.state == MicrophoneStatus::Resting && Button::plain("Check it").show(ui) {
            action = Some(Action::Listen);
        }
    });
    action
}

fn choice_ui(ui: &mut Ui, view: &ViewModel) -> Option<Action> {
    const SYSTEM: &str = "System’s choice";
    let mut action = None;
    let chosen = view.settings.microphone.as_deref();
    let word = shortened(chosen.unwrap_or(SYSTEM), 34);
    let spoken = format!("Microphone: {}", chosen.unwrap_or(SYSTEM));
    let response = Button::quiet(&word).icon(Icon::Mic).name(&spoken).response(ui);
    if response.clicked() {
        action = Some(Action::FindMicrophones);
    }
    Popup::menu(&response).show(|ui| {
        ui.set_min_width(220.0);
        if Button::plain(SYSTEM).chosen(chosen.is_none()).show(ui) {
            action = Some(Action::ChooseMicrophone(None));
        }
        for name in view.microphone.names.iter().flatten() {
            if Button::plain(&shortened(name, 52))
                .name(name)
                .chosen(chosen == Some(name))
                .show(ui)
            {
                action = Some(Action::ChooseMicrophone(Some(name.clone())));
            }
        }
    });
    action
}

/// The speech model, where there is something to say about it: nothing once it is ready.
pub fn model_ui(ui: &mut Ui, view: &ViewModel) -> Option<Action> {
    if let Some((name, progress)) = &view.models.fetching {
        return ui
            .horizontal(|ui| {
                ui.vertical(|ui| {
                    ui.set_max_width(360.0);
                    progress::progress_ui(ui, &format!("Getting the speech model {name}"), *progress);
                });
                Button::plain("Cancel")
                    .name("Cancel the download")
                    .show(ui)
                    .then_some(Action::CancelFetch)
            })
            .inner;
    }
    match view.models.state.as_ref()? {
        ModelState::Ready { .. } => None,
        ModelState::Loading { model } => {
            text::remark(
                ui,
                &format!("Loading the speech model {model}. You can record already; the words follow."),
            );
            None
        }
        ModelState::Missing { model } => offer_ui(
            ui,
            view,
            model,
            "To write down what you say, Aloud needs a speech model on this computer. You can type your answers without it.",
        ),
        ModelState::Failed { model, failure } => offer_ui(ui, view, model, &failure.to_string()),
    }
}

fn offer_ui(ui: &mut Ui, view: &ViewModel, model: &str, message: &str) -> Option<Action> {
    let tokens = Tokens::of(ui);
    let megabytes = view
        .models
        .list
        .iter()
        .find(|card| card.name == model)
        .map(|card| card.megabytes);
    let word = megabytes.map_or("Get it".to_owned(), |megabytes| format!("Get {model} ({megabytes} MB)"));
    super::widgets::card_ui(ui, |ui| {
        // The button beside the sentence where there is room for both.
        let beside = ui.available_width() > 480.0;
        ui.horizontal_top(|ui| {
            button::icon_ui(ui, Icon::Download, 18.0, tokens.accent);
            let room = ui.available_width();
            let inner = ui.vertical(|ui| {
                ui.set_width(if beside { room - 200.0 } else { room });
                text::body(ui, message);
                !beside && Button::quiet(&word).show(ui)
            });
            let pressed = inner.inner || beside && Button::quiet(&word).show(ui);
            pressed.then(|| Action::FetchModel(model.to_owned()))
        })
        .inner
    })
    .inner
}

/// A name that is too long, with its end left out.
pub fn shortened(name: &str, most: usize) -> String {
    if name.chars().count() <= most {
        return name.to_owned();
    }
    let start: String = name.chars().take(most - 1).collect();
    format!("{}…", start.trim_end())
}
