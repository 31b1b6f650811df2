//! How inputs of everyday life are read, each written for its kind: text from chats and PDFs, held sounds, stutters and
//! doubles that are none, fillers and hedges that mean something, words that look like forms of others.

use std::collections::BTreeMap;

use aloud::{
    insight::{FillerClass, Insights},
    transcript::Transcript,
};

use super::{ConfusionCounts, analyze, fields, is_verbose, labeled};

/// What of an expectation ("repeats I, we") was not found as it says.
fn differs(expectation: &str, insights: &Insights, sentences: usize) -> bool {
    let (what, value) = expectation.split_once(' ').unwrap_or_else(|| panic!("{expectation}"));
    let vocal = |filler: &&aloud::insight::Filler| filler.class == FillerClass::Vocal;
    let wanted: Vec<&str> = value.split(',').filter(|text| *text != "none").collect();
    let verbal = insights.fillers.iter().filter(|filler| !vocal(filler));
    let used = |name: &&str| insights.most_used.iter().any(|used| used.word == **name);
    let named = |name: &&str| insights.job_terms.used.iter().any(|used| used.term == **name);
    match what {
        "vocal" => insights.fillers.iter().filter(vocal).count().to_string() != value,
        "sentences" => sentences.to_string() != value,
        "fillers" => !verbal.map(|filler| filler.text.as_str()).eq(wanted),
        "repeats" => !insights.repeats.iter().map(|repeat| repeat.text.as_str()).eq(wanted),
        "hedges" => !insights.hedges.iter().map(|hedge| hedge.text.as_str()).eq(wanted),
        "terms" => !wanted.iter().all(named),
        "leans" => !wanted.iter().all(used),
        "not" => wanted.iter().any(used),
        _ => panic!("{expectation}"),
    }
}

fn read(name: &str) -> f64 {
    let fields = fields();
    let field = fields.iter().find(|field| field.id == "cybersecurity");
    let mut right_by_kind: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for line in labeled(name) {
        let text = line[2].replace("\\n", "\n");
        let insights = analyze(&text, None, field);
        let sentences = Transcript::typed(&text).sentences().len();
        let wrong: Vec<&str> = line[1]
            .split("; ")
            .filter(|expectation| differs(expectation, &insights, sentences))
            .collect();
        if !wrong.is_empty() && is_verbose() {
            println!("  not {}: {text}", wrong.join("; "));
        }
        let (right, all) = right_by_kind.entry(line[0].clone()).or_default();
        *right += usize::from(wrong.is_empty());
        *all += 1;
    }
    let mut counts = ConfusionCounts::default();
    for (kind, (right, all)) in &right_by_kind {
        println!("{name}, {kind}: {right} of {all}");
        counts.true_positives += right;
        counts.false_negatives += all - right;
    }
    counts.recall()
}

#[test]
fn inputs_of_everyday_life_are_read_as_they_are_meant() {
    let (develop, fresh) = (read("everyday.txt"), read("everyday_fresh.txt"));
    assert!(develop >= 0.96 && fresh >= 0.94, "{develop:.3} {fresh:.3}");
}
