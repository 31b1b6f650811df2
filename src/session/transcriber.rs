//! The transcriber's threads: one that follows the take and asks the policy what to decode, and two workers that decode.
//!
//! The sound comes from the take's file, so whatever is decoded has been written first, and however far decoding falls
//! behind, nothing waits in memory.

mod worker_pool;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use worker_pool::{DecodeKind, DecodeOutcome, DecodeTask, DecodeWhat, WORKERS, WorkerPool};

use crate::{
    protocol::Update,
    recognizer::{
        PartialResult, RecognizedWord, RecognizerError, RecognizerFactory,
        streaming::{Segment, SettledBy, StreamingParameters, StreamingPolicy, TranscriptUpdate},
    },
    span::Span,
    take::RATE,
    take_file::TakeSound,
    transcript::{Transcript, Word},
    vad::{FRAME, Frame, Vad},
};

/// How long the follower sleeps when there is nothing to do.
const NAP: Duration = Duration::from_millis(15);
/// Where this much sound waits for its final decode, there is no time for partial decodes.
const MOST_WAITING: f64 = 20.0;
/// The text is behind when it has not come to this much of what was said; a reader is told again as often.
const BEHIND_SECONDS: f64 = 3.0;
const AGAIN: Duration = Duration::from_secs(1);

/// Somebody who has stopped speaking waits this long for the final text; where it takes longer, the live model's is shown
/// until it comes.
const MOST_WAIT_SECONDS: f64 = 2.0;

/// The models that a take is transcribed with.
#[derive(Clone, Debug)]
pub struct RecognizerModels {
    /// What is shown while somebody speaks.
    pub live: Arc<dyn RecognizerFactory>,
    /// What stays; nothing where it is the live one's too.
    pub of_final_text: Option<Arc<dyn RecognizerFactory>>,
}

impl RecognizerModels {
    /// One for both.
    pub fn one(model: Arc<dyn RecognizerFactory>) -> Self {
        Self {
            live: model,
            of_final_text: None,
        }
    }

    fn of_worker(&self, index: usize) -> &dyn RecognizerFactory {
        match &self.of_final_text {
            Some(model) if index == WORKERS - 1 => model.as_ref(),
            _ => self.live.as_ref(),
        }
    }
}

/// How a take is to be transcribed.
#[derive(Clone, Debug)]
pub struct TranscriptionPlan {
    /// Names and terms for the recognizer to know.
    pub glossary: Arc<[String]>,
    /// Whether tentative words are wanted while the take runs. Without them a file is worked through at full speed.
    pub live: bool,
    /// Whether a preliminary text may come before a better one.
    pub may_improve: bool,
    pub parameters: StreamingParameters,
    /// How long a decode may take before anything is known of this machine's speed; see [`WorkerPool::decode_timeout`].
    pub decode_timeout: Duration,
}

/// The usual one: the slowest machine on which Aloud is of any use takes a tenth of it.
pub const DECODE_TIMEOUT: Duration = Duration::from_mins(2);
/// What the transcriber tells, in this order: any number of `TranscriptUpdate`, where the final text takes long one
/// `Preliminary`, then one `Done` or `Failed`.
#[derive(Debug)]
pub enum TranscriberEvent {
    TranscriptUpdate(Update),
    /// The whole text, parts of which are the live model's.
    Preliminary {
        transcript: Transcript,
    },
    Done {
        transcript: Transcript,
        /// Seconds in which somebody speaks.
        voice_seconds: f64,
        /// Wall seconds that a second of sound took a worker while someone spoke, at the median; nothing where that was
        /// too seldom.
        pace: Option<f64>,
    },
    /// Decoding is impossible; what was settled until then has been told. The sound is untouched.
    Failed(RecognizerError),
}

