//! The course of an interview: which question is asked, what happens to each, and what is recorded. Actions and events
//! go in, commands for the session come out.

mod events;

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use super::{AskedAfter, Attempt, DraftOf, Interview, Turn, corrected};
use crate::{
    insight::FollowUpQuestion,
    protocol::{Command, Event, Source, TakePlan},
    take::{Take, TakeId},
    transcript::Transcript,
};

/// An interview that is under way. What is to be kept of it is in [`Practice::interview`]; the rest ends with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Practice {
    pub interview: Interview,
    pub phase: Phase,
    pub live: LiveTake,
    /// What the next take is made from.
    pub source: VoiceOrSample,
    /// The follow-up question that the next take answers.
    pub asked_after: Option<AskedAfter>,
    /// The take whose text is about to be replaced by a more exact one.
    pub improving: Option<TakeId>,
}

/// What is going on with the current question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// The question stands there.
    #[default]
    Asking,
    Recording,
    Paused,
    /// Stop was pressed; the last words are being written down.
    Finishing,
    Typing,
    /// The answer and its insights are looked at.
    Answered,
    Correcting,
    /// All questions are done.
    Review,
}

/// Where in an interview somebody was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InterviewPlace {
    /// At the question with this index.
    Question(usize),
    Review,
}

/// Where the sound of the next take comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum VoiceOrSample {
    #[default]
    Voice,
    Sample(PathBuf),
}

/// What has been heard of the take that is being recorded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LiveTake {
    pub settled: Transcript,
    pub tentative: String,
    /// Whether a sound has been kept.
    pub started: bool,
    /// Seconds of sound delivered.
    pub heard: f64,
    /// The recording that the take is made from, where nobody speaks now.
    pub opened: Option<PathBuf>,
    /// Seconds of sound that wait, when more than usual.
    pub behind: Option<f64>,
    /// The take's file.
    pub sound: Option<PathBuf>,
    pub begun: Option<Timestamp>,
    /// Nobody writes it down any more; it goes on and is kept.
    pub failed: bool,
}

impl LiveTake {
    /// Whether it is about this take.
    fn is(&self, take: &TakeId) -> bool {
        self.sound.as_ref().is_some_and(|sound| TakeId::of(sound) == *take)
    }
}

/// What the person does.
#[derive(Clone, Debug, PartialEq)]
pub enum PracticeAction {
    /// Begin a take, in this folder.
    Record {
        now: Timestamp,
        takes: PathBuf,
        glossary: Vec<String>,
    },
    /// Make a take, in this folder, from a recording that lies elsewhere and stays as it is.
    OpenRecording {
        recording: PathBuf,
        now: Timestamp,
        takes: PathBuf,
        glossary: Vec<String>,
    },
    Pause,
    Resume,
    Stop,
    /// Throw the running take away and stand before the question again.
    StartOver,
    TypeInstead,
    /// The text that is typed or corrected, after each key.
    Draft(String),
    /// Leave typing or correcting; the draft stays.
    Cancel,
    /// Leave typing or correcting, and throw the draft away.
    DiscardDraft,
    /// A typed answer.
    Answer {
        text: String,
        now: Timestamp,
    },
    /// Ask this after the shown attempt.
    FollowUp(FollowUpQuestion),
    /// Ask the same question again; what was said stays.
    Redo,
    /// Look at another attempt.
    Show(usize),
    Correct,
    /// The transcript, as the person says it should be.
    Corrected(String),
    /// Write down the shown take again.
    TranscribeAgain {
        glossary: Vec<String>,
    },
    Notes(String),
    Skip,
    Next,
    Back,
    GoTo(usize),
}

/// What moves an interview on.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    PracticeAction(PracticeAction),
    Event(Event),
}

impl From<PracticeAction> for Input {
    fn from(action: PracticeAction) -> Self {
        Self::PracticeAction(action)
    }
}

impl From<Event> for Input {
    fn from(event: Event) -> Self {
        Self::Event(event)
    }
}

impl Practice {
    /// Stands before the interview's present question.
    pub fn new(interview: Interview) -> Self {
        Self {
            interview,
            phase: Phase::Asking,
            live: LiveTake::default(),
            source: VoiceOrSample::Voice,
            asked_after: None,
            improving: None,
        }
    }

    /// The question that is being worked on.
    pub fn turn(&self) -> Option<&Turn> {
        self.interview.turn()
    }

