//! What is taken out of Aloud: files and folders where the person finds them. Nothing that lies there is written over without
//! having been asked about, and a folder is there whole or not at all.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{Store, StoreError, file};

/// Where an export goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExportPlace {
    /// Under this path, its ending behind it; where that is taken, with a number.
    Free(PathBuf),
    /// Under this path, its ending behind it; what lies there is written over only where the person said so.
    Chosen { path: PathBuf, replace: bool },
}

/// A file of an exported folder.
#[derive(Clone, Debug)]
pub enum FolderFile {
    New(Vec<u8>),
    CopyOf(PathBuf),
}

impl Store {
    /// The folder that exports go to unless another is chosen: in the documents, or with the data where there are no
    /// documents or the data has a folder that was named. It need not exist.
    pub fn exports(&self) -> PathBuf {
        let users = directories::UserDirs::new();
        let documents = users.as_ref().and_then(directories::UserDirs::document_dir);
        match documents.filter(|documents| !self.named && documents.is_dir()) {
            Some(documents) => documents.join("Aloud"),
            None => self.root.join("saved"),
        }
    }

    /// The path that somebody typed. It begins in the folder of the exports unless it says otherwise.
    pub fn typed_export(&self, text: &str) -> PathBuf {
        let text = text.trim();
        let home = directories::UserDirs::new().map(|users| users.home_dir().to_owned());
        match (text.strip_prefix("~/"), home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => self.exports().join(text),
        }
    }

    /// Writes a file for the person to take elsewhere.
    pub fn export(&self, place: &ExportPlace, ending: &str, bytes: &[u8]) -> Result<PathBuf, StoreError> {
        let path = file_path(place, ending)?;
        file::write_bytes(&path, bytes).map_err(not_saved)?;
        Ok(path)
    }

    /// Copies the sound of a take for the person to take elsewhere.
    pub fn export_sound(&self, place: &ExportPlace, sound: &Path) -> Result<PathBuf, StoreError> {
        let path = file_path(place, "wav")?;
        file::copy(sound, &path).map_err(not_saved)?;
        Ok(path)
    }

    /// Writes a folder of files. It is made beside its place and put there whole; a name that is taken gets a number,
    /// whoever chose it.
    pub fn export_folder(&self, place: &ExportPlace, files: &[(String, FolderFile)]) -> Result<PathBuf, StoreError> {
        let (ExportPlace::Free(wanted) | ExportPlace::Chosen { path: wanted, .. }) = place;
        let failed = |source| StoreError::Export {
            path: wanted.clone(),
            source,
        };
        let parent = wanted.parent().unwrap_or(Path::new("."));
        file::make_folder(parent).map_err(not_saved)?;
        // Whatever fails from here on, this takes away what was written.
        let making = tempfile::Builder::new()
            .prefix(".aloud-")
            .tempdir_in(parent)
            .map_err(failed)?;
        for (name, content) in files {
            let path = making.path().join(name);
            let written = match content {
                FolderFile::New(bytes) => file::write_bytes(&path, bytes),
                FolderFile::CopyOf(sound) => file::copy(sound, &path),
            };
            written.map_err(|error| match error {
                // Its place in the making means nothing to anybody.
                StoreError::Write { source, .. } => failed(source),
                other => other,
            })?;
        }
        let path = free(wanted, None).map_err(failed)?;
        fs::rename(making.path(), &path).map_err(failed)?;
        drop(making.keep());
        crate::durable::sync_folder_of(&path);
        Ok(path)
    }
}

fn file_path(place: &ExportPlace, ending: &str) -> Result<PathBuf, StoreError> {
    match place {
        ExportPlace::Free(path) => free(path, Some(ending)).map_err(|source| StoreError::Export {
            path: path.clone(),
            source,
        }),
        ExportPlace::Chosen { path, replace } => {
            let path = with_ending(path, "", Some(ending));
            if path.is_dir() {
                return Err(StoreError::ExportIsFolder(path));
            }
            if !replace && is_taken(&path) {
                return Err(StoreError::Taken(path));
            }
            Ok(path)
        }
    }
}

/// The path with its ending where nothing lies yet.
fn free(path: &Path, ending: Option<&str>) -> io::Result<PathBuf> {
    let mut paths = (1..10_000).map(|number| match number {
        1 => with_ending(path, "", ending),
        number => with_ending(path, &format!(" {number}"), ending),
    });
    paths
        .find(|path| !is_taken(path))
        .ok_or_else(|| io::Error::other("too many files of this name are there"))
}

