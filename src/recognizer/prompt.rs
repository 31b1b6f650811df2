//! What Whisper is given to read before it writes: fillers, so that it does not tidy them away, and the job terms that may
//! well be said. Pure: how a text is cut into tokens is the caller's.

/// What is put before the text so that Whisper does not tidy fillers away. Longer prompts cut sentences.
const FILLER_PROMPT: &str = "Um, uh, hmm, er, ah.";

/// No job term is nearly as long; one that is would be neither said nor recognized.
const MAX_TERM_BYTES: usize = 80;

/// The prompt of at most so many tokens: the fillers, and of the glossary as many terms as there is room for. Those that
/// the model is least likely to write by itself are taken first: words that it has to spell out of many pieces.
pub(super) fn prompt_within(
    most: usize,
    fillers: bool,
    glossary: &[String],
    tokens_of: impl Fn(&str) -> Vec<i32>,
) -> Vec<i32> {
    let begin = if fillers { FILLER_PROMPT } else { "" };
    let text_with = |terms: &[&str]| match terms {
        [] => begin.to_owned(),
        terms => format!("{begin} Glossary: {}.", terms.join(", ")),
    };
    let terms: Vec<&str> = glossary
        .iter()
        .map(String::as_str)
        .filter(|term| !term.is_empty() && term.len() <= MAX_TERM_BYTES && !term.contains(char::is_control))
        .collect();
    let cost: Vec<usize> = terms.iter().map(|term| tokens_of(&format!(", {term}")).len()).collect();
    let rarity = |index: &usize| {
        let words = terms[*index].split_whitespace().count().max(1);
        cost[*index] * 100 / words
    };
    let mut rarest_first: Vec<usize> = (0..terms.len()).collect();
    rarest_first.sort_by_key(|index| std::cmp::Reverse(rarity(index)));
    let mut room = most.saturating_sub(tokens_of(&text_with(&[""])).len());
    let mut taken: Vec<usize> = Vec::new();
    for index in rarest_first {
        if cost[index] <= room {
            room -= cost[index];
            taken.push(index);
        }
    }
    // In the order of the list, as if the others did not stand there.
    taken.sort_unstable();
    let taken: Vec<&str> = taken.into_iter().map(|index| terms[index]).collect();
    let text = text_with(&taken);
    if text.is_empty() {
        return Vec::new();
    }
    let mut tokens = tokens_of(&text);
    tokens.truncate(most);
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A token for each word and each stop, and one more for every four letters of a word: common words are short.
    fn tokens(text: &str) -> Vec<i32> {
        text.split_whitespace()
            .flat_map(|word| (0..=word.len() / 4).map(|token| (word.len() + token) as i32))
            .collect()
    }

    fn terms(count: usize, term: impl Fn(usize) -> String) -> Vec<String> {
        (0..count).map(term).collect()
    }

    #[test]
    fn a_glossary_that_fits_is_given_whole_and_in_its_order() {
        let glossary = ["SIEM", "lateral movement", "EDR"].map(str::to_owned);
        assert_eq!(
            prompt_within(200, true, &glossary, tokens),
            tokens("Um, uh, hmm, er, ah. Glossary: SIEM, lateral movement, EDR.")
        );
        assert_eq!(prompt_within(200, true, &[], tokens), tokens(FILLER_PROMPT));
        assert!(prompt_within(200, false, &[], tokens).is_empty());
    }

    #[test]
    fn no_glossary_is_too_long() {
        for count in [60, 65, 300, 5000] {
            for term in [
                |n: usize| format!("term{n}"),
                |n: usize| format!("a much longer term of many words {n}"),
                |_| "x".repeat(2_000_000),
                |_| "nul\0".to_owned(),
                |n: usize| "é".repeat(n % 60),
            ] {
                let prompt = prompt_within(200, true, &terms(count.min(300), term), tokens);
                assert!(prompt.len() <= 200, "{}", prompt.len());
                assert!(prompt.starts_with(&tokens("Um, uh, hmm, er,")));
            }
        }
    }

    #[test]
    fn what_the_model_has_to_spell_is_taken_before_what_it_knows() {
        let mut glossary = terms(200, |n| format!("log{}", n % 10));
        glossary.push("Kerberoasting".to_owned());
        let kept = prompt_within(60, true, &glossary, tokens);
        let rare = tokens("Kerberoasting.");
        assert!(kept.windows(rare.len()).any(|window| window == rare), "{kept:?}");
    }
}
