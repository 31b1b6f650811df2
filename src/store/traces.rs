//! Where log lines and crash reports lie in the data folder. What is in them is `diagnostics`'s business.

use std::{fs, io};

use super::{Store, StoreError, file};

/// Log lines of the last runs, and those before them.
pub const LOG_FILE: &str = "log.txt";
pub const OLD_LOG_FILE: &str = "log.old.txt";
/// The folder of crash reports.
pub const CRASH_FOLDER: &str = "crashes";

impl Store {
    /// Deletes the log and the crash reports: nobody's words are in them, but when somebody practiced can be read there.
    pub(super) fn delete_traces(&self) -> Result<(), StoreError> {
        for name in [LOG_FILE, OLD_LOG_FILE] {
            file::remove(&self.root.join(name))?;
        }
        let path = self.root.join(CRASH_FOLDER);
        match fs::remove_dir_all(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => Err(StoreError::Write { path, source }),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}
