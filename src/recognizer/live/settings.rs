//! What the live policy goes by, and how it is changed for measuring.

use super::frames_of;

/// What the policy goes by. The defaults are for tiny.en on two cores; ARCHITECTURE.md tells what was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// A voice is heard from this likelihood on, and goes on down to the second.
    pub voice: (f32, f32),
    /// Seconds of sound put before the first frame of speech and left after the last.
    pub before: f64,
    pub after: f64,
    /// Silence that ends a stretch of speech, and that ends one that has lasted for the third: in a short stretch the
    /// decoder has little to go by.
    pub pause: (f64, f64, f64),
    /// Silence in which a glance sees whole words only.
    pub dip: f64,
    /// A glance at a window longer than this ends in a dip, if there is one lately.
    pub long_window: f64,
    /// Tentative words are shown up to the first with less confidence than this. The last word of a glance, which may be
    /// cut off by its end, needs more, or another glance that has it too.
    pub shown: (f32, f32),
    /// Least seconds of new sound between two glances.
    pub step: f64,
    /// Of the processor's time between the beginnings of two glances, how much the glance may take.
    pub share: f64,
    /// A stretch longer than this is ended at the last dip, and longer than the second at its quietest frame.
    pub longest: (f64, f64),
}

impl Settings {
    /// The defaults with some of them changed, as in "step=0.4 pause=0.7/0.4/5"; an error names what it does not know.
    /// For measuring (`scripts/bench live`).
    pub fn changed(changes: &str) -> Result<Self, String> {
        let mut settings = Self::default();
        for change in changes.split_whitespace() {
            let wrong = || format!("\"{change}\" changes nothing in the live policy");
            let (name, values) = change.split_once('=').ok_or_else(wrong)?;
            let values: Result<Vec<f64>, _> = values.split('/').map(str::parse).collect();
            match (name, values.map_err(|_| wrong())?.as_slice()) {
                ("before", [seconds]) => settings.before = *seconds,
                ("after", [seconds]) => settings.after = *seconds,
                ("pause", [short, long, lasted]) => settings.pause = (*short, *long, *lasted),
                ("dip", [seconds]) => settings.dip = *seconds,
                ("window", [seconds]) => settings.long_window = *seconds,
                ("shown", [least, whole]) => settings.shown = (*least as f32, *whole as f32),
                ("step", [seconds]) => settings.step = *seconds,
                ("share", [share]) => settings.share = *share,
                ("longest", [dip, anywhere]) => settings.longest = (*dip, *anywhere),
                _ => return Err(wrong()),
            }
        }
        Ok(settings)
    }

    pub(super) fn pause_after(&self, frames: u64) -> f64 {
        let (short, long, lasted) = self.pause;
        if frames >= frames_of(lasted) { long } else { short }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            voice: (0.5, 0.35),
            before: 0.35,
            after: 0.2,
            pause: (0.7, 0.4, 5.0),
            dip: 0.13,
            long_window: 6.0,
            shown: (0.25, 0.65),
            step: 0.38,
            share: 0.8,
            longest: (9.0, 14.0),
        }
    }
}
