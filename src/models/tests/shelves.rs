use std::{
    fs,
    path::PathBuf,
    sync::{
        Arc, Barrier,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, SystemTime},
};

use tempfile::TempDir;

use super::{
    super::{InstallState, ModelError, error::Reason},
    catalog, files, made, models,
    server::{TestServer, say, serve},
};

fn url(server: &TestServer, path: &str) -> String {
    format!("{{ url = \"{}\" }},", server.url(path))
}

fn fetch(models: &super::ModelStore, name: &str) -> Result<PathBuf, ModelError> {
    models.fetch(name, &mut |_| {}, &AtomicBool::new(false))
}

#[test]
fn a_fetched_model_lies_on_the_shelf_whole_and_alone() {
    let folder = TempDir::new().unwrap();
    let home = folder.path().join("deep/models");
    let server = TestServer::new(|asked, stream| serve(stream, asked, made::ggml()));
    let models = models(&home, &url(&server, "/ggml-toy.bin"));
    assert_eq!(
        (models.path("toy"), models.list()[0].state),
        (None, InstallState::NotInstalled)
    );

    let mut last = None;
    let path = models
        .fetch("toy", &mut |progress| last = Some(progress), &AtomicBool::new(false))
        .unwrap();
    let bytes = made::ggml().len() as u64;
    assert_eq!(
        last.map(|progress| (progress.done_bytes, progress.total_bytes)),
        Some((bytes, Some(bytes)))
    );
    assert!(fs::read(&path).unwrap() == made::ggml());
    assert_eq!(files(&home), ["ggml-toy.bin"]);
    assert_eq!(
        (models.path("toy"), models.list()[0].state),
        (Some(path), InstallState::Installed)
    );
    assert!(models.verify("toy").is_ok());
}

#[test]
fn a_model_that_is_here_is_not_fetched_again() {
    let folder = TempDir::new().unwrap();
    let server = TestServer::new(|asked, stream| serve(stream, asked, made::ggml()));
    let models = models(folder.path(), &url(&server, "/ggml-toy.bin"));
    fetch(&models, "toy").unwrap();
    fetch(&models, "toy").unwrap();
    assert_eq!(server.asked().len(), 1);
}

/// A package, or a coach's stick, brings models that nobody else may write to.
#[test]
fn a_model_in_a_shared_folder_is_used_and_the_users_own_wins() {
    let folder = TempDir::new().unwrap();
    let (home, shared) = (folder.path().join("home"), folder.path().join("shared"));
    fs::create_dir(&shared).unwrap();
    fs::write(shared.join("ggml-toy.bin"), made::ggml()).unwrap();
    fs::write(shared.join("ggml-theirs.bin"), made::ggml()).unwrap();
    let server = TestServer::new(|asked, stream| serve(stream, asked, made::ggml()));
    let models = models(&home, &url(&server, "/ggml-toy.bin")).with_shared(vec![shared.clone()]);

    let path = shared.join("ggml-toy.bin");
    assert_eq!(models.path("toy").as_ref(), Some(&path));
    assert_eq!(models.list()[0].path.as_ref(), Some(&path));
    assert_eq!(models.path("theirs"), Some(shared.join("ggml-theirs.bin")));
    assert_eq!(models.list().iter().filter(|entry| entry.own).count(), 1);
    assert!(models.verify("toy").is_ok());
    assert_eq!(fetch(&models, "toy").unwrap(), path, "it is here already");
    assert_eq!(server.asked().len(), 0);

    // What is damaged there is replaced by one of the user's own.
    let mut changed = made::ggml().to_vec();
    *changed.last_mut().unwrap() ^= 1;
    fs::write(&path, changed).unwrap();
    assert!(models.verify("toy").is_err());
    assert_eq!(fetch(&models, "toy").unwrap(), home.join("ggml-toy.bin"));
    assert_eq!(models.path("toy"), Some(home.join("ggml-toy.bin")));
    assert!(models.verify("toy").is_ok());
}

