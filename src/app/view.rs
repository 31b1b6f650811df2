//! What is shown of what is there: searches, hints, two takes beside each other.

use super::App;
use crate::ui::{Screen, action::ViewAction, question_list::PracticedFilter, view_model::Search};

impl App {
    /// Makes the library's list again, where something that it depends on has changed.
    pub(super) fn list_questions(&mut self) {
        if self.view.screen == Screen::Library {
            let mut list = std::mem::take(&mut self.view.library.list);
            list.refresh(&self.view);
            self.view.library.list = list;
        }
    }

    pub(super) fn handle_view_action(&mut self, action: ViewAction) {
        let (answer, search) = (&mut self.view.answer, &mut self.view.search);
        match action {
            ViewAction::ToggleFrame => answer.frame_shown = !answer.frame_shown,
            ViewAction::ShowQuestion => answer.question_shown = true,
            ViewAction::StopCountdown => answer.ready_in = None,
            ViewAction::ToggleHint => answer.hint_shown = !answer.hint_shown,
            ViewAction::ToggleSample => answer.sample_shown = !answer.sample_shown,
            ViewAction::ToggleComparison => {
                answer.comparing = !answer.comparing;
                self.observe();
            }
            ViewAction::ToggleAgain(id) => {
                self.memory.toggle_again(&id);
                self.save_memory();
            }
            ViewAction::Search(text) => search.text = text,
            ViewAction::Kind(kind) => {
                search.kind = kind;
                search.topic = None;
            }
            ViewAction::Topic(topic) => search.topic = topic,
            ViewAction::ShowFinding(finding) => self.show_finding(finding),
            ViewAction::HideFinding => answer.chosen = None,
            ViewAction::Practiced(practiced) => self.view.library.filter.practiced = practiced,
            ViewAction::QuestionOrder(order) => self.view.library.filter.order = order,
            ViewAction::ShowAllQuestions => {
                *search = Search::default();
                self.view.library.filter.practiced = PracticedFilter::All;
            }
            ViewAction::ToggleEntry(id) => search.open = (search.open.as_ref() != Some(&id)).then_some(id),
        }
    }
}
