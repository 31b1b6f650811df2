//! Notices, each in a row of its own, and confirmations before something cannot be undone.

use std::borrow::Cow;

use eframe::egui::{
    self, Align, Area, CornerRadius, Frame, Id, Key, Layout, Margin, Memory, Modal, Order, Panel, Response, Stroke, Ui,
    accesskit::Live, vec2,
};
use lucide_icons::Icon;

use super::{
    action::{Actions, DialogAction, ExportAction},
    theme::{self, CARD_RADIUS, Tokens, space},
    view_model::{Confirmation, FileDrop, Notice, Screen, ViewModel},
    widgets::{Button, button, text},
};
use crate::interview::Phase;

/// The notice, in a row of its own at the foot of the window: nothing is under it. A screen with a foot of its own calls this
/// after that, so that its buttons stay where they are.
pub fn notice_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    let Some(notice) = &view.attention.notice else {
        return;
    };
    let panel = Panel::bottom("notice").show_separator_line(false).frame(Frame::new());
    panel.show(ui, |ui| {
        ui.vertical_centered(|ui| {
            ui.add_space(space::S);
            let width = notice_width(ui).min(ui.available_width());
            ui.allocate_ui(vec2(width, 0.0), |ui| notice_card_ui(ui, notice, actions));
            ui.add_space(space::M);
        });
    });
}

/// Whether the screen has a foot with the buttons of the question or the answer.
pub fn has_foot(view: &ViewModel) -> bool {
    let open = view.practice.as_ref().filter(|_| view.screen == Screen::Practice);
    open.is_some_and(|practice| practice.phase != Phase::Review)
}

fn notice_width(ui: &Ui) -> f32 {
    (ui.ctx().content_rect().width() - 2.0 * space::XL).min(640.0)
}

fn notice_card_ui(ui: &mut Ui, notice: &Notice, actions: &mut Actions) {
    const ICON: f32 = 18.0;
    let tokens = Tokens::of(ui);
    let (icon, message) = match notice {
        Notice::Error(message) | Notice::Unwritten { message, .. } => (Icon::TriangleAlert, Cow::from(message)),
        Notice::Done(message) | Notice::Deleted(message) => (Icon::Check, Cow::from(message)),
        Notice::Saved { path, remark } => {
            let remark = remark.as_deref().map(|remark| format!(". {remark}"));
            let message = format!("Saved as {}{}", path.display(), remark.unwrap_or_default());
            (Icon::Check, Cow::from(message))
        }
    };
    Frame::new()
        .fill(tokens.surface)
        .stroke(Stroke::new(1.0, tokens.soft))
        .corner_radius(CornerRadius::same(CARD_RADIUS))
        .inner_margin(Margin::symmetric(16, 8))
        .show(ui, |ui| {
            let room = ui.available_width();
            let close = Button::plain("Close");
            // Icon, words and button stand on one line, however many lines the words take.
            let undo = matches!(notice, Notice::Deleted(_)).then(|| Button::quiet("Undo").icon(Icon::Undo2));
            let buttons = close.width(ui) + undo.map_or(0.0, |undo| undo.width(ui) + space::S);
            let words = text::body_galley(ui, &message, room - ICON - 2.0 * space::S - buttons);
            let row = vec2(room, words.size().y.max(theme::CONTROL));
            ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = space::S;
                button::icon_ui(ui, icon, ICON, tokens.accent);
                let response = ui.label(words);
                ui.ctx()
                    .accesskit_node_builder(response.id, |node| node.set_live(Live::Polite));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if close.show(ui) {
                        actions.push(DialogAction::Dismiss);
                    }
                    if undo.is_some_and(|undo| undo.show(ui)) {
                        actions.push(DialogAction::Undo);
                    }
                });
            });
            write_elsewhere_ui(ui, notice, actions);
            show_in_folder_ui(ui, notice, actions);
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

