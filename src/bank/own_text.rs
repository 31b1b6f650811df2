//! The text of the user's own questions, changed question by question: every other line stays as it was written, comments
//! and blank lines with it.

use serde::{Deserialize, Serialize};

use super::read;
use crate::question::{Question, QuestionKind, TalkingPoint};

/// What was begun and not saved: in the form, or in the text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OwnDraft {
    pub form: OwnQuestionForm,
    /// The id of the question that the form changes; nothing for a new one.
    pub editing: Option<String>,
    /// The whole text, where it was changed as text.
    pub text: Option<String>,
}

/// What a form asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OwnQuestionForm {
    /// Several lines are several questions.
    pub prompt: String,
    pub kind: QuestionKind,
    /// One a line, as the points.
    pub parts: String,
    pub hint: String,
    pub points: String,
}

impl OwnQuestionForm {
    /// With what a question has.
    pub fn of(question: &Question) -> Self {
        let labels: Vec<&str> = question
            .talking_points
            .iter()
            .map(|point| point.label.as_str())
            .collect();
        Self {
            prompt: question.prompt.clone(),
            kind: question.kind,
            parts: question.parts.join("\n"),
            hint: question.hint.clone(),
            points: labels.join("\n"),
        }
    }

    /// Writes what it says into a question; the points that stay keep their hints and examples.
    fn fill(&self, question: &mut Question) {
        question.kind = self.kind;
        question.parts = lines(&self.parts).map(str::to_owned).collect();
        self.hint.trim().clone_into(&mut question.hint);
        let before = std::mem::take(&mut question.talking_points);
        for label in lines(&self.points) {
            let known = before.iter().find(|point| point.label == label).cloned();
            let id = unused(&slug(label), |id| {
                question.talking_points.iter().any(|point| point.id == id)
            });
            question.talking_points.push(known.unwrap_or_else(|| TalkingPoint {
                id,
                label: label.to_owned(),
                hint: String::new(),
                part: None,
                cues: Vec::new(),
                says: Vec::new(),
            }));
        }
        // A follow-up or a part of what is gone would point at nothing.
        let known = |id: &String| question.talking_points.iter().any(|point| point.id == *id);
        question
            .follow_ups
            .retain(|follow_up| follow_up.unless.iter().all(known));
        for point in &mut question.talking_points {
            point.part = point.part.filter(|part| *part <= question.parts.len());
        }
    }
}

/// Adds the questions of a form at the end.
pub fn add(text: &str, form: &OwnQuestionForm) -> Result<String, String> {
    let mut taken: Vec<String> = questions(text)?.into_iter().map(|question| question.id).collect();
    let expected = taken.len() + lines(&form.prompt).count();
    let mut new = text.trim_end().to_owned();
    for prompt in lines(&form.prompt) {
        let id = unused(&format!("own-{}", slug(prompt)), |id| {
            taken.iter().any(|known| known == id)
        });
        taken.push(id.clone());
        let mut question = Question {
            id,
            topic: "my questions".to_owned(),
            prompt: prompt.to_owned(),
            ..Question::default()
        };
        form.fill(&mut question);
        new.push_str("\n\n");
        new.push_str(&written(&question)?);
    }
    checked(new, expected)
}

/// Writes a form over the question with this place.
pub fn replace(text: &str, index: usize, form: &OwnQuestionForm) -> Result<String, String> {
    let mut questions = questions(text)?;
    let count = questions.len();
    let question = questions.get_mut(index).ok_or("There is no such question any more.")?;
    // A question is one: the lines of its prompt become one.
    question.prompt = lines(&form.prompt).collect::<Vec<_>>().join(" ");
    form.fill(question);
    let new = written(question)?;
    checked(splice(text, index, &new)?, count)
}

/// Takes the question with this place out.
pub fn remove(text: &str, index: usize) -> Result<String, String> {
    let count = questions(text)?.len();
    checked(splice(text, index, "")?, count.saturating_sub(1))
}

/// Has the questions join a field.
pub fn join(text: &str, id: &str, name: &str) -> Result<String, String> {
    let count = questions(text)?.len();
    let mut table = false;
    let mut new = Vec::new();
    for line in text.lines() {
        table |= line.trim_start().starts_with('[');
        let key = line.split('=').next().unwrap_or_default().trim();
        match key {
            "id" if !table => new.push(format!("id = {id:?}")),
            "name" if !table => new.push(format!("name = {name:?}")),
            _ => new.push(line.to_owned()),
        }
    }
    checked(new.join("\n") + "\n", count)
}

fn questions(text: &str) -> Result<Vec<Question>, String> {
    read("Your questions", text).map(|field| field.questions)
}

/// The new text, if it holds as many questions as it should: a text in which a line only looks like the beginning of a
/// question is left as it is.
fn checked(text: String, expected: usize) -> Result<String, String> {
    let found = questions(&text)?.len();
    if found == expected {
        Ok(text)
    } else {
        Err("This text is written in a way that only you can change. Edit it as text.".to_owned())
    }
}

/// Puts a text in the place of a question's lines.
fn splice(text: &str, index: usize, new: &str) -> Result<String, String> {
    let all: Vec<&str> = text.lines().collect();
    let range = blocks(&all)
        .into_iter()
        .nth(index)
        .ok_or("There is no such question any more.")?;
    let mut lines: Vec<&str> = all[..range.start].to_vec();
    lines.extend(new.trim_end().lines());
    // Without the question, the blank lines before and after it would be twice as many.
    let mut rest = &all[range.end..];
    while new.is_empty() && rest.first().is_some_and(|line| line.trim().is_empty()) {
        rest = &rest[1..];
    }
    lines.extend(rest);
    Ok(lines.join("\n") + "\n")
}

