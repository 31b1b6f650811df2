//! The bytes of a recording: of a file, which can be read anywhere, or of a pipe, which is read once.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::Path,
    sync::Mutex,
};

/// What is looked at before it is read, at most.
pub(super) const MOST_AHEAD: usize = 64 << 10;
const PIECE: usize = 16 << 10;

enum Bytes {
    /// And where in the input its first byte lies.
    File(File, u64),
    /// In a mutex only because the decoders ask for `Sync`.
    Pipe(Mutex<Box<dyn Read + Send>>),
}

/// Bytes that are read once, from front to back; of a file also elsewhere.
pub(super) struct SoundInput {
    bytes: Bytes,
    /// Read but not taken: `ahead[taken..]`.
    ahead: Vec<u8>,
    taken: usize,
    /// Where the next byte that is taken lies.
    at: u64,
}

impl SoundInput {
    /// A file; a named pipe or a device is read as a pipe.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        if file.metadata()?.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        Ok(if file.metadata()?.is_file() {
            Self::of(Bytes::File(file, 0))
        } else {
            Self::from_reader(Box::new(file))
        })
    }

    pub(super) fn from_reader(reader: Box<dyn Read + Send>) -> Self {
        Self::of(Bytes::Pipe(Mutex::new(reader)))
    }

    fn of(bytes: Bytes) -> Self {
        Self {
            bytes,
            ahead: Vec::new(),
            taken: 0,
            at: 0,
        }
    }

    pub(super) fn is_file(&self) -> bool {
        matches!(self.bytes, Bytes::File(..))
    }

    /// How long it is now, if it is a file.
    pub(super) fn len(&self) -> Option<u64> {
        match &self.bytes {
            Bytes::File(file, base) => file.metadata().ok().map(|about| about.len() + base),
            Bytes::Pipe(_) => None,
        }
    }

    pub(super) fn at(&self) -> u64 {
        self.at
    }

    /// Bytes that a file still holds.
    pub(super) fn left(&self) -> Option<u64> {
        self.len().map(|len| len.saturating_sub(self.at))
    }

    /// Up to `count` bytes that come next, without taking them; fewer only at the end.
    pub(super) fn peek(&mut self, count: usize) -> io::Result<&[u8]> {
        let count = count.min(MOST_AHEAD);
        while self.ahead.len() - self.taken < count {
            self.ahead.drain(..self.taken);
            self.taken = 0;
            let from = self.ahead.len();
            self.ahead.resize(from + PIECE, 0);
            let read = read_some(&mut self.bytes, &mut self.ahead[from..]);
            self.ahead.truncate(from + *read.as_ref().unwrap_or(&0));
            if read? == 0 {
                break;
            }
        }
        let next = &self.ahead[self.taken..];
        Ok(&next[..next.len().min(count)])
    }

    /// Fills `into` as far as there is something.
    pub(super) fn fill(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut done = 0;
        while done < into.len() {
            let read = self.read(&mut into[done..])?;
            if read == 0 {
                break;
            }
            done += read;
        }
        Ok(done)
    }

    /// Exactly `N` bytes, or nothing at the end.
    pub(super) fn array<const N: usize>(&mut self) -> io::Result<Option<[u8; N]>> {
        let mut bytes = [0; N];
        Ok((self.fill(&mut bytes)? == N).then_some(bytes))
    }

    /// Up to `count` bytes; the memory is taken as they come, whatever `count` says.
    pub(super) fn bytes(&mut self, count: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.by_ref().take(count).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Leaves bytes out; tells how many there were.
    pub(super) fn skip(&mut self, count: u64) -> io::Result<u64> {
        let waiting = ((self.ahead.len() - self.taken) as u64).min(count);
        self.taken += waiting as usize;
        self.at += waiting;
        let rest = count - waiting;
        if rest == 0 {
            return Ok(count);
        }
        if self.is_file() {
            let there = self.left().unwrap_or(0).min(rest);
            self.seek(self.at + there)?;
            return Ok(waiting + there);
        }
        Ok(waiting + io::copy(&mut self.by_ref().take(rest), &mut io::sink())?)
    }

    /// Goes to a place in a file.
    pub(super) fn seek(&mut self, to: u64) -> io::Result<()> {
        let Bytes::File(file, base) = &mut self.bytes else {
            return Err(io::ErrorKind::Unsupported.into());
        };
        let within = to.checked_sub(*base).ok_or(io::ErrorKind::Unsupported)?;
        let here = self.at - self.taken as u64;
        if (here..=here + self.ahead.len() as u64).contains(&to) {
            self.taken = (to - here) as usize;
        } else {
            file.seek(SeekFrom::Start(within))?;
            self.ahead.clear();
            self.taken = 0;
        }
        self.at = to;
        Ok(())
    }

    /// Makes a file of what a pipe still holds: what is read out of order needs one. It has no name, and is gone when it is
    /// let go of.
    pub(super) fn spool(&mut self) -> io::Result<()> {
        if self.is_file() {
            return Ok(());
        }
        let base = self.at;
        let mut file = tempfile::tempfile()?;
        io::copy(self, &mut file)?;
        file.seek(SeekFrom::Start(0))?;
        *self = Self {
            at: base,
            ..Self::of(Bytes::File(file, base))
        };
        Ok(())
    }
}

fn read_some(bytes: &mut Bytes, into: &mut [u8]) -> io::Result<usize> {
    loop {
        let read = match bytes {
            Bytes::File(file, _) => file.read(into),
            Bytes::Pipe(pipe) => pipe
                .get_mut()
                .unwrap_or_else(std::sync::PoisonError::into_inner)
                .read(into),
        };
        match read {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

impl Read for SoundInput {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = if self.ahead.len() > self.taken {
            let count = into.len().min(self.ahead.len() - self.taken);
            into[..count].copy_from_slice(&self.ahead[self.taken..self.taken + count]);
            self.taken += count;
            count
        } else if into.len() >= PIECE {
            self.ahead.clear();
            self.taken = 0;
            read_some(&mut self.bytes, into)?
        } else {
            if self.peek(1)?.is_empty() {
                return Ok(0);
            }
            return self.read(into);
        };
        self.at += read as u64;
        Ok(read)
    }
}
