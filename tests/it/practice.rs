//! What can be done with a question and its answer, driven by what stands on the screens, with a scripted sound side.

use std::path::PathBuf;

use crate::{
    room::Room,
    scripted::{ANSWER, Scripted, spoken},
};
use aloud::{
    interview::Phase,
    protocol::{self, Command},
    settings::{Delivery, Keep},
    store::Store,
    ui::{Screen, action::AnswerAction},
};
use eframe::egui::{Context, Event, Key, Modifiers, PointerButton, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use jiff::ToSpan as _;

/// What was asked to be read aloud, oldest first.
fn read(room: &Room) -> Vec<String> {
    let commands = room.audio.commands().into_iter();
    let texts = commands.filter_map(|command| match command {
        Command::ReadAloud(text) => Some(text),
        _ => None,
    });
    texts.collect()
}

#[test]
fn a_question_is_read_aloud_with_its_parts_and_falls_silent_when_asked() {
    let mut room = Room::new();
    room.say(protocol::Event::CanReadAloud(true));
    room.start();
    let parts = ["What did you see?".to_owned(), "What did you do?".to_owned()];
    room.harness.state_mut().view.practice.as_mut().unwrap().interview.turns[0]
        .question
        .parts = parts.to_vec();
    room.press(Key::A);
    assert_eq!(read(&room), [format!("{} {}", room.prompt(), parts.join(" "))]);
    room.click("Stop reading");
    assert_eq!(room.audio.commands().last(), Some(&Command::StopReading));
    room.click("Read aloud");
    assert_eq!(read(&room).len(), 2);
    // The next question ends it; nothing reads that one by itself.
    room.press(Key::ArrowRight);
    assert_eq!(room.audio.commands().last(), Some(&Command::StopReading));
    assert_eq!(read(&room).len(), 2);
}

#[test]
fn a_question_is_heard_again_while_the_recording_waits() {
    let mut room = Room::new();
    room.say(protocol::Event::CanReadAloud(true));
    room.start();
    room.press(Key::Space);
    room.press(Key::A);
    let commands = room.audio.commands();
    let [.., Command::Pause, Command::ReadAloud(text)] = commands.as_slice() else {
        panic!("{commands:?}");
    };
    assert!(text.starts_with(&room.prompt()));
    room.say(protocol::Event::ReadingAloud(true));
    room.say(protocol::Event::ReadingAloud(false));
    assert_eq!(room.audio.commands().last(), Some(&Command::Resume));
    assert_eq!(room.app().view.practice.as_ref().unwrap().phase, Phase::Recording);
    // A take that was paused by hand stays paused.
    room.press(Key::P);
    room.press(Key::A);
    room.say(protocol::Event::ReadingAloud(true));
    room.say(protocol::Event::ReadingAloud(false));
    assert_eq!(room.app().view.practice.as_ref().unwrap().phase, Phase::Paused);
}

#[test]
fn a_question_that_is_only_read_aloud_is_shown_when_asked_for() {
    let mut room = Room::new();
    room.say(protocol::Event::CanReadAloud(true));
    room.click("Settings");
    room.click("Read aloud only");
    room.click("Home");
    room.start();
    let prompt = room.prompt();
    assert_eq!(read(&room).len(), 1);
    assert!(!room.shows(&prompt) && room.shows("Listen to the question"));
    room.click("Show the question");
    assert!(room.shows(&prompt));
    // Each question anew.
    room.press(Key::ArrowRight);
    assert!(room.shows("Listen to the question"));
    // Where nothing can read it, it is shown.
    room.say(protocol::Event::CanReadAloud(false));
    let second = room.prompt();
    assert!(room.shows(&second));
}

#[test]
fn where_nothing_can_read_aloud_nothing_offers_it() {
    let mut room = Room::new();
    room.say(protocol::Event::CanReadAloud(false));
    room.start();
    assert!(!room.shows("Read aloud"));
    room.press(Key::A);
    assert!(read(&room).is_empty());
    room.press(Key::Escape);
    room.click("Settings");
    assert!(room.shows("on Linux, install speech-dispatcher or espeak-ng"));
}

#[test]
fn each_question_is_read_when_it_comes_up_where_that_is_wished_for() {
    let mut room = Room::new();
    room.say(protocol::Event::CanReadAloud(true));
    room.click("Settings");
    room.click("Read aloud too");
    room.click("Home");
    room.start();
    let first = room.prompt();
    room.press(Key::ArrowRight);
    let second = room.prompt();
    let texts = read(&room);
    assert_eq!(texts.len(), 2);
    assert!(texts[0].starts_with(&first) && texts[1].starts_with(&second));
    // Coming back to an answer reads nothing.
    room.answer_aloud();
    room.press(Key::ArrowRight);
    room.press(Key::ArrowLeft);
    assert_eq!(room.app().view.practice.as_ref().unwrap().phase, Phase::Answered);
    assert_eq!(read(&room).len(), 3);
    room.press(Key::Escape);
    assert_eq!(room.app().view.screen, Screen::Home);
    assert_eq!(room.again().app().view.settings.delivery, Delivery::ReadAloud);
}

#[test]
fn an_interview_is_as_long_as_was_chosen() {
    let mut room = Room::new();
    room.click("Length: Five questions, about 10 minutes");
    room.click("Ten questions, about 20 minutes");
    assert!(room.shows("Length: Ten questions, about 20 minutes"));
    room.start();
    assert_eq!(room.app().view.practice.as_ref().unwrap().interview.turns.len(), 10);
    let mut ids: Vec<String> = room
        .app()
        .view
        .practice
        .as_ref()
        .unwrap()
        .interview
        .turns
        .iter()
        .map(|turn| turn.question.id.clone())
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 10, "no question twice");
    let mut room = room.again();
    room.click("Settings");
    room.click("Three questions");
    room.click("Home");
    room.start();
    assert_eq!(room.app().view.practice.as_ref().unwrap().interview.turns.len(), 3);
}