/// The way to what was saved.
fn show_in_folder_ui(ui: &mut Ui, notice: &Notice, actions: &mut Actions) {
    let Notice::Saved { path, .. } = notice else {
        return;
    };
    if Button::plain("Show in folder").icon(Icon::FolderOpen).flush().show(ui) {
        actions.push(ExportAction::ShowInFolder(path.clone()));
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

/// Asks before something is done: Cancel first, with the keyboard on it, and the deed beside it.
pub fn confirmation_ui(ui: &Ui, view: &ViewModel, actions: &mut Actions) {
    let Some(confirmation) = &view.attention.confirmation else {
        return give_focus_back(ui);
    };
    // The dialog takes the keyboard from what is under it.
    let focused = ui.memory(Memory::focused);
    ui.data_mut(|data| {
        data.get_temp_mut_or(before_id(), focused);
    });
    let tokens = Tokens::of(ui);
    let (title, message, deed) = confirmation_text(confirmation, view);
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
            ui.horizontal_wrapped(|ui| {
                let cancel = Button::quiet(cancel_label(confirmation)).response(ui);
                let deed = if destroys(confirmation) {
                    Button::outlined(deed)
                } else {
                    Button::filled(deed)
                };
                let deed = deed.response(ui);
                keep_focus(ui, [&cancel, &deed]);
                (deed.clicked(), cancel.clicked())
            })
            .inner
        });
    let (yes, no) = modal.inner;
    if yes || no || modal.should_close() {
        actions.push(if yes {
            DialogAction::Confirm
        } else {
            DialogAction::Dismiss
        });
    }
}

/// The keyboard is on the first of these controls when they appear, and stays on one of them.
fn keep_focus(ui: &Ui, controls: [&Response; 2]) {
    let focused = ui.memory(Memory::focused);
    // After the last one, Tab leads to the first by itself, one frame later.
    let moves = focused.is_none() && ui.input(|input| input.key_pressed(Key::Tab));
    if moves || controls.iter().any(|control| Some(control.id) == focused) {
        return;
    }
    controls[0].request_focus();
}

/// Once the dialog is gone, the control that had the keyboard before has it again.
fn give_focus_back(ui: &Ui) {
    let before = ui.data(|data| data.get_temp::<Option<Id>>(before_id()));
    let Some(before) = before else {
        return;
    };
    ui.data_mut(|data| data.remove::<Option<Id>>(before_id()));
    if let Some(before) = before {
        ui.memory_mut(|memory| memory.request_focus(before));
    }
}

/// Under this the control is kept that had the keyboard before the dialog came up.
fn before_id() -> Id {
    Id::unique("had the keyboard before the question")
}

/// What the button says that leaves everything as it is.
const fn cancel_label(confirmation: &Confirmation) -> &'static str {
    match confirmation {
        Confirmation::LeaveRecording | Confirmation::StartOver => "Keep recording",
        Confirmation::KeepDays(..)
        | Confirmation::CloseUnsaved
        | Confirmation::ReplaceFile(_)
        | Confirmation::DeleteInterview(_)
        | Confirmation::DeleteInterviews(_)
        | Confirmation::DeleteFound(_)
        | Confirmation::DeleteSounds
        | Confirmation::DeleteOwnQuestion(_)
        | Confirmation::DeleteAll => "Cancel",
    }
}

/// Whether something is lost for good. It does not look like the next step then.
const fn destroys(confirmation: &Confirmation) -> bool {
    match confirmation {
        Confirmation::LeaveRecording => false,
        Confirmation::KeepDays(..)
        | Confirmation::CloseUnsaved
        | Confirmation::ReplaceFile(_)
        | Confirmation::StartOver
        | Confirmation::DeleteInterview(_)
        | Confirmation::DeleteInterviews(_)
        | Confirmation::DeleteFound(_)
        | Confirmation::DeleteSounds
        | Confirmation::DeleteOwnQuestion(_)
        | Confirmation::DeleteAll => true,
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
            return ("Delete older recordings?", message.into(), "Delete recordings");
        }
        Confirmation::ReplaceFile(path) => {
            let message = format!("{} already exists. Its contents will be lost.", path.display());
            return ("Replace this file?", message.into(), "Replace");
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
            "Delete question",
        ),
        Confirmation::DeleteAll => (
            "Delete everything?",
            "All interviews, recordings, notes, settings and your own questions are deleted. Speech models are kept. This cannot be undone.",
            "Delete everything",
        ),
    };
    (title, message.into(), yes)
}
