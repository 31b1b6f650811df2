//! Which frames of the sound hold speech, and how loud each is. The detector is earshot's; the loudness decides nothing
//! alone, so that quiet speech stays speech.

use earshot::Detector;

use crate::take::{Level, RATE};

/// Samples of a frame: 16 ms, the detector's own.
pub const FRAME: usize = 256;
/// Seconds of a frame.
pub const FRAME_SECONDS: f64 = FRAME as f64 / RATE as f64;

/// Quiet sound is turned up to this peak before the detector looks at it, by no more than the second figure: it finds
/// a fifth more of a voice at -45 dBFS that way, and still nothing in a room's noise.
const LOUD_ENOUGH: f32 = 0.125;
const MOST_GAIN: f32 = 10.0;

/// One frame of sound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Loudness, in decibels below full scale.
    pub loudness: f32,
    /// How likely it is a voice, 0 to 1.
    pub voice: f32,
}

/// Cuts sound into frames and looks at each.
pub struct Vad {
    detector: Box<Detector>,
    rest: Vec<f32>,
    /// Peak of the loudest recent frame; it fades, so that a slammed door is forgotten.
    loudest: f32,
}

impl std::fmt::Debug for Vad {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vad").finish_non_exhaustive()
    }
}

impl Default for Vad {
    fn default() -> Self {
        Self {
            detector: Detector::default_boxed(),
            rest: Vec::with_capacity(FRAME),
            loudest: 0.0,
        }
    }
}

impl Vad {
    /// Takes 16 kHz samples of any number; gives each frame that is complete to `emit`.
    pub fn push(&mut self, samples: &[f32], mut emit: impl FnMut(Frame)) {
        self.rest.extend_from_slice(samples);
        let whole = self.rest.len() / FRAME * FRAME;
        for start in (0..whole).step_by(FRAME) {
            let mut frame = [0.0; FRAME];
            frame.copy_from_slice(&self.rest[start..start + FRAME]);
            emit(self.look(&frame));
        }
        self.rest.drain(..whole);
    }

    fn look(&mut self, samples: &[f32; FRAME]) -> Frame {
        let loudness = loudness(samples);
        let peak = samples.iter().fold(0.0_f32, |most, sample| most.max(sample.abs()));
        // Half of what it was after eight seconds.
        self.loudest = (self.loudest * 0.998_6).max(peak);
        let gain = (LOUD_ENOUGH / self.loudest.max(1e-4)).clamp(1.0, MOST_GAIN);
        let mut turned_up = [0.0; FRAME];
        for (to, from) in turned_up.iter_mut().zip(samples) {
            *to = (from * gain).clamp(-1.0, 1.0);
        }
        Frame {
            loudness,
            voice: self.detector.predict_f32(&turned_up),
        }
    }
}

/// Loudness of a segment of sound, in decibels below full scale; never below that of [`Level::SILENCE`].
pub fn loudness(samples: &[f32]) -> f32 {
    let sum: f32 = samples.iter().map(|sample| sample * sample).sum();
    let power = sum / samples.len().max(1) as f32;
    (10.0 * power.max(1e-12).log10()).max(Level::SILENCE.rms)
}
