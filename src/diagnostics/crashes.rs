//! The reports of panics in the data folder: how many stay, which is the last one, and which the user has been told of.

use std::{
    fs::{self, File},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use super::{now, open_to_append, private};

/// How many reports stay. The oldest go first.
const KEPT: usize = 10;
/// What a report holds at most.
pub(super) const MOST_BYTES: usize = 32 * 1024;
/// The name of the newest report that the user has been told of.
const TOLD: &str = ".told";

/// The run that a panic came up in, as far as it tells what the user saw of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProcessKind {
    Window,
    Command,
}

impl ProcessKind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Window => "window",
            Self::Command => "command",
        }
    }
}

/// A report, as far as people are told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrashReport {
    pub path: PathBuf,
    /// Of the Aloud that wrote it, with the system.
    pub version: String,
    pub when: String,
    run: String,
    pub thread: String,
    pub place: String,
}

impl CrashReport {
    /// Whether Aloud itself ended with it: a thread may end, and Aloud goes on.
    pub fn ended_aloud(&self) -> bool {
        self.thread == "main"
    }

    /// Reads a report. What is no report, or half of one, is none.
    fn read(path: &Path) -> Option<Self> {
        const HEAD: u64 = 4096;
        let mut head = Vec::new();
        File::open(path).ok()?.take(HEAD).read_to_end(&mut head).ok()?;
        let head = String::from_utf8_lossy(&head);
        let field = |name: &str| {
            let mut values = head
                .lines()
                .filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            values.next().map(str::to_owned)
        };
        Some(Self {
            path: path.to_owned(),
            version: field("version")?,
            when: field("when")?,
            run: field("run")?,
            thread: field("thread")?,
            place: field("where")?,
        })
    }
}

/// Where the reports of a data folder lie.
pub(super) fn folder(data: &Path) -> PathBuf {
    data.join(crate::store::CRASH_FOLDER)
}

/// The newest report in a data folder.
pub fn last(data: &Path) -> Option<CrashReport> {
    let mut newest_first = names(&folder(data)).into_iter().rev();
    newest_first.find_map(|name| CrashReport::read(&folder(data).join(name)))
}

/// What to tell at the start of a window: a panic in an earlier one that nothing was said of yet. Says it once.
pub fn untold(data: &Path) -> Option<String> {
    let folder = folder(data);
    let told = fs::read_to_string(folder.join(TOLD)).unwrap_or_default();
    let fresh: Vec<String> = names(&folder).into_iter().filter(|name| *name > told).collect();
    let newest = fresh.last()?;
    if let Err(error) = mark_told(&folder.join(TOLD), newest) {
        log::warn!("That a crash was told of could not be written down: {error}");
    }
    let reports: Vec<CrashReport> = fresh
        .iter()
        .filter_map(|name| CrashReport::read(&folder.join(name)))
        .filter(|report| report.run == ProcessKind::Window.name())
        .collect();
    // The end of Aloud is what the user has seen of it.
    let told = reports
        .iter()
        .rev()
        .find(|report| report.ended_aloud())
        .or(reports.last())?;
    let what = if told.ended_aloud() {
        "Aloud ended unexpectedly last time."
    } else {
        "A part of Aloud failed last time, and the rest went on."
    };
    Some(format!(
        "{what} Your recordings are safe. A report without any of your words lies in {}.",
        told.path.display()
    ))
}

fn mark_told(path: &Path, name: &str) -> io::Result<()> {
    private()
        .create(true)
        .truncate(true)
        .open(path)?
        .write_all(name.as_bytes())
}

/// The names of the reports, oldest first.
fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let names = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names
        .filter(|name| name.starts_with("crash-") && name.strip_suffix(".txt").is_some())
        .collect();
    names.sort_unstable();
    names
}

/// A path for a new report, which sorts after those that there are.
pub(super) fn fresh(data: &Path, number: usize) -> PathBuf {
    let process = std::process::id();
    folder(data).join(format!("crash-{}-{process}-{number}.txt", now("%Y%m%dT%H%M%S%3fZ")))
}

