//! Pictures of every screen, in both themes and sizes, from the real window:
//! `xvfb-run -a -s "-screen 0 1400x1000x24" cargo run --release --example pictures -- FOLDER [NAME]`
//!
//! With `frames` in place of a folder it paints instead, and says how long a frame takes while recording and on an answer.
//!
//! The screens are reached through the same actions that a person's clicks ask for, with a scripted sound side.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a picture that fails is seen at once"
)]

#[path = "../tests/support/scripted.rs"]
mod scripted;

use std::{
    fs::File,
    io::BufWriter,
    path::PathBuf,
    sync::{Arc, Mutex},
};

use aloud::{
    app::{App, native_options, run_app},
    export::Export,
    insight::{Answer, Finding, observe},
    interview::Interview,
    models::Progress,
    protocol::{Event, Failure, FailureKind, ModelState, Task},
    question::Seniority,
    settings::{Delivery, ThemeChoice},
    store::Store,
    take::Level,
    ui::{
        Action, Screen,
        action::{
            AnswerAction, DialogAction, ExportAction, HistoryAction, NavigateAction, OwnQuestionsAction, PaletteAction,
            PlaybackAction, PrepareAction, SettingsAction, StartAction, ViewAction, WelcomeAction,
        },
        past::HistoryOrder,
        question_list::PracticedFilter,
        view_model::{Confirmation, Notice},
    },
};
use eframe::egui;
use jiff::{Timestamp, ToSpan as _};
use scripted::{ANSWER, Scripted, spoken};

/// Frames to let fades end and fonts arrive.
const FRAMES: usize = 30;
/// So often the answer makes 10,000 words.
const LONG: usize = 57;

/// With pauses after its sentences, as somebody speaks for minutes.
const PARAGRAPHS: &str = "I was on the night desk of the hospital, and around two in the morning I noticed that two \
    accounts kept logging in from the same workstation on the third floor. Nobody had asked me to look at it. [1.4] I pulled \
    the logs from our SIEM, and I saw that both accounts had failed logins from an address outside the country. I called the \
    analyst on duty, and we agreed to disable both accounts until the morning. [1.6] The next day we talked to the people \
    whose accounts they were. One of them had typed her password into a fake page the week before, and she was glad that \
    somebody had told her. We wrote down what we had done, step by step, for those who would see it next. [1.3] ";
/// A name in each of several scripts.
const NAMES: &str =
    "Ελένη Παππά, Юлия Соколова, שירה כהן, أحمد منصور, अनन्या शर्मा, สมชาย ใจดี, 田中 さくら, 王小明, 김서연";

/// Brings the stage to a screen.
type Setup = fn(&mut Stage);

