//! The thread that writes and deletes the user's files, one job after the other in the order in which they were asked for,
//! so that the window never waits for a disk. Whatever the window saves or deletes goes through here: nothing else writes
//! those files. What cannot be saved is kept and tried again, see [`super::unsaved`].
//!
//! What waits is bounded: of each document only the newest content does, and no more than [`MOST_DELETIONS`] deletions.

use std::{
    collections::{BTreeSet, VecDeque},
    path::PathBuf,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant, SystemTime},
};

use jiff::Timestamp;

use super::{
    Wake,
    unsaved::{Document, PendingSaves, Save, Unsaved},
};
use crate::{
    interview::{Attempt, Interview},
    store::{Store, StoreError},
    take::FoundTake,
};

/// Each is confirmed in a dialog: nobody asks for as many while the disk is stuck.
const MOST_DELETIONS: usize = 64;
/// How many interviews the window updates in one frame.
const MARKED_AT_ONCE: usize = 16;

/// Which recordings are deleted.
#[derive(Clone, Debug, PartialEq)]
pub enum Recordings {
    /// All there were at this time, but the one that is being made.
    All {
        asked_at: SystemTime,
        running: Option<PathBuf>,
    },
    /// Those that are transcribed and older than so many days.
    Older { days: u16, now: Timestamp },
    /// Those that are transcribed.
    WrittenDown,
}

impl Recordings {
    fn include(&self, attempt: &Attempt) -> bool {
        attempt.playable().is_some_and(|take| match self {
            Self::All { running, .. } => Some(&take.sound) != running.as_ref(),
            Self::Older { days, now } => attempt.has_old_sound(*days, *now),
            Self::WrittenDown => attempt.transcript.is_some(),
        })
    }
}

/// A job for the disk.
#[derive(Debug)]
pub enum DiskJob {
    Save(Save),
    DeleteInterview(Arc<Interview>),
    DeleteTake(FoundTake),
    /// Of these interviews, and with [`Recordings::All`] those that belong to none. Their transcripts stay.
    DeleteRecordings(Vec<Arc<Interview>>, Recordings),
    DeleteAll,
    /// A text to be written where the user finds it.
    Export {
        name: String,
        ending: &'static str,
        text: String,
    },
}

/// How a job ended that was asked for by the user.
#[derive(Debug)]
pub enum JobResult {
    RecordingsDeleted(Result<(), String>),
    /// All recordings, as somebody asked.
    AllRecordingsDeleted(Result<(), String>),
    AllDeleted(Result<(), String>),
    Deleted(Result<(), String>),
    Exported(Result<PathBuf, String>),
    OwnQuestionsSaved,
}

/// An interview whose recordings were deleted, before and after.
#[derive(Debug)]
pub struct RecordingsRemoved {
    pub before: Arc<Interview>,
    pub after: Arc<Interview>,
    pub sounds: Vec<PathBuf>,
}

/// How far a deletion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeletionProgress {
    Deleted { done: usize, total: usize },
    Over,
}

/// What has happened since it was last asked.
#[derive(Debug, Default)]
pub struct DiskNews {
    /// All that is not saved now, where that has changed.
    pub unsaved: Option<Vec<Unsaved>>,
    /// How far a deletion is, where that has changed.
    pub progress: Option<DeletionProgress>,
    pub marked: Vec<RecordingsRemoved>,
    pub ended: Vec<JobResult>,
}

