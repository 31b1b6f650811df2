//! A linear model of the nine general points: how strongly words, pairs of words and the patterns themselves speak for each.
//! Logistic regression, trained by `scripts/train_general_weights.py` on the examples in `questions/` and `tests/it/insight/`.

use std::{collections::HashMap, sync::LazyLock};

use crate::insight::{
    assets::{lines, text_asset},
    general_points::POINT_COUNT,
    negation,
    tokenizer::{SentenceToken, is_number, is_past},
};

/// How far a negation reaches in the features, in words.
const NEGATION_SCOPE: usize = 4;

/// The name of each point in a feature.
const POINT_NAMES: [&str; POINT_COUNT] = ["0", "1", "2", "3", "4", "5", "6", "7", "8"];

/// Hands the features of a sentence to `emit`, each as the parts of its name: words by base form with tense, bigrams,
/// trigrams and skip-grams, what is denied, and matched patterns. The same may come more than once.
fn extract_features(tokens: &[SentenceToken], match_counts: [usize; POINT_COUNT], mut emit: impl FnMut(&[&str])) {
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
        if negation::WORDS.feature_negations.contains(&token.text) {
            denied = NEGATION_SCOPE;
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
    for (name, count) in POINT_NAMES.iter().zip(match_counts) {
        if count > 0 {
            emit(&["W", name]);
        }
        if count > 1 {
            emit(&["WW", name]);
        }
    }
    if !words.iter().any(|word| *word == "ME" || *word == "MY") {
        emit(&["NOME"]);
    }
}

/// A word as it stands in n-grams: persons and numbers are merged, other words are base forms.
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

/// The log odds that a sentence makes each point.
pub(super) fn linear_log_odds(tokens: &[SentenceToken], match_counts: [usize; POINT_COUNT]) -> [f32; POINT_COUNT] {
    let mut known: Vec<(&str, &[f32; POINT_COUNT])> = Vec::new();
    let mut feature = String::new();
    extract_features(tokens, match_counts, |parts| {
        feature.clear();
        for part in parts {
            feature.push_str(part);
        }
        known.extend(
            WEIGHTS
                .get_key_value(feature.as_str())
                .map(|(feature, weights)| (*feature, weights)),
        );
    });
    // In one order always: sums of these numbers depend on it.
    known.sort_unstable_by_key(|(feature, _)| *feature);
    known.dedup_by_key(|(feature, _)| *feature);
    let mut sums = WEIGHTS.get("BIAS").copied().unwrap_or([-3.0; POINT_COUNT]);
    for (_, weights) in known {
        for (sum, weight) in sums.iter_mut().zip(weights) {
            *sum += weight;
        }
    }
    sums
}

/// The weights of each feature, one for each point.
static WEIGHTS: LazyLock<HashMap<&str, [f32; POINT_COUNT]>> = LazyLock::new(|| {
    lines(text_asset!("insight/general_weights.txt"))
        .filter_map(parse_line)
        .collect()
});

/// A feature and its weights in hundredths.
fn parse_line(line: &str) -> Option<(&str, [f32; POINT_COUNT])> {
    let (feature, numbers) = line.split_once(' ')?;
    let mut weights = [0.0; POINT_COUNT];
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
            general_points::{GENERAL_POINTS, PATTERNS},
            token_view::TokenView,
            tokenizer::sentences,
        },
        question::{Field, QuestionKind},
        transcript::Transcript,
    };

    fn features(tokens: &[SentenceToken], match_counts: [usize; POINT_COUNT]) -> Vec<String> {
        let mut features = Vec::new();
        extract_features(tokens, match_counts, |parts| features.push(parts.concat()));
        features.sort_unstable();
        features.dedup();
        features
    }

    #[test]
    fn every_line_has_a_weight_for_each_point_and_a_feature_of_its_own() {
        let text = text_asset!("insight/general_weights.txt");
        for line in lines(text) {
            assert_eq!(line.split(' ').count(), 1 + POINT_COUNT, "{line}");
            assert!(parse_line(line).is_some(), "{line}");
        }
        assert_eq!(lines(text).count(), WEIGHTS.len());
    }

    fn print_example(source: &str, labels: &str, text: &str) {
        let transcript = Transcript::typed(text);
        for sentence in sentences(&TokenView::new(&transcript)) {
            let words: Vec<&str> = sentence.tokens.iter().map(|token| token.text.as_str()).collect();
            println!(
                "\nEXAMPLE\t{source}\t{labels}\t{}\t{}\t{text}",
                features(&sentence.tokens, PATTERNS.match_counts(&sentence.tokens)).join(" "),
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
            let text = std::fs::read_to_string(format!("{here}/tests/it/insight/general_{set}.txt")).unwrap();
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
                    let general = GENERAL_POINTS.iter().any(|general| general.id == point.id);
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
