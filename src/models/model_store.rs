//! The folder where models lie, one file each, `ggml-NAME.bin`. A file gets this name only when it is whole and
//! verified; what is still being made has another. Models that came with a package, or with the program on a stick, lie in
//! folders that are only read.

use std::{
    env,
    ffi::OsStr,
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
use crate::settings::ModelChoice;

/// Where models lie, and how they are had.
#[derive(Clone, Debug)]
pub struct ModelStore {
    folder: PathBuf,
    /// Where models of others lie. Nothing is written there, and a model in `folder` is taken before them.
    shared: Vec<PathBuf>,
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
    /// What it is chosen for, in a word or two; of the few that most people choose among.
    #[serde(skip)]
    pub title: Option<String>,
    pub good_for: String,
    /// How much longer it takes than tiny.en, where that was measured.
    pub work: Option<f64>,
    /// What was learned for fillers and repeats is added to it.
    pub taught: bool,
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

impl ModelEntry {
    /// As one to choose from; nothing where it is not known how long it takes.
    pub fn choice(&self) -> Option<ModelChoice<'_>> {
        Some(ModelChoice {
            name: &self.name,
            work: self.work?,
            proposable: self.taught,
        })
    }
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
            shared: Vec::new(),
            catalog: Catalog::builtin(),
            web: Web::new(),
            mirror: None,
            try_lock: File::try_lock,
        }
    }

    /// The models of this machine, and the mirror that the environment names for others. They belong to the machine
    /// rather than to a person's practice, so `--data` does not move them. The variable `ALOUD_MODELS` does, and then no
    /// other folder is looked at.
    pub fn of_this_machine() -> Result<Arc<Self>, ModelError> {
        let store = if let Some(folder) = env::var_os("ALOUD_MODELS") {
            Self::new(folder)
        } else {
            let folders = directories::ProjectDirs::from("", "", "aloud").ok_or(ModelError::NoHome)?;
            let program = env::current_exe().ok();
            let data_folders = env::var_os("XDG_DATA_DIRS");
            Self::new(folders.data_dir().join("models"))
                .with_shared(shared_folders(program.as_deref(), data_folders.as_deref()))
        };
        Ok(Arc::new(store.with_mirror(mirror_of_environment())))
    }

    /// With folders that are only read.
    #[must_use]
    pub fn with_shared(mut self, folders: Vec<PathBuf>) -> Self {
        self.shared = folders;
        self
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
            shared: Vec::new(),
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
        match self.find(name) {
            (InstallState::Installed, path) => Some(path),
            (InstallState::NotInstalled | InstallState::Damaged, _) => None,
        }
    }

    /// Every model of the catalog in its order, then the user's own by name.
    pub fn list(&self) -> Vec<ModelEntry> {
        let known = self.catalog.models().iter().map(|model| {
            let (state, path) = self.find(&model.name);
            ModelEntry {
                name: model.name.clone(),
                languages: model.languages.clone(),
                bytes: model.bytes,
                licence: model.licence.clone(),
                title: model.title.clone(),
                good_for: model.good_for.clone(),
                work: model.work,
                taught: model.taught,
                state,
                own: false,
                default: model.name == super::catalog::DEFAULT,
                sha256: Some(model.sha256.clone()),
                path: (state != InstallState::NotInstalled).then_some(path),
            }
        });
        known.chain(self.own()).collect()
    }

    fn own(&self) -> Vec<ModelEntry> {
        let files = self.folders().flat_map(fs::read_dir).flatten().flatten();
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
                    title: None,
                    good_for: "Your own.".to_owned(),
                    work: None,
                    taught: false,
                    state: InstallState::Installed,
                    own: true,
                    default: false,
                    sha256: None,
                    path: Some(file.path()),
                    name,
                })
            })
            .collect();
        // Stable: of two with one name, the first that was found is the one that is used.
        own.sort_by(|a, b| a.name.cmp(&b.name));
        own.dedup_by(|later, first| later.name == first.name);
        own
    }

    /// The first folder's file that is as it should be. Where there is none: what is wrong with the one in the own folder, and
    /// where it lies or would lie.
    fn find(&self, name: &str) -> (InstallState, PathBuf) {
        let place = self.place(name);
        if !is_name(name) {
            return (InstallState::NotInstalled, place);
        }
        self.folders()
            .map(|folder| folder.join(file_name(name)))
            .find(|path| self.state_of(name, path) == InstallState::Installed)
            .map_or_else(
                || (self.state_of(name, &place), place.clone()),
                |path| (InstallState::Installed, path),
            )
    }

    fn state_of(&self, name: &str, path: &Path) -> InstallState {
        match (fs::metadata(path), self.catalog.find(name)) {
            (Ok(file), _) if !file.is_file() => InstallState::Damaged,
            (Ok(file), Some(model)) if file.len() != model.bytes => InstallState::Damaged,
            (Ok(_), _) => InstallState::Installed,
            (Err(_), _) => InstallState::NotInstalled,
        }
    }

    /// Every folder, in the order in which they are searched.
    fn folders(&self) -> impl Iterator<Item = &Path> {
        std::iter::once(&self.folder).chain(&self.shared).map(PathBuf::as_path)
    }

    /// Reads a whole model that is on this machine: its SHA-256 if the catalog states one, its structure otherwise.
    pub fn verify(&self, name: &str) -> Result<(), ModelError> {
        self.verify_until(name, &AtomicBool::new(false))
    }

    /// Whether an adapter for fillers and repeats is added to a model of this machine when it is loaded.
    pub fn has_adapter(&self, name: &str) -> bool {
        adapter::has_adapter(&self.find(name).1).unwrap_or(false)
    }

    pub(super) fn verify_until(&self, name: &str, cancel: &AtomicBool) -> Result<(), ModelError> {
        let model = self.catalog.find(name);
        let (state, place) = self.find(name);
        if state == InstallState::NotInstalled {
            let name = name.to_owned();
            return Err(match model {
                Some(_) => ModelError::Missing { name },
                None => ModelError::Unknown { name },
            });
        }
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
        self.folder.join(file_name(name))
    }

    pub(super) fn fails(&self, source: io::Error) -> ModelError {
        ModelError::Folder {
            folder: self.folder.clone(),
            source,
        }
    }
}

