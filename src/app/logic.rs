//! What happens by itself: events from the session, things that were read, the microphone's rest, saving.

use std::{collections::BTreeSet, sync::Arc};

use eframe::egui;

use super::{App, opening, opening::Loaded};
use crate::{
    interview::{Interview, Phase, SampleOrVoice},
    models,
    protocol::{Command, Event, Failure, FailureKind, ModelState, Task},
    store::{self, Measured},
    ui::{
        Screen,
        scene::{Hearing, ImportState, Notice},
        theme,
    },
};

/// With nobody at the window the microphone is closed after this time: nothing is painted, and no lamp is lit.
const REST_SECONDS: f64 = 45.0;
/// How long a done thing is told.
const NOTICE_SECONDS: f64 = 5.0;
/// Writing settles before it is saved.
const SAVE_SECONDS: f64 = 1.5;
/// A minute to breathe.
const BREATH_SECONDS: f64 = 60.0;
/// Between two bars of the trail.
const TRAIL_SECONDS: f64 = 0.07;
const TRAIL_LENGTH: usize = 120;

impl App {
    /// Keeps the scene true.
    pub(super) fn follow(&mut self, ctx: &egui::Context) {
        self.scene.now = jiff::Timestamp::now();
        if self.look.as_ref() != Some(&self.scene.settings) {
            theme::apply(ctx, &self.scene.settings);
            self.look = Some(self.scene.settings.clone());
        }
        self.receive_all();
        for event in self.studio.drain() {
            self.hear(event);
        }
        // However many words came at once, they are looked at once.
        if std::mem::take(&mut self.unobserved) {
            self.observe();
        }
        let (time, touched) = ctx.input(|input| (input.time, !input.events.is_empty()));
        if touched {
            self.touched_at = time;
        }
        self.take_dropped(ctx);
        self.mind_microphone(time);
        self.measure();
        self.mind_notice(time);
        self.hear_readers();
        self.hear_noticing();
        self.hear_disk(ctx);
        self.search_past();
        self.mind_closing(ctx);
        if time - self.changed_at > SAVE_SECONDS {
            self.save_interview();
            self.save_sheet();
        }
        self.scene.breathing = self
            .breathing_since
            .map(|since| time - since)
            .filter(|seconds| *seconds < BREATH_SECONDS);
        if self.scene.breathing.is_none() || self.scene.screen != Screen::Prepare {
            self.breathing_since = None;
        }
    }

    /// A file that is dropped on the preparation is its posting.
    fn take_dropped(&mut self, ctx: &egui::Context) {
        let dropped = ctx.input(|input| input.raw.dropped_files.first().map(|file| file.path().to_owned()));
        if let Some(path) = dropped.filter(|_| self.scene.screen == Screen::Prepare) {
            self.open_posting(path);
        }
    }

    /// When to look again though nothing happens: seconds, or not at all.
    pub(super) fn next_look(&self, ctx: &egui::Context) -> Option<f64> {
        let time = ctx.input(|input| input.time);
        let recording = self
            .scene
            .interview
            .as_ref()
            .is_some_and(|interview| interview.phase == Phase::Recording);
        let mut looks = Vec::new();
        // While a take is played, each event of it asks for a look.
        if recording {
            looks.push(TRAIL_SECONDS);
        } else if self.shows_level() && self.is_listening() {
            // To close it; its level is told when it changes.
            looks.push((self.touched_at + REST_SECONDS - time).max(0.05));
        }
        if self.scene.breathing.is_some() {
            looks.push(if self.scene.settings.reduced_motion {
                0.25
            } else {
                0.033
            });
        }
        if self.changed || self.sheet_changed {
            looks.push(SAVE_SECONDS);
        }
        if let Some(at) = self.noticed_at {
            looks.push((at + NOTICE_SECONDS - time).max(0.05));
        }
        looks.into_iter().reduce(f64::min)
    }

