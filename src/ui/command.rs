//! The commands that have a key: label, tooltip, icon, key, and what each asks for, all in one table. The keys
//! ([`super::keys`]), the page of shortcuts and the buttons that have a key are made from it.

use std::path::Path;

use eframe::egui::{Key, Ui};
use lucide_icons::Icon;

use super::{
    action::{
        Action, Actions, AnswerAction, DialogAction, HistoryAction, ModelAction, NavigateAction, PaletteAction,
        PlaybackAction, PrepareAction, StartAction, ViewAction, WelcomeAction,
    },
    view_model::{Confirmation, Screen, ViewModel, WelcomeStep},
    widgets::{Button, text},
};
use crate::interview::{Attempt, Phase, Practice, Turn};

/// How far the playhead goes back or forward with a key.
const SKIP_SECONDS: f64 = 5.0;

/// A key, alone or held together with Ctrl (Command on macOS).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shortcut {
    pub key: Key,
    /// Whether Ctrl is held. Only such a shortcut works while somebody types.
    pub ctrl: bool,
}

impl Shortcut {
    /// The key as it is printed on a keyboard.
    pub fn key_cap(self) -> &'static str {
        match self.key {
            Key::ArrowLeft => "←",
            Key::ArrowRight => "→",
            Key::Comma => ",",
            Key::Escape => "Esc",
            Key::Period => ".",
            // The unshifted key of a question mark, on many keyboards.
            Key::Questionmark | Key::Slash => "?",
            key => key.name(),
        }
    }
}

/// Something that can be done with a key. Not every action has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserCommand {
    NextStep,
    StartInterview,
    RecordOrStop,
    PauseOrResume,
    ReadAloudOrStop,
    Type,
    OpenRecording,
    SendDraft,
    StopTyping,
    WriteNote,
    ToggleFrame,
    ToggleHint,
    FollowUp,
    Redo,
    Correct,
    PlayOrPause,
    BackFiveSeconds,
    ForwardFiveSeconds,
    NextSpeed,
    NextFiller,
    NextLongPause,
    NextQuestion,
    Skip,
    Back,
    Questions,
    Settings,
    Shortcuts,
    Palette,
    CloseOrLeave,
}

/// A command that is not in the table has no key.
const _: () = assert!(UserCommand::ALL.len() == UserCommand::CloseOrLeave as usize + 1);

impl UserCommand {
    /// In the order of the page of shortcuts.
    pub const ALL: [Self; 29] = [
        Self::NextStep,
        Self::StartInterview,
        Self::RecordOrStop,
        Self::PauseOrResume,
        Self::ReadAloudOrStop,
        Self::Type,
        Self::OpenRecording,
        Self::SendDraft,
        Self::StopTyping,
        Self::WriteNote,
        Self::ToggleFrame,
        Self::ToggleHint,
        Self::FollowUp,
        Self::Redo,
        Self::Correct,
        Self::PlayOrPause,
        Self::BackFiveSeconds,
        Self::ForwardFiveSeconds,
        Self::NextSpeed,
        Self::NextFiller,
        Self::NextLongPause,
        Self::NextQuestion,
        Self::Skip,
        Self::Back,
        Self::Questions,
        Self::Settings,
        Self::Shortcuts,
        Self::Palette,
        Self::CloseOrLeave,
    ];

