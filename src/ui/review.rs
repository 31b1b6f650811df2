//! The review: the whole interview on one page, a reflection on it, and ways to export it.

use std::fmt::Write as _;

use eframe::egui::{Label, RichText, Ui, vec2};
use lucide_icons::Icon;

use super::{
    action::{Actions, AnswerAction, DialogAction, Export, ExportAction, NavigateAction, StartAction},
    answer,
    microphone::shortened,
    page_ui, row_ui,
    theme::{self, Tokens, size, space},
    view_model::{Confirmation, Screen, ViewModel},
    widgets::{Button, card_ui, field, hairline_ui, text},
};
use crate::{
    insight::overview::{Overview, OverviewAnswer, overview},
    interview::{Interview, Reflection, Turn, letters},
};

pub fn review_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    let Some(interview) = view.interview() else {
        return;
    };
    page_ui(ui, "review", 780.0, |ui| {
        text::title_ui(
            ui,
            if interview.turns.len() > 1 {
                "Your interview"
            } else {
                "Your answer"
            },
        );
        text::soft_ui(ui, &summary(view, interview));
        ui.add_space(space::L);
        for (index, turn) in interview.turns.iter().enumerate() {
            hairline_ui(ui);
            if turn_ui(ui, view, index, turn) {
                actions.push(AnswerAction::GoTo(index));
            }
        }
        hairline_ui(ui);
        ui.add_space(space::XL);
        overview_ui(ui, &of_interview(view, interview));
        next_ui(ui, interview, actions);
        ui.add_space(space::XXL);
        reflection_ui(ui, view, interview, actions);
        letters_ui(ui, view, interview, actions);
        ui.add_space(space::XXL);
        export_ui(ui, view, interview, actions);
        delete_ui(ui, interview, actions);
    });
}

/// "Cybersecurity, today, 14:02. 4 of 5 questions answered, 6 min spoken."
fn summary(view: &ViewModel, interview: &Interview) -> String {
    let spoken: f64 = interview
        .turns
        .iter()
        .filter_map(Turn::main_attempt)
        .filter_map(|attempt| attempt.take.as_ref())
        .map(|take| take.seconds)
        .sum();
    let mut message = format!(
        "{}, {}. {} of {} answered",
        view.title_of(interview),
        view.when(interview.begun),
        interview.answered(),
        text::count(interview.turns.len(), "question", "questions"),
    );
    if spoken > 0.0 {
        let _ = write!(message, ", {} spoken", text::length(spoken));
    }
    message + "."
}

/// What the answers that have insights have in common.
fn of_interview(view: &ViewModel, interview: &Interview) -> Overview {
    let answered = interview.turns.iter().zip(&view.answer.review).enumerate();
    let answers = answered.filter_map(|(question, (turn, insights))| {
        let attempt = turn.main_attempt()?;
        Some(OverviewAnswer {
            question,
            seconds: attempt.take.as_ref().map(|take| take.seconds),
            words: attempt.transcript.as_ref()?.words.len(),
            insights: insights.as_ref()?,
        })
    });
    overview(&answers.collect::<Vec<_>>())
}

fn overview_ui(ui: &mut Ui, found: &Overview) {
    let lines = overview_lines(found);
    if lines.is_empty() {
        return;
    }
    card_ui(ui, |ui| {
        text::heading_ui(ui, "All answers together");
        for line in lines {
            text::body_ui(ui, &line);
        }
    });
    ui.add_space(space::XL);
}

/// A sentence for each thing that was found.
fn overview_lines(found: &Overview) -> Vec<String> {
    let mut lines = Vec::new();
    if !found.words.is_empty() {
        let words = found.words.iter().map(|(word, times)| format!("{word} ({times})"));
        lines.push(format!("Words that several answers lean on: {}.", listed(words)));
    }
    if let Some(rate) = found.fillers_per_minute {
        lines.push(format!("Fillers: {rate:.1} a minute of speech."));
    }
    if !found.missing.is_empty() {
        let labels = found.missing.iter().map(|label| format!("“{label}”"));
        lines.push(format!("Worth considering in two answers or more: {}.", listed(labels)));
    }
    if let (Some((short, least)), Some((long, most))) = (found.shortest, found.longest) {
        let (least, most) = (text::length(least), text::length(most));
        lines.push(format!(
            "The shortest answer is the one to question {} ({least}), the longest the one to question {} ({most}).",
            short + 1,
            long + 1
        ));
    }
    if let Some(sentence) = found.try_next {
        lines.push(format!("One thing to try next: {sentence}"));
    }
    lines
}

