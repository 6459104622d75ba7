//! Judging rules of trusted addresses: one that is added must mean to the
//! portal what it says.

use std::net::{IpAddr, Ipv4Addr};

use super::address::{Span, has_one_text, number, unbracketed};
use super::matching::{self, Reading, plain_number};
use crate::error::Error;

/// How a portal reads the address of a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Callers {
    /// To its end.
    Whole,
    /// To its first colon, up to 3.6.1.
    ToColon,
}

/// The rule, blanks around it removed, if portals match what it says.
pub(super) fn accept(rule: &str, callers: Callers) -> Result<String, Error> {
    let rule = rule.trim();
    let Some(meaning) = meaning(rule, callers) else {
        return Ok(rule.to_owned());
    };
    let meant = meant(rule).filter(|text| self::meaning(text, callers).is_none());
    let what = match meant {
        Some(text) => format!("to a portal this is {meaning}; give {text} instead"),
        None if is_known(rule) => format!("to a portal this is {meaning}"),
        None => "not an address, a range or a network; give for example 192.0.2.7, \
                 192.0.2.1-192.0.2.9 or 192.0.2.0/24"
            .to_owned(),
    };
    let alone = match matching::read(rule) {
        Reading::HostBits(_) => rule
            .split_once('/')
            .and_then(|(address, _)| meant_one(address)),
        _ => None,
    };
    let alone = alone.map_or_else(String::new, |text| {
        format!(", or {text} for that address alone")
    });
    Err(Error::argument(format!("trusted address: {what}{alone}")))
}

/// What a portal matches; `None` where that is what the rule says.
pub(super) fn meaning(rule: &str, callers: Callers) -> Option<String> {
    let (span, text) = match matching::read(rule) {
        Reading::Text => return meaning_of_text(rule, callers),
        Reading::Fails => {
            return Some("an error: it cannot be read, and sign-ins fail".to_owned());
        }
        Reading::FailsForSome => {
            return Some("an error for some addresses: its ends are of two families".to_owned());
        }
        Reading::Range(Span { first, last }) if last < first => {
            return Some(format!("nothing: its end, {last}, comes before {first}"));
        }
        Reading::Range(span) => (span, span.text()),
        Reading::HostBits(span) => {
            let text = span.text();
            return Some(format!(
                "{text} from server 3.6 on, and an error before: it cannot be read there, and \
                 sign-ins fail"
            ));
        }
        Reading::Network(span, bits) => {
            let text = span.text();
            (
                span,
                format!("{text}: the first {bits} bits are compared, no others"),
            )
        }
    };
    if span.first.is_ipv6() && callers == Callers::ToColon {
        return Some(
            "nothing but addresses that begin with a colon: this portal reads others to their \
             first colon only"
                .to_owned(),
        );
    }
    (said(rule) != Some(span)).then_some(text)
}

/// Of an address by itself, the text is compared.
fn meaning_of_text(rule: &str, callers: Callers) -> Option<String> {
    let Ok(address) = rule.parse::<IpAddr>() else {
        return Some("nothing: it is no address".to_owned());
    };
    let written = address.to_string();
    if written != rule {
        return Some(format!(
            "nothing: an address is compared as text, and portals write {written}"
        ));
    }
    if !has_one_text(address) {
        return Some("this very text: some portals write the address otherwise".to_owned());
    }
    if callers == Callers::ToColon && rule.contains(':') && !rule.starts_with(':') {
        return Some("nothing: this portal reads the address to its first colon only".to_owned());
    }
    None
}

/// What a range or a network says, read strictly.
fn said(rule: &str) -> Option<Span> {
    if let Some((first, last)) = rule.split_once('-') {
        return Some(Span {
            first: first.trim().parse().ok()?,
            last: last.trim().parse().ok()?,
        });
    }
    let (address, bits) = rule.split_once('/')?;
    Some(Span::network(address.parse().ok()?, plain_number(bits)?))
}

/// Whether the rule can be read at all, by people or by portals.
fn is_known(rule: &str) -> bool {
    said(rule).is_some() || meant(rule).is_some()
}

