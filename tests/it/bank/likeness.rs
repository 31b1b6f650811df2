//! How alike two texts are: the cosine of their content words, each weighing what it tells (inverse document frequency).

use std::collections::{BTreeMap, BTreeSet};

/// Two prompts that are this alike ask the same thing.
pub const ALIKE_PROMPTS: f64 = 0.45;
/// Two questions whose talking points are this alike want the same answer.
pub const ALIKE_POINTS: f64 = 0.42;
/// Pairs of questions that share words and still ask for different things, as a human judged.
pub const DIFFERENT: &str = include_str!("alike_but_different.txt");

/// Pairs of documents that are at least so alike, with how alike they are.
pub fn pairs(documents: &[BTreeSet<String>], limit: f64) -> Vec<(usize, usize, f64)> {
    let mut counts: BTreeMap<&str, f64> = BTreeMap::new();
    for word in documents.iter().flatten() {
        *counts.entry(word).or_default() += 1.0;
    }
    let tells = |word: &String| (1.0 + documents.len() as f64 / counts[word.as_str()]).ln().powi(2);
    let lengths: Vec<f64> = documents
        .iter()
        .map(|document| document.iter().map(tells).sum::<f64>().sqrt())
        .collect();
    let mut pairs = Vec::new();
    for (second, document) in documents.iter().enumerate() {
        for (first, other) in documents[..second].iter().enumerate() {
            // One word in common is a topic, no likeness.
            if document.intersection(other).count() < 2 {
                continue;
            }
            let shared: f64 = document.intersection(other).map(tells).sum();
            let alike = shared / (lengths[first] * lengths[second]).max(f64::EPSILON);
            if alike >= limit {
                pairs.push((first, second, alike));
            }
        }
    }
    pairs
}
