//! What comes out of the loudspeakers: an answer that is played, a question that is read aloud.

use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use super::{PROGRESS_EVERY, SessionThread};
use crate::{
    narrator::{Narrator, NarratorError},
    protocol::{Event, Failure, FailureKind, PlaybackId, Task},
    settings::PlaybackSpeed,
    speaker::{self, Playback, SpeakerError},
    take_file,
};

/// What is being played and read aloud.
#[derive(Debug)]
pub(super) struct OutputControl {
    pub(super) playback: Option<Playback>,
    /// Its name in what is told of it.
    playback_id: PlaybackId,
    /// The file that is played.
    pub(super) sound: PathBuf,
    pub(super) narrator: Narrator,
    /// When the last reading ended.
    pub(super) read_until: Option<Instant>,
    pub(super) progress_told: Instant,
}

impl Default for OutputControl {
    fn default() -> Self {
        Self {
            playback: None,
            playback_id: PlaybackId::default(),
            sound: PathBuf::new(),
            narrator: Narrator::default(),
            read_until: None,
            progress_told: Instant::now(),
        }
    }
}

impl From<SpeakerError> for Failure {
    fn from(error: SpeakerError) -> Self {
        let kind = match &error {
            SpeakerError::Sound(_) => FailureKind::Input,
            SpeakerError::NoneFound | SpeakerError::Open(_) | SpeakerError::Gone => FailureKind::Device,
            SpeakerError::Thread(_) => FailureKind::Resources,
            SpeakerError::Died => FailureKind::Defect,
        };
        Self::new(kind, error)
    }
}

impl From<NarratorError> for Failure {
    fn from(error: NarratorError) -> Self {
        Self::new(FailureKind::Device, error)
    }
}

impl SessionThread {
    /// A take whose process died may be longer than its header says.
    fn make_whole(sound: &Path) {
        if let Err(error) = take_file::repair(sound) {
            log::warn!("{} is played as far as its header says: {error}", sound.display());
        }
    }

    pub(super) fn play(&mut self, sound: &Path, from: f64, speed: PlaybackSpeed, playback: PlaybackId) {
        self.output.playback = None;
        self.stop_reading();
        Self::make_whole(sound);
        match speaker::play(sound, from, speed) {
            Ok(begun) => {
                self.output.playback = Some(begun);
                self.output.playback_id = playback;
                sound.clone_into(&mut self.output.sound);
            }
            Err(error) => self.fail(Task::Playback(sound.to_owned()), error),
        }
    }

    /// Stops what is played, where it is.
    pub(super) fn stop_playing(&mut self) {
        if let Some(playback) = self.output.playback.take() {
            self.outbox.push(Event::Played {
                playback: self.output.playback_id,
                stopped_at: Some(playback.second()),
            });
        }
    }

    pub(super) fn watch_playback(&mut self) {
        let Some(playback) = &mut self.output.playback else {
            return;
        };
        let (id, second) = (self.output.playback_id, playback.second());
        if self.output.progress_told.elapsed() >= PROGRESS_EVERY {
            self.output.progress_told = Instant::now();
            self.outbox.push(Event::Playing { playback: id, second });
        }
        if let Some(outcome) = playback.ended() {
            self.output.playback = None;
            self.outbox.push(Event::Played {
                playback: id,
                stopped_at: outcome.is_err().then_some(second),
            });
            if let Err(error) = outcome {
                self.fail(Task::Playback(self.output.sound.clone()), error);
            }
        }
    }

    pub(super) fn read_aloud(&mut self, text: &str) {
        if self.recorded_take().is_some() {
            return;
        }
        self.stop_playing();
        match self.output.narrator.read(text) {
            Ok(()) => self.outbox.push(Event::ReadingAloud(true)),
            Err(error) => self.reading_failed(error),
        }
    }

    pub(super) fn stop_reading(&mut self) {
        if self.output.narrator.stop() {
            self.reading_ended();
        }
    }

    pub(super) fn watch_reading(&mut self) {
        match self.output.narrator.ended() {
            None => {}
            Some(Ok(())) => self.reading_ended(),
            Some(Err(error)) => self.reading_failed(error),
        }
    }

    fn reading_failed(&mut self, error: NarratorError) {
        self.reading_ended();
        self.outbox.push(Event::CanReadAloud(self.output.narrator.is_here()));
        self.fail(Task::ReadAloud, error);
    }

    fn reading_ended(&mut self) {
        self.output.read_until = Some(Instant::now());
        self.outbox.push(Event::ReadingAloud(false));
    }
}