/// A take that is being transcribed. Dropping it abandons the work, and waits until its threads have ended: as long as a
/// decode takes to stop. Whoever cannot wait abandons it first, and drops it once it is over.
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
        models: RecognizerModels,
        plan: TranscriptionPlan,
        mut tell: impl FnMut(TranscriberEvent) + Send + 'static,
    ) -> Result<Self, RecognizerError> {
        let ended = Arc::new(AtomicBool::new(false));
        let abandoned = Arc::new(AtomicBool::new(false));
        let two_models = models.of_final_text.is_some();
        let pool = WorkerPool::start(models, &plan)?;
        let settled_by = if two_models {
            SettledBy::PartialDecode
        } else {
            SettledBy::FinalDecode
        };
        let mut follower = TakeFollower {
            sound,
            live: StreamingPolicy::new(plan.parameters, settled_by),
            two_models,
            preliminary: PreliminaryText::Unneeded,
            plan,
            vad: Vad::default(),
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
                    let run = AssertUnwindSafe(|| follower.run(&ended, &abandoned, &mut tell));
                    // What it panics over is a mistake of ours; whoever waits for the words must not wait for ever.
                    let told = catch_unwind(run).unwrap_or(TranscriberEvent::Failed(RecognizerError::Died));
                    tell(told);
                })
                .map_err(RecognizerError::Thread)?
        };
        Ok(Self {
            ended,
            abandoned,
            thread: Some(thread),
        })
    }

    /// The take is complete: what follows is the rest of its words, then [`TranscriberEvent::Done`].
    pub fn finish(&self) {
        self.ended.store(true, Ordering::Release);
    }

    /// Ends the work; its words are wanted by nobody. Does not wait.
    pub fn abandon(&self) {
        self.abandoned.store(true, Ordering::Release);
        self.ended.store(true, Ordering::Release);
    }

    /// Whether its threads have ended, so that dropping it waits for nothing.
    pub fn is_over(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Leaves what does not end to itself: for the end of the process, which must not wait.
    pub fn leave(mut self) {
        self.abandon();
        self.thread = None;
    }
}

impl Drop for Transcriber {
    fn drop(&mut self) {
        self.abandon();
        if let Some(thread) = self.thread.take()
            && thread.thread().id() != thread::current().id()
            && thread.join().is_err()
        {
            log::error!("The transcriber ended in a panic.");
        }
    }
}

/// Whether the live model's text is shown until the final one is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PreliminaryText {
    Unneeded,
    Wanted,
    Told,
}

/// The thread that follows the take.
struct TakeFollower {
    sound: TakeSound,
    live: StreamingPolicy,
    two_models: bool,
    preliminary: PreliminaryText,
    plan: TranscriptionPlan,
    /// For a take whose voice nobody has looked for yet.
    vad: Vad,
    /// Samples looked at so far.
    position: u64,
    /// When the first sample was there.
    begun: Option<Instant>,
    pool: WorkerPool,
    failures: u32,
    /// Of the final decodes while someone spoke: wall seconds a second of sound.
    paces: Vec<f64>,
    /// When an update was last told, and whether it said that the text is behind.
    told: Instant,
    behind: bool,
}

impl TakeFollower {
    fn run(
        &mut self,
        ended: &AtomicBool,
        abandoned: &AtomicBool,
        tell: &mut impl FnMut(TranscriberEvent),
    ) -> TranscriberEvent {
        let mut finished = false;
        loop {
            if abandoned.load(Ordering::Acquire) {
                return TranscriberEvent::Done {
                    transcript: Transcript::default(),
                    voice_seconds: 0.0,
                    pace: None,
                };
            }
            // Read before the sound: when it is set, the sound is complete.
            let over = ended.load(Ordering::Acquire);
            match self.follow() {
                Ok(()) => {}
                Err(error) => return TranscriberEvent::Failed(RecognizerError::Sound(error)),
            }
            if over && !finished && self.position == self.sound.len() {
                finished = true;
                self.live.finish();
                if self.will_take_long() {
                    self.preliminary = PreliminaryText::Wanted;
                }
            }
            if finished && self.plan.live && !self.plan.may_improve {
                self.live.stop_improving();
            }
            // All that is left is a second opinion.
            if finished
                && self.improves()
                && self.preliminary == PreliminaryText::Unneeded
                && self.live.has_whole_text()
            {
                self.preliminary = PreliminaryText::Wanted;
            }
            if let Err(error) = self.dispatch(finished) {
                return TranscriberEvent::Failed(RecognizerError::Sound(error));
            }
            if finished && self.pool.busy() == 0 && self.live.is_idle() {
                return TranscriberEvent::Done {
                    transcript: self.transcript(),
                    voice_seconds: self.live.voice_seconds(),
                    pace: self.pace(),
                };
            }
            if self.preliminary == PreliminaryText::Wanted
                && let Some(words) = self.live.preliminary_words()
            {
                self.preliminary = PreliminaryText::Told;
                tell(TranscriberEvent::Preliminary {
                    transcript: transcript_of(&words),
                });
            }
            if self.pool.hangs() {
                return TranscriberEvent::Failed(RecognizerError::Hangs);
            }
            let outcome = match self.pool.take(NAP) {
                Ok(outcome) => outcome,
                Err(error) => return TranscriberEvent::Failed(error),
            };
            let Some(outcome) = outcome else {
                let behind = self.behind().is_some();
                let again = (behind || self.behind) && self.told.elapsed() >= AGAIN;
                if self.plan.live && (again || self.live.has_news()) {
                    let current = self.live.current();
                    tell(TranscriberEvent::TranscriptUpdate(self.update(current)));
                }
                continue;
            };
            match self.handle_outcome(outcome) {
                Ok(update) => {
                    if self.plan.live || !update.settled.is_empty() {
                        tell(TranscriberEvent::TranscriptUpdate(self.update(update)));
                    }
                }
                Err(error) => return TranscriberEvent::Failed(error),
            }
        }
    }

