//! Files and folders that nobody else can read, and names that survive a power cut. What lies in them is the business of
//! those who write it.

use std::{fs, io, path::Path};

/// Makes a folder that only its owner can look into, and those above it that are missing. One that is there keeps its
/// permissions.
pub fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(path)
}

/// The name of a file is only safe once its folder is on disk. Where folders cannot be opened, it is best effort.
pub fn sync_folder_of(path: &Path) {
    if let Some(folder) = path.parent().and_then(|folder| fs::File::open(folder).ok()) {
        let _ = folder.sync_all();
    }
}

/// Opens an empty file for writing that only its owner can read; one that is there is emptied and keeps its permissions.
pub fn private_file(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}
