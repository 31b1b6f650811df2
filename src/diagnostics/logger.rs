//! Log lines: on standard error with `ALOUD_LOG=1`, and in a file of the last runs for the window and for a recording.
//!
//! Aloud's own lines hold none of the user's words: `tests/it/diagnostics.rs` has every one of them in a table. A library's
//! line is written down only where it is a literal of its source; of any other, level and place are. The thread that logs
//! never waits for the disk: lines go through a bounded queue to a thread of their own, and what finds no place in it is
//! counted.

use std::{
    fmt::Write as _,
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

use log::{LevelFilter, Log, Metadata, Record};

use super::{now, open_to_append, redact, system};

/// What the file holds at most; the one before it holds as much again.
const MOST_BYTES: u64 = 512 * 1024;
/// What a line holds at most.
const MOST_LETTERS: usize = 1000;
/// Lines that wait for the disk.
const QUEUE: usize = 256;
/// Lines that are written at once: less than a file holds, however long they are.
const AT_ONCE: usize = 64;
pub(super) const WRITER: &str = "log writer";

static LOGGER: Logger = Logger {
    to_stderr: AtomicBool::new(false),
    file: OnceLock::new(),
};

/// Where lines go. One for the whole process.
struct Logger {
    to_stderr: AtomicBool,
    file: OnceLock<LogFile>,
}

/// Begins to log: warnings and errors, on standard error where the variable `ALOUD_LOG` is set.
pub fn install() {
    redact::look_up();
    let asked = std::env::var_os("ALOUD_LOG").is_some();
    LOGGER.to_stderr.store(asked, Ordering::Relaxed);
    log::set_max_level(LevelFilter::Warn);
    if log::set_logger(&LOGGER).is_err() {
        // There is one already, and that is as good.
    }
}

/// Whether messages are wanted on standard error, as they are.
pub(super) fn is_on_stderr() -> bool {
    LOGGER.to_stderr.load(Ordering::Relaxed)
}

/// From now on lines go to the file of this data folder too. `run` says what runs.
pub fn write_to_folder(folder: &Path, run: &str) {
    let path = folder.join(crate::store::LOG_FILE);
    match LogFile::start(path, folder.join(crate::store::OLD_LOG_FILE)) {
        Ok(file) => {
            file.push(format!("{} {}, {run}", now("%Y-%m-%d %H:%M:%SZ"), system()));
            // A second one is not for this process.
            let _ = LOGGER.file.set(file);
        }
        Err(error) => log::warn!("No log is written: {error}"),
    }
}

/// Waits until every line so far is in the file, but no longer than this.
pub fn flush(patience: Duration) {
    if let Some(file) = LOGGER.file.get() {
        file.flush(patience);
    }
}

impl Log for Logger {
    fn enabled(&self, about: &Metadata<'_>) -> bool {
        // The speech library calls it an error when it is stopped before its encoder, which is how it is used here.
        let wanted = about.level() <= LevelFilter::Warn && !about.target().starts_with("whisper_rs");
        wanted && (is_on_stderr() || self.file.get().is_some())
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        if is_on_stderr() {
            let (level, target) = (record.level(), record.target());
            // With standard error closed there is nobody to tell.
            let _ = writeln!(io::stderr(), "{level} {target}: {}", record.args());
        }
        if let Some(file) = self.file.get() {
            file.push(line(record));
        }
    }

    fn flush(&self) {}
}

/// A record as it stands in the file.
fn line(record: &Record<'_>) -> String {
    let target = record.target();
    let mut line = format!("{} {} {target}: ", now("%Y-%m-%d %H:%M:%SZ"), record.level());
    let own = target.split("::").next() == Some("aloud");
    match record.args().as_str() {
        Some(literal) => line.push_str(literal),
        None if own => line.push_str(&one_line(&redact::redact(&record.args().to_string()))),
        None => {
            let (file, at) = (record.file().unwrap_or("?"), record.line().unwrap_or(0));
            // Writing to a text does not fail.
            let _ = write!(line, "(left out) {}:{at}", redact::redact(file));
        }
    }
    line
}

/// A text without line breaks, and of bounded length.
fn one_line(text: &str) -> String {
    let letters = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter });
    let mut line: String = letters.take(MOST_LETTERS).collect();
    if text.chars().nth(MOST_LETTERS).is_some() {
        line.push('…');
    }
    line
}

