//! What an interviewer would ask next: one question about what the answer left out, or none. First what every interviewer
//! asks: how one would find out what one does not know, what one did oneself where only "we" acts, what came of it; then about
//! the points that no sentence comes near. Each is asked in the bank's words where it has some. Where it is in doubt whether
//! something was said, it is not asked for.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::{
    insight::{
        Answer, FollowUpQuestion, JobTerms,
        assets::{WordSet, toml_asset},
        encoder::{self, Encoding, TextInContext},
        general_points::{EXPERIENCE, GENERAL_POINTS, HONESTY, LESSONS, PointProbabilities, RESULT},
        left_out::{self, is_left_out},
        look_up, question_points,
        sentences::Sentences,
        talking_points::FoundPoints,
        tokenizer::{Sentence, SentenceToken, is_past},
    },
    question::{Question, QuestionKind},
    transcript::WordRange,
};

/// The file says what each number and list is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FollowUpParameters {
    min_words: usize,
    end: f32,
    outcome: f32,
    lesson: f32,
    admitted: f32,
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
    example: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OnlyWe {
    min_we: usize,
    min_we_beside_stories: usize,
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
    pub job_terms: &'a JobTerms,
}

/// Only to a question that was asked, and to an answer that is one.
pub(super) fn follow_up(answer: Answer<'_>, heard: Heard<'_>) -> Option<FollowUpQuestion> {
    let question = answer.question?;
    let words: usize = heard.sentences.list.iter().map(|sentence| sentence.words.len()).sum();
    let in_doubt = heard.found.topic.is_some_and(|log_odds| log_odds < 0.0);
    if words < PARAMETERS.min_words || heard.found.off_topic || in_doubt {
        return None;
    }
    heard
        .admitted_gap(question)
        .or_else(|| heard.own_part(question))
        .or_else(|| heard.result(question))
        .or_else(|| heard.lessons(question))
        .or_else(|| heard.left_out_part(question))
        .or_else(|| heard.bank_ask(question, |_| true))
        .or_else(|| heard.term(question))
        .or_else(|| heard.example(question))
}

