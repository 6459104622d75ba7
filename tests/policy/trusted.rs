//! Trusted addresses: every rule that is taken matches what it says.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use docspace_tfa::Policy;

use crate::Stage;
use crate::portal::{Dialect, Method, trusted};

/// What a rule says to people: the first and the last address.
fn said(rule: &str) -> (IpAddr, IpAddr) {
    if let Some((first, last)) = rule.split_once('-') {
        return (first.trim().parse().unwrap(), last.trim().parse().unwrap());
    }
    let Some((address, bits)) = rule.split_once('/') else {
        let address = rule.parse().unwrap();
        return (address, address);
    };
    let bits: u32 = bits.parse().unwrap();
    match address.parse().unwrap() {
        IpAddr::V4(address) => {
            let below = u32::MAX.checked_shr(bits).unwrap_or(0);
            let first = u32::from(address) & !below;
            (
                Ipv4Addr::from(first).into(),
                Ipv4Addr::from(first | below).into(),
            )
        }
        IpAddr::V6(address) => {
            let below = u128::MAX.checked_shr(bits).unwrap_or(0);
            let first = u128::from(address) & !below;
            (
                Ipv6Addr::from(first).into(),
                Ipv6Addr::from(first | below).into(),
            )
        }
    }
}

fn neighbours(address: IpAddr) -> [IpAddr; 3] {
    match address {
        IpAddr::V4(it) => {
            let it = u32::from(it);
            [it.wrapping_sub(1), it, it.wrapping_add(1)].map(|it| Ipv4Addr::from(it).into())
        }
        IpAddr::V6(it) => {
            let it = u128::from(it);
            [it.wrapping_sub(1), it, it.wrapping_add(1)].map(|it| Ipv6Addr::from(it).into())
        }
    }
}

/// Prefixes on both sides of what can be compared.
const BITS: [u32; 17] = [
    0, 1, 7, 8, 24, 25, 31, 32, 33, 48, 63, 64, 96, 104, 127, 128, 129,
];

/// Addresses and every way to make a rule of them, good and bad.
fn rules() -> Vec<String> {
    let addresses = [
        "0.0.0.0",
        "10.0.0.0",
        "10.0.0.5",
        "10.0.0.05",
        "010.0.0.5",
        "10.1",
        "127.0.0.1",
        "192.0.2.128",
        "255.255.255.255",
        "::",
        "::1",
        "::1.2.3.4",
        "::ffff:10.0.0.5",
        "64:ff9b::a00:5",
        "2001:db8::",
        "2001:DB8::1",
        "2001:db8:0:0::1",
        "2001:db8:8000::",
        "2001:db8::5efe:10.0.0.5",
        "fe80::1",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "nonsense",
        "",
    ];
    let mut rules = Vec::new();
    for one in addresses {
        rules.push(one.to_owned());
        rules.push(format!("[{one}]"));
        rules.extend(BITS.map(|bits| format!("{one}/{bits}")));
        for other in addresses {
            rules.push(format!("{one}-{other}"));
            rules.push(format!("{one} - {other}"));
        }
    }
    rules
}

/// The form that a refusal names.
fn form(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("give ")?;
    let (form, _) = rest.split_once(" instead")?;
    Some(form)
}

fn policy(dialect: Dialect) -> Policy {
    let stage = Stage::of(dialect, Method::App);
    stage.session_of(&stage.portal.owner()).policy().unwrap()
}

#[test]
fn what_is_taken_is_matched_as_written() {
    for dialect in [Dialect::V2_6, Dialect::V3_5, Dialect::V3_7, Dialect::Newer] {
        let mut policy = policy(dialect);
        let mut taken = Vec::new();
        for rule in rules() {
            match policy.add_trusted_ip(&rule) {
                Ok(()) => taken.push(rule),
                Err(error) => {
                    let Some(form) = form(error.message()) else {
                        continue;
                    };
                    policy.add_trusted_ip(form).unwrap();
                    taken.push(form.to_owned());
                }
            }
        }
        assert!(taken.len() > 200, "{}", taken.len());
        assert_eq!(policy.trusted_ips(), taken);
        let mut callers: Vec<IpAddr> = Vec::new();
        for rule in &taken {
            let (first, last) = said(rule);
            callers.extend(neighbours(first));
            callers.extend(neighbours(last));
        }
        callers.sort();
        callers.dedup();
        for (index, rule) in taken.iter().enumerate() {
            assert_eq!(policy.trusted_ip_meaning(index), None, "{rule}");
            let (first, last) = said(rule);
            for caller in &callers {
                let text = caller.to_string();
                // Older portals cut these: what they make of them is told.
                let is_cut = caller.is_ipv6() && !text.starts_with(':');
                if is_cut && dialect < Dialect::V3_7 {
                    continue;
                }
                let says = first <= *caller && *caller <= last;
                let holds = trusted::holds(rule, &text, dialect);
                assert_eq!(holds, Ok(says), "{dialect:?}: {rule} for {caller}");
            }
        }
    }
}

/// Rules as an administrator typed them into the portal.
#[test]
fn what_was_read_is_told_and_sent_as_it_stands() {
    let rules = [
        "10.0.0.0/8",
        "2001:db8::/64",
        "0.0.0.0/0",
        "10.0.0.5/8",
        "nonsense",
        "10.0.0.0/33",
    ]
    .map(str::to_owned);
    let stage = Stage::new(Method::App);
    stage
        .portal
        .change_policy(|lists| lists.trusted_ips = rules.to_vec());
    let mut policy = stage.owner().policy().unwrap();
    let starts = [
        "",
        "2001:db8::/32:",
        "0.0.0.0:",
        "10.0.0.0/8 from",
        "nothing:",
        "an error:",
    ];
    for (index, start) in starts.into_iter().enumerate() {
        let meaning = policy.trusted_ip_meaning(index).unwrap_or_default();
        assert!(meaning.starts_with(start), "{meaning}");
        assert_eq!(meaning.is_empty(), start.is_empty(), "{meaning}");
    }
    assert_eq!(policy.trusted_ip_meaning(rules.len()), None);
    policy.add_trusted_ip("192.0.2.7").unwrap();
    policy.set_method(docspace_tfa::TfaMethod::App);
    stage.apply(&stage.owner(), &policy).unwrap();
    assert_eq!(stage.portal.lists().trusted_ips[..6], rules);
}

#[test]
fn older_portals_take_no_rule_for_ipv6() {
    for dialect in [Dialect::V2_6, Dialect::V3_2, Dialect::V3_5] {
        let mut policy = policy(dialect);
        for rule in ["2001:db8::1", "2001:db8::/32", "2001:db8::1-2001:db8::9"] {
            let error = policy.add_trusted_ip(rule).unwrap_err();
            assert!(error.message().contains("first colon"), "{error}");
        }
        policy.add_trusted_ip("192.0.2.0/24").unwrap();
        policy.add_trusted_ip("::1").unwrap();
    }
}
