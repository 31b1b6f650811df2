//! The question bank held to its rules. `bank/rules.rs` is the table of rules; here they are applied to the files in
//! `questions/`, and each is shown to fail on a tiny bank that breaks it. What the insights make of the bank's own sample
//! answers is looked at here too.
#![expect(clippy::type_complexity, reason = "a table of rules is read row by row")]

#[path = "bank/likeness.rs"]
mod likeness;
#[path = "bank/rules.rs"]
mod rules;
#[path = "bank/spelling.rs"]
mod spelling;
#[path = "bank/words.rs"]
mod words;

use std::{collections::BTreeSet, path::PathBuf};

use aloud::{
    bank::{built_in, read},
    insight::{Answer, job_terms, observe},
    interview::search::SearchIndex,
    question::{AskThem, Field, Question, QuestionKind, Role, StructureName},
    transcript::Transcript,
};

use self::{
    rules::{Broken, all_rules, broken},
    words::{Text, forms},
};

/// Everyday sentences around words that are job terms elsewhere.
const EVERYDAY: &str = include_str!("bank/everyday.txt");

/// Of the job terms that stand in a sample answer, at least this share is noticed.
const NOTICED: f64 = 0.6;

fn fields() -> Vec<Field> {
    let bank = built_in();
    assert!(bank.problems.is_empty(), "{:#?}", bank.problems);
    bank.fields
}

#[test]
fn the_bank_keeps_its_rules() {
    let broken = broken(&fields());
    let list: Vec<String> = broken.iter().map(Broken::to_string).collect();
    assert!(list.is_empty(), "{} broken rules:\n{}", list.len(), list.join("\n"));
}

/// For a human who adds questions: what comes closest to being the same.
#[test]
#[ignore = "prints the most alike questions of the bank"]
fn list_the_most_alike() {
    let fields = fields();
    let prompts = rules::alike(&fields, "prompt like", 0.3, rules::asked);
    let points = rules::alike(&fields, "points like", 0.3, rules::wanted);
    for ((_, id), what) in prompts.iter().chain(&points) {
        println!("{id}: {what}");
    }
}

#[test]
fn every_file_in_the_folder_comes_with_the_program() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("questions");
    let files: BTreeSet<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    let built_in: BTreeSet<String> = fields().iter().map(rules::file_of).collect();
    assert_eq!(files, built_in, "{}", folder.display());
}

fn terms_used<'a>(text: &str, question: Option<&Question>, field: &'a Field) -> BTreeSet<&'a str> {
    let transcript = Transcript::typed(text);
    let answer = Answer {
        transcript: &transcript,
        seconds: None,
        question,
        field: Some(field),
    };
    // What stands in a sample answer is no everyday talk: that need not be asked.
    let used = match question {
        Some(_) => job_terms(answer).used,
        None => observe(answer).job_terms.used,
    };
    field
        .terms
        .iter()
        .map(|term| term.name.as_str())
        .filter(|name| used.iter().any(|used| used.term == *name))
        .collect()
}

/// The terms that stand in a text as they are written, longest first, so that none counts inside a longer one.
fn terms_written<'a>(text: &str, field: &'a Field) -> BTreeSet<&'a str> {
    let text = Text::new(text);
    let mut found: Vec<(usize, usize, &str)> = field
        .terms
        .iter()
        .flat_map(|term| forms(term).map(move |form| (term.name.as_str(), form)))
        .flat_map(|(name, form)| {
            text.places_of(form)
                .into_iter()
                .map(move |(first, end)| (first, end, name))
        })
        .collect();
    found.sort_by_key(|(first, end, _)| (std::cmp::Reverse(end - first), *first));
    let mut chosen: Vec<(usize, usize, &str)> = Vec::new();
    for one in found {
        if chosen.iter().all(|other| other.1 <= one.0 || one.1 <= other.0) {
            chosen.push(one);
        }
    }
    chosen.into_iter().map(|(_, _, name)| name).collect()
}

