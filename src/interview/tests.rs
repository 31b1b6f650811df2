use super::*;
use crate::transcript::Word;
use crate::{
    protocol::{Failure, FailureKind, Update},
    question::QuestionKind,
    span::Span,
};

fn question(id: &str) -> Question {
    Question {
        id: id.into(),
        kind: QuestionKind::Background,
        topic: String::new(),
        prompt: "Why?".into(),
        parts: vec![],
        why: String::new(),
        hint: String::new(),
        sample_answer: String::new(),
        job_terms: vec![],
        everywhere: false,
        talking_points: vec![],
    }
}

fn interview() -> Interview {
    Interview::new(
        "i".into(),
        "cyber".into(),
        Timestamp::UNIX_EPOCH,
        vec![question("a"), question("b")],
    )
}

fn record() -> Action {
    Action::Record {
        now: Timestamp::UNIX_EPOCH,
        takes: "takes".into(),
        glossary: vec![],
    }
}

fn take(name: &str) -> Take {
    Take {
        sound: format!("takes/{name}.wav").into(),
        seconds: 3.0,
        ..Take::default()
    }
}

fn words(name: &str, settled: &str) -> Event {
    Event::Words {
        take: take(name).id(),
        update: Update {
            settled: vec![Word::typed(settled)],
            tentative: "I".into(),
            heard: 1.0,
            ..Update::default()
        },
    }
}

fn failed(task: Task) -> Event {
    Event::Failed {
        task,
        failure: Failure::new(FailureKind::Recognition, "It failed."),
    }
}

fn transcribed(name: &str, text: &str) -> Event {
    Event::Transcribed {
        take: take(name),
        transcript: Transcript::typed(text),
        model: "m".into(),
    }
}

#[test]
fn record_stop_and_the_words_make_an_answer() {
    let mut interview = interview();
    let commands = interview.update(record());
    assert!(
        matches!(&commands[..], [Command::StopPlaying, Command::Record(plan)] if plan.sound == Path::new("takes/i-q1-t1-000000.wav"))
    );
    interview.update(Event::Started(take("i-q1-t1-000000").id()));
    interview.update(words("i-q1-t1-000000", "Well,"));
    assert_eq!(interview.live.settled.text(), "Well,");
    assert_eq!(interview.update(Action::Stop), [Command::Stop]);
    interview.update(Event::Stopped(take("i-q1-t1-000000")));
    assert_eq!(interview.phase, Phase::Finishing);
    interview.update(transcribed("i-q1-t1-000000", "Well, I do."));
    assert_eq!(interview.phase, Phase::Answered);
    let attempts = &interview.turns[0].attempts;
    assert_eq!(attempts.len(), 1);
    assert_eq!(attempts[0].transcript.as_ref().unwrap().text(), "Well, I do.");
}

#[test]
fn redo_keeps_the_first_take_and_names_the_next_one_apart() {
    let mut interview = interview();
    interview.update(record());
    interview.update(Action::Stop);
    interview.update(transcribed("i-q1-t1-000000", "First."));
    interview.update(Action::Redo);
    assert_eq!(interview.phase, Phase::Asking);
    let commands = interview.update(record());
    assert!(matches!(&commands[1], Command::Record(plan) if plan.sound == Path::new("takes/i-q1-t2-000000.wav")));
    interview.update(Action::Stop);
    interview.update(transcribed("i-q1-t2-000000", "Second."));
    assert_eq!(interview.turns[0].attempts.len(), 2);
    assert_eq!(interview.turns[0].shown, 1);
    interview.update(Action::Show(0));
    assert_eq!(
        interview.turns[0]
            .attempt()
            .unwrap()
            .transcript
            .as_ref()
            .unwrap()
            .text(),
        "First."
    );
}

#[test]
fn nothing_leaves_the_question_while_recording() {
    let mut interview = interview();
    interview.update(record());
    for action in [
        Action::Next,
        Action::Back,
        Action::Skip,
        Action::TypeInstead,
        Action::GoTo(1),
        Action::Redo,
    ] {
        assert!(interview.update(action).is_empty());
        assert_eq!((interview.at, interview.phase), (0, Phase::Recording));
    }
    interview.update(Action::Notes("on call".into()));
    assert_eq!(interview.turns[0].notes, "on call");
}

#[test]
fn start_over_deletes_only_the_running_take() {
    let mut interview = interview();
    interview.update(record());
    assert_eq!(interview.update(Action::StartOver), [Command::Discard]);
    assert_eq!(interview.phase, Phase::Asking);
    assert!(interview.turns[0].attempts.is_empty());
}

