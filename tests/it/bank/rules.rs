//! The rules of the question bank, a table a kind of thing. A rule's function returns what is wrong, nothing where it is kept.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use aloud::question::{Field, Question, QuestionKind, Role, Slot, StructureName, TalkingPoint, Term};

use super::{
    likeness::{ALIKE_POINTS, ALIKE_PROMPTS, DIFFERENT, pairs},
    spelling,
    words::{self, Text, forms},
};

/// A rule that is not kept: where, which, and what is wrong.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Broken {
    pub file: String,
    pub id: String,
    pub rule: &'static str,
    pub what: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "questions/{}: {}: {}: {}", self.file, self.id, self.rule, self.what)
    }
}

type Wrong = Vec<String>;

/// Questions of each kind and terms that a field has at least; a field that is not here has no least.
const COUNTS: &[(&str, usize, usize, usize, usize)] = &[
    ("cybersecurity", 16, 15, 84, 160),
    ("it-support", 10, 8, 34, 100),
    ("data-analytics", 9, 8, 33, 100),
    ("project-management", 9, 8, 33, 100),
    ("ux-design", 10, 8, 32, 100),
    ("digital-marketing", 10, 8, 33, 100),
    ("software-engineering", 10, 8, 35, 100),
    ("general", 30, 30, 0, 100),
];

/// Questions in all.
const IN_ALL: usize = 500;
/// Questions of the kind that a role's interview is about, technical ones where the field has such, that fit each role.
const OF_A_ROLE: usize = 24;

const FIELD_RULES: &[(&str, fn(&Field) -> Wrong)] = &[
    ("counts", counts),
    ("field text", |field| {
        missing(&[("about", &field.about), ("name", &field.name)])
    }),
    ("topics", topics),
    ("roles", roles),
    ("questions of a role", questions_of_a_role),
    ("ask them", ask_them),
    ("curveballs", curveballs),
    ("openings", openings),
    ("one term a form", one_term_a_form),
    ("terms in order", terms_in_order),
];

const TERM_RULES: &[(&str, fn(&Term) -> Wrong)] = &[("definition", definition), ("acronym", acronym)];

const QUESTION_RULES: &[(&str, fn(&Field, &Question) -> Wrong)] = &[
    ("id", |_, question| kebab(&question.id)),
    ("prompt", |_, question| prompt(&question.prompt)),
    ("parts", |_, question| parts(question)),
    ("question text", |_, question| {
        missing(&[
            ("topic", &question.topic),
            ("why", &question.why),
            ("hint", &question.hint),
        ])
    }),
    ("also asked", |_, question| also_asked(question)),
    ("sample answer", |_, question| sample_answer(question)),
    ("sample parts", |_, question| sample_parts(question)),
    ("no job yet", |_, question| no_job_yet(question)),
    ("follow-ups", |_, question| follow_ups(question)),
    ("checked", |_, question| checked(question)),
    ("role names", role_names),
    ("job terms", job_terms),
    ("job terms in the answer", job_terms_in_the_answer),
    ("points", |_, question| points(&question.talking_points)),
    ("points in the answer", points_in_the_answer),
];

const POINT_RULES: &[(&str, fn(&TalkingPoint) -> Wrong)] = &[
    ("point label", |point| at_most(&point.label, 6)),
    ("point hint", |point| missing(&[("hint", &point.hint)])),
    ("cues", cues),
    ("says", says),
];

