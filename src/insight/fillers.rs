//! Fillers: the vocal ones by their sound, the verbal ones by what stands around them.
//!
//! "You know" and "I mean" as discourse markers: Fox Tree and Schrock (2002, Basic Meanings of You Know and I Mean). "Like":
//! `D'Arcy` (2017, Discourse-Pragmatic Variation in Context). They agree that the word alone decides nothing and its place
//! does; the rules for each place are this file's own.

mod like;

use like::{BE, any_before, is_adverb, is_like_filler, is_past_verb};

use crate::{
    insight::{
        Filler, FillerClass,
        token_view::{TokenView, is_one_of},
    },
    transcript::{Transcript, WordKind, vocal_filler},
};

const DETERMINERS: &str = "a an the this that these those my our your their his her its some any every each all no what which \
    whatever whichever one same another other certain particular different new only first best right \
    wrong many few various specific favorite several two three special weird strange odd single worst \
    main usual typical common next last such good bad similar";

/// Every filler of an answer, in order.
pub(super) fn fillers(view: &TokenView<'_>) -> Vec<Filler> {
    let mut fillers = vocal_fillers(view.transcript);
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
            witness: view.transcript.words[view.tokens[index].at].witness,
        });
        index += length;
    }
    fillers.sort_by_key(|filler| filler.words.start);
    fillers
}

fn vocal_fillers(transcript: &Transcript) -> Vec<Filler> {
    let fillers = transcript
        .words
        .iter()
        .enumerate()
        .filter(|(_, word)| word.kind == WordKind::Filler);
    fillers
        .map(|(at, word)| Filler {
            text: vocal_filler(&word.text).map_or_else(|| word.bare(), str::to_owned),
            words: at..at + 1,
            span: word.span,
            class: FillerClass::Vocal,
            witness: word.witness,
        })
        .collect()
}

/// The verbal filler that starts at this token, and how many tokens it has.
fn verbal_filler_at(view: &TokenView<'_>, index: usize) -> Option<(&'static str, usize)> {
    let next = view.after(index, 1);
    match view.tokens[index].bare.as_str() {
        "like" => is_like_filler(view, index).then_some(("like", 1)),
        "you" if next == "know" => is_you_know_filler(view, index).then_some(("you know", 2)),
        "y'know" | "yknow" | "ya'know" => Some(("you know", 1)),
        "ya" if next == "know" => Some(("you know", 2)),
        "i" if next == "mean" => is_i_mean_filler(view, index).then_some(("I mean", 2)),
        "sort" if next == "of" => is_sort_of_filler(view, index).then_some(("sort of", 2)),
        "kind" if next == "of" => is_sort_of_filler(view, index).then_some(("kind of", 2)),
        "sorta" => Some(("sort of", 1)),
        "kinda" => Some(("kind of", 1)),
        "basically" => Some(("basically", 1)),
        "right" => is_right_filler(view, index).then_some(("right", 1)),
        "actually" => is_parenthetical(view, index).then_some(("actually", 1)),
        "literally" => is_literally_filler(view, index).then_some(("literally", 1)),
        _ => None,
    }
}

/// Between commas, or opening a sentence with a comma after it.
fn is_parenthetical(view: &TokenView<'_>, index: usize) -> bool {
    view.starts_clause(index) && view.tokens[index].ends_clause && !view.tokens[index].ends_sentence
}

fn is_you_know_filler(view: &TokenView<'_>, index: usize) -> bool {
    let (before, next) = (view.before(index, 1), view.after(index, 2));
    let know = &view.tokens[index + 1];
    let opens = view.starts_clause(index);
    if opens && know.ends_clause {
        return true;
    }
    // "Do you know", "as you know", "the people you know", "before you know it".
    if is_one_of(
        before,
        "do did don't didn't if as let once how what who would could should can when whether everything \
        everyone all anything something someone unless until before make sure that's than whatever tell \
        letting where help more",
    ) || is_one_of(
        before,
        "people person thing things one ones stuff tool tools language languages",
    ) && !know.ends_clause
        && !opens
    {
        return is_one_of(before, "tool tools thing things stuff people what when that's")
            && is_one_of(next, "just like i we they it it's");
    }
    if know.ends_clause {
        return true;
    }
    if next == "what" && view.after(index, 3) == "i" && view.after(index, 4) == "mean" {
        return !["by", "when"].contains(&view.after(index, 5));
    }
    let takes_object = is_one_of(
        next,
        "what how why who where which whether exactly about more better best each everything anything nothing \
        something him her them me us your my that if enough someone everyone for whose ahead",
    );
    if takes_object {
        return false;
    }
    if is_one_of(next, "the a an this these those some all when python it's it")
        && (opens || is_one_of(before, "and but so because"))
    {
        // "You know the feeling": an object, unless the same clause goes on with a verb of its own.
        return (3..=7).any(|ahead| {
            let word = view.after(index, ahead);
            is_past_verb(word) || is_one_of(word, BE) || ["it's", "just"].contains(&word)
        });
    }
    true
}

