//! One exchange with the portal: connection, request, answer, and what is
//! known when it breaks. The only module that names ureq.

mod agent;
mod answer;
mod buffer;
mod call;
mod connect;
mod dns;
mod exchange;
mod fault;
#[cfg(fuzzing)]
pub(crate) mod fuzzing;
mod head;
mod no_proxy;
pub(crate) mod pace;
mod pem;
mod preamble;
mod private_key;
mod proxy;
mod redirect;
mod retry_after;
mod roots;
mod slots;
mod socket;
mod sys;
mod tls;
mod verifier;
mod wire;

use std::time::Duration;

use zeroize::Zeroizing;

pub(crate) use agent::Transport;
pub(crate) use call::Call;
pub(crate) use fault::{Broken, Cause, CertificateFault};
pub(crate) use proxy::{Proxy, ProxyChoice};
pub(crate) use redirect::Redirect;
pub use roots::Trust;
pub(crate) use roots::{ClientIdentity, Roots, read_ca_file, read_ca_pem};
pub(crate) use tls::random;

use crate::log::Log;
use crate::wipe::Wiped;

/// What a client's connections are made with.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) connect_timeout: Duration,
    pub(crate) proxy: Option<Proxy>,
    pub(crate) roots: Roots,
    pub(crate) identity: Option<ClientIdentity>,
    pub(crate) user_agent: String,
    /// Plain http that must not leave this machine.
    pub(crate) loopback_only: bool,
    pub(crate) log: Log,
}

/// What is asked of the portal.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub(crate) method: Method,
    /// Below the base of all addresses, with its query.
    pub(crate) path: &'a str,
    /// The path as a log may show it: without names, ids and query.
    pub(crate) route: &'static str,
    pub(crate) body: &'a [u8],
    /// How many bytes the answer's body may have.
    pub(crate) most: usize,
    /// Whether the key in the confirm cookie is wanted.
    pub(crate) keeps_confirm_key: bool,
    pub(crate) referer: Option<&'a str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Put,
}

/// What the portal, or something in front of it, answered.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Wiped<Vec<u8>>,
    pub(crate) end: BodyEnd,
    /// A Content-Encoding stands on it, which was never asked for.
    pub(crate) encoded: bool,
    /// It says that it is `text/plain`.
    pub(crate) plain_text: bool,
    pub(crate) retry_after: Option<Duration>,
    /// Where a redirect leads, as it was sent; visible ASCII.
    pub(crate) location: Option<String>,
    /// The same, beside what was asked for.
    pub(crate) redirect: Redirect,
    pub(crate) confirm_key: Option<Zeroizing<Vec<u8>>>,
}

#[cfg(any(test, fuzzing))]
impl Reply {
    /// An answer that is nothing but a status and a whole body.
    pub(crate) fn for_test(status: u16, body: &[u8]) -> Self {
        Reply {
            status,
            body: Wiped::new(body.to_vec()),
            end: BodyEnd::Whole,
            encoded: false,
            plain_text: false,
            retry_after: None,
            location: None,
            redirect: Redirect::None,
            confirm_key: None,
        }
    }
}

/// How the body ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyEnd {
    /// The framing says it is whole.
    Whole,
    /// Only the end of the connection ended it: what has come must tell
    /// whether it is whole.
    Closed,
    /// It broke off.
    Cut,
    /// The call ended, by its deadline or by cancel, before the framing did.
    Stopped(Cause),
    /// It is longer than allowed; the rest was not read.
    OverCap,
}
