//! A stretch of a take's sound. Knows seconds and nothing else.

use serde::{Deserialize, Serialize};

/// A stretch of sound: seconds from the start of the take, `start <= end`, to the millisecond.
///
/// Milliseconds are finer than any word time can be known, and they keep the numbers short where people read them
/// (saved interviews, `--json`).
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
pub struct Span {
    pub start: f64,
    pub end: f64,
}

impl Span {
    /// The stretch between two times, whichever comes first. What is not a number becomes zero.
    pub fn new(start: f64, end: f64) -> Self {
        let (start, end) = (to_millisecond(start), to_millisecond(end));
        Self {
            start: start.min(end),
            end: start.max(end),
        }
    }

    /// Length in seconds.
    pub fn seconds(self) -> f64 {
        self.end - self.start
    }

    /// The middle of the stretch, in seconds from the start of the take.
    pub fn middle(self) -> f64 {
        f64::midpoint(self.start, self.end)
    }

    /// The shortest stretch that holds both.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// Seconds that both stretches hold; zero where they only touch.
    pub fn overlap(self, other: Self) -> f64 {
        (self.end.min(other.end) - self.start.max(other.start)).max(0.0)
    }

    /// The same stretch, moved along the take.
    #[must_use]
    pub fn shifted(self, seconds: f64) -> Self {
        Self::new(self.start + seconds, self.end + seconds)
    }
}

/// Seconds, rounded to the millisecond; what is not a finite number becomes zero.
pub fn to_millisecond(seconds: f64) -> f64 {
    if seconds.is_finite() {
        (seconds * 1000.0).round() / 1000.0
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_put_in_order_and_rounded() {
        assert_eq!(Span::new(2.000_4, 1.0), Span { start: 1.0, end: 2.0 });
        assert_eq!(Span::new(f64::NAN, 1.0), Span { start: 0.0, end: 1.0 });
    }

    #[test]
    fn overlap_of_touching_spans_is_zero() {
        assert_eq!(Span::new(0.0, 1.0).overlap(Span::new(1.0, 2.0)), 0.0);
        assert_eq!(Span::new(0.0, 1.5).overlap(Span::new(1.0, 2.0)), 0.5);
    }
}
