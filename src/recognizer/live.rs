//! The live policy, as pure code: which stretch of sound is decoded when, what is shown, and what is settled.
//!
//! Two tiers. While someone speaks, quick [`Glance`]s at the last seconds give tentative words; a word is settled
//! once two glances running agree on it, and from then on it is given to the decoder as known. When the sound itself
//! pauses, the whole stretch of speech is heard again, once and carefully ([`Live::due_listen`]): that is the final text,
//! and it settles what the glances have left open.
//!
//! Where glances fall matters more than how many there are. A glance that ends in a dip of the sound sees whole words
//! only; and since every word of it lies before the dip, the dip is a place where the window of later glances may begin
//! without cutting a word. That keeps the windows, and with them delay and cost, small.
//!
//! Nothing here knows a clock, a thread or a model: frames and hearings in, jobs and words out.

mod settings;
mod wordings;

pub use settings::Settings;
use wordings::{after_settled, agreement, steadied, up_to_a_doubt};

use super::{HeardWord, Hearing, loops::up_to_a_phrase_again};
use crate::{
    listener::speech::{FRAME_SECONDS, Frame},
    span::Span,
    transcript::bare,
};

/// A stretch of frames: from `start` up to `end`, counted from the take's beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub start: u64,
    pub end: u64,
}

impl Stretch {
    pub fn seconds(self) -> f64 {
        (self.end - self.start) as f64 * FRAME_SECONDS
    }

    /// As seconds of the take.
    pub fn span(self) -> Span {
        Span::new(self.start as f64 * FRAME_SECONDS, self.end as f64 * FRAME_SECONDS)
    }
}

/// A quick look at a stretch whose beginning holds these settled words.
#[derive(Clone, Debug, PartialEq)]
pub struct Glance {
    pub stretch: Stretch,
    pub known: Vec<HeardWord>,
}

/// A dip of the sound in the stretch that runs, and how many of its words lie before it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Dip {
    at: u64,
    /// Words after the window's start, counted when the dip was seen.
    words: usize,
    /// The last of them. If it was settled as another, the dip lay inside a word.
    last: String,
}

/// The stretch of speech that runs.
#[derive(Clone, Debug, Default)]
struct Running {
    start: u64,
    /// Where glances begin: the start, or a dip before which every word is settled.
    window: u64,
    /// Words settled since the stretch began; the last `known` of them lie in the window.
    settled: Vec<HeardWord>,
    known: usize,
    /// What the last glance had after the settled words.
    tentative: Vec<HeardWord>,
    /// What is shown of it.
    shown: Vec<HeardWord>,
    /// Dips in the window whose words are not all settled yet, or are and wait to become the window's start.
    dips: Vec<Dip>,
    /// End of the last glance.
    glanced: u64,
    /// Whether that glance ended in a dip.
    glanced_dip: bool,
    /// The last frame that held speech.
    spoken: u64,
}

/// New words for the reader.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Moved {
    /// Newly settled, with spans in seconds of the take.
    pub settled: Vec<HeardWord>,
    /// What is shown after everything settled.
    pub tentative: Vec<HeardWord>,
}

/// The policy's memory of a take.
#[derive(Debug)]
pub struct Live {
    settings: Settings,
    frames: Vec<Frame>,
    running: Option<Running>,
    /// Ended stretches that wait for their careful hearing.
    ended: std::collections::VecDeque<Ended>,
    /// Frames before this one belong to ended stretches or to silence.
    done: u64,
    /// Seconds that a second of work costs: wall seconds of the last glances.
    glance_cost: f64,
    /// Frame at which the last glance was asked for.
    asked: u64,
    /// Final words, of the stretches that have been heard carefully.
    last: Vec<HeardWord>,
}

