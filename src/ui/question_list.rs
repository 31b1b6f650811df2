//! The questions that the library lists: those that its search and filters leave, in the order that was chosen, with the
//! places of the words that were searched for. Made again when one of these has changed, never while painting.

use std::ops::Range;

use super::{
    past::Past,
    view_model::{Search, ViewModel},
};
use crate::{
    bank::Bank,
    insight::base_form,
    interview::search::SearchIndex,
    question::{Field, Question, QuestionKind},
};

/// Which questions are listed, by whether they were ever answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PracticedFilter {
    #[default]
    All,
    NotYet,
    Practiced,
}

impl PracticedFilter {
    const fn includes(self, practiced: bool) -> bool {
        match self {
            Self::All => true,
            Self::NotYet => !practiced,
            Self::Practiced => practiced,
        }
    }
}

/// The order in which they are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QuestionOrder {
    /// That of the bank; the best match first where something is searched for.
    #[default]
    Bank,
    /// Those that were never answered come first.
    LeastRecentlyPracticed,
}

/// What the library lists, beside what is searched for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LibraryFilter {
    pub practiced: PracticedFilter,
    pub order: QuestionOrder,
}

/// A question of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedQuestion {
    pub id: String,
    /// Where in its prompt the words are that are searched for, in bytes.
    pub marks: Vec<Range<usize>>,
    /// What was found instead, where its prompt holds none of them, with their places in it.
    pub matched: Option<(String, Vec<Range<usize>>)>,
}

/// All that the list depends on, but the bank.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct ListKey {
    field: String,
    text: String,
    kind: Option<QuestionKind>,
    topic: Option<String>,
    filter: LibraryFilter,
    history: u64,
}

/// The list, and the topics that have questions in it.
#[derive(Clone, Debug, Default)]
pub struct QuestionList {
    key: Option<ListKey>,
    pub rows: Vec<ListedQuestion>,
    /// Without regard to the topic that is chosen.
    pub topics: Vec<String>,
}

impl QuestionList {
    /// The bank has changed.
    pub fn forget(&mut self) {
        self.key = None;
    }

    /// Makes the list, where something that it depends on has changed since the last time.
    pub fn refresh(&mut self, view: &ViewModel) {
        let Some(chosen) = view.field() else {
            *self = Self::default();
            return;
        };
        let search = &view.search;
        let key = ListKey {
            field: chosen.id.clone(),
            text: search.text.clone(),
            kind: search.kind,
            topic: search.topic.clone(),
            filter: view.library.filter,
            history: view.history.past.revision(),
        };
        if self.key.as_ref() == Some(&key) {
            return;
        }
        let (bank, index, past) = (&view.bank, &view.question_index, &view.history.past);
        let mut found = found(bank, index, chosen, &search.text);
        let filter = view.library.filter;
        found.retain(|(question, _)| {
            let kind = search.kind.is_none_or(|kind| question.kind == kind);
            kind && filter.practiced.includes(past.practiced(&question.id).is_some())
        });
        self.topics = topics(&found);
        found.retain(|(question, _)| has_topic(search, question));
        order(&mut found, filter.order, past);
        let words = SearchedWords::new(&search.text);
        self.rows = found
            .into_iter()
            .map(|(question, matched)| listed(question, matched, &words))
            .collect();
        self.key = Some(key);
    }
}

type Found<'a> = Vec<(&'a Question, Option<String>)>;

/// The field's questions in their order; those that hold what is searched for, best first, among them those for any field.
/// With each, what was found in it.
fn found<'a>(bank: &'a Bank, index: &SearchIndex, chosen: &'a Field, text: &str) -> Found<'a> {
    if text.trim().is_empty() {
        return chosen.questions.iter().map(|question| (question, None)).collect();
    }
    let results = index.search(text).into_iter().filter_map(|result| {
        let (field, question) = bank.question(&result.id)?;
        let asked_here = field.id == chosen.id || question.everywhere;
        asked_here.then_some((question, Some(result.matched)))
    });
    let mut found: Found<'_> = results.collect();
    // What can be seen in the row comes before what cannot.
    let query = SearchedWords::new(text);
    found.sort_by_key(|(question, _)| !query.is_in(&question.prompt));
    found
}

fn has_topic(search: &Search, question: &Question) -> bool {
    search.topic.as_ref().is_none_or(|topic| *topic == question.topic)
}

fn topics(found: &Found<'_>) -> Vec<String> {
    let topics = found.iter().map(|(question, _)| question.topic.as_str());
    let mut topics: Vec<&str> = topics.filter(|topic| !topic.is_empty()).collect();
    topics.sort_unstable();
    topics.dedup();
    topics.into_iter().map(str::to_owned).collect()
}

