//! The bar at the top: the name, the position in the interview, and the other screens.

use eframe::egui::{
    Align, Align2, Color32, Layout, Popup, Rect, Sense, Stroke, Ui, WidgetInfo, accesskit::Role, pos2, vec2,
};
use lucide_icons::Icon;

use super::{
    action::{Actions, DialogAction, NavigateAction},
    at_right_ui,
    theme::{self, Tokens, size, space},
    view_model::{Confirmation, Screen, ViewModel},
    widgets::{self, Button, button},
};
use crate::interview::{Phase, Practice};

const PLACES: [(Screen, Icon); 6] = [
    (Screen::Prepare, Icon::ClipboardList),
    (Screen::Library, Icon::BookOpen),
    (Screen::History, Icon::History),
    (Screen::Progress, Icon::ChartLine),
    (Screen::Shortcuts, Icon::Keyboard),
    (Screen::Settings, Icon::Settings),
];

pub fn topbar_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    let tokens = Tokens::of(ui);
    let rect = ui.max_rect();
    let practicing = view.screen == Screen::Practice && view.practice.is_some();
    if practicing {
        ui.painter().hline(
            rect.x_range().expand(24.0),
            rect.bottom() - 1.0,
            Stroke::new(1.0, tokens.line),
        );
    }
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        if name_ui(ui) {
            push_go(view, Screen::Home, actions);
        }
        let room = ui.available_width();
        at_right_ui(ui, "places", |ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            places_ui(ui, view, practicing, room, actions);
        });
    });
    if let Some(practice) = view.practice.as_ref().filter(|_| practicing) {
        position_ui(ui, view, practice, rect);
    }
}

/// Goes to a screen. To leave while sound is being recorded is confirmed first.
fn push_go(view: &ViewModel, screen: Screen, actions: &mut Actions) {
    if view.practice.as_ref().is_some_and(Practice::is_recording) {
        actions.push(DialogAction::Ask(Confirmation::LeaveRecording));
    } else {
        actions.push(NavigateAction::Go(screen));
    }
}

fn name_ui(ui: &mut Ui) -> bool {
    let tokens = Tokens::of(ui);
    let galley = ui
        .painter()
        .layout_no_wrap("Aloud".to_owned(), theme::display(20.0), tokens.ink);
    let (rect, response) = ui.allocate_exact_size(vec2(26.0 + galley.size().x, 36.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Home"));
    // The mark: a voice in three strokes, as on the icon.
    for (index, half) in [6.0, 10.0, 4.0].into_iter().enumerate() {
        let center = pos2(rect.left() + 3.0 + index as f32 * 6.0, rect.center().y);
        let stroke = Rect::from_center_size(center, vec2(3.0, 2.0 * half));
        ui.painter().rect_filled(stroke, 1.5, tokens.accent);
    }
    ui.painter().galley(
        pos2(rect.left() + 26.0, rect.center().y - galley.size().y / 2.0),
        galley,
        tokens.ink,
    );
    widgets::focus_ring(ui.painter(), tokens, &response, 4);
    response.clicked()
}

fn places_ui(ui: &mut Ui, view: &ViewModel, practicing: bool, room: f32, actions: &mut Actions) {
    // Before a question there is one thing to do: only the shortcuts and the settings stay in sight.
    let places = if practicing { &PLACES[4..] } else { &PLACES[..] };
    let labels: Vec<&str> = places
        .iter()
        .map(|(screen, _)| screen.name())
        .chain(practicing.then_some("Leave"))
        .collect();
    let room = room - if practicing { 330.0 } else { 0.0 };
    if button::plain_width(ui, &labels) < room {
        for (screen, icon) in places {
            let chosen = view.screen == *screen;
            if Button::plain(screen.name()).icon(*icon).chosen(chosen).show(ui) {
                push_go(view, *screen, actions);
            }
        }
    } else {
        let menu = Button::plain("Menu").icon(Icon::Menu).response(ui);
        Popup::menu(&menu).show(|ui| {
            ui.set_min_width(160.0);
            for (screen, icon) in PLACES {
                if Button::plain(screen.name()).icon(icon).show(ui) {
                    push_go(view, screen, actions);
                }
            }
        });
    }
    if practicing && Button::plain("Leave").icon(Icon::X).show(ui) {
        push_go(view, Screen::Home, actions);
    }
}

/// From one dot to the next: the ring around a dot keeps clear of its neighbors.
const DOT_STEP: f32 = 20.0;

/// "Cybersecurity · Question 2 of 5" and a dot for each question.
fn position_ui(ui: &Ui, view: &ViewModel, practice: &Practice, rect: Rect) {
    let tokens = Tokens::of(ui);
    let field = view.title_of(&practice.interview);
    let count = practice.interview.turns.len();
    let message = if practice.phase == Phase::Review {
        format!("{field} · Review")
    } else if count > 1 {
        format!("{field} · Question {} of {count}", practice.interview.at + 1)
    } else {
        field.to_owned()
    };
    let spoken = match (count, practice.interview.answered()) {
        (0 | 1, _) | (_, 0) => message.clone(),
        (_, answered) => format!("{message}, {answered} answered"),
    };
    let galley = ui
        .painter()
        .layout_no_wrap(message, theme::regular(size::TEXT), Color32::PLACEHOLDER);
    let dots = if count > 1 {
        count as f32 * DOT_STEP + space::M
    } else {
        0.0
    };
    let width = galley.size().x + dots;
    let most = rect.right() - 330.0 - width;
    let left = (rect.center().x - width / 2.0).min(most);
    // A screen reader announces it even where there is no room for it.
    let place = Rect::from_min_size(pos2(left, rect.top()), vec2(width, rect.height()));
    ui.interact(place, ui.scope_id().with("position"), Sense::hover())
        .widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    if left < rect.left() + 100.0 {
        return;
    }
    let at = pos2(left, rect.center().y);
    let end = at.x + galley.size().x + space::M;
    ui.painter()
        .galley(at - vec2(0.0, galley.size().y / 2.0), galley, tokens.soft);
    if count < 2 {
        return;
    }
    for (index, turn) in practice.interview.turns.iter().enumerate() {
        let center = pos2(end + DOT_STEP / 2.0 + index as f32 * DOT_STEP, at.y);
        let here = index == practice.interview.at && practice.phase != Phase::Review;
        if turn.is_answered() {
            ui.painter().circle_filled(center, 4.0, tokens.accent);
        } else if turn.skipped {
            ui.painter().text(
                center,
                Align2::CENTER_CENTER,
                "–",
                theme::medium(size::TEXT),
                tokens.soft,
            );
        } else {
            ui.painter().circle_stroke(center, 3.5, Stroke::new(1.25, tokens.soft));
        }
        if here {
            ui.painter()
                .circle_stroke(center, 7.0, Stroke::new(1.25, tokens.accent));
        }
    }
}
