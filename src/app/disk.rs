//! The thread that writes and deletes the user's files, one job after the other in the order in which they were asked for,
//! so that the window never waits for a disk. Whatever the window saves or deletes goes through here: nothing else writes
//! those files. What cannot be saved is kept and tried again, see [`super::unsaved`].
//!
//! What waits is bounded: of each document only the newest content does, and no more than [`MOST_DELETIONS`] deletions.

use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::SystemTime,
};

use jiff::Timestamp;

mod exports;
mod writer;

pub use exports::{ExportJob, ExportRequest, Exported};
use writer::DiskWriter;

use super::{
    Wake,
    unsaved::{Save, Unsaved},
};
use crate::{
    interview::{Attempt, Interview},
    store::{ExportPlace, Store},
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
    /// With the sound of their takes.
    DeleteInterviews(Vec<Arc<Interview>>),
    DeleteTake(FoundTake),
    /// Of these interviews, and with [`Recordings::All`] those that belong to none. Their transcripts stay.
    DeleteRecordings(Vec<Arc<Interview>>, Recordings),
    DeleteAll,
    /// The interview, to be made and written where the user finds it.
    Export(Box<ExportJob>),
    /// The interview as text, for the clipboard.
    CopyInterview(Box<ExportRequest>),
    /// The sound of a take, to be written where the user finds it.
    ExportSound {
        place: ExportPlace,
        sound: PathBuf,
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
    Exported(Result<Exported, String>),
    SoundExported(Result<Exported, String>),
    /// The file is there already, at this path: the job, to be done all the same or not at all.
    ExportTaken(Box<ExportJob>, PathBuf),
    Composed(Result<String, String>),
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

#[cfg(test)]
mod tests;
