//! The question files on disk: those that come with Aloud are in the program.

use std::{fs, path::Path};

use super::file;
use crate::bank::{Bank, add, built_in, read};

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
        let field = file::read_text(&path)
            .map_err(|error| error.to_string())
            .and_then(|text| read(&name, &text.unwrap_or_default()));
        match field {
            Ok(field) => add(&mut bank, &name, field),
            Err(error) => bank.problems.push(error),
        }
    }
    bank
}

#[cfg(test)]
mod tests {
    use super::*;

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
            bank.problems
                .iter()
                .filter(|error| error.contains("odd.toml, line 1"))
                .count(),
            1
        );
        assert_eq!(
            bank.problems
                .iter()
                .filter(|error| error.contains("is taken already"))
                .count(),
            1
        );
    }
}
