//! Which names of files, repositories and revisions may become paths in the cache.
//!
//! Such names come from the hub, from archives and from files of a model, and none of them may lead out of the cache or
//! mean something else on another system.

/// Names that Windows takes for devices, with any extension.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul", "conin$", "conout$", "clock$"];

/// Whether `name` is a relative path of ordinary parts, joined by `/`, on every system.
pub(crate) fn is_safe_file(name: &str) -> bool {
    !name.is_empty() && name.len() <= 1024 && name.split('/').all(is_safe_part)
}

fn is_safe_part(part: &str) -> bool {
    !part.is_empty()
        && part.len() <= 240
        && !part.ends_with(['.', ' '])
        && !part.chars().any(|c| c.is_control() || r#"\:*?"<>|"#.contains(c))
        && !is_device(part)
}

fn is_device(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part).trim_end().to_ascii_lowercase();
    let numbered = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    let mut digits = numbered.unwrap_or_default().chars();
    let numbered = digits.next().is_some_and(|c| "123456789¹²³".contains(c)) && digits.next().is_none();
    DEVICES.contains(&&*stem) || numbered
}

/// Whether `id` is `organisation/repository` as the Hub allows it.
pub(crate) fn is_repository(id: &str) -> bool {
    let mut parts = id.split('/');
    let (Some(owner), Some(name), None) = (parts.next(), parts.next(), parts.next()) else { return false };
    // `--` stands for `/` in the names of cache folders.
    id.len() <= 96 && !id.contains("--") && !id.contains("..") && [owner, name].into_iter().all(is_repository_part)
}

fn is_repository_part(part: &str) -> bool {
    let ends = ['-', '.'];
    !part.is_empty()
        && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        && !part.starts_with(ends)
        && !part.ends_with(ends)
        && !is_device(part)
}

/// Whether `revision` may name a branch, a tag, a pull request or a commit, and a file under `refs/` in the cache.
pub(crate) fn is_revision(revision: &str) -> bool {
    is_safe_file(revision)
        && revision.len() <= 200
        && !revision.contains("..")
        && !revision.starts_with('-')
        && revision.chars().all(|c| !c.is_whitespace() && !"~^#%[]{}".contains(c))
}

/// Whether `text` is a commit: 40 hexadecimal digits in lower case.
pub(crate) fn is_commit(text: &str) -> bool {
    is_lower_hex(text, 40)
}

/// Whether `text` is `digits` hexadecimal digits in lower case.
pub(crate) fn is_lower_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_climb_out_or_mean_something_else_are_refused() {
        let safe =
            ["config.json", "onnx/model.onnx", "model-00001-of-00003.safetensors", ".gitattributes", "a b", "كتاب"];
        for name in safe {
            assert!(is_safe_file(name), "{name}");
        }
        let unsafe_names = [
            "",
            "..",
            ".",
            "../x",
            "a/../b",
            "/etc/passwd",
            "a//b",
            "a/",
            "./a",
            r"..\x",
            r"a\b",
            "C:",
            "C:/x",
            "c:x",
            "a\0b",
            "a\nb",
            "CON",
            "nul.txt",
            "com1",
            "LPT9.bin",
            "com¹",
            "a.",
            "a ",
            "a:b",
            "a*",
            "x/NUL/y",
        ];
        for name in unsafe_names {
            assert!(!is_safe_file(name), "{name:?}");
        }
        assert!(!is_safe_file(&"a".repeat(241)));
        assert!(!is_safe_file(&"a/".repeat(600)));
        assert!(is_safe_file("com"));
        assert!(is_safe_file("company"));
        assert!(is_safe_file("com10"));
    }

    #[test]
    fn repositories_are_two_names() {
        for id in ["Helsinki-NLP/opus-mt-ar-en", "google/pegasus-cnn_dailymail", "a/b", "org/m.1"] {
            assert!(is_repository(id), "{id}");
        }
        for id in [
            "", "a", "a/b/c", "a/", "/b", "../b", "a/..", "a/b--c", "a b/c", "a/.b", "a/b.", "-a/b", "a\\b/c", "a/ب",
            "a/nul",
        ] {
            assert!(!is_repository(id), "{id}");
        }
    }

    #[test]
    fn revisions_may_have_slashes_and_may_not_climb() {
        for revision in ["main", "refs/pr/7", "v1.0", "0123456789abcdef0123456789abcdef01234567"] {
            assert!(is_revision(revision), "{revision}");
        }
        for revision in ["", "..", "a/../b", "/main", "a..b", "-x", "a b", "a%2e", "x/"] {
            assert!(!is_revision(revision), "{revision}");
        }
        assert!(is_commit("0123456789abcdef0123456789abcdef01234567"));
        assert!(!is_commit("0123456789ABCDEF0123456789abcdef01234567"));
        assert!(!is_commit("main"));
    }
}
