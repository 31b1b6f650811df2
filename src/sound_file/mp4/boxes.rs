//! Boxes: a length and a name of four letters, with content or other boxes inside.

use std::io;

use crate::sound_file::input::SoundInput;

/// What a box begins with.
#[derive(Clone, Copy, Debug)]
pub(super) struct BoxHeader {
    pub name: [u8; 4],
    /// Bytes of the whole box; nothing where it goes on to the end of the file.
    length: Option<u64>,
    head: u64,
}

impl BoxHeader {
    pub(super) fn read(input: &mut SoundInput) -> io::Result<Option<Self>> {
        let Some([a, b, c, d, name @ ..]) = input.array::<8>()? else {
            return Ok(None);
        };
        let (length, head) = match u32::from_be_bytes([a, b, c, d]) {
            0 => (None, 8),
            1 => match input.array::<8>()? {
                Some(long) => (Some(u64::from_be_bytes(long)), 16),
                None => return Ok(None),
            },
            length => (Some(u64::from(length)), 8),
        };
        // Shorter than its own header: nothing that follows can be trusted.
        if length.is_some_and(|length| length < head) {
            return Ok(None);
        }
        Ok(Some(Self { name, length, head }))
    }

    /// Bytes of its content.
    pub(super) fn content(&self) -> Option<u64> {
        self.length.map(|length| length - self.head)
    }
}

/// The boxes inside another: name and content. What is cut short is as long as there is something.
pub(super) fn children(mut bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let length = u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?);
        let name = bytes.get(4..8)?.try_into().ok()?;
        let (length, head) = match length {
            0 => (bytes.len() as u64, 8),
            1 => (u64::from_be_bytes(bytes.get(8..16)?.try_into().ok()?), 16),
            length => (u64::from(length), 8),
        };
        let length = usize::try_from(length).unwrap_or(usize::MAX).min(bytes.len());
        if length < head {
            return None;
        }
        let content = &bytes[head..length];
        bytes = &bytes[length..];
        Some((name, content))
    })
}

pub(super) fn child(bytes: &[u8], wanted: [u8; 4]) -> Option<&[u8]> {
    children(bytes)
        .find(|(name, _)| *name == wanted)
        .map(|(_, content)| content)
}

/// The box that this way of names leads to.
pub(super) fn descendant<'a>(bytes: &'a [u8], way: &[&[u8; 4]]) -> Option<&'a [u8]> {
    way.iter().try_fold(bytes, |bytes, name| child(bytes, **name))
}

/// Numbers one after the other, most significant byte first.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    pub(super) fn rest(self) -> &'a [u8] {
        self.rest
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes(self.bytes(2)?.try_into().ok()?))
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.bytes(4)?.try_into().ok()?))
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        Some(u64::from_be_bytes(self.bytes(8)?.try_into().ok()?))
    }

    /// A number that is as wide as the box's version says.
    pub(super) fn wide(&mut self, version: u8) -> Option<u64> {
        if version == 0 {
            self.u32().map(u64::from)
        } else {
            self.u64()
        }
    }
}
