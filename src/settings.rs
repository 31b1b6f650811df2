//! What the user chose. Where it is kept is the business of `store`.

use serde::{Deserialize, Serialize};

use crate::question::Seniority;

#[expect(clippy::struct_excessive_bools, reason = "switches, each on its own")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Id of the field that was chosen last.
    pub field: String,
    /// Id of the role in this field that questions are drawn for; nothing for any.
    pub role: Option<String>,
    /// How much experience the questions expect; nothing for any.
    #[serde(rename = "level")]
    pub seniority: Option<Seniority>,
    /// Nothing: the system's choice.
    pub microphone: Option<String>,
    pub model: String,
    /// Which model writes what stays of an answer.
    pub final_model: FinalModel,
    /// An https address with a copy of the models, which is asked before the usual one.
    pub model_mirror: Option<String>,
    pub theme: ThemeChoice,
    /// Text and lines stand out more, in either theme.
    pub more_contrast: bool,
    /// Of the interface, in percent: 80 to 200.
    pub text_percent: u16,
    pub keep: Keep,
    /// Questions of a practice interview.
    pub length: u8,
    pub delivery: Delivery,
    /// Seconds to get ready before an answer is recorded by itself; 0: it never is.
    pub ready_seconds: u8,
    /// Minutes after which a recording stops by itself; 0: it never does.
    pub answer_minutes: u8,
    /// A mark is shown when somebody has spoken for one minute, and for two.
    pub time_marks: bool,
    /// After an answer one question more is offered.
    pub follow_ups: bool,
    /// No fades and no sliding.
    pub reduced_motion: bool,
    /// The steps of the first start were seen or skipped. Whoever had settings before there were steps needs none.
    #[serde(default = "had_settings_before")]
    pub welcomed: bool,
    /// Which marks are shown in a transcript.
    pub marks: Marks,
    /// How fast answers are played.
    pub playback_speed: PlaybackSpeed,
    /// How fast this machine was lately.
    pub measured: Option<Measured>,
    /// Where the window was when it was last closed; nothing until it was moved or made another size.
    pub window: Option<WindowPlace>,
}

/// The size and the place of the window, in points at 100% of text size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowPlace {
    /// Of what is in the frame.
    pub size: [u32; 2],
    /// Of the frame's upper left corner; nothing where the system keeps that to itself.
    #[serde(default)]
    pub at: Option<[i32; 2]>,
    /// The size is that before.
    #[serde(default)]
    pub maximized: bool,
}

/// Which model writes the final text of an answer. What is shown while somebody speaks is the quick one's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum FinalModel {
    /// The largest that is installed and quick enough on this machine.
    #[default]
    Auto,
    /// The quick one.
    Same,
    Named(String),
}

impl From<String> for FinalModel {
    fn from(name: String) -> Self {
        match name.as_str() {
            "auto" => Self::Auto,
            "same" => Self::Same,
            _ => Self::Named(name),
        }
    }
}

impl From<FinalModel> for String {
    fn from(model: FinalModel) -> Self {
        match model {
            FinalModel::Auto => "auto".to_owned(),
            FinalModel::Same => "same".to_owned(),
            FinalModel::Named(name) => name,
        }
    }
}

/// A model among those to choose from.
#[derive(Clone, Copy, Debug)]
pub struct ModelChoice<'a> {
    pub name: &'a str,
    /// How much longer it takes than tiny.en.
    pub work: f64,
    /// Whether it may be chosen at all.
    pub proposable: bool,
}

/// How long a model took on this machine while someone spoke.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    pub model: String,
    /// Wall seconds for a second of sound.
    pub pace: f64,
}

/// Which speech models keep up with a speaker on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeepsUp {
    /// This one at most.
    Model(String),
    /// Not even the smallest.
    None,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            field: "cybersecurity".into(),
            role: None,
            seniority: None,
            microphone: None,
            model: "tiny.en".into(),
            final_model: FinalModel::Auto,
            model_mirror: None,
            theme: ThemeChoice::System,
            more_contrast: false,
            text_percent: 100,
            keep: Keep::Always,
            length: 5,
            delivery: Delivery::OnScreen,
            ready_seconds: 0,
            answer_minutes: 0,
            time_marks: false,
            follow_ups: true,
            reduced_motion: false,
            welcomed: false,
            marks: Marks::default(),
            playback_speed: PlaybackSpeed::Normal,
            measured: None,
            window: None,
        }
    }
}

const fn had_settings_before() -> bool {
    true
}

/// How a question is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Delivery {
    #[default]
    OnScreen,
    /// Also read aloud when it comes up.
    ReadAloud,
    /// Read aloud, and shown only when it is asked for.
    ListenOnly,
}

/// How fast an answer is played. Its pitch is the same at every speed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PlaybackSpeed {
    #[serde(rename = "0.75")]
    ThreeQuarters,
    #[default]
    #[serde(rename = "1")]
    Normal,
    #[serde(rename = "1.25")]
    FiveQuarters,
    #[serde(rename = "1.5")]
    OneAndAHalf,
}

impl PlaybackSpeed {
    /// Seconds of the recording in a second.
    pub const fn factor(self) -> f64 {
        match self {
            Self::ThreeQuarters => 0.75,
            Self::Normal => 1.0,
            Self::FiveQuarters => 1.25,
            Self::OneAndAHalf => 1.5,
        }
    }

    /// As it is shown.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ThreeQuarters => "0.75×",
            Self::Normal => "1×",
            Self::FiveQuarters => "1.25×",
            Self::OneAndAHalf => "1.5×",
        }
    }

    /// The next faster one; after the fastest the slowest.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::ThreeQuarters => Self::Normal,
            Self::Normal => Self::FiveQuarters,
            Self::FiveQuarters => Self::OneAndAHalf,
            Self::OneAndAHalf => Self::ThreeQuarters,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_without_a_speed_play_at_the_usual_one_and_the_speed_is_kept() {
        let older: Settings = serde_json::from_str(r#"{"field": "design", "length": 3}"#).unwrap();
        assert_eq!((older.playback_speed, older.length), (PlaybackSpeed::Normal, 3));
        let mut speed = PlaybackSpeed::Normal;
        for _ in 0..4 {
            speed = speed.next();
            let settings = Settings {
                playback_speed: speed,
                ..Settings::default()
            };
            let text = serde_json::to_string(&settings).unwrap();
            assert_eq!(serde_json::from_str::<Settings>(&text).unwrap(), settings);
        }
        assert_eq!(speed, PlaybackSpeed::Normal, "every speed comes once");
    }
}
