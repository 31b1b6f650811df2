//! A cache of the forms of the last few fields. Building them takes longer than finding them in a text of usual length, and
//! the same few fields come up again and again: for every word of a live answer, for every key pressed in a posting.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use super::forms::Forms;
use crate::question::Term;

/// In fields: those that come with Aloud, and as many of the user's own.
const CAPACITY: usize = 16;

struct CachedForms {
    terms: Vec<Term>,
    forms: Arc<Forms>,
}

static CACHE: Mutex<VecDeque<CachedForms>> = Mutex::new(VecDeque::new());

/// The forms of these terms. The cache changes only how long it takes: its key is the whole list of terms.
pub(super) fn forms_of(terms: &[Term]) -> Arc<Forms> {
    let cache = || CACHE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = cache().iter().find(|known| known.terms == terms) {
        return known.forms.clone();
    }
    // Not under the lock: another thread may look at another answer meanwhile.
    let forms = Arc::new(Forms::new(terms));
    let mut cached = cache();
    if cached.len() >= CAPACITY {
        cached.pop_front();
    }
    cached.push_back(CachedForms {
        terms: terms.to_vec(),
        forms: forms.clone(),
    });
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_that_are_nearly_alike_keep_their_own_forms() {
        let terms = |spoken: &str| {
            vec![Term {
                name: "SIEM".to_owned(),
                spoken: vec![spoken.to_owned()],
                ..Term::default()
            }]
        };
        let (seam, scene) = (terms("seam"), terms("scene"));
        let first = forms_of(&seam);
        assert!(!Arc::ptr_eq(&first, &forms_of(&scene)));
        // More than are kept.
        for number in 0..=CAPACITY {
            forms_of(&terms(&"a".repeat(number + 1)));
        }
        assert!(CACHE.lock().expect("no test panics under it").len() <= CAPACITY);
        assert!(!Arc::ptr_eq(&first, &forms_of(&seam)), "the oldest have gone");
    }
}
