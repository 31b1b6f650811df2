//! A disk that takes nothing for a while: what could not be saved is named, kept and saved later, whatever the user does
//! meanwhile.

#![cfg(unix)]

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use crate::{real::until, room::Room, scripted::Scripted};
use aloud::{
    interview::Interview,
    sheet::NotesField,
    store::Store,
    ui::{
        Action,
        action::{AnswerAction, OwnQuestionsAction, PrepareAction, SettingsAction, StartAction},
        view_model::Confirmation,
    },
};
use eframe::egui::{Context, ViewportEvent, ViewportId};

/// Longer than the pauses between the first attempts.
const SOON: Duration = Duration::from_secs(20);

/// Puts something in the way of each of these files and folders, so that nobody can write them: permissions would not
/// stop the superuser. What was there is kept aside.
struct Blocked(Vec<(PathBuf, PathBuf)>);

impl Blocked {
    fn new(root: &Path, names: &[&str]) -> Self {
        let block = |name: &&str| {
            let path = root.join(name);
            let aside = root.join(format!("{name}-aside"));
            if path.exists() {
                fs::rename(&path, &aside).unwrap();
            }
            if path.extension().is_some_and(|ending| ending == "part") {
                fs::create_dir(&path).unwrap();
            } else {
                fs::write(&path, "in the way").unwrap();
            }
            (path, aside)
        };
        Self(names.iter().map(block).collect())
    }

    fn mend(self) {
        for (path, aside) in self.0 {
            if path.is_dir() {
                fs::remove_dir(&path).unwrap();
            } else {
                fs::remove_file(&path).unwrap();
            }
            if aside.exists() {
                fs::rename(&aside, &path).unwrap();
            }
        }
    }
}

fn saved(folder: &Path) -> Vec<Interview> {
    let (interviews, problems) = Store::open(Some(folder.to_owned())).unwrap().interviews();
    assert!(problems.is_empty(), "{problems:?}");
    interviews
}

/// Writing settles, and is handed to the disk.
fn settle(room: &mut Room) {
    room.harness.run_steps(10);
    room.steps();
}

fn wait_for(room: &mut Room, text: &str) {
    until(text, SOON, || {
        room.harness.run_steps(1);
        room.shows(text).then_some(())
    });
}

#[test]
fn an_interview_that_cannot_be_saved_is_named_kept_and_saved_later_whatever_is_done_meanwhile() {
    let mut room = Room::new();
    let folder = room.folder.path().to_owned();
    let blocked = Blocked::new(&folder, &["interviews"]);
    room.start();
    let ctx = room.harness.ctx.clone();
    let notes = AnswerAction::EditNotes("breathe first".into());
    room.harness.state_mut().handle_action(notes, &ctx);
    settle(&mut room);
    assert!(room.shows("Not saved yet: this interview. Could not write "));
    assert!(room.shows("Aloud keeps trying."));
    room.answer_aloud();
    room.click("Leave");
    assert!(room.shows("Not saved yet: an interview."));
    room.start();
    room.answer_aloud();
    assert!(room.shows("Not saved yet: this interview and another one."));
    // It stays as long as it is so.
    room.harness.run_steps(40);
    assert!(room.shows("Not saved yet: this interview and another one."));
    blocked.mend();
    wait_for(&mut room, "Everything is saved again.");
    assert!(!room.shows("Not saved yet"));
    let interviews = saved(&folder);
    assert_eq!(interviews.len(), 2);
    assert!(interviews.iter().all(|interview| interview.answered() == 1));
    assert!(
        interviews
            .iter()
            .any(|interview| interview.turns[0].notes == "breathe first")
    );
}

#[test]
fn what_is_unsaved_is_tried_once_more_when_the_window_is_closed() {
    let mut room = Room::new();
    let folder = room.folder.path().to_owned();
    let blocked = Blocked::new(&folder, &["interviews"]);
    room.start();
    room.answer_aloud();
    assert!(room.shows("Not saved yet: this interview."));
    blocked.mend();
    let begun = Instant::now();
    eframe::App::on_exit(room.harness.state_mut(), None);
    assert_eq!(saved(&folder)[0].answered(), 1);
    assert!(begun.elapsed() < Duration::from_secs(2), "it waits for no timer");
}

