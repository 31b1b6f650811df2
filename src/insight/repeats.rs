//! Repeats: words and phrases said again at once, as people do while they look for the next word.
//!
//! What counts follows Shriberg (1994, Preliminaries to a Theory of Speech Disfluencies): a repetition is a stretch of
//! words said again with nothing but fillers between, and a cut-off word mended at once belongs to it. Doubling for
//! emphasis ("very, very"), doubles of grammar ("that that") and what is spelled out ("one one two") are none.

use crate::insight::{
    Repeat,
    token_view::{TokenView, is_one_of},
};

/// Longest phrase looked for. Longer ones are retold sentences.
const MAX_PHRASE_WORDS: usize = 6;

/// Doubled on purpose or by grammar.
const INTENDED: &str = "sure that had very really no yes yeah yep nope bye so many much far way super long big too now ha okay ok \
    right well knock blah hush tut night fifty there hey more please wait never ever always totally \
    extremely highly tiny old hello testing win double dot slash dash point plus www pretty";
const NUMBERS: &str = "zero oh one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen \
    sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred \
    thousand";
/// Words that cannot end a clause: said twice, they are always a false start.
const CLAUSE_OPENERS: &str = "i we he she they the a an and but or so because if when to of for with from at by my our your their \
    its is was were are am be have has i'm i've i'd i'll we're we've it's that's there's they're who \
    which would could should will can about into as than then what how why where just like also actually \
    didn't don't can't couldn't wasn't isn't this these some every let's you're in on it you";
/// A pronoun that may end one clause and open the next: "once we fixed it it worked".
const PRONOUNS: &str = "it you her this them us one here these those each";

/// Every repeat of an answer, in order; the longest phrase wins.
pub(super) fn repeats(view: &TokenView<'_>) -> Vec<Repeat> {
    let mut repeats = Vec::new();
    let mut runs = RunCache::default();
    let mut index = 0;
    while index < view.tokens.len() {
        let Some(found) = repeat_at(view, &mut runs, index) else {
            index += 1;
            continue;
        };
        let text: Vec<&str> = view.tokens[found.shown..found.shown + found.length]
            .iter()
            .map(|token| token.bare.as_str())
            .collect();
        repeats.push(Repeat {
            text: with_capital_i(&text.join(" ")),
            count: found.count,
            words: view.words(index, found.end),
            span: view.span(index, found.end),
        });
        index = found.end;
    }
    repeats
}

struct RepeatMatch {
    /// Words in one occurrence.
    length: usize,
    count: usize,
    /// Past the last token.
    end: usize,
    /// The occurrence that shows all of its words.
    shown: usize,
}

/// A phrase and its occurrences from one place on.
#[derive(Clone, Copy)]
struct OccurrenceRun {
    count: usize,
    /// Where the last one begins.
    last: usize,
}

/// The runs that were visited, by the length of their phrase and where they begin. What comes after a place depends on
/// nothing before it, so a run that turns out to be no repeat ("very very very") is visited once, not from each of its words.
#[derive(Default)]
struct RunCache([Vec<Option<OccurrenceRun>>; MAX_PHRASE_WORDS]);

impl RunCache {
    fn follow(&mut self, view: &TokenView<'_>, start: usize, length: usize) -> OccurrenceRun {
        let known = &mut self.0[length - 1];
        let known_at = |known: &[Option<OccurrenceRun>], at: usize| known.get(at).copied().flatten();
        let mut visited = Vec::new();
        let mut at = start;
        let mut run = loop {
            if let Some(run) = known_at(known, at) {
                break run;
            }
            let Some(again) = next_occurrence(view, at, length) else {
                break OccurrenceRun { count: 1, last: at };
            };
            visited.push(at);
            at = again;
        };
        if !visited.is_empty() {
            known.resize(view.tokens.len(), None);
        }
        for place in visited.into_iter().rev() {
            run.count += 1;
            known[place] = Some(run);
        }
        run
    }
}

fn repeat_at(view: &TokenView<'_>, runs: &mut RunCache, index: usize) -> Option<RepeatMatch> {
    (1..=MAX_PHRASE_WORDS).rev().find_map(|length| {
        // "word word word word" is one word four times, not two twice.
        let phrase = view.tokens.get(index..index + length)?;
        if length > 1 && phrase.iter().all(|token| token.bare == phrase[0].bare) {
            return None;
        }
        let OccurrenceRun { count, last } = runs.follow(view, index, length);
        let real = count > 1 && !is_intended(view, index, length, count);
        real.then_some(RepeatMatch {
            length,
            count,
            end: last + length,
            shown: last,
        })
    })
}