    /// What its button is called now.
    pub fn label(self, view: &ViewModel) -> &'static str {
        let phase = open_phase(view);
        match self {
            Self::NextStep if view.welcome == WelcomeStep::WarmUp => "Answer it",
            Self::NextStep => "Next",
            Self::StartInterview => "Start a practice interview",
            Self::RecordOrStop if is_recording(view) => "Stop",
            Self::RecordOrStop => "Record",
            Self::PauseOrResume if phase == Some(Phase::Paused) => "Resume",
            Self::PauseOrResume => "Pause",
            Self::ReadAloudOrStop if view.sound.reading_aloud => "Stop reading",
            Self::ReadAloudOrStop => "Read aloud",
            Self::Type if has_draft(view) => "Continue typing",
            Self::Type if view.microphone.is_missing() => "Type your answer",
            Self::Type => "Type instead",
            Self::OpenRecording => "Use a recording",
            Self::SendDraft if phase == Some(Phase::Correcting) => "Keep the corrections",
            Self::SendDraft => "Show insights",
            Self::StopTyping if phase == Some(Phase::Correcting) => "Back to the answer",
            Self::StopTyping if view.microphone.is_missing() => "Back to the question",
            Self::StopTyping => "Speak instead",
            Self::WriteNote => "Write a note",
            Self::ToggleFrame if view.answer.frame_shown => "Hide the frame",
            Self::ToggleFrame => "A frame for the answer",
            Self::ToggleHint if view.answer.hint_shown => "Hide the hint",
            Self::ToggleHint => "Hint",
            Self::FollowUp => "Answer it",
            Self::Redo => "Redo",
            Self::Correct if has_draft(view) => "Continue correcting",
            Self::Correct => "Correct the text",
            Self::PlayOrPause if is_playing(view) => "Pause",
            Self::PlayOrPause => "Play",
            Self::BackFiveSeconds => "−5 s",
            Self::ForwardFiveSeconds => "+5 s",
            Self::NextSpeed => view.settings.playback_speed.name(),
            Self::NextFiller => "Play the next filler",
            Self::NextLongPause => "Play the next long pause",
            Self::NextQuestion if is_sample(view) => "Now you",
            Self::NextQuestion => match questions(view) {
                (1, _) => "Finish",
                (_, true) => "See the review",
                (_, false) => "Next question",
            },
            Self::Skip if questions(view).1 => "Finish",
            Self::Skip => "Skip",
            Self::Back => "Back",
            Self::Questions => "Browse the questions",
            Self::Settings => Screen::Settings.name(),
            Self::Shortcuts => Screen::Shortcuts.name(),
            Self::Palette => "Find a command",
            Self::CloseOrLeave if view.attention.notice.is_some() => "Close",
            Self::CloseOrLeave if opened_thing(view).is_some() => "Close",
            Self::CloseOrLeave => "Leave",
        }
    }

    /// What it does, whatever the state: on the page of shortcuts, and under the pointer.
    pub const fn tooltip(self) -> &'static str {
        match self {
            Self::NextStep => "Go to the next step of the introduction",
            Self::StartInterview => "Start a practice interview",
            Self::RecordOrStop => "Record your answer, or stop recording",
            Self::PauseOrResume => "Pause or resume the recording",
            Self::ReadAloudOrStop => "Read the question aloud, or stop reading",
            Self::Type => "Type your answer instead of speaking",
            Self::OpenRecording => "Use a recording that you have as your answer",
            Self::SendDraft => "Show the insights of what you typed, or keep the corrections",
            Self::StopTyping => "Leave what you are typing; it is kept",
            Self::WriteNote => "Write a note",
            Self::ToggleFrame => "Show or hide a frame for the answer",
            Self::ToggleHint => "Show or hide the hint",
            Self::FollowUp => "Answer the follow-up question",
            Self::Redo => "Record this answer again",
            Self::Correct => "Correct what was misheard",
            Self::PlayOrPause => "Play or pause your answer",
            Self::BackFiveSeconds => "Go back 5 seconds in your answer",
            Self::ForwardFiveSeconds => "Go forward 5 seconds in your answer",
            Self::NextSpeed => "Play your answer faster or slower",
            Self::NextFiller => "Play the next filler",
            Self::NextLongPause => "Play the next long pause",
            Self::NextQuestion => "Go to the next question",
            Self::Skip => "Skip the question",
            Self::Back => "Go back to the previous question",
            Self::Questions => "Browse the questions",
            Self::Settings => "Open the settings",
            Self::Shortcuts => "Show the keyboard shortcuts",
            Self::Palette => "Find a command or a page by its name",
            Self::CloseOrLeave => "Leave the field, close what is open, or leave the page",
        }
    }

    fn icon(self, view: &ViewModel) -> Option<Icon> {
        let icon = match self {
            Self::NextStep
            | Self::StartInterview
            | Self::SendDraft
            | Self::WriteNote
            | Self::FollowUp
            | Self::BackFiveSeconds
            | Self::ForwardFiveSeconds
            | Self::NextSpeed
            | Self::NextQuestion
            | Self::Questions => return None,
            Self::RecordOrStop if is_recording(view) => Icon::Square,
            Self::StopTyping if open_phase(view) == Some(Phase::Correcting) => Icon::ArrowLeft,
            Self::RecordOrStop | Self::StopTyping => Icon::Mic,
            Self::Correct => Icon::Pencil,
            Self::Palette => Icon::Search,
            Self::PauseOrResume if open_phase(view) == Some(Phase::Paused) => Icon::Play,
            Self::PauseOrResume => Icon::Pause,
            Self::ReadAloudOrStop if view.sound.reading_aloud => Icon::Square,
            Self::ReadAloudOrStop => Icon::Volume2,
            Self::Type | Self::Shortcuts => Icon::Keyboard,
            Self::OpenRecording => Icon::FileAudio,
            Self::ToggleFrame => Icon::LayoutList,
            Self::ToggleHint => Icon::Lightbulb,
            Self::Redo => Icon::RotateCcw,
            Self::PlayOrPause if is_playing(view) => Icon::Pause,
            Self::PlayOrPause | Self::NextFiller | Self::NextLongPause => Icon::Play,
            Self::Skip => Icon::SkipForward,
            Self::Back => Icon::ArrowLeft,
            Self::Settings => Icon::Settings,
            Self::CloseOrLeave => Icon::X,
        };
        Some(icon)
    }

    /// Its keys; each does the same.
    const fn keys(self) -> &'static [Key] {
        match self {
            Self::NextStep | Self::StartInterview | Self::SendDraft => &[Key::Enter],
            Self::RecordOrStop | Self::FollowUp => &[Key::Space],
            Self::PauseOrResume => &[Key::P],
            Self::ReadAloudOrStop => &[Key::A],
            Self::Type => &[Key::T],
            Self::OpenRecording => &[Key::O],
            Self::WriteNote => &[Key::N],
            Self::ToggleFrame => &[Key::M],
            Self::ToggleHint => &[Key::H],
            Self::Redo => &[Key::R],
            Self::Correct => &[Key::E],
            // Held with Ctrl, it opens the list of commands, or the settings.
            Self::PlayOrPause | Self::Palette => &[Key::K],
            Self::BackFiveSeconds | Self::Settings => &[Key::Comma],
            Self::ForwardFiveSeconds => &[Key::Period],
            Self::NextSpeed => &[Key::S],
            Self::NextFiller => &[Key::F],
            Self::NextLongPause => &[Key::G],
            Self::NextQuestion => &[Key::Enter, Key::ArrowRight],
            Self::Skip => &[Key::ArrowRight],
            Self::Back => &[Key::ArrowLeft],
            Self::Questions => &[Key::L],
            Self::Shortcuts => &[Key::Questionmark, Key::Slash],
            Self::StopTyping | Self::CloseOrLeave => &[Key::Escape],
        }
    }

    /// Its keys; each does the same. The first one is shown on its button.
    pub fn shortcuts(self) -> impl Iterator<Item = Shortcut> {
        let ctrl = matches!(self, Self::Settings | Self::SendDraft | Self::Palette);
        self.keys().iter().map(move |key| Shortcut { key: *key, ctrl })
    }

    /// What it asks for now; nothing where it cannot be done. Of the commands that share a key, one at most can be.
    pub fn action(self, view: &ViewModel) -> Option<Action> {
        let phase = open_phase(view);
        let during = |phases: &[Phase]| phase.is_some_and(|phase| phases.contains(&phase));
        let asking = during(&[Phase::Asking]);
        let recording = during(&[Phase::Recording, Phase::Paused]);
        let typing = during(&[Phase::Typing, Phase::Correcting]);
        let answered = during(&[Phase::Answered]);
        let unanswered = asking || recording || during(&[Phase::Typing, Phase::Finishing]);
        let playable = during(&[Phase::Answered, Phase::Correcting]);
        let (available, action): (bool, Action) = match self {
            Self::NextStep => {
                let action = match view.welcome {
                    WelcomeStep::Microphone | WelcomeStep::Field => WelcomeAction::Next,
                    WelcomeStep::WarmUp => WelcomeAction::WarmUp,
                };
                (view.screen == Screen::Welcome, action.into())
            }
            Self::StartInterview => (view.screen == Screen::Home, StartAction::Interview.into()),
            Self::RecordOrStop if recording => (true, AnswerAction::Stop.into()),
            Self::RecordOrStop => (asking, AnswerAction::Record.into()),
            // A recording that is read does not wait.
            Self::PauseOrResume => (recording && opened(view).is_none(), AnswerAction::PauseOrResume.into()),
            Self::ReadAloudOrStop => {
                let spoken = opened(view).is_none();
                let during = during(&[Phase::Asking, Phase::Typing, Phase::Recording, Phase::Paused]);
                (
                    during && spoken && view.sound.can_read,
                    PlaybackAction::ReadAloudOrStop.into(),
                )
            }
            Self::Type => (asking, AnswerAction::Type.into()),
            Self::OpenRecording => (asking, AnswerAction::ToggleRecordingPath.into()),
            Self::SendDraft => (typing && can_send(view), AnswerAction::SendDraft.into()),
            Self::StopTyping => (typing, AnswerAction::StopTyping.into()),
            Self::WriteNote => (asking || recording, AnswerAction::FocusNotes.into()),
            Self::ToggleFrame => (unanswered, ViewAction::ToggleFrame.into()),
            Self::ToggleHint => (unanswered, ViewAction::ToggleHint.into()),
            Self::FollowUp => (answered && view.follow_up().is_some(), AnswerAction::FollowUp.into()),
            Self::Redo => (answered && !is_sample(view), AnswerAction::Redo.into()),
            Self::Correct => (
                answered && !is_sample(view) && has_transcript(view),
                AnswerAction::Correct.into(),
            ),
            Self::PlayOrPause => (playable, PlaybackAction::PlayOrPause.into()),
            Self::BackFiveSeconds => (playable, PlaybackAction::Skip(-SKIP_SECONDS).into()),
            Self::ForwardFiveSeconds => (playable, PlaybackAction::Skip(SKIP_SECONDS).into()),
            Self::NextSpeed => (
                playable,
                PlaybackAction::Speed(view.settings.playback_speed.next()).into(),
            ),
            Self::NextFiller => (playable, PlaybackAction::NextFiller.into()),
            Self::NextLongPause => (playable, PlaybackAction::NextLongPause.into()),
            Self::NextQuestion => (answered, next(view)),
            Self::Skip => (asking, AnswerAction::Skip.into()),
            Self::Back => (
                asking || answered || during(&[Phase::Review]),
                AnswerAction::Back.into(),
            ),
            Self::Questions => (can_leave(view), NavigateAction::Go(Screen::Library).into()),
            Self::Settings => (can_leave(view), NavigateAction::Go(Screen::Settings).into()),
            Self::Shortcuts => (can_leave(view), NavigateAction::Go(Screen::Shortcuts).into()),
            Self::Palette => (true, PaletteAction::Toggle.into()),
            // While somebody types, its key leaves what is typed.
            Self::CloseOrLeave => return close_or_leave(view).filter(|_| !typing),
        };
        available.then_some(action)
    }

    pub fn is_available(self, view: &ViewModel) -> bool {
        self.action(view).is_some()
    }

    /// A button with its label, icon and key. What it looks like is up to the screen.
    pub fn button(self, view: &ViewModel, style: impl FnOnce(&'static str) -> Button<'static>) -> Button<'static> {
        let button = style(self.label(view));
        let button = self.icon(view).map_or(button, |icon| button.icon(icon));
        let key = self.shortcuts().next().filter(|shortcut| !shortcut.ctrl);
        key.map_or(button, |shortcut| button.key(shortcut.key_cap()))
    }

    /// Shows such a button, and asks for the command when it is pressed.
    pub fn button_ui(self, ui: &mut Ui, view: &ViewModel, actions: &mut Actions, button: Button<'_>) {
        let response = button.response(ui).on_hover_ui(|ui| {
            text::soft_ui(ui, &self.tooltip_with_key());
        });
        if response.clicked() {
            actions.extend(self.action(view));
        }
    }

    /// "Skip the question (→)"
    fn tooltip_with_key(self) -> String {
        format!("{} ({})", self.tooltip(), self.key_caps().join(" "))
    }

    /// Its keys as they are printed on a keyboard.
    pub fn key_caps(self) -> Vec<&'static str> {
        let caps = self.shortcuts().flat_map(|shortcut| {
            let ctrl = shortcut.ctrl.then_some("Ctrl");
            ctrl.into_iter().chain([shortcut.key_cap()])
        });
        let mut caps: Vec<_> = caps.collect();
        caps.dedup();
        caps
    }
}

