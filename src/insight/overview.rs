//! What the answers of a whole interview have in common: the words they lean on, the points that several of them leave out,
//! and one thing to try next. It counts and compares; it grades nothing.

use std::collections::BTreeMap;

use crate::insight::{FillerClass, Insights, general_points::GENERAL_POINTS, wording};

/// An answer of an interview.
#[derive(Clone, Copy, Debug)]
pub struct OverviewAnswer<'a> {
    /// Which question it answers, counted from 0.
    pub question: usize,
    /// Nothing for a typed answer.
    pub seconds: Option<f64>,
    pub words: usize,
    pub insights: &'a Insights,
}

/// What several answers have in common.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overview {
    /// Words that at least two answers lean on, with how often they were said, the most frequent first. No job terms.
    pub words: Vec<(String, usize)>,
    /// Of the spoken answers together.
    pub fillers_per_minute: Option<f64>,
    /// Labels of points that were worth considering in at least two answers.
    pub missing: Vec<String>,
    /// The questions with the shortest and the longest answer, with their seconds; nothing where there is only one.
    pub shortest: Option<(usize, f64)>,
    pub longest: Option<(usize, f64)>,
    /// A sentence; nothing where nothing stands out.
    pub try_next: Option<&'static str>,
}

/// Looks at all answers of an interview that have words.
pub fn overview(answers: &[OverviewAnswer<'_>]) -> Overview {
    const MOST_WORDS: usize = 5;
    const MOST_POINTS: usize = 3;
    let mut words = leaned_on(answers);
    words.truncate(MOST_WORDS);
    let mut missing = missing_twice(answers);
    let try_next = try_next(answers, &missing);
    missing.truncate(MOST_POINTS);
    let timed = || {
        answers
            .iter()
            .filter_map(|answer| Some((answer.question, answer.seconds?)))
    };
    let several = timed().count() > 1;
    Overview {
        words,
        fillers_per_minute: fillers_per_minute(answers),
        missing: missing.into_iter().map(|(_, label)| label).collect(),
        shortest: timed()
            .min_by(|one, other| one.1.total_cmp(&other.1))
            .filter(|_| several),
        longest: timed()
            .max_by(|one, other| one.1.total_cmp(&other.1))
            .filter(|_| several),
        try_next,
    }
}

fn leaned_on(answers: &[OverviewAnswer<'_>]) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for used in answers.iter().flat_map(|answer| &answer.insights.most_used) {
        if !used.job_term {
            let (in_answers, times) = counts.entry(&used.word).or_default();
            *in_answers += 1;
            *times += used.count;
        }
    }
    let mut shared: Vec<(String, usize)> = counts
        .into_iter()
        .filter(|(_, (in_answers, _))| *in_answers > 1)
        .map(|(word, (_, times))| (word.to_owned(), times))
        .collect();
    shared.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    shared
}

fn fillers_per_minute(answers: &[OverviewAnswer<'_>]) -> Option<f64> {
    let spoken = || answers.iter().filter(|answer| answer.seconds.is_some());
    let seconds: f64 = spoken().filter_map(|answer| answer.seconds).sum();
    let fillers = spoken().map(|answer| answer.insights.fillers.len()).sum();
    wording::per_minute(fillers, seconds)
}

/// Ids and labels of the points that several answers could have made, the most often missing first. Each question has its own
/// words for one of the nine: together they go by the general ones.
fn missing_twice(answers: &[OverviewAnswer<'_>]) -> Vec<(String, String)> {
    let mut missing: Vec<(&str, &str, usize)> = Vec::new();
    for point in answers
        .iter()
        .flat_map(|answer| &answer.insights.talking_points.to_consider)
    {
        match missing.iter_mut().find(|(id, _, _)| *id == point.id) {
            Some((_, _, count)) => *count += 1,
            None => missing.push((&point.id, &point.label, 1)),
        }
    }
    missing.retain(|(_, _, count)| *count > 1);
    missing.sort_by_key(|(_, _, count)| std::cmp::Reverse(*count));
    let owned = missing.into_iter().map(|(id, label, _)| {
        let general = GENERAL_POINTS.iter().find(|point| point.id == id);
        (id.to_owned(), general.map_or(label, |point| &point.label).to_owned())
    });
    owned.collect()
}

/// What would change most: first what every listener misses, then what every listener hears.
fn try_next(answers: &[OverviewAnswer<'_>], missing: &[(String, String)]) -> Option<&'static str> {
    /// A story that takes longer loses its listener; one that takes less is hardly told.
    const LONG_SECONDS: f64 = 180.0;
    const SHORT_WORDS: usize = 40;
    let lacks = |id: &str| missing.iter().any(|(missing, _)| missing == id);
    let most = |is: &dyn Fn(&OverviewAnswer<'_>) -> bool| {
        let count = answers.iter().filter(|answer| is(answer)).count();
        answers.len() > 1 && count * 2 > answers.len()
    };
    let vocal = |answer: &OverviewAnswer<'_>| {
        let fillers = answer.insights.fillers.iter();
        let count = fillers.filter(|filler| filler.class == FillerClass::Vocal).count();
        let rate = answer.seconds.and_then(|seconds| wording::per_minute(count, seconds));
        rate.is_some_and(|rate| rate > wording::noticed_fillers_a_minute())
    };
    if most(&|answer| answer.words < SHORT_WORDS) {
        Some("Say more: add one example from your own work to each answer.")
    } else if most(&|answer| answer.seconds.is_some_and(|seconds| seconds > LONG_SECONDS)) {
        Some("Say it in two minutes: leave out the background and begin with what you did.")
    } else if lacks("result") {
        Some("End each story with what came of it, with a number if you have one.")
    } else if most(&vocal) {
        Some("Pause where an “um” wants to come. A silence sounds calmer than it feels.")
    } else if lacks("lessons") {
        Some("Close a story with what you would do the same or differently.")
    } else if lacks("experience") || lacks("skills") {
        Some("Tie each answer to one thing that you did yourself.")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::{MostUsed, PointToConsider, TalkingPoints};

    fn insights(words: &[(&str, usize, bool)], missing: &[&str]) -> Insights {
        let used = |&(word, count, job_term): &(&str, usize, bool)| MostUsed {
            word: word.to_owned(),
            count,
            job_term,
            forms: Vec::new(),
            synonyms: Vec::new(),
            words: Vec::new(),
        };
        let point = |id: &&str| PointToConsider {
            id: (*id).to_owned(),
            label: format!("The {id}"),
            hint: String::new(),
        };
        Insights {
            most_used: words.iter().map(used).collect(),
            talking_points: TalkingPoints {
                to_consider: missing.iter().map(point).collect(),
                ..TalkingPoints::default()
            },
            ..Insights::default()
        }
    }

    #[test]
    fn what_two_answers_share_is_named_and_what_one_has_is_not() {
        let first = insights(
            &[("manage", 3, false), ("log", 4, true), ("ticket", 3, false)],
            &["result", "goals"],
        );
        let second = insights(&[("manage", 5, false), ("log", 3, true)], &["result"]);
        let answer = |question, seconds, insights| OverviewAnswer {
            question,
            seconds: Some(seconds),
            words: 120,
            insights,
        };
        let found = overview(&[answer(0, 50.0, &first), answer(2, 95.0, &second)]);
        assert_eq!(found.words, [("manage".to_owned(), 8)]);
        assert_eq!(found.missing, ["A result"]);
        assert_eq!((found.shortest, found.longest), (Some((0, 50.0)), Some((2, 95.0))));
        assert_eq!(found.fillers_per_minute, Some(0.0));
        assert!(
            found
                .try_next
                .is_some_and(|sentence| sentence.contains("what came of it"))
        );
    }

    #[test]
    fn of_one_answer_nothing_is_compared() {
        let only = insights(&[("manage", 3, false)], &["result"]);
        let answer = OverviewAnswer {
            question: 0,
            seconds: None,
            words: 20,
            insights: &only,
        };
        assert_eq!(overview(&[answer]), Overview::default());
        assert_eq!(overview(&[]), Overview::default());
    }
}
