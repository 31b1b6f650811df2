//! The research sheet for a company, kept between starts.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Store, StoreError, file};

/// What is found out about a company, and made of it, before an interview.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sheet {
    pub company: String,
    pub role: String,
    pub makes: String,
    pub job: String,
    pub stock: String,
    pub people: String,
    pub mission: String,
    pub events: String,
    pub points: String,
    pub to_ask: String,
    /// The text of the job posting.
    pub posting: String,
}

/// A line of the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Company,
    Role,
    Makes,
    Job,
    Stock,
    People,
    Mission,
    Events,
    Points,
    ToAsk,
    Posting,
}

impl Sheet {
    pub fn get(&self, subject: Subject) -> &str {
        match subject {
            Subject::Company => &self.company,
            Subject::Role => &self.role,
            Subject::Makes => &self.makes,
            Subject::Job => &self.job,
            Subject::Stock => &self.stock,
            Subject::People => &self.people,
            Subject::Mission => &self.mission,
            Subject::Events => &self.events,
            Subject::Points => &self.points,
            Subject::ToAsk => &self.to_ask,
            Subject::Posting => &self.posting,
        }
    }

    pub fn set(&mut self, subject: Subject, text: String) {
        let place = match subject {
            Subject::Company => &mut self.company,
            Subject::Role => &mut self.role,
            Subject::Makes => &mut self.makes,
            Subject::Job => &mut self.job,
            Subject::Stock => &mut self.stock,
            Subject::People => &mut self.people,
            Subject::Mission => &mut self.mission,
            Subject::Events => &mut self.events,
            Subject::Points => &mut self.points,
            Subject::ToAsk => &mut self.to_ask,
            Subject::Posting => &mut self.posting,
        };
        *place = text;
    }
}

/// Fifty times as many bytes as the longest posting has.
pub const LONGEST_POSTING: usize = 1 << 20;

/// The text of a job posting in a file of the user's.
pub fn posting_in(path: &Path) -> Result<String, StoreError> {
    let refused = |says: String| StoreError::NoPosting {
        path: path.to_owned(),
        says,
    };
    match file::read_text(path) {
        Ok(Some(text)) if text.len() > LONGEST_POSTING => Err(refused("it is too long".to_owned())),
        Ok(Some(text)) if text.trim().is_empty() => Err(refused("there is no text in it".to_owned())),
        Ok(Some(text)) => Ok(text),
        Ok(None) => Err(refused("there is no such file".to_owned())),
        Err(StoreError::Damaged { says, .. }) => Err(refused(says)),
        Err(StoreError::Read { source, .. }) => Err(refused(source.to_string())),
        Err(error) => Err(error),
    }
}

impl Store {
    pub fn sheet(&self) -> Result<Sheet, StoreError> {
        Ok(file::read_json(&self.root.join("prepare.json"))?.unwrap_or_default())
    }

    pub fn save_sheet(&self, sheet: &Sheet) -> Result<(), StoreError> {
        file::write_json(&self.root.join("prepare.json"), sheet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Some(folder.path().to_owned())).unwrap();
        let mut sheet = store.sheet().unwrap();
        sheet.set(Subject::Company, "Spindle & Co".into());
        store.save_sheet(&sheet).unwrap();
        assert_eq!(store.sheet().unwrap().get(Subject::Company), "Spindle & Co");
    }

    #[test]
    fn a_posting_is_opened_or_refused_in_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("posting.txt");
        let refused = |says: &str| {
            let error = posting_in(&path).unwrap_err().to_string();
            assert!(error.contains(says) && error.contains("paste it here"), "{error}");
        };
        refused("no such file");
        std::fs::write(&path, b"%PDF-1.7\n\xe2\xe3\xcf\xd3").unwrap();
        refused("not a text");
        std::fs::write(&path, " \n").unwrap();
        refused("no text");
        std::fs::write(&path, "SIEM ".repeat(300_000)).unwrap();
        refused("too long");
        std::fs::write(&path, "We look for an analyst who knows SIEM.").unwrap();
        assert!(posting_in(&path).unwrap().ends_with("SIEM."));
    }
}
