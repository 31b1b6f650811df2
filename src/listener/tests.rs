//! Sound through ring and listener into a file.

use std::sync::mpsc::{Receiver, sync_channel};

use super::{
    ring::{Inlet, ring},
    *,
};
use crate::store::take_file;

struct Room {
    listener: Listener,
    told: Receiver<Told>,
    folder: tempfile::TempDir,
}

fn room() -> Room {
    let (sender, told) = sync_channel(64);
    let listener = Listener::start(move |word| {
        let _ = sender.send(word);
    })
    .unwrap();
    Room {
        listener,
        told,
        folder: tempfile::tempdir().unwrap(),
    }
}

impl Room {
    fn begin(&self, pre_roll: PreRoll) -> PathBuf {
        let path = self.folder.path().join("take.wav");
        let (file, _sound) = take_file::create(&path).unwrap();
        self.listener.begin(file, pre_roll, None);
        path
    }

    fn wait_for(&self, wanted: impl Fn(&Told) -> bool) -> Told {
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
        match self.wait_for(|told| matches!(told, Told::Ended(_))) {
            Told::Ended(take) => take,
            _ => unreachable!("waited for it"),
        }
    }
}

fn speak(inlet: &mut Inlet, count: usize) {
    inlet.push(&vec![0.1_f32; count]);
}

#[test]
fn every_sample_that_was_delivered_is_in_the_file() {
    for rate in [16_000_u32, 48_000] {
        let room = room();
        let (mut inlet, outlet) = ring(rate, 1);
        let path = room.begin(PreRoll::None);
        room.listener.listen_to(outlet);
        speak(&mut inlet, rate as usize * 3);
        drop(inlet);
        room.wait_for(|told| matches!(told, Told::SourceEnded));
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
    let (mut inlet, outlet) = ring(32_000, 1);
    speak(&mut inlet, 32_000 * 9);
    room.begin(PreRoll::None);
    room.listener.listen_to(outlet);
    room.wait_for(|told| matches!(told, Told::Begun));
    // More than the ring holds at once: the ring has ten seconds.
    speak(&mut inlet, 32_000 * 12);
    drop(inlet);
    room.wait_for(|told| matches!(told, Told::SourceEnded));
    room.listener.end();
    let take = room.ended();
    assert_eq!(take.lost_samples, 32_000);
    assert_eq!(take.seconds, 19.0);
}

#[test]
fn a_take_begins_a_little_before_it_was_asked_for() {
    let room = room();
    let (mut inlet, outlet) = ring(16_000, 1);
    room.listener.listen_to(outlet);
    speak(&mut inlet, 16_000);
    while room.listener.meter().level() == Level::SILENCE {
        thread::sleep(TICK);
    }
    room.begin(PreRoll::Keep);
    room.wait_for(|told| matches!(told, Told::Begun));
    drop(inlet);
    room.wait_for(|told| matches!(told, Told::SourceEnded));
    room.listener.end();
    assert_eq!(room.ended().seconds, PRE_ROLL_SAMPLES as f64 / 16_000.0);
}

#[test]
fn what_is_said_in_a_pause_stays_out() {
    let room = room();
    let (mut inlet, outlet) = ring(16_000, 1);
    room.begin(PreRoll::None);
    room.listener.listen_to(outlet);
    speak(&mut inlet, 8_000);
    room.wait_for(|told| matches!(told, Told::Begun));
    room.listener.pause();
    // The listener takes its asks in order, and looks at the ring before each.
    thread::sleep(TICK * 3);
    speak(&mut inlet, 16_000);
    thread::sleep(TICK * 3);
    room.listener.resume();
    thread::sleep(TICK * 3);
    speak(&mut inlet, 4_000);
    drop(inlet);
    room.wait_for(|told| matches!(told, Told::SourceEnded));
    room.listener.end();
    assert_eq!(room.ended().seconds, 0.75);
}

#[test]
fn dropping_the_listener_completes_the_take() {
    let Room { listener, told, folder } = room();
    let (mut inlet, outlet) = ring(16_000, 1);
    let path = folder.path().join("take.wav");
    listener.begin(take_file::create(&path).unwrap().0, PreRoll::None, None);
    listener.listen_to(outlet);
    speak(&mut inlet, 16_000);
    drop(listener);
    assert_eq!(hound::WavReader::open(path).unwrap().len(), 16_000);
    assert!(told.try_iter().any(|word| matches!(word, Told::Ended(_))));
}
