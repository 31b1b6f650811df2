//! Saved interviews as the screens list them: newest first, with the text that a search goes through, and those that the
//! history's search and filters leave, in the order that was chosen. The text is made once for each interview, and a search
//! runs once for each key typed, never while painting.

use std::{
    collections::{BTreeSet, HashMap},
    ops::Deref,
    sync::Arc,
};

use jiff::Timestamp;
use memchr::memmem::Finder;

use crate::{
    bank::Bank,
    interview::{Interview, Turn},
};

/// Which interviews the history lists, by whether their review was reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FinishedFilter {
    #[default]
    All,
    Finished,
    Unfinished,
}

impl FinishedFilter {
    fn includes(self, interview: &Interview) -> bool {
        match self {
            Self::All => true,
            Self::Finished => interview.finished,
            Self::Unfinished => !interview.finished,
        }
    }
}

/// The order in which the history lists them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HistoryOrder {
    #[default]
    Newest,
    Oldest,
    /// By the length of what was said.
    LongestSpoken,
}

/// What the history lists, beside what is searched for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryFilter {
    /// The id of a field; nothing for all of them.
    pub field: Option<String>,
    pub finished: FinishedFilter,
    pub order: HistoryOrder,
}

/// Seconds of sound in the answers that an interview shows.
pub fn spoken_seconds(interview: &Interview) -> f64 {
    let attempts = interview.turns.iter().filter_map(Turn::attempt);
    let takes = attempts.filter_map(|attempt| attempt.take.as_ref());
    takes.map(|take| take.seconds).sum()
}

/// An interview and all of its text, in lower case.
#[derive(Clone, Debug)]
pub struct HistoryEntry {
    interview: Arc<Interview>,
    text: String,
}

