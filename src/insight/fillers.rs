//! Fillers: the vocal ones by their sound, the verbal ones by what stands around them.
//!
//! Which words count as verbal fillers follows the discourse markers of Laske and `DiGennaro` Reed (2024) and of Fox Tree
//! and Schrock (2002, "you know" and "I mean"); how "like" is told apart follows `D'Arcy` (2017, Discourse-Pragmatic
//! Variation in Context). Both say the same thing: the word alone decides nothing, its place does.

use crate::{
    insight::{Filler, FillerClass, reading::Reading},
    transcript::{Transcript, WordKind, vocal_filler},
};

const BE: &[&str] = &[
    "is", "are", "was", "were", "be", "been", "being", "am", "it's", "that's", "there's", "he's", "she's", "i'm",
    "we're", "they're", "you're", "what's", "isn't", "wasn't", "weren't", "aren't",
];
const SUBJECTS: &[&str] = &[
    "i",
    "we",
    "you",
    "they",
    "he",
    "she",
    "it",
    "who",
    "people",
    "i'd",
    "we'd",
    "they'd",
    "you'd",
    "he'd",
    "she'd",
    "users",
    "customers",
    "everyone",
    "everybody",
    "nobody",
];
const DETERMINERS: &[&str] = &[
    "a",
    "an",
    "the",
    "this",
    "that",
    "these",
    "those",
    "my",
    "our",
    "your",
    "their",
    "his",
    "her",
    "its",
    "some",
    "any",
    "every",
    "each",
    "all",
    "no",
    "what",
    "which",
    "whatever",
    "whichever",
    "one",
    "same",
    "another",
    "other",
    "certain",
    "particular",
    "different",
    "new",
    "only",
    "first",
    "best",
    "right",
    "wrong",
    "many",
    "few",
    "various",
    "specific",
    "favorite",
    "several",
    "two",
    "three",
    "special",
    "weird",
    "strange",
    "odd",
    "single",
    "worst",
    "main",
    "usual",
    "typical",
    "common",
    "next",
    "last",
    "such",
    "good",
    "bad",
    "similar",
];

/// Every filler of an answer, in order.
pub(super) fn fillers(reading: &Reading<'_>) -> Vec<Filler> {
    let mut fillers = vocal(reading.transcript);
    let mut index = 0;
    while index < reading.tokens.len() {
        let Some((text, length)) = verbal_at(reading, index) else {
            index += 1;
            continue;
        };
        fillers.push(Filler {
            text: text.to_owned(),
            words: reading.words(index, index + length),
            span: reading.span(index, index + length),
            class: FillerClass::Verbal,
            witness: reading.transcript.words[reading.tokens[index].at].witness,
        });
        index += length;
    }
    fillers.sort_by_key(|filler| filler.words.start);
    fillers
}

