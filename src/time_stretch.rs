//! Speech that is played faster or slower, at its own pitch: WSOLA (waveform similarity overlap-add, Verhelst and Roelands
//! 1993). The sound is copied as it is, and where the copy has fallen behind or run ahead, it is cut and faded over to the
//! nearest place with the same waveform. Knows samples and nothing of what they are, where they come from or who plays them.

use crate::take::RATE;

/// Samples of a fade, and between two decisions: 16 ms, which is more than one period of the lowest voice.
const HOP: usize = RATE as usize * 16 / 1000;
/// How far from its due place a sound may be taken: 8 ms to either side, so that one period of the lowest voice (70 Hz) is
/// always in reach.
const SEARCH: usize = RATE as usize * 8 / 1000;

/// A stream of one channel at [`RATE`] on its way to another speed. At the speed 1 it is passed through as it is.
#[derive(Debug)]
pub struct TimeStretch {
    /// Seconds of sound in each second that comes out.
    speed: f64,
    /// What came in and may still be needed.
    input: Vec<f32>,
    /// How many samples stood before `input`.
    dropped: usize,
    /// Where the sound goes on that came out last, counted from the first sample.
    next: usize,
    /// How many hops have come out.
    hops: usize,
    /// Half a Hann window, rising: with the same falling it makes 1.
    rise: Vec<f32>,
}

impl TimeStretch {
    /// The speed is positive, and between about a half and two the sound stays good.
    pub fn new(speed: f64) -> Self {
        let rise = (0..HOP).map(|at| {
            let phase = (at as f32 + 0.5) / HOP as f32 * std::f32::consts::PI;
            0.5 - 0.5 * phase.cos()
        });
        Self {
            speed,
            input: Vec::new(),
            dropped: 0,
            next: 0,
            hops: 0,
            rise: rise.collect(),
        }
    }

    /// Takes samples, and puts those that are complete at the end of `into`.
    pub fn push(&mut self, samples: &[f32], into: &mut Vec<f32>) {
        if self.speed == 1.0 {
            into.extend_from_slice(samples);
            return;
        }
        self.input.extend_from_slice(samples);
        let end = self.dropped + self.input.len();
        while self.needed() <= end {
            self.hop(into);
        }
    }

    /// Puts what is still inside at the end of `into`. After it the stream begins anew.
    pub fn finish(&mut self, into: &mut Vec<f32>) {
        let pushed = self.dropped + self.input.len();
        let whole = (pushed as f64 / self.speed).round() as usize;
        let left = whole.saturating_sub(self.hops * HOP);
        let before = into.len();
        while self.speed != 1.0 && into.len() < before + left {
            // Silence follows the last sample.
            let needed = self.needed() - self.dropped;
            self.input.resize(needed.max(self.input.len()), 0.0);
            self.hop(into);
        }
        into.truncate(before + left.min(into.len() - before));
        *self = Self::new(self.speed);
    }

    /// Where the sound of the next hop is due.
    fn due(&self) -> usize {
        (self.hops as f64 * HOP as f64 * self.speed).round() as usize
    }

    /// How many samples must have come for the next hop.
    fn needed(&self) -> usize {
        self.next.max(self.due() + SEARCH) + HOP
    }

    /// Puts the next hop out: what goes on, faded over to what is due.
    fn hop(&mut self, into: &mut Vec<f32>) {
        let due = self.due();
        let from = due.saturating_sub(SEARCH).max(self.dropped);
        let to = due + SEARCH;
        let on = self.next - self.dropped;
        // As long as the copy is where it may be, it goes on.
        let best = if (from..=to).contains(&self.next) {
            self.next
        } else {
            self.most_alike(from, to)
        };
        let goes_on = &self.input[on..on + HOP];
        let comes = &self.input[best - self.dropped..best - self.dropped + HOP];
        let faded = goes_on.iter().zip(comes).zip(&self.rise);
        into.extend(faded.map(|((old, new), rise)| old + (new - old) * rise));
        self.next = best + HOP;
        self.hops += 1;
        let needless = self.next.min(self.due().saturating_sub(SEARCH)) - self.dropped;
        // In large pieces: what is kept moves to the front.
        if needless > RATE as usize {
            self.input.drain(..needless);
            self.dropped += needless;
        }
    }

