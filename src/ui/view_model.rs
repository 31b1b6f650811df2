//! All that the screens read. The app keeps it up to date; no screen changes it.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::{Timestamp, tz::TimeZone};

use super::{
    past::{HistoryFilter, Past},
    question_list::{LibraryFilter, QuestionList},
    status::{Deleting, NotSaved},
};
use crate::{
    bank::{Bank, own_text::OwnDraft},
    export::{self, Export},
    insight::{CoveredPoint, Finding, FindingPlace, FollowUpQuestion, Insights},
    interview::{Interview, Phase, Practice, posting::Posting, search::SearchIndex},
    protocol::{ModelState, PlaybackId, Progress},
    question::{Field, QuestionKind, Role},
    settings::{Delivery, KeepsUp, ModelChoice, Settings},
    sheet::ResearchNotes,
    take::FoundTake,
    take::TakeId,
};

/// Where the user is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Screen {
    #[default]
    Home,
    /// A question, its answer, or the review: the interview's phase tells which.
    Practice,
    Library,
    /// Before an interview.
    Prepare,
    /// The user's own questions, as text.
    Own,
    /// The field's job terms.
    Terms,
    History,
    Progress,
    Settings,
    Shortcuts,
    /// The steps of the very first start.
    Welcome,
}

impl Screen {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Home => "Home",
            Self::Practice => "Practice",
            Self::Library => "Questions",
            Self::Prepare => "Prepare",
            Self::Own => "Your own questions",
            Self::Terms => "Job terms",
            Self::History => "History",
            Self::Progress => "Progress",
            Self::Settings => "Settings",
            Self::Shortcuts => "Shortcuts",
            Self::Welcome => "Welcome",
        }
    }
}

/// What is known of the microphone.
#[derive(Clone, Debug, PartialEq)]
pub struct MicrophoneView {
    /// Nothing until they have been listed.
    pub names: Option<Vec<String>>,
    pub state: MicrophoneStatus,
    /// The step of its level meter.
    pub step: u8,
    /// Whether a voice has been heard since it was opened.
    pub voice: bool,
    /// The levels of the last seconds of a take.
    pub trail: Vec<f32>,
    /// Seconds of the running take since its level was last seen to move.
    pub quiet_seconds: f64,
}

impl MicrophoneView {
    /// Whether it is time to ask, in a take without words so far or with, whether anything comes from it: a muted one
    /// delivers nothing, and of one that is alive the meter moves now and then.
    pub fn is_suspicious(&self, no_words: bool) -> bool {
        const PATIENCE_SECONDS: f64 = 4.0;
        let silent = matches!(self.state, MicrophoneStatus::Unheard(_));
        self.quiet_seconds >= PATIENCE_SECONDS && (silent || no_words)
    }

    /// Whether there is none, as far as the system knows.
    pub fn is_missing(&self) -> bool {
        self.names.as_ref().is_some_and(Vec::is_empty)
    }
}

impl Default for MicrophoneView {
    fn default() -> Self {
        Self {
            names: None,
            state: MicrophoneStatus::Resting,
            step: 0,
            voice: false,
            trail: Vec::new(),
            quiet_seconds: 0.0,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum MicrophoneStatus {
    /// Closed.
    #[default]
    Resting,
    Opening,
    /// Open for a moment, without a sound so far.
    Open(String),
    /// Sound has come from it.
    Heard(String),
    /// Nothing but silence comes from it.
    Unheard(String),
}

impl MicrophoneStatus {
    /// The name of the microphone, while it is open.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Resting | Self::Opening => None,
            Self::Open(name) | Self::Heard(name) | Self::Unheard(name) => Some(name),
        }
    }
}

/// A speech model, as the settings show it.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelCard {
    pub name: String,
    /// What it is chosen for, in a word or two; of the few that most people choose among.
    pub title: Option<String>,
    /// What it is good for, in a sentence.
    pub good_for: String,
    pub megabytes: u64,
    /// Whether it is installed on this machine.
    pub here: bool,
    /// Its run time in multiples of the smallest model's, where that is known.
    pub work: Option<f64>,
    /// It was taught to write fillers and repeats.
    pub taught: bool,
    /// Seconds from Stop to its final text on this machine, where that is known.
    pub wait_seconds: Option<f64>,
}

