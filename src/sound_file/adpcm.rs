//! ADPCM, four bits a sample: Microsoft's, IMA's as in WAV files, and IMA's as in Apple's. Each block stands for itself.

/// The kind, and how long a block of all channels is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Adpcm {
    pub kind: AdpcmKind,
    /// Bytes.
    pub block: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AdpcmKind {
    Microsoft,
    ImaWave,
    /// 34 bytes a channel hold 64 samples.
    ImaQuickTime,
}

const IMA_STEPS: [i32; 89] = [
    7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107,
    118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963,
    1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894,
    6484, 7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794,
    32767,
];
const IMA_MOVES: [i32; 8] = [-1, -1, -1, -1, 2, 4, 6, 8];
const MS_SCALES: [i32; 16] = [
    230, 230, 230, 230, 307, 409, 512, 614, 768, 614, 512, 409, 307, 230, 230, 230,
];
const MS_FIRST: [i32; 7] = [256, 512, 0, 192, 240, 460, 392];
const MS_SECOND: [i32; 7] = [0, -256, 0, 64, 0, -208, -232];

impl Adpcm {
    /// Frames of a whole block.
    pub(super) fn frames(self, channels: usize) -> usize {
        let each = self.block / channels.max(1);
        match self.kind {
            AdpcmKind::Microsoft => each.saturating_sub(7) * 2 + 2,
            AdpcmKind::ImaWave => each.saturating_sub(4) * 2 + 1,
            AdpcmKind::ImaQuickTime => 64,
        }
    }

    /// The interleaved samples of a block, or of the beginning of one.
    pub(super) fn decode(self, block: &[u8], channels: usize, into: &mut Vec<f32>) {
        match self.kind {
            AdpcmKind::Microsoft => microsoft(block, channels, into),
            AdpcmKind::ImaWave => ima_wave(block, channels, into),
            AdpcmKind::ImaQuickTime => ima_quick_time(block, channels, into),
        }
    }
}

#[derive(Clone, Copy, Default)]
struct ImaState {
    sample: i32,
    step: i32,
}

impl ImaState {
    fn next(&mut self, nibble: u8) -> f32 {
        let step = IMA_STEPS[self.step.clamp(0, 88) as usize];
        let magnitude = i32::from(nibble & 7);
        let change = step / 8 + (magnitude & 1) * step / 4 + (magnitude >> 1 & 1) * step / 2 + (magnitude >> 2) * step;
        self.sample = (self.sample + if nibble & 8 == 0 { change } else { -change }).clamp(-32_768, 32_767);
        self.step = (self.step + IMA_MOVES[magnitude as usize]).clamp(0, 88);
        self.sample as f32 / 32_768.0
    }
}

fn ima_wave(block: &[u8], channels: usize, into: &mut Vec<f32>) {
    let Some((heads, data)) = block.split_at_checked(4 * channels) else {
        return;
    };
    let mut states: Vec<ImaState> = heads
        .chunks_exact(4)
        .map(|head| ImaState {
            sample: i32::from(i16::from_le_bytes([head[0], head[1]])),
            step: i32::from(head[2]).min(88),
        })
        .collect();
    into.extend(states.iter().map(|state| state.sample as f32 / 32_768.0));
    // Eight samples of each channel in turn.
    for group in data.chunks_exact(4 * channels) {
        let from = into.len();
        into.resize(from + 8 * channels, 0.0);
        for (channel, bytes) in group.chunks_exact(4).enumerate() {
            for (index, byte) in bytes.iter().enumerate() {
                let at = from + 2 * index * channels + channel;
                into[at] = states[channel].next(byte & 15);
                into[at + channels] = states[channel].next(byte >> 4);
            }
        }
    }
}

fn ima_quick_time(block: &[u8], channels: usize, into: &mut Vec<f32>) {
    if block.len() < 34 * channels {
        return;
    }
    let from = into.len();
    into.resize(from + 64 * channels, 0.0);
    for (channel, bytes) in block.chunks_exact(34).take(channels).enumerate() {
        let head = i16::from_be_bytes([bytes[0], bytes[1]]);
        let mut state = ImaState {
            sample: i32::from(head & !0x7f),
            step: i32::from(head & 0x7f).min(88),
        };
        for (index, byte) in bytes[2..].iter().enumerate() {
            let at = from + 2 * index * channels + channel;
            into[at] = state.next(byte & 15);
            into[at + channels] = state.next(byte >> 4);
        }
    }
}

struct MicrosoftState {
    first: i32,
    second: i32,
    scale: i32,
    coefficients: (i32, i32),
}

impl MicrosoftState {
    fn next(&mut self, nibble: u8) -> f32 {
        let signed = if nibble & 8 == 0 {
            i32::from(nibble)
        } else {
            i32::from(nibble) - 16
        };
        let predicted = (self.first * self.coefficients.0 + self.second * self.coefficients.1) / 256;
        let sample = (predicted + signed * self.scale).clamp(-32_768, 32_767);
        self.second = self.first;
        self.first = sample;
        self.scale = (MS_SCALES[usize::from(nibble & 15)] * self.scale / 256).clamp(16, 1 << 20);
        sample as f32 / 32_768.0
    }
}

fn microsoft(block: &[u8], channels: usize, into: &mut Vec<f32>) {
    let Some((head, data)) = block.split_at_checked(7 * channels) else {
        return;
    };
    let word = |at: usize, channel: usize| {
        let at = at + 2 * channel;
        i32::from(i16::from_le_bytes([head[at], head[at + 1]]))
    };
    let mut states: Vec<MicrosoftState> = (0..channels)
        .map(|channel| {
            let which = usize::from(head[channel]).min(6);
            MicrosoftState {
                scale: word(channels, channel),
                first: word(3 * channels, channel),
                second: word(5 * channels, channel),
                coefficients: (MS_FIRST[which], MS_SECOND[which]),
            }
        })
        .collect();
    into.extend(states.iter().map(|state| state.second as f32 / 32_768.0));
    into.extend(states.iter().map(|state| state.first as f32 / 32_768.0));
    let whole = data.len() * 2 / channels * channels;
    for index in 0..whole {
        let byte = data[index / 2];
        let nibble = if index % 2 == 0 { byte >> 4 } else { byte & 15 };
        into.push(states[index % channels].next(nibble));
    }
}
