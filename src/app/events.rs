//! What happens by itself: events from the session, files that were read, timers, saving.

use std::{collections::BTreeSet, sync::Arc, time::Instant};

use eframe::egui;

use super::{
    App,
    disk::DiskJob,
    load,
    load::Loaded,
    microphone::{REST_SECONDS, TRAIL_SECONDS},
    start,
};
use crate::{
    insight,
    interview::Phase,
    protocol::{Command, Event, Failure, FailureKind, Task},
    settings::Measured,
    store,
    ui::{
        Screen, theme,
        view_model::{FileDrop, ImportState, MicrophoneStatus, Notice},
    },
};

/// How often the time to get ready is counted.
const COUNTDOWN_SECONDS: f64 = 0.2;

/// How long a notice of success is shown.
const NOTICE_SECONDS: f64 = 5.0;
/// That of something that was saved waits for who wants to see it.
const SAVED_NOTICE_SECONDS: f64 = 20.0;
/// What is typed is saved once nothing more was typed for this long.
const SAVE_SECONDS: f64 = 1.5;
/// A minute to breathe.
const BREATH_SECONDS: f64 = 60.0;

impl App {
    /// Brings the view model up to date.
    pub(super) fn follow(&mut self, ctx: &egui::Context) {
        self.view.now = jiff::Timestamp::now();
        if self.applied_settings.as_ref() != Some(&self.view.settings) {
            theme::apply(ctx, &self.view.settings);
            self.applied_settings = Some(self.view.settings.clone());
        }
        self.receive_all();
        for event in self.audio.drain() {
            self.handle_event(event);
        }
        // However many words came at once, they are observed once.
        if std::mem::take(&mut self.workers.unobserved) {
            self.observe();
        }
        let (time, touched) = ctx.input(|input| (input.time, !input.events.is_empty()));
        if touched {
            self.timers.touched_at = time;
        }
        self.leave_hidden_answer();
        self.open_dropped_file(ctx);
        self.open_or_close_microphone(time);
        self.release_idle_models(time);
        self.sample_level();
        self.count_down(time);
        self.end_long_answer();
        self.expire_notice(time);
        self.follow_deletion(time);
        self.handle_text_checks();
        self.handle_insights();
        self.handle_disk_news(ctx);
        self.handle_shown_in_folder();
        self.observe_figures();
        self.search_past();
        self.list_questions();
        self.confirm_closing(ctx);
        if time - self.saves.changed_at > SAVE_SECONDS {
            self.save_interview();
            self.save_research_notes();
            self.save_own_draft();
        }
        self.view.prepare.breathing = self
            .timers
            .breathing_since
            .map(|since| time - since)
            .filter(|seconds| *seconds < BREATH_SECONDS);
        if self.view.prepare.breathing.is_none() || self.view.screen != Screen::Prepare {
            self.timers.breathing_since = None;
        }
    }

    /// A file that is dropped on a question is a recording of its answer; on the page Prepare, a job posting.
    fn open_dropped_file(&mut self, ctx: &egui::Context) {
        let dropped = ctx.input(|input| input.raw.dropped_files.first().map(|file| file.path().to_owned()));
        let Some(path) = dropped else { return };
        match self.view.file_drop() {
            FileDrop::Posting => self.open_posting(path),
            FileDrop::Answer => self.open_recording(path),
            FileDrop::AfterThisAnswer => {
                let message = "Finish this answer first. Then drop the recording again.";
                self.notify(Notice::Error(message.into()));
            }
            FileDrop::NeedsQuestion => {
                let message = "Open a question first, and drop a recording of your answer there. A job posting goes on \
                    the page Prepare.";
                self.notify(Notice::Error(message.into()));
            }
        }
    }

