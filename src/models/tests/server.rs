//! A web server of this machine that says what a test wants to hear.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// One request: its path, and the first byte that it asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedRequest {
    pub path: String,
    pub from: Option<usize>,
}

pub struct TestServer {
    port: u16,
    asked: Arc<Mutex<Vec<ReceivedRequest>>>,
}

impl TestServer {
    /// Answers each connection, one after the other, with whatever `answer` writes.
    pub fn new(mut answer: impl FnMut(&ReceivedRequest, &mut TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked: Arc<Mutex<Vec<ReceivedRequest>>> = Arc::default();
        let log = Arc::clone(&asked);
        // It ends with the process: a test does not wait for it.
        thread::Builder::new()
            .name("test server".to_owned())
            .spawn(move || {
                for stream in listener.incoming() {
                    let mut stream = stream.unwrap();
                    let Some(request) = request(&stream) else { continue };
                    log.lock().unwrap().push(request.clone());
                    answer(&request, &mut stream);
                }
            })
            .unwrap();
        Self { port, asked }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub fn asked(&self) -> Vec<ReceivedRequest> {
        self.asked.lock().unwrap().clone()
    }
}

fn request(stream: &TcpStream) -> Option<ReceivedRequest> {
    let mut lines = BufReader::new(stream).lines();
    let path = lines.next()?.ok()?.split(' ').nth(1)?.to_owned();
    let mut from = None;
    for line in lines {
        let line = line.ok()?.to_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(range) = line.strip_prefix("range: bytes=") {
            from = range.trim_end_matches('-').parse().ok();
        }
    }
    Some(ReceivedRequest { path, from })
}

/// Writes an answer. The other side may have hung up already, as it should after what it refuses.
pub fn say(stream: &mut TcpStream, head: &str, body: &[u8]) {
    let _ = stream.write_all(format!("HTTP/1.1 {head}\r\nConnection: close\r\n\r\n").as_bytes());
    let _ = stream.write_all(body);
}

/// Serves a file as it should be: the whole, or from the byte that was asked for.
pub fn serve(stream: &mut TcpStream, asked: &ReceivedRequest, file: &[u8]) {
    match asked.from {
        None => say(stream, &format!("200 OK\r\nContent-Length: {}", file.len()), file),
        Some(from) if from < file.len() => {
            let rest = &file[from..];
            let range = format!("bytes {from}-{}/{}", file.len() - 1, file.len());
            say(
                stream,
                &format!(
                    "206 Partial\r\nContent-Length: {}\r\nContent-Range: {range}",
                    rest.len()
                ),
                rest,
            );
        }
        Some(_) => say(stream, "416 No\r\nContent-Length: 0", b""),
    }
}
