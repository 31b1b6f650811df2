//! Vocal fillers: told by how they are built, a vowel or a hum that may be held ("ummm", "uhhh", "mm-hmm"), and by whether a
//! filler can stand where they stand. "To err", "5 mm", "the ER" and "Mr. Hm" are words.

use super::{Separation, WORDS, bare, begins_apart, ends_clause, is_shouted};

/// The common spelling of a vocal filler ("erm" → "um"), or nothing where the word is none. By its spelling alone.
pub fn vocal_filler(text: &str) -> Option<&'static str> {
    let capitals = text.chars().filter(|c| c.is_uppercase()).count();
    let word = bare(text);
    // "ER" in capitals is a room in a hospital, "UH" a university; nobody holds an acronym.
    if capitals > 1 && !is_held(&word) {
        return None;
    }
    by_spelling(&word)
}

/// By the letters of a bare word.
fn by_spelling(word: &str) -> Option<&'static str> {
    // A word that is long is no sound; a held one is, however long.
    if word.is_empty() || !word.starts_with(['u', 'e', 'a', 'h', 'm', 'o', 'i']) {
        return None;
    }
    if let Some((first, _)) = word.split_once('-') {
        // "Mm-hmm", "u-um", "um-um".
        let whole = built(&word.replace('-', ""));
        let parts = || word.split('-').filter(|part| !part.is_empty());
        let last = parts().next_back().unwrap_or(first);
        let all = parts().all(|part| built(part).is_some() || last.starts_with(part));
        // "Uh-uh" says no.
        let denies = word == "uh-uh";
        return (all && !denies)
            .then(|| built(last))
            .flatten()
            .or(whole.filter(|_| all && !denies));
    }
    built(word)
}

/// A word, each of whose letters may be held, as it is counted.
fn built(word: &str) -> Option<&'static str> {
    let mut once = String::with_capacity(8);
    for letter in word.chars() {
        if !once.ends_with(letter) {
            once.push(letter);
        }
        if once.len() > 8 {
            return None;
        }
    }
    let hums = once == "m" && word.len() > 1;
    if hums {
        return Some("hmm");
    }
    // "Mm" and "hh" held together with a vowel that is no filler ("Ahem") are not in the list; "ur" and "eer" are words.
    let filler = WORDS.fillers.built.get(&once).map(String::as_str)?;
    let once_only = matches!(once.as_str(), "ur" | "er") && word.starts_with("ee") && !is_held(word);
    (!once_only).then_some(filler)
}

/// Whether a letter is held: "ummm", "uhhh".
pub fn is_held(word: &str) -> bool {
    let letters: Vec<char> = word.chars().take(40).collect();
    letters
        .windows(3)
        .any(|three| three[0] == three[1] && three[1] == three[2])
}

/// The vocal fillers among words, each as it is counted. `words` are texts with what comes after each.
pub fn vocal_fillers(words: &[(&str, Separation)]) -> Vec<Option<&'static str>> {
    let mut shouted: Option<Vec<bool>> = None;
    let mut found: Vec<Option<&'static str>> = Vec::with_capacity(words.len());
    for (index, (text, _)) in words.iter().enumerate() {
        let filler = by_spelling(&bare(text)).filter(|_| {
            let capitals = text.chars().filter(|c| c.is_uppercase()).count();
            let loud =
                capitals > 1 && shouted.get_or_insert_with(|| is_shouted(words.iter().map(|(text, _)| *text)))[index];
            FillerPlace::new(words, index, &found, loud).takes_filler()
        });
        found.push(filler);
    }
    found
}

/// A word that is spelled like a filler, and what stands around it.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
struct FillerPlace<'a> {
    text: &'a str,
    word: String,
    before: String,
    next: String,
    then: String,
    /// Nothing stands before it in its clause.
    opens: bool,
    /// Nothing stands after it in its clause.
    closes: bool,
    begins_sentence: bool,
    ends_sentence: bool,
    before_text: &'a str,
    loud: bool,
}

