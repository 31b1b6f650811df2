//! The live text in a terminal: settled words stay, tentative ones stand dimmed after them until the next update.

use std::io::{self, Write};

use crate::protocol::Update;

/// Where lines are broken.
const COLUMNS: usize = 78;

#[derive(Debug)]
pub struct RunningText {
    /// Whether the cursor can be moved.
    terminal: bool,
    column: usize,
}

impl RunningText {
    pub fn new(terminal: bool) -> Self {
        Self { terminal, column: 0 }
    }

    /// Moves the text on.
    pub fn show(&mut self, update: &Update, out: &mut dyn Write) -> io::Result<()> {
        if self.terminal {
            // Clears what was tentative.
            write!(out, "\x1b[J")?;
        }
        for word in &update.settled {
            self.word(&word.text, out)?;
        }
        if self.terminal {
            // On this line only: a terminal cannot take back a line that has scrolled away.
            let room = COLUMNS.saturating_sub(self.column + 1);
            let tail: String = update.tentative.chars().take(room).collect();
            let space = usize::from(self.column > 0);
            write!(out, "\x1b7\x1b[2m{:space$}{tail}\x1b[0m\x1b8", "")?;
        }
        out.flush()
    }

    fn word(&mut self, text: &str, out: &mut dyn Write) -> io::Result<()> {
        let length = text.chars().count();
        if self.column > 0 && self.column + 1 + length > COLUMNS {
            writeln!(out)?;
            self.column = 0;
        }
        if self.column > 0 {
            write!(out, " ")?;
            self.column += 1;
        }
        self.column += length;
        write!(out, "{text}")
    }

    /// Ends the text; a report may follow.
    pub fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.terminal {
            write!(out, "\x1b[J")?;
        }
        if self.column > 0 {
            writeln!(out, "\n")?;
        }
        self.column = 0;
        out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::Word;

    fn update(settled: &str, tentative: &str) -> Update {
        Update {
            settled: settled.split_whitespace().map(Word::typed).collect(),
            tentative: tentative.to_owned(),
            ..Update::default()
        }
    }

    #[test]
    fn without_a_terminal_only_settled_words_are_written() {
        let mut out = Vec::new();
        let mut text = RunningText::new(false);
        text.show(&update("I collect", "logs maybe"), &mut out).unwrap();
        text.show(&update("logs.", ""), &mut out).unwrap();
        text.end(&mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "I collect logs.\n\n");
    }

    #[test]
    fn a_terminal_shows_tentative_words_and_takes_them_back() {
        let mut out = Vec::new();
        let mut text = RunningText::new(true);
        text.show(&update("I", "collect"), &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "\x1b[JI\x1b7\x1b[2m collect\x1b[0m\x1b8"
        );
    }

    #[test]
    fn lines_are_broken_between_words() {
        let mut out = Vec::new();
        let mut text = RunningText::new(false);
        text.show(&update(&"word ".repeat(20), ""), &mut out).unwrap();
        assert!(
            String::from_utf8(out)
                .unwrap()
                .lines()
                .all(|line| line.len() <= COLUMNS && !line.ends_with(' '))
        );
    }
}
