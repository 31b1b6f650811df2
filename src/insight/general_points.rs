//! The nine general talking points, found by how people say them: patterns with grammar, read from
//! `assets/insight/general_points.txt`, weighed together with what was learned from examples. What is denied ("I have
//! never led a team"), wished for ("I wish I had led one") or only looks like the point ("a goal kick") proves nothing.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::insight::{
    assets::{lines, text_asset},
    general_weights::linear_log_odds,
    negation::{self, is_negated},
    patterns::{Classes, Pattern, PatternSet},
    talking_points,
    tokenizer::SentenceToken,
    transformer::SentenceClassifier,
};

pub(super) const POINT_COUNT: usize = 9;

// Places in `GENERAL_POINTS`.
pub(super) const LESSONS: usize = 4;
pub(super) const CHALLENGE: usize = 5;
pub(super) const RESULT: usize = 6;

/// A point as `CLI.md` and every question file name it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GeneralPoint {
    pub id: String,
    pub label: String,
    pub hint: String,
}

/// In the order of the columns of the weights.
pub(super) static GENERAL_POINTS: LazyLock<&[GeneralPoint; POINT_COUNT]> =
    LazyLock::new(|| &talking_points::PARAMETERS.general);

/// Which of the nine a sentence makes, and how well.
pub(super) type PointScores = [Option<f32>; POINT_COUNT];

/// What belongs to a pattern of a point.
#[derive(Debug)]
struct PatternInfo {
    /// Counts also where it is denied or imagined.
    ignores_negation: bool,
    /// As it stands in the file: for whoever works on the patterns.
    #[cfg(test)]
    source: String,
}

#[derive(Debug, Default)]
struct PointPatterns {
    patterns: PatternSet,
    /// One for each of `patterns`.
    info: Vec<PatternInfo>,
    /// They look like the point and are none.
    negative_patterns: PatternSet,
}

#[derive(Debug)]
pub(super) struct GeneralPatterns {
    points: [PointPatterns; POINT_COUNT],
}

pub(super) static PATTERNS: LazyLock<GeneralPatterns> =
    LazyLock::new(|| GeneralPatterns::parse(text_asset!("insight/general_points.txt")));

impl GeneralPatterns {
    fn parse(source: &str) -> Self {
        let mut classes = Classes::new();
        let mut points: [PointPatterns; POINT_COUNT] = std::array::from_fn(|_| PointPatterns::default());
        let mut class = None;
        let mut point = None;
        for line in lines(source) {
            if let Some(name) = line.strip_prefix("class ") {
                (class, point) = (Some(name.to_owned()), None);
            } else if let Some(id) = line.strip_prefix("point ") {
                (class, point) = (None, GENERAL_POINTS.iter().position(|point| point.id == id));
            } else if let Some(name) = &class {
                classes
                    .entry(name.clone())
                    .or_default()
                    .extend(line.split(' ').map(str::to_owned));
            } else if let Some(point) = point {
                points[point].add(line, &classes);
            }
        }
        Self { points }
    }

    /// Which of the nine a sentence makes, and how well. Two models that go wrong in different places count the same: a
    /// linear one, which sees the patterns and the words as they stand, and the network, which knows what words mean.
    /// Where the network has reached its limit, the linear model alone decides.
    pub fn scores(&self, tokens: &[SentenceToken], classifier: &mut SentenceClassifier) -> PointScores {
        let matched = self.match_counts(tokens);
        let linear = linear_log_odds(tokens, matched);
        let network = classifier.log_odds(tokens).unwrap_or(linear);
        std::array::from_fn(|point| {
            let log_odds = f32::midpoint(linear[point], network[point]);
            let probability = 1.0 / (1.0 + (-log_odds).exp());
            // Among sentences that make a point, those that match more patterns show it better.
            (probability > talking_points::PARAMETERS.general_threshold)
                .then(|| probability + matched[point].min(3) as f32)
        })
    }

    /// How many patterns of each point a sentence matches.
    pub fn match_counts(&self, tokens: &[SentenceToken]) -> [usize; POINT_COUNT] {
        std::array::from_fn(|point| self.points[point].matching(tokens).len())
    }
}

