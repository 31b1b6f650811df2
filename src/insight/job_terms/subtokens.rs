//! The words of an answer as job terms are looked for in them, split once for all fields. A subtoken is an occurrence in
//! the text; a word type is one of its distinct words.

use std::collections::HashMap;

use crate::insight::{base_form::base_form, token_view::TokenView};

/// A word of the answer, or a part of one that is written with a hyphen, a slash or a dot.
#[expect(clippy::struct_excessive_bools, reason = "each is one way of writing it")]
pub(super) struct Subtoken {
    /// Its index in the transcript.
    pub word: usize,
    /// The index of its word type.
    pub word_type: usize,
    /// The number of its sentence.
    pub sentence: usize,
    /// Written in capitals: "SOC", not "soc".
    pub capitals: bool,
    /// Its first letter is a capital, at the start of a sentence too.
    pub capitalized: bool,
    /// Every letter is a capital, and there are several.
    pub all_capitals: bool,
    /// Written with a capital inside a sentence: "Excel", not "excel".
    pub name: bool,
    /// What joins it to the one before, within one word: '-' in "end-point"; a space where that is another word.
    pub joined_by: char,
    /// The clause ends with it.
    pub ends_clause: bool,
}

/// A distinct word of a text.
pub(super) struct WordType {
    pub text: String,
    pub base: String,
    /// What it may be a verb form of, though no dictionary knows the verb: "baseline" for "rebaselined".
    pub stems: Vec<String>,
}

/// An answer, split.
#[derive(Default)]
pub(super) struct Subtokens {
    pub list: Vec<Subtoken>,
    pub types: Vec<WordType>,
    by_text: HashMap<String, usize>,
    by_base: HashMap<String, Vec<usize>>,
}

impl Subtokens {
    pub fn new(view: &TokenView<'_>) -> Self {
        let mut subtokens = Self::default();
        let cases = Cases::new(view);
        let mut sentence = 0;
        for (index, token) in view.tokens.iter().enumerate() {
            let raw = as_written(&view.transcript.words[token.at].text, &token.bare);
            let case = cases.of[sentence];
            let name = case == Case::Mixed && raw.contains(char::is_uppercase) && !view.starts_sentence(index);
            let capitals = case != Case::Capitals
                && (raw.chars().filter(|c| c.is_uppercase()).count() > 1
                    || raw.chars().filter(|c| c.is_alphanumeric()).count() == 1 && raw.contains(char::is_uppercase));
            let first = subtokens.list.len();
            for part in split(&raw) {
                let word_type = subtokens.entry(&normal(part));
                let before = part.as_ptr() as usize - raw.as_ptr() as usize;
                let joined_by = raw[..before].chars().next_back();
                subtokens.list.push(Subtoken {
                    word: token.at,
                    word_type,
                    sentence,
                    capitals,
                    capitalized: part.starts_with(char::is_uppercase),
                    all_capitals: capitals
                        && part.chars().filter(|c| c.is_alphabetic()).count() > 1
                        && !part.contains(char::is_lowercase),
                    name,
                    joined_by: joined_by.unwrap_or(' '),
                    ends_clause: false,
                });
            }
            if let Some(last) = subtokens.list[first..].last_mut() {
                last.ends_clause = token.ends_clause;
            }
            sentence += usize::from(token.ends_sentence);
        }
        subtokens
    }

    fn entry(&mut self, text: &str) -> usize {
        if let Some(word_type) = self.by_text.get(text) {
            return *word_type;
        }
        let (word_type, base) = (self.types.len(), base_form(text));
        self.by_text.insert(text.to_owned(), word_type);
        self.by_base.entry(base.clone()).or_default().push(word_type);
        self.types.push(WordType {
            text: text.to_owned(),
            base,
            stems: stems(text),
        });
        word_type
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    pub fn text(&self, index: usize) -> &str {
        &self.types[self.list[index].word_type].text
    }

    pub fn base(&self, index: usize) -> &str {
        &self.types[self.list[index].word_type].base
    }

    /// The text before this one in the same sentence; empty where there is none.
    pub fn before(&self, index: usize) -> &str {
        match index.checked_sub(1) {
            Some(before) if self.list[before].sentence == self.list[index].sentence => self.text(before),
            _ => "",
        }
    }

    /// What joins the subtoken before this place with the one after it: a space between words and at the ends.
    pub fn joint(&self, index: usize) -> char {
        self.list.get(index).map_or(' ', |subtoken| subtoken.joined_by)
    }

    /// The word type that is written like this.
    pub fn written(&self, text: &str) -> Option<usize> {
        self.by_text.get(text).copied()
    }

    /// The word types that have this base form.
    pub fn inflected(&self, base: &str) -> &[usize] {
        self.by_base.get(base).map_or(&[], Vec::as_slice)
    }
}

/// How the letters of a sentence are written. Where all of them are capitals, or every word begins with one, a capital
/// says nothing of a single word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Mixed,
    Title,
    Capitals,
}

