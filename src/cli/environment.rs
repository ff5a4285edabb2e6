//! What the environment says: the variables of Python's `huggingface_hub`, and where this user's files belong.

use std::path::PathBuf;

use mujaz::model::StoreConfig;

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
        let manifests = self.manifests();
        StoreConfig {
            manifests: manifests.is_dir().then_some(manifests),
            ..StoreConfig::new(self.hub_cache(), self.data())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with<T>(variables: &[(&str, &str)], ask: impl Fn(&Environment<'_>) -> T) -> T {
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
}
