//! The answer: what was said with its marks, along its time, and beside it what is in it.

use eframe::egui::{Align, Layout, Rect, RichText, ScrollArea, Ui, pos2};
use lucide_icons::Icon;

use super::{
    action::Action,
    foot_ui, microphone, paper, part_ui, split_ui,
    theme::{self, MEASURE, NARROW, Tokens, size, space},
    view_model::ViewModel,
    widgets::{
        Button, card_ui, field, hairline, marks, text, timeline,
        transcript::{self, TranscriptView, transcript_ui},
    },
};
use crate::{
    insight::{
        Answer,
        compare::{Observed, compare},
    },
    interview::{Attempt, Phase, Practice, Turn},
    protocol::ModelState,
};

mod cards;

pub fn answer_ui(ui: &mut Ui, view: &ViewModel) -> Option<Action> {
    let practice = view.practice.as_ref()?;
    let turn = practice.turn()?;
    let attempt = turn.attempt()?;
    let foot = foot_ui(ui, 76.0, |ui| controls_ui(ui, view, practice, turn, attempt));
    let body = paper(ui, |ui| {
        if ui.available_width() >= NARROW && ui.available_height() > 420.0 && !view.answer.comparing {
            beside_ui(ui, view, practice, turn, attempt)
        } else {
            stacked_ui(ui, view, practice, turn, attempt)
        }
    });
    foot.or(body)
}

/// The words left, with the timeline always in sight under them; the cards right. Each side scrolls by itself.
fn beside_ui(ui: &mut Ui, view: &ViewModel, practice: &Practice, turn: &Turn, attempt: &Attempt) -> Option<Action> {
    const CARDS: f32 = 380.0;
    const TIMELINE: f32 = 172.0;
    let room = ui.max_rect();
    let width = (room.width() - 2.0 * space::HUGE).min(1140.0);
    let left = room.center().x - width / 2.0;
    let split = left + width - CARDS;
    let timed = timed(view, practice, attempt);
    let under = if timed { TIMELINE } else { 0.0 };
    let words = Rect::from_min_max(pos2(left, room.top()), pos2(split - space::HUGE, room.bottom() - under));
    let salt = (practice.interview.at, turn.shown);
    let said = part_ui(ui, words, Layout::top_down(Align::Min), |ui| {
        ScrollArea::vertical()
            .id_salt(("words", salt))
            .auto_shrink(false)
            .show(ui, |ui| {
                ui.add_space(space::XXL);
                head_ui(ui, turn);
                let action = said_ui(ui, view, practice, turn, attempt);
                ui.add_space(space::XL);
                action
            })
            .inner
    });
    let mut action = said;
    if timed {
        let below = Rect::from_min_max(
            pos2(left, words.bottom()),
            pos2(words.right(), room.bottom() - space::S),
        );
        let picked = part_ui(ui, below, Layout::top_down(Align::Min), |ui| {
            hairline(ui);
            ui.add_space(space::M);
            timeline_ui(ui, view, attempt)
        });
        action = action.or(picked);
    }
    let cards = Rect::from_min_max(pos2(split, room.top()), pos2(left + width + space::M, room.bottom()));
    let found = part_ui(ui, cards, Layout::top_down(Align::Min), |ui| {
        ScrollArea::vertical()
            .id_salt(("cards", salt))
            .auto_shrink(false)
            .show(ui, |ui| {
                ui.set_width(CARDS);
                ui.add_space(space::XXL);
                let action = cards::cards_ui(ui, view, turn);
                ui.add_space(space::XL);
                action
            })
            .inner
    });
    action.or(found)
}

/// Everything in one column.
fn stacked_ui(ui: &mut Ui, view: &ViewModel, practice: &Practice, turn: &Turn, attempt: &Attempt) -> Option<Action> {
    ScrollArea::vertical()
        .id_salt(("answer", practice.interview.at, turn.shown))
        .auto_shrink(false)
        .show(ui, |ui| {
            super::column_ui(ui, 1140.0, |ui| {
                head_ui(ui, turn);
                if view.answer.comparing {
                    return compare_ui(ui, view, turn);
                }
                let said = said_ui(ui, view, practice, turn, attempt);
                ui.add_space(space::XL);
                let picked = timed(view, practice, attempt)
                    .then(|| timeline_ui(ui, view, attempt))
                    .flatten();
                ui.add_space(space::XL);
                said.or(picked).or(cards::cards_ui(ui, view, turn))
            })
        })
        .inner
}

