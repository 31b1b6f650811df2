//! One window for a folder: a second start asks the open window to come forward, over a local socket that only the
//! same user can reach. Knows no window and no file of the user's; who has the folder is the lock's to say
//! ([`crate::store::WindowLock`]).

use std::{
    fmt,
    io::{self, Read, Write},
    path::{Path, PathBuf},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use interprocess::{
    ConnectWaitMode,
    local_socket::{
        ConnectOptions, GenericFilePath, Listener, ListenerOptions, Name, Stream, ToFsName as _, prelude::*,
    },
};

/// The one message, and what is answered: that the window has come forward, or that it does not react. Both answers
/// are of one length. A connection that is closed without an answer belongs to a window that is being closed.
const RAISE: &[u8] = b"raise\n";
const RAISED: &[u8; 7] = b"raised\n";
const SILENT: &[u8; 7] = b"silent\n";

/// How long a program that has connected may take to send its message. Real ones send it at once.
const MESSAGE_TIMEOUT: Duration = Duration::from_millis(500);
/// How long the window may take to come forward. A second start waits a little longer for it.
const WINDOW_TIMEOUT: Duration = Duration::from_millis(1800);
/// A window that is still being opened comes forward by itself.
const OPENING: Duration = Duration::from_secs(10);
/// Named pipes know no timeouts: both ends of a connection look again after this time.
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// A second start wants the window to come forward.
#[derive(Debug)]
pub struct RaiseRequest {
    done: SyncSender<()>,
}

impl RaiseRequest {
    /// The window has come forward, as far as that is its own to do.
    pub fn done(self) {
        // Who has stopped waiting needs no answer.
        let _ = self.done.try_send(());
    }
}

/// Called from the listener's thread when there is a request.
type WakeFn = Box<dyn Fn() + Send + Sync>;

/// What second starts ask for, for the window's thread to look at.
pub struct RaiseRequests {
    requests: Receiver<RaiseRequest>,
    wake: Arc<OnceLock<WakeFn>>,
}

impl fmt::Debug for RaiseRequests {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("RaiseRequests").finish_non_exhaustive()
    }
}

impl RaiseRequests {
    /// From now on there is a window to come forward, which looks at the requests when it is woken.
    pub fn wake_with(&self, wake: impl Fn() + Send + Sync + 'static) {
        // The first window is the one that stays.
        let _ = self.wake.set(Box::new(wake));
    }

    /// The next request; never waits.
    pub fn next(&self) -> Option<RaiseRequest> {
        self.requests.try_recv().ok()
    }
}

/// Listens for second starts until it is dropped. To be dropped before the folder's lock: the name of the socket goes
/// with it, and may be the next window's as soon as the lock is free.
#[derive(Debug)]
pub struct RaiseListener {
    socket: PathBuf,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// Begins to listen for second starts with this folder. Whoever calls has the folder's lock, so a socket that is there
/// already was left behind by a window that crashed, and is replaced.
pub fn listen(folder: &Path) -> io::Result<(RaiseListener, RaiseRequests)> {
    let socket = socket(folder);
    let listener = bind(&socket)?;
    let (sender, requests) = sync_channel(4);
    let wake = Arc::new(OnceLock::new());
    let stop = Arc::new(AtomicBool::new(false));
    let server = RaiseServer {
        listener,
        requests: sender,
        wake: Arc::clone(&wake),
        stop: Arc::clone(&stop),
        since: Instant::now(),
    };
    let thread = thread::Builder::new()
        .name("second starts".to_owned())
        .spawn(move || server.run())?;
    let listener = RaiseListener {
        socket,
        stop,
        thread: Some(thread),
    };
    Ok((listener, RaiseRequests { requests, wake }))
}

impl Drop for RaiseListener {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        // It waits in the system for a connection: this is one. Without it the thread ends with the process.
        if connect(&self.socket, MESSAGE_TIMEOUT).is_ok()
            && let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!("The thread that listens for second starts ended in a panic.");
        }
    }
}

struct RaiseServer {
    listener: Listener,
    requests: SyncSender<RaiseRequest>,
    wake: Arc<OnceLock<WakeFn>>,
    stop: Arc<AtomicBool>,
    since: Instant,
}

impl RaiseServer {
    fn run(self) {
        /// After an error that may stay, such as too many open files.
        const PAUSE: Duration = Duration::from_secs(1);
        while !self.stop.load(Ordering::Acquire) {
            match self.listener.accept() {
                Ok(stream) if !self.stop.load(Ordering::Acquire) => self.answer(stream),
                Ok(_) => {}
                Err(error) => {
                    log::warn!("A second start could not be heard: {error}");
                    thread::sleep(PAUSE);
                }
            }
        }
    }

