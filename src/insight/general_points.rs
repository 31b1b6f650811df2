//! The general nine talking points, found by how people say them: patterns with grammar, read from
//! `assets/insight/general_points.txt`, weighed together with what was learned from examples. What is is_negated ("I have never led a team"), hypothetical for ("I wish I had led one") or
//! only looks like the point ("a goal kick") proves nothing.

use std::sync::OnceLock;

use crate::insight::{
    general_weights::linear_log_odds,
    patterns::{Classes, Pattern, PatternSet},
    tokenizer::SentenceToken,
    transformer::SentenceClassifier,
};

const SOURCE: &str = include_str!("../../assets/insight/general_points.txt");

/// The nine, as `CLI.md` and every question file name them: id, label, hint.
pub(super) const GENERAL_POINTS: [(&str, &str, &str); 9] = [
    (
        "experience",
        "Experience",
        "Name one job, project or course where you did this.",
    ),
    ("skills", "Skills", "Name a skill or a tool that you can use."),
    ("goals", "Goals", "Say where you want to go from here."),
    ("interests", "Interests", "Say what draws you to this work."),
    (
        "lessons",
        "Lessons learned",
        "Say what you learned, or what you would do differently.",
    ),
    ("challenge", "A challenge", "Say what made it hard."),
    (
        "result",
        "A result",
        "Say what came of it, with a number if you have one.",
    ),
    ("teamwork", "Teamwork", "Say who you worked with and how."),
    (
        "honesty",
        "An honest limit",
        "If there is something you do not know, say so, and how you would find out.",
    ),
];

/// From this likelihood on, a point is made: chosen on the half that is developed on.
const THRESHOLD: f32 = 0.35;

/// What belongs to a pattern of a point.
#[derive(Debug)]
struct PointPattern {
    /// Counts also where it is is_negated or imagined.
    ignores_negation: bool,
    /// As it stands in the file: for whoever works on the patterns.
    #[cfg(test)]
    source: String,
}

#[derive(Debug, Default)]
struct PointPatterns {
    patterns: PatternSet,
    /// One for each of `patterns`.
    pattern_info: Vec<PointPattern>,
    negative_patterns: PatternSet,
}

#[derive(Debug)]
pub(super) struct GeneralPoints {
    points: Vec<PointPatterns>,
}

/// The nine, read once.
pub(super) fn general_points() -> &'static GeneralPoints {
    static POINTS: OnceLock<GeneralPoints> = OnceLock::new();
    POINTS.get_or_init(|| GeneralPoints::new(SOURCE))
}