impl ModelCard {
    /// As one to choose from; nothing where it is not known how long it takes.
    pub fn choice(&self) -> Option<ModelChoice<'_>> {
        Some(ModelChoice {
            name: &self.name,
            work: self.work?,
            proposable: self.taught,
        })
    }
}

/// The import of a speech model from a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Import {
    /// Whether the field for its path is shown.
    pub open: bool,
    /// The text of that field.
    pub path: String,
    pub state: ImportState,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ImportState {
    #[default]
    Idle,
    /// It is being checked and copied, from this path.
    Running(PathBuf),
    /// It is installed, under this name.
    Done(String),
    Failed(String),
}

/// The recording that is played, or was played last: where its playhead is.
#[derive(Clone, Debug, PartialEq)]
pub struct Playing {
    pub sound: PathBuf,
    /// Of the recording, whatever the speed.
    pub second: f64,
    /// It makes no sound: playing goes on from here.
    pub paused: bool,
    pub playback: PlaybackId,
}

/// What is pointed out in the words of the shown answer.
#[derive(Clone, Debug, PartialEq)]
pub struct ChosenFinding {
    pub finding: Finding,
    /// Which of its places, counted from 0.
    pub place: usize,
    /// The answer that it is in.
    pub attempt: AttemptPlace,
    /// Another number each time that it is pointed out: the words scroll there once.
    pub turn: u64,
}

/// Which answer is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptPlace {
    /// The id of the interview.
    pub interview: String,
    /// The place of the question in it.
    pub question: usize,
    /// The place of the attempt at that question.
    pub attempt: usize,
}

/// A message at the foot of the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Something failed. Shown until it is closed.
    Error(String),
    /// The disk refuses a recording; this folder may take it. Shown until it is closed, or until everything is written.
    Unwritten {
        take: TakeId,
        message: String,
        folder: PathBuf,
    },
    /// Something is done. Closes by itself.
    Done(String),
    /// Something was saved here, with a sentence where it is not as one would expect. Closes by itself.
    Saved { path: PathBuf, remark: Option<String> },
    /// Something was deleted that can still be brought back. Closes by itself, a little later.
    Deleted(String),
}

/// What the user confirms before it happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Confirmation {
    /// Discard the running take?
    StartOver,
    DeleteInterview(String),
    /// Delete those with these ids?
    DeleteInterviews(BTreeSet<String>),
    DeleteFound(PathBuf),
    DeleteSounds,
    /// Delete recordings after so many days, this many of them now?
    KeepDays(u16, usize),
    DeleteAll,
    /// Write over the file that is there?
    ReplaceFile(PathBuf),
    /// Delete the own question with this place?
    DeleteOwnQuestion(usize),
    /// Leave the interview while it is being recorded?
    LeaveRecording,
    /// Close the window though something could not be saved?
    CloseUnsaved,
}

/// The search and the filters of the library, the terms or the history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    pub text: String,
    pub kind: Option<QuestionKind>,
    pub topic: Option<String>,
    /// The id of the question that is open.
    pub open: Option<String>,
}

/// All that the screens read.
#[derive(Clone, Debug, Default)]
pub struct ViewModel {
    pub screen: Screen,
    /// Which opening of that page it is: one that is opened anew begins at its top.
    pub visit: u64,
    /// The list of commands, while it is open.
    pub palette: Option<PaletteView>,
    /// Where in the steps of the first start somebody is.
    pub welcome: WelcomeStep,
    pub bank: Arc<Bank>,
    pub question_index: Arc<SearchIndex>,
    pub settings: Settings,
    /// Ids of the questions that are to be asked again soon.
    pub asked_again: BTreeSet<String>,
    /// The interview that is under way.
    pub practice: Option<Practice>,
    pub answer: AnswerView,
    pub history: HistoryView,
    pub library: LibraryView,
    pub microphone: MicrophoneView,
    pub models: ModelsView,
    pub prepare: PrepareView,
    pub own: OwnQuestionsView,
    pub sound: SoundView,
    pub export: ExportView,
    pub attention: AttentionView,
    pub search: Search,
    /// Whether a sample answer comes with this build.
    pub has_sample: bool,
    /// Where the user's files are stored.
    pub root: PathBuf,
    pub now: Timestamp,
    pub zone: Option<TimeZone>,
}

