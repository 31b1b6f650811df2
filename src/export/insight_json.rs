//! The insights of an answer as JSON: one form for the report of a command and for an exported interview. Names and fields
//! are a contract: they stay.

use serde_json::{Map, Value, json};

use crate::{
    insight::{Filler, FillerClass, Insights},
    span::Span,
    text::Separation,
    transcript::{Transcript, WordKind, WordOrigin, WordRange},
};

/// The words of a transcript, each with its time, or with its place in the text where it was typed.
pub fn words_json(transcript: &Transcript) -> Vec<Value> {
    let places = Places::new(transcript);
    let word = |at: usize| {
        let word = &transcript.words[at];
        let kind = match word.kind {
            WordKind::Word => "word",
            WordKind::Filler => "filler",
        };
        let mut shown = json!({
            "text": word.text, "confidence": rounded(f64::from(word.confidence), 3), "kind": kind,
        });
        if let Some(heard) = &word.heard {
            shown["heard"] = json!(heard);
        }
        places.add(shown, &(at..at + 1))
    };
    (0..transcript.words.len()).map(word).collect()
}

/// What was noticed in an answer, by the names of the report.
pub fn insights_json(transcript: &Transcript, insights: &Insights) -> Map<String, Value> {
    let places = Places::new(transcript);
    let located = |value: Value, words: &WordRange| places.add(value, words);
    let value = json!({
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
    });
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_text() {
        let transcript = Transcript::typed("Our team\u{2014}we were four\u{2014}wrote \u{e9}tudes.\n\nThen we met.");
        let text: Vec<char> = transcript.text().chars().collect();
        for (word, (from, to)) in transcript.words.iter().zip(Places::new(&transcript).characters) {
            assert_eq!(text[from..to].iter().collect::<String>(), word.text);
        }
    }
}