/// What only shows when all fields are looked at together: where it is, and what is wrong.
type Place<'a> = (&'a Field, &'a str);
const BANK_RULES: &[(&str, for<'a> fn(&'a [Field]) -> Vec<(Place<'a>, String)>)] = &[
    ("questions in all", in_all),
    ("unique id", unique_ids),
    ("asked twice", asked_twice),
    ("slots", slots),
    ("text", text),
    ("alike prompts", alike_prompts),
    ("alike points", alike_points),
    ("said twice", said_twice),
    ("copied answer", copied_answer),
    ("spelling", misspelled),
    ("American spelling", american_spelling),
];

pub fn all_rules() -> impl Iterator<Item = &'static str> {
    let names = FIELD_RULES
        .iter()
        .map(|rule| rule.0)
        .chain(TERM_RULES.iter().map(|rule| rule.0));
    let names = names
        .chain(QUESTION_RULES.iter().map(|rule| rule.0))
        .chain(POINT_RULES.iter().map(|rule| rule.0));
    names.chain(BANK_RULES.iter().map(|rule| rule.0))
}

/// Every rule that is not kept.
pub fn broken(fields: &[Field]) -> Vec<Broken> {
    let mut list = Vec::new();
    let mut add = |field: &Field, id: &str, rule: &'static str, wrong: Wrong| {
        list.extend(wrong.into_iter().map(|what| Broken {
            file: file_of(field),
            id: id.to_owned(),
            rule,
            what,
        }));
    };
    for field in fields {
        for (rule, check) in FIELD_RULES {
            add(field, &field.id, rule, check(field));
        }
        for term in &field.terms {
            for (rule, check) in TERM_RULES {
                add(field, &term.name, rule, check(term));
            }
        }
        for question in &field.questions {
            for (rule, check) in QUESTION_RULES {
                add(field, &question.id, rule, check(field, question));
            }
            for point in &question.talking_points {
                for (rule, check) in POINT_RULES {
                    add(field, &format!("{} / {}", question.id, point.id), rule, check(point));
                }
            }
        }
    }
    for (rule, check) in BANK_RULES {
        for ((field, id), what) in check(fields) {
            add(field, id, rule, vec![what]);
        }
    }
    list.sort();
    list
}

pub fn file_of(field: &Field) -> String {
    format!("{}.toml", field.id)
}

/// The lines of a data file, remarks left out.
pub fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn wrong_if(wrong: bool, what: impl FnOnce() -> String) -> Option<String> {
    wrong.then(what)
}

fn missing(texts: &[(&str, &String)]) -> Wrong {
    texts
        .iter()
        .filter(|(_, text)| text.trim().is_empty())
        .map(|(name, _)| format!("no {name}"))
        .collect()
}

fn at_most(text: &str, most: usize) -> Wrong {
    let count = words::count(text);
    wrong_if(count > most || count == 0, || {
        format!("{count} words, at most {most}: \"{text}\"")
    })
    .into_iter()
    .collect()
}

fn kebab(id: &str) -> Wrong {
    let good = !id.is_empty()
        && id
            .split('-')
            .all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()));
    wrong_if(!good, || format!("\"{id}\" is not kebab-case"))
        .into_iter()
        .collect()
}

// Fields

fn counts(field: &Field) -> Wrong {
    let Some((_, background, behavioral, technical, terms)) = COUNTS.iter().find(|row| row.0 == field.id) else {
        return Vec::new();
    };
    let of = |kind: QuestionKind| field.questions.iter().filter(|question| question.kind == kind).count();
    [
        ("background questions", of(QuestionKind::Background), background),
        ("behavioral questions", of(QuestionKind::Behavioral), behavioral),
        ("technical questions", of(QuestionKind::Technical), technical),
        ("terms", field.terms.len(), terms),
    ]
    .into_iter()
    .filter(|(_, has, least)| has < least)
    .map(|(name, has, least)| format!("{name}: {has} of {least}"))
    .collect()
}

const MOST_TOPICS: usize = 13;

/// Topics are for browsing: few enough to be seen at once, one or two words each.
fn topics(field: &Field) -> Wrong {
    let topics: BTreeSet<&str> = field.questions.iter().map(|question| question.topic.as_str()).collect();
    let many = wrong_if(topics.len() > MOST_TOPICS, || {
        format!("{} topics, at most {MOST_TOPICS}: {topics:?}", topics.len())
    });
    many.into_iter()
        .chain(
            topics
                .iter()
                .filter(|topic| words::count(topic) > 2)
                .map(|topic| format!("topics of one or two words, not \"{topic}\"")),
        )
        .collect()
}

