//! Most-used words: content words said three times and more, inflections together, with other words for each.
//!
//! Stop words and fillers are left out. The synonyms are the curated list's, by part of speech: a thesaurus behind it was
//! looked at and left out (docs/insights.md), since no word at all is better than one that nobody says in an interview.

use std::{
    collections::{HashMap, HashSet},
    sync::OnceLock,
};

use serde::Deserialize;

use crate::insight::{
    Filler, MostUsed,
    token_view::{TokenView, is_one_of},
};

const MIN_COUNT: usize = 3;
const MAX_WORDS: usize = 10;
const SYNONYMS: &str = include_str!("../../assets/synonyms.toml");

/// Words that carry grammar or politeness and little else.
const STOP_WORDS: &str = "
    a an the and or but nor so yet for if then than though although because while until unless since when whenever where wherever whether
    as of in on at to from by with without within into onto over under up down out off about above below across after again against ago along already also always among
    around away back before behind between both during each either else enough ever every everybody everyone everything everywhere few first further here how however
    i me my mine myself we us our ours ourselves you your yours yourself he him his himself she her hers herself it its itself they them their theirs themselves
    this that these those there who whom whose which what whatever why
    be am is are was were been being do does did done doing have has had having will would shall should can could may might must ought need
    not no none never nothing nobody neither yes yeah yep okay ok oh well right sure please thanks hello hi hey
    all any some such same other another one two three four five six seven eight nine ten hundred thousand second last next own only just very too quite rather really
    even still ever almost maybe perhaps actually basically literally honestly probably definitely certainly kind sort like lot lots bit thing things stuff something anything
    someone somebody anyone anybody way much many more most less least several half upon per via through throughout toward towards together instead once twice now today
    i'm i've i'd i'll you're you've you'd you'll he's he'd he'll she's she'd she'll it's it'd it'll we're we've we'd we'll they're they've they'd they'll that's there's here's what's who's
    isn't aren't wasn't weren't don't doesn't didn't haven't hasn't hadn't won't wouldn't can't cannot couldn't shouldn't mustn't let's ain't
    um uh er hmm gonna wanna gotta kinda sorta etc get got getting gets gotten go goes going went gone let lets etc y'know yknow cause 'cause
    anyway anyways though whole thus hence otherwise therefore meanwhile besides etcetera plus minus";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum PartOfSpeech {
    Verb,
    Noun,
    Adjective,
    Adverb,
}

#[derive(Debug, Default, Deserialize)]
struct Synonyms {
    #[serde(default)]
    verb: HashMap<String, Vec<String>>,
    #[serde(default)]
    noun: HashMap<String, Vec<String>>,
    #[serde(default)]
    adjective: HashMap<String, Vec<String>>,
    #[serde(default)]
    adverb: HashMap<String, Vec<String>>,
}

/// The content words that an answer leans on, most used first.
pub(super) fn most_used(view: &TokenView<'_>, fillers: &[Filler]) -> Vec<MostUsed> {
    let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut is_filler = vec![false; view.transcript.words.len()];
    for filler in fillers {
        is_filler[filler.words.clone()].fill(true);
    }
    for (index, token) in view.tokens.iter().enumerate() {
        if is_filler[token.at] || !is_content(&token.bare) {
            continue;
        }
        let base = lemma_in_context(view, index);
        if stop_words().contains(base.as_str()) {
            continue;
        }
        let place = *places.entry(base.clone()).or_insert_with(|| {
            groups.push((base, Vec::new()));
            groups.len() - 1
        });
        groups[place].1.push(index);
    }
    groups.retain(|(_, places)| places.len() >= MIN_COUNT);
    // Stable: among equals the one said first stays first.
    groups.sort_by_key(|(_, places)| std::cmp::Reverse(places.len()));
    groups.truncate(MAX_WORDS);
    groups
        .into_iter()
        .map(|(base, places)| most_used_word(view, &base, &places))
        .collect()
}

