//! Changes of the settings. Each is saved at once.

use super::App;
use crate::{
    interview::draw,
    ui::{action::SettingsAction, view_model::Search},
};

impl App {
    pub(super) fn handle_settings_action(&mut self, action: SettingsAction) {
        let settings = &mut self.view.settings;
        match action {
            SettingsAction::Field(id) => {
                if settings.field != id {
                    settings.role = None;
                }
                settings.field = id;
                self.view.search = Search {
                    text: std::mem::take(&mut self.view.search.text),
                    ..Search::default()
                };
            }
            SettingsAction::Role(role) => settings.role = role,
            SettingsAction::Seniority(seniority) => settings.seniority = seniority,
            SettingsAction::Length(length) => settings.length = length.clamp(1, draw::LONGEST),
            SettingsAction::Delivery(delivery) => settings.delivery = delivery,
            SettingsAction::ReadySeconds(seconds) => settings.ready_seconds = seconds,
            SettingsAction::AnswerMinutes(minutes) => settings.answer_minutes = minutes,
            SettingsAction::TimeMarks(on) => settings.time_marks = on,
            SettingsAction::FollowUps(on) => settings.follow_ups = on,
            SettingsAction::Theme(theme) => settings.theme = theme,
            SettingsAction::TextPercent(percent) => settings.text_percent = percent.clamp(80, 200),
            SettingsAction::ReducedMotion(on) => settings.reduced_motion = on,
            SettingsAction::MoreContrast(on) => settings.more_contrast = on,
            SettingsAction::ToggleMark(mark) => settings.marks = mark.toggled(settings.marks),
            SettingsAction::Keep(keep) => return self.choose_keep(keep),
        }
        self.save_settings();
    }
}
