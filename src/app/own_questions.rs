//! The user's own questions: opened, changed by form or as text, saved. What was begun and not saved is kept as a draft. The
//! text is checked aside, see [`super::text_checkers`].

use eframe::egui;

use super::{App, undo::Deleted, unsaved::Save};
use crate::{
    bank::own_text::{self, OwnDraft, OwnQuestionForm},
    ui::{Screen, action::OwnQuestionsAction, view_model::Notice},
};

impl App {
    pub(super) fn handle_own_questions_action(&mut self, action: OwnQuestionsAction, ctx: &egui::Context) {
        let own = &mut self.view.own;
        match action {
            OwnQuestionsAction::Open => self.open_own_questions(),
            OwnQuestionsAction::Edit(text) => {
                // A question that came back would take back what is typed.
                self.finish_deletion();
                self.view.own.draft.text = Some(text.clone());
                self.note_own_draft(ctx);
                self.check_own_questions(text);
            }
            OwnQuestionsAction::Save => self.save_own_questions(self.view.own.text.clone()),
            OwnQuestionsAction::Revert => {
                own.draft.text = None;
                self.note_own_draft(ctx);
                self.open_own_questions();
            }
            OwnQuestionsAction::ToggleText => own.as_text = !own.as_text,
            OwnQuestionsAction::EditForm(form) => {
                own.draft.form = form;
                self.note_own_draft(ctx);
            }
            OwnQuestionsAction::ClearForm => {
                own.draft.form = OwnQuestionForm::default();
                own.draft.editing = None;
                self.note_own_draft(ctx);
            }
            OwnQuestionsAction::EditQuestion(index) => {
                if let Some(question) = own.field.as_ref().and_then(|field| field.questions.get(index)) {
                    own.draft.form = OwnQuestionForm::of(question);
                    own.draft.editing = Some(question.id.clone());
                    self.note_own_draft(ctx);
                }
            }
            OwnQuestionsAction::KeepForm => {
                let questions = own.field.iter().flat_map(|field| &field.questions);
                // A question that is gone meanwhile is added again.
                let changed = match questions
                    .enumerate()
                    .find(|(_, known)| Some(&known.id) == own.draft.editing.as_ref())
                {
                    Some((index, _)) => own_text::replace(&own.text, index, &own.draft.form),
                    None => own_text::add(&own.text, &own.draft.form),
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
                self.view.own.draft.form = OwnQuestionForm::default();
                self.view.own.draft.editing = None;
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
                self.view.own.draft = OwnDraft::default();
                self.check_own_questions(text.clone());
                self.save_own_questions(text);
            }
            Err(message) => self.notify(Notice::Error(message)),
        }
    }

    fn save_own_questions(&mut self, text: String) {
        self.finish_deletion();
        self.view.own.draft.text = None;
        self.saves.own_draft_changed = true;
        self.save_own_draft();
        self.saves.own_questions = Some(text.clone());
        self.saves.disk.queue().save(Save::OwnQuestions(text));
    }

    /// The draft is saved once nothing is typed for a while.
    fn note_own_draft(&mut self, ctx: &egui::Context) {
        self.saves.own_draft_changed = true;
        self.saves.changed_at = ctx.input(|input| input.time);
    }

    pub(super) fn save_own_draft(&mut self) {
        if std::mem::take(&mut self.saves.own_draft_changed) {
            let draft = Box::new(self.view.own.draft.clone());
            self.saves.disk.queue().save(Save::OwnDraft(draft));
        }
    }

    fn open_own_questions(&mut self) {
        // What was changed and not saved comes first; what is still on its way to the disk is newer than what is there.
        let own = &mut self.view.own;
        own.as_text |= own.draft.text.is_some();
        let text = match own.draft.text.as_ref().or(self.saves.own_questions.as_ref()) {
            Some(text) => Ok(text.clone()),
            None => self.store.own_text(),
        };
        match text {
            Ok(text) => {
                self.check_own_questions(text);
                if self.view.screen != Screen::Own {
                    self.go(Screen::Own);
                }
            }
            Err(error) => self.notify(Notice::Error(error.to_string())),
        }
    }
}
