//! The job terms of a field with their meaning. A long list: only what is seen is set.

use eframe::egui::{Label, RichText, ScrollArea, Ui};
use lucide_icons::Icon;

use super::{
    action::Action,
    paper,
    theme::{self, Tokens, size, space},
    view_model::ViewModel,
    widgets::{Button, field, hairline, text},
};
use crate::question::Term;

/// Height of one term: its name, and two lines of meaning.
const ROW: f32 = 88.0;

pub fn terms_ui(ui: &mut Ui, view: &ViewModel) -> Option<Action> {
    let chosen = view.interview_field()?;
    let words = view.search.text.to_lowercase();
    let found: Vec<&Term> = chosen.terms.iter().filter(|term| matches(term, &words)).collect();
    let used: Vec<&str> = view
        .answer
        .insights
        .iter()
        .flat_map(|insights| &insights.job_terms.used)
        .map(|used| used.term.as_str())
        .collect();
    paper(ui, |ui| {
        let room = ui.available_width();
        let width = 820.0_f32.min(room - 2.0 * space::HUGE);
        let side = (room - width) / 2.0;
        let mut action = None;
        ui.add_space(space::XXL);
        ui.horizontal_top(|ui| {
            ui.add_space(side);
            ui.vertical(|ui| {
                ui.set_width(width);
                let count = text::count(chosen.terms.len(), "term", "terms");
                text::opening(
                    ui,
                    "Job terms",
                    &format!("{count} of {}. Those of your answer are checked.", chosen.name),
                );
                ui.horizontal(|ui| {
                    if view.practice.is_some() && Button::quiet("Back to the answer").icon(Icon::ArrowLeft).show(ui) {
                        action = Some(Action::Leave);
                    }
                    if let Some(text) = field::search_ui(ui, "Search the terms", &view.search.text, "Search the terms")
                    {
                        action = Some(Action::Search(text));
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
        action
    })
}

fn matches(term: &Term, words: &str) -> bool {
    let long = term.long_form.as_deref().unwrap_or_default();
    let text = format!("{} {long} {}", term.name, term.definition).to_lowercase();
    words.split_whitespace().all(|word| text.contains(word))
}

fn term_ui(ui: &mut Ui, term: &Term, used: bool) {
    let tokens = Tokens::of(ui);
    hairline(ui);
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
        RichText::new(&term.definition)
            .font(theme::regular(size::TEXT))
            .color(tokens.soft)
            .line_height(Some(21.0)),
    ));
}
