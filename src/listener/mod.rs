//! From the ring to a take: 16 kHz samples, the level, and the take's file. One thread, which drains the ring every
//! 20 ms and writes the take as it comes. Knows neither who delivers the samples nor who reads the take.

pub mod feed;
pub mod gap_detector;
mod recording;
pub mod resample;
pub mod ring;

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, TryRecvError, sync_channel},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use gap_detector::GapDetector;
use recording::{Recording, Unwritten};
use resample::Resampling;
use ring::SampleConsumer;

use crate::{
    take::{Level, RATE, Take, TakeId},
    take_file::{Sealing, TakeFile},
    vad::{self, Frame, Vad},
};

const TICK: Duration = Duration::from_millis(20);
/// How often the take is written, and how often the machine is asked to put it on the disk itself.
const WRITE_EVERY: Duration = Duration::from_millis(100);
const SYNC_EVERY: Duration = Duration::from_secs(5);
/// Sound from before the take that goes into it: people begin to speak while they press the key.
const PRE_ROLL_SAMPLES: usize = RATE as usize * 4 / 10;
/// How long the end of the take is waited for after Stop: what was said before it is still on its way.
const TAIL: Duration = Duration::from_millis(250);
/// Between two tries to write the end of a complete take that the disk refuses: at first, and at most.
const AGAIN_SOON: Duration = Duration::from_millis(250);
const AGAIN_LATER: Duration = Duration::from_secs(5);
/// Without any sample for this long there is no level.
const HUSHED: Duration = Duration::from_millis(500);

/// What the listener is asked.
#[derive(Debug)]
enum ListenerRequest {
    /// Listen to this from now on.
    Source(SampleConsumer),
    /// Put what comes into this file; from this source, if there is one.
    Begin(TakeFile, PreRoll, Option<SampleConsumer>),
    /// Listen to nothing.
    Rest,
    Pause,
    Resume,
    /// Complete the take.
    End,
    /// Go on with this take in another folder.
    Relocate(TakeId, PathBuf),
    /// This take is not wanted any more: nothing of it needs to be written.
    Forget(TakeId),
}

/// Whether a take begins a little before it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PreRoll {
    Keep,
    None,
}

/// What the listener tells.
#[derive(Debug)]
pub enum ListenerEvent {
    /// The first sample of a take is there.
    Begun,
    /// The source has no more.
    SourceEnded,
    /// The take is complete on disk.
    Ended(Take),
    /// Writing failed, and so many samples wait in memory. It is tried again by itself; told once while a take runs, and
    /// once more when it is complete and still waits.
    CannotWrite {
        take: TakeId,
        waiting: u64,
        error: std::io::Error,
    },
    /// All of a take that the disk had refused is written, in this file.
    Written { take: TakeId, sound: PathBuf },
    /// The other folder refuses it too; it stays where it was.
    CannotRelocate {
        take: TakeId,
        waiting: u64,
        error: std::io::Error,
    },
}

/// What can be looked at from any thread at any time.
#[derive(Debug)]
pub struct Meter {
    level: Mutex<Level>,
    /// Samples of the take so far.
    samples: AtomicU64,
    /// Samples of the take that were lost.
    lost: AtomicU64,
}

impl Meter {
    pub fn level(&self) -> Level {
        *self.level.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Length of the take so far.
    pub fn seconds(&self) -> f64 {
        self.samples.load(Ordering::Acquire) as f64 / f64::from(RATE)
    }

    /// Samples of the take that were lost so far.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Acquire)
    }
}

/// The listener's handle. Dropping it completes the take.
#[derive(Debug)]
pub struct Listener {
    requests: Option<SyncSender<ListenerRequest>>,
    meter: Arc<Meter>,
    thread: Option<JoinHandle<()>>,
}

impl Listener {
    /// `tell` is called from the listener's own thread.
    pub fn start(tell: impl FnMut(ListenerEvent) + Send + 'static) -> std::io::Result<Self> {
        let (requests, inbox) = sync_channel(16);
        let meter = Arc::new(Meter {
            level: Mutex::new(Level::SILENCE),
            samples: AtomicU64::new(0),
            lost: AtomicU64::new(0),
        });
        let mut state = ListenerThread {
            inbox,
            meter: Arc::clone(&meter),
            tell,
            source: None,
            vad: Vad::default(),
            pre_roll: VecDeque::with_capacity(PRE_ROLL_SAMPLES + RATE as usize),
            recording: None,
            unwritten: Vec::new(),
            sealing: Vec::new(),
            fresh: Vec::new(),
            voiced: 0.0,
            heard: Instant::now(),
        };
        let thread = thread::Builder::new().name("listener".to_owned()).spawn(move || {
            // A mistake of ours here must not cost what is being recorded, nor what comes after it.
            while catch_unwind(AssertUnwindSafe(|| state.run())).is_err() {
                log::error!("The listener has failed; the take is completed, and it goes on.");
                let completed = catch_unwind(AssertUnwindSafe(|| state.complete()));
                if completed.is_err() {
                    state.recording = None;
                }
            }
        })?;
        Ok(Self {
            requests: Some(requests),
            meter,
            thread: Some(thread),
        })
    }