#[derive(Debug, Default)]
struct DiskShared {
    state: Mutex<DiskState>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct DiskState {
    jobs: VecDeque<DiskJob>,
    /// Whether a job is being done.
    busy: bool,
    closed: bool,
    news: DiskNews,
}

impl DiskShared {
    fn lock(&self) -> MutexGuard<'_, DiskState> {
        // Nothing is half done in there when a thread panics.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The jobs of the thread, for whoever has something to be written or deleted.
#[derive(Clone, Debug)]
pub struct DiskQueue {
    shared: Arc<DiskShared>,
}

/// The disk is too slow for what is asked of it.
#[derive(Debug, thiserror::Error)]
#[error("The disk is still busy with earlier deletions. Try again in a moment.")]
pub struct DiskBusy;

impl DiskQueue {
    /// Saves this, unless something newer of the same document comes first.
    pub fn save(&self, save: Save) {
        let mut state = self.shared.lock();
        let document = save.document();
        let waiting = state
            .jobs
            .iter_mut()
            .rev()
            // What is saved after a deletion stays after it.
            .map_while(|job| {
                if let DiskJob::Save(save) = job {
                    Some(save)
                } else {
                    None
                }
            })
            .find(|waiting| waiting.document() == document);
        match waiting {
            Some(waiting) => *waiting = save,
            None => state.jobs.push_back(DiskJob::Save(save)),
        }
        drop(state);
        self.shared.changed.notify_all();
    }

    /// Does this after all that was asked for before.
    pub fn ask(&self, job: DiskJob) -> Result<(), DiskBusy> {
        if let DiskJob::Save(save) = job {
            self.save(save);
            return Ok(());
        }
        let mut state = self.shared.lock();
        if matches!(job, DiskJob::DeleteAll) {
            // It would be deleted again at once.
            state.jobs.retain(|job| !matches!(job, DiskJob::Save(_)));
        }
        let others = state.jobs.iter().filter(|job| !matches!(job, DiskJob::Save(_))).count();
        if others >= MOST_DELETIONS {
            return Err(DiskBusy);
        }
        state.jobs.push_back(job);
        drop(state);
        self.shared.changed.notify_all();
        Ok(())
    }
}

/// The thread. Dropping it waits until everything has been done, and tries what is unsaved once more.
#[derive(Debug)]
pub struct DiskThread {
    queue: DiskQueue,
    thread: Option<JoinHandle<DiskWriter>>,
    /// Where no thread could be started, and once it has ended: then the caller does the work.
    writer: Option<DiskWriter>,
}

impl DiskThread {
    pub fn start(store: &Store, wake: &Wake) -> Self {
        let shared = Arc::new(DiskShared::default());
        let queue = DiskQueue {
            shared: Arc::clone(&shared),
        };
        let mut writer = DiskWriter::new(store.clone(), Arc::clone(&shared), wake.clone());
        let spawned = thread::Builder::new().name("disk".into()).spawn(move || {
            writer.run();
            writer
        });
        match spawned {
            Ok(thread) => Self {
                queue,
                thread: Some(thread),
                writer: None,
            },
            Err(error) => {
                log::error!("could not start the thread that saves: {error}");
                Self {
                    writer: Some(DiskWriter::new(store.clone(), shared, wake.clone())),
                    queue,
                    thread: None,
                }
            }
        }
    }

    pub fn queue(&self) -> &DiskQueue {
        &self.queue
    }

    /// What has happened since it was last asked.
    pub fn news(&mut self) -> DiskNews {
        if let Some(writer) = &mut self.writer {
            writer.work_off();
        }
        let mut state = self.queue.shared.lock();
        let rest = state.news.marked.len().min(MARKED_AT_ONCE);
        let later = state.news.marked.split_off(rest);
        let mut news = std::mem::replace(
            &mut state.news,
            DiskNews {
                marked: later,
                ..DiskNews::default()
            },
        );
        if !state.news.marked.is_empty() {
            // The result of a deletion comes after all of it.
            state.news.ended = std::mem::take(&mut news.ended);
        }
        news
    }

    /// Whether there is more than one frame handles.
    pub fn has_news(&self) -> bool {
        let news = &self.queue.shared.lock().news;
        !news.marked.is_empty() || !news.ended.is_empty()
    }

