//! Why a source on the network did not give what it should: each a clause that follows "From huggingface.co: ".

use std::io;

use thiserror::Error;

#[derive(Debug, Error)]
pub(super) enum DownloadError {
    #[error("its name could not be resolved; there is no network, or the network blocks it")]
    NoSuchHost,
    #[error("it refused the connection")]
    Refused,
    #[error("it cannot be reached; there is no network, or the network blocks it")]
    NoRoute,
    #[error("it timed out")]
    Silent,
    #[error(
        "its certificate is not trusted ({0}); a company's network may need its own certificate in the system's store"
    )]
    Certificate(String),
    #[error("no secure connection could be made ({0})")]
    Unsafe(String),
    #[error("this machine's proxy refused the connection")]
    Proxy,
    #[error("it answered {status}{}", meaning(*status))]
    Status { status: u16 },
    #[error("it sent a web page instead of the model, as networks do that require a login")]
    WebPage,
    #[error("it sent something that is not a speech model")]
    NotAModel,
    #[error("its file has {has} bytes instead of {needs}")]
    Size { has: u64, needs: u64 },
    #[error("it redirects to {0}, which is not encrypted and not followed")]
    PlainHttp(String),
    #[error("it redirects too often")]
    Redirects,
    #[error("the connection was lost ({0})")]
    Broke(String),
    #[error("what it sent is not the model: its SHA-256 is {has} and should be {needs}")]
    Digest { has: String, needs: String },

    #[error("it is not on this machine")]
    NothingToMakeItFrom,
}

fn meaning(status: u16) -> &'static str {
    match status {
        401 | 403 => " (not allowed)",
        404 | 410 => " (the file is not there)",
        407 => " (the proxy wants a password)",
        429 => " (too many requests; try later)",
        500..=599 => " (it has a problem of its own; try later)",
        _ => "",
    }
}

impl DownloadError {
    /// Whether asking the same source again may help.
    pub(super) fn may_pass(&self) -> bool {
        matches!(self, Self::Broke(_) | Self::Silent)
    }

    pub(super) fn of_connection(error: ureq::Error) -> Self {
        use ureq::Error;
        match error {
            Error::HostNotFound => Self::NoSuchHost,
            Error::Timeout(_) => Self::Silent,
            Error::Io(error) => Self::of_io(&error),
            Error::Rustls(error) => Self::of_tls(error.to_string()),
            Error::Tls(message) => Self::of_tls(message.to_owned()),
            Error::RequireHttpsOnly(address) => Self::PlainHttp(address),
            Error::ConnectProxyFailed(_) | Error::InvalidProxyUrl => Self::Proxy,
            Error::TooManyRedirects => Self::Redirects,
            other => Self::Broke(other.to_string()),
        }
    }

    fn of_tls(message: String) -> Self {
        if message.contains("certificate") {
            Self::Certificate(message)
        } else {
            Self::Unsafe(message)
        }
    }

    pub(super) fn of_io(error: &io::Error) -> Self {
        if is_of_lookup(error) {
            return Self::NoSuchHost;
        }
        match error.kind() {
            io::ErrorKind::ConnectionRefused => Self::Refused,
            io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => Self::NoRoute,
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Self::Silent,
            // rustls hides its errors in this kind when they come up while reading.
            io::ErrorKind::InvalidData => Self::of_tls(error.to_string()),
            _ => match error.get_ref().and_then(|inner| inner.downcast_ref::<ureq::Error>()) {
                Some(ureq::Error::Timeout(_)) => Self::Silent,
                _ => Self::Broke(error.to_string()),
            },
        }
    }
}

/// A failed look-up has no kind of its own: on Unix the standard library words it, on Windows it has these codes.
fn is_of_lookup(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(11_001..=11_004)) && cfg!(windows)
        || error.to_string().starts_with("failed to lookup address information")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_tells_its_reason_in_one_clause() {
        for (error, message) in [
            (DownloadError::Status { status: 403 }, "it answered 403 (not allowed)"),
            (
                DownloadError::Status { status: 404 },
                "it answered 404 (the file is not there)",
            ),
            (DownloadError::Status { status: 418 }, "it answered 418"),
            (
                DownloadError::of_connection(ureq::Error::HostNotFound),
                "its name could not be resolved; there is no network, or the network blocks it",
            ),
            (
                DownloadError::of_io(&io::ErrorKind::ConnectionRefused.into()),
                "it refused the connection",
            ),
            (
                DownloadError::of_io(&io::Error::other(
                    "failed to lookup address information: Name or service not known",
                )),
                "its name could not be resolved; there is no network, or the network blocks it",
            ),
            (
                DownloadError::of_io(&io::Error::other("reset")),
                "the connection was lost (reset)",
            ),
            (
                DownloadError::of_io(&io::Error::other(ureq::Error::Timeout(ureq::Timeout::PerCall))),
                "it timed out",
            ),
            (
                DownloadError::PlainHttp("http://example.org/x".into()),
                "it redirects to http://example.org/x, which is not encrypted and not followed",
            ),
            (
                DownloadError::Size { has: 3, needs: 4 },
                "its file has 3 bytes instead of 4",
            ),
        ] {
            assert_eq!(error.to_string(), message);
        }
    }
}
