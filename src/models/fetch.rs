//! Downloads a file over HTTPS into a `.part` beside its place, going on where an earlier try stopped.
//!
//! This is the only file of the product that opens a network connection. Addresses without encryption are refused,
//! in the catalog and after redirects. Certificates are those that the operating system trusts, and proxies those of
//! the environment. What the file holds is not judged here beyond its size and first bytes.

use std::{
    fs::{self, File},
    io::{Read, Write as _},
    path::Path,
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    thread,
    time::Duration,
};

use ureq::{
    Agent, Body,
    http::{HeaderMap, Response, Uri, header},
};

use super::{
    convert::ggml::MAGIC,
    download_error::DownloadError,
    invalid_model::{FetchError, InvalidModel},
    progress::ProgressSink,
};

/// How long the other side may take for each step before it counts as silent.
const RESOLVE: Duration = Duration::from_secs(10);
const CONNECT: Duration = Duration::from_secs(15);
const ANSWER: Duration = Duration::from_secs(30);
/// A single read of the body: a slow line passes, a dead one does not.
const READ: Duration = Duration::from_secs(30);
/// How often a cancelled download is noticed.
const GLANCE: Duration = Duration::from_millis(100);

const MOST_REDIRECTS: usize = 10;
/// Broken connections that are taken up again, each only after new bytes had come.
const MOST_BREAKS: usize = 8;
/// Bytes that are passed on at a time, and how many such pieces may wait.
const PIECE: usize = 64 * 1024;
const PIECES: usize = 8;
/// Bytes that tell what a file is.
const BEGINNING: usize = 64;

/// The way to the network.
#[derive(Clone, Debug)]
pub(super) struct Web {
    agent: Agent,
    /// Tests serve from this machine, without encryption.
    plain_loopback: bool,
}

impl Web {
    pub(super) fn new() -> Self {
        Self {
            agent: Self::settings().https_only(true).build().into(),
            plain_loopback: false,
        }
    }

    #[cfg(test)]
    pub(super) fn of_tests() -> Self {
        Self {
            agent: Self::settings().proxy(None).build().into(),
            plain_loopback: true,
        }
    }

    fn settings() -> ureq::config::ConfigBuilder<ureq::typestate::AgentScope> {
        Agent::config_builder()
            .tls_config(
                ureq::tls::TlsConfig::builder()
                    .root_certs(ureq::tls::RootCerts::PlatformVerifier)
                    .build(),
            )
            .user_agent(concat!("aloud/", env!("CARGO_PKG_VERSION")))
            .http_status_as_error(false)
            // Redirects are followed here, each looked at first.
            .max_redirects(0)
            .timeout_resolve(Some(RESOLVE))
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(ANSWER))
            .timeout_per_read(Some(READ))
    }

    /// Completes `part` to the `bytes` of the file at `url`.
    pub(super) fn download(
        &self,
        url: &str,
        part: &Path,
        bytes: u64,
        progress: &mut ProgressSink<'_>,
    ) -> Result<(), FetchError> {
        let mut breaks = 0;
        loop {
            let mut have = fs::metadata(part).map_or(0, |part| part.len());
            if have > bytes {
                fs::remove_file(part).map_err(FetchError::Write)?;
                have = 0;
            }
            progress.begin(have, Some(bytes));
            if have == bytes {
                return Ok(());
            }
            match self.go_on(url, part, have, bytes, progress) {
                Err(FetchError::Refused(error)) if error.may_pass() && breaks < MOST_BREAKS => {
                    if progress.done.done_bytes <= have {
                        return Err(error.into());
                    }
                    breaks += 1;
                }
                ended => return ended,
            }
        }
    }

    /// One request, on its own thread, so that a silent line does not keep a cancelled download.
    fn go_on(
        &self,
        url: &str,
        part: &Path,
        have: u64,
        bytes: u64,
        progress: &mut ProgressSink<'_>,
    ) -> Result<(), FetchError> {
        let (send, pieces) = sync_channel(PIECES);
        let request = Request {
            web: self.clone(),
            url: url.to_owned(),
            from: have,
            bytes,
            send,
        };
        // A new agent for each request: to end it, its agent is shut down, with all of its connections.
        let agent: Agent = Agent::new_with_config(self.agent.config().clone());
        let line = agent.clone();
        let worker = thread::Builder::new()
            .name("model download".to_owned())
            .spawn(move || request.run(&line))
            .map_err(FetchError::Write)?;
        let ended = receive(&pieces, part, bytes, progress);
        drop(pieces);
        if ended.is_err() {
            // Wakes the thread where it reads. Where it is still connecting, its own time-out ends it within seconds,
            // and it holds nothing but that connection: nobody need wait for it.
            agent.shutdown();
        } else {
            worker.join().expect("the download thread does not panic");
        }
        ended
    }

    pub(super) fn allows(&self, address: &Uri) -> bool {
        match address.scheme_str() {
            Some("https") => true,
            Some("http") => self.plain_loopback && address.host() == Some("127.0.0.1"),
            _ => false,
        }
    }
}

