//! Where sentences end. A full stop is also part of abbreviations, initials, decimals and the numbers of a list; which it is
//! shows in the word that follows, and in how this text writes after full stops elsewhere.

use super::{Separation, WORDS, bare, trails_off};

/// For each word, whether a sentence ends with it. `words` are texts with what comes after each.
pub fn sentence_ends(words: &[(&str, Separation)]) -> Vec<bool> {
    let small_letters = starts_small(words);
    let mut begins = true;
    (0..words.len())
        .map(|index| {
            let ends = ends_at(words, index, begins, small_letters);
            // A bullet or a list's number opens nothing yet.
            begins = ends || begins && !words[index].0.contains(char::is_alphabetic);
            ends
        })
        .collect()
}

fn ends_at(words: &[(&str, Separation)], index: usize, begins: bool, small_letters: bool) -> bool {
    let (text, then) = words[index];
    if then == Separation::Paragraph || index + 1 == words.len() {
        return true;
    }
    let core = text.trim_end_matches(['"', '”', '\'', '’', ')', ']', '»', '*', '_']);
    let next = next_word(words, index + 1);
    if trails_off(text) {
        // "We had... I think": it may go on, and a capital I tells nothing.
        return next.starts_with(char::is_uppercase) && !is_i(next);
    }
    if core.ends_with(['?', '!']) {
        // “Did it work?” I asked.
        let asked = core.len() < text.len()
            && index + 2 < words.len()
            && WORDS.sentences.reporting.contains(&bare(words[index + 2].0));
        if asked {
            return false;
        }
        // "Yahoo! is", "“Why?” asked", but a text in small letters ends so, too.
        return small_letters
            || !next.starts_with(char::is_lowercase)
            || core.len() == text.len() && core.ends_with('?');
    }
    core.ends_with('.') && full_stop_ends(words, index, core, begins, small_letters)
}

fn full_stop_ends(words: &[(&str, Separation)], index: usize, core: &str, begins: bool, small_letters: bool) -> bool {
    let lists = &WORDS.sentences;
    let next = next_word(words, index + 1);
    let stem = core
        .trim_end_matches('.')
        .trim_start_matches(|c: char| !c.is_alphanumeric());
    let lower = stem.to_lowercase();
    let opens = next.starts_with(char::is_uppercase) && lists.openers.contains(&bare(next));
    let number = next.starts_with(|c: char| c.is_ascii_digit());
    // "1. First", "a. Second".
    let counts = stem.len() <= 3 && stem.chars().all(|c| c.is_ascii_digit()) && !stem.is_empty();
    if begins && (counts || stem.chars().count() == 1 && !is_i(stem)) {
        return false;
    }
    if number && (lists.go_on_before_number.contains(&lower) || stem.chars().count() == 1 && !counts) {
        return false;
    }
    // "I live on Main St. We like it."
    let before = index.checked_sub(1).map_or("", |before| words[before].0);
    let before = before.trim_start_matches(['(', '“', '"', '[']);
    if lists.go_on.contains(&lower) {
        let name_before = before.starts_with(char::is_uppercase) && lists.may_end.contains(&lower);
        return name_before && opens;
    }
    if stem.chars().count() == 1 && stem.starts_with(char::is_uppercase) && !is_i(stem) {
        // An initial stands before a name and beside another one, or opens it; "plan B." ends.
        let named = before.is_empty() || before.starts_with(char::is_uppercase) || begins;
        return !(next.starts_with(char::is_lowercase) || named && next.starts_with(char::is_uppercase) && !opens);
    }
    if stem.contains('.') && stem.split('.').all(|part| part.chars().count() <= 3) && stem.contains(char::is_alphabetic)
        || lists.may_end.contains(&lower)
    {
        // "At 5 p.m. We left." against "the U.S. Army".
        return opens
            || small_letters && next.starts_with(char::is_lowercase) && !stem.contains('.') && stem.len() > 3
            || lower == "etc" && next.starts_with(char::is_uppercase);
    }
    // Whoever begins sentences with capitals has abbreviated something here.
    small_letters || !next.starts_with(char::is_lowercase)
}

