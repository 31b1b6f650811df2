use super::*;

/// Ten seconds of the sample answer.
fn voice() -> Vec<f32> {
    let sample = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/sample-answer.wav")).unwrap();
    sample[44..]
        .chunks_exact(2)
        .take(10 * RATE as usize)
        .map(|pair| f32::from(i16::from_le_bytes([pair[0], pair[1]])) / 32_768.0)
        .collect()
}

/// Noise as loud as a voice at this factor, the same every time.
fn noise(loud: f32, seed: u32) -> Vec<f32> {
    let mut state = seed | 1;
    (0..10 * RATE)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            (state as f32 / u32::MAX as f32 - 0.5) * 0.2 * loud
        })
        .collect()
}

fn scaled(sound: &[f32], by: f32) -> Vec<f32> {
    sound.iter().map(|sample| sample * by).collect()
}

fn sum(one: &[f32], other: &[f32]) -> Vec<f32> {
    one.iter().zip(other).map(|(one, other)| one + other).collect()
}

fn mixed(channels: &[Vec<f32>], look_ahead: f64, piece: usize) -> Vec<f32> {
    let interleaved: Vec<f32> = (0..channels[0].len())
        .flat_map(|frame| channels.iter().map(move |channel| channel[frame]))
        .collect();
    let mut mix = ChannelMix::new(RATE, channels.len(), look_ahead);
    let mut out = Vec::new();
    for part in interleaved.chunks(piece * channels.len()) {
        mix.push(part, &mut out);
    }
    mix.finish(&mut out);
    assert_eq!(out.len(), channels[0].len());
    out
}

/// How much of the voice is in the mix, and how far (in decibels) it stands above all else.
fn heard(voice: &[f32], mix: &[f32]) -> (f32, f32) {
    let dot = |one: &[f32], other: &[f32]| one.iter().zip(other).map(|(one, other)| one * other).sum::<f32>();
    let gain = dot(voice, mix) / dot(voice, voice);
    let rest: Vec<f32> = voice.iter().zip(mix).map(|(voice, mix)| mix - gain * voice).collect();
    let ratio = gain * gain * dot(voice, voice) / dot(&rest, &rest).max(1e-9);
    (gain.abs(), 10.0 * ratio.log10())
}

#[test]
fn the_voice_is_heard_whatever_the_other_channels_hold() {
    let voice = voice();
    let silence = vec![0.0; voice.len()];
    let hiss = |seed| noise(0.05, seed);
    let one_of_eight: Vec<Vec<f32>> = (0..8)
        .map(|index| if index == 5 { voice.clone() } else { silence.clone() })
        .collect();
    let among_hiss = (0..8)
        .map(|index| if index == 2 { voice.clone() } else { noise(0.6, index) })
        .collect();
    let beeps = (0..voice.len())
        .map(|index| {
            if index / 4000 % 2 == 0 {
                (index as f32 * 0.4).sin() * 0.5
            } else {
                0.0
            }
        })
        .collect();
    let constant = vec![0.5; voice.len()];
    let cases: [(&str, Vec<Vec<f32>>, f32, f32); 13] = [
        ("the same twice", vec![voice.clone(), voice.clone()], 0.95, 40.0),
        ("turned round", vec![voice.clone(), scaled(&voice, -1.0)], 0.95, 40.0),
        (
            "turned round and quieter",
            vec![scaled(&voice, -0.5), voice.clone()],
            0.6,
            25.0,
        ),
        (
            "turned round, in noise",
            vec![sum(&voice, &hiss(1)), sum(&scaled(&voice, -1.0), &hiss(2))],
            0.95,
            15.0,
        ),
        ("a dead channel", vec![silence.clone(), voice.clone()], 0.95, 40.0),
        ("a channel at rest off zero", vec![constant, voice.clone()], 0.95, 30.0),
        ("one of eight", one_of_eight, 0.95, 40.0),
        ("one of eight, among hiss", among_hiss, 0.95, 15.0),
        ("loud noise", vec![noise(6.0, 3), voice.clone()], 0.95, 25.0),
        (
            "much more noise",
            vec![voice.clone(), sum(&voice, &noise(6.0, 4))],
            0.9,
            15.0,
        ),
        ("beeps", vec![beeps, voice.clone()], 0.95, 25.0),
        (
            "three, one turned round",
            vec![voice.clone(), voice.clone(), scaled(&voice, -1.0)],
            0.95,
            40.0,
        ),
        ("one", vec![voice.clone()], 0.999, 60.0),
    ];
    for (what, channels, least, clear) in cases {
        let (gain, ratio) = heard(&voice, &mixed(&channels, 1.0, 700));
        assert!(
            (least..1.05).contains(&gain) && ratio >= clear,
            "{what}: {gain:.2}, {ratio:.1} dB"
        );
        // Without looking ahead, as a microphone is heard, the first half second may be spent on finding out.
        let live = mixed(&channels, 0.0, 300);
        let (gain, ratio) = heard(&voice[16_000..], &live[16_000..]);
        assert!(
            (least * 0.9..1.05).contains(&gain) && ratio >= clear.min(12.0),
            "{what}, live: {gain:.2}, {ratio:.1} dB"
        );
    }
}

#[test]
fn two_people_on_two_channels_are_both_heard() {
    let voice = voice();
    let middle = voice.len() / 2;
    let (mut one, mut other) = (voice.clone(), voice.clone());
    one[middle..].fill(0.0);
    other[..middle].fill(0.0);
    let mix = mixed(&[one, other], 1.0, 700);
    assert!(heard(&voice[..middle], &mix[..middle]).0 > 0.4);
    let later = middle + RATE as usize;
    assert!(heard(&voice[later..], &mix[later..]).0 > 0.25);
}

#[test]
fn the_mix_depends_on_the_sound_alone() {
    let voice = voice();
    let channels = [sum(&voice, &noise(0.3, 9)), scaled(&voice, -0.7)];
    for look_ahead in [0.0, 1.0] {
        let whole = mixed(&channels, look_ahead, 160_000);
        for piece in [1, 333, 16_000] {
            assert_eq!(whole, mixed(&channels, look_ahead, piece), "{piece}");
        }
    }
}

#[test]
fn weights_change_without_a_step() {
    let voice = voice();
    // Two channels whose level stands still while their weights move: what moves is the mix alone.
    let channels = [sum(&voice, &vec![0.2; voice.len()]), noise(3.0, 5)];
    let mix = mixed(&channels, 0.0, 480);
    let step = |sound: &[f32]| {
        sound
            .windows(2)
            .map(|pair| (pair[1] - pair[0]).abs())
            .fold(0.0, f32::max)
    };
    let most = step(&channels[0]).max(step(&channels[1]));
    assert!(step(&mix) <= most, "{} after {most}", step(&mix));
}

#[test]
fn every_rate_is_looked_at() {
    for rate in [4_000, 8_000, 11_025, 44_100, 48_000, 192_000] {
        let mut mix = ChannelMix::new(rate, 2, 0.0);
        let tone = |index: u32| (f64::from(index) / f64::from(rate) * 300.0 * std::f64::consts::TAU).sin() as f32 * 0.3;
        let frames: Vec<f32> = (0..rate).flat_map(|index| [tone(index), -tone(index)]).collect();
        let mut out = Vec::new();
        mix.push(&frames, &mut out);
        let end = &out[rate as usize / 2..];
        let loud = end.iter().fold(0.0_f32, |most, sample| most.max(sample.abs()));
        assert!(loud > 0.25, "{rate}: {loud}");
    }
}
