//! The player: one recording at a time, with a playhead that stays where it was paused. And what was found in an answer is
//! pointed out in its words, and heard.

use std::path::{Path, PathBuf};

use super::{App, playback::LEAD_IN_SECONDS};
use crate::{
    insight::Finding,
    interview::{Attempt, Phase, Turn},
    protocol::{Command, PlaybackId},
    settings::PlaybackSpeed,
    ui::{
        Screen,
        view_model::{ChosenFinding, Playing},
    },
};

impl App {
    /// The recording of the shown answer, where it can be played.
    pub(super) fn shown_sound(&self) -> Option<PathBuf> {
        self.shown_take().map(|(sound, _)| sound)
    }

    /// The same, and how many seconds long it is.
    fn shown_take(&self) -> Option<(PathBuf, f64)> {
        let attempt = self.turn().and_then(Turn::attempt);
        let take = attempt.and_then(Attempt::playable)?;
        Some((take.sound.clone(), take.seconds))
    }

    /// A recording that belongs to no answer: always from its start.
    pub(super) fn toggle_playing(&mut self, sound: &Path) {
        if self.view.playing_of(sound).is_some() {
            self.stop_playing();
        } else {
            self.start_playing(sound.to_owned(), 0.0);
        }
    }

    pub(super) fn play_or_pause(&mut self, sound: PathBuf) {
        if self.view.playing_of(&sound).is_some() {
            self.stop_playing();
        } else {
            let from = self.view.playhead_of(&sound).unwrap_or(0.0);
            self.start_playing(sound, from);
        }
    }

    pub(super) fn start_playing(&mut self, sound: PathBuf, from: f64) {
        self.timers.jumped_to = None;
        self.timers.plays_after_scrub = false;
        let playback = self.next_playback();
        self.view.sound.playing = Some(Playing {
            sound: sound.clone(),
            second: from,
            paused: false,
            playback,
        });
        self.audio.send(Command::Play {
            sound,
            from,
            speed: self.view.settings.playback_speed,
            playback,
        });
    }

    fn next_playback(&self) -> PlaybackId {
        let last = self.view.sound.playing.as_ref();
        last.map_or(PlaybackId(1), |playing| PlaybackId(playing.playback.0 + 1))
    }

    /// Nothing is heard any more. The playhead stays where it is.
    pub(super) fn stop_playing(&mut self) {
        if let Some(playing) = self.view.sound.playing.as_mut().filter(|playing| !playing.paused) {
            playing.paused = true;
            self.audio.send(Command::StopPlaying);
        }
    }

    /// The second that is heard now.
    pub(super) fn playing_at(&mut self, playback: PlaybackId, second: f64) {
        let playing = self.view.sound.playing.as_mut();
        if let Some(playing) = playing.filter(|playing| playing.playback == playback && !playing.paused) {
            playing.second = second;
        }
    }

    /// It was stopped at this second, or has come to its end: then the playhead is at the start again.
    pub(super) fn played(&mut self, playback: PlaybackId, stopped_at: Option<f64>) {
        let playing = self.view.sound.playing.as_mut();
        if let Some(playing) = playing.filter(|playing| playing.playback == playback) {
            playing.paused = true;
            playing.second = stopped_at.unwrap_or(0.0);
        }
    }

    /// It could not be played.
    pub(super) fn playing_failed(&mut self) {
        if let Some(playing) = &mut self.view.sound.playing {
            playing.paused = true;
        }
    }

    /// Puts the playhead of the shown answer at this second, without a sound.
    fn put_playhead(&mut self, sound: PathBuf, second: f64) {
        self.stop_playing();
        self.timers.jumped_to = None;
        let playback = self.next_playback();
        self.view.sound.playing = Some(Playing {
            sound,
            second,
            paused: true,
            playback,
        });
    }

    pub(super) fn skip(&mut self, seconds: f64) {
        let Some((sound, length)) = self.shown_take() else {
            return;
        };
        let from = self.view.playhead_of(&sound).unwrap_or(0.0);
        let to = (from + seconds).clamp(0.0, length);
        if self.view.playing_of(&sound).is_some() {
            self.start_playing(sound, to);
        } else {
            self.put_playhead(sound, to);
        }
    }

    pub(super) fn scrub(&mut self, second: f64) {
        if let Some((sound, length)) = self.shown_take() {
            let plays = self.timers.plays_after_scrub || self.view.playing_of(&sound).is_some();
            self.put_playhead(sound, second.clamp(0.0, length));
            self.timers.plays_after_scrub = plays;
        }
    }

    pub(super) fn end_scrub(&mut self) {
        let plays = std::mem::take(&mut self.timers.plays_after_scrub);
        if let Some(sound) = self.shown_sound().filter(|_| plays)
            && let Some(from) = self.view.playhead_of(&sound)
        {
            self.start_playing(sound, from);
        }
    }

    pub(super) fn choose_speed(&mut self, speed: PlaybackSpeed) {
        self.view.settings.playback_speed = speed;
        self.save_settings();
        if let Some(playing) = self.view.sound.playing.clone().filter(|playing| !playing.paused) {
            self.start_playing(playing.sound, playing.second);
        }
    }

    /// Points out a place of what was found in the shown answer, and plays it where there is sound: the first one, or the
    /// one after the place that is lit.
    pub(super) fn show_finding(&mut self, finding: Finding) {
        let (Some(place), Some(insights)) = (self.view.attempt_place(), &self.view.answer.insights) else {
            return;
        };
        let transcript = self
            .turn()
            .and_then(Turn::attempt)
            .and_then(|attempt| attempt.transcript.as_ref());
        let places = transcript.map_or(Vec::new(), |words| finding.places(insights, words));
        let before = self.view.answer.chosen.as_ref();
        let turn = before.map_or(1, |before| before.turn + 1);
        let next = before.filter(|before| before.finding == finding && before.attempt == place);
        let at = next.map_or(0, |before| before.place + 1);
        let at = if at < places.len() { at } else { 0 };
        let Some(found) = places.get(at) else { return };
        let from = found.span.map(|span| match finding {
            Finding::Filler(_) | Finding::LongPause => (span.start - LEAD_IN_SECONDS).max(0.0),
            Finding::Point(_) | Finding::MostUsed(_) | Finding::Term(_) | Finding::Repeat(_) | Finding::Hedge(_) => {
                span.start
            }
        });
        self.view.answer.chosen = Some(ChosenFinding {
            finding,
            place: at,
            attempt: place,
            turn,
        });
        if let Some((sound, from)) = self.shown_sound().zip(from) {
            self.start_playing(sound, from);
        }
    }

    /// What belongs to an answer that is not shown any more is neither lit nor heard.
    pub(super) fn leave_hidden_answer(&mut self) {
        let place = self.view.attempt_place();
        if self
            .view
            .answer
            .chosen
            .as_ref()
            .is_some_and(|chosen| Some(&chosen.attempt) != place.as_ref() || self.view.screen != Screen::Practice)
        {
            self.view.answer.chosen = None;
        }
        let phase = self.view.practice.as_ref().map(|practice| practice.phase);
        if self.view.screen == Screen::Practice && phase == Some(Phase::Answered) {
            let shown = self.shown_sound();
            let hidden = |playing: &Playing| !playing.paused && shown.as_ref() != Some(&playing.sound);
            if self.view.sound.playing.as_ref().is_some_and(hidden) {
                self.stop_playing();
            }
        }
    }
}
