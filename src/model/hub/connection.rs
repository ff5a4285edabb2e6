//! The way out: through which proxy, and trusting whom.

use ureq::tls::{PemItem, RootCerts};

use super::config::Config;
use crate::error::{Error, Result};

/// The proxy, if there is one.
pub(crate) fn proxy(config: &Config) -> Result<Option<ureq::Proxy>> {
    let Some(text) = config.proxy.as_ref().filter(|text| !text.is_empty()) else { return Ok(None) };
    let wrong = || Error::Option {
        what: "the proxy",
        value: text.rsplit('@').next().unwrap_or_default().into(),
        reason: "it should be as http://host:port or socks5://host:port".into(),
    };
    let parsed = ureq::Proxy::new(text).map_err(|_| wrong())?;
    let mut builder = ureq::Proxy::builder(parsed.protocol()).host(parsed.host()).port(parsed.port());
    if let Some(user) = parsed.username() {
        builder = builder.username(user);
    }
    if let Some(password) = parsed.password() {
        builder = builder.password(password);
    }
    for host in &config.no_proxy {
        // A name stands for the hosts below it too, as curl and Python have it.
        let name = host.trim().trim_start_matches("*.").trim_start_matches('.');
        builder = builder.no_proxy(name).no_proxy(&format!(".{name}"));
    }
    builder.build().map(Some).map_err(|_| wrong())
}

/// The certificates that are trusted.
pub(crate) fn certificates(config: &Config) -> Result<RootCerts> {
    let Some(path) = &config.certificates else { return Ok(RootCerts::WebPki) };
    let bytes = std::fs::read(path).map_err(Error::io("read", path))?;
    let certificates: Vec<_> = ureq::tls::parse_pem(&bytes)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    if certificates.is_empty() {
        let reason = "it holds no certificate in PEM form".into();
        return Err(Error::Option { what: "the file of certificates", value: path.display().to_string(), reason });
    }
    Ok(RootCerts::new_with_certs(&certificates))
}
