//! What is added to a model's decoder so that it writes what was really said: fillers, repeats, cut-off words.
//!
//! An adapter is a product of two narrow matrices for each of the decoder's (`LoRA`, Hu et al. 2021), learned by
//! `scripts/train_verbatim.py`. It belongs to the weights that it was learned on, told by their SHA-256, and is added to them
//! in memory: the file stays as it was published. A model without an adapter is used as it is.

use std::{
    fs::{self, File},
    io::{self, Cursor, Read, Seek, SeekFrom},
    path::Path,
    sync::LazyLock,
};

use half::f16;
use sha2::{Digest as _, Sha256};

use super::convert::{
    format::Format,
    ggml::{self, FoundTensor},
};

/// Those that come with the program.
static ADAPTERS: LazyLock<Vec<Adapter>> = LazyLock::new(|| {
    let parse = |bytes: &[u8]| Adapter::parse(bytes).expect("assets/verbatim holds adapters");
    vec![
        parse(include_bytes!("../../assets/verbatim/tiny.en.bin")),
        parse(include_bytes!("../../assets/verbatim/base.bin")),
    ]
});

/// Whether there is an adapter for the model in this file, which has been [checked](super::check).
pub fn has_adapter(path: &Path) -> io::Result<bool> {
    Ok(find(&mut File::open(path)?, &ADAPTERS)?.is_some())
}

/// The model in this file, which has been [checked](super::check), with its adapter added: a whole ggml file. Nothing where
/// there is no adapter for it.
pub fn with_adapter(path: &Path) -> io::Result<Option<Vec<u8>>> {
    // Large models have none, and are not to be held in memory twice.
    if !has_adapter(path)? {
        return Ok(None);
    }
    let mut model = fs::read(path)?;
    let Some((adapter, tensors)) = find(&mut Cursor::new(&model), &ADAPTERS)? else {
        return Ok(None);
    };
    adapter.add_to(&mut model, &tensors);
    Ok(Some(model))
}

/// The adapter that was learned on a model, and where the model's tensors lie.
fn find<'a>(
    model: &mut (impl Read + Seek),
    adapters: &'a [Adapter],
) -> io::Result<Option<(&'a Adapter, Vec<FoundTensor>)>> {
    let length = model.seek(SeekFrom::End(0))?;
    model.rewind()?;
    let found = ggml::inspect(&mut *model, length).map_err(io::Error::other)?;
    if found.format != Format::F16 {
        return Ok(None);
    }
    for adapter in adapters {
        if adapter.fits(model, &found.tensors)? {
            return Ok(Some((adapter, found.tensors)));
        }
    }
    Ok(None)
}

#[derive(Debug)]
struct Adapter {
    /// Of the matrices that it was learned on, as they lie in the file, in the order of `parts`.
    sha256: [u8; 32],
    parts: Vec<AdapterPart>,
}

/// What is added to one matrix of `outputs` rows and `inputs` columns: `up` times `down`.
#[derive(Debug)]
struct AdapterPart {
    name: String,
    rank: usize,
    inputs: usize,
    outputs: usize,
    /// `rank` rows of `inputs`.
    down: Vec<f32>,
    /// `outputs` rows of `rank`.
    up: Vec<f32>,
}

impl Adapter {
    /// A SHA-256 and the number of matrices; for each the length of its name, the name, rank, inputs and outputs, then both
    /// narrow matrices in half precision, row by row. Little-endian. Nothing where the length is another.
    fn parse(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes;
        let sha256 = *rest.split_off(..32)?.first_chunk()?;
        let count = number(&mut rest)?;
        let mut parts = Vec::new();
        for _ in 0..count {
            let length = number(&mut rest)?;
            let name = std::str::from_utf8(rest.split_off(..length)?).ok()?.to_owned();
            let (rank, inputs, outputs) = (number(&mut rest)?, number(&mut rest)?, number(&mut rest)?);
            parts.push(AdapterPart {
                name,
                rank,
                inputs,
                outputs,
                down: halves(rest.split_off(..rank * inputs * 2)?),
                up: halves(rest.split_off(..outputs * rank * 2)?),
            });
        }
        rest.is_empty().then_some(Self { sha256, parts })
    }

    /// Whether it was learned on these weights.
    fn fits(&self, model: &mut (impl Read + Seek), tensors: &[FoundTensor]) -> io::Result<bool> {
        let mut hasher = Sha256::new();
        for part in &self.parts {
            let Some(tensor) = part.tensor(tensors) else {
                return Ok(false);
            };
            model.seek(SeekFrom::Start(tensor.at))?;
            let mut matrix = vec![0; tensor.bytes as usize];
            model.read_exact(&mut matrix)?;
            hasher.update(matrix);
        }
        Ok(hasher.finalize().as_slice() == self.sha256)
    }

