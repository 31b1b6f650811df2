//! Every screen for who does not see it or has no pointer: what everything is called and what it is, where the keyboard
//! goes, and that it can be seen where it is.

use std::collections::BTreeSet;

use crate::{
    room::Room,
    scripted::{ANSWER, Scripted, spoken},
};
use aloud::{
    protocol::{Event, Failure, FailureKind, Task},
    ui::{
        Action, Export, Screen,
        action::{AnswerAction, DialogAction, HistoryAction, NavigateAction, OwnQuestionsAction, ViewAction},
        theme::Tokens,
        view_model::Confirmation,
    },
};
use eframe::egui::{
    Context, Key, Rect, Shape,
    accesskit::{self, Live, Role},
};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

type Way = fn(&mut Room);

/// Every screen, and how it is reached.
const SCREENS: [(&str, Way); 22] = [
    ("home", |_| {}),
    ("home without a model", |room| {
        room.say(Event::Model(aloud::protocol::ModelState::Missing {
            model: "tiny.en".into(),
        }));
    }),
    ("trouble", |room| {
        let failure = Failure::new(FailureKind::Device, "Could not open “USB Mic”.");
        room.fail(Task::Microphone, failure);
    }),
    ("question", |room| room.start()),
    ("help", |room| {
        room.start();
        act(room, ViewAction::ToggleHint);
        act(room, ViewAction::ToggleSample);
    }),
    ("recording", recording),
    ("paused", |room| {
        recording(room);
        room.press(Key::P);
    }),
    ("asked", |room| {
        recording(room);
        act(room, DialogAction::Ask(Confirmation::StartOver));
    }),
    ("typing", |room| {
        room.start();
        room.press(Key::T);
    }),
    ("answer", |room| {
        room.start();
        room.answer_aloud();
    }),
    ("correcting", |room| {
        room.start();
        room.answer_aloud();
        act(room, AnswerAction::Correct);
    }),
    ("two takes", |room| {
        room.start();
        room.answer_aloud();
        room.press(Key::R);
        room.answer_aloud();
        act(room, ViewAction::ToggleComparison);
    }),
    ("review", |room| {
        room.start();
        room.answer_aloud();
        act(room, AnswerAction::GoTo(9));
    }),
    ("questions", |room| {
        act(room, NavigateAction::Go(Screen::Library));
        let id = room.app().view.field().unwrap().questions[0].id.clone();
        act(room, ViewAction::ToggleEntry(id));
    }),
    ("own questions", |room| act(room, OwnQuestionsAction::Open)),
    ("job terms", |room| act(room, NavigateAction::Go(Screen::Terms))),
    ("prepare", |room| act(room, NavigateAction::Go(Screen::Prepare))),
    ("history", |room| {
        practiced(room);
        act(room, NavigateAction::Go(Screen::History));
    }),
    ("selecting", |room| {
        practiced(room);
        act(room, NavigateAction::Go(Screen::History));
        act(room, HistoryAction::Select);
        act(room, HistoryAction::SelectAllShown);
    }),
    ("renaming", |room| {
        practiced(room);
        let id = room.app().view.history.past[0].id.clone();
        act(room, NavigateAction::Go(Screen::History));
        act(room, HistoryAction::Rename(id));
    }),
    ("progress", |room| {
        practiced(room);
        practiced(room);
        act(room, NavigateAction::Go(Screen::Progress));
    }),
    ("settings", |room| act(room, NavigateAction::Go(Screen::Settings))),
];

fn act(room: &mut Room, action: impl Into<Action>) {
    room.harness.state_mut().handle_action(action, &Context::default());
    room.steps();
}

fn recording(room: &mut Room) {
    room.start();
    room.press(Key::Space);
    room.audio.words(&spoken(ANSWER), 30, 4);
    room.steps();
}

/// An interview of two answers, put away.
fn practiced(room: &mut Room) {
    room.start();
    for _ in 0..2 {
        room.answer_aloud();
        room.press(Key::ArrowRight);
    }
    act(room, NavigateAction::Go(Screen::Home));
}

fn on(way: Way) -> Room {
    let mut room = Room::new();
    room.say(Event::CanReadAloud(true));
    way(&mut room);
    room
}

#[test]
fn everything_that_can_be_used_has_a_name_and_says_what_it_is() {
    for (screen, way) in SCREENS {
        let room = on(way);
        let mut count = 0;
        for node in room.harness.root().children_recursive() {
            let node = node.accesskit_node();
            let can = |action| node.data().supports_action(action);
            let usable = can(accesskit::Action::Focus) || can(accesskit::Action::Click);
            // A scroll bar says what it is; the keyboard moves what it moves.
            if !usable || matches!(node.role(), Role::Window | Role::ScrollBar) {
                continue;
            }
            count += 1;
            assert!(
                node.label().is_some_and(|label| !label.trim().is_empty()),
                "{screen}: something without a name: a {:?}, {:?}",
                node.role(),
                node.raw_bounds()
            );
            assert!(
                !matches!(node.role(), Role::Unknown | Role::GenericContainer),
                "{screen}: nobody knows what “{:?}” is",
                node.label()
            );
        }
        assert!(count > 2, "{screen}: only {count}");
    }
}

