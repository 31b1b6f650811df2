//! Reading and writing one file so that it is always whole.

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
};

use serde::{Serialize, de::DeserializeOwned};

use super::StoreError;

/// The format that this version writes, and the newest that it can read.
const SCHEMA: u64 = 1;

#[derive(serde::Serialize)]
struct Versioned<'a, T> {
    schema: u64,
    content: &'a T,
}

/// Reads a versioned file. Nothing where there is none.
pub fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, StoreError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => {
            return Err(StoreError::Read {
                path: path.to_owned(),
                source,
            });
        }
    };
    let damaged = |says: String| StoreError::Damaged {
        path: path.to_owned(),
        says,
    };
    let mut value: serde_json::Value = serde_json::from_str(&text).map_err(|error| damaged(error.to_string()))?;
    match value.get("schema").and_then(serde_json::Value::as_u64) {
        Some(SCHEMA) => {}
        Some(found) if found > SCHEMA => {
            return Err(StoreError::Newer {
                path: path.to_owned(),
                found,
                known: SCHEMA,
            });
        }
        _ => return Err(damaged("it does not say which format it has".into())),
    }
    serde_json::from_value(value["content"].take())
        .map(Some)
        .map_err(|error| damaged(error.to_string()))
}

/// Writes a versioned file, unless what lies there now cannot be read: that is never overwritten.
pub fn write_json<T: Serialize>(path: &Path, content: &T) -> Result<(), StoreError> {
    match read_json::<serde_json::Value>(path) {
        Ok(_) => {}
        Err(error) => return Err(error),
    }
    let versioned = Versioned {
        schema: SCHEMA,
        content,
    };
    let mut text = serde_json::to_string_pretty(&versioned).map_err(|error| StoreError::Write {
        path: path.to_owned(),
        source: error.into(),
    })?;
    text.push('\n');
    write_bytes(path, text.as_bytes())
}

/// Writes the whole file beside the old one, then puts it in its place: a power cut leaves the one or the other.
pub fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = Path::new(&beside);
    let write = || -> io::Result<()> {
        let mut file = private_file(beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        drop(file);
        fs::rename(beside, path)?;
        // The new name itself is only safe once the folder is on disk. Where folders cannot be opened, it is best effort.
        if let Some(folder) = path.parent().and_then(|folder| fs::File::open(folder).ok()) {
            let _ = folder.sync_all();
        }
        Ok(())
    };
    write().map_err(|source| {
        let _ = fs::remove_file(beside);
        StoreError::Write {
            path: path.to_owned(),
            source,
        }
    })
}

/// Deletes a file; one that is not there is fine.
pub fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => Err(StoreError::Write {
            path: path.to_owned(),
            source,
        }),
        _ => Ok(()),
    }
}

/// Makes a folder that only its owner can look into.
pub fn make_folder(path: &Path) -> Result<(), StoreError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(path).map_err(|source| StoreError::Write {
        path: path.to_owned(),
        source,
    })
}

/// Takes others' rights to a folder away, as far as that is possible: some disks know no rights. A folder that the
/// machine shares (`/tmp`) stays as it is; what is made in it is private by itself.
pub fn close_to_others(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        const SHARED: u32 = 0o1000;
        let Ok(found) = fs::metadata(path) else { return };
        let mode = found.permissions().mode();
        if mode & SHARED == 0 && mode & 0o077 != 0 {
            let closed = fs::Permissions::from_mode(mode & 0o700 | 0o700);
            if let Err(error) = fs::set_permissions(path, closed) {
                log::warn!("{} stays open to other users of this machine: {error}", path.display());
            }
        }
    }
    #[cfg(not(unix))]
    let _ = path;
}

fn private_file(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_and_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        write_json(&path, &vec![1, 2]).unwrap();
        assert_eq!(read_json::<Vec<i32>>(&path).unwrap(), Some(vec![1, 2]));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            1,
            "nothing is left beside it"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_others_can_look_into_is_closed_and_a_shared_one_is_left() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        for (mode, expected) in [(0o755, 0o700), (0o700, 0o700), (0o770, 0o700), (0o1777, 0o1777)] {
            fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode)).unwrap();
            close_to_others(folder.path());
            let found = fs::metadata(folder.path()).unwrap().permissions().mode() & 0o7777;
            assert_eq!(found, expected, "{mode:o}");
        }
    }

    #[test]
    fn a_missing_file_is_nothing_and_no_error() {
        assert_eq!(read_json::<i32>(Path::new("/nowhere/a.json")).unwrap(), None);
    }

    #[test]
    fn a_damaged_file_is_named_and_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        for text in ["{\"schema\": 1, \"content\": [", "[1]", ""] {
            fs::write(&path, text).unwrap();
            let error = write_json(&path, &1).unwrap_err().to_string();
            assert!(error.starts_with(&format!("{} is damaged", path.display())), "{error}");
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[test]
    fn a_file_from_a_newer_version_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        fs::write(&path, "{\"schema\": 2, \"content\": 1}").unwrap();
        assert_eq!(
            read_json::<i32>(&path).unwrap_err().to_string(),
            format!(
                "{} was written by a newer Aloud (format 2, this one knows 1). Update Aloud to open it; it is left as it is.",
                path.display()
            )
        );
        assert!(write_json(&path, &1).is_err());
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_named_with_what_to_do() {
        let error = write_json(Path::new("/proc/aloud/a.json"), &1).unwrap_err().to_string();
        assert!(error.starts_with("Could not write /proc/aloud/a.json"), "{error}");
        assert!(
            error.ends_with("Make room or name another folder with --data, then try again."),
            "{error}"
        );
    }
}
