//! The report of one answer, as `--json` prints it and as people read it. Names and fields are a contract: they stay.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::{
    export::{insights_json, words_json},
    insight::{FillerClass, Insights, pauses::long_seconds, wording},
    take::{Gap, NOTHING_HEARD},
    transcript::Transcript,
};

/// What a report is made of.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// Nothing for a typed answer.
    pub model: Option<&'a str>,
    /// Length of the sound; nothing for a typed answer.
    pub seconds: Option<f64>,
    /// How much of it is speech.
    pub voice_seconds: Option<f64>,
    pub lost_samples: u64,
    pub gaps: &'a [Gap],
    pub transcript: &'a Transcript,
    pub insights: &'a Insights,
}

impl Report<'_> {
    /// One JSON object.
    pub fn json(&self) -> Value {
        let mut report = json!({
            "type": "report",
            "schema": 1,
            "model": self.model,
            "audio": self.seconds.map(|seconds| json!({
                "seconds": crate::span::to_millisecond(seconds),
                "voice_seconds": self.voice_seconds,
                "lost_samples": self.lost_samples,
                "gaps": self.gaps,
            })),
            "notice": self.notice(),
            "transcript": {
                "text": self.transcript.text(),
                "words": words_json(self.transcript),
            },
        });
        if let Some(report) = report.as_object_mut() {
            report.extend(insights_json(self.transcript, self.insights));
        }
        report
    }

    /// What is to be said of a recording without a word.
    fn notice(&self) -> Option<&'static str> {
        (self.seconds.is_some() && self.transcript.words.is_empty()).then_some(NOTHING_HEARD)
    }

    /// The same for people: plain text, a line a thing.
    pub fn text(&self) -> String {
        let insights = self.insights;
        let mut text = String::new();
        let mut line = |content: String| {
            text.push_str(&content);
            text.push('\n');
        };
        if let Some(notice) = self.notice() {
            line(notice.to_owned());
            self.gaps.iter().for_each(|gap| line(gap.message()));
            return text;
        }
        line(self.transcript.text());
        line(String::new());
        if let Some(seconds) = self.seconds {
            let pace = insights.pace.as_ref().map_or(0.0, |pace| pace.words_per_minute);
            line(format!(
                "Length         {} · {pace:.0} words per minute",
                clock(seconds)
            ));
        }
        if self.lost_samples > 0 {
            line(format!(
                "Lost           {} samples were dropped before they could be recorded",
                self.lost_samples
            ));
        }
        for gap in self.gaps {
            line(format!("{:<15}{}", "Gap", gap.message()));
        }
        for (label, class) in [("Fillers", FillerClass::Vocal), ("Filler words", FillerClass::Verbal)] {
            let texts = insights
                .fillers
                .iter()
                .filter(|filler| filler.class == class)
                .map(|filler| filler.text.as_str());
            line(format!("{label:<15}{}", counted(texts)));
        }
        line(format!(
            "{:<15}{}",
            "Repeats",
            counted(insights.repeats.iter().map(|repeat| repeat.text.as_str()))
        ));
        line(format!(
            "{:<15}{}",
            "Hedges",
            counted(insights.hedges.iter().map(|hedge| hedge.text.as_str()))
        ));
        let long: Vec<String> = insights
            .pauses
            .iter()
            .filter(|pause| pause.span.seconds() >= long_seconds())
            .map(|pause| format!("{:.1} s at {}", pause.span.seconds(), clock(pause.span.start)))
            .collect();
        line(format!("{:<15}{}", "Long pauses", listed(&long)));
        let used: Vec<String> = insights
            .most_used
            .iter()
            .map(|used| match used.synonyms.as_slice() {
                _ if used.job_term => format!("{} ({}; a job term, fine to repeat)", used.word, used.count),
                [] => format!("{} ({})", used.word, used.count),
                synonyms => format!("{} ({}; also: {})", used.word, used.count, synonyms.join(", ")),
            })
            .collect();
        line(format!("{:<15}{}", "Most used", listed(&used)));
        let terms: Vec<String> = insights
            .job_terms
            .used
            .iter()
            .map(|used| format!("{} ({})", used.term, used.words.len()))
            .collect();
        line(format!("{:<15}{}", "Job terms", listed(&terms)));
        if insights.off_topic {
            line(wording::OFF_TOPIC.to_owned());
        }
        for point in &insights.talking_points.covered {
            line(format!("{:<15}{}: \"{}\"", "You covered", point.label, point.evidence));
        }
        for point in &insights.talking_points.to_consider {
            line(format!("{:<15}{}: {}", "To consider", point.label, point.hint));
        }
        let parts = insights.parts.iter().filter_map(|part| {
            let heard = if part.answered? { "heard" } else { "not heard" };
            Some(format!("{}: {heard}", part.text))
        });
        let parts: Vec<String> = parts.collect();
        if !parts.is_empty() {
            line(format!("{:<15}{}", "Asked for", parts.join(", ")));
        }
        if let Some(follow_up) = &insights.follow_up {
            line(format!("{:<15}{}", "Asked next", follow_up.ask));
        }
        if !insights.look_up.is_empty() {
            line(format!("{:<15}{}", "To look up", insights.look_up.join(", ")));
        }
        if let Some(words) = insights.talking_points.words_read {
            line(wording::words_read(words));
        }
        text
    }
}

