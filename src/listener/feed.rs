//! A recording, delivered into a ring as if it were spoken now.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::ring::{SampleConsumer, SampleProducer, ring};
use crate::sound_file::SoundFile;

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
    /// Its thread may wait for a pipe that nobody writes to any more.
    may_wait: bool,
    thread: Option<JoinHandle<()>>,
}

/// Begins to deliver a recording; the ring ends with it.
pub fn feed(sound: SoundFile, speed: Speed) -> std::io::Result<(Feed, SampleConsumer)> {
    let (producer, consumer) = ring(sound.rate, 1);
    let may_wait = sound.may_wait();
    let stop = Arc::new(AtomicBool::new(false));
    let thread = {
        let stop = Arc::clone(&stop);
        thread::Builder::new()
            .name("file feed".to_owned())
            .spawn(move || deliver(sound, producer, speed, &stop))?
    };
    Ok((
        Feed {
            stop,
            may_wait,
            thread: Some(thread),
        },
        consumer,
    ))
}

fn deliver(mut sound: SoundFile, mut producer: SampleProducer, speed: Speed, stop: &AtomicBool) {
    let begun = Instant::now();
    let piece = (f64::from(sound.rate) * PIECE.as_secs_f64()) as usize;
    let mut delivered = 0_u64;
    let mut samples = Vec::with_capacity(piece);
    while !stop.load(Ordering::Acquire) {
        let frames = match speed {
            Speed::RealTime => {
                let due = (begun.elapsed().as_secs_f64() * f64::from(sound.rate)) as u64;
                let due = due.saturating_sub(delivered) as usize;
                // A tenth of a second at most: more is waited for where a pipe is written as time goes by.
                due.min(producer.room()).min(piece * 10)
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
        let read = sound.read(frames, &mut samples);
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
            && (!self.may_wait || thread.is_finished())
            && thread.join().is_err()
        {
            log::error!("The delivery of a file ended in a panic.");
        }
    }
}
