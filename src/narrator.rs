//! Reads a text aloud with the operating system's own speech, through the program that the system has for it. Knows no
//! question and no window, waits for nothing, and starts nothing but these programs.

use std::{
    path::PathBuf,
    process::{Child, Command, Stdio},
};

/// A program that reads aloud.
#[derive(Debug)]
struct Voice {
    program: &'static str,
    /// What it is started with; the text follows.
    arguments: &'static [&'static str],
    /// How it is told to fall silent, where ending it is not enough.
    silence: &'static [&'static str],
}

/// The likeliest first: on Linux the one that follows what the person has set up for speech.
#[cfg(all(unix, not(target_os = "macos")))]
const VOICES: &[Voice] = &[
    Voice {
        program: "spd-say",
        arguments: &["--wait", "--language", "en", "--"],
        // Speech Dispatcher goes on by itself.
        silence: &["--cancel"],
    },
    Voice {
        program: "espeak-ng",
        arguments: &["-v", "en", "--"],
        silence: &[],
    },
    Voice {
        program: "espeak",
        arguments: &["-v", "en", "--"],
        silence: &[],
    },
];
#[cfg(target_os = "macos")]
const VOICES: &[Voice] = &[Voice {
    program: "say",
    arguments: &["--"],
    silence: &[],
}];
/// The text comes in the environment, and is never a part of the script.
#[cfg(windows)]
const VOICES: &[Voice] = &[Voice {
    program: "powershell.exe",
    arguments: &[
        "-NoProfile",
        "-NonInteractive",
        "-Command",
        "Add-Type -AssemblyName System.Speech; (New-Object System.Speech.Synthesis.SpeechSynthesizer).Speak($env:ALOUD_READS)",
    ],
    silence: &[],
}];
#[cfg(not(any(unix, windows)))]
const VOICES: &[Voice] = &[];

#[derive(Debug, thiserror::Error)]
#[error("{program} failed to read the question aloud. The text is on screen; check the system's speech settings.")]
pub struct NarratorError {
    program: &'static str,
}

/// Whoever reads aloud here. Dropping it ends what is being read.
#[derive(Debug, Default)]
pub struct Narrator {
    /// The programs that are here, the one to ask first before the others.
    voices: Vec<(PathBuf, &'static Voice)>,
    utterance: Option<Utterance>,
    /// Programs that have been told to end and are still to be let go.
    ending: Vec<Child>,
}

#[derive(Debug)]
struct Utterance {
    child: Child,
    text: String,
    /// Voices that have failed over this text.
    failed: usize,
}

impl Narrator {
    /// Looks for this system's programs. Nothing is started.
    pub fn find() -> Self {
        let path = std::env::var_os("PATH").unwrap_or_default();
        Self::in_folders(std::env::split_paths(&path))
    }

    fn in_folders(folders: impl IntoIterator<Item = PathBuf>) -> Self {
        // A folder that is named from where one stands (".", or an empty entry) may hold anybody's programs.
        let folders: Vec<PathBuf> = folders.into_iter().filter(|folder| folder.is_absolute()).collect();
        let find = |voice: &'static Voice| {
            let mut paths = folders.iter().map(|folder| folder.join(voice.program));
            Some((paths.find(|path| path.is_file())?, voice))
        };
        Self {
            voices: VOICES.iter().filter_map(find).collect(),
            utterance: None,
            ending: Vec::new(),
        }
    }

    /// Whether anything here can read aloud.
    pub fn is_here(&self) -> bool {
        !self.voices.is_empty()
    }

    pub fn is_reading(&self) -> bool {
        self.utterance.is_some()
    }

    /// Begins to read; what was being read before ends.
    pub fn read(&mut self, text: &str) -> Result<(), NarratorError> {
        self.stop();
        self.read_after(text.to_owned(), 0)
    }

