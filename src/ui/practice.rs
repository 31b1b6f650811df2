//! Practice: the question, what is being said, notes beside it, and one button at the foot.

use eframe::egui::{self, Align, Layout, Rect, RichText, ScrollArea, Stroke, Ui, pos2, vec2};
use lucide_icons::Icon;

use super::{
    action::Action,
    foot_ui, microphone, paper, part_ui,
    theme::{self, MEASURE, Tokens, size, space},
    view_model::{Confirmation, ViewModel},
    widgets::{
        Button, button, field, level, text,
        transcript::{TranscriptView, transcript_ui},
    },
};
use crate::{
    interview::{Phase, Practice, Turn, VoiceOrSample},
    question::Question,
};

/// Width of the notes and hints.
const ASIDE: f32 = 300.0;

pub fn practice_ui(ui: &mut Ui, view: &ViewModel) -> Option<Action> {
    let practice = view.practice.as_ref()?;
    let turn = practice.turn()?;
    let narrow = ui.available_width() < 760.0;
    // Large text leaves few lines: the foot gives most of them to the question.
    let short = narrow || ui.available_height() < 420.0;
    let foot = foot_ui(ui, if short { 60.0 } else { 104.0 }, |ui| {
        controls_ui(ui, view, practice, short)
    });
    let body = paper(ui, |ui| {
        if narrow {
            stacked_ui(ui, view, practice, turn)
        } else {
            beside_ui(ui, view, practice, turn)
        }
    });
    foot.or(body)
}

fn beside_ui(ui: &mut Ui, view: &ViewModel, practice: &Practice, turn: &Turn) -> Option<Action> {
    let tokens = Tokens::of(ui);
    let room = ui.max_rect();
    let width = room.width().min(1180.0);
    let left = room.center().x - width / 2.0;
    let split = left + width - ASIDE - space::XL * 2.0;
    let margin = if room.width() < 1000.0 { space::XXL } else { space::HUGE };
    let main = Rect::from_min_max(pos2(left + margin, room.top()), pos2(split - space::XXL, room.bottom()));
    let aside = Rect::from_min_max(
        pos2(split + space::XL, room.top()),
        pos2(left + width - space::XL, room.bottom()),
    );
    ui.painter().vline(
        split,
        room.top() + space::XXL..=room.bottom() - space::XL,
        Stroke::new(1.0, tokens.line),
    );
    let first = part_ui(ui, main, Layout::top_down(Align::Min), |ui| {
        main_ui(ui, view, practice, turn)
    });
    let second = part_ui(ui, aside, Layout::top_down(Align::Min), |ui| {
        ScrollArea::vertical()
            .id_salt(("aside", practice.interview.at))
            .auto_shrink(false)
            .show(ui, |ui| {
                ui.add_space(space::XXL);
                aside_ui(ui, view, turn)
            })
            .inner
    });
    first.or(second)
}

fn stacked_ui(ui: &mut Ui, view: &ViewModel, practice: &Practice, turn: &Turn) -> Option<Action> {
    ScrollArea::vertical()
        .id_salt(("practice", practice.interview.at))
        .auto_shrink(false)
        .show(ui, |ui| {
            super::column_ui(ui, 640.0, |ui| {
                let small = small(ui, practice);
                let read = question_ui(ui, view, practice, &turn.question, small);
                ui.add_space(space::L);
                let said = said_ui(ui, view, practice);
                ui.add_space(space::XL);
                read.or(said).or(aside_ui(ui, view, turn))
            })
        })
        .inner
}

fn main_ui(ui: &mut Ui, view: &ViewModel, practice: &Practice, turn: &Turn) -> Option<Action> {
    ScrollArea::vertical()
        .id_salt(("said", practice.interview.at))
        .auto_shrink(false)
        .stick_to_bottom(practice.is_recording())
        .show(ui, |ui| {
            ui.add_space(space::XXL);
            let small = small(ui, practice);
            let read = question_ui(ui, view, practice, &turn.question, small);
            ui.add_space(if small { space::L } else { space::XL });
            let action = said_ui(ui, view, practice);
            ui.add_space(space::XL);
            read.or(action)
        })
        .inner
}

