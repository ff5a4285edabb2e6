//! Requests: one answer for each, with redirects followed by hand, and again where that may help.

use std::collections::hash_map::RandomState;
use std::error::Error as StdError;
use std::hash::{BuildHasher as _, Hasher as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ureq::http::{HeaderMap, Uri};
use ureq::tls::TlsConfig;
use ureq::{Agent, Timeout};

use super::config::Config;
use super::connection::{certificates, proxy};
use super::problem::Problem;
use super::reply::{Linked, Reply, text};
use super::retry_after;
use super::url::{Origin, follow};
use crate::error::{Error, Result};
use crate::progress::{Event, Progress};

/// Redirects that are followed for one answer.
const REDIRECTS: usize = 8;

/// How often it is looked whether the user wants to stop.
const GLANCE: Duration = Duration::from_millis(20);

/// The connection to the hub for as long as one command needs it.
pub(crate) struct Http<'a> {
    agent: Agent,
    config: &'a Config,
    endpoint: Origin,
    progress: &'a dyn Progress,
    /// Whether the hub answered before; if not, the network is rather not there than bad.
    reached: AtomicBool,
    /// Whether the work is to end because another part of it failed.
    stopped: AtomicBool,
}

/// Why one attempt failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Because of the hub or the way to it.
    Hub {
        /// What happened.
        problem: Problem,
        /// Whether another attempt may help.
        again: Again,
    },
    /// Because of this machine or its user; another attempt will not help.
    Here(Error),
}

/// Whether another attempt may help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    /// It will not.
    Never,
    /// It may, after a while: as long as the hub asked for, or else longer each time.
    Later(Option<Duration>),
    /// It may, and more came than ever before, so it counts as the first.
    Progress,
}

impl Failure {
    /// One that will be the same next time.
    pub(crate) fn last(problem: Problem) -> Self {
        Self::Hub { problem, again: Again::Never }
    }

    /// One that may be gone after a while.
    pub(crate) fn later(problem: Problem) -> Self {
        Self::Hub { problem, again: Again::Later(None) }
    }

    /// One whose cause is gone already.
    pub(crate) fn at_once(problem: Problem) -> Self {
        Self::Hub { problem, again: Again::Later(Some(Duration::ZERO)) }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Here(error)
    }
}

/// What is asked for, to say what is missing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// `organisation/repository`.
    pub(crate) repository: &'a str,
    /// The revision, where it is that which is looked up, and not a file.
    pub(crate) revision: Option<&'a str>,
}

impl<'a> Http<'a> {
    pub(crate) fn new(config: &'a Config, progress: &'a dyn Progress) -> Result<Self> {
        let endpoint = config.endpoint.parse::<Uri>().ok().and_then(|uri| Origin::of(&uri));
        let endpoint = endpoint.ok_or_else(|| Error::Option {
            what: "the address of the hub",
            value: config.endpoint.clone(),
            reason: "it should be as https://huggingface.co".into(),
        })?;
        if config.token.as_ref().is_some_and(|token| !token.secret().bytes().all(|b| b.is_ascii_graphic())) {
            let reason = "it should be as hf_ and letters".into();
            return Err(Error::Option { what: "the token of the hub", value: "…".into(), reason });
        }
        let builder = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .user_agent(&config.user_agent)
            .accept_encoding("identity")
            .proxy(proxy(config)?)
            .tls_config(TlsConfig::builder().root_certs(certificates(config)?).build())
            .timeout_resolve(Some(config.connect_timeout))
            .timeout_connect(Some(config.connect_timeout))
            .timeout_per_read(Some(config.read_timeout))
            .timeout_per_write(Some(config.read_timeout));
        let agent = builder.build().new_agent();
        let (reached, stopped) = (AtomicBool::new(false), AtomicBool::new(false));
        Ok(Self { agent, config, endpoint, progress, reached, stopped })
    }