fn listed(texts: impl Iterator<Item = String>) -> String {
    texts.collect::<Vec<_>>().join(", ")
}

fn turn_ui(ui: &mut Ui, view: &ViewModel, index: usize, turn: &Turn) -> bool {
    let tokens = Tokens::of(ui);
    let name = format!("Question {}: {}", index + 1, turn.asked());
    row_ui(ui, &name, |ui| {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = space::L;
            let number = RichText::new((index + 1).to_string())
                .font(theme::semibold(size::TEXT))
                .color(tokens.accent);
            ui.label(number.line_height(Some(22.0)));
            ui.vertical(|ui| {
                text::strong_ui(ui, turn.asked());
                match turn.main_attempt().and_then(|attempt| attempt.transcript.as_ref()) {
                    Some(words) if !words.words.is_empty() => {
                        excerpt_ui(ui, &words.text());
                        for (ask, _) in turn.follow_ups() {
                            text::remark_ui(ui, &format!("Then you were asked: {ask}"));
                        }
                        if let Some(found) = view.answer.review.get(index).and_then(Option::as_ref) {
                            text::remark_ui(ui, &answer::in_short(found));
                        }
                    }
                    _ if turn.attempts.is_empty() => {
                        text::soft_ui(ui, if turn.skipped { "Skipped" } else { "Not answered yet" });
                    }
                    Some(_) => {
                        text::soft_ui(ui, "Nothing was heard");
                    }
                    None => {
                        text::soft_ui(ui, "Not transcribed yet");
                    }
                }
            });
        });
    })
}

/// The first lines of an answer.
fn excerpt_ui(ui: &mut Ui, words: &str) {
    let start = crate::text::shown::excerpt(words);
    let color = Tokens::of(ui).soft;
    ui.add(Label::new(
        RichText::new(text::curly(&start))
            .font(theme::regular(size::TEXT))
            .line_height(Some(23.0))
            .color(color),
    ));
}

fn next_ui(ui: &mut Ui, interview: &Interview, actions: &mut Actions) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        if Button::filled("Start another interview").show(ui) {
            actions.push(StartAction::Interview);
        }
        let mut unanswered = (0..).zip(&interview.turns).filter(|(_, turn)| !turn.is_answered());
        if let Some((first, _)) = unanswered.next() {
            let label = if unanswered.next().is_none() {
                "Answer the skipped question"
            } else {
                "Answer the skipped questions"
            };
            if Button::quiet(label).show(ui) {
                actions.push(AnswerAction::GoTo(first));
            }
        }
        if Button::plain("Home").icon(Icon::House).show(ui) {
            actions.push(NavigateAction::Go(Screen::Home));
        }
    });
}

/// Where in the reflection a text belongs.
type Place = fn(&mut Reflection) -> &mut String;

fn reflection_ui(ui: &mut Ui, view: &ViewModel, interview: &Interview, actions: &mut Actions) {
    let notes = &interview.afterwards;
    let mut new = notes.clone();
    text::heading_ui(ui, "Reflection");
    text::soft_ui(ui, "Write it down while it is fresh. It is kept with the interview.");
    ui.add_space(space::S);
    let mut changed = false;
    let parts: [(&str, &str, &str, Place); 4] = [
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
            "One per line: a term, a tool, a question you could not answer",
            |notes| &mut notes.look_up,
        ),
        (
            "What you found",
            &notes.found,
            "In your own words, once you looked it up",
            |notes| &mut notes.found,
        ),
    ];
    for (name, text, hint, place) in parts {
        text::caps_ui(ui, name);
        if let Some(text) = field::area_ui(ui, name, text, hint, 2, size::TEXT) {
            *place(&mut new) = text;
            changed = true;
        }
        ui.add_space(space::S);
    }
    for thing in look_up_ui(ui, view, interview) {
        new.add_to_look_up(&thing);
        changed = true;
    }
    if changed {
        actions.push(AnswerAction::Reflect(new));
    }
}

