//! A hub on loopback that behaves as the real one does, or as badly as a test wants.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sha1::Digest as _;

/// The commit that `main` stands for.
pub(crate) const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// The repository that the hub has.
pub(crate) const REPOSITORY: &str = "org/model";

/// What came in.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// Path and query.
    pub(crate) path: String,
    /// Headers by name in lower case.
    pub(crate) headers: BTreeMap<String, String>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// The first byte that is asked for.
    pub(crate) fn start(&self) -> Option<usize> {
        self.header("range")?.strip_prefix("bytes=")?.split('-').next()?.parse().ok()
    }
}

/// What goes out.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// What `Content-Length` says; the length of the body if nothing.
    pub(crate) length: Option<u64>,
    /// No `Content-Length`: the body ends with the connection.
    pub(crate) unknown_length: bool,
    /// Sleep for so long after the head and so many bytes of the body.
    pub(crate) stall: Option<(usize, Duration)>,
}

impl Reply {
    pub(crate) fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, body: body.into(), ..Self::default() }
    }

    pub(crate) fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.headers.retain(|(old, _)| old != name);
        self.headers.push((name.into(), value.to_string()));
        self
    }

    /// Says that the whole body comes and sends so many bytes of it.
    pub(crate) fn cut(mut self, bytes: usize) -> Self {
        self.length = Some(self.length.unwrap_or(self.body.len() as u64));
        self.body.truncate(bytes);
        self
    }
}

/// Looks at a request, with the number of requests for the same path before it, and may answer in place of the hub.
pub(crate) type Override = Box<dyn Fn(&Request, usize) -> Option<Reply> + Send + Sync>;

/// A web server on loopback.
pub(crate) struct Server {
    pub(crate) port: u16,
    state: Arc<State>,
}

struct State {
    log: Mutex<Vec<Request>>,
    answer: Override,
    stop: AtomicBool,
}

impl Server {
    /// Serves until it is dropped; what `answer` does not answer is not there.
    pub(crate) fn new(answer: Override) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(State { log: Mutex::default(), answer, stop: AtomicBool::new(false) });
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.stop.load(Ordering::SeqCst) {
                    return;
                }
                let state = Arc::clone(&shared);
                std::thread::spawn(move || drop(serve(stream.unwrap(), &state)));
            }
        });
        Self { port, state }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The requests so far.
    pub(crate) fn log(&self) -> Vec<Request> {
        self.state.log.lock().unwrap().clone()
    }

    /// The requests for paths that contain `part`.
    pub(crate) fn log_of(&self, part: &str) -> Vec<Request> {
        self.log().into_iter().filter(|request| request.path.contains(part)).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.state.stop.store(true, Ordering::SeqCst);
        // Wakes the listener so that it sees the flag.
        drop(TcpStream::connect(("127.0.0.1", self.port)));
    }
}

fn serve(stream: TcpStream, state: &State) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let path = line.split(' ').nth(1).unwrap_or_default().to_string();
    let mut headers = BTreeMap::new();
    loop {
        line.clear();
        reader.by_ref().take(1 << 16).read_line(&mut line)?;
        match line.trim_end().split_once(':') {
            Some((name, value)) => headers.insert(name.to_ascii_lowercase(), value.trim().to_string()),
            None => break,
        };
    }
    let request = Request { path, headers };
    let before = {
        let mut log = state.log.lock().unwrap();
        let before = log.iter().filter(|old| old.path == request.path).count();
        log.push(request.clone());
        before
    };
    let reply = (state.answer)(&request, before).unwrap_or_else(|| Reply::new(404, "nothing here"));
    send(stream, &reply)
}

fn send(mut stream: TcpStream, reply: &Reply) -> std::io::Result<()> {
    let mut head = format!("HTTP/1.1 {} Whatever\r\nConnection: close\r\n", reply.status);
    if !reply.unknown_length {
        head += &format!("Content-Length: {}\r\n", reply.length.unwrap_or(reply.body.len() as u64));
    }
    for (name, value) in &reply.headers {
        head += &format!("{name}: {value}\r\n");
    }
    stream.write_all(head.as_bytes())?;
    stream.write_all(b"\r\n")?;
    match reply.stall {
        Some((bytes, time)) => {
            stream.write_all(&reply.body[..bytes.min(reply.body.len())])?;
            stream.flush()?;
            std::thread::sleep(time);
            stream.write_all(&reply.body[bytes.min(reply.body.len())..])
        }
        None => stream.write_all(&reply.body),
    }
}

/// A model of the hub.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// Where large files lie, if not here.
    pub(crate) elsewhere: Option<String>,
}

