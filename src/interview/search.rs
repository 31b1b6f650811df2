//! Finds questions by the words that people use for them: whole words, in any inflection, in the prompt, the other usual
//! wordings, the topic and the job terms. A word tells more the fewer questions hold it (inverse document frequency, Spärck
//! Jones 1972).

use std::collections::HashMap;

use crate::{
    insight::base_form,
    question::{Field, Question},
};

/// The questions of a bank, ready to be searched.
#[derive(Clone, Debug, Default)]
pub struct SearchIndex {
    entries: Vec<SearchEntry>,
    /// What each word tells; one that is not here stands nowhere.
    tells: HashMap<String, f32>,
}

#[derive(Clone, Debug)]
struct SearchEntry {
    /// The question's id.
    id: String,
    texts: Vec<SearchText>,
}

#[derive(Clone, Debug)]
struct SearchText {
    text: String,
    words: Vec<String>,
    place: TextPlace,
}

/// Where in a question a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TextPlace {
    /// The prompt, or another wording of it.
    Wording,
    Topic,
    /// A form of one of its job terms.
    Term,
    /// The label of a talking point.
    Point,
}

impl TextPlace {
    /// How much a word counts that stands there.
    fn weight(self) -> f32 {
        match self {
            Self::Wording => 1.0,
            Self::Topic | Self::Term => 0.6,
            Self::Point => 0.3,
        }
    }
}

/// A question that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchResult {
    pub id: String,
    /// The wording or the term that the words stand in.
    pub matched: String,
    score: f32,
}

impl SearchIndex {
    pub fn new(fields: &[Field]) -> Self {
        let entries: Vec<SearchEntry> = fields
            .iter()
            .flat_map(|field| field.questions.iter().map(move |question| entry(field, question)))
            .collect();
        let mut counts: HashMap<&str, f32> = HashMap::new();
        for entry in &entries {
            let mut words: Vec<&str> = entry
                .texts
                .iter()
                .flat_map(|text| &text.words)
                .map(String::as_str)
                .collect();
            words.sort_unstable();
            words.dedup();
            for word in words {
                *counts.entry(word).or_default() += 1.0;
            }
        }
        let all = entries.len() as f32;
        let tells = counts
            .iter()
            .map(|(word, count)| ((*word).to_owned(), (1.0 + all / count).ln()));
        Self {
            tells: tells.collect(),
            entries,
        }
    }

    /// The questions that hold most of what the query says, best first.
    pub fn search(&self, query: &str) -> Vec<SearchResult> {
        /// Of what the words of the query tell, a question must hold so much.
        const LEAST: f32 = 0.6;
        let words = self.words_of(query);
        let whole: f32 = words.iter().map(|word| self.tells(word)).sum();
        if whole <= 0.0 {
            return Vec::new();
        }
        let mut found: Vec<SearchResult> = self
            .entries
            .iter()
            .filter_map(|entry| {
                let held: f32 = words
                    .iter()
                    .filter(|word| entry.texts.iter().any(|text| text.words.contains(word)))
                    .map(|word| self.tells(word))
                    .sum();
                (held >= LEAST * whole).then(|| self.result(entry, &words, whole))
            })
            .collect();
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
        found
    }

    /// The words of a query in their base forms. A word that stands nowhere may be the beginning of one that is being typed.
    fn words_of(&self, query: &str) -> Vec<String> {
        const SHORTEST: usize = 3;
        let mut words = words(query);
        if let Some(last) = words.last_mut()
            && last.len() >= SHORTEST
            && !self.tells.contains_key(last)
        {
            let longer = self.tells.keys().filter(|word| word.starts_with(last.as_str()));
            if let Some(most_common) =
                longer.min_by(|a, b| self.tells(a).total_cmp(&self.tells(b)).then_with(|| a.cmp(b)))
            {
                last.clone_from(most_common);
            }
        }
        words.sort_unstable();
        words.dedup();
        words
    }

    /// What a word tells. One that stands nowhere tells as much as one that stands in a single question.
    fn tells(&self, word: &str) -> f32 {
        self.tells
            .get(word)
            .copied()
            .unwrap_or_else(|| (1.0 + self.entries.len() as f32).ln())
    }

