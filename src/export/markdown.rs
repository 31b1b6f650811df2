//! The interview as Markdown.

use std::fmt::Write as _;

use super::{
    ExportSource,
    summary::{AnswerSummary, SectionLine, summaries},
};

pub fn markdown(source: &ExportSource) -> String {
    let mut out = format!(
        "# {}\n\n{}. {}.\n",
        escaped(&source.title),
        escaped(&source.day),
        source.in_short()
    );
    for answer in summaries(source) {
        write_answer(&mut out, &answer);
    }
    for (name, text) in source.reflection() {
        let _ = write!(out, "\n## {name}\n\n{}\n", lines(text));
    }
    out
}

fn write_answer(out: &mut String, answer: &AnswerSummary<'_>) {
    let _ = write!(out, "\n## {}. {}\n", answer.number, escaped(answer.question));
    if let Some(without) = answer.without {
        let _ = write!(out, "\n*{without}*\n");
    } else {
        let _ = write!(out, "\n*{}*\n", escaped(&answer.figures));
    }
    write_paragraphs(out, &answer.paragraphs);
    for (ask, words) in &answer.follow_ups {
        let _ = write!(out, "\n### {}\n", escaped(ask));
        write_paragraphs(out, words);
    }
    for section in &answer.sections {
        let _ = write!(out, "\n### {}\n\n", section.name);
        for line in &section.lines {
            let _ = writeln!(out, "- {}", item(line));
        }
    }
    if !answer.notes.is_empty() {
        let _ = write!(out, "\n### Notes\n\n{}\n", lines(answer.notes));
    }
}

fn item(line: &SectionLine) -> String {
    match (line.label.as_str(), line.text.as_str()) {
        ("", text) => escaped(text),
        (label, "") => format!("**{}**", escaped(label)),
        (label, text) => format!("**{}**: {}", escaped(label), escaped(text)),
    }
}

fn write_paragraphs(out: &mut String, paragraphs: &[String]) {
    for paragraph in paragraphs {
        let _ = write!(out, "\n{}\n", escaped(paragraph));
    }
}

/// Each line on its own line.
fn lines(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| escaped(line.trim_end())).collect();
    lines.join("  \n")
}

/// So that what was said is rendered as text, not as a heading, a list or a picture.
fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, letter| {
        if matches!(letter, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '!') {
            out.push('\\');
        }
        out.push(letter);
        out
    })
}
