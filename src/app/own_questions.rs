//! The text of the user's own questions: opened, edited and saved. It is checked aside, see [`super::text_checkers`].

use super::{App, unsaved::Save};
use crate::ui::{Screen, action::OwnQuestionsAction, view_model::Notice};

impl App {
    pub(super) fn handle_own_questions_action(&mut self, action: OwnQuestionsAction) {
        match action {
            OwnQuestionsAction::Open => self.open_own_questions(),
            OwnQuestionsAction::Edit(text) => self.check_own_questions(text),
            OwnQuestionsAction::Save => {
                let text = self.view.own.text.clone();
                self.saves.own_questions = Some(text.clone());
                self.saves.disk.queue().save(Save::OwnQuestions(text));
            }
        }
    }

    fn open_own_questions(&mut self) {
        // What is still on its way to the disk is newer than what is there.
        let text = match &self.saves.own_questions {
            Some(text) => Ok(text.clone()),
            None => self.store.own_text(),
        };
        match text {
            Ok(text) => {
                self.check_own_questions(text);
                self.go(Screen::Own);
            }
            Err(error) => self.notify(Notice::Error(error.to_string())),
        }
    }
}
