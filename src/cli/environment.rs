//! What the environment says: the variables of Python's `huggingface_hub`, and where this user's files belong.

use std::path::PathBuf;
#[cfg(feature = "hub")]
use std::time::Duration;

use mujaz::model::StoreConfig;
#[cfg(feature = "hub")]
use mujaz::model::hub::{Config, Token};

/// The variables of a process, or of a test.
pub(crate) struct Environment<'a>(pub(crate) &'a dyn Fn(&str) -> Option<String>);

/// The variables of this process; an empty one counts as absent, as in Python.
pub(crate) const PROCESS: Environment<'static> = Environment(&|name| std::env::var(name).ok());

impl Environment<'_> {
    fn get(&self, name: &str) -> Option<String> {
        (self.0)(name).filter(|value| !value.is_empty())
    }

    fn path(&self, name: &str) -> Option<PathBuf> {
        let value = self.get(name)?;
        match (value.strip_prefix("~/"), self.home()) {
            (Some(rest), Some(home)) => Some(home.join(rest)),
            _ => Some(value.into()),
        }
    }

    fn home(&self) -> Option<PathBuf> {
        self.get("HOME").or_else(|| self.get("USERPROFILE")).map(PathBuf::from)
    }

    fn under_home(&self, folder: &str) -> PathBuf {
        self.home().unwrap_or_default().join(folder)
    }

    /// `HF_HOME`, or what Python takes instead.
    pub(crate) fn hf_home(&self) -> PathBuf {
        let cache = || self.path("XDG_CACHE_HOME").unwrap_or_else(|| self.under_home(".cache"));
        self.path("HF_HOME").unwrap_or_else(|| cache().join("huggingface"))
    }

    /// The Hugging Face cache.
    pub(crate) fn hub_cache(&self) -> PathBuf {
        let named = self.path("HF_HUB_CACHE").or_else(|| self.path("HUGGINGFACE_HUB_CACHE"));
        named.unwrap_or_else(|| self.hf_home().join("hub"))
    }

    /// Where mujaz keeps its records.
    pub(crate) fn data(&self) -> PathBuf {
        let folder = self.path("MUJAZ_DATA").or_else(|| self.path("XDG_DATA_HOME").map(|data| data.join("mujaz")));
        folder.unwrap_or_else(|| self.under_home(".local/share/mujaz"))
    }

    /// Where the user keeps manifests of models.
    pub(crate) fn manifests(&self) -> PathBuf {
        let config = self.path("XDG_CONFIG_HOME").unwrap_or_else(|| self.under_home(".config"));
        config.join("mujaz/models")
    }

    /// Where models are kept.
    pub(crate) fn store(&self) -> StoreConfig {
        StoreConfig { manifests: Some(self.manifests()), ..StoreConfig::new(self.hub_cache(), self.data()) }
    }
}

impl Environment<'_> {
    /// Whether no network may be used: `HF_HUB_OFFLINE`, or the older name of transformers.
    pub(crate) fn is_offline(&self) -> bool {
        ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"].iter().any(|name| self.is_true(name))
    }

    /// As Python reads a switch.
    fn is_true(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| ["1", "ON", "YES", "TRUE"].contains(&&*value.to_uppercase()))
    }
}

#[cfg(feature = "hub")]
impl Environment<'_> {
    /// How the hub is reached, as Python would reach it. `read` gets the text of the file with the token.
    pub(crate) fn hub(&self, read: &dyn Fn(&std::path::Path) -> Option<String>) -> Config {
        let default = Config::default();
        let seconds = |name: &str| self.get(name)?.parse().ok().map(Duration::from_secs).filter(|time| !time.is_zero());
        let endpoint = self.get("HF_ENDPOINT").unwrap_or(default.endpoint);
        Config {
            token: self.token(read),
            offline: self.is_offline(),
            proxy: self.proxy(&endpoint),
            no_proxy: self.either("no_proxy", "NO_PROXY").map(hosts).unwrap_or_default(),
            certificates: self.path("SSL_CERT_FILE").or_else(|| self.path("REQUESTS_CA_BUNDLE")),
            connect_timeout: seconds("HF_HUB_ETAG_TIMEOUT").unwrap_or(default.connect_timeout),
            read_timeout: seconds("HF_HUB_DOWNLOAD_TIMEOUT").unwrap_or(default.read_timeout),
            endpoint,
            ..default
        }
    }

    fn token(&self, read: &dyn Fn(&std::path::Path) -> Option<String>) -> Option<Token> {
        if self.is_true("HF_HUB_DISABLE_IMPLICIT_TOKEN") {
            return None;
        }
        let file = || read(&self.path("HF_TOKEN_PATH").unwrap_or_else(|| self.hf_home().join("token")));
        let text = self.get("HF_TOKEN").or_else(|| self.get("HUGGING_FACE_HUB_TOKEN")).or_else(file)?;
        Token::new(&text)
    }

    fn proxy(&self, endpoint: &str) -> Option<String> {
        let of_scheme = match endpoint.starts_with("http://") {
            true => self.either("http_proxy", "HTTP_PROXY"),
            false => self.either("https_proxy", "HTTPS_PROXY"),
        };
        of_scheme.or_else(|| self.either("all_proxy", "ALL_PROXY"))
    }

    fn either(&self, lower: &str, upper: &str) -> Option<String> {
        self.get(lower).or_else(|| self.get(upper))
    }
}

