//! Which speech models there are and which of them lie on this machine: catalog, fetch, verify, import.

/// How far a download has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub done_bytes: u64,
    /// Nothing where the other side does not say.
    pub total_bytes: Option<u64>,
}