    /// Answers one program. Anything but the one message is ignored, and so is what comes after it.
    fn answer(&self, mut stream: Stream) {
        let deadline = Instant::now() + MESSAGE_TIMEOUT;
        let mut message = [0; RAISE.len()];
        if stream.set_nonblocking(true).is_err()
            || read_exact(&mut stream, &mut message, deadline).is_err()
            || message != RAISE
        {
            return;
        }
        if let Some(answer) = self.raise() {
            // Who asked may have gone.
            let _ = write_all(&mut stream, answer, Instant::now() + MESSAGE_TIMEOUT);
        }
    }

    /// What to answer, if there still is a window to speak for.
    fn raise(&self) -> Option<&'static [u8]> {
        let Some(wake) = self.wake.get() else {
            let opening = self.since.elapsed() < OPENING;
            return Some(if opening { RAISED } else { SILENT });
        };
        let (done, answer) = sync_channel(1);
        match self.requests.try_send(RaiseRequest { done }) {
            Ok(()) => wake(),
            // It has not looked at those before.
            Err(TrySendError::Full(_)) => return Some(SILENT),
            Err(TrySendError::Disconnected(_)) => return None,
        }
        match answer.recv_timeout(WINDOW_TIMEOUT) {
            Ok(()) => Some(RAISED),
            Err(RecvTimeoutError::Timeout) => Some(SILENT),
            Err(RecvTimeoutError::Disconnected) => None,
        }
    }
}

/// What became of the wish that the open window come forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Raised {
    /// It has come forward.
    Yes,
    /// Nobody listens: it has just ended, has not begun to listen, or cannot.
    NobodyListens,
    /// It hangs, as far as can be known.
    NoAnswer,
}

/// Asks the window that has this folder to come forward; waits so long for its answer.
pub fn raise(folder: &Path, patience: Duration) -> Raised {
    let deadline = Instant::now() + patience;
    let mut stream = match connect(&socket(folder), patience) {
        Ok(stream) => stream,
        // A socket whose queue is full belongs to a window that has not looked at it for long.
        Err(error) if matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock) => {
            return Raised::NoAnswer;
        }
        Err(_) => return Raised::NobodyListens,
    };
    let mut answer = [0; RAISED.len()];
    let asked = write_all(&mut stream, RAISE, deadline);
    match asked.and_then(|()| read_exact(&mut stream, &mut answer, deadline)) {
        Ok(()) if answer == *RAISED => Raised::Yes,
        Ok(()) => Raised::NoAnswer,
        Err(error) if error.kind() == io::ErrorKind::TimedOut => Raised::NoAnswer,
        Err(_) => Raised::NobodyListens,
    }
}

fn connect(socket: &Path, patience: Duration) -> io::Result<Stream> {
    ConnectOptions::new()
        .name(name(socket)?)
        .wait_mode(ConnectWaitMode::Timeout(patience))
        .nonblocking_stream(true)
        .connect_sync()
}

fn bind(socket: &Path) -> io::Result<Listener> {
    let options = |name| ListenerOptions::new().name(name).try_overwrite(true);
    #[cfg(unix)]
    {
        use interprocess::os::unix::local_socket::ListenerOptionsExt as _;
        let private = options(name(socket)?).mode(0o600).create_sync();
        // Some systems know no permissions of a socket; there the folder's own keep others out.
        match private {
            Err(error) if error.kind() == io::ErrorKind::Unsupported => {}
            other => return other,
        }
    }
    options(name(socket)?).create_sync()
}

fn name(socket: &Path) -> io::Result<Name<'_>> {
    socket.to_fs_name::<GenericFilePath>()
}

/// Where the open window of a folder listens.
#[cfg(not(windows))]
fn socket(folder: &Path) -> PathBuf {
    folder.join(".window-socket")
}

/// Named pipes have one flat folder for the whole machine. Only who has made one can write into it.
#[cfg(windows)]
fn socket(folder: &Path) -> PathBuf {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    // FNV-1a: the same in every version of Aloud.
    let hash = folder
        .to_string_lossy()
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    PathBuf::from(format!(r"\\.\pipe\aloud-{hash:016x}"))
}

fn read_exact(stream: &mut Stream, bytes: &mut [u8], deadline: Instant) -> io::Result<()> {
    let mut filled = 0;
    while filled < bytes.len() {
        match retry(deadline, || stream.read(&mut bytes[filled..]))? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            count => filled += count,
        }
    }
    Ok(())
}

fn write_all(stream: &mut Stream, bytes: &[u8], deadline: Instant) -> io::Result<()> {
    let mut written = 0;
    while written < bytes.len() {
        match retry(deadline, || stream.write(&bytes[written..]))? {
            0 => return Err(io::ErrorKind::WriteZero.into()),
            count => written += count,
        }
    }
    Ok(())
}