#[test]
fn a_microphone_that_ends_by_itself_still_leaves_the_take() {
    let mut interview = interview();
    interview.update(record());
    interview.update(Event::Stopped(take("i-q1-t1-000000")));
    assert_eq!(interview.turns[0].attempts.len(), 1);
    interview.live.settled = Transcript::typed("What was heard");
    interview.finish_without_words();
    assert_eq!(interview.phase, Phase::Answered);
    let kept = interview.turns[0].attempts[0].transcript.as_ref();
    assert_eq!(kept.unwrap().text(), "What was heard");
}

#[test]
fn skipping_the_last_question_leads_to_the_review() {
    let mut interview = interview();
    interview.update(Action::Skip);
    assert_eq!(interview.at, 1);
    assert!(interview.turns[0].skipped);
    interview.update(Action::Next);
    assert_eq!(interview.phase, Phase::Review);
    assert!(interview.finished);
    interview.update(Action::GoTo(0));
    assert_eq!((interview.at, interview.phase), (0, Phase::Asking));
}

#[test]
fn a_typed_answer_counts_and_an_empty_one_does_not() {
    let mut interview = interview();
    interview.update(Action::TypeInstead);
    let answer = |text: &str| Action::Answer {
        text: text.into(),
        now: Timestamp::UNIX_EPOCH,
    };
    interview.update(answer("  "));
    assert_eq!(interview.phase, Phase::Typing);
    interview.update(answer("I collect logs."));
    assert_eq!(interview.phase, Phase::Answered);
    assert_eq!(interview.answered(), 1);
}

#[test]
fn an_interview_that_was_left_is_taken_up_at_its_first_open_question() {
    let mut interview = interview();
    interview.update(Action::TypeInstead);
    interview.update(Action::Answer {
        text: "I collect logs.".into(),
        now: Timestamp::UNIX_EPOCH,
    });
    assert_eq!((interview.at, interview.phase), (0, Phase::Answered));
    interview.take_up();
    assert_eq!((interview.at, interview.phase), (1, Phase::Asking));
    interview.update(Action::Skip);
    interview.take_up();
    assert_eq!(interview.phase, Phase::Review);
}

fn spoken(texts: &[&str]) -> Transcript {
    Transcript {
        words: texts
            .iter()
            .enumerate()
            .map(|(index, text)| Word::spoken(*text, Span::new(index as f64, index as f64 + 0.5), 0.8))
            .collect(),
    }
}

#[test]
fn correcting_keeps_the_times_of_the_words_that_stay() {
    let old = spoken(&["we", "use", "a", "sim", "daily"]);
    let new = corrected(&old, "we use a SIEM daily");
    assert_eq!(new.text(), "we use a SIEM daily");
    assert_eq!(new.words[3].span, old.words[3].span);
    assert_eq!(new.words[3].confidence, 1.0);
    assert_eq!(new.words[4], old.words[4]);

    let longer = corrected(&old, "we use a security information platform daily");
    assert_eq!(longer.words[3].span, Some(Span::new(3.0, 3.167)));
    assert_eq!(longer.words.last(), old.words.last());

    assert_eq!(corrected(&old, "").words, []);
    assert_eq!(corrected(&Transcript::default(), "new words").words.len(), 2);
    assert_eq!(corrected(&old, &old.text()), old);
}

#[test]
fn a_saved_interview_reads_back_the_same() {
    let mut interview = interview();
    interview.update(Action::TypeInstead);
    interview.update(Action::Answer {
        text: "Yes.".into(),
        now: Timestamp::UNIX_EPOCH,
    });
    let text = serde_json::to_string(&interview).unwrap();
    let mut back: Interview = serde_json::from_str(&text).unwrap();
    back.phase = interview.phase;
    assert_eq!(back, interview);
}

#[test]
fn a_trouble_between_stop_and_the_complete_file_loses_nothing() {
    let mut interview = interview();
    interview.update(record());
    interview.update(Event::Started(take("i-q1-t1-000000").id()));
    interview.update(Action::Stop);
    interview.finish_without_words();
    interview.update(Event::Stopped(take("i-q1-t1-000000")));
    assert_eq!(interview.turns[0].attempts.len(), 1);
    interview.finish_without_words();
    assert_eq!(interview.phase, Phase::Answered);
    interview.update(transcribed("i-q1-t1-000000", "Late but whole."));
    assert_eq!(
        interview.turns[0].attempts[0].transcript.as_ref().unwrap().text(),
        "Late but whole."
    );
}

