//! The sentences that state insights: neutral, kind, to the person. No praise, no grade, no "should". Every
//! number is a count of what was said; what to make of it is left to the person.

mod english;

use std::{collections::HashMap, sync::LazyLock};

use english::capitalized;
use serde::Deserialize;

use crate::{
    insight::{
        Filler, FillerClass, Insights, MostUsed, Pause, Structure, assets::toml_asset, pace::usual_band,
        pauses::long_seconds,
    },
    question::StructureName,
    transcript::Word,
};

pub use english::times;
pub(super) use english::{counted, duration, listed, number};

/// Numbers in the sentences; the file says where each comes from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WordingThresholds {
    advised_seconds: (f64, f64),
    long_answer_slack_seconds: f64,
    harmless_fillers_a_minute: f64,
    noticed_fillers_a_minute: f64,
    min_rate_seconds: f64,
    unsure_below: f32,
    max_hedges: usize,
    max_synonyms: usize,
    pub compare: CompareThresholds,
}

/// The least difference between two takes that is worth a sentence.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CompareThresholds {
    pub seconds: f64,
    pub words: usize,
    pub filler_count: usize,
    pub words_per_minute: f64,
}

pub(super) static THRESHOLDS: LazyLock<WordingThresholds> = toml_asset!("insight/wording.toml");

/// The length that is commonly advised, from and to, in seconds.
pub fn advised_seconds() -> (f64, f64) {
    THRESHOLDS.advised_seconds
}

/// Fillers a minute that did no harm to how a speaker was seen.
pub fn harmless_fillers_a_minute() -> f64 {
    THRESHOLDS.harmless_fillers_a_minute
}

/// Fillers a minute that did.
pub fn noticed_fillers_a_minute() -> f64 {
    THRESHOLDS.noticed_fillers_a_minute
}

/// How many fillers, and how many a minute.
pub fn fillers(fillers: &[Filler], seconds: Option<f64>) -> String {
    if fillers.is_empty() {
        return "No fillers were heard in this answer.".to_owned();
    }
    let vocal = fillers
        .iter()
        .filter(|filler| filler.class == FillerClass::Vocal)
        .count();
    let verbal = fillers.len() - vocal;
    let kinds = match (vocal, verbal) {
        _ if fillers.iter().all(|filler| filler.text == fillers[0].text) => said_times(&fillers[0].text, fillers.len()),
        (0, _) => format!(
            "You used {}, such as “{}”.",
            counted(verbal, "filler word"),
            fillers[0].text
        ),
        (_, 0) => format!("You used {}, such as “{}”.", counted(vocal, "filler"), fillers[0].text),
        _ => format!(
            "You used {}: {} like “um” and {} like “you know”.",
            counted(fillers.len(), "filler"),
            number(vocal),
            number(verbal)
        ),
    };
    let Some(rate) = seconds.and_then(|seconds| per_minute(fillers.len(), seconds)) else {
        return kinds;
    };
    let rate = match rate.round() as usize {
        0 => "fewer than one a minute".to_owned(),
        rate => format!("about {rate} a minute"),
    };
    format!(
        "{kinds} That is {rate}. In one study, {} a minute made no difference to listeners, but {} did.",
        number(THRESHOLDS.harmless_fillers_a_minute as usize),
        number(THRESHOLDS.noticed_fillers_a_minute as usize)
    )
}

/// How many a minute; nothing where the answer is too short for a rate.
pub fn per_minute(count: usize, seconds: f64) -> Option<f64> {
    (seconds >= THRESHOLDS.min_rate_seconds).then(|| count as f64 * 60.0 / seconds)
}

