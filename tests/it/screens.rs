//! The screens, driven by what stands on them, with a scripted sound side.

use crate::{
    room::Room,
    scripted::{ANSWER, Scripted, spoken},
};
use aloud::{
    app::App,
    models::Progress,
    protocol::{Command, Event, Failure, FailureKind, ModelState, Source, Task},
    settings::ThemeChoice,
    store::Store,
    ui::{
        Screen,
        action::{OwnQuestionsAction, StartAction},
        theme::Tokens,
        view_model::{MicrophoneStatus, Notice},
    },
};
use eframe::egui::{
    Context, Key, Modifiers, Pos2, Rect, ViewportId,
    accesskit::{Role, Toggled},
};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

#[test]
fn from_the_first_start_to_what_was_in_the_answer_in_three_presses() {
    let mut room = Room::new();
    assert!(room.shows("We hear you."));
    room.click("Start a practice interview");
    assert!(room.shows(&room.prompt()));
    room.press(Key::Space);
    let commands = room.audio.commands();
    assert!(matches!(commands.last(), Some(Command::Record(plan)) if plan.source == Source::Microphone));
    room.audio.words(&spoken(ANSWER), 12, 4);
    room.steps();
    assert!(room.shows("So, um, at the hospital I was on the night desk when two accounts kept"));
    room.press(Key::Space);
    assert_eq!(room.audio.commands().last(), Some(&Command::Stop));
    assert!(room.shows("Transcribing"));
    room.audio.finish(spoken(ANSWER));
    room.steps();
    for card in [
        "Talking points",
        "Most-used words",
        "Job terms",
        "Fillers and repeats",
        "Pace and pauses",
    ] {
        assert!(room.shows(card), "{card}");
    }
    assert!(room.shows("I I pulled the logs from our SIEM"));
    assert!(room.shows("You used five fillers: three like “um” and two like “you know”."));
    assert!(room.shows("You repeated words in three places, such as “I”."));
    room.click("Next question");
    assert_eq!(room.app().view.practice.as_ref().unwrap().interview.at, 1);
}

#[test]
fn no_key_works_while_a_note_is_written() {
    let mut room = Room::new();
    room.click("Start a practice interview");
    room.press(Key::N);
    let before = room.audio.commands().len();
    room.harness.get_by_label("Notes").type_text("space race ");
    room.press(Key::Space);
    room.press(Key::R);
    room.press(Key::T);
    assert!(
        room.app()
            .view
            .practice
            .as_ref()
            .unwrap()
            .turn()
            .unwrap()
            .notes
            .starts_with("space race")
    );
    let record = |command: &Command| matches!(command, Command::Record(_));
    assert!(!room.audio.commands()[before..].iter().any(record));
}

#[test]
fn space_on_a_focused_button_presses_that_button_only() {
    let mut room = Room::new();
    room.click("Start a practice interview");
    room.harness.get_by_label("Hint").focus();
    room.steps();
    room.press(Key::Space);
    assert!(room.app().view.answer.hint_shown);
    assert!(
        !room
            .audio
            .commands()
            .iter()
            .any(|command| matches!(command, Command::Record(_)))
    );
}

#[test]
fn a_silent_microphone_is_named_and_can_be_changed() {
    let mut room = Room::new();
    room.say(Event::Unheard {
        microphone: "Built-in Audio".into(),
    });
    assert!(room.shows("We hear nothing. Is it muted?"));
    room.click("Microphone: System default");
    room.click("USB Mic");
    assert_eq!(
        room.audio.commands().last(),
        Some(&Command::Listen(Some("USB Mic".into())))
    );
    assert_eq!(room.again().app().view.settings.microphone.as_deref(), Some("USB Mic"));
}

#[test]
fn without_a_microphone_one_can_type() {
    let audio = Scripted::default();
    audio.0.borrow_mut().microphones = Some(vec![]);
    let mut room = Room::in_folder(tempfile::tempdir().unwrap(), audio);
    assert!(room.shows("No microphone was found. Plug one in, or type your answers."));
    room.click("Start a practice interview");
    room.press(Key::T);
    room.harness
        .get_by_label("Your answer")
        .type_text("We collect logs. We collect logs from the firewall.");
    room.steps();
    room.click("Show insights");
    assert!(room.shows("Talking points"));
    assert!(room.shows("Typed"));
}

