//! What is seen: one file for each screen, the theme, and widgets. Screens read the [`ViewModel`] and give back an
//! [`Action`]; they change nothing, wait for nothing, and know no file and no clock.

use eframe::egui::{
    self, CentralPanel, CornerRadius, Frame, Layout, Margin, Panel, ScrollArea, Stroke, Ui, UiBuilder, vec2,
};

pub mod action;
pub mod answer;
pub mod dialog;
pub mod history;
pub mod home;
pub mod keys;
pub mod library;
pub mod message;
pub mod microphone;
pub mod own;
pub mod past;
pub mod practice;
pub mod prepare;
pub mod progress;
pub mod review;
pub mod settings;
pub mod shortcuts;
pub mod status;
pub mod terms;
pub mod theme;
pub mod topbar;
pub mod view_model;
pub mod widgets;

pub use action::{Action, Export};
pub use view_model::{Screen, ViewModel};

use self::theme::{Tokens, space};
use crate::interview::Phase;

/// The whole window.
pub fn window_ui(ui: &mut Ui, view: &ViewModel) -> Option<Action> {
    let short = ui.available_height() < 420.0;
    let bar = Panel::top("top bar")
        .exact_size(if short { 44.0 } else { 56.0 })
        .show_separator_line(false)
        .frame(Frame::new().inner_margin(Margin::symmetric(24, 0)))
        .show(ui, |ui| topbar::topbar_ui(ui, view))
        .inner;
    status::status_ui(ui, view);
    let notice = dialog::notice_ui(ui, view);
    let screen = match view.screen {
        Screen::Home => home::home_ui(ui, view),
        Screen::Practice => match view.practice.as_ref().map(|practice| practice.phase) {
            None => home::home_ui(ui, view),
            Some(Phase::Review) => review::review_ui(ui, view),
            Some(Phase::Answered | Phase::Correcting) => answer::answer_ui(ui, view),
            Some(_) => practice::practice_ui(ui, view),
        },
        Screen::Library => library::library_ui(ui, view),
        Screen::Prepare => prepare::prepare_ui(ui, view),
        Screen::Own => own::own_ui(ui, view),
        Screen::Terms => terms::terms_ui(ui, view),
        Screen::History => history::history_ui(ui, view),
        Screen::Progress => progress::progress_ui(ui, view),
        Screen::Settings => settings::settings_ui(ui, view),
        Screen::Shortcuts => shortcuts::shortcuts_ui(ui, view),
    };
    let confirmation = dialog::asked_ui(ui, view);
    confirmation.or(notice).or(screen).or(bar)
}

/// A screen that is one column on the paper, as wide as reads well, scrolled where it is long.
fn page_ui<R>(ui: &mut Ui, name: &str, width: f32, content: impl FnOnce(&mut Ui) -> R) -> R {
    paper(ui, |ui| {
        ScrollArea::vertical()
            .id_salt(name)
            .auto_shrink(false)
            .show(ui, |ui| column_ui(ui, width, content))
            .inner
    })
}

/// The paper below the top bar. Its colour is what the window is cleared with: nothing of it is painted.
fn paper<R>(ui: &mut Ui, content: impl FnOnce(&mut Ui) -> R) -> R {
    CentralPanel::default().frame(Frame::new()).show(ui, content).inner
}

/// A column in the middle, with air around it.
fn column_ui<R>(ui: &mut Ui, width: f32, content: impl FnOnce(&mut Ui) -> R) -> R {
    let room = ui.available_width();
    let short = ui.ctx().content_rect().height() < 640.0;
    let margin = if room < 700.0 { space::XL } else { space::HUGE };
    let width = width.min(room - 2.0 * margin);
    let side = ((room - width) / 2.0).max(margin);
    let inner = ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.add_space(side);
        ui.vertical(|ui| {
            ui.set_width(width);
            ui.spacing_mut().item_spacing = vec2(space::S, space::S);
            ui.add_space(if short { space::L } else { space::XXL });
            let result = content(ui);
            ui.add_space(space::HUGE);
            result
        })
        .inner
    });
    inner.inner
}

/// A bar at the foot, with a hairline above it.
fn foot_ui<R>(ui: &mut Ui, height: f32, content: impl FnOnce(&mut Ui) -> R) -> R {
    let tokens = Tokens::of(ui);
    Panel::bottom("foot")
        .exact_size(height)
        .show_separator_line(false)
        .frame(Frame::new().inner_margin(Margin::symmetric(32, 0)))
        .show(ui, |ui| {
            let rect = ui.max_rect();
            ui.painter()
                .hline(rect.x_range().expand(32.0), rect.top(), Stroke::new(1.0, tokens.line));
            content(ui)
        })
        .inner
}

/// A part of the window with its own layout.
fn part_ui<R>(ui: &mut Ui, rect: egui::Rect, layout: Layout, content: impl FnOnce(&mut Ui) -> R) -> R {
    ui.scope_builder(UiBuilder::new().max_rect(rect).layout(layout), content)
        .inner
}

/// Two columns, or one above the other where the first would be narrower than `least`.
fn split_ui<A, B>(
    ui: &mut Ui,
    side: f32,
    least: f32,
    main: impl FnOnce(&mut Ui) -> A,
    aside: impl FnOnce(&mut Ui) -> B,
) -> (A, B) {
    let gap = 56.0;
    let room = ui.available_width();
    if room < side + gap + least {
        let first = main(ui);
        ui.add_space(space::XL);
        let second = aside(ui);
        return (first, second);
    }
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let first = ui
            .vertical(|ui| {
                ui.set_width(room - side - gap);
                ui.spacing_mut().item_spacing.x = space::S;
                main(ui)
            })
            .inner;
        ui.add_space(gap);
        let second = ui
            .vertical(|ui| {
                ui.set_width(side);
                ui.spacing_mut().item_spacing.x = space::S;
                aside(ui)
            })
            .inner;
        (first, second)
    })
    .inner
}

/// A row that lights up under the pointer and can be pressed as a whole.
fn row_ui(ui: &mut Ui, name: &str, content: impl FnOnce(&mut Ui)) -> bool {
    let tokens = Tokens::of(ui);
    let slot = ui.painter().add(egui::Shape::Noop);
    let inner = Frame::new().inner_margin(Margin::symmetric(12, 10)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = space::XS;
        content(ui);
    });
    let rect = inner.response.rect;
    let response = ui.interact(rect, ui.scope_id().with(("row", name)), egui::Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Button, true, name));
    if response.hovered() || response.has_focus() {
        ui.painter().set(
            slot,
            egui::Shape::rect_filled(rect, CornerRadius::same(theme::CONTROL_RADIUS), tokens.hover),
        );
    }
    widgets::focus_ring(ui.painter(), tokens, &response, theme::CONTROL_RADIUS);
    response.clicked()
}
