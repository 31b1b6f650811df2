//! What a job posting asks for: its job terms, the field it belongs to, whom it is from, and the questions that go with it.
//! Pure, offline.

use std::collections::BTreeMap;

use super::{
    Turn,
    draw::{Draw, Memory, Wish},
};
use crate::{
    insight::{self, TermUse},
    question::{Field, Question, QuestionKind, Slot},
    transcript::Transcript,
};

/// What was found in a posting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Posting {
    /// Id of the field whose terms it uses most.
    pub field: String,
    /// The terms and how often each stands there, most often first.
    pub terms: Vec<(String, usize)>,
    /// The company and the role, as far as the posting names them.
    pub title: Option<String>,
}

/// Reads a posting. Nothing where it names no job term of any field.
pub fn read(text: &str, fields: &[Field]) -> Option<Posting> {
    let used = insight::terms_used(&Transcript::typed(text), fields);
    let found = fields.iter().zip(used).map(|(field, used)| Posting {
        field: field.id.clone(),
        terms: counted(used),
        title: None,
    });
    let best = found.reduce(|best, next| {
        if next.terms.len() > best.terms.len() {
            next
        } else {
            best
        }
    })?;
    (!best.terms.is_empty()).then(|| Posting {
        title: title(text),
        ..best
    })
}

fn counted(used: Vec<TermUse>) -> Vec<(String, usize)> {
    let mut terms: Vec<(String, usize)> = used
        .into_iter()
        .map(|term| (term.term, term.words.len().max(1)))
        .collect();
    terms.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    terms
}

/// "Acme, SOC analyst": from lines that name them, or from a heading. Nothing where there is no heading either.
fn title(text: &str) -> Option<String> {
    /// Whom a posting is from stands near its top.
    const LINES: usize = 40;
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .take(LINES)
        .collect();
    let labeled = |labels: &[&str]| {
        lines.iter().find_map(|line| {
            let (label, value) = line.split_once(':')?;
            let label = label.trim().to_lowercase();
            labels.contains(&label.as_str()).then(|| named(value)).flatten()
        })
    };
    let heading = lines.first().copied().and_then(named);
    let (of_heading, at) = match &heading {
        Some(heading) => match [" at ", " @ ", " | ", " – ", " — ", " - "]
            .iter()
            .find_map(|mark| heading.split_once(mark))
        {
            Some((role, company)) => (named(role), named(company)),
            None => (Some(heading.clone()), None),
        },
        None => (None, None),
    };
    let role = labeled(&["job title", "title", "position", "role", "job"]).or(of_heading);
    let company = labeled(&["company", "employer", "organization"]).or(at).or_else(|| {
        lines.iter().find_map(|line| {
            let name = line.strip_prefix("About ")?;
            let general = ["us", "you", "the ", "this ", "our "];
            let lower = name.to_lowercase();
            let is_general = general
                .iter()
                .any(|word| lower == word.trim() || lower.starts_with(word));
            (!is_general).then(|| named(name)).flatten()
        })
    });
    match (company, role) {
        (Some(company), Some(role)) => Some(format!("{company}, {role}")),
        (company, role) => company.or(role),
    }
}

/// A name, if it is as short as one and no sentence.
fn named(text: &str) -> Option<String> {
    const LONGEST: usize = 60;
    let text = text.trim().trim_matches(|letter: char| "*#_".contains(letter)).trim();
    let sentence = text.ends_with(['.', '?', '!', ':', ',']);
    (!text.is_empty() && text.chars().count() <= LONGEST && !sentence).then(|| text.to_owned())
}

/// Five questions for a posting: an opening one, a behavioral one, and three technical ones that hold its terms, of different
/// topics where there are such. Others each time, until there are no more. A field without technical questions asks three
/// background and two behavioral ones.
pub fn interview(posting: &Posting, fields: &[Field], memory: &mut Memory, seed: u64) -> Vec<Turn> {
    use QuestionKind::{Background, Behavioral, Technical};
    let mut draw = Draw::new(fields, Wish::of(&posting.field), memory, seed);
    let kinds = if super::draw::pile(fields, &posting.field, Technical).is_empty() {
        [Background, Background, Behavioral, Behavioral]
    } else {
        [Behavioral, Technical, Technical, Technical]
    };
    let mut turns: Vec<Turn> = draw.slot(Slot::Opening, &[]).into_iter().collect();
    let missing = (turns.is_empty()).then_some(Background);
    for kind in missing.into_iter().chain(kinds) {
        let turn = of_posting(posting, &mut draw, kind, &turns);
        turns.extend(turn);
    }
    turns
}