    /// Seconds until the next frame, though nothing happens; nothing where none is needed.
    pub(super) fn next_repaint(&self, ctx: &egui::Context) -> Option<f64> {
        let time = ctx.input(|input| input.time);
        let recording = self
            .view
            .practice
            .as_ref()
            .is_some_and(|practice| practice.phase == Phase::Recording);
        let mut delays = Vec::new();
        // While a take is played, each of its events asks for a frame.
        if recording {
            delays.push(TRAIL_SECONDS);
        } else if self.shows_level() && self.is_listening() {
            // To close it; a change of its level comes as an event.
            delays.push((self.timers.touched_at + REST_SECONDS - time).max(0.05));
        }
        if self.view.answer.ready_in.is_some() {
            delays.push(COUNTDOWN_SECONDS);
        }
        if self.view.prepare.breathing.is_some() {
            delays.push(if self.view.settings.reduced_motion { 0.25 } else { 0.033 });
        }
        if self.saves.interview_changed || self.saves.notes_changed || self.saves.own_draft_changed {
            delays.push(SAVE_SECONDS);
        }
        if let Some(at) = self.timers.noticed_at {
            let seconds = self.view.attention.notice.as_ref().and_then(notice_seconds);
            delays.push((at + seconds.unwrap_or(0.0) - time).max(0.05));
        }
        if let Some(at) = self.deletion_ends_at() {
            delays.push((at - time).max(0.05));
        }
        if let Some(at) = self.models_released_at() {
            delays.push((at - time).max(0.05));
        }
        delays.into_iter().reduce(f64::min)
    }

    /// Takes what has been read by now, and drops the readers that have finished.
    fn receive_all(&mut self) {
        use std::sync::mpsc::TryRecvError;
        let mut loading = std::mem::take(&mut self.workers.loading);
        loading.retain(|reader| {
            loop {
                match reader.try_recv() {
                    Ok(loaded) => self.receive(loaded),
                    Err(error) => break error == TryRecvError::Empty,
                }
            }
        });
        self.workers.loading.append(&mut loading);
    }

    pub(super) fn receive(&mut self, loaded: Loaded) {
        match loaded {
            Loaded::Memory(memory) => {
                self.view.asked_again = memory.asked_again();
                self.memory = memory;
            }
            Loaded::Bank(bank, index) => {
                self.view.bank = Arc::new(bank);
                self.view.question_index = Arc::new(index);
                self.view.history.past.rename_fields();
                self.view.library.list.forget();
                self.forget_observed_figures();
                self.workers.insights.forget();
                self.read_posting();
                if let Some(action) = self.workers.awaited.take() {
                    self.handle_start_action(action);
                }
            }
            Loaded::Models(models) => {
                self.view.models.list = models;
                self.propose_model();
                self.choose_final_model();
            }
            Loaded::Past { interviews, problems } => {
                // One that was begun meanwhile is in the list already.
                self.view.history.past.extend(interviews);
                if let Some(error) = problems.first() {
                    self.notify(Notice::Error(error.clone()));
                }
            }
            Loaded::Found(mut found) => {
                for sample in found.extract_if(.., |found| start::is_sample(found)) {
                    self.queue_disk_job(DiskJob::DeleteTake(sample));
                }
                // What was recorded meanwhile belongs to the interview that is open.
                let open: BTreeSet<_> = self.view.interview().into_iter().flat_map(store::take_names).collect();
                found.retain(|take| take.sound.file_name().is_none_or(|name| !open.contains(name)));
                self.view.history.found = found;
            }
            Loaded::Figures(mut figures) => {
                // What was answered or left meanwhile is newer than what was read.
                let known: BTreeSet<&str> = self
                    .view
                    .history
                    .figures
                    .iter()
                    .map(|known| known.interview.as_str())
                    .collect();
                // What was deleted meanwhile is not on the list any more, and may still be on disk.
                let listed: BTreeSet<&str> = self.view.history.past.iter().map(|past| past.id.as_str()).collect();
                figures.retain(|read| {
                    let id = read.interview.as_str();
                    listed.contains(id) && !known.contains(id)
                });
                self.view.history.figures.append(&mut figures);
                self.view.history.figures.sort_by_key(|figures| figures.at);
            }
            Loaded::FiguresOf(id, figures) => self.replace_figures(&id, figures),
            Loaded::Posting(number, text) => self.receive_posting(number, text),
            Loaded::Sample(sound) => self.begin_sample(sound),
            Loaded::OwnDraft(draft) => self.view.own.draft = *draft,
            Loaded::ResearchNotes(sheet) => match *sheet {
                Ok(sheet) => {
                    self.view.prepare.notes = sheet;
                    self.read_posting();
                }
                Err(error) => self.notify(Notice::Error(error)),
            },
        }
    }

