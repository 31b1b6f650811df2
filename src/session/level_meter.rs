//! The needle of the level meter: how loud it is, in a few steps. Pure.
//!
//! A meter that followed every sample would have the whole window painted again and again while nothing visible
//! changes. The needle moves only when what is seen does, and not more than ten times a second.

use crate::take::{Level, METER_STEPS, meter_share};

/// How fast it falls, in decibels a second: it rises at once.
const FALL: f32 = 20.0;
/// How far from a step, in steps, a level must be to leave it: steady noise lies on a border as often as not.
const SLACK: f32 = 1.0;
/// Seconds between two moves.
const REST: f32 = 0.1;

#[derive(Debug)]
pub struct LevelMeter {
    decibels: f32,
    step: u8,
    since_moved: f32,
}

impl Default for LevelMeter {
    fn default() -> Self {
        Self {
            decibels: Level::SILENCE.peak,
            step: 0,
            since_moved: REST,
        }
    }
}

impl LevelMeter {
    pub fn step(&self) -> u8 {
        self.step
    }

    /// Follows the level, so many seconds after the last time. Gives the step where it has moved to another.
    pub fn follow(&mut self, peak: f32, seconds: f32) -> Option<u8> {
        self.decibels = peak.max(self.decibels - FALL * seconds);
        self.since_moved += seconds;
        let exact = meter_share(self.decibels) * f32::from(METER_STEPS);
        let stays = (exact - f32::from(self.step)).abs() <= SLACK;
        // Silence and noise lie a step apart at least: nothing rests between them.
        let falls_silent = exact == 0.0 && self.step > 0;
        if (stays && !falls_silent) || self.since_moved < REST {
            return None;
        }
        self.since_moved = 0.0;
        self.step = exact.round() as u8;
        Some(self.step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The steps that the meter moves to, from levels 0.05 s apart.
    fn moves(levels: impl IntoIterator<Item = f32>) -> Vec<u8> {
        let mut meter = LevelMeter::default();
        levels
            .into_iter()
            .filter_map(|level| meter.follow(level, 0.05))
            .collect()
    }

    #[test]
    fn silence_moves_nothing() {
        assert_eq!(moves([-100.0; 100]), [0; 0]);
    }

    #[test]
    fn steady_noise_moves_it_once() {
        // Two decibels up and down, around a border between two steps.
        let noise = (0..400).map(|n| -40.7 + 2.0 * (n as f32 * 1.7).sin());
        let moves = moves(noise);
        assert!(moves.len() <= 2, "{moves:?}");
    }

    #[test]
    fn a_voice_moves_it_at_once_and_ten_times_a_second_at_most() {
        let voice = (0..100).map(|n| if n % 20 < 10 { -12.0 } else { -50.0 });
        let moves = moves(voice);
        assert_eq!(moves[0], 11);
        assert!((10..=50).contains(&moves.len()), "{moves:?}");
    }

    #[test]
    fn it_falls_back_to_nothing() {
        let moves = moves([-6.0].into_iter().chain([-100.0; 80]));
        assert_eq!((moves.first(), moves.last()), (Some(&13), Some(&0)));
        assert!(moves.is_sorted_by(|a, b| a >= b), "{moves:?}");
    }
}