fn order(found: &mut Found<'_>, order: QuestionOrder, past: &Past) {
    match order {
        QuestionOrder::Bank => {}
        QuestionOrder::LeastRecentlyPracticed => found.sort_by_key(|(question, _)| past.practiced(&question.id)),
    }
}

fn listed(question: &Question, matched: Option<String>, query: &SearchedWords) -> ListedQuestion {
    let marks = query.marks(&question.prompt);
    let elsewhere = matched.filter(|matched| marks.is_empty() && *matched != question.prompt);
    ListedQuestion {
        id: question.id.clone(),
        matched: elsewhere.map(|matched| {
            let marks = query.marks(&matched);
            (matched, marks)
        }),
        marks,
    }
}

/// The words that are searched for, in their base forms.
struct SearchedWords {
    words: Vec<String>,
    /// The beginning of a word that is still being typed.
    beginning: Option<String>,
}

impl SearchedWords {
    /// Words that are marked only where nothing else is searched for: they are in every other question.
    const COMMON: [&'static str; 34] = [
        "a", "about", "an", "and", "are", "at", "be", "can", "could", "did", "do", "for", "have", "how", "i", "in",
        "is", "it", "me", "my", "of", "on", "or", "that", "the", "to", "was", "were", "what", "when", "with", "would",
        "you", "your",
    ];
    /// Letters of a word from which on it may be one that is being typed.
    const SHORTEST: usize = 3;

    fn new(text: &str) -> Self {
        let typed: Vec<String> = words(text).map(|range| text[range].to_lowercase()).collect();
        let beginning = typed.last().filter(|word| word.chars().count() >= Self::SHORTEST);
        let is_common = |word: &String| Self::COMMON.contains(&word.as_str());
        let all_common = typed.iter().all(is_common);
        let telling = typed.iter().filter(|word| all_common || !is_common(word));
        Self {
            words: telling.map(|word| base(word)).collect(),
            beginning: beginning.filter(|word| all_common || !is_common(word)).cloned(),
        }
    }

    /// Whether every word stands in this text.
    fn is_in(&self, text: &str) -> bool {
        let there: Vec<String> = words(text).map(|range| text[range].to_lowercase()).collect();
        let bases: Vec<String> = there.iter().map(|word| base(word)).collect();
        let last = self.words.len().saturating_sub(1);
        self.words.iter().enumerate().all(|(place, word)| {
            let begun = self.beginning.as_ref().filter(|_| place == last);
            bases.contains(word) || begun.is_some_and(|begun| there.iter().any(|word| word.starts_with(begun)))
        })
    }

    /// Where its words stand in this text.
    fn marks(&self, text: &str) -> Vec<Range<usize>> {
        let stands = |range: &Range<usize>| {
            let word = text[range.clone()].to_lowercase();
            let begun = self.beginning.as_ref();
            self.words.contains(&base(&word)) || begun.is_some_and(|begun| word.starts_with(begun))
        };
        words(text).filter(stands).collect()
    }
}

fn base(word: &str) -> String {
    base_form(&word.replace('’', "'")).replace('\'', "")
}

