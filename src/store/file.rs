//! Reading and writing one file so that it is always whole, and never lost: what is damaged is set aside, what is
//! replaced by a newer format is kept as a copy.

use std::{
    fs,
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{StoreError, formats};
use crate::{durable, text};

/// No file of a person's is nearly as long: an hour of speech, word by word, is a few megabytes.
const MOST_BYTES: u64 = 64 << 20;

#[derive(Serialize, Deserialize)]
struct Versioned<T> {
    schema: u64,
    content: T,
}

/// Reads a text. Nothing where there is none; no more of it than the memory can well hold.
pub fn read_text(path: &Path) -> Result<Option<String>, StoreError> {
    let failed = |source| StoreError::Read {
        path: path.to_owned(),
        source,
    };
    let file = match fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(failed(source)),
    };
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(failed(io::Error::other("it is too long")));
    }
    text::decode(&bytes).map(Some).map_err(|error| StoreError::Damaged {
        path: path.to_owned(),
        message: error.to_string(),
    })
}

/// Reads a versioned file. Nothing where there is none. A damaged one is set aside, so that a new one can take its
/// place.
pub fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, StoreError> {
    match read_content(path) {
        Err(StoreError::Damaged { path, message }) => Err(set_aside(path, message)),
        Ok(content) => Ok(content.map(|(content, _)| content)),
        Err(error) => Err(error),
    }
}

/// Reads a versioned file and leaves a damaged one where it is.
pub fn read_only<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, StoreError> {
    Ok(read_content(path)?.map(|(content, _)| content))
}

/// What a file holds, in today's format, and the format that it has on disk.
fn read_content<T: DeserializeOwned>(path: &Path) -> Result<Option<(T, u64)>, StoreError> {
    let Some(text) = read_text(path)? else { return Ok(None) };
    // Nearly every file is of today's format: then it is read in one go.
    if let Ok(Versioned { schema, content }) = serde_json::from_str(&text)
        && schema == formats::NEWEST
    {
        return Ok(Some((content, schema)));
    }
    let damaged = |message: String| StoreError::Damaged {
        path: path.to_owned(),
        message,
    };
    let mut value: Value = serde_json::from_str(&text).map_err(|error| damaged(flaw(&error)))?;
    let schema = value.get("schema").and_then(Value::as_u64);
    let schema = match schema {
        Some(schema @ 1..=formats::NEWEST) => schema,
        Some(found) if found > formats::NEWEST => {
            return Err(StoreError::Newer {
                path: path.to_owned(),
                found,
                known: formats::NEWEST,
            });
        }
        _ => return Err(damaged("it does not say which format it has".into())),
    };
    let content = formats::brought_up_to_date(value["content"].take(), schema);
    serde_json::from_value(content)
        .map(|content| Some((content, schema)))
        .map_err(|error| damaged(flaw(&error)))
}

/// What is wrong with a file's content. What stands there instead of what should is not repeated: it may be an answer, and
/// this may be logged.
fn flaw(error: &serde_json::Error) -> String {
    use serde_json::error::Category;
    match error.classify() {
        Category::Io | Category::Syntax | Category::Eof => error.to_string(),
        Category::Data => "a part of it is not what it should be".to_owned(),
    }
}

/// Puts a damaged file out of the way under a name of its own, and tells both.
fn set_aside(path: PathBuf, message: String) -> StoreError {
    let aside = (1..1000)
        .map(|number| {
            beside(
                &path,
                &if number == 1 {
                    "damaged".to_owned()
                } else {
                    format!("damaged-{number}")
                },
            )
        })
        .find(|aside| !aside.exists());
    match aside.map(|aside| fs::rename(&path, &aside).map(|()| aside)) {
        Some(Ok(aside)) => StoreError::SetAside { path, message, aside },
        // Where that is not possible it stays, and is not written over.
        Some(Err(_)) | None => StoreError::Damaged { path, message },
    }
}