/// The next word, without the quote or bracket that opens it; bullets and dashes are none.
fn next_word<'a>(words: &[(&'a str, Separation)], from: usize) -> &'a str {
    words[from..]
        .iter()
        .take(4)
        .map(|(text, _)| text.trim_start_matches(|c: char| !c.is_alphanumeric()))
        .find(|text| !text.is_empty())
        .unwrap_or("")
}

fn is_i(word: &str) -> bool {
    let bare = bare(word);
    bare == "i" || bare.starts_with("i'")
}

/// Whether this text begins its sentences with small letters, as chats do.
fn starts_small(words: &[(&str, Separation)]) -> bool {
    let (mut small, mut capital) = (0, 0);
    let mut count = |word: &str| {
        if word.starts_with(char::is_lowercase) {
            small += 1;
        } else if word.starts_with(char::is_uppercase) && !is_i(word) {
            capital += 1;
        }
    };
    if words.is_empty() {
        return false;
    }
    count(next_word(words, 0));
    for index in 1..words.len() {
        let text = words[index - 1].0;
        let core = text.trim_end_matches(['"', '”', ')']);
        let stem = bare(text);
        let plain = core.ends_with('.') && !core.ends_with("..") && stem.len() > 2 && !stem.contains('.');
        let lists = &WORDS.sentences;
        if plain
            && !lists.go_on.contains(&stem)
            && !lists.may_end.contains(&stem)
            && !lists.go_on_before_number.contains(&stem)
        {
            count(next_word(words, index));
        }
    }
    small > capital
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::pieces;

    fn check(text: &str, expected: &[&str]) {
        let pieces = pieces(text);
        let words: Vec<(&str, Separation)> = pieces.iter().map(|piece| (piece.text.as_str(), piece.then)).collect();
        let mut found = vec![String::new()];
        for ((word, _), ends) in words.iter().zip(sentence_ends(&words)) {
            let last = found.last_mut().unwrap();
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(word);
            if ends {
                found.push(String::new());
            }
        }
        found.pop();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn abbreviations_end_no_sentence() {
        for text in [
            "I worked for Dr. Smith at St. Mary's from 9 a.m. to 5 p.m. as a technician.",
            "I know tools, e.g. Splunk and i.e. what a SOC needs.",
            "I compared Splunk vs. Elastic for the U.S. Army.",
            "I was Sr. Analyst because No. 1 was me.",
            "I cut costs by approx. 30 percent, etc. and so on.",
            "J. K. Rowling and George W. Bush met Samuel L. Jackson.",
            "It was 3.5 times faster in Jan. 2020 at Acme Inc. in Boston.",
            "We hired a mgmt. consultant from Acme Corp. for it.",
            "See fig. 3 on p. 12 of vol. 2 by Jones et al. for more.",
            "1. First we looked at the logs.",
            "Yahoo! is a company.",
            "We had... well... a plan.",
        ] {
            check(text, &[text]);
        }
    }

    #[test]
    fn sentences_end_all_the_same() {
        check("I left at 5 p.m. We were done.", &["I left at 5 p.m.", "We were done."]);
        check(
            "I moved to the U.S. My team grew.",
            &["I moved to the U.S.", "My team grew."],
        );
        check("It was me and I. We won.", &["It was me and I.", "We won."]);
        check(
            "We chose plan B. Then it worked.",
            &["We chose plan B.", "Then it worked."],
        );
        check("Did I? No. I did not.", &["Did I?", "No.", "I did not."]);
        check(
            "it broke. we fixed it. it held.",
            &["it broke.", "we fixed it.", "it held."],
        );
        check(
            "Skills\n- Splunk\n- Nmap and more",
            &["Skills", "- Splunk", "- Nmap and more"],
        );
        check("“We won.” She left.", &["“We won.”", "She left."]);
        check("I live on Main St. We like it.", &["I live on Main St.", "We like it."]);
    }
}