    /// The follow-up question that is being asked or answered, or whose answer is looked at.
    pub fn follow_up(&self) -> Option<&AskedAfter> {
        let shown = || self.turn()?.attempt()?.asked_after.as_ref();
        match self.phase {
            Phase::Asking | Phase::Recording | Phase::Paused | Phase::Typing => self.asked_after.as_ref(),
            Phase::Finishing => self.asked_after.as_ref().or_else(shown),
            Phase::Answered | Phase::Correcting => shown(),
            Phase::Review => None,
        }
    }

    /// The words of what is asked: the question's or the follow-up's.
    pub fn asked(&self) -> Option<&str> {
        let follow_up = self.follow_up().map(|after| after.question.ask.as_str());
        follow_up.or_else(|| self.turn().map(Turn::asked))
    }

    /// The present place.
    pub fn place(&self) -> InterviewPlace {
        match self.phase {
            Phase::Review => InterviewPlace::Review,
            _ => InterviewPlace::Question(self.interview.at),
        }
    }

    /// What would be typed here: the draft of it is kept under this name.
    fn draft_of(&self) -> Option<DraftOf> {
        match self.phase {
            Phase::Answered | Phase::Correcting => Some(DraftOf::Correction(self.turn()?.shown)),
            Phase::Asking | Phase::Typing => Some(
                self.asked_after
                    .as_ref()
                    .map_or(DraftOf::Answer, |after| DraftOf::FollowUp(after.attempt)),
            ),
            Phase::Recording | Phase::Paused | Phase::Finishing | Phase::Review => None,
        }
    }

    /// What was typed here and not sent: an answer, or the corrections of the shown one.
    pub fn draft(&self) -> Option<&str> {
        self.turn()?.drafts.get(self.draft_of()?)
    }

