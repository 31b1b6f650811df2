//! Reads which paths a source file names, without a compiler: enough Rust for the rules of the rooms, and no more.

/// A path in a source file, with `use` groups taken apart: `crate::{a, b::c}` is two.
#[derive(Debug, PartialEq)]
pub struct Named {
    pub parts: Vec<String>,
    pub line: usize,
    /// In a module of tests.
    pub test: bool,
}

/// Every path of a file. `super` is followed to where it leads.
pub fn paths(name: &str, text: &str) -> Vec<Named> {
    let words = words(text);
    let mut module = module_of(name);
    // Modules inside the file: at which depth of braces each began.
    let mut inner: Vec<usize> = Vec::new();
    let mut depth = 0;
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        match word.text.as_str() {
            "{" => depth += 1,
            "}" => {
                depth -= 1;
                if inner.last() == Some(&depth) {
                    inner.pop();
                    module.pop();
                }
            }
            // What follows is a field or a method: no path.
            "." => at += 1,
            "mod" if words.get(at + 2).is_some_and(|next| next.text == "{") => {
                module.push(words[at + 1].text.clone());
                inner.push(depth);
                at += 1;
            }
            text if is_name(text) => {
                let mut tree = Vec::new();
                at = read_tree(&words, at, &[], &mut tree);
                let in_tests = module.iter().any(|part| part == "tests");
                found.extend(tree.into_iter().map(|named| Named {
                    parts: followed(&module, named.parts),
                    test: in_tests,
                    ..named
                }));
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Reads the path, or the group of paths, at `at`. Gives the place after it.
fn read_tree(words: &[Word], mut at: usize, before: &[String], found: &mut Vec<Named>) -> usize {
    let mut parts = before.to_vec();
    let line = words[at].line;
    let text = |at: usize| words.get(at).map_or("", |word| word.text.as_str());
    loop {
        if text(at) == "{" {
            at += 1;
            while text(at) != "}" && at < words.len() {
                at = if is_name(text(at)) || text(at) == "{" {
                    read_tree(words, at, &parts, found)
                } else {
                    at + 1
                };
            }
            return at + 1;
        }
        if is_name(text(at)) && text(at) != "self" {
            parts.push(words[at].text.clone());
        }
        at += 1;
        let more = text(at) == "::" && (is_name(text(at + 1)) || (text(at + 1) == "{" && !parts.is_empty()));
        if !more {
            break;
        }
        at += 1;
    }
    found.push(Named {
        parts,
        line,
        test: false,
    });
    at
}

/// Where the module of a file stands in the crate: `["crate", "session", "run"]`.
fn module_of(name: &str) -> Vec<String> {
    let parts = name
        .trim_end_matches(".rs")
        .split('/')
        .filter(|part| !matches!(*part, "mod" | "lib" | "main"));
    std::iter::once("crate").chain(parts).map(str::to_owned).collect()
}

/// A path with its `super`s replaced by what they are here.
fn followed(module: &[String], parts: Vec<String>) -> Vec<String> {
    let ups = parts.iter().take_while(|part| *part == "super").count();
    if ups == 0 {
        return parts;
    }
    let kept = module.len().saturating_sub(ups).max(1);
    module[..kept]
        .iter()
        .cloned()
        .chain(parts.into_iter().skip(ups))
        .collect()
}

fn is_name(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_alphabetic() || letter == '_')
}

struct Word {
    text: String,
    line: usize,
}

/// The words and marks of a source text, without comments, strings and letters.
fn words(text: &str) -> Vec<Word> {
    let letters: Vec<char> = text.chars().collect();
    let mut words = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < letters.len() {
        let (from, letter) = (at, letters[at]);
        at = match (letter, letters.get(at + 1)) {
            ('/', Some('/')) => after(&letters, at, |rest| rest[0] == '\n', 0),
            ('/', Some('*')) => after(&letters, at + 2, |rest| rest.starts_with(&['*', '/']), 2),
            ('"', _) => after_string(&letters, at),
            ('r', Some('"' | '#')) if is_raw(&letters, at) => after_raw(&letters, at),
            ('b', Some('"')) => after_string(&letters, at + 1),
            ('\'', _) => after_letter(&letters, at),
            (':', Some(':')) | ('.', Some('.')) => at + 2,
            _ if letter.is_alphanumeric() || letter == '_' => {
                after(&letters, at, |rest| !(rest[0].is_alphanumeric() || rest[0] == '_'), 0)
            }
            _ => at + 1,
        };
        let told: String = letters[from..at].iter().collect();
        let is_word =
            told == "::" || told.starts_with(|letter: char| letter.is_alphanumeric() || "_{};,*".contains(letter));
        if (is_word || told == ".") && !told.contains('"') {
            words.push(Word {
                text: told.clone(),
                line,
            });
        }
        line += told.matches('\n').count();
    }
    words
}

/// The first place from `at` on where `ends` holds, and `more` after it.
fn after(letters: &[char], mut at: usize, ends: impl Fn(&[char]) -> bool, more: usize) -> usize {
    while at < letters.len() && !ends(&letters[at..]) {
        at += 1;
    }
    (at + more).min(letters.len())
}

fn after_string(letters: &[char], quote: usize) -> usize {
    let mut at = quote + 1;
    while at < letters.len() && letters[at] != '"' {
        at += if letters[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(letters.len())
}

fn is_raw(letters: &[char], at: usize) -> bool {
    letters[at + 1..].iter().find(|letter| **letter != '#') == Some(&'"')
}

fn after_raw(letters: &[char], at: usize) -> usize {
    let hashes = letters[at + 1..].iter().take_while(|letter| **letter == '#').count();
    let end: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    after(letters, at + hashes + 2, |rest| rest.starts_with(&end), end.len())
}

/// After a letter in quotes; a lifetime has none at its end.
fn after_letter(letters: &[char], at: usize) -> usize {
    match (letters.get(at + 1), letters.get(at + 2)) {
        (Some('\\'), _) => after(letters, at + 3, |rest| rest[0] == '\'', 1),
        (Some(_), Some('\'')) => at + 3,
        _ => at + 1,
    }
}

fn joined(name: &str, text: &str) -> Vec<String> {
    let whole = |named: Named| named.parts.join("::");
    paths(name, text)
        .into_iter()
        .map(whole)
        .filter(|path| path.contains("::"))
        .collect()
}

#[test]
fn groups_are_taken_apart() {
    assert_eq!(
        joined(
            "ui/home.rs",
            "use crate::{a::{b, c::D}, e, self};\nlet x: crate::f::G = std::fs::read();"
        ),
        [
            "crate::a::b",
            "crate::a::c::D",
            "crate::e",
            "crate::f::G",
            "std::fs::read"
        ]
    );
}

#[test]
fn super_is_followed_to_where_it_leads() {
    let text = "use super::b; mod tests { use super::c; use super::super::d; } use super::super::e;";
    assert_eq!(
        joined("ui/home.rs", text),
        ["crate::ui::b", "crate::ui::home::c", "crate::ui::d", "crate::e"]
    );
    assert_eq!(joined("take.rs", "use super::span::Span;"), ["crate::span::Span"]);
    assert_eq!(joined("ui/mod.rs", "use super::app::App;"), ["crate::app::App"]);
}

#[test]
fn comments_and_strings_name_nothing() {
    let text = [
        "// crate::ui::a",
        "/* crate::ui::b */",
        r#"const A: &str = "crate::ui::c \" crate::ui::d";"#,
        "const B: &str = r#\"crate::ui::\"e\"\"#;",
        "const C: char = '\"';",
        "const D: &'static str = \"x\"; use crate::span::F;",
    ];
    let text = text.join("\n");
    assert_eq!(joined("insight/mod.rs", &text), ["crate::span::F"]);
}
