//! One spelling for what looks the same: the ligatures, soft hyphens and odd spaces of a PDF, the invisible marks of a
//! chat, the quotes of any keyboard, the line ends of any system. What is normalized twice is what it was after the first
//! time.

use std::borrow::Cow;

use icu_normalizer::{ComposingNormalizer, ComposingNormalizerBorrowed};

use super::{lexicon, words::is_emoji};

const NFC: ComposingNormalizerBorrowed<'static> = ComposingNormalizer::new_nfc();
const NFKC: ComposingNormalizerBorrowed<'static> = ComposingNormalizer::new_nfkc();

/// A text as everything else in this crate reads it. Its lines end with `\n`.
pub fn normalize(text: &str) -> Cow<'_, str> {
    let plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\n' | b'\t') && byte != b'`';
    if text.bytes().all(plain) && !text.contains("-\n") && !text.contains("- \n") {
        return Cow::Borrowed(text);
    }
    let spelled = plain_letters(text);
    let joined = without_line_hyphens(&spelled);
    let quoted = with_one_apostrophe(&joined);
    Cow::Owned(NFC.normalize(&quoted).into_owned())
}

/// Its letters alone: what stands on which line stays there.
pub fn plain_letters(text: &str) -> String {
    let plain = spelled_plainly(&NFC.normalize(text));
    NFC.normalize(&plain).into_owned()
}

/// Letter by letter: what has a plainer spelling gets it, and what nobody sees is dropped.
fn spelled_plainly(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    let mut buffer = [0; 4];
    while let Some(letter) = letters.next() {
        match letter {
            '\r' => {
                letters.next_if_eq(&'\n');
                plain.push('\n');
            }
            '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' => plain.push('\n'),
            '\u{2029}' => plain.push_str("\n\n"),
            '\u{ad}' => skip_line_end(&mut letters),
            '\t' | '\n' => plain.push(letter),
            '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => plain.push(' '),
            // A part of an emoji, and only there.
            '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0020}'..='\u{e007f}' => {
                if plain.chars().next_back().is_some_and(is_emoji) {
                    plain.push(letter);
                }
            }
            _ if is_invisible(letter) => {}
            '\u{2010}' | '\u{2011}' | '\u{2043}' | '\u{2212}' | '\u{fe63}' => plain.push('-'),
            '\u{2012}' => plain.push('–'),
            '\u{2015}' | '\u{2e3a}' | '\u{2e3b}' | '\u{fe31}' | '\u{fe58}' => plain.push('—'),
            '\u{2025}' => plain.push_str(".."),
            '\u{22ef}' => plain.push('…'),
            '\u{201b}' | '\u{2b9}' | '\u{2bc}' | '\u{2032}' | '\u{203a}' | '\u{275c}' => plain.push('’'),
            '\u{201a}' | '\u{2039}' | '\u{275b}' => plain.push('‘'),
            '\u{201e}' | '\u{201f}' | '\u{ab}' | '\u{275d}' => plain.push('“'),
            '\u{bb}' | '\u{2033}' | '\u{275e}' => plain.push('”'),
            // Ligatures, forms of full width, letters that mathematics and chats draw bold, Roman numerals, letters in circles.
            '\u{17f}'
            | '\u{2160}'..='\u{217f}'
            | '\u{24b6}'..='\u{24e9}'
            | '\u{fb00}'..='\u{fb06}'
            | '\u{ff01}'..='\u{ff5e}'
            | '\u{ffe0}'..='\u{ffe6}'
            | '\u{1d400}'..='\u{1d7ff}' => {
                plain.push_str(&NFKC.normalize(letter.encode_utf8(&mut buffer)));
            }
            _ => plain.push(letter),
        }
    }
    plain
}

/// A soft hyphen at the end of a line has parted a word: the line's end goes with it.
fn skip_line_end(letters: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    let mut ahead = letters.clone();
    let mut blanks = 0;
    let mut line_ends = 0;
    while let Some(blank) = ahead.next_if(|letter| letter.is_whitespace()) {
        blanks += 1;
        line_ends += usize::from(blank == '\n');
    }
    if line_ends == 1 && ahead.peek().is_some_and(|letter| letter.is_alphabetic()) {
        for _ in 0..blanks {
            letters.next();
        }
    }
}

/// Neither seen nor heard: marks of order and width, and controls.
fn is_invisible(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffc}' | '\u{e0000}'..='\u{e0fff}')
}

/// Where a hyphen parted a word at the end of a line, the word is whole again. A hyphen of the word's own stays: both parts
/// are words then, and the whole is none ("zero-" and "trust").
fn without_line_hyphens(text: &str) -> Cow<'_, str> {
    if !text.contains('-') || !text.contains('\n') {
        return Cow::Borrowed(text);
    }
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('-') {
        let (before, after) = rest.split_at(at);
        whole.push_str(before);
        rest = &after[1..];
        let next = rest.trim_start_matches([' ', '\t']);
        let next = next.strip_prefix('\n').map(|next| next.trim_start_matches([' ', '\t']));
        let parted = |next: &&str| next.starts_with(char::is_lowercase) && before.ends_with(char::is_alphabetic);
        let Some(next) = next.filter(parted) else {
            whole.push('-');
            continue;
        };
        let first = &before[before.trim_end_matches(char::is_alphabetic).len()..];
        let second = &next[..next.len() - next.trim_start_matches(char::is_alphabetic).len()];
        if ["and", "or", "to"].contains(&second) {
            // "Pre- and postcondition".
            whole.push_str("- ");
        } else if !lexicon::is_known(&format!("{first}{second}"))
            && lexicon::is_known(first)
            && lexicon::is_known(second)
        {
            whole.push('-');
        }
        rest = next;
    }
    whole.push_str(rest);
    Cow::Owned(whole)
}

/// An accent that stands alone between letters is somebody's apostrophe ("don´t").
fn with_one_apostrophe(text: &str) -> Cow<'_, str> {
    if !text.contains(['`', '´', '\u{2018}', 'ʻ', 'ʹ', '\u{2c8}']) {
        return Cow::Borrowed(text);
    }
    let mut one = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    let mut before = ' ';
    while let Some(letter) = letters.next() {
        let inside = before.is_alphabetic() && letters.peek().is_some_and(|next| next.is_alphabetic());
        let accent = matches!(letter, '`' | '´' | '\u{2018}' | 'ʻ' | 'ʹ' | '\u{2c8}');
        one.push(if accent && inside { '’' } else { letter });
        before = letter;
    }
    Cow::Owned(one)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_looks_the_same_is_spelled_the_same() {
        for (text, plain) in [
            (
                "con\u{fb01}gured the work\u{fb02}ow, o\u{fb03}ce",
                "configured the workflow, office",
            ),
            (
                "vulner\u{ad}ability and phish\u{ad}\n  ing",
                "vulnerability and phishing",
            ),
            ("SI\u{200b}EM \u{feff}Uh, Wire\u{2060}shark", "SIEM Uh, Wireshark"),
            (
                "least\u{2011}privilege, two\u{2010}factor",
                "least-privilege, two-factor",
            ),
            ("We\u{a0}run\u{202f}a\u{2009}scan", "We run a scan"),
            (
                "\u{ff33}\u{ff29}\u{ff25}\u{ff2d}\u{ff0c} \u{1d42e}\u{1d426}",
                "SIEM, um",
            ),
            ("don\u{b4}t, don`t, don\u{2bc}t", "don’t, don’t, don’t"),
            ("«malware» and „worms\u{201c}", "“malware” and “worms\u{201c}"),
            ("cafe\u{301}", "café"),
            ("a\r\nb\rc\u{2028}d\0e", "a\nb\nc\nde"),
            (
                "informa-\ntion and zero-\ntrust, pre-\nand post-",
                "information and zero-trust, pre- and post-",
            ),
            (
                "a list -\nno hyphen, and - \n dashes",
                "a list -\nno hyphen, and - \n dashes",
            ),
            ("🧑\u{200d}🔬 ❤\u{fe0f} a\u{200d}b", "🧑\u{200d}🔬 ❤\u{fe0f} ab"),
        ] {
            assert_eq!(normalize(text), plain);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn normalizing_twice_is_the_same(text in prop_oneof![
            "\\PC{0,60}",
            prop::collection::vec(prop::sample::select(vec![
                "a", "b", "-", "\n", " ", "\u{ad}", "\u{200b}", "\u{200d}", "´", "`", "‘", "\u{301}", "\u{338}", "=", "ﬁ",
                "Ａ", "\r", "🧑", "zero", "trust", "\u{1fef}", "\u{2c8}", "and", "\u{fe0f}", "K",
            ]), 0..40).prop_map(|parts| parts.concat()),
        ]) {
            let once = normalize(&text).into_owned();
            prop_assert_eq!(normalize(&once).into_owned(), once);
        }
    }
}
