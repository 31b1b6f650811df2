//! Whisper models as `CTranslate2` stores them: an index of the variables in `model.bin`, and the vocabulary beside it.
//!
//! `model.bin`, little-endian: version, name of the network, revision, count; then for each variable its name, rank,
//! dimensions, type, byte length and bytes. A string is a 16-bit length and bytes, the last of them zero. After the
//! variables come aliases, which a Whisper model uses only for the tied output weights.

use std::{
    collections::HashMap,
    io::{Read, Seek},
};

use super::{ggml::SPELLED_TOKENS, scan::Scan};
use crate::models::invalid_model::InvalidModel;

/// The only version and network read here; revision 3 is the newest.
const VERSION: u32 = 6;
const NETWORK: &str = "WhisperSpec";
/// Far above large-v3's 1,500 variables.
const MOST_VARIABLES: u32 = 16_384;
const LONGEST_NAME: u16 = 256;

/// Types of numbers, by `CTranslate2`'s code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    F32,
    I8,
    I16,
    I32,
    F16,
}

impl Kind {
    fn of_code(code: u8) -> Option<Self> {
        Some(match code {
            0 => Self::F32,
            1 => Self::I8,
            2 => Self::I16,
            3 => Self::I32,
            4 => Self::F16,
            _ => return None,
        })
    }

