//! `aloud analyze`: what is in a recorded or typed answer.

use std::{
    io::{IsTerminal as _, Read as _, Write},
    path::Path,
    sync::Arc,
};

use super::{CommandError, Subject, arguments::AnswerSource, line, live, report::Report};
use crate::{
    listener::feed::Speed,
    models::{DEFAULT, ModelStore},
    text::{self, NotText},
    transcript::Transcript,
};

/// More than this is no answer: an hour of speech is 60 kB.
const LONGEST_TEXT_BYTES: u64 = 4 << 20;

pub fn run(
    answer: &AnswerSource,
    subject: &Subject,
    model: Option<String>,
    model_store: &Arc<ModelStore>,
    json: bool,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<(), CommandError> {
    let path = match answer {
        AnswerSource::Spoken(path) => path,
        AnswerSource::Typed(path) => return typed(path.as_deref(), subject, json, out),
    };
    let model = model.unwrap_or_else(|| DEFAULT.to_owned());
    let mut terminal = std::io::stderr().is_terminal();
    let heard = live::transcribe_file(
        path,
        &live::WantedModels::one(model.clone()),
        subject.glossary(),
        model_store,
        Speed::Full,
        &mut |told| {
            if terminal && let live::LiveProgress::Heard { seconds, of } = told {
                let of = of.map_or_else(String::new, |of| format!(" of {of:.0}"));
                terminal = write!(err, "\r{seconds:.0}{of} s").and_then(|()| err.flush()).is_ok();
            }
        },
    )?;
    if terminal {
        write!(err, "\r{:30}\r", "")?;
    }
    let transcript = subject.named(heard.transcript);
    let insights = subject.observe(&transcript, Some(heard.seconds));
    let report = Report {
        model: Some(&model),
        seconds: Some(heard.seconds),
        voice_seconds: heard.voice_seconds,
        lost_samples: heard.lost_samples,
        gaps: &heard.gaps,
        transcript: &transcript,
        insights: &insights,
    };
    print(&report, json, out)
}

fn typed(path: Option<&Path>, subject: &Subject, json: bool, out: &mut dyn Write) -> Result<(), CommandError> {
    let transcript = Transcript::typed(&read_text(path)?);
    let insights = subject.observe(&transcript, None);
    print(
        &Report {
            model: None,
            seconds: None,
            voice_seconds: None,
            lost_samples: 0,
            gaps: &[],
            transcript: &transcript,
            insights: &insights,
        },
        json,
        out,
    )
}

/// The text of a file, or of standard input, in whatever encoding.
pub(super) fn read_text(path: Option<&Path>) -> Result<String, CommandError> {
    let name = path.map_or_else(|| "standard input".to_owned(), |path| path.display().to_string());
    let told =
        |reason: String, advice: &str| CommandError::Failed(format!("Could not read {name}: {reason}. {advice}"));
    let failed = |reason: String| told(reason, "Give it a text file in UTF-8.");
    let mut bytes = Vec::new();
    let read = match path {
        Some(path) => {
            std::fs::File::open(path).and_then(|file| file.take(LONGEST_TEXT_BYTES + 1).read_to_end(&mut bytes))
        }
        None => std::io::stdin()
            .lock()
            .take(LONGEST_TEXT_BYTES + 1)
            .read_to_end(&mut bytes),
    };
    read.map_err(|error| failed(error.to_string()))?;
    if bytes.len() as u64 > LONGEST_TEXT_BYTES {
        return Err(failed("it is too long".to_owned()));
    }
    let text = text::decode(&bytes).map_err(|error| match error {
        NotText::OtherFormat(_) => told(
            error.to_string(),
            "Open it in the program that made it, and save its text as plain text (.txt, UTF-8).",
        ),
        NotText::Binary => failed(error.to_string()),
    })?;
    if text.trim().is_empty() {
        return Err(failed("there are no words in it".to_owned()));
    }
    Ok(text)
}

fn print(report: &Report<'_>, json: bool, out: &mut dyn Write) -> Result<(), CommandError> {
    if json {
        line(out, &report.json())?;
    } else {
        out.write_all(report.text().as_bytes())?;
    }
    Ok(())
}
