//! How the answers went over the weeks: small plots of a point per interview, each of which opens it, and no grade.

use std::{collections::HashMap, sync::LazyLock};

use eframe::egui::Ui;

use super::{
    action::{Actions, HistoryAction, StartAction},
    command::UserCommand,
    history::field_menu_ui,
    page_ui,
    theme::space,
    view_model::{Figures, ViewModel},
    widgets::{
        Button, card_ui,
        plot::{LinePlot, PlotPoint},
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
    caption: &'static str,
    unit: &'static str,
    value: fn(&Figures) -> Option<f64>,
    /// The top of the plot, unless a value is higher.
    high: f64,
    band: Option<(f64, f64)>,
    /// What it takes for a plot: "two interviews with spoken answers".
    needs: &'static str,
    /// The value comes from the insights, which are made while the page is open.
    observed: bool,
}

const SPOKEN: &str = "two interviews with spoken answers";
const ANY: &str = "two interviews with answers";

static PLOTS: LazyLock<[Plot; 6]> = LazyLock::new(|| {
    let plot = |name, caption, unit, value, high, needs| Plot {
        name,
        caption,
        unit,
        value,
        high,
        band: None,
        needs,
        observed: false,
    };
    [
        Plot {
            band: Some(usual_band()),
            ..plot(
                "Pace",
                "Words per minute",
                "words per minute",
                |figures| figures.words_per_minute,
                220.0,
                SPOKEN,
            )
        },
        Plot {
            band: Some((0.0, harmless_fillers_a_minute())),
            ..plot(
                "Fillers",
                "Fillers per minute",
                "fillers per minute",
                |figures| figures.fillers_per_minute,
                noticed_fillers_a_minute(),
                SPOKEN,
            )
        },
        Plot {
            band: Some(advised_seconds()),
            ..plot(
                "Time",
                "Seconds per answer",
                "seconds per answer",
                seconds,
                180.0,
                SPOKEN,
            )
        },
        plot(
            "Words",
            "Words per answer",
            "words per answer",
            |figures| Some(figures.words as f64),
            300.0,
            ANY,
        ),
        Plot {
            observed: true,
            ..plot(
                "Talking points",
                "Points covered per answer",
                "points covered per answer",
                points,
                6.0,
                ANY,
            )
        },
        Plot {
            observed: true,
            ..plot(
                "Job terms",
                "Different terms per answer",
                "different terms per answer",
                terms,
                8.0,
                ANY,
            )
        },
    ]
});

fn seconds(figures: &Figures) -> Option<f64> {
    (figures.seconds > 0.0).then_some(figures.seconds)
}

fn points(figures: &Figures) -> Option<f64> {
    figures.observed.map(|observed| observed.points as f64)
}

fn terms(figures: &Figures) -> Option<f64> {
    figures.observed?.terms.map(|terms| terms as f64)
}

/// The answers of an interview.
struct PlottedInterview<'a> {
    id: &'a str,
    answers: Vec<&'a Figures>,
}

impl PlottedInterview<'_> {
    /// The mean of its answers.
    fn mean(&self, value: fn(&Figures) -> Option<f64>) -> Option<f64> {
        let values: Vec<f64> = self.answers.iter().filter_map(|figures| value(figures)).collect();
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    }

    fn is_observed(&self) -> bool {
        self.answers.iter().all(|figures| figures.observed.is_some())
    }
}

/// The interviews of the chosen field in the order of their first answers, each once, also where others came between its
/// answers.
fn plotted(view: &ViewModel) -> Vec<PlottedInterview<'_>> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut interviews: Vec<PlottedInterview<'_>> = Vec::new();
    let chosen = view.history.plotted_field.as_ref();
    let of_field = |figures: &&Figures| chosen.is_none_or(|field| *field == figures.field);
    for figures in view.history.figures.iter().filter(of_field) {
        let place = *places.entry(&figures.interview).or_insert_with(|| {
            interviews.push(PlottedInterview {
                id: &figures.interview,
                answers: Vec::new(),
            });
            interviews.len() - 1
        });
        interviews[place].answers.push(figures);
    }
    interviews
}