/// In a small window the question makes room for what is said, once it is being said.
fn small(ui: &Ui, practice: &Practice) -> bool {
    practice.phase != Phase::Asking && ui.ctx().content_rect().height() < 640.0
}

/// The question with its parts, and the way to hear it.
fn question_ui(ui: &mut Ui, view: &ViewModel, practice: &Practice, question: &Question, small: bool) -> Option<Action> {
    let tokens = Tokens::of(ui);
    let label = if question.topic.is_empty() {
        question.kind.name().to_owned()
    } else {
        format!("{} · {}", question.kind.name(), question.topic)
    };
    let read = ui
        .horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::L;
            ui.spacing_mut().interact_size.y = 0.0;
            text::caps(ui, &label);
            read_ui(ui, view, practice)
        })
        .inner;
    ui.add_space(space::XS);
    ui.scope(|ui| {
        ui.set_max_width(ui.available_width().min(680.0));
        let points = if small { 20.0 } else { size::QUESTION };
        let line = (points * 1.32_f32).round();
        ui.label(
            RichText::new(&question.prompt)
                .font(theme::display(points))
                .line_height(Some(line)),
        );
    });
    if question.parts.len() > 1 {
        ui.add_space(space::S);
        // Beside each other where all fit in one line, else one under the other.
        let letters: usize = question.parts.iter().map(|part| part.chars().count() + 8).sum();
        let layout = if letters as f32 * 7.5 < ui.available_width() {
            Layout::left_to_right(Align::Min)
        } else {
            Layout::top_down(Align::Min)
        };
        ui.with_layout(layout, |ui| {
            ui.spacing_mut().item_spacing = vec2(space::XL, space::XS);
            for (index, part) in question.parts.iter().enumerate() {
                ui.horizontal_top(|ui| {
                    ui.spacing_mut().item_spacing.x = space::S;
                    let number = RichText::new((index + 1).to_string()).font(theme::semibold(size::TEXT));
                    ui.label(number.color(tokens.accent).line_height(Some(22.0)));
                    text::body(ui, part);
                });
            }
        });
    }
    read
}

/// The question in the system's own voice, where it has one. Nothing is read while somebody speaks.
fn read_ui(ui: &mut Ui, view: &ViewModel, practice: &Practice) -> Option<Action> {
    if !view.sound.can_read || !matches!(practice.phase, Phase::Asking | Phase::Typing) {
        return None;
    }
    let (word, icon) = if view.sound.reading_aloud {
        ("Stop reading", Icon::Square)
    } else {
        ("Read it aloud", Icon::Volume2)
    };
    Button::plain(word)
        .icon(icon)
        .key("A")
        .show(ui)
        .then_some(Action::ReadAloud)
}

/// What is said, or typed, or what to do first.
fn said_ui(ui: &mut Ui, view: &ViewModel, practice: &Practice) -> Option<Action> {
    ui.set_max_width(MEASURE.min(ui.available_width()));
    match practice.phase {
        Phase::Typing => typing_ui(ui, view),
        Phase::Recording | Phase::Paused | Phase::Finishing => {
            live_ui(ui, view, practice);
            None
        }
        _ => {
            let message = if view.microphone.is_missing() {
                "Press T and write your answer as you would say it."
            } else {
                "Press Space and answer as you would in the room. One to two minutes is common."
            };
            text::soft(ui, message);
            ui.add_space(space::M);
            let status = microphone::status_ui(ui, view);
            ui.add_space(space::S);
            status.or(microphone::model_ui(ui, view))
        }
    }
}

fn live_ui(ui: &mut Ui, view: &ViewModel, practice: &Practice) {
    let live = &practice.live;
    if live.settled.words.is_empty() && live.tentative.is_empty() {
        let message = match practice.phase {
            Phase::Paused => "Paused. What you say now is left out.",
            Phase::Finishing => "Writing down the last words.",
            _ => "Go ahead. Your words appear here.",
        };
        text::soft(ui, message);
    } else {
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
        microphone::model_ui(ui, view);
    }
}

