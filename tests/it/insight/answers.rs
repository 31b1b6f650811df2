//! What the insights reach on whole answers by other writers (tests/it/insight/answers; its README says what is labeled, and
//! how often each set was looked at).

use std::collections::{BTreeMap, HashSet};

use aloud::{
    insight::Insights,
    question::{Field, Question},
    transcript::Transcript,
};
use serde_json::Value;

use super::{ConfusionCounts, GENERAL_POINTS, analyze, fields, folder, is_verbose, letters};

/// A set of labeled answers, and the bank that they answer.
struct AnswerSet {
    name: &'static str,
    fields: Vec<Field>,
}

impl AnswerSet {
    fn new(name: &'static str) -> Self {
        Self { name, fields: fields() }
    }

    fn lines(&self, kind: &str) -> Vec<Value> {
        let path = folder("tests/it/insight/answers").join(self.name).join(kind);
        let lines = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let parsed = lines
            .lines()
            .map(|line| serde_json::from_str(line).expect("a line of JSON"));
        parsed.collect()
    }

    fn find(&self, id: &str) -> Option<(&Field, &Question)> {
        let mut all = self.fields.iter().flat_map(|field| {
            let questions = field.questions.iter();
            questions.map(move |question| (field, question))
        });
        all.find(|(_, question)| question.id == id)
    }

    fn question(&self, id: &str) -> (&Field, &Question) {
        self.find(id).unwrap_or_else(|| panic!("no question {id}"))
    }

    /// The insights of a line, as an answer to the question that it names. A few are answers to questions of their own.
    fn insights(&self, line: &Value) -> Insights {
        let id = text(line.get("question_id").unwrap_or(&line["id"]));
        let Some((field, question)) = self.find(id) else {
            let question = Question {
                kind: serde_json::from_value(line["question_kind"].clone()).expect("a kind of question"),
                prompt: text(&line["question"]).to_owned(),
                ..Question::default()
            };
            return analyze(text(&line["text"]), Some(&question), None);
        };
        analyze(text(&line["text"]), Some(question), Some(field))
    }

    /// The nine general points in whole answers: the mean of their F1, and the lowest.
    fn general(&self) -> (f64, f64) {
        let mut counts: BTreeMap<&str, ConfusionCounts> = BTreeMap::new();
        // What the ticks say, in tenths, and how many of them are right.
        let mut reliability: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for line in self.lines("answers.jsonl") {
            let insights = self.insights(&line);
            let (expected, got) = (strings(&line["points"]), covered(&insights));
            for point in &insights.talking_points.covered {
                if GENERAL_POINTS.contains(&point.id.as_str()) {
                    let (all, right) = reliability.entry(tenth(point.probability)).or_default();
                    *all += 1;
                    *right += usize::from(expected.contains(&point.id));
                }
            }
            for id in GENERAL_POINTS {
                let (wanted, found) = (expected.contains(id), got.contains(id));
                counts.entry(id).or_default().add(wanted, found);
                tell(wanted, found, id, &line);
            }
        }
        for (id, counts) in &counts {
            counts.row(id);
        }
        let f1: Vec<f64> = counts.values().map(|counts| counts.f1()).collect();
        let mean = f1.iter().sum::<f64>() / f1.len() as f64;
        println!("{}: macro F1 {mean:.3}", self.name);
        for (tenth, (all, right)) in reliability {
            println!("{}: ticks that say {tenth}: {right} of {all} right", self.name);
        }
        (mean, f1.iter().copied().fold(1.0, f64::min))
    }

    /// Everyday talk in place of an answer: general points and own points an answer, and the share that is flagged.
    fn off_topic(&self) -> (f64, f64, f64) {
        let lines = self.lines("offtopic.jsonl");
        let (mut general, mut own, mut flagged) = (0, 0, 0);
        for line in &lines {
            let insights = self.insights(line);
            let points = covered(&insights);
            general += points.iter().filter(|id| GENERAL_POINTS.contains(&id.as_str())).count();
            own += points
                .iter()
                .filter(|id| !GENERAL_POINTS.contains(&id.as_str()))
                .count();
            flagged += usize::from(insights.off_topic);
            for point in &insights.talking_points.covered {
                tell(false, true, &point.id, &serde_json::json!({ "text": point.evidence }));
            }
        }
        let of = |count: usize| count as f64 / lines.len() as f64;
        println!(
            "{}: everyday talk makes {:.2} general and {:.2} own points an answer; {flagged} of {} flagged",
            self.name,
            of(general),
            of(own),
            lines.len()
        );
        (of(general), of(own), of(flagged))
    }

