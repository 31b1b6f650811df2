//! Before an interview: research notes, a job posting to practice for, and a minute to breathe.

use eframe::egui::{Align2, Event, Sense, Ui, WidgetInfo, accesskit::Role, vec2};
use lucide_icons::Icon;

use super::{
    Column,
    action::{Actions, PrepareAction, StartAction},
    page_ui, split_ui,
    theme::{self, NARROW, Tokens, size, space},
    view_model::ViewModel,
    widgets::{Button, card_ui, field, text},
};
use crate::{
    interview::posting::Posting,
    question::{AskThem, Moment, Phrase},
    sheet::NotesField,
};

/// What to find out, with the question behind it.
const RESEARCH: [(NotesField, &str, &str); 6] = [
    (
        NotesField::Makes,
        "Products",
        "What do they sell, to whom, and what would hurt them most?",
    ),
    (
        NotesField::Job,
        "Job",
        "What does the description ask for, and how long has it been open?",
    ),
    (
        NotesField::Stock,
        "Share price",
        "If they are listed: how has it moved this year, and why?",
    ),
    (
        NotesField::People,
        "People",
        "Who would you work with, and who would you report to?",
    ),
    (NotesField::Mission, "Mission", "What do they say they exist for?"),
    (
        NotesField::Events,
        "Recent news",
        "What has happened at the company in recent months?",
    ),
];

/// Bytes of the longest posting that can be edited: more than any real one has.
const LONGEST_EDITED: usize = 24 << 10;

/// Seconds of breathing: in, and out.
const IN: f64 = 4.0;
const OUT: f64 = 6.0;

pub fn prepare_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    let width = if ui.available_width() < NARROW { 760.0 } else { 1060.0 };
    page_ui(ui, "prepare", width, |ui| {
        text::opening_ui(
            ui,
            "Prepare",
            "Notes on one company, kept on this computer. They give you something of your own to say and to ask.",
        );
        split_ui(ui, 360.0, 440.0, |ui, column| match column {
            Column::Main => research_notes_ui(ui, view, actions),
            Column::Aside => aside_ui(ui, view, actions),
        });
    });
}

fn research_notes_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    notes_field_ui(ui, view, (NotesField::Company, "Company", ""), 1, actions);
    notes_field_ui(ui, view, (NotesField::Role, "Role", ""), 1, actions);
    ui.add_space(space::M);
    text::heading_ui(ui, "Research");
    for field in RESEARCH {
        notes_field_ui(ui, view, field, 2, actions);
    }
    ui.add_space(space::M);
    text::heading_ui(ui, "Make it yours");
    let points = "Where does what you found match what you can do?";
    notes_field_ui(ui, view, (NotesField::Points, "Points to make", points), 4, actions);
    let questions = "One to three questions, based on what you found";
    let field = (NotesField::ToAsk, "Questions to ask them", questions);
    notes_field_ui(ui, view, field, 3, actions);
    ask_them_ui(ui, view, actions);
}

/// Questions that are good to ask in this field, first those for any job in it, then those of each role.
fn ask_them_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    let Some(chosen) = view.field().filter(|field| !field.ask_them.is_empty()) else {
        return;
    };
    let label = if view.prepare.ask_them_shown {
        "Hide the ideas"
    } else {
        "Ideas for questions"
    };
    if Button::plain(label).icon(Icon::Lightbulb).flush().show(ui) {
        actions.push(PrepareAction::ToggleAskThem);
    }
    if !view.prepare.ask_them_shown {
        return;
    }
    let for_all = (
        "Any job in this field",
        chosen.ask_them.iter().filter(|one| one.roles.is_empty()).collect(),
    );
    let of_roles = chosen.roles.iter().map(|role| {
        let own = chosen.ask_them.iter().filter(|one| one.roles.contains(&role.id));
        (role.name.as_str(), own.collect())
    });
    let groups: Vec<(&str, Vec<&AskThem>)> = std::iter::once(for_all).chain(of_roles).collect();
    for (name, questions) in groups {
        ui.add_space(space::S);
        text::caps_ui(ui, name);
        for question in questions {
            one_to_ask_ui(ui, view, question, actions);
        }
    }
}