/// Hosts between commas.
#[cfg(feature = "hub")]
fn hosts(text: String) -> Vec<String> {
    text.split(',').map(str::trim).filter(|host| !host.is_empty()).map(Into::into).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    type Variables<'a> = &'a [(&'a str, &'a str)];

    fn with<T>(variables: Variables, ask: impl Fn(&Environment) -> T) -> T {
        let find = |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
        ask(&Environment(&find))
    }

    #[test]
    fn the_cache_is_where_python_has_it() {
        let cases: &[(&[(&str, &str)], &str)] = &[
            (&[("HOME", "/h")], "/h/.cache/huggingface/hub"),
            (&[("HOME", "/h"), ("XDG_CACHE_HOME", "/x")], "/x/huggingface/hub"),
            (&[("HOME", "/h"), ("HF_HOME", "/m"), ("XDG_CACHE_HOME", "/x")], "/m/hub"),
            (&[("HOME", "/h"), ("HF_HOME", "~/m")], "/h/m/hub"),
            (&[("HOME", "/h"), ("HF_HOME", "/m"), ("HF_HUB_CACHE", "/c")], "/c"),
            (&[("HOME", "/h"), ("HUGGINGFACE_HUB_CACHE", "/old")], "/old"),
            (&[("HOME", "/h"), ("HF_HOME", "")], "/h/.cache/huggingface/hub"),
        ];
        for (variables, expected) in cases {
            assert_eq!(
                with(variables, |environment| environment.hub_cache()),
                PathBuf::from(expected),
                "{variables:?}"
            );
        }
    }
    #[test]
    fn offline_is_said_as_python_says_it() {
        for value in ["1", "true", "True", "YES", "on"] {
            assert!(with(&[("HF_HUB_OFFLINE", value)], |environment| environment.is_offline()), "{value}");
        }
        for value in ["0", "false", "", "no", "2"] {
            assert!(!with(&[("HF_HUB_OFFLINE", value)], |environment| environment.is_offline()), "{value}");
        }
        assert!(with(&[("TRANSFORMERS_OFFLINE", "1")], |environment| environment.is_offline()));
    }

    #[cfg(feature = "hub")]
    #[test]
    fn the_hub_is_reached_as_python_reaches_it() {
        let hub = |variables: &[(&str, &str)]| with(variables, |environment| environment.hub(&|_| None));
        assert_eq!(hub(&[]), Config::default());
        let config = hub(&[
            ("HF_ENDPOINT", "https://mirror.example/hf"),
            ("HF_TOKEN", " hf_a\n"),
            ("HTTPS_PROXY", "http://proxy:1"),
            ("HTTP_PROXY", "http://other:1"),
            ("NO_PROXY", "localhost, .example.org"),
            ("SSL_CERT_FILE", "/certs.pem"),
            ("HF_HUB_DOWNLOAD_TIMEOUT", "7"),
            ("HF_HUB_OFFLINE", "1"),
        ]);
        assert_eq!(config.endpoint, "https://mirror.example/hf");
        assert_eq!(config.token, Token::new("hf_a"));
        assert_eq!(config.proxy.as_deref(), Some("http://proxy:1"));
        assert_eq!(config.no_proxy, ["localhost", ".example.org"]);
        assert_eq!(config.certificates, Some("/certs.pem".into()));
        assert_eq!((config.read_timeout, config.offline), (Duration::from_secs(7), true));
        let plain = hub(&[("HF_ENDPOINT", "http://mirror"), ("HTTPS_PROXY", "a"), ("all_proxy", "socks5://b:1")]);
        assert_eq!(plain.proxy.as_deref(), Some("socks5://b:1"));
    }

    #[cfg(feature = "hub")]
    #[test]
    fn the_token_is_found_where_python_keeps_it() {
        let read = |path: &std::path::Path| Some(path.display().to_string().replace('/', "_"));
        let token = |variables: &[(&str, &str)]| with(variables, |environment| environment.hub(&read).token);
        let cases: [(Variables, Option<&str>); 6] = [
            (&[("HOME", "/h")], Some("_h_.cache_huggingface_token")),
            (&[("HF_HOME", "/m")], Some("_m_token")),
            (&[("HF_HOME", "/m"), ("HF_TOKEN_PATH", "/t")], Some("_t")),
            (&[("HF_TOKEN", "hf_a"), ("HF_TOKEN_PATH", "/t")], Some("hf_a")),
            (&[("HUGGING_FACE_HUB_TOKEN", "hf_b")], Some("hf_b")),
            (&[("HF_TOKEN", "hf_a"), ("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1")], None),
        ];
        for (variables, expected) in cases {
            assert_eq!(token(variables), expected.and_then(Token::new), "{variables:?}");
        }
    }
}
