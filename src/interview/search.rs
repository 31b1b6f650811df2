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
    /// The number of each word.
    numbers: HashMap<String, WordNumber>,
    /// What each word tells, by its number.
    tells: Vec<f32>,
}

type WordNumber = u32;

#[derive(Clone, Debug)]
struct SearchEntry {
    /// The question's id.
    id: String,
    texts: Vec<SearchText>,
    /// Every word of the texts and how much it counts where it weighs most, by number.
    words: Vec<(WordNumber, f32)>,
}

#[derive(Clone, Debug)]
struct SearchText {
    text: String,
    words: Vec<WordNumber>,
    weight: f32,
}

/// How much a word counts, by where it stands: in the prompt or another wording of it; in the topic, or a form of a job term;
/// in the label of a talking point.
const WORDING: f32 = 1.0;
const TERM: f32 = 0.6;
const POINT: f32 = 0.3;

/// A question that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchResult {
    pub id: String,
    /// The wording or the term that says most of what was searched for.
    pub matched: String,
    score: f32,
}

/// What is searched for.
struct Query {
    words: Vec<QueryWord>,
    /// What they tell together.
    tells: f32,
}

/// A word of a query.
struct QueryWord {
    /// Itself in its base form and its relatives ("encrypt" for "encryption"), each with how much it counts; none where no text
    /// has any of them.
    forms: Vec<(WordNumber, f32)>,
    tells: f32,
}

/// How much a relative counts, and a word of which only the beginning is typed.
const RELATED: f32 = 0.7;

impl SearchIndex {
    pub fn new(fields: &[Field]) -> Self {
        let mut index = Self::default();
        for field in fields {
            for question in &field.questions {
                let entry = index.entry(field, question);
                index.entries.push(entry);
            }
        }
        let mut counts = vec![0.0; index.numbers.len()];
        for (word, _) in index.entries.iter().flat_map(|entry| &entry.words) {
            counts[*word as usize] += 1.0;
        }
        let all = index.entries.len() as f32;
        index.tells = counts
            .iter()
            .map(|count: &f32| (1.0 + all / count.max(1.0)).ln())
            .collect();
        index
    }

    fn entry(&mut self, field: &Field, question: &Question) -> SearchEntry {
        let wordings = std::iter::once(&question.prompt).chain(&question.also_asked);
        let terms = question.job_terms.iter().filter_map(|name| field.term(name));
        let forms = terms.flat_map(|term| {
            let written = std::iter::once(&term.name).chain(&term.also);
            written.chain(term.long_form.iter()).chain(term.acronym.iter())
        });
        let points = question.talking_points.iter().map(|point| &point.label);
        let texts: Vec<SearchText> = wordings
            .map(|text| (text, WORDING))
            .chain(std::iter::once((&question.topic, TERM)))
            .chain(forms.map(|text| (text, TERM)))
            .chain(points.map(|text| (text, POINT)))
            .map(|(text, weight)| SearchText {
                words: words(text).into_iter().map(|word| self.number(word)).collect(),
                text: text.clone(),
                weight,
            })
            .collect();
        let mut weights: HashMap<WordNumber, f32> = HashMap::new();
        for text in &texts {
            for word in &text.words {
                let most = weights.entry(*word).or_default();
                *most = most.max(text.weight);
            }
        }
        let mut words: Vec<(WordNumber, f32)> = weights.into_iter().collect();
        words.sort_unstable_by_key(|(word, _)| *word);
        SearchEntry {
            id: question.id.clone(),
            texts,
            words,
        }
    }

    fn number(&mut self, word: String) -> WordNumber {
        let next = self.numbers.len() as WordNumber;
        *self.numbers.entry(word).or_insert(next)
    }

    /// The questions that hold most of what the query says, best first.
    pub fn search(&self, query: &str) -> Vec<SearchResult> {
        /// Of what the words of the query tell, a question must hold so much.
        const LEAST: f32 = 0.4;
        let query = self.query(query);
        let mut found: Vec<SearchResult> = self
            .entries
            .iter()
            .filter_map(|entry| {
                let held = query.words.iter().filter(|word| entry.weight(word).is_some());
                let held: f32 = held.map(|word| word.tells).sum();
                (held > 0.0 && held >= LEAST * query.tells).then(|| self.result(entry, &query))
            })
            .collect();
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
        found
    }

    fn query(&self, text: &str) -> Query {
        let words = words(text);
        let last = words.len().saturating_sub(1);
        let typed = words.iter().enumerate();
        let words: Vec<QueryWord> = typed
            .map(|(place, word)| self.query_word(word, place == last))
            .collect();
        Query {
            tells: words.iter().map(|word| word.tells).sum(),
            words,
        }
    }

