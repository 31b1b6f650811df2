//! The live policy, as pure code: which segment of sound is decoded when, what is shown, and what is settled.
//!
//! Two tiers. While someone speaks, quick [`PartialRequest`]s at the last seconds give tentative words; a word is settled
//! once two partial decodes running agree on it, and from then on it is given to the decoder as known. When the sound itself
//! pauses, the whole segment is heard again, once and carefully ([`StreamingPolicy::next_final`]): that is the final text,
//! and it settles what the partial decodes have left open. Where the final text is another model's, which may be slow, the
//! live text does not wait for it ([`SettledBy`]).
//!
//! Where partial decodes fall matters more than how many there are. A partial decode that ends in a short pause of the sound sees whole words
//! only; and since every word of it lies before the short pause, the short pause is a place where the window of later partial decodes may begin
//! without cutting a word. That keeps the windows, and with them delay and cost, small.
//!
//! Nothing here knows a clock, a thread or a model: frames and results in, jobs and words out.

mod final_text;
mod parameters;
mod wordings;

use final_text::FinalText;
pub use parameters::StreamingParameters;
use wordings::{after_settled, agreement, before_doubt, steadied};

use super::{PartialResult, RecognizedWord, repetition_guard::before_repeated_phrase};
use crate::{
    span::Span,
    transcript::bare,
    vad::{FRAME_SECONDS, Frame},
};

/// A segment of frames: from `start` up to `end`, counted from the take's beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    pub start: u64,
    pub end: u64,
}

impl Segment {
    pub fn seconds(self) -> f64 {
        (self.end - self.start) as f64 * FRAME_SECONDS
    }

    /// As seconds of the take.
    pub fn span(self) -> Span {
        Span::new(self.start as f64 * FRAME_SECONDS, self.end as f64 * FRAME_SECONDS)
    }
}

/// A quick look at a segment whose beginning holds these settled words.
#[derive(Clone, Debug, PartialEq)]
pub struct PartialRequest {
    pub segment: Segment,
    pub known: Vec<RecognizedWord>,
}

/// A short pause of the sound in the segment that runs, and how many of its words lie before it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct ShortPause {
    at: u64,
    /// Words after the window's start, counted when the short pause was seen.
    words: usize,
    /// The last of them. If it was settled as another, the short pause lay inside a word.
    last: String,
}

/// The segment that runs.
#[derive(Clone, Debug, Default)]
struct OpenSegment {
    start: u64,
    /// Where partial decodes begin: the start, or a short pause before which every word is settled.
    window: u64,
    /// Words settled since the segment began; the last `known` of them lie in the window.
    settled: Vec<RecognizedWord>,
    known: usize,
    /// What the last partial decode had after the settled words.
    tentative: Vec<RecognizedWord>,
    /// What is shown of it.
    shown: Vec<RecognizedWord>,
    /// Dips in the window whose words are not all settled yet, or are and wait to become the window's start.
    short_pauses: Vec<ShortPause>,
    /// End of the last partial decode.
    partial_decoded: u64,
    /// Whether that partial decode ended in a short pause.
    decoded_in_pause: bool,
    /// The last frame that held speech.
    last_voiced: u64,
}

/// New words for the reader.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TranscriptUpdate {
    /// Newly settled, with spans in seconds of the take.
    pub settled: Vec<RecognizedWord>,
    /// What is shown after everything settled.
    pub tentative: Vec<RecognizedWord>,
}

/// What settles the last words of a segment in the live text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SettledBy {
    /// Its final decode, by the model that did the partial ones: it comes a moment later.
    #[default]
    FinalDecode,
    /// Its last partial decode: the final ones are another model's, and may come much later.
    PartialDecode,
}