    /// Does `work` while looking whether the user wants to stop, and cuts every connection if so.
    pub(crate) fn watched<T: Send>(&self, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(Ordering::Acquire) {
                    if self.is_stopped() {
                        self.agent.clone().shutdown();
                        break;
                    }
                    std::thread::sleep(GLANCE);
                }
            });
            let _ends_the_watch = SetOnDrop(&done);
            work()
        })
    }

    /// Ends all work that is under way.
    pub(crate) fn stop(&self) {
        self.stopped.store(true, Ordering::Release);
    }

    /// Whether the work is to end.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire) || self.progress.cancelled()
    }

    /// Where progress is told.
    pub(crate) fn progress(&self) -> &'a dyn Progress {
        self.progress
    }

    /// The address of the hub without a slash at its end.
    pub(crate) fn endpoint(&self) -> &str {
        self.config.endpoint.trim_end_matches('/')
    }

    /// Whether an address belongs to the hub itself.
    pub(crate) fn is_hub(&self, uri: &Uri) -> bool {
        Origin::of(uri).as_ref() == Some(&self.endpoint)
    }

    /// Tries until it works, or until trying again is of no use. `what` is named in messages.
    pub(crate) fn persist<T>(&self, what: &str, mut attempt: impl FnMut() -> Result<T, Failure>) -> Result<T> {
        let mut failures = 0;
        loop {
            if self.is_stopped() {
                return Err(Error::Interrupted);
            }
            let failure = attempt();
            if failure.is_err() && self.is_stopped() {
                return Err(Error::Interrupted);
            }
            let (problem, again) = match failure {
                Ok(result) => return Ok(result),
                Err(Failure::Here(error)) => return Err(error),
                Err(Failure::Hub { problem, again }) => (problem, again),
            };
            let wait = match again {
                Again::Never => None,
                Again::Progress => {
                    failures = 1;
                    Some(self.backoff(failures))
                }
                Again::Later(asked) => {
                    failures += 1;
                    (failures <= self.config.retries).then(|| asked.unwrap_or_else(|| self.backoff(failures)))
                }
            };
            let Some(wait) = wait.filter(|wait| *wait <= self.config.longest_wait) else {
                return Err(Error::Hub { what: what.into(), problem: Box::new(problem) });
            };
            self.progress.on(Event::Notice(format!("{what}: {problem}; trying again in {:.1} s", wait.as_secs_f32())));
            self.sleep(wait)?;
        }
    }

    /// Twice as long each time, and not the same for everybody.
    fn backoff(&self, failures: u32) -> Duration {
        let whole = self.config.backoff.saturating_mul(1 << (failures - 1).min(5));
        let chance = RandomState::new().build_hasher().finish() as f64 / u64::MAX as f64;
        whole.mul_f64(0.5 + 0.5 * chance)
    }

    fn sleep(&self, wait: Duration) -> Result<()> {
        let end = Instant::now() + wait;
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            if self.is_stopped() {
                return Err(Error::Interrupted);
            }
            std::thread::sleep(left.min(GLANCE));
        }
        Ok(())
    }

    /// Gets an address of the hub, from the byte `start` on if one is given. One attempt.
    pub(crate) fn get(&self, url: &str, start: Option<u64>, asked: Asked<'_>) -> Result<Reply, Failure> {
        let mut uri: Uri = url.parse().map_err(|_| Failure::last(Problem::Answer(format!("{url:?} is no address"))))?;
        let mut linked = Linked::default();
        for _ in 0..=REDIRECTS {
            let host = uri.host().unwrap_or_default().to_string();
            let is_hub = self.is_hub(&uri);
            let mut request = self.agent.get(&uri);
            // Redirects are followed here and not by the agent, so that the token goes to the hub alone.
            if let Some(token) = self.config.token.as_ref().filter(|_| is_hub) {
                request = request.header("Authorization", format!("Bearer {}", token.secret()));
            }
            if let Some(start) = start {
                request = request.header("Range", format!("bytes={start}-"));
            }
            let response = request.call().map_err(|error| self.failure(&host, error))?;
            self.reached.store(true, Ordering::Relaxed);
            let (parts, body) = response.into_parts();
            if is_hub {
                linked.add(&parts.headers);
            }
            match parts.status.as_u16() {
                status @ (200..=299 | 416) => {
                    return Ok(Reply { status, host, headers: parts.headers, linked, body });
                }
                301 | 302 | 303 | 307 | 308 => {
                    let to = text(&parts.headers, "location").unwrap_or_default();
                    uri = follow(&uri, &to)
                        .map_err(|reason| Failure::last(Problem::Redirect { host, to: address(&to), reason }))?;
                }
                status => return Err(self.refused(&host, is_hub, status, &parts.headers, asked)),
            }
        }
        let host = self.endpoint.host().to_string();
        Err(Failure::last(Problem::Redirect { host, to: address(&uri.to_string()), reason: "it goes on for ever" }))
    }

    /// What a status means that is no success.
    fn refused(&self, host: &str, is_hub: bool, status: u16, headers: &HeaderMap, asked: Asked<'_>) -> Failure {
        let message = text(headers, "x-error-message").map(|text| shown(&text));
        let general = |message| Problem::Status { host: host.into(), status, message };
        let wait = retry_after::read(headers);
        match status {
            429 => {
                let problem = Problem::TooManyRequests { wait: wait.map(|wait| wait.as_secs()) };
                Failure::Hub { problem, again: Again::Later(wait) }
            }
            408 | 500..=599 => Failure::Hub { problem: general(message), again: Again::Later(wait) },
            // An address that the hub gives to another host is good for a while only; the next attempt gets a new one.
            _ if !is_hub => Failure::later(general(message)),
            401 | 403 | 404 => {
                let code = text(headers, "x-error-code").unwrap_or_default();
                Failure::last(match (&*code, status, asked.revision) {
                    ("GatedRepo", ..) => Problem::Gated { page: format!("{}/{}", self.endpoint(), asked.repository) },
                    ("RevisionNotFound", _, Some(revision)) => Problem::NoRevision { revision: revision.into() },
                    ("RepoNotFound", 404, _) => Problem::NoRepository,
                    ("EntryNotFound", ..) => Problem::NoFile,
                    (_, 401, _) => Problem::Unauthorized,
                    (_, 403, _) => Problem::Forbidden { message },
                    (_, _, Some(_)) => Problem::NoRepository,
                    (_, _, None) => Problem::NoFile,
                })
            }
            _ => Failure::last(general(message)),
        }
    }

    /// What a connection that failed means.
    pub(crate) fn failure(&self, host: &str, error: ureq::Error) -> Failure {
        let host = host.to_string();
        let problem = match error {
            ureq::Error::Timeout(Timeout::Connect | Timeout::Resolve) => {
                Problem::Unreachable { host, source: "it did not answer in time".into() }
            }
            ureq::Error::Timeout(_) => Problem::Stalled { host },
            ureq::Error::Tls(_) | ureq::Error::Rustls(_) | ureq::Error::Pem(_) | ureq::Error::TlsRequired => {
                return Failure::last(Problem::Insecure { host, source: Box::new(error) });
            }
            ureq::Error::Io(ref inner) if is_tls(inner) => {
                return Failure::last(Problem::Insecure { host, source: Box::new(error) });
            }
            ureq::Error::Io(source) => Problem::Unreachable { host, source: Box::new(source) },
            error => Problem::Unreachable { host, source: Box::new(error) },
        };
        match problem {
            // With no network at all there is nothing to wait for.
            Problem::Unreachable { .. } if !self.reached.load(Ordering::Relaxed) => Failure::last(problem),
            problem => Failure::later(problem),
        }
    }
}

