//! "Like": a verb, a preposition, or nothing but a breath.
//!
//! Told by the word before it (a subject makes it a verb, a noun a preposition), the one after it (a number, an is_adverb or
//! another verb leaves it nothing to do), and the commas around it.

use crate::insight::{
    base_form::base_form,
    token_view::{TokenView, is_one_of},
};

pub(super) const BE: &str = "is are was were be been being am it's that's there's he's she's i'm we're they're you're what's \
    isn't wasn't weren't aren't";
const SUBJECTS: &str = "i we you they he she it who people i'd we'd they'd you'd he'd she'd users customers everyone \
    everybody nobody";

/// Who can be doing something.
const AGENTS: &str = "i we you they he she who people users customers everyone everybody nobody team manager boss";

pub(super) fn is_like_filler(view: &TokenView<'_>, index: usize) -> bool {
    let token = &view.tokens[index];
    let (before, earlier, next) = (view.before(index, 1), view.before(index, 2), view.after(index, 1));
    let opens = view.starts_clause(index);
    if token.ends_sentence {
        // "What it is like.", "the ones you like."; only a comma before it can make it a filler there.
        return opens && !before.is_empty() && before != "the";
    }
    if token.ends_clause {
        let a_verb = is_one_of(before, SUBJECTS) && !is_verb_like(next);
        let compares = any_before(view, index, 6, &["what", "how"]) && !opens;
        return opens || !(a_verb || compares || before == "the" || before == "feel" || before == "would");
    }
    if before == "just" {
        return is_past_verb(next);
    }
    if is_verb_or_comparison(before, earlier) || any_before(view, index, 3, &["what"]) && is_one_of(before, SUBJECTS) {
        return false;
    }
    if next == "so" && is_one_of(before, BE) && !view.after(index, 2).is_empty() {
        return true;
    }
    // "There was like this pile": what is there takes no comparison.
    if is_one_of(before, BE) && earlier == "there" {
        return true;
    }
    if is_one_of(next, "that this so those these said it") && !(opens && next == "it" && !before.is_empty()) {
        return is_quotative(view, index);
    }
    if is_quantity(next) && !["one", "a"].contains(&next) || is_frequency(next, view.after(index, 2)) {
        return true;
    }
    if is_one_of(before, "said says saying") {
        return true;
    }
    if is_one_of(before, BE) || before == "'s" {
        return next == "a"
            && is_one_of(
                view.after(index, 2),
                "total complete whole real huge really very massive",
            )
            || is_quotative(view, index)
            || is_adverb(next)
            || is_progressive(view, index)
            || next == "the" && is_superlative(view.after(index, 2))
            || next == "a"
                && is_one_of(
                    view.after(index, 2),
                    "lot ton bunch million hundred thousand few couple",
                )
            || before == "there's";
    }
    if is_one_of(before, SUBJECTS) && !opens {
        // "I like Python" holds a verb; "I like totally forgot" and "they like went home" hold another one.
        return (is_adverb(next) || is_past_verb(next))
            && !["when", "to"].contains(&next)
            && !(is_adverb(next) && !is_verb_like(view.after(index, 2)) && next != "just" && next != "never");
    }
    if before == "to" {
        return is_verb_like(next) && is_base_verb(next);
    }
    if is_one_of(before, "and but because so then or if cause 'cause when") {
        return !is_one_of(next, "most many any other all every everyone") && !is_coordinated_verb(view, index);
    }
    if opens {
        // ", like Splunk" and "like the logs" give an example; ", like we never knew" fills.
        let fresh = view.starts_sentence(index);
        let subject = is_one_of(next, "i we they he she you there there's it's i'm we're they're");
        return if fresh {
            subject && next != "you"
        } else {
            subject || is_adverb(next) || is_past_verb(next)
        };
    }
    is_adverb(next) && !is_plural_like(before)
        || is_past_verb(next) && !is_plural_like(before) && !is_noun_like(before)
        || follows_preposition_or_auxiliary(before, next)
}

/// "With like every server", "of like the whole team", "had like the worst day".
fn follows_preposition_or_auxiliary(before: &str, next: &str) -> bool {
    let preposition = is_one_of(
        before,
        "with of for in on at from about by into through within after over",
    );
    let auxiliary = is_one_of(
        before,
        "had have has took got were can could should did used made needed",
    );
    !next.is_empty() && (preposition || auxiliary && !["to", "that", "this"].contains(&next))
}

/// "I was like, no way": the quoting like, told by the voice that follows it.
fn is_quotative(view: &TokenView<'_>, index: usize) -> bool {
    let (before, next) = (view.before(index, 1), view.after(index, 1));
    let speaker = is_one_of(before, BE)
        && is_one_of(
            view.before(index, 2),
            "i he she we they everyone everybody boss manager i'm he's she's we're they're customer client people",
        );
    let speaker = speaker || is_one_of(before, "i'm he's she's we're they're");
    speaker
        && is_one_of(
            next,
            "i oh okay ok no yes yeah wow what why how we wait hey well please this that you let's it's i'm can \
        is are do don't who fine sure dude guys man",
        )
        && !(["this", "that"].contains(&next) && view.after(index, 2).is_empty())
}

