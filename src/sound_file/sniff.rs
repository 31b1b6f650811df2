//! What a file is, by what it holds and never by its name: how to read it, or what it is called in words.

use std::io;

use super::{
    Decoded, adts, caf, demuxed,
    error::{Advice, Unreadable},
    iff,
    input::{MOST_AHEAD, SoundInput},
    matroska, mp4, ogg, riff,
};

/// Reads what is in an input, whatever it is.
pub(super) fn open(mut input: SoundInput) -> Result<Decoded, Unreadable> {
    pass_tags(&mut input)?;
    let head = input.peek(256)?.to_vec();
    if head.is_empty() {
        return Err(Unreadable::Empty);
    }
    let begins = |magic: &[u8]| head.starts_with(magic);
    let holds = |at: usize, magic: &[u8]| head.get(at..at + magic.len()) == Some(magic);
    if (begins(b"RIFF") || begins(b"RIFX") || begins(b"RF64") || begins(b"BW64"))
        && (holds(8, b"WAVE") || head.len() < 12)
    {
        return riff::open(input);
    }
    if begins(b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb") {
        return riff::open_w64(input);
    }
    if begins(b"FORM") && (holds(8, b"AIFF") || holds(8, b"AIFC")) {
        return iff::open_aiff(input);
    }
    if begins(b".snd") || begins(b"dns.") {
        return iff::open_au(input);
    }
    if begins(b"caff") {
        return caf::open(input);
    }
    if begins(b"\x1a\x45\xdf\xa3") {
        return matroska::open(input);
    }
    if begins(b"fLaC") {
        return demuxed::flac(input);
    }
    if begins(b"OggS") {
        return ogg::open(input);
    }
    if let Some((what, advice)) = other(&head) {
        return Err(Unreadable::Refused {
            what: what.to_owned(),
            advice,
        });
    }
    if [b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"]
        .iter()
        .any(|name| holds(4, *name))
    {
        return mp4::open(input);
    }
    frames(input, &head)
}

/// Passes over the tags that many players write before the sound.
fn pass_tags(input: &mut SoundInput) -> io::Result<()> {
    for _ in 0..16 {
        let head = input.peek(10)?;
        let [b'I', b'D', b'3', _, _, flags, a, b, c, d] = *head else {
            return Ok(());
        };
        let length = [a, b, c, d]
            .iter()
            .fold(0_u64, |length, byte| length << 7 | u64::from(byte & 0x7f));
        let foot = if flags & 0x10 == 0 { 0 } else { 10 };
        input.skip(10 + length + foot)?;
        // Some fill up with zeros that they do not count.
        let zeros = input.peek(MOST_AHEAD)?.iter().take_while(|byte| **byte == 0).count();
        if zeros > 0 && !input.peek(zeros + 8)?[zeros..].starts_with(b"ftyp") {
            let after = input.peek(zeros + 2)?.get(zeros).copied();
            if after == Some(0xff) {
                input.skip(zeros as u64)?;
            }
        }
    }
    Ok(())
}

/// MP3 and AAC have no header of their own, only frames.
fn frames(mut input: SoundInput, head: &[u8]) -> Result<Decoded, Unreadable> {
    let ahead = input.peek(MOST_AHEAD)?;
    let (mpeg, adts) = (mpeg_frames(ahead), adts::find(ahead));
    match (mpeg, adts) {
        (_, Some(at)) if mpeg.is_none_or(|mpeg| at < mpeg) => adts::open(input),
        (Some(at), _) => {
            input.skip(at as u64)?;
            demuxed::mpeg(input)
        }
        _ if is_text(head) => Err(Unreadable::Refused {
            what: "a text".to_owned(),
            advice: Advice::UseText,
        }),
        _ => Err(Unreadable::Unknown),
    }
}

/// Where frames of MPEG sound follow each other: two at the very beginning, four elsewhere, where it may be chance.
fn mpeg_frames(bytes: &[u8]) -> Option<usize> {
    (0..bytes.len()).find(|at| {
        let wanted = if *at == 0 { 2 } else { 4 };
        let mut next = *at;
        let mut kind = None;
        for _ in 0..wanted {
            let Some((frame, length)) = bytes.get(next..).and_then(mpeg_frame) else {
                // What is there may end before the last of them.
                return kind.is_some() && next >= bytes.len() && next > *at && *at == 0;
            };
            if kind.is_some_and(|kind| kind != frame) {
                return false;
            }
            kind = Some(frame);
            next += length;
        }
        true
    })
}

/// What stays the same from frame to frame (version, layer, rate), and the frame's length.
fn mpeg_frame(bytes: &[u8]) -> Option<((u8, u8, u8), usize)> {
    const RATES: [usize; 3] = [44_100, 48_000, 32_000];
    /// Kilobits a second: of MPEG 1 layers I, II, III; of MPEG 2 layer I, and II and III.
    const BITS: [[usize; 15]; 5] = [
        [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
        [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
        [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
        [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
        [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    ];
    let [first, second, third, _] = *bytes.get(..4)? else {
        return None;
    };
    let (version, layer) = (second >> 3 & 3, second >> 1 & 3);
    if first != 0xff || second & 0xe0 != 0xe0 || version == 1 || layer == 0 {
        return None;
    }
    let rate = *RATES.get(usize::from(third >> 2 & 3))? >> [2, 0, 1, 0][usize::from(version)];
    let table = match (version, layer) {
        (3, layer) => 3 - usize::from(layer),
        (_, 3) => 3,
        _ => 4,
    };
    let bits = *BITS[table].get(usize::from(third >> 4))? * 1000;
    let padding = usize::from(third >> 1 & 1);
    let length = match (version, layer) {
        (_, 3) => (12 * bits / rate + padding) * 4,
        (3, _) | (_, 2) => 144 * bits / rate + padding,
        _ => 72 * bits / rate + padding,
    };
    (bits > 0).then_some(((version, layer, third >> 2 & 3), length))
}

/// Files that are known and cannot be read.
fn other(head: &[u8]) -> Option<(&'static str, Advice)> {
    use Advice::{ChooseRecording as Other, Convert as Sound, Unpack, Unprotected as Locked, UseText as Text};
    const KNOWN: [(usize, &[u8], &str, Advice); 58] = [
        (0, b"#!AMR", "a phone's AMR recording", Sound),
        (
            0,
            b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",
            "a Windows Media recording (WMA)",
            Sound,
        ),
        (0, b"DSD ", "a DSD recording", Sound),
        (0, b"FRM8", "a DSD recording", Sound),
        (0, b"MAC ", "a recording in Monkey's Audio", Sound),
        (0, b"wvpk", "a recording in WavPack", Sound),
        (0, b"TTA1", "a recording in True Audio", Sound),
        (0, b"MPCK", "a recording in Musepack", Sound),
        (0, b"MP+", "a recording in Musepack", Sound),
        (0, b".RMF", "a RealMedia recording", Sound),
        (0, b".ra\xfd", "a RealAudio recording", Sound),
        (0, b"FLV\x01", "a Flash video", Sound),
        (8, b"AVI ", "an AVI video", Sound),
        (0, b"\0\0\x01\xba", "an MPEG video", Sound),
        (0, b"\x0b\x77", "a recording in Dolby Digital", Sound),
        (0, b"\x7f\xfe\x80\x01", "a recording in DTS", Sound),
        (0, b"Creative Voice File", "a Creative Voice recording", Sound),
        (0, b"NIST_1A", "a recording in NIST SPHERE", Sound),
        (0, b"#!SILK", "a messenger's SILK recording", Sound),
        (1, b"#!SILK", "a messenger's SILK recording", Sound),
        (0, b"MThd", "a MIDI file (notes and no sound)", Other),
        (8, b"RMID", "a MIDI file (notes and no sound)", Other),
        (8, b"sfbk", "a sound font", Other),
        (8, b"WEBP", "a picture", Other),
        (0, b"\x89PNG", "a picture", Other),
        (0, b"\xff\xd8\xff", "a picture", Other),
        (0, b"GIF8", "a picture", Other),
        (0, b"II*\0", "a picture", Other),
        (0, b"MM\0*", "a picture", Other),
        (4, b"ftypheic", "a picture", Other),
        (4, b"ftypheix", "a picture", Other),
        (4, b"ftypmif1", "a picture", Other),
        (4, b"ftypavif", "a picture", Other),
        (4, b"ftypaax", "a protected audiobook", Locked),
        (0, b"%PDF", "a PDF document", Other),
        (0, b"{\\rtf", "a text document (RTF)", Text),
        (0, b"\xd0\xcf\x11\xe0", "an Office document", Other),
        (0, b"PK\x03\x04", "a ZIP archive or an Office document", Unpack),
        (0, b"\x1f\x8b", "a compressed archive", Unpack),
        (0, b"7z\xbc\xaf", "a compressed archive", Unpack),
        (0, b"Rar!", "a compressed archive", Unpack),
        (0, b"\xfd7zXZ", "a compressed archive", Unpack),
        (0, b"BZh", "a compressed archive", Unpack),
        (0, b"\x28\xb5\x2f\xfd", "a compressed archive", Unpack),
        (0, b"\x7fELF", "a program", Other),
        (0, b"MZ", "a program", Other),
        (0, b"SQLite format 3", "a database", Other),
        (0, b"lmgg", "a speech model", Other),
        (0, b"GGUF", "a language model", Other),
        (0, b"#EXTM3U", "a playlist", Other),
        (0, b"[playlist]", "a playlist", Other),
        (
            0,
            b"version https://git-lfs",
            "a stand-in for a file that was not downloaded",
            Other,
        ),
        (0, b"\xff\xfe", "a text", Text),
        (0, b"\xfe\xff", "a text", Text),
        (0, b"\xef\xbb\xbf", "a text", Text),
        (0, b"<!DOCTYPE html", "a web page", Other),
        (0, b"<!doctype html", "a web page", Other),
        (0, b"<html", "a web page", Other),
    ];
    let found = KNOWN
        .iter()
        .find(|(at, magic, ..)| head.get(*at..at + magic.len()) == Some(*magic));
    // Two bytes that MPEG sound may begin with, too.
    let found = found.filter(|(_, magic, ..)| *magic != b"\xff\xfe" || head.contains(&0));
    if let Some((.., what, advice)) = found {
        return Some((what, *advice));
    }
    let stream = [0, 188].iter().all(|at| head.get(*at) == Some(&0x47));
    stream.then_some(("a video as it is broadcast (MPEG-TS)", Sound))
}

/// Whether it reads like text: no control characters but spaces and line ends.
fn is_text(head: &[u8]) -> bool {
    let whole = match std::str::from_utf8(head) {
        Ok(text) => text,
        // The last character may be cut.
        Err(error) => std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default(),
    };
    whole.len() + 4 > head.len()
        && !whole
            .chars()
            .any(|char| char.is_control() && !"\n\r\t\x0c".contains(char))
}

/// What sound is compressed with that Apple's formats name with four letters, in words.
pub(super) fn codec_name(codec: &[u8]) -> String {
    let name = match codec {
        b"samr" | b"sawb" | b"sawp" => "a phone's AMR sound",
        b"ac-3" | b"ec-3" | b"ac-4" => "Dolby sound",
        b"dtsc" | b"dtsh" | b"dtsl" | b"dtse" => "DTS sound",
        b"agsm" | b"GSM " => "sound compressed for mobile phones (GSM)",
        b"QDM2" | b"QDMC" => "QDesign sound",
        b"MAC3" | b"MAC6" => "sound compressed for old Macintoshes (MACE)",
        b"Qclp" | b"sqcp" | b"sevc" | b"ssmv" => "sound compressed for mobile phones",
        b"apac" => "Apple's spatial sound",
        b"mha1" | b"mhm1" => "3D sound (MPEG-H)",
        b"WMA " | b"owma" => "Windows Media sound",
        b"ilbc" => "sound compressed for calls (iLBC)",
        _ => "sound that is compressed in a rare way",
    };
    name.to_owned()
}
