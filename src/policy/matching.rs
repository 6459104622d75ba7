//! What a portal does with a rule of trusted addresses. This follows the
//! server's own code, not what such rules mean elsewhere.

use super::address::{Span, as_servers_read, number};

/// A rule as the server takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// It is compared with the caller's address letter by letter.
    Text,
    /// These addresses match: none where the last is before the first.
    Range(Span),
    /// What agrees in this many first bits matches.
    Network(Span, u32),
    /// The same from 3.6 on; older servers throw.
    HostBits(Span),
    /// It throws, and with it every sign-in that gets there.
    Fails,
    /// It throws for some addresses.
    FailsForSome,
}

pub(super) fn read(rule: &str) -> Reading {
    // In the first place neither sign divides.
    let halves = |sign| rule.split_once(sign).filter(|(left, _)| !left.is_empty());
    if let Some((first, last)) = halves('-') {
        range(first.trim(), last.trim())
    } else if halves('/').is_some() {
        network(rule)
    } else {
        Reading::Text
    }
}

fn range(first: &str, last: &str) -> Reading {
    use std::net::IpAddr::{V4, V6};
    let (Some(first), Some(last)) = (as_servers_read(first), as_servers_read(last)) else {
        return Reading::Fails;
    };
    // As many bytes are compared as the caller's address has.
    let last = match (first, last) {
        (V6(_), V4(_)) => return Reading::FailsForSome,
        (V4(_), V6(last)) => {
            let [a, b, c, d, ..] = last.octets();
            V4([a, b, c, d].into())
        }
        _ => last,
    };
    Reading::Range(Span { first, last })
}

fn network(rule: &str) -> Reading {
    let Some((address, bits)) = rule.rsplit_once('/') else {
        return Reading::Fails;
    };
    let (Some(address), Some(bits)) = (as_servers_read(address), plain_number(bits)) else {
        return Reading::Fails;
    };
    let (value, width) = number(address);
    if bits > width {
        return Reading::Fails;
    }
    // Four bytes are compared, and the shift that makes their mask wraps.
    let compared = match bits % 32 {
        0 => 32,
        bits => bits,
    };
    let base = Span::network(address, bits).first;
    let span = Span::network(base, compared);
    if number(base).0 == value {
        Reading::Network(span, compared)
    } else {
        Reading::HostBits(span)
    }
}

/// Digits and nothing else.
pub(super) fn plain_number(text: &str) -> Option<u32> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matched(reading: Reading) -> String {
        match reading {
            Reading::Range(span) => format!("{}-{}", span.first, span.last),
            Reading::Network(span, _) => span.text(),
            Reading::HostBits(span) => format!("host bits {}", span.text()),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn rules_are_read_as_the_server_reads_them() {
        let table = [
            ("10.0.0.5", "Text"),
            ("nonsense", "Text"),
            ("", "Text"),
            ("/8", "Text"),
            ("-10.0.0.1", "Text"),
            ("10.0.0.1-10.0.0.9", "10.0.0.1-10.0.0.9"),
            ("10.0.0.1 - 10.0.0.9", "10.0.0.1-10.0.0.9"),
            ("10.0.0.1-9", "10.0.0.1-0.0.0.9"),
            ("10.1-10.9", "10.0.0.1-10.0.0.9"),
            ("10.0.0.1-2001:db8::9", "10.0.0.1-32.1.13.184"),
            ("2001:db8::9-10.0.0.1", "FailsForSome"),
            ("10.0.0.1-", "Fails"),
            ("10.0.0.0/8-10.0.0.1", "Fails"),
            ("192.0.2.0/24", "192.0.2.0/24"),
            ("192.0.2.0/024", "192.0.2.0/24"),
            ("10/8", "host bits 0.0.0.0/8"),
            ("10.0.0.5/8", "host bits 10.0.0.0/8"),
            ("10.0.0.5/0", "host bits 0.0.0.0"),
            ("0.0.0.0/0", "0.0.0.0"),
            ("::/0", "::/32"),
            ("2001:db8::/32", "2001:db8::/32"),
            ("2001:db8::/33", "::/1"),
            ("2001:db8::/48", "2001::/16"),
            ("2001:db8::/64", "2001:db8::/32"),
            ("2001:db8::/96", "2001:db8::/32"),
            ("2001:db8::/104", "2000::/8"),
            ("2001:db8::1/128", "2001:db8::/32"),
            ("2001:db8::1/64", "host bits 2001:db8::/32"),
            ("10.0.0.0/33", "Fails"),
            ("2001:db8::/129", "Fails"),
            ("10.0.0.0/+8", "Fails"),
            ("10.0.0.0/ 8", "Fails"),
            ("10.0.0.0/", "Fails"),
            ("10.0.0.0/255.0.0.0", "Fails"),
            ("10.0.0.0/8/8", "Fails"),
            ("10.0.0.0/99999999999", "Fails"),
        ];
        for (rule, read) in table {
            assert_eq!(matched(super::read(rule)), read, "{rule}");
        }
    }
}