fn vocal(transcript: &Transcript) -> Vec<Filler> {
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
fn verbal_at(reading: &Reading<'_>, index: usize) -> Option<(&'static str, usize)> {
    let next = reading.after(index, 1);
    match reading.tokens[index].bare.as_str() {
        "like" => like_fills(reading, index).then_some(("like", 1)),
        "you" if next == "know" => you_know_fills(reading, index).then_some(("you know", 2)),
        "y'know" | "yknow" | "ya'know" => Some(("you know", 1)),
        "ya" if next == "know" => Some(("you know", 2)),
        "i" if next == "mean" => i_mean_fills(reading, index).then_some(("I mean", 2)),
        "sort" if next == "of" => sort_of_fills(reading, index).then_some(("sort of", 2)),
        "kind" if next == "of" => sort_of_fills(reading, index).then_some(("kind of", 2)),
        "sorta" => Some(("sort of", 1)),
        "kinda" => Some(("kind of", 1)),
        "basically" => Some(("basically", 1)),
        "right" => right_fills(reading, index).then_some(("right", 1)),
        "actually" => set_off(reading, index).then_some(("actually", 1)),
        "literally" => literally_fills(reading, index).then_some(("literally", 1)),
        _ => None,
    }
}

/// Between commas, or opening a sentence with a comma after it.
fn set_off(reading: &Reading<'_>, index: usize) -> bool {
    reading.starts_clause(index) && reading.tokens[index].ends_clause && !reading.tokens[index].ends_sentence
}

fn like_fills(reading: &Reading<'_>, index: usize) -> bool {
    let token = &reading.tokens[index];
    let (before, earlier, next) = (
        reading.before(index, 1),
        reading.before(index, 2),
        reading.after(index, 1),
    );
    let opens = reading.starts_clause(index);
    if token.ends_sentence {
        // "What it is like.", "the ones you like."; only a comma before it can make it a filler there.
        return opens && !before.is_empty() && before != "the";
    }
    if token.ends_clause {
        let a_verb = SUBJECTS.contains(&before) && !verb_like(next);
        let compares = is_any(reading, index, 6, &["what", "how"]) && !opens;
        return opens || !(a_verb || compares || before == "the" || before == "feel" || before == "would");
    }
    if before == "just" {
        return past_verb(next);
    }
    if would_like(before, earlier) || is_any(reading, index, 3, &["what"]) && SUBJECTS.contains(&before) {
        return false;
    }
    if next == "so" && BE.contains(&before) && !reading.after(index, 2).is_empty() {
        return true;
    }
    if ["that", "this", "so", "those", "these", "said", "it"].contains(&next)
        && !(opens && next == "it" && !before.is_empty())
    {
        return quotes(reading, index);
    }
    if quantity(next) && !["one", "a"].contains(&next) {
        return true;
    }
    if BE.contains(&before) || before == "'s" {
        return next == "a"
            && [
                "total", "complete", "whole", "real", "huge", "really", "very", "massive",
            ]
            .contains(&reading.after(index, 2))
            || quotes(reading, index)
            || adverb(next)
            || next == "a"
                && ["lot", "ton", "bunch", "million", "hundred", "thousand", "few", "couple"]
                    .contains(&reading.after(index, 2))
            || before == "there's";
    }
    if SUBJECTS.contains(&before) && !opens {
        // "I like Python" holds a verb; "I like totally forgot" and "they like went home" hold another one.
        return (adverb(next) || past_verb(next))
            && !["when", "to"].contains(&next)
            && !(adverb(next) && !verb_like(reading.after(index, 2)) && next != "just" && next != "never");
    }
    if before == "to" {
        return verb_like(next) && base_verb(next);
    }
    if [
        "and", "but", "because", "so", "then", "or", "if", "cause", "'cause", "when",
    ]
    .contains(&before)
    {
        return !["most", "many", "any", "other", "all", "every", "everyone"].contains(&next)
            && !loved_too(reading, index);
    }
    if opens {
        // ", like Splunk" and "like the logs" give an example; ", like we never knew" fills.
        let fresh = reading.starts_sentence(index);
        let subject = [
            "i", "we", "they", "he", "she", "you", "there", "there's", "it's", "i'm", "we're", "they're",
        ]
        .contains(&next);
        return if fresh {
            subject && next != "you"
        } else {
            subject || adverb(next) || past_verb(next)
        };
    }
    adverb(next) && !prepositional(before)
        || past_verb(next) && !prepositional(before) && !noun_like(before)
        || just_a_filler_slot(before, next)
}

/// "With like every server", "of like the whole team", "had like the worst day".
fn just_a_filler_slot(before: &str, next: &str) -> bool {
    let preposition = [
        "with", "of", "for", "in", "on", "at", "from", "about", "by", "into", "through", "within", "after", "over",
    ]
    .contains(&before);
    let auxiliary = [
        "had", "have", "has", "took", "got", "were", "can", "could", "should", "did", "used", "made", "needed",
    ]
    .contains(&before);
    !next.is_empty() && (preposition || auxiliary && !["to", "that", "this"].contains(&next))
}

/// "I was like, no way": the quoting like, told by the voice that follows it.
fn quotes(reading: &Reading<'_>, index: usize) -> bool {
    let (before, next) = (reading.before(index, 1), reading.after(index, 1));
    let speaker = BE.contains(&before)
        && [
            "i",
            "he",
            "she",
            "we",
            "they",
            "everyone",
            "everybody",
            "boss",
            "manager",
            "i'm",
            "he's",
            "she's",
            "we're",
            "they're",
            "customer",
            "client",
            "people",
        ]
        .contains(&reading.before(index, 2));
    let speaker = speaker || ["i'm", "he's", "she's", "we're", "they're"].contains(&before);
    speaker
        && [
            "i", "oh", "okay", "ok", "no", "yes", "yeah", "wow", "what", "why", "how", "we", "wait", "hey", "well",
            "please", "this", "that", "you", "let's", "it's", "i'm", "can", "is", "are", "do", "don't", "who", "fine",
            "sure", "dude", "guys", "man",
        ]
        .contains(&next)
        && !(["this", "that"].contains(&next) && reading.after(index, 2).is_empty())
}

fn would_like(before: &str, earlier: &str) -> bool {
    [
        "would",
        "wouldn't",
        "don't",
        "didn't",
        "doesn't",
        "do",
        "did",
        "does",
        "might",
        "will",
        "won't",
        "really",
        "always",
        "also",
        "i'd",
        "we'd",
        "you'd",
        "they'd",
        "he'd",
        "she'd",
        "'d",
        "particularly",
        "especially",
        "personally",
        "still",
        "never",
        "you'll",
        "they'll",
        "who'd",
    ]
    .contains(&before)
        && !(["really", "always", "also", "still"].contains(&before) && BE.contains(&earlier))
        || [
            "look",
            "looks",
            "looked",
            "looking",
            "sound",
            "sounds",
            "sounded",
            "feel",
            "feels",
            "felt",
            "feeling",
            "seem",
            "seems",
            "seemed",
            "act",
            "acts",
            "acted",
            "acting",
            "work",
            "works",
            "worked",
            "behave",
            "behaves",
            "treat",
            "exactly",
            "much",
            "more",
            "lot",
            "nothing",
            "anything",
            "something",
            "things",
            "stuff",
            "smell",
            "tastes",
            "almost",
            "not",
            "unlike",
            "think",
            "talk",
            "run",
            "runs",
            "read",
            "reads",
            "someone",
            "somebody",
            "everything",
            "someplace",
            "somewhere",
            "anyone",
            "places",
            "tools",
        ]
        .contains(&before)
}

/// "I use and like Python".
fn loved_too(reading: &Reading<'_>, index: usize) -> bool {
    let earlier = reading.before(index, 2);
    ["use", "know", "enjoy", "love", "want", "respect", "trust", "admire"].contains(&earlier)
}

fn is_any(reading: &Reading<'_>, index: usize, reach: usize, words: &[&str]) -> bool {
    (1..=reach).any(|back| words.contains(&reading.before(index, back)))
}

fn quantity(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit() || c == '$')
        || [
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "fifteen",
            "twenty",
            "thirty",
            "forty",
            "fifty",
            "sixty",
            "seventy",
            "eighty",
            "ninety",
            "hundreds",
            "thousands",
            "half",
            "zero",
            "maybe",
            "a",
            "one",
            "dozens",
            "twice",
            "around",
            "about",
            "almost",
            "nearly",
            "roughly",
        ]
        .contains(&word)
}

