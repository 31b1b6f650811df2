//! The marks of a transcript: how each is painted, and the legend that shows and hides them.

use eframe::egui::{
    self, Color32, CornerRadius, Painter, Pos2, Rect, Sense, Stroke, StrokeKind, Ui, WidgetInfo, accesskit::Role, pos2,
    vec2,
};

use super::{choice::chips_ui, focus_ring};
use crate::{
    settings::Marks,
    ui::theme::{self, Tokens, size, space},
};

/// The kinds of marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    Filler,
    Repeat,
    JobTerm,
    Hedge,
    Pause,
}

impl Mark {
    pub const ALL: [Self; 5] = [Self::Filler, Self::Repeat, Self::JobTerm, Self::Hedge, Self::Pause];

    /// Its name in the legend.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Filler => "Fillers",
            Self::Repeat => "Repeats",
            Self::JobTerm => "Job terms",
            Self::Hedge => "Hedges",
            Self::Pause => "Long pauses",
        }
    }

    pub const fn is_shown(self, marks: Marks) -> bool {
        match self {
            Self::Filler => marks.fillers,
            Self::Repeat => marks.repeats,
            Self::JobTerm => marks.job_terms,
            Self::Hedge => marks.hedges,
            Self::Pause => marks.pauses,
        }
    }

    /// The same marks with this one toggled.
    pub const fn toggled(self, mut marks: Marks) -> Marks {
        let flag = match self {
            Self::Filler => &mut marks.fillers,
            Self::Repeat => &mut marks.repeats,
            Self::JobTerm => &mut marks.job_terms,
            Self::Hedge => &mut marks.hedges,
            Self::Pause => &mut marks.pauses,
        };
        *flag = !*flag;
        marks
    }

    pub const fn color(self, tokens: Tokens) -> Color32 {
        match self {
            Self::Filler => tokens.filler,
            Self::Repeat => tokens.repeat,
            Self::JobTerm => tokens.accent,
            Self::Hedge | Self::Pause => tokens.soft,
        }
    }

    /// Paints the mark for words in this rectangle; pills go under the text, lines below it.
    pub fn paint(self, painter: &Painter, tokens: Tokens, words: Rect, baseline: f32) {
        let color = self.color(tokens);
        let under = baseline + 5.0;
        match self {
            Self::Filler => wave(painter, words.left(), words.right(), under, Stroke::new(1.5, color)),
            Self::Repeat => {
                painter.hline(words.x_range(), under - 1.0, Stroke::new(1.25, color));
                painter.hline(words.x_range(), under + 2.0, Stroke::new(1.25, color));
            }
            Self::JobTerm => {
                let pill = Rect::from_x_y_ranges(words.x_range().expand(2.0), words.y_range());
                // Its ground alone would be too faint for whoever needs more contrast.
                let edge = if tokens.has_more_contrast() {
                    Stroke::new(1.0, tokens.line)
                } else {
                    Stroke::NONE
                };
                painter.rect(pill, CornerRadius::same(5), tokens.wash, edge, StrokeKind::Inside);
            }
            Self::Hedge => dots(painter, words.left(), words.right(), under, color),
            Self::Pause => {}
        }
    }
}

fn wave(painter: &Painter, left: f32, right: f32, y: f32, stroke: Stroke) {
    const STEP: f32 = 2.0;
    const LENGTH: f32 = 8.0;
    let steps = ((right - left) / STEP).ceil().max(1.0) as usize;
    let points: Vec<Pos2> = (0..=steps)
        .map(|step| {
            let x = (left + step as f32 * STEP).min(right);
            pos2(x, y + ((x - left) / LENGTH * std::f32::consts::TAU).sin() * 1.6)
        })
        .collect();
    painter.line(points, stroke);
}

fn dots(painter: &Painter, left: f32, right: f32, y: f32, color: Color32) {
    let count = ((right - left) / 5.0).floor().max(1.0) as usize;
    for dot in 0..=count {
        painter.circle_filled(pos2((left + 1.0 + dot as f32 * 5.0).min(right), y + 1.0), 1.3, color);
    }
}

/// The legend. Each entry shows its mark, its name and how often it occurs, and shows or hides it when pressed. Pauses, which
/// come last, are left out where there are none: what was typed has none ever.
pub fn legend_ui(ui: &mut Ui, marks: Marks, counts: [usize; 5]) -> Option<Mark> {
    let mut picked = None;
    chips_ui(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(space::L, space::XS);
        for (mark, count) in Mark::ALL.into_iter().zip(counts) {
            if mark == Mark::Pause && count == 0 {
                continue;
            }
            if entry_ui(ui, mark, count, mark.is_shown(marks)).clicked() {
                picked = Some(mark);
            }
        }
    });
    picked
}

fn entry_ui(ui: &mut Ui, mark: Mark, count: usize, shown: bool) -> egui::Response {
    const SWATCH: f32 = 22.0;
    /// Of a mark that occurs nowhere.
    const QUIET: f32 = 0.5;
    let tokens = Tokens::of(ui);
    let state = if shown { "" } else { ", off" };
    let galley = ui.painter().layout_no_wrap(
        format!("{} {count}{state}", mark.name()),
        theme::regular(size::LABEL),
        Color32::PLACEHOLDER,
    );
    let (rect, response) = ui.allocate_exact_size(vec2(SWATCH + space::S + galley.size().x, 24.0), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, shown, mark.name()));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_value(format!("{count}, {}", if shown { "on" } else { "off" }));
    });
    let swatch = Rect::from_min_size(pos2(rect.left(), rect.center().y - 7.0), vec2(SWATCH, 14.0));
    let mut painter = ui.painter().clone();
    if count == 0 {
        painter.set_opacity(QUIET);
    }
    if shown {
        swatch_ui(&painter, tokens, mark, swatch);
    } else {
        // The place of the mark, empty.
        let edge = Stroke::new(1.0, tokens.soft);
        painter.rect_stroke(swatch.shrink2(vec2(2.0, 1.0)), 4, edge, StrokeKind::Inside);
    }
    let color = if response.hovered() && count > 0 {
        tokens.ink
    } else {
        tokens.soft
    };
    let at = pos2(swatch.right() + space::S, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, color);
    focus_ring(ui.painter(), tokens, &response, 4);
    response.on_hover_text(if shown {
        "Shown. Click to hide."
    } else {
        "Hidden. Click to show."
    })
}

/// The mark by itself, as it is in the text.
fn swatch_ui(painter: &Painter, tokens: Tokens, mark: Mark, swatch: Rect) {
    match mark {
        Mark::Pause => {
            for edge in [swatch.left() + 4.0, swatch.right() - 4.0] {
                painter.vline(edge, swatch.y_range(), Stroke::new(1.5, tokens.soft));
            }
        }
        Mark::JobTerm => mark.paint(painter, tokens, swatch.shrink2(vec2(3.0, 0.0)), swatch.center().y - 4.0),
        Mark::Filler | Mark::Repeat | Mark::Hedge => mark.paint(painter, tokens, swatch, swatch.center().y - 4.0),
    }
}
