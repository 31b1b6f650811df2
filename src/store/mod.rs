//! Everything of the user's that lies on disk: settings, interviews, takes, own questions. The only room that names
//! `std::fs` for it. Files are versioned JSON, written whole or not at all, readable by their owner alone. A damaged file
//! is set aside; one that a newer Aloud wrote is never overwritten.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use thiserror::Error;

mod bank;
mod exports;
mod file;
mod formats;
mod interviews;
mod settings;
mod sheet;
mod takes;
mod traces;
mod window_lock;

pub use exports::{ExportPlace, FolderFile};
pub use sheet::posting_in;
pub use takes::take_names;
pub use traces::{CRASH_FOLDER, LOG_FILE, OLD_LOG_FILE};
pub use window_lock::WindowLock;

use crate::{
    bank::{Bank, own_text::OwnDraft},
    interview::draw::Memory,
};

/// What can go wrong with the user's files. Each says what, on which file, and what to do.
#[derive(Debug, Error)]
pub enum StoreError {
    #[error("No home folder was found to store your practice in. Choose a folder with --data.")]
    NoHome,
    #[error("Could not read {}: {source}. The rest of your practice is not affected.", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{} could not be read as a posting: {message}. Open it elsewhere, copy its text and paste it here.", path.display())]
    NoPosting { path: PathBuf, message: String },
    #[error("Could not write {}: {source}. Free some space or choose another folder with --data, then try again.", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("{} is damaged ({message}). It was left unchanged; move it away to start a new one.", path.display())]
    Damaged { path: PathBuf, message: String },
    #[error("{} is damaged ({message}). It was set aside as {}; Aloud continues without it.", path.display(), aside.display())]
    SetAside {
        path: PathBuf,
        message: String,
        aside: PathBuf,
    },
    #[error("Could not save {}: {}. Choose another place or free some space, then save again.", path.display(), reason(source))]
    Export { path: PathBuf, source: io::Error },
    #[error("{} is there already.", .0.display())]
    Taken(PathBuf),
    #[error("{} is a folder. Choose another name, then save again.", .0.display())]
    ExportIsFolder(PathBuf),
    #[error("{} is a file, not a folder. Choose another folder with --data.", .0.display())]
    NoFolder(PathBuf),
    #[error("Aloud is already open with the folder {}. Use that window, or close it first.", .0.display())]
    Open(PathBuf),
    #[error("{} was written by a newer version of Aloud (format {found}; this one supports up to {known}). Update Aloud to open it; it was left unchanged.", path.display())]
    Newer { path: PathBuf, found: u64, known: u64 },
}

impl StoreError {
    /// Why something could not be saved, in a sentence for who is told elsewhere what it was.
    pub fn why(&self) -> String {
        use io::ErrorKind::{PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
        // Before something is written, what lies there is looked at.
        let (Self::Write { path, source } | Self::Read { path, source }) = self else {
            return self.to_string();
        };
        // Of the system's many reasons, some have words of their own.
        match source.kind() {
            StorageFull => "The disk is full.".to_owned(),
            QuotaExceeded => "Your share of the disk is used up.".to_owned(),
            ReadOnlyFilesystem => "The disk cannot be written to.".to_owned(),
            PermissionDenied => {
                let folder = path.parent().unwrap_or(path);
                format!("Aloud may not write to {}.", folder.display())
            }
            _ => format!("Could not write {}: {source}.", path.display()),
        }
    }
}

/// Why something could not be written, as part of a sentence. Of the system's many reasons, some have words of their own.
fn reason(error: &io::Error) -> String {
    use io::ErrorKind::{PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    match error.kind() {
        StorageFull => "the disk is full".to_owned(),
        QuotaExceeded => "your share of the disk is used up".to_owned(),
        ReadOnlyFilesystem => "the disk cannot be written to".to_owned(),
        PermissionDenied => "Aloud may not write there".to_owned(),
        _ => error.to_string(),
    }
}

/// The file of own questions that the window writes; others beside it are read too.
const OWN_FILE: &str = "my-questions.toml";

/// What was begun of the user's own questions.
const OWN_DRAFT: &str = "own-draft.json";

/// A question to start from, in the format of every question file.
const OWN_START: &str = r#"id = "general"          # the field they join, or a new one
name = "General"

[[questions]]
id = "own-first"        # each question has its own
kind = "background"     # background, behavioral or technical
topic = "my questions"
prompt = "Why do you want to work with us?"
hint = "Name one thing about them and one about you."

[[questions.talking_points]]
id = "about-them"
label = "Something about them"
hint = "What they make, or how they work."
"#;

/// The folder that holds all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    root: PathBuf,
    /// The user named the folder: then everything stays in it.
    named: bool,
}

impl Store {
    /// Finds the user's folder, or takes the one that was named. Nothing is made: a folder that does not exist is an
    /// empty one to whoever reads, and what is saved first makes it, closed to others. One that was there before keeps
    /// its permissions.
    pub fn open(named: Option<PathBuf>) -> Result<Self, StoreError> {
        let apart = named.is_some();
        let root = Self::root_of(named)?;
        if fs::metadata(&root).is_ok_and(|found| !found.is_dir()) {
            return Err(StoreError::NoFolder(root));
        }
        Ok(Self { root, named: apart })
    }

