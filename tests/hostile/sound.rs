//! Recordings of every kind, damaged: from files and over pipes, cut anywhere, with lengths, rates and channels that nobody
//! has, and what was never a recording.

use std::{
    fs,
    io::Cursor,
    path::Path,
    time::{Duration, Instant},
};

use aloud::sound_file::SoundFile;
use proptest::{prelude::*, sample::Index};

use super::{Damage, check_sentence, config, damage, damaged, soon};

/// The recordings of `tests/sound/`.
fn recordings() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sound");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.retain(|path| !path.extension().is_some_and(|end| end == "md" || end == "sh"));
    paths.sort();
    assert!(paths.len() >= 20, "{paths:?}");
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// A WAV file of one of many kinds, with these fields.
fn wav(tag: u16, channels: u16, rate: u32, bits: u16, block: u16, data: u32) -> Vec<u8> {
    let mut file = b"RIFF\xff\xff\xff\x7fWAVEfmt \x14\0\0\0".to_vec();
    file.extend([tag, channels].map(u16::to_le_bytes).concat());
    file.extend(
        [rate, rate.wrapping_mul(u32::from(block))]
            .map(u32::to_le_bytes)
            .concat(),
    );
    file.extend([block, bits, 2, block].map(u16::to_le_bytes).concat());
    file.extend(b"data");
    file.extend(data.to_le_bytes());
    file.extend((0..4000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 20) as u8));
    file
}

fn wavs() -> impl Strategy<Value = Vec<u8>> {
    let number = || prop_oneof![any::<u16>(), Just(0), Just(1), Just(2), Just(u16::MAX), 0_u16..64];
    let tag = prop_oneof![
        Just(1),
        Just(2),
        Just(3),
        Just(6),
        Just(7),
        Just(0x11),
        Just(0x55),
        Just(0xff),
        any::<u16>()
    ];
    let rate = prop_oneof![
        any::<u32>(),
        Just(0),
        Just(8000),
        Just(16_000),
        Just(48_000),
        Just(u32::MAX)
    ];
    let length = prop_oneof![any::<u32>(), Just(0), Just(u32::MAX), 0_u32..5000];
    (tag, number(), rate, number(), number(), length)
        .prop_map(|(tag, channels, rate, bits, block, data)| wav(tag, channels, rate, bits, block, data))
}

/// Read to its end, or refused in a sentence: from a file, or over a pipe.
fn read_or_refused(bytes: &[u8], from_file: bool) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.wav");
    soon(|| {
        let opened = if from_file {
            fs::write(&path, bytes).unwrap();
            SoundFile::open(&path)
        } else {
            SoundFile::from_reader(Cursor::new(bytes.to_vec()), "standard input")
        };
        match opened {
            Ok(mut sound) => {
                sound.skip(100);
                let mut samples = Vec::new();
                let mut frames = 0_usize;
                while sound.read(4096, &mut samples) > 0 {
                    assert!(samples.iter().all(|sample| sample.is_finite()));
                    frames += samples.len();
                    samples.clear();
                    // A packet of Opus is a byte at least, and 0.12 s at most.
                    assert!(frames <= (bytes.len() + 100) * 5760, "no end of sound");
                }
            }
            Err(error) => check_sentence(&error.to_string()),
        }
    });
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn hostile_recordings_are_read_or_refused(which in any::<Index>(), damages in prop::collection::vec(damage(), 1..3), from_file in any::<bool>()) {
        let recordings = recordings();
        let whole = which.get(&recordings).clone();
        let broken = damages.iter().fold(whole, |file, damage: &Damage| if file.is_empty() { file } else { damaged(&file, damage) });
        read_or_refused(&broken, from_file);
    }

    #[test]
    fn hostile_headers_are_read_or_refused(file in wavs(), from_file in any::<bool>()) {
        read_or_refused(&file, from_file);
    }

    #[test]
    fn hostile_beginnings_with_anything_after_them_are_read_or_refused(
        which in any::<Index>(), kept in 4_usize..400, rest in prop::collection::vec(any::<u8>(), 0..3000), from_file in any::<bool>(),
    ) {
        let recordings = recordings();
        let whole = which.get(&recordings);
        read_or_refused(&[&whole[..kept.min(whole.len())], &rest].concat(), from_file);
    }
}

#[test]
fn every_kind_can_be_cut_anywhere() {
    for whole in recordings() {
        for part in 0..40 {
            read_or_refused(&whole[..whole.len() * part / 40], part % 2 == 0);
        }
        for end in 0..64.min(whole.len()) {
            read_or_refused(&whole[..end], end % 2 == 0);
        }
    }
}

/// A megabyte of anything is told within a second: as often as it begins like one of the kinds.
#[test]
fn a_megabyte_of_garbage_is_told_at_once() {
    let mut state = 0x2545_f491_u32;
    let mut garbage = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    };
    let noise: Vec<u8> = (0..1 << 20).map(|_| garbage()).collect();
    let beginnings: [&[u8]; 16] = [
        b"",
        b"RIFF\0\0\0\0WAVE",
        b"RF64\xff\xff\xff\xffWAVEds64",
        b"FORM\0\0\0\0AIFF",
        b"caff\0\x01\0\0desc",
        b"OggS\0\x02",
        b"fLaC\0\0\0\x22",
        b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\xff",
        b"\0\0\0\x18ftypM4A ",
        b"\xff\xfb\x90\x64",
        b"\xff\xf1\x50\x80\x02\x1f\xfc",
        b"ID3\x03\0\0\0\0\x0a\0",
        b".snd\0\0\0\x18",
        b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb",
        b"\0\0\0\0mdat",
        b"\0\x0f\xff\xffmoov",
    ];
    for filling in [
        noise,
        vec![0; 1 << 20],
        vec![0xff; 1 << 20],
        b"OggS".repeat(1 << 18),
        b"data".repeat(1 << 18),
    ] {
        for beginning in beginnings {
            let file = [beginning, &filling].concat();
            for from_file in [false, true] {
                let begun = Instant::now();
                read_or_refused(&file, from_file);
                // Ten times what it takes on a busy machine.
                assert!(
                    begun.elapsed() < Duration::from_secs(10),
                    "{beginning:?}: {:?}",
                    begun.elapsed()
                );
            }
        }
    }
}
