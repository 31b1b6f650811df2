//! How fast a model is on this machine.

use std::time::Instant;

use super::{RecognizerError, RecognizerFactory, Window};
use crate::{assets::SAMPLE_ANSWER, take::RATE};

/// As long as a segment of an answer usually gets.
const SECONDS: usize = 9;
/// Of the sample answer's WAV file, before its samples.
const HEADER_BYTES: usize = 44;

/// Wall seconds that a second of sound takes a recognizer of this model on one core, as while somebody speaks. Decodes the
/// beginning of the sample answer twice; the first time fills caches and does not count.
pub fn measure(factory: &dyn RecognizerFactory) -> Result<f64, RecognizerError> {
    let sound = beginning_of_the_sample();
    let mut recognizer = factory.create()?;
    let window = Window {
        sound: &sound,
        fillers: true,
        ..Window::default()
    };
    recognizer.decode_final(&window)?;
    let begun = Instant::now();
    recognizer.decode_final(&window)?;
    Ok(begun.elapsed().as_secs_f64() / SECONDS as f64)
}

fn beginning_of_the_sample() -> Vec<f32> {
    let (samples, _) = SAMPLE_ANSWER[HEADER_BYTES..].as_chunks::<2>();
    let samples = samples.iter().take(SECONDS * RATE as usize);
    samples
        .map(|bytes| f32::from(i16::from_le_bytes(*bytes)) / 32_768.0)
        .collect()
}
