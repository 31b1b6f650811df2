//! Every interview so far: searched, filtered, in the order that was chosen; named, and deleted one by one or several at
//! once.

use std::collections::BTreeSet;

use eframe::egui::{Align, Key, Label, Layout, Popup, RichText, Ui, WidgetInfo, accesskit::Role, vec2};
use lucide_icons::Icon;

use super::{
    action::{Actions, DialogAction, HistoryAction, StartAction, ViewAction},
    command::UserCommand,
    footed_ui, page_ui,
    past::{FinishedFilter, HistoryFilter, HistoryOrder, spoken_seconds},
    row_as_ui, row_ui,
    theme::{self, Tokens, size, space},
    view_model::{Confirmation, Renaming, ViewModel},
    widgets::{Button, button, field, hairline_ui, menu, rows::rows_ui, text},
};
use crate::interview::Interview;

/// The field in which an interview is renamed, so that the keyboard can be put into it.
pub const NAME_FIELD: &str = "Name of the interview";

const FINISHED: [(FinishedFilter, &str); 3] = [
    (FinishedFilter::All, "All interviews"),
    (FinishedFilter::Finished, "Finished"),
    (FinishedFilter::Unfinished, "Not finished"),
];
const ORDERS: [(HistoryOrder, &str); 3] = [
    (HistoryOrder::Newest, "Newest first"),
    (HistoryOrder::Oldest, "Oldest first"),
    (HistoryOrder::LongestSpoken, "Longest spoken first"),
];

pub fn history_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    let Some(selected) = &view.history.selected else {
        return list_ui(ui, view, actions);
    };
    let mut foot_actions = Actions::default();
    footed_ui(
        ui,
        60.0,
        |ui| list_ui(ui, view, actions),
        |ui| selection_ui(ui, view, selected, &mut foot_actions),
    );
    actions.extend(foot_actions.into_vec());
}

fn list_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    page_ui(ui, "history", 780.0, |ui| {
        if view.history.past.is_empty() {
            text::opening_ui(
                ui,
                "History",
                "Your interviews will appear here, with every take and its insights.",
            );
            if Button::filled(UserCommand::StartInterview.label(view)).show(ui) {
                actions.push(StartAction::Interview);
            }
            return;
        }
        let count = text::count(view.history.past.len(), "interview", "interviews");
        let found = view.history.past.found();
        let sentence = if found.len() == view.history.past.len() {
            format!("{count}, all on this computer.")
        } else {
            format!("{} of {count} shown.", found.len())
        };
        text::opening_ui(ui, "History", &sentence);
        search_ui(ui, view, actions);
        filters_ui(ui, view, actions);
        ui.add_space(space::M);
        if found.len() == 0 {
            text::soft_ui(ui, "Nothing matches. Try another word, or show all interviews.");
            ui.add_space(space::XS);
            if Button::quiet("Show all interviews").show(ui) {
                actions.push(HistoryAction::ShowAll);
            }
        }
        rows_ui(
            ui,
            "history",
            found,
            |interview| interview.id.as_str(),
            |ui, interview| {
                hairline_ui(ui);
                interview_ui(ui, view, interview, actions);
            },
        );
    });
}

fn search_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::S, space::S);
        let changed = field::search_ui(
            ui,
            "Search the history",
            &view.search.text,
            "A word from a question or an answer",
        );
        if let Some(text) = changed {
            actions.push(ViewAction::Search(text));
        }
        if view.history.selected.is_none() && Button::plain("Select").icon(Icon::ListChecks).show(ui) {
            actions.push(HistoryAction::Select);
        }
    });
}

fn filters_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    let HistoryFilter { field, finished, order } = &view.history.filter;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::L;
        field_menu_ui(ui, view, field.as_deref(), HistoryAction::Field, actions);
        if let Some(finished) = menu::menu_ui(ui, "Show", finished, &FINISHED) {
            actions.push(HistoryAction::Finished(finished));
        }
        if let Some(order) = menu::menu_ui(ui, "Order", order, &ORDERS) {
            actions.push(HistoryAction::Order(order));
        }
    });
}

/// The fields that there are interviews of, where there are several. `ask` makes the action of the one that is picked.
pub(super) fn field_menu_ui(
    ui: &mut Ui,
    view: &ViewModel,
    chosen: Option<&str>,
    ask: fn(Option<String>) -> HistoryAction,
    actions: &mut Actions,
) {
    let mut ids = view.history.past.fields();
    // Of a field that was chosen the last interview may just have been deleted.
    ids.extend(chosen.filter(|chosen| !ids.contains(chosen)));
    if ids.len() < 2 && chosen.is_none() {
        return;
    }
    let fields = ids.into_iter().map(|id| (Some(id), view.field_name(id)));
    let choices: Vec<(Option<&str>, &str)> = std::iter::once((None, "All fields")).chain(fields).collect();
    if let Some(field) = menu::menu_ui(ui, "Field", &chosen, &choices) {
        actions.push(ask(field.map(str::to_owned)));
    }
}

