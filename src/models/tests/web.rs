use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::{
    super::{fetch::Web, invalid_model::FetchError, progress::ProgressSink},
    server::{ReceivedRequest, TestServer, say, serve},
    unwatched,
};

/// Not a model: what is in it is not looked at here beyond its first bytes.
fn file() -> Vec<u8> {
    let mut file = b"lmgg".to_vec();
    file.extend((0..300_000_u32).map(|i| (i % 251) as u8));
    file
}

/// Downloads from `server` after `begun` bytes of an earlier try, and says what is there in the end.
fn download(server: &TestServer, path: &str, begun: Option<&[u8]>) -> (Result<(), String>, Option<Vec<u8>>) {
    let folder = TempDir::new().unwrap();
    let part = folder.path().join("part");
    if let Some(begun) = begun {
        fs::write(&part, begun).unwrap();
    }
    let bytes = file().len() as u64;
    let ended = unwatched(|progress| Web::of_tests().download(&server.url(path), &part, bytes, progress));
    (ended.map_err(|error| error.to_string()), fs::read(&part).ok())
}

fn froms(server: &TestServer) -> Vec<Option<usize>> {
    server.asked().into_iter().map(|asked| asked.from).collect()
}

#[test]
fn a_file_is_downloaded_whole() {
    let server = TestServer::new(|asked, stream| serve(stream, asked, &file()));
    assert_eq!(download(&server, "/file", None), (Ok(()), Some(file())));
}

#[test]
fn a_begun_download_goes_on_where_it_stopped() {
    let server = TestServer::new(|asked, stream| serve(stream, asked, &file()));
    assert_eq!(
        download(&server, "/file", Some(&file()[..1000])),
        (Ok(()), Some(file()))
    );
    assert_eq!(froms(&server), [Some(1000)]);
}

#[test]
fn a_complete_part_asks_for_nothing() {
    let server = TestServer::new(|_, _| {});
    assert_eq!(download(&server, "/file", Some(&file())), (Ok(()), Some(file())));
    assert_eq!(server.asked(), []);
}

#[test]
fn a_part_that_is_too_long_begins_anew() {
    let server = TestServer::new(|asked, stream| serve(stream, asked, &file()));
    assert_eq!(
        download(&server, "/file", Some(&vec![7; 400_000])),
        (Ok(()), Some(file()))
    );
    assert_eq!(froms(&server), [None]);
}

#[test]
fn a_server_that_cannot_go_on_gives_the_whole_file() {
    let whole = TestServer::new(|_, stream| {
        serve(
            stream,
            &ReceivedRequest {
                path: String::new(),
                from: None,
            },
            &file(),
        );
    });
    assert_eq!(download(&whole, "/file", Some(&file()[..1000])), (Ok(()), Some(file())));

    let unsatisfied = TestServer::new(|asked, stream| match asked.from {
        Some(_) => say(stream, "416 No\r\nContent-Length: 0", b""),
        None => serve(stream, asked, &file()),
    });
    assert_eq!(
        download(&unsatisfied, "/file", Some(&file()[..1000])),
        (Ok(()), Some(file()))
    );

    let elsewhere = TestServer::new(|asked, stream| match asked.from {
        Some(_) => say(
            stream,
            "206 Partial\r\nContent-Length: 2\r\nContent-Range: bytes 5-6/300004",
            b"xx",
        ),
        None => serve(stream, asked, &file()),
    });
    assert_eq!(
        download(&elsewhere, "/file", Some(&file()[..1000])),
        (Ok(()), Some(file()))
    );
    assert_eq!(froms(&elsewhere), [Some(1000), None]);
}

#[test]
fn a_broken_connection_is_taken_up_again() {
    let mut times = 0;
    let server = TestServer::new(move |asked, stream| {
        times += 1;
        let file = file();
        if times <= 2 {
            // The head promises all of the rest, and the line breaks after a part of it.
            let from = asked.from.unwrap_or(0);
            let rest = &file[from..];
            let range = format!("Content-Range: bytes {from}-{}/{}", file.len() - 1, file.len());
            let head = if from == 0 { "200 OK" } else { "206 Partial" };
            say(
                stream,
                &format!("{head}\r\nContent-Length: {}\r\n{range}", rest.len()),
                &rest[..100_000],
            );
        } else {
            serve(stream, asked, &file);
        }
    });
    assert_eq!(download(&server, "/file", None), (Ok(()), Some(file())));
    assert_eq!(froms(&server), [None, Some(100_000), Some(200_000)]);
}