/// A stretch whose careful hearing is still to come, and what was shown of it.
#[derive(Clone, Debug)]
struct Ended {
    stretch: Stretch,
    settled: Vec<HeardWord>,
    tentative: Vec<HeardWord>,
    /// What is shown of it.
    shown: Vec<HeardWord>,
    /// How far glances have come in it.
    glanced: u64,
    /// Words after it have been settled already: nothing of it can be settled any more.
    followed: bool,
    asked: bool,
    heard: Option<Vec<HeardWord>>,
}

impl Live {
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            frames: Vec::new(),
            running: None,
            ended: std::collections::VecDeque::new(),
            done: 0,
            glance_cost: 0.2,
            asked: 0,
            last: Vec::new(),
        }
    }

    /// Frames heard so far.
    pub fn heard(&self) -> u64 {
        self.frames.len() as u64
    }

    /// The frames heard so far.
    pub fn frames(&self) -> &[Frame] {
        &self.frames
    }

    /// Takes the next frame of the take.
    pub fn hear(&mut self, frame: Frame) {
        self.frames.push(frame);
        let now = self.heard();
        let (begin, keep) = self.settings.voice;
        match &mut self.running {
            None => {
                if self.begins(begin) {
                    let before = frames_of(self.settings.before);
                    let start = now.saturating_sub(before + ONSET).max(self.done);
                    self.running = Some(Running {
                        start,
                        window: start,
                        glanced: start,
                        spoken: now,
                        ..Running::default()
                    });
                }
            }
            Some(running) => {
                if frame.voice >= keep {
                    running.spoken = now;
                } else if now - running.spoken >= frames_of(self.settings.pause_after(now - running.start)) {
                    let end = (running.spoken + frames_of(self.settings.after)).min(now);
                    self.end_at(end);
                } else {
                    return;
                }
                self.cut_what_is_too_long();
            }
        }
    }

    /// The take is over: whatever runs has ended.
    pub fn finish(&mut self) {
        if let Some(running) = &self.running {
            let end = (running.spoken + frames_of(self.settings.after)).min(self.heard());
            self.end_at(end.max(running.start + 1));
        }
    }

    /// The next stretch whose careful hearing is due. It is given out once; [`Live::listened`] is owed for it.
    pub fn due_listen(&mut self) -> Option<Stretch> {
        let ended = self.ended.iter_mut().find(|ended| !ended.asked)?;
        ended.asked = true;
        Some(ended.stretch)
    }

    /// Whether everything that was heard has been settled.
    pub fn is_idle(&self) -> bool {
        self.running.is_none() && self.ended.is_empty()
    }

    /// A quick look that is worth its cost now; nothing while there is nothing new.
    pub fn due_glance(&mut self) -> Option<Glance> {
        let now = self.heard();
        let in_dip = self.in_dip();
        let rest = (self.glance_cost / self.settings.share).max(self.settings.step);
        let running = self.running.as_ref()?;
        let new_speech = running.spoken > running.glanced;
        if !new_speech {
            return None;
        }
        let since = (now - self.asked.max(running.start)) as f64 * FRAME_SECONDS;
        let due = since >= rest || (in_dip && since >= rest * 0.6);
        if !due {
            return None;
        }
        self.asked = now;
        let running = self.running.as_ref()?;
        Some(Glance {
            stretch: Stretch {
                start: running.window,
                end: self.glance_end(running),
            },
            known: running.settled[running.settled.len() - running.known..].to_vec(),
        })
    }

    /// What came of [`Glance`], and how many wall seconds it took.
    pub fn glanced(&mut self, stretch: Stretch, hearing: Hearing, seconds: f64) -> Moved {
        self.glance_cost = if self.glance_cost == 0.0 {
            seconds
        } else {
            0.7 * self.glance_cost + 0.3 * seconds
        };
        let in_dip = self.dip_at(stretch.end);
        let (doubt, whole) = self.settings.shown;
        let Some(running) = &mut self.running else {
            return self.moved(Vec::new());
        };
        if running.window != stretch.start {
            return self.moved(Vec::new());
        }
        running.glanced = stretch.end;
        running.glanced_dip = in_dip;
        let mut words = hearing.words;
        let believed = up_to_a_phrase_again(&running.settled, &words);
        let loses_its_place = believed < words.len();
        // Such a one that tells less than the one before tells nothing.
        if hearing.failed || loses_its_place && believed < running.tentative.len().max(1) {
            return self.moved(Vec::new());
        }
        words.truncate(believed);
        let words = placed(words, stretch, &self.frames, &running.settled);
        let agreed = agreement(&running.tentative, &words);
        // The last word may be cut off by the end of the window, unless the sound dips there.
        let sure = if in_dip {
            agreed
        } else {
            agreed.min(words.len().saturating_sub(1))
        };
        // Words of an earlier stretch that are still open come first.
        let sure = if self.ended.is_empty() { sure } else { 0 };
        let fresh: Vec<HeardWord> = words[..sure].to_vec();
        running.settled.extend(fresh.iter().cloned());
        running.known += sure;
        running.tentative = words[sure..].to_vec();
        let mut open = running.tentative.clone();
        if !in_dip && agreed < words.len() && words.last().is_some_and(|word| word.confidence < whole) {
            open.pop();
        }
        open.truncate(up_to_a_doubt(&running.shown, &open, doubt));
        running.shown = if sure > 0 { open } else { steadied(&running.shown, open) };
        let known = running.known;
        if in_dip && let Some(last) = running.tentative.last().or(running.settled.last()) {
            running.dips.push(Dip {
                at: stretch.end,
                words: known + running.tentative.len(),
                last: bare(&last.text),
            });
        }
        // The window moves up to the last dip before which everything is settled.
        let in_window = running.settled.len() - known;
        let whole = |dip: &Dip| {
            let last = dip
                .words
                .checked_sub(1)
                .and_then(|last| running.settled.get(in_window + last));
            last.is_some_and(|word| bare(&word.text) == dip.last)
        };
        if let Some(place) = running.dips.iter().rposition(|dip| dip.words <= known && whole(dip)) {
            let dip = running.dips[place].clone();
            if (stretch.end - dip.at) as f64 * FRAME_SECONDS > 0.3 {
                running.window = dip.at.saturating_sub(frames_of(0.06)).max(running.start);
                running.known -= dip.words;
                running.dips.drain(..=place);
                for later in &mut running.dips {
                    later.words = later.words.saturating_sub(dip.words);
                }
            }
        }
        self.moved(fresh)
    }

    /// What came of a careful hearing: the final words of the stretch, with spans in seconds of the take; nothing where
    /// it failed, and then what was shown stands. Words become final in the order in which they were said, whichever
    /// hearing is done first.
    pub fn listened(&mut self, stretch: Stretch, words: Option<Vec<HeardWord>>) -> Moved {
        if let Some(ended) = self.ended.iter_mut().find(|ended| ended.stretch == stretch) {
            let shown = || ended.settled.iter().chain(&ended.tentative).cloned().collect();
            ended.heard = Some(words.unwrap_or_else(shown));
        }
        let mut fresh = Vec::new();
        while self.ended.front().is_some_and(|ended| ended.heard.is_some()) {
            let Some(ended) = self.ended.pop_front() else { break };
            let words = ended.heard.unwrap_or_default();
            if !ended.followed {
                fresh.extend(after_settled(&ended.settled, &words));
            }
            self.last.extend(words);
        }
        // What was already settled in the stretch that runs comes after these in the take, and was shown after them.
        self.moved(fresh)
    }

    /// The final words so far.
    pub fn final_words(&self) -> &[HeardWord] {
        &self.last
    }

    /// Seconds of sound that wait for their careful hearing.
    pub fn waiting(&self) -> f64 {
        self.ended.iter().map(|ended| ended.stretch.seconds()).sum()
    }

    /// Seconds of speech that no glance and no hearing has come to yet.
    pub fn unseen(&self) -> f64 {
        let ended = self.ended.iter().filter(|ended| ended.heard.is_none());
        let ended: u64 = ended.map(|ended| ended.stretch.end.saturating_sub(ended.glanced)).sum();
        let running = self.running.as_ref();
        let running = running.map_or(0, |running| running.spoken.saturating_sub(running.glanced));
        (ended + running) as f64 * FRAME_SECONDS
    }

    /// Nothing new: what is shown, as it stands.
    pub fn as_shown(&self) -> Moved {
        self.moved(Vec::new())
    }

    fn moved(&self, settled: Vec<HeardWord>) -> Moved {
        let mut tentative: Vec<HeardWord> = Vec::new();
        for ended in &self.ended {
            tentative.extend(ended.shown.iter().cloned());
        }
        if let Some(running) = &self.running {
            // What follows an ended stretch cannot be settled before it.
            tentative.extend(running.shown.iter().cloned());
        }
        Moved { settled, tentative }
    }

    /// Whether the last frames are the beginning of speech.
    fn begins(&self, voice: f32) -> bool {
        let recent = &self.frames[self.frames.len().saturating_sub(ONSET as usize)..];
        let clear = recent.iter().filter(|frame| frame.voice >= voice).count();
        clear >= ONSET as usize / 2
    }

    fn in_dip(&self) -> bool {
        self.dip_at(self.heard())
    }

    /// Whether the sound before this frame has been quiet for the length of a dip.
    fn dip_at(&self, frame: u64) -> bool {
        let length = frames_of(self.settings.dip) as usize;
        let end = (frame as usize).min(self.frames.len());
        let Some(start) = end.checked_sub(length) else {
            return false;
        };
        self.frames[start..end]
            .iter()
            .all(|frame| frame.voice < self.settings.voice.1)
    }

    /// Where a glance at the running stretch is to end: now, or at the last dip, if the window has grown long and would
    /// stay so otherwise.
    fn glance_end(&self, running: &Running) -> u64 {
        let now = self.heard();
        if now - running.window < frames_of(self.settings.long_window) {
            return now;
        }
        let earliest = now
            .saturating_sub(frames_of(self.settings.step))
            .max(running.glanced + 1);
        (earliest..=now).rev().find(|end| self.dip_at(*end)).unwrap_or(now)
    }

    fn end_at(&mut self, end: u64) {
        let Some(running) = self.running.take() else { return };
        self.done = end;
        self.ended.push_back(Ended {
            stretch: Stretch {
                start: running.start,
                end,
            },
            settled: running.settled,
            tentative: running.tentative,
            shown: running.shown,
            glanced: running.glanced,
            followed: false,
            asked: false,
            heard: None,
        });
    }

    /// Ends a stretch that has become too long where it hurts least, and goes on with the rest. Where that is depends on
    /// the sound alone: the final text is the same however busy the machine was.
    fn cut_what_is_too_long(&mut self) {
        /// Words that end less than this ago have hardly been glanced at yet.
        const FRESH: f64 = 0.5;
        let now = self.heard();
        let Some(running) = &self.running else { return };
        let (long, longest) = self.settings.longest;
        let length = now - running.start;
        if length >= frames_of(longest) {
            let to = now - frames_of(0.4);
            // Never before its beginning, however short the longest is.
            let from = (now - frames_of(5.0).min(now)).max(running.start + length / 2);
            let quietest = (from..to).min_by(|a, b| self.loudness_around(*a).total_cmp(&self.loudness_around(*b)));
            self.split(quietest.unwrap_or(now));
        } else if length >= frames_of(long) {
            let (from, to) = (running.start + frames_of(long / 2.0), now - frames_of(FRESH));
            if let Some(silence) = self.longest_dip(from, to) {
                self.split(u64::midpoint(silence.start, silence.end));
            }
        }
    }

    /// The longest silence among these frames that is a dip at least.
    fn longest_dip(&self, from: u64, to: u64) -> Option<Stretch> {
        let mut longest: Option<Stretch> = None;
        let mut start = from;
        for frame in from..=to {
            let silent = frame < to && self.frames[frame as usize].voice < self.settings.voice.1;
            if silent {
                continue;
            }
            let run = Stretch { start, end: frame };
            let is_dip = frame - start >= frames_of(self.settings.dip);
            if is_dip && longest.is_none_or(|longest| run.seconds() >= longest.seconds()) {
                longest = Some(run);
            }
            start = frame + 1;
        }
        longest
    }

    fn loudness_around(&self, frame: u64) -> f32 {
        let middle = frame as usize;
        let around = &self.frames[middle.saturating_sub(3)..(middle + 4).min(self.frames.len())];
        around.iter().map(|frame| frame.loudness).sum::<f32>() / around.len().max(1) as f32
    }

    /// Ends the running stretch at a frame in its middle; the words after it go on as a stretch of their own.
    fn split(&mut self, at: u64) {
        let Some(running) = &mut self.running else { return };
        let edge = at as f64 * FRAME_SECONDS;
        let after = |words: &[HeardWord]| {
            let place = words.iter().position(|word| middle(word) > edge);
            place.unwrap_or(words.len())
        };
        // Everything before the window is settled.
        let before_window = at <= running.window;
        let in_window = running.settled.len() - running.known;
        let place = after(&running.settled);
        let later = running
            .settled
            .split_off(if before_window { place.min(in_window) } else { place });
        let open = if before_window { 0 } else { after(&running.tentative) };
        let tentative = running.tentative.split_off(open);
        running.shown.clone_from(&running.tentative);
        let rest = Running {
            start: at,
            window: at.max(running.window),
            known: if before_window { running.known } else { later.len() },
            settled: later,
            shown: tentative.clone(),
            tentative,
            dips: if before_window {
                std::mem::take(&mut running.dips)
            } else {
                Vec::new()
            },
            glanced: running.glanced.max(at),
            glanced_dip: running.glanced_dip,
            spoken: running.spoken,
        };
        self.end_at(at);
        if let Some(ended) = self.ended.back_mut() {
            ended.followed = !rest.settled.is_empty() || before_window;
        }
        self.running = Some(rest);
    }
}