/// What is shown of the present question beside the question itself.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing that can be open beside the question"
)]
#[derive(Clone, Debug, Default)]
pub struct AnswerView {
    /// Of the shown answer, or of the words so far.
    pub insights: Option<Insights>,
    /// The points that were made in answers to the follow-ups of the shown answer.
    pub follow_up_points: Vec<CoveredPoint>,
    /// Of each question's shown answer, for the review.
    pub review: Vec<Option<Insights>>,
    /// Length of the running take.
    pub seconds: f64,
    /// The path of a recording to be taken as the answer, while its field is open.
    pub recording_path: Option<String>,
    pub frame_shown: bool,
    pub hint_shown: bool,
    /// Whether a question that is only read aloud is shown all the same.
    pub question_shown: bool,
    /// Seconds until the answer is recorded by itself.
    pub ready_in: Option<f64>,
    pub sample_shown: bool,
    /// Whether two takes are shown side by side.
    pub comparing: bool,
    /// What is lit up in its words.
    pub chosen: Option<ChosenFinding>,
}

impl AnswerView {
    /// Closes what was opened beside another question.
    pub fn show_question_alone(&mut self) {
        self.recording_path = None;
        self.frame_shown = false;
        self.hint_shown = false;
        self.sample_shown = false;
        self.question_shown = false;
        self.comparing = false;
        self.chosen = None;
    }
}

#[derive(Clone, Debug, Default)]
pub struct HistoryView {
    /// Saved interviews, newest first.
    pub past: Past,
    pub figures: Vec<Figures>,
    /// Recordings that belong to no answer.
    pub found: Vec<FoundTake>,
    /// Which interviews are listed. Stays while other screens are shown, as what follows does not.
    pub filter: HistoryFilter,
    /// The ids of those that are selected, while some are being selected.
    pub selected: Option<BTreeSet<String>>,
    pub renaming: Option<Renaming>,
    /// The field whose answers the plots show; nothing for all of them.
    pub plotted_field: Option<String>,
}

/// An interview that is being given another name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renaming {
    pub id: String,
    /// The name as far as it is typed.
    pub name: String,
}

/// What the library lists.
#[derive(Clone, Debug, Default)]
pub struct LibraryView {
    /// Stays while other screens are shown.
    pub filter: LibraryFilter,
    pub list: QuestionList,
}

/// The list of commands that is searched by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaletteView {
    /// What is searched for.
    pub text: String,
    /// The highlighted row of those that match.
    pub row: usize,
}

/// The steps of the first start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WelcomeStep {
    /// The microphone is seen to move.
    #[default]
    Microphone,
    /// The field and the role.
    Field,
    /// One question to warm up.
    WarmUp,
}

/// The speech models.
#[derive(Clone, Debug, Default)]
pub struct ModelsView {
    /// Of the chosen model.
    pub state: Option<ModelState>,
    /// Of the one for the final text, where that is another.
    pub final_state: Option<ModelState>,
    pub list: Vec<ModelCard>,
    /// Whether those that are not proposed are shown too.
    pub all_shown: bool,
    /// The largest model that this machine was measured to keep up with.
    pub keeps_up: Option<KeepsUp>,
    /// What is wrong with the address of the model mirror in the settings.
    pub mirror_problem: Option<String>,
    pub fetching: Option<(String, Progress)>,
    pub import: Import,
}

