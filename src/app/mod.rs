//! The window's app: where the screens, the session and the user's files meet. [`events`] brings the view model up to
//! date, [`actions`] hands what a screen asked for to the file that carries it out; drawing is `ui`'s.

use std::{
    fmt,
    sync::{Arc, mpsc},
    time::Duration,
};

use eframe::egui;

pub use export::{ShowInFolder, document_look};
pub use message::show_message;

use crate::{
    interview::draw::Memory,
    protocol::{Command, Event},
    settings::{Settings, WindowPlace},
    single_instance::RaiseRequests,
    store::{Store, StoreError},
    take::Level,
    ui::{
        self, Actions, Screen, ViewModel,
        action::StartAction,
        theme,
        view_model::{AttentionView, ExportView, ModelCard, ModelsView, Notice},
    },
};

mod actions;
mod answer;
mod delete;
mod dialogs;
mod disk;
mod events;
mod export;
mod history;
mod icon;
mod insight_worker;
mod latest_worker;
mod load;
mod message;
mod microphone;
mod navigate;
mod observed_figures;
mod own_questions;
mod palette;
mod playback;
mod player;
mod prepare;
mod raise;
mod saving;
mod settings;
mod speech_models;
mod start;
mod text_checkers;
mod undo;
mod unsaved;
mod view;
mod welcome;
mod window_place;

use self::{
    disk::DiskThread, insight_worker::InsightWorker, navigate::Navigation, observed_figures::FiguresWorker,
    speech_models::FinalModelControl, text_checkers::TextCheckers, undo::PendingDeletion, unsaved::Unsaved,
};

/// Records, transcribes and plays. The session is one; tests have their own.
pub trait AudioBackend {
    fn send(&mut self, command: Command);
    /// The events since the last call, oldest first.
    fn drain(&mut self) -> Vec<Event>;
    /// How loud it is now.
    fn level(&self) -> Level;
    /// Length of the running take so far.
    fn recording_seconds(&self) -> f64;
}

/// Called by the audio backend from any thread when it has an event: the window paints a frame.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// Names the speech models there are, from any thread.
pub type ListModels = Arc<dyn Fn() -> Vec<ModelCard> + Send + Sync>;

/// A spoken answer that comes with Aloud.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// A WAV file.
    pub sound: &'static [u8],
    /// The question that it answers.
    pub question: &'static str,
}

/// What the window is opened with.
pub struct Options {
    /// Makes the audio backend. It must return at once: whatever takes time belongs on its own threads.
    pub audio: Box<dyn FnOnce(Wake) -> Box<dyn AudioBackend>>,
    /// The speech models there are, and which of them are installed. Called off the window's thread.
    pub models: ListModels,
    pub sample: Option<Sample>,
    /// The notice of the start. Called once there is a window to show it in.
    pub notice: Box<dyn FnOnce() -> Option<String>>,
    /// Second starts, which ask the window to come forward.
    pub raise: Option<RaiseRequests>,
    /// Shows what was saved in the system's file manager.
    pub show_in_folder: ShowInFolder,
    /// What questions are drawn with: the same seed and memory draw the same questions.
    pub seed: u64,
    /// Whether somebody who has nothing saved yet is led through the first steps.
    pub welcomes: bool,
}

impl fmt::Debug for Options {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Options")
            .field("sample", &self.sample)
            .finish_non_exhaustive()
    }
}

/// Why the window did not open.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    #[error("Could not open a window: {0}. On a machine without a display, use the commands: aloud --help lists them.")]
    Window(String),
}

/// Opens the window and returns when it is closed. The caller holds the folder's lock as long.
pub fn run(store: Store, options: Options) -> Result<(), AppError> {
    let place = store.settings().0.window;
    let native = self::options(window_place::opened(viewport(), place));
    run_app(native, move |ctx| App::new(ctx, store, options))
}

/// Opens a window around an app that was made by the caller: the pictures of the screens are taken this way.
pub fn run_app<A: eframe::App + 'static>(
    native: eframe::NativeOptions,
    make: impl FnOnce(&egui::Context) -> A + 'static,
) -> Result<(), AppError> {
    eframe::run_native("Aloud", native, Box::new(move |cc| Ok(Box::new(make(&cc.egui_ctx)))))
        .map_err(|error| AppError::Window(error.to_string()))
}

/// By this name the desktop knows the window, its entry in the menu and its icon: that of the files in `assets/package/`.
const DESKTOP_ID: &str = "io.github.aloud.Aloud";

/// The window's size, name and picture.
pub fn native_options(size: [f32; 2]) -> eframe::NativeOptions {
    options(viewport().with_inner_size(size))
}

