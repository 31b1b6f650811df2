//! What the session tells, and what becomes of the take that it is about.

use std::path::Path;

use super::{LiveTake, Phase, Practice, VoiceOrSample};
use crate::{
    interview::{Attempt, Turn},
    protocol::{Command, Event, Task},
    question::Question,
    take::{Take, TakeId},
    transcript::Transcript,
};

impl Practice {
    pub(super) fn handle_event(&mut self, event: Event) -> Vec<Command> {
        match event {
            Event::Started(take) => self.live.started |= self.live.is(&take),
            Event::Words { take, update } => {
                if self.live.is(&take) {
                    self.live.settled.words.extend(update.settled);
                    self.live.tentative = update.tentative;
                    self.live.heard = update.heard;
                    self.live.behind = update.behind;
                }
            }
            Event::Paused(take) => {
                if self.phase == Phase::Recording && self.live.is(&take) {
                    self.phase = Phase::Paused;
                }
            }
            Event::Resumed(take) => {
                if self.phase == Phase::Paused && self.live.is(&take) {
                    self.phase = Phase::Recording;
                }
            }
            Event::Stopped(take) => self.stopped(take),
            Event::Written { take, sound } => self.written(&take, &sound),
            Event::Transcribed {
                take,
                transcript,
                model,
            } => {
                self.improving.take_if(|improving| *improving == take.id());
                self.transcribed(&take, transcript, model);
            }
            Event::Preliminary {
                take,
                transcript,
                model,
            } => {
                self.improving = Some(take.id());
                self.transcribed(&take, transcript, model);
            }
            Event::Failed { task, .. } => return self.failed(&task),
            Event::Microphones(_)
            | Event::Listening { .. }
            | Event::Unheard { .. }
            | Event::Heard { .. }
            | Event::MicrophoneReplaced { .. }
            | Event::Level { .. }
            | Event::Model(_)
            | Event::FinalModel(_)
            | Event::Unwritten { .. }
            | Event::Paced { .. }
            | Event::Playing { .. }
            | Event::Played { .. }
            | Event::CanReadAloud(_)
            | Event::ReadingAloud(_)
            | Event::Fetching { .. }
            | Event::Fetched { .. }
            | Event::Imported { .. } => {}
        }
        Vec::new()
    }

    fn failed(&mut self, task: &Task) -> Vec<Command> {
        match task {
            // Also where it was stopped before it began.
            Task::Recording(take) if !self.can_leave() && self.live.is(take) => {
                self.live = LiveTake::default();
                self.rest();
            }
            // Nothing will come for a take that has not begun. One that has goes on with another microphone.
            Task::Microphone if self.waits_for_microphone() => {
                self.rest();
                self.live = LiveTake::default();
                return vec![Command::Discard];
            }
            // What was shown meanwhile stays.
            Task::Transcription(take) if self.improving.as_ref() == Some(take) => self.improving = None,
            Task::Transcription(take) if self.live.is(take) => {
                self.live.failed = true;
                self.finish_without_words();
            }
            // The take that was being recorded is on the disk, and found again at the next start.
            Task::Session => {
                if self.is_recording() {
                    self.rest();
                }
                self.live.sound = None;
                self.finish_without_words();
            }
            Task::Recording(_)
            | Task::Microphone
            | Task::Transcription(_)
            | Task::Deletion(_)
            | Task::Playback(_)
            | Task::ReadAloud
            | Task::Measurement
            | Task::Download(_)
            | Task::Import(_) => {}
        }
        Vec::new()
    }

    /// The question that a take answers: of a take that has not ended, the open one.
    pub fn question_of(&self, id: &TakeId) -> Option<&Question> {
        let of_take = |attempt: &Attempt| attempt.take.as_ref().is_some_and(|take| take.id() == *id);
        let turns = &self.interview.turns;
        let answered = turns.iter().find(|turn| turn.attempts.iter().any(of_take));
        answered.or_else(|| self.interview.turn()).map(|turn| &turn.question)
    }

    fn waits_for_microphone(&self) -> bool {
        self.is_recording() && !self.live.started && self.live.opened.is_none() && self.source == VoiceOrSample::Voice
    }

    /// All of the take's sound is on the disk, in this file.
    fn written(&mut self, id: &TakeId, sound: &Path) {
        if self.live.is(id) {
            self.live.sound = Some(sound.to_owned());
        }
        if let Some(take) = self.interview.attempt_mut(id).and_then(|attempt| attempt.take.as_mut()) {
            sound.clone_into(&mut take.sound);
            take.unwritten_samples = 0;
        }
    }

    /// The sound is complete. The live words stand in until the final ones come, so that nothing can be lost between.
    fn stopped(&mut self, take: Take) {
        let id = take.id();
        // Of another question's take, which has been left: whoever took it up has it.
        if !self.live.is(&id) || self.interview.attempt_mut(&id).is_some() {
            return;
        }
        self.phase = Phase::Finishing;
        let at = self.live.begun.unwrap_or(self.interview.begun);
        let Some(turn) = self.interview.turns.get_mut(self.interview.at) else {
            return;
        };
        turn.attempts.push(Attempt {
            asked_after: self.asked_after.take(),
            ..Attempt::of_take(at, take)
        });
        turn.shown = turn.attempts.len() - 1;
        if self.live.failed {
            self.finish_without_words();
        }
    }

    fn transcribed(&mut self, take: &Take, transcript: Transcript, model: String) {
        self.stopped(take.clone());
        let id = take.id();
        let Some(attempt) = self.interview.attempt_mut(&id) else {
            return;
        };
        // What was lost of the sound and where it has gaps is known from its recording alone.
        if let Some(known) = &mut attempt.take {
            known.seconds = take.seconds;
            known.voice_seconds = take.voice_seconds;
        }
        // What the person has put right by hand stays, however late the words come.
        if !attempt.corrected {
            attempt.transcript = Some(transcript);
            attempt.model = Some(model);
            attempt.incomplete = false;
        }
        if self.phase == Phase::Finishing && self.live.is(&id) {
            self.phase = Phase::Answered;
            self.live = LiveTake::default();
        }
    }

    /// The last words could not be written down. The take stays, and what was heard of it live stands in for its words,
    /// until it is written down again.
    pub fn finish_without_words(&mut self) {
        // A take whose file is not complete yet will be; until then nothing is given up.
        let complete = self
            .live
            .sound
            .as_ref()
            .is_none_or(|sound| self.interview.has_take(sound));
        if self.phase != Phase::Finishing || !complete {
            return;
        }
        let live = std::mem::take(&mut self.live);
        let attempt = match &live.sound {
            Some(sound) => self.interview.attempt_mut(&TakeId::of(sound)),
            None => self
                .interview
                .turns
                .get_mut(self.interview.at)
                .and_then(|turn| turn.attempts.last_mut()),
        };
        if let Some(attempt) = attempt
            && attempt.transcript.is_none()
            && !live.settled.words.is_empty()
        {
            attempt.transcript = Some(live.settled);
            attempt.incomplete = true;
        }
        self.rest();
    }

    /// Whether a take is complete and still without its words.
    pub fn waits_for_words(&self) -> bool {
        let attempt = self.interview.turn().and_then(Turn::attempt);
        self.phase == Phase::Finishing && attempt.is_some_and(|attempt| attempt.transcript.is_none())
    }
}
