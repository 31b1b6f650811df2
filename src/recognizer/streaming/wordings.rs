//! Two wordings of the same sound laid side by side: what they share, and what of the new one is worth showing.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::{recognizer::RecognizedWord, transcript::bare};

/// How many words come before the first that the recognizer itself hardly believes, and that is not shown yet.
pub(super) fn before_doubt(shown: &[RecognizedWord], now: &[RecognizedWord], least: f32) -> usize {
    let is_shown = |text: &str| shown.iter().any(|word| bare(&word.text) == bare(text));
    now.iter()
        .position(|word| word.confidence < least && !is_shown(&word.text))
        .unwrap_or(now.len())
}

/// What is shown of the words of a partial decode, where others are shown already: while what follows stays, another wording of
/// what comes before is not worth the flicker. The settled words will have it.
pub(super) fn steadied(shown: &[RecognizedWord], now: Vec<RecognizedWord>) -> Vec<RecognizedWord> {
    let before: Vec<String> = shown.iter().map(|word| bare(&word.text)).collect();
    let after: Vec<String> = now.iter().map(|word| bare(&word.text)).collect();
    let (mut same, mut kept, mut passed) = (0, 0, 0);
    for step in capture_diff_slices(Algorithm::Myers, &before, &after) {
        if let DiffOp::Equal {
            old_index,
            new_index,
            len,
        } = step
        {
            same += len;
            // At least half of it stays.
            if same * 2 >= (old_index + len).max(new_index + len) {
                (kept, passed) = (old_index + len, new_index + len);
            }
        }
    }
    let mut steady = shown[..kept].to_vec();
    steady.extend(now.into_iter().skip(passed));
    steady
}

/// How many words at the beginning of two hypotheses are the same, punctuation and capitals aside.
pub(super) fn agreement(before: &[RecognizedWord], now: &[RecognizedWord]) -> usize {
    before
        .iter()
        .zip(now)
        .take_while(|(a, b)| bare(&a.text) == bare(&b.text))
        .count()
}

/// The final words that come after those already settled. Both tell the same segment, with other words here and there,
/// so they are aligned (least edits); what follows the last settled word is new.
pub(super) fn after_settled(settled: &[RecognizedWord], words: &[RecognizedWord]) -> Vec<RecognizedWord> {
    if settled.is_empty() {
        return words.to_vec();
    }
    let old: Vec<String> = settled.iter().map(|word| bare(&word.text)).collect();
    let new: Vec<String> = words.iter().map(|word| bare(&word.text)).collect();
    // cost[j]: least edits that turn all settled words into the first j final ones.
    let mut cost: Vec<usize> = (0..=new.len()).collect();
    for (row, old_word) in old.iter().enumerate() {
        let mut diagonal = cost[0];
        cost[0] = row + 1;
        for (column, new_word) in new.iter().enumerate() {
            let change = diagonal + usize::from(old_word != new_word);
            diagonal = cost[column + 1];
            cost[column + 1] = change.min(diagonal + 1).min(cost[column] + 1);
        }
    }
    // Among equals the longer prefix: a word said once must not be written twice.
    let reached = cost
        .iter()
        .enumerate()
        .min_by_key(|(index, edits)| (**edits, new.len() - index))
        .map_or(0, |(j, _)| j);
    words[reached..].to_vec()
}