fn typing_ui(ui: &mut Ui, view: &ViewModel) -> Option<Action> {
    let changed = field::area_ui(
        ui,
        "Your answer",
        &view.answer.draft,
        "Write as you would say it.",
        9,
        17.0,
    );
    changed.map(Action::Draft)
}

fn aside_ui(ui: &mut Ui, view: &ViewModel, turn: &Turn) -> Option<Action> {
    let mut action = None;
    text::caps(ui, "Notes");
    ui.add_space(space::XS);
    let rows = if turn.question.parts.len() > 3 { 7 } else { 5 };
    if let Some(notes) = field::area_ui(ui, "Notes", &turn.notes, "Kept with your answer", rows, size::TEXT) {
        action = Some(Action::Notes(notes));
    }
    ui.add_space(space::XL);
    if view
        .practice
        .as_ref()
        .is_some_and(|practice| practice.is_recording() || practice.phase == Phase::Finishing)
    {
        heard_ui(ui, view);
        ui.add_space(space::XL);
    }
    action.or(help_ui(ui, view, &turn.question))
}

/// The points and terms that have been heard: little, and only what is there.
fn heard_ui(ui: &mut Ui, view: &ViewModel) {
    let tokens = Tokens::of(ui);
    text::caps(ui, "Heard so far");
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
        text::soft(ui, "Points and job terms appear here as you make them.");
        return;
    }
    for point in points {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            ui.vertical(|ui| {
                ui.add_space(3.0);
                button::icon_ui(ui, Icon::Check, 16.0, tokens.accent);
            });
            text::body(ui, point);
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

/// A hint and a sample answer, when they are wanted.
fn help_ui(ui: &mut Ui, view: &ViewModel, question: &Question) -> Option<Action> {
    let mut action = None;
    let hint = [question.hint.trim(), question.why.trim()];
    if hint.iter().any(|text| !text.is_empty()) {
        if Button::plain(if view.answer.hint_shown {
            "Hide the hint"
        } else {
            "Hint"
        })
        .icon(Icon::Lightbulb)
        .flush()
        .show(ui)
        {
            action = Some(Action::ShowHint);
        }
        if view.answer.hint_shown {
            indented(ui, |ui| {
                text::body(ui, hint[0]);
                if !hint[1].is_empty() {
                    text::soft(ui, &format!("Why it is asked: {}", hint[1]));
                }
            });
        }
    }
    if !question.sample_answer.trim().is_empty() {
        let word = if view.answer.sample_shown {
            "Hide the sample answer"
        } else {
            "Sample answer"
        };
        if Button::plain(word).icon(Icon::MessageSquareText).flush().show(ui) {
            action = Some(Action::ShowSample);
        }
        if view.answer.sample_shown {
            indented(ui, |ui| {
                text::body(ui, question.sample_answer.trim());
            });
        }
    }
    action
}

fn indented(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
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
fn controls_ui(ui: &mut Ui, view: &ViewModel, practice: &Practice, short: bool) -> Option<Action> {
    let rect = ui.max_rect();
    if short {
        return part_ui(ui, rect, Layout::left_to_right(Align::Center), |ui| {
            let action = main_button_ui(ui, view, practice, false);
            clock_ui(ui, view, practice);
            let other = ui
                .with_layout(Layout::right_to_left(Align::Center), |ui| {
                    others_ui(ui, view, practice, true)
                })
                .inner;
            action.or(other)
        });
    }
    let middle = Rect::from_center_size(rect.center(), vec2(300.0, rect.height()));
    let action = part_ui(ui, middle, Layout::top_down(Align::Center), |ui| {
        ui.add_space((rect.height() - 48.0) / 2.0);
        main_button_ui(ui, view, practice, true)
    });
    let left = Rect::from_min_max(rect.min, pos2(middle.left(), rect.bottom()));
    part_ui(ui, left, Layout::left_to_right(Align::Center), |ui| {
        if practice.is_recording() {
            let width = (left.width() - 90.0).clamp(60.0, 320.0);
            level::trail_ui(ui, &view.microphone.trail, width, practice.phase == Phase::Recording);
        }
        clock_ui(ui, view, practice);
    });
    let right = Rect::from_min_max(pos2(middle.right(), rect.top()), rect.max);
    let other = part_ui(ui, right, Layout::right_to_left(Align::Center), |ui| {
        others_ui(ui, view, practice, false)
    });
    action.or(other)
}

fn main_button_ui(ui: &mut Ui, view: &ViewModel, practice: &Practice, tall: bool) -> Option<Action> {
    let (button, action) = match practice.phase {
        Phase::Recording | Phase::Paused => (Button::recording("Stop").icon(Icon::Square).key("Space"), Action::Stop),
        Phase::Finishing => (
            Button::quiet("Writing it down").icon(Icon::Hourglass).enabled(false),
            Action::Stop,
        ),
        Phase::Typing => {
            let ready = !view.answer.draft.trim().is_empty();
            (Button::filled("See what is in it").enabled(ready), Action::KeepDraft)
        }
        _ if view.microphone.is_missing() && practice.source == VoiceOrSample::Voice => (
            Button::filled("Write your answer").icon(Icon::Keyboard).key("T"),
            Action::TypeInstead,
        ),
        _ => (Button::filled("Record").icon(Icon::Mic).key("Space"), Action::Record),
    };
    let button = if tall { button.tall() } else { button };
    button.show(ui).then_some(action)
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
        let color = if practice.phase == Phase::Recording {
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
        } else if practice.phase == Phase::Recording {
            remark_ui(ui, "Recording");
        }
    });
}