impl PointPatterns {
    fn add(&mut self, line: &str, classes: &Classes) {
        if let Some(negative) = line.strip_prefix('-') {
            self.negative_patterns.add(Pattern::new(negative, classes));
            return;
        }
        let (ignores_negation, source) = line.strip_prefix('+').map_or((false, line), |source| (true, source));
        self.patterns.add(Pattern::new(source, classes));
        self.info.push(PatternInfo {
            ignores_negation: ignores_negation || contains_negation(source),
            #[cfg(test)]
            source: source.to_owned(),
        });
    }

    /// The patterns that a sentence matches, each once.
    fn matching(&self, tokens: &[SentenceToken]) -> Vec<usize> {
        let mut negative: Option<NegativeMatches> = None;
        let mut matching = Vec::new();
        for (pattern, start, end) in self.patterns.matches(tokens) {
            if matching.contains(&pattern) {
                continue;
            }
            let negative = negative.get_or_insert_with(|| NegativeMatches::new(&self.negative_patterns, tokens));
            let counts = self.info[pattern].ignores_negation || !is_negated(tokens, start, end);
            if counts && !negative.overlap(start, end) {
                matching.push(pattern);
            }
        }
        matching
    }
}

/// Where negative patterns match in a sentence: where each begins, and how far those up to it reach, in that order.
struct NegativeMatches(Vec<(usize, usize)>);

impl NegativeMatches {
    fn new(patterns: &PatternSet, tokens: &[SentenceToken]) -> Self {
        let mut reach = 0;
        let places = patterns.matches(tokens).map(|(_, start, end)| {
            reach = reach.max(end);
            (start, reach)
        });
        Self(places.collect())
    }

    fn overlap(&self, start: usize, end: usize) -> bool {
        let before_end = self.0.partition_point(|(first, _)| *first < end);
        before_end.checked_sub(1).is_some_and(|last| self.0[last].1 > start)
    }
}

/// A pattern with a negation of its own ("nobody complained") means it.
fn contains_negation(source: &str) -> bool {
    source
        .split([' ', '|', '='])
        .any(|word| negation::WORDS.negations.contains(word))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::{
        insight::{token_view::TokenView, tokenizer::sentences},
        transcript::Transcript,
    };

    #[test]
    fn the_points_have_the_places_that_are_named() {
        for (place, id) in [(LESSONS, "lessons"), (CHALLENGE, "challenge"), (RESULT, "result")] {
            assert_eq!(GENERAL_POINTS[place].id, id);
        }
    }

    #[test]
    fn no_pattern_and_no_word_of_a_class_is_listed_twice() {
        let (mut section, mut seen) = (String::new(), HashSet::new());
        for line in lines(text_asset!("insight/general_points.txt")) {
            if line.starts_with("class ") || line.starts_with("point ") {
                line.clone_into(&mut section);
                seen.clear();
                let known = |id: &str| GENERAL_POINTS.iter().any(|point| point.id == id);
                assert!(line.strip_prefix("point ").is_none_or(known), "{line}");
                continue;
            }
            let whole = [line];
            let words: Vec<&str> = line.split(' ').collect();
            let entries = if section.starts_with("class ") {
                &words[..]
            } else {
                &whole[..]
            };
            for entry in entries {
                assert!(seen.insert(*entry), "{section}: {entry}");
            }
        }
    }

    /// For whoever works on the patterns: which of them a sentence matches.
    #[test]
    #[ignore = "prints"]
    fn print_matching_patterns() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/insight/general_training.txt");
        for line in std::fs::read_to_string(path)
            .unwrap()
            .lines()
            .filter(|line| !line.starts_with('#'))
        {
            println!("\nPATTERNS {line}");
            let transcript = Transcript::typed(line.split(" | ").nth(1).unwrap());
            for sentence in sentences(&TokenView::new(&transcript)) {
                for (patterns, point) in PATTERNS.points.iter().zip(GENERAL_POINTS.iter()) {
                    for pattern in patterns.matching(&sentence.tokens) {
                        println!("    {}: {}", point.id, patterns.info[pattern].source);
                    }
                }
            }
        }
    }
}