#[test]
fn a_missing_model_is_offered_fetched_and_loaded() {
    let audio = Scripted::default();
    audio.0.borrow_mut().missing_model = true;
    let mut room = Room::in_folder(tempfile::tempdir().unwrap(), audio);
    room.click("Download the speech model (78 MB)");
    assert_eq!(
        room.audio.commands().last(),
        Some(&Command::FetchModel {
            model: "tiny.en".into(),
            mirror: None
        })
    );
    let progress = Progress {
        done_bytes: 31_000_000,
        total_bytes: Some(78_000_000),
    };
    room.say(Event::Fetching {
        model: "tiny.en".into(),
        progress,
    });
    assert!(room.shows("31 of 78 MB"));
    room.click("Cancel the download");
    assert_eq!(room.audio.commands().last(), Some(&Command::CancelFetch));
    // A step of progress may come after; then the fetch says that it was cancelled, which is no trouble.
    room.say(Event::Fetching {
        model: "tiny.en".into(),
        progress,
    });
    room.fail(
        Task::Download("tiny.en".into()),
        aloud::models::ModelError::Cancelled.into(),
    );
    assert!(room.app().view.attention.notice.is_none() && room.app().view.models.fetching.is_none());
    room.audio.0.borrow_mut().missing_model = false;
    room.say(Event::Fetched {
        model: "tiny.en".into(),
    });
    assert!(room.audio.commands().contains(&Command::LoadModel("tiny.en".into())));
    assert!(matches!(room.app().view.models.state, Some(ModelState::Ready { .. })));
}

#[test]
fn a_microphone_that_does_not_open_leaves_the_question_standing() {
    let mut room = Room::new();
    room.click("Start a practice interview");
    room.press(Key::Space);
    let message = "Could not open microphone “USB Mic”: another program is using it. Close that program and try again.";
    room.fail(Task::Microphone, Failure::new(FailureKind::Device, message));
    assert!(room.shows(message));
    // The session has begun the take, and must not wait for its first sample for ever.
    assert!(room.audio.commands().contains(&Command::Discard));
    assert!(room.shows("Record"));
    room.click("Close");
    assert!(!room.shows(message));
}

#[test]
fn a_trouble_while_recording_does_not_end_the_take() {
    let mut room = Room::new();
    room.click("Start a practice interview");
    room.press(Key::Space);
    room.started();
    room.say(Event::MicrophoneReplaced {
        lost: Failure::new(FailureKind::Device, "USB Mic has stopped."),
        microphone: "Built-in Audio".into(),
    });
    assert!(room.shows("USB Mic has stopped. The take continues with “Built-in Audio”."));
    assert!(room.app().view.practice.as_ref().unwrap().is_recording());
}

#[test]
fn a_recording_that_the_disk_refuses_is_told_and_goes_elsewhere_if_one_agrees() {
    let mut room = Room::new();
    room.click("Start a practice interview");
    room.press(Key::Space);
    room.started();
    room.press(Key::Space);
    let take = aloud::take::Take {
        unwritten_samples: 456_000,
        ..room.audio.take(30.5)
    };
    room.say(Event::Stopped(take.clone()));
    room.say(Event::Unwritten {
        take: take.id(),
        seconds: 28.5,
        failure: Failure::new(
            FailureKind::Storage,
            "The recording cannot be written: the disk is full.",
        ),
    });
    assert!(room.shows("28 s of this recording are not on disk yet. The recording cannot be written"));
    let Some(Notice::Unwritten { folder, .. }) = room.app().view.attention.notice.clone() else {
        panic!("it stands there until it is written");
    };
    room.click(&format!("Save it to {}", folder.display()));
    let asked = Command::WriteElsewhere {
        take: take.id(),
        folder: folder.clone(),
    };
    assert_eq!(room.audio.commands().last(), Some(&asked));
    let sound = folder.join("a.wav");
    room.say(Event::Written {
        take: take.id(),
        sound: sound.clone(),
    });
    assert!(room.shows("The whole recording is now saved"));
    let attempt = room.app().view.practice.as_ref().unwrap().interview.turns[0].attempts[0].clone();
    let kept = attempt.take.unwrap();
    assert_eq!((kept.unwritten_samples, kept.sound), (0, sound));
}

