//! What was deleted last, as long as it can be brought back. It is gone from every list at once; the disk is asked to delete
//! its files when that time is over, when the window is closed, or when something else is deleted. A crash before that
//! leaves them: at the next start they are simply still there.

use std::sync::Arc;

use super::{App, disk::DiskJob, load, unsaved::Save};
use crate::{
    bank::own_text::OwnQuestionForm,
    interview::Interview,
    take::FoundTake,
    ui::{
        past::HistoryEntry,
        view_model::{Figures, Notice},
        widgets::text,
    },
};

/// How long it can be brought back.
const UNDO_SECONDS: f64 = 10.0;

/// What was deleted, with all that it takes to bring it back.
#[derive(Debug)]
pub(super) enum Deleted {
    Interviews {
        entries: Vec<HistoryEntry>,
        figures: Vec<Figures>,
    },
    /// A recording that belonged to no answer, and its place among them.
    Recording { found: FoundTake, at: usize },
    /// The text of the user's own questions, with the question and without.
    OwnQuestion { before: String, after: String },
}

impl Deleted {
    fn message(&self) -> String {
        match self {
            Self::Interviews { entries, .. } if entries.len() == 1 => "The interview was deleted.".into(),
            Self::Interviews { entries, .. } => {
                format!(
                    "{} were deleted.",
                    text::count(entries.len(), "interview", "interviews")
                )
            }
            Self::Recording { .. } => "The recording was deleted.".into(),
            Self::OwnQuestion { .. } => "The question was deleted.".into(),
        }
    }
}

/// A deletion that the disk has not been asked for.
#[derive(Debug)]
pub(super) struct PendingDeletion {
    deleted: Deleted,
    /// In the window's seconds; nothing before the next frame.
    since: Option<f64>,
}

impl App {
    /// Keeps what was taken out of the lists, and says so. What was deleted before goes now.
    pub(super) fn delete_for_now(&mut self, deleted: Deleted) {
        self.finish_deletion();
        self.notify(Notice::Deleted(deleted.message()));
        self.deletion = Some(PendingDeletion { deleted, since: None });
    }

    /// Has the disk delete what can still be brought back: from now on it cannot.
    pub(super) fn finish_deletion(&mut self) {
        let Some(pending) = self.deletion.take() else {
            return;
        };
        self.close_deletion_notice();
        match pending.deleted {
            Deleted::Interviews { entries, .. } => {
                let interviews = entries.iter().map(|entry| Arc::clone(entry.interview()));
                self.queue_disk_job(DiskJob::DeleteInterviews(interviews.collect()));
            }
            Deleted::Recording { found, .. } => {
                self.queue_disk_job(DiskJob::DeleteTake(found));
            }
            Deleted::OwnQuestion { after, .. } => {
                self.saves.disk.queue().save(Save::OwnQuestions(after));
            }
        }
    }

    /// Brings back what was deleted last.
    pub(super) fn undo_deletion(&mut self) {
        let Some(pending) = self.deletion.take() else {
            return;
        };
        self.close_deletion_notice();
        match pending.deleted {
            Deleted::Interviews { entries, figures } => self.restore_interviews(entries, figures),
            Deleted::Recording { found, at } => {
                let list = &mut self.view.history.found;
                list.insert(at.min(list.len()), found);
            }
            Deleted::OwnQuestion { before, .. } => {
                self.saves.own_questions = None;
                // The form may be open for a question that has another place now.
                self.view.own.draft.form = OwnQuestionForm::default();
                self.view.own.draft.editing = None;
                self.check_own_questions(before);
            }
        }
    }

    fn restore_interviews(&mut self, entries: Vec<HistoryEntry>, figures: Vec<Figures>) {
        let has_figures = |interview: &Arc<Interview>| figures.iter().any(|known| known.interview == interview.id);
        let unread: Vec<Arc<Interview>> = entries
            .iter()
            .map(HistoryEntry::interview)
            .filter(|interview| !has_figures(interview))
            .map(Arc::clone)
            .collect();
        if !unread.is_empty() {
            let reader = load::read_missing_figures(unread, &self.wake);
            self.workers.loading.push(reader);
        }
        for entry in entries {
            self.view.history.past.restore(entry);
        }
        self.view.history.figures.extend(figures);
        self.view.history.figures.sort_by_key(|figures| figures.at);
    }

    /// Whether a text of the user's own questions waits to be saved until it is clear that no question comes back.
    pub(super) fn holds_own_questions(&self) -> bool {
        let pending = self.deletion.as_ref().map(|pending| &pending.deleted);
        matches!(pending, Some(Deleted::OwnQuestion { .. }))
    }

    /// Ends the time to bring something back; until then, the notice that offers it stands wherever no other does.
    pub(super) fn follow_deletion(&mut self, time: f64) {
        let Some(pending) = &mut self.deletion else {
            return;
        };
        let since = *pending.since.get_or_insert(time);
        let message = pending.deleted.message();
        if time - since > UNDO_SECONDS {
            self.finish_deletion();
        } else if self.view.attention.notice.is_none() {
            self.notify(Notice::Deleted(message));
        }
    }

    /// When it ends, in the window's seconds.
    pub(super) fn deletion_ends_at(&self) -> Option<f64> {
        let pending = self.deletion.as_ref()?;
        Some(pending.since? + UNDO_SECONDS)
    }

    fn close_deletion_notice(&mut self) {
        self.view
            .attention
            .notice
            .take_if(|notice| matches!(notice, Notice::Deleted(_)));
    }
}
