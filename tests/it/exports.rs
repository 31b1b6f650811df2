//! Handing an interview to somebody: where it is saved, what is asked before something is written over, and how it is found.

use std::{fs, time::Duration};

use crate::{pdf::Reader, real::until, room::Room, scripted::Scripted};
use aloud::{
    interview::Interview,
    ui::{
        action::{AnswerAction, ExportAction},
        view_model::{Confirmation, Notice},
    },
};
use eframe::egui::{Context, OutputCommand};
use egui_kittest::kittest::Queryable as _;

fn act(room: &mut Room, action: impl Into<aloud::ui::Action>) {
    let ctx = Context::default();
    room.harness.state_mut().handle_action(action, &ctx);
    room.steps();
}

/// The review of an interview with one answer, whose sound is on disk or is not.
fn reviewed(with_sound: bool) -> Room {
    let mut room = Room::in_folder(tempfile::tempdir().unwrap(), Scripted::default());
    room.start();
    room.answer_aloud();
    if with_sound {
        let sound = room.audio.plan().sound;
        fs::create_dir_all(sound.parent().unwrap()).unwrap();
        fs::write(sound, "RIFF").unwrap();
    }
    act(&mut room, AnswerAction::GoTo(9));
    room
}

fn saved(room: &Room) -> Vec<String> {
    let Ok(entries) = fs::read_dir(room.folder.path().join("saved")) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn the_place_is_shown_before_anything_is_saved_and_can_be_another() {
    let mut room = reviewed(false);
    let proposed = room.folder.path().join("saved").join("Interview ");
    let field = room.harness.get_by_label("Save as");
    let shown = field.value().unwrap();
    assert!(shown.starts_with(&*proposed.to_string_lossy()), "{shown}");
    assert!(saved(&room).is_empty());
    room.click("Save as PDF");
    room.click("Save as PDF");
    let names = saved(&room);
    assert_eq!(names.len(), 2, "a proposed name gets a number: {names:?}");
    let bytes = fs::read(room.folder.path().join("saved").join(&names[0])).unwrap();
    let text = Reader::new(&bytes).pages().join(" ");
    assert!(
        text.contains("Talking points") && text.contains("Transcripts"),
        "{text}"
    );
    // A name alone stays in the same folder.
    act(&mut room, ExportAction::EditPath("For Ana.pdf".into()));
    room.click("Save as Markdown");
    assert!(saved(&room).contains(&"For Ana.md".to_owned()));
    let elsewhere = room.folder.path().join("a new folder/For Ben");
    act(&mut room, ExportAction::EditPath(elsewhere.display().to_string()));
    room.click("Save as JSON");
    let page = fs::read_to_string(elsewhere.with_extension("json")).unwrap();
    let back: Interview = serde_json::from_str(&page).unwrap();
    assert_eq!(back.answered(), 1);
}

#[test]
fn a_file_that_is_there_is_written_over_only_after_asking() {
    let mut room = reviewed(false);
    let path = room.folder.path().join("notes.txt");
    fs::write(&path, "mine").unwrap();
    let typed = room.folder.path().join("notes").display().to_string();
    act(&mut room, ExportAction::EditPath(typed));
    room.click("Save as Plain text");
    assert!(matches!(
        room.app().view.attention.confirmation,
        Some(Confirmation::ReplaceFile(_))
    ));
    assert!(room.shows("already exists."));
    room.click("Cancel");
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    room.click("Save as Plain text");
    room.click("Replace");
    assert!(fs::read_to_string(&path).unwrap().contains("Fillers and repeats"));
    assert!(room.shows("Saved as "));
}

#[test]
fn the_folder_has_the_sound_where_it_is_and_says_where_it_is_not() {
    let mut room = reviewed(true);
    room.click("Save as Folder with sound");
    let folder = room.folder.path().join("saved").join(&saved(&room)[0]);
    for name in ["Interview.pdf", "Interview.html", "Interview.json", "Answer 1.wav"] {
        assert!(folder.join(name).is_file(), "{name}");
    }
    let page = fs::read_to_string(folder.join("Interview.html")).unwrap();
    assert!(page.contains("src=\"Answer 1.wav\""));

    let mut room = reviewed(false);
    room.click("Save as Folder with sound");
    let folder = room.folder.path().join("saved").join(&saved(&room)[0]);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 3);
    assert!(room.shows("One recording was not found, and is not in it."));
}

#[test]
fn what_was_saved_is_shown_in_its_folder_and_what_is_gone_is_told() {
    let mut room = reviewed(false);
    room.click("Save as PDF");
    let Some(Notice::Saved { path, .. }) = room.app().view.attention.notice.clone() else {
        panic!("{:?}", room.app().view.attention.notice);
    };
    room.click("Show in folder");
    let shown = room.audio.0.borrow().shown.clone();
    until("shown", Duration::from_secs(10), || {
        (*shown.lock().unwrap() == [path.clone()]).then_some(())
    });
    fs::remove_file(&path).unwrap();
    room.click("Show what was saved last in its folder");
    until("told", Duration::from_secs(10), || {
        room.harness.run_steps(1);
        room.shows("is no longer there.").then_some(())
    });
}

#[test]
fn a_place_that_cannot_be_written_is_told_and_leaves_nothing() {
    let mut room = reviewed(true);
    fs::write(room.folder.path().join("saved"), "in the way").unwrap();
    for format in ["PDF", "Folder with sound", "HTML"] {
        room.click(&format!("Save as {format}"));
        assert!(room.shows("Could not save "), "{format}");
        assert!(room.shows("Choose another place or free some space, then save again."));
        assert!(room.app().view.export.running.is_none());
    }
    assert!(room.app().view.export.saved.is_none());
}

#[test]
fn the_interview_is_copied_with_its_insights_and_notes() {
    let mut room = Room::new();
    room.start();
    act(&mut room, AnswerAction::EditNotes("breathe first".into()));
    room.answer_aloud();
    act(&mut room, AnswerAction::GoTo(9));
    // Looked at frame by frame: the text goes out with one of them.
    room.harness.get_by_label("Copy").scroll_to_me();
    room.steps();
    room.harness.get_by_label("Copy").click();
    let copied = until("copied", Duration::from_secs(20), || {
        room.harness.run_steps(1);
        let commands = &room.harness.output().platform_output.commands;
        commands.iter().find_map(|command| {
            if let OutputCommand::CopyText(text) = command {
                Some(text.clone())
            } else {
                None
            }
        })
    });
    for text in ["Talking points", "Fillers and repeats", "Notes\nbreathe first"] {
        assert!(copied.contains(text), "{text}: {copied}");
    }
    room.steps();
    assert!(room.shows("Copied."));
}

#[test]
fn deleting_stands_behind_the_exports() {
    let room = reviewed(false);
    let top = |label: &str| room.harness.get_by_label(label).rect().min.y;
    let last_export = top("Save as JSON");
    assert!(top("Save as PDF") <= last_export);
    assert!(top("Delete this interview") > last_export + 60.0);
}
