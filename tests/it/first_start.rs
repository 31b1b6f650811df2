//! The first minute: three steps at the very first start, and the sample answer.

use crate::{
    room::Room,
    scripted::{ANSWER, Scripted, spoken},
};
use aloud::{
    protocol::Command,
    ui::{Screen, view_model::WelcomeStep},
};
use eframe::egui::Key;

fn first() -> Room {
    let audio = Scripted::default();
    audio.0.borrow_mut().welcomes = true;
    Room::in_folder(tempfile::tempdir().unwrap(), audio)
}

fn screen(room: &Room) -> Screen {
    room.app().view.screen
}

#[test]
fn three_steps_lead_to_a_first_question_by_one_key() {
    let mut room = first();
    assert_eq!(screen(&room), Screen::Welcome);
    assert!(room.shows("Say a few words") && room.shows("We hear you."));
    room.press(Key::Enter);
    assert!(room.shows("What are you preparing for?"));
    room.click("General");
    room.press(Key::Enter);
    assert_eq!(room.app().view.welcome, WelcomeStep::WarmUp);
    room.press(Key::Enter);
    assert_eq!(screen(&room), Screen::Practice);
    assert_eq!(room.app().view.settings.field, "general");
    let turn = room.app().view.practice.as_ref().unwrap().turn().unwrap();
    assert_eq!(turn.question.id, "general-introduction");
    room.press(Key::Escape);
    assert_eq!(screen(&room), Screen::Home);
}

#[test]
fn one_key_skips_them_and_they_do_not_come_again() {
    let mut room = first();
    room.press(Key::Escape);
    assert_eq!(screen(&room), Screen::Home);
    room.harness.run_steps(10);
    let Room { harness, folder, .. } = room;
    drop(harness);
    let audio = Scripted::default();
    audio.0.borrow_mut().welcomes = true;
    assert_eq!(screen(&Room::in_folder(folder, audio)), Screen::Home);
}

#[test]
fn whoever_has_practiced_before_is_not_led_through_them() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("interviews")).unwrap();
    let audio = Scripted::default();
    audio.0.borrow_mut().welcomes = true;
    assert_eq!(screen(&Room::in_folder(folder, audio)), Screen::Home);
    let folder = tempfile::tempdir().unwrap();
    let older = r#"{"schema": 2, "content": {"theme": "dark"}}"#;
    std::fs::write(folder.path().join("settings.json"), older).unwrap();
    let room = Room::in_folder(folder, Scripted::default());
    assert!(room.app().view.settings.welcomed);
}

#[test]
fn the_sample_answer_says_so_is_heard_and_leaves_no_trace() {
    let mut room = Room::new();
    room.click("Try it with a sample answer");
    assert!(room.shows("sample answer") && room.shows("Listen to a sample answer."));
    let commands = room.audio.commands();
    let recorded = commands
        .iter()
        .position(|command| matches!(command, Command::Record(_)));
    let played = commands
        .iter()
        .position(|command| matches!(command, Command::Play { .. }));
    assert!(recorded < played, "{commands:?}");
    room.press(Key::Space);
    room.audio.finish(spoken(ANSWER));
    room.steps();
    assert!(room.shows("This was a sample answer. It is not kept."));
    assert!(!room.shows("Redo"));
    room.click("Now you: answer this question");
    let practice = room.app().view.practice.as_ref().unwrap();
    assert!(!practice.interview.sample);
    room.press(Key::Escape);
    assert_eq!(screen(&room), Screen::Home);
    assert!(room.app().view.history.past.is_empty() && room.app().view.history.figures.is_empty());
    let saved = std::fs::read_dir(room.folder.path().join("interviews"));
    assert_eq!(saved.map_or(0, Iterator::count), 0);
    assert!(room.again().app().view.history.past.is_empty());
}
