//! What a job posting asks for: its job terms, the field it belongs to, and the questions that go with it. Pure, offline.

use std::collections::BTreeMap;

use crate::{
    insight::{self, TermUse},
    question::{Field, Question, QuestionKind},
    transcript::Transcript,
};

/// What was found in a posting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Posting {
    /// Id of the field whose terms it uses most.
    pub field: String,
    /// The terms and how often each stands there, most often first.
    pub terms: Vec<(String, usize)>,
}

/// Reads a posting. Nothing where it names no job term of any field.
pub fn read(text: &str, fields: &[Field]) -> Option<Posting> {
    let used = insight::terms_used(&Transcript::typed(text), fields);
    let found = fields.iter().zip(used).map(|(field, used)| Posting {
        field: field.id.clone(),
        terms: counted(used),
    });
    let best = found.reduce(|best, next| {
        if next.terms.len() > best.terms.len() {
            next
        } else {
            best
        }
    })?;
    (!best.terms.is_empty()).then_some(best)
}

fn counted(used: Vec<TermUse>) -> Vec<(String, usize)> {
    let mut terms: Vec<(String, usize)> = used
        .into_iter()
        .map(|term| (term.term, term.words.len().max(1)))
        .collect();
    terms.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    terms
}

/// Five questions for a posting: two background and one behavioral, and the two technical ones that share most of its
/// terms, one topic each.
pub fn interview(posting: &Posting, fields: &[Field]) -> Vec<Question> {
    let weights: BTreeMap<&str, usize> = posting
        .terms
        .iter()
        .map(|(name, count)| (name.as_str(), *count))
        .collect();
    let weight = |question: &Question| -> usize {
        question
            .job_terms
            .iter()
            .filter_map(|name| weights.get(name.as_str()))
            .map(|count| 2 + count)
            .sum()
    };
    let mut chosen: Vec<Question> = Vec::new();
    for kind in super::draw::kinds(fields, &posting.field, super::draw::USUAL) {
        let next = super::draw::pile(fields, &posting.field, kind)
            .into_iter()
            .filter(|question| chosen.iter().all(|other| other.id != question.id))
            .filter(|question| {
                kind != QuestionKind::Technical
                    || chosen
                        .iter()
                        .all(|other| other.kind != kind || other.topic != question.topic)
            })
            // Of equals the first one: the same posting always asks the same.
            .rev()
            .max_by_key(|question| weight(question));
        chosen.extend(next.cloned());
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(id: &str, kind: QuestionKind, topic: &str, terms: &[&str]) -> Question {
        Question {
            id: id.into(),
            kind,
            topic: topic.into(),
            prompt: format!("{id}?"),
            job_terms: terms.iter().map(|term| (*term).to_owned()).collect(),
            ..Question::default()
        }
    }

    #[test]
    fn the_questions_share_the_terms_of_the_posting() {
        use QuestionKind::{Background, Behavioral, Technical};
        let field = Field {
            id: "cyber".into(),
            name: "Cyber".into(),
            about: String::new(),
            terms: vec![],
            questions: vec![
                question("b1", Background, "", &[]),
                question("b2", Background, "", &[]),
                question("h1", Behavioral, "", &[]),
                question("t1", Technical, "networks", &["TCP"]),
                question("t2", Technical, "monitoring", &["SIEM", "log"]),
                question("t3", Technical, "monitoring", &["SIEM"]),
                question("t4", Technical, "mail", &["phishing"]),
            ],
        };
        let posting = Posting {
            field: "cyber".into(),
            terms: vec![("SIEM".into(), 3), ("phishing".into(), 1)],
        };
        let ids: Vec<String> = interview(&posting, &[field])
            .into_iter()
            .map(|question| question.id)
            .collect();
        assert_eq!(ids, ["b1", "b2", "h1", "t2", "t4"]);
    }

    #[test]
    fn a_text_without_job_terms_is_no_posting() {
        assert_eq!(read("We like long walks.", &[]), None);
    }
}
