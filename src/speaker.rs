//! Plays a take, through cpal. Knows where in the take the sound is that is heard now.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use cpal::{
    FromSample, SampleFormat, SizedSample, Stream,
    traits::{DeviceTrait, HostTrait, StreamTrait},
};

use crate::listener::{
    resample::Resampling,
    wav::{WavError, WavFile},
};

#[derive(Debug, thiserror::Error)]
pub enum SpeakerError {
    #[error(transparent)]
    Wav(#[from] WavError),
    #[error("No loudspeaker was found. Plug one in, or choose one in the system's settings.")]
    NoneFound,
    #[error("The loudspeaker could not be opened: {0}. Close other programs that use it, and try again.")]
    Open(#[from] cpal::Error),
    #[error("Playing needs a thread, and the system gives none: {0}. Close other programs.")]
    Thread(#[from] std::io::Error),
}

/// A take that is being played. Dropping it stops it.
#[derive(Debug)]
pub struct Playback {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    /// Frames handed to the system so far, at its rate.
    played: AtomicU64,
    rate: AtomicU64,
    from: f64,
    stop: AtomicBool,
    over: AtomicBool,
}

impl Playback {
    /// The second of the take that is heard now.
    pub fn second(&self) -> f64 {
        let rate = self.shared.rate.load(Ordering::Acquire).max(1);
        self.shared.from + self.shared.played.load(Ordering::Acquire) as f64 / rate as f64
    }

    pub fn is_over(&self) -> bool {
        self.shared.over.load(Ordering::Acquire)
    }
}

impl Drop for Playback {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!("The playback ended in a panic.");
        }
    }
}

/// Plays a WAV file from this second on, through the system's loudspeaker.
pub fn play(sound: &Path, from: f64) -> Result<Playback, SpeakerError> {
    let mut wav = WavFile::open(sound)?;
    let from = from.clamp(0.0, wav.seconds);
    wav.skip((from * f64::from(wav.rate)) as usize);
    let shared = Arc::new(Shared {
        played: AtomicU64::new(0),
        rate: AtomicU64::new(1),
        from,
        stop: AtomicBool::new(false),
        over: AtomicBool::new(false),
    });
    let thread = {
        let shared = Arc::clone(&shared);
        thread::Builder::new().name("speaker".to_owned()).spawn(move || {
            if let Err(error) = sound_out(wav, &shared) {
                log::warn!("{error}");
            }
            shared.over.store(true, Ordering::Release);
        })?
    };
    Ok(Playback {
        shared,
        thread: Some(thread),
    })
}

fn sound_out(mut wav: WavFile, shared: &Arc<Shared>) -> Result<(), SpeakerError> {
    let device = cpal::default_host()
        .default_output_device()
        .ok_or(SpeakerError::NoneFound)?;
    let config = device.default_output_config()?;
    let rate = config.sample_rate();
    shared.rate.store(u64::from(rate), Ordering::Release);
    let (mut producer, consumer) = rtrb::RingBuffer::new(rate as usize);
    let stream = stream_for(&device, &config, consumer, shared)?;
    // To 16 kHz as everywhere, and from there to the loudspeaker's rate.
    let mut down = Resampling::from_rate(wav.rate);
    let ratio = f64::from(rate) / f64::from(crate::take::RATE);
    let mut raw = Vec::new();
    let mut last = 0.0_f32;
    let mut phase = 0.0_f64;
    stream.play()?;
    loop {
        raw.clear();
        let read = wav.read(wav.rate as usize / 20, &mut raw);
        let mut samples: Vec<f32> = Vec::new();
        down.push(&raw, |resampled| samples.extend_from_slice(resampled));
        if read == 0 {
            down.finish(|resampled| samples.extend_from_slice(resampled));
        }
        for sample in samples {
            // Linear interpolation: a voice has little where it would be heard.
            while phase < 1.0 {
                let value = last + (sample - last) * phase as f32;
                while producer.push(value).is_err() {
                    if shared.stop.load(Ordering::Acquire) {
                        return Ok(());
                    }
                    thread::sleep(Duration::from_millis(5));
                }
                phase += 1.0 / ratio;
            }
            phase -= 1.0;
            last = sample;
        }
        if read == 0 {
            break;
        }
    }
    while producer.slots() < rate as usize {
        if shared.stop.load(Ordering::Acquire) {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(10));
    }
    // What the system still holds.
    thread::sleep(Duration::from_millis(120));
    Ok(())
}

fn stream_for(
    device: &cpal::Device,
    config: &cpal::SupportedStreamConfig,
    consumer: rtrb::Consumer<f32>,
    shared: &Arc<Shared>,
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
    device: &cpal::Device,
    config: &cpal::SupportedStreamConfig,
    mut consumer: rtrb::Consumer<f32>,
    shared: &Arc<Shared>,
) -> Result<Stream, cpal::Error> {
    let channels = usize::from(config.channels().max(1));
    let shared = Arc::clone(shared);
    device.build_output_stream::<T, _, _>(
        (*config).into(),
        move |data: &mut [T], _| {
            for frame in data.chunks_mut(channels) {
                let sample = match consumer.pop() {
                    Ok(sample) => {
                        shared.played.fetch_add(1, Ordering::Release);
                        sample
                    }
                    Err(_) => 0.0,
                };
                frame.fill(T::from_sample(sample));
            }
        },
        |error| log::warn!("The loudspeaker: {error}"),
        Some(Duration::from_secs(5)),
    )
}