/// Does something that would have to wait again, until the deadline.
fn retry(deadline: Instant, mut act: impl FnMut() -> io::Result<usize>) -> io::Result<usize> {
    loop {
        match act() {
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {
                if Instant::now() >= deadline {
                    return Err(io::ErrorKind::TimedOut.into());
                }
                thread::sleep(POLL_INTERVAL);
            }
            done => return done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(20);

    /// A window that does what a second start asks for, and counts how often.
    fn window(requests: RaiseRequests) -> Receiver<usize> {
        let (woken, wakes) = sync_channel(16);
        let (told, counts) = sync_channel(16);
        requests.wake_with(move || {
            let _ = woken.send(());
        });
        thread::Builder::new()
            .name("window".to_owned())
            .spawn(move || {
                for (count, ()) in wakes.into_iter().enumerate() {
                    requests.next().unwrap().done();
                    told.send(count + 1).unwrap();
                }
            })
            .unwrap();
        counts
    }

    #[test]
    fn a_second_start_brings_the_open_window_forward() {
        let folder = tempfile::tempdir().unwrap();
        let (_listener, requests) = listen(folder.path()).unwrap();
        let counts = window(requests);
        for count in 1..=3 {
            assert_eq!(raise(folder.path(), PATIENCE), Raised::Yes);
            assert_eq!(counts.recv_timeout(PATIENCE), Ok(count));
        }
    }

    #[test]
    fn a_window_that_is_being_opened_comes_forward_by_itself() {
        let folder = tempfile::tempdir().unwrap();
        let (_listener, requests) = listen(folder.path()).unwrap();
        assert_eq!(raise(folder.path(), PATIENCE), Raised::Yes);
        assert!(requests.next().is_none());
    }

    #[test]
    fn a_window_that_does_not_react_is_told_from_one_that_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(raise(folder.path(), PATIENCE), Raised::NobodyListens, "there was none");
        let (listener, requests) = listen(folder.path()).unwrap();
        requests.wake_with(|| {});
        assert_eq!(raise(folder.path(), PATIENCE), Raised::NoAnswer, "the listener says so");
        assert_eq!(
            raise(folder.path(), Duration::from_millis(50)),
            Raised::NoAnswer,
            "the second start waits no longer"
        );
        drop(requests);
        assert_eq!(
            raise(folder.path(), PATIENCE),
            Raised::NobodyListens,
            "the window closes"
        );
        drop(listener);
        assert_eq!(raise(folder.path(), PATIENCE), Raised::NobodyListens, "it is gone");
    }

    #[test]
    fn nothing_but_the_message_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let (_listener, requests) = listen(folder.path()).unwrap();
        let counts = window(requests);
        let long = vec![b'x'; 1 << 20];
        let open = ["", "raise", "RAISE\n", "\0\0\0\0\0\0"].map(str::as_bytes);
        for message in open.into_iter().chain([&long[..]]) {
            let mut stream = connect(&socket(folder.path()), PATIENCE).unwrap();
            // The listener closes before it has read all of a long one.
            let _ = write_all(&mut stream, message, Instant::now() + PATIENCE);
            let answered = read_exact(&mut stream, &mut [0], Instant::now() + PATIENCE);
            assert!(answered.is_err(), "{message:?} is answered");
            assert_ne!(
                answered.unwrap_err().kind(),
                io::ErrorKind::TimedOut,
                "the listener lets go of it"
            );
        }
        assert!(counts.try_recv().is_err());
        assert_eq!(raise(folder.path(), PATIENCE), Raised::Yes, "it listens on");
    }

    #[cfg(unix)]
    #[test]
    fn the_socket_is_private_replaced_after_a_crash_and_gone_after_the_window() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = socket(folder.path());
        // As a process that was killed leaves it.
        let mut left = bind(&path).unwrap();
        left.do_not_reclaim_name_on_drop();
        drop(left);
        assert!(path.exists());
        assert_eq!(raise(folder.path(), PATIENCE), Raised::NobodyListens);
        let (listener, requests) = listen(folder.path()).unwrap();
        let _counts = window(requests);
        assert_eq!(raise(folder.path(), PATIENCE), Raised::Yes);
        if cfg!(target_os = "linux") {
            assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
        drop(listener);
        assert!(!path.exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_whose_path_is_too_long_for_a_socket_is_an_error_and_no_panic() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("d".repeat(200));
        std::fs::create_dir(&deep).unwrap();
        assert!(listen(&deep).is_err());
        assert_eq!(raise(&deep, PATIENCE), Raised::NobodyListens);
    }
}
