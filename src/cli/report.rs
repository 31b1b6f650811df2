//! The report of one answer, as `--json` prints it and as people read it. Names and fields are a contract: they stay.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::{
    insight::{Filler, FillerClass, Insights, pauses::long_seconds, wording},
    span::Span,
    take::{Gap, NOTHING_HEARD},
    text::Separation,
    transcript::{Transcript, WordKind, WordOrigin, WordRange},
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
        let insights = self.insights;
        let places = Places::new(self.transcript);
        let located = |value: Value, words: &WordRange| places.add(value, words);
        json!({
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
                "words": self.transcript.words.iter().enumerate().map(|(at, word)| {
                    let kind = match word.kind { WordKind::Word => "word", WordKind::Filler => "filler" };
                    let mut shown = json!({
                        "text": word.text, "confidence": rounded(f64::from(word.confidence), 3), "kind": kind,
                    });
                    if let Some(heard) = &word.heard {
                        shown["heard"] = json!(heard);
                    }
                    located(shown, &(at..at + 1))
                }).collect::<Vec<_>>(),
            },
            "fillers": insights.fillers.iter().map(|found| located(filler(found), &found.words)).collect::<Vec<_>>(),
            "repeats": insights.repeats.iter().map(|repeat| {
                located(json!({ "text": repeat.text, "count": repeat.count }), &repeat.words)
            }).collect::<Vec<_>>(),
            "hedges": insights.hedges.iter().map(|hedge| located(json!({ "text": hedge.text }), &hedge.words))
                .collect::<Vec<_>>(),
            "pace": insights.pace.as_ref().map(|pace| json!({
                "words_per_minute": rounded(pace.words_per_minute, 1),
                "windows": pace.windows.iter().map(|window| {
                    with_span(json!({ "words_per_minute": rounded(window.words_per_minute, 1) }), Some(window.span))
                }).collect::<Vec<_>>(),
            })),
            "pauses": insights.pauses.iter().map(|pause| {
                with_span(json!({ "inside_clause": pause.inside_clause }), Some(pause.span))
            }).collect::<Vec<_>>(),
            "most_used": insights.most_used.iter().map(|used| json!({
                "word": used.word, "count": used.count, "job_term": used.job_term, "forms": used.forms,
                "synonyms": used.synonyms,
                "spans": used.words.iter().map(|at| located(json!({}), &(*at..at + 1))).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
            "job_terms": {
                "used": insights.job_terms.used.iter().map(|used| json!({
                    "term": used.term, "count": used.words.len(),
                    "spans": used.words.iter().map(|words| located(json!({}), words)).collect::<Vec<_>>(),
                })).collect::<Vec<_>>(),
                "others": insights.job_terms.others,
            },
            "off_topic": insights.off_topic,
            "look_up": insights.look_up,
            "follow_up": insights.follow_up,
            "parts": insights.parts,
            "talking_points": {
                "words_read": insights.talking_points.words_read,
                "covered": insights.talking_points.covered.iter().map(|point| {
                    located(
                        json!({
                            "id": point.id, "label": point.label, "evidence": point.evidence,
                            "probability": rounded(f64::from(point.probability), 2),
                        }),
                        &point.words,
                    )
                }).collect::<Vec<_>>(),
                "to_consider": insights.talking_points.to_consider.iter().map(|point| json!({
                    "id": point.id, "label": point.label, "hint": point.hint,
                })).collect::<Vec<_>>(),
            },
            "structure": insights.structure.as_ref().map(|structure| {
                structure.parts.iter().map(|part| {
                    located(json!({ "name": part.name, "share": rounded(part.share, 2) }), &part.words)
                }).collect::<Vec<_>>()
            }),
        })
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

fn filler(filler: &Filler) -> Value {
    let class = match filler.class {
        FillerClass::Vocal => "vocal",
        FillerClass::Verbal => "verbal",
    };
    let source = match filler.origin {
        WordOrigin::Decoded => "transcript",
        WordOrigin::Restored => "sound",
    };
    json!({ "text": filler.text, "class": class, "source": source })
}

/// Where the words of a transcript stand: by time where they were spoken, by character where they were typed.
struct Places<'a> {
    transcript: &'a Transcript,
    /// Of each word, the first character and the one after the last: Unicode scalar values of the transcript's text.
    characters: Vec<(usize, usize)>,
}

impl<'a> Places<'a> {
    fn new(transcript: &'a Transcript) -> Self {
        let mut next = 0;
        let characters = transcript.words.iter().map(|word| {
            let from = next;
            let to = from + word.text.chars().count();
            next = to + usize::from(word.then != Separation::Nothing);
            (from, to)
        });
        Self {
            characters: characters.collect(),
            transcript,
        }
    }

    /// Adds `start` and `end` to an object, or `from` and `to`.
    fn add(&self, value: Value, words: &WordRange) -> Value {
        if let Some(span) = self.transcript.span_of(words.clone()) {
            return with_span(value, Some(span));
        }
        let (mut value, characters) = (value, self.characters.get(words.clone()));
        if let (Some(fields), Some([(from, _), .., (_, to)] | [(from, to)])) = (value.as_object_mut(), characters) {
            fields.insert("from".to_owned(), json!(from));
            fields.insert("to".to_owned(), json!(to));
        }
        value
    }
}

/// Adds `start` and `end` where there is a time.
fn with_span(mut value: Value, span: Option<Span>) -> Value {
    if let (Some(fields), Some(span)) = (value.as_object_mut(), span) {
        fields.insert("start".to_owned(), json!(span.start));
        fields.insert("end".to_owned(), json!(span.end));
    }
    value
}

fn rounded(value: f64, digits: i32) -> f64 {
    let scale = 10_f64.powi(digits);
    (value * scale).round() / scale
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
    use crate::insight::{Answer, observe};

    #[test]
    fn places_are_those_of_the_text() {
        let transcript = Transcript::typed("Our team\u{2014}we were four\u{2014}wrote \u{e9}tudes.\n\nThen we met.");
        let text: Vec<char> = transcript.text().chars().collect();
        for (word, (from, to)) in transcript.words.iter().zip(Places::new(&transcript).characters) {
            assert_eq!(text[from..to].iter().collect::<String>(), word.text);
        }
    }

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
