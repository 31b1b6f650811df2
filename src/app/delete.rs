//! What is deleted: when it was asked about and there was a yes, or as the settings say.

use std::{sync::Arc, time::SystemTime};

use eframe::egui;

use super::{
    App,
    disk::{DiskJob, Recordings},
};
use crate::{
    interview,
    settings::{Keep, Settings},
    ui::{Screen, view_model::Confirmation},
};

impl App {
    pub(super) fn confirm(&mut self, ctx: &egui::Context) {
        let Some(confirmation) = self.view.attention.confirmation.take() else {
            return;
        };
        match confirmation {
            Confirmation::StartOver => self.step(interview::PracticeAction::StartOver),
            Confirmation::LeaveRecording => {
                self.step(interview::PracticeAction::Stop);
                self.view.screen = Screen::Home;
            }
            Confirmation::DeleteInterview(id) => self.delete_interview(&id),
            Confirmation::DeleteFound(sound) => {
                let found = self.view.history.found.iter().position(|found| found.sound == sound);
                if let Some(at) = found {
                    self.stop_playing();
                    let found = self.view.history.found.remove(at);
                    self.queue_disk_job(DiskJob::DeleteTake(found));
                }
            }
            Confirmation::DeleteSounds => self.delete_sounds(),
            Confirmation::KeepDays(days, _) => {
                self.keep(Keep::Days(days));
                self.delete_old_sounds(days);
            }
            Confirmation::DeleteAll => self.delete_all(),
            Confirmation::CloseUnsaved => {
                self.saves.closes_anyway = true;
                ctx.send_viewport_cmd(egui::ViewportCommand::Close);
            }
        }
    }

    fn delete_interview(&mut self, id: &str) {
        self.stop_playing();
        let current = self.view.practice.take_if(|practice| practice.interview.id == id);
        let past = self.view.history.past.remove(id);
        self.view.history.figures.retain(|figures| figures.interview != id);
        if let Some(interview) = current.map(|current| Arc::new(current.interview)).or(past) {
            self.saves.interview_changed = false;
            self.view.screen = Screen::History;
            self.queue_disk_job(DiskJob::DeleteInterview(interview));
        }
    }

    fn delete_sounds(&mut self) {
        self.stop_playing();
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

    fn delete_all(&mut self) {
        self.stop_playing();
        self.view.practice = None;
        self.saves.interview_changed = false;
        self.view.history.past.clear();
        self.view.prepare.notes = crate::sheet::ResearchNotes::default();
        self.saves.notes_changed = false;
        self.read_posting();
        self.memory = interview::draw::Memory::default();
        self.saves.own_questions = None;
        self.view.history.figures.clear();
        self.view.history.found.clear();
        self.saves.settings_broken = false;
        self.view.settings = Settings {
            model: self.view.settings.model.clone(),
            ..Settings::default()
        };
        self.view.screen = Screen::Home;
        self.queue_disk_job(DiskJob::DeleteAll);
    }

    /// Deletes what was recorded, where it is not to be kept. A take that has no words yet would be lost with its sound:
    /// it stays until it is written down.
    pub(super) fn let_sounds_go(&mut self) {
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

    /// Chooses what becomes of recordings. What would be deleted at once is asked about first.
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

    fn keep(&mut self, keep: Keep) {
        self.view.settings.keep = keep;
        self.save_settings();
    }

    fn delete_old_sounds(&mut self, days: u16) {
        self.stop_playing();
        let now = self.view.now;
        self.delete_recordings(Recordings::Older { days, now });
    }
}
