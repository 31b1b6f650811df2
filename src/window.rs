//! The window on the real session: where `app` meets the threads, the models and the sample answer.

use std::{
    path::PathBuf,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use crate::{
    app::{self, AppError, Options, Sample, Studio, Wake},
    cli::{Failure, shelf},
    diagnostics::{crashes, logger},
    models::{Shelf, State},
    protocol::{Command, Event, Failure as TaskFailure, FailureKind, Task},
    session::Session,
    single_instance::{self, Raised},
    store::{Store, StoreError, WindowLock},
    take::Level,
    ui::scene::ModelCard,
};

/// The spoken answer that comes with Aloud, and the question that it answers.
const SAMPLE: Sample = Sample {
    sound: include_bytes!("../assets/sample-answer.wav"),
    question: "cyber-siem-worth",
};

/// Opens the window, and returns when it is closed. If there is one already with this folder, it comes forward instead.
pub fn open(data: Option<PathBuf>) -> Result<(), Failure> {
    if !has_display() {
        return Err(Failure(format!("There is no display for the window. {WITHOUT}")));
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
    let shelf = shelf()?;
    let listed = Arc::clone(&shelf);
    let folder = store.root().to_owned();
    let options = Options {
        studio: Box::new(move |wake| studio(shelf, wake)),
        models: Arc::new(move || cards(&listed)),
        sample: Some(SAMPLE),
        notice: Box::new(move || crashes::untold(&folder)),
        raise,
    };
    app::run(store, options).map_err(no_window)
}

fn no_window(error: AppError) -> Failure {
    let AppError::Window(says) = error;
    // What the window's library says begins with a place in its source.
    log::warn!("{says}");
    let reason = says.rsplit(": ").next().unwrap_or_default().trim_end_matches('.');
    Failure(format!("Could not open a window ({reason}). {WITHOUT}"))
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
        "Aloud is open already with the folder {}, but does not answer. Wait a moment; if nothing changes, end it and \
        start Aloud again. What was recorded is kept.",
        store.root().display()
    )
}

/// Says it in a window, for who started Aloud from an icon, and to who started it from a terminal.
fn refuse(message: String) -> Result<(), Failure> {
    if let Err(AppError::Window(says)) = app::show_message(&message) {
        log::warn!("{says}");
    }
    Err(Failure(message))
}

/// What can be done where no window opens.
const WITHOUT: &str = "Start Aloud on a desktop, or use its commands: \"aloud --help\" lists them.";

/// Whether a window can be asked for at all.
fn has_display() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || ["WAYLAND_DISPLAY", "WAYLAND_SOCKET", "DISPLAY"].into_iter().any(set)
}

/// A session, or what is left without one: a window in which answers can be typed.
fn studio(shelf: Arc<Shelf>, wake: Wake) -> Box<dyn Studio> {
    match Session::start(shelf, move || wake()) {
        Ok(session) => Box::new(session),
        Err(error) => Box::new(Deaf {
            said: Some(error.to_string()),
        }),
    }
}

fn cards(shelf: &Shelf) -> Vec<ModelCard> {
    shelf
        .list()
        .into_iter()
        .map(|entry| ModelCard {
            name: entry.name,
            good_for: entry.good_for,
            megabytes: entry.bytes / 1_000_000,
            here: entry.state == State::Here,
            work: entry.work,
        })
        .collect()
}

impl Studio for Session {
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
struct Deaf {
    said: Option<String>,
}

impl Studio for Deaf {
    fn send(&mut self, _command: Command) {}

    fn drain(&mut self) -> Vec<Event> {
        let said = self.said.take();
        said.map(|reason| {
            let says = format!("Recording is not possible: {reason}. Close other programs and start Aloud again.");
            Event::Failed {
                task: Task::Session,
                failure: TaskFailure::new(FailureKind::Resources, says),
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
