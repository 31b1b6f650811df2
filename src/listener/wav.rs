//! WAV files of any PCM or float kind, read in pieces of any size as mono `f32` at their own rate.

use std::{fs::File, io::BufReader, path::Path};

use hound::{SampleFormat, WavReader};

use super::resample::RATES;

/// A WAV file that is being read.
pub struct WavFile {
    samples: Box<dyn Iterator<Item = Result<f32, hound::Error>> + Send>,
    channels: usize,
    /// Frames a second.
    pub rate: u32,
    /// Length as the file's header tells it.
    pub seconds: f64,
    name: String,
}

impl std::fmt::Debug for WavFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WavFile")
            .field("name", &self.name)
            .field("rate", &self.rate)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, thiserror::Error)]
pub enum WavError {
    #[error("Could not open {name}: {source}. Check the name and the file's permissions.")]
    Open { name: String, source: std::io::Error },
    #[error("Could not read {name} as a WAV file: {reason}. Save the sound as WAV (PCM or float) and try again.")]
    Unreadable { name: String, reason: String },
    #[error("{name} contains no audio. Record it again, or choose another file.")]
    Empty { name: String },
    #[error(
        "{name} has a sample rate of {rate} Hz; {} to {} Hz are supported. Convert it to 16000 and try again.",
        RATES.start(),
        RATES.end()
    )]
    Rate { name: String, rate: u32 },
}

impl WavFile {
    pub fn open(path: &Path) -> Result<Self, WavError> {
        let name = path.display().to_string();
        let file = File::open(path).map_err(|source| WavError::Open {
            name: name.clone(),
            source,
        })?;
        if file.metadata().is_ok_and(|about| about.is_dir()) {
            return Err(WavError::Unreadable {
                name,
                reason: "it is a folder".to_owned(),
            });
        }
        let unreadable = |error: hound::Error| WavError::Unreadable {
            name: path.display().to_string(),
            reason: reason(&error),
        };
        let reader = WavReader::new(BufReader::new(file)).map_err(unreadable)?;
        let spec = reader.spec();
        let frames = reader.duration();
        if !RATES.contains(&spec.sample_rate) {
            return Err(WavError::Rate {
                name,
                rate: spec.sample_rate,
            });
        }
        if spec.channels == 0 || frames == 0 {
            return Err(WavError::Empty { name });
        }
        let samples: Box<dyn Iterator<Item = _> + Send> = match (spec.sample_format, spec.bits_per_sample) {
            (SampleFormat::Float, _) => Box::new(
                reader
                    .into_samples::<f32>()
                    .map(|sample| sample.map(|value| if value.is_finite() { value.clamp(-8.0, 8.0) } else { 0.0 })),
            ),
            (SampleFormat::Int, bits @ 1..=32) => {
                let scale = 1.0 / f64::from(1_u32 << (bits - 1));
                Box::new(
                    reader
                        .into_samples::<i32>()
                        .map(move |sample| sample.map(|value| (f64::from(value) * scale) as f32)),
                )
            }
            (SampleFormat::Int, bits) => {
                return Err(WavError::Unreadable {
                    name,
                    reason: format!("its samples have {bits} bits"),
                });
            }
        };
        Ok(Self {
            samples,
            channels: usize::from(spec.channels),
            rate: spec.sample_rate,
            seconds: f64::from(frames) / f64::from(spec.sample_rate),
            name,
        })
    }

    /// Leaves out this many frames.
    pub fn skip(&mut self, frames: usize) {
        let _ = self.samples.by_ref().take(frames * self.channels).count();
    }

