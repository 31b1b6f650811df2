//! Deletions: those that the user has confirmed, and those that the settings ask for.

use std::{collections::BTreeSet, path::Path, sync::Arc, time::SystemTime};

use super::{
    App,
    disk::{DiskJob, Recordings},
    undo::Deleted,
};
use crate::{
    bank::own_text::OwnDraft,
    interview,
    settings::{Keep, Settings},
    ui::{
        Screen,
        view_model::{Confirmation, Figures},
    },
};

impl App {
    /// Deletes a recording that belongs to no answer.
    pub(super) fn delete_found(&mut self, sound: &Path) {
        let found = self.view.history.found.iter().position(|found| found.sound == sound);
        if let Some(at) = found {
            self.stop_playing();
            let found = self.view.history.found.remove(at);
            self.delete_for_now(Deleted::Recording { found, at });
        }
    }

    /// Deletes the interviews with these ids; they can be brought back for a while.
    pub(super) fn delete_interviews(&mut self, ids: &BTreeSet<String>) {
        self.stop_playing();
        // Should it come back, nothing of it is lost.
        self.save_interview();
        let open = self
            .view
            .practice
            .take_if(|practice| ids.contains(&practice.interview.id));
        let history = &mut self.view.history;
        let entries = history.past.remove_all(ids);
        let is_deleted = |figures: &Figures| ids.contains(&figures.interview);
        let (figures, rest) = std::mem::take(&mut history.figures).into_iter().partition(is_deleted);
        history.figures = rest;
        history.selected = None;
        history.renaming = None;
        if let Some(open) = open {
            self.enter(Screen::History);
            if open.interview.is_empty() {
                // It is on no list, and there is nothing to bring back.
                self.queue_disk_job(DiskJob::DeleteInterviews(vec![Arc::new(open.interview)]));
            }
        }
        if !entries.is_empty() {
            self.delete_for_now(Deleted::Interviews { entries, figures });
        }
    }

    pub(super) fn delete_sounds(&mut self) {
        self.stop_playing();
        self.finish_deletion();
        // What is being recorded right now is not a recording yet.
        let open = self.view.practice.as_ref().filter(|practice| !practice.can_leave());
        let running = open.and_then(|practice| practice.live.sound.clone());
        self.view.history.found.clear();
        self.delete_recordings(Recordings::All {
            asked_at: SystemTime::now(),
            running,
        });
    }

    /// Has recordings of all interviews deleted.
    fn delete_recordings(&mut self, which: Recordings) {
        // The disk begins with the newest state of each.
        self.save_interview();
        self.queue_disk_job(DiskJob::DeleteRecordings(self.view.history.past.to_vec(), which));
    }

    pub(super) fn delete_all(&mut self) {
        self.stop_playing();
        self.finish_deletion();
        self.view.practice = None;
        self.saves.interview_changed = false;
        self.view.history.past.clear();
        self.view.prepare.notes = crate::sheet::ResearchNotes::default();
        self.saves.notes_changed = false;
        self.read_posting();
        self.memory = interview::draw::Memory::default();
        self.view.asked_again.clear();
        self.saves.own_questions = None;
        self.view.own.draft = OwnDraft::default();
        self.saves.own_draft_changed = false;
        self.view.history.figures.clear();
        self.view.history.found.clear();
        self.saves.settings_broken = false;
        self.view.settings = Settings {
            model: self.view.settings.model.clone(),
            ..Settings::default()
        };
        self.enter(Screen::Home);
        self.queue_disk_job(DiskJob::DeleteAll);
    }

    /// Deletes the recordings of the open interview, where they are not to be kept. A take that has no transcript yet would
    /// be lost with its sound: it stays until it is transcribed.
    pub(super) fn delete_unwanted_recordings(&mut self) {
        if self.view.settings.keep != Keep::UntilLeft {
            return;
        }
        self.save_interview();
        let open = self.view.practice.as_ref();
        let newest = open
            .and_then(|open| self.view.history.past.find(&open.interview.id))
            .map(Arc::clone);
        if let Some(interview) = newest {
            self.queue_disk_job(DiskJob::DeleteRecordings(vec![interview], Recordings::WrittenDown));
        }
    }

    /// Sets how long recordings are kept. What would be deleted at once is confirmed first.
    pub(super) fn choose_keep(&mut self, keep: Keep) {
        if let Keep::Days(days) = keep {
            let now = self.view.now;
            let attempts = self.view.history.past.iter().flat_map(|past| &past.turns);
            let old = attempts
                .flat_map(|turn| &turn.attempts)
                .filter(|attempt| attempt.has_old_sound(days, now))
                .count();
            if old > 0 {
                self.view.attention.confirmation = Some(Confirmation::KeepDays(days, old));
                return;
            }
        }
        self.keep(keep);
    }

    pub(super) fn keep(&mut self, keep: Keep) {
        self.view.settings.keep = keep;
        self.save_settings();
    }

    pub(super) fn delete_old_sounds(&mut self, days: u16) {
        self.stop_playing();
        let now = self.view.now;
        self.delete_recordings(Recordings::Older { days, now });
    }
}
