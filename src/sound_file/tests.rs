//! Recordings made here byte by byte: headers as recorders, browsers and phones leave them, every way to write a sample, and
//! what is no recording at all. Compressed ones lie in `tests/sound/`.

mod refused;
mod relatives;

use std::io::{Cursor, Read, Write as _};

use super::{SoundFile, SoundFileError};

/// Frames of the sound that every file here holds.
const FRAMES: usize = 4000;

/// A sound that is nowhere silent and nowhere alike, as 16-bit samples.
fn sound() -> Vec<i16> {
    (0..FRAMES)
        .map(|index| {
            let time = index as f64;
            ((time * 0.05).sin() * 9000.0 + (time * time * 0.000_03).sin() * 6000.0) as i16
        })
        .collect()
}

fn pcm() -> Vec<u8> {
    sound().iter().flat_map(|sample| sample.to_le_bytes()).collect()
}

/// The fields of a `fmt ` chunk.
#[derive(Clone)]
struct WavFields {
    tag: u16,
    channels: u16,
    rate: u32,
    byte_rate: u32,
    block: u16,
    bits: u16,
    extra: Vec<u8>,
}

impl WavFields {
    fn pcm(bits: u16) -> Self {
        Self {
            tag: 1,
            channels: 1,
            rate: 16_000,
            byte_rate: 16_000 * u32::from(bits / 8),
            block: bits / 8,
            bits,
            extra: Vec::new(),
        }
    }

    fn tagged(tag: u16, bits: u16) -> Self {
        Self { tag, ..Self::pcm(bits) }
    }

    fn extensible(tag: u16, bits: u16, more: usize) -> Self {
        let mut extra = [22 + more as u16, bits].map(u16::to_le_bytes).concat();
        extra.extend(4_u32.to_le_bytes());
        extra.extend(tag.to_le_bytes());
        extra.extend(b"\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71");
        extra.extend(vec![7; more]);
        Self {
            tag: 0xfffe,
            extra,
            ..Self::pcm(bits)
        }
    }

    fn chunk(&self) -> Vec<u8> {
        let mut content = [self.tag, self.channels].map(u16::to_le_bytes).concat();
        content.extend([self.rate, self.byte_rate].map(u32::to_le_bytes).concat());
        content.extend([self.block, self.bits].map(u16::to_le_bytes).concat());
        content.extend(&self.extra);
        chunk(b"fmt ", &content)
    }
}

fn sized(name: &[u8], length: u32, content: &[u8]) -> Vec<u8> {
    [name, &length.to_le_bytes(), content].concat()
}

/// A chunk whose odd length is not filled up, as some writers have it.
fn unpadded(name: &[u8], content: &[u8]) -> Vec<u8> {
    sized(name, content.len() as u32, content)
}

fn chunk(name: &[u8], content: &[u8]) -> Vec<u8> {
    let mut chunk = unpadded(name, content);
    chunk.resize(chunk.len().next_multiple_of(2), 0);
    chunk
}

fn riff(magic: &[u8], length: u32, chunks: &[Vec<u8>]) -> Vec<u8> {
    [sized(magic, length, b"WAVE"), chunks.concat()].concat()
}

fn wav(chunks: &[Vec<u8>]) -> Vec<u8> {
    riff(b"RIFF", 4 + chunks.concat().len() as u32, chunks)
}

fn plain(format: &WavFields, data: &[u8]) -> Vec<u8> {
    wav(&[format.chunk(), chunk(b"data", data)])
}

fn opened(bytes: &[u8]) -> Result<SoundFile, SoundFileError> {
    SoundFile::from_reader(Cursor::new(bytes.to_vec()), "a.wav")
}

/// A file and a pipe hold the same.
fn read(what: &str, bytes: &[u8]) -> Vec<f32> {
    let all = |sound: Result<SoundFile, SoundFileError>| {
        let mut sound = sound.unwrap_or_else(|error| panic!("{what}: {error}"));
        let mut samples = Vec::new();
        while sound.read(999, &mut samples) > 0 {}
        samples
    };
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    let from_file = all(SoundFile::open(file.path()));
    assert_eq!(from_file, all(opened(bytes)), "{what}: a pipe");
    from_file
}

