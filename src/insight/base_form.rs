//! Lemmatization: "managed" → "manage", "went" → "go", "analyses" → "analysis". Spelling rules with their exceptions, no
//! dictionary: the rules are those of any English grammar (Quirk et al., A Comprehensive Grammar of the English Language,
//! 1985, on the morphology of verbs and nouns).
//!
//! Not a stemmer, though good ones exist (Snowball, as `rust-stemmers`): the base form is shown to people as a most-used
//! word, looked up in the synonyms and matched by patterns, so it must be a word. Of the 6,931 base forms in the question
//! bank and the labeled sentences, Snowball's English stemmer cuts 2,652 down to something else ("examine" → "examin").

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

use crate::insight::assets::{WordSet, lines, text_asset, toml_asset};

/// Exceptions to the rules; the file says what each list is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BaseFormWords {
    uninflected: WordSet,
    with_e: WordSet,
    without_e: WordSet,
    double_consonant: WordSet,
    added_k: WordSet,
    plural_in_s_only: WordSet,
    us_stems: WordSet,
}

pub(super) static WORDS: LazyLock<BaseFormWords> = toml_asset!("insight/base_forms.toml");

/// The base form of each irregular form.
static IRREGULAR: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let mut irregular = HashMap::new();
    for line in lines(text_asset!("insight/irregular.txt")) {
        let mut forms = line.split_whitespace();
        if let Some(base) = forms.next() {
            irregular.extend(forms.map(|form| (form, base)));
        }
    }
    irregular
});

/// The base form of a lower-case word. Verbs, nouns and comparatives; a word that is no inflection comes back as it is.
pub fn base_form(word: &str) -> String {
    let word = word.strip_suffix("'s").unwrap_or(word);
    let word = word.strip_suffix("s'").map_or(word, |stem| &word[..=stem.len()]);
    if WORDS.uninflected.contains(word) || word.len() < 3 || !word.is_ascii() {
        return word.to_owned();
    }
    if let Some(base) = IRREGULAR.get(word) {
        return (*base).to_owned();
    }
    if let Some(stem) = word.strip_suffix("ies").or_else(|| word.strip_suffix("ied")) {
        let ending = if stem.len() < 2 { "ie" } else { "y" };
        return format!("{stem}{ending}");
    }
    for ending in ["ing", "ed"] {
        let stem = word.strip_suffix(ending);
        if let Some(stem) = stem.filter(|stem| has_vowel(stem) && stem.len() > 1) {
            return restore_ending(stem);
        }
    }
    singular(word)
}

fn has_vowel(stem: &str) -> bool {
    stem.contains(['a', 'e', 'i', 'o', 'u', 'y'])
}

/// "users" → "user", "classes" → "class", "fixes" → "fix", "uses" → "use".
fn singular(word: &str) -> String {
    if !word.ends_with('s') || word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") {
        return word.to_owned();
    }
    for ending in ["sses", "shes", "ches", "xes", "zzes", "tches"] {
        if word.ends_with(ending) && !WORDS.plural_in_s_only.contains(word) {
            return word[..word.len() - 2].to_owned();
        }
    }
    if let Some(stem) = word.strip_suffix("oes") {
        return if WORDS.plural_in_s_only.contains(word) {
            word[..word.len() - 1].to_owned()
        } else {
            format!("{stem}o")
        };
    }
    if let Some(stem) = word.strip_suffix("uses").filter(|stem| WORDS.us_stems.contains(stem)) {
        return format!("{stem}us");
    }
    word[..word.len() - 1].to_owned()
}