/// Whether there is something to show along the time.
fn timed(view: &ViewModel, practice: &Practice, attempt: &Attempt) -> bool {
    let words = attempt.transcript.as_ref().is_some_and(|words| !words.words.is_empty());
    practice.phase == Phase::Answered && attempt.take.is_some() && words && view.answer.insights.is_some()
}

fn timeline_ui(ui: &mut Ui, view: &ViewModel, attempt: &Attempt) -> Option<Action> {
    let (take, insights) = (attempt.take.as_ref()?, view.answer.insights.as_ref()?);
    let playing = view.playing_of(&take.sound);
    let second = timeline::timeline_ui(ui, insights, take.seconds.max(0.1), playing);
    attempt.playable()?;
    second.map(Action::PlayFrom)
}

fn head_ui(ui: &mut Ui, turn: &Turn) {
    text::caps(ui, turn.question.kind.name());
    ui.scope(|ui| {
        ui.set_max_width(ui.available_width().min(820.0));
        ui.label(
            RichText::new(&turn.question.prompt)
                .font(theme::display(22.0))
                .line_height(Some(30.0)),
        );
    });
    ui.add_space(space::L);
}

fn said_ui(ui: &mut Ui, view: &ViewModel, practice: &Practice, turn: &Turn, attempt: &Attempt) -> Option<Action> {
    let mut action = facts_ui(ui, view, turn, attempt);
    let sound = attempt.playable().map(|take| take.sound.as_path());
    let playing = sound.and_then(|sound| view.playing_of(sound));
    if practice.phase == Phase::Correcting {
        return action.or(correct_ui(ui, view));
    }
    let Some(words) = &attempt.transcript else {
        let message = "This take has not been written down. Its recording is safe.";
        return action.or(unwritten_ui(ui, view, message));
    };
    if attempt.incomplete {
        let message = "This is what was heard live: the take was not written down to its end. Its recording is safe.";
        action = action.or(unwritten_ui(ui, view, message));
        ui.add_space(space::M);
    }
    if words.words.is_empty() {
        text::soft(
            ui,
            "No words were heard in this take. Is the microphone muted, or is another one in use?",
        );
        return action;
    }
    if let Some(insights) = &view.answer.insights {
        ui.add_space(space::XS);
        if let Some(mark) = marks::legend_ui(ui, view.settings.marks, transcript::counts(insights)) {
            action = Some(Action::ToggleMark(mark));
        }
        ui.add_space(space::M);
    }
    let clicked = ui
        .scope(|ui| {
            ui.set_max_width(MEASURE.min(ui.available_width()));
            transcript_ui(
                ui,
                TranscriptView {
                    insights: view.answer.insights.as_ref(),
                    marks: view.settings.marks,
                    playing,
                    playable: sound.is_some(),
                    gaps: attempt.take.as_ref().map_or(&[], |take| &take.gaps),
                    ..TranscriptView::plain(words)
                },
            )
        })
        .inner;
    if let Some(span) = clicked
        .and_then(|word| words.words.get(word))
        .and_then(|word| word.span)
    {
        action = Some(Action::PlayFrom(span.start));
    }
    if !turn.notes.trim().is_empty() {
        ui.add_space(space::XL);
        text::caps(ui, "Your notes");
        text::body(ui, &turn.notes);
    }
    action
}