fn openings(field: &Field) -> Wrong {
    const WORN: &str = "Tell me about a time";
    let behavioral: Vec<&Question> = field
        .questions
        .iter()
        .filter(|question| question.kind == QuestionKind::Behavioral)
        .collect();
    let worn = behavioral
        .iter()
        .filter(|question| question.prompt.starts_with(WORN))
        .count();
    wrong_if(worn * 2 > behavioral.len(), || {
        format!("{worn} of {} behavioral prompts open with \"{WORN}\"", behavioral.len())
    })
    .into_iter()
    .collect()
}

/// No form, written or spoken, belongs to two terms.
fn one_term_a_form(field: &Field) -> Wrong {
    let mut owners: BTreeMap<String, &str> = BTreeMap::new();
    let mut wrong = Vec::new();
    for term in &field.terms {
        let own: BTreeSet<String> = forms(term)
            .chain(term.spoken.iter().map(String::as_str))
            .map(|form| words::words(form).collect::<Vec<_>>().join(" "))
            .collect();
        for form in own.into_iter().filter(|form| !form.is_empty()) {
            match owners.get(&form) {
                Some(owner) => wrong.push(format!(
                    "\"{form}\" is also a form of \"{}\"; it stands at \"{owner}\" and at \"{}\"",
                    term.name, term.name
                )),
                None => drop(owners.insert(form, &term.name)),
            }
        }
    }
    wrong
}

fn terms_in_order(field: &Field) -> Wrong {
    let names: Vec<&str> = field.terms.iter().map(|term| term.name.as_str()).collect();
    let disorder = names
        .windows(2)
        .filter(|pair| pair[0].to_lowercase() > pair[1].to_lowercase());
    disorder
        .map(|pair| format!("\"{}\" stands after \"{}\"", pair[1], pair[0]))
        .collect()
}

// Terms

fn definition(term: &Term) -> Wrong {
    let text = term.definition.as_str();
    let one = text.ends_with('.')
        && !text
            .trim_end_matches('.')
            .split(['.', '?'])
            .skip(1)
            .any(|rest| rest.starts_with(' ') && rest.trim_start().starts_with(char::is_uppercase));
    at_most(text, 32)
        .into_iter()
        .chain(wrong_if(!one, || format!("not one sentence: \"{text}\"")))
        .collect()
}

fn acronym(term: &Term) -> Wrong {
    if term.acronym.is_none() {
        return Vec::new();
    }
    wrong_if(term.spoken.is_empty(), || "no spoken form".to_owned())
        .into_iter()
        .chain(wrong_if(term.long_form.is_none(), || "no long form".to_owned()))
        .collect()
}

// Questions

fn prompt(prompt: &str) -> Wrong {
    at_most(prompt, 30)
        .into_iter()
        .chain(wrong_if(!prompt.ends_with(['?', '.']), || {
            format!("ends in neither a question mark nor a period: \"{prompt}\"")
        }))
        .collect()
}

fn parts(question: &Question) -> Wrong {
    let parts = &question.parts;
    let unknown = question
        .talking_points
        .iter()
        .filter(|point| point.part.is_some_and(|part| part == 0 || part > parts.len()))
        .map(|point| format!("point {} is of part {:?} of {}", point.id, point.part, parts.len()));
    let alone = wrong_if(parts.len() == 1 || parts.len() > 4, || {
        format!("{} parts; at least two, at most four, or none", parts.len())
    });
    alone
        .into_iter()
        .chain(parts.iter().flat_map(|part| at_most(part, 6)))
        .chain(unknown)
        .collect()
}

