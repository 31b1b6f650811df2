//! A microphone that hears nothing is told while somebody speaks to it, and a take without a word is no answer.

use crate::{
    room::Room,
    scripted::{ANSWER, Scripted, spoken},
};
use aloud::{
    protocol::{Command, Event},
    take::Level,
};
use eframe::egui::Key;

fn hear(room: &mut Room, seconds: f64, peak: f32) {
    let level = Level { peak, ..Level::SILENCE };
    {
        let mut script = room.audio.0.borrow_mut();
        script.seconds = seconds;
        script.level = Some(level);
    }
    room.steps();
}

#[test]
fn four_seconds_without_a_level_are_told_and_the_take_goes_on_with_another_microphone() {
    let mut room = Room::in_folder(tempfile::tempdir().unwrap(), Scripted::default());
    room.start();
    room.press(Key::Space);
    room.started();
    hear(&mut room, 1.0, -100.0);
    hear(&mut room, 3.9, -100.0);
    assert!(room.shows("Go ahead") && !room.shows("We hear nothing"));
    hear(&mut room, 4.2, -100.0);
    assert!(room.shows("We hear nothing from “USB Mic”. Is it muted?") && !room.shows("Go ahead"));
    room.click("Microphone: System default");
    room.click("Built-in Audio Analog Stereo");
    let chosen = Command::Listen(Some("Built-in Audio Analog Stereo".into()));
    assert!(room.audio.commands().contains(&chosen));
    assert!(!room.audio.commands().contains(&Command::Stop), "the take goes on");
    hear(&mut room, 4.8, -20.0);
    assert!(!room.shows("We hear nothing"));
    // A pause to think is nobody's fault, once there are words; a microphone that is muted then is.
    let words = spoken(ANSWER);
    room.audio.words(&words, 6, 2);
    hear(&mut room, 20.0, -100.0);
    assert!(!room.shows("We hear nothing"));
    room.say(Event::Unheard {
        microphone: "Built-in Audio Analog Stereo".into(),
    });
    hear(&mut room, 30.0, -100.0);
    assert!(room.shows("We hear nothing from “Built-in Audio Analog Stereo”"));
}

#[test]
fn a_take_without_a_word_is_one_card_and_no_answer() {
    let mut room = Room::new();
    room.start();
    room.press(Key::Space);
    room.press(Key::Space);
    room.audio.finish(spoken(""));
    room.steps();
    assert!(room.shows("Nothing was heard") && room.shows("Microphone: System default"));
    for card in ["Talking points", "Most-used words", "Pace and pauses", "Hedges"] {
        assert!(!room.shows(card), "{card}");
    }
    let interview = room.app().view.interview().unwrap();
    assert_eq!(interview.answered(), 0);
    // The recording is kept all the same.
    assert_eq!(interview.turns[0].attempts.len(), 1);
    room.press(Key::R);
    room.answer_aloud();
    assert_eq!(room.app().view.interview().unwrap().answered(), 1);
}