/// "1 min 12 s · 148 words", and the takes to choose from.
fn facts_ui(ui: &mut Ui, view: &ViewModel, turn: &Turn, attempt: &Attempt) -> Option<Action> {
    let mut facts = Vec::new();
    match &attempt.take {
        Some(take) => facts.push(text::length(take.seconds)),
        None => facts.push("Typed".to_owned()),
    }
    if let Some(words) = &attempt.transcript {
        facts.push(text::count(words.words.len(), "word", "words"));
    }
    facts.push(view.when(attempt.at));
    if attempt.corrected {
        facts.push("corrected by hand".to_owned());
    }
    if attempt.sound_deleted {
        facts.push("recording deleted".to_owned());
    }
    let seconds = |samples: u64| samples as f64 / f64::from(crate::take::RATE);
    if let Some(take) = attempt.take.as_ref() {
        if take.lost_samples > 0 {
            facts.push(format!("{:.1} s of sound were lost", seconds(take.lost_samples)));
        }
        if take.unwritten_samples > 0 {
            let waiting = seconds(take.unwritten_samples);
            facts.push(format!("{waiting:.1} s of sound are not on the disk yet"));
        }
    }
    let playing = attempt
        .playable()
        .is_some_and(|take| view.playing_of(&take.sound).is_some());
    let mut action = None;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::L;
        if attempt.playable().is_some() {
            action = listen_ui(ui, playing);
        }
        text::soft(ui, &facts.join("  ·  "));
    });
    for gap in attempt.take.iter().flat_map(|take| &take.gaps) {
        text::soft(ui, &gap.message());
    }
    if turn.attempts.len() < 2 {
        return action;
    }
    let names: Vec<String> = (1..=turn.attempts.len())
        .map(|number| format!("Take {number}"))
        .collect();
    let choices = names.iter().enumerate().map(|(index, name)| (index, name.as_str()));
    let chosen = turn.shown.min(turn.attempts.len() - 1);
    super::widgets::choice::choices_ui(ui, chosen, choices)
        .map(Action::ShowAttempt)
        .or(action)
}

fn listen_ui(ui: &mut Ui, playing: bool) -> Option<Action> {
    let (word, icon) = if playing {
        ("Stop", Icon::Square)
    } else {
        ("Play", Icon::Play)
    };
    Button::quiet(word)
        .icon(icon)
        .key("K")
        .show(ui)
        .then_some(Action::PlayOrStop)
}

fn unwritten_ui(ui: &mut Ui, view: &ViewModel, message: &str) -> Option<Action> {
    ui.add_space(space::S);
    text::body(ui, message);
    if view.models.fetching.is_some()
        || matches!(
            view.models.state,
            Some(ModelState::Missing { .. } | ModelState::Failed { .. })
        )
    {
        return microphone::model_ui(ui, view);
    }
    Button::quiet("Write it down")
        .show(ui)
        .then_some(Action::TranscribeAgain)
}

fn correct_ui(ui: &mut Ui, view: &ViewModel) -> Option<Action> {
    text::soft(
        ui,
        "Put right what was misheard. What is shown about your answer follows the text.",
    );
    let changed = field::area_ui(ui, "Transcript", &view.answer.draft, "", 12, 17.0);
    changed.map(Action::Draft)
}

/// What is different in the later of two attempts, in sentences; nothing while one of them has no words.
fn changes(view: &ViewModel, turn: &Turn, earlier: usize, later: usize) -> Option<Vec<String>> {
    let observed = |index: usize| {
        let attempt = turn.attempts.get(index)?;
        Some(Observed {
            answer: Answer {
                transcript: attempt.transcript.as_ref()?,
                seconds: attempt.take.as_ref().map(|take| take.seconds),
                question: Some(&turn.question),
                field: view.interview_field(),
            },
            insights: view.answer.review.get(index)?.as_ref()?,
        })
    };
    Some(compare(observed(earlier)?, observed(later)?))
}

