//! The interview as a page of its own, for a browser or its printer.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{
    ExportSource,
    summary::{AnswerSummary, SectionLine, summaries},
};

/// The names of sound files beside the page, by the number of the question.
#[derive(Clone, Debug, Default)]
pub struct SoundLinks(pub BTreeMap<usize, Vec<String>>);

const STYLE: &str = "body{max-width:42rem;margin:3rem auto;padding:0 1rem;font:17px/1.6 system-ui,sans-serif;color:#1c1b1a}\
    h1{line-height:1.25}h2{font-size:1.15rem;margin-top:3rem}h3{font-size:1rem;margin:1.4rem 0 0}\
    ul{margin:.3rem 0;padding-left:1.2rem}small{color:#4e4943}p{white-space:pre-wrap}audio{width:100%}\
    @page{margin:2cm}@media print{body{max-width:none;margin:0;padding:0;font-size:11pt}\
    h2,h3{break-after:avoid}p{orphans:3;widows:3}audio{display:none}}";

pub fn html(source: &ExportSource, sounds: &SoundLinks) -> String {
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{0}</title>\n<style>{STYLE}</style>\n\
         <h1>{1}</h1>\n<p><small>{2}. {3}.</small></p>\n",
        escaped(&source.full_title()),
        escaped(&source.title),
        escaped(&source.day),
        source.in_short()
    );
    for answer in summaries(source) {
        let sounds = sounds.0.get(&answer.number).map_or(&[][..], Vec::as_slice);
        write_answer(&mut out, &answer, sounds);
    }
    for (name, text) in source.reflection() {
        let _ = writeln!(out, "<h2>{name}</h2>\n<p>{}</p>", escaped(text));
    }
    out.push_str("</html>\n");
    out
}

fn write_answer(out: &mut String, answer: &AnswerSummary<'_>, sounds: &[String]) {
    let _ = writeln!(out, "<h2>{}. {}</h2>", answer.number, escaped(answer.question));
    let figures = answer.without.unwrap_or(&answer.figures);
    let _ = writeln!(out, "<p><small>{}</small></p>", escaped(figures));
    for sound in sounds {
        let _ = writeln!(
            out,
            "<audio controls preload=\"none\" src=\"{0}\" aria-label=\"{0}\"></audio>",
            escaped(sound)
        );
    }
    write_paragraphs(out, &answer.paragraphs);
    for (ask, words) in &answer.follow_ups {
        let _ = writeln!(out, "<h3>{}</h3>", escaped(ask));
        write_paragraphs(out, words);
    }
    for section in &answer.sections {
        let _ = writeln!(out, "<h3>{}</h3>\n<ul>", section.name);
        for line in &section.lines {
            let _ = writeln!(out, "<li>{}</li>", item(line));
        }
        out.push_str("</ul>\n");
    }
    if !answer.notes.is_empty() {
        let _ = writeln!(out, "<h3>Notes</h3>\n<p>{}</p>", escaped(answer.notes));
    }
}

fn item(line: &SectionLine) -> String {
    match (line.label.as_str(), line.text.as_str()) {
        ("", text) => escaped(text),
        (label, "") => format!("<b>{}</b>", escaped(label)),
        (label, text) => format!("<b>{}</b>: {}", escaped(label), escaped(text)),
    }
}

fn write_paragraphs(out: &mut String, paragraphs: &[String]) {
    for paragraph in paragraphs {
        let _ = writeln!(out, "<p>{}</p>", escaped(paragraph));
    }
}

fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, letter| {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
        out
    })
}
