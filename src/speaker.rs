//! Plays a take, through cpal, at any of the speeds. Knows where in the take the sound is that is heard now: what the
//! system has been handed but not played yet is counted off.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use cpal::{
    BufferSize, Device, ErrorKind, FromSample, OutputCallbackInfo, SampleFormat, SizedSample, Stream, StreamConfig,
    SupportedBufferSize, SupportedStreamConfig,
    traits::{DeviceTrait, HostTrait, StreamTrait},
};

use crate::{
    listener::resample::Resampling,
    settings::PlaybackSpeed,
    sound_file::{SoundFile, SoundFileError},
    time_stretch::TimeStretch,
};

#[derive(Debug, thiserror::Error)]
pub enum SpeakerError {
    #[error(transparent)]
    Sound(#[from] SoundFileError),
    #[error("No loudspeaker was found. Plug one in, or choose one in the system's settings.")]
    NoneFound,
    #[error("Could not open the loudspeaker: {0}. Close other programs that use it, and try again.")]
    Open(#[from] cpal::Error),
    #[error(
        "The loudspeaker was disconnected during playback. Plug it in, or choose another in the system's settings."
    )]
    Gone,
    #[error("Playback stopped because of a bug in Aloud. Try again, and please report it.")]
    Died,
    #[error("Playback could not start a thread: {0}. Close other programs.")]
    Thread(#[from] std::io::Error),
}

/// A take that is being played. Dropping it stops it.
#[derive(Debug)]
pub struct Playback {
    shared: Arc<PlaybackState>,
    thread: Option<JoinHandle<Result<(), SpeakerError>>>,
}

#[derive(Debug)]
struct PlaybackState {
    /// Where in the take it began, in seconds.
    from: f64,
    /// Seconds of the take in a second that is heard.
    speed: f64,
    clock: PlaybackClock,
    stop: AtomicBool,
    /// The loudspeaker takes no more sound.
    gone: AtomicBool,
    over: AtomicBool,
}

/// What is known of when each frame is heard. Written by the sound system's callback, which must not wait.
#[derive(Debug)]
struct PlaybackClock {
    zero: Instant,
    /// Nanoseconds from `zero` to where the first frame was heard, or will be.
    begun: AtomicI64,
    /// Nanoseconds of sound that have been handed to the system.
    handed: AtomicU64,
    /// Nanoseconds of sound that were heard when it was last asked: it never goes back.
    heard: AtomicI64,
}

impl PlaybackClock {
    fn new() -> Self {
        Self {
            zero: Instant::now(),
            begun: AtomicI64::new(0),
            handed: AtomicU64::new(0),
            heard: AtomicI64::new(0),
        }
    }

    /// More frames are handed over now; the first of them is heard after `delay`.
    fn hand_over(&self, frames: u64, rate: u32, now: Instant, delay: Duration) {
        const SECOND: u64 = 1_000_000_000;
        let before = self.handed.load(Ordering::Acquire);
        let heard = now.saturating_duration_since(self.zero) + delay;
        self.begun
            .store(heard.as_nanos() as i64 - before as i64, Ordering::Release);
        self.handed
            .store(before + frames * SECOND / u64::from(rate.max(1)), Ordering::Release);
    }

    /// Seconds of sound that have been heard.
    fn heard(&self, now: Instant) -> f64 {
        let handed = self.handed.load(Ordering::Acquire) as i64;
        let now = now.saturating_duration_since(self.zero).as_nanos() as i64;
        let heard = (now - self.begun.load(Ordering::Acquire)).clamp(0, handed);
        self.heard.fetch_max(heard, Ordering::AcqRel).max(heard) as f64 / 1e9
    }

    /// Whether all that was handed over has been heard.
    fn is_heard(&self, now: Instant) -> bool {
        self.heard(now) >= self.handed.load(Ordering::Acquire) as f64 / 1e9
    }
}

impl Playback {
    /// The second of the take that is heard now.
    pub fn second(&self) -> f64 {
        self.shared.second(Instant::now())
    }

    /// Nothing while it plays; then, once, how it ended.
    pub fn ended(&mut self) -> Option<Result<(), SpeakerError>> {
        let died = self.thread.as_ref().is_none_or(JoinHandle::is_finished);
        if !self.shared.over.load(Ordering::Acquire) && !died {
            return None;
        }
        Some(self.join())
    }

