//! Repeats: words and phrases said again at once, as people do while they look for the next word.
//!
//! What counts follows Shriberg (1994, Preliminaries to a Theory of Speech Disfluencies): a repetition is a stretch of
//! words said again with nothing but fillers between, and a cut-off word repaired at once belongs to it. Doubling for
//! emphasis ("very, very"), doubles of grammar ("that that") and what is spelled out ("one one two") are not repeats.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::insight::{
    Repeat,
    assets::{WordSet, toml_asset},
    fillers::grammar::{is_adjective, is_verb},
    token_view::{Token, TokenView},
};
use crate::text::{is_held, is_known, trails_off};

/// What tells repeats from doubles on purpose; the file says what each list is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RepeatWords {
    max_phrase_words: usize,
    fillers: Vec<String>,
    intended: WordSet,
    numbers: WordSet,
    clause_openers: WordSet,
    prefixes: WordSet,
    hyphen_doubles: WordSet,
    relatives: WordSet,
    auxiliaries: WordSet,
    object_pronouns: WordSet,
    pronouns: WordSet,
    links: WordSet,
    after_opening_so: WordSet,
    nouns_of_content: WordSet,
    particle_verbs: WordSet,
    particles: WordSet,
    free_relatives: WordSet,
    emphatic_do_contexts: WordSet,
    subordinators: WordSet,
    comparatives: WordSet,
    clause_contexts: WordSet,
    predicate_openers: WordSet,
}

pub(super) static WORDS: LazyLock<RepeatWords> = toml_asset!("insight/repeats.toml");

/// Every repeat of an answer, in order; the longest phrase wins.
pub(super) fn repeats(view: &TokenView<'_>) -> Vec<Repeat> {
    let mut repeats = Vec::new();
    let mut runs = RunCache::new();
    let mut index = 0;
    while index < view.tokens.len() {
        if let Some((text, count)) = stutter(view, index) {
            repeats.push(Repeat {
                text: with_capital_i(text),
                count,
                words: view.words(index, index + 1),
                span: view.span(index, index + 1),
            });
        }
        let Some(found) = repeat_at(view, &mut runs, index) else {
            index += 1;
            continue;
        };
        let text: Vec<&str> = view.tokens[found.shown..found.shown + found.length]
            .iter()
            .map(|token| token.bare.as_str())
            .collect();
        repeats.push(Repeat {
            text: with_capital_i(&text.join(" ")),
            count: found.count,
            words: view.words(index, found.end),
            span: view.span(index, found.end),
        });
        index = found.end;
    }
    repeats
}

/// A word that is begun several times before it comes: "I-I-I", "w-we", "p-p-problem". The word, and how often.
fn stutter<'a>(view: &'a TokenView<'_>, index: usize) -> Option<(&'a str, usize)> {
    let token = &view.tokens[index];
    let (begun, whole) = token.bare.rsplit_once('-')?;
    let begun: Vec<&str> = begun.split('-').collect();
    if whole.is_empty() || !begun.iter().all(|part| !part.is_empty() && whole.starts_with(part)) {
        return None;
    }
    let small = WORDS.clause_openers.contains(whole);
    let stutters = if begun.iter().all(|part| *part == whole) {
        small && !WORDS.hyphen_doubles.contains(whole)
    } else {
        let short = begun.iter().all(|part| part.chars().count() <= 3);
        // "D-Day", "T-test".
        let letter = view.transcript.words[token.at].text.starts_with(char::is_uppercase) && token.name;
        let word =
            is_known(whole) && !letter && !begun.iter().any(|part| WORDS.prefixes.contains(part) || is_known(part));
        short && (begun.len() > 1 || small || word)
    };
    stutters.then_some((whole, begun.len() + 1))
}

struct RepeatMatch {
    /// Words in one occurrence.
    length: usize,
    count: usize,
    /// Past the last token.
    end: usize,
    /// The occurrence that shows all of its words.
    shown: usize,
}

/// The occurrences of a phrase from one token on.
#[derive(Clone, Copy)]
struct OccurrenceRun {
    count: usize,
    /// Where the last one begins.
    last: usize,
}

/// Runs by the length of their phrase and their first token. What follows a token does not depend on what precedes it, so
/// that a run that turns out not to be a repeat ("very very very") is followed once, not from each of its words.
struct RunCache(Vec<Vec<Option<OccurrenceRun>>>);

