//! What was found in an answer, as something to press: it is pointed out in the words, and heard. Pressed again, its next
//! place is.

use eframe::egui::{
    Align2, CornerRadius, Rect, Response, Sense, Stroke, StrokeKind, Ui, WidgetInfo, accesskit::Role, vec2,
};

use crate::{
    insight::{Finding, Insights, wording},
    interview::Attempt,
    ui::{
        action::{Action, Actions, PlaybackAction, ViewAction},
        theme::{self, CONTROL_RADIUS, Tokens, size},
        view_model::ViewModel,
        widgets::{choice, focus_ring, text},
    },
};

/// The answer whose findings are shown.
#[derive(Clone, Copy, Debug)]
pub struct FoundIn<'a> {
    pub view: &'a ViewModel,
    pub attempt: Option<&'a Attempt>,
    pub insights: &'a Insights,
}

/// Something with places in the words of the answer.
struct Pressable {
    finding: Finding,
    /// How many places it has.
    places: usize,
    /// The place that is lit, counted from 0.
    lit: Option<usize>,
    typed: bool,
}

impl FoundIn<'_> {
    /// Nothing where the words have no place of it: then it must not look as if it could be pressed.
    fn pressable(self, finding: Finding) -> Option<Pressable> {
        let attempt = self.attempt?;
        let places = finding.places(self.insights, attempt.transcript.as_ref()?).len();
        let chosen = self.view.answer.chosen.as_ref();
        let lit = chosen
            .filter(|chosen| chosen.finding == finding)
            .map(|chosen| chosen.place);
        (places > 0).then_some(Pressable {
            finding,
            places,
            lit,
            typed: attempt.take.is_none(),
        })
    }
}

impl Pressable {
    /// "2 of 4" where the second place is lit, "×4" where none is.
    fn count(&self) -> Option<String> {
        match (self.lit, self.places) {
            (_, 1) => None,
            (Some(at), places) => Some(format!("{} of {places}", at + 1)),
            (None, places) => Some(format!("×{places}")),
        }
    }

    /// What pressing it does.
    fn deed(&self) -> &'static str {
        match (&self.finding, self.typed) {
            (Finding::LongPause, _) => "Show where you paused",
            (_, true) => "Show where you wrote it",
            (_, false) => "Show where you said it",
        }
    }

    /// What pressing it does, and which place is lit.
    fn name(&self, label: &str) -> String {
        let what = self.deed();
        match (self.lit, self.places) {
            (_, 1) => format!("{what}: {label}"),
            (Some(at), places) => format!("{what}: {label}, {} of {places}", at + 1),
            (None, places) => format!("{what}: {label}, {}", wording::times(places)),
        }
    }

    /// Makes a control of this part of the screen. Under the pointer it says what it does, where nothing else is said there.
    fn control(self, response: Response, label: &str, description: &str, actions: &mut Actions) {
        let chosen = self.lit.is_some();
        response.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen, self.name(label)));
        if !description.is_empty() {
            response.ctx.accesskit_node_builder(response.id, |node| {
                node.set_description(description);
            });
        }
        let (clicked, deed) = (response.clicked(), self.deed());
        if description.is_empty() {
            response.on_hover_text(deed);
        }
        if clicked {
            actions.push(ViewAction::ShowFinding(self.finding));
        }
    }
}

