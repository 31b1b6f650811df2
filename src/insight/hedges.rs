//! Hedges: words that take certainty away. The list follows Hyland (1998, Hedging in Scientific Research Articles) and
//! the spoken ones of Carter and `McCarthy` (2006, Cambridge Grammar of English); context keeps out the other
//! uses ("think about the user", "just in time", "a just cause").

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

use crate::insight::{
    Hedge,
    assets::{WordSet, toml_asset},
    token_view::TokenView,
};

/// The hedges, and what shows another sense; the file says what each list is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HedgeWords {
    phrases: Vec<String>,
    another_sense: HashMap<String, Surroundings>,
    think: VerbWords,
    believe: VerbWords,
    just: JustWords,
    kind_of: KindOfWords,
}

/// Words beside a phrase.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Surroundings {
    before: WordSet,
    after: WordSet,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct VerbWords {
    objects: WordSet,
    #[serde(default)]
    contexts: WordSet,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct JustWords {
    after_in_time: WordSet,
    before_perfect: WordSet,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct KindOfWords {
    determiners: WordSet,
}

pub(super) static WORDS: LazyLock<HedgeWords> = toml_asset!("insight/hedges.toml");

/// A phrase and its words.
type HedgePhrase = (&'static str, Vec<&'static str>);

/// The phrases by their first word, in the order of the list.
static PHRASES_BY_FIRST_WORD: LazyLock<HashMap<&str, Vec<HedgePhrase>>> = LazyLock::new(|| {
    let mut phrases: HashMap<&str, Vec<HedgePhrase>> = HashMap::new();
    for phrase in &WORDS.phrases {
        let words: Vec<&str> = phrase.split(' ').collect();
        phrases.entry(words[0]).or_default().push((phrase, words));
    }
    phrases
});

/// Every hedge of an answer, in order.
pub(super) fn hedges(view: &TokenView<'_>) -> Vec<Hedge> {
    let mut hedges = Vec::new();
    let mut index = 0;
    while index < view.tokens.len() {
        let Some((text, length)) = hedge_at(view, index) else {
            index += 1;
            continue;
        };
        hedges.push(Hedge {
            text,
            words: view.words(index, index + length),
            span: view.span(index, index + length),
        });
        index += length;
    }
    hedges
}

fn hedge_at(view: &TokenView<'_>, index: usize) -> Option<(String, usize)> {
    let by_context = match view.tokens[index].bare.as_str() {
        "i" => match view.after(index, 1) {
            "think" if think_has_clause(view, index) => Some(("I think", 2)),
            "believe" if !WORDS.believe.objects.contains(view.after(index, 2)) => Some(("I believe", 2)),
            _ => None,
        },
        "just" => just_minimizes(view, index).then_some(("just", 1)),
        "sort" | "kind" if view.after(index, 1) == "of" => kind_of_hedges(view, index).then(|| {
            let text = if view.tokens[index].bare == "sort" {
                "sort of"
            } else {
                "kind of"
            };
            (text, 2)
        }),
        _ => None,
    };
    if let Some((text, length)) = by_context {
        return Some((text.to_owned(), length));
    }
    PHRASES_BY_FIRST_WORD
        .get(view.tokens[index].bare.as_str())?
        .iter()
        .find_map(|(phrase, words)| {
            let found = view.is_at(index, words) && !has_another_sense(view, index, phrase, words.len());
            found.then(|| {
                (
                    phrase
                        .replacen("i'", "I'", 1)
                        .replacen("i ", "I ", usize::from(phrase.starts_with("i "))),
                    words.len(),
                )
            })
        })
}

/// "I think it was late" against "I think about it a lot" and "the way I think".
fn think_has_clause(view: &TokenView<'_>, index: usize) -> bool {
    let words = &WORDS.think;
    !words.objects.contains(view.after(index, 2)) && !words.contexts.contains(view.before(index, 1))
}

/// "It was just a small thing" against "just in time", "we had just started", "not just me".
fn just_minimizes(view: &TokenView<'_>, index: usize) -> bool {
    let words = &WORDS.just;
    let next = view.after(index, 1);
    !next.is_empty() && !words.after_in_time.contains(next) && !words.before_perfect.contains(view.before(index, 1))
}

/// "It was kind of slow" against "a new kind of tool".
fn kind_of_hedges(view: &TokenView<'_>, index: usize) -> bool {
    view.starts_clause(index) || !WORDS.kind_of.determiners.contains(view.before(index, 1))
}

fn has_another_sense(view: &TokenView<'_>, index: usize, phrase: &str, length: usize) -> bool {
    let (before, next) = (view.before(index, 1), view.after(index, length));
    // An answer, not a hedge.
    let alone = phrase == "not really" && before.is_empty() && next.is_empty();
    alone
        || WORDS
            .another_sense
            .get(phrase)
            .is_some_and(|words| words.before.contains(before) || words.after.contains(next))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::Transcript;

    fn check(text: &str, expected: &str) {
        let transcript = Transcript::typed(text);
        let found: Vec<String> = hedges(&TokenView::new(&transcript))
            .into_iter()
            .map(|hedge| hedge.text)
            .collect();
        assert_eq!(found.join(" | "), expected, "{text}");
    }

    #[test]
    fn hedges_are_found_in_their_place() {
        check(
            "I think it was maybe a little bit slow.",
            "I think | maybe | a little bit",
        );
        check("I was just the intern, I guess.", "just | I guess");
        check(
            "I'd say it was sort of my idea, or something.",
            "I'd say | sort of | or something",
        );
        check("We might have missed it.", "might");
    }

    #[test]
    fn the_same_words_in_another_sense_are_none() {
        check("I think about the user, and the way I think changed.", "");
        check("We were just in time and had just started.", "");
        check("A new kind of tool with all its might.", "");
        check("I believe in tests.", "");
    }
}