    fn expire_notice(&mut self, time: f64) {
        let seconds = self.view.attention.notice.as_ref().and_then(notice_seconds);
        match (seconds, self.timers.noticed_at) {
            (Some(_), None) => self.timers.noticed_at = Some(time),
            (Some(seconds), Some(at)) if time - at > seconds => {
                self.view.attention.notice = None;
                self.timers.noticed_at = None;
            }
            (None, _) => self.timers.noticed_at = None,
            (Some(_), Some(_)) => {}
        }
    }

    pub(super) fn handle_event(&mut self, mut event: Event) {
        self.apply_event(&event);
        self.name_misheard_terms(&mut event);
        let counts = matches!(
            event,
            Event::Words { .. }
                | Event::Stopped(_)
                | Event::Preliminary { .. }
                | Event::Transcribed { .. }
                | Event::Failed { .. }
        );
        let whole = matches!(
            event,
            Event::Stopped(_)
                | Event::Written { .. }
                | Event::Preliminary { .. }
                | Event::Transcribed { .. }
                | Event::Failed {
                    task: Task::Transcription(_),
                    ..
                }
        );
        if let Some(practice) = &mut self.view.practice {
            let commands = practice.update(event);
            self.send_all(commands);
        }
        self.finish_without_model();
        if counts {
            self.workers.unobserved = true;
        }
        if whole {
            self.view.answer.comparing = false;
            self.saves.interview_changed = true;
            self.save_interview();
        }
    }

    /// In the last words of a take, job terms that were misheard are written as the terms.
    fn name_misheard_terms(&self, event: &mut Event) {
        if let Event::Transcribed { take, transcript, .. } | Event::Preliminary { take, transcript, .. } = event
            && let Some(practice) = &self.view.practice
        {
            let question = practice.question_of(&take.id());
            let field = self.view.bank.field(&practice.interview.field);
            *transcript = insight::with_misheard_terms(std::mem::take(transcript), question, field);
        }
    }

    /// Updates everything but the interview.
    fn apply_event(&mut self, event: &Event) {
        match event {
            Event::Microphones(names) => {
                self.view.microphone.names = Some(names.clone());
                self.drop_microphone_notice();
            }
            Event::Listening { microphone } => {
                self.view.microphone.state = MicrophoneStatus::Open(microphone.clone());
                self.view.microphone.voice = false;
                self.view.microphone.step = 0;
            }
            Event::MicrophoneReplaced { lost, microphone } => {
                self.notify(Notice::Error(format!("{lost} The take continues with “{microphone}”.")));
            }
            Event::Level { step, speech } => {
                self.view.microphone.step = *step;
                self.view.microphone.voice |= speech;
            }
            Event::Heard { microphone } => self.view.microphone.state = MicrophoneStatus::Heard(microphone.clone()),
            Event::Unheard { microphone } => self.view.microphone.state = MicrophoneStatus::Unheard(microphone.clone()),
            Event::Model(state) => {
                self.view.models.state = Some(state.clone());
                self.choose_final_model();
            }
            Event::FinalModel(state) => self.final_model_changed(state),
            Event::Fetching { model, progress } => self.view.models.fetching = Some((model.clone(), *progress)),
            Event::Fetched { model } => {
                self.view.models.fetching = None;
                self.model_installed(model);
            }
            Event::Imported { path, model } => {
                if self.view.models.import.state == ImportState::Running(path.clone()) {
                    self.view.models.import.state = ImportState::Done(model.clone());
                }
                // Its name may be a new one.
                self.workers
                    .loading
                    .push(load::read_models_again(&self.workers.list_models, &self.wake));
                self.model_installed(model);
            }
            Event::Playing { playback, second } => self.playing_at(*playback, *second),
            Event::Paced { model, pace } => {
                let model = model.clone();
                self.machine_measured(Measured { model, pace: *pace });
            }
            Event::Stopped(take) => self.final_text.stopped = Some((take.id(), Instant::now())),
            Event::Transcribed { take, model, .. } => self.final_text_came(&take.id(), model),
            Event::Played { playback, stopped_at } => self.played(*playback, *stopped_at),
            Event::CanReadAloud(can) => self.view.sound.can_read = *can,
            Event::ReadingAloud(true) => self.view.sound.reading_aloud = true,
            Event::ReadingAloud(false) => self.reading_ended(),
            Event::Unwritten { take, seconds, failure } => self.notify(Notice::Unwritten {
                take: take.clone(),
                message: unwritten(*seconds, failure),
                folder: self.store.elsewhere(),
            }),
            // Of a recording that the disk had refused before.
            Event::Written { sound, .. } => self.notify(Notice::Done(format!(
                "The whole recording is now saved in {}.",
                sound.display()
            ))),
            Event::Failed { task, failure } => self.handle_failure(task, failure),
            Event::Started(_)
            | Event::Words { .. }
            | Event::Paused(_)
            | Event::Preliminary { .. }
            | Event::Resumed(_) => {}
        }
    }

