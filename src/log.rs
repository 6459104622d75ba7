//! Telling the host what the library does: one line an exchange, no secrets.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use crate::numbers::LogLevel;

type Diversion = dyn Fn(LogLevel, String);

thread_local! {
    /// Where this thread's lines go instead: the host's sink is called on the
    /// thread of its call only, never on a helper of it.
    static DIVERTED: RefCell<Option<Box<Diversion>>> = const { RefCell::new(None) };
}

/// From now on this thread's lines go to `to`.
pub(crate) fn divert(to: impl Fn(LogLevel, String) + 'static) {
    DIVERTED.with(|diverted| *diverted.borrow_mut() = Some(Box::new(to)));
}

/// Takes a line and its level. Called on the thread of the call only.
pub type Sink = dyn Fn(LogLevel, &str) + Send + Sync;

/// Where lines go.
#[derive(Clone)]
pub(crate) struct Log {
    level: LogLevel,
    sink: Option<Arc<Sink>>,
}

impl Log {
    pub(crate) fn off() -> Self {
        Log {
            level: LogLevel::Off,
            sink: None,
        }
    }

    pub(crate) fn new(level: LogLevel, sink: Arc<Sink>) -> Self {
        Log {
            level,
            sink: Some(sink),
        }
    }

    pub(crate) fn wants(&self, level: LogLevel) -> bool {
        self.sink.is_some() && level <= self.level
    }

    /// Says `line` when the level is wanted; the text is only made then.
    pub(crate) fn say(&self, level: LogLevel, line: impl FnOnce() -> String) {
        if !self.wants(level) {
            return;
        }
        DIVERTED.with(|diverted| match (&*diverted.borrow(), &self.sink) {
            (Some(to), _) => to(level, line()),
            (None, Some(sink)) => sink(level, &line()),
            (None, None) => {}
        });
    }
}

/// A time as lines tell it.
pub(crate) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log")
            .field("level", &self.level)
            .finish_non_exhaustive()
    }
}
