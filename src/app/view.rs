//! What is shown of what is there: searches, hints, two takes beside each other.

use super::App;
use crate::ui::action::ViewAction;

impl App {
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
            ViewAction::ToggleEntry(id) => search.open = (search.open.as_ref() != Some(&id)).then_some(id),
        }
    }
}
