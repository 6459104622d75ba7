//! The portals that the C and C++ programs of this folder are run against, and
//! what those are told of them.

use std::path::PathBuf;
use std::process::Command;

use crate::portal::{Account, Portal, Spec};

/// How many accounts a crowded portal shows: more than two pages.
pub(crate) const CROWD: usize = 241;

pub(crate) const HOSTILE: &str = "eve@portal.example";

pub(crate) fn crowded_portal() -> Portal {
    let portal = Portal::start();
    portal.allow_policy_writes();
    let eve = Spec::user().named("Eve\u{1b}[31m", "Evil");
    portal.add_account(eve.email(HOSTILE));
    // Ten of those it begins with are shown.
    portal.add_many(CROWD - 11);
    portal
}

pub(crate) fn key_file(portal: &Portal, account: &Account) -> PathBuf {
    let name = format!("{}.key", account.id);
    portal.folder().write(&name, &portal.key_of(account))
}

/// What `knowing.c` is run with.
pub(crate) fn knowing_c(program: &mut Command, portal: &Portal) {
    let (owner, member, unlinked) = (portal.owner(), portal.member(), portal.unlinked());
    program
        .args([portal.url(), portal.host()])
        .arg(portal.ca_file())
        .arg(key_file(portal, &owner))
        .arg(key_file(portal, &portal.admin()))
        .arg(key_file(portal, &unlinked))
        .args([owner.id, member.id, member.email])
        .args([portal.member2().id, unlinked.id])
        .args([HOSTILE, &CROWD.to_string()]);
}

/// What `knowing.cpp` is run with.
pub(crate) fn knowing_cpp(program: &mut Command, portal: &Portal) {
    let member = portal.member();
    program
        .args([portal.url(), portal.host()])
        .arg(portal.ca_file())
        .arg(key_file(portal, &portal.owner()))
        .args([member.id, member.email, CROWD.to_string()])
        .arg(portal.unlinked().id);
}

/// What `many.c` is run with.
pub(crate) fn many_c(program: &mut Command, portal: &Portal) {
    let (owner, member) = (portal.owner(), portal.member());
    let journal = portal.ca_file().with_file_name("journal");
    program
        .arg(portal.url())
        .arg(portal.ca_file())
        .arg(key_file(portal, &owner))
        .args([owner.id, member.id, portal.member2().email])
        .args([portal.unlinked().id, portal.guest().id])
        .arg(journal);
}