/// Where the last command to play begins.
fn played_from(room: &Room) -> f64 {
    match room.audio.commands().last() {
        Some(Command::Play { from, .. }) => *from,
        other => panic!("nothing is played: {other:?}"),
    }
}

#[test]
fn the_next_filler_and_the_next_long_pause_are_heard_one_after_the_other() {
    let mut room = Room::new();
    room.start();
    room.answer_aloud();
    let insights = room.app().view.answer.insights.clone().unwrap();
    let long: Vec<f64> = insights
        .pauses
        .iter()
        .filter(|pause| pause.span.seconds() >= 2.0)
        .map(|pause| pause.span.start)
        .collect();
    assert_eq!(long.len(), 2);
    room.press(Key::G);
    assert_eq!(played_from(&room), long[0] - 1.0);
    room.click("Play the next long pause");
    assert_eq!(played_from(&room), long[1] - 1.0);
    room.press(Key::G);
    assert_eq!(played_from(&room), long[0] - 1.0, "after the last one comes the first");
    // The next filler is the next one after what is heard now.
    room.playing(long[0] + 1.0);
    room.press(Key::F);
    let next = insights
        .fillers
        .iter()
        .filter_map(|filler| filler.span)
        .find(|span| span.start > long[0] + 1.0)
        .unwrap();
    assert_eq!(played_from(&room), next.start - 1.0);
}