fn adverb(word: &str) -> bool {
    [
        "really",
        "totally",
        "completely",
        "just",
        "super",
        "so",
        "very",
        "pretty",
        "kind",
        "sort",
        "kinda",
        "literally",
        "basically",
        "actually",
        "never",
        "always",
        "immediately",
        "suddenly",
        "absolutely",
        "seriously",
        "constantly",
        "eventually",
        "finally",
        "probably",
        "maybe",
        "barely",
        "honestly",
        "obviously",
        "not",
        "already",
        "way",
        "too",
        "quite",
        "slowly",
        "quickly",
        "instantly",
        "entirely",
        "extremely",
        "half",
        "whenever",
    ]
    .contains(&word)
}

/// A verb that can only be the sentence's own: a past form or an auxiliary.
fn past_verb(word: &str) -> bool {
    [
        "was", "were", "had", "did", "went", "got", "made", "took", "came", "said", "told", "thought", "knew", "kept",
        "ran", "found", "lost", "broke", "saw", "gave", "wrote", "sent", "built", "fell", "left", "felt", "threw",
        "spent", "started", "couldn't", "didn't", "wasn't", "could", "would", "can't", "can", "should", "have", "has",
        "don't", "doesn't", "blew", "grew", "held", "hit", "put", "sat", "stood", "woke", "met", "forgot", "began",
        "brought", "caught",
    ]
    .contains(&word)
        || word.len() > 4
            && word.ends_with("ed")
            && ![
                "need",
                "speed",
                "based",
                "advanced",
                "related",
                "automated",
                "shared",
                "hundred",
                "indeed",
                "unified",
            ]
            .contains(&word)
}

fn verb_like(word: &str) -> bool {
    past_verb(word) || base_verb(word) || word.ends_with("ing") || BE.contains(&word)
}

