//! Which questions come next. A pile holds the questions of one kind that fit one field; it is used up before any of
//! its questions comes back.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::question::{Field, Question, QuestionKind};

/// What has been drawn from each pile since it was last full: pile name ("cybersecurity/technical") → question ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Memory(pub BTreeMap<String, BTreeSet<String>>);

/// Questions of an interview, where nothing else is chosen.
pub const USUAL: usize = 5;
/// The most that an interview has.
pub const LONGEST: u8 = 20;

/// The kinds of an interview of so many questions, in the order in which they are asked. Of five, two are background,
/// one is behavioral and two are technical; other lengths come as near to that as they can.
pub fn kinds(fields: &[Field], field: &str, length: usize) -> Vec<QuestionKind> {
    use QuestionKind::{Background, Behavioral, Technical};
    let (behavioral, technical) = if pile(fields, field, Technical).is_empty() {
        ((length * 2 + 2) / 5, 0)
    } else {
        let behavioral = (length + 2) / 5;
        (behavioral, (length - behavioral) / 2)
    };
    let background = length - behavioral - technical;
    [
        (Background, background),
        (Behavioral, behavioral),
        (Technical, technical),
    ]
    .into_iter()
    .flat_map(|(kind, count)| std::iter::repeat_n(kind, count))
    .collect()
}

/// The questions of a kind that may be asked in a field: its own, and those of other fields that fit everywhere.
pub fn pile<'a>(fields: &'a [Field], field: &str, kind: QuestionKind) -> Vec<&'a Question> {
    let mut questions: Vec<&Question> = fields
        .iter()
        .flat_map(|one| one.questions.iter().map(move |question| (one, question)))
        .filter(|(one, question)| question.kind == kind && (one.id == field || question.everywhere))
        .map(|(_, question)| question)
        .collect();
    questions.sort_by(|a, b| a.id.cmp(&b.id));
    questions.dedup_by(|a, b| a.id == b.id);
    questions
}

/// Draws the next interview: so many questions, or fewer where the field has fewer. The same memory and seed draw the
/// same questions.
pub fn interview(fields: &[Field], field: &str, length: usize, memory: &mut Memory, seed: u64) -> Vec<Question> {
    let mut chance = Chance(seed);
    let mut drawn: Vec<Question> = Vec::new();
    for kind in kinds(fields, field, length) {
        if let Some(question) = one(
            &pile(fields, field, kind),
            &pile_name(field, kind),
            memory,
            &drawn,
            &mut chance,
        ) {
            drawn.push(question);
        }
    }
    drawn
}

/// Draws one question, of any kind.
pub fn single(fields: &[Field], field: &str, memory: &mut Memory, seed: u64) -> Option<Question> {
    let mut chance = Chance(seed);
    let kinds = kinds(fields, field, USUAL);
    let kind = kinds[chance.below(kinds.len())];
    one(
        &pile(fields, field, kind),
        &pile_name(field, kind),
        memory,
        &[],
        &mut chance,
    )
}

fn pile_name(field: &str, kind: QuestionKind) -> String {
    format!("{field}/{}", kind.name())
}

fn one(
    pile: &[&Question],
    name: &str,
    memory: &mut Memory,
    drawn: &[Question],
    chance: &mut Chance,
) -> Option<Question> {
    let used = memory.0.entry(name.to_owned()).or_default();
    let fresh = |used: &BTreeSet<String>| -> Vec<&Question> {
        pile.iter()
            .copied()
            .filter(|question| !used.contains(&question.id) && drawn.iter().all(|other| other.id != question.id))
            .collect()
    };
    let mut left = fresh(used);
    if left.is_empty() {
        used.clear();
        left = fresh(used);
    }
    if left.is_empty() {
        return None;
    }
    let question = left[chance.below(left.len())].clone();
    used.insert(question.id.clone());
    Some(question)
}

/// A small generator of even numbers (SplitMix64): drawing questions needs no secrets, only a seed that tests can give.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(id: &str, kind: QuestionKind, everywhere: bool) -> Question {
        Question {
            id: id.into(),
            kind,
            prompt: format!("{id}?"),
            everywhere,
            ..Question::default()
        }
    }

    fn field(id: &str, counts: [usize; 3], everywhere: bool) -> Field {
        let questions = QuestionKind::ALL
            .into_iter()
            .zip(counts)
            .flat_map(|(kind, count)| {
                (0..count).map(move |n| question(&format!("{id}-{}-{n}", kind.name()), kind, everywhere))
            })
            .collect();
        Field {
            id: id.into(),
            name: id.into(),
            about: String::new(),
            terms: vec![],
            questions,
        }
    }

    #[test]
    fn an_interview_is_two_background_one_behavioral_two_technical() {
        use QuestionKind::{Background, Behavioral, Technical};
        let fields = [field("cyber", [4, 3, 5], false)];
        let drawn = interview(&fields, "cyber", USUAL, &mut Memory::default(), 1);
        let kinds: Vec<QuestionKind> = drawn.iter().map(|question| question.kind).collect();
        assert_eq!(kinds, [Background, Background, Behavioral, Technical, Technical]);
    }

    #[test]
    fn a_field_without_technical_questions_asks_three_and_two() {
        use QuestionKind::{Background, Behavioral};
        let fields = [field("general", [6, 5, 0], true), field("cyber", [2, 2, 2], false)];
        let drawn = interview(&fields, "general", USUAL, &mut Memory::default(), 7);
        let kinds: Vec<QuestionKind> = drawn.iter().map(|question| question.kind).collect();
        assert_eq!(kinds, [Background, Background, Background, Behavioral, Behavioral]);
    }

    #[test]
    fn nothing_comes_back_before_its_pile_is_used_up() {
        let fields = [field("cyber", [6, 3, 6], false)];
        let mut memory = Memory::default();
        for round in 0..4 {
            let mut seen = BTreeSet::new();
            for step in 0..3 {
                for drawn in interview(&fields, "cyber", USUAL, &mut memory, round * 10 + step) {
                    assert!(seen.insert(drawn.id.clone()), "{} came back in round {round}", drawn.id);
                }
            }
            assert_eq!(seen.len(), 15);
        }
    }

    #[test]
    fn one_interview_never_asks_the_same_twice_where_a_pile_ends() {
        let fields = [field("cyber", [3, 1, 3], false)];
        let mut memory = Memory::default();
        for seed in 0..200 {
            let ids: Vec<String> = interview(&fields, "cyber", USUAL, &mut memory, seed)
                .into_iter()
                .map(|q| q.id)
                .collect();
            assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 5, "{ids:?}");
        }
    }

    #[test]
    fn questions_for_everywhere_join_the_piles_of_other_fields() {
        let fields = [field("general", [2, 1, 0], true), field("cyber", [1, 1, 2], false)];
        assert_eq!(pile(&fields, "cyber", QuestionKind::Background).len(), 3);
        assert_eq!(pile(&fields, "general", QuestionKind::Background).len(), 2);
    }

    #[test]
    fn the_same_seed_draws_the_same() {
        let fields = [field("cyber", [9, 9, 9], false)];
        let draw = |seed| interview(&fields, "cyber", USUAL, &mut Memory::default(), seed);
        assert_eq!(draw(5), draw(5));
        assert_ne!(draw(5), draw(6));
    }
}