fn viewport() -> egui::ViewportBuilder {
    egui::ViewportBuilder::default()
        .with_title("Aloud")
        .with_app_id(DESKTOP_ID)
        .with_min_inner_size(window_place::LEAST_SIZE)
        .with_icon(icon::icon())
}

fn options(viewport: egui::ViewportBuilder) -> eframe::NativeOptions {
    eframe::NativeOptions {
        renderer: eframe::Renderer::Glow,
        centered: viewport.position.is_none(),
        viewport,
        persist_window: false,
        // Every colour here is flat: dithering would only cost, most where a processor does the painting.
        dithering: false,
        ..eframe::NativeOptions::default()
    }
}

/// The app: what the screens read, and the ways to change it.
pub struct App {
    pub view: ViewModel,
    store: Store,
    audio: Box<dyn AudioBackend>,
    sample: Option<Sample>,
    wake: Wake,
    saves: Saves,
    /// What was deleted last, as long as it can be brought back.
    deletion: Option<PendingDeletion>,
    workers: Workers,
    timers: Timers,
    final_text: FinalModelControl,
    foreground: Foreground,
    navigation: Navigation,
    exports: export::Exports,
    /// The settings that the window was dressed with; applied again when they change.
    applied_settings: Option<Settings>,
    /// The microphone did not open: not again before the user asks for it.
    microphone_failed: bool,
    /// What was said of that last.
    microphone_notice: Option<Notice>,
    /// Which questions were drawn.
    memory: Memory,
    /// What the next draw is made with.
    seed: u64,
    /// Where the window is, and where it opened.
    window: Option<WindowPlace>,
    opened_window: Option<WindowPlace>,
    /// The window was looked at once it had opened: it is on the screen.
    window_checked: bool,
}

/// What is to be saved, and who saves it.
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that waits to be done")]
struct Saves {
    /// Writes and deletes the user's files.
    disk: DiskThread,
    /// What could not be saved so far.
    unsaved: Vec<Unsaved>,
    /// The interview has changes that the disk has not been asked to save.
    interview_changed: bool,
    /// The research notes have.
    notes_changed: bool,
    /// What was begun of the user's own questions has.
    own_draft_changed: bool,
    /// When the last change was made, in the window's seconds.
    changed_at: f64,
    /// Settings that were wrong are not written over.
    settings_broken: bool,
    /// The text of the user's own questions, until it is saved.
    own_questions: Option<String>,
    /// The user wants to close the window though something is not saved.
    closes_anyway: bool,
}

impl Saves {
    fn new(disk: DiskThread, settings_broken: bool) -> Self {
        Self {
            disk,
            unsaved: Vec::new(),
            interview_changed: false,
            notes_changed: false,
            own_draft_changed: false,
            changed_at: 0.0,
            settings_broken,
            own_questions: None,
            closes_anyway: false,
        }
    }
}

/// Work on other threads, and what waits for it.
struct Workers {
    /// What threads are reading.
    loading: Vec<mpsc::Receiver<load::Loaded>>,
    list_models: ListModels,
    text_checkers: TextCheckers,
    insights: InsightWorker,
    figures: FiguresWorker,
    /// The shown words have changed since their insights were asked for.
    unobserved: bool,
    /// How many files of postings have been opened.
    postings_opened: u64,
    /// What was started before the questions were read, and starts once they are.
    awaited: Option<StartAction>,
}

/// When things happened, in the window's seconds.
#[derive(Debug, Default)]
struct Timers {
    /// When the user last did something.
    touched_at: f64,
    /// When the notice came up.
    noticed_at: Option<f64>,
    /// When the level was last added to the trail of a take.
    trail_at: f64,
    /// The second of the take at which its level was last seen to move.
    heard_at: f64,
    breathing_since: Option<f64>,
    /// When the time to get ready was last counted.
    counted_at: f64,
    /// The take is paused until the question was read.
    waits_for_reading: bool,
    /// The filler or pause that was jumped to last: seconds of its take.
    jumped_to: Option<f64>,
    /// What is dragged was playing before.
    plays_after_scrub: bool,
    /// When a page was left that needs the speech models, or they were let go of.
    without_models_since: f64,
}

/// How the window comes to the front.
struct Foreground {
    /// The notice of the start, until the user closes it: other notices may come before it.
    start_notice: Option<String>,
    raise: Option<RaiseRequests>,
    /// The window's place among the open ones is marked, since a second start could not bring it forward.
    attention_requested: bool,
}

impl fmt::Debug for App {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("App")
            .field("store", &self.store)
            .field("screen", &self.view.screen)
            .finish_non_exhaustive()
    }
}

