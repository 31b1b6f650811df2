//! The answer: its transcript with marks, its timeline, and its insights as cards.

use eframe::egui::{Align, Layout, Rect, RichText, ScrollArea, Ui, pos2};
use lucide_icons::Icon;

use super::{
    Column,
    action::{Actions, AnswerAction, ExportAction, PlaybackAction, SettingsAction, ViewAction},
    at_right_ui,
    command::UserCommand,
    dialog, footed_ui, microphone, paper_ui, part_ui, split_ui,
    theme::{self, MEASURE, NARROW, Tokens, size, space},
    view_model::ViewModel,
    widgets::{
        Button, card_ui, field, hairline_ui, marks, text, timeline,
        transcript::{self, LitWords, TranscriptView, transcript_ui},
    },
};
use crate::{
    insight::{
        Answer, Insights,
        compare::{Observed, compare},
    },
    interview::{Attempt, Phase, Practice, Turn},
    protocol::ModelState,
    take::NOTHING_HEARD,
    take::Take,
    transcript::Transcript,
};

mod cards;
mod findings;
mod player;

use self::player::timeline_ui;

pub fn answer_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    let Some(shown) = Shown::of(view) else {
        return;
    };
    let mut foot_actions = Actions::default();
    let mut notice_actions = Actions::default();
    footed_ui(
        ui,
        if ui.available_height() < 420.0 { 60.0 } else { 76.0 },
        |ui| {
            dialog::notice_ui(ui, view, &mut notice_actions);
            paper_ui(ui, |ui| {
                if stands_beside(ui, view) {
                    beside_ui(ui, view, shown, actions);
                } else {
                    stacked_ui(ui, view, shown, actions);
                }
            });
        },
        |ui| {
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                controls_ui(ui, view, shown, &mut foot_actions);
            });
        },
    );
    actions.extend(notice_actions.into_vec());
    // What is typed comes before the button that ends it.
    actions.extend(foot_actions.into_vec());
    findings::put_out_ui(ui, view, actions);
}

/// Whether there is room for the cards beside the transcript.
fn stands_beside(ui: &Ui, view: &ViewModel) -> bool {
    let window = ui.ctx().content_rect().size();
    window.x >= 860.0 && window.y > 550.0 && !view.answer.comparing
}

/// The take on screen.
#[derive(Clone, Copy, Debug)]
struct Shown<'a> {
    practice: &'a Practice,
    turn: &'a Turn,
    attempt: &'a Attempt,
    /// The timeline is always in sight, and with it the player.
    beside: bool,
}

impl<'a> Shown<'a> {
    fn of(view: &'a ViewModel) -> Option<Self> {
        let practice = view.practice.as_ref()?;
        let turn = practice.turn()?;
        let attempt = turn.attempt()?;
        Some(Self {
            practice,
            turn,
            attempt,
            beside: false,
        })
    }

    /// Whether there is something to show along the time.
    fn has_timeline(self, view: &ViewModel) -> bool {
        let words = self.attempt.transcript.as_ref();
        let any = words.is_some_and(|words| !words.words.is_empty());
        let finished = self.practice.phase == Phase::Answered && self.attempt.take.is_some();
        finished && any && view.answer.insights.is_some()
    }
}

