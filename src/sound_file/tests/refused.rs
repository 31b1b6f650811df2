//! What is no recording, or none that can be read.

use std::path::Path;

use super::{SoundFile, WavFields, opened, pcm, plain};

#[test]
fn what_cannot_be_read_is_called_by_its_name() {
    let noise: Vec<u8> = (0..3000_u32)
        .map(|index| (index.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    let with = |magic: &[u8]| [magic, &noise].concat();
    for (bytes, words) in [
        (vec![], "a.wav contains no audio."),
        (b"RIFF\x24\0\0\0WAVEfmt ".to_vec(), "a damaged WAV file"),
        (plain(&WavFields::pcm(16), &[]), "contains no audio"),
        (
            plain(
                &WavFields {
                    rate: 2_000_000,
                    byte_rate: 0,
                    ..WavFields::pcm(16)
                },
                &pcm(),
            ),
            "2000000 Hz",
        ),
        (
            plain(
                &WavFields {
                    channels: 60_000,
                    ..WavFields::pcm(16)
                },
                &vec![0; 400_000],
            ),
            "60000 channels",
        ),
        (
            plain(&WavFields::tagged(0x31, 0), &pcm()),
            "a WAV file with sound compressed for mobile phones (GSM 6.10)",
        ),
        (plain(&WavFields::tagged(0x161, 16), &pcm()), "Windows Media"),
        (
            plain(&WavFields::tagged(0x1234, 16), &pcm()),
            "an unknown kind (number 4660)",
        ),
        (with(b"#!AMR\n"), "a phone's AMR recording"),
        (
            with(b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9"),
            "a Windows Media recording (WMA)",
        ),
        (with(b"DSD "), "a DSD recording"),
        (with(b"MThd\0\0\0\x06"), "a MIDI file"),
        (with(b"\x89PNG\r\n\x1a\n"), "a picture"),
        (with(b"\xff\xd8\xff\xe0"), "a picture"),
        (with(b"\0\0\0\x18ftypheic"), "a picture"),
        (with(b"%PDF-1.7"), "a PDF document"),
        (with(b"PK\x03\x04"), "a ZIP archive or an Office document"),
        (with(b"\0\0\0\x18ftypaax "), "a protected audiobook"),
        (b"<html><body>Not found</body></html>".to_vec(), "a web page"),
        (
            b"I led the team.\nWe finished on time.\n".to_vec(),
            "give a typed answer with --text",
        ),
        ("Ich führte das Team.".as_bytes().to_vec(), "a text"),
        (noise.clone(), "is no recording that Aloud knows"),
        (vec![0; 70_000], "is no recording that Aloud knows"),
    ] {
        let error = opened(&bytes).expect_err(words).to_string();
        assert!(error.contains(words), "{words}: {error}");
        assert!(error.starts_with("a.wav ") && error.ends_with('.'), "{error}");
    }
    let error = SoundFile::open(Path::new("/nowhere.wav")).unwrap_err().to_string();
    assert!(error.starts_with("Could not open /nowhere.wav"), "{error}");
    let folder = tempfile::tempdir().unwrap();
    let error = SoundFile::open(folder.path()).unwrap_err().to_string();
    assert!(error.contains("is a folder"), "{error}");
}
