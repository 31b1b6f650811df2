//! The questions of a field: search them, narrow them down, practice one or a topic.

use eframe::egui::{Frame, Margin, Popup, RichText, Ui, vec2};
use lucide_icons::Icon;

use super::{
    action::{Actions, OwnQuestionsAction, SettingsAction, StartAction, ViewAction},
    page_ui, row_ui,
    theme::{self, Tokens, size, space},
    view_model::ViewModel,
    widgets::{Button, choice, field, hairline_ui, text},
};
use crate::question::{Field, Question, QuestionKind};

pub fn library_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    page_ui(ui, "library", 820.0, |ui| {
        let Some(chosen) = view.field() else {
            text::opening_ui(ui, "Questions", "There are no questions.");
            return;
        };
        let count = text::count(chosen.questions.len(), "question", "questions");
        text::opening_ui(
            ui,
            "Questions",
            &format!("{} has {count}. Practice one, or a whole topic.", chosen.name),
        );
        fields_ui(ui, view, chosen, actions);
        ui.add_space(space::S);
        filters_ui(ui, view, chosen, actions);
        ui.add_space(space::L);
        questions_ui(ui, view, chosen, actions);
        ui.add_space(space::XL);
        own_ui(ui, view, actions);
    });
}

fn questions_ui(ui: &mut Ui, view: &ViewModel, chosen: &Field, actions: &mut Actions) {
    let found = found(view, chosen);
    if let Some(topic) = &view.search.topic {
        let count = text::count(found.len(), "question", "questions");
        let label = format!("Practice “{topic}”, {count}");
        if Button::quiet(&label).icon(Icon::Play).show(ui) {
            actions.push(StartAction::Topic(topic.clone()));
        }
        ui.add_space(space::S);
    }
    if found.is_empty() {
        text::soft_ui(ui, "No question matches. Try another word, or show all kinds.");
    }
    for found in found {
        hairline_ui(ui);
        question_ui(ui, view, &found, actions);
    }
}

/// A question of the list, and what in it was searched for where that is not its prompt.
struct FoundQuestion<'a> {
    question: &'a Question,
    matched: Option<String>,
}

/// The field's questions in their order; those that hold what is searched for, best first, among them those for any field.
fn found<'a>(view: &'a ViewModel, chosen: &'a Field) -> Vec<FoundQuestion<'a>> {
    let search = &view.search;
    let fits = |question: &Question| {
        search.kind.is_none_or(|kind| question.kind == kind)
            && search.topic.as_ref().is_none_or(|topic| *topic == question.topic)
    };
    if search.text.trim().is_empty() {
        let all = chosen.questions.iter().filter(|question| fits(question));
        return all
            .map(|question| FoundQuestion {
                question,
                matched: None,
            })
            .collect();
    }
    let results = view.question_index.search(&search.text);
    results
        .into_iter()
        .filter_map(|result| {
            let (field, question) = view.bank.question(&result.id)?;
            let asked_here = field.id == chosen.id || question.everywhere;
            (asked_here && fits(question)).then(|| FoundQuestion {
                question,
                matched: Some(result.matched).filter(|matched| *matched != question.prompt),
            })
        })
        .collect()
}

/// The user's own questions: how they are written, and what is wrong with them.
fn own_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    text::heading_ui(ui, "Your own questions");
    text::soft_ui(ui, "Questions that you expect, one by one or a whole list at once.");
    for error in &view.bank.problems {
        text::body_ui(ui, error);
    }
    ui.add_space(space::XS);
    if Button::quiet("Write your own questions").icon(Icon::FilePen).show(ui) {
        actions.push(OwnQuestionsAction::Open);
    }
}

fn fields_ui(ui: &mut Ui, view: &ViewModel, chosen: &Field, actions: &mut Actions) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::S, space::S);
        let response = Button::quiet(&chosen.name)
            .icon(Icon::ChevronDown)
            .name("Field")
            .response(ui);
        Popup::menu(&response).show(|ui| {
            ui.set_min_width(220.0);
            for field in &view.bank.fields {
                if Button::plain(&field.name).chosen(field.id == chosen.id).show(ui) {
                    actions.push(SettingsAction::Field(field.id.clone()));
                }
            }
        });
        if let Some(text) = field::search_ui(ui, "Search the questions", &view.search.text, "Search the questions") {
            actions.push(ViewAction::Search(text));
        }
    });
}