#[test]
fn leaving_while_recording_is_asked_about_and_keeps_what_was_said() {
    let mut room = Room::new();
    room.click("Start a practice interview");
    room.press(Key::Space);
    room.started();
    room.click("Leave");
    assert!(room.shows("Leave while recording?"));
    room.click("Stop and leave");
    assert_eq!(room.app().view.screen, Screen::Home);
    room.audio.finish(spoken(ANSWER));
    room.steps();
    let mut room = room.again();
    room.click("Continue");
    assert_eq!(room.app().view.practice.as_ref().unwrap().interview.answered(), 1);
}

/// Which control of the dialog has the keyboard.
fn focused(room: &Room) -> String {
    let nodes = room.harness.root().children_recursive();
    let focused = nodes.into_iter().find(egui_kittest::Node::is_focused);
    focused
        .and_then(|node| node.accesskit_node().label())
        .unwrap_or_default()
}

#[test]
fn a_dialog_begins_with_cancel_and_keeps_the_keyboard_until_it_is_answered() {
    let mut room = Room::new();
    room.click("Settings");
    for key in [Key::Enter, Key::Space, Key::Escape] {
        room.click("Delete all recordings");
        assert_eq!(focused(&room), "Cancel");
        room.press(key);
        assert!(!room.shows("Delete all recordings?"), "{key:?}");
        assert_eq!(room.app().view.screen, Screen::Settings);
    }
    room.click("Delete all recordings");
    for expected in ["Delete recordings", "Cancel", "Delete recordings", "Cancel"] {
        room.press(Key::Tab);
        assert_eq!(focused(&room), expected);
    }
    room.harness.key_press_modifiers(Modifiers::SHIFT, Key::Tab);
    room.steps();
    assert_eq!(focused(&room), "Delete recordings");
    room.press(Key::Enter);
    assert!(room.shows("All recordings were deleted."));
}

#[test]
fn the_keyboard_goes_back_to_where_it_was_before_a_dialog() {
    let mut room = Room::new();
    room.click("Settings");
    room.harness.get_by_label("Delete all recordings").focus();
    room.steps();
    room.press(Key::Enter);
    assert_eq!(focused(&room), "Cancel");
    room.press(Key::Enter);
    assert_eq!(focused(&room), "Delete all recordings");
}

#[test]
fn a_mark_that_is_hidden_says_that_it_is_off_and_pauses_are_not_offered_for_what_was_typed() {
    let mut room = Room::new();
    room.click("Start a practice interview");
    room.answer_aloud();
    let state = |room: &Room, mark: &str| {
        let mut nodes = room.harness.query_all_by_label(mark);
        let node = nodes.find(|node| node.accesskit_node().role() == Role::CheckBox);
        node.map(|node| {
            let node = node.accesskit_node();
            (node.toggled(), node.value().unwrap_or_default())
        })
    };
    let on = state(&room, "Fillers").unwrap();
    assert_eq!(on, (Some(Toggled::True), "5, on".into()));
    room.click("Fillers");
    assert_eq!(
        state(&room, "Fillers").unwrap(),
        (Some(Toggled::False), "5, off".into())
    );
    assert!(state(&room, "Long pauses").is_some());
    room.click("Next question");
    room.press(Key::T);
    room.write("Your answer", "We collect logs from the firewall.");
    room.click("Show insights");
    assert!(state(&room, "Repeats").is_some());
    assert_eq!(state(&room, "Long pauses"), None);
}

#[test]
fn a_missing_microphone_is_told_where_it_stands_and_not_once_more() {
    let audio = Scripted::default();
    audio.0.borrow_mut().microphones = Some(vec![]);
    let mut room = Room::in_folder(tempfile::tempdir().unwrap(), audio);
    let failure = || Failure::new(FailureKind::Device, "There is no microphone.");
    room.fail(Task::Microphone, failure());
    assert!(room.shows("No microphone was found."));
    assert_eq!(room.app().view.attention.notice, None);
    // The list of microphones may come after the failure.
    room.harness.state_mut().view.microphone.names = None;
    room.fail(Task::Microphone, failure());
    assert!(room.shows("There is no microphone."));
    room.say(Event::Microphones(Vec::new()));
    assert_eq!(room.app().view.attention.notice, None);
    room.click("Questions");
    room.fail(Task::Microphone, failure());
    assert!(room.shows("There is no microphone."), "here nothing else says so");
}

