//! The ggml file format as whisper.cpp 1.8 reads it: the head, and a check of a whole file that loads none of it.
//!
//! Little-endian throughout: magic, eleven sizes, the mel filters, the tokens, then every tensor with its own head.
//! whisper.cpp trusts what it reads, and much of what could be wrong in it ends the process or reads past a buffer.
//! So nothing is given to it that [`inspect`] has not passed.

use std::{
    collections::HashMap,
    io::{Read, Seek, Write},
};

use super::{
    format::Format,
    layout::{Shape, Tensor},
    mel,
    scan::Scan,
};
use crate::models::invalid_model::{FetchError, InvalidModel};

pub const MAGIC: [u8; 4] = *b"lmgg";

/// Tokens that are spelled out in a file; whisper.cpp makes up the special ones after them.
pub const SPELLED_TOKENS: usize = 50_257;
/// The longest of `OpenAI`'s tokens has 128 bytes.
const LONGEST_TOKEN: u32 = 1024;
/// What a file turned out to hold.
#[derive(Clone, Debug)]
pub struct Summary {
    pub shape: Shape,
    pub format: Format,
    /// Where the first tensor's head begins, in bytes.
    pub tensors_at: u64,
    /// In the order of the file, each with the place of its data.
    pub tensors: Vec<FoundTensor>,
}

#[derive(Clone, Debug)]
pub struct FoundTensor {
    pub tensor: Tensor,
    /// Where its data begins, in bytes.
    pub at: u64,
    pub bytes: u64,
}

/// Passes a file that whisper.cpp can load, and names what is wrong with any other.
///
/// `length` is the size of the file in bytes. Memory stays below a megabyte whatever the file says.
pub fn inspect(file: impl Read + Seek, length: u64) -> Result<Summary, InvalidModel> {
    let mut scan = Scan::new(file, length);
    let (shape, format) = head(&mut scan)?;
    if (scan.number()?, scan.number()?) != (shape.bands, mel::BINS as u32) {
        return Err(InvalidModel::Broken(
            "its mel filters have another size than its input".to_owned(),
        ));
    }
    scan.skip(u64::from(shape.bands) * mel::BINS as u64 * 4)?;
    tokens(&mut scan, &shape)?;

    let tensors_at = scan.at();
    let wanted = wanted(&shape, format)?;
    let end = tensors_at
        + wanted
            .values()
            .map(|(_, tensor, bytes)| head_bytes(tensor) + bytes)
            .sum::<u64>();
    if length < end {
        return Err(InvalidModel::Cut {
            has: length,
            needs: end,
        });
    }
    if length > end {
        return Err(InvalidModel::Longer(length - end));
    }
    Ok(Summary {
        shape,
        format,
        tensors_at,
        tensors: tensors(&mut scan, wanted)?,
    })
}

fn head<R: Read + Seek>(scan: &mut Scan<R>) -> Result<(Shape, Format), InvalidModel> {
    let mut beginning = [0; 64];
    let read = scan.beginning(&mut beginning)?;
    if !beginning[..read].starts_with(&MAGIC) {
        return Err(InvalidModel::of_beginning(&beginning[..read]));
    }
    scan.skip(MAGIC.len() as u64)?;
    let mut sizes = [0; 11];
    for size in &mut sizes {
        *size = scan.number()?;
    }
    let [
        vocabulary,
        audio_positions,
        width,
        heads,
        audio_layers,
        text_positions,
        text_width,
        text_heads,
        text_layers,
        bands,
        file_type,
    ] = sizes;
    if (text_width, text_heads) != (width, heads) {
        return Err(InvalidModel::Broken(
            "its encoder and decoder have different widths".to_owned(),
        ));
    }
    let shape = Shape {
        vocabulary,
        audio_positions,
        width,
        heads,
        audio_layers,
        text_positions,
        text_layers,
        bands,
    };
    shape.check()?;
    let format = Format::of_file_type(file_type)
        .ok_or_else(|| InvalidModel::Broken(format!("its format {file_type} is not known")))?;
    Ok((shape, format))
}

