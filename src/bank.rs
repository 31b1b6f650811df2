//! The questions and job terms: those that come with Aloud, and the user's own files in the same format.

pub mod own_text;

use crate::{
    question::{Field, Question, Role},
    text::plain_letters,
};

/// The files in `questions/` as `build.rs` read them: fields in the order in which they are shown.
const BUILT_IN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/bank.json"));

/// Every field with its questions and terms, and what was wrong with files that are not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bank {
    pub fields: Vec<Field>,
    /// A sentence for each file that could not be used, with the line.
    pub problems: Vec<String>,
}

/// No field has this id or this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Unknown field '{asked}'. The fields are: {}.", known.join(", "))]
pub struct UnknownField {
    pub asked: String,
    /// The ids of all fields.
    pub known: Vec<String>,
}

/// No role has this id or this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Unknown role '{asked}'. The roles are: {}.", known.join(", "))]
pub struct UnknownRole {
    pub asked: String,
    /// The ids of all roles that were looked at.
    pub known: Vec<String>,
}

/// A name in any case, and with spaces, hyphens or underscores between its words.
fn plain_name(name: &str) -> String {
    let words = name.split(|letter: char| letter.is_whitespace() || "-_".contains(letter));
    let words: Vec<String> = words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    words.join(" ")
}

impl Bank {
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id)
    }

    /// The field with this id, or with this name as the window shows it: in any case, and with spaces, hyphens or
    /// underscores between its words.
    pub fn field_named(&self, asked: &str) -> Result<&Field, UnknownField> {
        let wanted = plain_name(asked);
        let named = |field: &&Field| plain_name(&field.id) == wanted || plain_name(&field.name) == wanted;
        self.field(asked)
            .or_else(|| self.fields.iter().find(named))
            .ok_or_else(|| UnknownField {
                asked: asked.to_owned(),
                known: self.fields.iter().map(|field| field.id.clone()).collect(),
            })
    }

    /// The role with this id, or with this name as the window shows it, and its field. Only the roles of one field are
    /// looked at where one is given.
    pub fn role_named(&self, field: Option<&str>, asked: &str) -> Result<(&Field, &Role), UnknownRole> {
        let wanted = plain_name(asked);
        let fields = self.fields.iter().filter(|one| field.is_none_or(|id| one.id == id));
        let roles: Vec<(&Field, &Role)> = fields
            .flat_map(|field| field.roles.iter().map(move |role| (field, role)))
            .collect();
        let named = |(_, role): &&(&Field, &Role)| plain_name(&role.id) == wanted || plain_name(&role.name) == wanted;
        roles.iter().find(named).copied().ok_or_else(|| UnknownRole {
            asked: asked.to_owned(),
            known: roles.iter().map(|(_, role)| role.id.clone()).collect(),
        })
    }

    /// The question with this id, and the field whose file holds it.
    pub fn question(&self, id: &str) -> Option<(&Field, &Question)> {
        self.fields.iter().find_map(|field| {
            field
                .questions
                .iter()
                .find(|question| question.id == id)
                .map(|question| (field, question))
        })
    }
}

/// Only what comes with Aloud.
pub fn built_in() -> Bank {
    let fields = serde_json::from_slice(BUILT_IN).expect("build.rs wrote what it had read into these types");
    Bank {
        fields,
        problems: Vec::new(),
    }
}

/// Adds a field. To one that is there already its questions and terms are added; an id that is taken is refused with a
/// sentence among the problems.
pub fn add(bank: &mut Bank, name: &str, mut field: Field) {
    let taken: Vec<String> = field
        .questions
        .iter()
        .filter(|question| bank.question(&question.id).is_some())
        .map(|question| question.id.clone())
        .collect();
    for id in &taken {
        bank.problems.push(format!(
            "{name}: the question id \"{id}\" is taken already. Give it another id; the other questions of the file are used."
        ));
    }
    field.questions.retain(|question| !taken.contains(&question.id));
    match bank.fields.iter_mut().find(|old| old.id == field.id) {
        Some(old) => {
            old.questions.append(&mut field.questions);
            for term in field.terms {
                if old.term(&term.name).is_none() {
                    old.terms.push(term);
                }
            }
        }
        None => bank.fields.push(field),
    }
}

/// Reads one file. The error names the file, the line, and what is wrong.
pub fn read(name: &str, text: &str) -> Result<Field, String> {
    let text = &plain_letters(text);
    let field: Field = toml::from_str(text).map_err(|error| {
        let line = error
            .span()
            .map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        let message = error.message().trim_end_matches('.').replace('\n', ", ");
        format!("{name}, line {line}: {message}.")
    })?;
    check(name, text, &field)?;
    Ok(field)
}

/// What the format alone cannot say.
fn check(name: &str, text: &str, field: &Field) -> Result<(), String> {
    let line_of = |needle: &str| {
        text.lines()
            .position(|line| line.contains(needle))
            .map_or(1, |index| index + 1)
    };
    for (index, question) in field.questions.iter().enumerate() {
        let line = line_of(&format!("\"{}\"", question.id));
        if question.prompt.trim().is_empty() {
            return Err(format!(
                "{name}, line {line}: the question \"{}\" has no prompt.",
                question.id
            ));
        }
        if field.questions[..index].iter().any(|other| other.id == question.id) {
            return Err(format!(
                "{name}, line {line}: the question id \"{}\" stands there twice.",
                question.id
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_by_its_id_or_name_however_it_is_written() {
        let bank = built_in();
        for (asked, id) in [
            ("cybersecurity", "cybersecurity"),
            ("Cybersecurity", "cybersecurity"),
            (" CYBERSECURITY ", "cybersecurity"),
            ("data-analytics", "data-analytics"),
            ("Data Analytics", "data-analytics"),
            ("data_analytics", "data-analytics"),
            ("IT Support", "it-support"),
        ] {
            assert_eq!(bank.field_named(asked).unwrap().id, id, "{asked}");
        }
        for asked in ["", "cyber", "dataanalytics", "cyber security"] {
            let error = bank.field_named(asked).unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("Unknown field '{asked}'. The fields are: cybersecurity, ")),
                "{error}"
            );
        }
    }

    #[test]
    fn an_error_names_the_file_and_the_line() {
        for (text, expected) in [
            ("id = \"a\"\nname = \n", "own.toml, line 2: "),
            (
                "id = \"a\"\nname = \"A\"\ncolour = 1\n",
                "own.toml, line 3: unknown field `colour`",
            ),
            (
                "id = \"a\"\nname = \"A\"\n[[questions]]\nid = \"q\"\nkind = \"odd\"\nprompt = \"?\"\n",
                "own.toml, line 5: unknown variant `odd`",
            ),
            (
                "id = \"a\"\nname = \"A\"\n[[questions]]\nid = \"q\"\nkind = \"technical\"\nprompt = \" \"\n",
                "own.toml, line 4: the question \"q\" has no prompt.",
            ),
        ] {
            let message = read("own.toml", text).unwrap_err();
            assert!(message.starts_with(expected), "{message}");
        }
    }
}