#[test]
fn a_notice_covers_neither_the_answer_nor_a_button() {
    let mut room = Room::new();
    room.click("Start a practice interview");
    room.answer_aloud();
    let place = |room: &Room, label: &str| room.harness.get_by_label(label).rect();
    let before = place(&room, "Next question");
    room.harness.state_mut().view.attention.notice = Some(Notice::Done("Copied.".into()));
    room.steps();
    assert_eq!(
        place(&room, "Next question"),
        before,
        "the button stays under the pointer"
    );
    let (message, close) = (place(&room, "Copied."), place(&room, "Close"));
    assert!(
        (message.center().y - close.center().y).abs() <= 1.0,
        "{message} {close}"
    );
    assert!(close.bottom() <= before.top());
    let cards = room.harness.get_by_label("Talking points").rect();
    assert!(!cards.intersects(message));
}

#[test]
fn more_contrast_is_kept_and_goes_with_the_theme() {
    let mut room = Room::new();
    room.click("Settings");
    room.click("Dark");
    room.click("More contrast");
    let room = room.again();
    let paper = room.harness.ctx.global_style().visuals.panel_fill;
    assert_eq!(paper, Tokens::new(true, true).paper);
}

/// As the system tells it.
fn resize(room: &mut Room, size: [f32; 2]) {
    let viewports = &mut room.harness.input_mut().viewports;
    let window = viewports.get_mut(&ViewportId::ROOT).unwrap();
    window.inner_rect = Some(Rect::from_min_size(Pos2::ZERO, size.into()));
    room.steps();
}

#[test]
fn the_window_opens_as_large_as_it_was_left() {
    let mut room = Room::new();
    resize(&mut room, [1280.0, 800.0]);
    resize(&mut room, [1100.0, 700.0]);
    eframe::App::on_exit(room.harness.state_mut(), None);
    let place = room.again().app().view.settings.window.unwrap();
    assert_eq!(place.size, [1100, 700]);
}

#[test]
fn a_window_that_nobody_moved_leaves_nothing_behind() {
    let mut room = Room::new();
    resize(&mut room, [1280.0, 800.0]);
    eframe::App::on_exit(room.harness.state_mut(), None);
    assert!(!room.folder.path().join("settings.json").exists());
}

#[test]
fn an_interview_is_in_the_history_after_a_restart() {
    let mut room = Room::new();
    room.click("Start a practice interview");
    room.answer_aloud();
    let prompt = room.prompt();
    let mut room = room.again();
    room.click("History");
    assert!(room.shows("1 of 5 answered"));
    room.write("Search the history", "zebra");
    assert!(room.shows("Nothing matches."));
    room.harness.state_mut().view.search.text.clear();
    room.steps();
    let row = room.app().view.when(room.app().view.history.past[0].begun);
    room.click(&format!("Cybersecurity, {row}"));
    room.press(Key::ArrowLeft);
    assert!(room.shows(&prompt));
    assert!(room.shows("Talking points"));
}

#[test]
fn a_recording_that_a_crash_left_is_offered_and_written_down() {
    let mut room = Room::new();
    room.click("Start a practice interview");
    room.press(Key::Space);
    let take = room.audio.take(3.0);
    std::fs::write(&take.sound, vec![0; 44 + 96_000]).unwrap();
    let prompt = room.prompt();
    let mut room = room.again();
    assert!(room.shows("A recording of 3 s"));
    room.click("Play");
    assert!(matches!(room.audio.commands().last(), Some(Command::Play { sound, .. }) if *sound == take.sound));
    room.click("Transcribe it");
    assert!(
        room.audio
            .commands()
            .iter()
            .any(|command| matches!(command, Command::Transcribe(plan) if plan.sound == take.sound))
    );
    room.audio.finish(spoken(ANSWER));
    room.steps();
    assert!(room.shows(&prompt), "the recording finds its question again");
    assert!(room.shows("Talking points"));
}

