//! A panic in any thread leaves a report: what failed, where, when, and in which version.
//!
//! The message of a panic may hold the user's words (`unwrap` shows the error's value, a slice its text), so it is never
//! written down. What is, is safe by its kind: a literal of the source code, which the runtime hands on as `&'static
//! str`; and of a formatted message only the name of the runtime's own check that it begins with, from the table below.
//! Of every other message nothing is kept but the place that it comes from. For the same reason the usual message on
//! standard error is replaced: a desktop keeps that in its journal.
//!
//! The hook does not panic, and does not wait for a disk for longer than [`PATIENCE`].

use std::{
    any::Any,
    backtrace::Backtrace,
    io::{self, Write as _},
    panic::{self, PanicHookInfo},
    path::Path,
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
        mpsc::sync_channel,
    },
    thread,
    time::Duration,
};

use super::{
    crashes::{self, ProcessKind},
    logger, now, redact, system,
};

/// How long a thread that panics waits until its report is written: it may be the last thing that the process does.
const PATIENCE: Duration = Duration::from_secs(1);
/// How many reports a run writes: a thread that panics again and again says nothing new.
const REPORTS: usize = 5;

/// How the runtime's own messages begin, where values follow.
const CHECKS: [&str; 16] = [
    "index out of bounds",
    "range start index",
    "range end index",
    "slice index starts at",
    "byte index",
    "start byte index",
    "end byte index",
    "begin <= end",
    "copy_from_slice",
    "called `Result::unwrap()` on an `Err` value",
    "called `Result::unwrap_err()` on an `Ok` value",
    "assertion `left == right` failed",
    "assertion `left != right` failed",
    "internal error: entered unreachable code",
    "not implemented",
    "already borrowed",
];

/// Where reports go, once it is known.
static DESTINATION: OnceLock<Destination> = OnceLock::new();
static NUMBER: AtomicUsize = AtomicUsize::new(0);

struct Destination {
    data: std::path::PathBuf,
    run: ProcessKind,
}

/// From now on the panics of all threads are reported. Once for the process, before it starts any thread.
pub fn install() {
    redact::look_up();
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        // Whoever asks for messages on standard error gets them whole.
        if logger::is_on_stderr() {
            usual(info);
        }
        report(info);
    }));
}

/// From now on reports are written into this data folder. Nothing is made there before there is one.
pub fn write_to_folder(data: &Path, run: ProcessKind) {
    // The first one stays: a process has one data folder.
    let _ = DESTINATION.set(Destination {
        data: data.to_owned(),
        run,
    });
}

/// What is known of a panic, safe to be written down.
struct PanicReport {
    what: String,
    place: String,
    thread: String,
}

impl PanicReport {
    fn of(info: &PanicHookInfo<'_>) -> Self {
        let place = info.location().map_or_else(
            || "unknown".to_owned(),
            |at| format!("{}:{}:{}", redact::redact(at.file()), at.line(), at.column()),
        );
        // Threads are named in the source code.
        let thread = thread::current().name().unwrap_or("unnamed").to_owned();
        Self {
            what: what(info.payload()),
            place,
            thread,
        }
    }

    fn head(&self, run: ProcessKind) -> String {
        format!(
            "A crash report of Aloud. It holds no sound and none of your words.\n\
            version: {}\nwhen: {}\nrun: {}\nthread: {}\nwhere: {}\nwhat: {}\n\n",
            system(),
            now("%Y-%m-%d %H:%M:%SZ"),
            run.name(),
            self.thread,
            self.place,
            self.what
        )
    }
}

/// What failed, in words that cannot be the user's.
fn what(payload: &(dyn Any + Send)) -> String {
    if let Some(literal) = payload.downcast_ref::<&'static str>() {
        return (*literal).to_owned();
    }
    let Some(message) = payload.downcast_ref::<String>() else {
        return "a value that is no text".to_owned();
    };
    let check = CHECKS.into_iter().find(|check| message.starts_with(check));
    check.map_or_else(
        || "a message with values, which is left out".to_owned(),
        |check| format!("{check} (values are left out)"),
    )
}

