//! The cards beside an answer: its insights in plain sentences. None of them grades it.

use eframe::egui::{Color32, CornerRadius, Rect, RichText, Sense, Ui, pos2, vec2};
use lucide_icons::Icon;

use super::findings::{self, FoundIn, PillLook};
use crate::{
    insight::{
        Finding, Insights, Pause,
        pauses::{SilentEnds, long_seconds},
        wording,
    },
    interview::{Attempt, Turn},
    question::Field,
    ui::{
        action::{Actions, NavigateAction},
        command::UserCommand,
        theme::{self, Tokens, size, space},
        view_model::{Screen, ViewModel},
        widgets::{Button, button, card_ui, choice, text},
    },
};

pub fn cards_ui(ui: &mut Ui, view: &ViewModel, turn: &Turn, actions: &mut Actions) {
    let Some(insights) = &view.answer.insights else {
        return;
    };
    // Of a take without a word there is nothing to say, and "you spoke without a pause" would be a lie.
    let words = turn.attempt().and_then(|attempt| attempt.transcript.as_ref());
    if words.is_some_and(|words| words.words.is_empty()) {
        return;
    }
    ui.spacing_mut().item_spacing.y = space::L;
    follow_up_ui(ui, view, actions);
    let found = FoundIn {
        view,
        attempt: turn.attempt(),
        insights,
    };
    points_ui(ui, view, found, turn, actions);
    terms_ui(ui, view, found, actions);
    words_ui(ui, found, actions);
    fillers_ui(ui, view, found, actions);
    pace_ui(ui, view, found, actions);
    hedges_ui(ui, found, actions);
}

/// What the interviewer would ask next, and the button that answers it.
fn follow_up_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    let Some(question) = view.follow_up() else {
        return;
    };
    card_ui(ui, |ui| {
        text::heading_ui(ui, "The interviewer might ask");
        ui.label(
            RichText::new(text::curly(&question.ask))
                .font(theme::display(20.0))
                .line_height(Some(27.0)),
        );
        ui.add_space(space::XS);
        let command = UserCommand::FollowUp;
        command.button_ui(
            ui,
            view,
            actions,
            command
                .button(view, Button::quiet)
                .name("Answer the follow-up question"),
        );
    });
}

fn points_ui(ui: &mut Ui, view: &ViewModel, found: FoundIn<'_>, turn: &Turn, actions: &mut Actions) {
    const MOST: usize = 3;
    let (tokens, insights) = (Tokens::of(ui), found.insights);
    card_ui(ui, |ui| {
        text::heading_ui(ui, "Talking points");
        for point in &insights.talking_points.covered {
            let quoted = format!("“{}”", wording::shortened(&point.evidence));
            let finding = Finding::Point(point.id.clone());
            findings::row_ui(ui, found, finding, &point.label, actions, |ui| {
                point_ui(ui, Icon::Check, tokens.accent, &point.label, &quoted);
            });
        }
        let made = |id: &str| insights.talking_points.covered.iter().any(|point| point.id == id);
        let later = &view.answer.follow_up_points;
        for point in later.iter().filter(|point| !made(&point.id)) {
            let quoted = format!("In the follow-up: “{}”", wording::shortened(&point.evidence));
            point_ui(ui, Icon::Check, tokens.accent, &point.label, &quoted);
        }
        if insights.off_topic {
            text::soft_ui(ui, wording::OFF_TOPIC);
        } else if insights.talking_points.covered.is_empty() {
            text::soft_ui(ui, wording::NO_POINTS);
        }
        let missing: Vec<_> = insights
            .talking_points
            .to_consider
            .iter()
            .filter(|point| later.iter().all(|made| made.id != point.id))
            .take(MOST)
            .collect();
        if !missing.is_empty() {
            ui.add_space(space::XS);
            text::remark_ui(ui, "Worth considering");
            for point in missing {
                point_ui(ui, Icon::Plus, tokens.soft, &point.label, &point.hint);
            }
        }
        if let Some(words) = insights.talking_points.words_read {
            text::remark_ui(ui, &wording::words_read(words));
        }
        open_parts_ui(ui, view, insights, turn);
        shape_ui(ui, insights, !later.is_empty());
    });
}

fn point_ui(ui: &mut Ui, icon: Icon, color: Color32, label: &str, under: &str) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        ui.vertical(|ui| {
            ui.add_space(2.0);
            button::icon_ui(ui, icon, 17.0, color);
        });
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            text::strong_ui(ui, label);
            if !under.is_empty() && under != "“”" {
                text::remark_ui(ui, under);
            }
        });
    });
}