    pub fn meter(&self) -> &Arc<Meter> {
        &self.meter
    }

    /// Listens to this source from now on. A take that runs goes on with it.
    pub fn listen_to(&self, source: SampleConsumer) {
        self.send(ListenerRequest::Source(source));
    }

    /// Begins a take. With a source of its own, everything that comes from that is in it.
    pub fn begin(&self, take: TakeFile, pre_roll: PreRoll, source: Option<SampleConsumer>) {
        self.send(ListenerRequest::Begin(take, pre_roll, source));
    }

    /// Listens to nothing; what has come so far is kept.
    pub fn rest(&self) {
        self.send(ListenerRequest::Rest);
    }

    pub fn pause(&self) {
        self.send(ListenerRequest::Pause);
    }

    pub fn resume(&self) {
        self.send(ListenerRequest::Resume);
    }

    pub fn end(&self) {
        self.send(ListenerRequest::End);
    }

    /// Lets go of a complete take whose end was not written: it has been thrown away.
    pub fn forget(&self, take: TakeId) {
        self.send(ListenerRequest::Forget(take));
    }

    /// Goes on with a take, running or complete and still refused by its disk, in another folder.
    pub fn relocate(&self, take: TakeId, folder: PathBuf) {
        self.send(ListenerRequest::Relocate(take, folder));
    }

    fn send(&self, request: ListenerRequest) {
        if let Some(requests) = &self.requests
            && requests.send(request).is_err()
        {
            log::error!("The listener is gone.");
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.requests = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!("The listener ended in a panic.");
        }
    }
}

struct ActiveSource {
    consumer: SampleConsumer,
    resampling: Resampling,
    /// Frames that had been lost when the take began.
    lost_before: u64,
    ended: bool,
    /// It speaks as time goes by; a file waits for whoever reads it.
    live: bool,
}

/// The thread's own state.
struct ListenerThread<F> {
    inbox: Receiver<ListenerRequest>,
    meter: Arc<Meter>,
    tell: F,
    source: Option<ActiveSource>,
    vad: Vad,
    pre_roll: VecDeque<f32>,
    recording: Option<Recording>,
    /// Complete takes whose end the disk refuses.
    unwritten: Vec<Unwritten>,
    /// Complete takes that are on their way to the disk itself.
    sealing: Vec<Sealing>,
    fresh: Vec<f32>,
    voiced: f32,
    /// When there was sound last.
    heard: Instant,
}

