//! The shape of a behavioral answer: situation, task, action, result.
//!
//! The four parts are those of the STAR method (Development Dimensions International, 1974). Each sentence scores for each
//! part by how it is said; then the most likely order of parts is chosen (Viterbi 1967), in which a story rarely goes back.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::{
    insight::{
        Structure, StructurePart,
        assets::toml_asset,
        general_points::{CHALLENGE, LESSONS, PointProbabilities, RESULT, bar},
        patterns::{Classes, Pattern, PatternSet},
        sentences::Sentences,
        token_view::TokenView,
        tokenizer::SentenceToken,
    },
    question::{QuestionKind, StructureName},
};

const PARTS: [StructureName; 4] = StructureName::ALL;

/// The score of each part, in the order of [`PARTS`].
type PartScores = [f32; PARTS.len()];

/// How the parts are told apart; the file says what each number is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StructureParameters {
    weights: PartWeights,
    transitions: Transitions,
    patterns: PartPatterns,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartWeights {
    situation: f32,
    task: f32,
    action: f32,
    first_person: f32,
    challenge_as_situation: f32,
    result: f32,
    lesson_as_result: f32,
    proven: f32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Transitions {
    next: f32,
    skip: f32,
    back: f32,
    late_start: f32,
}

/// Results have none: the general points tell them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartPatterns {
    situation: Vec<String>,
    task: Vec<String>,
    action: Vec<String>,
}

pub(super) static PARAMETERS: LazyLock<StructureParameters> = toml_asset!("insight/structure.toml");

/// The patterns of situation, task and action.
static PATTERNS: LazyLock<[PatternSet; 3]> = LazyLock::new(|| {
    let patterns = &PARAMETERS.patterns;
    [&patterns.situation, &patterns.task, &patterns.action].map(|sources| {
        let mut set = PatternSet::default();
        for source in sources {
            set.add(Pattern::new(source, &Classes::new()));
        }
        set
    })
});

/// The parts of a story, in the order in which they came.
pub(super) fn structure(view: &TokenView<'_>, sentences: &Sentences) -> Structure {
    let scores: Vec<PartScores> = sentences
        .list
        .iter()
        .zip(sentences.probabilities())
        .map(|(sentence, points)| part_scores(&sentence.tokens, points))
        .collect();
    // An answer in which nothing shows a part has no shape to speak of.
    if !scores.iter().flatten().any(|score| is_proof(*score)) {
        return Structure { parts: Vec::new() };
    }
    let mut parts = join_sentences(sentences, &scores);
    set_shares(&mut parts, view, sentences);
    Structure { parts }
}

/// Whether a sentence shows a part, beyond what its place makes likely.
fn is_proof(score: f32) -> bool {
    score >= PARAMETERS.weights.proven
}

/// Neighboring sentences of the same part become one; a part that no sentence of its own shows is left out.
fn join_sentences(sentences: &Sentences, scores: &[PartScores]) -> Vec<StructurePart> {
    let mut parts: Vec<StructurePart> = Vec::new();
    let mut proven = true;
    for ((sentence, part), scores) in sentences.list.iter().zip(viterbi(scores)).zip(scores) {
        let name = PARTS[part];
        if let Some(last) = parts.last_mut().filter(|last| last.name == name) {
            last.words.end = sentence.words.end;
            proven |= is_proof(scores[part]);
            continue;
        }
        if !proven {
            parts.pop();
        }
        proven = is_proof(scores[part]);
        parts.push(StructurePart {
            name,
            words: sentence.words.clone(),
            span: None,
            share: 0.0,
        });
    }
    if !proven {
        parts.pop();
    }
    parts
}

