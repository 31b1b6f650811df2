//! The sound of a take on disk, written while it is spoken and read back for decoding: what is transcribed has been
//! written first.
//!
//! The file is a plain WAV (16 kHz, mono, 16 bit) whose header is brought up to date with every write, so that a take
//! whose process died is a playable file up to its last tenth of a second. When the disk refuses (full, unplugged),
//! the samples wait in memory and every later write tries them again.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::{self, JoinHandle},
};

use hound::{SampleFormat, WavSpec};

use crate::{
    durable,
    take::RATE,
    vad::{Frame, Vad},
};

const HEADER_BYTES: u64 = 44;
/// Half an hour may wait in memory for a disk that refuses; what comes after is counted as lost.
const MOST_WAITING: usize = RATE as usize * 60 * 30;
/// A WAV's lengths are 32 bits: 37 hours at this rate.
const MOST_BYTES: u64 = u32::MAX as u64 - HEADER_BYTES;

/// The writing side. Dropping it writes what is left; [`TakeFile::seal`] also tells whether that worked. As long as it
/// lives the file is locked, so that no other Aloud takes it for one that a crash left behind.
#[derive(Debug)]
pub struct TakeFile {
    shared: Arc<Mutex<TakeBuffer>>,
    path: PathBuf,
    locked: bool,
    disk: Option<DiskSync>,
    /// Looks at each sample once, as it is stored.
    vad: Vad,
    /// Frames that the last push completed.
    fresh: Vec<Frame>,
}

/// The reading side: any part of the sound so far.
#[derive(Clone, Debug)]
pub struct TakeSound {
    shared: Arc<Mutex<TakeBuffer>>,
}

#[derive(Debug)]
struct TakeBuffer {
    file: File,
    /// Samples that lie in the file.
    written: u64,
    /// Samples after those, still to be written.
    waiting: Vec<i16>,
    lost: u64,
    /// Every whole frame so far; nothing where the take was opened, and not made, here.
    frames: Option<Vec<Frame>>,
}

/// Makes the file (and its folder). The file must not exist: a take is never written over.
pub fn create(path: &Path) -> io::Result<(TakeFile, TakeSound)> {
    let (mut file, locked) = new_file(path)?;
    file.write_all(&header(0))?;
    let disk = DiskSync::start(file.try_clone()?, path);
    let shared = Arc::new(Mutex::new(TakeBuffer {
        file,
        written: 0,
        waiting: Vec::new(),
        lost: 0,
        frames: Some(Vec::new()),
    }));
    Ok((
        TakeFile {
            shared: Arc::clone(&shared),
            path: path.to_owned(),
            locked,
            disk,
            vad: Vad::default(),
            fresh: Vec::new(),
        },
        TakeSound { shared },
    ))
}

/// A new, empty, locked file, and whether the lock held.
fn new_file(path: &Path) -> io::Result<(File, bool)> {
    if let Some(folder) = path.parent() {
        durable::make_folder(folder)?;
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    // Some network disks know no locks: better a take without one than none.
    let locked = file
        .try_lock()
        .inspect_err(|error| log::warn!("{} is not locked: {error}", path.display()))
        .is_ok();
    Ok((file, locked))
}

/// Opens a take that was written before. Only files that [`create`] made are taken: 16 kHz, mono, 16 bit.
pub fn open(path: &Path) -> io::Result<TakeSound> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut found = [0; HEADER_BYTES as usize];
    file.read_exact(&mut found)?;
    let expected = header(0);
    if found[..4] != expected[..4] || found[8..40] != expected[8..40] {
        return Err(not_a_take());
    }
    let written = (length - HEADER_BYTES) / 2;
    Ok(TakeSound {
        shared: Arc::new(Mutex::new(TakeBuffer {
            file,
            written,
            waiting: Vec::new(),
            lost: 0,
            frames: None,
        })),
    })
}

impl TakeFile {
    /// Takes samples (-1 to 1). They are readable at once, and on disk after the next [`TakeFile::write`]. Gives the
    /// speech frames that they complete.
    pub fn push(&mut self, samples: &[f32]) -> &[Frame] {
        let room = MOST_WAITING.saturating_sub(lock(&self.shared).waiting.len());
        let room = room.min(samples.len());
        let stored: Vec<i16> = samples[..room].iter().map(|sample| to_i16(*sample)).collect();
        // The detector hears what is stored, so that it says the same when the take is read again.
        let heard: Vec<f32> = stored.iter().map(|sample| to_f32(*sample)).collect();
        let fresh = &mut self.fresh;
        fresh.clear();
        self.vad.push(&heard, |frame| fresh.push(frame));
        let mut shared = lock(&self.shared);
        shared.waiting.extend(stored);
        shared.lost += (samples.len() - room) as u64;
        if let Some(frames) = &mut shared.frames {
            frames.extend_from_slice(&self.fresh);
        }
        &self.fresh
    }

