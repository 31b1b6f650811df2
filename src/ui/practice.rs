//! Practice: the question, the live transcript, notes beside it, and one button at the foot.

use std::borrow::Cow;

use eframe::egui::{self, Align, Layout, Rect, RichText, ScrollArea, Stroke, Ui, pos2, vec2};
use lucide_icons::Icon;

use super::{
    action::{Actions, AnswerAction, DialogAction, NavigateAction, PrepareAction, ViewAction},
    at_right_ui,
    command::UserCommand,
    dialog, footed_ui, microphone, paper_ui, part_ui,
    theme::{self, MEASURE, Tokens, size, space},
    view_model::{Confirmation, Screen, ViewModel},
    widgets::{
        Button, button, field, level, text,
        transcript::{TranscriptView, transcript_ui},
    },
};
use crate::{
    interview::{LiveTake, Phase, Practice, Turn, VoiceOrSample},
    question::Question,
};

mod question;

/// Width of the notes and hints.
const ASIDE: f32 = 300.0;

pub fn practice_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    let Some((practice, turn)) = view.practice.as_ref().and_then(|open| Some((open, open.turn()?))) else {
        return;
    };
    let narrow = ui.available_width() < 760.0;
    // Large text leaves few lines: the foot gives most of them to the question.
    let short = narrow || ui.available_height() < 420.0;
    let mut foot_actions = Actions::default();
    let mut notice_actions = Actions::default();
    footed_ui(
        ui,
        if short { 60.0 } else { 104.0 },
        |ui| {
            dialog::notice_ui(ui, view, &mut notice_actions);
            paper_ui(ui, |ui| {
                if narrow {
                    stacked_ui(ui, view, practice, turn, actions);
                } else {
                    beside_ui(ui, view, practice, turn, actions);
                }
            });
        },
        |ui| controls_ui(ui, view, practice, short, &mut foot_actions),
    );
    actions.extend(notice_actions.into_vec());
    // What is typed comes before the button that ends it.
    actions.extend(foot_actions.into_vec());
}

fn beside_ui(ui: &mut Ui, view: &ViewModel, practice: &Practice, turn: &Turn, actions: &mut Actions) {
    let tokens = Tokens::of(ui);
    let room = ui.max_rect();
    let width = room.width().min(1180.0);
    let left = room.center().x - width / 2.0;
    let split = left + width - ASIDE - space::XL * 2.0;
    let margin = if room.width() < 1000.0 { space::XXL } else { space::HUGE };
    let main = Rect::from_min_max(pos2(left + margin, room.top()), pos2(split - space::XXL, room.bottom()));
    let aside = Rect::from_min_max(
        pos2(split + space::XL, room.top()),
        // Its bar stands at the edge of the window.
        room.right_bottom(),
    );
    ui.painter().vline(
        split,
        room.top() + space::XXL..=room.bottom() - space::XL,
        Stroke::new(1.0, tokens.line),
    );
    part_ui(ui, main, Layout::top_down(Align::Min), |ui| {
        main_ui(ui, view, practice, turn, actions);
    });
    part_ui(ui, aside, Layout::top_down(Align::Min), |ui| {
        ScrollArea::vertical()
            .id_salt(("aside", practice.interview.at))
            .auto_shrink(false)
            .show(ui, |ui| {
                ui.set_max_width(ASIDE);
                ui.add_space(space::XXL);
                aside_ui(ui, view, turn, actions);
            });
    });
}

/// One column. While somebody answers, the question stays above what scrolls, in as much of the room as it may take.
fn stacked_ui(ui: &mut Ui, view: &ViewModel, practice: &Practice, turn: &Turn, actions: &mut Actions) {
    let small = small(ui, practice);
    let pinned = practice.phase != Phase::Asking;
    if pinned {
        super::centered_ui(ui, 640.0, |ui| {
            ui.add_space(space::S);
            question::pinned_ui(ui, view, practice);
            if is_listening_in_vain(view, practice) {
                microphone::silence_ui(ui, view, actions);
            }
        });
    }
    ScrollArea::vertical()
        .id_salt(("practice", practice.interview.at))
        .auto_shrink(false)
        .show(ui, |ui| {
            super::column_ui(ui, 640.0, |ui| {
                if !pinned {
                    question::question_ui(ui, view, practice, turn, small, actions);
                    ui.add_space(space::L);
                }
                answer_ui(ui, view, practice, actions);
                ui.add_space(space::XL);
                aside_ui(ui, view, turn, actions);
            });
        });
}

