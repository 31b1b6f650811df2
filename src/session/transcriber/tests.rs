//! Recognizers that come to no end, fail, or die.

use std::sync::{
    Mutex,
    mpsc::{Receiver, sync_channel},
};

use super::*;
use crate::{
    recognizer::scripted::{Decode, Reaction, ScriptedModel},
    take_file,
};

/// A take on its way to words.
struct RunningTranscriber {
    transcriber: Transcriber,
    model: ScriptedModel,
    told: Receiver<TranscriberEvent>,
    settled: Arc<Mutex<String>>,
    _folder: tempfile::TempDir,
}

/// The sample answer, which has several segments, as a complete take.
fn transcribe(script: impl Fn(Decode) -> Reaction + Send + Sync + 'static, live: bool) -> RunningTranscriber {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("take.wav");
    std::fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/sample-answer.wav"), &path).unwrap();
    let model = ScriptedModel::new(script);
    let (sender, told) = sync_channel(100);
    let settled = Arc::new(Mutex::new(String::new()));
    let plan = TranscriptionPlan {
        glossary: Arc::new([]),
        live,
        may_improve: live,
        parameters: StreamingParameters::default(),
        decode_timeout: Duration::from_millis(400),
    };
    let into = Arc::clone(&settled);
    let tell = move |told| match told {
        TranscriberEvent::TranscriptUpdate(update) => {
            for word in update.settled {
                let mut into = into.lock().unwrap();
                into.push_str(&word.text);
                into.push(' ');
            }
        }
        told => sender.send(told).unwrap(),
    };
    let sound = take_file::open(&path).unwrap();
    let transcriber = Transcriber::start(sound, RecognizerModels::one(Arc::new(model.clone())), plan, tell).unwrap();
    transcriber.finish();
    RunningTranscriber {
        transcriber,
        model,
        told,
        settled,
        _folder: folder,
    }
}

impl RunningTranscriber {
    fn end(&self) -> TranscriberEvent {
        self.told.recv_timeout(Duration::from_mins(1)).unwrap()
    }

    fn settled(&self) -> String {
        self.settled.lock().unwrap().clone()
    }
}

/// What is written of the second segment.
fn second(reaction: Reaction) -> impl Fn(Decode) -> Reaction {
    move |decode| match decode.number {
        1 if !decode.partial => reaction,
        _ => Reaction::Words,
    }
}

#[test]
fn a_decode_that_hangs_is_stopped_and_the_others_go_on() {
    let running = transcribe(second(Reaction::HangUntilStopped), false);
    let TranscriberEvent::Done { transcript, .. } = running.end() else {
        panic!("the others go on");
    };
    let text = transcript.text();
    assert!(
        text.contains("w0-") && text.contains("w2-") && !text.contains("w1-"),
        "{text}"
    );
}

#[test]
fn a_decode_that_nothing_ends_is_given_up_with_a_sentence_and_the_words_before_it() {
    let begun = Instant::now();
    let running = transcribe(second(Reaction::Hang), false);
    let TranscriberEvent::Failed(error) = running.end() else {
        panic!("it is given up");
    };
    assert_eq!(
        error.to_string(),
        "Transcription timed out for part of this recording. The recording is kept: transcribe it again, or choose \
         another model."
    );
    assert!(running.settled().contains("w0-"), "{}", running.settled());
    assert!(begun.elapsed() < Duration::from_secs(30));
    running.model.release();
}

#[test]
fn whoever_leaves_a_decode_that_nothing_ends_does_not_wait_for_it() {
    let running = transcribe(second(Reaction::Hang), false);
    let TranscriberEvent::Failed(_) = running.end() else {
        panic!("it is given up");
    };
    let begun = Instant::now();
    drop(running.transcriber);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    running.model.release();
}

#[test]
fn a_recognizer_that_dies_is_replaced_and_nothing_is_missing() {
    let running = transcribe(second(Reaction::Panic), false);
    let TranscriberEvent::Done { transcript, .. } = running.end() else {
        panic!("another takes its place");
    };
    // What the second died of was decoded by the one that took its place, under a number of its own.
    let text = transcript.text();
    assert!(!text.contains("w1-"), "{text}");
    let whole = transcribe(|_| Reaction::Words, false);
    let TranscriberEvent::Done { transcript: all, .. } = whole.end() else {
        panic!("nothing is in its way");
    };
    assert_eq!(transcript.words.len(), all.words.len());
    assert_eq!(running.model.made.load(Ordering::Acquire), WORKERS + 1);
}

#[test]
fn recognizers_that_die_of_everything_are_told_within_a_second() {
    for live in [false, true] {
        let begun = Instant::now();
        let running = transcribe(|_| Reaction::Panic, live);
        let TranscriberEvent::Failed(error) = running.end() else {
            panic!("none of them lives");
        };
        assert!(matches!(error, RecognizerError::Died), "{error}");
        assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    }
}

#[test]
fn one_worker_that_hangs_does_not_stop_the_other() {
    // The first segment hangs; all others come, each in its time, and none of them is stopped with it.
    let running = transcribe(
        |decode| match decode.number {
            0 if !decode.partial => Reaction::HangUntilStopped,
            _ => Reaction::Words,
        },
        false,
    );
    let TranscriberEvent::Done { transcript, .. } = running.end() else {
        panic!("the others go on");
    };
    let text = transcript.text();
    assert!(
        !text.contains("w0-") && text.contains("w1-") && text.contains("w2-"),
        "{text}"
    );
}
