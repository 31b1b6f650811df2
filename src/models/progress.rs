//! How far a longer piece of work on a model is, and whether it is to end.

use std::sync::atomic::{AtomicBool, Ordering};

use super::invalid_model::FetchError;
pub use crate::protocol::Progress;

/// Tells how far a piece of work is, and hears when it is to end.
pub(super) struct ProgressSink<'a> {
    tell: &'a mut dyn FnMut(Progress),
    pub(super) cancel: &'a AtomicBool,
    pub(super) done: Progress,
}

impl<'a> ProgressSink<'a> {
    pub(super) fn new(tell: &'a mut dyn FnMut(Progress), cancel: &'a AtomicBool) -> Self {
        Self {
            tell,
            cancel,
            done: Progress {
                done_bytes: 0,
                total_bytes: None,
            },
        }
    }

    pub(super) fn check(&self) -> Result<(), FetchError> {
        if self.cancel.load(Ordering::Relaxed) {
            Err(FetchError::Cancelled)
        } else {
            Ok(())
        }
    }

    /// Begins to count anew.
    pub(super) fn begin(&mut self, done_bytes: u64, total_bytes: Option<u64>) {
        self.done = Progress {
            done_bytes,
            total_bytes,
        };
        (self.tell)(self.done);
    }

    pub(super) fn step(&mut self, bytes: u64) {
        self.done.done_bytes += bytes;
        (self.tell)(self.done);
    }
}
