//! Saved interviews: one file each.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{
    Store, StoreError, file,
    takes::{HEADER_BYTES, SAMPLE_BYTES},
};
use crate::{
    interview::Interview,
    take::{RATE, Take},
};

impl Store {
    /// All saved interviews, newest first, and a sentence for each file that could not be read. Their takes are those of
    /// this folder: it may have been moved since they were saved.
    pub fn interviews(&self) -> (Vec<Interview>, Vec<StoreError>) {
        match self.interview_files() {
            Ok(files) => self.read_interviews(&files),
            Err(error) => (Vec::new(), vec![error]),
        }
    }

    /// The files of saved interviews, newest first as far as their names tell. Reading them takes longer than listing
    /// them: whoever waits reads the first ones first.
    pub fn interview_files(&self) -> Result<Vec<PathBuf>, StoreError> {
        let Some(entries) = file::entries(&self.interviews_folder())? else {
            return Ok(Vec::new());
        };
        let mut files: Vec<PathBuf> = entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
            .collect();
        // Their names begin with the time at which they were begun.
        files.sort_by(|a, b| b.cmp(a));
        Ok(files)
    }

    /// Reads some of them.
    pub fn read_interviews(&self, files: &[PathBuf]) -> (Vec<Interview>, Vec<StoreError>) {
        let mut interviews = Vec::new();
        let mut problems = Vec::new();
        for path in files {
            match file::read_json::<Interview>(path) {
                Ok(Some(mut interview)) => {
                    // The name of the file counts: nothing that is written in it leads to another file.
                    if let Some(name) = path.file_stem() {
                        interview.id = name.to_string_lossy().into_owned();
                    }
                    self.bring_home(&mut interview);
                    interviews.push(interview);
                }
                Ok(None) => {}
                Err(error) => problems.push(error),
            }
        }
        interviews.sort_by(|a, b| b.begun.cmp(&a.begun).then_with(|| b.id.cmp(&a.id)));
        (interviews, problems)
    }

    /// A take is known by the name of its file; where the folder lay when it was saved does not matter.
    fn bring_home(&self, interview: &mut Interview) {
        let takes = self.takes();
        let attempts = interview.turns.iter_mut().flat_map(|turn| &mut turn.attempts);
        for take in attempts.filter_map(|attempt| attempt.take.as_mut()) {
            // Written on Windows, read elsewhere: there the whole path looks like a name.
            let name = take
                .sound
                .to_string_lossy()
                .rsplit(['/', '\\'])
                .next()
                .map(PathBuf::from);
            if let Some(name) = name {
                let home = takes.join(name);
                // One that the disk refused may have been written elsewhere.
                if home.exists() || !take.sound.is_absolute() || !take.sound.exists() {
                    take.sound = home;
                }
            }
            count_unwritten(take);
        }
    }

    pub fn save_interview(&self, interview: &Interview) -> Result<(), StoreError> {
        file::write_json(
            &self.interviews_folder().join(format!("{}.json", interview.id)),
            interview,
        )
    }

    /// Deletes an interview and the sound of its takes: those that lie in the takes' folder, and no other file.
    pub fn delete_interview(&self, interview: &Interview) -> Result<(), StoreError> {
        let attempts = interview.turns.iter().flat_map(|turn| &turn.attempts);
        for take in attempts.filter_map(|attempt| attempt.take.as_ref()) {
            self.delete_sound(&take.sound)?;
        }
        file::remove_with_copies(&self.interviews_folder().join(format!("{}.json", interview.id)))
    }

    /// Deletes one take's sound. A path outside the takes' folder, and outside the one that takes what its disk refuses, is
    /// left alone.
    pub fn delete_sound(&self, sound: &Path) -> Result<(), StoreError> {
        let own = [self.takes(), self.elsewhere()];
        if own.iter().any(|folder| sound.parent() == Some(folder.as_path())) {
            file::remove(sound)?;
        }
        Ok(())
    }
}

