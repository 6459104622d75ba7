//! Addresses and what lies between two of them, as texts.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// All addresses from the first to the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) first: IpAddr,
    pub(super) last: IpAddr,
}

impl Span {
    /// What begins with the first bits of the address.
    pub(super) fn network(address: IpAddr, bits: u32) -> Self {
        let (value, width) = number(address);
        let below = u128::MAX.checked_shr(128 - (width - bits.min(width)));
        let below = below.unwrap_or(0);
        Span {
            first: same_family(address, value & !below),
            last: same_family(address, value | below),
        }
    }

    /// The way to write it that every server reads so.
    pub(super) fn text(&self) -> String {
        let Span { first, last } = self;
        if first == last && has_one_text(*first) {
            return first.to_string();
        }
        let ((low, width), (high, _)) = (number(*first), number(*last));
        let below = low ^ high;
        let bits = width - below.count_ones();
        let whole = below & below.wrapping_add(1) == 0 && low & below == 0 && first != last;
        if whole && (1..=32).contains(&bits) {
            format!("{first}/{bits}")
        } else {
            format!("{first}-{last}")
        }
    }
}

/// The value, and how many bits it has.
pub(super) fn number(address: IpAddr) -> (u128, u32) {
    match address {
        IpAddr::V4(address) => (u128::from(u32::from(address)), 32),
        IpAddr::V6(address) => (u128::from(address), 128),
    }
}

fn same_family(address: IpAddr, value: u128) -> IpAddr {
    match address {
        IpAddr::V4(_) => {
            let value = u32::try_from(value).unwrap_or(u32::MAX);
            IpAddr::V4(Ipv4Addr::from(value))
        }
        IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::from(value)),
    }
}

/// Some addresses that hold an IPv4 address are written in two ways. Mapped ones
/// are not among them.
pub(super) fn has_one_text(address: IpAddr) -> bool {
    let IpAddr::V6(address) = address else {
        return true;
    };
    match address.segments() {
        [0, 0, 0, 0, 0, 0, high, _] => high == 0,
        [0, 0, 0, 0, 0xffff, 0, _, _] | [_, _, _, _, 0, 0x5efe, _, _] => false,
        _ => true,
    }
}

/// An address as .NET reads it: brackets and a zone are left out, IPv4 has short
/// forms.
pub(super) fn as_servers_read(text: &str) -> Option<IpAddr> {
    if !text.contains(':') {
        return short_form(text).map(IpAddr::V4);
    }
    let text = unbracketed(text);
    let text = text.split_once('%').map_or(text, |(address, _)| address);
    text.parse().ok().map(IpAddr::V6)
}

/// What stands in brackets, without a port behind them.
pub(super) fn unbracketed(text: &str) -> &str {
    text.strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
        .map_or(text, |(inside, _)| inside)
}

/// One to four numbers; the last fills what is left.
fn short_form(text: &str) -> Option<Ipv4Addr> {
    let mut value: u32 = 0;
    let mut left: u32 = 32;
    let mut parts = text.split('.').peekable();
    while let Some(part) = parts.next() {
        let number = server_number(part)?;
        let bits = if parts.peek().is_some() { 8 } else { left };
        let fits = number.checked_shr(bits).unwrap_or(0) == 0;
        if !fits || left == 0 || (left == 8 && parts.peek().is_some()) {
            return None;
        }
        left -= bits;
        value |= number << left;
    }
    Some(Ipv4Addr::from(value))
}

/// A leading 0 is octal, 0x hexadecimal.
fn server_number(text: &str) -> Option<u32> {
    let (digits, radix) = match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => (text.get(2..)?, 16),
        [b'0', ..] => (text, 8),
        _ => (text, 10),
    };
    // Rust takes a sign.
    let plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    plain
        .then(|| u32::from_str_radix(digits, radix).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_written_as_every_server_reads_them() {
        let table = [
            ("10.1.2.3", 8, "10.0.0.0/8"),
            ("10.1.2.3", 32, "10.1.2.3"),
            ("10.1.2.3", 31, "10.1.2.2/31"),
            ("0.0.0.0", 0, "0.0.0.0-255.255.255.255"),
            ("128.0.0.0", 1, "128.0.0.0/1"),
            ("2001:db8::1", 32, "2001:db8::/32"),
            (
                "2001:db8::1",
                33,
                "2001:db8::-2001:db8:7fff:ffff:ffff:ffff:ffff:ffff",
            ),
            ("2001:db8::", 64, "2001:db8::-2001:db8::ffff:ffff:ffff:ffff"),
            ("2001:db8::1", 128, "2001:db8::1"),
            ("::", 0, "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
            (
                "::ffff:10.0.0.9",
                104,
                "::ffff:10.0.0.0-::ffff:10.255.255.255",
            ),
            ("::ffff:10.0.0.9", 128, "::ffff:10.0.0.9"),
            ("::1.2.3.4", 128, "::102:304-::102:304"),
        ];
        for (address, bits, text) in table {
            let span = Span::network(address.parse().unwrap(), bits);
            assert_eq!(span.text(), text);
        }
        let ends = |first: &str, last: &str| Span {
            first: first.parse().unwrap(),
            last: last.parse().unwrap(),
        };
        assert_eq!(ends("10.0.0.1", "10.0.0.2").text(), "10.0.0.1-10.0.0.2");
        assert_eq!(ends("10.0.0.4", "10.0.0.7").text(), "10.0.0.4/30");
        assert_eq!(ends("10.0.0.2", "10.0.0.5").text(), "10.0.0.2-10.0.0.5");
    }

    #[test]
    fn servers_read_more_than_is_written_here() {
        let table = [
            ("10.0.0.5", Some("10.0.0.5")),
            ("10", Some("0.0.0.10")),
            ("10.1", Some("10.0.0.1")),
            ("10.1.2", Some("10.1.0.2")),
            ("10.1.515", Some("10.1.2.3")),
            ("4294967295", Some("255.255.255.255")),
            ("010.0.0.1", Some("8.0.0.1")),
            ("0x0a.0.0.1", Some("10.0.0.1")),
            ("10.0.0.05", Some("10.0.0.5")),
            ("[2001:db8::1]", Some("2001:db8::1")),
            ("[2001:db8::1]:443", Some("2001:db8::1")),
            ("fe80::1%eth0", Some("fe80::1")),
            ("2001:DB8:0::1", Some("2001:db8::1")),
            ("10.0.0.08", None),
            ("0x", None),
            ("10.0.0.256", None),
            ("256.1", None),
            ("4294967296", None),
            ("10.0.0.0.1", None),
            ("10.0.0.", None),
            ("+10.0.0.1", None),
            (" 10.0.0.1", None),
            ("2a02", None),
            ("", None),
            ("::1::", None),
        ];
        for (text, read) in table {
            let read: Option<IpAddr> = read.map(|text| text.parse().unwrap());
            assert_eq!(as_servers_read(text), read, "{text}");
        }
    }
}