pub fn progress_ui(ui: &mut Ui, view: &ViewModel, actions: &mut Actions) {
    page_ui(ui, "progress", 980.0, |ui| {
        let interviews = plotted(view);
        let chosen = &view.history.plotted_field;
        if interviews.len() < 2 && chosen.is_none() {
            let sentence = match interviews.len() {
                0 => "After two interviews, plots of your pace, fillers, points and job terms will appear here.",
                _ => "You have one interview so far. After the next one, plots of both will appear here.",
            };
            text::opening_ui(ui, "Progress", sentence);
            if Button::filled(UserCommand::StartInterview.label(view)).show(ui) {
                actions.push(StartAction::Interview);
            }
            return;
        }
        let answers = interviews.iter().map(|interview| interview.answers.len()).sum();
        let count = text::count(answers, "answer", "answers");
        let sentence = format!(
            "{count} in {}. Each dot is an interview; click it to open it. Nothing here is graded.",
            text::count(interviews.len(), "interview", "interviews")
        );
        text::opening_ui(ui, "Progress", &sentence);
        field_menu_ui(ui, view, chosen.as_deref(), HistoryAction::PlotField, actions);
        if interviews.len() < 2 {
            text::soft_ui(ui, "For plots, it takes two interviews of this field.");
            return;
        }
        ui.add_space(space::S);
        plots_ui(ui, view, &interviews, actions);
    });
}

fn plots_ui(ui: &mut Ui, view: &ViewModel, interviews: &[PlottedInterview<'_>], actions: &mut Actions) {
    let room = ui.available_width();
    let columns = if room < 700.0 { 1 } else { 2 };
    let width = (room - space::L * (columns - 1) as f32) / columns as f32;
    for row in PLOTS.chunks(columns) {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = space::L;
            for plot in row {
                ui.vertical(|ui| {
                    ui.set_width(width);
                    plot_ui(ui, view, plot, interviews, actions);
                });
            }
        });
        ui.add_space(space::S);
    }
}

fn plot_ui(ui: &mut Ui, view: &ViewModel, plot: &Plot, interviews: &[PlottedInterview<'_>], actions: &mut Actions) {
    const DAY_SECONDS: f64 = 24.0 * 3600.0;
    let with_value = interviews
        .iter()
        .filter_map(|interview| Some((interview, interview.mean(plot.value)?)));
    let (shown, points): (Vec<&PlottedInterview<'_>>, Vec<PlotPoint>) = with_value
        .map(|(interview, value)| {
            let day = (interview.answers[0].at.as_second() - view.now.as_second()) as f64 / DAY_SECONDS;
            (interview, PlotPoint { day, value })
        })
        .unzip();
    let read = interviews.iter().filter(|interview| interview.is_observed()).count();
    let reading = plot.observed && read < interviews.len();
    card_ui(ui, |ui| {
        text::heading_ui(ui, plot.name);
        let ([first, .., last], [_, _, ..]) = (&shown[..], &points[..]) else {
            let message = if reading {
                format!(
                    "Reading your answers: {read} of {} interviews so far.",
                    interviews.len()
                )
            } else {
                format!("{} will appear here after {}.", plot.caption, plot.needs)
            };
            text::soft_ui(ui, &message);
            return;
        };
        let caption = if reading {
            format!(
                "{}, {read} of {} interviews read so far",
                plot.caption,
                interviews.len()
            )
        } else {
            plot.caption.to_owned()
        };
        let opened = LinePlot {
            name: plot.name,
            unit: plot.unit,
            caption: &caption,
            points: &points,
            high: plot.high,
            band: plot.band,
            describe: &|point| description(view, shown[point]),
            dates: (&view.date(first.answers[0].at), &view.date(last.answers[0].at)),
        }
        .show(ui);
        if let Some(point) = opened {
            actions.push(StartAction::PastInterview(shown[point].id.to_owned()));
        }
    });
}

/// "Cybersecurity, 3 November"
fn description(view: &ViewModel, interview: &PlottedInterview<'_>) -> String {
    let figures = interview.answers[0];
    let known = view.history.past.find(interview.id);
    let title = known.map_or_else(|| view.field_name(&figures.field), |known| view.title_of(known));
    format!("{title}, {}", view.when(figures.at))
}