/// Bytes that do not repeat.
pub(crate) fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2).wrapping_add(1);
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 24) as u8
    })
    .take(length)
    .collect()
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn git(bytes: &[u8]) -> String {
    let mut hasher = sha1::Sha1::new_with_prefix(format!("blob {}\0", bytes.len()));
    hasher.update(bytes);
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether the hub keeps a file in large file storage.
pub(crate) fn is_large(name: &str) -> bool {
    [".bin", ".spm", ".safetensors"].iter().any(|end| name.ends_with(end))
}

/// What the cache calls the content of a file.
pub(crate) fn id(name: &str, bytes: &[u8]) -> String {
    if is_large(name) { sha256(bytes) } else { git(bytes) }
}

impl Site {
    /// A small Marian model with all that such a repository has.
    pub(crate) fn marian() -> Self {
        let files = [
            ("README.md", b"# A model".to_vec()),
            ("config.json", br#"{"model_type": "marian", "d_model": 8}"#.to_vec()),
            ("generation_config.json", b"{}".to_vec()),
            ("pytorch_model.bin", noise(700_000, 1)),
            ("source.spm", noise(20_000, 2)),
            ("target.spm", noise(21_000, 3)),
            ("tf_model.h5", noise(100, 4)),
            ("vocab.json", b"{\"</s>\": 0}".to_vec()),
        ];
        Self { files: files.into_iter().map(|(name, bytes)| (name.into(), bytes)).collect(), elsewhere: None }
    }

    /// The files that a pull of the model takes.
    pub(crate) const WANTED: [&str; 6] =
        ["config.json", "generation_config.json", "pytorch_model.bin", "source.spm", "target.spm", "vocab.json"];

    /// Answers as the Hub does.
    pub(crate) fn answer(&self, request: &Request) -> Reply {
        let path = request.path.split('?').next().unwrap();
        let api = format!("/api/models/{REPOSITORY}");
        if let Some(revision) = path.strip_prefix(&format!("{api}/revision/")) {
            return match revision {
                "main" | "refs%2Fpr%2F7" | COMMIT => {
                    let card = r#""cardData": {"license": "apache-2.0", "tags": ["translation"]}"#;
                    Reply::new(200, format!(r#"{{"id": "{REPOSITORY}", "sha": "{COMMIT}", {card}, "siblings": []}}"#))
                }
                _ => Reply::new(404, "{}").with("X-Error-Code", "RevisionNotFound"),
            };
        }
        if path == format!("{api}/tree/{COMMIT}") {
            let items: Vec<_> = self.files.iter().map(|(name, bytes)| item(name, bytes)).collect();
            return Reply::new(200, format!("[{}]", items.join(","))).with("Content-Type", "application/json");
        }
        if let Some(name) = path.strip_prefix(&format!("/{REPOSITORY}/resolve/{COMMIT}/")) {
            return match self.files.get(name) {
                Some(bytes) => self.file(request, name, bytes),
                None => Reply::new(404, "").with("X-Error-Code", "EntryNotFound"),
            };
        }
        Reply::new(404, "").with("X-Error-Code", "RepoNotFound")
    }

    /// Answers a request for a file.
    pub(crate) fn file(&self, request: &Request, name: &str, bytes: &[u8]) -> Reply {
        let id = id(name, bytes);
        match &self.elsewhere {
            Some(elsewhere) if is_large(name) => Reply::new(302, "")
                .with("Location", format!("{elsewhere}/{id}?signature=secret"))
                .with("X-Linked-ETag", format!("\"{id}\""))
                .with("X-Linked-Size", bytes.len())
                .with("X-Repo-Commit", COMMIT),
            _ => ranged(request, bytes).with("ETag", format!("\"{id}\"")).with("X-Repo-Commit", COMMIT),
        }
    }
}

/// An item of the listing.
pub(crate) fn item(name: &str, bytes: &[u8]) -> String {
    let (git, size) = (git(bytes), bytes.len());
    let lfs = match is_large(name) {
        true => format!(r#", "lfs": {{"oid": "{}", "size": {size}, "pointerSize": 134}}"#, sha256(bytes)),
        false => String::new(),
    };
    format!(r#"{{"type": "file", "path": "{name}", "oid": "{git}", "size": {size}{lfs}}}"#)
}

/// The bytes that are asked for, as a server that knows ranges answers.
pub(crate) fn ranged(request: &Request, bytes: &[u8]) -> Reply {
    match request.start() {
        None => Reply::new(200, bytes),
        Some(start) if start >= bytes.len() => {
            Reply::new(416, "").with("Content-Range", format!("bytes */{}", bytes.len()))
        }
        Some(start) => Reply::new(206, &bytes[start..])
            .with("Content-Range", format!("bytes {start}-{}/{}", bytes.len() - 1, bytes.len())),
    }
}
