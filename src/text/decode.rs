//! From the bytes of a file to its text. What is no plain text is named, so that whoever chose it knows what to do.

use encoding_rs::{Encoding, MACINTOSH, UTF_16BE, UTF_16LE, WINDOWS_1252};
use thiserror::Error;

/// Why bytes are no text that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotText {
    #[error("it is {0}, not plain text")]
    OtherFormat(&'static str),
    #[error("it is not text in UTF-8, UTF-16 or Windows-1252")]
    Binary,
}

/// How other formats begin, and what they are called.
const FORMATS: [(&[u8], &str); 29] = [
    (b"{\\rtf", "rich text (RTF)"),
    (b"%PDF-", "a PDF"),
    (b"%!PS", "a PostScript file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an older Office document"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "a compressed file (gzip)"),
    (b"BZh", "a compressed file (bzip2)"),
    (b"\xfd7zXZ\0", "a compressed file (xz)"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "a compressed file (zstd)"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"II*\0", "a picture (TIFF)"),
    (b"MM\0*", "a picture (TIFF)"),
    (b"RIFF", "a recording or a picture (RIFF)"),
    (b"RF64", "a recording (WAV)"),
    (b"FORM\0", "a recording (AIFF)"),
    (b"OggS", "a recording (Ogg)"),
    (b"fLaC", "a recording (FLAC)"),
    (b"ID3", "a recording (MP3)"),
    (b"\x1a\x45\xdf\xa3", "a recording (WebM or Matroska)"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\0", "a program"),
    (b"bplist00", "an Apple property list"),
    (b"SQLite format 3\0", "a database (SQLite)"),
    (b"\xff\xfe\0\0", "text in UTF-32"),
    (b"\0\0\xfe\xff", "text in UTF-32"),
];

/// The text in some bytes: UTF-8, UTF-16 with and without its mark, Windows-1252, Mac Roman. A byte order mark is no part
/// of it, and no NUL is ever in it.
pub fn decode(bytes: &[u8]) -> Result<String, NotText> {
    if let Some(format) = other_format(bytes) {
        return Err(NotText::OtherFormat(format));
    }
    let text = if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        eight_bits(rest)?
    } else if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        sixteen_bits(UTF_16LE, rest)?
    } else if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        sixteen_bits(UTF_16BE, rest)?
    } else if let Some(encoding) = unmarked_utf_16(bytes) {
        sixteen_bits(encoding, bytes)?
    } else {
        eight_bits(bytes)?
    };
    // A text tool may leave a few controls behind; a text that is full of them is none.
    let controls = text.chars().filter(|c| is_foreign(*c)).count();
    if controls * 200 > text.len() + 199 {
        return Err(NotText::Binary);
    }
    Ok(text.replace('\0', ""))
}

/// No text holds these: controls that neither space nor end a line, and what stands for bytes that mean nothing.
fn is_foreign(c: char) -> bool {
    c == '\u{fffd}' || c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{1a}')
}

fn other_format(bytes: &[u8]) -> Option<&'static str> {
    // Blank lines before the first word hide no format.
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let start = start.trim_ascii_start();
    if start.starts_with(b"PK\x03\x04") {
        return Some(archive(start));
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return Some("a recording (M4A or MP4)");
    }
    let known = FORMATS.iter().find(|(begin, _)| {
        // Some begin with what is a word in small letters, too: "ID3", "BZh", "RIFF" before a byte that is no letter.
        start.starts_with(begin) && (begin.len() > 4 || !is_plain(start) || begin.starts_with(b"%"))
    });
    // A PDF may have something before its mark.
    let pdf = || find(&bytes[..bytes.len().min(1024)], b"%PDF-1") || find(&bytes[..bytes.len().min(1024)], b"%PDF-2");
    known
        .map(|(_, format)| *format)
        .or_else(|| (!is_plain(bytes) && pdf()).then_some("a PDF"))
}

/// Whether bytes are text at first sight: no control but white space.
fn is_plain(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .take(4096)
        .all(|byte| *byte >= b' ' && *byte != 0x7f || byte.is_ascii_whitespace())
}

/// Office documents are archives, too.
fn archive(bytes: &[u8]) -> &'static str {
    let head = &bytes[..bytes.len().min(4096)];
    let any = |names: &[&[u8]]| names.iter().any(|name| find(head, name));
    if any(&[b"word/"]) {
        "a Word document (DOCX)"
    } else if any(&[b"opendocument.text"]) {
        "an OpenDocument text (ODT)"
    } else if any(&[b"opendocument"]) {
        "an OpenDocument file"
    } else if any(&[b"epub+zip"]) {
        "an e-book (EPUB)"
    } else if any(&[b"Index/Document.iwa", b"Index.zip", b"preview.jpg"]) {
        "a Pages document"
    } else if any(&[b"[Content_Types].xml", b"_rels/", b"docProps/"]) {
        "an Office document (DOCX or the like)"
    } else {
        "a ZIP archive, as Word documents are"
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> bool {
    memchr::memmem::find(bytes, wanted).is_some()
}

/// UTF-16 without a mark is told by its zero bytes: letters of English have one each, always on the same side.
fn unmarked_utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(8192) / 2 * 2];
    let (mut first, mut second) = (0, 0);
    for pair in head.chunks_exact(2) {
        first += usize::from(pair[0] == 0);
        second += usize::from(pair[1] == 0);
    }
    let pairs = head.len() / 2;
    let mostly = |zeros: usize, others: usize| pairs > 0 && zeros * 2 > pairs && others * 20 <= pairs;
    if mostly(second, first) {
        Some(UTF_16LE)
    } else if mostly(first, second) {
        Some(UTF_16BE)
    } else {
        None
    }
}

