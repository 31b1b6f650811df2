//! What people really say and Whisper tidies away: fillers and doubled words that it heard and left out, and those that
//! it took for other words.
//!
//! [`rescore`] reads from the decoder's own scores what might have stood there instead; [`restore`] and
//! [`misrecognized`] decide, by the scores and the sound, what is written again.

pub(super) mod misrecognized;
pub(super) mod rescore;
pub(super) mod restore;