/// Writes a report, in two steps: the rest may take longer than the process lives. Makes room for it first.
pub(super) fn write(path: &Path, head: &str, rest: impl FnOnce() -> String) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        let names = names(folder);
        for name in names.iter().take((names.len() + 1).saturating_sub(KEPT)) {
            // One that cannot be deleted is no reason not to write another.
            let _ = fs::remove_file(folder.join(name));
        }
    }
    let mut file = open_to_append(path)?;
    file.write_all(cut(head, MOST_BYTES).as_bytes())?;
    file.write_all(cut(&rest(), MOST_BYTES.saturating_sub(head.len())).as_bytes())
}

/// The beginning of a text, of so many bytes at most.
fn cut(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes the report of a panic in this run and thread. Gives its path.
    fn report(data: &Path, number: usize, run: ProcessKind, thread: &str) -> PathBuf {
        let path = folder(data).join(format!("crash-20261130T00573{number}000Z-1-{number}.txt"));
        let head = format!(
            "version: Aloud 1.2.3\nwhen: 2026-11-30\nrun: {}\nthread: {thread}\nwhere: a.rs:1\n",
            run.name()
        );
        write(&path, &head, String::new).unwrap();
        path
    }

    #[test]
    fn a_crash_of_the_window_is_told_once() {
        let data = tempfile::tempdir().unwrap();
        assert_eq!(untold(data.path()), None);
        assert_eq!(last(data.path()), None);
        let path = report(data.path(), 1, ProcessKind::Window, "main");
        assert_eq!(
            untold(data.path()).unwrap(),
            format!(
                "Aloud ended unexpectedly last time. Your recordings are safe. A report without any of your words lies in {}.",
                path.display()
            )
        );
        assert_eq!(untold(data.path()), None);
        // The next one is told again, and its end before what went wrong after it.
        let path = report(data.path(), 2, ProcessKind::Window, "main");
        report(data.path(), 3, ProcessKind::Window, "session");
        let told = untold(data.path()).unwrap();
        assert!(
            told.starts_with("Aloud ended") && told.contains(&path.display().to_string()),
            "{told}"
        );
        report(data.path(), 4, ProcessKind::Window, "ear 0");
        let told = untold(data.path()).unwrap();
        assert!(
            told.starts_with("A part of Aloud failed last time, and the rest went on."),
            "{told}"
        );
    }

    #[test]
    fn a_crash_of_a_command_was_seen_by_whoever_ran_it() {
        let data = tempfile::tempdir().unwrap();
        let path = report(data.path(), 1, ProcessKind::Command, "main");
        assert_eq!(untold(data.path()), None);
        assert_eq!(last(data.path()).unwrap().path, path);
    }

    #[test]
    fn what_is_no_report_is_passed_over() {
        let data = tempfile::tempdir().unwrap();
        let path = report(data.path(), 1, ProcessKind::Window, "main");
        fs::write(folder(data.path()).join("crash-9.txt"), b"\xff\x00 half").unwrap();
        fs::create_dir(folder(data.path()).join("crash-99.txt")).unwrap();
        fs::write(folder(data.path()).join("notes.txt"), "version: 1").unwrap();
        assert_eq!(last(data.path()).unwrap().path, path);
        assert!(untold(data.path()).unwrap().contains(&path.display().to_string()));
    }

    #[test]
    fn reports_are_private_and_bounded_in_size_and_number() {
        let data = tempfile::tempdir().unwrap();
        for number in 0..KEPT * 2 {
            let path = folder(data.path()).join(format!("crash-{number:02}.txt"));
            write(&path, "head\n", || "ü".repeat(MOST_BYTES)).unwrap();
            let found = fs::metadata(&path).unwrap();
            assert!(found.len() as usize <= MOST_BYTES, "{}", found.len());
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                assert_eq!(found.permissions().mode() & 0o777, 0o600);
            }
        }
        let names = names(&folder(data.path()));
        assert_eq!(names.len(), KEPT);
        assert_eq!(
            (names[0].as_str(), names[KEPT - 1].as_str()),
            ("crash-10.txt", "crash-19.txt")
        );
    }
}
