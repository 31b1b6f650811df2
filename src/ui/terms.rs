//! The job terms of a field with their definitions. A long list: only the rows in sight are laid out.

use eframe::egui::{Label, RichText, ScrollArea, Ui};
use lucide_icons::Icon;

use super::{
    action::{Actions, NavigateAction, ViewAction},
    paper_ui,
    theme::{self, Tokens, size, space},
    view_model::ViewModel,
    widgets::{Button, field, hairline_ui, text},
};
use crate::question::Term;

/// Height of one term: its name, and two lines of meaning.
const ROW: f32 = 88.0;

pub fn terms_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    let Some(chosen) = view.interview_field() else {
        return;
    };
    let words = view.search.text.to_lowercase();
    let mut found: Vec<&Term> = chosen.terms.iter().filter(|term| matches(term, &words)).collect();
    let by_name = |term: &&Term| {
        words
            .split_whitespace()
            .all(|word| term.name.to_lowercase().contains(word))
    };
    let used: Vec<&str> = view
        .answer
        .insights
        .iter()
        .flat_map(|insights| &insights.job_terms.used)
        .map(|used| used.term.as_str())
        .collect();
    // Those in the answer come first, and those that are called so before those that are explained with it.
    found.sort_by_key(|term| (!used.contains(&term.name.as_str()), !by_name(term)));
    paper_ui(ui, |ui| {
        let room = ui.available_width();
        let width = 820.0_f32.min(room - 2.0 * space::HUGE);
        let side = (room - width) / 2.0;
        ui.add_space(space::XXL);
        ui.horizontal_top(|ui| {
            ui.add_space(side);
            ui.vertical(|ui| {
                ui.set_width(width);
                let count = text::count(chosen.terms.len(), "term", "terms");
                text::opening_ui(
                    ui,
                    "Job terms",
                    &format!(
                        "{count} of {}. Those in your answer come first, and are checked.",
                        chosen.name
                    ),
                );
                ui.horizontal(|ui| {
                    if view.practice.is_some() && Button::quiet("Back to the answer").icon(Icon::ArrowLeft).show(ui) {
                        actions.push(NavigateAction::Leave);
                    }
                    if let Some(text) = field::search_ui(ui, "Search the terms", &view.search.text, "Search the terms")
                    {
                        actions.push(ViewAction::Search(text));
                    }
                });
            });
        });
        ui.add_space(space::L);
        ui.spacing_mut().item_spacing.y = 0.0;
        ScrollArea::vertical()
            .id_salt("terms")
            .auto_shrink(false)
            .show_rows(ui, ROW, found.len(), |ui, rows| {
                for term in &found[rows] {
                    ui.horizontal_top(|ui| {
                        ui.spacing_mut().item_spacing.x = 0.0;
                        ui.add_space(side);
                        ui.vertical(|ui| {
                            ui.set_width(width);
                            ui.set_height(ROW);
                            term_ui(ui, term, used.contains(&term.name.as_str()));
                        });
                    });
                }
            });
    });
}

fn matches(term: &Term, words: &str) -> bool {
    let long = term.long_form.as_deref().unwrap_or_default();
    let text = format!("{} {long} {}", term.name, term.definition).to_lowercase();
    words.split_whitespace().all(|word| text.contains(word))
}

fn term_ui(ui: &mut Ui, term: &Term, used: bool) {
    let tokens = Tokens::of(ui);
    hairline_ui(ui);
    ui.add_space(space::S);
    ui.spacing_mut().interact_size.y = 0.0;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        if used {
            super::widgets::button::icon_ui(ui, Icon::Check, 16.0, tokens.accent);
        }
        ui.label(RichText::new(&term.name).font(theme::semibold(size::TEXT)));
        if let Some(long) = term.long_form.as_ref().filter(|long| **long != term.name) {
            ui.label(RichText::new(long).font(theme::regular(size::TEXT)).color(tokens.soft));
        }
    });
    ui.add_space(2.0);
    ui.add(Label::new(
        RichText::new(text::curly(&term.definition))
            .font(theme::regular(size::TEXT))
            .color(tokens.soft)
            .line_height(Some(21.0)),
    ));
}
