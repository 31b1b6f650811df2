//! Exports, as the disk's thread makes and writes them. What takes a second is no frame's work, and a PDF that fails must not
//! take the saving of everything else with it.

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::Arc,
};

use super::{JobResult, writer::DiskWriter};
use crate::{
    bank::Bank,
    export::{self, DocumentLook, Export, ExportSource, PdfError, SoundLinks},
    insight::Insights,
    interview::{Attempt, Interview},
    store::{ExportPlace, FolderFile, StoreError},
};

/// The interview to be exported, with what is known of its answers.
#[derive(Debug)]
pub struct ExportRequest {
    pub interview: Interview,
    pub title: String,
    pub day: String,
    /// One for each question, as far as they were made.
    pub known: Vec<Option<Insights>>,
    pub bank: Arc<Bank>,
}

impl ExportRequest {
    fn source(&self) -> ExportSource {
        let (title, day) = (self.title.clone(), self.day.clone());
        ExportSource::new(self.interview.clone(), title, day, self.known.clone(), &self.bank)
    }
}

#[derive(Debug)]
pub struct ExportJob {
    pub format: Export,
    pub place: ExportPlace,
    pub request: ExportRequest,
    pub look: DocumentLook,
}

/// Something that was exported.
#[derive(Debug)]
pub struct Exported {
    pub path: PathBuf,
    /// What is not as one would expect, in a sentence.
    pub remark: Option<String>,
}

#[derive(Debug, thiserror::Error)]
enum ExportError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Pdf(#[from] PdfError),
    #[error("The export could not be made because of an error in Aloud. Save the interview in another format.")]
    Panicked,
}

impl DiskWriter {
    pub(super) fn export(&self, job: Box<ExportJob>) -> JobResult {
        match unharmed(|| self.write_export(&job)) {
            Err(ExportError::Store(StoreError::Taken(path))) => JobResult::ExportTaken(job, path),
            result => JobResult::Exported(result.map_err(|error| error.to_string())),
        }
    }

    fn write_export(&self, job: &ExportJob) -> Result<Exported, ExportError> {
        let source = job.request.source();
        let (bytes, ending) = match (job.format.ending(), export::text(job.format, &source)) {
            (None, _) => return self.write_folder(job, &source),
            (Some(ending), Some(text)) => (text.into_bytes(), ending),
            (Some(ending), None) => (export::pdf(&source, &job.look)?, ending),
        };
        let path = self.store.export(&job.place, ending, &bytes)?;
        Ok(Exported { path, remark: None })
    }

    fn write_folder(&self, job: &ExportJob, source: &ExportSource) -> Result<Exported, ExportError> {
        let (sounds, missing) = sounds(&source.interview);
        let mut links: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for sound in &sounds {
            links.entry(sound.question).or_default().push(sound.name.clone());
        }
        let json = export::text(Export::Json, source).unwrap_or_default();
        let mut files = vec![
            (
                "Interview.pdf".to_owned(),
                FolderFile::New(export::pdf(source, &job.look)?),
            ),
            (
                "Interview.html".to_owned(),
                FolderFile::New(export::page_with_sound(source, &SoundLinks(links)).into_bytes()),
            ),
            ("Interview.json".to_owned(), FolderFile::New(json.into_bytes())),
        ];
        let copies = sounds
            .into_iter()
            .map(|sound| (sound.name, FolderFile::CopyOf(sound.path)));
        files.extend(copies);
        let path = self.store.export_folder(&job.place, &files)?;
        let remark = match missing {
            0 => None,
            1 => Some("One recording was not found, and is not in it.".to_owned()),
            more => Some(format!("{more} recordings were not found, and are not in it.")),
        };
        Ok(Exported { path, remark })
    }
}

/// The interview as plain text.
pub(super) fn composed(request: &ExportRequest) -> JobResult {
    let text = unharmed(|| Ok(export::text(Export::Text, &request.source()).unwrap_or_default()));
    JobResult::Composed(text.map_err(|error| error.to_string()))
}

/// A recording for the folder.
struct ExportedSound {
    /// Counted from 1.
    question: usize,
    name: String,
    path: PathBuf,
}

/// The recordings of the shown answers, and how many of them are gone though nobody deleted them here.
fn sounds(interview: &Interview) -> (Vec<ExportedSound>, usize) {
    let (mut sounds, mut missing) = (Vec::new(), 0);
    for (question, turn) in (1..).zip(&interview.turns) {
        let main = turn.main_index();
        let attempts = std::iter::once(main).chain(turn.followed_by(main)).enumerate();
        for (follow_up, attempt) in attempts {
            let Some(take) = turn.attempts.get(attempt).and_then(Attempt::playable) else {
                continue;
            };
            if !take.sound.is_file() {
                missing += 1;
                continue;
            }
            let name = match follow_up {
                0 => format!("Answer {question}.wav"),
                number => format!("Answer {question}, follow-up {number}.wav"),
            };
            sounds.push(ExportedSound {
                question,
                name,
                path: take.sound.clone(),
            });
        }
    }
    (sounds, missing)
}

/// The result of this, also where it panics: the thread has more to do.
fn unharmed<T>(make: impl FnOnce() -> Result<T, ExportError>) -> Result<T, ExportError> {
    catch_unwind(AssertUnwindSafe(make)).unwrap_or(Err(ExportError::Panicked))
}
