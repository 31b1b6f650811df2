//! The window on the real session: where `app` meets the threads, the models and the sample answer.

use std::{path::PathBuf, sync::Arc};

use crate::{
    app::{self, AppError, Options, Sample, Studio, Wake},
    cli::{Failure, shelf},
    models::{Shelf, State},
    protocol::{Command, Event, Failure as TaskFailure, FailureKind, Task},
    session::Session,
    take::Level,
    ui::scene::ModelCard,
};

/// The spoken answer that comes with Aloud, and the question that it answers.
const SAMPLE: Sample = Sample {
    sound: include_bytes!("../assets/sample-answer.wav"),
    question: "cyber-siem-worth",
};

/// Opens the window, and returns when it is closed.
pub fn open(data: Option<PathBuf>) -> Result<(), Failure> {
    if !has_display() {
        return Err(Failure(format!("There is no display for the window. {WITHOUT}")));
    }
    let shelf = shelf()?;
    let listed = Arc::clone(&shelf);
    app::run(Options {
        data,
        studio: Box::new(move |wake| studio(shelf, wake)),
        models: Arc::new(move || cards(&listed)),
        sample: Some(SAMPLE),
    })
    .map_err(|error| match error {
        AppError::Store(error) => Failure(error.to_string()),
        // What the window's library says begins with a place in its source.
        AppError::Window(says) => {
            log::warn!("{says}");
            let reason = says.rsplit(": ").next().unwrap_or_default().trim_end_matches('.');
            Failure(format!("Could not open a window ({reason}). {WITHOUT}"))
        }
    })
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