#[test]
fn most_terms_that_stand_in_a_sample_answer_are_noticed() {
    let mut low = Vec::new();
    for field in &fields() {
        let (mut written_in_all, mut noticed_in_all) = (0, 0);
        for question in field
            .questions
            .iter()
            .filter(|question| question.kind == QuestionKind::Technical)
        {
            let written = terms_written(&question.sample_answer, field);
            let used = terms_used(&question.sample_answer, Some(question), field);
            let missed: Vec<&str> = written.difference(&used).copied().collect();
            written_in_all += written.len();
            noticed_in_all += written.len() - missed.len();
            if ((written.len() - missed.len()) as f64) < NOTICED * written.len() as f64 {
                low.push(format!(
                    "{}: {}: of {written:?}, missed {missed:?}",
                    rules::file_of(field),
                    question.id
                ));
            }
        }
        println!(
            "{:24} {noticed_in_all} of {written_in_all} written terms noticed",
            field.id
        );
    }
    assert!(low.is_empty(), "too few job terms noticed:\n{}", low.join("\n"));
}

#[test]
fn everyday_sentences_hold_no_job_terms() {
    let mut invented = Vec::new();
    for field in &fields() {
        for sentence in rules::lines(EVERYDAY) {
            let used = terms_used(sentence, None, field);
            if !used.is_empty() {
                invented.push(format!("{}: {used:?} in \"{sentence}\"", rules::file_of(field)));
            }
        }
    }
    assert!(
        invented.is_empty(),
        "job terms in everyday sentences:\n{}",
        invented.join("\n")
    );
}

/// What people type into the search, and the questions that they mean.
const QUERIES: &str = include_str!("bank/search_queries.txt");

#[test]
fn usual_queries_find_their_question_among_the_first_five() {
    let index = SearchIndex::new(&fields());
    let (mut count, mut missed) = (0, Vec::new());
    for line in rules::lines(QUERIES) {
        let (query, ids) = line.split_once(": ").expect("a query and ids");
        let found: Vec<String> = index.search(query).into_iter().take(5).map(|found| found.id).collect();
        count += 1;
        if !ids.split_whitespace().any(|id| found.iter().any(|other| other == id)) {
            missed.push(format!("{query}: {found:?}, not {ids}"));
        }
    }
    println!(
        "{} of {count} queries found their question\n{}",
        count - missed.len(),
        missed.join("\n")
    );
    assert!(missed.len() * 20 <= count, "{}", missed.join("\n"));
}

/// A field that keeps every rule.
const TINY: &str = include_str!("bank/tiny.toml");

fn tiny() -> Vec<Field> {
    vec![read("tiny.toml", TINY).expect("the tiny bank can be read")]
}

#[test]
fn a_tiny_bank_keeps_the_rules() {
    let list: Vec<String> = broken(&tiny()).iter().map(Broken::to_string).collect();
    assert!(list.is_empty(), "{}", list.join("\n"));
}

/// A role of the tiny bank, which has far too little for one.
fn guide() -> Role {
    Role {
        id: "guide".into(),
        name: "Mountain guide".into(),
        topics: [("knots".to_owned(), 3), ("weather".to_owned(), 1)].into(),
    }
}

type Break = fn(&mut Vec<Field>);

