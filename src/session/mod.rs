//! Every thread of the app. [`Command`]s go in, [`Event`]s come out; who listens is woken through a closure.
//! Knows the microphone, the listener, the recognizer, the models and the takes' files; never a window.

pub mod level_meter;
mod mailbox;
mod microphones;
pub mod model_provider;
mod open_microphone;
mod run;
#[cfg(test)]
mod tests;
pub mod transcriber;

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
};

use mailbox::Mailbox;
use model_provider::ModelProvider;

use crate::{
    listener::{Listener, Meter},
    protocol::{Command, Event, Failure, FailureKind, Task},
    take::Level,
};

/// The running session. Dropping it completes the take that is being recorded and ends every thread.
#[derive(Debug)]
pub struct Session {
    mailbox: Arc<Mailbox>,
    outbox: Arc<Outbox>,
    meter: Arc<Meter>,
    thread: Option<JoinHandle<()>>,
}

/// The session's thread is gone.
#[derive(Debug, thiserror::Error)]
#[error("Aloud's audio session has stopped. What was recorded is kept; start Aloud again.")]
struct SessionGone;

impl Session {
    /// Starts the session's threads. `wake` is called, from any of them, whenever an event has come; it must not wait.
    pub fn start(
        model_provider: Arc<dyn ModelProvider>,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let mailbox = Arc::new(Mailbox::default());
        let outbox = Arc::new(Outbox {
            events: Mutex::new(VecDeque::new()),
            wake: Box::new(wake),
        });
        let listener = {
            let mailbox = Arc::clone(&mailbox);
            Listener::start(move |told| mailbox.message(run::Message::Listener(told)))?
        };
        let meter = Arc::clone(listener.meter());
        let mut session = run::SessionThread::new(Arc::clone(&mailbox), Arc::clone(&outbox), listener, model_provider)?;
        let thread = {
            let (mailbox, outbox) = (Arc::clone(&mailbox), Arc::clone(&outbox));
            thread::Builder::new().name("session".to_owned()).spawn(move || {
                let ended = catch_unwind(AssertUnwindSafe(|| session.run()));
                mailbox.abandon();
                if ended.is_err() {
                    outbox.push(Event::gone());
                }
                // The take that was being recorded is completed by the listener, whatever became of the session.
                drop(session);
            })?
        };
        Ok(Self {
            mailbox,
            outbox,
            meter,
            thread: Some(thread),
        })
    }

    /// Asks for something. Never waits, and nothing that is asked for is dropped.
    pub fn send(&self, command: Command) {
        if self.mailbox.command(command).is_err() {
            self.outbox.push(Event::gone());
        }
    }

    /// Everything that has happened since the last call.
    pub fn drain(&self) -> Vec<Event> {
        self.outbox.lock().drain(..).collect()
    }

    /// How loud it is now.
    pub fn level(&self) -> Level {
        self.meter.level()
    }

    /// Length of the take so far, in seconds.
    pub fn recording_seconds(&self) -> f64 {
        self.meter.seconds()
    }
}

impl Event {
    fn gone() -> Self {
        Self::Failed {
            task: Task::Session,
            failure: Failure::new(FailureKind::Defect, SessionGone),
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.mailbox.close();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!("The session ended in a panic.");
        }
    }
}

/// Events on their way to whoever listens. It never blocks the session: updates of the live text join into one while
/// nobody looks, and everything else is rare.
struct Outbox {
    events: Mutex<VecDeque<Event>>,
    wake: Box<dyn Fn() + Send + Sync>,
}

impl std::fmt::Debug for Outbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outbox").finish_non_exhaustive()
    }
}

impl Outbox {
    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<Event>> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, event: Event) {
        {
            let mut events = self.lock();
            match (events.back_mut(), event) {
                (
                    Some(Event::Words { take, update }),
                    Event::Words {
                        take: same,
                        update: later,
                    },
                ) if *take == same => update.merge(later),
                (
                    Some(Event::Playing { playback, second }),
                    Event::Playing {
                        playback: same,
                        second: later,
                    },
                ) if *playback == same => *second = later,
                (
                    Some(Event::Level { step, speech }),
                    Event::Level {
                        step: later,
                        speech: voice,
                    },
                ) => {
                    *step = later;
                    *speech |= voice;
                }
                (
                    Some(Event::Fetching { model, progress }),
                    Event::Fetching {
                        model: same,
                        progress: later,
                    },
                ) if *model == same => {
                    *progress = later;
                }
                (_, event) => events.push_back(event),
            }
        }
        (self.wake)();
    }
}