/// While somebody answers, the question stands still, and the answer scrolls under it.
fn main_ui(ui: &mut Ui, view: &ViewModel, practice: &Practice, turn: &Turn, actions: &mut Actions) {
    let pinned = practice.phase != Phase::Asking;
    if pinned {
        head_ui(ui, view, practice, turn, actions);
    }
    let scrolled = ScrollArea::vertical()
        .id_salt(("transcript", practice.interview.at))
        .auto_shrink(false)
        .stick_to_bottom(practice.is_recording())
        .show(ui, |ui| {
            if !pinned {
                head_ui(ui, view, practice, turn, actions);
            }
            ui.add_space(space::S);
            answer_ui(ui, view, practice, actions);
            ui.add_space(space::XL);
        });
    // Where words have gone under the question, a line says so.
    if pinned && scrolled.state.unclamped_offset().y > 0.0 {
        let (top, line) = (scrolled.inner_rect.top(), Tokens::of(ui).line);
        ui.painter()
            .hline(scrolled.inner_rect.x_range(), top, Stroke::new(1.0, line));
    }
}

/// The question, and under it what is wrong with the microphone.
fn head_ui(ui: &mut Ui, view: &ViewModel, practice: &Practice, turn: &Turn, actions: &mut Actions) {
    let small = small(ui, practice);
    ui.add_space(if small { space::L } else { space::XXL });
    question::question_ui(ui, view, practice, turn, small, actions);
    ui.add_space(if small { space::M } else { space::L });
    if is_listening_in_vain(view, practice) {
        microphone::silence_ui(ui, view, actions);
        ui.add_space(space::S);
    }
}

/// Whether somebody may be speaking to a microphone that hears nothing.
fn is_listening_in_vain(view: &ViewModel, practice: &Practice) -> bool {
    practice.phase == Phase::Recording
        && is_own_voice(practice)
        && view.microphone.is_suspicious(has_no_words(practice))
}

fn has_no_words(practice: &Practice) -> bool {
    practice.live.settled.words.is_empty() && practice.live.tentative.is_empty()
}

/// In a small window the question makes room for the answer, once there is one.
fn small(ui: &Ui, practice: &Practice) -> bool {
    practice.phase != Phase::Asking && ui.ctx().content_rect().height() < 700.0
}

/// The answer so far, or how to begin one.
fn answer_ui(ui: &mut Ui, view: &ViewModel, practice: &Practice, actions: &mut Actions) {
    ui.set_max_width(MEASURE.min(ui.available_width()));
    match practice.phase {
        Phase::Typing => typing_ui(ui, practice, actions),
        Phase::Recording | Phase::Paused | Phase::Finishing => live_ui(ui, view, practice, actions),
        Phase::Asking | Phase::Answered | Phase::Correcting | Phase::Review => {
            if let Some(path) = &view.answer.recording_path {
                return recording_path_ui(ui, path, actions);
            }
            if let Some(seconds) = view.answer.ready_in {
                question::countdown_ui(ui, seconds, actions);
                ui.add_space(space::M);
            }
            let message = if view.microphone.is_missing() {
                "Press T and type your answer as you would say it."
            } else {
                "Press Space and answer as you would in the interview. Most answers take one to two minutes."
            };
            text::soft_ui(ui, message);
            ui.add_space(space::M);
            microphone::microphone_ui(ui, view, actions);
            ui.add_space(space::S);
            microphone::model_ui(ui, view, actions);
        }
    }
}