impl Heard<'_> {
    /// Whether no sentence makes this point, and none recalls it.
    fn is_left_out(self, id: &str) -> bool {
        let mut open = self.found.open.iter();
        open.any(|point| point.id == id && is_left_out(point))
    }

    /// They do not know something, and have not said how they would find out. Where the thing is not named, only in answers
    /// to technical questions: in others people are modest, and mean nothing that could be found out.
    fn admitted_gap(self, question: &Question) -> Option<FollowUpQuestion> {
        let wordings = &PARAMETERS.ask;
        let mut admitting = self
            .sentences
            .admitting()
            .filter(|sentence| look_up::says_not_knowing(sentence))
            .peekable();
        if admitting.peek().is_none() || self.says_how_to_find_out() {
            return None;
        }
        let transcript = self.sentences.transcript;
        let thing = admitting.find_map(|sentence| look_up::not_known(transcript, sentence));
        let about = GENERAL_POINTS[HONESTY].id.clone();
        // What is no name can be any stretch of words: "find out about models decide".
        let is_name = |thing: &String| {
            let used = self
                .job_terms
                .used
                .iter()
                .any(|used| used.term.eq_ignore_ascii_case(thing));
            used || !thing.contains(' ') && thing.chars().any(char::is_uppercase)
        };
        let ask = match thing.filter(is_name) {
            Some(thing) => wordings.find_out_about.replace("{}", &thing),
            None if question.kind == QuestionKind::Technical => wordings.find_out.clone(),
            None => return None,
        };
        Some(FollowUpQuestion { ask, about })
    }

    /// Whether one of the sentences that say what they would do is about finding out.
    fn says_how_to_find_out(self) -> bool {
        let near = |encoding: &Encoding| {
            let mut examples = HOW_TO_FIND_OUT.iter();
            examples.any(|example| example.similarity(encoding) >= PARAMETERS.says_how)
        };
        let encoded = self.sentences.list.iter().zip(self.sentences.encodings());
        let mut would = encoded.filter(|(sentence, _)| look_up::says_what_i_would_do(sentence));
        would.any(|(sentence, encoding)| look_up::holds_looking_up(sentence) || near(encoding))
    }

    /// Only "we" acts.
    fn own_part(self, question: &Question) -> Option<FollowUpQuestion> {
        if !only_we(&self.sentences.list, question.kind) {
            return None;
        }
        // The bank has its own words for it where the question has such a point.
        let own = |id: &str| id.contains("own-part") || id.contains("your-part");
        let general = || FollowUpQuestion {
            ask: PARAMETERS.ask.own_part.clone(),
            about: GENERAL_POINTS[EXPERIENCE].id.clone(),
        };
        self.bank_ask(question, own).or_else(|| Some(general()))
    }

    /// A story that breaks off: what came of it is told at its end, or not at all, whatever happened in between.
    fn result(self, question: &Question) -> Option<FollowUpQuestion> {
        if question.kind != QuestionKind::Behavioral || self.ends_with_outcome() {
            return None;
        }
        // The bank's own words where nothing of the kind was said at all: "Was it the right decision?" fits no story that has
        // come as far as the decision and no further.
        let about = GENERAL_POINTS[RESULT].id.clone();
        let general = || FollowUpQuestion {
            ask: PARAMETERS.ask.result.clone(),
            about: about.clone(),
        };
        self.bank_ask(question, |id| id == about).or_else(|| Some(general()))
    }

    /// Whether one of the last sentences tells a result or a lesson.
    fn ends_with_outcome(self) -> bool {
        let sentences = &self.sentences.list;
        let words = sentences.last().map_or(0, |sentence| sentence.words.end);
        let end = words - (words as f32 * PARAMETERS.end) as usize;
        let told =
            |points: &PointProbabilities| points[RESULT] >= PARAMETERS.outcome || points[LESSONS] >= PARAMETERS.lesson;
        let mut pairs = sentences.iter().zip(self.sentences.probabilities());
        pairs.any(|(sentence, points)| sentence.words.end > end && told(points))
    }

    /// A story of which nothing was learned.
    fn lessons(self, question: &Question) -> Option<FollowUpQuestion> {
        let about = GENERAL_POINTS[LESSONS].id.clone();
        if question.kind != QuestionKind::Behavioral || !self.is_left_out(&about) {
            return None;
        }
        let general = || FollowUpQuestion {
            ask: PARAMETERS.ask.lessons.clone(),
            about: about.clone(),
        };
        self.bank_ask(question, |id| id == about).or_else(|| Some(general()))
    }

    /// One of several things that were asked, of which nothing was said though one before it was answered: what is left out
    /// is what comes last, and a first part that seems to be is most often one said in other words.
    fn left_out_part(self, question: &Question) -> Option<FollowUpQuestion> {
        let parts = &self.found.parts;
        let answered = parts.iter().position(|part| part.answered == Some(true))?;
        let is_open = |number: usize| left_out::may_be_open(question, number, &self.found.open, self.sentences);
        let mut later = (1..).zip(parts).skip(answered + 1);
        let (number, part) = later.find(|(number, part)| part.answered != Some(true) && is_open(*number))?;
        let of_part = |id: &str| {
            let point = question.talking_points.iter().find(|point| point.id == id);
            point.is_some_and(|point| point.part == Some(number))
        };
        let general = || FollowUpQuestion {
            ask: PARAMETERS.ask.part.replace("{}", &inside_sentence(&part.text)),
            about: format!("part:{number}"),
        };
        self.bank_ask(question, of_part).or_else(|| Some(general()))
    }

    /// The bank's follow-up for what the answer came least near to, of those that are about such points.
    fn bank_ask(self, question: &Question, fits: impl Fn(&str) -> bool) -> Option<FollowUpQuestion> {
        let open = question.follow_ups.iter().filter_map(|follow_up| {
            let about = follow_up.unless.first().filter(|id| fits(id))?;
            // All of its points must have been left out; the nearest of them tells how far.
            let mut nearest = 0.0_f32;
            for id in &follow_up.unless {
                let point = self
                    .found
                    .open
                    .iter()
                    .find(|point| point.id == *id && is_left_out(point))?;
                nearest = nearest.max(point.probability + point.traces.nearness);
            }
            let fits = !left_out::is_said(&follow_up.ask, &question.prompt, self.sentences)
                && !self.is_admitted(&follow_up.ask);
            fits.then_some((nearest, follow_up, about))
        });
        let least = open.min_by(|one, other| one.0.total_cmp(&other.0));
        least.map(|(_, follow_up, about)| FollowUpQuestion {
            ask: follow_up.ask.clone(),
            about: about.clone(),
        })
    }

    /// Whether it asks for what the answer has just admitted not to know.
    fn is_admitted(self, ask: &str) -> bool {
        let wanted = question_points::telling_words(ask, "");
        let mut admitting = self.sentences.admitting();
        admitting.any(|sentence| question_points::share_said(&wanted, sentence) >= PARAMETERS.admitted)
    }

    /// Explained without a case: nobody did anything in it. What is written as code has none, nor has what is not known.
    fn example(self, question: &Question) -> Option<FollowUpQuestion> {
        let in_person = |token: &SentenceToken| matches!(token.text.as_str(), "i" | "we");
        let mut pairs = self
            .sentences
            .list
            .iter()
            .flat_map(|sentence| sentence.tokens.windows(2));
        let told = pairs.any(|pair| in_person(&pair[0]) && is_past(&pair[1]));
        let admits = self.sentences.admitting().next().is_some();
        let wanted = question.kind == QuestionKind::Technical && !question.is_about_code() && !told && !admits;
        wanted.then(|| FollowUpQuestion {
            ask: PARAMETERS.ask.example.clone(),
            about: GENERAL_POINTS[EXPERIENCE].id.clone(),
        })
    }

    /// A job term with a name's capitals that was mentioned among others and never come back to. Technical answers and stories
    /// use terms; they do not owe an explanation of each.
    fn term(self, question: &Question) -> Option<FollowUpQuestion> {
        /// Terms in a sentence that lists them.
        const LISTED: usize = 3;
        if question.kind != QuestionKind::Background {
            return None;
        }
        let used = &self.job_terms.used;
        let listed = |words: &WordRange| {
            let mut sentences = self.sentences.list.iter();
            let sentence = sentences.find(|sentence| sentence.words.contains(&words.start));
            let all = used.iter().flat_map(|used| &used.words);
            sentence.is_some_and(|sentence| all.filter(|one| sentence.words.contains(&one.start)).count() >= LISTED)
        };
        used.iter().find_map(|used| {
            let [words] = used.words.as_slice() else {
                return None;
            };
            let said = self.sentences.transcript.text_of(words.clone());
            let said = said.trim_matches(|letter: char| !letter.is_alphanumeric());
            (said.contains(char::is_uppercase) && listed(words)).then(|| FollowUpQuestion {
                ask: PARAMETERS.ask.term.replace("{}", said),
                about: format!("term:{}", used.term),
            })
        })
    }
}

