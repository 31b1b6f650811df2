//! Saves that have not succeeded yet: their newest content, why they failed, and when they are tried again. Pure but for
//! the attempt itself, which the caller makes: time is given.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    bank::own_text::OwnDraft,
    interview::{Interview, draw::Memory},
    settings::Settings,
    sheet::ResearchNotes,
    store::{Store, StoreError},
};

/// Pauses between two attempts: short at first, since most disks recover at once or not for long.
const BACKOFF: [Duration; 5] = [
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
    Duration::from_secs(15),
    Duration::from_secs(30),
];

/// What is saved, each in a file of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Document {
    /// By its id.
    Interview(String),
    ResearchNotes,
    Settings,
    OwnQuestions,
    /// What was begun of them.
    OwnDraft,
    /// Which questions were drawn.
    DrawMemory,
}

/// A document with the content to be saved.
#[derive(Clone, Debug)]
pub enum Save {
    Interview(Arc<Interview>),
    ResearchNotes(Box<ResearchNotes>),
    Settings(Box<Settings>),
    OwnQuestions(String),
    OwnDraft(Box<OwnDraft>),
    DrawMemory(Memory),
}

impl Save {
    pub fn document(&self) -> Document {
        match self {
            Self::Interview(interview) => Document::Interview(interview.id.clone()),
            Self::ResearchNotes(_) => Document::ResearchNotes,
            Self::Settings(_) => Document::Settings,
            Self::OwnQuestions(_) => Document::OwnQuestions,
            Self::OwnDraft(_) => Document::OwnDraft,
            Self::DrawMemory(_) => Document::DrawMemory,
        }
    }

    pub fn write(&self, store: &Store) -> Result<(), StoreError> {
        match self {
            Self::Interview(interview) => store.save_interview(interview),
            Self::ResearchNotes(sheet) => store.save_research_notes(sheet),
            Self::Settings(settings) => store.save_settings(settings),
            Self::OwnQuestions(text) => store.save_own_text(text),
            Self::OwnDraft(draft) => store.save_own_draft(draft),
            Self::DrawMemory(memory) => store.save_memory(memory),
        }
    }
}

/// A document that is not on disk as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsaved {
    pub document: Document,
    /// A sentence.
    pub why: String,
}

#[derive(Debug)]
struct Pending {
    save: Save,
    why: String,
    attempts: usize,
    due: Instant,
}

/// The saves that failed, one for each document.
#[derive(Debug, Default)]
pub struct PendingSaves {
    pending: BTreeMap<Document, Pending>,
}

impl PendingSaves {
    /// Notes how an attempt ended: a save that failed is kept until one of the same document succeeds.
    pub fn settle(&mut self, save: Save, result: Result<(), StoreError>, now: Instant) {
        let document = save.document();
        let Err(error) = result else {
            self.pending.remove(&document);
            // A disk that takes one thing may take the others too.
            for pending in self.pending.values_mut() {
                pending.due = now;
            }
            return;
        };
        let attempts = self.pending.get(&document).map_or(0, |before| before.attempts);
        if attempts == 0 {
            log::warn!("{error}");
        }
        let pending = Pending {
            save,
            why: error.why(),
            attempts: attempts + 1,
            due: now + BACKOFF[attempts.min(BACKOFF.len() - 1)],
        };
        self.pending.insert(document, pending);
    }

    /// The next one to try again, where its time has come. It stays pending until [`Self::settle`] is called with its result.
    pub fn due(&self, now: Instant) -> Option<Save> {
        let due = self.pending.values().filter(|pending| pending.due <= now);
        due.min_by_key(|pending| pending.due)
            .map(|pending| pending.save.clone())
    }

    /// When the next attempt is due.
    pub fn next(&self) -> Option<Instant> {
        self.pending.values().map(|pending| pending.due).min()
    }

    /// All of them, whether their time has come or not: for the last attempt.
    pub fn all(&self) -> Vec<Save> {
        self.pending.values().map(|pending| pending.save.clone()).collect()
    }

    /// What is deleted need not be saved any more.
    pub fn forget(&mut self, document: &Document) {
        self.pending.remove(document);
    }

    pub fn clear(&mut self) {
        self.pending.clear();
    }

    /// What is not saved, and why.
    pub fn list(&self) -> Vec<Unsaved> {
        let unsaved = self.pending.iter().map(|(document, pending)| Unsaved {
            document: document.clone(),
            why: pending.why.clone(),
        });
        unsaved.collect()
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    /// A store whose folder cannot be made: a file is in its place, which stops even the superuser.
    fn occupied(place: &Path) -> Store {
        let store = Store::open(Some(place.join("data"))).unwrap();
        fs::write(place.join("data"), "in the way").unwrap();
        store
    }

    fn settings(field: &str) -> Save {
        Save::Settings(Box::new(Settings {
            field: field.into(),
            ..Settings::default()
        }))
    }

    fn attempt(pending: &mut PendingSaves, save: Save, store: &Store, now: Instant) {
        let result = save.write(store);
        pending.settle(save, result, now);
    }

    #[test]
    fn a_failed_save_is_due_again_after_growing_pauses_until_it_succeeds() {
        let place = tempfile::tempdir().unwrap();
        let store = occupied(place.path());
        let (mut pending, mut now) = (PendingSaves::default(), Instant::now());
        attempt(&mut pending, settings("a"), &store, now);
        for pause in [2, 4, 8, 15, 30, 30] {
            let early = Duration::from_millis(pause * 1000 - 1);
            assert!(pending.due(now + early).is_none(), "{pause} s");
            now += Duration::from_secs(pause);
            let save = pending.due(now).unwrap();
            assert_eq!(pending.list().len(), 1, "it is unsaved while it is tried");
            attempt(&mut pending, save, &store, now);
        }
        fs::remove_file(place.path().join("data")).unwrap();
        now += Duration::from_secs(30);
        let save = pending.due(now).unwrap();
        attempt(&mut pending, save, &store, now);
        assert!(pending.list().is_empty() && pending.next().is_none());
        assert_eq!(store.settings().0.field, "a");
    }

    #[test]
    fn the_newest_content_of_each_document_is_what_is_tried_again() {
        let place = tempfile::tempdir().unwrap();
        let store = occupied(place.path());
        let (mut pending, now) = (PendingSaves::default(), Instant::now());
        attempt(&mut pending, settings("old"), &store, now);
        attempt(&mut pending, settings("new"), &store, now);
        attempt(&mut pending, Save::OwnQuestions("id = \"x\"".into()), &store, now);
        assert_eq!(pending.list().len(), 2);
        fs::remove_file(place.path().join("data")).unwrap();
        attempt(&mut pending, Save::ResearchNotes(Box::default()), &store, now);
        // What succeeded shows that the disk is back: the others need not wait.
        while let Some(save) = pending.due(now) {
            attempt(&mut pending, save, &store, now);
        }
        assert!(pending.list().is_empty());
        assert_eq!(store.settings().0.field, "new");
        assert_eq!(store.own_text().unwrap(), "id = \"x\"");
    }
}
