//! What somebody said they did not know or would look up, by the grammar of the sentence that admits it: "I'd have to look
//! up the setuid bit" → setuid bit. Where the thing is not named, or not in a few words, nothing is said: a silly entry in
//! one's list is worse than none.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::{
    insight::{
        JobTerms,
        assets::{WordSet, toml_asset},
        tokenizer::{Sentence, SentenceToken},
    },
    transcript::Transcript,
};

/// The file says what each number and list is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LookUpParameters {
    max_named: usize,
    max_words: usize,
    admission: f32,
    looking_up: Vec<String>,
    not_knowing: Vec<String>,
    words: LookUpWords,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LookUpWords {
    skipped: WordSet,
    skipped_verbs: WordSet,
    ends: WordSet,
    empty: WordSet,
}

pub(super) static PARAMETERS: LazyLock<LookUpParameters> = toml_asset!("insight/look_up.toml");

/// The things that these sentences admit not to know, each once, in the order in which they came.
pub(super) fn look_up<'a>(
    transcript: &Transcript,
    admitting: impl Iterator<Item = &'a Sentence>,
    job_terms: &JobTerms,
) -> Vec<String> {
    let mut things: Vec<String> = Vec::new();
    for sentence in admitting {
        let thing = named(transcript, sentence).or_else(|| only_term(sentence, job_terms));
        if let Some(thing) = thing
            && things.iter().all(|known| !known.eq_ignore_ascii_case(&thing))
        {
            things.push(thing);
        }
    }
    things.truncate(PARAMETERS.max_named);
    things
}

/// What "not know" and "have to look up" add to the log odds that a sentence admits a limit. Alone they prove little: "I'd have
/// to look up the user in the directory" admits none.
pub(super) fn admission(sentence: &Sentence) -> f32 {
    let tokens = &sentence.tokens;
    let must = |phrase: &String| {
        ["have to", "need to"]
            .iter()
            .any(|must| holds(tokens, &format!("{must} {phrase}")))
    };
    if PARAMETERS.looking_up.iter().any(must) || says_not_knowing(sentence) {
        PARAMETERS.admission
    } else {
        0.0
    }
}

/// Whether the words of a sentence say that its speaker does not know or has not done something.
pub(super) fn says_not_knowing(sentence: &Sentence) -> bool {
    let tokens = &sentence.tokens;
    // "When I don't know yet what it is, a sketch is quick" admits nothing.
    let supposes = |end: &usize| {
        let begun = tokens[..*end].iter().rposition(|token| token.starts_clause);
        let mut clause = tokens[begun.unwrap_or_default()..*end].iter();
        clause.any(|token| matches!(token.text.as_str(), "when" | "whenever" | "if" | "until" | "unless"))
    };
    let mut phrases = PARAMETERS.not_knowing.iter();
    phrases.any(|phrase| ends_of(tokens, phrase).iter().any(|end| !supposes(end)))
}

/// Whether a sentence says what its speaker would do: "I'd ask", "I could read".
pub(super) fn says_what_i_would_do(sentence: &Sentence) -> bool {
    let is_i = |token: &SentenceToken| token.text == "i";
    let is_modal = |token: &SentenceToken| matches!(token.text.as_str(), "would" | "will" | "could" | "can");
    let mut pairs = sentence.tokens.windows(2);
    pairs.any(|pair| is_i(&pair[0]) && is_modal(&pair[1]))
}

/// Whether one of the phrases for looking something up stands in a sentence, or "look that up".
pub(super) fn holds_looking_up(sentence: &Sentence) -> bool {
    let mut phrases = PARAMETERS.looking_up.iter();
    let mut threes = sentence.tokens.windows(3);
    phrases.any(|phrase| holds(&sentence.tokens, phrase))
        || threes.any(|three| three[0].base == "look" && three[2].text == "up")
}

/// Whether a phrase of base forms stands in a sentence.
pub(super) fn holds(tokens: &[SentenceToken], phrase: &str) -> bool {
    !ends_of(tokens, phrase).is_empty()
}

/// The thing that follows the words of admission.
fn named(transcript: &Transcript, sentence: &Sentence) -> Option<String> {
    let phrases = PARAMETERS.looking_up.iter().chain(&PARAMETERS.not_knowing);
    named_after(transcript, sentence, phrases)
}

/// The thing that follows words of not knowing.
pub(super) fn not_known(transcript: &Transcript, sentence: &Sentence) -> Option<String> {
    named_after(transcript, sentence, PARAMETERS.not_knowing.iter())
}

fn named_after<'a>(
    transcript: &Transcript,
    sentence: &Sentence,
    phrases: impl Iterator<Item = &'a String>,
) -> Option<String> {
    let mut ends: Vec<usize> = phrases
        .flat_map(|phrase| ends_of(&sentence.tokens, phrase))
        .filter(|end| !sentence.tokens[end - 1].ends_clause)
        .collect();
    // Of phrases that end later the longest says most: "look up" before "look".
    ends.sort_unstable();
    ends.dedup();
    ends.into_iter().rev().find_map(|end| {
        let thing = thing_after(&sentence.tokens[end..])?;
        Some(as_written(transcript, sentence, thing))
    })
}