/// What comes from the download thread; the end of the channel is the end of the file.
enum Chunk {
    /// The answer begins at this byte of the file.
    Begin(u64),
    Bytes(Vec<u8>),
    Refused(DownloadError),
}

fn receive(
    pieces: &Receiver<Chunk>,
    part: &Path,
    bytes: u64,
    progress: &mut ProgressSink<'_>,
) -> Result<(), FetchError> {
    let mut at = 0;
    let mut file: Option<File> = None;
    loop {
        progress.check()?;
        let piece = match pieces.recv_timeout(GLANCE) {
            Ok(piece) => piece,
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) if at == bytes => {
                return Ok(());
            }
            Err(RecvTimeoutError::Disconnected) => {
                return Err(DownloadError::Broke(format!("after {at} of {bytes} bytes")).into());
            }
        };
        match piece {
            Chunk::Refused(error) => return Err(error.into()),
            Chunk::Begin(from) => {
                at = from;
                progress.begin(at, Some(bytes));
            }
            Chunk::Bytes(piece) => {
                if at == 0 && !piece.starts_with(&MAGIC) {
                    return Err(foreign(&piece).into());
                }
                at += piece.len() as u64;
                if at > bytes {
                    return Err(DownloadError::Size { has: at, needs: bytes }.into());
                }
                let file = match &mut file {
                    Some(file) => file,
                    none => none.insert(open(part, at - piece.len() as u64).map_err(FetchError::Write)?),
                };
                file.write_all(&piece).map_err(FetchError::Write)?;
                progress.step(piece.len() as u64);
            }
        }
    }
}

fn open(part: &Path, at: u64) -> std::io::Result<File> {
    if at == 0 {
        File::create(part)
    } else {
        File::options().append(true).open(part)
    }
}

fn foreign(beginning: &[u8]) -> DownloadError {
    match InvalidModel::of_beginning(beginning) {
        InvalidModel::WebPage => DownloadError::WebPage,
        _ => DownloadError::NotAModel,
    }
}

struct Request {
    web: Web,
    url: String,
    /// The first byte that is wanted.
    from: u64,
    /// Bytes of the whole file.
    bytes: u64,
    send: SyncSender<Chunk>,
}

impl Request {
    fn run(self, agent: &Agent) {
        if let Err(error) = self.pass_on(agent) {
            // Nobody hears it after a cancelled download.
            let _ = self.send.send(Chunk::Refused(error));
        }
    }