    /// Writes what waits. After an error the samples still wait, and the next call tries them again.
    pub fn write(&mut self) -> io::Result<()> {
        lock(&self.shared).write()
    }

    /// Asks the machine to put everything on the disk itself, so that it survives a loss of power. Returns at once: a
    /// slow disk takes seconds for it, and the sound goes on.
    pub fn sync(&mut self) {
        if let Some(disk) = &self.disk {
            disk.ask();
        }
    }

    /// Samples so far, and samples lost because the disk refused for half an hour.
    pub fn samples(&self) -> (u64, u64) {
        let shared = lock(&self.shared);
        (shared.written + shared.waiting.len() as u64, shared.lost)
    }

    /// Samples that wait in memory because the disk refuses them.
    pub fn waiting(&self) -> u64 {
        lock(&self.shared).waiting.len() as u64
    }

    /// Goes on in another folder, for a disk that goes on refusing: what is written is copied there, what waits follows
    /// it, and its readers go on as before. The old file is deleted once the new one is whole; after an error everything
    /// is as it was.
    pub fn relocate(&mut self, folder: &Path) -> io::Result<()> {
        let name = self.path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        let path = folder.join(name);
        let (mut file, locked) = new_file(&path)?;
        let mut shared = lock(&self.shared);
        let moved = shared.copy_into(&mut file).and_then(|()| file.sync_data());
        if let Err(error) = moved {
            drop(shared);
            // Nothing of it is wanted; where even that fails, a part of the sound lies there twice.
            let _ = std::fs::remove_file(&path);
            return Err(error);
        }
        shared.written += std::mem::take(&mut shared.waiting).len() as u64;
        shared.file = file;
        self.disk = shared
            .file
            .try_clone()
            .ok()
            .and_then(|file| DiskSync::start(file, &path));
        drop(shared);
        self.locked = locked;
        let old = std::mem::replace(&mut self.path, path);
        if let Err(error) = std::fs::remove_file(&old) {
            log::warn!("{} could not be deleted after it was moved: {error}", old.display());
        }
        Ok(())
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its readers keep the file open; others may have it from now on.
    fn unlock(&mut self) {
        if std::mem::take(&mut self.locked)
            && let Err(error) = lock(&self.shared).file.unlock()
        {
            log::warn!("{} stays locked: {error}", self.path.display());
        }
    }

    /// Writes what is left and closes the file, once it is on the disk itself.
    pub fn seal(mut self) -> io::Result<()> {
        self.write()?;
        self.close().map_or(Ok(()), Sealing::wait)
    }

    /// Lets go of what waits: the take is not wanted.
    pub fn forget(self) {
        lock(&self.shared).waiting.clear();
    }

    /// The same without waiting for the disk: a slow one takes seconds. What waits must have been written.
    pub fn close(mut self) -> Option<Sealing> {
        // It can be played while the disk is waited for.
        self.unlock();
        let Some(DiskSync { asks, thread }) = self.disk.take() else {
            if let Err(error) = lock(&self.shared).file.sync_data() {
                log::warn!("{} could not be synced: {error}", self.path.display());
            }
            return None;
        };
        drop(asks);
        Some(Sealing { thread })
    }
}

/// A take on its way to the disk itself.
#[derive(Debug)]
pub struct Sealing {
    thread: JoinHandle<io::Result<()>>,
}

impl Sealing {
    pub fn is_over(&self) -> bool {
        self.thread.is_finished()
    }

    /// Waits for the disk.
    pub fn wait(self) -> io::Result<()> {
        self.thread.join().unwrap_or_else(|_| Err(not_waited_for()))
    }
}

fn not_waited_for() -> io::Error {
    io::Error::other("the disk was not waited for")
}

impl Drop for TakeFile {
    fn drop(&mut self) {
        if let Err(error) = self.write() {
            log::error!("The end of {} could not be written: {error}", self.path.display());
        }
        self.unlock();
    }
}

/// The thread that waits for the disk, so that nobody else does.
#[derive(Debug)]
struct DiskSync {
    asks: SyncSender<()>,
    thread: JoinHandle<io::Result<()>>,
}

impl DiskSync {
    /// Nothing where there is no thread for it: then the file is synced when it is complete.
    fn start(file: File, path: &Path) -> Option<Self> {
        let (asks, inbox) = sync_channel(1);
        let path = path.to_owned();
        let work = move || Self::run(&inbox, &file, &path);
        match thread::Builder::new().name("take sync".to_owned()).spawn(work) {
            Ok(thread) => Some(Self { asks, thread }),
            Err(error) => {
                log::warn!("There is no thread to sync a take: {error}");
                None
            }
        }
    }