/// The transcript left, with the timeline always in sight under it where the window is high enough; the cards right. Each
/// side scrolls by itself.
fn beside_ui(ui: &mut Ui, view: &ViewModel, shown: Shown<'_>, actions: &mut Actions) {
    const TIMELINE: f32 = player::HEIGHT + timeline::HEIGHT + 34.0;
    let room = ui.max_rect();
    let (cards_width, air) = if room.width() < NARROW {
        (300.0, space::XL)
    } else {
        (380.0, space::HUGE)
    };
    let width = (room.width() - 2.0 * air).min(1140.0);
    let left = room.center().x - width / 2.0;
    let split = left + width - cards_width;
    let timeline = shown.has_timeline(view);
    let shown = Shown {
        beside: timeline && room.height() >= 500.0,
        ..shown
    };
    let under = if shown.beside { TIMELINE } else { 0.0 };
    let words = Rect::from_min_max(pos2(left, room.top()), pos2(split - air, room.bottom() - under));
    let salt = (shown.practice.interview.at, shown.turn.shown);
    part_ui(ui, words, Layout::top_down(Align::Min), |ui| {
        // The bar that is always seen is the one at the edge of the window.
        ui.spacing_mut().scroll.dormant_handle_opacity = 0.0;
        ScrollArea::vertical()
            .id_salt(("words", salt))
            .auto_shrink(false)
            .show(ui, |ui| {
                ui.add_space(if room.height() < 500.0 { space::L } else { space::XXL });
                head_ui(ui, shown.practice, shown.turn);
                take_ui(ui, view, shown, actions);
                ui.add_space(space::XL);
                if timeline && !shown.beside {
                    timeline_ui(ui, view, shown.attempt, actions);
                    ui.add_space(space::XL);
                }
            });
    });
    if shown.beside {
        let below = Rect::from_min_max(
            pos2(left, words.bottom()),
            pos2(words.right(), room.bottom() - space::S),
        );
        part_ui(ui, below, Layout::top_down(Align::Min), |ui| {
            hairline_ui(ui);
            player::player_ui(ui, view, shown.attempt, actions);
            timeline_ui(ui, view, shown.attempt, actions);
        });
    }
    let cards = Rect::from_min_max(pos2(split, room.top()), room.right_bottom());
    part_ui(ui, cards, Layout::top_down(Align::Min), |ui| {
        ScrollArea::vertical()
            .id_salt(("cards", salt))
            .auto_shrink(false)
            .show(ui, |ui| {
                ui.set_max_width(cards_width);
                ui.add_space(if room.height() < 500.0 { space::L } else { space::XXL });
                cards::cards_ui(ui, view, shown.turn, actions);
                ui.add_space(space::XL);
            });
    });
}

/// Everything in one column.
fn stacked_ui(ui: &mut Ui, view: &ViewModel, shown: Shown<'_>, actions: &mut Actions) {
    ScrollArea::vertical()
        .id_salt(("answer", shown.practice.interview.at, shown.turn.shown))
        .auto_shrink(false)
        .show(ui, |ui| {
            super::column_ui(ui, 1140.0, |ui| {
                head_ui(ui, shown.practice, shown.turn);
                if view.answer.comparing {
                    return compare_ui(ui, view, shown.turn);
                }
                take_ui(ui, view, shown, actions);
                ui.add_space(space::XL);
                if shown.has_timeline(view) {
                    timeline_ui(ui, view, shown.attempt, actions);
                }
                ui.add_space(space::XL);
                cards::cards_ui(ui, view, shown.turn, actions);
            });
        });
}

fn head_ui(ui: &mut Ui, practice: &Practice, turn: &Turn) {
    let caps = match practice.follow_up() {
        Some(after) => format!("Follow-up to {}", turn.attempt_name(after.attempt).to_lowercase()),
        None if practice.interview.sample => "sample answer".to_owned(),
        None => turn.question.kind.name().to_owned(),
    };
    text::caps_ui(ui, &caps);
    ui.scope(|ui| {
        ui.set_max_width(ui.available_width().min(820.0));
        ui.label(
            RichText::new(text::curly(practice.asked().unwrap_or_default()))
                .font(theme::display(22.0))
                .line_height(Some(30.0)),
        );
    });
    ui.add_space(space::L);
}