    /// Takes what has been read by now; those who have nothing more to say are let go.
    fn receive_all(&mut self) {
        use std::sync::mpsc::TryRecvError;
        let mut loading = std::mem::take(&mut self.loading);
        loading.retain(|reader| {
            loop {
                match reader.try_recv() {
                    Ok(loaded) => self.receive(loaded),
                    Err(error) => break error == TryRecvError::Empty,
                }
            }
        });
        self.loading.append(&mut loading);
    }

    pub(super) fn receive(&mut self, loaded: Loaded) {
        match loaded {
            Loaded::Memory(memory) => self.memory = memory,
            Loaded::Bank(bank) => {
                self.scene.bank = Arc::new(bank);
                self.scene.past.rename_fields();
                self.noticing.forget();
                self.read_posting();
                if let Some(action) = self.awaited.take() {
                    self.begin(action);
                }
            }
            Loaded::Models(models) => {
                self.scene.models = models;
                self.propose_model();
            }
            Loaded::Past { interviews, troubles } => {
                // One that was begun meanwhile stands there already.
                self.scene.past.extend(interviews);
                if let Some(trouble) = troubles.first() {
                    self.notify(Notice::Trouble(trouble.clone()));
                }
            }
            Loaded::Found(mut found) => {
                // What was recorded meanwhile belongs to the interview that is open.
                let open: BTreeSet<_> = self.scene.interview.iter().flat_map(store::take_names).collect();
                found.retain(|take| take.sound.file_name().is_none_or(|name| !open.contains(name)));
                self.scene.found = found;
            }
            Loaded::Figures(mut figures) => {
                // What was answered or left meanwhile is newer than what was read.
                let known: BTreeSet<&str> = self
                    .scene
                    .figures
                    .iter()
                    .map(|known| known.interview.as_str())
                    .collect();
                figures.retain(|read| !known.contains(read.interview.as_str()));
                self.scene.figures.append(&mut figures);
                self.scene.figures.sort_by_key(|figures| figures.at);
            }
            Loaded::FiguresOf(id, figures) => {
                let known = &mut self.scene.figures;
                known.retain(|known| known.interview != id);
                // One that was deleted meanwhile has none.
                if self.scene.past.find(&id).is_some() {
                    known.extend(figures);
                    known.sort_by_key(|figures| figures.at);
                }
            }
            Loaded::Posting(number, text) => self.receive_posting(number, text),
            Loaded::Sample(sound) => self.begin_sample(sound),
            Loaded::Sheet(sheet) => match *sheet {
                Ok(sheet) => {
                    self.scene.sheet = sheet;
                    self.read_posting();
                }
                Err(trouble) => self.notify(Notice::Trouble(trouble)),
            },
        }
    }

    /// The level is on screen, and somebody may be looking at it.
    fn shows_level(&self) -> bool {
        match self.scene.screen {
            Screen::Home | Screen::Settings => true,
            Screen::Practice => {
                self.scene.interview.as_ref().is_some_and(|interview| {
                    interview.phase == Phase::Asking && interview.source == SampleOrVoice::Voice
                })
            }
            _ => false,
        }
    }

    pub(super) fn is_listening(&self) -> bool {
        self.scene.microphone.state != Hearing::Resting
    }

    fn is_recording(&self) -> bool {
        self.scene.interview.as_ref().is_some_and(Interview::is_recording)
    }

    /// Opens the microphone where its level is shown, and closes it when it is not, or when nobody is there.
    fn mind_microphone(&mut self, time: f64) {
        // Not while the last words are still being written down, either.
        if self
            .scene
            .interview
            .as_ref()
            .is_some_and(|interview| !interview.can_leave())
        {
            return;
        }
        let wanted = self.shows_level() && !self.microphone_failed && time - self.touched_at < REST_SECONDS;
        if wanted && !self.is_listening() {
            self.listen();
        } else if !wanted && self.is_listening() {
            self.studio.send(Command::Rest);
            self.scene.microphone.state = Hearing::Resting;
        }
    }

    pub(super) fn listen(&mut self) {
        self.studio
            .send(Command::Listen(self.scene.settings.microphone.clone()));
        self.scene.microphone.state = Hearing::Opening;
        self.microphone_failed = false;
    }