    fn run(inbox: &Receiver<()>, file: &File, path: &Path) -> io::Result<()> {
        // A file whose name is not on the disk is not there either.
        durable::sync_folder_of(path);
        while inbox.recv().is_ok() {
            if let Err(error) = file.sync_data() {
                log::warn!("{} could not be synced: {error}", path.display());
            }
        }
        file.sync_data()
    }

    fn ask(&self) {
        // While one is under way, the next covers what comes now.
        let _ = self.asks.try_send(());
    }
}

impl TakeSound {
    /// Samples so far.
    pub fn len(&self) -> u64 {
        let shared = lock(&self.shared);
        shared.written + shared.waiting.len() as u64
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Gives the speech frames from `first` up to `end` (counted from the take's beginning) that are complete. Nothing for
    /// a take that was opened: whoever reads it looks for the voice in it.
    pub fn frames(&self, first: u64, end: u64) -> Option<Vec<Frame>> {
        let shared = lock(&self.shared);
        let frames = shared.frames.as_ref()?;
        let end = (end as usize).min(frames.len());
        Some(frames.get(first as usize..end).unwrap_or_default().to_vec())
    }

    /// Puts the samples from `start` up to `end` into `into`, as far as there are any.
    pub fn read(&self, start: u64, end: u64, into: &mut Vec<f32>) -> io::Result<()> {
        into.clear();
        let mut shared = lock(&self.shared);
        let written = shared.written;
        if start < written.min(end) {
            let count = (written.min(end) - start) as usize;
            let mut bytes = vec![0; count * 2];
            shared.file.seek(SeekFrom::Start(HEADER_BYTES + start * 2))?;
            shared.file.read_exact(&mut bytes)?;
            into.extend(
                bytes
                    .as_chunks::<2>()
                    .0
                    .iter()
                    .map(|pair| to_f32(i16::from_le_bytes(*pair))),
            );
        }
        let first = start.max(written) - written;
        let last = end.max(written) - written;
        if let Some(waiting) = shared
            .waiting
            .get(first as usize..(last as usize).min(shared.waiting.len()))
        {
            into.extend(waiting.iter().map(|sample| to_f32(*sample)));
        }
        Ok(())
    }
}

impl TakeBuffer {
    fn write(&mut self) -> io::Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let bytes: Vec<u8> = self.waiting.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        self.file.seek(SeekFrom::Start(HEADER_BYTES + self.written * 2))?;
        self.file.write_all(&bytes)?;
        let written = self.written + self.waiting.len() as u64;
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&header(written))?;
        self.written = written;
        self.waiting.clear();
        Ok(())
    }

    /// Writes all of it, and what waits, into another file.
    fn copy_into(&mut self, other: &mut File) -> io::Result<()> {
        other.write_all(&header(self.written + self.waiting.len() as u64))?;
        self.file.seek(SeekFrom::Start(HEADER_BYTES))?;
        let copied = io::copy(&mut Read::by_ref(&mut self.file).take(self.written * 2), other)?;
        if copied != self.written * 2 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let waiting: Vec<u8> = self.waiting.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        other.write_all(&waiting)
    }
}

/// Brings the header of a take whose process died up to date with the length of its file. Returns its samples.
pub fn repair(path: &Path) -> io::Result<u64> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    let length = file.metadata()?.len();
    let samples = length.saturating_sub(HEADER_BYTES) / 2;
    let mut found = [0; HEADER_BYTES as usize];
    if length >= HEADER_BYTES {
        file.read_exact(&mut found)?;
    }
    let right = header(samples);
    if found[..4] != right[..4] || found[8..40] != right[8..40] {
        return Err(not_a_take());
    }
    if right != found {
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&right)?;
        file.sync_data()?;
    }
    Ok(samples)
}

fn not_a_take() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "it is not a take that Aloud recorded")
}

/// Deletes a take's sound; one that is not there is deleted already.
pub fn delete(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The header of a take with so many samples. Its sizes are filled in as the take grows.
fn header(samples: u64) -> Vec<u8> {
    let spec = WavSpec {
        channels: 1,
        sample_rate: RATE,
        bits_per_sample: 16,
        sample_format: SampleFormat::Int,
    };
    let bytes = (samples * 2).min(MOST_BYTES) as u32;
    let mut header = spec.into_header_for_infinite_file();
    header[4..8].copy_from_slice(&(bytes + HEADER_BYTES as u32 - 8).to_le_bytes());
    header[HEADER_BYTES as usize - 4..].copy_from_slice(&bytes.to_le_bytes());
    header
}

fn to_i16(sample: f32) -> i16 {
    // What is not a number becomes silence; `as` saturates.
    (sample * 32_767.0).round() as i16
}

fn to_f32(sample: i16) -> f32 {
    f32::from(sample) / 32_768.0
}

fn lock(shared: &Mutex<TakeBuffer>) -> MutexGuard<'_, TakeBuffer> {
    // A panic elsewhere leaves the counts as they were before or after a write: both are true.
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
