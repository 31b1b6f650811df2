//! Many channels to one, without losing the voice: of a recording, and of a microphone while it is heard.
//!
//! The mean of the channels, as is usual, cancels a voice whose second channel is turned round, makes one of a single channel
//! quiet among dead ones, and buries it under another channel's noise. Here each channel counts as much as its voice stands
//! out of its own noise, and one that runs against the others is turned round. The decision is taken every 16 ms from what was
//! heard so far, comes into effect within some 20 ms without a step, and depends on the sound alone.

use std::collections::VecDeque;

use crate::{
    take::RATE,
    vad::{FRAME, Vad},
};

/// How likely a frame must be a voice to count as one, as none, and as one beyond doubt.
const VOICE: f32 = 0.5;
const NO_VOICE: f32 = 0.3;
const SURE_VOICE: f32 = 0.8;
/// A voice that stands out more than this (20 dB) is not heard better.
const CLEAR: f32 = 100.0;
/// Noise so far below the voice (40 dB) does no harm.
const HARMLESS: f32 = 1e-4;
/// A channel that is worse than the best by this factor (10 dB) counts a quarter or so.
const MUCH_WORSE: f32 = 0.1;
/// So many frames with a voice are enough to rely on.
const ENOUGH_FRAMES: f32 = 8.0;
/// Power of what is called silence: -80 dB below full scale.
const SILENCE: f32 = 1e-8;
/// Correlation at which a channel is turned round, and at which it is turned back.
const AGAINST: f32 = -0.3;
const NOT_AGAINST: f32 = -0.1;
/// How fast a change comes into effect.
const GLIDE_SECONDS: f64 = 0.02;

/// What is known of a channel.
struct ChannelState {
    vad: Vad,
    /// Samples at [`RATE`] for the frame that is being filled.
    frame: Vec<f32>,
    /// For the rate's conversion: the sum of what falls into the next sample, and the sample before.
    sum: f32,
    last: f32,
    /// Its constant part, which is no sound.
    offset: f32,
    /// Power without a voice and with one, and of whatever there is.
    noise: Option<f32>,
    voice: f32,
    average: f32,
    /// Power above the noise over the last second or so, and what of it is a voice beyond doubt: of a voice nearly all, of
    /// music and machines, which are now and then taken for one, a part.
    above: f32,
    certain: f32,
    /// Its power and its product with the leading channel, over the last second.
    power: f32,
    product: f32,
    is_turned: bool,
    weight: f32,
    target: f32,
}

impl ChannelState {
    fn new(channels: usize) -> Self {
        Self {
            vad: Vad::default(),
            frame: Vec::with_capacity(FRAME),
            sum: 0.0,
            last: 0.0,
            offset: 0.0,
            noise: None,
            voice: 0.0,
            average: 0.0,
            above: 0.0,
            certain: 0.0,
            power: 0.0,
            product: 0.0,
            is_turned: false,
            weight: 1.0 / channels as f32,
            target: 1.0 / channels as f32,
        }
    }

    /// How far its voice stands out of its noise, as a ratio of powers.
    fn clearness(&self) -> f32 {
        (self.voice / self.floor()).min(CLEAR)
    }

    /// Which share of what it has above its noise is a voice.
    fn share(&self) -> f32 {
        self.certain / self.above.max(SILENCE)
    }

    fn floor(&self) -> f32 {
        self.noise.unwrap_or(0.0).max(SILENCE)
    }

    /// Takes in a frame: how loud it is, and whether there is a voice in it.
    fn follow(&mut self, power: f32, voice: f32) -> bool {
        self.average += (power + self.offset * self.offset - self.average) * 0.01;
        let noise = self.noise.get_or_insert(power);
        let pace = if power < *noise {
            0.1
        } else if voice < NO_VOICE {
            0.005
        } else {
            0.000_5
        };
        *noise += (power - *noise) * pace;
        if power <= 2.0 * *noise {
            return false;
        }
        let fresh = power - *noise;
        self.above = self.above * 0.98 + fresh;
        self.certain = self.certain * 0.98 + if voice >= SURE_VOICE { fresh } else { 0.0 };
        if voice < VOICE {
            return false;
        }
        // Known at once when somebody begins to speak, and not forgotten while they are silent.
        self.voice += (fresh - self.voice) * if fresh > self.voice { 0.2 } else { 0.01 };
        true
    }
}

