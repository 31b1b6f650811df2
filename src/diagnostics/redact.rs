//! What people should not pass on with a log: the home folder, and so the user's name, is written as `~`; names and
//! passwords in addresses are left out.

use std::sync::LazyLock;

static HOME: LazyLock<Vec<String>> = LazyLock::new(|| {
    let home = directories::UserDirs::new().map(|folders| folders.home_dir().to_string_lossy().into_owned());
    home.map_or_else(Vec::new, |home| spellings(&home))
});

/// As paths are shown, and as they are shown where backslashes are doubled.
fn spellings(home: &str) -> Vec<String> {
    let home = home.trim_end_matches(['/', '\\']);
    // Of a service account the home folder may be the root.
    if home.is_empty() {
        return Vec::new();
    }
    let mut spellings = vec![home.to_owned()];
    if home.contains('\\') {
        spellings.push(home.replace('\\', r"\\"));
    }
    spellings
}

/// Looks the home folder up now, so that a panic need not.
pub fn look_up() {
    LazyLock::force(&HOME);
}

/// A text without the home folder's name, and without names and passwords in addresses.
pub fn redact(text: &str) -> String {
    HOME.iter()
        .fold(without_credentials(text), |text, home| replace(&text, home))
}

/// `https://name:password@host` without what stands before the host. A package index may be set up so.
fn without_credentials(text: &str) -> String {
    let mut parts = text.split("://");
    let mut clean = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let ends = |letter: char| letter == '/' || letter.is_whitespace() || matches!(letter, '"' | '\'' | '?' | '#');
        let (authority, rest) = part.split_at(part.find(ends).unwrap_or(part.len()));
        clean.push_str("://");
        clean.push_str(authority.rsplit('@').next().unwrap_or_default());
        clean.push_str(rest);
    }
    clean
}

fn replace(text: &str, home: &str) -> String {
    let mut short = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(home) {
        short.push_str(before);
        let ends = !goes_on(after);
        short.push_str(if ends { "~" } else { home });
        rest = after;
    }
    short.push_str(rest);
    short
}

/// Whether what follows belongs to the name before it: "/home/ann" is no beginning of "/home/anna" or "/home/ann.old".
fn goes_on(after: &str) -> bool {
    let mut letters = after.chars();
    match letters.next() {
        Some('.') => letters.next().is_some_and(char::is_alphanumeric),
        Some(letter) => letter.is_alphanumeric() || matches!(letter, '-' | '_'),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_home_folder_is_a_tilde_and_nothing_else_is() {
        for (text, home, short) in [
            ("/home/ann/a.wav: /home/ann", "/home/ann", "~/a.wav: ~"),
            ("/home/anna/a.wav", "/home/ann", "/home/anna/a.wav"),
            ("/home/ann-2 /home/ann.old", "/home/ann", "/home/ann-2 /home/ann.old"),
            (r"C:\Users\Ann\a.wav", r"C:\Users\Ann", r"~\a.wav"),
            (
                "It lies in /home/ann. Look there.",
                "/home/ann",
                "It lies in ~. Look there.",
            ),
            ("no path", "/home/ann", "no path"),
            ("\u{fc}/home/ann\u{fc}", "/home/ann", "\u{fc}/home/ann\u{fc}"),
        ] {
            assert_eq!(replace(text, home), short);
        }
    }

    #[test]
    fn addresses_lose_names_and_passwords_and_nothing_else() {
        for (text, clean) in [
            (
                "From https://ann:secret@pip.example/simple: 403",
                "From https://pip.example/simple: 403",
            ),
            (
                "https://token@a.example https://b.example/c@d",
                "https://a.example https://b.example/c@d",
            ),
            ("ann@mail.example", "ann@mail.example"),
            ("socks5://ann:p@ss@proxy:1080", "socks5://proxy:1080"),
        ] {
            assert_eq!(without_credentials(text), clean);
        }
    }

    #[test]
    fn a_home_folder_that_is_the_root_hides_nothing() {
        assert_eq!(spellings("/"), [""; 0]);
        assert_eq!(spellings("/home/ann/"), ["/home/ann"]);
        assert_eq!(spellings(r"C:\Users\Ann"), [r"C:\Users\Ann", r"C:\\Users\\Ann"]);
    }
}