/// As long as people speak: a story takes longer.
fn sample_answer(question: &Question) -> Wrong {
    let (least, most) = match question.kind {
        QuestionKind::Behavioral => (180, 240),
        QuestionKind::Background | QuestionKind::Technical => (90, 160),
    };
    let answer = &question.sample_answer;
    let count = words::count(answer);
    let length = wrong_if(!(least..=most).contains(&count), || {
        format!("{count} words, {least} to {most}")
    });
    let lines = answer.trim().split("\n\n").any(|paragraph| paragraph.contains('\n'));
    length
        .into_iter()
        .chain(wrong_if(lines, || "a broken line inside a paragraph".to_owned()))
        .collect()
}

/// Each paragraph of a story is a part of it: all four, in their order.
fn sample_parts(question: &Question) -> Wrong {
    let parts = &question.sample_parts;
    if question.kind != QuestionKind::Behavioral {
        return wrong_if(!parts.is_empty(), || "parts of an answer that is no story".to_owned())
            .into_iter()
            .collect();
    }
    let paragraphs = question.sample_answer.trim().split("\n\n").count();
    let count = wrong_if(parts.len() != paragraphs, || {
        format!("{} parts for {paragraphs} paragraphs", parts.len())
    });
    let mut ordered = parts.clone();
    ordered.dedup();
    let order = wrong_if(ordered != StructureName::ALL, || {
        format!("{parts:?} is not situation, task, action, result")
    });
    count.into_iter().chain(order).collect()
}

fn no_job_yet(question: &Question) -> Wrong {
    let behavioral = question.kind == QuestionKind::Behavioral;
    let empty = question.no_job_yet.trim().is_empty();
    wrong_if(behavioral == empty, || {
        "advice for who had no such job yet stands at behavioral questions, and only there".to_owned()
    })
    .into_iter()
    .collect()
}

fn also_asked(question: &Question) -> Wrong {
    let wordings = &question.also_asked;
    let number = wrong_if(!(2..=4).contains(&wordings.len()), || {
        format!("{} other wordings, 2 to 4", wordings.len())
    });
    let long = wordings.iter().flat_map(|wording| at_most(wording, 25));
    let open = wordings
        .iter()
        .filter(|wording| !wording.ends_with(['?', '.']))
        .map(|wording| format!("no end mark: \"{wording}\""));
    number.into_iter().chain(long).chain(open).collect()
}

fn follow_ups(question: &Question) -> Wrong {
    let follow_ups = &question.follow_ups;
    let number = wrong_if(!(2..=3).contains(&follow_ups.len()), || {
        format!("{} follow-ups, 2 or 3", follow_ups.len())
    });
    let long = follow_ups.iter().flat_map(|follow_up| at_most(&follow_up.ask, 20));
    let open = follow_ups
        .iter()
        .filter(|follow_up| !follow_up.ask.ends_with(['?', '.']))
        .map(|follow_up| format!("no end mark: \"{}\"", follow_up.ask));
    let is_point = |id: &String| question.talking_points.iter().any(|point| point.id == *id);
    let unbound = follow_ups
        .iter()
        .filter(|follow_up| follow_up.unless.is_empty() || !follow_up.unless.iter().all(is_point))
        .map(|follow_up| format!("{:?} are no points of the question", follow_up.unless));
    number.into_iter().chain(long).chain(open).chain(unbound).collect()
}

/// A year and a month.
fn checked(question: &Question) -> Wrong {
    let wrong = question.checked.as_ref().filter(|checked| {
        let month = checked
            .split_once('-')
            .map(|(year, month)| (year.parse::<u16>(), month.parse::<u8>()));
        !matches!(month, Some((Ok(2020..=2100), Ok(1..=12))))
    });
    wrong
        .map(|checked| format!("\"{checked}\" is no year and month"))
        .into_iter()
        .collect()
}

