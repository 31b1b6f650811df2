//! What an interviewer would ask next: one question about what the answer left out, or none. The bank's own follow-ups come
//! first, for the points that no sentence comes near; then what every interviewer asks: how one would find out what one does
//! not know, what one did oneself where only "we" acts, what came of it. Never about what was said: where that is in doubt,
//! nothing is asked.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::{
    insight::{
        Answer, FollowUpQuestion, JobTerms, Structure,
        assets::{WordSet, toml_asset},
        encoder::{self, Encoding, TextInContext},
        general_points::{GENERAL_POINTS, HONESTY, LESSONS, RESULT},
        look_up, question_points,
        sentences::Sentences,
        talking_points::FoundPoints,
        tokenizer::{Sentence, SentenceToken},
    },
    question::{Question, QuestionKind, StructureName},
};

/// The file says what each number and list is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FollowUpParameters {
    min_words: usize,
    left_out: f32,
    already_said: f32,
    says_how: f32,
    how_to_find_out: Vec<String>,
    ask: FollowUpWordings,
    only_we: OnlyWe,
}

/// `{}` stands for the thing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FollowUpWordings {
    find_out: String,
    find_out_about: String,
    own_part: String,
    result: String,
    lessons: String,
    part: String,
    term: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OnlyWe {
    min_we: usize,
    we_per_i: usize,
    no_deed: WordSet,
    own_part: Vec<String>,
}

pub(super) static PARAMETERS: LazyLock<FollowUpParameters> = toml_asset!("insight/follow_up.toml");

/// Sentences that say how one would find out.
static HOW_TO_FIND_OUT: LazyLock<Vec<Encoding>> = LazyLock::new(|| {
    let texts = PARAMETERS.how_to_find_out.iter();
    let texts: Vec<TextInContext<'_>> = texts.map(|text| TextInContext::alone(text)).collect();
    encoder::encode(&texts, usize::MAX)
});

/// What is known of an answer once everything else was looked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heard<'a> {
    pub sentences: &'a Sentences<'a>,
    pub found: &'a FoundPoints,
    pub look_up: &'a [String],
    pub job_terms: &'a JobTerms,
    pub structure: Option<&'a Structure>,
}

/// Only to a question that was asked, and to an answer that is one.
pub(super) fn follow_up(answer: Answer<'_>, heard: Heard<'_>) -> Option<FollowUpQuestion> {
    let question = answer.question?;
    let words: usize = heard.sentences.list.iter().map(|sentence| sentence.words.len()).sum();
    if words < PARAMETERS.min_words || heard.found.off_topic {
        return None;
    }
    heard
        .admitted_gap(question)
        .or_else(|| heard.own_part(question))
        .or_else(|| heard.result(question))
        .or_else(|| heard.left_out_part(question))
        .or_else(|| heard.from_bank(question, |_| true))
        .or_else(|| heard.lessons(question))
        .or_else(|| heard.term(question))
}

impl<'a> Heard<'a> {
    /// That the likeliest sentence makes this point; nothing where it is not looked for or was made.
    fn probability_if_open(self, id: &str) -> Option<f32> {
        let mut open = self.found.open.iter();
        open.find(|point| point.id == id).map(|point| point.probability)
    }

    fn is_left_out(self, id: &str) -> bool {
        self.probability_if_open(id)
            .is_some_and(|probability| probability <= PARAMETERS.left_out)
    }

    /// They do not know something, and have not said how they would find out. Where the thing is not named, only in answers
    /// to technical questions: in others people are modest, and mean nothing that could be found out.
    fn admitted_gap(self, question: &Question) -> Option<FollowUpQuestion> {
        let wordings = &PARAMETERS.ask;
        let admitting: Vec<&Sentence> = self.sentences.admitting().collect();
        if admitting.is_empty() || self.says_how_to_find_out() {
            return None;
        }
        let about = GENERAL_POINTS[HONESTY].id.clone();
        let ask = match self.look_up.first() {
            Some(thing) => wordings.find_out_about.replace("{}", thing),
            None if question.kind == QuestionKind::Technical => wordings.find_out.clone(),
            None => return None,
        };
        Some(FollowUpQuestion { ask, about })
    }

    fn says_how_to_find_out(self) -> bool {
        let near = |encoding: &Encoding| {
            let mut examples = HOW_TO_FIND_OUT.iter();
            examples.any(|example| example.similarity(encoding) >= PARAMETERS.says_how)
        };
        self.sentences.encodings().iter().any(near) || self.sentences.list.iter().any(look_up::says_to_look_up)
    }

    /// Only "we" acts in a story.
    fn own_part(self, question: &Question) -> Option<FollowUpQuestion> {
        if question.kind != QuestionKind::Behavioral || !only_we(&self.sentences.list) {
            return None;
        }
        // The bank has its own words for it where the question has such a point.
        let own = |id: &str| id.contains("own-part") || id.contains("your-part");
        let general = || FollowUpQuestion {
            ask: PARAMETERS.ask.own_part.clone(),
            about: "experience".to_owned(),
        };
        self.from_bank(question, own).or_else(|| Some(general()))
    }

    /// A story that does not say how it ended.
    fn result(self, question: &Question) -> Option<FollowUpQuestion> {
        let id = &GENERAL_POINTS[RESULT].id;
        let told = self
            .structure
            .is_some_and(|structure| structure.parts.iter().any(|part| part.name == StructureName::Result));
        if question.kind != QuestionKind::Behavioral || told {
            return None;
        }
        self.general(question, id, &PARAMETERS.ask.result)
    }

