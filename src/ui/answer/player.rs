//! The player of an answer: play and pause, five seconds back and forward, the speed and the time. And the timeline.

use eframe::egui::{Color32, FontId, Sense, Ui, WidgetInfo, accesskit::Role, pos2, vec2};

use crate::{
    insight::pauses::SilentEnds,
    interview::Attempt,
    ui::{
        action::{Actions, PlaybackAction},
        command::UserCommand,
        theme::{self, Tokens, size, space},
        view_model::ViewModel,
        widgets::{
            Button, text,
            timeline::{self, TimelineInput, TimelineView},
        },
    },
};

/// The height of the row of the player.
pub const HEIGHT: f32 = 32.0;

/// A row of buttons, and the time; nothing where there is no sound.
pub fn player_ui(ui: &mut Ui, view: &ViewModel, attempt: &Attempt, actions: &mut Actions) {
    let Some(take) = attempt.playable() else { return };
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        let speed = format!("Playback speed: {}", view.settings.playback_speed.name());
        let play = UserCommand::PlayOrPause;
        play.button_ui(ui, view, actions, play.button(view, Button::plain).flush());
        for (command, name) in [
            (UserCommand::BackFiveSeconds, "Back 5 seconds"),
            (UserCommand::ForwardFiveSeconds, "Forward 5 seconds"),
            (UserCommand::NextSpeed, speed.as_str()),
        ] {
            // A comma or a full stop beside a label is no key to the eye: they are told under the pointer.
            let button = command.button(view, Button::plain).without_key();
            command.button_ui(ui, view, actions, button.name(name));
        }
        ui.add_space(space::S);
        let second = view.playhead_of(&take.sound).unwrap_or(0.0);
        let message = format!("{} of {}", text::clock(second), text::clock(take.seconds));
        figures_ui(ui, &message, &theme::regular(size::TEXT), Tokens::of(ui).soft);
    });
}

/// Text whose digits are all as wide as the widest, so that a clock does not move while it runs.
fn figures_ui(ui: &mut Ui, message: &str, font: &FontId, color: Color32) {
    let galley = |text: String| ui.painter().layout_no_wrap(text, font.clone(), color);
    let wide = ('0'..='9')
        .map(|digit| galley(digit.to_string()).size().x)
        .fold(0.0, f32::max);
    let mut pieces = Vec::new();
    let mut width = 0.0;
    // Each digit in a cell of its own, and what is between them as it is set.
    let apart = |a: char, b: char| a.is_ascii_digit() || b.is_ascii_digit();
    let letters: Vec<char> = message.chars().collect();
    for piece in letters.chunk_by(|a, b| !apart(*a, *b)) {
        let galley = galley(piece.iter().collect());
        let own = galley.size().x;
        let cell = if piece[0].is_ascii_digit() { wide } else { own };
        pieces.push((width + (cell - own) / 2.0, galley));
        width += cell;
    }
    let height = pieces.iter().map(|(_, galley)| galley.size().y).fold(0.0, f32::max);
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, message));
    for (x, galley) in pieces {
        ui.painter().galley(pos2(rect.left() + x, rect.top()), galley, color);
    }
}

/// The shown take along its time.
pub fn timeline_ui(ui: &mut Ui, view: &ViewModel, attempt: &Attempt, actions: &mut Actions) {
    let (Some(take), Some(insights)) = (&attempt.take, &view.answer.insights) else {
        return;
    };
    let seconds = take.seconds.max(0.1);
    let words = attempt.transcript.as_ref();
    let asked = timeline::timeline_ui(
        ui,
        TimelineView {
            insights,
            ends: words.and_then(|words| SilentEnds::of(words, seconds)),
            seconds,
            playhead: view.playhead_of(&take.sound),
            playable: attempt.playable().is_some(),
        },
    );
    if let Some(input) = asked {
        actions.push(match input {
            TimelineInput::PlayFrom(second) => PlaybackAction::PlayFrom(second),
            TimelineInput::Scrub(second) => PlaybackAction::Scrub(second),
            TimelineInput::EndScrub => PlaybackAction::EndScrub,
        });
    }
}