/// A recording that the person has already, as the answer.
fn recording_path_ui(ui: &mut Ui, path: &str, actions: &mut Actions) {
    text::soft_ui(
        ui,
        "A memo from your phone, or a recording of an interview: WAV, MP3, M4A, OGG and others. Drop it on this window, or type where it is.",
    );
    let changed = field::line_ui(ui, "Path of the recording", path, "/home/you/Downloads/memo.m4a");
    if let Some(path) = changed {
        actions.push(AnswerAction::EditRecordingPath(path));
    }
    let entered = ui.input(|input| input.key_pressed(egui::Key::Enter))
        && ui.memory(|memory| memory.had_focus_last_frame(field::id("Path of the recording")));
    let ready = !path.trim().is_empty();
    ui.horizontal(|ui| {
        let open = Button::filled("Use it").name("Use the recording").enabled(ready);
        if open.show(ui) || ready && entered {
            actions.push(AnswerAction::OpenRecording);
        }
        if Button::plain("Cancel").name("Use no recording").show(ui) {
            actions.push(AnswerAction::ToggleRecordingPath);
        }
    });
}

/// The name of the recording that is being read, if no one speaks.
fn opened_name(practice: &Practice) -> Option<Cow<'_, str>> {
    let opened = practice.live.opened.as_ref()?;
    Some(opened.file_name().unwrap_or(opened.as_os_str()).to_string_lossy())
}

fn live_ui(ui: &mut Ui, view: &ViewModel, practice: &Practice, actions: &mut Actions) {
    let live = &practice.live;
    let no_words = has_no_words(practice);
    if let Some(name) = opened_name(practice) {
        text::soft_ui(ui, &transcribing_message(&name, live, view.answer.seconds));
        ui.add_space(space::S);
    } else if no_words {
        let message = match practice.phase {
            Phase::Paused => "Paused. What you say now is not recorded.",
            Phase::Finishing => "Transcribing the last words.",
            Phase::Recording if is_listening_in_vain(view, practice) => "",
            Phase::Recording | Phase::Asking | Phase::Typing | Phase::Answered | Phase::Correcting | Phase::Review => {
                "Go ahead. Your words appear here."
            }
        };
        let message = match practice.source {
            VoiceOrSample::Voice => message,
            VoiceOrSample::Sample(_) => "Listen to a sample answer. Its words appear here as they are heard.",
        };
        if !message.is_empty() {
            text::soft_ui(ui, message);
        }
    }
    if !no_words {
        transcript_ui(
            ui,
            TranscriptView {
                tentative: &live.tentative,
                live: true,
                ..TranscriptView::plain(&live.settled)
            },
        );
    }
    if practice.is_recording() {
        microphone::model_ui(ui, view, actions);
    }
}

/// How far the transcription of a recording is: "Transcribing memo.m4a: 0:20 of 1:05."
fn transcribing_message(name: &str, live: &LiveTake, seconds: f64) -> String {
    let transcribed = live.settled.words.iter().rev().find_map(|word| word.span);
    match transcribed {
        None => format!("Reading {name}."),
        Some(span) => format!(
            "Transcribing {name}: {} of {}.",
            text::clock(span.end),
            text::clock(seconds.max(span.end))
        ),
    }
}

fn typing_ui(ui: &mut Ui, practice: &Practice, actions: &mut Actions) {
    let typed = practice.text_in_field();
    // As high as there is room above the foot.
    let rows = ((ui.clip_rect().height() - 60.0) / 25.0).clamp(3.0, 9.0) as usize;
    let changed = field::area_ui(ui, "Your answer", &typed, "Type it as you would say it.", rows, 17.0);
    if let Some(text) = changed {
        actions.push(AnswerAction::EditDraft(text));
    }
}

fn aside_ui(ui: &mut Ui, view: &ViewModel, turn: &Turn, actions: &mut Actions) {
    // Nothing is kept with a sample answer.
    if view.interview().is_some_and(|interview| interview.sample) {
        return covered_ui(ui, view);
    }
    text::caps_ui(ui, "Notes");
    ui.add_space(space::XS);
    let rows = if turn.question.parts.len() > 3 { 7 } else { 5 };
    let font = if turn.question.is_about_code() {
        theme::fixed_width(size::LABEL)
    } else {
        theme::regular(size::TEXT)
    };
    if let Some(notes) = field::area_in_ui(ui, "Notes", &turn.notes, "Kept with your answer", rows, &font) {
        actions.push(AnswerAction::EditNotes(notes));
    }
    ui.add_space(space::XL);
    if view
        .practice
        .as_ref()
        .is_some_and(|practice| practice.is_recording() || practice.phase == Phase::Finishing)
    {
        covered_ui(ui, view);
        ui.add_space(space::XL);
    }
    if can_breathe(view)
        && Button::plain("Breathe for a minute first")
            .icon(Icon::Wind)
            .flush()
            .show(ui)
    {
        actions.push(NavigateAction::Go(Screen::Prepare));
        actions.push(PrepareAction::StartOrStopBreathing);
    }
    help_ui(ui, view, &turn.question, actions);
    let command = UserCommand::OpenRecording;
    if command.is_available(view) {
        command.button_ui(ui, view, actions, command.button(view, Button::plain).flush());
    }
}