const PICTURES: [(&str, Setup); 120] = [
    ("01-home-first", |stage| stage.first()),
    ("02-home", |stage| stage.home()),
    ("03-home-troubles", |stage| stage.problems()),
    ("04-practice", |stage| stage.practice()),
    ("05-practice-help", |stage| {
        stage.practice();
        stage.act(ViewAction::ToggleHint);
        stage.act(ViewAction::ToggleSample);
        stage.act(AnswerAction::EditNotes("night desk\nSIEM, 40 to 12 minutes".into()));
    }),
    ("06-recording", |stage| stage.recording()),
    ("07-recording-behind", |stage| stage.behind()),
    ("08-typing", |stage| {
        stage.practice();
        stage.act(AnswerAction::Type);
        stage.act(AnswerAction::EditDraft("I collect the logs first, then I ".into()));
    }),
    ("09-answer", |stage| stage.answer()),
    ("10-answer-playing", |stage| {
        stage.answer();
        stage.act(PlaybackAction::PlayFrom(24.3));
    }),
    ("10b-answer-paused", |stage| {
        stage.answer();
        stage.act(PlaybackAction::PlayFrom(24.3));
        stage.act(PlaybackAction::PlayOrPause);
    }),
    ("10c-answer-shown", |stage| {
        stage.answer();
        stage.act(ViewAction::ShowFinding(Finding::Filler("um".into())));
        stage.act(ViewAction::ShowFinding(Finding::Filler("um".into())));
        stage.act(PlaybackAction::PlayOrPause);
    }),
    ("10d-answer-shown-point", |stage| {
        stage.answer();
        let covered = &stage.app.view.answer.insights.as_ref().unwrap().talking_points.covered;
        let point = covered.last().unwrap().id.clone();
        stage.act(ViewAction::ShowFinding(Finding::Point(point)));
    }),
    ("10e-answer-silent-ends", |stage| stage.silent_ends()),
    ("10f-answer-cards", |stage| {
        stage.answer();
        stage.act(ViewAction::ShowFinding(Finding::LongPause));
        stage.act(PlaybackAction::PlayOrPause);
        stage.scroll_at = [1000.0, 400.0];
        stage.scroll = -640.0;
    }),
    ("11-answer-correct", |stage| {
        stage.answer();
        stage.act(AnswerAction::Correct);
    }),
    ("12-answer-compare", |stage| {
        stage.answer();
        stage.act(AnswerAction::Redo);
        stage.act(AnswerAction::Record);
        stage.act(AnswerAction::Stop);
        stage
            .audio
            .finish(spoken(&ANSWER.replace("um, ", "").replace("I I ", "I ")));
        stage.steps(2);
        stage.act(ViewAction::ToggleComparison);
    }),
    ("13-review", |stage| stage.review()),
    ("14-library", |stage| stage.act(NavigateAction::Go(Screen::Library))),
    ("15-library-open", |stage| {
        stage.act(NavigateAction::Go(Screen::Library));
        let id = stage.app.view.field().unwrap().questions[1].id.clone();
        stage.act(ViewAction::ToggleEntry(id));
    }),
    ("16-terms", |stage| {
        stage.answer();
        stage.act(NavigateAction::Go(Screen::Terms));
    }),
    ("17-history", |stage| {
        stage.home();
        stage.act(NavigateAction::Go(Screen::History));
    }),
    ("18-progress", |stage| {
        stage.home();
        stage.act(NavigateAction::Go(Screen::Progress));
    }),
    ("19-settings", |stage| {
        stage.audio.say(Event::Paced {
            model: "tiny.en".into(),
            pace: 0.12,
        });
        stage.steps(1);
        stage.act(NavigateAction::Go(Screen::Settings));
    }),
    ("62-home-contrast", |stage| {
        stage.act(SettingsAction::MoreContrast(true));
        stage.home();
    }),
    ("63-recording-contrast", |stage| {
        stage.act(SettingsAction::MoreContrast(true));
        stage.recording();
    }),
    ("64-answer-contrast", |stage| {
        stage.act(SettingsAction::MoreContrast(true));
        stage.answer();
    }),
    ("65-settings-contrast", |stage| {
        stage.act(SettingsAction::MoreContrast(true));
        stage.act(NavigateAction::Go(Screen::Settings));
        stage.scroll = -1900.0;
    }),
    ("66-delete-asked", |stage| {
        stage.act(NavigateAction::Go(Screen::Settings));
        stage.act(DialogAction::Ask(Confirmation::DeleteAll));
    }),
    ("67-leave-asked", |stage| {
        stage.recording();
        stage.act(DialogAction::Ask(Confirmation::LeaveRecording));
    }),
    ("68-answer-notice", |stage| {
        stage.answer();
        stage.app.view.attention.notice = Some(Notice::Done("Copied.".into()));
    }),
    ("69-recording-notice", |stage| {
        stage.recording();
        let message = "Could not open microphone “USB Mic”: another program is using it. The take continues with “Built-in Audio”.";
        stage.app.view.attention.notice = Some(Notice::Error(message.into()));
    }),
    ("70-names-of-the-world", |stage| {
        stage.act(PrepareAction::EditNotes(
            aloud::sheet::NotesField::Company,
            NAMES.into(),
        ));
        stage.act(NavigateAction::Go(Screen::Prepare));
    }),
    ("71-right-to-left", |stage| {
        stage.practice();
        stage.act(AnswerAction::Type);
        stage.act(AnswerAction::EditDraft(
            "I worked in Haifa (חיפה) with שירה כהן and أحمد منصور.\nשלום".into(),
        ));
        stage.cursor_at_end = true;
    }),
    ("72-quotes", |stage| {
        stage.act(StartAction::Question("it-clicked-and-typed".into()));
        stage.act(AnswerAction::Record);
        stage.act(AnswerAction::Stop);
        stage.audio.finish(spoken(
            "I'd say \"don't panic\" first, and then I'd reset the user's password and look at their sign-ins.",
        ));
        stage.steps(2);
    }),
    ("73-typed-answer", |stage| {
        stage.practice();
        stage.act(AnswerAction::Type);
        stage.act(AnswerAction::EditDraft(
            "I think we collect the logs first, then, um, we look at the SIEM.".into(),
        ));
        stage.act(AnswerAction::SendDraft);
        stage.steps(2);
    }),
    ("74-found-200", |stage| {
        stage.act(SettingsAction::TextPercent(200));
        stage.problems();
    }),
    ("75-library-200", |stage| {
        stage.act(SettingsAction::TextPercent(200));
        stage.act(NavigateAction::Go(Screen::Library));
    }),
    ("76-asked-200", |stage| {
        stage.act(SettingsAction::TextPercent(200));
        stage.recording();
        stage.act(DialogAction::Ask(Confirmation::DeleteAll));
    }),
    ("20-keys", |stage| stage.act(NavigateAction::Go(Screen::Shortcuts))),
    ("21-asked", |stage| {
        stage.recording();
        stage.act(DialogAction::Ask(Confirmation::StartOver));
    }),
    ("23-prepare", |stage| stage.prepare()),
    ("24-prepare-breathe", |stage| {
        stage.prepare();
        stage.act(PrepareAction::StartOrStopBreathing);
    }),
    ("25-own", |stage| stage.act(OwnQuestionsAction::Open)),
    ("26-answer-end", |stage| {
        stage.answer();
        stage.scroll = -4000.0;
    }),
    ("22-large-text", |stage| {
        stage.act(SettingsAction::TextPercent(200));
        stage.practice();
    }),
    ("27-home-200", |stage| {
        stage.act(SettingsAction::TextPercent(200));
        stage.home();
    }),
    ("28-recording-200", |stage| {
        stage.act(SettingsAction::TextPercent(200));
        stage.recording();
    }),
    ("29-answer-200", |stage| {
        stage.act(SettingsAction::TextPercent(200));
        stage.answer();
    }),
    ("30-review-200", |stage| {
        stage.act(SettingsAction::TextPercent(200));
        stage.review();
    }),
    ("31-settings-200", |stage| {
        stage.act(SettingsAction::TextPercent(200));
        stage.act(NavigateAction::Go(Screen::Settings));
    }),
    ("32-home-80", |stage| {
        stage.act(SettingsAction::TextPercent(80));
        stage.home();
    }),
    ("33-recording-80", |stage| {
        stage.act(SettingsAction::TextPercent(80));
        stage.recording();
    }),
    ("34-answer-80", |stage| {
        stage.act(SettingsAction::TextPercent(80));
        stage.answer();
    }),
    ("85-settings-models", |stage| {
        stage.act(NavigateAction::Go(Screen::Settings));
        stage.audio.say(Event::Paced {
            model: "tiny.en".into(),
            pace: 0.1,
        });
        stage
            .audio
            .say(Event::FinalModel(ModelState::Ready { model: "base".into() }));
        stage.steps(2);
        stage.scroll = -1150.0;
    }),
    ("86-answer-preliminary", |stage| {
        stage.answer_with_preliminary_text();
    }),
    ("35-settings-end", |stage| {
        stage.act(NavigateAction::Go(Screen::Settings));
        stage.scroll = -4000.0;
    }),
    ("36-review-end", |stage| {
        stage.review();
        stage.scroll = -4000.0;
    }),
    ("74-review-saved", |stage| {
        stage.review();
        stage.act(ExportAction::EditPath("/home/sam/Documents/For Ana".into()));
        let path = "/home/sam/Documents/For Ana.pdf";
        let id = stage.app.view.interview().unwrap().id.clone();
        stage.app.view.export.saved = Some((id, path.into()));
        stage.app.view.attention.notice = Some(Notice::Saved {
            path: path.into(),
            remark: None,
        });
        stage.scroll = -4000.0;
    }),
    ("75-replace-file", |stage| {
        stage.review();
        stage.app.view.export.running = Some(Export::Pdf);
        let path = "/home/sam/Documents/For Ana.pdf".into();
        stage.act(DialogAction::Ask(Confirmation::ReplaceFile(path)));
        stage.scroll = -4000.0;
    }),
    ("37-history-first", |stage| {
        stage.act(NavigateAction::Go(Screen::History));
    }),
    ("38-progress-first", |stage| {
        stage.act(NavigateAction::Go(Screen::Progress));
    }),
    ("39-no-microphone", |stage| {
        stage.audio.say(Event::Microphones(Vec::new()));
        stage.steps(1);
        stage.practice();
    }),
    ("40-unwritten", |stage| {
        stage.first();
        stage.practice();
        stage.act(AnswerAction::Record);
        stage.act(AnswerAction::Stop);
        let take = stage.audio.take(41.0);
        stage.audio.say(Event::Stopped(take));
        stage.steps(2);
    }),
    ("41-recording-path", |stage| {
        stage.practice();
        stage.act(AnswerAction::ToggleRecordingPath);
        stage.act(AnswerAction::EditRecordingPath("/home/sam/Downloads/memo.m4a".into()));
    }),
    ("42-recording-read", |stage| {
        stage.practice();
        stage.act(AnswerAction::EditRecordingPath("/home/sam/Downloads/memo.m4a".into()));
        stage.act(AnswerAction::OpenRecording);
        stage.audio.words(&spoken(ANSWER), 12, 0);
        stage.steps(2);
    }),
    ("43-file-over-window", |stage| {
        stage.practice();
        stage.file_over_window = true;
    }),
    ("44-nothing-heard", |stage| {
        stage.practice();
        stage.act(AnswerAction::Record);
        stage.act(AnswerAction::Stop);
        stage.audio.finish(spoken(""));
        stage.steps(2);
    }),
    ("45-off-topic", |stage| {
        stage.practice();
        stage.act(AnswerAction::Record);
        stage.act(AnswerAction::Stop);
        stage.audio.finish(spoken(
            "So for the pie the butter has to be really cold. I put mine in the freezer while I peel the apples. Then you roll \
             it out between two sheets of paper. My grandmother used lard, and hers was better.",
        ));
        stage.steps(2);
    }),
    ("46-misheard", |stage| {
        stage.practice();
        stage.act(AnswerAction::Record);
        stage.act(AnswerAction::Stop);
        stage.audio.finish(spoken(
            "I looked at the logs in our seam first. Then I isolated the host with the EDR. I do not know how Kerberos \
             delegation works, so I would look that up.",
        ));
        stage.steps(2);
    }),
    ("47-review-look-up", |stage| {
        stage.practice();
        stage.act(AnswerAction::Record);
        stage.act(AnswerAction::Stop);
        stage.audio.finish(spoken(
            "I do not know how Kerberos delegation works. The setuid bit I would have to look up.",
        ));
        stage.steps(2);
        stage.act(AnswerAction::GoTo(9));
        stage.steps(2);
        stage.scroll = -4000.0;
    }),
    ("48-library-search", |stage| {
        stage.act(NavigateAction::Go(Screen::Library));
        stage.act(ViewAction::Search("tell me about yourself".into()));
        stage.act(ViewAction::ToggleEntry("general-introduction".into()));
    }),
    ("49-prepare-ideas", |stage| {
        stage.prepare();
        stage.act(PrepareAction::ToggleAskThem);
        stage.act(PrepareAction::TogglePhrases);
        stage.scroll = -1200.0;
    }),
    ("50-story", |stage| {
        stage.act(StartAction::Question("cyber-noticed-something-odd".into()));
        stage.act(ViewAction::ToggleHint);
        stage.act(ViewAction::ToggleSample);
    }),
    ("51-home-role", |stage| {
        stage.home();
        stage.act(SettingsAction::Role(Some("application-security".into())));
        stage.act(SettingsAction::Seniority(Some(Seniority::Mid)));
    }),
    ("52-follow-up", |stage| {
        stage.story_without_end();
        stage.act(AnswerAction::FollowUp);
    }),
    ("53-followed-up", |stage| {
        stage.story_without_end();
        stage.act(AnswerAction::FollowUp);
        stage.act(AnswerAction::Record);
        stage.act(AnswerAction::Stop);
        stage.audio.finish(spoken(
            "In the end we had both accounts back by the morning, and nothing was lost. What I learned is to ask for a second \
             pair of eyes early.",
        ));
        stage.steps(2);
    }),
    ("58-after-the-follow-up", |stage| {
        stage.story_without_end();
        stage.act(AnswerAction::FollowUp);
        stage.act(AnswerAction::Record);
        stage.act(AnswerAction::Stop);
        stage.audio.finish(spoken(
            "In the end we had both accounts back by the morning, and nothing was lost.",
        ));
        stage.steps(2);
        stage.act(AnswerAction::ShowAttempt(0));
    }),
    ("59-story-without-end", |stage| stage.story_without_end()),
    ("60-review-together", |stage| {
        stage.review();
        stage.scroll = -720.0;
    }),
    ("54-listen-only", |stage| {
        stage.act(SettingsAction::Delivery(Delivery::ListenOnly));
        stage.act(SettingsAction::ReadySeconds(30));
        stage.act(StartAction::Interview);
    }),
    ("55-frame-and-parts", |stage| {
        stage.act(StartAction::Question("cyber-overlooked-sign".into()));
        stage.act(ViewAction::ToggleFrame);
        stage.act(AnswerAction::Record);
        let words = spoken("I overlooked a login from another country last spring, and I thought that it was the VPN.");
        stage.audio.words(&words, words.words.len() - 2, 2);
        stage.steps(3);
    }),
    ("56-own-form", |stage| {
        stage.act(OwnQuestionsAction::Open);
        stage.act(OwnQuestionsAction::EditQuestion(0));
    }),
    ("57-settings-interviews", |stage| {
        stage.act(NavigateAction::Go(Screen::Settings));
        stage.scroll = -900.0;
    }),
    ("62-welcome", |stage| stage.welcome(0)),
    ("63-welcome-field", |stage| stage.welcome(1)),
    ("64-welcome-warm-up", |stage| stage.welcome(2)),
    ("65-commands", |stage| {
        stage.home();
        stage.act(PaletteAction::Toggle);
        stage.act(PaletteAction::Search("p".into()));
        stage.act(PaletteAction::Move(2));
    }),
    ("66-recording-silent", |stage| stage.silent()),
    ("67-recording-muted-later", |stage| {
        stage.recording();
        stage.mute();
    }),
    ("68-sample-heard", |stage| {
        stage.act(StartAction::Sample);
        stage.audio.words(&spoken(ANSWER), 14, 3);
        stage.steps(2);
    }),
    ("69-sample-answer", |stage| {
        stage.act(StartAction::Sample);
        stage.act(AnswerAction::Stop);
        stage.audio.finish(spoken(ANSWER));
        stage.steps(2);
    }),
    ("70-answer-long", |stage| stage.paragraphs()),
    ("71-recording-long", |stage| {
        stage.recording();
        let words = spoken(&PARAGRAPHS.repeat(3));
        stage.audio.words(&words, words.words.len() - 4, 3);
        stage.steps(2);
    }),
    ("72-correcting-begun", |stage| {
        stage.answer();
        stage.act(AnswerAction::Correct);
        stage.act(AnswerAction::EditDraft(
            "So, at the hospital I was on the night desk.".into(),
        ));
        stage.act(AnswerAction::StopTyping);
    }),
    ("73-own-begun-text", |stage| {
        stage.act(OwnQuestionsAction::Open);
        let text = stage.app.view.own.text.clone() + "\n# Ask Robin.\n";
        stage.act(OwnQuestionsAction::Edit(text));
        stage.act(OwnQuestionsAction::ToggleText);
    }),
    ("78-prepare-200", |stage| {
        stage.act(SettingsAction::TextPercent(200));
        stage.prepare();
    }),
    ("79-own-200", |stage| {
        stage.act(SettingsAction::TextPercent(200));
        stage.act(OwnQuestionsAction::Open);
    }),
    ("80-terms-200", |stage| {
        stage.act(SettingsAction::TextPercent(200));
        stage.answer();
        stage.act(NavigateAction::Go(Screen::Terms));
    }),
    ("81-progress-200", |stage| {
        stage.act(SettingsAction::TextPercent(200));
        stage.home();
        stage.act(NavigateAction::Go(Screen::Progress));
    }),
    ("82-keys-200", |stage| {
        stage.act(SettingsAction::TextPercent(200));
        stage.act(NavigateAction::Go(Screen::Shortcuts));
    }),
    ("83-welcome-200", |stage| {
        stage.act(SettingsAction::TextPercent(200));
        stage.welcome(1);
    }),
    ("84-commands-200", |stage| {
        stage.act(SettingsAction::TextPercent(200));
        stage.act(PaletteAction::Toggle);
    }),
    ("61-code-notes", |stage| {
        stage.act(StartAction::Question("swe-code-fizzbuzz".into()));
        stage.act(AnswerAction::EditNotes(
            "for i in 1..15:\n  if i % 15 == 0: FizzBuzz\n  if i % 3 == 0: Fizz".into(),
        ));
    }),
    ("62-history-selecting", |stage| {
        stage.home();
        stage.act(NavigateAction::Go(Screen::History));
        stage.act(HistoryAction::Select);
        for id in ["past-1", "past-3"] {
            stage.act(HistoryAction::ToggleSelected(id.into()));
        }
    }),
    ("63-history-renaming", |stage| {
        stage.home();
        stage.act(NavigateAction::Go(Screen::History));
        stage.act(HistoryAction::Rename("past-1".into()));
        stage.act(HistoryAction::EditName("Night desk, Brightwater Health".into()));
    }),
    ("64-history-filtered", |stage| {
        stage.home();
        stage.act(NavigateAction::Go(Screen::History));
        stage.act(ViewAction::Search("hospital".into()));
        stage.act(HistoryAction::Field(Some("cybersecurity".into())));
        stage.act(HistoryAction::Order(HistoryOrder::LongestSpoken));
    }),
    ("65-history-nothing", |stage| {
        stage.home();
        stage.act(NavigateAction::Go(Screen::History));
        stage.act(ViewAction::Search("zebra".into()));
    }),
    ("66-history-undo", |stage| {
        stage.home();
        stage.act(NavigateAction::Go(Screen::History));
        let ids = ["past-1".to_owned(), "past-3".to_owned()];
        stage.act(DialogAction::Ask(Confirmation::DeleteInterviews(ids.into())));
        stage.act(DialogAction::Confirm);
    }),
    ("67-history-asked", |stage| {
        stage.home();
        stage.act(NavigateAction::Go(Screen::History));
        stage.act(HistoryAction::Select);
        stage.act(HistoryAction::SelectAllShown);
        let ids = stage.app.view.history.selected.clone().unwrap();
        stage.act(DialogAction::Ask(Confirmation::DeleteInterviews(ids)));
    }),
    ("68-history-200", |stage| {
        stage.act(SettingsAction::TextPercent(200));
        stage.home();
        stage.act(NavigateAction::Go(Screen::History));
        stage.act(HistoryAction::Select);
        stage.act(HistoryAction::ToggleSelected("past-0".into()));
    }),
    ("69-progress-one", |stage| {
        stage.past(&[30]);
        stage.act(NavigateAction::Go(Screen::Progress));
    }),
    ("70-progress-many", |stage| {
        let hours: Vec<i64> = (0..90).map(|index| 5 + index * 41 + index % 7 * 9).collect();
        stage.past(&hours);
        stage.act(NavigateAction::Go(Screen::Progress));
    }),
    ("71-progress-end", |stage| {
        stage.home();
        stage.act(NavigateAction::Go(Screen::Progress));
        stage
            .ctx
            .memory_mut(|memory| memory.request_focus(aloud::ui::widgets::plot::id("Job terms")));
    }),
    ("72-progress-200", |stage| {
        stage.act(SettingsAction::TextPercent(200));
        stage.home();
        stage.act(NavigateAction::Go(Screen::Progress));
        stage.scroll = -220.0;
    }),
    ("73-progress-reading", |stage| {
        stage.home();
        for figures in &mut stage.app.view.history.figures {
            figures.observed = None;
            figures.words_per_minute = None;
        }
        stage.app.view.history.past.clear();
        stage.act(NavigateAction::Go(Screen::Progress));
        stage.scroll = -600.0;
    }),
    ("74-library-practiced", |stage| {
        stage.home();
        stage.act(NavigateAction::Go(Screen::Library));
        stage.act(ViewAction::Practiced(PracticedFilter::Practiced));
    }),
    ("75-library-topic", |stage| {
        stage.home();
        stage.act(NavigateAction::Go(Screen::Library));
        stage.act(ViewAction::Search("phishing".into()));
        stage.act(ViewAction::Topic(Some("threats".into())));
    }),
    ("76-library-200", |stage| {
        stage.act(SettingsAction::TextPercent(200));
        stage.home();
        stage.act(NavigateAction::Go(Screen::Library));
    }),
    ("77-library-nothing", |stage| {
        stage.act(NavigateAction::Go(Screen::Library));
        stage.act(ViewAction::Search("zebra".into()));
    }),
];

