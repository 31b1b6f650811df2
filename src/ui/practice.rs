//! Practice: the question, what is being said, notes beside it, and one button at the foot.

use eframe::egui::{self, Align, Layout, Rect, RichText, ScrollArea, Stroke, Ui, pos2, vec2};
use lucide_icons::Icon;

use super::{
    action::Action,
    foot_ui, microphone, paper, part_ui,
    scene::{Asked, Scene},
    theme::{self, MEASURE, Tokens, size, space},
    widgets::{
        Button, button, field, level, text,
        transcript::{Reading, transcript_ui},
    },
};
use crate::{
    interview::{Interview, Phase, SampleOrVoice, Turn},
    question::Question,
};

/// Width of the notes and hints.
const ASIDE: f32 = 300.0;

pub fn practice_ui(ui: &mut Ui, scene: &Scene) -> Option<Action> {
    let interview = scene.interview.as_ref()?;
    let turn = interview.turn()?;
    let narrow = ui.available_width() < 760.0;
    // Large text leaves few lines: the foot gives most of them to the question.
    let short = narrow || ui.available_height() < 420.0;
    let foot = foot_ui(ui, if short { 60.0 } else { 104.0 }, |ui| {
        controls_ui(ui, scene, interview, short)
    });
    let body = paper(ui, |ui| {
        if narrow {
            stacked_ui(ui, scene, interview, turn)
        } else {
            beside_ui(ui, scene, interview, turn)
        }
    });
    foot.or(body)
}

fn beside_ui(ui: &mut Ui, scene: &Scene, interview: &Interview, turn: &Turn) -> Option<Action> {
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
        main_ui(ui, scene, interview, turn)
    });
    let second = part_ui(ui, aside, Layout::top_down(Align::Min), |ui| {
        ScrollArea::vertical()
            .id_salt(("aside", interview.at))
            .auto_shrink(false)
            .show(ui, |ui| {
                ui.add_space(space::XXL);
                aside_ui(ui, scene, turn)
            })
            .inner
    });
    first.or(second)
}

fn stacked_ui(ui: &mut Ui, scene: &Scene, interview: &Interview, turn: &Turn) -> Option<Action> {
    ScrollArea::vertical()
        .id_salt(("practice", interview.at))
        .auto_shrink(false)
        .show(ui, |ui| {
            super::column_ui(ui, 640.0, |ui| {
                let small = small(ui, interview);
                let read = question_ui(ui, scene, interview, &turn.question, small);
                ui.add_space(space::L);
                let said = said_ui(ui, scene, interview);
                ui.add_space(space::XL);
                read.or(said).or(aside_ui(ui, scene, turn))
            })
        })
        .inner
}

fn main_ui(ui: &mut Ui, scene: &Scene, interview: &Interview, turn: &Turn) -> Option<Action> {
    ScrollArea::vertical()
        .id_salt(("said", interview.at))
        .auto_shrink(false)
        .stick_to_bottom(interview.is_recording())
        .show(ui, |ui| {
            ui.add_space(space::XXL);
            let small = small(ui, interview);
            let read = question_ui(ui, scene, interview, &turn.question, small);
            ui.add_space(if small { space::L } else { space::XL });
            let action = said_ui(ui, scene, interview);
            ui.add_space(space::XL);
            read.or(action)
        })
        .inner
}

/// In a small window the question makes room for what is said, once it is being said.
fn small(ui: &Ui, interview: &Interview) -> bool {
    interview.phase != Phase::Asking && ui.ctx().content_rect().height() < 640.0
}