    pub fn bytes(self) -> u64 {
        match self {
            Self::I8 => 1,
            Self::I16 | Self::F16 => 2,
            Self::F32 | Self::I32 => 4,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Rows first.
    pub dims: Vec<u32>,
    pub kind: Kind,
    /// Where its bytes begin.
    pub at: u64,
    pub bytes: u64,
    /// The bytes themselves, for the few that are a single number.
    scalar: Option<[u8; 4]>,
}

/// Where each variable lies in a `model.bin`.
#[derive(Debug)]
pub struct Index(HashMap<String, Variable>);

impl Index {
    /// Reads the index. `length` is the size of the file in bytes; nothing in the file is trusted beyond it.
    pub fn read(file: impl Read + Seek, length: u64) -> Result<Self, InvalidModel> {
        let mut scan = Scan::new(file, length);
        let version = scan.number()?;
        if version != VERSION {
            return Err(InvalidModel::Unknown);
        }
        if scan.string()? != NETWORK {
            return Err(InvalidModel::Broken(
                "it is a CTranslate2 model, but not one of Whisper".to_owned(),
            ));
        }
        let _revision = scan.number()?;
        let count = scan.number()?;
        if count > MOST_VARIABLES {
            return Err(InvalidModel::Broken(format!("it claims to have {count} variables")));
        }
        let mut variables = HashMap::new();
        for _ in 0..count {
            let name = scan.string()?;
            let variable = scan.variable(&name)?;
            variables.insert(name, variable);
        }
        Ok(Self(variables))
    }

    pub fn get(&self, name: &str) -> Result<&Variable, InvalidModel> {
        self.0
            .get(name)
            .ok_or_else(|| InvalidModel::Broken(format!("it lacks the variable {name}")))
    }

    /// A variable that is a single whole number.
    pub fn number(&self, name: &str) -> Result<u32, InvalidModel> {
        let variable = self.get(name)?;
        let message = || InvalidModel::Broken(format!("its variable {name} is not a number"));
        let bytes = variable.scalar.ok_or_else(message)?;
        let number = match variable.kind {
            Kind::I8 => i32::from(i8::from_le_bytes([bytes[0]])),
            Kind::I16 => i32::from(i16::from_le_bytes([bytes[0], bytes[1]])),
            Kind::I32 => i32::from_le_bytes(bytes),
            Kind::F16 | Kind::F32 => return Err(message()),
        };
        u32::try_from(number).map_err(|_| message())
    }

    /// How many of `prefix`0, `prefix`1, … there are, told by the variable `suffix` of each.
    pub fn layers(&self, prefix: &str, suffix: &str) -> u32 {
        (0..MOST_VARIABLES)
            .take_while(|layer| self.0.contains_key(&format!("{prefix}{layer}{suffix}")))
            .count() as u32
    }
}

/// The bytes of the tokens that a ggml file spells out, from a `vocabulary.txt` (a token a line) or
/// `vocabulary.json` (a list of strings).
///
/// Both write each byte as one printable letter, as GPT-2 does.
pub fn tokens(vocabulary: &[u8]) -> Result<Vec<Vec<u8>>, InvalidModel> {
    let text =
        std::str::from_utf8(vocabulary).map_err(|_| InvalidModel::Broken("its vocabulary is not text".to_owned()))?;
    let words: Vec<String> = if text.trim_start().starts_with('[') {
        serde_json::from_str(text)
            .map_err(|_| InvalidModel::Broken("its vocabulary is not a list of words".to_owned()))?
    } else {
        text.split('\n')
            .map(|line| line.strip_suffix('\r').unwrap_or(line).to_owned())
            .collect()
    };
    if words.len() < SPELLED_TOKENS {
        return Err(InvalidModel::Broken(format!(
            "its vocabulary has {} words of {SPELLED_TOKENS}",
            words.len()
        )));
    }
    let letters = letters();
    let spelled = words.iter().take(SPELLED_TOKENS).map(|word| spell(word, &letters));
    spelled
        .collect::<Option<_>>()
        .ok_or_else(|| InvalidModel::Broken("its vocabulary has letters that stand for no byte".to_owned()))
}

fn spell(word: &str, letters: &HashMap<char, u8>) -> Option<Vec<u8>> {
    if word.starts_with("<|") && word.ends_with("|>") {
        return Some(word.as_bytes().to_vec());
    }
    word.chars().map(|letter| letters.get(&letter).copied()).collect()
}

/// GPT-2's alphabet: printable Latin-1 letters stand for themselves, every other byte for a letter from U+0100 on.
fn letters() -> HashMap<char, u8> {
    let plain = |byte: &u8| matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
    let others = (0..=u8::MAX).filter(|byte| !plain(byte));
    let spelled = others.zip('\u{100}'..).map(|(byte, letter)| (letter, byte));
    (0..=u8::MAX)
        .filter(plain)
        .map(|byte| (char::from(byte), byte))
        .chain(spelled)
        .collect()
}

impl<R: Read + Seek> Scan<R> {
    fn string(&mut self) -> Result<String, InvalidModel> {
        let length = u16::from_le_bytes(self.bytes()?);
        if length == 0 || length > LONGEST_NAME {
            return Err(InvalidModel::Broken(format!("one of its names is {length} bytes long")));
        }
        let mut bytes = vec![0; usize::from(length)];
        self.fill(&mut bytes)?;
        bytes.pop();
        String::from_utf8(bytes).map_err(|_| InvalidModel::Broken("one of its names is not text".to_owned()))
    }

    fn variable(&mut self, name: &str) -> Result<Variable, InvalidModel> {
        let [rank] = self.bytes()?;
        if rank > 4 {
            return Err(InvalidModel::Broken(format!(
                "its variable {name} has {rank} dimensions"
            )));
        }
        let dims = (0..rank)
            .map(|_| self.number())
            .collect::<Result<Vec<u32>, InvalidModel>>()?;
        let [code] = self.bytes()?;
        let kind = Kind::of_code(code).ok_or_else(|| {
            InvalidModel::Broken(format!("its variable {name} has numbers of the unknown type {code}"))
        })?;
        let bytes = u64::from(self.number()?);
        let elements = dims
            .iter()
            .try_fold(1_u64, |product, &dim| product.checked_mul(u64::from(dim)));
        if elements.and_then(|elements| elements.checked_mul(kind.bytes())) != Some(bytes) {
            return Err(InvalidModel::Broken(format!(
                "its variable {name} has another size than its dimensions say"
            )));
        }
        let at = self.at();
        let mut scalar = None;
        if dims.is_empty() {
            let mut number = [0; 4];
            self.fill(&mut number[..bytes as usize])?;
            scalar = Some(number);
        } else {
            self.skip(bytes)?;
        }
        Ok(Variable {
            dims,
            kind,
            at,
            bytes,
            scalar,
        })
    }
}