/// The policy's memory of a take.
#[derive(Debug)]
pub struct StreamingPolicy {
    parameters: StreamingParameters,
    settled_by: SettledBy,
    frames: Vec<Frame>,
    open: Option<OpenSegment>,
    /// Ended segments that wait for their final decode.
    closed: std::collections::VecDeque<ClosedSegment>,
    /// Frames before this one belong to ended segments or to silence.
    done: u64,
    /// Seconds that a second of work costs: wall seconds of the last partial decodes.
    partial_seconds: f64,
    /// Frame at which the last partial decode was asked for.
    asked: u64,
    /// Of the segments that have been decoded carefully.
    final_text: FinalText,
    finished: bool,
    /// Settled since the last update.
    fresh: Vec<RecognizedWord>,
}

/// A segment whose final decode is still to come, and what was shown of it.
#[derive(Clone, Debug)]
struct ClosedSegment {
    segment: Segment,
    settled: Vec<RecognizedWord>,
    tentative: Vec<RecognizedWord>,
    /// What is shown of it.
    shown: Vec<RecognizedWord>,
    /// How far partial decodes have come in it.
    partial_decoded: u64,
    /// Where its last partial decode begins, and how many of the settled words lie after that.
    window: u64,
    known: usize,
    /// Its last partial decode was asked for.
    partial_asked: bool,
    /// Nothing of it is left to be settled: all of it is, or words after it are.
    live_done: bool,
    asked: bool,
    /// Its final words, once they are decoded.
    decoded: Option<Vec<RecognizedWord>>,
    /// Those of the model that did the partial decodes, where somebody waits for the others.
    preliminary: Preliminary,
}

/// The words of a segment that are shown until the final ones are there.
#[derive(Clone, Debug, Default)]
enum Preliminary {
    #[default]
    Unasked,
    Asked,
    Decoded(Vec<RecognizedWord>),
}

impl StreamingPolicy {
    pub fn new(parameters: StreamingParameters, settled_by: SettledBy) -> Self {
        Self {
            parameters,
            settled_by,
            frames: Vec::new(),
            open: None,
            closed: std::collections::VecDeque::new(),
            done: 0,
            partial_seconds: 0.2,
            asked: 0,
            final_text: FinalText::default(),
            finished: false,
            fresh: Vec::new(),
        }
    }

    /// Frames heard so far.
    pub fn frame_count(&self) -> u64 {
        self.frames.len() as u64
    }

    /// The frames heard so far.
    pub fn frames(&self) -> &[Frame] {
        &self.frames
    }

    /// Takes the next frame of the take.
    pub fn push_frame(&mut self, frame: Frame) {
        self.frames.push(frame);
        let now = self.frame_count();
        let (begin, keep) = self.parameters.voice;
        match &mut self.open {
            None => {
                if self.begins(begin) {
                    let before = frames_of(self.parameters.before);
                    let start = now.saturating_sub(before + ONSET).max(self.done);
                    self.open = Some(OpenSegment {
                        start,
                        window: start,
                        partial_decoded: start,
                        last_voiced: now,
                        ..OpenSegment::default()
                    });
                }
            }
            Some(open) => {
                if frame.voice >= keep {
                    open.last_voiced = now;
                } else if now - open.last_voiced >= frames_of(self.parameters.pause_after(now - open.start)) {
                    let end = (open.last_voiced + frames_of(self.parameters.after)).min(now);
                    self.close_at(end);
                } else {
                    return;
                }
                self.split_if_too_long();
            }
        }
    }

    /// The take is over: whatever runs has ended.
    pub fn finish(&mut self) {
        if let Some(open) = &self.open {
            let end = (open.last_voiced + frames_of(self.parameters.after)).min(self.frame_count());
            self.close_at(end.max(open.start + 1));
        }
        self.finished = true;
        self.complete_final_text();
    }

    fn complete_final_text(&mut self) {
        if self.finished && self.closed.is_empty() {
            self.final_text.finish();
        }
    }

    /// The next stretch of segments that is to be decoded as a whole, since the decoder doubts its words, and those words.
    /// [`StreamingPolicy::second_opinion`] is owed for it.
    pub fn next_second_opinion(&mut self) -> Option<(Segment, Vec<RecognizedWord>)> {
        self.final_text.next_second_opinion()
    }