/// The lines of each question: up to the next table that is none of its own, and without the comments before that.
fn blocks(lines: &[&str]) -> Vec<std::ops::Range<usize>> {
    let is_table =
        |line: &str| line.trim_start().starts_with('[') && line.trim_end().ends_with(']') && !line.contains('=');
    let is_own = |line: &str| line.trim_start().trim_start_matches('[').starts_with("questions.");
    let begins = |line: &str| line.trim_start().starts_with("[[questions]]");
    let starts = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| begins(line))
        .map(|(at, _)| at);
    starts
        .map(|start| {
            let next =
                (start + 1..lines.len()).find(|at| begins(lines[*at]) || is_table(lines[*at]) && !is_own(lines[*at]));
            let mut end = next.unwrap_or(lines.len());
            while end > start + 1 && (lines[end - 1].trim().is_empty() || lines[end - 1].trim_start().starts_with('#'))
            {
                end -= 1;
            }
            start..end
        })
        .collect()
}

/// A question as the file has it.
fn written(question: &Question) -> Result<String, String> {
    #[derive(Serialize)]
    struct Questions<'a> {
        questions: [&'a Question; 1],
    }
    let text = toml::to_string(&Questions { questions: [question] }).map_err(|error| error.to_string())?;
    // What is empty need not stand there.
    let lines = text.lines().filter(|line| !line.ends_with(" = \"\""));
    Ok(lines.collect::<Vec<_>>().join("\n") + "\n")
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// The first words of a text as an id: "Why do you want this?" → "why-do-you-want-this".
fn slug(text: &str) -> String {
    const MOST_WORDS: usize = 6;
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let words: Vec<String> = words.take(MOST_WORDS).map(str::to_lowercase).collect();
    if words.is_empty() {
        "question".to_owned()
    } else {
        words.join("-")
    }
}

/// The id, with a number behind it where it is taken.
fn unused(id: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2..).map(|number| format!("{id}-{number}"));
    let mut ids = std::iter::once(id.to_owned()).chain(numbered);
    ids.find(|id| !is_taken(id)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# mine\nid = \"general\"   # they join\nname = \"General\"\n\n# first\n[[questions]]\nid = \"own-a\"\nkind = \"background\"\nprompt = \"Why us?\"\n\n[[questions.talking_points]]\nid = \"them\"\nlabel = \"About them\"\ncues = [\"your team\"]\n\n# second, keep this line\n[[questions]]\nid = \"own-b\"\nkind = \"technical\"\nprompt = \"What is a bee?\"\n\n[[terms]]\nname = \"hive\"\n";

    fn form(prompt: &str) -> OwnQuestionForm {
        OwnQuestionForm {
            prompt: prompt.to_owned(),
            kind: QuestionKind::Behavioral,
            parts: "What you did\nWhat came of it".to_owned(),
            hint: "One story.".to_owned(),
            points: "About them\n The result ".to_owned(),
        }
    }

    #[test]
    fn ten_lines_are_ten_questions() {
        let prompts: Vec<String> = (1..=10)
            .map(|number| format!("Question \"number\" {number}?"))
            .collect();
        let text = add(TEXT, &form(&prompts.join("\n\n"))).unwrap();
        assert!(text.starts_with(TEXT.trim_end()));
        let all = questions(&text).unwrap();
        assert_eq!(all.len(), 12);
        assert_eq!(all[2].prompt, "Question \"number\" 1?");
        assert_eq!(all[11].id, "own-question-number-10");
        assert_eq!(all[11].parts.len(), 2);
        assert_eq!(all[11].talking_points[1].id, "the-result");
        let again = add(&text, &form("Question number 10?")).unwrap();
        assert_eq!(questions(&again).unwrap()[12].id, "own-question-number-10-2");
    }

    #[test]
    fn one_is_changed_and_the_lines_around_it_stay() {
        let text = replace(TEXT, 0, &form("Why\nthem?")).unwrap();
        let all = questions(&text).unwrap();
        assert_eq!((all[0].prompt.as_str(), all[0].id.as_str()), ("Why them?", "own-a"));
        assert_eq!(
            all[0].talking_points[0].cues,
            ["your team"],
            "a point that stays keeps its cues"
        );
        assert!(text.starts_with("# mine\nid = \"general\"   # they join\n"));
        assert!(text.contains("# second, keep this line\n[[questions]]\nid = \"own-b\""));
        assert_eq!(OwnQuestionForm::of(&all[1]).prompt, "What is a bee?");
        assert!(replace(TEXT, 2, &form("?")).is_err());
    }

    #[test]
    fn one_is_taken_out_and_the_terms_stay() {
        let text = remove(TEXT, 1).unwrap();
        assert_eq!(questions(&text).unwrap().len(), 1);
        assert!(text.contains("[[terms]]\nname = \"hive\""));
        let none = remove(&text, 0).unwrap();
        assert!(questions(&none).unwrap().is_empty());
        assert!(none.contains("# first"));
        assert!(remove("id = 5", 0).is_err());
    }

    #[test]
    fn they_join_another_field() {
        let text = join(TEXT, "it-support", "IT \"support\"").unwrap();
        let field = read("x", &text).unwrap();
        assert_eq!(
            (field.id.as_str(), field.name.as_str()),
            ("it-support", "IT \"support\"")
        );
        assert_eq!(field.questions[1].id, "own-b");
    }

    #[test]
    fn a_text_with_a_line_that_only_looks_like_a_question_is_not_touched() {
        let odd = format!("{TEXT}definition = \"\"\"\n[[questions]]\n\"\"\"\n");
        assert!(remove(&odd, 2).is_err());
        assert_eq!(questions(&remove(&odd, 1).unwrap()).unwrap().len(), 1);
    }
}