/// Whether the interview has not begun.
fn can_breathe(view: &ViewModel) -> bool {
    let begins = |practice: &Practice| {
        practice.phase == Phase::Asking && practice.interview.at == 0 && practice.interview.answered() == 0
    };
    view.practice.as_ref().is_some_and(begins)
}

/// The points and terms in the answer so far.
fn covered_ui(ui: &mut Ui, view: &ViewModel) {
    let tokens = Tokens::of(ui);
    text::caps_ui(ui, "So far");
    ui.add_space(space::XS);
    let insights = view.answer.insights.as_ref();
    let points: Vec<&str> = insights.map_or_else(Vec::new, |found| {
        found
            .talking_points
            .covered
            .iter()
            .map(|point| point.label.as_str())
            .collect()
    });
    let terms: Vec<&str> = insights.map_or_else(Vec::new, |found| {
        found.job_terms.used.iter().map(|term| term.term.as_str()).collect()
    });
    if points.is_empty() && terms.is_empty() {
        text::soft_ui(ui, "Your points and job terms appear here as you speak.");
        return;
    }
    for point in points {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            ui.vertical(|ui| {
                ui.add_space(3.0);
                button::icon_ui(ui, Icon::Check, 16.0, tokens.accent);
            });
            text::body_ui(ui, point);
        });
    }
    if !terms.is_empty() {
        ui.add_space(space::XS);
        ui.label(
            RichText::new(terms.join("  ·  "))
                .font(theme::medium(size::TEXT))
                .color(tokens.accent)
                .line_height(Some(23.0)),
        );
    }
}

/// A frame, a hint and a sample answer, on demand.
fn help_ui(ui: &mut Ui, view: &ViewModel, question: &Question, actions: &mut Actions) {
    let command = UserCommand::ToggleFrame;
    let button = command.button(view, Button::plain).without_key().flush();
    command.button_ui(ui, view, actions, button);
    if view.answer.frame_shown {
        indented_ui(ui, |ui| {
            text::body_ui(ui, question.frame());
        });
    }
    let (hint, why) = (question.hint.trim(), question.why.trim());
    if !hint.is_empty() || !why.is_empty() {
        let command = UserCommand::ToggleHint;
        let button = command.button(view, Button::plain).without_key().flush();
        command.button_ui(ui, view, actions, button);
        if view.answer.hint_shown {
            indented_ui(ui, |ui| {
                text::body_ui(ui, hint);
                if !question.no_job_yet.is_empty() {
                    text::body_ui(ui, &format!("No such job yet? {}", question.no_job_yet));
                }
                if !why.is_empty() {
                    text::soft_ui(ui, &format!("Why it is asked: {why}"));
                }
            });
        }
    }
    let sample = question.sample_answer.trim();
    if !sample.is_empty() {
        let label = if view.answer.sample_shown {
            "Hide the sample answer"
        } else {
            "Sample answer"
        };
        if Button::plain(label).icon(Icon::MessageSquareText).flush().show(ui) {
            actions.push(ViewAction::ToggleSample);
        }
        if view.answer.sample_shown {
            indented_ui(ui, |ui| sample_ui(ui, question, sample));
        }
    }
}

