//! The pages History, Progress and Questions over saved interviews: filtered, renamed, deleted and brought back, opened
//! from a plot.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    room::Room,
    scripted::{ANSWER, Scripted, spoken},
};
use aloud::{
    bank::{self, own_text::OwnQuestionForm},
    interview::{Attempt, Interview},
    store::Store,
    take::Take,
    transcript::Transcript,
    ui::{
        Action, Screen,
        action::{DialogAction, HistoryAction, NavigateAction, OwnQuestionsAction},
        view_model::Confirmation,
    },
};
use eframe::egui::{Context, Key, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use jiff::{Timestamp, ToSpan as _};

/// A day of practice, by the id of its field.
struct Saved {
    id: &'static str,
    field: &'static str,
    days_ago: i64,
    /// Of each answered question; the interview has three.
    seconds: &'static [f64],
    finished: bool,
}

const SAVED: [Saved; 3] = [
    Saved {
        id: "a",
        field: "cybersecurity",
        days_ago: 12,
        seconds: &[60.0, 80.0, 70.0],
        finished: true,
    },
    Saved {
        id: "b",
        field: "data-analytics",
        days_ago: 8,
        seconds: &[50.0],
        finished: false,
    },
    Saved {
        id: "c",
        field: "cybersecurity",
        days_ago: 3,
        seconds: &[40.0, 40.0],
        finished: true,
    },
];

fn sounds(folder: &Path, saved: &Saved) -> Vec<PathBuf> {
    let name = |index: usize| folder.join("takes").join(format!("{}-q{}-t1.wav", saved.id, index + 1));
    (0..saved.seconds.len()).map(name).collect()
}

fn save(folder: &Path, saved: &Saved, transcript: &Transcript) {
    let store = Store::open(Some(folder.to_owned())).unwrap();
    let bank = bank::built_in();
    let questions = bank.field(saved.field).unwrap().questions[..3].to_vec();
    let begun = Timestamp::now() - (24 * saved.days_ago).hours();
    let mut interview = Interview::new(saved.id.into(), saved.field.into(), begun, questions);
    interview.finished = saved.finished;
    fs::create_dir_all(store.takes()).unwrap();
    for ((turn, sound), seconds) in interview.turns.iter_mut().zip(sounds(folder, saved)).zip(saved.seconds) {
        fs::write(&sound, vec![0; 44 + 32_000]).unwrap();
        let take = Take {
            sound,
            seconds: *seconds,
            ..Take::default()
        };
        turn.attempts.push(Attempt {
            transcript: Some(transcript.clone()),
            ..Attempt::of_take(begun, take)
        });
    }
    store.save_interview(&interview).unwrap();
}

/// Three interviews, on this page.
fn room(screen: Screen) -> Room {
    room_of(&SAVED, &spoken(ANSWER), screen)
}

fn room_of(saved: &[Saved], transcript: &Transcript, screen: Screen) -> Room {
    let folder = tempfile::tempdir().unwrap();
    for saved in saved {
        save(folder.path(), saved, transcript);
    }
    let mut room = Room::in_folder(folder, Scripted::default());
    act(&mut room, NavigateAction::Go(screen));
    room
}

fn act(room: &mut Room, action: impl Into<Action>) {
    room.harness.state_mut().handle_action(action, &Context::default());
    room.steps();
}

/// What the row of the interview with this id is called.
fn name(room: &Room, id: &str) -> String {
    let view = &room.app().view;
    let interview = view.history.past.find(id).unwrap();
    format!("{}, {}", view.title_of(interview), view.when(interview.begun))
}

/// The ids that are listed, in their order.
fn listed(room: &Room) -> Vec<String> {
    let found = room.app().view.history.past.found();
    found.map(|interview| interview.id.clone()).collect()
}

/// Every file of the data folder that interviews and takes are in.
fn files(room: &Room) -> Vec<PathBuf> {
    let folders = ["interviews", "takes"].map(|name| room.folder.path().join(name));
    let entries = folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).into_iter().flatten());
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Selects the interviews with these ids and deletes them.
fn delete(room: &mut Room, ids: &[&str]) {
    room.click("Select");
    for id in ids {
        let name = name(room, id);
        room.click(&name);
    }
    let label = match ids.len() {
        1 => "Delete 1 interview".to_owned(),
        count => format!("Delete {count} interviews"),
    };
    room.click(&label);
    room.click("Delete");
}

