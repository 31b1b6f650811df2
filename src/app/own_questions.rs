//! The user's own questions: opened, changed by form or as text, saved. The text is checked aside, see
//! [`super::text_checkers`].

use super::{App, undo::Deleted, unsaved::Save};
use crate::{
    bank::own_text::{self, OwnQuestionForm},
    ui::{Screen, action::OwnQuestionsAction, view_model::Notice},
};

impl App {
    pub(super) fn handle_own_questions_action(&mut self, action: OwnQuestionsAction) {
        let own = &mut self.view.own;
        match action {
            OwnQuestionsAction::Open => self.open_own_questions(),
            OwnQuestionsAction::Edit(text) => {
                // A question that came back would take back what is typed.
                self.finish_deletion();
                self.check_own_questions(text);
            }
            OwnQuestionsAction::Save => self.save_own_questions(self.view.own.text.clone()),
            OwnQuestionsAction::ToggleText => own.as_text = !own.as_text,
            OwnQuestionsAction::EditForm(form) => own.form = form,
            OwnQuestionsAction::ClearForm => {
                own.form = OwnQuestionForm::default();
                own.editing = None;
            }
            OwnQuestionsAction::EditQuestion(index) => {
                if let Some(question) = own.field.as_ref().and_then(|field| field.questions.get(index)) {
                    own.form = OwnQuestionForm::of(question);
                    own.editing = Some(index);
                }
            }
            OwnQuestionsAction::KeepForm => {
                let changed = match own.editing {
                    Some(index) => own_text::replace(&own.text, index, &own.form),
                    None => own_text::add(&own.text, &own.form),
                };
                self.change_own_questions(changed);
            }
            OwnQuestionsAction::Join(id) => {
                let name = self.view.field_name(&id).to_owned();
                let changed = own_text::join(&self.view.own.text, &id, &name);
                self.change_own_questions(changed);
            }
        }
    }

    /// Takes a question out of the text; it can be brought back for a while, and the text is saved after that.
    pub(super) fn delete_own_question(&mut self, index: usize) {
        let before = self.view.own.text.clone();
        match own_text::remove(&before, index) {
            Ok(after) => {
                self.view.own.form = OwnQuestionForm::default();
                self.view.own.editing = None;
                self.check_own_questions(after.clone());
                self.delete_for_now(Deleted::OwnQuestion {
                    before,
                    after: after.clone(),
                });
                self.saves.own_questions = Some(after);
            }
            Err(message) => self.notify(Notice::Error(message)),
        }
    }

    /// Saves a changed text, or tells why it could not be changed.
    fn change_own_questions(&mut self, changed: Result<String, String>) {
        match changed {
            Ok(text) => {
                self.view.own.form = OwnQuestionForm::default();
                self.view.own.editing = None;
                self.check_own_questions(text.clone());
                self.save_own_questions(text);
            }
            Err(message) => self.notify(Notice::Error(message)),
        }
    }

    fn save_own_questions(&mut self, text: String) {
        self.finish_deletion();
        self.saves.own_questions = Some(text.clone());
        self.saves.disk.queue().save(Save::OwnQuestions(text));
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
