//! From page to page by the keyboard, and back to the same place.

use crate::room::Room;
use aloud::{interview::Phase, ui::Screen};
use eframe::egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

fn screen(room: &Room) -> Screen {
    room.app().view.screen
}

fn focused(room: &Room) -> Option<String> {
    let mut nodes = room.harness.root().children_recursive();
    let node = nodes.find(egui_kittest::Node::is_focused)?;
    node.accesskit_node().label()
}

#[test]
fn escape_leaves_the_field_then_what_is_open_then_the_page() {
    let mut room = Room::new();
    room.start();
    room.press(Key::H);
    room.press(Key::M);
    room.press(Key::N);
    assert_eq!(focused(&room).as_deref(), Some("Notes"));
    room.press(Key::Escape);
    assert_eq!(focused(&room), None);
    assert!(room.app().view.answer.hint_shown && screen(&room) == Screen::Practice);
    room.press(Key::Escape);
    room.press(Key::Escape);
    let answer = &room.app().view.answer;
    assert!(!answer.hint_shown && !answer.frame_shown && screen(&room) == Screen::Practice);
    room.press(Key::Escape);
    assert_eq!(screen(&room), Screen::Home);
}

#[test]
fn escape_on_a_comparison_or_a_repeated_question_goes_back_to_the_answer() {
    let mut room = Room::new();
    room.start();
    room.answer_aloud();
    room.press(Key::R);
    room.press(Key::Escape);
    let phase = room.app().view.practice.as_ref().unwrap().phase;
    assert_eq!((phase, screen(&room)), (Phase::Answered, Screen::Practice));
    room.press(Key::R);
    room.answer_aloud();
    room.click("Compare takes");
    room.press(Key::Escape);
    assert!(!room.app().view.answer.comparing && screen(&room) == Screen::Practice);
}

#[test]
fn an_answer_that_was_left_is_come_back_to() {
    let mut room = Room::new();
    room.start();
    room.press(Key::ArrowRight);
    room.answer_aloud();
    room.press(Key::Escape);
    room.click("Continue");
    let practice = room.app().view.practice.as_ref().unwrap();
    assert_eq!((practice.interview.at, practice.phase), (1, Phase::Answered));
}

#[test]
fn a_search_is_still_there_after_its_question_was_practiced() {
    let mut room = Room::new();
    room.press(Key::L);
    room.write("Search the questions", "phishing");
    let visit = room.app().view.visit;
    let prompt = room.app().view.question_index.search("phishing");
    let first = room.app().view.bank.question(&prompt[0].id).unwrap().1.prompt.clone();
    room.press(Key::Escape);
    assert_eq!(screen(&room), Screen::Library);
    room.click(&first);
    room.click("Practice this one");
    assert_eq!(screen(&room), Screen::Practice);
    room.press(Key::Escape);
    assert_eq!(screen(&room), Screen::Library);
    assert_eq!(room.app().view.search.text, "phishing");
    assert_eq!(room.app().view.visit, visit, "it stands where it was");
    // From the top bar it begins anew.
    room.click("History");
    room.click("Questions");
    assert_eq!(room.app().view.search.text, "");
    assert_ne!(room.app().view.visit, visit);
}

#[test]
fn terms_are_left_for_the_answer_that_they_were_opened_from() {
    let mut room = Room::new();
    room.start();
    room.answer_aloud();
    room.harness.key_press_modifiers(Modifiers::COMMAND, Key::Comma);
    room.steps();
    assert_eq!(screen(&room), Screen::Settings);
    room.press(Key::Escape);
    assert_eq!(screen(&room), Screen::Practice);
}

#[test]
fn a_row_of_choices_is_one_stop_with_arrows_inside() {
    let mut room = Room::new();
    let field = room.app().view.settings.field.clone();
    let radios = |room: &Room| {
        let nodes = room.harness.query_all_by_role(Role::RadioButton);
        nodes.filter(egui_kittest::Node::is_focused).count()
    };
    let mut stops = Vec::new();
    for _ in 0..12 {
        room.press(Key::Tab);
        stops.push(focused(&room).unwrap_or_default());
    }
    let chosen = room.app().view.field_name(&field).to_owned();
    assert_eq!(stops.iter().filter(|name| **name == chosen).count(), 1, "{stops:?}");
    let others = room.app().view.bank.fields.iter().filter(|other| other.id != field);
    for other in others {
        assert!(!stops.contains(&other.name), "{stops:?}");
    }
    // What stands on the page comes before nothing else, and the bar above it from left to right.
    let at = |name: &str| stops.iter().position(|stop| stop.contains(name));
    assert!(
        at("Prepare") < at("History") && at("History") < at("Settings"),
        "{stops:?}"
    );

    room.harness.get_by_role_and_label(Role::RadioButton, &chosen).focus();
    room.steps();
    assert_eq!(radios(&room), 1);
    room.press(Key::ArrowRight);
    assert_ne!(room.app().view.settings.field, field);
    assert_eq!(radios(&room), 1, "the focus goes with the choice");
    room.press(Key::ArrowLeft);
    assert_eq!(room.app().view.settings.field, field);
}

#[test]
fn on_a_question_the_keyboard_goes_through_the_page_before_its_foot() {
    let mut room = Room::new();
    room.start();
    let mut stops = Vec::new();
    for _ in 0..16 {
        room.press(Key::Tab);
        stops.push(focused(&room).unwrap_or_default());
    }
    let at = |name: &str| stops.iter().position(|stop| stop == name);
    assert!(at("Notes").is_some() && at("Notes") < at("Record"), "{stops:?}");
    assert!(
        at("Record") < at("Type instead") && at("Type instead") < at("Skip"),
        "{stops:?}"
    );
}

#[test]
fn a_command_is_found_by_its_name_and_done() {
    let mut room = Room::new();
    let open = |room: &mut Room| {
        room.harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
        room.steps();
    };
    open(&mut room);
    assert_eq!(focused(&room).as_deref(), Some("Find a command"));
    room.write("Find a command", "hist");
    room.press(Key::Enter);
    assert_eq!((screen(&room), &room.app().view.palette), (Screen::History, &None));
    open(&mut room);
    room.press(Key::Escape);
    assert_eq!((screen(&room), &room.app().view.palette), (Screen::History, &None));
    // The arrow keys move the highlight.
    open(&mut room);
    room.write("Find a command", "appearance");
    room.press(Key::ArrowDown);
    room.press(Key::Enter);
    assert_eq!(room.app().view.settings.theme, aloud::settings::ThemeChoice::Dark);
}
