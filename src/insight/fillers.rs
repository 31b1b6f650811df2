//! Fillers: the vocal ones by their sound, the verbal ones by what stands around them.
//!
//! "You know" and "I mean" as discourse markers: Fox Tree and Schrock (2002, Basic Meanings of You Know and I Mean). "Like":
//! `D'Arcy` (2017, Discourse-Pragmatic Variation in Context). They agree that the word alone decides nothing and its place
//! does; the rules for each place are this room's own, their words in `assets/insight/fillers.toml`.

mod discourse_markers;
pub(super) mod grammar;
mod like;
mod words;

use discourse_markers::{is_i_mean_filler, is_you_know_filler};
use grammar::{is_adjective, is_adverb, is_be, is_verb_like};
use like::is_like_filler;

pub(super) use words::WORDS;

use crate::insight::{Filler, FillerClass, token_view::TokenView};

/// Every filler of an answer, in order.
pub(super) fn fillers(view: &TokenView<'_>) -> Vec<Filler> {
    let mut fillers = vocal_fillers(view);
    let mut index = 0;
    while index < view.tokens.len() {
        let Some((text, length)) = verbal_filler_at(view, index) else {
            index += 1;
            continue;
        };
        fillers.push(Filler {
            text: text.to_owned(),
            words: view.words(index, index + length),
            span: view.span(index, index + length),
            class: FillerClass::Verbal,
            origin: view.transcript.words[view.tokens[index].at].origin,
        });
        index += length;
    }
    fillers.sort_by_key(|filler| filler.words.start);
    fillers
}

fn vocal_fillers(view: &TokenView<'_>) -> Vec<Filler> {
    let words = view.transcript.words.iter().zip(&view.vocal).enumerate();
    words
        .filter_map(|(at, (word, filler))| {
            Some(Filler {
                text: (*filler)?.to_owned(),
                words: at..at + 1,
                span: word.span,
                class: FillerClass::Vocal,
                origin: word.origin,
            })
        })
        .collect()
}

/// The verbal filler that starts at this token, as it is counted, and how many tokens it has.
fn verbal_filler_at(view: &TokenView<'_>, index: usize) -> Option<(&'static str, usize)> {
    let next = view.after_in_clause(index, 1);
    match view.tokens[index].bare.as_str() {
        "like" => is_like_filler(view, index).then_some(("like", 1)),
        "you" if next == "know" => is_you_know_filler(view, index).then_some(("you know", 2)),
        "ya" if next == "know" => Some(("you know", 2)),
        "i" if next == "mean" => is_i_mean_filler(view, index).then_some(("I mean", 2)),
        "sort" if next == "of" => is_sort_of_filler(view, index).then_some(("sort of", 2)),
        "kind" if next == "of" => is_sort_of_filler(view, index).then_some(("kind of", 2)),
        "right" => is_right_filler(view, index).then_some(("right", 1)),
        "actually" => is_parenthetical(view, index).then_some(("actually", 1)),
        "literally" => is_literally_filler(view, index).then_some(("literally", 1)),
        bare => WORDS.always.get(bare).map(|text| (text.as_str(), 1)),
    }
}

/// Between commas, or opening a sentence with a comma after it.
fn is_parenthetical(view: &TokenView<'_>, index: usize) -> bool {
    view.starts_clause(index) && view.tokens[index].ends_clause && !view.tokens[index].ends_sentence
}

/// "Sort of" and "kind of" that only soften; for hedges, too.
pub(super) fn is_sort_of_filler(view: &TokenView<'_>, index: usize) -> bool {
    let words = &WORDS.sort_of;
    let before = view.before(index, 1);
    if is_kindness(view, index) || is_shade_or_sorting(view, index) {
        return false;
    }
    if !view.starts_clause(index) && WORDS.common.determiners.contains(before) {
        // "It was all sort of rushed": there "all" is an adverb.
        let pronoun =
            words.pronouns.contains(before) && (is_be(view.before(index, 2)) || is_adverb(view.after(index, 2)));
        return pronoun && !words.nouns.contains(view.after(index, 2));
    }
    // "A blue sort of light", and "a blue sort of." that breaks off.
    let described = words.articles.contains(view.before(index, 2)) && is_adjective(before);
    if !view.starts_clause(index) && described && !is_adverb(view.after_in_clause(index, 2)) {
        return false;
    }
    let breaks_off = view.tokens[index + 1].ends_clause && !view.starts_clause(index);
    if breaks_off && words.articles.contains(view.before(index, 2)) && !is_verb_like(before) {
        return false;
    }
    // "A very different sort of problem".
    !(2..=3).any(|back| {
        words.articles.contains(view.before(index, back))
            && !(1..back)
                .any(|nearer| view.tokens[index - nearer].ends_clause || !is_adjective_like(view.before(index, nearer)))
    })
}

/// "It was kind of you to call", "very kind of the team": an adjective and whom it is said of.
fn is_kindness(view: &TokenView<'_>, index: usize) -> bool {
    let words = &WORDS.sort_of;
    if view.bare(Some(index)) != "kind" {
        return false;
    }
    let (whom, then) = (view.after_in_clause(index, 2), view.after_in_clause(index, 3));
    let degree = !view.starts_clause(index) && words.degrees.contains(view.before(index, 1));
    let with_to = || {
        view.rest_of_clause(index + 2)
            .iter()
            .take(5)
            .any(|token| token.bare == "to")
    };
    let person = words.people.contains(whom) && (then.is_empty() || words.after_people.contains(then));
    let named = view
        .tokens
        .get(index + 2)
        .is_some_and(|token| token.name && !token.acronym);
    let somebody = ["the", "your", "their", "my", "our", "his", "her", "that", "this"].contains(&whom) || named;
    degree || person || words.hearts.contains(whom) || is_be(view.before(index, 1)) && somebody && with_to()
}