impl<F: FnMut(ListenerEvent)> ListenerThread<F> {
    fn run(&mut self) {
        loop {
            loop {
                match self.inbox.try_recv() {
                    Ok(request) => self.handle_request(request),
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Disconnected) => {
                        self.drain();
                        self.complete();
                        return self.leave();
                    }
                }
            }
            self.drain();
            self.write();
            self.write_again();
            self.sealing.retain(|sealing| !sealing.is_over());
            if self
                .recording
                .as_ref()
                .and_then(|recording| recording.until)
                .is_some_and(|until| Instant::now() >= until)
            {
                self.complete();
            }
            thread::sleep(TICK);
        }
    }

    fn handle_request(&mut self, request: ListenerRequest) {
        match request {
            ListenerRequest::Source(consumer) => {
                self.drain();
                self.leave_source();
                self.take_source(consumer, true);
            }
            ListenerRequest::Rest => {
                self.drain();
                self.leave_source();
                *self.meter.level.lock().unwrap_or_else(PoisonError::into_inner) = Level::SILENCE;
            }
            ListenerRequest::Begin(mut take, pre_roll, source) => {
                self.drain();
                self.complete();
                if let Some(consumer) = source {
                    self.leave_source();
                    self.take_source(consumer, false);
                }
                let mut begun = false;
                if pre_roll == PreRoll::Keep && !self.pre_roll.is_empty() {
                    take.push(self.pre_roll.make_contiguous());
                    begun = true;
                }
                if let Some(source) = &mut self.source {
                    source.lost_before = source.consumer.counters().lost();
                }
                let now = Instant::now();
                self.recording = Some(Recording {
                    take,
                    begun: false,
                    paused: false,
                    until: None,
                    written: now,
                    synced: now,
                    complained: false,
                    lost: 0,
                    gaps: GapDetector::default(),
                });
                self.note_begun(begun);
            }
            ListenerRequest::Forget(id) => {
                for unwritten in self
                    .unwritten
                    .extract_if(.., |unwritten| TakeId::of(unwritten.take.path()) == id)
                {
                    unwritten.take.forget();
                }
            }
            ListenerRequest::Relocate(take, folder) => self.relocate(&take, &folder),
            ListenerRequest::Pause => self.set_paused(true),
            ListenerRequest::Resume => self.set_paused(false),
            ListenerRequest::End => {
                let source_is_over = self.source.as_ref().is_none_or(|source| source.ended);
                if let Some(recording) = &mut self.recording {
                    let now = Instant::now();
                    recording.until = Some(if source_is_over || recording.paused {
                        now
                    } else {
                        now + TAIL
                    });
                }
            }
        }
    }

    fn take_source(&mut self, consumer: SampleConsumer, live: bool) {
        let resampling = Resampling::from_rate(consumer.rate);
        let lost_before = consumer.counters().lost();
        self.source = Some(ActiveSource {
            consumer,
            resampling,
            lost_before,
            ended: false,
            live,
        });
        self.vad = Vad::default();
    }

    fn leave_source(&mut self) {
        let lost = self.lost_in_source();
        if let Some(recording) = &mut self.recording {
            recording.lost += lost;
        }
        if let Some(mut source) = self.source.take()
            && !source.ended
        {
            self.fresh.clear();
            let fresh = &mut self.fresh;
            source.resampling.finish(|resampled| fresh.extend_from_slice(resampled));
            self.keep();
        }
        self.pre_roll.clear();
    }

    fn set_paused(&mut self, paused: bool) {
        self.drain();
        if let Some(recording) = &mut self.recording {
            recording.paused = paused;
            if paused {
                recording.gaps.rest(seconds_of(&recording.take));
            } else if self.source.as_ref().is_some_and(|source| source.live) {
                recording.gaps.resume(Instant::now());
            }
        }
    }

    /// Takes what the ring holds.
    fn drain(&mut self) {
        let Some(source) = &mut self.source else { return };
        if source.ended {
            return;
        }
        self.fresh.clear();
        let mut raw = Vec::new();
        let ended = source.consumer.ended();
        source.consumer.drain(&mut raw);
        let fresh = &mut self.fresh;
        source
            .resampling
            .push(&raw, |resampled| fresh.extend_from_slice(resampled));
        if ended {
            source.resampling.finish(|resampled| fresh.extend_from_slice(resampled));
            source.ended = true;
        }
        let arrived = raw.len() as f64 / f64::from(source.consumer.rate.max(1));
        let live = source.live;
        if !self.fresh.is_empty() {
            if live && let Some(recording) = self.recording.as_mut().filter(|recording| !recording.paused) {
                let peak = self.fresh.iter().fold(0.0_f32, |most, sample| most.max(sample.abs()));
                recording
                    .gaps
                    .arrived(Instant::now(), seconds_of(&recording.take), arrived, peak);
            }
            self.keep();
            self.measure();
            self.heard = Instant::now();
        } else if self.heard.elapsed() >= HUSHED {
            // What was measured last is no longer so.
            *self.meter.level.lock().unwrap_or_else(PoisonError::into_inner) = Level::SILENCE;
        }
        if ended {
            (self.tell)(ListenerEvent::SourceEnded);
        }
    }

    fn measure(&mut self) {
        let recent = &self.fresh[self.fresh.len().saturating_sub(RATE as usize / 20)..];
        let peak = recent.iter().fold(0.0_f32, |most, sample| most.max(sample.abs()));
        let level = Level {
            rms: vad::loudness(recent),
            peak: (20.0 * peak.max(1e-5).log10()).max(Level::SILENCE.peak),
            speech: self.voiced >= 0.4,
        };
        *self.meter.level.lock().unwrap_or_else(PoisonError::into_inner) = level;
    }

    /// Puts the fresh samples where they belong. The voice in what goes into a take is looked for there.
    fn keep(&mut self) {
        let mut voiced = self.voiced;
        let mut follow = |frame: &Frame| voiced = voiced * 0.8 + frame.voice * 0.2;
        match &mut self.recording {
            Some(recording) if !recording.paused => {
                recording.take.push(&self.fresh).iter().for_each(&mut follow);
                self.note_begun(true);
            }
            Some(_) => self.vad.push(&self.fresh, |frame| follow(&frame)),
            None => {
                self.vad.push(&self.fresh, |frame| follow(&frame));
                self.pre_roll.extend(&self.fresh);
                let surplus = self.pre_roll.len().saturating_sub(PRE_ROLL_SAMPLES);
                self.pre_roll.drain(..surplus);
            }
        }
        self.voiced = voiced;
    }

    fn note_begun(&mut self, begun: bool) {
        let lost = self.lost_in_source();
        let Some(recording) = &mut self.recording else { return };
        self.meter.samples.store(recording.take.samples().0, Ordering::Release);
        self.meter.lost.store(recording.lost + lost, Ordering::Release);
        if begun && !recording.begun {
            recording.begun = true;
            (self.tell)(ListenerEvent::Begun);
        }
    }

    /// Samples (at [`RATE`]) that the present source has lost since the take began.
    fn lost_in_source(&self) -> u64 {
        self.source.as_ref().map_or(0, |source| {
            let frames = source.consumer.counters().lost() - source.lost_before;
            frames * u64::from(RATE) / u64::from(source.consumer.rate.max(1))
        })
    }
}

fn seconds_of(take: &TakeFile) -> f64 {
    take.samples().0 as f64 / f64::from(RATE)
}

#[cfg(test)]
mod tests;
