//! Reading one rule of trusted addresses.

use std::net::IpAddr;

use crate::error::Error;

/// The rule, blanks around it removed, if it is an address, a range or a
/// network.
pub(super) fn read(rule: &str) -> Result<String, Error> {
    let rule = rule.trim();
    if is_rule(rule) {
        return Ok(rule.to_owned());
    }
    Err(Error::argument(
        "trusted address: not an address, a range or a network; give for example 192.0.2.7, \
         192.0.2.1-192.0.2.9 or 192.0.2.0/24",
    ))
}

fn is_rule(rule: &str) -> bool {
    if let Some((network, bits)) = rule.split_once('/') {
        let most = match network.parse() {
            Ok(IpAddr::V4(_)) => 32,
            Ok(IpAddr::V6(_)) => 128,
            Err(_) => return false,
        };
        let digits = !bits.is_empty() && bits.bytes().all(|byte| byte.is_ascii_digit());
        return digits && bits.parse::<u32>().is_ok_and(|bits| bits <= most);
    }
    if let Some((first, last)) = rule.split_once('-') {
        let ends = (
            first.trim().parse::<IpAddr>(),
            last.trim().parse::<IpAddr>(),
        );
        return match ends {
            (Ok(first), Ok(last)) => first.is_ipv4() == last.is_ipv4() && first <= last,
            _ => false,
        };
    }
    rule.parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules() {
        for good in [
            "192.0.2.7",
            " 192.0.2.7 ",
            "192.0.2.1-192.0.2.9",
            "192.0.2.1 - 192.0.2.1",
            "192.0.2.0/24",
            "0.0.0.0/0",
            "2001:db8::1",
            "2001:db8::/32",
            "2001:db8::1-2001:db8::9",
        ] {
            assert_eq!(read(good).unwrap(), good.trim());
        }
        for bad in [
            "",
            "x",
            "192.0.2",
            "192.0.2.256",
            "192.0.2.0/33",
            "192.0.2.0/",
            "192.0.2.0/+8",
            "2001:db8::/129",
            "192.0.2.9-192.0.2.1",
            "192.0.2.1-2001:db8::1",
            "192.0.2.1-",
            "portal.example.com",
            "192.0.2.*",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