fn role_names(field: &Field, question: &Question) -> Wrong {
    let known = |id: &&String| field.roles.iter().any(|role| role.id == **id);
    let unknown = question.roles.iter().filter(|id| !known(id));
    unknown.map(|id| format!("no role \"{id}\"")).collect()
}

// Roles

fn roles(field: &Field) -> Wrong {
    let topics: BTreeSet<&str> = field.questions.iter().map(|question| question.topic.as_str()).collect();
    let of_role = |role: &Role| -> Wrong {
        let unknown = role
            .topics
            .iter()
            .filter(|(topic, weight)| !topics.contains(topic.as_str()) || !(1..=3).contains(*weight))
            .map(|(topic, weight)| format!("\"{}\": topic \"{topic}\" with weight {weight}", role.id));
        kebab(&role.id).into_iter().chain(unknown).collect()
    };
    field.roles.iter().flat_map(of_role).collect()
}

fn questions_of_a_role(field: &Field) -> Wrong {
    let technical = field
        .questions
        .iter()
        .any(|question| question.kind == QuestionKind::Technical);
    let kind = if technical {
        QuestionKind::Technical
    } else {
        QuestionKind::Behavioral
    };
    let fitting = |role: &Role| {
        let questions = field.questions.iter().filter(|question| question.kind == kind);
        questions.filter(|question| role.weight(question) > 0).count()
    };
    field
        .roles
        .iter()
        .filter(|role| fitting(role) < OF_A_ROLE)
        .map(|role| {
            format!(
                "\"{}\": {} {} questions of {OF_A_ROLE}",
                role.id,
                fitting(role),
                kind.name()
            )
        })
        .collect()
}

/// Eight to ten for each role: those of the field and its own.
fn ask_them(field: &Field) -> Wrong {
    let of_role = |role: &Role| {
        let fitting = field
            .ask_them
            .iter()
            .filter(|one| one.roles.is_empty() || one.roles.contains(&role.id));
        fitting.count()
    };
    let number = field
        .roles
        .iter()
        .filter(|role| !(8..=10).contains(&of_role(role)))
        .map(|role| format!("\"{}\": {} questions to ask them, 8 to 10", role.id, of_role(role)));
    let plain = field.ask_them.iter().flat_map(|one| {
        let open = wrong_if(!one.ask.ends_with(['?', '.']), || {
            format!("no end mark: \"{}\"", one.ask)
        });
        missing(&[("why", &one.why)]).into_iter().chain(open)
    });
    number.chain(plain).collect()
}

/// Two a field that has roles: a field of the user's own has neither.
fn curveballs(field: &Field) -> Wrong {
    let count = field
        .questions
        .iter()
        .filter(|question| question.topic == "curveball")
        .count();
    wrong_if(!field.roles.is_empty() && count < 2, || {
        format!("{count} curveballs of 2")
    })
    .into_iter()
    .collect()
}

fn job_terms(field: &Field, question: &Question) -> Wrong {
    let names = &question.job_terms;
    let (least, most) = if question.kind == QuestionKind::Technical {
        (2, 8)
    } else {
        (0, 4)
    };
    let number = wrong_if(!(least..=most).contains(&names.len()), || {
        format!("{} job terms, {least} to {most}", names.len())
    });
    let unknown = names
        .iter()
        .filter(|name| field.term(name).is_none())
        .map(|name| format!("\"{name}\" is no term of this file"));
    let twice = names
        .iter()
        .enumerate()
        .filter(|(index, name)| names[..*index].contains(name))
        .map(|(_, name)| format!("\"{name}\" stands there twice"));
    number.into_iter().chain(unknown).chain(twice).collect()
}

fn job_terms_in_the_answer(field: &Field, question: &Question) -> Wrong {
    let answer = Text::new(&question.sample_answer);
    let held = question
        .job_terms
        .iter()
        .filter_map(|name| field.term(name))
        .any(|term| forms(term).any(|form| answer.holds(form)));
    let technical = question.kind == QuestionKind::Technical;
    wrong_if(technical && !held, || {
        format!("none of {:?} stands in the sample answer", question.job_terms)
    })
    .into_iter()
    .collect()
}

