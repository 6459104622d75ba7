//! Proxies: only when asked for, only tunnels, and never with the portal's
//! credential.

use std::ffi::OsString;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::buffer::Buffer;
use super::call::Call;
use super::fault::Cause;
use super::no_proxy::is_excluded;
use super::socket::{Received, SendFault, Socket};
use super::sys;
use crate::address::{Origin, split_authority, split_url};
use crate::error::Error;

/// An answer to CONNECT is a few lines.
const LONGEST_ANSWER: usize = 8 * 1024;

/// An `http://` proxy.
#[derive(Clone)]
pub(crate) struct Proxy {
    pub(super) host: String,
    pub(super) port: u16,
    /// The value of `Proxy-Authorization`.
    authorization: Option<Zeroizing<String>>,
}

/// Where a proxy comes from.
#[derive(Debug, Clone)]
pub(crate) enum ProxyChoice {
    None,
    Fixed(Proxy),
    Environment,
}

impl Proxy {
    pub(crate) fn parse(url: &str) -> Result<Self, Error> {
        Self::read("proxy URL", url)
    }

    /// `source`: where the URL stands, as an error shall name it.
    fn read(source: &str, url: &str) -> Result<Self, Error> {
        let wrong = |what: &str| Error::argument(format!("{source}: {what}"));
        let (scheme, rest) = split_url(url)
            .ok_or_else(|| wrong("must begin with http://, for example http://proxy:3128"))?;
        match scheme.to_ascii_lowercase().as_str() {
            "http" => {}
            "https" | "socks" | "socks4" | "socks4a" | "socks5" | "socks5h" => {
                return Err(Error::unsupported(format!(
                    "{source}: SOCKS and https proxies are not supported; give an http:// proxy \
                     that opens tunnels (CONNECT)",
                )));
            }
            _ => {
                return Err(wrong(
                    "must begin with http://, for example http://proxy:3128",
                ));
            }
        }
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let fits = |b: u8| b.is_ascii_graphic() && !matches!(b, b'/' | b'?' | b'#' | b'\\');
        if !rest.bytes().all(fits) {
            return Err(wrong(
                "has a path, a blank or a character outside ASCII; give host:port",
            ));
        }
        let (user, authority) = match rest.rsplit_once('@') {
            Some((user, authority)) => (Some(user), authority),
            None => (None, rest),
        };
        let (host, port) =
            split_authority(authority).ok_or_else(|| wrong("host or port cannot be read"))?;
        let authorization = match user {
            None => None,
            Some(user) => {
                let plain = percent_decode(user)
                    .ok_or_else(|| wrong("user and password have a broken % escape"))?;
                let mut header = Zeroizing::new(String::with_capacity(6 + plain.len() * 4 / 3 + 4));
                header.push_str("Basic ");
                STANDARD.encode_string(&*plain, &mut header);
                Some(header)
            }
        };
        Ok(Proxy {
            host,
            port: port.unwrap_or(80),
            authorization,
        })
    }

    /// Asks for a tunnel to the portal.
    pub(super) fn open_tunnel(
        &self,
        socket: &mut Socket,
        portal: &Origin,
        call: &Call,
    ) -> Result<(), Cause> {
        let target = portal.host_port();
        let mut head = Zeroizing::new(Vec::with_capacity(1024 + target.len() * 2));
        head.extend_from_slice(
            format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n").as_bytes(),
        );
        if let Some(authorization) = &self.authorization {
            head.reserve_exact(authorization.len() + 32);
            head.extend_from_slice(b"Proxy-Authorization: ");
            head.extend_from_slice(authorization.as_bytes());
            head.extend_from_slice(b"\r\n");
        }
        head.extend_from_slice(b"\r\n");
        socket
            .send(&head, call, &mut 0)
            .map_err(|fault| match fault {
                SendFault::Bound(cause) => cause,
                SendFault::Broken => Cause::ProxyUnreachable,
            })?;

        let mut answer = Buffer::new(LONGEST_ANSWER);
        loop {
            if answer.room().is_empty() {
                return Err(Cause::ProxyRefused);
            }
            match socket.receive(answer.room(), call)? {
                Received::Bytes(amount) => answer.add(amount),
                _ => return Err(Cause::ProxyUnreachable),
            }
            let mut fields = [httparse::EMPTY_HEADER; 64];
            let mut head = httparse::Response::new(&mut fields);
            match head.parse(answer.filled()) {
                Ok(httparse::Status::Partial) => {}
                Ok(httparse::Status::Complete(length)) => {
                    let spoke_on = length != answer.filled().len();
                    return verdict(head.code.unwrap_or_default(), spoke_on);
                }
                Err(_) => return Err(Cause::ProxyRefused),
            }
        }
    }
}

/// What the proxy's answer means. Bytes behind a 200 would be taken for the
/// portal's.
fn verdict(code: u16, spoke_on: bool) -> Result<(), Cause> {
    match code {
        200 if !spoke_on => Ok(()),
        407 => Err(Cause::ProxyAuth),
        502..=504 => Err(Cause::ProxyUnreachable),
        _ => Err(Cause::ProxyRefused),
    }
}

impl ProxyChoice {
    /// The proxy for this portal, if one is to be used.
    pub(crate) fn settle(&self, portal: &Origin) -> Result<Option<Proxy>, Error> {
        let proxy = match self {
            ProxyChoice::None => None,
            ProxyChoice::Fixed(proxy) => Some(proxy.clone()),
            // Plain http stays on this machine; the variables below are those
            // of https.
            ProxyChoice::Environment if !portal.secure => None,
            ProxyChoice::Environment => from_environment(portal)?,
        };
        if proxy.is_some() && !portal.secure {
            return Err(Error::argument(
                "proxy URL: plain http is not sent through a proxy, it would read the credential; \
                 use https:// or no proxy",
            ));
        }
        Ok(proxy)
    }
}