    /// Each word counts where it weighs most; a wording that says just what was asked for counts once more.
    fn result(&self, entry: &SearchEntry, words: &[String], whole: f32) -> SearchResult {
        let of_words: f32 = words
            .iter()
            .map(|word| {
                let places = entry.texts.iter().filter(|text| text.words.contains(word));
                let weight = places.map(|text| text.place.weight()).fold(0.0, f32::max);
                weight * self.tells(word)
            })
            .sum();
        let likeness = |text: &SearchText| {
            let shared: f32 = words
                .iter()
                .filter(|word| text.words.contains(word))
                .map(|word| self.tells(word))
                .sum();
            let own: f32 = text.words.iter().map(|word| self.tells(word)).sum();
            text.place.weight() * 2.0 * shared / (whole + own).max(f32::EPSILON)
        };
        let best = entry
            .texts
            .iter()
            .map(|text| (likeness(text), text))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        let (likeness, matched) = best.map_or((0.0, ""), |(likeness, text)| (likeness, text.text.as_str()));
        SearchResult {
            id: entry.id.clone(),
            matched: matched.to_owned(),
            score: of_words / whole + likeness,
        }
    }
}

fn entry(field: &Field, question: &Question) -> SearchEntry {
    let wordings = std::iter::once(&question.prompt).chain(&question.also_asked);
    let terms = question.job_terms.iter().filter_map(|name| field.term(name));
    let forms = terms.flat_map(|term| {
        let written = std::iter::once(&term.name).chain(&term.also);
        written.chain(term.long_form.iter()).chain(term.acronym.iter())
    });
    let texts = wordings
        .map(|text| (text, TextPlace::Wording))
        .chain(std::iter::once((&question.topic, TextPlace::Topic)))
        .chain(forms.map(|text| (text, TextPlace::Term)))
        .chain(
            question
                .talking_points
                .iter()
                .map(|point| (&point.label, TextPlace::Point)),
        );
    SearchEntry {
        id: question.id.clone(),
        texts: texts
            .map(|(text, place)| SearchText {
                words: words(text),
                text: text.clone(),
                place,
            })
            .collect(),
    }
}

/// The words of a text in their base forms, each once. Plus and number signs are part of a word: "C++", "C#".
fn words(text: &str) -> Vec<String> {
    let parts = text.split(|letter: char| !(letter.is_alphanumeric() || "'’+#".contains(letter)));
    let mut words: Vec<String> = Vec::new();
    for part in parts {
        let word = part.replace('’', "'").trim_matches('\'').to_lowercase();
        let base = base_form(&word);
        if !base.is_empty() && !words.contains(&base) {
            words.push(base);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bank::built_in;

    /// What people type, and the questions of which one must be among the first five.
    const QUERIES: &str = include_str!("search_queries.txt");

    fn first_five(index: &SearchIndex, query: &str) -> Vec<String> {
        index.search(query).into_iter().take(5).map(|found| found.id).collect()
    }

    #[test]
    fn usual_queries_find_their_question_among_the_first_five() {
        let index = SearchIndex::new(&built_in().fields);
        let lines = QUERIES
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty());
        let (mut count, mut missed) = (0, Vec::new());
        for line in lines {
            let (query, ids) = line.split_once(": ").unwrap();
            let found = first_five(&index, query);
            count += 1;
            if !ids.split_whitespace().any(|id| found.iter().any(|other| other == id)) {
                missed.push(format!("{query}: {found:?}"));
            }
        }
        assert!(
            missed.len() * 20 <= count,
            "{} of {count}:\n{}",
            missed.len(),
            missed.join("\n")
        );
    }

    #[test]
    fn words_are_whole_in_any_inflection() {
        let question = |id: &str, prompt: &str| Question {
            id: id.to_owned(),
            prompt: prompt.to_owned(),
            ..Question::default()
        };
        let field = Field {
            questions: vec![
                question("positive", "What is a false positive?"),
                question("layers", "Explain the OSI model."),
                question("managed", "Which projects have you managed?"),
            ],
            ..built_in().fields.remove(0)
        };
        let index = SearchIndex::new(&[field]);
        assert_eq!(first_five(&index, "osi"), ["layers"]);
        assert_eq!(first_five(&index, "managing a project"), ["managed"]);
        assert_eq!(first_five(&index, "positi"), ["positive"], "it is still being typed");
        assert_eq!(first_five(&index, ""), [""; 0]);
        assert_eq!(first_five(&index, "zebra"), [""; 0]);
        let found = index.search("false positives");
        assert_eq!(found[0].matched, "What is a false positive?");
    }
}