/// Whether a group acts in these sentences, and hardly ever their teller.
fn only_we(sentences: &[Sentence], kind: QuestionKind) -> bool {
    let OnlyWe {
        min_we,
        min_we_beside_stories,
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
    let min = if kind == QuestionKind::Behavioral {
        min_we
    } else {
        min_we_beside_stories
    };
    we >= *min && deeds * we_per_i <= we
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bank,
        insight::{Answer, observe},
        transcript::Transcript,
    };

    /// What is asked after this answer, and what it is about.
    fn check(question: &str, text: &str, ask: Option<&str>, about: &str) {
        let bank = bank::built_in();
        let (field, question) = bank.question(question).unwrap();
        let transcript = Transcript::typed(text);
        let found = observe(Answer {
            transcript: &transcript,
            seconds: None,
            question: Some(question),
            field: Some(field),
        });
        let asked = found.follow_up.as_ref();
        assert_eq!(
            asked.map(|asked| asked.about.as_str()),
            Some(about).filter(|about| !about.is_empty()),
            "{text}"
        );
        if let Some(ask) = ask {
            assert_eq!(asked.map(|asked| asked.ask.as_str()), Some(ask), "{text}");
        }
    }

    const UNFINISHED: &str = "Last year our web shop got slow every evening around nine, and I was sure that it was an attack. I \
        blocked some ranges on the firewall and told my boss. But the spike came again, so I looked closer at the requests. \
        They came from our own app, version four. So I went to the mobile developers with the log.";

    #[test]
    fn a_story_that_breaks_off_is_asked_how_it_ended_and_one_that_ends_is_not() {
        let question = "cyber-first-theory-wrong";
        check(question, UNFINISHED, None, "result");
        let ended = format!("{UNFINISHED} They fixed the app in two days, and the spikes were gone the same week.");
        check(question, &ended, None, "lessons");
    }

    #[test]
    fn where_only_we_acts_the_tellers_own_part_is_asked_for() {
        let text = "We had a big incident at the hospital, and we worked on it all night. We pulled the logs, we disabled the \
            accounts, and we called the vendor. In the end we had everything back by Monday morning, and no data was lost.";
        check(
            "cyber-first-theory-wrong",
            text,
            Some("What was your own part in that?"),
            "experience",
        );
    }

    #[test]
    fn a_gap_is_asked_about_once_it_is_admitted_and_not_where_one_said_what_one_would_do() {
        let question = "cyber-siem-worth";
        let gap = "A SIEM collects logs from everywhere and raises alerts when rules match. Honestly, I don't know how Splunk \
            works, I have never used it.";
        check(question, gap, Some("How would you find out about Splunk?"), "honesty");
        let bank = bank::built_in();
        let (field, question) = bank.question(question).unwrap();
        let transcript = Transcript::typed(&format!("{gap} I would look it up in the documentation."));
        let found = observe(Answer {
            transcript: &transcript,
            seconds: None,
            question: Some(question),
            field: Some(field),
        });
        assert!(found.follow_up.is_none_or(|asked| asked.about != "honesty"));
    }

    #[test]
    fn nothing_is_asked_after_next_to_nothing_or_something_else() {
        check("cyber-siem-worth", "Um, I don't know, sorry.", None, "");
        let soup = "So first you cut the onions, thin, and you put them in butter for half an hour. Then some flour, a glass of \
            white wine, and the broth. My grandmother always put a bay leaf in, and at the end the bread with the cheese goes \
            on top and in the oven until it's brown. We ate it on Sundays when it snowed.";
        check("cyber-first-theory-wrong", soup, None, "");
    }

    #[test]
    fn parts_read_inside_a_sentence() {
        for (part, inside) in [
            ("What changed", "what changed"),
            ("OLAP", "OLAP"),
            ("I/O costs", "I/O costs"),
            ("Why?", "why"),
        ] {
            assert_eq!(inside_sentence(part), inside);
        }
    }
}
