//! What the patterns do not know, learned: how strongly words, pairs of words and the patterns themselves speak for each of
//! the general nine. A linear model, trained by `scripts/train_points.py` on the examples in `questions/` and `tests/it/insight/`.

use std::{collections::HashMap, sync::OnceLock};

use crate::insight::phrases::{Item, is_number, is_past};

/// A feature and its nine weights a line.
const WEIGHTS: &str = include_str!("../../assets/insight/general_weights.txt");

/// How the nine are called in a feature.
const POINTS: [&str; 9] = ["0", "1", "2", "3", "4", "5", "6", "7", "8"];

/// Words after which the rest of a clause is denied.
const NEGATORS: &[&str] = &["not", "never", "no", "nobody", "nothing", "without", "hardly", "barely"];

/// What is noticed in a sentence: its words by base form with tense, pairs and triples, what is denied, and the patterns.
/// The same may be noticed more than once.
fn notice(items: &[Item], ways: [usize; 9], mut see: impl FnMut(&[&str])) {
    let words: Vec<&str> = items.iter().map(shape).collect();
    let mut denied = 0;
    for (index, word) in words.iter().enumerate() {
        if items[index].starts_clause {
            denied = 0;
        }
        let item = &items[index];
        see(&[&item.base]);
        if denied > 0 {
            see(&["not:", &item.base]);
            denied -= 1;
        }
        if is_past(item) && item.base != item.text {
            see(&[&item.base, "/past"]);
            if index > 0 && words[index - 1] == "ME" {
                see(&["ME/past"]);
            }
        }
        if NEGATORS.contains(&item.text.as_str()) {
            denied = 4;
        }
        if let Some(next) = words.get(index + 1) {
            see(&[word, "_", next]);
            if let Some(third) = words.get(index + 2) {
                see(&[word, "_", next, "_", third]);
                see(&[word, "__", third]);
            }
        }
    }
    for word in words.iter().take(2) {
        see(&["^", word]);
    }
    for (point, count) in ways.iter().enumerate() {
        if *count > 0 {
            see(&["W", POINTS[point]]);
        }
        if *count > 1 {
            see(&["WW", POINTS[point]]);
        }
    }
    if !words.iter().any(|word| *word == "ME" || *word == "MY") {
        see(&["NOME"]);
    }
}

/// A word for a pair: who speaks, numbers and names are one each.
fn shape(item: &Item) -> &str {
    match item.text.as_str() {
        "i" | "we" => "ME",
        "my" | "our" => "MY",
        "he" | "she" | "they" => "THEY",
        "his" | "her" | "their" => "THEIR",
        text if is_number(text) => "NUM",
        text if matches!(item.base.as_str(), "be") => text,
        _ => &item.base,
    }
}

/// How strongly a sentence speaks for each of the nine: log odds.
pub(super) fn weighed(items: &[Item], ways: [usize; 9]) -> [f32; 9] {
    let weights = weights();
    let mut known: Vec<(&str, &[f32; 9])> = Vec::new();
    let mut feature = String::new();
    notice(items, ways, |parts| {
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
            .filter_map(read)
            .collect()
    })
}

fn read(line: &'static str) -> Option<(&'static str, [f32; 9])> {
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
            general_points::{NINE, general_points},
            phrases::sentences,
            reading::Reading,
        },
        question::{Field, QuestionKind},
        transcript::Transcript,
    };

    fn features(items: &[Item], ways: [usize; 9]) -> Vec<String> {
        let mut features = Vec::new();
        notice(items, ways, |parts| features.push(parts.concat()));
        features.sort_unstable();
        features.dedup();
        features
    }

    fn print(source: &str, labels: &str, text: &str) {
        let transcript = Transcript::typed(text);
        for sentence in sentences(&Reading::new(&transcript)) {
            let words: Vec<&str> = sentence.items.iter().map(|item| item.text.as_str()).collect();
            println!(
                "\nEXAMPLE\t{source}\t{labels}\t{}\t{}\t{text}",
                features(&sentence.items, general_points().said(&sentence.items)).join(" "),
                words.join(" ")
            );
        }
    }

    /// Feeds `scripts/train_points.py` with sentences from a file that it names: their words as the program sees them.
    #[test]
    #[ignore = "prints sentences for a script"]
    fn print_sentences() {
        let file = std::env::var("ALOUD_SENTENCES").unwrap();
        for line in std::fs::read_to_string(file).unwrap().lines() {
            print("pool", "?", line);
        }
    }

    /// Feeds `scripts/train_points.py`; see there.
    #[test]
    #[ignore = "prints examples for a script"]
    fn print_examples() {
        let here = env!("CARGO_MANIFEST_DIR");
        for set in ["training", "develop", "colloquial", "held_out", "sealed"] {
            let text = std::fs::read_to_string(format!("{here}/tests/it/insight/general_{set}.txt")).unwrap();
            for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
                let (labels, sentence) = line.split_once(" | ").unwrap();
                print(set, labels, sentence);
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
                    let general = NINE.iter().any(|(id, _, _)| *id == point.id);
                    for says in &point.says {
                        match (general, question.kind) {
                            (true, _) => print("bank", &point.id, says),
                            (false, QuestionKind::Technical) => print("technical", "none", says),
                            (false, _) => {}
                        }
                    }
                }
            }
        }
    }
}
