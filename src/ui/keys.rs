//! The keys: which command was pressed. Those without Ctrl do nothing while somebody types.

use eframe::egui::{Context, Event, Id, Key, Modifiers};

use super::{
    action::Actions,
    command::{Shortcut, UserCommand},
    view_model::ViewModel,
    widgets::{self, timeline, transcript},
};

/// Adds what the pressed keys ask for.
pub fn push_pressed(ctx: &Context, view: &ViewModel, actions: &mut Actions) {
    if view.attention.confirmation.is_some() {
        return;
    }
    for (command, shortcut) in shortcuts().filter(|(_, shortcut)| shortcut.ctrl) {
        // The list of commands closes by its own key.
        if view.palette.is_some() && command != UserCommand::Palette {
            continue;
        }
        if ctx.input_mut(|input| input.consume_key(Modifiers::COMMAND, shortcut.key)) {
            actions.extend(command.action(view));
        }
    }
    for key in plain_keys(ctx, view) {
        let plain = shortcuts().filter(|(_, shortcut)| *shortcut == Shortcut { key, ctrl: false });
        actions.extend(plain.filter_map(|(command, _)| command.action(view)));
    }
}

fn shortcuts() -> impl Iterator<Item = (UserCommand, Shortcut)> {
    UserCommand::ALL
        .into_iter()
        .flat_map(|command| command.shortcuts().map(move |shortcut| (command, shortcut)))
}

/// The keys that were pressed alone and belong to nothing else, in the order in which they were pressed.
fn plain_keys(ctx: &Context, view: &ViewModel) -> Vec<Key> {
    let typing = ctx.text_edit_focused();
    let typed_before = ctx.data_mut(|data| {
        let typed_before = data.get_temp_mut_or_default::<bool>(Id::unique("somebody types"));
        std::mem::replace(typed_before, typing)
    });
    if view.palette.is_some() || typing {
        return Vec::new();
    }
    let mut keys = Vec::new();
    ctx.input(|input| {
        for event in &input.events {
            if let Event::Key {
                key,
                pressed: true,
                modifiers,
                ..
            } = event
                && !(modifiers.ctrl || modifiers.alt || modifiers.command)
                && !keys.contains(key)
            {
                keys.push(*key);
            }
        }
    });
    // A focused control owns Space and Enter; an open menu owns Escape.
    let focused = ctx.memory(eframe::egui::Memory::focused);
    let menu = eframe::egui::Popup::is_any_open(ctx);
    // The arrow keys move through the words and the timeline of an answer, and through choices.
    let walking = focused.is_some_and(|id| [transcript::id(), timeline::id()].contains(&id));
    let walking = walking || widgets::are_arrow_keys_owned(ctx);
    keys.retain(|key| match key {
        Key::Space | Key::Enter => focused.is_none(),
        // In a field, it has left the field and does no more.
        Key::Escape => !menu && !typed_before,
        Key::ArrowLeft | Key::ArrowRight => !walking,
        _ => true,
    });
    keys
}

#[cfg(test)]
mod tests {
    use eframe::egui::RawInput;
    use jiff::Timestamp;

    use super::*;
    use crate::{
        bank,
        insight::{FollowUpQuestion, Insights},
        interview::{Attempt, DraftOf, Interview, Phase, Practice},
        transcript::Transcript,
        ui::{
            Action,
            view_model::{Notice, Screen},
        },
    };

    const SCREENS: [Screen; 11] = [
        Screen::Home,
        Screen::Practice,
        Screen::Library,
        Screen::Prepare,
        Screen::Own,
        Screen::Terms,
        Screen::History,
        Screen::Progress,
        Screen::Settings,
        Screen::Shortcuts,
        Screen::Welcome,
    ];
    const PHASES: [Phase; 8] = [
        Phase::Asking,
        Phase::Recording,
        Phase::Paused,
        Phase::Finishing,
        Phase::Typing,
        Phase::Answered,
        Phase::Correcting,
        Phase::Review,
    ];

