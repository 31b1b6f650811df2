//! The mel filter bank that every Whisper model carries: made here, byte for byte as the published files hold it.

/// Bins of the spectrum that the filters weigh: a 400-point Fourier transform at 16 kHz.
pub const BINS: usize = 201;

/// Highest frequency of the spectrum, in hertz.
const TOP: f64 = 8000.0;

/// `bands` × [`BINS`] weights, band by band: triangles on Slaney's mel scale, each of area one.
///
/// `OpenAI`'s `mel_filters.npz` was made by librosa, which computes in f64, stores the triangle as f32, scales it in
/// f64 and stores it as f32 again. The same steps give the same bits.
pub fn filters(bands: usize) -> Vec<f32> {
    let edges = edges(bands);
    let mut weights = Vec::with_capacity(bands * BINS);
    for edge in edges.windows(3) {
        let &[low, middle, high] = edge else {
            unreachable!("windows of three")
        };
        let scale = 2.0 / (high - low);
        for bin in 0..BINS {
            let hertz = bin as f64 * TOP / (BINS - 1) as f64;
            let rising = (hertz - low) / (middle - low);
            let falling = (high - hertz) / (high - middle);
            // Adding zero turns the negative zero at the first bin into the positive one of the published files.
            let triangle = (rising.min(falling).max(0.0) + 0.0) as f32;
            weights.push((f64::from(triangle) * scale) as f32);
        }
    }
    weights
}

/// The corners of the triangles in hertz, evenly spaced in mel from 0 Hz to [`TOP`].
fn edges(bands: usize) -> Vec<f64> {
    let last = bands + 1;
    let top = to_mel(TOP);
    let step = top / last as f64;
    (0..=last)
        .map(|i| if i == last { top } else { step * i as f64 })
        .map(to_hertz)
        .collect()
}

/// Slaney's scale: linear up to 1 kHz (15 mel), then 27 mel for each factor of 6.4.
const KNEE_HERTZ: f64 = 1000.0;
const KNEE_MEL: f64 = 15.0;

fn to_mel(hertz: f64) -> f64 {
    if hertz >= KNEE_HERTZ {
        KNEE_MEL + (hertz / KNEE_HERTZ).ln() / log_step()
    } else {
        hertz / (200.0 / 3.0)
    }
}

fn to_hertz(mel: f64) -> f64 {
    if mel >= KNEE_MEL {
        KNEE_HERTZ * (log_step() * (mel - KNEE_MEL)).exp()
    } else {
        200.0 / 3.0 * mel
    }
}

fn log_step() -> f64 {
    6.4_f64.ln() / 27.0
}

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha256};

    use super::*;
    use crate::models::digest::hex;

    #[test]
    fn filters_are_the_bytes_of_the_published_models() {
        // The digest of the 80 × 201 table in the published ggml-tiny.en.bin.
        let bytes: Vec<u8> = filters(80).iter().flat_map(|weight| weight.to_le_bytes()).collect();
        assert_eq!(
            hex(&Sha256::digest(&bytes)),
            "85818f156f7e189453901a515e4726d270d307f976e161cf9403e8caab405498"
        );
    }

    #[test]
    fn every_band_is_a_triangle_inside_the_spectrum() {
        for bands in [80, 128] {
            let weights = filters(bands);
            assert_eq!(weights.len(), bands * BINS);
            assert!(
                weights
                    .iter()
                    .all(|weight| weight.is_finite() && *weight >= 0.0 && weight.is_sign_positive())
            );
            assert!(weights.chunks(BINS).all(|band| band.iter().any(|weight| *weight > 0.0)));
        }
    }
}