    /// Puts up to `frames` frames, mixed down, at the end of `into`, and tells how many. Zero is the end: a file that
    /// was cut short ends where its sound ends.
    pub fn read(&mut self, frames: usize, into: &mut Vec<f32>) -> usize {
        let share = 1.0 / self.channels as f32;
        for done in 0..frames {
            let mut sum = 0.0;
            for _ in 0..self.channels {
                match self.samples.next() {
                    Some(Ok(sample)) => sum += sample,
                    Some(Err(error)) => {
                        log::warn!("{} ends early: {}", self.name, reason(&error));
                        return done;
                    }
                    None => return done,
                }
            }
            into.push(sum * share);
        }
        frames
    }
}

fn reason(error: &hound::Error) -> String {
    match error {
        hound::Error::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            "it ends before its sound begins".to_owned()
        }
        // hound says "Failed to read enough bytes." where the file ends too early.
        hound::Error::IoError(error) if error.kind() == std::io::ErrorKind::Other => {
            "it ends before its sound begins".to_owned()
        }
        hound::Error::IoError(error) => error.to_string(),
        hound::Error::FormatError(what) => (*what).to_owned(),
        hound::Error::TooWide => "its samples are too wide".to_owned(),
        hound::Error::UnfinishedSample => "it ends in the middle of a sample".to_owned(),
        hound::Error::Unsupported => "this kind of WAV is compressed or unknown".to_owned(),
        hound::Error::InvalidSampleFormat => "its sample format does not match its samples".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(spec: hound::WavSpec, frames: usize) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut writer = hound::WavWriter::create(file.path(), spec).unwrap();
        for _ in 0..frames * usize::from(spec.channels) {
            match spec.sample_format {
                SampleFormat::Float => writer.write_sample(0.5_f32).unwrap(),
                SampleFormat::Int => writer.write_sample(1_i32 << (spec.bits_per_sample - 2)).unwrap(),
            }
        }
        writer.finalize().unwrap();
        file
    }

    #[test]
    fn every_pcm_and_float_kind_means_the_same_sound() {
        for (bits_per_sample, sample_format) in [
            (8, SampleFormat::Int),
            (16, SampleFormat::Int),
            (24, SampleFormat::Int),
            (32, SampleFormat::Int),
            (32, SampleFormat::Float),
        ] {
            for channels in [1, 2, 6] {
                let spec = hound::WavSpec {
                    channels,
                    sample_rate: 44_100,
                    bits_per_sample,
                    sample_format,
                };
                let file = write(spec, 10);
                let mut wav = WavFile::open(file.path()).unwrap();
                let mut read = Vec::new();
                assert_eq!(wav.read(100, &mut read), 10);
                assert!(
                    read.iter().all(|sample| (sample - 0.5).abs() < 1e-6),
                    "{spec:?} {read:?}"
                );
            }
        }
    }

    #[test]
    fn bad_files_are_refused_with_what_to_do() {
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: 16_000,
            bits_per_sample: 16,
            sample_format: SampleFormat::Int,
        };
        let empty = write(spec, 0);
        let slow = write(
            hound::WavSpec {
                sample_rate: 4_000,
                ..spec
            },
            10,
        );
        let page = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(page.path(), "<html>").unwrap();
        let nothing = tempfile::NamedTempFile::new().unwrap();
        for (path, message) in [
            (empty.path(), "contains no audio"),
            (slow.path(), "a sample rate of 4000 Hz"),
            (page.path(), "as a WAV file"),
            (nothing.path(), "as a WAV file"),
            (Path::new("/nowhere.wav"), "Could not open /nowhere.wav"),
        ] {
            let error = WavFile::open(path).unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
            assert!(error.ends_with('.'), "{error}");
        }
    }

    #[test]
    fn a_file_that_was_cut_short_ends_where_its_sound_ends() {
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: 16_000,
            bits_per_sample: 16,
            sample_format: SampleFormat::Int,
        };
        let file = write(spec, 1000);
        let cut = std::fs::OpenOptions::new().write(true).open(file.path()).unwrap();
        cut.set_len(44 + 999).unwrap();
        let mut read = Vec::new();
        assert_eq!(WavFile::open(file.path()).unwrap().read(5000, &mut read), 499);
    }
}
