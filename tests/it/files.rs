//! Files that one has: a job posting or a recording, opened by its path or dropped on the window, and what is saved from it.

use crate::{
    room::Room,
    scripted::{ANSWER, spoken},
};
use aloud::protocol::{Command, Failure, FailureKind, Source, Task};
use eframe::egui::{DroppedFile, HoveredFile, Key};

/// A file that was let go over the window.
#[derive(Debug)]
struct Dropped(std::path::PathBuf);

impl DroppedFile for Dropped {
    fn path(&self) -> &std::path::Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("Aloud reads it itself".to_owned())
    }
}

#[test]
fn a_job_posting_is_opened_from_a_file_and_practiced() {
    let mut room = Room::new();
    let path = room.folder.path().join("posting.txt");
    room.click("Prepare");
    room.click("Open a text file…");
    room.write("Path of the posting", path.to_str().unwrap());
    room.click("Open the posting");
    assert!(room.shows("there is no such file"));
    std::fs::write(
        &path,
        "Analyst wanted: SIEM, Splunk, phishing triage, incident response, firewall rules.",
    )
    .unwrap();
    room.click("Open the posting");
    assert!(room.shows("from Cybersecurity:"));
    room.click("Practice for this job");
    assert!(room.shows("Press Space and answer"));

    // Dropped on the page it does the same.
    let mut room = Room::new();
    room.click("Prepare");
    let path = room.folder.path().join("dropped.txt");
    std::fs::write(&path, "We need SIEM, Splunk, phishing and firewall experience.").unwrap();
    room.harness
        .input_mut()
        .dropped_files
        .push(std::sync::Arc::new(Dropped(path)));
    room.steps();
    assert!(room.shows("from Cybersecurity:"));
}

#[test]
fn a_recording_that_one_has_is_the_answer_by_its_path_or_dropped_and_its_sound_is_saved() {
    let mut room = Room::new();
    room.click("Start a practice interview");
    room.press(Key::O);
    room.write("Path of the recording", " \"/music/my memo.m4a\" ");
    room.click("Use the recording");
    let plan = room.audio.plan();
    assert_eq!(plan.source, Source::FileAtOnce("/music/my memo.m4a".into()));
    assert!(room.shows("Reading my memo.m4a."));
    assert!(!room.shows("Pause"), "a file is not paused");
    // A file that is no recording leaves the question standing.
    room.fail(
        Task::Recording(plan.id()),
        Failure::new(FailureKind::Input, "my memo.m4a is a picture."),
    );
    assert!(room.shows("my memo.m4a is a picture.") && room.shows("Press Space and answer"));

    let dropped = Dropped("/music/other.opus".into());
    room.harness
        .input_mut()
        .dropped_files
        .push(std::sync::Arc::new(dropped));
    room.steps();
    let plan = room.audio.plan();
    assert_eq!(plan.source, Source::FileAtOnce("/music/other.opus".into()));
    std::fs::create_dir_all(plan.sound.parent().unwrap()).unwrap();
    std::fs::write(&plan.sound, b"RIFF").unwrap();
    room.audio.started();
    room.audio.words(&spoken(ANSWER), 12, 4);
    room.steps();
    assert!(room.shows("Transcribing other.opus: 0:"));
    room.audio.finish(spoken(ANSWER));
    room.steps();
    assert!(room.shows("Talking points"));
    room.click("Save the recording");
    assert!(room.shows("Saved as "));
    let saved: Vec<_> = std::fs::read_dir(room.folder.path().join("saved"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(saved.len(), 1);
    assert_eq!(std::fs::read(&saved[0]).unwrap(), b"RIFF");

    // What becomes of a file is told while it is held over the window.
    room.harness.input_mut().hovered_files.push(HoveredFile::default());
    room.harness.step();
    room.harness.input_mut().hovered_files.push(HoveredFile::default());
    room.harness.step();
    assert!(room.shows("Drop a recording here to use it as your answer."));
    room.steps();

    // Where there is no question it says where to drop it, and while one is answered it is left alone.
    room.press(Key::L);
    let dropped = || std::sync::Arc::new(Dropped("/music/third.mp3".into()));
    room.harness.input_mut().dropped_files.push(dropped());
    room.steps();
    assert!(room.shows("Open a question first"));
    let begun = room.audio.commands().len();
    room.press(Key::Escape);
    room.press(Key::Escape);
    room.press(Key::R);
    room.press(Key::T);
    room.harness.input_mut().dropped_files.push(dropped());
    room.steps();
    assert!(room.shows("Finish this answer first."));
    let recorded = |command: &Command| matches!(command, Command::Record(_));
    assert!(!room.audio.commands()[begun..].iter().any(recorded));
}