fn one_to_ask_ui(ui: &mut Ui, view: &ViewModel, question: &AskThem, actions: &mut Actions) {
    let notes = view.prepare.notes.get(NotesField::ToAsk);
    let already = notes.lines().any(|line| line.trim() == question.ask);
    ui.horizontal_top(|ui| {
        let name = format!("Note this question: {}", question.ask);
        let button = Button::quiet("Note it").name(&name).enabled(!already);
        if button.show(ui) {
            let lines = notes.lines().map(str::trim).filter(|line| !line.is_empty());
            let all: Vec<&str> = lines.chain([question.ask.as_str()]).collect();
            actions.push(PrepareAction::EditNotes(NotesField::ToAsk, all.join("\n")));
        }
        ui.vertical(|ui| {
            text::body_ui(ui, &question.ask);
            text::remark_ui(ui, &question.why);
        });
    });
    ui.add_space(space::XS);
}

/// What one can say when one looks for words.
fn phrases_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    const MOMENTS: [(Moment, &str); 4] = [
        (Moment::Greeting, "When you meet them"),
        (Moment::NotKnowing, "When you do not know"),
        (Moment::HearingBack, "When you would like to hear from them"),
        (Moment::Leaving, "When you leave"),
    ];
    let phrases: Vec<&Phrase> = view.bank.fields.iter().flat_map(|field| &field.phrases).collect();
    if phrases.is_empty() {
        return;
    }
    card_ui(ui, |ui| {
        text::heading_ui(ui, "Words for the moment");
        text::soft_ui(
            ui,
            "What you can say where the right words are hard to find. Say them once aloud.",
        );
        let label = if view.prepare.phrases_shown {
            "Hide them"
        } else {
            "Show them"
        };
        if Button::quiet(label)
            .name(&format!("{label}: words for the moment"))
            .show(ui)
        {
            actions.push(PrepareAction::TogglePhrases);
        }
        if !view.prepare.phrases_shown {
            return;
        }
        for (moment, name) in MOMENTS {
            ui.add_space(space::S);
            text::caps_ui(ui, name);
            for phrase in phrases.iter().filter(|phrase| phrase.moment == moment) {
                text::body_ui(ui, &format!("“{}”", phrase.say));
            }
        }
    });
}

/// A field of the notes, with its name and the question behind it.
fn notes_field_ui(
    ui: &mut Ui,
    view: &ViewModel,
    (field, name, hint): (NotesField, &str, &str),
    rows: usize,
    actions: &mut Actions,
) {
    text::caps_ui(ui, name);
    let changed = field::area_ui(ui, name, view.prepare.notes.get(field), hint, rows, size::TEXT);
    if let Some(text) = changed {
        actions.push(PrepareAction::EditNotes(field, text));
    }
    ui.add_space(space::S);
}

fn aside_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    ui.spacing_mut().item_spacing.y = space::L;
    breathe_ui(ui, view, actions);
    posting_ui(ui, view, actions);
    phrases_ui(ui, view, actions);
}

/// A circle that grows and shrinks; with reduced motion the words alone lead.
fn breathe_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    card_ui(ui, |ui| {
        text::heading_ui(ui, "A minute to breathe");
        let Some(seconds) = view.prepare.breathing else {
            text::soft_ui(
                ui,
                "Four seconds in, six seconds out. It slows your pulse before you speak.",
            );
            let start = Button::quiet("Start").icon(Icon::Wind).name("Start breathing");
            if start.show(ui) {
                actions.push(PrepareAction::StartOrStopBreathing);
            }
            return;
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
        if Button::quiet("Stop").name("Stop breathing").show(ui) {
            actions.push(PrepareAction::StartOrStopBreathing);
        }
    });
}