/// Where the phrase is said again: at once, or after a verbal filler ("we, you know, we").
fn next_occurrence(view: &TokenView<'_>, start: usize, length: usize) -> Option<usize> {
    let end = start + length;
    let after = |between: usize| {
        let again = end + between;
        (same_words(view, start, again, length) && in_one_sentence(view, start, again)).then_some(again)
    };
    // A word broken off between them ("I was going I- I was going") belongs to the second start.
    let broken = || usize::from(view.tokens.get(end).is_some_and(|token| token.cut_off));
    after(0)
        .or_else(|| after(filler_length(view, start, end)))
        .or_else(|| after(broken()))
}

/// A verbal filler between commas, or one that nothing else can be, right here.
fn filler_length(view: &TokenView<'_>, start: usize, index: usize) -> usize {
    let phrases: [&[&str]; 7] = [
        &["you", "know"],
        &["i", "mean"],
        &["like"],
        &["well"],
        &["sorry"],
        &["sort", "of"],
        &["kind", "of"],
    ];
    let repeated = view.bare(Some(start));
    phrases
        .iter()
        .filter(|phrase| phrase[0] != repeated)
        .find(|phrase| {
            phrase
                .iter()
                .enumerate()
                .all(|(ahead, word)| view.bare(Some(index + ahead)) == *word)
        })
        .map_or(0, |phrase| phrase.len())
}

/// The same_words words, where the last of the first may be cut off ("we ha- we had").
fn same_words(view: &TokenView<'_>, first: usize, second: usize, length: usize) -> bool {
    let tokens = &view.tokens;
    if second + length > tokens.len() {
        return false;
    }
    (0..length).all(|offset| {
        let (one, other) = (&tokens[first + offset], &tokens[second + offset]);
        if one.cut_off {
            let begun = one.bare.trim_end_matches('-');
            return offset + 1 == length && !begun.is_empty() && other.bare.starts_with(begun);
        }
        one.bare == other.bare
    })
}

/// No sentence ends between the occurrences, except after a lone word that cannot be a sentence ("The. The server").
fn in_one_sentence(view: &TokenView<'_>, first: usize, second: usize) -> bool {
    let ends = view.tokens[first..second]
        .iter()
        .filter(|token| token.ends_sentence)
        .count();
    let lone = second == first + 1
        && is_one_of(view.tokens[first].bare.as_str(), CLAUSE_OPENERS)
        && view.starts_sentence(first);
    ends == 0 || lone
}

fn is_intended(view: &TokenView<'_>, index: usize, length: usize, count: usize) -> bool {
    let tokens = &view.tokens;
    let word = tokens[index].bare.as_str();
    let before = view.before(index, 1);
    let spelled = |word: &str| {
        is_one_of(word, NUMBERS)
            || word.chars().all(|c| !c.is_alphabetic())
            || word.chars().count() == 1 && !["i", "a"].contains(&word)
    };
    if tokens[index..index + length].iter().all(|token| spelled(&token.bare)) || closes_subordinate(view, index, length)
    {
        return true;
    }
    if length == 2 {
        // "step by step by step", "over and over and over".
        let links = |word: &str| is_one_of(word, "and by to after or upon on in");
        let second = tokens[index + 1].bare.as_str();
        let chained = links(word) && before == second || links(second) && count == 2 && view.after(index, 4) == word;
        // "very very very very", "no no no no".
        let polite = word == "thank" && second == "you" || word == "excuse" && second == "me";
        return chained || polite || is_one_of(word, INTENDED) && word == tokens[index + 1].bare;
    }
    if length > 2 {
        return false;
    }
    if tokens[index].cut_off {
        return false;
    }
    // "So so what I did was": a start said twice, where "so so good" says it with weight.
    if word == "so"
        && view.starts_sentence(index)
        && is_one_of(
            view.after(index, 2),
            "i we he she they it you what when if the that this there my our basically",
        )
    {
        return false;
    }
    if is_one_of(word, INTENDED) {
        return true;
    }
    let comma = tokens[index].ends_clause;
    if is_one_of(word, PRONOUNS) {
        return count == 2 && !can_open_clause(view, index);
    }
    match word {
        // "What it is is a race", "the thing is is that".
        "is" | "was" => (1..=6).any(|back| {
            let subject = view.before(index, back);
            is_one_of(subject, "what all")
                || is_one_of(subject, "thing problem point question") && view.after(index, 2) == "that"
        }),
        "do" | "did" | "does" => {
            (1..=4).any(|back| ["what", "we", "all"].contains(&view.before(index, back))) && !comma
        }
        // "Log in in the morning", "it runs on on-call days".
        "in" | "on" | "up" | "out" | "off" => is_one_of(
            before,
            "log logs logged logging sign signed check checked come came go turn turned move moved carry hold \
        jump jumped",
        ),
        _ if is_one_of(word, CLAUSE_OPENERS) => false,
        // "If you have logs, logs tell you", "location, location, location".
        _ if comma => count > 2 || before == word || starts_predicate(view.after(index + 1, 1)),
        _ => false,
    }
}