/// What the answers said would be looked up, and the questions that were skipped, as far as they are not in the list yet;
/// returns those that were chosen for it.
fn look_up_ui(ui: &mut Ui, view: &ViewModel, interview: &Interview) -> Vec<String> {
    let notes = &interview.afterwards;
    let mut offered: Vec<&str> = Vec::new();
    for insights in view.answer.review.iter().flatten() {
        for thing in &insights.look_up {
            if !notes.has_to_look_up(thing) && !offered.iter().any(|other| other.eq_ignore_ascii_case(thing)) {
                offered.push(thing);
            }
        }
    }
    let skipped = interview.turns.iter().filter(|turn| turn.skipped).map(Turn::asked);
    offered.extend(skipped.filter(|asked| !notes.has_to_look_up(asked)));
    let mut chosen = Vec::new();
    if offered.is_empty() {
        return chosen;
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::S, space::S);
        text::remark_ui(ui, "Suggestions, from your answers and the questions you skipped:");
        for thing in &offered {
            // A whole question is too long for a button; a screen reader says all of it.
            let button = Button::quiet(&shortened(thing, 64))
                .icon(Icon::Plus)
                .name(thing)
                .show(ui);
            if button {
                chosen.push((*thing).to_owned());
            }
        }
        if offered.len() > 1 && Button::plain("Add all").name("Add all to the list").show(ui) {
            chosen.extend(offered.iter().map(|thing| (*thing).to_owned()));
        }
    });
    ui.add_space(space::S);
    chosen
}

/// Drafts of the letters that follow a real interview.
fn letters_ui(ui: &mut Ui, view: &ViewModel, interview: &Interview, actions: &mut Actions) {
    let to = letters::Addressee {
        company: &view.prepare.notes.company,
        role: &view.prepare.notes.role,
    };
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::S, space::S);
        text::remark_ui(ui, "After a real interview, drafts to start from:");
        if Button::plain("Copy a thank-you note").icon(Icon::Mail).show(ui) {
            actions.push(ExportAction::Copy(letters::thank_you(to)));
        }
        if Button::plain("Copy a follow-up email").icon(Icon::Mail).show(ui) {
            actions.push(ExportAction::Copy(letters::follow_up(to, &interview.afterwards)));
        }
    });
}

/// Ways to hand the interview to somebody, what such a person needs first.
fn export_ui(ui: &mut Ui, view: &ViewModel, interview: &Interview, actions: &mut Actions) {
    let export = &view.export;
    text::heading_ui(ui, "Export");
    text::soft_ui(
        ui,
        "The PDF has what a coach needs: what was noticed in each answer, then every transcript. The folder has it too, with \
         the recordings.",
    );
    ui.add_space(space::XS);
    text::caps_ui(ui, "Save as");
    let proposed = export.proposed(interview, view.zone.as_ref()).display().to_string();
    let path = export.typed_for(interview).unwrap_or(&proposed);
    if let Some(path) = field::line_ui(ui, "Save as", path, "Where to save it") {
        actions.push(ExportAction::EditPath(path));
    }
    text::remark_ui(
        ui,
        "The file extension is added for you. Existing files are never replaced without asking.",
    );
    ui.add_space(space::XS);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::S, space::S);
        for format in Export::ALL {
            if format == Export::Text && Button::quiet("Copy").icon(Icon::Copy).show(ui) {
                actions.push(ExportAction::CopyInterview);
            }
            if save_button_ui(ui, format, export.running.is_none()) {
                actions.push(ExportAction::Save(format));
            }
        }
    });
    if let Some(format) = export.running {
        text::remark_ui(ui, &format!("Saving: {}.", format.name()));
    }
    if let Some(saved) = export.saved_of(interview) {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(space::S, space::XS);
            if Button::plain("Show in folder")
                .name("Show what was saved last in its folder")
                .icon(Icon::FolderOpen)
                .flush()
                .show(ui)
            {
                actions.push(ExportAction::ShowInFolder(saved.to_owned()));
            }
            text::remark_ui(ui, &format!("Saved as {}", saved.display()));
        });
    }
}

fn save_button_ui(ui: &mut Ui, format: Export, enabled: bool) -> bool {
    let name = format!("Save as {}", format.name());
    let button = Button::quiet(format.name()).name(&name).enabled(enabled);
    match format {
        Export::Pdf => button.icon(Icon::FileText).show(ui),
        Export::Folder => button.icon(Icon::Folder).show(ui),
        Export::Text | Export::Markdown | Export::Html | Export::Json => button.show(ui),
    }
}

/// Away from what is pressed often, at the very end.
fn delete_ui(ui: &mut Ui, interview: &Interview, actions: &mut Actions) {
    ui.add_space(space::HUGE);
    hairline_ui(ui);
    ui.add_space(space::M);
    if Button::plain("Delete this interview")
        .icon(Icon::Trash2)
        .flush()
        .show(ui)
    {
        let confirmation = Confirmation::DeleteInterview(interview.id.clone());
        actions.push(DialogAction::Ask(confirmation));
    }
}
