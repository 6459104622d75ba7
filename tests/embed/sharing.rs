//! One client, many users: threads, and the two sides of a fork.

use std::collections::BTreeMap;
use std::process::Command;

use crate::portal::{Account, Portal, Spec};
use crate::tools::{World, host, run};

/// So many accounts of which every second has no app.
fn pairs(portal: &Portal, count: usize) -> Vec<(Account, Account)> {
    let linked = portal.add_many(count).into_iter();
    let pair = |linked| (linked, portal.add_account(Spec::user()));
    linked.map(pair).collect()
}

fn hand_over(pairs: &[(Account, Account)], host: &mut Command) {
    for (linked, unlinked) in pairs {
        host.args([&linked.id, &unlinked.id]);
    }
}

/// Every account was asked about exactly once, and the right ones are unlinked.
fn check(portal: &Portal, pairs: &[(Account, Account)], more: usize) {
    let mut asked = BTreeMap::<String, usize>::new();
    for request in portal.requests() {
        let body = String::from_utf8(request.body.clone()).unwrap();
        *asked.entry(body).or_default() += 1;
    }
    assert_eq!(asked.len(), pairs.len() * 2 + more);
    assert!(asked.values().all(|count| *count == 1), "{asked:?}");
    for (linked, _) in pairs {
        assert!(!portal.is_linked(&linked.id));
    }
}

fn fork(portal: &Portal) {
    let pairs = pairs(portal, 15);
    let mut host = host("fork.c");
    portal.show_to(&mut host);
    host.arg(portal.member().id);
    hand_over(&pairs, &mut host);
    run(&mut host).silently();
    check(portal, &pairs, 1);
    // The parent's, which served before and after, and the child's own.
    assert_eq!(portal.connections(), 2);
}

#[test]
fn parent_and_child_go_on_after_a_fork() {
    fork(&Portal::builder().plain().start());
    fork(&Portal::start());
}

#[test]
fn thirty_two_threads_share_a_client() {
    let portal = Portal::start();
    let pairs = pairs(&portal, 160);
    let mut host = host("threads.c");
    portal.show_to(&mut host);
    host.arg("32");
    hand_over(&pairs, &mut host);
    run(&mut host).silently();
    check(&portal, &pairs, 0);
}
