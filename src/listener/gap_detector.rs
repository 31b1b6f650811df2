//! Whether the sound of a microphone comes as fast as time goes by. Where it does not, there is a gap in the take. Knows
//! moments that it is given, and no clock.

use std::time::{Duration, Instant};

use crate::take::{Gap, GapKind};

/// Sound comes in pieces of a tenth of a second. When none has come for this long, something may be wrong.
const STALL: Duration = Duration::from_millis(300);
/// What was held up comes all at once when it comes: by then it is known how much is missing.
const CATCH_UP: Duration = Duration::from_secs(1);
/// Less than this is not worth a word.
const LEAST_SECONDS: f64 = 0.25;
/// A microphone that is muted gives zeros. After this time it is a gap, whatever the reason.
const MUTED_SECONDS: f64 = 3.0;
/// What zeros may measure, as a share of the loudest: two steps of 16 bits.
const ZERO: f32 = 0.000_062;

/// A machine with too much to do loses sound in pieces that are too short to be told from a late one. How late the sound
/// is at the earliest, over this time, tells them.
const WINDOW: Duration = Duration::from_secs(2);
/// That much later than before is a loss.
const LOSS_SECONDS: f64 = 0.15;
/// As far as two clocks may run apart in this time. The worst sound cards are a tenth of it.
const DRIFT_SECONDS: f64 = 0.004;

/// Watches the sound of one take.
#[derive(Debug, Default)]
pub struct GapDetector {
    gaps: Vec<Gap>,
    clock: Option<ArrivalClock>,
    /// When sound came last.
    last: Option<Instant>,
    stall: Option<Stall>,
    /// Seconds of zeros up to now.
    zeros: f64,
}

/// How late the sound is, beside the clock.
#[derive(Clone, Copy, Debug)]
struct ArrivalClock {
    since: Instant,
    /// Seconds that have come since, and those that are known to be missing.
    arrived: f64,
    missing: f64,
    /// The least that it was late before; nothing in the first window.
    usual: Option<f64>,
    /// The present window: when and where it began, and the least that the sound was late in it.
    window: Instant,
    at: f64,
    least: f64,
}

impl ArrivalClock {
    fn new(now: Instant, at: f64) -> Self {
        Self {
            since: now,
            arrived: 0.0,
            missing: 0.0,
            usual: None,
            window: now,
            at,
            least: f64::INFINITY,
        }
    }

    /// Sound has come; gives the gap of a window that ends with it.
    fn arrived(&mut self, now: Instant, at: f64, seconds: f64) -> Option<Gap> {
        self.arrived += seconds;
        let late = now.duration_since(self.since).as_secs_f64() - self.arrived - self.missing;
        self.least = self.least.min(late);
        (now.duration_since(self.window) >= WINDOW)
            .then(|| self.end_of_window(now, at))
            .flatten()
    }

    fn end_of_window(&mut self, now: Instant, at: f64) -> Option<Gap> {
        let (least, from) = (std::mem::replace(&mut self.least, f64::INFINITY), self.at);
        (self.window, self.at) = (now, at);
        if !least.is_finite() {
            return None;
        }
        let later = least - *self.usual.get_or_insert(least);
        if later > LOSS_SECONDS {
            self.missing += later;
            return Some(Gap::new(from, later, GapKind::Missing));
        }
        self.usual = self.usual.map(|usual| usual + later.min(DRIFT_SECONDS));
        None
    }

    /// A loss that was seen otherwise: the window begins anew.
    fn skip(&mut self, now: Instant, at: f64, missing: f64) {
        self.missing += missing;
        (self.window, self.at, self.least) = (now, at, f64::INFINITY);
    }
}

#[derive(Clone, Copy, Debug)]
struct Stall {
    /// Where in the take.
    at: f64,
    /// When sound came last before it.
    since: Instant,
    /// When it came again.
    over: Instant,
    /// Seconds of sound that have come since.
    arrived: f64,
}

