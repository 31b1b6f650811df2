//! SHA-256 of what is read or written, without holding it.

use std::{
    fs::File,
    io::Read as _,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use sha2::{Digest as _, Sha256};

use super::invalid_model::{FetchError, InvalidModel};

/// Bytes that are read, hashed and written at a time.
pub(super) const CHUNK: usize = 64 * 1024;

/// Lower-case hexadecimal, as catalogs and `sha256sum` write it.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
            write!(text, "{byte:02x}").expect("a String takes every write");
            text
        })
}

/// Size and SHA-256 of a whole file.
pub(super) fn of_file(path: &Path, cancel: &AtomicBool) -> Result<(u64, String), FetchError> {
    let mut file = File::open(path).map_err(InvalidModel::Unreadable)?;
    let mut hasher = Sha256::new();
    let mut chunk = vec![0; CHUNK];
    let mut bytes = 0;
    loop {
        if cancel.load(Ordering::Relaxed) {
            return Err(FetchError::Cancelled);
        }
        let read = file.read(&mut chunk).map_err(InvalidModel::Unreadable)?;
        if read == 0 {
            return Ok((bytes, hex(&hasher.finalize())));
        }
        hasher.update(&chunk[..read]);
        bytes += read as u64;
    }
}