fn most_used_word(view: &TokenView<'_>, base: &str, places: &[usize]) -> MostUsed {
    let mut forms: Vec<String> = Vec::new();
    for place in places {
        let form = &view.tokens[*place].bare;
        if !forms.contains(form) {
            forms.push(form.clone());
        }
    }
    let raw = |place: &usize| {
        view.transcript.words[view.tokens[*place].at]
            .text
            .trim_matches(|c: char| !c.is_alphanumeric())
            .to_owned()
    };
    // An acronym is shown as it is written.
    let shown = places
        .iter()
        .map(raw)
        .find(|text| text.to_lowercase() == base && text.chars().filter(|c| c.is_uppercase()).count() > 1);
    MostUsed {
        synonyms: synonyms_of(base, part_of_speech(view, places)),
        word: shown.unwrap_or_else(|| base.to_owned()),
        count: places.len(),
        forms,
        words: places.iter().map(|place| view.tokens[*place].at).collect(),
    }
}

fn is_content(bare: &str) -> bool {
    bare.chars().filter(|c| c.is_alphabetic()).count() > 1
        && !bare.starts_with(|c: char| c.is_ascii_digit())
        && !stop_words().contains(bare)
        && !bare.ends_with('-')
}

/// The base form at this place: "the meeting" is a meeting, "meeting them" is to meet.
fn lemma_in_context(view: &TokenView<'_>, index: usize) -> String {
    let token = &view.tokens[index];
    if let Some(stem) = token.bare.strip_suffix("ings") {
        return format!("{stem}ing");
    }
    let before = view.before(index, 1);
    let is_noun = token.bare.ends_with("ing")
        && (is_determiner(before)
            || matches!(
                token.bare.as_str(),
                "meeting"
                    | "training"
                    | "building"
                    | "marketing"
                    | "engineering"
                    | "understanding"
                    | "finding"
                    | "setting"
                    | "hearing"
            ) && !is_subject_or_be(before));
    if is_noun {
        token.bare.clone()
    } else {
        token.base.clone()
    }
}

fn is_determiner(word: &str) -> bool {
    is_one_of(
        word,
        "a an the this that my our your his her its their some any each every no another these those weekly \
        daily first last next new good team",
    )
}

fn is_subject_or_be(word: &str) -> bool {
    is_one_of(
        word,
        "i'm we're they're he's she's you're am is are was were be been by of started kept keep start before \
        after while when not just always still",
    )
}

/// The part of speech that most of the places show.
fn part_of_speech(view: &TokenView<'_>, places: &[usize]) -> Vec<PartOfSpeech> {
    let mut votes: Vec<(PartOfSpeech, usize)> = Vec::new();
    for place in places {
        let part = tag(view, *place);
        match votes.iter_mut().find(|(voted, _)| *voted == part) {
            Some((_, count)) => *count += 1,
            None => votes.push((part, 1)),
        }
    }
    votes.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let mut parts: Vec<PartOfSpeech> = votes.into_iter().map(|(part, _)| part).collect();
    for part in [
        PartOfSpeech::Verb,
        PartOfSpeech::Noun,
        PartOfSpeech::Adjective,
        PartOfSpeech::Adverb,
    ] {
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts
}

fn tag(view: &TokenView<'_>, index: usize) -> PartOfSpeech {
    let token = &view.tokens[index];
    let (before, next) = (view.before(index, 1), view.after(index, 1));
    let bare = token.bare.as_str();
    if bare.ends_with("ly") {
        return PartOfSpeech::Adverb;
    }
    if is_one_of(
        before,
        "i we you they to he she would will can could should might must didn't don't doesn't did i'd we'd \
        i'll we'll who let's never always",
    ) {
        return PartOfSpeech::Verb;
    }
    if bare != token.base && (bare.ends_with("ed") || bare.ends_with("ing"))
        || is_one_of(next, "it them him me us the my our that a an this these their her") && !is_determiner(before)
    {
        return PartOfSpeech::Verb;
    }
    if is_one_of(
        before,
        "very really so too more most pretty quite is was are were it's be that's super",
    ) && bare == token.base
    {
        return PartOfSpeech::Adjective;
    }
    PartOfSpeech::Noun
}

fn synonyms_of(base: &str, parts: Vec<PartOfSpeech>) -> Vec<String> {
    let synonyms = synonyms();
    let table = |part| match part {
        PartOfSpeech::Verb => &synonyms.verb,
        PartOfSpeech::Noun => &synonyms.noun,
        PartOfSpeech::Adjective => &synonyms.adjective,
        PartOfSpeech::Adverb => &synonyms.adverb,
    };
    parts
        .into_iter()
        .find_map(|part| table(part).get(base))
        .cloned()
        .unwrap_or_default()
}

fn synonyms() -> &'static Synonyms {
    static READ: OnceLock<Synonyms> = OnceLock::new();
    // A test reads the file strictly; here a damaged one must not take the other insights with it.
    READ.get_or_init(|| toml::from_str(SYNONYMS).unwrap_or_default())
}

