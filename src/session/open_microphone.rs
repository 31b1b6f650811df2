//! What is known of the open microphone: whether it delivers, and whether anything can be heard. Is given the time.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use super::level_meter::LevelMeter;
use crate::{
    listener::ring::Counters,
    protocol::{Failure, FailureKind},
    take::Level,
};

/// Silence from an open microphone for this long is told; with what lies between here and the eye, that is within
/// three seconds.
const UNHEARD: Duration = Duration::from_millis(2500);
/// A microphone that has delivered and then delivers nothing at all for this long is gone, whatever the system says.
const STALLED: Duration = Duration::from_millis(1500);
/// Below this a microphone is muted or dead: the noise of the quietest real one is 20 dB above it.
const DEAD_DBFS: f32 = -85.0;

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MicrophoneSignal {
    /// Sound comes, for the first time or again.
    Heard,
    /// It delivers silence.
    Unheard,
    /// It delivers nothing any more.
    Stalled,
}

#[derive(Debug)]
pub(super) struct OpenMicrophone {
    pub name: String,
    counters: Arc<Counters>,
    delivered: u64,
    delivered_at: Instant,
    silent_since: Instant,
    told_silent: bool,
    told_heard: bool,
    meter: LevelMeter,
    metered_at: Instant,
    told_speech: bool,
}

impl OpenMicrophone {
    pub(super) fn new(name: String, counters: Arc<Counters>, now: Instant) -> Self {
        Self {
            name,
            counters,
            delivered: 0,
            delivered_at: now,
            silent_since: now,
            told_silent: false,
            told_heard: false,
            meter: LevelMeter::default(),
            metered_at: now,
            told_speech: false,
        }
    }

    /// The meter's step and whether a voice is heard, where that has visibly changed.
    pub(super) fn shown(&mut self, now: Instant, level: Level) -> Option<(u8, bool)> {
        let seconds = now.duration_since(self.metered_at).as_secs_f32();
        self.metered_at = now;
        let update = self.meter.follow(level.peak, seconds).is_some();
        let first_voice = level.speech && !self.told_speech;
        self.told_speech |= level.speech;
        (update || first_voice).then(|| (self.meter.step(), level.speech))
    }

    /// What is new at this moment.
    pub(super) fn look(&mut self, now: Instant, level: Level) -> Option<MicrophoneSignal> {
        let delivered = self.counters.delivered();
        if delivered != self.delivered {
            self.delivered = delivered;
            self.delivered_at = now;
        } else if delivered > 0 && now.duration_since(self.delivered_at) >= STALLED {
            return Some(MicrophoneSignal::Stalled);
        }
        if level.peak > DEAD_DBFS {
            self.silent_since = now;
            self.told_silent = false;
            if !self.told_heard {
                self.told_heard = true;
                return Some(MicrophoneSignal::Heard);
            }
        } else if now.duration_since(self.silent_since) >= UNHEARD && !self.told_silent {
            self.told_silent = true;
            self.told_heard = false;
            return Some(MicrophoneSignal::Unheard);
        }
        None
    }
}

/// A microphone that is gone while one is wanted, and when another is looked for.
#[derive(Debug)]
pub(super) struct LostMicrophone {
    name: String,
    why: String,
    /// The one that was asked for has been tried again already; now the system's choice is.
    pub any: bool,
    /// It was said that there is no other.
    pub told_alone: bool,
    /// When to look again; nothing while the system is being asked.
    pub next: Option<Instant>,
}

impl LostMicrophone {
    /// Between two looks for a microphone.
    pub(super) const AGAIN: Duration = Duration::from_secs(1);

    pub(super) fn new(name: String, why: String) -> Self {
        Self {
            name,
            why,
            any: false,
            told_alone: false,
            next: None,
        }
    }

    /// That it is gone, and what became of the search for another, where that is known.
    pub(super) fn failure(&self, then: Option<String>) -> Failure {
        let gone = MicrophoneGone {
            name: self.name.clone(),
            why: self.why.clone(),
            then: then.map(|then| format!(" {then}")).unwrap_or_default(),
        };
        Failure::new(FailureKind::Device, gone)
    }
}

/// A microphone that was open is gone.
#[derive(Debug, thiserror::Error)]
#[error("{name} has stopped: {why} What was recorded is kept.{then}")]
struct MicrophoneGone {
    name: String,
    why: String,
    then: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listener::ring::ring;

    const LOUD: Level = Level {
        rms: -30.0,
        peak: -20.0,
        speech: true,
    };

    #[test]
    fn sound_silence_and_nothing_are_told_apart_and_told_once() {
        let (mut producer, consumer) = ring(16_000, 1);
        let begun = Instant::now();
        let mut open = OpenMicrophone::new("A".into(), Arc::clone(consumer.counters()), begun);
        let mut seen = Vec::new();
        // Ten looks a second: nothing yet, sound, silence, sound, nothing at all.
        for look in 0..150 {
            let level = match look {
                20..50 | 100..110 => LOUD,
                _ => Level::SILENCE,
            };
            if (20..110).contains(&look) {
                producer.push(&[0.0_f32; 100]);
            }
            let now = begun + Duration::from_millis(100 * look);
            if let Some(what) = open.look(now, level) {
                seen.push((look, what));
                if what == MicrophoneSignal::Stalled {
                    break;
                }
            }
        }
        assert_eq!(
            seen,
            [
                (20, MicrophoneSignal::Heard),
                (74, MicrophoneSignal::Unheard),
                (100, MicrophoneSignal::Heard),
                (124, MicrophoneSignal::Stalled)
            ]
        );
    }
}
