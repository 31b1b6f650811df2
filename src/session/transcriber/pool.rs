//! Two ears, each on a thread of its own, that decode what they are given. One that comes to no end is told to stop, and
//! left to itself where it does not.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::Plan;
use crate::{
    listener::speech::Frame,
    recognizer::{
        Ears, HeardWord, Hearing, Recognizer, RecognizerError, Room, Window, careful,
        live::{Glance, Stretch},
    },
    take::RATE,
};

/// How many things are decoded at the same time; each has a thread.
pub(super) const EARS: usize = 2;
/// How long a decode that was told to end may take to do so.
const GRACE: Duration = Duration::from_secs(10);

/// Something for an ear to do.
pub(super) enum Task {
    Glance {
        glance: Glance,
        sound: Vec<f32>,
        glossary: String,
    },
    Listen {
        stretch: Stretch,
        sound: Vec<f32>,
        frames: Vec<Frame>,
        glossary: String,
        urgent: bool,
    },
}

/// What came of it.
pub(super) enum Outcome {
    Glanced {
        stretch: Stretch,
        hearing: Result<Hearing, RecognizerError>,
        seconds: f64,
    },
    Listened {
        stretch: Stretch,
        words: Result<Vec<HeardWord>, RecognizerError>,
        /// Wall seconds that a second of it took.
        pace: Option<f64>,
    },
}

/// An ear's thread and what it is at.
struct EarThread {
    inbox: SyncSender<Task>,
    at: Option<TaskKind>,
    thread: JoinHandle<()>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TaskKind {
    Glance,
    Listen,
}

/// What an ear came to.
struct Came {
    /// Index of the ear.
    from: usize,
    outcome: Outcome,
    /// Wall seconds that a second of its sound took.
    pace: f64,
}

/// The ears' threads. They end when the pool is dropped.
pub(super) struct Pool {
    ears: Vec<EarThread>,
    outcomes: Receiver<Came>,
    stoppers: Vec<Arc<AtomicBool>>,
    first_patience: Duration,
    /// The slowest decode so far: wall seconds a second of sound.
    slowest: Option<f64>,
    /// When an ear last had something to tell, or to do after a rest.
    moved: Instant,
    /// When the ears were told to stop, because none of them came to an end.
    stopped: Option<Instant>,
}

impl Pool {
    pub(super) fn start(ears: &dyn Ears, plan: &Plan) -> Result<Self, RecognizerError> {
        let (outbox, outcomes) = sync_channel(EARS * 2);
        let mut stoppers = Vec::new();
        let mut threads = Vec::new();
        for index in 0..EARS {
            // The first begins with a glance at once, and gets ready by that.
            let prepares = plan.live && index > 0;
            let mut ear = ears.ear()?;
            stoppers.extend(ear.stopper());
            let (inbox, tasks) = sync_channel::<Task>(1);
            let outbox = outbox.clone();
            let thread = thread::Builder::new()
                .name(format!("ear {index}"))
                .spawn(move || {
                    if prepares {
                        ear.prepare();
                    }
                    for task in tasks {
                        let (begun, seconds) = (Instant::now(), task.seconds());
                        let outcome = work(ear.as_mut(), task);
                        let pace = begun.elapsed().as_secs_f64() / seconds.max(1.0);
                        let from = index;
                        if outbox.send(Came { from, outcome, pace }).is_err() {
                            return;
                        }
                    }
                })
                .map_err(|error| RecognizerError::Decode {
                    reason: error.to_string(),
                })?;
            let at = None;
            threads.push(EarThread { inbox, at, thread });
        }
        Ok(Self {
            ears: threads,
            outcomes,
            stoppers,
            first_patience: plan.patience,
            slowest: None,
            moved: Instant::now(),
            stopped: None,
        })
    }

    pub(super) fn busy(&self) -> usize {
        self.ears.iter().filter(|ear| ear.at.is_some()).count()
    }

    pub(super) fn at(&self, kind: TaskKind) -> usize {
        self.ears.iter().filter(|ear| ear.at == Some(kind)).count()
    }