/// The shown take: its facts and its transcript, or what became of it.
fn take_ui(ui: &mut Ui, view: &ViewModel, shown: Shown<'_>, actions: &mut Actions) {
    let attempt = shown.attempt;
    facts_ui(ui, view, shown, actions);
    if shown.practice.phase == Phase::Correcting {
        return correct_ui(ui, shown.practice, actions);
    }
    let Some(words) = &attempt.transcript else {
        let message = "This take has not been transcribed. Its recording is safe.";
        return transcribe_ui(ui, view, message, actions);
    };
    if attempt.incomplete {
        let message = "This is the live transcript: the take was not transcribed to its end. Its recording is safe.";
        transcribe_ui(ui, view, message, actions);
        ui.add_space(space::M);
    }
    if words.words.is_empty() {
        return silent_ui(ui, view, actions);
    }
    if let Some(insights) = &view.answer.insights {
        ui.add_space(space::XS);
        if let Some(mark) = marks::legend_ui(ui, view.settings.marks, transcript::counts(insights)) {
            actions.push(SettingsAction::ToggleMark(mark));
        }
        ui.add_space(space::M);
    }
    words_ui(ui, view, attempt, words, actions);
    let notes = &shown.turn.notes;
    if !notes.trim().is_empty() {
        ui.add_space(space::XL);
        text::caps_ui(ui, "Your notes");
        text::body_ui(ui, notes);
    }
}

/// All there is to say of a take in which nothing was heard, and what to do about it.
fn silent_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    ui.add_space(space::S);
    card_ui(ui, |ui| {
        text::heading_ui(ui, "Nothing was heard");
        text::body_ui(ui, NOTHING_HEARD);
        ui.add_space(space::S);
        ui.horizontal_wrapped(|ui| {
            let redo = UserCommand::Redo;
            redo.button_ui(ui, view, actions, redo.button(view, Button::filled));
            microphone::choice_ui(ui, view, actions);
        });
    });
}

/// The transcript with its marks. A click on a word plays from there.
fn words_ui(ui: &mut Ui, view: &ViewModel, attempt: &Attempt, words: &Transcript, actions: &mut Actions) {
    let sound = attempt.playable().map(|take| take.sound.as_path());
    let playhead = sound.and_then(|sound| view.playhead_of(sound));
    let lit = view.lit().zip(view.answer.chosen.as_ref());
    let clicked = ui
        .scope(|ui| {
            ui.set_max_width(MEASURE.min(ui.available_width()));
            transcript_ui(
                ui,
                TranscriptView {
                    insights: view.answer.insights.as_ref(),
                    marks: view.settings.marks,
                    playing: playhead.filter(|second| *second > 0.0),
                    follows: sound.is_some_and(|sound| view.playing_of(sound).is_some()),
                    lit: lit.map(|(place, chosen)| LitWords {
                        first: place.words.start,
                        end: place.words.end,
                        turn: chosen.turn,
                    }),
                    playable: sound.is_some(),
                    gaps: attempt.take.as_ref().map_or(&[], |take| &take.gaps),
                    field: view.interview_field(),
                    ..TranscriptView::plain(words)
                },
            )
        })
        .inner;
    let span = clicked
        .and_then(|word| words.words.get(word))
        .and_then(|word| word.span);
    if let Some(span) = span {
        actions.push(PlaybackAction::PlayFrom(span.start));
    }
}

/// "1 min 12 s · 148 words", and the takes to choose from.
fn facts_ui(ui: &mut Ui, view: &ViewModel, shown: Shown<'_>, actions: &mut Actions) {
    let Shown { turn, attempt, .. } = shown;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::L;
        if attempt.playable().is_some() {
            if !(shown.beside && shown.has_timeline(view)) {
                player::player_ui(ui, view, attempt, actions);
            }
            let save = Button::plain("Save the recording")
                .icon(Icon::Download)
                .flush()
                .response(ui);
            if save.on_hover_text("Save this recording as a WAV file").clicked() {
                actions.push(ExportAction::SaveSound);
            }
        }
        text::soft_ui(ui, &facts(view, attempt).join("  ·  "));
    });
    let gaps = attempt.take.iter().flat_map(|take| &take.gaps);
    for gap in gaps.filter(|gap| gap.is_told()) {
        text::soft_ui(ui, &gap.message());
    }
    if turn.attempts.len() < 2 {
        return;
    }
    let names: Vec<String> = (0..turn.attempts.len()).map(|index| turn.attempt_name(index)).collect();
    let choices = names.iter().enumerate().map(|(index, name)| (index, name.as_str()));
    let chosen = turn.shown.min(turn.attempts.len() - 1);
    if let Some(index) = super::widgets::choice::choices_ui(ui, chosen, choices) {
        actions.push(AnswerAction::ShowAttempt(index));
    }
}