/// The time in which it can be undone is over.
fn wait(room: &mut Room) {
    room.harness.run_steps(44);
    room.steps();
}

#[test]
fn an_undone_deletion_leaves_files_and_list_as_they_were() {
    let mut room = room(Screen::History);
    let (files_before, listed_before) = (files(&room), listed(&room));
    let figures = room.app().view.history.figures.clone();
    assert_eq!((listed_before.len(), figures.len()), (3, 6));
    delete(&mut room, &["a", "b"]);
    assert!(room.shows("2 interviews were deleted."));
    assert_eq!(listed(&room), ["c"]);
    assert_eq!(room.app().view.history.figures.len(), 2);
    assert_eq!(files(&room), files_before, "nothing is deleted from the disk yet");
    room.click("Undo");
    assert!(!room.shows("were deleted."));
    assert_eq!((listed(&room), files(&room)), (listed_before, files_before.clone()));
    assert_eq!(room.app().view.history.figures, figures);
    wait(&mut room);
    assert_eq!(files(&room), files_before, "and nothing later");
}

#[test]
fn a_deletion_that_is_not_undone_removes_the_files_once_its_time_is_over() {
    let mut room = room(Screen::History);
    delete(&mut room, &["a", "b"]);
    wait(&mut room);
    assert!(!room.shows("were deleted."));
    let left = [room.folder.path().join("interviews/c.json")];
    let left: Vec<PathBuf> = left.into_iter().chain(sounds(room.folder.path(), &SAVED[2])).collect();
    assert_eq!(files(&room), left);
    assert_eq!(listed(&room), ["c"]);
}

#[test]
fn what_can_be_undone_goes_when_the_notice_or_the_window_is_closed_or_something_else_is_deleted() {
    let gone = |room: &Room, id: &str| !room.folder.path().join(format!("interviews/{id}.json")).exists();
    let mut closed = room(Screen::History);
    delete(&mut closed, &["a"]);
    assert!(!gone(&closed, "a"));
    closed.click("Close");
    assert!(gone(&closed, "a"));

    let mut another = room(Screen::History);
    delete(&mut another, &["a"]);
    delete(&mut another, &["b"]);
    assert!(gone(&another, "a") && !gone(&another, "b"));
    another.click("Undo");
    assert_eq!(listed(&another), ["c", "b"]);

    delete(&mut another, &["b"]);
    eframe::App::on_exit(another.harness.state_mut(), None);
    assert!(gone(&another, "b"));
    assert_eq!(listed(&another.again()), ["c"]);
}

#[test]
fn a_crash_while_a_deletion_can_be_undone_leaves_everything() {
    let mut room = room(Screen::History);
    delete(&mut room, &["a", "b", "c"]);
    assert!(room.app().view.history.past.is_empty());
    // The window ends without being closed.
    let room = room.again();
    assert_eq!(room.app().view.history.past.len(), 3);
}

#[test]
fn a_message_that_comes_over_it_does_not_take_the_undo_away() {
    let mut room = room(Screen::History);
    delete(&mut room, &["a"]);
    act(&mut room, aloud::ui::action::ExportAction::Copy("words".into()));
    assert!(room.shows("Copied.") && !room.shows("The interview was deleted."));
    room.harness.run_steps(18);
    room.click("Undo");
    assert_eq!(listed(&room), ["c", "b", "a"]);
}

#[test]
fn an_unfinished_interview_is_deleted_from_its_row_and_a_finished_one_from_its_review() {
    let mut room = room(Screen::History);
    let more = format!("More: {}", name(&room, "b"));
    room.click(&more);
    room.click("Delete");
    assert!(room.shows("Delete this interview?") && room.shows("You can undo this for a few seconds."));
    act(&mut room, DialogAction::Confirm);
    assert_eq!(listed(&room), ["c", "a"]);
    room.click("Undo");
    assert_eq!(listed(&room), ["c", "b", "a"]);

    let row = name(&room, "c");
    room.click(&row);
    assert_eq!(room.app().view.screen, Screen::Practice);
    act(&mut room, DialogAction::Ask(Confirmation::DeleteInterview("c".into())));
    act(&mut room, DialogAction::Confirm);
    assert_eq!(
        (room.app().view.screen, listed(&room)),
        (Screen::History, vec!["b".into(), "a".into()])
    );
    room.click("Undo");
    assert_eq!(listed(&room), ["c", "b", "a"]);
}