/// For each rule a way to break it, and a piece of what is said about it then.
const BREAKS: &[(&str, &str, Break)] = &[
    ("counts", "technical questions: 1 of 84", |bank| {
        bank[0].id = "cybersecurity".into();
    }),
    ("field text", "no about", |bank| bank[0].about.clear()),
    ("topics", "topics", |bank| {
        let question = bank[0].questions[0].clone();
        bank[0].questions = (0..14)
            .map(|n| Question {
                topic: format!("topic {n}"),
                ..question.clone()
            })
            .collect();
    }),
    ("openings", "open with", |bank| {
        bank[0].questions[1].prompt = "Tell me about a time a knot came undone in a storm.".into();
    }),
    ("one term a form", "\"snap\" is also a form of \"carabiner\"", |bank| {
        bank[0].terms[0].spoken.push("snap".into());
    }),
    ("terms in order", "\"bowline\" stands after \"carabiner\"", |bank| {
        bank[0].terms.reverse();
    }),
    ("definition", "33 words", |bank| {
        bank[0].terms[0].definition = format!("A knot{}.", " so".repeat(31));
    }),
    ("definition", "not one sentence", |bank| {
        bank[0].terms[0].definition = "A knot. It makes a loop in a rope.".into();
    }),
    ("definition", "not one sentence", |bank| {
        bank[0].terms[0].definition = "A knot that makes a loop in a rope".into();
    }),
    ("acronym", "no spoken form", |bank| bank[0].terms[2].spoken.clear()),
    ("acronym", "no long form", |bank| bank[0].terms[2].long_form = None),
    ("id", "not kebab-case", |bank| {
        bank[0].questions[0].id = "tiny_Knot".into();
    }),
    ("unique id", "stands there twice", |bank| {
        bank[0].questions[1].id = bank[0].questions[0].id.clone();
    }),
    ("prompt", "31 words", |bank| {
        bank[0].questions[0].prompt = format!("Which knot{}?", " so".repeat(29));
    }),
    ("prompt", "ends in neither", |bank| {
        bank[0].questions[0].prompt = "Which knot would you tie here".into();
    }),
    ("parts", "at least two", |bank| {
        bank[0].questions[0].parts = vec!["The knot".into()];
    }),
    ("parts", "is of part Some(3) of", |bank| {
        bank[0].questions[0].talking_points[0].part = Some(3);
    }),
    ("question text", "no why", |bank| bank[0].questions[0].why.clear()),
    ("sample answer", "3 words", |bank| {
        bank[0].questions[0].sample_answer = "A bowline holds.".into();
    }),
    ("sample answer", "161 words, 90 to 160", |bank| {
        bank[0].questions[0].sample_answer = format!("A bowline{}.", " holds".repeat(159));
    }),
    ("sample answer", "120 words, 180 to 240", |bank| {
        bank[0].questions[1].sample_answer = format!("A ridge{}.", " again".repeat(118));
    }),
    ("sample parts", "3 parts for 4 paragraphs", |bank| {
        bank[0].questions[1].sample_parts.pop();
    }),
    ("sample parts", "is not situation, task, action, result", |bank| {
        bank[0].questions[1].sample_parts.reverse();
    }),
    ("sample parts", "no story", |bank| {
        bank[0].questions[0].sample_parts.push(StructureName::Action);
    }),
    ("no job yet", "at behavioral questions, and only there", |bank| {
        bank[0].questions[1].no_job_yet.clear();
    }),
    ("also asked", "1 other wordings", |bank| {
        bank[0].questions[0].also_asked.truncate(1);
    }),
    ("also asked", "no end mark", |bank| {
        bank[0].questions[0].also_asked[0] = "What is your safest knot".into();
    }),
    ("asked twice", "stands in tiny-knot too", |bank| {
        bank[0].questions[1].also_asked[0] = bank[0].questions[0].also_asked[1].clone();
    }),
    ("follow-ups", "1 follow-ups", |bank| {
        bank[0].questions[0].follow_ups.truncate(1);
    }),
    ("follow-ups", "no points of the question", |bank| {
        bank[0].questions[0].follow_ups[0].unless = vec!["weather".into()];
    }),
    ("follow-ups", "21 words", |bank| {
        bank[0].questions[0].follow_ups[0].ask = format!("And{}?", " then".repeat(20));
    }),
    ("checked", "no year and month", |bank| {
        bank[0].questions[0].checked = Some("2026-13".into());
    }),
    ("role names", "no role \"sailor\"", |bank| {
        bank[0].questions[0].roles.push("sailor".into());
    }),
    ("roles", "topic \"sails\"", |bank| {
        bank[0].roles = vec![guide()];
        bank[0].roles[0].topics.insert("sails".into(), 1);
    }),
    ("roles", "with weight 4", |bank| {
        bank[0].roles = vec![guide()];
        bank[0].roles[0].topics.insert("knots".into(), 4);
    }),
    ("questions of a role", "1 technical questions of 24", |bank| {
        bank[0].roles = vec![guide()];
    }),
    ("ask them", "0 questions to ask them", |bank| {
        bank[0].roles = vec![guide()];
    }),
    ("ask them", "no why", |bank| {
        bank[0].ask_them = vec![AskThem {
            ask: "Who holds the rope?".into(),
            why: String::new(),
            roles: vec![],
        }];
    }),
    ("curveballs", "0 curveballs", |bank| bank[0].roles = vec![guide()]),
    ("slots", "fewer than two", |bank| bank[0].roles = vec![guide()]),
    ("questions in all", "2 questions of 500", |bank| {
        bank.push(Field::default());
    }),
    ("sample answer", "broken line", |bank| {
        bank[0].questions[0].sample_answer = bank[0].questions[0].sample_answer.replace(". ", ".\n");
    }),
    ("job terms", "\"clove hitch\" is no term", |bank| {
        bank[0].questions[0].job_terms.push("clove hitch".into());
    }),
    ("job terms", "1 job terms", |bank| {
        bank[0].questions[0].job_terms.truncate(1);
    }),
    ("job terms in the answer", "none of", |bank| {
        bank[0].questions[0].job_terms = vec!["carabiner".into(), "UIAA".into()];
        bank[0].questions[0].sample_answer = bank[0].questions[0].sample_answer.replace("carabiner", "ring");
    }),
    ("points", "2 talking points", |bank| {
        bank[0].questions[0].talking_points.truncate(2);
    }),
    ("points", "stands there twice", |bank| {
        bank[0].questions[0].talking_points[1].id = "choice".into();
    }),
    ("point label", "7 words", |bank| {
        bank[0].questions[0].talking_points[0].label = "The knot that you would tie here".into();
    }),
    ("point hint", "no hint", |bank| {
        bank[0].questions[0].talking_points[0].hint.clear();
    }),
    ("cues", "2 cues", |bank| {
        bank[0].questions[0].talking_points[0].cues.truncate(2);
    }),
    ("cues", "lower case", |bank| {
        bank[0].questions[0].talking_points[0].cues[0] = "Bowline".into();
    }),
    ("says", "2 says", |bank| {
        bank[0].questions[0].talking_points[0].says.truncate(2);
    }),
    ("points in the answer", "cues of 1 of 3 points", |bank| {
        for point in &mut bank[0].questions[0].talking_points[1..] {
            point.cues = vec!["umbrella".into(), "raincoat".into(), "puddle".into()];
        }
    }),
    ("text", "'!'", |bank| {
        bank[0].questions[0].hint = "Name the knot!".into();
    }),
    ("text", "'’'", |bank| {
        bank[0].terms[0].definition = "A knot that won’t slip once it holds a load.".into();
    }),
    ("text", "two blanks", |bank| {
        bank[0].questions[0].why = "It shows  what you know.".into();
    }),
    ("text", "blank at an end", |bank| bank[0].terms[0].name.push(' ')),
    ("alike prompts", "asks nearly the same as", |bank| {
        let mut again = bank[0].questions[0].clone();
        again.id = "tiny-again".into();
        again.prompt = "Which knots do you tie to hold people, and why?".into();
        again.talking_points.clone_from(&bank[0].questions[1].talking_points);
        bank[0].questions.push(again);
    }),
    ("alike points", "has nearly the same points as", |bank| {
        let mut again = bank[0].questions[0].clone();
        again.id = "tiny-again".into();
        again.prompt = "How do climbers get down from a tower?".into();
        bank[0].questions.push(again);
    }),
    ("said twice", "stands in", |bank| {
        let message = bank[0].questions[0].talking_points[0].says[0].clone();
        bank[0].questions[1].talking_points[0].says[0] = message;
    }),
    ("copied answer", "word for word", |bank| {
        bank[0].questions[1].sample_answer = bank[0].questions[0].sample_answer.clone();
    }),
    (
        "spelling",
        "\"harnes\" stands there once and looks like \"harness\"",
        |bank| {
            bank[0].questions[0].why =
                "To see whether a harness, a harness, a harness, a harness and a harnes differ.".into();
        },
    ),
    ("American spelling", "\"colour\"", |bank| {
        bank[0].questions[0].why = "The colour of the rope says something.".into();
    }),
];

#[test]
fn each_rule_fails_where_it_is_broken() {
    for (rule, message, spoil) in BREAKS {
        let mut bank = tiny();
        spoil(&mut bank);
        let list: Vec<String> = broken(&bank).iter().map(Broken::to_string).collect();
        let expected = format!(": {rule}: ");
        assert!(
            list.iter()
                .any(|line| line.starts_with("questions/") && line.contains(&expected) && line.contains(message)),
            "nothing about \"{rule}\" with \"{message}\" in:\n{}",
            list.join("\n")
        );
    }
}

#[test]
fn each_rule_has_a_bank_that_breaks_it() {
    let shown: BTreeSet<&str> = BREAKS.iter().map(|(rule, _, _)| *rule).collect();
    let all: BTreeSet<&str> = all_rules().collect();
    assert_eq!(all, shown);
}
