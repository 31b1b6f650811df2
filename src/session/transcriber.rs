//! The transcriber's threads: one that follows the take and asks the policy what to decode, and two ears that decode.
//!
//! The sound comes from the take's file, so whatever is decoded has been written first, and however far decoding falls
//! behind, nothing waits in memory.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::Update;
use crate::{
    listener::speech::{FRAME, SpeechDetector},
    recognizer::{
        Ears, HeardWord, Hearing, Recognizer, RecognizerError, Room, Window, careful,
        live::{Glance, Live, Moved, Settings, Stretch},
    },
    span::Span,
    store::take_file::TakeSound,
    take::RATE,
    transcript::{Transcript, Word},
};

/// How many things are decoded at the same time; each has a thread.
const EARS: usize = 2;
/// How long the follower sleeps when there is nothing to do.
const NAP: Duration = Duration::from_millis(15);
/// Where this much sound waits for its careful hearing, there is no time for glances.
const MOST_WAITING: f64 = 20.0;
/// The text is behind when it has not come to this much of what was said; a reader is told again as often.
const BEHIND_SECONDS: f64 = 3.0;
const AGAIN: Duration = Duration::from_secs(1);

/// How a take is to be transcribed.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Names and terms for the recognizer to know.
    pub glossary: String,
    /// Whether tentative words are wanted while the take runs. Without them a file is worked through at full speed.
    pub live: bool,
    pub settings: Settings,
    /// How long a decode may take before anything is known of this machine's speed; see [`Pool::patience`].
    pub patience: Duration,
}

/// The usual one: the slowest machine on which Aloud is of any use takes a tenth of it.
pub const PATIENCE: Duration = Duration::from_mins(2);
/// How long a decode that was told to end may take to do so.
const GRACE: Duration = Duration::from_secs(10);

/// What the transcriber tells, in this order: any number of `Moved`, then one `Done` or `Failed`.
#[derive(Debug)]
pub enum Told {
    Moved(Update),
    Done {
        transcript: Transcript,
        /// Wall seconds that a second of sound took an ear while someone spoke, at the median; nothing where that was
        /// too seldom.
        pace: Option<f64>,
    },
    /// Decoding is impossible; the words so far come with it. The sound is untouched.
    Failed(RecognizerError, Transcript),
}

