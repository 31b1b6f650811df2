//! The take that is being made: written as it comes, tried again where the disk refuses it, completed.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use super::{
    AGAIN_LATER, AGAIN_SOON, ListenerEvent, ListenerThread, SYNC_EVERY, WRITE_EVERY, gap_detector::GapDetector,
    seconds_of,
};
use crate::{
    take::{RATE, Take, TakeId},
    take_file::TakeFile,
};

pub(super) struct Recording {
    pub(super) take: TakeFile,
    pub(super) begun: bool,
    pub(super) paused: bool,
    /// When the take is complete, once its end was asked for.
    pub(super) until: Option<Instant>,
    pub(super) written: Instant,
    pub(super) synced: Instant,
    pub(super) complained: bool,
    /// Samples lost in sources that have been replaced since.
    pub(super) lost: u64,
    pub(super) gaps: GapDetector,
}

/// A complete take whose end waits in memory.
pub(super) struct Unwritten {
    pub(super) take: TakeFile,
    pub(super) next: Instant,
    pub(super) interval: Duration,
}

impl<F: FnMut(ListenerEvent)> ListenerThread<F> {
    pub(super) fn write(&mut self) {
        let Some(recording) = &mut self.recording else { return };
        if recording.written.elapsed() < WRITE_EVERY {
            return;
        }
        recording.written = Instant::now();
        let outcome = recording.take.write();
        if outcome.is_ok() && recording.synced.elapsed() >= SYNC_EVERY {
            recording.synced = Instant::now();
            recording.take.sync();
        }
        let waiting = recording.take.waiting();
        let take = TakeId::of(recording.take.path());
        match outcome {
            Ok(()) if std::mem::take(&mut recording.complained) => {
                let sound = recording.take.path().to_owned();
                (self.tell)(ListenerEvent::Written { take, sound });
            }
            Ok(()) => {}
            Err(_) if recording.complained => {}
            Err(error) => {
                recording.complained = true;
                (self.tell)(ListenerEvent::CannotWrite { take, waiting, error });
            }
        }
    }

    /// Completes the take, if there is one.
    pub(super) fn complete(&mut self) {
        let lost_in_source = self.lost_in_source();
        let Some(mut recording) = self.recording.take() else {
            return;
        };
        self.pre_roll.clear();
        let (samples, unwritten) = recording.take.samples();
        let gaps = recording.gaps.finish(Instant::now(), seconds_of(&recording.take));
        let outcome = recording.take.write();
        let waiting = recording.take.waiting();
        let take = Take {
            sound: recording.take.path().to_owned(),
            seconds: samples as f64 / f64::from(RATE),
            lost_samples: recording.lost + lost_in_source + unwritten,
            unwritten_samples: waiting,
            gaps,
            voice_seconds: None,
        };
        let id = take.id();
        let complained = recording.complained;
        let sound = take.sound.clone();
        (self.tell)(ListenerEvent::Ended(take));
        match outcome {
            Ok(()) => {
                if complained {
                    (self.tell)(ListenerEvent::Written { take: id, sound });
                }
                self.sealing.extend(recording.take.close());
            }
            Err(error) => {
                (self.tell)(ListenerEvent::CannotWrite {
                    take: id,
                    waiting,
                    error,
                });
                self.unwritten.push(Unwritten {
                    take: recording.take,
                    next: Instant::now() + AGAIN_SOON,
                    interval: AGAIN_SOON,
                });
            }
        }
    }

    /// Tries to write the ends of complete takes, ever more seldom.
    pub(super) fn write_again(&mut self) {
        let now = Instant::now();
        for mut unwritten in std::mem::take(&mut self.unwritten) {
            if now < unwritten.next {
                self.unwritten.push(unwritten);
            } else if unwritten.take.write().is_ok() {
                self.tell_written(unwritten.take);
            } else {
                unwritten.interval = (unwritten.interval * 2).min(AGAIN_LATER);
                unwritten.next = now + unwritten.interval;
                self.unwritten.push(unwritten);
            }
        }
    }

    fn tell_written(&mut self, take: TakeFile) {
        let sound = take.path().to_owned();
        (self.tell)(ListenerEvent::Written {
            take: TakeId::of(&sound),
            sound,
        });
        self.sealing.extend(take.close());
    }

    pub(super) fn relocate(&mut self, id: &TakeId, folder: &Path) {
        let is_it = |take: &TakeFile| TakeId::of(take.path()) == *id;
        let complete = self.unwritten.iter().position(|unwritten| is_it(&unwritten.take));
        let running = self.recording.as_mut().filter(|recording| is_it(&recording.take));
        let take = match (running, complete) {
            (Some(recording), _) => {
                recording.complained = false;
                &mut recording.take
            }
            (None, Some(at)) => &mut self.unwritten[at].take,
            // One that is written by now needs no other folder.
            (None, None) => return,
        };
        if let Err(error) = take.relocate(folder) {
            let (take, waiting) = (id.clone(), take.waiting());
            return (self.tell)(ListenerEvent::CannotRelocate { take, waiting, error });
        }
        let sound = take.path().to_owned();
        if let Some(at) = complete {
            let unwritten = self.unwritten.remove(at);
            self.tell_written(unwritten.take);
        } else {
            let take = id.clone();
            (self.tell)(ListenerEvent::Written { take, sound });
        }
    }

    /// The end of the listener: what still waits is tried once more, and the disk is waited for.
    pub(super) fn leave(&mut self) {
        for unwritten in std::mem::take(&mut self.unwritten) {
            let mut take = unwritten.take;
            match take.write() {
                Ok(()) => self.tell_written(take),
                Err(error) => log::error!(
                    "{:.1} s of {} are lost, since the disk refuses them: {error}",
                    take.waiting() as f64 / f64::from(RATE),
                    take.path().display()
                ),
            }
        }
        for sealing in std::mem::take(&mut self.sealing) {
            if let Err(error) = sealing.wait() {
                log::error!("A take could not be synced: {error}");
            }
        }
    }
}
