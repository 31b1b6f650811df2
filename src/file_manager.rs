//! Shows a file or a folder in the system's file manager, through the program that the system has for it. Knows nothing of
//! what it shows, and starts nothing but these programs. They may take seconds to answer: who calls is not the window.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// A program that opens a file manager.
struct Opener {
    program: &'static str,
    arguments: fn(&Path) -> Vec<String>,
    /// Whether its exit status says how it went.
    says_how: bool,
}

/// The first one that succeeds is enough: those that select the file come before the one that opens its folder.
#[cfg(all(unix, not(target_os = "macos")))]
const OPENERS: &[Opener] = &[
    Opener {
        program: "dbus-send",
        arguments: |path| {
            let mut arguments: Vec<String> = [
                "--session",
                "--print-reply",
                "--reply-timeout=4000",
                "--type=method_call",
                "--dest=org.freedesktop.FileManager1",
                "/org/freedesktop/FileManager1",
                "org.freedesktop.FileManager1.ShowItems",
            ]
            .map(str::to_owned)
            .to_vec();
            arguments.push(format!("array:string:{}", address(path)));
            arguments.push("string:".to_owned());
            arguments
        },
        says_how: true,
    },
    Opener {
        program: "gdbus",
        arguments: |path| {
            let mut arguments: Vec<String> = [
                "call",
                "--session",
                "--timeout=4",
                "--dest=org.freedesktop.FileManager1",
                "--object-path=/org/freedesktop/FileManager1",
                "--method=org.freedesktop.FileManager1.ShowItems",
            ]
            .map(str::to_owned)
            .to_vec();
            arguments.push(format!("['{}']", address(path)));
            arguments.push(String::new());
            arguments
        },
        says_how: true,
    },
    Opener {
        program: "xdg-open",
        arguments: |path| vec![folder_of(path).to_string_lossy().into_owned()],
        says_how: true,
    },
];
#[cfg(target_os = "macos")]
const OPENERS: &[Opener] = &[Opener {
    program: "open",
    arguments: |path| vec!["-R".to_owned(), path.to_string_lossy().into_owned()],
    says_how: true,
}];
#[cfg(windows)]
const OPENERS: &[Opener] = &[Opener {
    program: "explorer.exe",
    // No name of a file holds a quotation mark there.
    arguments: |path| vec![format!("/select,\"{}\"", path.display())],
    says_how: false,
}];
#[cfg(not(any(unix, windows)))]
const OPENERS: &[Opener] = &[];

/// Why nothing is shown.
#[derive(Debug, thiserror::Error)]
pub enum FileManagerError {
    #[error("{} is no longer there. It may have been moved or deleted.", .0.display())]
    Gone(PathBuf),
    #[error("No file manager could be opened. What you saved is {}.", .0.display())]
    NotOpened(PathBuf),
}

/// Opens the file manager with this selected, or with its folder where the system knows no more.
pub fn show(path: &Path) -> Result<(), FileManagerError> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    show_with(path, std::env::split_paths(&folders))
}

fn show_with(path: &Path, folders: impl IntoIterator<Item = PathBuf>) -> Result<(), FileManagerError> {
    if !path.exists() {
        return Err(FileManagerError::Gone(path.to_owned()));
    }
    // A folder that is named from where one stands may hold anybody's programs.
    let folders: Vec<PathBuf> = folders.into_iter().filter(|folder| folder.is_absolute()).collect();
    let shown = OPENERS.iter().any(|opener| {
        let mut programs = folders.iter().map(|folder| folder.join(opener.program));
        programs
            .find(|program| program.is_file())
            .is_some_and(|program| run(opener, &program, path))
    });
    if shown {
        Ok(())
    } else {
        Err(FileManagerError::NotOpened(path.to_owned()))
    }
}

fn run(opener: &Opener, program: &Path, path: &Path) -> bool {
    let mut command = Command::new(program);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    #[cfg(windows)]
    {
        use std::os::windows::process::CommandExt as _;
        // It reads its line by rules of its own.
        for argument in (opener.arguments)(path) {
            command.raw_arg(argument);
        }
    }
    #[cfg(not(windows))]
    command.args((opener.arguments)(path));
    match command.status() {
        Ok(status) => status.success() || !opener.says_how,
        Err(error) => {
            log::warn!("{} could not be started: {error}", program.display());
            false
        }
    }
}

/// The folder that a file lies in, or the folder itself.
#[cfg(all(unix, not(target_os = "macos")))]
fn folder_of(path: &Path) -> &Path {
    if path.is_dir() {
        path
    } else {
        path.parent().unwrap_or(path)
    }
}

/// The address of a file: whatever is not plain is written as its bytes.
#[cfg(all(unix, not(target_os = "macos")))]
fn address(path: &Path) -> String {
    use std::{fmt::Write as _, os::unix::ffi::OsStrExt as _};
    let mut address = "file://".to_owned();
    for byte in path.as_os_str().as_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(byte) {
            address.push(char::from(*byte));
        } else {
            let _ = write!(address, "%{byte:02X}");
        }
    }
    address
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::fs;

    use super::*;

    /// A folder of programs, each a shell script. Another process writes them, as for the narrator's tests.
    fn programs(scripts: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, script) in scripts {
            let text = folder.path().join(format!("{name}.sh"));
            fs::write(&text, format!("#!/bin/sh\n{script}\n")).unwrap();
            let mut install = Command::new("install");
            install.args(["-m", "755"]).arg(&text).arg(folder.path().join(name));
            assert!(install.status().unwrap().success());
        }
        folder
    }

    #[test]
    fn the_file_is_selected_where_a_file_manager_answers_and_else_its_folder_is_opened() {
        let says = "printf '%s|' \"$@\" > \"$0.said\"";
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("Söhne, 2 %.pdf");
        fs::write(&file, "x").unwrap();
        let folder = programs(&[("dbus-send", says), ("xdg-open", says)]);
        show_with(&file, [folder.path().to_owned()]).unwrap();
        let said = fs::read_to_string(folder.path().join("dbus-send.said")).unwrap();
        assert!(said.ends_with("S%C3%B6hne%2C%202%20%25.pdf|string:|"), "{said}");
        assert!(!folder.path().join("xdg-open.said").exists());

        let folder = programs(&[("dbus-send", "exit 1"), ("gdbus", "exit 1"), ("xdg-open", says)]);
        show_with(&file, [folder.path().to_owned()]).unwrap();
        let said = fs::read_to_string(folder.path().join("xdg-open.said")).unwrap();
        assert_eq!(said, format!("{}|", place.path().display()));
        show_with(place.path(), [folder.path().to_owned()]).unwrap();
        let said = fs::read_to_string(folder.path().join("xdg-open.said")).unwrap();
        assert_eq!(said, format!("{}|", place.path().display()));
    }

    #[test]
    fn who_cannot_be_shown_a_file_is_told_where_it_is() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("a.pdf");
        let gone = show_with(&file, []).unwrap_err().to_string();
        assert!(gone.contains("a.pdf is no longer there."), "{gone}");
        fs::write(&file, "x").unwrap();
        let folder = programs(&[("xdg-open", "exit 3")]);
        for folders in [vec![], vec![folder.path().to_owned()], vec![PathBuf::from(".")]] {
            let error = show_with(&file, folders).unwrap_err().to_string();
            assert!(
                error.starts_with("No file manager could be opened.") && error.contains("a.pdf"),
                "{error}"
            );
        }
    }
}
