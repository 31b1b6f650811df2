//! What is seen: one file for each screen, the theme, and widgets. Screens read the [`ViewModel`] and push what is asked
//! for into [`Actions`]; they change nothing, wait for nothing, and know no file and no clock.

use eframe::egui::{
    self, Align, CentralPanel, CornerRadius, Frame, Layout, Margin, Panel, ScrollArea, Stroke, Ui, UiBuilder, vec2,
};

pub mod action;
pub mod answer;
pub mod command;
pub mod dialog;
pub mod history;
pub mod home;
pub mod keys;
pub mod library;
pub mod message;
pub mod microphone;
pub mod own;
pub mod palette;
pub mod past;
pub mod practice;
pub mod prepare;
pub mod progress;
pub mod question_list;
pub mod review;
pub mod settings;
pub mod shortcuts;
pub mod status;
pub mod terms;
pub mod theme;
pub mod topbar;
pub mod view_model;
pub mod welcome;
pub mod widgets;

pub use action::{Action, Actions, Export};
pub use view_model::{Screen, ViewModel};

use self::theme::{Tokens, space};
use crate::interview::Phase;

/// The whole window.
pub fn window_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    let short = ui.available_height() < 420.0;
    // The bar is laid out first; what is typed on the screen comes before what leaves it.
    let mut bar_actions = Actions::default();
    Panel::top("top bar")
        .exact_size(if short { 44.0 } else { 56.0 })
        .show_separator_line(false)
        .frame(Frame::new().inner_margin(Margin::symmetric(24, 0)))
        .show(ui, |ui| topbar::topbar_ui(ui, view, &mut bar_actions));
    status::status_ui(ui, view);
    let mut notice_actions = Actions::default();
    if !dialog::has_foot(view) {
        dialog::notice_ui(ui, view, &mut notice_actions);
    }
    // A page that is opened anew begins at its top; an answer stands where it was left, whenever that was.
    let interview = view.interview().filter(|_| view.screen == Screen::Practice);
    let place = interview.map_or_else(|| view.visit.to_string(), |interview| interview.id.clone());
    ui.push_id(place, |ui| screen_ui(ui, view, actions));
    actions.extend(bar_actions.into_vec());
    actions.extend(notice_actions.into_vec());
    dialog::confirmation_ui(ui, view, actions);
    palette::palette_ui(ui, view, actions);
    dialog::file_over_window_ui(ui, view);
}

fn screen_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    match view.screen {
        Screen::Home => home::home_ui(ui, view, actions),
        Screen::Practice => match view.practice.as_ref().map(|practice| practice.phase) {
            None => home::home_ui(ui, view, actions),
            Some(Phase::Review) => review::review_ui(ui, view, actions),
            Some(Phase::Answered | Phase::Correcting) => answer::answer_ui(ui, view, actions),
            Some(Phase::Asking | Phase::Typing | Phase::Recording | Phase::Paused | Phase::Finishing) => {
                practice::practice_ui(ui, view, actions);
            }
        },
        Screen::Library => library::library_ui(ui, view, actions),
        Screen::Prepare => prepare::prepare_ui(ui, view, actions),
        Screen::Own => own::own_ui(ui, view, actions),
        Screen::Terms => terms::terms_ui(ui, view, actions),
        Screen::History => history::history_ui(ui, view, actions),
        Screen::Progress => progress::progress_ui(ui, view, actions),
        Screen::Settings => settings::settings_ui(ui, view, actions),
        Screen::Shortcuts => shortcuts::shortcuts_ui(ui),
        Screen::Welcome => welcome::welcome_ui(ui, view, actions),
    }
}

/// A screen that is one column on the paper, as wide as reads well, scrolled where it is long.
fn page_ui(ui: &mut Ui, name: &str, width: f32, content: impl FnOnce(&mut Ui)) {
    paper_ui(ui, |ui| {
        ScrollArea::vertical()
            .id_salt(name)
            .auto_shrink(false)
            .show(ui, |ui| column_ui(ui, width, content));
    });
}

/// The paper below the top bar. Its colour is what the window is cleared with: nothing of it is painted.
fn paper_ui<R>(ui: &mut Ui, content: impl FnOnce(&mut Ui) -> R) -> R {
    CentralPanel::default().frame(Frame::new()).show(ui, content).inner
}

/// A column in the middle, with air around it.
fn column_ui(ui: &mut Ui, width: f32, content: impl FnOnce(&mut Ui)) {
    let short = ui.ctx().content_rect().height() < 640.0;
    centered_ui(ui, width, |ui| {
        ui.add_space(if short { space::L } else { space::XXL });
        content(ui);
        ui.add_space(space::HUGE);
    });
}

/// A column in the middle, with air at its sides.
fn centered_ui(ui: &mut Ui, width: f32, content: impl FnOnce(&mut Ui)) {
    let room = ui.available_width();
    let margin = if room < 700.0 { space::XL } else { space::HUGE };
    let width = width.min(room - 2.0 * margin);
    let side = ((room - width) / 2.0).max(margin);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.add_space(side);
        ui.vertical(|ui| {
            ui.set_width(width);
            ui.spacing_mut().item_spacing = vec2(space::S, space::S);
            content(ui);
        });
    });
}

