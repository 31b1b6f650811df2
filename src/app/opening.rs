//! What is read when the window opens, on a thread of its own: questions first, then models, then the history.

use std::{collections::BTreeSet, iter, sync::mpsc, thread};

use super::{ListModels, Wake, deleting};
use crate::{
    insight,
    interview::{Attempt, Interview, Turn},
    store::{self, Bank, FoundTake, Keep, Sheet, Store},
    ui::scene::{Figures, ModelCard},
};

/// How many interviews are read before anything is shown of them, and how many at once after that.
const FIRST_LOT: usize = 50;
const LOT: usize = 500;

/// What was read.
#[derive(Debug)]
pub enum Loaded {
    Bank(Bank),
    Models(Vec<ModelCard>),
    /// Interviews, each lot older than the one before.
    Past {
        interviews: Vec<Interview>,
        /// Files that could not be read, in sentences.
        troubles: Vec<String>,
    },
    /// Recordings that belong to none of them.
    Found(Vec<FoundTake>),
    Figures(Vec<Figures>),
    Sheet(Box<Result<Sheet, String>>),
}

/// Begins to read. Recordings that were not to be kept for longer are deleted on the way.
pub fn begin(store: &Store, keep: Keep, models: &ListModels, wake: &Wake) -> mpsc::Receiver<Loaded> {
    let (sender, receiver) = mpsc::sync_channel(4);
    let (store, models, wake) = (store.clone(), models.clone(), wake.clone());
    let read = move || {
        // A window that is gone by now needs none of it.
        let _ = read_all(&store, keep, &models, |loaded| {
            let sent = sender.send(loaded).is_ok();
            wake();
            sent.then_some(())
        });
    };
    if let Err(error) = thread::Builder::new().name("opening".into()).spawn(read) {
        log::error!("could not start the thread that reads the questions: {error}");
    }
    receiver
}

fn read_all(store: &Store, keep: Keep, models: &ListModels, send: impl Fn(Loaded) -> Option<()>) -> Option<()> {
    let bank = store.bank();
    send(Loaded::Bank(bank.clone()))?;
    send(Loaded::Models(models()))?;
    send(Loaded::Sheet(Box::new(
        store.sheet().map_err(|error| error.to_string()),
    )))?;
    // What is on screen first is read first; years of practice follow.
    let mut known = BTreeSet::new();
    let files = match store.interview_files() {
        Ok(files) => files,
        Err(error) => {
            let troubles = vec![error.to_string()];
            let interviews = Vec::new();
            send(Loaded::Past { interviews, troubles })?;
            Vec::new()
        }
    };
    let (first, rest) = files.split_at(files.len().min(FIRST_LOT));
    let now = jiff::Timestamp::now();
    for lot in iter::once(first).chain(rest.chunks(LOT)) {
        let (mut interviews, mut troubles) = store.read_interviews(lot);
        if let Keep::Days(days) = keep {
            let gone = interviews
                .iter_mut()
                .map(|interview| deleting::let_old_sounds_go(store, interview, days, now));
            troubles.extend(gone.filter_map(Result::err));
        }
        known.extend(interviews.iter().flat_map(store::take_names));
        let troubles = troubles.iter().map(ToString::to_string).collect();
        send(Loaded::Past { interviews, troubles })?;
    }
    send(Loaded::Found(store.found_takes(&known)))?;
    // To look at an answer takes longer than to read it: nobody waits for the plots.
    let mut figures: Vec<Figures> = Vec::new();
    for lot in files.chunks(LOT) {
        let (interviews, _) = store.read_interviews(lot);
        figures.extend(interviews.iter().flat_map(|interview| self::figures(&bank, interview)));
        figures.sort_by_key(|figures| figures.at);
        send(Loaded::Figures(figures.clone()))?;
    }
    Some(())
}

/// Reads the questions again, once the user's own have changed.
pub fn read_bank_again(store: &Store, wake: &Wake) -> mpsc::Receiver<Loaded> {
    let store = store.clone();
    aside("questions", wake, move || Loaded::Bank(store.bank()))
}

/// Looks which models there are again, once one has come from a file.
pub fn read_models_again(models: &ListModels, wake: &Wake) -> mpsc::Receiver<Loaded> {
    let models = models.clone();
    aside("models", wake, move || Loaded::Models(models()))
}

fn aside(name: &str, wake: &Wake, read: impl FnOnce() -> Loaded + Send + 'static) -> mpsc::Receiver<Loaded> {
    let (sender, receiver) = mpsc::sync_channel(1);
    let wake = wake.clone();
    let work = move || {
        // A window that is gone by now needs none of it.
        let _ = sender.send(read());
        wake();
    };
    if let Err(error) = thread::Builder::new().name(name.into()).spawn(work) {
        log::error!("could not start the thread \"{name}\": {error}");
    }
    receiver
}

/// What the plots show of an interview: one for each answered question.
pub fn figures(bank: &Bank, interview: &Interview) -> Vec<Figures> {
    let of_turn = |turn: &Turn| {
        let attempt = turn.attempt()?;
        let insights = observe(bank, &interview.field, turn, attempt)?;
        let words = attempt.transcript.as_ref()?.words.len();
        let seconds = attempt.take.as_ref().map_or(0.0, |take| take.seconds);
        Some(Figures {
            interview: interview.id.clone(),
            at: attempt.at,
            seconds,
            words,
            words_per_minute: insights.pace.as_ref().map(|pace| pace.words_per_minute),
            fillers_per_minute: insight::wording::per_minute(insights.fillers.len(), seconds),
        })
    };
    interview.turns.iter().filter_map(of_turn).collect()
}

/// The insights of an attempt; nothing where it has no words yet.
pub fn observe(bank: &Bank, field: &str, turn: &Turn, attempt: &Attempt) -> Option<insight::Insights> {
    Some(insight::observe(insight::Answer {
        transcript: attempt.transcript.as_ref()?,
        seconds: attempt.take.as_ref().map(|take| take.seconds),
        question: Some(&turn.question),
        field: bank.field(field),
    }))
}
