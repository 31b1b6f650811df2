//! Takes a model that the user has: a ggml file, a `CTranslate2` folder, wheels. The original stays as it is.

use std::{
    fs::{self, File},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use tempfile::TempDir;

use super::{
    Progress, Watch, digest,
    error::ModelError,
    flaw::{Flaw, Trouble},
    ggml::MAGIC,
    shelf::{Shelf, State, check_file, is_name},
    source::convert_file,
    wheel::{self, MOST_WORDS, Unpacked},
};

/// How an imported model is named from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    pub name: String,
    /// The catalog does not know it.
    pub own: bool,
    pub path: PathBuf,
}

impl Shelf {
    /// Takes a copy of a model: under the catalog's name if the catalog knows it, else under its file's name.
    pub fn import(
        &self,
        path: &Path,
        tell: &mut dyn FnMut(Progress),
        cancel: &AtomicBool,
    ) -> Result<Imported, ModelError> {
        // Before anything is made: what cannot be read leaves no trace.
        fs::metadata(path).map_err(|source| ModelError::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        self.prepare()?;
        let mut watch = Watch::new(tell, cancel);
        let taken = self
            .workshop()
            .and_then(|workshop| self.take(path, &workshop, &mut watch));
        taken.unwrap_or_else(|trouble| Err(self.of_import(path, trouble)))
    }

    fn take(
        &self,
        path: &Path,
        workshop: &TempDir,
        watch: &mut Watch<'_>,
    ) -> Result<Result<Imported, ModelError>, Trouble> {
        let file = gather(path, workshop.path(), watch)?;
        check_file(&file)?;
        let (bytes, sha256) = digest::of_file(&file, watch.cancel)?;
        let imported = |name: &str, own| Imported {
            name: name.to_owned(),
            own,
            path: self.place(name),
        };
        if let Some(model) = self.catalog().of_digest(&sha256) {
            self.place_file(&file, &model.name).map_err(Trouble::Write)?;
            return Ok(Ok(imported(&model.name, false)));
        }
        let name = own_name(path);
        let taken = self.catalog().find(&name).is_some() || !self.is_free(&name, bytes, &sha256, watch)?;
        if taken {
            return Ok(Err(ModelError::NameTaken {
                path: path.to_owned(),
                name,
            }));
        }
        self.place_file(&file, &name).map_err(Trouble::Write)?;
        Ok(Ok(imported(&name, true)))
    }

    /// Nothing has this name, or the very same model has it.
    fn is_free(&self, name: &str, bytes: u64, sha256: &str, watch: &Watch<'_>) -> Result<bool, Trouble> {
        if self.state(name) == State::Absent {
            return Ok(true);
        }
        let (has_bytes, has) = digest::of_file(&self.place(name), watch.cancel)?;
        Ok((has_bytes, has.as_str()) == (bytes, sha256))
    }

    fn of_import(&self, path: &Path, trouble: Trouble) -> ModelError {
        match trouble {
            Trouble::Cancelled => ModelError::Cancelled,
            Trouble::Write(error) => self.fails(error),
            Trouble::Flaw(Flaw::Unreadable(source)) => ModelError::Unreadable {
                path: path.to_owned(),
                source,
            },
            Trouble::Flaw(flaw) => ModelError::NotAModel {
                path: path.to_owned(),
                flaw,
            },
            Trouble::Refused(refusal) => ModelError::NotAModel {
                path: path.to_owned(),
                flaw: Flaw::Broken(refusal.to_string()),
            },
        }
    }
}

/// Makes one ggml file in the workshop of whatever lies at `path`.
fn gather(path: &Path, workshop: &Path, watch: &mut Watch<'_>) -> Result<PathBuf, Trouble> {
    if path.is_dir() {
        return folder(path, workshop, watch);
    }
    let mut beginning = Vec::new();
    File::open(path)
        .and_then(|file| file.take(64).read_to_end(&mut beginning))
        .map_err(Flaw::Unreadable)?;
    if beginning.starts_with(&MAGIC) {
        return copy(path, workshop, watch);
    }
    if beginning.starts_with(b"PK\x03\x04") {
        let unpacked = wheel::unpack(&[path.to_owned()], workshop, watch)?;
        return convert_file(&unpacked, workshop, watch);
    }
    // A version, the length of a string, and the string: the beginning of a CTranslate2 `model.bin`.
    if beginning
        .get(6..)
        .is_some_and(|rest| rest.starts_with(b"WhisperSpec\0"))
    {
        let folder = path.parent().unwrap_or(Path::new(""));
        return convert_file(
            &Unpacked {
                model: path.to_owned(),
                vocabulary: vocabulary(folder)?,
                parts: 0,
            },
            workshop,
            watch,
        );
    }
    Err(Flaw::of_beginning(&beginning).into())
}

fn folder(path: &Path, workshop: &Path, watch: &mut Watch<'_>) -> Result<PathBuf, Trouble> {
    let model = path.join("model.bin");
    if model.is_file() {
        return convert_file(
            &Unpacked {
                model,
                vocabulary: vocabulary(path)?,
                parts: 0,
            },
            workshop,
            watch,
        );
    }
    let files = fs::read_dir(path).map_err(Flaw::Unreadable)?;
    let mut wheels: Vec<PathBuf> = files
        .flatten()
        .map(|file| file.path())
        .filter(|file| wheel::is_wheel(file))
        .collect();
    if wheels.is_empty() {
        return Err(Flaw::Broken("it is a folder with neither a model.bin nor wheels in it".to_owned()).into());
    }
    wheels.sort();
    let unpacked = wheel::unpack(&wheels, workshop, watch)?;
    convert_file(&unpacked, workshop, watch)
}

fn vocabulary(folder: &Path) -> Result<Vec<u8>, Flaw> {
    for name in ["vocabulary.txt", "vocabulary.json"] {
        let mut words = Vec::new();
        match File::open(folder.join(name)).and_then(|file| file.take(MOST_WORDS).read_to_end(&mut words)) {
            Ok(_) => return Ok(words),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(Flaw::Unreadable(error)),
        }
    }
    Err(Flaw::Broken(
        "there is no vocabulary.txt or vocabulary.json beside it".to_owned(),
    ))
}

fn copy(path: &Path, workshop: &Path, watch: &mut Watch<'_>) -> Result<PathBuf, Trouble> {
    // Most that is no model ends here, before it costs room on the disk.
    check_file(path)?;
    let mut file = File::open(path).map_err(Flaw::Unreadable)?;
    watch.begin(0, file.metadata().ok().map(|file| file.len()));
    let copied = workshop.join("copied.bin");
    let mut out = File::create(&copied).map_err(Trouble::Write)?;
    let mut chunk = vec![0; digest::CHUNK];
    loop {
        watch.check()?;
        let read = file.read(&mut chunk).map_err(Flaw::Unreadable)?;
        if read == 0 {
            return Ok(copied);
        }
        out.write_all(&chunk[..read]).map_err(Trouble::Write)?;
        watch.step(read as u64);
    }
}

/// The name of a model that the catalog does not know, out of its file's or folder's name.
fn own_name(path: &Path) -> String {
    let whole = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let file = if whole.is_dir() {
        whole.file_name()
    } else {
        whole.file_stem()
    };
    let file = file.map(|file| file.to_string_lossy().into_owned()).unwrap_or_default();
    let file = if file == "model" {
        // A CTranslate2 folder's own name says more.
        let folder = whole.parent().and_then(Path::file_name);
        folder.map_or(file, |folder| folder.to_string_lossy().into_owned())
    } else {
        file
    };
    let plain = |letter: char| {
        if letter.is_ascii_alphanumeric() || "._-".contains(letter) {
            letter
        } else {
            '-'
        }
    };
    let name: String = file.strip_prefix("ggml-").unwrap_or(&file).chars().map(plain).collect();
    let name: String = name.trim_start_matches(['.', '-']).chars().take(64).collect();
    if is_name(&name) { name } else { "own".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_models_are_named_after_their_file() {
        for (path, name) in [
            ("/nowhere/ggml-medical.en.bin", "medical.en"),
            ("/nowhere/My model (2).bin", "My-model--2-"),
            ("/nowhere/..hidden.bin", "hidden"),
            ("/nowhere/faster-whisper-x/model.bin", "faster-whisper-x"),
            ("/nowhere/日本.bin", "own"),
            ("/", "own"),
        ] {
            assert_eq!(own_name(Path::new(path)), name);
        }
    }
}
