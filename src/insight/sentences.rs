//! The sentences of an answer, split once for every insight that looks at them, and which of the nine general points each
//! makes.

use std::{cell::OnceCell, collections::HashMap};

use crate::insight::{
    general_points::{PATTERNS, PointScores},
    token_view::TokenView,
    tokenizer::{Sentence, SentenceToken, sentences},
    transformer::SentenceClassifier,
};

#[derive(Debug)]
pub(super) struct Sentences {
    pub list: Vec<Sentence>,
    point_scores: OnceCell<Vec<PointScores>>,
}

impl Sentences {
    pub fn new(view: &TokenView<'_>) -> Self {
        Self {
            list: sentences(view),
            point_scores: OnceCell::new(),
        }
    }

    /// Which of the nine each sentence makes: computed when it is first asked for, and once for sentences that are alike.
    pub fn point_scores(&self) -> &[PointScores] {
        self.point_scores.get_or_init(|| {
            let mut classifier = SentenceClassifier::new();
            let mut known: HashMap<&[SentenceToken], PointScores> = HashMap::new();
            self.list
                .iter()
                .map(|sentence| {
                    *known
                        .entry(&sentence.tokens)
                        .or_insert_with(|| PATTERNS.scores(&sentence.tokens, &mut classifier))
                })
                .collect()
        })
    }
}