/// The app, a folder of its own, and the script.
struct Stage {
    app: App,
    audio: Scripted,
    ctx: egui::Context,
    /// How far to scroll before the picture.
    scroll: f32,
    /// Where the pointer is for it.
    scroll_at: [f32; 2],
    /// Whether a file is held over the window.
    file_over_window: bool,
    /// Whether the text cursor stands at the end of the answer that is typed.
    cursor_at_end: bool,
    _folder: tempfile::TempDir,
}

impl Stage {
    fn new(ctx: &egui::Context) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let audio = Scripted::default();
        let store = Store::open(Some(folder.path().to_owned())).unwrap();
        let mut app = App::new(ctx, store, audio.options());
        app.settle();
        app.view.root = "/home/sam/.local/share/aloud".into();
        app.view.sound.can_read = true;
        Self {
            app,
            audio,
            ctx: ctx.clone(),
            scroll: 0.0,
            scroll_at: [300.0, 300.0],
            file_over_window: false,
            cursor_at_end: false,
            _folder: folder,
        }
    }

    fn act(&mut self, action: impl Into<Action>) {
        self.app.handle_action(action, &self.ctx);
        self.steps(1);
    }

    fn steps(&mut self, count: usize) {
        for _ in 0..count {
            self.app.follow_once(&self.ctx);
            self.app.settle();
        }
    }

    fn first(&mut self) {
        self.audio.0.borrow_mut().missing_model = true;
        self.audio.say(Event::Model(ModelState::Missing {
            model: "tiny.en".into(),
        }));
        self.steps(1);
    }

    /// A step of the very first start.
    fn welcome(&mut self, steps: usize) {
        self.app.view.screen = Screen::Welcome;
        for _ in 0..steps {
            self.act(WelcomeAction::Next);
        }
    }

    /// Somebody has spoken for a while, and nothing was heard.
    fn silent(&mut self) {
        self.practice();
        self.act(AnswerAction::Record);
        self.audio.started();
        self.mute();
    }

    fn mute(&mut self) {
        let seconds = self.app.view.answer.seconds;
        self.audio.say(Event::Unheard {
            microphone: "Built-in Audio Analog Stereo".into(),
        });
        self.audio.0.borrow_mut().level = Some(Level::SILENCE);
        for passed in [1.0, 6.0] {
            self.audio.0.borrow_mut().seconds = seconds + passed;
            self.steps(1);
        }
    }

    /// A long answer, in paragraphs.
    fn paragraphs(&mut self) {
        self.practice();
        self.act(AnswerAction::Record);
        self.act(AnswerAction::Stop);
        self.audio.finish(spoken(&PARAGRAPHS.repeat(3)));
        self.steps(2);
    }

    /// A month of practice.
    fn home(&mut self) {
        self.past(&[2, 27, 75, 170, 260, 400, 640, 1100]);
    }

    /// Interviews so many hours ago, newest first.
    fn past(&mut self, hours: &[i64]) {
        let now = self.app.view.now;
        let fields = self.app.view.bank.fields.clone();
        for (index, hours) in hours.iter().copied().enumerate().rev() {
            let field = &fields[if index % 3 == 2 { fields.len() - 1 } else { 0 }];
            let questions = field.questions.iter().skip(index % 15 * 3).take(5).cloned().collect();
            let id = format!("past-{index}");
            let mut interview = Interview::new(id, field.id.clone(), now - hours.hours(), questions);
            interview.finished = index > 0;
            for (n, turn) in interview
                .turns
                .iter_mut()
                .enumerate()
                .take(if index == 0 { 3 } else { 5 })
            {
                let text = ANSWER
                    .split_inclusive(". ")
                    .take(4 + (index + n) % 6)
                    .collect::<String>();
                let transcript = spoken(&text);
                let seconds = transcript.words.last().unwrap().span.unwrap().end;
                turn.attempts.push(attempt(now - hours.hours(), seconds, transcript));
            }
            for turn in &interview.turns {
                let Some(attempt) = turn.attempt() else { continue };
                let (transcript, seconds) = (
                    attempt.transcript.as_ref().unwrap(),
                    attempt.take.as_ref().unwrap().seconds,
                );
                let insights = observe(Answer {
                    transcript,
                    seconds: Some(seconds),
                    question: Some(&turn.question),
                    field: Some(field),
                });
                self.app.view.history.figures.push(aloud::ui::view_model::Figures {
                    interview: interview.id.clone(),
                    field: field.id.clone(),
                    at: attempt.at,
                    seconds,
                    words: transcript.words.len(),
                    words_per_minute: insights.pace.map(|pace| pace.words_per_minute),
                    fillers_per_minute: Some(
                        insights.fillers.len() as f64 * 60.0 / seconds * (1.0 + hours as f64 / 800.0),
                    ),
                    observed: Some(aloud::ui::view_model::ObservedFigures {
                        points: insights.talking_points.covered.len(),
                        terms: Some(insights.job_terms.used.len()),
                    }),
                });
            }
            self.app.view.history.past.put(interview.into());
        }
        self.steps(1);
    }

    fn problems(&mut self) {
        self.audio.say(Event::Unheard {
            microphone: "Built-in Audio Analog Stereo".into(),
        });
        self.audio.say(Event::Level { step: 0, speech: false });
        self.audio.say(Event::Model(ModelState::Missing {
            model: "tiny.en".into(),
        }));
        let message =
            "Could not open microphone “USB Mic”: another program is using it. Close that program and try again.";
        self.audio.say(Event::Failed {
            task: Task::Microphone,
            failure: Failure::new(FailureKind::Device, message),
        });
        self.steps(1);
        self.app.view.microphone.state =
            aloud::ui::view_model::MicrophoneStatus::Unheard("Built-in Audio Analog Stereo".into());
        self.app.view.models.fetching = Some((
            "tiny.en".into(),
            Progress {
                done_bytes: 31_400_000,
                total_bytes: Some(77_700_000),
            },
        ));
        self.app.view.history.found = vec![aloud::take::FoundTake {
            sound: "/takes/x.wav".into(),
            recorded: Timestamp::now() - 26.hours(),
            seconds: 72.0,
        }];
    }

    fn prepare(&mut self) {
        use aloud::sheet::NotesField::{Company, Events, Job, Makes, Points, Posting, Role, ToAsk};
        let lines = [
            (Company, "Spindle & Loom"),
            (Role, "SOC analyst, night team"),
            (
                Makes,
                "Looms for small mills, and the software that runs them. A stopped loom costs the mill its day.",
            ),
            (Job, "Three shifts, SIEM and EDR, phishing triage. Open for six weeks."),
            (Events, "Bought a cloud service for mills in the spring."),
            (
                Points,
                "I have worked nights and I like the quiet. I wrote a playbook that was used.",
            ),
            (ToAsk, "Which threat worries you most since the cloud service came in?"),
            (
                Posting,
                "We look for an analyst who can triage alerts in our SIEM, investigate phishing, work with EDR and MFA, and write playbooks for incident response.",
            ),
        ];
        for (subject, text) in lines {
            self.act(PrepareAction::EditNotes(subject, text.into()));
        }
        self.act(NavigateAction::Go(Screen::Prepare));
    }

    fn practice(&mut self) {
        self.act(StartAction::Interview);
        // The question in the picture is always the same one.
        let question = aloud::question::Question {
            prompt: "Tell me about a time you found a problem that nobody had asked you to look for.".into(),
            parts: vec!["What did you see?".into(), "What did you do?".into(), "What came of it?".into()],
            topic: "initiative".into(),
            kind: aloud::question::QuestionKind::Behavioral,
            hint: "Start with where you were and what looked odd; keep what others did short.".into(),
            why: "They want to know whether you look up from your list, and what you do then.".into(),
            sample_answer: "On the help desk I noticed that three people in one week had asked for the same shared password. \
                Nobody had complained. I asked why, found an old scanner that needed it, and got the scanner its own account. \
                The password was gone the next day."
                .into(),
            talking_points: Vec::new(),
            job_terms: vec!["SIEM".into(), "phishing".into(), "MFA".into(), "incident response".into()],
            ..self.app.view.practice.as_ref().unwrap().interview.turns[1].question.clone()
        };
        let interview = &mut self.app.view.practice.as_mut().unwrap().interview;
        interview.at = 1;
        interview.turns[1].question = question;
        interview.turns[0].attempts.push(attempt(
            Timestamp::now(),
            64.0,
            spoken("I came to security from a help desk."),
        ));
        self.steps(1);
    }

    fn recording(&mut self) {
        self.practice();
        self.act(AnswerAction::Record);
        self.audio.words(&spoken(ANSWER), 62, 6);
        self.app.view.microphone.trail = (0..120)
            .map(|n| -42.0 + 30.0 * ((n as f32 * 0.7).sin() * (n as f32 * 0.13).cos()).abs())
            .collect();
        self.steps(2);
    }

    fn behind(&mut self) {
        self.recording();
        self.app.view.practice.as_mut().unwrap().live.behind = Some(7.0);
        self.app.view.models.state = Some(ModelState::Loading {
            model: "base.en".into(),
        });
    }

    fn answer(&mut self) {
        self.practice();
        self.act(AnswerAction::Record);
        self.act(AnswerAction::Stop);
        self.audio.finish(spoken(ANSWER));
        self.steps(2);
    }

    /// The quick model's text, while the other one's is on its way.
    fn answer_with_preliminary_text(&mut self) {
        self.practice();
        self.act(AnswerAction::Record);
        self.act(AnswerAction::Stop);
        let take = self.audio.take(40.0);
        self.audio.say(Event::Stopped(take.clone()));
        self.audio.say(Event::Preliminary {
            take,
            transcript: spoken(ANSWER),
            model: "tiny.en".into(),
        });
        self.steps(2);
    }

    /// More than an hour of words.
    fn long_recording(&mut self) {
        self.practice();
        self.act(AnswerAction::Record);
        let transcript = spoken(&format!("{ANSWER} ").repeat(LONG));
        self.audio.words(&transcript, transcript.words.len() - 7, 6);
        self.steps(2);
    }

    fn long_answer(&mut self) {
        self.practice();
        self.act(AnswerAction::Record);
        self.act(AnswerAction::Stop);
        self.audio.finish(spoken(&format!("{ANSWER} ").repeat(LONG)));
        self.steps(2);
    }

    /// A story that breaks off before its end.
    fn story_without_end(&mut self) {
        self.act(StartAction::Question("cyber-noticed-something-odd".into()));
        self.act(AnswerAction::Record);
        self.act(AnswerAction::Stop);
        let text: String = ANSWER.split_inclusive(". ").take(5).collect();
        self.audio.finish(spoken(&text));
        self.steps(2);
    }

    /// Someone who thinks for a while first, and forgets to stop.
    fn silent_ends(&mut self) {
        self.practice();
        self.act(AnswerAction::Record);
        self.act(AnswerAction::Stop);
        let transcript = spoken(&format!("[14.1] {ANSWER}"));
        let seconds = transcript.words.last().and_then(|word| word.span).unwrap().end + 12.0;
        let take = self.audio.take(seconds);
        self.audio.say(Event::Stopped(take.clone()));
        self.audio.say(Event::Transcribed {
            take,
            transcript,
            model: "tiny.en".into(),
        });
        self.steps(2);
    }

    fn review(&mut self) {
        self.answer();
        self.act(AnswerAction::Next);
        for part in [2, 5] {
            self.act(AnswerAction::Record);
            self.act(AnswerAction::Stop);
            self.audio.finish(spoken(
                &ANSWER.split_inclusive(". ").skip(part).take(4).collect::<String>(),
            ));
            self.steps(2);
            self.act(AnswerAction::Next);
        }
        self.act(AnswerAction::Skip);
        self.act(AnswerAction::GoTo(9));
    }
}