/// A word or phrase as a pill, with how often it is there. Under the pointer, and when it has the keyboard, `hint`.
pub fn chip_ui(ui: &mut Ui, found: FoundIn<'_>, finding: Finding, label: &str, hint: &str, actions: &mut Actions) {
    let Some(pressable) = found.pressable(finding) else {
        pill_ui(ui, label, hint, Sense::focusable_noninteractive(), PillLook::Used);
        return;
    };
    let words = match pressable.count() {
        Some(count) => format!("{label} {count}"),
        None => label.to_owned(),
    };
    let look = if pressable.lit.is_some() {
        PillLook::Lit
    } else {
        PillLook::Used
    };
    let response = pill_ui(ui, &words, hint, Sense::click(), look);
    pressable.control(response, label, hint, actions);
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PillLook {
    /// It is in the answer.
    Used,
    /// It is pointed out now.
    Lit,
    /// It is not in the answer.
    Unused,
}

/// A pill with a hint. Whoever makes it a control gives it its name.
pub fn pill_ui(ui: &mut Ui, words: &str, hint: &str, sense: Sense, look: PillLook) -> Response {
    let tokens = Tokens::of(ui);
    let color = if look == PillLook::Unused {
        tokens.soft
    } else {
        tokens.accent
    };
    let galley = ui
        .painter()
        .layout_no_wrap(words.to_owned(), theme::medium(size::LABEL), color);
    let (rect, response) = ui.allocate_exact_size(galley.size() + vec2(20.0, 10.0), sense);
    if !sense.senses_click() {
        let name = if hint.is_empty() {
            words.to_owned()
        } else {
            format!("{words}. {hint}")
        };
        response.widget_info(|| WidgetInfo::labeled(Role::Term, true, &name));
    }
    let hovered = sense.senses_click() && response.hovered();
    let (ground, edge) = match look {
        PillLook::Lit => (tokens.wash, Stroke::new(1.5, tokens.accent)),
        PillLook::Used if hovered => (tokens.hover, Stroke::new(1.0, tokens.line)),
        PillLook::Used => (tokens.wash, Stroke::NONE),
        PillLook::Unused => (tokens.surface, Stroke::new(1.0, tokens.line)),
    };
    ui.painter().rect(
        rect,
        CornerRadius::same(CONTROL_RADIUS),
        ground,
        edge,
        StrokeKind::Inside,
    );
    ui.painter().galley(rect.center() - galley.size() / 2.0, galley, color);
    focus_ring(ui.painter(), tokens, &response, CONTROL_RADIUS);
    if !hint.is_empty() {
        if response.has_focus() && !response.hovered() {
            response.show_tooltip_text(hint);
        }
        return response.on_hover_text(hint);
    }
    response
}

/// Something that is shown in several lines: pressed anywhere on it.
pub fn row_ui(
    ui: &mut Ui,
    found: FoundIn<'_>,
    finding: Finding,
    label: &str,
    actions: &mut Actions,
    content: impl FnOnce(&mut Ui),
) {
    let Some(pressable) = found.pressable(finding) else {
        return content(ui);
    };
    let tokens = Tokens::of(ui);
    let salt = ("finding", label);
    let shown = ui.scope(content).response.rect;
    let rect = shown.with_max_x(ui.max_rect().right());
    let response = ui.interact(rect, ui.scope_id().with(salt), Sense::click());
    let around = rect.expand2(vec2(6.0, 4.0));
    let edge = match (pressable.lit.is_some(), response.hovered()) {
        (true, _) => Stroke::new(1.5, tokens.accent),
        (false, true) => Stroke::new(1.0, tokens.line),
        (false, false) => Stroke::NONE,
    };
    ui.painter()
        .rect_stroke(around, CornerRadius::same(CONTROL_RADIUS), edge, StrokeKind::Outside);
    if pressable.lit.is_some() && pressable.places > 1 {
        place_ui(ui, tokens, rect, &pressable);
    }
    focus_ring(ui.painter(), tokens, &response, CONTROL_RADIUS);
    pressable.control(response, label, "", actions);
}

/// "2 of 4", at the right of the row.
fn place_ui(ui: &Ui, tokens: Tokens, rect: Rect, pressable: &Pressable) {
    let message = pressable.count().unwrap_or_default();
    let font = theme::medium(size::LABEL);
    ui.painter()
        .text(rect.right_top(), Align2::RIGHT_TOP, message, font, tokens.accent);
}

/// The words of these texts as pills: each once, the most frequent first. The rest is counted.
pub fn chips_ui<'a>(
    ui: &mut Ui,
    found: FoundIn<'_>,
    texts: impl Iterator<Item = &'a str>,
    finding: impl Fn(String) -> Finding,
    actions: &mut Actions,
) {
    const MOST: usize = 12;
    let counts = wording::counts(texts);
    if counts.is_empty() {
        return;
    }
    choice::chips_ui(ui, |ui| {
        for (label, _) in counts.iter().take(MOST) {
            chip_ui(ui, found, finding((*label).to_owned()), label, "", actions);
        }
    });
    if counts.len() > MOST {
        let more = text::count(counts.len() - MOST, "other", "others");
        text::remark_ui(ui, &format!("And {more}, marked in the text."));
    }
}

/// Puts the light out where something else was pressed: neither a finding, nor the player. `asked` is what was asked for in
/// this frame.
pub fn put_out_ui(ui: &Ui, view: &ViewModel, asked: &mut Actions) {
    if view.answer.chosen.is_none() || !ui.input(|input| input.pointer.primary_clicked()) {
        return;
    }
    let elsewhere = |action: &Action| matches!(action, Action::Playback(PlaybackAction::PlayFrom(_)));
    if asked.iter().all(elsewhere) {
        asked.push(ViewAction::HideFinding);
    }
}
