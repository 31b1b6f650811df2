//! What sounds: an answer that is played, from where and to which filler or pause, and a question that is read aloud.

use std::path::PathBuf;

use super::App;
use crate::{
    insight::pauses::long_seconds,
    interview::{Phase, Practice, Turn},
    protocol::Command,
    ui::{Action, view_model::Playing},
};

/// A filler or a pause is played with what comes before it.
const LEAD_IN_SECONDS: f64 = 1.0;

impl App {
    pub(super) fn play(&mut self, action: &Action) {
        let attempt = self.turn().and_then(Turn::attempt);
        let Some(sound) = attempt
            .and_then(|attempt| attempt.playable())
            .map(|take| take.sound.clone())
        else {
            return;
        };
        match action {
            Action::PlayFrom(second) => self.start_playing(sound, *second),
            Action::NextFiller | Action::NextPause => {
                let starts = self.starts(action);
                let played = self.view.playing_of(&sound);
                // A jump begins before its goal: until that is reached, the goal is where one is.
                let here = self.timers.jumped_to.into_iter().chain(played).reduce(f64::max);
                if let Some(goal) = next_after(&starts, here) {
                    self.start_playing(sound, (goal - LEAD_IN_SECONDS).max(0.0));
                    self.timers.jumped_to = Some(goal);
                }
            }
            _ => self.toggle_playing(&sound, 0.0),
        }
    }

    /// Where the fillers, or the long pauses, of the shown answer begin.
    fn starts(&self, action: &Action) -> Vec<f64> {
        let Some(insights) = &self.view.answer.insights else {
            return Vec::new();
        };
        if *action == Action::NextPause {
            let pauses = insights.pauses.iter().map(|pause| pause.span);
            return pauses
                .filter(|span| span.seconds() >= long_seconds())
                .map(|span| span.start)
                .collect();
        }
        let fillers = insights.fillers.iter().filter_map(|filler| filler.span);
        fillers.map(|span| span.start).collect()
    }

    pub(super) fn toggle_playing(&mut self, sound: &std::path::Path, from: f64) {
        if self.view.playing_of(sound).is_some() {
            self.stop_playing();
        } else {
            self.start_playing(sound.to_owned(), from);
        }
    }

    fn start_playing(&mut self, sound: PathBuf, from: f64) {
        self.timers.jumped_to = None;
        self.view.sound.playing = Some(Playing {
            sound: sound.clone(),
            second: from,
        });
        self.audio.send(Command::Play { sound, from });
    }

    pub(super) fn stop_playing(&mut self) {
        if self.view.sound.playing.take().is_some() {
            self.audio.send(Command::StopPlaying);
        }
    }

    /// Reads the question that is on screen, or stops reading it.
    pub(super) fn toggle_reading(&mut self) {
        if self.view.sound.reading_aloud {
            self.stop_reading();
        } else if let Some(turn) = self.turn() {
            let question = &turn.question;
            let text: Vec<&str> = std::iter::once(&question.prompt)
                .chain(&question.parts)
                .map(|part| part.trim())
                .collect();
            let text = text.join(" ");
            self.audio.send(Command::ReadAloud(text));
        }
    }

    pub(super) fn stop_reading(&mut self) {
        if self.view.sound.reading_aloud {
            self.audio.send(Command::StopReading);
        }
    }

    /// Reads a question that has just come up, where that is wished for.
    pub(super) fn read_by_itself(&mut self) {
        let is_asking = |practice: &Practice| practice.phase == Phase::Asking;
        if self.view.settings.read_aloud
            && self.view.sound.can_read
            && self.view.practice.as_ref().is_some_and(is_asking)
        {
            self.view.sound.reading_aloud = false;
            self.toggle_reading();
        }
    }
}

/// The first of these seconds after this one; from the last one on, the first of all.
fn next_after(starts: &[f64], here: Option<f64>) -> Option<f64> {
    let later = |start: &&f64| here.is_none_or(|here| **start > here + 0.01);
    starts.iter().find(later).or(starts.first()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_one_is_the_first_after_here_and_after_the_last_the_first() {
        let starts = [1.0, 4.0, 9.0];
        for (here, expected) in [(None, 1.0), (Some(1.0), 4.0), (Some(5.2), 9.0), (Some(9.0), 1.0)] {
            assert_eq!(next_after(&starts, here), Some(expected), "{here:?}");
        }
        assert_eq!(next_after(&[], None), None);
    }
}
