//! The window's app: where the screens, the session and the user's files meet. [`logic`] hears events and keeps the
//! scene true, [`carry`] does what a screen asked for; drawing is `ui`'s.

use std::{
    fmt,
    sync::{Arc, mpsc},
    time::Duration,
};

use eframe::egui;

pub use message::show_message;

use crate::{
    interview::draw::Memory,
    protocol::{Command, Event},
    single_instance::RaiseRequests,
    store::{Store, StoreError},
    take::Level,
    ui::{
        self, Action, Scene,
        scene::{ModelCard, Notice},
        theme,
    },
};

mod beginning;
mod carry;
mod deleting;
mod disk;
pub mod export;
mod latest;
mod logic;
mod message;
mod noticing;
mod opening;
mod raise;
mod reading;
mod saving;
mod sounding;
mod unsaved;

use self::{disk::Disk, noticing::Noticing, reading::Readers, unsaved::Unsaved};

/// What the app asks of the sound side. The session is one; tests write their own.
pub trait Studio {
    fn send(&mut self, command: Command);
    /// The events since the last call, oldest first.
    fn drain(&mut self) -> Vec<Event>;
    /// How loud it is now.
    fn level(&self) -> Level;
    /// Length of the running take so far.
    fn recording_seconds(&self) -> f64;
}

/// Called by the studio from any thread when it has an event: the window looks again.
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
    /// Makes the sound side. It must return at once: whatever takes time belongs on its own threads.
    pub studio: Box<dyn FnOnce(Wake) -> Box<dyn Studio>>,
    /// The speech models there are, and which of them lie on this machine. Asked off the window's thread.
    pub models: ListModels,
    pub sample: Option<Sample>,
    /// What is to be told at the start. Asked once there is a window to tell it in.
    pub notice: Box<dyn FnOnce() -> Option<String>>,
    /// Second starts, which ask the window to come forward.
    pub raise: Option<RaiseRequests>,
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
    run_app(native_options([1280.0, 800.0]), move |ctx| {
        App::new(ctx, store, options)
    })
}

/// Opens a window around an app that was made by the caller: the pictures of the screens are taken this way.
pub fn run_app<A: eframe::App + 'static>(
    native: eframe::NativeOptions,
    make: impl FnOnce(&egui::Context) -> A + 'static,
) -> Result<(), AppError> {
    eframe::run_native("Aloud", native, Box::new(move |cc| Ok(Box::new(make(&cc.egui_ctx)))))
        .map_err(|error| AppError::Window(error.to_string()))
}

/// The window's size, name and picture.
pub fn native_options(size: [f32; 2]) -> eframe::NativeOptions {
    let viewport = egui::ViewportBuilder::default()
        .with_title("Aloud")
        .with_app_id("aloud")
        .with_inner_size(size)
        .with_min_inner_size([900.0, 600.0])
        .with_icon(icon());
    eframe::NativeOptions {
        viewport,
        renderer: eframe::Renderer::Glow,
        centered: true,
        persist_window: false,
        // Every colour here is flat: dithering would only cost, most where a processor does the painting.
        dithering: false,
        ..eframe::NativeOptions::default()
    }
}

/// The window's picture: a voice in three strokes on the accent.
fn icon() -> egui::IconData {
    const SIDE: i32 = 64;
    let ground = theme::Tokens::for_dark(false).accent;
    let mut rgba = Vec::with_capacity((SIDE * SIDE * 4) as usize);
    for y in 0..SIDE {
        for x in 0..SIDE {
            let stroke = [(16, 11), (29, 20), (42, 14)]
                .into_iter()
                .any(|(left, half)| (left..left + 7).contains(&x) && (y - SIDE / 2).abs() <= half);
            let corner = [
                (x, y),
                (SIDE - 1 - x, y),
                (x, SIDE - 1 - y),
                (SIDE - 1 - x, SIDE - 1 - y),
            ]
            .into_iter()
            .any(|(dx, dy)| dx < 14 && dy < 14 && (14 - dx).pow(2) + (14 - dy).pow(2) > 196);
            let color = if stroke { egui::Color32::WHITE } else { ground };
            rgba.extend_from_slice(&[color.r(), color.g(), color.b(), if corner { 0 } else { 255 }]);
        }
    }
    egui::IconData {
        rgba,
        width: SIDE as u32,
        height: SIDE as u32,
    }
}

/// The app: what the screens read, and the ways to change it.
#[expect(clippy::struct_excessive_bools, reason = "each says that one thing waits to be done")]
pub struct App {
    pub scene: Scene,
    store: Store,
    studio: Box<dyn Studio>,
    sample: Option<Sample>,
    wake: Wake,
    /// What threads are reading.
    loading: Vec<mpsc::Receiver<opening::Loaded>>,
    /// What was asked for before the questions were read, and begins with them.
    awaited: Option<Action>,
    models: ListModels,
    /// The interview has changes that the disk has not been asked to save.
    changed: bool,
    /// When the last change was made, in the window's seconds.
    changed_at: f64,
    /// When the user last did something.
    touched_at: f64,
    /// When the notice came up.
    noticed_at: Option<f64>,
    /// Settings that were wrong are not written over.
    settings_broken: bool,
    /// What the window looks like follows these; applied when they change.
    look: Option<crate::store::Settings>,
    trail_at: f64,
    /// The filler or pause that was jumped to last.
    jumped_to: Option<f64>,
    /// The microphone did not open: not again before the user asks for it.
    microphone_failed: bool,
    /// The sheet has changes that the disk has not been asked to save.
    sheet_changed: bool,
    /// Writes and deletes the user's files.
    disk: Disk,
    /// What could not be saved so far.
    unsaved: Vec<Unsaved>,
    /// The user wants to close the window though something is not saved.
    closes_anyway: bool,
    readers: Readers,
    noticing: Noticing,
    /// How many files of postings have been opened.
    postings_opened: u64,
    /// Which questions were drawn.
    memory: Memory,
    /// The text of the user's own questions, until it is saved.
    own_on_its_way: Option<String>,
    /// The shown words have changed since they were looked at.
    unobserved: bool,
    /// When the breathing began, in the window's seconds.
    breathing_since: Option<f64>,
    /// What is told at the start and has not been closed by the user: other notices may come before it.
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
            .field("screen", &self.scene.screen)
            .finish_non_exhaustive()
    }
}

