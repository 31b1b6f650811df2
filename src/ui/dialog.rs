//! What is said at the foot of the window, and what is asked before something cannot be undone.

use std::borrow::Cow;

use eframe::egui::{
    self, Align2, Area, CornerRadius, Frame, Id, Margin, Modal, Order, Panel, Stroke, Ui, accesskit::Live, vec2,
};
use lucide_icons::Icon;

use super::{
    action::Action,
    theme::{CARD_RADIUS, Tokens, space},
    view_model::{Confirmation, Notice, Screen, ViewModel},
    widgets::{Button, button, text},
};

/// What is told, at the foot of the window. On a question or an answer it lies over the words; elsewhere it takes a
/// place of its own, so that nothing that can be pressed is under it.
pub fn notice_ui(ui: &mut Ui, view: &ViewModel) -> Option<Action> {
    let notice = view.attention.notice.as_ref()?;
    if view.screen == Screen::Practice {
        let area = Area::new(Id::unique("notice"))
            .order(Order::Foreground)
            // Above the foot.
            .anchor(Align2::CENTER_BOTTOM, vec2(0.0, -112.0));
        area.show(ui.ctx(), |ui| told_ui(ui, notice)).inner
    } else {
        let panel = Panel::bottom("notice").show_separator_line(false).frame(Frame::new());
        let inner = panel.show(ui, |ui| {
            let told = ui.vertical_centered(|ui| {
                ui.add_space(space::S);
                let width = notice_width(ui).min(ui.available_width());
                let pressed = ui.allocate_ui(vec2(width, 0.0), |ui| told_ui(ui, notice)).inner;
                ui.add_space(space::L);
                pressed
            });
            told.inner
        });
        inner.inner
    }
}

fn notice_width(ui: &Ui) -> f32 {
    (ui.ctx().content_rect().width() - 4.0 * space::XL).min(600.0)
}

fn told_ui(ui: &mut Ui, notice: &Notice) -> Option<Action> {
    let tokens = Tokens::of(ui);
    let (icon, message) = match notice {
        Notice::Error(message) | Notice::Unwritten { message, .. } => (Icon::TriangleAlert, message),
        Notice::Done(message) => (Icon::Check, message),
    };
    let width = notice_width(ui);
    Frame::new()
        .fill(tokens.surface)
        .stroke(Stroke::new(1.0, tokens.soft))
        .corner_radius(CornerRadius::same(CARD_RADIUS))
        .inner_margin(Margin::symmetric(16, 12))
        .shadow(ui.visuals().popup_shadow)
        .show(ui, |ui| {
            ui.horizontal(|ui| {
                button::icon_ui(ui, icon, 18.0, tokens.accent);
                let told = ui.vertical(|ui| {
                    ui.set_max_width(width - 130.0);
                    let response = text::body(ui, message);
                    ui.ctx()
                        .accesskit_node_builder(response.id, |node| node.set_live(Live::Polite));
                    elsewhere_ui(ui, notice)
                });
                let elsewhere = told.inner;
                let close = Button::plain("Close").show(ui).then_some(Action::Dismiss);
                elsewhere.or(close)
            })
            .inner
        })
        .inner
}

/// The offer to write a recording into another folder.
fn elsewhere_ui(ui: &mut Ui, notice: &Notice) -> Option<Action> {
    let Notice::Unwritten { take, folder, .. } = notice else {
        return None;
    };
    let word = format!("Save it to {}", folder.display());
    Button::quiet(&word).show(ui).then(|| Action::WriteElsewhere {
        take: take.clone(),
        folder: folder.clone(),
    })
}

pub fn asked_ui(ui: &Ui, view: &ViewModel) -> Option<Action> {
    let confirmation = view.attention.confirmation.as_ref()?;
    let tokens = Tokens::of(ui);
    let (title, message, yes) = words(confirmation, view);
    let frame = Frame::new()
        .fill(tokens.surface)
        .stroke(Stroke::new(1.0, tokens.line))
        .corner_radius(CornerRadius::same(CARD_RADIUS))
        .inner_margin(Margin::same(24));
    let modal = Modal::new(Id::unique("asked"))
        .frame(frame)
        .backdrop_color(egui::Color32::from_black_alpha(90))
        .show(ui.ctx(), |ui| {
            ui.set_width(400.0_f32.min(ui.ctx().content_rect().width() - 96.0));
            text::heading(ui, title);
            text::soft(ui, &message);
            ui.add_space(space::M);
            ui.horizontal(|ui| {
                if Button::filled(yes).show(ui) {
                    return Some(Action::Confirm);
                }
                Button::quiet("Cancel").show(ui).then_some(Action::Dismiss)
            })
            .inner
        });
    let away = modal.should_close().then_some(Action::Dismiss);
    modal.inner.or(away)
}

/// What is asked, what it means, and the word for yes.
fn words(confirmation: &Confirmation, view: &ViewModel) -> (&'static str, Cow<'static, str>, &'static str) {
    let (title, message, yes) = match confirmation {
        Confirmation::KeepDays(days, old) => {
            let are = if *old == 1 { "is" } else { "are" };
            let message = format!(
                "From now on the sound of an answer is deleted {days} days after you gave it, when Aloud starts. \
                {} {are} older than that and deleted now. Transcripts, notes and insights stay.",
                text::count(*old, "recording", "recordings")
            );
            return ("Delete older recordings?", message.into(), "Delete them");
        }
        Confirmation::CloseUnsaved => {
            let message = view.attention.not_saved.as_ref().map_or_else(
                || "Everything is saved by now.".to_owned(),
                |not_saved| {
                    let (what, why) = (&not_saved.what, &not_saved.why);
                    format!("Not saved yet: {what}. {why} What you close now without saving is lost.")
                },
            );
            return ("Close without saving?", message.into(), "Close anyway");
        }
        Confirmation::StartOver => (
            "Start this answer over?",
            "What you have recorded of this take is deleted. Earlier takes stay.",
            "Start over",
        ),
        Confirmation::LeaveRecording => (
            "Leave while recording?",
            "The recording stops and what you said so far is kept. You can go on later.",
            "Stop and leave",
        ),
        Confirmation::DeleteInterview(_) => (
            "Delete this interview?",
            "Its recordings, transcripts and notes are deleted from this computer. This cannot be undone.",
            "Delete",
        ),
        Confirmation::DeleteFound(_) => (
            "Delete this recording?",
            "It is deleted from this computer. This cannot be undone.",
            "Delete",
        ),
        Confirmation::DeleteSounds => (
            "Delete all recordings?",
            "The sound of every answer is deleted, and so are recordings that belong to none. Transcripts, notes and insights stay.",
            "Delete recordings",
        ),
        Confirmation::DeleteAll => (
            "Delete everything?",
            "All interviews, recordings, notes, settings and your own questions are deleted. Speech models stay. This cannot be undone.",
            "Delete everything",
        ),
    };
    (title, message.into(), yes)
}
