//! What the hub is told: where it is, who asks, and how patient to be.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// How the hub is reached. Nothing is read from the environment here; the program does that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// `https://huggingface.co`, or a mirror of it.
    pub endpoint: String,
    /// Sent to the endpoint's host and to no other.
    pub token: Option<Token>,
    /// Fail before anything reaches a network.
    pub offline: bool,
    /// `http://user:password@host:port`, or `socks5://…`.
    pub proxy: Option<String>,
    /// Hosts that are reached without the proxy.
    pub no_proxy: Vec<String>,
    /// Certificates (PEM) to trust in place of the built-in ones.
    pub certificates: Option<PathBuf>,
    /// What mujaz calls itself.
    pub user_agent: String,
    /// How long to wait for a connection.
    pub connect_timeout: Duration,
    /// How long to wait for the next bytes.
    pub read_timeout: Duration,
    /// How often to try again without any progress.
    pub retries: u32,
    /// The first wait before trying again; it doubles each time.
    pub backoff: Duration,
    /// The longest wait that the hub may ask for.
    pub longest_wait: Duration,
    /// Files at a time.
    pub parallel: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            endpoint: "https://huggingface.co".into(),
            token: None,
            offline: false,
            proxy: None,
            no_proxy: Vec::new(),
            certificates: None,
            user_agent: concat!("mujaz/", env!("CARGO_PKG_VERSION")).into(),
            connect_timeout: Duration::from_secs(15),
            read_timeout: Duration::from_secs(30),
            retries: 5,
            backoff: Duration::from_secs(1),
            longest_wait: Duration::from_secs(300),
            parallel: 4,
        }
    }
}

/// A secret: it is not shown where its owner is printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// The token, without the white space around it; none if nothing is left.
    pub fn new(text: &str) -> Option<Self> {
        Some(text.trim()).filter(|text| !text.is_empty()).map(|text| Self(text.into()))
    }

    pub(crate) fn secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}