/// "Sort of blue"; "sort of" at the end of what is sorted: "payment in kind of goods".
fn is_shade_or_sorting(view: &TokenView<'_>, index: usize) -> bool {
    let words = &WORDS.sort_of;
    let next = view.after_in_clause(index, 2);
    let in_kind = view.before(index, 1) == "in" && !["a", "an", "the"].contains(&next);
    let verb = view.bare(Some(index)) == "sort" && ["to", "please"].contains(&view.before(index, 1));
    words.colors.contains(next) || in_kind || verb
}

fn is_adjective_like(word: &str) -> bool {
    let words = &WORDS.sort_of;
    WORDS.common.determiners.contains(word)
        || words.adjectives.contains(word)
        || words
            .adjective_endings
            .iter()
            .any(|ending| word.len() > 4 && word.ends_with(ending))
}

fn is_right_filler(view: &TokenView<'_>, index: usize) -> bool {
    let words = &WORDS.right;
    let token = &view.tokens[index];
    let (before, next) = (view.before(index, 1), view.after(index, 1));
    let next_in_clause = view.after_in_clause(index, 1);
    if before == "left" || ["or", "and"].contains(&next_in_clause) && view.after_in_clause(index, 2) == "left" {
        return false;
    }
    if view.starts_clause(index) && token.ends_clause {
        // A sentence of its own may be an answer; before "so" it only clears the throat.
        let alone = view.starts_sentence(index) && token.ends_sentence;
        return !alone || words.after_lone_right.contains(view.bare(Some(index + 1)));
    }
    if view.transcript.words[token.at].text.ends_with('?') {
        return !is_be(before) && !words.before_question.contains(before);
    }
    view.starts_sentence(index) && words.after_opening.contains(next) && !words.nouns.contains(view.after(index, 2))
        || next == "so" && !is_be(before) && !words.before_so.contains(before) && !token.ends_clause && index > 0
}

fn is_literally_filler(view: &TokenView<'_>, index: usize) -> bool {
    let words = &WORDS.literally;
    if is_parenthetical(view, index) {
        return true;
    }
    let carries_meaning = (1..=4).any(|back| words.verbs_of_meaning_before.contains(view.before(index, back)))
        || words.verbs_of_meaning_after.contains(view.after(index, 1));
    let place = words.prepositions.contains(view.after_in_clause(index, 1));
    !(carries_meaning || place || view.tokens[index].ends_sentence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::Transcript;

    /// The verbal fillers of a text, as `filler@word`.
    fn check(text: &str, expected: &str) {
        let transcript = Transcript::typed(text);
        let found: Vec<String> = fillers(&TokenView::new(&transcript))
            .into_iter()
            .filter(|filler| filler.class == FillerClass::Verbal)
            .map(|filler| filler.text)
            .collect();
        assert_eq!(found.join(" | "), expected, "{text}");
    }

    #[test]
    fn like_fills_only_where_nothing_else_can_be_meant() {
        check("I like Python.", "");
        check("We cut it from, like, forty minutes to about ten.", "like");
        check("It took like three weeks.", "like");
        check("I'd like to lead a team, and I really like this work.", "");
        check("Tools like Splunk and stuff like that.", "");
        check("I was like, no way.", "like");
        check("It looked like a scan.", "");
        check("I checked the firewall logs, like, to see.", "like");
        check("They like completely forgot about it.", "like");
        check("What it was like, I can't say.", "");
        check("Everybody was like standing at my desk.", "like");
        check("It is like riding a bike.", "");
        check("It was like perfectly regular.", "like");
        check("He was calling like every ten minutes.", "like");
        check("We were late, like every other team.", "");
        check("That is like the least technical part.", "like");
        check("It is like the old one.", "");
        check("It was like the pentest before.", "");
        check("The week went like clockwork.", "");
        check("The sandbox said like nothing to see here.", "like");
    }

    #[test]
    fn you_know_with_an_object_is_a_sentence_of_its_own() {
        check("I was, you know, responsible for the rota.", "you know");
        check("Do you know what I mean by that?", "");
        check("As you know, the team was small.", "");
        check("It was you know really hard.", "you know");
        check("You know the feeling when it breaks.", "");
        check("Let you know.", "");
    }

    #[test]
    fn i_mean_with_an_object_is_meant() {
        check("I mean, it was stressful.", "I mean");
        check("That's what I mean.", "");
        check("By that I mean the firewall.", "");
        check("I mean it was late.", "I mean");
        check("I said it and I mean it.", "");
    }

    #[test]
    fn a_kind_of_thing_is_a_thing() {
        check("A mutex is a sort of lock.", "");
        check("What kind of tools did we use?", "");
        check("It was sort of slow and kind of noisy.", "sort of | kind of");
        check("Two kinds of keys.", "");
        check("This is a very different kind of problem.", "");
        check("I kinda knew.", "kind of");
    }

    #[test]
    fn right_is_a_filler_at_the_edge_only() {
        check("Right, so least privilege means less.", "right");
        check("Turn right at the right tool right now.", "");
        check(
            "You check the logs, right, and then you block it, right?",
            "right | right",
        );
        check("Is that right?", "");
        check("All right, we began.", "");
    }

    #[test]
    fn actually_and_literally_may_carry_meaning() {
        check("Actually, I would say yes.", "actually");
        check("Only what it actually needs.", "");
        check("It literally caught fire.", "literally");
        check("I took it literally.", "");
        check("So basically it works.", "basically");
    }
}
