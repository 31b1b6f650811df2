//! Doing what a screen asked for. What begins something new is in `beginning`.

use std::{path::PathBuf, sync::Arc};

use eframe::egui;
use jiff::Timestamp;

use super::{App, disk::Job, export, opening};
use crate::{
    interview::{self, Interview, Phase, SampleOrVoice, Turn, draw},
    protocol::{Command, Progress},
    store::{LONGEST_POSTING, Subject},
    ui::{
        Action, Export, Screen,
        scene::{ImportState, Notice, Search},
        widgets::field,
    },
};

impl App {
    /// Carries an action out.
    pub fn carry_out(&mut self, action: Action, ctx: &egui::Context) {
        let time = ctx.input(|input| input.time);
        match action {
            Action::Go(screen) => self.go(screen),
            Action::Leave => self.leave(),
            Action::Start
            | Action::PracticeOne
            | Action::Practice(_)
            | Action::PracticeTopic(_)
            | Action::TrySample
            | Action::PracticePosting
            | Action::OpenPast(_)
            | Action::PlayFound(_)
            | Action::TranscribeFound(_) => self.begin(action),
            Action::PlayOrStop | Action::PlayFrom(_) | Action::NextFiller | Action::NextPause => self.play(&action),
            Action::ReadAloud => self.toggle_reading(),
            Action::Copy(text) => {
                ctx.copy_text(text);
                self.notify(Notice::Done("Copied.".into()));
            }
            Action::Export(format) => self.export(format),
            Action::WriteNote => ctx.memory_mut(|memory| memory.request_focus(field::id("Notes"))),
            Action::Notes(text) => {
                self.step(interview::Action::Notes(text));
                self.touch(time);
            }
            Action::Afterwards(notes) => {
                if let Some(interview) = &mut self.scene.interview {
                    interview.afterwards = notes;
                }
                self.touch(time);
            }
            Action::Sheet(Subject::Posting, text) if text.len() > LONGEST_POSTING => {
                self.notify(Notice::Trouble(
                    "That is too long for a posting. Paste the part that describes the job.".into(),
                ));
            }
            Action::Sheet(subject, text) => {
                self.scene.sheet.set(subject, text);
                self.sheet_changed = true;
                self.changed_at = time;
                if subject == Subject::Posting {
                    self.read_posting();
                }
            }
            Action::NamePostingFile | Action::PostingFile(_) | Action::OpenPosting => {
                self.get_posting(action, ctx);
            }
            Action::Breathe => {
                self.breathing_since = if self.breathing_since.is_some() {
                    None
                } else {
                    Some(time)
                };
                self.scene.breathing = self.breathing_since.map(|_| 0.0);
            }
            Action::OwnQuestions => self.open_own(),
            Action::OwnDraft(text) => self.check_own(text),
            Action::SaveOwn => self.save_own(),
            Action::Ask(asked) => self.scene.asked = Some(asked),
            Action::Confirm => self.confirm(ctx),
            Action::Dismiss => {
                if self.scene.asked.take().is_none() {
                    self.scene.notice = None;
                }
            }
            Action::WriteElsewhere { take, folder } => {
                self.scene.notice = None;
                self.studio.send(Command::WriteElsewhere { take, folder });
            }
            Action::FindMicrophones => self.studio.send(Command::FindMicrophones),
            Action::Listen => {
                self.touched_at = time;
                self.listen();
            }
            Action::FetchModel(_)
            | Action::CancelFetch
            | Action::NameModelFile
            | Action::ModelFile(_)
            | Action::ImportModel => self.get_model(action, ctx),
            other => {
                // Who asks to write wants to write at once.
                match other {
                    Action::TypeInstead => ctx.memory_mut(|memory| memory.request_focus(field::id("Your answer"))),
                    Action::Correct => ctx.memory_mut(|memory| memory.request_focus(field::id("Transcript"))),
                    _ => {}
                }
                if let Some(other) = self.practice(other)
                    && let Some(other) = self.look(other)
                {
                    self.set(other);
                }
            }
        }
    }

    /// A job posting that is to come from a file.
    fn get_posting(&mut self, action: Action, ctx: &egui::Context) {
        match action {
            Action::NamePostingFile => {
                self.scene.posting_path = match self.scene.posting_path {
                    Some(_) => None,
                    None => Some(String::new()),
                };
                ctx.memory_mut(|memory| memory.request_focus(field::id("Path of the posting")));
            }
            Action::PostingFile(path) => self.scene.posting_path = Some(path),
            _ => {
                let path = self.scene.posting_path.as_deref().unwrap_or_default();
                self.open_posting(written_path(path, std::env::home_dir()));
            }
        }
    }

