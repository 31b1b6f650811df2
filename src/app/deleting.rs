//! What is deleted: when it was asked about and there was a yes, or as the settings say.

use std::{sync::Arc, time::SystemTime};

use eframe::egui;

use super::{
    App,
    disk::{Job, Recordings},
};
use crate::{
    interview,
    store::{Keep, Settings},
    ui::{Screen, scene::Asked},
};

impl App {
    pub(super) fn confirm(&mut self, ctx: &egui::Context) {
        let Some(asked) = self.scene.asked.take() else {
            return;
        };
        match asked {
            Asked::StartOver => self.step(interview::Action::StartOver),
            Asked::LeaveRecording => {
                self.step(interview::Action::Stop);
                self.scene.screen = Screen::Home;
            }
            Asked::DeleteInterview(id) => self.delete_interview(&id),
            Asked::DeleteFound(sound) => {
                let found = self.scene.found.iter().position(|found| found.sound == sound);
                if let Some(at) = found {
                    self.stop_playing();
                    let found = self.scene.found.remove(at);
                    self.ask_disk(Job::DeleteTake(found));
                }
            }
            Asked::DeleteSounds => self.delete_sounds(),
            Asked::KeepDays(days, _) => {
                self.keep(Keep::Days(days));
                self.delete_old_sounds(days);
            }
            Asked::DeleteAll => self.delete_all(),
            Asked::CloseUnsaved => {
                self.closes_anyway = true;
                ctx.send_viewport_cmd(egui::ViewportCommand::Close);
            }
        }
    }

    fn delete_interview(&mut self, id: &str) {
        self.stop_playing();
        let current = self.scene.interview.take_if(|interview| interview.id == id);
        let past = self.scene.past.remove(id);
        self.scene.figures.retain(|figures| figures.interview != id);
        if let Some(interview) = current.map(Arc::new).or(past) {
            self.changed = false;
            self.scene.screen = Screen::History;
            self.ask_disk(Job::DeleteInterview(interview));
        }
    }

    fn delete_sounds(&mut self) {
        self.stop_playing();
        // What is being recorded right now is not a recording yet.
        let open = self.scene.interview.as_ref().filter(|interview| !interview.can_leave());
        let running = open.and_then(|interview| interview.live.sound.clone());
        self.scene.found.clear();
        self.delete_recordings(Recordings::All {
            asked: SystemTime::now(),
            running,
        });
    }

    /// Has recordings of all interviews deleted.
    fn delete_recordings(&mut self, which: Recordings) {
        // The disk begins with the newest state of each.
        self.save_interview();
        self.ask_disk(Job::DeleteRecordings(self.scene.past.to_vec(), which));
    }

    fn delete_all(&mut self) {
        self.stop_playing();
        self.scene.interview = None;
        self.changed = false;
        self.scene.past.clear();
        self.scene.sheet = crate::store::Sheet::default();
        self.sheet_changed = false;
        self.read_posting();
        self.memory = interview::draw::Memory::default();
        self.own_on_its_way = None;
        self.scene.figures.clear();
        self.scene.found.clear();
        self.settings_broken = false;
        self.scene.settings = Settings {
            model: self.scene.settings.model.clone(),
            ..Settings::default()
        };
        self.scene.screen = Screen::Home;
        self.ask_disk(Job::DeleteAll);
    }

    /// Deletes what was recorded, where it is not to be kept. A take that has no words yet would be lost with its sound:
    /// it stays until it is written down.
    pub(super) fn let_sounds_go(&mut self) {
        if self.scene.settings.keep != Keep::UntilLeft {
            return;
        }
        self.save_interview();
        let open = self.scene.interview.as_ref();
        let newest = open.and_then(|open| self.scene.past.find(&open.id)).map(Arc::clone);
        if let Some(interview) = newest {
            self.ask_disk(Job::DeleteRecordings(vec![interview], Recordings::WrittenDown));
        }
    }

    /// Chooses what becomes of recordings. What would be deleted at once is asked about first.
    pub(super) fn choose_keep(&mut self, keep: Keep) {
        if let Keep::Days(days) = keep {
            let now = self.scene.now;
            let attempts = self.scene.past.iter().flat_map(|past| &past.turns);
            let old = attempts
                .flat_map(|turn| &turn.attempts)
                .filter(|attempt| attempt.has_old_sound(days, now))
                .count();
            if old > 0 {
                self.scene.asked = Some(Asked::KeepDays(days, old));
                return;
            }
        }
        self.keep(keep);
    }

    fn keep(&mut self, keep: Keep) {
        self.scene.settings.keep = keep;
        self.save_settings();
    }

    fn delete_old_sounds(&mut self, days: u16) {
        self.stop_playing();
        let now = self.scene.now;
        self.delete_recordings(Recordings::Older { days, now });
    }
}