impl<'a> FillerPlace<'a> {
    fn new(words: &[(&'a str, Separation)], index: usize, found: &[Option<&'static str>], loud: bool) -> Self {
        let (text, then) = words[index];
        let text_at = |index: Option<usize>| index.and_then(|index| words.get(index)).map_or("", |(text, _)| *text);
        let before_text = text_at(index.checked_sub(1));
        let line_before = index.checked_sub(1).is_some_and(|before| words[before].1.ends_line());
        let after_filler = index.checked_sub(1).is_some_and(|before| found[before].is_some());
        let symbol = |text: &str| {
            text.contains(['-', '–', '—', '…', '•', '|']) && !text.contains(char::is_alphanumeric)
                || text.starts_with("..")
        };
        let ends = |text: &str| {
            text.trim_end_matches(['"', '”', '’', '\'', ')'])
                .ends_with(['.', '?', '!', '…'])
        };
        let next_text = text_at(Some(index + 1));
        Self {
            text,
            word: bare(text),
            before: bare(before_text),
            next: if then.ends_line() {
                String::new()
            } else {
                bare(next_text)
            },
            then: bare(text_at(Some(index + 2))),
            opens: index == 0
                || line_before
                || after_filler
                || symbol(before_text)
                || ends_clause(before_text)
                || begins_apart(text),
            closes: next_text.is_empty()
                || then.ends_line()
                || symbol(next_text)
                || ends_clause(text)
                || begins_apart(next_text),
            begins_sentence: index == 0
                || line_before
                || ends(before_text)
                || before_text.ends_with(':')
                || text.starts_with(['“', '"', '‘']),
            ends_sentence: next_text.is_empty() || ends(text) || then == Separation::Paragraph,
            before_text,
            loud,
        }
    }

    fn takes_filler(&self) -> bool {
        if self.is_named() || self.is_quoted() || self.is_counted() {
            return false;
        }
        let capitals = self.text.chars().filter(|c| c.is_uppercase()).count();
        if capitals > 1 && !self.loud {
            return self.is_exclaimed();
        }
        if is_held(&self.word) && self.word.len() > 3 {
            return true;
        }
        if self.is_unit() {
            return false;
        }
        if !WORDS.fillers.doubtful.contains(&self.word) {
            return true;
        }
        match self.word.as_str() {
            "err" => self.opens && (self.closes && !self.ends_sentence || self.is_before_subject()),
            _ => !(self.is_noun() || self.word == "er" && self.describes()),
        }
    }

    /// In capitals where others are not: a place that no acronym could fill.
    fn is_exclaimed(&self) -> bool {
        let twice = self.word.as_bytes().windows(2).any(|two| two[0] == two[1]);
        let held = twice && !self.word.starts_with('m') && self.word != "err";
        let breaks_off = super::trails_off(self.text) || self.text.ends_with(super::is_dash);
        if breaks_off && !self.after_noun_opener() {
            return true;
        }
        let opens = self.opens || WORDS.grammar.conjunctions.contains(&self.before);
        held && self.word != "hmm"
            || opens
                && !self.after_noun_opener()
                && (self.closes && !self.ends_sentence || self.is_before_subject() && self.begins_sentence)
    }

    /// After a determiner or a preposition.
    fn after_noun_opener(&self) -> bool {
        !self.opens
            && (WORDS.grammar.determiners.contains(&self.before) || WORDS.grammar.prepositions.contains(&self.before))
    }

    fn is_before_subject(&self) -> bool {
        WORDS.grammar.pronouns.contains(&self.next) || ["the", "my", "our"].contains(&self.next.as_str())
    }

    /// "The Ah amplifier", "Mr. Hm": a capital where no sentence begins and nothing sets it off.
    fn is_named(&self) -> bool {
        let capital = self.text.starts_with(|c: char| c.is_uppercase());
        if !capital || self.loud {
            return false;
        }
        let titled = WORDS.fillers.before_name.contains(&self.before) && !self.before_text.ends_with(',');
        let one = self.text.chars().filter(|c| c.is_uppercase()).count() == 1;
        let set_off = self.opens || self.closes && !self.ends_sentence && !self.after_noun_opener();
        titled || one && !is_held(&self.word) && !set_off && !self.begins_sentence
    }

    /// The word itself is meant: “um”.
    fn is_quoted(&self) -> bool {
        let inner = self
            .text
            .trim_end_matches([',', '.', '?', '!', ';', ':', '”', '"', '’', '\'']);
        let closes = self.text[inner.len()..].starts_with(['”', '"', '’', '\'']);
        self.text.starts_with(['“', '"', '‘', '\'']) && closes
    }

    /// "I say um a lot."
    fn is_counted(&self) -> bool {
        let often = match self.next.as_str() {
            "a" => self.then == "lot",
            "too" | "so" => ["much", "often", "many"].contains(&self.then.as_str()),
            "all" => self.then == "the",
            next => ["every", "often", "constantly", "twice"].contains(&next),
        };
        ["say", "says", "saying", "said"].contains(&self.before.as_str()) && often && !self.opens
    }

    fn is_unit(&self) -> bool {
        if !WORDS.fillers.units.contains(&self.word) || self.before_text.ends_with([',', '—', '…']) {
            return false;
        }
        let digits = self.before.ends_with(|c: char| c.is_ascii_digit())
            && self.before.starts_with(|c: char| c.is_ascii_digit());
        let counted = digits || WORDS.grammar.numbers.contains(&self.before);
        let measures = ["per", "in"].contains(&self.before.as_str())
            && (self.closes || self.next == "or" || self.next == "and" || self.next == "not")
            && self.word == "mm";
        let scale = self.word == "mm" && WORDS.fillers.measured.contains(&self.next) && !self.closes;
        let both = self.word == "mm"
            && ["cm", "m", "km"].iter().any(|unit| {
                self.next == *unit || self.then == *unit && ["to", "and", "or"].contains(&self.next.as_str())
            });
        match self.word.as_str() {
            // "We had 5 um servers".
            "um" => {
                digits && !self.closes && WORDS.fillers.measured.contains(&self.next) || digits && self.ends_sentence
            }
            "ah" => digits && (self.closes || !self.is_before_subject()) || counted && self.ends_sentence,
            _ => counted && !(self.opens) || measures || scale || both,
        }
    }

    /// A noun between its determiner or preposition and what can only follow a noun; or an article that agrees with it and
    /// not with the word after it ("an er diagram").
    fn is_noun(&self) -> bool {
        if self.opens || self.closes && !self.ends_sentence {
            return false;
        }
        let grammar = &WORDS.grammar;
        let determined = grammar.determiners.contains(&self.before);
        let governed = grammar.prepositions.contains(&self.before);
        let vowel = |word: &str| word.starts_with(['a', 'e', 'i', 'o', 'u']);
        if self.before == "an" && !self.closes && !vowel(&self.next) {
            return true;
        }
        let complete = self.ends_sentence
            || grammar.auxiliaries.contains(&self.next)
            || grammar.prepositions.contains(&self.next)
            || grammar.conjunctions.contains(&self.next);
        (determined || governed) && complete && self.next != self.before
    }

    /// "ER diagram", "the er nurse", beside words of its trade.
    fn describes(&self) -> bool {
        !self.closes && WORDS.fillers.described_by_er.contains(&self.next) && !self.opens
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::pieces;

    fn check(text: &str, expected: usize) {
        let pieces = pieces(text);
        let words: Vec<(&str, Separation)> = pieces.iter().map(|piece| (piece.text.as_str(), piece.then)).collect();
        let found: Vec<&str> = vocal_fillers(&words).into_iter().flatten().collect();
        assert_eq!(found.len(), expected, "{text}: {found:?}");
    }

    #[test]
    fn fillers_are_known_by_how_they_are_built() {
        for (text, expected) in [
            ("Um,", Some("um")),
            ("er...", Some("uh")),
            ("Hmm.", Some("hmm")),
            ("ummmmmm", Some("um")),
            ("uhhhh—", Some("uh")),
            ("mm-hmm", Some("hmm")),
            ("uh-huh", Some("hmm")),
            ("Um-um,", Some("um")),
            ("u-um", Some("um")),
            ("UMMM", Some("um")),
            ("ER", None),
            ("her", None),
            ("umbrella", None),
            ("hum", None),
            ("uh-uh", None),
            ("ahem", None),
            ("am", None),
            ("ham", None),
            ("m", None),
            ("error", None),
        ] {
            assert_eq!(vocal_filler(text), expected, "{text}");
        }
    }

    #[test]
    fn words_that_only_look_like_fillers_are_none() {
        for text in [
            "I usually err on the side of caution.",
            "We check err first and return err to the caller.",
            "The rack has a gap of 5 mm and the cable is 25 mm wide.",
            "The battery is rated at 5 ah.",
            "We drew an er diagram of the orders table.",
            "I ran it from eh to zed.",
            "She works in the ER. The ER was full, and the er was loud.",
            "The Ah amplifier and the UM system and Mr. Hm came.",
            "I say “um” too often.",
        ] {
            check(text, 0);
        }
    }

    #[test]
    fn they_are_fillers_where_a_filler_can_stand() {
        check(
            "Um, I, uh, usually wait. Er, the rack has, mm, a gap. Ah, and the battery, eh, was flat.",
            6,
        );
        check(
            "UM, I LED THE TEAM, AND, UH, WE FIXED IT. HMM, IT WAS, LIKE, HARD, YOU KNOW.",
            3,
        );
        check("We, err, left the er server in uh the er office.", 4);
        check("I was um late and UM, we left. UMMM no.", 3);
    }
}
