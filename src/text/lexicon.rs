//! The words that this project's own texts use (`assets/known_words.txt`): enough to tell a word from a piece of one, and no
//! dictionary.

use std::{collections::HashSet, sync::LazyLock};

use crate::assets::{lines, text_asset};

static WORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| lines(text_asset!("known_words.txt")).collect());

/// Whether this is one of the words, in any capitals. A text that is long is none.
pub fn is_known(word: &str) -> bool {
    const LONGEST: usize = 40;
    word.len() <= LONGEST && (WORDS.contains(word) || WORDS.contains(word.to_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_from_pieces() {
        for word in ["server", "Information", "known", "tried"] {
            assert!(is_known(word), "{word}");
        }
        for piece in ["vulnera", "informa", "dik", "walla", ""] {
            assert!(!is_known(piece), "{piece}");
        }
    }
}
