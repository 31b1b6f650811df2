//! `CTranslate2` → ggml. The result is, byte for byte, the file that the whisper.cpp repository publishes, where the
//! weights are the published ones: so one SHA-256 vouches for both ways to a model.

use std::io::{Read, Seek, SeekFrom, Write};

use half::f16;

use super::{
    ctranslate2::{Index, Kind, tokens},
    format::Format,
    ggml,
    layout::{Shape, Tensor},
    mel,
};
use crate::models::{
    digest::CHUNK,
    invalid_model::{FetchError, InvalidModel},
    progress::ProgressSink,
};

/// Writes the ggml file (16-bit matrices) of a `model.bin` of `length` bytes and its vocabulary.
///
/// Weights pass through in small pieces; memory holds the index, the tokens and the filters.
pub fn convert(
    model: &mut (impl Read + Seek),
    length: u64,
    vocabulary: &[u8],
    out: &mut impl Write,
    progress: &mut ProgressSink<'_>,
) -> Result<(), FetchError> {
    let index = Index::read(&mut *model, length)?;
    let shape = shape(&index)?;
    shape.check()?;
    ggml::write_head(out, &shape, Format::F16)?;
    ggml::write_number(out, shape.bands)?;
    ggml::write_number(out, mel::BINS as u32)?;
    for weight in mel::filters(shape.bands as usize) {
        out.write_all(&weight.to_le_bytes()).map_err(FetchError::Write)?;
    }
    let tokens = tokens(vocabulary)?;
    ggml::write_number(out, tokens.len() as u32)?;
    for token in tokens {
        ggml::write_number(out, token.len() as u32)?;
        out.write_all(&token).map_err(FetchError::Write)?;
    }
    for tensor in shape.tensors() {
        let stored = Format::F16.of_role(tensor.role);
        let piece = piece(&index, &tensor)?;
        ggml::write_tensor_head(out, &tensor, stored)?;
        model
            .seek(SeekFrom::Start(piece.at))
            .map_err(InvalidModel::Unreadable)?;
        copy(model, &piece, stored, out, progress)?;
    }
    Ok(())
}

fn shape(index: &Index) -> Result<Shape, InvalidModel> {
    let dim = |name: &str, axis: usize| {
        let message = || InvalidModel::Broken(format!("its variable {name} has too few dimensions"));
        index.get(name)?.dims.get(axis).copied().ok_or_else(message)
    };
    Ok(Shape {
        vocabulary: dim("decoder/embeddings/weight", 0)?,
        audio_positions: dim("encoder/position_encodings/encodings", 0)?,
        width: dim("decoder/embeddings/weight", 1)?,
        heads: index.number("encoder/num_heads")?,
        audio_layers: index.layers("encoder/layer_", "/ffn/linear_0/weight"),
        text_positions: dim("decoder/position_encodings/encodings", 0)?,
        text_layers: index.layers("decoder/layer_", "/ffn/linear_0/weight"),
        bands: dim("encoder/conv1/weight", 1)?,
    })
}

/// The bytes of a `model.bin` that are one tensor.
struct TensorPart {
    kind: Kind,
    at: u64,
    bytes: u64,
}

fn piece(index: &Index, tensor: &Tensor) -> Result<TensorPart, InvalidModel> {
    let (name, part, parts) = origin(&tensor.name);
    let variable = index.get(&name)?;
    let elements = variable.bytes / variable.kind.bytes();
    if variable.kind != Kind::F16 && variable.kind != Kind::F32 {
        return Err(InvalidModel::Broken(
            "its weights are whole numbers, which cannot be turned back exactly".to_owned(),
        ));
    }
    let rows = variable.dims.first().copied().unwrap_or_default();
    if elements != tensor.elements() * u64::from(parts) || !rows.is_multiple_of(parts) {
        return Err(InvalidModel::Broken(format!(
            "its variable {name} has another size than its network needs"
        )));
    }
    let bytes = variable.bytes / u64::from(parts);
    Ok(TensorPart {
        kind: variable.kind,
        at: variable.at + bytes * u64::from(part),
        bytes,
    })
}

