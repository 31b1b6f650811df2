//! Sounds in which nobody speaks, through the real program and the real model: no word is written, and a voice after such a
//! sound still is.

use std::{f32::consts::TAU, path::Path, time::Duration};

use serde_json::Value;

use crate::real::{aloud, json, machine, models, run, sample, say};
use aloud::take::{NOTHING_HEARD, RATE};

const LONG: Duration = Duration::from_mins(2);
const SECONDS: usize = 8;

/// Noise that is the same in every run, between -1 and 1.
struct Noise(u32);

impl Noise {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as f32 / 8_388_608.0 - 1.0
    }
}

/// Eight seconds of a sound, before its level is set.
fn sound(kind: &str) -> Vec<f32> {
    let mut noise = Noise(7);
    let mut low = 0.0_f32;
    let sample = |at: usize| {
        let seconds = at as f32 / RATE as f32;
        let tone = |frequency: f32| (TAU * frequency * seconds).sin();
        let white = noise.next();
        match kind {
            "hiss" => white,
            "fan" => {
                low += (white - low) * 0.05;
                low * 6.0 + (1..6_u8).map(|k| tone(87.0 * f32::from(k)) / f32::from(k)).sum::<f32>() * 0.3
            }
            "hum" => (1..9_u8).map(|k| tone(50.0 * f32::from(k)) / f32::from(k)).sum(),
            "piano" => {
                let note = [262.0, 330.0, 392.0, 523.0, 440.0][(seconds * 2.0) as usize % 5];
                let since = seconds * 2.0 % 1.0;
                (1..7_u8).map(|k| tone(note * f32::from(k)) / f32::from(k)).sum::<f32>() * (-since * 3.0).exp()
            }
            "footsteps" => {
                low += (white - low) * 0.15;
                low * (-(seconds * 2.2 % 1.0) * 25.0).exp()
            }
            "alarm" => tone(1_800.0) * f32::from(u8::from(seconds * 2.0 % 1.0 < 0.4)),
            "breath" => {
                low += (white - low) * 0.4;
                low * (TAU * seconds / 3.0).sin().max(0.0).powi(2)
            }
            _ => 0.0,
        }
    };
    (0..SECONDS * RATE as usize).map(sample).collect()
}

/// At this loudness, in decibels below full scale.
fn at_level(sound: &[f32], decibels: f32) -> impl Iterator<Item = f32> + '_ {
    let power = sound.iter().map(|sample| sample * sample).sum::<f32>() / sound.len() as f32;
    let gain = 10_f32.powf(decibels / 20.0) / power.sqrt().max(1e-6);
    sound.iter().map(move |sample| (sample * gain).clamp(-1.0, 1.0))
}

fn analyzed(place: &Path, models: &Path, samples: impl Iterator<Item = f32>) -> Value {
    let path = place.join("sound.wav");
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(&path, spec).unwrap();
    for sample in samples {
        writer.write_sample((sample * 32_767.0) as i16).unwrap();
    }
    writer.finalize().unwrap();
    let mut command = aloud(place, ["analyze", "--json"]);
    command.arg(&path).env("ALOUD_MODELS", models);
    json(run(&mut command, None, LONG))
}

#[test]
fn over_sounds_without_a_voice_nothing_is_written() {
    let Some(models) = models() else { return };
    let (_machine, place) = (machine(), tempfile::tempdir().unwrap());
    for kind in ["silence", "hiss", "fan", "hum", "piano", "footsteps", "alarm", "breath"] {
        let sound = sound(kind);
        for decibels in [-20.0, -40.0] {
            let report = analyzed(place.path(), &models, at_level(&sound, decibels));
            assert_eq!(report["transcript"]["text"], "", "{kind} at {decibels} dB");
            assert_eq!(report["notice"], NOTHING_HEARD, "{kind} at {decibels} dB");
            assert_eq!(report["audio"]["voice_seconds"], 0.0, "{kind} at {decibels} dB");
            assert_eq!(report["talking_points"]["to_consider"], serde_json::json!([]));
        }
    }
}

#[test]
fn a_voice_in_and_after_a_noise_is_written() {
    let Some(models) = models() else { return };
    let (_machine, place) = (machine(), tempfile::tempdir().unwrap());
    let mut reader = hound::WavReader::open(sample()).unwrap();
    let rate = reader.spec().sample_rate;
    assert_eq!(rate, RATE, "the sample answer has the rate of a take");
    let voice = reader
        .samples::<i16>()
        .map(|sample| f32::from(sample.unwrap()) / 32_768.0);
    let voice: Vec<f32> = voice.take(10 * RATE as usize).collect();
    let fan = sound("fan");
    let noise: Vec<f32> = at_level(&fan, -45.0)
        .collect::<Vec<_>>()
        .into_iter()
        .cycle()
        .take(3 * RATE as usize + voice.len())
        .collect();
    let silence = std::iter::repeat_n(0.0, 3 * RATE as usize);
    let mixed = silence.chain(voice).zip(noise).map(|(voice, noise)| voice + noise);
    let report = analyzed(place.path(), &models, mixed);
    let text = report["transcript"]["text"].as_str().unwrap().to_lowercase();
    for word in ["collects", "servers", "firewalls"] {
        assert!(text.contains(word), "'{word}' is missing: {text}");
    }
    let seconds = report["audio"]["voice_seconds"].as_f64().unwrap();
    say(&format!("{seconds:.1} s of ten hold a voice"));
    assert!((5.0..10.5).contains(&seconds), "{seconds} s");
    assert!(report["notice"].is_null());
}