/// What the disk had refused when this was saved: some of it may have been written since, the rest was lost with the
/// process that held it.
fn count_unwritten(take: &mut Take) {
    let unwritten = std::mem::take(&mut take.unwritten_samples);
    if unwritten == 0 {
        return;
    }
    let whole = (take.seconds * f64::from(RATE)).round() as u64;
    let written = fs::metadata(&take.sound).map_or(0, |meta| meta.len().saturating_sub(HEADER_BYTES) / SAMPLE_BYTES);
    take.lost_samples += whole.saturating_sub(written).min(unwritten);
}

#[cfg(test)]
mod tests {
    use std::fs;

    use jiff::{Timestamp, ToSpan as _};

    use super::*;
    use crate::{
        interview::{Attempt, Turn},
        question::{Question, QuestionKind},
    };

    fn interview(id: &str, hours: i64, sound: &Path) -> Interview {
        let mut interview = Interview::new(id.into(), "cyber".into(), Timestamp::UNIX_EPOCH + hours.hours(), vec![]);
        let question = Question {
            id: "q".into(),
            kind: QuestionKind::Technical,
            prompt: "What?".into(),
            ..Question::default()
        };
        interview.turns.push(Turn {
            attempts: vec![Attempt::of_take(
                Timestamp::UNIX_EPOCH,
                Take {
                    sound: sound.to_owned(),
                    seconds: 1.0,
                    ..Take::default()
                },
            )],
            ..Turn::new(question)
        });
        interview
    }

    #[test]
    fn the_newest_comes_first_and_a_damaged_one_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Some(folder.path().to_owned())).unwrap();
        for (id, hours) in [("a", 1), ("b", 3), ("c", 2)] {
            store
                .save_interview(&interview(id, hours, &store.takes().join("x.wav")))
                .unwrap();
        }
        fs::write(folder.path().join("interviews/d.json"), "{").unwrap();
        let (read, problems) = store.interviews();
        assert_eq!(
            read.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(),
            ["b", "c", "a"]
        );
        assert_eq!(problems.len(), 1);
        assert!(problems[0].to_string().contains("d.json is damaged"));
    }

    #[test]
    fn takes_are_found_and_deleted_where_the_folder_was_moved_to() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Some(folder.path().join("new"))).unwrap();
        fs::create_dir_all(store.takes()).unwrap();
        let sound = store.takes().join("a.wav");
        fs::write(&sound, "x").unwrap();
        for old in ["/old/takes/a.wav", r"C:\Users\sam\takes\a.wav"] {
            store.save_interview(&interview("a", 1, Path::new(old))).unwrap();
            let (read, _) = store.interviews();
            assert_eq!(read[0].turns[0].attempts[0].take.as_ref().unwrap().sound, sound);
            fs::write(&sound, "x").unwrap();
            store.delete_interview(&read[0]).unwrap();
            assert!(!sound.exists());
        }
    }

    #[test]
    fn what_a_full_disk_cost_is_counted_and_what_was_written_late_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Some(folder.path().to_owned())).unwrap();
        let sound = store.takes().join("a.wav");
        fs::create_dir(store.takes()).unwrap();
        for (written, lost) in [(16_000, 0), (12_000, 4000), (8000, 8000), (100, 8000)] {
            fs::write(&sound, vec![0; 44 + written * 2]).unwrap();
            let mut saved = interview("a", 1, &sound);
            saved.turns[0].attempts[0].take.as_mut().unwrap().unwritten_samples = 8000;
            store.save_interview(&saved).unwrap();
            let (read, _) = store.interviews();
            let take = read[0].turns[0].attempts[0].take.as_ref().unwrap();
            assert_eq!((take.lost_samples, take.unwritten_samples), (lost, 0), "{written}");
        }
    }

    #[test]
    fn deleting_an_interview_deletes_its_takes_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Some(folder.path().to_owned())).unwrap();
        fs::create_dir(store.takes()).unwrap();
        let (own, other, outside) = (
            store.takes().join("a.wav"),
            store.takes().join("b.wav"),
            folder.path().join("c.wav"),
        );
        for path in [&own, &other, &outside] {
            fs::write(path, "x").unwrap();
        }
        store.delete_interview(&interview("a", 1, &own)).unwrap();
        store.delete_interview(&interview("b", 1, &outside)).unwrap();
        assert!(!own.exists());
        assert!(other.exists() && outside.exists());
    }
}