fn points(points: &[TalkingPoint]) -> Wrong {
    let number = wrong_if(!(3..=6).contains(&points.len()), || {
        format!("{} talking points, 3 to 6", points.len())
    });
    let twice = points
        .iter()
        .enumerate()
        .filter(|(index, point)| points[..*index].iter().any(|other| other.id == point.id));
    number
        .into_iter()
        .chain(twice.map(|(_, point)| format!("the point \"{}\" stands there twice", point.id)))
        .chain(points.iter().flat_map(|point| kebab(&point.id)))
        .collect()
}

/// The sample answer shows at least half of the points by one of their cues.
fn points_in_the_answer(_: &Field, question: &Question) -> Wrong {
    let answer = Text::new(&question.sample_answer);
    let points = &question.talking_points;
    let shown: Vec<&str> = points
        .iter()
        .filter(|point| point.cues.iter().any(|cue| answer.holds(cue)))
        .map(|point| point.id.as_str())
        .collect();
    wrong_if(shown.len() * 2 < points.len(), || {
        format!(
            "the sample answer holds cues of {} of {} points: {shown:?}",
            shown.len(),
            points.len()
        )
    })
    .into_iter()
    .collect()
}

fn cues(point: &TalkingPoint) -> Wrong {
    let cues = &point.cues;
    let number = wrong_if(!(3..=10).contains(&cues.len()), || {
        format!("{} cues, 3 to 10", cues.len())
    });
    let capitals = cues
        .iter()
        .filter(|cue| **cue != cue.to_lowercase())
        .map(|cue| format!("\"{cue}\" is not in lower case"));
    let twice = cues
        .iter()
        .enumerate()
        .filter(|(index, cue)| cues[..*index].contains(cue))
        .map(|(_, cue)| format!("\"{cue}\" stands there twice"));
    number
        .into_iter()
        .chain(capitals)
        .chain(twice)
        .chain(cues.iter().flat_map(|cue| at_most(cue, 7)))
        .collect()
}

fn says(point: &TalkingPoint) -> Wrong {
    let number = wrong_if(point.says.len() != 3, || format!("{} says, not 3", point.says.len()));
    let open = point
        .says
        .iter()
        .filter(|says| !says.ends_with(['.', '?']))
        .map(|says| format!("no end mark: \"{says}\""));
    number.into_iter().chain(open).collect()
}

// The whole bank

fn questions(fields: &[Field]) -> impl Iterator<Item = (&Field, &Question)> {
    fields
        .iter()
        .flat_map(|field| field.questions.iter().map(move |question| (field, question)))
}

fn in_all(fields: &[Field]) -> Vec<(Place<'_>, String)> {
    let count = questions(fields).count();
    // A bank of one field is somebody's own, or a test's.
    let field = fields.first().filter(|_| fields.len() > 1 && count < IN_ALL);
    field
        .map(|field| ((field, "all"), format!("{count} questions of {IN_ALL}")))
        .into_iter()
        .collect()
}

/// Something to begin with and something to end with, in every field.
fn slots(fields: &[Field]) -> Vec<(Place<'_>, String)> {
    let has = |field: &Field, slot: Slot| {
        let fitting = questions(fields).filter(|(home, question)| home.id == field.id || question.everywhere);
        fitting.filter(|(_, question)| question.slot == Some(slot)).count()
    };
    let with_roles = fields.iter().filter(|field| !field.roles.is_empty());
    with_roles
        .filter(|field| has(field, Slot::Opening) < 2 || has(field, Slot::Closing) < 2)
        .map(|field| ((field, "all"), "fewer than two opening or closing questions".to_owned()))
        .collect()
}

