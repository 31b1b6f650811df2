//! Two takes of the same question, compared: what changed, in words. Changes are stated, never judged.

use std::collections::{HashMap, HashSet};

use crate::insight::{
    Answer, Filler, Insights,
    wording::{self, THRESHOLDS},
};

/// A take and its insights.
#[derive(Clone, Copy, Debug)]
pub struct Observed<'a> {
    pub answer: Answer<'a>,
    pub insights: &'a Insights,
}

/// Sentences that say what is different in the later take, or that nothing is.
pub fn compare(earlier: Observed<'_>, later: Observed<'_>) -> Vec<String> {
    let mut changes = Vec::new();
    changes.extend(points(earlier.insights, later.insights));
    changes.extend(terms(earlier.insights, later.insights));
    changes.extend(length(earlier.answer, later.answer));
    changes.extend(count(
        "used",
        "filler",
        earlier.insights.fillers.len(),
        later.insights.fillers.len(),
    ));
    changes.extend(most_changed_filler(earlier.insights, later.insights));
    changes.extend(count(
        "had",
        "repeat",
        earlier.insights.repeats.len(),
        later.insights.repeats.len(),
    ));
    changes.extend(count(
        "used",
        "hedge",
        earlier.insights.hedges.len(),
        later.insights.hedges.len(),
    ));
    changes.extend(pace(earlier.insights, later.insights));
    if changes.is_empty() {
        changes.push("The two takes are very similar.".to_owned());
    }
    changes
}

fn points(earlier: &Insights, later: &Insights) -> Vec<String> {
    let labels = |insights: &Insights| {
        insights
            .talking_points
            .covered
            .iter()
            .map(|point| (point.id.clone(), point.label.clone()))
            .collect::<Vec<_>>()
    };
    let (old, new) = (labels(earlier), labels(later));
    let missing_in = |points: &[(String, String)], others: &[(String, String)]| {
        let known: HashSet<&str> = others.iter().map(|(id, _)| id.as_str()).collect();
        points
            .iter()
            .filter(|(id, _)| !known.contains(id.as_str()))
            .map(|(_, label)| format!("“{label}”"))
            .collect::<Vec<_>>()
    };
    let mut changes = Vec::new();
    let added = missing_in(&new, &old);
    if !added.is_empty() {
        changes.push(format!("New in this take: {}.", wording::listed(&added)));
    }
    let gone = missing_in(&old, &new);
    if !gone.is_empty() {
        changes.push(format!("Only in the earlier take: {}.", wording::listed(&gone)));
    }
    changes
}

fn terms(earlier: &Insights, later: &Insights) -> Option<String> {
    let old: HashSet<&str> = earlier.job_terms.used.iter().map(|used| used.term.as_str()).collect();
    let added: Vec<String> = later
        .job_terms
        .used
        .iter()
        .filter(|used| !old.contains(used.term.as_str()))
        .map(|used| used.term.clone())
        .collect();
    (!added.is_empty()).then(|| format!("Job terms you used only this time: {}.", wording::listed(&added)))
}

/// Nothing for a small difference.
fn length(earlier: Answer<'_>, later: Answer<'_>) -> Option<String> {
    if let (Some(old), Some(new)) = (earlier.seconds, later.seconds) {
        let difference = new - old;
        return (difference.abs() >= THRESHOLDS.compare.seconds).then(|| {
            let how = if difference > 0.0 { "longer" } else { "shorter" };
            format!(
                "This take is {} {how}: {} instead of {}.",
                wording::duration(difference.abs()),
                wording::duration(new),
                wording::duration(old)
            )
        });
    }
    let (old, new) = (earlier.transcript.words.len(), later.transcript.words.len());
    (old.abs_diff(new) >= THRESHOLDS.compare.words)
        .then(|| format!("This answer has {new} words; the earlier one had {old}."))
}

fn count(verb: &str, what: &str, old: usize, new: usize) -> Option<String> {
    (old != new).then(|| {
        format!(
            "You {verb} {} this time and {} before.",
            wording::counted(new, what),
            if old == 0 {
                "none".to_owned()
            } else {
                wording::number(old)
            }
        )
    })
}

/// The one filler whose count changed most, where it changed enough.
fn most_changed_filler(earlier: &Insights, later: &Insights) -> Option<String> {
    let (olds, news) = (times_each(&earlier.fillers), times_each(&later.fillers));
    let times = |counts: &HashMap<&str, usize>, text: &str| counts.get(text).copied().unwrap_or_default();
    let (text, old, new) = later
        .fillers
        .iter()
        .chain(&earlier.fillers)
        .map(|filler| filler.text.as_str())
        .map(|text| (text, times(&olds, text), times(&news, text)))
        .max_by_key(|(_, old, new)| old.abs_diff(*new))?;
    if old.abs_diff(new) < THRESHOLDS.compare.filler_count {
        return None;
    }
    Some(match (old, new) {
        (old, 0) => format!(
            "You did not say “{text}” this time; before, you said it {}.",
            wording::times(old)
        ),
        (0, new) => format!("You said “{text}” {} this time; before, not once.", wording::times(new)),
        (old, new) => format!(
            "You said “{text}” {} this time; before, it was {}.",
            wording::times(new),
            wording::times(old)
        ),
    })
}

fn times_each(fillers: &[Filler]) -> HashMap<&str, usize> {
    let mut counts = HashMap::new();
    for filler in fillers {
        *counts.entry(filler.text.as_str()).or_default() += 1;
    }
    counts
}

/// Nothing for a small difference.
fn pace(earlier: &Insights, later: &Insights) -> Option<String> {
    let (old, new) = (
        earlier.pace.as_ref()?.words_per_minute,
        later.pace.as_ref()?.words_per_minute,
    );
    let difference = (new - old).abs();
    (difference >= THRESHOLDS.compare.words_per_minute).then(|| {
        let how = if new > old { "faster" } else { "slower" };
        format!("You spoke {difference:.0} words per minute {how}: {new:.0} instead of {old:.0}.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{insight::observe, transcript::Transcript};

    fn check(earlier: &str, later: &str, expected: &[&str]) {
        let (earlier, later) = (Transcript::typed(earlier), Transcript::typed(later));
        let answer = |transcript| Answer {
            transcript,
            seconds: None,
            question: None,
            field: None,
        };
        let (old, new) = (observe(answer(&earlier)), observe(answer(&later)));
        let changes = compare(
            Observed {
                answer: answer(&earlier),
                insights: &old,
            },
            Observed {
                answer: answer(&later),
                insights: &new,
            },
        );
        assert_eq!(changes, expected);
    }

    #[test]
    fn what_changed_is_told_in_words() {
        check(
            "Um, it was, um, it was, uh, fine, um.",
            "It was fine. In the end we cut the wait by half.",
            &[
                "New in this take: “A result”.",
                "You used no fillers this time and four before.",
                "You did not say “um” this time; before, you said it three times.",
                "You had no repeats this time and one before.",
            ],
        );
    }

    #[test]
    fn takes_that_are_similar_are_called_so() {
        check("Blue is nice.", "Blue is nice.", &["The two takes are very similar."]);
    }
}
