//! Recordings of every kind, from `tests/sound/`: read from a file, over a pipe, under any name, and cut short.

use std::{
    fs,
    io::Cursor,
    path::{Path, PathBuf},
};

use aloud::{
    sound_file::{OpenedSound, SoundFile},
    take::RATE,
};

use crate::real;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sound")
}

/// Every recording there, and its name.
fn recordings() -> Vec<(String, PathBuf)> {
    let mut found: Vec<(String, PathBuf)> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| !path.extension().is_some_and(|end| end == "md" || end == "sh"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), path))
        .collect();
    found.sort();
    assert!(found.len() >= 20, "{found:?}");
    found
}

fn all(mut sound: SoundFile) -> (Vec<f32>, u32) {
    let mut samples = Vec::new();
    while sound.read(1000, &mut samples) > 0 {}
    (samples, sound.rate)
}

/// How loud a tone is between two seconds.
fn tone(samples: &[f32], rate: u32, hertz: f64, from: f64, to: f64) -> f64 {
    let (from, to) = ((from * f64::from(rate)) as usize, (to * f64::from(rate)) as usize);
    let part = &samples[from.min(samples.len())..to.min(samples.len())];
    let (mut real, mut imaginary) = (0.0, 0.0);
    for (index, sample) in part.iter().enumerate() {
        let angle = std::f64::consts::TAU * hertz * index as f64 / f64::from(rate);
        real += f64::from(*sample) * angle.cos();
        imaginary += f64::from(*sample) * angle.sin();
    }
    2.0 * real.hypot(imaginary) / part.len().max(1) as f64
}

#[test]
fn every_kind_of_recording_holds_its_three_tones_where_they_were() {
    for (name, path) in recordings() {
        let sound = SoundFile::open(&path).unwrap_or_else(|error| panic!("{error}"));
        let said = sound.seconds;
        let (samples, rate) = all(sound);
        let seconds = samples.len() as f64 / f64::from(rate);
        assert!((1.49..1.62).contains(&seconds), "{name}: {seconds} s");
        assert!(
            said.is_none_or(|said| (said - seconds).abs() < 0.1),
            "{name}: {said:?} for {seconds} s"
        );
        // What the encoder puts before the sound, where nothing in the file says so, is 0.1 s at most.
        let late = if name.starts_with("frames") || name.starts_with("aac") || name.starts_with("fragments") {
            0.07
        } else {
            0.0
        };
        let late = if name == "bare.mp3" || name == "mp3.wav" {
            0.07
        } else {
            late
        };
        for (hertz, other, from, to) in [
            (500.0, 1000.0, 0.08, 0.38),
            (1000.0, 500.0, 0.78, 1.08),
            (500.0, 1000.0, 1.18, 1.45),
        ] {
            let (there, absent) = (
                tone(&samples, rate, hertz, from, to),
                tone(&samples, rate, other, from, to),
            );
            assert!(
                there > 0.08 && absent < there / 5.0,
                "{name}: {hertz} Hz from {from}: {there:.3}, {absent:.3}"
            );
        }
        let silent = tone(&samples, rate, 500.0, 0.46 + late, 0.66) + tone(&samples, rate, 1000.0, 0.46 + late, 0.66);
        assert!(silent < 0.03, "{name}: {silent}");
        // The second tone begins at 0.7 s.
        let begins = samples
            .iter()
            .enumerate()
            .skip((0.5 * f64::from(rate)) as usize + (late * f64::from(rate)) as usize);
        let begins = begins
            .map(|(index, sample)| (index, sample.abs()))
            .find(|(_, loud)| *loud > 0.06)
            .unwrap()
            .0;
        let begins = begins as f64 / f64::from(rate);
        assert!((0.68..0.72 + late).contains(&begins), "{name}: begins at {begins}");
    }
}

#[test]
fn a_pipe_and_another_name_make_no_difference() {
    let place = tempfile::tempdir().unwrap();
    for (name, path) in recordings() {
        let bytes = fs::read(&path).unwrap();
        let (there, _) = all(SoundFile::open(&path).unwrap());
        let (piped, _) = all(SoundFile::from_reader(Cursor::new(bytes.clone()), "standard input").unwrap());
        assert!(
            there.len().abs_diff(piped.len()) < 1000 && piped.len() > 1000,
            "{name}: {} of {}",
            piped.len(),
            there.len()
        );
        assert!(there.iter().zip(&piped).all(|(one, other)| one == other), "{name}");
        let other = place
            .path()
            .join(if name.ends_with("wav") { "memo.m4a" } else { "memo.wav" });
        fs::write(&other, &bytes).unwrap();
        assert_eq!(all(SoundFile::open(&other).unwrap()).0, there, "{name}");
    }
}

#[test]
fn a_recording_that_was_cut_short_gives_what_it_holds() {
    for (name, path) in recordings() {
        let bytes = fs::read(&path).unwrap();
        match SoundFile::from_reader(Cursor::new(bytes[..bytes.len() * 9 / 10].to_vec()), &name) {
            Ok(sound) => {
                let (samples, rate) = all(sound);
                let seconds = samples.len() as f64 / f64::from(rate);
                assert!(seconds > 0.5, "{name}: {seconds} s");
            }
            // An index that comes last was never written.
            Err(error) => {
                let error = error.to_string();
                let last = [
                    "index-last.m4a",
                    "lossless.m4a",
                    "ima.mov",
                    "samples.mov",
                    "lossless.caf",
                    "opus.caf",
                ];
                assert!(last.contains(&name.as_str()), "{name}: {error}");
                assert!(
                    error.contains("its index is missing, because the recording was never completed"),
                    "{error}"
                );
            }
        }
    }
}

#[test]
fn an_opened_sound_is_had_once() {
    let sound = OpenedSound::from(SoundFile::open(&real::sample()).unwrap());
    let again = sound.clone();
    assert_eq!(sound, again);
    assert_eq!(again.take().unwrap().rate, RATE);
    assert!(sound.take().is_none());
}

/// While it is read, a recorder goes on writing: what is there when its end is reached is read too.
#[test]
fn a_file_that_grows_is_read_to_its_end() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("growing.wav");
    let whole = fs::read(real::sample()).unwrap();
    fs::write(&path, &whole[..44 + 64_000]).unwrap();
    let mut sound = SoundFile::open(&path).unwrap();
    let mut samples = Vec::new();
    sound.read(16_000, &mut samples);
    fs::write(&path, &whole[..44 + 128_000]).unwrap();
    while sound.read(1000, &mut samples) > 0 {}
    assert_eq!(samples.len(), 64_000);
}
