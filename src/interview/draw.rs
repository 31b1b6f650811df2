//! Which questions come next. A pile holds the questions that can stand in one place of an interview; it is used up before
//! any of its questions comes back.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Turn;
use crate::question::{Field, Question, QuestionKind, Role, Seniority, Slot};

/// What has been drawn of each kind in a field since its questions last came back: "cybersecurity/technical" → question ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Memory(pub BTreeMap<String, BTreeSet<String>>);

/// Where the memory holds the questions that are to come again soon.
const AGAIN: &str = "ask again";

impl Memory {
    /// The ids of the questions that the person wants to be asked again.
    pub fn asked_again(&self) -> BTreeSet<String> {
        self.0.get(AGAIN).cloned().unwrap_or_default()
    }

    /// Puts a question among those that are asked again, or takes it out.
    pub fn toggle_again(&mut self, id: &str) {
        let again = self.0.entry(AGAIN.to_owned()).or_default();
        if !again.remove(id) {
            again.insert(id.to_owned());
        }
    }

    /// Takes out the first of these questions that is to be asked again.
    fn take_again<'a>(&mut self, questions: &[&'a Question]) -> Option<&'a Question> {
        let again = self.0.get_mut(AGAIN)?;
        questions.iter().copied().find(|question| again.remove(&question.id))
    }
}

/// Questions of an interview, where nothing else is chosen.
pub const USUAL: usize = 5;
/// The most that an interview has.
pub const LONGEST: u8 = 20;
/// From this length on, an interview ends with a closing question.
const CLOSES_FROM: usize = 8;

/// What an interview is drawn for.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// Id of the field.
    pub field: &'a str,
    /// A role of this field: its topics weigh what is asked.
    pub role: Option<&'a Role>,
    pub seniority: Option<Seniority>,
    pub length: usize,
}

impl<'a> Wish<'a> {
    /// The usual interview of a field.
    pub fn of(field: &'a str) -> Self {
        Self {
            field,
            role: None,
            seniority: None,
            length: USUAL,
        }
    }
}

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

/// Draws the next interview: so many questions, or fewer where the field has fewer. An opening question comes first and,
/// where there are eight or more, a closing one last; both count as background. The same memory and seed draw the same.
pub fn interview(fields: &[Field], wish: &Wish<'_>, memory: &mut Memory, seed: u64) -> Vec<Turn> {
    let mut draw = Draw::new(fields, *wish, memory, seed);
    let mut kinds = kinds(fields, wish.field, wish.length);
    let mut turns: Vec<Turn> = Vec::new();
    let closing = (kinds.len() >= CLOSES_FROM)
        .then(|| draw.slot(Slot::Closing, &turns))
        .flatten();
    for slot in [draw.slot(Slot::Opening, &turns), closing.clone()]
        .into_iter()
        .flatten()
    {
        if let Some(place) = kinds.iter().position(|kind| *kind == slot.question.kind) {
            kinds.remove(place);
        }
        if closing.as_ref() != Some(&slot) {
            turns.push(slot);
        }
    }
    for kind in kinds {
        let turn = draw.of_kind(kind, &turns);
        turns.extend(turn);
    }
    turns.extend(closing);
    turns
}

/// Draws one question, of any kind.
pub fn single(fields: &[Field], wish: &Wish<'_>, memory: &mut Memory, seed: u64) -> Option<Turn> {
    let mut draw = Draw::new(fields, *wish, memory, seed);
    let kinds = kinds(fields, wish.field, USUAL);
    let kind = kinds[draw.chance.below(kinds.len())];
    draw.of_kind(kind, &[])
}

/// A draw that is under way.
pub(super) struct Draw<'a> {
    fields: &'a [Field],
    wish: Wish<'a>,
    memory: &'a mut Memory,
    chance: Chance,
}

impl<'a> Draw<'a> {
    pub(super) fn new(fields: &'a [Field], wish: Wish<'a>, memory: &'a mut Memory, seed: u64) -> Self {
        Self {
            fields,
            wish,
            memory,
            chance: Chance(seed),
        }
    }

