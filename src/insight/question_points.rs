//! A question's own talking points, found by what their cues and examples have in common with a sentence.
//!
//! Every point has a profile: the words of its cues, label, hint and examples. A word weighs what it idf: rare words more
//! than common ones (inverse document frequency over the whole question bank, Spärck Jones 1972), and words that other
//! points of the same question share, less. Cues that stand in the sentence as phrases weigh more. See docs/insights.md for
//! what this measured against sentence embeddings.

use std::{collections::HashMap, sync::OnceLock};

use crate::{
    insight::{
        base_form::base_form,
        tokenizer::{Sentence, SentenceToken, is_past},
    },
    question::{Question, TalkingPoint},
};

/// How much each word of the bank idf: a word and its weight a line, made by `scripts/word_weights.py`.
const WEIGHTS: &str = include_str!("../../assets/insight/word_weights.txt");
/// Of a word that the bank does not know.
const UNKNOWN_WORD_IDF: f32 = 8.0;
/// A sentence that weighs this much makes the point.
const THRESHOLD: f32 = 6.0;
/// More for each word past the sixth.
const LENGTH_PENALTY: f32 = 0.12;
/// What a second point must weigh beside the first of the same piece.
const RUNNER_UP_RATIO: f32 = 0.65;
/// Telling words that are weighed together.
const WINDOW: usize = 14;

const STOP: &str = "a an the and or but if then so because as of in on at to for from with by about into over after before is are was were be been being am do does did have has had \
    i you he she it we they me him her us them my your his its our their this that these those there here what which who how when where why not no can could would should will may might must \
    just also very really too than 'd get got one some any all more most other thing way lot kind sort like you're okay well yes";

/// The share of a profile word by where it comes from.
const FROM_SINGLE_CUE: f32 = 1.0;
const FROM_LONG_CUE: f32 = 0.7;
const FROM_LABEL: f32 = 1.0;
const FROM_EXAMPLE: f32 = 0.6;
const WHOLE_CUE: f32 = 3.0;

#[derive(Debug)]
struct Profile {
    words: HashMap<String, f32>,
    /// Cues of two words and more, stop words out.
    phrases: Vec<Vec<String>>,
}

/// The profiles of a question's points.
#[derive(Debug)]
pub(super) struct QuestionPoints {
    profiles: Vec<Profile>,
}

impl QuestionPoints {
    pub fn new(question: &Question) -> Self {
        let mut profiles: Vec<Profile> = question.talking_points.iter().map(Profile::new).collect();
        let mut document_frequency: HashMap<String, f32> = HashMap::new();
        for word in profiles.iter().flat_map(|profile| profile.words.keys()) {
            *document_frequency.entry(word.clone()).or_default() += 1.0;
        }
        for (word, weight) in profiles.iter_mut().flat_map(|profile| &mut profile.words) {
            *weight *= idf(word) / document_frequency.get(word).copied().unwrap_or(1.0).powf(0.7);
        }
        Self { profiles }
    }

    /// How strongly a sentence makes each point; 1 and above makes it.
    pub fn scores(&self, sentence: &Sentence) -> Vec<f32> {
        let stems = content_stems(&sentence.tokens);
        let mut best = vec![0.0_f32; self.profiles.len()];
        // People speak in sentences without end: a long one is scored window by window.
        let windows = stems.len().saturating_sub(WINDOW).div_ceil(WINDOW / 2);
        for window in 0..=windows {
            let start = window * WINDOW / 2;
            let scores = self.window_scores(&stems[start..(start + WINDOW).min(stems.len())]);
            best.iter_mut()
                .zip(scores)
                .for_each(|(best, score)| *best = best.max(score));
        }
        best
    }

    /// The more words, the more they have in common with anything; and a few words seldom make two points.
    fn window_scores(&self, stems: &[(String, bool)]) -> Vec<f32> {
        let words = stems.iter().filter(|(_, denied)| !denied).count() as f32;
        let threshold = THRESHOLD * (LENGTH_PENALTY * (words - 6.0).max(0.0) + 1.0);
        let scores: Vec<f32> = self
            .profiles
            .iter()
            .map(|profile| profile.score(stems) / threshold)
            .collect();
        let best = scores.iter().copied().fold(0.0, f32::max);
        scores
            .into_iter()
            .map(|score| if score < RUNNER_UP_RATIO * best { 0.0 } else { score })
            .collect()
    }
}

impl Profile {
    fn new(point: &TalkingPoint) -> Self {
        let mut words: HashMap<String, f32> = HashMap::new();
        let mut add = |text: &str, share: f32| {
            for stem in stems(text) {
                let entry = words.entry(stem).or_default();
                *entry = entry.max(share);
            }
        };
        point.says.iter().for_each(|says| add(says, FROM_EXAMPLE));
        add(&point.hint, FROM_EXAMPLE);
        add(&point.label, FROM_LABEL);
        let mut phrases = Vec::new();
        for cue in &point.cues {
            let parts = stems(cue);
            add(
                cue,
                if parts.len() == 1 {
                    FROM_SINGLE_CUE
                } else {
                    FROM_LONG_CUE
                },
            );
            if parts.len() > 1 {
                phrases.push(parts);
            }
        }
        Self { words, phrases }
    }

