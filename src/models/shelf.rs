//! The folder where models lie, one file each, `ggml-NAME.bin`. A file gets this name only when it is whole and
//! verified; what is still being made has another.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
    thread,
    time::{Duration, SystemTime},
};

use serde::Serialize;
use tempfile::TempDir;

use super::{
    Progress, Watch,
    catalog::{Catalog, Model},
    digest,
    error::ModelError,
    fetch::Web,
    flaw::{Flaw, Trouble},
    ggml,
    pip::Pip,
    refusal::Refusal,
};

/// Half-made models of a process that was killed are cleared away after this time.
const STALE: Duration = Duration::from_hours(24);
const WORK: &str = ".work-";
const GLANCE: Duration = Duration::from_millis(100);

/// Where models lie, and how they are had.
#[derive(Clone, Debug)]
pub struct Shelf {
    folder: PathBuf,
    catalog: Catalog,
    pub(super) web: Web,
    pub(super) pip: Pip,
}

/// One line of the list: a model of the catalog, or one that the user brought.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    pub name: String,
    pub languages: String,
    pub bytes: u64,
    pub licence: String,
    pub good_for: String,
    /// How much longer it takes than tiny.en, where that was measured.
    pub work: Option<f64>,
    pub state: State,
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
pub enum State {
    /// On this machine.
    Here,
    /// Known, and not on this machine.
    Absent,
    /// A file of its name is on this machine and has another size: somebody changed it.
    Damaged,
}