/// The rule in words that every portal takes as people do.
fn meant(rule: &str) -> Option<String> {
    if let Some((first, last)) = rule.split_once('-') {
        let first = meant_address(first)?;
        let last = meant_address(last).or_else(|| last_number(first, last))?;
        if first.is_ipv4() != last.is_ipv4() {
            return None;
        }
        let (first, last) = (first.min(last), first.max(last));
        return Some(Span { first, last }.text());
    }
    if let Some((address, bits)) = rule.split_once('/') {
        let address = meant_address(address).or_else(|| padded(address))?;
        let bits = plain_number(bits).or_else(|| netmask(bits, address))?;
        let (_, width) = number(address);
        return (bits <= width).then(|| Span::network(address, bits).text());
    }
    meant_one(rule)
}

fn meant_one(text: &str) -> Option<String> {
    let address = meant_address(text)?;
    Some(Span::network(address, 128).text())
}

/// Brackets, a port and leading zeros are no part of an address.
fn meant_address(text: &str) -> Option<IpAddr> {
    let text = unbracketed(text.trim());
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    let text = match text.split_once(':') {
        Some((address, port)) => plain_number(port).map(|_| address)?,
        None => text,
    };
    decimal(text, 4).map(IpAddr::V4)
}

/// `10/8` is the usual short form of a network.
fn padded(text: &str) -> Option<IpAddr> {
    let count = text.split('.').count();
    decimal(text, count.min(3)).map(IpAddr::V4)
}

/// So many decimal numbers, 0 for those that are missing.
fn decimal(text: &str, count: usize) -> Option<Ipv4Addr> {
    let numbers: Option<Vec<u8>> = text
        .split('.')
        .map(|part| u8::try_from(plain_number(part)?).ok())
        .collect();
    let numbers = numbers?;
    if numbers.len() != count {
        return None;
    }
    let mut octets = [0; 4];
    for (octet, number) in octets.iter_mut().zip(numbers) {
        *octet = number;
    }
    Some(octets.into())
}

/// `10.0.0.1-9`: the end differs in its last number.
fn last_number(first: IpAddr, last: &str) -> Option<IpAddr> {
    let IpAddr::V4(first) = first else {
        return None;
    };
    let [a, b, c, _] = first.octets();
    let d = u8::try_from(plain_number(last.trim())?).ok()?;
    Some(IpAddr::V4([a, b, c, d].into()))
}

