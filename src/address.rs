//! Where the portal is: the one place where a portal URL is read.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::error::Error;

/// The address of a portal: scheme, host, port and path prefix.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PortalAddress {
    origin: Origin,
    /// Empty, or `/…` without a slash at the end.
    prefix: String,
}

/// Scheme, host and port.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Origin {
    pub(crate) secure: bool,
    /// In lower case; an IPv6 address stands without brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
}

impl PortalAddress {
    pub(crate) fn parse(url: &str) -> Result<Self, Error> {
        let wrong = |what: &str| Error::argument(format!("portal URL: {what}"));
        if url.is_empty() {
            return Err(wrong(
                "empty; expected for example https://portal.example.com",
            ));
        }
        if !url.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(wrong(
                "contains a blank, a control character or a character outside ASCII; write an \
                 international host name in its xn-- form",
            ));
        }
        let (secure, rest) = split_scheme(url).ok_or_else(|| {
            wrong("must begin with https://, for example https://portal.example.com")
        })?;
        if let Some(bad) = rest
            .chars()
            .find(|c| matches!(c, '?' | '#' | '@' | '%' | '\\' | ';'))
        {
            return Err(wrong(&format!(
                "contains \"{bad}\"; leave user info, query, fragment and escapes off"
            )));
        }
        let (authority, path) = match rest.find('/') {
            Some(slash) => rest.split_at(slash),
            None => (rest, ""),
        };
        let (host, port) = split_authority(authority)
            .ok_or_else(|| wrong("host or port cannot be read; expected host or host:port"))?;
        let port = port.unwrap_or(if secure { 443 } else { 80 });

        let prefix = path.strip_suffix('/').unwrap_or(path);
        let mut segments = prefix.split('/');
        segments.next();
        if segments.any(|segment| matches!(segment, "" | "." | "..")) {
            return Err(wrong(
                "the path has an empty or dot segment; write it plainly",
            ));
        }
        let lower = prefix.to_ascii_lowercase();
        if lower.ends_with("/api") || lower.ends_with("/api/2.0") {
            return Err(wrong(
                "ends in the API's own path; leave /api and /api/2.0 off",
            ));
        }
        Ok(PortalAddress {
            origin: Origin { secure, host, port },
            prefix: prefix.to_owned(),
        })
    }

    pub(crate) fn origin(&self) -> &Origin {
        &self.origin
    }

    /// `https://host[:port]/prefix`, without a slash at the end.
    pub(crate) fn base(&self) -> String {
        format!("{}{}", self.origin, self.prefix)
    }
}

impl fmt::Debug for PortalAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PortalAddress").field(&self.base()).finish()
    }
}

impl Origin {
    /// The origin of an absolute http or https URL that a portal returned;
    /// `None` for anything a browser could read differently.
    pub(crate) fn of_url(url: &str) -> Option<Self> {
        Some(Self::split_url(url)?.0)
    }

    /// The same, and what follows it in the URL.
    pub(crate) fn split_url(url: &str) -> Option<(Self, &str)> {
        if !url
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\')
        {
            return None;
        }
        let (secure, rest) = split_scheme(url)?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at_checked(end)?;
        let (host, port) = split_authority(authority)?;
        let port = port.unwrap_or(if secure { 443 } else { 80 });
        Some((Origin { secure, host, port }, rest))
    }

    /// The host as an address, when it is written as one.
    pub(crate) fn ip(&self) -> Option<IpAddr> {
        self.host.parse().ok()
    }

    /// Whether plain http to it stays on this machine: a loopback address, or
    /// the name `localhost` (whose addresses are looked at when connecting).
    pub(crate) fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.ip().is_some_and(|ip| ip.is_loopback())
    }

    /// `host:port` as it stands in a URL, the port left out when it is the
    /// scheme's own.
    pub(crate) fn authority(&self) -> String {
        let default = if self.secure { 443 } else { 80 };
        let host = self.bracketed();
        if self.port == default {
            host
        } else {
            format!("{host}:{}", self.port)
        }
    }

    /// `host:port`, always with the port.
    pub(crate) fn host_port(&self) -> String {
        format!("{}:{}", self.bracketed(), self.port)
    }

    /// The host as it stands in a URL.
    pub(crate) fn bracketed(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]", self.host)
        } else {
            self.host.clone()
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.secure { "https" } else { "http" };
        write!(f, "{scheme}://{}", self.authority())
    }
}

/// What stands before and behind `://`.
pub(crate) fn split_url(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once(':')?;
    Some((scheme, rest.strip_prefix("//")?))
}

/// Whether the scheme is https, and what follows `://`.
fn split_scheme(url: &str) -> Option<(bool, &str)> {
    let (scheme, rest) = split_url(url)?;
    if scheme.eq_ignore_ascii_case("https") {
        Some((true, rest))
    } else if scheme.eq_ignore_ascii_case("http") {
        Some((false, rest))
    } else {
        None
    }
}

