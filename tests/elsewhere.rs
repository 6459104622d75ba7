//! The program that is run where the library is built for other systems holds
//! here, too.
#![cfg(all(feature = "ffi", target_os = "linux"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests stop with a plain message"
)]

mod portal;
mod support;

use portal::Portal;
use support::Link;

#[test]
fn what_holds_on_every_system_holds_here() {
    let source = support::project("packaging/elsewhere/host.c");
    for link in [Link::Shared, Link::Static] {
        let portal = Portal::start();
        let key_file = |name, account| portal.folder().write(name, &portal.key_of(account));
        let mut host = support::compile(&source, "gcc", "c99", link);
        host.env("PORTAL_URL", portal.url())
            .env("CA_FILE", portal.ca_file())
            .env("OWNER_KEY_FILE", key_file("owner.key", &portal.owner()))
            .env("ADMIN_KEY_FILE", key_file("admin.key", &portal.admin()))
            .env("MEMBER_ID", portal.member().id)
            .env("MEMBER2_ID", portal.member2().id)
            .env("UNLINKED_ID", portal.unlinked().id)
            .env("JOURNAL", portal.folder().path().join("journal"));
        support::run(&mut host, 0);
        for account in [portal.member(), portal.member2()] {
            assert_eq!(portal.times_unlinked(&account.id), 1, "{account:?}");
        }
    }
}
