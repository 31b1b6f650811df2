//! What the patterns do not know, learned: how strongly words, pairs of words and the patterns themselves speak for each of
//! the general nine. A linear model, trained by `scripts/train_general_weights.py` on the examples in `questions/` and `tests/insight/`.

use std::{collections::HashMap, sync::OnceLock};

use crate::insight::tokenizer::{SentenceToken, is_number, is_past};

/// A feature and its nine weights a line.
const WEIGHTS: &str = include_str!("../../assets/insight/general_weights.txt");

/// How the nine are called in a feature.
const POINTS: [&str; 9] = ["0", "1", "2", "3", "4", "5", "6", "7", "8"];

/// Words after which the rest of a clause is denied.
const NEGATIONS: &[&str] = &["not", "never", "no", "nobody", "nothing", "without", "hardly", "barely"];

/// What is noticed in a sentence: its words by base form with tense, pairs and triples, what is denied, and the patterns.
/// The same may be noticed more than once.
fn extract_features(tokens: &[SentenceToken], pattern_counts: [usize; 9], mut emit: impl FnMut(&[&str])) {
    let words: Vec<&str> = tokens.iter().map(feature_word).collect();
    let mut denied = 0;
    for (index, word) in words.iter().enumerate() {
        if tokens[index].starts_clause {
            denied = 0;
        }
        let token = &tokens[index];
        emit(&[&token.base]);
        if denied > 0 {
            emit(&["not:", &token.base]);
            denied -= 1;
        }
        if is_past(token) && token.base != token.text {
            emit(&[&token.base, "/past"]);
            if index > 0 && words[index - 1] == "ME" {
                emit(&["ME/past"]);
            }
        }
        if NEGATIONS.contains(&token.text.as_str()) {
            denied = 4;
        }
        if let Some(next) = words.get(index + 1) {
            emit(&[word, "_", next]);
            if let Some(third) = words.get(index + 2) {
                emit(&[word, "_", next, "_", third]);
                emit(&[word, "__", third]);
            }
        }
    }
    for word in words.iter().take(2) {
        emit(&["^", word]);
    }
    for (point, count) in pattern_counts.iter().enumerate() {
        if *count > 0 {
            emit(&["W", POINTS[point]]);
        }
        if *count > 1 {
            emit(&["WW", POINTS[point]]);
        }
    }
    if !words.iter().any(|word| *word == "ME" || *word == "MY") {
        emit(&["NOME"]);
    }
}

/// A word for a pair: who speaks, numbers and names are one each.
fn feature_word(token: &SentenceToken) -> &str {
    match token.text.as_str() {
        "i" | "we" => "ME",
        "my" | "our" => "MY",
        "he" | "she" | "they" => "THEY",
        "his" | "her" | "their" => "THEIR",
        text if is_number(text) => "NUM",
        text if matches!(token.base.as_str(), "be") => text,
        _ => &token.base,
    }
}

/// How strongly a sentence speaks for each of the nine: log odds.
pub(super) fn linear_log_odds(tokens: &[SentenceToken], pattern_counts: [usize; 9]) -> [f32; 9] {
    let weights = weights();
    let mut known: Vec<(&str, &[f32; 9])> = Vec::new();
    let mut feature = String::new();
    extract_features(tokens, pattern_counts, |parts| {
        feature.clear();
        for part in parts {
            feature.push_str(part);
        }
        known.extend(
            weights
                .get_key_value(feature.as_str())
                .map(|(feature, weight)| (*feature, weight)),
        );
    });
    // In one order always: sums of these numbers depend on it.
    known.sort_unstable_by_key(|(feature, _)| *feature);
    known.dedup_by_key(|(feature, _)| *feature);
    let mut sums = weights.get("BIAS").copied().unwrap_or([-3.0; 9]);
    for (_, weight) in known {
        for (sum, weight) in sums.iter_mut().zip(weight) {
            *sum += weight;
        }
    }
    sums
}

fn weights() -> &'static HashMap<&'static str, [f32; 9]> {
    static READ: OnceLock<HashMap<&'static str, [f32; 9]>> = OnceLock::new();
    READ.get_or_init(|| {
        WEIGHTS
            .lines()
            .filter(|line| !line.starts_with("# "))
            .filter_map(parse_line)
            .collect()
    })
}

fn parse_line(line: &'static str) -> Option<(&'static str, [f32; 9])> {
    let (feature, numbers) = line.split_once(' ')?;
    let mut weights = [0.0; 9];
    for (weight, number) in weights.iter_mut().zip(numbers.split(' ')) {
        *weight = number.parse::<f32>().ok()? / 100.0;
    }
    Some((feature, weights))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        insight::{
            general_points::{GENERAL_POINTS, general_points},
            token_view::TokenView,
            tokenizer::sentences,
        },
        question::{Field, QuestionKind},
        transcript::Transcript,
    };

    fn features(tokens: &[SentenceToken], pattern_counts: [usize; 9]) -> Vec<String> {
        let mut features = Vec::new();
        extract_features(tokens, pattern_counts, |parts| features.push(parts.concat()));
        features.sort_unstable();
        features.dedup();
        features
    }

    fn print_example(source: &str, labels: &str, text: &str) {
        let transcript = Transcript::typed(text);
        for sentence in sentences(&TokenView::new(&transcript)) {
            let words: Vec<&str> = sentence.tokens.iter().map(|token| token.text.as_str()).collect();
            println!(
                "\nEXAMPLE\t{source}\t{labels}\t{}\t{}\t{text}",
                features(&sentence.tokens, general_points().matching_patterns(&sentence.tokens)).join(" "),
                words.join(" ")
            );
        }
    }

    /// Feeds `scripts/train_general_weights.py` with sentences from a file that it names: their words as the program sees them.
    #[test]
    #[ignore = "prints sentences for a script"]
    fn print_sentences() {
        let file = std::env::var("ALOUD_SENTENCES").unwrap();
        for line in std::fs::read_to_string(file).unwrap().lines() {
            print_example("pool", "?", line);
        }
    }

    /// Feeds `scripts/train_general_weights.py`; see there.
    #[test]
    #[ignore = "prints examples for a script"]
    fn print_examples() {
        let here = env!("CARGO_MANIFEST_DIR");
        for set in ["training", "develop", "colloquial", "held_out", "sealed"] {
            let text = std::fs::read_to_string(format!("{here}/tests/insight/general_{set}.txt")).unwrap();
            for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
                let (labels, sentence) = line.split_once(" | ").unwrap();
                print_example(set, labels, sentence);
            }
        }
        let mut files: Vec<_> = std::fs::read_dir(format!("{here}/questions"))
            .unwrap()
            .map(|file| file.unwrap().path())
            .collect();
        files.sort();
        for file in files {
            let field: Field = toml::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
            for question in &field.questions {
                for point in &question.talking_points {
                    let general = GENERAL_POINTS.iter().any(|(id, _, _)| *id == point.id);
                    for says in &point.says {
                        match (general, question.kind) {
                            (true, _) => print_example("bank", &point.id, says),
                            (false, QuestionKind::Technical) => print_example("technical", "none", says),
                            (false, _) => {}
                        }
                    }
                }
            }
        }
    }
}
