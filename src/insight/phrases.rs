//! A small pattern language for sentences, and the sentence as it sees it: contractions taken apart, each word with its
//! base form and a guess at what it is.
//!
//! A pattern is words with spaces between: `word` any inflection of it, `=word` that form alone, `@class` a word of a
//! class, `a|b` either, `x?` may be missing, `*` up to three words of any kind (`*6`: six), `#` a number, `^` the start of a
//! clause, `$` its end, `<past>`, `<ing>` and `<name>` (a capitalized word inside the sentence) by form.

use std::collections::{HashMap, HashSet};

use crate::{
    insight::{base_form::base_form, reading::Reading},
    transcript::WordRange,
};

/// A word of a sentence, contractions taken apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Item {
    pub text: String,
    pub base: String,
    pub starts_clause: bool,
    pub ends_clause: bool,
    /// Capitalized though no sentence starts here, or in capitals anywhere.
    pub name: bool,
}

/// A sentence of an answer.
#[derive(Clone, Debug)]
pub(super) struct Sentence {
    pub items: Vec<Item>,
    /// Its words in the transcript.
    pub words: WordRange,
}

/// The sentences of an answer that hold at least one word.
pub(super) fn sentences(reading: &Reading<'_>) -> Vec<Sentence> {
    let ranges = reading.transcript.sentences();
    let mut tokens = reading.tokens.iter().peekable();
    let mut sentences = Vec::with_capacity(ranges.len());
    for words in ranges {
        let mut items: Vec<Item> = Vec::new();
        let mut starts_clause = true;
        while let Some(token) = tokens.next_if(|token| token.at < words.end) {
            let raw = &reading.transcript.words[token.at].text;
            let capitals = raw.chars().filter(|c| c.is_uppercase()).count();
            let name = (capitals > 0 && !items.is_empty() || capitals > 1)
                && token.bare != "i"
                && !token.bare.starts_with("i'");
            let first = items.len();
            for part in apart(&token.bare) {
                items.push(Item {
                    base: base_form(&part),
                    text: part,
                    starts_clause: false,
                    ends_clause: false,
                    name,
                });
            }
            if items.len() > first {
                items[first].starts_clause = starts_clause;
            }
            starts_clause = token.ends_clause;
            if let Some(last) = items.last_mut() {
                last.ends_clause = token.ends_clause;
            }
        }
        if let Some(last) = items.last_mut() {
            last.ends_clause = true;
            sentences.push(Sentence { items, words });
        }
    }
    sentences
}

/// "didn't" → did not, "I've" → i have, "hands-on" → hands on.
fn apart(word: &str) -> Vec<String> {
    let whole = match word {
        "can't" | "cannot" => "can not",
        "won't" => "will not",
        "ain't" => "is not",
        "dunno" => "do not know",
        "gonna" => "going to",
        "wanna" => "want to",
        "gotta" => "got to",
        "let's" => "let us",
        "kinda" => "kind of",
        "'cause" | "cuz" => "because",
        "y'all" => "you all",
        _ => "",
    };
    if !whole.is_empty() {
        return whole.split(' ').map(str::to_owned).collect();
    }
    for (ending, replaced) in [
        ("n't", "not"),
        ("'ve", "have"),
        ("'re", "are"),
        ("'ll", "will"),
        ("'d", "'d"),
        ("'m", "am"),
    ] {
        if let Some(stem) = word.strip_suffix(ending).filter(|stem| !stem.is_empty()) {
            return vec![stem.to_owned(), replaced.to_owned()];
        }
    }
    if let Some(stem) = word.strip_suffix("'s") {
        let clitic = matches!(
            stem,
            "it" | "that"
                | "there"
                | "he"
                | "she"
                | "what"
                | "who"
                | "here"
                | "where"
                | "how"
                | "one"
                | "everything"
                | "everyone"
                | "everybody"
                | "nobody"
                | "nothing"
                | "something"
        );
        return if clitic {
            vec![stem.to_owned(), "is".to_owned()]
        } else {
            vec![stem.to_owned()]
        };
    }
    if word.contains('-') {
        let parts: Vec<String> = word
            .split('-')
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect();
        if !parts.is_empty() {
            return parts;
        }
    }
    vec![word.to_owned()]
}

#[derive(Debug)]
enum Atom {
    Base(String),
    Exact(String),
    Class(HashSet<String>),
    Number,
    Past,
    Ing,
    Name,
}

#[derive(Debug)]
enum Step {
    One { atoms: Vec<Atom>, optional: bool },
    Gap(usize),
    Start,
    End,
}

#[derive(Debug)]
pub(super) struct Pattern {
    steps: Vec<Step>,
}

pub(super) type Classes = HashMap<String, HashSet<String>>;

impl Pattern {
    /// Reads a pattern; a class that is not known holds nothing.
    pub fn new(source: &str, classes: &Classes) -> Self {
        Self {
            steps: source.split_whitespace().map(|word| Step::new(word, classes)).collect(),
        }
    }

    /// Past the last item of the shortest match that starts at this item.
    pub fn match_at(&self, items: &[Item], start: usize) -> Option<usize> {
        follow(&self.steps, items, start, start)
    }

    /// The first match in a sentence.
    #[cfg(test)]
    pub fn find(&self, items: &[Item]) -> Option<(usize, usize)> {
        (0..items.len()).find_map(|start| self.match_at(items, start).map(|end| (start, end)))
    }

