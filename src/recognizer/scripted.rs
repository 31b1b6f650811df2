//! A recognizer that does what a test tells it to: writes words, fails, panics, hangs. It hears nothing.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use super::{DecodeResult, PartialResult, RecognizedWord, Recognizer, RecognizerError, RecognizerFactory, Window};
use crate::{span::Span, take::RATE};

/// What is to be decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decode {
    /// Of the quick ones, for tentative words.
    pub partial: bool,
    /// How many of its kind came before it.
    pub number: usize,
    /// Terms of the glossary.
    pub terms: usize,
}

/// What the recognizer makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// A word every half second, so that none seems to be left out: "w0-0 w0-1", with the decode's number.
    Words,
    /// The same, after this long.
    WordsAfter(Duration),
    Fail,
    Panic,
    /// It comes to no end before it is told to stop.
    HangUntilStopped,
    /// It comes to no end, whatever it is told, before [`ScriptedModel::release`].
    Hang,
}

type Script = dyn Fn(Decode) -> Reaction + Send + Sync;

/// A model of such recognizers. Clones share everything.
#[derive(Clone)]
pub struct ScriptedModel {
    script: Arc<Script>,
    /// What its words begin with.
    letter: char,
    counts: Arc<[AtomicUsize; 2]>,
    released: Arc<AtomicBool>,
    /// Recognizers made so far.
    pub made: Arc<AtomicUsize>,
}

impl fmt::Debug for ScriptedModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptedModel").finish_non_exhaustive()
    }
}

impl ScriptedModel {
    pub fn new(script: impl Fn(Decode) -> Reaction + Send + Sync + 'static) -> Self {
        Self {
            script: Arc::new(script),
            letter: 'w',
            counts: Arc::default(),
            released: Arc::default(),
            made: Arc::default(),
        }
    }

    /// Its words begin with another letter, to be told from another model's.
    #[must_use]
    pub fn with_letter(self, letter: char) -> Self {
        Self { letter, ..self }
    }

    /// Lets go of every decode that hangs, so that no thread outlives its test.
    pub fn release(&self) {
        self.released.store(true, Ordering::Release);
    }
}

impl RecognizerFactory for ScriptedModel {
    fn create(&self) -> Result<Box<dyn Recognizer>, RecognizerError> {
        self.made.fetch_add(1, Ordering::AcqRel);
        Ok(Box::new(ScriptedRecognizer {
            model: self.clone(),
            stop: Arc::default(),
        }))
    }
}

struct ScriptedRecognizer {
    model: ScriptedModel,
    stop: Arc<AtomicBool>,
}

impl ScriptedRecognizer {
    fn decode(&self, window: &Window<'_>, partial: bool) -> Result<Vec<RecognizedWord>, RecognizerError> {
        let number = self.model.counts[usize::from(partial)].fetch_add(1, Ordering::AcqRel);
        let decode = Decode {
            partial,
            number,
            terms: window.glossary.len(),
        };
        let failed = |reason: &str| {
            let reason = reason.to_owned();
            Err(RecognizerError::Decode { reason })
        };
        let released = || self.model.released.load(Ordering::Acquire);
        match (self.model.script)(decode) {
            Reaction::Words => Ok(words(self.model.letter, number, window)),
            Reaction::WordsAfter(wait) => {
                thread::sleep(wait);
                Ok(words(self.model.letter, number, window))
            }
            Reaction::Fail => failed("it was to fail"),
            Reaction::Panic => panic!("it was to panic"),
            Reaction::HangUntilStopped => {
                while !self.stop.load(Ordering::Acquire) && !released() {
                    thread::sleep(Duration::from_millis(2));
                }
                failed("it was stopped")
            }
            Reaction::Hang => {
                while !released() {
                    thread::sleep(Duration::from_millis(2));
                }
                failed("it was released")
            }
        }
    }
}

fn words(letter: char, number: usize, window: &Window<'_>) -> Vec<RecognizedWord> {
    let seconds = window.sound.len() as f64 / f64::from(RATE);
    let known = window.known.len();
    let words = (known..(seconds * 2.0) as usize).map(|half| RecognizedWord {
        text: format!("{letter}{number}-{half}"),
        confidence: 0.9,
        span: Some(Span::new(half as f64 / 2.0, half as f64 / 2.0 + 0.4)),
        tokens: vec![half as i32],
        ..RecognizedWord::default()
    });
    words.collect()
}

impl Recognizer for ScriptedRecognizer {
    fn decode_partial(&mut self, window: &Window<'_>) -> Result<PartialResult, RecognizerError> {
        let words = self.decode(window, true)?;
        Ok(PartialResult { words, failed: false })
    }

    fn decode_final(&mut self, window: &Window<'_>) -> Result<DecodeResult, RecognizerError> {
        let words = self.decode(window, false)?;
        Ok(DecodeResult {
            words,
            ..DecodeResult::default()
        })
    }

    fn stopper(&self) -> Option<Arc<AtomicBool>> {
        Some(Arc::clone(&self.stop))
    }
}