    /// A word that stands nowhere cannot tell questions apart, so it tells little. Where it is the last one, it may be the
    /// beginning of one that is being typed.
    fn query_word(&self, word: &str, last: bool) -> QueryWord {
        const SHORTEST: usize = 3;
        const UNKNOWN: f32 = 1.0;
        let relatives = self.numbers.iter().filter(|(other, _)| are_related(word, other));
        let mut forms: Vec<(WordNumber, f32)> = relatives.map(|(_, number)| (*number, RELATED)).collect();
        let itself = self.numbers.get(word);
        forms.extend(itself.map(|number| (*number, 1.0)));
        if forms.is_empty() && last && word.len() >= SHORTEST {
            let longer = self.numbers.iter().filter(|(other, _)| other.starts_with(word));
            forms.extend(longer.map(|(_, number)| (*number, RELATED)));
        }
        let of_itself = itself.map(|number| self.tells[*number as usize]);
        let fewest = forms
            .iter()
            .map(|(form, _)| self.tells[*form as usize])
            .reduce(f32::min);
        QueryWord {
            tells: of_itself.or(fewest).unwrap_or(UNKNOWN),
            forms,
        }
    }

    /// Each word counts where it weighs most; a wording that says just what was asked for counts once more.
    fn result(&self, entry: &SearchEntry, query: &Query) -> SearchResult {
        let weights = query
            .words
            .iter()
            .filter_map(|word| Some(entry.weight(word)? * word.tells));
        let of_words: f32 = weights.sum();
        let likeness = |text: &SearchText| {
            let shared: f32 = query
                .words
                .iter()
                .map(|word| word.share_in(&text.words) * word.tells)
                .sum();
            let own: f32 = text.words.iter().map(|word| self.tells[*word as usize]).sum();
            text.weight * 2.0 * shared / (query.tells + own)
        };
        let best = entry.texts.iter().map(|text| (likeness(text), text));
        let best = best.max_by(|a, b| a.0.total_cmp(&b.0));
        let (likeness, matched) = best.map_or((0.0, ""), |(likeness, text)| (likeness, text.text.as_str()));
        SearchResult {
            id: entry.id.clone(),
            matched: matched.to_owned(),
            score: of_words / query.tells + likeness,
        }
    }
}

impl QueryWord {
    /// How much of it stands among these words: 1 for itself.
    fn share_in(&self, words: &[WordNumber]) -> f32 {
        let held = self.forms.iter().filter(|(form, _)| words.contains(form));
        held.map(|(_, share)| *share).fold(0.0, f32::max)
    }
}

impl SearchEntry {
    /// How much a word counts here; nothing if it does not stand here.
    fn weight(&self, word: &QueryWord) -> Option<f32> {
        let held = word.forms.iter().filter_map(|(form, share)| {
            let place = self.words.binary_search_by_key(form, |(other, _)| *other).ok()?;
            Some(share * self.words[place].1)
        });
        held.reduce(f32::max)
    }
}

/// Whether two words come from one: "priority" and "prioritize", "conversion" and "convert". They begin alike, and the shorter
/// one is nothing but that beginning and a letter.
fn are_related(word: &str, other: &str) -> bool {
    const LEAST: usize = 5;
    let alike = word.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let (shorter, longer) = (word.len().min(other.len()), word.len().max(other.len()));
    word != other && alike >= LEAST && alike + 1 >= shorter && alike * 10 >= longer * 6
}

/// The words of a text in their base forms, each once. Plus and number signs are part of a word: "C++", "C#".
fn words(text: &str) -> Vec<String> {
    let parts = text.split(|letter: char| !(letter.is_alphanumeric() || "'’+#".contains(letter)));
    let mut words: Vec<String> = Vec::new();
    for part in parts {
        let word = part.replace('’', "'").trim_matches('\'').to_lowercase();
        // "won't" is as often typed without its apostrophe.
        let base = base_form(&word).replace('\'', "");
        if !base.is_empty() && !words.contains(&base) {
            words.push(base);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first_five(index: &SearchIndex, query: &str) -> Vec<String> {
        index.search(query).into_iter().take(5).map(|found| found.id).collect()
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
            ..Field::default()
        };
        let index = SearchIndex::new(&[field]);
        assert_eq!(first_five(&index, "osi"), ["layers"]);
        assert_eq!(first_five(&index, "managing a project"), ["managed"]);
        assert_eq!(first_five(&index, "positi"), ["positive"], "it is still being typed");
        assert_eq!(first_five(&index, "management"), ["managed"], "a relative");
        assert_eq!(first_five(&index, ""), [""; 0]);
        assert_eq!(first_five(&index, "zebra"), [""; 0]);
        let found = index.search("false positives");
        assert_eq!(found[0].matched, "What is a false positive?");
    }
}