    /// Reads with the first voice, where this many have failed over this text already. One that fails goes behind the
    /// others, and is asked again when all of them have: sound servers and speech services come back.
    fn read_after(&mut self, text: String, mut failed: usize) -> Result<(), NarratorError> {
        let mut program = VOICES.first().map_or("This system", |voice| voice.program);
        while failed < self.voices.len() {
            let (path, voice) = &self.voices[0];
            let mut command = quiet(path);
            command.args(voice.arguments);
            if cfg!(windows) {
                command.env("ALOUD_READS", &text);
            } else {
                command.arg(&text);
            }
            match command.spawn() {
                Ok(child) => {
                    self.utterance = Some(Utterance { child, text, failed });
                    return Ok(());
                }
                Err(error) => {
                    log::warn!("{} could not be started: {error}", path.display());
                    program = voice.program;
                    self.voices.rotate_left(1);
                    failed += 1;
                }
            }
        }
        Err(NarratorError { program })
    }

    /// Ends what is being read. Says whether anything was.
    pub fn stop(&mut self) -> bool {
        let Some(mut utterance) = self.utterance.take() else {
            return false;
        };
        // It fails only where it has ended by itself.
        let _ = utterance.child.kill();
        self.ending.push(utterance.child);
        if let Some((path, voice)) = self.voices.first()
            && !voice.silence.is_empty()
        {
            match quiet(path).args(voice.silence).spawn() {
                Ok(child) => self.ending.push(child),
                Err(error) => log::warn!("{} could not be started: {error}", path.display()),
            }
        }
        true
    }

    /// Looks whether the reading has ended, and how: nothing while it goes on, or where there is none. A program that
    /// fails makes way for the next one.
    pub fn ended(&mut self) -> Option<Result<(), NarratorError>> {
        self.ending.retain_mut(|child| matches!(child.try_wait(), Ok(None)));
        let status = match self.utterance.as_mut()?.child.try_wait() {
            Ok(None) => return None,
            Ok(Some(status)) => status.success(),
            Err(_) => false,
        };
        let utterance = self.utterance.take()?;
        let Some((_, voice)) = self.voices.first().filter(|_| !status) else {
            return Some(Ok(()));
        };
        let program = voice.program;
        log::warn!("{program} failed to read aloud");
        self.voices.rotate_left(1);
        let next = self.read_after(utterance.text, utterance.failed + 1);
        next.err().map(|_| Err(NarratorError { program }))
    }
}

impl Drop for Narrator {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A program that shows nothing and asks nothing.
fn quiet(path: &PathBuf) -> Command {
    let mut command = Command::new(path);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    #[cfg(windows)]
    {
        use std::os::windows::process::CommandExt as _;
        const CREATE_NO_WINDOW: u32 = 0x0800_0000;
        command.creation_flags(CREATE_NO_WINDOW);
    }
    command
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::{
        fs,
        path::Path,
        time::{Duration, Instant},
    };

    use super::*;

    /// A folder of programs, each a shell script.
    fn programs(scripts: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, script) in scripts {
            let text = folder.path().join(format!("{name}.sh"));
            fs::write(&text, format!("#!/bin/sh\n{script}\n")).unwrap();
            // Another process writes the program. If this one did, a process that another test starts meanwhile could
            // inherit the file while it is open for writing, and the system would not execute it ("text file busy").
            let mut install = Command::new("install");
            install.args(["-m", "755"]).arg(&text).arg(folder.path().join(name));
            assert!(install.status().unwrap().success());
        }
        folder
    }

    fn narrator(folder: &Path) -> Narrator {
        Narrator::in_folders([folder.to_owned()])
    }

