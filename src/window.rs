//! The window on the real session: where `app` meets the threads, the models and the sample answer.

use std::{
    path::PathBuf,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use crate::{
    app::{self, AppError, AudioBackend, Options, Sample, Wake},
    assets,
    diagnostics::{crashes, logger},
    file_manager,
    models::{InstallState, ModelError, ModelStore},
    protocol::{Command, Event, Failure, FailureKind, Task},
    session::Session,
    single_instance::{self, Raised},
    store::{Store, StoreError, WindowLock},
    take::Level,
    ui::view_model::ModelCard,
};

/// The spoken answer that comes with Aloud, and the question that it answers.
const SAMPLE: Sample = Sample {
    sound: assets::SAMPLE_ANSWER,
    question: "cyber-siem-worth",
};

/// Why there is no window.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    #[error("There is no display for the window. {WITHOUT}")]
    NoDisplay,
    #[error("Could not open a window ({0}). {WITHOUT}")]
    Open(String),
    /// Another window has the folder and did not come forward: what was said in a window of its own.
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Models(#[from] ModelError),
}

/// Opens the window, and returns when it is closed. If there is one already with this folder, it comes forward instead.
pub fn open(data: Option<PathBuf>) -> Result<(), WindowError> {
    if !has_display() {
        return Err(WindowError::NoDisplay);
    }
    let store = Store::open(data)?;
    let _lock = match claim(&store)? {
        Claim::Ours(lock) => lock,
        Claim::Raised => return Ok(()),
        Claim::Refused(message) => return refuse(message),
    };
    logger::write_to_folder(store.root(), "window");
    // Declared after the lock, and so dropped before it.
    let (_listener, raise) = match single_instance::listen(store.root()) {
        Ok((listener, requests)) => (Some(listener), Some(requests)),
        Err(error) => {
            log::warn!("A second start cannot bring this window forward: {error}");
            (None, None)
        }
    };
    let model_store = ModelStore::of_this_machine()?;
    let listed = Arc::clone(&model_store);
    let folder = store.root().to_owned();
    let options = Options {
        audio: Box::new(move |wake| audio(model_store, wake)),
        models: Arc::new(move || cards(&listed)),
        sample: Some(SAMPLE),
        notice: Box::new(move || crashes::untold(&folder)),
        raise,
        show_in_folder: Arc::new(|path| file_manager::show(path).map_err(|error| error.to_string())),
        seed: jiff::Timestamp::now().as_nanosecond() as u64,
        welcomes: true,
    };
    app::run(store, options).map_err(no_window)
}

fn no_window(error: AppError) -> WindowError {
    let AppError::Window(message) = error;
    // What the window's library says begins with a place in its source.
    log::warn!("{message}");
    let reason = message.rsplit(": ").next().unwrap_or_default().trim_end_matches('.');
    WindowError::Open(reason.to_owned())
}

/// Whose the folder is.
enum Claim {
    Ours(WindowLock),
    /// Another window's, which has come forward.
    Raised,
    /// Another window's, which has not: what to say.
    Refused(String),
}

/// Claims the folder for a window, or brings the window that has it forward. That one may be closing, or may not listen
/// yet: both are waited for.
fn claim(store: &Store) -> Result<Claim, StoreError> {
    const PATIENCE: Duration = Duration::from_secs(2);
    const PAUSE: Duration = Duration::from_millis(50);
    let deadline = Instant::now() + PATIENCE;
    loop {
        let refusal = match store.lock_for_window() {
            Ok(lock) => return Ok(Claim::Ours(lock)),
            Err(refusal @ StoreError::Open(_)) => refusal,
            Err(error) => return Err(error),
        };
        match single_instance::raise(store.root(), PATIENCE) {
            Raised::Yes => return Ok(Claim::Raised),
            Raised::NoAnswer => return Ok(Claim::Refused(no_answer(store))),
            Raised::NobodyListens if Instant::now() >= deadline => return Ok(Claim::Refused(refusal.to_string())),
            Raised::NobodyListens => thread::sleep(PAUSE),
        }
    }
}

fn no_answer(store: &Store) -> String {
    format!(
        "Aloud is already open with the folder {}, but is not responding. Wait a moment; if nothing changes, end it and \
        start Aloud again. What was recorded is kept.",
        store.root().display()
    )
}

/// Says it in a window, for who started Aloud from an icon, and to who started it from a terminal.
fn refuse(message: String) -> Result<(), WindowError> {
    if let Err(AppError::Window(message)) = app::show_message(&message) {
        log::warn!("{message}");
    }
    Err(WindowError::Refused(message))
}

/// What can be done where no window opens.
const WITHOUT: &str = "Start Aloud on a desktop, or use its commands: \"aloud --help\" lists them.";

/// Whether a window can be asked for at all.
fn has_display() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || ["WAYLAND_DISPLAY", "WAYLAND_SOCKET", "DISPLAY"].into_iter().any(set)
}

/// A session, or what is left without one: a window in which answers can be typed.
fn audio(model_store: Arc<ModelStore>, wake: Wake) -> Box<dyn AudioBackend> {
    match Session::start(model_store, move || wake()) {
        Ok(session) => Box::new(session),
        Err(error) => Box::new(NoAudio {
            said: Some(error.to_string()),
        }),
    }
}

fn cards(model_store: &ModelStore) -> Vec<ModelCard> {
    model_store
        .list()
        .into_iter()
        .map(|entry| ModelCard {
            name: entry.name,
            title: entry.title,
            good_for: entry.good_for,
            megabytes: entry.bytes / 1_000_000,
            here: entry.state == InstallState::Installed,
            work: entry.work,
            taught: entry.taught,
            wait_seconds: None,
        })
        .collect()
}

impl AudioBackend for Session {
    fn send(&mut self, command: Command) {
        Self::send(self, command);
    }

    fn drain(&mut self) -> Vec<Event> {
        Self::drain(self)
    }

    fn level(&self) -> Level {
        Self::level(self)
    }

    fn recording_seconds(&self) -> f64 {
        Self::recording_seconds(self)
    }
}

/// The sound side of a machine that gives no threads.
struct NoAudio {
    said: Option<String>,
}

impl AudioBackend for NoAudio {
    fn send(&mut self, _command: Command) {}

    fn drain(&mut self) -> Vec<Event> {
        let said = self.said.take();
        said.map(|reason| {
            let message = format!("Recording is not possible: {reason}. Close other programs and start Aloud again.");
            Event::Failed {
                task: Task::Session,
                failure: Failure::new(FailureKind::Resources, message),
            }
        })
        .into_iter()
        .collect()
    }

    fn level(&self) -> Level {
        Level::SILENCE
    }

    fn recording_seconds(&self) -> f64 {
        0.0
    }
}
