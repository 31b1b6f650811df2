//! Where the forms of a field's terms stand in an answer.

use std::collections::HashMap;

use super::{
    WORDS,
    forms::{Evidence, Form, FormWord, Forms},
    subtokens::{Subtoken, Subtokens, WordType},
};
use crate::insight::most_used::{is_everyday_word, is_stop_word};

/// A form that stands in the text, from one subtoken to before another.
#[derive(Clone, Copy)]
pub(super) struct Match {
    /// The index of the term.
    pub term: usize,
    pub first: usize,
    pub end: usize,
    pub evidence: Evidence,
    pub spoken: bool,
    /// A single word that only sounds like the term.
    pub sounds_like: bool,
    /// How many subtokens match letter for letter, not just by base form.
    pub exact: usize,
}

impl Forms {
    /// Everything that could be a term, overlaps included, in the order of the text.
    pub fn matches(&self, subtokens: &Subtokens) -> Vec<Match> {
        let candidates: Vec<Vec<usize>> = subtokens
            .types
            .iter()
            .map(|word_type| self.candidates(word_type))
            .collect();
        let verbs: Vec<Vec<usize>> = subtokens
            .types
            .iter()
            .map(|word_type| self.of_verb(&word_type.base))
            .collect();
        let mut letters = String::new();
        let mut matches = Vec::new();
        for (first, subtoken) in subtokens.list.iter().enumerate() {
            for form in &candidates[subtoken.word_type] {
                matches.extend(self.match_at(&self.list[*form], subtokens, first));
            }
            for form in &verbs[subtoken.word_type] {
                matches.extend(self.variant(*form, subtokens, first, first + 1));
            }
            self.joined_at(subtokens, first, &mut letters, &mut matches);
            self.spelled_at(subtokens, first, &mut matches);
            self.reversed_at(subtokens, first, &mut matches);
        }
        matches
    }

