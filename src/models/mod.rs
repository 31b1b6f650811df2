//! Which speech models there are and which of them lie on this machine: catalog, fetch, verify, import.
//!
//! Owns the models' folder and the only network connection of the product. It starts no other program, and knows no
//! recognizer: what leaves this room is a path to a file that has been checked whole.

mod catalog;
mod convert;
mod digest;
mod error;
mod fetch;
mod flaw;
mod import;
mod lock;
mod memory;
mod mirror;
mod progress;
mod refusal;
mod shelf;
mod source;
#[cfg(test)]
mod tests;
mod wheel;

use std::path::Path;

pub use catalog::{Catalog, DEFAULT, Follows, Model, largest_that_follows};
pub use error::{ModelError, Reason};
pub use flaw::Flaw;
pub use import::{Imported, in_groups};
pub use memory::{short_of_memory, size};
pub use mirror::{MIRROR_VARIABLE, Mirror, MirrorError, mirror_of_environment};
pub use progress::Progress;
pub use shelf::{Entry, Shelf, State};

/// Passes a ggml file of the user's that the recognizer can load; for models that are named by their path.
pub fn check(path: &Path) -> Result<(), ModelError> {
    shelf::check_file(path).map_err(|flaw| match flaw {
        Flaw::Unreadable(source) => ModelError::Unreadable {
            path: path.to_owned(),
            source,
        },
        flaw => ModelError::NotAModel {
            paths: vec![path.to_owned()],
            flaw,
        },
    })
}