    fn pass_on(&self, agent: &Agent) -> Result<(), DownloadError> {
        let (from, answer) = match self.answer(agent, self.from)? {
            // Not what is wanted, or something else than was begun: the whole file anew.
            (0, answer) => (0, answer),
            (from, answer) if from == self.from => (from, answer),
            _ => self.answer(agent, 0)?,
        };
        if self.send.send(Chunk::Begin(from)).is_err() {
            return Ok(());
        }
        let mut body = answer.into_body().into_reader();
        let mut piece = vec![0; PIECE];
        // As much of the beginning as tells what the file is comes in one piece.
        let mut least = BEGINNING;
        loop {
            let mut read = 0;
            let ended = loop {
                match body.read(&mut piece[read..]) {
                    Ok(0) => break Some(Ok(())),
                    Ok(more) => read += more,
                    Err(error) => break Some(Err(DownloadError::of_io(&error))),
                }
                if read >= least {
                    break None;
                }
            };
            if read > 0 && self.send.send(Chunk::Bytes(piece[..read].to_vec())).is_err() {
                return Ok(());
            }
            if let Some(ended) = ended {
                return ended;
            }
            least = 1;
        }
    }

    /// The answer to a request from byte `from` on, after all redirects, and the byte where it does begin.
    fn answer(&self, agent: &Agent, from: u64) -> Result<(u64, Response<Body>), DownloadError> {
        let mut address: Uri = self
            .url
            .parse()
            .map_err(|_| DownloadError::Broke(format!("'{}' is no address", self.url)))?;
        for _ in 0..=MOST_REDIRECTS {
            if !self.web.allows(&address) {
                return Err(DownloadError::PlainHttp(address.to_string()));
            }
            let mut request = agent.get(&address);
            if from > 0 {
                request = request.header(header::RANGE, format!("bytes={from}-"));
            }
            let answer = request.call().map_err(|error| self.of_connection(error))?;
            match answer.status().as_u16() {
                200 => return self.fits(answer, 0),
                206 if from > 0 => {
                    let begins = self.range(answer.headers()).unwrap_or(u64::MAX);
                    return self.fits(answer, begins);
                }
                // The part is longer than the file, or the server does not like the question.
                416 if from > 0 => return self.answer(agent, 0),
                301 | 302 | 303 | 307 | 308 => {
                    address = next(&address, answer.headers()).ok_or(DownloadError::Redirects)?;
                }
                status => return Err(DownloadError::Status { status }),
            }
        }
        Err(DownloadError::Redirects)
    }

    /// With a proxy, it is the proxy that cannot be reached.
    fn of_connection(&self, error: ureq::Error) -> DownloadError {
        match DownloadError::of_connection(error) {
            DownloadError::NoSuchHost | DownloadError::NoRoute | DownloadError::Refused
                if self.web.agent.config().proxy().is_some() =>
            {
                DownloadError::Proxy
            }
            error => error,
        }
    }

    fn fits(&self, answer: Response<Body>, from: u64) -> Result<(u64, Response<Body>), DownloadError> {
        let kind = answer
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .unwrap_or_default();
        if kind.starts_with("text/html") {
            return Err(DownloadError::WebPage);
        }
        if let (0, Some(has)) = (from, answer.body().content_length())
            && has != self.bytes
        {
            return Err(DownloadError::Size { has, needs: self.bytes });
        }
        Ok((from, answer))
    }

    /// The first byte of a partial answer, if it is one of a file of the right size.
    fn range(&self, headers: &HeaderMap) -> Option<u64> {
        let range = headers
            .get(header::CONTENT_RANGE)?
            .to_str()
            .ok()?
            .strip_prefix("bytes ")?;
        let (span, total) = range.split_once('/')?;
        let (begins, _) = span.split_once('-')?;
        (total == "*" || total.parse() == Ok(self.bytes)).then_some(())?;
        begins.trim().parse().ok()
    }
}

/// Where a redirect points: a whole address, or a path on the same host.
fn next(address: &Uri, headers: &HeaderMap) -> Option<Uri> {
    let location = headers.get(header::LOCATION)?.to_str().ok()?;
    if location.starts_with('/') && !location.starts_with("//") {
        let host = format!("{}://{}", address.scheme_str()?, address.authority()?);
        return format!("{host}{location}").parse().ok();
    }
    location
        .parse()
        .ok()
        .filter(|address: &Uri| address.scheme().is_some() && address.host().is_some())
}
