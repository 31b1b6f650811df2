//! What comes into Aloud from outside: where from, under which licences, that building it fetches nothing more, and that
//! nothing which lies in the current folder is ever run.
//! The rules are those of `deny.toml`; nothing here needs a network.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Command,
};

use crate::real::{say, skip};
use serde_json::Value;

/// Crates that fetch things over the network. None may be part of building another crate.
const FETCHERS: [&str; 12] = [
    "attohttpc",
    "curl",
    "git2",
    "hyper",
    "isahc",
    "minreq",
    "native-tls",
    "openssl",
    "reqwest",
    "rustls",
    "tokio",
    "ureq",
];

/// What a build script that fetches something cannot do without.
const FETCHING: [&str; 8] = [
    "TcpStream",
    "UdpSocket",
    "\"curl\"",
    "\"wget\"",
    "\"git\"",
    "\"clone\"",
    "Invoke-WebRequest",
    "powershell",
];

/// Those of them that are harmless where they are, and why.
const HARMLESS: [(&str, &str); 1] = [
    // Asks for the name of its own commit.
    ("wasm-bindgen-shared", "\"git\""),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rules() -> toml::Table {
    fs::read_to_string(root().join("deny.toml")).unwrap().parse().unwrap()
}

/// The dependency tree of every system, or of this one where the others' crates are not on this machine.
fn metadata() -> Option<Value> {
    for system in [None, Some(host())] {
        let mut command = Command::new(env!("CARGO"));
        command
            .args(["metadata", "--locked", "--offline", "--format-version", "1"])
            .current_dir(root());
        if let Some(system) = &system {
            command.args(["--filter-platform", system]);
        }
        let output = command.output().unwrap();
        if output.status.success() {
            let told = system.as_deref().unwrap_or("every system");
            say(&format!("looked at the crates for {told}"));
            return Some(serde_json::from_slice(&output.stdout).unwrap());
        }
    }
    skip("the crates of Cargo.lock are not all on this machine; `cargo fetch` brings them");
    None
}

fn host() -> String {
    let output = Command::new("rustc").arg("-vV").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .find_map(|line| line.strip_prefix("host: "))
        .unwrap()
        .to_owned()
}

fn packages(metadata: &Value) -> &[Value] {
    metadata["packages"].as_array().unwrap()
}

#[test]
fn every_crate_comes_from_the_registry_with_its_checksum() {
    let lock: toml::Table = fs::read_to_string(root().join("Cargo.lock")).unwrap().parse().unwrap();
    let packages = lock["package"].as_array().unwrap();
    assert!(packages.len() > 100);
    for package in packages {
        let name = package["name"].as_str().unwrap();
        if name == "aloud" {
            assert!(package.get("source").is_none());
            continue;
        }
        let source = package
            .get("source")
            .and_then(toml::Value::as_str)
            .unwrap_or("a folder");
        assert!(source.starts_with("registry+"), "{name} comes from {source}");
        let checksum = package
            .get("checksum")
            .and_then(toml::Value::as_str)
            .unwrap_or_default();
        assert_eq!(checksum.len(), 64, "{name} has no checksum");
    }
}

#[test]
fn every_licence_is_on_the_list() {
    let Some(metadata) = metadata() else { return };
    let rules = rules();
    let allowed: BTreeSet<&str> = rules["licenses"]["allow"]
        .as_array()
        .unwrap()
        .iter()
        .map(|licence| licence.as_str().unwrap())
        .collect();
    let refused: Vec<String> = packages(&metadata)
        .iter()
        .filter_map(|package| {
            let licence = package["license"].as_str().unwrap_or("no licence");
            let name = package["name"].as_str().unwrap();
            (!allows(&allowed, licence)).then(|| format!("{name}: {licence}"))
        })
        .collect();
    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
fn no_crate_is_there_that_the_rules_ban() {
    let lock: toml::Table = fs::read_to_string(root().join("Cargo.lock")).unwrap().parse().unwrap();
    let rules = rules();
    let banned = rules["bans"]["deny"].as_array().unwrap();
    assert!(!banned.is_empty());
    for ban in banned {
        let (name, reason) = (&ban["crate"], &ban["reason"]);
        let there = lock["package"]
            .as_array()
            .unwrap()
            .iter()
            .any(|package| package["name"] == *name);
        assert!(!there, "{name} is there: {reason}");
    }
}

#[test]
fn building_fetches_nothing() {
    let Some(metadata) = metadata() else { return };
    let names: BTreeMap<&str, &str> = packages(&metadata)
        .iter()
        .map(|package| (package["id"].as_str().unwrap(), package["name"].as_str().unwrap()))
        .collect();
    let building = needed_to_build(&metadata);
    assert!(building.len() > 10, "{building:?}");
    for id in &building {
        assert!(!FETCHERS.contains(&names[id]), "{} is needed to build", names[id]);
    }
    let mut scripts = 0;
    for package in packages(&metadata) {
        let targets = package["targets"].as_array().unwrap();
        let is_script = |target: &&Value| target["kind"][0] == "custom-build";
        for script in targets.iter().filter(is_script) {
            let name = package["name"].as_str().unwrap();
            let text = fs::read(script["src_path"].as_str().unwrap()).unwrap();
            let text = String::from_utf8_lossy(&text);
            for word in FETCHING {
                let found = text.contains(word) && !HARMLESS.contains(&(name, word));
                assert!(!found, "the build script of {name} says {word}");
            }
            scripts += 1;
        }
    }
    assert!(scripts > 10, "{scripts} build scripts");
}

/// The crates that run while others are built, and all that these need.
fn needed_to_build(metadata: &Value) -> BTreeSet<&str> {
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let needs: BTreeMap<&str, Vec<(&str, bool)>> = nodes
        .iter()
        .map(|node| {
            let of_node = node["deps"].as_array().unwrap().iter().flat_map(|dependency| {
                let id = dependency["pkg"].as_str().unwrap();
                let kinds = dependency["dep_kinds"].as_array().unwrap();
                kinds
                    .iter()
                    .filter(|kind| kind["kind"] != "dev")
                    .map(move |kind| (id, kind["kind"] == "build"))
            });
            (node["id"].as_str().unwrap(), of_node.collect())
        })
        .collect();
    let mut waiting: Vec<&str> = needs
        .values()
        .flatten()
        .filter(|(_, build)| *build)
        .map(|(id, _)| *id)
        .collect();
    let mut found = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if found.insert(id) {
            waiting.extend(needs[id].iter().map(|(id, _)| *id));
        }
    }
    found
}

/// Whether a licence expression can be met with what is allowed: one side of OR, both sides of AND.
fn allows(allowed: &BTreeSet<&str>, expression: &str) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace(" WITH ", "+WITH+");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let met = either(allowed, &words, &mut at);
    met && at == words.len()
}

