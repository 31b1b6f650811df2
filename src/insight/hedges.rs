//! Hedges: words that take certainty away. The list follows Hyland (1998, Hedging in Scientific Research Articles) and
//! the spoken ones of Carter and `McCarthy` (2006, Cambridge Grammar of English); context keeps out the other
//! uses ("think about the user", "just in time", "a just cause").

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

use crate::insight::{
    Hedge,
    assets::{WordSet, toml_asset},
    fillers::{
        grammar::{is_adjective, is_be, is_quantity, is_verb},
        is_sort_of_filler,
    },
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
    of_a_clause: ClauseWords,
    at_an_edge: EdgeWords,
    reported: ReportWords,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClauseWords {
    phrases: Vec<String>,
    openers: WordSet,
    said: WordSet,
    reach: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EdgeWords {
    phrases: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReportWords {
    verbs: WordSet,
    verbs_with_person: WordSet,
    persons: WordSet,
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
    #[serde(default)]
    then: WordSet,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct JustWords {
    after_in_time: WordSet,
    before_perfect: WordSet,
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
    let bare = view.tokens[index].bare.as_str();
    let phrases = PHRASES_BY_FIRST_WORD.get(bare);
    if phrases.is_none() && !["i", "just", "sort", "kind"].contains(&bare) || is_reported(view, index) {
        return None;
    }
    let next = view.after_in_clause(index, 1);
    let by_context = match bare {
        "i" => match next {
            "think" if think_has_clause(view, index) => Some(("I think", 2)),
            "believe" if believe_has_clause(view, index) => Some(("I believe", 2)),
            _ => None,
        },
        "just" => just_minimizes(view, index).then_some(("just", 1)),
        "sort" if next == "of" => is_sort_of_filler(view, index).then_some(("sort of", 2)),
        "kind" if next == "of" => is_sort_of_filler(view, index).then_some(("kind of", 2)),
        _ => None,
    };
    if let Some((text, length)) = by_context {
        return Some((text.to_owned(), length));
    }
    phrases?.iter().find_map(|(phrase, words)| {
        let found = view.is_at(index, words) && !has_another_sense(view, index, phrase, words.len());
        found.then(|| (with_capital_i(phrase), words.len()))
    })
}

fn with_capital_i(phrase: &str) -> String {
    let spaced = usize::from(phrase.starts_with("i "));
    phrase.replacen("i'", "I'", 1).replacen("i ", "I ", spaced)
}

/// What somebody else said or wrote is not the speaker's doubt: "she said maybe", “maybe”.
fn is_reported(view: &TokenView<'_>, index: usize) -> bool {
    let words = &WORDS.reported;
    let before = view.before(index, 1);
    let told = |back: usize| {
        let (verb, person) = (view.before(index, back), view.before(index, back + 1));
        words.verbs.contains(verb) || words.persons.contains(verb) && words.verbs_with_person.contains(person)
    };
    // "They said they might come": a phrase with "I" is one's own, even so.
    let own = ["i", "i'm", "i'd"].contains(&view.bare(Some(index)));
    let in_clause = || {
        (3..=6)
            .any(|back| (1..=back).all(|nearer| !view.tokens[index.saturating_sub(nearer)].ends_clause) && told(back))
    };
    view.tokens[index].quoted || told(1) || before == "that" && told(2) || !own && (told(2) || in_clause())
}

/// "I think it was late" against "I think about it a lot", "the way I think", "I think, then I act".
fn think_has_clause(view: &TokenView<'_>, index: usize) -> bool {
    let words = &WORDS.think;
    let (before, next) = (view.before(index, 1), view.after_in_clause(index, 2));
    if words.contexts.contains(before) && !view.starts_clause(index) || words.objects.contains(next) {
        return false;
    }
    if view.tokens[index + 1].ends_clause {
        return !words.then.contains(view.after(index, 2));
    }
    // "I think critically."
    let manner = next.len() > 4 && next.ends_with("ly") && view.tokens[index + 2].ends_clause;
    !manner
}

fn believe_has_clause(view: &TokenView<'_>, index: usize) -> bool {
    let next = view.after_in_clause(index, 2);
    let object = WORDS.believe.objects.contains(next);
    let it_was = object
        && next != "in"
        && view
            .rest_of_clause(index + 3)
            .iter()
            .take(2)
            .any(|token| is_clause_verb(&token.bare));
    !object && begins_clause(view, index + 2) || it_was
}

/// "It was just a small thing" against "just in time", "we had just started", "not just me".
fn just_minimizes(view: &TokenView<'_>, index: usize) -> bool {
    let words = &WORDS.just;
    let next = view.after_in_clause(index, 1);
    let before = view.before(index, 1);
    !next.is_empty() && !words.after_in_time.contains(next) && !words.before_perfect.contains(before)
}

/// Whether a clause begins at this token, or nothing follows the phrase before it: "I guess we left", "…, I guess."
fn begins_clause(view: &TokenView<'_>, index: usize) -> bool {
    let words = &WORDS.of_a_clause;
    let rest = view.rest_of_clause(index);
    let Some(first) = rest.first() else {
        return true;
    };
    words.openers.contains(&first.bare)
        || is_quantity(&first.bare) && first.bare != "a"
        || is_adjective(&first.bare) && first.bare.ends_with("ly")
        || rest
            .iter()
            .skip(1)
            .take(words.reach)
            .any(|token| is_clause_verb(&token.bare))
}

/// A verb that a clause has of its own: BE, an auxiliary, a form in the past or of the third person.
fn is_clause_verb(word: &str) -> bool {
    const AUXILIARIES: [&str; 12] = [
        "can", "could", "will", "would", "should", "may", "might", "must", "has", "have", "does", "do",
    ];
    let inflected = (word.ends_with("ed") || word.ends_with('s') && !word.ends_with("ss")) && is_verb(word);
    is_be(word)
        || AUXILIARIES.contains(&word)
        || inflected
        || word.ends_with("n't")
        || ["went", "was", "had", "did", "got", "made", "came", "took"].contains(&word)
}

fn has_another_sense(view: &TokenView<'_>, index: usize, phrase: &str, length: usize) -> bool {
    let (before, next) = (view.before(index, 1), view.after_in_clause(index, length));
    // An answer, not a hedge.
    let alone = phrase == "not really" && before.is_empty() && view.after(index, length).is_empty();
    let clause = &WORDS.of_a_clause;
    let of_a_clause = || clause.phrases.iter().any(|known| known == phrase);
    let at_an_edge = || WORDS.at_an_edge.phrases.iter().any(|known| known == phrase);
    // "In a way it was my fault" opens a clause with a subject.
    let inside =
        || !(next.is_empty() || phrase == "in a way" && view.starts_clause(index) && clause.openers.contains(next));
    // "She smiled hopefully at us".
    let manner = phrase == "hopefully"
        && !view.starts_clause(index)
        && before.ends_with("ed")
        && (next.is_empty() || ["at", "toward", "towards"].contains(&next));
    alone
        || manner
        || of_a_clause()
            && (phrase.ends_with("say") && clause.said.contains(next) || !begins_clause(view, index + length))
        || at_an_edge() && inside()
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