fn attempt(at: Timestamp, seconds: f64, transcript: aloud::transcript::Transcript) -> aloud::interview::Attempt {
    let take = aloud::take::Take {
        sound: "/nowhere.wav".into(),
        seconds,
        ..Default::default()
    };
    aloud::interview::Attempt {
        transcript: Some(transcript),
        model: Some("tiny.en".into()),
        ..aloud::interview::Attempt::of_take(at, take)
    }
}

struct Shot {
    name: String,
    setup: Setup,
    theme: ThemeChoice,
    size: [f32; 2],
}

/// Takes one picture after the other.
struct Pictures {
    shots: Vec<Shot>,
    stage: Option<Stage>,
    frame: usize,
    folder: PathBuf,
    taken: Arc<Mutex<Option<Arc<egui::ColorImage>>>>,
}

impl Pictures {
    fn write(&self, image: &egui::ColorImage) {
        let path = self.folder.join(format!("{}.png", self.shots[0].name));
        let mut encoder = png::Encoder::new(
            BufWriter::new(File::create(&path).unwrap()),
            image.size[0] as u32,
            image.size[1] as u32,
        );
        encoder.set_color(png::ColorType::Rgba);
        encoder.set_depth(png::BitDepth::Eight);
        let bytes: Vec<u8> = image.pixels.iter().flat_map(egui::Color32::to_array).collect();
        encoder.write_header().unwrap().write_image_data(&bytes).unwrap();
        println!("{}", path.display());
    }
}

