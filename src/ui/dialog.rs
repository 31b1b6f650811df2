//! Notices at the foot of the window, and confirmations before something cannot be undone.

use std::borrow::Cow;

use eframe::egui::{
    self, Align2, Area, CornerRadius, Frame, Id, Margin, Modal, Order, Panel, Stroke, Ui, accesskit::Live, vec2,
};
use lucide_icons::Icon;

use super::{
    action::{Actions, DialogAction},
    theme::{self, CARD_RADIUS, Tokens, space},
    view_model::{Confirmation, FileDrop, Notice, Screen, ViewModel},
    widgets::{Button, button, text},
};

/// The notice, at the foot of the window. On a question or an answer it covers the text; elsewhere it has a place of its
/// own, so that nothing that can be pressed is under it.
pub fn notice_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    let Some(notice) = &view.attention.notice else {
        return;
    };
    if view.screen == Screen::Practice {
        let area = Area::new(Id::unique("notice"))
            .order(Order::Foreground)
            // Above the foot.
            .anchor(Align2::CENTER_BOTTOM, vec2(0.0, -112.0));
        area.show(ui.ctx(), |ui| notice_card_ui(ui, notice, actions));
    } else {
        let panel = Panel::bottom("notice").show_separator_line(false).frame(Frame::new());
        panel.show(ui, |ui| {
            ui.vertical_centered(|ui| {
                ui.add_space(space::S);
                let width = notice_width(ui).min(ui.available_width());
                ui.allocate_ui(vec2(width, 0.0), |ui| notice_card_ui(ui, notice, actions));
                ui.add_space(space::L);
            });
        });
    }
}

fn notice_width(ui: &Ui) -> f32 {
    (ui.ctx().content_rect().width() - 4.0 * space::XL).min(600.0)
}

fn notice_card_ui(ui: &mut Ui, notice: &Notice, actions: &mut Actions) {
    let tokens = Tokens::of(ui);
    let (icon, message) = match notice {
        Notice::Error(message) | Notice::Unwritten { message, .. } => (Icon::TriangleAlert, message),
        Notice::Done(message) | Notice::Deleted(message) => (Icon::Check, message),
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
                ui.vertical(|ui| {
                    ui.set_max_width(
                        width
                            - if matches!(notice, Notice::Deleted(_)) {
                                250.0
                            } else {
                                130.0
                            },
                    );
                    let response = text::body_ui(ui, message);
                    ui.ctx()
                        .accesskit_node_builder(response.id, |node| node.set_live(Live::Polite));
                    write_elsewhere_ui(ui, notice, actions);
                });
                let can_undo = matches!(notice, Notice::Deleted(_));
                if can_undo && Button::quiet("Undo").icon(Icon::Undo2).show(ui) {
                    actions.push(DialogAction::Undo);
                }
                if Button::plain("Close").show(ui) {
                    actions.push(DialogAction::Dismiss);
                }
            });
        });
}

/// The offer to write a recording into another folder.
fn write_elsewhere_ui(ui: &mut Ui, notice: &Notice, actions: &mut Actions) {
    let Notice::Unwritten { take, folder, .. } = notice else {
        return;
    };
    if Button::quiet(&format!("Save it to {}", folder.display())).show(ui) {
        actions.push(DialogAction::WriteElsewhere {
            take: take.clone(),
            folder: folder.clone(),
        });
    }
}

/// What becomes of a file that is held over the window, once it is dropped.
pub fn file_over_window_ui(ui: &Ui, view: &ViewModel) {
    if ui.input(|input| input.raw.hovered_files.is_empty()) {
        return;
    }
    let message = match view.file_drop() {
        FileDrop::Posting => "Drop a job posting here to read it.",
        FileDrop::Answer => "Drop a recording here to use it as your answer.",
        FileDrop::AfterThisAnswer => "Finish this answer first. Then drop the recording.",
        FileDrop::NeedsQuestion => "Open a question first: a recording of your answer is dropped there.",
    };
    let tokens = Tokens::of(ui);
    let whole = ui.ctx().content_rect();
    Area::new(Id::unique("file over window"))
        .order(Order::Foreground)
        .interactable(false)
        .fixed_pos(whole.min)
        .show(ui.ctx(), |ui| {
            ui.painter()
                .rect_filled(whole, 0.0, tokens.surface.gamma_multiply(0.92));
            let frame = whole.shrink(space::XL);
            let stroke = Stroke::new(2.0, tokens.accent);
            let corners = CornerRadius::same(CARD_RADIUS);
            ui.painter()
                .rect_stroke(frame, corners, stroke, egui::StrokeKind::Inside);
            let middle = egui::Rect::from_center_size(whole.center(), vec2(frame.width() - 2.0 * space::XL, 80.0));
            let message = egui::RichText::new(message).font(theme::display(22.0));
            ui.put(middle, egui::Label::new(message));
        });
}

