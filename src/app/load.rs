//! What is read when the window opens, on a thread of its own: questions first, then models, then the history.

use std::{
    collections::BTreeSet,
    iter,
    path::PathBuf,
    sync::{Arc, mpsc},
    thread,
};

use super::{
    ListModels, Wake,
    disk::{DiskJob, DiskQueue, Recordings},
};
use crate::{
    bank::{Bank, own_text::OwnDraft},
    insight,
    interview::{Interview, Turn, draw::Memory, search::SearchIndex},
    models::Mirror,
    settings::{Keep, Settings},
    sheet::ResearchNotes,
    store::{self, Store},
    take::FoundTake,
    ui::{
        past::HistoryEntry,
        view_model::{Figures, ModelCard},
    },
};

/// How many interviews are read before anything is shown of them, and how many at once after that.
const FIRST_LOT: usize = 50;
const LOT: usize = 500;

/// Something that was read.
#[derive(Debug)]
pub enum Loaded {
    /// Which questions were drawn; comes before the questions.
    Memory(Memory),
    /// The questions, and the index that they are searched by.
    Bank(Bank, SearchIndex),
    Models(Vec<ModelCard>),
    /// Interviews, each lot older than the one before.
    Past {
        interviews: Vec<HistoryEntry>,
        /// Files that could not be read, in sentences.
        problems: Vec<String>,
    },
    /// Recordings that belong to none of them.
    Found(Vec<FoundTake>),
    /// Of interviews that were read.
    Figures(Vec<Figures>),
    /// Of an interview that has changed.
    FiguresOf(String, Vec<Figures>),
    ResearchNotes(Box<Result<ResearchNotes, String>>),
    /// What was begun of the user's own questions.
    OwnDraft(Box<OwnDraft>),
    /// The content of a posting's file, and the number under which it was opened.
    Posting(u64, Result<String, String>),
    /// Where the sample answer can be played from.
    Sample(Result<PathBuf, String>),
}