    /// Every screen, in every phase of an interview and without one, with a notice and without.
    fn places() -> Vec<ViewModel> {
        let questions = bank::built_in().fields[0].questions[..2].to_vec();
        let mut interview = Interview::new("i".into(), "x".into(), Timestamp::UNIX_EPOCH, questions);
        interview.turns[0].drafts.set(DraftOf::Answer, "I would".into());
        interview.turns[0]
            .attempts
            .push(Attempt::typed(Timestamp::UNIX_EPOCH, Transcript::typed("I would ask.")));
        let practices = PHASES.map(|phase| {
            let mut practice = Practice::new(interview.clone());
            practice.phase = phase;
            practice
        });
        let practices: Vec<_> = practices.into_iter().map(Some).chain([None]).collect();
        let mut places = Vec::new();
        for screen in SCREENS {
            for practice in &practices {
                for notice in [None, Some(Notice::Done("Copied.".into()))] {
                    let mut view = ViewModel {
                        screen,
                        practice: practice.clone(),
                        ..ViewModel::default()
                    };
                    view.attention.notice = notice;
                    view.sound.can_read = true;
                    view.answer.insights = Some(Insights {
                        follow_up: Some(FollowUpQuestion {
                            ask: "And then?".into(),
                            about: "result".into(),
                        }),
                        ..Insights::default()
                    });
                    places.push(view);
                }
            }
        }
        places
    }

    /// What a press of this key asks for.
    fn press(ctx: &Context, shortcut: Shortcut, view: &ViewModel) -> Vec<Action> {
        let modifiers = if shortcut.ctrl {
            Modifiers::COMMAND
        } else {
            Modifiers::NONE
        };
        let event = Event::Key {
            key: shortcut.key,
            physical_key: None,
            pressed: true,
            repeat: false,
            modifiers,
        };
        let input = RawInput {
            events: vec![event],
            ..RawInput::default()
        };
        let mut actions = Actions::default();
        let mut output = ctx.run_ui(input, |ui| push_pressed(ui.ctx(), view, &mut actions));
        output.textures_delta.clear();
        actions.into_vec()
    }

    #[test]
    fn every_key_of_the_table_does_what_its_command_asks_for() {
        let (ctx, places) = (Context::default(), places());
        for (command, shortcut) in shortcuts() {
            let available: Vec<_> = places.iter().filter(|view| command.is_available(view)).collect();
            assert!(!available.is_empty(), "{command:?} can be done nowhere");
            for view in available {
                let expected: Vec<Action> = command.action(view).into_iter().collect();
                assert_eq!(press(&ctx, shortcut, view), expected, "{command:?} with {shortcut:?}");
            }
        }
    }

    #[test]
    fn no_two_commands_share_a_key_in_the_same_place() {
        for view in places() {
            let mut taken: Vec<(UserCommand, Shortcut)> = Vec::new();
            for (command, shortcut) in shortcuts().filter(|(command, _)| command.is_available(&view)) {
                let other = taken.iter().find(|(_, other)| *other == shortcut);
                let place = (view.screen, view.practice.as_ref().map(|practice| practice.phase));
                assert!(other.is_none(), "{command:?} and {other:?} at {place:?}");
                taken.push((command, shortcut));
            }
        }
    }

    #[test]
    fn every_command_is_in_the_table_once_and_has_a_key() {
        for (index, command) in UserCommand::ALL.iter().enumerate() {
            assert!(!UserCommand::ALL[..index].contains(command), "{command:?}");
            assert!(command.shortcuts().next().is_some(), "{command:?}");
        }
    }

    #[test]
    fn space_does_nothing_while_an_answer_is_finished_or_typed() {
        for view in places() {
            let phase = view.practice.as_ref().map(|practice| practice.phase);
            if matches!(phase, Some(Phase::Finishing | Phase::Typing)) {
                assert!(!UserCommand::RecordOrStop.is_available(&view), "{phase:?}");
            }
        }
    }
}