#[test]
fn a_take_whose_transcription_fails_goes_on_and_is_kept_with_what_was_heard() {
    let mut interview = interview();
    interview.update(record());
    let id = take("i-q1-t1-000000").id();
    interview.update(Event::Started(id.clone()));
    interview.update(words("i-q1-t1-000000", "Well,"));
    assert!(interview.update(failed(Task::Transcription(id))).is_empty());
    assert_eq!(interview.phase, Phase::Recording);
    assert_eq!(interview.update(Action::Stop), [Command::Stop]);
    interview.update(Event::Stopped(take("i-q1-t1-000000")));
    assert_eq!(interview.phase, Phase::Answered);
    let attempt = &interview.turns[0].attempts[0];
    assert!(attempt.incomplete && attempt.transcript.as_ref().unwrap().text() == "Well,");
    let again = interview.update(Action::TranscribeAgain { glossary: vec![] });
    assert!(matches!(&again[1], Command::Transcribe(plan) if plan.id() == take("i-q1-t1-000000").id()));
    interview.update(transcribed("i-q1-t1-000000", "Well, all of it."));
    let attempt = &interview.turns[0].attempts[0];
    assert!(!attempt.incomplete && attempt.transcript.as_ref().unwrap().text() == "Well, all of it.");
    assert_eq!(interview.phase, Phase::Answered);
}

#[test]
fn what_fails_beside_a_take_does_not_touch_it() {
    let mut interview = interview();
    interview.update(record());
    interview.update(Event::Started(take("i-q1-t1-000000").id()));
    let others = || {
        [
            Task::Download("tiny.en".into()),
            Task::Import("model.bin".into()),
            Task::Playback("other.wav".into()),
            Task::ReadAloud,
            Task::Microphone,
            Task::Recording(take("other").id()),
            Task::Transcription(take("other").id()),
            Task::Deletion(take("other").id()),
        ]
    };
    for task in others() {
        assert!(interview.update(failed(task)).is_empty());
        assert_eq!(interview.phase, Phase::Recording);
    }
    interview.update(Action::Stop);
    interview.update(Event::Stopped(take("i-q1-t1-000000")));
    for task in others() {
        interview.update(failed(task));
        assert_eq!(interview.phase, Phase::Finishing, "it is still being written down");
    }
    interview.update(transcribed("other", "Of another take."));
    assert_eq!(interview.phase, Phase::Finishing);
    interview.update(transcribed("i-q1-t1-000000", "Of this one."));
    assert_eq!(interview.phase, Phase::Answered);
}

#[test]
fn a_late_transcript_never_replaces_a_correction() {
    let mut interview = interview();
    interview.update(record());
    interview.update(Event::Started(take("i-q1-t1-000000").id()));
    interview.update(words("i-q1-t1-000000", "Well,"));
    interview.update(Action::Stop);
    interview.update(Event::Stopped(take("i-q1-t1-000000")));
    interview.update(failed(Task::Transcription(take("i-q1-t1-000000").id())));
    interview.update(Action::Correct);
    interview.update(Action::Corrected("Well, I wrote this.".into()));
    interview.update(transcribed("i-q1-t1-000000", "Well, I rode this."));
    let attempt = &interview.turns[0].attempts[0];
    assert_eq!(attempt.transcript.as_ref().unwrap().text(), "Well, I wrote this.");
    assert!(attempt.corrected);
}

#[test]
fn a_microphone_that_does_not_open_ends_the_take_that_waits_for_it() {
    let mut interview = interview();
    interview.update(record());
    assert_eq!(interview.update(failed(Task::Microphone)), [Command::Discard]);
    assert_eq!(interview.phase, Phase::Asking);
    interview.update(Event::Stopped(take("i-q1-t1-000000")));
    assert!(interview.turns[0].attempts.is_empty());
}

#[test]
fn sound_that_was_written_late_or_elsewhere_is_no_longer_missing() {
    let mut interview = interview();
    interview.update(record());
    interview.update(Action::Stop);
    interview.update(Event::Stopped(Take {
        unwritten_samples: 16_000,
        ..take("i-q1-t1-000000")
    }));
    let sound = Path::new("elsewhere/i-q1-t1-000000.wav");
    interview.update(Event::Written {
        take: take("i-q1-t1-000000").id(),
        sound: sound.to_owned(),
    });
    let kept = interview.turns[0].attempts[0].take.as_ref().unwrap();
    assert_eq!((kept.unwritten_samples, kept.sound.as_path()), (0, sound));
}

#[test]
fn a_take_that_is_stopped_before_it_begins_ends() {
    let mut interview = interview();
    interview.update(record());
    interview.update(Action::Stop);
    interview.update(failed(Task::Recording(take("i-q1-t1-000000").id())));
    assert_eq!(interview.phase, Phase::Asking);
    assert!(interview.can_leave() && interview.turns[0].attempts.is_empty());
}