    /// Speech models that are to come here, from the web or from a file.
    fn get_model(&mut self, action: Action, ctx: &egui::Context) {
        match action {
            Action::FetchModel(model) => {
                self.scene.fetching = Some((
                    model.clone(),
                    Progress {
                        done_bytes: 0,
                        total_bytes: None,
                    },
                ));
                let mirror = self.scene.settings.model_mirror.clone();
                self.studio.send(Command::FetchModel { model, mirror });
            }
            Action::NameModelFile => {
                self.scene.import.open = !self.scene.import.open;
                if self.scene.import.open {
                    ctx.memory_mut(|memory| memory.request_focus(field::id("Path of the model file")));
                }
            }
            Action::ModelFile(path) => {
                self.scene.import.path = path;
                if !matches!(self.scene.import.state, ImportState::Running(_)) {
                    self.scene.import.state = ImportState::Idle;
                }
            }
            Action::ImportModel => {
                let path = written_path(&self.scene.import.path, std::env::home_dir());
                self.scene.import.state = ImportState::Running(path.clone());
                self.studio.send(Command::ImportModel(path));
            }
            Action::CancelFetch => {
                self.scene.fetching = None;
                self.studio.send(Command::CancelFetch);
            }
            _ => {}
        }
    }

    fn touch(&mut self, time: f64) {
        self.changed = true;
        self.changed_at = time;
    }

    /// A step of the interview: its commands are sent, and what is seen follows.
    pub(super) fn step(&mut self, action: interview::Action) {
        let noted = matches!(action, interview::Action::Notes(_));
        let Some(interview) = &mut self.scene.interview else {
            return;
        };
        let before = (interview.at, interview.phase);
        let commands = interview.update(action);
        let moved = before != (interview.at, interview.phase);
        let turned = before.0 != interview.at;
        self.send_all(commands);
        if noted {
            return;
        }
        if moved {
            self.changed = true;
            self.jumped_to = None;
            self.stop_playing();
        }
        if turned {
            self.scene.hint_shown = false;
            self.scene.sample_shown = false;
            self.scene.comparing = false;
            self.stop_reading();
            self.read_by_itself();
        }
        self.observe();
        self.save_interview();
    }

    /// What is done with a question. Gives back what is something else.
    fn practice(&mut self, action: Action) -> Option<Action> {
        use interview::Action as Step;
        let now = self.scene.now;
        let phase = self.scene.interview.as_ref().map(|interview| interview.phase);
        let step = match action {
            Action::Record => return self.record(now),
            Action::PauseOrResume if phase == Some(Phase::Paused) => Step::Resume,
            Action::PauseOrResume => Step::Pause,
            Action::Stop => Step::Stop,
            Action::TypeInstead => {
                self.scene.draft.clear();
                Step::TypeInstead
            }
            Action::Draft(text) => {
                self.scene.draft = text;
                return None;
            }
            Action::KeepDraft => {
                let text = std::mem::take(&mut self.scene.draft);
                if phase == Some(Phase::Correcting) {
                    Step::Corrected(text)
                } else {
                    Step::Answer { text, now }
                }
            }
            Action::DropDraft => {
                self.scene.draft.clear();
                Step::Cancel
            }
            Action::Skip => Step::Skip,
            Action::Next => Step::Next,
            Action::Back => Step::Back,
            Action::GoTo(index) => Step::GoTo(index),
            Action::Redo => Step::Redo,
            Action::Correct => {
                let words = self
                    .turn()
                    .and_then(Turn::attempt)
                    .and_then(|attempt| attempt.transcript.as_ref());
                self.scene.draft = words.map(crate::transcript::Transcript::text).unwrap_or_default();
                Step::Correct
            }
            Action::ShowAttempt(index) => Step::Show(index),
            Action::TranscribeAgain => Step::TranscribeAgain {
                glossary: self.glossary(),
            },
            other => return Some(other),
        };
        self.step(step);
        None
    }

    pub(super) fn record(&mut self, now: Timestamp) -> Option<Action> {
        self.scene.seconds = 0.0;
        self.scene.microphone.trail.clear();
        self.trail_at = 0.0;
        self.stop_playing();
        let spoken = self
            .scene
            .interview
            .as_ref()
            .is_some_and(|interview| interview.source == SampleOrVoice::Voice);
        if spoken && !self.is_listening() {
            self.listen();
        }
        let (takes, glossary) = (self.store.takes(), self.glossary());
        self.step(interview::Action::Record { now, takes, glossary });
        None
    }