/// Verbs that follow "to": only those that are rarely also nouns after a "to like".
fn base_verb(word: &str) -> bool {
    [
        "go",
        "get",
        "be",
        "do",
        "make",
        "take",
        "restart",
        "run",
        "fix",
        "check",
        "write",
        "find",
        "figure",
        "talk",
        "explain",
        "learn",
        "help",
        "build",
        "start",
        "stop",
        "keep",
        "understand",
        "convince",
        "call",
        "show",
        "tell",
        "ask",
        "look",
        "try",
        "rebuild",
        "redo",
        "rewrite",
        "handle",
        "push",
        "pull",
        "move",
        "send",
        "set",
        "give",
        "put",
        "see",
        "come",
        "sit",
        "wait",
        "work",
        "test",
        "scan",
        "block",
        "reset",
        "roll",
        "dig",
        "step",
        "change",
        "organize",
        "manage",
        "actually",
        "just",
        "really",
        "literally",
        "completely",
        "totally",
        "physically",
    ]
    .contains(&word)
}

fn noun_like(word: &str) -> bool {
    ["ion", "ment", "ness", "ity", "ware", "ers", "ols", "ings", "ies"]
        .iter()
        .any(|ending| word.ends_with(ending))
}

fn prepositional(word: &str) -> bool {
    word.ends_with('s') && word.len() > 4 && !word.ends_with("ss") && word != "always"
}

fn you_know_fills(reading: &Reading<'_>, index: usize) -> bool {
    let (before, next) = (reading.before(index, 1), reading.after(index, 2));
    let know = &reading.tokens[index + 1];
    let opens = reading.starts_clause(index);
    if opens && know.ends_clause {
        return true;
    }
    // "Do you know", "as you know", "the people you know", "before you know it".
    if [
        "do",
        "did",
        "don't",
        "didn't",
        "if",
        "as",
        "let",
        "once",
        "how",
        "what",
        "who",
        "would",
        "could",
        "should",
        "can",
        "when",
        "whether",
        "everything",
        "everyone",
        "all",
        "anything",
        "something",
        "someone",
        "unless",
        "until",
        "before",
        "make",
        "sure",
        "that's",
        "than",
        "whatever",
        "tell",
        "letting",
        "where",
        "help",
        "more",
    ]
    .contains(&before)
        || [
            "people",
            "person",
            "thing",
            "things",
            "one",
            "ones",
            "stuff",
            "tool",
            "tools",
            "language",
            "languages",
        ]
        .contains(&before)
            && !know.ends_clause
            && !opens
    {
        return [
            "tool", "tools", "thing", "things", "stuff", "people", "what", "when", "that's",
        ]
        .contains(&before)
            && ["just", "like", "i", "we", "they", "it", "it's"].contains(&next);
    }
    if know.ends_clause {
        return true;
    }
    if next == "what" && reading.after(index, 3) == "i" && reading.after(index, 4) == "mean" {
        return !["by", "when"].contains(&reading.after(index, 5));
    }
    let takes_object = [
        "what",
        "how",
        "why",
        "who",
        "where",
        "which",
        "whether",
        "exactly",
        "about",
        "more",
        "better",
        "best",
        "each",
        "everything",
        "anything",
        "nothing",
        "something",
        "him",
        "her",
        "them",
        "me",
        "us",
        "your",
        "my",
        "that",
        "if",
        "enough",
        "someone",
        "everyone",
        "for",
        "whose",
        "ahead",
    ]
    .contains(&next);
    if takes_object {
        return false;
    }
    if [
        "the", "a", "an", "this", "these", "those", "some", "all", "when", "python", "it's", "it",
    ]
    .contains(&next)
        && (opens || ["and", "but", "so", "because"].contains(&before))
    {
        // "You know the feeling": an object, unless the same clause goes on with a verb of its own.
        return (3..=7).any(|ahead| {
            let word = reading.after(index, ahead);
            past_verb(word) || BE.contains(&word) || ["it's", "just"].contains(&word)
        });
    }
    true
}

