//! The list of models that Aloud knows, as `models/catalog.toml` states it. The list is part of the program.

use serde::Deserialize;

use super::convert::format::Format;
use crate::settings::{FinalModel, KeepsUp, Measured, ModelChoice};

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

/// Seconds from Stop until the final text is there, with a model that takes `pace` wall seconds for a second of sound while
/// somebody speaks. Until then it has followed, so that only the last stretch is left.
pub fn seconds_to_final_text(pace: f64) -> f64 {
    /// As long as a stretch without a pause usually gets.
    const LAST_SECONDS: f64 = 9.0;
    /// After Stop all cores work on it.
    const ALL_CORES: f64 = 0.6;
    LAST_SECONDS * ALL_CORES * pace
}

/// The longest that somebody is to wait for it.
const MOST_SECONDS_TO_FINAL_TEXT: f64 = 2.0;

/// What the pace of a model is at least whose final text took this long; nothing where that was no longer than it may be.
pub fn pace_where_late(seconds: f64) -> Option<f64> {
    (seconds > MOST_SECONDS_TO_FINAL_TEXT).then(|| seconds / seconds_to_final_text(1.0))
}

/// The pace of a model on a machine where another was measured; nothing where that is not among those to choose from.
pub fn expected_pace(models: &[ModelChoice<'_>], measured: &Measured, work: f64) -> Option<f64> {
    let its = models.iter().find(|model| model.name == measured.model)?;
    Some(measured.pace * work / its.work)
}

/// The largest of these models whose final text is there soon after Stop, on a machine where one of them was measured.
/// Nothing is known where the measured one is not among them. Of two with the same work it is the first.
pub fn largest_that_keeps_up(models: &[ModelChoice<'_>], measured: &Measured) -> Option<KeepsUp> {
    let pace = |work| expected_pace(models, measured, work);
    pace(1.0)?;
    let quick = |work| pace(work).is_some_and(|pace| seconds_to_final_text(pace) <= MOST_SECONDS_TO_FINAL_TEXT);
    let follow = models.iter().filter(|model| model.proposable && quick(model.work));
    let largest = follow.reduce(|largest, other| if other.work > largest.work { other } else { largest });
    Some(largest.map_or(KeepsUp::None, |model| KeepsUp::Model(model.name.to_owned())))
}

/// The model for the final text, where that is another than the live one. `installed` are those on this machine.
pub fn model_for_final_text(
    chosen: &FinalModel,
    live: &str,
    installed: &[ModelChoice<'_>],
    measured: Option<&Measured>,
) -> Option<String> {
    let named = match chosen {
        FinalModel::Same => None,
        FinalModel::Named(name) => Some(name.clone()),
        FinalModel::Auto => {
            // None smaller than what is shown meanwhile.
            let its_work = installed.iter().find(|model| model.name == live)?.work;
            let larger = |name: &String| {
                installed
                    .iter()
                    .any(|model| model.name == *name && model.work > its_work)
            };
            match largest_that_keeps_up(installed, measured?)? {
                KeepsUp::Model(name) => Some(name).filter(larger),
                KeepsUp::None => None,
            }
        }
    };
    named.filter(|name| name != live)
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Stored {
    F16,
    #[serde(rename = "q8_0")]
    Q8_0,
    #[serde(rename = "q5_0")]
    Q5_0,
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
            Stored::Q5_0 => Format::Q5_0,
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
        for larger in ["medium.en", "medium", "large-v3-turbo"] {
            for format in ["", "-q8_0", "-q5_0"] {
                assert!(
                    names.contains(format!("{larger}{format}").as_str()),
                    "{larger}{format} is missing"
                );
            }
        }
        let digests: HashSet<&str> = catalog.models().iter().map(|model| model.sha256.as_str()).collect();
        assert_eq!(digests.len(), catalog.models().len(), "a digest stands twice");
        for model in catalog.models() {
            let name = &model.name;
            assert!(is_sha256(&model.sha256), "{name}");
            assert!(model.bytes > 30_000_000, "{name}");
            assert_eq!(model.licence, "MIT", "{name}");
            assert!(model.good_for.ends_with('.'), "{name}");
            let english = name.contains(".en") || name.starts_with("distil-");
            assert_eq!(model.languages == "English", english, "{name}");
            let address = model.address().unwrap();
            // Those of Distil-Whisper have names of their own.
            let published = address.ends_with(&format!("/ggml-{name}.bin")) || name.starts_with("distil-");
            assert!(address.starts_with("https://") && published, "{name}");
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
        let named = |name: &str| Some(KeepsUp::Model(name.to_owned()));
        for (model, pace, follows) in [
            ("tiny.en", 0.03, named("base")),
            ("tiny.en", 0.1, named("base")),
            ("tiny.en", 0.3, named("tiny.en")),
            ("base.en", 0.35, named("base")),
            ("small.en", 1.4, named("base")),
            ("small.en", 4.0, named("tiny.en")),
            ("tiny.en", 0.7, Some(KeepsUp::None)),
            ("my-own", 0.1, None),
        ] {
            assert_eq!(
                largest_that_keeps_up(&choices(), &measured(model, pace)),
                follows,
                "{model} {pace}"
            );
        }
    }

    #[test]
    fn the_final_text_is_written_by_what_was_chosen_and_by_none_smaller_than_the_live_one() {
        let of = |chosen: &FinalModel, live: &str, pace: Option<f64>| {
            let measured = pace.map(|pace| measured("tiny.en", pace));
            model_for_final_text(chosen, live, &choices(), measured.as_ref())
        };
        let auto = FinalModel::Auto;
        assert_eq!(of(&auto, "tiny.en", Some(0.08)).as_deref(), Some("base"));
        assert_eq!(of(&auto, "tiny.en", Some(0.3)), None, "base would be late");
        assert_eq!(of(&auto, "tiny.en", None), None, "nothing is known of this machine yet");
        assert_eq!(of(&auto, "base", Some(0.08)), None, "it is the live one");
        assert_eq!(of(&auto, "small.en", Some(0.08)), None, "the live one is larger");
        assert_eq!(
            of(&auto, "my-own", Some(0.08)),
            None,
            "nothing is known of the live one"
        );
        let small = FinalModel::Named("small.en".into());
        assert_eq!(of(&small, "tiny.en", None).as_deref(), Some("small.en"));
        assert_eq!(of(&small, "small.en", None), None);
        assert_eq!(of(&FinalModel::Same, "tiny.en", Some(0.01)), None);
    }

    fn measured(model: &str, pace: f64) -> Measured {
        Measured {
            model: model.to_owned(),
            pace,
        }
    }

    fn choices() -> Vec<ModelChoice<'static>> {
        let choice = |(name, work, proposable)| ModelChoice { name, work, proposable };
        [
            ("tiny.en", 1.0, true),
            ("base.en", 3.1, false),
            ("small.en", 12.0, false),
            ("tiny", 1.0, false),
            ("base", 3.1, true),
        ]
        .map(choice)
        .to_vec()
    }
}