    fn wait<T>(mut look: impl FnMut() -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(found) = look() {
                return found;
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "it never came");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    #[test]
    fn a_text_is_given_whole_whatever_it_begins_with() {
        let folder = programs(&[("espeak-ng", "printf '%s|' \"$@\" > \"$0.said\"")]);
        let mut narrator = narrator(folder.path());
        assert!(narrator.is_here());
        narrator.read("--What's a \"SIEM\"; $(date)?").unwrap();
        wait(|| narrator.ended()).unwrap();
        let said = fs::read_to_string(folder.path().join("espeak-ng.said")).unwrap();
        assert_eq!(said, "-v|en|--|--What's a \"SIEM\"; $(date)?|");
        assert!(!narrator.is_reading());
    }

    #[test]
    fn where_no_program_is_there_nothing_reads() {
        let folder = programs(&[]);
        let mut narrator = narrator(folder.path());
        assert!(!narrator.is_here());
        assert!(narrator.read("Hello?").is_err());
        assert!(narrator.ended().is_none());
    }

    #[test]
    fn a_reading_is_ended_and_speech_dispatcher_is_told_to_be_silent() {
        let script = "if [ \"$1\" = --cancel ]; then touch \"$0.silent\"; else touch \"$0.began\"; exec sleep 60; fi";
        let folder = programs(&[("spd-say", script)]);
        let mut narrator = narrator(folder.path());
        narrator.read("Tell me about yourself.").unwrap();
        let is_there = |name: &str| folder.path().join(name).exists().then_some(());
        wait(|| is_there("spd-say.began"));
        let begun = Instant::now();
        assert!(narrator.stop());
        assert!(begun.elapsed() < Duration::from_secs(1), "who stops it does not wait");
        assert!(!narrator.is_reading() && !narrator.stop());
        wait(|| is_there("spd-say.silent"));
        // What was ended is let go.
        wait(|| {
            narrator.ended();
            narrator.ending.is_empty().then_some(())
        });
    }

    #[test]
    fn a_program_that_fails_makes_way_for_the_next_and_the_last_one_is_told() {
        let folder = programs(&[("spd-say", "exit 1"), ("espeak-ng", "touch \"$0.read\"")]);
        let mut narrator = narrator(folder.path());
        narrator.read("Why this job?").unwrap();
        wait(|| narrator.ended()).unwrap();
        assert!(folder.path().join("espeak-ng.read").exists());

        let folder = programs(&[("spd-say", "exit 1")]);
        let mut narrator = self::narrator(folder.path());
        narrator.read("Why this job?").unwrap();
        let error = wait(|| narrator.ended()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "spd-say failed to read the question aloud. The text is on screen; check the system's speech settings."
        );
        // It may work the next time: the person can ask again.
        assert!(narrator.is_here());
        fs::write(folder.path().join("spd-say"), "#!/bin/sh\ntouch \"$0.read\"\n").unwrap();
        narrator.read("Why this job?").unwrap();
        wait(|| narrator.ended()).unwrap();
        assert!(folder.path().join("spd-say.read").exists());
    }

    #[test]
    fn programs_of_the_current_folder_are_never_started() {
        let found = Narrator::in_folders(["", ".", "tests", "../bin"].map(PathBuf::from));
        assert!(!found.is_here());
        let folder = programs(&[("espeak-ng", "exit 0")]);
        let here = std::path::absolute(folder.path()).unwrap();
        let relative = Path::new("..").join(here.strip_prefix("/").unwrap());
        assert!(!Narrator::in_folders([relative]).is_here());
        assert!(Narrator::in_folders([here]).is_here());
    }

    #[test]
    fn a_reading_ends_with_whoever_asked_for_it() {
        let folder = programs(&[("espeak-ng", "echo $$ > \"$0.id\"; exec sleep 60")]);
        let mut narrator = narrator(folder.path());
        narrator.read("Why this job?").unwrap();
        let id = wait(|| {
            let id = fs::read_to_string(folder.path().join("espeak-ng.id")).ok()?;
            id.trim().parse::<u32>().ok()
        });
        drop(narrator);
        // It is gone, or gone but for its last entry in the system's table.
        wait(|| {
            let state = fs::read_to_string(format!("/proc/{id}/stat"));
            state.map_or(true, |state| state.contains(") Z ")).then_some(())
        });
    }
}
