//! How the answers went over the weeks: four small plots, and no grade.

use std::sync::LazyLock;

use eframe::egui::Ui;

use super::{
    action::{Actions, StartAction},
    command::UserCommand,
    page_ui,
    theme::space,
    view_model::{Figures, ViewModel},
    widgets::{
        Button, card_ui,
        plot::{self, PlotPoint},
        text,
    },
};
use crate::insight::{
    pace::usual_band,
    wording::{advised_seconds, harmless_fillers_a_minute, noticed_fillers_a_minute},
};

/// What is plotted of each answer.
struct Plot {
    name: &'static str,
    unit: &'static str,
    value: fn(&Figures) -> Option<f64>,
    /// The top of the plot, unless a value is higher.
    high: f64,
    band: Option<(f64, f64)>,
}

static PLOTS: LazyLock<[Plot; 4]> = LazyLock::new(|| {
    [
        Plot {
            name: "Pace",
            unit: "Words per minute",
            value: |figures| figures.words_per_minute,
            high: 220.0,
            band: Some(usual_band()),
        },
        Plot {
            name: "Fillers",
            unit: "Fillers per minute",
            value: |figures| figures.fillers_per_minute,
            high: noticed_fillers_a_minute(),
            band: Some((0.0, harmless_fillers_a_minute())),
        },
        Plot {
            name: "Time",
            unit: "Seconds per answer",
            value: |figures| (figures.seconds > 0.0).then_some(figures.seconds),
            high: 180.0,
            band: Some(advised_seconds()),
        },
        Plot {
            name: "Words",
            unit: "Words per answer",
            value: |figures| Some(figures.words as f64),
            high: 300.0,
            band: None,
        },
    ]
});

pub fn progress_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    page_ui(ui, "progress", 980.0, |ui| {
        if view.history.figures.len() < 2 {
            text::opening_ui(
                ui,
                "Progress",
                "After two answers, plots of your pace, fillers, time and words will appear here.",
            );
            if Button::filled(UserCommand::StartInterview.label(view)).show(ui) {
                actions.push(StartAction::Interview);
            }
            return;
        }
        let count = text::count(view.history.figures.len(), "answer", "answers");
        text::opening_ui(
            ui,
            "Progress",
            &format!("{count} so far, with one point per interview. Nothing here is graded."),
        );
        let room = ui.available_width();
        let columns = if room < 700.0 { 1 } else { 2 };
        let width = (room - space::L * (columns - 1) as f32) / columns as f32;
        for row in PLOTS.chunks(columns) {
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = space::L;
                for plot in row {
                    ui.vertical(|ui| {
                        ui.set_width(width);
                        plot_ui(ui, view, plot);
                    });
                }
            });
            ui.add_space(space::S);
        }
    });
}

fn plot_ui(ui: &mut Ui, view: &ViewModel, plot: &Plot) {
    card_ui(ui, |ui| {
        text::heading_ui(ui, plot.name);
        text::remark_ui(ui, plot.unit);
        let points = points(view, plot.value);
        let most = points.iter().map(|point| point.value).fold(0.0, f64::max);
        let high = if most > plot.high {
            (most / 10.0).ceil() * 10.0
        } else {
            plot.high
        };
        plot::line_ui(ui, plot.name, &points, (0.0, high), plot.band);
    });
}

/// A point for each interview: the mean of its answers.
fn points(view: &ViewModel, value: fn(&Figures) -> Option<f64>) -> Vec<PlotPoint> {
    const DAY_SECONDS: f64 = 24.0 * 3600.0;
    let mut points = Vec::new();
    for answers in view.history.figures.chunk_by(|a, b| a.interview == b.interview) {
        let values: Vec<f64> = answers.iter().filter_map(value).collect();
        if !values.is_empty() {
            let day = (answers[0].at.as_second() - view.now.as_second()) as f64 / DAY_SECONDS;
            points.push(PlotPoint {
                day,
                value: values.iter().sum::<f64>() / values.len() as f64,
            });
        }
    }
    points
}
