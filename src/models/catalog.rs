//! The list of models that Aloud knows, as `models/catalog.toml` states it. The list is part of the program.

use serde::Deserialize;

use super::convert::format::Format;
use crate::settings::KeepsUp;

/// The model that is used where none is named.
pub const DEFAULT: &str = "tiny.en";

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalog {
    #[serde(rename = "model")]
    models: Vec<Model>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    pub name: String,
    /// How its matrices are stored.
    format: Stored,
    /// In words: "English".
    pub languages: String,
    pub bytes: u64,
    /// Lower-case hexadecimal, of the whole ggml file, whatever source it comes from.
    pub sha256: String,
    pub licence: String,
    /// What it is chosen for, in a word or two; of the few that most people choose among.
    pub title: Option<String>,
    /// A sentence for the person who chooses.
    pub good_for: String,
    /// How much longer it takes than tiny.en, measured; of the f16 forms only.
    pub work: Option<f64>,
    /// What was learned for fillers and repeats is added to it.
    #[serde(default)]
    pub taught: bool,
    pub(super) sources: Vec<ModelSource>,
}

/// Of these models (each with its work, and whether it may be proposed) the largest that follows on a machine where a second of
/// sound took `measured` `pace` seconds. Nothing is known where the measured one is not among them. Of two with the same work
/// it is the first.
pub fn largest_that_keeps_up<'a>(
    models: impl Iterator<Item = (&'a str, f64, bool)> + Clone,
    measured: &str,
    pace: f64,
) -> Option<KeepsUp> {
    /// Beside the final decodes there are partial ones, and the window is drawn.
    const MOST: f64 = 0.5;
    let (_, its_work, _) = models.clone().find(|(name, ..)| *name == measured)?;
    let follow = models.filter(|(_, work, proposable)| *proposable && pace * work / its_work <= MOST);
    let largest = follow.reduce(|largest, other| if other.1 > largest.1 { other } else { largest });
    Some(largest.map_or(KeepsUp::None, |(name, ..)| KeepsUp::Model(name.to_owned())))
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Stored {
    F16,
    #[serde(rename = "q8_0")]
    Q8_0,
    #[serde(rename = "q5_1")]
    Q5_1,
}

/// Where a model can be had.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum ModelSource {
    Url(Url),
    Quantized(Quantized),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Url {
    pub(super) url: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Quantized {
    pub(super) quantized_from: String,
}

impl Catalog {
    /// The catalog of this program.
    pub fn builtin() -> Self {
        Self::parse(include_str!("../../models/catalog.toml")).expect("a test reads the catalog that is built in")
    }

    pub(super) fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    pub fn models(&self) -> &[Model] {
        &self.models
    }

    pub fn find(&self, name: &str) -> Option<&Model> {
        self.models.iter().find(|model| model.name == name)
    }

    pub(super) fn of_digest(&self, sha256: &str) -> Option<&Model> {
        self.models.iter().find(|model| model.sha256 == sha256)
    }
}

impl Model {
    pub(super) fn format(&self) -> Format {
        match self.format {
            Stored::F16 => Format::F16,
            Stored::Q8_0 => Format::Q8_0,
            Stored::Q5_1 => Format::Q5_1,
        }
    }

    /// The ordinary address of the file, to be named to people.
    pub(super) fn address(&self) -> Option<&str> {
        self.sources.iter().find_map(|source| match source {
            ModelSource::Url(Url { url }) => Some(url.as_str()),
            ModelSource::Quantized(_) => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn is_sha256(text: &str) -> bool {
        text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    }

    #[test]
    fn catalog_holds_every_model_with_size_digest_licence_and_a_way_to_it() {
        let catalog = Catalog::builtin();
        let names: HashSet<&str> = catalog.models().iter().map(|model| model.name.as_str()).collect();
        assert_eq!(names.len(), catalog.models().len(), "a name stands twice");
        for size in ["tiny.en", "base.en", "small.en", "tiny", "base", "small"] {
            for format in ["", "-q8_0", "-q5_1"] {
                assert!(
                    names.contains(format!("{size}{format}").as_str()),
                    "{size}{format} is missing"
                );
            }
        }
        for model in catalog.models() {
            let name = &model.name;
            assert!(is_sha256(&model.sha256), "{name}");
            assert!(model.bytes > 30_000_000, "{name}");
            assert_eq!(model.licence, "MIT", "{name}");
            assert!(model.good_for.ends_with('.'), "{name}");
            assert_eq!(model.languages == "English", name.contains(".en"), "{name}");
            let address = model.address().unwrap();
            assert!(
                address.starts_with("https://") && address.ends_with(&format!("/ggml-{name}.bin")),
                "{name}"
            );
        }
    }

    #[test]
    fn every_source_is_https_or_a_larger_model() {
        let catalog = Catalog::builtin();
        for model in catalog.models() {
            for source in &model.sources {
                match source {
                    ModelSource::Url(Url { url }) => assert!(url.starts_with("https://")),
                    ModelSource::Quantized(Quantized { quantized_from }) => {
                        assert_ne!(model.format(), Format::F16);
                        assert_eq!(catalog.find(quantized_from).unwrap().format(), Format::F16);
                    }
                }
            }
        }
    }

    #[test]
    fn default_is_in_the_catalog() {
        assert!(Catalog::builtin().find(DEFAULT).is_some());
    }

    #[test]
    fn packages_of_models_are_pinned() {
        let mut models = 0;
        for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/models/packages")).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap();
            let model = Catalog::builtin().find(name).cloned();
            assert_eq!(model.map(|model| model.format()), Some(Format::F16), "{name}");
            let text = std::fs::read_to_string(&path).unwrap();
            let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
            assert!(!lines.is_empty(), "{name}");
            for line in lines {
                let (package, digest) = line.split_once(" --hash=sha256:").unwrap();
                assert!(package.contains("==") && !package.contains(' '), "{line}");
                assert!(is_sha256(digest), "{line}");
            }
            models += 1;
        }
        assert!(models > 0);
    }

    #[test]
    fn a_misspelled_key_is_an_error() {
        assert!(Catalog::parse("[[model]]\nname = \"x\"\nbites = 3").is_err());
    }

    #[test]
    fn the_largest_model_that_follows_is_found_from_what_one_took() {
        let models = [
            ("tiny.en", 1.0, true),
            ("base.en", 3.1, false),
            ("small.en", 12.0, false),
            ("tiny", 1.0, false),
            ("base", 3.1, true),
        ];
        let named = |name: &str| Some(KeepsUp::Model(name.to_owned()));
        for (measured, pace, follows) in [
            ("tiny.en", 0.03, named("base")),
            ("tiny.en", 0.1, named("base")),
            ("tiny.en", 0.4, named("tiny.en")),
            ("base.en", 0.4, named("base")),
            ("small.en", 1.4, named("base")),
            ("small.en", 5.0, named("tiny.en")),
            ("tiny.en", 0.7, Some(KeepsUp::None)),
            ("my-own", 0.1, None),
        ] {
            assert_eq!(
                largest_that_keeps_up(models.into_iter(), measured, pace),
                follows,
                "{measured} {pace}"
            );
        }
    }
}