#[test]
fn everything_is_deleted_only_after_a_yes() {
    let mut room = Room::new();
    room.click("Start a practice interview");
    room.answer_aloud();
    room.click("Settings");
    for (answer, left) in [("Cancel", 1), ("Delete everything", 0)] {
        room.harness.get_by_label("Copy the path").scroll_to_me();
        room.steps();
        room.click("Delete everything");
        assert!(room.shows("This cannot be undone."));
        let buttons: Vec<_> = room.harness.get_all_by_label(answer).collect();
        buttons.last().unwrap().click();
        drop(buttons);
        room.steps();
        assert_eq!(room.app().view.history.past.len(), left);
    }
    assert!(!room.folder.path().join("interviews").exists());
}

#[test]
fn corrections_change_the_words_and_redo_keeps_the_take() {
    let mut room = Room::new();
    room.click("Start a practice interview");
    room.answer_aloud();
    room.click("Correct the text");
    room.write("Transcript", "Well, ");
    room.click("Keep the corrections");
    assert!(room.shows("corrected by hand"));
    room.press(Key::R);
    assert!(room.shows("Record"));
    room.answer_aloud();
    assert!(room.shows("Take 1") && room.shows("Take 2"));
    room.click("Compare takes");
    assert!(room.shows("Back to one take"));
    assert!(room.shows("From take 1 to take 2"));
    assert!(room.shows("The two takes are very similar.") || room.shows("this time"));
}

#[test]
fn the_library_finds_a_question_and_practices_it() {
    let mut room = Room::new();
    room.press(Key::L);
    let prompt = room.app().view.field().unwrap().questions[0].prompt.clone();
    room.write("Search the questions", &prompt);
    assert_eq!(room.app().view.search.text, prompt);
    room.click(&prompt);
    room.click("Practice this one");
    assert_eq!(room.prompt(), prompt);
}

#[test]
fn the_theme_and_the_field_are_kept() {
    let mut room = Room::new();
    room.click("General");
    room.harness.key_press_modifiers(Modifiers::COMMAND, Key::Comma);
    room.steps();
    room.click("Dark");
    let room = room.again();
    assert_eq!(room.app().view.settings.theme, ThemeChoice::Dark);
    assert_eq!(room.app().view.settings.field, "general");
}

#[test]
fn nobody_at_the_window_closes_the_microphone_and_nothing_is_painted() {
    let mut room = Room::new();
    assert!(matches!(room.app().view.microphone.state, MicrophoneStatus::Heard(_)));
    // Nothing happens for a minute: kittest's clock moves a quarter of a second a step.
    room.harness.run_steps(260);
    assert_eq!(room.app().view.microphone.state, MicrophoneStatus::Resting);
    assert_eq!(room.audio.commands().last(), Some(&Command::Rest));
    assert!(room.harness.try_run().is_ok(), "no frame asks for the next one");
}

#[test]
fn every_control_has_a_name() {
    let mut room = Room::new();
    let visits: [&[&str]; 6] = [
        &[],
        &["Questions"],
        &["History"],
        &["Progress"],
        &["Shortcuts"],
        &["Settings"],
    ];
    for visit in visits {
        for label in visit {
            room.click(label);
        }
        assert_named(&room, visit);
    }
    room.click("Home");
    room.click("Start a practice interview");
    assert_named(&room, &["practice"]);
    room.answer_aloud();
    assert_named(&room, &["answer"]);
}

fn assert_named(room: &Room, place: &[&str]) {
    for node in room.harness.root().children_recursive() {
        let node = node.accesskit_node();
        let control = matches!(
            node.role(),
            Role::Button
                | Role::CheckBox
                | Role::RadioButton
                | Role::Switch
                | Role::TextInput
                | Role::MultilineTextInput
        );
        assert!(
            !control || node.label().is_some_and(|label| !label.trim().is_empty()),
            "{place:?}: {node:?}"
        );
    }
}