    /// The forms that can begin with a word.
    fn candidates(&self, word_type: &WordType) -> Vec<usize> {
        let text = word_type.text.as_str();
        let plural = text.strip_suffix("'s").or_else(|| text.strip_suffix('s'));
        let mut keys = vec![text];
        let stems = word_type.stems.iter().map(String::as_str);
        for key in [word_type.base.as_str(), plural.unwrap_or("")].into_iter().chain(stems) {
            if !key.is_empty() && !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys.iter()
            .filter_map(|key| self.starting.get(*key))
            .flatten()
            .copied()
            .collect()
    }

    fn match_at(&self, form: &Form, subtokens: &Subtokens, first: usize) -> Option<Match> {
        let end = first + form.parts.len();
        let here = subtokens.list.get(first..end)?;
        let word_type = |subtoken: &Subtoken| &subtokens.types[subtoken.word_type];
        let fits = form
            .parts
            .iter()
            .zip(here)
            .all(|(part, subtoken)| part.matches(word_type(subtoken), subtoken));
        if !fits || here[here.len() - 1].sentence != here[0].sentence || !is_whole(subtokens, first, end) {
            return None;
        }
        let text = subtokens.text(first);
        if self.dotted[form.term]
            && form.parts.len() == 1
            && !form.spoken
            && text == "net"
            && !is_dotted(subtokens, first)
        {
            return None;
        }
        let acronym = form.parts.len() == 1 && form.parts[0].exact && !form.spoken;
        let lower_case = acronym && !here[0].capitals;
        let spoken_word = form.spoken && form.parts.len() == 1;
        let evidence = match form.evidence {
            _ if lower_case && (form.parts[0].text.len() < 3 || WORDS.everyday_acronyms.contains(text)) => {
                Evidence::NeedsContext
            }
            // In capitals it is the acronym, whatever the word in small letters means.
            Evidence::NeedsContext if acronym && here[0].capitals => Evidence::Sufficient,
            Evidence::NeedsContext
                if form.name
                    && here[0].name
                    && !form.spoken
                    && !hyphenated(subtokens, first, end)
                    && !WORDS.names_of_others.contains(text) =>
            {
                Evidence::Sufficient
            }
            _ if form.phrasal && subtokens.joint(first + 1) == ' ' => Evidence::NeedsContext,
            evidence => evidence,
        };
        let lower_name = form.evidence == Evidence::NeedsContext && form.name && !here[0].capitalized;
        let inflected = text != subtokens.base(first) && is_everyday_word(subtokens.base(first));
        if lower_case && text == "it"
            || lower_name && (inflected || is_stop_word(text))
            || spoken_word && is_everyday_there(subtokens, first)
        {
            return None;
        }
        let exact = form
            .parts
            .iter()
            .zip(here)
            .filter(|(part, subtoken)| part.text == word_type(subtoken).text)
            .count();
        Some(Match {
            term: form.term,
            first,
            end,
            evidence,
            spoken: form.spoken,
            sounds_like: spoken_word,
            exact,
        })
    }

    /// "helpdesk" where the list says "help desk", "log-in" where it says "login", "node js" for "Node.js".
    fn joined_at(&self, subtokens: &Subtokens, first: usize, letters: &mut String, matches: &mut Vec<Match>) {
        letters.clear();
        for (count, subtoken) in (1..=MOST_PARTS).zip(&subtokens.list[first..]) {
            let end = first + count;
            let word_type = &subtokens.types[subtoken.word_type];
            if subtoken.sentence != subtokens.list[first].sentence {
                return;
            }
            let before = letters.len();
            for text in [&word_type.text, &word_type.base] {
                letters.truncate(before);
                letters.push_str(text);
                let other_parts = |form: &&usize| self.list[**form].parts.len() != count;
                let forms = self.joined.get(letters.as_str()).into_iter().flatten();
                if let Some(form) = forms.into_iter().find(other_parts)
                    && (count == 1 || can_be_one_word(subtokens, first, end))
                {
                    matches.extend(self.variant(*form, subtokens, first, end));
                    break;
                }
            }
            letters.truncate(before);
            letters.push_str(&word_type.text);
        }
    }

    /// An acronym as its letters sound: "em eff ay".
    fn spelled_at(&self, subtokens: &Subtokens, first: usize, matches: &mut Vec<Match>) {
        if letter(subtokens.text(first)).is_none() {
            return;
        }
        let sentence = subtokens.list[first].sentence;
        let here = (first..subtokens.len().min(first + MOST_LETTERS))
            .take_while(|index| subtokens.list[*index].sentence == sentence);
        let letters: Vec<(char, bool)> = here.map_while(|index| letter(subtokens.text(index))).collect();
        for (acronym, term) in &self.acronyms {
            let count = acronym.len();
            let same = letters.len() >= count && acronym.chars().zip(&letters).all(|(letter, said)| letter == said.0);
            // "I see a" is no ICA: all but one must be nothing but a letter.
            if same && letters[..count].iter().filter(|said| !said.1).count() < 2 {
                matches.push(Match {
                    term: *term,
                    first,
                    end: first + count,
                    evidence: Evidence::Sufficient,
                    spoken: true,
                    sounds_like: false,
                    exact: 0,
                });
            }
        }
    }

    /// "reviewed the code" where the list says "code reviewing".
    fn reversed_at(&self, subtokens: &Subtokens, first: usize, matches: &mut Vec<Match>) {
        let Some(forms) = self.reversed.get(subtokens.base(first)) else {
            return;
        };
        let sentence = subtokens.list[first].sentence;
        let rest = first + 1..(first + 2 + WORDS.words_before_object).min(subtokens.len());
        for index in rest {
            if subtokens.list[index].sentence != sentence || subtokens.list[index - 1].ends_clause {
                return;
            }
            let object = |form: &&usize| self.list[**form].parts[0].base == subtokens.base(index);
            if let Some(form) = forms.iter().find(object) {
                matches.extend(self.variant(*form, subtokens, first, index + 1));
                return;
            }
            if !WORDS.before_object.contains(subtokens.text(index)) {
                return;
            }
        }
    }

    /// A match that is written or said in another way than the form.
    fn variant(&self, form: usize, subtokens: &Subtokens, first: usize, end: usize) -> Option<Match> {
        let form = &self.list[form];
        let apart = end - first > 1 && subtokens.joint(first + 1) == ' ';
        let particle = end - first == 2 && WORDS.particles.contains(subtokens.text(first + 1));
        let unsure = (apart && form.name || particle) && !subtokens.list[first].name;
        is_whole(subtokens, first, end).then_some(Match {
            term: form.term,
            first,
            end,
            evidence: if unsure { Evidence::NeedsContext } else { form.evidence },
            spoken: false,
            sounds_like: false,
            exact: 0,
        })
    }
}

/// The letter that a word names, and whether it can be nothing else.
fn letter(text: &str) -> Option<(char, bool)> {
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(only), None) if only.is_ascii_lowercase() => Some((only, only != 'a' && only != 'i')),
        _ => {
            let name = |names: &HashMap<String, String>| names.get(text).and_then(|letter| letter.chars().next());
            name(&WORDS.letter_names)
                .map(|letter| (letter, true))
                .or_else(|| name(&WORDS.everyday_letter_names).map(|letter| (letter, false)))
        }
    }
}