    /// The text to type on in: the draft, or the transcript as it is where corrections begin.
    pub fn text_in_field(&self) -> Cow<'_, str> {
        if let Some(draft) = self.draft() {
            return draft.into();
        }
        let shown = self
            .turn()
            .and_then(Turn::attempt)
            .filter(|_| self.phase == Phase::Correcting);
        let transcript = shown.and_then(|attempt| attempt.transcript.as_ref());
        transcript.map_or(Cow::Borrowed(""), |transcript| transcript.text().into())
    }

    /// Whether sound is being kept right now.
    pub fn is_recording(&self) -> bool {
        matches!(self.phase, Phase::Recording | Phase::Paused)
    }

    /// Whether it can be left without losing anything.
    pub fn can_leave(&self) -> bool {
        !self.is_recording() && self.phase != Phase::Finishing
    }

    /// Moves on. What comes back is to be sent to the session, in this order.
    pub fn update(&mut self, input: impl Into<Input>) -> Vec<Command> {
        match input.into() {
            Input::PracticeAction(action) => self.handle_action(action),
            Input::Event(event) => self.handle_event(event),
        }
    }

    fn handle_action(&mut self, action: PracticeAction) -> Vec<Command> {
        match (action, self.phase) {
            (PracticeAction::Record { now, takes, glossary }, Phase::Asking | Phase::Answered) => {
                self.record(now, &takes, glossary)
            }
            (
                PracticeAction::OpenRecording {
                    recording,
                    now,
                    takes,
                    glossary,
                },
                Phase::Asking | Phase::Answered,
            ) => self.open_recording(recording, now, &takes, glossary),
            (PracticeAction::Pause, Phase::Recording) if self.live.opened.is_none() => {
                self.phase = Phase::Paused;
                vec![Command::Pause]
            }
            (PracticeAction::Resume, Phase::Paused) => {
                self.phase = Phase::Recording;
                vec![Command::Resume]
            }
            (PracticeAction::Stop, Phase::Recording | Phase::Paused) => {
                self.phase = Phase::Finishing;
                vec![Command::Stop]
            }
            (PracticeAction::StartOver, Phase::Recording | Phase::Paused) => {
                self.live = LiveTake::default();
                self.phase = Phase::Asking;
                vec![Command::Discard]
            }
            (PracticeAction::TranscribeAgain { glossary }, Phase::Answered) => self.transcribe_again(glossary),
            (action, _) => {
                self.turn_page(action);
                Vec::new()
            }
        }
    }

    /// The actions that need nothing from the session. None of them is followed while sound is being kept.
    fn turn_page(&mut self, action: PracticeAction) {
        if let PracticeAction::Notes(notes) = action {
            if let Some(turn) = self.interview.turns.get_mut(self.interview.at) {
                turn.notes = notes;
            }
            return;
        }
        if !self.can_leave() {
            return;
        }
        match action {
            PracticeAction::TypeInstead => self.phase = Phase::Typing,
            PracticeAction::Draft(text) => self.keep_draft(text),
            PracticeAction::Cancel => self.stop_typing(),
            PracticeAction::DiscardDraft => {
                self.drop_draft();
                self.stop_typing();
            }
            PracticeAction::Answer { text, now } => self.answer_typed(&text, now),
            PracticeAction::FollowUp(question) => self.ask_follow_up(question),
            PracticeAction::Redo => {
                self.source = VoiceOrSample::Voice;
                self.asked_after = self.turn().and_then(|turn| turn.attempt()?.asked_after.clone());
                self.phase = Phase::Asking;
            }
            PracticeAction::Show(index) => self.show(index),
            PracticeAction::Correct => {
                if self.phase == Phase::Answered {
                    self.phase = Phase::Correcting;
                }
            }
            PracticeAction::Corrected(text) => self.correct(&text),
            PracticeAction::Skip => {
                if let Some(turn) = self.interview.turns.get_mut(self.interview.at) {
                    turn.skipped = turn.attempts.is_empty();
                }
                self.go_to(self.interview.at + 1);
            }
            PracticeAction::Next => self.go_to(self.interview.at + 1),
            // From the review, back is the last question.
            PracticeAction::Back if self.phase == Phase::Review => self.go_to(self.interview.at),
            PracticeAction::Back if self.phase == Phase::Asking && self.asked_after.is_some() => self.rest(),
            PracticeAction::Back => self.go_to(self.interview.at.saturating_sub(1)),
            PracticeAction::GoTo(index) => self.go_to(index),
            // Those that ask something of the session, in a phase in which they mean nothing; and notes are taken above.
            PracticeAction::Record { .. }
            | PracticeAction::OpenRecording { .. }
            | PracticeAction::Pause
            | PracticeAction::Resume
            | PracticeAction::Stop
            | PracticeAction::StartOver
            | PracticeAction::TranscribeAgain { .. }
            | PracticeAction::Notes(_) => {}
        }
    }

    /// One question more at most, and none about the answer to one.
    fn ask_follow_up(&mut self, question: FollowUpQuestion) {
        let Some(turn) = self.interview.turn().filter(|_| self.phase == Phase::Answered) else {
            return;
        };
        if turn.attempt().is_some_and(|attempt| attempt.asked_after.is_none()) {
            let attempt = turn.main_index();
            self.asked_after = Some(AskedAfter { attempt, question });
            self.source = VoiceOrSample::Voice;
            self.phase = Phase::Asking;
        }
    }

    /// Keeps what is typed. A text that says what is there already is no draft.
    fn keep_draft(&mut self, text: String) {
        let unchanged = match self.phase {
            Phase::Typing => text.trim().is_empty(),
            Phase::Correcting => {
                let shown = self.turn().and_then(Turn::attempt);
                let transcript = shown.and_then(|attempt| attempt.transcript.as_ref());
                transcript.is_some_and(|transcript| transcript.text() == text)
            }
            Phase::Asking | Phase::Recording | Phase::Paused | Phase::Finishing | Phase::Answered | Phase::Review => {
                return;
            }
        };
        let of = self.draft_of();
        let turn = self.interview.turns.get_mut(self.interview.at);
        if let (Some(turn), Some(of)) = (turn, of) {
            if unchanged {
                turn.drafts.remove(of);
            } else {
                turn.drafts.set(of, text);
            }
        }
    }

    /// The draft was sent, or is not wanted.
    fn drop_draft(&mut self) {
        if let Some(of) = self.draft_of()
            && let Some(turn) = self.interview.turns.get_mut(self.interview.at)
        {
            turn.drafts.remove(of);
        }
    }

    /// Back to the question or answer that was typed at.
    fn stop_typing(&mut self) {
        self.phase = match self.phase {
            // A question that is asked again, or a follow-up, is still asked.
            Phase::Typing => Phase::Asking,
            _ => self.resting_phase(),
        };
    }

    fn record(&mut self, now: Timestamp, takes: &Path, glossary: Vec<String>) -> Vec<Command> {
        let source = match &self.source {
            VoiceOrSample::Voice => Source::Microphone,
            VoiceOrSample::Sample(path) => Source::File(path.clone()),
        };
        self.begin_take(source, now, takes, glossary)
    }

    fn open_recording(
        &mut self,
        recording: PathBuf,
        now: Timestamp,
        takes: &Path,
        glossary: Vec<String>,
    ) -> Vec<Command> {
        let commands = self.begin_take(Source::FileAtOnce(recording.clone()), now, takes, glossary);
        self.live.opened = Some(recording);
        commands
    }

    fn begin_take(&mut self, source: Source, now: Timestamp, takes: &Path, glossary: Vec<String>) -> Vec<Command> {
        let Some(turn) = self.interview.turns.get_mut(self.interview.at) else {
            return Vec::new();
        };
        turn.skipped = false;
        // With its time, since a crash may have left a take of the same number behind.
        let number = turn.attempts.len() + 1;
        let name = format!(
            "{}-q{}-t{number}-{}.wav",
            self.interview.id,
            self.interview.at + 1,
            now.strftime("%H%M%S")
        );
        let sound = takes.join(name);
        self.live = LiveTake {
            sound: Some(sound.clone()),
            begun: Some(now),
            ..LiveTake::default()
        };
        self.phase = Phase::Recording;
        let plan = TakePlan {
            sound,
            source,
            glossary,
            may_improve: true,
        };
        vec![Command::StopPlaying, Command::Record(plan)]
    }

    fn transcribe_again(&mut self, glossary: Vec<String>) -> Vec<Command> {
        let Some(take) = self
            .interview
            .turn()
            .and_then(Turn::attempt)
            .and_then(|attempt| attempt.take.clone())
        else {
            return Vec::new();
        };
        self.phase = Phase::Finishing;
        self.live = LiveTake {
            sound: Some(take.sound.clone()),
            ..LiveTake::default()
        };
        vec![
            Command::StopPlaying,
            Command::Transcribe(TakePlan {
                source: Source::File(take.sound.clone()),
                sound: take.sound,
                glossary,
                may_improve: true,
            }),
        ]
    }

    /// Takes a recording that was left behind as an attempt at a question, and has it written down.
    pub fn recover(&mut self, index: usize, take: Take, at: Timestamp, glossary: Vec<String>) -> Vec<Command> {
        let Some(turn) = self.interview.turns.get_mut(index) else {
            return Vec::new();
        };
        turn.attempts.push(Attempt::of_take(at, take));
        turn.shown = turn.attempts.len() - 1;
        self.interview.at = index;
        self.phase = Phase::Answered;
        self.transcribe_again(glossary)
    }

    fn answer_typed(&mut self, text: &str, now: Timestamp) {
        let transcript = Transcript::typed(text);
        if transcript.words.is_empty() {
            return;
        }
        self.drop_draft();
        let Some(turn) = self.interview.turns.get_mut(self.interview.at) else {
            return;
        };
        turn.skipped = false;
        turn.attempts.push(Attempt {
            asked_after: self.asked_after.take(),
            ..Attempt::typed(now, transcript)
        });
        turn.shown = turn.attempts.len() - 1;
        self.phase = Phase::Answered;
    }

    fn show(&mut self, index: usize) {
        if let Some(turn) = self.interview.turns.get_mut(self.interview.at)
            && index < turn.attempts.len()
        {
            turn.shown = index;
            self.asked_after = None;
            self.phase = Phase::Answered;
        }
    }

    fn correct(&mut self, text: &str) {
        self.drop_draft();
        let Some(turn) = self.interview.turns.get_mut(self.interview.at) else {
            return;
        };
        let shown = turn.shown.min(turn.attempts.len().saturating_sub(1));
        if let Some(attempt) = turn.attempts.get_mut(shown) {
            let old = attempt.transcript.take().unwrap_or_default();
            let new = corrected(&old, text);
            attempt.corrected |= new != old;
            attempt.transcript = Some(new);
        }
        self.phase = Phase::Answered;
    }

    /// Takes up an interview that was left: where that is known, at the place where it was, else at the question that was
    /// being worked on, or at the review where it was reached.
    pub fn take_up(&mut self, left: Option<InterviewPlace>) {
        match left {
            Some(InterviewPlace::Question(index)) => self.go_to(index),
            Some(InterviewPlace::Review) => self.phase = Phase::Review,
            None if self.interview.finished => self.phase = Phase::Review,
            None => self.go_to(self.interview.at),
        }
    }

    fn go_to(&mut self, index: usize) {
        if index >= self.interview.turns.len() {
            self.phase = Phase::Review;
            self.interview.finished = true;
        } else {
            self.interview.at = index;
            self.rest();
        }
    }

    /// Back to where nothing is being answered.
    fn rest(&mut self) {
        self.asked_after = None;
        self.phase = self.resting_phase();
    }

    fn resting_phase(&self) -> Phase {
        match self.interview.turn() {
            Some(turn) if !turn.attempts.is_empty() => Phase::Answered,
            _ => Phase::Asking,
        }
    }
}

#[cfg(test)]
mod tests;
