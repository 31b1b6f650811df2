//! What is done with the open question and its answer: most of it is a step of [`Practice`].

use std::path::PathBuf;

use eframe::egui;
use jiff::Timestamp;

use super::{App, prepare::typed_path};
use crate::{
    interview::{Phase, Practice, PracticeAction, Turn, VoiceOrSample},
    ui::{action::AnswerAction, widgets::field},
};

impl App {
    pub(super) fn handle_answer_action(&mut self, action: AnswerAction, ctx: &egui::Context) {
        let focus = |name| ctx.memory_mut(|memory| memory.request_focus(field::id(name)));
        let time = ctx.input(|input| input.time);
        match action {
            AnswerAction::Record => self.record(self.view.now),
            AnswerAction::PauseOrResume if self.phase() == Some(Phase::Paused) => {
                self.stop_reading();
                self.step(PracticeAction::Resume);
            }
            AnswerAction::PauseOrResume => self.step(PracticeAction::Pause),
            AnswerAction::Stop => self.step(PracticeAction::Stop),
            AnswerAction::Type => {
                focus("Your answer");
                self.step(PracticeAction::TypeInstead);
            }
            AnswerAction::Correct => {
                focus("Transcript");
                self.step(PracticeAction::Correct);
            }
            AnswerAction::EditDraft(text) => {
                self.step(PracticeAction::Draft(text));
                self.note_change(time);
            }
            AnswerAction::SendDraft => {
                let practice = self.view.practice.as_ref();
                let text = practice.map(|practice| practice.text_in_field().into_owned());
                let text = text.unwrap_or_default();
                self.step(if self.phase() == Some(Phase::Correcting) {
                    PracticeAction::Corrected(text)
                } else {
                    let now = self.view.now;
                    PracticeAction::Answer { text, now }
                });
            }
            AnswerAction::StopTyping => self.step(PracticeAction::Cancel),
            AnswerAction::DiscardDraft => self.step(PracticeAction::DiscardDraft),
            AnswerAction::FocusNotes => focus("Notes"),
            AnswerAction::EditNotes(text) => {
                self.step(PracticeAction::Notes(text));
                self.note_change(time);
            }
            AnswerAction::Reflect(reflection) => {
                if let Some(practice) = &mut self.view.practice {
                    practice.interview.afterwards = reflection;
                }
                self.note_change(time);
            }
            AnswerAction::Skip => self.step(PracticeAction::Skip),
            AnswerAction::Next => self.step(PracticeAction::Next),
            AnswerAction::Back => self.step(PracticeAction::Back),
            AnswerAction::GoTo(index) => self.step(PracticeAction::GoTo(index)),
            AnswerAction::Redo => self.step(PracticeAction::Redo),
            AnswerAction::FollowUp => {
                if let Some(question) = self.view.follow_up().cloned() {
                    self.step(PracticeAction::FollowUp(question));
                    self.view.answer.show_question_alone();
                    self.ask_new_question();
                }
            }
            AnswerAction::ShowAttempt(index) => self.step(PracticeAction::Show(index)),
            AnswerAction::ToggleRecordingPath => {
                self.view.answer.recording_path = match self.view.answer.recording_path {
                    Some(_) => None,
                    None => Some(String::new()),
                };
                focus("Path of the recording");
            }
            AnswerAction::EditRecordingPath(path) => self.view.answer.recording_path = Some(path),
            AnswerAction::OpenRecording => {
                let path = self.view.answer.recording_path.as_deref().unwrap_or_default();
                self.open_recording(typed_path(path, std::env::home_dir()));
            }
            AnswerAction::TranscribeAgain => {
                let glossary = self.glossary();
                self.step(PracticeAction::TranscribeAgain { glossary });
            }
        }
    }

    /// The interview has changed, and is saved once nothing is typed for a while.
    fn note_change(&mut self, time: f64) {
        self.saves.interview_changed = true;
        self.saves.changed_at = time;
    }

    /// A step of the interview: its commands are sent, and the view follows.
    pub(super) fn step(&mut self, action: PracticeAction) {
        let is_note = matches!(action, PracticeAction::Notes(_) | PracticeAction::Draft(_));
        let Some(practice) = &mut self.view.practice else {
            return;
        };
        let before = (practice.interview.at, practice.phase);
        let commands = practice.update(action);
        let moved = before != (practice.interview.at, practice.phase);
        let turned = before.0 != practice.interview.at;
        self.send_all(commands);
        if is_note {
            return;
        }
        if moved {
            self.saves.interview_changed = true;
            self.timers.jumped_to = None;
            self.stop_playing();
        }
        if turned {
            self.view.answer.show_question_alone();
            self.stop_reading();
            self.ask_new_question();
        }
        self.observe();
        self.save_interview();
    }

    pub(super) fn record(&mut self, now: Timestamp) {
        self.view.answer.seconds = 0.0;
        self.view.microphone.trail.clear();
        self.timers.trail_at = 0.0;
        self.timers.heard_at = 0.0;
        self.view.microphone.quiet_seconds = 0.0;
        self.stop_playing();
        let spoken = self
            .view
            .practice
            .as_ref()
            .is_some_and(|practice| practice.source == VoiceOrSample::Voice);
        if spoken && !self.is_listening() {
            self.listen();
        }
        let (takes, glossary) = (self.store.takes(), self.glossary());
        self.step(PracticeAction::Record { now, takes, glossary });
    }

    /// Takes this recording as the answer to the open question.
    pub(super) fn open_recording(&mut self, recording: PathBuf) {
        self.view.answer.seconds = 0.0;
        self.view.answer.recording_path = None;
        self.stop_playing();
        self.stop_reading();
        let (now, takes, glossary) = (self.view.now, self.store.takes(), self.glossary());
        self.step(PracticeAction::OpenRecording {
            recording,
            now,
            takes,
            glossary,
        });
    }

    pub(super) fn turn(&self) -> Option<&Turn> {
        self.view.practice.as_ref().and_then(Practice::turn)
    }

    fn phase(&self) -> Option<Phase> {
        self.view.practice.as_ref().map(|practice| practice.phase)
    }

    /// Names that are likely to be said in an answer to the current question.
    fn glossary(&self) -> Vec<String> {
        self.turn()
            .map(|turn| turn.question.job_terms.clone())
            .unwrap_or_default()
    }
}
