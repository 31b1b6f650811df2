//! The review: the whole interview on one page, what to do about it, and ways to take it elsewhere.

use std::fmt::Write as _;

use eframe::egui::{Label, RichText, Ui, vec2};
use lucide_icons::Icon;

use super::{
    action::{Action, Export},
    answer, page_ui, row_ui,
    theme::{self, Tokens, size, space},
    view_model::{Confirmation, Screen, ViewModel},
    widgets::{Button, field, hairline, text},
};
use crate::interview::{Interview, Reflection, Turn, letters};

pub fn review_ui(ui: &mut Ui, view: &ViewModel) -> Option<Action> {
    let interview = view.interview()?;
    page_ui(ui, "review", 780.0, |ui| {
        let mut action = None;
        text::title(
            ui,
            if interview.turns.len() > 1 {
                "Your interview"
            } else {
                "Your answer"
            },
        );
        text::soft(ui, &opening(view, interview));
        ui.add_space(space::L);
        for (index, turn) in interview.turns.iter().enumerate() {
            hairline(ui);
            if turn_ui(ui, view, index, turn) {
                action = Some(Action::GoTo(index));
            }
        }
        hairline(ui);
        ui.add_space(space::XL);
        action = action.or(next_ui(ui, interview));
        ui.add_space(space::XXL);
        action = action.or(afterwards_ui(ui, interview));
        action = action.or(letters_ui(ui, view, interview));
        ui.add_space(space::XXL);
        action.or(take_away_ui(ui, view, interview))
    })
}

fn opening(view: &ViewModel, interview: &Interview) -> String {
    let spoken: f64 = interview
        .turns
        .iter()
        .filter_map(Turn::attempt)
        .filter_map(|attempt| attempt.take.as_ref())
        .map(|take| take.seconds)
        .sum();
    let mut message = format!(
        "{}, {}. {} of {} answered",
        view.field_name(&interview.field),
        view.when(interview.begun),
        interview.answered(),
        text::count(interview.turns.len(), "question", "questions"),
    );
    if spoken > 0.0 {
        let _ = write!(message, ", {} spoken", text::length(spoken));
    }
    message + "."
}

fn turn_ui(ui: &mut Ui, view: &ViewModel, index: usize, turn: &Turn) -> bool {
    let tokens = Tokens::of(ui);
    let name = format!("Question {}: {}", index + 1, turn.question.prompt);
    row_ui(ui, &name, |ui| {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = space::L;
            let number = RichText::new((index + 1).to_string())
                .font(theme::semibold(size::TEXT))
                .color(tokens.accent);
            ui.label(number.line_height(Some(22.0)));
            ui.vertical(|ui| {
                text::strong(ui, &turn.question.prompt);
                match turn.attempt().and_then(|attempt| attempt.transcript.as_ref()) {
                    Some(words) if !words.words.is_empty() => {
                        excerpt_ui(ui, &words.text());
                        if let Some(found) = view.answer.review.get(index).and_then(Option::as_ref) {
                            text::remark(ui, &answer::in_short(found));
                        }
                    }
                    _ if turn.attempts.is_empty() => {
                        text::soft(ui, if turn.skipped { "Skipped" } else { "Not answered yet" });
                    }
                    _ => {
                        text::soft(ui, "Not written down yet");
                    }
                }
            });
        });
    })
}

/// The first lines of an answer.
fn excerpt_ui(ui: &mut Ui, words: &str) {
    const MOST: usize = 230;
    let start = match words.char_indices().nth(MOST) {
        Some((end, _)) => {
            // Whole words only.
            let end = words[..end].rfind(char::is_whitespace).unwrap_or(end);
            format!("{} …", words[..end].trim_end_matches([',', ' ']))
        }
        None => words.to_owned(),
    };
    let color = Tokens::of(ui).soft;
    ui.add(Label::new(
        RichText::new(start)
            .font(theme::regular(size::TEXT))
            .line_height(Some(23.0))
            .color(color),
    ));
}

