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
    listener::ring::SampleConsumer,
    microphone::{self, Microphone, MicrophoneError, StreamProblem},
};

/// What it tells the session.
#[derive(Debug)]
pub(super) enum MicrophoneEvent {
    Names(Vec<String>),
    Open { name: String, consumer: SampleConsumer },
    Failed(MicrophoneError),
    Problem(StreamProblem),
}

/// How long the system may take to answer. A question of the system's own ("May Aloud use the microphone?") may stand for
/// longer: then the answer is not waited for, and the microphone can be opened once it is given.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(12);

/// The thread's handle. Dropping it closes the microphone; it is not waited for, since the system may never answer.
#[derive(Debug)]
pub(super) struct Microphones {
    session: Arc<Mailbox>,
    requests: Arc<RequestSlot>,
    _thread: JoinHandle<()>,
}

/// What is wanted of the thread. Only the latest counts: while the system takes its time, a microphone that nobody wants
/// any more is not opened, and however often something is asked for, nothing is lost and nothing piles up.
#[derive(Debug, Default)]
struct RequestSlot {
    requests: Mutex<PendingRequests>,
    arrived: Condvar,
}

#[derive(Debug, Default)]
struct PendingRequests {
    find: bool,
    microphone: Option<MicrophoneRequest>,
    over: bool,
    /// Since when the system has been asked something that it has not answered.
    asked: Option<Instant>,
}

#[derive(Debug)]
enum MicrophoneRequest {
    /// By its name, or the system's choice.
    Open(Option<String>),
    Closed,
}

/// What the thread does next.
enum NextRequest {
    Find,
    Microphone(MicrophoneRequest),
}

impl RequestSlot {
    fn pending(&self, change: impl FnOnce(&mut PendingRequests)) {
        change(&mut self.lock());
        self.arrived.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, PendingRequests> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a wish; nothing once the session is over.
    fn next(&self) -> Option<NextRequest> {
        let mut pending = self.lock();
        pending.asked = None;
        loop {
            if pending.over {
                return None;
            }
            let next = match pending.microphone.take() {
                Some(wanted) => Some(NextRequest::Microphone(wanted)),
                None => std::mem::take(&mut pending.find).then_some(NextRequest::Find),
            };
            if next.is_some() {
                pending.asked = Some(Instant::now());
                return next;
            }
            pending = self.arrived.wait(pending).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Microphones {
    pub(super) fn start(session: &Arc<Mailbox>) -> std::io::Result<Self> {
        let requests = Arc::new(RequestSlot::default());
        let thread = {
            let (requests, session) = (Arc::clone(&requests), Arc::clone(session));
            thread::Builder::new()
                .name("microphones".to_owned())
                .spawn(move || run(&requests, &session))?
        };
        Ok(Self {
            session: Arc::clone(session),
            requests,
            _thread: thread,
        })
    }

    /// Leaves a thread to itself whose question the system does not answer, and begins a new one. Says whether it did.
    pub(super) fn leave_if_stuck(&mut self) -> bool {
        let asked = self.requests.lock().asked;
        if asked.is_none_or(|asked| asked.elapsed() < ANSWER_TIMEOUT) {
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
        self.requests.pending(|pending| pending.find = true);
    }

    pub(super) fn open(&self, name: Option<String>) {
        self.requests
            .pending(|pending| pending.microphone = Some(MicrophoneRequest::Open(name)));
    }

    pub(super) fn close(&self) {
        self.requests
            .pending(|pending| pending.microphone = Some(MicrophoneRequest::Closed));
    }
}

impl Drop for Microphones {
    fn drop(&mut self) {
        self.requests.pending(|pending| pending.over = true);
    }
}

fn run(requests: &RequestSlot, session: &Arc<Mailbox>) {
    // Kept open until another takes its place.
    let mut open: Option<Microphone> = None;
    while let Some(next) = requests.next() {
        // The drivers of sound cards are other people's: one that fails badly must not end the search for another.
        let done = catch_unwind(AssertUnwindSafe(|| handle_request(next, &mut open, session)));
        let event = done.unwrap_or_else(|_| {
            open = None;
            Some(MicrophoneEvent::Failed(MicrophoneError::Died))
        });
        if let Some(event) = event
            && !requests.lock().over
        {
            session.message(Message::Microphones(event));
        }
    }
}

fn handle_request(next: NextRequest, open: &mut Option<Microphone>, session: &Arc<Mailbox>) -> Option<MicrophoneEvent> {
    let event = match next {
        NextRequest::Microphone(MicrophoneRequest::Closed) => {
            *open = None;
            return None;
        }
        NextRequest::Find => match microphone::names() {
            Ok(names) => MicrophoneEvent::Names(names),
            Err(error) => MicrophoneEvent::Failed(error),
        },
        NextRequest::Microphone(MicrophoneRequest::Open(name)) => {
            drop(open.take());
            let session = Arc::clone(session);
            // Called by the sound system, which must not wait: the mailbox never makes it.
            let on_trouble = move |error| session.message(Message::Microphones(MicrophoneEvent::Problem(error)));
            match microphone::open(name.as_deref(), on_trouble) {
                Ok((microphone, consumer)) => {
                    let name = microphone.name.clone();
                    *open = Some(microphone);
                    MicrophoneEvent::Open { name, consumer }
                }
                Err(error) => MicrophoneEvent::Failed(error),
            }
        }
    };
    Some(event)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_latest_wish_counts_and_none_is_lost() {
        let requests = RequestSlot::default();
        for number in 0..1000 {
            requests.pending(|pending| pending.find = true);
            requests.pending(|pending| pending.microphone = Some(MicrophoneRequest::Open(Some(number.to_string()))));
        }
        assert!(
            matches!(requests.next(), Some(NextRequest::Microphone(MicrophoneRequest::Open(Some(name)))) if name == "999")
        );
        assert!(matches!(requests.next(), Some(NextRequest::Find)));
        requests.pending(|pending| pending.over = true);
        assert!(requests.next().is_none());
    }
}
