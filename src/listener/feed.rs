//! A file, delivered into a ring as if it were spoken now.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::{
    ring::{SampleConsumer, SampleProducer, ring},
    wav::WavFile,
};

const PIECE: Duration = Duration::from_millis(10);

/// How fast a file is delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speed {
    /// A second of sound a second.
    RealTime,
    /// As fast as the listener takes it.
    Full,
}

/// A file on its way. Dropping it ends the delivery.
#[derive(Debug)]
pub struct Feed {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// Begins to deliver a file; the ring ends with the file.
pub fn feed(wav: WavFile, speed: Speed) -> std::io::Result<(Feed, SampleConsumer)> {
    let (producer, consumer) = ring(wav.rate, 1);
    let stop = Arc::new(AtomicBool::new(false));
    let thread = {
        let stop = Arc::clone(&stop);
        thread::Builder::new()
            .name("file feed".to_owned())
            .spawn(move || deliver(wav, producer, speed, &stop))?
    };
    Ok((
        Feed {
            stop,
            thread: Some(thread),
        },
        consumer,
    ))
}

fn deliver(mut wav: WavFile, mut producer: SampleProducer, speed: Speed, stop: &AtomicBool) {
    let begun = Instant::now();
    let piece = (f64::from(wav.rate) * PIECE.as_secs_f64()) as usize;
    let mut delivered = 0_u64;
    let mut samples = Vec::with_capacity(piece);
    while !stop.load(Ordering::Acquire) {
        let frames = match speed {
            Speed::RealTime => {
                let due = (begun.elapsed().as_secs_f64() * f64::from(wav.rate)) as u64;
                ((due.saturating_sub(delivered)) as usize).min(producer.room())
            }
            Speed::Full => producer.room().min(piece * 100),
        };
        if frames < piece {
            thread::sleep(if speed == Speed::Full {
                Duration::from_millis(1)
            } else {
                PIECE / 2
            });
            continue;
        }
        samples.clear();
        let read = wav.read(frames, &mut samples);
        if read == 0 {
            return;
        }
        producer.push(&samples);
        delivered += read as u64;
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!("The delivery of a file ended in a panic.");
        }
    }
}