    /// Unusual answers to their question: how many are taken for something else.
    fn on_topic(&self) -> f64 {
        let lines = self.lines("ontopic.jsonl");
        let flagged = lines.iter().filter(|line| {
            let off_topic = self.insights(line).off_topic;
            tell(false, off_topic, "off topic", line);
            off_topic
        });
        let flagged = flagged.count();
        println!("{}: {flagged} of {} answers flagged", self.name, lines.len());
        flagged as f64 / lines.len() as f64
    }

    /// A question's own points in single sentences.
    fn own_points(&self) -> f64 {
        let mut counts = ConfusionCounts::default();
        for line in self.lines("own_points.jsonl") {
            let (_, question) = self.question(text(&line["id"]));
            let (expected, got) = (strings(&line["points"]), covered(&self.insights(&line)));
            for point in &question.talking_points {
                let (wanted, found) = (expected.contains(&point.id), got.contains(&point.id));
                counts.add(wanted, found);
                tell(wanted, found, &point.id, &line);
            }
        }
        counts.row(&format!("{}: own points", self.name));
        counts.f1()
    }

    /// Words of the trade, as recall, and the share of sentences without any in which one is marked. Which term they belong to
    /// is not labeled.
    fn terms(&self) -> (f64, f64) {
        let mut by_field: BTreeMap<String, ConfusionCounts> = BTreeMap::new();
        let (mut traps, mut fallen) = (0, 0);
        for line in self.lines("terms.jsonl") {
            let field = self.fields.iter().find(|field| field.id == line["field"]);
            let transcript = Transcript::typed(text(&line["text"]));
            let used = analyze(text(&line["text"]), None, field).job_terms.used;
            let places = used.iter().flat_map(|used| &used.words);
            let found: Vec<String> = places
                .map(|words| letters(&transcript.text_of(words.clone())))
                .collect();
            let same = |one: &String, other: &String| one.contains(other.as_str()) || other.contains(one.as_str());
            let wanted: Vec<String> = strings(&line["terms"]).iter().map(|term| letters(term)).collect();
            let counts = by_field.entry(text(&line["field"]).to_owned()).or_default();
            for term in &wanted {
                let noticed = found.iter().any(|found| same(found, term));
                counts.add(true, noticed);
                tell(true, noticed, term, &line);
            }
            for found in found
                .iter()
                .filter(|found| !wanted.iter().any(|term| same(found, term)))
            {
                counts.add(false, true);
                tell(false, true, found, &line);
            }
            traps += usize::from(wanted.is_empty());
            fallen += usize::from(wanted.is_empty() && !found.is_empty());
        }
        let mut all = ConfusionCounts::default();
        for (field, counts) in &by_field {
            counts.row(field);
            all.true_positives += counts.true_positives;
            all.false_negatives += counts.false_negatives;
        }
        println!(
            "{}: recall of terms {:.3}; {fallen} of {traps} traps",
            self.name,
            all.recall()
        );
        (all.recall(), fallen as f64 / traps as f64)
    }

    /// Who admits a limit on a technical question, shown by the sentence that does.
    fn honesty(&self) -> f64 {
        let mut counts = ConfusionCounts::default();
        for line in self.lines("honesty.jsonl") {
            let insights = self.insights(&line);
            let points = &insights.talking_points.covered;
            let evidence = points
                .iter()
                .find(|point| point.id == "honesty")
                .map(|point| letters(&point.evidence));
            let wanted = line["honest"].as_bool().expect("honest or not");
            let span = letters(line["span"].as_str().unwrap_or(""));
            let found = evidence.as_ref().is_some_and(|evidence| {
                let shows = evidence.contains(&span) || span.contains(evidence);
                !wanted || shows
            });
            counts.add(wanted, found);
            tell(wanted, found, "honesty", &line);
        }
        counts.row(&format!("{}: honesty", self.name));
        counts.f1()
    }
}

impl AnswerSet {
    /// How many job terms are offered everyday words; how many everyday words lack one that fits; how many have one that does not.
    fn synonyms(&self) -> (usize, usize, usize) {
        let (mut terms, mut lacking, mut unfit) = (0, 0, 0);
        for line in self.lines("synonyms.jsonl") {
            let field = self.fields.iter().find(|field| field.id == line["field"]);
            // Said often enough to be among the most used.
            let insights = analyze(&[text(&line["text"]); 3].join(" "), None, field);
            let word = text(&line["word"]);
            let used = insights
                .most_used
                .iter()
                .find(|used| used.forms.iter().any(|form| form == word));
            let offered = used.map_or(&[][..], |used| &used.synonyms);
            let offers = |list: &Value| {
                let listed = strings(list);
                listed
                    .iter()
                    .any(|listed| offered.iter().any(|offered| alike(listed, offered)))
            };
            let (wrong, missing) = if line["job_term"] == true {
                terms += usize::from(!offered.is_empty());
                (!offered.is_empty(), false)
            } else {
                let (good, bad) = (offers(&line["good"]), offers(&line["bad"]));
                (lacking, unfit) = (lacking + usize::from(!good), unfit + usize::from(bad));
                (bad, !good)
            };
            if (wrong || missing) && is_verbose() {
                println!("  {word} ({}): {offered:?} in {}", line["field"], line["text"]);
            }
        }
        println!(
            "{}: synonyms: {terms} for job terms; {lacking} everyday words without a listed one, {unfit} with an unfit one",
            self.name
        );
        (terms, lacking, unfit)
    }
}

