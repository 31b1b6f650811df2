//! Words: what stands between spaces, taken apart where people mean several. Where a word may begin and end is Unicode's
//! rule (UAX 29); what of its pieces belongs together ("and/or", "C++", "10:30", "AT&T") is decided here.

use unicode_segmentation::UnicodeSegmentation as _;

use super::{Separation, WORDS, is_known, normalize, vocal_filler};

/// A word with its own capitals and punctuation, and what comes after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub then: Separation,
}

/// The words of a text, in any spelling: it is normalized first. No piece holds white space, and together they hold
/// every letter of the normalized text.
pub fn pieces(text: &str) -> Vec<Piece> {
    let text = normalize(text);
    let lines: Vec<&str> = text.split('\n').map(str::trim).collect();
    let width = wrapped_at(&lines);
    let mut pieces: Vec<Piece> = Vec::with_capacity(text.len() / 5);
    for (index, line) in lines.iter().enumerate() {
        if line.is_empty() {
            if let Some(last) = pieces.last_mut() {
                last.then = Separation::Paragraph;
            }
            continue;
        }
        for chunk in line.split_whitespace() {
            add_chunk(chunk, &mut pieces);
        }
        let next = lines.get(index + 1).copied().unwrap_or_default();
        if let Some(last) = pieces.last_mut() {
            last.then = line_end(line, next, width);
        }
    }
    if let Some(last) = pieces.last_mut() {
        last.then = Separation::Space;
    }
    pieces
}

/// The length at which lines were broken to fit a page, in letters; nothing where lines end because something ended.
fn wrapped_at(lines: &[&str]) -> Option<usize> {
    const NARROWEST: usize = 30;
    const WIDEST: usize = 160;
    let lengths = || lines.iter().map(|line| line.chars().count());
    let widest = lengths().max()?;
    let full = lengths().filter(|length| *length * 5 >= widest * 4).count();
    (lines.len() > 1 && (NARROWEST..=WIDEST).contains(&widest) && full > 1).then_some(widest)
}

/// What the end of a line means: the next line may only have begun because this one was full.
fn line_end(line: &str, next: &str, width: Option<usize>) -> Separation {
    let Some(word) = next.split_whitespace().next() else {
        return Separation::Paragraph;
    };
    if is_list_mark(word) {
        return Separation::Paragraph;
    }
    let full = width.is_some_and(|width| line.chars().count() + word.chars().count() >= width);
    let goes_on = word.starts_with(char::is_lowercase) && !line.ends_with(['.', '!', '?', ':']);
    if full || goes_on {
        Separation::Line
    } else {
        Separation::Paragraph
    }
}

/// "-", "•", "1.", "2)", "(a)" before an item of a list.
fn is_list_mark(word: &str) -> bool {
    let inner = word.trim_matches(['(', ')', '.', '[', ']']);
    let marked = inner.len() < word.len();
    !word.contains(char::is_alphanumeric) && !word.starts_with(['"', '“', '\'', '‘', '(', '…', '.'])
        || marked && (inner.chars().all(|c| c.is_ascii_digit()) || inner.len() == 1 && word.ends_with([')', '.']))
}

/// Adds what stands between two spaces, in pieces.
fn add_chunk(chunk: &str, pieces: &mut Vec<Piece>) {
    let mut rest = chunk;
    let mut from = 0;
    let mut add = |text: &str, then| {
        pieces.push(Piece {
            text: text.to_owned(),
            then,
        });
    };
    if !is_address(chunk) && chunk.bytes().any(|byte| !byte.is_ascii_alphanumeric()) {
        for cut in cuts(chunk) {
            let (piece, after) = rest.split_at(cut - from);
            add(piece, Separation::Nothing);
            (rest, from) = (after, cut);
        }
    }
    add(rest, Separation::Space);
}

/// A link, a mail address, a path: one word whatever is in it.
fn is_address(chunk: &str) -> bool {
    chunk.contains("://")
        || chunk.starts_with("www.")
        || chunk.contains('@') && !chunk.contains(['—', '…'])
        || chunk.contains(":\\")
}

/// Where a chunk is cut, as indices of bytes.
fn cuts(chunk: &str) -> Vec<usize> {
    let mut cuts = Vec::new();
    let mut last: Option<(usize, &str)> = None;
    for (start, word) in chunk.unicode_word_indices() {
        if let Some((before, left)) = last {
            let end = before + left.len();
            let between = &chunk[end..start];
            if !between.is_empty() && parts(left, between, word, &chunk[start + word.len()..]) {
                cuts.push(end + opening(between));
            }
        }
        last = Some((start, word));
        // UAX 29 holds "end.Next" and "um…um" together at a dot between letters: looked at apart.
        for (dot, _) in word.match_indices('.') {
            if starts_sentence(&word[..dot], &word[dot + 1..]) {
                cuts.push(start + dot + 1);
            }
        }
    }
    cuts
}

