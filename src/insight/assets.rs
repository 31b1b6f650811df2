//! The room's word lists and thresholds, `assets/insight/`: every file parses, and nothing is listed twice.

pub(super) use crate::assets::{WordSet, lines, text_asset, toml_asset};

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, sync::LazyLock};

    use crate::insight::{
        base_form, fillers, follow_up, hedges, homographs, job_terms, left_out, look_up, most_used, pace, pauses,
        question_points, repeats, structure, talking_points, tokenizer, topic, wording,
    };

    #[test]
    fn every_asset_parses() {
        LazyLock::force(&base_form::WORDS);
        LazyLock::force(&fillers::WORDS);
        LazyLock::force(&follow_up::PARAMETERS);
        LazyLock::force(&hedges::WORDS);
        LazyLock::force(&homographs::WORDS);
        LazyLock::force(&job_terms::WORDS);
        LazyLock::force(&left_out::PARAMETERS);
        LazyLock::force(&look_up::PARAMETERS);
        LazyLock::force(&most_used::WORDS);
        LazyLock::force(&most_used::SYNONYMS);
        LazyLock::force(&pace::THRESHOLDS);
        LazyLock::force(&pauses::THRESHOLDS);
        LazyLock::force(&question_points::PARAMETERS);
        LazyLock::force(&repeats::WORDS);
        LazyLock::force(&structure::PARAMETERS);
        LazyLock::force(&talking_points::PARAMETERS);
        LazyLock::force(&tokenizer::WORDS);
        LazyLock::force(&topic::PARAMETERS);
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
        assert_eq!(files, 19, "`every_asset_parses` has a line for each");
    }
}
