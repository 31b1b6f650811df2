//! A thread that works on the newest input. A newer input replaces the one that waits, so that however fast somebody types,
//! one piece of work is under way and one waits.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
};

use super::Wake;

struct WorkerState<I, O> {
    waiting: Option<I>,
    busy: bool,
    closed: bool,
    done: Option<O>,
}

struct WorkerShared<I, O> {
    state: Mutex<WorkerState<I, O>>,
    changed: Condvar,
}

type WorkFn<I, O> = Arc<dyn Fn(I) -> O + Send + Sync>;

/// Such a thread. Dropping it waits for the work that is under way.
pub struct LatestWorker<I, O> {
    shared: Arc<WorkerShared<I, O>>,
    work: WorkFn<I, O>,
    thread: Option<JoinHandle<()>>,
}

impl<I, O> fmt::Debug for LatestWorker<I, O> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Latest").finish_non_exhaustive()
    }
}

impl<I, O> WorkerShared<I, O> {
    fn lock(&self) -> MutexGuard<'_, WorkerState<I, O>> {
        // The work itself is done outside the lock: nothing is half changed when it panics.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, WorkerState<I, O>>) -> MutexGuard<'a, WorkerState<I, O>> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }
}

impl<I: Send + 'static, O: Send + 'static> LatestWorker<I, O> {
    pub fn start(name: &str, wake: &Wake, work: impl Fn(I) -> O + Send + Sync + 'static) -> Self {
        let shared = Arc::new(WorkerShared {
            state: Mutex::new(WorkerState {
                waiting: None,
                busy: false,
                closed: false,
                done: None,
            }),
            changed: Condvar::new(),
        });
        let work: WorkFn<I, O> = Arc::new(work);
        let (mine, its_work, wake) = (Arc::clone(&shared), Arc::clone(&work), wake.clone());
        let thread = thread::Builder::new()
            .name(name.into())
            .spawn(move || run(&mine, &its_work, &wake))
            .inspect_err(|error| log::error!("could not start the thread \"{name}\": {error}"))
            .ok();
        Self { shared, work, thread }
    }

    /// Works on this next, and not on what was still waiting.
    pub fn ask(&self, input: I) {
        // No thread could be started: then the caller does the work.
        if self.thread.is_none() {
            let done = (self.work)(input);
            self.shared.lock().done = Some(done);
            return;
        }
        self.shared.lock().waiting = Some(input);
        self.shared.changed.notify_all();
    }

    /// The newest result that nobody has taken yet.
    pub fn take(&self) -> Option<O> {
        self.shared.lock().done.take()
    }

    /// Whether there is a result that nobody has taken, or one to come.
    pub fn has_news(&self) -> bool {
        let state = self.shared.lock();
        state.busy || state.waiting.is_some() || state.done.is_some()
    }

    /// Waits until nothing is under way. For tests and pictures; the window never waits.
    pub fn settle(&self) {
        let mut state = self.shared.lock();
        while state.busy || state.waiting.is_some() {
            state = self.shared.wait(state);
        }
    }
}

fn run<I, O>(shared: &WorkerShared<I, O>, work: &WorkFn<I, O>, wake: &Wake) {
    let mut state = shared.lock();
    while !state.closed {
        let Some(input) = state.waiting.take() else {
            state = shared.wait(state);
            continue;
        };
        state.busy = true;
        drop(state);
        // The panic hook reports it; the next piece of work is another.
        let done = catch_unwind(AssertUnwindSafe(|| work(input)));
        state = shared.lock();
        state.busy = false;
        state.done = done.ok().or(state.done.take());
        shared.changed.notify_all();
        wake();
    }
}

impl<I, O> Drop for LatestWorker<I, O> {
    fn drop(&mut self) {
        {
            let mut state = self.shared.lock();
            state.closed = true;
            state.waiting = None;
        }
        self.shared.changed.notify_all();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!("a thread that worked aside has panicked");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::sync_channel;

    use super::*;

    #[test]
    fn of_what_comes_while_it_works_only_the_newest_is_worked_on() {
        let (begun, has_begun) = sync_channel(0);
        let (go_on, may_go_on) = sync_channel(0);
        let may_go_on = Mutex::new(may_go_on);
        let (wake, woken) = sync_channel(10);
        let wake: Wake = Arc::new(move || wake.send(()).unwrap());
        let latest_worker = LatestWorker::start("test", &wake, move |text: String| {
            begun.send(text.clone()).unwrap();
            may_go_on.lock().unwrap().recv().unwrap();
            text
        });
        latest_worker.ask("a".into());
        assert_eq!(has_begun.recv().unwrap(), "a");
        for text in ["b", "c", "d"] {
            latest_worker.ask(text.into());
        }
        go_on.send(()).unwrap();
        woken.recv().unwrap();
        assert_eq!(latest_worker.take().unwrap(), "a");
        assert_eq!(has_begun.recv().unwrap(), "d");
        go_on.send(()).unwrap();
        latest_worker.settle();
        assert_eq!(latest_worker.take().unwrap(), "d");
        assert!(latest_worker.take().is_none());
    }
}