/// Writes a versioned file. What lies there now and cannot be read is set aside; what a newer Aloud wrote is never
/// written over; and of an older format a copy is kept.
pub fn write_json<T: Serialize>(path: &Path, content: &T) -> Result<(), StoreError> {
    match read_content::<Value>(path) {
        Ok(Some((_, schema))) if schema < formats::NEWEST => keep_copy(path, schema)?,
        Ok(_) => {}
        Err(StoreError::Damaged { path, message }) => match set_aside(path, message) {
            StoreError::SetAside { .. } => {}
            error => return Err(error),
        },
        Err(error) => return Err(error),
    }
    let versioned = Versioned {
        schema: formats::NEWEST,
        content,
    };
    let mut text = serde_json::to_string_pretty(&versioned).map_err(|error| StoreError::Write {
        path: path.to_owned(),
        source: error.into(),
    })?;
    text.push('\n');
    write_bytes(path, text.as_bytes())
}

fn keep_copy(path: &Path, schema: u64) -> Result<(), StoreError> {
    let copy = beside(path, &format!("format-{schema}"));
    if copy.exists() {
        return Ok(());
    }
    match read_text(path)? {
        Some(text) => write_bytes(&copy, text.as_bytes()),
        None => Ok(()),
    }
}

/// The same path with one more ending.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

/// Writes the whole file beside the old one, then puts it in its place: a power cut leaves the one or the other. What
/// is saved first makes the folder.
pub fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    write_whole(path, |file| file.write_all(bytes))
}

/// Copies a file of any size, as [`write_bytes`] writes one.
pub fn copy(from: &Path, path: &Path) -> Result<(), StoreError> {
    let mut from_file = fs::File::open(from).map_err(|source| StoreError::Read {
        path: from.to_owned(),
        source,
    })?;
    write_whole(path, |file| io::copy(&mut from_file, file).map(drop))
}

fn write_whole(path: &Path, write: impl FnOnce(&mut fs::File) -> io::Result<()>) -> Result<(), StoreError> {
    let part = beside(path, "part");
    let written = || -> io::Result<()> {
        if let Some(folder) = path.parent() {
            durable::make_folder(folder)?;
        }
        let mut file = durable::private_file(&part)?;
        write(&mut file)?;
        file.sync_all()?;
        drop(file);
        fs::rename(&part, path)?;
        durable::sync_folder_of(path);
        Ok(())
    };
    written().map_err(|source| {
        let _ = fs::remove_file(&part);
        StoreError::Write {
            path: path.to_owned(),
            source,
        }
    })
}

/// Deletes a file and whatever was kept of it: copies of older formats, what was damaged, what is half written.
pub fn remove_with_copies(path: &Path) -> Result<(), StoreError> {
    remove(path)?;
    let Some(name) = path.file_name().map(|name| name.to_string_lossy().into_owned()) else {
        return Ok(());
    };
    let folder = path.parent().unwrap_or(Path::new("."));
    // Without the folder there are no copies.
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(());
    };
    entries
        .flatten()
        .filter(|entry| {
            let other = entry.file_name().to_string_lossy().into_owned();
            let ending = other.strip_prefix(&name).and_then(|rest| rest.strip_prefix('.'));
            ending.is_some_and(|ending| {
                ending == "part" || ending.starts_with("damaged") || ending.starts_with("format-")
            })
        })
        .try_for_each(|entry| remove(&entry.path()))
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