impl App {
    /// The app in a window that has not painted yet. Everything slow is left to other threads.
    pub fn new(ctx: &egui::Context, store: Store, options: Options) -> Self {
        theme::install(ctx);
        let (settings, error) = store.settings();
        let wake: Wake = {
            let ctx = ctx.clone();
            Arc::new(move || ctx.request_repaint())
        };
        if let Some(requests) = &options.raise {
            let wake = Arc::clone(&wake);
            requests.wake_with(move || wake());
        }
        let disk = DiskThread::start(&store, &wake);
        let loading = load::begin(&store, settings.keep, &options.models, &wake, disk.queue());
        let mut audio = (options.audio)(wake.clone());
        audio.send(Command::FindMicrophones);
        audio.send(Command::LoadModel(settings.model.clone()));
        let view = ViewModel {
            root: store.root().to_owned(),
            export: ExportView {
                folder: store.exports(),
                ..ExportView::default()
            },
            has_sample: options.sample.is_some(),
            attention: AttentionView {
                notice: error.as_ref().map(|error| Notice::Error(error.to_string())),
                ..AttentionView::default()
            },
            now: jiff::Timestamp::now(),
            zone: Some(jiff::tz::TimeZone::system()),
            models: ModelsView {
                mirror_problem: load::mirror_problem(&settings),
                ..ModelsView::default()
            },
            screen: if options.welcomes && !settings.welcomed && store.is_unused() {
                Screen::Welcome
            } else {
                Screen::Home
            },
            settings,
            ..ViewModel::default()
        };
        let settings_broken = error.is_some_and(|error| !matches!(error, StoreError::SetAside { .. }));
        Self {
            view,
            store,
            audio,
            sample: options.sample,
            saves: Saves::new(disk, settings_broken),
            deletion: None,
            workers: Workers {
                loading: vec![loading],
                list_models: options.models,
                text_checkers: TextCheckers::start(&wake),
                insights: InsightWorker::start(&wake),
                figures: FiguresWorker::start(&wake),
                unobserved: false,
                postings_opened: 0,
                awaited: None,
            },
            timers: Timers::default(),
            final_text: FinalModelControl::default(),
            foreground: Foreground {
                start_notice: (options.notice)(),
                raise: options.raise,
                attention_requested: false,
            },
            exports: export::Exports::new(options.show_in_folder),
            wake,
            navigation: Navigation::default(),
            applied_settings: None,
            microphone_failed: false,
            microphone_notice: None,
            memory: Memory::default(),
            seed: options.seed,
            window: None,
            opened_window: None,
            window_checked: false,
        }
    }

    /// Waits until what is being read is there and what is being saved or deleted has been. For tests and pictures; the
    /// window never waits.
    pub fn settle(&mut self) {
        let ctx = egui::Context::default();
        loop {
            for loading in std::mem::take(&mut self.workers.loading) {
                for loaded in loading {
                    self.receive(loaded);
                }
            }
            self.saves.disk.settle();
            self.handle_disk_news(&ctx);
            self.workers.text_checkers.settle();
            self.handle_text_checks();
            self.workers.insights.settle();
            self.handle_insights();
            self.workers.figures.settle();
            self.observe_figures();
            self.search_past();
            self.list_questions();
            let more = self.saves.disk.has_news()
                || self.workers.text_checkers.has_news()
                || self.workers.insights.has_news()
                || self.workers.figures.has_news();
            if self.workers.loading.is_empty() && !more {
                break;
            }
        }
    }

    /// One round of what happens by itself. For pictures and tests that do not run the window's own loop.
    pub fn follow_once(&mut self, ctx: &egui::Context) {
        self.follow(ctx);
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, frame: &mut eframe::Frame) {
        self.follow_window(ctx, frame);
        self.come_forward(ctx);
        self.follow(ctx);
        self.show_start_notice();
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        // The keys are read first, since controls consume them; what was pressed on the screen comes first.
        let mut keys = Actions::default();
        ui::keys::push_pressed(&ctx, &self.view, &mut keys);
        let mut actions = Actions::default();
        ui::window_ui(ui, &self.view, &mut actions);
        actions.extend(keys.into_vec());
        if !actions.is_empty() {
            for action in actions.into_vec() {
                self.handle_action(action, &ctx);
            }
            // This frame shows the state before them.
            ctx.request_repaint();
        }
        if let Some(seconds) = self.next_repaint(&ctx) {
            ctx.request_repaint_after(Duration::from_secs_f64(seconds));
        }
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        if self
            .view
            .practice
            .as_ref()
            .is_some_and(crate::interview::Practice::is_recording)
        {
            self.audio.send(Command::Stop);
        }
        self.delete_unwanted_recordings();
        self.finish_deletion();
        self.save_interview();
        self.save_research_notes();
        self.save_own_draft();
        self.keep_window_place();
        self.saves.disk.close();
    }
}