/// The question with its parts, and the way to hear it.
fn question_ui(ui: &mut Ui, scene: &Scene, interview: &Interview, question: &Question, small: bool) -> Option<Action> {
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
            read_ui(ui, scene, interview)
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
fn read_ui(ui: &mut Ui, scene: &Scene, interview: &Interview) -> Option<Action> {
    if !scene.can_read || !matches!(interview.phase, Phase::Asking | Phase::Typing) {
        return None;
    }
    let (word, icon) = if scene.reading {
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
fn said_ui(ui: &mut Ui, scene: &Scene, interview: &Interview) -> Option<Action> {
    ui.set_max_width(MEASURE.min(ui.available_width()));
    match interview.phase {
        Phase::Typing => typing_ui(ui, scene),
        Phase::Recording | Phase::Paused | Phase::Finishing => {
            live_ui(ui, scene, interview);
            None
        }
        _ => {
            let says = if scene.microphone.is_missing() {
                "Press T and write your answer as you would say it."
            } else {
                "Press Space and answer as you would in the room. One to two minutes is common."
            };
            text::soft(ui, says);
            ui.add_space(space::M);
            let status = microphone::status_ui(ui, scene);
            ui.add_space(space::S);
            status.or(microphone::model_ui(ui, scene))
        }
    }
}

fn live_ui(ui: &mut Ui, scene: &Scene, interview: &Interview) {
    let live = &interview.live;
    if live.settled.words.is_empty() && live.tentative.is_empty() {
        let says = match interview.phase {
            Phase::Paused => "Paused. What you say now is left out.",
            Phase::Finishing => "Writing down the last words.",
            _ => "Go ahead. Your words appear here.",
        };
        text::soft(ui, says);
    } else {
        transcript_ui(
            ui,
            Reading {
                tentative: &live.tentative,
                live: true,
                ..Reading::plain(&live.settled)
            },
        );
    }
    if interview.is_recording() {
        microphone::model_ui(ui, scene);
    }
}

fn typing_ui(ui: &mut Ui, scene: &Scene) -> Option<Action> {
    let changed = field::area_ui(ui, "Your answer", &scene.draft, "Write as you would say it.", 9, 17.0);
    changed.map(Action::Draft)
}

fn aside_ui(ui: &mut Ui, scene: &Scene, turn: &Turn) -> Option<Action> {
    let mut action = None;
    text::caps(ui, "Notes");
    ui.add_space(space::XS);
    let rows = if turn.question.parts.len() > 3 { 7 } else { 5 };
    if let Some(notes) = field::area_ui(ui, "Notes", &turn.notes, "Kept with your answer", rows, size::TEXT) {
        action = Some(Action::Notes(notes));
    }
    ui.add_space(space::XL);
    if scene
        .interview
        .as_ref()
        .is_some_and(|interview| interview.is_recording() || interview.phase == Phase::Finishing)
    {
        heard_ui(ui, scene);
        ui.add_space(space::XL);
    }
    action.or(help_ui(ui, scene, &turn.question))
}

/// The points and terms that have been heard: little, and only what is there.
fn heard_ui(ui: &mut Ui, scene: &Scene) {
    let tokens = Tokens::of(ui);
    text::caps(ui, "Heard so far");
    ui.add_space(space::XS);
    let insights = scene.insights.as_ref();
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
fn help_ui(ui: &mut Ui, scene: &Scene, question: &Question) -> Option<Action> {
    let mut action = None;
    let hint = [question.hint.trim(), question.why.trim()];
    if hint.iter().any(|text| !text.is_empty()) {
        if Button::plain(if scene.hint_shown { "Hide the hint" } else { "Hint" })
            .icon(Icon::Lightbulb)
            .flush()
            .show(ui)
        {
            action = Some(Action::ShowHint);
        }
        if scene.hint_shown {
            indented(ui, |ui| {
                text::body(ui, hint[0]);
                if !hint[1].is_empty() {
                    text::soft(ui, &format!("Why it is asked: {}", hint[1]));
                }
            });
        }
    }
    if !question.sample_answer.trim().is_empty() {
        let word = if scene.sample_shown {
            "Hide the sample answer"
        } else {
            "Sample answer"
        };
        if Button::plain(word).icon(Icon::MessageSquareText).flush().show(ui) {
            action = Some(Action::ShowSample);
        }
        if scene.sample_shown {
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
fn controls_ui(ui: &mut Ui, scene: &Scene, interview: &Interview, short: bool) -> Option<Action> {
    let rect = ui.max_rect();
    if short {
        return part_ui(ui, rect, Layout::left_to_right(Align::Center), |ui| {
            let action = main_button_ui(ui, scene, interview, false);
            clock_ui(ui, scene, interview);
            let other = ui
                .with_layout(Layout::right_to_left(Align::Center), |ui| {
                    others_ui(ui, scene, interview, true)
                })
                .inner;
            action.or(other)
        });
    }
    let middle = Rect::from_center_size(rect.center(), vec2(300.0, rect.height()));
    let action = part_ui(ui, middle, Layout::top_down(Align::Center), |ui| {
        ui.add_space((rect.height() - 48.0) / 2.0);
        main_button_ui(ui, scene, interview, true)
    });
    let left = Rect::from_min_max(rect.min, pos2(middle.left(), rect.bottom()));
    part_ui(ui, left, Layout::left_to_right(Align::Center), |ui| {
        if interview.is_recording() {
            let width = (left.width() - 90.0).clamp(60.0, 320.0);
            level::trail_ui(ui, &scene.microphone.trail, width, interview.phase == Phase::Recording);
        }
        clock_ui(ui, scene, interview);
    });
    let right = Rect::from_min_max(pos2(middle.right(), rect.top()), rect.max);
    let other = part_ui(ui, right, Layout::right_to_left(Align::Center), |ui| {
        others_ui(ui, scene, interview, false)
    });
    action.or(other)
}

fn main_button_ui(ui: &mut Ui, scene: &Scene, interview: &Interview, tall: bool) -> Option<Action> {
    let (button, action) = match interview.phase {
        Phase::Recording | Phase::Paused => (Button::recording("Stop").icon(Icon::Square).key("Space"), Action::Stop),
        Phase::Finishing => (
            Button::quiet("Writing it down").icon(Icon::Hourglass).enabled(false),
            Action::Stop,
        ),
        Phase::Typing => {
            let ready = !scene.draft.trim().is_empty();
            (Button::filled("See what is in it").enabled(ready), Action::KeepDraft)
        }
        _ if scene.microphone.is_missing() && interview.source == SampleOrVoice::Voice => (
            Button::filled("Write your answer").icon(Icon::Keyboard).key("T"),
            Action::TypeInstead,
        ),
        _ => (Button::filled("Record").icon(Icon::Mic).key("Space"), Action::Record),
    };
    let button = if tall { button.tall() } else { button };
    button.show(ui).then_some(action)
}

fn clock_ui(ui: &mut Ui, scene: &Scene, interview: &Interview) {
    let tokens = Tokens::of(ui);
    if !interview.is_recording() && interview.phase != Phase::Finishing {
        return;
    }
    ui.add_space(space::M);
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.add_space(((ui.available_height() - 44.0) / 2.0).max(0.0));
        let color = if interview.phase == Phase::Recording {
            tokens.recording
        } else {
            tokens.soft
        };
        ui.label(
            RichText::new(text::clock(scene.seconds))
                .font(theme::medium(22.0))
                .color(color),
        );
        let behind = interview.live.behind.filter(|seconds| *seconds >= 1.0);
        if let Some(seconds) = behind {
            remark_ui(ui, &format!("Words {seconds:.0} s behind"));
        } else if interview.phase == Phase::Paused {
            remark_ui(ui, "Paused");
        } else if interview.phase == Phase::Recording {
            remark_ui(ui, "Recording");
        }
    });
}

/// Under the clock: in one line, however little room there is.
fn remark_ui(ui: &mut Ui, says: &str) {
    ui.scope(|ui| {
        ui.style_mut().wrap_mode = Some(egui::TextWrapMode::Extend);
        text::remark(ui, says);
    });
}

fn others_ui(ui: &mut Ui, scene: &Scene, interview: &Interview, short: bool) -> Option<Action> {
    ui.spacing_mut().item_spacing.x = space::XS;
    match interview.phase {
        Phase::Recording | Phase::Paused => {
            let over = other("Start over", Icon::RotateCcw, short).show(ui);
            let (word, icon) = if interview.phase == Phase::Paused {
                ("Go on", Icon::Play)
            } else {
                ("Pause", Icon::Pause)
            };
            let pause = other(word, icon, short).key("P").show(ui);
            over.then_some(Action::Ask(Asked::StartOver))
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
            let last = interview.at + 1 == interview.turns.len();
            let missing = scene.microphone.is_missing();
            if interview.turns.len() > 1 || interview.answered() > 0 {
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
            if interview.at > 0 && !short && Button::plain("Back").icon(Icon::ArrowLeft).show(ui) {
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
