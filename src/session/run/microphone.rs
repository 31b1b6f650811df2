//! The microphone of the session: opened, watched, lost, found again.

use std::{sync::Arc, time::Instant};

use super::SessionThread;
use crate::{
    microphone::{MicrophoneError, Trouble},
    protocol::{Event, Failure, FailureKind, Task},
    session::{
        microphones,
        open_microphone::{LostMicrophone, OpenMicrophone, Seen},
    },
};

impl From<MicrophoneError> for Failure {
    fn from(error: MicrophoneError) -> Self {
        Self::new(FailureKind::Device, error)
    }
}

impl SessionThread {
    pub(super) fn listen(&mut self, name: Option<String>) {
        self.asked_microphone = Some(name.clone());
        self.lost = None;
        if self.feed.is_none() {
            self.microphones.open(name);
        }
    }

    pub(super) fn handle_microphones(&mut self, told: microphones::Told) {
        match told {
            microphones::Told::Names(names) => self.outbox.push(Event::Microphones(names)),
            microphones::Told::Open { name, outlet } => {
                if self.asked_microphone.is_none() || self.feed.is_some() {
                    return;
                }
                let counters = Arc::clone(outlet.counters());
                self.listener.listen_to(outlet);
                self.microphone = Some(OpenMicrophone::new(name.clone(), counters, Instant::now()));
                if let Some(lost) = self.lost.take()
                    && self.recorded_take().is_some()
                {
                    self.outbox.push(Event::MicrophoneReplaced {
                        lost: lost.failure(None),
                        microphone: name.clone(),
                    });
                }
                self.outbox.push(Event::Listening { microphone: name });
            }
            microphones::Told::Failed(error) => self.no_microphone(error),
            microphones::Told::Trouble(Trouble::Passing(says)) => log::warn!("{says}"),
            microphones::Told::Trouble(Trouble::Gone(says)) => self.lose_microphone(&says),
        }
    }

    /// The microphone is gone. The one that was asked for may be back at once, as after a restart of the sound system;
    /// otherwise the system's choice goes on, in the same take if there is one.
    fn lose_microphone(&mut self, why: &str) {
        // The system may tell of the same end twice.
        let Some(gone) = self.microphone.take() else { return };
        let lost = LostMicrophone::new(gone.name, why.to_owned());
        self.fail(Task::Microphone, lost.failure(None));
        self.microphones.find();
        self.lost = Some(lost);
        if let Some(asked) = self.asked_microphone.clone() {
            self.microphones.open(asked);
        }
    }

    /// None could be opened. After a loss it is looked for again and again: plugs and sound servers come back.
    fn no_microphone(&mut self, error: MicrophoneError) {
        let asked_by_name = matches!(self.asked_microphone, Some(Some(_)));
        let Some(lost) = &mut self.lost else {
            return self.fail(Task::Microphone, error);
        };
        if asked_by_name && !lost.any {
            lost.any = true;
            return self.microphones.open(None);
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
        if self.microphones.leave_if_stuck() {
            // What was open is held by the thread that was left: it goes on until another takes its place.
            if self.microphone.is_some() {
                self.lose_microphone("the sound system does not answer.");
            } else if self.asked_microphone.is_some() && self.feed.is_none() {
                self.no_microphone(MicrophoneError::Silent);
            }
        }
        let now = Instant::now();
        if let Some(lost) = &mut self.lost
            && let Some(asked) = &self.asked_microphone
            && lost.next.is_some_and(|next| now >= next)
        {
            lost.next = None;
            self.microphones.open(asked.clone());
        }
        let level = self.listener.meter().level();
        let Some(open) = &mut self.microphone else { return };
        let microphone = open.name.clone();
        match open.look(now, level) {
            Some(Seen::Heard) => self.outbox.push(Event::Heard { microphone }),
            Some(Seen::Unheard) => self.outbox.push(Event::Unheard { microphone }),
            Some(Seen::Stalled) => self.lose_microphone("no sound comes from it any more."),
            None => {}
        }
    }

    /// Tells the level where it has visibly changed. During a take whoever listens looks at it anyway.
    pub(super) fn watch_level(&mut self) {
        let in_take = self.recorded_take().is_some();
        let level = self.listener.meter().level();
        let Some(open) = self.microphone.as_mut().filter(|_| !in_take) else {
            return;
        };
        if let Some((step, speech)) = open.shown(Instant::now(), level) {
            self.outbox.push(Event::Level { step, speech });
        }
    }
}