fn is_i_mean_filler(view: &TokenView<'_>, index: usize) -> bool {
    let (before, next) = (view.before(index, 1), view.after(index, 2));
    let mean = &view.tokens[index + 1];
    let defines = (2..=8).any(|back| {
        view.before(index, back) == "when"
            && view.before(index, back - 1) == "i"
            && back > 2
            && view.before(index, back - 2) == "say"
    });
    let object = defines
        || any_before(view, index, 3, &["what", "by"])
        || is_one_of(before, "what which when if that know how does whatever thing");
    if object && (defines || !(view.starts_clause(index) && mean.ends_clause)) {
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
            && (is_past_verb(then)
                || is_one_of(then, BE)
                || is_one_of(then, "just took really takes works makes depends"))
            && !view.tokens[index + 2].ends_clause;
    }
    // "I mean well, but …": a verb with its is_adverb.
    let kindly = next == "well" && view.tokens[index + 2].ends_clause;
    !kindly && !is_one_of(next, "to by business every no exactly")
        || next == "no"
            && view.after(index, 3) != "offense"
            && view.after(index, 3) != "harm"
            && view.after(index, 3) != "disrespect"
}

fn is_sort_of_filler(view: &TokenView<'_>, index: usize) -> bool {
    let before = view.before(index, 1);
    let opens = view.starts_clause(index);
    if !opens && is_one_of(before, DETERMINERS) {
        // "It was all sort of rushed": there "all" is an is_adverb.
        let mixed = is_one_of(before, "all that this one")
            && (is_one_of(view.before(index, 2), BE) || is_adverb(view.after(index, 2)));
        return mixed && !is_one_of(view.after(index, 2), "thing things stuff work problem person people");
    }
    // "A very different sort of problem".
    !(1..=3).any(|back| {
        let article = view.before(index, back);
        is_one_of(article, "a an the some what this that my these those any which")
            && !(1..back).any(|nearer| {
                let word = view.before(index, nearer);
                view.tokens[index - nearer].ends_clause || !is_adjective_like(word)
            })
            && back > 1
    })
}

fn is_adjective_like(word: &str) -> bool {
    is_one_of(word, DETERMINERS)
        || is_one_of(
            word,
            "very really completely totally old big small exact whole rare unusual difficult interesting serious \
        fun technical basic little",
        )
        || ["al", "ic", "ive", "ous", "ful", "ent"]
            .iter()
            .any(|ending| word.len() > 4 && word.ends_with(ending))
}

fn is_right_filler(view: &TokenView<'_>, index: usize) -> bool {
    let token = &view.tokens[index];
    let (before, next) = (view.before(index, 1), view.after(index, 1));
    let text = &view.transcript.words[token.at].text;
    let opens = view.starts_clause(index);
    if opens && token.ends_clause {
        // A sentence of its own may be an answer; before "so" it only clears the throat.
        let alone = view.starts_sentence(index) && token.ends_sentence;
        return !alone || is_one_of(view.bare(Some(index + 1)), "so well okay then");
    }
    if text.ends_with('?') {
        return !is_one_of(before, BE)
            && !is_one_of(before, "that it not turn get got all this done sound sounds feel");
    }
    view.starts_sentence(index)
        && is_one_of(next, "so well i we the okay um basically first this then")
        && !is_one_of(view.after(index, 2), "thing tool way answer one")
        || next == "so"
            && !is_one_of(before, BE)
            && !is_one_of(before, "all not it that")
            && !token.ends_clause
            && index > 0
}

fn is_literally_filler(view: &TokenView<'_>, index: usize) -> bool {
    let token = &view.tokens[index];
    if is_parenthetical(view, index) {
        return true;
    }
    let means = (1..=4).any(|back| {
        is_one_of(
            view.before(index, back),
            "mean means meant translate translates translated take takes took taken taking interpret read \
        speaking quite follow followed",
        )
    });
    let means = means
        || is_one_of(
            view.after(index, 1),
            "means translates meaning mean translated speaking",
        );
    !(means || token.ends_sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

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
