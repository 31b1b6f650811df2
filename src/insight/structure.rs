//! The shape of a behavioral answer: situation, task, action, result.
//!
//! The four parts are those of the STAR method (Development Dimensions International, 1974). Each sentence votes by how it
//! is said; then the most likely order of parts is chosen (Viterbi 1967), in which a story rarely goes back.

use crate::insight::{
    Structure, StructureName, StructurePart,
    patterns::{Classes, Pattern, PatternSet},
    sentences::{PointScores, Sentences},
    token_view::TokenView,
    tokenizer::SentenceToken,
};
use std::sync::OnceLock;

const STAGES: [StructureName; 4] = [
    StructureName::Situation,
    StructureName::Task,
    StructureName::Action,
    StructureName::Result,
];

/// How each part is said.
const SITUATION: &str = "
    when|while i be|was|worked|started|joined
    in|at|during my|our last|previous|first|old|current? job|role|position|internship|company|class|course
    last|one|this year|month|summer|week|night|day|morning|spring|fall|winter|semester|quarter|time
    there be|was|were a|an|this|some
    we have|had|were|was a|an|this|no|two|three|about|short|running|in
    back at|when|in
    ago
    at the|that time
    at my|a|the *2 job|shop|store|company|internship|school|university|restaurant|hospital|bank|office
    i was on|in|at|a|an|working|part|new
    our|the|a *2 server|site|team|client|customer|manager|system|vendor|project|lead =was|=were|=had|=quit|=failed|=crashed|=went|=left|=kept
    so? this|it be|was *2 year|ago|during|at|in";
const TASK: &str = "
    i|we have|had|needed|need to
    my|our|the job|task|role|goal|responsibility|part|assignment|mission be|was
    i|we was|were|be|got asked|ask|told|responsible|supposed|expected|assigned|charge|given|tasked|assign|expect|tell|give
    it was|be|fell|fall *1 on|up|to me|us
    they|he|she|boss|manager|lead want|wanted|asked|needed|ask|need *1 me|us
    we|i only? had|have # hour|day|week|minute|month
    the|our goal|idea|plan|deadline|aim
    needed to|someone
    was on me";
const ACTION: &str = "
    so i|we <past>
    first|then|next|after|second|finally|instead *2 i|we
    i|we *1 =decided|=started|=talked|=called|=asked|=wrote|=built|=set|=made|=sat|=went|=checked|=looked|=pulled|=put|=created|=organized|=fixed|=explained|=showed|=suggested|=proposed|=offered|=met|=broke|=split|=divided|=took|=found|=ran|=tested|=reached|=gathered|=listed|=drew|=worked|=trained|=moved|=changed|=rewrote|=stayed|=apologized|=listened|=told|=sent|=used|=tried|=dug|=traced|=isolated|=collected|=planned|=mapped|=brought|=got|=sorted|=gave|=read|=compared|=escalated|=walked|=added|=removed|=rolled|=blocked|=reset|=restarted|=documented|=interviewed|=presented|=analyzed|=cleaned|=reviewed|=wrote
    what i|we do|did
    i|we <past>
    by <ing>";

#[derive(Debug)]
struct StagePatterns {
    parts: [PatternSet; 3],
}

fn stage_patterns() -> &'static StagePatterns {
    static PATTERNS: OnceLock<StagePatterns> = OnceLock::new();
    let read = |source: &str| {
        let mut patterns = PatternSet::default();
        source
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .for_each(|line| patterns.add(Pattern::new(line, &Classes::new())));
        patterns
    };
    PATTERNS.get_or_init(|| StagePatterns {
        parts: [read(SITUATION), read(TASK), read(ACTION)],
    })
}

