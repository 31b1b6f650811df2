//! What is heard: an answer, from a second or from the next filler or pause, and a question that is read aloud. What the
//! player itself does is in [`super::player`].

use super::App;
use crate::{
    insight::pauses::long_seconds,
    interview::{Phase, Practice, PracticeAction, VoiceOrSample},
    protocol::Command,
    settings::Delivery,
    ui::{Screen, action::PlaybackAction},
};

/// A filler or a pause is played with what comes before it.
pub(super) const LEAD_IN_SECONDS: f64 = 1.0;

impl App {
    pub(super) fn handle_playback_action(&mut self, action: PlaybackAction) {
        match action {
            PlaybackAction::PlayOrStopFound(sound) => self.toggle_playing(&sound),
            PlaybackAction::ReadAloudOrStop => self.toggle_reading(),
            PlaybackAction::PlayOrPause => {
                if let Some(sound) = self.shown_sound() {
                    self.play_or_pause(sound);
                }
            }
            PlaybackAction::PlayFrom(second) => {
                if let Some(sound) = self.shown_sound() {
                    self.start_playing(sound, second);
                }
            }
            PlaybackAction::Skip(seconds) => self.skip(seconds),
            PlaybackAction::Scrub(second) => self.scrub(second),
            PlaybackAction::EndScrub => self.end_scrub(),
            PlaybackAction::Speed(speed) => self.choose_speed(speed),
            PlaybackAction::NextFiller => self.play_next(&self.filler_starts()),
            PlaybackAction::NextLongPause => self.play_next(&self.long_pause_starts()),
        }
    }

    /// Plays the shown answer from a moment before the next of these seconds.
    fn play_next(&mut self, starts: &[f64]) {
        let Some(sound) = self.shown_sound() else {
            return;
        };
        let played = self.view.playhead_of(&sound);
        // A jump begins before its goal: until that is reached, the goal is the position.
        let position = self.timers.jumped_to.into_iter().chain(played).reduce(f64::max);
        if let Some(goal) = next_after(starts, position) {
            self.start_playing(sound, (goal - LEAD_IN_SECONDS).max(0.0));
            self.timers.jumped_to = Some(goal);
        }
    }

    /// Where the fillers of the shown answer begin.
    fn filler_starts(&self) -> Vec<f64> {
        let insights = self.view.answer.insights.iter();
        let fillers = insights.flat_map(|insights| &insights.fillers);
        fillers.filter_map(|filler| Some(filler.span?.start)).collect()
    }

    /// Where the long pauses of the shown answer begin.
    fn long_pause_starts(&self) -> Vec<f64> {
        let insights = self.view.answer.insights.iter();
        let spans = insights.flat_map(|insights| &insights.pauses).map(|pause| pause.span);
        let long = spans.filter(|span| span.seconds() >= long_seconds());
        long.map(|span| span.start).collect()
    }

    /// Reads the question that is on screen, or stops reading it.
    fn toggle_reading(&mut self) {
        if self.view.sound.reading_aloud {
            self.stop_reading();
            return;
        }
        if self
            .view
            .practice
            .as_ref()
            .is_some_and(|practice| practice.phase == Phase::Recording)
        {
            self.timers.waits_for_reading = true;
            self.step(PracticeAction::Pause);
        }
        if let Some((practice, turn)) = self.view.practice.as_ref().and_then(|open| Some((open, open.turn()?))) {
            // A follow-up has no parts.
            let parts = turn.question.parts.iter().filter(|_| practice.follow_up().is_none());
            let texts = practice.asked().into_iter().chain(parts.map(String::as_str));
            let text: Vec<&str> = texts.map(str::trim).collect();
            let text = text.join(" ");
            self.audio.send(Command::ReadAloud(text));
        }
    }

    pub(super) fn stop_reading(&mut self) {
        if self.view.sound.reading_aloud {
            self.audio.send(Command::StopReading);
        }
    }

    /// Asks a question that has just come up, as the settings want it: read aloud, with time to get ready.
    pub(super) fn ask_new_question(&mut self) {
        let asks = |practice: &Practice| practice.phase == Phase::Asking && practice.source == VoiceOrSample::Voice;
        if !self.view.practice.as_ref().is_some_and(asks) {
            return;
        }
        let settings = &self.view.settings;
        let ready_seconds = settings.ready_seconds;
        if settings.delivery != Delivery::OnScreen && self.view.sound.can_read {
            self.view.sound.reading_aloud = false;
            self.toggle_reading();
        }
        self.view.answer.ready_in = (ready_seconds > 0).then(|| f64::from(ready_seconds));
    }

    /// Lets the time to get ready run, and begins the recording when it is over. It stands still on other pages, and while
    /// the question is read.
    pub(super) fn count_down(&mut self, time: f64) {
        let passed = time - std::mem::replace(&mut self.timers.counted_at, time);
        let phase = self.view.practice.as_ref().map(|practice| practice.phase);
        let Some(left) = self.view.answer.ready_in else {
            return;
        };
        if phase != Some(Phase::Asking) {
            self.view.answer.ready_in = None;
        } else if self.view.screen == Screen::Practice && !self.view.sound.reading_aloud {
            let left = left - passed;
            self.view.answer.ready_in = Some(left).filter(|left| *left > 0.0);
            if left <= 0.0 && !self.view.microphone.is_missing() {
                self.record(self.view.now);
            }
        }
    }

    /// Ends an answer that has taken as long as the settings let it.
    pub(super) fn end_long_answer(&mut self) {
        let most = 60.0 * f64::from(self.view.settings.answer_minutes);
        let spoken = |practice: &Practice| practice.phase == Phase::Recording && practice.live.opened.is_none();
        if most > 0.0 && self.view.answer.seconds >= most && self.view.practice.as_ref().is_some_and(spoken) {
            self.step(PracticeAction::Stop);
        }
    }

    /// Nothing is read any more: a take that waited for it goes on.
    pub(super) fn reading_ended(&mut self) {
        self.view.sound.reading_aloud = false;
        let paused = |practice: &Practice| practice.phase == Phase::Paused;
        if std::mem::take(&mut self.timers.waits_for_reading) && self.view.practice.as_ref().is_some_and(paused) {
            self.step(PracticeAction::Resume);
        }
    }
}

/// The first of these seconds after this one; from the last one on, the first of all.
fn next_after(starts: &[f64], position: Option<f64>) -> Option<f64> {
    let later = |start: &&f64| position.is_none_or(|position| **start > position + 0.01);
    starts.iter().find(later).or(starts.first()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_one_is_the_first_after_the_position_and_after_the_last_the_first() {
        let starts = [1.0, 4.0, 9.0];
        for (position, expected) in [(None, 1.0), (Some(1.0), 4.0), (Some(5.2), 9.0), (Some(9.0), 1.0)] {
            assert_eq!(next_after(&starts, position), Some(expected), "{position:?}");
        }
        assert_eq!(next_after(&[], None), None);
    }
}
