//! What a screen can ask for, by the part of the app that carries it out. Each enum is handled by one exhaustive match, so
//! that a new action does not compile before somebody carries it out.

use std::path::PathBuf;

pub use crate::export::Export;

use super::{
    past::{FinishedFilter, HistoryOrder},
    question_list::{PracticedFilter, QuestionOrder},
    view_model::{Confirmation, Screen},
    widgets::marks::Mark,
};
use crate::{
    bank::own_text::OwnQuestionForm,
    insight::Finding,
    interview::Reflection,
    question::{QuestionKind, Seniority},
    settings::{Delivery, FinalModel, Keep, PlaybackSpeed, ThemeChoice},
    sheet::NotesField,
    take::TakeId,
};

#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    Navigate(NavigateAction),
    Start(StartAction),
    Answer(AnswerAction),
    Playback(PlaybackAction),
    Prepare(PrepareAction),
    OwnQuestions(OwnQuestionsAction),
    Microphone(MicrophoneAction),
    Model(ModelAction),
    Settings(SettingsAction),
    View(ViewAction),
    History(HistoryAction),
    Dialog(DialogAction),
    Export(ExportAction),
    Palette(PaletteAction),
    Welcome(WelcomeAction),
}

/// The actions of a frame, in the order in which they were asked for. Screens push, the app carries out all of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Actions(Vec<Action>);

impl Actions {
    pub fn push(&mut self, action: impl Into<Action>) {
        self.0.push(action.into());
    }

    /// Adds actions that are there already: those of a part of the screen, or of a command that can be done now.
    pub fn extend(&mut self, later: impl IntoIterator<Item = Action>) {
        self.0.extend(later);
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Action> {
        self.0.iter()
    }

    pub fn into_vec(self) -> Vec<Action> {
        self.0
    }
}

/// Where the user goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NavigateAction {
    Go(Screen),
    /// Back to the question or answer that is open, or else to Home.
    Leave,
}

/// What is begun, or taken up again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartAction {
    /// A practice interview of the chosen field.
    Interview,
    /// One question of the chosen field, drawn.
    OneQuestion,
    /// The question with this id.
    Question(String),
    /// All questions of a topic of the chosen field.
    Topic(String),
    /// The sample answer that comes with Aloud.
    Sample,
    /// Five questions for the job posting in the research notes.
    Posting,
    /// A saved interview, by its id.
    PastInterview(String),
    /// The transcript of a recording that belongs to no answer.
    FoundTake(PathBuf),
}

/// What is done with the open question and its answer.
#[derive(Clone, Debug, PartialEq)]
pub enum AnswerAction {
    Record,
    PauseOrResume,
    Stop,
    /// Type the answer instead of speaking.
    Type,
    /// The text that is being typed or corrected, after each key.
    EditDraft(String),
    /// What was typed or corrected counts from now on.
    SendDraft,
    /// Leave the field; the draft stays with the question.
    StopTyping,
    /// Throw the draft away, and leave the field.
    DiscardDraft,
    /// The text of the notes, after each key.
    EditNotes(String),
    /// Put the keyboard's focus into the notes.
    FocusNotes,
    Skip,
    Next,
    Back,
    /// To the question with this index; behind the last one is the review.
    GoTo(usize),
    Redo,
    /// Answer what the interviewer would ask next.
    FollowUp,
    Correct,
    ShowAttempt(usize),
    TranscribeAgain,
    /// Show or hide the field for the path of a recording.
    ToggleRecordingPath,
    EditRecordingPath(String),
    /// Take the recording at that path as the answer.
    OpenRecording,
    Reflect(Reflection),
}

/// What is heard: an answer that is played, or a question that is read aloud.
#[derive(Clone, Debug, PartialEq)]
pub enum PlaybackAction {
    /// The shown answer, from where it was paused.
    PlayOrPause,
    /// The shown answer, from this second.
    PlayFrom(f64),
    /// The playhead so many seconds on, or back where they are negative. What plays goes on playing.
    Skip(f64),
    /// The playhead is being dragged to this second.
    Scrub(f64),
    /// It was let go: what played before goes on from there.
    EndScrub,
    Speed(PlaybackSpeed),
    NextFiller,
    NextLongPause,
    /// A recording that belongs to no answer.
    PlayOrStopFound(PathBuf),
    ReadAloudOrStop,
}

/// What is prepared before an interview.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrepareAction {
    /// The text of a field of the research notes, after each key.
    EditNotes(NotesField, String),
    StartOrStopBreathing,
    /// Show or hide the questions that are good to ask.
    ToggleAskThem,
    /// Show or hide the words for greeting, leaving and the like.
    TogglePhrases,
    /// Show or hide the field for the path of a posting's file.
    TogglePostingPath,
    EditPostingPath(String),
    /// Read the posting from the file at that path.
    OpenPosting,
}

