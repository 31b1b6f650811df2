//! A small pattern language for sentences.
//!
//! A pattern is words with spaces between: `word` any inflection of it, `=word` that form alone, `@class` a word of a
//! class, `a|b` either, `x?` may be missing, `*` up to three words of any kind (`*6`: six), `#` a number, `^` the start of a
//! clause, `$` its end, `<past>`, `<ing>` and `<name>` (a capitalized word inside the sentence) by form.

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasherDefault, Hasher},
};

use crate::insight::tokenizer::{SentenceToken, is_number, is_past, key};

/// A word and its key.
#[derive(Debug)]
struct KeyedWord {
    key: u64,
    text: String,
}

impl KeyedWord {
    fn new(text: &str) -> Self {
        Self {
            key: key(text),
            text: text.to_owned(),
        }
    }

    fn is(&self, key: u64, text: &str) -> bool {
        self.key == key && self.text == text
    }
}

/// Keys are hashes already.
#[derive(Clone, Copy, Debug, Default)]
struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

type KeyHash = BuildHasherDefault<KeyHasher>;

#[derive(Debug)]
enum Atom {
    Base(KeyedWord),
    Exact(KeyedWord),
    Class(HashMap<u64, String, KeyHash>),
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
    /// Parses a pattern; an unknown class is empty.
    pub fn new(source: &str, classes: &Classes) -> Self {
        Self {
            steps: source.split_whitespace().map(|word| Step::new(word, classes)).collect(),
        }
    }

    /// The end of the shortest match that starts at this token: the index past its last token.
    pub fn match_at(&self, tokens: &[SentenceToken], start: usize) -> Option<usize> {
        match_steps(&self.steps, tokens, start, start)
    }

    /// The first match in a sentence.
    #[cfg(test)]
    pub fn find(&self, tokens: &[SentenceToken]) -> Option<(usize, usize)> {
        (0..tokens.len()).find_map(|start| self.match_at(tokens, start).map(|end| (start, end)))
    }

    /// The keys of the words of which one must be the first, for an index; nothing where it could be any word.
    fn first_words(&self) -> Option<Vec<u64>> {
        let mut words = Vec::new();
        for step in &self.steps {
            match step {
                Step::Start => {}
                Step::One { atoms, optional } => {
                    for atom in atoms {
                        match atom {
                            Atom::Base(word) | Atom::Exact(word) => words.push(word.key),
                            Atom::Class(class) => words.extend(class.keys()),
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
                (Some(exact), _) => Self::Exact(KeyedWord::new(exact)),
                (_, Some(class)) => {
                    let words = classes.get(class).into_iter().flatten();
                    Self::Class(words.map(|word| (key(word), word.clone())).collect())
                }
                _ => Self::Base(KeyedWord::new(atom)),
            },
        }
    }

    fn matches(&self, token: &SentenceToken) -> bool {
        match self {
            Self::Base(word) => word.is(token.keys.1, &token.base) || word.is(token.keys.0, &token.text),
            Self::Exact(word) => word.is(token.keys.0, &token.text),
            Self::Class(class) => {
                let holds = |key: u64, text: &str| class.get(&key).is_some_and(|word| word == text);
                holds(token.keys.1, &token.base) || holds(token.keys.0, &token.text)
            }
            Self::Number => is_number(&token.text),
            Self::Past => is_past(token),
            Self::Ing => token.text.len() > 4 && token.text.ends_with("ing") && token.base != token.text,
            Self::Name => token.name,
        }
    }
}

fn match_steps(steps: &[Step], tokens: &[SentenceToken], at: usize, start: usize) -> Option<usize> {
    let Some((step, rest)) = steps.split_first() else {
        return (at > start).then_some(at);
    };
    match step {
        Step::Start => tokens
            .get(at)
            .filter(|token| token.starts_clause || at == 0)
            .and_then(|_| match_steps(rest, tokens, at, start)),
        Step::End => (at > 0 && tokens[at - 1].ends_clause)
            .then(|| match_steps(rest, tokens, at, start))
            .flatten(),
        Step::Gap(reach) => (0..=*reach)
            .take_while(|skip| at + skip <= tokens.len())
            .find_map(|skip| match_steps(rest, tokens, at + skip, start)),
        Step::One { atoms, optional } => {
            let here = tokens
                .get(at)
                .filter(|token| atoms.iter().any(|atom| atom.matches(token)));
            here.and_then(|_| match_steps(rest, tokens, at + 1, start))
                .or_else(|| optional.then(|| match_steps(rest, tokens, at, start)).flatten())
        }
    }
}

/// Patterns indexed by the words that they can begin with, so that each word is tried with the few that it can begin.
#[derive(Debug, Default)]
pub(super) struct PatternSet {
    patterns: Vec<Pattern>,
    /// By the keys of the words that they can begin with.
    by_first_word: HashMap<u64, Vec<usize>, KeyHash>,
    /// Those that can begin with any word.
    unanchored: Vec<usize>,
}

impl PatternSet {
    pub fn add(&mut self, pattern: Pattern) {
        let index = self.patterns.len();
        match pattern.first_words() {
            Some(words) => words
                .into_iter()
                .for_each(|word| self.by_first_word.entry(word).or_default().push(index)),
            None => self.unanchored.push(index),
        }
        self.patterns.push(pattern);
    }

    pub fn len(&self) -> usize {
        self.patterns.len()
    }

    /// The patterns that could begin with a token. One may come twice.
    fn candidates(&self, token: &SentenceToken) -> impl Iterator<Item = usize> {
        let (text, base) = token.keys;
        let by_first_word = [Some(text), Some(base).filter(|base| *base != text)]
            .into_iter()
            .flatten()
            .filter_map(|key| self.by_first_word.get(&key));
        self.unanchored.iter().chain(by_first_word.flatten()).copied()
    }

    /// Where patterns match: which one, where it begins and where it ends, in the order of the tokens.
    pub fn matches<'a>(&'a self, tokens: &'a [SentenceToken]) -> impl Iterator<Item = (usize, usize, usize)> + 'a {
        tokens.iter().enumerate().flat_map(move |(start, token)| {
            self.candidates(token).filter_map(move |index| {
                let end = self.patterns[index].match_at(tokens, start)?;
                Some((index, start, end))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        insight::{token_view::TokenView, tokenizer::sentences},
        transcript::Transcript,
    };

    fn check(pattern: &str, text: &str, expected: Option<&str>) {
        let classes = Classes::from([("me".to_owned(), HashSet::from(["i".to_owned(), "we".to_owned()]))]);
        let transcript = Transcript::typed(text);
        let sentences = sentences(&TokenView::new(&transcript));
        let tokens = &sentences[0].tokens;
        let found = Pattern::new(pattern, &classes).find(tokens).map(|(start, end)| {
            let texts: Vec<&str> = tokens[start..end].iter().map(|token| token.text.as_str()).collect();
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
