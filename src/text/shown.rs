//! Counts and lengths as they stand on screen and in exports.

/// "1 word", "148 words".
pub fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 {
        format!("1 {one}")
    } else {
        format!("{number} {many}")
    }
}

/// A place in a recording: "1:05".
pub fn clock(seconds: f64) -> String {
    let whole = seconds.max(0.0) as u64;
    format!("{}:{:02}", whole / 60, whole % 60)
}

/// "1 min 12 s"
pub fn length(seconds: f64) -> String {
    // As a clock shows it; what is shorter than a second is no nothing.
    let whole = if (0.5..1.0).contains(&seconds) {
        1
    } else {
        seconds.max(0.0) as u64
    };
    match (whole / 60, whole % 60) {
        (0, seconds) => format!("{seconds} s"),
        (minutes, 0) => format!("{minutes} min"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

/// The first lines of a long text, in whole words.
pub fn excerpt(text: &str) -> String {
    const MOST: usize = 230;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => {
            let end = text[..end].rfind(char::is_whitespace).unwrap_or(end);
            format!("{} …", text[..end].trim_end_matches([',', ' ']))
        }
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_they_are_said() {
        assert_eq!(clock(65.9), "1:05");
        assert_eq!(length(65.0), "1 min 5 s");
        assert_eq!(length(120.0), "2 min");
        assert_eq!(count(1, "take", "takes"), "1 take");
    }
}