impl HistoryEntry {
    pub fn new(interview: Arc<Interview>) -> Self {
        let mut text = String::new();
        lower_into(&mut text, interview.title.as_deref().unwrap_or_default());
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

    pub fn interview(&self) -> &Arc<Interview> {
        &self.interview
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
    filter: HistoryFilter,
    found: Vec<usize>,
    stale: bool,
    /// Counts the changes of the list: who keeps something made from it knows when that is outdated.
    revision: u64,
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
        self.changed();
    }

    /// Puts an interview that was taken out back into its place.
    pub fn restore(&mut self, entry: HistoryEntry) {
        let HistoryEntry { interview, text } = entry;
        note_practiced(&mut self.practiced, &interview);
        let is_older = |other: &Arc<Interview>| (other.begun, &other.id) < (interview.begun, &interview.id);
        let at = self.interviews.iter().position(is_older);
        let at = at.unwrap_or(self.interviews.len());
        self.interviews.insert(at, interview);
        self.texts.insert(at, text);
        self.changed();
    }

    fn changed(&mut self) {
        self.stale = true;
        self.revision += 1;
    }

    /// Another number after each change of the list.
    pub fn revision(&self) -> u64 {
        self.revision
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
        self.changed();
    }

    /// Takes those with these ids out.
    pub fn remove_all(&mut self, ids: &BTreeSet<String>) -> Vec<HistoryEntry> {
        let interviews = std::mem::take(&mut self.interviews).into_iter();
        let all = interviews.zip(std::mem::take(&mut self.texts));
        let (removed, left): (Vec<_>, Vec<_>) = all.partition(|(interview, _)| ids.contains(&interview.id));
        self.practiced.clear();
        for (interview, text) in left {
            note_practiced(&mut self.practiced, &interview);
            self.interviews.push(interview);
            self.texts.push(text);
        }
        self.changed();
        let entry = |(interview, text)| HistoryEntry { interview, text };
        removed.into_iter().map(entry).collect()
    }

    /// When a question was last answered.
    pub fn practiced(&self, question: &str) -> Option<Timestamp> {
        self.practiced.get(question).copied()
    }

    pub fn clear(&mut self) {
        *self = Self {
            revision: self.revision + 1,
            ..Self::default()
        };
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

    /// Searches for these words, in any order and anywhere in an interview, among those that the filter leaves. Does nothing
    /// where neither they nor the interviews have changed since the last time.
    pub fn search(&mut self, words: &str, filter: &HistoryFilter, bank: &Bank) {
        if !self.stale && self.words == words && self.filter == *filter {
            return;
        }
        self.stale = false;
        words.clone_into(&mut self.words);
        filter.clone_into(&mut self.filter);
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
            if filter.field.as_ref().is_some_and(|wanted| wanted != id) || !filter.finished.includes(interview) {
                return false;
            }
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
        match filter.order {
            HistoryOrder::Newest => {}
            HistoryOrder::Oldest => self.found.reverse(),
            HistoryOrder::LongestSpoken => {
                let spoken = |at: &usize| spoken_seconds(&self.interviews[*at]);
                self.found.sort_by(|a, b| spoken(b).total_cmp(&spoken(a)));
            }
        }
    }

    /// The ids of the fields that there are interviews of, each once.
    pub fn fields(&self) -> Vec<&str> {
        let mut fields = Vec::new();
        for interview in &self.interviews {
            if !fields.contains(&interview.field.as_str()) {
                fields.push(interview.field.as_str());
            }
        }
        fields
    }

    /// Those that the last search has found, in the order of its filter.
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
        take::Take,
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
        past.search(words, &HistoryFilter::default(), &bank::built_in());
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
        past.remove_all(&["b".to_owned()].into());
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
        past.remove_all(&["b".to_owned()].into());
        assert_eq!(found(&mut past, "wireshark"), [""; 0]);
        past.extend(vec![HistoryEntry::new(interview("c", "cybersecurity", "Wireshark"))]);
        assert_eq!(found(&mut past, "wireshark"), ["c"]);
    }

    #[test]
    fn what_is_listed_is_filtered_and_in_the_order_that_was_chosen() {
        let spoken = |id: &str, field: &str, seconds: f64, finished: bool| {
            let mut one = Interview::clone(&interview(id, field, ""));
            let take = Take {
                seconds,
                ..Take::default()
            };
            one.turns[0].attempts.push(Attempt::of_take(one.begun, take));
            one.finished = finished;
            Arc::new(one)
        };
        let mut past = Past::default();
        past.put(spoken("a", "general", 60.0, true));
        past.put(spoken("b", "cybersecurity", 90.0, false));
        past.put(spoken("c", "cybersecurity", 30.0, true));
        let cyber = Some("cybersecurity".to_owned());
        for (words, field, finished, order, expected) in [
            (
                "",
                None,
                FinishedFilter::All,
                HistoryOrder::Newest,
                &["c", "b", "a"][..],
            ),
            ("", None, FinishedFilter::All, HistoryOrder::Oldest, &["a", "b", "c"]),
            (
                "",
                None,
                FinishedFilter::All,
                HistoryOrder::LongestSpoken,
                &["b", "a", "c"],
            ),
            (
                "",
                cyber.clone(),
                FinishedFilter::All,
                HistoryOrder::Oldest,
                &["b", "c"],
            ),
            ("", None, FinishedFilter::Finished, HistoryOrder::Newest, &["c", "a"]),
            ("", None, FinishedFilter::Unfinished, HistoryOrder::Newest, &["b"]),
            ("general", cyber.clone(), FinishedFilter::All, HistoryOrder::Newest, &[]),
            ("why", cyber, FinishedFilter::Finished, HistoryOrder::Newest, &["c"]),
        ] {
            let filter = HistoryFilter { field, finished, order };
            past.search(words, &filter, &bank::built_in());
            let found: Vec<&str> = past.found().map(|interview| interview.id.as_str()).collect();
            assert_eq!(found, expected, "{words:?} {filter:?}");
        }
        assert_eq!(past.fields(), ["cybersecurity", "general"]);
    }

    #[test]
    fn an_interview_is_found_by_the_name_that_it_was_given() {
        let mut named = Interview::clone(&interview("a", "general", ""));
        named.title = Some("Night desk, Brightwater".into());
        let mut past = Past::default();
        past.put(Arc::new(named));
        assert_eq!(found(&mut past, "brightwater"), ["a"]);
    }

    #[test]
    fn what_is_put_back_is_where_it_was() {
        let at = |id: &str, second: i64| {
            let mut one = Interview::clone(&interview(id, "x", ""));
            one.begun = Timestamp::from_second(second).unwrap();
            Arc::new(one)
        };
        for id in ["a", "b", "c"] {
            let mut past = Past::default();
            for (id, second) in [("c", 10), ("b", 20), ("a", 20 + 10)] {
                past.put(at(id, second));
            }
            let removed = past.remove_all(&[id.to_owned()].into()).remove(0);
            let revision = past.revision();
            past.restore(removed);
            assert!(past.revision() > revision);
            assert_eq!(found(&mut past, ""), ["a", "b", "c"]);
        }
    }
}