impl RunCache {
    fn new() -> Self {
        Self(vec![Vec::new(); WORDS.max_phrase_words])
    }

    fn follow(&mut self, view: &TokenView<'_>, start: usize, length: usize) -> OccurrenceRun {
        let known = &mut self.0[length - 1];
        let known_at = |known: &[Option<OccurrenceRun>], at: usize| known.get(at).copied().flatten();
        let mut visited = Vec::new();
        let mut at = start;
        let mut run = loop {
            if let Some(run) = known_at(known, at) {
                break run;
            }
            let Some(again) = next_occurrence(view, at, length) else {
                break OccurrenceRun { count: 1, last: at };
            };
            visited.push(at);
            at = again;
        };
        if !visited.is_empty() {
            known.resize(view.tokens.len(), None);
        }
        for place in visited.into_iter().rev() {
            run.count += 1;
            known[place] = Some(run);
        }
        run
    }
}

fn repeat_at(view: &TokenView<'_>, runs: &mut RunCache, index: usize) -> Option<RepeatMatch> {
    (1..=WORDS.max_phrase_words).rev().find_map(|length| {
        // "word word word word" is one word four times, not two twice.
        let phrase = view.tokens.get(index..index + length)?;
        if length > 1 && phrase.iter().all(|token| token.bare == phrase[0].bare) {
            return None;
        }
        let OccurrenceRun { count, last } = runs.follow(view, index, length);
        let real = count > 1 && !is_intended(view, index, length, count, last);
        real.then_some(RepeatMatch {
            length,
            count,
            end: last + length,
            shown: last,
        })
    })
}

/// Where the phrase is said again: at once, or after a verbal filler ("we, you know, we").
fn next_occurrence(view: &TokenView<'_>, start: usize, length: usize) -> Option<usize> {
    let end = start + length;
    let after = |between: usize| {
        let again = end + between;
        (same_words(view, start, again, length) && in_one_sentence(view, start, again)).then_some(again)
    };
    // A word broken off between them ("I was going I- I was going") belongs to the second start.
    let broken = || {
        let begins = |token: &Token| token.cut_off && view.tokens[start].bare.starts_with(&token.bare);
        usize::from(view.tokens.get(end).is_some_and(begins))
    };
    after(0)
        .or_else(|| after(filler_length(view, start, end)))
        .or_else(|| after(broken()))
}

/// The number of words in the filler that starts here, 0 where none does. The repeated word itself is not one.
fn filler_length(view: &TokenView<'_>, start: usize, index: usize) -> usize {
    let repeated = view.bare(Some(start));
    // "We sooo we": a word that is held is one, too.
    if view
        .tokens
        .get(index)
        .is_some_and(|token| is_held(&token.bare) && !is_known(&token.bare))
    {
        return 1;
    }
    let mut lengths = WORDS.fillers.iter().filter_map(|filler| {
        let stands_here = (index..)
            .zip(filler.split(' '))
            .all(|(at, word)| view.bare(Some(at)) == word);
        let length = filler.split(' ').count();
        (filler.split(' ').next() != Some(repeated) && stands_here).then_some(length)
    });
    lengths.next().unwrap_or(0)
}

/// The same words, where the last of the first may be cut off ("we ha- we had").
fn same_words(view: &TokenView<'_>, first: usize, second: usize, length: usize) -> bool {
    let tokens = &view.tokens;
    if second + length > tokens.len() {
        return false;
    }
    (0..length).all(|offset| {
        let (one, other) = (&tokens[first + offset], &tokens[second + offset]);
        if one.bare != other.bare && is_begun(view, one) {
            return offset + 1 == length && other.bare.starts_with(&one.bare);
        }
        one.bare == other.bare
    })
}

/// Broken off before its end: "ha-"; "th—" and "serv…" where that is no word.
fn is_begun(view: &TokenView<'_>, token: &Token) -> bool {
    let text = &view.transcript.words[token.at].text;
    let hyphen = text.trim_end_matches([',', '.', '…']).ends_with('-') && !text.ends_with("--");
    let no_word = || !is_known(&token.bare) && !WORDS.clause_openers.contains(&token.bare);
    token.cut_off && hyphen || (token.cut_off || trails_off(text)) && no_word()
}

