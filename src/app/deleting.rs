//! What is deleted: when it was asked about and there was a yes, or as the settings say.

use jiff::Timestamp;

use super::App;
use crate::{
    interview::{self, Attempt, Interview},
    store::{Keep, Settings, Store, StoreError},
    ui::{
        Screen,
        scene::{Asked, Notice},
    },
};

impl App {
    pub(super) fn confirm(&mut self) {
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
                    let result = self.store.delete_take(&found);
                    self.tell(result);
                }
            }
            Asked::DeleteSounds => self.delete_sounds(),
            Asked::KeepDays(days, _) => {
                self.keep(Keep::Days(days));
                self.delete_old_sounds(days);
            }
            Asked::DeleteAll => self.delete_all(),
        }
    }

    fn delete_interview(&mut self, id: &str) {
        self.stop_playing();
        let current = self.scene.interview.take_if(|interview| interview.id == id);
        let past = self
            .scene
            .past
            .iter()
            .position(|past| past.id == id)
            .map(|at| self.scene.past.remove(at));
        self.scene.figures.retain(|figures| figures.interview != id);
        if let Some(interview) = current.or(past) {
            self.unsaved = false;
            self.scene.screen = Screen::History;
            let result = self.store.delete_interview(&interview);
            self.tell(result);
        }
    }

    fn delete_sounds(&mut self) {
        self.stop_playing();
        // What is being recorded right now is not a recording yet.
        let open = self.scene.interview.as_ref().filter(|interview| !interview.can_leave());
        let running = open.and_then(|interview| interview.live.sound.clone());
        let mut result = self.store.delete_takes(running.as_deref());
        for interview in self.scene.past.iter_mut().chain(self.scene.interview.as_mut()) {
            let is_over = |attempt: &Attempt| attempt.take.as_ref().map(|take| &take.sound) != running.as_ref();
            let noted = self
                .store
                .delete_sounds(interview, is_over)
                .and_then(|()| self.store.save_interview(interview));
            result = result.and(noted);
        }
        self.scene.found.clear();
        match result {
            Ok(()) => self.notify(Notice::Done("All recordings are deleted.".into())),
            Err(error) => self.notify(Notice::Trouble(error.to_string())),
        }
    }

    fn delete_all(&mut self) {
        self.stop_playing();
        self.scene.interview = None;
        self.unsaved = false;
        let result = self.store.delete_all();
        let done = result.is_ok();
        self.tell(result);
        self.scene.past.clear();
        self.scene.sheet = crate::store::Sheet::default();
        self.scene.posting = None;
        self.sheet_unsaved = false;
        self.scene.figures.clear();
        self.scene.found.clear();
        self.settings_broken = false;
        self.scene.settings = Settings {
            model: self.scene.settings.model.clone(),
            ..Settings::default()
        };
        self.scene.screen = Screen::Home;
        if done {
            self.notify(Notice::Done("Everything is deleted.".into()));
        }
    }

    /// Deletes what was recorded, where it is not to be kept. A take that has no words yet would be lost with its sound:
    /// it stays until it is written down.
    pub(super) fn let_sounds_go(&mut self) {
        if self.scene.settings.keep != Keep::UntilLeft {
            return;
        }
        if let Some(interview) = &mut self.scene.interview {
            let result = self
                .store
                .delete_sounds(interview, |attempt| attempt.transcript.is_some());
            self.unsaved |= !interview.is_empty();
            self.tell(result);
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
        let mut result = Ok(());
        for interview in self.scene.past.iter_mut().chain(self.scene.interview.as_mut()) {
            result = result.and(let_old_sounds_go(&self.store, interview, days, now));
        }
        self.tell(result);
    }
}

/// Deletes the sounds of an interview that have been there for more than so many days, and saves that they are gone.
pub(super) fn let_old_sounds_go(
    store: &Store,
    interview: &mut Interview,
    days: u16,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut attempts = interview.turns.iter().flat_map(|turn| &turn.attempts);
    if !attempts.any(|attempt| attempt.has_old_sound(days, now)) {
        return Ok(());
    }
    store.delete_sounds(interview, |attempt| attempt.has_old_sound(days, now))?;
    store.save_interview(interview)
}
