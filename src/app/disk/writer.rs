//! What the disk's thread does, job by job.

use std::{
    collections::BTreeSet,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    DeletionProgress, DiskJob, DiskNews, DiskShared, Exported, JobResult, Recordings, RecordingsRemoved,
    exports::composed,
};
use crate::{
    app::{
        Wake,
        unsaved::{Document, PendingSaves, Save},
    },
    interview::{Attempt, Interview},
    store::{Store, StoreError},
};

/// What the thread has.
#[derive(Debug)]
pub(super) struct DiskWriter {
    pub(super) store: Store,
    shared: Arc<DiskShared>,
    wake: WakeUp,
    pub(super) pending: PendingSaves,
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
    pub(super) fn new(store: Store, shared: Arc<DiskShared>, wake: Wake) -> Self {
        Self {
            store,
            shared,
            wake: WakeUp(wake),
            pending: PendingSaves::default(),
            deleted: BTreeSet::new(),
        }
    }

    /// Works until the window is closed and nothing is left to do.
    pub(super) fn run(&mut self) {
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
    pub(super) fn work_off(&mut self) {
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
            DiskJob::DeleteInterviews(interviews) => self.delete_interviews(&interviews),
            DiskJob::DeleteTake(take) => {
                let result = self.store.delete_take(&take);
                self.end(JobResult::Deleted(sentence(result)));
            }
            DiskJob::DeleteRecordings(interviews, which) => self.delete_recordings(interviews, &which),
            DiskJob::DeleteAll => self.delete_all(),
            DiskJob::Export(job) => {
                let result = self.export(job);
                self.end(result);
            }
            DiskJob::CopyInterview(request) => self.end(composed(&request)),
            DiskJob::ExportSound { place, sound } => {
                let result = self.store.export_sound(&place, &sound);
                let result = result.map(|path| Exported { path, remark: None });
                self.end(JobResult::SoundExported(result.map_err(|error| error.to_string())));
            }
        }
    }

    fn save(&mut self, save: Save) {
        let save = match save {
            Save::Interview(interview) => Save::Interview(self.up_to_date(interview)),
            other @ (Save::ResearchNotes(_)
            | Save::Settings(_)
            | Save::OwnQuestions(_)
            | Save::OwnDraft(_)
            | Save::DrawMemory(_)) => other,
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

    /// One that cannot be deleted does not keep the others.
    fn delete_interviews(&mut self, interviews: &[Arc<Interview>]) {
        let mut result = Ok(());
        for interview in interviews {
            self.pending.forget(&Document::Interview(interview.id.clone()));
            result = result.and(self.store.delete_interview(interview));
        }
        self.report_unsaved();
        self.end(JobResult::Deleted(sentence(result)));
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