    /// No second opinions from now on: somebody waits for the text. Those that were asked for are still owed.
    pub fn stop_improving(&mut self) {
        self.final_text.stop_improving();
    }

    /// What came of it, with spans in seconds of the take; nothing where that is no better.
    pub fn second_opinion(&mut self, stretch: Segment, words: Option<Vec<RecognizedWord>>) {
        self.final_text.second_opinion(stretch, words);
    }

    /// The next segment whose final decode is due. It is given out once; [`StreamingPolicy::final_decoded`] is owed for it.
    pub fn next_final(&mut self) -> Option<Segment> {
        let closed = self.closed.iter_mut().find(|closed| !closed.asked)?;
        closed.asked = true;
        Some(closed.segment)
    }

    /// Whether everything that was heard has been settled.
    pub fn is_idle(&self) -> bool {
        self.open.is_none() && self.closed.is_empty() && self.final_text.is_complete()
    }

    /// The next segment of which somebody waits for preliminary words: while the final ones take long, those of the model
    /// that did the partial decodes are shown. [`StreamingPolicy::preliminary_decoded`] is owed for it.
    pub fn next_preliminary(&mut self) -> Option<Segment> {
        let mut waiting = self.closed.iter_mut().filter(|closed| closed.decoded.is_none());
        let closed = waiting.find(|closed| matches!(closed.preliminary, Preliminary::Unasked))?;
        closed.preliminary = Preliminary::Asked;
        Some(closed.segment)
    }

    /// What came of it; nothing where it failed, and then what was shown stands.
    pub fn preliminary_decoded(&mut self, segment: Segment, words: Option<Vec<RecognizedWord>>) {
        if let Some(closed) = self.closed.iter_mut().find(|closed| closed.segment == segment) {
            closed.preliminary = Preliminary::Decoded(words.unwrap_or_else(|| closed.live_words()));
        }
    }

    /// Whether every segment is decoded, and some of them will be decoded again.
    pub fn has_whole_text(&self) -> bool {
        self.open.is_none() && self.closed.is_empty() && !self.final_text.is_complete()
    }

    /// The whole text, once there are words for all of it: final ones where they are decoded, preliminary ones elsewhere.
    pub fn preliminary_words(&self) -> Option<Vec<RecognizedWord>> {
        let mut words = self.final_words();
        for closed in &self.closed {
            match (&closed.decoded, &closed.preliminary) {
                (Some(decoded), _) | (None, Preliminary::Decoded(decoded)) => words.extend(decoded.iter().cloned()),
                (None, Preliminary::Unasked | Preliminary::Asked) => return None,
            }
        }
        self.open.is_none().then_some(words)
    }

    /// A quick look that is worth its cost now; nothing while there is nothing new.
    pub fn next_partial(&mut self) -> Option<PartialRequest> {
        if self.settled_by == SettledBy::PartialDecode
            && let Some(closed) = self.closed.iter_mut().find(|closed| !closed.live_done)
        {
            if std::mem::replace(&mut closed.partial_asked, true) {
                return None;
            }
            return Some(PartialRequest {
                segment: Segment {
                    start: closed.window,
                    end: closed.segment.end,
                },
                known: closed.settled[closed.settled.len() - closed.known..].to_vec(),
            });
        }
        let now = self.frame_count();
        let in_short_pause = self.in_short_pause();
        let rest = (self.partial_seconds / self.parameters.share).max(self.parameters.step);
        let open = self.open.as_ref()?;
        let new_speech = open.last_voiced > open.partial_decoded;
        if !new_speech {
            return None;
        }
        let since = (now - self.asked.max(open.start)) as f64 * FRAME_SECONDS;
        let due = since >= rest || (in_short_pause && since >= rest * 0.6);
        if !due {
            return None;
        }
        self.asked = now;
        let open = self.open.as_ref()?;
        Some(PartialRequest {
            segment: Segment {
                start: open.window,
                end: self.partial_end(open),
            },
            known: open.settled[open.settled.len() - open.known..].to_vec(),
        })
    }

