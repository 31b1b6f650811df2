//! Which speech models there are and which of them lie on this machine: catalog, fetch, verify, import.
//!
//! Owns the models' folder, the only network connection of the product, and the only child process (pip). Knows no
//! recognizer: what leaves this room is a path to a file that has been checked whole.

mod catalog;
mod convert;
mod ctranslate2;
mod digest;
mod error;
mod fetch;
mod flaw;
mod format;
mod ggml;
mod import;
mod layout;
mod mel;
mod memory;
mod pip;
mod quantize;
mod refusal;
mod scan;
mod shelf;
mod source;
#[cfg(test)]
mod tests;
mod wheel;

use std::{
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

pub use catalog::{Catalog, DEFAULT, Follows, Model, largest_that_follows};
pub use error::{ModelError, Reason};
pub use flaw::Flaw;
use flaw::Trouble;
pub use import::Imported;
pub use memory::short_of_memory;
pub use shelf::{Entry, Shelf, State};

pub use crate::protocol::Progress;

/// Passes a ggml file of the user's that the recognizer can load; for models that are named by their path.
pub fn check(path: &Path) -> Result<(), ModelError> {
    shelf::check_file(path).map_err(|flaw| match flaw {
        Flaw::Unreadable(source) => ModelError::Unreadable {
            path: path.to_owned(),
            source,
        },
        flaw => ModelError::NotAModel {
            path: path.to_owned(),
            flaw,
        },
    })
}

/// How large a ggml file's model is, as its first bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub vocabulary: i32,
    pub text_layers: i32,
}

/// Reads the size of a model; nothing where the file is too short for it.
pub fn size(path: &Path) -> Option<Size> {
    let mut head = [0; 48];
    std::io::Read::read_exact(&mut std::fs::File::open(path).ok()?, &mut head).ok()?;
    let number = |index: usize| i32::from_le_bytes([head[index], head[index + 1], head[index + 2], head[index + 3]]);
    Some(Size {
        vocabulary: number(4),
        text_layers: number(36),
    })
}

/// Tells how far a piece of work is, and hears when it is to end.
struct Watch<'a> {
    tell: &'a mut dyn FnMut(Progress),
    cancel: &'a AtomicBool,
    done: Progress,
}

impl<'a> Watch<'a> {
    fn new(tell: &'a mut dyn FnMut(Progress), cancel: &'a AtomicBool) -> Self {
        Self {
            tell,
            cancel,
            done: Progress {
                done_bytes: 0,
                total_bytes: None,
            },
        }
    }

    fn check(&self) -> Result<(), Trouble> {
        if self.cancel.load(Ordering::Relaxed) {
            Err(Trouble::Cancelled)
        } else {
            Ok(())
        }
    }

    /// Begins to count anew.
    fn begin(&mut self, done_bytes: u64, total_bytes: Option<u64>) {
        self.done = Progress {
            done_bytes,
            total_bytes,
        };
        (self.tell)(self.done);
    }

    fn step(&mut self, bytes: u64) {
        self.done.done_bytes += bytes;
        (self.tell)(self.done);
    }
}