#[test]
fn whoever_closes_the_window_while_something_is_unsaved_is_asked_first() {
    let mut room = Room::new();
    let folder = room.folder.path().to_owned();
    let close = |room: &mut Room| {
        let viewport = room.harness.input_mut().viewports.entry(ViewportId::ROOT).or_default();
        viewport.events.push(ViewportEvent::Close);
        room.harness.step();
        let viewport = room.harness.input_mut().viewports.entry(ViewportId::ROOT).or_default();
        viewport.events.clear();
        room.steps();
    };
    close(&mut room);
    assert_eq!(room.app().view.attention.confirmation, None);
    let blocked = Blocked::new(&folder, &["interviews"]);
    room.start();
    room.answer_aloud();
    close(&mut room);
    assert_eq!(room.app().view.attention.confirmation, Some(Confirmation::CloseUnsaved));
    assert!(room.shows("If you close now, it is lost."));
    blocked.mend();
    wait_for(&mut room, "Everything is saved again.");
    assert_eq!(
        room.app().view.attention.confirmation,
        None,
        "there is nothing to ask any more"
    );
}

#[test]
fn settings_preparation_own_questions_and_draws_are_kept_and_saved_later_too() {
    let mut room = Room::new();
    let folder = room.folder.path().to_owned();
    let names = [
        "settings.json.part",
        "prepare.json.part",
        "drawn.json.part",
        "questions",
    ];
    let blocked = Blocked::new(&folder, &names);
    let own = "id = \"general\"\nname = \"General\"\n[[questions]]\nid = \"own-1\"\nkind = \"background\"\nprompt = \"Why looms?\"\n";
    let ctx = Context::default();
    let actions: [Action; 5] = [
        SettingsAction::Length(3).into(),
        PrepareAction::EditNotes(NotesField::Company, "Spindle & Co".into()).into(),
        OwnQuestionsAction::Edit(own.into()).into(),
        OwnQuestionsAction::Save.into(),
        StartAction::Interview.into(),
    ];
    for action in actions {
        room.harness.state_mut().handle_action(action, &ctx);
    }
    settle(&mut room);
    let message =
        "Not saved yet: your preparation, your settings, your own questions and the list of questions you have had.";
    assert!(room.shows(message), "{:?}", room.app().view.attention.not_saved);
    // What was written is there when it is opened again.
    room.harness.state_mut().handle_action(OwnQuestionsAction::Open, &ctx);
    room.steps();
    assert_eq!(room.app().view.own.text, own);
    blocked.mend();
    until("everything saved", SOON, || {
        room.harness.run_steps(1);
        room.app().view.attention.not_saved.is_none().then_some(())
    });
    room.steps();
    let store = Store::open(Some(folder)).unwrap();
    assert_eq!(store.settings().0.length, 3);
    assert_eq!(store.research_notes().unwrap().company, "Spindle & Co");
    assert_eq!(store.own_text().unwrap(), own);
    assert_ne!(store.memory(), aloud::interview::draw::Memory::default());
    assert!(room.app().view.bank.question("own-1").is_some());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_called_so_and_tried_again() {
    let mut room = Room::in_folder(tempfile::tempdir().unwrap(), Scripted::default());
    let folder = room.folder.path().to_owned();
    // Whatever is written there finds no room; the failed attempt takes it away.
    std::os::unix::fs::symlink("/dev/full", folder.join("settings.json.part")).unwrap();
    room.click("Settings");
    room.click("When I leave the interview");
    assert!(room.shows("Not saved yet: your settings. The disk is full. Aloud keeps trying."));
    wait_for(&mut room, "Everything is saved again.");
    let (settings, error) = Store::open(Some(folder)).unwrap().settings();
    assert!(error.is_none());
    assert_eq!(settings.keep, aloud::settings::Keep::UntilLeft);
}
