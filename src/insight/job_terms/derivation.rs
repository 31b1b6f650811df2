//! Verbs and the nouns that go with them, by spelling: "encrypted" is encryption, "containerized" is a container, and
//! "deployed" a deployment. Verbs that people use every day ("contain", "require") stand for no term.

use crate::insight::most_used::is_everyday_verb;

/// Endings of nouns that name what a verb does, and what the verb ends in instead; none where it ends there.
const NOUN_ENDINGS: [(&str, &[&str]); 7] = [
    ("ization", &["ize"]),
    ("iation", &["iate", "e"]),
    ("ation", &["ate", "e", ""]),
    ("ition", &["ite", "e"]),
    ("ion", &["", "e"]),
    ("ment", &[""]),
    ("alysis", &["alyze"]),
];

/// The shortest stem, in letters: shorter ones are chance ("passion").
const SHORTEST: usize = 5;

/// The verbs that a noun may be made of. Not all of them are words; those that are not stand in no text.
pub(super) fn verbs_of_noun(noun: &str) -> Vec<String> {
    let Some((ending, instead)) = NOUN_ENDINGS.iter().find(|(ending, _)| noun.ends_with(ending)) else {
        return Vec::new();
    };
    let stem = &noun[..noun.len() - ending.len()];
    if stem.len() < SHORTEST {
        return Vec::new();
    }
    instead
        .iter()
        .map(|verb_ending| format!("{stem}{verb_ending}"))
        .filter(|verb| !is_everyday_verb(verb))
        .collect()
}

/// The nouns that a verb in -ize may be made of: "container", "priority".
pub(super) fn noun_of_verb(verb: &str) -> Vec<String> {
    match verb.strip_suffix("ize") {
        Some(stem) if stem.len() >= SHORTEST && !is_everyday_verb(verb) => {
            vec![stem.to_owned(), format!("{stem}y"), format!("{stem}e")]
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_noun_leads_to_its_verb_and_back() {
        for (noun, verb) in [
            ("encryption", "encrypt"),
            ("procurement", "procure"),
            ("segmentation", "segment"),
            ("containerization", "containerize"),
            ("reconciliation", "reconcile"),
            ("imputation", "impute"),
        ] {
            assert!(verbs_of_noun(noun).contains(&verb.to_owned()), "{noun}");
        }
        assert!(noun_of_verb("containerize").contains(&"container".to_owned()));
        assert!(verbs_of_noun("passion").is_empty());
        assert!(verbs_of_noun("requirement").is_empty(), "everyday verbs are no terms");
    }
}