impl eframe::App for Pictures {
    fn raw_input_hook(&mut self, _ctx: &egui::Context, input: &mut egui::RawInput) {
        let scroll = self.stage.as_ref().map_or(0.0, |stage| stage.scroll);
        // Without a window manager nobody gives the window the keyboard.
        input.focused = true;
        if self.stage.as_ref().is_some_and(|stage| stage.file_over_window) {
            input.hovered_files.push(egui::HoveredFile::default());
        }
        if scroll == 0.0 {
            input.events.push(egui::Event::PointerGone);
        }
        if self.frame == 2 && scroll != 0.0 {
            let at = self.stage.as_ref().map_or([300.0, 300.0], |stage| stage.scroll_at);
            input.events.push(egui::Event::PointerMoved(at.into()));
            input.events.push(egui::Event::MouseWheel {
                unit: egui::MouseWheelUnit::Point,
                delta: egui::vec2(0.0, scroll),
                phase: egui::TouchPhase::Move,
                modifiers: egui::Modifiers::NONE,
                source: egui::MouseWheelSource::Unknown,
            });
        }
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        // As the window itself does: nothing else paints the paper.
        visuals.panel_fill.to_normalized_gamma_f32()
    }

    fn logic(&mut self, ctx: &egui::Context, frame: &mut eframe::Frame) {
        let Some(shot) = self.shots.first() else {
            ctx.send_viewport_cmd(egui::ViewportCommand::Close);
            return;
        };
        if self.stage.is_none() && ctx.zoom_factor() != 1.0 {
            // The last picture's size of text goes first: two changes in one frame are none.
            ctx.set_zoom_factor(1.0);
            return;
        }
        if self.stage.is_none() {
            ctx.send_viewport_cmd(egui::ViewportCommand::InnerSize(shot.size.into()));
            // What the last picture left behind: how far it was scrolled, where the focus was.
            ctx.memory_mut(|memory| memory.data.clear());
            let mut stage = Stage::new(ctx);
            stage.act(SettingsAction::Theme(shot.theme));
            (shot.setup)(&mut stage);
            self.stage = Some(stage);
            self.frame = 0;
        }
        if let Some(stage) = &mut self.stage {
            let (notice, state) = (
                stage.app.view.attention.notice.clone(),
                stage.app.view.microphone.state.clone(),
            );
            stage.app.logic(ctx, frame);
            stage.app.view.attention.notice = notice;
            stage.app.view.microphone.state = state;
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        let Some(stage) = &mut self.stage else {
            ctx.request_repaint();
            return;
        };
        stage.app.ui(ui, frame);
        if self.frame == 2 && stage.cursor_at_end {
            put_cursor_at_end(&ctx);
        }
        self.frame += 1;
        let scale = ctx.zoom_factor();
        let size = ctx.content_rect().size() * scale;
        let fits = (size - egui::Vec2::from(self.shots[0].size)).length() < 2.0;
        if self.frame == FRAMES && !fits {
            // The size is in points, and points may just have changed.
            ctx.send_viewport_cmd(egui::ViewportCommand::InnerSize(
                egui::Vec2::from(self.shots[0].size) / scale,
            ));
            self.frame = 0;
        }
        if self.frame == FRAMES {
            let slot = self.taken.clone();
            ctx.request_screenshot(move |image| *slot.lock().unwrap() = Some(image));
        }
        let image = self.taken.lock().unwrap().take();
        if let Some(image) = image {
            self.write(&image);
            self.shots.remove(0);
            self.stage = None;
        }
        ctx.request_repaint();
    }
}

/// As if somebody had just typed the answer.
fn put_cursor_at_end(ctx: &egui::Context) {
    let id = aloud::ui::widgets::field::id("Your answer");
    let mut state = egui::text_edit::TextEditState::default();
    let end = egui::text::CCursor::new(10_000);
    state
        .cursor
        .set_char_range(Some(egui::text_selection::CCursorRange::one(end)));
    state.store(ctx, id);
    ctx.memory_mut(|memory| memory.request_focus(id));
}

/// Paints a screen again and again and keeps how long each frame took the processor.
struct Frames {
    setups: Vec<(&'static str, Setup)>,
    stage: Option<Stage>,
    seconds: Vec<f32>,
}

impl eframe::App for Frames {
    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        // As the window itself does: nothing else paints the paper.
        visuals.panel_fill.to_normalized_gamma_f32()
    }

