//! The microphone: its choice, its level, and when it is open. While nothing is recorded it is open where its level is
//! shown, and closed when nobody is there.

use eframe::egui;

use super::App;
use crate::{
    interview::{Phase, Practice, VoiceOrSample},
    protocol::Command,
    take::meter_share,
    ui::{
        Screen,
        action::MicrophoneAction,
        view_model::{MicrophoneStatus, WelcomeStep},
    },
};

/// With nobody at the window the microphone is closed after this time: nothing is painted, and no lamp is lit.
pub(super) const REST_SECONDS: f64 = 45.0;
/// Between two bars of the trail.
pub(super) const TRAIL_SECONDS: f64 = 0.07;
/// Bars of the trail.
const TRAIL_LENGTH: usize = 120;

impl App {
    pub(super) fn handle_microphone_action(&mut self, action: MicrophoneAction, ctx: &egui::Context) {
        match action {
            MicrophoneAction::Find => self.audio.send(Command::FindMicrophones),
            MicrophoneAction::Check => {
                self.timers.touched_at = ctx.input(|input| input.time);
                self.listen();
            }
            MicrophoneAction::Choose(name) => {
                self.view.settings.microphone = name;
                self.listen();
                self.save_settings();
            }
        }
    }

    /// Whether the level is on screen.
    pub(super) fn shows_level(&self) -> bool {
        match self.view.screen {
            Screen::Home | Screen::Settings => true,
            Screen::Welcome => self.view.welcome == WelcomeStep::Microphone,
            Screen::Practice => self
                .view
                .practice
                .as_ref()
                .is_some_and(|practice| practice.phase == Phase::Asking && practice.source == VoiceOrSample::Voice),
            Screen::Library
            | Screen::Prepare
            | Screen::Own
            | Screen::Terms
            | Screen::History
            | Screen::Progress
            | Screen::Shortcuts => false,
        }
    }

    pub(super) fn is_listening(&self) -> bool {
        self.view.microphone.state != MicrophoneStatus::Resting
    }

    pub(super) fn is_recording(&self) -> bool {
        self.view.practice.as_ref().is_some_and(Practice::is_recording)
    }

    /// Opens the microphone where its level is shown, and closes it when it is not, or when nobody is there.
    pub(super) fn open_or_close_microphone(&mut self, time: f64) {
        // Not while the last words are still being transcribed, either.
        if self
            .view
            .practice
            .as_ref()
            .is_some_and(|practice| !practice.can_leave())
        {
            return;
        }
        let wanted = self.shows_level() && !self.microphone_failed && time - self.timers.touched_at < REST_SECONDS;
        if wanted && !self.is_listening() {
            self.listen();
        } else if !wanted && self.is_listening() {
            self.audio.send(Command::Rest);
            self.view.microphone.state = MicrophoneStatus::Resting;
        }
    }

    pub(super) fn listen(&mut self) {
        self.audio.send(Command::Listen(self.view.settings.microphone.clone()));
        self.view.microphone.state = MicrophoneStatus::Opening;
        self.microphone_failed = false;
    }

    /// Follows the level and the length of the take that is being recorded.
    pub(super) fn sample_level(&mut self) {
        if !self.is_recording() {
            return;
        }
        let level = self.audio.level();
        self.view.microphone.voice |= level.speech;
        self.view.answer.seconds = self.audio.recording_seconds();
        if self.view.answer.seconds < self.timers.trail_at {
            self.timers.trail_at = 0.0;
            self.view.microphone.trail.clear();
        }
        // A meter without a bar is nothing that anybody would call a sound.
        let heard_at = &mut self.timers.heard_at;
        if meter_share(level.peak) > 0.0 || self.view.answer.seconds < *heard_at {
            *heard_at = self.view.answer.seconds;
        }
        self.view.microphone.quiet_seconds = self.view.answer.seconds - *heard_at;
        if self.view.answer.seconds - self.timers.trail_at >= TRAIL_SECONDS {
            self.timers.trail_at = self.view.answer.seconds;
            let trail = &mut self.view.microphone.trail;
            trail.push(level.peak);
            if trail.len() > TRAIL_LENGTH {
                trail.remove(0);
            }
        }
    }
}
