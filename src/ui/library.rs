//! The questions of a field: search them, narrow them down, practice one or a topic.

use std::ops::Range;

use eframe::egui::{Frame, Margin, Popup, RichText, Ui, vec2};
use lucide_icons::Icon;

use super::{
    action::{Actions, OwnQuestionsAction, SettingsAction, StartAction, ViewAction},
    page_ui,
    question_list::{LibraryFilter, ListedQuestion, PracticedFilter, QuestionOrder},
    row_ui,
    theme::{self, Tokens, size, space},
    view_model::ViewModel,
    widgets::{Button, button, choice, field, hairline_ui, highlight, menu, text},
};
use crate::question::{Field, Question, QuestionKind};

const PRACTICED: [(PracticedFilter, &str); 3] = [
    (PracticedFilter::All, "All questions"),
    (PracticedFilter::NotYet, "Not practiced yet"),
    (PracticedFilter::Practiced, "Practiced"),
];
const ORDERS: [(QuestionOrder, &str); 2] = [
    (QuestionOrder::Bank, "Default order"),
    (QuestionOrder::LeastRecentlyPracticed, "Least recently practiced first"),
];

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
    let rows = &view.library.list.rows;
    if let Some(topic) = &view.search.topic {
        let all = chosen.questions.iter().filter(|question| question.topic == *topic);
        let all = all.count();
        // A question for any field may bring a topic that this field has not.
        if all > 0 {
            let label = format!("Practice “{topic}”, {}", text::count(all, "question", "questions"));
            if Button::quiet(&label).icon(Icon::Play).show(ui) {
                actions.push(StartAction::Topic(topic.clone()));
            }
            ui.add_space(space::S);
        }
    }
    if rows.is_empty() {
        text::soft_ui(ui, "No question matches. Try another word, or show all questions.");
        ui.add_space(space::XS);
        if Button::quiet("Show all questions").show(ui) {
            actions.push(ViewAction::ShowAllQuestions);
        }
    }
    for listed in rows {
        // The bank may have changed since the list was made.
        if let Some((_, question)) = view.bank.question(&listed.id) {
            hairline_ui(ui);
            question_ui(ui, view, question, listed, actions);
        }
    }
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
    let LibraryFilter { practiced, order } = view.library.filter;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::L;
        if let Some(practiced) = menu::menu_ui(ui, "Show", &practiced, &PRACTICED) {
            actions.push(ViewAction::Practiced(practiced));
        }
        if let Some(order) = menu::menu_ui(ui, "Order", &order, &ORDERS) {
            actions.push(ViewAction::QuestionOrder(order));
        }
    });
    topics_ui(ui, view, actions);
}

/// The topics that have a question in the list, and the chosen one, so that it can be taken back.
fn topics_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    let chosen = view.search.topic.as_deref();
    let mut topics: Vec<&str> = view.library.list.topics.iter().map(String::as_str).collect();
    topics.extend(chosen.filter(|chosen| !topics.contains(chosen)));
    if topics.len() < 2 && chosen.is_none() {
        return;
    }
    text::caps_ui(ui, "Topics");
    choice::chips_ui(ui, |ui| {
        for topic in topics {
            let is_chosen = chosen == Some(topic);
            if choice::chip_ui(ui, is_chosen, &capitalized(topic)) {
                actions.push(ViewAction::Topic((!is_chosen).then(|| topic.to_owned())));
            }
        }
    });
}

fn question_ui(ui: &mut Ui, view: &ViewModel, question: &Question, listed: &ListedQuestion, actions: &mut Actions) {
    let pressed = row_ui(ui, &question.prompt, |ui| {
        highlight::title_ui(ui, &question.prompt, &listed.marks);
        facts_ui(ui, view, question);
        if let Some((matched, marks)) = &listed.matched {
            const BEFORE: &str = "Matches “";
            let marks: Vec<Range<usize>> = marks
                .iter()
                .map(|mark| mark.start + BEFORE.len()..mark.end + BEFORE.len())
                .collect();
            highlight::remark_ui(ui, &format!("{BEFORE}{matched}”"), &marks);
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

/// Whether it was practiced, at a glance; its kind and topic.
fn facts_ui(ui: &mut Ui, view: &ViewModel, question: &Question) {
    let tokens = Tokens::of(ui);
    let kind = capitalized(question.kind.name());
    let facts = if question.topic.is_empty() {
        kind
    } else {
        format!("{kind}  ·  {}", question.topic)
    };
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::XS, 0.0);
        ui.spacing_mut().interact_size.y = 0.0;
        if let Some(at) = view.history.past.practiced(&question.id) {
            button::icon_ui(ui, Icon::CircleCheck, 14.0, tokens.accent);
            let practiced = RichText::new(format!("Practiced {}", view.date(at)))
                .font(theme::medium(size::LABEL))
                .color(tokens.accent);
            ui.label(practiced);
            ui.add_space(space::S);
        }
        text::remark_ui(ui, &facts);
    });
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
