//! Words that are spelled like a form of another: "the saw" and "I saw", "turn left" and "I left", "the LED" and "we led".
//! Which is meant is told by what stands before and after.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::insight::{
    assets::{WordSet, toml_asset},
    base_form::base_form,
    token_view::Token,
};

/// The file says what each list is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HomographWords {
    also_nouns: WordSet,
    mostly_nouns: WordSet,
    noun_openers: WordSet,
    adjectives: WordSet,
    prepositions: WordSet,
    subjects: WordSet,
    auxiliaries: WordSet,
    verb_objects: WordSet,
    before_left: WordSet,
    after_left: WordSet,
}

pub(super) static WORDS: LazyLock<HomographWords> = toml_asset!("insight/homographs.toml");

/// The base form of a token, as it is meant at its place.
pub(super) fn base_form_at(tokens: &[Token], index: usize) -> String {
    let token = &tokens[index];
    let word = token.bare.as_str();
    if token.acronym {
        // "LEDs" are several of an LED; an LED is no form of a verb.
        let one = word.strip_suffix("'s").unwrap_or(word);
        let plural = tokens[index].bare.len() > 2 && one.ends_with('s') && !one.ends_with("ss");
        let base = base_form(one);
        let cut = &one[..one.len() - usize::from(plural)];
        return if base == cut { base } else { one.to_owned() };
    }
    let doubtful = WORDS.also_nouns.contains(word) || WORDS.mostly_nouns.contains(word);
    if doubtful && is_noun(tokens, index) {
        return word.to_owned();
    }
    base_form(word)
}

fn is_noun(tokens: &[Token], index: usize) -> bool {
    let word = tokens[index].bare.as_str();
    let before = |back: usize| -> &str {
        let Some(first) = index.checked_sub(back) else {
            return "";
        };
        if tokens[first..index].iter().any(|token| token.ends_clause) {
            return "";
        }
        &tokens[first].bare
    };
    let next = if tokens[index].ends_clause {
        ""
    } else {
        tokens.get(index + 1).map_or("", |token| token.bare.as_str())
    };
    if WORDS.auxiliaries.contains(before(1)) {
        // "Was found", "have left"; "is left of it" is a direction.
        return word == "left" && next == "of";
    }
    let determined = WORDS.noun_openers.contains(before(1))
        || WORDS.adjectives.contains(before(1)) && (2..=3).any(|back| WORDS.noun_openers.contains(before(back)));
    if determined {
        return true;
    }
    if word == "left"
        && (WORDS.before_left.contains(before(1))
            || WORDS.after_left.contains(next) && !WORDS.subjects.contains(before(1)))
    {
        return true;
    }
    let governed = WORDS.prepositions.contains(before(1)) && !WORDS.verb_objects.contains(next);
    if governed {
        return true;
    }
    WORDS.mostly_nouns.contains(word) && !WORDS.subjects.contains(before(1)) && !WORDS.verb_objects.contains(next)
}

#[cfg(test)]
mod tests {
    use crate::{insight::token_view::TokenView, transcript::Transcript};

    fn check(text: &str, word: &str, expected: &[&str]) {
        let transcript = Transcript::typed(text);
        let view = TokenView::new(&transcript);
        let found: Vec<&str> = view
            .tokens
            .iter()
            .filter(|token| token.bare.starts_with(word))
            .map(|token| token.base.as_str())
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_word_is_a_form_only_of_what_it_means_here() {
        check(
            "The LED was red. LEDs blink, and an LED's light. I led it.",
            "led",
            &["led", "led", "led", "lead"],
        );
        check("I LED THE TEAM AND WE WON IT ALL", "led", &["lead"]);
        check(
            "I saw the saw, and a rusty saw was what she saw.",
            "saw",
            &["see", "saw", "saw", "see"],
        );
        check(
            "We left. Turn left, on the left side, left of it. He has left it.",
            "left",
            &["leave", "left", "left", "left", "leave"],
        );
        check(
            "She found a rose, and prices rose. It was found.",
            "rose",
            &["rose", "rise"],
        );
        check(
            "On the ground, ground truth. I ground the beans.",
            "ground",
            &["ground", "ground", "grind"],
        );
        check(
            "The wound healed. They wound it up. It felt like felt.",
            "wound",
            &["wound", "wind"],
        );
    }
}