/// Begins to read. The disk is asked to delete recordings that were not to be kept for longer.
pub fn begin(store: &Store, keep: Keep, models: &ListModels, wake: &Wake, disk: &DiskQueue) -> mpsc::Receiver<Loaded> {
    let (sender, receiver) = mpsc::sync_channel(4);
    let (store, models, wake, disk) = (store.clone(), models.clone(), wake.clone(), disk.clone());
    let read = move || {
        // A window that is gone by now needs none of it.
        let _ = read_all(&store, keep, &models, &disk, |loaded| {
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

fn read_all(
    store: &Store,
    keep: Keep,
    models: &ListModels,
    disk: &DiskQueue,
    send: impl Fn(Loaded) -> Option<()>,
) -> Option<()> {
    send(Loaded::Memory(store.memory()))?;
    send(bank(store))?;
    send(Loaded::Models(models()))?;
    send(Loaded::ResearchNotes(Box::new(
        store.research_notes().map_err(|error| error.to_string()),
    )))?;
    send(Loaded::OwnDraft(Box::new(store.own_draft())))?;
    // What is on screen first is read first; years of practice follow.
    let mut known = BTreeSet::new();
    let files = match store.interview_files() {
        Ok(files) => files,
        Err(error) => {
            let problems = vec![error.to_string()];
            let interviews = Vec::new();
            send(Loaded::Past { interviews, problems })?;
            Vec::new()
        }
    };
    let (first, rest) = files.split_at(files.len().min(FIRST_LOT));
    let now = jiff::Timestamp::now();
    for lot in iter::once(first).chain(rest.chunks(LOT)) {
        let (interviews, problems) = store.read_interviews(lot);
        known.extend(interviews.iter().flat_map(store::take_names));
        let interviews: Vec<Arc<Interview>> = interviews.into_iter().map(Arc::new).collect();
        let problems = problems.iter().map(ToString::to_string).collect();
        let listed = interviews
            .iter()
            .map(|interview| HistoryEntry::new(Arc::clone(interview)));
        send(Loaded::Past {
            interviews: listed.collect(),
            problems,
        })?;
        if let Keep::Days(days) = keep {
            delete_old_recordings(disk, interviews, days, now);
        }
    }
    send(Loaded::Found(store.found_takes(&known)))?;
    // The insights of an answer take longer than reading it: nobody waits for the plots.
    for lot in files.chunks(LOT) {
        let (interviews, _) = store.read_interviews(lot);
        let found = interviews.iter().flat_map(figures);
        send(Loaded::Figures(found.collect()))?;
    }
    Some(())
}

/// Asks the disk to delete recordings that are older than so many days.
fn delete_old_recordings(disk: &DiskQueue, mut interviews: Vec<Arc<Interview>>, days: u16, now: jiff::Timestamp) {
    interviews.retain(|interview| {
        let mut attempts = interview.turns.iter().flat_map(|turn| &turn.attempts);
        attempts.any(|attempt| attempt.has_old_sound(days, now))
    });
    if interviews.is_empty() {
        return;
    }
    let job = DiskJob::DeleteRecordings(interviews, Recordings::Older { days, now });
    if let Err(error) = disk.ask(job) {
        // They are still there at the next start.
        log::warn!("{error}");
    }
}

/// Reads the questions again, once the user's own have changed.
pub fn read_bank_again(store: &Store, wake: &Wake) -> mpsc::Receiver<Loaded> {
    let store = store.clone();
    aside("questions", wake, move || bank(&store))
}

fn bank(store: &Store) -> Loaded {
    let bank = store.bank();
    let index = SearchIndex::new(&bank.fields);
    Loaded::Bank(bank, index)
}

/// Lists the models again, once one has come from a file.
pub fn read_models_again(models: &ListModels, wake: &Wake) -> mpsc::Receiver<Loaded> {
    let models = models.clone();
    aside("models", wake, move || Loaded::Models(models()))
}

/// Reads the file of a posting.
pub fn read_posting(path: PathBuf, number: u64, wake: &Wake) -> mpsc::Receiver<Loaded> {
    aside("posting file", wake, move || {
        Loaded::Posting(number, store::posting_in(&path).map_err(|error| error.to_string()))
    })
}

/// Makes the plots' figures of interviews that have none.
pub fn read_missing_figures(interviews: Vec<Arc<Interview>>, wake: &Wake) -> mpsc::Receiver<Loaded> {
    aside("figures", wake, move || {
        Loaded::Figures(interviews.iter().flat_map(|interview| figures(interview)).collect())
    })
}

/// Makes the plots' figures of an interview.
pub fn read_figures(interview: Arc<Interview>, wake: &Wake) -> mpsc::Receiver<Loaded> {
    aside("figures", wake, move || {
        Loaded::FiguresOf(interview.id.clone(), figures(&interview))
    })
}

/// Writes the sample answer to where it can be played from.
pub fn extract_sample(store: &Store, sound: &'static [u8], wake: &Wake) -> mpsc::Receiver<Loaded> {
    let store = store.clone();
    aside("sample answer", wake, move || {
        Loaded::Sample(store.sample_sound(sound).map_err(|error| error.to_string()))
    })
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
pub fn figures(interview: &Interview) -> Vec<Figures> {
    let of_turn = |turn: &Turn| figures_of(interview, turn);
    interview.turns.iter().filter_map(of_turn).collect()
}

/// The figures of one question's answer. A take in which nothing was heard is no answer.
pub fn figures_of(interview: &Interview, turn: &Turn) -> Option<Figures> {
    let attempt = turn.main_attempt()?;
    let transcript = attempt.transcript.as_ref()?;
    let words = transcript.words.len();
    if words == 0 {
        return None;
    }
    let (pace, fillers) = insight::pace_and_fillers(transcript);
    let seconds = attempt.take.as_ref().map_or(0.0, |take| take.seconds);
    Some(Figures {
        interview: interview.id.clone(),
        field: interview.field.clone(),
        at: attempt.at,
        seconds,
        words,
        words_per_minute: pace.as_ref().map(|pace| pace.words_per_minute),
        fillers_per_minute: insight::wording::per_minute(fillers.len(), seconds),
        observed: None,
    })
}

/// What is wrong with the model mirror that the settings name, in a sentence.
pub fn mirror_problem(settings: &Settings) -> Option<String> {
    let address = settings.model_mirror.as_deref()?;
    Mirror::parse(address).err().map(|error| error.to_string())
}
