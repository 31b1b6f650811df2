//! Reads the text of a PDF as a person would copy it: letter by letter, through the tables that the document brings. It knows
//! what our documents hold, and no more.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::{collections::BTreeMap, io::Read as _};

/// The objects of a document: what each says, and the bytes of its stream.
pub struct Reader {
    objects: BTreeMap<usize, (String, Vec<u8>)>,
    whole: String,
}

impl Reader {
    pub fn new(bytes: &[u8]) -> Self {
        assert!(bytes.starts_with(b"%PDF-"));
        let mut objects = BTreeMap::new();
        let mut at = 0;
        while let Some(found) = find(&bytes[at..], b" 0 obj") {
            let start = at + found;
            let digits = bytes[..start]
                .iter()
                .rev()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            let number: usize = std::str::from_utf8(&bytes[start - digits..start])
                .unwrap()
                .parse()
                .unwrap();
            let mut end = start + find(&bytes[start..], b"endobj").unwrap();
            let stream = find(&bytes[start..end], b"stream\n").map(|found| start + found);
            let head = String::from_utf8_lossy(&bytes[start..stream.unwrap_or(end)]).into_owned();
            let mut data = Vec::new();
            if let Some(stream) = stream {
                let from = stream + "stream\n".len();
                let length: usize = value(&head, "/Length").unwrap().parse().unwrap();
                data = inflated(&head, &bytes[from..from + length]);
                end = from + length;
            }
            at = end;
            objects.insert(number, (head, data));
        }
        Self {
            objects,
            whole: String::from_utf8_lossy(bytes).into_owned(),
        }
    }

    /// Whether the document says this outside of its streams.
    pub fn says(&self, text: &str) -> bool {
        self.whole.contains(text)
    }

    /// The text of each page, with one space where there was any.
    pub fn pages(&self) -> Vec<String> {
        let pages = self
            .objects
            .values()
            .filter(|(head, _)| value(head, "/Type").is_some_and(|kind| kind == "/Page"));
        pages.map(|(head, _)| self.page(head)).collect()
    }

    fn page(&self, head: &str) -> String {
        let contents = reference(head, "/Contents").unwrap();
        let resources = match reference(head, "/Resources") {
            Some(number) => &self.objects[&number].0,
            None => head,
        };
        let letters: BTreeMap<String, BTreeMap<Vec<u8>, String>> = named_references(resources)
            .into_iter()
            .filter_map(|(name, number)| {
                let table = reference(&self.objects.get(&number)?.0, "/ToUnicode")?;
                Some((name, table_of(&self.objects[&table].1)))
            })
            .collect();
        let text = shown(&self.objects[&contents].1, &letters);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn inflated(head: &str, data: &[u8]) -> Vec<u8> {
    if !head.contains("/FlateDecode") {
        return data.to_vec();
    }
    let mut out = Vec::new();
    flate2::read::ZlibDecoder::new(data).read_to_end(&mut out).unwrap();
    out
}

/// The word behind a name: "/Type /Page" gives "/Page".
fn value<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = head;
    loop {
        let at = rest.find(name)?;
        rest = &rest[at + name.len()..];
        // Not a longer name.
        if rest.starts_with(|letter: char| letter.is_whitespace() || letter == '/') {
            let word = rest.trim_start();
            let end = word[1..]
                .find(|letter: char| letter.is_whitespace() || "/<>[]".contains(letter))
                .map_or(word.len(), |end| end + 1);
            return Some(&word[..end]);
        }
    }
}

/// The number of the object behind a name.
fn reference(head: &str, name: &str) -> Option<usize> {
    value(head, name)?.parse().ok()
}

/// "/f0 12 0 R" and the like.
fn named_references(head: &str) -> Vec<(String, usize)> {
    let spaced = head.replace("<<", " << ").replace(">>", " >> ").replace('/', " /");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    words
        .windows(4)
        .filter(|window| window[0].starts_with("/f") && window[2] == "0" && window[3] == "R")
        .filter_map(|window| Some((window[0].to_owned(), window[1].parse().ok()?)))
        .collect()
}

/// What each code means.
fn table_of(table: &[u8]) -> BTreeMap<Vec<u8>, String> {
    let text = String::from_utf8_lossy(table).into_owned();
    let mut letters = BTreeMap::new();
    for line in text.lines() {
        let codes: Vec<&str> = line
            .split(['<', '>'])
            .map(str::trim)
            .filter(|code| !code.is_empty())
            .collect();
        if let [code, meaning] = codes[..]
            && line.starts_with('<')
        {
            letters.insert(hex(code), utf16(&hex(meaning)));
        }
    }
    letters
}

fn hex(digits: &str) -> Vec<u8> {
    let digits: Vec<u32> = digits.chars().filter_map(|digit| digit.to_digit(16)).collect();
    digits
        .chunks(2)
        .map(|pair| (pair[0] * 16 + pair.get(1).unwrap_or(&0)) as u8)
        .collect()
}

fn utf16(bytes: &[u8]) -> String {
    let units: Vec<u16> = bytes
        .chunks(2)
        .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
        .collect();
    String::from_utf16_lossy(&units)
}

/// A word of a page's program.
#[derive(Debug, PartialEq)]
enum Token {
    Text(Vec<u8>),
    Word(String),
}

fn tokens(program: &[u8]) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < program.len() {
        match program[at] {
            b'(' => {
                let (text, end) = literal(program, at + 1);
                tokens.push(Token::Text(text));
                at = end;
            }
            b'<' if program.get(at + 1) != Some(&b'<') => {
                let end = at + find(&program[at..], b">").unwrap();
                tokens.push(Token::Text(hex(&String::from_utf8_lossy(&program[at + 1..end]))));
                at = end + 1;
            }
            byte if byte.is_ascii_whitespace() || b"<>[]".contains(&byte) => at += 1,
            _ => {
                let end = program[at + 1..]
                    .iter()
                    .position(|byte| byte.is_ascii_whitespace() || b"()<>[]/".contains(byte))
                    .map_or(program.len(), |end| at + 1 + end);
                tokens.push(Token::Word(String::from_utf8_lossy(&program[at..end]).into_owned()));
                at = end;
            }
        }
    }
    tokens
}

