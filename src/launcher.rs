//! The program that a package puts on the path. The package holds Aloud several times, once for each level of processor,
//! and this one, built for any of them, runs the best that fits: on a processor that is too old there is a sentence to read
//! and no illegal instruction. It uses nothing but the standard library, so that `scripts/package` can build it by itself.

use std::{
    env,
    ffi::OsString,
    fmt,
    io::{self, Write},
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

/// What a processor must have to run one of the builds.
struct ProcessorLevel {
    name: &'static str,
    needs: &'static [Feature],
}

/// A set of instructions by its usual name, and whether this processor has it and the system lets it be used.
type Feature = (&'static str, fn() -> bool);

/// `is_x86_feature_detected` asks CPUID, and for the wide registers XCR0 too: whether the system saves them.
#[cfg(target_arch = "x86_64")]
macro_rules! features {
    ($($name:tt)*) => { &[$(($name, || std::arch::is_x86_feature_detected!($name))),*] };
}

/// From the least to the best. Each needs what those before it need.
#[cfg(target_arch = "x86_64")]
const LEVELS: [ProcessorLevel; 3] = [
    ProcessorLevel {
        name: "x86-64-v2",
        needs: features!("cmpxchg16b" "popcnt" "sse3" "sse4.1" "sse4.2" "ssse3"),
    },
    ProcessorLevel {
        name: "x86-64-v3",
        needs: features!("avx" "avx2" "bmi1" "bmi2" "f16c" "fma" "lzcnt" "movbe"),
    },
    ProcessorLevel {
        name: "x86-64-v4",
        needs: features!("avx512f" "avx512bw" "avx512cd" "avx512dq" "avx512vl"),
    },
];

#[cfg(target_arch = "aarch64")]
macro_rules! features {
    ($($name:tt)*) => { &[$(($name, || std::arch::is_aarch64_feature_detected!($name))),*] };
}

#[cfg(target_arch = "aarch64")]
const LEVELS: [ProcessorLevel; 2] = [
    ProcessorLevel {
        name: "armv8-a",
        needs: features!("neon"),
    },
    ProcessorLevel {
        name: "armv8.2-a",
        needs: features!("dotprod" "fp16"),
    },
];

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
const LEVELS: [ProcessorLevel; 1] = [ProcessorLevel {
    name: env::consts::ARCH,
    needs: &[],
}];

/// Why nothing was started.
enum LaunchError {
    /// What this processor lacks for the least of the builds.
    Processor(Vec<&'static str>),
    /// None of the builds that fit is in these folders.
    NoBuild(Vec<PathBuf>),
    Start(PathBuf, io::Error),
}

impl fmt::Display for LaunchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Processor(lacks) => write!(
                f,
                "Aloud needs a processor of the level {} (Intel from about 2009, AMD from 2011). This one lacks {}.",
                LEVELS[0].name,
                lacks.join(", ")
            ),
            Self::NoBuild(folders) => {
                let folders: Vec<String> = folders.iter().map(|folder| folder.display().to_string()).collect();
                write!(
                    f,
                    "Aloud is not complete: no program for this processor in {}. Install it again.",
                    folders.join(" or ")
                )
            }
            Self::Start(program, error) => write!(
                f,
                "Could not start {}: {error}. Install Aloud again.",
                program.display()
            ),
        }
    }
}