fn next_ui(ui: &mut Ui, interview: &Interview) -> Option<Action> {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        if Button::filled("Start another interview").show(ui) {
            return Some(Action::Start);
        }
        let open = interview.turns.iter().position(|turn| turn.attempts.is_empty());
        if let Some(open) = open
            && Button::quiet("Answer what is open").show(ui)
        {
            return Some(Action::GoTo(open));
        }
        Button::plain("Home")
            .icon(Icon::House)
            .show(ui)
            .then_some(Action::Go(Screen::Home))
    })
    .inner
}

/// Where in the notes a text belongs.
type Place = fn(&mut Reflection) -> &mut String;

fn afterwards_ui(ui: &mut Ui, interview: &Interview) -> Option<Action> {
    let notes = &interview.afterwards;
    let mut new = notes.clone();
    text::heading(ui, "Reflection");
    text::soft(ui, "Write it down while it is fresh. It is kept with the interview.");
    ui.add_space(space::S);
    let mut changed = false;
    let parts: [(&str, &str, &str, Place); 3] = [
        ("What went well", &notes.went_well, "One thing to do again", |notes| {
            &mut notes.went_well
        }),
        (
            "What to change",
            &notes.to_change,
            "One thing to do differently",
            |notes| &mut notes.to_change,
        ),
        (
            "To look up within a day",
            &notes.look_up,
            "One thing a line: a term, a tool, a question you could not answer",
            |notes| &mut notes.look_up,
        ),
    ];
    for (name, text, hint, place) in parts {
        text::caps(ui, name);
        if let Some(text) = field::area_ui(ui, name, text, hint, 2, size::TEXT) {
            *place(&mut new) = text;
            changed = true;
        }
        ui.add_space(space::S);
    }
    changed.then_some(Action::Afterwards(new))
}

/// Drafts for the notes that follow a real interview.
fn letters_ui(ui: &mut Ui, view: &ViewModel, interview: &Interview) -> Option<Action> {
    let to = letters::Addressee {
        company: &view.prepare.notes.company,
        role: &view.prepare.notes.role,
    };
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::S, space::S);
        text::remark(ui, "After a real interview, drafts to start from:");
        if Button::plain("Copy a thank-you note").icon(Icon::Mail).show(ui) {
            return Some(Action::Copy(letters::thank_you(to)));
        }
        let pressed = Button::plain("Copy a follow-up").icon(Icon::Mail).show(ui);
        pressed.then(|| Action::Copy(letters::follow_up(to, &interview.afterwards)))
    })
    .inner
}

fn take_away_ui(ui: &mut Ui, view: &ViewModel, interview: &Interview) -> Option<Action> {
    text::heading(ui, "Take it with you");
    text::soft(
        ui,
        "Saved to your documents folder. To print it, save it as HTML and print that.",
    );
    ui.add_space(space::XS);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::S, space::S);
        let mut action = None;
        if Button::quiet("Copy").icon(Icon::Copy).show(ui) {
            action = Some(Action::Copy(plain_text(view, interview)));
        }
        for format in Export::ALL {
            if Button::quiet(format.name())
                .name(&format!("Save as {}", format.name()))
                .show(ui)
            {
                action = Some(Action::Export(format));
            }
        }
        if Button::plain("Delete this interview").icon(Icon::Trash2).show(ui) {
            action = Some(Action::Ask(Confirmation::DeleteInterview(interview.id.clone())));
        }
        action
    })
    .inner
}

/// The interview as plain text, for the clipboard.
pub fn plain_text(view: &ViewModel, interview: &Interview) -> String {
    let mut message = format!("{}, {}\n", view.field_name(&interview.field), view.day(interview.begun));
    for (index, turn) in interview.turns.iter().enumerate() {
        let _ = write!(message, "\n{}. {}\n", index + 1, turn.question.prompt);
        match turn.attempt().and_then(|attempt| attempt.transcript.as_ref()) {
            Some(words) => {
                let _ = writeln!(message, "{}", words.text());
            }
            None => message.push_str("(not answered)\n"),
        }
    }
    message
}