/// What lies in a folder; nothing where there is no folder.
pub fn entries(folder: &Path) -> Result<Option<fs::ReadDir>, StoreError> {
    match fs::read_dir(folder) {
        Ok(entries) => Ok(Some(entries)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(StoreError::Read {
            path: folder.to_owned(),
            source,
        }),
    }
}

/// Makes a folder as [`durable::make_folder`] does.
pub fn make_folder(path: &Path) -> Result<(), StoreError> {
    durable::make_folder(path).map_err(|source| StoreError::Write {
        path: path.to_owned(),
        source,
    })
}

/// Finds out whether a folder can be written to, and leaves nothing there.
pub fn try_writing_in(folder: &Path) -> Result<(), StoreError> {
    let trial = || -> io::Result<()> {
        let mut file = tempfile::tempfile_in(folder)?;
        file.write_all(b"trial")?;
        file.sync_all()
    };
    trial().map_err(|source| StoreError::Write {
        path: folder.to_owned(),
        source,
    })
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

    #[test]
    fn a_missing_file_is_nothing_and_no_error() {
        assert_eq!(read_json::<i32>(Path::new("/nowhere/a.json")).unwrap(), None);
    }

    #[test]
    fn a_damaged_file_is_set_aside_with_a_sentence_and_nothing_of_it_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        let texts = [
            "{\"schema\": 2, \"content\": [",
            "[1]",
            "",
            "{\"schema\": 2, \"content\": \"x\"}",
        ];
        for text in texts {
            fs::write(&path, text).unwrap();
            let error = read_json::<i32>(&path).unwrap_err().to_string();
            assert!(error.starts_with(&format!("{} is damaged", path.display())), "{error}");
            assert!(
                error.contains("It was set aside as ") && error.ends_with('.'),
                "{error}"
            );
            assert_eq!(read_json::<i32>(&path).unwrap(), None);
        }
        // What is damaged while Aloud runs is not written over either.
        fs::write(&path, "{").unwrap();
        write_json(&path, &1).unwrap();
        assert_eq!(read_json(&path).unwrap(), Some(1));
        let kept = |number: usize| {
            let ending = if number == 1 {
                "damaged".to_owned()
            } else {
                format!("damaged-{number}")
            };
            fs::read_to_string(beside(&path, &ending)).unwrap()
        };
        assert_eq!((1..=5).map(kept).collect::<Vec<_>>(), [&texts[..], &["{"]].concat());
        remove_with_copies(&path).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_is_said_of_a_damaged_file_repeats_nothing_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        let texts = [
            "{\"schema\": 2, \"content\": \"my weakness\"}",
            "{\"schema\": \"my weakness\", \"content\": 1}",
            "{\"my weakness\": 2",
            "my weakness",
        ];
        for text in texts {
            fs::write(&path, text).unwrap();
            let error = read_json::<i32>(&path).unwrap_err().to_string();
            assert!(
                error.contains(" is damaged (") && !error.contains("weakness"),
                "{error}"
            );
        }
    }

    #[test]
    fn a_file_of_an_older_format_is_read_and_kept_as_a_copy_once_it_is_written_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        let old = "{\"schema\": 1, \"content\": {\"gaps\": [{\"start\": 2.0, \"end\": 3.5}]}}";
        fs::write(&path, old).unwrap();
        let read: Value = read_json(&path).unwrap().unwrap();
        assert_eq!(read["gaps"][0]["at"], 2.0);
        assert_eq!(fs::read_to_string(&path).unwrap(), old, "reading changes nothing");
        write_json(&path, &read).unwrap();
        assert_eq!(read_json::<Value>(&path).unwrap().unwrap(), read);
        assert_eq!(fs::read_to_string(beside(&path, "format-1")).unwrap(), old);
        remove_with_copies(&path).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "deleted is deleted");
    }

    #[test]
    fn a_file_from_a_newer_version_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        fs::write(&path, "{\"schema\": 4, \"content\": 1}").unwrap();
        assert_eq!(
            read_json::<i32>(&path).unwrap_err().to_string(),
            format!(
                "{} was written by a newer version of Aloud (format 4; this one supports up to 3). Update Aloud to open it; it was left unchanged.",
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
            error.ends_with("Free some space or choose another folder with --data, then try again."),
            "{error}"
        );
    }
}
