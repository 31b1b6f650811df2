use std::fs;

use super::{writer::DiskWriter, *};
use crate::{bank, interview::Turn, settings::Settings, take::Take};

/// A queue, and the writer that works it off when the test wants it to.
fn disk(store: &Store) -> (DiskQueue, DiskWriter) {
    let shared = Arc::new(DiskShared::default());
    let writer = DiskWriter::new(store.clone(), Arc::clone(&shared), Arc::new(|| {}));
    (DiskQueue { shared }, writer)
}

fn settings(field: &str) -> Save {
    Save::Settings(Box::new(Settings {
        field: field.into(),
        ..Settings::default()
    }))
}

/// An interview with an answer whose recording is on disk.
fn interview(store: &Store, id: &str) -> Interview {
    let question = bank::built_in().fields[0].questions[0].clone();
    let sound = store.takes().join(format!("{id}-q1-t1.wav"));
    fs::create_dir_all(store.takes()).unwrap();
    fs::write(&sound, "x").unwrap();
    let mut interview = Interview::new(id.into(), "cybersecurity".into(), Timestamp::UNIX_EPOCH, Vec::new());
    interview.turns.push(Turn {
        attempts: vec![Attempt {
            asked_after: None,
            at: Timestamp::UNIX_EPOCH,
            take: Some(Take {
                sound,
                seconds: 1.0,
                ..Take::default()
            }),
            transcript: Some(crate::transcript::Transcript::typed("I did it.")),
            model: None,
            corrected: false,
            sound_deleted: false,
            incomplete: false,
        }],
        ..Turn::new(question)
    });
    interview
}

fn all() -> Recordings {
    Recordings::All {
        asked_at: SystemTime::now(),
        running: None,
    }
}

#[test]
fn of_each_document_only_the_newest_waits_and_deletions_keep_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(Some(folder.path().to_owned())).unwrap();
    let (queue, mut writer) = disk(&store);
    for field in ["a", "b", "c"] {
        queue.save(settings(field));
        queue.save(Save::ResearchNotes(Box::default()));
    }
    assert_eq!(queue.shared.lock().jobs.len(), 2);
    queue.ask(DiskJob::DeleteRecordings(Vec::new(), all())).unwrap();
    queue.save(settings("d"));
    assert_eq!(queue.shared.lock().jobs.len(), 4);
    writer.work_off();
    assert_eq!(store.settings().0.field, "d");
    // What waits to be saved would be deleted at once.
    queue.save(settings("e"));
    queue.ask(DiskJob::DeleteAll).unwrap();
    queue.save(settings("f"));
    assert_eq!(queue.shared.lock().jobs.len(), 2);
    writer.work_off();
    assert_eq!(store.settings().0.field, "f");
    for _ in 0..MOST_DELETIONS {
        queue.ask(DiskJob::DeleteAll).unwrap();
    }
    assert!(queue.ask(DiskJob::DeleteAll).is_err());
}

#[test]
fn what_is_saved_after_a_deletion_knows_of_it_even_if_it_was_written_before() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(Some(folder.path().to_owned())).unwrap();
    let (queue, mut writer) = disk(&store);
    let before = Arc::new(interview(&store, "a"));
    let other = Arc::new(interview(&store, "b"));
    let stray = store.takes().join("stray.wav");
    fs::write(&stray, "x").unwrap();
    queue
        .ask(DiskJob::DeleteRecordings(vec![Arc::clone(&before), other], all()))
        .unwrap();
    let mut noted = Interview::clone(&before);
    noted.turns[0].notes = "breathe".into();
    queue.save(Save::Interview(Arc::new(noted)));
    writer.work_off();
    let (saved, problems) = store.interviews();
    assert!(problems.is_empty() && saved.len() == 2);
    assert!(saved.iter().all(|saved| saved.turns[0].attempts[0].sound_deleted));
    assert!(saved.iter().any(|saved| saved.turns[0].notes == "breathe"));
    assert_eq!(fs::read_dir(store.takes()).unwrap().count(), 0);
    let news = &queue.shared.lock().news;
    assert!(Arc::ptr_eq(&news.marked[0].before, &before));
    assert_eq!((news.marked.len(), news.progress), (2, Some(DeletionProgress::Over)));
    assert!(matches!(news.ended[..], [JobResult::AllRecordingsDeleted(Ok(()))]));
}

#[test]
fn a_deletion_that_cannot_be_noted_is_noted_once_the_disk_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(Some(folder.path().to_owned())).unwrap();
    let (queue, mut writer) = disk(&store);
    let before = Arc::new(interview(&store, "a"));
    fs::write(folder.path().join("interviews"), "in the way").unwrap();
    queue
        .ask(DiskJob::DeleteRecordings(vec![Arc::clone(&before)], all()))
        .unwrap();
    writer.work_off();
    assert_eq!(writer.pending.list().len(), 1);
    fs::remove_file(folder.path().join("interviews")).unwrap();
    queue.shared.lock().closed = true;
    writer.run();
    assert!(store.interviews().0[0].turns[0].attempts[0].sound_deleted);
    // And what is deleted itself is not saved again.
    fs::rename(folder.path().join("interviews"), folder.path().join("aside")).unwrap();
    fs::write(folder.path().join("interviews"), "in the way").unwrap();
    queue.save(Save::Interview(Arc::clone(&before)));
    writer.work_off();
    fs::remove_file(folder.path().join("interviews")).unwrap();
    queue.ask(DiskJob::DeleteInterviews(vec![before])).unwrap();
    writer.work_off();
    assert!(writer.pending.list().is_empty());
    assert!(!folder.path().join("interviews").exists());
}

#[test]
fn a_thread_that_is_let_go_has_done_all_that_was_asked_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(Some(folder.path().to_owned())).unwrap();
    let wake: Wake = Arc::new(|| {});
    let disk = DiskThread::start(&store, &wake);
    for index in 0..20 {
        let interview = interview(&store, &format!("i{index:02}"));
        disk.queue().save(Save::Interview(Arc::new(interview)));
    }
    drop(disk);
    assert_eq!(store.interviews().0.len(), 20);
}