#[test]
fn a_recording_that_was_found_and_an_own_question_come_back_too() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("takes")).unwrap();
    let sound = folder.path().join("takes/lost.wav");
    fs::write(&sound, vec![0; 44 + 96_000]).unwrap();
    let mut room = Room::in_folder(folder, Scripted::default());
    for undone in [true, false] {
        act(&mut room, DialogAction::Ask(Confirmation::DeleteFound(sound.clone())));
        act(&mut room, DialogAction::Confirm);
        assert!(room.shows("The recording was deleted.") && room.app().view.history.found.is_empty());
        if undone {
            room.click("Undo");
            assert_eq!(room.app().view.history.found.len(), 1);
        }
        wait(&mut room);
        assert_eq!(sound.exists(), undone);
    }

    act(&mut room, OwnQuestionsAction::Open);
    let form = OwnQuestionForm {
        prompt: "Why looms?".into(),
        ..OwnQuestionForm::default()
    };
    act(&mut room, OwnQuestionsAction::EditForm(form));
    act(&mut room, OwnQuestionsAction::KeepForm);
    let before = room.app().view.own.text.clone();
    for undone in [true, false] {
        act(&mut room, DialogAction::Ask(Confirmation::DeleteOwnQuestion(1)));
        act(&mut room, DialogAction::Confirm);
        assert!(room.shows("The question was deleted."));
        assert_eq!(room.app().view.own.field.as_ref().unwrap().questions.len(), 1);
        if undone {
            room.click("Undo");
            assert_eq!(room.app().view.own.text, before);
        }
        wait(&mut room);
        let saved = fs::read_dir(room.folder.path().join("questions")).unwrap();
        let texts: Vec<String> = saved
            .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
            .collect();
        assert_eq!(texts.iter().any(|text| text.contains("Why looms?")), undone);
    }
}

#[test]
fn deleting_everything_deletes_what_could_be_undone_as_well() {
    let mut room = room(Screen::History);
    delete(&mut room, &["a"]);
    act(&mut room, DialogAction::Ask(Confirmation::DeleteAll));
    act(&mut room, DialogAction::Confirm);
    assert!(files(&room).is_empty() && !room.shows("Undo"));
}

#[test]
fn an_interview_is_renamed_and_found_by_its_name_after_a_restart() {
    let mut room = room(Screen::History);
    let more = format!("More: {}", name(&room, "b"));
    room.click(&more);
    room.click("Rename");
    room.steps();
    room.harness
        .get_by_label("Name of the interview")
        .type_text("Mill, night desk");
    room.steps();
    room.press(Key::Enter);
    assert!(room.app().view.history.renaming.is_none());
    assert!(room.shows("Mill, night desk"));
    let mut room = room.again();
    act(&mut room, NavigateAction::Go(Screen::History));
    room.write("Search the history", "mill desk");
    assert_eq!(listed(&room), ["b"]);
    // Discarded, it stays; left empty, it goes.
    act(&mut room, HistoryAction::Rename("b".into()));
    act(&mut room, HistoryAction::EditName("Loom".into()));
    room.click("Cancel renaming");
    assert!(room.shows("Mill, night desk"));
    act(&mut room, HistoryAction::Rename("b".into()));
    act(&mut room, HistoryAction::EditName(" ".into()));
    room.click("Keep the name");
    act(&mut room, HistoryAction::ShowAll);
    assert!(!room.shows("Mill, night desk") && room.shows("Data analytics"));
}

#[test]
fn the_history_is_filtered_and_ordered_and_says_when_nothing_is_left() {
    let mut room = room(Screen::History);
    assert_eq!(listed(&room), ["c", "b", "a"]);
    room.click("Order: Newest first");
    room.click("Longest spoken first");
    assert_eq!(listed(&room), ["a", "c", "b"]);
    room.click("Field: All fields");
    room.click("Cybersecurity");
    assert_eq!(listed(&room), ["a", "c"]);
    assert!(room.shows("2 of 3 interviews shown."));
    room.click("Show: All interviews");
    room.click("Not finished");
    assert_eq!(listed(&room), [""; 0]);
    // The filters stay while one looks elsewhere.
    act(&mut room, NavigateAction::Go(Screen::Home));
    act(&mut room, NavigateAction::Go(Screen::History));
    assert!(room.shows("Nothing matches."));
    room.click("Show all interviews");
    assert_eq!(listed(&room), ["a", "c", "b"]);
}