    fn join(&mut self) -> Result<(), SpeakerError> {
        let Some(thread) = self.thread.take() else {
            return Ok(());
        };
        thread.join().unwrap_or(Err(SpeakerError::Died))
    }
}

impl Drop for Playback {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Release);
        if let Err(error) = self.join() {
            log::warn!("{error}");
        }
    }
}

/// Plays a recording from this second on, through the system's loudspeaker.
pub fn play(sound: &Path, from: f64, speed: PlaybackSpeed) -> Result<Playback, SpeakerError> {
    let mut sound = SoundFile::open(sound)?;
    let from = from.clamp(0.0, sound.seconds.unwrap_or(f64::MAX));
    sound.skip((from * f64::from(sound.rate)) as usize);
    let shared = Arc::new(PlaybackState::new(from, speed.factor()));
    let thread = {
        let shared = Arc::clone(&shared);
        thread::Builder::new().name("speaker".to_owned()).spawn(move || {
            let outcome = sound_out(sound, &shared);
            shared.over.store(true, Ordering::Release);
            outcome
        })?
    };
    Ok(Playback {
        shared,
        thread: Some(thread),
    })
}

/// Seconds of sound that are ready before the system asks for the first.
const AHEAD: f64 = 0.3;

fn sound_out(mut sound: SoundFile, shared: &Arc<PlaybackState>) -> Result<(), SpeakerError> {
    let device = cpal::default_host()
        .default_output_device()
        .ok_or(SpeakerError::NoneFound)?;
    let config = device.default_output_config()?;
    let rate = config.sample_rate();
    let (mut producer, consumer) = rtrb::RingBuffer::new(rate as usize);
    let stream = stream_for(&device, &config, consumer, shared)?;
    // To 16 kHz as everywhere, and from there to the loudspeaker's rate.
    let mut down = Resampling::from_rate(sound.rate);
    let mut stretch = TimeStretch::new(shared.speed);
    let ratio = f64::from(rate) / f64::from(crate::take::RATE);
    let mut raw = Vec::new();
    let mut last = 0.0_f32;
    let mut phase = 0.0_f64;
    let mut playing = false;
    loop {
        raw.clear();
        let read = sound.read(sound.rate as usize / 20, &mut raw);
        let mut samples: Vec<f32> = Vec::new();
        down.push(&raw, |resampled| stretch.push(resampled, &mut samples));
        if read == 0 {
            down.finish(|resampled| stretch.push(resampled, &mut samples));
            stretch.finish(&mut samples);
        }
        for sample in samples {
            // Linear interpolation: a voice has little where it would be heard.
            while phase < 1.0 {
                let value = last + (sample - last) * phase as f32;
                while producer.push(value).is_err() {
                    if shared.is_stopped()? {
                        return Ok(());
                    }
                    thread::sleep(Duration::from_millis(5));
                }
                phase += 1.0 / ratio;
            }
            phase -= 1.0;
            last = sample;
        }
        let ready = (rate as usize - producer.slots()) as f64 / f64::from(rate);
        if !playing && (read == 0 || ready >= AHEAD) {
            stream.play()?;
            playing = true;
        }
        if read == 0 {
            break;
        }
    }
    // What waits here, and then what the system still holds.
    while producer.slots() < rate as usize || !shared.clock.is_heard(Instant::now()) {
        if shared.is_stopped()? {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}

impl PlaybackState {
    fn new(from: f64, speed: f64) -> Self {
        Self {
            from,
            speed,
            clock: PlaybackClock::new(),
            stop: AtomicBool::new(false),
            gone: AtomicBool::new(false),
            over: AtomicBool::new(false),
        }
    }

    fn second(&self, now: Instant) -> f64 {
        self.from + self.clock.heard(now) * self.speed
    }

    fn is_stopped(&self) -> Result<bool, SpeakerError> {
        if self.gone.load(Ordering::Acquire) {
            return Err(SpeakerError::Gone);
        }
        Ok(self.stop.load(Ordering::Acquire))
    }
}

/// How much sound the system may hold. PulseAudio (and PipeWire in its place) holds two seconds where it is not asked.
fn buffer(device: &Device, config: &SupportedStreamConfig) -> BufferSize {
    const SECONDS: f64 = 0.05;
    let frames = (f64::from(config.sample_rate()) * SECONDS) as u32;
    let server = device.id().is_ok_and(|id| id.host().name() == "PulseAudio");
    match config.buffer_size() {
        SupportedBufferSize::Range { min, max } if server => BufferSize::Fixed(frames.clamp(*min, *max)),
        _ => BufferSize::Default,
    }
}

fn stream_for(
    device: &Device,
    config: &SupportedStreamConfig,
    consumer: rtrb::Consumer<f32>,
    shared: &Arc<PlaybackState>,
) -> Result<Stream, SpeakerError> {
    let stream = match config.sample_format() {
        SampleFormat::I16 => stream_of::<i16>(device, config, consumer, shared),
        SampleFormat::I32 => stream_of::<i32>(device, config, consumer, shared),
        SampleFormat::U8 => stream_of::<u8>(device, config, consumer, shared),
        SampleFormat::U16 => stream_of::<u16>(device, config, consumer, shared),
        SampleFormat::F64 => stream_of::<f64>(device, config, consumer, shared),
        _ => stream_of::<f32>(device, config, consumer, shared),
    };
    Ok(stream?)
}

fn stream_of<T: SizedSample + FromSample<f32>>(
    device: &Device,
    config: &SupportedStreamConfig,
    mut consumer: rtrb::Consumer<f32>,
    shared: &Arc<PlaybackState>,
) -> Result<Stream, cpal::Error> {
    let channels = usize::from(config.channels().max(1));
    let rate = config.sample_rate();
    let config = StreamConfig {
        buffer_size: buffer(device, config),
        ..(*config).into()
    };
    let (clock, failing) = (Arc::clone(shared), Arc::clone(shared));
    device.build_output_stream::<T, _, _>(
        config,
        move |data: &mut [T], about: &OutputCallbackInfo| {
            let times = about.timestamp();
            let delay = times.playback.saturating_duration_since(times.callback);
            let mut frames = 0;
            for frame in data.chunks_mut(channels) {
                let sample = consumer.pop().inspect(|_| frames += 1).unwrap_or_default();
                frame.fill(T::from_sample(sample));
            }
            if frames > 0 {
                clock.clock.hand_over(frames, rate, Instant::now(), delay);
            }
        },
        move |error| {
            let passing = matches!(
                error.kind(),
                ErrorKind::Xrun | ErrorKind::DeviceChanged | ErrorKind::RealtimeDenied
            );
            if !passing {
                failing.gone.store(true, Ordering::Release);
            }
        },
        Some(Duration::from_secs(5)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_still_holds_is_not_heard_yet() {
        let clock = PlaybackClock::new();
        let at = |milliseconds| clock.zero + Duration::from_millis(milliseconds);
        let delay = Duration::from_millis(100);
        assert!(clock.is_heard(at(0)), "nothing was handed over");
        clock.hand_over(4800, 48_000, at(500), delay);
        for (now, heard) in [(500, 0.0), (600, 0.0), (650, 0.05), (700, 0.1), (900, 0.1)] {
            assert_eq!(clock.heard(at(now)), heard, "at {now} ms");
        }
        // The next are a tenth of a second late: what is heard waits for them.
        clock.hand_over(4800, 48_000, at(700), delay);
        for (now, heard) in [(750, 0.1), (800, 0.1), (850, 0.15), (2000, 0.2)] {
            assert_eq!(clock.heard(at(now)), heard, "at {now} ms");
        }
        assert!(clock.is_heard(at(900)));
    }
    #[test]
    fn the_second_is_that_of_the_take_at_every_speed() {
        for (speed, expected) in [(0.75, 20.075), (1.0, 20.1), (1.5, 20.15)] {
            let playback = PlaybackState::new(20.0, speed);
            let begun = playback.clock.zero;
            playback.clock.hand_over(4800, 48_000, begun, Duration::ZERO);
            let second = playback.second(begun + Duration::from_secs(1));
            assert!((second - expected).abs() < 1e-9, "{second} at {speed}");
        }
    }
}