/// The keyboard's ring: a frame of the accent, two points thick.
fn rings(room: &Room) -> Vec<Rect> {
    fn find(shape: &Shape, accent: eframe::egui::Color32, found: &mut Vec<Rect>) {
        match shape {
            Shape::Rect(rect) if rect.stroke.color == accent && rect.stroke.width >= 2.0 => found.push(rect.rect),
            Shape::Vec(shapes) => {
                for shape in shapes {
                    find(shape, accent, found);
                }
            }
            _ => {}
        }
    }
    let dark = room.harness.ctx.theme() == eframe::egui::Theme::Dark;
    let accent = Tokens::for_dark(dark).accent;
    let mut found = Vec::new();
    for clipped in &room.harness.output().shapes {
        find(&clipped.shape, accent, &mut found);
    }
    found
}

#[test]
fn the_keyboard_reaches_everything_and_is_seen_where_it_is() {
    for (screen, way) in SCREENS {
        let mut room = on(way);
        let expected = controls(&room, screen);
        let mut reached = BTreeSet::new();
        let mut first = None;
        for step in 0..400 {
            room.harness.key_press(Key::Tab);
            room.steps();
            let Some(focus) = room.harness.ctx.memory(eframe::egui::Memory::focused) else {
                continue;
            };
            if first == Some(focus) {
                break;
            }
            first = first.or(Some(focus));
            let node = room
                .harness
                .root()
                .children_recursive()
                .find(egui_kittest::Node::is_focused);
            let name = node
                .as_ref()
                .and_then(|node| node.accesskit_node().label())
                .unwrap_or_default();
            let bounds = node.map(|node| node.rect());
            let rings = rings(&room);
            let seen = bounds.is_some_and(|bounds| rings.iter().any(|ring| ring.expand(1.0).contains_rect(bounds)));
            assert!(
                seen,
                "{screen}, after {step}: nothing shows that “{name}” has the keyboard"
            );
            reached.insert(name);
        }
        let missed: Vec<&String> = expected.difference(&reached).collect();
        assert!(missed.is_empty(), "{screen}: the Tab key does not lead to {missed:?}");
    }
}

/// The names of the controls that can be used now.
fn controls(room: &Room, screen: &str) -> BTreeSet<String> {
    let nodes = room.harness.root().children_recursive();
    let names = nodes.filter_map(|node| {
        let node = node.accesskit_node();
        let control = matches!(
            node.role(),
            Role::Button
                | Role::CheckBox
                | Role::RadioButton
                | Role::Slider
                | Role::Switch
                | Role::Term
                | Role::TextInput
                | Role::MultilineTextInput
        );
        // Of choices among which one is made, the chosen one is the stop: the arrow keys go on from there.
        let stop = node.role() != Role::RadioButton || node.toggled() == Some(accesskit::Toggled::True);
        (control && stop && !node.is_disabled()).then(|| node.label().unwrap_or_default())
    });
    // What lies behind a question that is asked waits for its answer.
    let in_front = |name: &String| screen != "asked" || ["Start over", "Cancel"].contains(&name.as_str());
    names.filter(in_front).collect()
}

#[test]
fn what_is_heard_and_what_goes_wrong_is_told_while_it_happens() {
    let room = on(recording);
    let live = |room: &Room, text: &str| {
        room.harness
            .query_all_by_label_contains(text)
            .any(|node| node.accesskit_node().live() == Live::Polite)
    };
    assert!(live(&room, "So, um, at the hospital"));
    let room = on(SCREENS[2].1);
    assert!(live(&room, "Could not open “USB Mic”."));
}

#[test]
fn with_reduced_motion_nothing_fades_or_slides() {
    let mut room = Room::new();
    act(&mut room, NavigateAction::Go(Screen::Settings));
    assert!(room.harness.ctx.global_style().animation_time > 0.0);
    room.click("Reduce motion");
    assert_eq!(room.harness.ctx.global_style().animation_time, 0.0);
    assert_eq!(room.again().harness.ctx.global_style().animation_time, 0.0);
}

#[test]
fn nothing_is_told_by_colour_alone() {
    let room = on(SCREENS[9].1);
    // Each mark is named with its number, and each has another form in the text than the others.
    for mark in ["Fillers", "Repeats", "Job terms", "Hedges", "Long pauses"] {
        let mut named = room.harness.query_all_by_label(mark);
        assert!(
            named.any(|node| node.accesskit_node().role() == Role::CheckBox),
            "{mark}"
        );
    }
    let on_screen = on(recording);
    assert!(on_screen.shows("Recording"), "red is not all that says so");
}

#[test]
fn every_way_to_save_is_named() {
    let mut room = Room::in_folder(tempfile::tempdir().unwrap(), Scripted::default());
    SCREENS[12].1(&mut room);
    for format in Export::ALL {
        assert!(
            room.harness
                .query_by_label(&format!("Save as {}", format.name()))
                .is_some()
        );
    }
}
