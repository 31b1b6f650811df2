//! The sentences of an answer, taken apart once for every insight that looks at them, and which of the general nine points
//! each makes.

use std::{cell::OnceCell, collections::HashMap};

use crate::insight::{
    general_points::general_points,
    token_view::TokenView,
    tokenizer::{Sentence, SentenceToken, sentences},
    transformer::SentenceClassifier,
};

/// Which of the nine a sentence makes, and how well.
pub(super) type PointScores = [Option<f32>; 9];

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

    /// Which of the nine each sentence makes: worked out when it is first asked for, and once for sentences that are alike.
    pub fn point_scores(&self) -> &[PointScores] {
        self.point_scores.get_or_init(|| {
            let mut classifier = SentenceClassifier::new();
            let mut known: HashMap<&[SentenceToken], PointScores> = HashMap::new();
            self.list
                .iter()
                .map(|sentence| {
                    *known
                        .entry(&sentence.tokens)
                        .or_insert_with(|| general_points().scores(&sentence.tokens, &mut classifier))
                })
                .collect()
        })
    }
}