/// What the question asked for and the answer was not heard to say.
fn open_parts_ui(ui: &mut Ui, view: &ViewModel, insights: &Insights, turn: &Turn) {
    let said_later = |number: usize| {
        let mut points = turn
            .question
            .talking_points
            .iter()
            .filter(|point| point.part == Some(number));
        points.any(|point| view.answer.follow_up_points.iter().any(|made| made.id == point.id))
    };
    let open = (1..).zip(&insights.parts);
    let open = open.filter(|(number, part)| part.answered == Some(false) && !said_later(*number));
    let open: Vec<&str> = open.map(|(_, part)| part.text.as_str()).collect();
    if !open.is_empty() && !insights.off_topic {
        ui.add_space(space::XS);
        text::remark_ui(ui, &wording::open_parts(&open));
    }
}

/// The parts of a behavioral answer, each as wide as its share.
/// Where a follow-up was answered, it is the first answer that the shape is of.
fn shape_ui(ui: &mut Ui, insights: &Insights, followed: bool) {
    let Some(structure) = &insights.structure else {
        return;
    };
    let tokens = Tokens::of(ui);
    ui.add_space(space::XS);
    let name = if followed {
        "Shape of the first answer"
    } else {
        "Shape of the answer"
    };
    text::remark_ui(ui, name);
    if !structure.parts.is_empty() {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 8.0), Sense::hover());
        let total: f64 = structure.parts.iter().map(|part| part.share).sum::<f64>().max(0.01);
        let mut left = rect.left();
        for (index, part) in structure.parts.iter().enumerate() {
            let width = (rect.width() * (part.share / total) as f32).max(6.0);
            let bar = Rect::from_min_size(pos2(left, rect.top()), vec2((width - 3.0).max(3.0), 8.0));
            ui.painter().rect_filled(
                bar,
                CornerRadius::same(3),
                tokens.accent.gamma_multiply((1.0 - 0.2 * index as f32).max(0.2)),
            );
            left += width;
        }
    }
    text::body_ui(ui, &wording::structure(structure));
}

fn terms_ui(ui: &mut Ui, view: &ViewModel, found: FoundIn<'_>, actions: &mut Actions) {
    let (field, terms) = (view.interview_field(), &found.insights.job_terms);
    let definition = |name: &str| {
        field
            .and_then(|field| field.term(name))
            .map_or("", |term| &term.definition)
    };
    card_ui(ui, |ui| {
        text::heading_ui(ui, "Job terms");
        if terms.used.is_empty() {
            text::soft_ui(ui, wording::NO_TERMS);
        } else {
            choice::chips_ui(ui, |ui| {
                for used in &terms.used {
                    let finding = Finding::Term(used.term.clone());
                    findings::chip_ui(ui, found, finding, &used.term, definition(&used.term), actions);
                }
            });
        }
        let others: Vec<&String> = terms.others.iter().take(4).collect();
        if !others.is_empty() {
            text::remark_ui(ui, "Others that fit this question");
            choice::chips_ui(ui, |ui| {
                for name in others {
                    let sense = Sense::focusable_noninteractive();
                    findings::pill_ui(ui, name, definition(name), sense, PillLook::Unused);
                }
            });
        }
        all_terms_ui(ui, field, actions);
    });
}

fn all_terms_ui(ui: &mut Ui, field: Option<&Field>, actions: &mut Actions) {
    let count = field.map_or(0, |field| field.terms.len());
    if count == 0 {
        return;
    }
    let label = format!("All {count} terms and definitions");
    if Button::plain(&label).icon(Icon::ListChecks).flush().show(ui) {
        actions.push(NavigateAction::Go(Screen::Terms));
    }
}

