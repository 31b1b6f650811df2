//! An error in one sentence.

use std::error::Error;

/// The error and what it came from, each said once: many name their source in their own words.
pub fn error_chain(error: &dyn Error) -> String {
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        source = inner.source();
        let inner = inner.to_string();
        if !message.contains(inner.trim_end_matches('.')) {
            let end = message.trim_end_matches('.').len();
            message.insert_str(end, &format!(" ({})", inner.trim_end_matches('.')));
        }
    }
    message
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[derive(Debug, thiserror::Error)]
    enum Outer {
        #[error("Could not save a.json: {source}. Make room.")]
        Saying { source: io::Error },
        #[error("Could not save a.json.")]
        Silent { source: Inner },
    }

    #[derive(Debug, thiserror::Error)]
    #[error("the folder is gone.")]
    struct Inner(#[source] io::Error);

    #[test]
    fn an_error_and_its_sources_are_each_said_once() {
        let full = || io::Error::other("disk full");
        let saying = error_chain(&Outer::Saying { source: full() });
        assert_eq!(saying, "Could not save a.json: disk full. Make room.");
        let silent = error_chain(&Outer::Silent { source: Inner(full()) });
        assert_eq!(silent, "Could not save a.json (the folder is gone) (disk full).");
    }
}
