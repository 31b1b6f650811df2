//! What the plots show that only the insights of an answer tell. Those take a tenth of a second and more for each answer, so
//! they are made on a thread of their own, one interview after the other and the newest first, and only while the plots are
//! on screen: nobody else waits for them, and years of practice would keep a processor busy for minutes at each start.

use std::{collections::BTreeSet, sync::Arc};

use super::{App, Wake, latest_worker::LatestWorker, load};
use crate::{
    bank::Bank,
    insight::{self, Answer},
    interview::Interview,
    ui::{
        Screen,
        view_model::{Figures, ObservedFigures},
    },
};

/// The figures of an interview, all of them.
#[derive(Debug)]
struct FiguresOfInterview {
    id: String,
    figures: Vec<Figures>,
}

/// The thread, and what it was asked for.
#[derive(Debug)]
pub(super) struct FiguresWorker {
    worker: LatestWorker<(Arc<Interview>, Arc<Bank>), FiguresOfInterview>,
    /// The interview that was asked for last.
    asked: Option<String>,
    /// Interviews that nothing came back of: they are not asked for again.
    failed: BTreeSet<String>,
}

impl FiguresWorker {
    pub fn start(wake: &Wake) -> Self {
        Self {
            worker: LatestWorker::start("figures", wake, |(interview, bank): (Arc<Interview>, Arc<Bank>)| {
                observed(&interview, &bank)
            }),
            asked: None,
            failed: BTreeSet::new(),
        }
    }

    /// For tests and pictures; the window never waits.
    pub fn settle(&self) {
        self.worker.settle();
    }

    pub fn has_news(&self) -> bool {
        self.worker.has_news()
    }
}

fn observed(interview: &Interview, bank: &Bank) -> FiguresOfInterview {
    let field = bank.field(&interview.field);
    let turns = interview.turns.iter().filter_map(|turn| {
        let mut figures = load::figures_of(interview, turn)?;
        let attempt = turn.main_attempt()?;
        let insights = insight::observe(Answer {
            transcript: attempt.transcript.as_ref()?,
            seconds: attempt.take.as_ref().map(|take| take.seconds),
            question: Some(&turn.question),
            field,
        });
        figures.observed = Some(ObservedFigures {
            points: insights.talking_points.covered.len(),
            terms: field.map(|_| insights.job_terms.used.len()),
        });
        Some(figures)
    });
    FiguresOfInterview {
        id: interview.id.clone(),
        figures: turns.collect(),
    }
}

impl App {
    /// Takes what has come, and asks for the next interview while the plots are shown.
    pub(super) fn observe_figures(&mut self) {
        let figures = &mut self.workers.figures;
        if let Some(FiguresOfInterview { id, figures: found }) = figures.worker.take() {
            figures.asked = None;
            self.replace_figures(&id, found);
        }
        if self.view.screen != Screen::Progress || self.workers.figures.has_news() {
            return;
        }
        let figures = &mut self.workers.figures;
        // Nothing came back of it.
        figures.failed.extend(figures.asked.take());
        let history = &self.view.history;
        let wanted = |figures: &&Figures| {
            let plotted = history
                .plotted_field
                .as_ref()
                .is_none_or(|field| *field == figures.field);
            plotted && figures.observed.is_none() && !self.workers.figures.failed.contains(&figures.interview)
        };
        let mut unobserved = history.figures.iter().rev().filter(wanted);
        let next = unobserved
            .find_map(|figures| history.past.find(&figures.interview))
            .map(Arc::clone);
        if let Some(interview) = next {
            let figures = &mut self.workers.figures;
            figures.asked = Some(interview.id.clone());
            figures.worker.ask((interview, Arc::clone(&self.view.bank)));
        }
    }

    /// Puts the newest figures of an interview into the plots. One that was deleted meanwhile has none.
    pub(super) fn replace_figures(&mut self, id: &str, figures: Vec<Figures>) {
        let history = &mut self.view.history;
        history.figures.retain(|known| known.interview != id);
        if history.past.find(id).is_some() {
            history.figures.extend(figures);
            history.figures.sort_by_key(|figures| figures.at);
        }
    }

    /// Terms and points are those of other questions now.
    pub(super) fn forget_observed_figures(&mut self) {
        for figures in &mut self.view.history.figures {
            figures.observed = None;
        }
        self.workers.figures.failed.clear();
    }
}
