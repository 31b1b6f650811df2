//! A take: one recording, and what is known of its sound. The words are the transcript's.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::span::Span;

/// Samples a second in every stored take and in everything after the listener.
pub const RATE: u32 = 16_000;

/// One recording, as it lies on disk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Take {
    /// The WAV file: 16 kHz, mono, 16 bit.
    pub sound: PathBuf,
    /// Its length.
    pub seconds: f64,
    /// Samples that the machine delivered and that did not fit, counted at [`RATE`]; 0 on a good day.
    #[serde(default)]
    pub lost_samples: u64,
    /// Where the microphone fell silent because it was gone or was replaced.
    #[serde(default)]
    pub gaps: Vec<Span>,
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