    /// What came of [`PartialRequest`], and how many wall seconds it took.
    pub fn partial_decoded(&mut self, segment: Segment, result: PartialResult, seconds: f64) -> TranscriptUpdate {
        self.partial_seconds = if self.partial_seconds == 0.0 {
            seconds
        } else {
            0.7 * self.partial_seconds + 0.3 * seconds
        };
        if let Some(closed) = self.closed.iter().position(|closed| closed.owes(segment)) {
            self.settle_closed(closed, segment, result);
            return self.update(Vec::new());
        }
        let in_short_pause = self.is_short_pause_at(segment.end);
        let (doubt, whole) = self.parameters.shown;
        let Some(open) = &mut self.open else {
            return self.update(Vec::new());
        };
        if open.window != segment.start {
            return self.update(Vec::new());
        }
        open.partial_decoded = segment.end;
        open.decoded_in_pause = in_short_pause;
        let mut words = result.words;
        let believed = before_repeated_phrase(&open.settled, &words);
        let loses_its_place = believed < words.len();
        // Such a one that tells less than the one before tells nothing.
        if result.failed || loses_its_place && believed < open.tentative.len().max(1) {
            return self.update(Vec::new());
        }
        words.truncate(believed);
        let words = with_spans(words, segment, &self.frames, &open.settled);
        let agreed = agreement(&open.tentative, &words);
        // The last word may be cut off by the end of the window, unless the sound short pauses there.
        let sure = if in_short_pause {
            agreed
        } else {
            agreed.min(words.len().saturating_sub(1))
        };
        // Words of an earlier segment that are still open come first.
        let sure = if self.closed.iter().all(|closed| closed.live_done) {
            sure
        } else {
            0
        };
        let fresh: Vec<RecognizedWord> = words[..sure].to_vec();
        open.settled.extend(fresh.iter().cloned());
        open.known += sure;
        open.tentative = words[sure..].to_vec();
        let mut unsettled = open.tentative.clone();
        if !in_short_pause && agreed < words.len() && words.last().is_some_and(|word| word.confidence < whole) {
            unsettled.pop();
        }
        unsettled.truncate(before_doubt(&open.shown, &unsettled, doubt));
        open.shown = if sure > 0 {
            unsettled
        } else {
            steadied(&open.shown, unsettled)
        };
        let known = open.known;
        if in_short_pause && let Some(last) = open.tentative.last().or(open.settled.last()) {
            open.short_pauses.push(ShortPause {
                at: segment.end,
                words: known + open.tentative.len(),
                last: bare(&last.text),
            });
        }
        // The window moves up to the last short pause before which everything is settled.
        let in_window = open.settled.len() - known;
        let whole = |short_pause: &ShortPause| {
            let last = short_pause
                .words
                .checked_sub(1)
                .and_then(|last| open.settled.get(in_window + last));
            last.is_some_and(|word| bare(&word.text) == short_pause.last)
        };
        if let Some(place) = open
            .short_pauses
            .iter()
            .rposition(|short_pause| short_pause.words <= known && whole(short_pause))
        {
            let short_pause = open.short_pauses[place].clone();
            if (segment.end - short_pause.at) as f64 * FRAME_SECONDS > 0.3 {
                open.window = short_pause.at.saturating_sub(frames_of(0.06)).max(open.start);
                open.known -= short_pause.words;
                open.short_pauses.drain(..=place);
                for later in &mut open.short_pauses {
                    later.words = later.words.saturating_sub(short_pause.words);
                }
            }
        }
        self.update(fresh)
    }