/// No sentence ends between the occurrences, except after a lone word that cannot be a sentence ("The. The server").
fn in_one_sentence(view: &TokenView<'_>, first: usize, second: usize) -> bool {
    let ends = view.tokens[first..second]
        .iter()
        .filter(|token| token.ends_sentence)
        .count();
    let lone =
        second == first + 1 && WORDS.clause_openers.contains(&view.tokens[first].bare) && view.starts_sentence(first);
    // People stumble within a line; texts begin lines alike.
    let one_line = !view.tokens[first..second].iter().any(|token| token.ends_line);
    one_line && (ends == 0 || lone)
}

/// Doubled on purpose or by grammar. `last` is where the last occurrence begins.
fn is_intended(view: &TokenView<'_>, index: usize, length: usize, count: usize, last: usize) -> bool {
    let phrase = &view.tokens[index..index + length];
    // What was broken off was not meant.
    if phrase[length - 1].bare != view.tokens[last + length - 1].bare {
        return false;
    }
    let small = |token: &Token| WORDS.clause_openers.contains(&token.bare);
    let spelled_out = phrase.iter().all(|token| is_spelled_out(&token.bare));
    if spelled_out || closes_subordinate(view, index, length) || is_name(view, last, length) {
        return true;
    }
    // A quotation is told as it was.
    if phrase.iter().all(|token| token.quoted) && view.tokens[last].quoted {
        return true;
    }
    // "It works, it works!", "Security: security matters".
    let text = &view.transcript.words[phrase[length - 1].at].text;
    let ends_so = view.tokens[last + length - 1].ends_sentence && phrase[length - 1].ends_clause;
    if (length > 1 || !small(&phrase[0])) && (ends_so || text.ends_with([':', ';'])) {
        return true;
    }
    match length {
        1 => is_intended_word(view, index, count),
        2 => is_intended_pair(view, index, count),
        _ => false,
    }
}

/// "Walla Walla", "New York, New York": every word has its capital where no sentence begins.
fn is_name(view: &TokenView<'_>, last: usize, length: usize) -> bool {
    view.tokens[last..last + length].iter().all(|token| {
        let word = WORDS.clause_openers.contains(&token.bare) && !token.acronym;
        (token.name || token.acronym) && !word
    })
}

/// "One one two", "s s l".
fn is_spelled_out(word: &str) -> bool {
    WORDS.numbers.contains(word)
        || word.chars().all(|c| !c.is_alphabetic())
        || word.chars().count() == 1 && !["i", "a"].contains(&word)
}

fn is_intended_pair(view: &TokenView<'_>, index: usize, count: usize) -> bool {
    let (first, second) = (view.tokens[index].bare.as_str(), view.tokens[index + 1].bare.as_str());
    // "Step by step by step", "over and over and over".
    let links = &WORDS.links;
    let chained = links.contains(first) && view.before(index, 1) == second
        || links.contains(second) && count == 2 && view.after(index, 4) == first;
    // "If it is it is", "what I did I did well".
    let relative = WORDS.subordinators.contains(view.before(index, 1)) && count == 2 && is_verb_form(second);
    if relative {
        return true;
    }
    let polite = first == "thank" && second == "you" || first == "excuse" && second == "me";
    // "Very very very very", "no no no no".
    chained || polite || WORDS.intended.contains(first) && first == second
}

fn is_intended_word(view: &TokenView<'_>, index: usize, count: usize) -> bool {
    let word = view.tokens[index].bare.as_str();
    // "So so what I did was": a start said twice, where "so so good" says it with weight.
    if word == "so" && view.starts_sentence(index) && WORDS.after_opening_so.contains(view.after(index, 2)) {
        return false;
    }
    if WORDS.intended.contains(word) || is_verb_form(word) && follows_relative(view, index) {
        return true;
    }
    if WORDS.pronouns.contains(word) {
        return count == 2 && !can_open_clause(view, index);
    }
    let comma = view.tokens[index].ends_clause;
    match word {
        // "What it is is a race", "the thing is is that".
        "is" | "was" => (1..=6).any(|back| {
            let subject = view.before(index, back);
            WORDS.free_relatives.contains(subject)
                || WORDS.nouns_of_content.contains(subject) && view.after(index, 2) == "that"
        }),
        "do" | "did" | "does" => {
            let told = (1..=4).any(|back| WORDS.emphatic_do_contexts.contains(view.before(index, back)));
            (told || ["i", "you", "they"].contains(&view.before(index, 1))) && !comma
        }
        // "Log in in the morning", "turned it in in time".
        _ if WORDS.particles.contains(word) => {
            WORDS.object_pronouns.contains(view.before(index, 1))
                || (1..=4).any(|back| WORDS.particle_verbs.contains(view.before(index, back)))
        }
        _ if WORDS.clause_openers.contains(word) => false,
        // "Agar agar": neither half is a word of its own. "Hard hard", "go go go": said with weight.
        _ if !is_known(word) || is_adjective(word) => true,
        _ if view.starts_clause(index) && (is_verb(word) || view.tokens[index + count - 1].ends_clause) => true,
        // "If you have logs, logs tell you", "location, location, location".
        _ if comma => {
            count > 2 || view.before(index, 1) == word || WORDS.predicate_openers.contains(view.after(index + 1, 1))
        }
        _ => false,
    }
}