enum LogEntry {
    Line(String),
    Flush(SyncSender<()>),
}

/// The way to the thread that writes the file.
struct LogFile {
    queue: SyncSender<LogEntry>,
    /// Lines that found no place in the queue, or none on the disk.
    dropped: Arc<AtomicU64>,
}

impl LogFile {
    /// Starts the thread. The file is made with the first line. The thread ends with the process: it may be waiting for
    /// a disk that never answers.
    fn start(path: PathBuf, old: PathBuf) -> io::Result<Self> {
        let (queue, entries) = sync_channel(QUEUE);
        let dropped = Arc::new(AtomicU64::new(0));
        let writer = LogWriter {
            path,
            old,
            most_bytes: MOST_BYTES,
            dropped: Arc::clone(&dropped),
        };
        thread::Builder::new()
            .name(WRITER.to_owned())
            .spawn(move || writer.run(&entries))?;
        Ok(Self { queue, dropped })
    }

    fn push(&self, line: String) {
        if self.queue.try_send(LogEntry::Line(line)).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn flush(&self, patience: Duration) {
        const PAUSE: Duration = Duration::from_millis(5);
        let deadline = Instant::now() + patience;
        let (done, written) = sync_channel(1);
        let mut entry = LogEntry::Flush(done);
        while let Err(error) = self.queue.try_send(entry) {
            match error {
                TrySendError::Full(back) if Instant::now() < deadline => entry = back,
                TrySendError::Full(_) | TrySendError::Disconnected(_) => return,
            }
            thread::sleep(PAUSE);
        }
        // What is not written by now is let go.
        let _ = written.recv_timeout(deadline.saturating_duration_since(Instant::now()));
    }
}

struct LogWriter {
    path: PathBuf,
    old: PathBuf,
    most_bytes: u64,
    dropped: Arc<AtomicU64>,
}

impl LogWriter {
    fn run(&self, entries: &Receiver<LogEntry>) {
        while let Ok(first) = entries.recv() {
            let (mut lines, mut count) = (String::new(), 0);
            let mut waiting = Vec::new();
            for entry in std::iter::once(first).chain(entries.try_iter().take(AT_ONCE - 1)) {
                match entry {
                    LogEntry::Line(line) => {
                        lines.push_str(&line);
                        lines.push('\n');
                        count += 1;
                    }
                    LogEntry::Flush(done) => waiting.push(done),
                }
            }
            self.write(&mut lines, count);
            for done in waiting {
                // Who has stopped waiting needs no answer.
                let _ = done.try_send(());
            }
        }
    }

    /// Nobody can be told of an error here; the next lines that can be written say how many are missing.
    fn write(&self, lines: &mut String, count: u64) {
        if lines.is_empty() {
            return;
        }
        let dropped = self.dropped.swap(0, Ordering::Relaxed);
        if dropped > 0 {
            // Writing to a text does not fail.
            let _ = writeln!(lines, "{dropped} lines before this one could not be written");
        }
        if self.append(lines).is_err() {
            self.dropped.fetch_add(dropped + count, Ordering::Relaxed);
        }
    }