/// Under the clock: in one line, however little room there is.
fn remark_ui(ui: &mut Ui, message: &str) {
    ui.scope(|ui| {
        ui.style_mut().wrap_mode = Some(egui::TextWrapMode::Extend);
        text::remark(ui, message);
    });
}

fn others_ui(ui: &mut Ui, view: &ViewModel, practice: &Practice, short: bool) -> Option<Action> {
    ui.spacing_mut().item_spacing.x = space::XS;
    match practice.phase {
        Phase::Recording | Phase::Paused => {
            let over = other("Start over", Icon::RotateCcw, short).show(ui);
            let (word, icon) = if practice.phase == Phase::Paused {
                ("Go on", Icon::Play)
            } else {
                ("Pause", Icon::Pause)
            };
            let pause = other(word, icon, short).key("P").show(ui);
            over.then_some(Action::Ask(Confirmation::StartOver))
                .or(pause.then_some(Action::PauseOrResume))
        }
        Phase::Finishing => None,
        Phase::Typing => Button::plain("Speak instead")
            .icon(Icon::Mic)
            .key("Esc")
            .show(ui)
            .then_some(Action::DropDraft),
        _ => {
            let mut action = None;
            let last = practice.interview.at + 1 == practice.interview.turns.len();
            let missing = view.microphone.is_missing();
            if practice.interview.turns.len() > 1 || practice.interview.answered() > 0 {
                let word = if last { "Finish" } else { "Skip" };
                if other(word, Icon::SkipForward, short).show(ui) {
                    action = Some(Action::Skip);
                }
            }
            if missing {
                if other("Record", Icon::Mic, short).key("Space").show(ui) {
                    action = Some(Action::Record);
                }
            } else if other("Type instead", Icon::Keyboard, short).key("T").show(ui) {
                action = Some(Action::TypeInstead);
            }
            if practice.interview.at > 0 && !short && Button::plain("Back").icon(Icon::ArrowLeft).show(ui) {
                action = Some(Action::Back);
            }
            action
        }
    }
}

/// In a short foot the words stand without their pictures.
const fn other(word: &str, icon: Icon, short: bool) -> Button<'_> {
    if short {
        Button::plain(word)
    } else {
        Button::plain(word).icon(icon)
    }
}