/// The sample answer; a story with the names of its parts.
fn sample_ui(ui: &mut Ui, question: &Question, sample: &str) {
    let mut before = None;
    for (index, paragraph) in sample.split("\n\n").enumerate() {
        let part = question.sample_parts.get(index).copied();
        if let Some(part) = part.filter(|_| part != before) {
            ui.add_space(space::XS);
            text::caps_ui(ui, part.name());
        }
        text::body_ui(ui, paragraph);
        before = part;
    }
}

fn indented_ui(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    egui::Frame::new()
        .inner_margin(egui::Margin {
            left: 0,
            right: 0,
            top: 0,
            bottom: 12,
        })
        .show(ui, content);
}

/// The foot: the level or its trail, the one button, and what else can be done.
fn controls_ui(ui: &mut Ui, view: &ViewModel, practice: &Practice, short: bool, actions: &mut Actions) {
    let rect = ui.max_rect();
    if short {
        return part_ui(ui, rect, Layout::left_to_right(Align::Center), |ui| {
            main_button_ui(ui, view, practice, false, actions);
            clock_ui(ui, view, practice);
            at_right_ui(ui, "other buttons", |ui| {
                other_buttons_ui(ui, view, practice, true, actions);
                // What is left between the clock and the buttons.
                let room = ui.available_width() - 2.0 * space::M;
                if practice.is_recording() && is_own_voice(practice) && room >= 40.0 {
                    ui.add_space(space::M);
                    let live = practice.phase == Phase::Recording;
                    level::trail_ui(ui, &view.microphone.trail, room.min(200.0), live);
                }
            });
        });
    }
    let middle = Rect::from_center_size(rect.center(), vec2(300.0, rect.height()));
    let left = Rect::from_min_max(rect.min, pos2(middle.left(), rect.bottom()));
    part_ui(ui, left, Layout::left_to_right(Align::Center), |ui| {
        if practice.is_recording() && is_own_voice(practice) {
            let width = (left.width() - 90.0).clamp(60.0, 320.0);
            level::trail_ui(ui, &view.microphone.trail, width, practice.phase == Phase::Recording);
        }
        clock_ui(ui, view, practice);
    });
    part_ui(ui, middle, Layout::top_down(Align::Center), |ui| {
        ui.add_space((rect.height() - 48.0) / 2.0);
        main_button_ui(ui, view, practice, true, actions);
    });
    let right = Rect::from_min_max(pos2(middle.right(), rect.top()), rect.max);
    part_ui(ui, right, Layout::left_to_right(Align::Center), |ui| {
        let tight = right.width() < 330.0;
        at_right_ui(ui, "other buttons", |ui| {
            other_buttons_ui(ui, view, practice, tight, actions);
        });
    });
}

fn main_button_ui(ui: &mut Ui, view: &ViewModel, practice: &Practice, tall: bool, actions: &mut Actions) {
    let size = |button: Button<'static>| if tall { button.tall() } else { button };
    match practice.phase {
        Phase::Recording | Phase::Paused => {
            let stop = UserCommand::RecordOrStop;
            // Red is for one's own voice.
            let style = if is_own_voice(practice) {
                Button::recording
            } else {
                Button::quiet
            };
            let button = stop.button(view, style);
            let button = if tall { button } else { button.without_key() };
            stop.button_ui(ui, view, actions, size(button));
        }
        Phase::Finishing => {
            let transcribing = Button::quiet("Transcribing").icon(Icon::Hourglass).enabled(false);
            size(transcribing).show(ui);
        }
        Phase::Typing => {
            let send = UserCommand::SendDraft;
            let ready = send.is_available(view);
            send.button_ui(
                ui,
                view,
                actions,
                size(send.button(view, Button::filled).enabled(ready)),
            );
        }
        Phase::Asking | Phase::Answered | Phase::Correcting | Phase::Review => {
            let command = if view.microphone.is_missing() && practice.source == VoiceOrSample::Voice {
                UserCommand::Type
            } else {
                UserCommand::RecordOrStop
            };
            // One button is filled: while the path of a recording is typed, it is the one that takes it.
            let style = if view.answer.recording_path.is_some() {
                Button::quiet
            } else {
                Button::filled
            };
            command.button_ui(ui, view, actions, size(command.button(view, style)));
        }
    }
}