    /// What is shown, and how.
    fn look(&mut self, action: Action) -> Option<Action> {
        let search = &mut self.scene.search;
        match action {
            Action::ShowHint => self.scene.hint_shown = !self.scene.hint_shown,
            Action::ShowSample => self.scene.sample_shown = !self.scene.sample_shown,
            Action::Compare => {
                self.scene.comparing = !self.scene.comparing;
                self.observe();
            }
            Action::Search(text) => search.text = text,
            Action::Kind(kind) => {
                search.kind = kind;
                search.topic = None;
            }
            Action::Topic(topic) => search.topic = topic,
            Action::Open(id) => search.open = (search.open.as_ref() != Some(&id)).then_some(id),
            other => return Some(other),
        }
        None
    }

    /// Changes a setting and keeps it.
    fn set(&mut self, action: Action) {
        let settings = &mut self.scene.settings;
        match action {
            Action::ChooseField(id) => {
                settings.field = id;
                self.scene.search = Search {
                    text: std::mem::take(&mut self.scene.search.text),
                    ..Search::default()
                };
            }
            Action::ChooseMicrophone(name) => {
                settings.microphone = name;
                self.listen();
            }
            Action::ChooseModel(name) => {
                settings.model.clone_from(&name);
                self.studio.send(Command::LoadModel(name));
            }
            Action::ModelMirror(address) => settings.model_mirror = Some(address).filter(|address| !address.is_empty()),
            Action::Theme(theme) => settings.theme = theme,
            Action::TextPercent(percent) => settings.text_percent = percent.clamp(80, 200),
            Action::Keep(keep) => return self.choose_keep(keep),
            Action::ReadByItself(on) => settings.read_aloud = on,
            Action::Length(length) => settings.length = length.clamp(1, draw::LONGEST),
            Action::ReducedMotion(on) => settings.reduced_motion = on,
            Action::ToggleMark(mark) => settings.marks = mark.toggled(settings.marks),
            _ => return,
        }
        self.save_settings();
    }

    pub(super) fn turn(&self) -> Option<&Turn> {
        self.scene.interview.as_ref().and_then(Interview::turn)
    }

    /// Names that may well be said in an answer to the current question.
    fn glossary(&self) -> Vec<String> {
        self.turn()
            .map(|turn| turn.question.job_terms.clone())
            .unwrap_or_default()
    }

    pub(super) fn go(&mut self, screen: Screen) {
        self.scene.search = Search::default();
        if self.scene.screen == Screen::Practice && screen == Screen::Home {
            self.leave_interview();
        }
        if screen != Screen::Practice {
            self.stop_playing();
            self.stop_reading();
        }
        self.scene.screen = screen;
    }

    /// Back to where one came from: to the question or answer, where there is one.
    fn leave(&mut self) {
        let open = self.scene.interview.is_some();
        let screen = if open && self.scene.screen != Screen::Practice {
            Screen::Practice
        } else {
            Screen::Home
        };
        self.go(screen);
    }

    /// Puts the interview away: saved, or forgotten where nothing is in it.
    pub(super) fn leave_interview(&mut self) {
        self.stop_playing();
        let Some(interview) = &mut self.scene.interview else {
            return;
        };
        if !interview.can_leave() {
            return;
        }
        if interview.is_empty() {
            if let Some(interview) = self.scene.interview.take() {
                self.changed = false;
                self.ask_disk(Job::DeleteInterview(Arc::new(interview)));
            }
            return;
        }
        self.changed = true;
        self.save_interview();
        self.let_sounds_go();
        let left = self.scene.interview.take();
        let newest = left.and_then(|left| self.scene.past.find(&left.id).map(Arc::clone));
        if let Some(interview) = newest {
            let reader = opening::look_at(interview, Arc::clone(&self.scene.bank), &self.wake);
            self.loading.push(reader);
        }
        self.scene.insights = None;
    }

    fn export(&mut self, format: Export) {
        let Some(interview) = &self.scene.interview else {
            return;
        };
        let name = format!(
            "Interview {}",
            interview
                .begun
                .to_zoned(jiff::tz::TimeZone::system())
                .strftime("%Y-%m-%d %H%M")
        );
        let text = export::text(format, &self.scene, interview);
        let ending = format.ending();
        self.ask_disk(Job::Export { name, ending, text });
    }
}

/// A path as people write it: with spaces or quotes around it, or beginning with "~".
fn written_path(text: &str, home: Option<PathBuf>) -> PathBuf {
    let text = text.trim().trim_matches(['"', '\'']);
    match (text.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_taken_as_people_write_it() {
        for (text, expected) in [
            (" /m/a.bin ", "/m/a.bin"),
            ("\"/m/my model.bin\"", "/m/my model.bin"),
            ("~/a.bin", "/home/sam/a.bin"),
        ] {
            assert_eq!(written_path(text, Some("/home/sam".into())), PathBuf::from(expected));
        }
    }
}
