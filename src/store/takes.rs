//! Takes that lie on disk and belong to no saved answer: what a crash or a power cut left behind.

use std::{
    collections::BTreeSet,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use jiff::Timestamp;

use super::{Store, StoreError, file, window_lock::is_being_written};
use crate::{
    interview::Interview,
    take::{FoundTake, RATE},
};

/// Bytes before the samples of a WAV file.
pub(super) const HEADER_BYTES: u64 = 44;
/// 16 bit.
pub(super) const SAMPLE_BYTES: u64 = 2;

/// The file names of an interview's takes.
pub fn take_names(interview: &Interview) -> impl Iterator<Item = OsString> {
    let attempts = interview.turns.iter().flat_map(|turn| &turn.attempts);
    let takes = attempts.filter_map(|attempt| attempt.take.as_ref());
    takes.filter_map(|take| take.sound.file_name().map(OsString::from))
}

impl Store {
    /// Takes that are not among the known ones, and that nobody is recording, newest first. In what is shorter than half a second no
    /// word was spoken: most of that lies before Record was pressed.
    pub fn found_takes(&self, known: &BTreeSet<OsString>) -> Vec<FoundTake> {
        let Ok(entries) = fs::read_dir(self.takes()) else {
            return Vec::new();
        };
        let mut found: Vec<FoundTake> = entries
            .flatten()
            .filter(|entry| entry.path().extension().is_some_and(|ending| ending == "wav"))
            .filter(|entry| !known.contains(&entry.file_name()))
            .filter_map(|entry| {
                let meta = entry.metadata().ok()?;
                let samples = meta.len().saturating_sub(HEADER_BYTES) / SAMPLE_BYTES;
                Some(FoundTake {
                    sound: entry.path(),
                    recorded: meta.modified().ok().and_then(to_timestamp).unwrap_or_default(),
                    seconds: samples as f64 / f64::from(RATE),
                })
            })
            .filter(|take| take.seconds >= 0.5 && !is_being_written(&take.sound))
            .collect();
        found.sort_by(|a, b| b.recorded.cmp(&a.recorded).then_with(|| a.sound.cmp(&b.sound)));
        found
    }

    /// Deletes a found take. A path outside the takes' folder is refused.
    pub fn delete_take(&self, take: &FoundTake) -> Result<(), StoreError> {
        self.delete_sound(&take.sound)
    }

    /// The takes that belong to none of the known answers; not one that came after this time, or that is being
    /// recorded, here or by another Aloud.
    pub fn strays(
        &self,
        known: &BTreeSet<OsString>,
        asked: SystemTime,
        running: Option<&Path>,
    ) -> Result<Vec<PathBuf>, StoreError> {
        let Some(entries) = file::entries(&self.takes())? else {
            return Ok(Vec::new());
        };
        let came_before = |entry: &fs::DirEntry| {
            let modified = entry.metadata().and_then(|meta| meta.modified());
            // A disk that keeps no times has no take that could be told from another by them.
            modified.map_or(true, |modified| modified <= asked)
        };
        let strays = entries
            .flatten()
            .filter(|entry| !known.contains(&entry.file_name()) && came_before(entry))
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "wav") && Some(path.as_path()) != running)
            .filter(|path| !is_being_written(path));
        Ok(strays.collect())
    }
}

fn to_timestamp(time: SystemTime) -> Option<Timestamp> {
    Timestamp::try_from(time).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stray_is_listed_but_the_running_one_and_what_came_later() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Some(folder.path().to_owned())).unwrap();
        fs::create_dir(store.takes()).unwrap();
        let [lost, short, running, known] =
            ["lost.wav", "short.wav", "running.wav", "known.wav"].map(|name| store.takes().join(name));
        for path in [&lost, &short, &running, &known] {
            fs::write(path, "x").unwrap();
        }
        let names = BTreeSet::from([OsString::from("known.wav")]);
        let strays = |asked: SystemTime| {
            let mut strays = store.strays(&names, asked, Some(&running)).unwrap();
            strays.sort();
            strays
        };
        assert_eq!(strays(SystemTime::now()), [lost, short]);
        assert!(strays(SystemTime::UNIX_EPOCH).is_empty());
    }

    #[test]
    fn a_take_that_no_answer_names_is_found_with_its_length() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Some(folder.path().to_owned())).unwrap();
        fs::create_dir(store.takes()).unwrap();
        fs::write(store.takes().join("lost.wav"), vec![0; 44 + 64_000]).unwrap();
        fs::write(store.takes().join("empty.wav"), vec![0; 44]).unwrap();
        let found = store.found_takes(&BTreeSet::new());
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].seconds, 2.0);
        store.delete_take(&found[0]).unwrap();
        assert!(store.found_takes(&BTreeSet::new()).is_empty());
    }
}
