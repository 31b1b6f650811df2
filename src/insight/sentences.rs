//! The sentences of an answer, taken apart once for every insight that looks at them, and which of the general nine points
//! each makes.

use std::{cell::OnceCell, collections::HashMap};

use crate::insight::{
    general_points::general_points,
    meaning::Meanings,
    phrases::{Item, Sentence, sentences},
    reading::Reading,
};

/// Which of the nine a sentence makes, and how well.
pub(super) type Made = [Option<f32>; 9];

#[derive(Debug)]
pub(super) struct Sentences {
    pub list: Vec<Sentence>,
    made: OnceCell<Vec<Made>>,
}

impl Sentences {
    pub fn new(reading: &Reading<'_>) -> Self {
        Self {
            list: sentences(reading),
            made: OnceCell::new(),
        }
    }

    /// Which of the nine each sentence makes: worked out when it is first asked for, and once for sentences that are alike.
    pub fn made(&self) -> &[Made] {
        self.made.get_or_init(|| {
            let mut meanings = Meanings::new();
            let mut known: HashMap<&[Item], Made> = HashMap::new();
            self.list
                .iter()
                .map(|sentence| {
                    *known
                        .entry(&sentence.items)
                        .or_insert_with(|| general_points().made(&sentence.items, &mut meanings))
                })
                .collect()
        })
    }
}