#[test]
fn the_sheet_is_kept_for_the_next_start() {
    let mut room = Room::new();
    room.click("Prepare");
    room.write("Company", "Spindle and Loom");
    room.write("Questions to ask them", "What worries you most?");
    let mut room = room.again();
    room.click("Prepare");
    assert_eq!(room.app().view.prepare.notes.company, "Spindle and Loom");
    assert_eq!(room.app().view.prepare.notes.to_ask, "What worries you most?");
}

#[test]
fn a_minute_to_breathe_begins_and_stops() {
    let mut room = Room::new();
    room.click("Prepare");
    room.click("Start breathing");
    assert!(room.app().view.prepare.breathing.is_some());
    room.click("Stop breathing");
    assert!(room.app().view.prepare.breathing.is_none());
}

#[test]
fn own_questions_are_checked_while_they_are_written_and_join_their_field() {
    let mut room = Room::new();
    room.click("Questions");
    room.click("Write your own questions");
    assert!(room.shows("1 question for “General”."));
    room.click("Edit as text");
    room.write("The text of your questions", "colour = 3\n");
    assert!(room.shows("unknown field `colour`") || room.shows("Your questions, line"));
    assert!(room.app().view.own.findings.is_err());
    let start = room
        .app()
        .view
        .own
        .text
        .replace("colour = 3\n", "")
        .replace("Why do you want to work with us?", "Why looms?");
    room.harness
        .state_mut()
        .handle_action(OwnQuestionsAction::Edit(start), &Context::default());
    room.steps();
    room.click("Save your questions");
    room.harness.state_mut().settle();
    let general = room.app().view.bank.field("general").unwrap();
    assert!(general.questions.iter().any(|question| question.prompt == "Why looms?"));
    assert!(room.again().app().view.bank.question("own-first").is_some());
}

#[test]
fn recordings_that_are_not_kept_are_deleted_when_the_interview_is_left() {
    let mut room = Room::new();
    room.click("Settings");
    room.click("When I leave the interview");
    room.click("Home");
    room.click("Start a practice interview");
    room.answer_aloud();
    let sound = room.audio.take(1.0).sound;
    std::fs::write(&sound, [0; 44]).unwrap();
    room.click("Leave");
    assert!(!sound.exists());
    room.click("Continue");
    room.press(Key::ArrowLeft);
    assert!(room.shows("recording deleted"));
    assert!(room.shows("Talking points"), "the words are kept");
}

#[test]
fn the_review_shows_every_answer_and_is_saved_in_every_format() {
    let mut room = Room::new();
    room.click("Start a practice interview");
    room.answer_aloud();
    for _ in 0..5 {
        room.press(Key::ArrowRight);
    }
    assert!(room.shows("Your interview"));
    assert!(room.shows("Skipped"));
    for format in ["PDF", "Folder with sound", "Plain text", "Markdown", "HTML", "JSON"] {
        room.click(&format!("Save as {format}"));
        assert!(room.shows("Saved as "), "{format}");
    }
    let saved = std::fs::read_dir(room.folder.path().join("saved")).unwrap().count();
    assert_eq!(saved, 6);
    room.write("What to change", "Say the result first.");
    let room = room.again();
    assert_eq!(
        room.app().view.history.past[0].afterwards.to_change,
        "Say the result first."
    );
}

#[test]
fn a_take_without_a_model_is_kept_and_written_down_once_there_is_one() {
    let audio = Scripted::default();
    audio.0.borrow_mut().missing_model = true;
    let mut room = Room::in_folder(tempfile::tempdir().unwrap(), audio);
    room.click("Start a practice interview");
    room.press(Key::Space);
    room.press(Key::Space);
    let take = room.audio.take(4.0);
    room.say(Event::Stopped(take.clone()));
    assert!(room.shows("This take has not been transcribed. Its recording is safe."));
    room.click("Download the speech model (78 MB)");
    room.say(Event::Fetched {
        model: "tiny.en".into(),
    });
    let transcript = spoken(ANSWER);
    room.say(Event::Transcribed {
        take,
        transcript,
        model: "tiny.en".into(),
    });
    assert!(room.shows("Talking points"));
}

