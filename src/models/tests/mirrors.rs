use std::{fs, sync::atomic::AtomicBool};

use tempfile::TempDir;

use super::{
    super::{MirrorError, ModelError, error::Reason},
    files, made, models,
    server::{TestServer, say, serve},
};

fn url(server: &TestServer) -> String {
    format!("{{ url = \"{}\" }},", server.url("/usual/ggml-toy.bin"))
}

fn fetch(models: &super::ModelStore, mirror: Option<&str>) -> Result<std::path::PathBuf, ModelError> {
    models.fetch_from("toy", mirror, &mut |_| {}, &AtomicBool::new(false))
}

fn good() -> TestServer {
    TestServer::new(|asked, stream| serve(stream, asked, made::ggml()))
}

fn paths(server: &TestServer) -> Vec<String> {
    server.asked().into_iter().map(|asked| asked.path).collect()
}

#[test]
fn a_mirror_is_asked_first_and_the_usual_address_only_where_it_fails() {
    let (mirror, usual) = (good(), good());
    let folder = TempDir::new().unwrap();
    let path = fetch(&models(folder.path(), &url(&usual)), Some(&mirror.url("/copies/"))).unwrap();
    assert!(fs::read(path).unwrap() == made::ggml());
    assert_eq!(paths(&mirror), ["/copies/ggml-toy.bin"]);
    assert_eq!(paths(&usual), [""; 0]);

    let empty = TestServer::new(|_, stream| say(stream, "404 Not Found\r\nContent-Length: 0", b""));
    let folder = TempDir::new().unwrap();
    fetch(&models(folder.path(), &url(&usual)), Some(&empty.url(""))).unwrap();
    assert_eq!(paths(&empty), ["/ggml-toy.bin"]);
    assert_eq!(paths(&usual), ["/usual/ggml-toy.bin"]);
}

#[test]
fn the_mirror_of_the_environment_wins_over_that_of_the_settings() {
    let (of_environment, of_settings) = (good(), good());
    let folder = TempDir::new().unwrap();
    let models = models(folder.path(), "").with_mirror(Some(of_environment.url("")));
    fetch(&models, Some(&of_settings.url(""))).unwrap();
    assert_eq!((paths(&of_environment).len(), paths(&of_settings).len()), (1, 0));
}

#[test]
fn what_a_mirror_sends_is_held_to_the_same_digest() {
    let mirror = TestServer::new(|asked, stream| {
        let mut changed = made::ggml().to_vec();
        *changed.last_mut().unwrap() ^= 1;
        serve(stream, asked, &changed);
    });
    let folder = TempDir::new().unwrap();
    let address = mirror.url("").replace("http://", "http://anna:secret@");
    let error = fetch(&models(folder.path(), ""), Some(&address)).unwrap_err();
    let ModelError::Unreachable { reasons, .. } = &error else {
        panic!("{error}")
    };
    let [Reason { source, message }] = reasons.as_slice() else {
        panic!("{error}")
    };
    assert_eq!(format!("http://{source}"), mirror.url(""), "no password is shown");
    assert!(
        message.starts_with("what it sent is not the model: its SHA-256 is "),
        "{message}"
    );
    assert_eq!(files(folder.path()), [""; 0]);
}

#[test]
fn a_mirror_that_is_not_https_is_asked_nothing_and_the_fetch_says_so() {
    let (mirror, usual) = (good(), good());
    let folder = TempDir::new().unwrap();
    // As the product is: without the tests' leave to use this machine's own servers.
    let product = super::ModelStore::new(folder.path().join("models"));
    for address in [mirror.url(""), mirror.url("").replace("http://", "ftp://")] {
        let product = product.clone().with_mirror(Some(address.clone()));
        let error = product
            .fetch("tiny.en", &mut |_| {}, &AtomicBool::new(false))
            .unwrap_err();
        assert!(matches!(error, ModelError::Mirror(MirrorError::NotHttps(_))), "{error}");
        assert_eq!(
            error.to_string(),
            format!(
                "The model mirror '{address}' is not an https address, and models are downloaded over https only. Give \
                 one that begins with https://, or none."
            )
        );
    }
    assert_eq!((paths(&mirror).len(), paths(&usual).len()), (0, 0));
    assert_eq!(files(folder.path()), [""; 0], "nothing was made");
}

#[test]
fn an_empty_mirror_is_none() {
    let usual = good();
    let folder = TempDir::new().unwrap();
    fetch(&models(folder.path(), &url(&usual)), Some(" ")).unwrap();
    assert_eq!(paths(&usual).len(), 1);
}