fn either(allowed: &BTreeSet<&str>, words: &[&str], at: &mut usize) -> bool {
    let mut met = both(allowed, words, at);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        met |= both(allowed, words, at);
    }
    met
}

fn both(allowed: &BTreeSet<&str>, words: &[&str], at: &mut usize) -> bool {
    let mut met = single(allowed, words, at);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        met &= single(allowed, words, at);
    }
    met
}

fn single(allowed: &BTreeSet<&str>, words: &[&str], at: &mut usize) -> bool {
    let Some(word) = words.get(*at) else { return false };
    *at += 1;
    if *word != "(" {
        return allowed.contains(word.replace("+WITH+", " WITH ").as_str());
    }
    let met = either(allowed, words, at);
    *at += 1;
    met
}

#[test]
fn licence_expressions_are_read_as_they_are_meant() {
    let allowed = BTreeSet::from(["MIT", "Zlib", "Apache-2.0 WITH LLVM-exception"]);
    for (expression, met) in [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("GPL-3.0-only OR MIT", true),
        ("GPL-3.0-only/MIT", true),
        ("GPL-3.0-only AND MIT", false),
        ("(GPL-3.0-only OR MIT) AND Zlib", true),
        ("GPL-3.0-only OR MIT AND Zlib", true),
        ("MIT AND (GPL-3.0-only OR BSD-3-Clause)", false),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("Apache-2.0", false),
        ("", false),
        ("MIT MIT", false),
    ] {
        assert_eq!(allows(&allowed, expression), met, "{expression}");
    }
}
