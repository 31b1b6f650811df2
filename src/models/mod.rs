//! Which speech models there are and which of them lie on this machine: catalog, fetch, verify, import.
//!
//! Owns the models' folder and the only network connection of the product. It starts no other program, and knows no
//! recognizer: what leaves this room is a path to a file that has been checked whole, or its bytes with an adapter added.

mod adapter;
mod catalog;
mod convert;
mod digest;
mod download_error;
mod error;
mod fetch;
mod import;
mod invalid_model;
mod lock;
mod memory;
mod mirror;
mod model_store;
mod progress;
mod source;
#[cfg(test)]
mod tests;
mod wheel;

use std::path::Path;

pub use adapter::{has_adapter, with_adapter};
pub use catalog::{
    Catalog, DEFAULT, Model, expected_pace, largest_that_keeps_up, model_for_final_text, pace_where_late,
    seconds_to_final_text,
};
pub use error::{ModelError, Reason};
pub use import::{Imported, in_groups};
pub use invalid_model::InvalidModel;
pub use memory::{Size, short_of_memory, size};
pub use mirror::{MIRROR_VARIABLE, Mirror, MirrorError, mirror_of_environment};
pub use model_store::{InstallState, ModelEntry, ModelStore};
pub use progress::Progress;

/// Passes a ggml file of the user's that the recognizer can load; for models that are named by their path.
pub fn check(path: &Path) -> Result<(), ModelError> {
    model_store::check_file(path).map_err(|invalid| match invalid {
        InvalidModel::Unreadable(source) => ModelError::Unreadable {
            path: path.to_owned(),
            source,
        },
        invalid => ModelError::NotAModel {
            paths: vec![path.to_owned()],
            invalid,
        },
    })
}
