//! The question as it is asked: on screen with its parts, or only heard; and the time to get ready.

use eframe::egui::{Align, Layout, RichText, TextFormat, Ui, WidgetInfo, accesskit::Role, text::LayoutJob, vec2};
use lucide_icons::Icon;

use crate::{
    interview::{Practice, Turn},
    ui::{
        action::{Actions, ViewAction},
        command::UserCommand,
        theme::{self, Tokens, size, space},
        view_model::ViewModel,
        widgets::{Button, button, text},
    },
};

/// The question alone, above an answer in a window with little room: two lines at most.
pub(super) fn pinned_ui(ui: &mut Ui, view: &ViewModel, practice: &Practice) {
    if view.listens_only() {
        return;
    }
    let mut job = LayoutJob::single_section(
        practice.asked().unwrap_or_default().to_owned(),
        TextFormat {
            font_id: theme::display(17.0),
            color: Tokens::of(ui).ink,
            line_height: Some(23.0),
            ..TextFormat::default()
        },
    );
    job.wrap.max_width = ui.available_width();
    job.wrap.max_rows = 2;
    ui.label(job);
}

/// The question with its parts, and the button that reads it aloud.
pub(super) fn question_ui(
    ui: &mut Ui,
    view: &ViewModel,
    practice: &Practice,
    turn: &Turn,
    small: bool,
    actions: &mut Actions,
) {
    let question = &turn.question;
    let follow_up = practice.follow_up().is_some();
    let label = if practice.interview.sample {
        "sample answer".to_owned()
    } else if follow_up {
        "follow-up".to_owned()
    } else if question.topic.is_empty() {
        question.kind.name().to_owned()
    } else {
        format!("{} · {}", question.kind.name(), question.topic)
    };
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::L;
        ui.spacing_mut().interact_size.y = 0.0;
        text::caps_ui(ui, &label);
        // Where the system can. While a take is recorded, it waits meanwhile: nothing that is read gets into it.
        let read = UserCommand::ReadAloudOrStop;
        if read.is_available(view) {
            read.button_ui(ui, view, actions, read.button(view, Button::plain));
        }
    });
    ui.add_space(space::XS);
    if view.listens_only() {
        return listen_ui(ui, actions);
    }
    ui.scope(|ui| {
        ui.set_max_width(ui.available_width().min(680.0));
        let points = if small { 20.0 } else { size::QUESTION };
        let line = (points * 1.32_f32).round();
        ui.label(
            RichText::new(text::curly(practice.asked().unwrap_or_default()))
                .font(theme::display(points))
                .line_height(Some(line)),
        );
    });
    if follow_up {
        ui.add_space(space::XS);
        text::soft_ui(ui, &format!("After your answer to: {}", turn.asked()));
    } else if question.parts.len() > 1 {
        ui.add_space(space::S);
        parts_ui(ui, view, practice, &question.parts);
    }
}

/// The parts, numbered: beside each other where all fit in one line, else one under the other. While somebody speaks, those
/// that were heard are ticked.
fn parts_ui(ui: &mut Ui, view: &ViewModel, practice: &Practice, parts: &[String]) {
    let tokens = Tokens::of(ui);
    let heard = |index: usize| {
        let insights = view.answer.insights.as_ref().filter(|_| !practice.can_leave());
        let part = insights.and_then(|insights| insights.parts.get(index));
        part.is_some_and(|part| part.answered == Some(true))
    };
    let letters: usize = parts.iter().map(|part| part.chars().count() + 8).sum();
    let layout = if letters as f32 * 7.5 < ui.available_width() {
        Layout::left_to_right(Align::Min)
    } else {
        Layout::top_down(Align::Min)
    };
    ui.with_layout(layout, |ui| {
        ui.spacing_mut().item_spacing = vec2(space::XL, space::XS);
        for (index, part) in parts.iter().enumerate() {
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = space::S;
                if heard(index) {
                    // As high as the number that it stands for.
                    ui.vertical(|ui| {
                        ui.add_space(3.0);
                        button::icon_ui(ui, Icon::Check, 16.0, tokens.accent);
                    });
                    let response = text::body_ui(ui, part);
                    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{part}: heard")));
                } else {
                    let number = RichText::new((index + 1).to_string()).font(theme::semibold(size::TEXT));
                    ui.label(number.color(tokens.accent).line_height(Some(22.0)));
                    text::body_ui(ui, part);
                }
            });
        }
    });
}

/// In place of a question that is only read aloud.
fn listen_ui(ui: &mut Ui, actions: &mut Actions) {
    text::title_ui(ui, "Listen to the question");
    text::soft_ui(ui, "Write it down in your notes, as you would in the interview.");
    ui.add_space(space::S);
    if Button::plain("Show the question").icon(Icon::Eye).flush().show(ui) {
        actions.push(ViewAction::ShowQuestion);
    }
}

/// How long until the answer is recorded by itself.
pub(super) fn countdown_ui(ui: &mut Ui, seconds: f64, actions: &mut Actions) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::M;
        text::strong_ui(ui, &format!("Recording starts in {:.0} s", seconds.ceil()));
        if Button::quiet("Take more time").show(ui) {
            actions.push(ViewAction::StopCountdown);
        }
    });
}
