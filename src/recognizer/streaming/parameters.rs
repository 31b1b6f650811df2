//! What the live policy goes by, and how it is changed for measuring.

use super::frames_of;

/// What the policy goes by. The defaults are for tiny.en on two cores; docs/experiments.md says what was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StreamingParameters {
    /// A voice is heard from this likelihood on, and goes on down to the second.
    pub voice: (f32, f32),
    /// Seconds of sound put before the first frame of speech and left after the last.
    pub before: f64,
    pub after: f64,
    /// Silence that ends a segment, and that ends one that has lasted for the third: in a short segment the
    /// decoder has little to go by.
    pub pause: (f64, f64, f64),
    /// Silence in which a partial decode sees whole words only.
    pub short_pause: f64,
    /// A partial decode at a window longer than this ends in a short pause, if there is one lately.
    pub long_window: f64,
    /// Tentative words are shown up to the first with less confidence than this. The last word of a partial decode, which may be
    /// cut off by its end, needs more, or another partial decode that has it too.
    pub shown: (f32, f32),
    /// Least seconds of new sound between two partial decodes.
    pub step: f64,
    /// Of the processor's time between the beginnings of two partial decodes, how much the partial decode may take.
    pub share: f64,
    /// A segment longer than this is ended at the last short pause, and longer than the second at its quietest frame.
    pub longest: (f64, f64),
}

impl StreamingParameters {
    /// The defaults with some of them changed, as in "step=0.4 pause=0.7/0.4/5"; an error names what it does not know, and
    /// what no policy can go by. For measuring (`scripts/bench live`).
    pub fn changed(changes: &str) -> Result<Self, String> {
        let mut parameters = Self::default();
        for change in changes.split_whitespace() {
            let wrong = || format!("\"{change}\" is nothing that the live policy can go by");
            let (name, values) = change.split_once('=').ok_or_else(wrong)?;
            let values: Result<Vec<f64>, _> = values.split('/').map(str::parse).collect();
            match (name, values.map_err(|_| wrong())?.as_slice()) {
                ("before", [seconds]) => parameters.before = *seconds,
                ("after", [seconds]) => parameters.after = *seconds,
                ("pause", [short, long, lasted]) => parameters.pause = (*short, *long, *lasted),
                ("dip", [seconds]) => parameters.short_pause = *seconds,
                ("window", [seconds]) => parameters.long_window = *seconds,
                ("shown", [least, whole]) => parameters.shown = (*least as f32, *whole as f32),
                ("step", [seconds]) => parameters.step = *seconds,
                ("share", [share]) => parameters.share = *share,
                ("longest", [short_pause, anywhere]) => parameters.longest = (*short_pause, *anywhere),
                _ => return Err(wrong()),
            }
            if !parameters.is_possible() {
                return Err(wrong());
            }
        }
        Ok(parameters)
    }

    /// Whether a policy can go by them: with others it would cut where there is no sound, or never.
    fn is_possible(&self) -> bool {
        let (short, long, lasted) = self.pause;
        let (short_pause, anywhere) = self.longest;
        let within = |value: f64, range: std::ops::RangeInclusive<f64>| range.contains(&value);
        within(self.before, 0.0..=2.0)
            && within(self.after, 0.0..=short.min(long))
            && within(short, 0.1..=5.0)
            && within(long, 0.1..=5.0)
            && within(lasted, 0.0..=30.0)
            && within(self.short_pause, 0.03..=2.0)
            && within(self.long_window, 1.0..=29.0)
            && within(f64::from(self.shown.0), 0.0..=1.0)
            && within(f64::from(self.shown.1), 0.0..=1.0)
            && within(self.step, 0.05..=10.0)
            && within(self.share, 0.01..=4.0)
            && within(short_pause, 2.0..=anywhere)
            // The recognizer's window has 30 s.
            && within(anywhere, 2.0..=28.0)
    }

    pub(super) fn pause_after(&self, frames: u64) -> f64 {
        let (short, long, lasted) = self.pause;
        if frames >= frames_of(lasted) { long } else { short }
    }
}

impl Default for StreamingParameters {
    fn default() -> Self {
        Self {
            voice: (0.5, 0.35),
            before: 0.35,
            after: 0.2,
            pause: (0.7, 0.4, 5.0),
            short_pause: 0.13,
            long_window: 6.0,
            shown: (0.25, 0.65),
            step: 0.38,
            share: 0.8,
            longest: (9.0, 14.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_policy_can_go_by_is_taken_and_everything_else_named() {
        let changed = StreamingParameters::changed("step=0.4 pause=0.7/0.4/5 longest=9/12").unwrap();
        assert_eq!((changed.step, changed.longest), (0.4, (9.0, 12.0)));
        for wrong in [
            "longest=x/3",
            "longest=9/3",
            "longest=0/0",
            "longest=9/40",
            "longest=NaN/NaN",
            "longest=9/inf",
            "pause=0/0/0",
            "pause=-1/0.4/5",
            "before=1e30",
            "after=3",
            "step=0",
            "share=0",
            "share=-1",
            "window=1e9",
            "dip=0",
            "shown=2/2",
            "size=3",
            "step",
            "=",
        ] {
            let error = StreamingParameters::changed(wrong).unwrap_err();
            assert_eq!(error, format!("\"{wrong}\" is nothing that the live policy can go by"));
        }
    }
}