/// A wording belongs to one question, whether it is its prompt or another wording of it.
fn asked_twice(fields: &[Field]) -> Vec<(Place<'_>, String)> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (field, question) in questions(fields) {
        for wording in std::iter::once(&question.prompt).chain(&question.also_asked) {
            let key = words::words(wording).collect::<Vec<_>>().join(" ");
            if let Some(other) = seen.insert(key, &question.id) {
                wrong.push((
                    (field, question.id.as_str()),
                    format!("\"{wording}\" stands in {other} too"),
                ));
            }
        }
    }
    wrong
}

fn unique_ids(fields: &[Field]) -> Vec<(Place<'_>, String)> {
    let mut seen = BTreeSet::new();
    let twice = questions(fields).filter(|(_, question)| !seen.insert(&question.id));
    twice
        .map(|(field, question)| ((field, question.id.as_str()), "stands there twice".to_owned()))
        .collect()
}

/// Prose for people to read, and whether it is one; the forms in which terms are heard are wrong on purpose.
fn texts(fields: &[Field]) -> Vec<(Place<'_>, &str)> {
    let mut texts: Vec<(Place<'_>, &str)> = Vec::new();
    for field in fields {
        let of_field = [&field.about]
            .into_iter()
            .chain(field.roles.iter().map(|role| &role.name))
            .chain(field.ask_them.iter().flat_map(|one| [&one.ask, &one.why]))
            .chain(field.phrases.iter().map(|phrase| &phrase.say));
        texts.extend(of_field.map(|text| ((field, field.id.as_str()), text.as_str())));
        for term in &field.terms {
            texts.extend(
                std::iter::once(&term.definition)
                    .chain(&term.long_form)
                    .chain([&term.name])
                    .map(|text| ((field, term.name.as_str()), text.as_str())),
            );
        }
        for question in &field.questions {
            let own = [
                &question.topic,
                &question.prompt,
                &question.why,
                &question.hint,
                &question.no_job_yet,
                &question.sample_answer,
            ]
            .into_iter()
            .chain(&question.parts)
            .chain(&question.also_asked)
            .chain(question.follow_ups.iter().map(|follow_up| &follow_up.ask));
            let points = question.talking_points.iter().flat_map(|point| {
                [&point.label, &point.hint]
                    .into_iter()
                    .chain(&point.cues)
                    .chain(&point.says)
            });
            texts.extend(
                own.chain(points)
                    .map(|text| ((field, question.id.as_str()), text.as_str())),
            );
        }
    }
    texts
}

/// Plain characters: straight quotes, no dashes that a keyboard lacks, no exclamation marks; single blanks.
fn text(fields: &[Field]) -> Vec<(Place<'_>, String)> {
    const LETTERS: &str = "é";
    let mut wrong = Vec::new();
    for (place, text) in texts(fields) {
        for odd in text
            .chars()
            .filter(|c| *c == '!' || !(c.is_ascii_graphic() || matches!(c, ' ' | '\n') || LETTERS.contains(*c)))
        {
            wrong.push((place, format!("{odd:?} in \"{text}\"")));
        }
        let line = text.strip_suffix('\n').unwrap_or(text);
        if line.contains("  ") || line.contains(" ,") || line.contains(" .\n") || line.contains(" ?") {
            wrong.push((place, format!("two blanks, or one before a mark, in \"{line}\"")));
        }
        if line != line.trim() {
            wrong.push((place, format!("a blank at an end of \"{line}\"")));
        }
    }
    wrong
}

/// What a question asks, as content words.
pub fn asked(question: &Question) -> BTreeSet<String> {
    words::content(&question.prompt)
}

/// What a question wants to hear.
pub fn wanted(question: &Question) -> BTreeSet<String> {
    let points = question.talking_points.iter();
    points
        .flat_map(|point| std::iter::once(&point.label).chain(&point.cues))
        .flat_map(|text| words::content(text))
        .collect()
}

/// Pairs of questions that one interview may draw and that are at least so alike.
pub fn alike<'a>(
    fields: &'a [Field],
    says: &str,
    limit: f64,
    content: impl Fn(&Question) -> BTreeSet<String>,
) -> Vec<(Place<'a>, String)> {
    let all: Vec<(&Field, &Question)> = questions(fields).collect();
    let documents: Vec<BTreeSet<String>> = all.iter().map(|(_, question)| content(question)).collect();
    let different: Vec<Vec<&str>> = lines(DIFFERENT).map(|line| line.split_whitespace().collect()).collect();
    let judged = |first: usize, second: usize| {
        different.iter().any(|pair| {
            [first, second]
                .iter()
                .all(|one| pair.contains(&all[*one].1.id.as_str()))
        })
    };
    // Two fields may ask the same: no interview draws from both.
    let apart = |first: usize, second: usize| {
        let ((one, question), (other, other_question)) = (all[first], all[second]);
        one.id != other.id && !question.everywhere && !other_question.everywhere
    };
    let pairs = pairs(&documents, limit)
        .into_iter()
        .filter(|(first, second, _)| !judged(*first, *second) && !apart(*first, *second));
    pairs
        .map(|(first, second, alike)| {
            let ((other_field, other), (field, question)) = (all[first], all[second]);
            let what = format!(
                "{says} {} of {} ({alike:.2}): \"{}\" | \"{}\"",
                other.id,
                file_of(other_field),
                question.prompt,
                other.prompt
            );
            ((field, question.id.as_str()), what)
        })
        .collect()
}

