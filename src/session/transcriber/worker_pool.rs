//! Two workers, each a recognizer on a thread of its own, that decode what they are given: both of one model, or the first
//! of the live model and the second of the one that writes the final text. One that dies is replaced at once; one that takes
//! too long is told to stop, and left to itself where it does not.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::{RecognizerModels, TranscriptionPlan};
use crate::{
    recognizer::{
        ContextPadding, PartialResult, RecognizedWord, Recognizer, RecognizerError, Window, final_pass,
        streaming::{PartialRequest, Segment},
    },
    take::RATE,
    vad::Frame,
};

/// How many things are decoded at the same time.
pub(super) const WORKERS: usize = 2;
/// How long a decode that was told to stop may take to do so.
const GRACE: Duration = Duration::from_secs(10);
/// How often something is tried whose worker dies.
const MOST_TRIES: u32 = 2;
/// After so many workers that died one after the other, none of them will live.
const MOST_DEATHS: u32 = 3;

/// Something to decode.
#[derive(Debug)]
pub(super) struct DecodeTask {
    pub sound: Vec<f32>,
    pub glossary: Arc<[String]>,
    pub what: DecodeWhat,
    /// How many workers have died of it.
    deaths: u32,
}

#[derive(Debug)]
pub(super) enum DecodeWhat {
    Partial(PartialRequest),
    Final {
        segment: Segment,
        frames: Vec<Frame>,
        /// Somebody waits for it: it gets all cores.
        urgent: bool,
    },
    /// As a final decode, by the live model: shown until the other one's words are there.
    Preliminary {
        segment: Segment,
        frames: Vec<Frame>,
    },
    /// Of several segments as a whole, by the model that decoded each.
    SecondOpinion {
        stretch: Segment,
        frames: Vec<Frame>,
        /// The words so far, with spans from the stretch's beginning.
        first: Vec<RecognizedWord>,
        urgent: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DecodeKind {
    Partial,
    Final,
    Preliminary,
    SecondOpinion,
}

/// What came of it.
#[derive(Debug)]
pub(super) enum DecodeOutcome {
    Partial {
        segment: Segment,
        result: Result<PartialResult, RecognizerError>,
        seconds: f64,
    },
    Final {
        segment: Segment,
        words: Result<Vec<RecognizedWord>, RecognizerError>,
        /// Wall seconds that a second of it took.
        pace: Option<f64>,
    },
    Preliminary {
        segment: Segment,
        words: Result<Vec<RecognizedWord>, RecognizerError>,
    },
    SecondOpinion {
        stretch: Segment,
        words: Result<Option<Vec<RecognizedWord>>, RecognizerError>,
    },
}

/// What a worker tells.
struct FromWorker {
    /// Which worker: numbers are not used again.
    worker: u64,
    result: Result<DecodeOutcome, WorkerDied>,
    /// Wall seconds that a second of its sound took.
    pace: f64,
}

/// The worker panicked over this.
struct WorkerDied(DecodeTask);

struct Worker {
    number: u64,
    inbox: SyncSender<DecodeTask>,
    /// Set, it ends the decode that runs.
    stopper: Option<Arc<AtomicBool>>,
    busy: Option<RunningDecode>,
    thread: JoinHandle<()>,
}

struct RunningDecode {
    kind: DecodeKind,
    since: Instant,
    /// When it was told to stop, because it took too long.
    stopped: Option<Instant>,
}

/// The workers. Their threads end when the pool is dropped.
pub(super) struct WorkerPool {
    models: RecognizerModels,
    live: bool,
    workers: Vec<Worker>,
    next_number: u64,
    told: SyncSender<FromWorker>,
    outcomes: Receiver<FromWorker>,
    first_patience: Duration,
    /// The slowest decode so far: wall seconds a second of sound.
    slowest: Option<f64>,
    /// Workers that died since one came to an end.
    deaths: u32,
}

impl WorkerPool {
    pub(super) fn start(models: RecognizerModels, plan: &TranscriptionPlan) -> Result<Self, RecognizerError> {
        // Each worker has one outcome on its way at most; those of workers that were left to themselves come on top.
        let (told, outcomes) = sync_channel(WORKERS * 4);
        let mut pool = Self {
            models,
            live: plan.live,
            workers: Vec::new(),
            next_number: 0,
            told,
            outcomes,
            first_patience: plan.decode_timeout,
            slowest: None,
            deaths: 0,
        };
        for index in 0..WORKERS {
            let worker = pool.new_worker(index)?;
            pool.workers.push(worker);
        }
        Ok(pool)
    }

    fn new_worker(&mut self, index: usize) -> Result<Worker, RecognizerError> {
        let number = self.next_number;
        self.next_number += 1;
        // The first begins with a partial decode at once, and gets ready by that.
        let prepares = self.live && index > 0;
        let mut recognizer = self.models.of_worker(index).create()?;
        let stopper = recognizer.stopper();
        let (inbox, tasks) = sync_channel::<DecodeTask>(1);
        let told = self.told.clone();
        let run = move || {
            // What it panics over here it will panic over again, with a task to tell of it.
            let _ = catch_unwind(AssertUnwindSafe(|| {
                if prepares {
                    recognizer.prepare();
                }
            }));
            for task in tasks {
                let (begun, seconds) = (Instant::now(), task.seconds());
                let result = catch_unwind(AssertUnwindSafe(|| decode(recognizer.as_mut(), &task)));
                let died = result.is_err();
                let told = told.send(FromWorker {
                    worker: number,
                    result: result.map_err(|_| WorkerDied(task)),
                    pace: begun.elapsed().as_secs_f64() / seconds.max(1.0),
                });
                // After a panic nothing is known of the recognizer's state.
                if died || told.is_err() {
                    return;
                }
            }
        };
        let thread = thread::Builder::new()
            .name(format!("recognizer {index}"))
            .spawn(run)
            .map_err(RecognizerError::Thread)?;
        Ok(Worker {
            number,
            inbox,
            stopper,
            busy: None,
            thread,
        })
    }

    pub(super) fn busy(&self) -> usize {
        self.workers.iter().filter(|worker| worker.busy.is_some()).count()
    }

    /// Whether a worker rests that does this kind of work.
    pub(super) fn has_room(&self, kind: DecodeKind) -> bool {
        let two_models = self.models.of_final_text.is_some();
        let mut workers = self.workers.iter().enumerate();
        workers.any(|(index, worker)| worker.busy.is_none() && does(index, kind, two_models))
    }

    pub(super) fn busy_with(&self, kind: DecodeKind) -> usize {
        let with = |worker: &&Worker| worker.busy.as_ref().is_some_and(|busy| busy.kind == kind);
        self.workers.iter().filter(with).count()
    }

    /// Gives a task to a worker that rests and does this kind: partial decodes to the first, final ones to the last. What a
    /// worker takes of memory grows to what its longest task needs and stays, so one that does not get the long ones stays
    /// small.
    pub(super) fn submit(&mut self, task: DecodeTask) {
        let kind = task.kind();
        let two_models = self.models.of_final_text.is_some();
        let mut at_rest = self
            .workers
            .iter_mut()
            .enumerate()
            .filter(|(index, worker)| worker.busy.is_none() && does(*index, kind, two_models))
            .map(|(_, worker)| worker);
        let worker = match kind {
            DecodeKind::Partial | DecodeKind::Preliminary => at_rest.next(),
            DecodeKind::Final | DecodeKind::SecondOpinion => at_rest.next_back(),
        };
        // There is one: no more tasks are given than there are workers. And it listens: one that died was replaced.
        if let Some(worker) = worker
            && worker.inbox.send(task).is_ok()
        {
            worker.busy = Some(RunningDecode {
                kind,
                since: Instant::now(),
                stopped: None,
            });
        }
    }

    /// Waits so long for an outcome. Fails where a worker that died cannot be replaced.
    pub(super) fn take(&mut self, wait: Duration) -> Result<Option<DecodeOutcome>, RecognizerError> {
        if self.busy() == 0 {
            thread::sleep(wait);
            return Ok(None);
        }
        let told = match self.outcomes.recv_timeout(wait) {
            Ok(told) => told,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return Ok(None),
        };
        let Some(index) = self.workers.iter().position(|worker| worker.number == told.worker) else {
            // Of one that was left to itself.
            return Ok(None);
        };
        let worker = &mut self.workers[index];
        let was_stopped = worker.busy.take().is_some_and(|busy| busy.stopped.is_some());
        if was_stopped {
            set(worker.stopper.as_ref(), false);
        } else {
            self.slowest = Some(self.slowest.unwrap_or(0.0).max(told.pace));
        }
        match told.result {
            Ok(outcome) => {
                self.deaths = 0;
                Ok(Some(outcome))
            }
            Err(WorkerDied(task)) => self.replace(index, task),
        }
    }

    /// A new worker in the place of one that died. It tries once what the other died of.
    fn replace(&mut self, index: usize, mut task: DecodeTask) -> Result<Option<DecodeOutcome>, RecognizerError> {
        self.deaths += 1;
        if self.deaths >= MOST_DEATHS {
            return Err(RecognizerError::Died);
        }
        log::error!("A recognizer died while it decoded; another takes its place.");
        let dead = {
            let fresh = self.new_worker(index)?;
            std::mem::replace(&mut self.workers[index], fresh)
        };
        drop(dead.inbox);
        // It has told of its end as the last thing it did.
        let _ = dead.thread.join();
        task.deaths += 1;
        if task.deaths < MOST_TRIES {
            self.submit(task);
            return Ok(None);
        }
        Ok(Some(task.failed(RecognizerError::Died)))
    }

    /// How long a decode may take: twenty times what the longest segment should take by what was seen.
    fn decode_timeout(&self) -> Duration {
        const LONGEST_SECONDS: f64 = 30.0;
        self.slowest.map_or(self.first_patience, |slowest| {
            Duration::from_secs_f64((slowest * LONGEST_SECONDS * 20.0).min(600.0))
                .clamp(self.first_patience / 4, self.first_patience * 2)
        })
    }

    /// Whether a worker hangs. Each is watched by itself: one that takes too long is told to stop; then its segment has
    /// failed, and the others go on.
    pub(super) fn hangs(&mut self) -> bool {
        let (decode_timeout, grace) = (self.decode_timeout(), GRACE.min(self.first_patience));
        let mut hangs = false;
        for worker in &mut self.workers {
            let Some(busy) = &mut worker.busy else { continue };
            match busy.stopped {
                None if busy.since.elapsed() >= decode_timeout => {
                    log::warn!("A decode takes too long and is stopped.");
                    busy.stopped = Some(Instant::now());
                    set(worker.stopper.as_ref(), true);
                }
                None => {}
                Some(since) => hangs |= since.elapsed() >= grace,
            }
        }
        hangs
    }
}

impl Drop for WorkerPool {
    /// What is still being decoded is wanted by nobody: it is told to stop and waited for, but not for ever.
    fn drop(&mut self) {
        for worker in &self.workers {
            set(worker.stopper.as_ref(), true);
        }
        let until = Instant::now() + GRACE.min(self.first_patience);
        for Worker {
            inbox, thread, busy, ..
        } in self.workers.drain(..)
        {
            drop(inbox);
            // One that did not stop when it was told to has had its time.
            let hangs = busy.is_some_and(|busy| busy.stopped.is_some());
            while !thread.is_finished() && !hangs && Instant::now() < until {
                // An outcome may be on its way; nobody wants it.
                let _ = self.outcomes.recv_timeout(Duration::from_millis(2));
            }
            if !thread.is_finished() {
                log::error!("A decode that does not stop is left to itself; it ends with the process.");
            } else if thread.join().is_err() {
                log::error!("A recognizer's thread ended in a panic.");
            }
        }
    }
}

/// Whether the worker at this place does this kind of work. With one model each does all of it.
fn does(index: usize, kind: DecodeKind, two_models: bool) -> bool {
    let of_final_text = matches!(kind, DecodeKind::Final | DecodeKind::SecondOpinion);
    !two_models || (index == WORKERS - 1) == of_final_text
}

fn set(stopper: Option<&Arc<AtomicBool>>, stop: bool) {
    if let Some(stopper) = stopper {
        stopper.store(stop, Ordering::Release);
    }
}

impl DecodeTask {
    pub(super) fn new(sound: Vec<f32>, glossary: Arc<[String]>, what: DecodeWhat) -> Self {
        Self {
            sound,
            glossary,
            what,
            deaths: 0,
        }
    }

    fn kind(&self) -> DecodeKind {
        match &self.what {
            DecodeWhat::Partial(_) => DecodeKind::Partial,
            DecodeWhat::Final { .. } => DecodeKind::Final,
            DecodeWhat::Preliminary { .. } => DecodeKind::Preliminary,
            DecodeWhat::SecondOpinion { .. } => DecodeKind::SecondOpinion,
        }
    }

    /// Length of its sound.
    fn seconds(&self) -> f64 {
        self.sound.len() as f64 / f64::from(RATE)
    }

    fn failed(self, error: RecognizerError) -> DecodeOutcome {
        match self.what {
            DecodeWhat::Partial(request) => DecodeOutcome::Partial {
                segment: request.segment,
                result: Err(error),
                seconds: 0.0,
            },
            DecodeWhat::Final { segment, .. } => DecodeOutcome::Final {
                segment,
                words: Err(error),
                pace: None,
            },
            DecodeWhat::Preliminary { segment, .. } => DecodeOutcome::Preliminary {
                segment,
                words: Err(error),
            },
            DecodeWhat::SecondOpinion { stretch, .. } => DecodeOutcome::SecondOpinion {
                stretch,
                words: Err(error),
            },
        }
    }
}

fn decode(recognizer: &mut dyn Recognizer, task: &DecodeTask) -> DecodeOutcome {
    let begun = Instant::now();
    let window = Window {
        sound: &task.sound,
        known: &[],
        glossary: &task.glossary,
        fillers: true,
        padding: ContextPadding::Usual,
        urgent: true,
    };
    match &task.what {
        DecodeWhat::Partial(request) => {
            let result = recognizer.decode_partial(&Window {
                known: &request.known,
                ..window
            });
            DecodeOutcome::Partial {
                segment: request.segment,
                result,
                seconds: begun.elapsed().as_secs_f64(),
            }
        }
        DecodeWhat::Final {
            segment,
            frames,
            urgent,
        } => {
            let window = Window {
                urgent: *urgent,
                ..window
            };
            let words = final_pass::decode(recognizer, &window, frames);
            // An urgent one has more threads, and says nothing about the others.
            let pace = (!urgent).then(|| begun.elapsed().as_secs_f64() / segment.seconds().max(1.0));
            DecodeOutcome::Final {
                segment: *segment,
                words,
                pace,
            }
        }
        DecodeWhat::Preliminary { segment, frames } => DecodeOutcome::Preliminary {
            segment: *segment,
            words: final_pass::decode(recognizer, &window, frames),
        },
        DecodeWhat::SecondOpinion {
            stretch,
            frames,
            first,
            urgent,
        } => {
            let window = Window {
                urgent: *urgent,
                ..window
            };
            DecodeOutcome::SecondOpinion {
                stretch: *stretch,
                words: final_pass::second_opinion(recognizer, &window, frames, first),
            }
        }
    }
}