/// "If you ask, ask early", "whatever it is, it is slow", "the more you know, the more you see": the first closes one
/// clause, and the second opens the next.
fn closes_subordinate(view: &TokenView<'_>, index: usize, length: usize) -> bool {
    if length == 2 && view.bare(Some(index)) == "the" && WORDS.comparatives.contains(view.bare(Some(index + 1))) {
        return true;
    }
    let comma = view.tokens[index + length - 1].ends_clause;
    comma && follows(view, index, &WORDS.subordinators)
}

/// Whether one of these words stands before this one in its clause, ten words back at most.
fn follows(view: &TokenView<'_>, index: usize, words: &WordSet) -> bool {
    const FARTHEST: usize = 10;
    (1..=FARTHEST.min(index))
        .map(|back| &view.tokens[index - back])
        .take_while(|token| !token.ends_clause)
        .any(|token| words.contains(&token.bare))
}

/// "What matters matters", "those who can can", "what it is is".
fn follows_relative(view: &TokenView<'_>, index: usize) -> bool {
    follows(view, index, &WORDS.relatives)
}

/// A form that can be a sentence's verb.
fn is_verb_form(word: &str) -> bool {
    WORDS.auxiliaries.contains(word) || is_verb(word)
}

/// Whether a clause can begin with the word at this place, told by the one before it.
fn can_open_clause(view: &TokenView<'_>, index: usize) -> bool {
    view.starts_clause(index) || WORDS.clause_contexts.contains(view.before(index, 1))
}

fn with_capital_i(text: &str) -> String {
    let words: Vec<String> = text
        .split(' ')
        .map(|word| match word.strip_prefix('i') {
            Some(rest) if rest.is_empty() || rest.starts_with('\'') => format!("I{rest}"),
            _ => word.to_owned(),
        })
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::Transcript;

    fn check(text: &str, expected: &str) {
        let transcript = Transcript::typed(text);
        let found: Vec<String> = repeats(&TokenView::new(&transcript))
            .into_iter()
            .map(|repeat| format!("{} x{}", repeat.text, repeat.count))
            .collect();
        assert_eq!(found.join(" | "), expected, "{text}");
    }

    #[test]
    fn words_and_phrases_said_again_are_found() {
        check("For example, I, I used Splunk.", "I x2");
        check("In my project I used, I used tokens.", "I used x2");
        check("So we had we had we had a plan.", "we had x3");
        check("And she, um, she left.", "she x2");
        check("We, you know, we tried the the other one.", "we x2 | the x2");
        check(
            "I think that we should I think that we should go.",
            "I think that we should x2",
        );
    }

    #[test]
    fn cut_off_words_mended_at_once_are_found() {
        check("We ha- we had a plan.", "we had x2");
        check("It was a mig- migration.", "migration x2");
        check("I was going I- I was going home.", "I was going x2");
    }

    #[test]
    fn doubles_of_grammar_and_emphasis_are_none() {
        for text in [
            "I know that that works and he had had enough.",
            "It was very, very slow, no no, really really slow.",
            "The number is one one two, port eight zero eight zero.",
            "Bye bye and yes yes.",
            "We went step by step by step, over and over and over.",
            "If we fixed it, it worked, and without it it failed.",
            "It failed. It failed again.",
            "What it is is a race.",
            "You log in in the morning.",
            "Location, location, location.",
            "When you have logs, logs tell you a lot.",
            "He spelled it s s l.",
        ] {
            check(text, "");
        }
    }
}