    /// Looks at the sound that has come since the last time, at most ten seconds at once.
    fn follow(&mut self) -> std::io::Result<()> {
        const MOST: u64 = RATE as u64 * 10;
        // At full speed the sound must not run ahead of its decoding.
        if !self.plan.live && self.live.seconds_awaiting_final() > 60.0 {
            return Ok(());
        }
        let end = self.sound.len().min(self.position + MOST);
        if end == self.position {
            return Ok(());
        }
        if self.begun.is_none() {
            self.begun = Some(Instant::now());
        }
        let live = &mut self.live;
        if let Some(frames) = self.sound.frames(live.frame_count(), end / FRAME as u64) {
            for frame in frames {
                live.push_frame(frame);
            }
            self.position = end;
            return Ok(());
        }
        let mut samples = Vec::new();
        self.sound.read(self.position, end, &mut samples)?;
        self.position += samples.len() as u64;
        self.vad.push(&samples, |frame| live.push_frame(frame));
        Ok(())
    }

    fn dispatch(&mut self, finished: bool) -> std::io::Result<()> {
        // Somebody waits for these: they come before what only makes them better.
        while self.preliminary == PreliminaryText::Wanted && self.pool.has_room(DecodeKind::Preliminary) {
            let Some(segment) = self.live.next_preliminary() else {
                break;
            };
            let what = DecodeWhat::Preliminary {
                segment,
                frames: self.frames_of(segment),
            };
            self.submit(self.sound_of(segment)?, what);
        }
        let most_final = if finished || !self.plan.live {
            WORKERS
        } else {
            WORKERS - 1
        };
        while self.pool.has_room(DecodeKind::Final)
            && self.careful_decodes() < most_final
            && !(self.preliminary == PreliminaryText::Wanted && self.pool.busy_with(DecodeKind::Preliminary) > 0)
        {
            let Some(segment) = self.live.next_final() else { break };
            let sound = self.sound_of(segment)?;
            let frames = self.frames_of(segment);
            // After Stop someone waits for the last of it; before, partial decodes come first.
            let urgent = finished && self.plan.live;
            let what = DecodeWhat::Final {
                segment,
                frames,
                urgent,
            };
            self.submit(sound, what);
        }
        while self.pool.has_room(DecodeKind::SecondOpinion)
            && self.careful_decodes() < most_final
            && let Some((stretch, first)) = self.live.next_second_opinion()
        {
            let what = DecodeWhat::SecondOpinion {
                stretch,
                frames: self.frames_of(stretch),
                first: moved(first, -stretch.span().start),
                urgent: finished && self.plan.live,
            };
            self.submit(self.sound_of(stretch)?, what);
        }
        // Where the final text is another model's, the live text is what is to be on time.
        let time_for_partial = self.two_models || self.live.seconds_awaiting_final() <= MOST_WAITING;
        if self.plan.live
            && !finished
            && time_for_partial
            && self.pool.has_room(DecodeKind::Partial)
            && self.pool.busy_with(DecodeKind::Partial) == 0
            && let Some(request) = self.live.next_partial()
        {
            let sound = self.sound_of(request.segment)?;
            self.submit(sound, DecodeWhat::Partial(request));
        }
        Ok(())
    }

    /// Whether the final text will come later than somebody likes to wait. Before anything is known of the final model's
    /// pace, that is so only where much waits.
    fn will_take_long(&self) -> bool {
        /// All cores work on what somebody waits for.
        const URGENT: f64 = 0.6;
        const UNKNOWN_PACE: f64 = 0.3;
        let pace = at_the_median(&self.paces).unwrap_or(UNKNOWN_PACE);
        self.two_models && self.improves() && self.live.seconds_awaiting_final() * pace * URGENT > MOST_WAIT_SECONDS
    }

    /// Decodes for the final text that are under way.
    fn careful_decodes(&self) -> usize {
        self.pool.busy_with(DecodeKind::Final) + self.pool.busy_with(DecodeKind::SecondOpinion)
    }

