//! The sentences of an answer, split once for every insight that looks at them, and what the encoder says of each.

use std::cell::OnceCell;

use crate::{
    insight::{
        encoder::{self, Encoding, TextInContext},
        general_points::{HONESTY, PointProbabilities, bar, logit, probabilities, sigmoid},
        look_up,
        token_view::TokenView,
        tokenizer::{Sentence, sentences},
        topic,
    },
    question::Question,
    transcript::{Transcript, WordKind, WordRange},
};

/// Words of an answer that are read for talking points: twenty minutes of talking. What comes after is left to the other
/// insights, so that a text of any length is done in time.
const MOST_WORDS: usize = 3000;
/// The same in word pieces, for texts whose words are none.
const MOST_PIECES: usize = 8192;

#[derive(Debug)]
pub(super) struct Sentences<'a> {
    pub transcript: &'a Transcript,
    pub list: Vec<Sentence>,
    /// The question that they answer; it was asked before the first of them.
    question: Option<&'a Question>,
    encoded: OnceCell<(Vec<Encoding>, Vec<PointProbabilities>)>,
}

impl<'a> Sentences<'a> {
    pub fn new(view: &TokenView<'a>, question: Option<&'a Question>) -> Self {
        Self {
            transcript: view.transcript,
            question,
            list: sentences(view),
            encoded: OnceCell::new(),
        }
    }

    fn encoded(&self) -> &(Vec<Encoding>, Vec<PointProbabilities>) {
        self.encoded.get_or_init(|| {
            let mut words = 0;
            let read = self.list.iter().take_while(|sentence| {
                words += sentence.words.len();
                words <= MOST_WORDS
            });
            let texts: Vec<String> = read.map(|sentence| self.text(sentence)).collect();
            let before = [self.question.map(|question| question.prompt.as_str())]
                .into_iter()
                .chain(texts.iter().map(|text| Some(text.as_str())));
            let in_context = texts.iter().zip(before);
            let texts: Vec<TextInContext<'_>> = in_context
                .map(|(text, before)| TextInContext { before, text })
                .collect();
            let encodings = encoder::encode(&texts, MOST_PIECES);
            let pairs = self.list.iter().zip(&encodings);
            let probabilities = pairs.map(|(sentence, encoding)| point_probabilities(sentence, encoding));
            let probabilities = probabilities.collect();
            (encodings, probabilities)
        })
    }

    /// A sentence without its vocal fillers, as the encoder reads it.
    fn text(&self, sentence: &Sentence) -> String {
        let words = self.transcript.words[sentence.words.clone()].iter();
        let texts: Vec<&str> = words
            .filter(|word| word.kind == WordKind::Word)
            .map(|word| word.text.as_str())
            .collect();
        texts.join(" ")
    }

    /// What the encoder says of each sentence that it read: computed when it is first asked for.
    pub fn encodings(&self) -> &[Encoding] {
        &self.encoded().0
    }

    /// That each of these sentences makes each of the nine.
    pub fn probabilities(&self) -> &[PointProbabilities] {
        &self.encoded().1
    }

    /// Whether the sentence in which these words stand is everyday talk; not where it was not read.
    pub fn is_everyday(&self, words: &WordRange) -> bool {
        let index = self.list.partition_point(|sentence| sentence.words.end <= words.start);
        self.encodings().get(index).is_some_and(topic::is_everyday)
    }

    /// How many words were read, where the answer has more.
    pub fn words_read(&self) -> Option<usize> {
        let read = self.encodings().len();
        let cut = self.list.get(read)?;
        Some(cut.words.start)
    }

    /// Sentences that admit a limit.
    pub fn admitting(&self) -> impl Iterator<Item = &Sentence> {
        let bar = bar(HONESTY, self.question.map(|question| question.kind));
        let pairs = self.list.iter().zip(self.probabilities());
        pairs
            .filter(move |(_, probabilities)| probabilities[HONESTY] >= bar)
            .map(|(sentence, _)| sentence)
    }
}

/// That a sentence makes each of the nine.
fn point_probabilities(sentence: &Sentence, encoding: &Encoding) -> PointProbabilities {
    let mut probabilities = probabilities(&encoding.log_odds);
    probabilities[HONESTY] = sigmoid(logit(probabilities[HONESTY]) + look_up::admission(sentence));
    probabilities
}
