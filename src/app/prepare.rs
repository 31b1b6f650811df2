//! What is prepared before an interview: research notes, a job posting and its file, a minute to breathe.

use std::path::PathBuf;

use eframe::egui;

use super::{App, load};
use crate::{
    sheet::{LONGEST_POSTING, NotesField},
    ui::{action::PrepareAction, view_model::Notice, widgets::field},
};

impl App {
    pub(super) fn handle_prepare_action(&mut self, action: PrepareAction, ctx: &egui::Context) {
        let time = ctx.input(|input| input.time);
        match action {
            PrepareAction::EditNotes(NotesField::Posting, text) if text.len() > LONGEST_POSTING => {
                self.notify(Notice::Error(
                    "That is too long for a job posting. Paste the part that describes the job.".into(),
                ));
            }
            PrepareAction::EditNotes(field, text) => {
                self.view.prepare.notes.set(field, text);
                self.saves.notes_changed = true;
                self.saves.changed_at = time;
                if field == NotesField::Posting {
                    self.read_posting();
                }
            }
            PrepareAction::StartOrStopBreathing => {
                self.timers.breathing_since = if self.timers.breathing_since.is_some() {
                    None
                } else {
                    Some(time)
                };
                self.view.prepare.breathing = self.timers.breathing_since.map(|_| 0.0);
            }
            PrepareAction::ToggleAskThem => self.view.prepare.ask_them_shown = !self.view.prepare.ask_them_shown,
            PrepareAction::TogglePhrases => self.view.prepare.phrases_shown = !self.view.prepare.phrases_shown,
            PrepareAction::TogglePostingPath => {
                self.view.prepare.posting_path = match self.view.prepare.posting_path {
                    Some(_) => None,
                    None => Some(String::new()),
                };
                ctx.memory_mut(|memory| memory.request_focus(field::id("Path of the posting")));
            }
            PrepareAction::EditPostingPath(path) => self.view.prepare.posting_path = Some(path),
            PrepareAction::OpenPosting => {
                let path = self.view.prepare.posting_path.as_deref().unwrap_or_default();
                self.open_posting(typed_path(path, std::env::home_dir()));
            }
        }
    }

    /// Takes the posting from this file, once it is read.
    pub(super) fn open_posting(&mut self, path: PathBuf) {
        self.workers.postings_opened += 1;
        let reader = load::read_posting(path, self.workers.postings_opened, &self.wake);
        self.workers.loading.push(reader);
    }

    /// The content of a posting's file. Only the one that was opened last counts.
    pub(super) fn receive_posting(&mut self, number: u64, text: Result<String, String>) {
        if number != self.workers.postings_opened {
            return;
        }
        match text {
            Ok(text) => {
                self.view.prepare.posting_path = None;
                self.view.attention.notice = None;
                self.view.prepare.notes.set(NotesField::Posting, text);
                self.saves.notes_changed = true;
                self.read_posting();
            }
            Err(message) => self.notify(Notice::Error(message)),
        }
    }
}

/// A path as people type it: with spaces or quotes around it, or beginning with "~".
pub(super) fn typed_path(text: &str, home: Option<PathBuf>) -> PathBuf {
    let text = text.trim().trim_matches(['"', '\'']);
    match (text.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_taken_as_people_write_it() {
        for (text, expected) in [
            (" /m/a.bin ", "/m/a.bin"),
            ("\"/m/my model.bin\"", "/m/my model.bin"),
            ("~/a.bin", "/home/sam/a.bin"),
        ] {
            assert_eq!(typed_path(text, Some("/home/sam".into())), PathBuf::from(expected));
        }
    }
}
