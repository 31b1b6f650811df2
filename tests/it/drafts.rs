//! Nothing that was typed is lost: not by Escape, not by leaving the page, not by closing the window.

use crate::{
    room::Room,
    scripted::{ANSWER, spoken},
};
use aloud::{
    interview::Phase,
    ui::{Screen, action::AnswerAction},
};
use eframe::egui::{Context, Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

fn phase(room: &Room) -> Phase {
    room.app().view.practice.as_ref().unwrap().phase
}

fn field(room: &Room, name: &str) -> String {
    room.harness.get_by_label(name).value().unwrap_or_default()
}

#[test]
fn a_typed_answer_survives_escape_leaving_and_closing() {
    let mut room = Room::new();
    room.start();
    room.press(Key::T);
    room.write("Your answer", "I would first ask");
    // Out of the field, out of typing, out of the interview.
    room.press(Key::Escape);
    assert_eq!(phase(&room), Phase::Typing);
    room.press(Key::Escape);
    assert_eq!(phase(&room), Phase::Asking);
    assert!(room.shows("Continue typing"));
    room.press(Key::Escape);
    assert_eq!(room.app().view.screen, Screen::Home);
    let mut room = room.again();
    room.click("Continue");
    room.press(Key::T);
    assert_eq!(field(&room, "Your answer"), "I would first ask");
    // On another question there is nothing of it.
    room.press(Key::Escape);
    room.press(Key::Escape);
    room.press(Key::ArrowRight);
    room.press(Key::T);
    assert_eq!(field(&room, "Your answer"), "");
}

#[test]
fn ctrl_enter_sends_what_was_typed_and_the_draft_is_gone() {
    let mut room = Room::new();
    room.start();
    room.press(Key::T);
    room.harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    room.steps();
    assert_eq!(phase(&room), Phase::Typing, "there is nothing to send");
    room.write("Your answer", "I would first ask who noticed it.");
    room.harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    room.steps();
    assert_eq!(phase(&room), Phase::Answered);
    let turn = room.app().view.practice.as_ref().unwrap().turn().unwrap();
    assert_eq!(turn.attempts.len(), 1);
    assert!(turn.drafts.is_empty());
}

#[test]
fn corrections_wait_until_they_are_kept_or_undone() {
    let mut room = Room::new();
    room.start();
    room.answer_aloud();
    room.press(Key::E);
    let corrected = spoken(ANSWER).text().replace("um, ", "");
    let edit = AnswerAction::EditDraft(corrected.clone());
    room.harness.state_mut().handle_action(edit, &Context::default());
    room.steps();
    room.press(Key::Escape);
    room.press(Key::Escape);
    assert_eq!(phase(&room), Phase::Answered);
    assert!(room.shows("Continue correcting") && !room.shows("corrected by hand"));
    let mut room = room.again();
    room.click("Continue");
    room.press(Key::E);
    assert_eq!(field(&room, "Transcript"), corrected);
    room.click("Undo the corrections");
    assert!(room.shows("Correct the text") && !room.shows("corrected by hand"));
    room.press(Key::E);
    assert_eq!(field(&room, "Transcript"), spoken(ANSWER).text());
}

#[test]
fn an_own_question_that_was_begun_is_there_again() {
    let mut room = Room::new();
    room.press(Key::L);
    room.click("Write your own questions");
    room.write("Question", "Why do you want to leave?");
    room.press(Key::Escape);
    room.press(Key::Escape);
    assert_eq!(room.app().view.screen, Screen::Library);
    let mut room = room.again();
    room.press(Key::L);
    room.click("Write your own questions");
    assert_eq!(field(&room, "Question"), "Why do you want to leave?");
    room.click("Add");
    assert_eq!(field(&room, "Question"), "");

    // As text, too.
    room.click("Edit as text");
    let text = field(&room, "The text of your questions");
    room.write("The text of your questions", "# Ask Robin first.");
    room.press(Key::Escape);
    room.press(Key::Escape);
    let mut room = room.again();
    room.press(Key::L);
    room.click("Write your own questions");
    assert!(field(&room, "The text of your questions").contains("# Ask Robin first."));
    room.click("Undo the changes");
    assert_eq!(field(&room, "The text of your questions"), text);
}