/// The shown attempt beside the one before it, under what is different.
fn compare_ui(ui: &mut Ui, view: &ViewModel, turn: &Turn) -> Option<Action> {
    let shown = turn.shown.min(turn.attempts.len().saturating_sub(1));
    let other = if shown == 0 { turn.attempts.len() - 1 } else { shown - 1 };
    let (first, second) = (shown.min(other), shown.max(other));
    if let Some(changes) = changes(view, turn, first, second) {
        card_ui(ui, |ui| {
            text::heading(ui, &format!("From take {} to take {}", first + 1, second + 1));
            for change in changes {
                text::body(ui, &change);
            }
        });
        ui.add_space(space::L);
    }
    let half = (ui.available_width() - 56.0) / 2.0;
    let attempt_ui = |ui: &mut Ui, index: usize| {
        text::heading(ui, &format!("Take {}", index + 1));
        if let Some(attempt) = turn.attempts.get(index) {
            let length = attempt
                .take
                .as_ref()
                .map_or("typed".to_owned(), |take| text::length(take.seconds));
            let words = attempt.transcript.as_ref().map_or(0, |words| words.words.len());
            text::soft(ui, &format!("{length}  ·  {}", text::count(words, "word", "words")));
            if let Some(found) = view.answer.review.get(index).and_then(Option::as_ref) {
                text::remark(ui, &in_short(found));
            }
            ui.add_space(space::S);
            if let Some(words) = &attempt.transcript {
                let insights = view.answer.review.get(index).and_then(Option::as_ref);
                transcript_ui(
                    ui,
                    TranscriptView {
                        insights,
                        marks: view.settings.marks,
                        ..TranscriptView::plain(words)
                    },
                );
            }
        }
    };
    split_ui(
        ui,
        half.max(300.0),
        300.0,
        |ui| attempt_ui(ui, first),
        |ui| attempt_ui(ui, second),
    );
    None
}

/// While the text is corrected, that is all there is to end.
fn correcting_ui(ui: &mut Ui) -> Option<Action> {
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if Button::filled("Keep the corrections").show(ui) {
            return Some(Action::KeepDraft);
        }
        Button::plain("Cancel").key("Esc").show(ui).then_some(Action::DropDraft)
    })
    .inner
}

fn controls_ui(ui: &mut Ui, view: &ViewModel, practice: &Practice, turn: &Turn, attempt: &Attempt) -> Option<Action> {
    if practice.phase == Phase::Correcting {
        return correcting_ui(ui);
    }
    let mut action = None;
    let tokens = Tokens::of(ui);
    let last = practice.interview.at + 1 >= practice.interview.turns.len();
    // Large text leaves little room: the words stand without their pictures and keys.
    let short = ui.available_width() < 640.0;
    let other = |word, icon| {
        let button = Button::plain(word);
        if short { button } else { button.icon(icon) }
    };
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        let redo = other("Redo", Icon::RotateCcw);
        if (if short { redo } else { redo.key("R") }).show(ui) {
            action = Some(Action::Redo);
        }
        let compare = match (view.answer.comparing, short) {
            (true, _) => "One take",
            (false, true) => "Compare",
            (false, false) => "Compare takes",
        };
        if turn.attempts.len() > 1
            && other(compare, Icon::Columns2)
                .name(if view.answer.comparing {
                    "One take"
                } else {
                    "Compare takes"
                })
                .show(ui)
        {
            action = Some(Action::Compare);
        }
        let correct = if short { "Correct" } else { "Correct the text" };
        if attempt.transcript.is_some() && other(correct, Icon::Pencil).name("Correct the text").show(ui) {
            action = Some(Action::Correct);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let word = match (last, practice.interview.turns.len()) {
                (true, 1) => "Finish",
                (true, _) => "See the review",
                _ => "Next question",
            };
            let next = Button::filled(word);
            if (if short { next } else { next.key("Enter") }).show(ui) {
                action = Some(Action::Next);
            }
            if practice.interview.at > 0 && other("Back", Icon::ArrowLeft).show(ui) {
                action = Some(Action::Back);
            }
            let room = ui.available_width();
            if let Some(model) = attempt.model.as_ref().filter(|_| room > 190.0) {
                ui.add_space(space::S);
                let message = format!("Written down by {model}");
                ui.label(
                    RichText::new(message)
                        .font(theme::regular(size::LABEL))
                        .color(tokens.soft),
                );
            }
        });
    });
    action
}

pub use cards::in_short;
