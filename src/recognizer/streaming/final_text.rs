//! The final text of a take: the final decodes of its segments, and second opinions on what they doubt.
//!
//! A segment is short, and with little around it the decoder mishears more. So segments that follow each other make a
//! stretch, of half a minute at most, and where the decoder doubts its words the whole stretch is decoded once more.
//! Which segments make a stretch depends on the sound alone.

use super::Segment;
use crate::{
    recognizer::{RecognizedWord, final_pass::belief},
    span::Span,
};

/// A stretch is no longer than this, in seconds: the recognizer's window has 30.
const LONGEST_STRETCH: f64 = 28.0;

/// A stretch whose words the decoder believes less than this, as [`belief`] has it, is decoded again. Of the few clips that it was
/// chosen on, made and read speech lay above it but for one, halting speech below.
const DOUBTED: f32 = -0.28;

#[derive(Debug, Default)]
pub(super) struct FinalText {
    stretches: Vec<Stretch>,
}

/// Segments that stand together.
#[derive(Debug, Default)]
struct Stretch {
    segments: Vec<(Segment, Vec<RecognizedWord>)>,
    opinion: SecondOpinion,
}

#[derive(Debug, Default)]
enum SecondOpinion {
    /// There may be more segments to come.
    #[default]
    TooEarly,
    /// Nothing in it is doubted, or the first decodes were the better ones.
    Unneeded,
    Wanted,
    Asked,
    Better(Vec<RecognizedWord>),
}

impl FinalText {
    /// Takes the words of the next segment.
    pub(super) fn push(&mut self, segment: Segment, words: Vec<RecognizedWord>) {
        match self.stretches.last_mut() {
            Some(stretch) if stretch.has_room_for(segment) => stretch.segments.push((segment, words)),
            last => {
                if let Some(stretch) = last {
                    stretch.complete();
                }
                self.stretches.push(Stretch {
                    segments: vec![(segment, words)],
                    opinion: SecondOpinion::TooEarly,
                });
            }
        }
    }

    /// No more segments will come.
    pub(super) fn finish(&mut self) {
        if let Some(stretch) = self.stretches.last_mut() {
            stretch.complete();
        }
    }

    /// The next stretch that is to be decoded as a whole, and its words so far. It is given out once; [`FinalText::second_opinion`] is owed for it.
    pub(super) fn next_second_opinion(&mut self) -> Option<(Segment, Vec<RecognizedWord>)> {
        let wanted = |stretch: &&mut Stretch| matches!(stretch.opinion, SecondOpinion::Wanted);
        let stretch = self.stretches.iter_mut().find(wanted)?;
        stretch.opinion = SecondOpinion::Asked;
        Some((stretch.extent(), stretch.first_words()))
    }

    /// The words so far stand, where no second opinion was asked for yet.
    pub(super) fn stop_improving(&mut self) {
        for stretch in &mut self.stretches {
            if matches!(stretch.opinion, SecondOpinion::Wanted) {
                stretch.opinion = SecondOpinion::Unneeded;
            }
        }
    }

    /// What came of it; nothing where the words so far are the better ones.
    pub(super) fn second_opinion(&mut self, extent: Segment, words: Option<Vec<RecognizedWord>>) {
        let Some(stretch) = self.stretches.iter_mut().find(|stretch| stretch.extent() == extent) else {
            return;
        };
        stretch.opinion = match words {
            Some(words) => SecondOpinion::Better(words),
            None => SecondOpinion::Unneeded,
        };
    }

    /// Whether nothing is owed any more.
    pub(super) fn is_complete(&self) -> bool {
        self.stretches
            .iter()
            .all(|stretch| matches!(stretch.opinion, SecondOpinion::Unneeded | SecondOpinion::Better(_)))
    }

    /// Each segment with its words, as they are known now.
    pub(super) fn segments(&self) -> impl Iterator<Item = (Segment, Vec<RecognizedWord>)> {
        self.stretches.iter().flat_map(Stretch::in_segments)
    }
}

impl Stretch {
    fn has_room_for(&self, next: Segment) -> bool {
        let begin = self.extent().start;
        matches!(self.opinion, SecondOpinion::TooEarly)
            && Segment {
                start: begin,
                end: next.end,
            }
            .seconds()
                <= LONGEST_STRETCH
    }

    fn extent(&self) -> Segment {
        let start = self.segments.first().map_or(0, |(segment, _)| segment.start);
        let end = self.segments.last().map_or(start, |(segment, _)| segment.end);
        Segment { start, end }
    }