    /// What came of a final decode: the final words of the segment, with spans in seconds of the take; nothing where
    /// it failed, and then what was shown stands. Words become final in the order in which they were said, whichever
    /// decode is done first.
    pub fn final_decoded(&mut self, segment: Segment, words: Option<Vec<RecognizedWord>>) -> TranscriptUpdate {
        if let Some(closed) = self.closed.iter_mut().find(|closed| closed.segment == segment) {
            closed.decoded = Some(words.unwrap_or_else(|| closed.live_words()));
        }
        let mut fresh = Vec::new();
        while self.closed.front().is_some_and(|closed| closed.decoded.is_some()) {
            let Some(closed) = self.closed.pop_front() else { break };
            let words = closed.decoded.unwrap_or_default();
            if !closed.live_done {
                fresh.extend(after_settled(&closed.settled, &words));
            }
            self.final_text.push(closed.segment, words);
        }
        self.complete_final_text();
        // What was already settled in the segment that runs comes after these in the take, and was shown after them.
        self.update(fresh)
    }

    /// The last words of an ended segment are settled as its last partial decode has them. Where that failed, what was shown
    /// stands.
    fn settle_closed(&mut self, index: usize, segment: Segment, result: PartialResult) {
        let closed = &mut self.closed[index];
        closed.live_done = true;
        closed.partial_decoded = segment.end;
        closed.shown.clear();
        let believed = before_repeated_phrase(&closed.settled, &result.words);
        if !result.failed && believed >= closed.tentative.len() {
            let mut words = result.words;
            words.truncate(believed);
            closed.tentative = with_spans(words, segment, &self.frames, &closed.settled);
        }
        self.fresh.extend(closed.tentative.iter().cloned());
    }

    /// Whether words have been settled that no update has told.
    pub fn has_news(&self) -> bool {
        !self.fresh.is_empty()
    }

    /// The final words so far.
    pub fn final_words(&self) -> Vec<RecognizedWord> {
        self.final_text.segments().flat_map(|(_, words)| words).collect()
    }

    /// Frames of a segment that hold speech: those of its words, and where the detector is sure. In a noise it may hardly
    /// ever be.
    fn voiced_frames(&self, segment: Segment, words: &[RecognizedWord]) -> u64 {
        let spans: Vec<Span> = words.iter().filter_map(|word| word.span).collect();
        let (begin, _) = self.parameters.voice;
        let is_voiced = |index: &u64| {
            let at = *index as f64 * FRAME_SECONDS;
            self.frames[*index as usize].voice >= begin || spans.iter().any(|span| span.start <= at && at < span.end)
        };
        (segment.start..segment.end).filter(is_voiced).count() as u64
    }

    /// Seconds in which somebody spoke, so far: a voice that no word was found in counts as none.
    pub fn voice_seconds(&self) -> f64 {
        let segments = self.final_text.segments().filter(|(_, words)| !words.is_empty());
        let voiced: u64 = segments
            .map(|(segment, words)| self.voiced_frames(segment, &words))
            .sum();
        voiced as f64 * FRAME_SECONDS
    }

    /// Seconds of sound that wait for their final decode.
    pub fn seconds_awaiting_final(&self) -> f64 {
        self.closed.iter().map(|closed| closed.segment.seconds()).sum()
    }

    /// Seconds of speech that no partial decode and no final decode has come to yet.
    pub fn undecoded_seconds(&self) -> f64 {
        let closed = self.closed.iter().filter(|closed| closed.decoded.is_none());
        let closed: u64 = closed
            .map(|closed| closed.segment.end.saturating_sub(closed.partial_decoded))
            .sum();
        let open = self.open.as_ref();
        let open = open.map_or(0, |open| open.last_voiced.saturating_sub(open.partial_decoded));
        (closed + open) as f64 * FRAME_SECONDS
    }

    /// Nothing new: what is shown, as it stands.
    pub fn current(&mut self) -> TranscriptUpdate {
        self.update(Vec::new())
    }

