//! Decoders that lose their place in the sound write again what they have written. Here is how that is noticed.

use super::RecognizedWord;
use crate::transcript::bare;

/// Whether the text ends in the same tokens again and again. People do say a word five times; decoders that have lost
/// their place say a sentence twice.
pub(super) fn is_looping(said: &[i32]) -> bool {
    (1..=24).any(|length| {
        let times = match length {
            1 => 6,
            2 => 5,
            3..=5 => 4,
            6..=9 => 3,
            _ => 2,
        };
        let Some(start) = said.len().checked_sub(length * times) else {
            return false;
        };
        let tail = &said[start..];
        tail.chunks(length).all(|phrase| phrase == &tail[..length])
    })
}

/// How many of `words` come before the first four that stand a little before, in `settled` or among themselves; all of
/// them, if there are none. A decoder in a quick look that has lost its place writes such, a speaker seldom does, and
/// what is really said twice is settled by the final decode. What it wrote before is as good as any quick look.
pub(super) fn before_repeated_phrase(settled: &[RecognizedWord], words: &[impl AsRef<str>]) -> usize {
    const PHRASE: usize = 4;
    const BACK: usize = 40;
    let recent = &settled[settled.len().saturating_sub(BACK)..];
    let recent_texts = recent.iter().map(AsRef::as_ref);
    let all: Vec<String> = recent_texts.chain(words.iter().map(AsRef::as_ref)).map(bare).collect();
    let first_new = recent.len();
    (first_new..all.len().saturating_sub(PHRASE - 1))
        .find(|at| {
            let phrase = &all[*at..at + PHRASE];
            // "Word, word, word, word" is one word said often; that is judged by the sound.
            let one_word = phrase.iter().all(|word| word == &phrase[0]);
            !one_word
                && all[..at + PHRASE - 1]
                    .windows(PHRASE)
                    .take(*at)
                    .any(|earlier| earlier == phrase)
        })
        .map_or(words.len(), |at| at - first_new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(line: &str) -> Vec<RecognizedWord> {
        let word = |text: &str| RecognizedWord {
            text: text.to_owned(),
            ..RecognizedWord::default()
        };
        line.split_whitespace().map(word).collect()
    }

    #[test]
    fn a_quick_look_is_believed_up_to_a_phrase_that_it_says_again() {
        let check = |settled: &str, words: &str, expect: &str| {
            let words = heard(words);
            let kept = &words[..before_repeated_phrase(&heard(settled), &words)];
            let kept: Vec<&str> = kept.iter().map(|word| word.text.as_str()).collect();
            assert_eq!(kept.join(" "), expect, "{settled}");
        };
        let beans = "list to check in with";
        check("let's see what else do i have on my", beans, beans);
        check(
            "let's see what else do i have on my",
            "list. Let's see what else",
            "list.",
        );
        check("let's see what else do i have on my", "let's see what else", "");
        check("", "what else do i have what else do i have", "what else do i have");
        check("a seam", "collects logs. A seam collects logs.", "collects logs.");
        check("", "for example, for example, for example,", "for example,");
        check("i like i like", "i like beans", "i like beans");
        check(
            "some more words words",
            "words words words words words",
            "words words words words words",
        );
        check("we had a plan and", "we had a better one", "we had a better one");
        check("", "", "");
    }

    #[test]
    fn circles_are_told_from_what_people_repeat() {
        let check = |said: &[i32], expect: bool| assert_eq!(is_looping(said), expect, "{said:?}");
        check(&[], false);
        check(&[7; 5], false);
        check(&[7; 6], true);
        check(&[1, 2, 1, 2, 1, 2, 1, 2], false);
        check(&[1, 2, 1, 2, 1, 2, 1, 2, 1, 2], true);
        let sentence: Vec<i32> = (1..=12).collect();
        check(&sentence, false);
        check(&[sentence.as_slice(), &sentence].concat(), true);
        check(&[sentence.as_slice(), &[99], &sentence].concat(), false);
    }
}