fn alike_prompts(fields: &[Field]) -> Vec<(Place<'_>, String)> {
    alike(fields, "asks nearly the same as", ALIKE_PROMPTS, asked)
}

fn alike_points(fields: &[Field]) -> Vec<(Place<'_>, String)> {
    alike(fields, "has nearly the same points as", ALIKE_POINTS, wanted)
}

/// No example sentence stands in the bank twice: each teaches one point of one question.
fn said_twice(fields: &[Field]) -> Vec<(Place<'_>, String)> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (field, question) in questions(fields) {
        for says in question.talking_points.iter().flat_map(|point| &point.says) {
            let key = words::words(says).collect::<Vec<_>>().join(" ");
            if let Some(other) = seen.insert(key, &question.id) {
                wrong.push((
                    (field, question.id.as_str()),
                    format!("\"{says}\" stands in {other} too"),
                ));
            }
        }
    }
    wrong
}

/// Sample answers share no stretch of this many words.
const STRETCH: usize = 8;

fn copied_answer(fields: &[Field]) -> Vec<(Place<'_>, String)> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (field, question) in questions(fields) {
        let words: Vec<String> = words::words(&question.sample_answer).collect();
        for stretch in words.windows(STRETCH).map(|stretch| stretch.join(" ")) {
            match seen.get(&stretch) {
                Some(other) if *other != question.id => {
                    wrong.push((
                        (field, question.id.as_str()),
                        format!("word for word as in {other}: \"{stretch}\""),
                    ));
                    break;
                }
                _ => drop(seen.insert(stretch, &question.id)),
            }
        }
    }
    wrong
}

fn misspelled(fields: &[Field]) -> Vec<(Place<'_>, String)> {
    let texts: Vec<(Place<'_>, Vec<String>)> = texts(fields)
        .into_iter()
        .map(|(place, text)| (place, words::words(text).collect()))
        .collect();
    spelling::misspelled(texts.iter().map(|(place, words)| (*place, words.as_slice())))
}

fn american_spelling(fields: &[Field]) -> Vec<(Place<'_>, String)> {
    let mut wrong = Vec::new();
    for (place, text) in texts(fields) {
        for word in words::words(text) {
            if let Some(american) = spelling::american(&word) {
                wrong.push((place, format!("\"{word}\" is \"{american}\" in American spelling")));
            }
        }
    }
    wrong
}