    /// Adds it to a model that it fits.
    fn add_to(&self, model: &mut [u8], tensors: &[FoundTensor]) {
        for part in &self.parts {
            let tensor = part.tensor(tensors).expect("it fits");
            let at = tensor.at as usize;
            part.add_to(&mut model[at..at + tensor.bytes as usize]);
        }
    }
}

impl AdapterPart {
    /// The matrix that it is for.
    fn tensor<'a>(&self, tensors: &'a [FoundTensor]) -> Option<&'a FoundTensor> {
        let found = tensors.iter().find(|found| found.tensor.name == self.name)?;
        (found.bytes == (self.inputs * self.outputs * 2) as u64).then_some(found)
    }

    /// Adds to a matrix in half precision.
    fn add_to(&self, matrix: &mut [u8]) {
        let rows = matrix.chunks_exact_mut(self.inputs * 2);
        for (row, up) in rows.zip(self.up.chunks_exact(self.rank)) {
            let mut added = vec![0.0_f32; self.inputs];
            for (factor, down) in up.iter().zip(self.down.chunks_exact(self.inputs)) {
                added
                    .iter_mut()
                    .zip(down)
                    .for_each(|(sum, value)| *sum += factor * value);
            }
            for (weight, added) in row.as_chunks_mut::<2>().0.iter_mut().zip(added) {
                *weight = f16::from_f32(f16::from_le_bytes(*weight).to_f32() + added).to_le_bytes();
            }
        }
    }
}

fn number(rest: &mut &[u8]) -> Option<usize> {
    let bytes = rest.split_off(..4)?.first_chunk()?;
    usize::try_from(u32::from_le_bytes(*bytes)).ok()
}

fn halves(bytes: &[u8]) -> Vec<f32> {
    let pairs = bytes.as_chunks::<2>().0.iter();
    pairs.map(|pair| f16::from_le_bytes(*pair).to_f32()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::tests::made;

    const NAME: &str = "decoder.blocks.0.attn.query.weight";

    fn tensor(model: &[u8]) -> FoundTensor {
        let found = ggml::inspect(Cursor::new(model), model.len() as u64).unwrap();
        found
            .tensors
            .into_iter()
            .find(|found| found.tensor.name == NAME)
            .unwrap()
    }

    /// An adapter of rank 1 for one square matrix of this model, that adds 0.5 to its first row and nothing elsewhere.
    fn adapter(model: &[u8]) -> Vec<u8> {
        let tensor = tensor(model);
        let side = ((tensor.bytes / 2) as f64).sqrt() as usize;
        let at = tensor.at as usize;
        let mut bytes = Sha256::digest(&model[at..at + tensor.bytes as usize]).to_vec();
        let numbers = |numbers: &[usize]| {
            numbers
                .iter()
                .flat_map(|number| (*number as u32).to_le_bytes())
                .collect::<Vec<u8>>()
        };
        bytes.extend(numbers(&[1, NAME.len()]));
        bytes.extend(NAME.bytes());
        bytes.extend(numbers(&[1, side, side]));
        let down = vec![0.5_f32; side];
        let up = (0..side).map(|row| if row == 0 { 1.0 } else { 0.0 });
        bytes.extend(
            down.into_iter()
                .chain(up)
                .flat_map(|value| f16::from_f32(value).to_le_bytes()),
        );
        bytes
    }

    #[test]
    fn an_adapter_is_added_to_the_weights_that_it_was_learned_on_and_to_no_others() {
        let model = made::ggml();
        let adapters = [Adapter::parse(&adapter(model)).unwrap()];
        let (adapter, tensors) = find(&mut Cursor::new(model), &adapters).unwrap().unwrap();
        let mut changed = model.to_vec();
        adapter.add_to(&mut changed, &tensors);

        let place = tensor(model);
        let (at, row) = (place.at as usize, adapters[0].parts[0].inputs * 2);
        let values = |model: &[u8]| halves(&model[at..at + row]);
        for (before, after) in values(model).into_iter().zip(values(&changed)) {
            assert!((after - before - 0.5).abs() < 0.01, "{before} {after}");
        }
        assert_eq!(changed[..at], model[..at]);
        assert_eq!(changed[at + row..], model[at + row..], "only the first row is changed");
        assert!(
            find(&mut Cursor::new(&changed), &adapters).unwrap().is_none(),
            "these are other weights"
        );
    }

    #[test]
    fn an_adapter_that_is_cut_or_too_long_is_none() {
        let whole = adapter(made::ggml());
        assert!(Adapter::parse(&whole).is_some());
        assert!(Adapter::parse(&whole[..whole.len() - 1]).is_none());
        assert!(Adapter::parse(&[whole.as_slice(), &[0]].concat()).is_none());
        assert!(Adapter::parse(&whole[..20]).is_none());
    }

    #[test]
    fn the_adapters_that_come_with_the_program_parse() {
        assert!(ADAPTERS.iter().all(|adapter| !adapter.parts.is_empty()));
    }
}