/// What is selected, and what can be done with it: in sight however long the list is.
fn selection_ui(ui: &mut Ui, view: &ViewModel, selected: &BTreeSet<String>, actions: &mut Actions) {
    let narrow = ui.available_width() < 560.0;
    ui.add_space(space::M);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::M, space::S);
        let count = selected.len();
        let delete = match count {
            0 => "Delete".to_owned(),
            // Large text leaves room for little more than the list.
            _ if narrow => format!("Delete {count}"),
            _ => format!("Delete {}", text::count(count, "interview", "interviews")),
        };
        if Button::quiet(&delete).icon(Icon::Trash2).enabled(count > 0).show(ui) {
            actions.push(DialogAction::Ask(delete_confirmation(selected)));
        }
        let mut shown = view.history.past.found();
        if narrow {
            // All of them would not fit in one row.
        } else if shown.all(|interview| selected.contains(&interview.id)) && count > 0 {
            if Button::plain("Select none").show(ui) {
                actions.push(HistoryAction::SelectNone);
            }
        } else if Button::plain("Select all shown").show(ui) {
            actions.push(HistoryAction::SelectAllShown);
        }
        let done = Button::plain("Done").name("Done selecting").key("Esc");
        if (if narrow { done.without_key() } else { done }).show(ui) {
            actions.push(HistoryAction::EndSelecting);
        }
    });
}

fn delete_confirmation(selected: &BTreeSet<String>) -> Confirmation {
    match selected.first() {
        Some(only) if selected.len() == 1 => Confirmation::DeleteInterview(only.clone()),
        _ => Confirmation::DeleteInterviews(selected.clone()),
    }
}

fn interview_ui(ui: &mut Ui, view: &ViewModel, interview: &Interview, actions: &mut Actions) {
    let renaming = view.history.renaming.as_ref();
    if let Some(renaming) = renaming.filter(|renaming| renaming.id == interview.id) {
        return rename_ui(ui, view, interview, renaming, actions);
    }
    let name = format!("{}, {}", view.title_of(interview), view.when(interview.begun));
    if let Some(selected) = &view.history.selected {
        let is_selected = selected.contains(&interview.id);
        let info = || WidgetInfo::selected(Role::CheckBox, true, is_selected, &name);
        if row_as_ui(ui, &name, info, |ui| checked_facts_ui(ui, view, interview, is_selected)) {
            actions.push(HistoryAction::ToggleSelected(interview.id.clone()));
        }
        return;
    }
    let more = button::plain_width(ui, &["More"]);
    let room = ui.available_width();
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.vertical(|ui| {
            ui.set_width(room - more);
            if row_ui(ui, &name, |ui| facts_ui(ui, view, interview)) {
                actions.push(StartAction::PastInterview(interview.id.clone()));
            }
        });
        ui.with_layout(Layout::right_to_left(Align::TOP), |ui| {
            ui.add_space(space::XS);
            more_ui(ui, &name, interview, actions);
        });
    });
}

/// What can be done with an interview beside opening it.
fn more_ui(ui: &mut Ui, name: &str, interview: &Interview, actions: &mut Actions) {
    let response = Button::plain("More")
        .icon(Icon::Ellipsis)
        .name(&format!("More: {name}"))
        .response(ui);
    Popup::menu(&response).show(|ui| {
        ui.set_min_width(180.0);
        if Button::plain("Rename").icon(Icon::Pencil).show(ui) {
            actions.push(HistoryAction::Rename(interview.id.clone()));
        }
        if Button::plain("Delete").icon(Icon::Trash2).show(ui) {
            let confirmation = Confirmation::DeleteInterview(interview.id.clone());
            actions.push(DialogAction::Ask(confirmation));
        }
    });
}

fn checked_facts_ui(ui: &mut Ui, view: &ViewModel, interview: &Interview, is_selected: bool) {
    let tokens = Tokens::of(ui);
    let (icon, color) = if is_selected {
        (Icon::SquareCheck, tokens.accent)
    } else {
        (Icon::Square, tokens.soft)
    };
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::M;
        button::icon_ui(ui, icon, 20.0, color);
        ui.vertical(|ui| facts_ui(ui, view, interview));
    });
}

/// What tells an interview from the others.
fn facts_ui(ui: &mut Ui, view: &ViewModel, interview: &Interview) {
    ui.spacing_mut().item_spacing.y = space::XS;
    text::strong_ui(ui, view.title_of(interview));
    let mut facts = vec![view.when(interview.begun)];
    facts.push(match interview.turns.len() {
        1 => "one question".to_owned(),
        questions => format!("{} of {questions} answered", interview.answered()),
    });
    let spoken = spoken_seconds(interview);
    if spoken > 0.0 {
        facts.push(format!("{} spoken", text::length(spoken)));
    }
    if !interview.finished {
        facts.push("not finished".to_owned());
    }
    text::soft_ui(ui, &facts.join("  ·  "));
    if let Some(first) = interview.turns.first() {
        let soft = Tokens::of(ui).soft;
        let words = RichText::new(first.asked())
            .font(theme::regular(size::LABEL))
            .color(soft);
        ui.add(Label::new(words).truncate());
    }
}

fn rename_ui(ui: &mut Ui, view: &ViewModel, interview: &Interview, renaming: &Renaming, actions: &mut Actions) {
    ui.add_space(space::S);
    let id = field::id(NAME_FIELD);
    // Enter ends the typing, and is meant to keep the name.
    let entered = ui.memory(|memory| memory.has_focus(id)) && ui.input(|input| input.key_pressed(Key::Enter));
    let without = view.field_name(&interview.field);
    if let Some(name) = field::line_ui(ui, NAME_FIELD, &renaming.name, without) {
        actions.push(HistoryAction::EditName(name));
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        if Button::filled("Keep the name").show(ui) || entered {
            actions.push(HistoryAction::KeepName);
        }
        if Button::plain("Cancel").name("Cancel renaming").show(ui) {
            actions.push(HistoryAction::DiscardName);
        }
        text::remark_ui(
            ui,
            &format!("{}. Left empty, it is called {without}.", view.when(interview.begun)),
        );
    });
    ui.add_space(space::S);
}
