//! What was found in an answer, and every place of it in the answer's words: for pointing at it. Pure, and nothing but
//! the places that the insights have.

use crate::{
    insight::{Insights, pauses::long_seconds},
    span::Span,
    transcript::{Transcript, WordRange},
};

/// Something that was found in an answer, by its name in the insights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// A talking point that was covered, by its id.
    Point(String),
    MostUsed(String),
    /// A job term.
    Term(String),
    Filler(String),
    Repeat(String),
    Hedge(String),
    /// Every long pause.
    LongPause,
}

/// One place of a finding.
#[derive(Clone, Debug, PartialEq)]
pub struct FindingPlace {
    /// Of a pause, the word on either side of it.
    pub words: WordRange,
    /// Nothing in a typed answer.
    pub span: Option<Span>,
}

impl Finding {
    /// Its places, in the order of the answer. Those that the words do not have any more are left out.
    pub fn places(&self, insights: &Insights, transcript: &Transcript) -> Vec<FindingPlace> {
        let mut places: Vec<FindingPlace> = match self {
            Self::Point(id) => {
                let points = insights.talking_points.covered.iter().filter(|point| point.id == *id);
                points.map(|point| place(&point.words, point.span)).collect()
            }
            Self::MostUsed(word) => {
                let used = insights.most_used.iter().filter(|used| used.word == *word);
                let words = used.flat_map(|used| &used.words);
                words
                    .map(|word| place(&(*word..word + 1), transcript.span_of(*word..word + 1)))
                    .collect()
            }
            Self::Term(name) => {
                let used = insights.job_terms.used.iter().filter(|used| used.term == *name);
                let words = used.flat_map(|used| &used.words);
                words
                    .map(|words| place(words, transcript.span_of(words.clone())))
                    .collect()
            }
            Self::Filler(text) => {
                let fillers = insights.fillers.iter().filter(|filler| filler.text == *text);
                fillers.map(|filler| place(&filler.words, filler.span)).collect()
            }
            Self::Repeat(text) => {
                let repeats = insights.repeats.iter().filter(|repeat| repeat.text == *text);
                repeats.map(|repeat| place(&repeat.words, repeat.span)).collect()
            }
            Self::Hedge(text) => {
                let hedges = insights.hedges.iter().filter(|hedge| hedge.text == *text);
                hedges.map(|hedge| place(&hedge.words, hedge.span)).collect()
            }
            Self::LongPause => {
                let pauses = insights
                    .pauses
                    .iter()
                    .filter(|pause| pause.span.seconds() >= long_seconds());
                pauses
                    .map(|pause| place(&(pause.after_word..pause.after_word + 2), Some(pause.span)))
                    .collect()
            }
        };
        places.retain(|place| !place.words.is_empty() && place.words.end <= transcript.words.len());
        places
    }
}

fn place(words: &WordRange, span: Option<Span>) -> FindingPlace {
    FindingPlace {
        words: words.clone(),
        span,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        insight::{Answer, observe},
        transcript::Word,
    };

    const TEXT: &str =
        "Um, so the logs, the logs showed um that I I think the analyst read the logs in the logs, I think.";

    fn spoken() -> Transcript {
        let words = TEXT.split_whitespace().enumerate();
        let pause = |at: usize| if at > 6 { 3.0 } else { 0.0 };
        let word = |(at, text): (usize, &str)| {
            let start = at as f64 * 0.5 + pause(at);
            Word::spoken(text, Span::new(start, start + 0.4), 1.0)
        };
        Transcript::of(words.map(word).collect())
    }

    fn insights(transcript: &Transcript) -> Insights {
        observe(Answer {
            transcript,
            seconds: None,
            question: None,
            field: None,
        })
    }

    #[test]
    fn every_place_is_found_with_its_words_and_its_time() {
        let transcript = spoken();
        let found = insights(&transcript);
        for (finding, expected) in [
            (Finding::Filler("um".into()), vec!["Um,", "um"]),
            (Finding::Hedge("I think".into()), vec!["I think", "I think."]),
            (Finding::MostUsed("log".into()), vec!["logs,", "logs", "logs", "logs,"]),
            (Finding::LongPause, vec!["showed um"]),
            (Finding::Filler("uh".into()), vec![]),
            (Finding::Point("result".into()), vec![]),
        ] {
            let places = finding.places(&found, &transcript);
            let texts: Vec<String> = places
                .iter()
                .map(|place| transcript.text_of(place.words.clone()))
                .collect();
            assert_eq!(texts, expected, "{finding:?}");
            assert!(places.iter().all(|place| place.span.is_some()), "{finding:?}");
        }
        let pause = &Finding::LongPause.places(&found, &transcript)[0];
        assert_eq!(pause.span, Some(Span::new(3.4, 6.5)));
    }

    #[test]
    fn every_repeat_has_a_place() {
        let transcript = spoken();
        let found = insights(&transcript);
        assert!(!found.repeats.is_empty());
        for repeat in &found.repeats {
            let places = Finding::Repeat(repeat.text.clone()).places(&found, &transcript);
            assert!(places.iter().any(|place| place.words == repeat.words), "{repeat:?}");
        }
    }

    #[test]
    fn a_typed_answer_has_places_without_times() {
        let transcript = Transcript::typed(TEXT);
        let found = insights(&transcript);
        let places = Finding::Filler("um".into()).places(&found, &transcript);
        assert_eq!(places.len(), 2);
        assert!(places.iter().all(|place| place.span.is_none()));
        assert!(Finding::LongPause.places(&found, &transcript).is_empty());
    }

    #[test]
    fn places_that_the_words_no_longer_have_are_left_out() {
        let transcript = spoken();
        let found = insights(&transcript);
        let shorter = Transcript::of(transcript.words[..2].to_vec());
        assert_eq!(Finding::Filler("um".into()).places(&found, &shorter).len(), 1);
        assert!(Finding::LongPause.places(&found, &shorter).is_empty());
    }
}