/// What is prepared before an interview.
#[derive(Clone, Debug, Default)]
pub struct PrepareView {
    pub notes: ResearchNotes,
    /// What was found in the posting of the notes.
    pub posting: Option<Posting>,
    /// Whether its newest text is still being searched.
    pub posting_unread: bool,
    /// Whether the bank's questions to ask them are shown.
    pub ask_them_shown: bool,
    /// Whether the words for greeting, leaving and the like are shown.
    pub phrases_shown: bool,
    /// The path of a posting's file as far as it is typed; nothing while its field is hidden.
    pub posting_path: Option<String>,
    /// Seconds since the breathing began.
    pub breathing: Option<f64>,
}

/// The user's own questions.
#[derive(Clone, Debug)]
pub struct OwnQuestionsView {
    pub text: String,
    /// What is in the text, or what is wrong with it.
    pub findings: Result<String, String>,
    /// The questions of the text, where nothing is wrong with it.
    pub field: Option<Field>,
    /// Whether the findings are of an older text.
    pub unread: bool,
    /// Whether the text is shown instead of the form.
    pub as_text: bool,
    /// What was begun and not saved.
    pub draft: OwnDraft,
}

impl Default for OwnQuestionsView {
    fn default() -> Self {
        Self {
            text: String::new(),
            findings: Ok(String::new()),
            field: None,
            unread: false,
            as_text: false,
            draft: OwnDraft::default(),
        }
    }
}

/// Playback.
#[derive(Clone, Debug, Default)]
pub struct SoundView {
    pub playing: Option<Playing>,
    /// Whether this system can read aloud, and whether it does.
    pub can_read: bool,
    pub reading_aloud: bool,
}

/// Saving an interview to hand it to somebody.
#[derive(Clone, Debug, Default)]
pub struct ExportView {
    /// The folder that files go to unless another is chosen.
    pub folder: PathBuf,
    /// What was typed in place of the proposed path, and the id of the interview that it is for.
    pub typed: Option<(String, String)>,
    /// What is being made now.
    pub running: Option<Export>,
    /// What was saved last, and the id of the interview that it is of.
    pub saved: Option<(String, PathBuf)>,
}

impl ExportView {
    /// Where the interview goes unless another place is typed, without the ending of the form.
    pub fn proposed(&self, interview: &Interview, zone: Option<&TimeZone>) -> PathBuf {
        self.folder.join(export::file_name(interview, zone))
    }

    /// What was typed for this interview.
    pub fn typed_for(&self, interview: &Interview) -> Option<&str> {
        let (id, typed) = self.typed.as_ref()?;
        (*id == interview.id).then_some(typed)
    }

    /// What was saved last of this interview.
    pub fn saved_of(&self, interview: &Interview) -> Option<&Path> {
        let (id, path) = self.saved.as_ref()?;
        (*id == interview.id).then_some(path)
    }
}

/// What asks for attention on any screen.
#[derive(Clone, Debug, Default)]
pub struct AttentionView {
    pub notice: Option<Notice>,
    /// Stays as long as something could not be saved.
    pub not_saved: Option<NotSaved>,
    pub deleting: Option<Deleting>,
    pub confirmation: Option<Confirmation>,
}

/// The numbers of one answer, for the plots.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// Id of the interview.
    pub interview: String,
    /// Id of its field.
    pub field: String,
    pub at: Timestamp,
    pub seconds: f64,
    pub words: usize,
    pub words_per_minute: Option<f64>,
    pub fillers_per_minute: Option<f64>,
    /// Nothing until the answer was observed as a whole, which takes a hundred times longer than all else here.
    pub observed: Option<ObservedFigures>,
}

/// What only the insights of an answer tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObservedFigures {
    /// Talking points that it covered.
    pub points: usize,
    /// Different job terms that it used; nothing where its field is gone.
    pub terms: Option<usize>,
}

/// What becomes of a file that is dropped on the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileDrop {
    /// It is the job posting.
    Posting,
    /// It is a recording of the answer to the open question.
    Answer,
    /// The question is being answered otherwise.
    AfterThisAnswer,
    /// No question is open.
    NeedsQuestion,
}

