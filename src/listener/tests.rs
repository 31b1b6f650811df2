//! Sound through ring and listener into a file.

use std::sync::mpsc::{Receiver, sync_channel};

use super::{
    ring::{SampleProducer, ring},
    *,
};
use crate::take_file;

struct ListenerFixture {
    listener: Listener,
    told: Receiver<ListenerEvent>,
    folder: tempfile::TempDir,
}

fn room() -> ListenerFixture {
    let (sender, told) = sync_channel(64);
    let listener = Listener::start(move |word| {
        let _ = sender.send(word);
    })
    .unwrap();
    ListenerFixture {
        listener,
        told,
        folder: tempfile::tempdir().unwrap(),
    }
}

impl ListenerFixture {
    fn begin(&self, pre_roll: PreRoll) -> PathBuf {
        let path = self.folder.path().join("take.wav");
        let (file, _sound) = take_file::create(&path).unwrap();
        self.listener.begin(file, pre_roll, None);
        path
    }

    fn wait_for(&self, wanted: impl Fn(&ListenerEvent) -> bool) -> ListenerEvent {
        loop {
            let told = self
                .told
                .recv_timeout(Duration::from_secs(10))
                .expect("the listener answers");
            if wanted(&told) {
                return told;
            }
        }
    }

    fn ended(&self) -> Take {
        match self.wait_for(|told| matches!(told, ListenerEvent::Ended(_))) {
            ListenerEvent::Ended(take) => take,
            _ => unreachable!("waited for it"),
        }
    }
}

fn speak(producer: &mut SampleProducer, count: usize) {
    producer.push(&vec![0.1_f32; count]);
}

#[test]
fn every_sample_that_was_delivered_is_in_the_file() {
    for rate in [16_000_u32, 48_000] {
        let room = room();
        let (mut producer, consumer) = ring(rate, 1);
        let path = room.begin(PreRoll::None);
        room.listener.listen_to(consumer);
        speak(&mut producer, rate as usize * 3);
        drop(producer);
        room.wait_for(|told| matches!(told, ListenerEvent::SourceEnded));
        room.listener.end();
        let take = room.ended();
        assert_eq!(take.lost_samples, 0);
        assert_eq!(take.seconds, 3.0, "{rate}");
        assert_eq!(hound::WavReader::open(path).unwrap().len(), 48_000);
    }
}

#[test]
fn what_was_lost_is_in_the_take() {
    let room = room();
    let (mut producer, consumer) = ring(32_000, 1);
    speak(&mut producer, 32_000 * 9);
    room.begin(PreRoll::None);
    room.listener.listen_to(consumer);
    room.wait_for(|told| matches!(told, ListenerEvent::Begun));
    // More than the ring holds at once: the ring has ten seconds.
    speak(&mut producer, 32_000 * 12);
    drop(producer);
    room.wait_for(|told| matches!(told, ListenerEvent::SourceEnded));
    room.listener.end();
    let take = room.ended();
    assert_eq!(take.lost_samples, 32_000);
    assert_eq!(take.seconds, 19.0);
}

#[test]
fn a_take_begins_a_little_before_it_was_asked_for() {
    let room = room();
    let (mut producer, consumer) = ring(16_000, 1);
    room.listener.listen_to(consumer);
    speak(&mut producer, 16_000);
    while room.listener.meter().level() == Level::SILENCE {
        thread::sleep(TICK);
    }
    room.begin(PreRoll::Keep);
    room.wait_for(|told| matches!(told, ListenerEvent::Begun));
    drop(producer);
    room.wait_for(|told| matches!(told, ListenerEvent::SourceEnded));
    room.listener.end();
    assert_eq!(room.ended().seconds, PRE_ROLL_SAMPLES as f64 / 16_000.0);
}

#[test]
fn what_is_said_in_a_pause_stays_out() {
    let room = room();
    let (mut producer, consumer) = ring(16_000, 1);
    room.begin(PreRoll::None);
    room.listener.listen_to(consumer);
    speak(&mut producer, 8_000);
    room.wait_for(|told| matches!(told, ListenerEvent::Begun));
    room.listener.pause();
    // The listener takes its asks in order, and looks at the ring before each.
    thread::sleep(TICK * 3);
    speak(&mut producer, 16_000);
    thread::sleep(TICK * 3);
    room.listener.resume();
    thread::sleep(TICK * 3);
    speak(&mut producer, 4_000);
    drop(producer);
    room.wait_for(|told| matches!(told, ListenerEvent::SourceEnded));
    room.listener.end();
    assert_eq!(room.ended().seconds, 0.75);
}

#[test]
fn dropping_the_listener_completes_the_take() {
    let ListenerFixture { listener, told, folder } = room();
    let (mut producer, consumer) = ring(16_000, 1);
    let path = folder.path().join("take.wav");
    listener.begin(take_file::create(&path).unwrap().0, PreRoll::None, None);
    listener.listen_to(consumer);
    speak(&mut producer, 16_000);
    drop(listener);
    assert_eq!(hound::WavReader::open(path).unwrap().len(), 16_000);
    assert!(told.try_iter().any(|word| matches!(word, ListenerEvent::Ended(_))));
}
