//! Before an interview: what to find out, what to make of it, a job posting to practice for, and a minute to breathe.

use eframe::egui::{Align2, Event, Sense, Ui, WidgetInfo, accesskit::Role, vec2};
use lucide_icons::Icon;

use super::{
    action::Action,
    page_ui, split_ui,
    theme::{self, NARROW, Tokens, size, space},
    view_model::ViewModel,
    widgets::{Button, card_ui, field, text},
};
use crate::sheet::NotesField;

/// What to find out, with the question behind it.
const RESEARCH: [(NotesField, &str, &str); 6] = [
    (
        NotesField::Makes,
        "What they make",
        "What do they sell, to whom, and what would hurt them most?",
    ),
    (
        NotesField::Job,
        "The job",
        "What does the description ask for, and how long has it been open?",
    ),
    (
        NotesField::Stock,
        "The stock",
        "If they are listed: where did it go this year, and why?",
    ),
    (NotesField::People, "The people", "Who would you work with, and for?"),
    (
        NotesField::Mission,
        "The mission",
        "What do they say they are there for?",
    ),
    (
        NotesField::Events,
        "Lately",
        "What has happened to them in the past months?",
    ),
];

/// Bytes of a posting that is shown to be written in: more than the longest of them has.
const LONGEST_WRITTEN: usize = 24 << 10;

/// Seconds of breathing: in, and out.
const IN: f64 = 4.0;
const OUT: f64 = 6.0;

pub fn prepare_ui(ui: &mut Ui, view: &ViewModel) -> Option<Action> {
    let width = if ui.available_width() < NARROW { 760.0 } else { 1060.0 };
    page_ui(ui, "prepare", width, |ui| {
        text::opening(
            ui,
            "Prepare",
            "A sheet for one company. It is kept on this computer, and gives you something of your own to say and to ask.",
        );
        let (sheet, aside) = split_ui(ui, 360.0, 440.0, |ui| sheet_ui(ui, view), |ui| aside_ui(ui, view));
        sheet.or(aside)
    })
}

fn sheet_ui(ui: &mut Ui, view: &ViewModel) -> Option<Action> {
    let mut action = None;
    for (subject, name, hint) in [(NotesField::Company, "Company", ""), (NotesField::Role, "Role", "")] {
        action = action.or(line_ui(ui, view, subject, name, hint, 1));
    }
    ui.add_space(space::M);
    text::heading(ui, "Find out");
    for (subject, name, hint) in RESEARCH {
        action = action.or(line_ui(ui, view, subject, name, hint, 2));
    }
    ui.add_space(space::M);
    text::heading(ui, "Make it yours");
    let points = "Where does what you found meet what you can do?";
    action = action.or(line_ui(ui, view, NotesField::Points, "Points to make", points, 4));
    let ask = "One to three questions for them, from what you found";
    action.or(line_ui(ui, view, NotesField::ToAsk, "To ask them", ask, 3))
}

fn line_ui(ui: &mut Ui, view: &ViewModel, subject: NotesField, name: &str, hint: &str, rows: usize) -> Option<Action> {
    text::caps(ui, name);
    let changed = field::area_ui(ui, name, view.prepare.notes.get(subject), hint, rows, size::TEXT);
    ui.add_space(space::S);
    changed.map(|text| Action::ResearchNotes(subject, text))
}

fn aside_ui(ui: &mut Ui, view: &ViewModel) -> Option<Action> {
    ui.spacing_mut().item_spacing.y = space::L;
    let breathe = breathe_ui(ui, view);
    breathe.or(posting_ui(ui, view))
}

/// A circle that grows and shrinks; with reduced motion the words alone lead.
fn breathe_ui(ui: &mut Ui, view: &ViewModel) -> Option<Action> {
    card_ui(ui, |ui| {
        text::heading(ui, "A minute to breathe");
        let Some(seconds) = view.prepare.breathing else {
            text::soft(
                ui,
                "Four seconds in, six seconds out. It slows the pulse before you speak.",
            );
            return Button::quiet("Begin")
                .icon(Icon::Wind)
                .name("Begin to breathe")
                .show(ui)
                .then_some(Action::Breathe);
        };
        let tokens = Tokens::of(ui);
        let at = seconds % (IN + OUT);
        let (word, share) = if at < IN {
            ("In", at / IN)
        } else {
            ("Out", 1.0 - (at - IN) / OUT)
        };
        let eased = 0.5 - 0.5 * (share * std::f64::consts::PI).cos();
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 190.0), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("Breathe {}", word.to_lowercase())));
        let grown = if view.settings.reduced_motion {
            0.6
        } else {
            eased as f32
        };
        ui.painter()
            .circle_filled(rect.center(), 40.0 + 46.0 * grown, tokens.wash);
        ui.painter().text(
            rect.center(),
            Align2::CENTER_CENTER,
            word,
            theme::display(22.0),
            tokens.accent,
        );
        Button::quiet("Stop")
            .name("Stop breathing")
            .show(ui)
            .then_some(Action::Breathe)
    })
    .inner
}