#[test]
fn synonyms_fit_the_field_and_the_sentence() {
    for (set, most_terms, most_lacking, most_unfit) in [("first", 0, 9, 1), ("third", 2, 6, 6)] {
        let (terms, lacking, unfit) = AnswerSet::new(set).synonyms();
        assert!(
            terms <= most_terms && lacking <= most_lacking && unfit <= most_unfit,
            "{set}: {terms} {lacking} {unfit}"
        );
    }
}

/// Whether two are forms of one word: "assisted" and "assist".
fn alike(one: &str, other: &str) -> bool {
    let start = |text: &str| text.chars().take(5).collect::<String>();
    let (one, other) = (start(one), start(other));
    one.starts_with(&other) || other.starts_with(&one) || one.len() == 5 && other.len() == 5 && one[..4] == other[..4]
}

fn tell(wanted: bool, found: bool, id: &str, line: &Value) {
    if wanted != found && is_verbose() {
        println!(
            "  {} {id}: {}",
            if found { "invented" } else { "missed  " },
            text(&line["text"])
        );
    }
}

/// ".8" for 0.87.
fn tenth(probability: f32) -> String {
    format!("{:.1}", (probability * 10.0).floor() / 10.0)
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn strings(value: &Value) -> HashSet<String> {
    let texts = value.as_array().expect("a list").iter();
    texts.map(|value| text(value).to_owned()).collect()
}

fn covered(insights: &Insights) -> HashSet<String> {
    let points = insights.talking_points.covered.iter();
    points.map(|point| point.id.clone()).collect()
}

/// The levels that a set must hold.
struct Levels {
    general: f64,
    lowest: f64,
    general_ticks: f64,
    own_ticks: f64,
    flagged: f64,
    own_points: f64,
    honesty: f64,
}

fn check(name: &'static str, levels: &Levels) {
    let set = AnswerSet::new(name);
    let (general, lowest) = set.general();
    let (general_ticks, own_ticks, _) = set.off_topic();
    let (flagged, own_points, honesty) = (set.on_topic(), set.own_points(), set.honesty());
    assert!(
        general >= levels.general && lowest >= levels.lowest,
        "{general:.3} {lowest:.3}"
    );
    assert!(
        general_ticks <= levels.general_ticks && own_ticks <= levels.own_ticks,
        "{general_ticks:.2} {own_ticks:.2}"
    );
    assert!(flagged <= levels.flagged, "{flagged:.2}");
    assert!(
        own_points >= levels.own_points && honesty >= levels.honesty,
        "{own_points:.3} {honesty:.3}"
    );
}

#[test]
fn the_words_of_the_trades_are_noticed_and_everyday_talk_is_not() {
    for (set, least) in [("first", 0.95), ("second", 0.95), ("third", 0.86)] {
        let (recall, fallen) = AnswerSet::new(set).terms();
        assert!(recall >= least && fallen <= 0.09, "{set}: {recall:.3} {fallen:.3}");
    }
}

#[test]
fn the_first_set_of_answers_keeps_its_level() {
    check(
        "first",
        &Levels {
            general: 0.86,
            lowest: 0.74,
            general_ticks: 0.12,
            own_ticks: 0.03,
            flagged: 0.02,
            own_points: 0.78,
            honesty: 0.9,
        },
    );
}

#[test]
fn the_second_set_of_answers_keeps_its_level() {
    check(
        "second",
        &Levels {
            general: 0.81,
            lowest: 0.54,
            general_ticks: 0.1,
            own_ticks: 0.03,
            flagged: 0.02,
            own_points: 0.78,
            honesty: 0.9,
        },
    );
}

#[test]
fn the_third_set_of_answers_keeps_its_level() {
    check(
        "third",
        &Levels {
            general: 0.8,
            lowest: 0.6,
            general_ticks: 0.1,
            own_ticks: 0.03,
            flagged: 0.05,
            own_points: 0.7,
            honesty: 0.87,
        },
    );
}