#[test]
fn a_word_is_chosen_with_the_arrows_and_heard() {
    let mut room = Room::new();
    room.start();
    room.answer_aloud();
    let at = room.app().view.practice.as_ref().unwrap().interview.at;
    let words = room.app().view.practice.as_ref().unwrap().interview.turns[0].attempts[0]
        .transcript
        .clone()
        .unwrap();
    let text = words.text();
    room.harness
        .get_all_by_label(&text)
        .find(|node| node.accesskit_node().role() == Role::Paragraph)
        .unwrap()
        .focus();
    room.steps();
    for _ in 0..3 {
        room.press(Key::ArrowRight);
    }
    room.press(Key::ArrowLeft);
    let node = room
        .harness
        .get_all_by_label(&text)
        .find(|node| node.accesskit_node().role() == Role::Paragraph)
        .unwrap();
    assert_eq!(
        node.accesskit_node().value().as_deref(),
        Some(words.words[2].text.as_str())
    );
    room.press(Key::Enter);
    assert_eq!(played_from(&room), words.words[2].span.unwrap().start);
    assert_eq!(
        room.app().view.practice.as_ref().unwrap().interview.at,
        at,
        "the arrows do not leave the answer"
    );
    room.press(Key::End);
    room.press(Key::Enter);
    assert_eq!(played_from(&room), words.words.last().unwrap().span.unwrap().start);
    room.press(Key::ArrowUp);
    room.press(Key::Enter);
    assert!(played_from(&room) < words.words.last().unwrap().span.unwrap().start);
}

#[test]
fn the_time_of_an_answer_is_walked_through_with_the_arrows() {
    let mut room = Room::new();
    room.start();
    room.answer_aloud();
    room.harness.get_by_label_contains("Timeline of").focus();
    room.steps();
    room.press(Key::ArrowRight);
    assert_eq!(played_from(&room), 5.0);
    room.playing(7.5);
    room.press(Key::ArrowLeft);
    assert_eq!(played_from(&room), 2.5);
}

/// A folder with an interview whose one answer was given so many days ago, and the sounds of its takes: one with words,
/// one without.
fn folder_with_answer(days: i64, keep: Keep) -> (tempfile::TempDir, [PathBuf; 2]) {
    let mut room = Room::new();
    room.start();
    room.answer_aloud();
    let words = room.audio.take(1.0).sound;
    room.press(Key::R);
    room.press(Key::Space);
    room.press(Key::Space);
    let take = room.audio.take(2.0);
    room.say(protocol::Event::Stopped(take.clone()));
    let mut interview = room.app().view.interview().cloned().unwrap();
    for attempt in &mut interview.turns[0].attempts {
        attempt.at -= (24 * days).hours();
    }
    let sounds = [words, take.sound];
    for sound in &sounds {
        std::fs::write(sound, vec![0; 44 + 64_000]).unwrap();
    }
    let Room { harness, folder, .. } = room;
    drop(harness);
    let store = Store::open(Some(folder.path().to_owned())).unwrap();
    store.save_interview(&interview).unwrap();
    let mut settings = store.settings().0;
    settings.keep = keep;
    store.save_settings(&settings).unwrap();
    (folder, sounds)
}

#[test]
fn recordings_that_are_older_than_was_wished_for_are_deleted_at_the_start_and_their_words_stay() {
    for (days, keep, stays) in [
        (31, Keep::Days(30), false),
        (29, Keep::Days(30), true),
        (400, Keep::Always, true),
        (400, Keep::UntilLeft, true),
    ] {
        let (folder, [written, unwritten]) = folder_with_answer(days, keep);
        let mut room = Room::in_folder(folder, Scripted::default());
        assert_eq!(written.exists(), stays, "{days} days with {keep:?}");
        assert!(unwritten.exists(), "a take without words is all there is of its answer");
        let attempt = &room.app().view.history.past[0].turns[0].attempts[0];
        assert_eq!(attempt.sound_deleted, !stays);
        assert!(attempt.transcript.as_ref().unwrap().words.len() > 100);
        if !stays {
            room.click("Continue");
            room.press(Key::ArrowLeft);
            room.click("Take 1");
            assert!(room.shows("recording deleted") && room.shows("Talking points"));
        }
    }
}