/// Every sample as it was, to within `near`; the file may end up to `short` frames early.
fn check(what: &str, bytes: &[u8], near: f32, short: usize) {
    let samples = read(what, bytes);
    assert!(
        (FRAMES - short..=FRAMES + 1).contains(&samples.len()),
        "{what}: {} frames",
        samples.len()
    );
    for (index, (heard, meant)) in samples.iter().zip(sound()).enumerate() {
        let meant = f32::from(meant) / 32_768.0;
        assert!(
            (heard - meant).abs() <= near,
            "{what}: frame {index}: {heard} for {meant}"
        );
    }
}

#[test]
fn sizes_that_nobody_filled_in_are_no_limit() {
    let format = WavFields::pcm(16).chunk();
    let whole = pcm().len() as u32;
    for size in [
        0,
        0x7fff_ffff,
        0x7fff_ffff - 36,
        0x8000_0000,
        u32::MAX,
        u32::MAX - 36,
        whole * 7,
        4,
        whole / 2 + 1,
        whole - 2,
    ] {
        for riff_size in [0, u32::MAX, size.wrapping_add(36)] {
            let file = riff(b"RIFF", riff_size, &[format.clone(), sized(b"data", size, &pcm())]);
            check(&format!("data of {size}, RIFF of {riff_size}"), &file, 0.0, 0);
        }
    }
    let odd = riff(
        b"RIFF",
        36 + whole,
        &[format.clone(), sized(b"data", whole - 1, &pcm())],
    );
    check("odd size", &odd, 0.0, 1);
    let half = [pcm(), vec![1]].concat();
    check("half a sample at the end", &plain(&WavFields::pcm(16), &half), 0.0, 0);
    let cut = &plain(&WavFields::pcm(16), &[pcm(), pcm()].concat())[..44 + whole as usize];
    check("cut", cut, 0.0, 0);
}

#[test]
fn chunks_before_and_after_the_sound_are_passed_over() {
    let (format, data) = (WavFields::pcm(16).chunk(), chunk(b"data", &pcm()));
    for length in [0, 1, 2, 3, 17, 255, 4097, 70_001] {
        let content = vec![b'x'; length];
        for make in [chunk as fn(&[u8], &[u8]) -> Vec<u8>, unpadded] {
            let before = wav(&[
                make(b"LIST", &content),
                format.clone(),
                make(b"bext", &content),
                data.clone(),
            ]);
            check(&format!("{length} bytes before"), &before, 0.0, 0);
        }
        let after = wav(&[
            format.clone(),
            data.clone(),
            chunk(b"LIST", &content),
            chunk(b"id3 ", b"ID3\x03"),
        ]);
        check(&format!("{length} bytes after"), &after, 0.0, 0);
    }
    let zeros = wav(&[format.clone(), unpadded(b"bext", &[0; 603]), data.clone()]);
    check("zeros without padding", &zeros, 0.0, 0);
    let broken = wav(&[format.clone(), chunk(b"\x01\x02\x03\x04", b"zz"), data.clone()]);
    check("a chunk without a name", &broken, 0.0, 0);
    let long = wav(&[format.clone(), sized(b"LIST", 0x7fff_ff00, b"INFOabcd"), data]);
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&long).unwrap();
    assert_eq!(
        SoundFile::open(file.path()).unwrap().read(9999, &mut Vec::new()),
        FRAMES
    );
    let two = wav(&[
        format.clone(),
        chunk(b"data", &pcm()[..3000]),
        chunk(b"note", b"abc"),
        chunk(b"data", &pcm()[3000..]),
    ]);
    check("the sound in two pieces", &two, 0.0, 0);
    let tagged = [
        b"ID3\x03\0\0\0\0\0\x14".to_vec(),
        vec![0; 20],
        plain(&WavFields::pcm(16), &pcm()),
    ]
    .concat();
    check("a tag before the header", &tagged, 0.0, 0);
}