fn sixteen_bits(encoding: &'static Encoding, bytes: &[u8]) -> Result<String, NotText> {
    // Half a letter at the end is what a copy that was cut off leaves.
    let (text, _) = encoding.decode_without_bom_handling(&bytes[..bytes.len() / 2 * 2]);
    if text.is_empty() && !bytes.is_empty() {
        return Err(NotText::Binary);
    }
    Ok(text.into_owned())
}

fn eight_bits(bytes: &[u8]) -> Result<String, NotText> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    // Code pages are for letters with accents and for quotes: most of an English text is ASCII in any of them.
    let ascii = bytes.iter().filter(|byte| byte.is_ascii()).count();
    let controls = bytes
        .iter()
        .filter(|byte| **byte < b' ' && !byte.is_ascii_whitespace())
        .count();
    if ascii * 10 < bytes.len() * 6 || controls * 200 > bytes.len() + 199 {
        return Err(NotText::Binary);
    }
    let utf_8 = String::from_utf8_lossy(bytes);
    let broken = utf_8.matches('\u{fffd}').count();
    // More letters of several bytes than broken ones: a few bytes of an UTF-8 text were lost.
    if utf_8.chars().filter(|c| !c.is_ascii()).count() > 2 * broken {
        return Ok(utf_8.replace('\u{fffd}', ""));
    }
    Ok(code_page(bytes).decode_without_bom_handling(bytes).0.into_owned())
}

/// Windows-1252, or the code page of older Macs, told by the quotes and dashes of either.
fn code_page(bytes: &[u8]) -> &'static Encoding {
    let (mut windows, mut mac) = (0, 0);
    for (index, byte) in bytes.iter().enumerate() {
        let before = index.checked_sub(1).map_or(b' ', |index| bytes[index]);
        let after = bytes.get(index + 1).copied().unwrap_or(b' ');
        match byte {
            // ‘ ’ “ ” • – — … in Windows-1252.
            0x85 | 0x91..=0x97 => windows += 1,
            // ’ inside a word and – — “ ” at its edge in Mac Roman; in Windows-1252 capitals with accents.
            0xd5 if before.is_ascii_lowercase() && after.is_ascii_lowercase() => mac += 1,
            0xd0..=0xd3 if before.is_ascii_whitespace() != after.is_ascii_whitespace() => mac += 1,
            _ => {}
        }
    }
    if mac > windows { MACINTOSH } else { WINDOWS_1252 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Um, I didn’t know the “SIEM” at first – it was new.\r\nWe fixed it.";

    fn utf_16(text: &str, little: bool, mark: bool) -> Vec<u8> {
        let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
        units
            .flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() })
            .collect()
    }

    #[test]
    fn every_encoding_of_a_text_is_the_text() {
        let mut marked = b"\xef\xbb\xbf".to_vec();
        marked.extend(TEXT.as_bytes());
        let mut cut = TEXT.as_bytes().to_vec();
        cut.truncate(TEXT.find('”').unwrap() + 1);
        for bytes in [
            TEXT.as_bytes().to_vec(),
            marked,
            WINDOWS_1252.encode(TEXT).0.into_owned(),
            utf_16(TEXT, true, true),
            utf_16(TEXT, false, true),
            utf_16(TEXT, true, false),
            utf_16(TEXT, false, false),
        ] {
            assert_eq!(decode(&bytes).unwrap(), TEXT);
        }
        assert!(TEXT.starts_with(&decode(&cut).unwrap()));
        let mac = b"Um, I didn\xd5t know the \xd2SIEM\xd3 at first \xd0 it was new.";
        assert_eq!(decode(mac).unwrap(), TEXT.lines().next().unwrap());
        let mut odd = utf_16("We fixed it", true, true);
        odd.push(b'.');
        assert_eq!(decode(&odd).unwrap(), "We fixed it");
        assert_eq!(decode(b"caf\xe9").unwrap(), "café");
        assert_eq!(decode(b"").unwrap(), "");
        assert_eq!(
            decode(b"One\0 two three four five six seven eight nine ten.").unwrap(),
            "One two three four five six seven eight nine ten."
        );
    }

    #[test]
    fn what_is_no_plain_text_is_named() {
        for (bytes, format) in [
            (&b"{\\rtf1\\ansi Um.}"[..], "RTF"),
            (b"\n {\\rtf1\\ansi Um.}", "RTF"),
            (b"%PDF-1.7\n\xe2\xe3\xcf\xd3", "PDF"),
            (
                b"PK\x03\x04\x14\0\x06\0\x08\0[Content_Types].xml....word/document.xml",
                "Word",
            ),
            (
                b"PK\x03\x04\n\0\0\0mimetypeapplication/vnd.oasis.opendocument.text",
                "OpenDocument",
            ),
            (b"PK\x03\x04\x14\0some.csv", "ZIP"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "Office"),
            (b"RIFF\x24\0\0\0WAVEfmt ", "recording"),
            (b"\x89PNG\r\n\x1a\n\0\0", "picture"),
            (b"\0\0\0\x20ftypM4A \0\0", "M4A"),
        ] {
            let error = decode(bytes).unwrap_err();
            assert!(error.to_string().contains(format), "{error}");
        }
        let noise: Vec<u8> = (0..4000_u32)
            .map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8)
            .collect();
        for bytes in [&noise[..], &[0; 1000], b"\xff\xfe\0", b"\x01\x02\x03\x04\x05"] {
            assert_eq!(decode(bytes), Err(NotText::Binary));
        }
        assert!(decode(b"RIFF raff and ID3 tags: I wrote a parser.").is_ok());
        assert!(decode(b"MM, PK and BZh are letters.").is_ok());
    }
}
