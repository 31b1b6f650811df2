//! The keys: what each does where, and which one was pressed. None works while something is being written.

use eframe::egui::{Context, Key, Modifiers};

use super::{
    action::Action,
    view_model::{Confirmation, Screen, ViewModel},
    widgets::{timeline, transcript},
};
use crate::interview::{Phase, Practice};

/// A key as it is written, and what it does.
pub const KEYS: [(&str, &str); 16] = [
    ("Space", "Record, and stop"),
    ("P", "Pause, and go on"),
    ("A", "Read the question aloud, and stop"),
    ("T", "Type instead of speaking"),
    ("N", "Write a note"),
    ("H", "Show the hint"),
    ("R", "Redo the answer"),
    ("K", "Play the answer, and stop"),
    ("F", "Hear the next filler"),
    ("G", "Hear the next long pause"),
    ("Enter", "Next question"),
    ("← →", "Question before, question after"),
    ("L", "Browse the questions"),
    ("Ctrl ,", "Settings"),
    ("?", "This page"),
    ("Esc", "Close, or go back"),
];

/// What the pressed key asks for.
pub fn pressed(ctx: &Context, view: &ViewModel) -> Option<Action> {
    let comma = ctx.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::Comma));
    if comma && free(view) {
        return Some(Action::Go(Screen::Settings));
    }
    if view.attention.confirmation.is_some() || ctx.text_edit_focused() {
        return None;
    }
    // What has the keyboard's focus owns Space and Enter; an open menu owns Escape.
    let focused = ctx.memory(eframe::egui::Memory::focused).is_some();
    let menu = eframe::egui::Popup::is_any_open(ctx);
    let key = ctx.input(|input| {
        let held = input.modifiers.ctrl || input.modifiers.alt || input.modifiers.command;
        if held {
            return None;
        }
        ALL.into_iter().find(|key| input.key_pressed(*key))
    })?;
    if (focused && matches!(key, Key::Space | Key::Enter)) || (menu && key == Key::Escape) {
        return None;
    }
    // The words and the time of an answer are walked through with the arrows.
    let walked = [transcript::id(), timeline::id()];
    let walking = ctx.memory(|memory| memory.focused().is_some_and(|id| walked.contains(&id)));
    if walking && matches!(key, Key::ArrowLeft | Key::ArrowRight) {
        return None;
    }
    meaning(key, view)
}

const ALL: [Key; 17] = [
    Key::A,
    Key::G,
    Key::Space,
    Key::P,
    Key::T,
    Key::N,
    Key::H,
    Key::R,
    Key::K,
    Key::F,
    Key::Enter,
    Key::ArrowLeft,
    Key::ArrowRight,
    Key::L,
    Key::Questionmark,
    Key::Slash,
    Key::Escape,
];

/// Whether the screen can be left with a key: never while sound is being kept.
fn free(view: &ViewModel) -> bool {
    view.practice.as_ref().is_none_or(Practice::can_leave)
}

fn meaning(key: Key, view: &ViewModel) -> Option<Action> {
    let phase = view.practice.as_ref().map(|practice| practice.phase);
    if key == Key::A {
        let asking = matches!(phase, Some(Phase::Asking | Phase::Typing)) && view.screen == Screen::Practice;
        return (asking && view.sound.can_read).then_some(Action::ReadAloud);
    }
    if view.screen == Screen::Practice
        && let Some(phase) = phase
        && let Some(action) = in_practice(key, phase)
    {
        return Some(action);
    }
    match key {
        Key::Escape if view.attention.notice.is_some() => Some(Action::Dismiss),
        Key::Escape if free(view) && view.screen != Screen::Home => Some(Action::Leave),
        Key::Escape if !free(view) => Some(Action::Ask(Confirmation::LeaveRecording)),
        Key::L if free(view) => Some(Action::Go(Screen::Library)),
        Key::Questionmark | Key::Slash if free(view) => Some(Action::Go(Screen::Shortcuts)),
        Key::Enter if view.screen == Screen::Home => Some(Action::Start),
        _ => None,
    }
}

fn in_practice(key: Key, phase: Phase) -> Option<Action> {
    match (key, phase) {
        (Key::Space, Phase::Asking) => Some(Action::Record),
        (Key::Space, Phase::Recording | Phase::Paused) => Some(Action::Stop),
        (Key::P, Phase::Recording | Phase::Paused) => Some(Action::PauseOrResume),
        (Key::T, Phase::Asking) => Some(Action::TypeInstead),
        (Key::N, Phase::Asking | Phase::Recording | Phase::Paused) => Some(Action::WriteNote),
        (Key::H, Phase::Asking | Phase::Recording | Phase::Paused) => Some(Action::ShowHint),
        (Key::R, Phase::Answered) => Some(Action::Redo),
        (Key::K, Phase::Answered) => Some(Action::PlayOrStop),
        (Key::F, Phase::Answered) => Some(Action::NextFiller),
        (Key::G, Phase::Answered) => Some(Action::NextPause),
        (Key::Enter | Key::ArrowRight, Phase::Answered) => Some(Action::Next),
        (Key::ArrowRight, Phase::Asking) => Some(Action::Skip),
        (Key::ArrowLeft, Phase::Asking | Phase::Answered | Phase::Review) => Some(Action::Back),
        (Key::Escape, Phase::Typing | Phase::Correcting) => Some(Action::DropDraft),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn space_records_and_stops_and_does_nothing_in_between() {
        assert_eq!(in_practice(Key::Space, Phase::Asking), Some(Action::Record));
        assert_eq!(in_practice(Key::Space, Phase::Recording), Some(Action::Stop));
        assert_eq!(in_practice(Key::Space, Phase::Finishing), None);
        assert_eq!(in_practice(Key::Space, Phase::Typing), None);
    }
}
