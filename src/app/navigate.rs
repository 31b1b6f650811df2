//! From page to page, and out of an interview. What is left is come back to at the same place.

use std::sync::Arc;

use super::{App, disk::DiskJob, load};
use crate::{
    interview::InterviewPlace,
    ui::{Screen, action::NavigateAction, view_model::Search},
};

/// The pages behind the present one, and where interviews were left.
#[derive(Debug, Default)]
pub(super) struct Navigation {
    /// Pages to come back to, the last one first.
    trail: Vec<LeftPage>,
    /// How many pages have been opened.
    visits: u64,
    /// The interview that was left last, by its id, and the place in it.
    left: Option<(String, InterviewPlace)>,
}

/// A page as it was left.
#[derive(Debug)]
struct LeftPage {
    screen: Screen,
    visit: u64,
    search: Search,
}

impl Navigation {
    /// Where this interview was left, as far as it was the last.
    pub(super) fn left_at(&self, interview: &str) -> Option<InterviewPlace> {
        let left = self.left.as_ref().filter(|(id, _)| id == interview);
        left.map(|(_, place)| *place)
    }
}

impl App {
    pub(super) fn handle_navigate_action(&mut self, action: NavigateAction) {
        match action {
            NavigateAction::Go(screen) => self.go(screen),
            NavigateAction::Leave => self.leave_page(),
        }
    }

    /// Opens a page at its top; to Home, all that lies behind it is forgotten.
    pub(super) fn go(&mut self, screen: Screen) {
        if self.view.screen == Screen::Practice && screen == Screen::Home {
            self.leave_interview();
        }
        self.enter(screen);
    }

    /// Opens a page and keeps the way back to the present one, where somebody would look for it: pages of the top bar take
    /// each other's place.
    pub(super) fn enter(&mut self, screen: Screen) {
        let from = self.view.screen;
        let search = std::mem::take(&mut self.view.search);
        let trail = &mut self.navigation.trail;
        let beside = |screen: Screen| match screen {
            Screen::Prepare
            | Screen::Library
            | Screen::History
            | Screen::Progress
            | Screen::Settings
            | Screen::Shortcuts => true,
            Screen::Home | Screen::Practice | Screen::Own | Screen::Terms | Screen::Welcome => false,
        };
        let known = trail.iter().position(|page| page.screen == screen);
        trail.truncate(known.unwrap_or(trail.len()));
        if screen == Screen::Home {
            trail.clear();
        } else if !matches!(from, Screen::Home | Screen::Welcome) && from != screen && !(beside(from) && beside(screen))
        {
            trail.push(LeftPage {
                screen: from,
                visit: self.view.visit,
                search,
            });
        }
        self.navigation.visits += 1;
        self.show_page(screen, self.navigation.visits);
    }

    /// Back to where the page was opened from.
    fn leave_page(&mut self) {
        if self.view.screen == Screen::Welcome {
            return self.end_welcome();
        }
        if self.view.screen == Screen::Practice {
            self.leave_interview();
        }
        let open = self.view.practice.is_some();
        while let Some(page) = self.navigation.trail.pop() {
            if page.screen != Screen::Practice || open {
                self.show_page(page.screen, page.visit);
                self.view.search = page.search;
                return;
            }
        }
        self.enter(if open && self.view.screen != Screen::Practice {
            Screen::Practice
        } else {
            Screen::Home
        });
    }

    fn show_page(&mut self, screen: Screen, visit: u64) {
        if screen != Screen::Practice {
            self.stop_playing();
            self.stop_reading();
        }
        self.view.screen = screen;
        self.view.visit = visit;
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
        self.navigation.left = Some((practice.interview.id.clone(), practice.place()));
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