#[test]
fn rows_are_check_boxes_while_some_are_selected_and_escape_ends_it() {
    let mut room = room(Screen::History);
    let row = name(&room, "a");
    let role = |room: &Room| {
        let mut nodes = room.harness.query_all_by_label(&row);
        nodes.any(|node| node.accesskit_node().role() == Role::CheckBox)
    };
    assert!(!role(&room));
    room.click("Select");
    assert!(role(&room));
    act(
        &mut room,
        HistoryAction::Finished(aloud::ui::past::FinishedFilter::Finished),
    );
    room.click("Select all shown");
    assert!(room.shows("Delete 2 interviews"));
    room.click("Select none");
    room.press(Key::Escape);
    assert!(room.app().view.history.selected.is_none() && room.app().view.screen == Screen::History);
}

#[test]
fn a_plot_names_its_values_and_opens_an_interview_by_key() {
    let mut room = room(Screen::Progress);
    assert!(room.shows("6 answers in 3 interviews."));
    for plot in ["Pace", "Fillers", "Time", "Words", "Talking points", "Job terms"] {
        assert!(room.shows(&format!("{plot}: 3 interviews, from ")), "{plot}");
    }
    assert!(room.shows("Time: 3 interviews, from 40 to 70 seconds per answer, latest 40"));
    let plot = aloud::ui::widgets::plot::id("Time");
    room.harness.ctx.memory_mut(|memory| memory.request_focus(plot));
    room.steps();
    room.press(Key::ArrowLeft);
    room.press(Key::ArrowLeft);
    room.press(Key::ArrowRight);
    room.press(Key::Enter);
    assert_eq!(room.app().view.interview().unwrap().id, "b");
    assert_eq!(room.app().view.screen, Screen::Practice);
}

#[test]
fn plots_need_two_interviews_and_those_of_one_field_too() {
    let mut room = room_of(&SAVED[..1], &spoken(ANSWER), Screen::Progress);
    assert!(room.shows("You have one interview so far."));
    assert!(!room.shows("Words per answer"));
    room = self::room(Screen::Progress);
    room.click("Field: All fields");
    room.click("Cybersecurity");
    assert!(room.shows("Pace: 2 interviews, from "));
    act(&mut room, HistoryAction::PlotField(Some("data-analytics".into())));
    assert!(room.shows("it takes two interviews of this field") && !room.shows("Pace: "));
}

#[test]
fn a_take_in_which_nothing_was_heard_counts_nowhere() {
    let room = room_of(&SAVED, &Transcript::default(), Screen::Progress);
    assert!(room.app().view.history.figures.is_empty());
    assert!(room.shows("After two interviews"));
}

#[test]
fn the_library_tells_what_was_practiced_and_shows_what_was_not() {
    let mut room = room(Screen::Library);
    let all = room.app().view.library.list.rows.len();
    assert!(room.shows("Practiced "));
    room.click("Show: All questions");
    room.click("Not practiced yet");
    assert_eq!(room.app().view.library.list.rows.len(), all - 3);
    act(&mut room, NavigateAction::Go(Screen::Home));
    act(&mut room, NavigateAction::Go(Screen::Library));
    assert_eq!(room.app().view.library.list.rows.len(), all - 3, "the filter stays");
    room.write("Search the questions", "zebra");
    room.click("Show all questions");
    assert_eq!(room.app().view.library.list.rows.len(), all);
    room.click("Order: Default order");
    room.click("Least recently practiced first");
    let view = &room.app().view;
    let practiced = |row: &aloud::ui::question_list::ListedQuestion| view.history.past.practiced(&row.id);
    assert!(view.library.list.rows.is_sorted_by_key(practiced));
}

#[test]
fn topics_are_chips_and_those_without_a_hit_are_hidden() {
    let mut room = room(Screen::Library);
    let chips = |room: &Room| room.app().view.library.list.topics.len();
    let all = chips(&room);
    room.write("Search the questions", "phishing");
    assert!(chips(&room) < all && chips(&room) > 1);
    let first = room.app().view.library.list.rows[0].clone();
    let prompt = room.app().view.bank.question(&first.id).unwrap().1.prompt.clone();
    assert!(
        prompt.to_lowercase().contains("phish") && !first.marks.is_empty(),
        "{prompt}"
    );
    let topic = room.app().view.library.list.topics[0].clone();
    let chip = topic[..1].to_uppercase() + &topic[1..];
    room.click(&chip);
    assert_eq!(room.app().view.search.topic.as_deref(), Some(topic.as_str()));
    room.click(&chip);
    assert_eq!(room.app().view.search.topic, None);
}
