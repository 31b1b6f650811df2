//! What the user finds out about a company before an interview. Where it is kept is the business of `store`.

use serde::{Deserialize, Serialize};

/// What is found out about a company, and made of it, before an interview.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ResearchNotes {
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
pub enum NotesField {
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

impl ResearchNotes {
    pub fn get(&self, subject: NotesField) -> &str {
        match subject {
            NotesField::Company => &self.company,
            NotesField::Role => &self.role,
            NotesField::Makes => &self.makes,
            NotesField::Job => &self.job,
            NotesField::Stock => &self.stock,
            NotesField::People => &self.people,
            NotesField::Mission => &self.mission,
            NotesField::Events => &self.events,
            NotesField::Points => &self.points,
            NotesField::ToAsk => &self.to_ask,
            NotesField::Posting => &self.posting,
        }
    }

    pub fn set(&mut self, subject: NotesField, text: String) {
        let place = match subject {
            NotesField::Company => &mut self.company,
            NotesField::Role => &mut self.role,
            NotesField::Makes => &mut self.makes,
            NotesField::Job => &mut self.job,
            NotesField::Stock => &mut self.stock,
            NotesField::People => &mut self.people,
            NotesField::Mission => &mut self.mission,
            NotesField::Events => &mut self.events,
            NotesField::Points => &mut self.points,
            NotesField::ToAsk => &mut self.to_ask,
            NotesField::Posting => &mut self.posting,
        };
        *place = text;
    }
}

/// Fifty times as many bytes as the longest posting has.
pub const LONGEST_POSTING: usize = 1 << 20;
