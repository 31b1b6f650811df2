//! An interview as a file to export: Markdown, HTML, plain text, JSON.

use std::fmt::Write as _;

use crate::{
    interview::{Interview, Turn},
    transcript::Transcript,
    ui::{Export, ViewModel, answer, review, widgets::text},
};

/// The interview in this format.
pub fn text(format: Export, view: &ViewModel, interview: &Interview) -> String {
    match format {
        Export::Text => review::plain_text(view, interview),
        Export::Json => serde_json::to_string_pretty(interview).unwrap_or_default() + "\n",
        Export::Markdown => markdown(view, interview),
        Export::Html => html(view, interview),
    }
}

fn transcript(turn: &Turn) -> Option<String> {
    turn.main_attempt()
        .and_then(|attempt| attempt.transcript.as_ref())
        .map(Transcript::text)
}

/// The line under an answer: its length and its insights in short.
fn facts(view: &ViewModel, turn: &Turn, index: usize) -> String {
    let take = turn.main_attempt().and_then(|attempt| attempt.take.as_ref());
    let length = take.map(|take| text::length(take.seconds));
    let gaps = take.into_iter().flat_map(|take| &take.gaps).map(|gap| gap.message());
    let found = view
        .answer
        .review
        .get(index)
        .and_then(Option::as_ref)
        .map(answer::in_short);
    length
        .into_iter()
        .chain(found)
        .chain(gaps)
        .collect::<Vec<_>>()
        .join("  ·  ")
}

fn afterwards(interview: &Interview) -> [(&'static str, &str); 4] {
    let notes = &interview.afterwards;
    [
        ("What went well", &notes.went_well),
        ("What to change", &notes.to_change),
        ("To look up", &notes.look_up),
        ("Looked up", &notes.found),
    ]
}

fn markdown(view: &ViewModel, interview: &Interview) -> String {
    let mut out = format!("# {}\n\n{}\n", view.title_of(interview), view.day(interview.begun));
    for (index, turn) in interview.turns.iter().enumerate() {
        let _ = write!(out, "\n## {}. {}\n\n", index + 1, escape_markdown(turn.asked()));
        match transcript(turn) {
            Some(words) => {
                let _ = writeln!(out, "{}\n\n*{}*", escape_markdown(&words), facts(view, turn, index));
            }
            None => out.push_str("*Not answered.*\n"),
        }
        for (ask, words) in turn.follow_ups() {
            let (ask, words) = (escape_markdown(ask), escape_markdown(&words));
            let _ = write!(out, "\n### {ask}\n\n{words}\n");
        }
        if !turn.notes.trim().is_empty() {
            let _ = write!(out, "\nNotes: {}\n", escape_markdown(turn.notes.trim()));
        }
    }
    for (name, notes) in afterwards(interview) {
        if !notes.trim().is_empty() {
            let _ = write!(out, "\n## {name}\n\n{}\n", escape_markdown(notes.trim()));
        }
    }
    out
}

fn html(view: &ViewModel, interview: &Interview) -> String {
    let title = format!("{}, {}", view.title_of(interview), view.day(interview.begun));
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{0}</title>\n<style>\
         body{{max-width:42rem;margin:3rem auto;padding:0 1rem;font:17px/1.6 system-ui,sans-serif;color:#1c1b1a}}\
         h2{{font-size:1.1rem;margin-top:2.5rem}}small{{color:#55504a}}p{{white-space:pre-wrap}}\
         @page{{margin:2cm}}@media print{{body{{max-width:none;margin:0;padding:0;font-size:11pt}}\
         h2{{break-after:avoid}}p{{orphans:3;widows:3}}small{{break-before:avoid}}}}</style>\n<h1>{0}</h1>\n",
        escape_html(&title)
    );
    for (index, turn) in interview.turns.iter().enumerate() {
        let _ = writeln!(out, "<h2>{}. {}</h2>", index + 1, escape_html(turn.asked()));
        match transcript(turn) {
            Some(words) => {
                let facts = escape_html(&facts(view, turn, index));
                let _ = writeln!(out, "<p>{}</p>\n<small>{facts}</small>", escape_html(&words));
            }
            None => out.push_str("<p><small>Not answered.</small></p>\n"),
        }
        for (ask, words) in turn.follow_ups() {
            let (ask, words) = (escape_html(ask), escape_html(&words));
            let _ = writeln!(out, "<p><strong>{ask}</strong></p>\n<p>{words}</p>");
        }
        if !turn.notes.trim().is_empty() {
            let _ = writeln!(out, "<p><small>Notes:</small> {}</p>", escape_html(turn.notes.trim()));
        }
    }
    for (name, notes) in afterwards(interview) {
        if !notes.trim().is_empty() {
            let _ = writeln!(out, "<h2>{name}</h2>\n<p>{}</p>", escape_html(notes.trim()));
        }
    }
    out.push_str("</html>\n");
    out
}

fn escape_html(text: &str) -> String {
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

/// So that a transcript is rendered as text, not as a heading, a list or a picture.
fn escape_markdown(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, letter| {
        if matches!(letter, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '!') {
            out.push('\\');
        }
        out.push(letter);
        out
    })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::{
        interview::{Practice, PracticeAction},
        question::{Question, QuestionKind},
    };

    fn interview() -> Interview {
        let question = Question {
            id: "q".into(),
            kind: QuestionKind::Technical,
            prompt: "What is <script>?".into(),
            ..Question::default()
        };
        let interview = Interview::new("i".into(), "x".into(), Timestamp::UNIX_EPOCH, vec![question]);
        let mut practice = Practice::new(interview);
        let text = "It is <b>bold</b> & 'quoted' *code*.".to_owned();
        practice.update(PracticeAction::TypeInstead);
        practice.update(PracticeAction::Answer {
            text,
            now: Timestamp::UNIX_EPOCH,
        });
        practice.interview
    }

    #[test]
    fn html_shows_the_transcript_and_runs_none_of_it() {
        let page = text(Export::Html, &ViewModel::default(), &interview());
        assert!(page.contains("It is &lt;b&gt;bold&lt;/b&gt; &amp; &#39;quoted&#39;"));
        assert!(!page.contains("<script>"));
    }

    #[test]
    fn markdown_keeps_stars_as_stars() {
        let page = text(Export::Markdown, &ViewModel::default(), &interview());
        assert!(page.contains("\\*code\\*"));
        assert!(page.contains("## 1. What is \\<script\\>?"));
    }

    #[test]
    fn json_reads_back() {
        let page = text(Export::Json, &ViewModel::default(), &interview());
        let back: Interview = serde_json::from_str(&page).unwrap();
        assert_eq!(back.turns, interview().turns);
    }
}
