//! The general nine talking points, found by how people say them: patterns with grammar, read from
//! `assets/insight/general_points.txt`, weighed together with what was learned from examples. What is denied ("I have never led a team"), wished for ("I wish I had led one") or
//! only looks like the point ("a goal kick") proves nothing.

use std::sync::OnceLock;

use crate::insight::{
    general_weights::weighed,
    meaning::Meanings,
    patterns::{Classes, Pattern, PatternSet},
    phrases::Item,
};

const SOURCE: &str = include_str!("../../assets/insight/general_points.txt");

/// The nine, as `CLI.md` and every question file name them: id, label, hint.
pub(super) const NINE: [(&str, &str, &str); 9] = [
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
const LIKELY: f32 = 0.35;

/// What belongs to a pattern of a point.
#[derive(Debug)]
struct Way {
    /// Counts also where it is denied or imagined.
    always: bool,
    /// As it stands in the file: for whoever works on the patterns.
    #[cfg(test)]
    source: String,
}

#[derive(Debug, Default)]
struct Point {
    ways: Vec<Way>,
    /// One for each of `ways`.
    patterns: PatternSet,
    traps: PatternSet,
}

#[derive(Debug)]
pub(super) struct GeneralPoints {
    points: Vec<Point>,
}

/// The nine, read once.
pub(super) fn general_points() -> &'static GeneralPoints {
    static POINTS: OnceLock<GeneralPoints> = OnceLock::new();
    POINTS.get_or_init(|| GeneralPoints::new(SOURCE))
}

impl GeneralPoints {
    fn new(source: &str) -> Self {
        let mut classes = Classes::new();
        let mut points: Vec<Point> = NINE.iter().map(|_| Point::default()).collect();
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
                (class, point) = (None, NINE.iter().position(|(name, _, _)| *name == id));
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
    pub fn made(&self, items: &[Item], meanings: &mut Meanings) -> [Option<f32>; 9] {
        let ways = self.said(items);
        let weighed = weighed(items, ways);
        let meant = meanings.of(items).unwrap_or(weighed);
        std::array::from_fn(|point| {
            let odds = f32::midpoint(weighed[point], meant[point]);
            let likely = 1.0 / (1.0 + (-odds).exp());
            (likely > LIKELY).then(|| likely + ways[point].min(3) as f32)
        })
    }

    /// How many ways a sentence says each of the nine.
    pub fn said(&self, items: &[Item]) -> [usize; 9] {
        std::array::from_fn(|point| self.points[point].said(items).len())
    }
}

impl Point {
    fn add(&mut self, line: &str, classes: &Classes) {
        if let Some(trap) = line.strip_prefix('-') {
            self.traps.add(Pattern::new(trap, classes));
            return;
        }
        let (always, source) = line.strip_prefix('+').map_or((false, line), |source| (true, source));
        let way = Way {
            always: always || denies(source),
            #[cfg(test)]
            source: source.to_owned(),
        };
        self.patterns.add(Pattern::new(source, classes));
        self.ways.push(way);
    }

    fn said(&self, items: &[Item]) -> Vec<usize> {
        let mut traps: Option<Traps> = None;
        let mut ways = Vec::new();
        for (way, start, end) in self.patterns.matches(items) {
            if ways.contains(&way) {
                continue;
            }
            let traps = traps.get_or_insert_with(|| Traps::new(&self.traps, items));
            if !traps.overlap(start, end) && (self.ways[way].always || !denied(items, start, end)) {
                ways.push(way);
            }
        }
        ways
    }
}

/// Where traps stand in a sentence: where each begins, and how far those up to it reach, in that order.
struct Traps(Vec<(usize, usize)>);

impl Traps {
    fn new(traps: &PatternSet, items: &[Item]) -> Self {
        let mut reach = 0;
        let places = traps.matches(items).map(|(_, start, end)| {
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

const NEGATORS: &[&str] = &[
    "not", "never", "no", "none", "nobody", "nothing", "hardly", "barely", "without", "neither", "nor", "nil", "zero",
    "lack", "rarely",
];

/// A way that holds a denial of its own ("nobody complained") means it.
fn denies(source: &str) -> bool {
    source.split([' ', '|', '=']).any(|word| NEGATORS.contains(&word))
}

/// Denied, wished for or only imagined: told by the words before it in its clause, inside it, and right after it.
pub(super) fn denied(items: &[Item], start: usize, end: usize) -> bool {
    let furthest = start.saturating_sub(6);
    let before = (furthest..=start)
        .rev()
        .find(|index| items[*index].starts_clause)
        .unwrap_or(furthest);
    let negated =
        (before..end).any(|index| NEGATORS.contains(&items[index].base.as_str()) && !turned_around(items, index));
    let wished = (before..start).any(|index| {
        let item = items[index].text.as_str();
        let next = items.get(index + 1).map_or("", |item| item.text.as_str());
        matches!(item, "wish" | "wishes" | "supposed" | "pretend" | "almost" | "imagine")
            || item == "if" && matches!(next, "i" | "we")
            || matches!(item, "would" | "could" | "should" | "might") && next == "have"
    });
    let after = items[end..]
        .iter()
        .take(5)
        .take_while(|item| !item.starts_clause)
        .any(|item| matches!(item.text.as_str(), "nil" | "zero" | "nonexistent" | "none"));
    negated || wished || after
}

/// "Not only", "no doubt", "never stopped": denials that affirm.
fn turned_around(items: &[Item], index: usize) -> bool {
    let next = items.get(index + 1).map_or("", |item| item.base.as_str());
    match items[index].text.as_str() {
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
        insight::{phrases::sentences, reading::Reading},
        transcript::Transcript,
    };

    /// For whoever works on the patterns: which of them a sentence meets.
    #[test]
    #[ignore = "prints"]
    fn print_ways() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/insight/general_training.txt");
        for line in std::fs::read_to_string(path)
            .unwrap()
            .lines()
            .filter(|line| !line.starts_with('#'))
        {
            println!("\nWAYS {line}");
            let transcript = Transcript::typed(line.split(" | ").nth(1).unwrap());
            for sentence in sentences(&Reading::new(&transcript)) {
                for (point, (id, _, _)) in general_points().points.iter().zip(NINE) {
                    for way in point.said(&sentence.items) {
                        println!("    {id}: {}", point.ways[way].source);
                    }
                }
            }
        }
    }
}
