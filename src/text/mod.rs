//! How every text is read, whoever wrote it: typed answers, postings, question files, and what the recognizer writes. Bytes
//! become text ([`decode`]), text is spelled one way ([`normalize`]), and is taken apart into words ([`pieces`]) whose
//! sentences ([`sentence_ends`]) and vocal fillers ([`vocal_fillers`]) are told. Knows letters and English closed classes
//! (`assets/text.toml`); nothing of answers, files or what the words mean.

mod decode;
mod fillers;
mod lexicon;
mod normalize;
mod sentences;
pub mod shown;
mod words;

use std::{collections::HashMap, sync::LazyLock};

use serde::{Deserialize, Serialize};

pub use decode::{NotText, decode};
pub use fillers::{is_held, vocal_filler, vocal_fillers};
pub use lexicon::is_known;
pub use normalize::{normalize, plain_letters};
pub use sentences::sentence_ends;
pub use words::{Piece, bare, begins_apart, ends_clause, is_dash, is_shouted, pieces, trails_off};

use crate::assets::{WordSet, toml_asset};

/// What stands between a word and the next one in the text that it was taken from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Separation {
    #[default]
    Space,
    /// Nothing: "team—we" is two words.
    Nothing,
    /// The end of a line inside a paragraph.
    Line,
    /// The end of a paragraph, a heading, or an item of a list.
    Paragraph,
}

impl Separation {
    pub fn is_space(&self) -> bool {
        *self == Self::Space
    }

    /// Whether a line ends here.
    pub fn ends_line(self) -> bool {
        matches!(self, Self::Line | Self::Paragraph)
    }
}

/// The file says what each list is for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextWords {
    grammar: GrammarWords,
    sentences: SentenceWords,
    fillers: VocalWords,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GrammarWords {
    determiners: WordSet,
    prepositions: WordSet,
    conjunctions: WordSet,
    auxiliaries: WordSet,
    pronouns: WordSet,
    numbers: WordSet,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SentenceWords {
    go_on: WordSet,
    go_on_before_number: WordSet,
    may_end: WordSet,
    openers: WordSet,
    reporting: WordSet,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VocalWords {
    built: HashMap<String, String>,
    doubtful: WordSet,
    units: WordSet,
    measured: WordSet,
    described_by_er: WordSet,
    before_name: WordSet,
}

static WORDS: LazyLock<TextWords> = toml_asset!("text.toml");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_asset_parses() {
        LazyLock::force(&WORDS);
    }
}
