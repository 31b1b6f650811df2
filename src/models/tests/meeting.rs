//! Several who write at the same time: processes, threads, and those on a file system without locks.

use std::{
    env, fs,
    fs::{File, TryLockError},
    io::{self, BufRead as _, BufReader, Write as _},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    sync::{
        Arc, Barrier,
        atomic::AtomicBool,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::{Duration, SystemTime},
};

use tempfile::TempDir;

use super::{
    super::{Imported, ModelError, Progress},
    ModelStore, files, made, models,
    server::{TestServer, say, serve},
};

/// Name the folder and the sources to a process that fetches.
const FOLDER: &str = "ALOUD_TEST_MODELS_FOLDER";
const SOURCES: &str = "ALOUD_TEST_MODELS_SOURCES";

/// A file system that has no locks, as some network drives have none.
fn no_locks(_: &File) -> Result<(), TryLockError> {
    Err(TryLockError::Error(io::ErrorKind::Unsupported.into()))
}

fn url(server: &TestServer) -> String {
    format!("{{ url = \"{}\" }},", server.url("/ggml-toy.bin"))
}

fn fetch(models: &ModelStore) -> Result<PathBuf, String> {
    models
        .fetch("toy", &mut |_| {}, &AtomicBool::new(false))
        .map_err(|error| error.to_string())
}

fn spawn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> thread::JoinHandle<T> {
    thread::Builder::new().name("writer".to_owned()).spawn(work).unwrap()
}

/// Sends one half of the model, waits for `go_on`, and sends the other.
fn in_halves(stream: &mut TcpStream, go_on: impl FnOnce()) {
    let (first, second) = made::ggml().split_at(made::ggml().len() / 2);
    say(
        stream,
        &format!("200 OK\r\nContent-Length: {}", made::ggml().len()),
        first,
    );
    go_on();
    // Who was killed meanwhile hears nothing more.
    let _ = stream.write_all(second);
}

/// A server whose answer to the first request stops in the middle until it is let go on.
fn halting() -> (TestServer, SyncSender<()>) {
    let (go_on, waiting) = sync_channel::<()>(1);
    let mut waiting: Option<Receiver<()>> = Some(waiting);
    let server = TestServer::new(move |asked, stream| match waiting.take() {
        Some(waiting) => in_halves(stream, || {
            // The end of the test lets it go on too.
            let _ = waiting.recv();
        }),
        None => serve(stream, asked, made::ggml()),
    });
    (server, go_on)
}

/// This test program again, as another process that fetches. Each step of its progress is a line.
struct Fetching {
    child: Child,
    lines: io::Lines<BufReader<ChildStdout>>,
}

impl Fetching {
    fn start(folder: &Path, sources: &str) -> Self {
        let mut child = Command::new(env::current_exe().unwrap())
            .args([
                "models::tests::meeting::a_process_that_fetches",
                "--exact",
                "--nocapture",
            ])
            .env(FOLDER, folder)
            .env(SOURCES, sources)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// Waits until it has this many bytes, or knows that another process has.
    fn wait_for(&mut self, bytes: u64) {
        let far = |line: &str| {
            let done: Option<u64> = line.strip_prefix("at ").and_then(|done| done.parse().ok());
            done.is_some_and(|done| done >= bytes)
        };
        assert!(self.lines.by_ref().any(|line| far(&line.unwrap())));
    }

    fn outcome(mut self) -> String {
        let outcome = self.lines.by_ref().find_map(|line| {
            let line = line.unwrap();
            line.strip_prefix("outcome ").map(str::to_owned)
        });
        self.child.wait().unwrap();
        outcome.unwrap()
    }
}

/// No test in itself: what those processes do.
#[test]
fn a_process_that_fetches() {
    let (Some(folder), Ok(sources)) = (env::var_os(FOLDER), env::var(SOURCES)) else {
        return;
    };
    let models = models(Path::new(&folder), &sources);
    let mut tell = |progress: Progress| writeln!(io::stdout(), "\nat {}", progress.done_bytes).unwrap();
    let outcome = models
        .fetch("toy", &mut tell, &AtomicBool::new(false))
        .map_or_else(|error| error.to_string(), |_| "ready".to_owned());
    writeln!(io::stdout(), "\noutcome {outcome}").unwrap();
}

#[test]
fn two_processes_that_fetch_the_same_model_download_it_once() {
    let folder = TempDir::new().unwrap();
    let (server, go_on) = halting();
    let half = made::ggml().len() as u64 / 2;
    let mut first = Fetching::start(folder.path(), &url(&server));
    first.wait_for(half);
    let mut second = Fetching::start(folder.path(), &url(&server));
    // It sees how far the first one is.
    second.wait_for(half);
    go_on.send(()).unwrap();
    assert_eq!(
        (first.outcome().as_str(), second.outcome().as_str()),
        ("ready", "ready")
    );
    assert_eq!(server.asked().len(), 1);
    assert_eq!(files(folder.path()), ["ggml-toy.bin"]);
    assert!(fs::read(folder.path().join("ggml-toy.bin")).unwrap() == made::ggml());
}

#[test]
fn the_lock_of_a_process_that_was_killed_is_free_and_its_part_is_gone_on_with() {
    let folder = TempDir::new().unwrap();
    let (server, go_on) = halting();
    let mut killed = Fetching::start(folder.path(), &url(&server));
    killed.wait_for(made::ggml().len() as u64 / 2);
    killed.child.kill().unwrap();
    killed.child.wait().unwrap();
    assert!(
        folder.path().join(".toy.lock").exists(),
        "the lock's file is still there"
    );
    go_on.send(()).unwrap();
    fetch(&models(folder.path(), &url(&server))).unwrap();
    assert!(server.asked()[1].from > Some(0), "{:?}", server.asked());
    assert_eq!(files(folder.path()), ["ggml-toy.bin"]);
}

#[test]
fn where_there_are_no_locks_each_writes_its_own_file() {
    let folder = TempDir::new().unwrap();
    // Both are in the middle of the file before either goes on.
    let middle = Arc::new(Barrier::new(2));
    let server = Arc::new(TestServer::new(move |_, stream| {
        let (mut stream, middle) = (stream.try_clone().unwrap(), Arc::clone(&middle));
        spawn(move || {
            in_halves(&mut stream, || {
                middle.wait();
            });
        });
    }));
    let writers: Vec<_> = (0..2)
        .map(|_| {
            let (home, server) = (folder.path().to_owned(), Arc::clone(&server));
            spawn(move || {
                let mut models = models(&home, &url(&server));
                models.try_lock = no_locks;
                fetch(&models)
            })
        })
        .collect();
    for writer in writers {
        assert_eq!(writer.join().unwrap(), Ok(folder.path().join("ggml-toy.bin")));
    }
    assert!(fs::read(folder.path().join("ggml-toy.bin")).unwrap() == made::ggml());
    assert_eq!(files(folder.path()), ["ggml-toy.bin"]);
    assert_eq!(server.asked().len(), 2);
}

#[test]
fn an_import_neither_waits_for_a_fetch_of_the_same_model_nor_disturbs_it() {
    let folder = TempDir::new().unwrap();
    let home = folder.path().join("models");
    let file = folder.path().join("x.bin");
    fs::write(&file, made::ggml()).unwrap();
    let (server, go_on) = halting();
    let sources = url(&server);
    let (sender, in_the_middle) = sync_channel::<()>(1);
    let fetching = spawn({
        let (home, sources) = (home.clone(), sources.clone());
        move || {
            let half = made::ggml().len() as u64 / 2;
            let mut tell = |progress: Progress| {
                if progress.done_bytes >= half {
                    // Once is enough.
                    let _ = sender.try_send(());
                }
            };
            models(&home, &sources)
                .fetch("toy", &mut tell, &AtomicBool::new(false))
                .map_err(|error| error.to_string())
        }
    });
    in_the_middle.recv().unwrap();
    let imported = models(&home, &sources).import(&file, &mut |_| {}, &AtomicBool::new(false));
    let place = home.join("ggml-toy.bin");
    assert_eq!(imported.unwrap().path, place);
    assert!(fs::read(&place).unwrap() == made::ggml());
    assert_eq!(
        files(&home),
        ["ggml-toy.bin", "ggml-toy.bin.part"],
        "the other's part is left to it"
    );
    go_on.send(()).unwrap();
    assert_eq!(fetching.join().unwrap(), Ok(place.clone()));
    assert!(fs::read(&place).unwrap() == made::ggml());
    assert_eq!(files(&home), ["ggml-toy.bin"]);
}

#[test]
fn of_several_who_import_other_models_under_one_name_one_gets_it() {
    const WRITERS: u8 = 4;
    let folder = TempDir::new().unwrap();
    let own: Vec<(PathBuf, Vec<u8>)> = (0..WRITERS)
        .map(|number| {
            let mut model = made::ggml().to_vec();
            *model.last_mut().unwrap() ^= number + 1;
            let path = folder.path().join(number.to_string()).join("mine.bin");
            fs::create_dir(path.parent().unwrap()).unwrap();
            fs::write(&path, &model).unwrap();
            (path, model)
        })
        .collect();
    let own = Arc::new(own);
    for round in 0..3 {
        let home = folder.path().join(format!("models-{round}"));
        let start = Arc::new(Barrier::new(usize::from(WRITERS)));
        let writers: Vec<_> = (0..usize::from(WRITERS))
            .map(|number| {
                let (home, own, start) = (home.clone(), Arc::clone(&own), Arc::clone(&start));
                spawn(move || {
                    let models = models(&home, "");
                    start.wait();
                    models.import(&own[number].0, &mut |_| {}, &AtomicBool::new(false))
                })
            })
            .collect();
        let outcomes: Vec<Result<Imported, ModelError>> =
            writers.into_iter().map(|writer| writer.join().unwrap()).collect();
        let winners: Vec<usize> = (0..outcomes.len()).filter(|number| outcomes[*number].is_ok()).collect();
        let &[winner] = winners.as_slice() else {
            panic!("{outcomes:?}")
        };
        for outcome in outcomes.iter().filter(|outcome| outcome.is_err()) {
            assert!(matches!(outcome, Err(ModelError::NameTaken { .. })), "{outcome:?}");
        }
        assert!(fs::read(home.join("ggml-mine.bin")).unwrap() == own[winner].1);
        assert_eq!(files(&home), ["ggml-mine.bin"]);
    }
}

#[test]
fn a_new_file_never_takes_the_place_of_another() {
    let folder = TempDir::new().unwrap();
    let models = models(folder.path(), "");
    let file = |name: &str| {
        let path = folder.path().join(name);
        fs::write(&path, name).unwrap();
        path
    };
    assert!(models.place_new_file(&file("first"), "mine").unwrap());
    assert!(!models.place_new_file(&file("second"), "mine").unwrap());
    assert_eq!(fs::read(folder.path().join("ggml-mine.bin")).unwrap(), b"first");
}

/// Makes a folder and what is in it look as if nobody had touched it for so long.
fn age(folder: &Path, hours: u64) {
    let at = SystemTime::now() - Duration::from_hours(hours);
    for file in fs::read_dir(folder).unwrap() {
        File::open(file.unwrap().path()).unwrap().set_modified(at).unwrap();
    }
    File::open(folder).unwrap().set_modified(at).unwrap();
}

#[test]
fn a_temporary_folder_in_use_is_never_cleared_away() {
    let folder = TempDir::new().unwrap();
    let other = models(folder.path(), "");
    let temp_folder = other.temp_folder().unwrap();
    fs::write(temp_folder.path().join("half.bin"), b"lmgg").unwrap();
    // As after a night in which the computer slept, in the middle of an import.
    age(temp_folder.path(), 30);
    models(folder.path(), "").prepare().unwrap();
    assert!(temp_folder.path().join("half.bin").exists());
    let path = temp_folder.path().to_owned();
    drop(temp_folder);
    assert!(!path.exists());
}

#[test]
fn without_locks_a_temporary_folder_stays_while_its_files_are_written() {
    let folder = TempDir::new().unwrap();
    let mut other = models(folder.path(), "");
    other.try_lock = no_locks;
    let temp_folder = other.temp_folder().unwrap();
    age(temp_folder.path(), 30);
    fs::write(temp_folder.path().join("half.bin"), b"lmgg").unwrap();
    let at = SystemTime::now() - Duration::from_hours(30);
    File::open(temp_folder.path()).unwrap().set_modified(at).unwrap();
    other.prepare().unwrap();
    assert!(temp_folder.path().exists(), "half.bin was written just now");
    age(temp_folder.path(), 30);
    other.prepare().unwrap();
    assert!(!temp_folder.path().exists());
}

#[test]
fn a_part_of_a_model_that_is_here_goes_unless_somebody_writes_it() {
    let folder = TempDir::new().unwrap();
    let models = models(folder.path(), "");
    let part = folder.path().join("ggml-toy.bin.part");
    fs::write(folder.path().join("ggml-toy.bin"), made::ggml()).unwrap();
    fs::write(&part, b"lmgg").unwrap();
    let lock = File::create(folder.path().join(".toy.lock")).unwrap();
    lock.lock().unwrap();
    models.prepare().unwrap();
    assert!(part.exists());
    drop(lock);
    models.prepare().unwrap();
    assert!(!part.exists());

    // Of a model that is not here, it is what the next try goes on with.
    fs::remove_file(folder.path().join("ggml-toy.bin")).unwrap();
    fs::write(&part, b"lmgg").unwrap();
    models.prepare().unwrap();
    assert!(part.exists());
}