    fn update(&mut self, settled: Vec<RecognizedWord>) -> TranscriptUpdate {
        let earlier = std::mem::take(&mut self.fresh);
        let settled = earlier.into_iter().chain(settled).collect();
        let mut tentative: Vec<RecognizedWord> = Vec::new();
        for closed in &self.closed {
            tentative.extend(closed.shown.iter().cloned());
        }
        if let Some(open) = &self.open {
            // What follows an ended segment cannot be settled before it.
            tentative.extend(open.shown.iter().cloned());
        }
        TranscriptUpdate { settled, tentative }
    }

    /// Whether the last frames are the beginning of speech.
    fn begins(&self, voice: f32) -> bool {
        let recent = &self.frames[self.frames.len().saturating_sub(ONSET as usize)..];
        let clear = recent.iter().filter(|frame| frame.voice >= voice).count();
        clear >= ONSET as usize / 2
    }

    fn in_short_pause(&self) -> bool {
        self.is_short_pause_at(self.frame_count())
    }

    /// Whether the sound before this frame has been quiet for the length of a short pause.
    fn is_short_pause_at(&self, frame: u64) -> bool {
        let length = frames_of(self.parameters.short_pause) as usize;
        let end = (frame as usize).min(self.frames.len());
        let Some(start) = end.checked_sub(length) else {
            return false;
        };
        self.frames[start..end]
            .iter()
            .all(|frame| frame.voice < self.parameters.voice.1)
    }

    /// Where a partial decode at the running segment is to end: now, or at the last short pause, if the window has grown long and would
    /// stay so otherwise.
    fn partial_end(&self, open: &OpenSegment) -> u64 {
        let now = self.frame_count();
        if now - open.window < frames_of(self.parameters.long_window) {
            return now;
        }
        let earliest = now
            .saturating_sub(frames_of(self.parameters.step))
            .max(open.partial_decoded + 1);
        (earliest..=now)
            .rev()
            .find(|end| self.is_short_pause_at(*end))
            .unwrap_or(now)
    }

    fn close_at(&mut self, end: u64) {
        let Some(open) = self.open.take() else { return };
        self.done = end;
        let mut closed = ClosedSegment {
            segment: Segment { start: open.start, end },
            settled: open.settled,
            tentative: open.tentative,
            shown: open.shown,
            partial_decoded: open.partial_decoded,
            window: open.window,
            known: open.known,
            partial_asked: false,
            live_done: false,
            asked: false,
            decoded: None,
            preliminary: Preliminary::Unasked,
        };
        let turn = self.closed.iter().all(|closed| closed.live_done);
        // A partial decode has come to its end already, and nothing more of it will be decoded for the live text.
        if self.settled_by == SettledBy::PartialDecode && turn && open.partial_decoded >= open.last_voiced.min(end) {
            closed.live_done = true;
            closed.shown.clear();
            self.fresh.extend(closed.tentative.iter().cloned());
        }
        self.closed.push_back(closed);
    }

    /// Ends a segment that has become too long where it hurts least, and goes on with the rest. Where that is depends on
    /// the sound alone: the final text is the same however busy the machine was.
    fn split_if_too_long(&mut self) {
        /// Words that end less than this ago have hardly been decoded yet.
        const FRESH: f64 = 0.5;
        let now = self.frame_count();
        let Some(open) = &self.open else { return };
        let (long, longest) = self.parameters.longest;
        let length = now - open.start;
        if length >= frames_of(longest) {
            let to = now - frames_of(0.4);
            // Never before its beginning, however short the longest is.
            let from = (now - frames_of(5.0).min(now)).max(open.start + length / 2);
            let quietest = (from..to).min_by(|a, b| self.loudness_around(*a).total_cmp(&self.loudness_around(*b)));
            self.split(quietest.unwrap_or(now));
        } else if length >= frames_of(long) {
            let (from, to) = (open.start + frames_of(long / 2.0), now - frames_of(FRESH));
            if let Some(silence) = self.longest_short_pause(from, to) {
                self.split(u64::midpoint(silence.start, silence.end));
            }
        }
    }