/// The phase of the question that is on screen.
fn open_phase(view: &ViewModel) -> Option<Phase> {
    let practice = view.practice.as_ref().filter(|_| view.screen == Screen::Practice);
    practice.map(|practice| practice.phase)
}

/// The recording that is being read as an answer.
fn opened(view: &ViewModel) -> Option<&Path> {
    view.practice
        .as_ref()
        .and_then(|practice| practice.live.opened.as_deref())
}

fn is_recording(view: &ViewModel) -> bool {
    matches!(open_phase(view), Some(Phase::Recording | Phase::Paused))
}

/// Whether the shown answer is being played.
fn is_playing(view: &ViewModel) -> bool {
    let turn = view.practice.as_ref().and_then(Practice::turn);
    let take = turn.and_then(Turn::attempt).and_then(Attempt::playable);
    take.is_some_and(|take| view.playing_of(&take.sound).is_some())
}

/// The next question; after the sample answer, its question for the person.
fn next(view: &ViewModel) -> Action {
    let turn = view.practice.as_ref().and_then(Practice::turn);
    match turn.filter(|_| is_sample(view)) {
        Some(turn) => StartAction::Question(turn.question.id.clone()).into(),
        None => AnswerAction::Next.into(),
    }
}

fn is_sample(view: &ViewModel) -> bool {
    view.interview().is_some_and(|interview| interview.sample)
}