#[test]
fn formats_of_every_length_and_with_wrong_fields_are_understood() {
    for extra in [
        vec![],
        vec![0],
        vec![0, 0],
        vec![2, 0, 0, 0],
        [vec![0xd6, 3], vec![0; 982]].concat(),
    ] {
        let format = WavFields {
            extra: extra.clone(),
            ..WavFields::pcm(16)
        };
        check(&format!("fmt of {}", 16 + extra.len()), &plain(&format, &pcm()), 0.0, 0);
    }
    for more in [0, 20] {
        check(
            "extensible",
            &plain(&WavFields::extensible(1, 16, more), &pcm()),
            0.0,
            0,
        );
    }
    let right = WavFields::pcm(16);
    for (what, wrong) in [
        (
            "byte rate",
            WavFields {
                byte_rate: 0,
                ..right.clone()
            },
        ),
        (
            "byte rate",
            WavFields {
                byte_rate: 12_345,
                ..right.clone()
            },
        ),
        (
            "block",
            WavFields {
                block: 0,
                ..right.clone()
            },
        ),
        (
            "block",
            WavFields {
                block: 1,
                ..right.clone()
            },
        ),
        (
            "block",
            WavFields {
                block: 4,
                ..right.clone()
            },
        ),
        (
            "bits",
            WavFields {
                bits: 0,
                ..right.clone()
            },
        ),
        (
            "channels",
            WavFields {
                channels: 0,
                ..right.clone()
            },
        ),
        (
            "rate",
            WavFields {
                rate: 0,
                ..right.clone()
            },
        ),
    ] {
        let file = plain(&wrong, &pcm());
        check(what, &file, 0.0, 0);
        assert_eq!(opened(&file).unwrap().rate, 16_000, "{what}");
    }
}

#[test]
fn every_way_to_write_a_sample_is_the_same_sound() {
    let sound = sound();
    let wide = |sample: &i16| i64::from(*sample) << 48;
    let top = |count: usize| -> Vec<u8> {
        sound
            .iter()
            .flat_map(|sample| {
                wide(sample).to_be_bytes()[..count]
                    .iter()
                    .rev()
                    .copied()
                    .collect::<Vec<_>>()
            })
            .collect()
    };
    let float = |sample: &i16| f32::from(*sample) / 32_768.0;
    for (bits, width) in [(12, 2), (16, 2), (20, 3), (24, 3), (32, 4), (64, 8)] {
        let format = WavFields {
            bits,
            ..WavFields::pcm(width as u16 * 8)
        };
        check(&format!("{bits} bits"), &plain(&format, &top(width)), 0.0, 0);
        let format = WavFields {
            bits: width as u16 * 8,
            ..WavFields::extensible(1, bits, 0)
        };
        let format = WavFields {
            block: width as u16,
            byte_rate: 16_000 * width as u32,
            ..format
        };
        check(
            &format!("{bits} bits, extensible"),
            &plain(&format, &top(width)),
            0.0,
            0,
        );
    }
    let bytes: Vec<u8> = sound.iter().map(|sample| ((*sample >> 8) + 128) as u8).collect();
    check("8 bits", &plain(&WavFields::pcm(8), &bytes), 0.01, 0);
    let in_four = WavFields {
        bits: 24,
        ..WavFields::pcm(32)
    };
    check("24 bits at the top of four bytes", &plain(&in_four, &top(4)), 0.0, 0);
    // With something in the lowest byte, as real ones have.
    let low: Vec<u8> = sound
        .iter()
        .flat_map(|sample| (i32::from(*sample) << 8 | 1).to_le_bytes())
        .collect();
    check("24 bits at the bottom of four bytes", &plain(&in_four, &low), 1e-6, 0);
    let single: Vec<u8> = sound.iter().flat_map(|sample| float(sample).to_le_bytes()).collect();
    let double: Vec<u8> = sound
        .iter()
        .flat_map(|sample| f64::from(float(sample)).to_le_bytes())
        .collect();
    let half: Vec<u8> = sound
        .iter()
        .flat_map(|sample| half::f16::from_f32(float(sample)).to_le_bytes())
        .collect();
    check("32-bit float", &plain(&WavFields::tagged(3, 32), &single), 0.0, 0);
    check(
        "32-bit float, extensible",
        &plain(&WavFields::extensible(3, 32, 0), &single),
        0.0,
        0,
    );
    check("64-bit float", &plain(&WavFields::tagged(3, 64), &double), 0.0, 0);
    check(
        "64-bit float that says 32",
        &plain(
            &WavFields {
                bits: 32,
                ..WavFields::tagged(3, 64)
            },
            &double,
        ),
        0.0,
        0,
    );
    check("16-bit float", &plain(&WavFields::tagged(3, 16), &half), 0.001, 0);
    let law = |encode: fn(i16) -> u8| -> Vec<u8> { sound.iter().map(|sample| encode(*sample)).collect() };
    check("mu-law", &plain(&WavFields::tagged(7, 8), &law(mu_law)), 0.02, 0);
    check("A-law", &plain(&WavFields::tagged(6, 8), &law(a_law)), 0.02, 0);
}

