//! What was encoded lately. A sentence always encodes to the same, so nobody can tell a remembered one from one that was
//! computed, except by the time it took.

use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex, PoisonError},
};

use super::{Encoding, PieceWindow};

/// Windows that are remembered at least: the answers of a long interview. About 3 MB in all.
const KEPT: usize = 1024;

/// Two generations: when the younger is full, the older is forgotten and the younger takes its place.
#[derive(Debug, Default)]
pub(super) struct Memo {
    younger: HashMap<PieceWindow, Encoding>,
    older: HashMap<PieceWindow, Encoding>,
}

static MEMO: LazyLock<Mutex<Memo>> = LazyLock::new(Mutex::default);

impl Memo {
    pub fn recall(window: &PieceWindow) -> Option<Encoding> {
        let mut memo = MEMO.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(encoding) = memo.younger.get(window) {
            return Some(encoding.clone());
        }
        let (window, encoding) = memo.older.remove_entry(window)?;
        memo.insert(window, encoding.clone());
        Some(encoding)
    }

    pub fn remember(window: &PieceWindow, encoding: &Encoding) {
        let mut memo = MEMO.lock().unwrap_or_else(PoisonError::into_inner);
        memo.insert(window.clone(), encoding.clone());
    }

    fn insert(&mut self, window: PieceWindow, encoding: Encoding) {
        if self.younger.len() >= KEPT {
            self.older = std::mem::take(&mut self.younger);
        }
        self.younger.insert(window, encoding);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::encoder::WIDTH;

    #[test]
    fn what_was_asked_for_lately_is_kept_and_the_rest_is_forgotten() {
        let encoding = Encoding {
            meaning: [0.0; WIDTH],
            log_odds: [0.0; 9],
            interview: 0.0,
        };
        let mut memo = Memo::default();
        let window = |number: usize| PieceWindow {
            before: Vec::new(),
            pieces: vec![number as u16],
        };
        for number in 0..=2 * KEPT {
            memo.insert(window(number), encoding.clone());
        }
        assert_eq!((memo.younger.len(), memo.older.len()), (1, KEPT));
        assert!(!memo.older.contains_key(&window(0)) && memo.older.contains_key(&window(KEPT)));
    }
}
