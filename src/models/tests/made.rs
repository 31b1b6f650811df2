//! The smallest network that passes as a Whisper model: 64 wide, one head, four audio layers and one text layer.

use std::{
    io::{Cursor, Write as _},
    path::Path,
    sync::OnceLock,
};

use half::f16;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::{super::convert::to_ggml::convert, unwatched};

pub const WIDTH: u32 = 64;
const AUDIO_LAYERS: u32 = 4;
const AUDIO_POSITIONS: u32 = 10;
const TEXT_POSITIONS: u32 = 8;
const VOCABULARY: u32 = 51_864;
const BANDS: u32 = 80;

/// The number at place `place` of a variable: tells apart any two rows and any two variables.
pub fn number(variable: &str, place: u32) -> f32 {
    let seed = variable
        .bytes()
        .fold(17_u32, |seed, byte| seed.wrapping_mul(31).wrapping_add(u32::from(byte)));
    let mixed = seed.wrapping_add(place.wrapping_mul(2_654_435_761)) >> 20;
    f16::from_f32(mixed as f32 / 4096.0 - 0.5).to_f32()
}

/// A `CTranslate2` `model.bin`.
pub fn model_bin() -> &'static [u8] {
    static MADE: OnceLock<Vec<u8>> = OnceLock::new();
    MADE.get_or_init(|| {
        let variables = variables();
        let mut file = Vec::new();
        file.extend(6_u32.to_le_bytes());
        string(&mut file, "WhisperSpec");
        file.extend(3_u32.to_le_bytes());
        file.extend((variables.len() as u32 + 2).to_le_bytes());
        for side in ["decoder", "encoder"] {
            string(&mut file, &format!("{side}/num_heads"));
            // No dimensions, 16-bit whole number, two bytes: 1.
            file.extend([0, 2, 2, 0, 0, 0, 1, 0]);
        }
        for (name, dims) in variables {
            string(&mut file, &name);
            file.push(dims.len() as u8);
            for dim in &dims {
                file.extend(dim.to_le_bytes());
            }
            file.push(4);
            let elements: u32 = dims.iter().product();
            file.extend((2 * elements).to_le_bytes());
            (0..elements).for_each(|place| file.extend(f16::from_f32(number(&name, place)).to_le_bytes()));
        }
        file.extend(1_u32.to_le_bytes());
        string(&mut file, "decoder/projection/weight");
        string(&mut file, "decoder/embeddings/weight");
        file
    })
}

fn string(file: &mut Vec<u8>, text: &str) {
    file.extend((text.len() as u16 + 1).to_le_bytes());
    file.extend(text.as_bytes());
    file.push(0);
}

fn variables() -> Vec<(String, Vec<u32>)> {
    let mut list = vec![
        ("decoder/embeddings/weight".to_owned(), vec![VOCABULARY, WIDTH]),
        (
            "decoder/position_encodings/encodings".to_owned(),
            vec![TEXT_POSITIONS, WIDTH],
        ),
        (
            "encoder/position_encodings/encodings".to_owned(),
            vec![AUDIO_POSITIONS, WIDTH],
        ),
        ("encoder/conv1/weight".to_owned(), vec![WIDTH, BANDS, 3]),
        ("encoder/conv1/bias".to_owned(), vec![WIDTH]),
        ("encoder/conv2/weight".to_owned(), vec![WIDTH, WIDTH, 3]),
        ("encoder/conv2/bias".to_owned(), vec![WIDTH]),
    ];
    let mut norm = |place: &str| {
        list.push((format!("{place}/gamma"), vec![WIDTH]));
        list.push((format!("{place}/beta"), vec![WIDTH]));
    };
    norm("decoder/layer_norm");
    norm("encoder/layer_norm");
    let mut block = |place: &str, cross: bool| {
        let mut linear = |name: &str, to: u32, from: u32| {
            list.push((format!("{place}/{name}/weight"), vec![to, from]));
            list.push((format!("{place}/{name}/bias"), vec![to]));
        };
        linear("self_attention/linear_0", 3 * WIDTH, WIDTH);
        linear("self_attention/linear_1", WIDTH, WIDTH);
        linear("ffn/linear_0", 4 * WIDTH, WIDTH);
        linear("ffn/linear_1", WIDTH, 4 * WIDTH);
        if cross {
            linear("attention/linear_0", WIDTH, WIDTH);
            linear("attention/linear_1", 2 * WIDTH, WIDTH);
            linear("attention/linear_2", WIDTH, WIDTH);
        }
        for name in ["self_attention", "ffn", "attention"]
            .into_iter()
            .take(if cross { 3 } else { 2 })
        {
            list.push((format!("{place}/{name}/layer_norm/gamma"), vec![WIDTH]));
            list.push((format!("{place}/{name}/layer_norm/beta"), vec![WIDTH]));
        }
    };
    block("decoder/layer_0", true);
    (0..AUDIO_LAYERS).for_each(|layer| block(&format!("encoder/layer_{layer}"), false));
    list
}

/// A `vocabulary.txt`: a letter, the space, a word with both, and fillers.
pub fn vocabulary() -> &'static [u8] {
    static MADE: OnceLock<Vec<u8>> = OnceLock::new();
    MADE.get_or_init(|| {
        use std::fmt::Write as _;
        let mut text = "!\nĠ\nĠum\nÃ©\n".to_owned();
        for word in 4..VOCABULARY {
            writeln!(text, "w{word}").unwrap();
        }
        text.into_bytes()
    })
}

/// The network above as a ggml file.
pub fn ggml() -> &'static [u8] {
    static MADE: OnceLock<Vec<u8>> = OnceLock::new();
    MADE.get_or_init(|| {
        let mut made = Vec::new();
        let length = model_bin().len() as u64;
        unwatched(|progress| convert(&mut Cursor::new(model_bin()), length, vocabulary(), &mut made, progress))
            .unwrap();
        made
    })
}

/// Writes a zip file of these entries.
pub fn zip(path: &Path, entries: &[(&str, &[u8])]) {
    let mut archive = ZipWriter::new(std::fs::File::create(path).unwrap());
    for (name, bytes) in entries {
        archive
            .start_file(
                *name,
                SimpleFileOptions::default().compression_method(CompressionMethod::Deflated),
            )
            .unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap();
}

/// A wheel that holds the whole network.
pub fn wheel(path: &Path) {
    zip(
        path,
        &[
            ("toy/__init__.py", b"raise SystemExit"),
            ("toy/model.bin", model_bin()),
            ("toy/vocabulary.txt", vocabulary()),
        ],
    );
}