/// The byte that comes nearest, found by trying all: no second implementation of the same thought.
fn mu_law(sample: i16) -> u8 {
    nearest(sample, |byte| {
        let byte = !byte;
        let value = ((i32::from(byte & 15) * 2 + 33) << (byte >> 4 & 7)) - 33;
        if byte >> 7 == 1 { -value * 4 } else { value * 4 }
    })
}

fn a_law(sample: i16) -> u8 {
    nearest(sample, |byte| {
        let byte = byte ^ 0x55;
        let (low, segment) = (i32::from(byte & 15), i32::from(byte >> 4 & 7));
        let value = if segment == 0 {
            low * 2 + 1
        } else {
            (low * 2 + 33) << (segment - 1)
        };
        if byte >> 7 == 1 { value * 8 } else { -value * 8 }
    })
}

fn nearest(sample: i16, decode: impl Fn(u8) -> i32) -> u8 {
    (0..=255)
        .min_by_key(|byte| (decode(*byte) - i32::from(sample)).abs())
        .unwrap()
}

#[test]
fn rates_from_telephones_to_studios_are_read() {
    for rate in [4_000, 8_000, 11_025, 22_050, 44_100, 96_000, 384_000] {
        let format = WavFields {
            rate,
            byte_rate: rate * 2,
            ..WavFields::pcm(16)
        };
        let file = plain(&format, &pcm());
        check(&format!("{rate} Hz"), &file, 0.0, 0);
        let sound = opened(&file).unwrap();
        assert_eq!(sound.rate, rate);
        assert!((sound.seconds.unwrap() - FRAMES as f64 / f64::from(rate)).abs() < 1e-9);
    }
}

#[test]
fn a_piece_can_be_left_out() {
    let mut sound = opened(&plain(&WavFields::pcm(16), &pcm())).unwrap();
    sound.skip(1234);
    let mut rest = Vec::new();
    while sound.read(100, &mut rest) > 0 {}
    assert_eq!(rest.len(), FRAMES - 1234);
    assert_eq!(rest[0], f32::from(self::sound()[1234]) / 32_768.0);
    sound.skip(usize::MAX);
    assert_eq!(sound.read(1, &mut rest), 0);
}

/// Gives a byte at a time, as a pipe may.
struct Dripping(Cursor<Vec<u8>>);

impl Read for Dripping {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = into.len().min(1);
        self.0.read(&mut into[..count])
    }
}

#[test]
fn a_pipe_that_drips_is_read_whole() {
    let file = wav(&[
        chunk(b"LIST", b"odd"),
        WavFields::pcm(16).chunk(),
        chunk(b"data", &pcm()),
    ]);
    let mut sound = SoundFile::from_reader(Dripping(Cursor::new(file)), "a pipe").unwrap();
    assert!(sound.may_wait());
    let mut samples = Vec::new();
    while sound.read(4096, &mut samples) > 0 {}
    assert_eq!(samples.len(), FRAMES);
}