#[test]
fn a_connection_that_brings_nothing_new_is_given_up() {
    let server = TestServer::new(|_, stream| say(stream, "200 OK\r\nContent-Length: 300004", b""));
    let (ended, part) = download(&server, "/file", None);
    assert!(ended.unwrap_err().starts_with("the connection was lost ("));
    assert_eq!(part, None);
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn what_is_not_the_file_is_refused_and_not_kept() {
    let page: &[u8] = b"<!DOCTYPE html><html><body>Welcome to our WiFi. Please log in.</body></html>";
    let cases: [(&str, &[u8], &str); 8] = [
        (
            "200 OK\r\nContent-Type: text/html; charset=utf-8",
            page,
            "it sent a web page instead of the model, as networks do that require a login",
        ),
        (
            "200 OK",
            page,
            "it sent a web page instead of the model, as networks do that require a login",
        ),
        (
            "200 OK",
            b"not a model at all",
            "it sent something that is not a speech model",
        ),
        (
            "200 OK\r\nContent-Length: 9",
            b"lmgg12345",
            "its file has 9 bytes instead of 300004",
        ),
        (
            "403 Forbidden\r\nContent-Length: 0",
            b"",
            "it answered 403 (not allowed)",
        ),
        (
            "404 Not Found\r\nContent-Length: 0",
            b"",
            "it answered 404 (the file is not there)",
        ),
        (
            "503 Busy\r\nContent-Length: 0",
            b"",
            "it answered 503 (it has a problem of its own; try later)",
        ),
        ("302 Found\r\nContent-Length: 0", b"", "it redirects too often"),
    ];
    for (head, body, message) in cases {
        let (head, body) = (head.to_owned(), body.to_vec());
        let server = TestServer::new(move |_, stream| say(stream, &head, &body));
        assert_eq!(download(&server, "/file", None), (Err(message.to_owned()), None));
    }
}

#[test]
fn a_file_without_end_is_cut_off() {
    let server = TestServer::new(|_, stream| {
        let mut body = b"lmgg".to_vec();
        body.resize(400_000, 0);
        // No length: the answer ends with the connection.
        say(stream, "200 OK", &body);
    });
    let (ended, _) = download(&server, "/file", None);
    let message = ended.unwrap_err();
    assert!(
        message.starts_with("its file has ") && message.ends_with(" bytes instead of 300004"),
        "{message}"
    );
}

#[test]
fn redirects_are_followed_over_https_alone() {
    let server = TestServer::new(|asked, stream| match asked.path.as_str() {
        "/moved" => say(stream, "302 Found\r\nContent-Length: 0\r\nLocation: /file", b""),
        "/loop" => say(stream, "302 Found\r\nContent-Length: 0\r\nLocation: /loop", b""),
        "/plain" => say(
            stream,
            "302 Found\r\nContent-Length: 0\r\nLocation: http://models.invalid/file",
            b"",
        ),
        "/ftp" => say(
            stream,
            "302 Found\r\nContent-Length: 0\r\nLocation: ftp://models.invalid/file",
            b"",
        ),
        _ => serve(stream, asked, &file()),
    });
    assert_eq!(download(&server, "/moved", Some(&file()[..10])), (Ok(()), Some(file())));
    for (path, message) in [
        (
            "/plain",
            "it redirects to http://models.invalid/file, which is not encrypted and not followed",
        ),
        (
            "/ftp",
            "it redirects to ftp://models.invalid/file, which is not encrypted and not followed",
        ),
        ("/loop", "it redirects too often"),
    ] {
        assert_eq!(download(&server, path, None), (Err(message.to_owned()), None));
    }
}

#[test]
fn the_product_speaks_to_nobody_without_encryption() {
    let server = TestServer::new(|asked, stream| serve(stream, asked, &file()));
    let folder = TempDir::new().unwrap();
    let url = server.url("/file");
    let ended = unwatched(|progress| Web::new().download(&url, &folder.path().join("part"), 300_004, progress));
    assert_eq!(
        ended.unwrap_err().to_string(),
        format!("it redirects to {url}, which is not encrypted and not followed")
    );
    assert_eq!(server.asked(), []);
}

#[test]
fn a_server_without_encryption_under_an_https_address_is_refused() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://127.0.0.1:{}/file", listener.local_addr().unwrap().port());
    let answer = move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad\r\n\r\n").unwrap();
        // Until the other side hangs up.
        let _ = stream.read_to_end(&mut Vec::new());
    };
    let server = thread::Builder::new()
        .name("test server".to_owned())
        .spawn(answer)
        .unwrap();
    let folder = TempDir::new().unwrap();
    let ended = unwatched(|progress| Web::of_tests().download(&url, &folder.path().join("part"), 9, progress));
    let message = ended.unwrap_err().to_string();
    assert!(message.starts_with("no secure connection could be made ("), "{message}");
    server.join().unwrap();
}

#[test]
fn a_port_where_nobody_listens_refuses() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let folder = TempDir::new().unwrap();
    let url = format!("http://127.0.0.1:{port}/file");
    let ended = unwatched(|progress| Web::of_tests().download(&url, &folder.path().join("part"), 9, progress));
    assert_eq!(ended.unwrap_err().to_string(), "it refused the connection");
}

#[test]
fn a_silent_server_does_not_keep_a_cancelled_download() {
    let (end, over) = std::sync::mpsc::sync_channel::<()>(1);
    let server = TestServer::new(move |_, stream| {
        say(stream, "200 OK\r\nContent-Length: 300004", &file()[..100_000]);
        // Says no more until the test is over.
        let _ = over.recv();
    });
    let folder = TempDir::new().unwrap();
    let part = folder.path().join("part");
    let cancel = AtomicBool::new(false);
    let mut asked = None;
    let mut tell = |progress: super::super::Progress| {
        if progress.done_bytes == 100_000 {
            cancel.store(true, Ordering::Relaxed);
            asked = Some(Instant::now());
        }
    };
    let mut progress = ProgressSink::new(&mut tell, &cancel);
    let ended = Web::of_tests().download(&server.url("/file"), &part, 300_004, &mut progress);
    assert!(matches!(ended, Err(FetchError::Cancelled)));
    assert!(asked.unwrap().elapsed() < Duration::from_secs(1));
    assert_eq!(fs::read(&part).unwrap(), file()[..100_000], "what had come is kept");
    drop(end);
}