/// Whether something lies there, a link to nothing included.
fn is_taken(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

fn with_ending(path: &Path, number: &str, ending: Option<&str>) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(number);
    if let Some(ending) = ending {
        name.push(".");
        name.push(ending);
    }
    name.into()
}

fn not_saved(error: StoreError) -> StoreError {
    match error {
        StoreError::Write { path, source } => StoreError::Export { path, source },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(folder: &Path) -> Store {
        Store::open(Some(folder.join("data"))).unwrap()
    }

    #[test]
    fn with_a_named_folder_exports_stay_in_it_and_a_typed_path_may_be_anywhere() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        assert_eq!(store.exports(), folder.path().join("data/saved"));
        assert_eq!(
            store.typed_export(" for Ana "),
            folder.path().join("data/saved/for Ana")
        );
        assert_eq!(store.typed_export("/mnt/stick/a"), Path::new("/mnt/stick/a"));
        let home = directories::UserDirs::new().map(|users| users.home_dir().join("a"));
        if let Some(home) = home {
            assert_eq!(store.typed_export("~/a"), home);
        }
    }

    #[test]
    fn a_proposed_name_gets_a_number_and_a_chosen_one_is_asked_about() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        let proposed = ExportPlace::Free(store.exports().join("Interview 1.2"));
        let first = store.export(&proposed, "md", b"one").unwrap();
        let second = store.export(&proposed, "md", b"two").unwrap();
        assert!(first.ends_with("Interview 1.2.md") && second.ends_with("Interview 1.2 2.md"));
        let path = store.exports().join("Interview 1.2");
        let chosen = |replace| ExportPlace::Chosen {
            path: path.clone(),
            replace,
        };
        let taken = store.export(&chosen(false), "md", b"three").unwrap_err();
        assert!(matches!(&taken, StoreError::Taken(path) if *path == first), "{taken}");
        assert_eq!(fs::read(&first).unwrap(), b"one");
        store.export(&chosen(true), "md", b"three").unwrap();
        assert_eq!(fs::read(&first).unwrap(), b"three");
        fs::create_dir(store.exports().join("Interview 1.2.txt")).unwrap();
        let error = store.export(&chosen(true), "txt", b"four").unwrap_err().to_string();
        assert!(error.contains("is a folder"), "{error}");
    }

    #[test]
    fn a_folder_is_there_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        let sound = folder.path().join("take.wav");
        let place = ExportPlace::Free(store.exports().join("Interview"));
        let files = [
            ("Interview.pdf".to_owned(), FolderFile::New(b"pdf".to_vec())),
            ("Answer 1.wav".to_owned(), FolderFile::CopyOf(sound.clone())),
        ];
        let error = store.export_folder(&place, &files).unwrap_err().to_string();
        assert!(error.contains("take.wav"), "{error}");
        assert_eq!(
            fs::read_dir(store.exports()).unwrap().count(),
            0,
            "nothing half written is left"
        );
        fs::write(&sound, "RIFF").unwrap();
        let first = store.export_folder(&place, &files).unwrap();
        assert_eq!(fs::read(first.join("Answer 1.wav")).unwrap(), b"RIFF");
        let second = store.export_folder(&place, &files).unwrap();
        assert!(second.ends_with("Interview 2"));
        assert_eq!(fs::read_dir(store.exports()).unwrap().count(), 2);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_and_a_place_that_cannot_be_written_are_told_with_the_path() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        fs::create_dir_all(store.exports()).unwrap();
        std::os::unix::fs::symlink("/dev/full", store.exports().join("a.pdf.part")).unwrap();
        let place = ExportPlace::Free(store.exports().join("a"));
        let error = store.export(&place, "pdf", b"text").unwrap_err().to_string();
        assert!(
            error.starts_with("Could not save ") && error.contains("a.pdf: the disk is full."),
            "{error}"
        );
        assert_eq!(fs::read_dir(store.exports()).unwrap().count(), 0);
        fs::write(folder.path().join("file"), "in the way").unwrap();
        let place = ExportPlace::Chosen {
            path: folder.path().join("file/a"),
            replace: false,
        };
        for error in [
            store.export(&place, "pdf", b"text").unwrap_err(),
            store.export_folder(&place, &[]).unwrap_err(),
        ] {
            assert!(error.to_string().contains("Choose another place"), "{error}");
        }
    }
}