pub fn confirmation_ui(ui: &Ui, view: &ViewModel, actions: &mut Actions) {
    let Some(confirmation) = &view.attention.confirmation else {
        return;
    };
    let tokens = Tokens::of(ui);
    let (title, message, yes) = confirmation_text(confirmation, view);
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
            text::heading_ui(ui, title);
            text::soft_ui(ui, &message);
            ui.add_space(space::M);
            ui.horizontal(|ui| {
                let yes = Button::filled(yes).show(ui);
                let no = Button::quiet("Cancel").show(ui);
                (yes, no)
            })
            .inner
        });
    let (yes, no) = modal.inner;
    if yes {
        actions.push(DialogAction::Confirm);
    } else if no || modal.should_close() {
        actions.push(DialogAction::Dismiss);
    }
}

/// The question, what it means, and the label of the button that says yes.
fn confirmation_text(confirmation: &Confirmation, view: &ViewModel) -> (&'static str, Cow<'static, str>, &'static str) {
    let (title, message, yes) = match confirmation {
        Confirmation::KeepDays(days, old) => {
            let are = if *old == 1 { "is" } else { "are" };
            let message = format!(
                "From now on, recordings are deleted {days} days after they were made, whenever Aloud starts. \
                {} {are} older than that and will be deleted now. Transcripts, notes and insights are kept.",
                text::count(*old, "recording", "recordings")
            );
            return ("Delete older recordings?", message.into(), "Delete them");
        }
        Confirmation::CloseUnsaved => {
            let message = view.attention.not_saved.as_ref().map_or_else(
                || "Everything is saved now.".to_owned(),
                |not_saved| {
                    let (what, why) = (&not_saved.what, &not_saved.why);
                    format!("Not saved yet: {what}. {why} If you close now, it is lost.")
                },
            );
            return ("Close without saving?", message.into(), "Close anyway");
        }
        Confirmation::StartOver => (
            "Start this answer over?",
            "What you have recorded in this take is deleted. Earlier takes are kept.",
            "Start over",
        ),
        Confirmation::LeaveRecording => (
            "Leave while recording?",
            "The recording stops, and what you have said so far is kept. You can continue later.",
            "Stop and leave",
        ),
        Confirmation::DeleteInterview(_) => (
            "Delete this interview?",
            "Its recordings, transcripts and notes are deleted from this computer. You can undo this for a few seconds.",
            "Delete",
        ),
        Confirmation::DeleteInterviews(ids) => {
            let message = format!(
                "{} with their recordings, transcripts and notes are deleted from this computer. You can undo this for a \
                few seconds.",
                text::count(ids.len(), "interview", "interviews")
            );
            return ("Delete these interviews?", message.into(), "Delete");
        }
        Confirmation::DeleteFound(_) => (
            "Delete this recording?",
            "It is deleted from this computer. You can undo this for a few seconds.",
            "Delete",
        ),
        Confirmation::DeleteSounds => (
            "Delete all recordings?",
            "Every recording is deleted, including those without an answer. Transcripts, notes and insights are kept.",
            "Delete recordings",
        ),
        Confirmation::DeleteOwnQuestion(_) => (
            "Delete this question?",
            "It is taken out of your questions. Answers that you gave to it are kept. You can undo this for a few seconds.",
            "Delete it",
        ),
        Confirmation::DeleteAll => (
            "Delete everything?",
            "All interviews, recordings, notes, settings and your own questions are deleted. Speech models are kept. This cannot be undone.",
            "Delete everything",
        ),
    };
    (title, message.into(), yes)
}