impl App {
    /// The app in a window that has not painted yet. Everything slow is left to other threads.
    pub fn new(ctx: &egui::Context, store: Store, options: Options) -> Self {
        theme::install(ctx);
        let (settings, trouble) = store.settings();
        let wake: Wake = {
            let ctx = ctx.clone();
            Arc::new(move || ctx.request_repaint())
        };
        if let Some(requests) = &options.raise {
            let wake = Arc::clone(&wake);
            requests.wake_with(move || wake());
        }
        let disk = Disk::start(&store, &wake);
        let loading = opening::begin(&store, settings.keep, &options.models, &wake, disk.queue());
        let readers = Readers::start(&wake);
        let noticing = Noticing::start(&wake);
        let mut studio = (options.studio)(wake.clone());
        studio.send(Command::FindMicrophones);
        studio.send(Command::LoadModel(settings.model.clone()));
        let scene = Scene {
            root: store.root().to_owned(),
            has_sample: options.sample.is_some(),
            notice: trouble.as_ref().map(|trouble| Notice::Trouble(trouble.to_string())),
            now: jiff::Timestamp::now(),
            zone: Some(jiff::tz::TimeZone::system()),
            settings,
            ..Scene::default()
        };
        Self {
            scene,
            store,
            studio,
            sample: options.sample,
            wake,
            loading: vec![loading],
            models: options.models,
            changed: false,
            changed_at: 0.0,
            touched_at: 0.0,
            noticed_at: None,
            settings_broken: trouble
                .as_ref()
                .is_some_and(|trouble| !matches!(trouble, StoreError::SetAside { .. })),
            look: None,
            trail_at: 0.0,
            jumped_to: None,
            microphone_failed: false,
            sheet_changed: false,
            disk,
            unsaved: Vec::new(),
            closes_anyway: false,
            readers,
            noticing,
            postings_opened: 0,
            memory: Memory::default(),
            own_on_its_way: None,
            unobserved: false,
            breathing_since: None,
            awaited: None,
            start_notice: (options.notice)(),
            raise: options.raise,
            attention_requested: false,
        }
    }

    /// Waits until what is being read is there and what is being saved or deleted has been. For tests and pictures; the
    /// window never waits.
    pub fn settle(&mut self) {
        let ctx = egui::Context::default();
        loop {
            for loading in std::mem::take(&mut self.loading) {
                for loaded in loading {
                    self.receive(loaded);
                }
            }
            self.disk.settle();
            self.hear_disk(&ctx);
            self.readers.settle();
            self.hear_readers();
            self.noticing.settle();
            self.hear_noticing();
            self.search_past();
            let more = self.disk.has_news() || self.readers.has_news() || self.noticing.has_news();
            if self.loading.is_empty() && !more {
                break;
            }
        }
    }

    /// One round of what happens by itself. For pictures and tests that do not run the window's own loop.
    pub fn follow_once(&mut self, ctx: &egui::Context) {
        self.follow(ctx);
    }

    fn notify(&mut self, notice: Notice) {
        self.scene.notice = Some(notice);
        self.noticed_at = None;
    }

    /// Shows what is to be told at the start, as soon as nothing else is shown.
    fn show_start_notice(&mut self) {
        if let Some(notice) = self.start_notice.clone().filter(|_| self.scene.notice.is_none()) {
            self.notify(Notice::Trouble(notice));
        }
    }

    /// Whoever closes what was told at the start has read it.
    fn mind_start_notice(&mut self, action: &Action) {
        let shown = self.start_notice.clone().map(Notice::Trouble);
        if matches!(action, Action::Dismiss) && self.scene.asked.is_none() && shown == self.scene.notice {
            self.start_notice = None;
        }
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.come_forward(ctx);
        self.follow(ctx);
        self.show_start_notice();
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        let key = ui::keys::pressed(&ctx, &self.scene);
        let asked = ui::window_ui(ui, &self.scene);
        if let Some(action) = asked.or(key) {
            self.mind_start_notice(&action);
            self.carry_out(action, &ctx);
            // What was painted is what was there before.
            ctx.request_repaint();
        }
        if let Some(seconds) = self.next_look(&ctx) {
            ctx.request_repaint_after(Duration::from_secs_f64(seconds));
        }
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        if self
            .scene
            .interview
            .as_ref()
            .is_some_and(crate::interview::Interview::is_recording)
        {
            self.studio.send(Command::Stop);
        }
        self.let_sounds_go();
        self.save_interview();
        self.save_sheet();
        self.disk.close();
    }
}