    /// The longest silence among these frames that is a short pause at least.
    fn longest_short_pause(&self, from: u64, to: u64) -> Option<Segment> {
        let mut longest: Option<Segment> = None;
        let mut start = from;
        for frame in from..=to {
            let silent = frame < to && self.frames[frame as usize].voice < self.parameters.voice.1;
            if silent {
                continue;
            }
            let run = Segment { start, end: frame };
            let is_short_pause = frame - start >= frames_of(self.parameters.short_pause);
            if is_short_pause && longest.is_none_or(|longest| run.seconds() >= longest.seconds()) {
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

    /// Ends the running segment at a frame in its middle; the words after it go on as a segment of their own.
    fn split(&mut self, at: u64) {
        let Some(open) = &mut self.open else { return };
        let edge = at as f64 * FRAME_SECONDS;
        let after = |words: &[RecognizedWord]| {
            let place = words.iter().position(|word| middle(word) > edge);
            place.unwrap_or(words.len())
        };
        // Everything before the window is settled.
        let before_window = at <= open.window;
        let in_window = open.settled.len() - open.known;
        let place = after(&open.settled);
        let later = open
            .settled
            .split_off(if before_window { place.min(in_window) } else { place });
        let kept = if before_window { 0 } else { after(&open.tentative) };
        let tentative = open.tentative.split_off(kept);
        open.shown.clone_from(&open.tentative);
        let rest = OpenSegment {
            start: at,
            window: at.max(open.window),
            known: if before_window { open.known } else { later.len() },
            settled: later,
            shown: tentative.clone(),
            tentative,
            short_pauses: if before_window {
                std::mem::take(&mut open.short_pauses)
            } else {
                Vec::new()
            },
            partial_decoded: open.partial_decoded.max(at),
            decoded_in_pause: open.decoded_in_pause,
            last_voiced: open.last_voiced,
        };
        self.close_at(at);
        if let Some(closed) = self.closed.back_mut() {
            closed.live_done |= !rest.settled.is_empty() || before_window;
        }
        self.open = Some(rest);
    }
}

impl ClosedSegment {
    /// What was shown of it while it was spoken.
    fn live_words(&self) -> Vec<RecognizedWord> {
        self.settled.iter().chain(&self.tentative).cloned().collect()
    }

    /// Whether this is the last partial decode that it waits for.
    fn owes(&self, segment: Segment) -> bool {
        self.partial_asked && !self.live_done && segment.start == self.window && segment.end == self.segment.end
    }
}

/// Frames looked at for the beginning of speech: 96 ms.
const ONSET: u64 = 6;

fn frames_of(seconds: f64) -> u64 {
    (seconds / FRAME_SECONDS).round() as u64
}

fn middle(word: &RecognizedWord) -> f64 {
    word.span.map_or(0.0, Span::middle)
}

/// Gives tentative words a place in the take: spread over the frames that hold a voice, by their length in letters.
fn with_spans(
    words: Vec<RecognizedWord>,
    segment: Segment,
    frames: &[Frame],
    settled: &[RecognizedWord],
) -> Vec<RecognizedWord> {
    let begin = segment.span();
    let from = settled
        .last()
        .and_then(|word| word.span)
        .map_or(begin.start, |span| span.end.max(begin.start));
    let first = ((from / FRAME_SECONDS) as usize).min(segment.end as usize);
    let end = (segment.end as usize).min(frames.len());
    let voiced: Vec<usize> = (first..end).filter(|index| frames[*index].voice >= 0.3).collect();
    let letters = |word: &RecognizedWord| word.text.chars().count() + 1;
    let all: usize = words.iter().map(letters).sum();
    let mut before = 0;
    let time_at = |share: f64| -> f64 {
        match voiced.len() {
            0 => from + (segment.end as f64 * FRAME_SECONDS - from).max(0.0) * share,
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