/// Where several fillers were said: how often each, most frequent first, and those said once in one sentence.
pub fn by_filler(fillers: &[Filler]) -> Vec<String> {
    let counts = counts(fillers.iter().map(|filler| filler.text.as_str()));
    if counts.len() < 2 {
        return Vec::new();
    }
    let (often, once): (Vec<_>, Vec<_>) = counts.into_iter().partition(|(_, count)| *count > 1);
    let mut sentences: Vec<String> = often.into_iter().map(|(text, count)| said_times(text, count)).collect();
    match once.as_slice() {
        [] => {}
        [(text, count)] => sentences.push(said_times(text, *count)),
        many => {
            let texts: Vec<String> = many.iter().map(|(text, _)| format!("“{text}”")).collect();
            sentences.push(format!("You said {} once each.", listed(&texts)));
        }
    }
    sentences
}

/// How often each text comes, the most frequent first; among equals the one that came first.
pub fn counts<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<(&'a str, usize)> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for text in texts {
        let place = *places.entry(text).or_insert_with(|| {
            counts.push((text, 0));
            counts.len() - 1
        });
        counts[place].1 += 1;
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

/// How often one filler was said: "You said “basically” six times."
fn said_times(text: &str, count: usize) -> String {
    format!("You said “{text}” {}.", times(count))
}

pub fn repeats(insights: &Insights) -> String {
    match insights.repeats.as_slice() {
        [] => "No repeated words were heard.".to_owned(),
        [one] => format!("You repeated “{}” once.", one.text),
        many => format!(
            "You repeated words in {} places, such as “{}”.",
            number(many.len()),
            many[0].text
        ),
    }
}

pub fn hedges(insights: &Insights) -> String {
    match insights.hedges.as_slice() {
        [] => "No hedges were heard.".to_owned(),
        [one] => format!("You used one hedge: “{}”.", one.text),
        many => {
            let mut texts: Vec<String> = Vec::new();
            for hedge in many {
                let text = format!("“{}”", hedge.text);
                if !texts.contains(&text) {
                    texts.push(text);
                }
            }
            texts.truncate(THRESHOLDS.max_hedges);
            format!(
                "You used {} hedges, such as {}. They soften what comes after them; sometimes that is what you want.",
                number(many.len()),
                listed(&texts)
            )
        }
    }
}

pub fn pace(words_per_minute: f64) -> String {
    let (slow, fast) = usual_band();
    let place = if words_per_minute < slow {
        "below"
    } else if words_per_minute > fast {
        "above"
    } else {
        "within"
    };
    format!(
        "You spoke about {words_per_minute:.0} words per minute, {place} the usual range of {slow:.0} to {fast:.0}."
    )
}

pub fn pauses(pauses: &[Pause]) -> String {
    let long = pauses
        .iter()
        .filter(|pause| pause.span.seconds() >= long_seconds())
        .count();
    let inside = pauses.iter().filter(|pause| pause.inside_clause).count();
    if pauses.is_empty() {
        return "You spoke without a pause.".to_owned();
    }
    let place = match inside {
        0 => "between thoughts".to_owned(),
        inside if inside == pauses.len() => "in the middle of a thought".to_owned(),
        inside => format!("{} of them in the middle of a thought", number(inside)),
    };
    let long = match long {
        0 => String::new(),
        long => format!(
            " {} lasted {} seconds or more.",
            capitalized(&number(long)),
            number(long_seconds() as usize)
        ),
    };
    format!("You paused {}, {place}.{long}", times(pauses.len()))
}

/// Of the silence before the first word.
pub fn began_after(seconds: f64) -> String {
    format!("You began after {seconds:.0} s.")
}

/// Of the silence after the last word.
pub fn stopped_before_end(seconds: f64) -> String {
    format!("You stopped speaking {seconds:.0} s before the end.")
}

pub fn length(seconds: f64) -> String {
    let (least, most) = THRESHOLDS.advised_seconds;
    let consequence = if seconds < least {
        ", so there is room for an example"
    } else if seconds > most + THRESHOLDS.long_answer_slack_seconds {
        ", so you could focus on what matters most"
    } else {
        ""
    };
    format!(
        "Your answer lasted {}. {} to {} minutes is the common advice{consequence}.",
        duration(seconds),
        capitalized(&number((least / 60.0) as usize)),
        number((most / 60.0) as usize)
    )
}

pub fn structure(structure: &Structure) -> String {
    let all = [
        StructureName::Situation,
        StructureName::Task,
        StructureName::Action,
        StructureName::Result,
    ];
    let found: Vec<String> = structure
        .parts
        .iter()
        .map(|part| format!("the {}", part.name.name()))
        .collect();
    if found.is_empty() {
        return "No situation, task, action or result was recognized in this answer.".to_owned();
    }
    let missing: Vec<String> = all
        .iter()
        .filter(|name| structure.parts.iter().all(|part| part.name != **name))
        .map(|name| name.name().to_owned())
        .collect();
    let heard = format!("We heard {}.", listed(&found));
    match missing.as_slice() {
        [] => heard,
        [one] => format!("{heard} The {one} is worth adding."),
        several => format!("{heard} {} are worth adding.", capitalized(&listed(several))),
    }
}

/// The start of a sentence that is too long to be quoted whole.
pub fn shortened(sentence: &str) -> String {
    const MOST: usize = 22;
    let words: Vec<&str> = sentence.split_whitespace().collect();
    if words.len() <= MOST {
        words.join(" ")
    } else {
        format!("{} …", words[..MOST].join(" "))
    }
}

/// Whether the recognizer may have misheard a word.
pub fn is_unsure(word: &Word) -> bool {
    word.confidence < THRESHOLDS.unsure_below
}

/// The note at such a word.
pub const MISHEARD: &str = "The recording is unclear here, so this word may have been misheard.";

/// In place of talking points, job terms and most-used words where there are none.
pub const NO_POINTS: &str = "We didn't hear any of this question's points.";
/// In place of talking points where the answer is about something else than the question.
pub const OFF_TOPIC: &str = "This seems to be about something else than the question, so none of its points are shown.";
pub const NO_TERMS: &str = "No job terms from this field were heard.";
pub const NO_MOST_USED: &str = "No word came up three times or more.";

/// What of a question was not heard in the answer to it.
pub fn open_parts(parts: &[&str]) -> String {
    format!("Also asked for, and not heard: {}.", parts.join("; "))
}

/// Below the talking points of an answer that is longer than what is read for them.
pub fn words_read(words: usize) -> String {
    format!("Talking points were looked for in the first {words} words.")
}

/// Of a most-used word that is a job term.
pub const FINE_TO_REPEAT: &str = "A job term, fine to repeat.";

/// Other words for one that came up often, or that it needs none; nothing where none are known.
pub fn synonyms(used: &MostUsed) -> Option<String> {
    if used.job_term {
        return Some(FINE_TO_REPEAT.to_owned());
    }
    match &used.synonyms[..used.synonyms.len().min(THRESHOLDS.max_synonyms)] {
        [] => None,
        [one] => Some(format!("You could also say {one}.")),
        [first @ .., last] => Some(format!("You could also say {} or {last}.", first.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{span::Span, transcript::WordOrigin};

    fn filler(text: &str, class: FillerClass) -> Filler {
        Filler {
            text: text.to_owned(),
            words: 0..1,
            span: None,
            class,
            origin: WordOrigin::Decoded,
        }
    }

    #[test]
    fn fillers_are_counted_and_set_beside_the_study() {
        let some: Vec<Filler> = ["um", "um"]
            .iter()
            .map(|text| filler(text, FillerClass::Vocal))
            .chain([filler("like", FillerClass::Verbal)])
            .collect();
        assert_eq!(fillers(&[], Some(60.0)), "No fillers were heard in this answer.");
        assert_eq!(
            fillers(&some, Some(60.0)),
            "You used three fillers: two like “um” and one like “you know”. That is about 3 a minute. In one study, five a minute made no difference to listeners, but twelve did."
        );
        assert_eq!(
            fillers(&vec![filler("basically", FillerClass::Verbal); 6], Some(20.0)),
            "You said “basically” six times."
        );
    }

    #[test]
    fn each_filler_is_told_with_its_count_where_there_are_several() {
        let all =
            |texts: &[&str]| -> Vec<Filler> { texts.iter().map(|text| filler(text, FillerClass::Vocal)).collect() };
        assert_eq!(
            by_filler(&all(&["uh", "um", "hmm", "um"])),
            ["You said “um” twice.", "You said “uh” and “hmm” once each."]
        );
        assert_eq!(by_filler(&all(&["um", "uh", "um"]))[1], "You said “uh” once.");
        assert!(by_filler(&all(&["um", "um"])).is_empty());
    }

    #[test]
    fn other_words_are_offered_where_some_are_known() {
        let used = |synonyms: &[&str]| MostUsed {
            word: "guide".into(),
            count: 3,
            job_term: false,
            forms: vec![],
            synonyms: synonyms.iter().map(|text| (*text).to_owned()).collect(),
            words: vec![],
        };
        assert_eq!(synonyms(&used(&[])), None);
        let term = MostUsed {
            job_term: true,
            ..used(&[])
        };
        assert_eq!(synonyms(&term).as_deref(), Some(FINE_TO_REPEAT));
        assert_eq!(
            synonyms(&used(&["lead", "steer", "direct"])).as_deref(),
            Some("You could also say lead, steer or direct.")
        );
    }

    #[test]
    fn a_take_of_a_few_seconds_has_no_rate() {
        assert_eq!(per_minute(2, 5.0), None);
        assert_eq!(per_minute(2, 60.0), Some(2.0));
    }

    #[test]
    fn pace_and_length_are_told_beside_what_is_usual() {
        assert_eq!(
            pace(142.0),
            "You spoke about 142 words per minute, within the usual range of 110 to 170."
        );
        assert_eq!(
            pace(190.4),
            "You spoke about 190 words per minute, above the usual range of 110 to 170."
        );
        assert_eq!(
            length(45.0),
            "Your answer lasted 45 seconds. One to two minutes is the common advice, so there is room for an example."
        );
        assert_eq!(
            length(80.0),
            "Your answer lasted 1 minute 20 seconds. One to two minutes is the common advice."
        );
    }

    #[test]
    fn pauses_are_told_by_where_they_are() {
        let pause = |start, end, inside_clause| Pause {
            span: Span::new(start, end),
            after_word: 0,
            inside_clause,
        };
        assert_eq!(pauses(&[]), "You spoke without a pause.");
        assert_eq!(pauses(&[pause(0.0, 0.5, false)]), "You paused once, between thoughts.");
        assert_eq!(
            pauses(&[pause(0.0, 0.5, true), pause(1.0, 3.5, false)]),
            "You paused twice, one of them in the middle of a thought. One lasted two seconds or more."
        );
    }

    #[test]
    fn silence_at_both_ends_is_told_in_whole_seconds() {
        assert_eq!(began_after(14.2), "You began after 14 s.");
        assert_eq!(stopped_before_end(12.4), "You stopped speaking 12 s before the end.");
    }

    #[test]
    fn a_shape_names_what_could_be_added() {
        let part = |name, share| crate::insight::StructurePart {
            name,
            words: 0..1,
            span: None,
            share,
        };
        let shape = Structure {
            parts: vec![part(StructureName::Situation, 0.4), part(StructureName::Action, 0.6)],
        };
        assert_eq!(
            structure(&shape),
            "We heard the situation and the action. Task and result are worth adding."
        );
    }

    #[test]
    fn the_note_without_most_used_words_names_their_threshold() {
        assert!(NO_MOST_USED.contains(&times(crate::insight::most_used::WORDS.min_count)));
    }

    #[test]
    fn nothing_praises_or_grades() {
        let texts = [
            fillers(&[], None),
            pace(120.0),
            pace(90.0),
            length(20.0),
            length(400.0),
            pauses(&[]),
            structure(&Structure { parts: Vec::new() }),
        ];
        for text in texts {
            let lower = text.to_lowercase();
            for word in [
                "great",
                "good",
                "bad",
                "excellent",
                "poor",
                "score",
                "should",
                "!",
                "perfect",
                "wrong",
                "failed",
            ] {
                assert!(!lower.contains(word), "{text}");
            }
        }
    }
}