/// Puts back what a stem lost before -ed or -ing: a final e, or one of two consonants.
fn restore_ending(stem: &str) -> String {
    if WORDS.with_e.contains(stem) {
        return format!("{stem}e");
    }
    if WORDS.without_e.contains(stem) {
        return stem.to_owned();
    }
    let bytes = stem.as_bytes();
    let last = bytes[bytes.len() - 1];
    let before = bytes[bytes.len() - 2];
    if last == before && !b"sfzoe".contains(&last) {
        let single = &stem[..stem.len() - 1];
        // "install" keeps its two l, "control" never had them.
        let keeps = last == b'l' && !WORDS.without_e.contains(single);
        return if keeps || WORDS.double_consonant.contains(stem) {
            stem.to_owned()
        } else {
            single.to_owned()
        };
    }
    if WORDS.added_k.contains(stem) {
        return stem[..stem.len() - 1].to_owned();
    }
    if needs_e(stem, last, before) {
        format!("{stem}e")
    } else {
        stem.to_owned()
    }
}

fn needs_e(stem: &str, last: u8, before: u8) -> bool {
    let vowel = |byte: u8| b"aeiou".contains(&byte);
    match last {
        b'c' | b'v' | b'u' => true,
        b'z' => before != b'z',
        b's' => before != b's' && !(before == b'u' && stem.len() > 4 && !vowel(stem.as_bytes()[stem.len() - 3])),
        b'g' => {
            if before == b'n' {
                stem.ends_with("ang") || stem.ends_with("eng")
            } else {
                true
            }
        }
        b'l' => !vowel(before) && !b"lrw".contains(&before),
        b't' => {
            stem.ends_with("at") && !vowel(stem.as_bytes().get(stem.len().wrapping_sub(3)).copied().unwrap_or(b'x'))
                || stem.ends_with("uat")
                || stem.ends_with("iat")
                || stem.ends_with("eat") && stem.ends_with("creat")
        }
        b'r' => {
            let third = stem.as_bytes().get(stem.len().wrapping_sub(3)).copied().unwrap_or(b'x');
            (before == b'u' || before == b'i') && !b"aoe".contains(&third)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn inflections_come_back_to_their_base() {
        for (base, forms) in [
            ("manage", "manages managed managing"),
            ("go", "goes went gone going"),
            ("plan", "plans planned planning"),
            ("analysis", "analyses"),
            ("analyze", "analyzed analyzing"),
            ("study", "studies studied studying"),
            ("write", "wrote written writing writes"),
            ("build", "built builds"),
            ("create", "created creating"),
            ("install", "installed installing"),
            ("control", "controlled controlling"),
            ("focus", "focused focusing"),
            ("configure", "configured configuring"),
            ("monitor", "monitored monitoring"),
            ("offer", "offered offering"),
            ("handle", "handled handling"),
            ("change", "changed changing changes"),
            ("bring", "brought bringing"),
            ("use", "used using uses"),
            ("route", "routed routing"),
            ("class", "classes"),
            ("process", "processes processed processing"),
            ("child", "children"),
            ("person", "people"),
            ("good", "better best"),
            ("try", "tries tried trying"),
            ("lead", "led leading leads"),
            ("phish", "phishing phished"),
            ("develop", "developed developing"),
            ("visit", "visited"),
            ("reduce", "reduced reducing"),
            ("company", "companies"),
            ("user", "users user's users'"),
            ("need", "needed needs needing"),
            ("agree", "agreed agreeing"),
            ("fix", "fixes fixed"),
            ("cache", "cached caches caching"),
            ("update", "updated updating"),
            ("argue", "argued"),
            ("mention", "mentioned"),
            ("edit", "edited editing"),
        ] {
            for form in forms.split_whitespace() {
                assert_eq!(base_form(form), base, "{form}");
            }
        }
    }

    #[test]
    fn no_form_is_irregular_twice() {
        let mut seen = HashSet::new();
        for line in lines(text_asset!("insight/irregular.txt")) {
            for form in line.split_whitespace().skip(1) {
                assert!(seen.insert(form), "{form}");
            }
        }
    }

    #[test]
    fn words_that_only_look_inflected_stay() {
        for word in [
            "this", "status", "during", "thing", "business", "news", "bus", "always", "string", "need",
        ] {
            assert_eq!(base_form(word), word);
        }
    }
}
