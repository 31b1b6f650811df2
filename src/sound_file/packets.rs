//! Compressed packets that a container of ours gives, through the decoders of `symphonia` and libopus.

use std::sync::LazyLock;

use symphonia::core::{
    codecs::{
        audio::{
            AudioCodecParameters, AudioDecoder, AudioDecoderOptions,
            well_known::{CODEC_ID_MP1, CODEC_ID_MP2, CODEC_ID_MP3, CODEC_ID_OPUS},
        },
        registry::CodecRegistry,
    },
    errors::Error,
    packet::Packet,
    units::{Duration, Timestamp},
};
use symphonia_adapter_libopus::OpusDecoder;

use super::{
    Decoded, FrameSource,
    error::Unreadable,
    pieces::Pieces,
    samples::{ByteOrder, Coding, Samples, bounded},
};

/// Longer than any packet of sound is.
const MOST_PACKET: usize = 4 << 20;
/// So many packets in a row that cannot be decoded are the end.
const MOST_BAD: usize = 2000;

static CODECS: LazyLock<CodecRegistry> = LazyLock::new(|| {
    let mut codecs = CodecRegistry::new();
    symphonia::default::register_enabled_codecs(&mut codecs);
    codecs.register_audio_decoder::<OpusDecoder>();
    codecs
});

/// A decoder for sound that is compressed like this.
pub(super) fn decoder(parameters: &AudioCodecParameters) -> Result<Box<dyn AudioDecoder>, Unreadable> {
    let mut parameters = parameters.clone();
    if parameters.codec == CODEC_ID_OPUS {
        // Opus always decodes to 48 kHz; what its header says of a beginning to be left out is for whoever reads the
        // container.
        parameters.sample_rate = Some(48_000);
        parameters.extra_data = None;
    }
    CODECS
        .make_audio_decoder(&parameters, &AudioDecoderOptions::default())
        .map_err(|error| {
            log::warn!("No decoder: {error}");
            match error {
                Error::Unsupported(_) => Unreadable::sound("sound that is compressed in a rare way"),
                _ => Unreadable::Damaged {
                    kind: "recording",
                    what: "what it says of its sound makes no sense",
                },
            }
        })
}

/// How the sound of a track is written down.
pub(super) enum TrackSound {
    Samples(Coding, ByteOrder),
    Packets(AudioCodecParameters),
}

/// A track of sound in a container: how it is decoded, and what of it is heard.
pub(super) struct SoundTrack {
    pub sound: TrackSound,
    pub channels: usize,
    pub rate: u32,
    /// Frames at the beginning that the encoder has put there.
    pub lead: u64,
    /// Frames after them.
    pub valid: Option<u64>,
}

impl SoundTrack {
    pub(super) fn new(sound: TrackSound, channels: usize, rate: u32) -> Self {
        Self {
            sound,
            channels,
            rate,
            lead: 0,
            valid: None,
        }
    }

    /// Decodes it from these packets, or runs of samples.
    pub(super) fn open(self, pieces: impl Pieces + 'static) -> Result<Decoded, Unreadable> {
        let decoded = match self.sound {
            TrackSound::Samples(coding, order) => {
                let samples = Samples::new(pieces, coding, order, self.channels);
                Decoded::new(samples, self.channels, self.rate, None)
            }
            TrackSound::Packets(parameters) => PacketSound::open(pieces, &parameters, self.channels, self.rate)?,
        };
        Ok(decoded.trimmed(self.lead, self.valid))
    }
}

/// Decodes one packet after the other.
pub(super) struct PacketSound {
    pieces: Box<dyn Pieces>,
    decoder: Box<dyn AudioDecoder>,
    channels: usize,
    packet: Vec<u8>,
    block: Vec<f32>,
    bad: usize,
    good: bool,
    /// MPEG sound that may be of another layer than its container says.
    mpeg: Option<AudioCodecParameters>,
}

impl PacketSound {
    pub(super) fn open(
        pieces: impl Pieces + 'static,
        parameters: &AudioCodecParameters,
        channels: usize,
        rate: u32,
    ) -> Result<Decoded, Unreadable> {
        let sound = Self {
            pieces: Box::new(pieces),
            decoder: decoder(parameters)?,
            channels,
            packet: Vec::new(),
            block: Vec::new(),
            bad: 0,
            good: false,
            mpeg: (parameters.codec == CODEC_ID_MP3).then(|| parameters.clone()),
        };
        Ok(Decoded::new(sound, channels, rate, None))
    }
}

impl PacketSound {
    /// MP4 has one name for all three layers; the first frame says which.
    fn choose_layer(&mut self, mut mpeg: AudioCodecParameters) {
        let layer = self.packet.get(1).map(|second| second >> 1 & 3);
        mpeg.codec = match layer {
            Some(2) => CODEC_ID_MP2,
            Some(3) => CODEC_ID_MP1,
            _ => return,
        };
        if let Ok(decoder) = decoder(&mpeg) {
            self.decoder = decoder;
        }
    }
}

impl FrameSource for PacketSound {
    fn next(&mut self, into: &mut Vec<f32>) -> bool {
        self.packet.clear();
        let more = self.pieces.next(&mut self.packet);
        if self.packet.is_empty() || self.packet.len() > MOST_PACKET {
            return more;
        }
        if let Some(mpeg) = self.mpeg.take() {
            self.choose_layer(mpeg);
        }
        let data = std::mem::take(&mut self.packet);
        let packet = Packet::new(0, Timestamp::new(0), Duration::new(0), data);
        match self.decoder.decode(&packet) {
            Ok(decoded) => {
                self.bad = 0;
                self.good = true;
                let found = decoded.spec().channels().count();
                decoded.copy_to_vec_interleaved(&mut self.block);
                append_frames(&self.block, found, self.channels, into);
                more
            }
            Err(error) => {
                self.bad += 1;
                if self.bad == 1 {
                    log::warn!("A packet of the recording cannot be decoded: {error}");
                }
                more && self.bad < MOST_BAD
            }
        }
    }

    fn has_failed(&self) -> bool {
        self.bad > 0 && !self.good
    }
}

/// Frames of `found` channels as frames of `wanted`: a stream may change its mind midway.
pub(super) fn append_frames(block: &[f32], found: usize, wanted: usize, into: &mut Vec<f32>) {
    if found == wanted {
        into.extend(block.iter().map(|sample| bounded(*sample)));
    } else if found > 0 {
        for frame in block.chunks_exact(found) {
            into.extend((0..wanted).map(|channel| bounded(frame[channel.min(found - 1)])));
        }
    }
}
