//! Saved interviews as the screens list them: newest first, with the text that a search goes through. That text is made
//! once for each interview, and a search runs once for each key typed, never while painting.

use std::{collections::HashMap, ops::Deref, sync::Arc};

use jiff::Timestamp;
use memchr::memmem::Finder;

use crate::{bank::Bank, interview::Interview};

/// An interview and all of its text, in lower case.
#[derive(Clone, Debug)]
pub struct HistoryEntry {
    interview: Arc<Interview>,
    text: String,
}

impl HistoryEntry {
    pub fn new(interview: Arc<Interview>) -> Self {
        let mut text = String::new();
        for turn in &interview.turns {
            lower_into(&mut text, turn.asked());
            lower_into(&mut text, &turn.notes);
            // In every take, whichever is shown.
            for transcript in turn.attempts.iter().filter_map(|attempt| attempt.transcript.as_ref()) {
                lower_into(&mut text, &transcript.text());
            }
        }
        Self { interview, text }
    }
}

fn lower_into(text: &mut String, part: &str) {
    text.push_str(&part.to_lowercase());
    text.push('\n');
}

/// The interviews, and which of them were found.
#[derive(Clone, Debug, Default)]
pub struct Past {
    interviews: Vec<Arc<Interview>>,
    texts: Vec<String>,
    /// When each question was last answered, by its id.
    practiced: HashMap<String, Timestamp>,
    /// What `found` was found with.
    words: String,
    found: Vec<usize>,
    stale: bool,
}

impl Deref for Past {
    type Target = [Arc<Interview>];

    fn deref(&self) -> &Self::Target {
        &self.interviews
    }
}

impl Past {
    /// Stores an interview's newest state: in its place, or before all others where it is new.
    pub fn put(&mut self, interview: Arc<Interview>) {
        let HistoryEntry { interview, text } = HistoryEntry::new(interview);
        note_practiced(&mut self.practiced, &interview);
        if let Some(at) = self.position(&interview.id) {
            self.interviews[at] = interview;
            self.texts[at] = text;
        } else {
            self.interviews.insert(0, interview);
            self.texts.insert(0, text);
        }
        self.stale = true;
    }

    /// Stores an interview's new state, whose text has not changed.
    pub fn replace(&mut self, interview: Arc<Interview>) {
        if let Some(at) = self.position(&interview.id) {
            self.interviews[at] = interview;
        }
    }

    /// Adds interviews that are older than all that are there.
    pub fn extend(&mut self, older: Vec<HistoryEntry>) {
        for HistoryEntry { interview, text } in older {
            note_practiced(&mut self.practiced, &interview);
            self.interviews.push(interview);
            self.texts.push(text);
        }
        self.stale = true;
    }

    pub fn remove(&mut self, id: &str) -> Option<Arc<Interview>> {
        let at = self.position(id)?;
        self.stale = true;
        self.texts.remove(at);
        let removed = self.interviews.remove(at);
        self.practiced.clear();
        for interview in &self.interviews {
            note_practiced(&mut self.practiced, interview);
        }
        Some(removed)
    }

    /// When a question was last answered.
    pub fn practiced(&self, question: &str) -> Option<Timestamp> {
        self.practiced.get(question).copied()
    }

    pub fn clear(&mut self) {
        *self = Self::default();
    }

    pub fn find(&self, id: &str) -> Option<&Arc<Interview>> {
        self.position(id).map(|at| &self.interviews[at])
    }

    fn position(&self, id: &str) -> Option<usize> {
        self.interviews.iter().position(|interview| interview.id == id)
    }

    /// The names of the fields have changed: they are searched too.
    pub fn rename_fields(&mut self) {
        self.stale = true;
    }