    /// Something failed: it is no longer under way, and a notice tells why.
    fn handle_failure(&mut self, task: &Task, failure: &Failure) {
        match task {
            Task::Download(_) => self.view.models.fetching = None,
            Task::Import(path) => {
                if self.view.models.import.state == ImportState::Running(path.clone()) {
                    self.view.models.import.state = ImportState::Failed(failure.to_string());
                    // It is shown beside the field.
                    if self.view.screen == Screen::Settings {
                        return;
                    }
                }
            }
            Task::Microphone => {
                if matches!(self.view.microphone.state, MicrophoneStatus::Opening) {
                    self.view.microphone.state = MicrophoneStatus::Resting;
                    self.microphone_failed = true;
                }
            }
            Task::Playback(_) => self.playing_failed(),
            Task::Session => {
                self.view.models.fetching = None;
                self.playing_failed();
                self.view.microphone.state = MicrophoneStatus::Resting;
                self.microphone_failed = true;
            }
            Task::ReadAloud => self.reading_ended(),
            // Nobody asked for it, and nothing is worse than before.
            Task::Measurement => return,
            Task::Recording(_) | Task::Transcription(_) | Task::Deletion(_) => {}
        }
        // What the user cancelled did not fail.
        if failure.kind != FailureKind::Cancelled {
            let notice = Notice::Error(failure.to_string());
            if *task == Task::Microphone {
                self.microphone_notice = Some(notice.clone());
            }
            self.notify(notice);
            self.drop_microphone_notice();
        }
    }

    /// Where the microphone's state stands, it says already that there is none.
    fn drop_microphone_notice(&mut self) {
        let stands = self.view.microphone.is_missing() && self.shows_level();
        if stands && self.microphone_notice.is_some() && self.view.attention.notice == self.microphone_notice {
            self.view.attention.notice = None;
        }
    }

    pub(super) fn send_all(&mut self, commands: Vec<Command>) {
        for command in commands {
            self.audio.send(command);
        }
    }

    /// Finds what the history's search asks for, where that or the history has changed.
    pub(super) fn search_past(&mut self) {
        let view = &mut self.view;
        if view.screen != Screen::History {
            view.history.selected = None;
            view.history.renaming = None;
        }
        let words = if view.screen == Screen::History {
            view.search.text.as_str()
        } else {
            ""
        };
        view.history.past.search(words, &view.history.filter, &view.bank);
    }
}

/// How long a notice is shown; nothing for one that stays until it is closed.
fn notice_seconds(notice: &Notice) -> Option<f64> {
    match notice {
        Notice::Done(_) => Some(NOTICE_SECONDS),
        Notice::Saved { .. } => Some(SAVED_NOTICE_SECONDS),
        // One that offers to bring something back ends with that time.
        Notice::Error(_) | Notice::Unwritten { .. } | Notice::Deleted(_) => None,
    }
}

/// How much of a recording the disk refuses, and why.
fn unwritten(seconds: f64, failure: &Failure) -> String {
    if seconds < 1.0 {
        return failure.to_string();
    }
    format!("{seconds:.0} s of this recording are not on disk yet. {failure}")
}
