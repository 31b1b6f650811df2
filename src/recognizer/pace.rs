//! How fast a model is on this machine.

use std::{io::Cursor, time::Instant};

use super::{RecognizerError, RecognizerFactory, Window};
use crate::{assets::SAMPLE_ANSWER, take::RATE};

/// As long as a segment of an answer usually gets.
const SECONDS: usize = 9;

/// Wall seconds that a second of sound takes a recognizer of this model on one core, as while somebody speaks. Decodes the
/// beginning of the sample answer twice; the first time fills caches and does not count.
pub fn measure(factory: &dyn RecognizerFactory) -> Result<f64, RecognizerError> {
    let mut reader = hound::WavReader::new(Cursor::new(SAMPLE_ANSWER)).expect("the sample answer is a WAV file");
    let samples = reader.samples::<i16>().take(SECONDS * RATE as usize);
    let sound: Vec<f32> = samples
        .map(|sample| f32::from(sample.expect("it is whole")) / 32_768.0)
        .collect();
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
