//! What reaches the session's thread. Nobody who sends waits, and nothing that is sent is dropped, so that a thread that
//! tells something can always be joined by the one that reads. Progress is no message but a latest value.
//!
//! Bounded by its senders: a person gives a handful of commands a second, and every other thread tells the outcome of
//! what it was asked. What may come often (words, progress) joins what still waits.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::run::Message;
use crate::{
    protocol::{Command, Progress},
    session::transcriber::TranscriberEvent,
};

#[derive(Debug, Default)]
pub(super) struct Mailbox {
    waiting: Mutex<Waiting>,
    arrived: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    commands: VecDeque<Command>,
    messages: VecDeque<Message>,
    /// How far the download of this model is.
    progress: Option<(String, Progress)>,
    /// Nobody gives commands any more.
    closed: bool,
    /// Nobody reads any more.
    abandoned: bool,
}

/// What was taken out.
#[derive(Debug)]
pub(super) enum Mail {
    Command(Command),
    Message(Message),
    /// The session is to end.
    Closed,
    /// Nothing has come in time.
    Nothing,
}

impl Mailbox {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // Every change is one push: a panic elsewhere leaves it whole.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leaves a command. Fails where the session's thread is gone.
    pub(super) fn command(&self, command: Command) -> Result<(), Command> {
        let mut waiting = self.lock();
        if waiting.abandoned {
            return Err(command);
        }
        waiting.commands.push_back(command);
        drop(waiting);
        self.arrived.notify_one();
        Ok(())
    }

    /// Leaves what another thread has to tell.
    pub(super) fn message(&self, message: Message) {
        let mut waiting = self.lock();
        if waiting.abandoned {
            return;
        }
        let message = match (waiting.messages.back_mut(), message) {
            (
                Some(Message::Transcriber(last, TranscriberEvent::TranscriptUpdate(update))),
                Message::Transcriber(number, TranscriberEvent::TranscriptUpdate(later)),
            ) if *last == number => return update.merge(later),
            (_, message) => message,
        };
        waiting.messages.push_back(message);
        drop(waiting);
        self.arrived.notify_one();
    }

    /// Notes how far a download is; the session's thread looks when it has time.
    pub(super) fn set_progress(&self, model: &str, progress: Progress) {
        self.lock().progress = Some((model.to_owned(), progress));
    }

    pub(super) fn take_progress(&self) -> Option<(String, Progress)> {
        self.lock().progress.take()
    }

    /// No more commands; what has come is still read.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.arrived.notify_one();
    }

    /// Nobody reads any more: what is told from now on is told to nobody.
    pub(super) fn abandon(&self) {
        let mut waiting = self.lock();
        waiting.abandoned = true;
        waiting.commands.clear();
        waiting.messages.clear();
    }

    /// The next thing that has come, commands first: what a person wants does not queue behind what machines tell.
    pub(super) fn next(&self, wait: Duration) -> Mail {
        let until = Instant::now() + wait;
        let mut waiting = self.lock();
        loop {
            if let Some(command) = waiting.commands.pop_front() {
                return Mail::Command(command);
            }
            if let Some(message) = waiting.messages.pop_front() {
                return Mail::Message(message);
            }
            if waiting.closed {
                return Mail::Closed;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Mail::Nothing;
            }
            waiting = self
                .arrived
                .wait_timeout(waiting, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Update;

    fn progress(done_bytes: u64) -> Progress {
        Progress {
            done_bytes,
            total_bytes: None,
        }
    }

    #[test]
    fn commands_are_never_dropped_however_much_else_is_told() {
        let mailbox = Mailbox::default();
        for step in 0..10_000 {
            mailbox.set_progress("tiny.en", progress(step));
            mailbox.message(Message::Transcriber(
                1,
                TranscriberEvent::TranscriptUpdate(Update::default()),
            ));
        }
        for _ in 0..1000 {
            mailbox.command(Command::Pause).unwrap();
        }
        mailbox.command(Command::Stop).unwrap();
        let mut commands = Vec::new();
        while let Mail::Command(command) = mailbox.next(Duration::ZERO) {
            commands.push(command);
        }
        assert_eq!((commands.len(), commands.last()), (1001, Some(&Command::Stop)));
        assert_eq!(mailbox.take_progress(), Some(("tiny.en".to_owned(), progress(9999))));
        assert_eq!(mailbox.take_progress(), None);
    }

    #[test]
    fn words_join_and_nothing_is_lost_of_them() {
        let mailbox = Mailbox::default();
        for word in ["one", "two", "three"] {
            let settled = vec![crate::transcript::Word::typed(word)];
            let update = Update {
                settled,
                tentative: format!("after {word}"),
                ..Update::default()
            };
            mailbox.message(Message::Transcriber(7, TranscriberEvent::TranscriptUpdate(update)));
        }
        let Mail::Message(Message::Transcriber(7, TranscriberEvent::TranscriptUpdate(update))) =
            mailbox.next(Duration::ZERO)
        else {
            panic!("an update was sent");
        };
        assert_eq!((update.settled.len(), update.tentative.as_str()), (3, "after three"));
        assert!(matches!(mailbox.next(Duration::ZERO), Mail::Nothing));
    }

    #[test]
    fn what_has_come_is_read_before_the_end() {
        let mailbox = Mailbox::default();
        mailbox.command(Command::Stop).unwrap();
        mailbox.close();
        assert!(matches!(mailbox.next(Duration::ZERO), Mail::Command(Command::Stop)));
        assert!(matches!(mailbox.next(Duration::ZERO), Mail::Closed));
        mailbox.abandon();
        assert!(mailbox.command(Command::Stop).is_err());
    }
}