    fn score(&self, stems: &[(String, bool)]) -> f32 {
        let mut seen: Vec<&str> = Vec::new();
        let mut score = 0.0;
        for (stem, denied) in stems {
            if *denied || seen.contains(&stem.as_str()) {
                continue;
            }
            if let Some(weight) = self.words.get(stem) {
                seen.push(stem);
                score += weight;
            }
        }
        let whole = self.phrases.iter().filter(|phrase| {
            stems.windows(phrase.len()).any(|window| {
                window
                    .iter()
                    .zip(*phrase)
                    .all(|((stem, denied), cue)| stem == cue && !denied)
            })
        });
        score + WHOLE_CUE * whole.count() as f32
    }
}

/// The stems that tell, and whether each is denied.
fn content_stems(tokens: &[SentenceToken]) -> Vec<(String, bool)> {
    let mut stems = Vec::with_capacity(tokens.len());
    let mut denied = false;
    for (index, token) in tokens.iter().enumerate() {
        if token.starts_clause || matches!(token.text.as_str(), "but" | "though" | "so") {
            denied = false;
        }
        denied |= denies_knowledge(tokens, index);
        if !stop_words().contains(token.text.as_str()) && !stop_words().contains(token.base.as_str()) {
            stems.push((stem(&token.base), denied));
        }
    }
    stems
}

/// "I have never …", "I don't know …": what follows was not done or is not known. "I never click it" is an answer.
fn denies_knowledge(tokens: &[SentenceToken], index: usize) -> bool {
    let word = |ahead: usize| tokens.get(index + ahead).map_or("", |token| token.text.as_str());
    let me = matches!(word(0), "i" | "we");
    match (word(1), word(2)) {
        ("have" | "had", "not" | "never") => me,
        ("do" | "did" | "could" | "can", "not") => {
            me && matches!(
                word(3),
                "know" | "remember" | "understand" | "recall" | "tell" | "say" | "really"
            )
        }
        ("am" | "was", "not") => me && matches!(word(3), "sure" | "familiar" | "certain" | "good" | "really"),
        ("never", _) => me && tokens.get(index + 2).is_some_and(is_past),
        _ => matches!((word(0), word(1)), ("no", "idea" | "clue" | "experience")),
    }
}

fn stems(text: &str) -> Vec<String> {
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '+' | '#' | '.')))
        .map(|word| word.trim_matches(['.', '\'']).to_lowercase())
        .filter(|word| !word.is_empty() && !stop_words().contains(word.as_str()))
        .map(|word| base_form(&word))
        .filter(|base| !stop_words().contains(base.as_str()))
        .map(|base| stem(&base))
        .collect()
}

fn stop_words() -> &'static std::collections::HashSet<&'static str> {
    static WORDS: OnceLock<std::collections::HashSet<&'static str>> = OnceLock::new();
    WORDS.get_or_init(|| STOP.split_whitespace().collect())
}

/// A base form without its derivation: "encryption" and "encrypt" are one.
pub(super) fn stem(base: &str) -> String {
    let mut stem = base;
    for ending in [
        "ations", "ation", "ement", "ment", "ions", "ion", "ers", "er", "ing", "ity", "ally", "ly", "ive", "al", "e",
        "y",
    ] {
        if let Some(cut) = stem.strip_suffix(ending).filter(|cut| cut.len() >= 4 && cut.is_ascii()) {
            stem = cut;
            break;
        }
    }
    stem.to_owned()
}

fn idf(stem: &str) -> f32 {
    static PARSED: OnceLock<HashMap<&'static str, f32>> = OnceLock::new();
    let weights = PARSED.get_or_init(|| {
        WEIGHTS
            .lines()
            .filter_map(|line| line.split_once(' '))
            .filter_map(|(word, weight)| weight.parse().ok().map(|weight| (word, weight)))
            .collect()
    });
    weights.get(stem).copied().unwrap_or(UNKNOWN_WORD_IDF)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::Field;

    /// Feeds `scripts/word_weights.py`; see there.
    #[test]
    #[ignore = "prints the bank for a script"]
    fn print_bank_stems() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/questions");
        for file in std::fs::read_dir(folder).unwrap() {
            let field: Field = toml::from_str(&std::fs::read_to_string(file.unwrap().path()).unwrap()).unwrap();
            for point in field.questions.iter().flat_map(|question| &question.talking_points) {
                for text in point.says.iter().chain(&point.cues).chain([&point.label, &point.hint]) {
                    println!("stems:{}", stems(text).join(" "));
                }
            }
        }
    }
}