    /// Waits until everything that was asked for has been tried. For tests and pictures; the window never waits.
    pub fn settle(&mut self) {
        if let Some(writer) = &mut self.writer {
            writer.work_off();
        }
        let mut state = self.queue.shared.lock();
        while state.busy || !state.jobs.is_empty() {
            state = self
                .queue
                .shared
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Does all that is left to do, tries what is unsaved once more, and ends.
    pub fn close(&mut self) {
        self.queue.shared.lock().closed = true;
        self.queue.shared.changed.notify_all();
        if let Some(writer) = &mut self.writer {
            writer.run();
        }
        if let Some(thread) = self.thread.take() {
            match thread.join() {
                Ok(writer) => self.writer = Some(writer),
                Err(_) => log::error!("the thread that saves has panicked"),
            }
        }
    }
}

impl Drop for DiskThread {
    fn drop(&mut self) {
        self.close();
    }
}

/// What the thread has.
#[derive(Debug)]
struct DiskWriter {
    store: Store,
    shared: Arc<DiskShared>,
    wake: WakeUp,
    pending: PendingSaves,
    /// Recordings that were deleted here. What is saved of an interview may have been handed over before.
    deleted: BTreeSet<PathBuf>,
}

struct WakeUp(Wake);

impl std::fmt::Debug for WakeUp {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("WakeUp")
    }
}

impl DiskWriter {
    fn new(store: Store, shared: Arc<DiskShared>, wake: Wake) -> Self {
        Self {
            store,
            shared,
            wake: WakeUp(wake),
            pending: PendingSaves::default(),
            deleted: BTreeSet::new(),
        }
    }

    /// Works until the window is closed and nothing is left to do.
    fn run(&mut self) {
        loop {
            self.work_off();
            let state = self.shared.lock();
            if !state.jobs.is_empty() {
                continue;
            }
            if state.closed {
                break;
            }
            let changed = &self.shared.changed;
            match self.pending.next() {
                None => drop(changed.wait(state)),
                Some(due) => {
                    let pause = due
                        .saturating_duration_since(Instant::now())
                        .max(Duration::from_millis(1));
                    drop(changed.wait_timeout(state, pause));
                }
            }
        }
        for save in self.pending.all() {
            self.save(save);
        }
        for unsaved in self.pending.list() {
            log::error!("{:?} was not saved: {}", unsaved.document, unsaved.why);
        }
    }

    /// Does what waits, and what is due again.
    fn work_off(&mut self) {
        loop {
            let job = {
                let mut state = self.shared.lock();
                let job = state.jobs.pop_front();
                state.busy = job.is_some();
                job
            };
            self.shared.changed.notify_all();
            match job.or_else(|| self.pending.due(Instant::now()).map(DiskJob::Save)) {
                Some(job) => self.work(job),
                None => break,
            }
        }
    }

    fn report(&self, update: impl FnOnce(&mut DiskNews)) {
        update(&mut self.shared.lock().news);
        (self.wake.0)();
    }

    fn end(&self, ended: JobResult) {
        self.report(|news| news.ended.push(ended));
    }

    fn work(&mut self, job: DiskJob) {
        match job {
            DiskJob::Save(save) => self.save(save),
            DiskJob::DeleteInterview(interview) => {
                self.pending.forget(&Document::Interview(interview.id.clone()));
                let result = self.store.delete_interview(&interview);
                self.report_unsaved();
                self.end(JobResult::Deleted(sentence(result)));
            }
            DiskJob::DeleteTake(take) => {
                let result = self.store.delete_take(&take);
                self.end(JobResult::Deleted(sentence(result)));
            }
            DiskJob::DeleteRecordings(interviews, which) => self.delete_recordings(interviews, &which),
            DiskJob::DeleteAll => self.delete_all(),
            DiskJob::Export { name, ending, text } => {
                let result = self.store.export(&name, ending, &text);
                self.end(JobResult::Exported(result.map_err(|error| error.to_string())));
            }
        }
    }

    fn save(&mut self, save: Save) {
        let save = match save {
            Save::Interview(interview) => Save::Interview(self.up_to_date(interview)),
            other @ (Save::ResearchNotes(_) | Save::Settings(_) | Save::OwnQuestions(_) | Save::DrawMemory(_)) => other,
        };
        let result = save.write(&self.store);
        let own_saved = result.is_ok() && save.document() == Document::OwnQuestions;
        self.pending.settle(save, result, Instant::now());
        self.report_unsaved();
        if own_saved {
            self.end(JobResult::OwnQuestionsSaved);
        }
    }

