//! What comes out of the loudspeakers: an answer that is played, a question that is read aloud.

use std::{path::Path, time::Instant};

use super::Conductor;
use crate::{session::Event, speaker, store::take_file};

impl Conductor {
    /// A take whose process died may be longer than its header says.
    fn make_whole(sound: &Path) {
        if let Err(error) = take_file::repair(sound) {
            log::warn!("{} is played as far as its header says: {error}", sound.display());
        }
    }

    pub(super) fn play(&mut self, sound: &Path, from: f64) {
        self.playback = None;
        self.stop_reading();
        Self::make_whole(sound);
        match speaker::play(sound, from) {
            Ok(playback) => self.playback = Some(playback),
            Err(error) => self.trouble(error.to_string()),
        }
    }

    pub(super) fn watch_playback(&mut self) {
        let Some(playback) = &mut self.playback else { return };
        self.outbox.push(Event::Playing {
            second: playback.second(),
        });
        if let Some(outcome) = playback.ended() {
            self.playback = None;
            self.outbox.push(Event::Played);
            if let Err(error) = outcome {
                self.trouble(error.to_string());
            }
        }
    }

    pub(super) fn read_aloud(&mut self, text: &str) {
        if self.work.as_ref().is_some_and(|work| work.take.is_none()) {
            return;
        }
        if self.playback.take().is_some() {
            self.outbox.push(Event::Played);
        }
        match self.narrator.read(text) {
            Ok(()) => self.outbox.push(Event::ReadingAloud(true)),
            Err(error) => self.reading_failed(&error.to_string()),
        }
    }

    pub(super) fn stop_reading(&mut self) {
        if self.narrator.stop() {
            self.reading_ended();
        }
    }

    pub(super) fn watch_reading(&mut self) {
        match self.narrator.ended() {
            None => {}
            Some(Ok(())) => self.reading_ended(),
            Some(Err(error)) => self.reading_failed(&error.to_string()),
        }
    }

    fn reading_failed(&mut self, says: &str) {
        self.reading_ended();
        self.outbox.push(Event::CanReadAloud(self.narrator.is_here()));
        self.trouble(says);
    }

    fn reading_ended(&mut self) {
        self.read_until = Some(Instant::now());
        self.outbox.push(Event::ReadingAloud(false));
    }
}