/// "If you ask, ask early", "whatever it is, it is slow", "the more you know, the more you see": the first closes one
/// clause, and the second opens the next.
fn closes_subordinate(view: &TokenView<'_>, index: usize, length: usize) -> bool {
    let opens = |at: usize| {
        is_one_of(
            view.bare(Some(at)),
            "if when once whatever wherever whenever since because while after before unless until as what who \
        where although though however whoever whichever how",
        )
    };
    if length == 2
        && view.bare(Some(index)) == "the"
        && is_one_of(view.bare(Some(index + 1)), "more less sooner better longer faster")
    {
        return true;
    }
    let comma = view.tokens[index + length - 1].ends_clause;
    // Looked for only where a clause ends right here: in a text without an end it is far back.
    let first = || (0..index).rev().find(|at| view.starts_clause(*at));
    comma && !view.starts_clause(index) && first().is_some_and(opens)
}

/// Whether a clause can begin with the word at this place, told by the one before it.
fn can_open_clause(view: &TokenView<'_>, index: usize) -> bool {
    let before = view.before(index, 1);
    view.starts_clause(index)
        || is_one_of(
            before,
            "and but so because that if when while since or then though although where well think said is was be \
        yeah like know mean unless until as how which why maybe just to",
        )
}

fn starts_predicate(next: &str) -> bool {
    is_one_of(
        next,
        "is are was were has have had can means will would should tell tells gives made makes helps matter \
        matters does comes became works",
    )
}

fn with_capital_i(text: &str) -> String {
    let words: Vec<String> = text
        .split(' ')
        .map(|word| match word.strip_prefix('i') {
            Some(rest) if rest.is_empty() || rest.starts_with('\'') => format!("I{rest}"),
            _ => word.to_owned(),
        })
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::Transcript;

    fn check(text: &str, expected: &str) {
        let transcript = Transcript::typed(text);
        let found: Vec<String> = repeats(&TokenView::new(&transcript))
            .into_iter()
            .map(|repeat| format!("{} x{}", repeat.text, repeat.count))
            .collect();
        assert_eq!(found.join(" | "), expected, "{text}");
    }

    #[test]
    fn words_and_phrases_said_again_are_found() {
        check("For example, I, I used Splunk.", "I x2");
        check("In my project I used, I used tokens.", "I used x2");
        check("So we had we had we had a plan.", "we had x3");
        check("And she, um, she left.", "she x2");
        check("We, you know, we tried the the other one.", "we x2 | the x2");
        check(
            "I think that we should I think that we should go.",
            "I think that we should x2",
        );
    }

    #[test]
    fn cut_off_words_mended_at_once_are_found() {
        check("We ha- we had a plan.", "we had x2");
        check("It was a mig- migration.", "migration x2");
        check("I was going I- I was going home.", "I was going x2");
    }

    #[test]
    fn doubles_of_grammar_and_emphasis_are_none() {
        for text in [
            "I know that that works and he had had enough.",
            "It was very, very slow, no no, really really slow.",
            "The number is one one two, port eight zero eight zero.",
            "Bye bye and yes yes.",
            "We went step by step by step, over and over and over.",
            "If we fixed it, it worked, and without it it failed.",
            "It failed. It failed again.",
            "What it is is a race.",
            "You log in in the morning.",
            "Location, location, location.",
            "When you have logs, logs tell you a lot.",
            "He spelled it s s l.",
        ] {
            check(text, "");
        }
    }
}