/// Where, in what stands between two words, the second begins: at a bracket or quote that opens, after the last dash.
fn opening(between: &str) -> usize {
    let dash = between.rfind(is_dash).map_or(0, |at| at + '—'.len_utf8());
    between[dash..]
        .find(['(', '[', '“', '‘'])
        .map_or(between.len(), |at| dash + at)
}

/// Whether what stands between two words parts them.
fn parts(left: &str, between: &str, right: &str, after: &str) -> bool {
    let digits = left.ends_with(|c: char| c.is_ascii_digit()) && right.starts_with(|c: char| c.is_ascii_digit());
    let letters = left.chars().count() == 1 && right.chars().count() == 1;
    if between.contains('—') || between.contains("--") || between.contains("..") || between.contains('…') {
        return true;
    }
    if between.contains('–') {
        // "2019–2021", "A–Z".
        return !digits && !letters;
    }
    if between == "." {
        return starts_sentence(left, right);
    }
    if between == "/" || between == "-" {
        return parts_filler(left, between, right);
    }
    if between.contains("->") || between.contains("=>") {
        return true;
    }
    // "server(s)", "main()".
    if between == "(" && right.len() <= 2 && after.starts_with(')') {
        return false;
    }
    between.chars().any(|c| match c {
        ',' => !digits,
        ';' | '(' | ')' | '“' | '”' | '|' => true,
        '?' | '!' => !between.contains('='),
        // Bullets, arrows and emoji.
        _ => {
            !c.is_ascii()
                && !c.is_alphanumeric()
                && !matches!(
                    c,
                    '’' | '‘' | '·' | '–' | '™' | '®' | '©' | '°' | '€' | '£' | '§' | '\u{200d}'
                )
                && !is_mark(c)
        }
    })
}

/// "Um/uh", "think-um", "um-I": a filler that is typed onto a word; "mm-hmm" and "uh-oh" are words of their own.
fn parts_filler(left: &str, between: &str, right: &str) -> bool {
    let filler = |word: &str| {
        let lower = word.to_lowercase();
        word.len() > 1
            && *word != word.to_uppercase()
            && !WORDS.fillers.doubtful.contains(&lower)
            && vocal_filler(word).is_some()
    };
    let word = |word: &str| is_known(word) || word == "I" || word == "we" || word == "i";
    match (filler(left), filler(right)) {
        (true, true) => between == "/",
        (true, false) => word(right),
        (false, true) => word(left),
        (false, false) => false,
    }
}

/// A mark that belongs to the letter before it.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}'
        | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Whether a sentence ends and the next begins at a dot without a space: "it.We", not "node.js".
fn starts_sentence(left: &str, right: &str) -> bool {
    let ends = left
        .chars()
        .rev()
        .take(2)
        .filter(|c| c.is_lowercase() || c.is_ascii_digit())
        .count()
        == 2;
    let next = &right[..right
        .find(|c: char| !c.is_alphabetic() && c != '\'' && c != '’')
        .unwrap_or(right.len())];
    ends && next.starts_with(char::is_uppercase) && WORDS.sentences.openers.contains(&bare(next))
}

/// A dash of any length, no hyphen.
pub fn is_dash(c: char) -> bool {
    matches!(c, '–' | '—' | '―' | '‒')
}

/// The word alone: lower case, without the punctuation around it, with straight apostrophes. "“SIEM’s,”" → "siem's".
pub fn bare(text: &str) -> String {
    text.trim_matches(|c: char| !c.is_alphanumeric() && c != '+' && c != '#')
        .replace(['’', '‘', 'ʼ', '＇', '´'], "'")
        .to_lowercase()
}

/// Without what closes after the last mark.
fn without_closers(text: &str) -> &str {
    text.trim_end_matches(['"', '”', '\'', '’', ')', ']', '»', '*', '_'])
}

/// Whether a clause ends with this word: any punctuation that a speaker would breathe at.
pub fn ends_clause(text: &str) -> bool {
    let text = without_closers(text);
    text.ends_with([',', ';', ':', '.', '?', '!', '…'])
        || text.ends_with(is_dash)
        || text.ends_with("--")
        || text.len() > 1 && text.ends_with(is_emoji)
}

/// Arrows, signs and emoji, and what belongs to them.
pub(super) fn is_emoji(c: char) -> bool {
    matches!(c, '\u{200d}' | '\u{2190}'..='\u{2bff}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f000}'..='\u{1faff}' | '\u{e0020}'..='\u{e007f}')
}