/// A string in parentheses, and where it ends.
fn literal(program: &[u8], mut at: usize) -> (Vec<u8>, usize) {
    let (mut text, mut depth) = (Vec::new(), 1);
    loop {
        match program[at] {
            b'\\' => {
                at += 1;
                let octal = program[at..]
                    .iter()
                    .take(3)
                    .take_while(|byte| (b'0'..=b'7').contains(byte))
                    .count();
                if octal > 0 {
                    let digits = std::str::from_utf8(&program[at..at + octal]).unwrap();
                    text.push(u32::from_str_radix(digits, 8).unwrap() as u8);
                    at += octal - 1;
                } else {
                    text.push(match program[at] {
                        b'n' => b'\n',
                        b'r' => b'\r',
                        b't' => b'\t',
                        b'b' => 8,
                        b'f' => 12,
                        other => other,
                    });
                }
            }
            b'(' => {
                depth += 1;
                text.push(b'(');
            }
            b')' => {
                depth -= 1;
                if depth == 0 {
                    return (text, at + 1);
                }
                text.push(b')');
            }
            other => text.push(other),
        }
        at += 1;
    }
}

fn shown(program: &[u8], letters: &BTreeMap<String, BTreeMap<Vec<u8>, String>>) -> String {
    let mut out = String::new();
    let mut font: Option<&BTreeMap<Vec<u8>, String>> = None;
    let (mut names, mut texts): (Vec<String>, Vec<Vec<u8>>) = (Vec::new(), Vec::new());
    // For each open span, whether it says itself what its letters mean.
    let mut spans: Vec<bool> = Vec::new();
    for token in tokens(program) {
        let word = match token {
            Token::Text(text) => {
                texts.push(text);
                continue;
            }
            Token::Word(word) => word,
        };
        match word.as_str() {
            "Tf" => font = names.iter().rev().find_map(|name| letters.get(name)),
            "BDC" | "BMC" => {
                let actual = names.iter().any(|name| name == "/ActualText");
                if actual && let Some(text) = texts.last() {
                    let plain = || String::from_utf8_lossy(text).into_owned();
                    out.push_str(&text.strip_prefix(b"\xfe\xff").map_or_else(plain, utf16));
                }
                spans.push(actual);
            }
            "EMC" => drop(spans.pop()),
            "Tj" | "TJ" if !spans.contains(&true) => {
                let table = font.unwrap();
                let length = table.keys().next().map_or(2, Vec::len);
                for code in texts.iter().flat_map(|text| text.chunks(length)) {
                    out.push_str(table.get(code).map_or("", String::as_str));
                }
            }
            name if name.starts_with('/') => {
                names.push(word);
                continue;
            }
            number if number.parse::<f32>().is_ok() => continue,
            _ => {}
        }
        names.clear();
        texts.clear();
    }
    out
}