fn from_environment(portal: &Origin) -> Result<Option<Proxy>, Error> {
    if sys::is_privileged() {
        return Ok(None);
    }
    let excluded = variable(&["no_proxy", "NO_PROXY"]);
    let excluded = excluded.map_or_else(String::new, |(_, list)| list.to_string_lossy().into());
    if is_excluded(&excluded, portal) {
        return Ok(None);
    }
    match variable(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]) {
        None => Ok(None),
        Some((name, url)) => {
            let url = url.into_string().map_err(|_| {
                Error::argument(format!("{name}: not UTF-8; give http://host:port"))
            })?;
            of_variable(name, &Zeroizing::new(url)).map(Some)
        }
    }
}

/// The first variable that is set and not empty.
fn variable(names: &[&'static str]) -> Option<(&'static str, OsString)> {
    names.iter().find_map(|name| {
        let value = std::env::var_os(name)?;
        (!value.is_empty()).then_some((*name, value))
    })
}

/// In the environment the scheme may be left out, as other programs have it.
fn of_variable(name: &str, url: &str) -> Result<Proxy, Error> {
    let url = url.trim_ascii();
    if url.contains("://") {
        return Proxy::read(name, url);
    }
    const SCHEME: &str = "http://";
    // The exact capacity: it may hold a password, and growing would leave a
    // copy behind.
    let mut whole = Zeroizing::new(String::with_capacity(SCHEME.len() + url.len()));
    whole.push_str(SCHEME);
    whole.push_str(url);
    Proxy::read(name, &whole)
}

fn percent_decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = text.bytes();
    let mut plain = Zeroizing::new(Vec::with_capacity(text.len()));
    while let Some(byte) = bytes.next() {
        plain.push(if byte == b'%' {
            let high = char::from(bytes.next()?).to_digit(16)?;
            let low = char::from(bytes.next()?).to_digit(16)?;
            u8::try_from(high * 16 + low).ok()?
        } else {
            byte
        });
    }
    Some(plain)
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("authorization", &self.authorization.as_ref().map(|_| "…"))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Status;

    #[test]
    fn proxies_are_read() {
        let proxy = Proxy::parse("http://user:p%40ss@Proxy.example:3128/").unwrap();
        assert_eq!((proxy.host.as_str(), proxy.port), ("proxy.example", 3128));
        assert_eq!(
            proxy.authorization.as_deref().unwrap().as_str(),
            "Basic dXNlcjpwQHNz"
        );
        assert!(!format!("{proxy:?}").contains("dXNl"));
        assert_eq!(Proxy::parse("http://[::1]").unwrap().port, 80);
    }

    #[test]
    fn what_cannot_be_kept_is_refused() {
        let table = [
            ("socks5://proxy:1080", Status::Unsupported),
            ("https://proxy:3128", Status::Unsupported),
            ("proxy:3128", Status::Argument),
            ("ftp://proxy", Status::Argument),
            ("http://", Status::Argument),
            ("http://proxy:0", Status::Argument),
            ("http://proxy/path", Status::Argument),
            ("http://a%zz@proxy", Status::Argument),
            ("http://pro\r\nxy", Status::Argument),
        ];
        for (url, status) in table {
            assert_eq!(Proxy::parse(url).unwrap_err().status(), status, "{url}");
        }
    }

    #[test]
    fn plain_http_never_goes_through_a_proxy() {
        let plain = Origin {
            secure: false,
            host: "localhost".into(),
            port: 80,
        };
        let fixed = ProxyChoice::Fixed(Proxy::parse("http://proxy").unwrap());
        assert_eq!(fixed.settle(&plain).unwrap_err().status(), Status::Argument);
    }

    #[test]
    fn a_variable_needs_no_scheme_and_is_named_where_it_is_wrong() {
        let table = [
            ("proxy:3128", "proxy", 3128, false),
            ("proxy", "proxy", 80, false),
            (" http://proxy:3128/ ", "proxy", 3128, false),
            ("user:p%40ss@proxy:3128", "proxy", 3128, true),
            ("[::1]:3128", "::1", 3128, false),
        ];
        for (value, host, port, authorized) in table {
            let proxy = of_variable("HTTPS_PROXY", value).unwrap();
            assert_eq!((proxy.host.as_str(), proxy.port), (host, port), "{value}");
            assert_eq!(proxy.authorization.is_some(), authorized, "{value}");
        }
        for (value, status) in [
            ("socks5://proxy:1080", Status::Unsupported),
            ("https://proxy:3128", Status::Unsupported),
            ("ftp://proxy", Status::Argument),
            ("proxy:0", Status::Argument),
            ("pro xy", Status::Argument),
        ] {
            let error = of_variable("ALL_PROXY", value).unwrap_err();
            assert_eq!(error.status(), status, "{value}");
            let message = error.message();
            assert!(message.starts_with("ALL_PROXY: "), "{message}");
        }
    }

    #[test]
    fn answers_to_connect() {
        assert_eq!(verdict(200, false), Ok(()));
        assert_eq!(verdict(200, true), Err(Cause::ProxyRefused));
        assert_eq!(verdict(407, false), Err(Cause::ProxyAuth));
        for busy in 502..=504 {
            assert_eq!(verdict(busy, false), Err(Cause::ProxyUnreachable));
        }
        for other in [201, 302, 400, 403, 500] {
            assert_eq!(verdict(other, false), Err(Cause::ProxyRefused));
        }
    }
}