/// How many questions the open interview has, and whether the last of them is on screen.
fn questions(view: &ViewModel) -> (usize, bool) {
    view.interview().map_or((0, false), |interview| {
        (interview.turns.len(), interview.at + 1 >= interview.turns.len())
    })
}

/// Whether the screen can be left with a key: never while sound is being recorded or written.
fn can_leave(view: &ViewModel) -> bool {
    view.practice.as_ref().is_none_or(Practice::can_leave)
}

fn close_or_leave(view: &ViewModel) -> Option<Action> {
    if view.attention.notice.is_some() {
        Some(DialogAction::Dismiss.into())
    } else if let Some(close) = opened_thing(view) {
        Some(close)
    } else if !can_leave(view) {
        Some(DialogAction::Ask(Confirmation::LeaveRecording).into())
    } else if view.screen == Screen::Home {
        None
    } else {
        Some(NavigateAction::Leave.into())
    }
}

/// What was opened on the page and can be closed without leaving it: the newest first, as far as that is known.
fn opened_thing(view: &ViewModel) -> Option<Action> {
    let phase = open_phase(view);
    let (answer, prepare) = (&view.answer, &view.prepare);
    match view.screen {
        Screen::Practice => match phase? {
            Phase::Answered if answer.chosen.is_some() => Some(ViewAction::HideFinding.into()),
            Phase::Answered => answer.comparing.then(|| ViewAction::ToggleComparison.into()),
            Phase::Asking if answer.recording_path.is_some() => Some(AnswerAction::ToggleRecordingPath.into()),
            Phase::Asking | Phase::Typing | Phase::Recording | Phase::Paused | Phase::Finishing => {
                if answer.sample_shown {
                    Some(ViewAction::ToggleSample.into())
                } else if answer.hint_shown {
                    Some(ViewAction::ToggleHint.into())
                } else if answer.frame_shown {
                    Some(ViewAction::ToggleFrame.into())
                } else {
                    asked_again(view)
                }
            }
            Phase::Correcting | Phase::Review => None,
        },
        Screen::History if view.history.renaming.is_some() => Some(HistoryAction::DiscardName.into()),
        Screen::History if view.history.selected.is_some() => Some(HistoryAction::EndSelecting.into()),
        Screen::Library | Screen::Terms | Screen::History => {
            let open = view.search.open.clone();
            open.map(|id| ViewAction::ToggleEntry(id).into())
        }
        Screen::Prepare => {
            if prepare.posting_path.is_some() {
                Some(PrepareAction::TogglePostingPath.into())
            } else if prepare.phrases_shown {
                Some(PrepareAction::TogglePhrases.into())
            } else if prepare.ask_them_shown {
                Some(PrepareAction::ToggleAskThem.into())
            } else {
                None
            }
        }
        Screen::Settings => {
            if view.models.import.open {
                Some(ModelAction::TogglePath.into())
            } else {
                view.models.all_shown.then(|| ModelAction::ToggleAll.into())
            }
        }
        Screen::Home | Screen::Own | Screen::Progress | Screen::Shortcuts | Screen::Welcome => None,
    }
}

/// Back to the answers of a question that is asked once more, or to the answer that a follow-up question is about.
fn asked_again(view: &ViewModel) -> Option<Action> {
    let practice = view
        .practice
        .as_ref()
        .filter(|practice| practice.phase == Phase::Asking)?;
    let turn = practice.turn()?;
    (!turn.attempts.is_empty()).then(|| AnswerAction::ShowAttempt(turn.shown).into())
}

/// Whether something was typed here and not sent.
fn has_draft(view: &ViewModel) -> bool {
    view.practice
        .as_ref()
        .is_some_and(|practice| practice.draft().is_some())
}

/// Whether there is a text to send.
fn can_send(view: &ViewModel) -> bool {
    let text = view.practice.as_ref().map(Practice::text_in_field);
    text.is_some_and(|text| !text.trim().is_empty())
}

fn has_transcript(view: &ViewModel) -> bool {
    let turn = view.practice.as_ref().and_then(Practice::turn);
    let attempt = turn.and_then(Turn::attempt).filter(|attempt| !attempt.is_silent());
    attempt.is_some_and(|attempt| attempt.transcript.is_some())
}
