//! The folder where models lie, one file each, `ggml-NAME.bin`. A file gets this name only when it is whole and
//! verified; what is still being made has another.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicBool},
};

use serde::Serialize;
use tempfile::TempPath;

use super::{
    adapter,
    catalog::{Catalog, Model},
    convert::ggml,
    digest,
    download_error::DownloadError,
    error::ModelError,
    fetch::Web,
    invalid_model::{FetchError, InvalidModel},
    lock::TryLock,
    mirror::mirror_of_environment,
    progress::ProgressSink,
};

/// Where models lie, and how they are had.
#[derive(Clone, Debug)]
pub struct ModelStore {
    folder: PathBuf,
    catalog: Catalog,
    pub(super) web: Web,
    pub(super) mirror: Option<String>,
    pub(super) try_lock: TryLock,
}

/// One line of the list: a model of the catalog, or one that the user brought.
#[derive(Clone, Debug, Serialize)]
pub struct ModelEntry {
    pub name: String,
    pub languages: String,
    pub bytes: u64,
    pub licence: String,
    pub good_for: String,
    /// How much longer it takes than tiny.en, where that was measured.
    pub work: Option<f64>,
    pub state: InstallState,
    /// The user's own: the catalog does not know it.
    pub own: bool,
    /// The one that is used where none is named.
    pub default: bool,
    /// Lower-case hexadecimal; nothing for the user's own.
    pub sha256: Option<String>,
    /// Where its file lies; nothing where it does not.
    pub path: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum InstallState {
    /// On this machine.
    #[serde(rename = "here")]
    Installed,
    /// Known, and not on this machine.
    #[serde(rename = "absent")]
    NotInstalled,
    /// A file of its name is on this machine and has another size: somebody changed it.
    Damaged,
}

impl ModelStore {
    /// Models lie in this folder; it is made when the first of them comes.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            catalog: Catalog::builtin(),
            web: Web::new(),
            mirror: None,
            try_lock: File::try_lock,
        }
    }

    /// The models of this machine, and the mirror that the environment names for others. They belong to the machine
    /// rather than to a person's practice, so `--data` does not move them; the variable `ALOUD_MODELS` does.
    pub fn of_this_machine() -> Result<Arc<Self>, ModelError> {
        let usual = || directories::ProjectDirs::from("", "", "aloud").map(|folders| folders.data_dir().join("models"));
        let folder = std::env::var_os("ALOUD_MODELS").map(PathBuf::from).or_else(usual);
        let folder = folder.ok_or(ModelError::NoHome)?;
        Ok(Arc::new(Self::new(folder).with_mirror(mirror_of_environment())))
    }

    /// With a mirror that is asked before the usual addresses, and wins over any that a fetch is given.
    #[must_use]
    pub fn with_mirror(mut self, address: Option<String>) -> Self {
        self.mirror = address;
        self
    }

    #[cfg(test)]
    pub(super) fn of_tests(folder: &Path, catalog: Catalog) -> Self {
        Self {
            folder: folder.to_owned(),
            catalog,
            web: Web::of_tests(),
            mirror: None,
            try_lock: File::try_lock,
        }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The file of a model, if it is on this machine and has the size that it should have.
    pub fn path(&self, name: &str) -> Option<PathBuf> {
        match self.state(name) {
            InstallState::Installed => Some(self.place(name)),
            InstallState::NotInstalled | InstallState::Damaged => None,
        }
    }

    /// Every model of the catalog in its order, then the user's own by name.
    pub fn list(&self) -> Vec<ModelEntry> {
        let known = self.catalog.models().iter().map(|model| {
            let state = self.state(&model.name);
            ModelEntry {
                name: model.name.clone(),
                languages: model.languages.clone(),
                bytes: model.bytes,
                licence: model.licence.clone(),
                good_for: model.good_for.clone(),
                work: model.work,
                state,
                own: false,
                default: model.name == super::catalog::DEFAULT,
                sha256: Some(model.sha256.clone()),
                path: (state != InstallState::NotInstalled).then(|| self.place(&model.name)),
            }
        });
        known.chain(self.own()).collect()
    }

    fn own(&self) -> Vec<ModelEntry> {
        let files = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut own: Vec<ModelEntry> = files
            .filter_map(|file| {
                let name = file
                    .file_name()
                    .to_str()?
                    .strip_prefix("ggml-")?
                    .strip_suffix(".bin")?
                    .to_owned();
                let found = fs::metadata(file.path()).ok().filter(fs::Metadata::is_file)?;
                (is_name(&name) && self.catalog.find(&name).is_none()).then(|| ModelEntry {
                    languages: "not known".to_owned(),
                    bytes: found.len(),
                    licence: "not known".to_owned(),
                    good_for: "Your own.".to_owned(),
                    work: None,
                    state: InstallState::Installed,
                    own: true,
                    default: false,
                    sha256: None,
                    path: Some(self.place(&name)),
                    name,
                })
            })
            .collect();
        own.sort_by(|a, b| a.name.cmp(&b.name));
        own
    }

    pub(super) fn state(&self, name: &str) -> InstallState {
        if !is_name(name) {
            return InstallState::NotInstalled;
        }
        match (fs::metadata(self.place(name)), self.catalog.find(name)) {
            (Ok(file), _) if !file.is_file() => InstallState::Damaged,
            (Ok(file), Some(model)) if file.len() != model.bytes => InstallState::Damaged,
            (Ok(_), _) => InstallState::Installed,
            (Err(_), _) => InstallState::NotInstalled,
        }
    }

    /// Reads a whole model that is on this machine: its SHA-256 if the catalog states one, its structure otherwise.
    pub fn verify(&self, name: &str) -> Result<(), ModelError> {
        self.verify_until(name, &AtomicBool::new(false))
    }

    /// Whether an adapter for fillers and repeats is added to a model of this machine when it is loaded.
    pub fn has_adapter(&self, name: &str) -> bool {
        adapter::has_adapter(&self.place(name)).unwrap_or(false)
    }

    pub(super) fn verify_until(&self, name: &str, cancel: &AtomicBool) -> Result<(), ModelError> {
        let model = self.catalog.find(name);
        if self.state(name) == InstallState::NotInstalled {
            let name = name.to_owned();
            return Err(match model {
                Some(_) => ModelError::Missing { name },
                None => ModelError::Unknown { name },
            });
        }
        let place = self.place(name);
        let checked = match model {
            Some(model) => matches_catalog(&place, model, cancel),
            None => check_file(&place).map_err(FetchError::InvalidModel),
        };
        checked.map_err(|error| match error {
            FetchError::Cancelled => ModelError::Cancelled,
            FetchError::Write(error) => self.fails(error),
            FetchError::InvalidModel(invalid) => ModelError::Damaged {
                name: name.to_owned(),
                own: model.is_none(),
                invalid,
            },
            FetchError::Refused(error) => {
                let invalid = InvalidModel::Broken(error.to_string());
                ModelError::Damaged {
                    name: name.to_owned(),
                    own: model.is_none(),
                    invalid,
                }
            }
        })
    }

    /// Makes the folder ready to be written to.
    pub(super) fn prepare(&self) -> Result<(), ModelError> {
        private_folder(&self.folder)
            .and_then(|()| self.clear_remains())
            .map_err(|error| self.fails(error))
    }

    /// Verifies a finished file and puts it in a model's place, there at once and whole.
    pub(super) fn put(&self, file: &Path, model: &Model, progress: &ProgressSink<'_>) -> Result<(), FetchError> {
        matches_catalog(file, model, progress.cancel)?;
        check_file(file)?;
        self.place_file(file, &model.name).map_err(FetchError::Write)
    }

    /// Gives a finished file a model's name, in place of whatever has it.
    pub(super) fn place_file(&self, file: &Path, name: &str) -> io::Result<()> {
        File::options().write(true).open(file)?.sync_all()?;
        fs::rename(file, self.place(name))?;
        self.sync();
        Ok(())
    }

    /// Gives a finished file a model's name if nothing has it yet, and says whether it did. Of several who try at the
    /// same time one succeeds.
    pub(super) fn place_new_file(&self, file: &Path, name: &str) -> io::Result<bool> {
        File::options().write(true).open(file)?.sync_all()?;
        match TempPath::try_from_path(file)?.persist_noclobber(self.place(name)) {
            Ok(()) => {
                self.sync();
                Ok(true)
            }
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error.error),
        }
    }

    /// The rename itself: only some systems let a folder be synced, and no power cut makes half a model of it.
    fn sync(&self) {
        if let Ok(folder) = File::open(&self.folder) {
            let _ = folder.sync_all();
        }
    }

    pub(super) fn place(&self, name: &str) -> PathBuf {
        self.folder.join(format!("ggml-{name}.bin"))
    }

    pub(super) fn fails(&self, source: io::Error) -> ModelError {
        ModelError::Folder {
            folder: self.folder.clone(),
            source,
        }
    }
}

/// Names that are safe as a part of a file's name everywhere.
pub(super) fn is_name(name: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    (1..=64).contains(&name.len()) && name.bytes().all(letter) && !name.starts_with('.')
}

/// Passes a ggml file that the recognizer can load. It reads all of its structure and none of its weights.
pub(super) fn check_file(path: &Path) -> Result<(), InvalidModel> {
    let file = File::open(path).map_err(InvalidModel::Unreadable)?;
    let length = file.metadata().map_err(InvalidModel::Unreadable)?.len();
    ggml::inspect(file, length).map(|_| ())
}

fn matches_catalog(path: &Path, model: &Model, cancel: &AtomicBool) -> Result<(), FetchError> {
    let (bytes, sha256) = digest::of_file(path, cancel)?;
    if bytes != model.bytes {
        return Err(DownloadError::Size {
            has: bytes,
            needs: model.bytes,
        }
        .into());
    }
    if sha256 != model.sha256 {
        return Err(DownloadError::Digest {
            has: sha256,
            needs: model.sha256.clone(),
        }
        .into());
    }
    Ok(())
}

/// Makes the folder where it is missing, for its owner alone: the user's practice may lie beside it.
fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
