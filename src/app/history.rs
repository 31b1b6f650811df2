//! What the pages History and Progress ask for: which interviews are listed, selected and plotted, and what they are called.

use std::{collections::BTreeSet, sync::Arc};

use eframe::egui;

use super::{App, unsaved::Save};
use crate::{
    interview::Interview,
    ui::{action::HistoryAction, history::NAME_FIELD, past::HistoryFilter, view_model::Renaming, widgets::field},
};

impl App {
    pub(super) fn handle_history_action(&mut self, action: HistoryAction, ctx: &egui::Context) {
        let history = &mut self.view.history;
        match action {
            HistoryAction::Field(field) => history.filter.field = field,
            HistoryAction::Finished(finished) => history.filter.finished = finished,
            HistoryAction::Order(order) => history.filter.order = order,
            HistoryAction::ShowAll => {
                history.filter = HistoryFilter {
                    order: history.filter.order,
                    ..HistoryFilter::default()
                };
                self.view.search.text.clear();
            }
            HistoryAction::Select => {
                history.renaming = None;
                history.selected = Some(BTreeSet::new());
            }
            HistoryAction::ToggleSelected(id) => {
                if let Some(selected) = &mut history.selected
                    && !selected.remove(&id)
                {
                    selected.insert(id);
                }
            }
            HistoryAction::SelectAllShown => {
                let shown = history.past.found().map(|interview| interview.id.clone());
                history.selected = Some(shown.collect());
            }
            HistoryAction::SelectNone => history.selected = Some(BTreeSet::new()),
            HistoryAction::EndSelecting => history.selected = None,
            HistoryAction::Rename(id) => {
                if let Some(interview) = history.past.find(&id) {
                    let name = interview.title.clone().unwrap_or_default();
                    history.renaming = Some(Renaming { id, name });
                    ctx.memory_mut(|memory| memory.request_focus(field::id(NAME_FIELD)));
                }
            }
            HistoryAction::EditName(name) => {
                if let Some(renaming) = &mut history.renaming {
                    renaming.name = name;
                }
            }
            HistoryAction::KeepName => self.rename_interview(),
            HistoryAction::DiscardName => history.renaming = None,
            HistoryAction::PlotField(field) => history.plotted_field = field,
        }
    }

    /// Gives an interview the name that was typed for it.
    fn rename_interview(&mut self) {
        let Some(renaming) = self.view.history.renaming.take() else {
            return;
        };
        let name = renaming.name.trim();
        let title = (!name.is_empty()).then(|| name.to_owned());
        let open = self.view.practice.as_mut();
        if let Some(open) = open.filter(|open| open.interview.id == renaming.id) {
            open.interview.title = title;
            self.saves.interview_changed = true;
            return self.save_interview();
        }
        let Some(listed) = self.view.history.past.find(&renaming.id) else {
            return;
        };
        let renamed = Arc::new(Interview {
            title,
            ..Interview::clone(listed)
        });
        self.view.history.past.put(Arc::clone(&renamed));
        self.saves.disk.queue().save(Save::Interview(renamed));
    }
}