fn tokens<R: Read + Seek>(scan: &mut Scan<R>, shape: &Shape) -> Result<(), InvalidModel> {
    let count = scan.number()?;
    if !(SPELLED_TOKENS as u32..=shape.vocabulary).contains(&count) {
        return Err(InvalidModel::Broken(format!(
            "it spells out {count} tokens of {}",
            shape.vocabulary
        )));
    }
    // whisper.cpp looks a lone space up by its spelling and ends the process where there is none.
    let mut space = false;
    for _ in 0..count {
        let length = scan.number()?;
        if length > LONGEST_TOKEN {
            return Err(InvalidModel::Broken(format!(
                "one of its tokens is {length} bytes long"
            )));
        }
        if length == 1 {
            space |= scan.bytes::<1>()? == *b" ";
        } else {
            scan.skip(u64::from(length))?;
        }
    }
    if space {
        Ok(())
    } else {
        Err(InvalidModel::Broken("its tokens lack the space".to_owned()))
    }
}

type ExpectedTensor = HashMap<String, (Format, Tensor, u64)>;

fn wanted(shape: &Shape, format: Format) -> Result<ExpectedTensor, InvalidModel> {
    let entry = |tensor: Tensor| {
        let stored = format.of_role(tensor.role);
        match stored.bytes(&tensor) {
            Some(bytes) => Ok((tensor.name.clone(), (stored, tensor, bytes))),
            None => Err(InvalidModel::Broken(format!(
                "a width of {} cannot be stored in its format",
                shape.width
            ))),
        }
    };
    shape.tensors().into_iter().map(entry).collect()
}

fn tensors<R: Read + Seek>(scan: &mut Scan<R>, mut wanted: ExpectedTensor) -> Result<Vec<FoundTensor>, InvalidModel> {
    let mut found = Vec::with_capacity(wanted.len());
    while !wanted.is_empty() {
        let (rank, name_length, kind) = (scan.number()?, scan.number()?, scan.number()?);
        if rank > 4 || name_length > 128 {
            return Err(InvalidModel::Broken(
                "the head of one of its tensors is damaged".to_owned(),
            ));
        }
        let dims = (0..rank)
            .map(|_| scan.number())
            .collect::<Result<Vec<u32>, InvalidModel>>()?;
        let mut name = vec![0; name_length as usize];
        scan.fill(&mut name)?;
        let name = String::from_utf8_lossy(&name);
        let Some((format, tensor, bytes)) = wanted.remove(name.as_ref()) else {
            return Err(InvalidModel::Broken(format!(
                "it holds '{}' where no such tensor belongs",
                name.escape_debug()
            )));
        };
        if dims != tensor.dims || kind != format.tensor_type() {
            return Err(InvalidModel::Broken(format!(
                "its tensor {name} has another shape or format than its head says"
            )));
        }
        let at = scan.at();
        scan.skip(bytes)?;
        found.push(FoundTensor { tensor, at, bytes });
    }
    Ok(found)
}

fn head_bytes(tensor: &Tensor) -> u64 {
    (4 * (3 + tensor.dims.len()) + tensor.name.len()) as u64
}

/// Writes magic, sizes and format.
pub fn write_head(out: &mut impl Write, shape: &Shape, format: Format) -> Result<(), FetchError> {
    out.write_all(&MAGIC).map_err(FetchError::Write)?;
    let Shape {
        vocabulary,
        audio_positions,
        width,
        heads,
        audio_layers,
        text_positions,
        text_layers,
        bands,
    } = *shape;
    for number in [
        vocabulary,
        audio_positions,
        width,
        heads,
        audio_layers,
        text_positions,
        width,
        heads,
        text_layers,
        bands,
        format.file_type(),
    ] {
        write_number(out, number)?;
    }
    Ok(())
}

/// Writes what stands before a tensor's data.
pub fn write_tensor_head(out: &mut impl Write, tensor: &Tensor, stored: Format) -> Result<(), FetchError> {
    write_number(out, tensor.dims.len() as u32)?;
    write_number(out, tensor.name.len() as u32)?;
    write_number(out, stored.tensor_type())?;
    for &dim in &tensor.dims {
        write_number(out, dim)?;
    }
    out.write_all(tensor.name.as_bytes()).map_err(FetchError::Write)
}

pub fn write_number(out: &mut impl Write, number: u32) -> Result<(), FetchError> {
    out.write_all(&number.to_le_bytes()).map_err(FetchError::Write)
}