fn report(info: &PanicHookInfo<'_>) {
    let panic = PanicReport::of(info);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let destination = DESTINATION.get().filter(|_| number < REPORTS);
    let path = destination.map(|to| crashes::fresh(&to.data, number));
    log::error!(
        "The thread \"{}\" panicked at {}: {}",
        panic.thread,
        panic.place,
        panic.what
    );
    // The stack is this thread's; to find its names takes longest, and is done on the other one.
    let stack = destination.map(|_| Backtrace::force_capture());
    let is_writer = panic.thread == logger::WRITER;
    let write = move || {
        let written = match (&path, destination) {
            (Some(path), Some(to)) => {
                let stack = || redact::redact(&stack.map_or_else(String::new, |stack| stack.to_string()));
                crashes::write(path, &panic.head(to.run), stack)
            }
            (None, _) | (_, None) => Err(io::ErrorKind::NotFound.into()),
        };
        let PanicReport { place, thread, .. } = &panic;
        let failed = format!("A part of Aloud failed (the thread \"{thread}\" at {place}).");
        // With standard error closed there is nobody to tell.
        let _ = match (written, path) {
            (Ok(()), Some(path)) => writeln!(
                io::stderr(),
                "{failed} A report without any of your words lies in {}.",
                path.display()
            ),
            (Ok(()), None) | (Err(_), _) => writeln!(io::stderr(), "{failed}"),
        };
        if !is_writer {
            logger::flush(PATIENCE);
        }
    };
    aside(write);
}

/// Does it on another thread, and waits for it no longer than [`PATIENCE`]. Where there is no thread to be had, this one
/// does it.
fn aside(work: impl FnOnce() + Send + 'static) {
    let (given, taken) = sync_channel::<Box<dyn FnOnce() + Send>>(1);
    let (done, finished) = sync_channel(1);
    let spawned = thread::Builder::new().name("crash report".to_owned()).spawn(move || {
        if let Ok(work) = taken.recv() {
            work();
        }
        // Who has stopped waiting needs no answer.
        let _ = done.try_send(());
    });
    match spawned {
        Ok(_) => {
            if given.send(Box::new(work)).is_ok() {
                // What is not written by now is let go.
                let _ = finished.recv_timeout(PATIENCE);
            }
        }
        Err(_) => work(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What would be written down of this panic.
    fn told(panics: impl FnOnce() + Send + 'static) -> String {
        let ended = thread::Builder::new().spawn(panics).unwrap().join();
        what(&*ended.unwrap_err())
    }

    #[test]
    #[allow(
        unconditional_panic,
        clippy::unnecessary_literal_unwrap,
        reason = "they are to panic"
    )]
    fn of_a_message_nothing_is_kept_that_could_be_the_users() {
        let words = || String::from("my écran weakness is called `Result::unwrap()` on an `Err` value");
        let one = |panics: Box<dyn FnOnce() + Send>| told(panics);
        let told = [
            one(Box::new(move || panic!("the {} of it", words()))),
            one(Box::new(move || assert_eq!(words(), "", "compared with {}", words()))),
            one(Box::new(move || drop(words()[..4].to_owned()))),
            one(Box::new(move || Err::<(), _>(words()).unwrap())),
            one(Box::new(move || Err::<(), _>(words()).expect("it is there"))),
            one(Box::new(move || {
                let words = words();
                None::<()>.expect(&words);
            })),
            one(Box::new(move || unreachable!("{}", words()))),
            one(Box::new(move || panic::panic_any(words()))),
            one(Box::new(move || panic::panic_any(words().len()))),
        ];
        for told in &told {
            for word in ["my", "écran", "weakness"] {
                assert!(!told.contains(word), "{told}");
            }
        }
        assert_eq!(told[1], "assertion `left == right` failed (values are left out)");
        assert_eq!(
            told[3],
            "called `Result::unwrap()` on an `Err` value (values are left out)"
        );
        assert_eq!(told[5], "a message with values, which is left out");
    }

    #[test]
    #[allow(unconditional_panic, reason = "they are to panic")]
    fn a_literal_and_the_runtimes_own_checks_are_kept() {
        assert_eq!(told(|| panic!("the queue is gone")), "the queue is gone");
        let empty: Vec<u8> = Vec::new();
        assert_eq!(
            told(move || {
                let _ = empty[std::hint::black_box(7)];
            }),
            "index out of bounds (values are left out)"
        );
    }
}