impl GapDetector {
    /// Sound of `seconds` has come, which is put at `at` seconds of the take; `peak` is its loudest sample.
    pub fn arrived(&mut self, now: Instant, at: f64, seconds: f64, peak: f32) {
        if let Some(stall) = &mut self.stall {
            stall.arrived += seconds;
        } else if let Some(last) = self.last
            && now.duration_since(last) > STALL
        {
            self.stall = Some(Stall {
                at,
                since: last,
                over: now,
                arrived: seconds,
            });
        }
        self.last = Some(now);
        let stalled = self.stall.is_some();
        let clock = self.clock.get_or_insert_with(|| ArrivalClock::new(now, at));
        if stalled {
            // What is missing is measured there; here the sound is only counted.
            clock.arrived += seconds;
        } else {
            self.gaps.extend(clock.arrived(now, at, seconds));
        }
        if self
            .stall
            .is_some_and(|stall| now.duration_since(stall.over) >= CATCH_UP)
        {
            self.measure(now, at);
        }
        if peak <= ZERO {
            self.zeros += seconds;
        } else {
            self.end_of_zeros(at);
        }
    }

    /// From here on time goes by without sound, as it should: the take is paused, or listens to nothing.
    pub fn rest(&mut self, at: f64) {
        if let Some(last) = self.last {
            let stalled = self.stall.is_some();
            self.measure(last, at);
            // Of what is left of the window, too, unless it is too short to tell.
            if let Some(mut clock) = self.clock.take()
                && !stalled
                && last.duration_since(clock.window) >= CATCH_UP
            {
                self.gaps.extend(clock.end_of_window(last, at));
            }
        }
        self.clock = None;
        self.end_of_zeros(at);
        self.last = None;
    }

    /// Sound is due again from now on.
    pub fn resume(&mut self, now: Instant) {
        self.last = Some(now);
    }

    /// The gaps of a take that ends now, at `at` seconds of its sound.
    pub fn finish(mut self, now: Instant, at: f64) -> Vec<Gap> {
        let silent = self.last.map_or(0.0, |last| now.duration_since(last).as_secs_f64());
        self.rest(at);
        if silent > STALL.as_secs_f64() + LEAST_SECONDS {
            self.gaps.push(Gap::new(at, silent, GapKind::Missing));
        }
        self.gaps
    }

    /// What is missing of a stall, by what has come up to now.
    fn measure(&mut self, now: Instant, at: f64) {
        let Some(stall) = self.stall.take() else { return };
        let missing = now.duration_since(stall.since).as_secs_f64() - stall.arrived;
        let told = missing >= LEAST_SECONDS;
        if told {
            self.gaps.push(Gap::new(stall.at, missing, GapKind::Missing));
        }
        if let Some(clock) = &mut self.clock {
            clock.skip(now, at, if told { missing } else { 0.0 });
        }
    }

