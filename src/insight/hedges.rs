//! Hedges: words that take certainty away. The list follows Hyland (1998, Hedging in Scientific Research Articles) and
//! the spoken ones of Carter and `McCarthy` (2006, Cambridge Grammar of English); context keeps out the other
//! uses ("think about the user", "just in time", "a just cause").

use std::{collections::HashMap, sync::OnceLock};

use crate::insight::{
    Hedge,
    token_view::{TokenView, is_one_of},
};

/// Phrases that are hedges wherever they stand, longest first.
const PHRASES: &[&str] = &[
    "i'm not sure but",
    "something along those lines",
    "as far as i know",
    "to some extent",
    "for the most part",
    "if that makes sense",
    "i'm not an expert but",
    "correct me if i'm wrong",
    "i would say",
    "i want to say",
    "a little bit",
    "more or less",
    "i feel like",
    "or something",
    "or whatever",
    "pretty much",
    "in a way",
    "i'd say",
    "a bit",
    "i guess",
    "i suppose",
    "i imagine",
    "i assume",
    "not really",
    "maybe",
    "perhaps",
    "probably",
    "possibly",
    "hopefully",
    "somewhat",
    "presumably",
    "apparently",
    "supposedly",
    "arguably",
    "might",
    "kinda",
    "sorta",
    "ish",
    "roughly speaking",
    "seems like",
    "it seems",
];

/// A phrase and its words.
type HedgePhrase = (&'static str, Vec<&'static str>);

/// The phrases by their first word, those of one word in the order of the list.
fn phrases_starting_with(word: &str) -> &'static [HedgePhrase] {
    static READ: OnceLock<HashMap<&'static str, Vec<HedgePhrase>>> = OnceLock::new();
    let phrases = READ.get_or_init(|| {
        let mut phrases: HashMap<&'static str, Vec<HedgePhrase>> = HashMap::new();
        for phrase in PHRASES {
            let words: Vec<&str> = phrase.split(' ').collect();
            phrases.entry(words[0]).or_default().push((phrase, words));
        }
        phrases
    });
    phrases.get(word).map_or(&[], Vec::as_slice)
}

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
            "believe" if !is_one_of(view.after(index, 2), "in it him her them") => Some(("I believe", 2)),
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
    phrases_starting_with(&view.tokens[index].bare)
        .iter()
        .find_map(|(phrase, words)| {
            let found = view.is_at(index, words) && !other_sense(view, index, phrase);
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
    let next = view.after(index, 2);
    let before = view.before(index, 1);
    !is_one_of(
        next,
        "about of through outside ahead like in big deeply clearly better best",
    ) && !is_one_of(before, "way how when before what where")
}

/// "It was just a small thing" against "just in time", "we had just started", "not just me".
fn just_minimizes(view: &TokenView<'_>, index: usize) -> bool {
    let (before, next) = (view.before(index, 1), view.after(index, 1));
    let of_time = [
        "now",
        "then",
        "in",
        "before",
        "after",
        "about",
        "as",
        "when",
        "started",
        "finished",
        "joined",
        "left",
        "graduated",
        "completed",
        "moved",
        "because",
        "under",
        "over",
        "like",
        "got",
    ];
    let perfect = [
        "had", "has", "have", "i've", "we've", "i'd", "we'd", "they'd", "not", "isn't", "wasn't", "a", "more", "than",
    ];
    !next.is_empty() && !of_time.contains(&next) && !perfect.contains(&before)
}

fn kind_of_hedges(view: &TokenView<'_>, index: usize) -> bool {
    let before = view.before(index, 1);
    let opens = view.starts_clause(index);
    opens
        || !is_one_of(
            before,
            "a the this that what some any which same another different other one every each new right certain \
        only first best whatever particular",
        )
}

fn other_sense(view: &TokenView<'_>, index: usize, phrase: &str) -> bool {
    let (before, next) = (view.before(index, 1), view.after(index, phrase.split(' ').count()));
    match phrase {
        "might" => is_one_of(before, "the with its all their military"),
        "a bit" => is_one_of(next, "of per at for from or is flip") && next != "of" || before == "flip",
        "in a way" => is_one_of(next, "that to which i we they anyone everyone people"),
        "not really" => next.is_empty() && before.is_empty(),
        "it seems" | "seems like" => before == "as",
        _ => false,
    }
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