/// Sets a flag when it goes, also in a panic: the watch must not outlive the work.
struct SetOnDrop<'a>(&'a AtomicBool);

impl Drop for SetOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

/// Whether rustls is what failed: it comes wrapped in an error of input and output.
fn is_tls(error: &std::io::Error) -> bool {
    let mut source: Option<&(dyn StdError + 'static)> = error.get_ref().map(|inner| inner as _);
    while let Some(error) = source {
        if matches!(error.downcast_ref(), Some(ureq::Error::Rustls(_))) || error.to_string().contains("certificate") {
            return true;
        }
        source = error.source();
    }
    false
}

/// What a stranger sent, fit to be shown: one line, not long, and without what could steer a terminal.
fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// An address fit to be shown: without what stands behind the question mark, which may open the file to anybody.
fn address(text: &str) -> String {
    shown(text.split('?').next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_strangers_send_is_fit_to_be_shown() {
        assert_eq!(address("https://cdn.example/x?signature=secret"), "https://cdn.example/x");
        assert_eq!(shown("a\x1b[2Jb\nc"), "a[2Jbc");
        assert_eq!(shown(&"x".repeat(1000)).len(), 200);
    }

    #[test]
    fn what_cannot_be_used_is_refused_without_telling_secrets() {
        let error = |config: &Config| Http::new(config, &crate::progress::Silent).err().unwrap();
        for endpoint in ["", "huggingface.co", "ftp://huggingface.co", "https://user@huggingface.co"] {
            let error = error(&Config { endpoint: endpoint.into(), ..Config::default() });
            assert!(error.to_string().contains("address of the hub"), "{error}");
        }
        let token = super::super::Token::new("hf_secret\r\nX-Evil: 1");
        let error = |config: &Config| format!("{:?} {}", error(config), error(config));
        let said = error(&Config { token, ..Config::default() });
        assert!(!said.contains("secret"), "{said}");
        let said = error(&Config { proxy: Some("gopher://me:secret@host:1".into()), ..Config::default() });
        assert!(said.contains("proxy") && !said.contains("secret"), "{said}");
        let said = error(&Config { certificates: Some("Cargo.toml".into()), ..Config::default() });
        assert!(said.contains("no certificate"), "{said}");
        let config = Config { token: super::super::Token::new("hf_secret"), ..Config::default() };
        assert!(!format!("{config:?}").contains("secret"));
    }
}