    fn measure(&mut self) {
        if !self.is_recording() {
            return;
        }
        let level = self.studio.level();
        self.scene.microphone.voice |= level.speech;
        self.scene.seconds = self.studio.recording_seconds();
        if self.scene.seconds < self.trail_at {
            self.trail_at = 0.0;
            self.scene.microphone.trail.clear();
        }
        if self.scene.seconds - self.trail_at >= TRAIL_SECONDS {
            self.trail_at = self.scene.seconds;
            let trail = &mut self.scene.microphone.trail;
            trail.push(level.peak);
            if trail.len() > TRAIL_LENGTH {
                trail.remove(0);
            }
        }
    }

    fn mind_notice(&mut self, time: f64) {
        match (&self.scene.notice, self.noticed_at) {
            (Some(Notice::Done(_)), None) => self.noticed_at = Some(time),
            (Some(Notice::Done(_)), Some(at)) if time - at > NOTICE_SECONDS => {
                self.scene.notice = None;
                self.noticed_at = None;
            }
            (Some(Notice::Trouble(_) | Notice::Unwritten { .. }) | None, _) => self.noticed_at = None,
            (Some(Notice::Done(_)), Some(_)) => {}
        }
    }

    pub(super) fn hear(&mut self, event: Event) {
        self.note(&event);
        let counts = matches!(
            event,
            Event::Words { .. } | Event::Stopped(_) | Event::Transcribed { .. } | Event::Failed { .. }
        );
        let whole = matches!(
            event,
            Event::Stopped(_)
                | Event::Written { .. }
                | Event::Transcribed { .. }
                | Event::Failed {
                    task: Task::Transcription(_),
                    ..
                }
        );
        if let Some(interview) = &mut self.scene.interview {
            let commands = interview.update(event);
            self.send_all(commands);
        }
        self.mind_missing_model();
        if counts {
            self.unobserved = true;
        }
        if whole {
            self.scene.comparing = false;
            self.changed = true;
            self.save_interview();
        }
    }

    /// What an event means for everything but the interview.
    fn note(&mut self, event: &Event) {
        match event {
            Event::Microphones(names) => self.scene.microphone.names = Some(names.clone()),
            Event::Listening { microphone } => {
                self.scene.microphone.state = Hearing::Open(microphone.clone());
                self.scene.microphone.voice = false;
                self.scene.microphone.step = 0;
            }
            Event::MicrophoneReplaced { lost, microphone } => self.notify(Notice::Trouble(format!(
                "{lost} Now “{microphone}” goes on in the same take."
            ))),
            Event::Level { step, speech } => {
                self.scene.microphone.step = *step;
                self.scene.microphone.voice |= speech;
            }
            Event::Heard { microphone } => self.scene.microphone.state = Hearing::Heard(microphone.clone()),
            Event::Unheard { microphone } => self.scene.microphone.state = Hearing::Unheard(microphone.clone()),
            Event::Model(state) => self.scene.model = Some(state.clone()),
            Event::Fetching { model, progress } => self.scene.fetching = Some((model.clone(), *progress)),
            Event::Fetched { model } => {
                self.scene.fetching = None;
                self.model_is_here(model);
            }
            Event::Imported { path, model } => {
                if self.scene.import.state == ImportState::Running(path.clone()) {
                    self.scene.import.state = ImportState::Done(model.clone());
                }
                // Its name may be a new one.
                self.loading.push(opening::read_models_again(&self.models, &self.wake));
                self.model_is_here(model);
            }
            Event::Playing { second } => {
                if let Some(playing) = &mut self.scene.playing {
                    playing.second = *second;
                }
            }
            Event::Paced { model, pace } => {
                self.scene.settings.measured = Some(Measured {
                    model: model.clone(),
                    pace: *pace,
                });
                self.save_settings();
                self.propose_model();
            }
            Event::Played => self.scene.playing = None,
            Event::CanReadAloud(can) => self.scene.can_read = *can,
            Event::ReadingAloud(reading) => self.scene.reading = *reading,
            Event::Unwritten { take, seconds, failure } => self.notify(Notice::Unwritten {
                take: take.clone(),
                says: unwritten(*seconds, failure),
                folder: self.store.elsewhere(),
            }),
            // Told of what the disk had refused before.
            Event::Written { sound, .. } => self.notify(Notice::Done(format!(
                "The whole recording is saved now, in {}.",
                sound.display()
            ))),
            Event::Failed { task, failure } => self.failed(task, failure),
            Event::Started(_)
            | Event::Words { .. }
            | Event::Paused(_)
            | Event::Resumed(_)
            | Event::Stopped(_)
            | Event::Transcribed { .. } => {}
        }
    }