impl Shelf {
    /// Models lie in this folder; it is made when the first of them comes.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            catalog: Catalog::builtin(),
            web: Web::new(),
            pip: Pip::new(),
        }
    }

    #[cfg(test)]
    pub(super) fn of_tests(folder: &Path, catalog: Catalog, pip: Pip) -> Self {
        Self {
            folder: folder.to_owned(),
            catalog,
            web: Web::of_tests(),
            pip,
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
            State::Here => Some(self.place(name)),
            State::Absent | State::Damaged => None,
        }
    }

    /// Every model of the catalog in its order, then the user's own by name.
    pub fn list(&self) -> Vec<Entry> {
        let known = self.catalog.models().iter().map(|model| {
            let state = self.state(&model.name);
            Entry {
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
                path: (state != State::Absent).then(|| self.place(&model.name)),
            }
        });
        known.chain(self.own()).collect()
    }

    fn own(&self) -> Vec<Entry> {
        let files = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut own: Vec<Entry> = files
            .filter_map(|file| {
                let name = file
                    .file_name()
                    .to_str()?
                    .strip_prefix("ggml-")?
                    .strip_suffix(".bin")?
                    .to_owned();
                let found = fs::metadata(file.path()).ok().filter(fs::Metadata::is_file)?;
                (is_name(&name) && self.catalog.find(&name).is_none()).then(|| Entry {
                    languages: "not known".to_owned(),
                    bytes: found.len(),
                    licence: "not known".to_owned(),
                    good_for: "Your own.".to_owned(),
                    work: None,
                    state: State::Here,
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

    pub(super) fn state(&self, name: &str) -> State {
        if !is_name(name) {
            return State::Absent;
        }
        match (fs::metadata(self.place(name)), self.catalog.find(name)) {
            (Ok(file), _) if !file.is_file() => State::Damaged,
            (Ok(file), Some(model)) if file.len() != model.bytes => State::Damaged,
            (Ok(_), _) => State::Here,
            (Err(_), _) => State::Absent,
        }
    }

    /// Reads a whole model that is on this machine: its SHA-256 if the catalog states one, its structure otherwise.
    pub fn verify(&self, name: &str) -> Result<(), ModelError> {
        self.verify_until(name, &AtomicBool::new(false))
    }

    fn verify_until(&self, name: &str, cancel: &AtomicBool) -> Result<(), ModelError> {
        let model = self.catalog.find(name);
        if self.state(name) == State::Absent {
            let name = name.to_owned();
            return Err(match model {
                Some(_) => ModelError::Missing { name },
                None => ModelError::Unknown { name },
            });
        }
        let place = self.place(name);
        let checked = match model {
            Some(model) => matches_catalog(&place, model, cancel),
            None => check_file(&place).map_err(Trouble::Flaw),
        };
        checked.map_err(|trouble| match trouble {
            Trouble::Cancelled => ModelError::Cancelled,
            Trouble::Write(error) => self.fails(error),
            Trouble::Flaw(flaw) => ModelError::Damaged {
                name: name.to_owned(),
                own: model.is_none(),
                flaw,
            },
            Trouble::Refused(refusal) => {
                let flaw = Flaw::Broken(refusal.to_string());
                ModelError::Damaged {
                    name: name.to_owned(),
                    own: model.is_none(),
                    flaw,
                }
            }
        })
    }

    /// Gets a model of the catalog from the first of its sources that gives it, and says where it lies.
    ///
    /// One that is here already is verified and left as it is. `tell` hears how far it is, and `cancel` ends it within
    /// a second. Another process that gets the same model is waited for.
    pub fn fetch(
        &self,
        name: &str,
        tell: &mut dyn FnMut(Progress),
        cancel: &AtomicBool,
    ) -> Result<PathBuf, ModelError> {
        let model = self
            .catalog
            .find(name)
            .ok_or_else(|| ModelError::Unknown { name: name.to_owned() })?;
        self.prepare()?;
        let mut watch = Watch::new(tell, cancel);
        let _lock = self.lock(model, &mut watch)?;
        if self.state(name) == State::Here {
            match self.verify_until(name, cancel) {
                Ok(()) => return Ok(self.place(name)),
                Err(ModelError::Damaged { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        let mut reasons = Vec::new();
        for source in &model.sources {
            match self.try_source(model, source, &mut watch) {
                Ok(()) => return Ok(self.place(name)),
                Err(Trouble::Cancelled) => return Err(ModelError::Cancelled),
                Err(Trouble::Write(error)) => return Err(self.fails(error)),
                Err(trouble) => {
                    let reason = super::source::reason(source, &trouble);
                    log::warn!("{}: {}", reason.source, reason.says);
                    reasons.push(reason);
                }
            }
        }
        let address = model.address().map(str::to_owned);
        Err(ModelError::Unreachable {
            name: name.to_owned(),
            reasons,
            address,
        })
    }

    pub(super) fn prepare(&self) -> Result<(), ModelError> {
        private_folder(&self.folder).map_err(|error| self.fails(error))?;
        for file in fs::read_dir(&self.folder).map_err(|error| self.fails(error))?.flatten() {
            let old = |found: fs::Metadata| {
                found
                    .modified()
                    .is_ok_and(|at| SystemTime::now().duration_since(at).is_ok_and(|age| age > STALE))
            };
            if file.file_name().to_string_lossy().starts_with(WORK) && file.metadata().is_ok_and(old) {
                // It only takes room: the next time will do as well.
                let _ = fs::remove_dir_all(file.path());
            }
        }
        Ok(())
    }

    /// Held while a model is being fetched; the system lets go of it when a process dies.
    fn lock(&self, model: &Model, watch: &mut Watch<'_>) -> Result<File, ModelError> {
        let path = self.folder.join(format!(".{}.lock", model.name));
        let file = File::options()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(|error| self.fails(error))?;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) => {
                    let done = fs::metadata(self.part(&model.name)).map_or(0, |part| part.len());
                    watch.begin(done, Some(model.bytes));
                    watch.check().map_err(|_| ModelError::Cancelled)?;
                    thread::sleep(GLANCE);
                }
                Err(TryLockError::Error(error)) => return Err(self.fails(error)),
            }
        }
    }

    /// A folder for what is in the making; it goes away with the value.
    pub(super) fn workshop(&self) -> Result<TempDir, Trouble> {
        tempfile::Builder::new()
            .prefix(WORK)
            .tempdir_in(&self.folder)
            .map_err(Trouble::Write)
    }

    /// Verifies a finished file and puts it in a model's place, there at once and whole.
    pub(super) fn put(&self, file: &Path, model: &Model, watch: &Watch<'_>) -> Result<(), Trouble> {
        matches_catalog(file, model, watch.cancel)?;
        check_file(file)?;
        self.place_file(file, &model.name).map_err(Trouble::Write)
    }

    pub(super) fn place_file(&self, file: &Path, name: &str) -> io::Result<()> {
        File::options().write(true).open(file)?.sync_all()?;
        fs::rename(file, self.place(name))?;
        // The rename itself: only some systems let a folder be synced, and no power cut makes half a model of it.
        if let Ok(folder) = File::open(&self.folder) {
            let _ = folder.sync_all();
        }
        Ok(())
    }

    pub(super) fn place(&self, name: &str) -> PathBuf {
        self.folder.join(format!("ggml-{name}.bin"))
    }

    pub(super) fn part(&self, name: &str) -> PathBuf {
        self.folder.join(format!("ggml-{name}.bin.part"))
    }

    pub(super) fn fails(&self, source: io::Error) -> ModelError {
        ModelError::Shelf {
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
pub(super) fn check_file(path: &Path) -> Result<(), Flaw> {
    let file = File::open(path).map_err(Flaw::Unreadable)?;
    let length = file.metadata().map_err(Flaw::Unreadable)?.len();
    ggml::inspect(file, length).map(|_| ())
}

fn matches_catalog(path: &Path, model: &Model, cancel: &AtomicBool) -> Result<(), Trouble> {
    let (bytes, sha256) = digest::of_file(path, cancel)?;
    if bytes != model.bytes {
        return Err(Refusal::Size {
            has: bytes,
            needs: model.bytes,
        }
        .into());
    }
    if sha256 != model.sha256 {
        return Err(Refusal::Digest {
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
