//! Progress as events: the library reports, the program decides what to show.

/// One thing that happened during long work.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A stage begins. `total` counts its units (sentences, bytes) where it is known.
    Start {
        /// What is being done, in the present participle: `translating`.
        stage: &'static str,
        /// Which article, model or file.
        name: String,
        /// How many units there are.
        total: Option<u64>,
    },
    /// So many units of the stage that began last under this name are done, all in all.
    Advance {
        /// As in [`Event::Start`].
        name: String,
        /// Units done so far.
        done: u64,
    },
    /// The stage ended.
    Finish {
        /// As in [`Event::Start`].
        name: String,
    },
    /// Something the user should know that is not an error.
    Notice(String),
}

/// Receives events. Implementations must not block for long, must not panic, and may be called from several threads.
pub trait Progress: Sync {
    /// Is told of each event in order.
    fn on(&self, event: Event);

    /// Whether the user has asked to stop; long work looks at this between steps and ends with
    /// [`Error::Interrupted`](crate::Error::Interrupted).
    fn cancelled(&self) -> bool {
        false
    }
}

/// Ignores every event.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn on(&self, _: Event) {}
}
