//! Numbers, durations and lists as English writes them in a sentence.

/// "once", "twice", "six times".
pub fn times(count: usize) -> String {
    match count {
        0 => "not once".to_owned(),
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        count => format!("{} times", number(count)),
    }
}

/// "no fillers", "one filler", "six fillers".
pub(in crate::insight) fn counted(count: usize, what: &str) -> String {
    match count {
        0 => format!("no {what}s"),
        1 => format!("one {what}"),
        count => format!("{} {what}s", number(count)),
    }
}

/// In words up to twelve, as newspapers do.
pub(in crate::insight) fn number(count: usize) -> String {
    const WORDS: [&str; 13] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    ];
    WORDS
        .get(count)
        .map_or_else(|| count.to_string(), |word| (*word).to_owned())
}

/// "a", "a and b", "a, b and c".
pub(in crate::insight) fn listed(texts: &[String]) -> String {
    match texts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// "45 seconds", "1 minute", "1 minute 20 seconds".
pub(in crate::insight) fn duration(seconds: f64) -> String {
    let seconds = seconds.max(0.0).round() as u64;
    let plural = |count: u64, what: &str| {
        if count == 1 {
            format!("1 {what}")
        } else {
            format!("{count} {what}s")
        }
    };
    match (seconds / 60, seconds % 60) {
        (0, seconds) => plural(seconds, "second"),
        (minutes, 0) => plural(minutes, "minute"),
        (minutes, seconds) => format!("{} {}", plural(minutes, "minute"), plural(seconds, "second")),
    }
}

pub(in crate::insight) fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
