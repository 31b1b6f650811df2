//! A take: one recording, and what is known of its sound. The words are the transcript's.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::span::to_millisecond;

/// Samples a second in every stored take and in everything after the listener.
pub const RATE: u32 = 16_000;

/// The rates from which sound can be brought to [`RATE`], in samples a second: microphones' and files'.
pub const SOURCE_RATES: std::ops::RangeInclusive<u32> = 4_000..=768_000;

/// Which take something is about: the name of its file, without folder and ending. It stays the same when the folder
/// moves, and no two takes share one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TakeId(Arc<str>);

impl TakeId {
    /// The take whose sound lies, or is to lie, in this file.
    pub fn of(sound: &Path) -> Self {
        Self(sound.file_stem().unwrap_or_default().to_string_lossy().into())
    }
}

impl fmt::Display for TakeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One recording, as it lies on disk.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Take {
    /// The WAV file: 16 kHz, mono, 16 bit.
    pub sound: PathBuf,
    /// Its length.
    pub seconds: f64,
    /// Samples that the machine delivered and that did not fit, counted at [`RATE`]; 0 on a good day.
    #[serde(default)]
    pub lost_samples: u64,
    /// Samples of its end that the disk has refused so far: they wait in memory while Aloud runs, and are lost with it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unwritten_samples: u64,
    /// Where the microphone delivered nothing that could be heard.
    #[serde(default)]
    pub gaps: Vec<Gap>,
    /// Seconds in which somebody speaks, once the take was transcribed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice_seconds: Option<f64>,
}

/// What is said of a take without a word, and what to check.
pub const NOTHING_HEARD: &str = "Nothing was heard in this recording. Check that the microphone is not muted, that it is the \
    right one, and that you are close enough to it.";

impl Take {
    pub fn id(&self) -> TakeId {
        TakeId::of(&self.sound)
    }
}

/// A recording that no saved answer names.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundTake {
    pub sound: PathBuf,
    pub recorded: Timestamp,
    pub seconds: f64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_zero(samples: &u64) -> bool {
    *samples == 0
}

/// A time in which nothing was recorded though the take ran.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gap {
    /// Where in the take's sound, in seconds.
    pub at: f64,
    /// How long it was.
    pub seconds: f64,
    #[serde(default)]
    pub kind: GapKind,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GapKind {
    /// The microphone was gone or being replaced, or the sound system stood still: the sound goes on right after, and
    /// what was said meanwhile is not in it.
    #[default]
    Missing,
    /// The microphone was open and heard nothing at all, as one that is muted does. The silence is in the sound.
    Silent,
}

impl Gap {
    /// A gap, to the millisecond.
    pub fn new(at: f64, seconds: f64, kind: GapKind) -> Self {
        Self {
            at: to_millisecond(at),
            seconds: to_millisecond(seconds),
            kind,
        }
    }

    /// Whether it is worth a sentence above the answer: a few lost words are, a part of one is not.
    pub fn is_told(self) -> bool {
        const LEAST_MISSING: f64 = 0.5;
        self.kind == GapKind::Silent || self.seconds >= LEAST_MISSING
    }

    /// What it was, in a sentence.
    pub fn message(self) -> String {
        let whole = self.at.max(0.0) as u64;
        let at = format!("{}:{:02}", whole / 60, whole % 60);
        match self.kind {
            GapKind::Missing => format!(
                "At {at} the microphone was gone for {:.1} s; what was said then is missing.",
                self.seconds
            ),
            GapKind::Silent => format!(
                "The microphone delivered no sound from {at} for {:.1} s. It may have been muted.",
                self.seconds
            ),
        }
    }
}

/// How loud the sound is right now, in decibels below full scale (0 is the loudest that can be stored).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// Loudness of the last 50 ms.
    pub rms: f32,
    /// The loudest sample of the last 50 ms.
    pub peak: f32,
    /// Whether it sounds like speech.
    pub speech: bool,
}

impl Level {
    /// What digital silence measures here.
    pub const SILENCE: Self = Self {
        rms: -100.0,
        peak: -100.0,
        speech: false,
    };
}

/// Steps in which a level meter shows how loud it is.
pub const METER_STEPS: u8 = 14;

/// A peak, in decibels below full scale, as a share of what a meter shows: 0 to 1.
pub fn meter_share(decibels: f32) -> f32 {
    /// The quietest level that still shows.
    const FLOOR: f32 = -60.0;
    ((decibels - FLOOR) / -FLOOR).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_told_as_what_is_known_of_it() {
        let silent = Gap::new(0.0, 14.5, GapKind::Silent);
        assert_eq!(
            silent.message(),
            "The microphone delivered no sound from 0:00 for 14.5 s. It may have been muted."
        );
        assert!(silent.is_told());
        for (seconds, told) in [(0.25, false), (0.49, false), (0.5, true), (4.0, true)] {
            assert_eq!(Gap::new(1.0, seconds, GapKind::Missing).is_told(), told, "{seconds} s");
        }
    }

    #[test]
    fn levels_are_shares_between_the_floor_and_full_scale() {
        assert_eq!(meter_share(-100.0), 0.0);
        assert_eq!(meter_share(-30.0), 0.5);
        assert_eq!(meter_share(0.0), 1.0);
    }
}
