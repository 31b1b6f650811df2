//! Word lists and thresholds: files below `assets/`, compiled in, parsed once and only when they are asked for.
//!
//! Each module names its own file and declares what is in it. A rule that asks for one or two given words names them in
//! the code; longer lists, and numbers that were chosen or measured, are in the files.

use std::collections::HashSet;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error},
};

/// A TOML file below `assets/` as the type of the static that it is assigned to.
macro_rules! toml_asset {
    ($file:literal) => {
        std::sync::LazyLock::new(|| $crate::assets::parse($file, $crate::assets::text_asset!($file)))
    };
}

/// The text of a file below `assets/`.
macro_rules! text_asset {
    ($file:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/", $file))
    };
}

pub(crate) use {text_asset, toml_asset};

/// The font of every text, with its weights and optical sizes in one file.
pub(crate) const TEXT_FONT: &[u8] = include_bytes!("../assets/fonts/Inter.ttf");

/// The spoken answer that comes with Aloud (WAV, 16 kHz, mono).
pub(crate) const SAMPLE_ANSWER: &[u8] = include_bytes!("../assets/sample-answer.wav");

/// Parses a TOML file. It is compiled in, and a test parses every one, so that it cannot be damaged.
pub(crate) fn parse<T: DeserializeOwned>(file: &str, text: &str) -> T {
    toml::from_str(text).unwrap_or_else(|error| panic!("assets/{file}: {error}"))
}

/// The lines of a text file, without blank ones and comments. A comment begins with "# ".
pub(crate) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
}

/// Words in lower case. In a file, a string with white space between them; listing one twice is an error.
#[derive(Debug, Default)]
pub(crate) struct WordSet(HashSet<Box<str>>);

impl WordSet {
    pub fn contains(&self, word: &str) -> bool {
        self.0.contains(word)
    }
}

impl<'de> Deserialize<'de> for WordSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut words = HashSet::new();
        for word in text.split_whitespace() {
            if !words.insert(Box::from(word)) {
                return Err(D::Error::custom(format!("'{word}' is listed twice")));
            }
        }
        Ok(Self(words))
    }
}
