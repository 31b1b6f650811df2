//! Which speech models there are and which of them lie on this machine: catalog, fetch, verify, import.
//!
//! Owns the models' folder, the only network connection of the product, and the only child process (pip). Knows no
//! recognizer: what leaves this room is a path to a file that has been checked whole.

mod convert;
mod ctranslate2;
mod digest;
mod flaw;
mod ggml;
mod layout;
mod mel;
mod quantize;

use std::sync::atomic::{AtomicBool, Ordering};

pub use flaw::Flaw;
use flaw::Trouble;

/// How far a download has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub done_bytes: u64,
    /// Nothing where the other side does not say.
    pub total_bytes: Option<u64>,
}

/// Tells how far a piece of work is, and hears when it is to end.
struct Watch<'a> {
    tell: &'a mut dyn FnMut(Progress),
    cancel: &'a AtomicBool,
    done: Progress,
}

impl<'a> Watch<'a> {
    fn new(tell: &'a mut dyn FnMut(Progress), cancel: &'a AtomicBool) -> Self {
        Self { tell, cancel, done: Progress { done_bytes: 0, total_bytes: None } }
    }

    fn check(&self) -> Result<(), Trouble> {
        if self.cancel.load(Ordering::Relaxed) { Err(Trouble::Cancelled) } else { Ok(()) }
    }

    /// Begins to count anew.
    fn begin(&mut self, done_bytes: u64, total_bytes: Option<u64>) {
        self.done = Progress { done_bytes, total_bytes };
        (self.tell)(self.done);
    }

    fn step(&mut self, bytes: u64) {
        self.done.done_bytes += bytes;
        (self.tell)(self.done);
    }
}
