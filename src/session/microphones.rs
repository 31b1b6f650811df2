//! The thread that talks to the sound system about microphones. It has a thread of its own since the system may take
//! its time, or never answer: a permission question that nobody sees, a server that hangs.

use std::{
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread::{self, JoinHandle},
};

use super::run::Message;
use crate::{
    listener::ring::Outlet,
    microphone::{self, Microphone, MicrophoneError, Trouble},
};

/// What the thread is asked.
#[derive(Debug)]
enum Ask {
    Find,
    Open(Option<String>),
    Close,
}

/// What it tells the session.
#[derive(Debug)]
pub(super) enum Told {
    Names(Vec<String>),
    Open { name: String, outlet: Outlet },
    Failed(MicrophoneError),
    Trouble(Trouble),
}

/// The thread's handle. Dropping it closes the microphone; it is not waited for, since the system may never answer.
#[derive(Debug)]
pub(super) struct Microphones {
    asks: SyncSender<Ask>,
    _thread: JoinHandle<()>,
}

impl Microphones {
    pub(super) fn start(session: SyncSender<Message>) -> std::io::Result<Self> {
        let (asks, inbox) = sync_channel(16);
        let thread = thread::Builder::new()
            .name("microphones".to_owned())
            .spawn(move || run(&inbox, &session))?;
        Ok(Self { asks, _thread: thread })
    }

    pub(super) fn find(&self) {
        self.ask(Ask::Find);
    }

    pub(super) fn open(&self, name: Option<String>) {
        self.ask(Ask::Open(name));
    }

    pub(super) fn close(&self) {
        self.ask(Ask::Close);
    }

    fn ask(&self, ask: Ask) {
        if self.asks.try_send(ask).is_err() {
            log::warn!("The sound system does not answer.");
        }
    }
}

fn run(inbox: &Receiver<Ask>, session: &SyncSender<Message>) {
    // Kept open until another takes its place.
    let mut open: Option<Microphone> = None;
    while let Ok(ask) = inbox.recv() {
        let told = match ask {
            Ask::Close => {
                open = None;
                continue;
            }
            Ask::Find => match microphone::names() {
                Ok(names) => Told::Names(names),
                Err(error) => Told::Failed(error),
            },
            Ask::Open(name) => {
                drop(open.take());
                let session = session.clone();
                let on_trouble = move |trouble| {
                    // Called by the sound system, which must not wait. A full inbox holds a trouble already.
                    let _ = session.try_send(Message::Microphones(Told::Trouble(trouble)));
                };
                match microphone::open(name.as_deref(), on_trouble) {
                    Ok((microphone, outlet)) => {
                        let name = microphone.name.clone();
                        open = Some(microphone);
                        Told::Open { name, outlet }
                    }
                    Err(error) => Told::Failed(error),
                }
            }
        };
        if session.send(Message::Microphones(told)).is_err() {
            return;
        }
    }
}