fn posting_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    card_ui(ui, |ui| {
        text::heading_ui(ui, "From a job posting");
        text::soft_ui(
            ui,
            "Paste its text, or drop its file here. Aloud finds the job terms in it, on this computer, and asks about them.",
        );
        let posting = view.prepare.notes.get(NotesField::Posting);
        if let Some(text) = posting_text_ui(ui, posting) {
            actions.push(PrepareAction::EditNotes(NotesField::Posting, text));
        }
        open_posting_ui(ui, view, actions);
        match &view.prepare.posting {
            Some(found) => found_terms_ui(ui, view, found, actions),
            None if view.prepare.posting_unread => {
                text::soft_ui(ui, "Looking for job terms …");
            }
            None if !posting.trim().is_empty() => {
                text::soft_ui(ui, "No job terms have been found in it yet.");
            }
            None => {}
        }
    });
}

/// The job terms of the posting, and the interview about them.
fn found_terms_ui(ui: &mut Ui, view: &ViewModel, found: &Posting, actions: &mut Actions) {
    const MOST: usize = 14;
    let names: Vec<&str> = found.terms.iter().take(MOST).map(|(name, _)| name.as_str()).collect();
    let count = text::count(found.terms.len(), "job term", "job terms");
    let field = view.field_name(&found.field);
    text::body_ui(ui, &format!("{count} from {field}: {}.", names.join(", ")));
    if Button::filled("Practice for this job").show(ui) {
        actions.push(StartAction::Posting);
    }
}

/// The text of the posting, to edit. Of one that is longer than any posting only the beginning is shown: to lay out all of
/// it, at each key, would hold the window up. Gives back the new text when it changed.
fn posting_text_ui(ui: &mut Ui, posting: &str) -> Option<String> {
    /// Letters of its beginning.
    const SHOWN: usize = 400;
    if posting.len() <= LONGEST_EDITED {
        let pasted = long_paste(ui, "Job posting");
        let changed = field::area_ui(ui, "Job posting", posting, "Paste the posting here", 6, size::TEXT);
        return match pasted {
            Some(pasted) if posting.trim().is_empty() => Some(pasted),
            Some(pasted) => Some(format!("{posting}\n{pasted}")),
            None => changed,
        };
    }
    let beginning: String = posting.chars().take(SHOWN).collect();
    text::body_ui(ui, &format!("{} …", beginning.trim_end()));
    let kilobytes = posting.len().div_ceil(1000);
    text::soft_ui(
        ui,
        &format!("The posting is long ({kilobytes} kB). Only its beginning is shown, but all of it is searched."),
    );
    Button::quiet("Remove the posting").show(ui).then(String::new)
}

/// Takes a long text out of what is pasted into this field.
fn long_paste(ui: &Ui, name: &str) -> Option<String> {
    if !ui.memory(|memory| memory.has_focus(field::id(name))) {
        return None;
    }
    ui.input_mut(|input| {
        let long = |event: &Event| matches!(event, Event::Paste(text) if text.len() > LONGEST_EDITED);
        let at = input.events.iter().position(long)?;
        match input.events.remove(at) {
            Event::Paste(text) => Some(text),
            _ => None,
        }
    })
}

/// A posting that was saved as a text file.
fn open_posting_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    if Button::quiet("Open a text file…").icon(Icon::FolderOpen).show(ui) {
        actions.push(PrepareAction::TogglePostingPath);
    }
    let Some(path) = &view.prepare.posting_path else {
        return;
    };
    let changed = field::line_ui(ui, "Path of the posting", path, "/home/you/Downloads/posting.txt");
    if let Some(path) = changed {
        actions.push(PrepareAction::EditPostingPath(path));
    }
    let ready = !path.trim().is_empty();
    let open = Button::filled("Open it").name("Open the posting").enabled(ready);
    if open.show(ui) {
        actions.push(PrepareAction::OpenPosting);
    }
}