    fn report_unsaved(&mut self) {
        let list = self.pending.list();
        self.report(|news| news.unsaved = Some(list));
    }

    /// The interview, with what has been deleted of it since it was handed over.
    fn up_to_date(&self, mut interview: Arc<Interview>) -> Arc<Interview> {
        let is_gone = |attempt: &Attempt| {
            let take = attempt.playable();
            take.is_some_and(|take| self.deleted.contains(&take.sound))
        };
        if !self.deleted.is_empty() && interview.turns.iter().flat_map(|turn| &turn.attempts).any(is_gone) {
            let attempts = Arc::make_mut(&mut interview).turns.iter_mut();
            for attempt in attempts.flat_map(|turn| &mut turn.attempts) {
                attempt.sound_deleted |= is_gone(attempt);
            }
        }
        interview
    }

    fn delete_recordings(&mut self, interviews: Vec<Arc<Interview>>, which: &Recordings) {
        let mut result = Ok(());
        let strays = match which {
            Recordings::All { asked_at, running } => {
                let known = interviews
                    .iter()
                    .flat_map(|interview| crate::store::take_names(interview))
                    .collect();
                self.store.strays(&known, *asked_at, running.as_deref())
            }
            Recordings::Older { .. } | Recordings::WrittenDown => Ok(Vec::new()),
        };
        let strays = strays.unwrap_or_else(|error| {
            result = Err(error);
            Vec::new()
        });
        let count = |interview: &Interview| {
            let attempts = interview.turns.iter().flat_map(|turn| &turn.attempts);
            attempts.filter(|attempt| which.include(attempt)).count()
        };
        let total = strays.len() + interviews.iter().map(|interview| count(interview)).sum::<usize>();
        let mut done = 0;
        for before in interviews {
            let due = count(&before);
            if due > 0 {
                result = result.and(self.delete_recordings_of(before, which));
                done += due;
                self.report(|news| news.progress = Some(DeletionProgress::Deleted { done, total }));
            }
        }
        for stray in strays {
            result = result.and(self.store.delete_sound(&stray));
            done += 1;
            self.report(|news| news.progress = Some(DeletionProgress::Deleted { done, total }));
        }
        self.report(|news| news.progress = Some(DeletionProgress::Over));
        let result = sentence(result);
        self.end(match which {
            Recordings::All { .. } => JobResult::AllRecordingsDeleted(result),
            Recordings::Older { .. } | Recordings::WrittenDown => JobResult::RecordingsDeleted(result),
        });
    }

    fn delete_recordings_of(&mut self, before: Arc<Interview>, which: &Recordings) -> Result<(), StoreError> {
        let mut after = Interview::clone(&before);
        let mut sounds = Vec::new();
        let mut result = Ok(());
        for attempt in after.turns.iter_mut().flat_map(|turn| &mut turn.attempts) {
            if !which.include(attempt) {
                continue;
            }
            let Some(take) = attempt.playable() else { continue };
            match self.store.delete_sound(&take.sound) {
                Ok(()) => {
                    sounds.push(take.sound.clone());
                    attempt.sound_deleted = true;
                }
                Err(error) => result = Err(error),
            }
        }
        if sounds.is_empty() {
            return result;
        }
        self.deleted.extend(sounds.iter().cloned());
        let after = Arc::new(after);
        self.save(Save::Interview(Arc::clone(&after)));
        self.report(|news| news.marked.push(RecordingsRemoved { before, after, sounds }));
        result
    }

    fn delete_all(&mut self) {
        self.pending.clear();
        self.report_unsaved();
        let result = self.store.delete_all(&mut |done, total| {
            self.report(|news| news.progress = Some(DeletionProgress::Deleted { done, total }));
        });
        self.deleted.clear();
        self.report(|news| {
            news.progress = Some(DeletionProgress::Over);
            news.marked.clear();
        });
        self.end(JobResult::AllDeleted(sentence(result)));
    }
}

fn sentence(result: Result<(), StoreError>) -> Result<(), String> {
    result.map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
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
        queue.ask(DiskJob::DeleteInterview(before)).unwrap();
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
}