/// No acronym has more letters than this.
const MOST_LETTERS: usize = 8;

/// No word is written in more parts than this.
const MOST_PARTS: usize = 3;

/// Whether words that stand apart may be one word: "over time" is no "overtime".
fn can_be_one_word(subtokens: &Subtokens, first: usize, end: usize) -> bool {
    let apart = (first + 1..end).any(|index| subtokens.joint(index) == ' ');
    let short = (first..end).any(|index| subtokens.text(index).len() < 2);
    let clause_ends = subtokens.list[first..end - 1].iter().any(|part| part.ends_clause);
    !clause_ends && !short && (!apart || !is_stop_word(subtokens.text(first)))
}

/// Whether these subtokens are no piece of a longer word: "Q&A", "U.S." and "C-suite" are words of their own.
fn is_whole(subtokens: &Subtokens, first: usize, end: usize) -> bool {
    let short = |index: usize| {
        subtokens
            .list
            .get(index)
            .is_some_and(|_| subtokens.text(index).len() < 2)
    };
    let lower_short = |index: usize| {
        let subtoken = &subtokens.list[index];
        subtokens.text(index).len() < 3 && !(subtoken.capitals && subtokens.text(index).len() > 1)
    };
    let broken_at = |index: usize, inside: usize, outside: usize| match subtokens.joint(index) {
        '&' => subtokens.text(inside).len() < 3 || subtokens.text(outside).len() < 3,
        '.' => short(inside) || short(outside),
        '-' => end - first == 1 && lower_short(inside),
        _ => false,
    };
    let same_word =
        |one: usize, other: usize| other < subtokens.len() && subtokens.list[one].word == subtokens.list[other].word;
    let before = first > 0 && same_word(first - 1, first) && broken_at(first, first, first - 1);
    let after = same_word(end - 1, end) && broken_at(end, end - 1, end);
    !before && !after
}

/// Whether a hyphen joins them to more: "Excel-lent".
fn hyphenated(subtokens: &Subtokens, first: usize, end: usize) -> bool {
    subtokens.joint(first) == '-' || end < subtokens.len() && subtokens.joint(end) == '-'
}

/// "." stands before it: ".NET".
fn is_dotted(subtokens: &Subtokens, index: usize) -> bool {
    subtokens.joint(index) == '.'
}

impl FormWord {
    /// "sshed", "ddosing": what somebody does with the thing that the acronym names.
    fn is_acronym_of_verb(&self, text: &str) -> bool {
        let stem = ["'ed", "ed", "ing"].iter().find_map(|ending| text.strip_suffix(ending));
        stem.is_some_and(|stem| stem == self.text)
            && self.text.len() > 2
            && !self.text.contains(|c: char| c.is_ascii_digit())
            && !WORDS.everyday_acronyms.contains(&self.text)
    }

    fn matches(&self, word_type: &WordType, subtoken: &Subtoken) -> bool {
        if self.text == word_type.text {
            return true;
        }
        if self.long_name && word_type.stems.contains(&self.text) {
            return true;
        }
        if self.exact {
            // What is written in capitals has lost its plural s already, and "IPS" has none.
            let text = word_type.text.as_str();
            let plural = text.strip_suffix("'s").or_else(|| text.strip_suffix('s'));
            return !subtoken.all_capitals
                && (plural.is_some_and(|stem| stem == self.text && stem.len() > 1) || self.is_acronym_of_verb(text));
        }
        let same = self.base == word_type.base || word_type.stems.contains(&self.text);
        let verb = !self.gerund || word_type.text.ends_with("ed") || word_type.text.ends_with("ing");
        same && verb && self.text.len() > 2 && (!self.name || subtoken.name)
    }
}

/// Whether a word that sounds like a term is clearly the everyday word: "it seems", "my socks", "was sore".
fn is_everyday_there(subtokens: &Subtokens, first: usize) -> bool {
    let before = subtokens.before(first);
    WORDS.owners.contains(before)
        || WORDS.linking_verbs.contains(before)
        || WORDS.everyday_verbs.contains(subtokens.text(first)) && follows_subject(subtokens, first)
}

fn follows_subject(subtokens: &Subtokens, first: usize) -> bool {
    let before = first.checked_sub(1).map_or("", |index| subtokens.text(index));
    let next = if first + 1 < subtokens.len() {
        subtokens.text(first + 1)
    } else {
        ""
    };
    WORDS.verb_subjects.contains(before) || WORDS.verb_complements.contains(next)
}