/// The kinds and topics to choose from.
fn filters_ui(ui: &mut Ui, view: &ViewModel, chosen: &Field, actions: &mut Actions) {
    let mut kinds = vec![(None, "All")];
    for (kind, name) in [
        (QuestionKind::Background, "Background"),
        (QuestionKind::Behavioral, "Behavioral"),
        (QuestionKind::Technical, "Technical"),
    ] {
        if chosen.questions.iter().any(|question| question.kind == kind) {
            kinds.push((Some(kind), name));
        }
    }
    if let Some(kind) = choice::choices_ui(ui, view.search.kind, kinds) {
        actions.push(ViewAction::Kind(kind));
    }
    let topics = topics(chosen, view.search.kind);
    if topics.len() > 1 {
        text::remark_ui(ui, "Topics");
        choice::chips_ui(ui, |ui| {
            for topic in topics {
                let open = view.search.topic.as_deref() == Some(topic);
                if choice::chip_ui(ui, open, topic) {
                    actions.push(ViewAction::Topic((!open).then(|| topic.to_owned())));
                }
            }
        });
    }
}

fn topics(field: &Field, kind: Option<QuestionKind>) -> Vec<&str> {
    let mut topics: Vec<&str> = field
        .questions
        .iter()
        .filter(|question| kind.is_none_or(|kind| question.kind == kind))
        .map(|question| question.topic.as_str())
        .filter(|topic| !topic.is_empty())
        .collect();
    topics.sort_unstable();
    topics.dedup();
    topics
}

fn question_ui(ui: &mut Ui, view: &ViewModel, found: &FoundQuestion<'_>, actions: &mut Actions) {
    let question = found.question;
    let tokens = Tokens::of(ui);
    let pressed = row_ui(ui, &question.prompt, |ui| {
        ui.label(
            RichText::new(text::curly(&question.prompt))
                .font(theme::medium(16.0))
                .line_height(Some(23.0)),
        );
        let topic = if question.topic.is_empty() {
            String::new()
        } else {
            format!("  ·  {}", question.topic)
        };
        ui.label(
            RichText::new(format!("{}{topic}", capitalized(question.kind.name())))
                .font(theme::regular(size::LABEL))
                .color(tokens.soft),
        );
        if let Some(at) = view.history.past.practiced(&question.id) {
            text::remark_ui(ui, &format!("Practiced {}", view.when(at)));
        }
        if let Some(matched) = &found.matched {
            text::remark_ui(ui, &format!("Found by “{matched}”"));
        }
    });
    if pressed {
        actions.push(ViewAction::ToggleEntry(question.id.clone()));
    }
    if view.search.open.as_deref() == Some(&question.id) {
        let margin = Margin {
            left: 12,
            right: 12,
            top: 0,
            bottom: 16,
        };
        Frame::new()
            .inner_margin(margin)
            .show(ui, |ui| open_question_ui(ui, view, question, actions));
    }
}

fn open_question_ui(ui: &mut Ui, view: &ViewModel, question: &Question, actions: &mut Actions) {
    if !question.why.is_empty() {
        text::soft_ui(ui, &format!("Why it is asked: {}", question.why));
    }
    if !question.also_asked.is_empty() {
        text::soft_ui(ui, &format!("Also asked: {}", question.also_asked.join(" ")));
    }
    if !question.no_job_yet.is_empty() {
        text::soft_ui(ui, &format!("No such job yet? {}", question.no_job_yet));
    }
    if !question.talking_points.is_empty() {
        let points: Vec<&str> = question
            .talking_points
            .iter()
            .map(|point| point.label.as_str())
            .collect();
        text::soft_ui(ui, &format!("Points to make: {}.", points.join(", ")));
    }
    ui.add_space(space::XS);
    ui.horizontal_wrapped(|ui| {
        if Button::filled("Practice this one").show(ui) {
            actions.push(StartAction::Question(question.id.clone()));
        }
        let again = view.asked_again.contains(&question.id);
        let button = if again {
            Button::plain("To be asked again").icon(Icon::Check).chosen(true)
        } else {
            Button::plain("Ask me again").icon(Icon::Repeat)
        };
        if button.show(ui) {
            actions.push(ViewAction::ToggleAgain(question.id.clone()));
        }
    });
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