    /// The folder that was named, or the usual one. It need not exist.
    pub fn root_of(named: Option<PathBuf>) -> Result<PathBuf, StoreError> {
        let usual = || directories::ProjectDirs::from("", "", "aloud").map(|folders| folders.data_dir().to_path_buf());
        named.or_else(usual).ok_or(StoreError::NoHome)
    }

    /// Where everything lies.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether the folder exists; what is saved first makes it.
    pub fn exists(&self) -> bool {
        self.root.is_dir()
    }

    /// Whether nobody has practiced or chosen anything here yet. Models may be there already.
    pub fn is_unused(&self) -> bool {
        !self.root.join("settings.json").exists() && !self.interviews_folder().exists()
    }

    /// Finds out whether things can be saved here, by a file without a name: nobody ever sees it. Of a folder that is
    /// still to be made, the one that it would be made in is tried.
    pub fn try_writing(&self) -> Result<(), StoreError> {
        let own = [self.takes(), self.interviews_folder(), self.own_questions()];
        let existing = self.root.ancestors().find(|folder| folder.exists());
        let nearest = match existing {
            // A relative path begins in the current folder.
            None => Path::new("."),
            Some(folder) if folder.as_os_str().is_empty() => Path::new("."),
            Some(folder) => folder,
        };
        let existing_own = own.iter().map(PathBuf::as_path).filter(|folder| folder.exists());
        std::iter::once(nearest)
            .chain(existing_own)
            .try_for_each(file::try_writing_in)
    }

    /// Where the sound of takes goes.
    pub fn takes(&self) -> PathBuf {
        self.root.join("takes")
    }

    /// Where the user's own `*.toml` questions lie.
    pub fn own_questions(&self) -> PathBuf {
        self.root.join("questions")
    }

    fn interviews_folder(&self) -> PathBuf {
        self.root.join("interviews")
    }

    /// Which questions were drawn. A memory that cannot be read is an empty one: questions come back sooner, no more. It
    /// is left where it is until a new one is saved.
    pub fn memory(&self) -> Memory {
        file::read_only(&self.root.join("drawn.json"))
            .ok()
            .flatten()
            .unwrap_or_default()
    }

    pub fn save_memory(&self, memory: &Memory) -> Result<(), StoreError> {
        file::write_json(&self.root.join("drawn.json"), memory)
    }

    /// The fields and questions: those that come with Aloud, and the user's own.
    pub fn bank(&self) -> Bank {
        bank::load(&self.own_questions())
    }

    /// The text of the user's own questions; where there is none yet, a text to start from.
    pub fn own_text(&self) -> Result<String, StoreError> {
        let path = self.own_questions().join(OWN_FILE);
        Ok(file::read_text(&path)?.unwrap_or_else(|| OWN_START.to_owned()))
    }

    /// What was begun of them and not saved. One that cannot be read is an empty one.
    pub fn own_draft(&self) -> OwnDraft {
        file::read_only(&self.root.join(OWN_DRAFT))
            .ok()
            .flatten()
            .unwrap_or_default()
    }

    pub fn save_own_draft(&self, draft: &OwnDraft) -> Result<(), StoreError> {
        file::write_json(&self.root.join(OWN_DRAFT), draft)
    }

    pub fn save_own_text(&self, text: &str) -> Result<(), StoreError> {
        file::write_bytes(&self.own_questions().join(OWN_FILE), text.as_bytes())
    }

    /// Lays the sample answer that comes with Aloud where it can be played from.
    pub fn sample_sound(&self, bytes: &[u8]) -> Result<PathBuf, StoreError> {
        let path = self.root.join("sample-answer.wav");
        let same = fs::metadata(&path).is_ok_and(|meta| meta.len() == bytes.len() as u64);
        if !same {
            file::write_bytes(&path, bytes)?;
        }
        Ok(path)
    }

    /// Where a recording may go when the disk of this folder refuses it.
    pub fn elsewhere(&self) -> PathBuf {
        let users = directories::UserDirs::new();
        let documents = users.as_ref().and_then(directories::UserDirs::document_dir);
        let home = users.as_ref().map(directories::UserDirs::home_dir);
        documents
            .or(home)
            .map_or_else(std::env::temp_dir, Path::to_path_buf)
            .join("Aloud recordings")
    }

