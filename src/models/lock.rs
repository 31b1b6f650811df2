//! Who may write what in the models' folder, among processes and among the threads of each.
//!
//! A half-made file has one writer. A download that the next try may go on with lies beside the models under a name that
//! everybody knows (`.part`), and only who holds the model's lock touches it. Everything else is made in a temporary folder, a
//! folder of its own. Where the file system knows no locks, a download is made in a temporary folder too: then the next try
//! begins anew, and still no two writers meet. What is finished gets its place by a rename, whole.
//!
//! A lock belongs to an open file. So two threads of a process exclude each other as two processes do, and the system
//! lets go of it when a process dies: there are no stale locks, and a lock's file may lie about for ever.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    thread,
    time::{Duration, SystemTime},
};

use tempfile::TempDir;

use super::{
    catalog::Model, error::ModelError, invalid_model::FetchError, model_store::ModelStore, progress::ProgressSink,
};

/// Workshops of a process that was killed are cleared away after this time.
const STALE: Duration = Duration::from_hours(24);
const WORK: &str = ".work-";
/// In a temporary folder: locked as long as somebody works there.
const AT_WORK: &str = "lock";
const PART: &str = ".part";
/// How often somebody who waits looks again.
const GLANCE: Duration = Duration::from_millis(100);

/// How a file is locked: `File::try_lock`, or what a test puts in its place.
pub(super) type TryLock = fn(&File) -> Result<(), TryLockError>;

/// The right to write a model's part.
#[derive(Debug)]
pub(super) enum Lock {
    /// Until it is dropped.
    Held(#[expect(dead_code, reason = "it is kept open, and with that locked")] File),
    /// The file system has no locks: nobody may write the part.
    None,
}

/// A folder for what is in the making. It goes away with the value.
#[derive(Debug)]
pub(super) struct TempFolder {
    // Let go before the folder is deleted: an open file holds a folder on some systems.
    _lock: Option<File>,
    folder: TempDir,
}

impl TempFolder {
    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl ModelStore {
    /// Waits until nobody else fetches this model. `progress` hears meanwhile how far the other one is.
    pub(super) fn lock(&self, model: &Model, progress: &mut ProgressSink<'_>) -> Result<Lock, ModelError> {
        let path = self.lock_path(&model.name);
        let file = lock_file(&path).map_err(|error| self.fails(error))?;
        loop {
            match (self.try_lock)(&file) {
                Ok(()) => return Ok(Lock::Held(file)),
                Err(TryLockError::WouldBlock) => {
                    let done = fs::metadata(self.part(&model.name)).map_or(0, |part| part.len());
                    progress.begin(done, Some(model.bytes));
                    progress.check().map_err(|_| ModelError::Cancelled)?;
                    thread::sleep(GLANCE);
                }
                Err(TryLockError::Error(error)) => {
                    log::warn!("{}: {error}; downloads cannot be gone on with here", path.display());
                    return Ok(Lock::None);
                }
            }
        }
    }

    fn lock_path(&self, name: &str) -> PathBuf {
        self.folder().join(format!(".{name}.lock"))
    }

    /// What has come of a model so far. Only who holds its lock may touch it.
    pub(super) fn part(&self, name: &str) -> PathBuf {
        self.folder().join(format!("ggml-{name}.bin{PART}"))
    }

    pub(super) fn temp_folder(&self) -> Result<TempFolder, FetchError> {
        let make = || -> io::Result<TempFolder> {
            let folder = tempfile::Builder::new().prefix(WORK).tempdir_in(self.folder())?;
            let lock = lock_file(&folder.path().join(AT_WORK))?;
            let locked = (self.try_lock)(&lock).is_ok();
            Ok(TempFolder {
                _lock: locked.then_some(lock),
                folder,
            })
        };
        make().map_err(FetchError::Write)
    }

    /// Removes what only takes room, and what nobody is at work on: the next time will do as well.
    pub(super) fn clear_remains(&self) -> io::Result<()> {
        for file in fs::read_dir(self.folder())?.flatten() {
            let name = file.file_name().to_string_lossy().into_owned();
            if name.starts_with(WORK) {
                if is_old(&file.path()) && !self.is_at_work(&file.path().join(AT_WORK)) {
                    let _ = fs::remove_dir_all(file.path());
                }
            } else if let Some(model) = name
                .strip_prefix("ggml-")
                .and_then(|name| name.strip_suffix(&format!(".bin{PART}")))
            {
                self.drop_part(model);
            }
        }
        Ok(())
    }

    /// Removes what has come of a model that is here whole, unless somebody is at work on it.
    pub(super) fn drop_part(&self, name: &str) {
        if let Ok(lock) = lock_file(&self.lock_path(name))
            && (self.try_lock)(&lock).is_ok()
            && self.path(name).is_some()
        {
            let _ = fs::remove_file(self.part(name));
        }
    }

    /// Where there are no locks, only its age tells.
    fn is_at_work(&self, lock: &Path) -> bool {
        File::options()
            .append(true)
            .open(lock)
            .is_ok_and(|lock| matches!((self.try_lock)(&lock), Err(TryLockError::WouldBlock)))
    }
}

fn lock_file(path: &Path) -> io::Result<File> {
    File::options().create(true).append(true).open(path)
}

/// Whether neither a folder nor a file in it was written for long.
fn is_old(folder: &Path) -> bool {
    let old = |path: &Path| {
        fs::metadata(path)
            .and_then(|found| found.modified())
            .is_ok_and(|at| SystemTime::now().duration_since(at).is_ok_and(|age| age > STALE))
    };
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    old(folder) && files.map(|file| file.path()).all(|file| old(&file))
}
