//! What a screen can ask for. The app carries it out.

use std::path::PathBuf;

use super::{
    view_model::{Confirmation, Screen},
    widgets::marks::Mark,
};
use crate::{
    question::QuestionKind,
    settings::{Keep, ThemeChoice},
    sheet::NotesField,
    take::TakeId,
};

#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    Go(Screen),
    /// To where one came from.
    Leave,
    ChooseField(String),
    /// A practice interview.
    Start,
    /// One question, drawn.
    PracticeOne,
    /// This question.
    Practice(String),
    /// All questions of a topic of the chosen field.
    PracticeTopic(String),
    TrySample,
    /// Five questions for the posting on the sheet.
    PracticePosting,
    ResearchNotes(NotesField, String),
    /// Begin to breathe, and stop.
    Breathe,
    /// Open the user's own questions to write in.
    OwnQuestions,
    OwnDraft(String),
    SaveOwn,

    Record,
    PauseOrResume,
    Stop,
    StartOver,
    TypeInstead,
    Draft(String),
    /// Keep what was typed or corrected.
    KeepDraft,
    DropDraft,
    Notes(String),
    /// Put the keyboard into the notes.
    WriteNote,
    ShowHint,
    ShowSample,
    Skip,
    Next,
    Back,
    GoTo(usize),
    Redo,
    Correct,
    Compare,
    ShowAttempt(usize),
    TranscribeAgain,
    /// Write a recording that the disk refuses into this folder.
    WriteElsewhere {
        take: TakeId,
        folder: PathBuf,
    },
    Afterwards(crate::interview::Reflection),

    PlayOrStop,
    PlayFrom(f64),
    NextFiller,
    /// The next long one.
    NextPause,
    /// Read the question aloud, or stop reading it.
    ReadAloud,
    ToggleMark(Mark),

    FindMicrophones,
    /// Open the microphone to see its level.
    Listen,
    ChooseMicrophone(Option<String>),
    ChooseModel(String),
    FetchModel(String),
    CancelFetch,
    /// Where models are downloaded from first; empty for nowhere but the usual address.
    ModelMirror(String),
    /// Open or close the place to name a model's file in.
    NameModelFile,
    ModelFile(String),
    /// Take the model from the file that was named.
    ImportModel,
    /// Open, or close, the place to name a posting's file in.
    NamePostingFile,
    PostingFile(String),
    OpenPosting,

    Theme(ThemeChoice),
    TextPercent(u16),
    Keep(Keep),
    ReducedMotion(bool),
    /// Whether each question is read aloud when it comes up.
    ReadByItself(bool),
    /// How many questions an interview has.
    Length(u8),

    Search(String),
    Kind(Option<QuestionKind>),
    Topic(Option<String>),
    /// Open or close an entry of a list.
    Open(String),
    OpenPast(String),

    PlayFound(PathBuf),
    TranscribeFound(PathBuf),

    Ask(Confirmation),
    /// Yes to what was asked.
    Confirm,
    /// No to what was asked; also puts a notice away.
    Dismiss,

    Copy(String),
    Export(Export),
}

/// How an interview is taken elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    Markdown,
    Html,
    Text,
    Json,
}

impl Export {
    pub const ALL: [Self; 4] = [Self::Markdown, Self::Html, Self::Text, Self::Json];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Markdown => "Markdown",
            Self::Html => "HTML",
            Self::Text => "Plain text",
            Self::Json => "JSON",
        }
    }

    pub const fn ending(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Html => "html",
            Self::Text => "txt",
            Self::Json => "json",
        }
    }
}