#[test]
fn a_damaged_model_is_told_and_fetched_again() {
    let folder = TempDir::new().unwrap();
    let server = TestServer::new(|asked, stream| serve(stream, asked, made::ggml()));
    let models = models(folder.path(), &url(&server, "/ggml-toy.bin"));
    let place = folder.path().join("ggml-toy.bin");

    // Of the right size: only its SHA-256 tells.
    let mut changed = made::ggml().to_vec();
    *changed.last_mut().unwrap() ^= 1;
    fs::write(&place, changed).unwrap();
    let message = models.verify("toy").unwrap_err().to_string();
    assert!(
        message.starts_with("The model toy on this machine is damaged: "),
        "{message}"
    );
    assert!(
        message.ends_with("Download it again with `aloud models fetch toy`."),
        "{message}"
    );
    fetch(&models, "toy").unwrap();
    assert!(fs::read(&place).unwrap() == made::ggml());

    // Of another size: it is no model at all.
    fs::write(&place, b"lmgg").unwrap();
    assert_eq!(
        (models.path("toy"), models.list()[0].state),
        (None, InstallState::Damaged)
    );
    fetch(&models, "toy").unwrap();
    assert!(models.path("toy").is_some());
}

#[test]
fn a_source_that_fails_is_followed_by_the_next() {
    let folder = TempDir::new().unwrap();
    let bad = TestServer::new(|_, stream| say(stream, "403 Forbidden\r\nContent-Length: 0", b""));
    let good = TestServer::new(|asked, stream| serve(stream, asked, made::ggml()));
    let models = models(
        folder.path(),
        &(url(&bad, "/ggml-toy.bin") + &url(&good, "/ggml-toy.bin")),
    );
    fetch(&models, "toy").unwrap();
    assert_eq!((bad.asked().len(), good.asked().len()), (1, 1));
}

#[test]
fn when_all_sources_fail_each_tells_why_and_nothing_is_left() {
    let folder = TempDir::new().unwrap();
    let page = TestServer::new(|_, stream| say(stream, "200 OK\r\nContent-Type: text/html", b"<html>Log in</html>"));
    let sources = url(&page, "/ggml-toy.bin") + "{ quantized_from = \"big\" },";
    let error = fetch(&models(folder.path(), &sources), "toy").unwrap_err();
    let ModelError::Unreachable { name, reasons, address } = &error else {
        panic!("{error}")
    };
    assert_eq!(
        (name.as_str(), address.as_deref()),
        ("toy", Some(page.url("/ggml-toy.bin").as_str()))
    );
    let host = page.url("").split_off("http://".len());
    let reason = |source: &str, message: &str| Reason {
        source: source.to_owned(),
        message: message.to_owned(),
    };
    assert_eq!(
        *reasons,
        [
            reason(
                &host,
                "it sent a web page instead of the model, as networks do that require a login"
            ),
            reason("the larger model big", "it is not on this machine"),
        ]
    );
    assert_eq!(files(folder.path()), [] as [&str; 0]);
}

#[test]
fn a_file_with_another_digest_never_stands_in_a_models_place() {
    let folder = TempDir::new().unwrap();
    let server = TestServer::new(|asked, stream| {
        let mut file = made::ggml().to_vec();
        *file.last_mut().unwrap() ^= 1;
        serve(stream, asked, &file);
    });
    let error = fetch(&models(folder.path(), &url(&server, "/ggml-toy.bin")), "toy").unwrap_err();
    assert!(
        error
            .to_string()
            .contains("what it sent is not the model: its SHA-256 is "),
        "{error}"
    );
    assert_eq!(files(folder.path()), [] as [&str; 0]);
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn a_part_of_another_file_is_thrown_away_and_the_whole_is_asked_for() {
    let folder = TempDir::new().unwrap();
    let server = TestServer::new(|asked, stream| serve(stream, asked, made::ggml()));
    fs::write(folder.path().join("ggml-toy.bin.part"), [1; 5000]).unwrap();
    fetch(&models(folder.path(), &url(&server, "/ggml-toy.bin")), "toy").unwrap();
    let froms: Vec<Option<usize>> = server.asked().into_iter().map(|asked| asked.from).collect();
    assert_eq!(froms, [Some(5000), None]);
    assert_eq!(files(folder.path()), ["ggml-toy.bin"]);
}

#[test]
fn a_cancelled_fetch_keeps_its_part_and_the_next_goes_on() {
    let folder = TempDir::new().unwrap();
    let server = TestServer::new(|asked, stream| serve(stream, asked, made::ggml()));
    let models = models(folder.path(), &url(&server, "/ggml-toy.bin"));
    let cancel = AtomicBool::new(false);
    let mut tell = |progress: super::super::Progress| cancel.store(progress.done_bytes > 1_000_000, Ordering::Relaxed);
    let error = models.fetch("toy", &mut tell, &cancel).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Cancelled. What was downloaded is kept, and the next try resumes there."
    );
    assert_eq!(files(folder.path()), ["ggml-toy.bin.part"]);
    fetch(&models, "toy").unwrap();
    assert!(server.asked()[1].from > Some(1_000_000));
}