    /// Deletes everything: interviews, takes, settings, own questions. The models stay; they hold nothing of the user's.
    /// Tells how many files of how many are gone.
    pub fn delete_all(&self, told: &mut dyn FnMut(usize, usize)) -> Result<(), StoreError> {
        let folders = [self.takes(), self.interviews_folder(), self.own_questions()];
        let mut files = Vec::new();
        for folder in &folders {
            let entries = file::entries(folder)?.into_iter().flatten().flatten();
            files.extend(entries.map(|entry| entry.path()).filter(|path| !path.is_dir()));
        }
        for (index, path) in files.iter().enumerate() {
            file::remove(path)?;
            told(index + 1, files.len());
        }
        // And whatever else lies in them.
        for folder in folders.iter().filter(|folder| folder.exists()) {
            fs::remove_dir_all(folder).map_err(|source| StoreError::Write {
                path: folder.clone(),
                source,
            })?;
        }
        for name in [
            "settings.json",
            "drawn.json",
            "prepare.json",
            OWN_DRAFT,
            "sample-answer.wav",
        ] {
            file::remove_with_copies(&self.root.join(name))?;
        }
        self.delete_traces()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{settings::Settings, sheet::ResearchNotes};

    #[test]
    fn a_folder_of_a_newer_aloud_is_left_byte_for_byte_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Some(folder.path().to_owned())).unwrap();
        fs::create_dir(store.interviews_folder()).unwrap();
        let newer = "{\"schema\": 99, \"content\": {\"field\": \"later\"}}";
        let paths =
            ["settings.json", "prepare.json", "drawn.json", "interviews/a.json"].map(|name| store.root.join(name));
        for path in &paths {
            fs::write(path, newer).unwrap();
        }
        let (settings, error) = store.settings();
        assert_eq!(settings, Settings::default());
        assert!(
            error
                .unwrap()
                .to_string()
                .contains("was written by a newer version of Aloud")
        );
        assert!(store.save_settings(&settings).is_err());
        assert!(store.research_notes().is_err() && store.save_research_notes(&ResearchNotes::default()).is_err());
        assert_eq!(store.memory(), Memory::default());
        assert!(store.save_memory(&Memory::default()).is_err());
        let (interviews, problems) = store.interviews();
        assert_eq!((interviews.len(), problems.len()), (0, 1));
        for path in &paths {
            assert_eq!(fs::read_to_string(path).unwrap(), newer, "{}", path.display());
        }
        // What is new has its own file.
        let begun = jiff::Timestamp::UNIX_EPOCH;
        let fresh = crate::interview::Interview::new("b".into(), "x".into(), begun, Vec::new());
        store.save_interview(&fresh).unwrap();
        assert_eq!(store.interviews().0.len(), 1);
    }

    #[test]
    fn everything_deleted_leaves_nothing_of_a_person_in_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Some(folder.path().to_owned())).unwrap();
        for folder in [store.takes(), store.interviews_folder(), store.own_questions()] {
            fs::create_dir(folder).unwrap();
        }
        fs::create_dir(store.root.join(CRASH_FOLDER)).unwrap();
        for name in [
            "settings.json",
            "settings.json.damaged",
            "prepare.json.format-1",
            "prepare.json.part",
            "drawn.json.damaged-2",
            "own-draft.json",
            "sample-answer.wav",
            "interviews/a.json",
            "interviews/a.json.format-1",
            "takes/a.wav",
            "questions/my-questions.toml",
            "log.txt",
            "log.old.txt",
            "crashes/crash-1.txt",
            "crashes/.told",
        ] {
            fs::write(store.root.join(name), "secret").unwrap();
        }
        fs::create_dir(store.root.join("models")).unwrap();
        store.delete_all(&mut |_, _| {}).unwrap();
        let left: Vec<String> = fs::read_dir(&store.root)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        assert_eq!(left, ["models"]);
    }

    #[test]
    fn why_something_is_not_saved_is_said_in_a_sentence() {
        let why = |kind: io::ErrorKind| {
            let path = PathBuf::from("/data/settings.json");
            StoreError::Write {
                path,
                source: kind.into(),
            }
            .why()
        };
        assert_eq!(why(io::ErrorKind::StorageFull), "The disk is full.");
        assert_eq!(why(io::ErrorKind::PermissionDenied), "Aloud may not write to /data.");
        assert!(why(io::ErrorKind::NotADirectory).starts_with("Could not write /data/settings.json: "));
    }

    #[test]
    fn a_folder_that_does_not_exist_is_an_empty_one_until_something_is_saved() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Some(folder.path().join("deep/er"))).unwrap();
        store.try_writing().unwrap();
        let (interviews, problems) = store.interviews();
        assert!(interviews.is_empty() && problems.is_empty(), "{problems:?}");
        assert_eq!(store.research_notes().unwrap(), ResearchNotes::default());
        assert!(store.settings().1.is_none());
        assert!(store.bank().problems.is_empty());
        assert!(store.found_takes(&std::collections::BTreeSet::new()).is_empty());
        let now = std::time::SystemTime::now();
        assert!(
            store
                .strays(&std::collections::BTreeSet::new(), now, None)
                .unwrap()
                .is_empty()
        );
        store.delete_all(&mut |_, _| {}).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        let begun = jiff::Timestamp::UNIX_EPOCH;
        let fresh = crate::interview::Interview::new("b".into(), "x".into(), begun, Vec::new());
        store.save_interview(&fresh).unwrap();
        assert_eq!(store.interviews().0.len(), 1);
        #[cfg(unix)]
        for made in ["deep", "deep/er", "deep/er/interviews"] {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(folder.path().join(made)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o700, "{made}");
        }
    }
}
