//! The questions and job terms: those that come with Aloud, and the user's own files in the same format.

use std::{fs, path::Path};

use crate::question::{Field, Question};

/// The files that come with Aloud, in the order in which the fields are shown.
const BUILT_IN: [(&str, &str); 8] = [
    ("cybersecurity.toml", include_str!("../../questions/cybersecurity.toml")),
    ("it-support.toml", include_str!("../../questions/it-support.toml")),
    (
        "data-analytics.toml",
        include_str!("../../questions/data-analytics.toml"),
    ),
    (
        "project-management.toml",
        include_str!("../../questions/project-management.toml"),
    ),
    ("ux-design.toml", include_str!("../../questions/ux-design.toml")),
    (
        "digital-marketing.toml",
        include_str!("../../questions/digital-marketing.toml"),
    ),
    (
        "software-engineering.toml",
        include_str!("../../questions/software-engineering.toml"),
    ),
    ("general.toml", include_str!("../../questions/general.toml")),
];

/// Every field with its questions and terms, and what was wrong with files that are not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bank {
    pub fields: Vec<Field>,
    /// A sentence for each file that could not be used, with the line.
    pub troubles: Vec<String>,
}

impl Bank {
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id)
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
    let mut bank = Bank::default();
    for (name, text) in BUILT_IN {
        match read(name, text) {
            Ok(field) => bank.fields.push(field),
            Err(trouble) => bank.troubles.push(trouble),
        }
    }
    bank
}

/// What comes with Aloud and the `*.toml` files of a folder. A file with the id of a field that is there already adds
/// its questions and terms to it.
pub fn load(folder: &Path) -> Bank {
    let mut bank = built_in();
    let mut paths: Vec<_> = match fs::read_dir(folder) {
        Ok(entries) => entries.flatten().map(|entry| entry.path()).collect(),
        Err(_) => return bank,
    };
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    paths.sort();
    for path in paths {
        let name = path.display().to_string();
        let field = super::file::read_text(&path)
            .map_err(|error| error.to_string())
            .and_then(|text| read(&name, &text.unwrap_or_default()));
        match field {
            Ok(field) => add(&mut bank, &name, field),
            Err(trouble) => bank.troubles.push(trouble),
        }
    }
    bank
}

fn add(bank: &mut Bank, name: &str, mut field: Field) {
    let taken: Vec<String> = field
        .questions
        .iter()
        .filter(|question| bank.question(&question.id).is_some())
        .map(|question| question.id.clone())
        .collect();
    for id in &taken {
        bank.troubles.push(format!(
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
            let says = read("own.toml", text).unwrap_err();
            assert!(says.starts_with(expected), "{says}");
        }
    }

    #[test]
    fn own_questions_join_their_field_and_a_broken_file_only_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let own = "id = \"general\"\nname = \"x\"\n[[questions]]\nid = \"own-1\"\nkind = \"background\"\nprompt = \"Why us?\"\n";
        fs::write(folder.path().join("own.toml"), own).unwrap();
        fs::write(folder.path().join("odd.toml"), "id = 5\n").unwrap();
        fs::write(
            folder.path().join("other.toml"),
            "id = \"bees\"\nname = \"Bees\"\n[[questions]]\nid = \"own-1\"\nkind = \"technical\"\nprompt = \"?\"\n",
        )
        .unwrap();
        let bank = load(folder.path());
        let (field, question) = bank.question("own-1").unwrap();
        assert!(["general", "bees"].contains(&field.id.as_str()));
        assert!(!question.prompt.is_empty());
        assert!(bank.field("bees").is_some());
        assert_eq!(
            bank.troubles
                .iter()
                .filter(|trouble| trouble.contains("odd.toml, line 1"))
                .count(),
            1
        );
        assert_eq!(
            bank.troubles
                .iter()
                .filter(|trouble| trouble.contains("is taken already"))
                .count(),
            1
        );
    }
}