/// Where a phrase of base forms ends in a sentence.
fn ends_of(tokens: &[SentenceToken], phrase: &str) -> Vec<usize> {
    let words: Vec<&str> = phrase.split(' ').collect();
    let same = |token: &SentenceToken, word: &str| token.text == word || token.base == word;
    tokens
        .windows(words.len())
        .zip(words.len()..)
        .filter(|(window, _)| window.iter().zip(&words).all(|(token, word)| same(token, word)))
        .map(|(_, end)| end)
        .collect()
}

/// "how the setuid bit works" → setuid bit.
fn thing_after(tokens: &[SentenceToken]) -> Option<&[SentenceToken]> {
    let words = &PARAMETERS.words;
    let mut first = 0;
    let mut asks = false;
    while let Some(token) = tokens.get(first) {
        let verb_after_to = first > 0 && tokens[first - 1].text == "to";
        let skipped = words.skipped.contains(&token.text)
            || asks && words.skipped_verbs.contains(&token.base)
            || token.text == "to"
            || verb_after_to;
        if !skipped {
            break;
        }
        if token.ends_clause {
            return None;
        }
        asks |= matches!(token.text.as_str(), "what" | "how" | "which" | "why" | "where" | "when");
        first += 1;
    }
    let rest = &tokens[first..];
    let mut length = 0;
    for token in rest {
        if words.ends.contains(&token.text) {
            break;
        }
        length += 1;
        if token.ends_clause {
            break;
        }
    }
    let mut thing = &rest[..length];
    while let Some((last, others)) = thing.split_last()
        && (words.empty.contains(&last.base) || words.skipped.contains(&last.text))
        && others
            .iter()
            .all(|token| words.empty.contains(&token.base) || words.skipped.contains(&token.text))
    {
        thing = others;
    }
    while let Some((last, others)) = thing.split_last()
        && words.skipped.contains(&last.text)
    {
        thing = others;
    }
    let names = thing
        .iter()
        .any(|token| !words.empty.contains(&token.base) && token.text.chars().count() > 1);
    (names && thing.len() <= PARAMETERS.max_words).then_some(thing)
}

/// With the capitals of the transcript, where the words stand there as they do here.
fn as_written(transcript: &Transcript, sentence: &Sentence, thing: &[SentenceToken]) -> String {
    let words = &transcript.words[sentence.words.clone()];
    let written = words.windows(thing.len()).find(|window| {
        let mut pairs = window.iter().zip(thing);
        pairs.all(|(word, token)| word.bare() == token.text)
    });
    let texts: Vec<&str> = match written {
        Some(window) => window
            .iter()
            .map(|word| {
                word.text
                    .trim_matches(|c: char| !c.is_alphanumeric() && c != '+' && c != '#')
            })
            .collect(),
        None => thing.iter().map(|token| token.text.as_str()).collect(),
    };
    texts.join(" ")
}

/// The job term that the sentence uses, where it uses one only.
fn only_term(sentence: &Sentence, job_terms: &JobTerms) -> Option<String> {
    let inside =
        |words: &&std::ops::Range<usize>| words.start >= sentence.words.start && words.end <= sentence.words.end;
    let mut used = job_terms
        .used
        .iter()
        .filter(|used| used.words.iter().any(|words| inside(&words)));
    let only = used.next()?;
    used.next().is_none().then(|| only.term.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::{token_view::TokenView, tokenizer::sentences};

    fn check(text: &str, expected: &[&str]) {
        let transcript = Transcript::typed(text);
        let list = sentences(&TokenView::new(&transcript));
        let found = look_up(&transcript, list.iter(), &JobTerms::default());
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn the_thing_is_named_as_it_was_said() {
        check("I'd have to look up the setuid bit.", &["setuid bit"]);
        check(
            "Honestly, I don't know how Kerberos delegation works.",
            &["Kerberos delegation"],
        );
        check(
            "I'm not sure what the sticky bit does, but I'd look it up.",
            &["sticky bit"],
        );
        check("I have never used Terraform, so I'd ask somebody.", &["Terraform"]);
        check("I haven't really worked with Power BI yet.", &["Power BI"]);
        check("I've no experience with load balancers.", &["load balancers"]);
        check(
            "I don't know how to configure SELinux off the top of my head.",
            &["SELinux"],
        );
        check("I would need to read up on BGP and then come back to you.", &["BGP"]);
    }

    #[test]
    fn what_is_not_named_is_left_out() {
        for text in [
            "I don't know.",
            "I'm not sure, to be honest.",
            "I'd have to look that up.",
            "I don't remember the exact details.",
            "I'd find out.",
            "I don't know what to say to that.",
            "I'm not sure I would do it that way because of how the whole place ran on its own.",
        ] {
            check(text, &[]);
        }
    }
}