impl ViewModel {
    /// What becomes of a file that is dropped now.
    pub fn file_drop(&self) -> FileDrop {
        let phase = self.practice.as_ref().map(|practice| practice.phase);
        match (self.screen, phase) {
            (Screen::Prepare, _) => FileDrop::Posting,
            (Screen::Practice, Some(Phase::Asking | Phase::Answered)) => FileDrop::Answer,
            (
                Screen::Practice,
                Some(Phase::Recording | Phase::Paused | Phase::Finishing | Phase::Typing | Phase::Correcting),
            ) => FileDrop::AfterThisAnswer,
            _ => FileDrop::NeedsQuestion,
        }
    }

    /// The chosen field, or the first one where that one is gone.
    pub fn field(&self) -> Option<&Field> {
        self.bank.field(&self.settings.field).or(self.bank.fields.first())
    }

    /// The chosen role of that field.
    pub fn role(&self) -> Option<&Role> {
        let wanted = self.settings.role.as_deref()?;
        self.field()?.roles.iter().find(|role| role.id == wanted)
    }

    /// What an interview is called: the company and role of its posting, or its field.
    pub fn title_of<'a>(&'a self, interview: &'a Interview) -> &'a str {
        interview
            .title
            .as_deref()
            .unwrap_or_else(|| self.field_name(&interview.field))
    }

    /// The document of the interview that is under way.
    pub fn interview(&self) -> Option<&Interview> {
        self.practice.as_ref().map(|practice| &practice.interview)
    }

    /// Whether the question is only heard. Where nothing can read it, it is shown.
    pub fn listens_only(&self) -> bool {
        let wanted = self.settings.delivery == Delivery::ListenOnly && self.sound.can_read;
        wanted && !self.answer.question_shown
    }

    /// What the interviewer would ask after the shown answer, until it was asked.
    pub fn follow_up(&self) -> Option<&FollowUpQuestion> {
        let turn = self.practice.as_ref()?.turn()?;
        let own = !self.interview().is_some_and(|interview| interview.sample);
        let wanted = own && self.settings.follow_ups && turn.followed_by(turn.shown).next().is_none();
        self.answer.insights.as_ref()?.follow_up.as_ref().filter(|_| wanted)
    }

    /// The field that the running interview belongs to.
    pub fn interview_field(&self) -> Option<&Field> {
        let id = self.interview().map(|interview| interview.field.as_str());
        id.and_then(|id| self.bank.field(id)).or(self.field())
    }

    /// The name of a field, or its id where it is gone.
    pub fn field_name<'a>(&'a self, id: &'a str) -> &'a str {
        self.bank.field(id).map_or(id, |field| field.name.as_str())
    }

    /// The second at which this recording is being played; nothing while it is paused.
    pub fn playing_of(&self, sound: &Path) -> Option<f64> {
        let playing = self.sound.playing.as_ref().filter(|playing| !playing.paused);
        playing
            .filter(|playing| playing.sound == sound)
            .map(|playing| playing.second)
    }

    /// The second at which the playhead of this recording is, where it has been played.
    pub fn playhead_of(&self, sound: &Path) -> Option<f64> {
        let playing = self.sound.playing.as_ref();
        playing
            .filter(|playing| playing.sound == sound)
            .map(|playing| playing.second)
    }

    /// Which answer is shown.
    pub fn attempt_place(&self) -> Option<AttemptPlace> {
        let interview = self.interview()?;
        Some(AttemptPlace {
            interview: interview.id.clone(),
            question: interview.at,
            attempt: interview.turn()?.shown,
        })
    }

    /// What is lit up in the words of the shown answer: one place of what was chosen there.
    pub fn lit(&self) -> Option<FindingPlace> {
        let chosen = self.answer.chosen.as_ref()?;
        let attempt = self.interview()?.turn()?.attempt()?;
        let places = chosen
            .finding
            .places(self.answer.insights.as_ref()?, attempt.transcript.as_ref()?);
        places.into_iter().nth(chosen.place)
    }

