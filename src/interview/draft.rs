//! What a person has typed and not sent: an answer, the answer to a follow-up question, or corrections of a transcript.
//! Drafts are saved with the interview, so that no key, no other page and no crash loses them.

use serde::{Deserialize, Serialize};

/// What a draft is to become. Attempts are named by their place in the turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DraftOf {
    /// The answer to the question.
    Answer,
    /// The answer to what was asked after this attempt.
    FollowUp(usize),
    /// The transcript of this attempt.
    Correction(usize),
}

/// A text that was typed and not sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub of: DraftOf,
    pub text: String,
}

/// The drafts of one question, one of a kind at most.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Drafts(Vec<Draft>);

impl Drafts {
    pub fn get(&self, of: DraftOf) -> Option<&str> {
        self.0
            .iter()
            .find(|draft| draft.of == of)
            .map(|draft| draft.text.as_str())
    }

    pub fn set(&mut self, of: DraftOf, text: String) {
        self.remove(of);
        self.0.push(Draft { of, text });
    }

    pub fn remove(&mut self, of: DraftOf) {
        self.0.retain(|draft| draft.of != of);
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_each_kind_the_newest_is_kept_and_it_reads_back() {
        let mut drafts = Drafts::default();
        drafts.set(DraftOf::Answer, "I would".into());
        drafts.set(DraftOf::Correction(1), "SIEM".into());
        drafts.set(DraftOf::Answer, "I would ask".into());
        let text = serde_json::to_string(&drafts).unwrap();
        let back: Drafts = serde_json::from_str(&text).unwrap();
        assert_eq!(back, drafts);
        assert_eq!(back.get(DraftOf::Answer), Some("I would ask"));
        assert_eq!(back.get(DraftOf::Correction(1)), Some("SIEM"));
        assert_eq!(back.get(DraftOf::Correction(0)), None);
        drafts.remove(DraftOf::Answer);
        drafts.remove(DraftOf::Correction(1));
        assert!(drafts.is_empty());
    }
}