    /// The words that one of the first step's atoms must match, for an index; nothing where it could be any word.
    pub fn first_words(&self) -> Option<Vec<&str>> {
        let mut words = Vec::new();
        for step in &self.steps {
            match step {
                Step::Start => {}
                Step::One { atoms, optional } => {
                    for atom in atoms {
                        match atom {
                            Atom::Base(word) | Atom::Exact(word) => words.push(word.as_str()),
                            Atom::Class(class) => words.extend(class.iter().map(String::as_str)),
                            Atom::Number | Atom::Past | Atom::Ing | Atom::Name => return None,
                        }
                    }
                    if !optional {
                        return Some(words);
                    }
                }
                Step::Gap(_) | Step::End => return None,
            }
        }
        None
    }
}

impl Step {
    fn new(word: &str, classes: &Classes) -> Self {
        match word {
            "^" => return Self::Start,
            "$" => return Self::End,
            _ => {}
        }
        if let Some(reach) = word.strip_prefix('*') {
            return Self::Gap(reach.parse().unwrap_or(3));
        }
        let (word, optional) = word.strip_suffix('?').map_or((word, false), |word| (word, true));
        let atoms = word.split('|').map(|atom| Atom::new(atom, classes)).collect();
        Self::One { atoms, optional }
    }
}

impl Atom {
    fn new(atom: &str, classes: &Classes) -> Self {
        match atom {
            "#" => Self::Number,
            "<past>" => Self::Past,
            "<ing>" => Self::Ing,
            "<name>" => Self::Name,
            _ => match (atom.strip_prefix('='), atom.strip_prefix('@')) {
                (Some(exact), _) => Self::Exact(exact.to_owned()),
                (_, Some(class)) => Self::Class(classes.get(class).cloned().unwrap_or_default()),
                _ => Self::Base(atom.to_owned()),
            },
        }
    }

    fn fits(&self, item: &Item) -> bool {
        match self {
            Self::Base(word) => item.base == *word || item.text == *word,
            Self::Exact(word) => item.text == *word,
            Self::Class(class) => class.contains(&item.base) || class.contains(&item.text),
            Self::Number => is_number(&item.text),
            Self::Past => is_past(item),
            Self::Ing => item.text.len() > 4 && item.text.ends_with("ing") && item.base != item.text,
            Self::Name => item.name,
        }
    }
}

fn follow(steps: &[Step], items: &[Item], at: usize, start: usize) -> Option<usize> {
    let Some((step, rest)) = steps.split_first() else {
        return (at > start).then_some(at);
    };
    match step {
        Step::Start => items
            .get(at)
            .filter(|item| item.starts_clause || at == 0)
            .and_then(|_| follow(rest, items, at, start)),
        Step::End => (at > 0 && items[at - 1].ends_clause)
            .then(|| follow(rest, items, at, start))
            .flatten(),
        Step::Gap(reach) => (0..=*reach)
            .take_while(|skip| at + skip <= items.len())
            .find_map(|skip| follow(rest, items, at + skip, start)),
        Step::One { atoms, optional } => {
            let here = items.get(at).filter(|item| atoms.iter().any(|atom| atom.fits(item)));
            here.and_then(|_| follow(rest, items, at + 1, start))
                .or_else(|| optional.then(|| follow(rest, items, at, start)).flatten())
        }
    }
}

/// A word in the past: irregular ("ran") or in -ed.
pub(super) fn is_past(item: &Item) -> bool {
    const IRREGULAR: &[&str] = &[
        "was", "were", "had", "did", "set", "put", "cut", "let", "hit", "shut", "quit", "read", "split", "got", "used",
    ];
    if IRREGULAR.contains(&item.text.as_str()) {
        return true;
    }
    let text = item.text.as_str();
    text != item.base
        && (text.ends_with("ed")
            || !text.ends_with('s')
                && !text.ends_with("ing")
                && !text.ends_with("er")
                && !text.ends_with("est")
                && !matches!(
                    item.base.as_str(),
                    "person" | "child" | "man" | "woman" | "be" | "foot" | "criterion" | "index" | "medium"
                ))
}

pub(super) fn is_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        || [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "fifteen",
            "twenty",
            "thirty",
            "forty",
            "fifty",
            "sixty",
            "seventy",
            "eighty",
            "ninety",
            "hundred",
            "thousand",
            "million",
            "half",
            "dozen",
            "third",
            "quarter",
            "hundreds",
            "thousands",
            "double",
            "triple",
            "couple",
            "few",
            "several",
        ]
        .contains(&text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::Transcript;

    fn check(pattern: &str, text: &str, expected: Option<&str>) {
        let classes = Classes::from([("me".to_owned(), HashSet::from(["i".to_owned(), "we".to_owned()]))]);
        let transcript = Transcript::typed(text);
        let sentences = sentences(&Reading::new(&transcript));
        let items = &sentences[0].items;
        let found = Pattern::new(pattern, &classes).find(items).map(|(start, end)| {
            let texts: Vec<&str> = items[start..end].iter().map(|item| item.text.as_str()).collect();
            texts.join(" ")
        });
        assert_eq!(found.as_deref(), expected, "{pattern} in {text}");
    }

    #[test]
    fn patterns_match_words_classes_and_gaps() {
        check("@me lead", "Last year we led a team.", Some("we led"));
        check("i * team", "I led a small team.", Some("i led a small team"));
        check("i =lead", "I led it.", None);
        check("do not know", "I didn't know.", Some("did not know"));
        check("@me <past>", "I quickly rebuilt it", None);
        check("@me * <past>", "I quickly rebuilt it", Some("i quickly rebuilt"));
        check("^ so we", "It broke, so we left", Some("so we"));
        check("in? # year", "After 5 years", Some("5 years"));
        check("fix it $", "We fix it, always", Some("fix it"));
    }
}
