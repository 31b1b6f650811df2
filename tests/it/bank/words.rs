//! Words, stems and places of phrases in a text.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use aloud::question::Term;

const STOP: &str = "a an the and or but if then so because as of in on at to for from with by about into over after before is are was were be been being am do does did done \
    have has had having i you he she it we they me him her us them my your his its our their this that these those there here what which who whom whose how when where why not no \
    can could should would will may might must just also very really too than get got one some any all more most other thing way lot kind something somebody someone anybody anyone \
    i'd i'm i've you'd you're you've it's that's what's who's there's they're we're we've we'd don't doesn't didn't wasn't weren't isn't aren't can't couldn't won't wouldn't shouldn't \
    haven't hasn't them it'd he'd she'd they'd they've let's own yourself still even each every both either else ever such between through during while until again";

/// What interviewers say in any question.
const ASKING: &str = "tell describe walk talk take give example time think explain share name say pick imagine go look would ever moment situation occasion hear find make want need know use work working job people made \
    last first answer question good going day anything nothing everything people person come came happened else new big yourself did";

/// Groups of words that ask for the same thing, one a line; the first names the group.
const SAME_MEANING: &str = include_str!("same_meaning.txt");

/// The words of a text in lower case; inner apostrophes, plus and number signs are part of a word.
pub fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '+' | '#')))
        .map(|word| word.trim_matches('\'').to_lowercase())
        .filter(|word| !word.is_empty())
}

pub fn count(text: &str) -> usize {
    text.split_whitespace().count()
}

/// A rough stem: inflections and the commonest derivations fall together. Only for comparing texts of the bank.
pub fn stem(word: &str) -> String {
    let word = word.strip_suffix("'s").unwrap_or(word);
    let mut stem = word.to_owned();
    for (ending, instead) in [
        ("ically", "ic"),
        ("ations", "at"),
        ("ation", "at"),
        ("ments", ""),
        ("ment", ""),
        ("ies", "y"),
        ("ied", "y"),
        ("sses", "ss"),
        ("ings", ""),
        ("ing", ""),
        ("ed", ""),
        ("ors", ""),
        ("ers", ""),
        ("or", ""),
        ("er", ""),
        ("ness", ""),
        ("ly", ""),
        ("es", ""),
        ("s", ""),
    ] {
        if let Some(start) = word
            .strip_suffix(ending)
            .filter(|start| start.len() >= 3 && !(ending == "s" && start.ends_with(['s', 'u', 'i'])))
        {
            stem = format!("{start}{instead}");
            break;
        }
    }
    let last_two: Vec<char> = stem.chars().rev().take(2).collect();
    if stem.len() > 4 && last_two.first() == last_two.get(1) && !stem.ends_with(['s', 'l']) {
        stem.pop();
    }
    if stem.len() > 3 && stem.ends_with('e') {
        stem.pop();
    }
    stem
}

/// The stems of a text that tell what it is about, those of one meaning under one name.
pub fn content(text: &str) -> BTreeSet<String> {
    static STOPPED: LazyLock<BTreeSet<&str>> =
        LazyLock::new(|| STOP.split_whitespace().chain(ASKING.split_whitespace()).collect());
    static MEANINGS: LazyLock<BTreeMap<String, String>> = LazyLock::new(meanings);
    words(text)
        .filter(|word| !STOPPED.contains(word.as_str()))
        .map(|word| stem(&word))
        .map(|stem| MEANINGS.get(&stem).cloned().unwrap_or(stem))
        .filter(|stem| !STOPPED.contains(stem.as_str()))
        .collect()
}

fn meanings() -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for line in SAME_MEANING.lines().filter(|line| !line.starts_with('#')) {
        let mut group = line.split_whitespace();
        let Some(name) = group.next() else {
            continue;
        };
        for word in std::iter::once(name).chain(group) {
            names.insert(stem(word), name.to_owned());
        }
    }
    names
}

/// The written forms of a term.
pub fn forms(term: &Term) -> impl Iterator<Item = &str> {
    [Some(&term.name), term.long_form.as_ref(), term.acronym.as_ref()]
        .into_iter()
        .flatten()
        .chain(&term.also)
        .map(String::as_str)
}

/// A text in which phrases are looked for, word by word and by stem.
#[derive(Debug)]
pub struct Text {
    words: Vec<(String, String)>,
}

impl Text {
    pub fn new(text: &str) -> Self {
        let words = text
            .split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '+' | '#')))
            .map(|word| word.trim_matches('\''))
            .filter(|word| !word.is_empty())
            .map(|word| (word.to_owned(), stem(&word.to_lowercase())))
            .collect();
        Self { words }
    }

    /// Where a phrase stands: first word and the one after its last. An acronym has to stand there in capitals.
    pub fn places_of(&self, phrase: &str) -> Vec<(usize, usize)> {
        let phrase = Self::new(phrase);
        let length = phrase.words.len();
        if length == 0 {
            return Vec::new();
        }
        let fits = |(wanted, wanted_stem): &(String, String), (word, stem): &(String, String)| {
            if wanted.chars().filter(|c| c.is_uppercase()).count() > 1 {
                word.strip_suffix("'s")
                    .or_else(|| word.strip_suffix('s'))
                    .unwrap_or(word)
                    == wanted
                    || word == wanted
            } else {
                // A name ("Teams") is written with a capital.
                let name = phrase.words.len() == 1 && wanted.starts_with(char::is_uppercase);
                wanted_stem == stem && (!name || word.starts_with(char::is_uppercase))
            }
        };
        (0..(self.words.len() + 1).saturating_sub(length))
            .filter(|first| {
                phrase
                    .words
                    .iter()
                    .zip(&self.words[*first..])
                    .all(|(wanted, word)| fits(wanted, word))
            })
            .map(|first| (first, first + length))
            .collect()
    }

    pub fn holds(&self, phrase: &str) -> bool {
        !self.places_of(phrase).is_empty()
    }
}
