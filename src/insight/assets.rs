//! Word lists and thresholds: the files in `assets/insight/`, compiled in, parsed once and only when they are asked for.
//!
//! Each module names its own file and declares what is in it. A rule that asks for one or two given words names them in
//! the code; longer lists, and numbers that were chosen or measured, are in the files.

use std::collections::HashSet;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error},
};

/// A TOML file of `assets/insight/` as the type of the static that it is assigned to.
macro_rules! toml_asset {
    ($file:literal) => {
        std::sync::LazyLock::new(|| $crate::insight::assets::parse($file, $crate::insight::assets::text_asset!($file)))
    };
}

/// The text of a file of `assets/insight/`.
macro_rules! text_asset {
    ($file:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/insight/", $file))
    };
}

pub(super) use {text_asset, toml_asset};

/// Parses a TOML file. It is compiled in, and a test parses every one, so that it cannot be damaged.
pub(super) fn parse<T: DeserializeOwned>(file: &str, text: &str) -> T {
    toml::from_str(text).unwrap_or_else(|error| panic!("assets/insight/{file}: {error}"))
}

/// The lines of a text file, without blank ones and comments. A comment begins with "# ".
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
}

/// Words in lower case. In a file, a string with white space between them; listing one twice is an error.
#[derive(Debug, Default)]
pub(super) struct WordSet(HashSet<Box<str>>);

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

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, sync::LazyLock};

    use crate::insight::{
        base_form, fillers, hedges, job_terms, most_used, negation, pace, pauses, question_points, repeats, structure,
        talking_points, tokenizer, wording,
    };

    #[test]
    fn every_asset_parses() {
        LazyLock::force(&base_form::WORDS);
        LazyLock::force(&fillers::WORDS);
        LazyLock::force(&hedges::WORDS);
        LazyLock::force(&job_terms::WORDS);
        LazyLock::force(&most_used::WORDS);
        LazyLock::force(&most_used::SYNONYMS);
        LazyLock::force(&negation::WORDS);
        LazyLock::force(&pace::THRESHOLDS);
        LazyLock::force(&pauses::THRESHOLDS);
        LazyLock::force(&question_points::PARAMETERS);
        LazyLock::force(&repeats::WORDS);
        LazyLock::force(&structure::PARAMETERS);
        LazyLock::force(&talking_points::PARAMETERS);
        LazyLock::force(&tokenizer::WORDS);
        LazyLock::force(&wording::THRESHOLDS);
    }
    /// Word sets refuse it themselves.
    #[test]
    fn no_array_lists_a_text_twice() {
        fn check(path: &str, value: &toml::Value) {
            match value {
                toml::Value::Table(table) => {
                    for (key, value) in table {
                        check(&format!("{path}: {key}"), value);
                    }
                }
                toml::Value::Array(array) => {
                    let texts: Vec<&str> = array.iter().filter_map(toml::Value::as_str).collect();
                    let different: HashSet<&&str> = texts.iter().collect();
                    assert_eq!(different.len(), texts.len(), "{path}: {texts:?}");
                    for value in array {
                        check(path, value);
                    }
                }
                _ => {}
            }
        }
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/insight");
        let mut files = 0;
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "toml") {
                let table = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
                check(&path.display().to_string(), &toml::Value::Table(table));
                files += 1;
            }
        }
        assert_eq!(files, 15, "`every_asset_parses` has a line for each");
    }
}