struct Cases {
    /// By the number of the sentence.
    of: Vec<Case>,
}

impl Cases {
    /// Words that say something about how a sentence is written have at least so many letters.
    const LETTERS: usize = 4;
    /// Fewer of them say nothing.
    const WORDS: usize = 5;

    fn new(view: &TokenView<'_>) -> Self {
        let mut of = Vec::new();
        let (mut words, mut capitals, mut titles) = (0, 0, 0);
        for token in &view.tokens {
            let raw = &view.transcript.words[token.at].text;
            let letters = raw.chars().filter(|c| c.is_alphabetic());
            if letters.clone().count() >= Self::LETTERS {
                words += 1;
                capitals += usize::from(letters.clone().all(char::is_uppercase));
                titles += usize::from(letters.clone().next().is_some_and(char::is_uppercase));
            }
            if token.ends_sentence {
                of.push(Self::case(words, capitals, titles));
                (words, capitals, titles) = (0, 0, 0);
            }
        }
        of.push(Self::case(words, capitals, titles));
        Self { of }
    }

    fn case(words: usize, capitals: usize, titles: usize) -> Case {
        let most = |count: usize| words >= Self::WORDS && count * 5 >= words * 4;
        if most(capitals) {
            Case::Capitals
        } else if most(titles) {
            Case::Title
        } else {
            Case::Mixed
        }
    }
}

/// What a word in -ed or -ing may come from when a name is used as a verb: "baselined", `TeamViewered`, "excelled", and
/// the same with re- or de- before it.
fn stems(text: &str) -> Vec<String> {
    let mut stems = Vec::new();
    for ending in ["ed", "ing"] {
        let Some(stem) = text
            .strip_suffix(ending)
            .filter(|stem| stem.len() > 2 && stem.is_ascii())
        else {
            continue;
        };
        stems.push(stem.to_owned());
        stems.push(format!("{stem}e"));
        let (single, last) = stem.split_at(stem.len() - 1);
        if single.ends_with(last) {
            stems.push(single.to_owned());
        }
    }
    for prefix in ["re", "de"] {
        let bare = |stem: &String| {
            stem.strip_prefix(prefix)
                .filter(|rest| rest.len() > 3)
                .map(str::to_owned)
        };
        let without: Vec<String> = stems.iter().filter_map(bare).collect();
        stems.extend(without);
    }
    stems
}

/// The letters of a bare word as they are written, capitals kept.
fn as_written(raw: &str, bare: &str) -> String {
    let straight = raw.replace('’', "'");
    let lower = straight.to_lowercase();
    match lower.find(bare) {
        Some(first) if lower.len() == straight.len() => {
            // The dot of ".NET" belongs to the name.
            let dotted = usize::from(first > 0 && lower.as_bytes()[first - 1] == b'.');
            straight
                .get(first - dotted..first + bare.len())
                .unwrap_or(bare)
                .to_owned()
        }
        _ => bare.to_owned(),
    }
}

/// Endings that are put to an acronym in capitals: "IPs", "SSH'd", `DMing`. The longest first.
const ACRONYM_ENDINGS: [&str; 10] = ["'ing", "ing", "'ed", "ers", "ed", "er", "es", "'d", "'s", "s"];

/// A part of a word in lower case, an acronym in capitals without its ending. "ETL'd" and "ETLs" are the acronym again, and
/// "IPS" is no plural.
pub(super) fn normal(part: &str) -> String {
    let stem = ACRONYM_ENDINGS.iter().find_map(|ending| {
        part.strip_suffix(ending)
            .filter(|stem| stem.len() > 1 && stem.chars().all(|c| c.is_ascii_uppercase()))
    });
    let lower = stem.unwrap_or(part).to_lowercase();
    // "etl'd", typed without capitals.
    match lower.strip_suffix("'d").or_else(|| lower.strip_suffix("'ed")) {
        Some(stem) if stem.len() > 2 && stem.chars().all(|c| c.is_ascii_alphabetic()) => stem.to_owned(),
        _ => lower,
    }
}

/// Splits at hyphens, slashes, dots and the like; numbers keep their dots ("802.11"), and so does ".NET".
pub(super) fn split(text: &str) -> impl Iterator<Item = &str> {
    let number = text.starts_with(|c: char| c.is_ascii_digit());
    let dotted = usize::from(text.starts_with('.') && text[1..].starts_with(char::is_alphabetic));
    text[dotted..]
        .split(move |c: char| matches!(c, '-' | '/' | '_' | '–' | ' ' | '&' | '(' | ')' | ',') || c == '.' && !number)
        .map(|part| part.trim_matches(|c: char| !c.is_alphanumeric() && c != '+' && c != '#'))
        .filter(|part| !part.is_empty())
}