    /// A question for the beginning or the end.
    pub(super) fn slot(&mut self, slot: Slot, drawn: &[Turn]) -> Option<Turn> {
        let kinds = QuestionKind::ALL.into_iter();
        let pile: Vec<&Question> = kinds
            .flat_map(|kind| pile(self.fields, self.wish.field, kind))
            .filter(|question| question.slot == Some(slot))
            .collect();
        self.one(&pile, drawn, |_| 1)
    }

    /// A question of a kind. Of background and behavioral ones two in three are the field's own.
    pub(super) fn of_kind(&mut self, kind: QuestionKind, drawn: &[Turn]) -> Option<Turn> {
        /// Of three.
        const OWN: usize = 2;
        let (own, others) = self.own_and_others(kind);
        let own_first = self.chance.below(3) < OWN;
        let (first, second) = if own_first { (own, others) } else { (others, own) };
        let wish = self.wish;
        let weight = |question: &Question| weight(question, &wish);
        self.one(&first, drawn, weight)
            .or_else(|| self.one(&second, drawn, weight))
    }

    /// The field's own questions that the wish does not rule out, and those of other fields. Where that leaves none, all.
    pub(super) fn own_and_others(&self, kind: QuestionKind) -> (Vec<&'a Question>, Vec<&'a Question>) {
        let own_ids: BTreeSet<&str> = self
            .fields
            .iter()
            .filter(|field| field.id == self.wish.field)
            .flat_map(|field| field.questions.iter().map(|question| question.id.as_str()))
            .collect();
        let whole = pile(self.fields, self.wish.field, kind);
        let plain = whole.into_iter().filter(|question| question.slot.is_none());
        let (own, others): (Vec<&Question>, Vec<&Question>) =
            plain.partition(|question| own_ids.contains(question.id.as_str()));
        let fitting: Vec<&Question> = own.iter().copied().filter(|one| weight(one, &self.wish) > 0).collect();
        (if fitting.is_empty() { own } else { fitting }, others)
    }

    /// One question of a pile: one that the person wants to be asked again, or else one that has not been asked since the
    /// pile was last used up. Those that weigh more come sooner.
    pub(super) fn one(
        &mut self,
        pile: &[&Question],
        drawn: &[Turn],
        weight: impl Fn(&Question) -> u32,
    ) -> Option<Turn> {
        let unseen = |question: &&Question| drawn.iter().all(|turn| turn.question.id != question.id);
        let kind = pile.first()?.kind;
        let again: Vec<&Question> = pile.iter().copied().filter(unseen).collect();
        let again = self.memory.take_again(&again);
        let used = self.memory.0.entry(memory_name(self.wish.field, kind)).or_default();
        let mut left: Vec<&Question> = pile
            .iter()
            .copied()
            .filter(unseen)
            .filter(|one| !used.contains(&one.id))
            .collect();
        if left.is_empty() {
            used.retain(|id| pile.iter().all(|question| question.id != *id));
            left = pile.iter().copied().filter(unseen).collect();
        }
        let weights: Vec<u32> = left.iter().map(|question| weight(question).max(1)).collect();
        let drawn = *left.get(self.chance.weighted(&weights)?)?;
        let question = again.unwrap_or(drawn);
        used.insert(question.id.clone());
        let asked_as = self.wording(question);
        Some(Turn {
            asked_as,
            ..Turn::new(question.clone())
        })
    }

    /// Now and then, one of the other usual wordings: whoever has heard only one is surprised by the next.
    fn wording(&mut self, question: &Question) -> Option<String> {
        const ONE_IN: usize = 3;
        if question.also_asked.is_empty() || self.chance.below(ONE_IN) > 0 {
            return None;
        }
        let which = self.chance.below(question.also_asked.len());
        Some(question.also_asked[which].clone())
    }
}

fn memory_name(field: &str, kind: QuestionKind) -> String {
    format!("{field}/{}", kind.name())
}

