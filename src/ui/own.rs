//! The user's own questions: a form for one, or several at once, under the list of those that are there; or the text of
//! their file, and what is wrong with it while it is edited.

use eframe::egui::{Popup, Ui, vec2};
use lucide_icons::Icon;

use super::{
    action::{Actions, DialogAction, NavigateAction, OwnQuestionsAction},
    page_ui,
    theme::{Tokens, size, space},
    view_model::{Confirmation, OwnQuestionsView, Screen, ViewModel},
    widgets::{Button, button, choice, field, hairline_ui, text},
};
use crate::{
    bank::own_text::OwnQuestionForm,
    question::{Field, QuestionKind},
};

pub fn own_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    page_ui(ui, "own", 820.0, |ui| {
        let opening = "Questions that you expect, or that somebody was asked. They are practiced like all others.";
        text::opening_ui(ui, "Your own questions", opening);
        let tokens = Tokens::of(ui);
        let (icon, color, message) = match &view.own.findings {
            Ok(message) => (Icon::Check, tokens.accent, message),
            Err(message) => (Icon::TriangleAlert, tokens.filler, message),
        };
        ui.horizontal_top(|ui| {
            button::icon_ui(ui, icon, 18.0, color);
            text::body_ui(ui, message);
        });
        ui.add_space(space::S);
        match &view.own.field {
            Some(own) if !view.own.as_text => form_and_list_ui(ui, view, own, actions),
            _ => as_text_ui(ui, view, actions),
        }
    });
}

fn form_and_list_ui(ui: &mut Ui, view: &ViewModel, own: &Field, actions: &mut Actions) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        text::soft_ui(ui, "They join");
        let response = Button::quiet(view.field_name(&own.id))
            .icon(Icon::ChevronDown)
            .name("The field that they join")
            .response(ui);
        Popup::menu(&response).show(|ui| {
            ui.set_min_width(220.0);
            for field in &view.bank.fields {
                if Button::plain(&field.name).chosen(field.id == own.id).show(ui) {
                    actions.push(OwnQuestionsAction::Join(field.id.clone()));
                }
            }
        });
        if Button::plain("Edit as text").icon(Icon::FilePen).show(ui) {
            actions.push(OwnQuestionsAction::ToggleText);
        }
        if Button::plain("Back to the questions").show(ui) {
            actions.push(NavigateAction::Go(Screen::Library));
        }
    });
    ui.add_space(space::M);
    form_ui(ui, &view.own, actions);
    ui.add_space(space::XL);
    for (index, question) in own.questions.iter().enumerate() {
        hairline_ui(ui);
        ui.add_space(space::S);
        text::strong_ui(ui, &question.prompt);
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(space::S, 0.0);
            text::remark_ui(ui, question.kind.name());
            let name = |what: &str| format!("{what}: {}", question.prompt);
            if Button::plain("Edit").icon(Icon::Pencil).name(&name("Edit")).show(ui) {
                actions.push(OwnQuestionsAction::EditQuestion(index));
            }
            if Button::plain("Delete")
                .icon(Icon::Trash2)
                .name(&name("Delete"))
                .show(ui)
            {
                actions.push(DialogAction::Ask(Confirmation::DeleteOwnQuestion(index)));
            }
        });
    }
}

fn form_ui(ui: &mut Ui, own: &OwnQuestionsView, actions: &mut Actions) {
    let form = &own.draft.form;
    let mut new = form.clone();
    let editing = own.draft.editing.is_some();
    text::heading_ui(
        ui,
        if editing {
            "Change the question"
        } else {
            "Add a question"
        },
    );
    ui.add_space(space::XS);
    let hint = if editing {
        "The question"
    } else {
        "The question; several, one per line, become one each"
    };
    area_ui(ui, "Question", hint, 2, &mut new.prompt);
    ui.add_space(space::XS);
    let kinds = [
        (QuestionKind::Background, "Background"),
        (QuestionKind::Behavioral, "Behavioral"),
        (QuestionKind::Technical, "Technical"),
    ];
    if let Some(kind) = choice::choices_ui(ui, form.kind, kinds) {
        new.kind = kind;
    }
    ui.add_space(space::XS);
    area_ui(ui, "Hint", "What would help you to answer", 1, &mut new.hint);
    area_ui(
        ui,
        "Points",
        "What a good answer says, one point per line",
        3,
        &mut new.points,
    );
    area_ui(
        ui,
        "Parts",
        "The things asked, one per line, if there are several",
        1,
        &mut new.parts,
    );
    ui.add_space(space::XS);
    if new != *form {
        actions.push(OwnQuestionsAction::EditForm(new));
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        let ready = !form.prompt.trim().is_empty() && !own.unread;
        let label = if editing { "Keep the change" } else { "Add" };
        if Button::filled(label).enabled(ready).show(ui) {
            actions.push(OwnQuestionsAction::KeepForm);
        }
        if (editing || *form != OwnQuestionForm::default()) && Button::plain("Cancel").show(ui) {
            actions.push(OwnQuestionsAction::ClearForm);
        }
    });
}

fn area_ui(ui: &mut Ui, name: &str, hint: &str, rows: usize, text: &mut String) {
    text::caps_ui(ui, name);
    if let Some(changed) = field::area_ui(ui, name, text, hint, rows, size::TEXT) {
        *text = changed;
    }
}

fn as_text_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    text::soft_ui(
        ui,
        "One block per question. The id at the top decides which field they join; a new id makes a new field.",
    );
    ui.add_space(space::S);
    ui.horizontal_wrapped(|ui| {
        let good = view.own.field.is_some();
        if Button::filled("Save")
            .name("Save your questions")
            .enabled(good && !view.own.unread)
            .show(ui)
        {
            actions.push(OwnQuestionsAction::Save);
        }
        if view.own.draft.text.is_some() && Button::quiet("Undo the changes").icon(Icon::Undo2).show(ui) {
            actions.push(OwnQuestionsAction::Revert);
        }
        if good && Button::quiet("Edit by form").show(ui) {
            actions.push(OwnQuestionsAction::ToggleText);
        }
        if Button::quiet("Back to the questions").show(ui) {
            actions.push(NavigateAction::Go(Screen::Library));
        }
    });
    ui.add_space(space::S);
    let changed = field::area_ui(ui, "The text of your questions", &view.own.text, "", 18, size::TEXT);
    if let Some(text) = changed {
        actions.push(OwnQuestionsAction::Edit(text));
    }
}
