//! The interview as plain text, for the clipboard and for files.

use std::fmt::Write as _;

use super::{ExportSource, summary::summaries};

pub fn plain(source: &ExportSource) -> String {
    let mut out = format!("{}\n{}\n", source.full_title(), source.in_short());
    for answer in summaries(source) {
        let _ = write!(out, "\n{}. {}\n", answer.number, answer.question);
        if let Some(without) = answer.without {
            let _ = writeln!(out, "({})", without.trim_end_matches('.'));
        } else {
            let _ = writeln!(out, "{}\n\n{}", answer.figures, answer.paragraphs.join("\n\n"));
        }
        for (ask, words) in &answer.follow_ups {
            let _ = write!(out, "\nThen you were asked: {ask}\n{}\n", words.join("\n\n"));
        }
        for section in &answer.sections {
            let _ = write!(out, "\n{}\n", section.name);
            for line in &section.lines {
                let _ = writeln!(out, "- {}", line.in_line());
            }
        }
        if !answer.notes.is_empty() {
            let _ = write!(out, "\nNotes\n{}\n", answer.notes);
        }
    }
    for (name, text) in source.reflection() {
        let _ = write!(out, "\n{name}\n{text}\n");
    }
    out
}