/// How soon a question comes: by the role's topics, and by its level. 0 where the role does not ask it.
fn weight(question: &Question, wish: &Wish<'_>) -> u32 {
    let of_role = wish.role.map_or(1, |role| role.weight(question));
    let of_level = match (wish.seniority, question.seniority) {
        (None, _) => 2,
        (Some(wanted), has) if wanted == has => 4,
        (Some(_), _) => 1,
    };
    of_role * of_level
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

    /// An index, each as often as it weighs; nothing where nothing weighs.
    fn weighted(&mut self, weights: &[u32]) -> Option<usize> {
        let whole: usize = weights.iter().map(|weight| *weight as usize).sum();
        let mut left = (whole > 0).then(|| self.below(whole))?;
        weights.iter().position(|weight| {
            let here = left < *weight as usize;
            left = left.saturating_sub(*weight as usize);
            here
        })
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
            questions,
            ..Field::default()
        }
    }

    #[test]
    fn an_interview_is_two_background_one_behavioral_two_technical() {
        use QuestionKind::{Background, Behavioral, Technical};
        let fields = [field("cyber", [4, 3, 5], false)];
        let drawn = interview(&fields, &Wish::of("cyber"), &mut Memory::default(), 1);
        let kinds: Vec<QuestionKind> = drawn.iter().map(|turn| turn.question.kind).collect();
        assert_eq!(kinds, [Background, Background, Behavioral, Technical, Technical]);
    }

    #[test]
    fn a_field_without_technical_questions_asks_three_and_two() {
        use QuestionKind::{Background, Behavioral};
        let fields = [field("general", [6, 5, 0], true), field("cyber", [2, 2, 2], false)];
        let drawn = interview(&fields, &Wish::of("general"), &mut Memory::default(), 7);
        let kinds: Vec<QuestionKind> = drawn.iter().map(|turn| turn.question.kind).collect();
        assert_eq!(kinds, [Background, Background, Background, Behavioral, Behavioral]);
    }

    #[test]
    fn nothing_comes_back_before_its_pile_is_used_up() {
        let fields = [field("cyber", [6, 3, 6], false)];
        let mut memory = Memory::default();
        for round in 0..4 {
            let mut seen = BTreeSet::new();
            for step in 0..3 {
                for drawn in interview(&fields, &Wish::of("cyber"), &mut memory, round * 10 + step) {
                    let id = drawn.question.id;
                    assert!(seen.insert(id.clone()), "{id} came back in round {round}");
                }
            }
            assert_eq!(seen.len(), 15);
        }
    }

    #[test]
    fn what_is_to_be_asked_again_comes_next_and_then_takes_its_turn() {
        let fields = [field("cyber", [6, 3, 6], false)];
        let mut memory = Memory::default();
        let ids = |memory: &mut Memory, seed| -> Vec<String> {
            let drawn = interview(&fields, &Wish::of("cyber"), memory, seed);
            drawn.into_iter().map(|turn| turn.question.id).collect()
        };
        let first = ids(&mut memory, 1);
        memory.toggle_again(&first[4]);
        assert_eq!(memory.asked_again().len(), 1);
        assert!(ids(&mut memory, 2).contains(&first[4]));
        assert!(memory.asked_again().is_empty());
        assert!(!ids(&mut memory, 3).contains(&first[4]));
        memory.toggle_again("x");
        memory.toggle_again("x");
        assert!(memory.asked_again().is_empty());
    }

    #[test]
    fn one_interview_never_asks_the_same_twice_where_a_pile_ends() {
        let fields = [field("cyber", [3, 1, 3], false)];
        let mut memory = Memory::default();
        for seed in 0..200 {
            let ids: Vec<String> = interview(&fields, &Wish::of("cyber"), &mut memory, seed)
                .into_iter()
                .map(|turn| turn.question.id)
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
        let draw = |seed| interview(&fields, &Wish::of("cyber"), &mut Memory::default(), seed);
        assert_eq!(draw(5), draw(5));
        assert_ne!(draw(5), draw(6));
    }

    fn with_slots(mut field: Field) -> Field {
        for (index, slot) in [(0, Slot::Opening), (1, Slot::Opening), (2, Slot::Closing)] {
            field.questions[index].slot = Some(slot);
        }
        field
    }

    #[test]
    fn every_length_has_the_kinds_of_the_table_and_the_opener_comes_first() {
        use QuestionKind::{Background, Behavioral, Technical};
        let fields = [
            with_slots(field("general", [9, 9, 0], true)),
            field("cyber", [9, 9, 9], false),
        ];
        for (name, length, counts, closes) in [
            ("cyber", 3, [1, 1, 1], false),
            ("cyber", 5, [2, 1, 2], false),
            ("cyber", 8, [3, 2, 3], true),
            ("cyber", 10, [4, 2, 4], true),
            ("general", 3, [2, 1, 0], false),
            ("general", 5, [3, 2, 0], false),
            ("general", 8, [5, 3, 0], true),
            ("general", 10, [6, 4, 0], true),
        ] {
            for seed in 0..20 {
                let wish = Wish {
                    length,
                    ..Wish::of(name)
                };
                let drawn = interview(&fields, &wish, &mut Memory::default(), seed);
                let found = [Background, Behavioral, Technical]
                    .map(|kind| drawn.iter().filter(|turn| turn.question.kind == kind).count());
                assert_eq!(found, counts, "{name} {length}");
                let slots: Vec<Option<Slot>> = drawn.iter().map(|turn| turn.question.slot).collect();
                let (first, rest) = slots.split_first().unwrap();
                let (last, middle) = rest.split_last().unwrap();
                assert_eq!(*first, Some(Slot::Opening));
                assert_eq!(*last == Some(Slot::Closing), closes, "{name} {length}");
                assert!(middle.iter().all(Option::is_none));
            }
        }
    }

    #[test]
    fn two_in_three_background_questions_are_the_fields_own() {
        let fields = [
            with_slots(field("general", [40, 9, 0], true)),
            field("cyber", [40, 9, 9], false),
        ];
        let mut memory = Memory::default();
        let drawn = (0..30).flat_map(|seed| interview(&fields, &Wish::of("cyber"), &mut memory, seed));
        let background =
            drawn.filter(|turn| turn.question.kind == QuestionKind::Background && turn.question.slot.is_none());
        let (own, others): (Vec<_>, Vec<_>) = background.partition(|turn| turn.question.id.starts_with("cyber"));
        assert!(
            (15..=25).contains(&own.len()),
            "{} own, {} others",
            own.len(),
            others.len()
        );
    }

    #[test]
    fn a_role_asks_its_topics_and_a_level_comes_sooner() {
        let mut cyber = field("cyber", [9, 9, 40], false);
        for (index, question) in cyber.questions.iter_mut().enumerate() {
            question.topic = if index % 2 == 0 { "networks" } else { "cloud" }.to_owned();
            question.seniority = if index % 4 < 2 {
                Seniority::Entry
            } else {
                Seniority::Mid
            };
        }
        let role = Role {
            id: "cloud-security".into(),
            name: "Cloud security engineer".into(),
            topics: [("cloud".to_owned(), 3)].into(),
        };
        let fields = [cyber];
        let wish = Wish {
            role: Some(&role),
            seniority: Some(Seniority::Mid),
            ..Wish::of("cyber")
        };
        let mut memory = Memory::default();
        let drawn: Vec<Turn> = (0..5)
            .flat_map(|seed| interview(&fields, &wish, &mut memory, seed))
            .collect();
        assert!(drawn.iter().all(|turn| turn.question.topic == "cloud"));
        let technical = drawn
            .iter()
            .filter(|turn| turn.question.kind == QuestionKind::Technical);
        let mid = technical
            .filter(|turn| turn.question.seniority == Seniority::Mid)
            .count();
        assert!(mid >= 6, "{mid} of 10");
    }

    #[test]
    fn now_and_then_another_wording_is_asked() {
        let mut cyber = field("cyber", [30, 9, 9], false);
        for question in &mut cyber.questions {
            question.also_asked = vec!["In other words?".into(), "Again?".into()];
        }
        let fields = [cyber];
        let drawn = (0..40).filter_map(|seed| single(&fields, &Wish::of("cyber"), &mut Memory::default(), seed));
        let other = drawn.filter(|turn| turn.asked() != turn.question.prompt).count();
        assert!((5..=25).contains(&other), "{other} of 40");
    }
}