    /// A date that does not depend on when it is read: "21 November 2026, 9:30".
    pub fn day(&self, at: Timestamp) -> String {
        let then = at.to_zoned(self.zone.clone().unwrap_or(TimeZone::UTC));
        let day = format!("{} {} {}", then.day(), month(then.month()), then.year());
        format!("{day}, {}:{:02}", then.hour(), then.minute())
    }

    /// The same without the time of day: "today", "Tuesday", "3 November".
    pub fn date(&self, at: Timestamp) -> String {
        let when = self.when(at);
        when.split_once(',').map_or(when.clone(), |(day, _)| day.to_owned())
    }

    /// A date relative to now: "today, 14:02", "Tuesday, 9:30", "3 November".
    pub fn when(&self, at: Timestamp) -> String {
        let zone = self.zone.clone().unwrap_or(TimeZone::UTC);
        let (then, now) = (at.to_zoned(zone.clone()), self.now.to_zoned(zone));
        let clock = format!("{}:{:02}", then.hour(), then.minute());
        let days = (now.date() - then.date()).get_days();
        match days {
            0 => format!("today, {clock}"),
            1 => format!("yesterday, {clock}"),
            2..=6 => format!("{}, {clock}", weekday(then.weekday())),
            _ if then.year() == now.year() => format!("{} {}", then.day(), month(then.month())),
            _ => format!("{} {} {}", then.day(), month(then.month()), then.year()),
        }
    }
}

fn weekday(day: jiff::civil::Weekday) -> &'static str {
    use jiff::civil::Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
    match day {
        Monday => "Monday",
        Tuesday => "Tuesday",
        Wednesday => "Wednesday",
        Thursday => "Thursday",
        Friday => "Friday",
        Saturday => "Saturday",
        Sunday => "Sunday",
    }
}

fn month(month: i8) -> &'static str {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    NAMES.get((month - 1) as usize).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan as _;

    use super::*;

    #[test]
    fn days_read_as_they_are_said() {
        let now: Timestamp = "2026-11-20T18:00:00Z".parse().unwrap();
        let view = ViewModel {
            now,
            ..ViewModel::default()
        };
        for (hours, expected) in [
            (2, "today, 16:00"),
            (24, "yesterday, 18:00"),
            (72, "Tuesday, 18:00"),
            (24 * 40, "11 October"),
        ] {
            assert_eq!(view.when(now - i64::from(hours).hours()), expected);
        }
        assert_eq!(view.day(now), "20 November 2026, 18:00");
        assert_eq!(view.date(now), "today");
        assert_eq!(view.date(now - 960.hours()), "11 October");
    }

    #[test]
    fn days_are_those_of_the_calendar_when_clocks_change_and_of_no_other_when_one_was_wrong() {
        // Central Europe: an hour comes twice on 25 October 2026, and one is left out on 29 March 2026.
        let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        let when = |now: &str, then: &str| {
            let view = ViewModel {
                now: now.parse().unwrap(),
                zone: Some(zone.clone()),
                ..ViewModel::default()
            };
            view.when(then.parse().unwrap())
        };
        for (now, then, expected) in [
            // 25 hours and 23 hours ago, and still the same time yesterday.
            ("2026-10-25T12:00:00Z", "2026-10-24T11:00:00Z", "yesterday, 13:00"),
            ("2026-03-29T11:00:00Z", "2026-03-28T12:00:00Z", "yesterday, 13:00"),
            // The hour that comes twice.
            ("2026-10-25T12:00:00Z", "2026-10-25T00:30:00Z", "today, 2:30"),
            ("2026-10-25T12:00:00Z", "2026-10-25T01:30:00Z", "today, 2:30"),
            // The clock was set back since: what is in the future has a date, not a day of this week.
            ("2026-11-20T12:00:00Z", "2026-11-22T12:00:00Z", "22 November"),
            ("2026-11-20T12:00:00Z", "2030-01-02T12:00:00Z", "2 January 2030"),
        ] {
            assert_eq!(when(now, then), expected, "{then} at {now}");
        }
    }
}