/// How many bits a mask like `255.255.0.0` leaves.
fn netmask(text: &str, address: IpAddr) -> Option<u32> {
    let mask = u32::from(text.parse::<Ipv4Addr>().ok()?);
    let bits = mask.leading_ones();
    (address.is_ipv4() && bits == mask.count_ones()).then_some(bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(rule: &str) -> Result<String, String> {
        accept(rule, Callers::Whole).map_err(|error| error.message().to_owned())
    }

    #[test]
    fn rules_that_mean_what_they_say_are_taken() {
        for rule in [
            "192.0.2.7",
            " 192.0.2.7 ",
            "192.0.2.1-192.0.2.9",
            "192.0.2.1 - 192.0.2.1",
            "192.0.2.0/24",
            "192.0.2.7/32",
            "128.0.0.0/1",
            "0.0.0.0-255.255.255.255",
            "2001:db8::1",
            "::1",
            "::ffff:10.0.0.5",
            "2001:db8::/32",
            "2000::/3",
            "2001:db8::1-2001:db8::9",
            "2001:DB8::1-2001:db8:0::9",
        ] {
            assert_eq!(judged(rule), Ok(rule.trim().to_owned()));
            assert_eq!(meaning(rule.trim(), Callers::Whole), None);
        }
    }

    #[test]
    fn others_are_refused_with_what_was_meant() {
        let table = [
            ("0.0.0.0/0", "0.0.0.0-255.255.255.255"),
            ("::/0", "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
            ("10.0.0.5/8", "10.0.0.0/8"),
            ("10.0.0.5/0", "0.0.0.0-255.255.255.255"),
            ("2001:db8::1/32", "2001:db8::/32"),
            ("2001:db8::/64", "2001:db8::-2001:db8::ffff:ffff:ffff:ffff"),
            ("2001:db8::5/64", "2001:db8::-2001:db8::ffff:ffff:ffff:ffff"),
            ("2001:db8::1/128", "2001:db8::1"),
            ("2001:DB8::1", "2001:db8::1"),
            ("2001:db8:0::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("::1.2.3.4", "::102:304-::102:304"),
            ("::102:304", "::102:304-::102:304"),
            ("10.0.0.05", "10.0.0.5"),
            ("10.0.0.5:443", "10.0.0.5"),
            ("010.0.0.1-010.0.0.9", "10.0.0.1-10.0.0.9"),
            ("10/8", "10.0.0.0/8"),
            ("192.168/16", "192.168.0.0/16"),
            ("10.0.0.0/255.0.0.0", "10.0.0.0/8"),
            ("10.0.0.1-9", "10.0.0.1-10.0.0.9"),
            ("192.0.2.9-192.0.2.1", "192.0.2.1-192.0.2.9"),
        ];
        for (rule, form) in table {
            let refused = judged(rule).unwrap_err();
            let wanted = format!("give {form} instead");
            assert!(refused.contains(&wanted), "{rule}: {refused}");
            assert!(refused.contains("to a portal this is "), "{refused}");
            assert_eq!(judged(form), Ok(form.to_owned()), "the form is taken");
        }
        let both = judged("10.0.0.5/8").unwrap_err();
        assert!(
            both.ends_with("or 10.0.0.5 for that address alone"),
            "{both}"
        );
    }

    #[test]
    fn what_nobody_can_read_is_refused_with_examples() {
        for rule in [
            "",
            "x",
            "192.0.2",
            "192.0.2.256",
            "192.0.2.0/33",
            "192.0.2.0/",
            "192.0.2.0/+8",
            "192.0.2.0/255.0.255.0",
            "2001:db8::/129",
            "2001:db8::/255.0.0.0",
            "192.0.2.1-2001:db8::1",
            "192.0.2.1-",
            "192.0.2.1-300",
            "10.1-10.9",
            "fe80::1%eth0",
            "portal.example.com",
            "192.0.2.*",
            "192.0.2.1,192.0.2.2",
        ] {
            let refused = judged(rule).unwrap_err();
            assert!(refused.contains("trusted address: "), "{rule}: {refused}");
            assert!(!refused.contains("instead"), "{rule}: {refused}");
        }
    }

    #[test]
    fn what_a_portal_matches_is_told() {
        let table = [
            (
                "2001:db8::/64",
                "2001:db8::/32: the first 32 bits are compared, no others",
            ),
            (
                "2001:db8::/48",
                "2001::/16: the first 16 bits are compared, no others",
            ),
            (
                "0.0.0.0/0",
                "0.0.0.0: the first 32 bits are compared, no others",
            ),
            (
                "10.0.0.5/8",
                "10.0.0.0/8 from server 3.6 on, and an error before: it cannot be read there, and \
                 sign-ins fail",
            ),
            ("010.0.0.1-010.0.0.9", "8.0.0.1-8.0.0.9"),
            (
                "10.0.0.1-9",
                "nothing: its end, 0.0.0.9, comes before 10.0.0.1",
            ),
            (
                "2001:DB8::1",
                "nothing: an address is compared as text, and portals write 2001:db8::1",
            ),
            ("nonsense", "nothing: it is no address"),
            (
                "10.0.0.0/33",
                "an error: it cannot be read, and sign-ins fail",
            ),
            (
                "2001:db8::9-10.0.0.1",
                "an error for some addresses: its ends are of two families",
            ),
        ];
        for (rule, told) in table {
            assert_eq!(
                meaning(rule, Callers::Whole).as_deref(),
                Some(told),
                "{rule}"
            );
        }
    }

    #[test]
    fn older_portals_read_ipv6_callers_to_the_first_colon() {
        for rule in ["192.0.2.7", "192.0.2.0/24", "192.0.2.1-192.0.2.9", "::1"] {
            assert_eq!(meaning(rule, Callers::ToColon), None, "{rule}");
        }
        for rule in ["2001:db8::1", "2001:db8::/32", "2001:db8::1-2001:db8::9"] {
            let told = meaning(rule, Callers::ToColon).unwrap();
            assert!(told.contains("first colon"), "{told}");
            let refused = accept(rule, Callers::ToColon).unwrap_err();
            assert!(refused.message().contains("first colon"), "{refused}");
            assert!(!refused.message().contains("instead"), "{refused}");
        }
    }
}
