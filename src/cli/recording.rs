//! Opens the recording that a command was given: a file, a pipe, or standard input.

use std::{
    path::Path,
    sync::mpsc::{Receiver, RecvTimeoutError, sync_channel},
    time::Duration,
};

use super::CommandError;
use crate::sound_file::{SoundFile, SoundFileError};

/// How often a signal is looked for while a pipe is silent.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// Opens it, `-` being standard input. It may wait for whoever writes a pipe, so that it has a thread of its own, which ends
/// with the process when a signal comes first.
pub(super) fn open(path: &Path, stopped: &Receiver<()>) -> Result<SoundFile, CommandError> {
    let (sender, opened) = sync_channel(1);
    let path = path.to_owned();
    std::thread::Builder::new()
        .name("recording".to_owned())
        .spawn(move || drop(sender.send(open_now(&path))))
        .map_err(|error| CommandError::Failed(format!("Could not start a thread: {error}. Close other programs.")))?;
    loop {
        match opened.recv_timeout(POLL_INTERVAL) {
            Ok(sound) => return Ok(sound?),
            Err(RecvTimeoutError::Timeout) if stopped.try_recv().is_err() => {}
            Err(RecvTimeoutError::Timeout) => return Err(super::live::interrupted()),
            Err(RecvTimeoutError::Disconnected) => {
                return Err(CommandError::Failed(
                    "Could not read the recording because of a bug in Aloud. Please report it.".to_owned(),
                ));
            }
        }
    }
}

fn open_now(path: &Path) -> Result<SoundFile, SoundFileError> {
    if path.as_os_str() == "-" {
        SoundFile::from_stdin()
    } else {
        SoundFile::open(path)
    }
}