/// When each part was said, and how much of the answer's time it took (typed: of its words), in hundredths.
fn set_shares(parts: &mut [StructurePart], view: &TokenView<'_>, sentences: &Sentences) {
    let words: usize = sentences.list.iter().map(|sentence| sentence.words.len()).sum();
    let time = view.transcript.span_of(0..view.transcript.words.len());
    for part in parts {
        part.span = view.transcript.span_of(part.words.clone());
        let share = match (part.span, time) {
            (Some(span), Some(time)) if time.seconds() > 0.0 => span.seconds() / time.seconds(),
            _ => part.words.len() as f64 / words.max(1) as f64,
        };
        part.share = (share * 100.0).round() / 100.0;
    }
}

fn part_scores(tokens: &[SentenceToken], points: &PointProbabilities) -> PartScores {
    let count = |patterns: &PatternSet| {
        let mut matched = vec![false; patterns.len()];
        patterns.matches(tokens).for_each(|(index, _, _)| matched[index] = true);
        matched.into_iter().filter(|matched| *matched).count() as f32
    };
    let makes = |point: usize| {
        let shown = points[point] >= bar(point, Some(QuestionKind::Behavioral));
        if shown { 1.0_f32 } else { 0.0 }
    };
    let first_person = if tokens.iter().any(|token| token.text == "i") {
        1.0_f32
    } else {
        0.0
    };
    let weights = &PARAMETERS.weights;
    let [situation, task, action] = &*PATTERNS;
    [
        count(situation) * weights.situation + makes(CHALLENGE) * weights.challenge_as_situation,
        count(task) * weights.task,
        count(action) * weights.action + first_person * weights.first_person,
        makes(RESULT) * weights.result + makes(LESSONS) * weights.lesson_as_result,
    ]
}

/// The place in [`PARTS`] of each sentence: the order with the highest sum of scores and transitions.
fn viterbi(scores: &[PartScores]) -> Vec<usize> {
    let transitions = &PARAMETERS.transitions;
    let transition = |from: usize, to: usize| match to.checked_sub(from) {
        Some(0) => 0.0,
        Some(1) => transitions.next,
        Some(_) => transitions.skip,
        None => transitions.back,
    };
    // For each sentence and part: the best sum that ends there, and the part before it.
    let mut best: Vec<[(f32, usize); PARTS.len()]> = Vec::with_capacity(scores.len());
    for (index, score) in scores.iter().enumerate() {
        best.push(std::array::from_fn(|to| match index.checked_sub(1) {
            None => (score[to] + transitions.late_start * to as f32, 0),
            Some(before) => (0..PARTS.len())
                .map(|from| (best[before][from].0 + transition(from, to) + score[to], from))
                .max_by(|one, other| one.0.total_cmp(&other.0))
                .unwrap_or((0.0, 0)),
        }));
    }
    let mut path = vec![0; scores.len()];
    let mut at = best.last().map_or(0, |last| {
        (0..PARTS.len())
            .max_by(|one, other| last[*one].0.total_cmp(&last[*other].0))
            .unwrap_or(0)
    });
    for index in (0..scores.len()).rev() {
        path[index] = at;
        at = best[index][at].1;
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::Transcript;

    fn check(text: &str, expected: &[StructureName]) {
        let transcript = Transcript::typed(text);
        let view = TokenView::new(&transcript);
        let structure = structure(&view, &Sentences::new(&view, None));
        let found: Vec<StructureName> = structure.parts.iter().map(|part| part.name).collect();
        assert_eq!(found, expected, "{text}");
        let shares: f64 = structure.parts.iter().map(|part| part.share).sum();
        assert!(shares <= 1.03, "{shares}");
    }

    #[test]
    fn the_four_parts_are_found_in_order() {
        use StructureName::{Action, Result, Situation, Task};
        check(
            "Last summer I was at a bank and our mail server was down. My job was to get it back before Monday. First I checked the logs. Then I rolled back the update. In the end we lost no mail and it was up by Sunday.",
            &[Situation, Task, Action, Result],
        );
        check("I called the vendor. So I wrote a script.", &[Action]);
        check("Blue is nice.", &[]);
    }
}
