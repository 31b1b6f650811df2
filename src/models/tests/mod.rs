//! Tests of the whole room, on small networks made here, and on a web server of this machine.

mod formats;
mod hostile;
mod imports;
pub mod made;
mod meeting;
mod mirrors;
mod real;
mod server;
mod shelves;
mod web;

use std::sync::atomic::AtomicBool;

use super::{catalog::Catalog, digest::hex, model_store::ModelStore, progress::ProgressSink};

/// Runs `work` with a watch that nobody listens to.
fn unwatched<T>(work: impl FnOnce(&mut ProgressSink<'_>) -> T) -> T {
    let cancel = AtomicBool::new(false);
    let mut ignore = |_| {};
    work(&mut ProgressSink::new(&mut ignore, &cancel))
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest as _, Sha256};
    hex(&Sha256::digest(bytes))
}

/// A catalog with the made model as `toy`, and these sources.
fn catalog(sources: &str) -> Catalog {
    let (bytes, sha256) = (made::ggml().len(), sha256(made::ggml()));
    let text = format!(
        "[[model]]\nname = \"toy\"\nformat = \"f16\"\nlanguages = \"English\"\nbytes = {bytes}\nsha256 = \"{sha256}\"\n\
         licence = \"MIT\"\ngood_for = \"Tests.\"\nsources = [{sources}]\n"
    );
    Catalog::parse(&text).unwrap()
}

fn models(folder: &std::path::Path, sources: &str) -> ModelStore {
    ModelStore::of_tests(folder, catalog(sources))
}

/// What lies in a folder, by name. Locks are left out, and what is in the making is not.
fn files(folder: &std::path::Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with('.') || name.starts_with(".work"))
        .collect();
    names.sort();
    names
}
