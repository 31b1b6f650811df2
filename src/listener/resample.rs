//! Any rate to 16 kHz, as a stream: samples are pushed in, resampled ones come out in order.

use rubato::{
    Async, FixedAsync, Indexing, Resampler, SincInterpolationParameters, SincInterpolationType, WindowFunction,
    audioadapter_buffers::direct::InterleavedSlice,
};

use crate::take::RATE;

/// A stream of one channel on its way to [`RATE`].
pub struct Resampling {
    /// Nothing where the rate is right already.
    sinc: Option<Async<f32>>,
    waiting: Vec<f32>,
    out: Vec<f32>,
    /// Samples still to be left out at the beginning: the filter's delay.
    delay: usize,
    /// How many samples have gone in and come out.
    pushed: u64,
    emitted: u64,
    rate: u32,
}

impl std::fmt::Debug for Resampling {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resampling")
            .field("rate", &self.rate)
            .finish_non_exhaustive()
    }
}

impl Resampling {
    /// From `rate` samples a second; the rate lies in [`SOURCE_RATES`](crate::take::SOURCE_RATES).
    pub fn from_rate(rate: u32) -> Self {
        let sinc = (rate != RATE).then(|| Self::sinc(rate));
        let (delay, most) = sinc
            .as_ref()
            .map_or((0, 0), |sinc| (sinc.output_delay(), sinc.output_frames_max()));
        Self {
            sinc,
            waiting: Vec::new(),
            out: vec![0.0; most],
            delay,
            pushed: 0,
            emitted: 0,
            rate,
        }
    }

    fn sinc(rate: u32) -> Async<f32> {
        let ratio = f64::from(RATE) / f64::from(rate);
        // The filter must be as long in time whatever the rate, or the highest rates would alias.
        let length = (128.0 / ratio.min(1.0)).ceil() as usize;
        let parameters = SincInterpolationParameters::new(length, WindowFunction::BlackmanHarris2)
            .interpolation(SincInterpolationType::Linear);
        let chunk = (rate / 100).max(1) as usize;
        Async::new_sinc(ratio, 1.0, &parameters, chunk, 1, FixedAsync::Input)
            .expect("the ratio is positive and the chunk is not empty")
    }

    /// Takes samples; gives those at 16 kHz that are complete to `emit`.
    pub fn push(&mut self, samples: &[f32], mut emit: impl FnMut(&[f32])) {
        self.pushed += samples.len() as u64;
        if self.sinc.is_none() {
            self.emitted += samples.len() as u64;
            emit(samples);
            return;
        }
        self.waiting.extend_from_slice(samples);
        self.process(&mut emit);
    }

    /// Gives what is still inside the filter. After it the stream begins anew.
    pub fn finish(&mut self, mut emit: impl FnMut(&[f32])) {
        if self.sinc.is_some() {
            let wanted = (self.pushed as f64 * f64::from(RATE) / f64::from(self.rate)).round() as u64;
            while self.emitted < wanted {
                let mut still_wanted = (wanted - self.emitted) as usize;
                let chunk = (self.rate / 100).max(1) as usize;
                self.waiting
                    .resize(self.waiting.len().max(1).next_multiple_of(chunk), 0.0);
                let before = self.emitted;
                self.process(&mut |resampled: &[f32]| {
                    let part = &resampled[..resampled.len().min(still_wanted)];
                    still_wanted -= part.len();
                    if !part.is_empty() {
                        emit(part);
                    }
                });
                // The delay alone may swallow a chunk; anything else makes progress.
                if self.emitted == before && self.delay == 0 {
                    break;
                }
            }
        }
        *self = Self::from_rate(self.rate);
    }

    fn process(&mut self, emit: &mut impl FnMut(&[f32])) {
        let Some(sinc) = &mut self.sinc else { return };
        let mut used = 0;
        loop {
            let needed = sinc.input_frames_next();
            if self.waiting.len() - used < needed {
                break;
            }
            let input = InterleavedSlice::new(&self.waiting[used..used + needed], 1, needed)
                .expect("the slice is as long as it says");
            let room = self.out.len();
            let mut output =
                InterleavedSlice::new_mut(&mut self.out, 1, room).expect("the slice is as long as it says");
            let (read, written) = sinc
                .process_into_buffer(&input, &mut output, None::<&Indexing>)
                .expect("both buffers have the sizes that the resampler asked for");
            used += read;
            let skipped = self.delay.min(written);
            self.delay -= skipped;
            let fresh = &self.out[skipped..written];
            self.emitted += fresh.len() as u64;
            if !fresh.is_empty() {
                emit(fresh);
            }
        }
        self.waiting.drain(..used);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resampled(rate: u32, samples: &[f32], piece: usize) -> Vec<f32> {
        let mut out = Vec::new();
        let mut stream = Resampling::from_rate(rate);
        for part in samples.chunks(piece) {
            stream.push(part, |resampled| out.extend_from_slice(resampled));
        }
        stream.finish(|resampled| out.extend_from_slice(resampled));
        out
    }

    fn tone(rate: u32, hertz: f64, seconds: f64) -> Vec<f32> {
        (0..(f64::from(rate) * seconds) as usize)
            .map(|index| (index as f64 / f64::from(rate) * hertz * std::f64::consts::TAU).sin() as f32 * 0.5)
            .collect()
    }

    #[test]
    fn a_tone_keeps_its_length_its_place_and_its_loudness() {
        for rate in [
            4_000, 8_000, 11_025, 16_000, 22_050, 44_100, 47_999, 48_000, 96_000, 192_000, 384_000, 768_000,
        ] {
            let out = resampled(rate, &tone(rate, 440.0, 1.0), 333);
            assert_eq!(out.len(), 16_000, "{rate}");
            let expected = tone(RATE, 440.0, 1.0);
            let worst = (1_000..15_000)
                .map(|index| (out[index] - expected[index]).abs())
                .fold(0.0, f32::max);
            // At this pitch a shift by one sample and a half: a tenth of a millisecond.
            assert!(worst < 0.13, "{rate}: {worst}");
            let loudest = out.iter().fold(0.0_f32, |most, sample| most.max(sample.abs()));
            assert!((0.48..0.55).contains(&loudest), "{rate}: {loudest}");
        }
    }

    #[test]
    fn what_16_khz_cannot_hold_does_not_come_back_as_another_tone() {
        for rate in [44_100, 48_000, 192_000] {
            let out = resampled(rate, &tone(rate, 11_000.0, 0.5), 480);
            let loudest = out[800..7_000]
                .iter()
                .fold(0.0_f32, |most, sample| most.max(sample.abs()));
            assert!(loudest < 0.005, "{rate}: {loudest}");
        }
    }
}