/// Frames looked at for the beginning of speech: 96 ms.
const ONSET: u64 = 6;

fn frames_of(seconds: f64) -> u64 {
    (seconds / FRAME_SECONDS).round() as u64
}

fn middle(word: &HeardWord) -> f64 {
    word.span.map_or(0.0, Span::middle)
}

/// Gives tentative words a place in the take: spread over the frames that hold a voice, by their length in letters.
fn placed(words: Vec<HeardWord>, stretch: Stretch, frames: &[Frame], settled: &[HeardWord]) -> Vec<HeardWord> {
    let begin = stretch.span();
    let from = settled
        .last()
        .and_then(|word| word.span)
        .map_or(begin.start, |span| span.end.max(begin.start));
    let first = ((from / FRAME_SECONDS) as usize).min(stretch.end as usize);
    let end = (stretch.end as usize).min(frames.len());
    let voiced: Vec<usize> = (first..end).filter(|index| frames[*index].voice >= 0.3).collect();
    let letters = |word: &HeardWord| word.text.chars().count() + 1;
    let all: usize = words.iter().map(letters).sum();
    let mut before = 0;
    let time_at = |share: f64| -> f64 {
        match voiced.len() {
            0 => from + (stretch.end as f64 * FRAME_SECONDS - from).max(0.0) * share,
            count => {
                let index = ((count as f64 * share) as usize).min(count - 1);
                voiced[index] as f64 * FRAME_SECONDS
            }
        }
    };
    words
        .into_iter()
        .map(|mut word| {
            let start = time_at(before as f64 / all.max(1) as f64);
            before += letters(&word);
            let end = time_at(before as f64 / all.max(1) as f64) + FRAME_SECONDS;
            word.span = Some(Span::new(start, end));
            word
        })
        .collect()
}

#[cfg(test)]
mod tests;