/// The text of the user's own questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnQuestionsAction {
    Open,
    /// The whole text, after each key.
    Edit(String),
    Save,
    /// Back to the text as it was saved.
    Revert,
    /// Between the form and the text.
    ToggleText,
    /// The form, after each key.
    EditForm(OwnQuestionForm),
    /// Add what the form says, or change the question that it was opened for.
    KeepForm,
    ClearForm,
    /// Open the form for the question with this place.
    EditQuestion(usize),
    /// Let them join the field with this id.
    Join(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MicrophoneAction {
    /// List the microphones again.
    Find,
    /// Open the chosen microphone to show its level.
    Check,
    /// By its name; nothing for the system's default.
    Choose(Option<String>),
}

/// Speech models: which one is used, and where others come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelAction {
    Choose(String),
    /// The model that writes the final text.
    ChooseFinal(FinalModel),
    Fetch(String),
    CancelFetch,
    /// The address from which models are downloaded first; empty for the usual address alone.
    EditMirror(String),
    /// Show or hide the models that are not proposed.
    ToggleAll,
    /// Show or hide the field for the path of a model's file.
    TogglePath,
    EditPath(String),
    /// Take the model from the file at that path.
    Import,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingsAction {
    /// The field that questions are drawn from, by its id.
    Field(String),
    /// The role that questions are drawn for, by its id; nothing for any.
    Role(Option<String>),
    /// How much experience they expect; nothing for any.
    Seniority(Option<Seniority>),
    /// How many questions an interview has.
    Length(u8),
    /// How questions are asked.
    Delivery(Delivery),
    /// Seconds to get ready; 0: nothing is recorded by itself.
    ReadySeconds(u8),
    /// Minutes of an answer at most; 0: any.
    AnswerMinutes(u8),
    TimeMarks(bool),
    FollowUps(bool),
    Theme(ThemeChoice),
    TextPercent(u16),
    ReducedMotion(bool),
    MoreContrast(bool),
    ToggleMark(Mark),
    Keep(Keep),
}

/// What is shown of what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ViewAction {
    ToggleFrame,
    ToggleHint,
    /// The words of a question that is only read aloud.
    ShowQuestion,
    /// Nothing is recorded by itself until the next question.
    StopCountdown,
    ToggleSample,
    /// Two takes beside each other, or one.
    ToggleComparison,
    Search(String),
    Kind(Option<QuestionKind>),
    Topic(Option<String>),
    Practiced(PracticedFilter),
    QuestionOrder(QuestionOrder),
    /// The library without search and filters.
    ShowAllQuestions,
    /// Ask the question with this id again soon, or no longer.
    ToggleAgain(String),
    /// Open or close an entry of a list.
    ToggleEntry(String),
    /// Point this out in the words of the shown answer: its first place, or the one after the place that is lit.
    ShowFinding(Finding),
    /// Light nothing up any more.
    HideFinding,
}

/// Saved interviews: which are listed, selected and plotted, and what they are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HistoryAction {
    /// By the id of a field; nothing for all.
    Field(Option<String>),
    Finished(FinishedFilter),
    Order(HistoryOrder),
    /// Without search and filters.
    ShowAll,
    /// Begin to select some.
    Select,
    /// Select the one with this id, or no longer.
    ToggleSelected(String),
    SelectAllShown,
    SelectNone,
    EndSelecting,
    /// Open the field for the name of the one with this id.
    Rename(String),
    /// The name as far as it is typed, after each key.
    EditName(String),
    /// An empty name gives it back the name of its field.
    KeepName,
    DiscardName,
    /// The plots of one field, or of all.
    PlotField(Option<String>),
}

/// Questions and notices over the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DialogAction {
    Ask(Confirmation),
    /// Yes to what was asked.
    Confirm,
    /// No to what was asked, or else closes the notice.
    Dismiss,
    /// Bring back what was deleted last.
    Undo,
    /// Write a recording that the disk refuses into this folder.
    WriteElsewhere {
        take: TakeId,
        folder: PathBuf,
    },
}

/// The list of commands that is searched by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaletteAction {
    /// Open or close it.
    Toggle,
    /// What is typed into its field, after each key.
    Search(String),
    /// The highlight moves by so many rows.
    Move(isize),
}

/// The steps of the very first start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WelcomeAction {
    Next,
    Back,
    /// To Home, past all of them.
    Skip,
    /// The question to warm up with.
    WarmUp,
}

/// What is taken out of Aloud.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExportAction {
    /// To the clipboard.
    Copy(String),
    /// The open interview as plain text, to the clipboard.
    CopyInterview,
    /// The open interview, as a file or a folder.
    Save(Export),
    /// The path that it is saved under, after each key.
    EditPath(String),
    /// The sound of the shown answer, as a file.
    SaveSound,
    /// Open the system's file manager where this lies.
    ShowInFolder(PathBuf),
}

macro_rules! into_action {
    ($($variant:ident($part:ty)),* $(,)?) => {
        $(impl From<$part> for Action {
            fn from(action: $part) -> Self {
                Self::$variant(action)
            }
        })*
    };
}

into_action! {
    Navigate(NavigateAction),
    Start(StartAction),
    Answer(AnswerAction),
    Playback(PlaybackAction),
    Prepare(PrepareAction),
    OwnQuestions(OwnQuestionsAction),
    Microphone(MicrophoneAction),
    Model(ModelAction),
    Settings(SettingsAction),
    View(ViewAction),
    History(HistoryAction),
    Dialog(DialogAction),
    Export(ExportAction),
    Palette(PaletteAction),
    Welcome(WelcomeAction),
}