/// The places of the words of a text. Plus and number signs are part of a word: "C++", "C#".
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let in_word = |letter: char| letter.is_alphanumeric() || "'’+#".contains(letter);
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(in_word)?;
        let length = text[start..]
            .find(|letter| !in_word(letter))
            .unwrap_or(text.len() - start);
        at = start + length;
        Some(start..at)
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;

    use super::*;
    use crate::{
        interview::{Attempt, Interview, Turn},
        transcript::Transcript,
        ui::view_model::LibraryView,
    };

    fn question(id: &str, prompt: &str, topic: &str, kind: QuestionKind) -> Question {
        Question {
            id: id.into(),
            prompt: prompt.into(),
            topic: topic.into(),
            kind,
            ..Question::default()
        }
    }

    /// A field of four questions, of which "b" was answered long ago and "d" lately.
    fn library() -> ViewModel {
        let mut drew = question("a", "What drew you to this field?", "career", QuestionKind::Background);
        drew.also_asked = vec!["Why phishing, of all things?".into()];
        let field = Field {
            id: "cyber".into(),
            name: "Cyber".into(),
            questions: vec![
                drew,
                question(
                    "b",
                    "A user reports a phishing email.",
                    "threats",
                    QuestionKind::Technical,
                ),
                question("c", "Explain TLS.", "networks", QuestionKind::Technical),
                question(
                    "d",
                    "Which C# project are you proud of?",
                    "career",
                    QuestionKind::Background,
                ),
            ],
            ..Field::default()
        };
        let mut view = ViewModel {
            question_index: Arc::new(SearchIndex::new(std::slice::from_ref(&field))),
            ..ViewModel::default()
        };
        for (index, second) in [(1, 10), (3, 20)] {
            let mut turn = Turn::new(field.questions[index].clone());
            let at = Timestamp::from_second(second).unwrap();
            turn.attempts.push(Attempt::typed(at, Transcript::typed("Yes.")));
            let mut interview = Interview::new(format!("i{index}"), "cyber".into(), at, Vec::new());
            interview.turns.push(turn);
            view.history.past.put(Arc::new(interview));
        }
        view.bank = Arc::new(Bank {
            fields: vec![field],
            problems: Vec::new(),
        });
        view
    }

    fn ids(view: &ViewModel) -> Vec<String> {
        let mut list = QuestionList::default();
        list.refresh(view);
        list.rows.into_iter().map(|row| row.id).collect()
    }

    #[test]
    fn what_is_listed_follows_kind_topic_practice_and_order() {
        use super::{
            PracticedFilter::{All, NotYet, Practiced},
            QuestionOrder::{Bank, LeastRecentlyPracticed},
        };
        let technical = Some(QuestionKind::Technical);
        for (kind, topic, practiced, order, expected) in [
            (None, None, All, Bank, &["a", "b", "c", "d"][..]),
            (None, None, All, LeastRecentlyPracticed, &["a", "c", "b", "d"]),
            (None, None, NotYet, Bank, &["a", "c"]),
            (None, None, Practiced, LeastRecentlyPracticed, &["b", "d"]),
            (technical, None, All, Bank, &["b", "c"]),
            (technical, None, NotYet, Bank, &["c"]),
            (None, Some("career"), All, Bank, &["a", "d"]),
            (technical, Some("career"), All, Bank, &[]),
        ] {
            let mut view = library();
            view.search.kind = kind;
            view.search.topic = topic.map(str::to_owned);
            view.library = LibraryView {
                filter: LibraryFilter { practiced, order },
                ..LibraryView::default()
            };
            assert_eq!(ids(&view), expected, "{kind:?} {topic:?} {practiced:?} {order:?}");
        }
    }

    #[test]
    fn a_title_that_matches_comes_first_and_topics_without_a_hit_are_gone() {
        let mut view = library();
        view.search.text = "phishing".into();
        let mut list = QuestionList::default();
        list.refresh(&view);
        assert_eq!(list.topics, ["career", "threats"]);
        let [title, other] = &list.rows[..] else {
            panic!("two questions: {:?}", list.rows);
        };
        assert_eq!((title.id.as_str(), &title.matched), ("b", &None));
        assert_eq!(&"A user reports a phishing email."[title.marks[0].clone()], "phishing");
        let (matched, marks) = other.matched.as_ref().unwrap();
        assert_eq!(
            (matched.as_str(), &matched[marks[0].clone()]),
            ("Why phishing, of all things?", "phishing")
        );
        view.search.topic = Some("threats".into());
        list.refresh(&view);
        assert_eq!((list.rows.len(), list.topics.len()), (1, 2));
    }

    #[test]
    fn marked_are_the_words_that_tell_in_any_inflection_and_while_they_are_typed() {
        for (query, text, expected) in [
            ("emails", "A user reports a phishing email.", &["email"][..]),
            ("phish", "A user reports a phishing email.", &["phishing"]),
            ("how do you c#", "Which C# project are you proud of?", &["C#"]),
            ("what are you", "What are you proud of?", &["What", "are", "you"]),
            ("tl", "Explain TLS.", &[]),
            ("", "Explain TLS.", &[]),
            ("tls …", "Explain TLS… and TLS-ish things.", &["TLS", "TLS"]),
        ] {
            let marks = SearchedWords::new(query).marks(text);
            let marked: Vec<&str> = marks.into_iter().map(|range| &text[range]).collect();
            assert_eq!(marked, expected, "{query:?} in {text:?}");
        }
    }

    #[test]
    fn the_list_is_made_again_only_where_something_has_changed() {
        let mut view = library();
        let mut list = QuestionList::default();
        list.refresh(&view);
        list.rows.clear();
        list.refresh(&view);
        assert!(list.rows.is_empty(), "nothing has changed");
        view.history.past.remove_all(&["i1".to_owned()].into());
        list.refresh(&view);
        assert_eq!(list.rows.len(), 4);
        list.rows.clear();
        list.forget();
        list.refresh(&view);
        assert_eq!(list.rows.len(), 4);
    }
}