fn i_mean_fills(reading: &Reading<'_>, index: usize) -> bool {
    let (before, next) = (reading.before(index, 1), reading.after(index, 2));
    let mean = &reading.tokens[index + 1];
    let defines = (2..=8).any(|back| {
        reading.before(index, back) == "when"
            && reading.before(index, back - 1) == "i"
            && back > 2
            && reading.before(index, back - 2) == "say"
    });
    let object = defines
        || is_any(reading, index, 3, &["what", "by"])
        || [
            "what", "which", "when", "if", "that", "know", "how", "does", "whatever", "thing",
        ]
        .contains(&before);
    if object && (defines || !(reading.starts_clause(index) && mean.ends_clause)) {
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
        let then = reading.after(index, 3);
        return !then.is_empty()
            && (past_verb(then)
                || BE.contains(&then)
                || ["just", "took", "really", "takes", "works", "makes", "depends"].contains(&then))
            && !reading.tokens[index + 2].ends_clause;
    }
    !["to", "by", "business", "every", "no", "exactly"].contains(&next)
        || next == "no"
            && reading.after(index, 3) != "offense"
            && reading.after(index, 3) != "harm"
            && reading.after(index, 3) != "disrespect"
}

fn sort_of_fills(reading: &Reading<'_>, index: usize) -> bool {
    let before = reading.before(index, 1);
    let opens = reading.starts_clause(index);
    if !opens && DETERMINERS.contains(&before) {
        // "It was all sort of rushed": there "all" is an adverb.
        let mixed = ["all", "that", "this", "one"].contains(&before)
            && (BE.contains(&reading.before(index, 2)) || adverb(reading.after(index, 2)));
        return mixed
            && !["thing", "things", "stuff", "work", "problem", "person", "people"].contains(&reading.after(index, 2));
    }
    // "A very different sort of problem".
    !(1..=3).any(|back| {
        let article = reading.before(index, back);
        [
            "a", "an", "the", "some", "what", "this", "that", "my", "these", "those", "any", "which",
        ]
        .contains(&article)
            && !(1..back).any(|nearer| {
                let word = reading.before(index, nearer);
                reading.tokens[index - nearer].ends_clause || !adjective_like(word)
            })
            && back > 1
    })
}

fn adjective_like(word: &str) -> bool {
    DETERMINERS.contains(&word)
        || [
            "very",
            "really",
            "completely",
            "totally",
            "old",
            "big",
            "small",
            "exact",
            "whole",
            "rare",
            "unusual",
            "difficult",
            "interesting",
            "serious",
            "fun",
            "technical",
            "basic",
            "little",
        ]
        .contains(&word)
        || ["al", "ic", "ive", "ous", "ful", "ent"]
            .iter()
            .any(|ending| word.len() > 4 && word.ends_with(ending))
}

fn right_fills(reading: &Reading<'_>, index: usize) -> bool {
    let token = &reading.tokens[index];
    let (before, next) = (reading.before(index, 1), reading.after(index, 1));
    let text = &reading.transcript.words[token.at].text;
    let opens = reading.starts_clause(index);
    if opens && token.ends_clause {
        // A sentence of its own may be an answer; before "so" it only clears the throat.
        let alone = reading.starts_sentence(index) && token.ends_sentence;
        return !alone || ["so", "well", "okay", "then"].contains(&reading.bare(Some(index + 1)));
    }
    if text.ends_with('?') {
        return !BE.contains(&before)
            && ![
                "that", "it", "not", "turn", "get", "got", "all", "this", "done", "sound", "sounds", "feel",
            ]
            .contains(&before);
    }
    reading.starts_sentence(index)
        && [
            "so",
            "well",
            "i",
            "we",
            "the",
            "okay",
            "um",
            "basically",
            "first",
            "this",
            "then",
        ]
        .contains(&next)
        && !["thing", "tool", "way", "answer", "one"].contains(&reading.after(index, 2))
        || next == "so"
            && !BE.contains(&before)
            && !["all", "not", "it", "that"].contains(&before)
            && !token.ends_clause
            && index > 0
}

fn literally_fills(reading: &Reading<'_>, index: usize) -> bool {
    let token = &reading.tokens[index];
    if set_off(reading, index) {
        return true;
    }
    let means = (1..=4).any(|back| {
        [
            "mean",
            "means",
            "meant",
            "translate",
            "translates",
            "translated",
            "take",
            "takes",
            "took",
            "taken",
            "taking",
            "interpret",
            "read",
            "speaking",
            "quite",
            "follow",
            "followed",
        ]
        .contains(&reading.before(index, back))
    });
    let means = means
        || ["means", "translates", "meaning", "mean", "translated", "speaking"].contains(&reading.after(index, 1));
    !(means || token.ends_sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The verbal fillers of a text, as `filler@word`.
    fn check(text: &str, expected: &str) {
        let transcript = Transcript::typed(text);
        let found: Vec<String> = fillers(&Reading::new(&transcript))
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
