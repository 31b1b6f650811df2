//! What is left behind for whoever looks into a fault: log lines, and a report of each panic. Both lie in the data folder
//! and are for people to pass on, so nothing in them may be the user's: no speech, no text of an answer, a question or a
//! posting. [`logger`] and [`panics`] each say how that is made sure of. Nothing here may stop the program or make it wait
//! for a disk: what cannot be written is counted or let go.

use std::{
    fs::{File, OpenOptions},
    io,
    path::Path,
    time::SystemTime,
};

pub mod crashes;
mod error_chain;
pub mod logger;
pub mod panics;
mod redact;

pub use error_chain::error_chain;

/// The same for every file here: readable by its owner alone.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Opens a file to add to, and makes its folder where there is none.
fn open_to_append(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        crate::durable::make_folder(folder)?;
    }
    private().append(true).create(true).open(path)
}

/// The time, in letters that sort as time goes. A clock that is far off is no reason to panic.
fn now(format: &str) -> String {
    let now = jiff::Timestamp::try_from(SystemTime::now()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    jiff::fmt::strtime::format(format, now).unwrap_or_default()
}

/// The version and the system, as the first line of everything.
fn system() -> String {
    let session = ["WAYLAND_DISPLAY", "DISPLAY"]
        .into_iter()
        .find(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    let session = match session {
        Some("WAYLAND_DISPLAY") => ", Wayland",
        Some(_) => ", X11",
        None => "",
    };
    format!(
        "Aloud {}, {} {}{session}",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH
    )
}