fn main() -> ExitCode {
    match launch() {
        Ok(status) => status,
        Err(error) => {
            // With standard error closed there is nobody to tell.
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn launch() -> Result<ExitCode, LaunchError> {
    let levels = fitting(&LEVELS).map_err(LaunchError::Processor)?;
    let folders = folders(env::current_exe().ok().as_deref());
    let program = best(&levels, &folders, Path::is_file).ok_or(LaunchError::NoBuild(folders))?;
    run(&program, env::args_os().skip(1).collect())
}

/// The levels that this processor reaches, from the least to the best; what it lacks if it does not even reach the least.
fn fitting(levels: &[ProcessorLevel]) -> Result<Vec<&'static str>, Vec<&'static str>> {
    let lacks = |level: &ProcessorLevel| -> Vec<&'static str> {
        let missing = level.needs.iter().filter(|(_, has)| !has());
        missing.map(|(name, _)| *name).collect()
    };
    let reached: Vec<&'static str> = levels
        .iter()
        .take_while(|level| lacks(level).is_empty())
        .map(|level| level.name)
        .collect();
    match levels.first() {
        Some(least) if reached.is_empty() => Err(lacks(least)),
        _ => Ok(reached),
    }
}

/// Where the builds lie: beside this program in the portable folder, below `/usr/lib` where it was installed.
fn folders(launcher: Option<&Path>) -> Vec<PathBuf> {
    let folder = launcher.and_then(Path::parent).unwrap_or(Path::new(""));
    vec![folder.join("lib"), folder.join("../lib/aloud")]
}

/// The best build that is there.
fn best(levels: &[&str], folders: &[PathBuf], is_there: impl Fn(&Path) -> bool) -> Option<PathBuf> {
    let suffix = env::consts::EXE_SUFFIX;
    let programs = levels.iter().rev().flat_map(|level| {
        let name = format!("aloud-{level}{suffix}");
        folders.iter().map(move |folder| folder.join(&name))
    });
    programs.into_iter().find(|program| is_there(program))
}

/// Takes this program's place in the process; returns only if that failed.
#[cfg(unix)]
fn run(program: &Path, arguments: Vec<OsString>) -> Result<ExitCode, LaunchError> {
    let error = std::os::unix::process::CommandExt::exec(Command::new(program).args(arguments));
    Err(LaunchError::Start(program.to_owned(), error))
}

#[cfg(not(unix))]
fn run(program: &Path, arguments: Vec<OsString>) -> Result<ExitCode, LaunchError> {
    let status = Command::new(program).args(arguments).status();
    let status = status.map_err(|error| LaunchError::Start(program.to_owned(), error))?;
    Ok(ExitCode::from(u8::try_from(status.code().unwrap_or(1)).unwrap_or(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(name: &'static str, needs: &'static [Feature]) -> ProcessorLevel {
        ProcessorLevel { name, needs }
    }

    #[test]
    fn a_level_counts_only_if_all_below_it_do() {
        let old = level("old", &[("one", || true), ("two", || true)]);
        let newer = level("newer", &[("three", || true), ("four", || false), ("five", || false)]);
        let newest = level("newest", &[("six", || true)]);
        assert_eq!(fitting(&[old, newer, newest]), Ok(vec!["old"]));
        let newer = level("newer", &[("three", || true), ("four", || false), ("five", || false)]);
        assert_eq!(fitting(&[newer]), Err(vec!["four", "five"]));
        assert!(
            fitting(&LEVELS).is_ok(),
            "the machine that runs the tests was built for"
        );
    }

    #[test]
    fn the_best_build_that_is_there_runs() {
        let folders = folders(Some(Path::new("/media/stick/aloud/aloud")));
        let there = |names: &'static [&'static str]| {
            move |path: &Path| {
                names
                    .iter()
                    .any(|name| path == Path::new(&format!("{name}{}", env::consts::EXE_SUFFIX)))
            }
        };
        let levels = ["v2", "v3"];
        let (v2, v3) = ("/media/stick/aloud/lib/aloud-v2", "/media/stick/aloud/lib/aloud-v3");
        assert_eq!(best(&levels, &folders, there(&[])), None);
        for (is_there, expected) in [
            (
                there(&["/media/stick/aloud/lib/aloud-v2", "/media/stick/aloud/lib/aloud-v3"]),
                v3,
            ),
            (there(&["/media/stick/aloud/lib/aloud-v2"]), v2),
            (
                there(&["/media/stick/aloud/lib/aloud-v2", "/media/stick/aloud/lib/aloud-v4"]),
                v2,
            ),
        ] {
            let expected = format!("{expected}{}", env::consts::EXE_SUFFIX);
            assert_eq!(best(&levels, &folders, is_there), Some(PathBuf::from(expected)));
        }
        let installed = self::folders(Some(Path::new("/usr/bin/aloud")));
        let there = |path: &Path| path == Path::new("/usr/bin/../lib/aloud/aloud-v3");
        assert_eq!(
            best(&levels, &installed, there),
            Some(PathBuf::from("/usr/bin/../lib/aloud/aloud-v3"))
        );
    }

    #[test]
    fn what_is_missing_is_told() {
        let message = LaunchError::Processor(vec!["sse4.2", "popcnt"]).to_string();
        assert!(message.ends_with("This one lacks sse4.2, popcnt."), "{message}");
        let message = LaunchError::NoBuild(folders(Some(Path::new("/a/aloud")))).to_string();
        assert!(message.contains("/a/lib or /a/../lib/aloud"), "{message}");
    }
}
