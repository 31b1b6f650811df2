//! Ears that come to no end.

use std::sync::mpsc::sync_channel;

use super::*;
use crate::{
    recognizer::{Recognizer, Window},
    store::take_file,
};

/// How a scripted ear hears the part of the take that hangs: the second stretch of speech.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    /// It does not come to an end, but does when it is told to stop.
    Obeys,
    /// Nothing ends it.
    Deaf,
}

#[derive(Debug)]
struct Scripted {
    manner: Manner,
    /// Stretches heard so far, by both ears.
    heard: Arc<std::sync::atomic::AtomicUsize>,
}

struct Ear {
    manner: Manner,
    heard: Arc<std::sync::atomic::AtomicUsize>,
    stop: Arc<AtomicBool>,
}

impl Ears for Scripted {
    fn ear(&self) -> Result<Box<dyn Recognizer>, RecognizerError> {
        Ok(Box::new(Ear {
            manner: self.manner,
            heard: Arc::clone(&self.heard),
            stop: Arc::default(),
        }))
    }
}

impl Recognizer for Ear {
    fn glance(&mut self, _: &Window<'_>) -> Result<Hearing, RecognizerError> {
        Ok(Hearing::default())
    }

    fn listen(&mut self, window: &Window<'_>) -> Result<Hearing, RecognizerError> {
        let number = self.heard.fetch_add(1, Ordering::AcqRel);
        if number == 1 {
            while self.manner == Manner::Deaf || !self.stop.load(Ordering::Acquire) {
                thread::sleep(Duration::from_millis(5));
            }
            return Err(RecognizerError::Decode {
                reason: "it was stopped".to_owned(),
            });
        }
        let seconds = window.sound.len() as f64 / f64::from(RATE);
        // A word every half second, so that none seems to be left out.
        let words = (0..(seconds * 2.0) as usize).map(|half| HeardWord {
            text: format!("w{number}-{half}"),
            confidence: 0.9,
            span: Some(Span::new(half as f64 / 2.0, half as f64 / 2.0 + 0.4)),
            tokens: vec![half as i32],
            ..HeardWord::default()
        });
        Ok(Hearing {
            words: words.collect(),
            failed: false,
        })
    }

    fn stopper(&self) -> Option<Arc<AtomicBool>> {
        Some(Arc::clone(&self.stop))
    }
}

/// The sample answer, which has several stretches of speech, as a take.
fn take(folder: &std::path::Path) -> TakeSound {
    let path = folder.join("take.wav");
    std::fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/sample-answer.wav"), &path).unwrap();
    take_file::open(&path).unwrap()
}

fn transcribed(manner: Manner) -> (Told, Duration) {
    let folder = tempfile::tempdir().unwrap();
    let (sender, told) = sync_channel(100);
    let plan = Plan {
        glossary: String::new(),
        live: false,
        settings: Settings::default(),
        patience: Duration::from_millis(400),
    };
    let ears = Scripted {
        manner,
        heard: Arc::default(),
    };
    let begun = Instant::now();
    let transcriber = Transcriber::start(take(folder.path()), &ears, plan, move |told| {
        if !matches!(told, Told::Moved(_)) {
            sender.send(told).unwrap();
        }
    })
    .unwrap();
    transcriber.finish();
    let end = told.recv_timeout(Duration::from_mins(1)).unwrap();
    (end, begun.elapsed())
}

#[test]
fn a_decode_that_hangs_is_stopped_and_the_others_go_on() {
    let (told, _) = transcribed(Manner::Obeys);
    let Told::Done { transcript, .. } = told else {
        panic!("{told:?}");
    };
    let text = transcript.text();
    assert!(
        text.contains("w0-") && text.contains("w2-") && !text.contains("w1-"),
        "{text}"
    );
}

#[test]
fn a_decode_that_nothing_ends_is_given_up_with_a_sentence_and_the_other_words() {
    let (told, after) = transcribed(Manner::Deaf);
    let Told::Failed(error, transcript) = told else {
        panic!("{told:?}");
    };
    assert_eq!(
        error.to_string(),
        "The speech model came to no end with a part of this sound. The recording is kept: start Aloud again and have it \
         written down, or choose another model."
    );
    assert!(transcript.text().contains("w0-"));
    assert!(after < Duration::from_secs(30), "{after:?}");
}