#[test]
fn two_who_fetch_the_same_model_download_it_once() {
    let folder = TempDir::new().unwrap();
    let server = Arc::new(TestServer::new(|asked, stream| serve(stream, asked, made::ggml())));
    let start = Arc::new(Barrier::new(2));
    let threads: Vec<_> = (0..2)
        .map(|number| {
            let (home, server, start) = (folder.path().to_owned(), Arc::clone(&server), Arc::clone(&start));
            thread::Builder::new()
                .name(format!("fetch {number}"))
                .spawn(move || {
                    let models = models(&home, &url(&server, "/ggml-toy.bin"));
                    start.wait();
                    fetch(&models, "toy").map_err(|error| error.to_string())
                })
                .unwrap()
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap(), Ok(folder.path().join("ggml-toy.bin")));
    }
    assert_eq!(server.asked().len(), 1);
    assert_eq!(files(folder.path()), ["ggml-toy.bin"]);
}

#[test]
fn waiting_for_another_fetch_can_be_cancelled() {
    let folder = TempDir::new().unwrap();
    let lock = fs::File::create(folder.path().join(".toy.lock")).unwrap();
    lock.lock().unwrap();
    let models = models(folder.path(), "");
    let cancel = AtomicBool::new(false);
    let ended = models.fetch("toy", &mut |_| cancel.store(true, Ordering::Relaxed), &cancel);
    assert!(matches!(ended, Err(ModelError::Cancelled)));
}

#[test]
fn remains_of_a_process_that_was_killed_are_cleared_away_after_a_day() {
    let folder = TempDir::new().unwrap();
    for (name, age) in [(".work-old", 25), (".work-new", 1)] {
        let path = folder.path().join(name);
        fs::create_dir(&path).unwrap();
        fs::write(path.join("model.bin"), b"half").unwrap();
        let at = SystemTime::now() - Duration::from_secs(age * 60 * 60);
        fs::File::open(path.join("model.bin"))
            .unwrap()
            .set_modified(at)
            .unwrap();
        fs::File::open(&path).unwrap().set_modified(at).unwrap();
    }
    assert!(fetch(&models(folder.path(), ""), "toy").is_err());
    assert_eq!(files(folder.path()), [".work-new"]);
}

#[test]
fn names_that_lead_out_of_the_folder_are_no_models() {
    let folder = TempDir::new().unwrap();
    let models = models(folder.path(), "");
    for name in ["../toy", "/etc/passwd", "", ".", "toy/../toy", "huge"] {
        assert_eq!(models.path(name), None);
        let message = format!("Unknown model '{name}'. `aloud models list` shows those available.");
        assert_eq!(models.verify(name).unwrap_err().to_string(), message);
        assert_eq!(fetch(&models, name).unwrap_err().to_string(), message);
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_told_with_what_to_do() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, b"").unwrap();
    let models = super::ModelStore::of_tests(&file.join("models"), catalog(""));
    let message = fetch(&models, "toy").unwrap_err().to_string();
    assert!(message.starts_with("Could not use the models' folder '"), "{message}");
    assert!(
        message.ends_with("Check its disk, or name another with ALOUD_MODELS."),
        "{message}"
    );
}
