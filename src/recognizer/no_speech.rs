//! Whether anybody speaks in a window of sound. A decoder writes words over a fan, music or a slammed door too: it was
//! taught to write, and ours is not allowed to write "♪". What it held of the sound before it wrote, and how sure it was
//! of what it wrote, tell such words from spoken ones.

use super::RecognizedWord;

/// How far the decoder doubts that somebody speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SpeechDoubt {
    /// The probability of its token for "no speech", 0 to 1.
    pub no_speech: f32,
    /// The odds that the text begins with a sign for a sound instead of a word ("♪", "[", "*"), as a natural logarithm.
    pub sign_log_odds: f32,
}

/// The weights of a logistic regression: of the log odds of "no speech", of those of a sign, of the mean logarithm of the
/// words' confidence, and the constant. Above 0, nobody speaks. Fitted to 336 segments: ten seconds each of 34 kinds of
/// noise at three levels, speech heard through a wall, speech at -25 to -50 dBFS, meetings, non-native readers
/// (docs/experiments.md, "Nobody speaks").
const WEIGHTS: (f32, f32, f32, f32) = (0.67, 1.04, -0.94, 0.68);

impl SpeechDoubt {
    /// Whether these words, written over a sound of which this was held, were made up. No words are no claim.
    pub fn discredits(self, words: &[RecognizedWord]) -> bool {
        if words.is_empty() {
            return false;
        }
        let log_confidences = words.iter().map(|word| word.confidence.max(1e-4).ln());
        let mean = log_confidences.sum::<f32>() / words.len() as f32;
        let no_speech = self.no_speech.clamp(1e-4, 1.0 - 1e-4);
        let log_odds = (no_speech / (1.0 - no_speech)).ln();
        let (of_no_speech, of_sign, of_confidence, constant) = WEIGHTS;
        of_no_speech * log_odds + of_sign * self.sign_log_odds + of_confidence * mean + constant > 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(confidences: &[f32]) -> Vec<RecognizedWord> {
        let word = |confidence: &f32| RecognizedWord {
            text: "hmm".to_owned(),
            confidence: *confidence,
            ..RecognizedWord::default()
        };
        confidences.iter().map(word).collect()
    }

    /// Figures of real segments.
    #[test]
    fn words_over_a_noise_are_discredited_and_quiet_words_are_not() {
        let doubt = |no_speech, sign_log_odds| SpeechDoubt {
            no_speech,
            sign_log_odds,
        };
        // A piano, footsteps, a fan.
        assert!(doubt(0.84, 0.6).discredits(&words(&[0.09, 0.3, 0.5])));
        assert!(doubt(0.87, 2.1).discredits(&words(&[0.2, 0.8, 0.8])));
        assert!(doubt(0.98, -2.2).discredits(&words(&[0.089])));
        // A sentence at -45 dBFS, and "um" alone at -50.
        assert!(!doubt(0.25, -2.7).discredits(&words(&[0.97, 0.5, 0.6, 0.7])));
        assert!(!doubt(0.43, -4.2).discredits(&words(&[0.62])));
        assert!(!doubt(0.9, 2.0).discredits(&[]));
    }
}