/// Host in lower case, and the port if one is written.
pub(crate) fn split_authority(authority: &str) -> Option<(String, Option<u16>)> {
    let (host, port) = if let Some(literal) = authority.strip_prefix('[') {
        let (address, rest) = literal.split_once(']')?;
        let address: Ipv6Addr = address.parse().ok()?;
        let port = match rest {
            "" => None,
            _ => Some(rest.strip_prefix(':')?),
        };
        (address.to_string(), port)
    } else {
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        };
        (read_host(host)?, port)
    };
    let port = match port {
        None => None,
        Some(digits) => {
            let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            Some(
                digits
                    .parse::<u16>()
                    .ok()
                    .filter(|port| plain && *port != 0)?,
            )
        }
    };
    Some((host, port))
}

/// A host name in lower case, or an IPv4 address in its usual notation.
fn read_host(host: &str) -> Option<String> {
    let name = host.len() <= 253
        && host.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        });
    if !name {
        return None;
    }
    // "127.1" and "0x7f000001" are addresses to the system and names to a
    // reader: only the plain notation is taken.
    let last = host.rsplit('.').next().unwrap_or(host);
    let numeric = last.bytes().all(|byte| byte.is_ascii_digit())
        || last
            .get(..2)
            .is_some_and(|start| start.eq_ignore_ascii_case("0x"));
    if numeric && host.parse::<Ipv4Addr>().is_err() {
        return None;
    }
    Some(host.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read() {
        let table = [
            ("https://portal.example.com", "https://portal.example.com"),
            ("HTTPS://Portal.Example.COM/", "https://portal.example.com"),
            (
                "https://portal.example.com:443",
                "https://portal.example.com",
            ),
            (
                "https://portal.example.com:8443/docs/",
                "https://portal.example.com:8443/docs",
            ),
            ("https://example.com/a/b", "https://example.com/a/b"),
            ("http://127.0.0.1:80", "http://127.0.0.1"),
            ("https://[::1]:8443/", "https://[::1]:8443"),
            (
                "https://xn--e1afmkfd.xn--p1ai",
                "https://xn--e1afmkfd.xn--p1ai",
            ),
            ("https://host/v3.api", "https://host/v3.api"),
        ];
        for (given, base) in table {
            assert_eq!(PortalAddress::parse(given).unwrap().base(), base, "{given}");
        }
    }

    #[test]
    fn what_could_lead_astray_is_refused() {
        let table = [
            "",
            "portal.example.com",
            "ftp://portal.example.com",
            "https://",
            "https:///x",
            "https://user:pw@host",
            "https://host?x",
            "https://host#x",
            "https://host/%2e%2e",
            "https://host\\x",
            "https://host/a;b",
            "https://host//x",
            "https://host/x//",
            "https://host/../x",
            "https://host/./x",
            "https://host:0",
            "https://host:",
            "https://host:+1",
            "https://host:70000",
            "https://host:1:2",
            "https://[::1",
            "https://[::1]x",
            "https://[fe80::1%25eth0]",
            "https://ho st",
            "https://host\r\nx",
            "https://höst",
            "https://127.1",
            "https://0x7f000001",
            "https://a..b",
            "https://host.",
            "https://host/api",
            "https://host/api/2.0/",
            "https://host/docs/API/2.0",
        ];
        for given in table {
            let error = PortalAddress::parse(given).unwrap_err();
            assert!(
                error.message().starts_with("portal URL:"),
                "{given}: {error}"
            );
        }
    }

    #[test]
    fn the_origin_of_an_answered_url_is_compared_strictly() {
        let portal = PortalAddress::parse("https://portal.example.com").unwrap();
        let same = |url: &str| Origin::of_url(url).as_ref() == Some(portal.origin());
        assert!(same(
            "https://portal.example.com/confirm/TfaActivation?type=a&uid=b"
        ));
        assert!(same("https://PORTAL.example.com:443/x"));
        for other in [
            "http://portal.example.com/x",
            "https://portal.example.com:8443/x",
            "https://portal.example.com@evil.example/x",
            "https://portal.example.com\\@evil.example/x",
            "https://portal.example.com.evil.example/x",
            "//portal.example.com/x",
            "/confirm",
            "javascript:alert(1)",
            "https://portal.example.com/\u{1}",
            "https://portal.example.com/é",
        ] {
            assert!(!same(other), "{other}");
        }
    }

    #[test]
    fn loopback_is_what_stays_here() {
        let loopback = |url: &str| PortalAddress::parse(url).unwrap().origin().is_loopback();
        assert!(loopback("http://127.0.0.1:8080"));
        assert!(loopback("http://127.9.9.9"));
        assert!(loopback("http://[::1]"));
        assert!(loopback("http://localhost"));
        assert!(!loopback("http://localhost.example.com"));
        assert!(!loopback("http://10.0.0.1"));
    }
}