    fn complete(&mut self) {
        if matches!(self.opinion, SecondOpinion::TooEarly) {
            let words = self.first_words();
            let doubted = !words.is_empty() && belief(&words) < DOUBTED;
            self.opinion = if doubted {
                SecondOpinion::Wanted
            } else {
                SecondOpinion::Unneeded
            };
        }
    }

    fn first_words(&self) -> Vec<RecognizedWord> {
        self.segments.iter().flat_map(|(_, words)| words).cloned().collect()
    }

    fn in_segments(&self) -> Vec<(Segment, Vec<RecognizedWord>)> {
        let SecondOpinion::Better(words) = &self.opinion else {
            return self.segments.clone();
        };
        let mut rest = words.as_slice();
        let last = self.segments.len() - 1;
        let with_words = |(index, (segment, _)): (usize, &(Segment, Vec<RecognizedWord>))| {
            let edge = segment.span().end;
            let ends = |word: &RecognizedWord| word.span.map_or(0.0, Span::middle) > edge;
            let end = if index == last {
                None
            } else {
                rest.iter().position(ends)
            };
            let (here, later) = rest.split_at(end.unwrap_or(rest.len()));
            rest = later;
            (*segment, here.to_vec())
        };
        self.segments.iter().enumerate().map(with_words).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(start: f64, end: f64) -> Segment {
        let frame = |seconds: f64| (seconds / crate::vad::FRAME_SECONDS).round() as u64;
        Segment {
            start: frame(start),
            end: frame(end),
        }
    }

    /// Words half a second apart from this second on.
    fn words(text: &str, from: f64, confidence: f32) -> Vec<RecognizedWord> {
        let word = |(index, text): (usize, &str)| RecognizedWord {
            text: text.to_owned(),
            confidence,
            span: Some(Span::new(from + index as f64 / 2.0, from + index as f64 / 2.0 + 0.4)),
            ..RecognizedWord::default()
        };
        text.split(' ').enumerate().map(word).collect()
    }

    fn text(final_text: &FinalText) -> Vec<String> {
        let joined = |words: Vec<RecognizedWord>| {
            let texts: Vec<String> = words.into_iter().map(|word| word.text).collect();
            texts.join(" ")
        };
        final_text.segments().map(|(_, words)| joined(words)).collect()
    }

    #[test]
    fn what_the_decoder_doubts_is_heard_again_with_what_stands_around_it() {
        let mut final_text = FinalText::default();
        final_text.push(segment(0.0, 8.0), words("this is certain", 1.0, 0.9));
        final_text.push(segment(9.0, 17.0), words("the s-c- forpis", 10.0, 0.1));
        assert_eq!(final_text.next_second_opinion(), None, "more may come");
        final_text.push(segment(18.0, 30.0), words("and this", 19.0, 0.9));
        let (extent, first) = final_text.next_second_opinion().unwrap();
        assert_eq!(
            (extent, first.len()),
            (segment(0.0, 17.0), 6),
            "the third is too far from the first"
        );
        assert_eq!(final_text.next_second_opinion(), None, "it is asked for once");
        assert!(!final_text.is_complete());
        let better = [words("this is certain", 1.0, 0.9), words("the sick corpus", 10.0, 0.8)].concat();
        final_text.second_opinion(extent, Some(better));
        assert_eq!(text(&final_text), ["this is certain", "the sick corpus", "and this"]);
        final_text.finish();
        assert!(final_text.is_complete(), "the last is not doubted");
    }

    #[test]
    fn first_words_stand_where_a_second_opinion_is_no_better() {
        let mut final_text = FinalText::default();
        final_text.push(segment(0.0, 8.0), words("who knows", 1.0, 0.2));
        final_text.finish();
        let (extent, _) = final_text.next_second_opinion().unwrap();
        final_text.second_opinion(extent, None);
        assert_eq!(text(&final_text), ["who knows"]);
        assert!(final_text.is_complete());
    }

    #[test]
    fn whoever_waits_gets_the_words_so_far() {
        let mut final_text = FinalText::default();
        final_text.push(segment(0.0, 8.0), words("who knows", 1.0, 0.2));
        final_text.finish();
        final_text.stop_improving();
        assert_eq!(final_text.next_second_opinion(), None);
        assert!(final_text.is_complete());
    }

    #[test]
    fn one_doubted_word_among_many_is_no_reason() {
        let mut final_text = FinalText::default();
        let sure = words("we had a plan and it was good for all of us", 1.0, 0.9);
        final_text.push(segment(0.0, 8.0), [sure, words("hm", 7.0, 0.2)].concat());
        final_text.push(segment(8.5, 9.0), Vec::new());
        final_text.finish();
        assert_eq!(final_text.next_second_opinion(), None);
        assert!(final_text.is_complete());
    }
}
