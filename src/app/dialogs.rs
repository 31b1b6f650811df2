//! Confirmations and notices: what is asked before something happens, and what is closed by the user.

use std::collections::BTreeSet;

use eframe::egui;

use super::App;
use crate::{
    interview::PracticeAction,
    protocol::Command,
    settings::Keep,
    ui::{
        Screen,
        action::DialogAction,
        view_model::{Confirmation, Notice},
    },
};

impl App {
    pub(super) fn handle_dialog_action(&mut self, action: DialogAction, ctx: &egui::Context) {
        match action {
            DialogAction::Ask(confirmation) => self.view.attention.confirmation = Some(confirmation),
            DialogAction::Confirm => self.confirm(ctx),
            DialogAction::Dismiss => {
                if self.view.attention.confirmation.take().is_none() {
                    self.dismiss_notice();
                }
            }
            DialogAction::Undo => self.undo_deletion(),
            DialogAction::WriteElsewhere { take, folder } => {
                self.view.attention.notice = None;
                self.audio.send(Command::WriteElsewhere { take, folder });
            }
        }
    }

    fn confirm(&mut self, ctx: &egui::Context) {
        let Some(confirmation) = self.view.attention.confirmation.take() else {
            return;
        };
        match confirmation {
            Confirmation::StartOver => self.step(PracticeAction::StartOver),
            Confirmation::LeaveRecording => {
                self.step(PracticeAction::Stop);
                self.enter(Screen::Home);
            }
            Confirmation::DeleteInterview(id) => self.delete_interviews(&BTreeSet::from([id])),
            Confirmation::DeleteInterviews(ids) => self.delete_interviews(&ids),
            Confirmation::DeleteFound(sound) => self.delete_found(&sound),
            Confirmation::DeleteSounds => self.delete_sounds(),
            Confirmation::KeepDays(days, _) => {
                self.keep(Keep::Days(days));
                self.delete_old_sounds(days);
            }
            Confirmation::DeleteAll => self.delete_all(),
            Confirmation::DeleteOwnQuestion(index) => self.delete_own_question(index),
            Confirmation::ReplaceFile(_) => self.replace_file(),
            Confirmation::CloseUnsaved => {
                self.saves.closes_anyway = true;
                ctx.send_viewport_cmd(egui::ViewportCommand::Close);
            }
        }
    }

    pub(super) fn notify(&mut self, notice: Notice) {
        self.view.attention.notice = Some(notice);
        self.timers.noticed_at = None;
    }

    /// Shows the notice of the start, as soon as nothing else is shown.
    pub(super) fn show_start_notice(&mut self) {
        if self.view.attention.notice.is_none()
            && let Some(notice) = self.foreground.start_notice.clone()
        {
            self.notify(Notice::Error(notice));
        }
    }

    /// Closes the notice. That of the start counts as read, and does not come again.
    fn dismiss_notice(&mut self) {
        if matches!(self.view.attention.notice, Some(Notice::Deleted(_))) {
            self.finish_deletion();
        }
        let notice = self.view.attention.notice.take();
        let start_notice = self.foreground.start_notice.clone().map(Notice::Error);
        if start_notice == notice {
            self.foreground.start_notice = None;
        }
    }
}