/// A take that is being transcribed. Dropping it abandons the work.
#[derive(Debug)]
pub struct Transcriber {
    ended: Arc<AtomicBool>,
    abandoned: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Transcriber {
    /// Begins to follow a take. `tell` is called from the transcriber's own thread.
    pub fn start(
        sound: TakeSound,
        ears: &dyn Ears,
        plan: Plan,
        mut tell: impl FnMut(Told) + Send + 'static,
    ) -> Result<Self, RecognizerError> {
        let ended = Arc::new(AtomicBool::new(false));
        let abandoned = Arc::new(AtomicBool::new(false));
        let pool = Pool::start(ears, &plan)?;
        let mut follower = Follower {
            sound,
            live: Live::new(plan.settings),
            plan,
            detector: SpeechDetector::default(),
            position: 0,
            begun: None,
            pool,
            failures: 0,
            paces: Vec::new(),
            told: Instant::now(),
            behind: false,
        };
        let thread = {
            let (ended, abandoned) = (Arc::clone(&ended), Arc::clone(&abandoned));
            thread::Builder::new()
                .name("transcriber".to_owned())
                .spawn(move || {
                    let told = follower.run(&ended, &abandoned, &mut tell);
                    tell(told);
                })
                .map_err(|error| RecognizerError::Decode {
                    reason: error.to_string(),
                })?
        };
        Ok(Self {
            ended,
            abandoned,
            thread: Some(thread),
        })
    }

    /// The take is complete: what follows is the rest of its words, then [`Told::Done`].
    pub fn finish(&self) {
        self.ended.store(true, Ordering::Release);
    }
}

impl Drop for Transcriber {
    fn drop(&mut self) {
        self.abandoned.store(true, Ordering::Release);
        self.ended.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take()
            && thread.thread().id() != thread::current().id()
            && thread.join().is_err()
        {
            log::error!("The transcriber ended in a panic.");
        }
    }
}

/// Something for an ear to do.
enum Task {
    Glance {
        glance: Glance,
        sound: Vec<f32>,
        glossary: String,
    },
    Listen {
        stretch: Stretch,
        sound: Vec<f32>,
        frames: Vec<crate::listener::speech::Frame>,
        glossary: String,
        urgent: bool,
    },
}

/// What came of it.
enum Outcome {
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
enum TaskKind {
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
struct Pool {
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
    fn start(ears: &dyn Ears, plan: &Plan) -> Result<Self, RecognizerError> {
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

    fn busy(&self) -> usize {
        self.ears.iter().filter(|ear| ear.at.is_some()).count()
    }

    fn at(&self, kind: TaskKind) -> usize {
        self.ears.iter().filter(|ear| ear.at == Some(kind)).count()
    }

    /// Gives a task to an ear that rests: glances to the first, hearings to the last. What an ear takes of memory grows
    /// to what its longest task needs and stays, so an ear that does not get the long ones stays small.
    fn give(&mut self, task: Task) {
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

    fn take(&mut self, wait: Duration) -> Option<Outcome> {
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
    fn hangs(&mut self) -> bool {
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
    fn abandon(&mut self) {
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

/// The thread that follows the take.
struct Follower {
    sound: TakeSound,
    live: Live,
    plan: Plan,
    detector: SpeechDetector,
    /// Samples looked at so far.
    position: u64,
    /// When the first sample was there.
    begun: Option<Instant>,
    pool: Pool,
    failures: u32,
    /// Of the careful hearings while someone spoke: wall seconds a second of sound.
    paces: Vec<f64>,
    /// When an update was last told, and whether it said that the text is behind.
    told: Instant,
    behind: bool,
}

impl Follower {
    fn run(&mut self, ended: &AtomicBool, abandoned: &AtomicBool, tell: &mut impl FnMut(Told)) -> Told {
        let mut finished = false;
        loop {
            if abandoned.load(Ordering::Acquire) {
                return Told::Done {
                    transcript: Transcript::default(),
                    pace: None,
                };
            }
            // Read before the sound: when it is set, the sound is complete.
            let over = ended.load(Ordering::Acquire);
            match self.follow() {
                Ok(()) => {}
                Err(error) => {
                    let reason = format!("its recording could not be read back: {error}");
                    return Told::Failed(RecognizerError::Decode { reason }, self.transcript());
                }
            }
            if over && !finished && self.position == self.sound.len() {
                finished = true;
                self.live.finish();
            }
            self.give_out(finished);
            if finished && self.pool.busy() == 0 && self.live.is_idle() {
                return Told::Done {
                    transcript: self.transcript(),
                    pace: self.pace(),
                };
            }
            let Some(outcome) = self.pool.take(NAP) else {
                if self.pool.hangs() {
                    self.pool.abandon();
                    return Told::Failed(RecognizerError::Hangs, self.transcript());
                }
                let behind = self.behind().is_some();
                if self.plan.live && (behind || self.behind) && self.told.elapsed() >= AGAIN {
                    tell(Told::Moved(self.update(self.live.as_shown())));
                }
                continue;
            };
            match self.learn(outcome) {
                Ok(moved) => {
                    if self.plan.live || !moved.settled.is_empty() {
                        tell(Told::Moved(self.update(moved)));
                    }
                }
                Err(error) => return Told::Failed(error, self.transcript()),
            }
        }
    }

    /// Looks at the sound that has come since the last time, at most ten seconds at once.
    fn follow(&mut self) -> std::io::Result<()> {
        const MOST: u64 = RATE as u64 * 10;
        // At full speed the sound must not run ahead of its decoding.
        if !self.plan.live && self.live.waiting() > 60.0 {
            return Ok(());
        }
        let end = self.sound.len().min(self.position + MOST);
        if end == self.position {
            return Ok(());
        }
        if self.begun.is_none() {
            self.begun = Some(Instant::now());
        }
        let mut samples = Vec::new();
        self.sound.read(self.position, end, &mut samples)?;
        self.position += samples.len() as u64;
        let live = &mut self.live;
        self.detector.push(&samples, |frame| live.hear(frame));
        Ok(())
    }

    fn give_out(&mut self, finished: bool) {
        let most_listens = if finished || !self.plan.live { EARS } else { EARS - 1 };
        while self.pool.busy() < EARS && self.pool.at(TaskKind::Listen) < most_listens {
            let Some(stretch) = self.live.due_listen() else { break };
            let sound = self.sound_of(stretch);
            let frames = self.live.frames()[stretch.start as usize..stretch.end as usize].to_vec();
            self.pool.give(Task::Listen {
                stretch,
                sound,
                frames,
                glossary: self.plan.glossary.clone(),
                // After Stop someone waits for the last of it; before, glances come first.
                urgent: finished && self.plan.live,
            });
        }
        let time_for_glances = self.live.waiting() <= MOST_WAITING;
        if self.plan.live
            && !finished
            && time_for_glances
            && self.pool.busy() < EARS
            && self.pool.at(TaskKind::Glance) == 0
            && let Some(glance) = self.live.due_glance()
        {
            let sound = self.sound_of(glance.stretch);
            self.pool.give(Task::Glance {
                glance,
                sound,
                glossary: self.plan.glossary.clone(),
            });
        }
    }

    fn sound_of(&self, stretch: Stretch) -> Vec<f32> {
        let mut sound = Vec::new();
        if let Err(error) = self
            .sound
            .read(stretch.start * FRAME as u64, stretch.end * FRAME as u64, &mut sound)
        {
            log::error!("A part of the take could not be read back: {error}");
        }
        sound
    }

    fn learn(&mut self, outcome: Outcome) -> Result<Moved, RecognizerError> {
        match outcome {
            Outcome::Glanced {
                stretch,
                hearing,
                seconds,
            } => {
                let hearing = hearing.unwrap_or_else(|error| {
                    log::warn!("{error}");
                    Hearing {
                        words: Vec::new(),
                        failed: true,
                    }
                });
                Ok(self.live.glanced(stretch, hearing, seconds))
            }
            Outcome::Listened { stretch, words, pace } => {
                self.paces.extend(pace.filter(|_| self.plan.live));
                let words = match words {
                    Ok(words) => {
                        self.failures = 0;
                        let begin = stretch.span().start;
                        Some(words.into_iter().map(|word| in_take(word, begin)).collect())
                    }
                    Err(error) => {
                        log::warn!("{error}");
                        self.failures += 1;
                        // One bad stretch is an accident; three running mean that the model cannot work here.
                        if self.failures >= 3 {
                            return Err(error);
                        }
                        None
                    }
                };
                Ok(self.live.listened(stretch, words))
            }
        }
    }

    /// Seconds of speech that the text has not come to, where they are many.
    fn behind(&self) -> Option<f64> {
        Some(self.live.unseen()).filter(|unseen| *unseen > BEHIND_SECONDS)
    }

    fn update(&mut self, moved: Moved) -> Update {
        let behind = self.behind();
        (self.told, self.behind) = (Instant::now(), behind.is_some());
        let texts: Vec<&str> = moved.tentative.iter().map(|word| word.text.as_str()).collect();
        Update {
            at: self.begun.map_or(0.0, |begun| begun.elapsed().as_secs_f64()),
            heard: self.sound.len() as f64 / f64::from(RATE),
            settled: moved.settled.into_iter().map(to_word).collect(),
            tentative: texts.join(" "),
            behind,
        }
    }

    fn pace(&mut self) -> Option<f64> {
        const LEAST: usize = 3;
        self.paces.sort_by(f64::total_cmp);
        (self.paces.len() >= LEAST).then(|| self.paces[self.paces.len() / 2])
    }

    fn transcript(&self) -> Transcript {
        Transcript {
            words: self.live.final_words().iter().cloned().map(to_word).collect(),
        }
    }
}

fn in_take(mut word: HeardWord, begin: f64) -> HeardWord {
    word.span = word.span.map(|span| span.shifted(begin));
    word
}

fn to_word(word: HeardWord) -> Word {
    let span = word.span.unwrap_or(Span { start: 0.0, end: 0.0 });
    Word {
        witness: word.witness,
        ..Word::spoken(word.text, span, word.confidence)
    }
}

#[cfg(test)]
mod tests;
