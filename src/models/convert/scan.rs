//! Reads a file of unknown origin forward: never past its end, and nothing into memory but what is asked for.

use std::io::{BufReader, Read, Seek, SeekFrom};

use crate::models::invalid_model::InvalidModel;

/// Reads forward and never past the end.
pub struct Scan<R> {
    file: BufReader<R>,
    at: u64,
    length: u64,
}

impl<R: Read + Seek> Scan<R> {
    /// From the beginning of a file of `length` bytes.
    pub fn new(file: R, length: u64) -> Self {
        Self {
            file: BufReader::new(file),
            at: 0,
            length,
        }
    }

    /// Bytes that were read or skipped.
    pub fn at(&self) -> u64 {
        self.at
    }

    fn take(&mut self, bytes: u64) -> Result<(), InvalidModel> {
        let end = self.at.saturating_add(bytes);
        if end > self.length {
            return Err(InvalidModel::Cut {
                has: self.length,
                needs: end,
            });
        }
        self.at = end;
        Ok(())
    }

    pub fn fill(&mut self, buffer: &mut [u8]) -> Result<(), InvalidModel> {
        self.take(buffer.len() as u64)?;
        self.file.read_exact(buffer).map_err(InvalidModel::Unreadable)
    }

    pub fn bytes<const N: usize>(&mut self) -> Result<[u8; N], InvalidModel> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// A 32-bit number, as all of them are in both formats.
    pub fn number(&mut self) -> Result<u32, InvalidModel> {
        Ok(u32::from_le_bytes(self.bytes()?))
    }

    pub fn skip(&mut self, bytes: u64) -> Result<(), InvalidModel> {
        self.take(bytes)?;
        // Far below the range of i64: `take` has held it against the file's length.
        self.file.seek_relative(bytes as i64).map_err(InvalidModel::Unreadable)
    }

    /// Looks at the first bytes, as many as there are, and goes back.
    pub fn beginning(&mut self, buffer: &mut [u8]) -> Result<usize, InvalidModel> {
        let mut read = 0;
        while read < buffer.len() {
            match self.file.read(&mut buffer[read..]).map_err(InvalidModel::Unreadable)? {
                0 => break,
                more => read += more,
            }
        }
        self.file.seek(SeekFrom::Start(0)).map_err(InvalidModel::Unreadable)?;
        Ok(read)
    }
}
