use super::*;
use crate::{
    protocol::{Failure, FailureKind, Task, Update},
    question::Question,
    span::Span,
    transcript::Word,
};

fn question(id: &str) -> Question {
    Question {
        id: id.into(),
        prompt: "Why?".into(),
        ..Question::default()
    }
}

fn practice() -> Practice {
    Practice::new(Interview::new(
        "i".into(),
        "cyber".into(),
        Timestamp::UNIX_EPOCH,
        vec![question("a"), question("b")],
    ))
}

fn record() -> PracticeAction {
    PracticeAction::Record {
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
    let mut practice = practice();
    let commands = practice.update(record());
    assert!(
        matches!(&commands[..], [Command::StopPlaying, Command::Record(plan)] if plan.sound == Path::new("takes/i-q1-t1-000000.wav"))
    );
    practice.update(Event::Started(take("i-q1-t1-000000").id()));
    practice.update(words("i-q1-t1-000000", "Well,"));
    assert_eq!(practice.live.settled.text(), "Well,");
    assert_eq!(practice.update(PracticeAction::Stop), [Command::Stop]);
    practice.update(Event::Stopped(take("i-q1-t1-000000")));
    assert_eq!(practice.phase, Phase::Finishing);
    practice.update(transcribed("i-q1-t1-000000", "Well, I do."));
    assert_eq!(practice.phase, Phase::Answered);
    let attempts = &practice.interview.turns[0].attempts;
    assert_eq!(attempts.len(), 1);
    assert_eq!(attempts[0].transcript.as_ref().unwrap().text(), "Well, I do.");
}

#[test]
fn redo_keeps_the_first_take_and_names_the_next_one_apart() {
    let mut practice = practice();
    practice.update(record());
    practice.update(PracticeAction::Stop);
    practice.update(transcribed("i-q1-t1-000000", "First."));
    practice.update(PracticeAction::Redo);
    assert_eq!(practice.phase, Phase::Asking);
    let commands = practice.update(record());
    assert!(matches!(&commands[1], Command::Record(plan) if plan.sound == Path::new("takes/i-q1-t2-000000.wav")));
    practice.update(PracticeAction::Stop);
    practice.update(transcribed("i-q1-t2-000000", "Second."));
    assert_eq!(practice.interview.turns[0].attempts.len(), 2);
    assert_eq!(practice.interview.turns[0].shown, 1);
    practice.update(PracticeAction::Show(0));
    assert_eq!(
        practice.interview.turns[0]
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
    let mut practice = practice();
    practice.update(record());
    for action in [
        PracticeAction::Next,
        PracticeAction::Back,
        PracticeAction::Skip,
        PracticeAction::TypeInstead,
        PracticeAction::GoTo(1),
        PracticeAction::Redo,
    ] {
        assert!(practice.update(action).is_empty());
        assert_eq!((practice.interview.at, practice.phase), (0, Phase::Recording));
    }
    practice.update(PracticeAction::Notes("on call".into()));
    assert_eq!(practice.interview.turns[0].notes, "on call");
}

#[test]
fn start_over_deletes_only_the_running_take() {
    let mut practice = practice();
    practice.update(record());
    assert_eq!(practice.update(PracticeAction::StartOver), [Command::Discard]);
    assert_eq!(practice.phase, Phase::Asking);
    assert!(practice.interview.turns[0].attempts.is_empty());
}

#[test]
fn a_microphone_that_ends_by_itself_still_leaves_the_take() {
    let mut practice = practice();
    practice.update(record());
    practice.update(Event::Stopped(take("i-q1-t1-000000")));
    assert_eq!(practice.interview.turns[0].attempts.len(), 1);
    practice.live.settled = Transcript::typed("What was heard");
    practice.finish_without_words();
    assert_eq!(practice.phase, Phase::Answered);
    let kept = practice.interview.turns[0].attempts[0].transcript.as_ref();
    assert_eq!(kept.unwrap().text(), "What was heard");
}

#[test]
fn skipping_the_last_question_leads_to_the_review() {
    let mut practice = practice();
    practice.update(PracticeAction::Skip);
    assert_eq!(practice.interview.at, 1);
    assert!(practice.interview.turns[0].skipped);
    practice.update(PracticeAction::Next);
    assert_eq!(practice.phase, Phase::Review);
    assert!(practice.interview.finished);
    practice.update(PracticeAction::GoTo(0));
    assert_eq!((practice.interview.at, practice.phase), (0, Phase::Asking));
}

#[test]
fn a_typed_answer_counts_and_an_empty_one_does_not() {
    let mut practice = practice();
    practice.update(PracticeAction::TypeInstead);
    let answer = |text: &str| PracticeAction::Answer {
        text: text.into(),
        now: Timestamp::UNIX_EPOCH,
    };
    practice.update(answer("  "));
    assert_eq!(practice.phase, Phase::Typing);
    practice.update(answer("I collect logs."));
    assert_eq!(practice.phase, Phase::Answered);
    assert_eq!(practice.interview.answered(), 1);
}

#[test]
fn an_interview_that_was_left_is_taken_up_where_it_was() {
    let mut practice = practice();
    practice.update(PracticeAction::TypeInstead);
    practice.update(PracticeAction::Answer {
        text: "I collect logs.".into(),
        now: Timestamp::UNIX_EPOCH,
    });
    assert_eq!((practice.interview.at, practice.phase), (0, Phase::Answered));
    let left = practice.place();
    practice.take_up(None);
    assert_eq!((practice.interview.at, practice.phase), (0, Phase::Answered));
    practice.update(PracticeAction::Next);
    practice.take_up(None);
    assert_eq!((practice.interview.at, practice.phase), (1, Phase::Asking));
    practice.update(PracticeAction::Skip);
    practice.take_up(None);
    assert_eq!(
        (practice.place(), practice.phase),
        (InterviewPlace::Review, Phase::Review)
    );
    practice.take_up(Some(left));
    assert_eq!((practice.interview.at, practice.phase), (0, Phase::Answered));
}

#[test]
fn what_is_typed_stays_until_it_is_sent_or_thrown_away() {
    let mut practice = practice();
    let typed = |practice: &mut Practice, text: &str| {
        practice.update(PracticeAction::TypeInstead);
        practice.update(PracticeAction::Draft(text.into()));
        practice.update(PracticeAction::Cancel);
    };
    typed(&mut practice, "I collect");
    assert_eq!((practice.phase, practice.draft()), (Phase::Asking, Some("I collect")));
    assert!(!practice.interview.is_empty(), "it is kept with the interview");
    practice.update(PracticeAction::GoTo(1));
    assert_eq!(practice.draft(), None);
    practice.update(PracticeAction::GoTo(0));
    practice.update(PracticeAction::TypeInstead);
    assert_eq!(practice.text_in_field(), "I collect");
    practice.update(PracticeAction::Answer {
        text: "I collect logs.".into(),
        now: Timestamp::UNIX_EPOCH,
    });
    assert_eq!(practice.draft(), None);

    practice.update(PracticeAction::Correct);
    assert_eq!(practice.text_in_field(), "I collect logs.");
    practice.update(PracticeAction::Draft("I collect the logs.".into()));
    practice.update(PracticeAction::Cancel);
    assert_eq!(
        (practice.phase, practice.draft()),
        (Phase::Answered, Some("I collect the logs."))
    );
    assert_eq!(
        practice
            .turn()
            .unwrap()
            .attempt()
            .unwrap()
            .transcript
            .as_ref()
            .unwrap()
            .text(),
        "I collect logs."
    );
    practice.update(PracticeAction::Correct);
    practice.update(PracticeAction::Draft("I collect logs.".into()));
    assert_eq!(practice.draft(), None, "what stands there already is no draft");
    practice.update(PracticeAction::Draft("Nonsense".into()));
    practice.update(PracticeAction::DiscardDraft);
    assert_eq!((practice.phase, practice.draft()), (Phase::Answered, None));

    // An answer that is given anew is still asked for when its field is left.
    practice.update(PracticeAction::Redo);
    typed(&mut practice, "Once more");
    assert_eq!((practice.phase, practice.draft()), (Phase::Asking, Some("Once more")));
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
    let mut practice = practice();
    practice.update(PracticeAction::TypeInstead);
    practice.update(PracticeAction::Answer {
        text: "Yes.".into(),
        now: Timestamp::UNIX_EPOCH,
    });
    let text = serde_json::to_string(&practice.interview).unwrap();
    let back: Interview = serde_json::from_str(&text).unwrap();
    assert_eq!(back, practice.interview);
}

#[test]
fn a_trouble_between_stop_and_the_complete_file_loses_nothing() {
    let mut practice = practice();
    practice.update(record());
    practice.update(Event::Started(take("i-q1-t1-000000").id()));
    practice.update(PracticeAction::Stop);
    practice.finish_without_words();
    practice.update(Event::Stopped(take("i-q1-t1-000000")));
    assert_eq!(practice.interview.turns[0].attempts.len(), 1);
    practice.finish_without_words();
    assert_eq!(practice.phase, Phase::Answered);
    practice.update(transcribed("i-q1-t1-000000", "Late but whole."));
    assert_eq!(
        practice.interview.turns[0].attempts[0]
            .transcript
            .as_ref()
            .unwrap()
            .text(),
        "Late but whole."
    );
}

#[test]
fn a_take_whose_transcription_fails_goes_on_and_is_kept_with_what_was_heard() {
    let mut practice = practice();
    practice.update(record());
    let id = take("i-q1-t1-000000").id();
    practice.update(Event::Started(id.clone()));
    practice.update(words("i-q1-t1-000000", "Well,"));
    assert!(practice.update(failed(Task::Transcription(id))).is_empty());
    assert_eq!(practice.phase, Phase::Recording);
    assert_eq!(practice.update(PracticeAction::Stop), [Command::Stop]);
    practice.update(Event::Stopped(take("i-q1-t1-000000")));
    assert_eq!(practice.phase, Phase::Answered);
    let attempt = &practice.interview.turns[0].attempts[0];
    assert!(attempt.incomplete && attempt.transcript.as_ref().unwrap().text() == "Well,");
    let again = practice.update(PracticeAction::TranscribeAgain { glossary: vec![] });
    assert!(matches!(&again[1], Command::Transcribe(plan) if plan.id() == take("i-q1-t1-000000").id()));
    practice.update(transcribed("i-q1-t1-000000", "Well, all of it."));
    let attempt = &practice.interview.turns[0].attempts[0];
    assert!(!attempt.incomplete && attempt.transcript.as_ref().unwrap().text() == "Well, all of it.");
    assert_eq!(practice.phase, Phase::Answered);
}

#[test]
fn what_fails_beside_a_take_does_not_touch_it() {
    let mut practice = practice();
    practice.update(record());
    practice.update(Event::Started(take("i-q1-t1-000000").id()));
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
        assert!(practice.update(failed(task)).is_empty());
        assert_eq!(practice.phase, Phase::Recording);
    }
    practice.update(PracticeAction::Stop);
    practice.update(Event::Stopped(take("i-q1-t1-000000")));
    for task in others() {
        practice.update(failed(task));
        assert_eq!(practice.phase, Phase::Finishing, "it is still being written down");
    }
    practice.update(transcribed("other", "Of another take."));
    assert_eq!(practice.phase, Phase::Finishing);
    practice.update(transcribed("i-q1-t1-000000", "Of this one."));
    assert_eq!(practice.phase, Phase::Answered);
}

#[test]
fn a_late_transcript_never_replaces_a_correction() {
    let mut practice = practice();
    practice.update(record());
    practice.update(Event::Started(take("i-q1-t1-000000").id()));
    practice.update(words("i-q1-t1-000000", "Well,"));
    practice.update(PracticeAction::Stop);
    practice.update(Event::Stopped(take("i-q1-t1-000000")));
    practice.update(failed(Task::Transcription(take("i-q1-t1-000000").id())));
    practice.update(PracticeAction::Correct);
    practice.update(PracticeAction::Corrected("Well, I wrote this.".into()));
    practice.update(transcribed("i-q1-t1-000000", "Well, I rode this."));
    let attempt = &practice.interview.turns[0].attempts[0];
    assert_eq!(attempt.transcript.as_ref().unwrap().text(), "Well, I wrote this.");
    assert!(attempt.corrected);
}

#[test]
fn a_microphone_that_does_not_open_ends_the_take_that_waits_for_it() {
    let mut practice = practice();
    practice.update(record());
    assert_eq!(practice.update(failed(Task::Microphone)), [Command::Discard]);
    assert_eq!(practice.phase, Phase::Asking);
    practice.update(Event::Stopped(take("i-q1-t1-000000")));
    assert!(practice.interview.turns[0].attempts.is_empty());
}

#[test]
fn sound_that_was_written_late_or_elsewhere_is_no_longer_missing() {
    let mut practice = practice();
    practice.update(record());
    practice.update(PracticeAction::Stop);
    practice.update(Event::Stopped(Take {
        unwritten_samples: 16_000,
        ..take("i-q1-t1-000000")
    }));
    let sound = Path::new("elsewhere/i-q1-t1-000000.wav");
    practice.update(Event::Written {
        take: take("i-q1-t1-000000").id(),
        sound: sound.to_owned(),
    });
    let kept = practice.interview.turns[0].attempts[0].take.as_ref().unwrap();
    assert_eq!((kept.unwritten_samples, kept.sound.as_path()), (0, sound));
}

#[test]
fn a_take_that_is_stopped_before_it_begins_ends() {
    let mut practice = practice();
    practice.update(record());
    practice.update(PracticeAction::Stop);
    practice.update(failed(Task::Recording(take("i-q1-t1-000000").id())));
    assert_eq!(practice.phase, Phase::Asking);
    assert!(practice.can_leave() && practice.interview.turns[0].attempts.is_empty());
}