fn stop_words() -> &'static HashSet<&'static str> {
    static READ: OnceLock<HashSet<&'static str>> = OnceLock::new();
    READ.get_or_init(|| STOP_WORDS.split_whitespace().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{insight::fillers::fillers, transcript::Transcript};

    fn check(text: &str, expected: &str) {
        let transcript = Transcript::typed(text);
        let view = TokenView::new(&transcript);
        let found: Vec<String> = most_used(&view, &fillers(&view))
            .iter()
            .map(|used| format!("{} x{} ({})", used.word, used.count, used.forms.join(" ")))
            .collect();
        assert_eq!(found.join(" | "), expected, "{text}");
    }

    #[test]
    fn inflections_count_together() {
        check(
            "I managed a team. Managing it, I manage well.",
            "manage x3 (managed managing manage)",
        );
        check(
            "We went, we wrote, we write, and wrote it. He writes.",
            "write x4 (wrote write writes)",
        );
        check(
            "One company, two companies, the company's goal.",
            "company x3 (company companies company's)",
        );
    }

    #[test]
    fn stop_words_and_fillers_are_left_out() {
        check(
            "It is what it is and it was. I, like, like it, like, you know, like that. You know, you know.",
            "",
        );
        check(
            "Basically the SIEM, the SIEM and SIEMs, um, um, um.",
            "SIEM x3 (siem siems)",
        );
    }

    #[test]
    fn a_meeting_is_no_form_of_to_meet() {
        check(
            "The meeting, a meeting, my meetings. I met them.",
            "meeting x3 (meeting meetings)",
        );
    }

    #[test]
    fn the_most_used_come_first_and_ten_at_most() {
        let text: String = (0..12)
            .map(|index| {
                format!("word{index} ")
                    .replace("word", ["alpha", "beta"][index % 2])
                    .repeat(3)
            })
            .collect();
        let transcript = Transcript::typed(&text);
        assert!(most_used(&TokenView::new(&transcript), &[]).len() <= MAX_WORDS);
        check(
            "Test the server, test the server, test the server, server.",
            "server x4 (server) | test x3 (test)",
        );
    }

    #[test]
    fn synonyms_fit_the_part_of_speech() {
        let read: Synonyms = toml::from_str(SYNONYMS).expect("the curated list is valid");
        assert!(
            read.verb.len() > 300 && read.noun.len() > 200,
            "{} {}",
            read.verb.len(),
            read.noun.len()
        );
        let transcript = Transcript::typed("I managed it, we managed it, they manage it.");
        let used = most_used(&TokenView::new(&transcript), &[]);
        assert_eq!(used[0].synonyms, read.verb["manage"]);
    }
}
