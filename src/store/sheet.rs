//! The research notes and the job posting on disk.

use std::path::Path;

use super::{Store, StoreError, file};
use crate::sheet::{LONGEST_POSTING, ResearchNotes};

/// The text of a job posting in a file of the user's.
pub fn posting_in(path: &Path) -> Result<String, StoreError> {
    let refused = |message: String| StoreError::NoPosting {
        path: path.to_owned(),
        message,
    };
    match file::read_text(path) {
        Ok(Some(text)) if text.len() > LONGEST_POSTING => Err(refused("it is too long".to_owned())),
        Ok(Some(text)) if text.trim().is_empty() => Err(refused("there is no text in it".to_owned())),
        Ok(Some(text)) => Ok(text),
        Ok(None) => Err(refused("there is no such file".to_owned())),
        Err(StoreError::Damaged { message, .. }) => Err(refused(message)),
        Err(StoreError::Read { source, .. }) => Err(refused(source.to_string())),
        Err(error) => Err(error),
    }
}

impl Store {
    pub fn research_notes(&self) -> Result<ResearchNotes, StoreError> {
        Ok(file::read_json(&self.root.join("prepare.json"))?.unwrap_or_default())
    }

    pub fn save_research_notes(&self, sheet: &ResearchNotes) -> Result<(), StoreError> {
        file::write_json(&self.root.join("prepare.json"), sheet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::NotesField;

    #[test]
    fn a_sheet_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Some(folder.path().to_owned())).unwrap();
        let mut sheet = store.research_notes().unwrap();
        sheet.set(NotesField::Company, "Spindle & Co".into());
        store.save_research_notes(&sheet).unwrap();
        assert_eq!(store.research_notes().unwrap().get(NotesField::Company), "Spindle & Co");
    }

    #[test]
    fn a_posting_is_opened_or_refused_in_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("posting.txt");
        let refused = |message: &str| {
            let error = posting_in(&path).unwrap_err().to_string();
            assert!(error.contains(message) && error.contains("paste it here"), "{error}");
        };
        refused("no such file");
        std::fs::write(&path, b"%PDF-1.7\n\xe2\xe3\xcf\xd3").unwrap();
        refused("a PDF, not plain text");
        std::fs::write(&path, b"{\\rtf1\\ansi We look for an analyst.}").unwrap();
        refused("RTF");
        std::fs::write(&path, " \n").unwrap();
        refused("no text");
        std::fs::write(&path, "SIEM ".repeat(300_000)).unwrap();
        refused("too long");
        std::fs::write(&path, "We look for an analyst who knows SIEM.").unwrap();
        assert!(posting_in(&path).unwrap().ends_with("SIEM."));
    }
}
