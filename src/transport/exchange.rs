//! The exchange this thread is in. ureq hands a connection no data of the
//! call it serves, so the connection finds it here.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use zeroize::Zeroizing;

use super::call::Call;
use super::fault::Cause;

/// What is known of one exchange while it runs.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) call: Call,
    /// How long making a connection may take.
    pub(super) connect_timeout: Duration,
    /// What broke it, as far as the connection knows.
    pub(super) cause: Cell<Option<Cause>>,
    /// Bytes of the request the kernel took.
    pub(super) taken: Cell<u64>,
    /// Bytes of an answer have come.
    pub(super) answered: Cell<bool>,
    /// The call is over, and what had come by then was taken.
    pub(super) looked_last: Cell<bool>,
    /// The connection had served an exchange before.
    pub(super) reused: Cell<bool>,
    /// The connection must not serve another one.
    pub(super) tainted: Cell<bool>,
    pub(super) certificate_asked: Cell<bool>,
    /// Whether the value of the confirm cookie is to be kept.
    pub(super) keeps_confirm_key: bool,
    pub(super) confirm_key: RefCell<Option<Zeroizing<Vec<u8>>>>,
}

thread_local! {
    static CURRENT: RefCell<Option<Rc<Exchange>>> = const { RefCell::new(None) };
}

impl Exchange {
    pub(super) fn new(call: Call, connect_timeout: Duration, keeps_confirm_key: bool) -> Rc<Self> {
        Rc::new(Exchange {
            call,
            connect_timeout,
            cause: Cell::new(None),
            taken: Cell::new(0),
            answered: Cell::new(false),
            looked_last: Cell::new(false),
            reused: Cell::new(false),
            tainted: Cell::new(false),
            certificate_asked: Cell::new(false),
            keeps_confirm_key,
            confirm_key: RefCell::new(None),
        })
    }

    /// Notes the cause; the first one counts.
    pub(super) fn broke(&self, cause: Cause) {
        if self.cause.get().is_none() {
            self.cause.set(Some(cause));
        }
    }
}

/// Runs `work` with `exchange` as this thread's.
pub(super) fn within<T>(exchange: &Rc<Exchange>, work: impl FnOnce() -> T) -> T {
    struct Reset(Option<Rc<Exchange>>);
    impl Drop for Reset {
        fn drop(&mut self) {
            let former = self.0.take();
            CURRENT.with(|current| *current.borrow_mut() = former);
        }
    }
    let former = CURRENT.with(|current| current.borrow_mut().replace(Rc::clone(exchange)));
    let _reset = Reset(former);
    work()
}

pub(super) fn current() -> Option<Rc<Exchange>> {
    CURRENT.with(|current| current.borrow().clone())
}

/// The server asked for a client certificate.
pub(super) fn note_client_certificate_asked() {
    if let Some(exchange) = current() {
        exchange.certificate_asked.set(true);
    }
}

pub(super) fn client_certificate_asked() -> bool {
    current().is_some_and(|exchange| exchange.certificate_asked.get())
}
