//! Addresses: who is asked, and where a redirect leads.

use ureq::http::Uri;
use ureq::http::uri::Scheme;

/// Scheme, host and port: two addresses with the same origin belong to the same owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    scheme: Scheme,
    host: String,
    port: u16,
}

impl Origin {
    /// That of an address, if it is one of a web server.
    pub(crate) fn of(uri: &Uri) -> Option<Self> {
        let scheme = uri.scheme()?.clone();
        let port = match () {
            () if scheme == Scheme::HTTPS => 443,
            () if scheme == Scheme::HTTP => 80,
            () => return None,
        };
        let host = uri.host().filter(|host| !host.is_empty())?.to_ascii_lowercase();
        // A name and a password in an address have no place here, and can dress one host up as another.
        let plain = !uri.authority()?.as_str().contains('@');
        plain.then(|| Self { scheme, host, port: uri.port_u16().unwrap_or(port) })
    }

    /// The host, for messages.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// Whether what is sent can be read on the way.
    pub(crate) fn is_plain(&self) -> bool {
        self.scheme == Scheme::HTTP
    }
}

/// Where `location` leads from `base`, or why it is not followed.
pub(crate) fn follow(base: &Uri, location: &str) -> Result<Uri, &'static str> {
    let (Some(scheme), Some(authority)) = (base.scheme_str(), base.authority()) else { return Err("no address") };
    let text = if let Some(rest) = location.strip_prefix("//") {
        format!("{scheme}://{rest}")
    } else if location.starts_with('/') {
        format!("{scheme}://{authority}{location}")
    } else {
        location.to_string()
    };
    let uri: Uri = text.parse().map_err(|_| "it is no address")?;
    let (from, to) = (Origin::of(base), Origin::of(&uri).ok_or("it is no address of a web server")?);
    if from.is_some_and(|from| !from.is_plain()) && to.is_plain() {
        return Err("it leaves the encrypted connection");
    }
    Ok(uri)
}

/// A path of a repository as part of an address.
pub(crate) fn encode(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            text.push(byte.into());
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_are_followed_by_the_book_and_never_out_of_encryption() {
        let base: Uri = "https://hub.example:8443/org/repo/resolve/x/y".parse().unwrap();
        let to = |location| follow(&base, location).map(|uri| uri.to_string());
        assert_eq!(to("/api/x?a=b%20c").unwrap(), "https://hub.example:8443/api/x?a=b%20c");
        assert_eq!(to("//cdn.example/x").unwrap(), "https://cdn.example/x");
        assert_eq!(to("https://cdn.example/x?s=1").unwrap(), "https://cdn.example/x?s=1");
        for location in [
            "http://cdn.example/x",
            "ftp://cdn.example/x",
            "file:///etc/passwd",
            "y",
            "",
            "https://a@b.example/",
            "https:// /",
        ] {
            assert!(to(location).is_err(), "{location}");
        }
        let plain: Uri = "http://127.0.0.1:8000/x".parse().unwrap();
        assert_eq!(follow(&plain, "http://127.0.0.1:9000/y").unwrap().to_string(), "http://127.0.0.1:9000/y");
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        let origin = |text: &str| Origin::of(&text.parse().unwrap());
        assert_eq!(origin("https://HuggingFace.co/a"), origin("https://huggingface.co:443"));
        for other in [
            "http://huggingface.co",
            "https://huggingface.co:8443",
            "https://huggingface.co.example",
            "https://cdn.huggingface.co",
        ] {
            assert_ne!(origin("https://huggingface.co"), origin(other));
        }
        assert_eq!(encode("onnx/a b#?%ك.json"), "onnx/a%20b%23%3F%25%D9%83.json");
    }
}