/// "Everybody was like standing around"; "it is like riding a bike" compares.
fn is_progressive(view: &TokenView<'_>, index: usize) -> bool {
    let next = view.after(index, 1);
    next.len() > 4 && next.ends_with("ing") && is_one_of(view.before(index, 2), AGENTS) && next != "nothing"
}

/// "Like every ten minutes"; "like every other team" compares.
fn is_frequency(next: &str, then: &str) -> bool {
    next == "every"
        && (is_quantity(then) || is_one_of(then, "single time day week month night morning year hour minute second"))
}

fn is_superlative(word: &str) -> bool {
    is_one_of(word, "best worst most least")
        || word.len() > 5
            && word.ends_with("est")
            && !is_one_of(word, "request interest forest harvest contest protest pentest honest")
}

fn is_verb_or_comparison(before: &str, earlier: &str) -> bool {
    is_one_of(
        before,
        "would wouldn't don't didn't doesn't do did does might will won't really always also i'd we'd you'd \
        they'd he'd she'd 'd particularly especially personally still never you'll they'll who'd",
    ) && !(is_one_of(before, "really always also still") && is_one_of(earlier, BE))
        || is_one_of(
            before,
            "look looks looked looking sound sounds sounded feel feels felt feeling seem seems seemed act acts \
        acted acting work works worked behave behaves treat exactly much more lot nothing anything something \
        things stuff smell tastes almost not unlike think talk run runs read reads someone somebody \
        everything someplace somewhere anyone places tools",
        )
}

/// "I use and like Python".
fn is_coordinated_verb(view: &TokenView<'_>, index: usize) -> bool {
    let earlier = view.before(index, 2);
    is_one_of(earlier, "use know enjoy love want respect trust admire")
}

pub(super) fn any_before(view: &TokenView<'_>, index: usize, reach: usize, words: &[&str]) -> bool {
    (1..=reach).any(|back| words.contains(&view.before(index, back)))
}

fn is_quantity(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit() || c == '$')
        || is_one_of(
            word,
            "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty \
        seventy eighty ninety hundreds thousands half zero maybe a one dozens twice around about almost \
        nearly roughly",
        )
}

pub(super) fn is_adverb(word: &str) -> bool {
    is_one_of(
        word,
        "really totally completely just super so very pretty kind sort kinda literally basically actually \
        never always still halfway partly fully mostly hardly  dead immediately suddenly absolutely seriously constantly eventually finally probably maybe \
        barely honestly obviously not already way too quite slowly quickly instantly entirely extremely half \
        whenever straight",
    ) || word.len() > 6 && word.ends_with("ly") && !is_one_of(word, "friendly monthly anomaly assembly")
}

/// A verb that can only be the sentence's own: a past form or an auxiliary.
pub(super) fn is_past_verb(word: &str) -> bool {
    is_one_of(
        word,
        "was were had did went got made took came said told thought knew kept ran found lost broke saw gave \
        wrote sent built fell left felt threw spent started couldn't didn't wasn't could would can't can \
        should have has don't doesn't blew grew held hit put sat stood woke met forgot began brought caught",
    ) || is_irregular_past(word)
        || word.len() > 4
            && word.ends_with("ed")
            && !is_one_of(
                word,
                "need speed based advanced related automated shared hundred indeed unified",
            )
}

/// "Rewrote", "drove": an inflected form by no rule that makes plurals, comparatives or participles in -ing.
fn is_irregular_past(word: &str) -> bool {
    let base = base_form(word);
    base != word
        && !["s", "ing", "er", "est", "ed"]
            .iter()
            .any(|ending| word.ends_with(ending))
        && !is_one_of(
            &base,
            "person child man woman be foot tooth mouse criterion index medium datum",
        )
}

fn is_verb_like(word: &str) -> bool {
    is_past_verb(word) || is_base_verb(word) || word.ends_with("ing") || is_one_of(word, BE)
}

/// Verbs that follow "to": only those that are rarely also nouns after a "to like".
fn is_base_verb(word: &str) -> bool {
    is_one_of(
        word,
        "go get be do make take restart run fix check write find figure talk explain learn help build start \
        stop keep understand convince call show tell ask look try rebuild redo rewrite handle push pull move \
        send set give put see come sit wait work test scan block reset roll dig step change organize manage \
        actually just really literally completely totally physically",
    )
}

fn is_noun_like(word: &str) -> bool {
    ["ion", "ment", "ness", "ity", "ware", "ers", "ols", "ings", "ies"]
        .iter()
        .any(|ending| word.ends_with(ending))
}

fn is_plural_like(word: &str) -> bool {
    word.ends_with('s') && word.len() > 4 && !word.ends_with("ss") && word != "always"
}
