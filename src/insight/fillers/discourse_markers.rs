//! "You know" and "I mean": discourse markers, or a subject with its verb.

use super::{
    WORDS,
    grammar::{any_before, is_be, is_noun_like, is_past_verb},
};
use crate::insight::token_view::TokenView;

pub(super) fn is_you_know_filler(view: &TokenView<'_>, index: usize) -> bool {
    let words = &WORDS.you_know;
    let (before, next) = (view.before(index, 1), view.after(index, 2));
    let ends_clause = view.tokens[index + 1].ends_clause;
    let opens = view.starts_clause(index);
    if opens && ends_clause {
        return true;
    }
    if words.verb_contexts.contains(before) || words.relative_heads.contains(before) && !ends_clause && !opens {
        return words.relative_heads_that_allow_it.contains(before) && words.fresh_starts.contains(next);
    }
    if ends_clause {
        return true;
    }
    // "You know what I mean" fills, "you know what I mean by that" does not.
    if next == "what" && view.after(index, 3) == "i" && view.after(index, 4) == "mean" {
        return !["by", "when"].contains(&view.after(index, 5));
    }
    if words.objects.contains(next) {
        return false;
    }
    // "You know Python.": whole clauses that say whom or what one knows.
    let object = view.rest_of_clause(index + 2);
    if opens
        && object.len() <= 2
        && object.iter().all(|token| token.name || is_noun_like(&token.bare))
        && !object.is_empty()
    {
        return false;
    }
    if words.noun_phrase_openers.contains(next) && (opens || words.conjunctions.contains(before)) {
        // "You know the feeling": an object, unless the same clause goes on with a verb of its own.
        return (3..=7).any(|ahead| {
            let word = view.after(index, ahead);
            is_past_verb(word) || is_be(word) || words.clause_verbs.contains(word)
        });
    }
    true
}

pub(super) fn is_i_mean_filler(view: &TokenView<'_>, index: usize) -> bool {
    let words = &WORDS.i_mean;
    let (before, next) = (view.before(index, 1), view.after(index, 2));
    let mean = &view.tokens[index + 1];
    let defines = defines_what_was_said(view, index);
    let has_object = defines || any_before(view, index, 3, &["what", "by"]) || words.object_contexts.contains(before);
    if has_object && (defines || !(view.starts_clause(index) && mean.ends_clause)) {
        return false;
    }
    if mean.ends_sentence {
        return false;
    }
    if mean.ends_clause {
        return true;
    }
    if next == "it" || next == "that" {
        // "I mean it", "I mean that literally" against "I mean it was late", "I mean that was the plan".
        let then = view.after(index, 3);
        return !then.is_empty()
            && (is_past_verb(then) || is_be(then) || words.clause_verbs.contains(then))
            && !view.tokens[index + 2].ends_clause;
    }
    // "I mean well, but …": a verb with its adverb.
    let well_meant = next == "well" && view.tokens[index + 2].ends_clause;
    !well_meant && !words.objects.contains(next)
        || next == "no" && !words.sincere_after_no.contains(view.after(index, 3))
}

/// "When I say late, I mean …".
fn defines_what_was_said(view: &TokenView<'_>, index: usize) -> bool {
    (3..=8).any(|back| {
        view.before(index, back) == "when"
            && view.before(index, back - 1) == "i"
            && view.before(index, back - 2) == "say"
    })
}
