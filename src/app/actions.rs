//! Doing what a screen asked for. What begins something new is in `beginning`.

use std::{path::PathBuf, sync::Arc};

use eframe::egui;
use jiff::Timestamp;

use super::{App, disk::DiskJob, export, load};
use crate::{
    interview::{self, Phase, Practice, Turn, VoiceOrSample, draw},
    protocol::{Command, Progress},
    sheet::{LONGEST_POSTING, NotesField},
    ui::{
        Action, Export, Screen,
        view_model::{ImportState, Notice, Search},
        widgets::field,
    },
};

impl App {
    /// Carries an action out.
    pub fn handle_action(&mut self, action: Action, ctx: &egui::Context) {
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
                self.step(interview::PracticeAction::Notes(text));
                self.touch(time);
            }
            Action::Afterwards(notes) => {
                if let Some(practice) = &mut self.view.practice {
                    practice.interview.afterwards = notes;
                }
                self.touch(time);
            }
            Action::ResearchNotes(NotesField::Posting, text) if text.len() > LONGEST_POSTING => {
                self.notify(Notice::Error(
                    "That is too long for a posting. Paste the part that describes the job.".into(),
                ));
            }
            Action::ResearchNotes(subject, text) => {
                self.view.prepare.notes.set(subject, text);
                self.saves.notes_changed = true;
                self.saves.changed_at = time;
                if subject == NotesField::Posting {
                    self.read_posting();
                }
            }
            Action::NamePostingFile | Action::PostingFile(_) | Action::OpenPosting => {
                self.handle_posting_file(action, ctx);
            }
            Action::Breathe => {
                self.timers.breathing_since = if self.timers.breathing_since.is_some() {
                    None
                } else {
                    Some(time)
                };
                self.view.prepare.breathing = self.timers.breathing_since.map(|_| 0.0);
            }
            Action::OwnQuestions => self.open_own(),
            Action::OwnDraft(text) => self.check_own(text),
            Action::SaveOwn => self.save_own(),
            Action::Ask(confirmation) => self.view.attention.confirmation = Some(confirmation),
            Action::Confirm => self.confirm(ctx),
            Action::Dismiss => {
                if self.view.attention.confirmation.take().is_none() {
                    self.view.attention.notice = None;
                }
            }
            Action::WriteElsewhere { take, folder } => {
                self.view.attention.notice = None;
                self.audio.send(Command::WriteElsewhere { take, folder });
            }
            Action::FindMicrophones => self.audio.send(Command::FindMicrophones),
            Action::Listen => {
                self.timers.touched_at = time;
                self.listen();
            }
            Action::FetchModel(_)
            | Action::CancelFetch
            | Action::NameModelFile
            | Action::ModelFile(_)
            | Action::ImportModel => self.handle_model_source(action, ctx),
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
    fn handle_posting_file(&mut self, action: Action, ctx: &egui::Context) {
        match action {
            Action::NamePostingFile => {
                self.view.prepare.posting_path = match self.view.prepare.posting_path {
                    Some(_) => None,
                    None => Some(String::new()),
                };
                ctx.memory_mut(|memory| memory.request_focus(field::id("Path of the posting")));
            }
            Action::PostingFile(path) => self.view.prepare.posting_path = Some(path),
            _ => {
                let path = self.view.prepare.posting_path.as_deref().unwrap_or_default();
                self.open_posting(written_path(path, std::env::home_dir()));
            }
        }
    }

    /// Speech models that are to come here, from the web or from a file.
    fn handle_model_source(&mut self, action: Action, ctx: &egui::Context) {
        match action {
            Action::FetchModel(model) => {
                self.view.models.fetching = Some((
                    model.clone(),
                    Progress {
                        done_bytes: 0,
                        total_bytes: None,
                    },
                ));
                let mirror = self.view.settings.model_mirror.clone();
                self.audio.send(Command::FetchModel { model, mirror });
            }
            Action::NameModelFile => {
                self.view.models.import.open = !self.view.models.import.open;
                if self.view.models.import.open {
                    ctx.memory_mut(|memory| memory.request_focus(field::id("Path of the model file")));
                }
            }
            Action::ModelFile(path) => {
                self.view.models.import.path = path;
                if !matches!(self.view.models.import.state, ImportState::Running(_)) {
                    self.view.models.import.state = ImportState::Idle;
                }
            }
            Action::ImportModel => {
                let path = written_path(&self.view.models.import.path, std::env::home_dir());
                self.view.models.import.state = ImportState::Running(path.clone());
                self.audio.send(Command::ImportModel(path));
            }
            Action::CancelFetch => {
                self.view.models.fetching = None;
                self.audio.send(Command::CancelFetch);
            }
            _ => {}
        }
    }

    fn touch(&mut self, time: f64) {
        self.saves.interview_changed = true;
        self.saves.changed_at = time;
    }