#[test]
fn a_microphone_that_fails_is_not_tried_again_at_every_movement() {
    let mut room = Room::new();
    room.harness.state_mut().view.microphone.state = MicrophoneStatus::Opening;
    let message = "Could not open microphone “USB Mic”.";
    room.fail(Task::Microphone, Failure::new(FailureKind::Device, message));
    let before = room.audio.commands().len();
    room.harness.hover_at(eframe::egui::pos2(300.0, 300.0));
    room.steps();
    assert_eq!(room.audio.commands().len(), before);
    room.click("Check it");
    assert!(matches!(room.audio.commands().last(), Some(Command::Listen(_))));
}

#[test]
fn recordings_that_are_not_kept_are_deleted_when_the_window_is_closed() {
    let mut room = Room::new();
    room.click("Settings");
    room.click("When I leave the interview");
    room.click("Home");
    room.click("Start a practice interview");
    room.answer_aloud();
    let written = room.audio.take(1.0).sound;
    // The second take has no words yet: without its sound the answer would be gone.
    room.press(Key::R);
    room.press(Key::Space);
    room.press(Key::Space);
    let take = room.audio.take(2.0);
    room.say(Event::Stopped(take.clone()));
    for sound in [&written, &take.sound] {
        std::fs::write(sound, [0; 44]).unwrap();
    }
    eframe::App::on_exit(room.harness.state_mut(), None);
    assert!(!written.exists());
    assert!(take.sound.exists());
    let room = room.again();
    let attempts = &room.app().view.history.past[0].turns[0].attempts;
    let deleted: Vec<bool> = attempts.iter().map(|attempt| attempt.sound_deleted).collect();
    assert_eq!(deleted, [true, false]);
}

#[test]
fn deleting_all_recordings_leaves_none_in_the_folder() {
    let mut room = Room::new();
    room.click("Start a practice interview");
    room.answer_aloud();
    let sound = room.audio.take(1.0).sound;
    let lost = sound.with_file_name("lost.wav");
    std::fs::write(&sound, [0; 44]).unwrap();
    std::fs::write(&lost, vec![0; 44 + 96_000]).unwrap();
    let mut room = room.again();
    assert_eq!(room.app().view.history.found.len(), 1);
    room.click("Settings");
    room.click("Delete all recordings");
    room.click("Delete recordings");
    assert!(room.shows("All recordings were deleted."));
    assert!(!sound.exists() && !lost.exists());
    assert!(room.app().view.history.found.is_empty());
    assert!(room.app().view.history.past[0].turns[0].attempts[0].sound_deleted);
}

#[test]
fn a_data_folder_that_was_moved_still_plays_and_deletes_its_takes() {
    let mut room = Room::new();
    room.click("Start a practice interview");
    room.answer_aloud();
    let old = room.audio.take(1.0).sound;
    std::fs::write(&old, [0; 44]).unwrap();
    room.harness.run_steps(10);
    let moved = tempfile::tempdir().unwrap();
    for part in ["takes", "interviews"] {
        std::fs::rename(room.folder.path().join(part), moved.path().join(part)).unwrap();
    }
    let sound = moved.path().join("takes").join(old.file_name().unwrap());
    let mut room = Room::in_folder(moved, Scripted::default());
    room.click("Continue");
    room.press(Key::ArrowLeft);
    room.press(Key::K);
    assert!(matches!(room.audio.commands().last(), Some(Command::Play { sound: played, .. }) if *played == sound));
    room.click("Settings");
    room.click("Delete all recordings");
    room.click("Delete recordings");
    assert!(!sound.exists());
}

#[test]
fn what_is_told_at_the_start_stays_until_it_is_closed() {
    const CRASHED: &str = "Aloud ended unexpectedly last time.";
    let audio = Scripted::default();
    audio.0.borrow_mut().notice = Some(CRASHED.to_owned());
    let failure = || Failure::new(FailureKind::Device, "The microphone did not open.");
    let mut room = Room::in_folder(tempfile::tempdir().unwrap(), audio);
    assert!(room.shows(CRASHED));
    // Something else comes up over it, and is closed: that was not read yet.
    room.fail(Task::Microphone, failure());
    assert!(!room.shows(CRASHED));
    room.click("Close");
    assert!(room.shows(CRASHED));
    room.click("Close");
    assert!(!room.shows(CRASHED));
    room.fail(Task::Microphone, failure());
    room.click("Close");
    assert!(!room.shows(CRASHED));
}