    /// Searches for these words, in any order and anywhere in an interview. Does nothing where neither they nor the
    /// interviews have changed since the last time.
    pub fn search(&mut self, words: &str, bank: &Bank) {
        if !self.stale && self.words == words {
            return;
        }
        self.stale = false;
        words.clone_into(&mut self.words);
        let words = words.to_lowercase();
        let words: Vec<Finder<'_>> = words.split_whitespace().map(Finder::new).collect();
        let named = bank
            .fields
            .iter()
            .map(|field| (field.id.as_str(), field.name.to_lowercase()));
        let named: Vec<(&str, String)> = named.collect();
        let matches = |at: &usize| {
            let (interview, text) = (&self.interviews[*at], self.texts[*at].as_bytes());
            let id = interview.field.as_str();
            // A field that is gone is shown by its id.
            let name = named
                .iter()
                .find(|(known, _)| *known == id)
                .map_or(id, |(_, name)| name);
            words
                .iter()
                .all(|word| word.find(text).is_some() || word.find(name.as_bytes()).is_some())
        };
        self.found = (0..self.interviews.len()).filter(matches).collect();
    }

    /// Those that the last search has found, newest first.
    pub fn found(&self) -> impl ExactSizeIterator<Item = &Arc<Interview>> + Clone {
        self.found.iter().map(|at| &self.interviews[*at])
    }
}

fn note_practiced(practiced: &mut HashMap<String, Timestamp>, interview: &Interview) {
    for turn in &interview.turns {
        for attempt in &turn.attempts {
            let latest = practiced.entry(turn.question.id.clone()).or_insert(attempt.at);
            *latest = (*latest).max(attempt.at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bank,
        interview::{Attempt, Turn},
        transcript::Transcript,
    };

    fn interview(id: &str, field: &str, notes: &str) -> Arc<Interview> {
        let mut question = bank::built_in().fields[0].questions[0].clone();
        question.prompt = "Why?".into();
        let mut interview = Interview::new(id.into(), field.into(), Timestamp::UNIX_EPOCH, Vec::new());
        interview.turns.push(Turn {
            notes: notes.into(),
            ..Turn::new(question)
        });
        interview.into()
    }

    fn found(past: &mut Past, words: &str) -> Vec<String> {
        past.search(words, &bank::built_in());
        past.found().map(|interview| interview.id.clone()).collect()
    }

    #[test]
    fn a_question_was_practiced_when_it_was_last_answered() {
        let answered = |id: &str, second: i64| {
            let mut one = Interview::clone(&interview(id, "x", ""));
            let at = Timestamp::from_second(second).unwrap();
            let attempt = Attempt::typed(at, Transcript::typed("Because."));
            one.turns[0].attempts.push(attempt);
            Arc::new(one)
        };
        let id = interview("x", "x", "").turns[0].question.id.clone();
        let mut past = Past::default();
        past.put(interview("a", "x", "unanswered"));
        assert_eq!(past.practiced(&id), None);
        past.put(answered("b", 20));
        past.extend(vec![HistoryEntry::new(answered("c", 10))]);
        assert_eq!(past.practiced(&id), Timestamp::from_second(20).ok());
        past.remove("b");
        assert_eq!(past.practiced(&id), Timestamp::from_second(10).ok());
    }

    #[test]
    fn every_word_is_found_in_any_order_and_a_change_is_found_too() {
        let mut past = Past::default();
        past.put(interview("a", "cybersecurity", "Ask about the Night Desk"));
        past.put(interview("b", "gone", "ask about the team"));
        assert_eq!(found(&mut past, ""), ["b", "a"]);
        assert_eq!(found(&mut past, "DESK night"), ["a"]);
        assert_eq!(found(&mut past, "cybersecurity ask"), ["a"]);
        assert_eq!(found(&mut past, "gone"), ["b"]);
        assert_eq!(found(&mut past, "ask desk team"), [""; 0]);
        assert_eq!(found(&mut past, "wireshark"), [""; 0]);
        past.put(interview("b", "gone", "look up Wireshark"));
        assert_eq!(found(&mut past, "wireshark"), ["b"]);
        past.remove("b");
        assert_eq!(found(&mut past, "wireshark"), [""; 0]);
        past.extend(vec![HistoryEntry::new(interview("c", "cybersecurity", "Wireshark"))]);
        assert_eq!(found(&mut past, "wireshark"), ["c"]);
    }
}