#[test]
fn what_would_be_deleted_at_once_is_asked_about_first() {
    let (folder, [written, unwritten]) = folder_with_answer(12, Keep::Always);
    let mut room = Room::in_folder(folder, Scripted::default());
    room.click("Settings");
    // Nothing is as old as that: it is chosen without a question.
    room.click("After 30 days");
    assert_eq!(room.app().view.settings.keep, Keep::Days(30));
    room.click("After 7 days");
    assert!(room.shows("1 recording is older than that and will be deleted now."));
    room.click("Cancel");
    assert!(written.exists());
    assert_eq!(room.app().view.settings.keep, Keep::Days(30));
    room.click("After 7 days");
    room.click("Delete recordings");
    assert!(!written.exists() && unwritten.exists());
    assert_eq!(room.app().view.settings.keep, Keep::Days(7));
    let room = room.again();
    assert_eq!(room.app().view.settings.keep, Keep::Days(7));
    assert!(room.app().view.history.past[0].turns[0].attempts[0].sound_deleted);
}

#[test]
fn what_is_said_about_an_answer_follows_its_corrections() {
    let mut room = Room::new();
    room.start();
    room.answer_aloud();
    assert!(room.shows("You used five fillers"));
    let text = spoken(ANSWER)
        .text()
        .replace("um, ", "")
        .replace("uh, ", "")
        .replace("SIEM", "firewall");
    room.click("Correct the text");
    room.harness
        .state_mut()
        .handle_action(AnswerAction::EditDraft(text), &Context::default());
    room.steps();
    room.click("Keep the corrections");
    assert!(room.shows("corrected by hand"));
    assert!(!room.shows("You used five fillers"));
    let used = &room.app().view.answer.insights.as_ref().unwrap().job_terms.used;
    assert!(used.iter().any(|term| term.term == "firewall") && used.iter().all(|term| term.term != "SIEM"));
    // Every word can still be played.
    let words = room.app().view.practice.as_ref().unwrap().interview.turns[0].attempts[0]
        .transcript
        .clone()
        .unwrap();
    assert!(words.words.iter().all(|word| word.span.is_some()));
}

#[test]
fn an_interview_is_left_today_and_gone_on_with_tomorrow() {
    let mut room = Room::new();
    room.start();
    room.answer_aloud();
    room.press(Key::ArrowRight);
    room.press(Key::N);
    room.harness.get_by_label("Notes").type_text("night desk");
    room.steps();
    room.press(Key::Escape);
    let third = room.app().view.interview().unwrap().turns[2].asked().to_owned();
    room.press(Key::Escape);
    assert_eq!(room.app().view.screen, Screen::Home);
    let mut room = room.again();
    room.click("Continue");
    let interview = room.app().view.interview().unwrap();
    assert_eq!((interview.at, interview.turns[1].notes.as_str()), (1, "night desk"));
    room.press(Key::ArrowRight);
    assert_eq!(room.prompt(), third);
    assert!(room.app().view.practice.as_ref().unwrap().interview.turns[1].skipped);
}

#[test]
fn a_take_is_paused_and_gone_on_with_by_key() {
    let mut room = Room::new();
    room.start();
    room.press(Key::Space);
    room.started();
    room.press(Key::P);
    assert_eq!(room.audio.commands().last(), Some(&Command::Pause));
    assert!(room.shows("Resume"));
    room.press(Key::P);
    assert_eq!(room.audio.commands().last(), Some(&Command::Resume));
    room.press(Key::P);
    room.press(Key::Space);
    assert_eq!(room.audio.commands().last(), Some(&Command::Stop));
}

#[test]
fn a_button_and_a_key_that_are_pressed_in_one_frame_are_both_carried_out() {
    let mut room = Room::new();
    room.start();
    let pos = room.harness.get_by_label("Type instead").rect().center();
    let click = |pressed| Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    let hint = Event::Key {
        key: Key::H,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::NONE,
    };
    room.harness.hover_at(pos);
    room.harness.run_steps(2);
    room.harness
        .input_mut()
        .events
        .extend([click(true), click(false), hint]);
    room.harness.step();
    assert_eq!(room.app().view.practice.as_ref().unwrap().phase, Phase::Typing);
    assert!(room.app().view.answer.hint_shown);
}

