//! Which hosts a `NO_PROXY` list excludes.

use std::net::IpAddr;

use crate::address::Origin;

/// Entries stand between commas or blanks; an empty one means nothing. Each is
/// `*`, a host, a domain above it (with or without `.` or `*.` in front), an
/// address or a network (`10.0.0.0/8`, `fd00::/8`). All but a network may end
/// in `:port`, and count for that port alone then.
pub(super) fn is_excluded(list: &str, portal: &Origin) -> bool {
    let mut entries = list.split(|c: char| c == ',' || c.is_ascii_whitespace());
    entries.any(|entry| !entry.is_empty() && names(&entry.to_ascii_lowercase(), portal))
}

fn names(entry: &str, portal: &Origin) -> bool {
    if let Some((network, bits)) = entry.split_once('/') {
        return portal.ip().is_some_and(|ip| is_within(ip, network, bits));
    }
    // An IPv6 address has colons of its own.
    let (host, port) = match entry.rsplit_once(':') {
        Some((host, port)) if entry.parse::<IpAddr>().is_err() && !entry.ends_with(']') => {
            (host, Some(port))
        }
        _ => (entry, None),
    };
    let is_its_port = port.is_none_or(|port| port.parse() == Ok(portal.port));
    is_its_port && names_host(host, portal)
}

fn names_host(host: &str, portal: &Origin) -> bool {
    if host == "*" {
        return true;
    }
    let bare = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    if let Ok(ip) = bare.unwrap_or(host).parse::<IpAddr>() {
        return portal.ip() == Some(ip);
    }
    if portal.ip().is_some() {
        return false;
    }
    let domain = host.strip_prefix("*.").or(host.strip_prefix('.'));
    let domain = domain.unwrap_or(host);
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    let front = portal.host.strip_suffix(domain);
    !domain.is_empty() && front.is_some_and(|front| front.is_empty() || front.ends_with('.'))
}

/// Whether the address begins with so many bits of the network's.
fn is_within(ip: IpAddr, network: &str, bits: &str) -> bool {
    let (Ok(network), Ok(bits)) = (network.parse::<IpAddr>(), bits.parse::<u32>()) else {
        return false;
    };
    let (ip, network, width) = match (ip, network) {
        (IpAddr::V4(ip), IpAddr::V4(network)) => {
            (u128::from(ip.to_bits()), u128::from(network.to_bits()), 32)
        }
        (IpAddr::V6(ip), IpAddr::V6(network)) => (ip.to_bits(), network.to_bits(), 128),
        _ => return false,
    };
    // No bits at all is every address of the kind.
    let rest = |bits: u128, from: u32| bits.checked_shr(from).unwrap_or_default();
    width >= bits && {
        let from = width - bits;
        rest(ip, from) == rest(network, from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_an_entry_counts() {
        let name = "https://portal.example.com";
        let table = [
            (name, "", false),
            (name, " ", false),
            (name, ",", false),
            (name, "*", true),
            (name, "other.example, *", true),
            (name, "portal.example.com", true),
            (name, "PORTAL.example.COM", true),
            (name, "portal.example.com.", true),
            (name, "other.example.com, portal.example.com", true),
            (name, "other.example.com portal.example.com", true),
            (name, "example.com", true),
            (name, ".example.com", true),
            (name, "*.example.com", true),
            (name, "ample.com", false),
            (name, "portal.example", false),
            (name, "portal.example.com.evil", false),
            // An empty entry, and what begins with a star, are not "all".
            (name, "*.a.example, b.example", false),
            (name, "b.example,", false),
            (name, ",b.example", false),
            (name, "b.example,,c.example", false),
            (name, "*.", false),
            (name, ".", false),
            (name, "*.com*", false),
            (name, "portal.example.com:443", true),
            (name, ".example.com:443", true),
            (name, "portal.example.com:8443", false),
            (name, "portal.example.com:", false),
            (name, "*:443", true),
            (name, ":443", false),
            ("https://portal.example.com:8443", "example.com:8443", true),
            ("https://10.1.2.3", "10.1.2.3", true),
            ("https://10.1.2.3", "10.1.2.3:443", true),
            ("https://10.1.2.3", "10.1.2.3:80", false),
            ("https://10.1.2.3", "2.3", false),
            ("https://10.1.2.3", "10.0.0.0/8", true),
            ("https://10.1.2.3", "10.1.2.3/32", true),
            ("https://10.1.2.3", "10.1.2.0/24,b.example", true),
            ("https://10.1.2.3", "0.0.0.0/0", true),
            ("https://10.1.2.3", "11.0.0.0/8", false),
            ("https://10.1.2.3", "10.1.2.2/32", false),
            ("https://10.1.2.3", "10.0.0.0/33", false),
            ("https://10.1.2.3", "10.0.0.0/", false),
            ("https://10.1.2.3", "::/0", false),
            (name, "0.0.0.0/0", false),
            ("https://[fd00::1]", "fd00::1", true),
            ("https://[fd00::1]", "fd00:0::1", true),
            ("https://[fd00::1]", "[fd00::1]", true),
            ("https://[fd00::1]", "[fd00::1]:443", true),
            ("https://[fd00::1]", "[fd00::1]:80", false),
            ("https://[fd00::1]", "fd00::/8", true),
            ("https://[fd00::1]", "fe00::/8", false),
            ("https://[fd00::1]", "::/0", true),
            ("https://[fd00::1]", "fd00::1/129", false),
        ];
        for (url, list, excluded) in table {
            let portal = Origin::of_url(url).unwrap();
            assert_eq!(is_excluded(list, &portal), excluded, "{url} {list:?}");
        }
    }
}
