//! Reads the files in `questions/` while Aloud is built: what is wrong in one stops the build, with its line, and the program
//! holds them in a form that is read many times faster than TOML.
//!
//! The types are those of the program.

use std::{env, fs, path::Path};

#[allow(
    dead_code,
    clippy::allow_attributes,
    reason = "the program uses more of the types than is needed here"
)]
#[path = "src/question.rs"]
mod question;

/// In the order in which the fields are shown.
const FIELDS: [&str; 8] = [
    "cybersecurity",
    "it-support",
    "data-analytics",
    "project-management",
    "ux-design",
    "digital-marketing",
    "software-engineering",
    "general",
];

fn main() {
    println!("cargo::rerun-if-changed=questions");
    println!("cargo::rerun-if-changed=src/question.rs");
    let fields: Vec<question::Field> = FIELDS
        .iter()
        .map(|id| {
            let path = format!("questions/{id}.toml");
            let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
            toml::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
        })
        .collect();
    let folder = env::var_os("OUT_DIR").expect("cargo names a folder for what is made");
    let text = serde_json::to_vec(&fields).expect("names and texts can be written");
    fs::write(Path::new(&folder).join("bank.json"), text).expect("the folder can be written to");
}