    /// Whether somebody sees a preliminary text meanwhile.
    fn improves(&self) -> bool {
        self.plan.live && self.plan.may_improve
    }

    fn frames_of(&self, segment: Segment) -> Vec<Frame> {
        self.live.frames()[segment.start as usize..segment.end as usize].to_vec()
    }

    fn submit(&mut self, sound: Vec<f32>, what: DecodeWhat) {
        let glossary = Arc::clone(&self.plan.glossary);
        self.pool.submit(DecodeTask::new(sound, glossary, what));
    }

    fn sound_of(&self, segment: Segment) -> std::io::Result<Vec<f32>> {
        let mut sound = Vec::new();
        self.sound
            .read(segment.start * FRAME as u64, segment.end * FRAME as u64, &mut sound)?;
        Ok(sound)
    }

    fn handle_outcome(&mut self, outcome: DecodeOutcome) -> Result<TranscriptUpdate, RecognizerError> {
        match outcome {
            DecodeOutcome::Partial {
                segment,
                result,
                seconds,
            } => {
                let result = result.unwrap_or_else(|error| {
                    log::warn!("{error}");
                    PartialResult {
                        words: Vec::new(),
                        failed: true,
                    }
                });
                Ok(self.live.partial_decoded(segment, result, seconds))
            }
            DecodeOutcome::Final { segment, words, pace } => {
                self.paces.extend(pace.filter(|_| self.plan.live));
                let words = match words {
                    Ok(words) => {
                        self.failures = 0;
                        Some(in_take(words, segment))
                    }
                    Err(error) => {
                        log::warn!("{error}");
                        self.failures += 1;
                        // One bad segment is an accident; three running mean that the model cannot work here.
                        if self.failures >= 3 {
                            return Err(error);
                        }
                        None
                    }
                };
                Ok(self.live.final_decoded(segment, words))
            }
            DecodeOutcome::SecondOpinion { stretch, words } => {
                // The first opinions stand where it fails.
                let words = words.inspect_err(|error| log::warn!("{error}")).unwrap_or_default();
                self.live
                    .second_opinion(stretch, words.map(|words| in_take(words, stretch)));
                Ok(self.live.current())
            }
            DecodeOutcome::Preliminary { segment, words } => {
                let words = words.inspect_err(|error| log::warn!("{error}")).ok();
                let words = words.map(|words| in_take(words, segment));
                self.live.preliminary_decoded(segment, words);
                Ok(self.live.current())
            }
        }
    }

    /// Seconds of speech that the text has not come to, where they are many.
    fn behind(&self) -> Option<f64> {
        Some(self.live.undecoded_seconds()).filter(|undecoded_seconds| *undecoded_seconds > BEHIND_SECONDS)
    }

    fn update(&mut self, update: TranscriptUpdate) -> Update {
        let behind = self.behind();
        (self.told, self.behind) = (Instant::now(), behind.is_some());
        let texts: Vec<&str> = update.tentative.iter().map(|word| word.text.as_str()).collect();
        Update {
            at: self.begun.map_or(0.0, |begun| begun.elapsed().as_secs_f64()),
            heard: self.sound.len() as f64 / f64::from(RATE),
            settled: update.settled.into_iter().flat_map(to_words).collect(),
            tentative: texts.join(" "),
            behind,
        }
    }

    fn pace(&self) -> Option<f64> {
        const LEAST: usize = 3;
        at_the_median(&self.paces).filter(|_| self.paces.len() >= LEAST)
    }

    fn transcript(&self) -> Transcript {
        transcript_of(&self.live.final_words())
    }
}

fn transcript_of(words: &[RecognizedWord]) -> Transcript {
    Transcript::of(words.iter().cloned().flat_map(to_words).collect())
}

fn at_the_median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}

/// The words of a segment, with their places in the take.
fn in_take(words: Vec<RecognizedWord>, segment: Segment) -> Vec<RecognizedWord> {
    moved(words, segment.span().start)
}

/// Words so many seconds later.
fn moved(words: Vec<RecognizedWord>, seconds: f64) -> Vec<RecognizedWord> {
    let moved = words.into_iter().map(|word| RecognizedWord {
        span: word.span.map(|span| span.shifted(seconds)),
        ..word
    });
    moved.collect()
}

/// The recognizer may write several words without a space: "team—we".
fn to_words(word: RecognizedWord) -> Vec<Word> {
    let span = word.span.unwrap_or(Span { start: 0.0, end: 0.0 });
    let word = Word {
        origin: word.origin,
        ..Word::spoken(word.text, span, word.confidence)
    };
    word.apart()
}

#[cfg(test)]
mod tests;