#[test]
fn who_starts_before_the_questions_are_read_gets_one_as_soon_as_they_are() {
    let (ctx, folder) = (Context::default(), tempfile::tempdir().unwrap());
    let store = Store::open(Some(folder.path().to_owned())).unwrap();
    let mut app = App::new(&ctx, store, Scripted::default().options());
    app.handle_action(StartAction::Interview, &ctx);
    assert!(app.view.attention.notice.is_none() && app.view.practice.is_none());
    app.settle();
    assert_eq!(app.view.practice.as_ref().unwrap().interview.turns.len(), 5);
    assert_eq!(app.view.screen, Screen::Practice);
}

#[test]
fn a_mirror_is_kept_goes_with_the_download_and_must_be_https() {
    let mut room = Room::new();
    room.click("Settings");
    room.write("Model mirror", "http://models.example.org");
    assert!(room.shows("The model mirror 'http://models.example.org' is not an https address"));

    let mut room = Room::new();
    room.click("Settings");
    room.write("Model mirror", "https://models.example.org/whisper");
    assert!(!room.shows("is not an https address"));
    assert!(
        !room.shows("Download tiny"),
        "what few people choose stands behind a button"
    );
    room.click("All models");
    room.click("Download tiny");
    let mirror = Some("https://models.example.org/whisper".to_owned());
    assert_eq!(
        room.audio.commands().last(),
        Some(&Command::FetchModel {
            model: "tiny".into(),
            mirror: mirror.clone()
        })
    );
    assert_eq!(room.app().view.settings.model_mirror, mirror);
}

#[test]
fn a_model_is_added_from_a_file_and_what_came_of_it_is_told() {
    let mut room = Room::new();
    room.click("Settings");
    room.click("Add a model from a file…");
    room.write("Path of the model file", "/media/stick/words.bin");
    room.click("Add the model");
    let path = std::path::PathBuf::from("/media/stick/words.bin");
    assert_eq!(room.audio.commands().last(), Some(&Command::ImportModel(path.clone())));
    assert!(room.shows("Verifying and copying it."));
    let message = "Could not read '/media/stick/words.bin': no such file. Check the name and its permissions.";
    room.fail(Task::Import(path.clone()), Failure::new(FailureKind::Input, message));
    assert!(room.shows(message));
    assert!(
        room.app().view.attention.notice.is_none(),
        "it is told once, where it was asked for"
    );
    room.click("Add the model");
    room.say(Event::Imported {
        path,
        model: "words".into(),
    });
    assert!(room.shows("words was added. It is in the list above."));
}

#[test]
fn the_largest_model_that_this_computer_follows_is_named_once_one_was_timed() {
    let mut room = Room::new();
    room.click("Settings");
    assert!(!room.shows("after you stop: base."));
    room.say(Event::Paced {
        model: "tiny.en".into(),
        pace: 0.1,
    });
    assert!(
        room.shows("The largest whose exact text this computer has ready within two seconds after you stop: base.")
    );
    room.say(Event::Paced {
        model: "tiny.en".into(),
        pace: 0.9,
    });
    assert!(room.shows("Words appear late, but none are lost."));
}

#[test]
fn with_large_text_in_a_small_window_the_last_words_stay_in_sight() {
    let mut room = Room::new();
    room.harness.set_size([900.0, 600.0].into());
    room.harness
        .state_mut()
        .handle_action(aloud::ui::action::SettingsAction::TextPercent(200), &Context::default());
    room.steps();
    room.click("Start a practice interview");
    room.press(Key::Space);
    let words = spoken(ANSWER);
    for settled in [20, 40, 62] {
        room.audio.words(&words, settled, 6);
        room.harness.run_steps(6);
    }
    let text = room.harness.get_by_role(Role::Paragraph).rect();
    let stop = room.harness.get_by_label("Stop").rect();
    // The last line of the text lies above the foot, and under the bar at the top.
    assert!(
        text.bottom() < stop.top() && text.bottom() > 90.0,
        "{text:?} above {stop:?}"
    );
}