    fn end_of_zeros(&mut self, at: f64) {
        let seconds = std::mem::take(&mut self.zeros);
        if seconds >= MUTED_SECONDS {
            self.gaps.push(Gap::new(at - seconds, seconds, GapKind::Silent));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Plays pieces of a tenth of a second (wall time, seconds of sound, peak) and gives the gaps.
    fn gaps(pieces: &[(f64, f64, f32)], end: f64) -> Vec<(f64, f64, GapKind)> {
        let begun = Instant::now();
        let mut gaps = GapDetector::default();
        let mut at = 0.0;
        for (wall, seconds, peak) in pieces {
            gaps.arrived(begun + Duration::from_secs_f64(*wall), at, *seconds, *peak);
            at += seconds;
        }
        gaps.finish(begun + Duration::from_secs_f64(end), at)
            .into_iter()
            .map(|gap| (gap.at, gap.seconds, gap.kind))
            .collect()
    }

    fn steady(from: f64, to: f64, peak: f32) -> Vec<(f64, f64, f32)> {
        let pieces = ((to - from) / 0.1).round() as usize;
        (1..=pieces)
            .map(|piece| (from + piece as f64 * 0.1, 0.1, peak))
            .collect()
    }

    #[test]
    fn steady_sound_has_no_gap_and_a_drifting_clock_makes_none() {
        assert_eq!(gaps(&steady(0.0, 20.0, 0.1), 20.0), []);
        // One part in a thousand too slow, for an hour: far worse than any sound card.
        let slow: Vec<_> = steady(0.0, 3600.0, 0.1)
            .into_iter()
            .map(|(wall, seconds, peak)| (wall, seconds * 0.999, peak))
            .collect();
        assert_eq!(gaps(&slow, 3600.0), []);
    }

    #[test]
    fn a_microphone_that_was_gone_leaves_a_gap_where_it_went() {
        let pieces = [steady(0.0, 2.0, 0.1), steady(5.5, 8.0, 0.1)].concat();
        let found = gaps(&pieces, 8.0);
        assert_eq!(found.len(), 1);
        assert!(
            (found[0].0 - 2.0).abs() < 0.01 && (found[0].1 - 3.5).abs() < 0.01,
            "{found:?}"
        );
        // Right before the end, too.
        assert_eq!(
            gaps(&[steady(0.0, 2.0, 0.1), steady(5.5, 5.7, 0.1)].concat(), 5.7).len(),
            1
        );
    }

    #[test]
    fn sound_that_was_only_held_up_is_no_gap() {
        let mut pieces = steady(0.0, 2.0, 0.1);
        pieces.extend([(4.0, 0.5, 0.1), (4.02, 1.0, 0.1), (4.04, 0.5, 0.1)]);
        pieces.extend(steady(4.0, 8.0, 0.1));
        assert_eq!(gaps(&pieces, 8.0), []);
    }

    #[test]
    fn a_microphone_that_never_comes_back_leaves_a_gap_at_the_end() {
        let found = gaps(&steady(0.0, 2.0, 0.1), 6.0);
        assert!(
            found.len() == 1 && found[0].0 == 2.0 && (found[0].1 - 4.0).abs() < 0.01,
            "{found:?}"
        );
    }

    #[test]
    fn a_muted_microphone_is_a_gap_and_a_quiet_one_is_not() {
        let pieces = [steady(0.0, 2.0, 0.1), steady(2.0, 6.0, 0.0), steady(6.0, 8.0, 0.1)].concat();
        assert_eq!(gaps(&pieces, 8.0), [(2.0, 4.0, GapKind::Silent)]);
        assert_eq!(
            gaps(&[steady(0.0, 2.0, 0.1), steady(2.0, 6.0, 0.0)].concat(), 6.0).len(),
            1
        );
        let quiet = [steady(0.0, 2.0, 0.1), steady(2.0, 6.0, 0.0002), steady(6.0, 8.0, 0.1)].concat();
        assert_eq!(gaps(&quiet, 8.0), []);
        let breath = [steady(0.0, 2.0, 0.1), steady(2.0, 4.0, 0.0), steady(4.0, 8.0, 0.1)].concat();
        assert_eq!(gaps(&breath, 8.0), []);
    }

    #[test]
    fn sound_that_is_lost_in_little_pieces_is_missed() {
        // A tenth of a second at a time, which is also how late a piece may be without any loss.
        let mut pieces = steady(0.0, 30.0, 0.1);
        for lost in [90, 130, 131, 200, 201, 202] {
            pieces[lost].1 = 0.0;
        }
        pieces.retain(|(_, seconds, _)| *seconds > 0.0);
        let found = gaps(&pieces, 30.0);
        let missing: f64 = found.iter().map(|(_, seconds, _)| seconds).sum();
        assert!((missing - 0.6).abs() < 0.15, "{found:?}");
        // Late by chance, and never lost.
        let mut chance = 1_u32;
        let late: Vec<_> = steady(0.0, 60.0, 0.1)
            .into_iter()
            .map(|(wall, seconds, peak)| {
                chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (wall + f64::from(chance >> 24) / 256.0 * 0.095, seconds, peak)
            })
            .collect();
        assert_eq!(gaps(&late, 60.2), []);
    }

    #[test]
    fn a_pause_is_no_gap() {
        let begun = Instant::now();
        let after = |seconds: f64| begun + Duration::from_secs_f64(seconds);
        let mut gaps = GapDetector::default();
        gaps.arrived(after(0.1), 0.0, 0.1, 0.1);
        gaps.rest(0.1);
        gaps.resume(after(9.0));
        gaps.arrived(after(9.1), 0.1, 0.1, 0.1);
        assert_eq!(gaps.finish(after(9.2), 0.2), []);
    }
}