impl GeneralPoints {
    fn new(source: &str) -> Self {
        let mut classes = Classes::new();
        let mut points: Vec<PointPatterns> = GENERAL_POINTS.iter().map(|_| PointPatterns::default()).collect();
        let mut class = None;
        let mut point = None;
        for line in source
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with("# "))
        {
            if let Some(name) = line.strip_prefix("class ") {
                (class, point) = (Some(name.to_owned()), None);
            } else if let Some(id) = line.strip_prefix("point ") {
                (class, point) = (None, GENERAL_POINTS.iter().position(|(name, _, _)| *name == id));
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

    /// Which of the nine a sentence makes, and how well. Two that go wrong in different places are asked, and count the
    /// same: the weights, which see the patterns and the words as they stand, and the network, which knows what words mean.
    /// Where the network is asked no more, the weights alone decide.
    pub fn scores(&self, tokens: &[SentenceToken], classifier: &mut SentenceClassifier) -> [Option<f32>; 9] {
        let matched = self.matching_patterns(tokens);
        let linear = linear_log_odds(tokens, matched);
        let network = classifier.log_odds(tokens).unwrap_or(linear);
        std::array::from_fn(|point| {
            let log_odds = f32::midpoint(linear[point], network[point]);
            let probability = 1.0 / (1.0 + (-log_odds).exp());
            (probability > THRESHOLD).then(|| probability + matched[point].min(3) as f32)
        })
    }

    /// How many matched a sentence says each of the nine.
    pub fn matching_patterns(&self, tokens: &[SentenceToken]) -> [usize; 9] {
        std::array::from_fn(|point| self.points[point].matching_patterns(tokens).len())
    }
}

impl PointPatterns {
    fn add(&mut self, line: &str, classes: &Classes) {
        if let Some(negative) = line.strip_prefix('-') {
            self.negative_patterns.add(Pattern::new(negative, classes));
            return;
        }
        let (ignores_negation, source) = line.strip_prefix('+').map_or((false, line), |source| (true, source));
        let info = PointPattern {
            ignores_negation: ignores_negation || contains_negation(source),
            #[cfg(test)]
            source: source.to_owned(),
        };
        self.patterns.add(Pattern::new(source, classes));
        self.pattern_info.push(info);
    }

    fn matching_patterns(&self, tokens: &[SentenceToken]) -> Vec<usize> {
        let mut negative_patterns: Option<NegativeMatches> = None;
        let mut matched = Vec::new();
        for (pattern, start, end) in self.patterns.matches(tokens) {
            if matched.contains(&pattern) {
                continue;
            }
            let negative_patterns =
                negative_patterns.get_or_insert_with(|| NegativeMatches::new(&self.negative_patterns, tokens));
            if !negative_patterns.overlap(start, end)
                && (self.pattern_info[pattern].ignores_negation || !is_negated(tokens, start, end))
            {
                matched.push(pattern);
            }
        }
        matched
    }
}

/// Where negative_patterns stand in a sentence: where each begins, and how far those up to it reach, in that order.
struct NegativeMatches(Vec<(usize, usize)>);

impl NegativeMatches {
    fn new(negative_patterns: &PatternSet, tokens: &[SentenceToken]) -> Self {
        let mut reach = 0;
        let places = negative_patterns.matches(tokens).map(|(_, start, end)| {
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

const NEGATIONS: &[&str] = &[
    "not", "never", "no", "none", "nobody", "nothing", "hardly", "barely", "without", "neither", "nor", "nil", "zero",
    "lack", "rarely",
];

/// A way that holds a denial of its own ("nobody complained") means it.
fn contains_negation(source: &str) -> bool {
    source.split([' ', '|', '=']).any(|word| NEGATIONS.contains(&word))
}

/// Denied, hypothetical for or only imagined: told by the words before it in its clause, inside it, and right after it.
pub(super) fn is_negated(tokens: &[SentenceToken], start: usize, end: usize) -> bool {
    let furthest = start.saturating_sub(6);
    let before = (furthest..=start)
        .rev()
        .find(|index| tokens[*index].starts_clause)
        .unwrap_or(furthest);
    let negated =
        (before..end).any(|index| NEGATIONS.contains(&tokens[index].base.as_str()) && !affirms(tokens, index));
    let hypothetical = (before..start).any(|index| {
        let token = tokens[index].text.as_str();
        let next = tokens.get(index + 1).map_or("", |token| token.text.as_str());
        matches!(token, "wish" | "wishes" | "supposed" | "pretend" | "almost" | "imagine")
            || token == "if" && matches!(next, "i" | "we")
            || matches!(token, "would" | "could" | "should" | "might") && next == "have"
    });
    let after = tokens[end..]
        .iter()
        .take(5)
        .take_while(|token| !token.starts_clause)
        .any(|token| matches!(token.text.as_str(), "nil" | "zero" | "nonexistent" | "none"));
    negated || hypothetical || after
}

/// "Not only", "no doubt", "never stopped": denials that affirm.
fn affirms(tokens: &[SentenceToken], index: usize) -> bool {
    let next = tokens.get(index + 1).map_or("", |token| token.base.as_str());
    match tokens[index].text.as_str() {
        "not" => matches!(next, "only" | "just" | "to" | "until"),
        "no" => matches!(next, "doubt" | "matter" | "question" | "problem" | "longer" | "less"),
        "never" => matches!(
            next,
            "stop" | "forget" | "miss" | "fail" | "quit" | "lose" | "give" | "regret"
        ),
        "nothing" => next == "but",
        "without" => matches!(next, "a" | "doubt" | "question" | "any" | "being" | "anyone"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        insight::{token_view::TokenView, tokenizer::sentences},
        transcript::Transcript,
    };

    /// For whoever works on the patterns: which of them a sentence meets.
    #[test]
    #[ignore = "prints"]
    fn print_patterns() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/insight/general_training.txt");
        for line in std::fs::read_to_string(path)
            .unwrap()
            .lines()
            .filter(|line| !line.starts_with('#'))
        {
            println!("\nPATTERNS {line}");
            let transcript = Transcript::typed(line.split(" | ").nth(1).unwrap());
            for sentence in sentences(&TokenView::new(&transcript)) {
                for (point, (id, _, _)) in general_points().points.iter().zip(GENERAL_POINTS) {
                    for pattern in point.matching_patterns(&sentence.tokens) {
                        println!("    {id}: {}", point.pattern_info[pattern].source);
                    }
                }
            }
        }
    }
}