fn posting_ui(ui: &mut Ui, view: &ViewModel) -> Option<Action> {
    card_ui(ui, |ui| {
        text::heading(ui, "From a job posting");
        text::soft(
            ui,
            "Paste its text, or drop its file here. Aloud finds the job terms in it, here on this computer, and asks about them.",
        );
        let posting = view.prepare.notes.get(NotesField::Posting);
        let mut action = posting_text_ui(ui, posting).map(|text| Action::ResearchNotes(NotesField::Posting, text));
        action = action.or(open_posting_ui(ui, view));
        match &view.prepare.posting {
            Some(found) => {
                const MOST: usize = 14;
                let names: Vec<&str> = found.terms.iter().take(MOST).map(|(name, _)| name.as_str()).collect();
                let count = text::count(found.terms.len(), "job term", "job terms");
                text::body(
                    ui,
                    &format!("{count} of {}: {}.", view.field_name(&found.field), names.join(", ")),
                );
                if Button::filled("Practice for this job").show(ui) {
                    action = Some(Action::PracticePosting);
                }
            }
            None if view.prepare.posting_unread => {
                text::soft(ui, "Looking for job terms …");
            }
            None if !posting.trim().is_empty() => {
                text::soft(ui, "No job terms were found in it yet.");
            }
            None => {}
        }
        action
    })
    .inner
}

/// The text of the posting, to write in. One that is longer than any posting is shown by its beginning alone: to set all
/// of it, at each key, would hold the window up. Gives back the new text when it changed.
fn posting_text_ui(ui: &mut Ui, posting: &str) -> Option<String> {
    /// Letters of its beginning.
    const SHOWN: usize = 400;
    if posting.len() <= LONGEST_WRITTEN {
        let pasted = long_paste(ui, "Job posting");
        let changed = field::area_ui(ui, "Job posting", posting, "Paste the posting here", 6, size::TEXT);
        return match pasted {
            Some(pasted) if posting.trim().is_empty() => Some(pasted),
            Some(pasted) => Some(format!("{posting}\n{pasted}")),
            None => changed,
        };
    }
    let beginning: String = posting.chars().take(SHOWN).collect();
    text::body(ui, &format!("{} …", beginning.trim_end()));
    let kilobytes = posting.len().div_ceil(1000);
    text::soft(
        ui,
        &format!("The posting is long ({kilobytes} kB). All of it is looked through; its beginning is shown."),
    );
    Button::quiet("Remove the posting").show(ui).then(String::new)
}

/// Takes a long text out of what is pasted into this field.
fn long_paste(ui: &Ui, name: &str) -> Option<String> {
    if !ui.memory(|memory| memory.has_focus(field::id(name))) {
        return None;
    }
    ui.input_mut(|input| {
        let long = |event: &Event| matches!(event, Event::Paste(text) if text.len() > LONGEST_WRITTEN);
        let at = input.events.iter().position(long)?;
        match input.events.remove(at) {
            Event::Paste(text) => Some(text),
            _ => None,
        }
    })
}

/// A posting that was saved as a text.
fn open_posting_ui(ui: &mut Ui, view: &ViewModel) -> Option<Action> {
    let mut action = Button::quiet("Open a text file…")
        .icon(Icon::FolderOpen)
        .show(ui)
        .then_some(Action::NamePostingFile);
    let Some(path) = &view.prepare.posting_path else {
        return action;
    };
    if let Some(path) = field::line_ui(ui, "Path of the posting", path, "/home/you/Downloads/posting.txt") {
        action = Some(Action::PostingFile(path));
    }
    let ready = !path.trim().is_empty();
    if Button::filled("Open it")
        .name("Open the posting")
        .enabled(ready)
        .show(ui)
    {
        action = Some(Action::OpenPosting);
    }
    action
}