/// Mixes interleaved channels down to one as they come.
pub struct ChannelMix {
    states: Vec<ChannelState>,
    /// Samples at [`RATE`] for each frame that comes, and how much of the next one is filled.
    step: f64,
    filled: f64,
    taken: f32,
    /// Frames that wait until what comes after them is known, interleaved.
    waiting: VecDeque<f32>,
    look_ahead: usize,
    glide: f32,
    /// The channel that the others are compared with.
    leader: usize,
    voiced: f32,
    begun: bool,
}

impl std::fmt::Debug for ChannelMix {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChannelMix")
            .field("channels", &self.states.len())
            .finish_non_exhaustive()
    }
}

impl ChannelMix {
    /// For frames of so many channels at this rate. With a `look_ahead` of some seconds what is mixed comes so much later, and
    /// the first word is mixed as well as those after it.
    pub fn new(rate: u32, channels: usize, look_ahead: f64) -> Self {
        let channels = channels.max(1);
        let rate = f64::from(rate.max(1));
        Self {
            states: (0..channels).map(|_| ChannelState::new(channels)).collect(),
            step: f64::from(RATE) / rate,
            filled: 0.0,
            taken: 0.0,
            waiting: VecDeque::new(),
            look_ahead: (look_ahead * rate) as usize,
            glide: (1.0 - (-1.0 / (GLIDE_SECONDS * rate)).exp()) as f32,
            leader: 0,
            voiced: 0.0,
            begun: false,
        }
    }

    pub fn channels(&self) -> usize {
        self.states.len()
    }

    /// Takes whole frames, interleaved; puts what is mixed at the end of `into`.
    pub fn push(&mut self, samples: &[f32], into: &mut Vec<f32>) {
        let channels = self.channels();
        if channels == 1 {
            into.extend_from_slice(samples);
            return;
        }
        for frame in samples.chunks_exact(channels) {
            self.look(frame);
            if self.look_ahead == 0 {
                into.push(self.mixed(frame.iter().copied()));
                continue;
            }
            self.waiting.extend(frame);
            if self.waiting.len() > self.look_ahead * channels {
                self.emit(into);
            }
        }
    }

    /// Gives what still waits.
    pub fn finish(&mut self, into: &mut Vec<f32>) {
        while self.waiting.len() >= self.channels() {
            self.emit(into);
        }
    }

    fn emit(&mut self, into: &mut Vec<f32>) {
        if !self.begun {
            self.begun = true;
            for state in &mut self.states {
                state.weight = state.target;
            }
        }
        let channels = self.channels();
        let mut waiting = std::mem::take(&mut self.waiting);
        into.push(self.mixed(waiting.drain(..channels)));
        self.waiting = waiting;
    }

    fn mixed(&mut self, frame: impl Iterator<Item = f32>) -> f32 {
        let glide = self.glide;
        let mix = |(state, sample): (&mut ChannelState, f32)| {
            state.weight += (state.target - state.weight) * glide;
            state.weight * sample
        };
        self.states.iter_mut().zip(frame).map(mix).sum()
    }

