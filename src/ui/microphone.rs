//! The microphone and the speech model, as a line each: their state, and what to do when they do not work.

use eframe::egui::{Popup, Ui, accesskit::Live};
use lucide_icons::Icon;

use super::{
    action::{Actions, MicrophoneAction, ModelAction},
    theme::{Tokens, space},
    view_model::{MicrophoneStatus, ViewModel},
    widgets::{Button, button, level, progress, text},
};
use crate::protocol::ModelState;

/// The choice of microphone, its level, and its state in a sentence.
pub fn microphone_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    if view.microphone.is_missing() || ui.available_width() < 460.0 {
        if !view.microphone.is_missing() {
            choice_ui(ui, view, actions);
        }
        status_ui(ui, view, actions);
        return;
    }
    // In one row, whatever it says: what stands below never moves.
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::M;
        choice_ui(ui, view, actions);
        status_ui(ui, view, actions);
    });
}

/// While somebody speaks to a microphone that hears nothing: what to check, and the choice of another. The take goes on.
pub fn silence_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    let tokens = Tokens::of(ui);
    ui.horizontal_top(|ui| {
        button::icon_ui(ui, Icon::MicOff, 20.0, tokens.filler);
        ui.vertical(|ui| {
            let name = view.microphone.state.name().unwrap_or("the microphone");
            let message = format!("We hear nothing from “{name}”. Is it muted? The recording goes on.");
            let response = text::strong_ui(ui, &message);
            ui.ctx()
                .accesskit_node_builder(response.id, |node| node.set_live(Live::Polite));
            choice_ui(ui, view, actions);
        });
    });
}

/// The level and the sentence alone.
fn status_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    let microphone = &view.microphone;
    let none = microphone.is_missing();
    let message = match &microphone.state {
        _ if none => "No microphone was found. Plug one in, or type your answers.".to_owned(),
        MicrophoneStatus::Resting => "The microphone is off.".to_owned(),
        MicrophoneStatus::Opening => "Opening the microphone.".to_owned(),
        MicrophoneStatus::Heard(_) if microphone.voice => "We hear you.".to_owned(),
        MicrophoneStatus::Open(_) | MicrophoneStatus::Heard(_) => "Say something.".to_owned(),
        // Its name stands beside it.
        MicrophoneStatus::Unheard(_) => "We hear nothing. Is it muted?".to_owned(),
    };
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::M;
        let open = matches!(
            microphone.state,
            MicrophoneStatus::Opening
                | MicrophoneStatus::Open(_)
                | MicrophoneStatus::Heard(_)
                | MicrophoneStatus::Unheard(_)
        );
        if open && !none {
            let has_sound = matches!(microphone.state, MicrophoneStatus::Heard(_));
            level::meter_ui(ui, microphone.step, has_sound);
        }
        text::soft_ui(ui, &message);
        if none {
            if Button::quiet("Search again").show(ui) {
                actions.push(MicrophoneAction::Find);
            }
        } else if microphone.state == MicrophoneStatus::Resting && Button::plain("Check it").show(ui) {
            actions.push(MicrophoneAction::Check);
        }
    });
}

/// The chosen microphone; pressed, all there are.
pub fn choice_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    const DEFAULT: &str = "System default";
    let chosen = view.settings.microphone.as_deref();
    // Once it is open, the name of the default one is known.
    let label = match (chosen, view.microphone.state.name()) {
        (Some(name), _) => name.to_owned(),
        (None, Some(name)) => format!("{DEFAULT} ({name})"),
        (None, None) => DEFAULT.to_owned(),
    };
    let name = format!("Microphone: {}", chosen.unwrap_or(DEFAULT));
    let response = Button::quiet(&shortened(&label, 30))
        .icon(Icon::Mic)
        .name(&name)
        .response(ui);
    if response.clicked() {
        actions.push(MicrophoneAction::Find);
    }
    Popup::menu(&response).show(|ui| {
        ui.set_min_width(220.0);
        let default = if chosen.is_none() { label.as_str() } else { DEFAULT };
        if Button::plain(&shortened(default, 52)).chosen(chosen.is_none()).show(ui) {
            actions.push(MicrophoneAction::Choose(None));
        }
        for name in view.microphone.names.iter().flatten() {
            if Button::plain(&shortened(name, 52))
                .name(name)
                .chosen(chosen == Some(name))
                .show(ui)
            {
                actions.push(MicrophoneAction::Choose(Some(name.clone())));
            }
        }
    });
}

/// The speech model, where there is something to say about it: nothing once it is ready.
pub fn model_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    if let Some((name, progress)) = &view.models.fetching {
        ui.horizontal(|ui| {
            ui.vertical(|ui| {
                ui.set_max_width(360.0);
                progress::progress_ui(ui, &format!("Downloading the speech model {name}"), *progress);
            });
            if Button::plain("Cancel").name("Cancel the download").show(ui) {
                actions.push(ModelAction::CancelFetch);
            }
        });
        return;
    }
    match &view.models.state {
        None | Some(ModelState::Ready { .. }) => {}
        Some(ModelState::Loading { model }) => {
            let message = format!("Loading the speech model {model}. You can record already; the words will follow.");
            text::remark_ui(ui, &message);
        }
        Some(ModelState::Missing { model }) => offer_ui(
            ui,
            view,
            model,
            "To transcribe what you say, Aloud needs a speech model on this computer. You can type your answers without it.",
            actions,
        ),
        Some(ModelState::Failed { model, failure }) => offer_ui(ui, view, model, &failure.to_string(), actions),
    }
}

fn offer_ui(ui: &mut Ui, view: &ViewModel, model: &str, message: &str, actions: &mut Actions) {
    let tokens = Tokens::of(ui);
    let card = view.models.list.iter().find(|card| card.name == model);
    let label = card.map_or("Download it".to_owned(), |card| {
        format!("Download the speech model ({} MB)", card.megabytes)
    });
    super::widgets::card_ui(ui, |ui| {
        // The button beside the sentence where there is room for both.
        let beside = ui.available_width() > 480.0;
        ui.horizontal_top(|ui| {
            button::icon_ui(ui, Icon::Download, 18.0, tokens.accent);
            let room = ui.available_width();
            let below = ui.vertical(|ui| {
                ui.set_width(if beside { room - 236.0 } else { room });
                text::body_ui(ui, message);
                !beside && Button::quiet(&label).show(ui)
            });
            if below.inner || beside && Button::quiet(&label).show(ui) {
                actions.push(ModelAction::Fetch(model.to_owned()));
            }
        });
    });
}

/// A name that is too long, with its end left out.
pub fn shortened(name: &str, most: usize) -> String {
    if name.chars().count() <= most {
        return name.to_owned();
    }
    let start: String = name.chars().take(most - 1).collect();
    format!("{}…", start.trim_end())
}
