//! From screen to screen, and out of an interview.

use std::sync::Arc;

use super::{App, disk::DiskJob, load};
use crate::ui::{Screen, action::NavigateAction, view_model::Search};

impl App {
    pub(super) fn handle_navigate_action(&mut self, action: NavigateAction) {
        match action {
            NavigateAction::Go(screen) => self.go(screen),
            NavigateAction::Leave => {
                let open = self.view.practice.is_some();
                let screen = if open && self.view.screen != Screen::Practice {
                    Screen::Practice
                } else {
                    Screen::Home
                };
                self.go(screen);
            }
        }
    }

    pub(super) fn go(&mut self, screen: Screen) {
        self.view.search = Search::default();
        if self.view.screen == Screen::Practice && screen == Screen::Home {
            self.leave_interview();
        }
        if screen != Screen::Practice {
            self.stop_playing();
            self.stop_reading();
        }
        self.view.screen = screen;
    }

    /// Closes the interview: saved, or deleted where nothing is in it.
    pub(super) fn leave_interview(&mut self) {
        self.stop_playing();
        let Some(practice) = &mut self.view.practice else {
            return;
        };
        if !practice.can_leave() {
            return;
        }
        if practice.interview.is_empty() {
            if let Some(practice) = self.view.practice.take() {
                self.saves.interview_changed = false;
                self.queue_disk_job(DiskJob::DeleteInterviews(vec![Arc::new(practice.interview)]));
            }
            return;
        }
        self.saves.interview_changed = true;
        self.save_interview();
        self.delete_unwanted_recordings();
        let left = self.view.practice.take();
        let newest = left.and_then(|left| self.view.history.past.find(&left.interview.id).map(Arc::clone));
        if let Some(interview) = newest {
            let reader = load::read_figures(interview, &self.wake);
            self.workers.loading.push(reader);
        }
        self.view.answer.insights = None;
    }
}