fn facts(view: &ViewModel, attempt: &Attempt) -> Vec<String> {
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
            facts.push(format!("{waiting:.1} s of sound are not on disk yet"));
        }
    }
    facts
}

/// Why there is no transcript, and the button that makes one.
fn transcribe_ui(ui: &mut Ui, view: &ViewModel, message: &str, actions: &mut Actions) {
    ui.add_space(space::S);
    text::body_ui(ui, message);
    if view.models.fetching.is_some()
        || matches!(
            view.models.state,
            Some(ModelState::Missing { .. } | ModelState::Failed { .. })
        )
    {
        return microphone::model_ui(ui, view, actions);
    }
    if Button::quiet("Transcribe it").show(ui) {
        actions.push(AnswerAction::TranscribeAgain);
    }
}

fn correct_ui(ui: &mut Ui, practice: &Practice, actions: &mut Actions) {
    text::soft_ui(ui, "Fix anything we misheard. The insights update with it.");
    let corrected = practice.text_in_field();
    let changed = field::area_ui(ui, "Transcript", &corrected, "", 12, 17.0);
    if let Some(text) = changed {
        actions.push(AnswerAction::EditDraft(text));
    }
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
fn compare_ui(ui: &mut Ui, view: &ViewModel, turn: &Turn) {
    let shown = turn.main_index();
    let before = turn.main_attempts().take_while(|index| *index < shown).last();
    let Some(other) = before.or_else(|| turn.main_attempts().last()) else {
        return;
    };
    let (first, second) = (shown.min(other), shown.max(other));
    if let Some(changes) = changes(view, turn, first, second) {
        card_ui(ui, |ui| {
            let names = [first, second].map(|index| turn.attempt_name(index).to_lowercase());
            text::heading_ui(ui, &format!("From {} to {}", names[0], names[1]));
            for change in changes {
                text::body_ui(ui, &change);
            }
        });
        ui.add_space(space::L);
    }
    let half = (ui.available_width() - 56.0) / 2.0;
    split_ui(ui, half.max(300.0), 300.0, |ui, column| {
        let index = match column {
            Column::Main => first,
            Column::Aside => second,
        };
        text::heading_ui(ui, &turn.attempt_name(index));
        if let Some(attempt) = turn.attempts.get(index) {
            let insights = view.answer.review.get(index).and_then(Option::as_ref);
            compared_take_ui(ui, view, attempt, insights);
        }
    });
}

fn compared_take_ui(ui: &mut Ui, view: &ViewModel, attempt: &Attempt, insights: Option<&Insights>) {
    let length = attempt
        .take
        .as_ref()
        .map_or("typed".to_owned(), |take| text::length(take.seconds));
    let words = attempt.transcript.as_ref().map_or(0, |words| words.words.len());
    text::soft_ui(ui, &format!("{length}  ·  {}", text::count(words, "word", "words")));
    if let Some(found) = insights {
        text::remark_ui(ui, &in_short(found));
    }
    ui.add_space(space::S);
    if let Some(words) = &attempt.transcript {
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

/// While the text is corrected, there is nothing else to do.
fn correcting_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    let back = UserCommand::StopTyping;
    back.button_ui(ui, view, actions, back.button(view, Button::plain));
    let changed = view
        .practice
        .as_ref()
        .is_some_and(|practice| practice.draft().is_some());
    if changed && Button::plain("Undo the corrections").icon(Icon::Undo2).show(ui) {
        actions.push(AnswerAction::DiscardDraft);
    }
    at_right_ui(ui, "send", |ui| {
        let send = UserCommand::SendDraft;
        let button = send.button(view, Button::filled).enabled(send.is_available(view));
        send.button_ui(ui, view, actions, button);
    });
}

fn controls_ui(ui: &mut Ui, view: &ViewModel, shown: Shown<'_>, actions: &mut Actions) {
    if shown.practice.phase == Phase::Correcting {
        return correcting_ui(ui, view, actions);
    }
    let Shown {
        practice,
        turn,
        attempt,
        ..
    } = shown;
    // Large text leaves little room: the labels are without icons and keys.
    let short = ui.available_width() < 640.0;
    let fit = |button: Button<'static>| {
        if short {
            button.without_icon().without_key()
        } else {
            button
        }
    };
    ui.spacing_mut().item_spacing.x = space::XS;
    if practice.interview.sample {
        return after_sample_ui(ui, view, actions);
    }
    let redo = UserCommand::Redo;
    redo.button_ui(ui, view, actions, fit(redo.button(view, Button::plain)));
    // Where the cards stand under the transcript, the follow-up is out of sight.
    let follow_up = UserCommand::FollowUp;
    if !stands_beside(ui, view) && follow_up.is_available(view) {
        let button = Button::plain("Follow-up").key("Space");
        follow_up.button_ui(ui, view, actions, fit(button).name("Go to the follow-up question"));
    }
    if turn.main_attempts().count() > 1 && attempt.asked_after.is_none() {
        let (label, name) = match (view.answer.comparing, short) {
            (true, _) => ("Back to one take", "Back to one take"),
            (false, true) => ("Compare", "Compare takes"),
            (false, false) => ("Compare takes", "Compare takes"),
        };
        if fit(Button::plain(label).icon(Icon::Columns2)).name(name).show(ui) {
            actions.push(ViewAction::ToggleComparison);
        }
    }
    let correct = UserCommand::Correct;
    if correct.is_available(view) {
        let button = if short {
            Button::plain("Correct")
        } else {
            correct.button(view, Button::plain)
        };
        correct.button_ui(ui, view, actions, fit(button).name(correct.label(view)));
    }
    let room = ui.available_width();
    at_right_ui(ui, "next", |ui| next_ui(ui, view, shown, room, fit, actions));
}

/// What transcribed the answer, and the ways to other questions.
fn next_ui(
    ui: &mut Ui,
    view: &ViewModel,
    shown: Shown<'_>,
    room: f32,
    fit: impl Fn(Button<'static>) -> Button<'static>,
    actions: &mut Actions,
) {
    let model = shown
        .attempt
        .model
        .as_ref()
        .filter(|_| room > 480.0 && !shown.attempt.is_silent());
    if let Some(model) = model {
        let take = shown.attempt.take.as_ref().map(Take::id);
        let improving = take.is_some() && shown.practice.improving == take;
        let message = if improving {
            "A more exact text is on its way".to_owned()
        } else {
            format!("Transcribed by {model}")
        };
        ui.label(
            RichText::new(message)
                .font(theme::regular(size::LABEL))
                .color(Tokens::of(ui).soft),
        );
        ui.add_space(space::S);
    }
    if shown.practice.interview.at > 0 {
        let back = UserCommand::Back;
        let button = fit(back.button(view, Button::plain)).without_key();
        back.button_ui(ui, view, actions, button);
    }
    let next = UserCommand::NextQuestion;
    // One button is filled: in a take without a word it is the one that repeats it.
    let style = if shown.attempt.is_silent() {
        Button::quiet
    } else {
        Button::filled
    };
    next.button_ui(ui, view, actions, fit(next.button(view, style)));
}

/// The sample answer was somebody else's. Now it is the person's turn.
fn after_sample_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    text::soft_ui(ui, "This was a sample answer. It is not kept.");
    at_right_ui(ui, "now you", |ui| {
        let next = UserCommand::NextQuestion;
        let button = next.button(view, Button::filled).name("Now you: answer this question");
        next.button_ui(ui, view, actions, button);
    });
}

pub use cards::in_short;
