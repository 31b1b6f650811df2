//! The player of an answer, and what was found in it as something to press: driven by labels and keys.

use aloud::{
    protocol::{self, Command, Failure, FailureKind, PlaybackId, Task},
    settings::PlaybackSpeed,
    transcript::Transcript,
};
use eframe::egui::{Event, Key, Modifiers, PointerButton, Pos2, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::{
    room::Room,
    scripted::{ANSWER, spoken},
};

fn answered() -> Room {
    let mut room = Room::new();
    room.start();
    room.answer_aloud();
    room
}

/// The last command to play: where it begins, and how fast.
fn played(room: &Room) -> (f64, PlaybackSpeed) {
    match room.audio.commands().last() {
        Some(Command::Play { from, speed, .. }) => (*from, *speed),
        other => panic!("nothing is played: {other:?}"),
    }
}

fn playhead(room: &Room) -> Option<(f64, bool)> {
    let playing = room.app().view.sound.playing.as_ref();
    playing.map(|playing| (playing.second, playing.paused))
}

fn words(room: &Room) -> Transcript {
    let practice = room.app().view.practice.as_ref().unwrap();
    practice.turn().unwrap().attempt().unwrap().transcript.clone().unwrap()
}

/// The words that are lit.
fn lit(room: &Room) -> Option<String> {
    let place = room.app().view.lit()?;
    Some(words(room).text_of(place.words))
}

#[test]
fn playing_pauses_where_it_is_and_goes_on_from_there() {
    let mut room = answered();
    room.press(Key::K);
    assert_eq!(played(&room).0, 0.0);
    room.playing(3.2);
    assert!(room.shows("0:03 of 1:"));
    room.click("Pause");
    assert_eq!(room.audio.commands().last(), Some(&Command::StopPlaying));
    assert_eq!(playhead(&room), Some((3.2, true)));
    assert!(room.shows("0:03 of 1:"), "the playhead stays");
    room.click("Play");
    assert_eq!(played(&room).0, 3.2);
    // At its end the playhead is at the start again.
    room.audio.played();
    room.steps();
    assert_eq!(playhead(&room), Some((0.0, true)));
    room.press(Key::K);
    assert_eq!(played(&room).0, 0.0);
}

#[test]
fn the_exact_second_of_a_pause_is_kept_and_what_is_told_of_an_older_playback_is_not() {
    let mut room = answered();
    room.press(Key::K);
    let PlaybackId(first) = room.audio.0.borrow().playback;
    room.playing(3.2);
    room.audio.0.borrow_mut().second = 3.27;
    room.press(Key::K);
    assert_eq!(playhead(&room), Some((3.27, true)));
    room.press(Key::K);
    for event in [
        protocol::Event::Playing {
            playback: PlaybackId(first),
            second: 9.0,
        },
        protocol::Event::Played {
            playback: PlaybackId(first),
            stopped_at: None,
        },
    ] {
        room.say(event);
        assert_eq!(playhead(&room), Some((3.27, false)));
    }
}

#[test]
fn back_and_forward_move_the_playhead_whether_it_plays_or_not() {
    let mut room = answered();
    let plays = |room: &Room| matches!(room.audio.commands().last(), Some(Command::Play { .. }));
    room.press(Key::Period);
    assert_eq!(playhead(&room), Some((5.0, true)));
    assert!(!plays(&room));
    room.click("Forward 5 seconds");
    room.click("Back 5 seconds");
    room.press(Key::Comma);
    room.press(Key::Comma);
    assert_eq!(playhead(&room), Some((0.0, true)), "no further back than the start");
    room.press(Key::K);
    room.playing(12.5);
    room.press(Key::Period);
    assert_eq!(played(&room).0, 17.5);
    room.press(Key::Comma);
    room.press(Key::Comma);
    assert_eq!(played(&room).0, 7.5);
    for _ in 0..30 {
        room.press(Key::Period);
    }
    let take = room.audio.take(0.0).sound;
    let practice = room.app().view.practice.as_ref().unwrap();
    let length = practice
        .turn()
        .unwrap()
        .attempt()
        .unwrap()
        .take
        .as_ref()
        .unwrap()
        .seconds;
    assert_eq!(
        room.app().view.playhead_of(&take),
        Some(length),
        "no further than the end"
    );
}

#[test]
fn the_speed_goes_on_from_the_same_place_and_is_kept() {
    let mut room = answered();
    room.press(Key::K);
    assert_eq!(played(&room), (0.0, PlaybackSpeed::Normal));
    room.playing(8.0);
    room.click("Playback speed: 1×");
    assert_eq!(played(&room), (8.0, PlaybackSpeed::FiveQuarters));
    room.press(Key::S);
    assert_eq!(played(&room), (8.0, PlaybackSpeed::OneAndAHalf));
    assert!(room.shows("Playback speed: 1.5×"));
    // While it is paused, only the next playing is faster.
    room.press(Key::K);
    room.press(Key::S);
    assert_eq!(room.audio.commands().last(), Some(&Command::StopPlaying));
    let room = room.again();
    assert_eq!(room.app().view.settings.playback_speed, PlaybackSpeed::ThreeQuarters);
}

#[test]
fn a_playhead_belongs_to_its_take() {
    let mut room = answered();
    room.press(Key::K);
    room.playing(6.0);
    room.press(Key::R);
    room.answer_aloud();
    assert!(room.shows("0:00 of 1:"), "the second take has none");
    room.press(Key::K);
    assert_eq!(played(&room).0, 0.0);
    // The one that is no longer shown falls silent.
    room.click("Take 1");
    assert_eq!(room.audio.commands().last(), Some(&Command::StopPlaying));
    assert!(room.shows("0:00 of 1:"));
}

#[test]
fn what_cannot_be_played_stands_still() {
    let mut room = answered();
    room.press(Key::K);
    room.playing(2.0);
    let failure = Failure::new(FailureKind::Device, "No loudspeaker was found.");
    room.fail(Task::Playback(room.audio.take(1.0).sound), failure);
    assert_eq!(playhead(&room), Some((2.0, true)));
}

/// Presses on the timeline, moves and lets go: at these shares of its width.
fn drag(room: &mut Room, shares: &[f32]) {
    let rect = room.harness.get_by_label_contains("Timeline of").rect();
    let at = |share: &f32| Pos2::new(rect.left() + 30.0 + share * (rect.width() - 32.0), rect.center().y);
    let button = |pos, pressed| Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    room.harness.event(Event::PointerMoved(at(&shares[0])));
    room.harness.event(button(at(&shares[0]), true));
    room.steps();
    for share in shares {
        room.harness.event(Event::PointerMoved(at(share)));
        room.steps();
    }
    let last = at(&shares[shares.len() - 1]);
    room.harness.event(button(last, false));
    room.steps();
}

#[test]
fn dragging_on_the_timeline_moves_the_playhead_and_what_played_goes_on_there() {
    let mut room = answered();
    let practice = room.app().view.practice.as_ref().unwrap();
    let length = practice
        .turn()
        .unwrap()
        .attempt()
        .unwrap()
        .take
        .as_ref()
        .unwrap()
        .seconds;
    let near = |second: f64, share: f64| (second - share * length).abs() < 0.5;
    drag(&mut room, &[0.2, 0.4, 0.5]);
    let (second, paused) = playhead(&room).unwrap();
    assert!(near(second, 0.5) && paused, "{second} of {length}");
    assert!(
        !room
            .audio
            .commands()
            .iter()
            .any(|command| matches!(command, Command::Play { .. }))
    );
    room.press(Key::K);
    let before = room.audio.commands().len();
    drag(&mut room, &[0.5, 0.6, 0.75]);
    let since = room.audio.commands()[before..].to_vec();
    assert!(
        matches!(since[..], [Command::StopPlaying, Command::Play { .. }]),
        "it is silent while it is dragged: {since:?}"
    );
    assert!(near(played(&room).0, 0.75), "{}", played(&room).0);
    assert!(!playhead(&room).unwrap().1);
}

#[test]
fn a_filler_is_shown_and_heard_and_pressed_again_the_next_one_is() {
    let mut room = answered();
    let insights = room.app().view.answer.insights.clone().unwrap();
    let starts: Vec<f64> = insights
        .fillers
        .iter()
        .filter(|filler| filler.text == "um")
        .map(|filler| filler.span.unwrap().start)
        .collect();
    assert_eq!(starts.len(), 2);
    let plays_from = |start: f64| (start - 1.0).max(0.0);
    room.click("Show where you said it: um, twice");
    assert_eq!(lit(&room).as_deref(), Some("um,"));
    assert_eq!(played(&room).0, plays_from(starts[0]));
    room.click("Show where you said it: um, 1 of 2");
    assert_eq!(played(&room).0, plays_from(starts[1]));
    // Round and round.
    room.click("Show where you said it: um, 2 of 2");
    assert_eq!(played(&room).0, plays_from(starts[0]));
    assert!(room.shows("Show where you said it: um, 1 of 2"));
    room.press(Key::Escape);
    assert_eq!(lit(&room), None);
    assert!(room.shows("Talking points"), "Escape only puts the light out");
}

#[test]
fn everything_that_was_found_points_at_its_words() {
    let mut room = answered();
    let insights = room.app().view.answer.insights.clone().unwrap();
    let transcript = words(&room);
    let point = &insights.talking_points.covered[0];
    let used = &insights.most_used[0];
    let term = &insights.job_terms.used[0];
    let repeat = &insights.repeats[0];
    let hedge = &insights.hedges[0];
    let texts = |texts: Vec<&str>, text: &str| texts.iter().filter(|other| **other == text).count();
    let repeats = texts(
        insights.repeats.iter().map(|repeat| repeat.text.as_str()).collect(),
        &repeat.text,
    );
    let hedges = texts(
        insights.hedges.iter().map(|hedge| hedge.text.as_str()).collect(),
        &hedge.text,
    );
    for (label, count, expected) in [
        (&point.label, 1, point.words.clone()),
        (&used.word, used.words.len(), used.words[0]..used.words[0] + 1),
        (&term.term, term.words.len(), term.words[0].clone()),
        (&repeat.text, repeats, repeat.words.clone()),
        (&hedge.text, hedges, hedge.words.clone()),
    ] {
        let times = aloud::insight::wording::times(count);
        let name = match count {
            1 => format!("Show where you said it: {label}"),
            _ => format!("Show where you said it: {label}, {times}"),
        };
        room.click(&name);
        let place = room.app().view.lit().unwrap();
        assert_eq!(place.words, expected, "{name}");
        assert_eq!(played(&room).0, transcript.span_of(expected).unwrap().start, "{name}");
    }
    room.click("Show where you paused: Long pause, twice");
    let pause = insights
        .pauses
        .iter()
        .find(|pause| pause.span.seconds() >= 2.0)
        .unwrap();
    assert_eq!(played(&room).0, pause.span.start - 1.0);
}

#[test]
fn the_light_goes_out_with_a_click_elsewhere_and_stays_on_while_it_is_played() {
    let mut room = answered();
    let term = room.app().view.answer.insights.as_ref().unwrap().job_terms.used[0]
        .term
        .clone();
    let place = |room: &mut Room| {
        let label = format!("Show where you said it: {term}");
        room.click(&label);
        assert!(lit(room).is_some());
    };
    place(&mut room);
    room.click("Pause");
    room.click("Forward 5 seconds");
    assert!(lit(&room).is_some());
    let heading = room.harness.get_by_label("Most-used words").rect().center();
    room.harness.event(Event::PointerMoved(heading));
    for pressed in [true, false] {
        room.harness.event(Event::PointerButton {
            pos: heading,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        });
    }
    room.steps();
    assert_eq!(lit(&room), None);
    // And with the question.
    place(&mut room);
    room.press(Key::Enter);
    room.press(Key::ArrowLeft);
    assert_eq!(lit(&room), None);
}

#[test]
fn a_typed_answer_lights_its_words_without_a_sound() {
    let mut room = Room::new();
    room.start();
    room.press(Key::T);
    room.write(
        "Your answer",
        "Um, I think the logs were in our SIEM, and I think that was, um, all.",
    );
    room.click("Show insights");
    assert!(!room.shows("Play"));
    room.click("Show where you wrote it: I think, twice");
    assert_eq!(lit(&room).as_deref(), Some("I think"));
    room.click("Show where you wrote it: I think, 1 of 2");
    assert_eq!(room.app().view.lit().unwrap().words.start, 10);
    assert!(
        !room
            .audio
            .commands()
            .iter()
            .any(|command| matches!(command, Command::Play { .. }))
    );
}

#[test]
fn the_words_scroll_to_what_is_shown_beside_the_cards_and_above_them() {
    for size in [[1280.0, 800.0], [900.0, 600.0]] {
        let mut room = Room::new();
        room.start();
        room.press(Key::Space);
        room.press(Key::Space);
        room.audio
            .finish(spoken(&format!("{} In the end it was, hmm, quiet.", ANSWER.repeat(6))));
        room.steps();
        room.harness.set_size(size.into());
        room.steps();
        let top = |room: &Room| {
            let text = words(room).text();
            let mut nodes = room.harness.get_all_by_label(&text);
            nodes
                .find(|node| node.accesskit_node().role() == Role::Paragraph)
                .unwrap()
                .rect()
        };
        room.harness
            .get_all_by_label_contains("Show where you said it: hmm")
            .next()
            .unwrap()
            .scroll_to_me();
        room.steps();
        room.harness
            .get_all_by_label_contains("Show where you said it: hmm")
            .next()
            .unwrap()
            .click();
        room.harness.run_steps(60);
        let rect = top(&room);
        assert!(
            rect.bottom() > 60.0 && rect.bottom() < size[1] + 40.0,
            "the last words are in sight at {size:?}: the words are at {rect:?}"
        );
    }
}

#[test]
fn silence_at_both_ends_is_told_and_short_losses_are_not() {
    use aloud::take::{Gap, GapKind, Take};
    let mut room = Room::new();
    room.start();
    room.press(Key::Space);
    room.press(Key::Space);
    let late = spoken(&format!("[14.1] {ANSWER}"));
    let seconds = late.words.last().unwrap().span.unwrap().end + 12.2;
    let take = Take {
        gaps: vec![
            Gap::new(0.0, 14.5, GapKind::Silent),
            Gap::new(20.0, 0.3, GapKind::Missing),
        ],
        ..room.audio.take(seconds)
    };
    room.say(protocol::Event::Stopped(take.clone()));
    room.say(protocol::Event::Transcribed {
        take,
        transcript: late,
        model: "tiny.en".into(),
    });
    for sentence in [
        "You began after 14 s.",
        "You stopped speaking 12 s before the end.",
        "The microphone delivered no sound from 0:00 for 14.5 s. It may have been muted.",
    ] {
        assert!(room.shows(sentence), "{sentence}");
    }
    assert!(!room.shows("the microphone was gone"));
}

#[test]
fn a_job_term_says_what_it_means_to_whoever_cannot_see_it() {
    let mut room = answered();
    let view = &room.app().view;
    let term = view.answer.insights.as_ref().unwrap().job_terms.used[0].term.clone();
    let definition = view.interview_field().unwrap().term(&term).unwrap().definition.clone();
    let label = format!("Show where you said it: {term}");
    room.harness.get_by_label_contains(&label).focus();
    room.steps();
    assert!(room.shows(&definition), "on focus");
    let node = room.harness.get_by_label_contains(&label);
    assert_eq!(
        node.accesskit_node().description().as_deref(),
        Some(definition.as_str())
    );
}
