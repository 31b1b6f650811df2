//! The model for the final text: chosen, loaded, measured, let go of; and a preliminary text that is made better.

use aloud::{
    interview::Phase,
    protocol::{Command, Event, Failure, FailureKind, ModelState, Task},
    settings::FinalModel,
};
use eframe::egui::Key;

use crate::{
    room::Room,
    scripted::{ANSWER, spoken},
};

impl Room {
    /// How often this was asked for.
    fn asked(&self, wanted: &Command) -> usize {
        let commands = self.audio.commands();
        commands.iter().filter(|command| *command == wanted).count()
    }

    fn paced(&mut self, model: &str, pace: f64) {
        self.say(Event::Paced {
            model: model.into(),
            pace,
        });
    }

    /// The text that stands there.
    fn text(&self) -> String {
        let practice = self.app().view.practice.as_ref().unwrap();
        let attempt = practice.interview.turns[0].attempts.last().unwrap();
        attempt.transcript.as_ref().unwrap().text()
    }

    /// A take whose final text takes long.
    fn answer_with_preliminary_text(&mut self) {
        self.click("Start a practice interview");
        self.press(Key::Space);
        self.press(Key::Space);
        let take = self.audio.take(20.0);
        self.say(Event::Stopped(take.clone()));
        self.say(Event::Preliminary {
            take,
            transcript: spoken("A quick text of what was said."),
            model: "tiny.en".into(),
        });
    }
}

#[test]
fn this_machine_is_measured_once_and_the_largest_model_that_is_quick_enough_writes_the_final_text() {
    let mut room = Room::new();
    assert_eq!(room.asked(&Command::MeasurePace), 1);
    let base = Command::LoadFinalModel(Some("base".into()));
    assert_eq!(room.asked(&base), 0);
    room.paced("tiny.en", 0.1);
    assert_eq!(room.asked(&base), 1);
    room.paced("tiny.en", 0.11);
    assert_eq!((room.asked(&base), room.asked(&Command::MeasurePace)), (1, 1));

    let mut room = room.again();
    assert_eq!(room.asked(&Command::MeasurePace), 0, "what was measured is kept");
    assert_eq!(room.asked(&base), 1);
    room.paced("tiny.en", 0.5);
    assert_eq!(room.asked(&Command::LoadFinalModel(None)), 1, "base would be late here");
}

#[test]
fn a_final_text_that_comes_late_makes_the_model_a_smaller_one() {
    let mut room = Room::new();
    room.paced("tiny.en", 0.1);
    room.click("Start a practice interview");
    room.press(Key::Space);
    room.press(Key::Space);
    let take = room.audio.take(20.0);
    room.say(Event::Stopped(take.clone()));
    std::thread::sleep(std::time::Duration::from_millis(2_100));
    room.say(Event::Transcribed {
        take,
        transcript: spoken(ANSWER),
        model: "base".into(),
    });
    assert_eq!(room.asked(&Command::LoadFinalModel(None)), 1);
}

#[test]
fn who_writes_the_exact_text_is_chosen_in_the_settings() {
    let mut room = Room::new();
    room.paced("tiny.en", 0.1);
    room.click("Settings");
    assert!(room.shows("Exact text by"));
    room.say(Event::FinalModel(ModelState::Ready { model: "base".into() }));
    assert!(room.shows("What stays is written by base. On this computer its text is there about 2 s after you stop."));
    room.click("The model in use");
    assert_eq!(room.app().view.settings.final_model, FinalModel::Same);
    assert_eq!(room.asked(&Command::LoadFinalModel(None)), 1);
    assert!(room.shows("tiny.en writes all of it."));
    room.click("base");
    assert_eq!(room.app().view.settings.final_model, FinalModel::Named("base".into()));
    room.say(Event::FinalModel(ModelState::Missing { model: "base".into() }));
    assert!(room.shows("base is not on this computer. Until you download it, tiny.en writes the text."));
    let room = room.again();
    assert_eq!(room.app().view.settings.final_model, FinalModel::Named("base".into()));
}

#[test]
fn a_preliminary_text_is_shown_and_replaced_with_a_quiet_sign() {
    let mut room = Room::new();
    room.answer_with_preliminary_text();
    assert_eq!(room.app().view.practice.as_ref().unwrap().phase, Phase::Answered);
    assert!(room.shows("A quick text of what was said.") && room.shows("A more exact text is on its way"));
    let take = room.audio.take(20.0);
    room.say(Event::Transcribed {
        take,
        transcript: spoken("An exact text of what was said."),
        model: "base".into(),
    });
    assert_eq!(room.text(), "An exact text of what was said.");
    assert!(room.shows("Transcribed by base") && !room.shows("A more exact text"));
    let room = room.again();
    assert!(room.app().view.history.past.iter().next().is_some(), "it is saved");
}

#[test]
fn what_was_corrected_by_hand_stays_when_the_final_text_comes() {
    let mut room = Room::new();
    room.answer_with_preliminary_text();
    room.click("Correct the text");
    room.write("Transcript", " By hand.");
    room.click("Keep the corrections");
    let corrected = room.text();
    assert!(corrected.contains("By hand."), "{corrected}");
    let take = room.audio.take(20.0);
    room.say(Event::Transcribed {
        take,
        transcript: spoken("An exact text of what was said."),
        model: "base".into(),
    });
    assert_eq!(room.text(), corrected);
}

#[test]
fn a_final_text_that_fails_leaves_the_preliminary_one() {
    let mut room = Room::new();
    room.answer_with_preliminary_text();
    let take = room.audio.take(20.0);
    let failure = Failure::new(FailureKind::Recognition, "Transcription failed.");
    room.fail(Task::Transcription(take.id()), failure);
    assert_eq!(room.text(), "A quick text of what was said.");
    assert!(!room.shows("A more exact text"));
}

#[test]
fn models_are_let_go_of_after_ten_minutes_without_a_question_and_loaded_before_the_next() {
    let mut room = Room::new();
    let later = |room: &mut Room, seconds: f64| {
        let now = room.harness.ctx.input(|input| input.time);
        room.harness.input_mut().time = Some(now + seconds);
        room.steps();
    };
    later(&mut room, 500.0);
    assert_eq!(room.asked(&Command::UnloadModels), 0);
    later(&mut room, 120.0);
    assert_eq!(room.asked(&Command::UnloadModels), 1);
    room.click("Start a practice interview");
    assert_eq!(room.asked(&Command::ReloadModels), 1);
    later(&mut room, 1_000.0);
    assert_eq!(
        room.asked(&Command::UnloadModels),
        1,
        "a question may be answered at any time"
    );
}