/// Which variable a tensor comes from, and which part of how many equal ones along its rows.
///
/// `CTranslate2` fuses the query, key and value of self-attention, and the key and value of cross-attention.
fn origin(tensor: &str) -> (String, u32, u32) {
    let fixed = match tensor {
        "decoder.positional_embedding" => "decoder/position_encodings/encodings",
        "encoder.positional_embedding" => "encoder/position_encodings/encodings",
        "decoder.token_embedding.weight" => "decoder/embeddings/weight",
        _ => "",
    };
    if !fixed.is_empty() {
        return (fixed.to_owned(), 0, 1);
    }
    let (owner, kind) = tensor
        .rsplit_once('.')
        .expect("every other tensor is a weight or a bias");
    let (side, rest) = owner
        .split_once('.')
        .expect("every tensor belongs to the encoder or the decoder");
    let (place, module) = match rest.strip_prefix("blocks.").and_then(|rest| rest.split_once('.')) {
        Some((layer, module)) => (format!("{side}/layer_{layer}"), module),
        None => (side.to_owned(), rest),
    };
    let (module, part, parts) = match module {
        "mlp.0" => ("ffn/linear_0", 0, 1),
        "mlp.2" => ("ffn/linear_1", 0, 1),
        "mlp_ln" => ("ffn/layer_norm", 0, 1),
        "attn.query" => ("self_attention/linear_0", 0, 3),
        "attn.key" => ("self_attention/linear_0", 1, 3),
        "attn.value" => ("self_attention/linear_0", 2, 3),
        "attn.out" => ("self_attention/linear_1", 0, 1),
        "attn_ln" => ("self_attention/layer_norm", 0, 1),
        "cross_attn.query" => ("attention/linear_0", 0, 1),
        "cross_attn.key" => ("attention/linear_1", 0, 2),
        "cross_attn.value" => ("attention/linear_1", 1, 2),
        "cross_attn.out" => ("attention/linear_2", 0, 1),
        "cross_attn_ln" => ("attention/layer_norm", 0, 1),
        "ln" | "ln_post" => ("layer_norm", 0, 1),
        other => (other, 0, 1),
    };
    let kind = match (module.ends_with("layer_norm"), kind) {
        (true, "weight") => "gamma",
        (true, "bias") => "beta",
        (_, kind) => kind,
    };
    (format!("{place}/{module}/{kind}"), part, parts)
}

fn copy(
    model: &mut impl Read,
    piece: &TensorPart,
    stored: Format,
    out: &mut impl Write,
    progress: &mut ProgressSink<'_>,
) -> Result<(), FetchError> {
    let mut left = piece.bytes;
    let mut chunk = vec![0; CHUNK];
    let mut turned = Vec::with_capacity(2 * CHUNK);
    while left > 0 {
        progress.check()?;
        let size = left.min(CHUNK as u64) as usize;
        model.read_exact(&mut chunk[..size]).map_err(InvalidModel::Unreadable)?;
        turned.clear();
        match (piece.kind, stored) {
            (Kind::F16, Format::F32) => {
                for bytes in chunk[..size].as_chunks().0 {
                    turned.extend_from_slice(&f16::from_le_bytes(*bytes).to_f32().to_le_bytes());
                }
            }
            (Kind::F32, Format::F16) => {
                for bytes in chunk[..size].as_chunks().0 {
                    turned.extend_from_slice(&f16::from_f32(f32::from_le_bytes(*bytes)).to_le_bytes());
                }
            }
            _ => turned.extend_from_slice(&chunk[..size]),
        }
        out.write_all(&turned).map_err(FetchError::Write)?;
        left -= size as u64;
        progress.step(size as u64);
    }
    Ok(())
}