fn file_name(name: &str) -> String {
    format!("ggml-{name}.bin")
}

/// Where models lie that came with a package or on a stick: beside the program, which packages keep in a folder `lib`, and
/// in the system's data folders.
fn shared_folders(program: Option<&Path>, data_folders: Option<&OsStr>) -> Vec<PathBuf> {
    let beside = program.and_then(Path::parent).into_iter().flat_map(|folder| {
        let above = folder
            .parent()
            .filter(|_| folder.file_name() == Some(OsStr::new("lib")));
        std::iter::once(folder).chain(above)
    });
    let mut folders: Vec<PathBuf> = beside.map(|folder| folder.join("models")).collect();
    if cfg!(target_os = "linux") {
        let named = data_folders.filter(|named| !named.is_empty());
        let named = env::split_paths(named.unwrap_or(OsStr::new("/usr/local/share:/usr/share")));
        folders.extend(
            named
                .filter(|folder| folder.is_absolute())
                .map(|folder| folder.join("aloud/models")),
        );
    }
    folders
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_also_looked_for_beside_the_program_and_in_the_systems_data_folders() {
        let folders = |program: &str, data: Option<&str>| {
            let folders = shared_folders(Some(Path::new(program)), data.map(OsStr::new));
            let names = folders.iter().map(|folder| folder.display().to_string());
            names.collect::<Vec<_>>().join(" ")
        };
        if cfg!(target_os = "linux") {
            assert_eq!(
                folders("/media/stick/aloud/lib/aloud-x86-64-v3", None),
                "/media/stick/aloud/lib/models /media/stick/aloud/models /usr/local/share/aloud/models \
                /usr/share/aloud/models"
            );
            assert_eq!(
                folders("/usr/lib/aloud/aloud-x86-64-v3", Some("/opt/share:relative:")),
                "/usr/lib/aloud/models /opt/share/aloud/models"
            );
        }
    }
}