/// Whether somebody speaks now, and it is no recording that is read or heard.
fn is_own_voice(practice: &Practice) -> bool {
    practice.source == VoiceOrSample::Voice && practice.live.opened.is_none()
}

fn clock_ui(ui: &mut Ui, view: &ViewModel, practice: &Practice) {
    let tokens = Tokens::of(ui);
    if !practice.is_recording() && practice.phase != Phase::Finishing {
        return;
    }
    ui.add_space(space::M);
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.add_space(((ui.available_height() - 44.0) / 2.0).max(0.0));
        let color = if practice.phase == Phase::Recording && is_own_voice(practice) {
            tokens.recording
        } else {
            tokens.soft
        };
        ui.label(
            RichText::new(text::clock(view.answer.seconds))
                .font(theme::medium(22.0))
                .color(color),
        );
        let behind = practice.live.behind.filter(|seconds| *seconds >= 1.0);
        if let Some(seconds) = behind {
            remark_ui(ui, &format!("Words {seconds:.0} s behind"));
        } else if practice.phase == Phase::Paused {
            remark_ui(ui, "Paused");
        } else if practice.live.opened.is_some() {
            remark_ui(ui, "Read so far");
        } else if practice.interview.sample {
            remark_ui(ui, "Sample answer");
        } else if practice.phase == Phase::Recording {
            remark_ui(ui, &recording_remark(view));
        }
    });
}

/// "Recording", or what the settings want to be said of the time.
fn recording_remark(view: &ViewModel) -> String {
    /// So long each mark stays.
    const SHOWN_SECONDS: f64 = 6.0;
    let settings = &view.settings;
    let passed = |mark: f64| settings.time_marks && (mark..mark + SHOWN_SECONDS).contains(&view.answer.seconds);
    match settings.answer_minutes {
        _ if passed(60.0) => "One minute".to_owned(),
        _ if passed(120.0) => "Two minutes".to_owned(),
        0 => "Recording".to_owned(),
        minutes => format!("Stops at {minutes}:00"),
    }
}

/// Under the clock: in one line, however little room there is.
fn remark_ui(ui: &mut Ui, message: &str) {
    ui.scope(|ui| {
        ui.style_mut().wrap_mode = Some(egui::TextWrapMode::Extend);
        text::remark_ui(ui, message);
    });
}

fn other_buttons_ui(ui: &mut Ui, view: &ViewModel, practice: &Practice, short: bool, actions: &mut Actions) {
    ui.spacing_mut().item_spacing.x = space::XS;
    match practice.phase {
        Phase::Recording | Phase::Paused => {
            if UserCommand::PauseOrResume.is_available(view) {
                command_ui(ui, view, UserCommand::PauseOrResume, short, actions);
            }
            if practice.source == VoiceOrSample::Voice {
                let start_over = Button::plain("Start over").icon(Icon::RotateCcw);
                if (if short { start_over.without_icon() } else { start_over }).show(ui) {
                    actions.push(DialogAction::Ask(Confirmation::StartOver));
                }
            }
        }
        Phase::Finishing => {}
        Phase::Typing => command_ui(ui, view, UserCommand::StopTyping, false, actions),
        Phase::Asking | Phase::Answered | Phase::Correcting | Phase::Review => {
            if practice.interview.at > 0 && !short {
                let back = UserCommand::Back;
                back.button_ui(ui, view, actions, back.button(view, Button::plain).without_key());
            }
            let other = if view.microphone.is_missing() {
                UserCommand::RecordOrStop
            } else {
                UserCommand::Type
            };
            command_ui(ui, view, other, short, actions);
            if practice.interview.turns.len() > 1 || practice.interview.answered() > 0 {
                let skip = UserCommand::Skip;
                let button = skip.button(view, Button::plain).without_key();
                skip.button_ui(ui, view, actions, if short { button.without_icon() } else { button });
            }
        }
    }
}

/// A command beside the main one. In a short foot it has no icon.
fn command_ui(ui: &mut Ui, view: &ViewModel, command: UserCommand, short: bool, actions: &mut Actions) {
    let button = command.button(view, Button::plain);
    let button = if short {
        button.without_icon().without_key()
    } else {
        button
    };
    command.button_ui(ui, view, actions, button);
}
