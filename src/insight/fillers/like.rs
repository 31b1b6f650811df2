//! "Like": a verb, a preposition, or nothing but a breath.
//!
//! Told by the word before it (a subject makes it a verb, a noun a preposition), the one after it (a number, an adverb or
//! another verb leaves it nothing to do), and the commas around it.

use super::{
    WORDS,
    grammar::{
        any_before, is_adverb, is_base_verb, is_be, is_noun_like, is_past_verb, is_plural_like, is_quantity,
        is_superlative, is_verb_like,
    },
};
use crate::insight::token_view::TokenView;

/// Each rule decides or leaves it to the next; their order matters.
pub(super) fn is_like_filler(view: &TokenView<'_>, index: usize) -> bool {
    let like = Like::new(view, index);
    like.at_the_end_of_a_clause()
        .or_else(|| like.after_a_verb_or_preposition())
        .or_else(|| like.before_a_quantity_or_quote())
        .or_else(|| like.after_be())
        .or_else(|| like.after_a_subject())
        .or_else(|| like.at_the_start_of_a_clause())
        .unwrap_or_else(|| like.inside_a_clause())
}

/// A "like" and what stands around it, in the same sentence; empty past its ends.
struct Like<'a> {
    view: &'a TokenView<'a>,
    index: usize,
    /// Two words before it.
    earlier: &'a str,
    before: &'a str,
    next: &'a str,
    /// Two words after it.
    then: &'a str,
    opens_clause: bool,
}

impl<'a> Like<'a> {
    fn new(view: &'a TokenView<'a>, index: usize) -> Self {
        Self {
            view,
            index,
            earlier: view.before(index, 2),
            before: view.before(index, 1),
            next: view.after(index, 1),
            then: view.after(index, 2),
            opens_clause: view.starts_clause(index),
        }
    }

    fn follows_subject(&self) -> bool {
        WORDS.like.subjects.contains(self.before)
    }

    fn at_the_end_of_a_clause(&self) -> Option<bool> {
        let token = &self.view.tokens[self.index];
        if token.ends_sentence {
            // "What it is like.", "the ones you like."; only a comma before it can make it a filler there.
            return Some(self.opens_clause && !self.before.is_empty() && self.before != "the");
        }
        token.ends_clause.then(|| {
            let verb = self.follows_subject() && !is_verb_like(self.next);
            let compares = any_before(self.view, self.index, 6, &["what", "how"]) && !self.opens_clause;
            self.opens_clause || !(verb || compares || ["the", "feel", "would"].contains(&self.before))
        })
    }

    fn after_a_verb_or_preposition(&self) -> Option<bool> {
        if self.before == "just" {
            return Some(is_past_verb(self.next));
        }
        let asked = any_before(self.view, self.index, 3, &["what"]) && self.follows_subject();
        (self.is_verb_or_comparison() || asked).then_some(false)
    }

    fn before_a_quantity_or_quote(&self) -> Option<bool> {
        let words = &WORDS.like;
        if self.next == "so" && is_be(self.before) && !self.then.is_empty() {
            return Some(true);
        }
        // "There was like this pile": what is there takes no comparison.
        if is_be(self.before) && self.earlier == "there" {
            return Some(true);
        }
        let opens_with_it = self.opens_clause && self.next == "it" && !self.before.is_empty();
        if words.demonstratives.contains(self.next) && !opens_with_it {
            return Some(self.is_quotative());
        }
        let counts = is_quantity(self.next) && !["one", "a"].contains(&self.next);
        (counts || self.is_frequency() || words.speech_verbs.contains(self.before)).then_some(true)
    }

    fn after_be(&self) -> Option<bool> {
        let words = &WORDS.like;
        (is_be(self.before) || self.before == "'s").then(|| {
            self.next == "a" && (words.degree_adjectives.contains(self.then) || words.amounts.contains(self.then))
                || self.is_quotative()
                || is_adverb(self.next)
                || self.is_progressive()
                || self.next == "the" && is_superlative(self.then)
                || self.before == "there's"
        })
    }

    fn after_a_subject(&self) -> Option<bool> {
        if self.follows_subject() && !self.opens_clause {
            // "I like Python" holds a verb; "I like totally forgot" and "they like went home" hold another one.
            let adverb = is_adverb(self.next);
            let lone_adverb = adverb && !is_verb_like(self.then) && !["just", "never"].contains(&self.next);
            return Some((adverb || is_past_verb(self.next)) && !["when", "to"].contains(&self.next) && !lone_adverb);
        }
        (self.before == "to").then(|| is_base_verb(self.next))
    }

    fn at_the_start_of_a_clause(&self) -> Option<bool> {
        let words = &WORDS.like;
        if words.conjunctions.contains(self.before) {
            // "I use and like Python".
            let second_verb = words.coordinated_verbs.contains(self.earlier);
            return Some(!words.compared_after_conjunction.contains(self.next) && !second_verb);
        }
        self.opens_clause.then(|| {
            // ", like Splunk" and "like the logs" give an example; ", like we never knew" fills.
            let subject = words.clause_subjects.contains(self.next);
            if self.view.starts_sentence(self.index) {
                subject && self.next != "you"
            } else {
                subject || is_adverb(self.next) || is_past_verb(self.next)
            }
        })
    }

    fn inside_a_clause(&self) -> bool {
        is_adverb(self.next) && !is_plural_like(self.before)
            || is_past_verb(self.next) && !is_plural_like(self.before) && !is_noun_like(self.before)
            || self.follows_preposition_or_auxiliary()
    }

    /// "With like every server", "of like the whole team", "had like the worst day".
    fn follows_preposition_or_auxiliary(&self) -> bool {
        let words = &WORDS.like;
        let auxiliary = words.auxiliaries.contains(self.before) && !["to", "that", "this"].contains(&self.next);
        !self.next.is_empty() && (words.prepositions.contains(self.before) || auxiliary)
    }

    /// "I was like, no way": the quotative, told by the voice that follows it.
    fn is_quotative(&self) -> bool {
        let words = &WORDS.like;
        let speaker =
            is_be(self.before) && words.speakers.contains(self.earlier) || words.speakers_with_be.contains(self.before);
        speaker
            && words.quote_openers.contains(self.next)
            && !(["this", "that"].contains(&self.next) && self.then.is_empty())
    }

    /// "Everybody was like standing around"; "it is like riding a bike" compares.
    fn is_progressive(&self) -> bool {
        self.next.len() > 4
            && self.next.ends_with("ing")
            && WORDS.like.agents.contains(self.earlier)
            && self.next != "nothing"
    }

    /// "Like every ten minutes"; "like every other team" compares.
    fn is_frequency(&self) -> bool {
        self.next == "every" && (is_quantity(self.then) || WORDS.like.frequency_units.contains(self.then))
    }

    /// "Would like", "looks like".
    fn is_verb_or_comparison(&self) -> bool {
        let words = &WORDS.like;
        let adverb_after_be = words.adverbs_after_be.contains(self.before) && is_be(self.earlier);
        words.verb_contexts.contains(self.before) && !adverb_after_be || words.comparison_contexts.contains(self.before)
    }
}