    fn lessons(self, question: &Question) -> Option<FollowUpQuestion> {
        if question.kind != QuestionKind::Behavioral {
            return None;
        }
        self.general(question, &GENERAL_POINTS[LESSONS].id, &PARAMETERS.ask.lessons)
    }

    /// About one of the nine: in the bank's words, or in these.
    fn general(self, question: &Question, id: &str, ask: &str) -> Option<FollowUpQuestion> {
        if !self.is_left_out(id) {
            return None;
        }
        let general = || FollowUpQuestion {
            ask: ask.to_owned(),
            about: id.to_owned(),
        };
        self.from_bank(question, |other| other == id)
            .or_else(|| Some(general()))
    }

    /// One of several things that were asked, of which nothing was said though another was answered.
    fn left_out_part(self, question: &Question) -> Option<FollowUpQuestion> {
        let parts = &self.found.parts;
        if !parts.iter().any(|part| part.answered == Some(true)) {
            return None;
        }
        let left_out = |number: usize| {
            let mut points = question
                .talking_points
                .iter()
                .filter(|point| point.part == Some(number));
            points.all(|point| self.is_left_out(&point.id))
        };
        let (number, part) = (1..)
            .zip(parts)
            .find(|(number, part)| part.answered == Some(false) && left_out(*number))?;
        let of_part = |id: &str| {
            let point = question.talking_points.iter().find(|point| point.id == id);
            point.is_some_and(|point| point.part == Some(number))
        };
        let general = || FollowUpQuestion {
            ask: PARAMETERS.ask.part.replace("{}", &inside_sentence(&part.text)),
            about: format!("part:{number}"),
        };
        self.from_bank(question, of_part).or_else(|| Some(general()))
    }

    /// The bank's follow-up for what the answer came least near to, of those that are about such points.
    fn from_bank(self, question: &Question, fits: impl Fn(&str) -> bool) -> Option<FollowUpQuestion> {
        let open = question.follow_ups.iter().filter_map(|follow_up| {
            let about = follow_up.unless.first().filter(|id| fits(id))?;
            // Nearest of its points: all of them must have been left out.
            let mut nearest = 0.0_f32;
            for id in &follow_up.unless {
                nearest = nearest.max(self.probability_if_open(id)?);
            }
            (nearest <= PARAMETERS.left_out && !self.is_answered(question, &follow_up.ask))
                .then_some((nearest, follow_up, about))
        });
        let least = open.min_by(|one, other| one.0.total_cmp(&other.0));
        least.map(|(_, follow_up, about)| FollowUpQuestion {
            ask: follow_up.ask.clone(),
            about: about.clone(),
        })
    }

    /// Whether a sentence has the follow-up's own words in it, whatever point they would make.
    fn is_answered(self, question: &Question, ask: &str) -> bool {
        let wanted = question_points::telling_words(ask, &question.prompt);
        let mut sentences = self.sentences.list.iter();
        wanted.len() > 1
            && sentences.any(|sentence| question_points::share_said(&wanted, sentence) >= PARAMETERS.already_said)
    }

    /// A job term that was named among others and never come back to. Technical answers use terms; they do not owe an
    /// explanation of each.
    fn term(self, question: &Question) -> Option<FollowUpQuestion> {
        if question.kind == QuestionKind::Technical {
            return None;
        }
        let in_passing = self.job_terms.used.iter().find(|used| {
            let [words] = used.words.as_slice() else {
                return false;
            };
            let sentence = self
                .sentences
                .list
                .iter()
                .find(|sentence| sentence.words.contains(&words.start));
            let others = self.job_terms.used.iter().flat_map(|used| &used.words);
            sentence.is_some_and(|sentence| others.filter(|other| sentence.words.contains(&other.start)).count() >= 3)
        })?;
        Some(FollowUpQuestion {
            ask: PARAMETERS.ask.term.replace("{}", &in_passing.term),
            about: format!("term:{}", in_passing.term),
        })
    }
}

/// Whether a group acts in these sentences, and hardly ever their teller.
fn only_we(sentences: &[Sentence]) -> bool {
    let OnlyWe {
        min_we,
        we_per_i,
        no_deed,
        own_part,
    } = &PARAMETERS.only_we;
    let says_own_part = |tokens: &[SentenceToken]| own_part.iter().any(|phrase| look_up::holds(tokens, phrase));
    if sentences.iter().any(|sentence| says_own_part(&sentence.tokens)) {
        return false;
    }
    let tokens = || sentences.iter().flat_map(|sentence| &sentence.tokens);
    let we = tokens().filter(|token| token.text == "we").count();
    let pairs = sentences.iter().flat_map(|sentence| sentence.tokens.windows(2));
    let deeds = pairs
        .filter(|pair| pair[0].text == "i" && !no_deed.contains(&pair[1].base))
        .count();
    we >= *min_we && deeds * we_per_i <= we
}

/// "What changed" → "what changed"; names and abbreviations stay as they are.
fn inside_sentence(part: &str) -> String {
    let first = part.split_whitespace().next().unwrap_or_default();
    let is_name = first.chars().skip(1).any(char::is_uppercase) || first == "I" || first.starts_with("I'");
    let text = part.trim_end_matches(['?', '.']);
    let mut letters = text.chars();
    match letters.next() {
        Some(letter) if !is_name => letter.to_lowercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}