    /// Gives a task to an ear that rests: glances to the first, hearings to the last. What an ear takes of memory grows
    /// to what its longest task needs and stays, so an ear that does not get the long ones stays small.
    pub(super) fn give(&mut self, task: Task) {
        if self.busy() == 0 {
            self.moved = Instant::now();
        }
        let kind = task.kind();
        let mut at_rest = self.ears.iter_mut().filter(|ear| ear.at.is_none());
        let ear = match kind {
            TaskKind::Glance => at_rest.next(),
            TaskKind::Listen => at_rest.next_back(),
        };
        // There is one: no more tasks are given than there are ears.
        if let Some(ear) = ear
            && ear.inbox.send(task).is_ok()
        {
            ear.at = Some(kind);
        }
    }

    pub(super) fn take(&mut self, wait: Duration) -> Option<Outcome> {
        if self.busy() == 0 {
            thread::sleep(wait);
            return None;
        }
        match self.outcomes.recv_timeout(wait) {
            Ok(Came { from, outcome, pace }) => {
                self.ears[from].at = None;
                self.moved = Instant::now();
                if self.stopped.take().is_some() {
                    self.set_stoppers(false);
                } else {
                    self.slowest = Some(self.slowest.unwrap_or(0.0).max(pace));
                }
                Some(outcome)
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => None,
        }
    }

    /// How long no ear may have anything to tell: twenty times what the longest stretch should take by what was seen.
    fn patience(&self) -> Duration {
        const LONGEST_SECONDS: f64 = 30.0;
        self.slowest.map_or(self.first_patience, |slowest| {
            Duration::from_secs_f64((slowest * LONGEST_SECONDS * 20.0).min(600.0))
                .clamp(self.first_patience / 4, self.first_patience * 2)
        })
    }

    /// Whether an ear comes to no end. It is told to stop first: then its stretch has failed, and the others go on.
    pub(super) fn hangs(&mut self) -> bool {
        if self.busy() == 0 {
            return false;
        }
        match self.stopped {
            None if self.moved.elapsed() >= self.patience() => {
                log::warn!("A decode takes too long and is stopped.");
                self.stopped = Some(Instant::now());
                self.set_stoppers(true);
                false
            }
            None => false,
            Some(since) => since.elapsed() >= GRACE.min(self.first_patience),
        }
    }

    fn set_stoppers(&self, stop: bool) {
        for stopper in &self.stoppers {
            stopper.store(stop, Ordering::Release);
        }
    }

    /// Leaves ears that do not even stop to themselves: they end with the process.
    pub(super) fn abandon(&mut self) {
        self.ears.clear();
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        // What is still being decoded is wanted by nobody.
        self.set_stoppers(true);
        for EarThread { inbox, thread, .. } in self.ears.drain(..) {
            drop(inbox);
            if thread.join().is_err() {
                log::error!("An ear ended in a panic.");
            }
        }
    }
}

impl Task {
    fn kind(&self) -> TaskKind {
        match self {
            Self::Glance { .. } => TaskKind::Glance,
            Self::Listen { .. } => TaskKind::Listen,
        }
    }

    /// Length of its sound.
    fn seconds(&self) -> f64 {
        let (Self::Glance { sound, .. } | Self::Listen { sound, .. }) = self;
        sound.len() as f64 / f64::from(RATE)
    }
}

fn work(ear: &mut dyn Recognizer, task: Task) -> Outcome {
    match task {
        Task::Glance {
            glance,
            sound,
            glossary,
        } => {
            let begun = Instant::now();
            let window = Window {
                sound: &sound,
                known: &glance.known,
                glossary: &glossary,
                fillers: true,
                room: Room::Usual,
                urgent: true,
            };
            let hearing = ear.glance(&window);
            Outcome::Glanced {
                stretch: glance.stretch,
                hearing,
                seconds: begun.elapsed().as_secs_f64(),
            }
        }
        Task::Listen {
            stretch,
            sound,
            frames,
            glossary,
            urgent,
        } => {
            let window = Window {
                sound: &sound,
                known: &[],
                glossary: &glossary,
                fillers: true,
                room: Room::Usual,
                urgent,
            };
            let begun = Instant::now();
            let words = careful::hear(ear, &window, &frames);
            // An urgent one has more threads, and says nothing about the others.
            let pace = (!urgent).then(|| begun.elapsed().as_secs_f64() / stretch.seconds().max(1.0));
            Outcome::Listened { stretch, words, pace }
        }
    }
}