    /// Brings a frame to [`RATE`], near enough to tell a voice; with each 16 ms of it the weights are found anew.
    fn look(&mut self, frame: &[f32]) {
        let before = self.filled;
        self.filled += self.step;
        self.taken += 1.0;
        let whole = self.filled as usize;
        for (state, sample) in self.states.iter_mut().zip(frame) {
            let sample = if sample.is_finite() { *sample } else { 0.0 };
            state.sum += sample;
            if whole == 0 {
                continue;
            }
            let mean = state.sum / self.taken;
            for index in 0..whole {
                // Between the one before and this one where the rate is lower.
                let part = ((index as f64 + 1.0 - before) / self.step).min(1.0) as f32;
                let value = if whole == 1 {
                    mean
                } else {
                    state.last + (mean - state.last) * part
                };
                state.offset += (value - state.offset) * 0.001;
                state.frame.push(value - state.offset);
            }
            state.last = mean;
            state.sum = 0.0;
        }
        if whole > 0 {
            self.filled -= whole as f64;
            self.taken = 0.0;
            if self.states[0].frame.len() >= FRAME {
                self.judge();
            }
        }
    }

    fn judge(&mut self) {
        let leader: Vec<f32> = self.states[self.leader].frame[..FRAME].to_vec();
        let mut any = false;
        for state in &mut self.states {
            let frame = &state.frame[..FRAME];
            let power = frame.iter().map(|sample| sample * sample).sum::<f32>() / FRAME as f32;
            let product = frame.iter().zip(&leader).map(|(one, other)| one * other).sum::<f32>() / FRAME as f32;
            let mut voice = 0.0;
            state.vad.push(frame, |frame| voice = frame.voice);
            // Power and product fade alike: their ratio is the correlation.
            state.power = state.power * 0.98 + power;
            state.product = state.product * 0.98 + product;
            any |= state.follow(power, voice);
            state.frame.drain(..FRAME);
        }
        if any {
            self.voiced += 1.0;
        }
        self.turn();
        self.weigh();
    }

    /// Turns channels round that run against the leading one.
    fn turn(&mut self) {
        let (power, turned) = {
            let leader = &self.states[self.leader];
            (leader.power, leader.is_turned)
        };
        for state in &mut self.states {
            let scale = (power * state.power).sqrt();
            if scale <= SILENCE {
                continue;
            }
            let correlation = state.product / scale;
            let against = if state.is_turned == turned {
                correlation < AGAINST
            } else {
                correlation < NOT_AGAINST
            };
            state.is_turned = turned != against;
        }
    }

    fn weigh(&mut self) {
        let of_all = |what: fn(&ChannelState) -> f32| self.states.iter().map(what).fold(0.0, f32::max);
        let best = of_all(ChannelState::clearness);
        let share = of_all(ChannelState::share);
        // Until there has been a voice all channels count alike.
        let sure = (self.voiced / ENOUGH_FRAMES).min(1.0) * (best / 3.0).min(1.0) * (share / 0.3).min(1.0);
        let heard = |state: &ChannelState| {
            let ratio = state.clearness() / best.max(SILENCE);
            let clear = ratio / (ratio + MUCH_WORSE) * (1.0 + MUCH_WORSE);
            clear.powi(2) * (state.share() / share.max(SILENCE)).powi(4)
        };
        let gates: Vec<f32> = self.states.iter().map(heard).collect();
        let sum = gates.iter().sum::<f32>().max(SILENCE);
        let first = (0..gates.len()).fold(
            0,
            |first, index| if gates[index] > gates[first] { index } else { first },
        );
        let harmless = self.states[first].floor().max(self.states[first].voice * HARMLESS);
        let count = self.states.len() as f32;
        for (state, gate) in self.states.iter_mut().zip(&gates) {
            // A quiet channel stays open: somebody may begin to speak there, too.
            let open = (harmless / (count * state.average).max(SILENCE)).min(1.0);
            let weight = sure * (gate / sum).max(open) + (1.0 - sure) / count;
            state.target = if state.is_turned { -weight } else { weight };
        }
        // Another leads only where the leading one has become far worse: a change of polarity is heard as a gap.
        if gates[self.leader] < 0.5 * gates[first] {
            self.leader = first;
            for state in &mut self.states {
                (state.power, state.product) = (0.0, 0.0);
            }
        }
    }
}

#[cfg(test)]
mod tests;