    /// The place between these whose waveform is most like the one that would go on.
    fn most_alike(&self, from: usize, to: usize) -> usize {
        let on = self.next - self.dropped;
        let model = &self.input[on..on + HOP];
        let alike = |place: usize| {
            let there = &self.input[place - self.dropped..place - self.dropped + HOP];
            let (mut product, mut energy) = (0.0_f32, 1e-6_f32);
            for (a, b) in model.iter().zip(there) {
                product += a * b;
                energy += b * b;
            }
            product / energy.sqrt()
        };
        let mut best = (from, f32::NEG_INFINITY);
        for place in from..=to {
            let alike = alike(place);
            if alike > best.1 {
                best = (place, alike);
            }
        }
        best.0
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;
    use crate::sound_file::SoundFile;

    const SPEEDS: [f64; 3] = [0.75, 1.25, 1.5];

    /// Pushes samples in pieces of odd lengths, as a file gives them.
    fn stretched(samples: &[f32], speed: f64) -> Vec<f32> {
        let mut stretch = TimeStretch::new(speed);
        let mut out = Vec::new();
        for piece in samples.chunks(777) {
            stretch.push(piece, &mut out);
        }
        stretch.finish(&mut out);
        out
    }

    fn sine(frequency: f64, seconds: f64) -> Vec<f32> {
        let count = (seconds * f64::from(RATE)) as usize;
        let at = |sample: usize| (TAU * frequency * sample as f64 / f64::from(RATE)).sin();
        (0..count).map(|sample| 0.5 * at(sample) as f32).collect()
    }

    fn speech() -> Vec<f32> {
        let wav: &[u8] = include_bytes!("../assets/sample-answer.wav");
        let mut sound = SoundFile::from_reader(wav, "sample").unwrap();
        assert_eq!(sound.rate, RATE);
        let mut samples = Vec::new();
        while sound.read(RATE as usize, &mut samples) > 0 {}
        samples
    }

    /// Hertz, by its upward crossings of zero.
    fn frequency(samples: &[f32]) -> f64 {
        let crossings: Vec<f64> = (1..samples.len())
            .filter(|at| samples[at - 1] < 0.0 && samples[*at] >= 0.0)
            .map(|at| at as f64 - f64::from(samples[at]) / f64::from(samples[at] - samples[at - 1]))
            .collect();
        let (first, last) = (crossings[0], crossings[crossings.len() - 1]);
        (crossings.len() - 1) as f64 * f64::from(RATE) / (last - first)
    }

    fn highest_jump(samples: &[f32]) -> f32 {
        samples
            .windows(2)
            .map(|pair| (pair[1] - pair[0]).abs())
            .fold(0.0, f32::max)
    }

    /// Decibels in each band of 250 Hz up to 4 kHz, over the whole sound.
    fn spectrum(samples: &[f32]) -> Vec<f64> {
        const FRAME: usize = 512;
        let wave: Vec<f64> = (0..FRAME).map(|at| (TAU * at as f64 / FRAME as f64).cos()).collect();
        let bin = |frame: &[f32], bin: usize| {
            let (mut re, mut im) = (0.0, 0.0);
            for (at, sample) in frame.iter().enumerate() {
                let windowed = f64::from(*sample) * (0.5 - 0.5 * wave[at]);
                re += windowed * wave[bin * at % FRAME];
                im += windowed * wave[(bin * at + FRAME / 4) % FRAME];
            }
            re * re + im * im
        };
        let starts = (0..samples.len() - FRAME).step_by(FRAME / 2);
        let frames: Vec<&[f32]> = starts.map(|start| &samples[start..start + FRAME]).collect();
        let bands = (4..128).step_by(8).map(|first| {
            let energies = frames
                .iter()
                .flat_map(|frame| (first..first + 8).step_by(2).map(|at| bin(frame, at)));
            10.0 * (energies.sum::<f64>() / frames.len() as f64).log10()
        });
        bands.collect()
    }

    #[test]
    fn at_its_own_speed_every_sample_passes_as_it_is() {
        let samples = speech();
        assert_eq!(stretched(&samples, 1.0), samples);
    }

    #[test]
    fn a_tone_keeps_its_pitch_and_gets_its_length() {
        for speed in SPEEDS {
            for tone in [90.0, 220.0, 440.0, 1000.0] {
                let out = stretched(&sine(tone, 3.0), speed);
                let seconds = out.len() as f64 / f64::from(RATE);
                assert!(
                    (seconds * speed / 3.0 - 1.0).abs() < 0.02,
                    "{tone} Hz at {speed}: {seconds} s"
                );
                // Without the silence that follows the last sample.
                let heard = frequency(&out[..out.len() - 2 * HOP]);
                assert!((heard / tone - 1.0).abs() < 0.01, "{tone} Hz at {speed}: {heard} Hz");
            }
        }
    }

    #[test]
    fn nothing_clicks() {
        for speed in SPEEDS {
            for tone in [90.0, 440.0] {
                let samples = sine(tone, 3.0);
                let out = stretched(&samples, speed);
                let inner = &out[..out.len() - 2 * HOP];
                assert!(
                    highest_jump(inner) < 1.2 * highest_jump(&samples),
                    "{tone} Hz at {speed}"
                );
            }
            let samples = speech();
            assert!(
                highest_jump(&stretched(&samples, speed)) <= 1.1 * highest_jump(&samples),
                "speech at {speed}"
            );
        }
    }

    #[test]
    fn speech_keeps_its_spectrum_and_its_loudness() {
        let samples = speech();
        let before = spectrum(&samples);
        for speed in SPEEDS {
            let after = spectrum(&stretched(&samples, speed));
            for (band, (before, after)) in before.iter().zip(&after).enumerate() {
                let off = (before - after).abs();
                assert!(off < 1.5, "band {band} at {speed}: {off:.1} dB off");
            }
        }
    }

    #[test]
    fn a_place_of_the_sound_comes_when_it_is_due() {
        // A second of silence, a tone, a second of silence.
        let mut samples = vec![0.0; RATE as usize];
        samples.extend(sine(300.0, 0.5));
        samples.extend(vec![0.0; RATE as usize]);
        for speed in SPEEDS {
            let out = stretched(&samples, speed);
            let loud = |sample: &f32| sample.abs() > 0.1;
            let first = out.iter().position(loud).unwrap() as f64 / f64::from(RATE) * speed;
            let last = out.iter().rposition(loud).unwrap() as f64 / f64::from(RATE) * speed;
            assert!(
                (first - 1.0).abs() < 0.03 && (last - 1.5).abs() < 0.03,
                "{first} to {last} at {speed}"
            );
        }
    }

    #[test]
    fn short_and_empty_sounds_have_their_length_too() {
        for count in [0, 1, 100, HOP, 3 * HOP + 7] {
            assert_eq!(
                stretched(&vec![0.25; count], 1.25).len(),
                (count as f64 / 1.25).round() as usize
            );
        }
    }
}