    /// Without a model nobody writes the take down now: it is shown as it is, with the offer to get a model.
    fn mind_missing_model(&mut self) {
        let missing = matches!(
            self.scene.model,
            Some(ModelState::Missing { .. } | ModelState::Failed { .. })
        );
        if let Some(interview) = self
            .scene
            .interview
            .as_mut()
            .filter(|interview| missing && interview.waits_for_words())
        {
            interview.finish_without_words();
            self.observe();
        }
    }

    fn propose_model(&mut self) {
        let works = self
            .scene
            .models
            .iter()
            .filter_map(|card| Some((card.name.as_str(), card.work?)));
        self.scene.follows = self
            .scene
            .settings
            .measured
            .as_ref()
            .and_then(|measured| models::largest_that_follows(works, &measured.model, measured.pace));
    }

    /// Something failed: what it was about is no longer under way, and a notice says why.
    fn failed(&mut self, task: &Task, failure: &Failure) {
        match task {
            Task::Download(_) => self.scene.fetching = None,
            Task::Import(path) => {
                if self.scene.import.state == ImportState::Running(path.clone()) {
                    self.scene.import.state = ImportState::Failed(failure.to_string());
                    // It is said beside the field.
                    if self.scene.screen == Screen::Settings {
                        return;
                    }
                }
            }
            Task::Microphone => {
                if matches!(self.scene.microphone.state, Hearing::Opening) {
                    self.scene.microphone.state = Hearing::Resting;
                    self.microphone_failed = true;
                }
            }
            Task::Playback(_) => self.scene.playing = None,
            Task::Session => {
                self.scene.fetching = None;
                self.scene.playing = None;
                self.scene.microphone.state = Hearing::Resting;
                self.microphone_failed = true;
            }
            Task::Recording(_) | Task::Transcription(_) | Task::Deletion(_) | Task::ReadAloud => {}
        }
        // The person's own wish is no failure.
        if failure.kind != FailureKind::Cancelled {
            self.notify(Notice::Trouble(failure.to_string()));
        }
    }

    /// A model has come to this machine: it is used where none was, or where it is the chosen one.
    fn model_is_here(&mut self, model: &str) {
        for card in &mut self.scene.models {
            card.here |= card.name == model;
        }
        let missing = !matches!(
            self.scene.model,
            Some(ModelState::Ready { .. } | ModelState::Loading { .. })
        );
        if model == self.scene.settings.model || missing {
            model.clone_into(&mut self.scene.settings.model);
            self.studio.send(Command::LoadModel(model.to_owned()));
            self.save_settings();
        }
        self.notify(Notice::Done(format!("The speech model {model} is ready.")));
    }

    pub(super) fn send_all(&mut self, commands: Vec<Command>) {
        for command in commands {
            self.studio.send(command);
        }
    }

    /// Finds what the history's search asks for, where that or the history has changed.
    pub(super) fn search_past(&mut self) {
        let scene = &mut self.scene;
        let words = if scene.screen == Screen::History {
            scene.search.text.as_str()
        } else {
            ""
        };
        scene.past.search(words, &scene.bank);
    }
}

/// What the disk refuses of a recording, and what becomes of it.
fn unwritten(seconds: f64, failure: &Failure) -> String {
    if seconds < 1.0 {
        return failure.to_string();
    }
    format!("{seconds:.0} s of this recording are not on the disk yet. {failure}")
}