/// Whether something stands before this word that parts it from the one before: a dash, dots, an opening bracket.
pub fn begins_apart(text: &str) -> bool {
    text.starts_with(is_dash) || text.starts_with("--") || text.starts_with("..") || text.starts_with(['…', '('])
}

/// "We had..." and "we had…" are broken off, not ended.
pub fn trails_off(text: &str) -> bool {
    let text = without_closers(text);
    text.ends_with("..") || text.ends_with('…')
}

/// Which words are written in capitals because nearly everything around them is. A text that is shouted says nothing by
/// its capitals.
pub fn is_shouted<'a>(words: impl Iterator<Item = &'a str>) -> Vec<bool> {
    /// Words on either side.
    const AROUND: usize = 10;
    // For each word of two letters or more, and 0 for the others: 1, and whether all are capitals.
    let counted: Vec<(usize, usize)> = words
        .map(|word| {
            let several = word.chars().filter(|c| c.is_alphabetic()).nth(1).is_some();
            let small = word.chars().any(char::is_lowercase);
            (usize::from(several), usize::from(several && !small))
        })
        .collect();
    let mut sums = vec![(0, 0)];
    let (mut all, mut loud) = (0, 0);
    for (one, shouted) in &counted {
        (all, loud) = (all + one, loud + shouted);
        sums.push((all, loud));
    }
    let around = |(index, (one, shouted)): (usize, &(usize, usize))| {
        let (from, to) = (index.saturating_sub(AROUND), (index + AROUND + 1).min(counted.len()));
        let others = sums[to].0 - sums[from].0 - one;
        let loud = sums[to].1 - sums[from].1 - shouted;
        others > 2 && loud * 5 >= others * 4
    };
    counted.iter().enumerate().map(around).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = pieces(text).into_iter().map(|piece| piece.text).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn words_end_where_people_mean_them_to() {
        check("team—we shipped--then", &["team—", "we", "shipped--", "then"]);
        check("then..um...waited…so", &["then..", "um...", "waited…", "so"]);
        check("It broke,then;fast!So", &["It", "broke,", "then;", "fast!", "So"]);
        check("it worked.We left.Then", &["it", "worked.", "We", "left.", "Then"]);
        check("SIEM(Splunk) great👍we", &["SIEM", "(Splunk)", "great👍", "we"]);
        check(
            "login→home 2019–2021 New York–based",
            &["login→", "home", "2019–2021", "New", "York–", "based"],
        );
        for whole in [
            "and/or",
            "TCP/IP",
            "24/7",
            "CI/CD",
            "state-of-the-art",
            "3.5",
            "10:30",
            "e-mail",
            "U.S.",
            "C++",
            "C#",
            ".NET",
            "node.js",
            "AT&T",
            "don't",
            "don’t",
            "'n'",
            "1,000",
            "server(s)",
            "main()",
            "https://a.b/c?d=e,f",
            "a@b.com",
            "Q&A",
            "e.g.",
            "x86_64",
            "std::fs",
            "a!=b",
            "S.I.E.M.",
            "802.11",
            "I-I-I",
            "C:\\Users",
            "#1",
            "$5.50",
            "~10%",
            "naïve",
            "A–Z",
        ] {
            check(whole, &[whole]);
        }
        check("", &[]);
        check(" \n\t ", &[]);
    }

    #[test]
    fn lines_end_paragraphs_or_only_pages() {
        use Separation::{Line, Paragraph};
        let ends = |text: &str| -> Vec<Separation> {
            let ends = pieces(text).into_iter().map(|piece| piece.then);
            ends.filter(|then| *then != Separation::Space).collect()
        };
        assert_eq!(ends("Skills\n- Splunk\n- Nmap"), [Paragraph, Paragraph]);
        assert_eq!(ends("1. First\n2. Second\n\nThird"), [Paragraph, Paragraph]);
        assert_eq!(ends("We tried\nto fix it"), [Line]);
        assert_eq!(
            ends(
                "We looked at every log of the server that had failed in the night, and\nSplunk told us that one process had restarted nine hundred times before\nit died."
            ),
            [Line, Line]
        );
        assert_eq!(ends("Roses are red\nViolets are blue"), [Paragraph]);
    }

    #[test]
    fn a_shouted_text_is_told_from_its_acronyms() {
        let shouted = |text: &str| is_shouted(text.split(' '));
        assert!(
            shouted("UM, I LED THE TEAM AND WE FIXED IT")
                .into_iter()
                .all(|loud| loud)
        );
        assert!(
            !shouted("I used a SIEM and an IDS at UM in the US")
                .into_iter()
                .any(|loud| loud)
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn pieces_hold_every_letter(text in "\\PC{0,80}") {
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            let together: String = pieces(&text).into_iter().map(|piece| piece.text).collect();
            prop_assert_eq!(letters(&together), letters(&normalize(&text)));
        }
    }
}
