//! A quick model for what is shown while somebody speaks, and a larger one for what stays.

use super::*;

/// A room with two models: the words of the quick one begin with "w", those of the larger one with "l".
fn with_two(larger: impl Fn(Decode) -> Reaction + Send + Sync + 'static) -> SessionFixture {
    let mut room = room(ScriptedProvider {
        model: Some(ScriptedModel::new(|_| Reaction::Words)),
        larger: Some(ScriptedModel::new(larger).with_letter('l')),
        ..ScriptedProvider::default()
    });
    room.session.send(Command::LoadModel("scripted".into()));
    room.session.send(Command::LoadFinalModel(Some("larger".into())));
    let mut ready = 0;
    room.wait_for(|event| {
        ready += u32::from(matches!(
            event,
            Event::Model(ModelState::Ready { .. }) | Event::FinalModel(ModelState::Ready { .. })
        ));
        (ready == 2).then_some(())
    });
    room
}

/// Every word begins with this letter, and there are some.
fn all_of(text: &str, letter: char) -> bool {
    !text.is_empty() && text.split_whitespace().all(|word| word.starts_with(letter))
}

impl SessionFixture {
    /// The settled words until the take is transcribed, its final text, and the model that wrote that.
    fn live_and_final(&mut self) -> (String, String, String) {
        let mut live = String::new();
        let (text, model) = self.wait_for(|event| match event {
            Event::Words { update, .. } => {
                for word in &update.settled {
                    live = format!("{live} {}", word.text);
                }
                None
            }
            Event::Transcribed { transcript, model, .. } => Some((transcript.text(), model.clone())),
            _ => None,
        });
        (live, text, model)
    }

    fn preliminary(&mut self) -> (String, String) {
        self.wait_for(|event| match event {
            Event::Preliminary { transcript, model, .. } => Some((transcript.text(), model.clone())),
            Event::Transcribed { .. } => panic!("the final text came first"),
            _ => None,
        })
    }
}

#[test]
fn one_model_is_shown_and_the_other_one_stays() {
    let mut room = with_two(|_| Reaction::Words);
    room.record("two", 12);
    let (live, text, model) = room.live_and_final();
    assert!(all_of(&text, 'l'), "{text}");
    assert_eq!(model, "larger");
    let first = live.split_whitespace().next().unwrap_or_default();
    assert!(first.starts_with('w'), "the quick one is shown: {live}");
}

#[test]
fn live_words_do_not_wait_for_a_slow_final_text_and_a_preliminary_one_comes_soon() {
    let mut room = with_two(|_| Reaction::WordsAfter(Duration::from_secs(7)));
    room.record("slow", 14);
    let mut settled = 0;
    room.wait_for(|event| match event {
        Event::Words { update, .. } => {
            settled += update.settled.len();
            None
        }
        Event::Stopped(_) => Some(()),
        _ => None,
    });
    let stopped = Instant::now();
    assert!(
        settled > 8,
        "{settled} words were settled while the final text was far behind"
    );
    let (text, model) = room.preliminary();
    assert!(stopped.elapsed() < Duration::from_secs(2), "{:?}", stopped.elapsed());
    assert_eq!(model, "scripted");
    assert!(!text.is_empty());
    let (_, text, model) = room.live_and_final();
    assert!(all_of(&text, 'l'), "{text}");
    assert_eq!(model, "larger");
}

#[test]
fn a_take_that_was_left_with_its_preliminary_text_gets_the_final_one_when_there_is_time() {
    let mut room = with_two(|_| Reaction::WordsAfter(Duration::from_secs(3)));
    let first = room.record("first", 14);
    room.preliminary();
    let second = room.record("second", 2);
    let mut transcribed = Vec::new();
    room.wait_for(|event| match event {
        Event::Failed { failure, .. } => panic!("{failure}"),
        Event::Transcribed { take, transcript, .. } => {
            assert!(all_of(&transcript.text(), 'l'), "{}", transcript.text());
            transcribed.push(take.id());
            (transcribed.len() == 2).then_some(())
        }
        _ => None,
    });
    assert_eq!(transcribed, [second, first]);
}

#[test]
fn without_the_model_for_the_final_text_the_other_one_writes_it() {
    let mut room = room(ScriptedProvider {
        model: Some(ScriptedModel::new(|_| Reaction::Words)),
        ..ScriptedProvider::default()
    });
    room.session.send(Command::LoadModel("scripted".into()));
    room.session.send(Command::LoadFinalModel(Some("larger".into())));
    room.wait_for(|event| matches!(event, Event::FinalModel(ModelState::Missing { .. })).then_some(()));
    room.record("alone", 5);
    let (_, text, model) = room.live_and_final();
    assert!(all_of(&text, 'w'), "{text}");
    assert_eq!(model, "scripted");
}

#[test]
fn models_that_were_let_go_of_are_loaded_again_for_the_next_take() {
    let mut room = with_two(|_| Reaction::Words);
    let loads = room.models.loads.load(Ordering::Acquire);
    room.session.send(Command::UnloadModels);
    room.record("again", 5);
    let (_, text, model) = room.live_and_final();
    assert!(all_of(&text, 'l'), "{text}");
    assert_eq!(model, "larger");
    assert_eq!(room.models.loads.load(Ordering::Acquire), loads + 2);
}

#[test]
fn a_model_is_measured_with_the_sample_answer() {
    let mut room = with_two(|_| Reaction::Words);
    room.session.send(Command::MeasurePace);
    let pace = room.wait_for(|event| match event {
        Event::Failed { failure, .. } => panic!("{failure}"),
        Event::Paced { model, pace } => (model == "scripted").then_some(*pace),
        _ => None,
    });
    assert!((0.0..1.0).contains(&pace), "{pace}");
}
