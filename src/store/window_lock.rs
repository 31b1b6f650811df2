//! One window at a time for a folder: two would write over what the other has saved.

use std::{
    fs::{File, OpenOptions, TryLockError},
    path::Path,
};

use super::{Store, StoreError, file};

/// Held while the window is open. The system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub struct WindowLock {
    _file: Option<File>,
}

impl Store {
    /// Claims the folder for a window; refused while another one has it.
    pub fn lock_for_window(&self) -> Result<WindowLock, StoreError> {
        file::make_folder(&self.root)?;
        let path = self.root.join(".window");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options
            .open(&path)
            .map_err(|source| StoreError::Write { path, source })?;
        match file.try_lock() {
            Ok(()) => Ok(WindowLock { _file: Some(file) }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Open(self.root.clone())),
            // Some network disks know no locks: better a window without one than none.
            Err(TryLockError::Error(error)) => {
                log::warn!("{} cannot be locked: {error}", self.root.display());
                Ok(WindowLock { _file: None })
            }
        }
    }
}

/// Whether a take is still being written, by this process or another.
pub(super) fn is_being_written(take: &Path) -> bool {
    File::open(take).is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::take_file;

    #[test]
    fn a_folder_has_one_window_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Some(folder.path().to_owned())).unwrap();
        let first = store.lock_for_window().unwrap();
        assert_eq!(
            store.lock_for_window().unwrap_err().to_string(),
            format!(
                "Aloud is already open with the folder {}. Use that window, or close it first.",
                folder.path().display()
            )
        );
        drop(first);
        store.lock_for_window().unwrap();
    }

    #[test]
    fn a_take_that_is_being_recorded_elsewhere_is_neither_found_nor_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Some(folder.path().to_owned())).unwrap();
        let path = store.takes().join("live-1.wav");
        let (mut take, _sound) = take_file::create(&path).unwrap();
        take.push(&vec![0.1; 32_000]);
        take.write().unwrap();
        assert!(store.found_takes(&std::collections::BTreeSet::new()).is_empty());
        let strays = || {
            let now = std::time::SystemTime::now();
            store.strays(&std::collections::BTreeSet::new(), now, None).unwrap()
        };
        assert!(strays().is_empty());
        take.seal().unwrap();
        assert_eq!(store.found_takes(&std::collections::BTreeSet::new()).len(), 1);
        assert_eq!(strays(), [path]);
    }
}
