//! The thread that talks to the sound system about microphones. It has a thread of its own since the system may take
//! its time, or never answer: a permission question that nobody sees, a server that hangs.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::{mailbox::Mailbox, run::Message};
use crate::{
    listener::ring::Outlet,
    microphone::{self, Microphone, MicrophoneError, Trouble},
};

/// What it tells the session.
#[derive(Debug)]
pub(super) enum Told {
    Names(Vec<String>),
    Open { name: String, outlet: Outlet },
    Failed(MicrophoneError),
    Trouble(Trouble),
}

/// How long the system may take to answer. A question of the system's own ("May Aloud use the microphone?") may stand for
/// longer: then the answer is not waited for, and the microphone can be opened once it is given.
const PATIENCE: Duration = Duration::from_secs(12);

/// The thread's handle. Dropping it closes the microphone; it is not waited for, since the system may never answer.
#[derive(Debug)]
pub(super) struct Microphones {
    session: Arc<Mailbox>,
    wishes: Arc<Wishes>,
    _thread: JoinHandle<()>,
}

/// What is wanted of the thread. Only the latest counts: while the system takes its time, a microphone that nobody wants
/// any more is not opened, and however often something is asked for, nothing is lost and nothing piles up.
#[derive(Debug, Default)]
struct Wishes {
    wishes: Mutex<Wish>,
    arrived: Condvar,
}

#[derive(Debug, Default)]
struct Wish {
    find: bool,
    microphone: Option<Wanted>,
    over: bool,
    /// Since when the system has been asked something that it has not answered.
    asked: Option<Instant>,
}

#[derive(Debug)]
enum Wanted {
    /// By its name, or the system's choice.
    Open(Option<String>),
    Closed,
}

/// What the thread does next.
enum Next {
    Find,
    Microphone(Wanted),
}

impl Wishes {
    fn wish(&self, change: impl FnOnce(&mut Wish)) {
        change(&mut self.lock());
        self.arrived.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, Wish> {
        self.wishes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a wish; nothing once the session is over.
    fn next(&self) -> Option<Next> {
        let mut wish = self.lock();
        wish.asked = None;
        loop {
            if wish.over {
                return None;
            }
            let next = match wish.microphone.take() {
                Some(wanted) => Some(Next::Microphone(wanted)),
                None => std::mem::take(&mut wish.find).then_some(Next::Find),
            };
            if next.is_some() {
                wish.asked = Some(Instant::now());
                return next;
            }
            wish = self.arrived.wait(wish).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Microphones {
    pub(super) fn start(session: &Arc<Mailbox>) -> std::io::Result<Self> {
        let wishes = Arc::new(Wishes::default());
        let thread = {
            let (wishes, session) = (Arc::clone(&wishes), Arc::clone(session));
            thread::Builder::new()
                .name("microphones".to_owned())
                .spawn(move || run(&wishes, &session))?
        };
        Ok(Self {
            session: Arc::clone(session),
            wishes,
            _thread: thread,
        })
    }

    /// Leaves a thread to itself whose question the system does not answer, and begins a new one. Says whether it did.
    pub(super) fn leave_if_stuck(&mut self) -> bool {
        let asked = self.wishes.lock().asked;
        if asked.is_none_or(|asked| asked.elapsed() < PATIENCE) {
            return false;
        }
        match Self::start(&Arc::clone(&self.session)) {
            // The old one ends as soon as it is answered; what it tells then is told to nobody.
            Ok(fresh) => *self = fresh,
            Err(error) => {
                log::error!("The sound system does not answer, and no other thread can ask it: {error}");
                return false;
            }
        }
        true
    }

    pub(super) fn find(&self) {
        self.wishes.wish(|wish| wish.find = true);
    }

    pub(super) fn open(&self, name: Option<String>) {
        self.wishes.wish(|wish| wish.microphone = Some(Wanted::Open(name)));
    }

    pub(super) fn close(&self) {
        self.wishes.wish(|wish| wish.microphone = Some(Wanted::Closed));
    }
}

impl Drop for Microphones {
    fn drop(&mut self) {
        self.wishes.wish(|wish| wish.over = true);
    }
}

fn run(wishes: &Wishes, session: &Arc<Mailbox>) {
    // Kept open until another takes its place.
    let mut open: Option<Microphone> = None;
    while let Some(next) = wishes.next() {
        // The drivers of sound cards are other people's: one that fails badly must not end the search for another.
        let done = catch_unwind(AssertUnwindSafe(|| carry_out(next, &mut open, session)));
        let told = done.unwrap_or_else(|_| {
            open = None;
            Some(Told::Failed(MicrophoneError::Died))
        });
        if let Some(told) = told
            && !wishes.lock().over
        {
            session.message(Message::Microphones(told));
        }
    }
}

fn carry_out(next: Next, open: &mut Option<Microphone>, session: &Arc<Mailbox>) -> Option<Told> {
    let told = match next {
        Next::Microphone(Wanted::Closed) => {
            *open = None;
            return None;
        }
        Next::Find => match microphone::names() {
            Ok(names) => Told::Names(names),
            Err(error) => Told::Failed(error),
        },
        Next::Microphone(Wanted::Open(name)) => {
            drop(open.take());
            let session = Arc::clone(session);
            // Called by the sound system, which must not wait: the mailbox never makes it.
            let on_trouble = move |trouble| session.message(Message::Microphones(Told::Trouble(trouble)));
            match microphone::open(name.as_deref(), on_trouble) {
                Ok((microphone, outlet)) => {
                    let name = microphone.name.clone();
                    *open = Some(microphone);
                    Told::Open { name, outlet }
                }
                Err(error) => Told::Failed(error),
            }
        }
    };
    Some(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_latest_wish_counts_and_none_is_lost() {
        let wishes = Wishes::default();
        for number in 0..1000 {
            wishes.wish(|wish| wish.find = true);
            wishes.wish(|wish| wish.microphone = Some(Wanted::Open(Some(number.to_string()))));
        }
        assert!(matches!(wishes.next(), Some(Next::Microphone(Wanted::Open(Some(name)))) if name == "999"));
        assert!(matches!(wishes.next(), Some(Next::Find)));
        wishes.wish(|wish| wish.over = true);
        assert!(wishes.next().is_none());
    }
}