fn words_ui(ui: &mut Ui, found: FoundIn<'_>, actions: &mut Actions) {
    const MOST: usize = 5;
    let tokens = Tokens::of(ui);
    let insights = found.insights;
    card_ui(ui, |ui| {
        text::heading_ui(ui, "Most-used words");
        if insights.most_used.is_empty() {
            text::soft_ui(ui, wording::NO_MOST_USED);
        }
        for used in insights.most_used.iter().take(MOST) {
            let finding = Finding::MostUsed(used.word.clone());
            findings::row_ui(ui, found, finding, &used.word, actions, |ui| {
                // A line is as high as its text.
                ui.spacing_mut().interact_size.y = 0.0;
                ui.horizontal_wrapped(|ui| {
                    ui.spacing_mut().item_spacing.x = space::S;
                    text::strong_ui(ui, &used.word);
                    ui.label(
                        RichText::new(wording::times(used.count))
                            .font(theme::regular(size::TEXT))
                            .color(tokens.soft),
                    );
                });
            });
            if let Some(others) = wording::synonyms(used) {
                text::remark_ui(ui, &others);
            }
        }
    });
}

fn fillers_ui(ui: &mut Ui, view: &ViewModel, found: FoundIn<'_>, actions: &mut Actions) {
    let insights = found.insights;
    let spoken = found.attempt.and_then(|attempt| attempt.take.as_ref());
    card_ui(ui, |ui| {
        text::heading_ui(ui, "Fillers and repeats");
        text::body_ui(
            ui,
            &wording::fillers(&insights.fillers, spoken.map(|take| take.seconds)),
        );
        let texts = insights.fillers.iter().map(|filler| filler.text.as_str());
        findings::chips_ui(ui, found, texts, Finding::Filler, actions);
        let playable = found.attempt.and_then(Attempt::playable).is_some();
        if playable && insights.fillers.iter().any(|filler| filler.span.is_some()) {
            jump_ui(ui, view, UserCommand::NextFiller, actions);
        }
        text::body_ui(ui, &wording::repeats(insights));
        let texts = insights.repeats.iter().map(|repeat| repeat.text.as_str());
        findings::chips_ui(ui, found, texts, Finding::Repeat, actions);
    });
}

fn pace_ui(ui: &mut Ui, view: &ViewModel, found: FoundIn<'_>, actions: &mut Actions) {
    let insights = found.insights;
    let Some((attempt, take)) = found
        .attempt
        .and_then(|attempt| Some((attempt, attempt.take.as_ref()?)))
    else {
        return;
    };
    let ends = attempt
        .transcript
        .as_ref()
        .and_then(|words| SilentEnds::of(words, take.seconds));
    card_ui(ui, |ui| {
        text::heading_ui(ui, "Pace and pauses");
        if let Some(pace) = &insights.pace {
            text::body_ui(ui, &wording::pace(pace.words_per_minute));
        }
        if let Some(seconds) = ends.and_then(SilentEnds::told_before) {
            text::body_ui(ui, &wording::began_after(seconds));
        }
        text::body_ui(ui, &wording::pauses(&insights.pauses));
        let long = |pause: &Pause| pause.span.seconds() >= long_seconds();
        if insights.pauses.iter().any(long) {
            choice::chips_ui(ui, |ui| {
                findings::chip_ui(ui, found, Finding::LongPause, "Long pause", "", actions);
            });
            if attempt.playable().is_some() {
                jump_ui(ui, view, UserCommand::NextLongPause, actions);
            }
        }
        if let Some(seconds) = ends.and_then(SilentEnds::told_after) {
            text::body_ui(ui, &wording::stopped_before_end(seconds));
        }
        text::body_ui(ui, &wording::length(take.seconds));
    });
}

/// Plays from the next filler or pause.
fn jump_ui(ui: &mut Ui, view: &ViewModel, command: UserCommand, actions: &mut Actions) {
    let button = command.button(view, Button::plain).flush();
    command.button_ui(ui, view, actions, button);
}

fn hedges_ui(ui: &mut Ui, found: FoundIn<'_>, actions: &mut Actions) {
    card_ui(ui, |ui| {
        text::heading_ui(ui, "Hedges");
        text::body_ui(ui, &wording::hedges(found.insights));
        let texts = found.insights.hedges.iter().map(|hedge| hedge.text.as_str());
        findings::chips_ui(ui, found, texts, Finding::Hedge, actions);
    });
}

/// An answer in one line, for lists.
pub fn in_short(insights: &Insights) -> String {
    let mut parts = Vec::new();
    if let Some(pace) = &insights.pace {
        parts.push(format!("{:.0} words per minute", pace.words_per_minute));
    }
    parts.push(text::count(insights.talking_points.covered.len(), "point", "points"));
    parts.push(text::count(insights.job_terms.used.len(), "job term", "job terms"));
    parts.push(text::count(insights.fillers.len(), "filler", "fillers"));
    parts.join("  ·  ")
}
