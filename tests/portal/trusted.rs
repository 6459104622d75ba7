//! Whether a rule of trusted addresses holds for a caller, decided as the server
//! decides it: step by step, with its exceptions.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::dialect::Dialect;
use super::envelope::Failure;

/// What the server throws while it compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thrown {
    Address,
    Network,
    Index,
}

impl Thrown {
    /// .NET's own sentences; nothing of this is translated.
    pub fn failure(self) -> Failure {
        let (message, kind, hresult) = match self {
            Self::Address => (
                "An invalid IP address was specified.",
                "System.FormatException",
                -2146233033,
            ),
            Self::Network => (
                "An invalid IP network was specified.",
                "System.FormatException",
                -2146233033,
            ),
            Self::Index => (
                "Index was outside the bounds of the array.",
                "System.IndexOutOfRangeException",
                -2146233080,
            ),
        };
        Failure::new(500, message, kind, hresult)
    }
}

/// The caller's address is text: what the proxy reported.
pub fn holds(rule: &str, caller: &str, dialect: Dialect) -> Result<bool, Thrown> {
    let caller = without_port(caller, dialect);
    // What is in the first place does not divide.
    if let Some(at) = rule.find('-').filter(|at| *at > 0) {
        let lower = address(rule[..at].trim())?;
        let upper = address(rule[at + 1..].trim())?;
        return in_range(lower, upper, address(caller)?);
    }
    if rule.find('/').is_some_and(|at| at > 0) {
        return in_network(rule, caller, dialect);
    }
    Ok(caller == rule)
}

/// Up to 3.6.1 the text ends at its first colon, which was meant for ports.
fn without_port(caller: &str, dialect: Dialect) -> &str {
    if dialect.cuts_ipv6_callers() {
        return match caller.find(':') {
            Some(at) if at > 0 => &caller[..at],
            _ => caller,
        };
    }
    if let Some((inside, _)) = caller.strip_prefix('[').and_then(|it| it.split_once(']')) {
        return inside;
    }
    match caller.split_once(':') {
        Some((address, port)) if !port.contains(':') => address,
        _ => caller,
    }
}

/// Byte by byte, as long as one of the ends can still decide.
fn in_range(lower: IpAddr, upper: IpAddr, caller: IpAddr) -> Result<bool, Thrown> {
    if caller.is_ipv4() != lower.is_ipv4() {
        return Ok(false);
    }
    let (lower, upper, caller) = (bytes(lower), bytes(upper), bytes(caller));
    let (mut at_lower, mut at_upper) = (true, true);
    for (at, byte) in caller.iter().enumerate() {
        if !at_lower && !at_upper {
            break;
        }
        let last = upper.get(at).ok_or(Thrown::Index)?;
        if (at_lower && *byte < lower[at]) || (at_upper && byte > last) {
            return Ok(false);
        }
        at_lower &= *byte == lower[at];
        at_upper &= byte == last;
    }
    Ok(true)
}

/// Only the first four bytes are ever compared, and the shift of the mask wraps.
fn in_network(rule: &str, caller: &str, dialect: Dialect) -> Result<bool, Thrown> {
    let (network, bits) = if dialect.parses_networks_itself() {
        let mut parts = rule.split('/');
        let (network, bits) = (parts.next().unwrap(), parts.next().unwrap());
        let bits: i32 = bits.trim().parse().map_err(|_| Thrown::Address)?;
        (address(network)?, bits)
    } else {
        read_network(rule, dialect)?
    };
    let caller = address(caller)?;
    // The contract says nothing of a network of the other family: the source
    // compares families before bytes, except where it parses for itself.
    if !dialect.parses_networks_itself() && caller.is_ipv4() != network.is_ipv4() {
        return Ok(false);
    }
    let shift = (32 - bits) & 31;
    let mask = u32::MAX << shift;
    Ok(first_four(caller) & mask == first_four(network) & mask)
}

/// .NET's `IPNetwork.Parse`.
fn read_network(rule: &str, dialect: Dialect) -> Result<(IpAddr, i32), Thrown> {
    let (network, bits) = rule.rsplit_once('/').ok_or(Thrown::Network)?;
    let network = address(network).map_err(|_| Thrown::Network)?;
    let digits = !bits.is_empty() && bits.bytes().all(|byte| byte.is_ascii_digit());
    let bits: u32 = bits.parse().map_err(|_| Thrown::Network)?;
    let width = if network.is_ipv4() { 32 } else { 128 };
    if !digits || bits > width {
        return Err(Thrown::Network);
    }
    let base = cleared(network, bits);
    if base != network && !dialect.clears_host_bits() {
        return Err(Thrown::Network);
    }
    Ok((base, bits as i32))
}

fn cleared(network: IpAddr, bits: u32) -> IpAddr {
    match network {
        IpAddr::V4(it) => {
            let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
            IpAddr::V4((u32::from(it) & mask).into())
        }
        IpAddr::V6(it) => {
            let mask = u128::MAX.checked_shl(128 - bits).unwrap_or(0);
            IpAddr::V6((u128::from(it) & mask).into())
        }
    }
}

fn bytes(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    }
}

fn first_four(address: IpAddr) -> u32 {
    let bytes = bytes(address);
    u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

/// .NET's `IPAddress.Parse`. That it takes brackets and a zone is not in the
/// contract.
fn address(text: &str) -> Result<IpAddr, Thrown> {
    let address = if text.contains(':') {
        let inside = text.strip_prefix('[').and_then(|it| it.split_once(']'));
        let text = inside.map_or(text, |(inside, _)| inside);
        let text = text.split_once('%').map_or(text, |(address, _)| address);
        text.parse::<Ipv6Addr>().ok().map(IpAddr::V6)
    } else {
        short_form(text).map(IpAddr::V4)
    };
    address.ok_or(Thrown::Address)
}

/// One to four numbers; the last one fills the places that are left.
fn short_form(text: &str) -> Option<Ipv4Addr> {
    let numbers: Option<Vec<u32>> = text.split('.').map(number).collect();
    let numbers = numbers?;
    let (last, before) = numbers.split_last()?;
    if before.len() > 3 || before.iter().any(|number| *number > 255) {
        return None;
    }
    let left = 32 - 8 * before.len() as u32;
    if u64::from(*last) >> left != 0 {
        return None;
    }
    let places = before.iter().zip([24, 16, 8]);
    let high = places.fold(0, |sum, (number, shift)| sum | number << shift);
    Some(Ipv4Addr::from(high | *last))
}

/// Decimal, octal with a leading 0, or hexadecimal with 0x.
fn number(text: &str) -> Option<u32> {
    let hexadecimal = text.strip_prefix("0x").or(text.strip_prefix("0X"));
    let (digits, radix) = match hexadecimal {
        Some(digits) => (digits, 16),
        None if text.starts_with('0') => (text, 8),
        None => (text, 10),
    };
    let plain = digits.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (plain && !digits.is_empty())
        .then(|| u32::from_str_radix(digits, radix).ok())
        .flatten()
}
