//! The way of the samples out of the audio callback: a lock-free ring of fixed size.
//!
//! The callback's side ([`SampleProducer`]) never waits, locks, allocates or fails. A full ring is not silent: what does not fit
//! is counted, and the count travels with the take.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use cpal::{FromSample, Sample};

use crate::channels::ChannelMix;

/// Seconds of sound that fit between the callback and the listener. The listener drains every 20 ms; ten seconds cover
/// a disk that hangs or a machine that is busy with something else.
const RING_SECONDS: usize = 10;
/// Less time where there are very many channels: 64 MB.
const MOST_SAMPLES: usize = 16 << 20;

/// What both sides count, in frames (one sample of each channel).
#[derive(Debug, Default)]
pub struct Counters {
    delivered: AtomicU64,
    lost: AtomicU64,
}

impl Counters {
    /// Frames that the machine delivered, the lost ones included.
    pub fn delivered(&self) -> u64 {
        self.delivered.load(Ordering::Acquire)
    }

    /// Frames that did not fit into the ring.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Acquire)
    }
}

/// The callback's side: any sample format in, `f32` into the ring, the channels interleaved.
#[derive(Debug)]
pub struct SampleProducer {
    producer: rtrb::Producer<f32>,
    counters: Arc<Counters>,
    channels: usize,
}

/// The listener's side, where the channels become one.
#[derive(Debug)]
pub struct SampleConsumer {
    consumer: rtrb::Consumer<f32>,
    counters: Arc<Counters>,
    mix: ChannelMix,
    /// What was drained last, interleaved.
    interleaved: Vec<f32>,
    /// Frames a second.
    pub rate: u32,
}

/// A ring for a stream of this rate (frames a second) and this many interleaved channels.
pub fn ring(rate: u32, channels: u16) -> (SampleProducer, SampleConsumer) {
    let channels = usize::from(channels.max(1));
    let frames = (rate as usize * RING_SECONDS).min((MOST_SAMPLES / channels).max(1));
    let (producer, consumer) = rtrb::RingBuffer::new(frames * channels);
    let counters = Arc::new(Counters::default());
    (
        SampleProducer {
            producer,
            counters: Arc::clone(&counters),
            channels,
        },
        SampleConsumer {
            consumer,
            counters,
            mix: ChannelMix::new(rate, channels, 0.0),
            interleaved: Vec::new(),
            rate,
        },
    )
}

impl SampleProducer {
    /// The body of the audio callback: puts the frames into the ring.
    pub fn push<T>(&mut self, samples: &[T])
    where
        T: Copy,
        f32: FromSample<T>,
    {
        let frames = samples.len() / self.channels;
        let fits = frames.min(self.room());
        if let Ok(chunk) = self.producer.write_chunk_uninit(fits * self.channels) {
            chunk.fill_from_iter(samples.iter().map(|sample| f32::from_sample(*sample)));
        }
        self.counters.lost.fetch_add((frames - fits) as u64, Ordering::Release);
        self.counters.delivered.fetch_add(frames as u64, Ordering::Release);
    }

    /// Frames that would fit now. For sources that can wait, such as a file.
    pub fn room(&self) -> usize {
        self.producer.slots() / self.channels
    }
}

impl SampleConsumer {
    /// Puts everything that has arrived at the end of `into`, as one channel.
    pub fn drain(&mut self, into: &mut Vec<f32>) {
        let channels = self.mix.channels();
        let whole = self.consumer.slots() / channels * channels;
        if let Ok(chunk) = self.consumer.read_chunk(whole) {
            self.interleaved.clear();
            self.interleaved.extend(chunk);
            self.mix.push(&self.interleaved, into);
        }
    }

    /// Whether the other side is gone and everything has been drained.
    pub fn ended(&self) -> bool {
        self.consumer.is_abandoned() && self.consumer.is_empty()
    }

    pub fn counters(&self) -> &Arc<Counters> {
        &self.counters
    }
}

/// Samples of any cpal format to `f32` between -1 and 1: the conversion of the callback, for other readers too.
pub fn to_f32<T>(sample: T) -> f32
where
    T: Sample,
    f32: FromSample<T>,
{
    f32::from_sample(sample)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_mixed_down_whatever_their_format() {
        let (mut producer, mut consumer) = ring(8000, 2);
        producer.push(&[i16::MAX, i16::MAX, 0, 0, i16::MIN, i16::MAX]);
        let mut heard = Vec::new();
        consumer.drain(&mut heard);
        assert_eq!(heard.len(), 3);
        assert!(
            heard[0] > 0.99 && heard[1] == 0.0 && heard[2].abs() < 0.001,
            "{heard:?}"
        );
        // 8-bit WAV and cpal's u8 put their zero in the middle.
        let (mut producer, mut consumer) = ring(8000, 1);
        producer.push(&[0_u8, 128, 255]);
        heard.clear();
        consumer.drain(&mut heard);
        assert!(heard[0] < -0.99 && heard[1] == 0.0 && heard[2] > 0.98, "{heard:?}");
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        let (mut producer, consumer) = ring(100, 1);
        producer.push(&vec![0.5_f32; 1500]);
        assert_eq!(consumer.counters().delivered(), 1500);
        assert_eq!(consumer.counters().lost(), 500);
    }

    #[test]
    fn an_abandoned_ring_ends_only_when_it_is_empty() {
        let (mut producer, mut consumer) = ring(100, 1);
        producer.push(&[0.1_f32; 3]);
        drop(producer);
        assert!(!consumer.ended());
        consumer.drain(&mut Vec::new());
        assert!(consumer.ended());
    }
}