#[test]
fn a_follow_up_is_asked_after_an_answer_and_kept_with_it() {
    let mut room = Room::new();
    room.start();
    room.answer_aloud();
    let ask = room.app().view.follow_up().unwrap().ask.clone();
    assert!(room.shows("The interviewer might ask") && room.shows(&ask));
    // Space asks it, and answers it like the question.
    room.press(Key::Space);
    assert_eq!(room.app().view.practice.as_ref().unwrap().phase, Phase::Asking);
    assert!(room.shows(&ask) && room.shows("After your answer to"));
    room.press(Key::ArrowLeft);
    assert!(room.shows("The interviewer might ask"));
    room.press(Key::Space);
    room.answer_aloud();
    let turn = room.app().view.practice.as_ref().unwrap().turn().unwrap().clone();
    assert_eq!(turn.attempts.len(), 2);
    let after = turn.attempts[1].asked_after.as_ref().unwrap();
    assert_eq!((after.attempt, &after.question.ask), (0, &ask));
    // One question more at most.
    assert!(room.shows("Follow-up to take 1") && !room.shows("The interviewer might ask"));
    room.click("Take 1");
    assert!(!room.shows("The interviewer might ask"));
    // Each take counts one, whatever was asked between them.
    room.press(Key::R);
    room.answer_aloud();
    assert!(room.shows("Take 2") && room.shows("The interviewer might ask"));
    room.click("Compare takes");
    assert!(room.shows("From take 1 to take 2"));
    room.click("Back to one take");
    for _ in 0..9 {
        room.press(Key::ArrowRight);
    }
    assert_eq!(room.app().view.practice.as_ref().unwrap().phase, Phase::Review);
    room.press(Key::Escape);
    let mut room = room.again();
    let kept = room.app().view.history.past[0].turns[0].clone();
    assert_eq!(kept.attempts[1].asked_after, turn.attempts[1].asked_after);
    // Off where one wishes.
    room.click("Settings");
    room.click("After an answer, offer a follow-up question");
    room.click("Home");
    room.start();
    room.answer_aloud();
    assert!(!room.shows("The interviewer might ask"));
}

#[test]
fn the_points_of_a_follow_up_count_for_its_answer() {
    let mut room = Room::new();
    room.start();
    room.press(Key::T);
    let short =
        "I was at the hospital, on the night desk, when two accounts kept logging in from the same workstation.";
    room.write("Your answer", short);
    room.click("Show insights");
    let made: Vec<String> = {
        let found = room.app().view.answer.insights.as_ref().unwrap();
        found
            .talking_points
            .covered
            .iter()
            .map(|point| point.id.clone())
            .collect()
    };
    room.press(Key::Space);
    room.answer_aloud();
    room.click("Take 1");
    let later = &room.app().view.answer.follow_up_points;
    assert!(
        later.iter().any(|point| !made.contains(&point.id)),
        "{later:?} {made:?}"
    );
    assert!(room.shows("In the follow-up"));
}

#[test]
fn the_recording_starts_when_the_time_to_get_ready_is_over_and_stops_when_that_to_answer_is() {
    let mut room = Room::new();
    room.click("Settings");
    room.click("15 s");
    room.click("1 min");
    room.click("Home");
    room.start();
    assert!(room.shows("Recording starts in"));
    room.click("Take more time");
    assert!(!room.shows("Recording starts in"));
    room.press(Key::ArrowRight);
    assert!(room.app().view.answer.ready_in.is_some());
    for _ in 0..200 {
        room.harness.run_steps(1);
        if room.app().view.practice.as_ref().unwrap().is_recording() {
            break;
        }
    }
    assert_eq!(room.app().view.practice.as_ref().unwrap().phase, Phase::Recording);
    assert!(room.shows("Stops at 1:00"));
    room.audio.started();
    room.audio.0.borrow_mut().seconds = 60.5;
    room.harness.run_steps(3);
    assert_eq!(room.audio.commands().last(), Some(&Command::Stop));
}

#[test]
fn a_frame_fits_the_kind_of_question() {
    let mut room = Room::new();
    room.start();
    room.press(Key::M);
    assert!(room.shows("Present, past, future"));
    room.press(Key::M);
    assert!(!room.shows("Present, past, future"));
}