/// The parts of a story, in the order in which they came.
pub(super) fn structure(view: &TokenView<'_>, sentences: &Sentences) -> Structure {
    let list = &sentences.list;
    let votes: Vec<[f32; 4]> = list
        .iter()
        .zip(sentences.point_scores())
        .map(|(sentence, points)| stage_scores(&sentence.tokens, points))
        .collect();
    // An answer in which nothing tells a part has no shape to speak of.
    if votes.iter().flatten().all(|vote| *vote < 1.0) {
        return Structure { parts: Vec::new() };
    }
    let chosen = viterbi(&votes);
    let mut parts: Vec<StructurePart> = Vec::new();
    let total: usize = list.iter().map(|sentence| sentence.words.len()).sum();
    let time = view.transcript.span_of(0..view.transcript.words.len());
    let mut proven = false;
    for ((sentence, part), votes) in list.iter().zip(&chosen).zip(&votes) {
        let name = STAGES[*part];
        if let Some(last) = parts.last_mut().filter(|last| last.name == name) {
            last.words.end = sentence.words.end;
            proven |= votes[*part] >= 1.0;
            continue;
        }
        drop_unproven(&mut parts, proven);
        proven = votes[*part] >= 1.0;
        parts.push(StructurePart {
            name,
            words: sentence.words.clone(),
            span: None,
            share: 0.0,
        });
    }
    drop_unproven(&mut parts, proven);
    for part in &mut parts {
        part.span = view.transcript.span_of(part.words.clone());
        part.share = match (part.span, time) {
            (Some(span), Some(time)) if time.seconds() > 0.0 => span.seconds() / time.seconds(),
            _ => part.words.len() as f64 / total.max(1) as f64,
        };
        part.share = (part.share * 100.0).round() / 100.0;
    }
    Structure { parts }
}

/// A part that no sentence of its own shows is not reported.
fn drop_unproven(parts: &mut Vec<StructurePart>, proven: bool) {
    if !proven {
        parts.pop();
    }
}

fn stage_scores(tokens: &[SentenceToken], points: &PointScores) -> [f32; 4] {
    let count = |patterns: &PatternSet| {
        let mut matched = vec![false; patterns.len()];
        patterns.matches(tokens).for_each(|(index, _, _)| matched[index] = true);
        matched.into_iter().filter(|matched| *matched).count()
    };
    let [situation, task, action] = &stage_patterns().parts;
    let points = points.map(|points| points.map_or(0.0, |_| 1.0));
    // Results and lessons close a story; a challenge sets one up.
    let (result, lesson, challenge): (f32, f32, f32) = (points[6], points[4], points[5]);
    [
        count(situation) as f32 * 1.2 + challenge * 0.6,
        count(task) as f32 * 1.3,
        count(action) as f32 * 0.9 + first_person(tokens) * 0.3,
        result * 1.8 + lesson * 0.8,
    ]
}

fn first_person(tokens: &[SentenceToken]) -> f32 {
    if tokens.iter().any(|token| token.text == "i") {
        1.0
    } else {
        0.0
    }
}

/// The order of parts with the most votes, where going back costs.
fn viterbi(votes: &[[f32; 4]]) -> Vec<usize> {
    let step = |from: usize, to: usize| match (from, to) {
        (from, to) if from == to => 0.0,
        (from, to) if to == from + 1 => -0.2,
        (from, to) if to > from => -0.6,
        _ => -1.6,
    };
    let mut best: Vec<[(f32, usize); 4]> = Vec::with_capacity(votes.len());
    for (index, vote) in votes.iter().enumerate() {
        best.push(std::array::from_fn(|to| match index.checked_sub(1) {
            // Stories start at the beginning, more often than not.
            None => (vote[to] - 0.5 * to as f32, 0),
            Some(before) => (0..4)
                .map(|from| (best[before][from].0 + step(from, to) + vote[to], from))
                .max_by(|one, other| one.0.total_cmp(&other.0))
                .unwrap_or((0.0, 0)),
        }));
    }
    let mut path = vec![0; votes.len()];
    let mut at = best.last().map_or(0, |last| {
        (0..4)
            .max_by(|one, other| last[*one].0.total_cmp(&last[*other].0))
            .unwrap_or(0)
    });
    for index in (0..votes.len()).rev() {
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
        let structure = structure(&view, &Sentences::new(&view));
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