    /// A step of the interview: its commands are sent, and what is seen follows.
    pub(super) fn step(&mut self, action: interview::PracticeAction) {
        let noted = matches!(action, interview::PracticeAction::Notes(_));
        let Some(practice) = &mut self.view.practice else {
            return;
        };
        let before = (practice.interview.at, practice.phase);
        let commands = practice.update(action);
        let moved = before != (practice.interview.at, practice.phase);
        let turned = before.0 != practice.interview.at;
        self.send_all(commands);
        if noted {
            return;
        }
        if moved {
            self.saves.interview_changed = true;
            self.timers.jumped_to = None;
            self.stop_playing();
        }
        if turned {
            self.view.answer.hint_shown = false;
            self.view.answer.sample_shown = false;
            self.view.answer.comparing = false;
            self.stop_reading();
            self.read_by_itself();
        }
        self.observe();
        self.save_interview();
    }

    /// What is done with a question. Gives back what is something else.
    fn practice(&mut self, action: Action) -> Option<Action> {
        use interview::PracticeAction as Step;
        let now = self.view.now;
        let phase = self.view.practice.as_ref().map(|practice| practice.phase);
        let step = match action {
            Action::Record => return self.record(now),
            Action::PauseOrResume if phase == Some(Phase::Paused) => Step::Resume,
            Action::PauseOrResume => Step::Pause,
            Action::Stop => Step::Stop,
            Action::TypeInstead => {
                self.view.answer.draft.clear();
                Step::TypeInstead
            }
            Action::Draft(text) => {
                self.view.answer.draft = text;
                return None;
            }
            Action::KeepDraft => {
                let text = std::mem::take(&mut self.view.answer.draft);
                if phase == Some(Phase::Correcting) {
                    Step::Corrected(text)
                } else {
                    Step::Answer { text, now }
                }
            }
            Action::DropDraft => {
                self.view.answer.draft.clear();
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
                self.view.answer.draft = words.map(crate::transcript::Transcript::text).unwrap_or_default();
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
        self.view.answer.seconds = 0.0;
        self.view.microphone.trail.clear();
        self.timers.trail_at = 0.0;
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
        self.step(interview::PracticeAction::Record { now, takes, glossary });
        None
    }

    /// What is shown, and how.
    fn look(&mut self, action: Action) -> Option<Action> {
        let search = &mut self.view.search;
        match action {
            Action::ShowHint => self.view.answer.hint_shown = !self.view.answer.hint_shown,
            Action::ShowSample => self.view.answer.sample_shown = !self.view.answer.sample_shown,
            Action::Compare => {
                self.view.answer.comparing = !self.view.answer.comparing;
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
        let settings = &mut self.view.settings;
        match action {
            Action::ChooseField(id) => {
                settings.field = id;
                self.view.search = Search {
                    text: std::mem::take(&mut self.view.search.text),
                    ..Search::default()
                };
            }
            Action::ChooseMicrophone(name) => {
                settings.microphone = name;
                self.listen();
            }
            Action::ChooseModel(name) => {
                settings.model.clone_from(&name);
                self.audio.send(Command::LoadModel(name));
            }
            Action::ModelMirror(address) => {
                settings.model_mirror = Some(address).filter(|address| !address.is_empty());
                self.view.models.mirror_problem = load::mirror_problem(settings);
            }
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
        self.view.practice.as_ref().and_then(Practice::turn)
    }

    /// Names that may well be said in an answer to the current question.
    fn glossary(&self) -> Vec<String> {
        self.turn()
            .map(|turn| turn.question.job_terms.clone())
            .unwrap_or_default()
    }

    pub(super) fn go(&mut self, screen: Screen) {
        self.view.search = Search::default();
        if self.view.screen == Screen::Practice && screen == Screen::Home {
            self.leave_interview();
        }
        if screen != Screen::Practice {
            self.stop_playing();
            self.stop_reading();
        }
        self.view.screen = screen;
    }

    /// Back to where one came from: to the question or answer, where there is one.
    fn leave(&mut self) {
        let open = self.view.practice.is_some();
        let screen = if open && self.view.screen != Screen::Practice {
            Screen::Practice
        } else {
            Screen::Home
        };
        self.go(screen);
    }

    /// Puts the interview away: saved, or forgotten where nothing is in it.
    pub(super) fn leave_interview(&mut self) {
        self.stop_playing();
        let Some(practice) = &mut self.view.practice else {
            return;
        };
        if !practice.can_leave() {
            return;
        }
        if practice.interview.is_empty() {
            if let Some(practice) = self.view.practice.take() {
                self.saves.interview_changed = false;
                self.queue_disk_job(DiskJob::DeleteInterview(Arc::new(practice.interview)));
            }
            return;
        }
        self.saves.interview_changed = true;
        self.save_interview();
        self.let_sounds_go();
        let left = self.view.practice.take();
        let newest = left.and_then(|left| self.view.history.past.find(&left.interview.id).map(Arc::clone));
        if let Some(interview) = newest {
            let reader = load::look_at(interview, Arc::clone(&self.view.bank), &self.wake);
            self.workers.loading.push(reader);
        }
        self.view.answer.insights = None;
    }

    fn export(&mut self, format: Export) {
        let Some(interview) = self.view.interview() else {
            return;
        };
        let name = format!(
            "Interview {}",
            interview
                .begun
                .to_zoned(jiff::tz::TimeZone::system())
                .strftime("%Y-%m-%d %H%M")
        );
        let text = export::text(format, &self.view, interview);
        let ending = format.ending();
        self.queue_disk_job(DiskJob::Export { name, ending, text });
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
