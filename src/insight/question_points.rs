//! A question's own talking points, found by the words that their cues and examples have in common with a sentence, and by
//! how near the sentence comes to them in meaning.
//!
//! Every point has a profile: the words of its cues, label, hint and examples. A word weighs what it tells: rare words more
//! than common ones (inverse document frequency over the whole question bank, Spärck Jones 1972), and words that other
//! points of the same question share, less. Cues that stand in the sentence as phrases weigh more. See docs/insights.md for
//! what either measures alone.

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

use crate::{
    insight::{
        assets::{WordSet, lines, text_asset, toml_asset},
        base_form::base_form,
        encoder::Encoding,
        general_points::sigmoid,
        tokenizer::{Sentence, SentenceToken, is_past},
        topic::QuestionTexts,
    },
    question::{Question, TalkingPoint},
};

/// The file says what each number and list is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QuestionPointParameters {
    threshold: f32,
    length_penalty: f32,
    free_words: f32,
    runner_up_ratio: f32,
    window_words: usize,
    unknown_word_idf: f32,
    sharing_exponent: f32,
    whole_cue: f32,
    probability: Combination,
    weight_from: SourceWeights,
    words: ContentWords,
    denial: DenialWords,
}

/// Log odds: each measure times its weight, and the sum.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Combination {
    bias: f32,
    words: f32,
    meaning: f32,
    lead: f32,
    admits: f32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceWeights {
    single_cue: f32,
    long_cue: f32,
    label: f32,
    example: f32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ContentWords {
    stop_words: WordSet,
    ends_denial: WordSet,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DenialWords {
    pronouns: WordSet,
    perfect: WordSet,
    modal: WordSet,
    modal_verbs: WordSet,
    be: WordSet,
    be_adjectives: WordSet,
    nouns: WordSet,
}

pub(super) static PARAMETERS: LazyLock<QuestionPointParameters> = toml_asset!("insight/question_points.toml");

/// The inverse document frequency of each word in the bank, made by `scripts/word_weights.py`.
static IDF: LazyLock<HashMap<&str, f32>> = LazyLock::new(|| {
    lines(text_asset!("insight/word_weights.txt"))
        .filter_map(|line| line.split_once(' '))
        .filter_map(|(word, weight)| weight.parse().ok().map(|weight| (word, weight)))
        .collect()
});

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
    /// Of each point, its cues as stems; those that are stop words alone are not among them.
    cues: Vec<Vec<Vec<String>>>,
}

impl QuestionPoints {
    pub fn new(question: &Question) -> Self {
        let mut profiles: Vec<Profile> = question.talking_points.iter().map(Profile::new).collect();
        let mut document_frequency: HashMap<String, f32> = HashMap::new();
        for word in profiles.iter().flat_map(|profile| profile.words.keys()) {
            *document_frequency.entry(word.clone()).or_default() += 1.0;
        }
        for (word, weight) in profiles.iter_mut().flat_map(|profile| &mut profile.words) {
            let shared = document_frequency.get(word).copied().unwrap_or(1.0);
            *weight *= idf(word) / shared.powf(PARAMETERS.sharing_exponent);
        }
        let cues = question.talking_points.iter().map(|point| {
            let cues = point.cues.iter().map(|cue| stems(cue));
            cues.filter(|cue| !cue.is_empty()).collect()
        });
        Self {
            profiles,
            cues: cues.collect(),
        }
    }

    /// That a sentence makes each point.
    /// `admits`: the probability that it admits a limit instead.
    pub fn probabilities(
        &self,
        sentence: &Sentence,
        encoding: &Encoding,
        admits: f32,
        texts: &QuestionTexts,
    ) -> Vec<f32> {
        let weights = &PARAMETERS.probability;
        let measures = self.measures(sentence, encoding, texts).into_iter();
        measures
            .map(|[words, meaning, lead]| {
                let told = weights.words * words + weights.meaning * meaning + weights.lead * lead;
                sigmoid(weights.bias + told + weights.admits * admits)
            })
            .collect()
    }

    /// Whether a sentence holds one of a point's cues, undenied: by itself it proves less than a tick asks for.
    pub fn holds_cue(&self, point: usize, sentence: &Sentence) -> bool {
        let said = content_stems(&sentence.tokens);
        self.cues[point].iter().any(|cue| {
            said.windows(cue.len()).any(|window| {
                window
                    .iter()
                    .zip(cue)
                    .all(|((stem, denied), cue)| stem == cue && !denied)
            })
        })
    }

    /// For each point: what its words say, how near the sentence is in meaning, and how much nearer than to the nearest of
    /// the other points.
    fn measures(&self, sentence: &Sentence, encoding: &Encoding, texts: &QuestionTexts) -> Vec<[f32; 3]> {
        const MOST: f32 = 3.0;
        let meanings: Vec<f32> = (0..self.profiles.len())
            .map(|point| texts.nearness_to_point(point, encoding))
            .collect();
        let words = self.scores(sentence).into_iter().enumerate();
        words
            .map(|(point, score)| {
                let others = meanings.iter().enumerate().filter(|(other, _)| *other != point);
                let nearest = others.map(|(_, meaning)| *meaning).fold(0.0, f32::max);
                [score.min(MOST), meanings[point], meanings[point] - nearest]
            })
            .collect()
    }

    /// How strongly the words of a sentence make each point; 1 and above is strong.
    fn scores(&self, sentence: &Sentence) -> Vec<f32> {
        let stems = content_stems(&sentence.tokens);
        let mut best = vec![0.0_f32; self.profiles.len()];
        // People speak in sentences without end: a long one is scored window by window.
        let length = PARAMETERS.window_words;
        let windows = stems.len().saturating_sub(length).div_ceil(length / 2);
        for window in 0..=windows {
            let start = window * length / 2;
            let scores = self.window_scores(&stems[start..(start + length).min(stems.len())]);
            best.iter_mut()
                .zip(scores)
                .for_each(|(best, score)| *best = best.max(score));
        }
        best
    }

    /// The more words, the more they have in common with anything; and a few words seldom make two points.
    fn window_scores(&self, stems: &[(String, bool)]) -> Vec<f32> {
        let words = stems.iter().filter(|(_, denied)| !denied).count() as f32;
        let extra_words = (words - PARAMETERS.free_words).max(0.0);
        let threshold = PARAMETERS.threshold * (PARAMETERS.length_penalty * extra_words + 1.0);
        let scores: Vec<f32> = self
            .profiles
            .iter()
            .map(|profile| profile.score(stems) / threshold)
            .collect();
        let best = scores.iter().copied().fold(0.0, f32::max);
        scores
            .into_iter()
            .map(|score| {
                if score < PARAMETERS.runner_up_ratio * best {
                    0.0
                } else {
                    score
                }
            })
            .collect()
    }
}

impl Profile {
    fn new(point: &TalkingPoint) -> Self {
        let mut words: HashMap<String, f32> = HashMap::new();
        let weight_from = &PARAMETERS.weight_from;
        let mut add = |text: &str, share: f32| {
            for stem in stems(text) {
                let entry = words.entry(stem).or_default();
                *entry = entry.max(share);
            }
        };
        point.says.iter().for_each(|says| add(says, weight_from.example));
        add(&point.hint, weight_from.example);
        add(&point.label, weight_from.label);
        let mut phrases = Vec::new();
        for cue in &point.cues {
            let parts = stems(cue);
            add(
                cue,
                if parts.len() == 1 {
                    weight_from.single_cue
                } else {
                    weight_from.long_cue
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
        score + PARAMETERS.whole_cue * whole.count() as f32
    }
}

/// The stems of content words, and whether each is denied.
fn content_stems(tokens: &[SentenceToken]) -> Vec<(String, bool)> {
    let words = &PARAMETERS.words;
    let mut stems = Vec::with_capacity(tokens.len());
    let mut denied = false;
    for (index, token) in tokens.iter().enumerate() {
        if token.starts_clause || words.ends_denial.contains(&token.text) {
            denied = false;
        }
        denied |= denies_knowledge(tokens, index);
        if !words.stop_words.contains(&token.text) && !words.stop_words.contains(&token.base) {
            stems.push((stem(&token.base), denied));
        }
    }
    stems
}

/// "I have never …", "I don't know …": what follows was not done or is not known. "I never click it" is an answer.
fn denies_knowledge(tokens: &[SentenceToken], index: usize) -> bool {
    let words = &PARAMETERS.denial;
    let word = |ahead: usize| tokens.get(index + ahead).map_or("", |token| token.text.as_str());
    let me = words.pronouns.contains(word(0));
    match (word(1), word(2)) {
        (perfect, "not" | "never") if words.perfect.contains(perfect) => me,
        (modal, "not") if words.modal.contains(modal) => me && words.modal_verbs.contains(word(3)),
        (be, "not") if words.be.contains(be) => me && words.be_adjectives.contains(word(3)),
        ("never", _) => me && tokens.get(index + 2).is_some_and(is_past),
        (noun, _) => word(0) == "no" && words.nouns.contains(noun),
    }
}

/// The content words of a text beyond those of another, with what each tells.
pub(super) fn telling_words(text: &str, beyond: &str) -> Vec<(String, f32)> {
    let known = stems(beyond);
    let mut words: Vec<String> = stems(text).into_iter().filter(|stem| !known.contains(stem)).collect();
    words.sort_unstable();
    words.dedup();
    words
        .into_iter()
        .map(|stem| {
            let weight = idf(&stem);
            (stem, weight)
        })
        .collect()
}

/// How much of these words a sentence holds: 0 to 1.
pub(super) fn share_said(words: &[(String, f32)], sentence: &Sentence) -> f32 {
    let said = content_stems(&sentence.tokens);
    let is_said = |word: &str| said.iter().any(|(stem, denied)| stem == word && !denied);
    let whole: f32 = words.iter().map(|(_, weight)| weight).sum();
    let shared: f32 = words
        .iter()
        .filter(|(word, _)| is_said(word))
        .map(|(_, weight)| weight)
        .sum();
    shared / whole.max(f32::EPSILON)
}

/// The stems of the content words of a text.
fn stems(text: &str) -> Vec<String> {
    let stop_words = &PARAMETERS.words.stop_words;
    text.replace('’', "'")
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '+' | '#' | '.')))
        .map(|word| word.trim_matches(['.', '\'']).to_lowercase())
        .filter(|word| !word.is_empty() && !stop_words.contains(word))
        .map(|word| base_form(&word))
        .filter(|base| !stop_words.contains(base))
        .map(|base| stem(&base))
        .collect()
}

/// A base form without its derivation: "encryption" and "encrypt" are one.
fn stem(base: &str) -> String {
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
    IDF.get(stem).copied().unwrap_or(PARAMETERS.unknown_word_idf)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        insight::{general_points::HONESTY, sentences::Sentences, token_view::TokenView},
        question::Field,
        transcript::Transcript,
    };

    fn bank() -> Vec<Question> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/questions");
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().path())
            .collect();
        files.sort();
        let field = |file| toml::from_str::<Field>(&std::fs::read_to_string(file).unwrap()).unwrap();
        files.into_iter().flat_map(|file| field(file).questions).collect()
    }

    /// Feeds `scripts/fit_points.py` with the measures of answers from a file that it names: a question's id, the question
    /// itself, or "-", then a tab and the answer.
    #[test]
    #[ignore = "prints measures for a script"]
    fn print_measures() {
        let bank = bank();
        let file = std::env::var("ALOUD_ANSWERS").unwrap();
        for (line, text) in std::fs::read_to_string(file).unwrap().lines().enumerate() {
            let (id, text) = text.split_once('\t').unwrap();
            let other = Question {
                prompt: id.to_owned(),
                ..Question::default()
            };
            let question = bank.iter().find(|question| question.id == id).unwrap_or(&other);
            let transcript = Transcript::typed(text);
            let view = TokenView::new(&transcript);
            let sentences = Sentences::new(&view, (id != "-").then_some(question));
            let (profiles, texts) = (QuestionPoints::new(question), QuestionTexts::new(question));
            println!();
            let encoded = sentences.encodings().iter().zip(sentences.probabilities());
            for (sentence, (encoding, general)) in sentences.list.iter().zip(encoded) {
                let text = transcript.text_of(sentence.words.clone());
                println!("GENERAL\t{line}\t{:?}\t{text}", encoding.log_odds);
                let measures = profiles.measures(sentence, encoding, &texts);
                for (point, [words, meaning, lead]) in question.talking_points.iter().zip(measures) {
                    let measures = [words, meaning, lead, general[HONESTY]];
                    println!("OWN\t{line}\t{}\t{measures:?}", point.id);
                }
            }
        }
    }

    #[test]
    fn every_line_is_a_word_of_its_own_with_a_number() {
        assert_eq!(lines(text_asset!("insight/word_weights.txt")).count(), IDF.len());
    }

    /// Feeds `scripts/word_weights.py`; see there.
    #[test]
    #[ignore = "prints the bank for a script"]
    fn print_bank_stems() {
        for point in bank().iter().flat_map(|question| &question.talking_points) {
            for text in point.says.iter().chain(&point.cues).chain([&point.label, &point.hint]) {
                println!("stems:{}", stems(text).join(" "));
            }
        }
    }
}
