//! The microphone of the session: opened, watched, lost, found again.

use std::{sync::Arc, time::Instant};

use super::SessionThread;
use crate::{
    microphone::{MicrophoneError, StreamProblem},
    protocol::{Event, Failure, FailureKind, Task},
    session::{
        microphones::{MicrophoneEvent, Microphones},
        open_microphone::{LostMicrophone, MicrophoneSignal, OpenMicrophone},
    },
};

/// The microphone that is wanted, and the one there is.
#[derive(Debug)]
pub(super) struct MicrophoneControl {
    /// The way to the thread that asks the sound system.
    pub(super) requests: Microphones,
    pub(super) open: Option<OpenMicrophone>,
    /// The microphone that is gone, until another is open.
    pub(super) lost: Option<LostMicrophone>,
    /// It is to be opened again when a file that is delivered has ended.
    #[expect(
        clippy::option_option,
        reason = "none was asked for, the system's choice was, or this one"
    )]
    pub(super) wanted: Option<Option<String>>,
}

impl MicrophoneControl {
    pub(super) fn new(requests: Microphones) -> Self {
        Self {
            requests,
            open: None,
            lost: None,
            wanted: None,
        }
    }
}

impl From<MicrophoneError> for Failure {
    fn from(error: MicrophoneError) -> Self {
        Self::new(FailureKind::Device, error)
    }
}

impl SessionThread {
    pub(super) fn listen(&mut self, name: Option<String>) {
        self.microphones.wanted = Some(name.clone());
        self.microphones.lost = None;
        if self.takes.feed.is_none() {
            self.microphones.requests.open(name);
        }
    }

    pub(super) fn handle_microphones(&mut self, told: MicrophoneEvent) {
        match told {
            MicrophoneEvent::Names(names) => self.outbox.push(Event::Microphones(names)),
            MicrophoneEvent::Open { name, consumer } => {
                if self.microphones.wanted.is_none() || self.takes.feed.is_some() {
                    return;
                }
                let counters = Arc::clone(consumer.counters());
                self.listener.listen_to(consumer);
                self.microphones.open = Some(OpenMicrophone::new(name.clone(), counters, Instant::now()));
                if let Some(lost) = self.microphones.lost.take()
                    && self.recorded_take().is_some()
                {
                    self.outbox.push(Event::MicrophoneReplaced {
                        lost: lost.failure(None),
                        microphone: name.clone(),
                    });
                }
                self.outbox.push(Event::Listening { microphone: name });
            }
            MicrophoneEvent::Failed(error) => self.no_microphone(error),
            MicrophoneEvent::Problem(StreamProblem::Passing(message)) => log::warn!("{message}"),
            MicrophoneEvent::Problem(StreamProblem::Gone(message)) => self.lose_microphone(&message),
        }
    }

    /// The microphone is gone. The one that was asked for may be back at once, as after a restart of the sound system;
    /// otherwise the system's choice goes on, in the same take if there is one.
    fn lose_microphone(&mut self, why: &str) {
        // The system may tell of the same end twice.
        let Some(gone) = self.microphones.open.take() else {
            return;
        };
        let lost = LostMicrophone::new(gone.name, why.to_owned());
        self.fail(Task::Microphone, lost.failure(None));
        self.microphones.requests.find();
        self.microphones.lost = Some(lost);
        if let Some(asked) = self.microphones.wanted.clone() {
            self.microphones.requests.open(asked);
        }
    }

    /// None could be opened. After a loss it is looked for again and again: plugs and sound servers come back.
    fn no_microphone(&mut self, error: MicrophoneError) {
        let asked_by_name = matches!(self.microphones.wanted, Some(Some(_)));
        let Some(lost) = &mut self.microphones.lost else {
            return self.fail(Task::Microphone, error);
        };
        if asked_by_name && !lost.any {
            lost.any = true;
            return self.microphones.requests.open(None);
        }
        lost.any = false;
        lost.next = Some(Instant::now() + LostMicrophone::AGAIN);
        // That there is no other does not hide that the one was lost, and that what it heard is kept.
        if !std::mem::replace(&mut lost.told_alone, true) {
            let failure = lost.failure(Some(error.to_string()));
            self.fail(Task::Microphone, failure);
        }
    }

    pub(super) fn watch_microphone(&mut self) {
        if self.microphones.requests.leave_if_stuck() {
            // What was open is held by the thread that was left: it goes on until another takes its place.
            if self.microphones.open.is_some() {
                self.lose_microphone("the sound system does not answer.");
            } else if self.microphones.wanted.is_some() && self.takes.feed.is_none() {
                self.no_microphone(MicrophoneError::Silent);
            }
        }
        let now = Instant::now();
        if let Some(lost) = &mut self.microphones.lost
            && let Some(asked) = &self.microphones.wanted
            && lost.next.is_some_and(|next| now >= next)
        {
            lost.next = None;
            self.microphones.requests.open(asked.clone());
        }
        let level = self.listener.meter().level();
        let Some(open) = &mut self.microphones.open else { return };
        let microphone = open.name.clone();
        match open.look(now, level) {
            Some(MicrophoneSignal::Heard) => self.outbox.push(Event::Heard { microphone }),
            Some(MicrophoneSignal::Unheard) => self.outbox.push(Event::Unheard { microphone }),
            Some(MicrophoneSignal::Stalled) => self.lose_microphone("no sound comes from it any more."),
            None => {}
        }
    }

    /// Tells the level where it has visibly changed. During a take whoever listens looks at it anyway.
    pub(super) fn watch_level(&mut self) {
        let in_take = self.recorded_take().is_some();
        let level = self.listener.meter().level();
        let Some(open) = self.microphones.open.as_mut().filter(|_| !in_take) else {
            return;
        };
        if let Some((step, speech)) = open.shown(Instant::now(), level) {
            self.outbox.push(Event::Level { step, speech });
        }
    }
}