    fn logic(&mut self, ctx: &egui::Context, frame: &mut eframe::Frame) {
        let Some((_, setup)) = self.setups.first() else {
            ctx.send_viewport_cmd(egui::ViewportCommand::Close);
            return;
        };
        let stage = self.stage.get_or_insert_with(|| {
            let mut stage = Stage::new(ctx);
            setup(&mut stage);
            stage
        });
        stage.app.logic(ctx, frame);
    }

    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut eframe::Frame) {
        const WARM: usize = 60;
        const COUNT: usize = 360;
        let Some(stage) = &mut self.stage else { return };
        stage.app.ui(ui, frame);
        ui.ctx().request_repaint();
        self.seconds.extend(frame.info().cpu_usage);
        if self.seconds.len() >= COUNT {
            let mut seconds = self.seconds.split_off(WARM);
            seconds.sort_by(f32::total_cmp);
            let (name, _) = self.setups.remove(0);
            let (middle, high) = (seconds[seconds.len() / 2], seconds[seconds.len() * 95 / 100]);
            println!(
                "{name}: a frame takes {:.2} ms, 95 of 100 at most {:.2} ms",
                middle * 1e3,
                high * 1e3
            );
            self.seconds.clear();
            self.stage = None;
        }
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap_or("tests/pictures/out".into()));
    if folder.as_os_str() == "frames" {
        let setups: Vec<(&str, Setup)> = vec![
            ("recording", |stage| stage.recording()),
            ("answer", |stage| stage.answer()),
            ("home", |stage| stage.home()),
            ("library", |stage| {
                stage.home();
                stage.act(NavigateAction::Go(Screen::Library));
            }),
            ("library, searched", |stage| {
                stage.act(NavigateAction::Go(Screen::Library));
                stage.act(ViewAction::Search("tell me about a time".into()));
            }),
            ("history", |stage| {
                stage.home();
                stage.act(NavigateAction::Go(Screen::History));
            }),
            ("progress", |stage| {
                stage.home();
                stage.act(NavigateAction::Go(Screen::Progress));
            }),
            ("recording after 10,000 words", |stage| stage.long_recording()),
            ("answer of 10,000 words", |stage| stage.long_answer()),
            ("answer of 10,000 words, one lit", |stage| {
                stage.long_answer();
                for _ in 0..20 {
                    stage.act(ViewAction::ShowFinding(Finding::Filler("um".into())));
                }
                stage.act(PlaybackAction::PlayOrPause);
            }),
        ];
        let frames = Frames {
            setups,
            stage: None,
            seconds: Vec::new(),
        };
        run_app(native_options([1280.0, 800.0]), move |_| frames).unwrap();
        return;
    }
    let only = arguments.next();
    std::fs::create_dir_all(&folder).unwrap();
    let mut shots = Vec::new();
    for size in [[1280.0, 800.0], [900.0, 600.0], [1900.0, 1040.0]] {
        for (theme, word) in [(ThemeChoice::Light, "light"), (ThemeChoice::Dark, "dark")] {
            for (name, setup) in PICTURES {
                let name = format!("{name}-{word}-{}", size[0]);
                if only.as_ref().is_none_or(|only| name.contains(only.as_str())) {
                    shots.push(Shot {
                        name,
                        setup,
                        theme,
                        size,
                    });
                }
            }
        }
    }
    let pictures = Pictures {
        shots,
        stage: None,
        frame: 0,
        folder,
        taken: Arc::default(),
    };
    run_app(native_options([1280.0, 800.0]), move |_| pictures).unwrap();
}