/// "um 3, uh 1", most frequent first; a dash where there is nothing.
fn counted<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let counts = wording::counts(texts);
    let parts: Vec<String> = counts.iter().map(|(text, count)| format!("{text} {count}")).collect();
    listed(&parts)
}

fn listed(parts: &[String]) -> String {
    if parts.is_empty() {
        "–".to_owned()
    } else {
        parts.join(", ")
    }
}

/// Seconds as minutes and seconds: "1:05".
pub fn clock(seconds: f64) -> String {
    let whole = seconds.round() as u64;
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write!(text, "{}:{:02}", whole / 60, whole % 60);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        insight::{Answer, observe},
        span::Span,
    };

    #[test]
    fn a_typed_answer_has_no_audio_and_no_times() {
        let transcript = Transcript::typed("Um, I I like logs.");
        let insights = observe(Answer {
            transcript: &transcript,
            seconds: None,
            question: None,
            field: None,
        });
        let report = Report {
            model: None,
            seconds: None,
            voice_seconds: None,
            lost_samples: 0,
            gaps: &[],
            transcript: &transcript,
            insights: &insights,
        }
        .json();
        assert!(report["audio"].is_null() && report["model"].is_null());
        assert_eq!(report["transcript"]["text"], "Um, I I like logs.");
        assert!(report["transcript"]["words"][0].get("start").is_none());
        assert_eq!(report["transcript"]["words"][3]["from"], 8);
        assert_eq!(report["transcript"]["words"][3]["to"], 12);
        assert_eq!(report["repeats"][0]["from"], 4);
        assert_eq!(report["off_topic"], false);
        assert_eq!(report["look_up"], json!([]));
        assert!(report["talking_points"]["words_read"].is_null());
        assert_eq!(report["repeats"][0]["to"], 7);
        assert_eq!(report["transcript"]["words"][0]["kind"], "filler");
    }

    #[test]
    fn a_spoken_word_has_its_times_and_its_confidence() {
        let word = crate::transcript::Word::spoken("SIEM", Span::new(1.0, 1.4), 0.912_34);
        let transcript = Transcript { words: vec![word] };
        let insights = Insights::default();
        let report = Report {
            model: Some("tiny.en"),
            seconds: Some(61.2),
            voice_seconds: Some(40.0),
            lost_samples: 0,
            gaps: &[],
            transcript: &transcript,
            insights: &insights,
        };
        let word = &report.json()["transcript"]["words"][0];
        assert_eq!(
            word,
            &json!({ "text": "SIEM", "start": 1.0, "end": 1.4, "confidence": 0.912, "kind": "word" })
        );
    }

    #[test]
    fn counts_are_most_frequent_first() {
        assert_eq!(counted(["uh", "um", "um"].into_iter()), "um 2, uh 1");
        assert_eq!(counted(std::iter::empty()), "–");
        assert_eq!(clock(65.4), "1:05");
    }
}