    /// The file is opened each time: it may have been deleted, and nobody finds it open who wants to.
    fn append(&self, lines: &str) -> io::Result<()> {
        let length = fs::metadata(&self.path).map_or(0, |found| found.len());
        if length > 0 && length + lines.len() as u64 > self.most_bytes {
            fs::rename(&self.path, &self.old)?;
        }
        open_to_append(&self.path)?.write_all(lines.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn writer(folder: &Path, most_bytes: u64) -> LogWriter {
        LogWriter {
            path: folder.join("log.txt"),
            old: folder.join("log.old.txt"),
            most_bytes,
            dropped: Arc::default(),
        }
    }

    fn record<'a>(target: &'a str, args: std::fmt::Arguments<'a>) -> Record<'a> {
        let mut record = Record::builder();
        record.level(log::Level::Warn).target(target).args(args);
        record.file(Some("src/lib.rs")).line(Some(7)).build()
    }

    #[test]
    fn a_librarys_line_is_written_down_only_where_it_is_a_literal() {
        let words = String::from("my weakness");
        let own = line(&record("aloud::store", format_args!("could not sync {words}")));
        assert!(
            own.ends_with("Z WARN aloud::store: could not sync my weakness"),
            "{own}"
        );
        let foreign = line(&record("egui::text", format_args!("cannot lay out {words}")));
        assert!(
            foreign.ends_with("WARN egui::text: (left out) src/lib.rs:7"),
            "{foreign}"
        );
        let literal = line(&record("egui::text", format_args!("no font was found")));
        assert!(literal.ends_with("WARN egui::text: no font was found"), "{literal}");
        // Its name only begins as Aloud's does.
        let alike = line(&record("aloud_else", format_args!("{words}")));
        assert!(alike.ends_with("(left out) src/lib.rs:7"), "{alike}");
    }

    #[test]
    fn a_line_is_one_line_of_bounded_length() {
        assert_eq!(one_line("a\nb\r\tc\u{1b}"), "a b  c ");
        let long = one_line(&"ü".repeat(5000));
        assert_eq!(long.chars().count(), MOST_LETTERS + 1);
    }

    #[test]
    fn the_file_is_private_and_bounded_and_the_one_before_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("new/data");
        let writer = writer(&place, 1000);
        for number in 0..100 {
            writer.write(&mut format!("line {number} {}\n", "x".repeat(90)), 1);
            let size = |path: &Path| fs::metadata(path).map_or(0, |found| found.len());
            assert!(size(&writer.path) <= 1000 && size(&writer.old) <= 1000);
        }
        let text = |path: &Path| fs::read_to_string(path).unwrap();
        assert!(text(&writer.path).contains("line 99 "));
        let first = text(&writer.path)
            .lines()
            .next()
            .unwrap()
            .split(' ')
            .nth(1)
            .unwrap()
            .to_owned();
        let before: u32 = first.parse::<u32>().unwrap() - 1;
        assert!(
            text(&writer.old).contains(&format!("line {before} ")),
            "nothing is missing between them"
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            for (path, mode) in [(&writer.path, 0o600), (&place, 0o700)] {
                assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, mode);
            }
        }
    }

    #[test]
    fn what_cannot_be_written_is_counted_and_told_once_it_can() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(folder.path(), 100_000);
        // A folder stands in the file's place.
        fs::create_dir(&writer.path).unwrap();
        writer.write(&mut "lost\nlost\n".to_owned(), 2);
        writer.write(&mut "lost\n".to_owned(), 1);
        fs::remove_dir(&writer.path).unwrap();
        writer.write(&mut "kept\n".to_owned(), 1);
        writer.write(&mut "kept\n".to_owned(), 1);
        assert_eq!(
            fs::read_to_string(&writer.path).unwrap(),
            "kept\n3 lines before this one could not be written\nkept\n"
        );
    }

    #[test]
    fn a_disk_that_hangs_holds_nobody_up() {
        let (queue, entries) = sync_channel(4);
        let file = LogFile {
            queue,
            dropped: Arc::default(),
        };
        for number in 0..10 {
            file.push(number.to_string());
        }
        assert_eq!(file.dropped.load(Ordering::Relaxed), 6);
        let begun = Instant::now();
        file.flush(Duration::from_millis(50));
        assert!(begun.elapsed() < Duration::from_secs(5), "it gives up");
        drop(entries);
        file.flush(Duration::from_mins(1));
        assert!(begun.elapsed() < Duration::from_secs(5), "nobody writes any more");
    }

    #[test]
    fn a_flush_returns_once_the_lines_are_in_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.txt");
        let file = LogFile::start(path.clone(), folder.path().join("log.old.txt")).unwrap();
        for number in 0..5 {
            file.push(format!("line {number}"));
        }
        file.flush(Duration::from_mins(1));
        assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 5);
        // Deleted is deleted, and later lines make it anew.
        fs::remove_file(&path).unwrap();
        file.push("after".to_owned());
        file.flush(Duration::from_mins(1));
        assert_eq!(fs::read_to_string(&path).unwrap(), "after\n");
    }
}
