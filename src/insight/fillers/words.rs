//! The words that decide whether a verbal filler fills: `assets/insight/fillers.toml`, which says what each list is for.

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

use crate::insight::assets::{WordSet, toml_asset};

pub(in crate::insight) static WORDS: LazyLock<FillerWords> = toml_asset!("insight/fillers.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::insight) struct FillerWords {
    pub always: HashMap<String, String>,
    pub common: CommonWords,
    pub you_know: YouKnowWords,
    pub i_mean: IMeanWords,
    pub sort_of: SortOfWords,
    pub right: RightWords,
    pub literally: LiterallyWords,
    pub like: LikeWords,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::insight) struct CommonWords {
    pub be: WordSet,
    pub determiners: WordSet,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::insight) struct YouKnowWords {
    pub verb_contexts: WordSet,
    pub relative_heads: WordSet,
    pub relative_heads_that_allow_it: WordSet,
    pub fresh_starts: WordSet,
    pub objects: WordSet,
    pub noun_phrase_openers: WordSet,
    pub conjunctions: WordSet,
    pub clause_verbs: WordSet,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::insight) struct IMeanWords {
    pub object_contexts: WordSet,
    pub clause_verbs: WordSet,
    pub objects: WordSet,
    pub sincere_after_no: WordSet,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::insight) struct SortOfWords {
    pub pronouns: WordSet,
    pub nouns: WordSet,
    pub articles: WordSet,
    pub adjectives: WordSet,
    pub adjective_endings: Vec<String>,
    pub colors: WordSet,
    pub degrees: WordSet,
    pub people: WordSet,
    pub after_people: WordSet,
    pub hearts: WordSet,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::insight) struct RightWords {
    pub after_lone_right: WordSet,
    pub before_question: WordSet,
    pub after_opening: WordSet,
    pub nouns: WordSet,
    pub before_so: WordSet,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::insight) struct LiterallyWords {
    pub prepositions: WordSet,
    pub verbs_of_meaning_before: WordSet,
    pub verbs_of_meaning_after: WordSet,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::insight) struct LikeWords {
    pub subjects: WordSet,
    pub agents: WordSet,
    pub demonstratives: WordSet,
    pub speech_verbs: WordSet,
    pub degree_adjectives: WordSet,
    pub amounts: WordSet,
    pub conjunctions: WordSet,
    pub compared_after_conjunction: WordSet,
    pub clause_subjects: WordSet,
    pub prepositions: WordSet,
    pub auxiliaries: WordSet,
    pub speakers: WordSet,
    pub speakers_with_be: WordSet,
    pub quote_openers: WordSet,
    pub frequency_units: WordSet,
    pub superlatives: WordSet,
    pub not_superlatives: WordSet,
    pub verb_contexts: WordSet,
    pub adverbs_after_be: WordSet,
    pub comparison_contexts: WordSet,
    pub coordinated_verbs: WordSet,
    pub quantities: WordSet,
    pub adverbs: WordSet,
    pub not_adverbs: WordSet,
    pub past_verbs: WordSet,
    pub not_past_verbs: WordSet,
    pub irregular_nouns: WordSet,
    pub base_verbs: WordSet,
    pub noun_endings: Vec<String>,
}
