//! A mirror: another place with the published files, under the same names. Networks that do not let the usual address
//! through often have one. What comes from there is held to the same SHA-256.

use thiserror::Error;
use ureq::http::Uri;

/// Names a mirror, and wins over the one of the settings.
pub const MIRROR_VARIABLE: &str = "ALOUD_MODEL_MIRROR";

/// An address below which the files lie, each as `ggml-NAME.bin`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mirror {
    /// Ends with a slash.
    base: String,
}

#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum MirrorError {
    #[error(
        "The model mirror '{0}' is not an https address, and models are downloaded over https only. Give one that \
         begins with https://, or none."
    )]
    NotHttps(String),
    #[error(
        "The model mirror '{0}' is not an address of a folder. Give one such as https://models.example.org/whisper, or \
         none."
    )]
    NoFolder(String),
}

impl Mirror {
    pub fn parse(address: &str) -> Result<Self, MirrorError> {
        Self::parse_where(address, &|address| address.scheme_str() == Some("https"))
    }

    /// Tests allow a server of this machine too.
    pub(super) fn parse_where(address: &str, allows: &dyn Fn(&Uri) -> bool) -> Result<Self, MirrorError> {
        let address = address.trim();
        let no_folder = || MirrorError::NoFolder(without_password(address));
        let uri: Uri = address.parse().map_err(|_| no_folder())?;
        if uri.scheme().is_some() && !allows(&uri) {
            return Err(MirrorError::NotHttps(without_password(address)));
        }
        if uri.scheme().is_none() || uri.host().is_none_or(str::is_empty) || address.contains(['?', '#']) {
            return Err(no_folder());
        }
        Ok(Self {
            base: format!("{}/", address.trim_end_matches('/')),
        })
    }

    /// Where the file of this model lies.
    pub(super) fn url(&self, model: &str) -> String {
        format!("{}ggml-{model}.bin", self.base)
    }
}

/// The mirror that the environment names, if it names one.
pub fn mirror_of_environment() -> Option<String> {
    std::env::var_os(MIRROR_VARIABLE)
        .map(|address| address.to_string_lossy().into_owned())
        .filter(|address| !address.trim().is_empty())
}

/// An address as it may be shown: some carry a name and a password.
fn without_password(address: &str) -> String {
    match address
        .split_once("://")
        .map(|(scheme, rest)| (scheme, rest.split_once('@')))
    {
        Some((scheme, Some((user, rest)))) if !user.contains('/') => format!("{scheme}://…@{rest}"),
        _ => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_a_mirror_lie_below_its_address() {
        for address in [
            "https://models.example.org/whisper",
            "https://models.example.org/whisper/",
            " https://models.example.org/whisper\n",
        ] {
            assert_eq!(
                Mirror::parse(address).unwrap().url("tiny.en"),
                "https://models.example.org/whisper/ggml-tiny.en.bin"
            );
        }
        assert_eq!(
            Mirror::parse("https://10.0.0.7:8443").unwrap().url("base"),
            "https://10.0.0.7:8443/ggml-base.bin"
        );
    }

    #[test]
    fn a_mirror_that_is_not_https_is_refused_with_a_sentence() {
        for (address, message) in [
            (
                "http://models.example.org/",
                "The model mirror 'http://models.example.org/' is not an https address, and models are downloaded over \
                 https only. Give one that begins with https://, or none.",
            ),
            (
                "http://127.0.0.1:8000",
                "The model mirror 'http://127.0.0.1:8000' is not an https address, and models are downloaded over https \
                 only. Give one that begins with https://, or none.",
            ),
            (
                "ftp://anna:secret@models.example.org",
                "The model mirror 'ftp://…@models.example.org' is not an https address, and models are downloaded over \
                 https only. Give one that begins with https://, or none.",
            ),
            (
                "models.example.org",
                "The model mirror 'models.example.org' is not an address of a folder. Give one such as \
                 https://models.example.org/whisper, or none.",
            ),
            (
                "https://models.example.org/get?file=",
                "The model mirror 'https://models.example.org/get?file=' is not an address of a folder. Give one such \
                 as https://models.example.org/whisper, or none.",
            ),
            (
                "my mirror",
                "The model mirror 'my mirror' is not an address of a folder. Give one such as \
                 https://models.example.org/whisper, or none.",
            ),
        ] {
            assert_eq!(Mirror::parse(address).unwrap_err().to_string(), message);
        }
    }
}