fn of_posting(posting: &Posting, draw: &mut Draw<'_>, kind: QuestionKind, drawn: &[Turn]) -> Option<Turn> {
    let counts: BTreeMap<&str, usize> = posting
        .terms
        .iter()
        .map(|(name, count)| (name.as_str(), *count))
        .collect();
    let shared = |question: &Question| -> Vec<(usize, String)> {
        let names = question.job_terms.iter();
        let shared = names.filter_map(|name| counts.get(name.as_str()).map(|count| (*count, name.clone())));
        shared.collect()
    };
    let weight = |question: &Question| shared(question).iter().map(|(count, _)| 2 + *count as u32).sum::<u32>();
    let (own, _) = draw.own_and_others(kind);
    let fitting: Vec<&Question> = own
        .into_iter()
        .filter(|question| weight(question) > 0 && drawn.iter().all(|turn| turn.question.id != question.id))
        .collect();
    let new_topic: Vec<&Question> = fitting
        .iter()
        .copied()
        .filter(|question| drawn.iter().all(|turn| turn.question.topic != question.topic))
        .collect();
    let pile = if new_topic.is_empty() { fitting } else { new_topic };
    let mut turn = draw.one(&pile, drawn, weight).or_else(|| draw.of_kind(kind, drawn))?;
    turn.because = shared(&turn.question).into_iter().max().map(|(_, name)| name);
    Some(turn)
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
            questions: vec![
                question("b1", Background, "", &[]),
                question("b2", Background, "", &[]),
                question("h1", Behavioral, "", &[]),
                question("t1", Technical, "networks", &["TCP"]),
                question("t2", Technical, "monitoring", &["SIEM", "log"]),
                question("t3", Technical, "monitoring", &["SIEM"]),
                question("t4", Technical, "mail", &["phishing"]),
                question("t5", Technical, "identity", &["MFA"]),
            ],
            ..Field::default()
        };
        let posting = Posting {
            field: "cyber".into(),
            terms: vec![("SIEM".into(), 3), ("MFA".into(), 2), ("phishing".into(), 1)],
            title: None,
        };
        let fields = [field];
        let (mut memory, mut monitoring) = (Memory::default(), std::collections::BTreeSet::new());
        for seed in 0..8 {
            let turns = interview(&posting, &fields, &mut memory, seed);
            let kinds: Vec<QuestionKind> = turns.iter().map(|turn| turn.question.kind).collect();
            assert_eq!(kinds, [Background, Behavioral, Technical, Technical, Technical]);
            let technical = &turns[2..];
            assert!(technical.iter().all(|turn| turn.question.id != "t1"), "{technical:?}");
            let because: Vec<&str> = technical.iter().filter_map(|turn| turn.because.as_deref()).collect();
            assert_eq!(because.len(), 3);
            let of_monitoring = technical.iter().find(|turn| turn.question.topic == "monitoring");
            monitoring.extend(of_monitoring.map(|turn| turn.question.id.clone()));
        }
        assert_eq!(
            monitoring.len(),
            2,
            "the same posting asks other questions the next time"
        );
    }

    #[test]
    fn a_posting_is_called_by_its_company_and_role() {
        for (text, expected) in [
            ("SOC Analyst at Acme\n\nYou will…", Some("Acme, SOC Analyst")),
            (
                "Company: Acme Corp\nJob title: SOC Analyst II\n",
                Some("Acme Corp, SOC Analyst II"),
            ),
            (
                "**SOC Analyst (remote)**\n\nAbout Acme\n\nWe make sprockets.",
                Some("Acme, SOC Analyst (remote)"),
            ),
            (
                "Help desk technician\nAbout us\nAbout the role",
                Some("Help desk technician"),
            ),
            ("We are looking for somebody who knows SIEM and phishing.\n", None),
            ("", None),
        ] {
            assert_eq!(title(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_text_without_job_terms_is_no_posting() {
        assert_eq!(read("We like long walks.", &[]), None);
    }
}
