//! What the user chose, kept from one start to the next.

use serde::{Deserialize, Serialize};

use super::{Store, StoreError, file};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Id of the field that was chosen last.
    pub field: String,
    /// Nothing: the system's choice.
    pub microphone: Option<String>,
    pub model: String,
    /// An https address with a copy of the models, which is asked before the usual one.
    pub model_mirror: Option<String>,
    pub theme: ThemeChoice,
    /// Of the interface, in percent: 80 to 200.
    pub text_percent: u16,
    pub keep: Keep,
    /// Questions of a practice interview.
    pub length: u8,
    /// Each question is read aloud when it comes up.
    pub read_aloud: bool,
    /// No fades and no sliding.
    pub reduced_motion: bool,
    /// Which marks are shown in a transcript.
    pub marks: Marks,
    /// How fast this machine was lately.
    pub measured: Option<Measured>,
}

/// How long a model took on this machine while someone spoke.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    pub model: String,
    /// Wall seconds for a second of sound.
    pub pace: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            field: "cybersecurity".into(),
            microphone: None,
            model: "tiny.en".into(),
            model_mirror: None,
            theme: ThemeChoice::System,
            text_percent: 100,
            keep: Keep::Always,
            length: 5,
            read_aloud: false,
            reduced_motion: false,
            marks: Marks::default(),
            measured: None,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ThemeChoice {
    #[default]
    System,
    Light,
    Dark,
}

/// What becomes of the sound of a take. Its words are kept either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Keep {
    #[default]
    Always,
    /// Deleted when the interview is left.
    UntilLeft,
    /// Deleted at the first start after so many days.
    Days(u16),
}

/// Which marks a transcript shows.
#[expect(clippy::struct_excessive_bools, reason = "five switches, each on its own")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Marks {
    pub fillers: bool,
    pub repeats: bool,
    pub job_terms: bool,
    pub hedges: bool,
    pub pauses: bool,
}

impl Default for Marks {
    fn default() -> Self {
        Self {
            fillers: true,
            repeats: true,
            job_terms: true,
            hedges: false,
            pauses: true,
        }
    }
}

impl Store {
    /// The settings, and what was wrong with them where something was: then the usual ones are used.
    pub fn settings(&self) -> (Settings, Option<StoreError>) {
        match file::read_json::<Settings>(&self.root.join("settings.json")) {
            Ok(settings) => {
                let mut settings = settings.unwrap_or_default();
                settings.text_percent = settings.text_percent.clamp(80, 200);
                (settings, None)
            }
            Err(error) => (Settings::default(), Some(error)),
        }
    }

    pub fn save_settings(&self, settings: &Settings) -> Result<(), StoreError> {
        file::write_json(&self.root.join("settings.json"), settings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_come_back_and_unknown_sizes_are_put_in_bounds() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Some(folder.path().to_owned())).unwrap();
        assert_eq!(store.settings().0, Settings::default());
        let chosen = Settings {
            text_percent: 900,
            field: "general".into(),
            ..Settings::default()
        };
        store.save_settings(&chosen).unwrap();
        let (read, trouble) = store.settings();
        assert!(trouble.is_none());
        assert_eq!((read.text_percent, read.field.as_str()), (200, "general"));
    }

    #[test]
    fn settings_of_an_older_version_keep_what_they_say() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Some(folder.path().to_owned())).unwrap();
        std::fs::write(
            folder.path().join("settings.json"),
            r#"{"schema": 1, "content": {"theme": "dark"}}"#,
        )
        .unwrap();
        assert_eq!(store.settings().0.theme, ThemeChoice::Dark);
    }
}