/// A page with a bar at its foot, under a hairline. What stands on the page comes first, and so it does for the keyboard and
/// for screen readers.
fn footed_ui(ui: &mut Ui, foot: f32, content: impl FnOnce(&mut Ui), bar: impl FnOnce(&mut Ui)) {
    let tokens = Tokens::of(ui);
    let room = ui.available_rect_before_wrap();
    // Large text leaves little room, and most of it to what is above.
    let margin = if room.width() < 700.0 { space::L } else { space::XXL };
    let split = (room.bottom() - foot).max(room.top());
    let above = room.with_max_y(split);
    ui.scope_builder(UiBuilder::new().max_rect(above), |ui| {
        ui.shrink_clip_rect(above);
        content(ui);
    });
    let below = room.with_min_y(split);
    ui.painter().hline(room.x_range(), split, Stroke::new(1.0, tokens.line));
    let inner = below.shrink2(vec2(margin, 0.0));
    ui.scope_builder(UiBuilder::new().max_rect(inner), bar);
    ui.advance_cursor_after_rect(room);
}

/// Content at the right end of a row, laid out from left to right as the keyboard goes through it. How wide it is was
/// measured in the frame before; where that has changed, this frame is laid out once more.
fn at_right_ui(ui: &mut Ui, name: &str, content: impl FnOnce(&mut Ui)) {
    let id = ui.scope_id().with(("at right", name));
    let room = ui.available_rect_before_wrap();
    let known: f32 = ui.data(|data| data.get_temp(id)).unwrap_or(0.0);
    let rect = room.with_min_x((room.right() - known).max(room.left()));
    let builder = UiBuilder::new()
        .max_rect(rect)
        .layout(Layout::left_to_right(Align::Center));
    let width = ui.scope_builder(builder, content).response.rect.width();
    if (width - known).abs() > 0.5 {
        ui.data_mut(|data| data.insert_temp(id, width));
        ui.ctx().request_discard("the width of what stands at the right");
    }
}

/// A part of the window with its own layout.
fn part_ui(ui: &mut Ui, rect: egui::Rect, layout: Layout, content: impl FnOnce(&mut Ui)) {
    ui.scope_builder(UiBuilder::new().max_rect(rect).layout(layout), content);
}

/// The columns of [`split_ui`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Main,
    Aside,
}

/// Between the columns of [`split_ui`].
const COLUMN_GAP: f32 = 56.0;

/// Whether [`split_ui`] has one column above the other.
fn is_stacked(ui: &Ui, side: f32, least: f32) -> bool {
    ui.available_width() < side + COLUMN_GAP + least
}

/// Two columns, or one above the other where the first would be narrower than `least`.
fn split_ui(ui: &mut Ui, side: f32, least: f32, mut content: impl FnMut(&mut Ui, Column)) {
    let gap = COLUMN_GAP;
    let room = ui.available_width();
    if is_stacked(ui, side, least) {
        content(ui, Column::Main);
        ui.add_space(space::XL);
        content(ui, Column::Aside);
        return;
    }
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.vertical(|ui| {
            ui.set_width(room - side - gap);
            ui.spacing_mut().item_spacing.x = space::S;
            content(ui, Column::Main);
        });
        ui.add_space(gap);
        ui.vertical(|ui| {
            ui.set_width(side);
            ui.spacing_mut().item_spacing.x = space::S;
            content(ui, Column::Aside);
        });
    });
}

/// A row that lights up under the pointer and can be pressed as a whole.
fn row_ui(ui: &mut Ui, name: &str, content: impl FnOnce(&mut Ui)) -> bool {
    let info = || egui::WidgetInfo::labeled(egui::accesskit::Role::Button, true, name);
    row_as_ui(ui, name, info, content)
}

/// Such a row that is something else than a button.
fn row_as_ui(ui: &mut Ui, name: &str, info: impl Fn() -> egui::WidgetInfo, content: impl FnOnce(&mut Ui)) -> bool {
    let tokens = Tokens::of(ui);
    let slot = ui.painter().add(egui::Shape::Noop);
    let inner = Frame::new().inner_margin(Margin::symmetric(12, 10)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = space::XS;
        content(ui);
    });
    let rect = inner.response.rect;
    let response = ui.interact(rect, ui.scope_id().with(("row", name)), egui::Sense::click());
    response.widget_info(info);
    if response.hovered() || response.has_focus() {
        ui.painter().set(
            slot,
            egui::Shape::rect_filled(rect, CornerRadius::same(theme::CONTROL_RADIUS), tokens.hover),
        );
    }
    widgets::focus_ring(ui.painter(), tokens, &response, theme::CONTROL_RADIUS);
    response.clicked()
}
